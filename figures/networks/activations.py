"""Slopes of five activations in one chart, with the activations themselves small above it.

Source  002; 004, which calls ReLU strictly increasing and not continuous
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, heading, name_axes, ticks
from figures.parts.canvas import MARGIN, TICK, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.numbers import number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "activations": "z (x), value (run_function, x), derivative (run_function, x), "
    "run_function (run_function), leak",
}

VISUAL = Visual(
    uses=["activations"],
    title="Where the slope is zero, nothing is learned",
    subtitle="Five activation functions, and under them the slopes that training has to go by.",
    alt="Above, five small pictures: the step jumps from 0 to 1, ReLU is zero and then rises, "
    "leaky "
    "ReLU nearly the same, sigmoid and tanh are S-shaped. Below, one chart of the slopes: tanh has "
    "a hump up to "
    "1 in the middle, the sigmoid a low one of {sigmoid_steepest:g}; ReLU and leaky ReLU jump to 1 "
    "at zero. Left of zero the ReLU lies at 0, as the step does on both sides, and the leaky one "
    "just above it.",
    caption="The step's slope is zero: gradient descent cannot use it, and at its jump it has "
    "none. At their kink at z = 0, ReLU and leaky ReLU have none either; autograd takes "
    "{relu_kink:g} and {leaky_kink:g}, as on the left (ring). The sigmoid's slope is never more "
    "than {sigmoid_steepest:g}. Softmax mixes all its inputs, so its slopes are a matrix, "
    "pᵢ(1 − pᵢ) for an input’s own output and −pᵢpⱼ for another’s: each row adds up to zero.",
    words={
        "start": "Steps that are too large: which unit survives them?\n"
        "Left, examples at the unit’s sum; right, the points to learn and what the network says.",
        "silence": "All sums are below zero: the ReLU has no slope there\n"
        "No slope, no gradient. Look closer: the leaky one has a little, and creeps back.",
        "verdict": "The ReLU died at step {died}, the leaky one is back since "
        "{recovered}\n"
        "Same start, same {n_train} examples, same size of step.",
        "relu fate": "dead since step {died}",
        "leaky_relu fate": "back at step {recovered}",
        "step now": "step {step}",
        "gradient": "gradient {value}",
        "slope here": "slope {slope:g}",
        "zoom": "both magnified {times:.0f} times",
        "step": "$1$ if $z\\geq 0$, else $0$",
        "relu": "$\\max(0,z)$",
        "leaky_relu": "$\\max({leak}z,z)$",
        "sigmoid": "$\\dfrac{{1}}{{1+e^{{-z}}}}$",
        "tanh": "$2\\sigma(2z)-1$",
        "slope": "slope $h\\prime(z)$",
        "sum": "weighted sum $z$",
        "hump": "{name}: {slope:g} at most",
        "open": "ReLU and leaky ReLU: {slope:g}",
        "shut": "step: {slope:g} on both sides",
        "flat": "ReLU: {slope:g}, so nothing is learned here",
        "leaking": "leaky ReLU: {slope:g}, so it learns a little",
        "leaking short": "leaky ReLU: {slope:g}",
    },
    series={
        "step": ["step", "slate"],
        "relu": ["ReLU", "vermillion"],
        "leaky_relu": ["leaky ReLU", "yellow"],
        "sigmoid": ["sigmoid", "green"],
        "tanh": ["tanh", "purple"],
    },
)

# Of the small charts' y axes: alike where a unit is as long.
RANGES = {"step": (-1.1, 2.2), "relu": (-1.1, 2.2), "leaky_relu": (-1.1, 2.2),
          "sigmoid": (-1.1, 1.1), "tanh": (-1.1, 1.1)}  # fmt: skip
WIDTHS = {"relu": 6.0, "leaky_relu": 2.0}  # where they are the same, the one lies in the other
ACROSS, GAP, SMALL, TALL = 112.0, 27.0, 74.0, 300.0  # of the panels, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return the chart of slopes under the activations."""
    top = 30 + SMALL + 74
    fig = Canvas(top + TALL + 52)
    names = recording.run_function.values.tolist()
    for i, name in enumerate(names):
        ax = fig.place(MARGIN + i * (ACROSS + GAP), 30, ACROSS, SMALL)
        _activation(ax, recording.sel(run_function=name), name)
    chart = fig.place(MARGIN + 22, top, WIDTH - 2 * MARGIN - 22, TALL)
    _slopes(chart, recording)
    if is_narrow():
        lens = chart.inset_axes((0.02, 0.55, 0.27, 0.34))
    else:
        lens = fig.place(MARGIN + 34, top + 22, 200, 112)
    _lens(lens, chart, recording)
    return fig


def _activation(ax: Axes, one: xr.Dataset, name: str) -> None:
    z, value = one.z.values, one.value.values
    ax.set(xlim=(-3, 3), ylim=RANGES[name])
    ax.axis("off")
    heading(ax, series(name).label, lift=9)
    for line in (ax.axhline, ax.axvline):
        line(0, color=color("quiet"), linewidth=px(1.2), zorder=0)
    _broken(ax, z, value, color=series(name).color, label="h", linewidth=px(3.5))
    beside(ax, say(name), (0, 0), of=AXES, shift=(0, -22), parse_math=True)


def _broken(ax: Axes, z: np.ndarray, values: np.ndarray, **style: Any) -> None:
    """Draw a function; a jump is a gap: no line stands upright where it has no value."""
    jump = np.flatnonzero(np.abs(np.diff(values)) > 0.5)
    shown = np.insert(values.astype(float), jump + 1, np.nan)
    ax.plot(np.insert(z, jump + 1, np.nan), shown, zorder=3, **style)


def _slopes(ax: Axes, recording: xr.Dataset) -> None:
    z = recording.z.values
    ax.set(xlim=(z[0], z[-1]), ylim=(-0.26, 1.1))
    slopes = {name: recording.derivative.sel(run_function=name).values
              for name in recording.run_function.values.tolist()}  # fmt: skip
    ax.axvline(0, color=color("quiet"), linewidth=px(1.2), zorder=0)
    ax.axhline(0, color=color("quiet"), linewidth=px(1.2), zorder=0)
    for name, slope in slopes.items():
        _broken(ax, z, slope, color=series(name).color, label=f"slope of {name}",
                linewidth=px(WIDTHS.get(name, 3)))  # fmt: skip
    middle = int(np.flatnonzero(z == 0)[0])
    for name in ("leaky_relu", "relu"):
        dot(ax, 0, slopes[name][middle], color=color("background"), size=9,
            markeredgecolor=series(name).color, markeredgewidth=px(2))  # fmt: skip
    ticks(ax, "x", [np.ceil(z[0]), np.ceil(z[0]) / 2, 0, np.floor(z[-1]) / 2, np.floor(z[-1])])
    ticks(ax, "y", [0, 0.5, 1])
    name_axes(ax)
    beside(ax, say("slope"), (0, 1), of=AXES, shift=(-22, 12), parse_math=True,
           color=color("muted"))  # fmt: skip
    ax.set_xlabel(say("sum"), labelpad=px(6), fontsize=px(14), parse_math=True)
    bold = {"weight": "semibold", "path_effects": halo(2)}
    for name, at in (("tanh", 0.62), ("sigmoid", 1.75)):
        words = say("hump", name=series(name).label, slope=slopes[name].max())
        height = float(np.interp(at, z, slopes[name]))
        aside = (8, 6)
        if is_narrow() and name == "sigmoid":  # there is room for two short lines
            at, height, words = 1.3, 0.25, words.replace(": ", ":\n")
        beside(ax, words, (at, height), shift=aside, **bold)
    beside(
        ax, say("open", slope=slopes["relu"][-1]), (z[-1], 1), shift=(-8, -20), ha="right", **bold
    )
    beside(
        ax, say("shut", slope=slopes["step"][-1]), (z[-1], 0), ha="right",
        shift=(-8, -37 if is_narrow() else -20), **bold,
    )  # fmt: skip
    beside(ax, say("flat", slope=slopes["relu"][0]), (z[0], 0), shift=(0, -20), **bold)


def _lens(ax: Axes, chart: Axes, recording: xr.Dataset) -> None:
    """Draw the left end of the slopes magnified: only there is it seen which of them are 0."""
    z = recording.z.values
    leak = float(recording.derivative.sel(run_function="leaky_relu").values[0])
    low, right, top = -0.4 * leak, z[0] + 0.14 * np.ptp(z), 4.2 * leak
    ax.set(xlim=(z[0], right), ylim=(low, top), xticks=[], yticks=[], zorder=2)
    ax.set_facecolor(color("background"))
    for side in ax.spines.values():
        side.set(visible=True, color=color("muted"), linewidth=px(1))
    for name in recording.run_function.values.tolist():
        slope = recording.derivative.sel(run_function=name).values
        ax.plot(z, slope, color=series(name).color, label=f"slope of {name}",
                linewidth=px(WIDTHS.get(name, 3) if name == "relu" else 3))  # fmt: skip
    # what it shows is a strip of the chart: two lines lead there
    for corner, at in ((0, z[0]), (1, right)):
        chart.annotate(
            "", (at, 0), (corner, 0), xycoords="data", textcoords=ax.transAxes,
            arrowprops={"arrowstyle": "-", "color": color("muted"), "linewidth": px(1),
                        "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip
    said = say("leaking short" if is_narrow() else "leaking", slope=leak)
    beside(ax, said, (0, 1), of=AXES, shift=(0, 7), weight="semibold")
    for value in (0.0, leak):  # its own axis
        beside(ax, number(value), (right, value), shift=(5, 0), va="center_baseline",
               fontsize=px(TICK), color=color("muted"))  # fmt: skip
