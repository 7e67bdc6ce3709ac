"""The length of a symbolic derivative against depth, and that of a trace with its way back.

Source  001, symbolic derivatives; Baydin et al. 2018, table 1
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    TICK,
    WIDTH,
    Canvas,
    is_narrow,
    px,
    text_width,
)
from look.numbers import number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "derivative_methods": "symbolic_length (layer), trace_length (layer), depth (layer), "
    "symbols_grow",
}

VISUAL = Visual(
    uses=["derivative_methods"],
    title="{symbols_grow:?The length of a derivative, in two ways|Written out, the derivative "
    "of {deepest} steps has {longest_symbolic:,} operations; reverse mode needs {longest_trace:,}}",
    subtitle="A square’s area is the number of operations. Written out: as one formula, by the "
    "product rule. Each step: x\u202f←\u202f4x(1\u202f−\u202fx).",
    alt="Two rows of squares, one for each depth. The olive ones, the derivative written out, grow "
    "from a dot to a large square of {longest_symbolic:,} operations at depth {deepest}. The green "
    "ones under them, reverse mode, stay small: {longest_trace:,} operations at the last.",
    caption="Sympy’s derivative as it comes, not simplified: the product rule writes every factor "
    "out anew. Reverse mode reuses what it has: its operations are those of the function, and a "
    "product and a sum for each edge of its trace.",
    words={
        "depth": "steps",
        "times": "about {times:.2r} ×\nas many",
    },
    series={
        "symbolic": ["written out", "yellow"],
        "reverse mode": ["reverse mode", "green"],
    },
)

GAP = 13.0  # between squares, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return a square for each depth, twice: on a common ground, and hanging from under it."""
    depth = recording.depth.values.tolist()
    lengths = {"symbolic": recording.symbolic_length.values.astype(float),
               "reverse mode": recording.trace_length.values.astype(float)}  # fmt: skip
    sides = {name: np.sqrt(length) for name, length in lengths.items()}
    wides = np.maximum(*sides.values())
    margin, sheet = (NARROW_MARGIN, NARROW) if is_narrow() else (MARGIN, WIDTH)
    left = margin + text_width(series("reverse mode").label, LABEL, "semibold") + 12
    left = margin if is_narrow() else left
    room = sheet - margin - left - GAP * (len(depth) - 1)
    scale = room / wides.sum()
    # on the narrow sheet the rows' names stand over them
    ground = scale * sides["symbolic"].max() + (54 if is_narrow() else 30)
    under = ground + (84 if is_narrow() else 56)  # where the others hang from
    below = under + scale * sides["reverse mode"].max() + 17  # their numbers
    tall = below + 14
    fig = Canvas(tall, narrow=tall)
    ax = fig.place(0, 0, sheet, tall)
    ax.set(xlim=(0, sheet), ylim=(tall, 0))
    ax.axis("off")
    at = left + np.cumsum(scale * wides + GAP) - GAP - scale * wides / 2  # middles
    style = {"ha": "center", "va": "baseline"}
    for k, x in enumerate(at.tolist()):
        for name, length in lengths.items():
            side = scale * sides[name][k]
            top = ground - side if name == "symbolic" else under
            square = Rectangle((x - side / 2, top), side, side, facecolor=series(name).color)
            square.set_label(f"{name} {depth[k]}")
            ax.add_patch(square)
            said = number(int(length[k]))
            # A number wider than its square and gaps has no room; the last ones always have.
            if text_width(said, TICK, "semibold") < scale * wides[k] + 2 * GAP - 4:
                ax.text(x, top - 6 if name == "symbolic" else below, said,
                        fontsize=px(TICK), weight="semibold", **style)  # fmt: skip
        ax.text(x, ground + 21, number(int(depth[k])), color=color("muted"), fontsize=px(TICK),
                **style)  # fmt: skip
    ax.plot([left, sheet - margin], [ground + 1, ground + 1], color=color("quiet"),
            linewidth=px(1.2))  # fmt: skip
    _names(ax, margin, left, ground, under, float(at[-1] - scale * wides[-1] / 2))
    if recording.attrs["symbols_grow"]:
        _gap(ax, recording, float(at[-1]), ground, scale, margin)
    return fig


def _gap(
    ax: Axes, recording: xr.Dataset, x: float, ground: float, scale: float, margin: float
) -> None:
    """Write how many times the last two are, and lay the small one into the large one."""
    large, small = (float(recording[name][-1]) for name in ("symbolic_length", "trace_length"))
    side, inner = scale * large**0.5, scale * small**0.5
    copy = Rectangle((x - side / 2 + 6, ground - 6 - inner), inner, inner,
                     facecolor=series("reverse mode").color, edgecolor=color("background"),
                     linewidth=px(1.5))  # fmt: skip
    copy.set_label("reverse mode, laid in")
    ax.add_patch(copy)
    size = 15.0 if is_narrow() else 24.0
    lines = say("times", times=large / small).split("\n")
    wide = max(text_width(line, size, "semibold") for line in lines)
    right = x - side / 2 + 6 + inner + 8  # beside the small one, if there is room in the large one
    if right + wide + 12 < x + side / 2 and side > 2.6 * size:
        # black can be read on this yellow in both themes
        ax.text(right, ground - 9, "\n".join(lines), va="bottom", weight="semibold",
                color="black", fontsize=px(size), linespacing=1.1, gid="gap")  # fmt: skip
        return
    # over the first squares, which are the lowest
    ax.text(margin, ground - side + 0.8 * size, " ".join(lines), va="baseline",
            weight="semibold", fontsize=px(size), gid="gap")  # fmt: skip


def _names(ax: Axes, margin: float, left: float, ground: float, under: float, last: float) -> None:
    """Write which row is which: beside it, or on the narrow sheet over it."""
    style = {"weight": "semibold", "va": "baseline", "fontsize": px(LABEL)}
    ys = (14, under - 10) if is_narrow() else (ground - 4, under + 12)
    for name, y in zip(("symbolic", "reverse mode"), ys, strict=True):
        ax.text(margin, y, series(name).label, **style)
    ax.text((left + last) / 2, ground + 42, say("depth"), ha="center", va="baseline",
            color=color("muted"), fontsize=px(TICK))  # fmt: skip
