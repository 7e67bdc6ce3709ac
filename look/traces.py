r"""The equations of an evaluation trace, as figures and films of it print them.

They are made from a recording of ``simulate.trace``, in LaTeX as far as matplotlib knows it:
symbols, then the same with numbers, then what comes out. Of PyTorch's own graph, what a node hands
on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Literal

from look.numbers import fixed, form, joined, subscript
from look.words import say

if TYPE_CHECKING:
    import xarray as xr

Mode = Literal["tangent", "adjoint"]
MARKS = {"tangent": r"\dot", "adjoint": r"\bar"}


@dataclass(frozen=True)
class Equation:
    """One variable's line.

    Attributes
    ----------
    left, symbols, numbers, result : str
        ``left = symbols = numbers = result``; `numbers` is empty where they are the result.
    sign : str
        Before the result: "=", or "≈" where digits don't follow from those printed.
    """

    left: str
    symbols: str
    numbers: str
    result: str
    sign: str = "="

    @property
    def symbolic(self) -> str:
        """The variable and what it is made from."""
        return joined([self.left, "=", self.symbols])

    @property
    def numeric(self) -> str:
        """What comes out, after the numbers that it comes from."""
        parts = ["=", self.numbers] if self.numbers else []
        return joined([*parts, self.sign, self.result])


def name(i: int, mode: str = "") -> str:
    """Return a variable's name in LaTeX, or that of its tangent or adjoint."""
    letter = f"{MARKS[mode]}{{v}}" if mode else "v"
    return joined([f"{letter}_{{{i + 1}}}"])


def value(trace: xr.Dataset, number: Any) -> str:
    """Return a number as this trace prints it."""
    return fixed(number, int(trace.attrs["decimals"]))


def primal(trace: xr.Dataset, i: int) -> Equation:
    """Return how a variable is made, with its value."""
    return Equation(
        name(i), joined([str(trace.formula.values[i])]), "", value(trace, trace.primal.values[i])
    )


def derivative(trace: xr.Dataset, i: int, mode: Mode, feature: int = 0) -> Equation:
    """Return a variable's tangent, by one input, or its adjoint, as the sum that it is."""
    if mode == "tangent":
        known = trace.tangent.values[feature]
        ours, others = trace.target.values, trace.source.values
    else:
        known = trace.adjoint.values
        ours, others = trace.source.values, trace.target.values
    edges = [k for k in range(len(ours)) if ours[k] == i]
    result = value(trace, known[i])
    if not edges:  # where the pass begins
        seed = int(known[i])
        return Equation(name(i, mode), form(seed), "", form(seed))
    symbols, numbers = [], []
    for k in edges:
        factor, other = str(trace.partial_formula.values[k]), int(others[k])
        minus, factor = factor.startswith("-"), factor.removeprefix("-")
        slope = -trace.partial.values[k] if minus else trace.partial.values[k]
        decimals = int(trace.attrs["decimals"])
        shown = form(known[other], f"(.{decimals}f)")
        one = factor == "1"
        symbols.append((minus, name(other, mode) + ("" if one else rf" \, {factor}")))
        numbers.append(
            (minus, shown if one else rf"{shown} \cdot {form(slope, f'(.{decimals}f)')}")
        )
    said = _summed(numbers)
    plain = said.replace("(", "").replace(")", "")
    return Equation(
        name(i, mode),
        _summed(symbols),
        "" if plain == result else said,
        result,
        "=" if trace.attrs["adds_up"] else "≈",
    )


def met(trace: xr.Dataset, i: int) -> str:
    """Return what the arrows of reverse mode bring to a variable, as a sum in plain text."""
    terms = trace.adjoint_term.values[trace.source.values == i].tolist()
    return _summed((term < 0, value(trace, abs(term))) for term in terms)


def _summed(terms: Iterable[tuple[bool, str]]) -> str:
    """Return terms as a sum; a term has a minus before it where the first of its pair says so."""
    text = ""
    for minus, term in terms:
        sign = "−" if minus else "+" if text else ""
        text = f"{text} {sign} {term}" if text else f"{sign}{term}"
    return joined([text])


def plain(name: str) -> str:
    """Return an input's name in plain text: x₁ for x1.

    Examples
    --------
    >>> plain("x1"), plain("weight")
    ('x₁', 'weight')
    """
    stem = name.rstrip("0123456789")
    index = name[len(stem) :]
    return joined([stem.rstrip("_") + (subscript(index) if index and stem else index)])


# What a node of autograd makes of the gradient g that comes to it: by its name, and by that of the
# node that it hands it to where it hands on several.
_HANDED_ON = {
    ("MseLoss", ""): r"\frac{2}{n} (\hat{y} - y)",
    ("Addmm", "AccumulateGrad"): r"\Sigma \, g",
    ("Addmm", "T"): "x^T g",
    ("T", ""): "g^T",
    ("Relu", ""): r"g \, \mathrm{where} \, z > 0",
}


_NEURON = r"\hat{y} = x \, w^T + b, \quad \mathrm{loss} = \frac{1}{n} \, \Sigma \, (\hat{y} - y)^2"


def handed_on(node: str, to: str) -> str:
    """Return how a node of autograd makes the gradient that it hands on, in LaTeX; "" if unknown.

    Examples
    --------
    >>> handed_on("AddmmBackward0", "TBackward0"), handed_on("EluBackward0", "AccumulateGrad")
    ('x^T g', '')
    """
    kind, other = (name.partition("Backward")[0] for name in (node, to))
    return _HANDED_ON.get((kind, other)) or _HANDED_ON.get((kind, ""), "")


def handed(graph: xr.Dataset, edge: int) -> str:
    """Return how what passes an edge is made, in LaTeX; g has the number of the node it came to.

    Nodes are numbered from 1 in the order in which they are called.
    """
    node, to = int(graph.target.values[edge]), int(graph.source.values[edge])
    rule = handed_on(str(graph.name.values[node]), str(graph.name.values[to]))
    return joined([re.sub(r"(?<![a-zA-Z\\])g(?![a-zA-Z])", passed(graph, node), rule)])


def passed(graph: xr.Dataset, node: int) -> str:
    """Return what the gradient that comes to a node is called, in LaTeX."""
    return joined([f"g_{{{int(graph.turn.values[node]) + 1}}}"])


def forward(graph: xr.Dataset) -> str:
    """Return what was computed, in LaTeX, where it is the mean squared error of a linear layer."""
    kinds = sorted(str(name).partition("Backward")[0] for name in graph.name.values)
    known = kinds == ["AccumulateGrad", "AccumulateGrad", "Addmm", "MseLoss", "T"]
    return joined([_NEURON if known else ""])


def came(graph: xr.Dataset, node: int, word: str = "passes") -> str:
    """Return what comes to a node of autograd on the way back: a few numbers, or how many.

    To the loss itself comes a 1, with which PyTorch begins.
    """
    if graph.turn.values[node] == 0:
        return say("seed")
    counts = [int(count.replace(",", "")) for count in str(graph["shape"].values[node]).split("×")]
    return str(graph.gradient.values[node]) or say(word, n=prod(counts))
