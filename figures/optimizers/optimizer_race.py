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
from figures.parts.canvas import (
    LABEL,
    MARGIN,
    NARROW,
    NARROW_MARGIN,
    TICK,
    WIDTH,
    Canvas,
    is_narrow,
    px,
    wrap,
)
from figures.parts.marks import dot
from figures.parts.page import Packed, Page, bands, inside
from figures.parts.table import Column, Table
from look.maps import levels
from look.numbers import number
from look.runs import row, runs
from look.theme import color
from look.words import Visual, say

READS = {
    "optimizer_race": "n_arrived (surface, run, rate), steps_at_best (surface, run, start), "
    "n_working (surface, run), best (surface, run), rank (surface, run), rate (rate), "
    "surface (surface), run (run), shown, n_starts",
    "page: optimizer_race": "theta (surface, run, step, param), left_box (surface, run), "
    "loss (surface, y, x), grid_x (surface, x), grid_y (surface, y), "
    "theta_far (surface, start_far, run, step, param), left_far (surface, start_far, run), "
    "arrived_far (surface, start_far, run), arrived (surface, run), named (run), near, "
    "n_momenta, momenta",
}

VISUAL = Visual(
    uses=["optimizer_race"],
    title="{case:?nobody=Nobody arrives within {n_steps} steps, at any of {n_rates} learning rates|"
    "some={fastest} needs the fewest steps, but arrives from {fastest_starts} of {n_starts} starts "
    "only|"
    "narrow={fastest} needs the fewest steps, but at {fastest_works} of {n_rates} learning rates "
    "only|"
    "same={fastest} needs the fewest steps, and no one arrives at more learning rates|"
    "other={fastest} needs the fewest steps; {broad} arrives at the most learning rates}",
    subtitle="{n_optimizers} optimizers on the {surface_label} function, each tried at the same "
    "{n_rates} learning rates{n_momenta:?|, at its best momentum}. Filled: from all {n_starts} "
    "starts it arrives within {n_steps} steps; pale: from some. Dot: the best rate.",
    alt="A row for each optimizer that arrives from every start, of {n_optimizers}, the fastest on "
    "top, with a cell for each of {n_rates} learning rates, filled where it does. "
    "{case:?nobody=No cell is coloured throughout.|some=The fastest is {fastest}.|narrow=The "
    "fastest, {fastest}, has {fastest_works} full cells.|same=The fastest, {fastest}, has the most "
    "full cells, {fastest_works}.|other=The fastest, {fastest}, has {fastest_works} full cells; "
    "{broad} has {broad_works}.}",
    caption="Budget and grid are the same for all: {n_rates} rates from {lowest:g} to {highest:g}, "
    "each from {n_starts} starts, the ring and points around it; every step, L-BFGS’s too, "
    "takes one gradient. “Arrives” means: comes within {near:.0%} of the map’s diagonal of the "
    "minimum and stays there to step {n_steps}; who leaves the map is out. The best rate (the "
    "dot in a row) is the one from which most starts arrive, then the one with the fewest "
    "steps. {n_momenta:?|Who has a momentum (β₁ is one) has it from the same search, of its usual "
    "value and {momenta}; all rates are shown at the best. }Other settings are the usual ones. "
    "Columns: steps at the best rate, the mean over the starts that arrive, and the number of "
    "rates that work from all. Colour: the fastest, and the one with the most rates. "
    "{wins:?No start tells {fastest} from {second}.|{fastest} is faster than {second} from {wins} "
    "of {n_starts} starts; a sign test gives p = {p_value:.2n}.} "
    "{n_robust:?No optimizer works|One optimizer works|{n_robust} optimizers work} at a tenth of "
    "the rates or more. AdamW’s decay pulls its weights towards 0, so "
    "that it rests beside the minimum. {n_unfit:?|Not in the race: {unfit}. }One formula "
    "says how methods move, not which one trains networks best.",
    words={
        "start": "Who is first at the star?\n"
        "{n_optimizers} optimizers, this one start, each at its best rate{n_momenta:?| and "
        "momentum}",
        "first": "{n_tied:?{first} is first|{first} and one other are first|{first} and {n_tied} "
        "others are first}, after {first_step} steps. And the others?\n"
        "{n_optimizers} optimizers, this one start, each at its best rate{n_momenta:?| and "
        "momentum}",
        "end": "{outcome:?nobody=Nobody has arrived after {step} steps|"
        "alone={n_tied:?Only {first} arrives|Only {first} and one other arrive|Only {first} and "
        "{n_tied} others arrive} within {n_steps} steps|"
        "next={n_tied:?{first} needs|{first} and one other need|{first} and {n_tied} others need} "
        "{first_step} steps, the next needs {next}}\n"
        "Steps from this one start, each at the best of {n_rates} learning rates"
        "{n_momenta:?| and its best momentum}",
        "told": "{label}: {steps:?no steps|1 step|{steps} steps}",
        "away": "{label}: not yet",
        "from": "start",
        "clock": "step {step}",
        "home": "{n} of {n_optimizers} there",
        "steps": "steps, mean\nof {n_starts:?no start|one start|{n_starts} starts}",
        "steps narrow": "steps,\n{n_starts:?no start|one start|{n_starts} starts}",
        "rates": "rates\nthat work",
        "never": "{all:?Never there, from any start at any rate|No rate works from every start}: "
        "{names}.",
        "decays": "{label} (its decay holds it off the minimum)",
        "none": "–",
        "grid": "learning rate",
        "page": "Who reaches the star first?\n{n_runs} optimizers on {n_surfaces} surfaces, each "
        "at the best of the same {n_rates} learning rates{n_momenta:?| and its best momentum}. "
        "Pick a surface, a start, who runs; then play.",
        "page caption": "Every run here was recorded, step by step; nobody was clipped. Each "
        "has the rate{n_momenta:?| and momentum} that came out best about the usual start, from "
        "the others too{n_momenta:?|; momenta tried: {momenta}}. Who comes within {near:.0%} of "
        "the map’s diagonal and stays is there. A surface without a minimum has no star: there "
        "each takes its usual settings, and leaving is the way down. One formula says how methods "
        "move, not which one trains networks best.",
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

TOP, ROW = 46.0, 34.0  # above the search, and of a row, CSS pixels
LAST = 30.0  # above the lines that name who never arrives


def draw(recording: xr.Dataset) -> Figure:
    """Return the search, a row for each for whom a rate works, and the others in a line."""
    here = recording.sel(surface=recording.attrs["shown"]).sortby("rank")
    ever = here.n_working.values > 0  # from every start
    every = bool(ever.any())
    if not every:
        ever = here.n_arrived.values.any(axis=1)
    if not ever.any():
        ever[:] = True
    never = [
        say("decays", label=run.label) if run.name == "adamw" else run.label
        for run in runs(here.isel(run=np.flatnonzero(~ever)))
    ]
    narrow = is_narrow()
    margin, wide = (NARROW_MARGIN, NARROW) if narrow else (MARGIN, WIDTH)
    said = say("never", all=every, names=" · ".join(never))
    lines = wrap(said, TICK, wide - 2 * margin) if never else []
    fig = Canvas(TOP + ever.sum() * ROW + LAST + 20 + 19 * len(lines), narrow=True)
    ax = fig.place(margin, TOP, fig.width - 2 * margin, ever.sum() * ROW)
    _search(ax, here.isel(run=np.flatnonzero(ever)), recording)
    ax.text(0, ever.sum() + (LAST + 6) / ROW, "\n".join(lines), va="top", linespacing=1.35,
            fontsize=px(TICK), color=color("muted"))  # fmt: skip
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


def _search(ax: Axes, here: xr.Dataset, recording: xr.Dataset) -> None:
    """Draw a row for each optimizer and a cell for each rate, coloured where it arrives.

    The fastest and the one with the most rates have their own colour, the others are grey.
    """
    width = in_rows(ax, here.sizes["run"])
    shown = ("steps", "rates")
    first, last = (134, width - 98) if is_narrow() else (146, width - 136)
    columns = [last + (width - last) * (i + 1) / len(shown) for i in range(len(shown))]
    if is_narrow():  # "that work" is the wider one
        columns[0] = last + 34
    share = here.n_arrived.values / recording.attrs["n_starts"]
    n_runs, n_rates = share.shape
    strength = np.where(share == 1, 1.0, np.where(share > 0, 0.12 + 0.3 * share, 0.0))
    works = here.n_working.values
    fastest, broadest = 0, int(works.argmax())
    every = list(runs(here))
    followed = (fastest, broadest)
    hues = [run.color if k in followed else color("muted") for k, run in enumerate(every)]
    middle = cells(ax, first, last, strength, hues)
    for k, run in enumerate(every):
        bright = k in followed
        there = run.steps_at_best.values[run.steps_at_best.values >= 0]
        mean = number(round(float(there.mean()))) if len(there) else say("none")
        ink, weight = ("text", "semibold") if bright else ("muted", "normal")
        style = {"va": "center_baseline", "fontsize": px(LABEL), "color": color(ink)}
        ax.text(first - 8, k + 0.5, run.label, ha="right", weight=weight, **style)
        values = {"steps": mean, "rates": int(run.n_working)}
        best = {"steps": k == fastest and len(there) > 0, "rates": k == broadest and works.any()}
        for right, what in zip(columns, shown, strict=True):
            own = style | ({"color": color("text"), "weight": "bold"} if best.get(what) else {})
            said = values[what]
            ax.text(right, k + 0.5, said if what == "steps" else number(said), ha="right", **own)
        if len(there):
            dot(ax, middle(int(run.best)), k + 0.5, color=color("text"), size=7)
    for right, word in zip(columns, shown, strict=True):
        said = say("steps narrow" if word == "steps" and is_narrow() else word)
        ax.text(right, -8 / ROW, said, ha="right", va="bottom", color=color("muted"),
                fontsize=px(TICK))  # fmt: skip
    decades = np.log10(recording.rate.values)
    whole = np.arange(np.ceil(decades[0] - 1e-9), np.floor(decades[-1] + 1e-9) + 1)
    for k in whole.tolist()[:: 3 if is_narrow() else 2]:
        x = middle(np.interp(k, decades, np.arange(n_rates)))
        ax.text(x, n_runs + 16 / ROW, number(10.0**k), ha="center", color=color("muted"),
                fontsize=px(TICK))  # fmt: skip
    ax.text(first, -8 / ROW, say("grid"), va="bottom", color=color("muted"), fontsize=px(TICK))
