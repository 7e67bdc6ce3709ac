"""From logits to a loss, column by column; and the same logits at several temperatures.

Source  004, which prints the softmax of [2, 4, 2, 1] as that of the same logits over 9
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.networks import _units as units
from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    TICK,
    WIDTH,
    is_narrow,
    px,
    wrap,
)
from figures.parts.marks import dot
from figures.parts.networks import bar
from look.numbers import fixed, number, percent
from look.theme import color
from look.words import Visual, say

READS = {
    "softmax_flow": "logit (class), exponential (class), probability (class), one_hot (class), "
    "loss (), panel_temperature (run), panel_probability (run, class), label, "
    "label_probability, sum",
}

VISUAL = Visual(
    uses=["softmax_flow"],
    title="Softmax turns scores into probabilities; the loss reads one of them",
    subtitle="e to the power of each score is above 0; divided by their sum, they add up to 1. "
    "Green: the true class.",
    alt="Four rows, one a class. From left to right: the logit as a bar, its exponential, the "
    "probability, and the label as 0 or 1. The cross-entropy is minus the logarithm of the true "
    "class's probability. Below, the probabilities at a small and at a large temperature: there "
    "the bars are more alike.",
    caption="The true class {label} gets probability {label_probability:.4f}, so the cross-entropy "
    "is {cross_entropy:.3f}. A temperature T divides the logits first: at T = {flat:g} the same "
    "logits give all classes between {flat_least:.4f} and {flat_most:.4f}. Dividing logits by "
    "their sum before softmax, as some texts do, is such a temperature and flattens the answer.",
    words={
        "logits": "How do these numbers become probabilities?\n"
        "One score a class, as a network’s last layer gives them.",
        "loss": "The loss looks at the true class alone: −log of its share\n"
        "The other classes count only in the sum.",
        "temperature film": "Divide the scores by T first: a small T makes the answer surer\n"
        "T is called a temperature. Marks: the answer at T = 1.",
        "class": "class {k}",
        "range": "0 to 1",
        "temperature": "T = {t}",
        "score": "score (logit)",
        "score short": "score",
        "divided": "Divide the scores by a number T first: a small T makes the answer surer",
        "cross-entropy": "cross-entropy: −log $p_{label}$ = −log {p:.4f} = {loss:.3f}",
        "loss formula": "ell = -log p_{label} =",
        "above": "above 0",
        "logit": "$z$",
        "power": "$e^z$",
        "share": "$p=e^z/\\sum e^z$",
        "target": "$y$",
    },
)

TOP, PITCH = 66.0, 36.0


class Places(NamedTuple):
    """Where the bars of the columns begin and end, and the middle of the labels; CSS pixels."""

    logit: tuple[float, float]
    power: tuple[float, float]
    share: tuple[float, float]
    label: float
    margin: float
    behind: float  # from a bar's end to its number


WIDE = Places((102, 168), (242, 344), (430, 546), 664, MARGIN, 8)
SLIM = Places((70, 98), (134, 172), (222, 272), 338, NARROW_MARGIN, 5)  # of the narrow sheet


def _places() -> Places:
    return SLIM if is_narrow() else WIDE


def draw(recording: xr.Dataset) -> Figure:
    """Return the flow over the panels of temperatures."""
    n = recording.sizes["class"]
    foot = TOP + n * PITCH
    panel = 26 * n + 64.0
    fig, ax = units.page(foot + 86 + panel, narrow=foot + 106 + panel)
    true = int(recording.one_hot.values.argmax())
    _headings(ax, true, recording)
    for k in range(n):
        _row(ax, recording, k, TOP + PITCH * k, true)
    _sums(ax, recording, foot)
    _temperatures(ax, recording, foot + 86, true)
    return fig


def _headings(ax: Axes, true: int, recording: xr.Dataset) -> None:
    note = {"va": "baseline", "color": color("muted"), "fontsize": px(TICK)}
    at = _places()
    columns = [
        (at.logit[0], "logit", say("score short" if is_narrow() else "score")),
        (at.power[0], "power", say("above")),
        (at.share[0], "share", say("range")),
    ]
    for x, name, words in columns:
        ax.text(x, TOP - 44, say(name), parse_math=True, fontsize=px(18), va="baseline")
        ax.text(x, TOP - 24, words, **note)
    ax.text(at.label, TOP - 44, say("target"), ha="center", parse_math=True, fontsize=px(18),
            va="baseline")  # fmt: skip
    ax.text(at.label, TOP - 24, "label", ha="center", **note)


def _row(ax: Axes, recording: xr.Dataset, k: int, y: float, true: int) -> None:
    logit, power, share = (
        float(recording[name][k]) for name in ("logit", "exponential", "probability")
    )
    style = {"va": "center_baseline"}
    weight = "semibold" if k == true else "normal"
    at = _places()
    ax.text(at.margin, y, say("class", k=k + 1), weight=weight, **style)
    most = float(np.abs(recording.logit).max())
    zero = at.logit[0] if float(recording.logit.min()) >= 0 else sum(at.logit) / 2
    bar(ax, zero, zero + (at.logit[1] - zero), y, logit / most, color=units.signed(logit))
    ax.text(at.logit[1] + at.behind, y, number(logit), **style)
    bar(ax, *at.power, y, power / float(recording.exponential.max()), color=color("muted"))
    ax.text(at.power[1] + at.behind, y, fixed(power, 2), **style)
    if not is_narrow():  # there is no room for arrows there
        _arrow(ax, at.logit[1] + 30, at.power[0] - 12, y)
        _arrow(ax, at.power[1] + 52, at.share[0] - 12, y)
    top = int(recording.probability.values.argmax())
    hue = "green" if k == true else "text" if k == top else "muted"
    bar(ax, *at.share, y, 1.0, color=color("quiet"))
    bar(ax, *at.share, y, share, color=color(hue))
    ax.text(at.share[1] + at.behind, y, fixed(share, 4), weight=weight, **style)
    dot(
        ax, at.label, y, color=color("green" if k == true else "background"), size=24,
        markeredgecolor=color("green" if k == true else "muted"), markeredgewidth=px(1.2),
    )  # fmt: skip
    ink = color("background" if k == true else "muted")
    hot = number(float(recording.one_hot[k]))
    ax.text(at.label, y, hot, ha="center", color=ink, zorder=5, weight=weight, **style)


def _arrow(ax: Axes, left: float, right: float, y: float) -> None:
    ax.annotate(
        "", (right, y), (left, y),
        arrowprops={
            "arrowstyle": "-|>,head_width=0.2,head_length=0.35", "color": color("muted"),
            "linewidth": px(1), "shrinkA": 0, "shrinkB": 0,
        },
    )  # fmt: skip


def _sums(ax: Axes, recording: xr.Dataset, y: float) -> None:
    muted = {"va": "baseline", "color": color("muted")}
    at = _places()
    for left, right, total, digits in [
        (*at.power, recording.attrs["sum"], 1),
        (*at.share, float(recording.probability.sum()), 4),
    ]:
        ax.plot(
            [left, right + at.behind + 42],
            [y - 16, y - 16],
            color=color("quiet"),
            linewidth=px(1.2),
        )
        ax.text(left, y + 2, "sum", **muted)
        ax.text(right + at.behind, y + 2, fixed(total, digits), va="baseline")
    label = recording.attrs["label"]
    share, loss = recording.attrs["label_probability"], float(recording.loss)
    ax.text(
        (NARROW if is_narrow() else WIDTH) - at.margin,
        y + 34,
        say("cross-entropy", label=label, p=share, loss=loss),
        ha="right",
        va="baseline",
        fontsize=px(16),
        parse_math=True,
    )


def _temperatures(ax: Axes, recording: xr.Dataset, top: float, true: int) -> None:
    """Draw the probabilities at the lowest and at the highest of the temperatures."""
    gap, edge = (24.0, NARROW_MARGIN) if is_narrow() else (48.0, MARGIN)
    sheet = NARROW if is_narrow() else WIDTH
    for i, said in enumerate(_heading(sheet - 2 * edge)):
        ax.text(edge, top + 20 * i, said, va="baseline", weight="semibold")
    wide = (sheet - 2 * edge - gap) / 2
    ends = recording.panel_temperature.values
    for i, run in enumerate((int(ends.argmin()), int(ends.argmax()))):
        here = recording.isel(run=run)
        left, head = edge + i * (wide + gap), top + 20 * len(_heading(sheet - 2 * edge)) + 12
        ax.text(left, head, say("temperature", t=here.panel_temperature), va="baseline")
        for k, share in enumerate(here.panel_probability.values.tolist()):
            y = head + 24 + 26 * k
            right = left + wide - 50
            bar(ax, left, right, y, 1.0, color=color("quiet"))
            bar(ax, left, right, y, share, color=color("green" if k == true else "muted"))
            weight = "semibold" if k == true else "normal"
            ax.text(right + 8, y, percent(share), va="center_baseline", weight=weight)


def _heading(room: float) -> list[str]:
    return wrap(say("divided"), LABEL, room, "semibold")
