"""A network in training mode, units off at random, and in evaluation mode; and what it changes.

Source  004; Srivastava et al. 2014, JMLR 15
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, name_axes, ticks
from figures.parts.canvas import MARGIN, TICK, WIDTH, Canvas, px
from figures.parts.colors import halo
from figures.parts.marks import dot
from figures.parts.networks import bar, digit, edges, units
from figures.regularization._bands import band, top
from look import theme
from look.numbers import number, percent
from look.runs import series
from look.words import Visual, say

READS = {
    "dropout": "test_image (y, x), pass_mask_1 (example_pass, unit_1), "
    "pass_mask_2 (example_pass, unit_2), pass_activation_1 (example_pass, unit_1), "
    "pass_activation_2 (example_pass, unit_2), pass_probability (example_pass, class), "
    "still_activation_1 (unit_1), still_activation_2 (unit_2), still_probability (class), "
    "end_weight_2 (unit_1, unit_2), end_weight_3 (unit_2, class), n_averaged (x_masks), "
    "mean_error (x_masks), train_loss_mean (run, epoch), train_loss_low (run, epoch), "
    "train_loss_high (run, epoch), test_loss_mean (run, epoch), test_loss_low (run, epoch), "
    "test_loss_high (run, epoch), run (run), epoch (epoch), loss_gap, loss_half, loss_differs, "
    "n_seeds, test_class, class (class)",
}

VISUAL = Visual(
    uses=["dropout"],
    title="With units off at random while it trains, the test loss ends {outcome:?lower=lower|"
    "higher=higher|same=much the same}",
    subtitle="One {widths} network, one {one}. In training mode each hidden unit is off with "
    "probability {drop:.0%}, and what is on is divided by {keep:g}; in evaluation mode all are on.",
    alt="Two drawings of one network with the same {one}. Left, in training mode, many units of "
    "both hidden layers are crossed out and have no lines; right, in evaluation mode, all units "
    "take part. Below, losses with and without dropout over {epochs} epochs, with bands over "
    "{n_seeds} seeds: the test loss ends at {end_loss_with:.2f} with and {end_loss_without:.2f} "
    "without, the training loss at {end_train_loss_with:.2f} and {end_train_loss_without:.2f}. "
    "Beside, the distance of the mean input to the input in evaluation mode falls as more masks "
    "are averaged, to {mask_error:.2%}.",
    caption="Trained on {n_train} {many} ({dataset}), {epochs} epochs of plain gradient descent "
    "(η = {lr:g}, batches of {batch_size}), with a keep probability of {keep:g} and without "
    "dropout, from the same weights on the same batches; bands: {n_seeds} seeds. All losses are "
    "taken in evaluation mode. At the end, with − without, seed by seed, with 95 % intervals: test "
    "loss {loss_gap:+.3f} ± {loss_half:.3f}, {loss_differs:?no|a} difference; {many} right of "
    "{n_test:,}: {end_accuracy_with:.1%} and {end_accuracy_without:.1%}, {accuracy_differs:?no|a} "
    "difference. In training mode {n_right_passes} of {n_passes} passes read this {one}, "
    "{test_name}, rightly; in evaluation mode the answer is always {answer_name}. It was chosen "
    "for that. Averaged over {n_masks:,} masks, the next layer’s inputs are off by "
    "{mask_error:.2%} of their mean.",
    words={
        "on": "{on} of {n} units on",
        "training": "training mode",
        "evaluation": "evaluation mode",
        "verdict": "with − without: {gap:+.2f} ± {half:.2f}, {differs:?no|a} difference",
        "losses": "losses, {n_seeds} seeds",
        "masks": "mean over masks: error",
        "train film": "While it trains, units are off at random\n"
        "Each with probability {drop:.0%}, anew for each {one}; what is on is divided by "
        "{keep:g}.",
        "modes film": "In training mode the answer wavers; in evaluation mode it stands\n"
        "One {one}, again and again. A tick: the probability of {test_name}, right, in one pass.",
        "verdict film": "{outcome:?lower=Trained so, it has a lower loss on new {many}|"
        "higher=Trained so, it has a higher loss on new {many}|same=On new {many} it makes "
        "no clear difference to the loss}\n"
        "Right: {end_accuracy_with:.1%} with, {end_accuracy_without:.1%} without. Bands: {n_seeds} "
        "seeds.",
        "step": "step {step:,}",
        "pass": "training mode, {number}",
        "gap film": "{gap:+.2f}: {differs:?no|a} difference",
    },
    series={
        "with": ["with dropout", "green"],
        "without": ["without", "purple"],
        "label": ["label", "green"],
    },
)

SIDE, TALL, TOP = 322.0, 250.0, 30.0  # the two networks, CSS pixels
CURVES, HIGH = TOP + TALL + 62, 150.0
LEFTS = (MARGIN, WIDTH - MARGIN - SIDE)
IMAGE, HIDDEN, CLASSES, BARS = 64.0, (118.0, 196.0), 264.0, (272.0, 318.0)


def draw(recording: xr.Dataset) -> Figure:
    """Return the two modes over curves and means."""
    fig = Canvas(CURVES + HIGH + 54)
    one = int(np.argmin(np.abs(_on(recording) - _on(recording).mean())))
    states = [
        (
            say("training"),
            [recording[f"pass_activation_{k}"].values[one] for k in (1, 2)],
            [recording[f"pass_mask_{k}"].values[one] for k in (1, 2)],
            recording.pass_probability.values[one],
        ),
        (
            say("evaluation"),
            [recording[f"still_activation_{k}"].values for k in (1, 2)],
            [np.ones(recording.sizes[f"unit_{k}"]) for k in (1, 2)],
            recording.still_probability.values,
        ),
    ]
    for left, state in zip(LEFTS, states, strict=True):
        ax = fig.place(left, TOP, SIDE, TALL)
        _network(ax, recording, *state)
    _curves(fig.place(MARGIN + 30, CURVES, 348, HIGH), recording)
    _means(fig.place(WIDTH - MARGIN - 186, CURVES, 186, HIGH), recording)
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
    name: str,
    active: list[np.ndarray],
    masks: list[np.ndarray],
    probability: np.ndarray,
) -> None:
    ax.set(xlim=(0, SIDE), ylim=(TALL, 0))  # data units are CSS pixels
    ax.axis("off")
    on = int(sum(mask.sum() for mask in masks))
    heading(ax, name, say("on", on=on, n=sum(map(len, masks))))
    hidden = [column(x, len(values), 0, TALL, 5) for x, values in zip(HIDDEN, active, strict=True)]
    n_classes = len(probability)
    rows = np.stack(
        [np.full(n_classes, CLASSES), (np.arange(n_classes) + 0.5) / n_classes * TALL], axis=1
    )
    image = np.array([[IMAGE, TALL / 2]])
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
        strong = np.abs(flow) > 0.06 * np.abs(flow).max()
        first, second = np.nonzero(strong)
        edges(ax, left[first], right[second], flow[strong], width=2.4, opacity=0.8)
    for values, mask, places in zip(active, masks, hidden, strict=True):
        units(ax, places[mask > 0], values[mask > 0], diameter=8).set_clip_on(False)
        off = places[mask == 0]
        ax.plot(
            *off.T,
            "x",
            color=theme.color("muted"),
            markersize=px(4.5),
            markeredgewidth=px(1),
            clip_on=False,
        )
    size = 56.0
    tile = ax.inset_axes((0, TALL / 2 - size / 2, size, size), transform=ax.transData)
    tile.axis("off")
    digit(tile, recording.test_image.values)
    del image
    best = int(probability.argmax())
    named = short(recording["class"].values.tolist())
    for k, ((x, y), share) in enumerate(zip(rows, probability, strict=True)):
        right = k == recording.attrs["test_class"]
        hue = theme.color("green" if right else "text" if k == best else "muted")
        bar(ax, *BARS, y, 1.0, color=theme.color("quiet"))
        bar(ax, *BARS, y, float(share), color=hue)
        weight = "semibold" if k in (best, recording.attrs["test_class"]) else "normal"
        ax.text(x, y, named[k], ha="center", va="center_baseline", fontsize=px(TICK),
                weight=weight)  # fmt: skip


def short(names: list[str]) -> list[str]:
    """Return names of classes where they are single characters, else their numbers."""
    return names if all(len(name) == 1 for name in names) else list(map(number, range(len(names))))


def _curves(ax: Axes, recording: xr.Dataset) -> None:
    epochs, attrs = recording.epoch.values, recording.attrs
    ax.set(xlim=(0, epochs[-1]), ylim=(0, top(recording, "test_loss")))
    ax.grid(axis="y")
    ticks(ax, "x", [0, int(epochs[-1])])
    heading(ax, say("losses"), "solid: test, dashed: training")
    name_axes(ax, x="epoch")
    for name in recording.run.values.tolist():
        band(ax, recording, "train_loss", name, dashed=True)
        line = band(ax, recording, "test_loss", name)
        dot(ax, float(epochs[-1]), float(line.get_ydata()[-1]), color=series(name).color)
    high = ax.get_ylim()[1]
    for row, name in enumerate(recording.run.values.tolist()):
        y = high * (0.93 - 0.14 * row)
        at = 0.36 * epochs[-1]
        ax.plot([at, at + 0.06 * epochs[-1]], [y, y], color=series(name).color, linewidth=px(3))
        at += 0.06 * epochs[-1]
        beside(ax, series(name).label, (at, y), shift=(7, -5), path_effects=halo())
    said = {"gap": attrs["loss_gap"], "half": attrs["loss_half"], "differs": attrs["loss_differs"]}
    beside(
        ax,
        say("verdict", **said),
        (float(epochs[-1]), high * 0.6),
        ha="right",
        color=theme.color("muted"),
        fontsize=px(TICK),
        path_effects=halo(),
    )


def _means(ax: Axes, recording: xr.Dataset) -> None:
    counts, errors = recording.n_averaged.values, recording.mean_error.values
    ax.set(xscale="log", yscale="log", xlim=(1, counts[-1]))
    ax.set_ylim(errors.min() / 1.6, errors.max() * 1.6)
    ax.grid(axis="y")
    powers = [10.0**k for k in range(int(np.log10(counts[-1])) + 1)]
    ticks(ax, "x", powers[::2])
    shown = [value for value in (0.01, 0.1, 1.0) if ax.get_ylim()[0] < value < ax.get_ylim()[1]]
    ticks(ax, "y", shown, percent)
    heading(ax, say("masks"))
    name_axes(ax, x="masks averaged")
    ax.plot(counts, errors, color=theme.color("text"), linewidth=px(1.9), label="error")
    dot(ax, float(counts[-1]), float(errors[-1]), color=theme.color("text"))
