"""adam_moments: torch's own state, corrections computed from it, and arithmetic that adds up."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker

from scenes.optimizers import adam_moments
from simulate.errors import UserError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line
from tests.visuals._networks import filmed, said, value
from tests.visuals._pen import Pen
from tests.visuals._whole import colored, labels
from tests.visuals.test_mechanism_films import staged

FULL = {"n_steps": 60}


@pytest.fixture(scope="module")
def full(record: Record) -> xr.Dataset:
    return record("adam_moments", **FULL)


def test_the_moments_are_torchs_state_and_the_corrections_follow(full: xr.Dataset) -> None:
    theta = torch.tensor([-2.5], dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam([theta], lr=0.1, betas=(0.9, 0.999), eps=1e-8)
    for k in range(60):
        assert float(full.theta[k]) == pytest.approx(theta.item(), rel=1e-12)
        adam.zero_grad()
        (0.5 * theta**2).sum().backward()
        assert theta.grad is not None
        assert float(full.gradient[k]) == pytest.approx(theta.grad.item(), rel=1e-12)
        adam.step()
        state = adam.state[theta]
        m, v = state["exp_avg"].item(), state["exp_avg_sq"].item()
        assert float(full.m[k]) == pytest.approx(m, rel=1e-12)
        assert float(full.v[k]) == pytest.approx(v, rel=1e-12)
        m_hat, v_hat = m / (1 - 0.9 ** (k + 1)), v / (1 - 0.999 ** (k + 1))
        assert float(full.m_hat[k]) == pytest.approx(m_hat, rel=1e-9)
        assert float(full.v_hat[k]) == pytest.approx(v_hat, rel=1e-9)
        assert float(full.move[k]) == pytest.approx(
            -0.1 * m_hat / (math.sqrt(v_hat) + 1e-8), rel=1e-9
        )
        assert float(full.plain_ratio[k]) == pytest.approx(m / (math.sqrt(v) + 1e-8), rel=1e-9)


def test_the_first_step_is_eta_on_any_slope(full: xr.Dataset) -> None:
    assert full.attrs["same"]
    assert full.attrs["alike"]
    np.testing.assert_allclose(full.steep_move, full.move, rtol=1e-5, atol=1e-9)
    assert float(full.move[0]) == pytest.approx(0.1, rel=1e-7)
    assert full.attrs["first_slope"] == 2.5
    assert full.attrs["steep_slope"] == 250
    assert full.attrs["plain_first"] == pytest.approx(0.1 / math.sqrt(0.001), rel=1e-5)


def test_a_large_epsilon_makes_the_first_step_shorter_and_the_title_says_less(
    record: Record,
) -> None:
    found = record("adam_moments", eps=0.5)
    assert not found.attrs["same"]
    assert not found.attrs["alike"]
    assert found.attrs["first_size"] == pytest.approx(2.5 / 3.0)
    assert found.attrs["steep_size"] == pytest.approx(250 / 250.5)


def test_the_minimum_is_no_start(record: Record) -> None:
    with pytest.raises(UserError, match="start is 0, where the slope is 0"):
        record("adam_moments", start=0.0)


NUMBER = r"\(?(−?[\d.]+)\)?"


def stated(latex: str) -> str:
    """Return a set formula as a line again."""
    hats = latex.replace(r"\hat{m}", "m\u0302").replace(r"\hat{v}", "v\u0302")
    hats = hats.replace("^{2}", "²")
    line = re.sub(r"\\dfrac\{([^{}]*)\}\{([^{}]*)\}", r"\1 / \2", hats)
    line = re.sub(r"\\sqrt\{([^{}]*)\}", r"√\1", line).replace(r"\cdot", "·")
    line = line.replace(r"\Delta \theta", "Δθ").replace(r"\eta", "η").replace("-", "−")
    return re.sub(r"\( ?(.*?) ?\)", r"(\1)", line).strip("$").replace(" )", ")")


def test_what_is_printed_of_the_first_step_adds_up(recorded: Recorded) -> None:
    fig, _ = drawn("adam_moments", recorded)
    texts = [stated(text) for text in said(fig)]

    def printed(pattern: str) -> list[list[float]]:
        found = [match for text in texts if (match := re.fullmatch(pattern, text))]
        assert len(found) == 2, "of either slope"
        return [[value(group) for group in match.groups()] for match in found]

    hats = printed(rf"m̂ = {NUMBER} · {NUMBER} / {NUMBER} = {NUMBER}")
    roots = printed(rf"√v̂ = √\(?{NUMBER} · {NUMBER}² / {NUMBER}\)? = {NUMBER}")
    moves = printed(rf"Δθ / η = −{NUMBER} / {NUMBER} = {NUMBER}")
    for (rest, g, lack, m_hat), (rest2, g2, lack2, root), (top, under, move) in zip(
        hats, roots, moves, strict=True
    ):
        assert rest * g / lack == pytest.approx(m_hat)
        assert g2 == g
        assert math.sqrt(rest2 * g**2 / lack2) == pytest.approx(root)
        assert (top, under, -top / under) == pytest.approx((m_hat, root, move))
    assert [g for _, g, _, _ in hats] == [-2.5, -250]


def test_what_the_film_works_out_adds_up(recorded: Recorded) -> None:
    with staged("adam_moments", recorded) as found:
        phase = ValueTracker(0)
        _, rows = adam_moments.slopes(found, phase)

        def shown(*kinds: str) -> list[list[float]]:
            texts = [text.text for text in adam_moments.worked_out(found, kinds)]
            numbers = [re.findall(r"−?(?<![_\d])[\d.]+", text.replace("1 - beta", ""))
                       for text in texts]  # fmt: skip
            return [[value(each) for each in line] for line in numbers]

        for (rest, g, m), (v, root), slope in zip(
            *(shown("m", "v")[k::2] for k in (0, 1)), (-2.5, -250.0), strict=True
        ):
            assert (g, rest * g) == pytest.approx((slope, m))
            assert v == pytest.approx(0.001 * slope**2)
            assert f"{math.sqrt(v):.3g}" == f"{root:.3g}"
        for (top, lack, m_hat), (v, lack2, root), slope in zip(
            *(shown("m hat", "v hat")[k::2] for k in (0, 1)), (-2.5, -250.0), strict=True
        ):
            assert (top / lack, m_hat) == pytest.approx((slope, slope))
            assert (math.sqrt(v / lack2), root) == pytest.approx((-slope, -slope))
        divided = shown("move")
        for top, under, move in divided:
            assert -top / under == pytest.approx(move)
        # while bars change they are of no number: what is divided by what, and no result
        assert shown("dividing") == [each[:2] for each in divided]
        # the bars are as long as what is written beside them, slopes and averages on one scale
        units = []
        for row, slope in zip(rows, (-2.5, -250.0), strict=True):
            for stage, sizes in enumerate(
                ((1, 0), (0.1, math.sqrt(0.001)), (1, 1))
            ):  # of the slope
                phase.set_value(stage)
                units += [
                    float(length) / (size * abs(slope))
                    for length, size in zip(row.lengths(), sizes, strict=True)
                    if size
                ]
            phase.set_value(3)
            assert row.lengths()[0] == pytest.approx(adam_moments.ETA, rel=1e-5)
            phase.set_value(4)  # the step stands where the first bar of all steps will
            _, strips = adam_moments.strips(found, ValueTracker(1))
            bars = strips[rows.index(row)]
            left, low, wide, tall = row.box_of_step()
            np.testing.assert_allclose((left + wide / 2, low), bars.foot[0])
            np.testing.assert_allclose((left + wide / 2, low + tall), bars.tips[0])
        np.testing.assert_allclose(units, units[0], rtol=1e-5)


def test_each_formula_stands_by_the_bar_of_its_result(recorded: Recorded) -> None:
    phase = ValueTracker(0)
    with staged("adam_moments", recorded) as found:
        _, rows = adam_moments.slopes(found, phase)
        slope = [-2.5, -250.0]
        results = {
            ("m", "v"): [[0.1 * abs(g), math.sqrt(0.001) * abs(g)] for g in slope],
            ("m hat", "v hat"): [[abs(g), abs(g)] for g in slope],
            ("move",): [[1.0], [1.0]],
        }
        for stage, (kinds, wanted) in enumerate(results.items(), 1):
            phase.set_value(stage)
            texts = adam_moments.worked_out(found, kinds)
            for row in rows:
                pen = Pen()
                row.paint(pen)
                own, texts = texts[: len(kinds)], texts[len(kinds) :]
                for text, (left, low, _, tall), result in zip(
                    own, pen.bars, wanted[rows.index(row)], strict=False
                ):
                    assert text.get_center()[1] == pytest.approx(low + tall / 2, abs=1e-6)
                    assert text.get_right()[0] < left
                    said = value(re.findall(r"−?[\d.]+", text.text)[-1])
                    assert abs(said) == pytest.approx(result, rel=5e-3)
        steps = [text.text for text in adam_moments.worked_out(found, ("move",))]
    shown = [text for text in filmed("adam_moments", recorded)["averages"] if "=" in text]
    assert shown == steps, "only the steps are left when it is done"


def test_the_films_bars_have_the_colour_of_their_sign() -> None:
    from look import theme
    from scenes import render
    from scenes.optimizers._marks import Bars
    from scenes.parts.charts import Chart

    values = [1.0, -0.5, 0.25, -2.0]
    with render.stage(render.Job(module="", recordings={})):
        bars = Bars(Chart((0, 0), 4, 2, (0, 5), (-2, 2)), np.arange(4), values, ValueTracker(4))
        assert bars.inks == [theme.color(token) for token in ("positive", "negative") * 2]


def test_bars_and_averages_are_drawn_as_recorded(recorded: Recorded) -> None:
    fig, (found,) = drawn("adam_moments", recorded)
    heights = [bar.get_height() for bar in fig.axes[0].patches]
    np.testing.assert_allclose(heights, found.move / 0.1)
    np.testing.assert_allclose(line(fig, "steep").get_ydata() * 0.1, found.steep_move)


def test_all_of_the_chart_is_the_recordings(recorded: Recorded) -> None:
    fig, (found,) = drawn("adam_moments", recorded)
    chart, work = fig.axes
    told = "dots: a slope 100 times as steep" + ", the same steps" * bool(found.attrs["alike"])
    assert labels(chart) == sorted(["step, in η", told])
    heads = [text for text in labels(work) if not text.startswith("$")]
    assert heads == ["bars: from a slope of −2.5", "dots: from a slope of −250"]
    assert len(work.texts) == 8
    bars = chart.patches
    middles = [bar.get_x() + bar.get_width() / 2 for bar in bars]
    np.testing.assert_allclose(middles, found.step)
    np.testing.assert_array_equal(line(fig, "steep").get_xdata(), found.step)
    for bar, move in zip(bars, found.move.values, strict=True):
        assert colored(bar.get_facecolor(), "positive" if move > 0 else "negative")
    levels = [each.get_ydata()[0] for each in chart.get_lines() if len(each.get_xdata()) == 2]
    assert sorted(levels) == [0, float(np.sign(found.move[0]))]


def test_bars_of_both_signs_have_their_colours(record: Record) -> None:
    """A run that passes the minimum and comes back."""
    from figures import render

    found = record("adam_moments", start=1.0, lr=0.5, n_steps=12)
    fig = render.figure("figures.optimizers.adam_moments", {"adam_moments": found}, "dark")
    moves = found.move.values
    assert (moves > 0).any()
    assert (moves < 0).any()
    for bar, move in zip(fig.axes[0].patches, moves, strict=True):
        assert bar.get_height() == pytest.approx(move / 0.5)
        assert colored(bar.get_facecolor(), "positive" if move > 0 else "negative")
