"""Which variant of gradient descent when, with what was measured.

Reads   mnist_variants: test_accuracy_all, steps_per_epoch, n_steps, batch_size, lr (run);
        mnist_timing: step_seconds, throughput, batch_size (x_batch), seconds, test_accuracy
        (run, snapshot);
        gradient_variance: variance, batch_size (x_batch), gradient_length;
        online_learning: frozen_end, online_end;
        variants_table: peak, batch_size (x_batch), test_accuracy, n_steps (run)
Source  000, placeholder TABLE OF WHAT VARIANT, and whole batches up to 10,000 examples; 004: 2,000
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import xarray as xr

from figures.parts.table import Cell, Column, Table
from look.numbers import number, percent
from look.words import Visual

VISUAL = Visual(
    uses=[
        "mnist_variants",
        "mnist_timing",
        "gradient_variance",
        "online_learning",
        "variants_table",
    ],
    title="Which variant when: what a step costs, and what it is worth",
    subtitle="A {widths} network on {dataset}, plain gradient descent, one CPU thread.",
    alt="A table with a column each for batch, mini-batch and stochastic gradient descent. Its "
    "rows: examples, time, memory and noise of one step; steps an epoch and examples a second; "
    "test accuracy after training; and for six situations, which of the three to take.",
    caption="Times and memory were measured on one machine. A verdict follows from the row that is "
    "about it: few examples from accuracy after the same epochs, many from accuracy after the same "
    "time, memory from the peak, exactness from the noise, a stream from accuracy at its end; only "
    "the row on GPUs is advice. Both rules of thumb for whole batches, up to {n_small:,} and up "
    "to {n_large:,} examples, stand where they were put to the test.",
)

VARIANTS = {"batch": "batch", "mini_batch": "mini-batch", "stochastic": "stochastic"}


def table(
    variants: xr.Dataset,
    timing: xr.Dataset,
    noise: xr.Dataset,
    online: xr.Dataset,
    memory: xr.Dataset,
) -> Table:
    """Return the measured rows, then the verdicts."""
    sizes = [int(variants.batch_size.sel(run=run)) for run in VARIANTS]
    whole, mini, one = sizes
    seconds = [_at(timing, "step_seconds", size) for size in sizes]
    peaks = [_at(memory, "peak", size) for size in sizes]
    length = noise.attrs["gradient_length"] ** 2
    noises = [0.0, *(_at(noise, "variance", size) / length for size in (mini, one))]
    accuracies = [float(variants.test_accuracy_all.sel(run=run)) for run in VARIANTS]
    took = [
        n_steps * each
        for n_steps, each in zip(variants.n_steps.values.tolist(), seconds, strict=True)
    ]
    few = [float(memory.test_accuracy.sel(run=run)) for run in VARIANTS]
    few_steps = [f"{int(memory.n_steps.sel(run=run)):,} steps" for run in VARIANTS]
    # As long as the one that was timed for the shortest.
    same = min(float(timing.seconds.sel(run=run)[-1]) for run in VARIANTS)
    timed = [_after(timing, run, same) for run in VARIANTS]
    quick = [_at(timing, "throughput", size) for size in sizes]
    small, large = memory.attrs["n_small"], memory.attrs["n_large"]
    epochs = variants.attrs["epochs"]
    # Nobody trains whole batches on a stream; the frozen model was trained in mini-batches.
    stream = [math.nan, online.attrs["frozen_end"], online.attrs["online_end"]]
    rule = "one source’s limit for whole batches"

    step, epoch, end = "One step", f"One epoch of {whole:,} examples", "What it comes to"
    when = "When to take it"
    rows: list[tuple[str, list[object]]] = [
        (step, ["examples", *(f"{size:,}" for size in sizes)]),
        (step, ["time", *map(_duration, seconds)]),
        (step, ["peak memory", *map(_size, peaks)]),
        (
            step,
            [
                Cell("gradient noise", note="variance / length²"),
                "none",
                *map(_number, noises[1:]),
            ],
        ),
        (epoch, ["steps", *(f"{_steps(variants, run):,}" for run in VARIANTS)]),
        (
            epoch,
            [
                "examples a second",
                *map(_rounded, quick),
            ],
        ),
        (
            end,
            [
                Cell(
                    f"accuracy after {epochs} epochs",
                    note=f"on {whole:,} examples" + (f"; {rule}" if whole == large else ""),
                ),
                *_best(accuracies, [_took(each) for each in took]),
            ],
        ),
        (
            end,
            [
                Cell(
                    f"accuracy after {number(same, 2)}\u00a0s",
                    note="of training, at the measured speed",
                ),
                *_best(timed),
            ],
        ),
        (
            end,
            [
                Cell(
                    f"accuracy after {memory.attrs['small_epochs']} epochs",
                    note=f"on {small:,} examples; {rule}",
                ),
                *_best(few, few_steps),
            ],
        ),
        (
            end,
            [
                Cell("accuracy on a drifting stream", note="at its end"),
                *_best(stream, ["", "trained once, frozen", "goes on learning"], digits=0),
            ],
        ),
        (
            when,
            [
                Cell("few examples", note=f"such as {small:,}"),
                *_verdict(
                    few,
                    "fewest steps",
                    "more steps",
                    "most steps an epoch",
                    level=_level(few, memory.attrs["n_test_all"]),
                    quick=quick,
                ),
            ],
        ),
        (
            when,
            [
                Cell("many examples", note=f"such as {whole:,}"),
                *_verdict(
                    timed,
                    "one step an epoch",
                    "quick epochs",
                    "slow epochs",
                    level=_level(timed, timing.attrs["n_test"]),
                    quick=quick,
                ),
            ],
        ),
        (
            when,
            [
                "little memory",
                *_verdict(
                    [-each for each in peaks],
                    "grows with the data",
                    "as large as fits",
                    "the least",
                ),
            ],
        ),
        (
            when,
            [
                Cell("exact gradients", note="a line search, L-BFGS"),
                *_verdict([-each for each in noises], "no noise", "some noise", "most noise"),
            ],
        ),
        (
            when,
            [
                "data that stream in",
                *_verdict(stream, "starts anew", "waits for a batch", "learns from each"),
            ],
        ),
        (
            when,
            [
                Cell("a GPU", note="not measured here"),
                "until memory ends",
                Cell("take it: fills the device", strong=True),
                "leaves it idle",
            ],
        ),
    ]
    columns = [
        Column(""),
        *(
            Column(VARIANTS[run], note=f"η = {number(float(variants.lr.sel(run=run)))}",
                       align="left")
            for run in VARIANTS
        ),
    ]  # fmt: skip
    return Table(
        columns,
        rows=[row for _, row in rows],
        groups=[group for group, _ in rows],
        notes=[
            f"Two sources take whole batches up to {small:,} and up to {large:,} examples. Memory "
            f"forbids neither here, {_size(_at(memory, 'peak', small))} and "
            f"{_size(_at(memory, 'peak', large))}; what whole batches lack is steps.",
            "The rates are not tuned: accuracies compare these runs, not what each variant can do. "
            "Within two standard errors of the best they count as level; then more examples a "
            "second decide.",
            f"Noise: the variance of a batch’s gradient over the squared length of that of all "
            f"examples, of a {noise.attrs['widths']} network on {noise.attrs['n_train']:,} of them "
            "at one point of its training. Stream: digits that turn; the frozen model was trained "
            f"once, in mini-batches, on {online.attrs['n_batch']:,} upright ones.",
        ],
    )


def _steps(variants: xr.Dataset, run: str) -> int:
    return int(variants.steps_per_epoch.sel(run=run))


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


def _verdict(
    values: Sequence[float],
    *reasons: str,
    level: float = 0.0,
    quick: Sequence[float] = (),
) -> list[Cell]:
    """Return a reason for each variant, and take the one whose measured value is largest.

    Those that come within `level` of it are as good, and the quickest of them is taken.
    """
    best = values[_first(values)]
    good = [value >= best - level for value in values]  # NaN is not
    if sum(good) == 1:
        taken = _first(values)
    else:
        taken = _first([pace if one else math.nan for pace, one in zip(quick, good, strict=True)])
    cells = []
    for i, reason in enumerate(reasons):
        words = f"take it: {reason}" if i == taken else reason
        if good[i] and i != taken:
            words = f"as accurate, {reason}"
        cells.append(Cell(words, strong=i == taken))
    return cells


def _level(accuracies: Sequence[float], n_test: int) -> float:
    """Return two standard errors of the difference of two accuracies near the best."""
    best = accuracies[_first(accuracies)]
    return 2 * math.sqrt(2 * best * (1 - best) / n_test)


def _first(values: Sequence[float]) -> int:
    """Return where the largest of the measured values is."""
    return max(range(len(values)), key=lambda i: -math.inf if math.isnan(values[i]) else values[i])


def _took(seconds: float) -> str:
    """Return how long something took, in words; nothing if that was not measured."""
    if math.isnan(seconds):
        return ""
    if seconds < 100:
        return f"in {number(seconds, 2)} s"
    return f"in {number(seconds / 60, 2)} min"


def _number(value: float, unit: str = "") -> str | None:
    """Return a number as words with its unit; None if there is none."""
    return None if math.isnan(value) else f"{number(value)} {unit}".strip()


def _rounded(value: float) -> str | None:
    """Return a large number to three digits: what is measured is no surer."""
    return None if math.isnan(value) else f"{float(f'{value:.3g}'):,.0f}"


def _after(timing: xr.Dataset, run: str, seconds: float) -> float:
    """Return the test accuracy of the last snapshot within so many seconds of training."""
    last = int((timing.seconds.sel(run=run).values <= seconds).sum()) - 1
    return float(timing.test_accuracy.sel(run=run)[last])


def _duration(seconds: float) -> str | None:
    return _number(1e3 * seconds, "ms")


def _size(size: float) -> str | None:
    return _number(size / 2**20, "MiB")
