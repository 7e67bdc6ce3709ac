"""Adam's relatives along the same gradients: how long their steps are after a steep one.

Source  001; 004, whose AdaMax lacks the maximum and takes a root
"""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, label_ends, name_axes, ticks
from figures.parts.canvas import WIDTH, Canvas, px
from figures.parts.colors import halo
from look.runs import DASHES, row
from look.theme import color
from look.words import Visual, say

READS = {
    "adam_family": "size (run, step), run (run), step (step), adam_end, amsgrad_end, "
    "radam_next, spike, spike_step",
}

VISUAL = Visual(
    uses=["adam_family"],
    title="{keeps:?After one steep gradient, Adam’s last steps are {adam_end:.2f} η long, "
    "AMSGrad’s {amsgrad_end:.2f} η|Adam forgets a steep gradient, AMSGrad never does: its steps "
    "end at {amsgrad_end:.2f} η, not {adam_end:.2f} η}",
    subtitle="Along the same gradients: 1 at every step, but {spike:g} at step {spike_step}. Grey: "
    "three relatives. β₂ = {beta2:g}.",
    alt="Five curves, the length of each rule’s steps: Adam’s end at {adam_end:.2f} η, AMSGrad’s "
    "at {amsgrad_end:.2f}; AdaMax’s get down to {adamax_low:.2f} after the spike; NAdam’s are "
    "{nadam_peak:.2f} at the spike; RAdam’s are {radam_after:.2f} at step {radam_next}.",
    caption="β₁ = {beta1:g}, β₂ = {beta2:g}; torch’s optimizers on level ground, where the "
    "gradients are the same whatever the steps. AMSGrad divides by the largest v so far; AdaMax by "
    "the largest recent |g| itself, max(β₂u, |g|), of which no root is taken; NAdam steps from "
    "where momentum will carry it; RAdam does without √v̂ for {radam_plain} steps.",
    words={
        "axis": "length of a step, in η",
        "spike": "one gradient of {spike:g}",
        "end": "{length:.2f}",
        "adamax": "AdaMax",
        "nadam": "NAdam",
        "radam": "RAdam",
        "root": "Adam divides by the root of averaged squares\n"
        "Bars: sizes of gradients. Line: that root, before Adam corrects its start at 0.",
        "powers": "And if it averaged a higher power than squares?\n"
        "Line: the p-th root of averaged p-th powers. Pale: squares, p = 2.",
        "maximum": "At p = ∞ only the largest recent gradient counts: AdaMax\n"
        "Each step it fades by β₂, until a larger one comes: u = max(β₂u, |g|).",
        "power": "p = {power:.2n}",
        "endless": "p = ∞",
    },
)

TALL = 400.0
HEROES = ("adam", "amsgrad")


def draw(recording: xr.Dataset) -> Figure:
    """Return the lengths of all steps on one chart, the two that part drawn strong."""
    fig = Canvas(36 + TALL + 54, narrow=True)
    ax = fig.place(50, 36, WIDTH - 50 - 116, TALL)
    steps, spike = recording.step.values, recording.attrs["spike_step"]
    ax.set(xlim=(0, steps[-1]), ylim=(0, 1.12 * float(recording["size"].max())))
    ax.axvline(spike, color=color("quiet"), linewidth=px(5), zorder=0)
    ticks(ax, "y", [value for value in (0, 1, 2) if value < ax.get_ylim()[1]])
    ticks(ax, "x", [0, spike, int(steps[-1])])
    ax.grid(axis="y")
    name_axes(ax, x="step", y=say("axis"))
    for name in recording.run.values.tolist():
        fields, hero = row("optimizers", name), name in HEROES
        ax.plot(
            steps,
            recording["size"].sel(run=name),
            color=color(fields["color"] if hero else "muted"),
            linewidth=px(5 if hero else 1.25),
            linestyle=DASHES[fields.get("dash", "") if not hero else ""],
            label=fields["label"],
            zorder=4 if hero else 3,
        )
    ends = {
        row("optimizers", name)["label"]: say("end", length=recording.attrs[f"{name}_end"])
        for name in HEROES
    }
    label_ends(ax, [line for line in ax.get_lines() if line.get_label() in ends], notes=ends)
    beside(
        ax, say("spike"), (spike, ax.get_ylim()[1]), shift=(10, -14),
        color=color("muted"), path_effects=halo(),
    )  # fmt: skip
    # the grey ones are named where they part from the others
    _mark(ax, recording, "nadam", spike, (10, -4))
    _mark(ax, recording, "adamax", _lowest(recording, "adamax", spike), (10, -14))
    if spike - recording.attrs["radam_next"] > 0.2 * len(steps):  # there is room before AdaMax
        _mark(ax, recording, "radam", recording.attrs["radam_next"], (8, -8))
    return fig


def _lowest(recording: xr.Dataset, name: str, spike: int) -> int:
    """Return the step from the spike on at which a rule's is the shortest."""
    after = recording["size"].sel(run=name, step=slice(spike, None))
    return int(after.step[int(after.values.argmin())])


def _mark(
    ax: Axes, recording: xr.Dataset, name: str, step: int, shift: tuple[float, float]
) -> None:
    """Say what a rule does, at its curve."""
    height = float(recording["size"].sel(run=name, step=step))
    beside(
        ax,
        say(name),
        (step, height),
        shift=shift,
        color=color("muted"),
        path_effects=halo(),
        zorder=6,
    )
