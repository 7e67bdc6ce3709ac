"""One trained neuron with a flower in it: inputs, weights, bias, sum, activation, output.

Source  000; 001; 002; 004. 001 writes σ(z) = 1/(1 + e^z); it is 1/(1 + e^−z)
"""

from __future__ import annotations

from itertools import pairwise

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.networks import _units as units
from figures.parts.canvas import MARGIN, TICK, px
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
    subtitle="One {asked} in a neuron trained to tell it from {other}. The sum starts at 0, and "
    "each weight × input moves it: orange to the right, blue to the left.",
    alt="Four measurements of a flower, as numbers, enter a neuron on the left, each along a line "
    "with its weight; a fifth line brings the bias. Inside, their products are bars, laid end to "
    "end from zero to the weighted sum z. Below, on the same axis, the S-shaped curve of the "
    "sigmoid turns z into the output, the probability of {asked}, drawn as a bar.",
    caption="A logistic neuron, trained on {n_train} irises (Fisher's measurements) and right "
    "about {accuracy:.0%} of {n_test} others. Each input is a length minus the mean, in standard "
    "deviations. Inputs and weights are rounded to tenths, the bias to hundredths, so that "
    "everything adds up as printed; its accuracy before rounding is {accuracy_unrounded:.0%}.",
    words={
        "inputs": "A neuron looks at a flower: is it a {asked}?\n"
        "Its inputs are four lengths, in standard deviations from the mean.",
        "products": "Each input is multiplied by its weight, and added\n"
        "Orange moves the sum to the right, blue to the left; the bias is added last.",
        "activation": "The sigmoid turns the sum into a probability\n"
        "Far left of zero it answers 0, far right 1, and in between it is unsure.",
        "another flower": "Another flower, the same weights\nOnly the inputs are new.",
        "length": "{cm:.1f} cm",
        "always": "always 1",
        "times": "× {weight}",
        "z": "z = {z:.2f}",
        "its sum": "$z={z:.2f}$",
        "sum": "$z=\\mathbf{{w}}\\cdot\\mathbf{{x}}+b={z:.2f}$",
        "output": "$\\sigma(z)=\\dfrac{{1}}{{1+e^{{-{z:(.2f)}}}}}={output:.3f}$",
        "curve": "$\\sigma(z)$",
        "equals": "= {value}",
        "sigmoid": "sigma(z) = 1 / (1 + e^(-z))",
        "answer": "The flower is a {really}; the neuron gives {asked} {output:.3f}\n"
        "A positive sum gives more than one half, a negative sum less.",
    },
)

TOP, PITCH = 58.0, 48.0  # middle of the first row, and from row to row, CSS pixels
INPUT, BODY = 152.0, (290.0, 604.0)
AXIS = (312.0, 536.0)  # ends of the axis of sums
CURVE = (322.0, 412.0)  # where σ is 1 and 0
BAR = (620.0, 692.0)


def draw(recording: xr.Dataset) -> Figure:
    """Return the neuron with the flower of the species asked for."""
    flower = recording.isel(example=0)
    fig, ax = units.page(474)
    units.box(ax, BODY[0], 8, BODY[1], 448, zorder=1.2)  # over the ends of the edges
    muted = {"color": color("muted"), "va": "baseline"}
    ax.text(INPUT, 26, "input x", ha="center", **muted)
    ax.text((INPUT + BODY[0]) / 2 + 10, 26, "weight w", ha="center", **muted)
    ax.text(BODY[1] - 14, 32, "w × x", ha="right", **muted)
    ax.text(AXIS[0], 32, "sum", **muted)
    _rows(ax, flower)
    _sum(ax, flower)
    _activation(ax, flower)
    _formulas(ax, flower)
    return fig


def _rows(ax: Axes, flower: xr.Dataset) -> None:
    """Draw the inputs and the edges that carry them, as thick as what they bring."""
    names = flower.feature.values.tolist()
    parts = [*flower.contribution.values, float(flower.bias)]
    heights = [TOP + PITCH * i for i in range(len(parts))]
    edges(ax, [(INPUT, y) for y in heights], [(BODY[0], y) for y in heights], parts, width=9)
    muted = {"color": color("muted"), "va": "baseline", "fontsize": px(TICK)}
    for i, y in enumerate(heights):
        bias = i == len(names)
        name = "bias b" if bias else names[i]
        note = say("always") if bias else say("length", cm=flower.measurement[i])
        ax.text(MARGIN, y - 2, name, va="baseline")
        ax.text(MARGIN, y + 15, note, **muted)
        units.unit(ax, INPUT, y, number(1) if bias else fixed(flower.input[i], 1))
        weight = fixed(flower.bias, 2) if bias else fixed(flower.weight[i], 1)
        ax.text(
            (INPUT + BODY[0]) / 2 + 10,
            y,
            say("times", weight=weight),
            ha="center",
            va="center_baseline",
            path_effects=halo(5),
            zorder=3,
        )


def _sum(ax: Axes, flower: xr.Dataset) -> None:
    """Lay the contributions end to end, in the rows that they come in."""
    reach = float(flower.curve_z[-1])
    sums = flower.running_sum.values
    places = units.stretch(*AXIS, reach, sums)
    zero = float(units.stretch(*AXIS, reach, 0))
    last = TOP + PITCH * (len(sums) - 2)
    ax.plot([zero, zero], [TOP - 14, CURVE[1]], color=color("quiet"), linewidth=px(1.2))
    for i, (start, end) in enumerate(pairwise(sums)):
        y = TOP + PITCH * i
        bar(ax, places[i], places[i + 1], y, 1.0, color=units.signed(end - start))
        if y < last:
            _thread(ax, places[i + 1], y, y + PITCH)
        words = fixed(end - start, 2, sign=True)
        ax.text(BODY[1] - 14, y, words, ha="right", va="center_baseline")


def _thread(ax: Axes, x: float, top: float, bottom: float) -> None:
    ax.plot([x, x], [top, bottom], color=color("muted"), linewidth=px(1), zorder=1.5)


def _activation(ax: Axes, flower: xr.Dataset) -> None:
    """Let the sum fall on the sigmoid, and the output leave at its height."""
    reach, z, output = float(flower.curve_z[-1]), float(flower.z), float(flower.output)
    low, high = CURVE[1], CURVE[0]
    x = float(units.stretch(*AXIS, reach, z))
    y = low + output * (high - low)
    ax.plot([AXIS[0], AXIS[1]], [low, low], color=color("quiet"), linewidth=px(1.2))
    ax.plot(
        units.stretch(*AXIS, reach, flower.curve_z),
        low + flower.curve.values * (high - low),
        color=color("muted"),
        label="sigmoid",
    )
    last = TOP + PITCH * (flower.sizes["step"] - 2)
    _thread(ax, x, last, y)
    ax.plot([x, BAR[0]], [y, y], color=color("text"), linewidth=px(2), zorder=1.5)
    dot(ax, x, y, color=color("text"), size=11)
    style = {"color": color("muted"), "fontsize": px(TICK), "va": "baseline"}
    for value in (-reach, 0, reach):
        at = float(units.stretch(*AXIS, reach, value))
        ax.text(at, low + 20, number(value), ha="center", **style)
    for value, y_tick in ((0, low), (1, high)):
        ax.text(AXIS[0] - 7, y_tick + 4, number(value), ha="right", **style)
    ax.text(AXIS[0], high + 24, "activation", color=color("muted"), va="baseline")
    ax.text(AXIS[0], high + 43, say("curve"), color=color("muted"), va="baseline",
            parse_math=True)  # fmt: skip
    ax.text(
        x + 9,
        (last + high) / 2 + 3,
        say("its sum", z=z),
        va="center_baseline",
        fontsize=px(17),
        parse_math=True,
    )
    bar(ax, *BAR, y, 1.0, color=color("quiet"))
    bar(ax, *BAR, y, output, color=color("green"))
    ax.text(BAR[0], y - 15, str(flower.attrs["asked"]), va="baseline", weight="semibold")
    ax.text(BAR[0], y + 26, fixed(output, 3), va="baseline", weight="semibold")


def _formulas(ax: Axes, flower: xr.Dataset) -> None:
    both = {"z": flower.z, "output": flower.output}
    lines = [("weighted sum", say("sum", **both)), ("output", say("output", **both))]
    for i, (name, words) in enumerate(lines):
        y = CURVE[0] + 16 + 58 * i
        ax.text(MARGIN, y, name, color=color("muted"), va="baseline")
        ax.text(
            MARGIN,
            y + (21 if i == 0 else 30),
            words,
            va="baseline",
            fontsize=px(16),
            parse_math=True,
        )
