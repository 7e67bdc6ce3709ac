"""Who leaves a saddle, a plateau and a shallow hollow, and when.

Source  000, where descent "always converges"; 001; 002
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from figures.parts.axes import heading
from figures.parts.canvas import LABEL, MARGIN, WIDTH, Canvas, px
from figures.parts.contours import contours
from figures.parts.marks import dot, mark_leaving, ring
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
    title="Of {n_runs} single runs, {saddle_left} leave the saddle, {plateau_left} the plateau, "
    "{hollow_left} the shallow hollow",
    subtitle="One run each from the ring; number: the step at which the dashed edge is passed. "
    "Bars: its logarithm; open: the whole run. With noise: the first of {repeats} runs, of which "
    "{saddle_noise_left}, {plateau_noise_left} and {hollow_noise_left} leave.",
    alt="Three landscapes, a saddle from above, a plateau beside a hollow and a shallow hollow "
    "before a deeper one, each with a start and an edge. Under each, the five methods in "
    "the order in which they passed the edge, with the step, or that they are still there.",
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
        "film saddle": "saddle, from above",
        "film plateau": "plateau: hardly a slope",
        "film hollow": "hollow: out is uphill",
        "film start": "Who gets out of a saddle, a plateau, a hollow?\n"
        "{n_runs} ways down, one start each; number: the step at the dashed edge",
        "end": "{saddle_left} of {n_runs} left the saddle, {plateau_left} the plateau, "
        "{hollow_left} the hollow\n"
        "With noise: the first of {repeats} runs; of all {repeats}, {saddle_noise_left}, "
        "{plateau_noise_left} and {hollow_noise_left} left",
        "short": "{there:?{step}|still there}",
        "film cell": "{there:?{step}|stays}",
    },
    series={"noise": ["SGD with noise", "text"]},
)

PANEL, GAP = 203.0, 27.5  # width of a column, and the space between two, CSS pixels
TOP, TALL, BAR = 34.0, 152.0, 46.0
NESTED = {"sgd": 8.0, "noise": 5.0, "momentum": 2.5}  # widths on the saddle
LANE = 6.0  # between two runs above one ground
BIG = 22.0  # of the steps


def draw(recording: xr.Dataset) -> Figure:
    """Return the three landscapes over their bars."""
    n_runs = recording.sizes["run"]
    low = TOP + TALL + 14
    fig = Canvas(low + n_runs * BAR + 16, by_column=True)
    for i, name in enumerate(("saddle", "plateau", "hollow")):
        left = MARGIN + i * (PANEL + GAP)
        ax = fig.place(left, TOP, PANEL, TALL)
        heading(ax, say(name))
        _saddle(ax, recording) if name == "saddle" else _profile(ax, recording, name)
        ax.set(xticks=[], yticks=[])
        _ranks(fig.place(left, low, PANEL, n_runs * BAR), recording, name)
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
        # Along the ridge three lie on each other: each leaves an edge of the one before to be seen.
        wide = NESTED.get(name, 2.5)
        ax.plot(*path.T, color=hue, linewidth=px(wide), label=name, zorder=3)
        mark_leaving(ax, *path.T, color=hue, size=11)
    for side in (-1, 1):
        _edge(ax, side * recording.attrs["saddle_edge"], across=True)
    ring(ax, *recording.theta_saddle.values[0, 0])


def _profile(ax: Axes, recording: xr.Dataset, name: str) -> None:
    across, heights = recording[f"{name}_x"].values, recording[f"height_{name}"].values
    ax.plot(across, heights, color=color("muted"), linewidth=px(2.5), label="ground")
    tall = float(np.ptp(heights))
    ax.set(
        xlim=(across[0], across[-1]),
        ylim=(float(heights.min()) - 0.12 * tall, float(heights.max()) + 0.42 * tall),
    )
    _edge(ax, recording.attrs[f"{name}_edge"], across=False)
    theta, loss = recording[f"theta_{name}"].values, recording[f"loss_{name}"].values
    for k, run in enumerate(recording.run.values.tolist()):
        stays = int(recording.left.sel(surface=name, run=run)) < 0
        _lane(ax, across, heights, theta[k], run, lift=LANE * (k + 1), stays=stays)
    ring(ax, theta[0, 0], loss[0, 0])


def _lane(
    ax: Axes, across: np.ndarray, heights: np.ndarray, path: np.ndarray, run: str, *,
    lift: float, stays: bool,
) -> None:  # fmt: skip
    """Draw above the ground how far a run gets along it, and where it ends."""
    path = np.clip(path, across[0], across[-1])
    low, high = float(path.min()), float(path.max())
    x = np.concatenate([[low], across[(across > low) & (across < high)], [high]])
    hue = color(shown(run)[1])
    fig = ax.get_figure(root=True)
    assert fig is not None
    raised = ax.transData + ScaledTranslation(0, px(lift) / 72, fig.dpi_scale_trans)
    ax.plot(
        x, np.interp(x, across, heights), color=hue, linewidth=px(3), label=run, zorder=3,
        transform=raised,
    )  # fmt: skip
    end = float(path[-1])
    inner, edge = (color("background"), hue) if stays else (hue, color("background"))
    dot(
        ax, end, float(np.interp(end, across, heights)), color=inner, size=9, zorder=5,
        transform=raised, markeredgecolor=edge,
    )  # fmt: skip


def _edge(ax: Axes, at: float, *, across: bool) -> None:
    draw_line = ax.axhline if across else ax.axvline
    draw_line(at, color=color("text"), linewidth=px(1.25), linestyle=DASHES["dashed"], zorder=2)


def _ranks(ax: Axes, recording: xr.Dataset, name: str) -> None:
    """Write who has left and at which step, the first on top; who is still there is open."""
    left = recording.left.sel(surface=name).values
    n_steps, width = recording.attrs[f"{name}_steps"], PANEL
    longest = max(recording.attrs[f"{each}_steps"] for each in recording.surface.values.tolist())
    names = recording.run.values.tolist()
    ax.set(xlim=(0, width), ylim=(len(names), 0))
    ax.axis("off")
    order = np.argsort(np.where(left < 0, n_steps + 1, left), kind="stable").tolist()
    for k, i in enumerate(order):
        label, token = shown(names[i])
        step, y = int(left[i]), k + 0.52
        there = step >= 0
        ink = color("text" if there else "muted")
        weight = "semibold" if there else "normal"
        ax.text(0, y, label, va="baseline", fontsize=px(LABEL), color=ink)
        text = say("short", step=step, there=not there)
        ax.text(
            width, y, text, va="baseline", ha="right", color=ink, weight=weight,
            fontsize=px(BIG if there else LABEL),
        )  # fmt: skip
        # as long as its logarithm: most are soon out
        share = np.log(max(step, 1.06) if there else n_steps) / np.log(longest)
        ax.barh(
            k + 0.72,
            share * width,
            height=0.12,
            facecolor=color(token) if there else "none",
            edgecolor=color(token),
            linewidth=px(1.25),
            label=names[i],
        )
