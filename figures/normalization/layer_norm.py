"""Layer norm on a real batch: example by example, over the units, whatever the companions.

Source  001, whose variance has another mean in it
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.parts.axes import beside, heading, ticks
from figures.parts.canvas import LABEL, MARGIN, NARROW, WIDTH, Canvas, is_narrow, px
from figures.parts.colors import halo
from look.numbers import number
from look.runs import series
from look.theme import color
from look.words import Visual, say

READS = {
    "layer_norm": "company (x_draw, example), among (run, x_draw, unit), run (run), n_draws, "
    "one, many, spread_layer, still"
}

VISUAL = Visual(
    uses=["layer_norm"],
    title="{still:?Layer norm: a {one}’s values hang on its companions|Layer norm: whatever else "
    "is in the batch, a {one}’s values stay}",
    subtitle="One {one} in {n_draws} batches, each with {n_shown} {many}. A line is a batch: the "
    "values of its {hidden} hidden units for that {one}.",
    alt="Two charts of one {one}’s {hidden} values, a line for each of {n_draws} batches with "
    "other companions. Under batch norm, which averages down a column of the batch, the lines fan "
    "out over up to {spread_batch:.1f}; under layer norm, which averages along the {one}’s own "
    "row, they {still:?range over {spread_layer:.1n}|lie on each other}.",
    caption="Coarse {many} ({dataset}), {n_train:,} of them, batches of {batch_size}, {n_steps} "
    "steps of Adam. The deviation is √(σ² + ε); mean and variance are the example’s own, over its "
    "units; γ and β, one for each unit, go from 1 and 0 to {gamma_low:.2f} … {gamma_high:.2f} and "
    "{beta_low:.2f} … {beta_high:.2f} in training (not applied here). Below: the first {one} in "
    "{n_draws} batches of {n_shown}, all others drawn anew; the same {one} in two "
    "networks, one trained with each norm. Layer norm does the same in training and evaluation.",
    words={
        "unit": "unit {k}",
        "batch": "batch norm",
        "why batch": "averages a unit’s column, over all {many}",
        "layer": "layer norm",
        "why layer": "averages the {one}’s own row",
        "range": "{x:.1f} apart",
        "lie": "{still:?range {spread_layer:.1n}|all {n_draws} lines are one}",
        "start": "One {one}, other companions: does it keep its values?\n"
        "The first {one} stays, all others are exchanged. A line: its {hidden} units’ values.",
        "swap": "The same batches under layer norm\n"
        "It averages over the {one}’s own units, not over the batch.",
        "end": "{still:?The companions count|Under layer norm, companions do not count}\n"
        "Batch norm moves a value by up to {spread_batch:.1f}, layer norm by "
        "{still:?up to {spread_layer:.1n}|0}.",
        "over batch": "averages over the batch",
        "over layer": "averages over the {one}’s units",
        "axis": "unit",
        "in batch": "batch {k} of {n_draws}",
    },
    series={"batch": ["batch norm", "green"], "layer": ["layer norm", "purple"]},
)

TOPS, TALL = (34.0, 268.0), 176.0
GRID, LEFT = 122.0, 202.0  # width of the batches, where the charts begin


def draw(recording: xr.Dataset) -> Figure:
    """Return one example's values in many batches, under either norm, beside what it averages."""
    fig = Canvas(TOPS[1] + TALL + 40, by_column=False)
    reach = 1.12 * float(np.abs(recording.among.values).max())
    for top, name in zip(TOPS, recording.run.values.tolist(), strict=True):
        _batch(fig.place(MARGIN, top, GRID, TALL), recording, name)
        ax = fig.place(LEFT, top, WIDTH - MARGIN - LEFT, TALL)
        _among(ax, recording.sel(run=name), name, reach)
    return fig


def _batch(ax: Axes, recording: xr.Dataset, name: str) -> None:
    """Draw a batch as a grid, an example a row, with what the norm averages for one value of it."""
    n_examples, n_units = recording.sizes["example"], recording.sizes["unit"]
    heading(ax, say(name), say(f"why {name}"))
    ax.axis("off")
    ink = series(name).color
    most = _widest(recording.among.values[0])
    for example in range(n_examples):
        for unit in range(n_units):
            own = unit == most if name == "batch" else example == 0
            ax.add_patch(
                Rectangle(
                    (unit + 0.08, example + 0.1), 0.84, 0.8, linewidth=0,
                    facecolor=ink if own else color("quiet"),
                    label="averaged" if own else "left out",
                )
            )  # fmt: skip
        first = example == 0
        ax.text(
            -0.7, example + 0.5, number(int(recording.company[0, example])), ha="center",
            va="center_baseline", fontsize=px(LABEL), weight="semibold" if first else "normal",
            color=color("text" if first else "muted"),
        )  # fmt: skip
    across = n_units + 1.6
    if is_narrow():  # a cell is as large as it is on the wide sheet
        across *= ax.get_position().width * NARROW / GRID
    ax.set(xlim=(-1.6, across - 1.6), ylim=(n_examples, 0))
    ax.add_patch(  # the value that is looked at
        Rectangle((most + 0.08, 0.1), 0.84, 0.8, fill=False, edgecolor=color("text"),
                  linewidth=px(2.5), label="value", zorder=4)
    )  # fmt: skip


def _widest(values: np.ndarray) -> int:
    """Return the unit whose values range most, of an array (draw, unit)."""
    return int(np.ptp(values, axis=0).argmax())


def _among(ax: Axes, one: xr.Dataset, name: str, reach: float) -> None:
    """Draw the example's values as a line a batch, and how far the widest unit's range."""
    values = one.among.values  # (draw, unit)
    units = np.arange(values.shape[1])
    for draw_, row in enumerate(values):
        ax.plot(
            units, row, color=series(name).color, linewidth=px(1.75), marker="o",
            markersize=px(4.5), markeredgewidth=0, alpha=0.55, label=f"{name} {draw_}",
        )  # fmt: skip
    ax.axhline(0, color=color("muted"), linewidth=px(1), zorder=0)
    ax.set(xlim=(-0.25, len(units) - 0.75), ylim=(-reach, reach))
    ticks(ax, "x", units.tolist() if name == "layer" else [], lambda k: say("unit", k=int(k) + 1))
    ticks(ax, "y", [k for k in (-4, -2, 0, 2, 4) if abs(k) < reach])
    at = _widest(values)
    low, high = float(values[:, at].min()), float(values[:, at].max())
    if name == "batch":
        ax.plot([at, at], [low, high], color=color("text"), linewidth=px(2.5), marker="_",
                markersize=px(12), label="range", zorder=5)  # fmt: skip
        beside(ax, say("range", x=high - low), (at, high), shift=(0, 9), ha="center",
               weight="semibold", path_effects=halo(), zorder=6)  # fmt: skip
    else:
        beside(ax, say("lie"), (float(units[-1]), reach), shift=(0, -18), ha="right",
               weight="semibold", path_effects=halo(), zorder=6)  # fmt: skip
