"""A minimum, a maximum and a saddle: the gradient is 0 at all three, the Hessian tells them apart.

Where the gradient vanishes, a Hessian with positive eigenvalues only makes a minimum, with negative
ones only a maximum, with both a saddle. That is sufficient, not necessary, as 001 has it: where an
eigenvalue is 0 the Hessian decides nothing, and x⁴ has a minimum where its second derivative is 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import torch
    import xarray as xr

    Loss = Callable[[torch.Tensor], torch.Tensor]

KINDS = ("minimum", "maximum", "saddle")
FLAT = {"x⁴": (1.0, 4), "−x⁴": (-1.0, 4), "x³": (1.0, 3)}  # formula -> factor and power


class Settings(base.Settings, frozen=True, kw_only=True):
    """The three surfaces, and the descents on them.

    Attributes
    ----------
    minimum, maximum, saddle : tuple of float
        Coefficients a, b, c of J = a x² + b xy + c y².
    reach : float
        Both parameters are drawn from −reach to reach.
    n_grid : int
        Points of the grid each way.
    n_points : int
        Descents on each surface, from the same starts on all: one exactly on the stationary point,
        the others spread evenly over a disc of radius `spread` around it.
    spread : float
        In units of `reach`.
    n_lines : int
        Starts of lines of flow, on the edge of the square or around the stationary point.
    lr : float
        Learning rate of all descents.
    n_steps : int
        Of all descents.
    """

    minimum: tuple[float, float, float] = (1.0, 0.5, 1.0)
    maximum: tuple[float, float, float] = (-1.0, -0.5, -1.0)
    saddle: tuple[float, float, float] = (1.0, 1.5, -1.0)
    reach: float = 1.0
    n_grid: int = 41
    n_points: int = 151
    spread: float = 0.95
    n_lines: int = 32
    lr: float = 0.02
    n_steps: int = 132  # until the last one has left the saddle


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_grid=13, n_points=12, n_lines=8, n_steps=60, lr=0.06),
    label="three kinds of stationary points",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return nothing: all descents together take less than a second."""
    return {}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Compute surfaces, gradients and Hessians by autograd, and descend from every start.

    By ``surface`` (minimum, maximum, saddle): ``loss`` (y, x) over ``grid_x``, ``grid_y``;
    ``gradient`` (param) and ``hessian`` (param, param_column) at the stationary point (0, 0), with
    ``eigenvalue`` (component), ascending, and ``eigenvector`` (component, param); ``profile``
    (component, x), the loss along each eigenvector, as far from the point as ``grid_x``. ``theta``
    (example, step, param) and ``height`` (example, step) of the descents, example 0 starting
    exactly at the point; ``flow`` (example_line, step, param), more of them.
    ``flat`` (surface_flat, x) over ``flat_x``: curves whose first and second derivative,
    ``flat_slope`` and ``flat_curvature`` (surface_flat), are 0 at x = 0, which is what
    ``flat_kind`` says. Attributes: where the descents end: ``minimum_arrived`` within ``near`` of
    the point, ``maximum_left`` the square, ``saddle_one`` and ``saddle_other`` by its two sides;
    ``n_points`` counts without example 0.

    Raises
    ------
    RunError
        If a surface isn't what its name says.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.measures import hessians
    from simulate.recording import variable
    from simulate.training.descend import descend

    reach = settings.reach
    starts = _disc(settings.n_points, settings.spread * reach)
    edges = _around(settings.n_lines, reach)
    x = np.linspace(-reach, reach, settings.n_grid)
    grid = torch.from_numpy(np.stack(np.meshgrid(x, x), axis=-1))
    found: dict[str, list[np.ndarray]] = {}
    for kind in KINDS:
        loss = _quadric(getattr(settings, kind))
        matrix = hessians.hessian(loss, np.zeros(2))
        values, vectors = np.linalg.eigh(matrix)
        _check(kind, getattr(settings, kind), values)
        # All starts are the parameters of one sum: plain descent steps each by its own gradient.
        every = np.concatenate([starts, edges])
        run = descend(
            _summed(loss),
            tuple(every.ravel().tolist()),
            lr=settings.lr,
            steps=settings.n_steps,
        )
        paths = run.theta.values.reshape(-1, len(every), 2).transpose(1, 0, 2)
        walked = torch.from_numpy(paths[: len(starts)].copy())
        for name, value in {
            "loss": loss(grid).numpy(),
            "gradient": hessians.gradient(loss, np.zeros(2)),
            "hessian": matrix,
            "eigenvalue": values,
            "eigenvector": vectors.T * np.sign(vectors[0] + 1e-12)[:, None],
            "profile": loss(torch.from_numpy(vectors.T[:, None] * x[:, None])).numpy(),
            "theta": paths[: len(starts)],
            "height": loss(walked).numpy(),
            "flow": _flow(paths[len(starts) :], reach),
        }.items():
            found.setdefault(name, []).append(value)
    every_one = {name: np.stack(values) for name, values in found.items()}
    flat = _flat(x)
    walked_dims = ("surface", "example", "step")
    return xr.Dataset(
        {
            "loss": variable(("surface", "y", "x"), every_one["loss"], "loss"),
            "gradient": variable(("surface", "param"), every_one["gradient"], "gradient"),
            "hessian": variable(
                ("surface", "param", "param_column"), every_one["hessian"], "Hessian"
            ),
            "eigenvalue": variable(
                ("surface", "component"), every_one["eigenvalue"], "eigenvalue of the Hessian"
            ),
            "eigenvector": variable(
                ("surface", "component", "param"), every_one["eigenvector"], "eigenvector"
            ),
            "profile": variable(
                ("surface", "component", "x"), every_one["profile"], "loss along an eigenvector"
            ),
            "theta": variable((*walked_dims, "param"), every_one["theta"], "parameters"),
            "height": variable(walked_dims, every_one["height"], "loss"),
            "flow": variable(
                ("surface", "example_line", "step", "param"), every_one["flow"], "parameters"
            ),
            "flat": variable(("surface_flat", "x"), flat["value"], "loss"),
            "flat_slope": variable("surface_flat", flat["slope"], "first derivative at 0"),
            "flat_curvature": variable("surface_flat", flat["curvature"], "second derivative at 0"),
        },
        coords={
            "surface": list(KINDS),
            "formula": ("surface", [_formula(getattr(settings, kind)) for kind in KINDS]),
            "grid_x": variable("x", x, "first parameter"),
            "grid_y": variable("y", x, "second parameter"),
            "surface_flat": list(FLAT),
            "flat_kind": ("surface_flat", [_kind(values) for values in flat["value"]]),
        },
        attrs={
            **_ends(every_one["theta"][:, 1:], every_one["eigenvector"][2, 0], reach),
            "lr": settings.lr,
            "n_steps": settings.n_steps,
        },
    )


def _summed(loss: Loss) -> Loss:
    """Return the sum over all points of (n_points · 2,) parameters."""
    return lambda theta: loss(theta.view(-1, 2)).sum()


def _quadric(coefficients: tuple[float, float, float]) -> Loss:
    a, b, c = coefficients

    def loss(theta: torch.Tensor) -> torch.Tensor:
        """(…, 2) -> (…)."""
        x, y = theta.unbind(-1)
        return a * x**2 + b * x * y + c * y**2

    return loss


def _check(kind: str, coefficients: tuple[float, float, float], values: np.ndarray) -> None:
    from simulate.errors import RunError

    low, high = values
    is_so = {"minimum": low > 0, "maximum": high < 0, "saddle": low < 0 < high}[kind]
    if not is_so:
        raise RunError(
            f"{kind} is {_formula(coefficients)}, whose Hessian has the eigenvalues {low:g} and "
            f"{high:g}: they don't make it one; give other coefficients"
        )


def _formula(coefficients: tuple[float, float, float]) -> str:
    """Return a quadric as it is written: x² + xy − 2y²."""
    said = ""
    for factor, term in zip(coefficients, ("x²", "xy", "y²"), strict=True):
        if factor == 0:
            continue
        size = {1.0: "", 0.5: "½", 1.5: "1½"}.get(abs(factor), f"{abs(factor):g}")
        sign = "−" if factor < 0 else "+"
        said += f" {sign} {size}{term}" if said else f"{sign.replace('+', '')}{size}{term}"
    return said


def _disc(n_points: int, radius: float) -> np.ndarray:
    """Return the middle of a disc and points spread evenly over it, as a sunflower's seeds are."""
    import numpy as np

    number = np.arange(1, n_points)
    angle = number * np.pi * (3 - np.sqrt(5))
    away = radius * np.sqrt((number - 0.5) / max(n_points - 1, 1))
    seeds = np.stack([away * np.cos(angle), away * np.sin(angle)], axis=1)
    return np.concatenate([np.zeros((1, 2)), seeds])


def _around(n_lines: int, reach: float) -> np.ndarray:
    """Return points on the edge of the square, then as many on a circle in its middle."""
    import numpy as np

    # Half a spacing off the axes and the diagonals: no line starts on a line of symmetry.
    angle = 2 * np.pi * (np.arange(n_lines) + 0.5) / n_lines
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    square = circle / np.abs(circle).max(axis=1, keepdims=True)
    return np.concatenate([reach * square, 0.2 * reach * circle])


def _flow(paths: np.ndarray, reach: float) -> np.ndarray:
    """Return the half of the lines that fill the square: those from its edge, if any comes in."""
    import numpy as np

    from_edge, from_middle = np.split(paths, 2)
    comes_in = (np.abs(from_edge[:, 1]) < reach).all(axis=1)
    return from_edge if comes_in.any() else from_middle


def _flat(x: np.ndarray) -> dict[str, np.ndarray]:
    """Return the curves of `FLAT`, and their derivatives at 0 by autograd."""
    import numpy as np
    import torch

    from simulate.measures import hessians

    curves = []
    for factor, power in FLAT.values():
        curves.append(lambda t, factor=factor, power=power: (factor * t**power).sum(-1))
    zero = np.zeros(1)
    return {
        "value": np.stack([curve(torch.from_numpy(x)[:, None]).numpy() for curve in curves]),
        "slope": np.array([hessians.gradient(curve, zero)[0] for curve in curves]),
        "curvature": np.array([hessians.hessian(curve, zero)[0, 0] for curve in curves]),
    }


def _kind(values: np.ndarray) -> str:
    """Say what a curve, recorded left and right of 0, has at 0, where it is 0 itself."""
    others = values[values != 0]
    if (others > 0).all():
        return "minimum"
    return "maximum" if (others < 0).all() else "neither"


def _ends(theta: np.ndarray, unstable: np.ndarray, reach: float) -> dict[str, float]:
    """Count where the descents end; theta (surface, example, step, param)."""
    import numpy as np

    near = 0.1 * reach
    at_minimum, _, at_saddle = theta[:, :, -1]
    side = np.sign(at_saddle @ unstable)
    left = (np.abs(theta[1]) > reach).any((1, 2))
    arrived = int((np.linalg.norm(at_minimum, axis=1) < near).sum())
    return {
        "near": near,
        "n_points": theta.shape[1],
        "minimum_arrived": arrived,
        "told": int(min(arrived, left.sum()) >= 0.9 * theta.shape[1]),
        "maximum_left": int(left.sum()),
        "saddle_one": int((side < 0).sum()),
        "saddle_other": int((side > 0).sum()),
    }
