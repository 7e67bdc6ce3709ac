"""A network in training mode, units off at random, and in evaluation mode; and what it changes.

Source  004; Srivastava et al. 2014, JMLR 15
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import heading, ticks
from figures.parts.canvas import LABEL, MARGIN, TICK, WIDTH, Canvas, px
from figures.parts.networks import bar, digit, edges, units
from look import theme
from look.numbers import number, percent
from look.words import Visual, say

READS = {
    "dropout": "test_image (y, x), pass_mask_1 (example_pass, unit_1), "
    "pass_mask_2 (example_pass, unit_2), pass_activation_1 (example_pass, unit_1), "
    "pass_activation_2 (example_pass, unit_2), pass_probability (example_pass, class), "
    "still_activation_1 (unit_1), still_activation_2 (unit_2), still_probability (class), "
    "end_weight_2 (unit_1, unit_2), end_weight_3 (unit_2, class), n_passes, n_right_passes, "
    "test_class, test_name, answer_name, class (class)",
}

VISUAL = Visual(
    uses=["dropout"],
    title="Dropout trains another, thinner network at every pass, and tests the whole one",
    subtitle="Crosses are hidden units that are off, each with probability {drop:.0%}; what is on "
    "is divided by {keep:g}. Lines: what flows strongest, orange up and blue down.",
    alt="Two drawings of one network with the same {one}. Left, in training mode, many units of "
    "both hidden layers are crossed out and have no lines; a dot for each of {n_passes} passes, by "
    "the probability that it gave {test_name}, which is right: the {n_right_passes} that read it "
    "so are filled. Right, in evaluation mode, all units take part, there is one dot, and the "
    "answer is always {answer_name}.",
    caption="One {widths} network, trained on {n_train} {many} ({dataset}), {epochs} epochs of "
    "plain gradient descent (η = {lr:g}, batches of {batch_size}), with a keep probability of "
    "{keep:g} and without dropout, from the same weights on the same batches; bands: {n_seeds} "
    "seeds. All losses are taken in evaluation mode. At the end, with − without, seed by seed, "
    "with 95 % intervals: test loss {loss_gap:+.3f} ± {loss_half:.3f}, {loss_differs:?no|a} "
    "difference; {many} right of {n_test:,}: {end_accuracy_with:.1%} and "
    "{end_accuracy_without:.1%}, {accuracy_differs:?no|a} difference. In training mode "
    "{n_right_passes} of {n_passes} passes read this {one}, {test_name}, rightly; in evaluation "
    "mode the answer is always {answer_name}. It was chosen for that. Averaged over {n_masks:,} "
    "masks, the next layer’s inputs are off by {mask_error:.2%} of their mean.",
    words={
        "on": "{on} of {n} units on",
        "training": "training mode",
        "evaluation": "evaluation mode",
        "wavers": "{n_passes} passes, {n_passes} networks: {n_right_passes} say {test_name}",
        "stands": "One network, one answer: {answer_name}",
        "strip": "probability of {test_name}; filled: says {test_name}",
        "train film": "Can a network learn with {drop:.0%} of its units off?\n"
        "Off at random, anew for each {one}; what is on is divided by {keep:g}. Green: the truth.",
        "modes film": "Trained, but still in training mode, its answer wavers\n"
        "One {one}, {n_passes} passes. A dot: its probability of {test_name}; filled: it says "
        "{test_name}.",
        "still film": "With all units on, {end_accuracy_with:.0%} of the test {many} are right\n"
        "Here it always says {answer_name}; in training mode {n_right_passes} of {n_passes} said "
        "{test_name}.",
        "said": "{right} of {n} say {test_name}",
        "step": "step {step:,}",
        "pass": "training mode, {number}",
    },
)

SIDE, TALL, TOP = 318.0, 300.0, 34.0  # the two networks, CSS pixels
STRIP, LONG, DOT = 46.0, 290.0, 9.0  # a strip of answers, a dot of it
LEFTS = (MARGIN, WIDTH - MARGIN - SIDE)
IMAGE, HIDDEN, CLASSES, BARS = 58.0, (106.0, 172.0), 224.0, (236.0, 280.0)


def draw(recording: xr.Dataset) -> Figure:
    """Return the two modes of one network beside each other."""
    fig = Canvas(TOP + TALL + STRIP + 110, by_column=True)
    one = int(np.argmin(np.abs(_on(recording) - _on(recording).mean())))
    states = [
        (
            "training",
            [recording[f"pass_activation_{k}"].values[one] for k in (1, 2)],
            [recording[f"pass_mask_{k}"].values[one] for k in (1, 2)],
            recording.pass_probability.values[one],
        ),
        (
            "evaluation",
            [recording[f"still_activation_{k}"].values for k in (1, 2)],
            [np.ones(recording.sizes[f"unit_{k}"]) for k in (1, 2)],
            recording.still_probability.values,
        ),
    ]
    for left, state in zip(LEFTS, states, strict=True):
        ax = fig.place(left, TOP, SIDE, TALL)
        _network(ax, recording, *state)
        passes = recording.pass_probability.values if state[0] == "training" else state[-1][None]
        _strip(fig.place(left, TOP + TALL + 50, LONG, STRIP), passes, recording, state[0])
    return fig


def _on(recording: xr.Dataset) -> np.ndarray:
    """Return how many units each pass had on."""
    masks = (recording.pass_mask_1, recording.pass_mask_2)
    return np.asarray(sum(mask.values.astype(int).sum(1) for mask in masks))


def column(x: float, count: int, top: float, tall: float, aside: float) -> np.ndarray:
    """Return the places of a layer's units, (unit, 2): two files, one a little lower."""
    y = top + (np.arange(count) + 0.5) / count * tall
    return np.stack([x + aside * np.where(np.arange(count) % 2, 1, -1), y], axis=1)


def _network(
    ax: Axes,
    recording: xr.Dataset,
    mode: str,
    active: list[np.ndarray],
    masks: list[np.ndarray],
    probability: np.ndarray,
) -> None:
    ax.set(xlim=(0, SIDE), ylim=(TALL, 0))  # data units are CSS pixels
    ax.axis("off")
    on = int(sum(mask.sum() for mask in masks))
    heading(ax, say(mode), say("on", on=on, n=sum(map(len, masks))), lift=12)
    hidden = [column(x, len(values), 0, TALL, 6) for x, values in zip(HIDDEN, active, strict=True)]
    n_classes = len(probability)
    rows = np.stack(
        [np.full(n_classes, CLASSES), (np.arange(n_classes) + 0.5) / n_classes * TALL], axis=1
    )
    alive = masks[0] > 0
    ax.plot(
        np.stack([np.full(alive.sum(), IMAGE), hidden[0][alive, 0]]),
        np.stack([np.full(alive.sum(), TALL / 2), hidden[0][alive, 1]]),
        color=theme.color("quiet"),
        linewidth=px(0.8),
        zorder=0.5,
    )
    for flow, left, right in (
        (active[0][:, None] * recording.end_weight_2.values, hidden[0], hidden[1]),
        (active[1][:, None] * recording.end_weight_3.values, hidden[1], rows - [12, 0]),
    ):
        flow = flow * (masks[1][None] if right is hidden[1] else 1)
        strong = np.abs(flow) > 0.3 * np.abs(flow).max()  # the others are a haze
        first, second = np.nonzero(strong)
        edges(ax, left[first], right[second], flow[strong], width=2, opacity=0.5)
    for values, mask, places in zip(active, masks, hidden, strict=True):
        units(ax, places[mask > 0], values[mask > 0], diameter=8).set_clip_on(False)
        ax.plot(
            *places[mask == 0].T,
            "x",
            color=theme.color("muted"),
            markersize=px(5),
            markeredgewidth=px(1.25),
            clip_on=False,
            label="off",
        )
    size = 52.0
    tile = ax.inset_axes((0, TALL / 2 - size / 2, size, size), transform=ax.transData)
    tile.axis("off")
    digit(tile, recording.test_image.values)
    _answers(ax, recording, mode, probability, rows)


def _answers(
    ax: Axes, recording: xr.Dataset, mode: str, probability: np.ndarray, rows: np.ndarray
) -> None:
    """Draw a pass’s probabilities as bars, and write out those that count."""
    label, best = recording.attrs["test_class"], int(probability.argmax())
    named = short(recording["class"].values.tolist())
    left, right = BARS
    for k, ((x, y), share) in enumerate(zip(rows, probability, strict=True)):
        bar(ax, left, right, y, 1.0, color=theme.color("quiet"))
        bar(ax, left, right, y, float(share), color=theme.color("green" if k == label else "muted"))
        weight = "semibold" if k in (best, label) else "normal"
        ax.text(x, y, named[k], ha="center", va="center_baseline", fontsize=px(LABEL),
                weight=weight)  # fmt: skip
        if k == label or share >= 0.05:
            ax.text(SIDE, y, percent(share), ha="right", va="center_baseline", fontsize=px(TICK),
                    weight=weight)  # fmt: skip


def _strip(ax: Axes, passes: np.ndarray, recording: xr.Dataset, mode: str) -> None:
    """Draw a dot a pass, (example_pass, class), by its probability of the true class."""
    label = recording.attrs["test_class"]
    ax.set(xlim=(0, LONG), ylim=(-DOT / 2, STRIP - DOT / 2))  # data units are CSS pixels
    ticks(ax, "y", [])
    ticks(ax, "x", [0, LONG / 2, LONG], lambda x: percent(x / LONG))
    ax.axhline(-DOT / 2, color=theme.color("muted"), linewidth=px(1), clip_on=False)
    heading(ax, say("wavers" if mode == "training" else "stands"))
    if mode == "training":
        ax.set_xlabel(say("strip"), labelpad=px(4), fontsize=px(LABEL))
    says = passes.argmax(1) == label
    at = np.column_stack([LONG * passes[:, label], np.zeros(len(passes))])
    for k in np.argsort(at[:, 0]):  # the lowest place where it covers no other
        placed = at[(at[:, 0] < at[k, 0]) & (at[:, 0] > at[k, 0] - DOT), 1]
        while len(placed) and np.abs(placed - at[k, 1]).min() < DOT:
            at[k, 1] += DOT
    for which, name in ((~says, "wrong passes"), (says, "right passes")):
        ax.plot(
            *at[which].T, linestyle="none", marker="o", markersize=px(DOT - 1.5), clip_on=False,
            color=theme.color("green" if name == "right passes" else "background"),
            markeredgecolor=theme.color("green" if name == "right passes" else "muted"),
            markeredgewidth=px(1.25), label=name,
        )  # fmt: skip


def short(names: list[str]) -> list[str]:
    """Return names of classes where they are single characters, else their numbers."""
    return names if all(len(name) == 1 for name in names) else list(map(number, range(len(names))))
