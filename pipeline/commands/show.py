"""``teachnet show``: what is in a recording."""

from __future__ import annotations

import json
import textwrap
from contextlib import suppress
from typing import Any

import click

from pipeline.commands._options import examples, options
from pipeline.display import json_text, readable, width
from pipeline.settings import Settings


@click.command(
    epilog=examples(
        "teachnet show mnist_batch",
        "teachnet show learning_rates --json",
        "teachnet show loss_surface --settings",
    )
)
@click.argument("recording")
@click.option("--settings", "as_settings", is_flag=True, help="An experiment's, with their types.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@options("media")
def command(recording: str, as_settings: bool, as_json: bool, settings: Settings) -> None:
    """Print a recording's attributes, variables, dimensions and units.

    RECORDING is an experiment, or the address of a run from `teachnet list runs`. With --settings,
    what `teachnet record --set` can change of an experiment.
    """
    from pipeline.selection import select
    from simulate import registry
    from simulate.errors import UserError
    from simulate.storage.store import Store

    store = Store(settings.recordings)
    experiments = registry.names("experiments")
    if as_settings:
        _show_settings(recording, as_json)
        return
    runs = store.runs()
    names = select([recording], {*experiments, *store.names(), *runs}, "recording or run")
    if len(names) > 1:
        raise UserError(f"{recording!r} matches {len(names)} recordings; show prints one")
    name = f"runs/{names[0]}" if names[0] in runs else names[0]
    if store.receipt(name) is None:
        raise UserError(f"{name} is not recorded yet; run `teachnet record {name}`")
    content = _content(store, name)
    if as_json:
        click.echo(json_text(content))
    else:
        _print(content)


def _show_settings(experiment: str, as_json: bool) -> None:
    from pipeline.variants import described

    found = described(experiment)
    if as_json:
        click.echo(json_text(found))
        return
    longest = max((len(each["name"]) for each in found), default=0)
    for each in found:
        default = json.dumps(each["default"], ensure_ascii=False)
        click.echo(f"{each['name'].ljust(longest)}  {default}  {each['type']}")


def _content(store: Any, name: str) -> dict[str, Any]:
    from simulate.errors import UserError
    from simulate.recording import Damaged, plain_attrs

    receipt = store.receipt(name)
    try:
        dataset = store.load(name)
    except Damaged:
        with suppress(UserError):  # only to look, it may be that nothing can be written
            store.distrust(name)
        raise
    return {
        "name": name,
        "path": str(store.path(name)),
        "bytes": receipt.size,
        "seconds": receipt.seconds,
        "runs": receipt.runs,
        "dims": {str(dim): size for dim, size in dataset.sizes.items()},
        "attributes": plain_attrs(dataset),
        "variables": {
            str(key): {
                "dims": list(array.dims),
                "dtype": str(array.dtype),
                "long_name": array.attrs.get("long_name", ""),
                "units": array.attrs.get("units", ""),
                "measured": bool(array.attrs.get("measured", False)),
            }
            for key, array in dataset.variables.items()
        },
    }


def _print(content: dict[str, Any]) -> None:
    from pipeline.display import relative

    _line(f"{content['name']}  {relative(content['path'])}")
    _line(f"{content['bytes'] / 1e6:.2f} MB, made in {content['seconds']:.1f} s")
    click.echo("\ndims")
    for dim, size in content["dims"].items():
        _line(f"  {dim} {size}")
    click.echo("\nvariables")
    for name, variable in content["variables"].items():
        units = f" [{variable['units']}]" if variable["units"] else ""
        measured = ", measured" if variable["measured"] else ""
        shape = ", ".join(variable["dims"])
        about = f"{variable['long_name']}{units}{measured}".strip(", ")
        _line(f"  {name} ({shape}) {variable['dtype']}  {about}".rstrip())
    click.echo("\nattributes")
    for name, value in content["attributes"].items():
        _line(f"  {name} = {value}")


def _line(text: str) -> None:
    """Print a line, going on further in where it is longer than the terminal is wide."""
    said = readable(text)
    broken = textwrap.wrap(
        said, width(), subsequent_indent="      ", drop_whitespace=False, break_on_hyphens=False
    )
    click.echo("\n".join(part.rstrip() for part in broken))
