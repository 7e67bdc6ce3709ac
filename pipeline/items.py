"""What a build makes: runs, recordings, pictures, and pictures to look at once.

An item says what it needs, whether it is stale, and what makes it. Its `work` is a generator: it
yields tasks to be run side by side, and gets their values; or other items that must be there first.
At the end it writes what is to be written and returns the paths to be told. Tasks return what is in
a file; only the build, here, writes below the media folder.
"""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from look import metadata
from look.metadata import Made
from look.words import Visual, fill, merge
from pipeline import kinds, receipts, tasks
from pipeline.catalogue import Entry
from pipeline.executors import Content, Task, content
from pipeline.kinds import Kind, Subject
from pipeline.settings import Settings
from simulate import roots
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

    @property
    def options(self) -> list[str]:
        """The options of the command line that ask for it."""
        several = len(self.changes) > 1
        sets = [
            f"{f'{experiment}.' * several}{key}={_typed(value)}"
            for experiment, changed in self.changes.items()
            for key, value in changed.items()
        ]
        named = ["--as", self.name] if self.name else []
        return [*(word for text in sets for word in ("--set", text)), *named]

    def called(self, experiment: str) -> str:
        """Return the name of an experiment's recording: ``EXPERIMENT@NAME`` if it is changed."""
        return experiment + (self.suffix if experiment in self.changes else "")

    def changes_of(self, experiment: str) -> dict[str, Any] | None:
        """Return the changed settings of an experiment, None if there are none."""
        return self.changes.get(experiment)


def _typed(value: Any) -> str:
    """Return a setting's value as people type it after ``--set KEY=``."""
    plain = msgspec.to_builtins(value)
    if isinstance(plain, str):
        return plain
    if isinstance(plain, list | tuple) and all(
        isinstance(each, str | int | float) for each in plain
    ):
        return ",".join(map(str, plain))
    return json.dumps(plain)


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
    notes: list[str] = field(default_factory=list, init=False)  # to be told once it is made
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
    def last(self) -> bool:
        """Tell whether it shows what all others have made, and so is made after them."""
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
            [self.entry.modules[self.kind.name], self.kind.renderer, metadata.__name__],
            next(iter(self.entry.sources.values())),
            self.needs,
            self.store,
            self.kind.settings(self.settings.quality),
        )
        return found | {code.label(path): _digest(path) for path in self.kind.assets()}

    def reasons(self) -> list[str]:
        self.check()
        receipt = receipts.read(self.receipt)
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

    @property
    def words(self) -> Visual:
        """The visual's words, filled from its recordings; what can't be, the painter refuses."""
        found = [self.store.receipt(name) for name in self.needs]
        try:
            return fill(self.entry.row, merge([each.attrs for each in found if each is not None]))
        except UserError:
            return self.entry.row

    @property
    def fingerprints(self) -> dict[str, str]:
        """SHA-256 of each recording that it draws."""
        found = {name: self.store.receipt(name) for name in self.needs}
        return {name: receipt.digest for name, receipt in found.items() if receipt is not None}

    @property
    def options(self) -> list[str]:
        """What makes it again, after ``teachnet``; what every command has for all is left out."""
        usual = self.theme in self.kind.themes
        return [
            "render", self.entry.stem, *self.variant.options,
            *([] if usual else ["--theme", self.theme]),
            *_quality(self.settings, "blog"),
        ]  # fmt: skip

    @property
    def command(self) -> str:
        """What makes it again, as people type it."""
        own = roots.own()
        options = [*self.options, *([] if own is None else ["--project", own.name])]
        return shlex.join(["teachnet", *options])

    @property
    def made(self) -> Made:
        """What its files say of themselves."""
        row = self.words
        source = self.entry.sources.get(self.kind.name, next(iter(self.entry.sources.values())))
        return Made(
            stem=self.stem,
            kind=self.kind.name,
            theme=self.theme,
            title=row.title,
            alt=row.alt,
            caption=row.caption,
            description=self.entry.description if self.kind is kinds.ANIMATION else "",
            command=self.command,
            source=code.label(source),
            recordings=self.fingerprints,
            version=metadata.version(),
        )

    def put(self, files: Mapping[str, Content], inputs: dict[str, str]) -> list[Path]:
        """Write what is in its files, by format, and its receipt."""
        root = self.settings.pictures
        outputs = self.outputs
        files = stamped(files, self.made)
        contents = {
            str(path.relative_to(root)): files[kind]
            for kind, path in outputs.items()
            if kind in files
        }
        before = receipts.read(self.receipt)
        receipts.put(self.receipt, root, contents, inputs)
        for path in outputs.values():  # a form that it has no longer
            name = str(path.relative_to(root))
            old = None if before is None else before.outputs.get(name)
            if name not in contents and old is not None and not receipts.trouble(path, old):
                path.unlink()
        self.weigh(outputs)
        return [path for kind, path in outputs.items() if kind in files]

    def weigh(self, outputs: Mapping[str, Path]) -> None:
        """Note which of its files are larger than those of this quality should be."""
        for form, path in outputs.items():
            most = self.kind.most_bytes(form, self.settings.quality)
            if most is not None and path.is_file() and (size := path.stat().st_size) > most:
                self.notes.append(
                    f"{path.name} has {size / 1e6:.2f} MB, and at -q {self.settings.quality.name} "
                    f"{most / 1e6:g} MB are the most; shorten it, or let less move at once"
                )

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
        return Subject(
            module, stored, self.theme, self.settings.quality, self.made,
            workers=self.settings.jobs,
        )  # fmt: skip

    @property
    def receipt(self) -> Path:
        """What vouches for its files."""
        folder = self.settings.pictures / ".receipts" / self.kind.folder
        return folder / f"{self.stem}.{self.theme}.json"


def stamped(files: Mapping[str, Content], made: Made) -> dict[str, Content]:
    """Return files, by format, that say what they are; films say it already."""
    return {
        form: part if form in metadata.CONTAINERS else metadata.stamped(content(part), form, made)
        for form, part in files.items()
    }


def _quality(settings: Settings, usual: str) -> list[str]:
    name = settings.quality.name
    return [] if name == usual else ["-q", name]


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

    @property
    def options(self) -> list[str]:
        return [
            self.kind.name, self.entry.stem, *self.wish,
            *([] if self.theme == "dark" else ["--theme", self.theme]),
            *_quality(self.settings, "draft"),
        ]  # fmt: skip

    @property
    def wish(self) -> list[str]:
        """The options that ask for just this one."""
        return []

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

    @property
    def wish(self) -> list[str]:
        return [] if self.seconds is None else ["--at", f"{self.seconds:g}s"]

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

    @property
    def wish(self) -> list[str]:
        return [] if self.count == 12 else ["--frames", str(self.count)]

    def draw(self) -> kinds.Drawing:
        return (yield from kinds.ANIMATION.sheet(self.subject(kinds.ANIMATION), self.count))
