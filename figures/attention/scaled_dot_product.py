"""One query, all keys, all values: the numbers of one head, and how they add up.

Source  000, 004 (softmax in attention mechanisms)
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.parts.axes import beside
from figures.parts.canvas import LABEL, Canvas, is_narrow, px
from figures.parts.colors import halo, mix
from look import heads, theme
from look.numbers import fixed, form, joined
from look.words import Visual, say

READS = {
    "scaled_dot_product": "query (feature), keys (key, feature), values (key, feature), "
    "product (key, feature), total (key), score (key), weight (key), output (feature), word (key), "
    "role (key), most, head_number, n_features, root, asking",
}

VISUAL = Visual(
    uses=["scaled_dot_product"],
    title="“{asking}” asks {n_keys} words; “{most_word}” gets {most_weight:.1%} of the weight",
    subtitle="The more a key is like the query, the larger their product. Softmax turns products "
    "into shares; the output is the values, mixed by them. Head {head_number} of a small "
    "transformer; vectors of {n_features} numbers.",
    alt="A table of {n_keys} tokens: each with its key, query times key over √{n_features}, its "
    "share after softmax as a bar, and its value, the paler the smaller its share. The query of "
    "“{asking}” stands over the keys, and the output, the sum of shares times values, under the "
    "values. “{most_word}” has the longest bar, {most_weight:.1%}.",
    caption="softmax(q kᵀ / √d) v for one query: head {head_number} of {n_heads}, layer "
    "{layer_number} of {n_layers}, of a trained transformer that may look back only. Query, keys "
    "and values are rounded to one decimal, and all else follows from what is printed; the shares "
    "then differ from the network’s own by at most {rounding:.1%}. Foods together have "
    "{food_weight:.1%} of the weight. Orange is positive, blue negative.",
    words={
        "query": "query of “{asking}”",
        "asks": "query",
        "key": "key",
        "times": "product",
        "summed": "q dot k = ",
        "scored": "(q dot k) / sqrt({n_features}){equals:?| =}",
        "shared": 'upright("softmax") (q dot k) / sqrt({n_features})',
        "score": r"\frac{{q \cdot k}}{{\sqrt{{{n_features}}}}}",
        "share": r"\mathrm{{softmax}}",
        "value": "value",
        "output": "output",
        "sum": r"\dfrac{{q \cdot k}}{{\sqrt{{{n_features}}}}} = "
        r"\dfrac{{{terms}}}{{\sqrt{{{n_features}}}}} = \dfrac{{{total:.2f}}}{{{root:g}}} = "
        r"{score}",
        "ask": "Which word is “{asking}” looking for?\n"
        "Its query goes from key to key: the more alike, the larger the sum of products.",
        "softmax": "Softmax turns scores into shares: “{most_word}” gets {most_weight:.1%}\n"
        "Together they are 100 %.",
        "mix": "The output is all values, mixed by their shares\n"
        "{most_weight:.1%} of the value of “{most_word}”, and a little of the rest.",
    },
)

ROW, CELL = 25.0, 39.0
KEYS, SCORES, VALUES = 122.0, 288.0, 536.0  # left edges of the panels
WIDE, SCORE, BAR = 232.0, 52.0, 62.0  # of the scores: right end of numbers, left end of bars
FEW = 0.02  # a share below which a value hardly counts
QUERY = -2.1  # the row of the query, over the keys; that of the output is under the values


def draw(recording: xr.Dataset) -> Figure:
    """Return keys under the query, scores and shares, and values over the output."""
    n = recording.sizes["key"]
    spans = ((QUERY - 0.9, n - 0.4), (-2.1, n - 0.4), (-1.4, n + 1.2))  # of rows
    fig = Canvas((n + 4.4) * ROW + 50)
    places = zip((KEYS, SCORES, VALUES), (4 * CELL, WIDE, 4 * CELL), spans, strict=True)
    panels = []
    for left, wide, (first, last) in places:
        ax = fig.place(left, (first - QUERY + 1) * ROW, wide, (last - first) * ROW)
        ax.set(xlim=(0, wide), ylim=(last, first), xticks=[], yticks=[])
        panels.append(ax)
    keys, scores, values = panels
    narrow = is_narrow()
    most = int(recording.attrs["most"])
    part = {name: recording[name].values for name in ("query", "keys", "values", "output")}
    largest = max(float(np.abs(part[name]).max()) for name in ("query", "keys", "values"))
    muted = {"color": theme.color("muted"), "fontsize": px(LABEL)}

    _names(keys, recording)
    _beside_row(keys, say("query"), QUERY, narrow)
    _cells(keys, part["query"], QUERY, largest, bold=True)
    _text(keys, 0, -0.9, say("key"), "left", **muted)
    for i in range(n):
        _cells(keys, part["keys"][i], i, largest)

    _scores(scores, recording, most, narrow)

    if narrow:
        _names(values, recording)
    _text(values, 0, -0.9, say("value"), "left", **muted)
    for i, share in enumerate(recording.weight.values.tolist()):
        _cells(values, part["values"][i], i, largest, strength=0.15 + 0.85 * share**0.5,
               muted=share < FEW)  # fmt: skip
    _cells(values, part["output"], n + 0.55, largest, decimals=2, bold=True)
    _beside_row(values, say("output"), n + 0.55, narrow)
    for ax in panels:
        wide = ax.get_xlim()[1] + 5
        edge = {"edgecolor": theme.color("text"), "linewidth": px(1.5), "clip_on": False}
        ax.add_patch(Rectangle((-3, most - 0.5), wide, 1, facecolor="none", **edge))
    # with signs as mathematics has them: a first term in brackets needs none
    terms = [form(float(p), ".2f" if k == 0 else "±.2f")
             for k, p in enumerate(recording.product.values[most])]  # fmt: skip
    said = say("sum", terms=joined(terms), total=float(recording.total.values[most]),
               score=form(float(recording.score.values[most]),
                          heads.score_form(recording.score.values)))  # fmt: skip
    beside(keys, joined([f"${said}$"]), (0, n - 0.4), shift=(0 if narrow else -94, -44),
           fontsize=px(12.5 if narrow else 16), parse_math=True)  # fmt: skip
    return fig


def _scores(ax: Axes, recording: xr.Dataset, most: int, narrow: bool) -> None:
    """Write the scores, and draw what softmax makes of them as bars."""
    if narrow:
        _names(ax, recording)
    heads_of = {"color": theme.color("muted"), "parse_math": True}
    _text(ax, SCORE, -1.5, joined([f"${say('score')}$"]), "right", fontsize=px(17), **heads_of)
    _text(ax, BAR, -0.9, joined([f"${say('share')}$"]), "left", fontsize=px(LABEL), **heads_of)
    hue = heads.color(int(recording.attrs["head_number"]) - 1)
    digits = heads.score_form(recording.score.values)
    for i, share in enumerate(recording.weight.values.tolist()):
        how = {"weight": "semibold" if i == most else "normal", "fontsize": px(LABEL)}
        _text(ax, SCORE, i, form(float(recording.score.values[i]), digits), "right", **how)
        bar = Rectangle((BAR, i - 0.38), (WIDE - BAR) * share, 0.76, facecolor=hue)
        ax.add_patch(bar).set_label(f"share {i}")
        end = BAR + (WIDE - BAR) * share
        if share > 0.7:  # then there is room in the bar
            how |= {"color": theme.color("background")}
            _text(ax, end - 5, i, heads.softmax_share(share), "right", **how)
        else:
            how["color"] = theme.color("muted" if share < FEW else "text")
            _text(ax, end + 5, i, heads.softmax_share(share), "left", path_effects=halo(1.5), **how)


def _beside_row(ax: Axes, text: str, row: float, narrow: bool) -> None:
    """Say what a vector is: left of it, or on a narrow sheet over the query, under the output."""
    if narrow:
        lift = 20 if row < 0 else -28
        beside(ax, text, (0, row), shift=(0, lift), weight="semibold")
    else:
        beside(ax, text, (0, row), shift=(-10, 0), ha="right", va="center_baseline",
               weight="semibold")  # fmt: skip


def _names(ax: Axes, recording: xr.Dataset) -> None:
    roles = recording.role.values.astype(str)
    for i, word in enumerate(recording.word.values.astype(str).tolist()):
        named = roles[i] in ("source", "target")
        beside(
            ax, word, (0, i), shift=(-10, 0), ha="right", va="center_baseline", fontsize=px(15),
            weight="semibold" if named else "normal",
            color=theme.color("text" if named else "muted"),
        )  # fmt: skip


def _text(ax: Axes, x: float, row: float, text: str, ha: str, **style: Any) -> None:
    ax.text(x, row, text, ha=ha, va="center_baseline", **style)


def _cells(
    ax: Axes,
    values: np.ndarray,
    row: float,
    largest: float,
    *,
    decimals: int = 1,
    bold: bool = False,
    strength: float = 1.0,
    muted: bool = False,
) -> None:
    """Draw a vector: orange is positive, blue negative, the stronger the larger."""
    for k, value in enumerate(np.asarray(values, dtype=float).tolist()):
        token = "positive" if value > 0 else "negative"
        color = mix(
            "background", token, strength * (0.08 + 0.47 * min(abs(value) / largest, 1.0) ** 0.7)
        )
        cell = Rectangle(
            (k * CELL, row - 0.45), CELL - 2, 0.9, facecolor=color if value else "none"
        )
        ax.add_patch(cell)
        _text(ax, k * CELL + CELL / 2 - 1, row, fixed(value, decimals), "center",
              weight="semibold" if bold else "normal", fontsize=px(LABEL),
              color=theme.color("muted" if muted else "text"))  # fmt: skip
