"""The sine: the curve is the network's, and it ends close to the sine where it was trained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from figures.layout import problems
from figures.parts import canvas
from look import theme
from look.numbers import number
from look.words import fill
from simulate import recording, registry
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, narrow, telling, visual
from tests.visuals._networks import filmed


def test_the_final_mean_squared_error_is_below_a_thousandth(record: Record) -> None:
    full = registry.load("experiments", "sine_fit").settings
    tiny = registry.load("experiments", "sine_fit").tiny
    changed = {name: getattr(full, name) for name in full.__struct_fields__}
    changed = {name: value for name, value in changed.items() if value != getattr(tiny, name)}
    found = record("sine_fit", **changed)
    assert found.attrs["final_loss"] < 1e-3
    assert found.attrs["test_loss"] < 1e-3
    inside = np.abs(found.x.values) <= np.pi
    off = np.abs(found.curve[-1].values - np.sin(found.x.values))
    assert (off[inside] ** 2).mean() < 1e-3
    assert found.attrs["worst_inside"] == off[inside].max()
    assert found.attrs["worst_outside"] == off[~inside].max()
    words = fill(visual("sine_fit"), found.attrs)
    assert words.title == "A network learns the sine, where it has seen it"
    assert found.attrs["worst_outside"] > 5 * found.attrs["worst_inside"]


@pytest.mark.parametrize(
    ("changed", "title"),
    [
        ({"n_steps": 2}, "A network nears the sine"),
        ({"lr": 30.0}, "A network runs away from the sine"),
        ({"n_train": 40, "n_steps": 400, "reach": 1.0}, "A network learns the sine"),
    ],
)
def test_the_title_says_how_it_ended(record: Record, changed: dict, title: str) -> None:
    found = record("sine_fit", **changed)
    assert fill(visual("sine_fit"), found.attrs).title == title
    learnt = found.attrs["worst_inside"] < 0.1
    assert learnt == ("learns" in title)


def test_noise_on_the_points_is_said(record: Record) -> None:
    words = fill(visual("sine_fit"), record("sine_fit", noise=0.1).attrs)
    assert "points of sin x between −π and π, with noise of 0.1 (seed 0)" in words.caption


def test_the_loss_is_the_curves_error_at_the_points(record: Record) -> None:
    found = record("sine_fit", n_points=2001)
    np.testing.assert_allclose(found.point_y, np.sin(found.point_x), atol=1e-6)
    at = found.curve.assign_coords(x=found.x).interp(x=found.point_x, method="linear")
    errors = ((at - found.point_y) ** 2).mean("example")
    np.testing.assert_allclose(errors, found.loss.sel(step=found.snapshot.values), atol=1e-4)


def test_the_figure_draws_what_was_recorded(recorded: Recorded) -> None:
    fig, (sine,) = drawn("sine_fit", recorded)
    np.testing.assert_array_equal(line(fig, "sin x").get_ydata(), sine.target)
    for step in (0, int(sine.snapshot[-1])):
        curve = line(fig, f"step {step}")
        np.testing.assert_array_equal(curve.get_xdata(), sine.x)
        np.testing.assert_array_equal(curve.get_ydata(), sine.curve.sel(snapshot=step))
    np.testing.assert_array_equal(line(fig, "points").get_ydata(), sine.point_y)
    said = [text.get_text() for text in fig.axes[0].texts]
    for words, beyond in (
        ("no points here:\noff by up to", sine.x.values <= -np.pi),
        ("off by\nup to", sine.x.values >= np.pi),
    ):
        worst = np.abs(sine.curve.values[-1] - np.sin(sine.x.values))[beyond].max()
        at_this_gap = [each for each in said if each.startswith(words)]
        assert at_this_gap in ([], [f"{words} {worst:.2g}".replace("\n ", "\n")])
        assert at_this_gap or words == "off by\nup to", "only the second may be left out"
    gaps = [c for c in fig.axes[0].collections if str(c.get_label()).startswith("gap")]
    for gap, sign in zip(gaps, (-1, 1), strict=True):
        (path,) = gap.get_paths()
        beyond = sign * sine.x.values >= np.pi
        drawn_gap = {(round(x, 9), round(y, 9)) for x, y in path.vertices.tolist()}
        for values in (sine.curve.values[-1], np.sin(sine.x.values)):
            corners = np.stack([sine.x.values, values], axis=1)[beyond].round(9)
            assert {tuple(corner) for corner in corners.tolist()} <= drawn_gap


def test_on_the_narrow_sheet_words_stand_where_they_say(recorded: Recorded) -> None:
    fig = narrow("sine_fit", recorded)
    assert fig is not None
    (ax,) = fig.axes
    fig.canvas.draw()
    at = ax.transData.transform([(-np.pi, 0), (np.pi, 0)])[:, 0]
    boxes = {
        " ".join(text.get_text().split())[:9]: text.get_window_extent()
        for text in ax.texts
        if "points" in text.get_text()
    }
    assert set(boxes) == {"no points", "points se"}
    assert boxes["no points"].x1 < at[0] < boxes["points se"].x0
    assert boxes["points se"].x1 < at[1]


def test_each_curve_and_tick_has_its_own_name(recorded: Recorded) -> None:
    fig, (sine,) = drawn("sine_fit", recorded)
    ax, x = fig.axes[0], sine.x.values
    curves = {
        str(each.get_label()): each
        for each in ax.get_lines()
        if each.get_linestyle() != "None" and len(each.get_xdata()) > 1
    }
    steps = [name for name in curves if name.startswith("step ")]
    assert steps[0] == "step 0"
    assert steps[-1] == f"step {sine.snapshot.values[-1]}"
    with theme.use("dark"):
        assert curves["sin x"].get_color() == theme.color("text")
        assert {curves[name].get_color() for name in steps} == {theme.color("green")}
    widths = [curves[name].get_linewidth() for name in steps]
    assert np.argmax(widths) == len(steps) - 1, "the last is strong"
    for name in steps:
        expected = sine.curve.sel(snapshot=int(name.split()[1]))
        np.testing.assert_array_equal(curves[name].get_ydata(), expected)
    np.testing.assert_allclose(curves["sin x"].get_ydata(), np.sin(x), atol=1e-6)
    np.testing.assert_array_equal(line(fig, "points").get_xdata(), sine.point_x)
    texts = {text.get_text(): text for text in ax.texts}
    named = {name for name in texts if name in curves}
    assert named == {n for n, c in curves.items() if abs(c.get_ydata()[-1]) < ax.get_ylim()[1]}
    for name in named:
        assert texts[name].xy == tuple(curves[name].get_xydata()[-1])
    off = np.abs(sine.curve.values[-1] - np.sin(x))[np.abs(x) <= np.pi].max()
    assert f"points seen here: off by at most {number(off, 2)}" in texts
    pi = {"−2π": -2, "−π": -1, "0": 0, "π": 1, "2π": 2}
    for at, tick in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True):
        assert at == pytest.approx(pi[tick.get_text()] * np.pi)
    (seen,) = ax.patches
    assert (seen.get_bbox().x0, seen.get_bbox().x1) == pytest.approx((-np.pi, np.pi))


def test_the_films_words_are_the_curves(recorded: Recorded) -> None:
    sine = recording.load(Path(recorded("sine_fit")))
    x, off = sine.x.values, np.abs(sine.curve.values[-1] - np.sin(sine.x.values))
    inside, left, right = (
        number(off[where].max(), 2) for where in (np.abs(x) <= np.pi, x < -np.pi, x > np.pi)
    )
    n, hidden, last = sine.sizes["example"], sine.attrs["hidden"], int(sine.snapshot[-1])
    always = ["−2π", "−π", "0", "π", "2π", "−1", "0", "1", "x", "network", f"step {last}", "sin x"]
    start = [
        f"A network learns {n} points of a sine",
        f"{hidden} hidden units; each step moves the whole curve.",
    ]
    beyond = ["What will it say where it has seen no points?", "?", "?"]
    outside = [fill(visual("sine_fit"), sine.attrs).title.replace("A network", "It"),
               f"Among the points it is off by at most {inside}.",
               f"off by {left}", f"off by {right}"]  # fmt: skip
    unseen = 2 * ["no points here"]
    assert {section: sorted(texts) for section, texts in filmed("sine_fit", recorded).items()} == {
        "start": sorted(always + start),
        "beyond": sorted(always + beyond + unseen),
        "outside": sorted(always + outside + unseen),
    }


def test_a_run_that_diverges_is_drawn_as_it_is(record: Record) -> None:
    from figures.networks import sine_fit

    found = record("sine_fit", lr=30.0)
    with theme.use("light"), canvas.style(), telling("sine_fit", found):
        fig = sine_fit.draw(found)
    last = line(fig, f"step {int(found.snapshot[-1])}")
    np.testing.assert_array_equal(last.get_ydata(), found.curve[-1])
    assert problems(fig) == []


def test_the_film_hides_what_it_asks_for(recorded: Recorded) -> None:
    """Until it is told, nothing beyond the points is seen; then all of it, and the gap."""
    from manim import ValueTracker

    from scenes.networks.sine_fit import Gap, Veil
    from scenes.parts.charts import Chart

    sine = recording.load(Path(recorded("sine_fit")))
    x, opened = sine.x.values, ValueTracker(0)
    chart = Chart((0, 0), 8, 4, (x[0], x[-1]), (-2, 2))
    gap = Gap(chart, x, sine.target.values, sine.curve.values[-1], np.pi, opened)
    veil = Veil(chart, np.pi, opened)
    edge = float(chart.point(np.pi, 0)[0])
    assert veil.sides()[1] == pytest.approx((edge, 4))
    opened.set_value(1)
    assert veil.sides()[1] == pytest.approx((4, 4)), "all is seen"
    left, right = gap.sides()
    assert left[:, 0].min() == x[0]
    assert right[:, 0].max() == x[-1]


def test_the_film_draws_what_was_recorded(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.parts import fits as films
    from scenes.parts.charts import Chart

    sine = recording.load(Path(recorded("sine_fit")))
    clock = ValueTracker(0)
    chart = Chart((-3.4, -0.6), 5.6, 4.6, (-6, 6), (-2, 2))
    curve = films.Between(sine.snapshot.values, sine.curve.values)
    film = films.Line(chart, sine.x.values, curve, clock)
    for k, step in enumerate(sine.snapshot.values):
        clock.set_value(step)
        np.testing.assert_array_equal(film.now(), sine.curve[k])


def test_the_film_says_how_far_it_is_off_at_each_side(recorded: Recorded) -> None:
    sine = recording.load(Path(recorded("sine_fit")))
    sections = filmed("sine_fit", recorded)
    x, off = sine.x.values, np.abs(sine.curve.values[-1] - np.sin(sine.x.values))
    shown = [text for text in sections["outside"] if text.startswith("off by")]
    worst = [off[x < -np.pi].max(), off[x > np.pi].max()]
    assert shown == [f"off by {each:.2g}" for each in worst], "left, then right"
    assert sections["beyond"].count("?") == 2
    assert "?" not in sections["outside"]
    assert f"step {int(sine.snapshot[-1])}" in sections["start"]


def test_the_name_of_the_line_follows_it(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.networks.sine_fit import Name
    from scenes.parts import fits as films
    from scenes.parts.charts import Chart

    sine = recording.load(Path(recorded("sine_fit")))
    clock, chart = ValueTracker(0), Chart((-3.4, -0.6), 5.6, 4.6, (-6, 6), (-2, 2))
    with theme.use("dark"):
        curve = films.Line(
            chart, sine.x.values, films.Between(sine.snapshot.values, sine.curve.values), clock
        )
        name = Name(chart, "network", -np.pi / 2, 0.62, curve, clock)
    for k, step in enumerate(sine.snapshot.values):
        clock.set_value(step)
        assert name.now() == (-np.pi / 2, np.interp(-np.pi / 2, sine.x, sine.curve[k]))
