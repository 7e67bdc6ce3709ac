"""Every optimizer, tuned in the same way, from one start: who is fastest, and at how many rates.

Source  001; 002
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.optimizers._search import cells, in_rows
from figures.parts import marks
from figures.parts.axes import heading
from figures.parts.canvas import LABEL, MARGIN, TICK, WIDTH, Canvas, is_narrow, px, text_width
from figures.parts.contours import contours
from figures.parts.marks import dot, mark_leaving, ring
from look.numbers import number
from look.runs import row, runs
from look.theme import color
from look.words import Visual, say

READS = {
    "optimizer_race": "theta (surface, run, step, param), left_box (surface, run), "
    "arrived (surface, run), n_arrived (surface, run, rate), steps_at_best (surface, run, start), "
    "n_working (surface, run), best (surface, run), rank (surface, run), loss (surface, y, x), "
    "grid_x (surface, x), grid_y (surface, y), rate (rate), surface (surface), run (run), "
    "named (run), shown, n_starts",
}

VISUAL = Visual(
    uses=["optimizer_race"],
    title="{case:?nobody=Nobody arrives within {n_steps} steps, at any of {n_rates} learning rates|"
    "some={fastest} is fastest, but arrives from {fastest_starts} of {n_starts} starts only|"
    "narrow={fastest} is fastest, but at {fastest_works} of {n_rates} learning rates only|"
    "same={fastest} is fastest, and no one arrives at more learning rates|"
    "other={fastest} is fastest; {broad} arrives at the most learning rates}",
    subtitle="{n_optimizers} optimizers on the {surface_label} function, each at the best of the "
    "same {n_rates} learning rates. A rate works if {n_starts} starts of {n_starts} arrive within "
    "{n_steps} steps.",
    alt="A contour map with the paths of {n_optimizers} optimizers from one start; {n_home} arrive "
    "at the minimum, {n_left} leave the map. Below, a row for each that is named with a cell for "
    "each of {n_rates} learning rates, coloured where it arrives. "
    "{case:?nobody=No cell is coloured throughout.|some=The fastest is {fastest}.|narrow=The "
    "fastest, {fastest}, has {fastest_works} full cells.|same=The fastest, {fastest}, has the most "
    "full cells, {fastest_works}.|other=The fastest, {fastest}, has {fastest_works} full cells; "
    "{broad} has {broad_works}.}",
    caption="Budget and grid are the same for all: {n_rates} rates from {lowest:g} to {highest:g}, "
    "each from {n_starts} starts, the ring and points around it; every step, L-BFGS’s too, "
    "takes one gradient. “Arrives” means: comes within {near:.0%} of the map’s diagonal of the "
    "minimum and stays there to step {n_steps}; who leaves the map is out. The best rate (the "
    "dot in a row) is the one from which most starts arrive, then the one with the fewest "
    "steps; other settings, momentum among them, are the usual ones. Beside the names: steps "
    "from the ring alone. In the rows: steps at the best rate, the mean over the starts that "
    "arrive, how many those are, and the number of rates that work. {wins:?No start tells "
    "{fastest} from {second}.|{fastest} is faster than {second} from {wins} of {n_starts} "
    "starts; a sign test gives "
    "p = {p_value:.2n}.} {n_robust:?No optimizer works|One optimizer works|{n_robust} optimizers "
    "work} at a tenth of the rates or more. AdamW’s weights decay to 0, so that it rests beside "
    "the minimum. One formula says how methods move, not which one trains networks best.",
    words={
        "start": "Who is first at the star?\n"
        "{n_optimizers} optimizers, one start, each tuned the same way",
        "end": "{n_home:?Nobody has arrived after {n_steps} steps|"
        "{n_tied:?{first} is first|{first} and one other are first|{first} and {n_tied} others are "
        "first}, after {first_step} steps}\n"
        "{broad_works:?No learning rate works from every start|"
        "How many of {n_rates} learning rates work? {broad} leads with {broad_works}}",
        "clock": "step {step}",
        "home": "{n} of {n_optimizers} there",
        "more": "and {n} more by step {n_steps}",
        "rates that work": "rates that work",
        "arrived": "step {step:d}",
        "left": "leaves the map",
        "away": "not yet there",
        "others": "{n:?the others|one other|{n} others}",
        "steps": "mean steps",
        "starts": "starts",
        "rates": "rates",
        "none": "–",
        "grid": "learning rate",
        "map": "From the ring alone, each at its best rate",
    },
    aliases=["optimizers", "race"],
)

MAP = 340.0  # height of the map, CSS pixels
TALL_ROW = 26.0  # of who is named, in the search
KEY = 27.0  # of a name beside the map


def draw(recording: xr.Dataset) -> Figure:
    """Return the map with its key, and under it the whole search."""
    here = recording.sel(surface=recording.attrs["shown"])
    x, y = here.grid_x.values, here.grid_y.values
    wide = min(480.0, MAP * float(np.ptp(x) / np.ptp(y)))
    named = here.isel(run=np.flatnonzero(here.named.values)).sortby("rank")
    n_rows = named.sizes["run"]
    fig = Canvas(34 + MAP + 62 + n_rows * TALL_ROW + 50)
    plan = fig.place(MARGIN, 34, wide, MAP)
    names = fig.place(MARGIN + wide + 20, 34, WIDTH - 2 * MARGIN - wide - 20, (n_rows + 1) * KEY)
    search = fig.place(MARGIN, 34 + MAP + 62, WIDTH - 2 * MARGIN, n_rows * TALL_ROW)
    _map(plan, here)
    _key(names, here)
    _search(search, named, recording)
    return fig


def _map(ax: Axes, here: xr.Dataset) -> None:
    contours(ax, here.grid_x, here.grid_y, here.loss)
    ax.set(xticks=[], yticks=[])
    heading(ax, say("map"))
    bright = here.named.values.astype(bool).tolist()
    for run, named in zip(runs(here), bright, strict=True):
        left = int(run.left_box)
        theta = run.theta.values[: left + 1] if left >= 0 else run.theta.values
        over = 2.0 if named else 0.0
        if named:
            ax.plot(*theta.T, color=color("background"), linewidth=px(4.4), zorder=2 + over)
        ax.plot(
            *theta.T,
            color=run.color,
            linestyle=run.dash if named else "solid",
            linewidth=px(2.4 if named else 1.1),
            dash_capstyle="butt",
            alpha=1 if named else 0.45,
            label=run.label if named else None,
            zorder=2.5 + over,
        )
        if left >= 0:
            mark_leaving(ax, *theta.T, color=run.color, size=12, zorder=3 + over)
        elif named:
            dot(ax, *theta[-1], color=run.color, size=9, zorder=3.5 + over)
    ring(ax, *here.theta.values[0, 0])
    for minimum in row("surfaces", str(here.surface.item()))["minima"]:
        marks.star(ax, *minimum)


def _key(ax: Axes, here: xr.Dataset) -> None:
    """Name who is bright on the map, in the order of arrival, with how it ended."""
    shown = here.isel(run=np.flatnonzero(here.named.values))
    late = np.where(shown.arrived < 0, np.inf, shown.arrived) + 1e9 * (shown.left_box.values >= 0)
    in_rows(ax, shown.sizes["run"] + 1)
    stroke = {"dash_capstyle": "butt", "solid_capstyle": "butt", "clip_on": False}
    for k, run in enumerate(runs(shown.isel(run=np.argsort(late, kind="stable")))):
        y = k + 0.5
        ax.plot([0, 24], [y, y], color=run.color, linestyle=run.dash, linewidth=px(3), **stroke)
        ax.text(32, y, run.label, fontsize=px(LABEL), va="center_baseline")
        arrived, left = int(run.arrived), int(run.left_box)
        ended = (
            say("arrived", step=arrived) if arrived >= 0 else say("left" if left >= 0 else "away")
        )
        at = 32 + text_width(run.label, LABEL) + 8
        ax.text(at, y, ended, fontsize=px(TICK), color=color("muted"), va="center_baseline")
    y = shown.sizes["run"] + 0.5
    ax.plot([0, 24], [y, y], color=color("muted"), linewidth=px(1.1), **stroke)
    others = say("others", n=here.sizes["run"] - shown.sizes["run"])
    ax.text(32, y, others, fontsize=px(LABEL), color=color("muted"), va="center_baseline")


def _search(ax: Axes, here: xr.Dataset, recording: xr.Dataset) -> None:
    """Draw a row for each optimizer and a cell for each rate, in its colour where it arrives."""
    width = in_rows(ax, here.sizes["run"])
    first, last = (128, width - 126) if is_narrow() else (148, width - 150)
    columns = [last + (width - last) * share for share in (0.36, 0.68, 1.0)]
    share = here.n_arrived.values / recording.attrs["n_starts"]
    n_runs, n_rates = share.shape
    strength = np.where(share == 1, 1.0, np.where(share > 0, 0.12 + 0.3 * share, 0.0))
    middle = cells(ax, first, last, strength, [run.color for run in runs(here)])
    style = {"va": "center_baseline", "fontsize": px(TICK)}
    for k, run in enumerate(runs(here)):
        y = k + 0.5
        ax.text(first - 8, y, run.label, ha="right", weight="semibold", **style)
        there = run.steps_at_best.values[run.steps_at_best.values >= 0]
        mean = number(round(float(there.mean()))) if len(there) else say("none")
        values = (mean, number(len(there)), number(int(run.n_working)))
        for right, value in zip(columns, values, strict=True):
            ax.text(right, y, value, ha="right", **style)
        if len(there):
            dot(ax, middle(int(run.best)), y, color=color("text"), size=7)
    for right, word in zip(columns, ("steps", "starts", "rates"), strict=True):
        ax.text(
            right, -8 / TALL_ROW, say(word), ha="right", color=color("muted"), fontsize=px(TICK)
        )
    decades = np.log10(recording.rate.values)
    whole = np.arange(np.ceil(decades[0] - 1e-9), np.floor(decades[-1] + 1e-9) + 1)
    for k in whole.tolist()[:: 3 if is_narrow() else 1]:
        x = middle(np.interp(k, decades, np.arange(n_rates)))
        ax.text(x, n_runs + 16 / TALL_ROW, number(10.0**k), ha="center", color=color("muted"),
                fontsize=px(TICK))  # fmt: skip
    ax.text(
        (first + last) / 2, n_runs + 38 / TALL_ROW, say("grid"), ha="center", color=color("muted")
    )
