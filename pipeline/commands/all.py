"""``teachnet all``: everything."""

from __future__ import annotations

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
    """Record every experiment and render every visual, as far as they are stale."""
    from pipeline import wanted
    from simulate import registry

    entries = wanted.select_visuals([])
    context = wanted.context(settings)
    recordings = wanted.recordings(registry.names("experiments"), settings, context)
    wanted.run([*recordings, *wanted.pictures(entries, settings)], settings)
