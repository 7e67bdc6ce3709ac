"""Weights without a penalty, under L2 and under L1.

Source  004
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, ticks
from figures.parts.canvas import MARGIN, NARROW, NARROW_MARGIN, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo, mix
from look import theme
from look.runs import series
from look.words import Visual, say

READS = {
    "weight_penalty": "template (run, snapshot, unit, y, x), histogram (run, snapshot, bin), "
    "bin_edge (bin_edge), end_near (run, x_seed), run (run), near, reach",
}

VISUAL = Visual(
    uses=["weight_penalty"],
    title="{sparsest:?l1=With L1 {near_l1:.0%} of the weights end near 0, with L2 {near_l2:.0%}, "
    "without {near_none:.0%}|l2=Here L2 brings most weights near 0: {near_l2:.0%}|none=Here no "
    "penalty brings more weights near 0 than training alone}",
    subtitle="Pictures: what four hidden units look for in a {one}, orange for, blue against. "
    "Bars: all {n_weights:,} weights. {many:cap} right: {end_accuracy_l1:.0%} with L1, "
    "{end_accuracy_l2:.0%} with L2, {end_accuracy_none:.0%} without.",
    alt="Three columns: no penalty, L2, L1. Pictures of the weights into hidden units: noise all "
    "over without a penalty, paler under L2, and under L1 mostly empty but for some strokes. "
    "Histograms: a share of {near_none:.1%}, {near_l2:.1%} and {near_l1:.1%} of the weights is "
    "nearer to 0 than {near:g}.",
    caption="A {widths} network on {n_train} {many}{named:?| ({dataset})}, the same start for all "
    "three, {epochs} epochs of plain gradient descent (η = {lr:g}, batches of "
    "{batch_size}): the loss alone, plus λ Σw² with λ = {l2:g}, or plus λ Σ|w| with λ = {l1:g}; "
    "biases go free. Near 0: below {near:g} in size; in all {n_seeds} "
    "seeds, L1 brings {near_low_l1:.0%} to {near_high_l1:.0%} of the weights there. "
    "{helped:?neither=Neither penalty lowers the test loss for sure|l2=L2 lowers the test loss, "
    "L1 not for sure|l1=L1 "
    "lowers the test loss, L2 not for sure|both=Both lower the test loss|other=Their test losses "
    "part}: it ends at {end_loss_none:.2f}, {end_loss_l2:.2f} and {end_loss_l1:.2f}; against none, "
    "seed by seed, with 95 % intervals: L2 {loss_gap_l2:+.3f} ± {loss_half_l2:.3f}, "
    "{loss_differs_l2:?no|a} difference; L1 {loss_gap_l1:+.3f} ± {loss_half_l1:.3f}, "
    "{loss_differs_l1:?no|a} difference. {many:cap} right of {n_test:,}: {end_accuracy_none:.1%} "
    "without, {end_accuracy_l2:.1%} with L2 ({accuracy_differs_l2:?no|a} difference), "
    "{end_accuracy_l1:.1%} with L1 ({accuracy_differs_l1:?no|a} difference).",
    words={
        "near": "{share:.0%}",
        "near 0": "within ±{near:g}",
        "formula l2": r"$+\,\lambda\sum w^2$",
        "formula l1": r"$+\,\lambda\sum |w|$",
        "symbols l2": "+ lambda inline(sum) w^2",
        "symbols l1": "+ lambda inline(sum) abs(w)",
        "start": "What does a penalty do to the weights?\n"
        "One network, one start, three losses. Near 0: between −{near:g} and {near:g}.",
        "learnt": "{sparsest:?l1=With L1 {near_l1:.0%} of the weights end near 0, with L2 "
        "{near_l2:.0%}, without {near_none:.0%}|l2=Here L2 brings most weights near 0: "
        "{near_l2:.0%}|none=Here no penalty brings more weights near 0}\n"
        "Images: the weights of two hidden units, orange above 0, blue below.",
        "share": "{share:.0%} near 0",
    },
    series={
        "none": ["no penalty", "purple"],
        "l2": ["L2", "green"],
        "l1": ["L1", "vermillion"],
    },
)

GAP, TOP = 24.0, 34.0
WIDE = (WIDTH - 2 * MARGIN - 2 * GAP) / 3
BARS, TALL = TOP + WIDE + 16, 176.0  # the histograms
PHONE, ROW = 150.0, 210.0  # on the narrow sheet: a side of the pictures, and a penalty's height


def draw(recording: xr.Dataset) -> Figure:
    """Return the pictures over the histograms, whose heights have one scale."""
    fig = Canvas(BARS + TALL + 40, narrow=12 + ROW * recording.sizes["run"])
    most = float(np.quantile(np.abs(recording.template.values[0, -1]), 0.995))
    highest = float(recording.histogram.values[:, -1].max())
    for i, name in enumerate(recording.run.values.tolist()):
        left = MARGIN + i * (WIDE + GAP)
        boxes = (left, TOP, WIDE, WIDE), (left, BARS, WIDE, TALL)
        if is_narrow():  # beside each other, the three penalties under each other
            top, bars = TOP + ROW * i, NARROW_MARGIN + PHONE + 16
            boxes = (NARROW_MARGIN, top, PHONE, PHONE), (bars, top, NARROW - 16 - bars, PHONE)
        run = recording.sel(run=name)
        ax, below = (fig.place(*box) for box in boxes)
        ax.imshow(signed(mosaic(run.template.values[-1]), most), interpolation="nearest")
        ax.set(xticks=[], yticks=[])
        formula = "" if name == "none" else say(f"formula {name}")
        heading(ax, series(name).label, formula, parse_math=True)
        _histogram(below, run, name, highest)
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
    ax.set(xlim=(-reach, reach), ylim=(0, 1.14 * highest))
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
    middle = np.abs(edges[:-1] + edges[1:]).argmin()  # the bin about 0
    at = (float(edges[middle + 1]), float(shares[middle]))
    over = float(shares[middle + 1 :].max())  # what the words are not to lie on
    spiky = shares[middle] - over > 0.3 * highest
    lift = -20 if spiky else 30
    at = at if spiky else (at[0], over)
    words = say("near", share=float(run.end_near[0]))
    # on the narrow sheet there is less room beside the spike: up to the edge
    at, shift, ha = ((reach, at[1]), -4, "right") if is_narrow() else (at, 9, "left")
    beside(ax, words, at, shift=(shift, lift), ha=ha, weight="semibold", fontsize=px(24),
           path_effects=halo())  # fmt: skip
    beside(ax, say("near 0"), at, shift=(shift, lift - 19), ha=ha, color=theme.color("muted"),
           path_effects=halo())  # fmt: skip
