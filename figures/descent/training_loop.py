"""One round of training, line by line, with the numbers of one weight; `zero_grad` comes first.

Source  000; 001, "why do we do optimizer.zero_grad()"; 003, whose `train` never clears gradients
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection
from matplotlib.figure import Figure

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
    wrap,
)
from figures.parts.colors import halo
from figures.parts.networks import edges
from look.numbers import fixed
from look.theme import color
from look.words import Visual, say

READS = {
    "training_loop": "input (feature), weight_1 (run, step, unit, feature), "
    "weight_2 (run, step, unit), hidden (run, step, unit), output (run, step), loss (run, step), "
    "gradient_2 (run, step, unit), run (run), last_loss_cleared, last_loss_kept, lr, n_steps, "
    "target",
}

VISUAL = Visual(
    uses=["training_loop"],
    title="One round of training: clear, predict, compare, go back, step",
    subtitle="A network with six weights (tanh, no biases), one example. Lines: the weights, "
    "orange above 0, blue below. Five lines of code, and what they do to v₂; η: learning rate.",
    alt="Above, two inputs run through two hidden units to an output; on every line its weight "
    "before and after the round. Below, five lines of code in a loop, each with its equation and "
    "its numbers: the gradient is set to 0, the output is computed, then the loss, then the "
    "gradient of one weight, and last this weight’s new value. After {n_steps} rounds the loss is "
    "{last_loss_cleared:.2g}, without the first line {last_loss_kept:.2g}.",
    caption="One example, two tanh units, no biases, squared error, learning rate {lr:g}. "
    "PyTorch’s backward() adds to the gradients that are there. Without zero_grad() every "
    "step follows the sum of all gradients so far, like momentum that nothing damps; the "
    "loss is at its lowest, {lowest_loss_kept:.3f}, after {lowest_step_kept} of {n_steps} "
    "steps. A training loop that never clears is easily written and runs without an error.",
    words={
        "round and round": "Then the same again, with the new weights\n"
        "{n_steps:?|1 round|{n_steps} rounds} in all: how near does the output come to {target:g}?",
        "end": "{n_steps:?|1 round|{n_steps} rounds}: the loss goes from {first_loss:counter} to "
        "{last_loss_cleared:counter}\n"
        "v₂ goes from {old:.2f} to {new:.2f}, and the output from {first_output} to {output} "
        "(wanted: {target:g}).",
        "zero_grad": r"$\dfrac{{\partial L}}{{\partial v_2}} \leftarrow 0$",
        "forward": r"$\hat{{y}} = v_1 h_1 + v_2 h_2 = {v1:(.2f)}\cdot{h1:(.3f)} + "
        r"{v2:(.2f)}\cdot{h2:(.3f)} = {{{output:.3f}}}$",
        "loss": r"$L = (\hat{{y}} - y)^2 = ({{{output:.3f}}} - {target:g})^2 = {loss:counter}$",
        "backward": r"$\dfrac{{\partial L}}{{\partial v_2}} = 2\,(\hat{{y}} - y)\,h_2 = "
        r"2\,({{{output:.3f}}} - {target:g})\cdot{h2:(.3f)} = {{{gradient:.2f}}}$",
        "step": r"$v_2 \leftarrow v_2 - \eta\,\dfrac{{\partial L}}{{\partial v_2}} = "
        r"{{{v2:.2f}}} - {lr:g}\cdot{gradient:(.2f)} = {{{new:.2f}}}$",
        "names": "x₁ x₂ h₁ h₂ ŷ",
        "outputs": "v₁ v₂",
        "without": "otherwise backward() adds to the last round’s gradient",
        "comes to": "After {n_steps:?|1 round|{n_steps} rounds} the loss is "
        "{last_loss_cleared:counter}; without zero_grad it is {last_loss_kept:counter}.",
        "old and new": "{old:.2f} → {weight:.2f}",
        "old": "{old:.2f}",
        "value": "{name} = {value}",
        "zero_grad formula": "(partial L) / (partial v_2) arrow.l 0",
        "forward formula": r"hat(y) &= v_1 h_1 + v_2 h_2 \ &= {v1:(.2f)} dot {h1:(.3f)} "
        r"+ {v2:(.2f)} dot {h2:(.3f)} \ &= {output:.3f}",
        "loss formula": r"L &= (hat(y) - y)^2 \ &= ({output:.3f} - {target:g})^2 \ "
        r"&= {loss:counter}",
        "backward formula": r"(partial L) / (partial v_2) &= 2 (hat(y) - y) h_2 \ "
        r"&= 2 ({output:.3f} - {target:g}) dot {h2:(.3f)} \ &= {gradient:.2f}",
        "step formula": r"v_2 &arrow.l v_2 - eta (partial L) / (partial v_2) \ "
        r"&= {v2:.2f} - {lr:g} dot {gradient:(.2f)} \ &= {new:.2f}",
        "one round": "Five lines of code train a network: what does each do?\n"
        "Lines: weights, orange above 0, blue below; then gradients. Under the code: v₂.",
        "rounds": "{n_steps} rounds",
        "code": "optimizer.zero_grad()\n"
        "output = model(x)\n"
        "loss = (output - y) ** 2\n"
        "loss.backward()\n"
        "optimizer.step()",
    },
    series={
        "loss": ["loss", "indigo"],
        "gradient": ["gradient", "purple"],
    },
)


@dataclass(frozen=True)
class Plan:
    """Where things are, CSS pixels, on the wide sheet and on the narrow one."""

    width: float
    columns: tuple[float, float, float]  # inputs, hidden units, output
    rows: tuple[float, float]
    unit: float  # diameter
    top: float  # middle of the first line of code
    pitch: float  # from line to line
    code: float  # left edge
    math: tuple[float, float]  # of an equation, from its line of code
    size: float  # of an equation
    notes: int  # width of words beside and under them


WIDE = Plan(WIDTH, (96.0, 316.0, 536.0), (44.0, 164.0), 52.0, 252.0, 54.0, MARGIN + 26.0,
            (206.0, 0.0), 17.0, 400)  # fmt: skip
SLIM = Plan(NARROW, (36.0, 166.0, 288.0), (42.0, 148.0), 46.0, 232.0, 78.0, NARROW_MARGIN + 20.0,
            (0.0, 34.0), 13.0, 230)  # fmt: skip
STEPS = ("zero_grad", "forward", "loss", "backward", "step")


def draw(recording: xr.Dataset) -> Figure:
    """Return the network over the five lines of the loop."""
    plan = SLIM if is_narrow() else WIDE
    tall = plan.top + plan.pitch * (len(STEPS) - 1) + plan.math[1] + 84
    slim = SLIM.top + SLIM.pitch * (len(STEPS) - 1) + SLIM.math[1] + 84
    fig = Canvas(tall, narrow=slim)
    ax = fig.place(0, 0, plan.width, tall)
    ax.set(xlim=(0, plan.width), ylim=(tall, 0))  # data units are CSS pixels
    ax.axis("off")
    run = recording.sel(run="cleared")
    _network(ax, plan, run.isel(step=0), _by_edge(run.isel(step=0)), _by_edge(run.isel(step=1)))
    _lines(ax, plan, run)
    words = "\n".join(wrap(say("comes to"), LABEL, plan.width - 2 * NARROW_MARGIN))
    left = NARROW_MARGIN if is_narrow() else MARGIN
    ax.text(left, tall - 20, words, va="baseline", color=color("muted"), fontsize=px(LABEL),
            linespacing=1.3)  # fmt: skip
    return fig


def _by_edge(round_: xr.Dataset) -> np.ndarray:
    """Return the weights, shape (edge,): unit by unit, then into the output."""
    return np.concatenate([round_.weight_1.values.ravel(), round_.weight_2.values])


def _network(ax: Axes, plan: Plan, now: xr.Dataset, weights: np.ndarray, after: np.ndarray) -> None:
    """Draw the edges by their weights, and write these before and after the round."""
    inputs, hidden = ([(x, y) for y in plan.rows] for x in plan.columns[:2])
    output = (plan.columns[2], sum(plan.rows) / 2)
    units = np.array([*inputs, *hidden, output])
    starts, ends = units[[0, 1, 0, 1, 2, 3]], units[[2, 2, 3, 3, 4, 4]]
    lines = edges(ax, starts, ends, weights, width=5.0)
    inks = np.asarray(lines.get_colors())
    inks[:, 3] = np.maximum(inks[:, 3], 0.7)
    lines.set(linewidths=np.maximum(lines.get_linewidths(), px(1.5)), colors=inks)
    ax.add_collection(
        EllipseCollection(
            plan.unit / 96,
            plan.unit / 96,
            0,
            units="inches",
            offsets=units,
            offset_transform=ax.transData,
            facecolors=color("background"),
            edgecolors=color("muted"),
            linewidths=px(1.5),
            zorder=2,
        )
    )
    values = [fixed(value, 2) for value in now.input.values]
    # With one more, so that the gradients follow from them.
    values += [fixed(value, 3) for value in (*now.hidden.values, float(now.output))]
    style = {"ha": "center", "va": "center_baseline"}
    for (x, y), name, value in zip(units, say("names").split(), values, strict=True):
        ax.text(x, y, value, fontsize=px(TICK), **style)
        up = -1 if y <= output[1] else 1
        ax.text(x, y + up * (plan.unit / 2 + 13), name, fontsize=px(17), style="italic", **style)
    right = output[0] + plan.unit / 2 + (8 if is_narrow() else 12)
    ax.text(right, output[1], say("value", name="y", value=now.attrs["target"]),
            ha="left", va="center_baseline", fontsize=px(17), color=color("green"))  # fmt: skip
    # Of the two that cross, beside them: one of them may be a thick line.
    along = np.array([0.5, 0.2, 0.2, 0.5, 0.5, 0.5])[:, None]
    aside = np.array([0, 1, 1, 0, 0, 0])
    last = len(weights) - 1
    for i, (x, y) in enumerate((starts + along * (ends - starts)).tolist()):
        short = is_narrow() and i < last  # only of the one that is followed
        words = say("old" if short else "old and new", old=weights[i], weight=after[i])
        ax.text(
            x + (10 if is_narrow() else 20) * aside[i], y, words,
            fontsize=px((15 if is_narrow() else 17) if i == last else TICK),
            path_effects=halo(4), zorder=5,
            weight="semibold" if i == last else "normal",
            color=color("text" if i == last else "muted"),
            **(style | ({"ha": "left"} if aside[i] else {})),
        )  # fmt: skip
    for name, (x, y) in zip(say("outputs").split(), starts[4:] + 0.5 * (ends[4:] - starts[4:]),
                            strict=True):  # fmt: skip
        up = -1 if y < output[1] else 1
        ax.text(x, y + 22 * up, name, fontsize=px(17), style="italic", **style)


def _lines(ax: Axes, plan: Plan, run: xr.Dataset) -> None:
    """Write the lines of the loop with their equations, and the way back from the last."""
    now, after = run.isel(step=0), run.isel(step=1)
    numbers = {
        "v1": now.weight_2[0],
        "v2": now.weight_2[1],
        "h1": now.hidden[0],
        "h2": now.hidden[1],
        "output": now.output,
        "loss": now.loss,
        "gradient": now.gradient_2[1],
        "new": after.weight_2[1],
    }
    for k, (name, line) in enumerate(zip(STEPS, say("code").split("\n"), strict=True)):
        y = plan.top + plan.pitch * k
        ax.text(plan.code, y, line, family="DejaVu Sans Mono", fontsize=px(12.5), parse_math=False,
                va="center_baseline", color=color("muted"))  # fmt: skip
        x, y = plan.code + plan.math[0], y + plan.math[1]
        ax.text(x, y, say(name, **numbers), fontsize=px(plan.size), parse_math=True,
                va="center_baseline")  # fmt: skip
        if not k:
            words = "\n".join(wrap(say("without"), LABEL, plan.notes))
            ax.text(x + 5.4 * plan.size, y, words, va="center_baseline", color=color("muted"),
                    fontsize=px(LABEL))  # fmt: skip
    x, low = plan.code - 22, plan.top + plan.pitch * (len(STEPS) - 1)
    way = [(plan.code - 6, low), (x, low), (x, plan.top), (plan.code - 6, plan.top)]
    ax.plot(*zip(*way[:-1], strict=True), color=color("muted"), linewidth=px(1.75))
    arrow = {"arrowstyle": "-|>", "color": color("muted"), "linewidth": px(1.75)}
    ax.annotate("", way[3], way[2], arrowprops={**arrow, "shrinkA": 0, "shrinkB": 0})
