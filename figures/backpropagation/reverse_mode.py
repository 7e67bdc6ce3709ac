"""Reverse mode: from the output back, one pass for all derivatives.

Source  001, reverse mode; Baydin et al. 2018, table 3. 001 has v̄₂v₁ where v̄₃v₁ belongs
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from figures.backpropagation import _trace as traces
from look import traces as equations
from look.words import Visual

READS = {
    "evaluation_trace": "primal (v), formula (v), adjoint (v), depth (v), lane (v), "
    "source (component), target (component), partial (component), partial_formula (component), "
    "adjoint_term (component), route_depth (component, position), "
    "route_lane (component, position), feature (feature), decimals, expression, adds_up, n_inputs",
}

VISUAL = Visual(
    uses=["evaluation_trace"],
    title="Reverse mode: one pass back, {n_inputs:?no derivative|the derivative|both "
    "derivatives|all {n_inputs} derivatives}",
    subtitle="v̄ is how much f changes with v. It begins with 1 at the output; going back, each "
    "variable adds up what its arrows bring: orange is plus, blue minus, and wider is more.",
    alt="The graph of f with its arrows turned round: from f, where the derivative is "
    "1, they lead back to both inputs. Boxes hold the adjoints, with the sums that they come from; "
    "at the inputs stand {adjoint_1:.2f} and {adjoint_2:.2f}.",
    caption="The same function and point as the evaluation trace; local derivatives are "
    "autograd’s, and the {n_inputs} results are those of loss.backward(). v₂ is used "
    "twice, so two terms meet there: v̄₂ = v̄₃v₁ + v̄₄ cos v₂.",
    words={
        "result": "partial f slash partial {name} = {value}",
        "question": "How fast does f change with each of its inputs?\n"
        "First the values, from the inputs to f: each variable is one small step.",
        "back": "It starts at the end: f changes with itself at a rate of 1\n"
        "v̄ is how fast f changes with v; every arrow passes it back.",
        "meet": "Where arrows meet, they add up: {sum}\n"
        "Each arrow brings one term of the equation below.",
        "alone": "Where one arrow comes, there is one term: {term}\n"
        "The derivative behind the arrow, times how fast its variable follows.",
        "end": "One pass back has found {n_inputs:?nothing|the derivative|both derivatives|all "
        "{n_inputs} derivatives}\nWith a thousand inputs it would still be one pass.",
    },
)

PITCH, MARGINS = 136.0, (124.0, 122.0)


def draw(recording: xr.Dataset) -> Figure:
    """Return the graph with every variable's adjoint."""
    fig, ax, top = traces.sheet(recording, PITCH, MARGINS)
    graph = traces.graph(ax, recording, top=top, above=MARGINS[0], pitch=PITCH, wide=124)
    traces.arrows(graph, recording.adjoint_term.values, back=True)
    most = float(np.abs(recording.adjoint.values).max())
    for i in range(recording.sizes["v"]):
        line = equations.derivative(recording, i, "adjoint")
        value = float(recording.adjoint.values[i])
        traces.node(
            graph, i, line.left, line.result, made=line.symbolic,
            known=traces.known(recording, i, graph.wide - 6),
            ink="text", fill=traces.tint(value, most),
        )  # fmt: skip
        lines = [(line.symbolic, "text")]
        if line.numbers:
            lines.append((line.numeric, "muted"))
        traces.beside(graph, i, lines)
        if i < recording.attrs["n_inputs"]:
            found = traces.result(str(recording.feature.values[i]), line.result)
            traces.beyond(graph, i, found, len(lines))
    return fig
