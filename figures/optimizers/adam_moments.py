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

from figures.parts.axes import AXES, beside, heading, name_axes, ticks
from figures.parts.canvas import LABEL, Canvas, px
from figures.parts.colors import halo
from look.runs import DASHES, series
from look.theme import color
from look.words import Visual, say

READS = {
    "adam_moments": "gradient (step), m (step), v (step), m_hat (step), v_hat (step), "
    "plain_ratio (step), move (step), steep_move (step), step (step), alike, lr, plain_first, "
    "rest1, rest2, steep",
}

VISUAL = Visual(
    uses=["adam_moments"],
    title="{same:?Adam’s first step is {first_size:.2f} η long at slope {first_slope:.4n}, "
    "{steep_size:.2f} η at {steep_slope:.4n}|Adam’s first step is η long, whether the slope is "
    "{first_slope:.4n} or {steep_slope:.4n}}",
    subtitle="Adam in one parameter, from its own state, {n_steps} steps at η = {lr:g}. Bars are "
    "orange where positive, blue where negative. Right: the same numbers of step 1.",
    alt="Three strips over {n_steps} steps. Bars of the gradient, from {start_gradient:.2n} "
    "towards 0, with two averages: the corrected one starts at the first gradient, the other near "
    "0. The root of the average square, likewise corrected and not. Bars of the step in units of "
    "η: the first is 1, the longest {longest:.2n}; without corrections the first would be "
    "{plain_first:.2f}. Beside each strip stands the arithmetic of step 1.",
    caption="Loss ½λθ² with λ = {curvature:g}, from θ = {start:g}; on one with λ = {steep:g} the "
    "first step is as long. m averages gradients and v their squares (β₁ = {beta1:g}, β₂ = "
    "{beta2:g}); both start at 0 and are divided by what they lack, 1 − βᵗ at step t. The divided "
    "values never go back into the averages. As v forgets more slowly than m, an uncorrected Adam "
    "would start with steps of (1 − β₁)/√(1 − β₂) = {plain_first:.2f} η.",
    words={
        "m now": "m = {rest1:g} · {g:(.4n)} = {m:.4n}",
        "m hat": "m̂ = {m:.4n} / {rest1:g} = {m_hat:.4n}",
        "v now": "v = {rest2:g} · {g:(.4n)}² = {v:.4n}",
        "v hat": "v̂ = {v:.4n} / {rest2:g} = {v_hat:.4n}",
        "root": "√v̂ = {root:.4n}",
        "move": "Δθ = −{lr:g} · {m_hat:(.4n)} / {root:.4n} = {move:.4n}",
        "plain": "uncorrected: {plain:.2f} η",
        "steep": "dots: λ = {steep:g}{alike:?|, the same steps}",
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
        "film v hat": "v̂ = {v:.4n} / {lack:.4n} = {v_hat:.3n}",
        "film move": "step = −{lr:g} · {m_hat:(.4n)} / √{v_hat:.3n} = {move:.3n}",
    },
    series={
        "corrected": ["corrected", "green"],
        "plain": ["not corrected", "muted", "dashed"],
    },
)

LEFT, ACROSS = 46.0, 400.0  # the strips, CSS pixels
TALL, GAP = 126.0, 46.0
BESIDE = LEFT + ACROSS + 28  # the arithmetic


def draw(recording: xr.Dataset) -> Figure:
    """Return the three strips, and the first step beside them."""
    fig = Canvas(3 * TALL + 2 * GAP + 84)
    strips = [fig.place(LEFT, 30 + i * (TALL + GAP), ACROSS, TALL) for i in range(3)]
    gradient, steps = recording.gradient.values, recording.step.values
    bars(strips[0], steps, gradient)
    _pair(strips[0], steps, recording.m_hat, recording.m)
    heading(strips[0], "gradient g", "and its average m̂; dashed: not corrected")
    _pair(strips[1], steps, recording.v_hat**0.5, recording.v**0.5)
    strips[1].set_ylim(bottom=0)
    heading(strips[1], "√v̂", "typical size of g; dashed: not corrected")
    lr = recording.attrs["lr"]
    bars(strips[2], steps, recording.move / lr)
    strips[2].plot(
        steps,
        recording.steep_move / lr,
        linestyle="none",
        marker="o",
        markersize=px(4.5),
        markerfacecolor=color("background"),
        markeredgecolor=color("text"),
        markeredgewidth=px(1.1),
        label="steep",
        zorder=5,
    )
    strips[2].plot(
        steps,
        -recording.plain_ratio,
        color=color("muted"),
        linestyle=DASHES["dashed"],
        linewidth=px(2),
        label="plain step",
        zorder=4,
    )
    strips[2].axhline(
        np.sign(float(recording.move[0])), color=color("text"), linewidth=px(1), zorder=1
    )
    heading(strips[2], "step", "in units of η: m̂/√v̂; dashed: without corrections")
    for ax in strips:
        ax.set_xlim(0.2, steps[-1] + 0.8)
        ticks(ax, "x", [1, *(k for k in steps.tolist() if k % 10 == 0)])
        ax.yaxis.set_major_locator(MaxNLocator(3))
        ax.axhline(0, color=color("quiet"), linewidth=px(1.25), zorder=0)
    name_axes(strips[2], x="step t")
    beside(strips[2], say("steep"), (1, 0.62), of=AXES, ha="right", path_effects=halo())
    _arithmetic(fig, recording)
    return fig


def bars(ax: Axes, steps: ArrayLike, values: ArrayLike) -> None:
    """Draw a bar a step, orange where it is positive and blue where it is negative."""
    values = np.asarray(values)
    hues = [color("positive" if value > 0 else "negative") for value in values]
    ax.bar(steps, values, width=0.72, color=hues, zorder=2)


def _pair(ax: Axes, steps: np.ndarray, corrected: xr.DataArray, plain: xr.DataArray) -> None:
    """Draw an average, corrected and not, with their names where they part."""
    for name, values in (("plain", plain), ("corrected", corrected)):
        shown = series(name)
        ax.plot(
            steps,
            values,
            color=shown.color,
            linestyle=shown.dash,
            linewidth=px(2.5),
            label=name,
            zorder=4,
        )


def _arithmetic(fig: Canvas, recording: xr.Dataset) -> None:
    """Write step 1 as it is computed, beside the strips."""
    first = recording.isel(step=0)
    values = {name: float(first[name]) for name in ("m", "v", "m_hat", "v_hat", "move")}
    values |= {"g": float(first.gradient), "root": values["v_hat"] ** 0.5}
    groups = [["m now", "m hat"], ["v now", "v hat", "root"], ["move", "plain"]]
    for i, names in enumerate(groups):
        top = 30 + i * (TALL + GAP) + 26
        for k, name in enumerate(names):
            text = say(name, **values, plain=recording.attrs["plain_first"])
            muted = name == "plain"
            fig.write(
                BESIDE,
                top + 25 * k,
                text,
                size=LABEL,
                color=color("muted" if muted else "text"),
                weight="semibold" if k == len(names) - 1 and not muted else "normal",
            )
