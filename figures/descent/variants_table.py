"""Which variant of gradient descent when, with what was measured.

Reads   mnist_variants: test_accuracy_all, steps_per_epoch, batch_size, lr (run);
        mnist_timing: step_seconds, throughput, batch_size (x_batch);
        gradient_variance: variance, batch_size (x_batch), gradient_length;
        online_learning: frozen_end, online_end;
        variants_table: peak, batch_size (x_batch), test_accuracy (run)
Source  000, placeholder TABLE OF WHAT VARIANT, and whole batches up to 10,000 examples; 004: 2,000
"""

from __future__ import annotations

import math

import xarray as xr

from figures import _kit as kit

VISUAL = kit.figure(
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
    "test accuracy after training; and for five situations, which of the three to take.",
    caption="Times and memory were measured on one machine. The rows on few examples put two rules "
    "of thumb for whole batches, up to {n_small:,} and up to {n_large:,} examples, beside what the "
    "same number of epochs came to here at one learning rate for both.",
)

VARIANTS = {"batch": "blue", "mini_batch": "green", "stochastic": "orange"}
NAMES = {"batch": "batch", "mini_batch": "mini-batch", "stochastic": "stochastic"}


def table(
    variants: xr.Dataset,
    timing: xr.Dataset,
    noise: xr.Dataset,
    online: xr.Dataset,
    memory: xr.Dataset,
) -> kit.Table:
    """Return the measured rows, then the verdicts."""
    sizes = [int(variants.batch_size.sel(run=run)) for run in VARIANTS]
    whole, mini, one = sizes
    seconds = [_at(timing, "step_seconds", size) for size in sizes]
    peaks = [_at(memory, "peak", size) for size in sizes]
    length = noise.attrs["gradient_length"] ** 2
    noises = [0.0, *(_at(noise, "variance", size) / length for size in (mini, one))]
    accuracies = [float(variants.test_accuracy_all.sel(run=run)) for run in VARIANTS]
    few = [float(memory.test_accuracy.sel(run=run)) for run in ("batch", "mini_batch")]
    # As long as the one that was timed for the shortest.
    same = min(float(timing.seconds.sel(run=run)[-1]) for run in VARIANTS)
    timed = [_after(timing, run, same) for run in VARIANTS]
    small, epochs = memory.attrs["n_small"], variants.attrs["epochs"]
    drift = [f"{kit.percent(online.attrs[name])}" for name in ("frozen_end", "online_end")]

    step, epoch, end = "One step", f"One epoch of {whole:,} examples", "What it comes to"
    when = "When to take it"
    rows: list[tuple[str, list[object]]] = [
        (step, ["examples", *(f"{size:,}" for size in sizes)]),
        (step, ["time", *map(_duration, seconds)]),
        (step, ["peak memory", *map(_size, peaks)]),
        (
            step,
            [
                kit.Cell("gradient noise", note="variance / length²"),
                "none",
                *map(_number, noises[1:]),
            ],
        ),
        (epoch, ["steps", *(f"{_steps(variants, run):,}" for run in VARIANTS)]),
        (
            epoch,
            [
                "examples a second",
                *(_rounded(_at(timing, "throughput", size)) for size in sizes),
            ],
        ),
        (
            end,
            [
                kit.Cell(f"accuracy after {epochs} epochs", note=f"on {whole:,} examples"),
                *_best([kit.percent(each, 1) for each in accuracies], accuracies),
            ],
        ),
        (
            end,
            [
                kit.Cell(f"accuracy after {kit.number(same, 2)} s", note="of training, as timed"),
                *_best([kit.percent(each, 1) for each in timed], timed),
            ],
        ),
        (
            end,
            [
                kit.Cell(
                    f"accuracy after {memory.attrs['small_epochs']} epochs",
                    note=f"on {small:,} examples",
                ),
                *_best([kit.percent(each, 1) for each in few], few),
                None,
            ],
        ),
        (
            end,
            [
                kit.Cell("accuracy on a drifting stream", note="at its end"),
                kit.Cell(drift[0], note="trained once, frozen"),
                None,
                kit.Cell(drift[1], note="goes on learning", strong=True),
            ],
        ),
        (
            when,
            [
                "few examples",
                kit.Cell("for methods that need exact gradients"),
                kit.Cell("take it", strong=True),
                "noisy: let the rate decay",
            ],
        ),
        (
            when,
            [
                "many examples",
                "one step an epoch",
                kit.Cell("take it", strong=True),
                "most time an epoch",
            ],
        ),
        (
            when,
            ["little memory", "memory grows with the data", "as large as fits",
             kit.Cell("take it, or small batches", strong=True)],
        ),
        (
            when,
            ["data that stream in", "not without starting again", "a step when a batch is full",
             kit.Cell("take it", strong=True)],
        ),
        (
            when,
            [
                kit.Cell("a GPU", note="not measured here"),
                "until memory ends",
                kit.Cell("take it: fills the device", strong=True),
                "leaves it idle",
            ],
        ),
    ]  # fmt: skip
    columns = [
        kit.Column(""),
        *(
            kit.Column(NAMES[run], note=f"η = {kit.number(float(variants.lr.sel(run=run)))}",
                       align="left")
            for run in VARIANTS
        ),
    ]  # fmt: skip
    return kit.Table(
        columns,
        rows=[row for _, row in rows],
        groups=[group for group, _ in rows],
        notes=[
            f"Rules of thumb for whole batches: up to {small:,} examples (one source), up to "
            f"{memory.attrs['n_large']:,} (another). A step on {small:,} takes "
            f"{_size(_at(memory, 'peak', small))}, on {whole:,} {_size(peaks[0])}: here memory "
            "forbids neither; what they lack is steps.",
            "The rates are not tuned: accuracies compare these runs, not what each variant can do.",
            f"Noise: of a {noise.attrs['widths']} network on {noise.attrs['n_train']:,} examples "
            "at one point of its training. Stream: digits that turn; the frozen model was trained "
            f"once, on {online.attrs['n_batch']:,} upright ones.",
        ],
    )


def _steps(variants: xr.Dataset, run: str) -> int:
    return int(variants.steps_per_epoch.sel(run=run))


def _at(recording: xr.Dataset, name: str, size: int) -> float:
    """Return a quantity at a batch size; NaN if it was not measured there."""
    found = recording[name].values[recording.batch_size.values == size]
    return float(found[0]) if len(found) else math.nan


def _best(words: list[str], values: list[float]) -> list[kit.Cell]:
    """Return cells, the largest value's the one to look at."""
    return [
        kit.Cell(word, strong=value == max(values))
        for word, value in zip(words, values, strict=True)
    ]


def _number(value: float, unit: str = "") -> str | None:
    """Return a number as words with its unit; None if there is none."""
    return None if math.isnan(value) else f"{kit.number(value)} {unit}".strip()


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
