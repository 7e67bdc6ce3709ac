"""Four learning rates on one parabola, and where each stands between the two thresholds.

Source  000, placeholders OSCILLATING, DIVERGING, SLOW; 003
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.parts.axes import AXES, beside, heading, ticks
from figures.parts.canvas import LABEL, MARGIN, WIDTH, Canvas, is_narrow, px, wrap
from figures.parts.colors import halo
from figures.parts.marks import dot, mark_leaving, ring
from figures.parts.page import Page, Rounded
from figures.parts.table import Column, Table
from look.numbers import number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "learning_rates": "theta (run, step), loss (run, step), lr (run), curve_x (x), curve (x), "
    "sweep_lr (run_sweep), factor (run), sweep_factor (run_sweep), multiple (run), run (run), "
    "diverging_does, good_does, oscillating_does, rate_alternates, rate_diverges, "
    "slow_does",
    "page: learning_rates": "sweep_theta (run_sweep, step), sweep_loss (run_sweep, step), "
    "curvature",
}

VISUAL = Visual(
    uses=["learning_rates"],
    aliases=["OSCILLATING, DIVERGING, AND SLOW LEARNING RATE"],
    title="Four learning rates on one parabola: {did}",
    subtitle="{n_steps} steps of gradient descent on J(θ) = ½λθ² with λ = {curvature:g}, all from "
    "the same start.",
    alt="Four copies of a parabola with the steps of gradient descent on it: {did}. Below, "
    "for {n_rates} rates, the factor by which a step changes the size of θ: a V that touches "
    "0 at 1/λ = {rate_alternates:g} and crosses 1 at 2/λ = {rate_diverges:g}. The four rates are "
    "marked on it.",
    caption="On a parabola of curvature λ = {curvature:g}, each step multiplies θ by 1 − ηλ: below "
    "η = 1/λ = {rate_alternates:g}, θ stays on its side of the minimum; above, θ changes sides "
    "at every step; above 2/λ = {rate_diverges:g}, it moves ever farther away. A run is "
    "cut off where it leaves the picture. A network’s loss has a curvature in every direction; "
    "the largest, λ, changes while it learns, and what counts is where it is then. "
    "Tried on a network at four rates: {network_did}. ({network_widths}, tanh, all {n_train} "
    "training examples of {dataset} in every step; λ was {network_curvature:.2f} at the start.)",
    words={
        "limits": "A step overshoots beyond η = 1/λ and diverges beyond 2/λ\n"
        "Each step multiplies |θ| by this factor: above 1, θ grows. Small dots: {n_rates} rates.",
        "start": "One start, four rates: which arrives at the bottom?\n"
        "Gradient descent on the loss ½λθ² with λ = {curvature:g}: each step goes −ηλθ.",
        "rate": "η = {lr} = {multiple:.3n}/λ",
        "rate math": r"$\eta = {lr} = {multiple:.3n}\,/\,\lambda$",
        "step math": r"$\theta \leftarrow {{{factor:.2f}}}\,\theta$",
        "limit math": r"$\dfrac{{{k}}}{{\lambda}} = {value}$",
        "factor math": r"$|1 - \eta\lambda|$",
        "factor film": "abs(1 - eta lambda)",
        "steps": "{n} steps",
        "unit": "{k}/λ",
        "page": "How large a learning rate is too large?\n{n_rates} recorded runs of gradient "
        "descent on J(θ) = ½ λ θ² with λ = {curvature:g}, from θ = {start:g}, {n_steps} steps "
        "each. Move the learning rate.",
        "page caption": "A step is −η times the slope, and the slope of this parabola is λθ: so a "
        "step multiplies θ by 1 − ηλ. Below 1/λ = {rate_alternates:g} θ stays on its side, above "
        "it leaps across at every step, and above 2/λ = {rate_diverges:g} it lands farther out "
        "each time. A network has a curvature in every direction; the largest sets the limit, and "
        "it changes while the network learns.",
        "page rate": "learning rate η",
        "page step": "step",
        "page play": "Play steps",
        "page pause": "Pause",
        "page hero": "A parabola with a dot where each step of gradient descent arrives",
        "page side": "The loss, step by step, on a logarithmic axis",
        "page dial": "The factor by which a step changes the size of θ, for every recorded rate: "
        "a V that touches 0 at 1/λ and crosses 1 at 2/λ",
        "page loss": "loss J",
        "page step axis": "step",
        "page factor axis": "factor on |θ|",
        "page limit": "{k}/λ = {value:g}",
        "page near": "stays on its side",
        "page across": "leaps across, shrinks",
        "page away": "grows",
        "page chosen": "η = {lr:g} = {multiple:.3n}/λ",
        "page verdict": "{does:?there=one step, and θ is at the minimum.|stays=θ comes closer "
        "from its own side; each step leaves {factor:.0%} of it.|leaps=θ leaps across at every "
        "step, and comes closer; {factor:.0%} of its size is left.|keeps=θ leaps from side to "
        "side and comes no closer.|grows=θ leaps farther out at every step, {factor:.2f} "
        "times.|other=each step leaves {factor:.0%} of its size.}",
        "page now": "After step {step}: θ = {theta:.3n}, loss {loss:.3n}",
        "page of": "{step} of {n}",
        "page out": "out of the picture at step {step}",
        "page table": "Each recorded rate, and where it is after {n_steps} steps",
        "page last theta": "θ at the end",
        "page last loss": "loss at the end",
        "page multiple": "η in units of 1/λ",
        "page factor": "factor on |θ| a step",
    },
    series={
        "slow": ["{slow_does}", "indigo"],
        "good": ["{good_does}", "green"],
        "oscillating": ["{oscillating_does}", "yellow"],
        "diverging": ["{diverging_does}", "vermillion"],
    },
)

LEFT, ACROSS, GAP = MARGIN, 149.0, 22.667  # the four panels, CSS pixels
TOP, TALL = 80.0, 176.0
FACTORS, LOW = 318.0, 176.0  # the chart of the sweep


def draw(recording: xr.Dataset) -> Figure:
    """Return the four panels over the sweep between the two thresholds."""
    fig = Canvas(FACTORS + LOW + (86 if is_narrow() else 62))
    sweep = fig.place(LEFT + 34, FACTORS, WIDTH - 2 * MARGIN - 34, LOW)
    for i, name in enumerate(recording.run.values.tolist()):
        panel = fig.place(LEFT + i * (ACROSS + GAP), TOP, ACROSS, TALL)
        _panel(panel, recording, name, first=i == 0)
    _sweep(sweep, recording)
    return fig


def page(recording: xr.Dataset) -> Page:
    """Return a slider through the sweep, its path, and both thresholds on the slider's axis."""
    theta, rates = recording.sweep_theta.values, recording.sweep_lr.values
    n_steps = theta.shape[1] - 1
    verdicts = [_verdict(each) for each in theta]
    looks = {"there": "good", "stays": "good", "leaps": "oscillating", "keeps": "oscillating"}
    does = [looks.get(verdict, "diverging") for verdict in verdicts]
    for name in recording.run.values.tolist():  # those that the figure shows keep their colours
        at = np.flatnonzero(np.isclose(rates, recording.lr.sel(run=name), rtol=1e-9))
        does = [name if i in at else each for i, each in enumerate(does)]
    lively = [i for i, verdict in enumerate(verdicts) if verdict == "leaps"]
    multiple = rates / recording.attrs["rate_alternates"]
    heads = [say(name) for name in ("page rate", "page multiple", "page factor")]
    ends = [say(name) for name in ("page last theta", "page last loss")]
    return Page(
        script="rates",
        height=840,
        title=say("page", n_rates=len(rates), n_steps=n_steps, start=theta[0, 0]),
        caption=say("page caption"),
        words=[
            name for name in VISUAL.words if name.startswith("page ") and name not in _BEFOREHAND
        ],
        data={
            "lr": Rounded("learning rates", rates),
            "multiple": Rounded("learning rates", multiple),
            "theta": Rounded("θ and losses", theta),
            "loss": Rounded("θ and losses", recording.sweep_loss),
            "factor": Rounded("factors", recording.sweep_factor),
            "curve_x": Rounded("the curve", recording.curve_x, 5),
            "curve": Rounded("the curve", recording.curve, 5),
            "alternates": recording.attrs["rate_alternates"],
            "diverges": recording.attrs["rate_diverges"],
            "does": does,
            "verdict": verdicts,
            "first": lively[len(lively) // 2] if lively else 0,
            "series": {
                name: [series(name).label, series(name).token]
                for name in recording.run.values.tolist()
            },
        },
        table=Table(
            [Column(head) for head in (*heads, *ends)],
            [
                [number(rates[i]), *map(float, row)]
                for i, row in enumerate(
                    zip(
                        multiple, recording.sweep_factor.values, theta[:, -1],
                        recording.sweep_loss.values[:, -1], strict=True,
                    )
                )
            ],
        ),
        table_title=say("page table", n_steps=n_steps),
    )  # fmt: skip


_BEFOREHAND = {"page caption", "page table", "page last theta", "page last loss", "page multiple",
               "page factor"}  # fmt: skip


def _verdict(theta: np.ndarray) -> str:
    """Return in a word what a recorded descent does, from θ at every step."""
    size = np.abs(theta)
    if size[1] < 1e-9 * size[0]:
        return "there"
    across = theta[1:] * theta[:-1] < 0
    if np.allclose(size, size[0], rtol=1e-9):
        return "keeps" if across.all() else "other"
    if (np.diff(size) > 0).all():
        return "grows" if across.all() else "other"
    shrinks = (np.diff(size) <= 0).all()
    if shrinks and across.all():
        return "leaps"
    return "stays" if shrinks and not across.any() else "other"


def _panel(ax: Axes, recording: xr.Dataset, name: str, *, first: bool) -> None:
    run = recording.sel(run=name)
    hue = series(name).color
    x, curve = recording.curve_x, recording.curve
    ax.set(xlim=(x.min(), x.max()), ylim=(-0.04 * curve.max(), curve.max()))
    ax.axis("off")
    ax.plot(x, curve, color=color("muted"), linewidth=px(1.5), zorder=1)
    beside(ax, series(name).label, (0, 1), of=AXES, shift=(0, 58), weight="semibold",
           fontsize=px(18))  # fmt: skip
    style = {"parse_math": True, "fontsize": px(15)}
    words = say("rate math", lr=run.lr, multiple=run.multiple)
    beside(ax, words, (0, 1), shift=(0, 35), of=AXES, color=color("muted"), **style)
    words = say("step math", factor=run.theta[1] / run.theta[0])
    beside(ax, words, (0, 1), shift=(0, 12), of=AXES, **style)

    (path,) = ax.plot(
        run.theta,
        run.loss,
        color=hue,
        label=name,
        linewidth=px(2),
        marker="o",
        markersize=px(8),
        markeredgecolor=color("background"),
        markeredgewidth=px(1),
        zorder=4,
    )
    if mark_leaving(ax, run.theta, run.loss, color=hue):  # nothing of it beyond the arrowhead
        path.set_clip_path(Rectangle((0, 0), 1, 0.98, transform=ax.transAxes))
    start = float(run.theta[0]), float(run.loss[0])
    ring(ax, *start)
    if first:
        side = 1 if start[0] < 0 else -1  # inside the bowl
        beside(
            ax,
            "start",
            start,
            shift=(10 * side, 0),
            ha="left" if side > 0 else "right",
            va="center",
        )


def _sweep(ax: Axes, recording: xr.Dataset) -> None:
    """Draw what a step does to the size of θ, over the rate, between the two thresholds."""
    alternates, diverges = recording.attrs["rate_alternates"], recording.attrs["rate_diverges"]
    rates, factors = recording.sweep_lr.values, recording.sweep_factor.values
    right = max(1.04 * float(rates.max()), 1.08 * float(recording.lr.max()))
    top = max(1.6, 1.08 * float(recording.factor.max()))
    ax.set(xlim=(0, right), ylim=(0, top))
    ax.spines["bottom"].set_visible(True)
    ax.axhline(1, color=color("muted"), linewidth=px(1), dashes=(4, 3), zorder=1)
    place = ax.get_xaxis_transform()
    for k, value in ((1, alternates), (2, diverges)):
        ax.axvline(value, color=color("text"), linewidth=px(1.25), zorder=1)
        words = say("limit math", k=k, value=value)
        beside(ax, words, (value, 0), of=place, shift=(0, -28), ha="center", parse_math=True,
               fontsize=px(15))  # fmt: skip
    inside = factors <= top
    ax.plot(
        rates[inside],
        factors[inside],
        linestyle="none",
        marker=".",
        markersize=px(7),
        color=color("muted"),
        label="sweep",
        zorder=2,
    )
    zones = [
        (0.5 * alternates, "θ stays on its side"),
        ((alternates + diverges) / 2, "θ changes sides, shrinks"),
        ((diverges + right) / 2, "θ grows"),
    ]
    for middle, words in zones:
        beside(
            ax,
            "\n".join(wrap(words, LABEL, 96)) if is_narrow() else words,
            (middle, 1),
            of=place,
            shift=(0, -3),
            ha="center",
            va="top",
            color=color("muted"),
            path_effects=halo(),
        )
    for name in recording.run.values.tolist():
        rate, factor = (float(recording[each].sel(run=name)) for each in ("lr", "factor"))
        dot(ax, rate, factor, color=series(name).color, size=14)
        # Beside the V, not on it; and none is written across a threshold.
        side, shift, at = "left", (11, 6), rate
        if alternates < rate < diverges:
            side, shift = "right", (-11, 6)
        elif rate >= diverges:
            shift = (12, -14)
            if is_narrow():
                side, shift, at = "right", (0, -26), right
        elif is_narrow() and rate > alternates / 3:
            side, shift = "right", (-8, -18)
        beside(ax, series(name).label, (at, factor), shift=shift, ha=side, weight="semibold",
               path_effects=halo())  # fmt: skip
    ticks(ax, "y", [0, 1])
    ticks(ax, "x", [])
    beside(ax, "learning rate η", (1, 0), of=AXES, shift=(0, -54 if is_narrow() else -24),
           ha="right", color=color("muted"))  # fmt: skip
    heading(ax, "Factor on |θ| in one step", say("factor math"), lift=14, parse_math=True)
