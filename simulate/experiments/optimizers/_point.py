"""Runs of a point: on a surface, with or without noise, or along a stream of given gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulate import specs

EVERYTHING = specs.record("scalars", parameters=1, gradients=1, optimizer_state=1)


def on_surface(
    surface: str,
    start: Sequence[float],
    optimizer: str,
    settings: dict[str, Any],
    n_steps: int,
    *,
    noise: float = 0.0,
    n_examples: int = 500,
    batch_size: int = 1,
    seed: int = 0,
    of_surface: dict[str, Any] | None = None,
) -> specs.Train:
    """Return a descent of a surface that records its optimizer's state at every step.

    With `noise`, each example tilts the surface by so much (a standard deviation, in either
    direction), and every step is on `batch_size` examples drawn anew.
    `of_surface` are the surface's own settings.
    """
    params = {"n_params": len(start)}
    tilts = specs.Data(name="tilts", n_train=1, settings=params)
    if noise:
        tilts = specs.Data(name="tilts", n_train=n_examples, settings={**params, "size": noise})
    ground = {"start": list(start), "surface": surface, "settings": of_surface or {}}
    return specs.Train(
        data=tilts,
        model=specs.Model(name="point", settings=ground),
        optimizer=specs.Optimizer(name=optimizer, settings=settings),
        loss="output",
        batch_size=batch_size if noise else None,
        replacement=bool(noise),
        steps=n_steps,
        seed=seed,
        dtype="float64",
        record=EVERYTHING,
    )


def along(
    gradients: Sequence[Sequence[float]],
    start: Sequence[float],
    optimizer: str,
    settings: dict[str, Any],
    n_steps: int | None = None,
) -> specs.Train:
    """Return steps along given gradients, one a step, from the first again after the last."""
    return specs.Train(
        data=specs.Data(name="stream", settings={"values": [list(each) for each in gradients]}),
        model=specs.Model(name="point", settings={"start": list(start)}),
        optimizer=specs.Optimizer(name=optimizer, settings=settings),
        loss="output",
        batch_size=1,
        in_order=True,
        steps=n_steps or len(gradients),
        dtype="float64",
        record=EVERYTHING,
    )
