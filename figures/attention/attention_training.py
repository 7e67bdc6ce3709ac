"""One row of one head's map, step by step: the last word finds the foods."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.parts.axes import beside, label_ends, legend, name_axes, ticks
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
from figures.parts.colors import halo, line_halo
from figures.parts.marks import dot
from look import heads, theme
from look.numbers import number, percent
from look.runs import series
from look.words import Visual, say

READS = {
    "attention_training": "attention (example, snapshot, layer, head, query, key), "
    "food_weight (example, snapshot, layer, head), "
    "probability (example, snapshot, class), class (class), answer (example), "
    "word (example, position), role (example, position), snapshot (snapshot), shown_layer, "
    "shown_head, found, found_step, answer_first",
}

VISUAL = Visual(
    uses=["attention_training"],
    title="{found:?In {n_steps} steps, no head learns to look mostly at the foods|From step "
    "{found_step} on, head {head_number} looks mostly at the foods}",
    subtitle="A small transformer learns which meal comes after “for”: here “{answer_first}”. "
    "Bright: where “for” looks in head {head_number} of {n_looked} as the steps go by.",
    alt="A heat map with a row for each word of a sentence; the training goes from left to right. "
    "{found:?The rows of the foods don’t take most of the weight|At first the weight is spread, "
    "and from step {found_step} on most of it is on the foods}. Below the same as curves: the "
    "weight on the foods goes from {start_weight:.0%} to {end_weight:.0%}, and the probability of "
    "“{answer_first}” from {start_probability:share} to {end_probability:share}.",
    caption="A causal transformer with {n_layers:?no layers|one layer|{n_layers} layers} and "
    "{n_params:,} parameters, trained {n_steps} steps on batches of {batch_size} of {n_train:,} "
    "sentences that were written for it. Head {head_number} was named out of {n_looked} on the "
    "sentence that is shown, which it was not trained on: {end_weight:.0%} of the weight of “for” "
    "lies on the foods. On a second sentence, not used for the choice, it is {second_weight:.0%}, "
    "and {held_mean:.0%} on average over {n_held} held-out ones. Evenly spread it would be "
    "{even:.0%}. The meal is said rightly in {meal_right:.0%} of the held-out sentences.",
    words={
        "question": "Which meal comes next? A network learns to say it\n"
        "Bars at the words: where “for” looks, in one head of the network.",
        "found": "{found:?No head looks mostly at the foods|Head {head_number} looks mostly at the "
        "foods, above all at “{most}”}\n"
        "{start_weight:.0%} of its weight lay on them at the start, {end_weight:.0%} now.",
        "second": "Another sentence, not used to pick the head\n"
        "Head {head_number} puts {second_weight:.0%} of its weight on the foods; “{answer}” gets "
        "{chance}.",
        "head": "head {head_number} of {n_looked}",
        "step": "step",
        "says": "next word",
        "follows": "{later:?“{answer}” is not over half later|“{answer}” is over half {later} "
        "steps later}",
        "foods": "foods",
        "end": "{name}  {share}",
        "bright": "½ or more",
    },
    series={
        "food": ["weight on the foods", "green"],
        "probability": ["it says “{answer_first}”", "purple"],
    },
)

TOP, ROW = 30.0, 23.0  # of the map
RIGHT = 206.0  # room for the names of the curves
BELOW, TALL = 34.0, 190.0  # of the curves
SPAN = 0.08  # height of the mark of how much later the word follows, under both curves


def draw(recording: xr.Dataset) -> Figure:
    """Return the map of a row through the training, and its curves on the same clock."""
    layer, head = (int(recording.attrs[name]) for name in ("shown_layer", "shown_head"))
    words = recording.word.values[0].astype(str)
    size = 16.0
    narrow = is_narrow()
    margin = NARROW_MARGIN if narrow else MARGIN
    left = margin + max(text_width(word, size, "semibold") for word in words) + 8
    wide = (NARROW - 66 if narrow else WIDTH - RIGHT) - left
    tall = ROW * len(words)
    height = TOP + tall + BELOW + TALL + (146 if narrow else 56)
    fig = Canvas(height, narrow=height)
    ax = fig.place(left, TOP, wide, tall)
    _rows(ax, recording, layer, head, words, size)
    curves = fig.place(left, TOP + tall + BELOW, wide, TALL)
    _curves(curves, recording, layer, head)
    _key(fig, head, *((left + 12, height - 76) if narrow else (left + wide + 28, TOP + 6)))
    if recording.attrs["found"]:
        _mark(ax, recording.attrs["found_step"])
        _mark(curves, recording.attrs["found_step"])
        _follows(fig, curves, recording, left, wide)
    if narrow:  # there is no room at the ends of the curves
        ends = {
            str(ln.get_label()): percent(float(ln.get_ydata()[-1])) for ln in curves.get_lines()
        }
        lines = [series(name) for name in ("food", "probability")]
        legend(fig, [(say("end", name=each.label, share=ends[each.label]), each.color, each.dash)
                     for each in lines], left=left, top=height - 44)  # fmt: skip
    return fig


def _follows(fig: Canvas, ax: Axes, recording: xr.Dataset, left: float, wide: float) -> None:
    """Say how much later the right word is likelier than all others together, if it is."""
    steps, answer = recording.snapshot.values, str(recording.answer.values[0])
    right = recording["class"].values.tolist().index(answer)
    below = np.flatnonzero(recording.probability.values[0, :, right] <= 0.5)
    first = below[-1] + 1 if len(below) else 0
    if first < len(steps):
        later = int(steps[first]) - int(recording.attrs["found_step"])
        said, at = say("follows", later=later, answer=answer), float(steps[first])
        if later > 0:
            ax.plot([recording.attrs["found_step"], at], [SPAN, SPAN], color=theme.color("text"),
                    linewidth=px(4), solid_capstyle="butt", zorder=4, label="_later")  # fmt: skip
            # From where the two were first found to be more than a half, at recorded steps; the
            # lines between these cross a half before.
            layer, head = (int(recording.attrs[f"shown_{each}"]) for each in ("layer", "head"))
            weight = recording.food_weight.values[0, :, layer, head]
            begun = int(np.searchsorted(steps, recording.attrs["found_step"]))
            for name, k, course in (
                ("food", begun, weight),
                ("probability", first, recording.probability[0, :, right]),
            ):
                over = float(course[k])
                if name == "probability":  # the other one has the mark of the finding
                    ax.plot([at, at], [SPAN, over], color=theme.color("text"), linewidth=px(1.25),
                            zorder=3.5, label="_reached", path_effects=line_halo(1.25))  # fmt: skip
                beside(ax, percent(over), (float(steps[k]), over), path_effects=halo(3), zorder=6,
                       shift=(-9, 9) if name == "food" else (9, -4),
                       ha="right" if name == "food" else "left", weight="semibold",
                       gid="reading")  # fmt: skip
                dot(ax, float(steps[k]), float(course[k]), color=series(name).color, size=10,
                    zorder=6)  # fmt: skip
        end = left + at / steps[-1] * wide + 8 + text_width(said, LABEL)
        out = max(0.0, end - (fig.width - 10))
        beside(ax, said, (at, SPAN), shift=(8 - out, 0 if not out else 12), path_effects=halo(3),
               va="center_baseline", zorder=5)  # fmt: skip


def _key(fig: Canvas, head: int, left: float, top: float) -> None:
    """Draw how bright a weight is."""
    ax = fig.place(left, top, 56, 12)
    shown = np.linspace(0, heads.BRIGHT, 57)[None]
    ax.imshow(heads.cells(shown, head), aspect="auto", extent=(0, 1, 0, 1), label="key")
    ax.set(xticks=[], yticks=[])
    said = {"va": "center_baseline", "color": theme.color("muted"), "fontsize": px(TICK)}
    beside(ax, number(0), (0, 0.5), shift=(-6, 0), ha="right", **said)
    beside(ax, say("bright"), (1, 0.5), shift=(6, 0), **said)


def _mark(ax: Axes, step: float) -> None:
    ax.axvline(step, color=theme.color("text"), linewidth=px(1.25), path_effects=line_halo(1.25))


def _rows(
    ax: Axes, recording: xr.Dataset, layer: int, head: int, words: np.ndarray, size: float
) -> None:
    rows = recording.attention.values[0, :, layer, head, -1]  # (snapshot, key)
    steps = recording.snapshot.values.astype(float)
    edges = np.concatenate([steps[:1], (steps[1:] + steps[:-1]) / 2, steps[-1:]])
    mesh = ax.pcolormesh(edges, np.arange(len(words) + 1) - 0.5, rows.T, linewidth=0)
    mesh.set(array=None, facecolor=heads.cells(rows.T, head).reshape(-1, 3), edgecolor="face")
    mesh.set(label="row of the last word", rasterized=True)
    ax.set(xlim=(steps[0], steps[-1]), ylim=(len(words) - 0.5, -0.5), xticks=[], yticks=[])
    role = recording.role.values[0].astype(str)
    for i, word in enumerate(words.tolist()):
        named = role[i] != "other"
        beside(
            ax, word, (steps[0], i), shift=(-8, 0), ha="right", va="center_baseline",
            fontsize=px(size), weight="semibold" if named else "normal",
            color=theme.color("text" if named else "muted"),
        )  # fmt: skip
    foods, style = np.flatnonzero(role == "food"), {"va": "center_baseline", "weight": "semibold"}
    most = int(foods[rows[-1, foods].argmax()]) if len(foods) else -1
    if most >= 0:  # what it has in the end; of all foods together the bracket says so
        beside(ax, percent(float(rows[-1, most])), (steps[-1], most), shift=(8, 0), **style)
    for i in foods.tolist():
        ax.add_patch(
            Rectangle(
                (0, i - 0.5), 1, 1, transform=ax.get_yaxis_transform(), fill=False, zorder=4,
                clip_on=False, edgecolor=series("food").color, linewidth=px(3), label="food",
            )
        )  # fmt: skip
    if not is_narrow() and len(foods):  # a bracket around all of them
        ink, scale = series("food").color, ax.get_position().width * WIDTH
        ends = np.array([foods[0] - 0.4, foods[-1] + 0.4])
        ax.plot([1 + 54 / scale] * 2, ends, color=ink, linewidth=px(3), clip_on=False,
                transform=ax.get_yaxis_transform(), label="foods")  # fmt: skip
        together = percent(float(recording.food_weight.values[0, -1, layer, head]))
        beside(ax, say("end", name=say("foods"), share=together), (steps[-1], float(ends.mean())),
               shift=(64, 0), color=ink, **style)  # fmt: skip


def _curves(ax: Axes, recording: xr.Dataset, layer: int, head: int) -> None:
    steps = recording.snapshot.values
    weight = recording.food_weight.values[:, :, layer, head]
    right = recording["class"].values.tolist().index(str(recording.answer.values[0]))
    drawn = {
        "probability": recording.probability.values[0, :, right],
        "food": weight[0],
    }
    ax.set(xlim=(steps[0], steps[-1]), ylim=(0, 1))
    ax.grid(axis="y")
    ticks(ax, "y", (0, 0.5, 1), percent)
    last = int(steps[-1])
    every = next(k for k in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**9) if last / k <= 6)
    ticks(ax, "x", [*range(0, last - every // 2, every), last])
    name_axes(ax, x=say("step"))
    for name, values in drawn.items():
        shown = series(name)
        ax.plot(steps, values, color=shown.color, linestyle=shown.dash, label=shown.label,
                linewidth=px(3.5 if name == "food" else 2.25), zorder=3)  # fmt: skip
    if not is_narrow():
        ends = {str(ln.get_label()): percent(float(ln.get_ydata()[-1])) for ln in ax.get_lines()}
        label_ends(ax, notes=ends)
