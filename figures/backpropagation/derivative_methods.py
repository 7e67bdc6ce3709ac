"""What a derivative costs: error against step size, length against depth, time against parameters.

Source  001, four ways to a derivative; Baydin et al. 2018, section 2, table 1 and figure 3
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, label_ends, name_axes, ticks
from figures.parts.canvas import TICK, Canvas, px
from figures.parts.colors import halo
from figures.parts.table import Cell, Column, Table
from look.numbers import duration, number
from look.runs import series
from look.words import Visual, say

READS = {
    "derivative_methods": "error (run, run_precision, x), auto_error (run_precision), "
    "hand_error (run_precision), symbolic_error (), forward_error (), symbolic_length (layer), "
    "trace_length (layer), seconds (run_mode, x_params), h (x), depth (layer), "
    "n_params (x_params), run (run), run_precision (run_precision), run_mode (run_mode)",
}

VISUAL = Visual(
    uses=["derivative_methods"],
    title="{all_pay:?Four ways to a derivative, and what they cost|Finite differences lose digits, "
    "symbols grow long, forward mode takes time}",
    subtitle="Errors of finite differences of one function against the step h; the length of a "
    "symbolic derivative; the time of a whole gradient. Reverse mode (green) is what PyTorch does.",
    alt="On the left, the errors of finite differences fall with the step, turn at a best step and "
    "rise again, in float32 earlier than in float64; level lines of automatic differentiation lie "
    "at {exact_error:.0e} in float64, the best finite difference at {best_error:.0e}. On the "
    "right, the length of the symbolic derivative against depth, up to {longest_symbolic:,} "
    "operations, and three curves of time against the number of parameters.",
    caption="Left: ∂f/∂x₁ of f = x₁x₂ + exp(x₁x₂) − sin x₂ at ({x1:g}, {x2:g}), against 50 digits; "
    "large steps cut off the curve, small ones lose digits. Right, above: operations of sympy’s "
    "derivative, not simplified, of l ← 4l(1 − l) applied again and again, and of a forward and a "
    "backward pass over its trace. Below: measured, median of {rounds:?none|one|two|{rounds}} "
    "rounds, one thread: a network with one hidden layer on {n_examples} numbers; at "
    "{most_params:,} parameters forward mode takes {most_ratio:.2r} times as long as reverse mode.",
    words={
        "errors": "Error against step h",
        "lengths": "Length against depth",
        "times": "Time of a gradient",
        "measured": "measured",
        "automatic": "automatic, {precision}",
        "error": "{error:.1e}",
        "with step": "best step h = {h:.0e}",
        "any": "no step",
        "operations": "operations",
        "relative": "relative error",
        "n": "gradient by {n:,} parameters",
        "depth": "operations at depth {n}",
        "passes": "{n:,} passes",
        "one": "one pass",
        "evaluations": "{n:,} evaluations",
        "single": "float64",
        "table subtitle": "The error of one function’s derivative, how many "
        "operations a derivative takes, and the time of a whole gradient, method by method.",
        "note": "Times are measured on this machine, one thread.",
    },
    series={
        "forward difference": ["forward difference", "vermillion"],
        "central difference": ["central difference", "purple"],
        "reverse mode": ["reverse mode", "green"],
        "forward mode": ["forward mode", "slate"],
        "symbolic": ["symbolic", "yellow"],
    },
)

LEFT, TOP = 76.0, 48.0  # of the error panel, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return errors on the left; lengths and times on the right."""
    fig = Canvas(472)
    _errors(fig.place(LEFT, TOP, 306, 366), recording)
    _lengths(fig.place(466, TOP, 112, 140), recording)
    _times(fig.place(466, TOP + 226, 112, 140), recording)
    return fig


def _errors(ax: Axes, recording: xr.Dataset) -> None:
    """Draw the V of each kind of difference in both precisions, and the level lines."""
    heading(ax, say("errors"), lift=24)
    for precision in recording.run_precision.values.tolist():
        dash = (0, (3.2, 1.6)) if precision == "float32" else "solid"
        for method in recording.run.values.tolist():
            shown = series(method)
            error = recording.error.sel(run=method, run_precision=precision)
            ax.loglog(recording.h, error, color=shown.color, linestyle=dash,
                      label=f"{method}, {precision}", linewidth=px(2))  # fmt: skip
        level = float(recording.auto_error.sel(run_precision=precision))
        green = series("reverse mode").color
        ax.axhline(level, color=green, linestyle=dash, linewidth=px(2.5), label=precision)
        beside(ax, say("automatic", precision=precision), (float(recording.h[0]), level),
               shift=(0, 6), ha="right", fontsize=px(TICK), path_effects=halo(3))  # fmt: skip
    ax.set_xlim(float(recording.h[-1]), float(recording.h[0]))
    low = min(float(recording.auto_error.min()), float(recording.error.min()))
    ax.set_ylim(low / 30, 30)
    name_axes(ax, "step h", say("relative"))
    ticks(ax, "x", [10.0**k for k in range(-15, 1, 5) if 10.0**k >= float(recording.h[-1]) * 0.9])
    ticks(ax, "y", [10.0**k for k in range(-16, 1, 4)])
    _name_curves(ax, recording)


def _name_curves(ax: Axes, recording: xr.Dataset) -> None:
    """Name the two kinds of difference beside their right branches, and the two precisions."""
    style: dict[str, Any] = {"fontsize": px(TICK), "path_effects": halo(3), "zorder": 5}
    right, left = float(recording.h[0]), float(recording.h[-1])
    double = recording.error.sel(run_precision="float64")
    forward = float(double.sel(run="forward difference")[0])
    beside(ax, series("forward difference").label, (right, forward), shift=(0, 9), ha="right",
           **style)  # fmt: skip
    under = float(recording.auto_error.sel(run_precision="float32"))
    for row, word in enumerate(series("central difference").label.split()):
        beside(ax, word, (right, under), shift=(0, -22 - 16 * row), ha="right", **style)
    for precision in recording.run_precision.values.tolist():
        error = recording.error.sel(run_precision=precision)[:, -1]
        shift = (4, 8) if precision == "float32" else (4, -48)
        beside(ax, precision, (left, float(error.max())), shift=shift, **style)


def _lengths(ax: Axes, recording: xr.Dataset) -> None:
    heading(ax, say("lengths"), lift=24)
    depth = recording.depth.values
    for name, values in (("symbolic", recording.symbolic_length),
                         ("reverse mode", recording.trace_length)):  # fmt: skip
        shown = series(name)
        ax.semilogy(depth, values, color=shown.color, label=shown.label)
    name_axes(ax, "depth", say("operations"))
    ticks(ax, "x", [int(depth[0]), int(depth[-1])])
    _decades(ax, [recording.symbolic_length.values, recording.trace_length.values])
    label_ends(ax)


def _times(ax: Axes, recording: xr.Dataset) -> None:
    heading(ax, say("times"), say("measured"), lift=24)
    for name in recording.run_mode.values.tolist():
        shown = series(name)
        ax.loglog(recording.n_params, recording.seconds.sel(run_mode=name), color=shown.color,
                  label=shown.label)  # fmt: skip
    low, high = float(recording.n_params[0]), float(recording.n_params[-1])
    name_axes(ax, "parameters")
    ticks(ax, "x", [low, high], lambda n: number(int(n)))
    seconds = recording.seconds.values
    decades = range(math.ceil(math.log10(seconds.min())), math.floor(math.log10(seconds.max())) + 1)
    ticks(ax, "y", [10.0**k for k in decades], duration)
    label_ends(ax)


def _decades(ax: Axes, values: list[np.ndarray]) -> None:
    low = math.floor(math.log10(min(float(each.min()) for each in values)))
    high = math.ceil(math.log10(max(float(each.max()) for each in values)))
    ticks(ax, "y", [10**k for k in range(low, high + 1)])


def table(recording: xr.Dataset) -> Table:
    """Return error, length and time of each method."""
    n = int(recording.n_params.values[-1])
    exact = float(recording.auto_error.sel(run_precision="float64"))

    def error(value: float, note: str) -> Cell:
        return Cell(say("error", error=value), note=note)

    def best(method: str) -> Cell:
        errors = recording.error.sel(run=method, run_precision="float64").values
        k = int(errors.argmin())
        return error(float(errors[k]), say("with step", h=float(recording.h[k])))

    def time(mode: str, note: str) -> Cell:
        return Cell(duration(float(recording.seconds.sel(run_mode=mode)[-1])), note=note)

    forward = float(recording.forward_error)
    hand = float(recording.hand_error.sel(run_precision="float64"))
    rows = [
        ["by hand", error(hand, say("any")), None, None],
        ["forward difference", best("forward difference"), None, None],
        ["central difference", best("central difference"), None,
         time("central difference", say("evaluations", n=2 * n))],
        ["symbolic", error(float(recording.symbolic_error), say("any")),
         number(int(recording.symbolic_length[-1])), None],
        ["automatic, forward mode", error(forward, say("any")),
         number(int(recording.trace_length[-1])), time("forward mode", say("passes", n=n))],
        ["automatic, reverse mode", error(exact, say("any")),
         number(int(recording.trace_length[-1])), time("reverse mode", say("one"))],
    ]  # fmt: skip
    return Table(
        [
            Column("method"),
            Column(say("relative"), note=say("single")),
            Column(say("depth", n=int(recording.depth[-1]))),
            Column(say("n", n=n), note=say("measured")),
        ],
        rows,
        subtitle=say("table subtitle"),
        notes=[say("note")],
    )
