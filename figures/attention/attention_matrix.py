"""The same heads as heat maps: a row for each token that looks, a column for each looked at."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.attention._heads import SMALL, columns, frame, widest
from figures.parts.axes import AXES, beside
from figures.parts.canvas import LABEL, MARGIN, TICK, WIDTH, Canvas, has, px, text_width
from look import heads, theme
from look.numbers import number, percent
from look.words import Visual, say

READS = {
    "attention_heads": "attention (layer, head, query, key), share (layer, head, class), "
    "class (class), token (position), start (position), stop (position), special (position), "
    "continues (position), shown_layer, place_head, place_kind",
}

HEADING = 24.0  # over the small maps
FAINT = 0.02  # a weight under which a cell is dark enough to be written on
LIGHT = "#fffdf5"  # what is written on dark cells, which are dark in both themes

VISUAL = Visual(
    uses=["attention_heads"],
    title="Head {place_number} puts {place_share:.0%} of its weight on {place_kind:?itself=the "
    "word itself|previous=the word before|next=the word after|ends=the ends of the text}"
    "{place_alone:?|; no other head even half as much}",
    subtitle="A layer of a language model ({model}) looks at a sentence in {n_looked} ways, its "
    "heads. A row: how much one word, or a piece of one, looks at each.",
    alt="A large heat map of head {place_number}, a row for each word of a sentence and a column "
    "for each token: {place_share:.0%} of the weight is on {place_kind:?itself=the diagonal|"
    "previous=the cells left of the diagonal|next=the cells right of the diagonal|ends=the columns "
    "of the ends}. Then all {n_looked} heads, small, each with that share over it.",
    caption="Attention weights of {model}, layer {layer_number} of {n_layers}, which looks "
    "{causal:?both ways|back only}, on one sentence; "
    "brightness goes with the root of the weight, up to one half. The shares are means over the "
    "rows; [CLS] and [SEP] mark where a text begins and ends, and are no words. Looked for were "
    "four places: the token itself, the one before, the one after, the ends.",
    words={
        "head": "head {number}",
        "share": "{number}: {share}",
        "small": "all {n}: weight on {place_kind:?itself=the word itself|previous=the word before|"
        "next=the word after|ends=the ends}",
        "none": "no word is before “{word}”",
        "example": "“{word}” looks at “{seen}”",
        "looks": "looks from",
        "seen": "looks at",
        "key": "weight",
        "bright": "½ or more",
    },
)


def draw(recording: xr.Dataset) -> Figure:
    """Return the large map with its words, and all of them small."""
    heads.check(recording)
    layer, head = (int(recording.attrs[name]) for name in ("shown_layer", "place_head"))
    names = heads.labels(recording, has)
    special = recording.special.values.astype(bool)
    rows = np.flatnonzero(~special)  # where a text begins and ends are no words that look
    weights = recording.attention.values[layer][:, rows]
    n = len(names)
    size = float(min(15.0, max(11.0, 0.8 * 330 / n)))
    wide = widest(names, size)
    side = max(424 - MARGIN - wide - 8, n * 11.5)
    tall = side * len(rows) / n
    top = wide + 14
    fig = Canvas(top + tall + 54)
    ax = fig.place(MARGIN + wide + 8, top, side, tall)
    _map(ax, weights[head], head, head)
    ax.set_gid("large")

    def how(i: int) -> dict[str, Any]:
        return {
            "fontsize": px(size),
            "style": "italic" if special[i] else "normal",
            "color": theme.color("muted" if special[i] else "text"),
        }

    for at, i in enumerate(rows.tolist()):
        beside(ax, names[i], (-0.5, at), shift=(-7, 0), ha="right", va="center_baseline", **how(i))
    for i, name in enumerate(names):
        beside(ax, name, (i, -0.5), shift=(0, 7), ha="center", va="bottom", rotation=90, **how(i))
    axes = {"ha": "right", "fontsize": px(TICK), "color": theme.color("muted")}
    if wide + 4 > text_width(say("looks"), TICK):  # in the corner there is room for both
        beside(ax, say("seen"), (-0.5, -0.5), shift=(-7, top - 12), va="top", **axes)
        beside(ax, say("looks"), (-0.5, -0.5), shift=(-7, 6), va="bottom", **axes)
    _notes(ax, recording, weights[head], rows, names, side / n)
    _key(fig, head, MARGIN + wide + 8, top + tall + 16)
    _small(fig, recording, weights, head, MARGIN + wide + 8 + side + 38, top + tall)
    return fig


def _map(ax: Axes, weights: np.ndarray, head: int, hue: int) -> None:
    ax.imshow(
        heads.cells(weights, hue), interpolation="nearest", aspect="auto", label=f"head {head}"
    )
    ax.set(xticks=[], yticks=[])


def _notes(
    ax: Axes, recording: xr.Dataset, weights: np.ndarray, rows: np.ndarray, names: list[str],
    cell: float,
) -> None:  # fmt: skip
    """Write in the dark what a row says, behind its brightest cell, where there is room."""
    special, continues = (recording[name].values.astype(bool) for name in ("special", "continues"))
    seen = weights.argmax(1)
    whole = [at for at, i in enumerate(rows.tolist()) if not (continues[i] or special[seen[at]])]
    whole = [at for at in whole if at > 2 and names[rows[at]].isalnum()]
    notes = {}
    if recording.attrs["place_kind"] == "previous" and len(rows):
        notes[0] = say("none", word=names[rows[0]])
    if whole:
        at = max(whole[: max(len(whole) // 2, 1)], key=lambda k: len(names[rows[k]]))
        notes[at] = say("example", word=names[rows[at]], seen=names[seen[at]])
    for at, said in notes.items():
        dark = weights[at, seen[at] + 1 :].max(initial=0) < FAINT
        room = (len(names) - 1 - seen[at]) * 0.8 * cell  # on the narrow sheet cells are smaller
        if dark and cell > TICK and text_width(said, TICK) + 12 < room:
            beside(ax, said, (seen[at] + 0.5, at), shift=(8, 0), va="center_baseline",
                   fontsize=px(TICK), color=LIGHT)  # fmt: skip


def _key(fig: Canvas, head: int, left: float, top: float) -> None:
    ax = fig.place(left + 60, top, 130, 11)
    shown = np.linspace(0, heads.BRIGHT, 131)[None]
    ax.imshow(heads.cells(shown, head), aspect="auto", extent=(0, 1, 0, 1))
    ax.set(xticks=[], yticks=[])
    said = {"va": "center_baseline", "color": theme.color("muted"), "fontsize": px(TICK)}
    beside(ax, say("key"), (0, 0.5), shift=(-20, 0), ha="right", **said)
    beside(ax, number(0), (0, 0.5), shift=(-7, 0), ha="right", **said)
    beside(ax, say("bright"), (1, 0.5), shift=(8, 0), **said)


def _small(
    fig: Canvas, recording: xr.Dataset, weights: np.ndarray, head: int, left: float, tall: float
) -> None:
    """Draw every head, all in one colour: what they differ in is where they are bright."""
    across = columns(len(weights))
    gap = 13.0
    wide = (WIDTH - MARGIN - left - (across - 1) * gap) / across
    step = min((tall - HEADING + 8) / -(-len(weights) // across), wide + 36)
    layer, kinds = int(recording.attrs["shown_layer"]), recording["class"].values.tolist()
    shares = recording.share.values[layer, :, kinds.index(recording.attrs["place_kind"])]
    for i in range(len(weights)):
        x, y = left + (i % across) * (wide + gap), HEADING + (i // across) * step
        ax = fig.place(x, y + 20, wide, min(wide, step - 28))
        _map(ax, weights[i], i, head)
        how: dict[str, Any] = {"weight": "semibold" if i == head else "normal"}
        called = say("share", number=number(i + 1), share=percent(float(shares[i])))
        fits = text_width(called, LABEL, "semibold") < wide
        if not fits:  # of very many heads, only their numbers
            called = number(i + 1)
        size = LABEL if fits else SMALL
        beside(ax, called, (0, 1), of=AXES, shift=(0, 4), fontsize=px(size), **how)
        if i == 0:
            beside(ax, say("small", n=len(weights)), (0, 1), of=AXES, shift=(0, 26),
                   color=theme.color("muted"))  # fmt: skip
        if i == head:
            frame(ax, heads.color(i))
