"""Softmax regression on digits: its ten weight images and its confusion matrix.

Source  004, "Softmax regression"
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from scipy import ndimage

from figures.parts.axes import AXES, beside, heading
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
    wrap,
)
from figures.parts.colors import mix
from look.numbers import number
from look.theme import color
from look.words import Visual, say, short

READS = {
    "softmax_templates": "template (class, y, x), confusion (class, class_predicted), "
    "class (class), mistake_count, mistake_label, mistake_prediction",
}

VISUAL = Visual(
    uses=["softmax_templates"],
    title="One image of weights for each class gets {accuracy:.1%} right",
    subtitle="Pixels times weights, one sum a class: orange pixels speak for it where there is "
    "ink, blue against it. Below, {n_test_all:,} test {many}: answers and truth.",
    alt="{n_classes} images of weights, one a class, with orange and blue regions. Below, a table "
    "of labels against predictions, {accuracy:.0%} of them on its diagonal; the largest number "
    "off it is {mistake_count}, in the row of {mistake_label} and the column of "
    "{mistake_prediction}.",
    caption="A single layer of {n_params:,} parameters, trained for {epochs} epochs on "
    "{n_train:,} {many} ({dataset}); all images share one colour scale. The grain at their edges "
    "is the random start, which nothing changes where no {one} has ink. The table counts all "
    "{n_test_all:,} test {many}; outside the diagonal, the deeper the colour, the more mistakes, "
    "and fewer than 20 have no number. "
    "The most frequent: label {mistake_label}, prediction {mistake_prediction}, {mistake_count} "
    "times.",
    words={
        "truth": "truth",
        "answer": "answer",
        "mistake": "The most frequent mistake: {mistake_count} images of {mistake_label} are taken "
        "for {mistake_prediction}. Outlined: where both are strongly orange.",
        "counts": "green: {n_right:,} right; no number: fewer than {least}",
        "counts, in short": "no number: fewer than {least}",
    },
)

SIDE, GAP, SMALL = 121.6, 14.0, 59.2  # of the images, and on the narrow sheet
ACROSS = 5  # images in a row
CELL, LABELS = 27.0, 56.0  # height of a row of the table, and the least room of its labels
SHARED = 0.09  # of the largest weight: what counts as clearly orange
FLECK = 6  # pixels that a field has at least
LEAST = 20  # mistakes from which they are counted in the table
LETTER, LEGIBLE, LONGEST = 8.0, 5, 14  # width of a letter, CSS pixels; letters of a column, a row


def draw(recording: xr.Dataset) -> Figure:
    """Return the images over the table."""
    n, names = recording.sizes["class"], recording["class"].values.tolist()
    tall = n * CELL + (150 if is_narrow() else 124)
    fig = Canvas(-(-n // ACROSS) * (SIDE + 30) + tall, narrow=-(-n // ACROSS) * (SMALL + 30) + tall)
    side, gap, margin = (SMALL, 8.0, NARROW_MARGIN) if is_narrow() else (SIDE, GAP, MARGIN)
    largest = float(np.abs(recording.template).max())
    mistaken = _worst(recording.confusion.values)
    for k, name in enumerate(names):
        row, column = divmod(k, ACROSS)
        ax = fig.place(margin + column * (side + gap), 24 + row * (side + 30), side, side)
        heading(ax, short(name, LONGEST), lift=6)
        _template(ax, recording.template[k].values, largest, framed=k in mistaken)
        if k in mistaken:
            _shared(ax, recording.template.values[list(mistaken)], largest)
    _confusion(fig, recording, -(-n // ACROSS) * (side + 30) + 66)
    return fig


def _worst(count: np.ndarray) -> tuple[int, ...]:
    """Return truth and answer of the most frequent mistake, or nothing if there is none."""
    wrong = count * (1 - np.eye(len(count), dtype=int))
    row, column = np.unravel_index(int(wrong.argmax()), wrong.shape)
    return (int(row), int(column)) if wrong.any() else ()


def _template(ax: Axes, weights: np.ndarray, largest: float, *, framed: bool) -> None:
    size = np.abs(weights) / largest
    # the square root brings out the many small weights
    for_it, against = (mix("background", sign, size**0.5) for sign in ("positive", "negative"))
    ink = np.where((weights > 0)[..., None], for_it, against)
    ax.imshow(ink, interpolation="nearest")
    ax.set(xticks=[], yticks=[])
    for side in ax.spines.values():
        side.set(visible=True, color=color("text" if framed else "quiet"),
                 linewidth=px(2.5 if framed else 1))  # fmt: skip


def _shared(ax: Axes, both: np.ndarray, largest: float) -> None:
    """Outline where both images of weights are clearly orange, fields of some size alone."""
    fields, _ = ndimage.label(both.min(0) > SHARED * largest)
    strong = (np.bincount(fields.ravel()) >= FLECK)[fields] & (fields > 0)
    y, x = np.nonzero(strong)
    for row, column in zip(y.tolist(), x.tolist(), strict=True):
        beyond = ((0, -1), (0, 1), (-1, 0), (1, 0))
        for up, over in beyond:
            r, c = row + up, column + over
            inside = 0 <= r < strong.shape[0] and 0 <= c < strong.shape[1]
            if not (inside and strong[r, c]):
                ends = ([column + over / 2 - abs(up) / 2, column + over / 2 + abs(up) / 2],
                        [row + up / 2 - abs(over) / 2, row + up / 2 + abs(over) / 2])  # fmt: skip
                ax.plot(*ends, color=color("text"), linewidth=px(1.5), label="shared", zorder=4)


def _confusion(fig: Canvas, recording: xr.Dataset, top: float) -> None:
    count = recording.confusion.values
    n = len(count)
    names = [short(name, LONGEST) for name in recording["class"].values.tolist()]
    letters = LETTER * max(map(len, names))
    left, right = MARGIN + max(LABELS, letters + 12), WIDTH - MARGIN
    if is_narrow():
        left, right = NARROW_MARGIN + letters + 6, NARROW - NARROW_MARGIN
    ax = fig.place(left, top, right - left, n * CELL)
    ax.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5))
    wrong = count * (1 - np.eye(n, dtype=int))
    share = (wrong / max(wrong.max(), 1)) ** 0.7
    # diagonal: right, in green; mistakes in grey; both faint enough to carry words
    shades = mix("background", "muted", 0.6 * share)
    right = np.diag(count) / np.maximum(count.sum(axis=1), 1)
    shades[range(n), range(n)] = mix("background", "green", 0.45 * right)
    ax.imshow(shades, interpolation="nearest", aspect="auto", extent=(-0.5, n - 0.5, n - 0.5, -0.5))
    if wrong.any():  # the most frequent mistake, framed like the two images that it mixes up
        row, column = _worst(count)
        ax.add_patch(
            Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=color("text"),
                      linewidth=px(2.5), label="worst", zorder=4)
        )  # fmt: skip
    for label in range(n):
        for guess in range(n):
            value = int(count[label, guess])
            if value and (label == guess or value >= LEAST):
                ax.text(guess, label, number(value), ha="center", va="center_baseline",
                        fontsize=px(TICK),
                        weight="semibold" if label == guess else "normal")  # fmt: skip
    ax.set(xticks=range(n), yticks=range(n), yticklabels=names)
    ax.set_xticklabels([short(name, LEGIBLE) for name in names])
    ax.xaxis.tick_top()
    narrow = is_narrow()  # there is no room left of the columns' heads
    at = (-LETTER * max(map(len, names)) - 4, 28) if narrow else (MARGIN - left, 9)
    for words, shift in (("truth", at), ("answer", (44 if narrow else 0, 28))):
        beside(ax, say(words), (0, 1), of=AXES, shift=shift, color=color("muted"))
    words = "counts, in short" if narrow else "counts"
    told = say(words, n_right=int(np.trace(count)), least=LEAST)
    beside(ax, told, (1, 1), of=AXES, shift=(0, 28), ha="right", color=color("muted"))
    if wrong.any():
        room = (NARROW - 2 * NARROW_MARGIN) if narrow else (WIDTH - MARGIN - left)
        for k, words in enumerate(wrap(say("mistake"), LABEL, room, "semibold")):
            beside(ax, words, (0, 0), of=AXES, weight="semibold",
                   shift=(NARROW_MARGIN - left if narrow else 0, -24 - 19 * k))  # fmt: skip
