"""The line: it ends at least squares, the likelihood agrees, and a run that diverges is shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from figures.layout import problems
from figures.losses import linear_regression_fit as figure
from figures.parts import canvas
from look import theme
from look.fits import residual_squares, typical
from look.numbers import counter
from look.words import fill
from simulate import recording, registry, specs
from simulate.data import diabetes
from simulate.data._load import load
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, telling, visual
from tests.visuals._networks import filmed
from tests.visuals._pen import Pen


def _full(record: Record, **changes: object) -> xr.Dataset:
    full = registry.load("experiments", "linear_regression_fit").settings
    given = {"n_train": full.n_train, "n_steps": full.n_steps, "n_grid": full.n_grid}
    return record("linear_regression_fit", **{**given, **changes})


def test_the_descent_ends_at_the_least_squares_solution(record: Record) -> None:
    found = _full(record)
    settings = {"columns": ["bmi"], "scaling": "range"}
    given = {"n_train": 342, "seed": found.attrs["seed"], "settings": settings}
    data = load(specs.Data(name="diabetes", **given))
    x, y = data.x_train[:, 0].astype(float), data.y_train[:, 0].astype(float)
    slope, intercept = np.polyfit(x, y, 1)
    np.testing.assert_allclose(found.theta[-1], [slope, intercept], atol=1e-3)
    np.testing.assert_allclose(found.least_squares, [slope, intercept], atol=1e-9)
    assert found.attrs["outcome"] == "settled"
    assert np.abs(found.theta[0] - found.least_squares).max() > 0.1, "it had a way to go"


def test_the_likelihood_has_the_same_minimiser(record: Record) -> None:
    found = _full(record)
    np.testing.assert_allclose(found.most_likely, found.least_squares, atol=1e-6)
    # over the grid: the two are one another, scaled and shifted, so lowest at the same point
    assert found.mse.values.argmin() == found.nll.values.argmin()
    scale, shift = np.polyfit(found.mse.values.ravel(), found.nll.values.ravel(), 1)
    assert scale > 0
    np.testing.assert_allclose(found.nll, scale * found.mse + shift, rtol=1e-9)
    for loss in (found.mse_slice, found.nll_slice):
        assert found.w[loss.values.argmin()] == pytest.approx(found.attrs["best_w"], abs=0.02)


def test_the_bowl_holds_the_paths_losses(record: Record) -> None:
    found = _full(record)
    w, b = found.theta.values.T
    plane = found.mse.assign_coords(x=found.w.values, y=found.b.values)
    heights = [float(plane.interp(x=i, y=j)) for i, j in zip(w[:20], b[:20], strict=True)]
    np.testing.assert_allclose(heights, found.loss[:20], atol=2e-3)


def test_points_and_lines_are_in_the_datas_own_units(record: Record) -> None:
    found = record("linear_regression_fit")
    train, _ = diabetes.split(found.sizes["example"], None, found.attrs["seed"])
    measured, outcome = diabetes.patients(["bmi"])
    bmi = measured[:, 0]
    np.testing.assert_allclose(found.point_x, bmi[train], rtol=1e-5)
    np.testing.assert_allclose(found.point_y, outcome[train], rtol=1e-5)
    slope, _ = np.polyfit(bmi[train], outcome[train], 1)
    best = found.least_squares.values
    (low, high), (least, most) = ((v[train].min(), v[train].max()) for v in (bmi, outcome))
    assert best[0] * (most - least) / (high - low) == pytest.approx(slope, rel=1e-5)
    first = least + (most - least) * (
        found.theta[0, 0] * (found.line_x - low) / (high - low) + found.theta[0, 1]
    )
    np.testing.assert_allclose(found.line_y[0], first, rtol=1e-9)


def test_a_rate_above_the_bowls_limit_diverges_and_is_drawn_so(record: Record) -> None:
    limit = record("linear_regression_fit").attrs["largest_rate"]
    assert record("linear_regression_fit", lr=0.98 * limit).attrs["outcome"] == "nearer"
    for share, crosses in ((0.45, 0), (0.55, 1)):
        tried = record("linear_regression_fit", lr=share * limit)
        # along the steepest direction: over to the other side of the valley each time, or not
        x = (tried.point_x.values - tried.point_x.values.min()) / np.ptp(tried.point_x.values)
        inputs = np.stack([x, np.ones_like(x)])
        axes = np.linalg.eigh(inputs @ inputs.T)[1]
        side = np.sign((tried.theta.values[:4] - tried.least_squares.values) @ axes[:, -1])
        assert (np.diff(side) != 0).all() == crosses
        assert tried.attrs["crosses"] == crosses
    found = record("linear_regression_fit", lr=1.3 * limit)
    assert found.attrs["outcome"] == "farther"
    words = fill(visual("linear_regression_fit"), found.attrs)
    assert words.title == "Gradient descent runs away from the least-squares line"
    with theme.use("dark"), canvas.style(), telling("linear_regression_fit", found):
        fig = figure.draw(found)
    path = line(fig, "path", 1)
    theta, n_drawn = found.theta.values, len(path.get_xdata())
    np.testing.assert_array_equal(np.column_stack(path.get_data()), theta[:n_drawn])
    low, high = ([float(axis[end]) for axis in (found.w, found.b)] for end in (0, -1))
    inside = ((theta >= low) & (theta <= high)).all(1)
    assert inside[: n_drawn - 1].all()
    assert not inside[n_drawn - 1], "drawn until it leaves"
    texts = [text.get_text() for text in fig.axes[0].texts]
    assert f"step {int(found.step[-1])}: off the picture" in texts
    arrows = [each for each in fig.axes[1].get_lines() if isinstance(each.get_marker(), tuple)]
    assert len(arrows) == 1, "an arrowhead where it leaves the bowl"
    assert problems(fig) == []


def test_the_film_of_a_run_that_diverges_is_readable(record: Record, tmp_path: Path) -> None:
    from scenes import layout, render

    limit = record("linear_regression_fit").attrs["largest_rate"]
    found = record("linear_regression_fit", lr=4 * limit, n_steps=500)
    assert not np.isfinite(found.loss.values).all(), "it ends in no number at all"
    path = tmp_path / "diverges.nc"
    recording.save(found, path)
    job = render.Job(
        module="scenes.losses.linear_regression_fit",
        recordings={"linear_regression_fit": str(path)},
        width=320,
        height=180,
        fps=5,
    )
    assert layout.problems(job) == []


def test_figure_and_film_draw_what_was_recorded(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.parts import fits as films
    from scenes.parts.charts import Chart

    fig, (fit,) = drawn("linear_regression_fit", recorded)
    patients = line(fig, "patients")
    np.testing.assert_array_equal(patients.get_xdata(), fit.point_x)
    np.testing.assert_array_equal(patients.get_ydata(), fit.point_y)
    for step in (0, int(fit.step[-1])):
        np.testing.assert_array_equal(line(fig, f"step {step}").get_ydata(), fit.line_y[step])
    np.testing.assert_array_equal(np.column_stack(line(fig, "path", 1).get_data()), fit.theta)

    fit = recording.load(Path(recorded("linear_regression_fit")))
    clock = ValueTracker(0)
    chart = Chart((-3.4, -0.6), 5.6, 4.6, (0, 50), (0, 400))
    moving = films.Between(fit.step.values, fit.line_y.values)
    film = films.Line(chart, fit.line_x.values, moving, clock)
    for step in (0, 1, 7):
        clock.set_value(step)
        np.testing.assert_array_equal(film.now(), fit.line_y[step])


def test_each_mark_and_number_is_at_its_own_line(recorded: Recorded) -> None:
    fig, (fit,) = drawn("linear_regression_fit", recorded)
    marks = [each for each in fig.axes[1].get_lines() if len(each.get_xdata()) == 1]
    with theme.use("dark"):
        (ring,) = (each for each in marks if each.get_markeredgecolor() == theme.color("text")
                   and each.get_marker() == "o")  # fmt: skip
    (star,) = (each.get_xydata()[0] for each in marks if each.get_marker() == "*")
    np.testing.assert_array_equal(ring.get_xydata()[0], fit.theta[0])
    x, y = (v.values / np.ptp(v.values) for v in (fit.point_x, fit.point_y))
    x, y = x - x.min(), y - y.min()
    slope, height = np.polyfit(x, y, 1)
    np.testing.assert_allclose(star, [slope, height], atol=1e-5)
    told = {text.get_text(): text.xy for text in fig.axes[1].texts if text.get_text()}
    told.pop("intercept")
    steps = {f"step {k}": fit.theta.values[k] for k in range(figure.SEEN)}
    assert set(told) - set(steps) == {_last_words(fit)}
    for name, place in (*steps.items(), (_last_words(fit), star)):
        np.testing.assert_allclose(told[name], place, err_msg=name)
    assert fig.axes[1].get_xlabel() == "slope"
    ends = {text.get_text(): text for text in fig.axes[0].texts if text.get_text()}
    shown = [*range(figure.SEEN), fit.sizes["step"] - 1]
    assert set(ends) == {"progression after one year", *(f"step {k}" for k in shown)}
    for k in shown:  # each at the end of its own line
        np.testing.assert_allclose(ends[f"step {k}"].xy[1], fit.line_y.values[k, -1])


def _last_words(fit: xr.Dataset) -> str:
    """Return what stands at the star of a run that is not at its goal yet."""
    step = f"step {fit.sizes['step'] - 1}"
    return {"settled": f"{step}:\nleast mean square"}.get(fit.attrs["outcome"], "the least")


def test_the_figures_mean_squares_are_on_the_scale_of_its_squares(recorded: Recorded) -> None:
    """Of the first and the last line: as wide as the mean says, in the pixels of the cloud."""
    fig, (fit,) = drawn("linear_regression_fit", recorded)
    cloud, _, ax = fig.axes
    pixels = cloud.get_window_extent().height / np.ptp(cloud.get_ylim())
    first, last = [each for each in ax.patches if each.get_label() == "mean"]
    x, y, losses = fit.point_x.values, fit.point_y.values, []
    for square, step in ((first, 0), (last, -1)):
        off = y - np.interp(x, fit.line_x, fit.line_y[step])
        (left, low), wide = square.get_xy(), square.get_width()
        assert (left, low, wide) == (0, 0, square.get_height())
        a, b = ax.transData.transform([(left, low), (wide, wide)])
        np.testing.assert_allclose(b - a, pixels * np.sqrt(np.mean(off**2)), rtol=1e-3)
        losses.append(np.mean(off**2))
    said = {text.get_text(): text.xy for text in ax.texts if text.get_text()}
    share = f"{100 * losses[1] / losses[0]:.0f}\N{NARROW NO-BREAK SPACE}%"
    words = f"mean of all\n{len(x)} squares:\nthin at step 0,\nfull at step {len(fit.step) - 1}"
    assert set(said) == {share, words}
    assert said[share] == (last.get_width() / 2, last.get_width() / 2), "in the square it is about"
    assert first.get_linewidth() < last.get_linewidth()
    assert not first.get_fill()


def _scaled(fit: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return both columns brought to 0 … 1."""
    x, y = (each.values for each in (fit.point_x, fit.point_y))
    return (x - x.min()) / np.ptp(x), (y - y.min()) / np.ptp(y)


def test_squares_stand_between_the_points_and_the_last_line(recorded: Recorded) -> None:
    """As wide on the sheet as they are high, one corner a patient and one side on the line."""
    fig, (fit,) = drawn("linear_regression_fit", recorded)
    ax = fig.axes[0]
    squares = [each for each in ax.patches if each.get_label() == "square"]
    box, (low, high) = ax.get_window_extent(), ax.get_xlim()
    shape = (high - low) / box.width * box.height / np.ptp(ax.get_ylim())
    line_now = fit.line_x.values, fit.line_y.values[-1]
    x, y = fit.point_x.values, fit.point_y.values
    chosen = typical(x, y, *line_now, figure.N_SQUARES)
    off = y - np.interp(x, *line_now)
    mean = np.sqrt(np.mean(off**2))
    assert np.abs(off[chosen]).min() > 0.5 * mean, "so far off that one sees it"
    assert (off[chosen] > 0).tolist() == [False, True, False]
    all_of_them = residual_squares(x[chosen], y[chosen], *line_now, shape)
    lefts, wides = all_of_them[:, 0], all_of_them[:, 2]
    whole = (lefts >= low) & (lefts + wides <= high)
    assert len(all_of_them) == figure.N_SQUARES
    assert [each.get_x() for each in squares] == pytest.approx(lefts[whole]), "none is cut"
    assert squares
    owners = {tuple(each.get_xydata()[0].round(6)) for each in ax.get_lines()
              if len(each.get_xdata()) == 1 and each.get_markersize() > 6}  # fmt: skip
    patients = {(round(x, 6), round(y, 6)) for x, y in zip(
        fit.point_x.values.tolist(), fit.point_y.values.tolist(), strict=True)}  # fmt: skip
    slope, height = np.polyfit(fit.line_x, fit.line_y[-1], 1)
    for square in squares:
        (left, bottom), wide, tall = square.get_xy(), square.get_width(), square.get_height()
        a, b = ax.transData.transform([(left, bottom), (left + wide, bottom + tall)])
        assert abs((b - a)[0]) == pytest.approx(abs((b - a)[1]))
        corners = [(x, y) for x in (left, left + wide) for y in (bottom, bottom + tall)]
        own = [(x, y) for x, y in corners if (round(x, 6), round(y, 6)) in patients]
        assert any((round(x, 6), round(y, 6)) in owners for x, y in own), "its owner is marked"
        assert any(
            abs(slope * x + height - other) < 1e-6
            for x, y in own
            for other in (bottom, bottom + tall)
            if other != y
        )


def test_steps_cross_the_drawn_contours_at_right_angles(recorded: Recorded) -> None:
    """The path on the sheet goes along the gradient on the sheet."""
    fig, (fit,) = drawn("linear_regression_fit", recorded)
    fig.draw_without_rendering()
    x, y, lr = fit.point_x.values, fit.point_y.values, fit.attrs["lr"]
    x, y = (x - x.min()) / np.ptp(x), (y - y.min()) / np.ptp(y)
    theta, to_screen = fit.theta.values, fig.axes[1].transData.transform
    for k in range(3):
        error = theta[k, 0] * x + theta[k, 1] - y
        downhill = -2 * np.array([(error * x).mean(), error.mean()])
        np.testing.assert_allclose(theta[k + 1] - theta[k], lr * downhill, atol=1e-5)
        along = np.array([-downhill[1], downhill[0]])  # the contour's direction, in parameters
        step = to_screen(theta[k + 1]) - to_screen(theta[k])
        level = to_screen(theta[k] + along) - to_screen(theta[k])
        cosine = step @ level / np.linalg.norm(step) / np.linalg.norm(level)
        assert abs(cosine) < 1e-3


def _film(fit: xr.Dataset) -> tuple:
    """Return a clock, a line and the mean square of the film, and how far its squares have come."""
    from manim import ValueTracker

    from scenes.losses import linear_regression_fit as film
    from scenes.parts.charts import Chart
    from scenes.parts.fits import Latest, Line

    y, clock, flown = fit.point_y.values, ValueTracker(0), ValueTracker(1)
    ends = fit.line_x.values
    chart = Chart(*film.PLACE, (ends[0], ends[-1]), (y.min(), y.max()))
    line = Line(chart, ends, Latest(fit.step.values, fit.line_y.values), clock)
    return film, clock, flown, line, film.Mean(chart, fit, line, flown)


def test_the_films_square_is_the_mean_of_all_squares(recorded: Recorded) -> None:
    _, (fit,) = drawn("linear_regression_fit", recorded)
    film, clock, flown, line, mean = _film(fit)
    unit = line.chart.height / np.ptp(fit.point_y.values)  # frame units in one of the outcome's
    for step in (0, 1, len(fit.step) - 1):
        clock.set_value(step)
        pen = Pen()
        mean.paint(pen)
        errors = fit.point_y.values - np.interp(fit.point_x, fit.line_x, fit.line_y[step])
        (_, _, first, _), (left, bottom, wide, tall) = pen.bars
        assert wide == tall == pytest.approx(unit * np.sqrt(np.mean(errors**2)))
        # the printed loss is its area, with the outcome's range as the unit
        assert (wide / unit / np.ptp(fit.point_y.values)) ** 2 == pytest.approx(
            float(fit.loss[step]), rel=1e-4
        )
        assert (left, bottom) == (film.ASIDE, mean.bottom)
        if step == 0:
            assert first == pytest.approx(wide), "the outline is the first one"
        assert bool(mean.left("x")) == (first - wide > 0.5), "only where there is room"
        for word in mean.left("x"):  # between the two
            assert bottom + wide < word.get_bottom()[1] < word.get_top()[1] < bottom + first
            assert left < word.get_left()[0] < word.get_right()[0] < left + first
    clock.set_value(0)
    flown.set_value(film.GROWN)  # all are there, none has left
    pen = Pen()
    mean.paint(pen)
    errors = fit.point_y.values - np.interp(fit.point_x, fit.line_x, fit.line_y[0])
    np.testing.assert_allclose(np.sort([bar[2] for bar in pen.bars]),
                               np.sort(unit * np.abs(errors)), atol=1e-9)  # fmt: skip


def test_number_square_and_line_of_the_film_are_of_one_moment(recorded: Recorded) -> None:
    """At any time all three are of one step that was taken."""
    _, (fit,) = drawn("linear_regression_fit", recorded)
    _, clock, _, line, mean = _film(fit)
    unit = line.chart.height / np.ptp(fit.point_y.values)
    for now in np.linspace(0, 4, 81):
        clock.set_value(now)
        pen = Pen()
        mean.paint(pen)
        side = pen.bars[-1][2] / unit / np.ptp(fit.point_y.values)
        step = int(now + 1e-6)
        assert float(mean.loss(now)) == float(fit.loss[step]) == pytest.approx(side**2)
        np.testing.assert_array_equal(line.now(), fit.line_y[step])


def test_the_film_keeps_the_first_lines(recorded: Recorded) -> None:
    """Each from the moment when the line leaves it; no later ones."""
    _, (fit,) = drawn("linear_regression_fit", recorded)
    film, clock, _, line, _ = _film(fit)
    past = film.Past(line, film.FIRST[0])
    for now, kept in ((0, 0), (0.9, 0), (1, 1), (2.9, 2), (9, film.FIRST[0])):
        clock.set_value(now)
        np.testing.assert_array_equal(past.now(), fit.line_y[:kept])
        pen = Pen()
        past.paint(pen)


def test_the_films_squares_are_those_of_the_patients_it_marks(recorded: Recorded) -> None:
    """One corner at the marked patient, one side on the line of now; as in the figure."""
    from manim import ValueTracker

    _, (fit,) = drawn("linear_regression_fit", recorded)
    film, clock, _, moving, _ = _film(fit)
    with theme.use("dark"):
        squares = film.Squares(moving.chart, fit, moving, ValueTracker(1))
    x, y, ends = fit.point_x.values, fit.point_y.values, fit.line_x.values
    chosen = typical(x, y, ends, fit.line_y.values[-1], film.N_SQUARES)
    np.testing.assert_allclose(squares.own, moving.chart.point(x[chosen], y[chosen]))
    for step in (0, len(fit.step) - 1):
        clock.set_value(step)
        for (left, bottom, wide, tall), k in zip(squares.now(), chosen, strict=True):
            foot = float(np.interp(x[k], ends, fit.line_y.values[step]))
            assert [bottom, bottom + tall] == pytest.approx(sorted([y[k], foot]))
            assert min(abs(x[k] - left), abs(x[k] - left - wide)) < 1e-9


def test_the_films_numbers_are_those_of_the_line_that_stands_there(recorded: Recorded) -> None:
    fit = recording.load(Path(recorded("linear_regression_fit")))
    x, y = (v.values / np.ptp(v.values) for v in (fit.point_x, fit.point_y))
    x, y = x - x.min(), y - y.min()
    loss = [np.mean((w * x + b - y) ** 2) for w, b in fit.theta.values]
    texts, last = filmed("linear_regression_fit", recorded), len(loss) - 1
    assert f"mean of all {len(x)} squares" in texts["start"]
    for section, step in (("start", 0), ("minimum", last)):
        assert counter(loss[step]) in texts[section]
    assert f"step {last}" in texts["minimum"]
    share = f"{100 * loss[-1] / loss[0]:.0f}\N{NARROW NO-BREAK SPACE}%"
    assert any(f"{share} of the first one’s" in text for text in texts["minimum"])


def test_the_film_runs_until_nothing_is_seen_to_move(record: Record) -> None:
    for settings in ({}, {"n_steps": 400}, {"n_steps": 2}):
        fit = record("linear_regression_fit", **settings)
        film, _, _, line, mean = _film(fit)
        last = len(fit.step) - 1
        pixels = 90 * line.chart.height / np.ptp(line.chart.y)
        ends = fit.line_y.values
        sides = np.sqrt([np.mean((fit.point_y.values - np.interp(
            fit.point_x, fit.line_x, each)) ** 2) for each in ends])  # fmt: skip
        places = pixels * np.column_stack([ends, sides])
        still = last
        while still > 0 and np.abs(places[still - 1] - places[-1]).max() <= 2:
            still -= 1
        assert film.still_from(line, mean, last) == still
    assert still == 2, "so short a run is shown to its end"
