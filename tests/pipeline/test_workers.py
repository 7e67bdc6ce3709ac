"""The executor of this machine: what its processes do beside their tasks."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.executors import Task
from pipeline.workers import Processes
from tests.pipeline.test_build import until

RARE = "tabnanny"  # a module that nothing imports by the way


def loaded(name: str) -> tuple[int, bool]:
    """Return which process this is, and whether it has a module."""
    return os.getpid(), name in sys.modules


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Processes]:
    processes = Processes(2, tmp_path)
    yield processes
    processes.close()


def results(processes: Processes, *tasks: Task) -> list[Any]:
    for task in tasks:
        processes.submit(task)
    ended: dict[int, Any] = {}
    while len(ended) < len(tasks):
        for task, result in processes.events(0.1)[0]:
            assert result.error is None, result.error
            ended[id(task)] = result.value
    return [ended[id(task)] for task in tasks]


def test_idle_workers_import_what_comes_next(two: Processes) -> None:
    ((first, _),) = results(two, Task(loaded, (RARE,), ahead=RARE))
    told = dict(results(two, Task(loaded, (RARE,)), Task(loaded, (RARE,))))
    assert len(told) == 2  # both had a task
    assert not told.pop(first)
    assert list(told.values()) == [True]


def test_nothing_is_started_ahead_without_need(two: Processes) -> None:
    results(two, Task(loaded, (RARE,)))
    assert len(two._idle) == 1


def test_what_cannot_be_imported_ahead_is_no_trouble(two: Processes) -> None:
    results(two, Task(loaded, (RARE,), ahead="no_such_module"))
    assert len(set(results(two, Task(loaded, (RARE,)), Task(loaded, (RARE,))))) == 2


def test_a_worker_that_was_killed_while_idle_is_replaced(two: Processes) -> None:
    ((first, _),) = results(two, Task(loaded, (RARE,)))
    os.kill(first, signal.SIGKILL)
    (idle,) = two._idle
    until(lambda: idle.process is not None and not idle.process.is_alive(), "it is dead")
    ((second, _),) = results(two, Task(loaded, (RARE,)))
    assert second != first
