"""``teachnet record``: run what is missing, and store it."""

from __future__ import annotations

import click

from pipeline.commands._options import changes, examples, options
from pipeline.settings import Settings


@click.command(
    epilog=examples(
        "teachnet record learning_rates",
        "teachnet record 'mnist_*' --data ~/data",
        "teachnet record loss_surface --set lr=0.05 --set hidden=64 --as wide",
        "teachnet record --download",
    )
)
@click.argument("experiments", metavar="EXPERIMENT...", nargs=-1)
@changes
@options("device", "jobs", "force", "media", "data", "download")
def command(
    experiments: tuple[str, ...], sets: tuple[str, ...], name: str | None, settings: Settings
) -> None:
    """Run experiments and store what they record.

    Runs that are stored already are not run again. Prints the paths that were written. Without a
    name, --download only fetches MNIST. With --set it is another recording, EXPERIMENT@NAME.
    """
    from pipeline import wanted
    from pipeline.selection import select
    from pipeline.variants import variant
    from simulate import registry
    from simulate.storage.store import Store

    names = select(experiments, registry.names("experiments"), "experiment")
    chosen = variant(sets, name, names if experiments else [], Store(settings.recordings))
    context = wanted.context(settings, decide=bool(experiments))
    items = wanted.recordings(names, settings, context, chosen)
    if experiments:
        wanted.run(items, settings)
    elif settings.download:
        click.echo(f"teachnet: {context.data.label} is in {context.data.path}", err=True)
    else:
        wanted.refuse_all(items, settings, names, "an experiment", "teachnet record '*'")
