"""The executor of this machine: what its processes do beside their tasks."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.executors import Task
from pipeline.workers import Processes
from tests.pipeline.test_build import until


def process() -> int:
    """Return which process this is."""
    return os.getpid()


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


def test_a_worker_that_was_killed_while_idle_is_replaced(two: Processes) -> None:
    (first,) = results(two, Task(process, ()))
    os.kill(first, signal.SIGKILL)
    (idle,) = two._idle
    until(lambda: idle.process is not None and not idle.process.is_alive(), "it is dead")
    (second,) = results(two, Task(process, ()))
    assert second != first
