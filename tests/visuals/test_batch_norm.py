"""batch_norm and layer_norm: torch's own, backward too, and what the pictures print of them."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker
from matplotlib.colors import to_hex, to_rgb
from torch import nn

from look import theme
from simulate.data._load import load
from simulate.experiments.normalization import _digits
from simulate.models import _base as models
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, telling
from tests.visuals._networks import filmed
from tests.visuals._pen import Pen

NORMS = {"batch_norm": -2, "layer_norm": -1}


@pytest.mark.parametrize("name", NORMS)
def test_it_is_torchs_norm_backward_too(name: str, record: Record) -> None:
    found = record(name)
    np.testing.assert_allclose(found.output[-1], found.torch_output, atol=1e-10)
    np.testing.assert_allclose(found.gradient, found.torch_gradient, atol=1e-10)
    assert np.abs(found.torch_gradient).max() > 1e-4


@pytest.mark.parametrize(("axis", "layer"), [(-2, nn.BatchNorm1d), (-1, nn.LayerNorm)])
def test_the_formulas_are_torchs_on_any_numbers(axis: int, layer: type[nn.Module]) -> None:
    torch.manual_seed(0)
    z = (3 * torch.randn(9, 5, dtype=torch.float64) + 2).requires_grad_()
    norm = layer(5).double()
    with torch.no_grad():
        norm.weight.copy_(torch.randn(5))
        norm.bias.copy_(torch.randn(5))
    slope = torch.randn(9, 5, dtype=torch.float64)
    output = norm(z)
    output.backward(slope)
    ours = _digits.Normalised(z.detach().numpy(), axis, norm.eps)
    gamma, beta = norm.weight.detach().numpy(), norm.bias.detach().numpy()
    np.testing.assert_allclose(gamma * ours.values + beta, output.detach(), atol=1e-12)
    np.testing.assert_allclose(ours.back(slope.numpy() * gamma), z.grad, atol=1e-12)
    # γ's gradient is a sum over the batch; source 004 leaves the sum out.
    np.testing.assert_allclose((slope.numpy() * ours.values).sum(0), norm.weight.grad, atol=1e-12)
    short = slope.numpy() * gamma / ours.deviation
    assert np.abs(short - z.grad.numpy()).max() > 0.1


def test_the_short_gradient_is_off_as_said(record: Record) -> None:
    found = record("batch_norm")
    off = np.linalg.norm(found.short_gradient - found.torch_gradient)
    assert found.attrs["short_error"] == pytest.approx(off / np.linalg.norm(found.torch_gradient))
    assert found.attrs["short_error"] > 0.05


def test_each_axis_is_averaged_over(record: Record) -> None:
    batch, layer = record("batch_norm"), record("layer_norm")
    for found, dim in ((batch, "example"), (layer, "unit")):
        assert np.abs(found.normalised.mean(dim)).max() < 1e-12
        np.testing.assert_allclose((found.normalised**2).mean(dim), 1, atol=1e-3)
        np.testing.assert_allclose(found["mean"], found["sum"].mean(dim))
    assert np.abs(batch.normalised.mean("unit")).max() > 0.1
    assert (batch.gamma[0] == 1).all()
    assert (batch.beta[0] == 0).all()
    assert (batch.gamma[-1] != 1).all()


def test_two_values_become_one_and_minus_one(record: Record) -> None:
    found = record("batch_norm")
    twos = found.tiny.values[0].reshape(-1, 2)
    np.testing.assert_allclose(twos.sum(1), 0, atol=1e-9)
    np.testing.assert_allclose(np.abs(twos), 1, atol=0.05)
    assert "more than 1 value per channel" in found.attrs["single_error"]
    errors = found.mean_error.values
    assert (np.diff(errors) < 0).all()
    np.testing.assert_allclose(errors[0], 1 / np.sqrt(2), rtol=0.25)


def test_layer_norm_does_not_know_its_companions(record: Record) -> None:
    found = record("layer_norm")
    batch, layer = found.among.sel(run="batch").values, found.among.sel(run="layer").values
    assert np.ptp(layer, axis=0).max() < 1e-12
    assert np.ptp(batch, axis=0).max() > 0.1
    np.testing.assert_allclose(layer[0], found.normalised.values[-1, 0], atol=1e-12)
    assert (found.companion[:, 0] == 0).all()
    assert all(len(set(row)) == len(row) for row in found.companion.values.tolist())


def test_the_printed_numbers_give_the_printed_result(recorded: Recorded) -> None:
    fig, (found,) = drawn("batch_norm", recorded)
    texts = [text.get_text() for ax in fig.axes for text in ax.texts]
    (said,) = (text for text in texts if "frac" in text)
    z, mean, deviation, result = (
        float(part.replace("−", "-")) for part in re.findall(r"−?\d+\.\d+", said)
    )
    assert f"{(z - mean) / deviation:.2f}" == f"{result:.2f}"
    example, unit = found.attrs["example"], found.attrs["unit"]
    assert result == pytest.approx(float(found.normalised[-1, example, unit]), abs=0.0051)
    begins = line(fig, "begins", 0).get_xydata()[0]
    assert (round(begins[0]), begins[1]) == (unit, example)
    assert rf"$\mu={mean:.2f}$".replace("-", "−") in texts or rf"$\mu={mean:.2f}$" in texts
    dot = line(fig, "marked", 2)
    assert dot.get_ydata()[0] == float(found.normalised[-1, example, unit])


def test_dots_are_the_batchs_own(recorded: Recorded) -> None:
    fig, (found,) = drawn("batch_norm", recorded)
    last = found.isel(snapshot=-1)
    for ax, values in zip(fig.axes[1:], (last["sum"].values, last.normalised.values), strict=True):
        for k, group in enumerate(values.T):
            (dots,) = (each for each in ax.get_lines() if each.get_label() == f"values {k}")
            np.testing.assert_array_equal(dots.get_ydata(), group)
            assert np.abs(dots.get_xdata() - k).max() < 0.5, "under its column"
        for bar, group in zip(ax.patches, values.T, strict=True):
            middle = bar.get_y() + bar.get_height() / 2
            assert middle == pytest.approx(group.mean(), abs=1e-9)
            assert bar.get_height() / 2 == pytest.approx(group.std(), abs=1e-3)


def test_the_batch_prints_its_own_column_and_marks_its_own_value(recorded: Recorded) -> None:
    fig, (found,) = drawn("batch_norm", recorded)
    matrix, before, after = fig.axes
    example, unit = found.attrs["example"], found.attrs["unit"]
    sums, normalised = found["sum"].values[-1], found.normalised.values[-1]
    printed = {text.get_position()[1]: text for text in matrix.texts
               if re.fullmatch(r"−?\d+\.\d\d", text.get_text())}  # fmt: skip
    assert {y: text.get_text() for y, text in printed.items()} == {
        k: f"{value:.2f}".replace("-", "−") for k, value in enumerate(sums[:, unit])}  # fmt: skip
    assert {round(text.get_position()[0]) for text in printed.values()} == {unit}
    assert [y for y, text in printed.items() if text.get_weight() == "semibold"] == [example]
    rows = [tick.get_text() for tick in matrix.get_yticklabels()]
    assert rows == [str(digit) for digit in found.label.values]
    for ax, values in ((before, sums), (after, normalised)):
        marked = [each for each in ax.get_lines() if each.get_label() == "marked"]
        (place,) = (mark.get_xydata()[0] for mark in marked)
        assert (round(place[0]), place[1]) == (unit, values[example, unit])
        (beside,) = (text for text in ax.texts if re.fullmatch(r"−?\d+\.\d\d", text.get_text()))
        assert beside.get_text() == f"{values[example, unit]:.2f}".replace("-", "−")
        assert tuple(beside.xy) == tuple(place), "at its dot"
        dots = [each for each in ax.get_lines() if str(each.get_label()).startswith("values")]
        shifts = [each.get_xdata() - k for k, each in enumerate(dots)]
        assert all((np.diff(shift) > 0).all() for shift in shifts), "in the batch's order"
        assert place[0] - unit == shifts[unit][example]
        frame = [each.get_xdata() for each in ax.get_lines() if each.get_label() == "frame"]
        assert all(len(set(each)) == 1 for each in frame)
        assert sorted(each[0] for each in frame) == [unit - 0.5, unit + 0.5]
    group = sums[:, unit]
    told = [text.get_text() for text in before.texts if "=" in text.get_text()]
    measures = {rf"$\mu={group.mean():.2f}$", rf"$\sigma={found.deviation.values[-1, unit]:.2f}$"}
    assert {text.replace("−", "-") for text in told if "frac" not in text} == measures
    assert len(told) == 3
    named = [{"before", "after"} & {text.get_text() for text in ax.texts}
             for ax in (before, after)]  # fmt: skip
    assert named == [{"before"}, {"after"}]
    ticks = [tick.get_text() for tick in after.get_xticklabels()]
    assert ticks == [f"unit {k + 1}" for k in range(found.sizes["unit"])]
    with theme.use("dark"):
        back = np.array(to_rgb(theme.color("background")))
    shown = np.asarray(matrix.images[0].get_array())[..., :3]
    for sign in (1, -1):
        away = np.linalg.norm(shown - back, axis=-1)[sign * sums > 0]
        size = np.abs(sums)[sign * sums > 0]
        np.testing.assert_allclose(away / away.max(), size / size.max(), atol=1e-3)


def test_the_film_says_the_sizes_of_its_batches(recorded: Recorded) -> None:
    _, (found,) = drawn("batch_norm", recorded)
    sizes = found["size"].values.tolist()
    sections = filmed("batch_norm", recorded)
    told = {section: [text for text in texts if re.fullmatch(r"batches of \d+", text)]
            for section, texts in sections.items()}  # fmt: skip
    last = [f"batches of {sizes[0]}"]
    assert told == {"start": [], "same": [], "pairs": last}
    units = [str(k + 1) for k in range(found.sizes["unit"])]
    assert [text for text in sections["start"] if text in units][-len(units) :] == units


def test_before_and_after_have_one_scale(recorded: Recorded) -> None:
    fig, _ = drawn("batch_norm", recorded)
    before, after = (ax.get_window_extent().height / np.ptp(ax.get_ylim()) for ax in fig.axes[1:])
    assert before == pytest.approx(after)


def test_the_frame_is_a_column(recorded: Recorded) -> None:
    fig, (found,) = drawn("batch_norm", recorded)
    (column,) = fig.axes[0].patches
    n_examples, n_units = found.sizes["example"], found.sizes["unit"]
    assert (column.get_width(), column.get_height()) == (1, n_examples)
    assert column.get_x() == found.attrs["unit"] - 0.5
    shown = fig.axes[0].images[0].get_array()
    assert shown.shape[:2] == (n_examples, n_units)
    sums = found["sum"].values[-1]
    warm = shown[..., 0] > shown[..., 2]
    assert (warm == (sums > 0)).mean() > 0.95, "orange positive, blue negative"


def test_the_same_weights_whatever_the_norm() -> None:
    nets = [
        models.make("normed", {"widths": [6, 5, 4, 2], "norm": norm}, 3)
        for norm in ("none", "batch", "layer")
    ]
    weights = [[m.weight for m in net if isinstance(m, nn.Linear)] for net in nets]
    for one, two, three in zip(*weights, strict=True):
        assert torch.equal(one, two)
        assert torch.equal(one, three)
    assert nets[1][0].bias is None
    assert nets[2][0].bias is not None
    with pytest.raises(Exception, match="no norm is called 'group'"):
        models.make("normed", {"norm": "group"})


def test_what_the_companions_do_is_drawn(recorded: Recorded) -> None:
    fig, (found,) = drawn("layer_norm", recorded)
    for panel, run in ((1, "batch"), (3, "layer")):
        values = found.among.sel(run=run).values
        for draw, row in enumerate(values):
            np.testing.assert_array_equal(line(fig, f"{run} {draw}", panel).get_ydata(), row)
    widest = np.ptp(found.among.sel(run="batch").values, axis=0)
    bar = line(fig, "range", 1)
    assert np.ptp(bar.get_ydata()) == pytest.approx(widest.max())
    assert bar.get_xdata()[0] == widest.argmax()


def test_each_norms_panel_says_its_own_name_and_number(recorded: Recorded) -> None:
    fig, (found,) = drawn("layer_norm", recorded)
    digits = [str(digit) for digit in found.company.values[0]]
    with theme.use("dark"):
        quiet = theme.color("quiet").lower()
        inks = [theme.color(token).lower() for token in ("green", "purple")]
    spread = np.ptp(found.among.sel(run="batch").values, axis=0)
    least = float(np.ptp(found.among.sel(run="layer").values, axis=0).max())
    said = [f"{spread.max():.1f} apart", f"all {found.sizes['x_draw']} lines are one"]
    assert least < 1e-9
    for i, (name, ink) in enumerate(zip(("batch", "layer"), inks, strict=True)):
        batch, chart = fig.axes[2 * i : 2 * i + 2]
        texts = [text.get_text() for text in batch.texts]
        assert (texts[0], texts[2:]) == (f"{name} norm", digits)
        rows = [text.get_position()[1] for text in batch.texts[2:]]
        assert rows == [k + 0.5 for k in range(len(digits))]
        bold = [text.get_weight() == "semibold" for text in batch.texts[2:]]
        assert bold == [k == 0 for k in range(len(digits))], "the first is followed"
        cells = {str(patch.get_label()): to_hex(patch.get_facecolor()) for patch in batch.patches}
        assert (cells["averaged"], cells["left out"]) == (ink, quiet)
        (value,) = (patch for patch in batch.patches if patch.get_label() == "value")
        assert (int(value.get_x()), int(value.get_y())) == (spread.argmax(), 0)
        assert [text.get_text() for text in chart.texts] == [said[i]]
        lines = [each for each in chart.get_lines() if str(each.get_label()).startswith(name)]
        assert len(lines) == found.sizes["x_draw"]
        assert {to_hex(each.get_color()) for each in lines} == {ink}
        if name == "batch":
            assert chart.texts[0].xy[0] == spread.argmax()
    ticks = [tick.get_text() for tick in fig.axes[3].get_xticklabels()]
    assert ticks == [f"unit {k + 1}" for k in range(found.sizes["unit"])]


def test_the_film_says_how_far_companions_move_a_value(recorded: Recorded) -> None:
    from scenes.normalization import layer_norm as film

    _, (found,) = drawn("layer_norm", recorded)
    n = found.sizes["x_draw"]
    spread = np.ptp(found.among.sel(run="batch").values, axis=0)
    apart, one = f"{spread.max():.1f} apart", f"all {n} lines are one"
    for section, texts in filmed("layer_norm", recorded).items():
        names = sorted(text for text in texts if text in ("batch norm", "layer norm"))
        assert names == ["batch norm", "layer norm"]
        ends = [text for text in texts if text in (apart, one)]
        assert ends == {"start": [apart], "swap": [apart], "end": [apart, one]}[section]
        assert f"batch {n} of {n}" in texts
    with telling("layer_norm", found):
        for i, name in enumerate(found.run.values.tolist()):
            among, title, *_ = film.chart(found.among.values[i], 0.0, 3.0, ValueTracker(0), 0, name)
            assert title.text == f"{name} norm"
            with theme.use("dark"):
                assert among.ink == theme.color({"batch": "green", "layer": "purple"}[name])
            np.testing.assert_array_equal(among.values, found.among.sel(run=name))


def test_what_each_norm_averages_is_marked(recorded: Recorded) -> None:
    fig, (found,) = drawn("layer_norm", recorded)
    shape = found.sizes["example"], found.sizes["unit"]
    for panel, (rows, columns) in ((0, (shape[0], 1)), (2, (1, shape[1]))):
        cells = [each for each in fig.axes[panel].patches if each.get_label() == "averaged"]
        assert len({cell.get_y() for cell in cells}) == rows
        assert len({cell.get_x() for cell in cells}) == columns
        assert len(cells) == rows * columns
        (value,) = [each for each in fig.axes[panel].patches if each.get_label() == "value"]
        at = line(fig, "range", 1).get_xdata()[0]  # the unit that the bar beside measures
        assert int(value.get_x()) == at
        assert columns > 1 or {int(cell.get_x()) for cell in cells} == {at}
        digits = [text.get_text() for text in fig.axes[panel].texts][-shape[0] :]
        assert digits == [str(k) for k in found.company.values[0]], "the first of its batches"


def test_the_films_line_is_of_the_batch_that_is_counted(recorded: Recorded) -> None:
    from scenes.normalization import layer_norm as film

    _, (found,) = drawn("layer_norm", recorded)
    values, clock = found.among.sel(run="batch").values, ValueTracker(1)
    shown = film.Among(values, 0.0, 3.0, clock, 2, "purple")
    assert shown.now() == -1, "before its turn it has no line"
    assert shown.y(0.0) == pytest.approx(film.BOTTOM + film.TALL / 2)
    clock.set_value(5)  # the fourth batch since its turn began
    pen = Pen()
    shown.paint(pen)  # type: ignore[arg-type]
    np.testing.assert_allclose(pen.dots, np.column_stack([shown.x, shown.y(values[3])]))
    assert shown.shown() == 4
    clock.set_value(2 + len(values) + 1)  # the other chart's turn: the second batch again
    pen = Pen()
    shown.paint(pen)  # type: ignore[arg-type]
    np.testing.assert_allclose(pen.dots, np.column_stack([shown.x, shown.y(values[1])]))
    assert shown.shown() == len(values), "all of its lines stay"
    with telling("layer_norm", found):
        bar, name = shown.range("2 apart")
    widest = values[:, np.ptp(values, axis=0).argmax()]
    assert bar.height == pytest.approx(shown.y(widest.max()) - shown.y(widest.min()))
    unit = int(np.ptp(values, axis=0).argmax())
    assert bar.get_center()[0] == pytest.approx(shown.x[unit])
    beside = shown.y(values[:, np.abs(shown.x - shown.x[unit]) < name.width / 2])
    assert name.get_bottom()[1] > beside.max() or name.get_top()[1] < beside.min()
    assert name.get_top()[1] < film.BOTTOM + film.TALL, "within the chart"
    flat = film.Among(np.where(values > 0, 2.9, -0.5), 0.0, 3.0, ValueTracker(9), 2, "purple")
    with telling("layer_norm", found):
        _, below = flat.range("3 apart")
    assert below.get_top()[1] < flat.y(-0.5), "under them, where the chart ends above"
    assert "2 apart" in name.text


def test_the_films_batch_is_the_one_that_is_counted(recorded: Recorded) -> None:
    from scenes.normalization import layer_norm as film

    _, (found,) = drawn("layer_norm", recorded)
    company, companions = found.company.values, found.companion.values
    assert (companions[:, 0] == 0).all(), "the first stays"
    assert len({tuple(row) for row in companions.tolist()}) == len(companions)
    labels = load(_digits.training(_digits.TINY, "layer").data).y_train
    np.testing.assert_array_equal(company, labels[companions])
    n_draws, n_units = found.among.values.shape[1:]
    most = int(np.ptp(found.among.sel(run="batch").values, axis=0).argmax())
    clock = ValueTracker(0)
    with telling("layer_norm", found):
        batch = film.Batch(company, found.among.values, ["batch", "layer"], clock)
    for now, cells in ((3, [(k, most) for k in range(company.shape[1])]),
                       (n_draws + 3, [(0, k) for k in range(n_units)])):  # fmt: skip
        clock.set_value(now)
        assert batch.now() == 3
        every = [(row, unit) for row in range(company.shape[1]) for unit in range(n_units)]
        assert [cell for cell in every if batch.averaged(*cell)] == cells


def batch_drawn(found: xr.Dataset, done: float) -> tuple[np.ndarray, ...]:
    """Return the dots' values (unit, example), and the bars' middles and halves, off the frame."""
    from scenes.normalization import batch_norm as film

    with telling("batch_norm", found):
        shown = film.columns(found, ValueTracker(done))
    pen = Pen()
    shown.paint(pen)  # type: ignore[arg-type]
    _, bottom, _, height = film.BOX
    units, examples = found.sizes["unit"], found.sizes["example"]

    def value(y: np.ndarray) -> np.ndarray:
        return (2 * (y - bottom) / height - 1) * shown.reach

    xy, bars = np.array(pen.dots), np.array(pen.bars)
    assert xy[:, 1].min() > bottom
    assert xy[:, 1].max() < bottom + height, "no dot is outside"
    slot = np.repeat(np.arange(units), examples)
    middles = np.array([shown.place_of(k, 0)[0] for k in range(units)])
    assert (np.abs(xy[:, 0, None] - middles).argmin(1) == slot).all(), "under its column"
    low, high = value(bars[:, 1]), value(bars[:, 1] + bars[:, 3])
    return value(xy[:, 1]).reshape(units, examples), (low + high) / 2, (high - low) / 2


def test_the_film_normalises_unit_by_unit(recorded: Recorded) -> None:
    _, (found,) = drawn("batch_norm", recorded)
    sums = found["sum"].values[-1].T  # (unit, example), of the figure’s snapshot
    mean, spread = sums.mean(1), sums.std(1)
    for done in (0, 2, len(sums)):
        values, middles, halves = batch_drawn(found, done)
        passed = np.arange(len(sums)) < done
        wanted = np.where(passed[:, None], (sums - mean[:, None]) / spread[:, None], sums)
        np.testing.assert_allclose(values, wanted, atol=2e-3)
        np.testing.assert_allclose(middles, np.where(passed, 0, mean), atol=1e-9)
        np.testing.assert_allclose(halves, np.where(passed, 1, spread), atol=2e-3)


def test_the_film_names_mean_and_deviation_at_the_last_units_bar(recorded: Recorded) -> None:
    from scenes.normalization import batch_norm as film

    _, (found,) = drawn("batch_norm", recorded)
    sums = found["sum"].values[-1, :, -1]
    with telling("batch_norm", found):
        columns = film.columns(found, ValueTracker(0))
        mean, up = film.named(columns, found)
    _, bottom, _, height = film.BOX
    unit = height / 2 / columns.reach
    for letter, value in ((mean, sums.mean()), (up, sums.mean() + sums.std())):
        wanted = bottom + height / 2 + unit * value
        assert letter.get_center()[1] == pytest.approx(wanted, abs=unit * 0.002)
        assert letter.get_left()[0] > columns.place_of(len(columns.mean) - 1 + 0.34, 0)[0]
    assert (mean.text, up.text) == ("mu", "mu + sigma")


def test_the_film_draws_batches_of_two(recorded: Recorded) -> None:
    """From where one large batch puts the values, each of a pair flies to its own side."""
    from scenes.normalization import batch_norm as film

    _, (found,) = drawn("batch_norm", recorded)
    large, small = found.tiny.values[[-1, 0]]
    assert found["size"].values[0] == 2
    two, opened = ValueTracker(0), ValueTracker(0)
    own = found.normalised.values[-1, :, 0]
    with telling("batch_norm", found):
        columns = film.columns(found, ValueTracker(found.sizes["unit"]))
        starts = np.array([columns.dot(0, k, value) for k, value in enumerate(own)])
        strip = film.Strip(found.tiny.values, two, opened, starts)
    pen = Pen()
    columns.paint(pen)  # type: ignore[arg-type]
    of_columns = pen.dots[: len(own)]
    pen = Pen()
    strip.paint(pen)  # type: ignore[arg-type]
    np.testing.assert_allclose(pen.dots, of_columns, atol=1e-6)  # the first column's own dots
    sizes = found["size"].values.tolist()
    eight = found.tiny.values[sizes.index(len(own))][: len(own)] if len(own) in sizes else own
    np.testing.assert_allclose(own, eight, atol=1e-6)  # which are the strip's first digits
    opened.set_value(1)
    places = []
    for share in (0, 0.5, 1):
        two.set_value(share)
        pen = Pen()
        strip.paint(pen)  # type: ignore[arg-type]
        places.append(np.array(pen.dots))
        known = np.isfinite(large)
        np.testing.assert_allclose(
            places[-1][:, 0], [strip.x(v) for v in ((1 - share) * large + share * small)[known]]
        )
    joined = [line for line in pen.strokes if line.shape == (2, 2)][2:]  # after the axes
    np.testing.assert_allclose(joined, places[-1].reshape(-1, 2, 2))
    first, second = places[-1].reshape(-1, 2, 2).transpose(1, 0, 2)
    np.testing.assert_array_equal(first[:, 1], second[:, 1])  # a pair lies on one line
    pairs = large[: len(large) // 2 * 2].reshape(-1, 2)
    ahead = np.sign(pairs[:, 0] - pairs[:, 1])  # who is larger goes to 1, the other to −1
    np.testing.assert_allclose(first[:, 0], [strip.x(v) for v in ahead], atol=strip.x(0.05))
    np.testing.assert_allclose(second[:, 0], [strip.x(-v) for v in ahead], atol=strip.x(0.05))
