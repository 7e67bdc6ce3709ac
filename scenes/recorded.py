"""The scene that every visual's film is: it draws recordings, and fills its words from them.

Sizes of type and lines are pixels of a 1280×720 frame; places and boxes are Manim's units (the
frame is 8 units high and 14.2 wide, 90 pixels to the unit). Everything that changes reads a
``ValueTracker``; nothing keeps state from frame to frame.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any

import manim
import xarray as xr
from manim import FadeIn, FadeOut, ValueTracker, VGroup, linear, smooth

from look import words
from scenes.aspects import Layout
from scenes.parts.words import LABEL, SUBTITLE, TITLE, Words
from scenes.render import RenderedScene
from simulate import recording as recordings

CHANGE = 0.35  # seconds from one headline to the next
MARGIN = 0.5  # between the frame's edge and the words, in frame units


class RecordedScene(RenderedScene):
    """A scene that draws recordings.

    Its headlines are words of the visual's row: a title and, on a second line, a subtitle.
    """

    _titled = False  # whether the title that was asked for has been shown

    @cached_property
    def recordings(self) -> dict[str, xr.Dataset]:
        """All recordings of this visual, by name."""
        return {name: recordings.opened(each) for name, each in self.job.recordings.items()}

    def recording(self, name: str) -> xr.Dataset:
        """Return a recording that the visual's row names in ``uses``."""
        return self.recordings[name]

    def speaking(self) -> AbstractContextManager[None]:
        """Let the parts of this scene say the words of its row."""
        stem = self.job.module.rpartition(".")[2]
        attrs = words.merge([dataset.attrs for dataset in self.recordings.values()])
        return words.speaking(self.job.words or words.row(stem), attrs)

    def headline(self, name: str, /, **more: Any) -> VGroup:
        """Return the two lines at the top left: what happens, and how to read the picture.

        `name` is that of the row's words, which `more` helps to fill.
        """
        title, _, subtitle = words.say(name, **more).partition("\n")
        if self.job.title and not self._titled:
            title, self._titled = self.job.title, True
        if (layout := self.job.layout) is not None:
            return _above(layout, title, subtitle)
        heading = Words(title, TITLE, weight="semibold")
        room = manim.config.frame_width - 2 * MARGIN
        if heading.width > room:  # a long one is a little smaller, though no smaller than a label
            heading = Words(title, max(LABEL, TITLE * room / heading.width), weight="semibold")
        lines = VGroup(heading)
        if subtitle:
            lines.add(Words(subtitle, SUBTITLE, "muted"))
        left, top = -manim.config.frame_width / 2 + MARGIN, manim.config.frame_height / 2
        for line, y in zip(lines, (0.78, 1.34), strict=False):
            line.on_baseline(left, top - y)
        self.said.append((self.renderer.frame, f"{title}\n{subtitle}".rstrip()))
        return lines

    def say(
        self, before: VGroup, name: str, *, also: Iterable[manim.Mobject] = (), **more: Any
    ) -> VGroup:
        """Put another headline in the place of the one `before`, and return it.

        What `also` holds fades in with it; `name` and `more` as in :meth:`headline`.
        """
        lines = self.headline(name, **more)
        # First the one goes, then the other comes: two headlines on each other can't be read.
        gone = 0.15 / CHANGE
        self.play(
            FadeOut(before, rate_func=lambda share: smooth(min(1.0, share / gone))),
            *(
                FadeIn(part, rate_func=lambda share: smooth(max(0.0, (share - gone) / (1 - gone))))
                for part in (lines, *also)
            ),
            run_time=CHANGE,
        )
        return lines

    @cached_property
    def beats(self) -> list[tuple[int, int, str]]:
        """The frames, [first, stop), in which the film waits for its viewer, and why."""
        return []

    def beat(self, seconds: float, why: str) -> None:
        """Wait so that the viewer can guess, or take in: once a film, 2.5 s at most.

        Nothing else may stand still for more than 1.2 s (:mod:`scenes.pace` checks it).
        """
        first = self.renderer.frame
        self.wait(seconds)
        self.beats.append((first, self.renderer.frame, why))

    def play_steps(self, clock: ValueTracker, to: float, seconds_per_step: float) -> None:
        """Let optimizer steps pass: the same film time for each; none if the clock is there."""
        steps = to - clock.get_value()
        if steps <= 0:
            return
        self.play(clock.animate.set_value(to), run_time=steps * seconds_per_step, rate_func=linear)


def _above(layout: Layout, title: str, subtitle: str) -> VGroup:
    """Return the two headlines in lines of a narrower frame, in the room above the wide one."""
    left, _, right, top = layout.head
    unit = 1 / layout.scale  # they keep their size, while what is drawn is made smaller
    room = right - left - 2 * MARGIN * unit
    lines = VGroup(Words(title, TITLE * unit, weight="semibold", width=room))
    if subtitle:
        lines.add(Words(subtitle, SUBTITLE * unit, "muted", width=room))
    at = top - 0.45 * unit
    for line in lines:
        line.move_to((left + MARGIN * unit, at, 0), aligned_edge=manim.UL)
        at -= line.height + 0.28 * unit
    return lines
