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
from tests.figures._drawn import Recorded, drawn, narrow, telling
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
    assert f"{sum(powers):.2f}" in texts, "the sum of the printed exponentials is the printed sum"
    assert f"−log 0.7573 = {-np.log(0.7573):.3f}" in texts

    true = int(found.one_hot.values.argmax())
    rows = [figure.TOP + figure.PITCH * k for k in range(4)]
    shares = torch.softmax(torch.tensor(found.logit.values), 0).numpy()
    for left, right in (figure.WIDE.power, figure.WIDE.share):
        bars = [each for each in fig.axes[0].get_lines() if each.get_solid_capstyle() == "butt"]
        for y, share in zip(rows, shares, strict=True):  # the last drawn in the row lies on top
            x = [
                each.get_xdata()
                for each in bars
                if each.get_ydata()[0] == y and each.get_xdata()[0] == left
            ][-1]
            assert (x[1] - x[0]) / (right - left) == pytest.approx(share), "alike in both columns"
        foot = sorted(
            (each.get_xdata()[0] - left) / (right - left)
            for each in bars
            if each.get_ydata()[0] > rows[-1] and left - 1 <= each.get_xdata()[0] < right
        )
        np.testing.assert_allclose(foot, np.cumsum(shares) - shares, atol=1e-9)
    arrows = [t for t in fig.axes[0].texts if t.get_text() == "" and t.xy[0] > figure.WIDE.label]
    assert [each.xy[1] for each in arrows] == [rows[true]], "the loss reads the true class alone"


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
    flow, sums = lengths[: 4 * n].reshape(n, 4), lengths[4 * n :].reshape(2, n)
    np.testing.assert_allclose(flow[:, 0] / flow[:, 0].max(), z / z.max())
    np.testing.assert_allclose(flow[:, 1] / flow[:, 1].max(), power / power.max())
    np.testing.assert_allclose(flow[:, 3] / flow[:, 2], share)
    best = int(share.argmax())
    role = ["green" if k == true else "text" if k == best else "muted" for k in range(n)]
    assert hues[: 4 * n] == [
        ink[name] for k in range(n) for name in ("positive", "muted", "quiet", role[k])
    ]
    # the bars of a column end to end, with a gap between them, in their own colours
    assert hues[4 * n :] == [ink[name] for name in (*n * ["muted"], *role)]
    np.testing.assert_allclose(sums, np.maximum(flow[:, [1, 3]].T - 1.5, 0))
    rows: dict[float, list[str]] = {}
    for text in sorted(ax.texts, key=lambda each: each.get_position()[0]):
        if text.get_text():
            rows.setdefault(round(text.get_position()[1], 3), []).append(text.get_text())
    for k in range(n):
        loss = [f"−log {share[k]:.4f} = {-np.log(share[k]):.3f}"] if k == true else []
        assert rows.pop(round(bars[4 * k].get_ydata()[0], 3)) == [
            f"class {k + 1}", f"{z[k]:g}", f"{power[k]:.2f}", f"{share[k]:.4f}", f"{k == true:d}",
            *loss,
        ]  # fmt: skip
    assert [rows[y] for y in sorted(rows)] == [
        ["$z$", "$e^z$", "$p=\\dfrac{e^z}{\\sum e^z}$", "$y$", f"$-\\log\\,p_{true + 1}$"],
        ["score", "above 0", "share of the sum", "label", "loss"],
        ["sum", f"{power.round(2).sum():.2f}", "1"],
    ]


def test_the_rules_over_the_sums_are_two_on_the_narrow_sheet(recorded: Recorded) -> None:
    fig = narrow("softmax_flow", recorded)
    assert fig is not None
    rules = [each.get_xdata() for each in fig.axes[0].get_lines() if each.get_linewidth() < px(2)]
    power, share = sorted(map(tuple, rules))
    assert (power[0], share[0]) == (figure.SLIM.power[0], figure.SLIM.share[0])
    assert share[0] - power[1] > 6


def test_the_films_numbers_are_its_bars(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.networks.softmax_flow import Parts

    flow = recording.load(recorded("softmax_flow"))
    stage, heated, clock = (ValueTracker(0) for _ in range(3))
    z = flow.logit.values
    power = np.exp(z)
    last = flow.sizes["step"] - 1
    with theme.use("dark"), telling("softmax_flow", flow):
        parts = Parts(flow, stage, heated, clock)
        for to, values, total in (
            (0, [f"{v:g}" for v in z], f"{power.round(2).sum():.2f}"),
            (1, [f"{v:.2f}" for v in power], f"{power.round(2).sum():.2f}"),
            (2, [f"{v:.4f}" for v in power / power.sum()], "1"),
        ):
            stage.set_value(to)
            assert [each.text() for each in parts.numbers] == values
            assert parts.total[-1].text() == total
        heated.set_value(1)
        for at in (0, 3, last // 2, last, last - 1.5):
            clock.set_value(at)
            t = float(np.interp(at, np.arange(last + 1), flow.temperature))
            told = parts.heat[-1].text()
            assert told == f"T = {t:.2f}"
            t = value(told.removeprefix("T = "))  # what is printed gives what is printed
            warm = np.exp(z / t) / np.exp(z / t).sum()
            assert [each.text() for each in parts.numbers] == [f"{v:.4f}" for v in warm]
            stage.set_value(2)
            np.testing.assert_allclose(parts.bars.now()[:, 1], warm)
    ends = float(flow.temperature.min()), 1, float(flow.temperature.max())
    assert [each.text for each in parts.heat[2]] == [f"{t:g}" for t in ends]
    assert [head[1].text for head in parts.heads] == [
        "score", "above 0", "share of the sum", "share of the sum"
    ]  # fmt: skip
    assert [each.text for each in parts.names] == [f"class {k + 1}" for k in range(len(z))]
    assert parts.bars.top == z.argmax(), "the one with the dark bar"


def test_the_film_sharpens_and_flattens(recorded: Recorded) -> None:
    sections = filmed("softmax_flow", recorded)
    assert {"7.39", "54.60", "2.72", f"{7.39 + 54.60 + 7.39 + 2.72:.2f}"} <= set(
        sections["exponentials"]
    ), "what is printed adds up"
    shares = [t for t in sections["probabilities"] if t in {f"{p:.4f}" for p in SHARP}]
    assert shares == [f"{p:.4f}" for p in SHARP]
    assert "1" in sections["probabilities"], "their sum"
    last = [text for text in sections["all three"] if text[:3] == "T =" or text[:2] == "0."]
    assert last == [
        text
        for hot in (0.5, 1, 9)
        for text in (f"T = {hot:.2f}", *(f"{share:.4f}" for share in softmax(hot)))
    ]
    for section, hot, temperature in (("cold", 0.5, "T = 0.50"), ("hot", 9, "T = 9.00")):
        expected = softmax(hot)
        shown = [t for t in sections[section] if len(t) == 6 and t.startswith("0.")]
        assert shown == [f"{share:.4f}" for share in expected], "as the figure writes shares"
        assert temperature in sections[section]
        assert any(text.startswith("Scores divided by T") for text in sections[section])


def softmax(temperature: float) -> list[float]:
    return torch.softmax(torch.tensor([2.0, 4, 2, 1]) / temperature, 0).tolist()


def test_the_columns_are_the_bars_at_three_temperatures(recorded: Recorded) -> None:
    """They part from the long bars; each has its track, its share of it and the mark of T = 1."""
    from manim import ValueTracker

    from scenes.networks import softmax_flow as film
    from tests.visuals._pen import Pen

    flow = recording.load(recorded("softmax_flow"))
    with theme.use("dark"), telling("softmax_flow", flow):
        parts = film.Parts(flow, *(ValueTracker(0) for _ in range(3)))
        columns = film.Columns(parts)
        np.testing.assert_allclose(columns.now(), [[film.BARS, film.LONG]] * 3)
        columns.parted.set_value(1)
        pen = Pen()
        columns.paint(pen)
    bars = np.array([bar[:4] for bar in pen.bars]).reshape(3, 4, 5, 4)
    for column, (left, long), hot in zip(bars, columns.now(), (0.5, 1, 9), strict=True):
        track, bar, piece, *_, mark = column.transpose(1, 0, 2)
        np.testing.assert_allclose(track[:, [0, 2]], [[left, long]] * 4)
        np.testing.assert_allclose(bar[:, 0], left)
        np.testing.assert_allclose(bar[:, 2] / long, softmax(hot), rtol=1e-5)
        ends = np.cumsum(softmax(hot))
        np.testing.assert_allclose((piece[:, 0] - left) / long, ends - softmax(hot), atol=1e-5)
        np.testing.assert_allclose(piece[:, 2] + 0.03, bar[:, 2])
        middle = mark[:, 0] + mark[:, 2] / 2
        np.testing.assert_allclose((middle - left) / long, softmax(1), rtol=1e-5)
        assert np.ptp(bar[:, 1]) > 2 > np.ptp(piece[:, 1]) == 0
    heads = [word for word in columns.words if word.text.startswith("T = ")]
    np.testing.assert_allclose(
        [word.get_left()[0] for word in heads], columns.now()[:, 0], atol=0.1
    )
    assert (np.diff(columns.now()[:, 0]) > film.SHORT + 1).all()


def test_the_bars_are_scores_then_shares_of_the_sum(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.networks.softmax_flow import Bars

    flow = recording.load(recorded("softmax_flow"))
    stage, heated, clock = (ValueTracker(0) for _ in range(3))
    bars = Bars(flow, [3.0, 2.0, 1.0, 0.0], stage, heated, clock)
    logit = flow.logit.values
    start, end = bars.now().T
    np.testing.assert_allclose((end - start) / (end - start).sum(), logit / logit.sum())
    share = np.exp(logit) / np.exp(logit).sum()
    for to in (1, 2):  # to divide by the sum changes no length
        stage.set_value(to)
        start, end = bars.now().T
        np.testing.assert_allclose(start, 0)
        np.testing.assert_allclose(end, share, err_msg="a full bar is the sum")
    last = flow.sizes["step"] - 1
    clock.set_value(last)
    hottest = np.exp(logit / float(flow.temperature[last]))
    np.testing.assert_allclose(bars.now()[:, 1], hottest / hottest.sum(), atol=1e-6)


def test_the_pieces_of_the_sum_are_the_bars_end_to_end(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.networks.softmax_flow import WHOLE, Bars

    flow = recording.load(recorded("softmax_flow"))
    stage, heated, clock = ValueTracker(1), ValueTracker(0), ValueTracker(0)
    bars = Bars(flow, [3.0, 2.0, 1.0, 0.0], stage, heated, clock)
    power = np.exp(flow.logit.values)
    np.testing.assert_allclose(bars.pieces()[:, 1], power / power.sum())
    bars.laid.set_value(1)
    for step in (0, flow.sizes["step"] // 2, flow.sizes["step"] - 1):
        clock.set_value(step)
        warm = np.exp(flow.logit.values / float(flow.temperature[step]))
        start, end, height = bars.pieces().T
        np.testing.assert_allclose(end - start, warm / warm.sum(), atol=1e-6)
        np.testing.assert_allclose(start[1:], end[:-1])
        assert (start[0], end[-1]) == pytest.approx((0, 1))
        assert (height == WHOLE).all()


def test_the_knob_is_where_its_temperature_is_written(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.networks.softmax_flow import BARS, LONG, Knob

    flow = recording.load(recorded("softmax_flow"))
    clock = ValueTracker(0)
    knob = Knob(flow.temperature.values, clock)
    assert knob.marks == [0.5, 1, 9]
    for step in (0, flow.sizes["step"] // 2, flow.sizes["step"] - 1):
        clock.set_value(step)
        share = np.log(float(flow.temperature[step]) / 0.5) / np.log(9 / 0.5)
        assert knob.now() == pytest.approx(BARS + LONG * share)
        assert knob.now() == pytest.approx(knob.at(float(flow.temperature[step])))
