"""Recordings that note what is read of them: variables, coordinates and attributes, by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import xarray as xr

# Everything noted since `watching` began, whichever copy of the recording it was read from.
_noted: set[str] = set()


class Attributes(dict[str, Any]):
    """Attributes that note which of them are asked for; to copy them all is no question."""

    def __getitem__(self, name: str) -> Any:
        _noted.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        _noted.add(name)
        return super().get(name, default)


class Array(xr.DataArray):
    """A variable that notes which coordinates are read of it."""

    __slots__ = ()

    def _getitem_coord(self, key: Any) -> Any:
        if isinstance(key, str):
            _noted.add(key)
        return super()._getitem_coord(key)


class Recording(xr.Dataset):
    """A recording that notes what is read."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        if not isinstance(found, xr.DataArray):
            _noted.update(key)
            return found
        _noted.add(key)
        return Array(found.variable, found.coords, name=found.name)

    @property
    def attrs(self) -> dict[Any, Any]:
        return Attributes(super().attrs)


@contextmanager
def watching(dataset: xr.Dataset) -> Iterator[tuple[Recording, set[str]]]:
    """Give the recording to draw, and the names that were read of it at the block's end."""
    _noted.clear()
    watched = Recording(dataset.data_vars, dataset.coords, dataset.attrs)
    names: set[str] = set()
    yield watched, names
    names |= _noted
