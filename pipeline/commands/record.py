"""``teachnet record``: run what is missing, and store it."""

from __future__ import annotations

import click

from pipeline.commands._options import examples, options
from pipeline.settings import Settings


@click.command(
    epilog=examples(
        "teachnet record learning_rates",
        "teachnet record 'mnist_*' --data ~/data",
    )
)
@click.argument("experiments", nargs=-1)
@options("device", "jobs", "force", "media", "data", "download")
def command(experiments: tuple[str, ...], settings: Settings) -> None:
    """Run experiments and store what they record; all of them if none is named.

    Runs that are stored already are not run again. Prints the paths that were written.
    """
    from pipeline import wanted
    from pipeline.catalogue import select
    from simulate import registry

    names = select(experiments, registry.names("experiments"), "experiment")
    wanted.run(wanted.recordings(names, settings, wanted.context(settings)), settings)
