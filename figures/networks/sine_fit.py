"""A small network learns the sine: its curve at a few steps, and the gap where it saw no points.

Source  003
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, label_ends, ticks
from figures.parts.canvas import LABEL, is_narrow, px, subplots, wrap
from figures.parts.colors import halo, line_halo
from look.theme import color
from look.words import Visual, say

READS = {
    "sine_fit": "curve (snapshot, x), target (x), point_x (example), point_y (example), "
    "snapshot (snapshot), x (x), worst_inside",
}

VISUAL = Visual(
    uses=["sine_fit"],
    title="A network {outcome:?learnt=learns|nearer=nears|farther=runs away from} the "
    "sine{only_seen:?|, where it has seen it}",
    subtitle="{hidden} {activation} units after {n_steps} steps on {n_train} points of one period; "
    "nothing tells the curve what to do beyond them.",
    alt="A wave drawn thin, dots on one period of it, and the network’s curve: faint at the start, "
    "strong after {n_steps} steps. Among the dots it is then off the sine by at most "
    "{worst_inside:.2g}, beyond them by up to {worst_outside:.2g}; the gap there is filled in.",
    caption="A network with {hidden} {activation} units, trained with Adam, η = {lr:g}, on "
    "{n_train} points of sin x between −π and π{noisy:?|, with noise of {noise:g}} (seed "
    "{seed}). Its mean squared error after {n_steps} steps is {final_loss:.5f} on these "
    "points and {test_loss:.5f} on evenly spaced ones in between. A good fit says nothing "
    "about inputs unlike those of the training.",
    words={
        "start": "A network learns {n_train} points of a sine\n"
        "{hidden} hidden units; each step moves the whole curve.",
        "beyond": "What will it say where it has seen no points?",
        "outside": "It {outcome:?learnt=learns|nearer=nears|farther=runs away from} the "
        "sine{only_seen:?|, where it has seen it}\n"
        "Among the points it is off by at most {worst_inside:.2g}.",
        "nothing seen": "no points here",
        "off": "off by {off:.2g}",
        "step": "step {step}",
        "input": "input $x$",
        "pi": "{k}π",
        "seen": "points seen here: off by at most {worst_inside:.2g}",
        "gap": "no points here:\noff by up to {off:.2g}",
        "other gap": "off by\nup to {off:.2g}",
    },
)

TALLEST = 2.1  # output at the axis's end: what goes beyond is cut off


def draw(recording: xr.Dataset) -> Figure:
    """Return the curves over the sine, and the gap beyond the points."""
    fig, ax = subplots(height=408, left=50, right=92, top=20, bottom=52, narrow=True)
    _fit(ax, recording, [0, recording.sizes["snapshot"] - 1])
    return fig


def _fit(ax: Axes, recording: xr.Dataset, shown: list[int]) -> None:
    x = recording.x.values
    ax.set(xlim=(x[0], x[-1]), ylim=(-TALLEST, TALLEST))
    ax.axvspan(-np.pi, np.pi, color=color("quiet"), alpha=0.35, linewidth=0, zorder=0)
    sine = ax.plot(x, recording.target, color=color("text"), linewidth=px(1.75))
    sine[0].set_label("sin x")
    last = recording.curve.values[-1]
    if np.isfinite(last).all():
        for side, where in (("left", x <= -np.pi), ("right", x >= np.pi)):
            ax.fill_between(x[where], last[where], recording.target.values[where], linewidth=0,
                            color=color("vermillion"), alpha=0.25, label=f"gap {side}")  # fmt: skip
    lines = [*sine]
    for snapshot in shown:
        last = snapshot == shown[-1]
        lines += ax.plot(
            x,
            recording.curve[snapshot],
            color=color("green"),
            alpha=1 if last else 0.4,
            linewidth=px(4.5 if last else 1.5),
            path_effects=line_halo(4.5) if last else None,
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
    ax.set_xlabel(say("input"), labelpad=px(6), fontsize=px(LABEL), parse_math=True)
    label_ends(ax, [each for each in lines if abs(each.get_ydata()[-1]) < TALLEST])
    bold = {"weight": "semibold", "path_effects": halo(2.5)}
    if is_narrow():  # under the curves, for above them the two would meet
        said = "\n".join(wrap(say("seen"), LABEL, 110, "semibold"))
        beside(ax, said, (0.5, 0), of=AXES, shift=(0, 8), ha="center", **bold)
    else:
        beside(ax, say("seen"), (0.5, 1), of=AXES, shift=(0, -22), ha="center", **bold)
    off = recording.curve.values[-1] - recording.target.values
    left, right = (np.abs(off[where]).max() for where in (x <= -np.pi, x >= np.pi))
    if is_narrow():  # also under the curves, and no wider than where nothing was seen
        said = "\n".join(wrap(say("gap", off=left), LABEL, 58, "semibold"))
        beside(ax, said, (0, 0), of=AXES, shift=(2, 8), **bold)
    else:
        beside(ax, say("gap", off=left), (0, 1), of=AXES, shift=(6, -40), linespacing=1.35, **bold)
    # at the other side, between the names of the curves, where they leave room
    middle = recording.curve.values[-1, -1] - 0.35 * off[-1]
    ends = [float(each.get_ydata()[-1]) for each in lines]
    if abs(ends[-1]) < TALLEST and all(abs(end - middle) > 0.45 for end in ends):
        beside(ax, say("other gap", off=right), (x[-1], middle), shift=(14, 0), va="center",
               linespacing=1.35, **bold)  # fmt: skip


def _in_pi(times: int) -> str:
    """Write a multiple of π: −2π, −π, 0, π."""
    if times == 0:
        return "0"
    return {1: "π", -1: "−π"}.get(times, say("pi", k=times))
