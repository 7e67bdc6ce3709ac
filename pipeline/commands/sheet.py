"""``teachnet sheet``: an animation at one glance."""

from __future__ import annotations

import click

from look.theme import THEMES
from pipeline.commands._options import examples, options
from pipeline.settings import Settings


@click.command(
    epilog=examples(
        "teachnet sheet network_forward",
        "teachnet sheet '*' --frames 20",
    )
)
@click.argument("stems", metavar="STEM...", nargs=-1)
@click.option(
    "--frames", type=click.IntRange(min=1), default=12, show_default=True, help="How many."
)
@click.option("--theme", type=click.Choice(list(THEMES)), default="dark", show_default=True)
@options("quality", "device", "jobs", "media", "data", quality="draft")
def command(stems: tuple[str, ...], frames: int, theme: str, settings: Settings) -> None:
    """Draw contact sheets: evenly spaced frames of animations, with their times, as PNG.

    They are recorded first where needed.
    """
    from pipeline import wanted
    from pipeline.items import Sheet
    from pipeline.kinds import SHEET
    from simulate.errors import UserError

    chosen = wanted.select_visuals(stems)
    entries = [entry for entry in chosen if "animation" in entry.modules]
    if stems and not entries:
        names = ", ".join(entry.stem for entry in chosen)
        raise UserError(f"{names} has no animation; see `teachnet list --kind A`")
    context = wanted.context(settings, decide=bool(stems))
    needed = wanted.used_recordings(entries, settings, context)
    items = [*needed, *(Sheet(settings, entry, SHEET, theme, count=frames) for entry in entries)]
    if not stems:
        stems = tuple(entry.stem for entry in entries)
        wanted.refuse_all(items, settings, stems, "a visual", "teachnet sheet '*'")
    wanted.run(items, settings)
