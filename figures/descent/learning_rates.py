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
    "from θ = {start:g}. A dot after each step; only the learning rate η differs.",
    alt="Four copies of a parabola with the steps of gradient descent on it. At the slow rate the "
    "dots creep down one side; at the good rate they reach the bottom in a few steps; at the "
    "oscillating rate they jump from side to side, lower each time; at the diverging rate they "
    "jump ever higher and out of the picture. Below, the four rates on an axis on which 1/λ = "
    "{rate_alternates:g} and 2/λ = {rate_diverges:g} are marked.",
    caption="On a parabola of curvature λ = {curvature:g}, each step multiplies θ by 1 − ηλ: below "
    "η = 1/λ = {rate_alternates:g}, θ stays on its side of the minimum; above, θ changes sides "
    "at every step; above 2/λ = {rate_diverges:g}, it moves ever farther away. The diverging run "
    "is cut off where it leaves the picture. On a surface with many curvatures, the largest one "
    "sets these limits.",
)

COLORS = {"slow": "blue", "good": "green", "oscillating": "orange", "diverging": "vermillion"}

LEFT, ACROSS, GAP = kit.MARGIN, 149.0, 22.667  # the four panels, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return the four panels over the axis of rates."""
    fig = kit.canvas(412)
    line = fig.place(kit.MARGIN, 258, kit.WIDTH - 2 * kit.MARGIN, 136)
    for i, name in enumerate(recording.run.values.tolist()):
        left = LEFT + i * (ACROSS + GAP)
        panel = fig.place(left, 52, ACROSS, 164)
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
    kit.heading(ax, name, lift=27)
    rate = float(run.lr)
    multiple = kit.number(rate / recording.attrs["rate_alternates"])
    words = f"η = {kit.number(rate)} = {multiple}/λ"
    kit.beside(ax, words, (0, 1), shift=(0, 9), of=kit.AXES, color=kit.color("muted"))

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
    words = rf"$\mathregular{{θ_{{{int(run.step[-1])}}}}}$ = {last}"
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
    level, tall = 0.73, 136
    zones = [
        (0.0, alternates, "θ stays on its side"),
        (alternates, diverges, "θ changes sides, shrinks"),
        (diverges, right, "θ grows"),
    ]
    for low, high, words in zones:
        gap = right / width  # one pixel on each side parts the zones
        ax.plot(
            [low + gap, high - gap],
            [level, level],
            color=kit.color("quiet"),
            linewidth=kit.px(7),
            solid_capstyle="butt",
        )
        ax.text((low + high) / 2, level - 52 / tall, words, ha="center", color=kit.color("muted"))
    marks = [(0.0, "0"), (alternates, "1/λ = "), (diverges, "2/λ = ")]
    for value, words in marks:
        ax.plot(
            [value, value],
            [level - 10 / tall, level + 10 / tall],
            color=kit.color("text"),
            linewidth=kit.px(1.5),
            solid_capstyle="butt",
            clip_on=False,
        )
        words = words if value == 0 else words + kit.number(value)
        side = "left" if value == 0 else "center"
        ax.text(value, level - 28 / tall, words, ha=side)
    ax.text(right / 2, level - 80 / tall, "learning rate η", ha="center", color=kit.color("muted"))
    for name in recording.run.values.tolist():
        rate = float(recording.lr.sel(run=name))
        kit.dot(ax, rate, level, color=kit.color(COLORS[name]), size=11)
        near = rate < 0.1 * right  # its name would begin to the left of the axis
        shift = (-5 if near else 0, 13)
        kit.beside(ax, name, (rate, level), shift=shift, ha="left" if near else "center")
