"""Every optimizer's rule, what it remembers, what a step takes, and where it comes from.

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
    "optimizer_table": "state (run), seconds (run), value (run, component), run (run), "
    "component (component)"
}

VISUAL = Visual(
    uses=["optimizer_table"],
    title="{n_optimizers} optimizers remember from {least:.2n} to {most:.2n} numbers per parameter",
    subtitle="Measured on a {widths} network of {n_params:,} parameters, float32, one CPU thread.",
    alt="A table of {n_optimizers} optimizers, from those that remember nothing to {most_label}, "
    "which keeps {most:.2n} numbers for each parameter: update rule, what is remembered, the time "
    "of a step, settings, source.",
    caption="θ are the parameters, g their gradient, η the learning rate, t the number of the "
    "step from 1; what isn’t said to start otherwise starts at 0; Prodigy’s d₋ is d "
    "before the step. Numbers are counted from the bytes of each optimizer’s state after "
    "the steps that were timed; the time is the median of {n_steps} steps without the "
    "gradient. Bias correction divides by 1 − βᵗ and never feeds back into the averages; "
    "where gradients are divided by a root, the average already holds squares, and ε is "
    "added outside of the root; AdaMax divides by a maximum, without a root. A test reads"
    " each rule and takes the steps that it says.",
    words={
        "nothing": "Remember nothing",
        "little": "Remember less than a number per parameter",
        "numbers": "Remember {n} {n:?number|number|numbers} per parameter",
        "letter": "{letter} = {value}",
        "clause": "{formula}",
        "source": "{of}",
        "matrices": "Muon’s numbers are of its matrices and, by AdamW, of its vectors.",
    },
    aliases=["optimizer_rules"],
)


def maths(name: str, **values: object) -> str:
    """Return words that are a formula."""
    return joined(["$", say(name, **values), "$"], "")


def _lines(rule: str) -> str:
    """Return a rule's clauses, as many on a line as fit, that of the parameters on its own."""
    said = ""
    for clause in rule.split(",  "):
        moves = clause.startswith("θ ←")
        between = "" if not said else "\n" if moves else ", "
        said = joined([said, maths("clause", formula=clause)], between)
    return said


def table(recording: xr.Dataset) -> Table:
    """Return a row for each optimizer, those that remember least first."""
    columns = [
        Column("optimizer"),
        Column("update rule"),
        Column("usual settings"),
        Column("remembers"),
        Column("numbers", note="per parameter", form=".2n", verdict=True),
        Column("time", unit="µs", note="a step", form=".2r"),
    ]
    rows, groups = [], []
    for name in recording.run.values[np.argsort(recording.state, kind="stable")].tolist():
        one, shown = recording.sel(run=name), row("optimizers", name)
        kept = float(one.state)
        letters = dict.fromkeys(shown.get("state", {}).values())
        settings = [
            maths("letter", letter=letter, value=number(value))
            for letter, value in zip(
                recording.component.values.tolist(), one.value.values.tolist(), strict=True
            )
            if np.isfinite(value)
        ]
        rows.append(
            [
                Cell(shown["label"], key=shown["color"]),
                Cell(_lines(shown["rule"]), note=say("source", of=shown["source"])),
                joined(settings, "\n") or None,
                joined([maths("clause", formula=each) for each in letters], ", ") or None,
                kept,
                1e6 * float(one.seconds),
            ]
        )
        whole = round(kept)
        groups.append(
            say("nothing")
            if kept < 0.005
            else say("little")
            if kept < 0.5
            else say("numbers", n=whole)
        )
    return Table(columns, rows, groups, notes=[say("matrices")])
