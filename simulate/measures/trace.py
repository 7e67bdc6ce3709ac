r"""Evaluation traces: what a function computes step by step, and its derivatives both ways.

A function is run once, and every operation on its way becomes a variable v₁, v₂, … with the local
derivatives ∂v/∂(what it is made from), which are autograd's. What forward and reverse mode then do
is no more than sums of products over the same graph:

.. math:: \dot v_i = \sum_{j \to i} \frac{\partial v_i}{\partial v_j} \dot v_j, \qquad
          \bar v_j = \sum_{j \to i} \bar v_i \frac{\partial v_i}{\partial v_j}

Both are held to torch's own: every tangent pass to ``torch.func.jvp``, the adjoints to autograd,
and these to slopes of the function itself, which notice what has left torch on the way.

Baydin, Pearlmutter, Radul, Siskind 2018, "Automatic differentiation in machine learning: a survey",
sections 3.1 and 3.2. Source 001 gives v̄₂ as v̄₂v₁ + v̄₄cos v₂; it is v̄₃v₁ + v̄₄cos v₂.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
import xarray as xr
from torch.overrides import TorchFunctionMode

from simulate.errors import UserError
from simulate.measures._layers import layered
from simulate.recording import variable

MOST = 40  # variables: more than that is no picture
NEAR = 1e-9  # what passes over the trace may differ from torch's, relative to the largest
SLOPE = 1e-4  # what torch's derivatives may differ from measured slopes

# Operation -> what it is, and its local derivatives, in LaTeX: {0} and {1} are what it is made
# from, {v} is what comes out. A derivative of 1 or −1 is written so.
_OPERATIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "add": ("{0} + {1}", ("1", "1")),
    "sub": ("{0} - {1}", ("1", "-1")),
    "rsub": ("{1} - {0}", ("-1", "1")),
    "mul": (r"{0} \, {1}", ("{1}", "{0}")),
    "div": ("{0} / {1}", ("1 / {1}", "-{v} / {1}")),
    "rdiv": ("{1} / {0}", ("-{v} / {0}", "1 / {0}")),
    "reciprocal": ("1 / {0}", ("-{v}^2",)),
    "neg": ("-{0}", ("-1",)),
    "pow": ("{0}^{{{1}}}", (r"{1} \, {0}^{{{1} - 1}}", r"{v} \ln {0}")),
    "rpow": ("{1}^{{{0}}}", (r"{v} \ln {1}", r"{0} \, {1}^{{{0} - 1}}")),
    "square": ("{0}^2", (r"2 \, {0}",)),
    "sqrt": (r"\sqrt{{{0}}}", (r"1 / (2 \, {v})",)),
    "exp": (r"\exp {0}", ("{v}",)),
    "log": (r"\ln {0}", ("1 / {0}",)),
    "sin": (r"\sin {0}", (r"\cos {0}",)),
    "cos": (r"\cos {0}", (r"-\sin {0}",)),
    "tan": (r"\tan {0}", ("(1 + {v}^2)",)),
    "tanh": (r"\tanh {0}", ("(1 - {v}^2)",)),
    "sigmoid": (r"\sigma({0})", (r"{v} \, (1 - {v})",)),
    "relu": (r"\max(0, {0})", (r"\mathrm{{relu}}'({0})",)),
    "abs": ("|{0}|", (r"\mathrm{{sign}} \, {0}",)),
}
_SAME = {
    "true_divide": "div", "divide": "div", "multiply": "mul", "subtract": "sub", "negative": "neg",
    "absolute": "abs", "add_": "add", "sub_": "sub", "mul_": "mul", "div_": "div",
    "float_power": "pow", "expit": "sigmoid",
}  # fmt: skip
_LEAVES = {"item", "tolist", "numpy", "__float__", "__int__", "__index__", "__array__", "detach"}


@dataclass
class _Variable:
    """One step of a trace.

    Attributes
    ----------
    value : float
    formula : str
        How it is made, in LaTeX.
    parents : list of (int, float, str)
        What it is made from: its place in the trace, the local derivative, and that in LaTeX.
    operation : str
        torch's name for it; the input's own for an input.
    """

    value: float
    formula: str
    parents: list[tuple[int, float, str]] = field(default_factory=list)
    operation: str = ""


def trace(function: Callable[..., Any], **inputs: float) -> xr.Dataset:
    r"""Return the evaluation trace of a function of numbers, with all tangents and adjoints.

    Parameters
    ----------
    function : callable
        ``function(**inputs) -> Tensor``, one number of numbers, in plain Python on tensors:
        ``lambda x1, x2: x1 * torch.exp(x2)``. Branches and loops are as they run at this point.
    **inputs : float
        Where it is evaluated.

    Returns
    -------
    Dataset
        By variable, in the order of evaluation (v): ``primal``, ``adjoint``, ``tangent`` (feature,
        v) with a pass for each input (feature), ``formula`` in LaTeX, ``operation``, and where to
        draw it: ``depth``, ``lane``. By edge (component): ``source``, ``target`` (places in the
        trace, from 0), the local derivative ``partial`` and its ``partial_formula``, what it passes
        on, ``tangent_term`` (feature, component) and ``adjoint_term``, and its way, ``route_depth``
        and ``route_lane`` (component, position). Attributes: ``n_inputs``, ``n_variables``,
        ``output`` (its value), ``function`` (its name), ``expression`` (all of it in LaTeX, where
        somebody has put it there), ``decimals`` (with so many, sums and products come out as
        printed) and ``adds_up`` (whether they do).

    Raises
    ------
    UserError
        If an input is no finite number, the function fails or gives no number, a variable is not
        one number, numbers leave torch on the way (``math.sin``, ``float``), or there are more than
        40 variables.

    Examples
    --------
    >>> found = trace(lambda x1, x2: x1 * torch.exp(x2), x1=2.0, x2=0.0)
    >>> found.primal.values.tolist(), found.adjoint.values.tolist()
    ([2.0, 0.0, 1.0, 2.0], [1.0, 2.0, 2.0, 1.0])
    >>> found.formula.values.tolist()
    ['x_{1}', 'x_{2}', '\\exp v_{2}', 'v_{1} \\, v_{3}']
    """
    if not callable(function):
        raise UserError(f"function is a {type(function).__name__}; give a function of tensors")
    if not inputs:
        raise UserError("no inputs; name each with its value: trace(f, x1=2.0, x2=0.5)")
    for name, value in inputs.items():
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            raise UserError(f"{name} is {value!r}; it takes a finite number")
    steps = _walk(function, inputs)
    edges = [
        (source, target, partial, formula)
        for target, step in enumerate(steps)
        for source, partial, formula in step.parents
    ]
    tangents = np.array([_forward(steps, i) for i in range(len(inputs))])
    adjoints = _backward(steps)
    _check(function, inputs, tangents[:, -1], adjoints[: len(inputs)])
    source = np.array([edge[0] for edge in edges], dtype=int)
    target = np.array([edge[1] for edge in edges], dtype=int)
    partial = np.array([edge[2] for edge in edges], dtype=float)
    depth, lane, routes = layered(len(steps), list(zip(source, target, strict=True)))
    primal = np.array([step.value for step in steps])
    tangent_term, adjoint_term = tangents[:, source] * partial, adjoints[target] * partial
    decimals = _decimals(steps, tangents, adjoints)
    each, along = "v", "component"
    return xr.Dataset(
        {
            "primal": variable(each, primal, "value"),
            "adjoint": variable(each, adjoints, "derivative of the output by it"),
            "tangent": variable(("feature", each), tangents, "its derivative by the input"),
            "formula": variable(each, [step.formula for step in steps], "how it is made"),
            "operation": variable(each, [step.operation for step in steps], "operation"),
            "depth": variable(each, depth, "column"),
            "lane": variable(each, lane, "height"),
            "source": variable(along, source, "from"),
            "target": variable(along, target, "to"),
            "partial": variable(along, partial, "local derivative"),
            "partial_formula": variable(along, [edge[3] for edge in edges], "local derivative"),
            "tangent_term": variable(("feature", along), tangent_term, "tangent passed on"),
            "adjoint_term": variable(along, adjoint_term, "adjoint passed on"),
            "route_depth": variable((along, "position"), routes[..., 0], "column"),
            "route_lane": variable((along, "position"), routes[..., 1], "height"),
        },
        coords={"feature": list(inputs)},
        attrs={
            "n_inputs": len(inputs),
            "n_variables": len(steps),
            "output": float(primal[-1]),
            "function": str(getattr(function, "__name__", "f")).strip("<>"),
            "expression": "",
            "decimals": decimals or 3,
            "adds_up": int(decimals is not None),
        },
    )


class _Recorder(TorchFunctionMode):
    """Notes every operation of torch on what came out of an earlier one."""

    def __init__(self, inputs: dict[str, torch.Tensor]) -> None:
        super().__init__()
        self.steps = [
            _Variable(value.item(), _symbol(name), operation=name) for name, value in inputs.items()
        ]
        self.known = {id(value): i for i, value in enumerate(inputs.values())}
        self.kept: list[Any] = list(inputs.values())  # an id is reused once its object is gone

    def __torch_function__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        name = str(getattr(func, "__name__", func))
        given = [*args, *kwargs.values()]
        places = [self.known.get(id(each)) for each in given]
        if all(place is None for place in places):
            if any(id(part) in self.known for each in given for part in _parts(each)):
                raise UserError(f"{name} puts variables together; write it with single numbers")
            return func(*args, **kwargs)
        before = [each.clone() if isinstance(each, torch.Tensor) else each for each in given]
        if name in _LEAVES:
            raise UserError(
                f"{name} takes a number out of torch, and its derivative is lost; write torch.sin, "
                "not math.sin, and compare tensors, not floats"
            )
        out = func(*args, **kwargs)
        if not isinstance(out, torch.Tensor) or not out.is_floating_point():
            return out  # a comparison, a shape: it has no derivative
        if name == "__get__":
            raise UserError(
                "an attribute of a variable (.T, .data, .real) is no operation; drop it"
            )
        if out.ndim:
            raise UserError(f"{name} gives {tuple(out.shape)}; a variable of a trace is one number")
        self._note(_plain(name), func, before, len(args), list(kwargs), places, out)
        return out

    def _note(
        self,
        name: str,
        func: Any,
        given: list[Any],
        n_args: int,
        names: list[str],
        places: list[int | None],
        out: torch.Tensor,
    ) -> None:
        """Add a variable with its local derivatives, which are autograd's."""
        v = _v(len(self.steps))
        symbols = [
            _v(place) if place is not None else _constant(each)
            for each, place in zip(given, places, strict=True)
        ]
        formula, partials = _written(name, symbols, v)
        leaves = [
            each.detach().requires_grad_() if place is not None else each
            for each, place in zip(given, places, strict=True)
        ]
        again = func(*leaves[:n_args], **dict(zip(names, leaves[n_args:], strict=True)))
        wanted = [leaf for leaf, place in zip(leaves, places, strict=True) if place is not None]
        slopes = iter(
            torch.autograd.grad(again, wanted, allow_unused=True)
            if again.requires_grad
            else [None] * len(wanted)
        )
        parents: dict[int, tuple[float, list[str]]] = {}
        for place, partial in zip(places, partials, strict=True):
            if place is not None:
                slope = next(slopes)
                total, said = parents.get(place, (0.0, []))
                parents[place] = (
                    total + (0.0 if slope is None else slope.item()),
                    [*said, partial],
                )
        self.steps.append(
            _Variable(
                out.item(),
                formula,
                [(place, slope, _sum(said)) for place, (slope, said) in parents.items()],
                name,
            )
        )
        self.known[id(out)] = len(self.steps) - 1
        self.kept.append(out)
        if len(self.steps) > MOST:
            raise UserError(f"the trace has more than {MOST} variables; take a shorter function")


def _walk(function: Callable[..., Any], inputs: dict[str, float]) -> list[_Variable]:
    """Run the function once, and return its steps, without those that lead nowhere."""
    tensors = {
        name: torch.tensor(float(value), dtype=torch.float64) for name, value in inputs.items()
    }
    recorder = _Recorder(tensors)
    try:
        with recorder:
            out = function(**tensors)
    except UserError:
        raise
    except Exception as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        raise UserError(f"function fails at {_point(inputs)}: {said}") from error
    if id(out) not in recorder.known:
        what = f"{out!r}" if isinstance(out, int | float) else f"a {type(out).__name__}"
        raise UserError(f"function returns {what}, which is not made from its inputs by torch")
    return _needed(recorder.steps, recorder.known[id(out)], len(inputs))


def _needed(steps: list[_Variable], last: int, n_inputs: int) -> list[_Variable]:
    """Return inputs and what the output is made from, numbered anew."""
    wanted = {last}
    for i in range(last, -1, -1):
        if i in wanted:
            wanted |= {place for place, _, _ in steps[i].parents}
    kept = [i for i in range(len(steps)) if i < n_inputs or i in wanted]
    if len(kept) == len(steps):
        return steps
    new = {old: place for place, old in enumerate(kept)}

    def renamed(text: str) -> str:
        # From the first on: a new number is never larger than its old one, so none is hit twice.
        for old in kept:
            text = text.replace(_v(old), _v(new[old]))
        return text

    return [
        _Variable(
            steps[i].value,
            renamed(steps[i].formula),
            [(new[place], slope, renamed(said)) for place, slope, said in steps[i].parents],
            steps[i].operation,
        )
        for i in kept
    ]


def _forward(steps: list[_Variable], seed: int) -> list[float]:
    """Return every variable's derivative by one input, in the order of evaluation."""
    tangents: list[float] = []
    for i, step in enumerate(steps):
        tangents.append(
            sum((slope * tangents[place] for place, slope, _ in step.parents), float(i == seed))
        )
    return tangents


def _backward(steps: list[_Variable]) -> np.ndarray:
    """Return the output's derivative by every variable, last first."""
    adjoints = np.zeros(len(steps))
    adjoints[-1] = 1.0
    for i in range(len(steps) - 1, -1, -1):
        for place, slope, _ in steps[i].parents:
            adjoints[place] += adjoints[i] * slope
    return adjoints


def _check(
    function: Callable[..., Any],
    inputs: dict[str, float],
    by_jvp: np.ndarray,
    by_adjoint: np.ndarray,
) -> None:
    """Hold the derivatives to torch's, and those to slopes of the function itself."""

    def positional(*values: torch.Tensor) -> torch.Tensor:
        return function(**dict(zip(inputs, values, strict=True)))

    point = [torch.tensor(float(value), dtype=torch.float64) for value in inputs.values()]
    leaves = [each.clone().requires_grad_() for each in point]
    grads = torch.autograd.grad(positional(*leaves), leaves, allow_unused=True)
    autograd = np.array([0.0 if each is None else each.item() for each in grads])
    jvps, slopes = [], []
    for i in range(len(point)):
        along = [torch.ones_like(each) if i == k else torch.zeros_like(each)
                 for k, each in enumerate(point)]  # fmt: skip
        jvps.append(jvp(positional, point, along).item())
        step = 1e-6 * max(1.0, abs(point[i].item()))
        high, low = (
            positional(*(each + sign * step * a for each, a in zip(point, along, strict=True)))
            for sign in (1, -1)
        )
        slopes.append((high.item() - low.item()) / (2 * step))
    size = max(1.0, float(np.abs(autograd).max()))
    for found, wanted, what in (
        (by_jvp, jvps, "torch.func.jvp"),
        (by_adjoint, autograd, "autograd"),
    ):
        if not np.allclose(found, wanted, rtol=0, atol=NEAR * size, equal_nan=True):
            raise UserError(
                f"the trace gives {np.round(found, 6).tolist()}, {what} "
                f"{np.round(wanted, 6).tolist()}; the function does not do the same every time"
            )
    for name, exact, slope in zip(inputs, autograd, slopes, strict=True):
        if not abs(exact - slope) <= SLOPE * max(size, abs(slope)):
            raise UserError(
                f"by {name} the derivative is {exact:.6g}, and the slope {slope:.6g}: something "
                "leaves torch on the way, or the function has a kink at this point"
            )


def jvp(
    function: Callable[..., torch.Tensor], point: Sequence[torch.Tensor], along: Sequence[Any]
) -> torch.Tensor:
    """Return torch's own derivative of a function at a point along a direction, forward mode."""
    with warnings.catch_warnings():
        # torch's own, of what it imports for its first pass
        warnings.simplefilter("ignore", DeprecationWarning)
        found: torch.Tensor = torch.func.jvp(function, tuple(point), tuple(along))[1]
    return found


def _decimals(steps: list[_Variable], tangents: np.ndarray, adjoints: np.ndarray) -> int | None:
    """Return with how many decimals all that is printed follows from what is printed.

    None if that isn't so with 2, 3 or 4.
    """
    sums: list[tuple[float, list[tuple[float, float]]]] = []
    for i, step in enumerate(steps):
        sums += [
            (tangent[i], [(slope, tangent[place]) for place, slope, _ in step.parents])
            for tangent in tangents
            if step.parents
        ]
    into: list[list[tuple[float, float]]] = [[] for _ in steps]
    for i, step in enumerate(steps):
        for place, slope, _ in step.parents:
            into[place].append((slope, float(adjoints[i])))
    sums += [(float(adjoints[i]), terms) for i, terms in enumerate(into) if terms]
    for n in (2, 3, 4):
        if all(
            round(sum(round(a, n) * round(b, n) for a, b in terms), n) == round(total, n)
            for total, terms in sums
        ) and all(_follows(step, steps, n) for step in steps):
            return n
    return None


def _follows(step: _Variable, steps: list[_Variable], n: int) -> bool:
    """Tell whether a rounded sum, difference, product or known function follows as printed."""
    values = [round(steps[place].value, n) for place, _, _ in step.parents]
    known: dict[str, Callable[..., float]] = {
        "exp": math.exp, "sin": math.sin, "cos": math.cos, "tanh": math.tanh, "neg": lambda a: -a,
        "square": lambda a: a * a,
        "sigmoid": lambda a: 1 / (1 + math.exp(-a)), "relu": lambda a: max(0.0, a),
    }  # fmt: skip
    two: dict[str, Callable[[float, float], float]] = {
        "add": lambda a, b: a + b,
        "sub": lambda a, b: a - b,
        "mul": lambda a, b: a * b,
    }
    if len(values) == 1 and step.operation in known:
        return round(known[step.operation](*values), n) == round(step.value, n)
    if len(values) == 2 and step.operation in two:
        return round(two[step.operation](*values), n) == round(step.value, n)
    return True


def _written(name: str, symbols: list[str], v: str) -> tuple[str, list[str]]:
    """Return an operation and its local derivatives in LaTeX."""
    formula, partials = _OPERATIONS.get(name, ("", ()))
    if name == "mul" and not symbols[1].startswith("v_"):  # a number comes first
        formula = r"{1} \, {0}"
    if name == "pow" and symbols[1] == "2":
        formula, partials = "{0}^2", (r"2 \, {0}", "")
    try:
        if formula and len(partials) == len(symbols):
            return (
                formula.format(*symbols, v=v),
                [each.format(*symbols, v=v) for each in partials],
            )
    except IndexError:
        pass
    said = rf"\mathrm{{{name.replace('_', ' ')}}}({', '.join(symbols)})"
    return said, [rf"\partial {v} / \partial {symbol}" for symbol in symbols]


def _plain(name: str) -> str:
    """Return torch's name for an operation as that of the same one in the table."""
    plain = name.strip("_") if name.startswith("__") else name
    plain = {"truediv": "div", "rtruediv": "rdiv", "radd": "add", "rmul": "mul"}.get(plain, plain)
    return _SAME.get(plain, plain)


def _v(place: int) -> str:
    return f"v_{{{place + 1}}}"


def _symbol(name: str) -> str:
    """Return an input's name in LaTeX: x1 is x with an index."""
    stem = name.rstrip("0123456789")
    index = name[len(stem) :].lstrip("_")
    letter = stem.rstrip("_") or name
    letter = letter if len(letter) == 1 else rf"\mathrm{{{letter.replace('_', ' ')}}}"
    return f"{letter}_{{{index}}}" if index else letter


def _constant(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        value = value.item() if value.ndim == 0 else "c"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _sum(terms: list[str]) -> str:
    return terms[0] if len(terms) == 1 else "(" + " + ".join(terms) + ")"


def _parts(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _point(inputs: dict[str, float]) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in inputs.items())
