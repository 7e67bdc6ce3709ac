"""How much the gradient of a mini-batch varies, whose gradients agree, and what the noise does.

The gradient g of a batch of B examples, drawn with replacement, is the mean of B gradients of
single examples, so its total variance is E‖g − ∇J‖² = tr Σ / B, Σ being the covariance of the
single ones. At a constant rate this noise keeps plain gradient descent in orbit around a minimum;
where the rate decays, the orbit shrinks.

Whose gradients agree, and how much they vary, is measured on a classifier of digits in the middle
of its training. The orbit is that of a line fitted to real data, which has two parameters, so
that the whole path can be drawn, and a minimum that is known to the last digit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

    from simulate.data._base import Data


class Settings(base.Settings, frozen=True, kw_only=True):
    """The two problems.

    Attributes
    ----------
    hidden : tuple of int
        Units of the layers between pixels and classes, of the classifier whose gradients are
        measured.
    n_train : int
        Examples of both problems; the "full gradient" is over all of them.
    n_test : int
        Test examples of the classifier.
    batch_size, epochs, lr
        How the classifier is trained until it is measured.
    batch_sizes : tuple of int
        Numbers of examples in the batches that are drawn.
    n_draws : int
        Batches of each size.
    n_cloud : int
        How many of them are recorded as points of a plane.
    orbit_lr : float
        Learning rate of the line, constant, or the one that decay starts from.
    orbit_steps : int
        Steps on one example each, at least 3.
    orbit_repeats : int
        Runs at either rate, from other starts and with other draws; the first is recorded whole.
    orbit_seed : int
        Of the first of them; the next ones count up from it.
    n_grid : int
        Points of the map, along either side.
    seed : int
        Of weights, orders, draws, and the choice of examples.
    """

    hidden: tuple[int, ...] = (16,)
    n_train: int = 2_000
    n_test: int = 1_000
    batch_size: int = 50
    epochs: int = 5
    lr: float = 0.1
    batch_sizes: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
    n_draws: int = 1_000
    n_cloud: int = 150
    orbit_lr: float = 0.08
    orbit_steps: Annotated[int, msgspec.Meta(ge=3)] = 300
    orbit_repeats: int = 8
    orbit_seed: int = 3
    n_grid: int = 61
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(
        n_train=200,
        n_test=50,
        batch_size=20,
        batch_sizes=(1, 4, 16, 64),
        n_draws=300,
        n_cloud=20,
        orbit_steps=40,
        orbit_repeats=2,
        n_grid=15,
    ),
    label="the variance of mini-batch gradients, and the orbit that it causes",
)

RATES: dict[str, specs.Schedule | None] = {
    "constant": None,
    "decayed": specs.Schedule(name="cosine"),
}


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the classifier's training, and the line's at both rates, repeated."""
    found: dict[str, specs.Run] = {
        "training": specs.Train(
            data=_data("mnist", settings),
            model=specs.Model(name="mlp", settings={"widths": [784, *settings.hidden, "classes"]}),
            optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
            batch_size=settings.batch_size,
            epochs=settings.epochs,
            seed=settings.seed,
        )
    }
    for name, schedule in RATES.items():
        for repeat in range(settings.orbit_repeats):
            found[f"{name} {repeat}"] = specs.Train(
                data=_data("ink_halves", settings),
                model=specs.Model(name="mlp", settings={"widths": [1, 1]}),
                optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.orbit_lr}),
                loss="mse",
                schedule=schedule,
                batch_size=1,
                replacement=True,
                steps=settings.orbit_steps,
                seed=settings.orbit_seed + repeat,
                record=specs.record("scalars", parameters=1),
                dtype="float64",
            )
    return found


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Measure the gradients, and lay the line's paths on its map.

    ``variance`` (x_batch) over ``batch_size``: the mean over the draws of the squared distance to
    the full gradient; ``expected_variance``: tr Σ / B, from all examples. ``cloud``
    (x_batch, example, component): some of the drawn gradients, along the full gradient and along
    the direction across it in which single gradients vary most; draw by draw, a larger batch
    holds the smaller one. ``similarity`` (class, class_other): mean cosine between the gradients
    of two different examples. Of the line: ``theta`` (run, step, param), ``lr`` and ``excess``
    (run, step), the loss above the minimum of the first run, ``late_excess`` (run) its mean over
    the last third, and ``mean_excess`` that of all runs;
    ``minimum`` (param); ``loss`` (y, x) over ``grid_slope``, ``grid_offset``.

    Attributes: ``variance_slope`` in log–log, ``doubled``, by what the variance is multiplied for
    twice the batch, and whether that ``halves`` it; ``draws_in``: whether decay at least halves the
    orbit; ``gradient_length``, ``noise_batch`` (the batch
    size at which the variance is as large as the squared length of the full gradient),
    ``cosine_within``, ``cosine_between``, ``orbit_excess_constant`` and ``orbit_excess_decayed``
    (mean over the last third of the steps), and the classifier's own.
    """
    import numpy as np
    import xarray as xr

    run = runs["training"].data
    examples = runs["training"].dataset
    gradients = _single_gradients(runs["training"])
    noise, noise_attrs = _noise(gradients, settings)
    alike, alike_attrs = _similarity(gradients, examples)
    orbit, orbit_attrs = _orbit(runs, settings, runs["constant 0"].dataset)
    return xr.Dataset(
        noise | alike | orbit,
        coords={
            "run": list(RATES),
            "step": np.arange(settings.orbit_steps + 1),
            "param": ["slope", "offset"],
        },
        attrs={
            **run.attrs,
            "widths": runs["training"].widths,
            "epochs": settings.epochs,
            **noise_attrs,
            **alike_attrs,
            **orbit_attrs,
        },
    )


def _data(name: str, settings: Settings) -> specs.Data:
    return specs.Data(
        name=name, n_train=settings.n_train, n_test=settings.n_test, seed=settings.seed
    )


def _single_gradients(run: base.Run) -> np.ndarray:
    """Return each training example's own gradient at the trained network, (example, param)."""
    import numpy as np
    import torch
    from torch.nn import functional

    model, examples = run.model(), run.dataset
    params = {name: param.detach() for name, param in model.named_parameters()}

    def loss(params: dict[str, torch.Tensor], x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        outputs = torch.func.functional_call(model, params, (x[None],))
        return functional.cross_entropy(outputs, y[None])

    each = torch.func.vmap(torch.func.grad(loss), in_dims=(None, 0, 0))
    parts = []
    chunk = 250  # bounds the memory
    for first in range(0, len(examples.x_train), chunk):
        here = slice(first, first + chunk)
        found = each(
            params,
            torch.from_numpy(examples.x_train[here]),
            torch.from_numpy(examples.y_train[here]),
        )
        parts.append(torch.cat([found[name].flatten(1) for name in params], dim=1).numpy())
    return np.concatenate(parts)


def _noise(gradients: np.ndarray, settings: Settings) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw batches of every size and measure how far their gradients are from the full one.

    All that is asked of a batch's gradient, a mean of single ones, are inner products, so those
    of the single ones with each other are enough.
    """
    import numpy as np
    from scipy.sparse.linalg import eigsh

    from simulate.errors import RunError
    from simulate.recording import variable

    sizes = np.array(settings.batch_sizes)
    if len(set(settings.batch_sizes)) < 2:
        raise RunError(f"batch_sizes is {settings.batch_sizes}: a slope needs two different ones")
    n = len(gradients)
    full = gradients.mean(0, dtype=np.float64)
    length = float(np.linalg.norm(full))
    centered = gradients - full.astype(np.float32)
    products = (centered @ centered.T).astype(np.float64)  # (example, example)
    along = centered @ (full / length).astype(np.float32)
    # The direction across the full gradient in which the single ones vary most.
    across = products - np.outer(along, along)
    (most,), vector = eigsh(across, k=1, v0=np.ones(n))
    across_axis = vector[:, 0] * np.sqrt(most) * np.sign(vector[:, 0].sum() or 1.0)

    rng = np.random.default_rng(settings.seed)
    drawn = rng.integers(n, size=(settings.n_draws, sizes.max()))
    variance, cloud = np.empty(len(sizes)), np.empty((len(sizes), settings.n_cloud, 2))
    for i, size in enumerate(sizes):
        weights = np.zeros((settings.n_draws, n))  # of each example in each batch's mean
        np.add.at(weights, (np.arange(settings.n_draws)[:, None], drawn[:, :size]), 1 / size)
        squares = ((weights @ products) * weights).sum(1)
        variance[i] = squares.mean()
        few = weights[: settings.n_cloud]
        cloud[i] = np.stack([length + few @ along, few @ across_axis], axis=1)
    total = float(np.trace(products)) / n
    slope = float(np.polyfit(np.log(sizes), np.log(variance), 1)[0])
    found = {
        "batch_size": variable("x_batch", sizes, "examples in the batch"),
        "variance": variable("x_batch", variance, "variance of the gradient, measured"),
        "expected_variance": variable("x_batch", total / sizes, "variance of the gradient, tr Σ/B"),
        "cloud": variable(("x_batch", "example", "component"), cloud, "gradients of batches"),
    }
    return found, {
        "variance_slope": slope,
        "doubled": 2**slope,
        "halves": int(abs(2**slope - 0.5) < 0.03),
        "n_draws": settings.n_draws,
        "smallest_batch": int(sizes.min()),
        "largest_batch": int(sizes.max()),
        "gradient_length": length,
        "noise_batch": total / length**2,
    }


def _similarity(gradients: np.ndarray, examples: Data) -> tuple[dict[str, Any], dict[str, Any]]:
    """Compare the gradients of all pairs of examples, class by class."""
    import numpy as np

    from simulate.errors import RunError
    from simulate.recording import variable

    lengths = np.linalg.norm(gradients, axis=1)
    kept = lengths > 0  # none for an example whose probability has been rounded to 1
    unit = gradients[kept] / lengths[kept, None]
    member = examples.y_train[kept][:, None] == np.arange(examples.n_classes or 0)
    counts = member.sum(0)
    if counts.min() < 2:
        raise RunError(
            f"class {counts.argmin()} has {counts.min()} training examples with a gradient, and "
            "two are needed to compare; take more examples, or train less"
        )
    means = member.T.astype(np.float32) @ unit  # (class, param): sums of directions
    sums = (means @ means.T).astype(np.float64)
    pairs = np.outer(counts, counts).astype(np.float64)
    # An example with itself is no pair; its cosine is 1.
    sums[np.diag_indices_from(sums)] -= counts
    pairs[np.diag_indices_from(pairs)] -= counts
    same = np.eye(len(counts), dtype=bool)
    found = {
        "similarity": variable(
            ("class", "class_other"), sums / pairs, "mean cosine of two examples' gradients"
        )
    }
    return found, {
        "cosine_within": float(sums[same].sum() / pairs[same].sum()),
        "cosine_between": float(sums[~same].sum() / pairs[~same].sum()),
    }


def _orbit(
    runs: dict[str, base.Run], settings: Settings, points: Data
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Lay the paths of the line's two parameters on the map of its loss."""
    import numpy as np

    from simulate.recording import variable

    x, y = (part[:, 0].astype(np.float64) for part in (points.x_train, points.y_train))
    inputs = np.stack([x, np.ones_like(x)], axis=1)
    minimum, *_ = np.linalg.lstsq(inputs, y, rcond=None)
    # J(θ) = mean (θ·(x, 1) − y)², multiplied out, so that it costs the same for one point or many.
    second, first = inputs.T @ inputs / len(x), inputs.T @ y / len(x)
    lowest = float(np.mean((inputs @ minimum - y) ** 2))

    def excess(theta: np.ndarray) -> np.ndarray:
        away = theta - minimum
        return np.asarray(np.einsum("...i,ij,...j", away, second, away))

    def walk(name: str, repeat: int) -> xr.Dataset:
        return runs[f"{name} {repeat}"].data

    paths = np.stack(
        [
            [walk(name, repeat).params.values for repeat in range(settings.orbit_repeats)]
            for name in RATES
        ]
    )  # (run, repeat, step, param)
    shown, above = paths[:, 0], excess(paths)
    corners = np.concatenate([shown.reshape(-1, 2), minimum[None]])
    reach = 0.58 * float(np.ptp(corners, axis=0).max())  # a square, with a margin around the paths
    slopes, offsets = (
        np.linspace(middle - reach, middle + reach, settings.n_grid)
        for middle in (corners.min(0) + corners.max(0)) / 2
    )
    grid = np.stack(np.meshgrid(slopes, offsets), axis=-1)  # (y, x, param)
    last = settings.orbit_steps // 3
    walked = ("run", "step")
    found = {
        "theta": variable((*walked, "param"), shown, "parameters of the line"),
        "lr": variable(walked, [walk(name, 0).lr.values for name in RATES], "learning rate"),
        "excess": variable(walked, above[:, 0], "loss above the minimum"),
        "late_excess": variable(
            "run", above[:, 0, -last:].mean(1), "loss above the minimum, mean of the last third"
        ),
        "mean_excess": variable(walked, above.mean(1), "loss above the minimum, mean of all runs"),
        "minimum": variable("param", minimum, "least-squares solution"),
        "grid_slope": variable("x", slopes, "slope of the line"),
        "grid_offset": variable("y", offsets, "offset of the line"),
        "loss": variable(("y", "x"), lowest + excess(grid), "mean squared error"),
        "normal_matrix": variable(("param", "param_other"), second, "mean of (x, 1)(x, 1)ᵀ"),
        "normal_target": variable("param", first, "mean of (x, 1) y"),
    }
    late = {
        f"orbit_excess_{name}": float(above[i, :, -last:].mean()) for i, name in enumerate(RATES)
    }
    return found, {
        "orbit_lr": settings.orbit_lr,
        "orbit_steps": settings.orbit_steps,
        "orbit_repeats": settings.orbit_repeats,
        "orbit_last": last,
        "lowest_loss": lowest,
        **late,
        "draws_in": int(late["orbit_excess_decayed"] < late["orbit_excess_constant"] / 2),
    }
