"""The gradients of batches drawing together as batches grow, over the line that says how fast.

Source  000, placeholder VARIANCE OF GRADIENTS OR OSCILLATION AROUND MINIMUM
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch

from figures.parts.axes import beside, heading, name_axes, ticks
from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    WIDTH,
    Canvas,
    is_narrow,
    px,
    wrap,
)
from figures.parts.colors import halo, line_halo
from figures.parts.marks import ring
from look import theme
from look.words import Visual, say

READS = {
    "gradient_variance": "batch_size (x_batch), variance (x_batch), expected_variance (x_batch), "
    "cloud (x_batch, example, component), doubled, gradient_length, halves, noise_batch, "
    "one, many",
}

VISUAL = Visual(
    uses=["gradient_variance"],
    aliases=["VARIANCE OF GRADIENTS OR OSCILLATION AROUND MINIMUM"],
    title="Twice the batch, {halves:?{doubled:.2f} times|half} the gradient’s variance",
    subtitle="A dot: the gradient of one batch of {many}, in 2 of its {n_params:,} directions. "
    "Arrow: that of all {n_train:,}.",
    alt="Three clouds of dots around the tip of one arrow, for batches of growing size: the last, "
    "for batches of {largest_batch}, is a tight cluster. Each stands over its own dot in a "
    "chart of the variance, which falls along a straight line in log–log, of slope "
    "{variance_slope:.2f}, as batches grow from {smallest_batch} to {largest_batch}.",
    caption="Total variance of the mini-batch gradient, batches drawn with replacement from "
    "{n_train:,} training examples ({dataset}); fitted slope {variance_slope:.2f}, in theory "
    "−1: tr Σ/B, where Σ is the covariance of single examples’ gradients. At a batch of "
    "about {noise_batch:.1r}, the noise is as long as the full gradient itself. Clouds are "
    "seen in the plane of the full gradient and the direction across it in which single ones vary "
    "most. Mean cosine between the gradients of two {many}: "
    "{cosine_within:.2f} within a class, {cosine_between:.2f} between classes. In the film, a "
    "line predicts the ink in a {one}’s lower half from that in its upper half. Over "
    "{orbit_repeats} runs such as the one that it shows, the loss of the last {orbit_last} steps "
    "is on average {orbit_excess_constant:.2g} above the minimum at the constant rate "
    "η = {orbit_lr:g}, and {orbit_excess_decayed:.2g} where η decays to 0 along half a cosine.",
    words={
        "constant": "One {one} a step: does the path come to rest?\n"
        "Map: slope and offset of a line fitted to {n_train:,} {many}; star: the best line.",
        "decayed": "The same again, while the rate decays to 0\n"
        "The same start, the same {many} in the same order; only the rate η differs.",
        "verdict": "{draws_in:?Here decay does not shrink the orbit|Here decay shrinks the orbit "
        "by less than half|At a constant rate the path never comes to rest}\n"
        "The last {orbit_last} steps of each{larger:?|, enlarged}. Ring: where the loss is their "
        "mean.",
        "batch": "{size:?none|1 {one}|{size} {many}}",
        "measured": "{halves:?{doubled:.2f} times|halves} at each doubling",
        "theory": "theory: $1/B$",
        "variance": "variance in all directions",
        "arrow": "the arrow’s own length, squared",
        "even": "from about {noise_batch:.2r} {many} on,\nless noise than gradient",
        "best": "{excess:.2g}",
    },
    series={
        "constant": ["constant rate", "vermillion"],
        "decayed": ["decaying rate", "green"],
    },
)

N_CLOUDS = 3  # of the larger batches: single gradients lie too far apart for one scale
LEFT, PAD, GAP = 66.0, 24.0, 16.0  # left of the chart, of its first dot; between two clouds
TOP, BETWEEN, TALL = 28.0, 44.0, 240.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the clouds, each over its dot in the chart of the variance."""
    sizes = recording.batch_size.values
    log = np.log2(sizes / sizes[0])
    chosen = np.unique(np.linspace(0, len(sizes) - 1, N_CLOUDS + 1).round().astype(int))[1:]
    if is_narrow():
        pad, left, across = 14.0, 46.0, NARROW - 46 - NARROW_MARGIN
        side = (NARROW - 2 * NARROW_MARGIN - (len(chosen) - 1) * 10) / len(chosen)
        lefts = NARROW_MARGIN + (side + 10) * np.arange(len(chosen))
        unit, right = (across - 2 * pad) / log[-1], pad
    else:  # each over its dot, as large as leaves a gap, and the last within the chart
        pad, left, across = PAD, LEFT, WIDTH - MARGIN - LEFT
        apart = float(np.diff(log[chosen], prepend=0).min())
        side = apart * (across - pad + GAP / 2) / (log[-1] + apart / 2) - GAP
        unit, right = (across - pad - side / 2) / log[-1], side / 2  # CSS pixels for a doubling
        lefts = left + pad + unit * log[chosen] - side / 2
    height = TOP + side + BETWEEN + TALL + 54
    fig = Canvas(height, narrow=height)
    shown = recording.cloud.values[chosen].reshape(-1, 2)
    shown = np.vstack([shown, [0, 0], [recording.attrs["gradient_length"], 0]])
    middle, half = (shown.max(0) + shown.min(0)) / 2, 0.53 * np.ptp(shown, axis=0).max()
    span = np.stack([middle - half, middle + half])
    clouds = [
        _cloud(fig.place(x, TOP, side, side), recording, at, span)
        for x, at in zip(lefts.tolist(), chosen.tolist(), strict=True)
    ]
    chart = fig.place(left, TOP + side + BETWEEN, across, TALL)
    edges = sizes[0] / 2.0 ** (pad / unit), sizes[-1] * 2.0 ** (right / unit)
    _variance(chart, recording, edges, sizes[[0, *chosen]])
    if not is_narrow():
        for cloud, at in zip(clouds, chosen.tolist(), strict=True):
            fig.add_artist(
                ConnectionPatch(
                    (0.5, 0), (float(sizes[at]), float(recording.variance[at])),
                    cloud.transAxes, chart.transData, color=theme.color("quiet"),
                    linewidth=px(1.5), zorder=-1,
                )
            )  # fmt: skip
    return fig


def _cloud(ax: Axes, recording: xr.Dataset, at: int, span: np.ndarray) -> Axes:
    ax.set(xlim=span[:, 0], ylim=span[:, 1], xticks=[], yticks=[])
    for side in ax.spines.values():
        side.set(visible=True, color=theme.color("quiet"), linewidth=px(1))
    points = recording.cloud.values[at]
    heading(ax, say("batch", size=int(recording.batch_size[at])), lift=7)
    style = {"linestyle": "none", "marker": "o", "color": theme.color("purple"), "zorder": 2}
    ax.plot(*points.T, markersize=px(5), alpha=0.8, markeredgewidth=0, label="cloud",
            **style)  # fmt: skip
    ax.annotate(
        "",
        (recording.attrs["gradient_length"], 0),
        (0, 0),
        arrowprops={
            "arrowstyle": "-|>,head_width=0.18,head_length=0.32",
            "color": theme.color("text"),
            "linewidth": px(2.5),
            "shrinkA": 0,
            "shrinkB": 0,
            "path_effects": line_halo(2.5, 1),
        },
        zorder=4,
    )
    return ax


def _variance(
    ax: Axes, recording: xr.Dataset, span: tuple[float, float], shown: np.ndarray
) -> None:
    sizes, variance = recording.batch_size.values, recording.variance.values
    ax.set(xscale="log", yscale="log", xlim=span)
    ticks(ax, "x", shown.tolist())
    low, high = np.log10(variance.min()), np.log10(variance.max())
    ax.set_ylim(10 ** (low - 0.2 * (high - low)), 10 ** (high + 0.12 * (high - low)))
    powers = range(int(np.ceil(np.log10(ax.get_ylim()[0]))), int(np.floor(high)) + 1)
    ticks(ax, "y", [10.0**power for power in powers])
    heading(ax, say("variance"))
    name_axes(ax, x="examples in a batch, B (both axes logarithmic)")
    squared = recording.attrs["gradient_length"] ** 2
    ax.axhline(squared, color=theme.color("text"), linewidth=px(1), dashes=(4, 3), zorder=1,
               label="_arrow")  # fmt: skip
    beside(ax, say("arrow"), (span[0], squared), shift=(8, 6), color=theme.color("muted"))
    even = recording.attrs["noise_batch"]  # where the line comes down to that level
    if sizes[0] < even < sizes[-1]:
        ring(ax, even, squared)
        beside(ax, say("even"), (even, squared), shift=(-10, -9), ha="right", va="top",
               linespacing=1.2, weight="semibold")  # fmt: skip
    ax.plot(
        sizes,
        recording.expected_variance,
        color=theme.color("muted"),
        linewidth=px(1.5),
        dashes=(4, 2),
        label="_expected",
        zorder=2,
    )
    ax.plot(
        sizes,
        variance,
        linestyle="none",
        marker="o",
        markersize=px(11),
        color=theme.color("purple"),
        markeredgecolor=theme.color("background"),
        markeredgewidth=px(1.5),
        label="variance",
        zorder=4,
    )
    middle = len(sizes) // 2
    at = (float(sizes[middle - 1]), float(variance[middle - 1]))
    words = "\n".join(wrap(say("measured"), LABEL, 96)) if is_narrow() else say("measured")
    beside(ax, words, at, shift=(-18, -8), ha="right", va="top",
           path_effects=halo())  # fmt: skip
    later = min(middle + 1, len(sizes) - 2)
    on = float(np.sqrt(sizes[later] * sizes[later + 1]))  # on the line, between two dots
    high = float(np.exp(np.interp(np.log(on), np.log(sizes), np.log(recording.expected_variance))))
    beside(ax, say("theory"), (on, high), shift=(9, 5), color=theme.color("muted"),
           parse_math=True, path_effects=halo())  # fmt: skip
