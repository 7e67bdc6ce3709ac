"""Moving averages of one noisy series, the losses of mini-batches of a network in training.

The exponential average E ← β E + (1 − β) x starts at 0, so after t steps its weights add up to 1 −
βᵗ; divided by that (never fed back) it is an average from the first step on. Its data are
β/(1 − β) steps old on average, those of a simple average of n (n − 1)/2, of one with weights
n, n − 1, …, 1 (n − 1)/3. On a steady trend each lies behind by its age, so which of two lies higher
follows from their ages and not from their kinds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network whose losses are averaged, and the averages.

    Attributes
    ----------
    widths : tuple of int
        Of the network.
    n_train, n_test, batch_size, lr, n_steps, seed
        Its training.
    low, middle, high : float
        β of the averages that are drawn.
    window : int
        Steps of the simple and of the linearly weighted average, at least 2.
    beta_step : float
        Between the averages that are recorded, from β = 0 to `high`.
    """

    widths: tuple[int, ...] = (784, 16, 10)
    n_train: int = 2000
    n_test: int = 100
    batch_size: int = 16
    lr: float = 0.1
    n_steps: int = 80
    seed: int = 0
    low: float = 0.3
    middle: float = 0.7
    high: float = 0.9
    window: int = 10
    beta_step: float = 0.02


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_train=100, n_test=10, n_steps=24, window=5, beta_step=0.1),
    label="moving averages of a noisy loss",
)

KINDS = ("low", "middle", "high", "sma", "wma")


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training."""
    run = specs.Train(
        data=specs.Data(
            name="mnist", n_train=settings.n_train, n_test=settings.n_test, seed=settings.seed
        ),
        model=specs.Model(name="mlp", settings={"widths": list(settings.widths)}),
        optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
        batch_size=settings.batch_size,
        steps=settings.n_steps,
        seed=settings.seed,
    )
    return {"training": run}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Average the losses.

    ``value`` (step), the batches' losses, steps counted from 1. For the β in ``beta`` (x), from 0
    to `high`: ``ewa`` (x, step), corrected, and ``weight`` (x, step), those of the data at the last
    step. For ``run`` low, middle, high, sma and wma: ``average`` and ``weights`` (run, step)
    likewise, and ``age`` (run), of the data on average. ``plain`` (step): the one at `high`, not
    corrected.

    Attributes: ``jump`` and ``high_jump``, from step to step, on average, of the losses and of the
    average at `high`; ``calm``, by what the second is smaller; what ``plain_first`` is of the
    ``first`` loss.

    Raises
    ------
    UserError
        If there are fewer steps than the window has.
    """
    import numpy as np
    import xarray as xr

    from simulate.errors import UserError
    from simulate.recording import variable

    n, window = settings.n_steps, settings.window
    if not 2 <= window <= n:
        raise UserError(f"window is {window}; it takes 2 to {n}, the number of steps")
    value = runs["training"].data.loss.values[:n].astype(float)
    count = max(2, round(settings.high / settings.beta_step) + 1)
    betas = np.linspace(0, settings.high, count)
    tables = {
        **{name: _exponential(getattr(settings, name), n) for name in ("low", "middle", "high")},
        "sma": _windowed(np.ones(window), n),
        "wma": _windowed(np.arange(window, 0, -1.0), n),
    }
    grid = np.stack([_exponential(beta, n) for beta in betas])  # (x, step, step of the datum)
    plain = _exponential(settings.high, n, corrected=False) @ value
    average = np.stack([table @ value for table in tables.values()])
    exponential = [getattr(settings, name) for name in ("low", "middle", "high")]
    ages = [beta / (1 - beta) for beta in exponential] + [(window - 1) / 2, (window - 1) / 3]
    jumps = [float(np.abs(np.diff(each)).mean()) for each in (value, average[2])]
    at = ("run", "step")
    return xr.Dataset(
        {
            "value": variable("step", value, "loss of a batch", "nats"),
            "beta": variable("x", betas, "β"),
            "ewa": variable(("x", "step"), grid @ value, "exponential average", "nats"),
            "weight": variable(("x", "step"), grid[:, -1], "weight at the last step"),
            "average": variable(at, average, "average", "nats"),
            "weights": variable(
                at, [table[-1] for table in tables.values()], "weight at the last step"
            ),
            "age": variable("run", ages, "mean age of the data", "steps"),
            "plain": variable("step", plain, "exponential average, not corrected", "nats"),
        },
        coords={"run": list(KINDS), "step": np.arange(1, n + 1)},
        attrs={
            "dataset": runs["training"].attrs["dataset"],
            "batch_size": settings.batch_size,
            "n_steps": n,
            "lr": settings.lr,
            "window": window,
            **{f"{name}_beta": getattr(settings, name) for name in ("low", "middle", "high")},
            **{f"{name}_age": float(age) for name, age in zip(KINDS, ages, strict=True)},
            "calm": jumps[0] / jumps[1] if jumps[1] else 0.0,
            "jump": jumps[0],
            "high_jump": jumps[1],
            "first": float(value[0]),
            "plain_first": float(plain[0]),
            "later": int(ages[2] > ages[3]),
        },
    )


def _exponential(beta: float, n: int, *, corrected: bool = True) -> np.ndarray:
    """Return the weights of an exponential average, (step, step of the datum)."""
    import numpy as np

    age = np.arange(n)[:, None] - np.arange(n)
    weights = np.where(age >= 0, (1 - beta) * float(beta) ** np.maximum(age, 0), 0.0)
    if corrected:
        weights /= 1 - beta ** np.arange(1, n + 1.0)[:, None]
    return weights


def _windowed(latest_first: np.ndarray, n: int) -> np.ndarray:
    """Return the weights of an average over a window, of fewer data at the start."""
    import numpy as np

    weights = np.zeros((n, n))
    for step in range(n):
        some = latest_first[: step + 1]
        weights[step, step - len(some) + 1 : step + 1] = some[::-1] / some.sum()
    return weights
