"""Films on their tiny recordings, each run twice for all that tests ask of it.

Drawn small in the dark theme: pace, frames, words. Not drawn in the light one: words, and what
stands there when a section ends. What asks for the same film runs in the same process, one after
the other (`tests/conftest.py`), so the last few are kept.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from pipeline import catalogue
from scenes import layout, pace, render
from scenes.parts.charts import Contours
from scenes.parts.numbers import Number
from tests.visuals._heard import listening

SCENES = {stem: v for stem, v in catalogue.visuals().items() if "A" in v.kinds}
Recorded = Callable[[str], Path]


@dataclass
class Frames(pace.Watch):
    """Looks at every frame: its digest; the first as it is."""

    digests: list[str] = field(default_factory=list)
    first: np.ndarray | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def take(self, frame: int, pixels: np.ndarray, repeat: int) -> None:
        super().take(frame, pixels, repeat)
        if self.first is None:
            self.first = pixels[..., :3].copy()
        digest = hashlib.sha256(pixels[..., :3].tobytes()).hexdigest()
        self.digests.extend([digest] * repeat)


@dataclass(frozen=True)
class Film:
    """What was seen of a film.

    Attributes
    ----------
    job : Job
        Of the drawn run: 320 × 180, 10 frames a second.
    frames : Frames
    plan : Plan
    pace : list of str
        What is wrong with it.
    layout : dict of str to list of str
        By theme, what is wrong with it.
    texts : dict of str to list of str
        By section, what stands there when it ends, in the order of the parts.
    heard : set of str
        What came out of the number writer and of templates, but while frames were drawn.
    maps : list of Contours
        Those that stood there when a section ended.
    """

    job: render.Job
    frames: Frames
    plan: render.Plan
    pace: list[str]
    layout: dict[str, list[str]]
    texts: dict[str, list[str]]
    heard: set[str]
    maps: list[Contours]


def job(stem: str, recorded: Recorded, **settings: Any) -> render.Job:
    recordings = {name: str(recorded(name)) for name in SCENES[stem].row.uses}
    small = {"width": 320, "height": 180, "fps": 10}
    return render.Job(
        module=SCENES[stem].modules["animation"], recordings=recordings, **(small | settings)
    )


def film(stem: str, recorded: Recorded) -> Film:
    """Return what was seen of a film on its tiny recordings."""
    paths = tuple((name, recorded(name)) for name in SCENES[stem].row.uses)
    return _film(stem, paths)


@functools.lru_cache(maxsize=3)
def _film(stem: str, paths: tuple[tuple[str, Path], ...]) -> Film:
    drawn = job(stem, dict(paths).__getitem__)
    frames, dark = Frames(), []
    scene_type = layout.checking(pace.watching(render.scene_class(drawn.module), frames), dark)
    scene = render.run(drawn, frames, scene_type)
    light: list[str] = []
    maps: list[Contours] = []
    texts: dict[str, list[str]] = {}

    class Listened(layout.checking(render.scene_class(drawn.module), light)):  # type: ignore[misc]
        def end_of_section(self) -> None:
            super().end_of_section()
            if self.sections:
                texts[self.sections[-1][0]] = [said(word) for word in layout._visible_words(self)]
                maps.extend(each for each in self.mobjects if isinstance(each, Contours))

    with listening() as heard:
        render.run(
            job(stem, dict(paths).__getitem__, theme="light", width=640, height=360),
            layout._Nothing(), Listened,
        )  # fmt: skip
    return Film(
        job=drawn,
        frames=frames,
        plan=render.planned(scene),
        pace=pace.verdict(scene, frames),
        layout={"dark": dark, "light": light},
        texts=texts,
        heard=heard,
        maps=maps,
    )


def said(word: Any) -> str:
    return str(word.text() if isinstance(word, Number) or callable(word.text) else word.text)
