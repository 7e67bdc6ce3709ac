"""The four steps of training with the numbers of one round, and what `zero_grad` is for.

Source  000; 001, "why do we do optimizer.zero_grad()"; 003, whose `train` never clears gradients
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from figures.parts.axes import heading, label_ends, name_axes, ticks
from figures.parts.canvas import MARGIN, TICK, WIDTH, Canvas, px
from figures.parts.colors import halo
from figures.parts.marks import dot
from figures.parts.networks import edges
from look.numbers import fixed
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "training_loop": "input (feature), weight_1 (run, step, unit, feature), "
    "weight_2 (run, step, unit), hidden (run, step, unit), output (run, step), loss (run, step), "
    "gradient_1 (run, step, unit, feature), gradient_2 (run, step, unit), run (run), step (step), "
    "lr, target",
}

VISUAL = Visual(
    uses=["training_loop"],
    title="Forward, loss, backward, step, and gradients cleared in between",
    subtitle="The first round of a network with six weights, which start from two decimals. "
    "Below, the loss over {n_steps} rounds, with gradients cleared before each backward pass "
    "and without.",
    alt="Four panels in a circle. Forward: two inputs run through two hidden units to an output; "
    "orange lines add to it, blue ones take away. Loss: a square whose side is the distance "
    "between output and target. Backward: each weight has a gradient. Step: each weight moves. "
    "Below, two curves of the loss start together: with cleared gradients it ends at "
    "{last_loss_cleared:.3f}, with gradients that add up at {last_loss_kept:.3f}.",
    caption="One example, two tanh units, no biases, squared error, learning rate {lr:g}. "
    "PyTorch’s backward() adds to the gradients that are there. Without zero_grad() every "
    "step follows the sum of all gradients so far, like momentum that nothing damps; the "
    "loss is at its lowest, {lowest_loss_kept:.3f}, after {lowest_step_kept} of {n_steps} "
    "steps. A training loop that never clears is easily written and runs without an error.",
    words={
        "round and round": "Then the same again, with the new weights\n"
        "{n_steps} rounds: the loss goes from {first_loss:.2f} to {last_loss_cleared:.3f}.",
        "verdict": "backward() adds, so clear the gradients before it\n"
        "Steps along the sum of all gradients are momentum that nothing damps.",
        "1": "1  Forward",
        "2": "2  Loss",
        "3": "3  Backward",
        "4": "4  Step",
        "step": "weight − {lr:g} × gradient",
        "names": "x₁ x₂ h₁ h₂ ŷ",
        "cleared here": "zero_grad: gradients back to 0",
        "new": "→ {weight:.2f}",
        "old and new": "{old:.2f} → {weight:.2f}",
        "value": "{name} = {value}",
        "loss formula": "loss = (ŷ − y)²",
        "squared": "= ({output:.3f} − {target:g})²",
        "loss is": "= {loss:counter}",
        "forward headline": "Forward: from the inputs to a prediction ŷ\n"
        "Each unit adds up weight × input; tanh bends.",
        "loss headline": "Loss: how far is ŷ from the target?\nSquared error, (ŷ − y)².",
        "backward headline": "Backward: a gradient for every weight\n"
        "From the output back: how the loss grows with it.",
        "step headline": "Step: every weight moves against its gradient\n"
        "New weight = weight − {lr:g} × gradient.",
        "without zero_grad": "Leave zero_grad out, and gradients add up\n"
        "Round 2, upper weight into ŷ: {old:.2f} still there, {new:.2f} found; used is "
        "{total:.2f}.",
        "rounds": "{n_steps} rounds",
        "code": "optimizer.zero_grad()\n"
        "output = model(x)\n"
        "loss = (output - y) ** 2\n"
        "loss.backward()\n"
        "optimizer.step()",
    },
    series={
        "cleared": ["cleared", "indigo"],
        "kept": ["never cleared", "vermillion"],
    },
)

WIDE, TALL = 316.0, 156.0  # a panel, CSS pixels
LEFT, RIGHT = MARGIN, WIDTH - MARGIN - WIDE
TOP, BELOW = 26.0, 240.0  # upper and lower row of panels
CHART = 422.0
COLUMNS = (30.0, 158.0, 286.0)  # inputs, hidden units, output
ROWS = (26.0, 126.0)
UNIT = 46.0  # diameter


def draw(recording: xr.Dataset) -> Figure:
    """Return the four panels over the two losses."""
    fig = Canvas(CHART + 194)
    now, after = (recording.sel(run="cleared").isel(step=k) for k in (0, 1))
    _arrows(fig.place(0, 0, WIDTH, CHART))
    corners = [(LEFT, TOP), (RIGHT, TOP), (RIGHT, BELOW), (LEFT, BELOW)]
    panels = []
    for left, top in corners:
        ax = fig.place(left, top, WIDE, TALL)
        ax.set(xlim=(0, WIDE), ylim=(TALL, 0))  # data units are CSS pixels
        ax.axis("off")
        panels.append(ax)
    forward, loss, backward, step = panels

    values = [_two(value) for value in recording.input.values]
    # With one more, so that the gradients follow from them.
    values += [fixed(value, 3) for value in (*now.hidden.values, float(now.output))]
    weights, gradients = _by_edge(now, "weight"), _by_edge(now, "gradient")
    incoming = np.concatenate([np.tile(recording.input.values, 2), now.hidden.values])
    heading(forward, say("1"), "weight × input, summed; tanh in h")
    _network(forward, weights * incoming, [[_two(w)] for w in weights], values)
    heading(loss, say("2"), "squared distance from the target")
    _loss(loss, float(now.output), recording.attrs["target"], float(now.loss))
    heading(backward, say("3"), "how the loss grows with each weight")
    names = say("names").split()
    _network(backward, gradients, [[_two(g)] for g in gradients], names)
    heading(step, say("4"), say("step"))
    moved = list(zip(weights, _by_edge(after, "weight"), strict=True))
    changes = [[_two(old), say("new", weight=new)] for old, new in moved]
    for straight in (0, 3):  # there is room on them for one line
        old, new = moved[straight]
        changes[straight] = [say("old and new", old=old, weight=new)]
    _network(step, 0 * gradients, changes, names)
    _runs(fig.place(MARGIN + 18, CHART + 24, WIDTH - 2 * MARGIN - 134, 110), recording)
    return fig


def _two(value: float) -> str:
    """Return a number with two decimals, as the film shows it."""
    return fixed(value, 2)


def _by_edge(round_: xr.Dataset, name: str) -> np.ndarray:
    """Return a quantity of the weights, shape (edge,): unit by unit, then into the output."""
    return np.concatenate([round_[f"{name}_1"].values.ravel(), round_[f"{name}_2"].values])


def _network(
    ax: Axes, flow: np.ndarray, labels: Sequence[Sequence[str]], names: Sequence[str]
) -> None:
    """Draw the six edges by what flows along them, with words on the edges and in the units."""
    inputs, hidden = ([(x, y) for y in ROWS] for x in COLUMNS[:2])
    output = (COLUMNS[2], sum(ROWS) / 2)
    units = np.array([*inputs, *hidden, output])
    starts = units[[0, 1, 0, 1, 2, 3]]
    ends = units[[2, 2, 3, 3, 4, 4]]
    ax.plot(
        *np.stack([starts, ends], axis=2).T.reshape(2, 2, 6).transpose(1, 0, 2),
        color=color("quiet"),
        linewidth=px(1.5),
        zorder=0,
    )
    edges(ax, starts, ends, flow)
    ax.add_collection(
        EllipseCollection(
            UNIT / 96,
            UNIT / 96,
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
    for (x, y), name in zip(units, names, strict=True):
        ax.text(x, y, name, ha="center", va="center_baseline", fontsize=px(TICK))
    along = np.array([0.5, 0.31, 0.31, 0.5, 0.48, 0.48])[:, None]  # clear of where edges cross
    for (x, y), lines in zip(starts + along * (ends - starts), labels, strict=True):
        for i, words in enumerate(lines):
            new = i == len(lines) - 1
            ax.text(
                x,
                y + 17 * (i - (len(lines) - 1) / 2),
                words,
                ha="center",
                va="center_baseline",
                fontsize=px(TICK),
                weight="semibold" if new else "normal",
                color=color("text" if new else "muted"),
                path_effects=halo(3),
                zorder=5,
            )


def _loss(ax: Axes, output: float, target: float, loss: float) -> None:
    """Draw output and target on a line, with the square between them, whose area is the loss."""
    side = 84.0  # CSS pixels, whatever the distance: the scale is the panel's own
    base = 112.0
    left, right = 28.0, 28.0 + side
    ax.fill_between(
        [left, right], base - side, base, color=color("vermillion"), alpha=0.3, linewidth=0
    )
    ax.plot([left - 12, right + 12], [base, base], color=color("muted"), linewidth=px(1.5))
    low_is_output = output <= target
    for at, value, name in ((left, min(output, target), ""), (right, max(output, target), "")):
        name = "ŷ" if (at == left) == low_is_output else "y"
        dot(ax, at, base, color=color("text" if name == "ŷ" else "green"))
        ax.text(at, base + 22, say("value", name=name, value=value), ha="center", va="baseline")
    words = [
        say("loss formula"),
        say("squared", output=output, target=target),
        say("loss is", loss=loss),
    ]
    for i, line in enumerate(words):
        ax.text(
            right + 40 + (29 if i else 0),
            base - side + 22 + 24 * i,
            line,
            va="baseline",
            fontsize=px(15),
            weight="semibold" if i == 2 else "normal",
        )


def _arrows(ax: Axes) -> None:
    """Draw the way from panel to panel, and back to the first."""
    ax.set(xlim=(0, WIDTH), ylim=(CHART, 0))
    ax.axis("off")
    across, row = (LEFT + WIDE + 4, RIGHT - 4), (TOP + TALL / 2, BELOW + TALL / 2)
    down, column = (TOP + TALL + 2, BELOW - 34), (LEFT + WIDE / 2, RIGHT + WIDE / 2)
    ways = [
        ((across[0], row[0]), (across[1], row[0])),
        ((column[1], down[0]), (column[1], down[1])),
        ((across[1], row[1]), (across[0], row[1])),
        ((column[0], down[1]), (column[0], down[0])),
    ]
    cleared = (column[0] + 9, sum(down) / 2 + 5)  # on the way to the next round
    ax.text(*cleared, say("cleared here"), va="baseline", color=color("muted"))
    for start, end in ways:
        style = {"arrowstyle": "-|>", "color": color("muted"), "linewidth": px(1.75)}
        ax.annotate("", end, start, arrowprops={**style, "shrinkA": 0, "shrinkB": 0})


def _runs(ax: Axes, recording: xr.Dataset) -> None:
    """Draw the losses of both runs."""
    n_steps = int(recording.step[-1])
    ax.set(xlim=(0, n_steps), ylim=(0, 1.06 * float(recording.loss.max())))
    ax.spines["bottom"].set_visible(True)
    ticks(ax, "x", sorted({0, *range(0, n_steps, max(1, n_steps // 4)), n_steps}))
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    ax.grid(axis="y")
    name_axes(ax, x="round", y="loss")
    for run in ("kept", "cleared"):
        ax.plot(
            recording.step,
            recording.loss.sel(run=run),
            color=series(run).color,
            label=series(run).label,
            clip_on=False,
        )
    label_ends(ax)
