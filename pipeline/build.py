"""Brings items up to date: in order, side by side, each at most once, and past failures.

An item starts when what it needs is there, a worker is free, and nobody else is making it. Whether
it is stale is asked again when it starts: meanwhile another build may have made it, and a recording
that was made anew may have come out the same.
"""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline import ours, tasks
from pipeline.display import Display, relative
from pipeline.items import Animation, Item, Recording, Refused, Work, why_stale
from pipeline.settings import Settings, make_writable
from pipeline.workers import Report, Result, Task, Workers
from simulate.errors import UserError
from simulate.storage import sources


@dataclass
class Outcome:
    """What came of a build.

    Attributes
    ----------
    made, fresh, failed, held : list of Item
        Held are those that need a recording that failed.
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
    recordings = sum(isinstance(item, Recording) for item in items)
    words = [
        f"{number} {word}{'' if number == 1 else 's'}"
        for number, word in ((recordings, "recording"), (len(items) - recordings, "picture"))
        if number
    ]
    return " and ".join(words)


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
        renewed = {item.experiment for item in stale if isinstance(item, Recording)}
        todo = [item for item in items if item in stale or renewed.intersection(item.needs)]
        outcome.fresh = [item for item in items if item not in todo]
        if todo:
            make_writable(settings.media)
            ours.mark(settings.media)
            with ours.scratch(settings.media) as folder:
                _Run(todo, settings, display, folder, outcome).run()
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
    scratch: Path
    tasks: list[Task] = field(default_factory=list)
    values: dict[Task, object] = field(default_factory=dict)
    drawn: int = 0  # frames of the tasks that ended
    reports: dict[Task, Report] = field(default_factory=dict)


class _Run:
    def __init__(
        self,
        items: Sequence[Item],
        settings: Settings,
        display: Display,
        folder: Path,
        outcome: Outcome,
    ) -> None:
        # Those that run alone come first, while nothing else does; recordings before pictures.
        self.waiting = sorted(items, key=lambda item: (not item.alone, bool(item.needs)))
        self.settings = settings
        self.display = display
        self.folder = folder
        self.outcome = outcome
        self.workers = Workers(settings.jobs, folder)
        self.queue: deque[tuple[_Active, Task]] = deque()
        self.active: dict[Task, _Active] = {}
        self.working: list[_Active] = []
        self.told: set[tuple[str, str]] = set()

    def run(self) -> None:
        """Make all items; what fails or is held up is in the outcome."""
        for item in self.waiting:
            if ours.is_log(self._log(item)):
                self._log(item).unlink(missing_ok=True)
        try:
            self._prepare()
            while self.waiting or self.working:
                self._submit()
                self._start()
                done, reports = self.workers.events(seconds=0.1)
                for task, report in reports:
                    if task in self.active:
                        self._show(self.active[task], task, report)
                for task, result in done:
                    if task in self.active:  # else it only prepared its worker
                        self._collect(self.active.pop(task), task, result)
        except KeyboardInterrupt:
            made = _count(self.outcome.made) or "nothing"
            self.display.note(f"teachnet: interrupted, {made} made; the next run goes on from here")
            raise
        finally:
            self.workers.kill()  # idle, unless this was interrupted
            for active in self.working:
                active.lock.release()

    # ------------------------------------------------------------------ starting

    def _prepare(self) -> None:
        """Let all workers import at once where there are only animations to make.

        A scene is planned by one worker before the others have anything to do.
        """
        if all(isinstance(item, Animation) for item in self.waiting):
            while self.workers.has_room():
                self.workers.submit(Task(tasks.prepare_scenes, ()))

    def _submit(self) -> None:
        while self.queue and self.workers.has_room():
            active, task = self.queue.popleft()
            self.active[task] = active
            self.workers.submit(task)

    def _start(self) -> None:
        """Start what can be, as long as there are free workers."""
        for item in list(self.waiting):
            if not self.workers.has_room() or any(active.item.alone for active in self.working):
                return
            if item.alone and self.working:
                continue
            if self._unready(item):
                continue
            lock = _acquire(item.lock)
            if lock is None:  # another build is making it
                self.display.progress(item.name, 0, 0, "waiting for another build")
                continue
            self.waiting.remove(item)
            self._begin(item, lock)
            self._submit()

    def _unready(self, item: Item) -> bool:
        """Tell whether a recording that it needs is still to be made."""
        pending = [*self.waiting, *(active.item for active in self.working)]
        return any(
            isinstance(other, Recording) and other.experiment in item.needs for other in pending
        )

    def _begin(self, item: Item, lock: FileLock) -> None:
        scratch = self.folder / item.name.replace(" ", ".")
        active = _Active(item, lock, item.work(scratch), scratch)
        self.working.append(active)
        try:
            if not item.forced and not item.reasons():
                self.outcome.fresh.append(item)
                self._leave(active)
                return
            scratch.mkdir()
            self.display.progress(item.name, 0, 0)
            self._queue(active, next(active.work))
        except Refused:
            raise
        except Exception as error:
            self._fail(active, str(error), "")

    def _queue(self, active: _Active, tasks: list[Task]) -> None:
        active.tasks, active.values = tasks, {}
        self.queue.extend((active, task) for task in tasks)

    # ------------------------------------------------------------------ going on

    def _show(self, active: _Active, task: Task, report: Report) -> None:
        if active not in self.working:
            return  # another of its tasks has failed
        active.reports[task] = report
        frames = sum(other.size for other in active.tasks)
        if not frames:
            self.display.progress(active.item.name, report.done, report.total, report.text)
            return
        drawn = active.drawn + sum(report.done for report in active.reports.values())
        self.display.progress(active.item.name, drawn, frames, f"{drawn}/{frames} frames")

    def _collect(self, active: _Active, task: Task, result: Result) -> None:
        if active not in self.working:
            return  # another of its tasks has failed
        if result.error is not None:
            self._fail(active, result.error, result.log)
            return
        active.values[task] = result.value
        costs = self.outcome.costs
        costs[active.item.name] = costs.get(active.item.name, 0.0) + result.seconds
        active.reports.pop(task, None)
        active.drawn += task.size
        if len(active.values) < len(active.tasks):
            return
        try:
            self._queue(active, active.work.send([active.values[task] for task in active.tasks]))
        except StopIteration as end:
            self.outcome.made.append(active.item)
            self._leave(active)
            for path in end.value:
                self.display.path(path)
        except Refused:
            raise
        except Exception as error:
            self._fail(active, str(error), "")

    def _leave(self, active: _Active) -> None:
        self.working.remove(active)
        self.queue = deque(entry for entry in self.queue if entry[0] is not active)
        self.display.end(active.item.name)
        shutil.rmtree(active.scratch, ignore_errors=True)
        active.lock.release()

    # ------------------------------------------------------------------ failing

    def _fail(self, active: _Active, error: str, log: str) -> None:
        item = active.item
        self._leave(active)
        self.outcome.failed.append(item)
        held: list[Item] = []
        if isinstance(item, Recording):
            held = [other for other in self.waiting if item.experiment in other.needs]
            self.waiting = [other for other in self.waiting if other not in held]
            self.outcome.held += held
            for other in held:
                self.display.end(other.name)
        path = self._log(item)
        ours.write_log(path, item.name, error, log)
        if (item.stem, error) in self.told:  # the other theme fails in the same way
            return
        self.told.add((item.stem, error))
        stems = sorted({other.stem for other in held})
        holds = f"; holds up {', '.join(stems)}" if stems else ""
        self.display.note(f"teachnet: {item.name} failed: {error}{holds}; see {relative(path)}")

    def _log(self, item: Item) -> Path:
        return self.settings.media / ".logs" / f"{item.stem}.log"


def _acquire(path: Path) -> FileLock | None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None
    return lock
