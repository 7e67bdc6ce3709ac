"""The film of the loss surface gives each step its time, and tells how fast it went down."""

from __future__ import annotations

import numpy as np
import pytest
from manim import ValueTracker
from matplotlib.colors import to_rgba
from matplotlib.text import Annotation

from figures.losses import loss_surface as figure
from figures.parts import canvas
from look import theme
from scenes.losses import loss_surface as film
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, telling, visual
from tests.visuals._pen import Pen
from tests.visuals.test_shown import counted


def test_most_of_the_way_down_is_done_by_the_step_it_says(record: Record) -> None:
    found = record("loss_surface")
    loss, steps = found.path_loss.values, found.snapshot.values
    down = (loss[0] - loss) / (loss[0] - loss[-1])
    at = int(np.flatnonzero(steps == found.attrs["most_step"])[0])
    assert down[at] >= found.attrs["most"]
    assert (down[:at] < found.attrs["most"]).all()


def test_the_recording_says_how_its_planes_were_computed(record: Record) -> None:
    found = record("loss_surface")
    assert found.attrs["plane_backend"] == "compiled"
    assert found.attrs["plane_backend_reason"] == "a sequence of plain layers"


def test_the_figures_marks_and_bar_are_the_training(recorded: Recorded) -> None:
    """Each name at its own place of the path; the bar parted at the losses that it prints."""
    fig, (found,) = drawn("loss_surface", recorded)
    relief, bar = fig.axes
    steps, loss, most = found.snapshot.values, found.path_loss.values, found.attrs["most_step"]
    at = steps.tolist().index(most)
    names = ["start", f"step {most}", "trained"]
    told = {text.get_text(): text.xy for text in relief.texts if isinstance(text, Annotation)}
    assert set(names) <= set(told)
    flag = line(fig, "until here").get_xydata()[0]
    np.testing.assert_allclose(told[names[1]], flag)
    path = [found[f"path_{name}"].values for name in ("u", "v", "height")]
    with telling("loss_surface", found), theme.use("dark"), canvas.style():
        again = canvas.Canvas(300).place(0, 0, 300, 300)
        view = figure._relief(again, found.u, found.v, found.pca_loss, tuple(path))  # type: ignore[arg-type]
    seen = view.project(*path)
    for name, k in zip(names, (0, at, -1), strict=True):
        np.testing.assert_allclose(told[name], seen[k], err_msg=name)
    spans = [sorted([p.get_bbox().y0, p.get_bbox().y1]) for p in bar.patches]
    np.testing.assert_allclose(spans, [[loss[at], loss[0]], [loss[-1], loss[at]]])
    with theme.use("dark"):
        hues = [to_rgba(theme.color(token)) for token in ("vermillion", "muted")]
    assert [p.get_facecolor() for p in bar.patches] == hues
    share = f"{100 * found.attrs['most']:.0f}\N{NARROW NO-BREAK SPACE}%"
    said = {text.get_text(): text.xy[1] for text in bar.texts if isinstance(text, Annotation)}
    assert said == pytest.approx({
        f"{share} in\n{most} steps": (loss[0] + loss[at]) / 2,
        f"the rest in\n{steps[-1] - most} steps": (loss[at] + loss[-1]) / 2,
        **{f"{loss[k]:.2f}": loss[k] for k in (0, at, -1)},
    })  # fmt: skip


def test_the_films_flag_stands_at_the_step_it_says(recorded: Recorded) -> None:
    _, (found,) = drawn("loss_surface", recorded)
    at = found.snapshot.values.tolist().index(found.attrs["most_step"])
    path = np.stack([found.path_u, found.path_v, found.path_height], axis=1)
    with telling("loss_surface", found), theme.use("dark"):
        x, y, loss = (found[name].values for name in ("u", "v", "pca_loss"))
        clock = ValueTracker(0)
        steps = found.snapshot.values
        land = film.Landscape(x, y, loss, ValueTracker(0), path, clock, at, steps, 20)
    row = visual("loss_surface")
    assert f"every {row.words['each']} steps" in row.subtitle, "the figure's beads are said there"
    flag = land.parts[-1]
    np.testing.assert_allclose(flag.spot[0, :2], path[at, :2])
    np.testing.assert_allclose(flag.spot[0, 2], (path[at, 2] - loss.min()) / np.ptp(loss))
    for now in range(len(steps)):
        clock.set_value(now)
        assert land.parts[-2].passed() == sum(k <= steps[now] for k in range(20, 9999, 20))
    texts = counted("loss_surface", recorded)
    first, *_, last = texts.values()
    loss, most, n = found.path_loss.values, found.attrs["most_step"], int(steps[-1])
    share = f"{100 * found.attrs['most']:.0f}\N{NARROW NO-BREAK SPACE}%"
    left = f"{100 * (1 - found.attrs['most']):.0f}\N{NARROW NO-BREAK SPACE}%"
    assert {f"{loss[k]:.2f}" for k in (0, at, -1)} <= set(last)
    assert {f"{share} in", f"{most} steps", "the rest in", f"{n - most} steps"} <= set(last)
    assert f"The last {left} of the way took {n - most} of {n} steps" in last
    assert not any(share in text or f"{most}" in text.split() for text in first if "?" in text), (
        "the question does not give the answer away"
    )


def test_what_the_film_says_of_a_piece_stands_beside_it(recorded: Recorded) -> None:
    _, (found,) = drawn("loss_surface", recorded)
    loss = found.path_loss.values
    with theme.use("dark"):
        way = film.Way(loss, ValueTracker(0), 2)
        for start, stop in ((0, 2), (2, len(loss) - 1)):
            said = way.words("one\ntwo", start, stop, "regular")
            middle = (loss[start] + loss[stop]) / 2
            height = film.FLOOR + film.LONG * (middle - loss[-1]) / (loss[0] - loss[-1])
            assert said.get_center()[1] == pytest.approx(height, abs=0.1)
            assert said.get_left()[0] > film.BAR + film.THICK
        for k in (0, 2, -1):
            told = way.label(k)
            assert told.text == f"{loss[k]:.2f}"
            assert told.get_right()[0] < film.BAR
            height = film.FLOOR + film.LONG * (loss[k] - loss[-1]) / (loss[0] - loss[-1])
            assert told.get_center()[1] == pytest.approx(height, abs=0.05)


def test_the_films_bar_is_what_is_done_of_the_way(recorded: Recorded) -> None:
    _, (found,) = drawn("loss_surface", recorded)
    loss, clock = found.path_loss.values, ValueTracker(0)
    way = film.Way(loss, clock, 2)
    for now in (0, 1, 2, 3, len(loss) - 1):
        clock.set_value(now)
        pen = Pen()
        way.paint(pen)
        done = film.LONG * (loss[0] - loss) / (loss[0] - loss[-1])
        whole, quick, rest = pen.bars
        assert whole[1::2] == (film.FLOOR, film.LONG)
        assert quick[1] + quick[3] == pytest.approx(film.FLOOR + film.LONG), "from the top"
        assert quick[3] == pytest.approx(done[min(now, 2)])
        assert rest[3] == pytest.approx(max(done[now] - done[2], 0) if now > 2 else 0, abs=1e-9)
        assert rest[1] + rest[3] == pytest.approx(quick[1]), "and then grey, on from there"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([0, 3, 6, 9], [(0, 3)]),
        ([0, 3, 6, 7], [(0, 2), (2, 3)]),  # the last snapshot comes early
    ],
)
def test_snapshots_in_pieces_of_one_speed(steps: list, expected: list) -> None:
    found = film.pieces(np.array(steps), 0, len(steps) - 1)
    assert found == expected
    for low, high in found:
        assert len(set(np.diff(steps[low : high + 1]))) == 1
