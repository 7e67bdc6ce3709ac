"""Networks of a single unit: linear and logistic regression as graphs; and side by side as a table.

Source  001, which writes σ(z) = 1/(1 − e^−z) for 1/(1 + e^−z), and gives the squared error as a
        mean over the examples but the cross-entropy as a sum; here both are means
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.networks._units import box
from figures.parts.axes import AXES, beside, name_axes, ticks
from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    TICK,
    WIDTH,
    Canvas,
    is_narrow,
    px,
    text_width,
)
from figures.parts.networks import edges, units
from figures.parts.table import Cell, Column, Table
from look.numbers import fixed, number
from look.theme import color
from look.words import Visual, say

READS = {
    "perceptron": "weight_linear (feature_linear), bias_linear (), output_linear (example_linear), "
    "target_linear (example_linear), weight_logistic (feature_logistic), bias_logistic (), "
    "output_logistic (example_logistic), target_logistic (example_logistic), identity (x), "
    "sigmoid (x), feature_linear (feature_linear), feature_logistic (feature_logistic), accuracy, "
    "explained, n_inputs_linear, n_inputs_logistic, n_params_linear, n_params_logistic, "
    "n_train_linear, n_train_logistic",
}

VISUAL = Visual(
    uses=["perceptron"],
    title="Linear and logistic regression are networks of one unit",
    subtitle="What differs is the function in the unit: a line or an S. Green: the truth of each "
    "test case. Inputs are on one scale; the widest line is each network’s largest weight.",
    alt="Two networks, one above the other. In each, {n_inputs_linear} inputs and a constant 1 run "
    "along lines of different width into a single unit, drawn large: a chart of its answer over "
    "the weighted sum. In the upper one the answer is a straight line, and the true outcomes of "
    "the test patients are scattered about it. In the lower one it is an S-shaped curve from 0 to "
    "1, and the test tumours lie at 0, benign, or at 1, malignant; {accuracy:.0%} of them are on "
    "the right side of one half.",
    caption="Above: {n_train_linear} diabetes patients to train on, {n_test_linear} to test; the "
    "unit explains {explained:.0%} of the test patients' variance. Below: {n_train_logistic} "
    "breast tumours and {n_test_logistic}; {accuracy:.0%} of these are told right. Widths are "
    "relative to each network's largest weight. All inputs are standardised, and the outcome "
    "above is too: a weight is what one standard deviation of its input adds to the weighted sum. "
    "It shows what helps to predict beside the other inputs, not what causes what.",
    words={
        "inputs linear": "{n_inputs_linear} weights and a bias: {n_params_linear}",
        "inputs logistic": "{n_inputs_logistic} weights and a bias: {n_params_logistic}",
        "trained linear": "{n_train_linear} patients",
        "trained logistic": "{n_train_logistic} tumours",
        "explained of": "{explained:.0%} of the differences between patients "
        "explained; always saying the average: none",
        "told right of": "{accuracy:.0%} right; always saying “{usual}”: {share:.0%}",
        "usual": "{malignant:?benign|malignant}",
        "one form": "(answer − truth) × input",
        "one form twice": "2 × (answer − truth) × input",
        "squared error": "$(ŷ − y)²$",
        "cross-entropy": "$−y log p − (1 − y) log(1 − p)$",
        "its gradient": "$2 (ŷ − y) x$",
        "other gradient": "$(p − y) x$",
        "linear": "Linear regression",
        "logistic": "Logistic regression",
        "function linear": "$\\hat{{y}}=z$",
        "function logistic": "$p=\\sigma(z)$",
        "sum": "weighted sum $z=w\\cdot x+b$",
        "outcome linear": "progression; 0 is the average",
        "outcome logistic": "probability of “malignant”",
        "linear model": "$ŷ = w · x + b$",
        "logistic model": "$p = σ(w · x + b)$",
        "sigmoid": "$σ(z) = 1 / (1 + e^(−z))$",
        "log triglycerides": "blood fats",
        "HDL cholesterol": "“good” cholesterol",
        "concave points": "dents in outline",
        "fractal dimension": "rough outline",
        "question linear": "How far will a patient’s diabetes progress in a year?",
        "question logistic": "Is a breast tumour malignant, judged by its cells?",
    },
)

NETS = "linear", "logistic"
ROW, HEAD = 27.0, 58.0  # from input to input; from a network's top to its first, CSS pixels
NUMBER, INPUT = 184.0, 204.0  # right ends of the weights, middles of the inputs
UNIT, HIGH = (300.0, WIDTH - MARGIN), 222.0  # left and right edge of a unit, its height
PANEL = 276.0  # from the top of one network to the top of the other
WIDEST = 9.0
SLIM_HEAD, SLIM_UNIT, SLIM_PANEL = 80.0, 290.0, 558.0  # on the narrow sheet the unit lies below


def draw(recording: xr.Dataset) -> Figure:
    """Return the two networks, one above the other."""
    fig = Canvas(2 * PANEL - 10, narrow=2 * SLIM_PANEL - 20)
    height = fig.height - fig.head
    ax = fig.place(0, 0, fig.width, height)
    ax.set(xlim=(0, fig.width), ylim=(height, 0))  # data units are CSS pixels
    ax.axis("off")
    linear, logistic = (_network(ax, recording, name, i) for i, name in enumerate(NETS))
    z = recording.output_linear.values
    marks = [-2, -1, 0, 1, 2, 3]
    _answers(linear, recording, "linear", z, marks, marks)
    p = recording.output_logistic.values
    with np.errstate(divide="ignore"):
        z = np.log(p) - np.log1p(-p)
    _answers(logistic, recording, "logistic", z, [-20, -10, 0, 10, 20], [0, 0.5, 1])
    for value, said in ((1, "malignant"), (0, "benign")):
        beside(logistic, said, (float(value), value), of=("axes fraction", "data"),
               shift=(0, -20 if value else 9), ha="right" if value else "left",
               fontsize=px(TICK))  # fmt: skip
    return fig


def _network(ax: Axes, recording: xr.Dataset, name: str, i: int) -> Axes:
    """Draw the inputs, largest weight first, the bias below them, and the unit; return its axes."""
    margin, shift, head, top = MARGIN, 0.0, HEAD, PANEL * i
    (left, right), above = UNIT, top + 32
    if is_narrow():
        margin, shift, head, top = NARROW_MARGIN, NARROW_MARGIN - MARGIN, SLIM_HEAD, SLIM_PANEL * i
        left, right, above = margin, NARROW - margin, top + SLIM_UNIT
    heading = say(name)
    ax.text(margin, top + 16, heading, weight="semibold", va="baseline")
    at = (margin + text_width(heading, LABEL, "semibold") + 8, top + 16)
    if is_narrow():
        at = (margin, top + 36)
    ax.text(*at, say(f"question {name}"), color=color("muted"), va="baseline")

    weights = recording[f"weight_{name}"]
    order = np.argsort(-weights.values, kind="stable")
    names = [*weights[f"feature_{name}"].values[order].tolist(), "bias"]
    values = np.array([*weights.values[order], float(recording[f"bias_{name}"])])
    heights = top + head + ROW * np.arange(len(values))
    starts = np.column_stack([np.full(len(values), INPUT + shift), heights])
    apart = np.linspace(-0.5, 0.5, len(values))
    if is_narrow():  # down into it
        ends = np.column_stack([right - 70 - 100 * apart, np.full(len(values), above)])
    else:
        ends = np.column_stack([np.full(len(values), left), heights.mean() + 110 * apart])
    edges(ax, starts, ends, values, width=WIDEST)
    units(ax, starts, np.zeros(len(values)), diameter=16)
    for word, value, start in zip(names, values, starts, strict=True):
        ink = color("muted") if word == "bias" else color("text")
        ax.text(margin, start[1], _plain(word), va="center_baseline", color=ink)
        ax.text(NUMBER + shift, start[1], fixed(value, 2, sign=True), ha="right",
                va="center_baseline")  # fmt: skip
    ax.text(*starts[-1], number(1), ha="center", va="center_baseline", fontsize=px(12),
            color=color("muted"), zorder=3)  # fmt: skip
    box(ax, left, above, right, above + HIGH, zorder=1.2)  # over the ends of the edges
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Canvas)
    return figure.place(left + 50, above + 42, right - left - 66, HIGH - 92)


def _plain(name: str) -> str:
    """Return what an input is called here: a word of the row where its own is jargon."""
    return say(name) if name in VISUAL.words else name


def _answers(
    ax: Axes,
    recording: xr.Dataset,
    name: str,
    z: np.ndarray,
    across: Sequence[float],
    up: Sequence[float],
) -> None:
    """Draw what the unit makes of a sum, and each test case: its sum, and what was true."""
    output, target = recording[f"output_{name}"].values, recording[f"target_{name}"].values
    shape = recording["identity" if name == "linear" else "sigmoid"].values
    sums, answers = np.append(recording.identity.values, z), np.append(shape, output)
    order = np.argsort(sums, kind="stable")
    ax.set_facecolor("none")
    ax.plot(sums[order], answers[order], color=color("text"), linewidth=px(3), label=name)
    ax.plot(z, target, linestyle="none", marker="o", markersize=px(5), markeredgewidth=0,
            color=color("green"), label="truth", clip_on=False)  # fmt: skip
    seen = z[np.isfinite(z)]
    both = np.concatenate([output, target])
    pad = 0.03 * np.ptp(seen)
    ax.set(xlim=(seen.min() - pad, seen.max() + pad), ylim=(both.min(), both.max()))
    ticks(ax, "x", [mark for mark in across if seen.min() <= mark <= seen.max()])
    ticks(ax, "y", [mark for mark in up if both.min() <= mark <= both.max()])
    ax.set_xlabel(say("sum"), labelpad=px(4), fontsize=px(LABEL), parse_math=True)
    name_axes(ax, y=say(f"outcome {name}"))
    beside(ax, say(f"function {name}"), (0, 1), of=AXES, shift=(10, -40), parse_math=True,
           fontsize=px(18))  # fmt: skip


def table(recording: xr.Dataset) -> Table:
    """Return both, side by side."""
    malignant = float(recording.target_logistic.mean())
    share, usual = max(malignant, 1 - malignant), say("usual", malignant=malignant > 0.5)
    here: list[list[object]] = [
        ["the question", say("question linear"), say("question logistic")],
        ["trained on", say("trained linear"), say("trained logistic")],
        ["parameters", say("inputs linear"), say("inputs logistic")],
        [
            "on new cases",
            Cell(say("explained of"), strong=True),
            Cell(say("told right of", usual=usual, share=share), strong=True),
        ],
    ]
    general: list[list[object]] = [
        ["answer", "a number", "a probability"],
        ["model", say("linear model"), Cell(say("logistic model"), say("sigmoid"))],
        [
            "loss of a case",
            Cell(say("squared error"), "squared error"),
            Cell(say("cross-entropy"), "cross-entropy"),
        ],
        [
            "its gradient in w",
            Cell(say("its gradient"), say("one form twice")),
            Cell(say("other gradient"), say("one form")),
        ],
    ]
    return Table(
        [Column(""), Column("linear regression"), Column("logistic regression")],
        here + general,
        groups=["these two"] * len(here) + ["in general"] * len(general),
        subtitle="One unit each, a weight for every input, and a bias. They differ in what they do "
        "to the weighted sum, and in the loss.",
    )
