"""What a build makes: recordings, figures, tables, animations, and pictures to look at once.

An item says what it needs, whether it is stale, and which tasks make it. Its `work` is a generator:
it yields tasks to be run side by side, and gets their values; at the end it returns the paths that
it wrote. Tasks return what is in a file; only the build writes it, whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pipeline import receipts, tasks
from pipeline.catalogue import Entry
from pipeline.settings import Settings
from pipeline.workers import Task
from simulate.errors import UserError
from simulate.storage.files import write_atomic
from simulate.storage.store import Store

if TYPE_CHECKING:
    from simulate.recorder import Context

Work = Generator[list[Task], list[Any], list[Path]]
Drawing = Generator[list[Task], list[Any], dict[str, bytes]]  # returns what is in each format


class Refused(UserError):
    """What was asked of an item cannot be; the whole command is refused."""


@dataclass(frozen=True, eq=False)
class Item:
    """Something to be made, by one build at a time.

    Attributes
    ----------
    settings : Settings
    """

    settings: Settings

    @property
    def name(self) -> str:
        """What people read: ``"loss_surface figure dark"``; no two items have the same."""
        raise NotImplementedError

    @property
    def stem(self) -> str:
        """Name of the visual or experiment."""
        raise NotImplementedError

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the names of the recordings that must be there first."""
        return ()

    @property
    def alone(self) -> bool:
        """Tell whether nothing else may run meanwhile."""
        return False

    @property
    def forced(self) -> bool:
        """Tell whether it is made though it be fresh."""
        return self.settings.force

    @property
    def lock(self) -> Path:
        """File that is locked while it is made."""
        return self.settings.pictures / ".locks" / f"{self.name.replace(' ', '.')}.lock"

    @property
    def store(self) -> Store:
        """The recordings."""
        return Store(self.settings.recordings)

    def reasons(self) -> list[str]:
        """Return in words why it is stale; nothing if it is fresh."""
        raise NotImplementedError

    def work(self, scratch: Path) -> Work:
        """Yield tasks, get their values, return the paths written; `scratch` exists."""
        raise NotImplementedError


def why_stale(item: Item) -> list[str]:
    """Return in words why an item is stale; where that can't be told, what is in the way."""
    try:
        return item.reasons()
    except UserError as error:
        return [str(error)]


@dataclass(frozen=True, eq=False)
class Recording(Item):
    """An experiment's recording."""

    experiment: str
    context: Context
    measures: bool  # time or memory, so it runs alone

    @property
    def name(self) -> str:
        return f"{self.experiment} recording"

    @property
    def stem(self) -> str:
        return self.experiment

    @property
    def alone(self) -> bool:
        return self.measures

    @property
    def lock(self) -> Path:
        return self.settings.recordings / ".locks" / f"build.{self.experiment}.lock"

    def reasons(self) -> list[str]:
        from simulate import recorder

        return recorder.state(self.experiment, self.store, self.context)

    def work(self, scratch: Path) -> Work:
        arguments = (self.experiment, self.store.root, self.context, self.forced)
        (path,) = yield [Task(tasks.record, arguments)]
        return [path]


@dataclass(frozen=True, eq=False)
class Picture(Item):
    """One form of a visual in one theme."""

    entry: Entry
    theme: str
    kind: ClassVar[str]
    renderer: ClassVar[str]

    @property
    def name(self) -> str:
        return f"{self.stem} {self.kind} {self.theme}"

    @property
    def stem(self) -> str:
        return self.entry.stem

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(self.entry.row.uses)

    @property
    def outputs(self) -> dict[str, Path]:
        """Final path by format."""
        raise NotImplementedError

    @property
    def described_settings(self) -> str:
        """The settings on which its pixels depend, in words."""
        raise NotImplementedError

    def inputs(self) -> dict[str, str]:
        """Return what it depends on; see `receipts.picture_inputs`."""
        if self.entry.error:
            raise UserError(self.entry.error)
        return receipts.picture_inputs(
            [self.entry.modules[self.kind], self.renderer],
            next(iter(self.entry.sources.values())),
            self.needs,
            self.store,
            self.described_settings,
        )

    def reasons(self) -> list[str]:
        receipt = receipts.read(self._receipt)
        if receipt is None:
            return ["never rendered"]
        return receipts.reasons(receipt, self.inputs(), self.settings.pictures)

    def work(self, scratch: Path) -> Work:
        inputs = self.inputs()  # before any source is imported: an edit meanwhile makes it stale
        files = yield from self.draw()
        self._receipt.unlink(missing_ok=True)  # while files are replaced nothing vouches for them
        for kind, path in self.outputs.items():
            write_atomic(path, files[kind])
        paths = list(self.outputs.values())
        receipts.write(self._receipt, inputs, self.settings.pictures, paths)
        return paths

    def draw(self) -> Drawing:
        """Yield the tasks that draw it; return what is in its files."""
        raise NotImplementedError

    def recordings(self) -> dict[str, Path]:
        """Return the path of each recording that it uses.

        Raises
        ------
        UserError
            If one is not there: the others are made before a picture is.
        """
        for name in self.needs:
            if self.store.receipt(name) is None:
                raise UserError(f"it uses {name!r}, and no experiment of that name is recorded")
        return {name: self.store.path(name) for name in self.needs}

    @property
    def _receipt(self) -> Path:
        folder = self.settings.pictures / ".receipts"
        return folder / f"{self.kind}s" / f"{self.stem}.{self.theme}.json"


@dataclass(frozen=True, eq=False)
class Figure(Picture):
    """A figure, as SVG and PNG."""

    kind = "figure"
    renderer = "figures.render"

    @property
    def outputs(self) -> dict[str, Path]:
        folder = self.settings.pictures / "figures"
        return {kind: folder / f"{self.stem}.{self.theme}.{kind}" for kind in ("svg", "png")}

    @property
    def described_settings(self) -> str:
        return f"{self.settings.quality.png_width} px"

    def draw(self) -> Drawing:
        (files,) = yield [draw_figure(self)]
        return files


@dataclass(frozen=True, eq=False)
class Table(Picture):
    """A table, as Markdown, HTML and PNG."""

    kind = "table"
    renderer = "figures.render_table"

    @property
    def outputs(self) -> dict[str, Path]:
        folder = self.settings.pictures / "tables"
        return {kind: folder / f"{self.stem}.{self.theme}.{kind}" for kind in ("md", "html", "png")}

    @property
    def described_settings(self) -> str:
        return f"{self.settings.quality.png_width} px"

    def draw(self) -> Drawing:
        (files,) = yield [make_table(self)]
        return files


@dataclass(frozen=True, eq=False)
class Animation(Picture):
    """An animation, as MP4 and its poster as PNG, rendered segment by segment."""

    kind = "animation"
    renderer = "scenes.render"

    @property
    def outputs(self) -> dict[str, Path]:
        folder = self.settings.pictures / "animations"
        return {kind: folder / f"{self.stem}.{self.theme}.{kind}" for kind in ("mp4", "png")}

    @property
    def described_settings(self) -> str:
        quality = self.settings.quality
        return f"{quality.width}×{quality.height} at {quality.fps} fps"

    def draw(self) -> Drawing:
        job = scene_job(self)
        (plan,) = yield [Task(tasks.plan, (job,))]
        segments = [
            Task(tasks.segment, (job, first, stop), size=stop - first)
            for first, stop in plan["segments"]
        ]
        *parts, poster = yield [*segments, Task(tasks.still, (job, plan["poster_frame"]))]
        (film,) = yield [Task(tasks.join, (parts,))]
        return {"mp4": film, "png": poster}


# Every kind, in the order in which lists name them.
KINDS: tuple[type[Picture], ...] = (Figure, Table, Animation)


def draw_figure(picture: Picture) -> Task:
    """Return the task that draws a visual's figure."""
    return _still_task(tasks.draw, picture, "figure")


def make_table(picture: Picture) -> Task:
    """Return the task that makes a visual's table."""
    return _still_task(tasks.tabulate, picture, "table")


def _still_task(function: Callable[..., Any], picture: Picture, kind: str) -> Task:
    module, formats = picture.entry.modules[kind], tuple(picture.outputs)
    width = picture.settings.quality.png_width
    return Task(function, (module, picture.recordings(), picture.theme, formats, width))


def scene_job(picture: Picture) -> dict[str, Any]:
    """Return the fields of a :class:`scenes.render.Job`, which can't be had without manim."""
    quality = picture.settings.quality
    return {
        "module": picture.entry.modules["animation"],
        "recordings": {name: str(path) for name, path in picture.recordings().items()},
        "theme": picture.theme,
        "width": quality.width,
        "height": quality.height,
        "fps": quality.fps,
    }


@dataclass(frozen=True, eq=False)
class Look(Picture):
    """A picture made to be looked at once: always drawn; its receipt only says that it is ours.

    It goes to ``draft/PLACE/STEM.THEME.png``.
    """

    kind = "preview"

    @property
    def forced(self) -> bool:
        return True

    @property
    def outputs(self) -> dict[str, Path]:
        folder = self.settings.media / "draft" / f"{self.kind}s"
        return {"png": folder / f"{self.stem}.{self.theme}.png"}

    def reasons(self) -> list[str]:
        return ["asked for"]

    def work(self, scratch: Path) -> Work:
        path = self.outputs["png"]
        files = yield from self.draw()
        write_atomic(path, files["png"])
        receipt = path.parent.parent / ".receipts" / path.parent.name / f"{path.stem}.json"
        receipts.write(receipt, {}, path.parent.parent, [path])
        return [path]


@dataclass(frozen=True, eq=False)
class Preview(Look):
    """One frame of the animation at `seconds`; without, the figure, else the poster's frame.

    A visual that is only a table shows that.
    """

    seconds: float | None = None

    def draw(self) -> Drawing:
        if self.seconds is None and "figure" in self.entry.modules:
            (files,) = yield [draw_figure(self)]
            return files
        if "animation" not in self.entry.modules:
            (files,) = yield [make_table(self)]
            return files
        job = scene_job(self)
        (plan,) = yield [Task(tasks.plan, (job,))]
        frame = plan["poster_frame"]
        if self.seconds is not None:
            frame = int(self.seconds * plan["fps"] + 1e-6)  # 1.1 s × 30 is a hair below 33
            if frame >= plan["n_frames"]:
                raise Refused(
                    f"--at {self.seconds:g}s is beyond the end of {self.stem}; "
                    f"it lasts {plan['n_frames'] / plan['fps']:.1f}s"
                )
        (png,) = yield [Task(tasks.still, (job, frame))]
        return {"png": png}


@dataclass(frozen=True, eq=False)
class Sheet(Look):
    """A contact sheet: `count` evenly spaced frames with their times."""

    kind = "sheet"
    count: int = 12

    def draw(self) -> Drawing:
        job = scene_job(self)
        (plan,) = yield [Task(tasks.plan, (job,))]
        (png,) = yield [Task(tasks.sheet, (job, plan["n_frames"], self.count))]
        return {"png": png}
