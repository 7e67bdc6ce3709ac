"""``teachnet all``: everything."""

from __future__ import annotations

from dataclasses import replace

import click

from pipeline.commands._options import examples, options
from pipeline.settings import Settings


@click.command(
    epilog=examples(
        "teachnet all",
        "teachnet all -q draft --media /tmp/look",
    )
)
@options("quality", "theme", "device", "jobs", "force", "media", "data")
def command(settings: Settings) -> None:
    """Record every experiment, render every visual, write the gallery, as far as they are stale."""
    from pipeline import wanted
    from pipeline.gallery.item import Gallery
    from simulate import registry

    entries = wanted.select_visuals([])
    context = wanted.context(settings)
    recordings = wanted.recordings(registry.names("experiments"), settings, context)
    pictures = wanted.pictures(entries, settings)
    gallery = Gallery(replace(settings, force=False))  # which would write over somebody's own page
    if gallery.theirs:
        click.echo(f"teachnet: {gallery.theirs}", err=True)
    wanted.run([*recordings, *pictures, gallery], settings)
