"""Softmax: the numbers that the catalogue names, and that pictures draw what is recorded."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from figures.networks import softmax_flow as figure
from figures.parts.canvas import px
from look import theme
from simulate import recording
from simulate.errors import UserError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, telling
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


def test_every_row_and_bar_is_its_own_class(recorded: Recorded) -> None:
    """From left to right what the class has: logit, exponential, share, label, and their bars."""
    fig, (found,) = drawn("softmax_flow", recorded, "light")
    ax, z = fig.axes[0], found.logit.values
    n, true = len(z), int(found.attrs["label"]) - 1
    power = np.exp(z)
    share = power / power.sum()
    with theme.use("light"):
        ink = {name: theme.color(name) for name in ("green", "text", "muted", "quiet", "positive")}
    bars = [each for each in ax.get_lines() if each.get_linewidth() == px(13)]
    lengths = np.array([np.ptp(each.get_xdata()) for each in bars])
    hues = [each.get_color() for each in bars]
    flow, heated = lengths[: 4 * n].reshape(n, 4), lengths[4 * n :].reshape(2, n, 2)
    np.testing.assert_allclose(flow[:, 0] / flow[:, 0].max(), z / z.max())
    np.testing.assert_allclose(flow[:, 1] / flow[:, 1].max(), power / power.max())
    np.testing.assert_allclose(flow[:, 3] / flow[:, 2], share)
    best = int(share.argmax())
    role = ["green" if k == true else "text" if k == best else "muted" for k in range(n)]
    assert hues[: 4 * n] == [
        ink[name] for k in range(n) for name in ("positive", "muted", "quiet", role[k])
    ]
    rows: dict[float, list[str]] = {}
    for text in sorted(ax.texts, key=lambda each: each.get_position()[0]):
        if text.get_text():
            rows.setdefault(round(text.get_position()[1], 3), []).append(text.get_text())
    for k in range(n):
        assert rows[round(bars[4 * k].get_ydata()[0], 3)] == [
            f"class {k + 1}", f"{z[k]:g}", f"{power[k]:.2f}", f"{share[k]:.4f}", f"{k == true:d}"
        ]  # fmt: skip
    sums = ["sum", f"{power.sum():.1f}", "sum", "1.0000"]
    assert sums in rows.values()
    shown = found.panel_temperature.values[[0, -1]]
    for panel, hot in enumerate(shown):
        warm = np.exp(z / hot) / np.exp(z / hot).sum()
        np.testing.assert_allclose(heated[panel, :, 1] / heated[panel, :, 0], warm)
    warm_hues = np.array(hues[4 * n :]).reshape(2, n, 2)[..., 1]
    assert warm_hues.tolist() == 2 * [[ink["green" if k == true else "muted"] for k in range(n)]]


def test_the_films_numbers_are_its_bars(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.networks.softmax_flow import Parts

    flow = recording.load(recorded("softmax_flow"))
    stage, hot, clock = (ValueTracker(0) for _ in range(3))
    z = flow.logit.values
    with theme.use("dark"), telling("softmax_flow", flow):
        parts = Parts(flow, stage, hot, clock)
        green = theme.color("green")
        true = int(flow.attrs["label"]) - 1
        assert parts.bars.true == true
        for to, at in ((0, 0), (1, 0), (2, 0), (2, flow.sizes["step"] - 1), (2, 3)):
            stage.set_value(to)
            clock.set_value(at)
            t = float(flow.temperature[at])
            heated = np.exp(z / t) / np.exp(z / t).sum()
            values, digits = ((z, 2), (np.exp(z), 2), (heated, 4))[to]
            assert [each.text() for each in parts.numbers] == [f"{v:.{digits}f}" for v in values]
            assert parts.heat.text() == f"T = {t:.2f}"
            assert parts.loss[1].text() == f"{-np.log(heated[true]):.3f}"
            total = (z, np.exp(z), np.ones(1))[to].sum() if to else np.exp(z).sum()
            assert parts.total[-1].text() == f"{total:.{2 if to == 2 else 1}f}"
    assert [each.text for each in parts.names] == [f"class {k + 1}" for k in range(len(z))]
    assert [each.text for each in parts.label][1:] == [f"{k == true:d}" for k in range(len(z))]
    assert parts.bars.green == green


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
