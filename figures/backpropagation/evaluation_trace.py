"""A function as a program computes it: one operation after the other.

Source  001, evaluation trace; Baydin et al. 2018, figure 4
"""

from __future__ import annotations

import re

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.backpropagation import _trace as traces
from figures.parts.canvas import formula_box, px
from figures.parts.colors import mix
from look import traces as equations
from look.numbers import joined
from look.theme import color
from look.words import Visual, say

READS = {
    "evaluation_trace": "primal (v), formula (v), depth (v), lane (v), source (component), "
    "route_depth (component, position), route_lane (component, position), feature (feature), "
    "decimals, expression, n_inputs",
}

VISUAL = Visual(
    uses=["evaluation_trace"],
    title="The formula has x₁x₂ twice; a program computes it once",
    subtitle="At x₁ = {x1:g}, x₂ = {x2:g} it takes {n_operations} small steps, each a single "
    "operation on earlier results.",
    alt="The formula, in it both x₁x₂ in green, over a graph that runs from the inputs to the "
    "output: two boxes, then boxes for the product, in green, and the sine, for the exponential "
    "and the difference, and one for the sum, f = {output:.2f}. Each box holds its value; an arrow "
    "leads to it from every variable that it is made from, and two green ones leave the product.",
    caption="The evaluation trace of one function at one point, as torch ran it. No step is more "
    "than one operation whose derivative is known: that is all that forward and reverse mode need.",
    words={
        "input": "input",
        "output": "f = {value}",
        "used": "computed once, used {n:?never|once|twice|{n} times}",
        "used short": "used {n:?never|once|twice|{n} times}",
    },
)

PITCH, MARGINS = 112.0, (62.0, 62.0)
SHARED = "green"  # what is computed once and used again


def draw(recording: xr.Dataset) -> Figure:
    """Return the graph with the value of every variable, and what is used again marked."""
    fig, ax, top = traces.sheet(recording, PITCH, MARGINS)
    graph = traces.graph(ax, recording, top=top, above=MARGINS[0], pitch=PITCH, wide=126)
    sources, n_inputs = recording.source.values, int(recording.attrs["n_inputs"])
    uses = np.bincount(sources, minlength=recording.sizes["v"])
    shared = (uses > 1) & (np.arange(len(uses)) >= n_inputs)  # an input isn't computed
    traces.arrows(graph, 0 * sources, plain=True, marked=shared[sources], ink=SHARED)
    for i in range(len(uses)):
        line = equations.primal(recording, i)
        box = traces.node(
            graph, i, line.symbolic, line.result, ink="text",
            fill=mix("background", SHARED, 0.25) if shared[i] else None,
        )  # fmt: skip
        if shared[i]:
            box.set(edgecolor=color(SHARED), linewidth=px(3), label="shared")
            said = say("used short" if graph.upright else "used", n=int(uses[i]))
            traces.caption(graph, i, said, aside=True, ink=SHARED)
            _underlay(graph, recording, i)
        elif i < n_inputs:
            traces.caption(graph, i, say("input"))
        if i == len(uses) - 1:
            x, y = graph.places[i]
            graph.ax.text(
                x, y + traces.HIGH / 2 + 32, traces.maths(say("output", value=line.result)),
                ha="center", va="baseline", parse_math=True, fontsize=px(26),
            )  # fmt: skip
    return fig


def _underlay(graph: traces.Graph, recording: xr.Dataset, i: int) -> None:
    """Lay the colour of a variable under each place where the formula says it out."""
    text = next((each for each in graph.ax.texts if each.get_gid() == "formula"), None)
    if text is None:  # a function of one's own has none
        return
    whole, size = text.get_text().strip("$"), text.get_fontsize() * 96 / 72
    part = str(recording.formula.values[i]).replace(r" \, ", " ")
    for k, name in enumerate(recording.feature.values.astype(str)):
        part = part.replace(f"v_{{{k + 1}}}", re.sub(r"(\d+)$", r"_\1", name))
    start = whole.find(part)
    x, y = text.get_position()
    while start >= 0:
        end, wide = (formula_box(joined([f"${said}$"]), size)[0]
                     for said in (whole[: start + len(part)], part))  # fmt: skip
        graph.ax.add_patch(
            Rectangle((x + end - wide - 2, y - 0.85 * size), wide + 3, 1.2 * size,
                      facecolor=mix("background", SHARED, 0.25), edgecolor="none", zorder=0.5,
                      label="shared")
        )  # fmt: skip
        start = whole.find(part, start + 1)
