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
    names = [f"{name}: {loss[k]:.3f}"
             for name, k in (("start", 0), (f"step {most}", at), ("trained", -1))]  # fmt: skip
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
        **{f"{loss[k]:.3f}": loss[k] for k in (0, at, -1)},
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
    last = list(texts)[-1]
    for name, k in (("start", 0), (f"step {found.attrs['most_step']}", at), ("trained", -1)):
        told = texts[last][texts[last].index(name) - 1]
        assert told == f"{float(found.path_loss[k]):.3f}", name


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
