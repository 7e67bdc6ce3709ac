"""From scores to a loss, column by column.

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
    is_narrow,
    px,
)
from figures.parts.marks import dot
from figures.parts.networks import bar
from look.numbers import fixed, number
from look.theme import color
from look.words import Visual, say

READS = {
    "softmax_flow": "logit (class), exponential (class), probability (class), one_hot (class), "
    "loss (), label, label_probability, sum",
}

VISUAL = Visual(
    uses=["softmax_flow"],
    title="Softmax turns scores into probabilities; the loss reads one of them",
    subtitle="Each score becomes a power of e, which is above 0. Its share of their sum is its "
    "class’s probability. Green: the true class.",
    alt="Four rows, one a class. From left to right: the score as a bar, its exponential, the "
    "probability, and the label as 0 or 1. Under the exponentials and under the probabilities all "
    "bars of the column are laid end to end: their sum. From the true class’s row alone an arrow "
    "leads on, to the loss, minus the logarithm of its probability.",
    caption="The true class {label} gets probability {label_probability:.4f}, so the loss, called "
    "cross-entropy, is {cross_entropy:.3f}. Scores are also called logits. A temperature T divides "
    "them first: at T = {flat:g} the same scores give all classes between {flat_least:.4f} and "
    "{flat_most:.4f}. Dividing scores by their sum before softmax, as some texts do, is such a "
    "temperature and flattens the answer.",
    words={
        "scores": "How do scores become probabilities?\n"
        "A network’s last layer gives each class a score.",
        "shares": "The powers are above 0: their shares are the probabilities\n"
        "All bars end to end are the sum; that whole is called 1.",
        "temperature film": "Scores divided by T: a small T sharpens, a large one flattens\n"
        "T is called the temperature. Marks: the shares at T = 1.",
        "class": "class {k}",
        "range": "share of the sum",
        "range short": "share",
        "share of sum": "share of the sum",
        "temperature": "T = {t}",
        "score": "score",
        "above": "above 0",
        "logit": "$z$",
        "power": "$e^z$",
        "share": "$p=\\dfrac{{e^z}}{{\\sum e^z}}$",
        "target": "$y$",
        "loss": "$-\\log\\,p_{label}$",
        "loss of": "−log {p:.4f} = {loss:.3f}",
        "loss line": "loss: −log $p_{label}$ = −log {p:.4f} = {loss:.3f}",
    },
)

TOP, PITCH = 104.0, 40.0


class Places(NamedTuple):
    """Where the bars of the columns begin and end, and the middle of the labels; CSS pixels."""

    logit: tuple[float, float]
    power: tuple[float, float]
    share: tuple[float, float]
    label: float
    margin: float
    behind: float  # from a bar's end to its number


WIDE = Places((88, 134), (190, 264), (350, 430), 508, MARGIN, 8)
SLIM = Places((70, 98), (134, 172), (222, 272), 338, NARROW_MARGIN, 5)  # of the narrow sheet


def _places() -> Places:
    return SLIM if is_narrow() else WIDE


def draw(recording: xr.Dataset) -> Figure:
    """Return the flow, a row a class, and what each column adds up to."""
    n = recording.sizes["class"]
    foot = TOP + n * PITCH + 8
    fig, ax = units.page(foot + 26, narrow=foot + 72)
    true = int(recording.one_hot.values.argmax())
    _headings(ax, true, recording)
    for k in range(n):
        _row(ax, recording, k, TOP + PITCH * k, true)
    _sums(ax, recording, foot, true)
    _loss(ax, recording, TOP + PITCH * true, foot)
    return fig


def _headings(ax: Axes, true: int, recording: xr.Dataset) -> None:
    note = {"va": "baseline", "color": color("muted"), "fontsize": px(TICK)}
    at = _places()
    columns = [
        (at.logit[0], "logit", say("score")),
        (at.power[0], "power", say("above")),
        (at.share[0], "share", say("range short" if is_narrow() else "range")),
    ]
    for x, name, words in columns:
        ax.text(x, TOP - 72, say(name), parse_math=True, fontsize=px(18), va="center_baseline")
        ax.text(x, TOP - 24, words, **note)
    ax.text(at.label, TOP - 72, say("target"), ha="center", parse_math=True, fontsize=px(18),
            va="center_baseline")  # fmt: skip
    ax.text(at.label, TOP - 24, "label", ha="center", **note)


def _ink(recording: xr.Dataset, k: int, true: int) -> str:
    """Return the colour of a class's share: green the true class's, dark the largest."""
    top = int(recording.probability.values.argmax())
    return color("green" if k == true else "text" if k == top else "muted")


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
    # as long as in the bar of the sum, so that it is seen that dividing changes no length
    bar(ax, *at.power, y, power / recording.attrs["sum"], color=color("muted"))
    ax.text(at.power[1] + at.behind, y, fixed(power, 2), **style)
    if not is_narrow():  # there is no room for arrows there
        _arrow(ax, at.logit[1] + 24, at.power[0] - 12, y)
        _arrow(ax, at.power[1] + 52, at.share[0] - 12, y)
    bar(ax, *at.share, y, 1.0, color=color("quiet"))
    bar(ax, *at.share, y, share, color=_ink(recording, k, true))
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


def _sums(ax: Axes, recording: xr.Dataset, y: float, true: int) -> None:
    """Lay the bars of a column end to end: what they add up to."""
    at = _places()
    shares = recording.probability.values
    ends = np.cumsum(shares)
    ax.text(at.margin, y, "sum", va="center_baseline", color=color("muted"))
    plain = [color("muted")] * len(shares)
    told = [_ink(recording, k, true) for k in range(len(shares))]
    for (left, right), total, inks in [
        (at.power, fixed(recording.exponential.round(2).sum(), 2), plain),  # of what is printed
        (at.share, number(1), told),  # what shares add up to
    ]:
        ax.plot(
            [left, right + at.behind + (36 if is_narrow() else 42)],
            [y - 22, y - 22],
            color=color("quiet"),
            linewidth=px(1.2),
        )
        for start, end, ink in zip(ends - shares, ends, inks, strict=True):
            a, b = left + start * (right - left), left + end * (right - left)
            bar(ax, a, max(a, b - 1.5), y, 1.0, color=ink)
        ax.text(right + at.behind, y, total, va="center_baseline")


def _loss(ax: Axes, recording: xr.Dataset, y: float, foot: float) -> None:
    """Write the loss in the true class's row, or on the narrow sheet under all."""
    label = recording.attrs["label"]
    share, loss = recording.attrs["label_probability"], float(recording.loss)
    at = _places()
    if is_narrow():
        ax.text(
            NARROW - at.margin, foot + 52,
            say("loss line", label=label, p=share, loss=loss), ha="right", va="baseline",
            fontsize=px(LABEL), parse_math=True,
        )  # fmt: skip
        return
    _arrow(ax, at.label + 17, at.label + 42, y)
    left = at.label + 48
    ax.text(left, y, say("loss of", p=share, loss=loss), va="center_baseline", weight="semibold")
    ax.text(left, TOP - 72, say("loss", label=label), va="center_baseline", fontsize=px(18),
            parse_math=True)  # fmt: skip
    ax.text(left, TOP - 24, "loss", va="baseline", color=color("muted"), fontsize=px(TICK))
