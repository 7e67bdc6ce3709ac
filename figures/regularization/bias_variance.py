"""Hundreds of fits of a small, a middling and a large network, and how their error splits.

Source  004
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, ticks
from figures.parts.canvas import MARGIN, TICK, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo
from look import theme
from look.numbers import fixed
from look.runs import DASHES, series
from look.words import Visual, say

READS = {
    "bias_variance": "bias (run), variance (run), hidden (run), kind (run), "
    "fit (run, example_set, x), mean_fit (run, x), truth (x), place (x), "
    "point_x (example_set, example), point_y (example_set, example), noise_variance, shown_index",
}

VISUAL = Visual(
    uses=["bias_variance"],
    title="{outcome:?textbook=A network that is too small errs by bias, one too large by variance|"
    "other=The error of {n_sets} networks, split into bias, variance and noise}",
    subtitle="Each thin line is one network, trained on its own sample of {n_train} noisy points; "
    "{n_sets} samples. Dots: one of them. Dashed: the curve that they come from. Bold: the mean "
    "fit.",
    alt="Three panels with {n_sets} thin curves each, around a dashed wave. With {under} hidden "
    "{under:?units|unit|units} the bias² is {bias_under:.3f} and the variance "
    "{variance_under:.3f}; with {shown}, {bias_shown:.3f} and {variance_shown:.3f}; with {over}, "
    "{bias_over:.3f} and {variance_over:.3f}. Below each, a column of bias², variance and noise, "
    "and their sum, the error; measured, it is of all sizes tried smallest with {best} "
    "hidden {best:?units|unit|units}.",
    caption="Networks with one hidden layer of tanh units, {n_sets} of each size from the same "
    "initial weights, {n_steps:,} steps of Adam (η = {lr:g}, falling to 0), each on its own "
    "{n_train} points of y = sin {frequency:g}x with noise of deviation {noise:g}. Bias²: squared "
    "distance of the mean fit to the curve; variance: of the fits around their mean; noise: "
    "{noise:g}² = {noise_variance:.2f}, which no fit can foresee; all are means over {n_test} "
    "places. Measured on fresh noisy targets, the error is {error_under:.3f}, {error_shown:.3f} "
    "and {error_over:.3f}, which differs from the sum by {worst_gap:.1%} at most. A network is "
    "over-fitted to its training set, not to the test set.",
    words={
        "size": "{hidden} hidden {hidden:?units|unit|units}",
        "error": "{total:.3f} in all",
        "error, in short": "{total:.3f}",
        "ask": "Three sizes of network: which one would you trust?\n"
        "One sample of {n_train} points, one fit each. Dashed: the curve that they come from.",
        "again": "Other samples of the same curve, other fits\n"
        "Each thin line is a network of its own, from the same initial weights.",
        "split": "Bias: how far the mean is off. Variance: how far the fits lie apart\n"
        "Bold: the mean of all {n_sets} fits. Filled: its distance to the curve.",
        "verdict": "{outcome:?textbook=Too small errs by bias, too large by variance|other=How the "
        "error splits into bias², variance and noise}\n"
        "A bar’s length is the error to expect on new points: the sum of its three parts.",
        "samples": "sample {count} of {n_sets}",
        "bias": "bias² {value:.3f}",
        "variance": "variance {value:.3f}",
        "noise": "noise {value:.3f}",
    },
    series={
        "bias": ["bias²", "purple"],
        "variance": ["variance", "green"],
        "noise": ["noise", "muted"],
    },
)

GAP, TOP, TALL = 22.0, 34.0, 190.0  # the panels of fits, CSS pixels
LOW, HIGH = TOP + TALL + 62, 176.0  # the columns under them
WIDE = (WIDTH - 2 * MARGIN - 2 * GAP) / 3
BAR = 92.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the fits over the columns of their error."""
    fig = Canvas(LOW + HIGH + 26)
    shown = [0, recording.attrs["shown_index"], recording.sizes["run"] - 1]
    for i, at in enumerate(shown):
        _fits(fig.place(MARGIN + i * (WIDE + GAP), TOP, WIDE, TALL), recording, at)
    _columns(fig.place(MARGIN, LOW, WIDTH - 2 * MARGIN, HIGH), recording.isel(run=shown))
    return fig


def summed(parts: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the sum of the parts as they are printed, so that the numbers add up."""
    return np.sum([np.round(values, 3) for values in parts.values()], axis=0)


def span(recording: xr.Dataset) -> tuple[float, float]:
    """Return what the panels show up and down: the curve and its points, and half as much more."""
    low = min(float(recording.truth.min()), float(np.quantile(recording.point_y, 0.01)))
    high = max(float(recording.truth.max()), float(np.quantile(recording.point_y, 0.99)))
    return low - 0.25 * (high - low), high + 0.25 * (high - low)


def _fits(ax: Axes, recording: xr.Dataset, at: int) -> None:
    run, x = recording.isel(run=at), recording.place.values
    ax.set(xlim=(x[0], x[-1]), ylim=span(recording))
    ax.set(xticks=[], yticks=[])
    ax.set_facecolor("none")
    heading(ax, say("size", hidden=int(run.hidden)), str(run.kind.item()))
    lines = [np.stack([x, fit], axis=1) for fit in run.fit.values]
    ax.add_collection(
        LineCollection(
            lines,
            colors=series("variance").color,
            linewidths=px(0.7),
            alpha=min(1.0, 40 / len(lines)),
            label="fits",
            zorder=2,
        )
    )
    edge = theme.color("quiet")
    for side in ("left", "right", "top", "bottom"):
        ax.spines[side].set(visible=True, color=edge, linewidth=px(1))
    ax.plot(
        x,
        run.mean_fit,
        color=series("bias").color,
        linewidth=px(3),
        path_effects=halo(2),
        label="mean",
        zorder=4,
    )
    ax.plot(
        x,
        recording.truth,
        color=theme.color("text"),
        linewidth=px(1.75),
        linestyle=DASHES["dashed"],
        label="truth",
        zorder=5,
    )
    ax.plot(
        recording.point_x[0],
        recording.point_y[0],
        linestyle="none",
        marker="o",
        markersize=px(5),
        color=theme.color("text"),
        markeredgecolor=theme.color("background"),
        markeredgewidth=px(1),
        label="points",
        zorder=6,
    )


def _columns(ax: Axes, recording: xr.Dataset) -> None:
    """Draw the error of the shown sizes, each under its panel."""
    noise = np.full(recording.sizes["run"], recording.attrs["noise_variance"])
    parts = {"noise": noise, "variance": recording.variance.values, "bias": recording.bias.values}
    total = noise + recording.variance.values + recording.bias.values
    top = float(total.max())
    at = WIDE / 2 + (WIDE + GAP) * np.arange(len(noise))
    bar = BAR
    ax.set(xlim=(0, WIDTH - 2 * MARGIN), ylim=(0, 1.14 * top))
    ax.set(yticks=[])
    sizes = recording.hidden.values.tolist()
    ticks(ax, "x", at.tolist(), lambda x: say("size", hidden=sizes[int(np.abs(at - x).argmin())]))
    heading(ax, "mean squared error")
    under = np.zeros(len(at))
    for name, values in parts.items():
        ax.bar(
            at,
            values,
            bar,
            bottom=under,
            color=series(name).color,
            label=name,
            zorder=2,
        )
        for x, low, value in zip(at, under, values, strict=True):
            if value > 0.07 * top:
                beside(
                    ax,
                    fixed(value, 3),
                    (x, low + value / 2),
                    ha="center",
                    va="center",
                    color=theme.color("background"),
                    weight="semibold",
                    fontsize=px(TICK),
                )
            else:  # too low to hold its number
                beside(ax, fixed(value, 3), (x + bar / 2, low + value / 2),
                       shift=(9 if is_narrow() else 14, 0),
                       va="center", fontsize=px(TICK))  # fmt: skip
        under = under + values
    for x, height, printed in zip(at, total, summed(parts), strict=True):
        words = say("error, in short" if is_narrow() else "error", total=printed)
        beside(ax, words, (x, height), shift=(0, 7), ha="center",
               weight="semibold")  # fmt: skip
    # on the narrow sheet the room is at the column’s other side
    side, shift, ha = (0.5, 9, "left") if is_narrow() else (-0.5, -9, "right")
    height = 0.0
    for name, values in parts.items():
        middle = height + float(values[0]) / 2
        height += float(values[0])
        beside(ax, series(name).label, (at[0] + side * bar, middle), shift=(shift, 0), ha=ha,
               va="center")  # fmt: skip
