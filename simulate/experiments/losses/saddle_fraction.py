"""Local minima or saddles? Critical points of small networks: how high they lie, and how they bend.

Points with a small gradient are not enough: minimising ‖∇J‖² ends mostly where the gradient is
flat, not where it is 0 (Frye et al. 2020, arXiv:2003.10397). So critical points, up to rounding,
are had in three ways. Descent is followed to its end from many starts, which tells whether there
are minima that are not the lowest. Such an end of a narrower network, with idle units added (all
their weights 0), is a critical point of the wider one (Fukumizu and Amari 2000,
doi:10.1016/S0893-6080(00)00009-5). And some are searched for by following eigenvectors, as chemists
find transition states (Cerjan and Miller 1981, doi:10.1063/1.442352): from a point on a training
path, Newton steps that go up along as many eigenvectors of the Hessian as lead down there, and
down along the rest, until the gradient vanishes; many such searches fail.

The losses have a penalty ½ λ ‖θ‖², without which a network that separates its examples has no
minimum at all.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

    from simulate.measures.hessians import Function

TOLERANCE = 1e-6  # norm of a gradient that counts as 0


class Settings(base.Settings, frozen=True, kw_only=True):
    """The networks, the paths, and the searches.

    Attributes
    ----------
    widths : tuple of int
        Hidden units of the networks whose critical points are looked at.
    between : tuple of int
        Hidden units of further networks, whose minima are critical points of wider ones.
    wide : int
        Hidden units of one more network, of which only the ends of descent are looked at.
    side : int
        Fields each way that the digits are averaged to.
    n_train : int
        Examples, over which the loss is averaged.
    penalty : float
        λ.
    n_seeds : int
        Training paths that are followed to the end of descent, for each width.
    lr : float
        Learning rate of the training paths: plain gradient descent, all examples.
    starts : tuple of int
        Steps of the training paths from which searches begin; the last is the paths' length.
    n_paths : int
        Training paths from which searches begin, for each width of `searched`.
    searched : tuple of int
        Those of `widths` in which critical points are searched for as well.
    n_iterations : int
        Newton steps after which a search is given up.
    """

    widths: tuple[int, ...] = (2, 4, 8)
    between: tuple[int, ...] = (1, 3, 6)
    wide: int = 32
    side: int = 4
    n_train: int = 100
    penalty: float = 0.03
    n_seeds: int = 6
    lr: float = 0.5
    starts: tuple[int, ...] = (5, 10, 20, 40, 80)
    n_paths: int = 2
    searched: tuple[int, ...] = (2, 4)
    n_iterations: int = 70


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(
        widths=(2, 3), between=(1,), wide=4, n_train=60, starts=(5, 20), n_paths=1, n_seeds=2,
        side=2, searched=(2,), n_iterations=20,
    ),
    label="critical points of small networks",
)  # fmt: skip


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training paths of every width from every seed, without the penalty."""
    length = max(settings.starts)
    return {
        f"{width} from {seed}": specs.Train(
            data=_data(settings),
            model=_model(settings, width),
            optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
            steps=length,
            seed=seed,
            record=specs.record(scalars=length, parameters=5),
            dtype="float64",
        )
        for width in sorted({*settings.widths, *settings.between, settings.wide})
        for seed in range(settings.n_seeds)
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Go down to the end of each path, add idle units, and search for more critical points.

    Of the critical points (example): ``width``, ``loss``, ``share`` of negative eigenvalues,
    ``grad_norm``, ``lowest`` eigenvalue, and ``idle``, the units added to a narrower network's
    minimum, −1 where a search found it. Of the ends of descent (run, example_end), a run being a
    width: ``end_loss``, ``end_grad_norm``, ``end_lowest``; ``end_spread`` (run), the highest end
    above the lowest. ``n_params`` (run), ``correlation`` (run_whole): Spearman's, of loss and
    share, over the critical points and the ends of that width. Attributes: ``verdict``, "always",
    "mostly" or "neither": whether at
    every width what lies higher has more directions down; ``n_in_order`` of ``n_pairs`` of points
    of one width that differ in both, ends too, have more where they are higher; ``layers``: whether
    all that are no saddles of a width lie within a twentieth of the height of all points;
    ``n_points``, of which ``n_found`` in ``n_searches``; ``tolerance``; ``n_minima`` of ``n_ends``
    with no eigenvalue ≤ 0, whose losses are ``apart_spread`` apart at width ``apart``, where that
    is most, and ``widest_spread`` at ``widest``; ``local_minima``: whether any differ.

    Raises
    ------
    RunError
        If descent ends nowhere.
    """
    import numpy as np
    import xarray as xr

    from simulate.errors import RunError
    from simulate.measures import hessians
    from simulate.recording import variable

    losses, ends, found, n_params = {}, {}, {}, {}
    for width in sorted({*settings.widths, *settings.between, settings.wide}):
        of_width = [runs[f"{width} from {seed}"] for seed in range(settings.n_seeds)]
        net, examples = of_width[0].model().double(), of_width[0].dataset
        n_params[width] = sum(param.numel() for param in net.parameters())
        losses[width] = hessians.loss_of(
            net, "cross_entropy", examples.x_train, examples.y_train, settings.penalty
        )
        paths = [run.data.params for run in of_width]
        ends[width] = [_bend(losses[width], _end(losses[width], path.values[-1])) for path in paths]
        found[width] = [
            _bend(losses[width], _follow(losses[width], path.sel(snapshot=step).values,
                                         settings.n_iterations))
            for path in paths[: settings.n_paths if width in settings.searched else 0]
            for step in settings.starts
        ]  # fmt: skip
    if not any(end["grad_norm"] < TOLERANCE for width in ends for end in ends[width]):
        raise RunError(
            f"descent ends nowhere at a gradient below {TOLERANCE:g}; take a larger penalty than "
            f"{settings.penalty:g}"
        )

    n_in, n_out = examples.x_train.shape[1], examples.n_classes or 0
    points: list[dict[str, Any]] = []
    for width in settings.widths:
        points += [
            {**one, "width": width, "idle": -1}
            for one in found[width]
            if one["grad_norm"] < TOLERANCE
        ]
        # no hidden unit at all: the biases of the outputs alone
        none = _end(losses[width], np.zeros(n_params[width]))
        points.append({**_bend(losses[width], none), "width": width, "idle": width})
        for narrower in (*settings.between, *settings.widths):
            if narrower < width:
                points += [
                    {**_bend(losses[width], _padded(one["theta"], narrower, width, n_in, n_out)),
                     "width": width, "idle": width - narrower}
                    for one in _distinct(ends[narrower])
                ]  # fmt: skip
    every = [*settings.widths, settings.wide]
    correlation, every_point = [], []
    for width in settings.widths:
        here = [one for one in points if one["width"] == width] + _distinct(ends[width])
        every_point.append([(p["loss"], p["share"]) for p in here])
        correlation.append(_spearman([p["loss"] for p in here], [p["share"] for p in here]))
    names = ("width", "idle", "loss", "share", "grad_norm", "lowest")
    columns = {name: np.array([one[name] for one in points]) for name in names}
    at_end = {
        name: np.array([[end[name] for end in ends[width]] for width in every])
        for name in ("loss", "grad_norm", "lowest")
    }
    spread = np.ptp(at_end["loss"], axis=1)
    is_minimum = (at_end["grad_norm"] < TOLERANCE) & (at_end["lowest"] > 0)
    between = [
        float(np.ptp(losses_of[which])) if which.any() else 0.0
        for losses_of, which in zip(at_end["loss"], is_minimum, strict=True)
    ]
    apart = int(np.argmax(between))
    pairs = [
        (one[0] - other[0]) * (one[1] - other[1])
        for here in every_point
        for one, other in itertools.combinations(here, 2)
        if abs(one[0] - other[0]) > TOLERANCE and one[1] != other[1]
    ]
    minima = [
        [loss for loss, share in here if share == 0]
        for here in every_point  # ends of descent too
    ]
    room = max(p["loss"] for p in points) - float(np.min(at_end["loss"]))
    layers = all(here and max(here) - min(here) < 0.05 * room for here in minima)
    layers &= bool(is_minimum.all())
    return xr.Dataset(
        {
            "width": variable("example", columns["width"], "hidden units"),
            "idle": variable("example", columns["idle"], "idle units added"),
            "loss": variable("example", columns["loss"], "loss", "nats"),
            "share": variable("example", columns["share"], "share of negative eigenvalues"),
            "grad_norm": variable("example", columns["grad_norm"], "norm of the gradient"),
            "lowest": variable("example", columns["lowest"], "lowest eigenvalue"),
            "end_loss": variable(("run", "example_end"), at_end["loss"], "loss", "nats"),
            "end_grad_norm": variable(
                ("run", "example_end"), at_end["grad_norm"], "norm of the gradient"
            ),
            "end_lowest": variable(("run", "example_end"), at_end["lowest"], "lowest eigenvalue"),
            "end_spread": variable("run", spread, "highest end above the lowest", "nats"),
            "n_params": variable("run", [n_params[width] for width in every], "parameters"),
            "correlation": variable("run_whole", correlation, "rank correlation"),
        },
        coords={
            "run": [str(width) for width in every],
            "run_whole": [str(width) for width in settings.widths],
        },
        attrs={
            "dataset": examples.label,
            "one": examples.one,
            "many": examples.many,
            "side": settings.side,
            "n_examples": len(examples.x_train),
            "penalty": settings.penalty,
            "verdict": _verdict(every_point, correlation),
            "layers": int(layers),
            "n_pairs": len(pairs),
            "n_in_order": sum(product > 0 for product in pairs),
            "lowest_correlation": float(np.min(correlation)),
            "n_points": len(points),
            "n_found": int((columns["idle"] < 0).sum()),
            "n_searches": sum(map(len, found.values())),
            "tolerance": TOLERANCE,
            "largest_grad_norm": float(columns["grad_norm"].max()),
            "n_seeds": settings.n_seeds,
            "local_minima": int(between[apart] > TOLERANCE),
            "apart": every[apart],
            "apart_spread": between[apart],
            "widest": every[-1],
            "widest_spread": between[-1],
            "n_ends": is_minimum.size,
            "n_minima": int(is_minimum.sum()),
        },
    )


def _bend(loss: Function, theta: np.ndarray) -> dict[str, Any]:
    """Return a point with its loss, gradient's norm, lowest eigenvalue and share of negative ones.

    All from the whole Hessian, even of the widest network: at a flat minimum the two lowest
    eigenvalues may nearly coincide, and Lanczos's method then needs ten thousand products or more
    to part them, many times what the matrix costs.
    """
    import numpy as np
    import torch

    from simulate.measures import hessians

    values = hessians.eigenvalues(loss, theta)
    return {
        "theta": theta,
        "loss": loss(torch.from_numpy(theta)).item(),
        "grad_norm": float(np.linalg.norm(hessians.gradient(loss, theta))),
        "lowest": float(values[0]),
        "share": float((values < 0).mean()),
    }


def _distinct(ends: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the ends with gradient 0, of those with one loss (swapped units) only the first."""
    kept: dict[float, dict[str, Any]] = {}
    for one in ends:
        if one["grad_norm"] < TOLERANCE:
            kept.setdefault(round(one["loss"], 6), one)
    return list(kept.values())


def _padded(theta: np.ndarray, narrower: int, width: int, n_in: int, n_out: int) -> np.ndarray:
    """Return the parameters of a network with units added whose weights are all 0."""
    import numpy as np

    at = np.cumsum([narrower * n_in, narrower, n_out * narrower])
    first, bias, second, last = np.split(theta, at)
    idle = width - narrower
    parts = [
        np.pad(first.reshape(narrower, n_in), ((0, idle), (0, 0))),
        np.pad(bias, (0, idle)),
        np.pad(second.reshape(n_out, narrower), ((0, 0), (0, idle))),
        last,
    ]
    return np.concatenate([part.ravel() for part in parts])


def _data(settings: Settings) -> specs.Data:
    return specs.Data(
        name="coarse_digits", n_train=settings.n_train, settings={"side": settings.side}
    )


def _model(settings: Settings, width: int) -> specs.Model:
    widths = [settings.side**2, width, "classes"]
    return specs.Model(name="mlp", settings={"widths": widths, "activation": "tanh"})


def _follow(loss: Function, theta: np.ndarray, n_iterations: int) -> np.ndarray:
    """Return where a search ends that keeps the number of directions that lead down.

    Each step is Newton's with that many of the lowest eigenvalues taken as negative and the others
    as positive: up along the first, down along the rest. Whether the gradient is 0 where it ends is
    for the caller to see.
    """
    import numpy as np

    from simulate.measures import hessians

    n_down = -1
    for _ in range(n_iterations):
        slope = hessians.gradient(loss, theta)
        if np.linalg.norm(slope) < 1e-2 * TOLERANCE:
            break
        values, vectors = np.linalg.eigh(hessians.hessian(loss, theta))
        if n_down < 0:
            n_down = int((values < 0).sum())
        sign = np.where(np.arange(len(values)) < n_down, 1.0, -1.0)
        step = sign * (vectors.T @ slope) / np.maximum(np.abs(values), 1e-3)
        step *= min(1.0, 0.5 / np.linalg.norm(step))
        theta = theta + vectors @ step
    return theta


def _end(loss: Function, theta: np.ndarray) -> np.ndarray:
    """Return where descent ends, by L-BFGS."""
    import torch
    from scipy.optimize import minimize

    def objective(values: np.ndarray) -> tuple[float, np.ndarray]:
        point = torch.tensor(values, requires_grad=True)
        value = loss(point)
        (slope,) = torch.autograd.grad(value, point)
        return value.item(), slope.numpy()

    options = {"maxiter": 5000, "maxfun": 6000, "maxcor": 20, "ftol": 0.0, "gtol": 3e-8}
    found = minimize(objective, theta, jac=True, method="L-BFGS-B", options=options)
    end: np.ndarray = found.x
    return end


def _spearman(one: list[float], other: list[float]) -> float:
    """Return the rank correlation; NaN where there are fewer than three points or no spread."""
    import numpy as np
    from scipy.stats import rankdata

    if len(one) < 3 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return math.nan
    return float(np.corrcoef(rankdata(np.round(one, 9)), rankdata(other))[0, 1])


def _verdict(points: list[list[tuple[float, float]]], correlation: list[float]) -> str:
    """Say whether at every width higher points have more directions down: always, or mostly.

    ``points`` are (loss, share), width by width.
    """
    import numpy as np

    if not np.min(correlation) >= 0.8:  # a NaN is no evidence
        return "neither"
    exceptions = [
        one
        for here in points
        for one in here
        for other in here
        if one[0] > other[0] + TOLERANCE and one[1] < other[1]
    ]
    return "mostly" if exceptions else "always"
