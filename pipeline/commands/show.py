"""``teachnet show``: what is in a recording, and what a picture says of itself."""

from __future__ import annotations

import json
import textwrap
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.commands._options import examples, options
from pipeline.display import json_text, readable, width
from pipeline.settings import Settings

if TYPE_CHECKING:
    from look.metadata import Made


@click.command(
    epilog=examples(
        "teachnet show mnist_batch",
        "teachnet show learning_rates --json",
        "teachnet show loss_surface --settings",
        "teachnet show media/figures/loss_surface.light.png",
    )
)
@click.argument("recording", metavar="RECORDING|FILE")
@click.option("--settings", "as_settings", is_flag=True, help="An experiment's, with their types.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@options("media")
def command(recording: str, as_settings: bool, as_json: bool, settings: Settings) -> None:
    """Print a recording's attributes, variables, dimensions and units.

    RECORDING is an experiment, or the address of a run from `teachnet list runs`. With --settings,
    what `teachnet record --set` can change of an experiment. FILE is a picture, film, table or page
    that teachnet made: what it shows, from which recordings, and which command makes it again.
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
    if _is_file(recording):
        _show_file(Path(recording), store, as_json)
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


def _is_file(name: str) -> bool:
    """Tell whether a file is meant: names of recordings have neither a dot nor a slash."""
    return "." in name or "/" in name or Path(name).is_file()


def _show_file(path: Path, store: Any, as_json: bool) -> None:
    import msgspec

    from look import metadata
    from pipeline.display import relative
    from simulate.errors import UserError

    try:
        made = metadata.read(path.read_bytes())
    except OSError as error:
        raise UserError(f"{path} can't be read ({error.strerror or error})") from None
    if made is None:
        raise UserError(f"{path} doesn't say that teachnet made it, or with what")
    if as_json:
        click.echo(json_text(msgspec.to_builtins(made)))
        return
    _line(f"{relative(path)}  {made.kind} of {made.stem}, {made.theme}")
    for name, text in _said(made, store).items():
        if text:
            _line(f"  {name.ljust(11)} {text}")
    click.echo("\nmade again by")
    click.echo(f"  {readable(made.command)}")


def _said(made: Made, store: Any) -> dict[str, str]:
    """Return what a file says of itself, in the order in which it is printed."""
    return {
        "title": made.title,
        "alt": made.alt,
        "caption": made.caption,
        "description": made.description,
        "seconds": f"{made.seconds:g}" if made.seconds else "",
        "sections": ", ".join(f"{each.start:.1f} s {each.name}" for each in made.sections),
        "drawn by": made.source,
        "from": ", ".join(
            f"{name} {digest[:12]} ({_whose(name, digest, store)})"
            for name, digest in made.recordings.items()
        ),
        "version": made.version,
    }


def _whose(name: str, digest: str, store: Any) -> str:
    """Say whether a recording is the one that is here."""
    receipt = store.receipt(name)
    if receipt is None:
        return "not here"
    return "the one here" if receipt.digest == digest else "another than the one here"


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
