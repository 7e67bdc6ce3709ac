"""Batch, mini-batch and stochastic descent on four clocks, and what a second buys.

Source  000; 004
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, legend, name_axes, ticks
from figures.parts.canvas import MARGIN, TICK, WIDTH, Canvas, is_narrow, px
from figures.parts.marks import dot
from look.numbers import number, percent
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "mnist_variants": "test_loss (run, epoch), test_accuracy (run, epoch), "
    "epoch_steps (run, epoch), batch_size (run), lr (run), n_steps (run), test_accuracy_all (run), "
    "jump (run), run (run), epoch (epoch), n_test_all, n_train",
    "mnist_timing": "seconds (run, snapshot), steps (run, snapshot), test_loss (run, snapshot), "
    "test_accuracy (run, snapshot), early_steps (snapshot_early), "
    "early_test_loss (snapshot_early), early_test_accuracy (snapshot_early), batch_size (x_batch), "
    "throughput (x_batch), run (run)",
}

VISUAL = Visual(
    uses=["mnist_variants", "mnist_timing"],
    title="{depends:?One descent is fastest by examples and by seconds|Which descent is fastest "
    "depends on what you count}",
    subtitle="One {widths} network, the same initial weights, the same {n_train:,} training {many}"
    "{named:?| ({dataset})}. Curves: loss and accuracy on {n_test:,} test {many}.",
    alt="A table and seven charts. Test loss and test accuracy of batch, mini-batch and stochastic "
    "descent are drawn three times: against epochs and examples seen, against steps, and "
    "against seconds. The table gives learning rate, steps, and how much the loss jumps. "
    "A chart at the bottom shows how many examples a second are worked through at each batch size.",
    caption="An epoch is {n_train:,} examples: one step for batch descent, "
    "{steps_per_epoch_mini_batch:,} for mini-batches of {mini_batch:,}, "
    "{steps_per_epoch_stochastic:,} for single examples. In {epochs} epochs they get to "
    "{test_accuracy_all_batch:.1%}, {test_accuracy_all_mini_batch:.1%} and "
    "{test_accuracy_all_stochastic:.1%} of all {n_test_all:,} test {many}. “Loss jumps by” is the "
    "mean change of the loss from one recorded step to the next, relative to the mean loss, each "
    "step seeing its own batch. Examples a second are measured on one CPU thread, with the same "
    "step-by-step program for all; they turn examples seen into seconds, and differ on other "
    "machines. Single steps have a learning rate of their own, {lr_stochastic:g}; none of the "
    "rates is tuned.",
    words={
        "start": "Who is ahead after as many examples?\n"
        "One {widths} network, one start. Right: on {n_test:,} other {many}.",
        "seconds": "And who is ahead after as many seconds?\n"
        "The same start again; times measured on one CPU thread, step by step.",
        "right": "right of all {n_test_all:,}",
        "clock": "{epoch:g}\n{seen}",
        "speed": "{speed:.2r}",
        "accuracy": "{share:.1%} right",
        "verdict": "Per example, {early_leader:?batch=whole batches lead|mini_batch=mini-batches "
        "lead|stochastic=single steps lead|none=none leads}; per second, {level:?batch=whole "
        "batches do|mini_batch=mini-batches do|stochastic=single steps do|batch mini_batch=two are "
        "level|batch stochastic=two are level|mini_batch stochastic=two are level|batch mini_batch "
        "stochastic=all are level}\n"
        "One by one {one:.2r} examples a second, in batches up to {most:.2r}. Rings: first race.",
        "size": "{size:?none|1 example a step|{size:,} a step}",
        "steps": "{steps:,} {steps:?steps|step|steps}",
        "seen": "{seen:,} examples seen",
        "time": "{seconds:.1f} s of training",
    },
    series={
        "batch": ["batch", "indigo"],
        "mini_batch": ["mini-batch", "green"],
        "stochastic": ["stochastic", "vermillion"],
    },
)

LEFT, GAP, WIDE = 62.0, 30.0, 190.0  # the columns of charts, CSS pixels
TABLE, LOSS, ACCURACY, RATE = 16.0, 146.0, 324.0, 530.0  # tops of the four rows
TALL, LOW, FLAT = 140.0, 112.0, 96.0  # heights of the three rows of charts
TICKS = (0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0)


def draw(variants: xr.Dataset, timing: xr.Dataset) -> Figure:
    """Return the table, loss and accuracy on each clock, and the throughput."""
    fig = Canvas(RATE + FLAT + 62)
    _table(fig, variants)
    clocks = [
        (variants.epoch.broadcast_like(variants.test_loss), variants),
        (variants.epoch_steps, variants),
        (timing.seconds, timing),
    ]
    for column, (clock, recording) in enumerate(clocks):
        left = LEFT + column * (WIDE + GAP)
        for top, tall, name in ((LOSS, TALL, "test_loss"), (ACCURACY, LOW, "test_accuracy")):
            ax = fig.place(left, top, WIDE, tall)
            if name == "test_loss":
                _loss_axis(ax, variants, timing)
            else:
                _accuracy_axis(ax, variants, timing)
            if column:
                ax.tick_params(labelleft=False)
            _clock(ax, clock, column, variants.attrs["n_train"])
            if name == "test_loss":
                ax.tick_params(labelbottom=False)
                ax.set_xlabel("")
            for run in variants.run.values.tolist():
                x, y = clock.sel(run=run).values, recording[name].sel(run=run).values
                ax.plot(
                    x[column == 1 :],  # the start is no point of a logarithmic axis
                    y[column == 1 :],
                    color=series(run).color,
                    linewidth=px(1.9),
                    label=run,
                    zorder=3,
                )
                dot(ax, x[-1], y[-1], color=series(run).color, size=8)
                if column == 1 and run == "stochastic":
                    _first_epoch(ax, timing, name, until=int(x[1]))
            if column == 0:
                loss = name == "test_loss"
                title = "test cross-entropy" if loss else "test accuracy"
                heading(ax, title, "logarithmic" if loss else "")
    _throughput(fig.place(LEFT, RATE, WIDTH - MARGIN - LEFT, FLAT), timing)
    return fig


def _first_epoch(ax: Axes, timing: xr.Dataset, name: str, until: int) -> None:
    """Lead up to the end of the single steps' first epoch with what the shorter run has of it."""
    timed = timing.sel(run="stochastic")
    early = timing.early_steps.values
    later = (timed.steps.values > early[-1]) & (timed.steps.values <= until)
    steps = np.concatenate([early, timed.steps.values[later]])
    values = np.concatenate([timing[f"early_{name}"].values, timed[name].values[later]])
    ax.plot(
        steps[1:],  # the start is no point of a logarithmic axis
        values[1:],
        color=series("stochastic").color,
        linewidth=px(1.9),
        label="_early",
        zorder=3,
    )


def _table(fig: Canvas, variants: xr.Dataset) -> None:
    """Write a row for each variant, behind a piece of its line."""
    columns = [  # right edge, head
        (276.0, "examples a step"),
        (366.0, "rate η"),
        (468.0, "steps"),
        (576.0, "loss jumps by"),
        (WIDTH - MARGIN, say("right")),
    ]
    kept = list(range(len(columns)))
    if is_narrow():  # the rate and the outcome, over the first chart
        columns[1], columns[-1] = (LEFT + WIDE - 110, columns[1][1]), (LEFT + WIDE, columns[-1][1])
        kept = [1, len(columns) - 1]
    for right, head in [columns[i] for i in kept]:
        fig.write(right, TABLE, head, size=TICK, color=color("muted"), ha="right")
    rows = variants.run.values.tolist()
    legend(
        fig,
        [(series(run).label, series(run).color, "solid") for run in rows],
        left=MARGIN,
        top=TABLE + 20,
        row_height=24,
    )
    for i, run in enumerate(rows):
        one = variants.sel(run=run)
        cells = [
            number(one.batch_size),
            number(one.lr),
            number(one.n_steps),
            percent(float(one.jump)),
            percent(float(one.test_accuracy_all), 1),
        ]
        for k in kept:
            fig.write(columns[k][0], TABLE + 24.5 + i * 24, cells[k], ha="right")


def _loss_axis(ax: Axes, variants: xr.Dataset, timing: xr.Dataset) -> None:
    found = (variants.test_loss, timing.test_loss, timing.early_test_loss)
    low = 0.9 * min(float(loss.min()) for loss in found)
    high = 1.1 * max(float(loss.max()) for loss in found)
    ax.set(yscale="log", ylim=(low, high))
    ax.grid(axis="y")
    ticks(ax, "y", [tick for tick in TICKS if low <= tick <= high])


def _accuracy_axis(ax: Axes, variants: xr.Dataset, timing: xr.Dataset) -> None:
    found = (variants.test_accuracy, timing.test_accuracy, timing.early_test_accuracy)
    low = 0.9 * min(float(share.min()) for share in found)
    ax.set_ylim(low, 1.03)
    ax.grid(axis="y")
    ticks(ax, "y", [share for share in (0, 0.25, 0.5, 0.75, 1) if share >= low], percent)


def _clock(ax: Axes, clock: xr.DataArray, column: int, n_train: int) -> None:
    """Name the x axis of a column and put its ticks."""
    last = float(clock.max())
    if column == 0:
        ax.set_xlim(0, last)
        ends = [0, last / 2, last] if last % 2 == 0 else [0, last]
        # Both clocks run alike: under each epoch stand the examples seen by then.
        ticks(ax, "x", ends, lambda epoch: say("clock", epoch=epoch, seen=_short(epoch * n_train)))
        name_axes(ax, x="epochs, and examples seen")
    elif column == 1:
        ax.set(xscale="log", xlim=(1 / 1.3, last * 1.3))
        powers = range(0, int(np.log10(last)) + 1, 2)
        ticks(ax, "x", [10.0**power for power in powers], _short)
        name_axes(ax, x="steps (logarithmic)")
    else:
        ax.set_xlim(0, last)
        ax.locator_params(axis="x", nbins=4)
        name_axes(ax, x="seconds, at the measured speed")


def _short(value: float) -> str:
    for unit, sign in ((1e6, "M"), (1e3, "k")):
        if value >= unit:
            return number(value / unit) + sign
    return number(value)


def _throughput(ax: Axes, timing: xr.Dataset) -> None:
    sizes, rate = timing.batch_size.values, timing.throughput.values
    ax.set(xscale="log", yscale="log", xlim=(sizes[0] / 1.6, sizes[-1] * 1.6))
    ax.set_ylim(rate.min() / 2, rate.max() * 3.5)
    ticks(ax, "x", sizes.tolist(), lambda value: number(round(value)))
    ticks(ax, "y", [])
    heading(ax, "examples a second", "by batch size, both axes logarithmic")
    name_axes(ax, x="examples in a batch")
    ax.plot(
        sizes,
        rate,
        color=color("muted"),
        linewidth=px(1.9),
        marker="o",
        markersize=px(8),
        markeredgecolor=color("background"),
        markeredgewidth=px(1.5),
        label="throughput",
    )
    crowded = np.append(sizes[1:] < 4 * sizes[:-1], False) & is_narrow()
    for size, value, under in zip(sizes, rate, crowded, strict=True):
        words, up = say("speed", speed=value), -21 if under else 9
        beside(ax, words, (size, value), shift=(0, up), ha="center", fontsize=px(TICK))
