"""Every optimizer on the handwritten digits, tuned in the same way: how far, and at which rates.

Source  000
"""

from __future__ import annotations

from itertools import groupby

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from figures.optimizers._search import in_rows
from figures.parts.canvas import (
    MARGIN,
    NARROW_MARGIN,
    TICK,
    Canvas,
    is_narrow,
    px,
    text_width,
)
from figures.parts.colors import mix
from figures.parts.marks import dot
from look.numbers import number, percent
from look.runs import runs
from look.theme import color
from look.words import Visual, say

READS = {
    "optimizer_mnist": "accuracy (run, start, step), lr (run), level (run), run (run), many",
}

VISUAL = Visual(
    uses=["optimizer_mnist"],
    title="{ahead:?Nobody is ahead|{best} is ahead} after {n_steps} steps: {best_wrong:.1%} wrong, "
    "the next {next_wrong:.1%}",
    subtitle="{n_optimizers} optimizers on {dataset}, each at the best of {n_rates} learning rates"
    "{n_momenta:?| and of a few momenta}. Dots: {n_seeds} trainings each, from other random "
    "starts; large, and in numbers: their mean.",
    alt="A row for each of {n_optimizers} optimizers, the best on top: {best}, with "
    "{best_accuracy:.0%} of the test {many} right, to {worst} with {worst_accuracy:.0%}. In each "
    "row dots for the seeds, their mean, and the learning rate that was taken; rows that "
    "a test of the trainings can’t tell from the best of them stand together.",
    caption="The budget is the same for all: at each of {n_rates} rates from {lowest:g} to "
    "{highest:g} one training of {n_steps} steps of {batch_size} examples; the best rate has the "
    "lowest mean loss of the last {last} batches. {n_momenta:?|Who has a momentum (β₁ is one) is "
    "tried at {momenta} too, at that rate and its neighbours, and has the best pair. }Then "
    "{n_seeds} trainings at the best from other seeds, which the rows show: {many} that are wrong "
    "of {n_test:,} held out, on a logarithmic scale. A permutation test of the seeds tells "
    "{n_clear} of the others from {best} at 5 %; each group begins with the first who is told from "
    "the best of the group above. A {widths} network of "
    "{n_params:,} parameters; other settings are the usual ones. So few steps are not the whole "
    "of training.",
    words={
        "start": "Who reads {dataset} best after {n_steps} steps?\n"
        "{n_best:?All {n_optimizers}|The best of {n_optimizers}, and the last|The {n_best} best of "
        "{n_optimizers}, and the last}, each at its best rate; bright: who is ahead",
        "end": "{ahead:?Nobody is ahead|{best} is ahead}: {best_wrong:.1%} wrong, the next "
        "{next_wrong:.1%}\n"
        "After {n_steps} steps. Dots: the mean of {n_seeds} trainings; bands: all of them",
        "clock": "step {step}",
        "share": "{share:.1%}",
        "wrong": "test {many} wrong, log scale",
        "lead": "ahead",
        "best": "best η",
        "level": "{best} and {n} that can’t be told from it",
    },
)

TICKS = (0.01, 0.02, 0.03, 0.05, 0.07, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0)
HIGH = 21.0  # of an optimizer's row, CSS pixels
HEAD, PAD, GAP = 20.0, 5.0, 10.0  # of a group: its words, around its rows, and under it


def draw(recording: xr.Dataset) -> Figure:
    """Return a row for each optimizer, its seeds on a scale of errors; the best is bright."""
    groups, tops, tall = placed(recording.level.values)
    fig = Canvas(34 + tall + 44, narrow=34 + tall + 44)
    margin = NARROW_MARGIN if is_narrow() else MARGIN
    ax = fig.place(margin, 34, fig.width - 2 * margin, tall)
    width = in_rows(ax, 1)
    ax.set_ylim(tall, 0)
    both = list(runs(recording))
    names = max(text_width(run.label, TICK, "semibold") for run in both) + 8
    right = width if is_narrow() else width - 56  # there is no room for rates on a narrow sheet
    wrong = 1 - recording.accuracy.isel(step=-1).values
    least = 0.5 / 1000  # nobody is better than one wrong in two thousand
    lowest, most = np.log10(max(wrong.min(), least) * 0.93), np.log10(wrong.max() * 1.02)
    room = 54.0  # for the mean behind the dots

    def at(share: float) -> float:
        place = (np.log10(max(share, least)) - lowest) / (most - lowest)
        return float(names + 8 + place * (right - names - 8 - room))

    muted = {"color": color("muted"), "fontsize": px(TICK)}
    end = -np.inf  # of the last number under the scale
    for share in [s for s in TICKS if lowest <= np.log10(s) <= most]:
        x, half = at(share), text_width(percent(share), TICK) / 2
        if x - half < end + 10:
            continue
        end = x + half
        for first, count, _, _ in groups:
            rows = [tops[first], tops[first] + count * HIGH]
            ax.plot([x, x], rows, color=color("quiet"), linewidth=px(1), zorder=0.5)
        ax.text(x, tall + 18, percent(share), ha="center", **muted)
    style = {"va": "center_baseline", "fontsize": px(TICK)}
    ground = mix("background", "quiet", 0.4)
    edge = [withStroke(linewidth=px(4), foreground=ground)]
    for first, count, top, bottom in groups:
        box = Rectangle((-8, top), width + 16, bottom - top, linewidth=0, zorder=0.2,
                        facecolor=ground, label="group", clip_on=False)  # fmt: skip
        ax.add_patch(box)
        if count > 1:
            said = say("level", best=both[first].label, n=count - 1)
            ax.text(
                0, top + PAD + 0.45 * HEAD, said, weight="semibold", color=color("muted"), **style
            )
    for k, run in enumerate(both):
        y, first = tops[k] + HIGH / 2, k == 0
        hue = run.color if first else color("muted")
        ink = color("text" if first else "muted")
        weight = "semibold" if first else "normal"
        ax.text(names - 8, y, run.label, ha="right", weight=weight, color=ink, **style)
        ends = [at(wrong[k].min()), at(wrong[k].max())]
        ax.plot(ends, [y, y], color=hue, linewidth=px(2.5), alpha=0.4)
        for seed in wrong[k].tolist():
            dot(ax, at(seed), y, color=hue, size=6, markeredgewidth=0, alpha=0.6)
        dot(ax, at(wrong[k].mean()), y, color=hue, size=13 if first else 11, zorder=5)
        ax.text(ends[1] + 11, y, say("share", share=wrong[k].mean()), weight=weight, color=ink,
                path_effects=edge, **style)  # fmt: skip
        if not is_narrow():
            ax.text(width, y, number(float(run.lr)), ha="right", color=ink, **style)
    ax.text(names + 8, -9, say("wrong"), **muted)
    if not is_narrow():
        ax.text(width, -9, say("best"), ha="right", **muted)
    return fig


def placed(
    levels: np.ndarray,
) -> tuple[list[tuple[int, int, float, float]], list[float], float]:
    """Return the groups, the tops of all rows, and how tall they are together.

    A group is its first row, how many it has, its top and its bottom.
    """
    groups: list[tuple[int, int, float, float]] = []
    tops: list[float] = []
    y = 0.0
    for _, members in groupby(levels.tolist()):
        count = len(list(members))
        first, start = len(tops), y
        y += PAD + (HEAD if count > 1 else 0.0)
        tops += [y + i * HIGH for i in range(count)]
        y += count * HIGH + PAD
        groups.append((first, count, start, y))
        y += GAP
    return groups, tops, y - GAP
