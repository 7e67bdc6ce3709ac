"""Batch, mini-batch and stochastic descent by examples seen, and by seconds.

Source  000; 004
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, label_ends, name_axes, ticks
from figures.parts.canvas import Canvas, px
from look.numbers import number, percent
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "mnist_variants": "test_accuracy (run, epoch), run (run), epoch (epoch), early_epoch, "
    "early_leader, batch_size (run), n_train",
    "mnist_timing": "seconds (run, snapshot), examples (run, snapshot), "
    "test_accuracy (run, snapshot), same_test_accuracy (run), batch_size (x_batch), "
    "throughput (x_batch), run (run), level, same_seconds",
}

VISUAL = Visual(
    uses=["mnist_variants", "mnist_timing"],
    title="Per example, {early_leader:?batch=whole batches lead|mini_batch=mini-batches lead|"
    "stochastic=stochastic steps lead|none=none leads}; after {same_seconds:time}, "
    "{level:?batch=whole batches do|mini_batch=mini-batches do|stochastic=stochastic steps do|"
    "batch mini_batch=two are level|batch stochastic=two are level|"
    "mini_batch stochastic=two are level|batch mini_batch stochastic=all are level}",
    subtitle="How many of {n_test:,} test {many} are right: one network, one start, a step on all "
    "{n_train:,} {many}, on {mini_batch:,} or on one.",
    alt="Two charts of test accuracy of batch, mini-batch and stochastic descent. Against examples "
    "seen, {early_leader:?batch=whole batches are|mini_batch=mini-batches are|"
    "stochastic=stochastic steps are|none=none is} ahead after {early_epoch} epochs. Against "
    "seconds of training, as measured, {level:?batch=whole batches are|mini_batch=mini-batches are|"
    "stochastic=stochastic steps are|batch mini_batch=two are|batch stochastic=two are|mini_batch "
    "stochastic=two are|batch mini_batch stochastic=all are} ahead after {same_seconds:time}.",
    caption="An epoch is {n_train:,} examples ({dataset}): one step for batch descent, "
    "{steps_per_epoch_mini_batch:,} for mini-batches of {mini_batch:,}, "
    "{steps_per_epoch_stochastic:,} for single examples. After {epochs} epochs, far beyond what is "
    "drawn, they get to "
    "{test_accuracy_all_batch:.1%}, {test_accuracy_all_mini_batch:.1%} and "
    "{test_accuracy_all_stochastic:.1%} of all {n_test_all:,} test {many}. "
    "Examples a second are measured on one CPU thread, with the same "
    "step-by-step program for all; they turn examples seen into seconds, and differ on other "
    "machines. The network is {widths}. Learning rates: {lr_batch:g} for whole batches, "
    "{lr_mini_batch:g} for batches of {mini_batch:,}, {lr_stochastic:g} for single {many}; none is "
    "tuned.",
    words={
        "start": "Who is ahead after the same number of examples?\n"
        "Right of {n_test:,} test {many}, after each pass over {n_train:,} {many} to learn from.",
        "seconds": "And who is ahead after the same number of seconds?\n"
        "The same start again, timed on one CPU thread. Rings: the first race.",
        "epochs": "{early_epoch:?no epoch|1 epoch|{early_epoch} epochs}",
        "ends": "{name} {share}\n{note}",
        "in so long": "in {seconds:.1f} s",
        "of so many": "{examples:,.0f} examples",
        "accuracy": "{share:.0%}",
        "verdict": "Per example, {early_leader:?batch=whole batches lead|mini_batch=mini-batches "
        "lead|stochastic=stochastic steps lead|none=none leads}; after {same_seconds:time}, "
        "{level:?batch=whole batches do|mini_batch=mini-batches do|stochastic=stochastic steps do|"
        "batch mini_batch=two are level|batch stochastic=two are level|"
        "mini_batch stochastic=two are level|batch mini_batch stochastic=all are level}\n"
        "A second: {one:.3r} examples one by one, {mini:.3r} in batches of {mini_batch:,}.",
        "steps": "{steps:,} {steps:?steps|step|steps}",
        "untrained": "untrained: {share:.0%}",
        "seen": "{seen:,} examples seen",
        "time": "{seconds:.1f} s of training",
    },
    series={
        "batch": ["batch", "indigo"],
        "mini_batch": ["mini-batch", "green"],
        "stochastic": ["stochastic", "vermillion"],
    },
)

LEFT, WIDE, APART = 54.0, 180.0, 340.0  # of the charts, CSS pixels; from one to the next
TOP, TALL = 30.0, 268.0


def draw(variants: xr.Dataset, timing: xr.Dataset) -> Figure:
    """Return the accuracy on both clocks, and what makes them differ."""
    fig = Canvas(TOP + TALL + 60)
    last = int(variants.attrs["early_epoch"])
    ends = variants.test_accuracy.sel(epoch=last)
    seen = fig.place(LEFT, TOP, WIDE, TALL)
    n_train = variants.attrs["n_train"]
    first = variants.isel(epoch=slice(last + 1))
    examples = n_train * first.epoch.values
    speeds = dict(zip(timing.batch_size.values.tolist(), timing.throughput.values, strict=True))
    # Under each share what the other chart counts: how long that took, how many were seen.
    took = [
        say("in so long", seconds=last * n_train / speeds[size])
        for size in variants.batch_size.values.tolist()
    ]
    curves = {run: (examples, first.test_accuracy.sel(run=run).values) for run in _runs(variants)}
    _chart(seen, curves, ends, took, variants.attrs["early_leader"])
    ticks(seen, "x", [0, last * n_train / 2, last * n_train], _short)
    heading(seen, "by examples", say("epochs"))
    name_axes(seen, x="examples seen")

    timed = fig.place(LEFT + APART, TOP, WIDE, TALL)
    same = timing.attrs["same_seconds"]
    curves = {run: _by_seconds(timing, run) for run in _runs(timing)}
    got = [
        say("of so many", examples=np.interp(same, seconds, examples))
        for seconds, examples in zip(timing.seconds.values, timing.examples.values, strict=True)
    ]
    _chart(timed, curves, timing.same_test_accuracy, got, timing.attrs["level"])
    timed.set_xlim(0, same)
    timed.locator_params(axis="x", nbins=4)
    heading(timed, "by the clock", "one CPU thread")
    name_axes(timed, x="seconds of training")
    return fig


def _runs(recording: xr.Dataset) -> list[str]:
    return [str(run) for run in recording.run.values]


def _by_seconds(timing: xr.Dataset, run: str) -> tuple[np.ndarray, np.ndarray]:
    """Return seconds and accuracy, as long as all three were timed."""
    one = timing.sel(run=run)
    there = one.seconds.values <= timing.attrs["same_seconds"]
    return one.seconds.values[there], one.test_accuracy.values[there]


def _chart(
    ax: Axes,
    curves: dict[str, tuple[np.ndarray, np.ndarray]],
    ends: xr.DataArray,
    notes: Sequence[str],
    best: str,
) -> None:
    """Draw a curve for each variant, and name them where they end, in bold the `best` of them."""
    first = min(float(y[0]) for _, y in curves.values())
    low = max(0.0, min(float(y.min()) for _, y in curves.values()) - 0.1)
    ax.set_ylim(low, 1)
    ax.grid(axis="y")
    ticks(ax, "y", [share for share in (0, 0.25, 0.5, 0.75, 1) if share >= low], percent)
    beside(ax, say("untrained", share=first), (0, first), shift=(4, -18), color=color("muted"))
    ax.set_xlim(0, max(x[-1] for x, _ in curves.values()))
    for (run, (x, y)), note in zip(curves.items(), notes, strict=True):
        shown, share = series(run), percent(float(ends.sel(run=run)))
        label = say("ends", name=shown.label, share=share, note=note)
        ax.plot(x, y, color=shown.color, linewidth=px(2.5), label=label)
    for run, text in zip(curves, label_ends(ax), strict=True):
        if run in best.split():
            text.set_weight("semibold")


def _short(value: float) -> str:
    for unit, sign in ((1e6, "M"), (1e3, "k")):
        if value >= unit:
            return number(value / unit) + sign
    return number(value)
