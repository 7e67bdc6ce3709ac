"""Upright and square films: the parts of the wide frame, put under each other.

A scene that can be shown so says in ``ASPECTS`` which parts of its frame stand for themselves::

    ASPECTS = {"9:16": [(-7.0, -4.0, 2.3, 2.45), (2.2, -3.0, 6.9, 2.45)]}

each as left, bottom, right and top in frame units, in the order in which they go down the upright
frame. All keep one scale, under the headlines, which are set anew in lines of its width. Nothing
may be drawn beyond the parts or across their edges: :func:`problems` looks at the pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from simulate.errors import UserError

if TYPE_CHECKING:
    from scenes.render import Job, Sink

WIDE = "16:9"
SHAPES = {WIDE: (16, 9), "1:1": (1, 1), "9:16": (9, 16)}
SIDE = 8.0  # the shorter side of a frame in frame units, as in a wide one
FRAME = (8.0 * 16 / 9, 8.0)  # the wide frame
EDGE, GAP = 0.3, 0.3  # around and between the parts, frame units
HEAD = {"1:1": 2.1, "9:16": 3.1}  # room of the headlines
LEAST = 22 / 28  # a tick of 28 px stays 11 px on a telephone, where the frame is 360 wide

Part = tuple[float, float, float, float]


@dataclass(frozen=True)
class Layout:
    """Where the parts of a frame go.

    Attributes
    ----------
    aspect : str
        A key of `SHAPES`.
    parts : tuple of Part
        Left, bottom, right, top.
    """

    aspect: str
    parts: tuple[Part, ...]

    @cached_property
    def size(self) -> tuple[float, float]:
        """Width and height of the frame, frame units."""
        across, down = SHAPES[self.aspect]
        unit = SIDE / min(across, down)
        return across * unit, down * unit

    @cached_property
    def scale(self) -> float:
        """How large the parts are, as against the wide frame."""
        width, height = self.size
        widest = max(right - left for left, _, right, _ in self.parts)
        tallest = sum(top - bottom for _, bottom, _, top in self.parts)
        room = height - HEAD[self.aspect] - EDGE - GAP * (len(self.parts) - 1)
        return min(1.0, (width - 2 * EDGE) / widest, room / tallest)

    @property
    def head(self) -> Part:
        """Where the headlines stand in the drawing: above the wide frame."""
        half = self.size[0] / self.scale / 2
        return -half, FRAME[1] / 2, half, FRAME[1] / 2 + HEAD[self.aspect] / self.scale

    @property
    def drawn(self) -> tuple[float, float]:
        """Width and height of what is drawn before it is cut, frame units."""
        return max(FRAME[0], 2 * self.head[2]), 2 * self.head[3]

    def pixels_per_unit(self, width: int) -> float:
        """Return the pixels to a unit of the drawing, for a frame so wide."""
        return width / self.size[0] * self.scale

    def drawn_pixels(self, width: int) -> tuple[int, int]:
        """Return the pixels of the drawing, for a frame so wide: even numbers."""
        unit = self.pixels_per_unit(width)
        across, down = (2 * round(side * unit / 2) for side in self.drawn)
        return across, down

    def cuts(self, width: int, height: int) -> list[tuple[slice, slice, slice, slice]]:
        """Return rows and columns of the drawing, and those of the frame to which they go."""
        unit = self.pixels_per_unit(width)
        across, down = self.drawn_pixels(width)
        room = height / unit - (self.head[3] - self.head[1]) - EDGE / self.scale
        free = room - sum(top - bottom for _, bottom, _, top in self.parts)
        gap = free / len(self.parts)  # what is left over is shared out
        found, at = [], 0.0
        for i, (left, bottom, right, top) in enumerate((self.head, *self.parts)):
            wide, tall = (round((right - left) * unit), round((top - bottom) * unit))
            wide, tall = min(wide, width), min(tall, height)
            at += gap / 2 if i else 0.0
            row, column = round(down / 2 - top * unit), round(across / 2 + left * unit)
            to_row, to_column = round(at * unit), (width - wide) // 2
            tall = min(tall, height - to_row)
            found.append(
                (
                    slice(max(0, row), max(0, row) + tall), slice(max(0, column), column + wide),
                    slice(to_row, to_row + tall), slice(to_column, to_column + wide),
                )
            )  # fmt: skip
            at += top - bottom + (gap / 2 if i else 0.0)
        return found


def layout(module: Any, aspect: str) -> Layout:
    """Return how a scene's module is laid out in an aspect.

    Raises
    ------
    UserError
        If it says no layout.
    """
    known = getattr(module, "ASPECTS", {})
    if aspect not in known:
        stem = module.__name__.rpartition(".")[2]
        raise UserError(f"{stem} is laid out for {', '.join([WIDE, *known])}, not for {aspect}")
    return Layout(aspect, tuple(map(tuple, known[aspect])))


class Cut:
    """A sink that puts the parts of each frame where they go, and hands it on."""

    def __init__(self, sink: Sink, layout: Layout, job: Job, ground: tuple[int, ...]) -> None:
        self.sink, self.wanted = sink, sink.wanted
        self.cuts = layout.cuts(job.width, job.height)
        self.frame = np.empty((job.height, job.width, 4), np.uint8)
        self.ground = ground

    def take(self, frame: int, pixels: np.ndarray, repeat: int) -> None:
        """Receive what was drawn."""
        self.frame[:] = self.ground
        for rows, columns, to_rows, to_columns in self.cuts:
            self.frame[to_rows, to_columns] = pixels[rows, columns]
        self.sink.take(frame, self.frame, repeat)


def problems(job: Job, n_frames: int = 12) -> list[str]:
    """Return what is wrong with a layout, a line each; none is good.

    Parameters
    ----------
    job : Job
        With its aspect.
    n_frames : int
        How many frames are looked at, evenly spaced.
    """
    from scenes import render
    from simulate import roots

    found = []
    plan = render.plan(job)
    here = layout(roots.load(job.module), job.aspect)
    if here.scale < LEAST:
        found.append(f"type is {here.scale:.2f} of its size, below {LEAST:.2f}")
    lost: set[str] = set()
    cut: set[int] = set()
    unit = here.pixels_per_unit(job.width)
    across, down = here.drawn_pixels(job.width)

    class Look:
        wanted = range(plan.n_frames)

        def take(self, frame: int, pixels: np.ndarray, repeat: int) -> None:
            """Look whether anything but the ground lies beyond the parts, or across an edge."""
            if not any(k % every == 0 for k in range(frame, frame + repeat)):
                return
            ink = (pixels[..., :3] != ground[:3]).any(axis=-1)
            (head, *_), *parts = here.cuts(job.width, job.height)
            ink[: head.stop] = False  # the headlines, which `scenes.layout` looks at
            for k, (rows, columns, _, _) in enumerate(parts, 1):
                part = ink[rows, columns]
                edges = (part[0], part[-1], part[:, 0], part[:, -1])
                if any(edge.any() for edge in edges):
                    cut.add(k)
                part[:] = False
            if ink.any():
                row, column = (int(at[0]) for at in np.nonzero(ink))
                x, y = (column - across / 2) / unit, (down / 2 - row) / unit
                lost.add(f"({x:.1f}, {y:.1f})")

    every = max(1, plan.n_frames // n_frames)
    ground = render.ground(job)
    render.run(job, Look(), whole=True)
    found += [f"something is cut at the edge of part {k}" for k in sorted(cut)]
    return found + [f"something at {at} is in no part" for at in sorted(lost)[:3]]
