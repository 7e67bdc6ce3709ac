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

from figures.parts import axes
from figures.parts.axes import beside, name_axes
from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    TICK,
    Canvas,
    is_narrow,
    px,
    text_width,
)
from figures.parts.colors import halo
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
    subtitle="Lines: trained weights, orange positive, blue negative, wider is larger. All inputs "
    "are brought to the same scale, so that their weights compare.",
    alt="Two networks, one above the other. In each, {n_inputs_linear} inputs and a constant 1 run "
    "along lines of different width into a single unit. In the upper one the unit holds a straight "
    "line, and its answers are numbers that rise from test patient to test patient, with the true "
    "outcomes about them. In the lower one the unit holds an S-shaped curve, and "
    "its answers are probabilities, which rise along the test tumours; {accuracy:.0%} of "
    "these lie on the right side of one half.",
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
        "explained": "explains {explained:.0%} of the\ndifferences between patients",
        "told right": "{accuracy:.0%} of tumours\ntold right",
        "told right short": "{accuracy:.0%} right",
        "explained short": "explains {explained:.0%} of differences",
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
        "line": "$\\hat{{y}}=w\\cdot x+b$",
        "curve": "$p=\\sigma(w\\cdot x+b)$",
        "outcome": "progression; 0 is the average",
        "outcome short": "progression",
        "chance": "probability of “malignant”",
        "linear model": "$ŷ = w · x + b$",
        "logistic model": "$p = σ(w · x + b)$",
        "sigmoid": "$σ(z) = 1 / (1 + e^(−z))$",
        "log triglycerides": "blood fats",
        "HDL cholesterol": "“good” cholesterol",
        "concave points": "dents in outline",
        "fractal dimension": "rough outline",
        "patient": "How far will a patient’s diabetes progress in a year?",
        "tumour": "Is a breast tumour malignant, judged by its cells?",
    },
)

ROW = 27.0  # from input to input, CSS pixels
PANEL = 256.0  # from the top of one network to the top of the other
HEAD = 52.0  # from there to the middle of the first input
NUMBER, INPUT, UNIT, RADIUS = 184.0, 204.0, 356.0, 25.0  # ends of numbers, middles of the rest
CHART = (452.0, 240.0)  # left edge and width
WIDEST = 9.0
NARROW_UNIT, UNDER = 286.0, 214.0  # on the narrow sheet: middle of a unit; chart under network


def draw(recording: xr.Dataset) -> Figure:
    """Return the two networks, one above the other."""
    fig = Canvas(2 * PANEL - 2, narrow=2 * (PANEL + UNDER))
    height = fig.height - fig.head
    panel, head, tall = PANEL, HEAD, 6 * ROW + 14
    (left, across), down, margin = CHART, HEAD - 14, MARGIN
    if is_narrow():
        panel, head, margin = PANEL + UNDER, HEAD + 22, NARROW_MARGIN
        left, down, tall = 44.0, PANEL + 30, 6 * ROW - 36
        across = NARROW - NARROW_MARGIN - left
    charts = [fig.place(left, i * panel + down, across, tall) for i in range(2)]
    ax = fig.place(0, 0, fig.width, height)
    ax.set(xlim=(0, fig.width), ylim=(height, 0))  # data units are CSS pixels
    ax.axis("off")
    words = (
        (
            "linear",
            "Linear regression",
            say("patient"),
            say("explained short" if is_narrow() else "explained"),
        ),
        (
            "logistic",
            "Logistic regression",
            say("tumour"),
            say("told right short" if is_narrow() else "told right"),
        ),
    )
    for i, (name, heading, question, outcome) in enumerate(words):
        top = i * panel
        ax.text(margin, top + 16, heading, weight="semibold", va="baseline")
        at = (margin + text_width(heading, LABEL, "semibold") + 8, top + 16)
        if is_narrow():
            at = (margin, top + 36)
        ax.text(*at, question, color=color("muted"), va="baseline")
        # From the first line's baseline down, left of the chart's numbers.
        where = {"x": UNIT - 24, "y": top + head + 6 * ROW - 7, "ha": "center", "va": "top"}
        if is_narrow():  # in the row of the axis's name
            where = {"x": fig.width - margin, "y": top + PANEL + 22, "ha": "right"}
        ax.text(s=outcome, weight="semibold", linespacing=1.2, **({"va": "baseline"} | where))
        _network(ax, recording, name, top + head)
    outcome = say("outcome short" if is_narrow() else "outcome")
    _answers(charts[0], recording, "linear", [-2, -1, 0, 1, 2, 3], outcome)
    _answers(charts[1], recording, "logistic", [0, 0.5, 1], say("chance"))
    _tell(charts, recording)
    charts[0].set_xlabel("test patients, sorted by answer", labelpad=px(11))
    charts[1].set_xlabel("test tumours, sorted by answer", labelpad=px(11))
    for value, said in ((1, "malignant"), (0, "benign")):
        at = (0.0, value)
        beside(
            charts[1],
            said,
            at,
            shift=(0, -21 if value else 9),
            of=("axes fraction", "data"),
            fontsize=px(TICK),
            path_effects=halo(),
        )
    return fig


def _network(ax: Axes, recording: xr.Dataset, name: str, top: float) -> None:
    """Draw the inputs, largest weight first, the bias below them, and the unit."""
    margin, shift, unit = MARGIN, 0.0, UNIT
    if is_narrow():
        margin, shift, unit = NARROW_MARGIN, NARROW_MARGIN - MARGIN, NARROW_UNIT
    weights = recording[f"weight_{name}"]
    order = np.argsort(-weights.values, kind="stable")
    names = [*weights[f"feature_{name}"].values[order].tolist(), "bias"]
    values = np.array([*weights.values[order], float(recording[f"bias_{name}"])])
    heights = top + ROW * np.arange(len(values))
    middle = float(heights.mean())
    starts = np.column_stack([np.full(len(values), INPUT + shift), heights])
    apart = np.linspace(-0.6, 0.6, len(values)) * RADIUS  # where they meet the unit's edge
    ends = np.column_stack([unit - np.sqrt(RADIUS**2 - apart**2), middle + apart])
    edges(ax, starts, ends, values, width=WIDEST)
    units(ax, starts, np.zeros(len(values)), diameter=16)
    for word, value, start in zip(names, values, starts, strict=True):
        ink = color("muted") if word == "bias" else color("text")
        ax.text(margin, start[1], _plain(word), va="center_baseline", color=ink)
        ax.text(
            NUMBER + shift, start[1], fixed(value, 2, sign=True), ha="right", va="center_baseline"
        )
    ax.text(
        INPUT + shift,
        heights[-1],
        number(1),
        ha="center",
        va="center_baseline",
        fontsize=px(12),
        color=color("muted"),
        zorder=3,
    )
    # The unit, with its activation function in it.
    units(ax, [(unit, middle)], [0.0], diameter=2 * RADIUS)
    shape = recording["identity" if name == "linear" else "sigmoid"].values
    share = (shape - shape.min()) / np.ptp(shape) - 0.5
    across = np.linspace(-1, 1, len(shape)) * 0.6 * RADIUS
    ax.plot(unit + across, middle - share * 1.1 * RADIUS, color=color("text"), zorder=3, label=name)
    end = NARROW - NARROW_MARGIN if is_narrow() else CHART[0] - 34  # its answers go to the chart
    ax.annotate(
        "", (end, middle), (unit + RADIUS, middle),
        arrowprops={"arrowstyle": "-|>,head_width=0.25,head_length=0.4", "shrinkA": 0,
                    "shrinkB": 0, "color": color("muted"), "linewidth": px(1.5)},
    )  # fmt: skip
    formula = say("line" if name == "linear" else "curve")
    under = middle + RADIUS + (42 if is_narrow() else 28)  # clear of the lowest line
    ax.text(unit, under, formula, ha="center", va="baseline", zorder=3,
            fontsize=px(15), parse_math=True)  # fmt: skip


def _plain(name: str) -> str:
    """Return what an input is called here: a word of the row where its own is jargon."""
    return say(name) if name in VISUAL.words else name


def _answers(ax: Axes, recording: xr.Dataset, name: str, ticks: list[float], words: str) -> None:
    """Draw each test case: a bar as high as the answer, and a dot at what was true."""
    output, target = recording[f"output_{name}"].values, recording[f"target_{name}"].values
    at = np.arange(len(output))
    ax.bar(at, output, width=1.0, color=color("quiet"), linewidth=0, zorder=1)
    ax.step(
        [-0.5, *(at + 0.5)],
        [output[0], *output],
        color=color("muted"),
        linewidth=px(1.75),
        label="answers",
        zorder=2,
    )
    ax.plot(
        at,
        target,
        linestyle="none",
        marker="o",
        markersize=px(4.5),
        markeredgewidth=0,
        color=color("green"),
        label="truth",
        clip_on=False,
        zorder=3,
    )
    both = np.concatenate([output, target])
    ax.set(
        xlim=(-0.5, len(at) - 0.5),
        ylim=(min(0.0, 1.02 * float(both.min())), 1.02 * float(both.max())),
        xticks=[],
    )
    low, high = ax.get_ylim()
    axes.ticks(ax, "y", [tick for tick in ticks if low <= tick <= high])
    name_axes(ax, y=words)


def _tell(charts: Sequence[Axes], recording: xr.Dataset) -> None:
    """Name what is drawn of the test cases where there is room beside it."""
    style = {"path_effects": halo(2.5), "fontsize": px(TICK), "weight": "semibold"}
    upper, lower = charts
    truth, answer = recording.target_linear.values, recording.output_linear.values
    early = slice(0, max(1, 2 * len(truth) // 3))
    high = int(np.argmax(truth[early] - answer[early]))  # the farthest over the curve: free above
    beside(upper, "truth", (high, truth[high]), shift=(-7, -4), ha="right", **style)
    at, above = _free(upper, truth, answer)
    beside(upper, "answer", (at, answer[at]), shift=(3, 6) if above else (3, -6),
           va="baseline" if above else "top", **style)  # fmt: skip
    truth, answer = recording.target_logistic.values, recording.output_logistic.values
    half = int(np.argmax(answer > 0.5))
    beside(lower, "answer", (half, 0.5), shift=(-8, -4), ha="right", **style)
    first = int(np.argmax(truth == 1))
    beside(lower, "truth", (first, 1.0), shift=(0, -18), ha="center", **style)


def _free(ax: Axes, truth: np.ndarray, answer: np.ndarray) -> tuple[int, bool]:
    """Return a case from which a word along the answers covers few true values; whether over it."""
    scale = ax.get_figure(root=True).dpi / 96  # device pixels in a CSS pixel
    dots = ax.transData.transform(np.column_stack([np.arange(len(truth)), truth])) / scale
    curve = ax.transData.transform(np.column_stack([np.arange(len(truth)), answer])) / scale
    wide, tall = text_width("answer", TICK, "semibold") + 6, 18.0
    covered = {}
    for at, (x, y) in enumerate(curve[curve[:, 0] < curve[-1, 0] - wide]):
        for above in (True, False):
            low = y + 2 if above else y - 2 - tall
            hidden = [((each > (x - 7, low)) & (each < (x + wide, low + tall))).all(axis=1).sum()
                      for each in (dots, curve)]  # fmt: skip
            covered[at, above] = sum(hidden)
    return min(covered, key=lambda place: covered[place])


def table(recording: xr.Dataset) -> Table:
    """Return both, side by side."""
    malignant = float(recording.target_logistic.mean())
    share, usual = max(malignant, 1 - malignant), say("usual", malignant=malignant > 0.5)
    here: list[list[object]] = [
        ["the question", say("patient"), say("tumour")],
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
