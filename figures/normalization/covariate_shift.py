"""What reaches a hidden unit through training, with and without batch norm; and how fast.

Source  004, which reports 1,500 steps to 90 %
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.colors import halo, line_halo
from look.numbers import number, percent
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "covariate_shift": "histogram (run, step, bin), bin_edge (bin_edge), "
    "quantile_value (run, step, quantile), accuracy (run, run_seed, step), "
    "reached (run, run_seed), run (run), step (step), goal, moved_none, moved_batch"
}

VISUAL = Visual(
    uses=["covariate_shift"],
    title="{both:?To {goal:.0%} right, with and without batch norm|{fewer:?Batch norm does not "
    "save steps in every run|With batch norm, {goal:.0%} are right after {steps_batch:.0f} steps, "
    "without after {steps_none:.0f}}}",
    subtitle="Top: what one hidden unit’s activation gets from each batch of {batch_size:,} "
    "{many}; the lines are quartiles, and their distance at the start is the unit of how far the "
    "median wanders. Bottom: test {many} that are right, {n_seeds} pairs of runs.",
    alt="Top, two maps of what reaches one hidden unit through {n_steps} steps. Without batch norm "
    "its median wanders by {moved_none:.1f} times the quartiles’ distance at the start, with batch "
    "norm by {moved_batch:.1f} times. Bottom, {n_seeds} curves each of accuracy; "
    "{goal:.0%} is reached at step {least_batch} to {most_batch} with batch norm, and "
    "{both:?not by every run|at step {least_none} to {most_none}} without.",
    caption="Networks {widths} with ReLU, the same initial weights, batches and rate in each pair; "
    "plain gradient descent, η = {lr:g}, {n_train:,} {many} ({dataset}) in batches of "
    "{batch_size:,}; looked at every {every} steps. Without batch norm the unit’s median wanders "
    "by {moved_none:.1f} quartile distances, with it by {moved_batch:.1f}. That batch norm helps "
    "is measured here, not that it helps because it holds the unit’s inputs still; Santurkar et "
    "al. (2018) find that it helps without that, too. Another rate gives other numbers.",
    words={
        "none": "without batch norm",
        "batch": "with batch norm",
        "moved": "median wanders by {x:.1f}",
        "input": "what the unit’s activation gets",
        "right": "right in the test",
        "goal": "{goal:.0%}",
        "start": "What reaches one hidden unit while the network learns?\n"
        "What its activation gets for {batch_size:,} {many}. Outline: at the start.",
        "training": "The layers below learn: does its input stay?\n"
        "Bars: test {many} that are right, mean of {n_seeds} runs. The mark: {goal:.0%}.",
        "end": "{both:?Not every run came to {goal:.0%}|{fewer:?Batch norm did not save steps in "
        "every run|{goal:.0%} after {steps_batch:.0f} steps with batch norm, {steps_none:.0f} "
        "without}}\n"
        "The unit’s median wandered {moved_batch:.1f} against {moved_none:.1f} quartile distances.",
        "step": "step",
        "there": "step {x:.0f}",
    },
    series={
        "none": ["without", "vermillion"],
        "batch": ["with batch norm", "green"],
    },
)

TOP, TALL, LOW, SHORT = 34.0, 206.0, 314.0, 170.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the two maps over the accuracies."""
    fig = Canvas(LOW + SHORT + 56)
    wide = (WIDTH - 2 * MARGIN - 20 - 36) / 2
    edges, counts = recording.bin_edge.values, recording.histogram.values
    there = np.flatnonzero(counts.any((0, 1)))
    span = float(edges[there[0]]), float(edges[there[-1] + 1])
    for column, name in enumerate(recording.run.values.tolist()):
        left = MARGIN + 20 + column * (wide + 36)
        ax = fig.place(left, TOP, wide, TALL)
        _input(ax, recording.isel(run=column), name, span)
        heading(ax, say(name), say("moved", x=recording.attrs[f"moved_{name}"]))
        ticks(ax, "y", [k for k in range(-6, 7, 2) if span[0] < k < span[1]])
        ticks(ax, "x", [0, int(recording.step[-1])], number)
        name_axes(ax, x=say("step"))
    _accuracy(fig.place(MARGIN + 30, LOW, WIDTH - 2 * MARGIN - 30 - 130, SHORT), recording)
    return fig


def _input(ax: Axes, one: xr.Dataset, name: str, span: tuple[float, float]) -> None:
    """Draw a column a recorded step: how many digits give the unit which value."""
    counts = one.histogram.values.astype(float)  # (step, bin)
    steps, edges = one.step.values, one.bin_edge.values
    half = (steps[1] - steps[0]) / 2
    share = counts / np.maximum(counts.max(1, keepdims=True), 1)
    ink = np.empty((*share.T.shape, 4))
    ink[..., :3], ink[..., 3] = to_rgb(series(name).color), 0.9 * share.T**0.7
    ax.imshow(
        ink, extent=(steps[0] - half, steps[-1] + half, edges[0], edges[-1]), origin="lower",
        aspect="auto", interpolation="nearest", label=name, zorder=1,
    )  # fmt: skip
    quantiles = one.quantile_value.values
    middle = quantiles.shape[1] // 2
    for at, width in ((middle - 1, 1.5), (middle, 2.75), (middle + 1, 1.5)):
        ax.plot(
            steps, quantiles[:, at], color=color("text"), linewidth=px(width),
            path_effects=line_halo(width, 0.8), label=f"quantile {at}", zorder=3,
        )  # fmt: skip
    ax.set(xlim=(steps[0] - half, steps[-1] + half), ylim=span)


def _accuracy(ax: Axes, recording: xr.Dataset) -> None:
    steps, goal = recording.step.values, recording.attrs["goal"]
    for name in recording.run.values.tolist():
        one = recording.sel(run=name)
        for seed in range(recording.sizes["run_seed"]):
            ax.plot(
                steps, one.accuracy.values[seed], color=series(name).color, linewidth=px(1.75),
                label=f"{name} {seed}", zorder=3,
            )  # fmt: skip
            at = int(one.reached[seed])
            if at >= 0:
                ax.plot(
                    [at], [float(one.accuracy.values[seed][steps == at][0])], linestyle="none",
                    marker="o", markersize=px(8), color=series(name).color,
                    markeredgecolor=color("background"), markeredgewidth=px(1.5),
                    label=f"{name} there {seed}", zorder=4,
                )  # fmt: skip
        beside(
            ax, say(name), (float(steps[-1]), float(one.accuracy.values[:, -1].mean())),
            shift=(10, 5 if name == "batch" else -9), path_effects=halo(),
        )  # fmt: skip
    ax.axhline(goal, color=color("text"), linewidth=px(1.25), linestyle=(0, (4, 3)), zorder=2)
    ax.set(xlim=(0, steps[-1]), ylim=(0, 1))
    marks = [0, 0.5, goal] if abs(goal - 0.5) > 0.1 else [0, goal, 1]
    ticks(ax, "y", marks, percent)
    ticks(ax, "x", np.linspace(0, steps[-1], 6).round().tolist(), number)
    heading(ax, say("right"))
    name_axes(ax, x=say("step"))
