"""A learning rate range test, and whole trainings at constant rates beside it.

Source  004, cyclical learning and the lr range test; Smith 2017, arXiv:1506.01186, section 3.3
"""

from __future__ import annotations

from functools import partial

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from figures.parts.axes import beside, heading, legend, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.colors import halo
from figures.parts.marks import dot
from look import theme
from look.numbers import form, percent
from look.runs import series
from look.words import Visual, say

READS = {
    "lr_range_test": "lr (step), loss (step), accuracy (x_accuracy), accuracy_lr (x_accuracy), "
    "rate (x_rate), training_loss (x_rate, step_training), training_accuracy (x_rate), band_high, "
    "band_low, best_loss, best_rate, start_loss, train_steps, turn_loss, turn_lr",
}

VISUAL = Visual(
    uses=["lr_range_test"],
    title="{turns:?No rate tried breaks training|Raise the rate until training breaks}: "
    "the best of {n_rates} constant rates lies {inside:?outside of|in} the band that this suggests",
    subtitle="Line: training on {dataset} with a rate that climbs at every step. Dots: {n_rates} "
    "whole trainings, each at one rate.",
    alt="Two panels over one axis of learning rates. Above, the loss under a rate that climbs "
    "falls to {turn_loss:.2f} at η = {turn_lr:.2n}{turns:?|, then shoots up}. A band from "
    "{band_low:.2n} to {band_high:.2n} is marked. Dots show the losses of whole trainings at "
    "constant rates; the lowest is at η = {best_rate:g}, {inside:?outside of|within} the band. "
    "Below, the test accuracy of the same runs.",
    caption="A {widths} network, {n_train:,} training examples, batches of {batch_size}, momentum "
    "{momentum:g}. The rate climbs from {lr_low:g} to {lr_high:g} by the same factor at each of "
    "{n_steps} steps; losses are those of the batches, averaged over {window} steps and "
    "{repeats:?no|one|two|three|four|{repeats}} runs. The band begins where the loss has fallen a "
    "tenth of its way and ends at {top_share:g} times the rate at which it is lowest. Trainings at "
    "constant rates take {train_steps} steps, a mean of "
    "{train_repeats:?no|one|two|three|four|{train_repeats}} each; {n_inside} of {n_rates} rates "
    "lie in the band.",
    words={
        "start": "Which learning rate? Raise it until training breaks\n"
        "At every step the rate grows by the same factor; mean of {repeats} runs on {dataset}.",
        "check": "It suggests a band. Is that right? {n_rates} whole trainings, a rate each\n"
        "The band: from a tenth of the fall to a little before the lowest point.",
        "verdict": "The best of them, η = {best_rate:g}, lies {inside:?outside of|in} the band\n"
        "{turns:?No rate tried broke the climbing runs|The climbing runs turned at {turn_lr:.2n}}; "
        "their band is {band_low:.2n} to {band_high:.2n}.",
        "band": "suggested band\n{band_low:.2n} to {band_high:.2n}",
        "turn at": "lowest at η = {turn_lr:.2n}",
        "best": "lowest of them: η = {best_rate:g}",
        "best film": "η = {best_rate:g}",
        "band film": "{band_low:.2n} to {band_high:.2n}",
        "rate axis": "learning rate η, logarithmic",
        "loss": "loss",
        "accuracy": "test accuracy",
    },
    series={
        "climb": ["the rate climbs", "purple"],
        "train": ["constant rate, {train_steps} steps", "muted"],
    },
)

LEFT, WIDE = 64.0, WIDTH - MARGIN - 64.0
TOPS, TALL = (62.0, 392.0), (258.0, 120.0)


def draw(recording: xr.Dataset) -> Figure:
    """Return the losses over the accuracies, on one axis of rates."""
    fig = Canvas(TOPS[1] + TALL[1] + 56)
    loss, accuracy = (
        fig.place(LEFT, top, WIDE, tall) for top, tall in zip(TOPS, TALL, strict=True)
    )
    for ax in (loss, accuracy):
        _rates(ax, recording)
    _losses(loss, recording)
    _accuracies(accuracy, recording)
    name_axes(accuracy, x=say("rate axis"))
    _key(fig)
    return fig


def _rates(ax: Axes, recording: xr.Dataset) -> None:
    """Set the axis of rates, with the band on it."""
    lr, attrs = recording.lr.values, recording.attrs
    low = min(float(lr[0]), float(recording.rate.min()))
    high = max(float(lr[-1]), float(recording.rate.max()))
    ax.set(xscale="log", xlim=(low, high * 1.05))
    powers = 10.0 ** np.arange(np.ceil(np.log10(low) - 1e-9), np.floor(np.log10(high)) + 1)
    ticks(ax, "x", powers.tolist(), partial(form, spec="g"))
    ax.axvspan(
        attrs["band_low"], attrs["band_high"], color=theme.color("quiet"), alpha=0.6, linewidth=0,
        zorder=0, label="band",
    )  # fmt: skip


def _losses(ax: Axes, recording: xr.Dataset) -> None:
    attrs = recording.attrs
    top = 1.3 * attrs["start_loss"]
    ax.set_ylim(0, top)
    ax.grid(axis="y")
    ticks(ax, "y", [value for value in (0, 0.5, 1, 1.5, 2, 2.5, 3) if value <= top])
    heading(ax, say("loss"), lift=10)
    ends = recording.training_loss.values[:, -1]
    own = series("climb")
    ax.plot(recording.lr, recording.loss, color=own.color, linewidth=px(3), label="climb")
    _dots(ax, recording.rate.values, np.minimum(ends, top), ends <= top)
    turn = attrs["turn_lr"], attrs["turn_loss"]
    dot(ax, *turn, color=own.color, size=10)
    best = attrs["best_rate"], attrs["best_loss"]
    dot(
        ax, *best, color="none", size=19, markeredgecolor=theme.color("text"),
        markeredgewidth=px(1.75), marker="o", zorder=6,
    )  # fmt: skip
    edge = ax.get_xlim()[1] / 40  # up to here there is room for words to the right
    room, right = best[0] < edge, turn[0] < edge
    under = ax.transData.transform([turn, best])[:, 1] / (ax.figure.dpi / 96) - (18, 4)
    clear = abs(under[0] - under[1]) > 24  # of the words beside the ring
    beside(
        ax, say("turn at"), turn, shift=(10 if right else -10, -18 if clear else 34),
        ha="left" if right else "right", path_effects=halo(),
    )  # fmt: skip
    beside(
        ax, say("best"), best, shift=(15 if room else -15, -4), ha="left" if room else "right",
        weight="semibold", path_effects=halo(), zorder=7,
    )  # fmt: skip
    beside(
        ax, say("band"), (attrs["band_low"], top), shift=(6, -4), va="top", path_effects=halo(),
        color=theme.color("muted"),
    )  # fmt: skip


def _accuracies(ax: Axes, recording: xr.Dataset) -> None:
    ax.set_ylim(0, 1)
    ax.grid(axis="y")
    ticks(ax, "y", [0, 0.5, 1], percent)
    heading(ax, say("accuracy"), lift=10)
    ax.plot(
        recording.accuracy_lr, recording.accuracy, color=series("climb").color, linewidth=px(3),
        label="climb",
    )  # fmt: skip
    _dots(ax, recording.rate.values, recording.training_accuracy.values)


def _dots(ax: Axes, rate: np.ndarray, height: np.ndarray, seen: np.ndarray | None = None) -> None:
    """Draw the trainings; one above the axes is an arrowhead at their edge."""
    color = theme.color(series("train").token)
    inside = np.ones(len(rate), bool) if seen is None else seen
    style = {"linestyle": "none", "color": color, "markeredgecolor": theme.color("background"),
             "markeredgewidth": px(1.5), "clip_on": False, "zorder": 5}  # fmt: skip
    ax.plot(rate[inside], height[inside], marker="o", markersize=px(11), label="train", **style)
    ax.plot(rate[~inside], height[~inside], marker="^", markersize=px(12), label="_above", **style)


def _key(fig: Canvas) -> None:
    """Say what the line is, and what the dots are."""
    climb, train = series("climb"), series("train")
    legend(fig, [(climb.label, climb.color, "solid")], left=LEFT, top=14)
    left = LEFT + 190
    fig.add_artist(
        Line2D(
            *([value] for value in fig.at(left, 14)), marker="o", markersize=px(11),
            color=train.color, linestyle="none", markeredgecolor=theme.color("background"),
        )
    )  # fmt: skip
    fig.write(left + 12, 18.5, train.label)
