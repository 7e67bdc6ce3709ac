"""``teachnet render``: bring visuals up to date."""

from __future__ import annotations

import click

from pipeline.commands._options import examples, options
from pipeline.settings import Settings


@click.command(
    epilog=examples(
        "teachnet render learning_rates -q draft",
        "teachnet render 'mnist_*' --theme both",
    )
)
@click.argument("stems", metavar="STEM...", nargs=-1)
@options("quality", "theme", "device", "jobs", "force", "media", "data")
def command(stems: tuple[str, ...], settings: Settings) -> None:
    """Bring visuals up to date, recording first where needed.

    Prints the paths that were written. Drafts go to draft/ in the media folder.
    """
    from pipeline import wanted

    entries = wanted.select_visuals(stems)
    context = wanted.context(settings, decide=bool(stems))
    needed = wanted.used_recordings(entries, settings, context)
    items = [*needed, *wanted.pictures(entries, settings)]
    if not stems:
        names = [entry.stem for entry in entries]
        wanted.refuse_all(items, settings, names, "a visual", "teachnet all")
    wanted.run(items, settings)
