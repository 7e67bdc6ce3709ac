"""A dataset as the bytes of a NetCDF-4 file, and back, by h5py in the layout that NetCDF-4 has.

xarray's own way (h5netcdf) looks every object up by its name again and again; it takes four to
six times as long for the same. It stays the way of whatever isn't a recording's plain numbers and
strings, and of files that another program wrote. Layout: "NetCDF-4/HDF5 File Format" of the NetCDF
documentation, its parts on dimensions and their scales.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import h5py
import numpy as np
import xarray as xr
from xarray import conventions

_WRITER = "teaching-networks=1"  # by this a file is known as one of ours
_DIMENSION = "This is a netCDF dimension but not a netCDF variable."  # and its length, in ten
_OTHER = "_nc4_non_coord_"  # before the name of a variable that is called as a dimension is
_REFERENCES = {"REFERENCE_LIST", "DIMENSION_LIST"}  # for other readers; slow to read
_HIDDEN = _REFERENCES | {"CLASS", "NAME", "_NCProperties", "_Netcdf4Coordinates", "_Netcdf4Dimid"}


def encode(dataset: xr.Dataset) -> bytes:
    """Return a dataset as the content of a NetCDF-4 file, compressed; the same one every time."""
    # What an earlier file was encoded with must not reach the new one.
    dataset = dataset.drop_encoding()
    return _written(dataset) if _plain(dataset) else _encoded(dataset)


def decode(content: bytes) -> xr.Dataset:
    """Return what a NetCDF-4 file holds, whole and in memory.

    Raises
    ------
    Exception
        h5py and xarray raise all sorts on damaged files.
    """
    with h5py.File(BytesIO(content), "r") as file:
        writer = file.attrs.get("_NCProperties", b"")  # of other programs perhaps a str
        if isinstance(writer, bytes) and _WRITER.encode() in writer.split(b","):
            # A variable in seconds is a number, not a timedelta.
            return xr.decode_cf(_raw(file), decode_times=False)
    return xr.load_dataset(BytesIO(content), engine="h5netcdf", decode_times=False)


def _plain(dataset: xr.Dataset) -> bool:
    """Tell whether a dataset is what `_written` is proved for."""
    names = [*dataset.variables, *dataset.sizes]
    owners = [dataset.attrs, *(array.attrs for array in dataset.variables.values())]
    return (
        all(isinstance(name, str) and name.isidentifier() for name in names)
        and all(dataset.sizes.values())
        and all(_kind(array.dtype) for array in dataset.variables.values())
        and not any(_HIDDEN & attrs.keys() for attrs in owners)
    )


def _kind(dtype: np.dtype[Any]) -> bool:
    return dtype.kind in "bOU" or (dtype.isnative and dtype.kind in "iuf" and dtype.itemsize != 2)


def _encoded(dataset: xr.Dataset) -> bytes:
    encoding: dict[Any, dict[str, Any]] = {}
    for name, array in dataset.variables.items():
        encoding[name] = {"_FillValue": None}  # NaN is a value here, not a gap
        if array.dtype.kind in "biuf" and array.size > 1:
            encoding[name] |= {"zlib": True, "complevel": 4, "shuffle": True, "fletcher32": True}
    return bytes(dataset.to_netcdf(engine="h5netcdf", encoding=encoding))


def _written(dataset: xr.Dataset) -> bytes:
    variables, attrs = conventions.encode_dataset_coordinates(dataset)
    ids = {dim: number for number, dim in enumerate(dataset.sizes)}
    # In memory: HDF5 that writes to a disk without room ends the process.
    content = BytesIO()
    with h5py.File(content, "w", track_order=True) as file:
        versions = f"version=2,{_WRITER},hdf5={h5py.version.hdf5_version},h5py={h5py.__version__}"
        file.attrs["_NCProperties"] = np.bytes_(versions)
        _tell(file, attrs)
        made = {}
        for name, array in variables.items():
            own = name not in ids or array.dims == (name,)
            stored = conventions.encode_cf_variable(array, name=name)
            made[name] = _store(file, name if own else _OTHER + name, stored)
        scales = {}
        for dim, size in dataset.sizes.items():
            scale = made.get(dim) if dim in dataset.indexes else None
            if scale is None:
                scale = file.create_dataset(dim, (size,), ">f4", track_order=True)
            scale.make_scale(dim if dim in dataset.indexes else f"{_DIMENSION}{size:10}")
            scale.attrs["_Netcdf4Dimid"] = np.int32(ids[dim])
            scales[dim] = scale
        for name, array in variables.items():
            if not array.dims:
                continue
            made[name].attrs["_Netcdf4Coordinates"] = np.array(
                [ids[dim] for dim in array.dims], np.int32
            )
            for axis, dim in enumerate(array.dims):
                if made[name] != scales[dim]:
                    made[name].dims[axis].attach_scale(scales[dim])
    return content.getvalue()


def _store(file: h5py.File, name: str, array: xr.Variable) -> h5py.Dataset:
    values = array.values
    more: dict[str, Any] = {"track_order": True}
    if values.dtype.kind in "OU":
        more["dtype"], values = h5py.string_dtype(), values.astype(object)
    elif values.size > 1:
        # fletcher32: a flipped bit is noticed by any program that reads the file
        more |= {"compression": "gzip", "compression_opts": 4, "shuffle": True, "fletcher32": True}
    stored = file.create_dataset(name, data=values, **more)
    _tell(stored, array.attrs)
    return stored


def _tell(owner: Any, attrs: Mapping[Any, Any]) -> None:
    for name, value in attrs.items():
        owner.attrs[name] = value if isinstance(value, str) else np.atleast_1d(value)


def _raw(file: h5py.File) -> xr.Dataset:
    attrs, _ = _told(file)
    dims, arrays = {}, {}
    for name, stored in file.items():
        told, hidden = _told(stored)
        if "CLASS" in hidden:
            dims[int(hidden["_Netcdf4Dimid"])] = name
        if not hidden.get("NAME", b"").startswith(_DIMENSION.encode()):
            text = h5py.check_string_dtype(stored.dtype) is not None
            values = stored.asstr()[()] if text else stored[()]
            if text:  # from a list: numpy makes room for two letters of objects that are ""
                values = np.array(np.asarray(values, object).tolist(), str)
            ids = np.atleast_1d(hidden.get("_Netcdf4Coordinates", ())).tolist()
            arrays[name.removeprefix(_OTHER)] = ids, values, told
    return xr.Dataset(
        {
            name: ([dims[number] for number in ids], values, told)
            for name, (ids, values, told) in arrays.items()
        },
        attrs=attrs,
    )


def _told(owner: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the attributes that were given to an object, and those of the layout."""
    told: dict[str, Any] = {}
    hidden: dict[str, Any] = {}
    for name in owner.attrs:
        if name not in _REFERENCES:
            value = owner.attrs[name]
            if isinstance(value, np.ndarray) and value.shape == (1,):
                value = value[0]  # a number is kept as a list of one
            (hidden if name in _HIDDEN else told)[name] = value
    return told, hidden
