"""Check a film's pace: it begins at once, stands still only where it means to, and ends soon.

Every frame is drawn small and compared with the one before. A scene marks the one moment in which
it lets the viewer think: ``self.beat(2.0, "guess before the second run starts")``.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np

from scenes.parts.words import Words
from scenes.render import Job, run, scene_class

BEGIN = 0.7  # seconds within which something moves
STILL = 1.2  # seconds that all may stand still in between
BEAT = 2.5  # seconds of the beat, of which there is one at most
END = 1.5  # seconds that the last picture stands
SEEN = 0.05  # opacity from which a headline is there
EASE = 0.35  # seconds of a fade in which hardly anything is seen to change, at both ends together
CHANGED = 10  # of 255, in one pixel of a small frame, is a movement


class Watch:
    """Notes of every frame whether it differs from the one before."""

    wanted = range(10**9)

    def __init__(self) -> None:
        self.moved: list[bool] = []
        self.crowded: list[int] = []  # frames with two headlines
        self.headlines: list[Any] = []
        self._before: np.ndarray | None = None

    def take(self, frame: int, pixels: np.ndarray, repeat: int) -> None:
        now = pixels[..., :3].astype(np.int16)
        moved = self._before is not None and bool(np.abs(now - self._before).max() > CHANGED)
        self._before = now
        if sum(_is_seen(lines) for lines in self.headlines) > 1:
            self.crowded.append(frame)
        self.moved += [moved, *[False] * (repeat - 1)]


def _is_seen(lines: Any) -> bool:
    return any(
        isinstance(line, Words) and line.get_fill_opacity() > SEEN for line in lines.submobjects
    )


def problems(job: Job) -> list[str]:
    """Return what is wrong with the pace of a scene, a line each; none is good."""
    watch = Watch()
    return verdict(run(job, watch, watching(scene_class(job.module), watch)), watch)


def watching(scene_type: type[Any], watch: Watch) -> type[Any]:
    """Return a scene that tells a watch of its headlines."""

    class Watched(scene_type):
        def headline(self, *args: Any, **kwargs: Any) -> Any:
            lines = super().headline(*args, **kwargs)
            watch.headlines.append(_Shown(self, lines))
            return lines

    return Watched


def verdict(scene: Any, watch: Watch) -> list[str]:
    """Return what is wrong with the pace of a scene that was watched."""
    fps, beats = scene.job.fps, getattr(scene, "beats", [])
    return [*_pauses(watch.moved, fps, beats), *_two_headlines(watch.crowded, fps)]


class _Shown:
    """A headline, which counts only while it is on the screen."""

    def __init__(self, scene: Any, lines: Any) -> None:
        self.scene, self.lines = scene, lines

    @property
    def submobjects(self) -> list[Any]:
        there = {id(part) for each in self.scene.mobjects for part in each.get_family()}
        return [line for line in self.lines.submobjects if id(line) in there]


def _pauses(moved: list[bool], fps: int, beats: list[tuple[int, int, str]]) -> list[str]:
    """Return what is wrong with the times at which nothing moves."""
    found = []
    if len(beats) > 1:
        found.append(f"{len(beats)} beats; one is the most")
    place = 0
    for moves, frames in groupby(moved):
        length = len(list(frames))
        start, stop = place, place + length
        place = stop
        if moves:
            continue
        seconds = length / fps
        limit, what = STILL, "stands still"
        if start == 0:
            limit, what = BEGIN, "begins with a pause"
        elif stop == len(moved):
            limit, what = END, "ends with a pause"
        elif any(first < stop and start < end for first, end, _ in beats):
            limit, what = BEAT, "has a beat"
        if seconds > limit + EASE:
            found.append(f"{what} of {seconds:.1f} s from {start / fps:.1f} s; {limit:g} s at most")
    return [line.replace("stands still of", "stands still for") for line in found]


def _two_headlines(crowded: list[int], fps: int) -> list[str]:
    if not crowded:
        return []
    return [f"two headlines at once, first at {crowded[0] / fps:.1f} s"]
