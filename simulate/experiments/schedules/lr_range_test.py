"""A learning rate range test, and whether it is right: whole trainings at constant rates.

In the test the rate climbs by the same factor every step, until training breaks. It suggests a band
of rates: from where the loss has fallen a tenth of its way to a part of the rate at which it is
lowest. Whether the band holds the best rate is then measured, by training at constant rates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network, the climb and the trainings.

    Attributes
    ----------
    widths : tuple of int
        Units from the pixels to the classes.
    n_train, n_test, batch_size : int
        Examples, and how many of them a step.
    momentum : float
        Of gradient descent with momentum.
    lr_low, lr_high : float
        Rates at the first and the last step of the climb.
    n_steps : int
        Of the climb.
    every : int
        Steps of the climb between two measurements of the accuracy.
    repeats : int
        Climbs, from other weights and in another order; seeds 0, 1, ….
    rates : tuple of float
        Of the trainings at a constant rate, ascending.
    train_steps, train_repeats : int
        How long they are, and how many at each rate.
    window : int
        Steps over which losses of batches are averaged, odd.
    top_share : float
        The band ends at this part of the rate at which the loss is lowest.
    """

    widths: tuple[int, ...] = (784, 32, 10)
    n_train: int = 4_000
    n_test: int = 1_000
    batch_size: int = 64
    momentum: float = 0.9
    lr_low: float = 1e-4
    lr_high: float = 10.0
    n_steps: int = 300
    every: int = 5
    repeats: int = 3
    rates: tuple[float, ...] = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
    train_steps: int = 200
    train_repeats: int = 2
    window: int = 15
    top_share: float = 0.8
    data_seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(
        widths=(784, 8, 10), n_train=300, n_test=100, n_steps=60, repeats=1, train_steps=30,
        rates=(0.003, 0.03, 0.3, 3.0), train_repeats=1, window=5,
    ),
    label="a rate that climbs until training breaks",
)  # fmt: skip


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the climbs, and the trainings at constant rates."""
    climb = specs.Schedule(name="range_test", settings={"low": settings.lr_low / settings.lr_high})
    accuracy = specs.Probe(name="evaluation", every=settings.every, settings={"parts": ["test"]})
    found = {
        f"climb {seed}": _training(
            settings,
            lr=settings.lr_high,
            seed=seed,
            steps=settings.n_steps,
            schedule=climb,
            record=(*specs.record("scalars"), accuracy),
        )
        for seed in range(settings.repeats)
    }
    for rate in settings.rates:
        for seed in range(settings.train_repeats):
            found[f"{rate} {seed}"] = _training(
                settings,
                lr=rate,
                seed=seed,
                steps=settings.train_steps,
                schedule=None,
                record=specs.record("scalars"),
            )
    return dict(found)


def _training(settings: Settings, *, lr: float, **more: object) -> specs.Train:
    given = {"lr": lr, "momentum": settings.momentum}
    return specs.Train(
        data=specs.Data(
            name="mnist", n_train=settings.n_train, n_test=settings.n_test, seed=settings.data_seed
        ),
        model=specs.Model(name="mlp", settings={"widths": list(settings.widths)}),
        optimizer=specs.Optimizer(name="momentum", settings=given),
        batch_size=settings.batch_size,
        allow_divergence=True,
        **more,  # type: ignore[arg-type]
    )


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Average the losses, read the band off the climb, and lay the trainings beside it.

    Of the climbs: ``lr`` (step), ``batch_loss`` (run_climb, step), ``loss`` (step), its mean over
    ``window`` steps and all climbs; ``accuracy`` (x_accuracy) on test examples, mean of all, over
    ``accuracy_lr``. Of the trainings: ``rate`` (x_rate), ``training_loss`` (x_rate, step_training)
    averaged likewise, and ``training_accuracy`` (x_rate) at their ends. What is no longer finite
    is infinite.

    Attributes: ``band_low``, ``band_high``; ``turn_lr`` and ``turn_loss``, where the loss is
    lowest; whether it ``turns``, rising again by a tenth of its fall; ``best_rate``, of the
    training that ends lowest, and whether that is ``inside`` the band; ``next_rate``, the next one
    tried, how its loss compares, and ``start_loss``.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    climbs = [runs[f"climb {seed}"].data for seed in range(settings.repeats)]
    lr = climbs[0].lr.values
    losses = np.stack([climb.loss.values for climb in climbs])
    loss = averaged(losses.mean(0), settings.window)
    start, lowest = float(loss[0]), int(loss.argmin())
    fallen = start - float(loss[lowest])
    first = int(np.argmax(loss <= start - 0.1 * fallen))
    accuracy_at = climbs[0].step_evaluation.values if "step_evaluation" in climbs[0] else None
    accuracy_steps = climbs[0].epoch_steps.values if accuracy_at is None else accuracy_at
    trained = np.stack(
        [
            averaged(
                np.mean([runs[f"{rate} {seed}"].data.loss.values
                         for seed in range(settings.train_repeats)], axis=0),
                settings.window,
            )
            for rate in settings.rates
        ]
    )  # fmt: skip
    ends = trained[:, -1]
    best = int(ends.argmin())
    rate = np.array(settings.rates)
    low, high = float(lr[first]), settings.top_share * float(lr[lowest])
    accuracies = [
        np.mean([runs[f"{each} {seed}"].attrs["test_accuracy"]
                 for seed in range(settings.train_repeats)])
        for each in settings.rates
    ]  # fmt: skip
    along = variable("step", lr, "learning rate")
    return xr.Dataset(
        {
            "lr": along,
            "batch_loss": variable(("run_climb", "step"), losses, "loss of the batch", "nats"),
            "loss": variable("step", loss, "loss, averaged", "nats"),
            "accuracy_lr": variable("x_accuracy", lr[accuracy_steps], "learning rate"),
            "accuracy": variable(
                "x_accuracy", np.mean([c.test_accuracy.values for c in climbs], 0), "test accuracy"
            ),
            "rate": variable("x_rate", rate, "constant learning rate"),
            "training_loss": variable(("x_rate", "step_training"), trained, "loss", "nats"),
            "training_accuracy": variable("x_rate", accuracies, "test accuracy at the end"),
        },
        coords={"step": climbs[0].step.values},
        attrs={
            "dataset": climbs[0].attrs["dataset"],
            "n_train": settings.n_train,
            "n_test": settings.n_test,
            "widths": "–".join(map(str, settings.widths)),
            "batch_size": settings.batch_size,
            "momentum": settings.momentum,
            "n_steps": settings.n_steps,
            "repeats": settings.repeats,
            "window": settings.window,
            "n_rates": len(rate),
            "train_steps": settings.train_steps,
            "train_repeats": settings.train_repeats,
            "lr_low": settings.lr_low,
            "lr_high": settings.lr_high,
            "top_share": settings.top_share,
            "start_loss": start,
            "turn_lr": float(lr[lowest]),
            "turn_loss": float(loss[lowest]),
            "turns": int(loss[-1] > loss[lowest] + 0.1 * fallen),
            "band_low": low,
            "band_high": high,
            "best_rate": float(rate[best]),
            "best_loss": float(ends[best]),
            "best_accuracy": float(accuracies[best]),
            "inside": int(low <= rate[best] <= high),
            "n_inside": int(((rate >= low) & (rate <= high)).sum()),
        },
    )


def averaged(values: np.ndarray, window: int) -> np.ndarray:
    """Return the mean of each value and those around it, of fewer at the ends.

    Examples
    --------
    >>> import numpy as np
    >>> averaged(np.array([0.0, 3.0, 6.0, np.nan]), 3).tolist()
    [1.5, 3.0, inf, inf]
    """
    import numpy as np

    finite = np.where(np.isfinite(values), values, np.inf)
    half = window // 2
    return np.array([finite[max(0, i - half) : i + half + 1].mean() for i in range(len(finite))])
