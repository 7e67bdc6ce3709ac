"""Several optimizers from one start on the loss of one real network, seen on a plane of their own.

The plane goes through the start, along the two principal directions of all paths, each path counted
alike however long it is. What is seen on it is a slice: the loss at a path's nearest point on the
plane is not the network's own, and by how much it differs is recorded at every step that is seen.

Every optimizer has its rate and momentum from the same search, in two stages: every rate at the
row's own momentum; then, for those that have a momentum or a β₁, each of a few others at the best
rate and its two neighbours. The lowest loss on all training examples after the last step wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import registry, specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

    from simulate.data.choice import Choice


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network, the optimizers and the search.

    Attributes
    ----------
    side : int
        Pixels of a digit's side, to which it is averaged.
    widths : tuple of int
        Units after the pixels.
    n_train, n_test, batch_size : int
        Examples, and how many of them a step.
    optimizers : tuple of str
        Which, rows of ``simulate/optimizers``; their other settings are those of their rows.
    rates : tuple of float
        What the search tries, ascending.
    momenta : tuple of float
        Who has a momentum is tried at these too, at its best rate and the two beside it.
    n_steps : int
        Steps of every training.
    every : int
        Steps between two points of a path.
    n_grid : int
        Points of the plane along its longer side.
    margin : float
        How much wider than the paths the plane is, on each side, as a share of their extent.
    seed : int
        Of weights, order, and choice of the examples: the same for all.
    """

    side: int = 14
    widths: tuple[int, ...] = (16, 10)
    n_train: int = 2_000
    n_test: int = 1_000
    batch_size: int = 100
    optimizers: tuple[str, ...] = ("sgd", "momentum", "adagrad", "adam", "lion", "muon")
    rates: tuple[float, ...] = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
    momenta: tuple[float, ...] = (0.5, 0.9, 0.99)
    n_steps: int = 120
    every: int = 4
    n_grid: int = 61
    margin: float = 0.12
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(
        side=4, widths=(6, 10), n_train=200, n_test=50, batch_size=50,
        optimizers=("sgd", "adam", "muon"), rates=(0.01, 0.1), n_steps=18, n_grid=13,
    ),
    label="optimizers on a real network's loss",
)  # fmt: skip


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return a tuned training for each optimizer; the one at the best pair keeps its path."""
    return {
        name: specs.TuneTraining(
            run=specs.Train(
                data=specs.Data(
                    name="coarse_digits", n_train=settings.n_train, n_test=settings.n_test,
                    seed=settings.seed, settings={"side": settings.side},
                ),
                model=specs.Model(
                    name="mlp", settings={"widths": [settings.side**2, *settings.widths]}
                ),
                optimizer=specs.Optimizer(name=name),
                batch_size=settings.batch_size,
                steps=settings.n_steps,
                seed=settings.seed,
                record=specs.record("scalars", parameters=settings.every),
            ),
            rates=settings.rates,
            momenta=settings.momenta,
            search_seed=settings.seed,
            seeds=(settings.seed,),
            last=0,
        )
        for name in settings.optimizers
    }  # fmt: skip


def record(runs: dict[str, base.Run], settings: Settings, data: Choice) -> xr.Dataset:
    """Lay the plane through the best paths, and compare it with the network itself.

    ``search_loss`` (run, x_rate) over ``rate``: the training loss at the end at the row's own
    momentum, infinite where it is no number, and ``momentum_loss`` (run, x_momentum, x_rate) over
    ``momentum_tried``, NaN where nothing was tried; ``lr`` and ``momentum`` (run), the best pair,
    NaN for who has no momentum. ``u``, ``v``, ``height``, ``loss`` (run, snapshot): a
    path's nearest point on the plane, the loss there, and the network's own; ``held`` (run,
    snapshot), the share of the squared way from the start that lies in the plane. ``plane`` (y, x)
    over ``grid_x``, ``grid_y``. ``explained_variance`` (component), of all paths, each scaled to
    the same length.

    Attributes: ``start_loss``; ``plane_best``, ``plane_worst``, ``true_best``, ``true_worst`` at
    the ends; ``n_up``, how many end higher than the start on the plane; whether ``all_below``,
    every true loss lower than the plane's; ``plane_winner`` and ``true_winner``,
    ``same_winner``; and the network and the search in words.
    """
    import numpy as np
    import torch
    import xarray as xr
    from torch.nn import functional

    from simulate.measures.planes import around, losses_at, pca_plane
    from simulate.recording import variable

    names = list(settings.optimizers)
    searches = [runs[name].data for name in names]
    best = [_training(runs[name], data) for name in names]
    examples = best[0].dataset
    x, y = torch.from_numpy(examples.x_train), torch.from_numpy(examples.y_train)

    paths = np.stack([run.data.params.values for run in best]).astype(np.float64)
    start = paths[0, 0]
    ways = paths - start  # (run, snapshot, param)
    lengths = np.linalg.norm(ways[:, -1], axis=1)
    alike = (ways / lengths[:, None, None])[:, 1:].reshape(-1, ways.shape[2])
    plane = pca_plane(np.concatenate([start + alike, start[None]]))
    at = ways @ plane.directions.T  # (run, snapshot, 2)
    squared = (ways**2).sum(2)
    held = np.where(squared > 0, (at**2).sum(2) / np.where(squared > 0, squared, 1), 1.0)
    spans = [around(at[..., i], settings.margin) for i in (0, 1)]
    grid_x, grid_y = _grid(spans, settings.n_grid)
    points = np.stack(np.meshgrid(grid_x, grid_y), axis=-1).reshape(-1, 2)
    measured = losses_at(
        best[0].model(), start, plane.directions, np.concatenate([points, at.reshape(-1, 2)]),
        "cross_entropy", x, y,
    )  # fmt: skip
    with torch.no_grad():
        true = np.array(
            [[float(functional.cross_entropy(net(x), y)) for net in run.models()] for run in best]
        )
    height = measured.losses[len(points) :].reshape(true.shape)
    along = ("run", "snapshot")
    rows = registry.rows("optimizers")
    ends = {"plane": height[:, -1], "true": true[:, -1]}
    winners = {what: rows[names[int(end.argmin())]].fields["label"] for what, end in ends.items()}
    return xr.Dataset(
        {
            "search_loss": variable(
                ("run", "x_rate"),
                np.stack([one.search_loss.values for one in searches]),
                "training loss", "nats",
            ),
            "momentum_loss": variable(
                ("run", "x_momentum", "x_rate"),
                np.stack([one.momentum_loss.values for one in searches]),
                "the same, at other momenta", "nats",
            ),
            "rate": variable("x_rate", list(settings.rates), "learning rate"),
            "momentum_tried": variable("x_momentum", np.array(settings.momenta, float), "momentum"),
            "lr": variable("run", [one.attrs["lr"] for one in searches], "learning rate chosen"),
            "momentum": variable(
                "run", [one.attrs.get("momentum", np.nan) for one in searches], "momentum chosen"
            ),
            "u": variable(along, at[..., 0], "along the first direction"),
            "v": variable(along, at[..., 1], "along the second direction"),
            "height": variable(along, height, "loss on the plane", "nats"),
            "loss": variable(along, true, "training loss", "nats"),
            "held": variable(along, held, "share of the way that lies in the plane"),
            "accuracy": variable(
                "run", [run.attrs["test_accuracy"] for run in best], "test accuracy"
            ),
            "plane": variable(
                ("y", "x"),
                measured.losses[: len(points)].reshape(len(grid_y), len(grid_x)),
                "loss on the plane", "nats",
            ),
            "grid_x": variable("x", grid_x, "along the first direction"),
            "grid_y": variable("y", grid_y, "along the second direction"),
            "explained_variance": variable(
                "component", plane.explained_variance, "share of the variance of the paths"
            ),
        },
        coords={"run": names, "snapshot": best[0].data.snapshot.values},
        attrs={
            "dataset": best[0].attrs["dataset"],
            "many": best[0].attrs["many"],
            "side": settings.side,
            "widths": "–".join(map(str, (settings.side**2, *settings.widths))),
            "n_params": paths.shape[2],
            "n_train": settings.n_train,
            "n_steps": settings.n_steps,
            "batch_size": settings.batch_size,
            "n_optimizers": len(names),
            "n_rates": len(settings.rates),
            "lowest_rate": min(settings.rates),
            "highest_rate": max(settings.rates),
            "n_momenta": len(settings.momenta),
            "momenta": searches[0].attrs["momenta"],
            "start_loss": float(true[0, 0]),
            "variance": float(plane.explained_variance.sum()),
            **{f"{what}_best": float(end.min()) for what, end in ends.items()},
            **{f"{what}_worst": float(end.max()) for what, end in ends.items()},
            **{f"{what}_winner": name for what, name in winners.items()},
            "n_up": int((ends["plane"] > true[0, 0]).sum()),
            "same_winner": int(winners["plane"] == winners["true"]),
            "all_below": int((ends["true"] < ends["plane"]).all()),
            "times": float((ends["plane"] / ends["true"]).min()),
            "held_least": float(held[:, -1].min()),
            "held_most": float(held[:, -1].max()),
            "plane_backend": measured.backend,
            "plane_backend_reason": measured.reason,
        },
    )  # fmt: skip


def _training(run: base.Run, choice: Choice) -> base.Run:
    """Return the one training at the best pair, as a run that has a network and examples."""
    assert isinstance(run.spec, specs.TuneTraining)
    return base.Run(run.spec.run, run.data.isel(run=0), choice)


def _grid(spans: list[tuple[float, float]], n_grid: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the plane's grid, equally fine both ways."""
    import numpy as np

    widths = [high - low for low, high in spans]
    counts = [max(5, round(n_grid * width / max(widths))) for width in widths]
    return tuple(np.linspace(*span, n) for span, n in zip(spans, counts, strict=True))  # type: ignore[return-value]
