"""Several optimizers on one network's loss: where a plane puts them, and where they are.

Source  Li et al. 2018, arXiv:1712.09913, section 7, whose planes have one path; here several
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.optimizers._names import Ended, names
from figures.parts import marks
from figures.parts.axes import beside, heading, name_axes, ticks
from figures.parts.canvas import LABEL, MARGIN, WIDTH, Canvas, is_narrow, px, text_width
from figures.parts.colors import halo
from figures.parts.contours import contours, round_levels
from figures.parts.marks import dot
from figures.parts.page import Page, Rounded, bands
from figures.parts.table import Column, Table
from look import theme
from look.fits import log_ticks
from look.numbers import number
from look.runs import DASHES, row, runs
from look.words import Visual, say

READS = {
    "optimizers_real_network": "u (run, snapshot), v (run, snapshot), height (run, snapshot), "
    "loss (run, snapshot), plane (y, x), grid_x (x), grid_y (y), "
    "explained_variance (component), run (run), start_loss",
    "page: optimizers_real_network": "lr (run), snapshot (snapshot), widths, n_train, many, "
    "dataset, side, batch_size, n_rates, n_momenta, held_least, held_most, n_params",
}

VISUAL = Visual(
    uses=["optimizers_real_network"],
    title="{all_below:?Where a plane puts {n_optimizers} optimizers, and where they are|"
    "{n_up:?A plane shows {n_optimizers} optimizers too high|On this plane one optimizer seems to "
    "climb|On this plane {n_up} optimizers seem to climb}; in truth all {n_optimizers} end at "
    "{true_best:.2f} to {true_worst:.2f}}",
    subtitle="Loss of a network of {n_params:,} parameters on a plane through its start that holds "
    "most of the paths. Ring: the plane’s nearest point to a path’s end; dot: the true "
    "loss at that end. Dashed: the loss at the start.",
    alt="A contour map of a network’s loss with {n_optimizers} paths that begin in one point and "
    "part. Below it, for each optimizer, two marks on an axis of losses: on the plane the paths "
    "end between {plane_best:.2f} and {plane_worst:.2f}, the networks themselves between "
    "{true_best:.2f} and {true_worst:.2f}; they started at {start_loss:.2f}.",
    caption="{n_params:,} parameters, {n_train:,} {many} ({dataset}, averaged to {side} × {side} "
    "pixels), batches of {batch_size}, the same start and the same batches for all. The search: "
    "{n_rates} rates from {lowest_rate:g} to {highest_rate:g}, {n_steps} steps each, one seed, the "
    "lowest loss on all training examples wins{n_momenta:?|; who has a momentum (β₁ is one) is "
    "then tried at {momenta} too, at its best rate and the neighbours of that}. The plane goes "
    "through the start, along the principal directions of all paths, each scaled to one length. It "
    "holds {held_least:.0%} to {held_most:.0%} of a path’s squared way, so the loss at a path’s "
    "nearest point on it is not the network’s: {same_winner:?{plane_winner} ends lowest on the "
    "plane, {true_winner} in truth|{true_winner} ends lowest on both}.",
    words={
        "start": "One network, one start, {n_optimizers} optimizers: who gets lowest?\n"
        "Height is its loss, cut off at {top:.1f}, on a plane along their paths.",
        "plane end": "{n_up:?On this plane, none of them ends higher than it began|One of them "
        "seems to have climbed|{n_up} of them seem to have climbed}\n"
        "But a plane is two directions out of {n_params:,}. Where are they in truth?",
        "truth": "{all_below:?In truth they are at {true_best:.2f} to {true_worst:.2f}|In truth "
        "all {n_optimizers} are below the surface, at {true_best:.2f} to {true_worst:.2f}}\n"
        "{same_winner:?Lowest on the plane: {plane_winner}. Lowest in truth: {true_winner}.|"
        "{true_winner} is the lowest on the plane and in truth.}",
        "first": "first direction: {share:.0%} of the paths’ spread",
        "second": "second direction: {share:.0%}",
        "ends": "loss at the end",
        "both": "ring: on this plane; dot: in truth",
        "value": "{value:.2f}",
        "begin": "start: {start_loss:.2f}",
        "on the plane": "on the plane",
        "true": "true",
        "loss": "loss",
        "step": "step",
        "page": "Can you trust a map of a network’s loss?\n{n_runs} optimizers train one {widths} "
        "network from one start. The map is a plane along their paths: play, and compare it with "
        "the real losses below.",
        "page caption": "{n_train:,} {many} ({dataset}, averaged to {side} × {side} pixels), "
        "batches of {batch_size}, each optimizer at the best of {n_rates} learning rates"
        "{n_momenta:?| and its best momentum}. The "
        "plane goes through the start and holds {held_least:.0%} to {held_most:.0%} of a path’s "
        "squared way, in two directions out of {n_params:,}. So the loss at a path’s nearest "
        "point on it is not the network’s.",
        "page step": "Step",
        "page play": "Play",
        "page pause": "Pause",
        "page who": "Who trains",
        "page map": "A contour map of the network’s loss on the plane, with the path of every "
        "optimizer that is chosen, from one start",
        "page side": "For each optimizer, its loss on the plane and its real loss, on one "
        "logarithmic axis",
        "page ends": "loss: ring, on the plane; dot, in truth",
        "page of": "{step} of {n}",
        "page both": "plane {height:.2f}, true {loss:.2f}",
        "page on the plane": "On the plane, after step {step}: {name} is lowest, at "
        "{height:.2f}{up:?|; one seems to have climbed|; {up} seem to have climbed}.",
        "page in truth": "In truth: {same:?{name} is lowest|{name} is lowest too}, at {loss:.2f}; "
        "the highest is at {worst:.2f}.",
        "page none": "Nobody is chosen.",
        "page tick": "{value:g}",
        "page table": "Losses at the end: on the plane, and in truth",
        "page optimizer": "optimizer",
        "page rate": "learning rate",
        "page plane": "on the plane",
        "page true": "in truth",
    },
)

TOP, LOWER = 26.0, 250.0  # of the map; height of the panels under it


def draw(recording: xr.Dataset) -> Figure:
    """Return the map, and under it what it is worth and the search."""
    spans = [np.ptp(recording[name].values) for name in ("grid_x", "grid_y")]
    wide = WIDTH - 2 * MARGIN - 34
    tall = min(wide * spans[1] / spans[0], 520.0)
    wide = tall * spans[0] / spans[1]
    fig = Canvas(TOP + tall + 84 + LOWER + 34, narrow=True)
    _map(fig.place(MARGIN + 34, TOP, wide, tall), recording)
    left = MARGIN + (0 if is_narrow() else 104)
    _ends(fig.place(left, TOP + tall + 84, WIDTH - MARGIN - left, LOWER), recording)
    return fig


def page(recording: xr.Dataset) -> Page:
    """Return the map with a clock, and beside each path's height the network's real loss."""
    x, y = recording.grid_x.values, recording.grid_y.values
    levels = round_levels(recording.plane)
    outlines, lined = bands(x, y, recording.plane.values, levels.tolist())
    names = recording.run.values.tolist()
    rows = [row("optimizers", name) for name in names]
    path = {name: recording[name].values for name in ("u", "v", "height", "loss")}
    heads = [say(name) for name in ("page optimizer", "page rate", "page plane", "page true")]
    return Page(
        script="network",
        height=1065,
        title=say("page", n_runs=len(names)),
        caption=say("page caption"),
        words=[
            name for name in VISUAL.words if name.startswith("page ") and name not in _BEFOREHAND
        ],
        data={
            "steps": recording.snapshot.values.tolist(),
            "runs": [
                {
                    "name": name,
                    "label": fields["label"],
                    "color": fields["color"],
                    "dash": fields.get("dash", ""),
                }
                for name, fields in zip(names, rows, strict=True)
            ],
            "place": {
                "x": [float(x[0]), float(x[-1])],
                "y": [float(y[0]), float(y[-1])],
                "bands": outlines,
                "lined": lined,
                "minima": [],
                "starts": [[float(path["u"][0, 0]), float(path["v"][0, 0])]],
            },
            "u": Rounded("positions", path["u"], 5),
            "v": Rounded("positions", path["v"], 5),
            "height": Rounded("losses", path["height"], 5),
            "loss": Rounded("losses", path["loss"], 5),
        },
        table=Table(
            [Column(heads[0]), Column(heads[1]), *(Column(head, form=".3f") for head in heads[2:])],
            [
                [fields["label"], number(float(lr)), float(height[-1]), float(loss[-1])]
                for fields, lr, height, loss in zip(
                    rows, recording.lr.values, path["height"], path["loss"], strict=True
                )
            ],
        ),
        table_title=say("page table"),
    )


_BEFOREHAND = {"page caption", "page table", "page optimizer", "page rate", "page plane",
               "page true"}  # fmt: skip


def _map(ax: Axes, recording: xr.Dataset) -> None:
    x, y = recording.grid_x.values, recording.grid_y.values
    ax.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    every = list(runs(recording))
    paths = np.concatenate([np.stack([run.u, run.v], axis=1) for run in every])
    levels = round_levels(recording.plane)
    named = len(levels) > 1  # on a plane that is nearly level there are no round ones
    # no number of a contour where a name may stand
    far = 2 if is_narrow() else 1
    across, up = np.linspace(-0.16, 0.16, 9) * far, np.linspace(-0.12, 0.12, 7)
    reach = np.stack(np.meshgrid(across, up), -1)
    spans = np.array([np.ptp(x), np.ptp(y)])
    ends = np.concatenate([[run.u[-1], run.v[-1]] + reach.reshape(-1, 2) * spans for run in every])
    contours(
        ax, x, y, recording.plane, at=levels if named else None, named=named,
        avoid=np.concatenate([paths, ends]),
    )  # fmt: skip
    begun = [recording.attrs["start_loss"]]
    ax.contour(x, y, recording.plane, begun, colors=[theme.color("text")], linewidths=px(1.5),
               linestyles=[DASHES["dashed"]], zorder=2)  # fmt: skip
    for run in every:
        way = {"color": run.color, "dash": run.dash, "label": run.name, "width": 2.75}
        marks.path(ax, run.u, run.v, ends=False, **way)
    for run in every:  # only a shadow is there
        _shadow(ax, float(run.u[-1]), float(run.v[-1]), run.color)
    dot(ax, float(every[0].u[0]), float(every[0].v[0]), color=theme.color("text"), size=12)
    names(ax, [Ended(np.stack([run.u, run.v], axis=1), run.label) for run in every])
    step = 10 if np.ptp(x) > 25 else 5 if np.ptp(x) > 12 else 1
    for axis, (low, high) in (("x", ax.get_xlim()), ("y", ax.get_ylim())):
        ticks(ax, axis, (np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step).tolist())  # type: ignore[arg-type]
    first, second = recording.explained_variance.values
    name_axes(ax, x=say("first", share=first), y=say("second", share=second))


def _shadow(ax: Axes, x: float, y: float, ink: str) -> None:
    """Draw a ring: where a network would be on the plane."""
    dot(ax, x, y, color=theme.color("background"), size=14, markeredgecolor=ink,
        markeredgewidth=px(2.5))  # fmt: skip


def _ends(ax: Axes, recording: xr.Dataset) -> None:
    """Draw, row by row, the loss on the plane and the true one at the end."""
    every = sorted(runs(recording), key=lambda run: float(run.loss[-1]))
    plane = [float(run.height[-1]) for run in every]
    true = [float(run.loss[-1]) for run in every]
    start = recording.attrs["start_loss"]
    low, high = min([*plane, *true]), max([*plane, *true, start])
    ax.set(xscale="log", xlim=(low / 1.5, high * 1.5), ylim=(len(every) - 0.2, -0.7))
    ticks(ax, "x", log_ticks(low / 1.3, high * 1.3), number)
    ticks(ax, "y", [])
    ax.grid(axis="x")
    ax.axvline(start, color=theme.color("muted"), linestyle=DASHES["dashed"], linewidth=px(1.25))
    beside(
        ax, say("begin"), (start, len(every) - 0.2), shift=(-5, 3), ha="right",
        color=theme.color("muted"), path_effects=halo(),
    )  # fmt: skip
    heading(ax, say("ends"), say("both"), lift=14)
    for i, run in enumerate(every):
        ax.plot([true[i], plane[i]], [i, i], color=run.color, linewidth=px(4), label=run.name)
        dot(ax, true[i], i, color=run.color, size=15)
        _shadow(ax, plane[i], i, run.color)
        if is_narrow():
            at = (min(true[i], plane[i]), i)
            beside(ax, run.label, at, shift=(-4, 11), path_effects=halo(), weight="semibold")
        else:
            beside(
                ax, run.label, (0, i), of=ax.get_yaxis_transform(), shift=(-104, 0),
                va="center_baseline", weight="semibold",
            )  # fmt: skip
        sides = [("right", -13), ("left", 13)]
        for value, (side, away) in zip(
            (true[i], plane[i]), sides if true[i] <= plane[i] else sides[::-1], strict=True
        ):
            text = say("value", value=value)
            scale = ax.figure.dpi / 96
            here, line = (ax.transData.transform((each, i))[0] / scale for each in (value, start))
            if side == "left" and here < line < here + away + text_width(text, LABEL) + 6:
                side, away = "right", 5 - away  # not through the start's line
                lift = 13.0
            else:
                lift = 0.0
            beside(
                ax, text, (value, i), shift=(away, lift), ha=side,
                va="baseline" if lift else "center_baseline", path_effects=halo(),
            )  # fmt: skip
