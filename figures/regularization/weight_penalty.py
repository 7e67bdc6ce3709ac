"""Weights without a penalty, under L2 and under L1; and what the penalties do to the test loss.

Source  004
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import AXES, beside, heading, name_axes, ticks
from figures.parts.canvas import MARGIN, TICK, WIDTH, Canvas, px
from figures.parts.colors import halo, mix
from figures.parts.marks import dot
from figures.regularization._bands import band, top
from look import theme
from look.runs import series
from look.words import Visual, say

READS = {
    "weight_penalty": "template (run, snapshot, unit, y, x), histogram (run, snapshot, bin), "
    "bin_edge (bin_edge), end_near (run, x_seed), train_loss_mean (run, epoch), "
    "train_loss_low (run, epoch), train_loss_high (run, epoch), test_loss_mean (run, epoch), "
    "test_loss_low (run, epoch), test_loss_high (run, epoch), run (run), epoch (epoch), reach, "
    "n_seeds, loss_gap_l1, loss_gap_l2, loss_half_l1, loss_half_l2, loss_differs_l1, "
    "loss_differs_l2",
}

VISUAL = Visual(
    uses=["weight_penalty"],
    title="{sparsest:?l1=L1 clears {near_l1:.0%} of the weights away, L2 makes them small|l2="
    "Here L2 brings most weights near 0: {near_l2:.0%}|none=Here no penalty brings more weights "
    "near 0 than training alone}",
    subtitle="The same network on {n_train} {many}{named:?| ({dataset})}, from the same start. "
    "Above: the pixels that make four hidden units grow (orange) or shrink (blue). Middle: all "
    "{n_weights:,} weights.",
    alt="Three columns: no penalty, L2, L1. Pictures of the weights into hidden units: noise all "
    "over without a penalty, paler under L2, and under L1 mostly empty but for some strokes. "
    "Histograms: a share of {near_none:.1%}, {near_l2:.1%} and {near_l1:.1%} of the weights is "
    "nearer to 0 than {near:g}. Below, losses over {epochs} epochs, with bands over {n_seeds} "
    "seeds: on the test {many} they end at {end_loss_none:.2f}, {end_loss_l2:.2f} and "
    "{end_loss_l1:.2f}.",
    caption="A {widths} network, {epochs} epochs of plain gradient descent (η = {lr:g}, batches of "
    "{batch_size}): the loss alone, plus λ Σw² with λ = {l2:g}, or plus λ Σ|w| with λ = {l1:g}; "
    "biases go free. Bands: {n_seeds} seeds, lowest to highest; near 0: below {near:g}; in all "
    "seeds, L1 brings {near_low_l1:.0%} to {near_high_l1:.0%} of the weights there. Test loss "
    "against none, seed by seed, with 95 % intervals: L2 {loss_gap_l2:+.3f} ± {loss_half_l2:.3f}, "
    "{loss_differs_l2:?no|a} difference; L1 {loss_gap_l1:+.3f} ± {loss_half_l1:.3f}, "
    "{loss_differs_l1:?no|a} difference. {many:cap} right of {n_test:,}: {end_accuracy_none:.1%} "
    "without, {end_accuracy_l2:.1%} with L2 ({accuracy_differs_l2:?no|a} difference), "
    "{end_accuracy_l1:.1%} with L1 ({accuracy_differs_l1:?no|a} difference).",
    words={
        "near": "{share:.0%} near 0",
        "verdict": "{gap:+.2f}: {differs:?no|a} difference",
        "losses": "losses, {n_seeds} seeds",
        "test loss": "loss on test {many}",
        "start": "What does a penalty do to the weights?\n"
        "One network, one start, three losses. Orange: ink makes the unit grow; blue: shrink.",
        "learnt": "{sparsest:?l1=L1 clears {near_l1:.0%} of the weights away, L2 makes them "
        "small|l2=Here L2 brings most weights near 0: {near_l2:.0%}|none=Here no penalty brings "
        "more weights near 0}\n"
        "Near 0: below {near:g} in size, after {epochs} epochs on {n_train} {many}.",
        "helps": "{helped:?neither=Neither lowers the loss on new {many} for sure|l2=L2 lowers the "
        "loss on new {many}, L1 not for sure|l1=L1 lowers the loss on new {many}, L2 not for "
        "sure|both=Both lower the loss on new {many}|other=And on new {many}?}\n"
        "Right: {end_accuracy_none:.1%} without, {end_accuracy_l2:.1%} with L2, "
        "{end_accuracy_l1:.1%} with L1. Bands: {n_seeds} seeds.",
        "share": "{share:.0%} near 0",
    },
    series={
        "none": ["no penalty", "purple"],
        "l2": ["L2, λ Σw²", "green"],
        "l1": ["L1, λ Σ|w|", "vermillion"],
    },
)

GAP, TOP = 24.0, 34.0
WIDE = (WIDTH - 2 * MARGIN - 2 * GAP) / 3
BARS, TALL = TOP + WIDE + 30, 96.0  # the histograms
CURVES, HIGH = BARS + TALL + 82, 150.0
SPLIT = 400.0  # between the curves and their differences


def draw(recording: xr.Dataset) -> Figure:
    """Return the pictures over the histograms over the curves."""
    fig = Canvas(CURVES + HIGH + 54)
    most = float(np.quantile(np.abs(recording.template.values[0, -1]), 0.995))
    highest = float(recording.histogram.values[:, -1].max())
    for i, name in enumerate(recording.run.values.tolist()):
        left = MARGIN + i * (WIDE + GAP)
        run = recording.sel(run=name)
        ax = fig.place(left, TOP, WIDE, WIDE)
        ax.imshow(signed(mosaic(run.template.values[-1]), most), interpolation="nearest")
        ax.set(xticks=[], yticks=[])
        heading(ax, series(name).label)
        _histogram(fig.place(left, BARS, WIDE, TALL), run, name, highest)
    _curves(fig.place(MARGIN + 30, CURVES, SPLIT - MARGIN - 30, HIGH), recording)
    _gaps(fig.place(SPLIT + 44, CURVES, WIDTH - MARGIN - SPLIT - 44, HIGH), recording)
    return fig


def mosaic(pictures: np.ndarray) -> np.ndarray:
    """Return up to four pictures, (unit, y, x), as one, two by two, with a gap of no weight."""
    n, tall, wide = pictures.shape
    gap = max(1, tall // 14)
    found = np.zeros((2 * tall + gap, 2 * wide + gap))
    for k in range(min(n, 4)):
        row, column = divmod(k, 2)
        top, left = row * (tall + gap), column * (wide + gap)
        found[top : top + tall, left : left + wide] = pictures[k]
    return found


def signed(weights: np.ndarray, most: float) -> np.ndarray:
    """Return colours of weights: orange above 0, blue below, the background where they are 0."""
    size = np.clip(np.abs(weights) / max(most, 1e-12), 0, 1) ** 0.7
    one, other = (mix("background", sign, size) for sign in ("positive", "negative"))
    return np.asarray(np.where((weights > 0)[..., None], one, other))


def _histogram(ax: Axes, run: xr.Dataset, name: str, highest: float) -> None:
    shares, edges = run.histogram.values[-1], run.bin_edge.values
    reach = run.attrs["reach"]
    ax.set(xlim=(-reach, reach), ylim=(0, highest))
    ax.bar(
        edges[:-1],
        shares,
        np.diff(edges),
        align="edge",
        color=series(name).color,
        label=name,
    )
    ticks(ax, "y", [])
    ticks(ax, "x", [-reach / 2, 0.0, reach / 2])
    ax.axhline(0, color=theme.color("muted"), linewidth=px(1), clip_on=False)
    words = say("near", share=float(run.end_near[0]))
    beside(ax, words, (0.03, 0.72), of=AXES, weight="semibold", path_effects=halo())


def _curves(ax: Axes, recording: xr.Dataset) -> None:
    epochs = recording.epoch.values
    ax.set(xlim=(0, epochs[-1]), ylim=(0, top(recording, "test_loss")))
    ax.grid(axis="y")
    ticks(ax, "x", [0, int(epochs[-1])])
    heading(ax, say("losses"), "solid: test, dashed: training")
    name_axes(ax, x="epoch")
    for name in recording.run.values.tolist():
        band(ax, recording, "train_loss", name, dashed=True)
        band(ax, recording, "test_loss", name)


def _gaps(ax: Axes, recording: xr.Dataset) -> None:
    """Draw the differences of the test loss from that without a penalty, with their intervals."""
    attrs = recording.attrs
    names = [name for name in recording.run.values.tolist() if name != "none"]
    ends = [abs(attrs[f"loss_gap_{name}"]) + attrs[f"loss_half_{name}"] for name in names]
    reach = 1.15 * max(*ends, 1e-6)
    ax.set(xlim=(-reach, reach), ylim=(len(names) - 0.6, -0.75))
    ax.axvline(0, color=theme.color("muted"), linewidth=px(1.25))
    ticks(ax, "y", [])
    ticks(ax, "x", [0.0], lambda value: "as without")
    heading(ax, "test loss at the end")
    for row, name in enumerate(names):
        gap, half = attrs[f"loss_gap_{name}"], attrs[f"loss_half_{name}"]
        hue = series(name).color
        ax.plot([gap - half, gap + half], [row, row], color=hue, linewidth=px(3), label=name)
        dot(ax, gap, row, color=hue, size=12)
        said = {"gap": gap, "differs": attrs[f"loss_differs_{name}"]}
        for words, x, side, weight in (
            (series(name).label, 0, "left", "semibold"),
            (say("verdict", **said), 1, "right", "normal"),
        ):
            beside(
                ax,
                words,
                (x, row),
                of=ax.get_yaxis_transform(),
                shift=(0, 17),
                ha=side,
                weight=weight,
                fontsize=px(TICK),
                path_effects=halo(),
            )
