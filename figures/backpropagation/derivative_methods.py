"""The error of a derivative against the step of finite differences; costs as a table.

Source  001, four ways to a derivative; Baydin et al. 2018, section 2, table 1 and figure 3
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.backpropagation._gap import gap
from figures.parts.axes import beside, name_axes, ticks
from figures.parts.canvas import LABEL, is_narrow, px, subplots
from figures.parts.colors import halo
from figures.parts.marks import dot
from figures.parts.table import Cell, Column, Table
from look.numbers import duration, number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "derivative_methods": "error (run, run_precision, x), auto_error (run_precision), "
    "symbolic_error (), forward_error (), symbolic_length (layer), "
    "trace_length (layer), seconds (run_mode, x_params), h (x), depth (layer), "
    "n_params (x_params), run (run), run_precision (run_precision), run_mode (run_mode), "
    "best_error, best_h, differences_lose, symbols_grow, reverse_wins",
}

VISUAL = Visual(
    uses=["derivative_methods"],
    title="{differences_lose:?How exact a derivative is|No step is right: finite differences lose "
    "digits that automatic differentiation keeps}",
    subtitle="The error of a derivative of x₁x₂ + exp(x₁x₂) − sin x₂, as a share of it, for each "
    "step h.",
    alt="The errors of finite differences make a V: they fall with the step, turn at a best one, "
    "where {best_error:.0e} is left, and rise again as it gets smaller. Far below lies "
    "a level line: automatic differentiation has an error of {exact_error:.0e} and no step.",
    caption="∂f/∂x₁ of f = x₁x₂ + exp(x₁x₂) − sin x₂ at ({x1:g}, {x2:g}), against 50 digits. A "
    "large step cuts off the curve; a small one takes the difference of numbers that are nearly "
    "alike, and divides what their last digits have lost by itself. Numbers of 64 bits.",
    words={
        "error": "{error:.1e}",
        "step": "step $h$",
        "best": "smallest error: {error:.1e}\nat h = {h:.0e}",
        "digits": "≈ {n:.0f} digits",
        "small": "$h$ too small:\ndigits get lost",
        "large": "$h$ too large:\nthe curve bends",
        "automatic": "automatic: {error:.1e}",
        "forward": r"$\frac{{f(x + h) - f(x)}}{{h}}$",
        "central": r"$\frac{{f(x + h) - f(x - h)}}{{2h}}$",
        "with step": "best step h = {h:.0e}",
        "exact": "exact?",
        "short": "short?",
        "fast": "fast?",
        "loses": "even at its best step",
        "itself": "needs no formula",
        "unmeasured": "not timed",
        "n": "time for the {n:,} derivatives of a network’s loss",
        "relative": "relative error",
        "error of": "relative error of the derivative of x₁x₂ + exp(x₁x₂) − sin x₂",
        "long": "grows with every step",
        "depth": "operations in the derivative of 4x(1 − x), applied {n} times",
        "passes": "{n:,} passes of {each}",
        "one": "one pass",
        "evaluations": "{n:,} evaluations of {each}",
        "good": "✓ {said}",
        "bad": "✗ {said}",
        "table title": "{differences_lose:?{costs}|{symbols_grow:?{costs}|{reverse_wins:?{costs}|"
        "Only reverse mode is exact, short and fast at once}}}",
        "costs": "What a derivative costs, method by method",
        "table subtitle": "Four ways to a derivative, three tests, each on a function of its own.",
        "note": "An error under 10⁻¹⁶ is exact: numbers of 64 bits keep no more. Times: measured "
        "on one CPU thread.",
    },
    series={
        "forward difference": ["forward difference", "vermillion"],
        "central difference": ["central difference", "purple"],
        "reverse mode": ["reverse mode", "green"],
    },
)


def draw(recording: xr.Dataset) -> Figure:
    """Return the V of each kind of difference over the level lines of automatic derivatives."""
    fig, ax = subplots(height=430, left=70, narrow=True)
    double = recording.sel(run_precision="float64")
    for method in recording.run.values.tolist():
        ax.loglog(recording.h, double.error.sel(run=method), color=series(method).color, zorder=3,
                  label=method, linewidth=px(3))  # fmt: skip
    ax.axhline(float(double.auto_error), color=series("reverse mode").color, linewidth=px(4),
               label="automatic")  # fmt: skip
    ax.set_xlim(float(recording.h[-1]), float(recording.h[0]))
    low = min(float(double.auto_error), float(double.error.min()))
    ax.set_ylim(low / 30, 30)
    name_axes(ax, say("step"), say("relative"))
    ax.xaxis.label.set_parse_math(True)
    ticks(ax, "x", [10.0**k for k in range(-15, 1, 5) if 10.0**k >= float(recording.h[-1]) * 0.9])
    ticks(ax, "y", [10.0**k for k in range(-16, 1, 4)])
    _name(ax, recording)
    return fig


def _name(ax: Axes, recording: xr.Dataset) -> None:
    """Name curves and branches, and mark the best that a difference reaches."""
    style: dict[str, Any] = {"fontsize": px(LABEL), "path_effects": halo(3), "zorder": 5}
    double = recording.error.sel(run_precision="float64")
    right, left = recording.h.values[0], recording.h.values[-1]
    for method, power, shift, ha in (
        ("forward difference", *((0.0, (0, 14)) if is_narrow() else (-4.0, (-12, 8))), "right"),
        ("central difference", -3.5, (9, -32 if is_narrow() else -14), "left"),
    ):
        near = int(np.argmin(np.abs(np.log10(recording.h.values) - power)))
        at = (float(recording.h[near]), float(double.sel(run=method)[near]))
        said = series(method).label
        if is_narrow() and ha == "left":  # beside its curve there is room for a word a line
            said = said.replace(" ", "\n")
        beside(ax, said, at, shift=shift, ha=ha, weight="semibold", color=series(method).color,
               **style)  # fmt: skip
        if not is_narrow():  # its formula on the side away from the curve
            away = (shift[0], shift[1] + (26 if ha == "right" else -34))
            formula = say(method.partition(" ")[0])
            beside(ax, formula, at, shift=away, ha=ha, parse_math=True,
                   **{**style, "fontsize": px(18)})  # fmt: skip
    best = (recording.attrs["best_h"], recording.attrs["best_error"])
    exact = float(recording.auto_error.sel(run_precision="float64"))
    if recording.attrs["differences_lose"]:
        gap(ax, best[0], exact * 1.6, best[1] / 1.6, say("digits", n=np.log10(best[1] / exact)))
    dot(ax, *best, color=color("text"), size=11)
    smallest = say("best", error=best[1], h=best[0])
    low = -28
    if is_narrow():  # there is room for one line
        smallest, low = smallest.partition("\n")[0], -7
    beside(ax, smallest, best, shift=(-20, low), ha="right", weight="semibold", **style)
    beside(ax, say("automatic", error=exact), (left, exact), shift=(4, 9), weight="semibold",
           **style)  # fmt: skip
    muted = {"color": color("muted"), "parse_math": True, **style}
    for name, x, shift, ha in (
        ("small", left, (8, -28 if is_narrow() else 34), "left"),
        ("large", right, (-8, -14 if is_narrow() else -40), "right"),
    ):
        said = say(name).partition(":\n")[0] if is_narrow() else say(name)
        beside(ax, said, (x, best[1]), shift=shift, ha=ha, va="center", **muted)


def table(recording: xr.Dataset) -> Table:
    """Return error, length and time of each method."""
    n = int(recording.n_params.values[-1])
    exact = float(recording.auto_error.sel(run_precision="float64"))

    # Methods without a length or a time would be rows of dashes: by hand, forward difference.
    attrs = recording.attrs
    wins = all(attrs[name] for name in ("differences_lose", "symbols_grow", "reverse_wins"))

    def marked(said: str, good: bool = True, **more: Any) -> Cell:
        return Cell(say("good" if good else "bad", said=said) if wins else said,
                    strong=good and wins, **more)  # fmt: skip

    def error(value: float, **more: Any) -> Cell:
        return marked(say("error", error=value), **more)

    def best(method: str) -> Cell:
        errors = recording.error.sel(run=method, run_precision="float64").values
        k = int(errors.argmin())
        lost = say("loses") if attrs["differences_lose"] else say("with step", h=recording.h[k])
        return marked(say("error", error=float(errors[k])), False, note=lost)

    def time(mode: str, name: str, count: int) -> Cell:
        seconds = float(recording.seconds.sel(run_mode=mode)[-1])
        note = say(name, n=count, each=duration(seconds / count, 4))
        return marked(duration(seconds, 3), False, note=note)

    length, won = number(int(recording.trace_length[-1])), {"tint": wins}
    reverse = duration(float(recording.seconds.sel(run_mode="reverse mode")[-1]), 3)
    rows: list[list[Any]] = [
        ["central difference", best("central difference"), Cell(None, note=say("itself")),
         time("central difference", "evaluations", 2 * n)],
        ["symbolic", error(float(recording.symbolic_error)),
         marked(number(int(recording.symbolic_length[-1])), False,
                note=say("long") if wins else ""),
         Cell(None, note=say("unmeasured"))],
        ["automatic, forward mode", error(float(recording.forward_error)), marked(length),
         time("forward mode", "passes", n)],
        [Cell("automatic, reverse mode", tint=wins), error(exact, **won), marked(length, **won),
         marked(reverse, note=say("one"), **won)],
    ]  # fmt: skip
    return Table(
        [
            Column("method"),
            Column(say("exact"), note=say("error of")),
            Column(say("short"), note=say("depth", n=int(recording.depth[-1]))),
            Column(say("fast"), note=say("n", n=n)),
        ],
        rows,
        title=say("table title", costs=say("costs")),
        subtitle=say("table subtitle"),
        notes=[say("note")],
    )
