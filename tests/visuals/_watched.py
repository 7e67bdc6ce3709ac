"""Recordings that note what is read of them: variables, coordinates and attributes, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import xarray as xr


class Attributes(dict[str, Any]):
    """Attributes that note which of them are asked for; to copy them all is no question."""

    def __init__(self, values: Mapping[str, Any], noted: set[str]) -> None:
        super().__init__(values)
        self.noted = noted

    def __getitem__(self, name: str) -> Any:
        self.noted.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.noted.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.noted.add(str(name))
        return super().__contains__(name)


def watched(dataset: xr.Dataset, noted: set[str]) -> xr.Dataset:
    """Return a recording that adds to `noted` the names of what is read of it, or of a part."""

    class Array(xr.DataArray):
        """A variable that notes which coordinates are read of it."""

        __slots__ = ()

        def _getitem_coord(self, key: Any) -> Any:
            noted.update([key] if isinstance(key, str) else [])
            return super()._getitem_coord(key)

        def sel(self, *args: Any, **kwargs: Any) -> Any:
            noted.update(set(kwargs) & set(self.coords))  # a label is looked up in its coordinate
            return super().sel(*args, **kwargs)

    class Recording(xr.Dataset):
        """All selections of it are of this class too."""

        __slots__ = ()

        def __getitem__(self, key: Any) -> Any:
            found = super().__getitem__(key)
            if not isinstance(found, xr.DataArray):
                noted.update(key)
                return found
            noted.add(key)
            return Array(found.variable, found.coords, name=found.name)

        def sel(self, *args: Any, **kwargs: Any) -> Any:
            noted.update(set(kwargs) & set(self.coords))
            return super().sel(*args, **kwargs)

        @property
        def attrs(self) -> dict[Any, Any]:
            return Attributes(super().attrs, noted)

    return Recording(dataset.data_vars, dataset.coords, dataset.attrs)


def without(dataset: xr.Dataset, kept: Iterable[str]) -> xr.Dataset:
    """Return a recording with nothing in it but what is `kept`, variables and attributes."""
    names = set(kept)
    rest = dataset.drop_vars([name for name in dataset.variables if name not in names])
    return rest.drop_attrs(deep=False).assign_attrs(
        {name: value for name, value in dataset.attrs.items() if name in names}
    )
