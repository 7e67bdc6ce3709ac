"""One query, all keys, all values: the numbers of one head, and how they add up.

Source  000, 004 (softmax in attention mechanisms)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

from figures.parts.axes import beside
from figures.parts.canvas import LABEL, NARROW, NARROW_MARGIN, Canvas, is_narrow, px, text_width
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
    subtitle="A query says what “{asking}” looks for, a key what a word offers, a value what it "
    "hands on. Softmax turns sums of products into shares, and the shares mix the values.",
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
        "numbers": "{name}: {n_features} numbers",
        "more": "… and {n} more words",
        "row": "“{word}”:",
        "cell": "output, number {k}:",
        "mixed": r"{terms} + \ldots = {output:.2f}",
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
        "Large numbers of the same sign, in query and key, make a large sum of products.",
        "each key": "each word’s key",
        "softmax": "Softmax turns scores into shares\n"
        "e to the power of each score, divided by the sum of all of them: together 100 %.",
        "all words": "all {n} words",
        "quotient": "{top} / {whole} =",
        "weighted": "share × value",
        "mix": "The output is all values, mixed by their shares\n"
        "Its number {k}: {terms} + … = {output:.2f}",
    },
)

ROW, CELL = 25.0, 39.0
KEYS, SCORES, VALUES = 122.0, 288.0, 536.0  # left edges of the panels
WIDE, SCORE, BAR = 232.0, 52.0, 62.0  # of the scores: right end of numbers, left end of bars
FEW = 0.02  # a share below which a value hardly counts
QUERY = -2.1  # the row of the query, over the keys; that of the output is under the values


def draw(recording: xr.Dataset) -> Figure:
    """Return keys under the query, scores and shares, and values over the output.

    On the narrow sheet keys and values are those of the words that count.
    """
    n, narrow = recording.sizes["key"], is_narrow()
    weight = recording.weight.values
    shown = [i for i in range(n) if not narrow or weight[i] >= FEW]
    m = len(shown) + (len(shown) < n)  # a row for what is left out
    spans = ((QUERY - 0.9, m - 0.4), (-2.1, n - 0.4), (-1.4, m + 1.2))  # of rows
    if narrow:
        tops = np.cumsum([24, (m + 3.1) * ROW + 84, (n + 2.2) * ROW]).tolist()
        lefts = [KEYS - 14] * 3
        height = tops[2] + (m + 3) * ROW + 94
    else:
        tops = [(first - QUERY + 1) * ROW for first, _ in spans]
        lefts, height = [KEYS, SCORES, VALUES], (n + 4.4) * ROW + 98
    fig = Canvas(height, narrow=height)
    panels = []
    for left, top, wide, (first, last) in zip(
        lefts, tops, (4 * CELL, WIDE, 4 * CELL), spans, strict=True
    ):
        ax = fig.place(left, top, wide, (last - first) * ROW)
        ax.set(xlim=(0, wide), ylim=(last, first), xticks=[], yticks=[])
        panels.append(ax)
    keys, scores, values = panels
    most = int(recording.attrs["most"])
    part = {name: recording[name].values for name in ("query", "keys", "values", "output")}
    largest = max(float(np.abs(part[name]).max()) for name in ("query", "keys", "values"))
    muted = {"color": theme.color("muted"), "fontsize": px(LABEL)}

    _names(keys, recording, shown)
    _beside_row(keys, say("query"), QUERY, narrow)
    _cells(keys, part["query"], QUERY, largest, bold=True)
    _scores(scores, recording, most, narrow)
    if narrow:
        _names(values, recording, shown)
    for ax, name in ((keys, "key"), (values, "value")):
        said = say("numbers", name=say(name)) if name == "key" else say(name)  # the √ counts them
        _text(ax, 0, -0.9, said, "left", **muted)
        for row, i in enumerate(shown):  # what counts little is pale
            share = float(weight[i])
            _cells(ax, part[f"{name}s"][i], row, largest, strength=0.15 + 0.85 * share**0.5,
                   muted=share < FEW)  # fmt: skip
        if m > len(shown):
            _text(ax, 0, m - 1, say("more", n=n - len(shown)), "left", **muted)
    _cells(values, part["output"], m + 0.55, largest, decimals=2, bold=True)
    _beside_row(values, say("output"), m + 0.55, narrow)
    # the row that gets the most: one frame, where its three parts stand side by side
    for ax in panels if narrow else panels[:1]:
        wide = ax.get_xlim()[1] if narrow else VALUES - KEYS + 4 * CELL
        _frame(ax, -3, most if ax is scores else shown.index(most), wide + 5)
    column, mixing = heads.mixed(recording)[0], np.argsort(-weight, kind="stable")[:3].tolist()
    _frame(values, column * CELL - 1, m + 0.55, CELL)
    for i in mixing:  # what is added up to it
        if i in shown and i != most:
            _frame(values, column * CELL - 1, shown.index(i), CELL, width=1)
    # with signs as mathematics has them: a first term in brackets needs none
    terms = [form(float(p), ".2f" if k == 0 else "±.2f")
             for k, p in enumerate(recording.product.values[most])]  # fmt: skip
    said = say("sum", terms=joined(terms), total=float(recording.total.values[most]),
               score=form(float(recording.score.values[most]),
                          heads.score_form(recording.score.values)))  # fmt: skip
    aside = NARROW_MARGIN - lefts[0] if narrow else -94
    bold = {"fontsize": px(LABEL), "weight": "semibold"}
    word = str(recording.word.values[most])
    beside(keys, say("row", word=word), (0, m - 0.4), shift=(aside, -20), **bold)
    beside(values, say("cell", k=column + 1), (4 * CELL - 2, m + 1.0),
           shift=(NARROW - NARROW_MARGIN - lefts[2] - 4 * CELL if narrow else 0, -33), ha="right",
           **bold)  # fmt: skip
    beside(keys, joined([f"${said}$"]), (0, m - 0.4), shift=(aside, -58),
           fontsize=px(12.5 if narrow else 16), parse_math=True)  # fmt: skip
    beside(values, joined([f"${_mixed(recording)}$"]), (4 * CELL - 2, m + 1.0),
           shift=(NARROW - NARROW_MARGIN - lefts[2] - 4 * CELL if narrow else 0, -62), ha="right",
           fontsize=px(13 if narrow else 16), parse_math=True)  # fmt: skip
    return fig


def _frame(ax: Axes, left: float, row: float, wide: float, width: float = 1.5) -> None:
    ax.add_patch(Rectangle((left, row - 0.5), wide, 1, facecolor="none", clip_on=False, zorder=3,
                           edgecolor=theme.color("text"), linewidth=px(width)))  # fmt: skip


def _mixed(recording: xr.Dataset) -> str:
    """Return how the largest number of the output comes about, as far as shares count."""
    k, terms = heads.mixed(recording)
    return say("mixed", terms=joined([" + ".join(terms).replace("×", r"\cdot")]),
               output=float(recording.output[k]))  # fmt: skip


def _scores(ax: Axes, recording: xr.Dataset, most: int, narrow: bool) -> None:
    """Write the scores, and draw what softmax makes of them as bars."""
    if narrow:
        _names(ax, recording, range(recording.sizes["key"]))
    heads_of = {"color": theme.color("muted"), "parse_math": True}
    _text(ax, SCORE, -1.5, joined([f"${say('score')}$"]), "right", fontsize=px(17), **heads_of)
    _text(ax, BAR, -0.9, joined([f"${say('share')}$"]), "left", fontsize=px(LABEL), **heads_of)
    hue = heads.color(int(recording.attrs["head_number"]) - 1)
    digits = heads.score_form(recording.score.values)
    for i, share in enumerate(recording.weight.values.tolist()):
        ink = theme.color("muted" if share < FEW else "text")
        how = {"weight": "semibold" if i == most else "normal", "fontsize": px(LABEL), "color": ink}
        _text(ax, SCORE, i, form(float(recording.score.values[i]), digits), "right", **how)
        bar = Rectangle((BAR, i - 0.38), (WIDE - BAR) * share, 0.76, facecolor=hue)
        ax.add_patch(bar).set_label(f"share {i}")
        end = BAR + (WIDE - BAR) * share
        if share >= FEW and not narrow:  # it goes on to its value
            said = text_width(heads.softmax_share(share), LABEL, "semibold") + 12
            start = end if share > 0.7 else end + said
            way = FancyArrowPatch((start + 4, i), (VALUES - SCORES - 6, i), arrowstyle="-|>",
                                  mutation_scale=8, shrinkA=0, shrinkB=0, color=hue,
                                  linewidth=px(1.5), clip_on=False)  # fmt: skip
            ax.add_patch(way).set_label(f"way {i}")
        if share > 0.7:  # then there is room in the bar
            how |= {"color": theme.color("background")}
            _text(ax, end - 5, i, heads.softmax_share(share), "right", **how)
        else:
            _text(ax, end + 5, i, heads.softmax_share(share), "left", path_effects=halo(1.5), **how)


def _beside_row(ax: Axes, text: str, row: float, narrow: bool) -> None:
    """Say what a vector is: left of it, or on a narrow sheet over the query, under the output."""
    if narrow:
        lift = 20 if row < 0 else -28
        beside(ax, text, (0, row), shift=(0, lift), weight="semibold")
    else:
        beside(ax, text, (0, row), shift=(-10, 0), ha="right", va="center_baseline",
               weight="semibold")  # fmt: skip


def _names(ax: Axes, recording: xr.Dataset, shown: Sequence[int]) -> None:
    roles, words = (recording[name].values.astype(str) for name in ("role", "word"))
    for row, i in enumerate(shown):
        named = roles[i] in ("source", "target")
        beside(
            ax, str(words[i]), (0, row), shift=(-10, 0), ha="right", va="center_baseline",
            fontsize=px(15),
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
