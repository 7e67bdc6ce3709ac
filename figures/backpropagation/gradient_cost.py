"""The time of a whole gradient against the number of parameters, in three ways.

Source  001, forward and reverse mode; Baydin et al. 2018, section 3.2
"""

from __future__ import annotations

import math

import xarray as xr
from matplotlib.figure import Figure

from figures.backpropagation._gap import gap
from figures.parts.axes import label_ends, name_axes, ticks
from figures.parts.canvas import is_narrow, px, subplots
from look.numbers import duration, number
from look.runs import series
from look.words import Visual, say

READS = {
    "derivative_methods": "seconds (run_mode, x_params), n_params (x_params), run_mode (run_mode), "
    "most_ratio, reverse_wins",
}

VISUAL = Visual(
    uses=["derivative_methods"],
    title="{reverse_wins:?The time of a gradient, in three ways|For {most_params:,} parameters, "
    "forward mode takes {most_ratio:.2r} times as long as reverse mode}",
    subtitle="Time of all derivatives of one loss, both axes logarithmic. Forward mode runs "
    "once for each parameter, reverse mode once for all of them.",
    alt="Three curves of time against the number of parameters, both axes logarithmic: forward "
    "mode and central differences against that of reverse mode, at {most_params:,} parameters "
    "forward mode takes {most_ratio:.2r} times as long.",
    caption="Measured on one machine, one thread, median of {rounds:?none|one|two|{rounds}} "
    "rounds: the loss of a network with one hidden layer on {n_examples} numbers. Central "
    "differences need two evaluations for each parameter; a pass of forward mode carries the "
    "derivatives along and takes longer than both. The times hold what each pass and each "
    "evaluation costs beside its arithmetic; where a curve jumps, it was so measured, and why is "
    "not recorded.",
    words={
        "parameters": "parameters",
        "time": "time of all derivatives",
        "end": "{name}: {took}",
        "times": "{most_ratio:.2r} ×",
        "central difference": "{name}: {took}\n{n:,} evaluations of {each}",
        "forward mode": "{name}: {took}\n{n:,} passes of {each}",
        "reverse mode": "{name}: {took}\none pass for all",
    },
    series={
        "central difference": ["central differences", "purple"],
        "forward mode": ["forward mode", "slate"],
        "reverse mode": ["reverse mode", "green"],
    },
)


def draw(recording: xr.Dataset) -> Figure:
    """Return a curve for each way, named with what it takes at the most parameters."""
    narrow = is_narrow()
    fig, ax = subplots(height=400, left=66 if narrow else 80, right=108 if narrow else 232,
                       narrow=True)  # fmt: skip
    for name in recording.run_mode.values.tolist():
        shown, seconds = series(name), recording.seconds.sel(run_mode=name).values
        n = int(recording.n_params[-1]) * (2 if name == "central difference" else 1)
        # a digit more than the title's ratio, which has to follow from them
        told = {"name": shown.label, "took": duration(float(seconds[-1]), 3)}
        said = say("end", **told).replace(" ", "\n") if narrow else say(
            name, **told, n=n, each=duration(float(seconds[-1]) / n, 2)
        )  # fmt: skip
        ax.loglog(recording.n_params, seconds, color=shown.color, label=said,
                  linewidth=px(2 if name == "central difference" else 4))  # fmt: skip
    low, high = float(recording.n_params[0]), float(recording.n_params[-1])
    name_axes(ax, say("parameters"), say("time"))
    between = [10.0**k for k in range(1, 9) if 2 * low < 10.0**k < high / 2]
    ticks(ax, "x", [low, *between, high], lambda n: number(int(n)))
    seconds = recording.seconds.values
    decades = range(math.ceil(math.log10(seconds.min())), math.floor(math.log10(seconds.max())) + 1)
    ticks(ax, "y", [10.0**k for k in decades], duration)
    ax.grid(axis="y")
    ax.set_xlim(low / 1.5, high * 1.7)
    beyond = 0.18 if narrow else 0.08  # names of three lines, or two, reach beyond the ends
    low_end, high_end = seconds.min(), seconds.max()
    ax.set_ylim(low_end * (low_end / high_end) ** beyond, high_end * (high_end / low_end) ** beyond)
    label_ends(ax)
    if recording.attrs["reverse_wins"]:
        ends = recording.seconds.isel(x_params=-1)
        reverse, forward, central = (float(ends.sel(run_mode=name)) for name in (
            "reverse mode", "forward mode", "central difference"))  # fmt: skip
        gap(ax, high * 1.35, reverse, forward, say("times"), left=narrow,
            share=_clear(reverse, central, forward))  # fmt: skip
    return fig


def _clear(low: float, between: float, high: float) -> float:
    """Return the share of the way up, of a logarithmic axis, that is clear of an end between.

    It is nearer to the other end, for the words of the curve between are two lines.
    """
    share = math.log(between / low) / math.log(high / low)
    if not 0 < share < 1:
        return 0.5
    return 0.35 * share if share > 0.5 else 1 - 0.35 * (1 - share)
