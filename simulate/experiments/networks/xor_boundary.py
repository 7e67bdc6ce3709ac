"""A small network learns XOR; and how many such networks do, for each number of hidden units."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network that is watched, and the many that are counted.

    Attributes
    ----------
    hidden : int
        Hidden units of the network that is watched.
    activation : str
        Of all networks.
    lr : float
        Adam's learning rate, of all networks.
    n_steps : int
        Updates, of all networks; each on all four points.
    snapshots : int
        Steps between pictures of the boundary.
    seed : int
        Of the initial weights of the network that is watched.
    counted : tuple of int
        Numbers of hidden units of the networks that are counted.
    n_networks : int
        As many for each of `counted`, with seeds 0, 1, …
    shown : int
        Whose boundaries are kept: networks with this many hidden units (one of `counted`).
    n_shown : int
        How many of them, the first ones.
    n_grid, n_grid_shown : int
        Points along each side of the field, and of those of the networks shown.
    margin : float
        Of the field around the four points, in units of their distance.
    """

    hidden: int = 8
    activation: str = "tanh"
    lr: float = 0.03
    n_steps: int = 150
    snapshots: int = 2
    seed: int = 0
    counted: tuple[int, ...] = (1, 2, 3, 4, 6, 8)
    n_networks: int = 200
    shown: int = 2
    n_shown: int = 24
    n_grid: int = 61
    n_grid_shown: int = 25
    margin: float = 0.45


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(
        n_steps=60, snapshots=10, counted=(1, 2, 8), n_networks=24, n_grid=15, n_grid_shown=9
    ),
    label="XOR: a boundary while it is learnt, and how often it is",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the network that is watched, and for each width all that are counted, at once."""
    found: dict[str, specs.Run] = {
        "watched": _train(
            settings,
            _model(settings),
            "cross_entropy",
            specs.record("scalars", "evaluation", parameters=settings.snapshots),
        )
    }
    for hidden in settings.counted:
        model = _many(settings, hidden)
        found[f"counted {hidden}"] = _train(
            settings, model, "cross_entropy_each", specs.record("scalars", "parameters")
        )
    return found


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Look at the watched network's field at every snapshot, and count the others.

    ``probability`` (snapshot, y, x) of class 1 over ``x`` and ``y``; ``loss`` (step); the four
    points ``points`` (example, feature) with ``label`` and ``point_probability`` (snapshot,
    example); ``success`` (run): the share of networks with ``hidden`` (run) hidden units that get
    all four points right; of the networks shown, ``solved`` (example_network) and
    ``final_probability`` (example_network, y_network, x_network) over the same square. And without
    any network: of the straight lines with each ``line_angle`` (position_angle), the best one's
    ``line_offset``, the points that it gets right, ``line_right``, and ``line_wrong``
    (position_angle, example).
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.errors import UserError
    from simulate.experiments import _fits
    from simulate.recording import variable

    if settings.shown not in settings.counted:
        raise UserError(f"shown is {settings.shown}; take one of counted, {settings.counted}")
    watched, data = runs["watched"].data, runs["watched"].dataset
    low, high = -settings.margin, 1 + settings.margin
    side = np.linspace(low, high, settings.n_grid)
    small = np.linspace(low, high, settings.n_grid_shown)
    field = _fits.second_of_two(runs["watched"].outputs(_fits.grid(side, side)))
    points = _fits.second_of_two(runs["watched"].outputs(data.x_train))

    success = []
    for hidden in settings.counted:
        many = runs[f"counted {hidden}"].model()
        with torch.no_grad():
            logits = many(torch.from_numpy(data.x_train).double()).numpy()  # (network, 4, 2)
        right = (logits.argmax(-1) == data.y_train).all(-1)
        success.append(right.mean())
        if hidden == settings.shown:
            solved = right[: settings.n_shown]
            with torch.no_grad():
                whole = many(torch.from_numpy(_fits.grid(small, small)))
            fields = _fits.second_of_two(whole[: settings.n_shown].numpy())
            fields = fields.reshape(-1, len(small), len(small))

    angles, offsets, wrong = _lines(data.x_train, data.y_train)
    best = 4 - wrong.sum(axis=1)
    n_right = int(((points[-1] > 0.5) == data.y_train).sum())
    network = "example_network"
    return xr.Dataset(
        {
            "line_offset": variable(
                "position_angle", offsets, "distance of the line from the origin"
            ),
            "line_right": variable("position_angle", best, "points on the right side of the line"),
            "line_wrong": variable(
                ("position_angle", "example"),
                wrong.astype(np.int8),
                "on the wrong side of the line",
            ),
            "probability": variable(
                ("snapshot", "y", "x"),
                field.reshape(-1, len(side), len(side)).astype(np.float32),
                "probability of 1",
            ),
            "loss": variable("step", watched.loss, "cross-entropy", "nats"),
            "points": variable(("example", "feature"), data.x_train, "input"),
            "label": variable("example", data.y_train, "x₁ xor x₂"),
            "point_probability": variable(("snapshot", "example"), points, "probability of 1"),
            "success": variable("run", success, "share of networks that get all four points right"),
            "hidden": variable("run", list(settings.counted), "hidden units"),
            "solved": variable(network, solved.astype(np.int8), "all four points right"),
            "final_probability": variable(
                (network, "y_network", "x_network"), fields.astype(np.float32), "probability of 1"
            ),
        },
        coords={
            "line_angle": variable(
                "position_angle", angles, "direction of the line’s normal", "degrees"
            ),
            "x": variable("x", side, "first input"),
            "y": variable("y", side, "second input"),
            "x_network": variable("x_network", small, "first input"),
            "y_network": variable("y_network", small, "second input"),
            "step": watched.step,
            "snapshot": watched.snapshot,
        },
        attrs={
            **watched.attrs,
            "hidden": settings.hidden,
            "activation": settings.activation,
            "n_right": n_right,
            "line_best": int(best.max()),
            "n_networks": settings.n_networks,
            "shown": settings.shown,
            "n_shown": len(solved),
            "n_solved": int(solved.sum()),
            "n_failed": int((~solved).sum()),
            "success_shown": float(success[settings.counted.index(settings.shown)]),
            "luck": f", and luck with {settings.shown} units" if 0 < solved.mean() < 1 else "",
            "wider": _wider(settings.counted, success),
            "final_loss": float(watched.loss[-1]),
        },
    )


CLEAR = 0.18  # in units of the points' distance


def _lines(points: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for each direction of a line the offset of a best one, and what it gets wrong.

    Between two neighbouring points every offset is as good as the one half way. Lines that keep
    `CLEAR` of all points: one that grazes two of them can't be judged by eye. Of several that are
    best, the one nearest to that of the angle before: then the line turns with few jumps.
    """
    import numpy as np

    angles = np.linspace(0, 180, 121)
    offsets, wrongs = [], []
    before = 0.5
    for angle in np.radians(angles):
        along = points @ np.array([np.cos(angle), np.sin(angle)])
        levels = np.unique(along.round(9))
        found = []
        wide = np.diff(levels) >= 2 * CLEAR
        for offset in ((levels[1:] + levels[:-1]) / 2)[wide]:
            for side in (along > offset, along < offset):
                wrong = side.astype(int) != labels
                found.append((int(wrong.sum()), abs(offset - before), offset, wrong))
        count = min(each[0] for each in found)
        _, _, before, wrong = min((each for each in found if each[0] == count), key=lambda e: e[1])
        offsets.append(before)
        wrongs.append(wrong)
    return angles, np.array(offsets), np.array(wrongs)


def _wider(counted: tuple[int, ...], success: list[float]) -> str:
    """Say in words whether networks with more units succeed more often."""
    shares = [share for _, share in sorted(zip(counted, success, strict=True))]
    if all(a <= b for a, b in pairwise(shares)) and shares[0] < shares[-1]:
        return "wider networks succeed more often"
    return "how often networks succeed, by their width"


def _model(settings: Settings) -> specs.Model:
    return specs.Model(
        name="mlp",
        settings={"widths": [2, settings.hidden, 2], "activation": settings.activation},
    )


def _many(settings: Settings, hidden: int) -> specs.Model:
    return specs.Model(
        name="mlps",
        settings={
            "n_networks": settings.n_networks,
            "widths": [2, hidden, 2],
            "activation": settings.activation,
        },
    )


def _train(
    settings: Settings, model: specs.Model, loss: str, record: tuple[specs.Probe, ...]
) -> specs.Train:
    return specs.Train(
        data=specs.Data(name="xor"),
        model=model,
        optimizer=specs.Optimizer(name="adam", settings={"lr": settings.lr}),
        loss=loss,
        steps=settings.n_steps,
        seed=settings.seed,
        record=record,
        dtype="float64",
    )
