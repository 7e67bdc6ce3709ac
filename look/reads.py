"""What a picture reads of its recordings, and what of that a recording lacks.

A module of a figure or a scene says it in one literal, ``READS``, a line for each recording::

    READS = {"loss_surface": "random_loss (y, x), alpha (x), beta (y), trained_loss"}

What only its page reads stands in a line of its own, ``"page: loss_surface"``.

A name with dimensions is a variable or a coordinate, ``()`` is one number, and a name alone is an
attribute. So it is known from the source whether a picture can be drawn from somebody's recording.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulate.errors import UserError

if TYPE_CHECKING:
    import xarray as xr

Needs = dict[str, tuple[str, ...] | None]  # by name: the dimensions, None for an attribute

_NAME = re.compile(r"(\w+)(?: \(((?:\w+(?:, )?)*)\))?(?:, |$)")


def parsed(text: str) -> Needs:
    """Return what a line of ``READS`` says; `UserError` with the place where it says nothing.

    Examples
    --------
    >>> parsed("loss (y, x), best (), n_steps")
    {'loss': ('y', 'x'), 'best': (), 'n_steps': None}
    """
    found: Needs = {}
    at = 0
    while at < len(text):
        match = _NAME.match(text, at)
        if match is None:
            raise UserError(
                f"READS has {text[at:]!r} where a name belongs; write variables with their "
                "dimensions, attributes without: 'loss (y, x), n_steps'"
            )
        name, dims = match.groups()
        found[name] = None if dims is None else tuple(dims.split(", ")) if dims else ()
        at = match.end()
    return found


def written(needs: Needs) -> str:
    """Return needs as a line of ``READS``, the inverse of `parsed`."""
    return ", ".join(
        name if dims is None else f"{name} ({', '.join(dims)})" for name, dims in needs.items()
    )


def missing(needs: Needs, recording: xr.Dataset) -> Needs:
    """Return what of `needs` a recording has not, or has with other dimensions."""
    return {
        name: dims
        for name, dims in needs.items()
        if (dims is None and name not in recording.attrs)
        or (dims is not None and _dims(recording).get(name) != dims)
    }


def lifted(needs: Needs, recording: xr.Dataset) -> xr.Dataset:
    """Return a recording of one run as one of several where a picture shows several: the only one.

    Such a run is what `simulate.train` returns. It gets the name of what it was trained on.
    """
    several = [name for name, dims in needs.items() if dims and dims[0] == "run" and len(dims) > 1]
    if not several or "run" in recording.dims:
        return recording
    there = [name for name in several if name in recording.variables]
    name = str(recording.attrs.get("dataset") or "this run")
    wide = {each: recording[each].expand_dims("run") for each in there}
    return recording.assign(wide).assign_coords(run=[name])


def check(stem: str, needs: Needs, recording: xr.Dataset, called: str) -> None:
    """Make sure that a recording has all that a picture reads.

    Parameters
    ----------
    stem : str
        The visual, for the message.
    needs : dict
        Of `parsed`.
    recording : Dataset
    called : str
        What the recording is called in the message, such as ``mine.nc``.

    Raises
    ------
    UserError
        If it lacks something; the message names all of it, and what there is.
    """
    lacks = missing(needs, recording)
    if not lacks:
        return
    raise UserError(f"{stem} needs {listed(lacks)}; {called} has {_has(recording, lacks)}")


def _dims(recording: xr.Dataset) -> Mapping[str, tuple[str, ...]]:
    return {str(name): tuple(map(str, array.dims)) for name, array in recording.variables.items()}


def listed(needs: Needs) -> str:
    """Say needs in words: ``variable loss (y, x) and attribute n_steps``."""
    variables: Needs = {name: dims for name, dims in needs.items() if dims is not None}
    attributes: Needs = {name: dims for name, dims in needs.items() if dims is None}
    return " and ".join(
        f"{word}{'' if len(some) == 1 else 's'} {written(some)}"
        for word, some in (("variable", variables), ("attribute", attributes))
        if some
    )


def _has(recording: xr.Dataset, lacks: Needs) -> str:
    """Say what a recording has: of the kinds of which something is missing."""
    there: Needs = {}
    if any(dims is not None for dims in lacks.values()):
        there |= _dims(recording)
    if None in lacks.values():
        there |= dict.fromkeys(map(str, recording.attrs))
    return listed(there) or "nothing"
