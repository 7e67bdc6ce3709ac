"""The narrow form: what stands side by side comes to stand under each other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes

from figures.layout import problems
from figures.parts import canvas, stacking
from figures.parts.axes import beside, heading, legend, name_axes, ticks
from figures.parts.canvas import Canvas, subplots
from look.words import Visual

ROW = Visual(
    uses=[], title="Two panels that stand side by side on a wide sheet", alt="", caption=""
)


def narrow(draw: Callable[[], Canvas]) -> Canvas | None:
    with canvas.words(ROW):
        return stacking.stacked(draw, draw())


def stacked(draw: Callable[[], Canvas]) -> Canvas:
    fig = narrow(draw)
    assert fig is not None
    assert fig.width == 360
    assert fig.get_figwidth() * 96 == pytest.approx(360)
    assert problems(fig) == []
    return fig


def area(ax: Axes) -> np.ndarray:
    """Left, top, right, bottom of a data area, CSS pixels from the top left."""
    box, height = ax.get_window_extent(), ax.get_figure(root=True).bbox.height
    return np.array([box.x0, height - box.y1, box.x1, height - box.y0])


def curves(columns: int, **place: float) -> Callable[[], Canvas]:
    def draw() -> Canvas:
        fig, axes = subplots(1, columns, **place)
        for i, ax in enumerate(np.ravel(axes)):
            ax.plot([0, 1e6], [0, 3])
            heading(ax, f"panel {i}", "and a note that is long enough to need a line of its own")
            name_axes(ax, x="step")
        return fig

    return draw


@pytest.mark.usefixtures("themed")
def test_one_panel_has_no_narrow_form() -> None:
    assert narrow(curves(1)) is None


@pytest.mark.usefixtures("themed")
def test_panels_come_under_each_other_and_take_the_width() -> None:
    fig = stacked(curves(2, height=260))
    first, second = map(area, fig.axes)
    assert second[1] > first[3] + 20  # with words between
    assert first[0] == second[0]
    assert first[2] - first[0] > 250
    assert first[3] - first[1] == pytest.approx(260 - 26 - 52)


@pytest.mark.usefixtures("themed")
@pytest.mark.parametrize("shared", [False, True])
def test_panels_that_share_a_scale_across_are_as_wide_as_each_other(shared: bool) -> None:
    def draw() -> Canvas:
        fig = Canvas(400, narrow=True)
        first, second = (fig.place(60, top, 500, 120) for top in (30, 230))
        if shared:
            second.sharex(first)
        first.set_xlim(0, 100)
        second.set_xlim(0, 100)
        beside(first, "short", (100, 0.5), shift=(8, 0))
        beside(second, "a longer name", (100, 0.5), shift=(8, 0))
        return fig

    first, second = map(area, stacked(draw).axes)
    assert first[0] == second[0]
    assert (first[2] == pytest.approx(second[2])) == shared


@pytest.mark.usefixtures("themed")
def test_small_ones_stay_side_by_side_in_their_order() -> None:
    def draw() -> Canvas:
        fig = Canvas(200)
        for i in range(5):
            fig.place(28 + 130 * i, 40, 100, 60).set(xticks=[], yticks=[])
        return fig

    areas = [area(ax) for ax in stacked(draw).axes]
    tops = [top for _, top, _, _ in areas]
    assert tops[0] == tops[1] < tops[2] == tops[3] < tops[4]
    assert areas[0][0] == areas[2][0] == areas[4][0] < areas[1][0] == areas[3][0]


@pytest.mark.usefixtures("themed")
def test_axes_of_one_scale_keep_it() -> None:
    def draw() -> Canvas:
        fig = Canvas(340)
        plane, curve = fig.place(60, 20, 300, 200), fig.place(420, 20, 240, 240)
        plane.set(xlim=(0, 6), ylim=(0, 4))
        curve.set(xlim=(0, 6), ylim=(0, 400), yscale="symlog")
        return fig

    plane, _ = stacked(draw).axes
    left, top, right, bottom = area(plane)
    assert (right - left) / (bottom - top) == pytest.approx(1.5)


@pytest.mark.usefixtures("themed")
def test_columns_are_kept_together_where_asked() -> None:
    def draw(by_column: bool) -> Canvas:
        fig = Canvas(640, by_column=by_column)
        for left in (60, 400):
            for top in (20, 330):
                fig.place(left, top, 260, 240)
        return fig

    for by_column, order in ((False, [0, 2, 1, 3]), (True, [0, 1, 2, 3])):
        fig = stacked(lambda by_column=by_column: draw(by_column))
        tops = [area(ax)[1] for ax in fig.axes]
        assert np.argsort(tops).tolist() == order


@pytest.mark.usefixtures("themed")
def test_what_lies_in_a_panel_goes_with_it() -> None:
    def draw() -> Canvas:
        fig = Canvas(340)
        fig.place(60, 20, 260, 240)
        fig.place(400, 20, 260, 240)
        fig.place(600, 30, 50, 40).set(xticks=[], yticks=[])
        return fig

    _, second, inset = map(area, stacked(draw).axes)
    assert second[2] - inset[2] == pytest.approx(10)
    assert inset[1] - second[1] == pytest.approx(10)
    assert inset[2] - inset[0] == pytest.approx(50)


@pytest.mark.usefixtures("themed")
def test_words_on_the_sheet_go_with_the_nearest_panel_and_break() -> None:
    words = "What is said above the second panel, at such a length that it needs two lines"

    def draw() -> Canvas:
        fig = Canvas(340)
        fig.place(60, 60, 260, 200)
        fig.place(400, 60, 260, 200)
        fig.write(400, 20, "second", weight="semibold")
        fig.write(400, 44, words)
        legend(fig, [("a run", "#009e73", "solid")], left=60, top=30)
        return fig

    fig = stacked(draw)
    first, second = map(area, fig.axes)
    head, note, label = (text.get_window_extent() for text in fig.written if text is not None)
    height = fig.bbox.height
    assert first[3] < height - head.y1 < height - head.y0 <= height - note.y1 + 1
    assert height - note.y0 < second[1]
    assert "\n" in fig.written[1].get_text()
    assert fig.written[1].get_text().replace("\n", " ") == words
    (key,) = fig.artists if fig.artists else fig.lines
    line = 360 * np.asarray(key.get_xdata())
    assert line[1] - line[0] == pytest.approx(24)
    assert label.x0 - line[1] == pytest.approx(8, abs=1)
    assert height - label.y0 < first[1]


@pytest.mark.usefixtures("themed")
def test_ticks_that_would_touch_are_thinned_out() -> None:
    def draw() -> Canvas:
        fig, axes = subplots(1, 2)
        ticks(axes[0, 0], "x", np.linspace(0, 1, 11), lambda value: f"{value:.5f}")
        beside(axes[0, 0], "no longer inside", (1, 0.5), shift=(-20, 0))
        return fig

    fig = stacked(draw)
    labels = [label.get_text() for label in fig.axes[0].get_xticklabels()]
    assert labels[0] == "0.00000"
    assert 2 < len(labels) < 7


@pytest.mark.usefixtures("themed")
def test_the_wide_sheet_does_not_change() -> None:
    draw = curves(2)
    wide = draw()
    before = [ax.get_position().bounds for ax in wide.axes]
    stacking.stacked(draw, wide)
    assert not canvas.is_narrow()
    assert [ax.get_position().bounds for ax in draw().axes] == before
