"""The length of a symbolic derivative against depth, and that of a trace with its way back.

Source  001, symbolic derivatives; Baydin et al. 2018, table 1
"""

from __future__ import annotations

import math

import xarray as xr
from matplotlib.figure import Figure

from figures.backpropagation._gap import gap
from figures.parts.axes import label_ends, name_axes, ticks
from figures.parts.canvas import px, subplots
from look.numbers import number
from look.runs import series
from look.words import Visual, say

READS = {
    "derivative_methods": "symbolic_length (layer), trace_length (layer), depth (layer), "
    "symbols_grow",
}

VISUAL = Visual(
    uses=["derivative_methods"],
    title="{symbols_grow:?The length of a derivative, in two ways|Written out, a derivative at "
    "depth {deepest} has {longest_symbolic:,} operations; reverse mode needs {longest_trace:,}}",
    subtitle="Operations for the derivative of x\u202f←\u202f4x(1\u202f−\u202fx), applied again "
    "and again.",
    alt="Two curves of operations, on a logarithmic axis, against depth: the symbolic derivative "
    "ends at {longest_symbolic:,} at depth {deepest}, a forward and a backward pass over the trace "
    "at {longest_trace:,}.",
    caption="Sympy’s derivative as it comes, not simplified: the product rule writes every factor "
    "out anew. Reverse mode reuses what it has: its operations are those of the function, and a "
    "product and a sum for each edge of its trace.",
    words={
        "depth": "depth: times applied",
        "operations": "operations",
        "end": "{name}: {n:,}",
        "times": "{times:.2r} ×",
    },
    series={
        "symbolic": ["written out", "yellow"],
        "reverse mode": ["reverse mode", "green"],
    },
)


def draw(recording: xr.Dataset) -> Figure:
    """Return both lengths by depth, named with the last."""
    fig, ax = subplots(height=380, left=72, right=170, narrow=True)
    depth = recording.depth.values
    lengths = {"symbolic": recording.symbolic_length.values,
               "reverse mode": recording.trace_length.values}  # fmt: skip
    for name, length in lengths.items():
        shown = series(name)
        said = say("end", name=shown.label, n=int(length[-1]))
        ax.semilogy(depth, length, color=shown.color, linewidth=px(4), marker="o",
                    markersize=px(8), label=said)  # fmt: skip
    name_axes(ax, say("depth"), say("operations"))
    ticks(ax, "x", depth.tolist(), lambda n: number(int(n)))
    high = math.ceil(math.log10(max(length.max() for length in lengths.values())))
    ticks(ax, "y", [10**k for k in range(high + 1)])
    ax.set_ylim(1, None)
    ax.grid(axis="y")
    ax.set_xlim(depth[0] - 0.35, depth[-1] + 0.9)
    label_ends(ax)
    if recording.attrs["symbols_grow"]:
        short, long = (int(length[-1]) for length in reversed(lengths.values()))
        gap(ax, depth[-1] + 0.55, short, long, say("times", times=long / short))
    return fig
