"""The variance of mini-batch gradients, whose gradients agree, and the orbit around a minimum.

Source  000, placeholder VARIANCE OF GRADIENTS OR OSCILLATION AROUND MINIMUM
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, heading, name_axes, ticks
from figures.parts.canvas import MARGIN, TICK, WIDTH, Canvas, px
from figures.parts.colors import halo, mix
from figures.parts.contours import contours
from figures.parts.marks import path, ring, star
from look import theme
from look.numbers import number
from look.runs import DASHES, series
from look.words import Visual, say

READS = {
    "gradient_variance": "batch_size (x_batch), variance (x_batch), expected_variance (x_batch), "
    "similarity (class, class_other), theta (run, step, param), mean_excess (run, step), "
    "minimum (param), grid_slope (x), grid_offset (y), loss (y, x), run (run), step (step), "
    "gradient_length, orbit_last, orbit_repeats, variance_slope",
}

VISUAL = Visual(
    uses=["gradient_variance"],
    title="Twice the batch, {halves:?{doubled:.2f} times|half} the gradient’s variance",
    subtitle="Top: a {widths} network in mid-training, {n_draws:,} batches of each size. Bottom: a "
    "line with two parameters, {orbit_steps} steps on single examples; the last {orbit_last} stand "
    "out.",
    alt="Four parts. The variance of the gradient falls along a straight line in log–log, of slope "
    "{variance_slope:.2f}, as batches grow from {smallest_batch} to {largest_batch}. A ten by ten "
    "matrix of cosines between gradients averages {cosine_within:.2f} on the diagonal and "
    "{cosine_between:.2f} off it. Two maps of a round bowl, each with a path towards its minimum, "
    "at a constant and at a decaying rate. Two curves of the loss above the minimum: over the last "
    "{orbit_last} steps {orbit_excess_constant:.2g} at the constant rate and "
    "{orbit_excess_decayed:.2g} at the decaying one.",
    caption="Total variance of the mini-batch gradient, batches drawn with replacement from "
    "{n_train:,} training examples ({dataset}); fitted slope {variance_slope:.2f}, in theory "
    "−1: tr Σ/B, where Σ is the covariance of single examples’ gradients. At a batch of "
    "about {noise_batch:,.0f}, the noise is as long as the full gradient itself. Mean cosine "
    "between the gradients of two examples: {cosine_within:.2f} within a class, "
    "{cosine_between:.2f} between classes. Below, the line predicts the ink in a {one}’s "
    "lower half from that in its upper half; its loss is {orbit_excess_constant:.2g} above "
    "the minimum in the last {orbit_last} steps at the constant rate η = {orbit_lr:g}, and "
    "{orbit_excess_decayed:.2g} where η decays to 0 along half a cosine (means of "
    "{orbit_repeats} runs). In the film, gradients are seen in the plane of the full "
    "gradient and the direction across it in which single ones vary most.",
    words={
        "cloud": "Single examples pull in all directions\n"
        "A dot: the gradient of one batch. Arrow: the full gradient, over {n_train:,} {many}.",
        "larger batches": "Larger batches agree better",
        "alike": "Whose gradients are alike?\n"
        "Mean cosine of the gradients of two {many}: orange alike, blue opposed.",
        "orbit": "Two runs, one start, the same examples\n"
        "A line with two parameters learns from one {one} a step. Star: its best fit.",
        "verdict": "{draws_in:?Here decay shrinks the orbit by less than half|Noise keeps a "
        "constant rate in orbit}\n"
        "Bold: the last {orbit_last} steps of one run. Below: their loss, mean of "
        "{orbit_repeats} runs.",
        "within": "two {many} of one class, on average",
        "between": "two {many} of different classes",
        "measured": "dots: measured, slope {variance_slope:.2f}",
        "steps": "step, mean of {orbit_repeats} runs",
        "cosine": "cosine {value:.2n}",
        "doubled": "Twice the batch, {halves:?{doubled:.2f} times|half} the variance\n"
        "Measured on {n_draws:,} batches of each size; the fitted slope is "
        "{variance_slope:.2f}.",
        "best": "loss {excess:.2g} above the best",
    },
    series={
        "constant": ["constant rate", "vermillion"],
        "decayed": ["decaying rate", "green"],
    },
)

TOP, TALL = 46.0, 216.0  # of the upper row
LOWER, SIDE, GAP = 388.0, 200.0, 20.0  # top of the lower row, its maps, and the space between


def draw(recording: xr.Dataset) -> Figure:
    """Return the four parts."""
    fig = Canvas(LOWER + SIDE + 62)
    _variance(fig.place(60, TOP, 350, TALL), recording)
    _similarity(fig, recording)
    for i, name in enumerate(recording.run.values.tolist()):
        ax = fig.place(MARGIN + i * (SIDE + GAP), LOWER, SIDE, SIDE)
        _map(ax, recording, name, first=i == 0)
    left = MARGIN + 2 * (SIDE + GAP) + 40
    _excess(fig.place(left, LOWER, WIDTH - MARGIN - left, SIDE), recording)
    return fig


def _variance(ax: Axes, recording: xr.Dataset) -> None:
    sizes, variance = recording.batch_size.values, recording.variance.values
    ax.set(xscale="log", yscale="log", xlim=(sizes[0] / 1.4, sizes[-1] * 1.4))
    ax.grid(axis="y")
    shown = sizes[::2] if len(sizes) > 6 else sizes
    ticks(ax, "x", shown.tolist())
    low, high = np.log10(variance.min()), np.log10(variance.max())
    ax.set_ylim(10 ** (low - 0.15 * (high - low)), 10 ** (high + 0.1 * (high - low)))
    powers = range(int(np.ceil(np.log10(ax.get_ylim()[0]))), int(np.floor(high)) + 1)
    ticks(ax, "y", [10.0**power for power in powers])
    heading(ax, "variance of the gradient", "both axes logarithmic", lift=16)
    name_axes(ax, x="examples in the batch B")
    ax.plot(
        sizes,
        recording.expected_variance,
        color=theme.color("muted"),
        linewidth=px(1.5),
        label="_expected",
        zorder=2,
    )
    ax.plot(
        sizes,
        variance,
        linestyle="none",
        marker="o",
        markersize=px(9),
        color=theme.color("blue"),
        markeredgecolor=theme.color("background"),
        markeredgewidth=px(1.5),
        label="variance",
        zorder=4,
    )
    middle = len(sizes) // 2 - 1
    at = (float(sizes[middle]), float(variance[middle]))
    beside(ax, say("measured"), at, shift=(16, 8))
    beside(ax, "line: theory, tr Σ/B", at, shift=(16, 27), color=theme.color("muted"))

    length = recording.attrs["gradient_length"] ** 2
    if ax.get_ylim()[0] < length < ax.get_ylim()[1]:
        ax.axhline(
            length, color=theme.color("muted"), linestyle=DASHES["dashed"], linewidth=px(1.5)
        )
        beside(
            ax,
            "squared length of the full gradient",
            (0, length),
            of=ax.get_yaxis_transform(),
            shift=(6, 7),
            color=theme.color("muted"),
            path_effects=halo(),
        )


def _similarity(fig: Canvas, recording: xr.Dataset) -> None:
    left = WIDTH - MARGIN - TALL
    ax = fig.place(left, TOP, TALL, TALL)
    cosine = recording.similarity.values
    most = float(np.abs(cosine).max())
    ax.imshow(_signed(cosine / most), interpolation="nearest", label="similarity")
    classes = range(len(cosine))
    ticks(ax, "x", list(classes))
    ticks(ax, "y", list(classes))
    heading(ax, "how alike gradients are", lift=16)
    name_axes(ax, x="class of one and of the other example")
    key = fig.place(left + 86, TOP + TALL + 58, TALL - 120, 9)
    key.imshow(_signed(np.linspace(-1, 1, 129))[None], aspect="auto", extent=(-most, most, 0, 1))
    key.set(xticks=[], yticks=[])
    for side, value in (("right", -most), ("left", most)):
        beside(
            key,
            say("cosine", value=value) if value < 0 else number(value, 2),
            (value, 0.5),
            shift=(8 if value > 0 else -8, 0),
            ha=side,
            va="center_baseline",
            color=theme.color("muted"),
            fontsize=px(TICK),
        )


def _signed(share: np.ndarray) -> np.ndarray:
    """Return colours from −1, the negative one, over 0, the background, to 1, the positive one."""
    one = mix("background", "positive", np.clip(share, 0, 1))
    other = mix("background", "negative", np.clip(-share, 0, 1))
    return np.where((share > 0)[..., None], one, other)


def _map(ax: Axes, recording: xr.Dataset, name: str, *, first: bool) -> None:
    run = recording.sel(run=name)
    x, y = recording.grid_slope, recording.grid_offset
    ax.set(xlim=(float(x[0]), float(x[-1])), ylim=(float(y[0]), float(y[-1])))
    contours(ax, x, y, recording.loss)
    ax.set(xticks=[], yticks=[])
    heading(ax, series(name).label)
    color = series(name).color
    theta, last = run.theta.values, recording.attrs["orbit_last"]
    faint = {"color": color, "linewidth": px(1.25), "alpha": 0.5, "zorder": 2}
    ax.plot(*theta[: -last or None].T, label=f"_{name} before", **faint)
    path(ax, *theta[-last - 1 :].T, color=color, width=1.5, label=name)
    ring(ax, *theta[0])
    star(ax, *recording.minimum.values)
    name_axes(ax, x="slope of the line")
    if first:
        beside(
            ax,
            "offset",
            (0, 0.5),
            of=AXES,
            shift=(-8, 0),
            ha="right",
            va="center",
            rotation=90,
            color=theme.color("muted"),
        )


def _excess(ax: Axes, recording: xr.Dataset) -> None:
    steps = recording.step.values
    values = recording.mean_excess.values
    ax.set(yscale="log", xlim=(0, int(steps[-1])), ylim=(values.min() / 3, values.max() * 1.6))
    ax.grid(axis="y")
    low, high = (np.log10(edge) for edge in ax.get_ylim())
    ticks(ax, "y", [10.0**k for k in range(int(np.ceil(low)), int(np.floor(high)) + 1)])
    ticks(ax, "x", [0, int(steps[-1])])
    heading(ax, "loss above the minimum")
    name_axes(ax, x=say("steps"))
    for name in recording.run.values.tolist():
        ax.plot(
            steps,
            recording.mean_excess.sel(run=name),
            color=series(name).color,
            linewidth=px(1.75),
            label=name,
        )
    last = recording.mean_excess[:, -len(steps) // 6 :]
    above, below = (
        last.max("step").sel(run="constant"),
        last.min("step").sel(run="decayed"),
    )
    for words, height, lift in (("constant", above, 7), ("decaying", below, -18)):
        at = (float(steps[-1]), float(height))
        beside(ax, words, at, shift=(0, lift), ha="right", path_effects=halo())
