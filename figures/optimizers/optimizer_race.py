"""Every optimizer, tuned in the same way, from one start: who is fastest, and at how many rates.

Source  001; 002
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.optimizers._search import cells, in_rows
from figures.parts import marks
from figures.parts.axes import heading
from figures.parts.canvas import LABEL, MARGIN, TICK, WIDTH, Canvas, is_narrow, px, text_width
from figures.parts.contours import contours, levels
from figures.parts.marks import dot, mark_leaving, ring
from figures.parts.page import Packed, Page, bands, inside
from figures.parts.table import Column, Table
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
    "page: optimizer_race": "theta_far (surface, start_far, run, step, param), "
    "left_far (surface, start_far, run), arrived_far (surface, start_far, run), near",
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
    "the minimum. {n_unfit:?|Not in the race: {unfit}. }One formula "
    "says how methods move, not which one trains networks best.",
    words={
        "start": "Who is first at the star?\n"
        "{n_optimizers} optimizers, one start, each tuned the same way",
        "end": "{n_home:?Nobody has arrived after {n_steps} steps|"
        "{n_tied:?{first} is first|{first} and one other are first|{first} and {n_tied} others are "
        "first}, after {first_step} steps}\n"
        "{n_home:?Each at the best of {n_rates} learning rates|One of {n_optimizers} arrives "
        "within {n_steps} steps|{n_home} of {n_optimizers} arrive within {n_steps} steps, half of "
        "them by step {home_steps}}",
        "racing": "on its way",
        "off": "off the map",
        "clock": "step {step}",
        "home": "{n} of {n_optimizers} there",
        "home named": "{n} of the {n_named} named",
        "arrived": "step {step:d}",
        "left": "off the map",
        "away": "not yet there",
        "others": "{n:?the others|one other|{n} others}",
        "steps": "mean steps",
        "starts": "starts",
        "rates": "rates",
        "none": "–",
        "grid": "learning rate",
        "map": "From the ring alone, each at its best rate",
        "page": "Who reaches the star first?\n{n_runs} optimizers on {n_surfaces} surfaces, each "
        "at the best of the same {n_rates} learning rates. Pick a surface, a start, who runs; "
        "then play.",
        "page caption": "Every run here was recorded, step by step; nobody was clipped. The rate "
        "of each is the one that is best about the usual start, from the others too. Who comes "
        "within {near:.0%} of the map’s diagonal and stays is there. A surface without a minimum "
        "has no star: there each takes its usual rate, and leaving is the way down. One formula "
        "says how methods move, not which one trains networks best.",
        "page surface": "Surface",
        "page start": "Start",
        "page start number": "{own:?number {number}|the usual}",
        "page step": "Step",
        "page play": "Play",
        "page pause": "Pause",
        "page who": "Who runs",
        "page usual": "the usual",
        "page all": "everyone",
        "page nobody": "nobody",
        "page map": "A contour map of the {surface} surface with a path for each optimizer that "
        "runs",
        "page of": "{step} of {n}",
        "page home": "step {step}",
        "page out": "left, step {step}",
        "page away": "not there",
        "page arrived": "{of:?Nobody runs.|{n:?After step {step} nobody is at the star "
        "yet.|{first} is at the star, since step {first_step}; of {of} it is the only "
        "one.|{tied:?{first} was first, at step {first_step}|{first} and another were first, at "
        "step {first_step}|{first} and {tied} others were first, at step {first_step}}; {n} of "
        "{of} are there after step {step}.}}",
        "page left": "{of:?Nobody runs.|{n:?No star here: this surface has no minimum. After step "
        "{step} nobody has left the map.|No star here: this surface has no minimum. {first} left "
        "the map at step {first_step}; of {of} it is the only one so far.|No star here: this "
        "surface has no minimum. {first} left the map first, at step {first_step}; {n} of {of} "
        "after step {step}.}}",
        "page table": "Steps until it stays at a minimum, from the usual start; – where it does "
        "not",
        "page optimizer": "optimizer",
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


def page(recording: xr.Dataset) -> Page:
    """Return a map of every surface with every path, who runs being the reader's choice."""
    names = recording.surface.values.tolist()
    n_steps = recording.sizes["step"] - 1
    racers = recording.run.values.tolist()
    rows = [row("optimizers", name) for name in racers]
    places = [_place(recording.sel(surface=name)) for name in names]
    return Page(
        script="race",
        height=1140,
        title=say(
            "page", n_runs=len(racers), n_surfaces=len(names), n_rates=recording.sizes["rate"]
        ),
        caption=say("page caption"),
        words=[
            name
            for name in VISUAL.words
            if name.startswith("page ")
            and name not in ("page caption", "page table", "page optimizer")
        ],
        data={
            "shown": recording.attrs["shown"],
            "steps": list(range(n_steps + 1)),
            "first": _lively(recording.sel(surface=recording.attrs["shown"]), n_steps),
            "runs": [
                {
                    "name": name,
                    "label": fields["label"],
                    "color": fields["color"],
                    "dash": fields.get("dash", ""),
                    "named": bool(named),
                }
                for name, fields, named in zip(racers, rows, recording.named.values, strict=True)
            ],
            "places": places,
        },
        table=Table(
            [Column(say("page optimizer")), *(Column(place["label"]) for place in places)],
            [
                [fields["label"], *(None if step < 0 else int(step) for step in steps)]
                for fields, steps in zip(rows, recording.arrived.values.T, strict=True)
            ],
        ),
        table_title=say("page table"),
    )


def _lively(here: xr.Dataset, n_steps: int) -> int:
    """Return the last step at which one of those who are named is there and the others run."""
    arrived = np.sort(here.arrived.values[here.named.values.astype(bool)])
    there = arrived[arrived >= 0]
    return int(there[1]) - 1 if len(there) > 1 and there[1] > there[0] else n_steps


def _place(here: xr.Dataset) -> dict[str, Any]:
    """Return one surface as a page has it: its bands, and where everyone was at every step."""
    fields = row("surfaces", str(here.surface.item()))
    x, y = here.grid_x.values, here.grid_y.values
    low, high = (x[0], y[0]), (x[-1], y[-1])
    # from the usual start, and from the others
    ways = np.concatenate([here.theta.values[None], here.theta_far.values])
    left = np.concatenate([here.left_box.values[None], here.left_far.values])
    paths = [
        [inside(path, low, high, int(end)) for path, end in zip(*each, strict=True)]
        for each in zip(ways, left, strict=True)
    ]
    outlines, lined = bands(x, y, here.loss.values, levels(here.loss).tolist())
    return {
        "name": str(here.surface.item()),
        "label": fields["label"],
        "x": [float(x[0]), float(x[-1])],
        "y": [float(y[0]), float(y[-1])],
        "bands": outlines,
        "lined": lined,
        "minima": [list(map(float, minimum)) for minimum in fields["minima"]],
        "open": not fields["minima"],
        "starts": ways[:, 0, 0].tolist(),
        "theta": Packed("positions", np.array(paths)),
        "left": left.tolist(),
        "arrived": [here.arrived.values.tolist(), *here.arrived_far.values.tolist()],
    }


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
