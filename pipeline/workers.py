"""Processes that do the work, and don't outlive the build.

Each worker is a ``ProcessPoolExecutor`` of one process: a worker that crashes takes down its own
task, and a fresh one takes its place. Workers are reused, so torch, matplotlib and manim are
imported once each.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import secrets
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipeline.executors import Report, Result, Task, send_reports
from simulate.errors import Damaged, RunError, UserError, is_disk_full
from simulate.storage import imports, sources
from simulate.storage.files import write_atomic

TRAVELS = 4_000_000  # bytes of a result that go through a pipe; more of them through a file

# One thread for each process: they work side by side, and sums repeat bitwise.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(eq=False)
class _Worker:
    executor: ProcessPoolExecutor
    reports: Connection
    process: multiprocessing.process.BaseProcess | None = None


@dataclass(eq=False)
class Processes:
    """The executor of this machine: up to `count` processes, started when they are needed.

    Parameters
    ----------
    count : int
        Processes at most.
    scratch : Path
        An existing folder for what tasks print, and for results that are too large to travel.
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
        worker = self._take()
        self._started += 1
        log = self.scratch / f"task-{self._started}.log"
        self._busy[_begun(worker, _call, task.function, task.arguments, log)] = (worker, task, log)

    def cancel(self, task: Task) -> None:
        """End the process that has a task; a fresh one takes its place when there is work."""
        for future, (worker, other, _) in list(self._busy.items()):
            if other is task:
                del self._busy[future]
                if worker.process is not None:
                    worker.process.kill()
                worker.executor.shutdown(wait=True, cancel_futures=True)
                worker.reports.close()

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
            result = _failed(error)
        printed = ""
        with suppress(OSError):
            printed = log.read_text(errors="replace")
            log.unlink()
        return task, replace(result, log=printed)

    def _take(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.process is not None and worker.process.is_alive():
                return worker
            worker.executor.shutdown()  # it was killed while it had nothing to do
            worker.reports.close()
        return self._make()

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

    def close(self) -> None:
        """End all workers at once, whatever they do."""
        workers = [*self._idle, *(worker for worker, _, _ in self._busy.values())]
        self._idle, self._busy = [], {}
        # Not only those noted: an interrupt may have come just before one was.
        for process in set(multiprocessing.active_children()) - self._others:
            process.kill()
        for worker in workers:
            worker.executor.shutdown(wait=True, cancel_futures=True)
            worker.reports.close()


def _begun(worker: _Worker, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
    """Send a call to a worker, and note its process when it is the first."""
    children = set(multiprocessing.active_children())
    with _interrupts_blocked():  # a new process inherits the mask: Ctrl-C is for the parent
        future = worker.executor.submit(function, *arguments)
    if worker.process is None:
        worker.process = (set(multiprocessing.active_children()) - children).pop()
    return future


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


def _send(said: Report) -> None:
    global _last_report
    now = time.monotonic()
    if _reports is not None and (now - _last_report > 0.1 or said.done >= said.total):
        _last_report = now
        _reports.send(said)


def _begin(parent: int, reports: Connection) -> None:
    global _reports
    _die_with(parent)
    _reports = reports
    send_reports(_send)
    # A module is imported once in this process, so its source counts as it was then.
    _life.enter_context(sources.reading_once())
    imports.note_all()
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


def _call(function: Callable[..., Any], arguments: tuple[Any, ...], log: Path) -> Result:
    """Run a task with all that it prints, and its traceback, in a file."""
    with _printing_to(log):
        started = time.monotonic()
        try:
            value = _sent(function(*arguments), log.parent)
            seconds = time.monotonic() - started
            return Result(value, seconds=seconds, used=sources.used())
        except BaseException as error:  # SystemExit too: a worker only ends with the build
            with suppress(OSError):  # where there is no room for its words
                traceback.print_exc()
            return _failed(error)


@contextmanager
def _printing_to(log: Path) -> Iterator[None]:
    """Send what this process prints to a file; to nowhere if there can be none."""
    try:
        file = log.open("w", encoding="utf-8", errors="replace")
    except OSError:
        file = open(os.devnull, "w")  # noqa: SIM115
    with file:
        for stream, descriptor in ((sys.stdout, 1), (sys.stderr, 2)):
            with suppress(OSError):
                stream.flush()
            os.dup2(file.fileno(), descriptor)
        faulthandler.enable(file)
        try:
            yield
        finally:
            faulthandler.disable()
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError):
                    stream.flush()


def _sent(value: Any, folder: Path) -> Any:
    """Return a value to be sent; large bytes in it become a file in `folder`."""
    match value:
        case bytes() if len(value) > TRAVELS:
            path = folder / f"result-{secrets.token_hex(8)}"
            write_atomic(path, value)
            return path
        case dict():
            return {name: _sent(part, folder) for name, part in value.items()}
        case tuple():
            return tuple(_sent(part, folder) for part in value)
        case _:
            return value


def _failed(error: BaseException) -> Result:
    return Result(
        error=_line(error),
        damaged=str(error.path) if isinstance(error, Damaged) else "",
        disk_full=is_disk_full(error),
        used=sources.used(),
    )


def _line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    if isinstance(error, UserError | RunError):
        return text
    if is_disk_full(error):
        return f"the disk is full ({text}); make some room"
    if len(text) > 200:
        text = text[:199] + "…"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
