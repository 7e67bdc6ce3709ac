"""symmetry_breaking: equal units stay equal in double precision; the pictures show them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.interpolate import interpn

from simulate import recording, specs
from simulate.data._load import load
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, narrow
from tests.visuals._networks import filmed
from tests.visuals.test_mechanism_films import staged


def test_equal_units_stay_equal_to_1e_12(record: Record) -> None:
    found = record("symmetry_breaking", n_steps=300, every=50)
    equal = found.unit.sel(run="equal").values
    assert np.abs(equal - equal[:, :1]).max() <= 1e-12
    assert found.attrs["stayed"] == 1
    moved = np.abs(equal[-1] - equal[0]).max()
    assert moved > 0.1, "they did learn"
    random = found.unit.sel(run="random").values
    assert np.ptp(random[0], axis=0).max() > 0.1
    np.testing.assert_allclose(found.apart, np.ptp(found.unit.values, axis=2).max(-1))


def test_equal_units_make_a_straight_boundary(record: Record) -> None:
    found = record("symmetry_breaking", n_steps=300, every=300, n_grid=15, n_train=200)
    p = found.probability.sel(run="equal")[-1].values
    logit = np.log(p / (1 - p))
    x, y = np.meshgrid(found.grid_x, found.grid_y)
    w1, w2, b = found.unit.sel(run="equal").values[-1, 0, :3]
    # Whatever the network is, it is a function of the one sum that all units share.
    order = np.argsort((w1 * x + w2 * y + b).ravel())
    steps = np.diff(logit.ravel()[order])
    assert (steps >= -1e-6).all() or (steps <= 1e-6).all()
    assert found.attrs["random_accuracy"] > found.attrs["equal_accuracy"]


def test_units_are_the_networks_own(record: Record) -> None:
    found = record("symmetry_breaking")
    data = load(specs.Data(name="moons", n_train=40, seed=2))
    for name in ("equal", "rounded", "random"):
        one = found.sel(run=name).isel(snapshot=-1)
        unit = torch.from_numpy(one.unit.values)
        hidden = torch.tanh(torch.from_numpy(data.x_train).double() @ unit[:, :2].T + unit[:, 2])
        by_class = hidden @ unit[:, 3:]
        net_loss = float(one.loss)
        # The two output biases are what is left; the loss says which difference they have.
        differences = torch.linspace(-3, 3, 6001, dtype=torch.float64)
        logits = by_class[:, 1] - by_class[:, 0] + differences[:, None]
        target = torch.from_numpy(data.y_train).double().expand(6001, -1)
        losses = torch.nn.functional.binary_cross_entropy_with_logits(
            logits, target, reduction="none"
        ).mean(1)
        assert float((losses - net_loss).abs().min()) < 1e-3
    np.testing.assert_allclose(found.loss.values[:2, 0], np.log(2), atol=1e-6)


def _distinct(units: np.ndarray) -> int:
    """Count lines by where they cross a wide circle: two points that no other line has."""
    crossings = []
    for w1, w2, b in units:
        turn = np.arctan2(w2, w1)
        half = np.arccos(np.clip(-b / (50 * np.hypot(w1, w2)), -1, 1))
        crossings.append(np.exp(1j * np.sort((np.array([turn - half, turn + half])) % (2 * np.pi))))
    apart = [[min(np.abs(one - other).max(), np.abs(one - other[::-1]).max())
              for other in crossings] for one in crossings]  # fmt: skip
    return sum(all(row[j] > 2e-3 for j in range(i)) for i, row in enumerate(apart))


@pytest.mark.parametrize("narrowed", [False, True])
def test_each_map_has_its_own_lines_and_words(narrowed: bool, recorded: Recorded) -> None:
    fig, (found,) = drawn("symmetry_breaking", recorded)
    if narrowed:
        sheet = narrow("symmetry_breaking", recorded)
        assert sheet is not None
        fig = sheet
    for ax, name in zip(fig.axes, ("equal", "random"), strict=True):
        lines = [each for each in ax.get_lines() if each.get_label() == "unit"]
        one = found.sel(run=name).isel(snapshot=-1)
        assert len(lines) == len(one.unit)
        for shown, (w1, w2, b, *_) in zip(lines, one.unit.values, strict=True):
            x, y = shown.get_data()
            np.testing.assert_allclose(w1 * x + w2 * y + b, 0, atol=1e-6)
        texts = [text.get_text() for text in ax.texts]
        n = _distinct(one.unit.values[:, :3])
        units = f"{len(one.unit)} units, {'one line' if n == 1 else f'{n} lines'}"
        right = f"{float(one.accuracy):.0%}".replace("%", "\u202f%") + " right"
        apart = float(np.ptp(one.unit.values, axis=0).max())
        far = "exactly 0" if apart == 0 else f"up to {apart:.1f}" if apart >= 0.1 else (
            "less than 0.1")  # fmt: skip
        assert texts == [NAMED[name], units, right, f"weights differ by {far}"]
        (bound,) = (each for each in ax.collections if each.get_label() == "boundary")
        along = bound.get_paths()[0].vertices
        p = interpn((found.grid_y, found.grid_x), one.probability.values, along[:, ::-1])
        assert np.abs(p - 0.5).max() < 0.25, "where the network is undecided"


NAMED = {
    "equal": "all weights equal", "random": "random weights", "rounded": "equal, with 32 bits",
    "exact": "equal, with 64 bits",
}  # fmt: skip


def test_the_film_counts_each_networks_lines_under_its_own_map(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.initialization import symmetry_breaking as film
    from scenes.parts.numbers import Number

    found = recording.load(recorded("symmetry_breaking"))
    for section, texts in filmed("symmetry_breaking", recorded).items():
        late = section in ("again", "end")
        left, right = ("exact", "rounded") if late else ("equal", "random")
        named = [text for text in texts if text in NAMED.values()]
        assert sorted(named) == sorted([NAMED[left], NAMED[right]])
        if section in ("training", "end", "lesson"):  # both have learnt to the end
            wanted = []
            for name in ("equal", "rounded" if late else "random"):
                n = _distinct(found.unit.sel(run=name).values[-1, :, :3])
                wanted.append(
                    f"{found.attrs['hidden']} units, " + (f"{n} lines" if n > 1 else "one line")
                )
            assert sorted(text for text in texts if " units, " in text) == sorted(wanted)
    with staged("symmetry_breaking", recorded):
        for name in found.run.values:
            one = found.sel(run=name)
            for k in (0, len(found.snapshot) - 1):
                clock = ValueTracker(float(found.snapshot[k]))
                parts = film.mapped(found, name, clock, -3.0)
                shown = [part for part in parts if isinstance(part, Number)]
                n = _distinct(one.unit.values[k, :, :3])
                said = "one line" if n == 1 else f"{n} lines"
                right = f"{float(one.accuracy[k]):.0%}".replace("%", "\u202f%")
                assert [part.text() for part in shown] == [
                    f"step {int(found.snapshot[k]):,}", f"{found.attrs['hidden']} units, {said}",
                    f"{right} right"]  # fmt: skip
                assert shown[1].get_left()[0] == pytest.approx(-3.0)


def test_between_two_recorded_steps_the_film_shows_the_former(recorded: Recorded) -> None:
    """A mean of two networks is none: two straight boundaries have a bent mean."""
    from manim import ValueTracker

    from scenes.initialization import symmetry_breaking as film

    with staged("symmetry_breaking", recorded) as found:
        one = found.sel(run="equal")
        for k, step in enumerate(found.snapshot.values.tolist()):
            clock = ValueTracker(step + 0.4)
            field, _, lines = film.plane(found, "equal", clock, 0.0, 0.0, 4.0, 0.05, 4.0)
            np.testing.assert_array_equal(field.now(), one.probability[k])
            np.testing.assert_array_equal(lines.units(clock.get_value()), one.unit[k, :, :3])
