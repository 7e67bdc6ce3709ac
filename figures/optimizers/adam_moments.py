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
from look.theme import color
from look.words import Visual, say

READS = {
    "adam_moments": "gradient (step), m_hat (step), v_hat (step), move (step), steep_move (step), "
    "step (step), alike, lr, rest1, rest2, times, steep_gradient, "
    "steep_m_hat, steep_v_hat",
}

VISUAL = Visual(
    uses=["adam_moments"],
    title="{same:?Adam’s first step is {first_size:.2f} η long on a slope of "
    "{first_slope:.4n}, {steep_size:.2f} η on one of {steep_slope:.4n}|Adam’s first step is η "
    "long, whether it starts on a slope of {first_slope:.4n} or {steep_slope:.4n}}",
    subtitle="Adam in one parameter, {n_steps} steps; the average slope m̂ is divided by √v̂, the "
    "slope’s average size. Orange: positive steps, blue: negative. Below, 1 − β₁ = {rest1:g} and "
    "1 − β₂ = {rest2:g}.",
    alt="Bars of {n_steps} steps in units of η, the longest {longest:.2n}. Dots, the steps on a "
    "slope {times:.3n} times as steep, {alike:?lie elsewhere|lie on the bars’ ends}. Below stands "
    "the arithmetic of step 1 on either slope.",
    caption="Loss ½λθ² with λ = {curvature:g}, from θ = {start:g}, η = {lr:g}; on one with λ = "
    "{steep:g} the first step is as long. m averages gradients and v their squares (β₁ = "
    "{beta1:g}, β₂ = {beta2:g}); both start at 0 and are divided by what they lack, 1 − βᵗ at step "
    "t. The divided values never go back into the averages. As v forgets more slowly than m, an "
    "uncorrected Adam would start with steps of (1 − β₁)/√(1 − β₂) = {plain_first:.2f} η.",
    words={
        "axis": "step, in η",
        "work 0": "bars: from a slope of {g:.4n}",
        "work 1": "dots: from a slope of {g:.4n}",
        "m hat": "m̂ = {rest1:g} · {g:(.4n)} / {rest1:g} = {m_hat:.4n}",
        "root": "√v̂ = √({rest2:g} · {g:(.4n)}² / {rest2:g}) = {root:.4n}",
        "move": "Δθ / η = −{m_hat:(.4n)} / {root:.4n} = {move:.4n}",
        "dots": "dots: a slope {times:.3n} times as steep{alike:?|, the same steps}",
        "first": "One slope is {times:.3n} times as steep. Whose first step is longer?\n"
        "Bars: the slopes of two parabolas where Adam starts, on one scale.",
        "averages": "Adam divides the average slope by the average size\n"
        "m: average slope, √v: average size. Both start at 0, which dividing by 1 − β mends.",
        "end": "{alike:?They differ|Neither}: a slope {times:.3n} times as steep, "
        "{alike:?other|the same} steps\n"
        "In units of η: the first step, then all {n_steps} of both runs.",
        "gentle": "slope {g:.4n}",
        "steep": "slope {g:.4n}",
        "eta": "η",
        "film m": "m = {rest1:g} dot {g:(.4n)} = {m:.4n}",
        "film v": "sqrt(v) = sqrt({v:.4n}) = {root_v:.3n}",
        "film m hat": "m / (1 - beta_1) = frac({m:.4n}, {rest1:g}) = {m_hat:.4n}",
        "film v hat": "sqrt(v / (1 - beta_2)) = sqrt(frac({v:.4n}, {rest2:g})) = {root:.4n}",
        "film dividing": '"step" / eta = −frac({m_hat:.4n}, {root:.4n})',
        "film move": '"step" / eta = −frac({m_hat:.4n}, {root:.4n}) = {move:.4n}',
    },
)

TALL = 230.0  # of the chart, CSS pixels
SIDE, GROUP = 350.0, 196.0  # from one slope's arithmetic to the other's, across and down


def draw(recording: xr.Dataset) -> Figure:
    """Return all steps in units of η, and the first as it is computed on either slope."""
    fig = Canvas(34 + TALL + 76 + GROUP, narrow=34 + TALL + 76 + 2 * GROUP)
    margin = NARROW_MARGIN if is_narrow() else MARGIN
    ax = fig.place(18 + margin, 34, fig.width - 18 - 2 * margin, TALL)
    steps, lr = recording.step.values, recording.attrs["lr"]
    bars(ax, steps, recording.move / lr)
    steep = recording.steep_move / lr
    style = {"markerfacecolor": color("background"), "markeredgecolor": color("text")}
    ax.plot(
        steps, steep, linestyle="none", marker="o", markersize=px(7), markeredgewidth=px(1.5),
        label="steep", zorder=5, **style,
    )  # fmt: skip
    ax.axhline(0, color=color("quiet"), linewidth=px(1.25), zorder=0)
    ax.axhline(
        np.sign(float(recording.move[0])), color=color("text"), linewidth=px(1), zorder=1,
        linestyle=(0, (1, 3)),
    )  # fmt: skip
    ends = np.concatenate([recording.move / lr, steep])
    room = 0.25 * float(np.ptp(ends))
    ax.set(xlim=(0.2, steps[-1] + 0.8), ylim=(ends.min() - 0.3 * room, max(ends.max(), 0) + room))
    ticks(ax, "x", [1, *(k for k in steps.tolist() if k % 20 == 0)])
    ax.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    name_axes(ax, x="step", y=say("axis"))
    k = int(0.4 * len(steps))
    said = say("dots")
    if is_narrow():
        said = "\n".join(wrap(said, LABEL, 150, "semibold"))
    beside(
        ax, said, (float(steps[k]), float(steep[k])), shift=(8, 16), path_effects=halo(),
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
    """Write step 1 as it is computed on either slope, under the chart."""
    first, attrs = recording.isel(step=0), recording.attrs
    slopes = [
        (float(first.gradient), float(first.m_hat), float(first.v_hat), float(first.move)),
        (attrs["steep_gradient"], attrs["steep_m_hat"], attrs["steep_v_hat"],
         float(recording.steep_move[0])),
    ]  # fmt: skip
    lr = attrs["lr"]
    margin = NARROW_MARGIN if is_narrow() else MARGIN
    ax = fig.place(0, 34 + TALL + 76, fig.width, GROUP * (2 if is_narrow() else 1))
    ax.set(xlim=(0, fig.width), ylim=(GROUP * (2 if is_narrow() else 1), 0))
    ax.axis("off")
    for i, (g, m_hat, v_hat, move) in enumerate(slopes):
        left, top = (margin, GROUP * i) if is_narrow() else (margin + SIDE * i, 0)
        values = {"g": g, "m_hat": m_hat, "root": v_hat**0.5, "move": move / lr}
        ax.text(left, top + 8, say(f"work {i}", **values), weight="semibold", fontsize=px(LABEL))
        for k, name in enumerate(("m hat", "root", "move")):
            stated = joined(["$", say(name, **values), "$"], "")
            formula = joined([mathematics.for_matplotlib(stated)])
            ax.text(left, top + 50 + 54 * k, formula, parse_math=True, fontsize=px(LABEL + 2))
