"""What every optimizer remembers, and what a step of it takes.

Source  001; 004
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from figures.parts.table import Cell, Column, Table
from look.numbers import joined
from look.runs import row
from look.words import Visual, say

READS = {
    "optimizer_table": "state (run), seconds (run), run (run)",
}

VISUAL = Visual(
    uses=["optimizer_table"],
    title="{n_optimizers} optimizers remember from {least:.2n} to {most:.2n} numbers per parameter",
    subtitle="Measured on a {widths} network of {n_params:,} parameters, float32, one CPU thread.",
    alt="A table of {n_optimizers} optimizers, from those that remember nothing to {most_label}, "
    "which keeps {most:.2n} numbers for each parameter: what is remembered, how many numbers that "
    "is, the time of a step.",
    caption="Numbers are counted from the bytes of each optimizer’s state after the steps that "
    "were timed; the time is the median of {n_steps} steps without the gradient. The letters are "
    "those of the rules.",
    words={
        "clause": "{formula}",
        "matrices": "Muon’s numbers are of its matrices and, by AdamW, of its vectors.",
    },
)


def table(recording: xr.Dataset) -> Table:
    """Return a row for each optimizer, those that remember least first."""
    columns = [
        Column("optimizer"),
        Column("remembers"),
        Column("numbers", note="per parameter", form=".2n", verdict=True),
        Column("time", unit="µs", note="a step", form=".2r"),
    ]
    rows = []
    slowest = float(recording.seconds.max())
    for name in recording.run.values[np.argsort(recording.state, kind="stable")].tolist():
        one, shown = recording.sel(run=name), row("optimizers", name)
        kept, seconds = float(one.state), float(one.seconds)
        letters = dict.fromkeys(shown.get("state", {}).values())
        said = [joined(["$", say("clause", formula=each), "$"], "") for each in letters]
        rows.append(
            [
                Cell(shown["label"], key=shown["color"]),
                joined(said, ", ") or None,
                kept,
                Cell(1e6 * seconds, strong=seconds == slowest),
            ]
        )
    return Table(columns, rows, notes=[say("matrices")])
