"""One camera: what it sees, and that figures and films look through it."""

from __future__ import annotations

import numpy as np
import pytest
from manim import ValueTracker

from figures.parts.space import LENS, Space
from look.camera import Camera
from scenes import render
from scenes.parts import raster_surface
from scenes.parts.surfaces import Surface

AXIS = np.linspace(-1, 1, 9)


def _turned(point: np.ndarray, azimuth: float, elevation: float) -> np.ndarray:
    """Rotate by hand: about the vertical, then about the line from left to right."""
    a, e = np.radians(azimuth), np.radians(elevation)
    about_z = np.array([[np.cos(a), np.sin(a), 0], [-np.sin(a), np.cos(a), 0], [0, 0, 1]])
    x, deep, up = about_z @ point
    return np.array([x, up * np.cos(e) + deep * np.sin(e), up * np.sin(e) - deep * np.cos(e)])


@pytest.mark.parametrize("angles", [(0, 0), (35, 20), (-140, 42), (200, 90)])
def test_it_turns_points_as_rotations_do(angles: tuple[float, float]) -> None:
    points = np.random.default_rng(0).standard_normal((20, 3))
    expected = [_turned(point, *angles) for point in points]
    np.testing.assert_allclose(Camera(*angles).see(points), expected, atol=1e-12)
    axes = Camera(*angles).axes
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(axes) == pytest.approx(1), "a turn, and no mirror"


def test_what_is_nearer_is_larger_through_a_lens() -> None:
    near, far = Camera(0, 0, lens=9).see([[1.0, -1, 0], [1.0, 1, 0]])
    assert (near[0], far[0]) == pytest.approx((9 / 8, 9 / 10))
    assert near[2] > far[2]


def test_figure_and_film_see_a_point_at_the_same_place() -> None:
    point = np.array([[0.4, -0.7, 0.3]])
    space = Space(x=(-1, 1), y=(-1, 1), height=(0, 1), azimuth=25, elevation=40, tall=1.1)
    x, y, near = space.view(space.scale(*point.T))[0]
    flat = np.array([x, y]) * (LENS - near) / LENS  # without the figure's perspective
    with render.stage(render.Job(module="", recordings={})):
        surface = Surface(
            AXIS, AXIS, np.zeros((9, 9)), ValueTracker(25), size=2, rise=1.1, elevation=40
        )
        np.testing.assert_allclose(surface.seen(point)[0], flat, atol=1e-12)


@pytest.mark.parametrize("azimuth", [0, 50, 130, 250])
def test_a_wall_hides_what_is_behind_it_in_figure_and_film(azimuth: float) -> None:
    """The wall stands on the viewer's side: what is behind it must come out farther away."""
    camera = Camera(azimuth, 20)
    towards = camera.axes[2] * (1, 1, 0)
    wall, behind = camera.see([0.5 * towards, -0.5 * towards])
    assert wall[2] > behind[2]
    with render.stage(render.Job(module="", recordings={}, width=320, height=180)):
        across, along = np.meshgrid(AXIS, AXIS)
        front = across * towards[0] + along * towards[1] > 0.6
        tall = np.where(front, 1.0, 0.0)  # high in front, flat behind
        clock = ValueTracker(1)
        low = -0.2 * towards[:2] / np.linalg.norm(towards[:2])
        path = np.array([[*low, 0.02], [*low, 0.02]])
        surface = Surface(
            AXIS, AXIS, tall, ValueTracker(azimuth), size=2, rise=2.0, elevation=12,
            path=path, clock=clock,
        )  # fmt: skip
        seen = surface._camera().see(surface.corners)
        place = surface._camera().see(surface._model(path))[0]
        over = (np.abs(seen[..., 0] - place[0]) < 0.3) & (seen[..., 1] >= place[1]) & front
        assert over.any(), "the wall stands before the point on the screen"
        assert (seen[over][:, 2] > place[2]).all()


@pytest.mark.parametrize("nearer", ["first", "last"])
def test_of_two_faces_in_one_place_the_nearer_is_seen(nearer: str) -> None:
    """A sheet is folded on itself: two faces cover the same pixels at different depths."""
    y, depth = [10.0, 50.0, 10.0], [0.0, 4.0, 8.0]
    if nearer == "first":
        depth = [-each for each in depth]
    reds = [250.0, 130.0, 10.0]
    vertices = np.zeros((3, 2, 7))
    for row in range(3):
        for column, x in enumerate((10.0, 50.0)):
            vertices[row, column] = [x, y[row], depth[row], reds[row], 0, 0, 0.5]
    pixels = np.zeros((60, 60, 4), np.uint8)
    none = np.empty((0, 2, 3)), np.empty(0), np.empty((0, 3))
    raster_surface.surface(pixels, 1.0, vertices, 1.0, 0, np.zeros(3), 0.0, *none, 0.1)
    red = int(pixels[15, 30, 0])
    assert (red > 200) if nearer == "first" else (red < 60)


def test_what_is_near_is_drawn_over_what_is_far_in_a_figure() -> None:
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    space = Space(x=(-1, 1), y=(-1, 1), height=(0, 1), azimuth=30, elevation=30)
    height = np.zeros((9, 9))
    drawn = space.draw(ax, AXIS, AXIS, height)
    faces = [path.vertices[:-1] for path in drawn.get_paths() if len(path.vertices) == 5]
    whole = [face for face in faces if np.ptp(face, axis=0).min() > 1e-6]
    # On level ground what is nearer lies lower on the screen.
    heights = np.array([face[:, 1].mean() for face in whole])
    assert np.corrcoef(np.arange(len(heights)), heights)[0, 1] < -0.9
