"""A line settles on points, in the bowl of its mean squared error; the likelihood agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The patients, the descent, and the grid.

    Attributes
    ----------
    n_train : int
        Patients.
    lr : float
        Learning rate of gradient descent on all of them.
    n_steps : int
        Updates.
    seed : int
        Of the split of the patients and of the line at the start.
    n_grid : int
        Points along each side of the bowl.
    reach : float
        The bowl covers the path up to this many times as far from its bottom as the start is.
    """

    n_train: int = 342
    lr: float = 0.8
    n_steps: int = 200
    seed: int = 8
    n_grid: int = 81
    reach: float = 2.0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_train=60, n_steps=40, n_grid=21),
    label="a line settles on points, beside the bowl of its loss",
)

COLUMNS = ["bmi"]
SCALING = "range"  # slope and intercept then depend on each other: the bowl lies askew
NEAR = 1e-3  # in both parameters: the descent has arrived


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the descent; one that diverges is recorded as it is."""
    return {
        "descent": specs.Train(
            data=_data(settings),
            model=specs.Model(name="mlp", settings={"widths": [1, 1]}),
            optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
            loss="mse",
            steps=settings.n_steps,
            seed=settings.seed,
            record=specs.record("scalars", parameters=1),
            allow_divergence=True,
            dtype="float64",
        )
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Lay the path into the bowl, and compare its bottom with that of the likelihood.

    ``theta`` (step, param): slope w and intercept b, of inputs and targets scaled to 0 … 1;
    ``loss`` (step). ``mse`` and ``nll`` (y, x) over ``w`` (x) and ``b`` (y): the negative log
    likelihood of Gaussian noise as wide as the residuals. ``least_squares`` (param) and
    ``most_likely`` (param) minimise them, the one by linear algebra, the other by descent on the
    likelihood in w, b and the width of the noise at once; ``mse_slice`` and ``nll_slice`` (x)
    go through the first. In kg/m² and in the score's own units: ``point_x``, ``point_y`` (example);
    ``line_x`` (component), ``line_y`` (step, component), the ends of the line.
    """
    import numpy as np
    import torch
    import xarray as xr
    from torch.nn import functional

    from simulate.data import diabetes
    from simulate.recording import variable

    run = runs["descent"].data
    data = runs["descent"].dataset
    x, y = data.x_train[:, 0].astype(np.float64), data.y_train[:, 0].astype(np.float64)
    best = np.linalg.lstsq(np.stack([x, np.ones_like(x)], axis=1), y, rcond=None)[0]
    width = float(np.std(y - best[0] * x - best[1]))
    likely = _most_likely(x, y)

    theta = run.params.values  # (step, 2)
    start = np.maximum(np.abs(theta[0] - best), 0.2)
    farthest = np.abs(np.nan_to_num(theta, nan=np.inf) - best).max(0)
    half = np.minimum(1.15 * np.maximum(farthest, start), settings.reach * start)
    w, b = (np.linspace(m - h, m + h, settings.n_grid) for m, h in zip(best, half, strict=True))

    def losses(w: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return both losses of lines, each of the shape of w and b."""
        given = torch.from_numpy(w[..., None] * x + b[..., None])
        target = torch.from_numpy(y).expand_as(given)
        squared = functional.mse_loss(given, target, reduction="none").mean(-1)
        noise = torch.full_like(given, width**2)
        nll = functional.gaussian_nll_loss(given, target, noise, full=True, reduction="none")
        return squared.numpy(), nll.mean(-1).numpy()

    mse, nll = losses(*np.meshgrid(w, b))
    mse_slice, nll_slice = losses(w, np.full_like(w, best[1]))

    train, _ = diabetes.split(settings.n_train, None, settings.seed)
    (low,), (span,) = diabetes.scale(diabetes.patients(COLUMNS)[0][train], SCALING)
    least, rise = diabetes.outcome_scale(train, SCALING)
    ends = np.array([-0.04, 1.04])  # of the picture, a little wider than the points
    with np.errstate(over="ignore", invalid="ignore"):  # of a run that diverges
        heights = least + rise * (theta[:, :1] * ends + theta[:, 1:])
    away = np.abs(theta - best).max(1)
    # gradient descent diverges above 2/λ, λ the largest curvature of the bowl
    largest_rate = float(1 / np.linalg.eigvalsh(_half_hessian(x))[-1])
    units = ("kg/m²", "")
    return xr.Dataset(
        {
            "theta": variable(("step", "param"), theta, "slope and intercept"),
            "loss": variable("step", run.loss, "mean squared error"),
            "mse": variable(("y", "x"), mse, "mean squared error"),
            "nll": variable(("y", "x"), nll, "negative log likelihood", "nats"),
            "mse_slice": variable("x", mse_slice, "mean squared error"),
            "nll_slice": variable("x", nll_slice, "negative log likelihood", "nats"),
            "least_squares": variable("param", best, "slope and intercept of least squares"),
            "most_likely": variable("param", likely, "slope and intercept of largest likelihood"),
            "point_x": variable("example", low + span * x, "body mass index", units[0]),
            "point_y": variable("example", least + rise * y, "disease progression"),
            "line_x": variable("component", low + span * ends, "body mass index", units[0]),
            "line_y": variable(("step", "component"), heights, "disease progression"),
        },
        coords={
            "w": variable("x", w, "slope w"),
            "b": variable("y", b, "intercept b"),
            "step": run.step,
        },
        attrs={
            **run.attrs,
            "outcome": _outcome(away, run.loss.values),
            "climbs": int(settings.lr > largest_rate),
            "away": float(away[-1]),
            "agreement": float(np.abs(best - likely).max()),
            "noise": width * rise,
            "final_loss": float(run.loss[-1]),
            "least_loss": float(np.mean((y - best[0] * x - best[1]) ** 2)),
            "best_w": float(best[0]),
            "best_b": float(best[1]),
            "largest_rate": largest_rate,
            # above 1/λ each step lands on the other side of the valley
            "crosses": int(settings.lr > largest_rate / 2),
        },
    )


def _data(settings: Settings) -> specs.Data:
    return specs.Data(
        name="diabetes",
        n_train=settings.n_train,
        seed=settings.seed,
        settings={"columns": COLUMNS, "scaling": SCALING},
    )


def _half_hessian(x: np.ndarray) -> np.ndarray:
    """Return half of the mean squared error's second derivatives in slope and intercept."""
    import numpy as np

    inputs = np.stack([x, np.ones_like(x)])
    return np.asarray(inputs @ inputs.T / len(x))


def _outcome(away: np.ndarray, loss: np.ndarray) -> str:
    """Say how the descent ended; ``away`` (step,) is how far it was from the minimum."""
    if away[-1] < NEAR:
        return "settled"
    return "nearer" if loss[-1] < loss[0] else "farther"


def _most_likely(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return slope and intercept of the largest likelihood under Gaussian noise of any width."""
    import torch
    from torch.nn import functional

    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
    # w, b and the logarithm of the noise's variance
    theta = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    rule = torch.optim.LBFGS(
        [theta], max_iter=200, tolerance_grad=1e-12, tolerance_change=1e-15,
        line_search_fn="strong_wolfe",
    )  # fmt: skip

    def closure() -> torch.Tensor:
        rule.zero_grad()
        given = theta[0] * inputs + theta[1]
        noise = theta[2].exp().expand_as(given)
        nll = functional.gaussian_nll_loss(given, targets, noise, full=True, eps=1e-12)
        nll.backward()
        return nll

    rule.step(closure)
    return theta.detach().numpy()[:2]
