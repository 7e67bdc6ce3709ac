"""The heads of one layer on a sentence: one large with its words, all small, and their numbers.

Source  000, GPT-2 Attention Mechanism
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.attention._heads import SMALL, bare, columns, frame, lines, numbers, tokens, widest
from figures.parts.axes import AXES, beside, name_axes, ticks
from figures.parts.canvas import MARGIN, TICK, WIDTH, Canvas, has, is_narrow, px
from figures.parts.page import Packed, Page, Rounded
from figures.parts.table import Column, Table
from look import heads, theme
from look.numbers import number, percent
from look.words import Visual, say

READS = {
    "attention_heads": "attention (layer, head, query, key), ratio (example, layer, head), "
    "share (layer, head, class), class (class), token (position), start (position), "
    "stop (position), special (position), continues (position), role (position), asked, "
    "shown_layer, shown_head, against, sources, targets",
    "page: attention_heads": "model, causal, n_looked, second, second_beyond",
}

VISUAL = Visual(
    uses=["attention_heads"],
    title="{stands_out:?No head of this layer ties the foods to the meal|Head {head_number}: on "
    "average, "
    "{against:?sources=foods look at “{targets}” {beyond:?{first:.1f}|more than 99} times as much "
    "as other words do|targets=“{sources}” looks at a food {beyond:?{first:.1f}|more than 99} "
    "times as much as at another word}}",
    subtitle="{model}, layer {layer_number} of {n_layers}: tokens may look {causal:?both ways|"
    "back only}. Head {head_number} was named out of {n_looked} on this sentence; on a second one, "
    "not used for the choice, it is {second_beyond:?{second:.1f}|more than 99} times.",
    alt="A sentence in two columns, left who looks, right what is looked at, with lines between "
    "them, the stronger the more weight: head {head_number} of {n_looked}. Beside it all "
    "{n_looked} heads, small, each in its colour with its number; below, these numbers as dots, "
    "{beyond:?{first:.1f}|more than 99} for head {head_number}, and rings for a second sentence, "
    "{second_beyond:?{second:.1f}|more than 99}.",
    caption="Attention weights of {model}, layer {layer_number} of {n_layers}, {n_looked} heads; "
    "it looks {causal:?both ways|back only}. The number of a head: {against:?sources=the mean "
    "weight from a piece of a food to “{targets}”, over that from other words to it|targets=the "
    "mean weight from “{sources}” to a food, over that to other words}. The head with the largest "
    "of {n_looked} was named on one sentence. On the second sentence it has "
    "{second_rank:?|the largest number too|the second largest number|number {second_rank} by size}:"
    " {second_beyond:?{second:.1f}|more than 99}. Weights below one percent, in long texts below "
    "an even share, draw no line. What a head looks at isn’t what the network answers by.",
    words={
        "times": "{beyond:?|> }{ratio:.1f}×",
        "mostly": "{kind:?itself=self|previous=before|next=after|ends=ends|others=rest} {share}",
        "looks": "looks",
        "seen": "is looked at",
        "onto": "weight",
        "large": "head {head}",
        "first": "● this sentence",
        "second": "○ a second one",
        "usual": "1: as {against:?sources=other words do|targets=other words}",
        "strip": "{against:?sources=looks at “{targets}”, against other words|targets=what "
        "“{sources}” looks at, against other words}",
        "head": "head",
        "lacks": "U+…: characters that this font lacks ({script}), by their numbers",
        "all": "{n_heads} heads read one sentence\n{model}, layer {layer} of {n_layers}, looking "
        "{causal:?both ways|back only}.",
        "asked": "Which head looks from {sources} at {targets}?\n{against:?sources=Bar: how many "
        "times as much as other words do.|targets=Bar: how many times as much as at other words.}",
        "each": "One head after the other\nBar: its weight beyond neighbours and ends.",
        "named": "{stands:?No head does, much more than usual|Head {head}: {beyond:?|more than }"
        "{ratio:.1f} times as much as other words, on average}\n{against:?sources=In colour: who "
        "looks at “{targets}”.|targets=In colour: what “{sources}” looks at.}",
        "shown": "Head {head} of {n_heads}\nIt looks least at neighbours and ends.",
        "again": "A second sentence, not used for the choice: {beyond:?|more than }{ratio:.1f} "
        "times\n"
        "Rings: “{text}”",
        "page": "Where does each head look?\n{model} reads one sentence; tokens may look "
        "{causal:?both ways|back only}. Pick a layer and heads, then touch a token on the left.",
        "page caption": "The weights are those of {model} itself, recorded as it read: from each "
        "token on the left they sum to one over the tokens on the right. Weights below "
        "{faintest:.0%} draw no line. {asked:?|One head was named out of {n_looked} because of "
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

TOP = 30.0
EDGE = 428.0  # right end of the large head


def draw(recording: xr.Dataset) -> Figure:
    """Return the large head, the small ones, and the strip of their numbers."""
    heads.check(recording)
    layer, head = (int(recording.attrs[name]) for name in ("shown_layer", "shown_head"))
    weights = recording.attention.values[layer]  # (head, query, key)
    n = weights.shape[1]
    rows = -(-len(weights) // columns(len(weights)))  # of small heads, which need some room
    pitch = max(float(np.clip(440 / n, 16.5, 26)), 78 * rows / n)
    tall = pitch * n
    asked = bool(recording.attrs["asked"])
    fig = Canvas(TOP + tall + (190 if asked else 24))
    _large(fig, recording, weights[head], head, pitch)
    _small(fig, recording, weights, head, tall)
    if asked:
        strip = fig.place(MARGIN + 22, TOP + tall + 50, WIDTH - 2 * MARGIN - 152, 84)
        _strip(strip, recording.ratio.values[:, layer], head)
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
        caption=say("page caption", faintest=heads.faintest(len(names))),
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


def _large(
    fig: Canvas, recording: xr.Dataset, weights: np.ndarray, head: int, pitch: float
) -> None:
    n = len(weights)
    names = heads.labels(recording, has)
    roles = recording.role.values.astype(str)
    special = recording.special.values.astype(bool)
    asked = bool(recording.attrs["asked"])
    size = min(16.0, pitch * 0.78)
    wide = widest(names, size)
    amounts = 48.0 if asked else 0.0  # room for what each word puts on the target
    left, right = MARGIN + amounts + wide + 6, EDGE - wide - 6
    ax = fig.place(left, TOP, right - left, pitch * n)
    bare(ax, n)
    if script := heads.missing(recording, has):
        beside(ax, say("lacks", script=script), (0, 0), of=AXES, shift=(-amounts - wide - 6, -16),
               fontsize=px(SMALL), color=theme.color("muted"))  # fmt: skip
    muted = {"of": AXES, "fontsize": px(TICK), "color": theme.color("muted")}
    for side in (0, 1):
        tokens(ax, names, roles.tolist(), special, size, side)
        ha, shift = ("left", 6) if side else ("right", -6)
        beside(ax, say(("looks", "seen")[side]), (side, 1), shift=(shift, 8), ha=ha, **muted)
    hue = heads.color(head)
    if not asked:
        lines(ax, weights, hue, width=7)
        return
    target, source = roles == "target", roles == "source"
    from_sources = recording.attrs["against"] == "sources"
    meant = target[None] if from_sources else source[:, None]
    lines(ax, weights, hue, width=9, meant=np.broadcast_to(meant, weights.shape))
    if not from_sources:
        return
    onto = weights[:, target].sum(1)
    away = -wide - 14
    beside(ax, say("onto"), (0, 1), of=AXES, shift=(away, 8), ha="right", fontsize=px(TICK),
           color=theme.color("muted"))  # fmt: skip
    for i in np.flatnonzero(source | (roles == "other")).tolist():
        beside(
            ax, percent(float(onto[i])), (0, i), shift=(away, 0), ha="right",
            va="center_baseline", fontsize=px(TICK if pitch > 18 else SMALL),
            color=theme.color("text" if source[i] else "muted"),
            weight="semibold" if source[i] else "normal",
        )  # fmt: skip


def _small(fig: Canvas, recording: xr.Dataset, weights: np.ndarray, head: int, tall: float) -> None:
    n_heads, n, _ = weights.shape
    across, asked = columns(n_heads), bool(recording.attrs["asked"])
    left, gap = EDGE + 32, 14.0
    wide = (WIDTH - MARGIN - left - (across - 1) * gap) / across
    step = (tall + TOP) / -(-n_heads // across)
    for i, said in enumerate(numbers(recording)):
        x, y = left + (i % across) * (wide + gap), (i // across) * step
        hue = heads.color(i)
        ax = fig.place(x, y + 18, wide, step - 34)
        bare(ax, n)
        lines(ax, weights[i], hue, width=3)
        how = {"weight": "semibold" if i == head else "normal", "fontsize": px(SMALL)}
        name = say("large", head=i + 1) if across == 3 and asked else number(i + 1)
        beside(ax, name, (0, 1), of=AXES, shift=(0, 4), **how)
        muted = theme.color("text" if i == head else "muted")
        beside(ax, said, (1, 1), of=AXES, shift=(0, 4), ha="right", color=muted, **how)
        if i == head:
            frame(ax, hue)


def _strip(ax: Axes, ratios: np.ndarray, head: int) -> None:
    """Draw the numbers of all heads on both sentences; what is beyond the axis stands at its end.

    Parameters
    ----------
    ratios : array, shape (example, head)
    """
    end = float(min(np.ceil(1.12 * ratios.max()), 20))
    shown = np.clip(ratios, 0, end)
    at = np.arange(ratios.shape[1]) + 1
    ax.set(xlim=(0.4, len(at) + 0.6), ylim=(0, end))
    ax.grid(axis="y")
    ticks(ax, "y", [tick for tick in (1, 5, 10, 15, 20) if tick <= end])
    ticks(ax, "x", at.tolist())
    name_axes(ax, x=say("head"), y=say("strip"))
    ax.axhline(1, color=theme.color("muted"), linewidth=px(1.5), zorder=1)
    back, edge = theme.color("background"), px(2)
    for i, x in enumerate(at.tolist()):
        how = {"color": heads.color(i), "markersize": px(10), "clip_on": False, "marker": "o"}
        ax.plot([x, x], shown[[0, -1], i], color=heads.color(i), linewidth=px(1.5), zorder=2)
        ax.plot(x, shown[0, i], label=f"first {i}", zorder=3, **how)
        if len(shown) > 1:
            ax.plot(x, shown[-1, i], label=f"second {i}", markerfacecolor=back,
                    markeredgewidth=edge, zorder=4, **how)  # fmt: skip
    said = {"va": "center", "fontsize": px(TICK)}
    words = ["first", "second"] if len(shown) > 1 else []
    if is_narrow():  # there is room only below
        for row, word in enumerate([*words, "usual"]):
            beside(ax, say(word), (0, 0), of=AXES, shift=(0, -62 - 18 * row), **said)
        return
    for y, word in zip((0.95, 0.68), words, strict=False):
        beside(ax, say(word), (1, y), of=AXES, shift=(14, 0), **said)
    beside(ax, say("usual"), (len(at) + 0.6, 1), shift=(10, 0), color=theme.color("muted"), **said)
