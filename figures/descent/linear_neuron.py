"""One neuron learns a plane: its parameters step by step, and its outputs against the targets.

Reads   linear_neuron: theta (snapshot, param), target (param), output (snapshot, example), label
Source  002, whose 101 steps are not enough, and whose derivative of the loss lacks the target
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, heading, label_ends, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.colors import halo
from look.numbers import number
from look.theme import color
from look.words import Visual

VISUAL = Visual(
    uses=["linear_neuron"],
    title="A neuron learns a plane: {few_error:.2f} off after {few_steps} steps, "
    "{error:.3f} after {n_steps:,}",
    subtitle="Parameters of ŷ = w₁x₁ + w₂x₂ + b, trained with Adam, η = {lr:g}, on {n_train} exact "
    "points of y = 2x₁ + x₂ + 1. Dashed: the values to find.",
    alt="Three curves against the number of steps: w₁ rises to 2, w₂ and b to 1. A line at step "
    "{few_steps} shows how little has happened by then. Below, three small plots of the neuron’s "
    "output against the target: at the start and after {few_steps} steps the points lie far from "
    "the diagonal, in the last one on it.",
    caption="Mean squared error on all {n_train} points at every step. “Off” is the parameter that "
    "is farthest from its value. Adam moves a parameter by about η a step, so {few_steps} steps of "
    "{lr:g} cannot bring it far. Each step starts from d/dŷ (ŷ − y)² = 2(ŷ − y), with the target y "
    "in it; 2ŷ alone would teach the neuron to say 0.",
)

COLORS = {"w1": "vermillion", "w2": "blue", "b": "green"}
LABELS = {"w1": "w₁", "w2": "w₂", "b": "b"}

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
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    for value in np.unique(recording.target.values):
        ax.axhline(value, color=color("muted"), linewidth=px(1), dashes=(4, 3), zorder=1)
    marks = [(few, f"{few} steps")]
    if reached > 0:
        near = number(recording.attrs["near"])
        marks.append((reached, f"{reached:,} steps: all within {near}"))
    for step, words in marks:
        ax.axvline(step, color=color("text"), linewidth=px(1.25), zorder=2)
        right = step > 0.6 * last
        beside(
            ax,
            words,
            (step, 1),
            of=ax.get_xaxis_transform(),
            shift=(-7 if right else 7, -14),
            ha="right" if right else "left",
            path_effects=halo(),
        )
    lines = [
        ax.plot(
            steps,
            theta.sel(param=name),
            color=color(COLORS[name]),
            linewidth=px(2.5),
            label=LABELS[name],
            zorder=3,
        )[0]
        for name in recording.param.values.tolist()
    ]
    ends = theta.isel(snapshot=-1)
    notes = {LABELS[name]: f"{float(ends.sel(param=name)):.3f}" for name in ends.param.values}
    label_ends(ax, lines, notes={name: note.replace("-", "−") for name, note in notes.items()})


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
        markerfacecolor=color("sky"),
        markeredgecolor=color("background"),
        markeredgewidth=px(0.6),
        label="outputs",
        zorder=3,
    )
    whole = np.arange(np.ceil(span[0]), span[1])
    even = [value for value in whole.tolist() if value % 2 == 0]
    ticks(ax, "x", even)
    ticks(ax, "y", even)
    error = number(float(recording.loss.sel(snapshot=step)))
    heading(ax, f"step {step:,}", f"MSE {error}")
    ax.set_xlabel("target y", labelpad=px(4))
    if first:
        beside(ax, "output ŷ", (0, 1), of=AXES, shift=(8, -20), color=color("muted"))
