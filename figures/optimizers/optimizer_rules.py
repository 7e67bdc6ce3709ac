"""Every optimizer's rule, its usual settings, and where it comes from.

Source  001; 004
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from figures.parts.table import Cell, Column, Table
from look.numbers import joined, number
from look.runs import row
from look.words import Visual, say

READS = {
    "optimizer_table": "state (run), value (run, component), run (run), component (component)",
}

VISUAL = Visual(
    uses=["optimizer_table"],
    title="What {n_optimizers} optimizers compute at each step",
    subtitle="By how much they remember. θ: parameters, g: their gradient, η: learning rate.",
    alt="A table of {n_optimizers} optimizers, from those that remember nothing to {most_label}: "
    "update rule with its source, usual settings.",
    caption="t is the number of the step from 1; what isn’t said to start otherwise starts at 0; "
    "Prodigy’s d₋ is d before the step. Bias correction divides by 1 − βᵗ and never feeds back "
    "into the averages; where gradients are divided by a root, the average already holds squares, "
    "and ε is added outside of the root; AdaMax divides by a maximum, without a root. A test reads "
    "each rule and takes the steps that it says.",
    words={
        "letter": "{letter} = {value}",
        "clause": "{formula}",
        "source": "{of}",
        "group": "{n:?Remember next to nothing|Remember one number for each parameter|Remember two "
        "numbers for each parameter|Remember three numbers and more}",
        "more": "ASGD is used at the mean of its points θ in the end, which it keeps on the side. "
        "Muon’s rule is for matrices; of other parameters it makes AdamW’s steps, which its β₁, β₂ "
        "and ε are for.",
    },
)


SHORT = 60  # letters of a rule that is one line


def maths(name: str, **values: object) -> str:
    """Return words that are a formula."""
    return joined(["$", say(name, **values), "$"], "")


def _lines(rule: str) -> str:
    """Return a rule's clauses, as many on a line as fit; that of the parameters on its own.

    A short rule is one line.
    """
    said = ""
    for clause in rule.split(",  "):
        moves = clause.startswith("θ ←")
        short = len(rule) <= SHORT
        between = "" if not said else "\n" if moves and not short else ", "
        said = joined([said, maths("clause", formula=clause)], between)
    return said


def table(recording: xr.Dataset) -> Table:
    """Return a row for each optimizer, those that remember least first."""
    rows, groups = [], []
    for name in recording.run.values[np.argsort(recording.state, kind="stable")].tolist():
        values, shown = recording.value.sel(run=name).values, row("optimizers", name)
        settings = [
            maths("letter", letter=letter, value=number(value))
            for letter, value in zip(recording.component.values.tolist(), values, strict=True)
            if np.isfinite(value)
        ]
        groups.append(say("group", n=round(float(recording.state.sel(run=name)))))
        rows.append(
            [
                shown["label"],
                Cell(_lines(shown["rule"]), note=say("source", of=shown["source"])),
                joined(settings, ", ") or None,
            ]
        )
    columns = [Column("optimizer"), Column("update rule"), Column("usual settings")]
    return Table(columns, rows, groups, notes=[say("more")])
