"""Four ways to a derivative, and what each costs: digits, length, time.

By hand, by finite differences, by symbols (sympy), and automatic, in both modes. Errors are those
of f(x₁, x₂) = x₁x₂ + exp(x₁x₂) − sin x₂, against its derivative in 50 digits. Lengths are those of
the logistic map applied again and again, l ← 4l(1 − l) (Baydin et al. 2018, table 1). Times are
those of the gradient of one small network's loss, by as many parameters as it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import torch
    import xarray as xr

METHODS = ("forward difference", "central difference")
MODES = ("central difference", "forward mode", "reverse mode")
DIGITS = 50  # of the derivative that others are held to
FLOOR = 1e-17  # an error of none is drawn here


class Settings(base.Settings, frozen=True, kw_only=True):
    """What is compared.

    Attributes
    ----------
    x1, x2 : float
        Where f is differentiated by x₁.
    smallest : int
        Steps h go down to 10 to the minus this.
    per_decade : int
        Steps of each power of ten.
    depths : int
        How often the logistic map is applied, at the most.
    widths : tuple of int
        Hidden units of the networks that are timed.
    n_examples : int
        That their loss is taken over.
    rounds : int
        How often everything is timed; the median counts.
    """

    x1: float = 2.0
    x2: float = 0.5
    smallest: Annotated[int, msgspec.Meta(ge=1, le=18)] = 15
    per_decade: specs.Count = 4
    depths: Annotated[int, msgspec.Meta(ge=2, le=10)] = 8
    widths: tuple[specs.Count, ...] = (1, 3, 10, 33, 100, 333)
    n_examples: specs.Count = 64
    rounds: specs.Count = 3


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(per_decade=1, depths=4, widths=(1, 4, 16), rounds=1),
    label="ways to a derivative, and their costs",
    alone=True,
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return nothing: there is nothing to train."""
    return {}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Measure the errors, lengths and times.

    ``error`` (run, run_precision, x), relative, of finite differences over ``h`` (x);
    ``auto_error``, ``hand_error`` (run_precision) of reverse mode and of the formula by hand,
    ``symbolic_error`` and ``forward_error`` (), both in float64. By ``depth`` (layer):
    ``symbolic_length`` and ``trace_length``, operations of sympy's derivative and of a reverse pass
    with its forward pass. By ``n_params`` (x_params): ``seconds`` (run_mode, x_params), measured.
    Attributes: ``best_error``, the least of all finite differences in float64, and ``best_h``; the
    automatic ``exact_error``; ``longest_symbolic``, ``longest_trace``, ``deepest``; ``most_params``
    and ``most_ratio``, how many times as long forward mode takes there as reverse mode. Whether
    each of the others costs more than reverse mode, in its own way: ``differences_lose``,
    ``symbols_grow``, ``reverse_wins``.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    h = 10.0 ** -(np.arange(settings.smallest * settings.per_decade + 1) / settings.per_decade)
    exact = _exact(settings.x1, settings.x2)
    precisions = {"float32": np.float32, "float64": np.float64}
    error = np.array(
        [[_differences(method, kind, settings, h, exact) for kind in precisions.values()]
         for method in METHODS]
    )  # fmt: skip
    auto = np.array([_automatic(name, settings, exact) for name in precisions])
    hand = np.array([_by_hand(kind, settings, exact) for kind in precisions.values()])
    symbolic = _symbolic(settings, exact)
    depth = np.arange(1, settings.depths + 1)
    lengths = np.array([_lengths(int(n)) for n in depth])
    n_params = np.array([3 * width + 1 for width in settings.widths])
    seconds = _timed(settings)
    best = np.unravel_index(np.nanargmin(error[:, 1]), error[:, 1].shape)
    ratio = float(seconds[1, -1] / seconds[2, -1])
    return xr.Dataset(
        {
            "error": variable(("run", "run_precision", "x"), error, "relative error"),
            "auto_error": variable("run_precision", auto, "relative error of reverse mode"),
            "hand_error": variable("run_precision", hand, "relative error by hand"),
            "forward_error": variable(
                (), _forward_error(settings, exact), "relative error of forward mode"
            ),
            "symbolic_error": variable((), symbolic, "relative error of sympy's expression"),
            "symbolic_length": variable("layer", lengths[:, 0], "operations, symbolic"),
            "trace_length": variable("layer", lengths[:, 1], "operations, reverse mode"),
            "seconds": variable(
                ("run_mode", "x_params"), seconds, "time of a gradient", "seconds", measured=True
            ),
        },
        coords={
            "run": list(METHODS),
            "run_precision": list(precisions),
            "run_mode": list(MODES),
            "h": variable("x", h, "step h"),
            "depth": variable("layer", depth, "depth"),
            "n_params": variable("x_params", n_params, "parameters"),
        },
        attrs={
            "x1": settings.x1,
            "x2": settings.x2,
            "best_error": float(error[best[0], 1, best[1]]),
            "best_h": float(h[best[1]]),
            "best_method": METHODS[best[0]],
            "exact_error": float(auto[1]),
            "deepest": int(depth[-1]),
            "longest_symbolic": int(lengths[-1, 0]),
            "longest_trace": int(lengths[-1, 1]),
            "most_params": int(n_params[-1]),
            "most_ratio": ratio,
            "differences_lose": int(error[best[0], 1, best[1]] > auto[1]),
            "symbols_grow": int(lengths[-1, 0] > lengths[-1, 1]),
            "reverse_wins": int((seconds[:2, -1] > seconds[2, -1]).all()),
            "n_examples": settings.n_examples,
            "rounds": settings.rounds,
        },
    )


def _exact(x1: float, x2: float) -> Any:
    """Return the derivative by x₁ in 50 digits, from sympy."""
    import sympy

    a, b, f = _expression()
    at = {a: sympy.Float(x1, DIGITS), b: sympy.Float(x2, DIGITS)}
    return sympy.N(sympy.diff(f, a).subs(at), DIGITS)


def _expression() -> tuple[Any, Any, Any]:
    import sympy

    a, b = sympy.symbols("x1 x2")
    return a, b, a * b + sympy.exp(a * b) - sympy.sin(b)


def _relative(found: Any, exact: Any) -> float:
    """Return the relative error of a floating-point number, in exact arithmetic."""
    import sympy

    gap = abs((sympy.Float(float(found), DIGITS) - exact) / exact)
    return max(float(gap), FLOOR)


def _differences(
    method: str, kind: Any, settings: Settings, h: np.ndarray, exact: Any
) -> list[float]:
    """Return the error of finite differences for each step, all in one precision."""
    import numpy as np

    def f(x1: Any, x2: Any) -> Any:
        return x1 * x2 + np.exp(x1 * x2) - np.sin(x2)

    x1, x2 = kind(settings.x1), kind(settings.x2)
    found = []
    for step in h.astype(kind):
        if method == "forward difference":
            slope = (f(x1 + step, x2) - f(x1, x2)) / step
        else:
            slope = (f(x1 + step, x2) - f(x1 - step, x2)) / (kind(2) * step)
        found.append(_relative(slope, exact))
    return found


def _automatic(precision: str, settings: Settings, exact: Any) -> float:
    """Return the error of torch's reverse mode in one precision."""
    import torch

    dtype = getattr(torch, precision)
    x1 = torch.tensor(settings.x1, dtype=dtype, requires_grad=True)
    x2 = torch.tensor(settings.x2, dtype=dtype)
    (x1 * x2 + torch.exp(x1 * x2) - torch.sin(x2)).backward()
    assert x1.grad is not None
    return _relative(x1.grad.item(), exact)


def _forward_error(settings: Settings, exact: Any) -> float:
    """Return the error of torch's forward mode in float64."""
    import torch

    from simulate.measures.trace import jvp

    point = [torch.tensor(v, dtype=torch.float64) for v in (settings.x1, settings.x2)]
    along = (torch.ones_like(point[0]), torch.zeros_like(point[1]))

    def f(x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
        return x1 * x2 + torch.exp(x1 * x2) - torch.sin(x2)

    return _relative(jvp(f, point, along).item(), exact)


def _by_hand(kind: Any, settings: Settings, exact: Any) -> float:
    """Return the error of the formula worked out by hand, x₂(1 + exp(x₁x₂))."""
    import numpy as np

    x1, x2 = kind(settings.x1), kind(settings.x2)
    return _relative(x2 * (kind(1) + np.exp(x1 * x2)), exact)


def _symbolic(settings: Settings, exact: Any) -> float:
    """Return the error of sympy's derivative, evaluated in float64."""
    import sympy

    a, b, f = _expression()
    derivative = sympy.lambdify((a, b), sympy.diff(f, a), "math")
    return _relative(derivative(settings.x1, settings.x2), exact)


def _lengths(depth: int) -> tuple[int, int]:
    """Return the operations of a derivative of the logistic map, applied so often.

    Sympy's as it comes, not simplified; those of a trace are its operations, and a product and a
    sum for each edge on the way back.
    """
    import sympy

    from simulate.measures.trace import trace

    def applied(x: Any) -> Any:
        for _ in range(depth):
            x = 4 * x * (1 - x)
        return x

    x = sympy.Symbol("x")
    found = trace(applied, x=0.3)
    n_operations = found.attrs["n_variables"] - 1
    return int(sympy.diff(applied(x), x).count_ops()), n_operations + 2 * found.sizes["component"]


def _timed(settings: Settings) -> np.ndarray:
    """Return how long a whole gradient takes, (mode, width): the median of all rounds."""
    import time

    import numpy as np
    import torch

    x = torch.linspace(-1, 1, settings.n_examples)[:, None]
    y = torch.sin(3 * x)
    took = np.empty((settings.rounds, len(MODES), len(settings.widths)))
    for i in range(settings.rounds):
        for k, width in enumerate(settings.widths):
            params = torch.randn(3 * width + 1, generator=torch.Generator().manual_seed(k)) * 0.3
            loss = _loss_of(x, y, width)
            for m, gradient in enumerate((_central, _forward_mode, _reverse_mode)):
                if i == 0:
                    gradient(loss, params[: 3 * width + 1], 1)  # the first call costs more
                start = time.perf_counter()
                gradient(loss, params, len(params))
                took[i, m, k] = time.perf_counter() - start
    return np.median(took, axis=0)


def _loss_of(
    x: torch.Tensor, y: torch.Tensor, width: int
) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return the loss of a network with one hidden layer, of all its parameters in one vector."""
    import torch

    def loss(params: torch.Tensor) -> torch.Tensor:
        w, b, v = params[:width], params[width : 2 * width], params[2 * width : 3 * width]
        out = torch.tanh(x * w + b) @ v[:, None] + params[-1]
        return ((out - y) ** 2).mean()

    return loss


def _central(loss: Callable[..., Any], params: torch.Tensor, n: int) -> torch.Tensor:
    """Return the first n derivatives by central differences: two evaluations each."""
    import torch

    found = torch.empty(n)
    with torch.no_grad():
        for i in range(n):
            moved = params.clone()
            moved[i] += 1e-2
            high = loss(moved)
            moved[i] -= 2e-2
            found[i] = (high - loss(moved)) / 2e-2
    return found


def _forward_mode(loss: Callable[..., Any], params: torch.Tensor, n: int) -> torch.Tensor:
    """Return the first n derivatives by forward mode: a pass each."""
    import torch

    from simulate.measures.trace import jvp

    found = torch.empty(n)
    along = torch.zeros_like(params)
    for i in range(n):
        along[i] = 1
        found[i] = jvp(loss, [params], [along])
        along[i] = 0
    return found


def _reverse_mode(loss: Callable[..., Any], params: torch.Tensor, n: int) -> torch.Tensor:
    """Return all derivatives by reverse mode: one pass."""
    import torch

    leaf = params.clone().requires_grad_()
    (found,) = torch.autograd.grad(loss(leaf), leaf)
    return found
