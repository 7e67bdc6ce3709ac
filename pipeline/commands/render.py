"""``teachnet render``: bring visuals up to date."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands._options import changes, examples, options
from pipeline.kinds import KINDS
from pipeline.settings import Settings


@click.command(
    epilog=examples(
        "teachnet render learning_rates -q draft",
        "teachnet render 'mnist_*' --theme both",
        "teachnet render loss_surface --set lr=0.05 --as slow",
        "teachnet render loss_surface --recording mine.nc --to pictures",
        "teachnet render xor_boundary --format gif,webm --max-bytes 3MB --to post",
    )
)
@click.argument("stems", metavar="STEM...", nargs=-1)
@changes
@click.option(
    "--recording",
    "given",
    metavar="[NAME=]FILE",
    multiple=True,
    help="Draw this recording, whoever made it; for a visual of several, NAME=FILE for each.",
)
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder for what --recording or --format makes.  [default: the current one]",
)
@click.option("--title", help="With --recording: in place of the visual's own.")
@click.option("--caption", help="With --recording: in place of the visual's own.")
@click.option(
    "--format",
    "formats",
    metavar="FORMAT,...",
    help="Only these, into --to: mp4, webm, gif, webp; svg, pdf, png; md, html.",
)
@click.option("--only", type=click.Choice([kind.name for kind in KINDS]), help="Only of this kind.")
@click.option("--size", metavar="WIDTH[xHEIGHT]", help="With --format: pixels.")
@click.option(
    "--max-bytes",
    metavar="SIZE",
    help="With --format: of a gif, webm or webp: 4MB.  [default: of a gif 5MB]",
)
@click.option(
    "--aspect",
    type=click.Choice(["16:9", "1:1", "9:16"]),
    help="With --format: of films; not every one is laid out for each.",
)
@click.option(
    "--transparent",
    is_flag=True,
    help="With --format: nothing behind what is drawn; of png, svg, pdf, webm and webp.",
)
@options("quality", "theme", "device", "jobs", "force", "media", "data")
def command(
    stems: tuple[str, ...],
    sets: tuple[str, ...],
    name: str | None,
    given: tuple[str, ...],
    to: Path | None,
    title: str | None,
    caption: str | None,
    formats: str | None,
    only: str | None,
    size: str | None,
    max_bytes: str | None,
    aspect: str | None,
    transparent: bool,
    settings: Settings,
) -> None:
    """Bring visuals up to date, recording first where needed.

    Prints the paths that were written. Drafts go to draft/ in the media folder. With --set they are
    other pictures, STEM@NAME.
    """
    from pipeline import wanted
    from pipeline.variants import variant
    from simulate.storage.store import Store

    exported = {"--size": size, "--max-bytes": max_bytes,
                "--aspect": aspect, "--transparent": transparent or None}  # fmt: skip
    if given:
        if sets or name:
            raise click.UsageError("--recording draws what is there; --set and --as record anew")
        for option, value in {"--format": formats, **exported}.items():
            if value is not None:
                raise click.UsageError(f"{option} doesn't go with --recording")
        _draw(stems, given, to or Path(), only, title, caption, settings)
        return
    for option, value in (("--title", title), ("--caption", caption)):
        if value is not None:
            raise click.UsageError(f"{option} goes with --recording")
    if formats is None:
        for option, asked in {"--to": to, **exported}.items():
            if asked is not None:
                also = "--recording or --format" if option == "--to" else "--format"
                raise click.UsageError(f"{option} goes with {also}")
    elif not stems:
        raise click.UsageError("--format makes what is named; give a STEM")
    entries = wanted.select_visuals(stems)
    used = sorted({used for entry in entries for used in entry.row.uses}) if stems else []
    chosen = variant(sets, name, used, Store(settings.recordings))
    context = wanted.context(settings, decide=bool(stems))
    needed = wanted.used_recordings(entries, settings, context, chosen)
    if formats is not None:
        from pipeline import exports

        aspect = aspect or exports.WIDE
        shaped = exports.shaped(settings, aspect)
        made = exports.pictures(
            entries,
            [form.strip().lower() for form in formats.split(",")],
            (to or Path()).absolute(),
            exports.sized(shaped, size) if size is not None else shaped,
            only=only,
            most_bytes=None if max_bytes is None else exports.n_bytes(max_bytes),
            transparent=transparent,
            aspect=aspect,
            variant=chosen,
        )
        wanted.run([*needed, *made], settings)
        return
    items = [*needed, *wanted.pictures(entries, settings, chosen, only)]
    if not stems:
        names = [entry.stem for entry in entries]
        wanted.refuse_all(items, settings, names, "a visual", "teachnet all")
    wanted.run(items, settings)


def _draw(
    stems: tuple[str, ...],
    given: tuple[str, ...],
    folder: Path,
    only: str | None,
    title: str | None,
    caption: str | None,
    settings: Settings,
) -> None:
    """Draw somebody's recording; what can't be drawn from it is a line and status 1."""
    from pipeline import wanted
    from pipeline.given import pictures
    from simulate.errors import UserError

    entries = wanted.select_visuals(stems) if stems else []
    if len(entries) != 1:
        raise UserError("--recording is drawn by one visual; `teachnet list --for FILE` names them")
    items, reasons = pictures(entries[0], given, folder.absolute(), settings, title, caption, only)
    for reason in reasons:
        click.echo(f"teachnet: {reason}", err=True)
    wanted.run(items, settings)
    if reasons:
        click.get_current_context().exit(1)
