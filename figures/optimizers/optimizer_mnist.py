"""Every optimizer on the handwritten digits, tuned in the same way: how far, and at which rates.

Source  000
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.optimizers._search import ROW, cells, in_rows
from figures.parts.canvas import MARGIN, TICK, WIDTH, Canvas, is_narrow, px
from figures.parts.marks import dot
from look.numbers import number, percent
from look.runs import runs
from look.theme import color
from look.words import Visual, say

READS = {
    "optimizer_mnist": "accuracy (run, start, step), search_loss (run, rate), lr (run), "
    "p_value (run), rate (rate), run (run), many",
}

VISUAL = Visual(
    uses=["optimizer_mnist"],
    title="{best} is ahead after {n_steps} steps{n_level:?, by more than chance|; one other may be "
    "as good|; {n_level} others may be as good}",
    subtitle="{n_optimizers} optimizers on {dataset}, each at the best of the same {n_rates} "
    "learning rates. Dots: {n_seeds} seeds each, and their mean.",
    alt="A row for each of {n_optimizers} optimizers, the best on top: {best}, with "
    "{best_accuracy:.0%} of the test {many} right, to {worst} with {worst_accuracy:.0%}. In each "
    "row dots for the seeds, and a cell for each of {n_rates} learning rates, fuller where the "
    "loss is lower.",
    caption="The budget is the same for all: at each of {n_rates} rates from {lowest:g} to "
    "{highest:g} one training of {n_steps} steps of {batch_size} examples; the best rate (the dot "
    "among the cells) has the lowest mean loss of the last {last} batches. Then {n_seeds} "
    "trainings at that rate from other seeds, which the rows show: {many} that are wrong of "
    "{n_test:,} held out, on a logarithmic scale. A cell’s colour is as full as the square of the "
    "best loss over its own. Bold: a permutation test of the seeds does not tell it from {best} at "
    "5 %; it tells {n_clear} from it. A {widths} network of {n_params:,} parameters; other "
    "settings are the usual ones. So few steps are not the whole of training.",
    words={
        "start": "Who reads {dataset} best after {n_steps} steps?\n"
        "The best of {n_optimizers} optimizers and the last, each at the best of {n_rates} rates; "
        "share of {many} wrong",
        "end": "{best} is ahead{n_level:?, by more than chance|; one other may be as good|; "
        "{n_level} others may be as good}\n"
        "Bands: {n_seeds} seeds; {n_level:?ring: {best}|rings: {best} and who may be as good}",
        "clock": "step {step}",
        "wrong": "test {many} wrong",
        "rates": "learning rate",
        "best": "best η",
    },
)


def draw(recording: xr.Dataset) -> Figure:
    """Return a row for each optimizer: its seeds on a scale of errors, and its search."""
    n_rows = recording.sizes["run"]
    fig = Canvas(30 + n_rows * ROW + 44)
    ax = fig.place(MARGIN, 30, WIDTH - 2 * MARGIN, n_rows * ROW)
    _rows(ax, recording)
    return fig


def _rows(ax: Axes, recording: xr.Dataset) -> None:
    n_rows = recording.sizes["run"]
    width = in_rows(ax, n_rows)
    names = 128.0 if is_narrow() else 148.0
    right = width - (40 if is_narrow() else 48)
    first = names + (right - names) * (0.56 if is_narrow() else 0.6)
    wrong = 1 - recording.accuracy.isel(step=-1).values
    least = 0.5 / 1000  # nobody is better than one wrong in two thousand
    low, high = np.log10(max(wrong.min(), least) * 0.93), np.log10(wrong.max() * 1.07)

    def at(share: float) -> float:
        place = (np.log10(max(share, least)) - low) / (high - low)
        return float(names + 8 + place * (first - names - 30))

    loss = recording.search_loss.values
    with np.errstate(invalid="ignore"):
        strength = np.nan_to_num((loss.min(1, keepdims=True) / loss) ** 2)
    middle = cells(ax, first, right - 8, strength, [run.color for run in runs(recording)])
    style = {"va": "center_baseline", "fontsize": px(TICK)}
    steps = [s for s in (0.02, 0.05, 0.1, 0.2, 0.5, 1.0) if low <= np.log10(s) <= high]
    for share in steps:
        x = at(share)
        ax.plot([x, x], [0, n_rows], color=color("quiet"), linewidth=px(1), zorder=0.5)
        ax.text(x, n_rows + 17 / ROW, percent(share), ha="center", color=color("muted"),
                fontsize=px(TICK))  # fmt: skip
    for k, run in enumerate(runs(recording)):
        y = k + 0.5
        level = float(run.p_value) >= 0.05
        ax.text(names - 8, y, run.label, ha="right", weight="semibold" if level else "normal",
                **style)  # fmt: skip
        ax.plot([at(wrong[k].min()), at(wrong[k].max())], [y, y], color=run.color,
                linewidth=px(1.5), alpha=0.5)  # fmt: skip
        for seed in wrong[k].tolist():
            dot(ax, at(seed), y, color=run.color, size=5, markeredgewidth=0, alpha=0.55)
        dot(ax, at(wrong[k].mean()), y, color=run.color, size=10, zorder=5)
        dot(ax, middle(int(loss[k].argmin())), y, color=color("text"), size=7)
        ax.text(width, y, number(float(run.lr)), ha="right", **style)
    muted = {"color": color("muted"), "fontsize": px(TICK)}
    ax.text(names + 8, -8 / ROW, say("wrong"), **muted)
    ax.text(first, -8 / ROW, say("rates"), **muted)
    ax.text(width, -8 / ROW, say("best"), ha="right", **muted)
    rates = recording.rate.values.tolist()
    for k in (0, len(rates) - 1):
        ax.text(middle(k), n_rows + 17 / ROW, number(rates[k]), ha="center", **muted)
