"""The table of variants: its measured cells are those of the recordings."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from figures.descent import _measured, variants_table
from look.numbers import duration, percent
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
    variants, timing, online, own = (
        recording.load(recorded(name)) for name in variants_table.VISUAL.uses
    )
    assert variants.run.values.tolist() == list(variants_table.VARIANTS)
    sizes = variants.batch_size.values.tolist()
    assert rows["examples"] == [f"{size:,}" for size in sizes]
    assert rows["steps in one epoch"] == [f"{steps:,}" for steps in variants.steps_per_epoch.values]

    def at(data: object, name: str, size: int) -> float:
        found = data[name].values[data.batch_size.values == size]  # type: ignore[index, attr-defined]
        return float(found[0]) if len(found) else math.nan

    made, told, *_ = table("variants_table", recorded)
    (speeds,) = (row[1:] for row in made.cells if row[0].value == "examples a second")
    for cell, size in zip(speeds, sizes, strict=True):
        seconds = at(timing, "step_seconds", size)
        if math.isnan(seconds):
            assert not cell.note
            continue
        amount = float(cell.note.removesuffix(" ms a step").replace(",", "")) / 1e3
        assert amount == pytest.approx(seconds, rel=0.005)
        printed = float(str(cell.value).replace(",", ""))
        assert float(f"{size / amount:.3g}") == printed, "size over time is the printed speed"
    for shown, size in zip(rows["peak memory on top of the network’s own"], sizes, strict=True):
        amount, unit = shown.split("\N{NARROW NO-BREAK SPACE}")
        assert unit == "MiB"
        assert float(amount) == pytest.approx(at(own, "peak", size) / 2**20, rel=0.006)
    for cell, size in zip(speeds, sizes, strict=True):
        rate = at(timing, "throughput", size)
        if not math.isnan(rate):
            assert float(str(cell.value).replace(",", "")) == pytest.approx(rate, rel=0.06)
    accuracies = [percent(float(a)) for a in variants.test_accuracy.values[:, -1]]
    assert rows[f"3 epochs {variants.attrs['n_test']:,} test digits"] == accuracies
    assert own.run.values.tolist() == list(variants_table.VARIANTS)
    assert own.n_steps.values.tolist() == [3, 3 * 2, 3 * 100]
    caption = told.caption
    assert "on 100 digits, 3 epochs of whole batches" in caption
    shares = [percent(float(a)) for a in own.test_accuracy.values]
    assert re.findall(r"to (\d+\u202f%)", caption) == shares
    frozen, goes_on = (percent(online.attrs[name]) for name in ("frozen_end", "online_end"))
    assert f"ends at {goes_on} right, one that no longer learns at {frozen}." in caption


def test_what_is_best_follows_from_what_was_measured(recorded: Recorded) -> None:
    made, _, _, (variants, timing, _, own) = table("variants_table", recorded)
    named = {f"{row[0].value} {row[0].note}".strip(): row[1:] for row in made.cells}
    sizes = variants.batch_size.values.tolist()

    def best(values: list[float]) -> list[bool]:
        return [k == int(np.nanargmax(values)) for k in range(len(values))]

    def level(shares: np.ndarray, n: int) -> list[bool]:
        top = float(shares.max())
        return [top - share < 2 * math.sqrt(2 * top * (1 - top) / n) or share == top
                for share in shares.tolist()]  # fmt: skip

    ends = min(float(timing.seconds.sel(run=run)[-1]) for run in variants_table.VARIANTS)
    assert timing.attrs["same_seconds"] == ends
    peaks = [float(own.peak[own.batch_size.values == size][0]) for size in sizes]
    speeds = [float(timing.throughput[timing.batch_size.values == size][0]) for size in sizes]
    late = level(variants.test_accuracy.values[:, -1], variants.attrs["n_test"])
    soon = level(timing.same_test_accuracy.values, timing.attrs["n_test"])
    assert timing.attrs["level"].split() == [
        run for run, there in zip(variants_table.VARIANTS, soon, strict=True) if there
    ], "and what figure and film say of the same seconds"
    epochs, clock = (name for name in named if name.endswith("test digits"))
    assert epochs.startswith("3 epochs")
    (time,) = (name for name in named if name.startswith("examples a second"))
    by_epochs = "most right in 3 epochs" + ", level" * (sum(late) > 1)
    by_seconds = f"most right in {duration(ends)}" + ", level" * (sum(soon) > 1)
    expected = {
        (time, "most examples a second"): best(speeds),
        (epochs, by_epochs): late,
        (clock, by_seconds): soon,
        ("peak memory on top of the network’s own", "least memory"): best(
            [-peak for peak in peaks]),
    }  # fmt: skip
    said = [str(cell.value).split("\n") for cell in named["best of these\nthree at"]]
    for (row, name), bold in expected.items():
        assert [name in each for each in said] == bold, name
        assert [cell.strong for cell in named[row]] == bold, row
    assert sum(map(len, said)) == sum(map(sum, expected.values())) + 3 - len(
        {k for bold in expected.values() for k in range(3) if bold[k]}
    ), "and nothing else"


@pytest.mark.parametrize(
    ("shares", "n", "same"),
    [
        ([0.76, 0.939, 0.927], 1_000, [False, True, True]),
        ([0.82, 0.941, 0.964], 1_000, [False, False, True]),
        ([0.76, 0.939, 0.927], 10_000, [False, True, False]),
        ([1.0, 1.0, 0.99], 100, [True, True, False]),
    ],
)
def test_two_shares_are_level_where_chance_may_part_them(
    shares: list[float], n: int, same: list[bool]
) -> None:
    assert _measured.level(shares, n) == same
    assert _measured.near(0.9, 1000) == _mnist.level(0.9, 1000)


@pytest.mark.parametrize("size", [1, 8, 64, 512, 4_096, 10_000])
def test_size_over_the_printed_time_is_the_printed_speed(size: int) -> None:
    for seconds in np.random.default_rng(size).uniform(1e-4, 2.0, 300):
        shown = float(_measured.step_time(size, seconds).replace(",", "")) / 1e3
        assert f"{size / shown:.3g}" == f"{size / seconds:.3g}"
        assert shown == pytest.approx(seconds, rel=0.005)


def test_accuracies_are_level_within_two_standard_errors() -> None:
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
