"""Which variant of gradient descent when, with what was measured.

Source  000, placeholder TABLE OF WHAT VARIANT, and whole batches up to 10,000 examples; 004: 2,000
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import xarray as xr

from figures.parts.table import Cell, Column, Table
from look.numbers import form, percent
from look.runs import series
from look.words import Visual, say

READS = {
    "mnist_variants": "batch_size (run), lr (run), steps_per_epoch (run), n_steps (run), "
    "test_accuracy_all (run), run (run), epochs",
    "mnist_timing": "same_test_accuracy (run), batch_size (x_batch), step_seconds (x_batch), "
    "throughput (x_batch), run (run), same_level, same_seconds, n_test",
    "gradient_variance": "batch_size (x_batch), variance (x_batch), gradient_length, n_train, "
    "widths",
    "online_learning": "epochs, frozen_end, lr, n_batch, n_test, online_end",
    "variants_table": "batch_size (x_batch), peak (x_batch), test_accuracy (run), n_steps (run), "
    "run (run), few_level, n_large, n_small, n_test_all, small_epochs, widths, many",
}

VISUAL = Visual(
    uses=[
        "mnist_variants",
        "mnist_timing",
        "gradient_variance",
        "online_learning",
        "variants_table",
    ],
    aliases=["TABLE OF WHAT VARIANT OF GRADIENT DESCENT TO USE BASED ON SCENARIO"],
    title="Which variant when: what a step costs, and what it is worth",
    subtitle="A {widths} network on {dataset}, plain gradient descent, one CPU thread.",
    alt="A table with a column each for batch, mini-batch and stochastic gradient descent. Its "
    "rows: examples, time, memory and noise of one step; steps an epoch and examples a second; "
    "test accuracy after training; for little memory, exact gradients and a stream, which of the "
    "three to take; and who was ahead with few and with many examples.",
    caption="Times and memory were measured on one machine. A verdict follows from the row "
    "that is about it: memory from the peak, exactness from the noise, a stream from "
    "accuracy at its end. With few examples and with many it is only said who was ahead, at "
    "rates that are not tuned. Both rules of thumb for whole batches, up to {n_small:,} and "
    "up to {n_large:,} examples, stand where they were put to the test.",
    words={
        "one epoch": "One epoch of {n_train:,} examples",
        "steps": "{n:,} steps",
        "rate": "η = {lr}",
        "after epochs": "accuracy after {epochs} epochs",
        "on examples": "on {n:,} examples",
        "after seconds": "accuracy after {same_seconds:time}",
        "on fewer": "of training, at the measured speed; on {n_test:,} test {many}",
        "after small epochs": "accuracy after {small_epochs} epochs",
        "at these rates": "Who is ahead, at these rates",
        "few examples": "few examples, {n_small:,}",
        "many examples": "many examples, {n_train:,}",
        "by epochs": "accuracy after {small_epochs} epochs",
        "by seconds": "accuracy after {same_seconds:time}",
        "rules of thumb": "Two sources take whole batches up to {n_small:,} and up to "
        "{n_large:,} examples. Memory forbids neither here, {small:MiB} and {large:MiB}; "
        "what whole batches lack is steps.",
        "rates": "The rates are not tuned: accuracies compare these runs, not what each "
        "variant can do. Within two standard errors of the best they count as level; then "
        "more examples a second decide. Accuracies are on all {n_test_all:,} test {many}, "
        "but for those after seconds.",
        "noise": "Noise: the variance of a batch’s gradient over the squared length of that "
        "of all examples, of a {widths} network on {n:,} of them at one point of its "
        "training. Stream: {many} that turn; the frozen model was trained once, in "
        "mini-batches, on {n_batch:,} upright ones.",
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
    noise: xr.Dataset,
    online: xr.Dataset,
    memory: xr.Dataset,
) -> Table:
    """Return the measured rows, then what follows from them."""
    sizes = [int(variants.batch_size.sel(run=run)) for run in VARIANTS]
    seconds = [_at(timing, "step_seconds", size) for size in sizes]
    peaks = [_at(memory, "peak", size) for size in sizes]
    length = noise.attrs["gradient_length"] ** 2
    noises = [0.0, *(_at(noise, "variance", size) / length for size in sizes[1:])]
    accuracies = _each(variants, "test_accuracy_all")
    steps = [say("steps", n=int(n)) for n in _each(variants, "n_steps")]
    few, timed = _each(memory, "test_accuracy"), _each(timing, "same_test_accuracy")
    few_steps = [say("steps", n=int(n)) for n in _each(memory, "n_steps")]
    quick = [_at(timing, "throughput", size) for size in sizes]
    # Nobody trains whole batches on a stream; the frozen model was trained in mini-batches.
    stream = [math.nan, online.attrs["frozen_end"], online.attrs["online_end"]]
    levels = {"few": memory.attrs["few_level"], "timed": timing.attrs["same_level"]}
    whole = sizes[0]

    step, epoch, end = "One step", say("one epoch", n_train=whole), "What it comes to"
    when = "When to take it"
    stopped = Cell("accuracy on a drifting stream", note="at its end")
    rows: list[tuple[str, list[object]]] = [
        (step, ["examples", *sizes]),
        (step, ["time", *(_known(each, "time") for each in seconds)]),
        (step, ["peak memory", *(_known(each, "MiB") for each in peaks)]),
        (step, [Cell("gradient noise", note="variance / length²"), "none", *noises[1:]]),
        (epoch, ["steps", *map(int, _each(variants, "steps_per_epoch"))]),
        (epoch, ["examples a second", *(_known(each, ".2r") for each in quick)]),
        (
            end,
            [
                Cell(
                    say("after epochs", epochs=variants.attrs["epochs"]),
                    note=say("on examples", n=whole),
                ),
                *_best(accuracies, steps),
            ],
        ),
        (end, [Cell(say("after seconds"), note=say("on fewer", n_test=timing.attrs["n_test"])),
               *_best(timed)]),
        (
            end,
            [
                Cell(say("after small epochs"), note=say("on examples", n=memory.attrs["n_small"])),
                *_best(few, few_steps),
            ],
        ),
        (end, [stopped, *_best(stream, ["", "trained once, frozen", "goes on learning"], 0)]),
        (when, ["little memory", *_verdict([-each for each in peaks], MEMORY)]),
        (when, [Cell("exact gradients", note="a line search, L-BFGS"),
                *_verdict([-each for each in noises], NOISE)]),
        (when, ["data that stream in", *_verdict(stream, STREAM)]),
        (say("at these rates"), [Cell(say("few examples"), note=say("by epochs")),
                                 *_ahead(few, levels["few"], quick)]),
        (say("at these rates"), [Cell(say("many examples", n_train=whole), note=say("by seconds")),
                                 *_ahead(timed, levels["timed"], quick)]),
    ]  # fmt: skip
    columns = [
        Column(series(run).label, note=say("rate", lr=variants.lr.sel(run=run)), align="left")
        for run in VARIANTS
    ]
    whole_peaks = [_at(memory, "peak", memory.attrs[name]) for name in ("n_small", "n_large")]
    return Table(
        [Column(""), *columns],
        rows=[row for _, row in rows],
        groups=[group for group, _ in rows],
        notes=[
            say("rules of thumb", small=whole_peaks[0], large=whole_peaks[1]),
            say("rates"),
            say("noise", widths=noise.attrs["widths"], n=noise.attrs["n_train"],
                n_batch=online.attrs["n_batch"]),
        ],
    )  # fmt: skip


MEMORY = ("grows with the data", "as large as fits", "the least")
NOISE = ("no noise", "some noise", "most noise")
STREAM = ("starts anew", "waits for a batch", "learns from each")


def _each(recording: xr.Dataset, name: str) -> list[float]:
    """Return a quantity of each variant."""
    return [float(recording[name].sel(run=run)) for run in VARIANTS]


def _at(recording: xr.Dataset, name: str, size: int) -> float:
    """Return a quantity at a batch size; NaN if it was not measured there."""
    found = recording[name].values[recording.batch_size.values == size]
    return float(found[0]) if len(found) else math.nan


def _best(
    accuracies: Sequence[float], notes: Sequence[str] = ("", "", ""), digits: int = 1
) -> list[Cell]:
    """Return cells, the largest accuracy's the one to look at."""
    first = _first(accuracies)
    return [
        Cell(None if math.isnan(each) else percent(each, digits), note=note, strong=i == first)
        for i, (each, note) in enumerate(zip(accuracies, notes, strict=True))
    ]


def _verdict(values: Sequence[float], reasons: Sequence[str]) -> list[Cell]:
    """Return a reason for each variant, and take the one whose measured value is largest."""
    taken = _first(values)
    return [
        Cell(f"take it: {reason}" if i == taken else reason, strong=i == taken)
        for i, reason in enumerate(reasons)
    ]


def _ahead(accuracies: Sequence[float], level: float, quick: Sequence[float]) -> list[Cell]:
    """Say who is ahead: the most accurate, or of those within `level` of it the quickest."""
    best = accuracies[_first(accuracies)]
    good = [value >= best - level for value in accuracies]  # NaN is not
    first = _first([pace if one else math.nan for pace, one in zip(quick, good, strict=True)])
    if sum(good) == 1:
        first = _first(accuracies)
    words = ["ahead" if i == first else "as accurate, slower" if one else "behind"
             for i, one in enumerate(good)]  # fmt: skip
    return [Cell(each, strong=each == "ahead") for each in words]


def _first(values: Sequence[float]) -> int:
    """Return where the largest of the measured values is."""
    return max(range(len(values)), key=lambda i: -math.inf if math.isnan(values[i]) else values[i])


def _known(value: float, unit: str) -> str | None:
    """Return a quantity with its unit; None if it was not measured."""
    return None if math.isnan(value) else form(value, unit)
