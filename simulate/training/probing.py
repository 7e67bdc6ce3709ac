"""Probes at work: which of them are due at a step, what they found, and the dataset of it all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
import xarray as xr

from simulate import registry, specs
from simulate.errors import UserError
from simulate.probes import _base as probes
from simulate.recording import DIMS
from simulate.registry import merged
from simulate.training import arguments
from simulate.training.steps import Step

DEFAULT = ("scalars", "evaluation", "parameters")
Value = np.ndarray | torch.Tensor | None
TAKES = "names of probes, what simulate.probe returns, or functions of the step"


@dataclass
class Series:
    """One probe and what it has found so far.

    Attributes
    ----------
    name : str
        Of its row or function.
    record : callable
        The probe, its settings given.
    every : int, "epoch" or "ends"
        When it is due.
    along : str
        The dimension of its steps.
    steps : list of int
        At which it was due.
    looks_back : bool
        Whether it may enter `Step.still`.
    values : dict of str to list of ndarray, Tensor or None
        What it found by name, one a step; None where it said nothing. A number that torch has is
        taken from it when somebody asks: on an accelerator the loop would wait for it.
    dims, attrs : dict
        By name.
    coords : dict of str to ndarray
        Those that it gave for its own dimensions.
    """

    name: str
    record: Callable[[Step], probes.Found]
    every: int | str
    along: str = "step"
    looks_back: bool = True
    steps: list[int] = field(default_factory=list)
    values: dict[str, list[Value]] = field(default_factory=dict)
    dims: dict[str, tuple[str, ...]] = field(default_factory=dict)
    attrs: dict[str, dict[str, Any]] = field(default_factory=dict)
    coords: dict[str, np.ndarray] = field(default_factory=dict)

    def is_due(self, number: int, starts_epoch: bool, n_steps: int | None) -> bool:
        """Tell whether it is due at a step."""
        if self.every == "epoch":
            return starts_epoch
        if self.every == "ends":
            return number in (0, n_steps)
        return number % int(self.every) == 0 or number == n_steps

    def add(self, number: int, found: Any) -> None:
        """Keep what it found at a step."""
        if not isinstance(found, Mapping):
            raise UserError(
                f"probe {self.name!r} returned {arguments.shown(found)}; it takes "
                "{name: (dims, values)}"
            )
        for name, entry in found.items():
            dims, values, attrs = self._checked(name, entry)
            if name in dims:
                self._coordinate(name, dims, values)
                continue
            if name not in self.values:
                self.values[name] = [None] * len(self.steps)
                self.dims[name] = dims
                self.attrs[name] = {
                    "long_name": name.replace("_", " "),
                    "units": "",
                    **attrs,
                }
            elif dims != self.dims[name]:
                raise UserError(
                    f"probe {self.name!r} gives {name!r} dimensions {dims} at step {number}; "
                    f"they were {self.dims[name]}"
                )
            self.values[name].append(values)
        self.steps.append(number)
        for given in self.values.values():
            if len(given) < len(self.steps):
                given.append(None)

    def _checked(
        self, name: Any, entry: Any
    ) -> tuple[tuple[str, ...], np.ndarray | torch.Tensor, dict]:
        where = f"probe {self.name!r} gives {name!r}"
        if not isinstance(name, str) or not isinstance(entry, tuple) or len(entry) not in (2, 3):
            raise UserError(f"{where} as {arguments.shown(entry)}; it takes (dims, values)")
        dims = (entry[0],) if isinstance(entry[0], str) else tuple(entry[0])
        values = _value(entry[1])
        if isinstance(values, np.ndarray) and values.dtype.kind not in "biufU":
            raise UserError(f"{where} values that are {arguments.shown(entry[1])}, not numbers")
        if len(dims) != values.ndim:
            raise UserError(f"{where} {len(dims)} dimensions for values of shape {values.shape}")
        for dim in dims if dims != self.dims.get(name) else ():  # those are known already
            if re.sub(r"_\w+$", "", dim) not in DIMS:
                raise UserError(
                    f"{where} dimension {dim!r}; it takes {', '.join(sorted(DIMS))}, alone or "
                    "with a suffix (unit_1)"
                )
        attrs = dict(entry[2]) if len(entry) == 3 else {}
        return dims, values, attrs

    def _coordinate(self, name: str, dims: tuple[str, ...], values: Any) -> None:
        if dims != (name,):
            raise UserError(f"probe {self.name!r} gives coordinate {name!r} dimensions {dims}")
        known = self.coords.setdefault(name, values)
        if not np.array_equal(known, values):
            raise UserError(f"probe {self.name!r} gives another {name!r} at another step")

    def settled(self) -> dict[str, list[np.ndarray | None]]:
        """Return all values as arrays, having fetched the numbers that torch still had."""
        for values in self.values.values():
            for place, value in enumerate(values):
                if isinstance(value, torch.Tensor):
                    values[place] = np.array(value.item())
        return self.values  # type: ignore[return-value]

    def variables(self) -> dict[str, xr.Variable]:
        """Return all that was found, the steps before the probe's own dimensions."""
        found = {}
        for name, given in self.settled().items():
            shapes = {value.shape for value in given if value is not None}
            if len(shapes) > 1:
                raise UserError(
                    f"probe {self.name!r} gives {name!r} shapes {sorted(shapes)}; it takes one"
                )
            known = next(value for value in given if value is not None)
            if any(value is None for value in given):
                if known.dtype.kind != "f":
                    raise UserError(
                        f"probe {self.name!r} gives {name!r} at some steps only, and "
                        f"{known.dtype} has no value for nothing; give it every time"
                    )
                gap = np.full(known.shape, np.nan, known.dtype)
                given = [gap if value is None else value for value in given]
            stacked = np.stack([value for value in given if value is not None])
            found[name] = xr.Variable((self.along, *self.dims[name]), stacked, self.attrs[name])
        return found


class Probing:
    """All probes of a run.

    Parameters
    ----------
    record : None, or iterable of str, specs.Probe, Own or callable
        None takes `DEFAULT`.
    n_steps : int or None
        Updates in all, None where nobody knows.
    """

    def __init__(self, record: Any, n_steps: int | None) -> None:
        self.n_steps = n_steps
        self.series = [_series(given) for given in _listed(record)]
        names = [series.name for series in self.series]
        for name in names:
            if names.count(name) > 1:
                raise UserError(f"record names {name!r} twice; name each probe once")
        scalars = next((s for s in self.series if s.name == "scalars"), None)
        for series in self.series:
            if series.along:
                continue
            if series.every == "epoch":
                series.along = "epoch"
            elif scalars is None or series.every == scalars.every:
                series.along = "step"
            else:
                series.along = f"step_{series.name}"

    def get(self, name: str) -> Series | None:
        """Return the probe of that name."""
        return next((series for series in self.series if series.name == name), None)

    def is_due(self, number: int, starts_epoch: bool) -> bool:
        """Tell whether any is due at a step."""
        return any(s.is_due(number, starts_epoch, self.n_steps) for s in self.series)

    def see(self, step: Step) -> None:
        """Let those that are due look at a step."""
        for series in self.series:
            if series.is_due(step.number, step.starts_epoch, self.n_steps):
                series.add(step.number, series.record(step))

    def dataset(self) -> xr.Dataset:
        """Return everything that was recorded.

        Raises
        ------
        UserError
            If two probes give one name, or one coordinate two values.
        """
        variables: dict[str, xr.Variable] = {}
        coords: dict[str, Any] = {}
        for series in self.series:
            for name, values in series.variables().items():
                if name in variables:
                    raise UserError(f"two probes give {name!r}; rename one, {series.name!r} is one")
                variables[name] = values
            if not series.steps:
                continue
            is_epoch = series.along == "epoch"
            along = np.arange(len(series.steps)) if is_epoch else np.array(series.steps)
            for name, own in {series.along: along, **series.coords}.items():
                if name in coords and not np.array_equal(coords[name], own):
                    raise UserError(
                        f"two probes give dimension {name!r} other values, {series.name!r} is one; "
                        "give one of them a suffix"
                    )
                coords[name] = own
        return xr.Dataset(variables, coords)

    def state(self) -> dict[str, Any]:
        """Return what was found so far."""
        return {
            series.name: {
                "steps": list(series.steps),
                "values": {name: _packed(values) for name, values in series.settled().items()},
                "dims": dict(series.dims),
                "attrs": dict(series.attrs),
                "coords": dict(series.coords),
            }
            for series in self.series
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        for series in self.series:
            kept = state[series.name]
            series.steps, series.dims, series.attrs = kept["steps"], kept["dims"], kept["attrs"]
            series.coords = kept["coords"]
            series.values = {name: _unpacked(values) for name, values in kept["values"].items()}


def _listed(record: Any) -> list[Any]:
    if record is None:
        return list(DEFAULT)
    if isinstance(record, str) or not isinstance(record, Iterable):
        raise UserError(f"record is {arguments.shown(record)}; it takes a list of {TAKES}")
    return list(record)


def _series(given: Any) -> Series:
    if isinstance(given, str):
        given = specs.Probe(name=given)
    if isinstance(given, specs.Probe):
        row: probes.Probe = registry.load("probes", given.name)
        settings = merged(f"probe {given.name!r}", row.defaults, given.settings)
        every = given.every or row.every
        record = row.record

        def look(step: Step) -> probes.Found:
            return record(step, **settings)

        return Series(given.name, look, every, row.along, row.looks_back)
    if isinstance(given, probes.Own) or (callable(given) and not isinstance(given, type)):
        own = given if isinstance(given, probes.Own) else probes.probe(given)
        return Series(own.name, lambda step: own.function(step, **own.settings), own.every, "")
    raise UserError(f"record has {arguments.shown(given)}; it takes a list of {TAKES}")


def _value(values: Any) -> np.ndarray | torch.Tensor:
    """Return a copy of what a probe gives: an array, or a number that torch keeps for now."""
    if isinstance(values, torch.Tensor):
        values = values.detach()
        if values.dim() == 0 and not values.is_complex():
            return np.array(values.item()) if values.device.type == "cpu" else values.clone()
        return _numpy(values).copy()
    if isinstance(values, list | tuple) and values and isinstance(values[0], torch.Tensor):
        values = [_numpy(value.detach()) for value in values]
    try:
        return np.array(values)
    except ValueError:
        return np.empty(0, object)


def _numpy(values: torch.Tensor) -> np.ndarray:
    if values.dtype == torch.bfloat16:  # which NumPy hasn't, and float32 holds
        values = values.float()
    found: np.ndarray = values.cpu().numpy()
    return found


def _packed(values: list[np.ndarray | None]) -> dict[str, Any]:
    """Return a list as one array with the places that it fills, which is quick to store."""
    there = [number for number, value in enumerate(values) if value is not None]
    known = [values[number] for number in there]
    if len({value.shape for value in known if value is not None}) == 1:
        return {"count": len(values), "places": np.array(there), "stacked": np.stack(known)}  # type: ignore[arg-type]
    return {"count": len(values), "places": np.array(there), "each": known}


def _unpacked(packed: dict[str, Any]) -> list[Value]:
    values: list[Value] = [None] * packed["count"]
    known = packed["stacked"] if "stacked" in packed else packed["each"]
    for place, value in zip(packed["places"].tolist(), known, strict=True):
        values[place] = value
    return values
