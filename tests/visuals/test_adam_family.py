"""adam_family: each relative's own rule along the gradients, the road to the maximum, the decay."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr
from manim import ValueTracker

from scenes import render
from scenes.optimizers import adam_family
from scenes.parts.charts import Chart
from simulate import registry
from simulate.errors import UserError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, narrow
from tests.visuals._networks import filmed, said
from tests.visuals._whole import behind, colored, labels, points
from tests.visuals.test_mechanism_films import staged

B1, B2 = 0.9, 0.95


def steps_of(gradients: list[float]) -> dict[str, list[float]]:
    """Return the length of each step in η, by the papers' rules in float64."""
    found: dict[str, list[float]] = {
        name: [] for name in ("adam", "amsgrad", "adamax", "nadam", "radam")
    }
    m = v = top = u = 0.0
    product = 1.0
    limit = 2 / (1 - B2) - 1
    for t, g in enumerate(gradients, 1):
        m, v = B1 * m + (1 - B1) * g, B2 * v + (1 - B2) * g * g
        top, u = max(top, v), max(B2 * u, abs(g))
        m_hat, lack = m / (1 - B1**t), 1 - B2**t
        found["adam"].append(m_hat / math.sqrt(v / lack))
        found["amsgrad"].append(m_hat / math.sqrt(top / lack))
        found["adamax"].append(m_hat / u)
        now, later = (B1 * (1 - 0.5 * 0.96 ** (0.004 * (t + k))) for k in (0, 1))
        product *= now
        ahead = later * m / (1 - product * later) + (1 - now) * g / (1 - product)
        found["nadam"].append(ahead / math.sqrt(v / lack))
        rho = limit - 2 * t * B2**t / lack
        trust = 1.0
        if rho > 5:
            top_, under = (rho - 4) * (rho - 2) * limit, (limit - 4) * (limit - 2) * rho
            trust = math.sqrt(top_ / under) / math.sqrt(v / lack)
        found["radam"].append(m_hat * trust)
    return found


@pytest.fixture(scope="module")
def full(record: Record) -> xr.Dataset:
    return record("adam_family", spike_step=41, n_steps=120, n_random=60, decay_steps=150)


def test_each_steps_by_its_own_rule(full: xr.Dataset) -> None:
    gradients = [1.0] * 120
    gradients[40] = 10.0
    np.testing.assert_array_equal(full.gradient, gradients)
    for name, steps in steps_of(gradients).items():
        np.testing.assert_allclose(full["size"].sel(run=name), steps, rtol=1e-5, err_msg=name)
        assert full.attrs[f"{name}_end"] == pytest.approx(steps[-1], rel=1e-5)
    assert full.attrs["keeps"]
    sizes = full["size"]
    assert full.attrs["adamax_low"] == pytest.approx(float(sizes.sel(run="adamax")[40:].min()))
    assert full.attrs["nadam_peak"] == pytest.approx(float(sizes.sel(run="nadam")[40]))
    assert full.attrs["radam_plain"] == 5
    assert full.attrs["radam_after"] == pytest.approx(float(sizes.sel(run="radam")[5]))


def test_amsgrad_never_divides_by_less_and_is_not_said_to_where_it_does_not(
    full: xr.Dataset, record: Record
) -> None:
    ams, adam = (full["size"].sel(run=name).values for name in ("amsgrad", "adam"))
    assert (ams <= adam * (1 + 1e-6)).all()
    assert not record("adam_family", spike=1.0).attrs["keeps"]


def test_the_road_leads_from_adams_root_to_adamaxs_maximum(full: xr.Dataset) -> None:
    sizes, powers = full.drawn.values, full.power.values
    assert powers[0] == 2
    assert np.isinf(powers[-1])
    u, largest = 0.0, []
    for g in sizes:
        u = max(B2 * u, g)  # the maximum itself: no root
        largest.append(u)
    np.testing.assert_allclose(full.norm[-1], largest, rtol=1e-6)
    for k in (0, 4, 8, 12):
        p, v, norm = float(powers[k]), 0.0, []
        for g in sizes:
            v = B2**p * v + (1 - B2**p) * g**p
            norm.append(v ** (1 / p))
        np.testing.assert_allclose(full.norm[k], norm, rtol=1e-6)
    off = np.abs(full.norm.values - full.norm.values[-1]).mean(1)
    assert (np.diff(off) < 0).all(), "nearer with every power"
    assert off[-2] < 0.01 * sizes.max()


def test_decay_outside_is_alike_and_inside_is_divided(full: xr.Dataset) -> None:
    def walk(sign_sizes: float, *, inside: bool) -> list[float]:
        theta, m, v, path = 1.0, 0.0, 0.0, [1.0]
        for t in range(1, 151):
            g = (-1.0) ** (t - 1) * np.float64(np.float32(sign_sizes))
            if inside:
                g = g + 1.0 * theta
            else:
                theta -= 0.01 * 1.0 * theta
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
            theta -= 0.01 * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
            path.append(theta)
        return path

    for way, inside in (("outside", False), ("inside", True)):
        for name, size in (("large", 10.0), ("small", 0.1)):
            weight = full.weight.sel(run_decay=way, param=name)
            np.testing.assert_allclose(weight, walk(size, inside=inside), rtol=1e-9, atol=1e-12)
            assert full.attrs[f"{way}_{name}"] == pytest.approx(float(weight[-1]))
    assert full.attrs["alike"]
    assert full.attrs["apart"]
    assert full.attrs["outside_large"] == pytest.approx((1 - 0.01) ** 150, abs=0.01)


def test_a_spike_after_the_end_is_refused(record: Record) -> None:
    with pytest.raises(UserError, match="spike_step is 99, but there are 80 steps"):
        record("adam_family", spike_step=99)


def test_curves_and_notes_are_the_recordings(recorded: Recorded) -> None:
    fig, (found,) = drawn("adam_family", recorded)
    texts = said(fig)
    for name in ("adam", "amsgrad"):
        curve = line(fig, registry.row("optimizers", name).label)
        np.testing.assert_array_equal(curve.get_xdata(), found.step)
        np.testing.assert_array_equal(curve.get_ydata(), found["size"].sel(run=name))
    for name in ("adam", "amsgrad"):
        end = texts.index(registry.row("optimizers", name).label) + 1
        assert texts[end] == f"{float(found['size'].sel(run=name)[-1]):.2f} η"
    (bars,) = fig.axes[1].containers
    spike, step = found.attrs["spike"], found.attrs["spike_step"]
    at = np.array([bar.get_x() + bar.get_width() / 2 for bar in bars])
    heights = np.array([bar.get_height() for bar in bars])
    np.testing.assert_allclose(at, found.step)
    np.testing.assert_allclose(heights / heights.max(), np.where(at == step, 1, 1 / spike))


def test_all_marks_and_words_are_the_recordings(recorded: Recorded) -> None:
    wide, (found,) = drawn("adam_family", recorded)
    slim = narrow("adam_family", recorded)
    assert slim is not None
    steps = steps_of(found.gradient.values.tolist())
    spike = float(found.gradient.max())
    ends = {"Adam": steps["adam"][-1], "AMSGrad": steps["amsgrad"][-1]}
    notes = {label: f"{end:.2f} η" for label, end in ends.items()}
    for fig in (wide, slim):
        ax, under, _ = fig.axes
        assert labels(ax) == sorted(["length of a step", *notes, *notes.values()])
        assert labels(under) == sorted(["gradient", f"one gradient of {spike:g}"])
        ticks = {float(text.get_text()) for text in under.get_yticklabels()}
        assert ticks == {1.0, spike}
        assert ax.get_xlim() == under.get_xlim()
        (left, _, wide, _), (left_2, _, wide_2, _) = (a.get_position().bounds for a in (ax, under))
        assert (left, wide) == pytest.approx((left_2, wide_2)), "one axis of steps"
        assert {label: behind(ax, label) for label in notes} == notes
        marks = sorted((len(steps["adam"]), end) for end in ends.values())
        np.testing.assert_allclose(points(ax), marks, rtol=1e-5)
        tall = np.array([bar.get_height() for bar in under.patches])
        np.testing.assert_allclose(tall, np.abs(found.gradient))
        middles = [bar.get_x() + bar.get_width() / 2 for bar in under.patches]
        np.testing.assert_allclose(middles, found.step)
        for label, token in (("Adam", "vermillion"), ("AMSGrad", "brown")):
            assert colored(line(fig, label).get_color(), token)


def test_the_film_ends_the_road_at_infinity(recorded: Recorded) -> None:
    sections = filmed("adam_family", recorded)
    with xr.open_dataset(recorded("adam_family")) as found:
        assert {*adam_family.RESTS} <= {*found.power.values.tolist()}
        n = found.sizes["step_drawn"]
    rests = ["2", "4", "16", "∞"]
    for texts in sections.values():
        assert {*rests} <= {*texts}
    assert any(f"sizes of {n} random gradients" in text for text in sections["root"])
    divided = {"root": 'sqrt("average of" g^2)', "powers": 'root(p, "average of" abs(g)^p)',
               "maximum": "u arrow.l max(beta_2 u, abs(g))"}  # fmt: skip
    for section, own in divided.items():
        assert [text for text in sections[section] if text in divided.values()] == [own]
    assert any(text.startswith("At p = ∞ only the largest") for text in sections["maximum"])


def test_a_power_is_bright_where_the_line_is_its_own(recorded: Recorded) -> None:
    """And the knob is between two powers where the line is between theirs."""
    state = ValueTracker(0)
    with staged("adam_family", recorded) as found:
        powers = found.power.values
        rests = [int(np.flatnonzero(powers == power)[0]) for power in (2, 4, 16, np.inf)]
        slider = adam_family.Slider(powers, rests, state)
        _, *stops = slider.stops
        marks = []
        for at in range(len(powers)):
            state.set_value(at)
            bright = [stop.text() for stop in stops if stop.lit()]
            if at in rests:
                assert bright == ["∞" if np.isinf(powers[at]) else f"{powers[at]:.0f}"]
                (own,) = (stop for stop in stops if stop.lit())
                assert own.get_center()[0] == pytest.approx(slider.knob(), abs=1e-6)
            else:
                assert bright == []
            marks.append(slider.knob())
            if at + 1 < len(powers):
                state.set_value(at + 0.1)
                assert not any(stop.lit() for stop in stops)
    assert (np.diff(marks) > 0).all()


def test_what_stays_bright_is_what_the_maximum_was_taken_of(full: xr.Dataset) -> None:
    u, wanted = 0.0, []
    for k, g in enumerate(full.drawn.values.tolist()):
        if g >= B2 * u:
            wanted.append(k)
        u = max(B2 * u, g)
    assert 1 < len(wanted) < 0.5 * full.sizes["step_drawn"]
    chart = Chart((0, 0), 8, 4, (0, 60), (0, 6))
    with render.stage(render.Job(module="", recordings={})):
        bars = adam_family.counted(chart, full, ValueTracker(60))
    tips = chart.point(np.array(wanted) + 1, full.drawn.values[wanted])
    np.testing.assert_allclose(bars.tips, tips)


def test_each_name_stands_at_the_end_of_its_line(full: xr.Dataset) -> None:
    last = full.drawn.values[-1]
    root = float(full.norm[0, -1])
    assert last < root < float(full.norm[-1, -1])
    with render.stage(render.Job(module="", recordings={})):
        for high in (4.0, 100.0):
            chart = Chart((0, 0), 8, 4, (0, 60), (0, high))
            found = adam_family.names(chart, full)
            assert [name.text for name in found] == ["Adam", "AdaMax"]
            places = [name.get_center()[1] for name in found]
            ends = chart.point(60, full.norm.values[[0, -1], -1])[:, 1]
            if high == 4.0:
                np.testing.assert_allclose(places, ends, atol=0.1)
            assert places[1] - places[0] > 0.45, "none on the other"


def test_the_films_line_is_the_root_of_each_power(recorded: Recorded) -> None:
    with staged("adam_family", recorded) as found:
        sizes, powers = found.drawn.values, found.power.values
        n, last = len(sizes), len(powers) - 1
        chart = Chart((0, 0), 8, 4, (0, n), (0, 2))
        line = adam_family.Divisor(chart, found.norm.values, ValueTracker(n), ValueTracker(0))
        for k in (0, last // 2, last):
            p, v, norm = float(powers[k]), 0.0, []
            for g in sizes.tolist():
                v = max(B2 * v, g) if k == last else B2**p * v + (1 - B2**p) * g**p
                norm.append(v if k == last else v ** (1 / p))
            np.testing.assert_allclose(line.lines[k], chart.point(np.arange(1, n + 1), norm),
                                       rtol=1e-5)  # fmt: skip
    sections = filmed("adam_family", recorded)
    shown = [[t for t in texts if t in ("Adam", "AdaMax")] for texts in sections.values()]
    assert shown == [[], ["Adam"], ["Adam", "AdaMax"]]
