"""``teachnet embed``: visuals in posts, filled in and refreshed."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands._options import examples, options
from pipeline.post_flavours import FLAVOURS
from pipeline.settings import Settings
from simulate.errors import UserError


@click.command(
    epilog=examples(
        "teachnet embed post.md",
        "teachnet embed README.md --flavour github --check",
        "teachnet embed posts/*.md --copy-to assets --base-url /assets",
        "teachnet embed draft.md --placeholders --dry-run",
        "teachnet embed lecture.ipynb",
    )
)
@click.argument(
    "files", metavar="POST...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--flavour", type=click.Choice(list(FLAVOURS)), default=None,
    help="What the place that shows the post understands.  [default: html; of notebooks, jupyter]",
)  # fmt: skip
@click.option("--placeholders", is_flag=True, help="Take lines such as # [CUDA OOM ERROR] too.")
@click.option("--base-url", metavar="URL", help="Before each file's path.  [default: relative]")
@click.option(
    "--copy-to", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Copy what is used there, under names that follow the content.",
)  # fmt: skip
@click.option(
    "--from", "source", type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR", help="Take files from there, with the words that they say of themselves; "
    "`render --format` makes such.  [default: the media folder]",
)  # fmt: skip
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a post is out of date.")
@click.option("--dry-run", is_flag=True, help="Change nothing; print what would change.")
@options("quality", "media")
def command(
    files: tuple[Path, ...],
    flavour: str | None,
    placeholders: bool,
    base_url: str | None,
    copy_to: Path | None,
    source: Path | None,
    check: bool,
    dry_run: bool,
    settings: Settings,
) -> None:
    """Fill the markers of posts with visuals, or refresh what stands there.

    A marker is a comment on a line of its own: <!-- teachnet: learning_rates -->. It may say
    kind=figure, theme=dark, width=640, caption=no. All else in a post stays as it is.
    """
    from pipeline import embedding
    from pipeline.catalogue import visuals
    from simulate.storage.files import write_atomic

    entries = visuals()
    places = embedding.Places(base_url, copy_to, source)
    stale = []
    for post in files:
        before = _text(post)
        after = embedding.embed(
            post, before, entries, settings, places, flavour=flavour, placeholders=placeholders
        )
        if after != before:
            stale.append(post)
        if dry_run:
            click.echo("".join(embedding.changed(before, after, post)), nl=False)
        elif check:
            click.echo(f"{post}: {'out of date' if after != before else 'fresh'}")
        else:
            embedding.copy(post, places)
            if after != before:
                write_atomic(post, after.encode())
                click.echo(post)
        places.copies.clear()
    if check and stale:
        raise SystemExit(1)


def _text(post: Path) -> str:
    try:
        return post.read_bytes().decode()
    except OSError as error:
        raise UserError(f"{post} can't be read ({error.strerror or error})") from None
    except UnicodeDecodeError:
        raise UserError(f"{post} is not UTF-8; save it as that") from None
