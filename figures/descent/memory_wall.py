"""Peak memory of a training step, batch after batch, up to a real out-of-memory error.

Source  000, placeholder CUDA OOM ERROR; 004, "make sure your mini-batch fits"
"""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.canvas import (
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    TICK,
    WIDTH,
    Canvas,
    is_narrow,
    px,
)
from look.numbers import number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "memory_wall": "batch_size (run), peak (run), fits (run), searched (run_search), "
    "searched_peak (run_search), asked_bytes, "
    "largest_batch, limit_bytes, limited",
}

VISUAL = Visual(
    uses=["memory_wall"],
    aliases=["CUDA OOM ERROR"],
    title="A batch of {largest_batch:,} fits into {limited:?all the memory|{limit_bytes:bytes}}, "
    "one of {failed_batch:,} hits the wall",
    subtitle="Peak memory of one training step of a small {model}. Outline: only the next "
    "piece asked for.",
    alt="A bar for each batch size, as long as the peak memory of a training step. From row to row "
    "they get longer, up to a wall, the limit: {limited:?all the memory|{limit_bytes:bytes}}. The "
    "bar of {largest_batch:,} ends before it. The last, of {failed_batch:,}, has another colour, "
    "and "
    "the piece that it asks for next reaches through the wall.",
    caption="A network of {n_params:,} parameters on 28×28 images, a process for each batch size "
    "({place}). A step takes "
    "{bytes_per_example:MiB} more for each example (a line fitted to the bars); torch "
    "keeps {saved_per_example:MiB} of activations for the backward pass, and gradients on "
    "their way and work space add to that. By this line {many_examples:,} examples, a whole "
    "training set, would take {many_bytes:bytes}. Memory beyond that of Python and torch. "
    "A search between them found that {largest_batch:,} fit and {smallest_failed:,} do not.",
    words={
        "command": "How large a batch fits into {limited:?all the "
        "memory|{limit_bytes:bytes}}?\n"
        "One training step of a small {model}, with ever larger batches.",
        "verdict": "A batch of {largest_batch:,} is the largest found to fit\n"
        "{smallest_failed:,} do not. Outline: only the next piece that {failed_batch:,} asked for.",
        "peak": "{n_bytes:bytes}",
        "said": "“… {piece} …”",
        "unknown": "?",
        "limit": "{limited:?all the memory|{limit_bytes:bytes}}",
        "asked": "its next piece, {asked_bytes:bytes}, does not fit",
        "wall": "{more:?A batch of {failed_batch:,} does not fit|{failed_batch:,} do not fit: "
        "what is the most?}\n"
        "{asked_bytes:?The next piece of memory that it asks for would exceed the limit.|It "
        "asks for {asked_bytes:bytes} more, and the limit is {limited:?all the "
        "memory|{limit_bytes:bytes}}.}",
    },
    series={"fits": ["fits", "green"], "fails": ["does not fit", "purple"]},
)

BARS, WALL = 92.0, 486.0  # where bars begin, and where the limit is, CSS pixels
NARROW_BARS, NARROW_WALL = 66.0, 232.0  # the same on the narrow sheet
TOP, PITCH, THICK = 54.0, 33.0, 23.0  # middle of the first row; from row to row; of a bar


def draw(recording: xr.Dataset) -> Figure:
    """Return the bars before the wall, and the one that does not fit."""
    rows = _rows(recording)
    tall = TOP + PITCH * len(rows) + 30
    fig = Canvas(tall, narrow=tall)
    ax = fig.place(0, 0, fig.width, fig.height - fig.head)
    ax.set(xlim=(0, fig.width), ylim=(fig.height - fig.head, 0))  # data units are CSS pixels
    ax.axis("off")
    _bars(ax, recording, rows)
    return fig


def _rows(recording: xr.Dataset) -> list[tuple[int, float, bool]]:
    """Return batch size, peak and whether it fits: of all that doubled, and of the largest."""
    found = [
        (int(size), float(peak), bool(fits))
        for size, peak, fits in zip(
            recording.batch_size.values, recording.peak.values, recording.fits.values, strict=True
        )
    ]
    for size, peak in zip(recording.searched.values, recording.searched_peak.values, strict=True):
        if size == recording.attrs["largest_batch"]:
            found.append((int(size), float(peak), True))
    return sorted(set(found))


def _bars(ax: Axes, recording: xr.Dataset, rows: list[tuple[int, float, bool]]) -> None:
    first, wall = (NARROW_BARS, NARROW_WALL) if is_narrow() else (BARS, WALL)
    sheet = NARROW if is_narrow() else WIDTH
    limit = recording.attrs["limit_bytes"] or float(recording.peak.max())
    scale = (wall - first) / limit
    low, high = TOP - THICK, TOP + PITCH * (len(rows) - 1) + THICK
    ax.fill_between(
        [wall, sheet - (NARROW_MARGIN if is_narrow() else MARGIN)],
        low,
        high,
        color=color("quiet"),
        alpha=0.45,
        linewidth=0,
    )
    ax.text(first - 14, low - 8, "batch", ha="right", va="baseline", color=color("muted"))
    ax.text(wall, low - 8, say("limit"), ha="center", va="baseline", weight="semibold",
            fontsize=px(17))  # fmt: skip
    style = {"solid_capstyle": "butt", "linewidth": px(THICK)}
    for i, (size, peak, fits) in enumerate(rows):
        y, end = TOP + PITCH * i, first + scale * peak
        weight = "normal" if i < len(rows) - 2 else "semibold"
        ax.text(first - 14, y, number(size), ha="right", va="center_baseline", weight=weight)
        hue = series("fits" if fits else "fails").color
        ax.plot([first, end], [y, y], color=hue, label=f"batch {size}", **style)
        # Where there is no room before the wall, in the bar.
        at, side, ink = end + 8, "left", "muted"
        if end >= wall - 70:
            at, side, ink = end - 8, "right", "background"
        ax.text(at, y, say("peak", n_bytes=peak), ha=side, va="center_baseline",
                color=color(ink), fontsize=px(TICK), zorder=6)  # fmt: skip
        if fits:
            continue
        asked = min(end + scale * recording.attrs["asked_bytes"], sheet - MARGIN)
        if asked > end:
            x, up = [end, end, asked, asked, end], THICK / 2 - 1.25
            ax.plot(x, [y - up, y + up, y + up, y - up, y - up], color=hue, linewidth=px(2.5),
                    label="_asked", zorder=5)  # fmt: skip
            ax.text(asked, y + PITCH, say("asked"), ha="right", va="center_baseline",
                    weight="semibold")  # fmt: skip
    ax.plot([wall, wall], [low, high], color=color("text"), linewidth=px(6), label="_limit",
            solid_capstyle="butt", zorder=4)  # fmt: skip
