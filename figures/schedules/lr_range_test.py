"""A learning rate range test, and whole trainings at constant rates beside it.

Source  004, cyclical learning and the lr range test; Smith 2017, arXiv:1506.01186, section 3.3
"""

from __future__ import annotations

from functools import partial

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, name_axes, ticks
from figures.parts.canvas import LABEL, MARGIN, WIDTH, Canvas, is_narrow, px, wrap
from figures.parts.colors import halo
from figures.parts.marks import dot
from look import theme
from look.numbers import form
from look.runs import series
from look.words import Visual, say

READS = {
    "lr_range_test": "lr (step), loss (step), rate (x_rate), training_loss (x_rate, "
    "step_training), band_high, band_low, best_loss, best_rate, repeats, start_loss, turn_loss, "
    "turn_lr, turns",
}

VISUAL = Visual(
    uses=["lr_range_test"],
    title="{turns:?No rate tried breaks training|Raise the rate until training breaks}: "
    "the best of {n_rates} constant rates lies {inside:?outside of|in} the band that this suggests",
    subtitle="On {dataset}, {repeats:?no runs|one run|{repeats} runs} whose rate climbs at "
    "every step, and {n_rates} trainings of {train_steps} steps, each at one rate. The band: from "
    "a tenth of the fall to a little before the lowest point.",
    alt="Over an axis of learning rates, the loss under a rate that climbs falls to "
    "{turn_loss:.2f} at η = {turn_lr:.2n}{turns:?|, then shoots up}. A band from {band_low:.2n} "
    "to {band_high:.2n} is marked. Dots show the losses of whole trainings at constant rates; the "
    "lowest is at η = {best_rate:g}, {inside:?outside of|within} the band.",
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
        "At every step the rate grows by the same factor; {repeats:?no runs|one run|mean of "
        "{repeats} runs} on {dataset}.",
        "check": "It suggests a band. Is that right? {n_rates} whole trainings, a rate each\n"
        "The band: from a tenth of the fall to a little before the lowest point.",
        "verdict": "The best of them, η = {best_rate:g}, lies {inside:?outside of|in} the band\n"
        "{turns:?No rate tried broke the climbing runs|The climbing runs turned at {turn_lr:.2n}}; "
        "their band is {band_low:.2n} to {band_high:.2n}.",
        "band": "suggested band\n{band_low:.2n} to {band_high:.2n}",
        "breaks": "training breaks",
        "turn": "lowest at η = {turn_lr:.2n}",
        "best": "best: η = {best_rate:g}",
        "best film": "η = {best_rate:g}",
        "band film": "{band_low:.2n} to {band_high:.2n}",
        "rate axis": "learning rate η, logarithmic",
        "loss": "loss",
    },
    series={
        "climb": ["{repeats:?no run|one run|mean of {repeats} runs}, the rate climbing", "purple"],
        "train": ["a dot: the loss of a whole training at one rate", "muted"],
    },
)

LEFT, TOP, TALL = 54.0, 34.0, 350.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the loss of the climb and those of whole trainings, on one axis of rates."""
    fig = Canvas(TOP + TALL + 56, narrow=True)
    ax = fig.place(LEFT, TOP, WIDTH - MARGIN - LEFT, TALL)
    _rates(ax, recording)
    _losses(ax, recording)
    name_axes(ax, x=say("rate axis"))
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
    ticks(ax, "y", [value for value in (0, 1, 2, 3) if value <= top])
    heading(ax, say("loss"), lift=10)
    ends = recording.training_loss.values[:, -1]
    own = series("climb")
    ax.plot(recording.lr, recording.loss, color=own.color, linewidth=px(3), label="climb")
    _dots(ax, recording.rate.values, np.minimum(ends, top), ends <= top)
    turn = attrs["turn_lr"], attrs["turn_loss"]
    dot(ax, *turn, color=own.color, size=10, label="turn")
    if is_narrow():  # the curve leaves no room above the point
        said = "\n".join(wrap(say("turn"), LABEL, 80))
        beside(ax, said, turn, shift=(32, 14), path_effects=halo(), zorder=7)
    else:
        ax.annotate(
            "", turn, (0, 42), textcoords="offset points", zorder=3,
            arrowprops={"arrowstyle": "-", "color": theme.color("muted"), "linewidth": px(1)},
        )  # fmt: skip
        beside(ax, say("turn"), turn, shift=(0, 62), ha="center", path_effects=halo(), zorder=7)
    best = attrs["best_rate"], attrs["best_loss"]
    dot(
        ax, *best, color="none", size=19, markeredgecolor=theme.color("text"),
        markeredgewidth=px(1.75), marker="o", zorder=6,
    )  # fmt: skip
    room = best[0] < ax.get_xlim()[1] / 30  # for words to the right
    beside(
        ax, say("best"), best, shift=(15 if room else -15, -4), ha="left" if room else "right",
        weight="semibold", path_effects=halo(), zorder=7,
    )  # fmt: skip
    _names(ax, recording, top)
    beside(
        ax, say("band"), (attrs["band_low"], top), shift=(6, -4), va="top", path_effects=halo(),
        color=theme.color("muted"),
    )  # fmt: skip


def _dots(ax: Axes, rate: np.ndarray, height: np.ndarray, seen: np.ndarray | None = None) -> None:
    """Draw the trainings; one above the axes is an arrowhead at their edge."""
    color = theme.color(series("train").token)
    inside = np.ones(len(rate), bool) if seen is None else seen
    style = {"linestyle": "none", "color": color, "markeredgecolor": theme.color("background"),
             "markeredgewidth": px(1.5), "clip_on": False, "zorder": 5}  # fmt: skip
    ax.plot(rate[inside], height[inside], marker="o", markersize=px(11), label="train", **style)
    ax.plot(rate[~inside], height[~inside], marker="^", markersize=px(12), label="_above", **style)


def _names(ax: Axes, recording: xr.Dataset, top: float) -> None:
    """Say at their marks what the line is, what the dots are, and where training breaks."""
    lr, loss, rate = recording.lr.values, recording.loss.values, recording.rate.values
    beside(ax, series("climb").label, (float(lr[0]), float(loss[0])), shift=(2, 12),
           path_effects=halo(), zorder=7)  # fmt: skip
    ends = np.minimum(recording.training_loss.values[:, -1], top)
    first = int(np.argmin(rate))
    said = "\n".join(wrap(series("train").label, LABEL, 130))
    beside(ax, said, (float(rate[first]), float(ends[first])), shift=(-2, -10), va="top",
           ha="left" if ends[first] < 0.5 * top else "center", color=theme.color("muted"),
           path_effects=halo(), zorder=7)  # fmt: skip
    if not recording.attrs["turns"]:
        return
    up = np.flatnonzero((lr > recording.attrs["turn_lr"]) & ~(loss < 0.88 * top))
    if len(up):
        beside(ax, say("breaks"), (float(lr[up[0]]), 0.88 * top), shift=(-12, -4), ha="right",
               weight="semibold", path_effects=halo(), zorder=7)  # fmt: skip
