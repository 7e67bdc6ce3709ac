"""``teachnet record``: run what is missing, and store it."""

from __future__ import annotations

import click

from pipeline.commands._options import examples, options
from pipeline.settings import Settings


@click.command(
    epilog=examples(
        "teachnet record learning_rates",
        "teachnet record 'mnist_*' --data ~/data",
        "teachnet record --download",
    )
)
@click.argument("experiments", metavar="EXPERIMENT...", nargs=-1)
@options("device", "jobs", "force", "media", "data", "download")
def command(experiments: tuple[str, ...], settings: Settings) -> None:
    """Run experiments and store what they record.

    Runs that are stored already are not run again. Prints the paths that were written. Without a
    name, --download only fetches MNIST.
    """
    from pipeline import wanted
    from pipeline.catalogue import select
    from simulate import registry

    names = select(experiments, registry.names("experiments"), "experiment")
    context = wanted.context(settings, decide=bool(experiments))
    items = wanted.recordings(names, settings, context)
    if experiments:
        wanted.run(items, settings)
    elif settings.download:
        click.echo(f"teachnet: {context.data.label} is in {context.data.path}", err=True)
    else:
        wanted.refuse_all(items, settings, names, "an experiment", "teachnet record '*'")
