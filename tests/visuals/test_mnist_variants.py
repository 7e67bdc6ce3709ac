"""Batch, mini-batch and stochastic descent side by side: what must be true, and what is drawn."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
import torch
import xarray as xr

from figures.descent import mnist_variants as mnist_variants_row
from look.numbers import percent
from look.words import fill
from simulate import recorder, recording, specs
from simulate.data.choice import Choice
from simulate.experiments.descent import mnist_timing, mnist_variants
from simulate.training import batches, examples
from simulate.training import execute as executing
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line
from tests.visuals._networks import filmed
from tests.visuals._whole import colored, labels, points, tidy

SINGLE = {
    "batch": "mnist_batch",
    "mini_batch": "mnist_mini_batch",
    "stochastic": "mnist_stochastic",
}
CONTEXT = recorder.Context(data=Choice.embedded())


def full(name: str) -> specs.Train:
    (spec,) = recorder.plan(recorder.runs(name, CONTEXT), CONTEXT).specs.values()
    assert isinstance(spec, specs.Train)
    return spec


def test_the_runs_are_those_of_the_three_single_pictures() -> None:
    together = recorder.plan(recorder.runs("mnist_variants", CONTEXT), CONTEXT).addresses
    for variant, name in SINGLE.items():
        (address,) = recorder.plan(recorder.runs(name, CONTEXT), CONTEXT).addresses.values()
        assert together[variant] == address, "nothing is trained twice"


def test_the_full_runs_are_the_blogs_protocol() -> None:
    """From the sizes alone: training for a million steps is left to the recording."""
    steps = {}
    for variant, name in SINGLE.items():
        spec = full(name)
        assert (spec.data.name, spec.data.n_train, spec.data.n_test) == ("mnist", 10_000, 1_000)
        assert (spec.epochs, spec.loss, spec.replacement) == (100, "cross_entropy", False)
        assert spec.optimizer.name == "sgd"
        assert len(spec.model.settings["widths"]) == 1 + 4, "four layers of weights"
        size = spec.batch_size or 10_000
        per_epoch = -(-10_000 // size)
        steps[variant] = 100 * per_epoch
        if variant == "mini_batch":
            assert divmod(10_000, size) == (19, 272)
    assert steps == {"batch": 100, "mini_batch": 2_000, "stochastic": 1_000_000}


def test_the_batches_of_an_epoch_are_19_of_512_and_one_of_272() -> None:
    """As the engine itself cuts them, at full size."""
    spec = full("mnist_mini_batch")
    found = batches.Shuffled(
        examples.Arrays(torch.zeros(10_000, 1), torch.zeros(10_000)),
        spec.batch_size,
        replacement=spec.replacement,
        seed=spec.seed,
    )
    assert found.steps_per_epoch == 20
    assert sorted(found.order(0)) == list(range(10_000)), "each example once"
    assert [len(found.batch(step)[1]) for step in range(20)] == [512] * 19 + [272]


def test_all_three_start_from_the_same_weights() -> None:
    same = {(spec.seed, specs.canonical(spec.model), specs.canonical(spec.data))
            for spec in map(full, SINGLE.values())}  # fmt: skip
    assert len(same) == 1


@pytest.fixture(scope="module")
def variants(record: Record) -> xr.Dataset:
    """Return the three runs on few digits, long enough to part."""
    return record("mnist_variants", epochs=12, n_train=400)


def test_the_variants_are_their_recordings_side_by_side(
    record: Record, variants: xr.Dataset
) -> None:
    for name, single in SINGLE.items():
        alone = record(single, epochs=12, n_train=400)
        here = variants.sel(run=name)
        for curve in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
            np.testing.assert_array_equal(here[curve], alone[curve])
        assert float(here.lr) == alone.attrs["lr"]
    np.testing.assert_array_equal(variants.epoch_examples[0], np.arange(13) * 400)
    assert np.unique(variants.test_loss[:, 0]).size == 1


def test_smooth_spiky_and_in_between_are_measured(record: Record, variants: xr.Dataset) -> None:
    jump = dict(zip(variants.run.values.tolist(), variants.jump.values, strict=True))
    assert jump["batch"] < jump["mini_batch"] < jump["stochastic"]
    loss = record("mnist_mini_batch", epochs=12, n_train=400).loss.values.astype(float)
    expected = np.mean(np.abs(loss[1:] - loss[:-1])) / np.mean(loss)
    assert jump["mini_batch"] == pytest.approx(expected)
    assert variants.attrs["jump_mini_batch"] == jump["mini_batch"]


def test_time_is_compared_on_one_backend_alone() -> None:
    assert mnist_timing.EXPERIMENT.alone
    assert not mnist_variants.EXPERIMENT.alone
    settings = mnist_timing.Settings()
    timed = mnist_timing.timed(settings)
    assert {cast("specs.Train", spec).backend for spec in timed.values()} == {"eager"}
    runs = recorder.plan(recorder.runs("mnist_timing", CONTEXT), CONTEXT).specs
    for name, single in SINGLE.items():
        spec, other = runs[name], full(single)
        short = timed[other.batch_size or settings.n_train]
        assert isinstance(spec, specs.Train)
        assert isinstance(short, specs.Train)
        for field in ("data", "model", "batch_size", "seed"):
            assert getattr(short, field) == getattr(other, field)
            assert getattr(spec, field) == getattr(other, field), "but for its length, the same"
        assert spec.optimizer == other.optimizer


def test_all_that_is_timed_is_timed_at_one_sitting(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the store keeps run by run would mix times of different days."""
    done: list[specs.Run] = []
    plain = executing.execute

    def counted(spec: specs.Run, *given: Any) -> xr.Dataset:
        done.append(spec)
        return plain(spec, *given)

    monkeypatch.setattr(executing, "execute", counted)
    tiny = mnist_timing.EXPERIMENT.tiny
    for snapshots in (3, 2):  # nothing that has to do with the clock
        done.clear()
        record("mnist_timing", snapshots=snapshots)
        settings = cast("mnist_timing.Settings", specs.updated(tiny, {"snapshots": snapshots}))
        timed = list(mnist_timing.timed(settings).values())
        assert [spec for spec in done if spec in timed] == timed * settings.rounds


def test_the_single_steps_begin_as_they_are_timed(recorded: Recorded) -> None:
    found = recording.load(recorded("mnist_timing"))
    timed = found.sel(run="stochastic")
    assert float(found.early_steps[0]) == 0
    for name in ("steps", "test_loss", "test_accuracy"):
        early = found[f"early_{name}"]
        assert float(early[0]) == float(timed[name][0])
        assert float(early[-1]) == pytest.approx(float(timed[name][1])), "where the other goes on"
    assert len(np.unique(found.early_test_loss)) > 2


def test_timing_is_marked_and_adds_up(recorded: Recorded) -> None:
    found = recording.load(recorded("mnist_timing"))
    measured = {str(name) for name in found.data_vars if found[name].attrs.get("measured")}
    assert measured == {
        "seconds", "step_seconds", "throughput", "same_test_loss", "same_test_accuracy"
    }  # fmt: skip
    assert (found.seconds[:, 0] == 0).all()
    assert (found.seconds.diff("snapshot") > 0).all()
    np.testing.assert_allclose(found.throughput, found.batch_size / found.step_seconds)
    assert found.batch_size.values.tolist() == [1, 16, 64, 200]
    for run, size in (("batch", 200), ("mini_batch", 64), ("stochastic", 1)):
        (rate,) = found.throughput.values[found.batch_size.values == size]
        np.testing.assert_allclose(found.seconds.sel(run=run) * rate, found.examples.sel(run=run))
    examples = found.examples.sel(run="stochastic")
    np.testing.assert_array_equal(examples, found.steps.sel(run="stochastic"))
    assert found.examples.sel(run="batch").values.tolist() == [0, 400, 800, 1200]
    assert found.examples.sel(run="mini_batch").values[1] == 200, "an epoch of 64 + 64 + 64 + 8"
    assert np.unique(found.test_loss[:, 0]).size == 1
    # The timed training is the training: in as many steps, the same loss.
    variants = recording.load(recorded("mnist_variants"))
    at = found.steps.sel(run="mini_batch").values.tolist()
    for epoch, steps in enumerate(variants.epoch_steps.sel(run="mini_batch").values.tolist()):
        loss = float(variants.test_loss.sel(run="mini_batch")[epoch])
        here = found.test_loss.sel(run="mini_batch")[at.index(steps)]
        assert float(here) == pytest.approx(loss, rel=1e-5)


NAMES = {"batch": "batch", "mini_batch": "mini-batch", "stochastic": "stochastic"}


def told(variants: xr.Dataset, timing: xr.Dataset) -> tuple[dict[str, str], dict[str, str]]:
    """What stands at the ends of both charts, by run: the share, and what the other one counts."""
    last, n_train = variants.attrs["early_epoch"], variants.attrs["n_train"]
    same = min(float(each[-1]) for each in timing.seconds)
    ends: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for run, size in zip(variants.run.values.tolist(), variants.batch_size.values, strict=True):
        (step,) = timing.step_seconds.values[timing.batch_size.values == size]
        share = percent(float(variants.test_accuracy.sel(run=run)[last]))
        ends[0][run] = f"{NAMES[run]} {share}\nin {last * n_train / size * step:.1f} s"
        share = percent(float(timing.same_test_accuracy.sel(run=run)))
        seen = size / step * same
        ends[1][run] = f"{NAMES[run]} {share}\n{seen:,.0f} examples"
    return ends


def test_the_figure_draws_the_recordings(recorded: Recorded) -> None:
    fig, (variants, timing) = drawn("mnist_variants", recorded)
    last, n_train = variants.attrs["early_epoch"], variants.attrs["n_train"]
    by_examples, by_seconds = told(variants, timing)
    for run in variants.run.values.tolist():
        x, y = line(fig, by_examples[run], 0).get_xydata().T
        np.testing.assert_array_equal(x, n_train * np.arange(last + 1))
        np.testing.assert_array_equal(y, variants.test_accuracy.sel(run=run)[: last + 1])
        # As far as all were timed, and no further.
        x, y = line(fig, by_seconds[run], 1).get_xydata().T
        one = timing.sel(run=run)
        same = min(float(each[-1]) for each in timing.seconds)
        within = [k for k, at in enumerate(one.seconds.values) if at <= same]
        np.testing.assert_array_equal(x, one.seconds[within])
        np.testing.assert_array_equal(y, one.test_accuracy[within])
    caption = fill(mnist_variants_row.VISUAL, variants.attrs | timing.attrs).caption
    rates = {run: float(variants.lr.sel(run=run)) for run in variants.run.values.tolist()}
    of = {"batch": "whole batches", "stochastic": "single digits",
          "mini_batch": f"batches of {int(variants.attrs['mini_batch']):,}"}  # fmt: skip
    for run, rate in rates.items():
        assert f"{rate:g} for {of[run]}" in caption


def test_the_ones_ahead_at_a_charts_end_are_in_bold(recorded: Recorded) -> None:
    fig, (variants, timing) = drawn("mnist_variants", recorded)
    by_examples = variants.test_accuracy.values[:, variants.attrs["early_epoch"]]
    by_seconds = timing.same_test_accuracy.values
    # By the clock, what lies closer than chance may put it counts as level.
    near = by_seconds.max() - 2 * np.sqrt(
        2 * by_seconds.max() * (1 - by_seconds.max()) / timing.attrs["n_test"])  # fmt: skip
    first = by_examples == by_examples.max()
    for ax, ends, best in zip(
        fig.axes, told(variants, timing),
        (first & (first.sum() == 1), (by_seconds > near) | (by_seconds == by_seconds.max())),
        strict=True,
    ):  # fmt: skip
        bold = {text.get_text() for text in ax.texts if text.get_weight() == "semibold"}
        wanted = {ends[run] for run, there in zip(NAMES, best, strict=True) if there}
        assert bold - {"by examples", "by the clock"} == wanted


def test_all_that_are_level_are_in_bold(recorded: Recorded) -> None:
    from figures import render

    _, (variants, timing) = drawn("mnist_variants", recorded)
    for level in ("batch stochastic", "mini_batch", "stochastic"):
        other = timing.assign_attrs(level=level)
        fig = render.figure(
            "figures.descent.mnist_variants",
            {"mnist_variants": variants, "mnist_timing": other}, "dark",
        )  # fmt: skip
        bold = {text.get_text() for text in fig.axes[1].texts if text.get_weight() == "semibold"}
        wanted = {told(variants, timing)[1][run] for run in level.split()}
        assert bold - {"by the clock"} == wanted


def test_all_of_both_charts_is_the_recordings(recorded: Recorded) -> None:
    fig, (variants, timing) = drawn("mnist_variants", recorded)
    last, n_train = variants.attrs["early_epoch"], variants.attrs["n_train"]
    runs = variants.run.values.tolist()
    same = min(float(each[-1]) for each in timing.seconds)
    by_examples = [(n_train * last, float(variants.test_accuracy.sel(run=run)[last]))
                   for run in runs]  # fmt: skip
    by_seconds = []
    for run in runs:
        one = timing.sel(run=run)
        k = int(np.flatnonzero(one.seconds.values <= same)[-1])
        by_seconds.append((float(one.seconds[k]), float(one.test_accuracy[k])))
    looks = ("indigo", "green", "vermillion")
    first = f"untrained: {percent(float(variants.test_accuracy[0, 0]))}"
    heads = ["by examples", f"{last} epochs"], ["by the clock", "one CPU thread"]
    for panel, (ax, ends, head) in enumerate(
        zip(fig.axes, (by_examples, by_seconds), heads, strict=True)
    ):
        names = told(variants, timing)[panel]
        assert labels(ax) == tidy([first, *head, *names.values()])
        np.testing.assert_allclose(points(ax), sorted(ends))
        for (run, place), token in zip(zip(runs, ends, strict=True), looks, strict=True):
            assert colored(line(fig, names[run], panel).get_color(), token)
            (text,) = (text for text in ax.texts if text.get_text() == names[run])
            assert text.xy == pytest.approx(place)


def test_the_films_first_race_rests_at_what_was_measured() -> None:
    from scenes.descent.mnist_variants import glide

    at = np.array([10 * glide(t, 10) for t in np.linspace(0, 1, 1001)])
    assert (at[0], at[-1]) == (0, 10)
    assert (np.diff(at) >= 0).all()
    assert np.mean(np.isclose(at, np.round(at))) > 0.35


def test_the_film_counts_each_lanes_steps(recorded: Recorded) -> None:
    _, (variants, timing) = drawn("mnist_variants", recorded)
    sections, last = filmed("mnist_variants", recorded), variants.attrs["early_epoch"]
    n, sizes = variants.attrs["n_train"], variants.batch_size.values.tolist()
    steps = [last * -(-n // size) for size in sizes]
    told = [f"{each:,} step" + "s" * (each != 1) for each in steps]
    start = sections["start"]
    assert [text for text in start if text.endswith((" step", " steps"))] == told
    assert f"{last * n:,} examples seen" in start
    same = min(float(each[-1]) for each in timing.seconds)
    later = []
    for run in variants.run.values:
        one = timing.sel(run=run)
        done = int(np.interp(same, one.seconds.values, one.steps.values) + 1e-6)
        later.append(f"{done:,} step" + "s" * (done != 1))
    for section in ("seconds", "verdict"):
        texts = sections[section]
        assert [text for text in texts if text.endswith((" step", " steps"))] == later
        assert f"{same:.1f} s of training" in texts
