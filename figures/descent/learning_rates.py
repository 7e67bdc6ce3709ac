"""Four learning rates on one parabola, and where they lie between the two thresholds 1/λ and 2/λ.

Reads   learning_rates: theta, loss (run, step), lr (run), curve (x)
Source  000, placeholders OSCILLATING, DIVERGING, SLOW; 003
"""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import _kit as kit

VISUAL = kit.figure(
    uses=["learning_rates"],
    title="One rate creeps, one settles, one swings, one escapes",
    subtitle="{n_steps} steps of gradient descent on J(θ) = ½ λ θ² with λ = {curvature:g}, all "
    "from θ = {start:g}. Each dot is a step; only the learning rate η differs.",
    alt="Four copies of a parabola with the steps of gradient descent on it. At the slow rate the "
    "dots creep down one side; at the good rate they reach the bottom in a few steps; at the "
    "oscillating rate they jump from side to side, lower each time; at the diverging rate they "
    "jump ever higher and out of the picture. Below, the four rates on an axis on which 1/λ = "
    "{rate_alternates:g} and 2/λ = {rate_diverges:g} are marked.",
    caption="On a parabola of curvature λ = {curvature:g}, each step multiplies θ by 1 − ηλ: below "
    "1/λ = {rate_alternates:g} it stays on its side, above it changes sides, and above 2/λ = "
    "{rate_diverges:g} it grows. The diverging run is cut off where it leaves the picture. On a "
    "surface with many curvatures, the largest one sets these limits.",
)

COLORS = {"slow": "blue", "good": "green", "oscillating": "orange", "diverging": "vermillion"}

LEFT, ACROSS, GAP = kit.MARGIN, 149.0, 22.667  # the four panels, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return the four panels over the axis of rates."""
    fig = kit.canvas(378)
    line = fig.place(kit.MARGIN, 236, kit.WIDTH - 2 * kit.MARGIN, 128)
    for i, name in enumerate(recording.run.values.tolist()):
        left = LEFT + i * (ACROSS + GAP)
        panel = fig.place(left, 30, ACROSS, 164)
        _panel(panel, recording, name, first=i == 0)
    _axis_of_rates(line, recording)
    return fig


def _panel(ax: Axes, recording: xr.Dataset, name: str, *, first: bool) -> None:
    run = recording.sel(run=name)
    hue = kit.color(COLORS[name])
    x, curve = recording.curve_x, recording.curve
    ax.set(xlim=(x.min(), x.max()), ylim=(-0.04 * curve.max(), curve.max()))
    ax.axis("off")
    ax.plot(x, curve, color=kit.color("muted"), linewidth=kit.px(1.5), zorder=1)
    kit.heading(ax, name, rf"$\eta$ = {kit.number(float(run.lr))}")

    ax.plot(
        run.theta,
        run.loss,
        color=hue,
        label=name,
        linewidth=kit.px(1.5),
        marker="o",
        markersize=kit.px(7),
        markeredgecolor=kit.color("background"),
        markeredgewidth=kit.px(1),
        zorder=4,
    )
    kit.mark_leaving(ax, run.theta, run.loss, color=hue)
    start = float(run.theta[0]), float(run.loss[0])
    kit.ring(ax, *start)
    if first:
        side = 1 if start[0] < 0 else -1  # inside the bowl
        kit.beside(
            ax,
            "start",
            start,
            shift=(10 * side, 0),
            ha="left" if side > 0 else "right",
            va="center",
        )
    last = kit.number(float(run.theta[-1]))
    words = rf"$\theta_{{{int(run.step[-1])}}}$ = {last}"
    kit.beside(
        ax,
        words,
        (0.5, 0),
        of=kit.AXES,
        shift=(0, -17),
        ha="center",
        color=kit.color("muted"),
    )


def _axis_of_rates(ax: Axes, recording: xr.Dataset) -> None:
    """Draw the rates as a line in three zones, with the runs on it, each under a leader."""
    alternates, diverges = recording.attrs["rate_alternates"], recording.attrs["rate_diverges"]
    right = max(1.2 * diverges, 1.08 * float(recording.lr.max()))
    width = kit.WIDTH - 2 * kit.MARGIN
    ax.set(xlim=(0, right), ylim=(0, 1))
    ax.axis("off")
    level = 0.42
    zones = [
        (0.0, alternates, "stays on its side", "quiet"),
        (alternates, diverges, "changes sides, shrinks", "quiet"),
        (diverges, right, "grows", "quiet"),
    ]
    for low, high, words, token in zones:
        gap = right / width  # one pixel on each side parts the zones
        ax.plot(
            [low + gap, high - gap],
            [level, level],
            color=kit.color(token),
            linewidth=kit.px(7),
            solid_capstyle="butt",
        )
        ax.text((low + high) / 2, level - 0.2, words, ha="center", color=kit.color("muted"))
    for value, words in ((alternates, r"$1/\lambda$"), (diverges, r"$2/\lambda$")):
        ax.plot(
            [value, value],
            [level - 0.09, level + 0.09],
            color=kit.color("text"),
            linewidth=kit.px(1.5),
            solid_capstyle="butt",
        )
        ax.text(value, level - 0.2, f"{words} = {kit.number(value)}", ha="center")
    for i, name in enumerate(recording.run.values.tolist()):
        rate = float(recording.lr.sel(run=name))
        hue = kit.color(COLORS[name])
        middle = (LEFT + i * (ACROSS + GAP) + ACROSS / 2 - kit.MARGIN) / width * right
        ax.plot([middle, rate, rate], [0.98, 0.66, level], color=hue, linewidth=kit.px(1.25))
        kit.dot(ax, rate, level, color=hue, size=11)
