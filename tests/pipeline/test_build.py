"""What a build does when things go wrong, and beside another one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipeline._clone import Clone

FIGURES = ["rates.dark.png", "rates.dark.svg", "rates.light.png", "rates.light.svg"]


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def lives(pid: int) -> bool:
    if sys.platform == "linux":
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
        return state != "Z"  # dead, and nobody has asked how it went
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def drawing(clone: Clone, stem: str) -> list[int]:
    """Return the processes that have begun to draw a stem."""
    found = [line.split() for line in lines(clone.root / "RENDERED")]
    return [int(pid) for name, pid in found if name.startswith(stem)]


def test_failing_experiment_stops_nothing_else(clone: Clone) -> None:
    clone.add_optimizer("sgd", lr=2.0)  # the engine's loss becomes NaN
    result = clone.teachnet("all")
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        "teachnet: race run sgd failed: loss became NaN at step 1 with lr 2.0; "
        "holds up race; see media/.logs/race.log",
        result.stderr.splitlines()[-1],
    ]
    assert "held up 1 recording and 3 pictures, failed 1 run" in result.stderr
    assert "Traceback" in (clone.media / ".logs/race.log").read_text()
    assert [name for name in clone.files("media/figures")] == FIGURES
    assert "media/recordings/rates.nc" in result.stdout

    clone.add_optimizer("sgd", lr=0.5)
    clone.done()
    assert clone.teachnet("all").returncode == 0
    assert clone.done()[0] == ["sgd"]  # adam's run was kept
    assert not (clone.media / ".logs/race.log").exists()


@pytest.mark.parametrize("jobs", [1, 2])
def test_idle_workers_prepare_for_a_film_s_frames(clone: Clone, jobs: int) -> None:
    # Nobody has planned before all have begun to: none is too late to be seen.
    noted = f"""def plan(job):
    import pathlib, time
    note(f"plan.{{job.module}}")
    log, deadline = pathlib.Path(__file__).parents[1] / "RENDERED", time.monotonic() + 300
    while log.read_text().count("plan.") < {jobs} and time.monotonic() < deadline:
        time.sleep(0.02)"""
    clone.replace("scenes/render.py", "def plan(job):", noted)
    assert clone.teachnet("render", "race", "--only", "animation", "-j", str(jobs)).returncode == 0
    planned, drawn = drawing(clone, "plan"), drawing(clone, "scenes")
    assert len(planned) == len(set(planned)) == jobs  # once each
    assert set(drawn) <= set(planned)
    assert (clone.media / "animations/race.dark.mp4").read_text() == "[0,150)[150,300)"


def test_failing_figure_is_told_once_and_stops_nothing_else(clone: Clone) -> None:
    clone.replace("figures/chapter/rates.py", "return mark", "return undefined")
    result = clone.teachnet("render", "*")
    assert result.returncode == 1
    told = [line for line in result.stderr.splitlines() if "failed:" in line]
    assert len(told) == 1  # in two themes, but the same way
    assert "NameError: name 'undefined' is not defined; see media/.logs/rates.log" in told[0]
    assert "Traceback" not in result.stderr
    assert (clone.media / "animations/race.dark.mp4").read_text() == "[0,150)[150,300)"
    assert list(clone.files("media/figures")) == [name.replace("rates", "race") for name in FIGURES]


def test_crash_of_a_worker_costs_its_own_task(clone: Clone) -> None:
    clone.replace(
        "figures/chapter/rates.py",
        "return mark",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL); return mark",
    )
    result = clone.teachnet("render", "*", "-j", "1")
    assert result.returncode == 1
    assert "rates figure dark failed: the worker process died (SIGKILL" in result.stderr
    assert list(clone.files("media/figures")) == [name.replace("rates", "race") for name in FIGURES]


def test_visual_of_an_unknown_recording_stops_nothing_else(clone: Clone) -> None:
    clone.replace("figures/chapter/rates.py", 'uses=["rates"]', 'uses=["rate"]')
    result = clone.teachnet("render", "*")
    assert result.returncode == 1
    assert "it uses 'rate', and no experiment of that name is recorded" in result.stderr
    assert "media/figures/race.dark.svg" in result.stdout
    assert "no experiment is called 'rate'; there is rates" in clone.teachnet("why", "rates").stdout


def test_killed_build_takes_its_workers_along(clone: Clone) -> None:
    assert clone.teachnet("record", "rates").returncode == 0
    clone.hold("rates")
    build = clone.start("render", "rates", "-j", "2")
    until(lambda: len(drawing(clone, "rates")) == 2, "both themes are half drawn")
    workers = drawing(clone, "rates")
    assert all(map(lives, workers))
    build.kill()
    build.communicate()
    until(lambda: not any(map(lives, workers)), "the workers are dead")
    assert clone.files("media/figures") == {}  # the halves are elsewhere

    clone.hold()
    assert clone.teachnet("all").returncode == 0
    assert list((clone.media / ".scratch").iterdir()) == []
    assert set(FIGURES) < clone.files("media/figures").keys()


def test_interrupt_stops_at_once(clone: Clone) -> None:
    assert clone.teachnet("record", "race").returncode == 0
    clone.hold("segment")
    build = clone.start("render", "race", "-j", "2")
    until(lambda: len(drawing(clone, "scenes")) == 2, "both segments are half drawn")
    workers = drawing(clone, "scenes")
    os.killpg(build.pid, signal.SIGINT)  # what a terminal does
    _, stderr = build.communicate(timeout=300)
    assert build.returncode == 130
    assert stderr.splitlines()[-1].startswith("teachnet: interrupted, ")
    assert "Traceback" not in stderr
    assert not any(map(lives, workers))
    assert clone.files("media/animations") == {}
    assert list((clone.media / ".scratch").iterdir()) == []

    clone.hold()
    result = clone.teachnet("render", "race")
    assert "media/animations/race.dark.mp4" in result.stdout


def test_killed_recording_goes_on_with_the_missing_run(clone: Clone) -> None:
    clone.hold("sgd")
    build = clone.start("record", "race")
    until(lambda: lines(clone.root / "EXECUTED") == ["adam", "sgd"], "adam is done")
    build.kill()
    build.communicate()
    clone.hold()
    clone.done()
    assert clone.teachnet("record", "race").returncode == 0
    assert clone.done()[0] == ["sgd"]


def test_two_builds_do_nothing_twice(clone: Clone) -> None:
    clone.hold("sgd", "segment")
    first = clone.start("all", "-j", "2")
    until(lambda: "sgd" in lines(clone.root / "EXECUTED"), "the first build is at work")
    second = clone.start("all", "-j", "2")
    until(lambda: len(list((clone.media / ".scratch").glob("*.lock"))) == 2, "both are")
    clone.hold()
    results = [build.communicate(timeout=300) for build in (first, second)]
    assert [build.returncode for build in (first, second)] == [0, 0], results
    executed, rendered = clone.done()
    assert executed == ["adam", "adam", "adam", "sgd"]
    assert len(rendered) == len(set(rendered)) == 6
    paths = "".join(stdout for stdout, _ in results).split()
    assert len(paths) == len(set(paths)) == 14


def test_experiment_that_measures_runs_alone(clone: Clone) -> None:
    clone.replace(
        "simulate/experiments/chapter/race.py", 'label="Race"', 'label="Race", alone=True'
    )
    clone.hold("sgd")
    build = clone.start("record", "*", "-j", "2")
    until(lambda: lines(clone.root / "EXECUTED") == ["adam", "sgd"], "the race is at work")
    time.sleep(0.5)
    assert lines(clone.root / "EXECUTED") == ["adam", "sgd"]  # one is free, and has nothing to do
    clone.hold()
    build.communicate(timeout=300)
    assert clone.done()[0] == ["adam", "adam", "adam", "sgd"]


def test_pictures_start_before_all_recordings_are_there(clone: Clone) -> None:
    clone.hold("sgd")
    build = clone.start("all", "-j", "2")
    until(lambda: (clone.media / "figures/rates.light.png").exists(), "the rates are drawn")
    assert not (clone.media / "recordings/race.nc").exists()
    clone.hold()
    build.communicate(timeout=300)
    assert build.returncode == 0


def test_unwritable_media_is_refused(clone: Clone) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    clone.media.mkdir()
    clone.media.chmod(0o500)
    result = clone.teachnet("all")
    assert result.returncode == 2
    assert "cannot write" in result.stderr


def test_list_to_a_closed_pipe(clone: Clone) -> None:
    command = subprocess.list2cmdline(clone.command("list"))
    result = subprocess.run(
        ["sh", "-c", f"{command} | true"],
        cwd=clone.root,
        env=clone.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stderr == ""
