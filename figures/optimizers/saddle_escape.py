"""Who leaves a saddle, a plateau and a shallow hollow, and when.

Source  000, where descent "always converges"; 001; 002
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside, heading, name_axes, ticks
from figures.parts.canvas import MARGIN, WIDTH, Canvas, px
from figures.parts.contours import contours
from figures.parts.marks import mark_leaving, ring
from look.runs import DASHES, row, series
from look.theme import color
from look.words import Visual, say

READS = {
    "saddle_escape": "theta_saddle (run, step_saddle, param), theta_plateau (run, step_plateau), "
    "theta_hollow (run, step_hollow), left (surface, run), height_saddle (y, x), saddle_x (x), "
    "saddle_y (y), height_plateau (u_plateau), plateau_x (u_plateau), height_hollow (u_hollow), "
    "hollow_x (u_hollow), loss_plateau (run, step_plateau), loss_hollow (run, step_hollow), "
    "surface (surface), run (run), saddle_edge, saddle_steps, plateau_edge, plateau_steps, "
    "hollow_edge, hollow_steps",
}

VISUAL = Visual(
    uses=["saddle_escape"],
    title="In one run each of {n_runs} ways down, {saddle_left} leave the saddle, {plateau_left} "
    "the plateau, {hollow_left} the shallow hollow",
    subtitle="Ring: start. Dashed: the edge of the place. Bars: steps until the edge is passed, on "
    "a logarithmic axis; an open bar has no end.",
    alt="Three landscapes, a saddle from above, a plateau beside a hollow and a shallow hollow "
    "before a deeper one, each with a start and an edge. Under each, five bars, one for each "
    "method, with the step at which it passed the edge, or that it is still there.",
    caption="At the saddle all start {saddle_off:.2n} beside the ridge; exactly on it, no method "
    "would leave but by noise. Plain descent, with noise and without, and momentum (μ = "
    "{momentum:g}) have η = {saddle_lr:g}, {plateau_lr:g} and {hollow_lr:g}; RMSProp "
    "{saddle_rmsprop:g}, {plateau_rmsprop:g}, {hollow_rmsprop:g}; Adam {saddle_adam:g}, "
    "{plateau_adam:g}, {hollow_adam:g}. Noise: each step is on one example, which tilts the ground "
    "by {saddle_noise:g}, {plateau_noise:g}, {hollow_noise:g} (standard deviation); of "
    "{repeats} such runs {saddle_noise_left}, {plateau_noise_left} and {hollow_noise_left} leave. "
    "Out of a hollow, uphill, leads only speed that is brought along, or a kick.",
    words={
        "saddle": "saddle",
        "plateau": "plateau",
        "hollow": "shallow hollow",
        "left": "{there:?{label}: step {step}|{label}: still there}",
        "film saddle": "A saddle: the way out starts with no slope\n"
        "All start {saddle_off:.2n} beside the ridge; the picture is from above.",
        "film plateau": "A plateau: the slope is small everywhere\n"
        "Who is off it within {plateau_steps} steps?",
        "film hollow": "A shallow hollow: the way out is uphill\n"
        "Who gets over the edge within {hollow_steps} steps?",
        "end": "{saddle_left} of {n_runs} left the saddle, {plateau_left} the plateau, "
        "{hollow_left} the hollow\n"
        "The step at which each was out; with noise it is one run of {repeats}, of which "
        "{saddle_noise_left}, {plateau_noise_left} and {hollow_noise_left} left.",
        "short": "{there:?{step}|–}",
    },
    series={"noise": ["SGD with noise", "text"]},
)

PANEL, GAP = 203.0, 27.5  # width of a column, and the space between two, CSS pixels
TOP, TALL, BAR = 34.0, 152.0, 36.0


def draw(recording: xr.Dataset) -> Figure:
    """Return the three landscapes over their bars."""
    n_runs = recording.sizes["run"]
    low = TOP + TALL + 26
    fig = Canvas(low + n_runs * BAR + 58, by_column=True)
    for i, name in enumerate(("saddle", "plateau", "hollow")):
        left = MARGIN + i * (PANEL + GAP)
        ax = fig.place(left, TOP, PANEL, TALL)
        heading(ax, say(name))
        _saddle(ax, recording) if name == "saddle" else _profile(ax, recording, name)
        ax.set(xticks=[], yticks=[])
        _bars(fig.place(left, low, PANEL, n_runs * BAR), recording, name)
    assert left + PANEL <= WIDTH - MARGIN + 1
    return fig


def shown(name: str) -> tuple[str, str]:
    """Return a run's label and the token of its colour."""
    if name == "noise":
        return series(name).label, series(name).token
    fields = row("optimizers", name)
    return fields["label"], fields["color"]


def _saddle(ax: Axes, recording: xr.Dataset) -> None:
    x, y = recording.saddle_x.values, recording.saddle_y.values
    contours(ax, x, y, recording.height_saddle)
    for k, name in enumerate(recording.run.values.tolist()):
        path = recording.theta_saddle.values[k]
        hue = color(shown(name)[1])
        ax.plot(*path.T, color=hue, linewidth=px(2.25), label=name, zorder=3)
        mark_leaving(ax, *path.T, color=hue, size=10)
    for side in (-1, 1):
        _edge(ax, side * recording.attrs["saddle_edge"], across=True)
    ring(ax, *recording.theta_saddle.values[0, 0])


def _profile(ax: Axes, recording: xr.Dataset, name: str) -> None:
    across, heights = recording[f"{name}_x"].values, recording[f"height_{name}"].values
    ax.plot(across, heights, color=color("muted"), linewidth=px(2.5), label="ground")
    room = 0.12 * float(np.ptp(heights))
    ax.set(
        xlim=(across[0], across[-1]),
        ylim=(float(heights.min()) - room, float(heights.max()) + room),
    )
    _edge(ax, recording.attrs[f"{name}_edge"], across=False)
    theta, loss = recording[f"theta_{name}"].values, recording[f"loss_{name}"].values
    ring(ax, theta[0, 0], loss[0, 0])


def _edge(ax: Axes, at: float, *, across: bool) -> None:
    draw_line = ax.axhline if across else ax.axvline
    draw_line(at, color=color("text"), linewidth=px(1.25), linestyle=DASHES["dashed"], zorder=2)


def _bars(ax: Axes, recording: xr.Dataset, name: str) -> None:
    """Draw a bar a run, from step 1 to the step at which it has left."""
    left = recording.left.sel(surface=name)
    n_steps = recording.attrs[f"{name}_steps"]
    names = recording.run.values.tolist()
    ax.set(xscale="log", xlim=(1, n_steps), ylim=(len(names), 0))
    ticks(ax, "x", [value for value in (1, 10, 100) if value <= n_steps])
    ax.set_yticks([])
    name_axes(ax, x="step")
    for k, run in enumerate(names):
        label, token = shown(run)
        step = int(left.sel(run=run))
        there = step >= 0
        length = max(step, 1.06) if there else n_steps
        style = {"facecolor": color(token)} if there else {"facecolor": "none"}
        ax.barh(
            k + 0.72,
            length - 1,
            left=1,
            height=0.26,
            edgecolor=color(token),
            linewidth=px(1.5),
            label=run,
            **style,
        )
        text = say("left", label=label, step=step, there=not there)
        beside(ax, text, (1, k + 0.5), shift=(0, 2), color=color("text" if there else "muted"))
