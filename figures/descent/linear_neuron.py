"""One neuron learns its three parameters step by step, and how little a hundred steps do.

Source  002, whose 101 steps are not enough, and whose derivative of the loss lacks the target
"""

from __future__ import annotations

import math

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, label_ends, name_axes
from figures.parts.canvas import is_narrow, px, subplots
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.numbers import fixed, number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "linear_neuron": "theta (snapshot, param), target (param), snapshot (snapshot), "
    "param (param), few_error, few_steps, lr, near, reached",
}

VISUAL = Visual(
    uses=["linear_neuron"],
    title="{few_steps} small steps are far too few: {settled:?even {n_steps:,} leave a parameter "
    "{error:.2f} off|it takes {reached:,}}",
    subtitle="A neuron w₁x₁ + w₂x₂ + b learns to say 2x₁ + x₂ + 1, by steps of Adam of about "
    "{lr:g}. Level lines: the values to find.",
    alt="Three curves against the number of steps: in the end w₁ is {end_w1:.2f}, w₂ "
    "{end_w2:.2f} and b {end_b:.2f}. A line marks step {few_steps}, where the farthest is "
    "{few_error:.2f} off, after {start_error:.2f} at the start; an arrow shows the way that it "
    "still has to go, and a dashed "
    "line rises to its value by {lr:g} a step.",
    caption="Mean squared error on all {n_train} points at every step; a course’s notebook stops "
    "after {few_steps}. “Off” is the parameter that is farthest from its value. Adam moves a "
    "parameter by about η a step, so {few_steps} steps of {lr:g} bring it about {few_reach:.2g} "
    "far. Each step starts from d/dŷ (ŷ − y)² = 2(ŷ − y), with the target y in it; 2ŷ alone would "
    "teach the neuron to say 0.",
    words={
        "start": "A neuron is to learn y = 2x₁ + x₂ + 1: how many steps?\n"
        "Height: the output for inputs x₁ and x₂. Bars: how far its plane is off the points.",
        "few steps": "After {few_steps} steps, {far} is still {few_error:.2f} off\n"
        "A step of Adam moves a parameter by about {lr:g}: {few_steps} of them, by about "
        "{few_reach:.2g}.",
        "learning": "{settled:?More such steps tilt the plane|Step after step, the plane "
        "tilts into the points}\n"
        "Right: each parameter on its way; level lines: the values to find.",
        "few": "{few_steps} steps",
        "off": "still {few_error:.2f} off",
        "reached": "{reached:,} steps:\nall within {near}",
        "pace": "{lr:g} a step:\n{steps:,} steps",
        "reached film": "{reached:,} steps",
        "all steps": "{n_steps:,} steps",
        "end": "{settled:?After {n_steps:,} steps, the farthest is {error:.3f} off|From step "
        "{reached:,} on, all three are within {near:g}}\n"
        "{settled:?It is not within {near:g} yet.|{few_steps} steps are {few_share:.1%} of "
        "that.}",
    },
    series={
        "w1": ["w₁", "indigo"],
        "w2": ["w₂", "purple"],
        "b": ["b", "green"],
    },
)

RIGHT = 104.0  # beside the chart, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return the parameters step by step, with how far off they are after the few steps."""
    fig, ax = subplots(height=404, left=58, right=RIGHT, narrow=True)
    _parameters(ax, recording)
    _gap(ax, recording)
    return fig


def _parameters(ax: Axes, recording: xr.Dataset) -> None:
    steps, theta = recording.snapshot.values, recording.theta
    few, reached = (int(recording.attrs[name]) for name in ("few_steps", "reached"))
    last = int(steps[-1])
    values = np.concatenate([theta.values.ravel(), recording.target.values])
    low, high = float(values.min()), float(values.max())
    ax.set(xlim=(0, last), ylim=(low - 0.05 * (high - low), high + 0.28 * (high - low)))
    name_axes(ax, x="step", y="parameter")
    ax.locator_params(axis="both", nbins=4)
    ax.xaxis.set_major_formatter(lambda value, _: number(round(value)))
    for value in np.unique(recording.target.values):
        ax.axhline(value, color=color("muted"), linewidth=px(1), zorder=1)
    marks = [(few, say("few"))]
    if reached > 0:
        marks.append((reached, say("reached")))
    for step, words in marks:
        ax.axvline(step, color=color("text"), linewidth=px(1.25), zorder=2)
        right = step > 0.6 * last  # there at the foot, where no curve is any more
        beside(ax, words, (step, 0 if right else 1), of=ax.get_xaxis_transform(),
               shift=(-10 if right else 10, 8 if right else 0), ha="right" if right else "left",
               va="bottom" if right else "top", linespacing=1.2, path_effects=halo())  # fmt: skip
    lines = [
        ax.plot(
            steps,
            theta.sel(param=name),
            color=series(name).color,
            linewidth=px(3),
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


def _gap(ax: Axes, recording: xr.Dataset) -> None:
    """Mark how far the farthest parameter still has to go after the few steps."""
    few = int(recording.attrs["few_steps"])
    theta, target = recording.theta.sel(snapshot=few).values, recording.target.values
    far = int(np.abs(theta - target).argmax())
    here, there = float(theta[far]), float(target[far])
    ink = series(str(recording.param.values[far])).color
    arrow = {"arrowstyle": "-|>", "color": ink, "linewidth": px(2.5), "shrinkA": 0, "shrinkB": 2}
    ax.annotate("", (few, there), (few, here), arrowprops=arrow, zorder=5)
    dot(ax, few, here, color=ink, size=11, zorder=6)
    right = few < 0.6 * float(recording.snapshot[-1])
    # Near the value to find: there no curve is yet.
    words, share = say("off"), 0.9
    if is_narrow():
        words, share = words.replace(" ", "\n", 1), 0.87
    beside(ax, words, (few, here + share * (there - here)), shift=(11 if right else -11, 0),
           ha="left" if right else "right", va="center", weight="semibold", fontsize=px(17),
           linespacing=1.1, path_effects=halo(4), zorder=7)  # fmt: skip
    _pace(ax, recording, far)


def _pace(ax: Axes, recording: xr.Dataset, far: int) -> None:
    """Draw how soon that parameter would be there, if no step were shorter than the rate."""
    start, there = float(recording.theta[0, far]), float(recording.target[far])
    steps = math.ceil(abs(there - start) / recording.attrs["lr"])
    if steps > 0.6 * recording.snapshot[-1]:
        return  # no room for its words
    ink = series(str(recording.param.values[far])).color
    ax.plot([0, steps], [start, there], color=ink, linewidth=px(1.75), dashes=(5, 3), zorder=2,
            label="_pace")  # fmt: skip
    beside(ax, say("pace", steps=steps), (steps, there), shift=(0, 7 if there > start else -7),
           ha="center", va="bottom" if there > start else "top", linespacing=1.2,
           path_effects=halo())  # fmt: skip
