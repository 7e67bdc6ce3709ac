"""Three runs along a ravine, how soon each momentum arrives, and momentum among noise.

Source  001; 002; 004; Goh, Why Momentum Really Works, Distill 2017
"""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from figures.parts.axes import beside, heading, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.colors import halo
from figures.parts.contours import contours, levels
from figures.parts.marks import dot, path, ring, star
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "momentum_ravine": "theta (run, step, param), momentum (run), arrived (run), tried (x_tried), "
    "tried_arrived (x_tried), noisy_gradient (step_noisy), true_gradient (step_noisy), "
    "average (step_noisy), height (y, x), grid_x (x), grid_y (y), run (run), "
    "step_noisy (step_noisy), average_spread, fastest, fastest_arrived, n_steps, "
    "single_spread",
}

VISUAL = Visual(
    uses=["momentum_ravine"],
    title="{in_order:?Momentum along a ravine: {n_there} of 3 arrive in {n_steps} steps|Too little "
    "momentum crawls, too much overshoots: {none_arrived}, {critical_arrived} and {much_arrived} "
    "steps}",
    subtitle="Heavy ball at one rate, η = {lr:g}, dots are steps. Star: minimum. Middle: the "
    "critical μ = (1\u202f−\u202f√η)², where the ball just does not overshoot along the floor.",
    alt="Three maps of one narrow ravine with paths from the same start: without momentum, with "
    "the critical μ = {critical_momentum:.2f}, and with μ = {much_momentum:g}, which gets "
    "{overshoot:.1f} past the minimum. Below left, steps until arrival against momentum, fewest at "
    "μ = {fastest:.2f}. Below right, scattered gradients of single examples with a line, their "
    "average, through them.",
    caption="Arrived: from then on within {near:g} of the minimum of ½(x² + 20y²). Of momenta from "
    "0 to 0.98 the fastest is {fastest:.2f}, with {fastest_arrived} steps. Right: another run, η = "
    "{noisy_lr:g}, μ = {noisy_momentum:g}, on one example a step, each of which tilts the ravine. "
    "(1\u202f−\u202fμ)v is an average of gradients; its noise is {damping:.0f} times smaller than "
    "theirs (in theory √((1\u202f+\u202fμ)/(1\u202f−\u202fμ)) = {expected_damping:.1f}). The "
    "steps are calmer; the ball itself {wanders:?wanders less here too|still wanders}: over the "
    "last third its loss is {momentum_orbit:.2g}, that of plain descent at the same "
    "η/(1\u202f−\u202fμ) {sgd_orbit:.2g} (means of {noisy_repeats} runs).",
    words={
        "strip": "{label}: μ = {mu:.2n}",
        "arrived": "{late:?arrived at step {step}|not there after {n_steps} steps}",
        "fastest": "{step} steps at μ = {mu:.2f}",
        "spread": "dots: spread {single_spread:.2f}; line: {average_spread:.2f}",
        "start": "A ravine, one rate, three momenta\n"
        "All start at the ring, at one pace. Star: the minimum.",
        "race": "{in_order:?{n_there} of 3 are there after {n_steps} steps|Too little crawls, too "
        "much overshoots}\n"
        "The middle one has μ = (1 − √η)² = {critical_momentum:.2f}, with η = {lr:g}.",
        "noise": "And one example at a time? Gradients scatter\n"
        "Dots: gradients along the floor, one a step. Line: momentum’s average of them.",
        "end": "{averages:?The average still scatters, {damping:.1f} times less|Momentum steps "
        "along the average: scatter {damping:.0f} times smaller}\n"
        "Spread of single gradients {single_spread:.2f}, of their average {average_spread:.2f}.",
    },
    series={
        "none": ["No momentum", "green"],
        "critical": ["About right", "vermillion"],
        "much": ["Too much", "purple"],
    },
)

WIDE = WIDTH - 2 * MARGIN
LOWER = 196.0  # height of the lower panels, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return the three maps over the two charts."""
    across = float(recording.grid_x[-1] - recording.grid_x[0])
    up = float(recording.grid_y[-1] - recording.grid_y[0])
    strip = WIDE * up / across  # equal axes
    top = 3 * (strip + 38)
    fig = Canvas(top + LOWER + 92)
    for i, name in enumerate(recording.run.values.tolist()):
        _strip(fig.place(MARGIN, 30 + i * (strip + 38), WIDE, strip), recording, name)
    half = (WIDE - 60) / 2
    _arrivals(fig.place(MARGIN + 30, top + 30, half - 30, LOWER), recording)
    _noise(fig.place(WIDTH - MARGIN - half, top + 30, half, LOWER), recording)
    return fig


def _strip(ax: Axes, recording: xr.Dataset, name: str) -> None:
    run, hue = recording.sel(run=name), series(name).color
    at = levels(recording.height, 10)
    contours(ax, recording.grid_x, recording.grid_y, recording.height, at=at)
    ax.set(xticks=[], yticks=[])
    theta = run.theta.values
    path(ax, *theta.T, color=hue, width=1.75, label=name)
    ax.plot(*theta.T, linestyle="none", marker="o", markersize=px(5), color=hue, zorder=3.5)
    star(ax, 0, 0)
    ring(ax, *theta[0])
    step = int(run.arrived)
    mu = say("strip", label=series(name).label, mu=float(run.momentum))
    heading(ax, mu, say("arrived", step=step, late=step < 0))


def _arrivals(ax: Axes, recording: xr.Dataset) -> None:
    there = recording.tried_arrived >= 0
    steps = recording.tried_arrived.where(there)
    ax.plot(recording.tried, steps, color=color("text"), linewidth=px(2.25), label="tried")
    ax.grid(axis="y")
    low, high = float(steps.min()), float(steps.max())
    ax.set(xlim=(0, 1), yscale="log", ylim=(low / 1.9, 1.2 * high))
    ticks(ax, "x", [0, 0.25, 0.5, 0.75, 1])
    ticks(ax, "y", [value for value in (10, 20, 50, 100, 200, 500) if low <= value <= high])
    heading(ax, "steps until arrival", lift=10)
    name_axes(ax, x="momentum μ")
    for name in recording.run.values.tolist():
        run = recording.sel(run=name)
        if int(run.arrived) >= 0:
            dot(ax, float(run.momentum), int(run.arrived), color=series(name).color, size=11)
    at = recording.attrs["fastest"], recording.attrs["fastest_arrived"]
    if at[1] >= 0:
        text = say("fastest", step=at[1], mu=at[0])
        beside(ax, text, at, shift=(0, -20), ha="center", path_effects=halo())


def _noise(ax: Axes, recording: xr.Dataset) -> None:
    steps = recording.step_noisy
    ax.plot(
        steps,
        recording.noisy_gradient,
        linestyle="none",
        marker="o",
        markersize=px(4),
        color=color("muted"),
        alpha=0.6,
        markeredgewidth=0,
        label="single",
    )
    ax.plot(
        steps,
        recording.true_gradient,
        color=color("text"),
        linewidth=px(1.25),
        linestyle=(0, (4, 3)),
        label="true",
        zorder=3,
    )
    ax.plot(steps, recording.average, color=series("much").color, linewidth=px(3), label="average")
    ax.axhline(0, color=color("quiet"), linewidth=px(1), zorder=0)
    ax.set_xlim(0, int(steps[-1]))
    ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    heading(ax, "gradient", say("spread"), lift=10)
    name_axes(ax, x="step; dashed: all examples’ gradient")
