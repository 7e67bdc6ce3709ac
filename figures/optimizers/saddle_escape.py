"""Who gets out of a shallow hollow; and as a table, when each leaves it, a saddle and a plateau.

Source  000, where descent "always converges"; 001; 002
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.parts.axes import beside
from figures.parts.canvas import LABEL, MARGIN, NARROW_MARGIN, Canvas, is_narrow, px
from figures.parts.colors import halo
from figures.parts.marks import dot, ring
from figures.parts.table import Cell, Column, Table
from look.runs import DASHES, row, series
from look.theme import color
from look.words import Visual, say

READS = {
    "saddle_escape": "theta_hollow (run, step_hollow), left (surface, run), "
    "height_hollow (u_hollow), hollow_x (u_hollow), surface (surface), run (run), "
    "hollow_edge, saddle_steps, plateau_steps, hollow_steps, saddle_noise_left, "
    "plateau_noise_left, hollow_noise_left, repeats, n_runs, saddle_off, saddle_lr, plateau_lr, "
    "hollow_lr, saddle_rmsprop, plateau_rmsprop, hollow_rmsprop, saddle_adam, plateau_adam, "
    "hollow_adam",
}

VISUAL = Visual(
    uses=["saddle_escape"],
    title="{case:?both=Momentum rolls out of a hollow; noise gets SGD out in {hollow_noise_left} "
    "of {repeats} runs|other={hollow_left:?Nobody gets|One of {n_runs} "
    "methods gets|{hollow_left} of {n_runs} methods get} out of a hollow}",
    subtitle="{n_runs} ways down from the ring, {hollow_steps} steps each. Line: how far each got. "
    "Dot: where it ends. Noise: each step is on one example; drawn is the first of {repeats} runs.",
    alt="The ground of a shallow hollow, seen from the side, before a deeper one; under it a line "
    "for each of {n_runs} methods, from the start to how far it gets, and a dot where it ends; "
    "{hollow_left} of them end beyond the dashed edge between the two.",
    caption="Out of a hollow, uphill, leads only speed that is brought along, or a kick. “Out” "
    "is who stays over the edge until the last step. Plain descent, with noise and without, and "
    "momentum (μ = {momentum:g}) have η = {hollow_lr:g}, RMSProp {hollow_rmsprop:g}, Adam "
    "{hollow_adam:g}. Noise: each step is on one example, which tilts the ground by "
    "{hollow_noise:g} (standard deviation).",
    words={
        "edge": "the edge",
        "hollow": "{there:?out at step {step}|still in}{noisy:?|; {n} of {repeats} runs get out}",
        "film start": "Who gets out of a hollow?\n"
        "{n_runs} ways down from one place. Out: past the dashed edge, to stay.",
        "film rest": "{n:?Nobody is out after {step} steps. Who will be?|{who} is out. And the "
        "others?|{n} are out. And the others?}\n"
        "{n_runs} ways down from one place, {hollow_steps} steps",
        "end": "{case:?both=Momentum is out for good, SGD with noise in {hollow_noise_left} of "
        "{repeats} runs|other={hollow_left:?Nobody gets out|One of {n_runs} gets out|{hollow_left} "
        "of {n_runs} get out}}\n"
        "{case:?both=The others never, in {hollow_steps} steps|other=In {hollow_steps} steps}. SGD "
        "with noise: the first of {repeats} runs.",
        "clock": "step {step}",
        "out": "out at {step}",
        "table title": "{stays:?When {n_runs} methods leave a saddle, a plateau, a hollow|{who} is "
        "first off a saddle, but does not leave a hollow in {hollow_steps} steps}",
        "table subtitle": "The step from which on each of {n_runs} methods stays out; bold: the "
        "first.",
        "never": "never",
        "method": "method",
        "saddle": "off a saddle",
        "plateau": "off a plateau",
        "from": "in {n} steps",
        "rate": "η = {lr:g}",
        "some": "η = {lr:g}, {only:?{n} of {repeats} runs|this run of {repeats} alone}",
        "table note": "η: learning rate. With noise there are {repeats} runs: the step is that of "
        "the first, and under it stands how many leave. At the saddle all start "
        "{saddle_off:.2n} beside the ridge; exactly on it, no method would leave but by noise.",
        "table hollow": "out of a hollow",
    },
    series={"noise": ["SGD with noise", "text"]},
)

TOP, TALL, ROW = 16.0, 200.0, 46.0  # of the hollow, and of a method's row under it, CSS pixels


def draw(recording: xr.Dataset) -> Figure:
    """Return the hollow over a row for each method."""
    n_runs = recording.sizes["run"]
    fig = Canvas(TOP + TALL + n_runs * ROW + 16, narrow=True)
    margin = NARROW_MARGIN if is_narrow() else MARGIN
    wide = fig.width - 2 * margin
    _profile(fig.place(margin, TOP, wide, TALL), recording)
    _rows(fig.place(margin, TOP + TALL, wide, n_runs * ROW), recording)
    return fig


def table(recording: xr.Dataset) -> Table:
    """Return for each method when it leaves each of the three places, the first out on top."""
    attrs = recording.attrs
    columns = [Column(say("method"))]
    rows: list[list[Any]] = []
    for name in ("saddle", "plateau", "hollow"):
        head = say("table hollow" if name == "hollow" else name)
        note = say("from", n=attrs[f"{name}_steps"])
        columns.append(Column(head, note=note, align="decimal"))
    order = in_order(recording, "saddle")
    first, _ = order[0]
    for run, _ in order:
        label, token = shown(run)
        cells: list[Any] = [Cell(label, key=token)]
        for name in ("saddle", "plateau", "hollow"):
            step = int(recording.left.sel(surface=name, run=run))
            lr = attrs[f"{name}_{run if run in ('rmsprop', 'adam') else 'lr'}"]
            noisy = run == "noise"
            n = attrs[f"{name}_noise_left"]
            note = say("some" if noisy else "rate", lr=lr, n=n, only=n == 1 and step >= 0)
            _, best = in_order(recording, name)[0]
            said = step if step >= 0 else say("never")
            cells.append(Cell(said, note=note, strong=0 <= step == best))
        rows.append(cells)
    stays = bool(recording.left.sel(surface="hollow", run=first) < 0)
    return Table(
        columns, rows, title=say("table title", stays=stays, who=shown(first)[0]),
        subtitle=say("table subtitle"), notes=[say("table note")],
    )  # fmt: skip


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


def _edge() -> dict[str, object]:
    dashed = {"linewidth": px(1.25), "linestyle": DASHES["dashed"], "zorder": 2}
    return {"color": color("text"), **dashed}


def _profile(ax: Axes, recording: xr.Dataset) -> None:
    """Draw the ground seen from the side, with its edge and the start."""
    across, heights = recording.hollow_x.values, recording.height_hollow.values
    low, tall = float(heights.min()), float(np.ptp(heights))
    ax.fill_between(across, heights, low - 0.2 * tall, color=color("quiet"), alpha=0.45, zorder=0)
    ax.plot(across, heights, color=color("muted"), linewidth=px(3), label="ground")
    ax.set(xlim=(across[0], across[-1]), ylim=(low - 0.2 * tall, low + 1.1 * tall))
    ax.axis("off")
    edge = recording.attrs["hollow_edge"]
    ax.axvline(edge, **_edge())
    beside(ax, say("edge"), (edge, ax.get_ylim()[1]), shift=(8, -14), color=color("muted"),
           path_effects=halo())  # fmt: skip
    start = float(recording.theta_hollow[0, 0])
    ring(ax, start, float(np.interp(start, across, heights)))


def _rows(ax: Axes, recording: xr.Dataset) -> None:
    """Draw under the hollow how far each gets, between its name and when it was out."""
    across, attrs = recording.hollow_x.values, recording.attrs
    n_runs = recording.sizes["run"]
    ax.set(xlim=(across[0], across[-1]), ylim=(n_runs, 0))
    ax.axis("off")
    ax.axvline(attrs["hollow_edge"], **_edge())
    hidden = {"facecolor": color("background"), "edgecolor": "none", "pad": px(2)}
    for line, (run, step) in enumerate(in_order(recording, "hollow")):
        label, token = shown(run)
        path = np.clip(recording.theta_hollow.sel(run=run).values, across[0], across[-1])
        y, hue, there = line + 0.74, color(token), step < 0
        ax.plot([path.min(), path.max()], [y, y], color=hue, linewidth=px(6), label=run,
                solid_capstyle="butt", zorder=3)  # fmt: skip
        dot(ax, float(path[-1]), y, color=hue, size=14)
        said = say("hollow", there=there, step=step, noisy=run == "noise",
                   n=attrs["hollow_noise_left"])  # fmt: skip
        weight, ink = ("normal", color("muted")) if there else ("semibold", color("text"))
        style = {"fontsize": px(LABEL), "va": "baseline", "weight": weight, "color": ink}
        ax.text(across[0], line + 0.52, label, **style)
        ax.text(across[-1], line + 0.52, said, ha="right", bbox=hidden, **style)
