"""The same heads as heat maps: a row for each token that looks, a column for each looked at."""

from __future__ import annotations

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

VISUAL = Visual(
    uses=["attention_heads"],
    title="Head {place_number} puts {place_share:.0%} of its weight on {place_kind:?itself=the "
    "word itself|previous=the word before|next=the word after|ends=the ends of the text}"
    "{place_alone:?|; no other head even half as much}",
    subtitle="All {n_looked} heads of one layer of a language model ({model}). A row: how much "
    "one word, or part of a word, looks at each. Small: under head {place_number} and the next "
    "best, that share.",
    alt="A large heat map of head {place_number}, a row for each token of a sentence and a column "
    "for each: {place_share:.0%} of the weight is on {place_kind:?itself=the diagonal|previous="
    "the cells left of the diagonal|next=the cells right of the diagonal|ends=the columns of the "
    "ends}. Then all {n_looked} heads, small; under this head and the one that comes next stands "
    "that share.",
    caption="Attention weights of {model}, layer {layer_number} of {n_layers}, which looks "
    "{causal:?both ways|back only}, on one sentence; "
    "brightness goes with the root of the weight, up to one half. The shares are means over rows, "
    "special tokens’ rows ([CLS], [SEP]) left out. Looked for were four places: the token itself, "
    "the one before, the one after, the ends.",
    words={
        "head": "head {number}",
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
    weights = recording.attention.values[layer]
    names = heads.labels(recording, has)
    n = len(names)
    size = float(min(15.0, max(11.0, 0.8 * 330 / n)))
    wide = widest(names, size)
    side = max(424 - MARGIN - wide - 8, n * 11.5)
    top = wide + 14
    fig = Canvas(top + side + 54)
    ax = fig.place(MARGIN + wide + 8, top, side, side)
    _map(ax, weights[head], head)
    ax.set_gid("large")
    special = recording.special.values.astype(bool)
    for i, name in enumerate(names):
        how = {
            "fontsize": px(size),
            "style": "italic" if special[i] else "normal",
            "color": theme.color("muted" if special[i] else "text"),
        }
        beside(ax, name, (-0.5, i), shift=(-7, 0), ha="right", va="center_baseline", **how)
        beside(ax, name, (i, -0.5), shift=(0, 7), ha="center", va="bottom", rotation=90, **how)
    axes = {"ha": "right", "fontsize": px(TICK), "color": theme.color("muted")}
    if wide + 4 > text_width(say("looks"), TICK):  # in the corner there is room for both
        beside(ax, say("seen"), (-0.5, -0.5), shift=(-7, top - 12), va="top", **axes)
        beside(ax, say("looks"), (-0.5, -0.5), shift=(-7, 6), va="bottom", **axes)
    _key(fig, head, MARGIN + wide + 8, top + side + 16)
    _small(fig, recording, weights, head, MARGIN + wide + 8 + side + 38, top + side)
    return fig


def _map(ax: Axes, weights: np.ndarray, head: int) -> None:
    ax.imshow(
        heads.cells(weights, head), interpolation="nearest", aspect="auto", label=f"head {head}"
    )
    ax.set(xticks=[], yticks=[])


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
    across = columns(len(weights))
    gap = 13.0
    wide = (WIDTH - MARGIN - left - (across - 1) * gap) / across
    step = min((tall + 18) / -(-len(weights) // across), wide + 42)
    layer, kinds = int(recording.attrs["shown_layer"]), recording["class"].values.tolist()
    shares = recording.share.values[layer, :, kinds.index(recording.attrs["place_kind"])]
    named = np.argsort(-shares)[:2]  # this head, and the one that comes next
    for i in range(len(weights)):
        x, y = left + (i % across) * (wide + gap), (i // across) * step
        ax = fig.place(x, y + 20, wide, min(wide, step - 34))
        _map(ax, weights[i], i)
        how = {"weight": "semibold" if i == head else "normal", "fontsize": px(SMALL)}
        called = say("head", number=i + 1) if i == 0 else number(i + 1)
        beside(ax, called, (0, 1), of=AXES, shift=(0, 4), **how)
        if i in named:
            beside(ax, percent(float(shares[i])), (0, 0), of=AXES, shift=(0, -17),
                   **{**how, "fontsize": px(LABEL)})  # fmt: skip
        if i == head:
            frame(ax, heads.color(i))
