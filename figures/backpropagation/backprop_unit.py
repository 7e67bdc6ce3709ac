"""One hidden unit: a and z on the way forward, δ on the way back.

Source  001, gradients via the chain rule; Bishop and Bishop 2024, equation 8.14
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from figures.networks import _units as units
from figures.parts.canvas import MARGIN, NARROW, TICK, is_narrow, px
from figures.parts.colors import halo
from figures.parts.marks import dot
from figures.parts.networks import edges
from look.numbers import fixed, form, joined, number
from look.theme import color
from look.words import Visual, say

READS = {
    "backprop_unit": "input (feature), weight_in (feature), bias (), contribution (feature), a (), "
    "z (), slope (), delta_out (class), weight_out (class), pull (class), back (), delta (), "
    "gradient (feature), curve_a (x), curve (x), feature (feature), class (class), adds_up",
}

VISUAL = Visual(
    uses=["backprop_unit"],
    title="Back through a unit: errors times weights, times the slope",
    subtitle="A unit of a network that names irises. Forward, it adds up weight × input and bends "
    "the sum; back, it adds up weight × error, times the bend’s slope. Lines: these products.",
    alt="A box in the middle, the unit, with its S-shaped curve and the tangent at the point where "
    "the unit is. On one side four inputs and a bias come in along lines with weights. On the "
    "other, the errors of three outputs come back along lines with weights. Below, both sums are "
    "worked out: a = {sum:.2f}, and δ = {error:.3f}.",
    caption="Hidden unit {unit} of {n_units} of a network trained on {n_train} irises, with a "
    "{species} of the test set. Errors are autograd’s. Weights and inputs are rounded to "
    "tenths, biases to hundredths. "
    "{n_pairs} pairs of flower and unit were looked at: this is, of the "
    "{n_fit:?pairs|pair|{n_fit}} whose printed digits add up, the one with the largest error.",
    words={
        "forward": "forward",
        "back": "back",
        "input": "input z",
        "weight": "weight w",
        "error": "error δ",
        "times": "× {weight}",
        "gradient": "∂L/∂w = {value:.3f}",
        "always": "bias",
        "tenths": "{value:.1f}",
        "tags": "forward, the sum|back, the sum|times the slope|so for a weight",
        "sum": r"a_j = \Sigma_i \, w_{{ji}} z_i = {terms} = {a:.2f}",
        "returned": r"\Sigma_k \, w_{{kj}} \delta_k = {terms} {sign} {back:.3f}",
        "by weight": r"\partial L / \partial w_{{ji}} = \delta_j \, z_i = {delta:.3f} \cdot "
        r"{input:(.1f)} {sign} {gradient:.3f} \quad \mathrm{{({name})}}",
        "delta": r"\delta_j = (1 - z_j^2) \, \Sigma_k \, w_{{kj}} \delta_k = {slope:.3f} \cdot "
        "{back:(.3f)} {sign} {delta:.3f}",
        "slope label": r"\mathrm{{slope}} = 1 - z_j^2 = {slope:.3f}",
        "z label": r"z_j = \tanh a_j = {z:.3f}",
        "a label": r"a_j = {a:.2f}",
        "delta label": r"\delta_j = {delta:.3f}",
    },
)

ROWS, PITCH = 66.0, 52.0  # middle of the first input and from input to input, CSS pixels
INPUT, OUTPUT = 168.0, 566.0
BODY = (266.0, 24.0, 462.0, 312.0)
REACH = 1.8  # of the curve, at least
CURVE = (282.0, 446.0, 250.0, 96.0)  # left, right, and where tanh is −1 and 1
# On the narrow sheet: rows of inputs and outputs, and the body between them.
ENTER, LEAVE, UPRIGHT_BODY = 64.0, 440.0, (72.0, 128.0, 288.0, 366.0)


def draw(recording: xr.Dataset) -> Figure:
    """Return the unit with what comes in on both sides."""
    fig, ax = units.page(469, narrow=659)
    body = UPRIGHT_BODY if is_narrow() else BODY
    units.box(ax, *body, zorder=1.2)
    if is_narrow():
        _above(ax, recording)
        _below(ax, recording)
        _arrow(ax, say("forward"), (36, 176), (36, 214))
        _arrow(ax, say("back"), (324, 318), (324, 280))
        style = {"ha": "center", "va": "baseline", "color": color("muted")}
        ax.text(36, 146, say("input"), **style)
        ax.text(324, 338, say("error"), **style)
    else:
        _inputs(ax, recording)
        _outputs(ax, recording)
    _curve(ax, recording, body)
    _sums(ax, recording)
    return fig


def _inputs(ax: Axes, unit: xr.Dataset) -> None:
    """Draw what comes in from the left, and the largest gradient by a weight."""
    parts = [*unit.contribution.values, float(unit.bias)]
    names = [*unit.feature.values.tolist(), say("always")]
    most = int(np.abs(unit.gradient.values).argmax())
    ys = [ROWS + PITCH * i for i in range(len(parts))]
    edges(ax, [(INPUT, y) for y in ys], [(BODY[0], y) for y in ys], parts, width=7)
    style = {"va": "baseline", "color": color("muted")}
    ax.text(INPUT, 32, say("input"), ha="center", **style)
    _arrow(ax, say("forward"), (206, 35), (252, 35))
    for i, y in enumerate(ys):
        bias = i == len(parts) - 1
        ax.text(MARGIN, y - 2 if i == most else y + 5, names[i], va="baseline")
        if i == most:  # that of the one that is worked out below
            said = say("gradient", value=float(unit.gradient[i]))
            ax.text(MARGIN, y + 16, said, fontsize=px(TICK), **style)
        value = number(1) if bias else say("tenths", value=unit.input.values[i])
        units.unit(ax, INPUT, y, value)
        weight = fixed(unit.bias, 2) if bias else fixed(unit.weight_in[i], 1)
        _weight(ax, (INPUT + BODY[0]) / 2 + 8, y, weight)


def _outputs(ax: Axes, unit: xr.Dataset) -> None:
    """Draw the errors that come back from the right."""
    n = unit.sizes["class"]
    middle, gap = ROWS + 2 * PITCH, 1.55 * PITCH
    ys = [middle + (k - (n - 1) / 2) * gap for k in range(n)]
    edges(ax, [(OUTPUT, y) for y in ys], [(BODY[2], y) for y in ys], unit.pull, width=7)
    ax.text(OUTPUT, 32, say("error"), ha="center", va="baseline", color=color("muted"))
    _arrow(ax, say("back"), (522, 35), (476, 35))
    for k, y in enumerate(ys):
        units.unit(ax, OUTPUT, y, fixed(unit.delta_out[k], 3), diameter=56)
        _weight(ax, (OUTPUT + BODY[2]) / 2 - 5, y, fixed(unit.weight_out[k], 1))
        ax.text(OUTPUT + 38, y, str(unit["class"].values[k]), va="center_baseline")


def _arrow(ax: Axes, text: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw an arrow under its name."""
    ax.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=10, shrinkA=0,
            shrinkB=0, color=color("muted"), linewidth=px(1.5),
        )
    )  # fmt: skip
    x, y = (start[0] + end[0]) / 2, min(start[1], end[1]) - 8
    ax.text(x, y, text, ha="center", va="baseline", color=color("muted"))


def _weight(ax: Axes, x: float, y: float, weight: str) -> None:
    under = {"facecolor": color("background"), "edgecolor": "none", "pad": px(3)}
    ax.text(x, y, say("times", weight=weight), ha="center", va="center_baseline", bbox=under,
            zorder=3)  # fmt: skip


def _above(ax: Axes, unit: xr.Dataset) -> None:
    """Draw what comes in from above, each with its weight."""
    parts = [*unit.contribution.values, float(unit.bias)]
    names = [*unit.feature.values.tolist(), say("always")]
    xs = np.linspace(44, NARROW - 44, len(parts))
    ends = np.linspace(UPRIGHT_BODY[0] + 30, UPRIGHT_BODY[2] - 30, len(parts))
    edges(ax, [(x, ENTER) for x in xs], [(x, UPRIGHT_BODY[1]) for x in ends], parts, width=7)
    for i, x in enumerate(xs.tolist()):
        bias = i == len(parts) - 1
        for k, word in enumerate(reversed(str(names[i]).split())):
            ax.text(x, ENTER - 28 - 15 * k, word, ha="center", va="baseline", fontsize=px(TICK))
        value = number(1) if bias else say("tenths", value=unit.input.values[i])
        units.unit(ax, x, ENTER, value)
        weight = fixed(unit.bias, 2) if bias else fixed(unit.weight_in[i], 1)
        _weight(ax, x + 0.6 * (ends[i] - x), ENTER + 0.62 * (UPRIGHT_BODY[1] - ENTER), weight)


def _below(ax: Axes, unit: xr.Dataset) -> None:
    """Draw the errors that come back from below."""
    n = unit.sizes["class"]
    xs = np.linspace(64, NARROW - 64, n) if n > 1 else np.array([NARROW / 2])
    ends = np.linspace(UPRIGHT_BODY[0] + 40, UPRIGHT_BODY[2] - 40, n)
    edges(ax, [(x, LEAVE) for x in xs], [(x, UPRIGHT_BODY[3]) for x in ends], unit.pull, width=7)
    for k, x in enumerate(xs.tolist()):
        units.unit(ax, x, LEAVE, fixed(unit.delta_out[k], 3), diameter=56)
        _weight(ax, x + 0.5 * (ends[k] - x), (LEAVE - 28 + UPRIGHT_BODY[3]) / 2,
                fixed(unit.weight_out[k], 1))  # fmt: skip
        ax.text(x, LEAVE + 46, str(unit["class"].values[k]), ha="center", va="baseline")


def _curve(ax: Axes, unit: xr.Dataset, body: tuple[float, float, float, float]) -> None:
    """Draw the bend with the unit's point on it, and its slope there, on equal axes."""
    left, right = body[0] + CURVE[0] - BODY[0], body[2] + CURVE[1] - BODY[2]
    low, high = body[3] + CURVE[2] - BODY[3], body[1] + CURVE[3] - BODY[1]
    reach = min(max(REACH, abs(float(unit.a)) + 0.5), float(unit.curve_a[-1]))
    middle, half = (low + high) / 2, (right - left) / (2 * reach)
    low, high = middle + half, middle - half
    inside = np.abs(unit.curve_a.values) <= reach

    def place(a: np.ndarray | float, z: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
        return (
            units.stretch(left, right, reach, a),
            low + (np.asarray(z, dtype=float) + 1) / 2 * (high - low),
        )

    quiet = {"color": color("quiet"), "linewidth": px(1.2), "zorder": 1.4}
    ax.plot(*place(np.array([-reach, reach]), np.zeros(2)), **quiet)
    ax.plot(*place(np.zeros(2), np.array([-1.0, 1.0])), **quiet)
    ax.plot(*place(unit.curve_a.values[inside], unit.curve.values[inside]), color=color("muted"),
            label="tanh", zorder=2)  # fmt: skip
    a, z, slope = (float(unit[name]) for name in ("a", "z", "slope"))
    half = min(1.1, 0.75 / max(slope, 0.2))
    run = np.array([-half, half])
    ax.plot(*place(a + run, z + slope * run), color=color("text"), linewidth=px(2.5),
            label="tangent", zorder=2.5)  # fmt: skip
    x, y = (float(each) for each in place(a, z))
    ax.plot([x, x], [float(place(a, 0)[1]), y], color=color("muted"), linewidth=px(1.2),
            linestyle=(0, (3, 2)), zorder=2)  # fmt: skip
    dot(ax, x, y, color=color("text"), size=11)
    style = {"ha": "center", "va": "baseline", "zorder": 3}
    middle = (body[0] + body[2]) / 2

    def maths(name: str, **value: float) -> str:
        return joined([f"${say(name, **value)}$"])

    style |= {"parse_math": True, "fontsize": px(15.5)}
    ax.text(middle, body[1] + 34, maths("z label", z=z), **style)
    beside = {**style, "ha": "left" if a > 0 else "right"}
    under = float(place(a, 0)[1]) + 20
    ax.text(x - 4 * np.sign(a), under, maths("a label", a=a), path_effects=halo(3), **beside)
    ax.text(middle, body[3] - 38, maths("slope label", slope=slope), **style)
    ax.text(middle, body[3] - 14, maths("delta label", delta=float(unit.delta)), **style)


def _sums(ax: Axes, unit: xr.Dataset) -> None:
    """Write both sums with all their numbers."""
    forward = [*unit.contribution.values, float(unit.bias)]
    sign = "=" if unit.attrs["adds_up"] else "≈"
    # What is printed of both factors has four decimals as a product: nothing to round in between.
    most = int(np.abs(unit.gradient.values).argmax())
    name = str(unit.feature.values[most]).replace(" ", r"\ ")
    back = np.round(unit.weight_out.values, 1) * np.round(unit.delta_out.values, 3)
    numbers = {name: float(unit[name]) for name in ("a", "z", "slope", "back", "delta")}
    lines = [
        say("sum", terms=_terms(forward, 2), **numbers),
        say("returned", terms=_terms(back, 4), sign=sign, **numbers),
        say("delta", sign=sign, **numbers),
        say(
            "by weight",
            sign=sign,
            delta=numbers["delta"],
            input=float(unit.input[most]),
            gradient=float(unit.gradient[most]),
            name=name,
        ),
    ]
    size, start, middle = (13, LEAVE + 82, NARROW / 2) if is_narrow() else (
        16.5, BODY[3] + 36, INPUT - 18
    )  # fmt: skip
    tags = say("tags").split("|")
    for i, line in enumerate(lines):
        y = start + 27 * i + 6 * (i > 0) + 6 * (i > 2)
        ax.text(middle, y, joined([f"${line}$"]), ha="center" if is_narrow() else "left",
                va="baseline", fontsize=px(size), parse_math=True)  # fmt: skip
        if not is_narrow():  # which way it belongs to
            ax.text(MARGIN, y, tags[i], va="baseline", color=color("muted"))


def _terms(values: list[float] | np.ndarray, decimals: int) -> str:
    """Return numbers as a sum: 0.42 − 0.10 + 0.31."""
    first, *rest = (float(value) for value in values)
    return joined([fixed(first, decimals), *(form(value, f"±.{decimals}f") for value in rest)])
