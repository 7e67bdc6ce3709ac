"""Softmax: the numbers that the catalogue names, and that pictures draw what is recorded."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from figures.networks import softmax_flow as figure
from simulate import recording
from simulate.errors import UserError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn
from tests.visuals._networks import filmed, said, value

SHARP = [0.1025, 0.7573, 0.1025, 0.0377]
FLAT = [0.2413, 0.3014, 0.2413, 0.2160]


def test_the_two_results_that_the_source_mixes_up(record: Record) -> None:
    found = record("softmax_flow")
    assert found.logit.values.tolist() == [2, 4, 2, 1]
    np.testing.assert_array_equal(found.probability.round(4), SHARP)
    assert found.panel_temperature.values[-1] == 9 == found.logit.sum()
    np.testing.assert_array_equal(found.panel_probability.values[-1].round(4), FLAT)
    assert found.temperature.values[-1] == pytest.approx(9)
    np.testing.assert_array_equal(found.swept_probability.values[-1].round(4), FLAT)


def test_every_column_follows_from_the_one_before(record: Record) -> None:
    found = record("softmax_flow", logits=(-1.0, 0.5, 3.0), label=1)
    np.testing.assert_allclose(found.exponential, np.exp(found.logit))
    total = found.exponential.sum()
    assert found.attrs["sum"] == pytest.approx(float(total))
    np.testing.assert_allclose(found.probability, found.exponential / total)
    assert found.one_hot.values.tolist() == [1, 0, 0]
    target = torch.tensor([0])
    for scaled, loss in [
        (found.logit.values, found.loss.values),
        *zip(found.swept_logit.values, found.swept_loss.values, strict=True),
    ]:
        expected = torch.nn.functional.cross_entropy(torch.tensor(scaled)[None], target)
        assert float(loss) == pytest.approx(float(expected), abs=1e-12)
    np.testing.assert_allclose(found.swept_probability.sum("class"), 1)
    np.testing.assert_allclose(
        found.swept_logit, found.logit.values / found.temperature.values[:, None]
    )


def test_settings_that_make_no_sense(record: Record) -> None:
    with pytest.raises(UserError, match="label is 5; the classes are 1 to 4"):
        record("softmax_flow", label=5)
    with pytest.raises(UserError, match="all above 0"):
        record("softmax_flow", temperatures=(1.0, 0.0))


def test_the_figure_prints_and_draws_them(recorded: Recorded) -> None:
    fig, (found,) = drawn("softmax_flow", recorded)
    texts = said(fig)
    printed = [text for text in texts if text.startswith("0.") and len(text) == 6]
    np.testing.assert_allclose([value(t) for t in printed], found.probability, atol=5e-5)
    assert sum(map(value, printed)) == pytest.approx(1, abs=1e-9)
    powers = [value(t) for t in texts if t in {"7.39", "54.60", "2.72"}]
    assert f"{sum(powers):.1f}" in texts, "the sum of the printed exponentials is the printed sum"
    assert any(t.endswith("= −log 0.7573 = 0.278") for t in texts)

    left, right = figure.WIDE.share
    bars = [each.get_xdata() for each in fig.axes[0].get_lines() if each.get_xdata()[0] == left]
    lengths = [(x[1] - left) / (right - left) for x in bars if x[1] < right]
    np.testing.assert_allclose(lengths, found.probability)

    for run in (0, -1):  # the least and the largest temperature
        hot = found.panel_temperature.values[run]
        called = texts.index(f"T = {hot:g}")
        shares = torch.softmax(torch.tensor(found.logit.values / hot), 0)
        shown = [t.replace("\u202f", "").replace(" ", "") for t in texts[called + 1 : called + 5]]
        assert shown == [f"{share:.0%}" if share >= 0.005 else "<1%" for share in shares.tolist()]


def test_the_film_ends_flat_with_the_loss_of_it(recorded: Recorded) -> None:
    sections = filmed("softmax_flow", recorded)
    assert [t for t in sections["loss"] if t in {f"{p:.4f}" for p in SHARP}] == [
        f"{p:.4f}" for p in SHARP
    ]
    assert "1.00" in sections["probabilities"], "their sum"
    assert "label" in sections["loss"]
    assert "label" not in sections["probabilities"]
    last = sections["hot"]
    assert any(text.startswith("Divide the scores by T") for text in sections["cold"]), (
        "said when T begins to fall"
    )
    assert {f"{p:.4f}" for p in FLAT} <= set(last)
    assert "T = 9.00" in last
    assert f"{-np.log(0.3014):.3f}" in {t[:5] for t in last}


def test_the_bars_are_logits_then_exponentials_then_probabilities(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.networks.softmax_flow import Bars

    flow = recording.load(recorded("softmax_flow"))
    stage, hot, clock = (ValueTracker(0) for _ in range(3))
    bars = Bars(flow, [3.0, 2.0, 1.0, 0.0], stage, hot, clock)
    logit = flow.logit.values
    for to, expected in ((0, logit), (1, np.exp(logit)), (2, np.exp(logit) / np.exp(logit).sum())):
        stage.set_value(to)
        start, end = bars.now().T
        np.testing.assert_allclose((end - start) / (end - start).sum(), expected / expected.sum())
    np.testing.assert_allclose(end, flow.probability, err_msg="a full bar is one")
    last = flow.sizes["step"] - 1
    clock.set_value(last)
    hottest = np.exp(logit / float(flow.temperature[last]))
    np.testing.assert_allclose(bars.now()[:, 1], hottest / hottest.sum(), atol=1e-6)


def test_the_pieces_of_the_sum_are_the_shares_end_to_end(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.networks.softmax_flow import WHOLE, Bars

    flow = recording.load(recorded("softmax_flow"))
    stage, hot, clock = ValueTracker(1), ValueTracker(0), ValueTracker(0)
    bars = Bars(flow, [3.0, 2.0, 1.0, 0.0], stage, hot, clock)
    power = np.exp(flow.logit.values)
    np.testing.assert_allclose(bars.pieces()[:, 1], power / power.max())
    bars.laid.set_value(1)
    for step in (0, flow.sizes["step"] // 2, flow.sizes["step"] - 1):
        clock.set_value(step)
        heated = np.exp(flow.logit.values / float(flow.temperature[step]))
        start, end, height = bars.pieces().T
        np.testing.assert_allclose(end - start, heated / heated.sum(), atol=1e-6)
        np.testing.assert_allclose(start[1:], end[:-1])
        assert (start[0], end[-1]) == pytest.approx((0, 1))
        assert (height == WHOLE).all()
