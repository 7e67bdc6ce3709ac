"""What the scale of two inputs makes of a loss: its condition number, and the path down.

A linear neuron without a bias, ŷ = w₁x₁ + w₂x₂, on the same patients: as measured, scaled to 0 … 1
(min–max), and standardised (z-scores, which know no bounds). Then the same with one slip of the
pen among the data. Gradient descent has in each case the best constant rate, 2/(λ₁ + λ₂), and
starts as high above the best fit, half of that along either axis of the bowl.

Source 004 says that z-scores are robust to outliers and lie between −1 and 1. Neither is so: one
outlier moves mean and deviation too, if less than it moves the range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

SCALINGS = ("raw", "range", "standard")
SLIPS = {"": False, "slip ": True}  # before a scaling's name


class Settings(base.Settings, frozen=True, kw_only=True):
    """The data and the descents.

    Attributes
    ----------
    columns : tuple of str
        Two measurements of the diabetes data.
    n_train : int
        Patients.
    n_steps : int
        Of each descent.
    near : float
        Share of the height at the start that counts as arrived.
    n_grid : int
        Points along a side of the maps.
    seed : int
        Of the choice of patients.
    """

    columns: tuple[str, str] = ("age", "bmi")
    n_train: specs.Count = 342
    n_steps: specs.Count = 120
    near: float = 0.01
    n_grid: specs.Count = 161  # the narrowest ellipse is a few cells wide
    seed: specs.Seed = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_train=60, n_steps=12, n_grid=15),
    label="the scale of inputs and the shape of the loss",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the six descents."""
    found: dict[str, specs.Run] = {}
    for slip, slips in SLIPS.items():
        for scaling in SCALINGS:
            data = specs.Data(
                name="scaled_pair",
                n_train=settings.n_train,
                n_test=50,
                seed=settings.seed,
                settings={"columns": list(settings.columns), "scaling": scaling, "slip": slips},
            )
            bowl = _Bowl(*_arrays(data))
            found[slip + scaling] = specs.Train(
                data=data,
                model=specs.Model(name="weights", settings={"start": bowl.start.tolist()}),
                optimizer=specs.Optimizer(name="sgd", settings={"lr": bowl.rate}),
                loss="mse",
                steps=settings.n_steps,
                seed=settings.seed,
                dtype="float64",
                record=specs.record("scalars", parameters=1),
            )
    return found


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Lay each path on the map of its loss.

    By ``run`` (raw, range, standard, then the same with the slip): ``input`` (run, example,
    feature); ``theta`` (run, step, param), ``excess`` (run, step), the loss above the best fit, in
    units of the start's; ``minimum`` (run, param); ``height`` (run, y, x), the same on a square
    around the path, over ``grid_x`` (run, x) and ``grid_y`` (run, y); ``condition``, ``lr``,
    ``fit`` (the share of the outcome's variance that the best fit explains), ``rest`` (the
    share of the first input's axis, from least to greatest, that the other patients fill) and
    ``arrived`` (run), the first step at which `near` or less is left, −1 for none.

    Attributes: ``condition_SCALING`` and ``steps_SCALING``, and the same after ``slip_``;
    ``ordered``: raw has the largest condition number, the standard scale the smallest;
    ``range_worse`` and ``standard_worse``: whether the slip raises that scaling's.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    names = list(runs)
    bowls = [_Bowl(run.dataset.x_train, run.dataset.y_train[:, 0]) for run in runs.values()]
    theta = np.stack([run.data.params.values.astype(float) for run in runs.values()])
    excess = np.stack([bowl.excess(path) for bowl, path in zip(bowls, theta, strict=True)])
    share = excess / excess[:, :1]
    there = share <= settings.near
    arrived = np.where(there.any(1), there.argmax(1), -1)
    x, y, heights = [], [], []
    for bowl, path in zip(bowls, theta, strict=True):
        middle = bowl.minimum
        reach = 1.25 * float(np.abs(path - middle).max())
        gx, gy = (np.linspace(m - reach, m + reach, settings.n_grid) for m in middle)
        height = bowl.excess(np.stack(np.meshgrid(gx, gy), axis=-1)) / bowl.excess(path[0])
        x.append(gx)
        y.append(gy)
        heights.append(height)
    inputs = np.stack([run.dataset.x_train.astype(float) for run in runs.values()])
    first = inputs[:, :, 0]
    rest = np.ptp(first[:, 1:], axis=1) / np.ptp(first, axis=1)
    condition = np.array([bowl.condition for bowl in bowls])
    by_name = dict(zip(names, condition.tolist(), strict=True))
    columns = next(iter(runs.values())).dataset.columns
    attrs: dict[str, object] = {}
    for i, name in enumerate(names):
        key = name.replace(" ", "_")
        attrs[f"condition_{key}"] = by_name[name]
        attrs[f"steps_{key}"] = int(arrived[i])
        attrs[f"fit_{key}"] = bowls[i].fit
        attrs[f"rest_{key}"] = float(rest[i])
    return xr.Dataset(
        {
            "input": variable(("run", "example", "feature"), inputs, "inputs"),
            "theta": variable(("run", "step", "param"), theta, "weights"),
            "excess": variable(("run", "step"), share, "loss above the best fit"),
            "minimum": variable(("run", "param"), [b.minimum for b in bowls], "best fit"),
            "height": variable(("run", "y", "x"), heights, "loss above the best fit"),
            "grid_x": variable(("run", "x"), x, "first weight"),
            "grid_y": variable(("run", "y"), y, "second weight"),
            "condition": variable("run", condition, "condition number"),
            "lr": variable("run", [b.rate for b in bowls], "learning rate"),
            "fit": variable("run", [b.fit for b in bowls], "share of variance explained"),
            "rest": variable("run", rest, "share of the axis that the other patients fill"),
            "arrived": variable("run", arrived, "step of arrival"),
        },
        coords={
            "run": names,
            "step": np.arange(settings.n_steps + 1),
            "feature": list(columns),
            "param": ["w1", "w2"],
        },
        attrs={
            **attrs,
            "first": columns[0],
            "second": columns[1],
            "ordered": int(by_name["raw"] > by_name["range"] > by_name["standard"]),
            "range_worse": int(by_name["slip range"] > by_name["range"]),
            "standard_worse": int(by_name["slip standard"] > by_name["standard"]),
            "slipped": float(inputs[names.index("slip raw"), 0, 0]),
            "meant": float(inputs[names.index("raw"), 0, 0]),
            "near": settings.near,
            "n_train": len(first[0]),
            "n_steps": settings.n_steps,
            "seed": settings.seed,
        },
    )


def _arrays(spec: specs.Data) -> tuple[np.ndarray, np.ndarray]:
    data = base.examples(spec)
    return data.x_train, data.y_train[:, 0]


class _Bowl:
    """The mean squared error of ŷ = w·x, which is a quadratic in w."""

    def __init__(self, x: np.ndarray, y: np.ndarray) -> None:
        import numpy as np

        x, y = x.astype(float), y.astype(float)
        self.hessian = 2 * x.T @ x / len(x)
        self.minimum = np.linalg.solve(self.hessian, 2 * x.T @ y / len(x))
        (low, high), axes = np.linalg.eigh(self.hessian)
        self.condition, self.rate = float(high / low), float(2 / (low + high))
        self.fit = 1 - float(np.mean((x @ self.minimum - y) ** 2) / np.mean(y**2))
        # ½ d·H d is 1 there, half of it along each axis; the signs make starts look alike.
        flat, steep = axes.T
        flat = flat * np.sign(flat[0] or 1.0)
        steep = steep * np.sign(steep[1] or 1.0)
        self.start = self.minimum + flat / np.sqrt(low) + steep / np.sqrt(high)

    def excess(self, w: np.ndarray) -> np.ndarray:
        """Return the loss above the minimum at weights (…, 2)."""
        import numpy as np

        away = w - self.minimum
        return np.asarray(np.einsum("...i,ij,...j", away, self.hessian, away) / 2)
