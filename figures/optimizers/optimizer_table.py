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
    "optimizer_table": "state (run), seconds (run), spread (run), run (run), most, most_label, "
    "n_optimizers, n_params, n_rounds",
}

VISUAL = Visual(
    uses=["optimizer_table"],
    title="{n_optimizers} optimizers remember from {least:.2n} to {most:.2n} numbers per parameter",
    subtitle="Measured on a {widths} network of {n_params:,} parameters, float32, one CPU thread.",
    alt="A table of {n_optimizers} optimizers, from those that remember nothing to {most_label}, "
    "which keeps {most:.2n} numbers for each parameter: what is remembered, how many numbers that "
    "is, the time of a step.",
    caption="Numbers are counted from the bytes of each optimizer’s state after the steps that "
    "were timed; the time is that of the fastest of {n_steps} steps without the gradient, all "
    "optimizers in turn, with one digit, as it is no surer.",
    words={
        "clause": "{formula}",
        # what a letter of the rules stands for
        "kept D": "mean squared step",
        "kept G": "sum of squares",
        "kept b": "fading sum of gradients",
        "kept d": "last direction",
        "kept g": "last gradient",
        "kept m": "mean gradient",
        "kept p": "gradient before",
        "kept s": "weighted sum of gradients",
        "kept u": "maximum",
        "kept v": "mean square",
        "kept z": "point that plain steps reach",
        "kept Δg": "changes of the gradient",
        "kept Δθ": "steps",
        "kept δ": "length of a step",
        "kept θ̄": "mean point",
        "kept θ₀": "start",
        "table title": "A step of {slowest} takes about {times:.1r} times as long as {plain}’s; "
        "{most_label} remembers {most:.2n} numbers per parameter",
        "table subtitle": "{n_optimizers} optimizers by how much they remember, then by the time "
        "of a step, without the gradient, on one CPU thread.",
        "group": "{n:?Next to nothing|One number for each parameter|Two numbers for each parameter|"
        "Three numbers and more}",
        "pairs": "of the last {n} steps",
        "measured": "Measured on a network of {n_params:,} parameters. Times are rounded to one "
        "digit, as most change by some {change:.0%} from one of {n_rounds} rounds to another.",
        # why one of these takes many times as long as most do, where it does
        "of muon": "Muon multiplies matrices over and over, so that a step is as far in all of "
        "their directions; other parameters it leaves to AdamW, whose numbers count too.",
        "of rprop": "Rprop sorts the parameters into three kinds at each step, and picks those of "
        "each one by one.",
    },
)

PLAIN = "sgd"  # what the title compares with
FAR = 10  # a step that takes as many times the median one's time is explained


def table(recording: xr.Dataset) -> Table:
    """Return a row for each optimizer, the least memory first, then the least time as printed."""
    columns = [
        Column("optimizer"),
        Column("remembers"),
        Column("numbers", note="per parameter", form=".2n"),
        Column("time", unit="µs", note="a step, about", form=".1r"),
    ]
    names = recording.run.values.tolist()
    kept = dict(zip(names, recording.state.values.tolist(), strict=True))
    times = dict(zip(names, (1e6 * recording.seconds.values).tolist(), strict=True))
    slowest = max(times, key=times.__getitem__)
    groups = {name: min(round(kept[name]), 3) for name in names}
    order = sorted(
        names, key=lambda name: (groups[name], round(kept[name]), rounded(times[name]), name)
    )
    rows = []
    for name in order:
        shown = row("optimizers", name)
        pairs = shown["defaults"].get("history_size")
        letters = dict.fromkeys(shown.get("state", {}).values())
        said = [
            say(f"kept {each}") if f"kept {each}" in VISUAL.words
            else joined(["$", say("clause", formula=each), "$"], "")
            for each in letters
        ]  # fmt: skip
        rows.append(
            [
                shown["label"],
                Cell(joined(said, ", ") or None, note=say("pairs", n=pairs) if pairs else ""),
                Cell(kept[name], strong=kept[name] == max(kept.values())),
                Cell(times[name], strong=name == slowest),
            ]
        )
    # of the times as they are printed, so that one can divide them
    ratio = rounded(times[slowest]) / rounded(times[PLAIN])
    title = say(
        "table title", times=ratio, slowest=row("optimizers", slowest)["label"],
        plain=row("optimizers", PLAIN)["label"],
    )  # fmt: skip
    usual = float(np.median(list(times.values())))
    change = float(np.median(recording.spread / recording.seconds))
    notes = [say("measured", change=change)]
    notes += [
        say(f"of {name}")
        for name in sorted(names, key=lambda name: -times[name])
        if f"of {name}" in VISUAL.words and times[name] > FAR * usual
    ]
    return Table(
        columns, rows, [say("group", n=groups[name]) for name in order], notes, title,
        say("table subtitle"),
    )  # fmt: skip


def rounded(time: float) -> float:
    """Return a time with the one digit that is printed."""
    return float(f"{time:.1g}")
