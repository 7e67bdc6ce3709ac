"""The heads of one layer on a sentence: one large over its words, all small under their numbers.

Source  000, GPT-2 Attention Mechanism
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from figures.attention._heads import SMALL, bows, mostly, small, strokes, widest
from figures.parts.axes import AXES, beside, ticks
from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    TICK,
    WIDTH,
    Canvas,
    has,
    is_narrow,
    px,
    text_width,
    wrap,
)
from figures.parts.page import Packed, Page, Rounded
from figures.parts.table import Column, Table
from look import heads, theme
from look.numbers import number, percent
from look.words import Visual, say

READS = {
    "attention_heads": "attention (layer, head, query, key), ratio (example, layer, head), "
    "share (layer, head, class), class (class), token (position), start (position), "
    "stop (position), special (position), continues (position), role (position), asked, "
    "shown_layer, shown_head, against",
    "page: attention_heads": "model, causal, n_looked, second, second_beyond",
}

VISUAL = Visual(
    uses=["attention_heads"],
    title="{stands_out:?No head of this layer ties the foods to the meal|Head {head_number}: on "
    "average, "
    "{against:?sources=foods look at “{targets}” {beyond:?{first:.1f}|more than 99} times as much "
    "as other words do|targets=“{sources}” looks at a food {beyond:?{first:.1f}|more than 99} "
    "times as much as at another word}}",
    subtitle="A layer of a language model ({model}) looks at words in {n_looked} ways, its heads. "
    "Head {head_number} was picked on this sentence; on a second one it is "
    "{second_beyond:?{second:.1f}|more than 99} times.",
    alt="A sentence with arcs, from who looks to what is looked at, the stronger the "
    "more weight: head {head_number} of {n_looked}. Below it a bar for each of the {n_looked} "
    "heads, {beyond:?{first:.1f}|more than 99} times for head {head_number}, with a line for a "
    "second sentence, {second_beyond:?{second:.1f}|more than 99} times.",
    caption="Attention weights of {model}, layer {layer_number} of {n_layers}, {n_looked} heads; "
    "it looks {causal:?both ways|back only}. The number of a head: {against:?sources=the mean "
    "weight from a piece of a food to “{targets}”, over that from other words to it|targets=the "
    "mean weight from “{sources}” to a food, over that to other words}. The head with the largest "
    "of {n_looked} was named on one sentence. On the second sentence it has "
    "{second_rank:?|the largest number too|the second largest number|number {second_rank} by size}:"
    " {second_beyond:?{second:.1f}|more than 99}. Commas, full stops and the ends of the text are "
    "not counted as words. What a head looks at isn’t what the network answers by.",
    words={
        "large": "head {head}",
        "now": "head {head}: {said}{asked:?| times}",
        "times": "{tiny:?{beyond:?{ratio:.1f}|> 99}|< 0.1}",
        "means": "{against:?sources=foods: {meant} of their attention|targets=at a food: "
        "{meant} of its attention}",
        "means pieces": "{against:?sources=foods|targets=at a food}: {meant} "
        "(mean of {n} pieces)",
        "without": "without “{word}”: {meant:.0%}",
        "of": "{against:?sources=of their attention|targets=of its attention}; {without}",
        "pieces": "mean of {n} pieces",
        "pieces narrow": "mean of {n}",
        "ways": "above: looks back; below: ahead",
        "rest": "{against:?sources=other words: {rest}|targets=at another word: {rest}}",
        "mostly": "{kind:?itself=self|previous=before|next=after|ends=ends|others=rest} {share}",
        "strip": "{against:?sources=foods’ attention ÷ other words’|targets=attention to foods ÷ "
        "to other words}, in heads 1 to {n}",
        "strip second": "dashes: on a second sentence",
        "lacks": "U+…: characters that this font lacks ({script}), by their numbers",
        "asked": "In which of {n_heads} heads {against:?sources=do the foods look at their meal|"
        "targets=does “{sources}” look at the foods}?\nEach head is a way of looking. Bars: how "
        "many times as much as {against:?sources=other words do|targets=at other words}.",
        "each": "One head after the other\nBar: its weight beyond neighbours and ends.",
        "named": "{stands:?No head does, much more than usual|Head {head}: {beyond:?{ratio:.1f}|"
        "more than 99} times as much as other words, on average}\nUnder each food: "
        "{against:?sources=its attention to “{targets}”|targets=the attention of “{sources}” to it}"
        "{pieces:?| (of a split word, the mean)}.",
        "shown": "Head {head} of {n_heads}\nIt looks least at neighbours and ends.",
        "again": "A second sentence, not used to choose: {beyond:?{ratio:.1f}|more than 99} "
        "times\nDashes: every head on this second sentence. Bars: on the first.",
        "page": "Where does each head look?\n{model} reads one sentence; tokens may look "
        "{causal:?both ways|back only}. Pick a layer and heads, then touch a token on the left.",
        "page caption": "The weights are those of {model} itself, recorded as it read: from each "
        "token on the left they sum to one over the tokens on the right. Weights below "
        "{faintest:.0%} draw no line. {n_looked:?|One head was named out of {n_looked} because of "
        "this sentence; on a second one, which did not choose it, its number is "
        "{second_beyond:?{second:.1f}|more than 99}. }What a head looks at isn’t what the network "
        "answers by.",
        "page layer": "Layer",
        "page heads": "Heads",
        "page number": "{number}",
        "page every": "all",
        "page named": "the named one",
        "page looks": "looks",
        "page seen": "is looked at",
        "page share": "{share:.0%}",
        "page nobody": "No head is chosen.",
        "page all": "{heads:?|Head {head} looks|{heads} heads look} most at “{target}”: "
        "{share:.0%} of all weight.",
        "page token": "“{token}” looks most at “{target}”: {share:.0%} of its weight{heads:?|, by "
        "head {head}|, the mean over {heads} heads}.",
        "page ratio": "Layer {layer}, head {head}: {against:?sources=foods look at “{targets}” "
        "{far:?{times:.1f}|more than 99} times as much as other words do|targets=“{sources}” "
        "looks at foods {far:?{times:.1f}|more than 99} times as much as at other words}.",
        "page table": "What every head mostly looks at, with the share of its weight",
        "page head": "head",
        "page mostly": "layer {layer}",
        "page cell": "{kind:?itself=itself|previous=the one before|next=the next one|ends=the "
        "ends|others=the others} {share:.0%}",
    },
)

HIGH = 185.0  # of the longest arc
NUMBERS = 70.0  # width of the numbers before words in a column
BARS, TINY = 130.0, 42.0  # heights of the bars, and of small heads where nothing is asked


def draw(recording: xr.Dataset) -> Figure:
    """Return the large head over its words, and all heads with their numbers."""
    heads.check(recording)
    layer, head = (int(recording.attrs[name]) for name in ("shown_layer", "shown_head"))
    weights = recording.attention.values[layer]  # (head, query, key)
    asked, kinds = bool(recording.attrs["asked"]), mostly(recording)
    row = _row(recording, weights[head])
    lacks = heads.missing(recording, has)
    note = wrap(say("lacks", script=lacks), SMALL, row.wide) if lacks else []
    top = 20.0 + 16 * len(note) + (48 if asked else 0)
    foot = top + row.tall + ((66 if is_narrow() else 64) if asked else 40)
    across = min(len(weights), 3 if is_narrow() else 6)
    many = -(-len(weights) // across)
    height = foot + (BARS + 54 if asked else many * (TINY + 40))
    fig = Canvas(height, narrow=height)
    for k, line in enumerate(note):
        fig.write(row.left, 8 + 16 * k, line, size=SMALL, color=theme.color("muted"))
    _large(fig, recording, weights[head], row, top)
    if asked:
        _bars(fig, recording.ratio.values[:, layer], head, foot)
    else:
        _all(fig, kinds, weights, head, foot, across)
    return fig


def page(recording: xr.Dataset) -> Page:
    """Return every weight of every head, and what each mostly looks at as a table."""
    heads.check(recording)
    attrs = recording.attrs
    names = heads.labels(recording, has)
    n_layers, n_heads = recording.sizes["layer"], recording.sizes["head"]
    layer, head = int(attrs["shown_layer"]), int(attrs["shown_head"])
    roles = recording.role.values.astype(str)
    sources = np.flatnonzero(roles == "source")
    onto = recording.attention.values[layer, head][sources][:, roles == "target"].sum(1)
    kinds = [str(kind) for kind in recording["class"].values]
    cells = [
        [
            say("page cell", kind=kinds[int(share.argmax())], share=float(share.max()))
            for share in recording.share.values[:, i]
        ]
        for i in range(n_heads)
    ]
    # A text of one's own has not been chosen by, and has no second one.
    kept = dict(attrs)
    chosen = {name: kept.get(name, 0) for name in ("n_looked", "second", "second_beyond")}
    colors = {}
    for i in range(min(n_heads, 12)):
        both = []
        for name in ("light", "dark"):
            with theme.use(name):
                both.append(heads.color(i))
        colors[f"head-{i}"] = (both[0], both[1])
    return Page(
        script="attention",
        height=975,
        title=say("page"),
        caption=say("page caption", faintest=heads.faintest(len(names)), **chosen),
        words=[
            name for name in VISUAL.words if name.startswith("page ") and name not in _BEFOREHAND
        ],
        data={
            "tokens": names,
            "special": [bool(each) for each in recording.special.values],
            "attention": Packed("weights", recording.attention),
            "ratio": Rounded("numbers of heads", recording.ratio.values[0], 4),
            "asked": bool(attrs["asked"]),
            "faintest": heads.faintest(len(names)),
            "layer": layer,
            "head": head,
            "token": int(sources[onto.argmax()]) if len(sources) else -1,
        },
        table=Table(
            [
                Column(say("page head")),
                *(Column(say("page mostly", layer=i + 1)) for i in range(n_layers)),
            ],
            [[number(i + 1), *row] for i, row in enumerate(cells)],
        ),
        table_title=say("page table"),
        colors=colors,
    )


_BEFOREHAND = {"page caption", "page table", "page head", "page mostly", "page cell"}


@dataclass(frozen=True)
class Row:
    """Where tokens stand: one after the other in a level row, or in a column; CSS pixels.

    Attributes
    ----------
    at : array, shape (token,)
        Their middles, along the row from its beginning.
    size : float
        Of their type.
    level : bool
    left, wide, tall : float
        Of what row and arcs take.
    above, longest : float
        How high arcs over a level row are; the length of the longest arc.
    """

    names: list[str]
    at: np.ndarray
    size: float
    level: bool
    left: float
    wide: float
    tall: float
    above: float
    longest: float


def _row(recording: xr.Dataset, weights: np.ndarray) -> Row:
    """Return a level row if it fits, else a column."""
    # What is asked is asked of words; where it is, they stand alone.
    alone = recording.special.values.astype(bool) & bool(recording.attrs["asked"])
    names = np.where(alone, "", heads.labels(recording, has)).tolist()
    margin, sheet = (NARROW_MARGIN, NARROW) if is_narrow() else (MARGIN, WIDTH)
    wide = sheet - 2 * margin
    query, key = _drawn(recording, weights)
    for size in np.arange(18.0, 12.9, -0.5).tolist():
        widths = np.array([text_width(name, size, "semibold") for name in names])
        gaps = np.array(
            [0.0 if not name or name.startswith("·") else 0.42 * size for name in names]
        )
        if widths.sum() + gaps[1:].sum() > wide:
            continue
        gaps *= 1 + min(1.2, (wide - widths.sum() - gaps[1:].sum()) / max(gaps[1:].sum(), 1))
        gaps[0] = 0
        at: Any = np.cumsum(widths + gaps) - widths / 2
        longest = float(np.abs(at[query] - at[key]).max(initial=1))
        lifts = HIGH * (np.abs(at[query] - at[key]) / longest) ** 0.75
        back = _above(recording, query, key)
        above, below = (float(lifts[side].max(initial=0)) for side in (back, ~back))
        left = (sheet - at[-1] - widths[-1] / 2) / 2
        tall = above + below + (3.2 if recording.attrs["asked"] else 2.2) * size
        return Row(names, at, size, True, left, at[-1] + widths[-1] / 2, tall, above, longest)
    n = int((~alone).sum())
    pitch = float(np.clip(440 / n, 16.5, 22))
    at = (np.cumsum(~alone) - 0.5) * pitch
    longest = float(np.abs(at[query] - at[key]).max(initial=1))
    size = min(15.0, pitch * 0.78)
    return Row(names, at, size, False, margin, wide, pitch * n, 0.0, longest)


def _drawn(recording: xr.Dataset, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which arcs are drawn, queries and keys: where something is asked, what it counts."""
    if recording.attrs["asked"]:
        return heads.counted(recording, weights)
    wanted = weights >= heads.faintest(len(weights))
    query, key = np.nonzero(wanted & ~np.eye(len(weights), dtype=bool))
    return query, key


def _above(recording: xr.Dataset, query: np.ndarray, key: np.ndarray) -> np.ndarray:
    """Return which arcs are above the words: those that look back; of what is asked, all."""
    return (key < query) | bool(recording.attrs["asked"])


def _loud(recording: xr.Dataset, query: np.ndarray, key: np.ndarray) -> np.ndarray:
    """Return which arcs are those that are asked about; all of them where nothing is."""
    if not recording.attrs["asked"]:
        return np.ones(len(query), dtype=bool)
    role = recording.role.values.astype(str)
    return (role[query] == "source") if _asks(recording) else (role[key] == "target")


def _asks(recording: xr.Dataset) -> bool:
    """Return whether the words that are asked about look; else they are looked at."""
    return bool(recording.attrs["against"] == "sources")


def _large(fig: Canvas, recording: xr.Dataset, weights: np.ndarray, row: Row, top: float) -> None:
    """Draw the tokens and the arcs of one head; those that are asked about have its colour."""
    ax = fig.place(row.left, top, row.wide, row.tall)
    start = 0.0
    if not row.level:
        start = widest(row.names, row.size) + (NUMBERS if recording.attrs["asked"] else 0.0)
    if row.level:
        up = row.above + 1.1 * row.size
        ax.set(xlim=(0, row.wide), ylim=(up - row.tall, up))
    else:
        ax.set(xlim=(0, row.wide), ylim=(row.tall, 0))
    ax.axis("off")
    ax.set_gid("large")
    query, key = _drawn(recording, weights)
    w = weights[query, key]
    aside = 8.0
    high = HIGH if row.level else row.wide - start - aside - 2
    curves: Any = bows(query, key, row.at, high, row.longest)
    if row.level:
        side = np.where(_above(recording, query, key), 1, -1)[:, None]
        curves[..., 1] = side * (curves[..., 1] + 0.85 * row.size)
    else:
        curves = curves[..., ::-1] + np.array([start + aside, 0.0])
    loud = _loud(recording, query, key)
    hue = heads.color(int(recording.attrs["shown_head"]))
    colors = np.where(loud[:, None], to_rgba(hue), to_rgba(theme.color("muted")))
    colors[:, 3] = np.where(loud, np.clip(0.2 + 2 * w, 0, 1), 0.25 + 0.75 * w)
    if not recording.attrs["asked"]:
        colors[:, 3] = w**0.8
    for which in (~loud, loud):
        strokes(ax, curves[which], w[which], colors[which], 30 if row.level else 24)
    if recording.attrs["asked"]:
        if row.level:
            _under(ax, recording, weights, row)
        else:
            _percents(ax, recording, weights, row, start)
    _tokens(ax, recording, row, start)
    if recording.attrs["asked"]:
        _means(ax, recording, weights, row)
    elif row.level and (key > query).any() and (key < query).any():
        beside(ax, say("ways"), (1, 0), of=AXES, shift=(0, -8), ha="right", fontsize=px(TICK),
               color=theme.color("muted"))  # fmt: skip


def means(recording: xr.Dataset, weights: np.ndarray) -> tuple[float, float]:
    """Return the mean weight of what is asked about, and of other words: their ratio is named."""
    each, meant = heads.onto(recording, weights)
    role = recording.role.values.astype(str)
    return float(each[role == meant].mean()), float(each[role == "other"].mean())


def _means(ax: Axes, recording: xr.Dataset, weights: np.ndarray, row: Row) -> None:
    """Write both means over the arcs, each in the colour of its arcs."""
    shares = heads.means(*means(recording, weights))
    size = 17.0 if row.level else 13.0
    other = say("rest", rest=shares["rest"])
    _, asked = heads.onto(recording, weights)
    n = int((recording.role.values.astype(str) == asked).sum())
    split = n > len(heads.asked(recording, weights))
    told = say("means pieces" if split else "means", meant=shares["meant"], n=n)
    aside = text_width(other, size, "semibold") + 18
    over = aside + text_width(told, size, "semibold") > row.wide  # under each other
    room = row.wide - (0.0 if over else aside)
    words = sorted(heads.asked(recording, weights), key=lambda word: -word[1])
    below = 0.0
    if len(words) > 1:  # whether they all look there, or the mean is the doing of one
        each, _ = heads.onto(recording, weights)
        left = np.concatenate([pieces for pieces, _ in words[1:]])
        named = "".join(row.names[i].lstrip("·") for i in words[0][0])
        note = say("without", word=named, meant=float(each[left].mean()))
        full = say("of", without=note)
        note = full if text_width(full, LABEL) < room else note
        below = 18.0
    hue = heads.color(int(recording.attrs["shown_head"]))
    if below:
        beside(ax, note, (1, 1), of=AXES, shift=(0.0 if over else -aside, 30.0 if over else 20.0),
               ha="right", color=theme.color("text"), gid="without")  # fmt: skip
    both = ((other, theme.color("muted"), 0.0, 12.0 if over else 20.0 + below),
            (told, hue, 0.0 if over else -aside, (30.0 if over else 20.0) + below))  # fmt: skip
    for said, ink, x, y in both:
        beside(ax, said, (1, 1), of=AXES, shift=(x, y), ha="right", color=ink, weight="semibold",
               fontsize=px(size))  # fmt: skip


def _under(ax: Axes, recording: xr.Dataset, weights: np.ndarray, row: Row) -> None:
    """Write each word's weight under it, the mean of its pieces; the largest in large type."""
    words = heads.asked(recording, weights)
    most = max((share for _, share in words), default=0.0)
    edge = -np.inf
    taken: list[tuple[float, float]] = []
    for pieces, share in words:
        x, pieces_x = float(row.at[pieces].mean()), len(pieces) > 1
        size = 20.0 if share == most else LABEL
        half = text_width(percent(share, 1), size, "semibold") / 2 + 4
        if x - half < edge:
            continue
        edge = x + half
        taken.append((x - half, edge))
        style: dict[str, Any] = {"ha": "center", "va": "center_baseline"}
        beside(ax, percent(share, 1), (x, -1.5 * row.size), weight="semibold", fontsize=px(size),
               **style)  # fmt: skip
        if pieces_x:
            beside(ax, say("pieces", n=len(pieces)), (x, -1.5 * row.size - 19),
                   fontsize=px(TICK), color=theme.color("muted"), **style)  # fmt: skip
    # Of the other words the strongest one, where there is room.
    each, _ = heads.onto(recording, weights)
    others = np.flatnonzero(recording.role.values.astype(str) == "other")
    if len(others) and each[others].max() > 0:
        i = int(others[each[others].argmax()])
        said = percent(float(each[i]), 1)
        x, half = float(row.at[i]), text_width(said, LABEL) / 2 + 4
        if all(x + half < start or x - half > end for start, end in taken):
            beside(ax, said, (x, -1.5 * row.size), color=theme.color("muted"), ha="center",
                   va="center_baseline", gid="other")  # fmt: skip


def _percents(ax: Axes, recording: xr.Dataset, weights: np.ndarray, row: Row, end: float) -> None:
    """Write each word's weight before it in a column, the mean of its pieces; the largest large.

    A line binds the pieces of one word.
    """
    words = heads.asked(recording, weights)
    most = max((share for _, share in words), default=0.0)
    style: dict[str, Any] = {"ha": "right", "va": "center_baseline"}
    for pieces, share in words:
        first, *more = row.at[pieces].tolist()
        left = end - widest([row.names[i] for i in pieces], row.size) - (12 if more else 8)
        size = min(17.0 if share == most else LABEL, row.size + 2)
        beside(ax, percent(share, 1), (left, first), weight="semibold", fontsize=px(size), **style)
        if more:
            beside(ax, say("pieces narrow", n=len(pieces)), (left, more[0]), fontsize=px(11),
                   color=theme.color("muted"), **style)  # fmt: skip
            ends = [first - 0.4 * row.size, more[-1] + 0.4 * row.size]
            ax.plot([left + 4] * 2, ends, color=theme.color("muted"), linewidth=px(1.2),
                    label="pieces")  # fmt: skip


def _tokens(ax: Axes, recording: xr.Dataset, row: Row, start: float) -> None:
    """Write the tokens: compared ones in bold, special ones muted and slanted."""
    roles = recording.role.values.astype(str)
    compared = (roles != "none").any()
    for i, (name, at) in enumerate(zip(row.names, row.at.tolist(), strict=True)):
        named = roles[i] in ("source", "target")
        ax.text(
            *((at, 0.0) if row.level else (start, at)), name,
            ha="center" if row.level else "right", va="center_baseline", fontsize=px(row.size),
            weight="semibold" if named else "normal",
            style="italic" if recording.special.values[i] else "normal",
            color=theme.color("text" if named or not compared else "muted"),
        )  # fmt: skip


def _bars(
    fig: Canvas, ratios: np.ndarray, head: int, top: float
) -> None:  # fmt: skip
    """Draw the numbers of all heads as bars, lines for a second sentence; a bar may be cut off.

    Parameters
    ----------
    ratios : array, shape (example, head)
    """
    margin, sheet = (NARROW_MARGIN, NARROW) if is_narrow() else (MARGIN, WIDTH)
    end = float(min(np.ceil(1.12 * ratios.max()), 20))
    shown = np.clip(ratios, 0, end)
    n = ratios.shape[1]
    left, wide = margin + 18, sheet - 2 * margin - 18
    pitch = wide / n
    ax = fig.place(left, top, wide, BARS)
    ax.set(xlim=(0.5, n + 0.5), ylim=(0, end), xticks=[])
    ticks(ax, "y", [t for t in (0, 1, 5, 10, 15, 20) if t <= end and (t or end < 8)])
    lift = 32 if is_narrow() else 12  # there the lines' words need a line of their own
    beside(ax, say("strip", n=n), (0, 1), of=AXES, shift=(-18, lift), color=theme.color("muted"))
    if len(shown) > 1:
        side = ((0, 1), (-18, 14), "left") if is_narrow() else ((1, 1), (0, lift), "right")
        beside(ax, say("strip second"), side[0], of=AXES, shift=side[1], ha=side[2],
               color=theme.color("muted"))  # fmt: skip
        right = head > n / 2  # of the line there is room on the left
        next_to = slice(max(head - 1, 0), head) if right else slice(head + 1, head + 2)
        if (np.abs(shown[:, next_to] - shown[-1, head]) > 0.12 * end).all():
            times = say("times", **heads.times(float(ratios[-1, head])))
            at = (head + 1, float(shown[-1, head]))
            away = (0.34 * pitch + 5) * (-1 if right else 1)
            beside(ax, times, at, va="center_baseline", shift=(away, 0), gid="second",
                   weight="semibold", ha="right" if right else "left")  # fmt: skip
    ax.axhline(1, color=theme.color("muted"), linewidth=px(1.5), zorder=1)
    size = LABEL if pitch > 34 else SMALL
    how: dict[str, Any] = {"ha": "center", "fontsize": px(size)}
    wides = [text_width(say("times", **heads.times(each)), size) for each in ratios[0]]
    for i in range(n):
        x, hue = i + 1, heads.color(i) if i == head else theme.color("quiet")
        ax.bar(x, shown[0, i], width=0.5, color=hue, zorder=2, label=f"first {i}")
        if len(shown) > 1:
            ax.plot([x - 0.34, x + 0.34], [shown[-1, i]] * 2, color=theme.color("text"), zorder=4,
                    linewidth=px(3), solid_capstyle="butt", label=f"second {i}")  # fmt: skip
        bold = {"weight": "semibold" if i == head else "normal",
                "color": theme.color("text" if i == head else "muted")}  # fmt: skip
        said = say("times", **heads.times(ratios[0, i]))
        near = max(wides[max(i - 1, 0) : i] + wides[i + 1 : i + 2], default=0.0)
        if i == head or pitch > (wides[i] + near) / 2 + 3:
            # Below all: over a bar it would stand at the line, whose number it is not.
            beside(ax, said, (x, 0), shift=(0, -40), **how, **bold)
        if pitch > 20 or i == head:
            beside(ax, number(i + 1), (x, 0), shift=(0, -22), **how, **bold)


def _all(
    fig: Canvas, kinds: list[str], weights: np.ndarray, head: int, top: float, across: int
) -> None:
    """Draw all heads small, each with what it mostly looks at."""
    margin, sheet = (NARROW_MARGIN, NARROW) if is_narrow() else (MARGIN, WIDTH)
    gap = 12.0
    wide = (sheet - 2 * margin - (across - 1) * gap) / across
    for i, said in enumerate(kinds):
        x, y = margin + (i % across) * (wide + gap), top + (i // across) * (TINY + 40)
        ax = fig.place(x, y, wide, TINY)
        small(ax, weights[i], heads.color(i))
        how = {"weight": "semibold" if i == head else "normal", "fontsize": px(SMALL)}
        beside(ax, number(i + 1), (0, 1), of=AXES, shift=(0, 4), **how)
        beside(ax, said, (1, 1), of=AXES, shift=(0, 4), ha="right",
               color=theme.color("text" if i == head else "muted"), **how)  # fmt: skip
