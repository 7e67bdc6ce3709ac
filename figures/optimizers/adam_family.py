"""Adam's relatives along the same gradients: how long their steps are; and decay in and out.

Source  001; 004, whose AdaMax lacks the maximum and takes a root
"""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.colors import halo
from look.runs import DASHES, row
from look.theme import color
from look.words import Visual, say

READS = {
    "adam_family": "size (run, step), weight (run_decay, step_decay, param), "
    "run (run), step (step), run_decay (run_decay), step_decay (step_decay), param (param), "
    "adam_end, adamax_low, amsgrad_end, decay_steps, nadam_peak, radam_after, radam_next, large, "
    "small, spike_step",
}

VISUAL = Visual(
    uses=["adam_family"],
    title="{keeps:?After one steep gradient, Adam’s last steps are {adam_end:.2f} η long, "
    "AMSGrad’s {amsgrad_end:.2f}|Adam forgets a steep gradient, AMSGrad does not: steps of "
    "{adam_end:.2f} η against {amsgrad_end:.2f} at last}",
    subtitle="Five rules along the same gradients: 1 at every step, {spike:g} at step "
    "{spike_step}. Curves: the length of each step in η; grey dashed: Adam’s. Last panel: decay of "
    "two weights.",
    alt="Six panels. The length of each rule’s steps: Adam’s end at {adam_end:.2f} η, AMSGrad’s at "
    "{amsgrad_end:.2f}; AdaMax’s get down to {adamax_low:.2f} after the spike; NAdam’s are "
    "{nadam_peak:.2f} at the spike; RAdam’s are {radam_after:.2f} at step {radam_next}. Last, four "
    "curves of weights, which end at {outside_large:.2f} and {outside_small:.2f} with AdamW, at "
    "{inside_large:.2f} and {inside_small:.2f} with L2 in the gradient.",
    caption="β₁ = {beta1:g}, β₂ = {beta2:g}; torch’s optimizers on level ground, where the "
    "gradients are the same whatever the steps. AMSGrad divides by the largest v so far; AdaMax by "
    "the largest recent |g| itself, max(β₂u, |g|), of which no root is taken; NAdam steps from "
    "where momentum is about to lead; RAdam does without √v̂ for {radam_plain} steps. AdamW: λ = "
    "{decay:g}, η = {decay_lr:g}, two weights from 1 with gradients of ±{large:g} and ±{small:g}. "
    "Outside of the gradient both end at {outside_large:.2f} and {outside_small:.2f}; as L2 inside "
    "it, divided by √v̂ too, at {inside_large:.2f} and {inside_small:.2f}.",
    words={
        "adam": "m̂/√v̂: {adam_end:.2f} at last",
        "amsgrad": "the largest v: {amsgrad_end:.2f} at last",
        "adamax": "the largest |g|: down to {adamax_low:.2f}",
        "nadam": "looks ahead: {nadam_peak:.2f} at the spike",
        "radam": "step {radam_next}: {radam_after:.2f}",
        "adamw": "two weights, {decay_steps} steps",
        "outside": "AdamW: both",
        "inside large": "L2, gradients ±{large:g}",
        "inside small": "L2, ±{small:g}",
        "root": "Adam divides by the root of averaged squares\n"
        "Bars: sizes of gradients. Line: what Adam divides by.",
        "powers": "Higher powers, higher roots: the largest one wins\n"
        "The p-th root of averaged p-th powers; β₂ᵖ takes the place of β₂.",
        "maximum": "At p = ∞ it is a maximum: AdaMax\nu = max(β₂ u, |g|), and no root of it.",
        "decay": "{apart:?Weight decay: inside the gradient, or outside of it|Weight decay inside "
        "the gradient is divided too}\n"
        "Two weights from 1; thick: with gradients of ±{large:g}; thin: of ±{small:g}.",
        "power": "p = {power:.2n}",
        "endless": "p = ∞",
        "weights": "AdamW: decay outside",
        "weights L2": "Adam with L2: inside",
    },
)

TOP, TALL, DOWN, GAP = 36.0, 118.0, 62.0, 44.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the five relatives, and the decay."""
    fig = Canvas(TOP + 3 * TALL + 2 * DOWN + 52)
    wide = (WIDTH - 2 * MARGIN - GAP - 24) / 2
    highest = float(recording["size"].max())
    names = recording.run.values.tolist()
    for i, name in enumerate([*names, "adamw"]):
        down, right = divmod(i, 2)
        left = MARGIN + 24 + right * (wide + GAP)
        ax = fig.place(left, TOP + down * (TALL + DOWN), wide, TALL)
        fields = row("optimizers", name)
        heading(ax, fields["label"], say(name))
        if name == "adamw":
            _decay(ax, recording, color(fields["color"]))
        else:
            _steps(ax, recording, name, color(fields["color"]), highest)
        name_axes(ax, x="step" if down == 2 else "")
    return fig


def _steps(ax: Axes, recording: xr.Dataset, name: str, hue: str, highest: float) -> None:
    steps = recording.step.values
    ax.axvline(recording.attrs["spike_step"], color=color("quiet"), linewidth=px(5), zorder=0)
    if name != "adam":
        style = {"color": color("muted"), "linestyle": DASHES["dashed"], "linewidth": px(1.5)}
        ax.plot(steps, recording["size"].sel(run="adam"), label="Adam", zorder=2, **style)
    ax.plot(
        steps, recording["size"].sel(run=name), color=hue, linewidth=px(2.75), label=name, zorder=3
    )
    ax.set(xlim=(0, steps[-1]), ylim=(0, 1.06 * highest))
    ticks(ax, "y", [value for value in (0, 1, 2) if value < highest])
    ax.grid(axis="y")


def _decay(ax: Axes, recording: xr.Dataset, hue: str) -> None:
    steps = recording.step_decay.values
    muted = color("muted")
    for way, ink, dash in (("inside", muted, "dashed"), ("outside", hue, "")):
        for name in recording.param.values.tolist():
            ax.plot(
                steps,
                recording.weight.sel(run_decay=way, param=name),
                color=ink,
                linewidth=px(2.75 if name == "large" else 1.75),
                linestyle=DASHES[dash],
                label=f"{way} {name}",
            )
    ax.set(xlim=(0, steps[-1]), ylim=(min(0.0, float(recording.weight.min())) - 0.03, 1.3))
    ticks(ax, "y", [0, 0.5, 1])
    ax.grid(axis="y")
    weight = recording.weight
    at = steps[len(steps) // 2]
    for way, name, word, shift in (
        ("inside", "large", "inside large", (0, 7)),
        ("outside", "large", "outside", (6, 5)),
        ("inside", "small", "inside small", (-12, -14)),
    ):
        height = float(weight.sel(run_decay=way, param=name, step_decay=at))
        ink = color("text")
        beside(
            ax, say(word), (at, height), shift=shift, color=ink, path_effects=halo(),
            ha="right" if name == "small" else "left",
        )  # fmt: skip
