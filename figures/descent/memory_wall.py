"""Peak memory of a training step against batch size, up to a real out-of-memory error.

Reads   memory_wall: batch_size, peak, saved, fits (run), searched, searched_peak, searched_fits
        (run_search); command, error, limit_bytes, bytes_per_example, bytes_fixed
Source  000, placeholder CUDA OOM ERROR; 004, "make sure your mini-batch fits"
"""

from __future__ import annotations

import textwrap

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures import _kit as kit

VISUAL = kit.figure(
    uses=["memory_wall"],
    title="With {limit}, a batch of {largest_batch:,} fits and one of {failed_batch:,} does not",
    subtitle="Peak memory of one training step of a small {model}, a process for "
    "each batch size ({place}). Crosses: failed. Below, what the process of {failed_batch:,} said.",
    alt="Dots rise along a straight line, peak memory against batch size, up to a dashed line, the "
    "limit of {limit}. A cross marks the batch of {failed_batch:,}, which failed. A second line, "
    "the activations that are kept for the backward pass, runs below the first. Under the chart, "
    "the error message as torch wrote it.",
    caption="A network of {n_params:,} parameters on 28×28 images. A step takes "
    "{kilobytes_per_example:.0f} kB more for each example (a line fitted to the dots), of which "
    "{saved_kilobytes:.0f} kB are activations that autograd keeps for the backward pass; the rest "
    "is gradients on their way and work space. By this line all 60,000 examples of MNIST in one "
    "batch would take {all_mnist}. Memory beyond that of Python and torch. A step fails below the "
    "limit, where the next piece that it asks for would exceed it. Small marks: the search for the "
    "largest batch.",
)

CHART, TERMINAL = 292.0, 30.0  # heights, CSS pixels; of the terminal: without its lines
MIB = 2.0**20
COLUMNS = 87  # characters in a line of the terminal


def draw(recording: xr.Dataset) -> Figure:
    """Return the chart over the terminal."""
    lines = [
        *_wrapped("$ " + recording.attrs["command"]),
        "…",
        str(recording.printed.values[-1]),
        *_wrapped(recording.attrs["error"]),
    ]
    height = TERMINAL + 17 * len(lines)
    fig = kit.canvas(26 + CHART + 62 + height + 20)
    ax = fig.place(62, 26, kit.WIDTH - 62 - 150, CHART)
    _chart(ax, recording)
    box = fig.place(kit.MARGIN, 26 + CHART + 62, kit.WIDTH - 2 * kit.MARGIN, height)
    _terminal(box, lines, height)
    return fig


def _chart(ax: Axes, recording: xr.Dataset) -> None:
    fits = recording.fits.values.astype(bool)
    size, peak = recording.batch_size.values, recording.peak.values / MIB
    limit = recording.attrs["limit_bytes"] / MIB or peak.max()
    right = size[-1]
    ax.set(xlim=(0, right), ylim=(0, 1.12 * limit))
    ax.grid(axis="y")
    kit.ticks(ax, "x", size[-4:])
    kit.ticks(ax, "y", [limit * k / 4 for k in range(5)])
    kit.name_axes(ax, "batch size (examples)", "peak memory of a step (MiB)")
    ax.plot(
        [0, right], [limit, limit], color=kit.color("text"), linewidth=kit.px(1.5),
        linestyle=(0, (5, 3)), label="_limit", zorder=2,
    )  # fmt: skip
    kit.beside(ax, f"limit: {recording.attrs['limit']}", (0, limit), shift=(6, 7))

    fixed, slope = (recording.attrs[f"bytes_{name}"] / MIB for name in ("fixed", "per_example"))
    end = min(right, (limit - fixed) / slope)
    ax.plot(
        [0, end], [fixed, fixed + slope * end], color=kit.color("blue"), linewidth=kit.px(1.5),
        label="_fit", zorder=2,
    )  # fmt: skip
    tried = {
        "marker": "o",
        "markersize": kit.px(9),
        "linestyle": "none",
        "zorder": 4,
        "clip_on": False,
    }
    ax.plot(size[fits], peak[fits], color=kit.color("blue"), label="peak", **tried)
    found = recording.searched_fits.values.astype(bool)
    sought = recording.searched.values, recording.searched_peak.values / MIB
    ax.plot(
        sought[0][found], sought[1][found], **{**tried, "markersize": kit.px(6)},
        color=kit.color("blue"), label="_searched",
    )  # fmt: skip
    for where, label, large in (
        ((size[~fits], peak[~fits]), "failed", 12),
        ((sought[0][~found], sought[1][~found]), "_failed", 8),
    ):
        ax.plot(
            *where, linestyle="none", marker="X", markersize=kit.px(large), label=label, zorder=5,
            color=kit.color("vermillion"), markeredgecolor=kit.color("background"), clip_on=False,
        )  # fmt: skip
    saved = recording.saved.values / MIB
    ax.plot(size[fits], saved[fits], color=kit.color("orange"), label="kept", zorder=3)

    kilo = recording.attrs["kilobytes_per_example"], recording.attrs["saved_kilobytes"]
    muted = {"color": kit.color("muted"), "path_effects": kit.halo()}
    last = float(size[fits][-1])
    x = last * 1.05
    words = (
        (fixed + slope * last * 0.72, last * 0.72, "peak", kilo[0], -1),
        (float(saved[fits][-1]), x, "kept for the backward pass", kilo[1], 1),
    )
    for y, at, name, each, side in words:
        left = side > 0
        shift = (10 * side, 8 if side < 0 else -3)
        style = {"ha": "left" if left else "right", "path_effects": kit.halo(), "zorder": 6}
        kit.beside(ax, name, (at, y), shift=shift, **style)
        kit.beside(
            ax, f"{each:.0f} kB an example", (at, y), shift=(shift[0], shift[1] - 18),
            **{**style, **muted},
        )  # fmt: skip
    kit.beside(
        ax, f"failed at {int(size[-1]):,}", (float(size[-1]), float(peak[-1])), shift=(14, 0),
        va="center",
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
    wide = kit.WIDTH - 2 * kit.MARGIN
    ax.set(xlim=(0, wide), ylim=(height, 0))
    ax.axis("off")
    ax.fill_between([0, wide], 0, height, color=kit.color("quiet"), alpha=0.45, linewidth=0)
    for i, line in enumerate(lines):
        ax.text(
            14,
            26 + 17 * i,
            line,
            family="DejaVu Sans Mono",
            fontsize=kit.px(12),
            va="baseline",
            parse_math=False,
        )
