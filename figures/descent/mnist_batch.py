"""Batch gradient descent on handwritten digits: one step an epoch, beside mini-batches' many.

Source  000
"""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.descent import _curves
from figures.parts.axes import beside, name_axes
from figures.parts.canvas import LABEL, is_narrow, px, subplots
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.numbers import joined
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "mnist_equal_steps": "test_loss (run, epoch), run (run), epoch (epoch), mini_batch, n_steps, "
    "n_train, rival_epochs",
}

VISUAL = Visual(
    uses=["mnist_equal_steps"],
    title="{alike:?same={n_steps:,} {n_steps:?steps|step|steps} reach about the same loss, in "
    "{rival_epochs:?no epochs|one epoch|{rival_epochs} epochs} or in {epochs}|"
    "lower={n_steps:,} {n_steps:?steps|step|steps} get further in {rival_epochs:?no epochs|"
    "one epoch|{rival_epochs} epochs} than in {epochs}|"
    "higher={n_steps:,} {n_steps:?steps|step|steps} get less far in {rival_epochs:?no epochs|"
    "one epoch|{rival_epochs} epochs} than in {epochs}|"
    "unknown=Whole batches get to a loss of {test_loss:.2f} in {epochs:?no epochs|one epoch|"
    "{epochs} epochs}}",
    subtitle="Loss on {n_test:,} test {many}{named:?| of {dataset}}. An epoch is one pass over all "
    "{n_train:,} training {many}.",
    alt="Two curves of the test loss over {epochs} epochs, from one start. That of whole batches "
    "goes slowly from {first_test_loss:.2f} to {test_loss:.2f}, that of mini-batches fast. "
    "{alike:?unknown=|same=A dot on each marks the same number of steps, and a level dashed line "
    "joins the two.|lower=A dot on each marks the same number of steps.|higher=A dot on each marks "
    "the same number of steps.}",
    caption="A {widths} network, η = {lr:g}, from the same weights. Batch gradient descent takes "
    "one step an epoch, on the mean gradient of all {n_train:,} training {many}; mini-batches take "
    "one on every {mini_batch:,} {many}. A step costs more on a whole batch, and where steps are "
    "as good, that buys nothing.",
    words={
        "batch": "whole batches of {n_train:,}",
        "mini_batch": "mini-batches of {mini_batch:,}",
        "at": "{n_steps:,} {n_steps:?steps|step|steps}: {loss:.2f}",
        "after": "after {epochs:?no epoch|one epoch|{epochs} epochs}",
    },
    series={"batch": ["whole batches", "indigo"], "mini_batch": ["mini-batches", "green"]},
)

UNDER = 9.0  # from a mark to its words, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return the two test losses by epochs, with as many steps marked on both and joined."""
    fig, ax = subplots(height=412, left=_curves.LEFT, top=34, bottom=54, narrow=True)
    _curves.frame(ax, recording)
    last = int(recording.epoch[-1])
    ax.set_ylim(0, 1.06 * float(recording.test_loss.max()))
    name_axes(ax, x="epoch", y="test loss")
    for name in recording.run.values.tolist():
        ax.plot(recording.epoch, recording.test_loss.sel(run=name), color=series(name).color,
                linewidth=px(3), label=name, zorder=3)  # fmt: skip
    batch, rival = (recording.test_loss.sel(run=name).values for name in ("batch", "mini_batch"))
    style = {"path_effects": halo(), "weight": "semibold", "linespacing": 1.2}
    third = last // 3
    beside(ax, say("batch"), (third, float(batch[third])), shift=(8, 8), **style)
    # At its end too; where the words under the other end leave no room over it, under both.
    scale, rows = fig.dpi / 96, 2 if is_narrow() else 1
    high, low = ax.transData.transform([(0, batch[-1]), (0, rival[-1])])[:, 1] / scale
    foot = high - UNDER - 1.2 * LABEL * rows
    up = 7 if low + 7 + LABEL < foot else min(0.0, foot - low) - LABEL - 8
    beside(ax, say("mini_batch"), (last, float(rival[-1])), shift=(0, up), ha="right", **style)
    marked = {"batch": (last, float(batch[-1]))}
    if (epoch := recording.attrs["rival_epochs"]) >= 0:
        marked["mini_batch"] = epoch, float(rival[epoch])
        ax.plot(*zip(*marked.values(), strict=True), color=color("text"), linewidth=px(1.5),
                dashes=(4, 3), zorder=2, label="_same")  # fmt: skip
    for name, (epoch, loss) in marked.items():
        dot(ax, epoch, loss, color=series(name).color, size=13, zorder=5)
        words = say("at", loss=loss), say("after", epochs=epoch)
        _under(ax, words, (epoch, loss), first=epoch < 0.3 * last, end=epoch == last)
    return fig


def _under(
    ax: Axes, words: tuple[str, str], at: tuple[float, float], *, first: bool, end: bool
) -> None:
    """Write the loss of a mark and its time: under it, over it where that is taken by another."""
    under = first or end
    text = joined(words, "\n" if is_narrow() else ", ")
    beside(ax, text, at, shift=(0 if end else 15, -UNDER if under else UNDER),
           ha="right" if end else "left", va="top" if under else "bottom", linespacing=1.2,
           path_effects=halo(3), zorder=6)  # fmt: skip
