"""Forward mode: primals and tangents in step, one pass for each input.

Source  001, forward mode; Baydin et al. 2018, table 2
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.backpropagation import _trace as traces
from figures.parts.canvas import MARGIN, NARROW_MARGIN, WIDTH, is_narrow, px
from look import traces as equations
from look.theme import color
from look.words import Visual, say

READS = {
    "evaluation_trace": "primal (v), formula (v), tangent (feature, v), depth (v), lane (v), "
    "source (component), target (component), partial (component), partial_formula (component), "
    "tangent_term (feature, component), route_depth (component, position), "
    "route_lane (component, position), feature (feature), decimals, expression, "
    "adds_up",
}

VISUAL = Visual(
    uses=["evaluation_trace"],
    title="Forward mode: {n_inputs:?no pass|one pass|two passes|{n_inputs} passes} for "
    "{n_inputs:?no derivative|one derivative|two derivatives|{n_inputs} derivatives}",
    subtitle="v̇ is how much v changes with one input. Orange is plus, blue minus, wider is more; "
    "what is grey doesn’t depend on it. With 1,000 inputs it would be 1,000 passes.",
    alt="The graph of f twice, one above the other, its arrows from the inputs to f. Above, the "
    "tangents begin with 1 at x₁ and end with {adjoint_1:.2f} at f; below they begin with 1 at "
    "x₂ and end with {adjoint_2:.2f}.",
    caption="The same function and point as the evaluation trace; local derivatives are "
    "autograd’s, and each pass gives what torch.func.jvp gives.",
    words={
        "pass": "Pass {number}, for {name}{again:?|: all steps again}",
        "counted": "pass {number}:",
        "result": "partial f slash partial {name} = {value}",
        "question": "How fast does f change with {about}?\n"
        "First the values, from the inputs to f: each variable is one small step.",
        "first": "Let {about} change at a rate of 1: how fast does f follow?\n"
        "v̇ is how fast each variable follows; what arrives at a box adds up.",
        "again": "And with {about}? All over again\n"
        "Another input, another pass through the whole graph.",
        "end": "Forward mode: one pass for each input\n"
        "{apart:?Here {n_inputs:?none|one|two|{n_inputs}}.|In a box: pass 1 left, pass 2 right.} "
        "With a thousand inputs it would be a thousand.",
    },
)

PITCH, ABOVE, BELOW = 126.0, 96.0, 88.0
AGAIN = (108.0, 78.0, 88.0)  # the same of later passes, where what is the same isn't written again


def draw(recording: xr.Dataset) -> Figure:
    """Return the graph once for each input, with every variable's tangent by it."""
    first, later = (traces.level_height(recording, pitch, margins) for pitch, *margins in
                    ((PITCH, ABOVE, BELOW), AGAIN))  # fmt: skip
    upright = traces.upright_height(recording)
    n_passes = recording.sizes["feature"]
    fig, ax, top = traces.sheet(
        recording, PITCH, (ABOVE, BELOW), n_passes, less=(n_passes - 1) * (first - later)
    )
    for f in range(n_passes):
        _pass(ax, recording, f, top)
        top += upright if is_narrow() else later if f else first
    return fig


def _pass(ax: Axes, recording: xr.Dataset, f: int, top: float) -> None:
    name = equations.plain(str(recording.feature.values[f]))
    pitch, above, _ = AGAIN if f else (PITCH, ABOVE, BELOW)
    graph = traces.graph(ax, recording, top=top, above=above, pitch=pitch, wide=124)
    corner = (NARROW_MARGIN, top + 28) if is_narrow() else (MARGIN, top + 14)
    said = say("pass", number=f + 1, name=name, again=int(f > 0))
    ax.text(*corner, said, va="baseline", weight="semibold", fontsize=px(16))
    passed = recording.tangent_term.values
    traces.arrows(graph, passed[f], largest=float(np.abs(passed).max()))
    tangents = recording.tangent.values[f]
    most = float(np.abs(recording.tangent.values).max())
    last = recording.sizes["v"] - 1
    for i, value in enumerate(tangents.tolist()):
        line = equations.derivative(recording, i, "tangent", f)
        traces.node(
            graph, i, line.left, line.result, made="" if f else line.symbolic,
            known="" if f else traces.known(recording, i, graph.wide - 6),
            ink="text", dim=value == 0, fill=traces.tint(value, most),
        )  # fmt: skip
        if line.numbers and value:  # where it begins and what stays 0, the box says enough
            lines = [(line.symbolic, "text"), (line.numeric, "muted")]
            # a rule is written once, in the first pass that makes use of it
            traces.beside(graph, i, lines[1:] if recording.tangent.values[:f, i].any() else lines)
        if i == last:
            said = traces.result(str(recording.feature.values[f]), line.result)
            x, y = graph.places[i]
            end = (x, "center") if is_narrow() else (WIDTH - MARGIN, "right")
            size = px(26 if is_narrow() else 32)
            at = y + traces.HIGH / 2 + (32 if is_narrow() else 36)
            ax.text(end[0], at, said, ha=end[1], va="baseline", parse_math=True, fontsize=size,
                    color=color("text"))  # fmt: skip
