"""One trained neuron with a flower in it: inputs, weights, bias, sum, activation, output.

Source  000; 001; 002; 004. 001 writes σ(z) = 1/(1 + e^z); it is 1/(1 + e^−z)
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.networks import _units as units
from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    TICK,
    is_narrow,
    px,
    text_width,
)
from figures.parts.colors import halo
from figures.parts.marks import dot
from figures.parts.networks import bar, edges
from look.numbers import fixed, number
from look.theme import color
from look.words import Visual, say

READS = {
    "neuron": "measurement (example, feature), input (example, feature), weight (feature), "
    "bias (), contribution (example, feature), running_sum (example, step), z (example), "
    "output (example), curve_z (x), curve (x), feature (feature), asked",
}

VISUAL = Visual(
    uses=["neuron"],
    title="A neuron weighs its inputs, adds them up, and answers",
    subtitle="Is this iris a {asked}? Inputs are in standard deviations from the mean. A line is "
    "as wide as weight × input, which moves the sum: orange to the right, blue to the left.",
    alt="Four measurements of a flower, as numbers, enter a neuron, each along a line "
    "with its weight, as wide as their product; a fifth line brings the bias. Inside, the "
    "products are bars, laid end to end from zero to the weighted sum z. Below, on the same axis, "
    "the S-shaped curve of the sigmoid turns z into the output, the probability of {asked}, drawn "
    "as a bar.",
    caption="A logistic neuron, trained on {n_train} irises (Fisher's measurements) and right "
    "about {accuracy:.0%} of {n_test} others. Each input is a measurement minus the mean, in "
    "standard deviations. Inputs and weights are rounded to tenths, the bias to hundredths, so "
    "that everything adds up as printed; its accuracy before rounding is {accuracy_unrounded:.0%}.",
    words={
        "inputs": "A neuron looks at a flower: is it a {asked}?\n"
        "Its inputs are four measurements, in standard deviations from the mean.",
        "products": "Each input is multiplied by its weight, and added\n"
        "A line is as wide as weight × input: orange moves the sum right, blue left.",
        "activation": "The sigmoid turns the sum into a probability\n"
        "Far left of zero it answers 0, far right 1, and in between it is unsure.",
        "another flower": "Another flower, the same weights\nOnly the inputs are new.",
        "input": "input $x$",
        "weight": "weight $w$",
        "product": "$w\\times x$",
        "bias": "bias $b$",
        "length": "{cm:.1f} cm",
        "always": "always 1",
        "times": "× {weight}",
        "z": "z = {z:.2f}",
        "its sum": "$z={z:.2f}$",
        "sum": "$z=w\\cdot x+b={z:.2f}$",
        "output": "$\\sigma(z)=\\dfrac{{1}}{{1+e^{{-{z:(.2f)}}}}}={output:.3f}$",
        "curve": "$\\sigma(z)$",
        "equals": "= {value}",
        "sigmoid": "sigma(z) = 1 / (1 + e^(-z))",
        "answer": "The flower is a {really}; the neuron gives {asked} {output:.3f}\n"
        "A positive sum gives more than one half, a negative sum less.",
    },
)


class Places(NamedTuple):
    """Where the parts stand; CSS pixels."""

    top: float  # middle of the first row
    pitch: float  # from row to row
    input: float
    body: tuple[float, float]
    axis: tuple[float, float]  # ends of the axis of sums
    curve: tuple[float, float]  # where σ is 1 and 0
    bar: tuple[float, float]
    margin: float


WIDE = Places(58, 48, 152, (290, 604), (312, 536), (322, 412), (620, 692), MARGIN)
# Names stand over their inputs, and the output leaves the neuron below.
SLIM = Places(
    76, 66, NARROW_MARGIN + 20, (144, 330), (172, 278), (426, 506),
    (NARROW_MARGIN, NARROW - NARROW_MARGIN), NARROW_MARGIN,
)  # fmt: skip


def _places() -> Places:
    return SLIM if is_narrow() else WIDE


def draw(recording: xr.Dataset) -> Figure:
    """Return the neuron with the flower of the species asked for."""
    flower = recording.isel(example=0)
    fig, ax = units.page(474, narrow=784)
    at = _places()
    (left, right), low = at.body, at.curve[1] + 36
    units.box(ax, left, 8, right, low, zorder=1.2)  # over the ends of the edges
    muted = {"color": color("muted"), "va": "baseline", "parse_math": True}
    ax.text(at.input + (8 if is_narrow() else 0), 26, say("input"), ha="center", **muted)
    ax.text(_weights(), 26, say("weight"), ha="center", **muted)
    ax.text(right - 14, 32, say("product"), ha="right", **muted)
    ax.text(at.axis[0], 32, "sum", **muted)
    _rows(ax, flower)
    _sum(ax, flower)
    _activation(ax, flower)
    _formulas(ax, flower)
    return fig


def _weights() -> float:
    """Return the middle of the weights, between the inputs' discs and the neuron."""
    at = _places()
    return (at.input + at.body[0]) / 2 + 10


def _rows(ax: Axes, flower: xr.Dataset) -> None:
    """Draw the inputs and the edges that carry them, as thick as what they bring."""
    at, narrow = _places(), is_narrow()
    names = flower.feature.values.tolist()
    parts = [*flower.contribution.values, float(flower.bias)]
    heights = [at.top + at.pitch * i for i in range(len(parts))]
    edges(ax, [(at.input, y) for y in heights], [(at.body[0], y) for y in heights], parts, width=9)
    muted = {"color": color("muted"), "va": "baseline", "fontsize": px(TICK)}
    for i, y in enumerate(heights):
        bias = i == len(names)
        name = say("bias") if bias else names[i]
        note = say("always") if bias else say("length", cm=flower.measurement[i])
        up, behind = (-25, text_width(name.replace("$", ""), LABEL) + 6) if narrow else (-2, 0.0)
        ax.text(at.margin, y + up, name, va="baseline", parse_math=bias)
        ax.text(at.margin + behind, y + (up if narrow else 15), note, **muted)
        units.unit(ax, at.input, y, number(1) if bias else fixed(flower.input[i], 1))
        weight = fixed(flower.bias, 2) if bias else fixed(flower.weight[i], 1)
        ax.text(
            _weights(),
            y,
            say("times", weight=weight),
            ha="center",
            va="center_baseline",
            path_effects=halo(5),
            zorder=3,
        )


def _sum(ax: Axes, flower: xr.Dataset) -> None:
    """Lay the contributions end to end, in the rows that they come in."""
    at = _places()
    reach = float(flower.curve_z[-1])
    sums = flower.running_sum.values
    places = units.stretch(*at.axis, reach, sums)
    zero = float(units.stretch(*at.axis, reach, 0))
    last = at.top + at.pitch * (len(sums) - 2)
    for ends in ((at.top - 14, last + 40), at.curve):  # not through z
        ax.plot([zero, zero], ends, color=color("quiet"), linewidth=px(1.2))
    for i, (start, end) in enumerate(pairwise(sums)):
        y = at.top + at.pitch * i
        bar(ax, places[i], places[i + 1], y, 1.0, color=units.signed(end - start))
        if y < last:
            _thread(ax, places[i + 1], y, y + at.pitch)
        words = fixed(end - start, 2, sign=True)
        ax.text(at.body[1] - 14, y, words, ha="right", va="center_baseline")


def _thread(ax: Axes, x: float, top: float, bottom: float) -> None:
    ax.plot([x, x], [top, bottom], color=color("muted"), linewidth=px(1), zorder=1.5)


def _activation(ax: Axes, flower: xr.Dataset) -> None:
    """Let the sum fall on the sigmoid, and the output leave at its height."""
    at = _places()
    reach, z, output = float(flower.curve_z[-1]), float(flower.z), float(flower.output)
    high, low = at.curve
    x = float(units.stretch(*at.axis, reach, z))
    y = low + output * (high - low)
    ax.plot([*at.axis], [low, low], color=color("quiet"), linewidth=px(1.2))
    ax.plot(
        units.stretch(*at.axis, reach, flower.curve_z),
        low + flower.curve.values * (high - low),
        color=color("muted"),
        label="sigmoid",
    )
    last = at.top + at.pitch * (flower.sizes["step"] - 2)
    _thread(ax, x, last, y)
    dot(ax, x, y, color=color("text"), size=11)
    style = {"color": color("muted"), "fontsize": px(TICK), "va": "baseline"}
    for value in (-reach, 0, reach):
        place = float(units.stretch(*at.axis, reach, value))
        ax.text(place, low + 20, number(value), ha="center", **style)
    for value, y_tick in ((0, low), (1, high)):
        ax.text(at.axis[0] - 7, y_tick + 4, number(value), ha="right", **style)
    if not is_narrow():  # there it would lie on the curve
        ax.text(at.axis[0], high + 24, "activation", color=color("muted"), va="baseline")
    ax.text(at.axis[0], high + 43, say("curve"), color=color("muted"), va="baseline",
            parse_math=True)  # fmt: skip
    # Before the thread where there is no room behind it.
    room = at.body[1] - 12 - (x + 9) > text_width(say("z", z=z), 17)
    ax.text(
        x + (9 if room else -9),
        (last + high) / 2 + 3,
        say("its sum", z=z),
        ha="left" if room else "right",
        va="center_baseline",
        fontsize=px(17),
        parse_math=True,
    )
    left, right = at.bar
    under, way = y, [(x, y), (left, y)]
    if is_narrow():  # around the neuron's corner, to the bar below it
        under = low + 78
        way = [(x, y), (right - 4, y), (right - 4, under)]
    ax.plot(*zip(*way, strict=True), color=color("text"), linewidth=px(2), zorder=1.5)
    bar(ax, left, right, under, 1.0, color=color("quiet"))
    bar(ax, left, right, under, output, color=color("green"))
    for down, words in ((-15, str(flower.attrs["asked"])), (26, fixed(output, 3))):
        ax.text(left, under + down, words, va="baseline", weight="semibold")


def _formulas(ax: Axes, flower: xr.Dataset) -> None:
    both = {"z": flower.z, "output": flower.output}
    lines = [("weighted sum", say("sum", **both)), ("output", say("output", **both))]
    at = _places()
    top = at.curve[1] + 142 if is_narrow() else at.curve[0] + 16
    for i, (name, words) in enumerate(lines):
        y = top + 58 * i
        ax.text(at.margin, y, name, color=color("muted"), va="baseline")
        ax.text(
            at.margin,
            y + (21 if i == 0 else 30),
            words,
            va="baseline",
            fontsize=px(16),
            parse_math=True,
        )
