"""A line settles on points, its residuals drawn as squares, and its way down the bowl of its error.

Source  001, 004
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from figures.parts.axes import AXES, beside, label_ends, name_axes
from figures.parts.canvas import MARGIN, NARROW_MARGIN, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo, line_halo
from figures.parts.contours import contours
from figures.parts.marks import dot, path, ring
from look.fits import apart, residual_squares
from look.theme import color
from look.words import Visual, say

READS = {
    "linear_regression_fit": "theta (step, param), loss (step), step (step), mse (y, x), "
    "least_squares (param), point_x (example), point_y (example), line_x (component), "
    "line_y (step, component), w (x), b (y), best_b, best_w, n_train",
}

VISUAL = Visual(
    uses=["linear_regression_fit"],
    title="Gradient descent {outcome:?settled=settles on|nearer=nears|farther=runs away from} the "
    "least-squares line",
    subtitle="{n_train} diabetes patients. Squares: how far three of them are from the last line, "
    "squared. J is the mean of all {n_train}. J, w and b are worked out with both axes rescaled to "
    "0 … 1.",
    alt="A cloud of points that rises from left to right, with straight lines: faint that of the "
    "start, and bold the last one, with a square between it and each of some points, "
    "as wide as the point is far off. A map of long ellipses around a star, with a path "
    "from a ring that {crosses:?bends into|zig-zags across} the valley; with its {n_steps} steps "
    "gradient descent {outcome:?settled=settles on|nearer=nears|farther=runs away from} the "
    "least-squares line, w = {best_w:.2f}, b = {best_b:.2f}. Two squares, as large as the mean "
    "of all squares at the start and at the end.",
    caption="Body mass index and progression of the disease one year later ({n_train} patients of "
    "scikit-learn’s diabetes data). Slope w and intercept b are those of both columns scaled to "
    "0 … 1. Gradient descent with η = {lr:g} (above {largest_rate:.2f} it diverges) ends "
    "{away:.1g} away from the least-squares solution, w = {best_w:.2f}, b = {best_b:.2f}. With "
    "Gaussian noise of constant width, the negative log likelihood is the mean squared error, "
    "scaled and shifted: its minimum, found by itself, differs by {agreement:.0e}.",
    words={
        "start": "Which line is nearest to all points?\n"
        "The distances of {n_squares} of {n_train} patients from it grow into squares.",
        "descent": "{climbs:?Each step of gradient descent shrinks the mean square|Each step "
        "overshoots by more than the last}\n"
        "Thin: how large it was at first. It has the scale of the three squares on the left.",
        "minimum": "It {outcome:?settled=settles on|nearer=nears|farther=runs away from} the "
        "least-squares line\n"
        "{outcome:?settled=No straight line has a smaller mean square: {share:.0%} of the first "
        "one’s|nearer=The mean square is {share:.0%} of the first one’s|farther=Its mean square "
        "has no room any more}.",
        "mean of all": "mean of all {n_train} squares",
        "J": "J =",
        "step": "step {step}",
        "off": "step {step}: off the picture",
        "bowl": "$J$: the darker, the lower",
        "best": "$w={best_w:.2f},\\;b={best_b:.2f}$",
        "mean": "step {step}\n$J={loss:counter}$",
        "slope": "slope $w$",
        "intercept": "intercept $b$",
    },
)

ROUND = [1, 2, 5, 10]  # what ticks are multiples of
N_SQUARES = 3  # residuals that are drawn as squares
FIT, BOWL, TALL = 286.0, 232.0, 436.0  # widths of the panels, and the height of the first
MAP, MEAN = 168.0, 164.0  # heights of those beside it
PHONE = 236.0  # width of the first on the narrow sheet


def draw(recording: xr.Dataset) -> Figure:
    """Return the line on its points beside the bowl, and how far the mean of the squares shrank."""
    wide, tall, mean = FIT, TALL, MEAN
    if is_narrow():  # smaller in one proportion, so that the same squares have room
        wide, tall, mean = (side * PHONE / FIT for side in (wide, tall, mean))
    fig = Canvas(32 + TALL + 58, narrow=tall + mean + MAP + 250)
    left, right = MARGIN + 34, WIDTH - MARGIN - BOWL
    tops = 32.0, 32 + TALL - MEAN
    if is_narrow():  # under each other
        left = right = NARROW_MARGIN + 34
        tops = tall + mean + 184, tall + 132
    fit = fig.place(left, 32, wide, tall)
    _fit(fit, recording)
    _bowl(fig.place(right, tops[0], BOWL, MAP), recording)
    _mean(fig.place(right, tops[1], BOWL, mean), recording, np.ptp(fit.get_ylim()) / tall)
    return fig


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
    for step in sorted({0, last}):
        final = step == last
        (drawn,) = ax.plot(
            x,
            lines[step],
            color=color("vermillion"),
            linewidth=px(4 if final else 1.5),
            alpha=1 if final else 0.55,
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
    squares = residual_squares(
        x, y, recording.line_x.values, recording.line_y.values[-1], shape, N_SQUARES
    )
    for own, (left, bottom, wide, tall) in zip(apart(x, N_SQUARES), squares, strict=True):
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
    ring(ax, *theta[0])
    dot(ax, *recording.least_squares.values, color=color("text"), size=17, marker="*", zorder=7)
    ax.xaxis.set_major_locator(MaxNLocator(4, steps=ROUND))
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=ROUND))
    ax.set_xlabel(say("slope"), labelpad=px(6), fontsize=px(14), parse_math=True)
    beside(ax, say("intercept"), (0, 1), of=AXES, shift=(0, 8), color=color("muted"),
           parse_math=True)  # fmt: skip
    ax.apply_aspect()
    if ax.get_window_extent().width * 96 / ax.figure.dpi > 225:  # beside the name of the axis
        beside(ax, say("bowl"), (1, 1), of=AXES, shift=(0, 8), ha="right", color=color("muted"),
               parse_math=True)  # fmt: skip
    beside(ax, say("best"), tuple(recording.least_squares.values), shift=(0, -26), ha="center",
           parse_math=True, path_effects=halo(), fontsize=px(15))  # fmt: skip


def _mean(ax: Axes, recording: xr.Dataset, unit: float) -> None:
    """Draw the mean square of the first line and of the last, as large as the squares on the left.

    A CSS pixel is `unit` units of y.
    """
    tall = MEAN * (PHONE / FIT if is_narrow() else 1)
    ax.set(xlim=(0, BOWL * unit), ylim=(0, tall * unit), aspect="equal", anchor="SW")
    ax.axis("off")
    hue = color("vermillion")
    rise = np.ptp(recording.point_y.values)  # the loss is of columns scaled to 0 … 1
    steps, loss = recording.step.values, recording.loss.values
    for k, up in ((0, 1.0), (len(steps) - 1, 0.0)):
        side = float(np.sqrt(loss[k]) * rise)
        if not side < tall * unit:  # a run that diverges ends in a square that has no room
            continue
        ax.add_patch(
            Rectangle((0, 0), side, side, facecolor=hue, alpha=0.05 if up else 0.2, linewidth=0)
        )
        ax.add_patch(
            Rectangle((0, 0), side, side, fill=False, edgecolor=hue, clip_on=False,
                      linewidth=px(1.25 if up else 2.5), label="mean square")
        )  # fmt: skip
        # the last one's stands over it within the first, or beside both where that is too small
        outer = float(np.sqrt(loss[0]) * rise)
        place, shift, va = (side, side), (8, 4), "top"
        if not up:
            place, shift, va = (0, side), (6, 5), "bottom"
            if outer - side < 48 * unit:
                place, shift = (max(side, outer), 0), (8, 0)
        beside(ax, say("mean", step=steps[k], loss=loss[k]), place, shift=shift, va=va,
               parse_math=True, linespacing=1.35, path_effects=halo())  # fmt: skip
    beside(ax, say("mean of all"), (0, 1), shift=(0, 10), of=AXES, color=color("muted"))
