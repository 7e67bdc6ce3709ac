"""A recording: labelled arrays with units, and where they come from. The hinge of the product.

Experiments write recordings, figures and scenes read them, and nothing else passes between the
two. On disk a recording is NetCDF-4, which any other program reads too.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from simulate.errors import Damaged, RunError, UserError
from simulate.storage import netcdf
from simulate.storage.files import SCHEMA, write_atomic
from simulate.storage.receipts import Stored

__all__ = [
    "DIMS",
    "SCHEMA",
    "Given",
    "Source",
    "Stored",
    "check",
    "encoded",
    "load",
    "opened",
    "plain_attrs",
    "save",
    "tidy",
    "variable",
]

# What a dimension may be called, alone or with a suffix (unit_1, x_index).
DIMS = frozenset(
    {
        "run",
        "epoch",
        "step",
        "snapshot",
        "example",
        "feature",
        "param",
        "buffer",
        "x",
        "y",
        "u",
        "v",
        "layer",
        "unit",
        "channel",
        "position",
        "class",
        "component",
        "quantile",
        "bin",
        "surface",
        "rate",
        "start",
        "head",
        "query",
        "key",
    }
)


def variable(
    dims: str | Sequence[str],
    values: Any,
    long_name: str,
    units: str = "",
    measured: bool = False,
) -> xr.Variable:
    """Return values with the labels that every recorded variable has.

    Parameters
    ----------
    dims : str or sequence of str
        Names of the axes, of `DIMS`.
    values : array_like
        As many axes as `dims`.
    long_name : str
        What it is, as an axis label says it: "cross-entropy".
    units : str
        "seconds", "bytes", "nats"; "" for a pure number.
    measured : bool
        Whether it is measured on this machine (seconds, bytes) and so differs every time.

    Examples
    --------
    >>> variable("step", [2.3, 1.9], "cross-entropy", "nats").dims
    ('step',)
    """
    attrs: dict[str, Any] = {"long_name": long_name, "units": units}
    if measured:
        attrs["measured"] = 1  # NetCDF has no booleans
    return xr.Variable(dims, np.asarray(values), attrs)


def check(dataset: xr.Dataset) -> None:
    """Make sure that a dataset is fit to be a recording.

    Raises
    ------
    RunError
        If a data variable has no ``long_name`` or ``units``, a dimension has an unknown name, or
        an attribute isn't a number or a string. The message names it.
    """
    for name, array in dataset.data_vars.items():
        for attr in ("long_name", "units"):
            if not isinstance(array.attrs.get(attr), str):
                raise RunError(f"variable {name!r} has no {attr}; make it with variable()")
    for dim in map(str, dataset.dims):
        if re.sub(r"_\w+$", "", dim) not in DIMS:
            raise RunError(f"dimension {dim!r} is none of {', '.join(sorted(DIMS))}")
    if lost := _lost(dataset):
        raise RunError(lost)


def _lost(dataset: xr.Dataset) -> str:
    """Return what of a dataset a file couldn't give back as it was, in words; "" if nothing."""
    owners = {"": dataset.attrs} | {
        f" of variable {name!r}": array.attrs for name, array in dataset.variables.items()
    }
    for owner, attrs in owners.items():
        for name, value in attrs.items():
            # NetCDF has no booleans and no nothing, and a list of one comes back as a number.
            plain = isinstance(value, str | int | float | np.number)
            if isinstance(value, bool | np.bool_) or not plain:
                return (
                    f"attribute {name!r}{owner} is {value!r}, not a number or a string; "
                    "write it as one, or as JSON"
                )
            if isinstance(value, int) and not -(2**63) <= value < 2**63:
                return f"attribute {name!r}{owner} is {value}, which needs more than 64 bits"
    for name, array in dataset.variables.items():
        if array.dtype.kind not in "iufbUSO" or (
            array.dtype.itemsize > 8 and array.dtype.kind in "f"
        ):
            return f"variable {name!r} is {array.dtype}, which a recording can't hold"
        if array.dtype.kind == "O" and not all(isinstance(v, str) for v in array.values.flat):
            return f"variable {name!r} holds objects; give numbers or strings"
        if array.dtype.kind in "USO" and array.size == 0:
            return f"variable {name!r} is an empty array of strings, which a recording can't hold"
    return ""


def plain_attrs(dataset: xr.Dataset) -> dict[str, Any]:
    """Return the dataset's attributes as plain Python numbers and strings."""
    return {
        str(name): value.item() if isinstance(value, np.generic) else value
        for name, value in dataset.attrs.items()
    }


_HDF5 = b"\x89HDF\r\n\x1a\n"  # how a NetCDF-4 file begins
REMEMBERED = 4_000_000  # bytes of a file that is kept as it was parsed, known by its content

Source = str | Path | Stored  # where a recording lies, and perhaps what it must be
Given = Source | xr.Dataset


def encoded(dataset: xr.Dataset) -> bytes:
    """Return a dataset as the content of a NetCDF-4 file, compressed; the same one every time.

    Raises
    ------
    UserError
        If the file couldn't give the dataset back as it was.
    """
    if lost := _lost(dataset):
        raise UserError(lost)
    return netcdf.encode(dataset)


def save(dataset: xr.Dataset, path: str | Path) -> str:
    """Write a dataset, compressed; a reader sees the whole file or none.

    Parameters
    ----------
    dataset : Dataset
        What `simulate.train` returns, for instance.
    path : str or Path
        Where, such as "mine.nc".

    Returns
    -------
    str
        SHA-256 of the file. The same dataset gives the same file.

    Raises
    ------
    UserError
        If the file can't be written, or couldn't give the dataset back as it was.
    """
    if not isinstance(dataset, xr.Dataset):
        raise UserError(f"dataset is a {type(dataset).__name__}; it takes an xarray.Dataset")
    path = _path(path)
    content = encoded(dataset)
    write_atomic(path, content)
    return hashlib.sha256(content).hexdigest()


def load(source: Source) -> xr.Dataset:
    """Read a dataset whole into memory.

    Parameters
    ----------
    source : str, Path or Stored
        A file that `save` wrote; with its digest the bytes are held to that before anything is
        made of them, for HDF5's own checksums leave gaps.

    Raises
    ------
    UserError
        If there is no such file, or it can't be read; `Damaged` if it isn't what it was.
    """
    path, digest = source if isinstance(source, Stored) else (_path(source), "")
    try:
        content = path.read_bytes()  # not through HDF5, which locks what it opens
    except (FileNotFoundError, IsADirectoryError):
        remedy = f"make it with: teachnet record {path.stem}" if _known(path) else "check the path"
        raise UserError(f"no recording at {path}; {remedy}") from None
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}; check who owns it") from error
    if digest and hashlib.sha256(content).hexdigest() != digest:
        raise Damaged(path, f"(its digest is another); {_again(path)}")
    try:
        if len(content) > REMEMBERED:
            return _parse(content)
        return _parsed(content).copy(deep=True)  # what is done to it is nobody else's
    except Exception as error:  # h5py and xarray raise all sorts on damaged files
        why = str(error)
        if not content.startswith(_HDF5):
            why = "or no recording at all: it is not NetCDF-4"
        raise Damaged(path, f"({why}); {_again(path)}") from error


def _again(path: Path) -> str:
    """Return how to come by a recording that is damaged."""
    if _known(path):
        return f"make it again with: teachnet record {path.stem} --force"
    return "give a file that simulate.save wrote"


def _known(path: Path) -> bool:
    """Tell whether a file is called as a recording of an experiment is, or of a variant of one."""
    # By name: only the remedy of an error asks it, and no picture hangs on what it reads.
    registry = importlib.import_module("simulate.registry")
    experiment, _, _ = path.stem.partition("@")
    return path.suffix == ".nc" and experiment in registry.names("experiments")


def _parse(content: bytes) -> xr.Dataset:
    dataset = netcdf.decode(content)
    dataset.attrs = plain_attrs(dataset)
    return dataset


# A dozen variables take some 30 ms to parse, and who draws a recording reads it several times.
_parsed = functools.lru_cache(maxsize=16)(_parse)


def opened(source: Given) -> xr.Dataset:
    """Return a recording that is given itself, or by its path (see `load`)."""
    return source if isinstance(source, xr.Dataset) else load(source)


def tidy(recording: xr.Dataset, *dims: str) -> Any:
    """Return what a recording holds along some dimensions as a data frame.

    Parameters
    ----------
    recording : Dataset
        What `simulate.train` returns, or `load`.
    *dims : str
        Names of dimensions, "step" or "run", "step".

    Returns
    -------
    pandas.DataFrame
        A row for each point along `dims`; a column for each of them, and for each variable that
        has these dimensions and no others.

    Raises
    ------
    UserError
        If nothing has these dimensions.

    Examples
    --------
    >>> run = xr.Dataset({"loss": ("step", [2.0, 1.0])}, {"step": [0, 1]})
    >>> tidy(run, "step").loss.tolist()
    [2.0, 1.0]
    """
    if not isinstance(recording, xr.Dataset):
        raise UserError(f"recording is a {type(recording).__name__}; it takes an xarray.Dataset")
    names = [name for name, array in recording.data_vars.items() if set(array.dims) == set(dims)]
    if not dims or not names:
        sets = sorted({", ".join(map(str, a.dims)) for a in recording.data_vars.values() if a.dims})
        raise UserError(
            f"nothing in the recording lies along {', '.join(map(str, dims)) or 'no dimension'}; "
            f"there is {'; '.join(sets)}"
        )
    chosen = recording[names]
    keep = [name for name, array in chosen.coords.items() if set(array.dims) <= set(dims)]
    chosen = chosen.drop_vars([name for name in chosen.coords if name not in keep])
    return chosen.to_dataframe(dim_order=list(dims)).reset_index()


def _path(path: Any) -> Path:
    if not isinstance(path, str | Path):
        raise UserError(f"path is a {type(path).__name__}; it takes a file's name")
    return Path(path)
