"""Gradient descent in one parameter: on each side of a hilltop, every step beside its slope.

Source  002, the picture of one parameter; 000, whose rule for the update lacks η
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch

from figures.parts.axes import AXES, beside, ticks
from figures.parts.canvas import TICK, Canvas, is_narrow, px
from figures.parts.colors import halo, line_halo
from figures.parts.marks import dot, ring
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "descent_one_parameter": "theta (run, step), loss (run, step), slope (run, step), "
    "move (run, step), curve_x (x), curve (x), run (run), lr",
}

VISUAL = Visual(
    uses=["descent_one_parameter"],
    title="The slope sets the direction and the length of every step",
    subtitle="Two runs of {n_steps} steps: each adds −η J′ to θ, with the slope J′ and the "
    "learning rate η\u00a0=\u00a0{lr:g}. Bars: the steps, the first on top; dashed: the longest.",
    alt="A curve with two hollows and a hilltop between them. From θ = {first_start:g} dots "
    "run down to {first_end:.2f}, from {second_start:g} to {second_end:.2f}, with pieces of "
    "tangent at some of them. Below, each step is a bar between the old and the new place: short "
    "where the curve is nearly flat, long where it is steep. Beside the longest of "
    "each run stand slope and step, which have opposite signs.",
    caption="Where the slope J′ is negative, θ grows; where it is positive, θ shrinks. The rate η "
    "never changes: steps get long on steep ground and short on flat ground by themselves. "
    "From θ = {first_start:g} the descent ends near θ = {first_end:.2f}, from θ = "
    "{second_start:g} near {second_end:.2f}{apart:?, in the same place|, where the loss is "
    "{second_end_loss:.2f} and not {first_end_loss:.2f}: the place that descent finds need not be "
    "the lowest}.",
    words={
        "start": "Which way is down, and how far to go?\n"
        "The loss J depends on one parameter θ, and only its slope here is known.",
        "slope": "The tangent’s slope answers both\n"
        "Its sign gives the direction; its size, times the rate η = {lr:g}, the length.",
        "repeat": "Then again, with the slope of the new place\n"
        "The rate stays the same: steep ground makes long steps, flat ground short ones.",
        "other start": "The other start, at θ = {second_start:g}\n"
        "There the slope is {second_slope:+.2f}, so θ moves {falls:?right|left}.",
        "verdict": "{apart:?Both starts lead to the same place|The hollow that is reached "
        "need not be the lowest one}\n"
        "The loss ends at {first_end_loss:.3f} on the one side, at {second_end_loss:.3f} on "
        "the other.",
        "slope here": "J′ = {slope:+.2f}",
        "step": "−{lr:g} · ({slope:+.2f}) = {move:+.3f}",
        "step narrow": "{move:+.3f}",
    },
    series={
        "first": ["first", "purple"],
        "second": ["second", "green"],
    },
)

TALL, UNDER = 270.0, 340.0  # the curve, and the top of the first row of bars, CSS pixels
SIDE, ROW = 44.0, 15.0  # beside the curve; from row to row
SLIM_SIDE, SLIM_ROW = 28.0, 13.0  # the same on the narrow sheet
TANGENT = 78.0  # half the length of a tangent


def draw(recording: xr.Dataset) -> Figure:
    """Return the curve over the bars of its steps, with the numbers of some of them."""
    n_steps = recording.sizes["step"] - 1
    side, row = (SLIM_SIDE, SLIM_ROW) if is_narrow() else (SIDE, ROW)
    fig = Canvas(UNDER + n_steps * ROW + 24, narrow=UNDER + n_steps * SLIM_ROW + 24)
    ax = fig.place(side, 20, fig.width - 2 * side, TALL)
    bars = fig.place(side, UNDER, fig.width - 2 * side, n_steps * row)
    _curve(ax, recording)
    span = ax.get_xlim()
    bars.set(xlim=span, ylim=(n_steps - 0.5, -0.5))
    bars.axis("off")
    for name in recording.run.values.tolist():
        run, hue = recording.sel(run=name), series(name).color
        _walk(ax, run, hue, name)
        _bars(bars, run, hue, name)
        longest = int(np.abs(run.slope.values[:-1]).argmax())
        at = float(run.theta[longest])
        fig.add_artist(
            ConnectionPatch(
                (at, float(run.loss[longest])), (at, longest), ax.transData, bars.transData,
                color=hue, linewidth=px(1.25), linestyle=(0, (2, 2)), zorder=-1,
                label=f"_tie {name}",
            )
        )  # fmt: skip
    return fig


def _curve(ax: Axes, recording: xr.Dataset) -> None:
    x, curve = recording.curve_x, recording.curve
    top, low = float(curve.max()), float(curve.min())
    ax.plot(x, curve, color=color("muted"), linewidth=px(2), label="curve", zorder=1)
    ax.set(xlim=(float(x[0]), float(x[-1])), ylim=(low - 0.09 * (top - low), 1.02 * top))
    ax.set_yticks([])
    whole = np.arange(np.ceil(float(x[0])), float(x[-1]) + 1e-9)
    ticks(ax, "x", whole.tolist())
    beside(ax, "θ", (1, 0), of=AXES, shift=(8, -4), color=color("muted"))
    beside(ax, "J(θ)", (float(x[0]), float(curve[0])), shift=(10, 0), color=color("muted"))


def _walk(ax: Axes, run: xr.Dataset, hue: str, name: str) -> None:
    """Draw the points of a run, and on top the tangent where it is steepest, with its slope."""
    theta, loss, slope = (run[each].values for each in ("theta", "loss", "slope"))
    steepest = int(np.abs(slope).argmax())
    (x0, y0), (x1, y1) = ax.transData.transform([(0, 0), (1, 1)])
    scale = ax.figure.dpi / 96
    across, up = (x1 - x0) / scale, (y1 - y0) / scale  # CSS pixels to the unit
    reach = TANGENT / np.hypot(across, slope[steepest] * up)
    ends = theta[steepest] + reach * np.array([-1, 1])
    ax.plot(
        ends,
        loss[steepest] + slope[steepest] * (ends - theta[steepest]),
        color=color("text"),
        linewidth=px(2),
        path_effects=line_halo(2),
        label=f"_tangent {name}",
        zorder=3,
    )
    dot(ax, theta[steepest], loss[steepest], color=hue, size=13, zorder=6,
        markeredgecolor=color("text"))  # fmt: skip
    ax.plot(
        theta,
        loss,
        linestyle="none",
        marker="o",
        markersize=px(7),
        markerfacecolor=hue,
        markeredgecolor=color("background"),
        markeredgewidth=px(1),
        label=name,
        zorder=4,
    )
    ring(ax, float(theta[0]), float(loss[0]))
    normal = np.array([-slope[steepest] * up, across])  # at right angles to the curve, on screen
    beside(
        ax,
        say("slope here", slope=slope[steepest]),
        (theta[steepest], loss[steepest]),
        shift=tuple(19 * normal / np.linalg.norm(normal)),
        ha="left" if normal[0] > 0 else "right",
        weight="semibold",
        path_effects=halo(),
    )


def _bars(ax: Axes, run: xr.Dataset, hue: str, name: str) -> None:
    """Draw each step from where it starts to where it ends, a row each; compute the longest."""
    theta, slope = run.theta.values, run.slope.values
    told = {int(np.abs(slope[:-1]).argmax())}
    ax.plot([theta[-1]] * 2, [max(told) + 1, len(slope) - 1.5], color=color("quiet"),
            linewidth=px(1), label="_end", zorder=0)  # fmt: skip
    for k, (here, there) in enumerate(pairwise(theta)):
        ax.plot(
            [here, there],
            [k, k],
            color=hue,
            alpha=1.0 if k in told else 0.55,
            linewidth=px(7 if is_narrow() else 9),
            solid_capstyle="butt",
            label=f"_step {name}",
            zorder=2,
            clip_on=False,
        )
        if k in told:
            words = say(
                "step narrow" if is_narrow() else "step", slope=slope[k], move=run.move.values[k]
            )
            out = -1 if there < here else 1  # behind the bar's head
            beside(ax, words, (there, k), shift=(9 * out, 0), ha="left" if out > 0 else "right",
                   va="center_baseline", fontsize=px(TICK), path_effects=halo(3),
                   zorder=3)  # fmt: skip
