"""Every optimizer on the handwritten digits, tuned in the same way: how far, and at which rates.

Source  000
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from figures.optimizers._search import in_rows
from figures.parts.canvas import MARGIN, TICK, WIDTH, Canvas, is_narrow, px, text_width
from figures.parts.marks import dot
from look.numbers import number, percent
from look.runs import runs
from look.theme import color
from look.words import Visual, say

READS = {
    "optimizer_mnist": "accuracy (run, start, step), lr (run), p_value (run), run (run), many",
}

VISUAL = Visual(
    uses=["optimizer_mnist"],
    title="{best} is ahead after {n_steps} steps{n_level:?, by more than chance|; one other may be "
    "as good|; {n_level} others may be as good}",
    subtitle="{n_optimizers} optimizers on {dataset}, each at the best of {n_rates} "
    "learning rates{n_momenta:?| and its best momentum}. Dots: {n_seeds} seeds each, and their "
    "mean; shaded: those of {best}. {n_level:?|Bold: may be as good.}",
    alt="A row for each of {n_optimizers} optimizers, the best on top: {best}, with "
    "{best_accuracy:.0%} of the test {many} right, to {worst} with {worst_accuracy:.0%}. In each "
    "row dots for the seeds, and the learning rate that was taken.",
    caption="The budget is the same for all: at each of {n_rates} rates from {lowest:g} to "
    "{highest:g} one training of {n_steps} steps of {batch_size} examples; the best rate has the "
    "lowest mean loss of the last {last} batches. {n_momenta:?|Who has a momentum (β₁ is one) is "
    "tried at {momenta} too, at that rate and its neighbours, and has the best pair. }Then "
    "{n_seeds} trainings at the best from other seeds, which the rows show: {many} that are wrong "
    "of {n_test:,} held out, on a logarithmic scale. Bright and bold: a permutation test of the "
    "seeds does not tell it from {best} at 5 %; it tells {n_clear} from it. A {widths} network of "
    "{n_params:,} parameters; other settings are the usual ones. So few steps are not the whole "
    "of training.",
    words={
        "start": "Who reads {dataset} best after {n_steps} steps?\n"
        "The best of {n_optimizers} and the last, each at its best rate; share of {many} wrong, "
        "log scale",
        "end": "{best} is ahead{n_level:?, by more than chance|; one other may be as good|; "
        "{n_level} others may be as good}\n"
        "Bands: {n_seeds} seeds; shaded: those of {best}{of:?|. Here {shown} of the {of}; dim: "
        "behind "
        "for sure}",
        "clock": "step {step}",
        "share": "{share:.1%}",
        "wrong": "test {many} wrong, log scale",
        "far": "its seeds are far apart",
        "best": "best η",
    },
)

TICKS = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.12, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0)
HIGH = 21.0  # of an optimizer's row, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return a row for each optimizer, its seeds on a scale of errors; the best are bright."""
    n_rows = recording.sizes["run"]
    fig = Canvas(34 + n_rows * HIGH + 44, narrow=True)
    ax = fig.place(MARGIN, 34, WIDTH - 2 * MARGIN, n_rows * HIGH)
    width = in_rows(ax, n_rows)
    names, right = (128.0, width - 44) if is_narrow() else (156.0, width - 66)
    wrong = 1 - recording.accuracy.isel(step=-1).values
    least = 0.5 / 1000  # nobody is better than one wrong in two thousand
    low, high = np.log10(max(wrong.min(), least) * 0.93), np.log10(wrong.max() * 1.05)

    def at(share: float) -> float:
        place = (np.log10(max(share, least)) - low) / (high - low)
        return float(names + 14 + place * (right - names - 30))

    muted = {"color": color("muted"), "fontsize": px(TICK)}
    end = -np.inf  # of the last number under the scale
    for share in [s for s in TICKS if low <= np.log10(s) <= high]:
        x, half = at(share), text_width(percent(share), TICK) / 2
        if x - half < end + 10:
            continue
        end = x + half
        ax.plot([x, x], [0, n_rows], color=color("quiet"), linewidth=px(1), zorder=0.5)
        ax.text(x, n_rows + 18 / HIGH, percent(share), ha="center", **muted)
    level = recording.p_value.values >= 0.05
    spread = np.ptp(np.log(np.maximum(wrong, least)), axis=1)
    apart = level & (spread > 1.5 * np.median(spread))
    every = list(runs(recording))
    ax.fill_betweenx(
        [0, n_rows], at(wrong[0].min()), at(wrong[0].max()), color=every[0].color, alpha=0.12,
        linewidth=0, label="tie", zorder=0,
    )  # fmt: skip
    style = {"va": "center_baseline", "fontsize": px(TICK)}
    for k, run in enumerate(every):
        y, strength = k + 0.5, 1.0 if level[k] else 0.45
        ink = color("text" if level[k] else "muted")
        weight = "semibold" if level[k] else "normal"
        ax.text(names - 8, y, run.label, ha="right", weight=weight, color=ink, **style)
        ends = [at(wrong[k].min()), at(wrong[k].max())]
        hue = every[0].color if level[k] else color("muted")
        ax.plot(ends, [y, y], color=hue, linewidth=px(2.5), alpha=0.5 * strength)
        for seed in wrong[k].tolist():
            dot(
                ax, at(seed), y, color=hue, size=6, markeredgewidth=0, alpha=0.6 * strength
            )  # fmt: skip
        dot(ax, at(wrong[k].mean()), y, color=hue, size=13, zorder=5, alpha=strength)
        ax.text(width, y, number(float(run.lr)), ha="right", color=ink, **style)
        alone = not level[max(k - 1, 0) : k + 2 : 2].any()
        if k > 0 and apart[k] and alone and not is_narrow():
            # far down, and yet it may be as good: that startles
            ax.text(ends[1] + 12, y, say("far"), color=ink, **style)
    ax.text(names + 14, -9 / HIGH, say("wrong"), **muted)
    ax.text(width, -9 / HIGH, say("best"), ha="right", **muted)
    return fig
