"""1cycle, triangular cycles and a constant rate on one task: superconvergence, or its absence.

Source  004, superconvergence; Smith and Topin 2018, arXiv:1708.07120
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import heading, label_ends, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.marks import dot
from look import theme
from look.numbers import number, percent
from look.runs import series
from look.words import Visual, say

READS = {
    "one_cycle": "mean (run, x_length), least (run, x_length), most (run, x_length), "
    "accuracy (run, x_rate, x_length, run_seed), chosen (run, x_length), rate (x_rate), "
    "length (x_length), lr (run, step), run (run), step (step), longest, n_rates",
}

VISUAL = Visual(
    uses=["one_cycle"],
    title="{case:?super=Superconvergence: {one_cycle_length} of {longest} steps are enough for "
    "1cycle|faster=1cycle saves steps, {one_cycle_length} do for {longest}, but that is no "
    "superconvergence|level=No superconvergence here: 1cycle needs its {longest} steps too|"
    "never=No superconvergence here: 1cycle is no better than a good constant rate}"
    "{bears:?|, yet it bears a higher rate}",
    subtitle="Share that is right in the test, {dataset}. First: at every length, each policy at "
    "the best of {n_rates} rates. Then: at each of the rates, after {longest} steps.",
    alt="Three small panels show the rate over the longest training: constant at "
    "{rate_of_constant:g}, triangular cycles up to {rate_of_triangular:g}, 1cycle up to "
    "{rate_of_one_cycle:g}. Below, test accuracy against steps of training: after {longest} steps "
    "{end_of_constant:.1%} at a constant rate, {end_of_triangular:.1%} with cycles, "
    "{end_of_one_cycle:.1%} with 1cycle. Beside it, accuracy against the highest rate: at "
    "{above_rate:g}, {above_of_constant:.1%}, {above_of_triangular:.1%}, {above_of_one_cycle:.1%}.",
    caption="A {widths} network, {n_train:,} training examples, batches of {batch_size}, momentum "
    "{momentum:g} (1cycle moves it against the rate), means and ranges of "
    "{repeats:?no|one|two|three|four|{repeats}} seeds. The rate with the lowest training loss is "
    "taken, for every policy and length. Superconvergence would be {faster:g} times fewer steps "
    "for the accuracy that the constant rate has after {longest}, {target:.1%}; "
    "{one_cycle_length:?1cycle does not get there|of the lengths tried, {one_cycle_length} steps "
    "are the first at which 1cycle has it}. One small task: it says nothing of others.",
    words={
        "constant": "constant, η = {rate:g}",
        "triangular": "triangular, up to {rate:g}",
        "one_cycle": "1cycle, up to {rate:g}",
        "hero": "best of {n_rates} rates",
        "steps": "steps of training, logarithmic",
        "rates": "highest rate, logarithmic",
        "after": "after {longest} steps",
        "right": "share that is right",
    },
    series={
        "constant": ["constant", "muted"],
        "triangular": ["triangular", "vermillion"],
        "one_cycle": ["1cycle", "purple"],
    },
)

MINI, MINI_TALL, MINI_GAP = 205.0, 62.0, 24.5
TOP, TALL = 158.0, 238.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the policies' rates, and under them what came of them."""
    fig = Canvas(TOP + TALL + 60)
    highest = float(recording.lr.max())
    for i, name in enumerate(recording.run.values.tolist()):
        left = MARGIN + i * (MINI + MINI_GAP)
        rate = float(recording.rate[int(recording.chosen.sel(run=name)[-1])])
        ax = fig.place(left, 30, MINI, MINI_TALL)
        _course(ax, recording.sel(run=name), say(name, rate=rate), highest)
    _lengths(fig.place(70, TOP, 300, TALL), recording)
    _rates(fig.place(508, TOP, WIDTH - MARGIN - 508, TALL), recording)
    return fig


def _course(ax: Axes, run: xr.Dataset, words: str, highest: float) -> None:
    own = series(str(run.run.item()))
    steps = run.step.values
    ax.set(xlim=(0, steps[-1]), ylim=(0, 1.08 * highest))
    ax.axhline(0, color=theme.color("quiet"), linewidth=px(1.5), zorder=0)
    ax.fill_between(steps, 0, run.lr, color=own.color, alpha=0.3, linewidth=0)
    ax.plot(steps, run.lr, color=own.color, linewidth=px(2), label="rate")
    ticks(ax, "x", [])
    ticks(ax, "y", [])
    heading(ax, words, lift=10)


def _lengths(ax: Axes, recording: xr.Dataset) -> None:
    lengths = recording.length.values
    ax.set(xscale="log", xlim=(lengths[0] / 1.12, lengths[-1]))
    low, high = float(recording.least.min()), float(recording.most.max())
    room = 0.08 * max(high - low, 0.01)
    ax.set_ylim(low - room, min(high + room, 1))
    ticks(ax, "x", lengths.tolist())
    step = next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if (high - low) / s <= 5)
    marks = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
    ticks(ax, "y", marks.tolist(), percent)
    ax.grid(axis="y")
    heading(ax, say("right"), say("hero"), lift=14)
    name_axes(ax, x=say("steps"))
    lines = []
    for name in recording.run.values.tolist():
        run, own = recording.sel(run=name), series(name)
        ax.fill_between(lengths, run.least, run.most, color=own.color, alpha=0.18, linewidth=0)
        lines += ax.plot(
            lengths, run["mean"], color=own.color, marker="o", markersize=px(7),
            markeredgecolor=theme.color("background"), label=own.label,
        )  # fmt: skip
    label_ends(ax, lines)


def _rates(ax: Axes, recording: xr.Dataset) -> None:
    rates = recording.rate.values
    ax.set(xscale="log", xlim=(rates[0] / 1.25, rates[-1] * 1.25), ylim=(0, 1))
    ticks(ax, "x", rates.tolist(), number)
    ticks(ax, "y", [0, 0.5, 1], percent)
    ax.grid(axis="y")
    heading(ax, say("right"), say("after"), lift=14)
    name_axes(ax, x=say("rates"))
    for name in recording.run.values.tolist():
        run, own = recording.sel(run=name), series(name)
        mean = run.accuracy.values[:, -1].mean(1)
        ax.plot(rates, mean, color=own.color, label=name, zorder=3)
        at = int(run.chosen.values[-1])
        dot(ax, rates[at], mean[at], color=own.color, size=11, zorder=5)
