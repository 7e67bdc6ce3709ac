"""A function as a program computes it: one operation after the other.

Source  001, evaluation trace; Baydin et al. 2018, figure 4
"""

from __future__ import annotations

import xarray as xr
from matplotlib.figure import Figure

from figures.backpropagation import _trace as traces
from figures.parts.canvas import px
from look import traces as equations
from look.numbers import joined
from look.words import Visual, say

READS = {
    "evaluation_trace": "primal (v), formula (v), depth (v), lane (v), source (component), "
    "route_depth (component, position), route_lane (component, position), decimals, expression, "
    "n_inputs",
}

VISUAL = Visual(
    uses=["evaluation_trace"],
    title="A program computes f in {n_operations} small steps",
    subtitle="At x₁ = {x1:g}, x₂ = {x2:g}: each of the {n_variables} variables is an input, or one "
    "operation on variables before it. Bold: needed again, so it must be kept.",
    alt="A graph that runs from the inputs to the output: two boxes, then boxes for the "
    "product and the sine, for the exponential and the difference, and one for the sum, "
    "f = {output:.2f}. Each box holds its value; an arrow leads to it from every variable that "
    "it is made from.",
    caption="The evaluation trace of one function at one point, as torch ran it. No step is more "
    "than one operation whose derivative is known: that is all that forward and reverse mode need.",
    words={
        "input": "input",
        "output": "f = {value}",
        "used": "used {n:?never|once|twice|{n} times}",
    },
)

PITCH, MARGINS = 112.0, (58.0, 62.0)


def draw(recording: xr.Dataset) -> Figure:
    """Return the graph with the value of every variable."""
    fig, ax, top = traces.sheet(recording, PITCH, MARGINS)
    graph = traces.graph(ax, recording, top=top, above=MARGINS[0], pitch=PITCH, wide=126)
    traces.arrows(graph, 0 * recording.source.values, plain=True)
    for i in range(recording.sizes["v"]):
        line = equations.primal(recording, i)
        uses = int((recording.source.values == i).sum())  # what is used again must be kept
        traces.node(graph, i, line.symbolic, line.result, ink="text", heavy=uses > 1)
        role = say("input") if i < recording.attrs["n_inputs"] else ""
        again = say("used", n=uses) if uses > 1 else ""
        if role or again:
            said = joined([role, again], ", " if role and again else "")
            traces.caption(graph, i, said, aside=uses > 1)
        if i == recording.sizes["v"] - 1:
            x, y = graph.places[i]
            graph.ax.text(
                x, y + traces.HIGH / 2 + 32, say("output", value=line.result), ha="center",
                va="baseline", weight="semibold", fontsize=px(24),
            )  # fmt: skip
    return fig
