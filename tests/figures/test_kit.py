from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import to_hex, to_rgba

from figures.layout import problems
from figures.parts import axes, canvas, networks
from figures.parts.axes import label_ends
from figures.parts.canvas import Canvas, px, subplots
from figures.parts.contours import contours, round_levels
from figures.parts.marks import mark_leaving, path
from figures.parts.networks import digit, units
from figures.parts.space import Space
from look import theme
from look.maps import levels
from look.runs import DASHES, runs
from look.theme import color
from look.words import Visual
from simulate import registry
from simulate.errors import UserError


def words(title: str, subtitle: str = "") -> Visual:
    return Visual(uses=[], title=title, subtitle=subtitle, alt="", caption="")


def test_the_sheet_is_720_pixels_wide_with_the_headline_on_top(themed: str) -> None:
    with canvas.words(words("A headline", "How to read it.")):
        fig, ax = subplots(height=300)
    assert fig.get_figwidth() * fig.dpi == pytest.approx(720)
    assert fig.height == pytest.approx(300 + fig.head)
    assert [text.get_text() for text in fig.texts] == ["A headline", "How to read it."]
    assert ax.get_window_extent().y1 < fig.texts[1].get_window_extent().y0
    assert problems(fig) == []


def test_a_long_headline_is_wrapped_and_stays_inside(themed: str) -> None:
    with canvas.words(words("word " * 40, "a longer line of words " * 12)):
        fig = Canvas(100)
    assert len(fig.texts) > 4
    assert problems(fig) == []


def test_a_line_breaks_between_sentences_not_within_a_number_or_after_a_colon() -> None:
    text = "Ring: start. 2,000 steps of 80.2\N{NARROW NO-BREAK SPACE}% Dot: end."
    lines = canvas.wrap(text, 15, 1)
    assert lines == [
        "Ring: start.",
        "2,000 steps",
        "of",
        "80.2\N{NARROW NO-BREAK SPACE}%",
        "Dot: end.",
    ]


def test_a_dollar_in_a_headline_is_a_dollar(themed: str) -> None:
    with canvas.words(words("From $5 to $7")):
        fig = Canvas(10)
        ax = fig.place(0, 0, 100, 10)
        ax.text(0, 0, "US$_$ and $6")  # two of them would make mathematics, and a wrong one
        fig.canvas.draw()
    assert fig.texts[0].get_parse_math() is False
    assert ax.texts[0].get_parse_math() is False


def test_a_character_that_no_font_has_is_refused(themed: str) -> None:
    def write(words: str) -> None:
        with canvas.style():
            fig = Canvas(10)
            fig.write(0, 0, words)
            fig.canvas.draw()

    write("∇ᵢ⁻")  # by the second font
    with pytest.raises(UserError, match="no font has the character '𝄞'; write another"):
        write("a 𝄞")


def test_the_theme_is_looked_up_while_drawing() -> None:
    seen = []
    for name in ("dark", "light"):
        with theme.use(name), canvas.style():
            fig, ax = subplots(height=100)
            ax.text(0, 0, "a")
            seen.append((to_hex(fig.get_facecolor()), ax.texts[0].get_color()))
    assert seen == [
        (theme.THEMES[name].background, theme.THEMES[name].text) for name in ("dark", "light")
    ]


def test_a_users_settings_do_not_leak_in(themed: str) -> None:
    import matplotlib

    with matplotlib.rc_context({"lines.linewidth": 9, "axes.spines.top": True}), canvas.style():
        assert matplotlib.rcParams["lines.linewidth"] == pytest.approx(px(2.25))
        assert matplotlib.rcParams["axes.spines.top"] is False


def test_runs_take_words_and_colours_from_the_registry(themed: str, surface: xr.Dataset) -> None:
    sgd, adamw = runs(surface)
    rows = registry.rows("optimizers")
    assert [sgd.label, adamw.label] == [rows["sgd"].label, rows["adamw"].label]
    assert sgd.color == theme.color(rows["sgd"].color)
    assert (sgd.dash, adamw.dash) == ("solid", DASHES["dashed"])
    np.testing.assert_array_equal(adamw.theta.values, surface.theta.sel(run="adamw").values)


def test_a_run_without_a_row_asks_for_recording_again(themed: str, surface: xr.Dataset) -> None:
    gone = surface.assign_coords(run=["sgd", "no_such"])
    with pytest.raises(UserError, match=r"'no_such'.*record it again"):
        list(runs(gone))


def test_labels_at_close_ends_do_not_overlap(themed: str) -> None:
    fig, ax = subplots(height=260, right=140)
    for i, end in enumerate([1.0, 1.01, 1.02, 1.5]):
        ax.plot([0, 1], [0, end], label=f"line {i}")
    labels = label_ends(ax, notes={"line 1": "a note"})
    assert [text.get_text() for text in labels] == [
        "line 0",
        "line 1",
        "a note",
        "line 2",
        "line 3",
    ]
    assert problems(fig) == []


@pytest.mark.parametrize("count", [1, 2, 7])
def test_spread_keeps_gap_order_and_limits(count: int) -> None:
    wanted = np.random.default_rng(count).uniform(0, 30, count)
    placed = axes.spread(wanted, 4, 0, 30)
    assert np.all(np.diff(np.sort(placed)) >= 4 - 1e-9)
    np.testing.assert_array_equal(np.argsort(placed), np.argsort(wanted))
    assert placed.min() >= -1e-9
    assert placed.max() <= 30 + 1e-9


def test_levels_crowd_where_the_surface_is_low() -> None:
    x = np.linspace(-2, 2, 81)
    height = (x[:, None] ** 2 + x**2) ** 2
    at = levels(height, 12)
    assert np.all(np.diff(at) > 0)
    assert np.all(np.diff(at, 2) > 0)
    assert height.min() < at[0] < at[-1] <= height.max()


def test_contours_take_any_grid_and_gaps(themed: str) -> None:
    fig, ax = subplots(height=200)
    x, y = np.linspace(-2, 3, 21), np.linspace(0, 1, 9)
    height = x**2 + y[:, None] ** 2
    height[0, 0] = np.nan
    lines = contours(ax, x, y, height, at=round_levels(height + 0.01), named=True)
    assert ax.get_xlim() == (-2, 3)
    assert list(lines.levels) == round_levels(height + 0.01).tolist()
    assert problems(fig) == []


def test_a_path_that_leaves_is_marked_at_the_edge(themed: str) -> None:
    _, ax = subplots(height=200)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    line = path(ax, [0.5, 0.9, 1.7], [0.5, 0.5, 0.5], color=color("blue"))
    np.testing.assert_array_equal(line.get_xdata(), [0.5, 0.9, 1.7])
    mark = ax.get_lines()[-1]
    tip = mark.get_xdata()[0] + 13 / 2 / (ax.bbox.width / (ax.figure.dpi / 96))
    assert tip == pytest.approx(1.0)  # nothing of it over the edge
    assert mark.get_ydata()[0] == pytest.approx(0.5)
    assert isinstance(mark.get_marker(), tuple)


def test_a_path_that_becomes_infinite_is_marked_too(themed: str) -> None:
    _, ax = subplots(height=200)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    assert mark_leaving(ax, [0.5, np.inf], [0.5, 0.5], color=color("blue"))
    assert not mark_leaving(ax, [0.5, 0.6], [0.5, 0.5], color=color("blue"))


def test_edges_show_sign_and_size(themed: str) -> None:
    _, ax = subplots(height=200)
    places = np.zeros((4, 2))
    lines = networks.edges(ax, places, places + 1, [0.5, -1.0, 0.0, 2.0], width=4)
    widths, colours = lines.get_linewidths(), lines.get_colors()
    assert np.argmax(widths) == 3  # the strongest is drawn last
    assert max(widths) == pytest.approx(px(4))
    np.testing.assert_allclose(colours[3][:3], to_rgba(color("positive"))[:3])
    np.testing.assert_allclose(colours[2][:3], to_rgba(color("negative"))[:3])
    assert colours[0][3] == 0


def test_edges_can_be_faded_and_measured_by_some_of_them(themed: str) -> None:
    _, ax = subplots(height=200)
    places = np.zeros((3, 2))
    lines = networks.edges(
        ax, places, places + 1, [1.0, 2.0, 8.0], width=4, opacity=[1, 1, 0.1], largest=2.0
    )
    np.testing.assert_allclose(lines.get_linewidths(), px(4) * np.array([0.5, 1, 1]))
    assert lines.get_colors()[1][3] == pytest.approx(1)
    assert lines.get_colors()[2][3] == pytest.approx(0.1)


def test_every_level_that_has_room_is_named_once(themed: str) -> None:
    fig, ax = subplots(height=300)
    x = np.linspace(-2, 2, 61)
    height = x**2 + x[:, None] ** 2
    lines = contours(ax, x, x, height, at=[0.5, 1, 2, 3], named=True, avoid=[[0, 0]])
    assert sorted(text.get_text() for text in lines.labelTexts) == ["0.5", "1", "2", "3"]
    assert problems(fig) == []


def test_units_are_filled_by_activation(themed: str) -> None:
    _, ax = subplots(height=200)
    discs = units(ax, [[0, 0], [0, 1], [0, 2]], [0.0, 1.0, 4.0])
    np.testing.assert_allclose(discs.get_facecolor()[0], to_rgba(color("background")))
    np.testing.assert_allclose(discs.get_facecolor()[2], to_rgba(color("text")))


def test_a_digit_is_drawn_pixel_by_pixel(themed: str) -> None:
    _, ax = subplots(height=200)
    image = np.linspace(0, 1, 12).reshape(3, 4)
    drawn = digit(ax, image, tile=False).get_array()
    np.testing.assert_allclose(drawn[..., 3], image)


def test_a_hill_hides_the_path_behind_it(themed: str) -> None:
    """Each segment of a path on the far side of a ridge comes before the ridge's near faces."""
    _, ax = subplots(height=200)
    x = np.linspace(-1, 1, 21)
    height = np.exp(-8 * x[:, None] ** 2) * np.ones_like(x)  # a ridge along x, at y = 0
    space = Space(x=(-1, 1), y=(-1, 1), height=(0, 1), azimuth=0, elevation=20)
    behind, before = np.full(5, 0.8), np.full(5, -0.8)
    along = np.linspace(-0.5, 0.5, 5)
    low = np.interp(0.8, x, height[:, 0])
    hue = color("orange")
    for y, hidden in ((behind, True), (before, False)):
        drawn = space.draw(ax, x, x, height, path=(along, y, np.full(5, low)), color=hue)
        edges = drawn.get_edgecolors()
        last = np.flatnonzero(np.all(np.isclose(edges, to_rgba(hue)), axis=1)).max()
        corners = space.project(0.0, -0.2, np.exp(-8 * 0.2**2))
        over = [
            i for i, p in enumerate(drawn.get_paths()) if i > last and p.contains_point(corners)
        ]
        assert bool(over) is hidden


def test_a_space_projects_to_inside_its_frame(themed: str) -> None:
    fig, ax = subplots(height=240, left=80)
    space = Space(x=(-3, 1), y=(0, 5), height=(0, 2), azimuth=50)
    space.frame(ax, [0, 1, 2], "loss")
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    for x in (-3, 1):
        for y in (0, 5):
            for h in (0, 2):
                right, up = space.project(x, y, h)
                assert x0 - 1e-9 <= right <= x1 + 1e-9
                assert y0 - 1e-9 <= up <= y1 + 1e-9
    assert problems(fig) == []


def test_a_colour_of_ones_own() -> None:
    assert color("#D55e00") == "#D55e00"
    with pytest.raises(UserError, match=r"no colour is called 'd55e00'; write '#d55e00', or one "):
        color("d55e00")
    with pytest.raises(UserError, match=r"'ultraviolet'; write '#rrggbb' or one of "):
        color("ultraviolet")
