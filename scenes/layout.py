"""Check that every word of a scene is in the frame, clear of others, large and readable.

Checked where a section ends, when what was brought in has arrived.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

import manim
import numpy as np
from manim.utils.family import extract_mobject_family_members

from look import layout
from look.layout import CONTRAST, contrast
from scenes.parts.numbers import Number
from scenes.parts.paint import rgb
from scenes.parts.words import LABEL, TICK, Formula, Words
from scenes.render import Job, _Nothing, run, scene_class


def problems(job: Job) -> list[str]:
    """Return what is wrong with the words of a scene, a line each; none is good."""
    found: list[str] = []
    run(job, _Nothing(), checking(scene_class(job.module), found))
    return found


def checking(scene_type: type[Any], found: list[str]) -> type[Any]:
    """Return a scene that is checked where a section ends; what is wrong goes to `found`."""

    class Checked(scene_type):
        def end_of_section(self) -> None:
            super().end_of_section()
            if self.sections:
                found.extend(f"{self.sections[-1][0]}: {line}" for line in check(self))

    return Checked


def check(scene: Any) -> list[str]:
    """Return what is wrong with the words in a scene as it stands."""
    found = []
    words = _visible_words(scene)
    right, top = manim.config.frame_width / 2, manim.config.frame_height / 2
    boxes = [_box(word) for word in words]
    for word, box in zip(words, boxes, strict=True):
        if layout.outside(box, (-right, -top, right, top)):
            found.append(f"{_name(word)} leaves the frame")
        least = TICK if _is_number(_said(word)) else LABEL
        if word.size < least:
            found.append(f"{_name(word)} is {word.size:g} px, below {least:g}")
    for (one, a), (other, b) in combinations(zip(words, boxes, strict=True), 2):
        if layout.overlap(a, b):
            found.append(f"{_name(one)} overlaps {_name(other)}")
    found.extend(_pale(scene, words, boxes))
    return found


def _visible_words(scene: Any) -> list[Any]:
    words: list[Any] = []
    for mobject in extract_mobject_family_members(scene.mobjects):
        if isinstance(mobject, Number):
            visible = mobject.opacity
        else:
            visible = isinstance(mobject, Words | Formula) and mobject.get_fill_opacity()
        if visible > 0.05 and _said(mobject):  # a number that is not there yet has no words
            words.append(mobject)
    return words


def _box(word: Any) -> tuple[float, float, float, float]:
    left, bottom, _ = word.get_corner(manim.DL)
    right, top, _ = word.get_corner(manim.UR)
    return left, bottom, right, top


def _name(word: Any) -> str:
    return repr(_said(word))


def _said(word: Any) -> str:
    return str(word.text() if callable(word.text) else word.text)


def _is_number(text: str) -> bool:
    """Tell whether a text is a number, perhaps with a unit of two letters: a tick on an axis."""
    return bool(re.search(r"[\dπ]", text)) and not re.search(r"[^\W\d_]{3}", text)


def _pale(scene: Any, words: list[Any], boxes: list[Any]) -> list[str]:
    """Compare each word's colour with what lies behind it, drawn without words."""
    letters = {id(part) for word in words for part in word.get_family()}
    family = extract_mobject_family_members(scene.mobjects, use_z_index=True)
    camera = scene.renderer.camera
    camera.reset()
    camera.capture_mobjects([m for m in family if id(m) not in letters], include_submobjects=False)
    height, width, _ = camera.pixel_array.shape
    scale = width / manim.config.frame_width
    found = []
    for word, (left, bottom, right, top) in zip(words, boxes, strict=True):
        columns = slice(max(0, int(width / 2 + left * scale)), int(width / 2 + right * scale) + 1)
        rows = slice(max(0, int(height / 2 - top * scale)), int(height / 2 - bottom * scale) + 1)
        behind = camera.pixel_array[rows, columns, :3].reshape(-1, 3) / 255
        if len(behind) == 0:
            continue
        ink = np.array(rgb(word.ink if isinstance(word, Number) else _ink(word)))
        ratios = np.sort(contrast(ink, behind))
        worst = ratios[int(0.05 * len(ratios))]  # a hair-line crossing a word does not count
        if worst < CONTRAST:
            found.append(f"{_name(word)} has contrast {worst:.1f}, below {CONTRAST}")
    return found


def _ink(word: Any) -> str:
    return str(word.get_fill_color().to_hex())
