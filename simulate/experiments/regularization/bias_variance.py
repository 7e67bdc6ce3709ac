"""Small, middling and large networks, each trained on hundreds of samples of one noisy curve.

The expected squared error at a place x, over training sets and over the noise of a fresh target,
is (E ŷ − f)² + Var ŷ + σ²: bias² of the mean fit, variance of the fits around it, and noise that
no fit can foresee. Means over the places split the whole error.

All networks of a size start from the same weights, so that their fits differ by their training sets
alone. Over-fitting is to the training set; 004 has it to the test set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The curve, the samples, and the networks.

    Attributes
    ----------
    hidden : tuple of int
        Hidden units of the networks, growing: the complexity.
    n_sets : int
        Training sets, and networks of each size.
    n_train : int
        Points of a training set.
    n_test : int
        Places at which fits are compared.
    noise, frequency : float
        Of the curve; see `simulate.data.sine_sets`.
    lr, n_steps
        Of Adam on all points of a set; the rate falls to 0 along half a cosine.
    n_shown : int
        Training sets and fits that are recorded as curves.
    seed : int
        Of the samples and the initial weights.
    """

    hidden: Annotated[tuple[specs.Count, ...], msgspec.Meta(min_length=3)] = (1, 2, 3, 5, 12)
    n_sets: Annotated[int, msgspec.Meta(ge=2)] = 200
    n_train: specs.Count = 20
    n_test: Annotated[int, msgspec.Meta(ge=2)] = 101
    noise: float = 0.4
    frequency: float = 1.25
    lr: float = 0.05
    n_steps: specs.Count = 1_000
    n_shown: specs.Count = 200
    seed: specs.Seed = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(hidden=(1, 3, 8), n_sets=40, n_steps=200, n_test=41, n_shown=12),
    label="the error of small and large networks, split into bias, variance and noise",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return a training for each size: all its networks at once, a training set each."""
    return {
        str(hidden): specs.Train(
            data=specs.Data(
                name="sine_sets",
                n_train=settings.n_train,
                n_test=settings.n_test,
                seed=settings.seed,
                settings={
                    "n_sets": settings.n_sets,
                    "noise": settings.noise,
                    "frequency": settings.frequency,
                },
            ),
            model=specs.Model(
                name="mlp_each",
                settings={"n_networks": settings.n_sets, "widths": [1, hidden, 1]},
            ),
            optimizer=specs.Optimizer(name="adam", settings={"lr": settings.lr}),
            schedule=specs.Schedule(name="cosine"),
            loss="mse",
            steps=settings.n_steps,
            seed=settings.seed,
            record=specs.record("parameters"),
        )
        for hidden in settings.hidden
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Split the errors.

    ``bias``, ``variance`` and ``error`` (run): means over the places of (mean fit − curve)², of the
    fits' variance, and of the squared distance of fits to fresh noisy targets, which is measured by
    itself; ``train_error`` (run). ``fit`` (run, example_set, x): some of the fits at ``place`` (x);
    ``mean_fit``, ``spread`` (run, x): the mean of all fits and their standard deviation; ``truth``
    (x). ``point_x``, ``point_y`` (example_set, example): the training sets of those fits.

    ``kind`` (run): "best fit", and of smaller networks than that "under-fit", of larger "over-fit".

    Attributes: ``noise_variance``; ``best``, the size with the smallest error; ``under``,
    ``over``: the smallest and the largest size, and ``shown``, the middle one that is drawn: the
    best, where it is neither; ``outcome``: "textbook" where it is neither, and the largest size
    has less bias² and more variance than the smallest, else "other"; ``worst_gap``: the largest
    relative difference between error and sum.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.data import sine_sets
    from simulate.recording import variable

    names = list(runs)
    examples = runs[names[0]].dataset
    x, noisy = examples.x_test, examples.y_test.astype(float)  # (x, set)
    truth = sine_sets.truth(x[:, 0].astype(float), settings.frequency)
    fits, train_error = [], []
    for run in runs.values():
        model = run.model().double()
        with torch.no_grad():
            made = model(torch.from_numpy(x.astype(float))).numpy()
            own = model(torch.from_numpy(examples.x_train.astype(float))).numpy()
        fits.append(made)
        train_error.append(float(np.mean((own - examples.y_train) ** 2)))
    fit = np.stack(fits)  # (run, x, set)
    mean = fit.mean(-1)
    bias = ((mean - truth) ** 2).mean(1)
    variance = fit.var(-1).mean(1)
    error = ((fit - noisy) ** 2).mean((1, 2))
    total = bias + variance + settings.noise**2
    best = int(error.argmin())
    inner = 0 < best < len(names) - 1
    shown = best if inner else len(names) // 2
    few = slice(0, settings.n_shown)
    return xr.Dataset(
        {
            "bias": variable("run", bias, "squared bias"),
            "variance": variable("run", variance, "variance"),
            "error": variable("run", error, "expected squared error, measured"),
            "train_error": variable("run", train_error, "squared error on the training sets"),
            "hidden": variable("run", list(settings.hidden), "hidden units"),
            "kind": variable(
                "run",
                [
                    "best fit" if i == best else "under-fit" if i < best else "over-fit"
                    for i in range(len(names))
                ],
                "how well it fits",
            ),
            "fit": variable(
                ("run", "example_set", "x"),
                fit[..., few].transpose(0, 2, 1).astype(np.float32),
                "fits",
            ),
            "mean_fit": variable(("run", "x"), mean, "mean of all fits"),
            "spread": variable(("run", "x"), fit.std(-1), "standard deviation of the fits"),
            "truth": variable("x", truth, "the curve"),
            "place": variable("x", x[:, 0].astype(float), "input"),
            "point_x": variable(("example_set", "example"), examples.x_train.T[few], "input"),
            "point_y": variable(("example_set", "example"), examples.y_train.T[few], "target"),
        },
        coords={"run": names},
        attrs={
            "n_sets": settings.n_sets,
            "n_train": settings.n_train,
            "n_test": settings.n_test,
            "noise": settings.noise,
            "noise_variance": settings.noise**2,
            "frequency": settings.frequency,
            "lr": settings.lr,
            "n_steps": settings.n_steps,
            "under": settings.hidden[0],
            "shown": settings.hidden[shown],
            "shown_index": shown,
            "over": settings.hidden[-1],
            "best": settings.hidden[best],
            "outcome": "textbook"
            if inner and bias[-1] < bias[0] and variance[-1] > variance[0]
            else "other",
            "worst_gap": float(np.abs(error / total - 1).max()),
            **{
                f"{what}_{place}": float(values[i])
                for what, values in (("bias", bias), ("variance", variance), ("error", error))
                for place, i in (("under", 0), ("shown", shown), ("over", -1))
            },
        },
    )
