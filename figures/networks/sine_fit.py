"""A small network learns the sine: its curve at a few steps, and its loss.

Source  003
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts import fits
from figures.parts.axes import label_ends, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from look.theme import color
from look.words import Visual, say

READS = {
    "sine_fit": "curve (snapshot, x), target (x), loss (step), point_x (example), "
    "point_y (example), step (step), snapshot (snapshot), x (x)",
}

VISUAL = Visual(
    uses=["sine_fit"],
    title="A network {outcome} the sine{where}",
    subtitle="{hidden} {activation} units after {n_steps} steps on {n_train} points of one period. "
    "Nothing tells the curve what to do beyond them.",
    alt="Left, a wave drawn thin, dots on one period of it, and the network’s curve: faint at the "
    "start, strong after {n_steps} steps. Among the dots it is then off the sine by at most "
    "{worst_inside:.2g}, beyond them by up to {worst_outside:.2g}. Right, the mean squared error: "
    "{first_loss:.2g} at the start, {final_loss:.5f} after {n_steps} steps.",
    caption="A network with {hidden} {activation} units, trained with Adam, η = {lr:g}, on "
    "{n_train} points of sin x between −π and π{noisy:?|, with noise of {noise:g}} (seed "
    "{seed}). Its mean squared error after {n_steps} steps is {final_loss:.5f} on these "
    "points and {test_loss:.5f} on evenly spaced ones in between. A good fit says nothing "
    "about inputs unlike those of the training.",
    words={
        "start": "A network sees {n_train} points of one period\n"
        "{hidden} {activation} units. What happens between the points, and beyond them?",
        "learning": "Each step moves the whole curve\n"
        "All points at every step, Adam with η = {lr:g}.",
        "outside": "It {outcome} the sine{where}\n"
        "After {n_steps} steps it is off by at most {worst_inside:.2g} in the shaded part, "
        "and by up to {worst_outside:.2g} outside.",
        "step": "step {step}",
        "quick": "Each step moves the whole curve\n"
        "Now {faster} times as fast: from step {from_step} to step {to_step}.",
        "pi": "{k}π",
        "beyond": "beyond the axis from step {gone}{back:?| to {last}}",
    },
)

TALLEST = 2.1  # output at the axis's end: what goes beyond is cut off
LEVELS = (0.1, 0.35)  # shares of the fall of the loss, on its logarithmic axis, of curves between


def draw(recording: xr.Dataset) -> Figure:
    """Return the curves beside the loss."""
    fig = Canvas(392)
    fit = fig.place(MARGIN + 26, 34, 330, 284)
    loss = fig.place(WIDTH - MARGIN - 184, 34, 184, 284)
    shown = _moments(recording)
    _fit(fit, recording, shown)
    fits.loss_curve(loss, recording.step, recording.loss, "mean squared error")
    return fig


def _moments(recording: xr.Dataset) -> list[int]:
    """Return the snapshots to draw: the first, the last, and some on the way down."""
    steps, loss = recording.snapshot.values, recording.loss.values
    at = np.searchsorted(recording.step.values, steps)
    heights = np.log(np.clip(loss[at], 1e-12, None))
    if not np.isfinite(heights).all() or heights[-1] >= heights[0]:
        return [0, len(steps) - 1]
    fallen = (heights[0] - heights) / (heights[0] - heights[-1])
    between = [int(np.argmax(fallen > level)) for level in LEVELS]
    return sorted({0, *between, len(steps) - 1})


def _fit(ax: Axes, recording: xr.Dataset, shown: list[int]) -> None:
    x = recording.x.values
    ax.set(xlim=(x[0], x[-1]), ylim=(-TALLEST, TALLEST))
    ax.axvspan(-np.pi, np.pi, color=color("quiet"), alpha=0.35, linewidth=0, zorder=0)
    sine = ax.plot(x, recording.target, color=color("muted"), linewidth=px(1.5))
    sine[0].set_label("sin x")
    lines = [*sine]
    for snapshot in shown:
        last = snapshot == shown[-1]
        lines += ax.plot(
            x,
            recording.curve[snapshot],
            color=color("green"),
            alpha=1 if last else 0.3 + 0.4 * shown.index(snapshot) / len(shown),
            linewidth=px(3 if last else 1.5),
            label=say("step", step=recording.snapshot[snapshot]),
            zorder=3,
        )
    ax.plot(
        recording.point_x,
        recording.point_y,
        linestyle="none",
        marker="o",
        markersize=px(6.5),
        color=color("text"),
        markeredgecolor=color("background"),
        markeredgewidth=px(1),
        label="points",
        zorder=4,
    )
    periods = np.arange(np.ceil(x[0] / np.pi - 1e-9), np.floor(x[-1] / np.pi + 1e-9) + 1)
    ticks(ax, "x", (np.pi * periods).tolist(), lambda v: _in_pi(round(v / np.pi)))
    ticks(ax, "y", [-2, -1, 0, 1, 2])
    label_ends(ax, [each for each in lines if abs(each.get_ydata()[-1]) < TALLEST])
    name_axes(ax, x="x", y="output of the network")


def _in_pi(times: int) -> str:
    """Write a multiple of π: −2π, −π, 0, π."""
    if times == 0:
        return "0"
    return {1: "π", -1: "−π"}.get(times, say("pi", k=times))
