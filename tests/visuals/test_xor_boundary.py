"""XOR: the boundary is the network's, and the success is counted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import xarray as xr
from matplotlib.figure import Figure

from figures.parts import fits
from look import theme
from look.numbers import percent
from look.words import fill
from simulate import recording, registry, specs
from simulate.data import _load
from simulate.experiments.networks import xor_boundary as xor
from simulate.training.execute import execute
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, telling, visual
from tests.visuals._networks import filmed


def test_tanh_with_8_units_gets_all_four_points_right(record: Record) -> None:
    full = registry.load("experiments", "xor_boundary").settings
    assert (full.activation, full.hidden, full.seed) == ("tanh", 8, 0)
    found = record("xor_boundary", n_steps=full.n_steps, counted=(2,), n_networks=100)
    assert found.attrs["n_right"] == 4
    right = (found.point_probability[-1] > 0.5).values == found.label.values
    assert right.all()
    assert found.label.values.tolist() == [0, 1, 1, 0]
    # and 2 units succeed in about half the seeds
    assert 0.4 < found.attrs["success_shown"] < 0.65
    assert found.success.values.tolist() == [found.attrs["success_shown"]]


def test_more_units_succeed_more_often_and_one_never(record: Record) -> None:
    found = record("xor_boundary", n_steps=150)
    assert found.hidden.values.tolist() == [1, 2, 8]
    one, two, eight = found.success.values
    assert one == 0 < two < eight
    assert found.attrs["wider"] == "wider networks succeed more often"


def test_what_the_words_claim_is_what_was_counted(record: Record) -> None:
    """Without a bend between its layers no network succeeds: then no word says that some do."""
    found = record("xor_boundary", activation="identity")
    assert not found.success.values.any()
    words = fill(visual("xor_boundary"), found.attrs)
    assert words.title == "XOR takes more than one straight line"
    assert "more often" not in words.alt
    assert "with 2 units 0\u202f% of them do" in words.alt
    assert xor._wider((8, 1, 2), [0.9, 0.1, 0.5]) == "wider networks succeed more often"
    for counted, success in (((1, 2, 8), [0.1, 0.6, 0.5]), ((1, 2), [1.0, 1.0]), ((2,), [0.5])):
        assert "more often" not in xor._wider(counted, success)


def test_the_field_is_the_networks(record: Record) -> None:
    found = record("xor_boundary")
    run = json.loads(found.attrs["spec"])["watched"]
    spec = specs.decode(json.dumps(run))
    trained = execute(spec)
    net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2))
    net = net.double()
    for k in (0, 3, -1):
        point = torch.from_numpy(trained.params.values[k])
        torch.nn.utils.vector_to_parameters(point, net.parameters())
        with torch.no_grad():
            corner = net(torch.tensor([[found.x.values[2], found.y.values[-1]]])).softmax(1)
            points = net(torch.from_numpy(found.points.values).double()).softmax(1)
        assert found.probability.values[k, -1, 2] == pytest.approx(corner[0, 1].item(), abs=1e-6)
        np.testing.assert_allclose(found.point_probability[k], points[:, 1], atol=1e-12)
    chosen = found.point_probability.sel(snapshot=0).values
    chosen = np.where(found.label == 1, chosen, 1 - chosen)
    assert found.loss.values[0] == pytest.approx(-np.log(chosen).mean(), abs=1e-6)


def test_each_of_many_networks_goes_the_way_it_would_go_alone() -> None:
    many = specs.Train(
        data=specs.Data(name="xor"),
        model=specs.Model(name="mlps", settings={"n_networks": 3, "widths": [2, 4, 2]}),
        optimizer=specs.Optimizer(name="adam", settings={"lr": 0.05}),
        loss="cross_entropy_each",
        steps=40,
        dtype="float64",
    )
    together = execute(many)
    stacks, at = [], 0
    for _, shape in json.loads(together.attrs["param_shapes"]):
        size = int(np.prod(shape))
        stacks.append(together.params.values[-1][at : at + size].reshape(3, -1))
        at += size
    settings = {"widths": [2, 4, 2], "activation": "tanh"}
    accuracies = []
    for seed in range(3):
        changes = {"model": specs.Model(name="mlp", settings=settings), "loss": "cross_entropy"}
        alone = execute(specs.updated(many, {**changes, "seed": seed}))
        expected = alone.params.values[-1]
        np.testing.assert_allclose(np.concatenate([s[seed] for s in stacks]), expected, atol=1e-9)
        accuracies.append(alone.attrs["train_accuracy"])
    assert together.attrs["train_accuracy"] == pytest.approx(np.mean(accuracies))


def test_the_networks_shown_are_marked_as_they_do(record: Record) -> None:
    found = record("xor_boundary")
    data = _load.load(specs.Data(name="xor"))
    assert found.attrs["n_solved"] == int(found.solved.sum())
    # their fields at the grid point nearest to each of the four points; not decisive near ½
    x = found.x_network.values
    near = [[int(np.abs(x - value).argmin()) for value in point] for point in data.x_train]
    said = np.stack([found.final_probability.values[:, j, i] for i, j in near], axis=1)
    solved = ((said > 0.5) == data.y_train).all(1)
    assert (solved == found.solved.values.astype(bool)).mean() > 0.8


def test_the_figure_draws_what_was_recorded(recorded: Recorded) -> None:
    fig, (found,) = drawn("xor_boundary", recorded)
    np.testing.assert_allclose(
        fig.axes[1].images[0].get_array(), fits.shades(found.probability[-1])
    )
    assert_drawn_line_fails(fig, found)
    ones = line(fig, "class 1", 0)
    np.testing.assert_array_equal(
        np.transpose(ones.get_data()), found.points.values[found.label.values == 1]
    )
    bars = [bar for bar in fig.axes[2].patches][len(found.hidden) :]
    np.testing.assert_allclose([bar.get_width() for bar in bars], found.success)


def test_every_word_is_the_networks(recorded: Recorded) -> None:
    fig, (found,) = drawn("xor_boundary", recorded)
    straight, bent, counted = fig.axes
    right = int(((found.point_probability.values[-1] > 0.5) == (found.label.values == 1)).sum())
    letters = ["$x_1$", "$x_2$"]
    for ax, words in (
        (straight, ["One straight line", f"{found.line_right.values.max()} of 4 right", "wrong"]),
        (bent, ["8 hidden units", f"{right} of 4 right"]),
    ):
        texts = [text.get_text() for text in ax.texts]
        assert sorted(texts) == sorted([*words, *letters, "0", "0", "1", "1"])
        told = {text.xy: text.get_text() for text in ax.texts if text.get_text() in ("0", "1")}
        for point, label in zip(found.points.values, found.label.values, strict=True):
            assert told[tuple(point)] == str(label)
        for k, hue in enumerate(("negative", "positive")):
            marks = line(fig, f"class {k}", fig.axes.index(ax))
            np.testing.assert_array_equal(
                marks.get_xydata(), found.points.values[found.label.values == k]
            )
            with theme.use("dark"):
                assert marks.get_markeredgecolor() == theme.color(hue)
    shares = [percent(share) for share in found.success.values]
    assert [text.get_text() for text in counted.texts][: len(shares)] == shares
    widths = [text.get_text() for text in counted.get_yticklabels()]
    assert widths == [str(n) for n in found.hidden.values]
    assert [text.get_text() for text in counted.texts][len(shares) :] == [
        "hidden units", f"and the share of {found.attrs['n_networks']} that succeed"
    ]  # fmt: skip


def assert_drawn_line_fails(fig: Figure, found: xr.Dataset) -> None:
    """The straight line has no bend, its sides say what they are tinted, one point is ringed."""
    (boundary,) = [c for c in fig.axes[0].collections if c.get_label() == "boundary"]
    corners = np.concatenate([path.vertices for path in boundary.get_paths()])
    across = np.linalg.svd(corners - corners.mean(0))[2][1]
    assert np.ptp(corners @ across) < 1e-9
    rings = [each for each in fig.axes[0].get_lines() if each.get_markersize() > 30]
    ringed = [tuple(np.ravel(each.get_data())) for each in rings]
    tint = fig.axes[0].images[0].get_array()
    for point, label in zip(found.points.values, found.label.values, strict=True):
        column, row = (int(np.abs(side.values - at).argmin())
                       for side, at in zip((found.x, found.y), point, strict=True))  # fmt: skip
        said = int(np.allclose(tint[row, column], fits.shades(1.0)))
        assert said or np.allclose(tint[row, column], fits.shades(0.0))
        assert (said != label) == (tuple(point) in ringed)
    assert len(ringed) == 4 - found.attrs["line_best"]


def test_the_film_draws_what_was_recorded(recorded: Recorded) -> None:
    from scenes.parts import fits as films

    found = recording.load(Path(recorded("xor_boundary")))
    field = films.Between(found.snapshot.values, found.probability.values)
    for k, step in enumerate(found.snapshot.values):
        np.testing.assert_array_equal(field(step), found.probability[k])
    halfway = (found.probability.values[0] + found.probability.values[1]) / 2
    middle = (found.snapshot.values[0] + found.snapshot.values[1]) / 2
    np.testing.assert_allclose(field(middle), halfway)


def test_no_straight_line_parts_them(record: Record) -> None:
    """Recounted: each recorded line, and a fine net of all others, of either side."""
    found = record("xor_boundary")
    points, label = found.points.values, found.label.values
    turn = np.radians(found.line_angle.values)
    assert (turn[0], turn[-1]) == (0, pytest.approx(np.pi))
    beyond = points @ np.stack([np.cos(turn), np.sin(turn)]) > found.line_offset.values
    same = (beyond == label[:, None]).sum(0)
    np.testing.assert_array_equal(np.maximum(same, 4 - same), found.line_right)
    np.testing.assert_array_equal(found.line_right, 4 - found.line_wrong.sum("example"))
    offsets = np.linspace(-2, 2, 401)[:, None, None] + 0.0013  # through no point
    along = (points @ np.stack([np.cos(turn), np.sin(turn)]))[None]
    right = ((along > offsets) == label[:, None]).sum(1)
    right = np.maximum(right, 4 - right)
    assert right.max() == 3, "none parts them, however close it passes"
    near = np.abs(along - offsets).min(1) < xor.CLEAR
    np.testing.assert_array_equal(np.where(near, 0, right).max(0), found.line_right)
    assert np.abs(along[0] - found.line_offset.values).min() >= xor.CLEAR, "it grazes no point"
    assert found.attrs["line_best"] == 3
    assert np.abs(np.diff(found.line_offset)).max() < 0.8  # it turns, and hardly jumps


def test_the_film_rings_the_points_that_a_line_gets_wrong(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.networks.xor_boundary import OneLine
    from scenes.parts.charts import Chart

    found = recording.load(Path(recorded("xor_boundary")))
    turn = ValueTracker(0)
    line = OneLine(Chart((0, 0), 4, 4, (0, 1), (0, 1)), found, turn)
    turn.set_value(30)
    assert line.at() == 30
    np.testing.assert_array_equal(line.right, found.line_right)
    np.testing.assert_array_equal(line.wrong, found.line_wrong.values.astype(bool))
    for k, angle in enumerate(np.radians(found.line_angle.values)):  # its far side's tint
        turn.set_value(k)
        beyond = found.points.values @ [np.cos(angle), np.sin(angle)] > found.line_offset.values[k]
        wrong = (beyond == line.says()) != found.label.values.astype(bool)
        np.testing.assert_array_equal(wrong, line.wrong[k])
    assert found.line_right.values[line.rest] == found.attrs["line_best"]
    turn.set_value(30)
    with telling("xor_boundary", found):
        number, words = line.count()
        assert number.text() == f"{found.line_right.values[30]} of 4"
        assert words.text == "right with this line"


def test_the_most_is_said_when_the_line_has_been_tried(recorded: Recorded) -> None:
    sections = filmed("xor_boundary", recorded)
    best = int(recording.load(Path(recorded("xor_boundary"))).line_right.max())
    assert f"never more than {best}" in sections["one line"]
    assert not any(text.startswith("never more") for text in sections["learning"])


def test_the_film_ends_on_line_and_network_side_by_side(recorded: Recorded) -> None:
    """The line at its best with its count over it, the network with its own, each in its square."""
    from manim import ValueTracker

    from scenes.networks import xor_boundary as film
    from scenes.parts.charts import Chart

    found = recording.load(Path(recorded("xor_boundary")))
    right = int(((found.point_probability.values[-1] > 0.5) == (found.label.values == 1)).sum())
    last = filmed("xor_boundary", recorded)["learning"]
    best = f"{int(found.line_right.max())} of 4"
    told = ["One straight line", best, "8 hidden units", f"{right} of 4"]
    assert [text for text in last if text in told] == told
    charts = [Chart((x, film.MIDDLE), film.SIDE, film.SIDE, (0, 1), (0, 1)) for x in film.PLACES]
    assert charts[0].left + charts[0].width < charts[1].left
    with telling("xor_boundary", found):
        for chart in charts:
            name, count = film.named(chart, "name", film.learnt(found, ValueTracker(0)))
            assert chart.left <= name.get_left()[0] < chart.left + chart.width
            assert count.get_right()[0] == pytest.approx(chart.left + chart.width, abs=0.05)
            *_, numbers = film.four(chart, found)
            for at, label, word in zip(
                found.points.values, found.label.values, numbers, strict=True
            ):
                assert word.text == str(label)
                x, y = word.get_center()[:2]
                own = np.linalg.norm(np.subtract(chart.point(*at), (x, y)))
                others = [np.linalg.norm(np.subtract(chart.point(*each), (x, y)))
                          for each in found.points.values]  # fmt: skip
                assert own == min(others)


def test_the_films_count_is_the_networks(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.networks.xor_boundary import learnt

    found = recording.load(Path(recorded("xor_boundary")))
    clock = ValueTracker(0)
    with telling("xor_boundary", found):
        number = learnt(found, clock)
        for k, step in enumerate(found.snapshot.values.tolist()):
            clock.set_value(step)
            said = (found.point_probability.values[k] > 0.5).astype(int)
            assert number.text() == f"{int((said == found.label.values).sum())} of 4"


def test_the_networks_wrong_points_are_ringed(recorded: Recorded) -> None:
    """As many rings as the count lacks, each around a point on the wrong side of the boundary."""
    from manim import ValueTracker

    from scenes.networks.xor_boundary import Rings
    from scenes.parts.charts import Chart
    from tests.visuals._pen import Pen

    found = recording.load(Path(recorded("xor_boundary")))
    clock, chart = ValueTracker(0), Chart((1, 2), 4, 4, (0, 1), (0, 1))
    with theme.use("dark"):
        rings = Rings(chart, found, clock)
        counts = []
        for k, step in enumerate(found.snapshot.values.tolist()):
            clock.set_value(step)
            pen = Pen()
            rings.paint(pen)
            wrong = (found.point_probability.values[k] > 0.5) != found.label.values.astype(bool)
            expected = [chart.point(*at) for at in found.points.values[wrong]]
            np.testing.assert_allclose([each[:2] for each in pen.circles], expected)
            counts.append(len(expected))
    assert max(counts) > 0 == min(counts)


def test_the_steps_are_the_counts_at_the_angles_that_the_line_has_had(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.networks.xor_boundary import OneLine, Tried
    from scenes.parts.charts import Chart
    from tests.visuals._pen import Pen

    found = recording.load(Path(recorded("xor_boundary")))
    turn, right = ValueTracker(0), found.line_right.values
    with theme.use("dark"), telling("xor_boundary", found):
        line = OneLine(Chart((0, 0), 4, 4, (0, 1), (0, 1)), found, turn)
        tried = Tried(line)
        told = [(word.text, *word.get_center()[:2]) for word in tried.words]
        for reached in (7, line.last):
            tried.reached.set_value(reached)
            turn.set_value(reached)
            path = tried.path()
            inside = np.arange(reached) + 0.1  # each angle's own height
            heights = [path[np.searchsorted(path[:, 0], tried.across(k)), 1] for k in inside]
            np.testing.assert_allclose(heights, [tried.level(n) for n in right[:reached]])
            assert path[-1, 0] == pytest.approx(tried.across(min(reached + 0.5, line.last)))
            pen = Pen()
            tried.paint(pen)
            assert pen.dots[0] == pytest.approx(
                (tried.across(reached), tried.level(right[reached]))
            )
    levels = [(text, y) for text, _, y in told if "°" not in text]
    assert [text for text, _ in levels] == ["0", "1", "2", "3", "4"]
    np.testing.assert_allclose(
        [y for _, y in levels], [tried.level(n) for n in range(5)], atol=0.06
    )
    ends = [(text, x) for text, x, _ in told if "°" in text]
    assert [text for text, _ in ends] == ["0°", "180°"]
    assert ends[0][1] < ends[1][1]
    assert tried.level(4) > path[:, 1].max(), "no line reaches the level of all"
