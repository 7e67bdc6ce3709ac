"""One bad thing stops one thing, and nothing is vouched for that isn't what it seems."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.pipeline._clone import Clone
from tests.pipeline.conftest import RACE, RATES, SEGMENTS
from tests.pipeline.test_build import lines, until


def flip(path: Path, place: int = -1) -> None:
    """Change one bit of a file, so that neither its size nor its time says so."""
    content, stat = bytearray(path.read_bytes()), path.stat()
    content[place if place >= 0 else len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(stat.st_mtime_ns, stat.st_mtime_ns))


def run_of(clone: Clone, optimizer: str) -> Path:
    for receipt in (clone.media / "recordings/.receipts/runs").iterdir():
        rows = json.loads(receipt.read_text())["rows"]
        if f"optimizers/{optimizer}" in rows and "surfaces/bowl" in rows:
            return clone.media / f"recordings/runs/{receipt.stem}.nc"
    raise AssertionError(f"no run of {optimizer}")


# ------------------------------------------------------------------------------ damage


def test_a_rotted_recording_is_recorded_again_and_then_drawn(built: Clone) -> None:
    before = built.files()
    flip(built.media / "recordings/rates.nc")
    assert built.teachnet("why", "rates").stdout == "rates: fresh\n"  # size and time are right
    result = built.teachnet("render", "rates", "--force")
    assert result.returncode == 0
    assert result.stderr.splitlines() == [
        "teachnet: media/recordings/rates.nc is damaged; it is recorded again",
        result.stderr.splitlines()[-1],
    ]
    assert "made 1 recording and 2 pictures in" in result.stderr
    assert built.files() == before
    assert built.done()[0] == []  # its runs are whole
    assert built.teachnet("all").stdout == ""


def test_a_rotted_run_is_computed_again(built: Clone) -> None:
    before = built.files("media/recordings")
    flip(run_of(built, "sgd"))
    built.replace(
        "simulate/experiments/chapter/_shared.py", "labels = list(runs)", "labels = [*runs]"
    )
    result = built.teachnet("record", "race")
    assert result.returncode == 0
    assert "is damaged; its run is computed again" in result.stderr
    assert built.done()[0] == ["sgd"]
    assert built.files("media/recordings") == before


def test_what_show_finds_damaged_is_not_fresh(built: Clone) -> None:
    flip(built.media / "recordings/rates.nc")
    assert "is damaged" in built.teachnet("show", "rates").stderr
    assert "rates recording: never recorded" in built.teachnet("why", "rates").stdout
    assert built.teachnet("all").stdout.split() == ["media/recordings/rates.nc"]


# ------------------------------------------------------------------------------ edits meanwhile


def held_at_lion(clone: Clone) -> subprocess.Popen[str]:
    """Start a build of the race, to which a lion comes; return when it has looked at all."""
    clone.add_optimizer("lion", lr=0.75)
    clone.hold("lion")
    build = clone.start("render", "race", "-j", "1")
    until(lambda: lines(clone.root / "EXECUTED") == ["lion"], "all has been looked at")
    return build


def test_an_edit_that_is_undone_leaves_nothing_fresh(built: Clone) -> None:
    build = held_at_lion(built)
    before = built.files("media/figures")
    built.replace("figures/chapter/race.py", 'return " "', 'return "E" + " "')
    built.hold()
    _, stderr = build.communicate(timeout=300)
    assert build.returncode == 1
    told = [line for line in stderr.splitlines() if " failed: " in line]
    assert [line.split(" failed: ")[1].partition("; see")[0] for line in told] == [
        "figures/chapter/race.py changed meanwhile; run it again"
    ]
    assert built.files("media/figures") == before
    built.replace("figures/chapter/race.py", 'return "E" + " "', 'return " "')
    built.done()
    assert built.teachnet("all").returncode == 0
    assert built.done() == ([], RACE + SEGMENTS)  # whose words are in the same file
    assert "LION" in (built.media / "figures/race.dark.svg").read_text()


def test_a_row_that_is_edited_and_undone_between_runs(clone: Clone) -> None:
    clone.hold("adam")
    build = clone.start("record", "race", "-j", "1")
    until(lambda: lines(clone.root / "EXECUTED") == ["adam"], "the first run is at work")
    clone.add_optimizer("sgd", lr=0.25)
    clone.hold()
    _, stderr = build.communicate(timeout=300)
    assert build.returncode == 1
    assert "race run sgd failed: simulate/optimizers/sgd.py changed meanwhile" in stderr
    assert "holds up race" in stderr
    clone.add_optimizer("sgd", lr=0.5)
    clone.done()
    assert clone.teachnet("record", "race").returncode == 0
    assert clone.done()[0] == ["sgd"]  # adam's run was right
    assert clone.teachnet("render", "race").returncode == 0


def test_an_edit_of_what_is_imported_already_changes_nothing(clone: Clone) -> None:
    """The worker goes on with what it has, and that is what is vouched for."""
    clone.hold("adam")
    build = clone.start("record", "race", "-j", "1")
    until(lambda: lines(clone.root / "EXECUTED") == ["adam"], "the engine is imported")
    clone.replace("simulate/_arithmetic.py", "2**step", "3**step")
    clone.hold()
    build.communicate(timeout=300)
    assert build.returncode == 0
    why = json.loads(clone.teachnet("why", "race", "--json").stdout)["race"]
    assert why["race recording"] == ["simulate/_arithmetic.py changed"]


# ------------------------------------------------------------------------------ bad things


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"inputs": {"a": 5}, "outputs": {}}',
        '{"inputs": {}, "outputs": {"figures/rates.dark.svg": {"size": "x"}}}',
        '{"inputs": {}, "outputs": {"a\\u0000b": {"size": 1, "modified": 1, "digest": "aa"}}}',
        "[" * 100_000,
    ],
    ids=["empty", "list", "input", "output", "nul", "deep"],
)
def test_a_receipt_that_is_none_is_stale(built: Clone, text: str) -> None:
    (built.media / ".receipts/figures/rates.dark.json").write_text(text)
    (built.media / "recordings/.receipts/race.json").write_text(text)
    result = built.teachnet("all")
    assert result.returncode == 0, result.stderr
    assert sorted(result.stdout.split()) == [
        "media/figures/rates.dark.png",
        "media/figures/rates.dark.svg",
        "media/recordings/race.nc",
    ]
    assert built.done() == ([], ["rates.dark"])


@pytest.mark.parametrize(
    ("place", "failed"),
    [
        ("figures/rates.dark.svg", "rates figure dark"),
        (".receipts/figures/rates.dark.json", "rates figure dark"),
        (".locks/rates.figure.dark.lock", "rates figure dark"),
    ],
)
def test_a_folder_in_a_files_place_stops_one_picture(built: Clone, place: str, failed: str) -> None:
    path = built.media / place
    path.unlink(missing_ok=True)
    path.mkdir()
    (path / "mine").write_text("not ours")
    built.replace("figures/chapter/rates.py", "return mark(", 'return mark("" + ')
    result = built.teachnet("all")
    assert result.returncode == 1
    (line,) = [line for line in result.stderr.splitlines() if " failed: " in line]
    assert line.startswith(f"teachnet: {failed} failed: cannot ")
    assert str(path) in line
    assert "made 1 picture" in result.stderr  # the other theme
    assert (path / "mine").exists()
    shutil.rmtree(path)
    assert built.teachnet("all").returncode == 0


def test_unknown_digits_stop_what_is_made_of_them(clone: Clone) -> None:
    assert clone.teachnet("record", "race").returncode == 0
    (clone.media / "data.json").write_text('{"source": "mnist", "path": 5}')
    result = clone.teachnet("all")
    assert result.returncode == 1
    told = [line for line in result.stderr.splitlines() if " failed: " in line]
    assert len(told) == 1
    assert "data.json can't be read" in told[0]
    assert "delete it to choose again" in told[0]
    assert "holds up rates" in told[0]
    assert [name for name in clone.files("media/figures") if name.startswith("rates")] == []
    assert "race.dark.svg" in clone.files("media/figures")
    (clone.media / "data.json").unlink()
    assert clone.teachnet("all").returncode == 0


def test_a_full_disk_is_told_once_and_ends_the_build(built: Clone) -> None:
    built.replace(
        "figures/chapter/rates.py",
        "return mark",
        'raise OSError(28, "No space left on device"); return mark',
    )
    result = built.teachnet("render", "rates", "race", "--force", "-j", "1")
    assert result.returncode == 1
    assert result.stderr.count("the disk is full") == 1
    assert "nothing more is made" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_log_that_cannot_be_written_is_no_trouble(built: Clone) -> None:
    (built.media / ".logs").write_text("a file")
    built.replace("figures/chapter/rates.py", "return mark", "return undefined")
    result = built.teachnet("render", "rates", "race", "--force")
    assert result.returncode == 1
    (line,) = [line for line in result.stderr.splitlines() if " failed: " in line]
    assert line.endswith("NameError: name 'undefined' is not defined")
    assert set(built.done()[1]) == {*RACE, *RATES, *SEGMENTS}


# ------------------------------------------------------------------------------ runs and results


def test_runs_of_one_experiment_go_side_by_side(built: Clone) -> None:
    built.add_optimizer("lion", lr=0.75)
    built.add_optimizer("tiger", lr=0.625)
    built.hold("lion", "tiger")
    build = built.start("all", "-j", "2")
    until(lambda: sorted(lines(built.root / "EXECUTED")) == ["lion", "tiger"], "both are at work")
    built.hold()
    build.communicate(timeout=300)
    assert build.returncode == 0
    assert built.done() == (["lion", "tiger"], RACE + SEGMENTS)


@pytest.fixture
def shared(clone: Clone) -> Clone:
    """A clone with a second experiment of the same runs."""
    again = "simulate/experiments/chapter/rerun.py"
    shutil.copyfile(clone.root / "simulate/experiments/chapter/race.py", clone.root / again)
    return clone


def test_a_run_of_two_experiments_is_computed_once(shared: Clone) -> None:
    result = shared.teachnet("record", "race", "rerun", "-j", "2")
    assert result.returncode == 0
    assert shared.done()[0] == ["adam", "sgd"]
    assert "made 2 runs and 2 recordings in" in result.stderr


def test_a_run_that_fails_is_told_once_with_all_that_it_holds_up(shared: Clone) -> None:
    shared.add_optimizer("sgd", lr=2.0)
    result = shared.teachnet("record", "race", "rerun")
    assert result.returncode == 1
    assert result.stderr.count("loss became NaN") == 1
    assert shared.done()[0].count("sgd") == 1
    told = " ".join(line for line in result.stderr.splitlines() if "holds up" in line)
    assert "race" in told
    assert "rerun" in told
    assert "failed 1 run" in result.stderr
    assert "held up 2 recordings" in result.stderr


def test_large_results_arrive_whole(built: Clone) -> None:
    built.replace("figures/chapter/rates.py", "return mark(", 'return "x" * 5_000_000 + mark(')
    assert built.teachnet("render", "rates").returncode == 0
    text = (built.media / "figures/rates.dark.svg").read_text()
    assert text == "x" * 5_000_000 + "0.03125 dark svg 1440"
    assert built.teachnet("why", "rates").stdout == "rates: fresh\n"
    assert list((built.media / ".scratch").iterdir()) == []


def test_what_is_still_done_for_a_failed_item_is_given_up(built: Clone) -> None:
    built.replace(
        "scenes/render.py",
        'hold("segment")',
        'if first == 0:\n            raise ValueError("no first frame")\n        hold("segment")',
    )
    built.hold("segment")  # the other one would never end
    build = built.start("render", "race", "--force", "-j", "2")
    _, stderr = build.communicate(timeout=300)
    assert build.returncode == 1
    assert "race animation dark failed: ValueError: no first frame" in stderr
