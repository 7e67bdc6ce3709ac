"""Every schedule as the area under its rate, and as a formula.

Source  001, the table of schedules; 004, halving, exponential decay, triangular cycles and 1cycle
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, ticks
from figures.parts.canvas import MARGIN, TICK, WIDTH, Canvas, px
from figures.parts.colors import halo
from figures.parts.table import Cell, Column, Table
from look import theme
from look.numbers import percent
from look.runs import DASHES, series
from look.words import Visual, say

READS = {
    "schedules": "share (run, step), momentum (run, step), mean (run), last (run), course (run), "
    "label (run), formula (run), letters (run), source (run), run (run), step (step), highest, "
    "lowest, n_schedules, n_steps",
}

VISUAL = Visual(
    uses=["schedules"],
    title="The highest rate says little: on average, {n_schedules} schedules step at "
    "{lowest:.0%} to {highest:.0%} of it",
    subtitle="The learning rate over {n_steps} steps, from 0 up to the optimizer’s own, η₀. Percent: "
    "the mean rate, that is, the share of its box that is filled.",
    alt="{n_schedules} small panels, each the learning rate of one schedule over a run as a filled "
    "area, in the order of the areas: from {highest:.0%} of the box to {lowest:.0%} "
    "({lowest_of}). Colours tell rates that only fall, that rise first, and that rise again. "
    "In the panel of 1cycle a dashed line, momentum, goes against the rate.",
    caption="Read from the optimizer at every step of a training of {n_steps} steps. {n_falls} of "
    "them only fall, {n_rises} rise first, {n_cycles} rise again after a fall. Where a schedule "
    "has settings of its own, those of its row hold.",
    words={
        "share": "{mean:.0%}",
        "momentum": "momentum {value:.2f}",
        "steps": "step {n}",
        "table title": "{n_schedules} schedules: the learning rate as a formula",
        "table subtitle": "t is the step, T the number of steps, η₀ the optimizer’s rate. Mean and "
        "last rate are shares of η₀ in a run of {n_steps} steps.",
    },
    series={
        "stands": ["constant", "muted"],
        "falls": ["only falls", "green"],
        "rises": ["rises first", "purple"],
        "cycles": ["falls and rises again", "vermillion"],
    },
)

COLUMNS, WIDE, TALL, GAP, DOWN = 5, 112.0, 84.0, 26.0, 46.0  # of the panels, CSS pixels
TOP = 62.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the panels, the largest area first."""
    n_rows = -(-recording.sizes["run"] // COLUMNS)
    fig = Canvas(TOP + n_rows * TALL + (n_rows - 1) * DOWN + 44)
    x = MARGIN
    for name in ("falls", "rises", "cycles"):
        x = _key(fig, x, name)
    for i, name in enumerate(recording.run.values.tolist()):
        row, column = divmod(i, COLUMNS)
        left, top = MARGIN + column * (WIDE + GAP), TOP + row * (TALL + DOWN)
        _panel(fig.place(left, top, WIDE, TALL), recording.sel(run=name))
    return fig


def _key(fig: Canvas, left: float, name: str) -> float:
    """Draw a key's patch and its name, and return where the next one may stand."""
    from figures.parts.canvas import LABEL, text_width

    ax = fig.place(left, 4, 14, 14)
    ax.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(0, 1))
    ax.fill_between([0, 1], 0, 1, color=series(name).color, linewidth=0)
    fig.write(left + 21, 16, series(name).label)
    return left + 21 + text_width(series(name).label, LABEL) + 26


def _panel(ax: Axes, run: xr.Dataset) -> None:
    steps, share = run.step.values, run.share.values
    last = int(steps[-1])
    own = series(str(run.course.item()))
    ax.set(xlim=(0, last), ylim=(0, 1))
    ax.axhspan(0, 1, color=theme.color("quiet"), alpha=0.35, linewidth=0, zorder=0)
    # A schedule that jumps holds its rate from one step to the next: so do all of them.
    ax.fill_between(
        steps, 0, share, step="post", color=own.color, alpha=0.55, linewidth=0, label="area"
    )
    ax.step(steps, share, where="post", color=own.color, linewidth=px(2), label="rate")
    ticks(ax, "x", [])
    ticks(ax, "y", [])
    heading(ax, str(run.label.item()), lift=8)
    at = (last, 1) if share[int(0.7 * last):].max() < 0.72 else (last, 0)
    up = at[1] == 1
    beside(
        ax, say("share", mean=run["mean"]), at, shift=(-6, -18 if up else 8), ha="right",
        weight="semibold", path_effects=halo(),
    )  # fmt: skip
    momentum = run.momentum.values
    if np.isfinite(momentum).all() and np.ptp(momentum) > 0:
        _momentum(ax, steps, momentum)


def _momentum(ax: Axes, steps: np.ndarray, momentum: np.ndarray) -> None:
    """Draw momentum from its lowest, low in the box, to its highest, high in it."""
    low, high = momentum.min(), momentum.max()
    height = 0.1 + 0.8 * (momentum - low) / (high - low)
    ax.plot(
        steps, height, color=theme.color("text"), linestyle=DASHES["dashed"], linewidth=px(1.5),
        label="momentum",
    )  # fmt: skip
    small = {"fontsize": px(TICK - 1), "path_effects": halo()}
    beside(ax, say("momentum", value=high), (0, 1), shift=(6, 3), **small)


def table(recording: xr.Dataset) -> Table:
    """Return the formulas."""
    columns = [
        Column("schedule"),
        Column("rate at step t"),
        Column("here"),
        Column("mean", align="decimal"),
        Column("last", align="decimal"),
        Column("source"),
    ]
    rows = []
    for name in recording.run.values.tolist():
        run = recording.sel(run=name)
        cell = Cell(str(run.label.item()), key=series(str(run.course.item())).token)
        shares = [percent(float(run[what]), 0) for what in ("mean", "last")]
        words = [str(run[what].item()) for what in ("formula", "letters")]
        rows.append([cell, *words, *shares, str(run.source.item())])
    return Table(
        columns, rows, title=say("table title"), subtitle=say("table subtitle")
    )
