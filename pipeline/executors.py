"""What work is, and who does it: tasks go to an executor, and come back as bytes or plain values.

An executor is processes of this machine (`pipeline.workers.Processes`), and can be anything that
has the four methods: a Dask cluster, say. What a task needs travels with it: its function is one of
a module that the worker can import, its arguments are plain data. Only two kinds of argument speak
of a disk, and of both the task says what the bytes must be: a `simulate.storage.receipts.Stored`
(path and digest of a recording or a run), and the folder of the chosen digits
(`simulate.data.choice.Choice`). An executor whose workers don't share the disk copies these files
once, by digest, and sends the paths that they have there; tasks don't notice. Nothing that a task
returns lies below the media folder: only the build writes there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

# What is in a file: its bytes, or where these are too many to travel, a file in a scratch folder
# of the build, which takes it over.
Content = bytes | Path


@dataclass(frozen=True, eq=False)
class Task:
    """A call for a worker: a function of a module, plain arguments, and how many frames it draws.

    The function may call `report` while it works. What is `ahead` of others is given to idle
    workers too, for nothing: they then have what the tasks after it need (modules, fonts,
    recordings) when these come.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    size: int = 0
    ahead: bool = False


@dataclass(frozen=True)
class Result:
    """What came of a task.

    Attributes
    ----------
    value
        What its function returned; bytes in it may have become a path, see `Content`.
    error : str or None
        As one line, if it failed.
    damaged : str
        Path of the stored file because of which it failed; "" if that is not why.
    disk_full : bool
        Whether it failed for want of room on a disk.
    log : str
        What it printed, and the traceback.
    seconds : float
        Of the worker's time.
    used : mapping of str to str
        Path and digest of the sources that the worker has used up to now.
    """

    value: Any = None
    error: str | None = None
    damaged: str = ""
    disk_full: bool = False
    log: str = ""
    seconds: float = 0.0
    used: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """How far a task is: `done` of `total`, and a few words."""

    done: int
    total: int
    text: str


class Executor(Protocol):
    """Who does the work."""

    def has_room(self) -> bool:
        """Tell whether a task would begin at once."""

    def submit(self, task: Task) -> None:
        """Begin a task; only when there is room."""

    def cancel(self, task: Task) -> None:
        """Give up a task: it is not among the events any more."""

    def events(self, seconds: float) -> tuple[list[tuple[Task, Result]], list[tuple[Task, Report]]]:
        """Return the tasks that ended and the latest reports, after `seconds` at most."""

    def close(self) -> None:
        """End all work at once."""


# ------------------------------------------------------------------------------ in the worker

_tell: Callable[[Report], object] | None = None


def report(done: int, total: int, text: str = "") -> None:
    """Tell the build how far this task is; cheap to call often."""
    if _tell is not None:
        _tell(Report(done, total, text))


def send_reports(tell: Callable[[Report], object]) -> None:
    """Say what becomes of the reports of this process, which is an executor's worker."""
    global _tell
    _tell = tell


def content(part: Content) -> bytes:
    """Return the bytes of a result that was sent on to another task."""
    return part.read_bytes() if isinstance(part, Path) else part
