"""A line settles on points, its residuals drawn as squares, and its way down the bowl of its error.

Source  001, 004
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from figures.parts.axes import AXES, beside, label_ends, name_axes
from figures.parts.canvas import MARGIN, NARROW_MARGIN, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo, line_halo
from figures.parts.contours import contours
from figures.parts.marks import dot, path, ring
from look.fits import residual_squares, typical
from look.theme import color
from look.words import Visual, say

READS = {
    "linear_regression_fit": "theta (step, param), loss (step), step (step), mse (y, x), "
    "least_squares (param), point_x (example), point_y (example), line_x (component), "
    "line_y (step, component), w (x), b (y), n_train, outcome",
}

VISUAL = Visual(
    uses=["linear_regression_fit"],
    title="Gradient descent {outcome:?settled=settles on|nearer=nears|farther=runs away from} the "
    "least-squares line",
    subtitle="Each line is a point of the map; the darker the map, the smaller the mean of all "
    "{n_train} patients’ squares, of which three are drawn. Steps of η = {lr:g}.",
    alt="A cloud of points that rises from left to right, with straight lines: faint those of the "
    "first steps, and bold the last one, with a square between it and each of some points, "
    "as wide as the point is far off.{outcome:?farther=|settled= Two squares in one corner: the "
    "mean of all squares at first, and the smaller one at last.|nearer= Two squares in one corner: "
    "the mean of all squares at first, and the smaller one at last.} A map of long "
    "ellipses around a star, with a path from a ring that "
    "{crosses:?bends into|zig-zags across} the valley; with its {n_steps} steps gradient descent "
    "{outcome:?settled=settles on|nearer=nears|farther=runs away from} the "
    "least-squares line, w = {best_w:.2f}, b = {best_b:.2f}.",
    caption="Body mass index and progression of the disease one year later ({n_train} patients of "
    "scikit-learn’s diabetes data). Slope and intercept are those of both columns scaled to "
    "0 … 1, on one scale: steps leave the contours at right angles. Gradient descent with "
    "η = {lr:g} (above {largest_rate:.2f} it diverges) ends "
    "{away:.1g} away from the least-squares solution, w = {best_w:.2f}, b = {best_b:.2f}. With "
    "Gaussian noise of constant width, the negative log likelihood is the mean squared error, "
    "scaled and shifted: its minimum, found by itself, differs by {agreement:.0e}.",
    words={
        "start": "Which line is nearest to all points?\n"
        "The distances of {n_squares} of {n_train} patients from it grow into squares.",
        "descent": "{climbs:?Each step of gradient descent shrinks the mean square|Each step "
        "overshoots by more than the last}\n"
        "η = {lr:g}. Thin: the first lines, and how large the mean square was at first.",
        "minimum": "It {outcome:?settled=settles on|nearer=nears|farther=runs away from} the "
        "least-squares line\n"
        "{outcome:?settled=No straight line has a smaller mean square: {share:.0%} of the first "
        "one’s|nearer=The mean square is {share:.0%} of the first one’s|farther=Its mean square "
        "has no room any more}.",
        "mean of all": "mean of all {n_train} squares",
        "J": "J =",
        "step": "step {step}",
        "off": "step {step}: off the picture",
        "at first": "step {step}",
        "at last": "{outcome:?settled=step {step}:\nleast mean square|nearer=the least|"
        "farther=the least}",
        "squares": "mean of all\n{n_train} squares:\nthin at step 0,\nfull at step {step}",
        "share": "{share:.0%}",
        "slope": "slope",
        "intercept": "intercept",
    },
)

ROUND = [1, 2, 5, 10]  # what ticks are multiples of
N_SQUARES = 3  # residuals that are drawn as squares
SEEN = 3  # lines of the first steps, and their points on the map
FIT, TALL = 252.0, 346.0  # width and height of the cloud, CSS pixels
MAP = 286.0, 216.0  # of the map
MEAN = 130.0  # height of the mean squares
PHONE = 236.0  # width of the cloud on the narrow sheet


def draw(recording: xr.Dataset) -> Figure:
    """Return the lines on the points beside the bowl of their mean squares."""
    fig = Canvas(32 + TALL + 62, narrow=32 + TALL + MAP[1] + 286)
    left, right = MARGIN + 34, WIDTH - MARGIN - MAP[0]
    wide, top, mean = FIT, 32 + TALL - MAP[1], -2.0
    if is_narrow():  # under each other
        left, right, wide, top = NARROW_MARGIN + 34, NARROW_MARGIN + 20, PHONE, 32 + TALL + 232
        mean = 32 + TALL + 64
    fit = fig.place(left, 32, wide, TALL)
    _fit(fit, recording)
    _bowl(fig.place(right, top, *MAP), recording)
    _mean(fig.place(right, mean, MAP[0], MEAN), fit, recording)
    return fig


def _mean(ax: Axes, fit: Axes, recording: xr.Dataset) -> None:
    """Draw the mean squares of the first and of the last line, on the scale of the squares."""
    one = np.ptp(recording.point_y.values) * TALL / np.ptp(fit.get_ylim())  # of 0 … 1, CSS pixels
    first, last = one * np.sqrt(recording.loss.values[[0, -1]])
    ax.set(xlim=(0, MAP[0]), ylim=(0, MEAN))
    ax.axis("off")
    if not last <= first <= MEAN:
        return  # there is no room for what grew
    hue = color("vermillion")
    ax.add_patch(Rectangle((0, 0), first, first, fill=False, edgecolor=hue, linewidth=px(1),
                           clip_on=False, label="mean"))  # fmt: skip
    ax.add_patch(Rectangle((0, 0), last, last, facecolor=(*to_rgb(hue), 0.3), edgecolor=hue,
                           linewidth=px(2.5), clip_on=False, label="mean"))  # fmt: skip
    beside(ax, say("share", share=(last / first) ** 2), (last / 2, last / 2), ha="center",
           va="center", weight="semibold")  # fmt: skip
    beside(ax, say("squares", step=int(recording.step[-1])), (first, first / 2), shift=(14, 0),
           va="center")  # fmt: skip


def _fit(ax: Axes, recording: xr.Dataset) -> None:
    x, lines = recording.line_x.values, recording.line_y.values
    y = recording.point_y.values
    room = 0.08 * np.ptp(y)
    ax.set(xlim=(x[0], x[-1]), ylim=(y.min() - room, y.max() + room))
    ax.plot(
        recording.point_x, y, linestyle="none", marker="o", markersize=px(4.5),
        color=color("muted"), alpha=0.4, markeredgewidth=0, label="patients", zorder=1,
    )  # fmt: skip
    last = len(lines) - 1
    named = []
    for step in sorted({*range(min(SEEN, last)), last}):
        final = step == last
        (drawn,) = ax.plot(
            x,
            lines[step],
            color=color("vermillion"),
            linewidth=px(4 if final else 1.5),
            alpha=1 if final else 0.7,
            label=say("step", step=step),
            path_effects=line_halo(4) if final else None,
            zorder=3,
        )
        low, high = ax.get_ylim()
        if low <= lines[step][-1] <= high:
            named.append(drawn)
        elif final:
            beside(
                ax, say("off", step=step), (1, 0), of=AXES, shift=(-6, 8),
                ha="right", path_effects=halo(),
            )  # fmt: skip
    _squares(ax, recording)
    label_ends(ax, named)
    ax.xaxis.set_major_locator(MaxNLocator(4, steps=ROUND))
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=ROUND))
    name_axes(ax, x="body mass index in kg/m²", y="progression after one year")


def _squares(ax: Axes, recording: xr.Dataset) -> None:
    """Draw some residuals of the last line as squares, on the side away from it."""
    box = ax.get_window_extent()
    shape = np.ptp(ax.get_xlim()) / box.width * box.height / np.ptp(ax.get_ylim())
    (low, high), hue = ax.get_xlim(), color("vermillion")
    x, y = recording.point_x.values, recording.point_y.values
    line = recording.line_x.values, recording.line_y.values[-1]
    chosen = typical(x, y, *line, N_SQUARES)
    squares = residual_squares(x[chosen], y[chosen], *line, shape)
    for own, (left, bottom, wide, tall) in zip(chosen, squares, strict=True):
        if left < low or left + wide > high:
            continue  # cut by the frame it would be no square
        ax.add_patch(
            Rectangle((left, bottom), wide, tall, facecolor=hue, alpha=0.2, linewidth=0, zorder=2)
        )
        ax.add_patch(
            Rectangle((left, bottom), wide, tall, fill=False, edgecolor=hue, linewidth=px(1.25),
                      label="square", zorder=2)
        )  # fmt: skip
        dot(ax, x[own], y[own], color=hue, size=9)  # whose error it is


def _bowl(ax: Axes, recording: xr.Dataset) -> None:
    w, b = recording.w.values, recording.b.values
    ax.set(xlim=(w[0], w[-1]), ylim=(b[0], b[-1]))
    # One scale for both: only so is a step seen at a right angle to the contour that it starts on.
    ax.set_aspect("equal", anchor="N")
    theta = recording.theta.values
    inside = (theta >= [w[0], b[0]]).all(1) & (theta <= [w[-1], b[-1]]).all(1)
    if not inside.all():  # up to the first step outside: a zig-zag beyond would hide the map
        theta = theta[: np.argmin(inside) + 1]
    contours(ax, w, b, recording.mse)
    path(ax, *theta.T, color=color("vermillion"), label="path")
    steps, best = recording.step.values, recording.least_squares.values
    for k in range(1, min(SEEN, len(theta) - 1)):
        dot(ax, *theta[k], color=color("vermillion"), size=9, zorder=6)
        down = theta[k, 1] < theta[k - 1, 1]  # a corner's name stands clear of the zig-zag
        beside(ax, say("step", step=steps[k]), tuple(theta[k]), zorder=8, path_effects=halo(),
               shift=(-8, -12) if down else (12, 0), va="top" if down else "center")  # fmt: skip
    ring(ax, *theta[0])
    beside(ax, say("at first", step=steps[0]), tuple(theta[0]), shift=(12, 0), zorder=8,
           va="center", path_effects=halo())  # fmt: skip
    dot(ax, *best, color=color("text"), size=17, marker="*", zorder=7)
    beside(ax, say("at last", step=steps[-1]), tuple(best), zorder=8,
           shift=(0, -16), ha="center", va="top", path_effects=halo())  # fmt: skip
    ax.set(xticks=[], yticks=[])  # of scaled columns: not to be found on the axes of the cloud
    name_axes(ax, x=say("slope"), y=say("intercept"))
