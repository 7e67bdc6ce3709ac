"""A thousand digits cut into batches of 64, the loss of each batch under it.

Source  000, "let b = 64 and m = 1000"
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from figures.parts.axes import AXES, beside, ticks
from figures.parts.canvas import LABEL, MARGIN, TICK, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo
from figures.parts.marks import dot
from figures.parts.networks import digit
from look.numbers import fixed, number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "mini_batches": "image (example, y, x), order (example), examples_in_batch (step), "
    "batch_loss (step), whole_loss (snapshot), all_loss (step), n_train, rises, worst_step, "
    "worst_before, worst_after, worst_all",
}

VISUAL = Visual(
    uses=["mini_batches"],
    title="{rises:?Every batch lowers the loss on all {n_train:,} {many}|"
    "One {batch_alone:?step|batch of {many}} throws the training back{rises:?|| most}}",
    subtitle="{n_train:,} {many} in {cut:?evenly={full_batches} batches of {batch_size}|with a "
    "rest={full_batches} batches of {batch_size} and one of {last_batch_size}}. A column is a "
    "batch, and a step. Dot: loss of the batch before its step; line: loss on all {n_train:,}.",
    alt="{n_train:,} small images of {many} stand in {n_steps} columns, each a batch of "
    "{batch_size}; {last_batch_size:?none is shorter|the last has {last_batch_size}}. Under "
    "each column, a dot marks the loss of that batch, above or below a line, the loss of all "
    "{many}, which goes from {whole_loss_start:.2f} to {whole_loss_end:.2f}{rises:?.|; an arrow "
    "shows where step {worst_step} raised it, a dashed one where a step on all would have led.}",
    caption="One epoch of a {widths} network on {n_train:,} {many} ({dataset}), learning "
    "rate {lr:g}: {n_steps} steps on at most {batch_size} examples, each example used once. "
    "A batch's loss is not that of all examples, for it knows only its own, and a step that "
    "lowers the one may raise the other{rises:?.|: step {worst_step} took it from "
    "{worst_before:.2f} to {worst_after:.2f}, where a step on all {n_train:,}, from the same "
    "weights, would have led to {worst_all:.2f}.} The next epoch shuffles anew.",
    words={
        "examples": "{n_train:,} {many}, laid out by class\n"
        "A training set of {dataset}: zeros at the left, nines at the right.",
        "shuffle and cut": "Shuffle, then cut into batches of {batch_size}\n"
        "{full_batches} × {batch_size} + {last_batch_size} = {n_train:,}{last_batch_size:?: "
        "no {one} is left over.|: the last batch has what is left.}",
        "epoch": "Each batch makes one step\n"
        "Dot: loss of the batch before its step. Line: loss on all {n_train:,} {many}.",
        "verdict": "{rises:?Every step lowered the loss on all|{rises} of {n_steps} steps raised "
        "the loss on all}\n"
        "It went from {whole_loss_start:.2f} to {whole_loss_end:.2f}{rises:?.|; step {worst_step} "
        "threw it from {worst_before:.2f} to {worst_after:.2f}.}",
        "blame": "A step on all {n_train:,} would have led to {worst_all:.2f}\n"
        "From the same weights, batch {worst_step} led from {worst_before:.2f} to "
        "{worst_after:.2f}.",
        "loss on all": "loss on all",
        "loss": "loss on all: {loss:.2f}",
        "on all": "on all {n_train:,}: {worst_all:.2f}",
        "throws": "step {worst_step}: {worst_before:.2f} → {worst_after:.2f}",
    },
    series={
        "all": ["all", "text"],
        "batch": ["one batch", "green"],
        "thrown": ["thrown", "vermillion"],
    },
)

ACROSS = 4  # digits in a row of a batch
TILE = 8.5  # CSS pixels of a digit, at most
TOP, CHART, GAP = 4.0, 190.0, 34.0  # above the digits, height of the chart, between them


def draw(recording: xr.Dataset) -> Figure:
    """Return the columns of digits over the chart of their losses."""
    sizes = recording.examples_in_batch.values
    n_steps = len(sizes)
    slot = (WIDTH - 2 * MARGIN) / (n_steps + 1)  # one more: after the last step
    tile = min(TILE, (slot - 4) / ACROSS)
    tall = tile * -(-int(sizes.max()) // ACROSS)
    fig = Canvas(TOP + tall + GAP + CHART + 50)
    middles = MARGIN + slot * (np.arange(n_steps + 1) + 0.5)
    images = recording.image.values[recording.order.values]
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    worst = recording.attrs["worst_step"] if recording.attrs["rises"] else 0
    for step, (start, size, middle) in enumerate(zip(first, sizes, middles, strict=False)):
        batch = mosaic(images[start : start + size])
        rows = batch.shape[0] / images.shape[1]
        ax = fig.place(middle - ACROSS * tile / 2, TOP, ACROSS * tile, rows * tile)
        ax.axis("off")
        digit(ax, batch).set_interpolation("antialiased")
        # On the narrow sheet a batch is not above its step: there it has the step's number.
        if is_narrow() or start == 0 or size != sizes[0]:
            words = number(step + 1) if is_narrow() else number(size)
            beside(ax, words, (0.5, 0), of=AXES, shift=(0, -15), ha="center", fontsize=px(TICK),
                   color=color("muted"))  # fmt: skip
        if step == worst - 1:
            ax.add_patch(Rectangle((0, 0), 1, 1, transform=ax.transAxes, fill=False, clip_on=False,
                                   edgecolor=series("thrown").color, linewidth=px(2.5),
                                   label="_worst"))  # fmt: skip
    chart = fig.place(MARGIN, TOP + tall + GAP, WIDTH - 2 * MARGIN, CHART)
    _losses(chart, recording)
    return fig


def mosaic(images: np.ndarray) -> np.ndarray:
    """Put digits, shape (n, y, x), in rows of `ACROSS`; what is missing in the last is NaN."""
    n, tall, wide = images.shape
    rows = -(-n // ACROSS)
    tiles = np.full((rows * ACROSS, tall, wide), np.nan)
    tiles[:n] = images
    grid = tiles.reshape(rows, ACROSS, tall, wide).transpose(0, 2, 1, 3)
    return grid.reshape(rows * tall, ACROSS * wide)


def _losses(ax: Axes, recording: xr.Dataset) -> None:
    """Draw each batch's loss under its column, and that of all examples through them."""
    batch, whole = recording.batch_loss.values, recording.whole_loss.values
    n_steps = len(batch)
    low, high = min(batch.min(), whole.min()), max(batch.max(), whole.max())
    if recording.attrs["rises"]:
        low = min(low, recording.attrs["worst_all"])
    room = 0.2 * (high - low)  # for the numbers above and below; the axis need not begin at 0
    ax.set(xlim=(-0.5, n_steps + 0.5), ylim=(low - 1.9 * room, high + room))
    ticks(ax, "x", range(n_steps), lambda k: number(int(k) + 1))
    ticks(ax, "y", [])
    # Two levels, lower than where the line begins; their numbers are in the chart, for beside it
    # is the edge of the sheet.
    found = MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(low, high)
    levels = [level for level in found if low <= level <= low + 0.75 * (high - low)]
    for level in dict.fromkeys([*levels[:1], *levels[-1:]]):
        ax.axhline(level, color=color("quiet"), linewidth=px(1), zorder=0, label="_level")
        beside(ax, number(level), (-0.5, level), shift=(0, 3), fontsize=px(TICK),
               color=color("muted"))  # fmt: skip
    ax.set_xlabel("step", labelpad=px(4), fontsize=px(LABEL))
    ax.plot(range(n_steps + 1), whole, color=series("all").color, label="all", zorder=2)
    ax.plot(
        range(n_steps),
        batch,
        linestyle="none",
        marker="o",
        markersize=px(9),
        markerfacecolor=series("batch").color,
        markeredgecolor=color("background"),
        markeredgewidth=px(1.5),
        label="batch",
        zorder=4,
    )
    beside(ax, say("loss", loss=whole[0]), (0, float(whole[0])), shift=(-4, 10))
    if recording.attrs["rises"]:
        worst = recording.attrs["worst_step"]  # from its dot to the line after it
        at = (worst, float(whole[worst]))
        marks = {"arrowstyle": "-|>", "color": series("thrown").color, "linewidth": px(2.5)}
        ax.annotate("", at, (worst - 1, float(whole[worst - 1])), zorder=5,
                    arrowprops={**marks, "shrinkA": 3, "shrinkB": 0})  # fmt: skip
        beside(ax, say("throws"), (worst - 1, float(whole[worst - 1])), shift=(4, -14),
               ha="left" if worst < 0.4 * n_steps else "right", va="top", weight="semibold",
               path_effects=halo())  # fmt: skip
        on_all = float(recording.all_loss[worst - 1])
        ax.annotate("", (worst, on_all), (worst - 1, float(whole[worst - 1])), zorder=4,
                    arrowprops={**marks, "color": series("all").color, "linewidth": px(2),
                                "linestyle": (0, (3, 1.5)), "shrinkA": 3,
                                "shrinkB": 0})  # fmt: skip
        down = -24 if is_narrow() else -8  # there under the words of the step
        beside(ax, say("on all"), (worst, on_all), shift=(2, down), va="top", path_effects=halo(),
               ha="left" if worst < 0.85 * n_steps else "right")  # fmt: skip
    end = (n_steps, float(whole[-1]))
    dot(ax, *end, color=series("all").color)
    lines = (("all", 24), (fixed(whole[-1], 2), 9))
    for words, lift in lines:
        beside(ax, words, end, shift=(0, lift), ha="center", path_effects=halo())
