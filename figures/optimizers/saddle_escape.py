"""Who gets out of a shallow hollow; and when each leaves a saddle and a plateau.

Source  000, where descent "always converges"; 001; 002
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import heading
from figures.parts.canvas import LABEL, MARGIN, NARROW_MARGIN, Canvas, is_narrow, px
from figures.parts.contours import contours
from figures.parts.marks import dot, mark_leaving, ring
from look.runs import DASHES, row, series
from look.theme import color
from look.words import Visual, say

READS = {
    "saddle_escape": "theta_saddle (run, step_saddle, param), theta_plateau (run, step_plateau), "
    "theta_hollow (run, step_hollow), left (surface, run), height_saddle (y, x), saddle_x (x), "
    "saddle_y (y), height_plateau (u_plateau), plateau_x (u_plateau), height_hollow (u_hollow), "
    "hollow_x (u_hollow), surface (surface), run (run), "
    "saddle_edge, plateau_edge, hollow_edge, saddle_steps, plateau_steps, hollow_steps, "
    "saddle_noise_left, plateau_noise_left, "
    "hollow_noise_left, repeats",
}

VISUAL = Visual(
    uses=["saddle_escape"],
    title="Of {n_runs} methods, {hollow_left} get out of a hollow, {saddle_left} off a saddle, "
    "{plateau_left} off a plateau",
    subtitle="{case:?both=Out of the hollow come only momentum and, in {hollow_noise_left} of "
    "{repeats} runs, noise; drawn and counted in the title is the first of these runs|other=With "
    "noise: the "
    "first of {repeats} runs, and how many of them get out}.",
    alt="The ground of a shallow hollow, seen from the side, before a deeper one; under it a line "
    "for each of {n_runs} methods, from the start to how far it gets, {hollow_left} of them beyond "
    "the dashed edge between the two. Below, small, a saddle and a plateau with the step at which "
    "each method leaves.",
    caption="Out of a hollow, uphill, leads only speed that is brought along, or a kick. "
    "At the saddle all start {saddle_off:.2n} beside the ridge; exactly on it, no method "
    "would leave but by noise. Plain descent, with noise and without, and momentum (μ = "
    "{momentum:g}) have η = {saddle_lr:g}, {plateau_lr:g} and {hollow_lr:g}; RMSProp "
    "{saddle_rmsprop:g}, {plateau_rmsprop:g}, {hollow_rmsprop:g}; Adam {saddle_adam:g}, "
    "{plateau_adam:g}, {hollow_adam:g}. Noise: each step is on one example, which tilts the ground "
    "by {saddle_noise:g}, {plateau_noise:g}, {hollow_noise:g} (standard deviation); of "
    "{repeats} such runs {saddle_noise_left}, {plateau_noise_left} and {hollow_noise_left} leave.",
    words={
        "saddle": "Off a saddle",
        "plateau": "Off a plateau",
        "note": "at which of {n} steps",
        "hollow": "{there:?out at step {step}|still in after {n_steps} steps}"
        "{noisy:?| ({n} of {repeats} runs)}",
        "short": "{there:?{step}|stays}{noisy:?| ({n} of {repeats})}",
        "film start": "Who gets out of a hollow?\n"
        "{n_runs} ways down from one place; out means over the dashed edge; the number is the step",
        "film rest": "And the others?\n{n} more steps, now faster",
        "end": "{case:?both=Only momentum gets out and, in {hollow_noise_left} of {repeats} runs, "
        "noise|other={hollow_left} of {n_runs} get out}\n"
        "After {hollow_steps} steps; with noise: the first of {repeats} runs",
        "clock": "step {step}",
        "flag": "{label}{out:?|  {step}}",
    },
    series={"noise": ["SGD with noise", "text"]},
)

TOP, TALL, ROW = 10.0, 128.0, 40.0  # of the hollow, and of a method's row under it, CSS pixels
PANEL, MAP, LINE = 318.0, 112.0, 23.0  # of a small panel, its landscape, and a line of its list
NESTED = {"sgd": 5.0, "noise": 3.0, "momentum": 1.25}  # widths on the saddle


def draw(recording: xr.Dataset) -> Figure:
    """Return the hollow over a row for each method, and under them the other two, small."""
    n_runs = recording.sizes["run"]
    low = TOP + TALL + n_runs * ROW
    small = 56 + n_runs * LINE
    fig = Canvas(low + small + 20, narrow=low + 2 * small + 20)
    margin = NARROW_MARGIN if is_narrow() else MARGIN
    wide = fig.width - 2 * margin
    _profile(fig.place(margin, TOP, wide, TALL), recording, "hollow")
    _rows(fig.place(margin, TOP + TALL, wide, n_runs * ROW), recording)
    for i, name in enumerate(("saddle", "plateau")):
        left = margin if is_narrow() else margin + i * (wide - PANEL)
        top = low + 50 + (small * i if is_narrow() else 0)
        ax = fig.place(left, top, MAP, 0.75 * MAP)
        heading(ax, say(name), say("note", n=recording.attrs[f"{name}_steps"]))
        if name == "saddle":
            _saddle(ax, recording)
        else:
            _profile(ax, recording, name)
            _ends(ax, recording)
        _list(fig.place(left + MAP + 14, top, PANEL - MAP - 14, n_runs * LINE), recording, name)
    return fig


def shown(name: str) -> tuple[str, str]:
    """Return a run's label and the token of its colour."""
    if name == "noise":
        return series(name).label, series(name).token
    fields = row("optimizers", name)
    return fields["label"], fields["color"]


def in_order(recording: xr.Dataset, place: str) -> list[tuple[str, int]]:
    """Return all runs with the step at which each leaves a place, the first first; −1 for none."""
    left = recording.left.sel(surface=place).values
    order = np.argsort(np.where(left < 0, left.max() + 1, left), kind="stable")
    return [(str(recording.run.values[k]), int(left[k])) for k in order]


def _saddle(ax: Axes, recording: xr.Dataset) -> None:
    x, y = recording.saddle_x.values, recording.saddle_y.values
    contours(ax, x, y, recording.height_saddle)
    ax.set(xticks=[], yticks=[])
    for k, name in enumerate(recording.run.values.tolist()):
        path = recording.theta_saddle.values[k]
        hue = color(shown(name)[1])
        # Along the ridge three lie on each other: each leaves an edge of the one before to be seen.
        wide = NESTED.get(name, 2.0)
        ax.plot(*path.T, color=hue, linewidth=px(wide), label=name, zorder=3)
        mark_leaving(ax, *path.T, color=hue, size=10)
    for side in (-1, 1):
        ax.axhline(side * recording.attrs["saddle_edge"], **_edge())
    ring(ax, *recording.theta_saddle.values[0, 0])


def _edge() -> dict[str, object]:
    dashed = {"linewidth": px(1.25), "linestyle": DASHES["dashed"], "zorder": 2}
    return {"color": color("text"), **dashed}


def _profile(ax: Axes, recording: xr.Dataset, name: str) -> None:
    """Draw a ground seen from the side, with its edge and the start."""
    across, heights = recording[f"{name}_x"].values, recording[f"height_{name}"].values
    low, tall = float(heights.min()), float(np.ptp(heights))
    ax.fill_between(across, heights, low - 0.2 * tall, color=color("quiet"), alpha=0.45, zorder=0)
    ax.plot(across, heights, color=color("muted"), linewidth=px(2.5), label="ground")
    ax.set(xlim=(across[0], across[-1]), ylim=(low - 0.2 * tall, low + 1.15 * tall))
    ax.axis("off")
    ax.axvline(recording.attrs[f"{name}_edge"], **_edge())
    start = float(recording[f"theta_{name}"][0, 0])
    ring(ax, start, float(np.interp(start, across, heights)))


def _ends(ax: Axes, recording: xr.Dataset) -> None:
    """Mark where on the plateau's ground each ends."""
    across, heights = recording.plateau_x.values, recording.height_plateau.values
    for k, run in enumerate(recording.run.values.tolist()):
        end = float(np.clip(recording.theta_plateau.values[k, -1], across[0], across[-1]))
        dot(ax, end, float(np.interp(end, across, heights)), color=color(shown(run)[1]), size=8)


def _rows(ax: Axes, recording: xr.Dataset) -> None:
    """Draw under the hollow how far each gets, between its name and when it was out."""
    across, attrs = recording.hollow_x.values, recording.attrs
    n_runs = recording.sizes["run"]
    ax.set(xlim=(across[0], across[-1]), ylim=(n_runs, 0))
    ax.axis("off")
    ax.axvline(attrs["hollow_edge"], **_edge())
    for line, (run, step) in enumerate(in_order(recording, "hollow")):
        label, token = shown(run)
        path = np.clip(recording.theta_hollow.sel(run=run).values, across[0], across[-1])
        y, hue, there = line + 0.72, color(token), step < 0
        ax.plot([path.min(), path.max()], [y, y], color=hue, linewidth=px(5), label=run,
                solid_capstyle="butt", zorder=3)  # fmt: skip
        end: dict[str, Any] = {"markeredgecolor": hue, "markeredgewidth": px(2.5)} if there else {}
        dot(ax, float(path[-1]), y, color=color("background") if there else hue, size=12, **end)
        said = say("hollow", there=there, step=step, n_steps=attrs["hollow_steps"],
                   **_noise(run, recording, "hollow"))  # fmt: skip
        weight, ink = ("normal", color("muted")) if there else ("semibold", color("text"))
        style = {"fontsize": px(LABEL), "va": "baseline", "weight": weight, "color": ink}
        ax.text(across[0], line + 0.5, label, **style)
        ax.text(across[-1], line + 0.5, said, ha="right", **style)


def _noise(run: str, recording: xr.Dataset, place: str) -> dict[str, int | bool]:
    attrs = recording.attrs
    return {"noisy": run == "noise", "n": attrs[f"{place}_noise_left"], "repeats": attrs["repeats"]}


def _list(ax: Axes, recording: xr.Dataset, name: str) -> None:
    """Write who has left and at which step, the first on top."""
    ax.set(xlim=(0, PANEL - MAP - 14), ylim=(recording.sizes["run"] * LINE, 0))
    ax.axis("off")
    for k, (run, step) in enumerate(in_order(recording, name)):
        label, token = shown(run)
        y, style = k * LINE + 10, {"fontsize": px(LABEL), "va": "baseline"}
        dot(ax, 5, y - 5, color=color(token), size=10)
        ax.text(16, y, label, **style)
        said = say("short", there=step < 0, step=step, **_noise(run, recording, name))
        ax.text(PANEL - MAP - 14, y, said, ha="right", weight="semibold", **style)
