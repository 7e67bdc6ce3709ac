"""Peak memory of a training step, batch after batch, up to a real out-of-memory error.

Source  000, placeholder CUDA OOM ERROR; 004, "make sure your mini-batch fits"
"""

from __future__ import annotations

import re
import textwrap

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.canvas import (
    LABEL,
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
from look.theme import color, current
from look.words import Visual, say

READS = {
    "memory_wall": "batch_size (run), peak (run), fits (run), searched (run_search), "
    "searched_peak (run_search), asked_bytes, error, "
    "largest_batch, limit_bytes, limited",
}

VISUAL = Visual(
    uses=["memory_wall"],
    aliases=["CUDA OOM ERROR"],
    title="A batch of {largest_batch:,} fits into {limited:?all the memory|{limit_bytes:bytes}}, "
    "one of {failed_batch:,} hits the wall",
    subtitle="Peak memory of one training step of a small {model}, a process for each batch size "
    "({place}). Every example adds {bytes_per_example:kB}.",
    alt="A bar for each batch size, as long as the peak memory of a training step. From row to row "
    "they get longer, up to a wall, the limit: {limited:?all the memory|{limit_bytes:bytes}}. The "
    "bar of {largest_batch:,} ends before it. The last, of {failed_batch:,}, is red, and the piece "
    "that it asks for next reaches through the wall. Under it, what torch said.",
    caption="A network of {n_params:,} parameters on 28×28 images. A step takes "
    "{bytes_per_example:kB} more for each example (a line fitted to the dots); autograd "
    "keeps {saved_per_example:kB} of activations for the backward pass, and gradients on "
    "their way and work space add to that. By this line {many_examples:,} examples, a whole "
    "training set, would take {many_bytes:bytes}. Memory beyond that of Python and torch. "
    "A search between them found that {largest_batch:,} fit and {smallest_failed:,} do not.",
    words={
        "command": "How large a batch fits into {limited:?all the "
        "memory|{limit_bytes:bytes}}?\n"
        "One step of a small {model}; each batch is twice the one before.",
        "verdict": "{more:?{largest_doubled:,} examples fit, {failed_batch:,} do not|Between the "
        "two, {largest_batch:,} still fit}\n"
        "{smallest_failed:,} do not, a search found. Every example adds {bytes_per_example:kB}.",
        "peak": "{n_bytes:bytes}",
        "said": "“… {piece} …”",
        "limit": "{limited:?all the memory|{limit_bytes:bytes}}",
        "asked": "asked for {asked_bytes:bytes} more",
        "wall": "A batch of {failed_batch:,} does not fit\n"
        "{asked_bytes:?The next piece of memory that it asks for would exceed the limit.|It "
        "asks for {asked_bytes:bytes} more, and the limit is {limited:?all the "
        "memory|{limit_bytes:bytes}}.}",
    },
)

BARS, WALL = 92.0, 486.0  # where bars begin, and where the limit is, CSS pixels
NARROW_BARS, NARROW_WALL = 66.0, 232.0  # the same on the narrow sheet
TOP, PITCH, THICK = 54.0, 33.0, 23.0  # middle of the first row; from row to row; of a bar
COLUMNS, NARROW_COLUMNS = 84, 44  # characters in a line of what was said


def draw(recording: xr.Dataset) -> Figure:
    """Return the bars before the wall, the one that does not fit, and what torch said of it."""
    rows = _rows(recording)
    end = TOP + PITCH * len(rows)
    said = last_words(recording.attrs["error"])
    wide, slim = (textwrap.wrap(said, n, break_on_hyphens=False) for n in (COLUMNS, NARROW_COLUMNS))
    # On the narrow sheet the message stands under its author.
    fig = Canvas(end + 48 + 18 * len(wide), narrow=end + 70 + 18 * len(slim))
    lines = slim if is_narrow() else wide
    ax = fig.place(0, 0, fig.width, fig.height - fig.head)
    ax.set(xlim=(0, fig.width), ylim=(fig.height - fig.head, 0))  # data units are CSS pixels
    ax.axis("off")
    _bars(ax, recording, rows)
    for i, line in enumerate(lines):
        left, top = (NARROW_MARGIN, end + 50) if is_narrow() else (BARS, end + 28)
        ax.text(left, top + 18 * i, line, family="DejaVu Sans Mono", fontsize=px(12),
                va="baseline", parse_math=False)  # fmt: skip
    left, side = (NARROW_MARGIN, "left") if is_narrow() else (BARS - 14, "right")
    ax.text(left, end + 28, "torch", ha=side, va="baseline", color=color("muted"),
            fontsize=px(LABEL))  # fmt: skip
    return fig


def last_words(error: str) -> str:
    """Return the sentence of an error that says what memory was asked for, as torch has it."""
    sentences = re.split(r"(?<=\.)\s+", " ".join(error.split()))
    asking = [each for each in sentences if re.search(r"allocate [\d.]", each)]
    return asking[0] if asking else sentences[0]


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
    ax.fill_between([wall, sheet], low, high, color=color("quiet"), alpha=0.45, linewidth=0)
    ax.text(first - 14, low - 8, "batch", ha="right", va="baseline", color=color("muted"))
    ax.text(wall, low - 8, say("limit"), ha="center", va="baseline", weight="semibold",
            fontsize=px(17))  # fmt: skip
    style = {"solid_capstyle": "butt", "linewidth": px(THICK)}
    for i, (size, peak, fits) in enumerate(rows):
        y, end = TOP + PITCH * i, first + scale * peak
        weight = "normal" if i < len(rows) - 2 else "semibold"
        ax.text(first - 14, y, number(size), ha="right", va="center_baseline", weight=weight)
        hue = color("sky" if fits else "vermillion")
        ax.plot([first, end], [y, y], color=hue, label=f"batch {size}", **style)
        if fits:
            # Where there is no room before the wall, in the bar.
            at, side, ink = end + 8, "left", "muted"
            if end >= wall - 70:
                at, side = end - 8, "right"
                ink = "background" if current().name == "dark" else "text"  # the darker one
            ax.text(at, y, say("peak", n_bytes=peak), ha=side, va="center_baseline",
                    color=color(ink), fontsize=px(TICK))  # fmt: skip
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
