"""Optimizer and schedule of three famous papers, with the place where each number stands.

Source  001, the questions on Attention Is All You Need, GPT-3 and LLaMA
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import xarray as xr

from figures.parts.table import Cell, Column, Table
from look.words import Visual, say

READS = {
    "famous_recipes": "said (component, run), where (component, run), paper (run), model (run), "
    "schedule (run), course (run, x), source (run), component (component), run (run), peak, end, "
    "usual_beta2",
}

VISUAL = Visual(
    uses=["famous_recipes"],
    title="{n_recipes:?No|One|Two|Three} famous recipes: "
    "{all_adam:?several optimizers|Adam or AdamW every time}, "
    "{all_warm_up:?not always with|always with} a warm-up, and β₂ "
    "{all_below:?as usual|below its usual {usual_beta2:g}}",
    subtitle="As the papers state it: in the part named under the title, or else under the value. "
    "Only the Transformer’s rates are worked out, from its equation.",
    alt="A table with a column each for Attention Is All You Need, GPT-3, LLaMA. Its rows: "
    "optimizer, its settings, weight decay and clipping; the course of the rate as a small curve, "
    "warm-up, highest rate, how it falls and where it ends; batch and length. Each column says "
    "where in its paper they stand; {n_silent} entries are not stated.",
    caption="{n_silent} of the entries are not stated in the papers. The Transformer’s rates "
    "follow from its equation 3 with d = {width}: {peak:.1e} at its highest. The small curves are "
    "drawn from what is stated, over the whole training.",
    words={
        "optimizer": "Optimizer",
        "schedule": "Learning rate",
        "amount": "Data",
        "rate": "{rate:.1e}",
        "symbol": "${of}$",
        "row": "schedule",
        "usual": "usually {usual_beta2:g}",
        "column": "{model}; {where}",
        "sources": "{list}.",
    },
)

GROUPS = {
    "optimizer": ["optimizer", "β₁", "β₂", "ε", "weight decay", "gradient clipping"],
    "schedule": ["warm-up", "highest rate", "then", "ends at"],
    "amount": ["batch", "length"],
}


INK = "slate"  # of the courses
PLACES = 61  # of a course that a cell has pixels for


def table(recording: xr.Dataset) -> Table:
    """Return the facts, a column a paper, whose heading says where most of them stand."""
    names = recording.run.values.tolist()
    usual = {name: _usual(recording["where"].sel(run=name).values.tolist()) for name in names}
    columns = [
        Column(
            str(one.paper.item()),
            note=say("column", model=one.model.item(), where=usual[name]),
        )
        for name in names
        for one in [recording.sel(run=name)]
    ]
    rows: list[list[object]] = []
    groups = []
    for group, facts in GROUPS.items():
        if group == "schedule":
            rows.append([say("row"), *(_course(recording.sel(run=name)) for name in names)])
            groups.append(say(group))
        for fact in facts:
            named = say("symbol", of=fact) if len(fact) <= 2 else fact  # a letter is mathematics
            told = fact in ("β₂", "warm-up")  # what the title is about
            head = Cell(named, note=say("usual") if fact == "β₂" else "")
            cells = [_cell(recording, fact, name, usual[name], told) for name in names]
            rows.append([head, *cells])
            groups.append(say(group))
    sources = "; ".join(recording.source.values.tolist())
    return Table([Column(""), *columns], rows, groups, notes=[say("sources", list=sources)])


def _usual(places: list[str]) -> str:
    """Return where most of what a paper says stands in it."""
    return Counter(place for place in places if place).most_common(1)[0][0]


def _course(run: xr.Dataset) -> Cell:
    """Return a paper's schedule with its small curve."""
    shares = run.course.values
    at = np.linspace(0, len(shares) - 1, PLACES).round().astype(int)
    return Cell(str(run.schedule.item()), key=INK, course=tuple(shares[at].tolist()))


def _cell(recording: xr.Dataset, fact: str, name: str, usual: str, strong: bool) -> Cell:
    """Return what is said, or follows, and under it where, if that is not the usual place."""
    said = str(recording.said.sel(component=fact, run=name).item())
    if not said:
        said = say("rate", rate=recording.attrs["peak" if fact == "highest rate" else "end"])
    where = str(recording["where"].sel(component=fact, run=name).item())
    return Cell(said, note="" if where == usual else where, strong=strong)
