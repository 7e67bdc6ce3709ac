"""Three runs along a ravine: too little momentum, the critical one, too much.

Source  001; 002; 004; Goh, Why Momentum Really Works, Distill 2017
"""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import heading
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.contours import contours, levels
from figures.parts.marks import path, ring, star
from look.runs import series
from look.words import Visual, say

READS = {
    "momentum_ravine": "theta (run, step, param), momentum (run), arrived (run), height (y, x), "
    "grid_x (x), grid_y (y), run (run), n_steps",
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
    "{overshoot:.1f} past the minimum.",
    caption="Arrived: from then on within {near:g} of the minimum of ½(x² + 20y²). Of momenta "
    "from 0 to 0.98 the fastest is {fastest:.2f}, with {fastest_arrived} steps.",
    words={
        "strip": "{label}: μ = {mu:.2n}",
        "arrived": "{late:?arrived at step {step}|not there after {n_steps} steps}",
        "start": "One rate, three momenta: who is at the star first?\n"
        "All start in one place, at one pace; dots are steps",
        "past": "up to {far:.1f} past the star",
        "end": "{in_order:?{n_there} of 3 are there after {n_steps} steps|Too little crawls, too "
        "much overshoots: {critical_arrived} steps against {none_arrived} and {much_arrived}}\n"
        "The middle one has μ = (1 − √η)² = {critical_momentum:.2f}, with η = {lr:g}",
    },
    series={
        "none": ["No momentum", "green"],
        "critical": ["About right", "vermillion"],
        "much": ["Too much", "purple"],
    },
)

WIDE = WIDTH - 2 * MARGIN


def draw(recording: xr.Dataset) -> Figure:
    """Return the three maps under each other."""
    across = float(recording.grid_x[-1] - recording.grid_x[0])
    up = float(recording.grid_y[-1] - recording.grid_y[0])
    strip = WIDE * up / across  # equal axes
    fig = Canvas(3 * (strip + 38) + 16, narrow=True)
    for i, name in enumerate(recording.run.values.tolist()):
        _strip(fig.place(MARGIN, 30 + i * (strip + 38), WIDE, strip), recording, name)
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
