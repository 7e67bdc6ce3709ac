"""Adam in one parameter: gradient, moments, corrections and step, and the first step's arithmetic.

Source  001; 003; 004, whose second moment averages g where it should average g², and whose
        correction divides by 1 − β where it should divide by 1 − βᵗ
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from figures.parts.axes import beside, name_axes, ticks
from figures.parts.canvas import LABEL, MARGIN, NARROW_MARGIN, Canvas, is_narrow, px, wrap
from figures.parts.colors import halo
from look import mathematics
from look.numbers import joined
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "adam_moments": "gradient (step), m (step), v (step), m_hat (step), v_hat (step), "
    "plain_ratio (step), move (step), steep_move (step), step (step), alike, lr, plain_first, "
    "rest1, rest2, times",
}

VISUAL = Visual(
    uses=["adam_moments"],
    title="{same:?Adam’s first step is {first_size:.2f} η long at slope {first_slope:.4n}, "
    "{steep_size:.2f} η at {steep_slope:.4n}|Adam’s first step is η long, whether the slope is "
    "{first_slope:.4n} or {steep_slope:.4n}}",
    subtitle="Adam in one parameter, {n_steps} steps at η = {lr:g}. Bars: its steps, orange where "
    "positive, blue where negative.",
    alt="Bars of {n_steps} steps in units of η: the first is 1, the longest {longest:.2n}; a "
    "dashed line shows that without corrections the first would be {plain_first:.2f}. Dots, of a "
    "steeper slope, lie on the bars. Below stands the arithmetic of step 1.",
    caption="Loss ½λθ² with λ = {curvature:g}, from θ = {start:g}; on one with λ = {steep:g} the "
    "first step is as long. m averages gradients and v their squares (β₁ = {beta1:g}, β₂ = "
    "{beta2:g}); both start at 0 and are divided by what they lack, 1 − βᵗ at step t. The divided "
    "values never go back into the averages. As v forgets more slowly than m, an uncorrected Adam "
    "would start with steps of (1 − β₁)/√(1 − β₂) = {plain_first:.2f} η.",
    words={
        "axis": "step, in η",
        "work m": "average slope",
        "work v": "average square",
        "work step": "first step",
        "m now": "m = {rest1:g} · {g:(.4n)} = {m:.4n}",
        "m hat": "m̂ = {m:.4n} / {rest1:g} = {m_hat:.4n}",
        "v now": "v = {rest2:g} · {g:(.4n)}² = {v:.4n}",
        "v hat": "v̂ = {v:.4n} / {rest2:g} = {v_hat:.4n}",
        "root": "√v̂ = √{v_hat:.4n} = {root:.4n}",
        "move": "Δθ = −{lr:g} · {m_hat:(.4n)} / {root:.4n} = {move:.4n}",
        "plain": "without the corrections, from {plain_first:.2f} η",
        "steep": "dots: a slope {times:.3n} times as steep{alike:?|, the same steps}",
        "first": "The first step of Adam\nTwo averages, both from 0: what they lack is "
        "divided out.",
        "second": "The second step: the averages grow, and what they lack shrinks\n"
        "m lacks {missing1:.2n} of an average, so it is divided by {lack1:.3n}; v by {lack2:.4n}.",
        "run": "So it goes on: the average slope over the typical slope\n"
        "Where slopes agree, the quotient is near 1 and a step near η.",
        "end": "On a slope {times:.3n} times as steep, {alike:?other|the same} steps\n"
        "Dots: those steps. Without the corrections, the first would be {plain_first:.2f} η.",
        "film m": "m = {beta1:g} · {before:(.4n)} + {rest1:g} · {g:(.4n)} = {m:.4n}",
        "film v": "v = {beta2:g} · {before:.4n} + {rest2:g} · {g:(.4n)}² = {v:.4n}",
        "film m hat": "m̂ = {m:.4n} / {lack:.3n} = {m_hat:.4n}",
        "film v hat": "v̂ = {v:.4n} / {lack:.4n} ≈ {v_hat:.3n}",
        "film move": "step = −{lr:g} · {m_hat:(.4n)} / √{v_hat:.3n} = {move:.3n}",
    },
    series={
        "plain": ["not corrected", "muted", "dashed"],
    },
)

TALL = 270.0  # of the chart, CSS pixels
COLUMNS = (MARGIN, MARGIN + 226, MARGIN + 452)  # of the arithmetic
GROUP = 120.0  # height of what is a column there, on the narrow sheet


def draw(recording: xr.Dataset) -> Figure:
    """Return all steps in units of η, and the first as it is computed."""
    fig = Canvas(34 + TALL + 66 + 132, narrow=34 + TALL + 78 + 3 * GROUP)
    margin = NARROW_MARGIN if is_narrow() else MARGIN
    ax = fig.place(18 + margin, 34, fig.width - 18 - 2 * margin, TALL)
    steps, lr = recording.step.values, recording.attrs["lr"]
    bars(ax, steps, recording.move / lr)
    steep = recording.steep_move / lr
    style = {"markerfacecolor": color("background"), "markeredgecolor": color("text")}
    ax.plot(
        steps, steep, linestyle="none", marker="o", markersize=px(6), markeredgewidth=px(1.25),
        label="steep", zorder=5, **style,
    )  # fmt: skip
    shown = series("plain")
    ax.plot(
        steps, -recording.plain_ratio, color=shown.color, linestyle=shown.dash, linewidth=px(2.25),
        label="plain step", zorder=4,
    )  # fmt: skip
    ax.axhline(0, color=color("quiet"), linewidth=px(1.25), zorder=0)
    ax.axhline(
        np.sign(float(recording.move[0])), color=color("text"), linewidth=px(1), zorder=1,
        linestyle=(0, (1, 3)),
    )  # fmt: skip
    ax.set_xlim(0.2, steps[-1] + 0.8)
    ticks(ax, "x", [1, *(k for k in steps.tolist() if k % 20 == 0)])
    ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    name_axes(ax, x="step", y=say("axis"))
    k = int(0.4 * len(steps))
    at = (float(steps[k]), float(-recording.plain_ratio[k]))
    said = say("plain")
    if is_narrow():
        said = "\n".join(wrap(said, LABEL, 150))
    beside(ax, said, at, shift=(16, 6), color=color("muted"), path_effects=halo())
    k = int(0.22 * len(steps))
    said = say("steep")
    if is_narrow():
        said = "\n".join(wrap(said, LABEL, 200, "semibold"))
    beside(
        ax, said, (float(steps[k]), float(steep[k])), shift=(0, 16), path_effects=halo(),
        zorder=6, weight="semibold",
    )  # fmt: skip
    _arithmetic(fig, recording)
    return fig


def bars(ax: Axes, steps: ArrayLike, values: ArrayLike) -> None:
    """Draw a bar a step, orange where it is positive and blue where it is negative."""
    values = np.asarray(values)
    hues = [color("positive" if value > 0 else "negative") for value in values]
    ax.bar(steps, values, width=0.72, color=hues, zorder=2)


def _arithmetic(fig: Canvas, recording: xr.Dataset) -> None:
    """Write step 1 as it is computed, under the chart."""
    first = recording.isel(step=0)
    values = {name: float(first[name]) for name in ("m", "v", "m_hat", "v_hat", "move")}
    values |= {"g": float(first.gradient), "root": values["v_hat"] ** 0.5}
    top = 34 + TALL + 78
    heads = ("work m", "work v", "work step")
    groups = [["m now", "m hat"], ["v now", "v hat"], ["root", "move"]]
    corners = [(left, 0.0) for left in COLUMNS]
    if is_narrow():
        corners = [(NARROW_MARGIN, GROUP * i) for i in range(len(heads))]
    tall = corners[-1][1] + 112
    ax = fig.place(0, top, fig.width, tall)
    ax.set(xlim=(0, fig.width), ylim=(tall, 0))
    ax.axis("off")
    for (left, up), head, names in zip(corners, heads, groups, strict=True):
        ax.text(left, up + 8, say(head), color=color("muted"), fontsize=px(LABEL))
        for k, name in enumerate(names):
            stated = joined(["$", say(name, **values), "$"], "")
            formula = joined([mathematics.for_matplotlib(stated)])
            ax.text(left, up + 42 + 44 * k, formula, parse_math=True, fontsize=px(LABEL + 2))
