"""One hidden unit: a and z on the way forward, δ on the way back.

Source  001, gradients via the chain rule; Bishop and Bishop 2024, equation 8.14
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch

from figures.networks import _units as units
from figures.parts.canvas import MARGIN, NARROW, NARROW_MARGIN, TICK, is_narrow, px
from figures.parts.colors import halo, mix
from figures.parts.marks import dot
from figures.parts.networks import edges
from look.numbers import fixed, form, joined, number
from look.theme import color
from look.words import Visual, say

READS = {
    "backprop_unit": "input (feature), weight_in (feature), bias (), contribution (feature), a (), "
    "z (), slope (), delta_out (class), weight_out (class), pull (class), back (), delta (), "
    "curve_a (x), curve (x), feature (feature), class (class), adds_up",
}

VISUAL = Visual(
    uses=["backprop_unit"],
    title="Back through a unit: errors times weights, times the slope",
    subtitle="A unit of a network that tells kinds of iris apart. Grey: forward. Orange and blue, "
    "by sign: back; the wider, the more. Out of it comes δ, the unit’s own error.",
    alt="A box in the middle, the unit, with its S-shaped curve and the tangent at the point where "
    "the unit is. On one side inputs and a bias come in along grey lines with weights; they add up "
    "to a = {sum:.2f}. On the other, the errors of the outputs come back along lines with weights "
    "and add up; their sum goes back through the unit, grows narrower by the slope, and leaves it "
    "as a large δ = {error:.3f}.",
    caption="Hidden unit {unit} of {n_units} of a network trained on {n_train} irises, with a "
    "{species} of the test set. Errors are autograd’s; an output’s is what it says minus what is "
    "true. The gradient of a weight into the unit is δ times the input there. Weights and inputs "
    "are rounded to tenths, biases to hundredths. "
    "{n_pairs} pairs of flower and unit were looked at: this is, of the "
    "{n_fit:?pairs|pair|{n_fit}} whose printed digits add up, the one with the largest error.",
    words={
        "forward": "forward",
        "back": "back",
        "input": "input z",
        "weight": "weight w",
        "error": "error δ",
        "times": "× {weight}",
        "always": "bias",
        "tenths": "{value:.1f}",
        "tags": "they add up|times the slope",
        "returned": r"\Sigma_k \, w_{{kj}} \delta_k = {terms} {sign} {back:.3f}",
        "delta": r"\delta_j = (1 - z_j^2) \, \Sigma_k \, w_{{kj}} \delta_k = {slope:.3f} \cdot "
        "{back:(.3f)} {sign} {delta:.3f}",
        "slope label": r"\mathrm{{slope}} = 1 - z_j^2 = {slope:.3f}",
        "slope": "× {slope:.3f}",
        "z label": r"z_j = \tanh a_j = {z:.3f}",
        "a label": r"a_j = {a:.2f}",
        "back label": "{back:.3f}",
        "delta label": r"\delta_j = {delta:.3f}",
    },
)

ROWS, PITCH = 44.0, 42.0  # middle of the first input and from input to input, CSS pixels
INPUT, OUTPUT = 152.0, 588.0
BODY = (262.0, 20.0, 466.0, 348.0)
LANE, RETURNS = 292.0, 72.0  # where what comes back crosses the unit; from error to error
TIP = 84.0  # of the arrow with which δ leaves
REACH = 1.8  # of the curve, at least
CURVE = (284.0, 444.0, 128.0)  # left, right, and the height of its middle
# On the narrow sheet: rows of inputs and outputs, the body between them, and its lane back.
ENTER, LEAVE, UPRIGHT_BODY, UPRIGHT_LANE = 64.0, 540.0, (142.0, 152.0, 340.0, 450.0), 408.0
WAY = 7.0  # width of the largest line, CSS pixels
THIN = 1.3  # of the smallest one


def draw(recording: xr.Dataset) -> Figure:
    """Return the unit with what comes in on both sides, and its error, which leaves it."""
    fig, ax = units.page(436, narrow=676)
    body = UPRIGHT_BODY if is_narrow() else BODY
    units.box(ax, *body, zorder=0.8)
    style = {"va": "baseline", "color": color("muted")}
    if is_narrow():
        _above(ax, recording)
        _below(ax, recording)
        ax.text(NARROW_MARGIN, 196, say("forward"), **style)
        _arrow(ax, (48, 206), (48, 242))
        ax.text(NARROW_MARGIN, LEAVE - 48, say("error"), **style)
    else:
        _inputs(ax, recording)
        _outputs(ax, recording)
    _curve(ax, recording, body)
    _back(ax, recording, body)
    _sums(ax, recording)
    return fig


def _ways(
    ax: Axes, starts: list[tuple[float, float]], end: tuple[float, float], values: Any, **inks: Any
) -> None:
    """Draw lines that meet where they add up; the smallest can still be seen."""
    lines = edges(ax, starts, [end] * len(starts), values, width=WAY, **inks)
    lines.set_linewidths(np.maximum(lines.get_linewidths(), px(THIN)))
    rgba = np.array(lines.get_colors())
    rgba[:, 3] = np.where(rgba[:, 3] > 0, np.maximum(rgba[:, 3], 0.6), 0)
    lines.set_color(rgba)


def _inputs(ax: Axes, unit: xr.Dataset) -> None:
    """Draw what comes in from the left."""
    parts = [*unit.contribution.values, float(unit.bias)]
    names = [*unit.feature.values.tolist(), say("always")]
    ys = [ROWS + PITCH * i for i in range(len(parts))]
    meet = (BODY[0], CURVE[2])
    _ways(ax, [(INPUT, y) for y in ys], meet, parts, inks=("muted", "muted"))
    style = {"va": "baseline", "color": color("muted")}
    ax.text(INPUT, 16, say("input"), ha="center", **style)
    ax.text(222, 16, say("forward"), ha="center", **style)
    _arrow(ax, (200, 24), (246, 24))
    for i, y in enumerate(ys):
        bias = i == len(parts) - 1
        ax.text(MARGIN, y + 5, names[i], va="baseline", color=color("muted"))
        value = number(1) if bias else say("tenths", value=unit.input.values[i])
        units.unit(ax, INPUT, y, value, diameter=36)
        weight = fixed(unit.bias, 2) if bias else fixed(unit.weight_in[i], 1)
        _weight(ax, 193, y + (193 - INPUT) / (meet[0] - INPUT) * (meet[1] - y), weight, "muted")


def _outputs(ax: Axes, unit: xr.Dataset) -> None:
    """Draw the errors that come back from the right, and what goes on there."""
    n = unit.sizes["class"]
    ys = [LANE + (k - (n - 1) / 2) * RETURNS for k in range(n)]
    meet = (BODY[2], LANE)
    _ways(ax, [(OUTPUT, y) for y in ys], meet, unit.pull.values)
    ax.text(OUTPUT, ys[0] - 40, say("error"), ha="center", va="baseline", color=color("muted"))
    ax.text(506, ys[0] - 22, say("back"), ha="center", va="baseline", color=color("muted"))
    _arrow(ax, (528, ys[0] - 14), (482, ys[0] - 14))
    _arrow(ax, (BODY[2], CURVE[2]), (BODY[2] + 48, CURVE[2]), width=2.5)
    ax.text(BODY[2] + 56, CURVE[2] + 5, _maths("z label", z=float(unit.z)), va="baseline",
            parse_math=True, fontsize=px(16))  # fmt: skip
    for k, y in enumerate(ys):
        _error(ax, unit, k, OUTPUT, y)
        _weight(ax, 526, y + (OUTPUT - 526) / (OUTPUT - meet[0]) * (meet[1] - y),
                fixed(unit.weight_out[k], 1))  # fmt: skip
        ax.text(OUTPUT + 36, y, str(unit["class"].values[k]), va="center_baseline")


def _error(ax: Axes, unit: xr.Dataset, k: int, x: float, y: float) -> None:
    """Draw an output's error in a circle of the colour of its sign."""
    value, most = float(unit.delta_out[k]), float(np.abs(unit.delta_out.values).max())
    ax.add_patch(Circle((x, y), 28, facecolor=units.tint(value, most), edgecolor=color("muted"),
                        linewidth=px(1.2), zorder=2, label=f"error {k}"))  # fmt: skip
    ax.text(x, y, fixed(value, 3), ha="center", va="center_baseline", zorder=3)


def _maths(name: str, **value: float) -> str:
    return joined([f"${say(name, **value)}$"])


def _back(ax: Axes, unit: xr.Dataset, body: tuple[float, float, float, float]) -> None:
    """Draw the sum of what comes back on its way through the unit: the slope makes it narrower."""
    back, delta, slope = (float(unit[name]) for name in ("back", "delta", "slope"))
    scale = WAY / max(float(np.abs(unit.pull.values).max()), 1e-12)
    narrow = is_narrow()
    lane = UPRIGHT_LANE if narrow else LANE
    middle = (body[0] + body[2]) / 2
    corner = [(body[2] - 40, body[3]), (body[2] - 40, lane)] if narrow else [(body[2], lane)]
    tip = NARROW_MARGIN + 4 if narrow else TIP
    for way, value, label in (([*corner, (middle, lane)], back, "back"),
                              ([(middle, lane), (tip + 12, lane)], delta, "delta")):  # fmt: skip
        ax.plot(*np.transpose(way), color=units.signed(value), solid_capstyle="butt", label=label,
                linewidth=px(max(THIN, scale * abs(value))), zorder=1.5,
                solid_joinstyle="miter")  # fmt: skip
    ax.add_patch(
        FancyArrowPatch((tip + 14, lane), (tip, lane), arrowstyle="-|>", mutation_scale=26,
                        shrinkA=0, shrinkB=0, color=units.signed(delta), zorder=1.6)
    )  # fmt: skip
    bold = {"weight": "semibold", "zorder": 3}
    at = (body[2] - 52, body[3] - 10) if narrow else (body[2] - 10, lane - 14)
    ax.text(*at, say("back label", back=back), ha="right", va="baseline", fontsize=px(15),
            **bold)  # fmt: skip
    fill = mix("background", "quiet", 0.35)
    ax.text(middle, lane, say("slope", slope=slope), ha="center", va="center_baseline",
            bbox={"facecolor": fill, "edgecolor": color("muted"), "linewidth": px(1.2),
                  "boxstyle": "round,pad=0.35"}, fontsize=px(15), **bold)  # fmt: skip
    ax.text(body[0] - 12, lane - 22, _maths("delta label", delta=delta), ha="right",
            va="baseline", parse_math=True,
            fontsize=px(20 if narrow else 30), zorder=3, gid="hero")  # fmt: skip


def _arrow(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], width: float = 1.5
) -> None:
    ax.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=10, shrinkA=0,
            shrinkB=0, color=color("muted"), linewidth=px(width),
        )
    )  # fmt: skip


def _weight(ax: Axes, x: float, y: float, weight: str, ink: str = "text") -> None:
    under = {"facecolor": color("background"), "edgecolor": "none", "pad": px(2)}
    ax.text(x, y, say("times", weight=weight), ha="center", va="center_baseline", bbox=under,
            zorder=2.5, color=color(ink))  # fmt: skip


def _above(ax: Axes, unit: xr.Dataset) -> None:
    """Draw what comes in from above, each with its weight."""
    parts = [*unit.contribution.values, float(unit.bias)]
    names = [*unit.feature.values.tolist(), say("always")]
    xs = np.linspace(44, NARROW - 44, len(parts))
    meet = ((UPRIGHT_BODY[0] + UPRIGHT_BODY[2]) / 2, UPRIGHT_BODY[1])
    _ways(ax, [(x, ENTER) for x in xs], meet, parts, inks=("muted", "muted"))
    for i, x in enumerate(xs.tolist()):
        bias = i == len(parts) - 1
        for k, word in enumerate(reversed(str(names[i]).split())):
            ax.text(x, ENTER - 26 - 15 * k, word, ha="center", va="baseline", fontsize=px(TICK),
                    color=color("muted"))  # fmt: skip
        value = number(1) if bias else say("tenths", value=unit.input.values[i])
        units.unit(ax, x, ENTER, value, diameter=36)
        weight = fixed(unit.bias, 2) if bias else fixed(unit.weight_in[i], 1)
        _weight(ax, x + 0.4 * (meet[0] - x), ENTER + 0.4 * (meet[1] - ENTER), weight, "muted")


def _below(ax: Axes, unit: xr.Dataset) -> None:
    """Draw the errors that come back from below."""
    n = unit.sizes["class"]
    xs = np.linspace(64, NARROW - 64, n) if n > 1 else np.array([NARROW / 2])
    meet = (UPRIGHT_BODY[2] - 40, UPRIGHT_BODY[3])
    _ways(ax, [(x, LEAVE) for x in xs.tolist()], meet, unit.pull.values)
    for k, x in enumerate(xs.tolist()):
        _error(ax, unit, k, x, LEAVE)
        _weight(ax, x + 0.47 * (meet[0] - x), LEAVE + 0.47 * (meet[1] - LEAVE),
                fixed(unit.weight_out[k], 1))  # fmt: skip
        ax.text(x, LEAVE + 46, str(unit["class"].values[k]), ha="center", va="baseline")


def _curve(ax: Axes, unit: xr.Dataset, body: tuple[float, float, float, float]) -> None:
    """Draw the bend with the unit's point on it, and its slope there, on equal axes."""
    left, right = body[0] + CURVE[0] - BODY[0], body[2] + CURVE[1] - BODY[2]
    middle = body[1] + CURVE[2] - BODY[1]
    reach = min(max(REACH, abs(float(unit.a)) + 0.5), float(unit.curve_a[-1]))
    half = (right - left) / (2 * reach)
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

    style |= {"parse_math": True, "fontsize": px(15.5)}
    if is_narrow():
        ax.text(middle, body[1] + 34, _maths("z label", z=z), **style)
    beside = {**style, "ha": "left" if a > 0 else "right"}
    under = float(place(a, 0)[1]) + 20
    ax.text(x - 4 * np.sign(a), under, _maths("a label", a=a), path_effects=halo(3), **beside)
    foot = body[1] + 200
    ax.text(middle, foot, _maths("slope label", slope=slope), **style)
    lane = UPRIGHT_LANE if is_narrow() else LANE
    ax.plot([middle] * 2, [foot + 10, lane - 20], color=color("muted"), linewidth=px(1.2),
            linestyle=(0, (3, 2)), zorder=1.2)  # fmt: skip


def _sums(ax: Axes, unit: xr.Dataset) -> None:
    """Write the sum of what comes back, and what the slope makes of it, with all numbers."""
    sign = "=" if unit.attrs["adds_up"] else "≈"
    # What is printed of both factors has four decimals as a product: nothing to round in between.
    back = np.round(unit.weight_out.values, 1) * np.round(unit.delta_out.values, 3)
    numbers = {name: float(unit[name]) for name in ("z", "slope", "back", "delta")}
    lines = [say("returned", terms=_terms(back, 4), sign=sign, **numbers),
             say("delta", sign=sign, **numbers)]  # fmt: skip
    size, start, middle = (13, LEAVE + 84, NARROW / 2) if is_narrow() else (
        16.5, BODY[3] + 44, INPUT - 18
    )  # fmt: skip
    tags = say("tags").split("|")
    for i, line in enumerate(lines):
        y = start + 30 * i
        ax.text(middle, y, joined([f"${line}$"]), ha="center" if is_narrow() else "left",
                va="baseline", fontsize=px(size), parse_math=True)  # fmt: skip
        if not is_narrow():  # which way it belongs to
            ax.text(MARGIN, y, tags[i], va="baseline", color=color("muted"))


def _terms(values: list[float] | np.ndarray, decimals: int) -> str:
    """Return numbers as a sum: 0.42 − 0.10 + 0.31."""
    first, *rest = (float(value) for value in values)
    return joined([fixed(first, decimals), *(form(value, f"±.{decimals}f") for value in rest)])
