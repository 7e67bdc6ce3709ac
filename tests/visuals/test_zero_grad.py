"""The film of one weight: bars, numbers and losses of both loops are the recorded ones."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pytest
import xarray as xr
from manim import ValueTracker

from look import theme
from look.numbers import counter
from look.words import speaking
from scenes import render
from scenes.descent import zero_grad as scene
from scenes.parts.numbers import Number
from simulate import recording
from tests.figures._drawn import Recorded
from tests.visuals._pen import Pen


@pytest.fixture
def both(recorded: Recorded) -> Iterator[xr.Dataset]:
    both = recording.load(recorded("training_loop"))
    with render.stage(render.Job(module="", recordings={})), speaking(scene.VISUAL, both.attrs):
        yield both


def parts(both: xr.Dataset, run: str, clock: ValueTracker) -> tuple[scene.Gradient, Number]:
    """Return the bar of a loop, and the number beside it."""
    found = scene.lane(both, run, clock)
    (bar,) = (part for part in found if isinstance(part, scene.Gradient))
    return bar, found[-1]


def test_a_round_adds_its_gradient_to_what_is_left(both: xr.Dataset) -> None:
    n_steps = both.sizes["step"] - 1
    for name in ("cleared", "kept"):
        clock = ValueTracker(0)
        bar, number = parts(both, name, clock)
        new = both.gradient_2.sel(run=name).values[:, 1]
        for k in range(n_steps):
            left = float(new[:k].sum()) if name == "kept" else 0.0
            for within in (scene.CLEARED, 0.4, scene.FOUND + 1e-6, 0.9):
                clock.set_value(k + within)
                share = min(1.0, (within - scene.CLEARED) / (scene.FOUND - scene.CLEARED))
                wanted = left, share * new[k]
                if k > 1 and within < scene.FOUND:  # quick: all at once, with its number
                    wanted = left - new[k - 1] if name == "kept" else 0.0, new[k - 1]
                np.testing.assert_allclose(bar.now(), wanted, atol=1e-12)
            assert float(number.text().replace("−", "-")) == pytest.approx(
                left + new[k], abs=0.51 * 10**-bar.places)  # fmt: skip
            step = -both.attrs["lr"] * (left + new[k])
            weights = both.weight_2.sel(run=name).values[:, 1]
            assert weights[k + 1] - weights[k] == pytest.approx(step), "what the step follows"
            if name == "cleared" and k == 1:
                clock.set_value(k + 0.1)
                assert number.text() == "", "while the bar goes"
            if k > 1 or (k and name == "kept"):  # until then the number of before
                clock.set_value(k + 0.1)
                before = float(new[:k].sum()) if name == "kept" else float(new[k - 1])
                assert float(number.text().replace("−", "-")) == pytest.approx(
                    before, abs=0.51 * 10**-bar.places)  # fmt: skip
                assert k > 1 or bar.now()[0] == pytest.approx(before)
            if name == "cleared" and k == 1:
                clock.set_value(k + 0.1)
                assert bar.now()[0] == pytest.approx((1 - 0.1 / scene.CLEARED) * new[0])
        clock.set_value(n_steps)
        total = new[:n_steps].sum() if name == "kept" else new[n_steps - 1]
        assert sum(bar.now()) == pytest.approx(total), "the last round stays"


def test_a_bar_is_as_long_as_its_gradient_on_one_scale(both: xr.Dataset) -> None:
    clock = ValueTracker(2.5)
    scales = set()
    for name in ("cleared", "kept"):
        bar, _ = parts(both, name, clock)
        seen = Pen()
        bar.paint(seen)
        inks = iter(seen.inks)
        assert next(inks) == pytest.approx(
            tuple(int(theme.color("purple")[i : i + 2], 16) / 255 for i in (1, 3, 5)))  # fmt: skip
        old, new = bar.now()
        left, _, wide, _ = seen.bars[0]
        zero = seen.bars[-1][0] + seen.bars[-1][2] / 2
        assert wide == pytest.approx(bar.unit * abs(old + new))
        assert min(abs(left - zero), abs(left + wide - zero)) == pytest.approx(0, abs=1e-9)
        assert (left + wide / 2 > zero) == (old + new > 0)
        over = min(abs(old), max(0.0, np.sign(old) * (old + new)))
        assert seen.bars[1][2] == pytest.approx(bar.unit * over), "what is left of it, paler"
        outlined = seen.bars[2:-1]
        assert len(outlined) == (name == "kept"), "only there something is left over"
        for _, _, wide, _ in outlined:
            assert wide == pytest.approx(bar.unit * abs(old))
        scales.add((bar.unit, bar.low))
        ends = bar.at(np.array([bar.low, bar.high]))
        assert ends.min() >= scene.LEFT - 1e-9
        assert ends.max() < scene.LEFT + scene.WIDE - 1
    assert len(scales) == 1


def test_round_two_adds_up_as_printed(both: xr.Dataset) -> None:
    kept = both.sel(run="kept")
    places, (old, new) = scene.decimals(kept), scene.pieces(kept, 1)
    first, second = both.gradient_2.sel(run="kept").values[:2, 1]
    assert (old, new) == (pytest.approx(first), pytest.approx(second))
    clock = ValueTracker(1.9)
    _, number = parts(both, "kept", clock)
    sums = [Decimal(f"{value:.{places}f}") for value in (old, new)]
    assert sum(sums) == Decimal(number.text().replace("−", "-"))
    clock.set_value(1.4)
    assert number.text() == "", "while the bar grows there is no number of before"


def test_the_call_that_lights_up_is_the_one_that_runs(both: xr.Dataset) -> None:
    clock = ValueTracker(0)
    for name, calls in (("cleared", 3), ("kept", 2)):
        found = scene.lane(both, name, clock)
        grounds = [part for part in found if isinstance(part, scene.Ground)]
        assert [each.line for each in grounds] == [0, 1, 2][-calls:]
        for now, line in ((0.0, None), (0.1, 0), (0.4, 1), (0.64, 1), (0.66, 2), (1.1, 0),
                          (2.0, 2), (2.1, None), (both.sizes["step"] - 1, None)):  # fmt: skip
            clock.set_value(now)
            lit = [each.line for each in grounds if each.runs()]
            assert lit == [line] * (line is not None and line >= 3 - calls), (name, now)


def test_losses_are_the_recorded_ones_and_change_with_the_step(both: xr.Dataset) -> None:
    clock = ValueTracker(0)
    trails = [part for part in scene.losses(both, clock) if isinstance(part, scene.Losses)]
    for trail, name in zip(trails, ("kept", "cleared"), strict=True):
        wanted = np.stack([both.step, both.loss.sel(run=name)], axis=1)
        np.testing.assert_allclose(trail.places, trail.chart.point(*wanted.T))
        assert trail.ink == theme.color(scene.VISUAL.series[name][1])
        half = (1 + scene.FOUND) / 2
        for now, step in ((0, 0), (0.5, 0), (scene.FOUND, 0), (half, 0.5), (1, 1), (2.3, 2)):
            clock.set_value(now)
            assert trail.now() == pytest.approx(step)


def test_the_numbers_at_the_ends_are_those_of_their_curves(both: xr.Dataset) -> None:
    n_steps = both.sizes["step"] - 1
    clock = ValueTracker(n_steps - 0.5)
    found = list(scene.losses(both, clock))
    trails = [part for part in found if isinstance(part, scene.Losses)]
    numbers = [part for part in found if isinstance(part, Number)]
    assert [each.text() for each in numbers] == ["", ""]
    clock.set_value(n_steps)
    ends = {counter(both.loss.sel(run=name)[-1]): trail.places[-1]
            for name, trail in zip(("kept", "cleared"), trails, strict=True)}  # fmt: skip
    for each in numbers:
        np.testing.assert_allclose(each.get_y(), ends[each.text()][1], atol=0.3)
        assert each.get_left()[0] > ends[each.text()][0]
    low, high = sorted(numbers, key=lambda each: float(each.get_y()))
    assert float(low.text()) < float(high.text()), "the lower loss stands lower"


def test_the_ring_is_where_the_loss_without_first_turns(both: xr.Dataset) -> None:
    clock, n_steps = ValueTracker(0), both.sizes["step"] - 1
    found = list(scene.losses(both, clock))
    (ring,) = (part for part in found if isinstance(part, scene.Dip))
    kept = next(part for part in found if isinstance(part, scene.Losses))
    losses = both.loss.sel(run="kept").values.tolist()
    at = next((k for k in range(n_steps) if losses[k + 1] > losses[k]), 0)
    np.testing.assert_allclose(ring.spot, kept.places[at])
    assert not ring.shown()
    clock.set_value(n_steps)
    assert ring.shown() == (at > 0)


def test_its_words_end_in_both_losses(both: xr.Dataset) -> None:
    from look.words import fill, merge

    ends = [f"{float(both.loss.sel(run=name)[-1]):.3g}" for name in ("cleared", "kept")]
    title = fill(scene.VISUAL, merge([both.attrs])).title
    assert f"with zero_grad() the loss comes to {ends[0]}" in title
    assert title.endswith(f"without it to {ends[1]}")
