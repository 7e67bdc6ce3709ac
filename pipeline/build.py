"""Brings items up to date: in order, side by side, each at most once, and past failures.

An item starts when what it needs is there, a worker is free, and nobody else is making it. Whether
it is stale is asked again when it starts: meanwhile another build may have made it, and a recording
that was made anew may have come out the same. What a recording needs, its runs, is known only when
it has begun: they join the items then, each once, whoever asks for it.

A stored file that turns out to be damaged when it is read is made again, and then what was to be
made from it.
"""

from __future__ import annotations

import time
import traceback
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from filelock import FileLock

from pipeline import ours
from pipeline.display import Display, relative
from pipeline.executors import Executor, Report, Result, Task
from pipeline.items import Item, Recording, Run, Work, why_stale
from pipeline.kinds import Refused
from pipeline.settings import Settings, make_writable
from pipeline.workers import Processes
from simulate.errors import UserError, is_disk_full
from simulate.storage import sources
from simulate.storage.files import try_lock


@dataclass
class Outcome:
    """What came of a build.

    Attributes
    ----------
    made, fresh, failed, held : list of Item
        Held are those that need a run or a recording that failed.
    seconds : float
        What it took.
    costs : dict of str to float
        Seconds of workers' time by item.
    """

    made: list[Item] = field(default_factory=list)
    fresh: list[Item] = field(default_factory=list)
    failed: list[Item] = field(default_factory=list)
    held: list[Item] = field(default_factory=list)
    seconds: float = 0.0
    costs: dict[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        """Say it in one line."""
        parts = [
            f"{verb} {_count(items)}"
            for verb, items in (
                ("made", self.made),
                ("held up", self.held),
                ("failed", self.failed),
            )
            if items
        ]
        if not parts:
            return f"nothing to do: {_count(self.fresh)} fresh" if self.fresh else "nothing to do"
        if self.fresh:
            parts.append(f"{len(self.fresh)} fresh")
        return f"{', '.join(parts)} in {self.seconds:.1f} s"


def _count(items: Sequence[Item]) -> str:
    sorts = Counter(item.sort for item in items)
    words = [
        f"{sorts[sort]} {sort}{'' if sorts[sort] == 1 else 's'}"
        for sort in ("run", "recording", "picture")
        if sorts[sort]
    ]
    words += ["the gallery"] * bool(sorts["gallery"])
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def build(items: Sequence[Item], settings: Settings, display: Display) -> Outcome:
    """Bring `items` up to date.

    Parameters
    ----------
    items : sequence of Item
        With the recordings that they need, where these are stale too.
    settings : Settings
    display : Display
        Already entered; gets progress, paths and failures as they come.

    Returns
    -------
    Outcome

    Raises
    ------
    Refused
        If what was asked of an item cannot be.
    UserError
        If the media folder cannot be written.
    KeyboardInterrupt
        After the workers are killed.
    """
    started = time.monotonic()
    outcome = Outcome()
    with looking(settings):
        stale = {item for item in items if item.forced or why_stale(item)}
        renewed = {item.stem for item in stale if isinstance(item, Recording)}
        todo = [item for item in items if item in stale or renewed.intersection(item.needs)]
        if todo:  # what these make is new to who shows it
            todo += [item for item in items if item.last and item not in todo]
        outcome.fresh = [item for item in items if item not in todo]
        if todo:
            make_writable(settings.media)
            ours.mark(settings.media)
            with ours.scratch(settings.media) as folder:
                executor = Processes(settings.jobs, folder)
                _Build(items, todo, settings, display, executor, outcome).run()
        elif items:  # all is there: made by a version that wrote no marker, perhaps
            with suppress(UserError):
                ours.mark(settings.media)
    outcome.seconds = time.monotonic() - started
    return outcome


@contextmanager
def looking(settings: Settings) -> Iterator[None]:
    """Decide in this block what is stale, reading each source at most once.

    A source counts as it was at the first look: an edit meanwhile is for the next build.
    """
    with sources.reading_once():
        sources.load_cache(settings.known_sources)
        try:
            yield
        finally:
            # Only to look at a folder must neither make it nor fail where it can't be written.
            if settings.media.is_dir():
                with suppress(OSError, UserError):
                    sources.save_cache(settings.known_sources)


@dataclass(eq=False)
class _Active:
    """An item in the making."""

    item: Item
    lock: FileLock
    work: Work
    tasks: list[Task] = field(default_factory=list)
    values: dict[Task, object] = field(default_factory=dict)
    awaits: set[str] = field(default_factory=set)  # addresses of runs
    drawn: int = 0  # frames of the tasks that ended
    reports: dict[Task, Report] = field(default_factory=dict)


class _Stop(Exception):
    """Nothing more can be made."""


class _Build:
    def __init__(
        self,
        items: Sequence[Item],
        todo: Sequence[Item],
        settings: Settings,
        display: Display,
        executor: Executor,
        outcome: Outcome,
    ) -> None:
        # Those that run alone come first, while nothing else does; recordings before pictures.
        self.waiting = sorted(todo, key=lambda item: (not item.alone, bool(item.needs)))
        self.recordings = {item.stem: item for item in items if isinstance(item, Recording)}
        self.settings = settings
        self.display = display
        self.outcome = outcome
        self.executor = executor
        self.queue: deque[tuple[_Active, Task]] = deque()
        self.active: dict[Task, _Active] = {}
        self.prepared: set[Task] = set()  # those that idle workers did too
        self.working: list[_Active] = []
        self.runs: set[str] = set()  # addresses of those that are there
        self.broken: dict[str, Item] = {}  # and of those that failed
        self.damaged: set[Path] = set()  # files that are, or were, made again
        self.mended: set[tuple[str, Path]] = set()  # and items that were put off because of them
        self.told: set[tuple[str, str]] = set()

    def run(self) -> None:
        """Make all items; what fails or is held up is in the outcome."""
        for item in self.waiting:
            if ours.is_log(self._log(item)):
                with suppress(OSError):
                    self._log(item).unlink()
        try:
            while self.waiting or self.working:
                self._submit()
                self._start()
                self._prepare()
                done, reports = self.executor.events(seconds=0.1)
                for task, report in reports:
                    if task in self.active:
                        self._show(self.active[task], task, report)
                for task, result in done:
                    if task in self.active:  # else it only prepared its worker
                        self._collect(self.active.pop(task), task, result)
        except _Stop:
            self.outcome.held += [*self.waiting, *(active.item for active in self.working)]
        except KeyboardInterrupt:
            made = _count(self.outcome.made) or "nothing"
            self.display.note(f"teachnet: interrupted, {made} made; the next run goes on from here")
            raise
        finally:
            self.executor.close()  # idle, unless this was interrupted
            for active in self.working:
                active.lock.release()

    # ------------------------------------------------------------------ starting

    def _prepare(self) -> None:
        """Let workers for whom there is nothing to do prepare for what comes next."""
        for task in self.active.keys() - self.prepared:
            if task.ahead and self.executor.has_room():
                self.prepared.add(task)
                while self.executor.has_room():
                    self.executor.submit(replace(task))

    def _submit(self) -> None:
        while self.queue and self.executor.has_room():
            active, task = self.queue.popleft()
            self.active[task] = active
            self.executor.submit(task)

    def _start(self) -> None:
        """Start what can be, as long as there are free workers."""
        for item in list(self.waiting):
            if not self.executor.has_room():
                return
            if item not in self.waiting or not self._may_start(item) or self._unready(item):
                continue
            try:
                lock = try_lock(item.lock)
            except UserError as error:
                self.waiting.remove(item)
                self._failed(item, Result(error=str(error), disk_full=is_disk_full(error)))
                continue
            if lock is None:  # another build is making it
                self.display.progress(item.name, 0, 0, "waiting for another build")
                continue
            self.waiting.remove(item)
            self._begin(item, lock)
            self._submit()

    def _may_start(self, item: Item) -> bool:
        """Tell whether nothing that runs alone is in the way."""
        alone = next((active for active in self.working if active.item.alone), None)
        if alone is None:
            return not item.alone or not self.working
        # Its own runs, one after the other.
        mine = isinstance(item, Run) and item.address in alone.awaits
        return mine and not self.active and not self.queue

    def _unready(self, item: Item) -> bool:
        """Tell whether a recording that it needs is still to be made, or all the others."""
        pending = [*self.waiting, *(active.item for active in self.working)]
        if item.last and any(not other.last for other in pending):
            return True
        return any(isinstance(other, Recording) and other.stem in item.needs for other in pending)

    def _begin(self, item: Item, lock: FileLock) -> None:
        active = _Active(item, lock, item.work())
        self.working.append(active)
        try:
            if not item.forced and not item.reasons():
                self._leave(active)
                if isinstance(item, Run):
                    self._arrived(item)
                else:
                    self.outcome.fresh.append(item)
                return
            self.display.progress(item.name, 0, 0)
        except Exception as error:
            self._leave(active)
            self._failed(item, _result(error))
            return
        self._go_on(active, None)

    def _go_on(self, active: _Active, values: list[Any] | None) -> None:
        """Hand an item what it waited for, and queue what it wants next."""
        try:
            wanted = next(active.work) if values is None else active.work.send(values)
        except StopIteration as end:
            self._leave(active)
            self.outcome.made.append(active.item)
            for path in end.value:
                self.display.path(path)
            for note in active.item.notes:
                self.display.note(f"teachnet: {note}")
            if isinstance(active.item, Run):
                self._arrived(active.item)
        except Refused:
            raise
        except Exception as error:
            self._leave(active)
            self._failed(active.item, _result(error))
        else:
            self._want(active, wanted)

    def _want(self, active: _Active, wanted: Sequence[Task] | Sequence[Item]) -> None:
        active.tasks = [one for one in wanted if isinstance(one, Task)]
        active.values = {}
        self.queue.extend((active, task) for task in active.tasks)
        runs = {one.address: one for one in wanted if isinstance(one, Run)}
        for run in [self.broken[address] for address in runs if address in self.broken]:
            self._leave(active)
            held = [active.item, *self._hold(active.item)]
            self.outcome.held += held
            stems = ", ".join(sorted({other.stem for other in held}))
            self.display.note(f"teachnet: {run.name}, which failed, holds up {stems} too")
            return
        active.awaits = set(runs) - self.runs
        others = [*self.waiting, *(other.item for other in self.working)]
        known = {other.address for other in others if isinstance(other, Run)}
        # Before all that waits for these, and for recordings.
        self.waiting[:0] = [runs[address] for address in runs if address in active.awaits - known]
        if not active.tasks and not active.awaits:
            self._go_on(active, [])

    def _arrived(self, run: Run) -> None:
        """Let those go on that waited for a run."""
        self.runs.add(run.address)
        for active in list(self.working):
            if run.address in active.awaits:
                active.awaits.remove(run.address)
                if not active.awaits:
                    self._go_on(active, [])

    # ------------------------------------------------------------------ going on

    def _show(self, active: _Active, task: Task, report: Report) -> None:
        active.reports[task] = report
        frames = sum(other.size for other in active.tasks)
        if not frames:
            self.display.progress(active.item.name, report.done, report.total, report.text)
            return
        drawn = active.drawn + sum(report.done for report in active.reports.values())
        self.display.progress(active.item.name, drawn, frames, f"{drawn}/{frames} frames")

    def _collect(self, active: _Active, task: Task, result: Result) -> None:
        item = active.item
        if result.damaged and self._mend(active, Path(result.damaged)):
            return
        changed = item.changed(result.used)
        if changed:
            # Also where it failed: an edit that was half done is a likely reason.
            also = f" ({result.error})" if result.error else ""
            result = replace(
                result, error=f"{', '.join(changed)} changed meanwhile{also}; run it again"
            )
        if result.error is not None:
            self._leave(active)
            self._failed(item, result)
            return
        active.values[task] = result.value
        costs = self.outcome.costs
        costs[item.name] = costs.get(item.name, 0.0) + result.seconds
        active.reports.pop(task, None)
        active.drawn += task.size
        if len(active.values) == len(active.tasks):
            self._go_on(active, [active.values[task] for task in active.tasks])

    def _leave(self, active: _Active) -> None:
        """Take an item out of the work, with what is still done for it."""
        self.working.remove(active)
        self.queue = deque(entry for entry in self.queue if entry[0] is not active)
        for task in [task for task, other in self.active.items() if other is active]:
            del self.active[task]
            self.executor.cancel(task)
        self.display.end(active.item.name)
        active.work.close()
        active.lock.release()

    def _mend(self, active: _Active, path: Path) -> bool:
        """Have a damaged file made again, and then the item; False if that was tried already."""
        item = active.item
        place = path.relative_to(item.store.root)
        name = place.with_suffix("").as_posix()
        if (item.name, path) in self.mended:
            return False
        self.mended.add((item.name, path))
        if item.store.distrust(name):
            recording = self.recordings.get(name)
            again = "its run is computed again" if recording is None else "it is recorded again"
            if path not in self.damaged:  # else another item has found it too
                self.damaged.add(path)
                self.display.note(f"teachnet: {relative(path)} is damaged; {again}")
            self.runs.discard(path.stem)
            pending = [*self.waiting, *(other.item for other in self.working)]
            if recording is not None and recording not in pending:
                self.waiting.insert(0, recording)
                if recording in self.outcome.fresh:
                    self.outcome.fresh.remove(recording)
        # Else somebody has just made it anew, and its receipt now has another digest.
        self._leave(active)
        self.waiting.append(item)
        return True

    # ------------------------------------------------------------------ failing

    def _failed(self, item: Item, result: Result) -> None:
        """Tell of an item that failed, and what it holds up."""
        self.outcome.failed.append(item)
        held = self._hold(item)
        self.outcome.held += held
        error = result.error or ""
        path = self._log(item)
        try:
            ours.write_log(path, item.name, error, result.log)
            see = f"; see {relative(path)}"
        except OSError:  # there is no room for it, perhaps; the line says what counts
            see = ""
        if result.disk_full:
            self.display.note(f"teachnet: {item.name} failed: {error}; nothing more is made")
            raise _Stop
        if (item.stem, error) in self.told:  # the other theme fails in the same way
            return
        self.told.add((item.stem, error))
        stems = sorted({other.stem for other in held})
        holds = f"; holds up {', '.join(stems)}" if stems else ""
        self.display.note(f"teachnet: {item.name} failed: {error}{holds}{see}")

    def _hold(self, item: Item) -> list[Item]:
        """Take out what needs an item that failed, and return it."""
        held: list[Item] = []
        if isinstance(item, Run):
            self.broken[item.address] = item
            for active in [other for other in self.working if item.address in other.awaits]:
                self._leave(active)
                held += [active.item, *self._hold(active.item)]
            wanted = {address for active in self.working for address in active.awaits}
            self.waiting = [
                other
                for other in self.waiting
                if not isinstance(other, Run) or other.address in wanted
            ]
        if isinstance(item, Recording):
            held = [other for other in self.waiting if item.stem in other.needs]
            self.waiting = [other for other in self.waiting if other not in held]
            for other in held:
                self.display.end(other.name)
        return held

    def _log(self, item: Item) -> Path:
        return self.settings.media / ".logs" / f"{item.stem}.log"


def _result(error: Exception) -> Result:
    """Return how something failed in this process."""
    text = " ".join(str(error).split())
    said = text if isinstance(error, UserError) else f"{type(error).__name__}: {text}"
    return Result(
        error=said, disk_full=is_disk_full(error), log="".join(traceback.format_exception(error))
    )
