"""Logistic regression: its boundary is w·x + b = 0, its gradient the mean of (ŷ − y) x."""

from __future__ import annotations

from pathlib import Path

import cairo
import contourpy
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex, to_rgb

import figures
from figures.parts import canvas
from look import theme as themes
from scenes.parts.paint import Painted, Pen
from simulate import recording, specs
from simulate.data import iris
from simulate.data._load import load
from simulate.errors import RunError, UserError
from simulate.experiments.losses.logistic_boundary import COLUMNS, SPECIES
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, telling
from tests.scenes._films import film
from tests.visuals.test_shown import counted


def test_the_boundary_is_where_w_x_plus_b_is_zero(record: Record) -> None:
    found = record("logistic_boundary", n_grid=49, n_steps=120)
    drawn_ones = 0
    for k, step in enumerate(found.snapshot.values):
        generator = contourpy.contour_generator(found.x, found.y, found.probability.values[k])
        w, b = found.theta.values[step, :2], found.theta.values[step, 2]
        for piece in generator.lines(0.5):
            x = (np.asarray(piece) - found.middle.values) / found.spread.values
            # how far off, in standard deviations of the flowers
            off = np.abs(x @ w + b) / np.linalg.norm(w)
            assert off.max() < 0.01
            drawn_ones += 1
    assert drawn_ones >= len(found.snapshot) - 1
    columns, rows = np.meshgrid(found.x, found.y)
    x = (np.stack([columns, rows], axis=-1) - found.middle.values) / found.spread.values
    z = x @ found.theta.values[-1, :2] + found.theta.values[-1, 2]
    np.testing.assert_allclose(found.probability[-1], 1 / (1 + np.exp(-z)), atol=1e-6)
    assert found.attrs["train_accuracy"] > 0.9


def test_both_gradients_are_the_mean_of_error_times_input(record: Record) -> None:
    found = record("logistic_boundary", looked=3)
    np.testing.assert_allclose(found.gradient, found.mean_error_times_input, atol=1e-12)
    assert found.component.values.tolist() == ["linear", "logistic"]
    z = found.z.values
    np.testing.assert_array_equal(found.prediction[0], z)
    np.testing.assert_allclose(found.prediction[1], 1 / (1 + np.exp(-z)), rtol=1e-12)
    # and the logistic one is what gradient descent followed from there
    step = found.theta.values[4] - found.theta.values[3]
    np.testing.assert_allclose(step, -found.attrs["lr"] * found.gradient[1], atol=1e-9)


def test_a_class_without_examples_stops_the_experiment(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, y = iris.measurements(SPECIES, COLUMNS)
    monkeypatch.setattr(iris, "measurements", lambda *_: (x, np.zeros_like(y)))
    message = (
        "logistic_boundary, run descent: none of the 78 training examples of dataset 'iris' is "
        "of class 1; take a larger n_train"
    )
    with pytest.raises(RunError, match=message):
        record("logistic_boundary", n_train=78)


def test_a_column_of_zeros_stops_the_experiment(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, y = iris.measurements(SPECIES, COLUMNS)
    monkeypatch.setattr(iris, "measurements", lambda *_: (x * [1, 0], y))
    with pytest.raises(
        RunError, match="column 'petal width' holds the same value in all of the 76"
    ):
        record("logistic_boundary", n_train=76)


def test_irises_come_in_the_columns_asked_for() -> None:
    asked = {"species": ["versicolor", "virginica"], "columns": ["petal width", "sepal length"]}
    some = load(specs.Data(name="iris", settings=asked))
    both = load(specs.Data(name="iris", settings={"species": asked["species"]}))
    assert both.columns == iris.FEATURES
    assert some.columns == ("petal width", "sepal length")
    np.testing.assert_array_equal(some.x_train, both.x_train[:, [3, 0]])
    np.testing.assert_array_equal(some.y_train, both.y_train)
    for wrong in ([], ["petal colour"]):
        with pytest.raises(UserError, match="choose among sepal length"):
            load(specs.Data(name="iris", settings={"columns": wrong}))


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("lost", [np.nan, np.inf])
def test_a_field_that_is_no_number_is_left_empty(record: Record, theme: str, lost: float) -> None:
    """In figure and film: nothing but the background, and no boundary."""
    from manim import ValueTracker

    from figures.losses import logistic_boundary as figure
    from scenes.parts import fits as films
    from scenes.parts.charts import Chart

    found = record("logistic_boundary").copy(deep=True)
    found.probability[-1] = lost
    with themes.use(theme), canvas.style(), telling("logistic_boundary", found):
        fig = figure.draw(found)
        back = to_rgb(themes.color("background"))
        image = fig.axes[0].images[0].get_array()
        np.testing.assert_array_equal(image, np.broadcast_to(back, image.shape))
        assert not [c for c in fig.axes[0].collections if c.get_label() == "boundary"]

        clock = ValueTracker(0)
        x, y = found.x.values, found.y.values
        values = films.Between(found.snapshot.values, found.probability.values)
        field = films.Field(
            Chart((0, 0), 4, 4, (x[0], x[-1]), (y[0], y[-1])), x, y, values, clock
        )  # fmt: skip
        assert len(painted(field)) > 100, "first it is a field"
        clock.set_value(float(found.snapshot[-1]))
        empty = painted(field)
    expected = np.rint(255 * np.array(back)).astype(np.uint8)
    np.testing.assert_array_equal(empty, expected[None])


def painted(field: Painted) -> np.ndarray:
    """Return the colours, (n, 3), that a painter leaves in a frame of its own box."""
    pixels = np.zeros((80, 80, 4), np.uint8)
    surface = cairo.ImageSurface.create_for_data(pixels.data, cairo.FORMAT_ARGB32, 80, 80)
    context = cairo.Context(surface)
    context.translate(40, 40)
    context.scale(20, -20)
    field.paint(Pen(context, pixels))
    surface.flush()
    return np.unique(pixels[..., :3].reshape(-1, 3), axis=0)


def test_figure_and_film_draw_what_was_recorded(recorded: Recorded) -> None:
    from figures.parts import fits
    from scenes.parts import fits as films

    fig, (found,) = drawn("logistic_boundary", recorded)
    np.testing.assert_allclose(
        fig.axes[0].images[0].get_array(), fits.shades(found.probability[-1])
    )
    ax = fig.axes[1]
    (sticks,) = (c for c in ax.collections if isinstance(c, LineCollection))
    theta = found.theta.values[-1]
    z = (found.flowers.values - found.middle.values) / found.spread.values @ theta[:2] + theta[2]
    expected = np.stack([z, found.label], 1), np.stack([z, 1 / (1 + np.exp(-z))], 1)
    np.testing.assert_allclose(sticks.get_segments(), np.stack(expected, 1), atol=1e-6)
    curve = line(fig, "probability", 1)
    np.testing.assert_allclose(curve.get_ydata(), 1 / (1 + np.exp(-curve.get_xdata())))
    wrong = (z > 0) != (found.label.values == 1)
    assert wrong.any()
    for panel, places in ((0, found.flowers.values), (1, np.stack([z, found.label], 1))):
        rings = [each for each in fig.axes[panel].get_lines() if each.get_label() == "wrong"]
        at = np.array([ring.get_xydata()[0] for ring in rings])
        np.testing.assert_allclose(at, places[wrong], atol=1e-6)
    # a flower that is wrong lies above a right one at the same place
    marks = [each for each in fig.axes[0].get_lines() if str(each.get_label()).startswith("class")]
    for k, upper in enumerate(marks[-2:]):
        np.testing.assert_array_equal(
            upper.get_xydata(), found.flowers.values[wrong & (found.label.values == k)]
        )
    # as many rings as one can count, and those that the words add, are all the wrong ones
    counted = [text.get_text() for text in fig.axes[1].texts if "flowers" in text.get_text()]
    groups = sum(len(crowds(ax, z[wrong & (found.label.values == k)])) for k in (0, 1))
    assert groups + sum(int(each.split()[0]) - 1 for each in counted) == wrong.sum()
    texts = [text.get_text() for text in fig.axes[0].texts]
    assert f"{(~wrong).sum()} of {len(z)} right" in texts

    found = recording.load(Path(recorded("logistic_boundary")))
    field = films.Between(found.snapshot.values, found.probability.values)
    for k, step in enumerate(found.snapshot.values):
        np.testing.assert_array_equal(field(step), found.probability[k])


def crowds(ax: Axes, places: np.ndarray) -> list[list[float]]:
    """Return places from left to right, together those nearer than half a ring to the last."""
    groups: list[list[float]] = []
    for place in sorted(places.tolist()):
        seen = ax.transData.transform([(place, 0), (groups[-1][-1] if groups else -1e3, 0)])[:, 0]
        near = (seen[0] - seen[1]) * 96 / ax.figure.dpi <= 5.5
        groups[-1:] = [[*groups[-1], place]] if near else [*groups[-1:], [place]]
    return groups


@pytest.mark.parametrize("apart", [0.0, 0.05, 2.0])
def test_wrong_flowers_that_look_like_one_are_counted(recorded: Recorded, apart: float) -> None:
    """Two of one species, moved to the same place but for a little."""
    found = recording.load(Path(recorded("logistic_boundary")))
    z = found.end_z.values.copy()
    z[found.label.values == 1] = 3.0  # all others of it on the right side
    z[np.flatnonzero(found.label.values == 1)[:2]] = [-1.0, -1.0 - apart]
    fig = figures.draw("logistic_boundary", found.assign(end_z=(found.end_z.dims, z)))
    told = [text.get_text() for text in fig.axes[1].texts if getattr(text, "xy", (0, 0))[1] == 1
            and getattr(text, "xy", (0, 0))[0] < 0]  # fmt: skip
    assert ("2 flowers" in told) == (apart < 1)


def test_all_words_stand_at_what_they_name(recorded: Recorded) -> None:
    """Each species' name on its own side of the line, each count at the rings that it counts."""
    fig, (found,) = drawn("logistic_boundary", recorded)
    fig.draw_without_rendering()
    field, across = fig.axes
    w, b = found.theta.values[-1, :2], found.theta.values[-1, 2]
    z = (found.flowers.values - found.middle.values) / found.spread.values @ w + b
    label = found.label.values
    wrong = (z > 0) != (label == 1)
    words = [text.get_text() for text in field.texts]
    species = ["versicolor", "virginica"]
    names = [text for text in field.texts if text.get_text() in species]
    assert [text.get_text() for text in names] == species
    right = f"{(~wrong).sum()} of {len(z)} right"
    formula = "$w_1x_1+w_2x_2+b=0$"
    assert sorted(set(words) - {formula}) == sorted([*species, right, "petal width in cm"])
    assert field.get_xlabel() == "petal length in cm"
    for k, name in enumerate(names):
        middle = field.transData.inverted().transform(name.get_window_extent().get_points()).mean(0)
        assert ((middle - found.middle.values) / found.spread.values @ w + b > 0) == k
    said = [text.get_text() for text in across.texts]
    rest = {"probability", "$\\hat{y}=\\sigma(z)$"}
    assert {each for each in said if "flowers" not in each} == rest
    told = {(round(text.xy[1]), round(text.xy[0], 6)): text.get_text() for text in across.texts
            if "flowers" in text.get_text()}  # fmt: skip
    assert told == {
        (k, round(float(group[-1 if k == 0 else 0]), 6)): f"{len(group)} flowers"
        for k in (0, 1) for group in crowds(across, z[wrong & (label == k)]) if len(group) > 1
    }  # fmt: skip
    with themes.use("dark"):
        ring, rest_hue = (themes.color(token) for token in ("vermillion", "muted"))
    (sticks,) = (c for c in across.collections if isinstance(c, LineCollection))
    hues = [to_hex(hue).upper() for hue in sticks.get_colors()]
    assert hues == [(ring if each else rest_hue).upper() for each in wrong]
    for k, hue in enumerate(("negative", "positive")):
        with themes.use("dark"):
            assert line(fig, f"class {k}", 1).get_color() == themes.color(hue)
        np.testing.assert_allclose(line(fig, f"class {k}", 1).get_xydata(),
                                   np.stack([z, label], 1)[label == k], atol=1e-6)  # fmt: skip


def test_the_films_words_are_the_flowers(recorded: Recorded) -> None:
    found = recording.load(recorded("logistic_boundary"))
    x = (found.flowers.values - found.middle.values) / found.spread.values
    texts = film("logistic_boundary", recorded).texts
    n = found.sizes["example"]
    for section, step in (("start", 2), ("learning", -1)):
        theta = found.theta.values[step]
        right = ((x @ theta[:2] + theta[2] > 0) == (found.label.values == 1)).sum()
        at = texts[section].index(f"of {n} right")
        assert texts[section][at - 1] == str(right)
        assert texts[section][at - 3 : at - 1] == ["versicolor", "virginica"]
    assert f"{n - right} on the wrong side" in texts["across"]


def test_the_films_flowers_end_at_their_probability(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.losses.logistic_boundary import Flowers
    from scenes.parts.charts import Chart

    found = recording.load(recorded("logistic_boundary"))
    moved = ValueTracker(0)
    chart, profile = Chart((0, 0), 4, 4, (0, 8), (0, 3)), Chart((0, 0), 4, 4, (-9, 9), (0, 1))
    flowers = Flowers(chart, profile, found, moved)
    np.testing.assert_allclose(flowers.now(), chart.point(*found.flowers.values.T))
    moved.set_value(1)
    theta = found.theta.values[-1]
    z = (found.flowers.values - found.middle.values) / found.spread.values @ theta[:2] + theta[2]
    np.testing.assert_allclose(flowers.now(), profile.point(z, 1 / (1 + np.exp(-z))), atol=1e-6)


def test_the_film_keeps_a_small_map_of_the_same_flowers_and_field(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.losses.logistic_boundary import RING, Flowers, Map, Sides
    from scenes.parts import fits as films
    from scenes.parts.charts import Chart

    found = recording.load(recorded("logistic_boundary"))
    clock, x, y = ValueTracker(found.snapshot.values[-1]), found.x.values, found.y.values
    chart = Chart((-1.8, -0.85), 8.6, 4.9, (x[0], x[-1]), (y[0], y[-1]))
    profile = Chart((0, 0), 4, 4, (-9, 9), (0, 1))
    field = films.Field(
        chart, x, y, films.Between(found.snapshot.values, found.probability.values), clock
    )
    flowers = Flowers(chart, profile, found, ValueTracker(0))
    shrunk = ValueTracker(0)
    with themes.use("dark"):
        sides = Sides(flowers, found, clock)
        kept = Map(chart, field, flowers, sides, shrunk)
    theta = found.theta.values[-1]
    z = (found.flowers.values - found.middle.values) / found.spread.values @ theta[:2] + theta[2]
    wrong = (z > 0) != (found.label.values == 1)
    assert wrong.any()
    for share in (0.0, 0.5, 1.0):
        shrunk.set_value(share)
        now = kept.now()
        assert (now.x, now.y) == (chart.x, chart.y)
        assert now.width / now.height == pytest.approx(chart.width / chart.height)
        pen = Circles()
        with themes.use("dark"):
            kept.paint(pen)
        rings = [
            each for each in pen.circles if np.isclose(each[2], RING * now.width / chart.width)
        ]
        np.testing.assert_allclose(
            [ring[:2] for ring in rings], now.point(*found.flowers.values[wrong].T)
        )
        discs = [each for each in pen.circles if each not in rings]
        np.testing.assert_allclose(
            [disc[:2] for disc in discs], now.point(*found.flowers.values[found.label == 0].T)
        )
        if share == 0:
            assert (now.center, now.width) == (chart.center, chart.width), "out of its place"
    assert now.left > chart.left + chart.width, "beside the curve"


class Circles(Pen):
    """A pen that also keeps its circles."""

    def __init__(self) -> None:
        pixels = np.zeros((80, 80, 4), np.uint8)
        surface = cairo.ImageSurface.create_for_data(pixels.data, cairo.FORMAT_ARGB32, 80, 80)
        super().__init__(cairo.Context(surface), pixels)
        self.circles: list[tuple[float, float, float]] = []

    def circle(self, x: float, y: float, radius: float) -> None:
        self.circles.append((x, y, radius))
        super().circle(x, y, radius)


@pytest.mark.parametrize("apart", [0.0, 0.05, 4.0])
def test_the_film_says_how_many_flowers_share_a_ring(recorded: Recorded, apart: float) -> None:
    from manim import ValueTracker

    from scenes.losses.logistic_boundary import Flowers
    from scenes.parts.charts import Chart

    found = recording.load(recorded("logistic_boundary"))
    z, chance = found.end_z.values.copy(), found.end_prediction.values.copy()
    z[:3], chance[:3] = [-3, -3 + apart, 5], [0.3, 0.3, 0.9]
    found = found.assign(
        end_z=(found.end_z.dims, z), end_prediction=(found.end_prediction.dims, chance)
    )
    profile = Chart((0, 0), 8, 4, (-9, 9), (0, 1))
    flowers = Flowers(profile, profile, found, ValueTracker(0))
    wrong = np.arange(len(z)) < 3
    told = [n for _, n in flowers.crowds(wrong)]
    assert told == ([2] if apart < 1 else [])
    for place, _ in flowers.crowds(wrong):
        np.testing.assert_allclose(place, profile.point(-3 + apart, 0.3))


def test_the_films_line_turns_upright(recorded: Recorded) -> None:
    """From where the recorded field is one half, at the foot of the map and at its top."""
    from scenes.losses.logistic_boundary import boundary

    found = recording.load(recorded("logistic_boundary"))
    theta = found.theta.values[-1]
    for x, y in zip(*boundary(found), strict=True):
        inputs = (np.array([x, y]) - found.middle.values) / found.spread.values
        assert inputs @ theta[:2] + theta[2] == pytest.approx(0, abs=1e-6)
    assert boundary(found)[1].tolist() == [found.y.values[0], found.y.values[-1]]


def test_the_film_rings_the_flowers_that_the_field_gets_wrong(recorded: Recorded) -> None:
    """The line of the parameters, and the recorded field at each flower, tell the same."""
    from manim import ValueTracker

    from scenes.losses.logistic_boundary import Flowers, Sides
    from scenes.parts.charts import Chart

    found = recording.load(recorded("logistic_boundary"))
    clock = ValueTracker(0)
    chart = Chart((0, 0), 4, 4, (0, 8), (0, 3))
    sides = Sides(Flowers(chart, chart, found, ValueTracker(0)), found, clock)
    field = found.probability.assign_coords(x=found.x.values, y=found.y.values)
    for k, step in enumerate(found.snapshot.values[::3].tolist()):
        clock.set_value(step)
        chance = np.array([
            float(field[3 * k].interp(x=x, y=y)) for x, y in found.flowers.values.tolist()
        ])  # fmt: skip
        sure = np.abs(chance - 0.5) > 0.02  # the field is recorded on a coarse grid
        expected = (chance > 0.5) != (found.label.values == 1)
        np.testing.assert_array_equal(sides.wrong()[sure], expected[sure])
    clock.set_value(found.sizes["step"] - 1)
    right = round(found.attrs["train_accuracy"] * found.sizes["example"])
    with telling("logistic_boundary", found):
        assert sides.count() == str(right)
    told = counted("logistic_boundary", recorded)
    wrong = found.sizes["example"] - right
    assert f"{wrong} on the wrong side" in told[list(told)[-1]], "beside the rings, at the end"
