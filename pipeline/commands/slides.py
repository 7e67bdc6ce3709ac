"""``teachnet slides``: films as slides, a clip a section."""

from __future__ import annotations

from pathlib import Path

import click

from look.theme import THEMES
from pipeline.commands._options import examples, options
from pipeline.settings import Settings


@click.command(
    epilog=examples(
        "teachnet slides learning_rates -o lecture.html",
        "teachnet slides neuron network_forward xor_boundary -o lecture.pptx",
        "teachnet slides 'mnist_*' -o lecture.md -q hd",
    )
)
@click.argument("stems", metavar="STEM...", nargs=-1, required=True)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, metavar="FILE",
    help="Its ending decides: .html for a browser, .md for Marp, .pptx for PowerPoint.",
)  # fmt: skip
@click.option("--loop", is_flag=True, help="Clips begin again, where they else stay at their end.")
@click.option("--theme", type=click.Choice(list(THEMES)), default="dark", show_default=True)
@options("quality", "device", "jobs", "media", "data")
def command(
    stems: tuple[str, ...], output: Path, loop: bool, theme: str, settings: Settings
) -> None:
    """Make slides of films: a clip a section, which plays when its slide comes, then waits.

    In the order in which they are named; recorded first where needed. With them go the headlines
    and captions, as notes, and the alternative text. Prints the paths that were written.
    """
    from pipeline import decks, wanted
    from pipeline.kinds import ANIMATION
    from simulate.errors import UserError

    decks.check(output)
    chosen = {entry.stem: entry for stem in stems for entry in wanted.select_visuals([stem])}
    entries = [entry for entry in chosen.values() if "animation" in entry.modules]
    if not entries:
        raise UserError(f"{', '.join(chosen)} has no animation; see `teachnet list --kind A`")
    context = wanted.context(settings)
    sections = [decks.Sections(settings, entry, ANIMATION, theme) for entry in entries]
    wanted.run([*wanted.used_recordings(entries, settings, context), *sections], settings)
    for path in decks.write(output, [clip for item in sections for clip in item.clips], loop=loop):
        click.echo(path)
