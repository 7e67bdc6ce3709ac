"""The kinds of picture: each knows its folder, its files, its themes, and what makes it.

This is the only place that does. A list, a catalogue, a build and what looks for orphans ask here,
so a new kind is one more class.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from look import metadata
from look.metadata import Made
from look.theme import THEMES
from look.words import Visual
from pipeline import tasks
from pipeline.executors import Content, Task
from pipeline.qualities import Quality
from simulate import registry
from simulate.errors import UserError
from simulate.storage.receipts import Stored

if TYPE_CHECKING:
    from simulate.storage.sources import Facts

MOST_BYTES = 3_000_000  # of a film in a post: seconds on a telephone
BOTH = "both"  # the theme of what is one file for all themes

# Yields tasks to be run side by side, gets their values, returns what is in each file by format.
Drawing = Generator[list[Task], list[Any], Mapping[str, Content]]
Export = Generator[list[Task], list[Any], tuple[Content, str]]


class Refused(UserError):
    """What was asked of an item cannot be; the whole command is refused."""


@dataclass(frozen=True)
class Subject:
    """What is to be drawn.

    Attributes
    ----------
    module : str
        That draws it, ``"figures.losses.loss_surface"``.
    recordings : dict of str to Stored or Path
        Those that it uses, by name.
    theme : str
    quality : Quality
    made : Made
        What its files say of themselves.
    words : Visual or None
        In place of those of its row.
    title : str
        In place of the first headline's of a film.
    formats : tuple of str
        Which of its files; () makes all of them.
    transparent : bool
        Whether there is nothing behind what is drawn.
    aspect : str
        Of a film; its quality has it.
    workers : int
        Among whom a film is shared out; its bytes don't depend on it.
    """

    module: str
    recordings: Mapping[str, Stored | Path]
    theme: str
    quality: Quality
    made: Made
    words: Visual | None = None
    title: str = ""
    formats: tuple[str, ...] = ()
    transparent: bool = False
    aspect: str = "16:9"
    workers: int = 1


class Kind:
    """A kind of picture.

    Attributes
    ----------
    name : str
        ``"figure"``; the folder of its files is called after it.
    letter : str
        That stands for it in lists.
    formats : tuple of str
        How the names of its files end, in the order in which they are written. Not every picture
        of the kind has all of them.
    themes : tuple of str
        In which it is made if nothing else is asked for.
    package : str
        The folder of modules that may make it.
    renderer : str
        The module that calls these.
    """

    name: ClassVar[str]
    letter: ClassVar[str]
    formats: ClassVar[tuple[str, ...]]
    themes: ClassVar[tuple[str, ...]] = tuple(THEMES)
    package: ClassVar[str] = "figures"
    renderer: ClassVar[str]

    @property
    def folder(self) -> str:
        """Folder of its files, below the media folder or that of drafts."""
        return f"{self.name}s"

    def maker(self, stem: str) -> str:
        """Return the name of what a module must define to make it: a function or a class."""
        raise NotImplementedError

    def is_made_by(self, stem: str, said: Facts) -> bool:
        """Tell whether a module defines that."""
        return self.maker(stem) in said.functions

    def settings(self, quality: Quality) -> str:
        """Return the settings on which its pixels depend, in words."""
        return f"{quality.png_width} px"

    def assets(self) -> list[Path]:
        """Return the files, other than Python, that it is made of."""
        return []

    def cost(self, quality: Quality) -> float:
        """About how many seconds of one core it takes."""
        return 2.0

    def most_bytes(self, form: str, quality: Quality) -> int | None:
        """Return how large one of its files should be at most; None if that doesn't matter."""
        return None

    def draw(self, subject: Subject) -> Drawing:
        """Yield the tasks that make it; return what is in its files."""
        raise NotImplementedError


class Figure(Kind):
    """A figure, as SVG and PNG; and the same 360 px wide, if its panels stand side by side."""

    name = "figure"
    letter = "F"
    formats = ("svg", "png", "narrow.svg", "narrow.png")
    renderer = "figures.render"

    def maker(self, stem: str) -> str:
        return "draw"

    def draw(self, subject: Subject) -> Drawing:
        (files,) = yield [
            Task(tasks.draw, (*_plain(subject), subject.formats or self.formats, *_size(subject)))
        ]
        return files


class Table(Kind):
    """A table, as Markdown, HTML and PNG."""

    name = "table"
    letter = "T"
    formats = ("md", "html", "png")
    renderer = "figures.render_table"

    def maker(self, stem: str) -> str:
        return "table"

    def draw(self, subject: Subject) -> Drawing:
        (files,) = yield [
            Task(
                tasks.tabulate,
                (*_plain(subject), subject.formats or self.formats, *_size(subject)),
            )
        ]
        return files


class Page(Kind):
    """A page to play with: one HTML file for both themes."""

    name = "page"
    letter = "W"
    formats = ("html",)
    themes = (BOTH,)
    renderer = "figures.render_page"

    def maker(self, stem: str) -> str:
        return "page"

    def settings(self, quality: Quality) -> str:
        return "one file for both themes"

    def assets(self) -> list[Path]:
        home = registry.PROJECT / "figures" / "page"
        return sorted([*home.glob("dist/*.js"), *home.glob("*.css")])

    def cost(self, quality: Quality) -> float:
        return 1.0

    def draw(self, subject: Subject) -> Drawing:
        (files,) = yield [Task(tasks.paginate, (subject.module, subject.recordings, subject.words))]
        return files


class Animation(Kind):
    """An animation, as MP4 with its poster as PNG and its descriptions as WebVTT.

    It is rendered in segments, so that workers can share it.
    """

    name = "animation"
    letter = "A"
    formats = ("mp4", "png", "vtt")
    themes = ("dark",)
    package = "scenes"
    renderer = "scenes.render"

    def maker(self, stem: str) -> str:
        return "".join(part.title() for part in stem.split("_"))

    def is_made_by(self, stem: str, said: Facts) -> bool:
        return self.maker(stem) in said.classes

    def settings(self, quality: Quality) -> str:
        return f"{quality.width}×{quality.height} at {quality.fps} fps"

    def most_bytes(self, form: str, quality: Quality) -> int | None:
        return MOST_BYTES if (form, quality.name) == ("mp4", "blog") else None

    def cost(self, quality: Quality) -> float:
        return 20.0 * quality.width * quality.height * quality.fps / (1280 * 720 * 30)

    def draw(self, subject: Subject) -> Drawing:
        if subject.formats == ("png",):
            return (yield from self.frame(subject, None))
        job = _job(subject)
        (plan,) = yield [Task(tasks.plan, (job,), ahead=True)]
        made = _timed(subject.made, plan)
        vtt = metadata.descriptions(made, _cues(subject.made, plan))
        if subject.formats == ("vtt",):
            return {"vtt": vtt}
        drawn = yield [
            Task(tasks.segments, (job, some, plan["poster_frame"]), size=some[-1][1] - some[0][0])
            for some in _shared(plan["segments"], subject.workers)
        ]
        parts = [part for some, _ in drawn for part in some]
        (poster,) = (png for _, png in drawn if png)
        ends = [*(section.start for section in made.sections[1:]), made.seconds]
        chapters = [
            (section.name, section.start, end)
            for section, end in zip(made.sections, ends, strict=False)
        ]
        (film,) = yield [Task(tasks.join, (parts, metadata.tags(made), chapters))]
        return {"mp4": film, "png": poster, "vtt": vtt}

    def export(self, subject: Subject, form: str, most_bytes: int | None) -> Export:
        """Draw it in another format; return what is in its file, and how large it was made."""
        if most_bytes is not None:
            most_bytes -= metadata.room(form, subject.made)
        arguments = (_job(subject), form, most_bytes, metadata.tags(subject.made))
        ((content, said),) = yield [Task(tasks.export, arguments)]
        return content, said

    def frame(self, subject: Subject, seconds: float | None) -> Drawing:
        """Draw the frame at a time; without one, the poster's.

        Raises
        ------
        Refused
            If the animation ends before.
        """
        job = _job(subject)
        (plan,) = yield [Task(tasks.plan, (job,))]
        frame = plan["poster_frame"]
        if seconds is not None:
            frame = int(seconds * plan["fps"] + 1e-6)  # 1.1 s × 30 is a hair below 33
            if frame >= plan["n_frames"]:
                stem = subject.module.rpartition(".")[2]
                raise Refused(
                    f"--at {seconds:g}s is beyond the end of {stem}; "
                    f"it lasts {plan['n_frames'] / plan['fps']:.1f}s"
                )
        (png,) = yield [Task(tasks.still, (job, frame))]
        return {"png": png}

    def clips(
        self, subject: Subject
    ) -> Generator[list[Task], list[Any], list[tuple[str, str, float, Content, Content, Content]]]:
        """Draw each section as a film of its own.

        Returns
        -------
        list of tuple
            Name, the last of its headlines, seconds, the film, its first and its last frame.
        """
        job = _job(subject)
        (plan,) = yield [Task(tasks.plan, (job,))]
        stops = [*(first for _, first in plan["sections"][1:]), plan["n_frames"]]
        sections = [
            (name, first, stop)
            for (name, first), stop in zip(plan["sections"], stops, strict=True)
            if first < stop
        ]
        made = yield [
            Task(tasks.clip, (job, first, stop), size=stop - first) for _, first, stop in sections
        ]
        return [
            (name, _said(plan, stop), (stop - first) / plan["fps"], *clip)
            for (name, first, stop), clip in zip(sections, made, strict=True)
        ]

    def sheet(self, subject: Subject, count: int) -> Drawing:
        """Draw `count` evenly spaced frames with their times."""
        job = _job(subject)
        (plan,) = yield [Task(tasks.plan, (job,))]
        (png,) = yield [Task(tasks.sheet, (job, plan["n_frames"], count))]
        return {"png": png}


class Preview(Kind):
    """A picture to look at once, among the drafts."""

    name = "preview"
    formats = ("png",)


class Sheet(Kind):
    """A contact sheet of an animation, among the drafts."""

    name = "sheet"
    formats = ("png",)

    def cost(self, quality: Quality) -> float:
        return 5.0


FIGURE, TABLE, ANIMATION, PAGE = Figure(), Table(), Animation(), Page()
PREVIEW, SHEET = Preview(), Sheet()
KINDS: tuple[Kind, ...] = (FIGURE, TABLE, ANIMATION, PAGE)  # of visuals, in the order of lists
FOLDERS = tuple(kind.folder for kind in (*KINDS, PREVIEW, SHEET))  # of all files that are made


def _shared(segments: Sequence[tuple[int, int]], workers: int) -> list[Sequence[tuple[int, int]]]:
    """Return segments in as many runs as there are workers: each run constructs the scene anew.

    What is left over goes to the first: the later ones play what lies before theirs, undrawn.
    """
    n = min(workers, len(segments))
    borders = [-(-len(segments) * k // n) for k in range(n + 1)]
    return [segments[first:stop] for first, stop in pairwise(borders)]


def _said(plan: dict[str, Any], stop: int) -> str:
    """Return the headline that stands before a frame."""
    said = [words for first, words in plan["said"] if first < stop]
    return said[-1] if said else ""


def _plain(
    subject: Subject,
) -> tuple[str, Mapping[str, Stored | Path], str, Visual | None]:
    return subject.module, subject.recordings, subject.theme, subject.words


def _size(subject: Subject) -> tuple[int, bool]:
    return subject.quality.png_width, subject.transparent


def _timed(made: Made, plan: Mapping[str, Any]) -> Made:
    """Return what a film says of itself, with its length and its sections."""
    sections = [
        metadata.Section(name[:1].upper() + name[1:], round(frame / plan["fps"], 3))
        for name, frame in plan["sections"]
    ]
    seconds = round(plan["n_frames"] / plan["fps"], 3)
    return msgspec.structs.replace(made, seconds=seconds, sections=sections)


def _cues(made: Made, plan: Mapping[str, Any]) -> Sequence[tuple[float, str]]:
    """Return what is seen from when on: how it opens, then each headline as it comes."""
    # Of two that are made at once the later one stands.
    said = {frame / plan["fps"]: words for frame, words in plan["said"]}
    opening = re.split(r"(?<=[.:;]) ", made.description or made.alt, maxsplit=1)[0]
    first = f"{opening}\n{said.get(0.0, '')}"
    return sorted({**said, 0.0: first}.items())


def _job(subject: Subject) -> dict[str, Any]:
    """Return the fields of a :class:`scenes.render.Job`, which can't be had without manim."""
    quality = subject.quality
    unusual: dict[str, Any] = {"transparent": True} if subject.transparent else {}
    if subject.aspect != "16:9":
        unusual["aspect"] = subject.aspect
    return unusual | {
        "module": subject.module,
        "recordings": subject.recordings,
        "theme": subject.theme,
        "width": quality.width,
        "height": quality.height,
        "fps": quality.fps,
        "words": subject.words,
        "title": subject.title,
    }
