"""Peak memory of a training step against batch size, up to a real out-of-memory error.

Source  000, placeholder CUDA OOM ERROR; 004, "make sure your mini-batch fits"
"""

from __future__ import annotations

import textwrap

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, name_axes, ticks
from figures.parts.canvas import MARGIN, TICK, WIDTH, Canvas, px
from figures.parts.colors import halo
from look.theme import color
from look.words import Visual, say

READS = {
    "memory_wall": "batch_size (run), peak (run), saved (run), fits (run), printed (run), "
    "searched (run_search), searched_peak (run_search), searched_fits (run_search), asked_bytes, "
    "bytes_fixed, bytes_per_example, command, error, failed_batch, limit_bytes, limited, "
    "saved_per_example",
}

VISUAL = Visual(
    uses=["memory_wall"],
    aliases=["CUDA OOM ERROR"],
    title="With {limited:?all the memory|{limit_bytes:bytes}}, a batch of "
    "{largest_batch:,} fits and one of {smallest_failed:,} does not",
    subtitle="Peak memory of one training step of a small {model}, a process for "
    "each batch size ({place}). Crosses: failed. Below, what the process of {failed_batch:,} said.",
    alt="Dots rise along a straight line, peak memory against batch size, up to a dashed "
    "line, the limit: {limited:?all the memory|{limit_bytes:bytes}}. A cross marks the batch "
    "of {failed_batch:,}, which failed; from it, what it asked for next rises beyond the "
    "limit. A second line, the activations that are kept for the backward pass, runs below "
    "the first. Under the chart, the error message as torch wrote it.",
    caption="A network of {n_params:,} parameters on 28×28 images. A step takes "
    "{bytes_per_example:kB} more for each example (a line fitted to the dots); autograd "
    "keeps {saved_per_example:kB} of activations for the backward pass, and gradients on "
    "their way and work space add to that. By this line {many_examples:,} examples, a whole "
    "training set, would take {many_bytes:bytes}. Memory beyond that of Python and torch. "
    "Small marks: the search for the largest batch.",
    words={
        "command": "How large a batch fits into {limited:?all the "
        "memory|{limit_bytes:bytes}}?\n"
        "One training step of a small {model}, batch after batch.",
        "batches": "Each batch is twice the one before\n"
        "By the line through them, a step takes {bytes_fixed:bytes} and "
        "{bytes_per_example:kB} an example.",
        "verdict": "{largest_doubled:,} examples fit here, {failed_batch:,} do not\n"
        "An example more takes {bytes_per_example:kB} more; {saved_per_example:kB} are kept "
        "for the backward pass.",
        "limit": "limit: {limited:?all the memory|{limit_bytes:bytes}}",
        "peak": "{n_bytes:bytes}",
        "said": "“… {piece} …”",
        "limit film": "{limited:?all the memory|{limit_bytes:bytes}}",
        "each": "{n_bytes:kB} an example",
        "failed": "{failed_batch:,} failed",
        "asked": "asked for {asked_bytes:bytes} more",
        "wall": "A batch of {failed_batch:,} does not fit\n"
        "{asked_bytes:?The next piece of memory that it asks for would exceed the limit.|It "
        "asks for {asked_bytes:bytes} more, and the limit is {limited:?all the "
        "memory|{limit_bytes:bytes}}.}",
        "typed": "$ {command}",
    },
)

CHART, TERMINAL = 292.0, 30.0  # heights, CSS pixels; of the terminal: without its lines
MIB = 2.0**20
COLUMNS = 87  # characters in a line of the terminal


def draw(recording: xr.Dataset) -> Figure:
    """Return the chart over the terminal."""
    lines = [
        *_wrapped(say("typed")),
        "…",
        str(recording.printed.values[-1]),
        *_wrapped(recording.attrs["error"]),
    ]
    height = TERMINAL + 17 * len(lines)
    fig = Canvas(26 + CHART + 62 + height + 20)
    ax = fig.place(62, 26, WIDTH - 62 - 164, CHART)
    _chart(ax, recording)
    box = fig.place(MARGIN, 26 + CHART + 62, WIDTH - 2 * MARGIN, height)
    _terminal(box, lines, height)
    return fig


def _chart(ax: Axes, recording: xr.Dataset) -> None:
    fits = recording.fits.values.astype(bool)
    size, peak = recording.batch_size.values, recording.peak.values / MIB
    limit = recording.attrs["limit_bytes"] / MIB or peak.max()
    right = size[-1]
    asked = recording.attrs["asked_bytes"] / MIB
    ax.set(xlim=(0, right), ylim=(0, 1.04 * max(1.1 * limit, peak[-1] + asked)))
    ax.grid(axis="y")
    ticks(ax, "x", [right * k // 4 for k in range(5)])
    ticks(ax, "y", [limit * k / 4 for k in range(5)])
    name_axes(ax, "batch size (examples)", "peak memory of a step (MiB)")
    ax.plot(
        [0, right], [limit, limit], color=color("text"), linewidth=px(1.5),
        linestyle=(0, (5, 3)), label="_limit", zorder=2,
    )  # fmt: skip
    beside(ax, say("limit"), (0, limit), shift=(6, 7))

    fixed, slope = (recording.attrs[f"bytes_{name}"] / MIB for name in ("fixed", "per_example"))
    end = min(right, (limit - fixed) / slope)
    ax.plot(
        [0, end], [fixed, fixed + slope * end], color=color("sky"), linewidth=px(1.5),
        label="_fit", zorder=2,
    )  # fmt: skip
    tried = {
        "marker": "o",
        "markersize": px(9),
        "linestyle": "none",
        "zorder": 4,
        "clip_on": False,
    }
    ax.plot(size[fits], peak[fits], color=color("sky"), label="peak", **tried)
    found = recording.searched_fits.values.astype(bool)
    sought = recording.searched.values, recording.searched_peak.values / MIB
    ax.plot(
        sought[0][found], sought[1][found], **{**tried, "markersize": px(6)},
        color=color("sky"), label="_searched",
    )  # fmt: skip
    for where, label, large in (
        ((size[~fits], peak[~fits]), "failed", 12),
        ((sought[0][~found], sought[1][~found]), "_failed", 8),
    ):
        ax.plot(
            *where, linestyle="none", marker="X", markersize=px(large), label=label, zorder=5,
            color=color("vermillion"), markeredgecolor=color("background"), clip_on=False,
        )  # fmt: skip
    ax.plot(
        [right, right], [peak[-1], peak[-1] + asked], color=color("vermillion"),
        linewidth=px(2), marker="_", markersize=px(10), markevery=[1], label="_asked",
        clip_on=False, zorder=4,
    )  # fmt: skip
    saved = recording.saved.values / MIB
    ax.plot(size[fits], saved[fits], color=color("indigo"), label="kept", zorder=3)

    each = recording.attrs["bytes_per_example"], recording.attrs["saved_per_example"]
    muted = {"color": color("muted"), "path_effects": halo()}
    last = float(size[fits][-1])
    # Beside the end of the one line, and where there is room left of the other.
    words = (
        ((last * 0.72, fixed + slope * last * 0.72), (-22, 10), "right", "peak", each[0]),
        ((last, float(saved[fits][-1])), (8, -22), "left", "kept for the backward pass", each[1]),
    )
    for at, (aside, up), side, name, n_bytes in words:
        style = {"ha": side, "path_effects": halo(), "zorder": 6}
        beside(ax, name, at, shift=(aside, up), **style)
        beside(ax, say("each", n_bytes=n_bytes), at, shift=(aside, up - 18), **{**style, **muted})
    failed = (float(right), float(peak[-1]))
    beside(ax, say("failed"), failed, shift=(16, -6))
    if asked:
        beside(
            ax, say("asked"), failed, shift=(16, 16), **muted,
            fontsize=px(TICK),
        )  # fmt: skip


def _wrapped(text: str) -> list[str]:
    """Break a text at the terminal's width, between words; nothing else is changed."""
    return [
        piece
        for line in text.splitlines()
        for piece in textwrap.wrap(line, COLUMNS, break_on_hyphens=False)
    ]


def _terminal(ax: Axes, lines: list[str], height: float) -> None:
    """Write lines as a terminal does."""
    wide = WIDTH - 2 * MARGIN
    ax.set(xlim=(0, wide), ylim=(height, 0))
    ax.axis("off")
    ax.fill_between([0, wide], 0, height, color=color("quiet"), alpha=0.45, linewidth=0)
    for i, line in enumerate(lines):
        ax.text(
            14,
            26 + 17 * i,
            line,
            family="DejaVu Sans Mono",
            fontsize=px(12),
            va="baseline",
            parse_math=False,
        )
