"""A network in training mode, units off at random, and in evaluation mode; and what it changes.

Source  004; Srivastava et al. 2014, JMLR 15
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from figures.parts.axes import AXES, beside, ticks
from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    TICK,
    WIDTH,
    Canvas,
    is_narrow,
    px,
)  # fmt: skip
from figures.parts.colors import halo
from figures.parts.networks import digit, edges, units
from look import theme
from look.numbers import number, percent
from look.votes import speakers
from look.words import Visual, say

READS = {
    "dropout": "test_image (y, x), pass_mask_1 (example_pass, unit_1), "
    "pass_mask_2 (example_pass, unit_2), pass_activation_1 (example_pass, unit_1), "
    "pass_activation_2 (example_pass, unit_2), pass_probability (example_pass, class), "
    "still_activation_1 (unit_1), still_activation_2 (unit_2), still_probability (class), "
    "end_weight_2 (unit_1, unit_2), end_weight_3 (unit_2, class), "
    "test_class, test_name, class (class)",
}

VISUAL = Visual(
    uses=["dropout"],
    title="With units off, {n_right_passes} of {n_passes} tries are right; with all units on, "
    "{still_right:?none is|every one is}",
    subtitle="One {one}, labelled {test_name}, shown {n_passes} times to a trained network. Each "
    "time, as in training, every hidden unit is off (×) with probability {drop:.0%}. Lines: what "
    "speaks most for the answer.",
    alt="A line from 0 to 100 %, with a disc for each of {n_passes} tries with units off, by the "
    "probability that it gave {test_name}, which is right. In each disc stands what that try says; "
    "the {n_right_passes} that say {test_name} are filled. An upright mark is the one answer with "
    "all units on. From the least sure disc, the surest and the mark lines lead to drawings of the "
    "network: two with many units crossed out, and the whole one on a tile. In each, lines run "
    "through the units that speak most for its answer, and bars show its probabilities.",
    caption="One {widths} network, trained on {n_train} {many} ({dataset}), {epochs} epochs of "
    "plain gradient descent (η = {lr:g}, batches of {batch_size}), with a keep probability of "
    "{keep:g} and without dropout, from the same weights on the same batches; bands: {n_seeds} "
    "seeds. All losses are taken in evaluation mode. At the end, with − without, seed by seed, "
    "with 95 % intervals: test loss {loss_gap:+.3f} ± {loss_half:.3f}, {loss_differs:?no|a} "
    "difference; {many} right of {n_test:,}: {end_accuracy_with:.1%} and "
    "{end_accuracy_without:.1%}, {accuracy_differs:?no|a} difference. In training mode "
    "{n_right_passes} of {n_passes} tries read this {one}, {test_name}, rightly; in evaluation "
    "mode the answer is always {answer_name}. It was chosen for that. In training "
    "mode what is on is divided by {keep:g}: averaged over {n_masks:,} masks, the next layer’s "
    "inputs are off by {mask_error:.2%} of their mean.",
    words={
        "on": "{on} of {n} on",
        "evaluation": "all units on",
        "says": "says {answer}",
        "layer": "layer {k}",
        "whole": "all units on: {share:.0%}",
        "strip": "what each try says, at its probability of {test_name}",
        "strip, in short": "what each try says, at\nits probability of {test_name}",
        "train film": "While it learns, each unit is off with probability {drop:.0%}\n"
        "Crosses: units off, others at each step. Lines: what speaks most for the answer.",
        "modes film": "Trained. Does its answer depend on which units are off?\n"
        "The same {one} {n_passes} times. A disc: what a try says, at its probability of "
        "{test_name}.",
        "still film": "{wavers:?No: all {n_passes} tries say {said}|Yes: {n_right_passes} of "
        "{n_passes} tries are right|Yes: only {n_right_passes} of {n_passes} tries are right}. "
        "With all units on, {still_right:?none|every one} is{wavers:? right||}\n"
        "A network in use has all its units on. For these tries some were off once more.",
        "axis film": "probability of {test_name}",
        "whole film": "all units on: {share:.0%}",
        "step": "step {step:,}",
        "pass": "try {number}",
    },
)

TOP, STRIP, TALL = 30.0, 112.0, 208.0  # where the dots begin, their room, a network's height
LEADERS = 82.0  # room for the lines from dots to networks, and the numbers of the axis
IMAGE, GAP, LOWER = 62.0, 30.0, 44.0  # the digit; between two networks; narrow: the dots' place
FILES = 4  # units of a layer side by side


def draw(recording: xr.Dataset) -> Figure:
    """Return the answers of all passes on one line, and some of their networks under it."""
    under = TOP + STRIP + LEADERS
    fig = Canvas(under + TALL + 62, narrow=LOWER + under + TALL + 62)
    margin, sheet, aside, top = MARGIN, WIDTH, IMAGE + 34, TOP
    if is_narrow():
        margin, sheet, aside, top, under = NARROW_MARGIN, NARROW, 8.0, TOP + LOWER, under + LOWER
    strip = fig.place(margin + aside, top, sheet - 2 * margin - aside - 10, STRIP)
    label = recording.attrs["test_class"]
    shares = recording.pass_probability.values[:, label]
    _strip(strip, recording)
    tile = fig.place(margin, 8 if is_narrow() else top + STRIP - IMAGE, IMAGE, IMAGE)
    tile.axis("off")
    digit(tile, recording.test_image.values)

    some = np.argsort(shares)[[0, -1]]  # the least sure and the surest
    shown = [(int(k), float(shares[k])) for k in some]
    shown.append((-1, float(recording.still_probability[label])))  # the whole network
    shown.sort(key=lambda one: one[1])  # so that no two leaders cross
    gap, below = (10.0, 24.0) if is_narrow() else (GAP, 4.0)  # clear of the axis's numbers
    wide = (sheet - 2 * margin - (len(shown) - 1) * gap) / len(shown)
    for place, (k, share) in enumerate(shown):
        ax = fig.place(margin + place * (wide + gap), under, wide, TALL)
        _network(ax, recording, k, wide)
        head = ax.transData.transform((wide / 2, -ROOM))
        foot = strip.transData.transform((share, strip.get_ylim()[0]))
        ends = fig.transFigure.inverted().transform([foot - (0, below * fig.dpi / 96), head])
        fig.add_artist(
            Line2D(*ends.T, color=theme.color("muted"), linewidth=px(1.25), label=f"leader {place}")
        )
    return fig


ROOM = 28.0  # over a network, for the names of its layers


def column(x: float, count: int, tall: float, aside: float) -> np.ndarray:
    """Return the places of a layer's units, (unit, 2): in files side by side, as in the film."""
    rank, file = np.divmod(np.arange(count), FILES)
    ranks = -(-count // FILES)
    # every other file half a place lower, so that lines find their way between
    y = (rank + 0.25 + 0.5 * (file % 2)) / ranks * tall
    return np.stack([x + aside * (file - (FILES - 1) / 2), y], axis=1)


def _network(ax: Axes, recording: xr.Dataset, k: int, wide: float) -> None:
    """Draw the hidden layers in pass `k`, or with all units on, and what they say."""
    ax.set(xlim=(0, wide), ylim=(TALL, 0))  # data units are CSS pixels
    ax.axis("off")
    if k < 0:
        active = [recording[f"still_activation_{i}"].values for i in (1, 2)]
        masks = [np.ones(len(values)) for values in active]
        probability = recording.still_probability.values
        ax.add_patch(
            Rectangle((-8, -ROOM), wide + 16, TALL + ROOM + 54, color=theme.color("quiet"),
                      alpha=0.35, linewidth=0, clip_on=False, label="whole", zorder=0)
        )  # fmt: skip
    else:
        active = [recording[f"pass_activation_{i}"].values[k] for i in (1, 2)]
        masks = [recording[f"pass_mask_{i}"].values[k] for i in (1, 2)]
        probability = recording.pass_probability.values[k]
    best = int(probability.argmax())
    size, aside, middles = (5.5, 5.5, (11, 46)) if is_narrow() else (7.0, 10.0, (20, 92))
    places = [
        column(x, len(values), TALL, aside) for x, values in zip(middles, active, strict=True)
    ]
    n_classes, room = len(probability), 17.0 if is_narrow() else 38.0  # of a bar
    end = wide - room - (15 if is_narrow() else 22)
    ends = np.stack(
        [np.full(n_classes, end), (np.arange(n_classes) + 0.5) / n_classes * TALL], axis=1
    )
    said = (active[1][:, None] * recording.end_weight_3.values)[:, [best]]
    told, _ = speakers(said)
    heard = active[0][:, None] * recording.end_weight_2.values * masks[1][None]
    for flow, (first, second), left, right in (
        (heard[:, told], speakers(heard[:, told]), places[0], places[1][told]),
        (said, speakers(said), places[1], ends[[best]]),
    ):
        edges(ax, left[first], right[second], flow[first, second], width=3, opacity=0.9)
    muted = theme.color("muted")
    for number_of, (values, mask, each) in enumerate(zip(active, masks, places, strict=True), 1):
        units(ax, each[mask > 0], values[mask > 0], diameter=size).set_clip_on(False)
        ax.plot(
            *each[mask == 0].T, "x", color=muted, markersize=px(0.72 * size),
            markeredgewidth=px(1.25), clip_on=False, label="off",
        )  # fmt: skip
        if not is_narrow():  # there is no room for both names
            ax.text(each[:, 0].mean(), -9, say("layer", k=number_of), ha="center", color=muted,
                    fontsize=px(TICK))  # fmt: skip
    names = short(recording["class"].values.tolist())
    for row, name in enumerate(names):
        ax.text(end + (8 if is_narrow() else 11), ends[row, 1], name, ha="center",
                va="center_baseline", fontsize=px(TICK), weight="bold" if row == best else "normal",
                color=theme.color("text") if row == best else muted)  # fmt: skip
    bars = [theme.color("green" if k == recording.attrs["test_class"] else "muted")
            for k in range(n_classes)]  # fmt: skip
    ax.add_collection(
        LineCollection(
            [[(wide - room, y), (wide - room * (1 - share), y)]
             for y, share in zip(ends[:, 1], probability, strict=True)],
            colors=bars, linewidths=px(9), capstyle="butt", label="probability",
        ), autolim=False,
    )  # fmt: skip
    on, n = int(sum(mask.sum() for mask in masks)), sum(map(len, masks))
    right = best == recording.attrs["test_class"]
    centred = {"ha": "center", "fontsize": px(LABEL)}
    ax.text(wide / 2, TALL + 24, say("says", answer=names[best]), weight="semibold",
            color=theme.color("text") if right else muted, **centred)  # fmt: skip
    how_many = say("evaluation") if k < 0 else say("on", on=on, n=n)
    ax.text(wide / 2, TALL + 44, how_many, color=muted, **centred)


def _strip(ax: Axes, recording: xr.Dataset) -> None:
    """Draw each pass's answer at its probability of the true class, and that with all units on."""
    label, passes = recording.attrs["test_class"], recording.pass_probability.values
    size = 18.0 if is_narrow() else 20.0  # CSS pixels
    scale = ax.get_figure(root=True).dpi / 96
    room = np.array([ax.bbox.width, ax.bbox.height]) / scale
    ax.set(xlim=(0, 1), ylim=(-size / 2 - 3, room[1] - size / 2 - 3))  # height in CSS pixels
    ticks(ax, "y", [])
    ticks(ax, "x", [0, 0.5, 1], percent)
    ax.axhline(-size / 2 - 3, color=theme.color("muted"), linewidth=px(1.5), clip_on=False)
    words, shift = ("strip, in short", (IMAGE + 4, 26)) if is_narrow() else ("strip", (0, 4))
    beside(ax, say(words), (0, 1), of=AXES, shift=shift, color=theme.color("muted"))
    says = passes.argmax(1) == label
    at = np.column_stack([passes[:, label], np.zeros(len(passes))])
    for k in np.argsort(at[:, 0]):  # the lowest place where it covers no other
        near = np.abs(at[:, 0] - at[k, 0]) * room[0] < size
        placed = at[near & (at[:, 0] < at[k, 0]), 1]
        while len(placed) and np.abs(placed - at[k, 1]).min() < size:
            at[k, 1] += size
    for which, name in ((~says, "wrong passes"), (says, "right passes")):
        ax.plot(
            *at[which].T, linestyle="none", marker="o", markersize=px(size - 2), clip_on=False,
            color=theme.color("green" if name == "right passes" else "background"),
            markeredgecolor=theme.color("green" if name == "right passes" else "muted"),
            markeredgewidth=px(1.75), label=name, zorder=3,
        )  # fmt: skip
    names = short(recording["class"].values.tolist())
    for place, answer in zip(at, passes.argmax(1), strict=True):
        ink, fill = ("background", "green") if answer == label else ("text", "background")
        ax.text(*place, names[answer], ha="center", va="center_baseline", fontsize=px(TICK),
                weight="semibold", color=theme.color(ink), zorder=4,
                path_effects=[withStroke(linewidth=px(2), foreground=theme.color(fill))],
                )  # fmt: skip
    whole = float(recording.still_probability[label])
    near = at[np.abs(at[:, 0] - whole) * room[0] < size / 2 + 2, 1]  # the mark stands on these
    foot = near.max() + size / 2 if len(near) else -size / 2 - 3
    top = ax.get_ylim()[1]  # below what is said above the strip
    ax.plot([whole, whole], [foot, top - 22], color=theme.color("text"), linewidth=px(3),
            label="whole", zorder=1)  # fmt: skip
    beside(ax, say("whole", share=whole), (whole, top - 20), shift=(0, 0), ha="center",
           weight="semibold", path_effects=halo(), zorder=6)  # fmt: skip


def short(names: list[str]) -> list[str]:
    """Return names of classes where they are single characters, else their numbers."""
    return names if all(len(name) == 1 for name in names) else list(map(number, range(len(names))))
