"""One neuron learns a plane: its parameters step by step, and its outputs against the targets.

Source  002, whose 101 steps are not enough, and whose derivative of the loss lacks the target
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, heading, label_ends, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo
from look.numbers import fixed, number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "linear_neuron": "theta (snapshot, param), target (param), loss (snapshot), "
    "output (snapshot, example), label (example), snapshot (snapshot), param (param), error, "
    "few_steps, near, reached",
}

VISUAL = Visual(
    uses=["linear_neuron"],
    title="A neuron {settled:?nears|learns} a plane: {few_error:.2f} off after {few_steps} steps, "
    "{error:.3f} after {n_steps:,}",
    subtitle="Parameters of ŷ = w₁x₁ + w₂x₂ + b, trained with Adam, η = {lr:g}, on {n_train} exact "
    "points of y = 2x₁ + x₂ + 1. Dashed: the values to find.",
    alt="Three curves against the number of steps: in the end w₁ is {end_w1:.2f}, w₂ "
    "{end_w2:.2f} and b {end_b:.2f}. A line marks step {few_steps}, where the farthest is "
    "{few_error:.2f} off, after {start_error:.2f} at the start. Below, three small plots of the "
    "neuron’s output against the target: the nearer the neuron is to the plane, the nearer the "
    "points are to the diagonal.",
    caption="Mean squared error on all {n_train} points at every step. “Off” is the "
    "parameter that is farthest from its value. Adam moves a parameter by about η a step, so "
    "{few_steps} steps of {lr:g} bring it about {few_reach:.2g} far. Each step starts from "
    "d/dŷ (ŷ − y)² = 2(ŷ − y), with the target y in it; 2ŷ alone would teach the neuron to "
    "say 0.",
    words={
        "start": "A neuron is to learn y = 2x₁ + x₂ + 1\n"
        "Height: the output for inputs x₁ and x₂. Bars: how far its plane is off the points.",
        "few steps": "{few_steps} steps on all {n_train} points\n"
        "Adam moves each parameter by about η = {lr:g} a step.",
        "few steps 2": "After {few_steps} steps it is still {few_error:.2f} off\n"
        "That is its farthest parameter; at the start it was {start_error:.2f} off.",
        "learning": "{settled:?More such steps tilt the plane|Ever more such steps tilt the "
        "plane into the points}\n"
        "Each starts from the slopes 2(ŷ − y) of the points’ squared errors (ŷ − y)².",
        "few": "{few_steps} steps",
        "reached": "{reached:,} steps: all within {near}",
        "reached film": "{reached:,} steps",
        "step": "step {step:,}",
        "error": "MSE {error}",
        "all steps": "{n_steps:,} steps",
        "end": "{settled:?After {n_steps:,} steps, the farthest is {error:.3f} off|From step "
        "{reached:,} on, all three are within {near:g}}\n"
        "{settled:?It is not within {near:g} yet.|{few_steps} steps are {few_share:.1%} of "
        "that.}",
    },
    series={
        "w1": ["w₁", "vermillion"],
        "w2": ["w₂", "purple"],
        "b": ["b", "green"],
    },
)

LEFT, ACROSS, TALL = 58.0, 560.0, 214.0  # the chart, CSS pixels
SMALL, TOP = 152.0, 330.0  # the plots under it


def draw(recording: xr.Dataset) -> Figure:
    """Return the parameters over the outputs at three moments."""
    fig = Canvas(TOP + SMALL + 56)
    _parameters(fig.place(LEFT, 26, ACROSS, TALL), recording)
    at = moments(recording)
    gap = (WIDTH - MARGIN - LEFT - 3 * SMALL) / 2
    for i, step in enumerate(at):
        ax = fig.place(LEFT + i * (SMALL + gap), TOP, SMALL, SMALL)
        _outputs(ax, recording, step, first=i == 0)
    return fig


def moments(recording: xr.Dataset) -> list[int]:
    """Return three steps: the start, the few, and where all parameters are near, or the end."""
    reached = int(recording.attrs["reached"])
    last = reached if reached > 0 else int(recording.snapshot[-1])
    return [0, int(recording.attrs["few_steps"]), last]


def _parameters(ax: Axes, recording: xr.Dataset) -> None:
    steps, theta = recording.snapshot.values, recording.theta
    few, reached = (int(recording.attrs[name]) for name in ("few_steps", "reached"))
    last = int(steps[-1])
    values = np.concatenate([theta.values.ravel(), recording.target.values])
    low, high = float(values.min()), float(values.max())
    ax.set(xlim=(0, last), ylim=(low - 0.05 * (high - low), high + 0.2 * (high - low)))
    name_axes(ax, x="step", y="parameter")
    ax.xaxis.set_major_formatter(lambda value, _: number(round(value)))
    for value in np.unique(recording.target.values):
        ax.axhline(value, color=color("muted"), linewidth=px(1), dashes=(4, 3), zorder=1)
    marks = [(few, say("few"))]
    if reached > 0:
        marks.append((reached, say("reached")))
    for i, (step, words) in enumerate(marks):
        ax.axvline(step, color=color("text"), linewidth=px(1.25), zorder=2)
        right = step > 0.6 * last
        beside(
            ax,
            words,
            (step, 1),
            of=ax.get_xaxis_transform(),
            shift=(-7 if right else 7, -14 - 19 * (i if is_narrow() else 0)),
            ha="right" if right else "left",
            path_effects=halo(),
        )
    lines = [
        ax.plot(
            steps,
            theta.sel(param=name),
            color=series(name).color,
            linewidth=px(2.5),
            label=series(name).label,
            zorder=3,
        )[0]
        for name in recording.param.values.tolist()
    ]
    ends = theta.isel(snapshot=-1)
    notes = {
        series(name).label: fixed(ends.sel(param=name), 3) for name in ends.param.values.tolist()
    }
    label_ends(ax, lines, notes=notes)


def _outputs(ax: Axes, recording: xr.Dataset, step: int, *, first: bool) -> None:
    """Draw each example's output against its target."""
    label, output = recording.label.values, recording.output.values
    both = np.concatenate([label, output.ravel()])
    low, high = float(both.min()), float(both.max())
    room = 0.06 * (high - low)
    span = (low - room, high + room)
    ax.set(xlim=span, ylim=span)
    ax.plot(span, span, color=color("muted"), linewidth=px(1), zorder=1)
    ax.plot(
        label,
        recording.output.sel(snapshot=step),
        linestyle="none",
        marker="o",
        markersize=px(6),
        markerfacecolor=color("text"),
        markeredgecolor=color("background"),
        markeredgewidth=px(0.6),
        label="outputs",
        zorder=3,
    )
    whole = np.arange(np.ceil(span[0]), span[1])
    even = [value for value in whole.tolist() if value % 2 == 0]
    ticks(ax, "x", even)
    ticks(ax, "y", even)
    error = recording.loss.sel(snapshot=step)
    heading(ax, say("step", step=step), say("error", error=error))
    ax.set_xlabel("target y", labelpad=px(4))
    if first:
        beside(ax, "output ŷ", (0, 1), of=AXES, shift=(8, -20), color=color("muted"))
