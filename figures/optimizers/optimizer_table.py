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
    "optimizer_table": "state (run), seconds (run), run (run), most, most_label, n_optimizers, "
    "n_params, widths",
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
        "table title": "{most_label} remembers the most, {most:.2n} numbers per parameter; a step "
        "of {slowest} takes the longest, {times:.2r} times {fastest}’s",
        "table subtitle": "{n_optimizers} optimizers on a {widths} network of {n_params:,} "
        "parameters, on one CPU thread. Letters as in the table of rules.",
        "pairs": "of the last {n} steps",
        "matrices": "Muon takes the stretches out of a matrix, which takes its time; other "
        "parameters it leaves to AdamW, and their numbers count too.",
    },
)


def table(recording: xr.Dataset) -> Table:
    """Return a row for each optimizer, those that remember least first."""
    columns = [
        Column("optimizer"),
        Column("remembers"),
        Column("numbers", note="per parameter", form=".2n"),
        # a digit more than the title's ratio, which has to follow from them
        Column("time", unit="µs", note="a step", form=".3r"),
    ]
    rows = []
    times = recording.seconds.values
    slowest, fastest = (
        recording.run.values[k].item() for k in (int(times.argmax()), int(times.argmin()))
    )
    for name in recording.run.values[np.argsort(recording.state, kind="stable")].tolist():
        one, shown = recording.sel(run=name), row("optimizers", name)
        kept, seconds = float(one.state), float(one.seconds)
        pairs = shown["defaults"].get("history_size")
        letters = dict.fromkeys(shown.get("state", {}).values())
        said = [joined(["$", say("clause", formula=each), "$"], "") for each in letters]
        rows.append(
            [
                shown["label"],
                Cell(joined(said, ", ") or None, note=say("pairs", n=pairs) if pairs else ""),
                Cell(kept, strong=kept == float(recording.state.max())),
                Cell(1e6 * seconds, strong=name == slowest),
            ]
        )
    labels = {"slowest": row("optimizers", slowest)["label"],
              "fastest": row("optimizers", fastest)["label"]}  # fmt: skip
    return Table(
        columns, rows, title=say("table title", times=times.max() / times.min(), **labels),
        subtitle=say("table subtitle"), notes=[say("matrices")],
    )  # fmt: skip
