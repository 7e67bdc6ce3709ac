"""Every schedule as the area under its rate, and as a formula.

Source  001, the table of schedules; 004, halving, exponential decay, triangular cycles and 1cycle
"""

from __future__ import annotations

import re

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, legend, ticks
from figures.parts.canvas import MARGIN, Canvas, is_narrow, px
from figures.parts.table import Cell, Column, Table
from look import theme
from look.numbers import joined, percent
from look.runs import series
from look.words import Visual, say

READS = {
    "schedules": "share (run, step), mean (run), last (run), course (run), counted (run), "
    "label (run), formula (run), momentum_formula (run), letters (run), source (run), "
    "run (run), step (step), n_schedules, n_steps, lowest, highest",
}

VISUAL = Visual(
    uses=["schedules"],
    title="The highest rate says little: on average, {n_schedules} schedules step at "
    "{lowest:.0%} to {highest:.0%} of it",
    subtitle="The learning rate over {n_steps} steps, from 0 up to the optimizer’s own, η₀. "
    "Percent: the mean rate, that is, the share of its box that is filled.",
    alt="{n_schedules} small panels, each the learning rate of one schedule over a run as a "
    "filled area, in the order of the areas: from {highest:.0%} of the box to {lowest:.0%} "
    "({lowest_of}). Colours tell rates that only fall, that rise and never again, and that "
    "rise after a fall.",
    caption="Read from the optimizer at every step of a training of {n_steps} steps. {n_falls} of "
    "them only fall, {n_rises} rise, but not again after a fall, {n_cycles} rise after a fall. "
    "Where a schedule has settings of its own, those of its row hold.",
    words={
        "share": "{mean:.0%}",
        "momentum": "momentum: ",
        "table title": "{n_schedules} schedules from one highest rate: their means are "
        "{lowest:.0%} to {highest:.0%} of it",
        "table subtitle": "The mean and the last of {n_steps} steps, as shares of the optimizer’s "
        "rate η₀. Each letter has one meaning in all rows, said at the foot.",
        "counted": "{own:?Not among them: Exponential in another form, and a test of rates|To "
        "train with, the highest mean first}",
        "letters": "$t$: the step, of $T$. $s$, $s₁$, $s₂$: parts of the run. $w$, $n$: lengths in "
        "steps, $w$ of the warm-up, $n$ of a rise, a fall, a cycle or a stair. $r$: a part of "
        "$η₀$; $f$: a part of that. $c$: a factor. $p$: a power. $k$: how many powers of e. $μ₁$, "
        "$μ₂$: the lowest and the highest momentum.",
        "clause": "${formula}$",
    },
    series={
        "stands": ["constant", "muted"],
        "falls": ["only falls", "green"],
        "rises": ["rises once", "purple"],
        "cycles": ["rises after a fall", "vermillion"],
    },
)

COURSES = ("falls", "rises", "stands", "cycles")
COLUMNS, WIDE, TALL, GAP, DOWN = 5, 112.0, 84.0, 26.0, 64.0  # of the panels, CSS pixels
LOW = 60.0  # of a panel on the narrow sheet, which has more rows
TOP, NARROW_TOP = 60.0, 82.0  # of the panels, under one line of keys and under two


def draw(recording: xr.Dataset) -> Figure:
    """Return the panels, the largest area first."""
    recording = recording.isel(run=recording.counted.values.astype(bool))
    n_rows, tall = -(-recording.sizes["run"] // COLUMNS), LOW if is_narrow() else TALL
    over = NARROW_TOP if is_narrow() else TOP
    fig = Canvas(over + n_rows * tall + (n_rows - 1) * DOWN + 40)
    keys = [(series(name).label, series(name).color, "solid") for name in COURSES]
    step, top, columns = (150.0, 10.0, 2) if is_narrow() else (170.0, 10.0, 4)
    for i, key in enumerate(keys):
        row, column = divmod(i, columns)
        legend(fig, [key], left=MARGIN + column * step, top=top + row * 22)
    for i, name in enumerate(recording.run.values.tolist()):
        row, column = divmod(i, COLUMNS)
        left, top = MARGIN + column * (WIDE + GAP), over + row * (tall + DOWN)
        _panel(fig.place(left, top, WIDE, tall), recording.sel(run=name))
    return fig


def _panel(ax: Axes, run: xr.Dataset) -> None:
    steps, n_steps = run.step.values, int(run.step[-1])
    # The last one recorded, no step takes any more.
    share = np.append(run.share.values[:-1], run.share.values[-2])
    own = series(str(run.course.item()))
    ax.set(xlim=(0, n_steps), ylim=(0, 1))
    ax.axhspan(0, 1, color=theme.color("quiet"), alpha=0.35, linewidth=0, zorder=0)
    ax.fill_between(steps, 0, share, color=own.color, alpha=0.55, linewidth=0, label="area")
    ax.plot(steps, share, color=own.color, linewidth=px(2), label="rate")
    ticks(ax, "x", [])
    ticks(ax, "y", [])
    heading(ax, str(run.label.item()), lift=8)
    beside(ax, say("share", mean=rounding(run["mean"])), (0, 0), shift=(0, -18))


def table(recording: xr.Dataset) -> Table:
    """Return the formulas."""
    columns = [
        Column("schedule"),
        Column("rate at step t"),
        Column("settings"),
        Column("mean", align="decimal"),
        Column("last", align="decimal"),
    ]
    rows, groups = [], []
    own = recording.counted.values.astype(bool)
    for name in recording.run.values[np.argsort(~own, kind="stable")].tolist():
        run = recording.sel(run=name)
        cell = Cell(str(run.label.item()), key=series(str(run.course.item())).token,
                    course=_small(run.share.values[:-1]))  # fmt: skip
        shares = [percent(rounding(run[what]), 0) for what in ("mean", "last")]
        rate = _clauses(run.formula.item(), ", ")
        if momentum := str(run.momentum_formula.item()):
            there = _CLAUSE.split(str(run.formula.item()))  # what its letters are is said once
            new = ",  ".join(each for each in _CLAUSE.split(momentum) if each not in there)
            rate = joined([rate, say("momentum") + _clauses(new, ", ")], "\n")
        formula = Cell(rate, note=_source(run))
        rows.append([cell, formula, _clauses(run.letters.item(), "\n"), *shares])
        groups.append(say("counted", own=int(run.counted)))
    return Table(columns, rows, groups, [say("letters")], say("table title"), say("table subtitle"))


def rounding(share: xr.DataArray) -> float:
    """Return a share that is rounded as a reader would: 62.5 % up, not to an even number."""
    return float(share) + 1e-9 if 0.001 < float(share) < 0.999 else float(share)


def _source(run: xr.Dataset) -> str:
    """Return where a schedule comes from; what every textbook has is from nowhere."""
    source = str(run.source.item())
    return "" if source == "textbook" else source


def _small(heights: np.ndarray) -> tuple[float, ...]:
    """Return a curve's heights at as many places as a cell has pixels for."""
    at = np.linspace(0, len(heights) - 1, min(len(heights), 61)).round().astype(int)
    return tuple(heights[at].tolist())


def _clauses(formula: str, between: str) -> str:
    """Return a formula, and what its letters are, each as mathematics; the rate on its own line."""
    if not formula:
        return ""
    first, *others = (say("clause", formula=each) for each in _CLAUSE.split(formula))
    rest = joined(others, between)
    return joined([first, rest], "\n") if rest else first


_CLAUSE = re.compile(r",\s+(?=\S+\s=\s)")  # the comma before what a letter is
