"""The table of variants: its measured cells are those of the recordings."""

from __future__ import annotations

import math

import numpy as np
import pytest

from figures.descent import variants_table
from look.numbers import number, percent
from simulate import recording, registry
from simulate.experiments.descent import _mnist
from simulate.measures import memory
from tests.conftest import Record
from tests.figures._drawn import Recorded, table

pytestmark = pytest.mark.skipif(not memory.STATUS.exists(), reason="needs Linux's /proc")


@pytest.fixture
def rows(recorded: Recorded) -> dict[str, list[str]]:
    """The shown cells by their row's name and note."""
    made, *_ = table("variants_table", recorded)
    return {
        f"{row[0].value} {row[0].note}".strip(): [str(c.value) for c in row[1:]]
        for row in made.cells
    }


def test_measured_cells_are_the_recorded_numbers(
    rows: dict[str, list[str]], recorded: Recorded
) -> None:
    variants, timing, noise, online, own = (
        recording.load(recorded(name)) for name in variants_table.VISUAL.uses
    )
    assert variants.run.values.tolist() == list(variants_table.VARIANTS)
    sizes = variants.batch_size.values.tolist()
    assert rows["examples"] == [f"{size:,}" for size in sizes]
    assert rows["steps"] == [f"{steps:,}" for steps in variants.steps_per_epoch.values]

    def at(data: object, name: str, size: int) -> float:
        found = data[name].values[data.batch_size.values == size]  # type: ignore[index, attr-defined]
        return float(found[0]) if len(found) else math.nan

    for shown, size in zip(rows["time"], sizes, strict=True):
        seconds = at(timing, "step_seconds", size)
        if math.isnan(seconds):
            assert shown == "–"
            continue
        amount, unit = shown.split("\N{NARROW NO-BREAK SPACE}")
        scale = {"ms": 1e-3, "s": 1.0}[unit]
        assert float(amount.replace(",", "")) * scale == pytest.approx(seconds, rel=0.06)
    for shown, size in zip(rows["peak memory"], sizes, strict=True):
        amount, unit = shown.split("\N{NARROW NO-BREAK SPACE}")
        assert unit == "MiB"
        assert float(amount) == pytest.approx(at(own, "peak", size) / 2**20, rel=0.006)
    length = noise.attrs["gradient_length"]
    assert rows["gradient noise variance / length²"] == [
        "none",
        *(number(at(noise, "variance", size) / length**2) for size in sizes[1:]),
    ]
    accuracies = [percent(float(a), 1) for a in variants.test_accuracy_all.values]
    assert rows["accuracy after 3 epochs on 200 examples"] == accuracies
    assert own.run.values.tolist() == list(variants_table.VARIANTS)
    few = [percent(float(a), 1) for a in own.test_accuracy.values]
    assert rows["accuracy after 3 epochs on 100 examples"] == few
    assert own.n_steps.values.tolist() == [3, 3 * 2, 3 * 100]
    ends = [percent(online.attrs[name]) for name in ("frozen_end", "online_end")]
    assert rows["accuracy on a drifting stream at its end"] == ["–", *ends]


def test_what_is_best_and_the_verdicts_follow_from_what_was_measured(recorded: Recorded) -> None:
    made, _, _, (variants, timing, noise, online, own) = table("variants_table", recorded)
    taken = {str(row[0].value): [cell.strong for cell in row[1:]] for row in made.cells}
    sizes = variants.batch_size.values.tolist()

    def best(values: list[float]) -> list[bool]:
        return [value == np.nanmax(values) for value in values]

    ends = min(float(timing.seconds.sel(run=run)[-1]) for run in variants_table.VARIANTS)
    assert timing.attrs["same_seconds"] == ends
    timed = timing.same_test_accuracy.values.tolist()
    stream = [math.nan, online.attrs["frozen_end"], online.attrs["online_end"]]
    peaks = [float(own.peak[own.batch_size.values == size][0]) for size in sizes]
    variance = [float(noise.variance[noise.batch_size.values == size][0]) for size in sizes[1:]]
    assert sum(taken["few examples, 100"]) == sum(taken["many examples, 200"]) == 1
    for row, shares, n in (
        ("few examples, 100", own.test_accuracy.values.tolist(), own.attrs["n_test_all"]),
        ("many examples, 200", timed, timing.attrs["n_test"]),
    ):
        best_share = max(shares)
        within = 2 * math.sqrt(2 * best_share * (1 - best_share) / n)
        assert shares[taken[row].index(True)] >= best_share - within
    assert taken["accuracy on a drifting stream"] == taken["data that stream in"] == best(stream)
    assert taken["little memory"] == best([-peak for peak in peaks])
    assert taken["exact gradients"] == best([-each for each in (0.0, *variance)])
    for row in made.cells[-5:]:  # the verdicts: the words and the heavier type agree
        assert [str(cell.value).startswith(("take it", "ahead")) for cell in row[1:]] == [
            cell.strong for cell in row[1:]
        ]


def test_among_those_as_good_the_quickest_is_ahead() -> None:
    def ahead(*values: float, level: float = 0.0) -> list[str]:
        cells = variants_table._ahead(values, level, [9.0, 7.0, 1.0])
        assert [cell.strong for cell in cells].count(True) == 1
        return [str(cell.value) for cell in cells]

    assert ahead(0.7, 0.93, 0.94) == ["behind", "behind", "ahead"]
    assert ahead(0.7, 0.93, 0.94, level=0.02) == ["behind", "ahead", "as accurate, slower"]
    assert ahead(math.nan, 0.93, 0.94, level=0.5) == ["behind", "ahead", "as accurate, slower"]
    assert _mnist.level(0.9, 1000) == pytest.approx(2 * math.sqrt(0.18 / 1000))


def test_accuracies_at_equal_time_are_of_snapshots_within_it(recorded: Recorded) -> None:
    timing = recording.load(recorded("mnist_timing"))
    same = timing.attrs["same_seconds"]
    assert same == float(timing.seconds[:, -1].min())
    for run in variants_table.VARIANTS:
        one = timing.sel(run=run)
        within = [k for k, at in enumerate(one.seconds.values) if at <= same]
        for name in ("test_accuracy", "test_loss"):
            assert float(one[f"same_{name}"]) == float(one[name][within[-1]])


def test_memory_grows_with_the_batch(record: Record) -> None:
    found = record("variants_table", n_small=500, n_large=8_000, epochs=1)
    assert found.batch_size.values.tolist() == [1, 64, 500, 8_000]
    assert (np.diff(found.peak) > 0).all()
    # At the least what a batch itself takes: 784 pixels of 4 bytes an example.
    assert (found.peak.values[2:] > found.batch_size.values[2:] * 784 * 4).all()
    assert found.peak.attrs["measured"] == 1


def test_the_full_settings_are_the_sources_cut_offs_and_the_other_recordings_network() -> None:
    own = registry.load("experiments", "variants_table").settings
    other = registry.load("experiments", "mnist_mini_batch").settings
    assert (own.n_small, own.n_large) == (2_000, 10_000)
    assert own.n_large == other.n_train
    assert (own.hidden, own.mini_batch, own.lr) == (other.hidden, other.batch_size, other.lr)
    assert (own.epochs, own.seed) == (other.epochs, other.seed)
    assert own.stochastic_lr == registry.load("experiments", "mnist_stochastic").settings.lr
