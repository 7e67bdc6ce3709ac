"""Processes that do the work, and don't outlive the build.

Each worker is a ``ProcessPoolExecutor`` of one process: a worker that crashes takes down its own
task, and a fresh one takes its place. Workers are reused, so torch, matplotlib and manim are
imported once each.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from simulate.errors import RunError, UserError
from simulate.storage import sources

# One thread for each process: they work side by side, and sums repeat bitwise.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True, eq=False)
class Task:
    """A call for a worker: a function of a module, plain arguments, and how many frames it draws.

    The function may call `report` while it works.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    size: int = 0


@dataclass(frozen=True)
class Result:
    """What came of a task: its value, or an error as one line and the traceback for the log."""

    value: Any = None
    error: str | None = None
    log: str = ""
    seconds: float = 0.0  # of the worker's time


@dataclass(frozen=True)
class Report:
    """How far a task is: `done` of `total`, and a few words."""

    done: int
    total: int
    text: str


@dataclass(eq=False)
class _Worker:
    executor: ProcessPoolExecutor
    reports: Connection
    process: multiprocessing.process.BaseProcess | None = None


@dataclass(eq=False)
class Workers:
    """Up to `count` worker processes, started when they are needed.

    Parameters
    ----------
    count : int
        Processes at most.
    scratch : Path
        An existing folder for what the tasks print.
    """

    count: int
    scratch: Path
    _idle: list[_Worker] = field(default_factory=list)
    _busy: dict[Future[Result], tuple[_Worker, Task, Path]] = field(default_factory=dict)
    _started: int = 0
    _others: frozenset[multiprocessing.process.BaseProcess] = field(
        default_factory=lambda: frozenset(multiprocessing.active_children())
    )

    def has_room(self) -> bool:
        """Tell whether a worker is free."""
        return len(self._busy) < self.count

    def submit(self, task: Task) -> None:
        """Start a task; only when there is room."""
        assert self.has_room(), "all workers are busy"
        worker = self._idle.pop() if self._idle else self._make()
        self._started += 1
        log = self.scratch / f"task-{self._started}.log"
        children = set(multiprocessing.active_children())
        with _interrupts_blocked():  # a new process inherits the mask: Ctrl-C is for the parent
            future = worker.executor.submit(_call, task.function, task.arguments, str(log))
        if worker.process is None:
            worker.process = (set(multiprocessing.active_children()) - children).pop()
        self._busy[future] = (worker, task, log)

    def events(self, seconds: float) -> tuple[list[tuple[Task, Result]], list[tuple[Task, Report]]]:
        """Return the tasks that ended and the latest reports, after `seconds` at most."""
        if not self._busy:
            time.sleep(seconds)
            return [], []
        done, _ = wait(self._busy, timeout=seconds, return_when=FIRST_COMPLETED)
        reports = [
            (task, report)
            for worker, task, _ in self._busy.values()
            if (report := _latest(worker.reports)) is not None
        ]
        return [self._finish(future) for future in done], reports

    def _finish(self, future: Future[Result]) -> tuple[Task, Result]:
        worker, task, log = self._busy.pop(future)
        try:
            result = future.result()
            self._idle.append(worker)
        except BrokenProcessPool:
            worker.executor.shutdown()  # it has seen the process end, and how
            worker.reports.close()
            status = worker.process.exitcode if worker.process is not None else None
            result = Result(error=f"the worker process died ({_cause(status)})")
        except Exception as error:  # a value that cannot travel between processes
            self._idle.append(worker)
            result = Result(error=_line(error))
        printed = log.read_text(errors="replace") if log.exists() else ""
        log.unlink(missing_ok=True)
        return task, replace(result, log=printed)

    def _make(self) -> _Worker:
        # A connection for each worker: one that is killed while it writes blocks nobody else.
        receiver, sender = multiprocessing.Pipe(duplex=False)
        executor = ProcessPoolExecutor(
            max_workers=1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(os.getpid(), sender),
        )
        return _Worker(executor, receiver)

    def kill(self) -> None:
        """End all workers at once, whatever they do."""
        workers = [*self._idle, *(worker for worker, _, _ in self._busy.values())]
        self._idle, self._busy = [], {}
        # Not only those noted: an interrupt may have come just before one was.
        for process in set(multiprocessing.active_children()) - self._others:
            process.kill()
        for worker in workers:
            worker.executor.shutdown(wait=True, cancel_futures=True)
            worker.reports.close()


def _cause(status: int | None) -> str:
    if status is not None and status < 0:
        name = signal.Signals(-status).name
        return f"{name}: out of memory?" if name == "SIGKILL" else name
    return "see its log"


def _latest(connection: Connection) -> Report | None:
    latest = None
    try:
        while connection.poll():
            latest = connection.recv()
    except (EOFError, OSError):
        pass  # it died; its future says so
    return latest


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# ------------------------------------------------------------------------------ in the worker

_reports: Connection | None = None
_last_report = 0.0
_life = ExitStack()


def report(done: int, total: int, text: str = "") -> None:
    """Tell the build how far this task is; cheap to call often."""
    global _last_report
    now = time.monotonic()
    if _reports is not None and (now - _last_report > 0.1 or done >= total):
        _last_report = now
        _reports.send(Report(done, total, text))


def _begin(parent: int, reports: Connection) -> None:
    global _reports
    _die_with(parent)
    _reports = reports
    # A module is imported once in this process, so its source counts as it was then.
    _life.enter_context(sources.reading_once())
    os.environ.update(dict.fromkeys(_THREADS, "1"))


def _die_with(parent: int) -> None:
    """End this process when its parent ends, even by SIGKILL."""
    if sys.platform == "linux":
        import ctypes

        set_parent_death_signal = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it ended before we were listening
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _call(function: Callable[..., Any], arguments: tuple[Any, ...], log: str) -> Result:
    """Run a task with all that it prints, and its traceback, in a file."""
    with open(log, "w", encoding="utf-8", errors="replace") as file:
        for stream, descriptor in ((sys.stdout, 1), (sys.stderr, 2)):
            stream.flush()
            os.dup2(file.fileno(), descriptor)
        faulthandler.enable(file)
        started = time.monotonic()
        try:
            value = function(*arguments)
            return Result(value, seconds=time.monotonic() - started)
        except BaseException as error:  # SystemExit too: a worker only ends with the build
            traceback.print_exc()
            return Result(error=_line(error))
        finally:
            faulthandler.disable()
            sys.stdout.flush()
            sys.stderr.flush()


def _line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    if isinstance(error, UserError | RunError):
        return text
    if len(text) > 200:
        text = text[:199] + "…"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
