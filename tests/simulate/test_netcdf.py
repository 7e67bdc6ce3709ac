"""Bytes of a dataset: what xarray's own way reads of ours, and ours of it, is the same."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import xarray as xr

from simulate import registry
from simulate.storage import netcdf


def _by_xarray(content: bytes) -> xr.Dataset:
    return xr.load_dataset(BytesIO(content), engine="h5netcdf", decode_times=False)


def _said(dataset: xr.Dataset) -> list[Any]:
    """Return all that a dataset holds but its values and coordinates' order, with types."""
    return [
        *((name, type(value), value) for name, value in dataset.attrs.items()),
        list(dataset.data_vars),
        *(
            (name, array.dims, array.dtype, [(at, type(it), it) for at, it in array.attrs.items()])
            for name, array in sorted(dataset.variables.items())
        ),
    ]


def _same(dataset: xr.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make sure that a dataset is written by the layout, and read alike by both from either."""
    with monkeypatch.context() as without:
        without.setattr(netcdf, "_encoded", None)  # a call of it fails
        ours = netcdf.encode(dataset)
    theirs = netcdf._encoded(dataset.drop_encoding())
    assert ours == netcdf.encode(dataset)
    read = _by_xarray(theirs)
    with monkeypatch.context() as without:
        without.setattr(xr, "load_dataset", None)
        found = netcdf.decode(ours)
    for other in (found, _by_xarray(ours), netcdf.decode(theirs)):
        xr.testing.assert_identical(other, read)
    assert _said(found) == _said(read)


@pytest.mark.parametrize("name", registry.names("experiments"))
def test_a_recording_is_the_same_by_either_way(
    name: str, recorded: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _same(netcdf.decode(recorded(name).read_bytes()), monkeypatch)


def test_whatever_a_recording_may_hold_is_the_same_by_either_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = np.random.default_rng(0)
    kinds: list[Callable[[tuple[int, ...]], np.ndarray]] = [
        lambda shape: chance.normal(size=shape),
        lambda shape: chance.normal(size=shape).astype(np.float32),
        lambda shape: np.where(chance.random(shape) < 0.5, np.nan, np.inf),
        lambda shape: chance.integers(-9, 9, shape),
        lambda shape: chance.integers(0, 255, shape, np.uint8),
        lambda shape: chance.random(shape) < 0.5,
        lambda shape: chance.choice(["", "a", "θ ← −η", "two words"], shape),
        lambda shape: chance.choice(["a", "bc"], shape).astype(object),
    ]
    attrs = [3, -1.5, "text", "", "η", np.float32(0.1), np.int64(7), 2**62, "x" * 70_000]
    names = ["step", "run", "x", "unit"]
    for _ in range(40):
        sizes = {name: int(chance.integers(1, 6)) for name in names}
        variables = {}
        for name in chance.permutation([*names, "loss", "w", "label", "where", "n"]).tolist():
            dims = (name,) if name in names and chance.random() < 0.5 else ()
            if not dims:
                count = int(chance.integers(name in names, 4))  # no number is called as an axis is
                dims = tuple(chance.permutation([n for n in names if n != name]).tolist()[:count])
            kind = kinds[int(chance.integers(len(kinds)))]
            values = kind(tuple(sizes[dim] for dim in dims))
            told = {f"a{i}": attrs[i] for i in chance.permutation(len(attrs))[:3]}
            variables[name] = xr.Variable(dims, values, told | {"units": "seconds"})
        dataset = xr.Dataset(variables, attrs={f"b{i}": each for i, each in enumerate(attrs)})
        _same(dataset.set_coords(["w"]), monkeypatch)


@pytest.mark.parametrize(
    "odd",
    [
        xr.Dataset({"none": ("step", np.zeros(0))}),
        xr.Dataset({"half": ("step", np.ones(3, np.float16))}),
        xr.Dataset({"big": ("step", np.ones(3, ">f8"))}),
        xr.Dataset({"two words": ("step", np.ones(3))}),
        xr.Dataset({"bytes": ("step", np.array([b"ab", b"c"]))}),
        xr.Dataset({"loss": ("step", np.ones(3), {"NAME": "its"})}),
    ],
    ids=["empty", "half", "other_order", "space", "bytes", "hidden_name"],
)
def test_what_is_out_of_the_ordinary_goes_xarrays_way(odd: xr.Dataset) -> None:
    try:
        expected = netcdf._encoded(odd)
    except Exception as error:
        with pytest.raises(type(error)):
            netcdf.encode(odd)
        return
    assert netcdf.encode(odd) == expected
    with h5py.File(BytesIO(expected)) as file:
        for name, array in odd.data_vars.items():
            assert file[name].fletcher32 == (array.dtype.kind == "f" and array.size > 1)
    xr.testing.assert_identical(netcdf.decode(expected), _by_xarray(expected))


def test_what_an_earlier_file_was_packed_with_reaches_no_new_one() -> None:
    loss = xr.Dataset({"loss": ("step", [0.26, 1.0])})
    packed = loss.copy()
    packed.loss.encoding = {"dtype": "int16", "scale_factor": 0.1}
    assert netcdf.encode(packed) == netcdf.encode(loss)


def test_a_file_of_another_program_goes_xarrays_way(monkeypatch: pytest.MonkeyPatch) -> None:
    content = netcdf._encoded(xr.Dataset({"loss": ("step", [2.0, 1.0])}, {"step": [0, 1]}))
    monkeypatch.setattr(netcdf, "_raw", None)
    assert netcdf.decode(content).loss.values.tolist() == [2.0, 1.0]
    told = BytesIO(content)
    with h5py.File(told, "a") as file:  # in letters of any length
        file.attrs["_NCProperties"] = "version=2,netcdf=4.9.2"
    assert netcdf.decode(told.getvalue()).loss.values.tolist() == [2.0, 1.0]


def test_the_layout_is_that_of_netcdf() -> None:
    """What the NetCDF library looks for: numbered dimensions, their scales, and who uses them."""
    content = netcdf.encode(
        xr.Dataset({"w": (("step", "param"), np.ones((2, 3)), {"n": 3})}, {"step": [0.0, 0.5]})
    )
    with h5py.File(BytesIO(content)) as file:
        assert {name: int(file[name].attrs["_Netcdf4Dimid"]) for name in ("step", "param")} == {
            "step": 0,
            "param": 1,
        }
        assert [list(axis.keys()) for axis in file["w"].dims] == [
            ["step"],
            [f"This is a netCDF dimension but not a netCDF variable.{3:10}"],
        ]
        assert file["w"].attrs["_Netcdf4Coordinates"].tolist() == [0, 1]
        assert file["w"].attrs["n"].tolist() == [3]  # numbers are lists, if of one
        assert (file["w"].compression, file["w"].shuffle, file["w"].fletcher32) == (
            "gzip",
            True,
            True,
        )
