"""What a build makes: runs, recordings, pictures, and pictures to look at once.

An item says what it needs, whether it is stale, and what makes it. Its `work` is a generator: it
yields tasks to be run side by side, and gets their values; or other items that must be there first.
At the end it writes what is to be written and returns the paths to be told. Tasks return what is in
a file; only the build, here, writes below the media folder.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pipeline import kinds, receipts, tasks
from pipeline.catalogue import Entry
from pipeline.executors import Content, Task
from pipeline.kinds import Kind, Subject
from pipeline.settings import Settings
from simulate.errors import UserError
from simulate.storage import code
from simulate.storage.files import sha256
from simulate.storage.sources import once
from simulate.storage.store import Store, run_name

if TYPE_CHECKING:
    from simulate import specs
    from simulate.recorder import Context


@dataclass(frozen=True)
class Variant:
    """Changed settings of experiments, and the name under which what comes of them is kept.

    Attributes
    ----------
    name : str
        What ``--as`` gave; empty for the experiments as they are.
    changes : dict of str to dict
        The changed settings, by experiment.
    """

    name: str = ""
    changes: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def suffix(self) -> str:
        """What the stems of its pictures end with: ``@NAME``."""
        return f"@{self.name}" if self.name else ""

    def called(self, experiment: str) -> str:
        """Return the name of an experiment's recording: ``EXPERIMENT@NAME`` if it is changed."""
        return experiment + (self.suffix if experiment in self.changes else "")

    def changes_of(self, experiment: str) -> dict[str, Any] | None:
        """Return the changed settings of an experiment, None if there are none."""
        return self.changes.get(experiment)


STANDARD = Variant()

Work = Generator["Sequence[Task] | Sequence[Item]", list[Any], list[Path]]


@dataclass(frozen=True, eq=False)
class Item:
    """Something to be made, by one build at a time.

    Attributes
    ----------
    settings : Settings
    """

    settings: Settings
    sort: ClassVar[str] = "picture"  # what it is counted as

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
    def cost(self) -> float:
        """About how many seconds of one core it takes; a guess, to be told before it is begun."""
        return 8.0

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

    def work(self) -> Work:
        """Yield tasks, or items that must be there first; write files, and return their paths."""
        raise NotImplementedError

    def changed(self, used: Mapping[str, str]) -> list[str]:
        """Return which of its sources a worker used otherwise than this build sees them.

        What was made from these would be vouched for under digests of something else. So it is
        thrown away, and the item fails; the next build makes it from what there is then.
        """
        return code.changed(self.sources(), used)

    def sources(self) -> Iterable[Path]:
        """Return the source files that its receipt vouches for."""
        return ()


def why_stale(item: Item) -> list[str]:
    """Return in words why an item is stale; where that can't be told, what is in the way."""
    try:
        return item.reasons()
    except (UserError, OSError) as error:
        return [str(error)]


@dataclass(frozen=True, eq=False)
class Run(Item):
    """One run: what is computed once, whichever experiments ask for it."""

    experiment: str  # the first that asks for it
    label: str  # there
    spec: specs.Run
    address: str
    context: Context
    sort = "run"

    @property
    def name(self) -> str:
        return f"{self.experiment} run {self.label}"

    @property
    def stem(self) -> str:
        return self.experiment

    @property
    def lock(self) -> Path:
        return self.store.lock_path(run_name(self.address))

    def reasons(self) -> list[str]:
        wrong = self.store.verify(run_name(self.address))
        return [wrong] if wrong else []

    def sources(self) -> Iterable[Path]:
        from simulate import specs

        return specs.files(self.spec)

    def work(self) -> Work:
        from simulate import recorder

        started = time.monotonic()
        name = run_name(self.address)
        # The one thing that a worker writes here: its own state, for whoever goes on after a kill.
        checkpoint = self.store.checkpoint(name)
        ((content, _),) = yield [Task(tasks.compute, (self.spec, self.context, checkpoint))]
        rows, seconds = recorder.row_labels(self.spec), time.monotonic() - started
        self.store.put(name, content, {}, rows=rows, seconds=seconds)
        checkpoint.unlink(missing_ok=True)
        return []


@dataclass(frozen=True, eq=False)
class Recording(Item):
    """An experiment's recording: its missing runs, then one task that puts it together."""

    experiment: str
    context: Context
    measures: bool  # time or memory, so it runs alone
    variant: Variant = STANDARD
    rows: list[str] = field(default_factory=list, init=False)  # that its runs name, once planned
    sort = "recording"

    @property
    def name(self) -> str:
        return f"{self.stem} recording"

    @property
    def stem(self) -> str:
        return self.variant.called(self.experiment)

    @property
    def alone(self) -> bool:
        return self.measures

    @property
    def lock(self) -> Path:
        return self.store.lock_path(self.stem)

    def reasons(self) -> list[str]:
        from simulate import recorder

        return recorder.state(
            self.experiment,
            self.store,
            self.context,
            settings=self.variant.changes_of(self.experiment),
            stored_as=self.stem,
        )

    def sources(self) -> Iterable[Path]:
        from simulate import recorder

        return code.places(recorder.inputs(self.experiment, self.rows, self.context, ""))

    def work(self) -> Work:
        from simulate import recorder

        started = time.monotonic()
        # In a worker, which imports the experiment as it is now, as often as it is edited.
        changes = self.variant.changes_of(self.experiment)
        (runs,) = yield [Task(tasks.runs, (self.experiment, self.context, changes))]
        plan = recorder.plan(runs, self.context)
        self.rows[:] = plan.rows  # with which it is put together too
        made_from = recorder.inputs(
            self.experiment, plan.rows, self.context, recorder.variant(False, changes)
        )
        yield [
            Run(self.settings, self.experiment, label, spec, plan.addresses[label], self.context)
            for label, spec in plan.specs.items()
        ]
        stored = {
            label: self.store.stored(run_name(address)) for label, address in plan.addresses.items()
        }
        arguments = (self.experiment, stored, plan.addresses, self.context, changes)
        ((content, attrs),) = yield [Task(tasks.assemble, arguments)]
        self.store.put(
            self.stem,
            content,
            made_from,
            runs=list(plan.addresses.values()),
            rows=plan.rows,
            seconds=time.monotonic() - started,
            attrs=attrs,
        )
        return [self.store.path(self.stem)]


@dataclass(frozen=True, eq=False)
class Picture(Item):
    """One kind of a visual in one theme."""

    entry: Entry
    kind: Kind
    theme: str
    variant: Variant = STANDARD

    @property
    def name(self) -> str:
        return f"{self.stem} {self.kind.name} {self.theme}"

    @property
    def stem(self) -> str:
        return f"{self.entry.stem}{self.variant.suffix}"

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(map(self.variant.called, self.entry.row.uses))

    @property
    def cost(self) -> float:
        return self.kind.cost(self.settings.quality)

    @property
    def outputs(self) -> dict[str, Path]:
        """Final path by format; of some formats there may be no file."""
        folder = self.settings.pictures / self.kind.folder
        return {kind: folder / f"{self.stem}.{self.theme}.{kind}" for kind in self.kind.formats}

    def inputs(self) -> dict[str, str]:
        """Return what it depends on; see `receipts.picture_inputs`."""
        found = receipts.picture_inputs(
            [self.entry.modules[self.kind.name], self.kind.renderer],
            next(iter(self.entry.sources.values())),
            self.needs,
            self.store,
            self.kind.settings(self.settings.quality),
        )
        return found | {code.label(path): _digest(path) for path in self.kind.assets()}

    def reasons(self) -> list[str]:
        self.check()
        receipt = receipts.read(self._receipt)
        if receipt is None:
            return ["never rendered"]
        return receipts.reasons(receipt, self.inputs(), self.settings.pictures)

    def sources(self) -> Iterable[Path]:
        return code.places(self.inputs())

    def check(self) -> None:
        """Raise `UserError` if its own file is broken."""
        if self.entry.error:
            raise UserError(self.entry.error)

    def work(self) -> Work:
        self.check()
        subject, inputs = self.subject(self.kind), self.inputs()
        return self.put((yield from self.kind.draw(subject)), inputs)

    def put(self, files: Mapping[str, Content], inputs: dict[str, str]) -> list[Path]:
        """Write what is in its files, by format, and its receipt."""
        root = self.settings.pictures
        outputs = self.outputs
        contents = {
            str(path.relative_to(root)): files[kind]
            for kind, path in outputs.items()
            if kind in files
        }
        before = receipts.read(self._receipt)
        receipts.put(self._receipt, root, contents, inputs)
        for path in outputs.values():  # a form that it has no longer
            name = str(path.relative_to(root))
            old = None if before is None else before.outputs.get(name)
            if name not in contents and old is not None and not receipts.trouble(path, old):
                path.unlink()
        return [path for kind, path in outputs.items() if kind in files]

    def subject(self, kind: Kind) -> Subject:
        """Return what draws it as a kind, and from what.

        Raises
        ------
        UserError
            If a recording is not there: the others are made before a picture is.
        """
        for name in self.needs:
            if self.store.receipt(name) is None:
                raise UserError(f"it uses {name!r}, and no experiment of that name is recorded")
        stored = {
            used: self.store.stored(name)
            for used, name in zip(self.entry.row.uses, self.needs, strict=True)
        }
        module = self.entry.modules[kind.name]
        return Subject(module, stored, self.theme, self.settings.quality)

    @property
    def _receipt(self) -> Path:
        folder = self.settings.pictures / ".receipts" / self.kind.folder
        return folder / f"{self.stem}.{self.theme}.json"


def _digest(path: Path) -> str:
    return once((_digest, path), lambda: sha256(path))


@dataclass(frozen=True, eq=False)
class Look(Picture):
    """A picture made to be looked at once: always drawn; its receipt only says that it is ours.

    It goes to ``draft/PLACE/STEM.THEME.png``.
    """

    @property
    def forced(self) -> bool:
        return True

    def reasons(self) -> list[str]:
        return ["asked for"]

    def sources(self) -> Iterable[Path]:
        return ()  # it is looked at while sources are edited

    def work(self) -> Work:
        self.check()
        files = yield from self.draw()
        return self.put({"png": files["png"]}, {})

    def draw(self) -> kinds.Drawing:
        """Yield the tasks that draw it; return what is in its file."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class Preview(Look):
    """One frame of the animation at `seconds`; without, the figure, else the poster's frame.

    A visual that is only a table shows that.
    """

    seconds: float | None = None

    def draw(self) -> kinds.Drawing:
        made = self.entry.modules
        if "animation" in made and (self.seconds is not None or "figure" not in made):
            subject = self.subject(kinds.ANIMATION)
            return (yield from kinds.ANIMATION.frame(subject, self.seconds))
        kind = kinds.FIGURE if "figure" in made else kinds.TABLE
        return (yield from kind.draw(self.subject(kind)))


@dataclass(frozen=True, eq=False)
class Sheet(Look):
    """A contact sheet: `count` evenly spaced frames with their times."""

    count: int = 12

    def draw(self) -> kinds.Drawing:
        return (yield from kinds.ANIMATION.sheet(self.subject(kinds.ANIMATION), self.count))
