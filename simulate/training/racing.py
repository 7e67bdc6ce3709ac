"""Many descents at once: every optimizer on every surface, in one loop.

A descent alone is nearly all overhead: a forward and a backward pass of a few numbers, a step of
two. Descents that share a surface are evaluated in one call, all surfaces are differentiated in one
backward pass, and descents that share an optimizer and its settings step together as the rows of
one tensor. Every operation is elementwise over the descents, so each path is what it would be
alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import torch
import xarray as xr

from simulate import registry, specs
from simulate.errors import UserError
from simulate.optimizers import _base as optimizers
from simulate.recording import variable
from simulate.schedules import _base as schedules
from simulate.surfaces import _base as surfaces


def race(lanes: Sequence[specs.Descend], progress: Any = None) -> list[xr.Dataset]:
    """Run descents side by side and return each one's result, as `simulate.descend` would.

    Parameters
    ----------
    lanes : sequence of Descend
        All with the same number of steps and the same dtype; any surfaces, optimizers, settings.
    progress : callable, optional
        Called now and then with steps done, steps in all and a few words.

    Returns
    -------
    list of Dataset
        In the order of `lanes`: ``theta``, ``gradient`` (step, param), ``loss``, ``grad_norm``,
        ``lr`` (step), step 0 being the start. A path that diverges is recorded as it is.

    Raises
    ------
    UserError
        If the lanes' lengths or types differ.

    Examples
    --------
    >>> from simulate import specs
    >>> adam = specs.Optimizer(name="adam")
    >>> lane = specs.Descend(surface="beale", optimizer=adam, steps=300)
    >>> path, = race([lane])
    >>> path.theta.shape
    (301, 2)
    """
    lengths = {(lane.steps, lane.dtype) for lane in lanes}
    if len(lengths) != 1:
        raise UserError(f"a race needs lanes of one length and dtype, not {sorted(lengths)}")
    ((n_steps, dtype),) = lengths
    field = _Field(lanes, getattr(torch, dtype), n_steps)
    path: dict[str, list[torch.Tensor]] = {"theta": [], "gradient": [], "loss": []}
    rates = np.empty((n_steps + 1, len(lanes)))
    for step in range(n_steps + 1):
        theta, loss, gradient = field.differentiate()
        path["theta"].append(theta)
        path["loss"].append(loss)
        path["gradient"].append(gradient)
        rates[step] = field.rates()
        if progress is not None and step % 50 == 0:
            progress(step, n_steps, f"{len(lanes)} descents")
        if step < n_steps:
            field.step()
    stacked = {name: torch.stack(values).numpy() for name, values in path.items()}
    return [
        _dataset(lane, stacked["theta"][:, i, :n], stacked["gradient"][:, i, :n],
                 stacked["loss"][:, i], rates[:, i])
        for i, (lane, n) in enumerate(zip(lanes, field.n_params, strict=True))
    ]  # fmt: skip


class _Field:
    """The racers: one tensor for each optimizer and settings, a row for each lane that has them."""

    def __init__(self, lanes: Sequence[specs.Descend], dtype: torch.dtype, n_steps: int) -> None:
        starts = [_start(lane) for lane in lanes]
        self.n_params = [len(start) for start in starts]
        widest = max(self.n_params)
        teams: dict[bytes, list[int]] = defaultdict(list)
        grounds: dict[bytes, list[int]] = defaultdict(list)
        for index, lane in enumerate(lanes):
            key = msgspec.json.encode([lane.optimizer, lane.schedule], order="sorted")
            teams[key].append(index)
            ground = msgspec.json.encode([lane.surface, lane.settings], order="sorted")
            grounds[ground].append(index)
        self._order = [index for members in teams.values() for index in members]
        self._back = torch.tensor(np.argsort(self._order))
        self._thetas, self._rules, self._courses, self._sizes = [], [], [], []
        for members in teams.values():
            lane = lanes[members[0]]
            padded = [[*starts[i], *[0.0] * (widest - len(starts[i]))] for i in members]
            theta = torch.tensor(padded, dtype=dtype, requires_grad=True)
            rule = optimizers.make(lane.optimizer.name, [theta], lane.optimizer.settings)
            self._thetas.append(theta)
            self._rules.append(rule)
            if lane.schedule is not None:
                given = lane.schedule
                self._courses.append(schedules.make(given.name, rule, n_steps, given.settings))
            self._sizes.append(len(members))
        self._grounds = []
        for members in grounds.values():
            lane = lanes[members[0]]
            function = surfaces.function(lane.surface, lane.settings)
            self._grounds.append((function, torch.tensor(members), self.n_params[members[0]]))

    def differentiate(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return θ (n, n_params), loss (n,) and gradient (n, n_params) of all lanes."""
        theta = torch.cat(self._thetas)[self._back]
        values = [f(theta[members, :n]) for f, members, n in self._grounds]
        total = torch.stack([value.sum() for value in values]).sum()
        slopes = torch.autograd.grad(total, self._thetas)
        for mine, slope in zip(self._thetas, slopes, strict=True):
            mine.grad = slope
        loss = torch.empty(len(theta), dtype=theta.dtype)
        for value, (_, members, _) in zip(values, self._grounds, strict=True):
            loss[members] = value.detach()
        return theta.detach(), loss, torch.cat(slopes)[self._back]

    def rates(self) -> np.ndarray:
        """Return the learning rate about to be used by each lane, (n,)."""
        each = [rule.param_groups[0]["lr"] for rule in self._rules]
        rates: np.ndarray = np.repeat(np.array(each, float), self._sizes)[self._back.numpy()]
        return rates

    def step(self) -> None:
        """Update every lane."""
        for rule in self._rules:
            rule.step()
        for course in self._courses:
            course.step()


def _start(lane: specs.Descend) -> tuple[float, ...]:
    if lane.start is not None:
        return lane.start
    row: surfaces.Surface = registry.load("surfaces", lane.surface)
    return row.start


def _dataset(
    lane: specs.Descend,
    theta: np.ndarray,
    gradient: np.ndarray,
    loss: np.ndarray,
    rates: np.ndarray,
) -> xr.Dataset:
    n_steps = len(theta) - 1
    with np.errstate(over="ignore", invalid="ignore"):  # a path that diverges overflows
        grad_norm = np.linalg.norm(gradient, axis=1)
    return xr.Dataset(
        {
            "theta": variable(("step", "param"), theta, "parameters"),
            "gradient": variable(("step", "param"), gradient, "gradient"),
            "loss": variable("step", loss, "loss"),
            "grad_norm": variable("step", grad_norm, "norm of the gradient"),
            "lr": variable("step", rates, "learning rate"),
        },
        coords={"step": np.arange(n_steps + 1)},
        attrs={
            "optimizer": lane.optimizer.name,
            "lr": float(rates[0]),
            "n_steps": n_steps,
            "n_params": theta.shape[1],
            "backend": "race",
            "device": "cpu",
        },
    )
