"""Evaluation traces: what they record is what torch computes, and what isn't one is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from simulate.errors import UserError
from simulate.measures.trace import trace

FUNCTIONS: dict[str, tuple[Callable[..., Any], dict[str, float]]] = {
    "deck": (
        lambda x1, x2: x1 * x2 + torch.exp(x1 * x2) - torch.sin(x2),
        {"x1": 1.3, "x2": -0.4},
    ),
    "neuron": (
        lambda w, b, x, y: (torch.sigmoid(w * x + b) - y) ** 2,
        {"w": 1.2, "b": 0.3, "x": 2.0, "y": 1.0},
    ),
    "all of them": (
        lambda a, b: (2 - a) / b + 3 / a + a**3 + 2**b + abs(b) + torch.sqrt(a).log()
        + torch.tanh(b) * torch.cos(a) - torch.relu(b) * 4 + torch.maximum(a, b) - -a + 5 * a * a
        + a.reciprocal() + torch.square(b) + torch.tan(a),
        {"a": 0.7, "b": -1.1},
    ),
    "a loop and a branch": (lambda x: _logistic(x), {"x": 0.3}),
    "used once, and an input unused": (lambda x, y: 2 * x, {"x": 0.3, "y": 4.0}),
}  # fmt: skip


def _logistic(x: torch.Tensor) -> torch.Tensor:
    for _ in range(4):
        x = 4 * x * (1 - x) if x > 0.2 else x + 1
    return x


@pytest.mark.parametrize("name", FUNCTIONS)
def test_derivatives_are_those_of_torch(name: str) -> None:
    function, inputs = FUNCTIONS[name]
    found = trace(function, **inputs)
    point = [torch.tensor(value, dtype=torch.float64) for value in inputs.values()]
    output = function(*point)
    assert float(found.primal[-1]) == pytest.approx(output.item(), abs=1e-12)
    by_autograd = torch.autograd.functional.jacobian(function, tuple(point))
    np.testing.assert_allclose(found.adjoint[: len(point)], by_autograd, atol=1e-12)
    for i in range(len(point)):
        along = tuple(torch.tensor(float(i == k), dtype=torch.float64) for k in range(len(point)))
        _, jvp = torch.func.jvp(function, tuple(point), along)
        assert float(found.tangent[i, -1]) == pytest.approx(jvp.item(), abs=1e-12)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_adjoint_and_tangent_is_the_sum_of_its_terms(name: str) -> None:
    found = trace(FUNCTIONS[name][0], **FUNCTIONS[name][1])
    n, source, target = found.sizes["v"], found.source.values, found.target.values
    assert (source < target).all()
    for i in range(n):
        into = found.adjoint_term.values[source == i].sum() + (i == n - 1)
        assert float(found.adjoint[i]) == pytest.approx(into, abs=1e-12)
        for f in range(found.sizes["feature"]):
            into = found.tangent_term.values[f, target == i].sum() + (i == f)
            assert float(found.tangent[f, i]) == pytest.approx(into, abs=1e-12)
    assert {*source, n - 1} | set(range(found.attrs["n_inputs"])) == set(range(n)), "none is idle"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_formulas_give_the_values(name: str) -> None:
    """What a picture prints is computed by Python, from what it says it is made from."""
    found = trace(FUNCTIONS[name][0], **FUNCTIONS[name][1])
    known = dict(zip(found.operation.values[: found.attrs["n_inputs"]], found.primal.values,
                     strict=False))  # fmt: skip
    known |= {f"v{i + 1}": value for i, value in enumerate(found.primal.values.tolist())}
    for i in range(found.attrs["n_inputs"], found.sizes["v"]):
        value = _evaluated(str(found.formula.values[i]), known)
        assert value == pytest.approx(float(found.primal[i]), abs=1e-9), found.formula.values[i]
    for k in range(found.sizes["component"]):
        said = str(found.partial_formula.values[k])
        if "partial" not in said and "relu" not in said and "sign" not in said:
            assert _evaluated(said, known) == pytest.approx(float(found.partial[k]), abs=1e-9), said


def _evaluated(latex: str, known: dict[str, float]) -> float:
    import re

    text = re.sub(r"v_\{(\d+)\}", r"v\1", latex)
    text = re.sub(r"\\sqrt\{([^}]*)\}", r"sqrt(\1)", text)
    text = re.sub(r"\\mathrm\{([^}]*)\}", r"\1", text)
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    text = re.sub(r"\\(exp|sin|cos|tan|tanh|ln) (v\d+|\d+)", r"\1(\2)", text)
    text = text.replace(r"\,", "*").replace("^", "**").replace("{", "(").replace("}", ")")
    text = re.sub(r"(v\d+) (ln)", r"\1*\2", text).replace("\\", "")
    functions = {name: getattr(math, name) for name in ("exp", "sin", "cos", "tan", "tanh", "sqrt")}
    more = {"ln": math.log, "sigma": lambda z: 1 / (1 + math.exp(-z)), "maximum": max, "abs": abs}
    return float(eval(text, {"__builtins__": {}, "max": max}, {**functions, **more, **known}))


def test_the_deck_has_seven_variables() -> None:
    def deck(x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
        product = x1 * x2
        return torch.exp(product) + (product - torch.sin(x2))

    found = trace(deck, x1=2.0, x2=0.5)
    assert found.sizes["v"] == 7
    assert found.attrs["adds_up"] == 1
    assert found.attrs["decimals"] == 2


def test_an_edge_that_skips_columns_has_a_way_of_its_own() -> None:
    found = trace(lambda x: x * torch.sin(torch.exp(torch.cos(x))), x=0.3)
    ends = (found.source.values == 0) & (found.target.values == found.sizes["v"] - 1)
    (skip,) = np.flatnonzero(ends)
    route = found.route_lane.values[skip]
    middle = found.lane.values[1:-1]
    assert (route[1:-1] != middle).all(), "it passes beside the boxes"


REFUSED: list[tuple[Callable[..., Any], str]] = [
    (lambda x: math.sin(x), "takes a number out of torch"),
    (lambda x: torch.stack([x, x]).sum(), "puts variables together"),
    (lambda x: 3.0, "returns 3.0, which is not made"),
    (lambda x: torch.tensor(2.0), "which is not made from its inputs"),
    (lambda x: x * torch.rand(()), "not do the same every time"),
    (lambda x: (x * 2).unsqueeze(0), r"unsqueeze gives \(1,\)"),
    (lambda x: x * x.data, "attribute"),
    (lambda x: x + undefined, "function fails at x = 0: NameError"),  # type: ignore[name-defined]  # noqa: F821
    (lambda x: torch.relu(x), "has a kink"),
    (lambda x: sum((x * k for k in range(41)), start=x), "more than 40 variables"),
]


@pytest.mark.parametrize(("function", "message"), REFUSED, ids=[text for _, text in REFUSED])
def test_what_is_no_trace_is_refused_in_one_line(
    function: Callable[..., Any], message: str
) -> None:
    with pytest.raises(UserError, match=message) as caught:
        trace(function, x=0.0)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [math.nan, math.inf, True, "1", None])
def test_inputs_are_finite_numbers(value: Any) -> None:
    with pytest.raises(UserError, match=r"x is .*finite number"):
        trace(lambda x: x * 1, x=value)
    with pytest.raises(UserError, match="no inputs"):
        trace(lambda: torch.tensor(1.0))
