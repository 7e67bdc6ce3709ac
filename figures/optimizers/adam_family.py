"""Adam's relatives along the same gradients: how long their steps are after a steep one.

Source  001; 004, whose AdaMax lacks the maximum and takes a root
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from figures.parts.axes import beside, label_ends, name_axes, ticks
from figures.parts.canvas import WIDTH, Canvas, px
from figures.parts.colors import halo
from look.runs import row
from look.theme import color
from look.words import Visual, say

READS = {
    "adam_family": "gradient (step), size (run, step), run (run), step (step), adam_end, "
    "amsgrad_end, spike, spike_step",
}

VISUAL = Visual(
    uses=["adam_family"],
    title="{keeps:?After one steep gradient, Adam’s last steps are {adam_end:.2f} η long, "
    "AMSGrad’s {amsgrad_end:.2f} η|Adam forgets a steep gradient, AMSGrad never does: its steps "
    "end at {amsgrad_end:.2f} η, not {adam_end:.2f} η}",
    subtitle="Along the same gradients: 1 at every step, but {spike:g} at step {spike_step}. "
    "η is the learning rate; β₁ = {beta1:g}, β₂ = {beta2:g}.",
    alt="Two curves, the length of each rule’s steps, one until a steep gradient: then Adam’s come "
    "back to {adam_end:.2f} η, AMSGrad’s stay at {amsgrad_end:.2f} η.",
    caption="β₁ = {beta1:g}, β₂ = {beta2:g}; torch’s optimizers on level ground, where the "
    "gradients are the same whatever the steps. AMSGrad divides by the largest v so far. Not "
    "drawn: AdaMax divides by the largest recent |g| itself, max(β₂u, |g|), of which no root is "
    "taken, and its steps get down to {adamax_low:.2f} η; NAdam steps from where momentum will "
    "carry it, {nadam_peak:.2f} η at the steep gradient; RAdam does without √v̂ for {radam_plain} "
    "steps, and its next one is {radam_after:.2f} η long.",
    words={
        "axis": "length of a step",
        "spike": "one gradient of {spike:g}",
        "others": "bars: the gradients",
        "end": "{length:.2f} η",
        "tick": "{length:g} η",
        "root": "Adam divides by the root of averaged squares\n"
        "Bars: sizes of gradients. Line: that root, before Adam corrects its start at 0.",
        "powers": "And if it averaged a higher power than squares?\n"
        "Line: the p-th root of averaged p-th powers. Pale: squares, p = 2.",
        "maximum": "At p = ∞ only the largest recent gradient counts: AdaMax\n"
        "Each step it is multiplied by β₂, until a larger one comes: u = max(β₂u, |g|).",
        "power": "p = {power:.2n}",
        "endless": "p = ∞",
    },
)

TALL = 400.0
HEROES = ("adam", "amsgrad")


def draw(recording: xr.Dataset) -> Figure:
    """Return the lengths of all steps of the two that part."""
    fig = Canvas(36 + TALL + 54, narrow=True)
    ax = fig.place(50, 36, WIDTH - 50 - 116, TALL)
    steps, spike = recording.step.values, recording.attrs["spike_step"]
    shown = recording["size"].sel(run=list(HEROES))
    ax.set(xlim=(0, steps[-1]), ylim=(0, 1.2 * float(shown.max())))
    sizes = np.abs(recording.gradient.values)
    tall = ax.get_ylim()[1] / sizes.max()  # the largest one as high as the chart
    inks = [to_rgba(color("text"), 1 if step == spike else 0.2) for step in steps.tolist()]
    ax.bar(steps, tall * sizes, width=1, color=inks, linewidth=0, label="gradients", zorder=0)
    heights = [value for value in (0, 0.5, 1) if value < ax.get_ylim()[1]]
    ticks(ax, "y", heights, lambda value: say("tick", length=value))
    ticks(ax, "x", [0, spike, int(steps[-1])])
    ax.grid(axis="y")
    name_axes(ax, x="step", y=say("axis"))
    ends = {}
    for name in HEROES[::-1]:
        fields = row("optimizers", name)
        ax.plot(
            steps, shown.sel(run=name), color=color(fields["color"]), linewidth=px(5),
            label=fields["label"], zorder=4,
        )  # fmt: skip
        ends[fields["label"]] = say("end", length=recording.attrs[f"{name}_end"])
    label_ends(ax, notes=ends)
    beside(
        ax, say("spike"), (spike, ax.get_ylim()[1]), shift=(10, -14),
        weight="semibold", path_effects=halo(),
    )  # fmt: skip
    middle = spike + 1 if spike < steps[-1] / 2 else 0.0  # where there is more room
    beside(
        ax, say("others"), (middle, tall), shift=(10, 8), color=color("muted"),
        path_effects=halo(),
    )  # fmt: skip
    return fig
