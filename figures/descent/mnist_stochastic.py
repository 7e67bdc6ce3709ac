"""Stochastic gradient descent on handwritten digits: a step for each example.

Source  000
"""

from __future__ import annotations

import xarray as xr
from matplotlib.figure import Figure

from figures.descent import _curves
from figures.descent._measured import near
from figures.parts.axes import beside, name_axes
from figures.parts.canvas import LABEL, WIDTH, Canvas, is_narrow, px, wrap
from figures.parts.colors import halo
from figures.parts.marks import dot
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "mnist_stochastic": "train_loss (epoch), test_loss (epoch), test_accuracy (epoch), "
    "epoch (epoch), best_accuracy, best_test_epoch, best_test_loss, ending, many, n_test",
}

VISUAL = Visual(
    uses=["mnist_stochastic"],
    title="{overfits:?Stochastic descent takes the test loss from {first_test_loss:.2n} to "
    "{test_loss:.2n}|After epoch\u00a0{best_test_epoch} the test loss rises, "
    "{ending:?more=yet more answers end up right|many=yet about as many end up right|"
    "fewer=and fewer answers end up right|low=}}",
    subtitle="The loss asks how probable the right answer was; the share below asks only whether "
    "it was the most probable one.",
    alt="Above, training and test cross-entropy over {epochs} epochs: the test loss is lowest at "
    "epoch {best_test_epoch}, at {best_test_loss:.3f}, and ends at {test_loss:.3f}. Below, the "
    "share of test {many} that are right: {best_accuracy:.1%} at epoch "
    "{best_test_epoch}, {test_accuracy:.1%} at the end.",
    caption="A {widths} network, η = {lr:g}: {n_steps:,} steps, each on one training {one}; an "
    "epoch is one pass over all {n_train:,}{named:?| of {dataset}}. The test loss was lowest "
    "at epoch {best_test_epoch}, {best_test_loss:.3f}, where "
    "{best_accuracy:.1%} of the {n_test:,} test {many} were right; at the end they are "
    "{test_loss:.3f} and {test_accuracy:.1%}{overfits:?|, while the training loss went on from "
    "{best_train_loss:.2n} to {train_loss:.2n}: what the network still learns are its training "
    "{many}}. Shaded: two standard errors of the difference of two such "
    "shares.{sampled:?| Of all {n_test_all:,} {many} of the test set, "
    "{test_accuracy_all:.1%} are right at the end.}",
    words={
        "lowest": "lowest: {best_test_loss:.3f}, after epoch\u00a0{best_test_epoch}",
        "then": "{best_accuracy:.1%}, after epoch\u00a0{best_test_epoch}",
        "above": "{share:.0%} higher",
        "band": "Shaded: too close to call on {n_test:,} {many}",
    },
    series={"train": ["train", "muted"], "test": ["test", "purple"]},
)


def draw(recording: xr.Dataset) -> Figure:
    """Return the losses over the shares of digits that are right."""
    fig = Canvas(476, narrow=True)
    across = WIDTH - _curves.LEFT - _curves.RIGHT
    loss = fig.place(_curves.LEFT, 34, across, 150)
    right = fig.place(_curves.LEFT, 232, across, 190)
    # After the first epoch: from there on, the story is in a small part of the first loss.
    later = recording.isel(epoch=slice(1, None))
    highest = max(float(later.train_loss.max()), float(later.test_loss.max()))
    _curves.losses(loss, recording, top=1.35 * highest)
    best, last = recording.attrs["best_test_epoch"], int(recording.epoch[-1])
    then, now = (float(recording.test_accuracy[k]) for k in (best, -1))
    apart = near(max(then, now), recording.attrs["n_test"])
    shares = recording.test_accuracy.values[min(2, last) :]  # as above
    low, high = min(shares.min(), then - apart), max(shares.max(), then + apart)
    _curves.accuracies(right, recording, low - 0.16 * (high - low), high + 0.04 * (high - low))
    right.sharex(loss)
    loss.tick_params(labelbottom=False)
    name_axes(right, x="epoch")

    _curves.lowest(loss, recording.epoch.values, recording.test_loss.values, best, say("lowest"))
    for ax, ends in (
        (loss, (0.0, float(recording.test_loss.sel(epoch=best)))),
        (right, (then, right.get_ylim()[1])),
    ):  # towards the other chart
        ax.vlines(best, *ends, label="_lowest", color=color("muted"), linewidth=px(1), zorder=1)
    dot(right, best, then, color=series("test").color)
    words = wrap(say("band"), LABEL, 190 if is_narrow() else 420)
    # On the other side of its level than the curve ends.
    side = 1 if now < then else -1
    style = {"ha": "right", "va": "bottom" if side > 0 else "top"}
    if recording.attrs["ending"] == "low" or best > 0.5 * last:
        beside(right, say("then"), (best, then), shift=(-10, 10 * side), weight="semibold", **style)
        return fig
    # From both levels, how far it is to the end.
    rise = float(recording.test_loss[-1] / recording.test_loss[best]) - 1
    beside(loss, say("above", share=rise), (last, float(recording.test_loss[-1])), shift=(-8, 10),
           ha="right", va="bottom", path_effects=halo())  # fmt: skip
    right.plot([best, last], [then, then], color=color("text"), linewidth=px(1.25),
               dashes=(4, 3), zorder=2, label="_level")  # fmt: skip
    right.fill_between([best, last], then - apart, then + apart, color=color("muted"),
                       alpha=0.16, linewidth=0, zorder=1, label="_near")  # fmt: skip
    if abs(now - then) > apart:
        _curves.arrow(right, last, then, now)
    beside(right, say("then"), (last, then), shift=(-8, 7 * side), weight="semibold", **style)
    beside(right, "\n".join(words), (last, then + side * apart), shift=(-8, 6 * side),
           linespacing=1.2, color=color("muted"), path_effects=halo(), **style)  # fmt: skip
    return fig
