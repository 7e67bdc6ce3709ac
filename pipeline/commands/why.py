"""``teachnet why``: what is stale, and because of what."""

from __future__ import annotations

import click

from pipeline.commands._options import examples, options
from pipeline.display import json_text
from pipeline.settings import Settings


@click.command(
    epilog=examples(
        "teachnet why loss_surface",
        "teachnet why '*' --json",
    )
)
@click.argument("stems", metavar="STEM...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@options("quality", "theme", "device", "media", "data")
def command(stems: tuple[str, ...], as_json: bool, settings: Settings) -> None:
    """Say of visuals and recordings whether they are stale, and because of what."""
    from pipeline import wanted
    from pipeline.build import looking
    from pipeline.catalogue import aliases, visuals
    from pipeline.selection import select
    from simulate import registry

    entries = visuals()
    experiments = registry.names("experiments")
    names = select(
        stems, {*entries, *experiments}, "visual or experiment", aliases(entries.values())
    )
    found: dict[str, dict[str, list[str]]] = {}
    with looking(settings):
        staleness = wanted.Staleness(settings, wanted.context(settings, decide=False))
        for name in names:
            found[name] = staleness.of_visual(entries[name]) if name in entries else {}
            if name in experiments:
                found[name] |= {f"{name} recording": staleness.of_recording(name)}
    if as_json:
        click.echo(json_text(found))
        return
    for name, items in found.items():
        if not any(items.values()):
            click.echo(f"{name}: fresh")
            continue
        for item, reasons in items.items():
            click.echo(f"{item}: {'; '.join(reasons) or 'fresh'}")
