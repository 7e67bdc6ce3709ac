"""Three runs along a ravine: too little momentum, the critical one, too much.

Source  001; 002; 004; Goh, Why Momentum Really Works, Distill 2017
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.optimizers._arrows import arrow
from figures.optimizers._strips import strips
from look.numbers import joined
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "momentum_ravine": "theta (run, step, param), momentum (run), arrived (run), height (y, x), "
    "grid_x (x), grid_y (y), run (run), n_steps, in_order",
}

VISUAL = Visual(
    uses=["momentum_ravine"],
    title="{in_order:?Momentum along a ravine: {n_there} of 3 arrive in {n_steps} steps|Too little "
    "momentum crawls, too much overshoots: {critical_arrived} steps against {none_arrived} and "
    "{much_arrived}}",
    subtitle="One rate, η = {lr:g}; dots are steps, the star is the minimum. Arrived: within "
    "{near:g} of it, to stay.",
    alt="Three maps of one narrow ravine with paths from the same start: without momentum, with "
    "the critical μ = {critical_momentum:.2f}, and with μ = {much_momentum:g}, which gets "
    "{overshoot:.1f} past the minimum.",
    caption="The ravine is ½(x² + 20y²). The middle one has μ\u202f=\u202f(1\u202f−\u202f√η)², "
    "the most that does not overshoot along the floor. Of momenta "
    "from 0 to 0.98 the fastest is {fastest:.2f}, with {fastest_arrived} steps.",
    words={
        "strip": "{label}: μ = {mu:.2n}",
        "arrived": "{late:?arrived at step {step}|not there after {n_steps} steps}",
        "start": "One rate, three momenta: who is at the star first?\n"
        "All start in one place, at one pace; dots are steps",
        "past": "{far:.0%} of its way too far",
        "step": "step {step}",
        "end": "{in_order:?{n_there} of 3 are there after {n_steps} steps|Too little crawls, too "
        "much overshoots: {critical_arrived} steps against {none_arrived} and {much_arrived}}\n"
        "The middle one has μ = (1 − √η)² = {critical_momentum:.2f}, with η = {lr:g}",
    },
    series={
        "none": ["No momentum", "slate"],
        "critical": ["About right", "indigo"],
        "much": ["Too much", "green"],
    },
)


def draw(recording: xr.Dataset) -> Figure:
    """Return the three maps under each other."""
    paths = []
    for name in recording.run.values.tolist():
        run, own, step = recording.sel(run=name), series(name), int(recording.arrived.sel(run=name))
        said = say("strip", label=own.label, mu=float(run.momentum))
        note = say("arrived", step=step, late=step < 0)
        if name == "much" and recording.attrs["in_order"]:
            note = joined([note, say("past", far=too_far(recording)[1])], ", ")
        paths.append((name, own, run.theta.values, said, note))
    fig = strips(recording, paths, top=30, gap=38, bottom=16, width=1.75, mark=5)
    if recording.attrs["in_order"]:
        _past(fig.axes[-1], recording)
    return fig


def too_far(recording: xr.Dataset) -> tuple[float, float]:
    """Return how far too much momentum gets past the star, and that as a share of its way there."""
    theta = recording.theta.sel(run="much").values
    over = float(theta[:, 0].max())
    return over, over / abs(float(theta[0, 0]))


def _past(ax: Axes, recording: xr.Dataset) -> None:
    """Draw by how much too much momentum is too far."""
    over, _ = too_far(recording)
    low = ax.get_ylim()[0] + 0.1 * np.ptp(ax.get_ylim())
    arrow(ax, (0, low), (over, low), color("text"), label="past", width=2.5, zorder=6)
