"""Which variant of gradient descent when, with what was measured.

Source  000, placeholder TABLE OF WHAT VARIANT, and whole batches up to 10,000 examples; 004: 2,000
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import xarray as xr

from figures.descent._measured import level, step_time
from figures.parts.table import Cell, Column, Table
from look.numbers import form, percent
from look.runs import series
from look.words import Visual, say

READS = {
    "mnist_variants": "batch_size (run), lr (run), steps_per_epoch (run), "
    "test_accuracy (run, epoch), run (run), epochs, n_test",
    "mnist_timing": "same_test_accuracy (run), batch_size (x_batch), step_seconds (x_batch), "
    "throughput (x_batch), run (run), same_seconds, n_test",
    "online_learning": "",  # its words alone
    "variants_table": "batch_size (x_batch), peak (x_batch), many",
}

VISUAL = Visual(
    uses=["mnist_variants", "mnist_timing", "online_learning", "variants_table"],
    aliases=["TABLE OF WHAT VARIANT OF GRADIENT DESCENT TO USE BASED ON SCENARIO"],
    title="Which variant when: what each costs, and what it is best at",
    subtitle="A small network on {dataset}, plain gradient descent, one CPU thread. Bold: the "
    "best of the three, or level with it.",
    alt="A table with a column each for batch, mini-batch and stochastic gradient descent. The "
    "first row says what each of them is best at. The others: examples, time and memory of one "
    "step; "
    "steps of an epoch; test accuracy after as many epochs and after as many seconds.",
    caption="A {widths} network; times and memory were measured on one machine. What each is best "
    "at follows from the "
    "rows under it. The rates are not tuned: accuracies compare these runs, not what each variant "
    "can do; two are level where they are less than two standard errors of their difference apart. "
    "Whole batches are sometimes advised for up to {n_small:,} or {n_large:,} examples; on "
    "{n_small:,} {many}, {small_epochs} epochs of whole batches get to {few_batch:.0%} of all "
    "{n_test_all:,} test {many}, of mini-batches to {few_mini_batch:.0%}, of single {many} to "
    "{few_stochastic:.0%}. A network that takes a stochastic step after each answer can also "
    "follow {many} that slowly turn: it ends at {online_end:.0%} right, one that no longer learns "
    "at {frozen_end:.0%}.",
    words={
        "rate": "learning rate {lr}",
        "after epochs": "{epochs} epochs",
        "on examples": "{n:,} test {many}",
        "after seconds": "{same_seconds:time} of training",
        "on fewer": "{n_test:,} test {many}",
        "accuracy": "Accuracy after",
        "time is": "{time} ms a step",
        "fastest": "most examples a second",
        "by epochs": "most right in {epochs} epochs{alone:?, level|}",
        "by seconds": "most right in {same_seconds:time}{alone:?, level|}",
        "least memory": "least memory",
        "beyond": "on top of the network’s own",
        "pass": "steps in one epoch",
    },
    series={
        "batch": ["batch", "indigo"],
        "mini_batch": ["mini-batch", "green"],
        "stochastic": ["stochastic", "vermillion"],
    },
)

VARIANTS = ("batch", "mini_batch", "stochastic")


def table(
    variants: xr.Dataset,
    timing: xr.Dataset,
    _online: xr.Dataset,  # of the words alone
    memory: xr.Dataset,
) -> Table:
    """Return what each variant is best at, then the measured rows that it follows from."""
    sizes = [int(variants.batch_size.sel(run=run)) for run in VARIANTS]
    # A row's values are there twice: as shown, and as compared, the largest being the best.
    peaks = [_at(memory, "peak", size) for size in sizes]
    speeds = [_at(timing, "throughput", size) for size in sizes]
    by_epochs, by_seconds = (
        _each(variants.isel(epoch=-1), "test_accuracy"),
        _each(timing, "same_test_accuracy"),
    )
    step, epoch, end = "One step", "Speed", say("accuracy")
    seconds = Cell(say("after seconds"), note=say("on fewer", n_test=timing.attrs["n_test"]))
    memory_name = Cell("peak memory", note=say("beyond"))
    small, fast = _first([-each for each in peaks]), _first(speeds)
    ends, soon = (level(by_epochs, variants.attrs["n_test"]),
                  level(by_seconds, timing.attrs["n_test"]))  # fmt: skip
    times = [_time(size, _at(timing, "step_seconds", size)) for size in sizes]
    rows: list[tuple[str, list[object]]] = [
        (step, ["examples", *sizes]),
        (step, [memory_name, *_cells([_known(each, "bytes") for each in peaks], small)]),
        (epoch, [say("pass"), *map(int, _each(variants, "steps_per_epoch"))]),
        (epoch, ["examples a second",
                 *_cells([_known(each, ".3r") for each in speeds], fast, times)]),
        (end, [Cell(say("after epochs", epochs=variants.attrs["epochs"]),
                    note=say("on examples", n=variants.attrs["n_test"])),
               *_cells(map(percent, by_epochs), ends)]),
        (end, [seconds, *_cells(map(percent, by_seconds), soon)]),
    ]  # fmt: skip
    best_at = {
        say("least memory"): small,
        say("fastest"): fast,
        say("by epochs", alone=sum(ends) == 1, epochs=variants.attrs["epochs"]): ends,
        say("by seconds", alone=sum(soon) == 1): soon,
    }
    verdicts = [
        "\n".join(name for name, best in best_at.items() if best[i]) for i in range(len(VARIANTS))
    ]
    # The answer first, then what it follows from.
    rows.insert(0, ("In short", ["best of these\nthree at", *(Cell(each or None, strong=True)
                                              for each in verdicts)]))  # fmt: skip
    columns = [
        Column(
            series(run).label,
            key=series(run).token,
            align="left",
            note=say("rate", lr=variants.lr.sel(run=run)),
        )
        for run in VARIANTS
    ]
    return Table(
        [Column(""), *columns],
        rows=[row for _, row in rows],
        groups=[group for group, _ in rows],
    )


def _each(recording: xr.Dataset, name: str) -> list[float]:
    """Return a quantity of each variant."""
    return [float(recording[name].sel(run=run)) for run in VARIANTS]


def _at(recording: xr.Dataset, name: str, size: int) -> float:
    """Return a quantity at a batch size; NaN if it was not measured there."""
    found = recording[name].values[recording.batch_size.values == size]
    return float(found[0]) if len(found) else math.nan


def _cells(
    shown: Iterable[str | None], best: Sequence[bool], notes: Sequence[str] = ("", "", "")
) -> list[Cell]:
    """Return cells as `shown`, the best in bold."""
    return [
        Cell(words, note=note, strong=strong)
        for words, strong, note in zip(shown, best, notes, strict=True)
    ]


def _time(size: int, seconds: float) -> str:
    """Return how long a step takes, or nothing if it was not measured."""
    return "" if math.isnan(seconds) else say("time is", time=step_time(size, seconds))


def _first(values: Sequence[float]) -> list[bool]:
    """Return which of the measured values is the largest, the first of them; none of none."""
    at = max(range(len(values)), key=lambda i: -math.inf if math.isnan(values[i]) else values[i])
    return [i == at and not math.isnan(value) for i, value in enumerate(values)]


def _known(value: float, unit: str) -> str | None:
    """Return a quantity with its unit; None if it was not measured."""
    return None if math.isnan(value) else form(value, unit)
