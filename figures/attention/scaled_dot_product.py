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
from figures.parts.canvas import LABEL, TICK, Canvas, is_narrow, px
from figures.parts.colors import halo, mix
from look import heads, theme
from look.numbers import fixed, form, joined, percent
from look.words import Visual, say

READS = {
    "scaled_dot_product": "query (feature), keys (key, feature), values (key, feature), "
    "product (key, feature), total (key), score (key), weight (key), output (feature), word (key), "
    "role (key), most, head_number, n_features, asking",
}

VISUAL = Visual(
    uses=["scaled_dot_product"],
    title="“{asking}” asks {n_keys} tokens; “{most_word}” gets {most_weight:.1%} of the weight",
    subtitle="Head {head_number} of a small transformer, with {n_features} numbers a vector. "
    "Query times key, over √{n_features}, through softmax, is how much of each value is taken.",
    alt="A table of {n_keys} tokens: each with its key, the sum of query times key, that over "
    "√{n_features}, its share after softmax as a bar, and its value. The query of “{asking}” "
    "stands over the keys, and the output, the sum of shares times values, under the values. "
    "“{most_word}” has the longest bar, {most_weight:.1%}.",
    caption="softmax(q kᵀ / √d) v for one query: head {head_number} of {n_heads}, layer "
    "{layer_number} of {n_layers}, of a trained transformer that may look back only. Query, keys "
    "and values are rounded to one decimal, and all else follows from what is printed; the shares "
    "then differ from the network’s own by at most {rounding:.1%}. Foods together have "
    "{food_weight:.1%} of the weight. Orange is positive, blue negative.",
    words={
        "query": "query of “{asking}”",
        "key": "key",
        "total": "q · k",
        "score": "÷ √{n_features}",
        "share": "softmax",
        "value": "value",
        "output": "output: shares × values, summed",
        "sum": "“{word}”: {terms} = {total:.2f}",
        "ask": "Which word is “{asking}” looking for?\nIts query: {n_features} numbers of head "
        "{head_number}, from a trained network.",
        "multiply": "Query times key, number by number\nThe products of “{word}” add up.",
        "all": "Every word has its key\nA large sum: this key is what the query asks for.",
        "divide": "Divide by √{n_features}, so that long vectors count no more\nIt is the root of "
        "how many numbers a vector has.",
        "softmax": "Softmax makes shares of the scores\nTogether they are 100 %; “{most_word}” "
        "gets {most_weight:.1%}.",
        "mix": "The output: values, mixed by their shares\n{most_weight:.1%} of the value of "
        "“{most_word}”, and so on, summed.",
    },
)

ROW, CELL = 25.0, 40.0
KEYS, SCORES, VALUES = 122.0, 306.0, 532.0  # left edges of the panels
WIDE = 196.0  # of the scores
QUERY = -1.9  # the row of the query, over the keys; that of the output is under the values


def draw(recording: xr.Dataset) -> Figure:
    """Return keys under the query, scores and shares, and values over the output."""
    n = recording.sizes["key"]
    spans = ((QUERY - 0.9, n - 0.4), (-1.4, n - 0.4), (-1.4, n + 1.2))  # of rows
    fig = Canvas((n + 4.2) * ROW + 50)
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
    muted = {"color": theme.color("muted"), "fontsize": px(TICK)}

    _names(keys, recording)
    _beside_row(keys, say("query"), QUERY, narrow)
    _cells(keys, part["query"], QUERY, largest, bold=True)
    _text(keys, 0, -0.85, say("key"), "left", **muted)
    for i in range(n):
        _cells(keys, part["keys"][i], i, largest)

    if narrow:
        _names(scores, recording)
    for x, word, ha in ((54, "total", "right"), (116, "score", "right"), (124, "share", "left")):
        _text(scores, x, -0.85, say(word), ha, **muted)
    hue = heads.color(int(recording.attrs["head_number"]) - 1)
    for i, share in enumerate(recording.weight.values.tolist()):
        how = {"weight": "semibold" if i == most else "normal", "fontsize": px(LABEL)}
        _text(scores, 54, i, fixed(recording.total.values[i], 2), "right", **how)
        _text(scores, 116, i, form(float(recording.score.values[i]), ".3f"), "right", **how)
        bar = Rectangle((124, i - 0.34), (WIDE - 124) * share, 0.68, facecolor=hue)
        scores.add_patch(bar).set_label(f"share {i}")
        end = 124 + (WIDE - 124) * share
        if share > 0.8:  # then there is room in the bar
            how |= {"color": theme.color("background")}
            _text(scores, end - 4, i, percent(share, 1), "right", **how)
        else:
            _text(scores, end + 4, i, percent(share, 1), "left", path_effects=halo(1.5), **how)

    if narrow:
        _names(values, recording)
    _text(values, 0, -0.85, say("value"), "left", **muted)
    for i in range(n):
        _cells(values, part["values"][i], i, largest)
    _cells(values, part["output"], n + 0.55, largest, decimals=2, bold=True)
    _beside_row(values, say("output"), n + 0.55, narrow)
    for ax in panels:
        wide = ax.get_xlim()[1] + 5
        edge = {"edgecolor": theme.color("text"), "linewidth": px(1.5), "clip_on": False}
        ax.add_patch(Rectangle((-3, most - 0.5), wide, 1, facecolor="none", **edge))
    terms = [form(float(p), "(.2f)" if k == 0 else "±.2f")
             for k, p in enumerate(recording.product.values[most])]  # fmt: skip
    said = say("sum", word=str(recording.word.values[most]), terms=joined(terms),
               total=float(recording.total.values[most]))  # fmt: skip
    beside(keys, said, (0, n - 0.4), shift=(0 if narrow else -94, -36))
    return fig


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
) -> None:
    """Draw a vector: orange is positive, blue negative, the stronger the larger."""
    for k, value in enumerate(np.asarray(values, dtype=float).tolist()):
        token = "positive" if value > 0 else "negative"
        color = mix("background", token, 0.08 + 0.47 * min(abs(value) / largest, 1.0) ** 0.7)
        cell = Rectangle(
            (k * CELL, row - 0.45), CELL - 2, 0.9, facecolor=color if value else "none"
        )
        ax.add_patch(cell)
        _text(ax, k * CELL + CELL / 2 - 1, row, fixed(value, decimals), "center",
              weight="semibold" if bold else "normal", fontsize=px(LABEL))  # fmt: skip
