"""One query, all keys, all values: the numbers of one head, and how they add up.

Source  000, 004 (softmax in attention mechanisms)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.parts.canvas import LABEL, MARGIN, TICK, WIDTH, Canvas, px
from figures.parts.colors import mix
from look import heads, theme
from look.numbers import fixed, form, joined, percent
from look.words import Visual, say

READS = {
    "scaled_dot_product": "query (feature), keys (key, feature), values (key, feature), "
    "product (key, feature), total (key), score (key), weight (key), output (feature), word (key), "
    "role (key), most, head_number",
}

VISUAL = Visual(
    uses=["scaled_dot_product"],
    title="“{asking}” asks {n_keys} words; “{most_word}” gets {most_weight:.1%} of the weight",
    subtitle="Head {head_number} of a small transformer, with {n_features} numbers a vector. "
    "Query times key, over √{n_features}, through softmax, is how much of each value is taken.",
    alt="A table of {n_keys} words: each with its key, the sum of query times key, that over "
    "√{n_features}, its share after softmax as a bar, and its value. The query of “{asking}” stands "
    "over the keys, and the output, the sum of shares times values, under the values. "
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
        "ask": "Which word is “{asking}” looking for?\nThe query of “{asking}”: {n_features} numbers "
        "of head {head_number}, from a trained network.",
        "multiply": "Query times key, number by number\nThe products of “{word}” add up.",
        "all": "Every word has its key\nA large sum: this key is what the query asks for.",
        "divide": "Divide by √{n_features}, so that sums of longer vectors stay alike\n"
        "It is the root of how many numbers a vector has.",
        "softmax": "Softmax makes shares of it\nThey are positive and sum to 100 %: “{most_word}” "
        "gets {most_weight:.1%}.",
        "mix": "The output: values, mixed by their shares\nOf “{most_word}” much, of others little.",
    },
)

ROW, CELL = 25.0, 40.0
KEY, TOTAL, SCORE, BAR, VALUE = 122.0, 342.0, 400.0, 404.0, 536.0  # left or right ends
TOP = 66.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the table, the query over its keys and the output under its values."""
    n = recording.sizes["key"]
    tall = n * ROW
    fig = Canvas(TOP + tall + 92)
    ax = fig.place(0, 0, WIDTH, TOP + tall + 92)
    ax.set(xlim=(0, WIDTH), ylim=(TOP + tall + 92, 0), xticks=[], yticks=[])
    muted = {"color": theme.color("muted"), "size": TICK}
    query, most = recording["query"].values, int(recording.attrs["most"])
    largest = max(float(np.abs(recording[name].values).max()) for name in ("query", "keys", "values"))
    fig.write(KEY - 10, 24, say("query"), ha="right", size=LABEL, weight="semibold")
    _cells(fig, ax, query, KEY, 6, largest, bold=True)
    for x, word, ha in (
        (KEY, "key", "left"), (TOTAL, "total", "right"), (SCORE, "score", "right"),
        (BAR + 10, "share", "left"), (VALUE, "value", "left"),
    ):  # fmt: skip
        fig.write(x, TOP - 10, say(word), ha=ha, **muted)
    hue = heads.color(int(recording.attrs["head_number"]) - 1)
    roles = recording.role.values.astype(str)
    for i, word in enumerate(recording.word.values.astype(str).tolist()):
        y = TOP + i * ROW
        base = y + 0.5 * ROW + 5
        named = roles[i] in ("source", "target")
        how = {"weight": "semibold" if i == most else "normal"}
        fig.write(
            KEY - 10, base, word, ha="right", size=15, weight="semibold" if named else "normal",
            color=theme.color("text" if named else "muted"),
        )  # fmt: skip
        _cells(fig, ax, recording["keys"].values[i], KEY, y, largest)
        fig.write(TOTAL, base, fixed(recording.total.values[i], 2), ha="right", **how)
        fig.write(SCORE, base, form(float(recording.score.values[i]), ".3f"), ha="right", **how)
        _bar(fig, ax, float(recording.weight.values[i]), hue, y, base, bold=i == most)
        _cells(fig, ax, recording["values"].values[i], VALUE, y, largest)
    ax.add_patch(Rectangle((KEY - 3, TOP + most * ROW - 0.5), VALUE + 4 * CELL - KEY + 4, ROW,
                           facecolor="none", edgecolor=theme.color("text"), linewidth=px(1.5)))  # fmt: skip
    y = TOP + tall + 14
    fig.write(VALUE - 10, y + 0.5 * ROW + 5, say("output"), ha="right", weight="semibold")
    _cells(fig, ax, recording.output.values, VALUE, y, largest, decimals=2, bold=True)
    terms = [form(float(p), "(.2f)") if k == 0 else form(float(p), "±.2f")
             for k, p in enumerate(recording.product.values[most])]  # fmt: skip
    said = say("sum", word=str(recording.word.values[most]), terms=joined(terms),
               total=float(recording.total.values[most]))  # fmt: skip
    fig.write(MARGIN, y + ROW + 32, said, size=LABEL)
    return fig


def _cells(
    fig: Canvas, ax: Axes, values: Sequence[float] | np.ndarray, left: float, top: float,
    largest: float, *, decimals: int = 1, bold: bool = False,
) -> None:  # fmt: skip
    """Draw a vector: orange is positive, blue negative, the stronger the larger."""
    for k, value in enumerate(np.asarray(values, dtype=float).tolist()):
        token = "positive" if value > 0 else "negative"
        x = left + k * CELL
        color = mix("background", token, 0.08 + 0.47 * min(abs(value) / largest, 1.0) ** 0.7)
        ax.add_patch(Rectangle((x, top + 1), CELL - 2, ROW - 3, facecolor=color if value else "none"))
        fig.write(
            x + (CELL - 2) / 2, top + 0.5 * ROW + 5, fixed(value, decimals), ha="center",
            weight="semibold" if bold else "normal",
        )  # fmt: skip


def _bar(
    fig: Canvas, ax: Axes, share: float, hue: str, y: float, base: float, *, bold: bool
) -> None:
    wide = VALUE - BAR - 70
    ax.add_patch(Rectangle((BAR + 10, y + 4), wide * share, ROW - 9, facecolor=hue))
    fig.write(VALUE - 10, base, percent(share, 1), ha="right", weight="semibold" if bold else "normal")
