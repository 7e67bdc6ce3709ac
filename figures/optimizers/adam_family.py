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
    "gradients are the same whatever the steps. (The film’s line is that of Adam’s own average, "
    "not yet corrected for its start at 0.) AMSGrad divides by the largest v so far. Not "
    "drawn: AdaMax divides by the largest recent |g| itself, max(β₂u, |g|), of which no root is "
    "taken, and its steps get down to {adamax_low:.2f} η; NAdam steps from where momentum will "
    "carry it, {nadam_peak:.2f} η at the steep gradient; RAdam does without √v̂ for {radam_plain} "
    "steps, and its next one is {radam_after:.2f} η long.",
    words={
        "axis": "length of a step",
        "spike": "one gradient of {spike:g}",
        "others": "gradient",
        "end": "{length:.2f} η",
        "tick": "{length:g} η",
        "root": "What if Adam averaged a higher power than squares?\n"
        "Bars: sizes of {n} random gradients, most of them small. Line: what Adam divides by",
        "root formula": 'sqrt("average of" g^2)',
        "powers": "The higher the power, the more the largest gradients count\n"
        "Line: what is divided by at power p. Pale: Adam’s, p = 2",
        "powers formula": 'root(p, "average of" abs(g)^p)',
        "maximum": "At p = ∞ only the largest recent gradient counts: AdaMax\n"
        "Pale bars don’t count. After any other the line sinks, times β₂ = {beta2:g} a step.",
        "maximum formula": "u arrow.l max(beta_2 u, abs(g))",
        "power": "p =",
        "endless": "∞",
    },
)

TALL, GAP, STRIP = 330.0, 46.0, 80.0
HEROES = ("adam", "amsgrad")


def draw(recording: xr.Dataset) -> Figure:
    """Return the lengths of all steps of the two that part."""
    fig = Canvas(36 + TALL + GAP + STRIP + 54, narrow=True)
    wide = WIDTH - 50 - 116
    ax, under = fig.place(50, 36, wide, TALL), fig.place(50, 36 + TALL + GAP, wide, STRIP)
    fig.place(50, 36, wide, TALL + GAP + STRIP).axis("off")  # they keep one width on any sheet
    steps, spike = recording.step.values, recording.attrs["spike_step"]
    shown = recording["size"].sel(run=list(HEROES))
    ax.set(xlim=(0, steps[-1]), ylim=(0, 1.2 * float(shown.max())))
    sizes = np.abs(recording.gradient.values)
    inks = [to_rgba(color("text"), 1 if step == spike else 0.35) for step in steps.tolist()]
    under.bar(steps, sizes, width=1, color=inks, linewidth=0, label="gradients")
    under.set(xlim=(0, steps[-1]), ylim=(0, 1.1 * sizes.max()))
    ticks(under, "y", sorted({float(sizes.min()), float(sizes.max())}))
    ax.axvline(spike, color=color("muted"), linewidth=px(1.5), linestyle=(0, (2, 3)), zorder=0)
    heights = [value for value in (0, 0.5, 1) if value < ax.get_ylim()[1]]
    ticks(ax, "y", heights, lambda value: say("tick", length=value))
    ticks(ax, "x", [])
    ticks(under, "x", [0, spike, int(steps[-1])])
    ax.grid(axis="y")
    name_axes(ax, y=say("axis"))
    name_axes(under, x="step", y=say("others"))
    ends = {}
    for name in HEROES[::-1]:
        fields = row("optimizers", name)
        ax.plot(
            steps, shown.sel(run=name), color=color(fields["color"]), linewidth=px(5),
            label=fields["label"], zorder=4,
        )  # fmt: skip
        ends[fields["label"]] = say("end", length=recording.attrs[f"{name}_end"])
    label_ends(ax, notes=ends)
    early = spike < steps[-1] / 2  # the word stands where there is more room
    beside(
        under, say("spike"), (spike, sizes.max()), shift=(10 if early else -10, -14),
        ha="left" if early else "right", weight="semibold", path_effects=halo(),
    )  # fmt: skip
    return fig
