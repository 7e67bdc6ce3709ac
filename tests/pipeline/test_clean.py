"""``clean`` and every build touch what teachnet made, and nothing else."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import orphans, ours
from simulate.storage import files
from simulate.training import checkpoints
from tests.pipeline._clone import Clone

# What a blog, a home folder or another program may have where we write too: none of it is ours.
FOREIGN = (
    "index.html",
    ".bashrc",
    ".cache/fontconfig/a.cache-9",
    ".cache/sources.json",
    ".logs/server.log",
    ".logs/rates.log",
    ".locks/apt.lock",
    ".scratch/notes.txt",
    ".scratch/mine.lock",
    ".scratch/mine/draft.txt",
    ".scratch/0123456789ab/orphan.txt",  # our form, but no lock beside it
    ".part-1-abcd1234-data.json.txt",
    ".part-video.mp4",
    "deep/down/.part-4194305-0123abcd-race.nc",
    "figures/hero.dark.png",
    "figures/thesis.v2.pdf",
    "figures/rates.mine.svg",
    "figures/.part-17-index.svg",
    "draft/figures/hero.light.png",
    "animations/holiday.2024.mp4",
    "tables/budget.2025.html",
    ".receipts/figures/hero.dark.json",
    ".receipts/2025/invoice.may.json",
    "recordings/monday.nc",
    "recordings/runs/monday.wav",
    "recordings/runs/0123456789abcdef0123.nc",
    "recordings/.checkpoints/runs/0123456789abcdef0123.npz",
    "recordings/.receipts/shop.json",
    "recordings/.receipts/runs/0123456789abcdef0123.json",
)


def put_foreign(media: Path) -> None:
    for name in FOREIGN:
        path = media / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(f"somebody's {name}")
            os.utime(path, (1e9, 1e9))  # old: age alone makes nothing ours


def everything(folder: Path) -> dict[str, bytes | str]:
    """Return all files below a folder, hidden ones and links too."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = os.readlink(path)
        elif path.is_file():
            found[name] = path.read_bytes()
    return found


def lost(before: dict[str, bytes | str], folder: Path) -> list[str]:
    after = everything(folder)
    return [name for name in before if after.get(name) != before[name]]


def forget_rates(clone: Clone) -> None:
    (clone.root / "figures/chapter/rates.py").unlink()
    (clone.root / "simulate/experiments/chapter/rates.py").unlink()


@pytest.mark.parametrize("args", [(), ("--yes",), ("--yes", "--caches"), ("--dry-run",)])
def test_a_folder_that_no_build_made_is_left_alone(clone: Clone, args: tuple[str, ...]) -> None:
    blog = clone.root / "blog"
    put_foreign(blog)
    before = everything(blog)
    result = clone.teachnet("clean", *args, TEACHNET_MEDIA=str(blog))
    assert result.returncode == 2
    assert result.stderr == (
        "teachnet: blog has no .teachnet file of ours, so nothing in it is deleted; "
        "in a folder of an older version the next build writes it\n"
    )
    assert everything(blog) == before


def test_foreign_files_survive_builds_and_clean(built: Clone) -> None:
    put_foreign(built.media)
    before = {name: (built.media / name).read_bytes() for name in FOREIGN}
    assert built.teachnet("all", "--force").returncode == 0
    assert lost(before, built.media) == []
    forget_rates(built)
    result = built.teachnet("clean", "--yes", "--caches")
    assert result.returncode == 0, result.stderr
    assert "figures/rates.dark.svg" in result.stdout
    assert lost(before, built.media) == []


def test_clean_in_a_home_folder_is_quick(built: Clone) -> None:
    """It looks into the folders in which it writes, however many others there are."""
    (built.media / "deep").mkdir()
    trap = built.media / "deep" / "loop"
    trap.symlink_to(built.media)
    before = everything(built.media)
    script = (
        "import os, sys\n"
        "sys.addaudithook(lambda event, args: print(args[0], file=sys.stderr)"
        " if event in ('os.scandir', 'os.listdir') else None)\n"
        "import cli\n"
        "cli.cli(['clean', '--dry-run'])\n"
    )
    result = subprocess.run(
        [built.command()[0], "-c", script],
        cwd=built.root,
        env=built.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    looked = {Path(line) for line in result.stderr.splitlines() if line.startswith("/")}
    inside = {path.relative_to(built.media) for path in looked if path.is_relative_to(built.media)}
    assert Path("recordings/runs") in inside
    assert not [path for path in inside if path.parts and path.parts[0] == "deep"]
    assert everything(built.media) == before


def test_older_folders_get_the_marker_from_the_next_build(built: Clone) -> None:
    (built.media / ours.MARKER).unlink()
    assert built.teachnet("clean", "--yes").returncode == 2
    assert built.teachnet("all").stdout == ""  # nothing was stale
    assert built.teachnet("clean", "--yes").returncode == 0


def test_a_file_of_the_markers_name_is_not_ours(built: Clone) -> None:
    marker = built.media / ours.MARKER
    marker.write_text("somebody's")
    assert built.teachnet("all", "--force").returncode == 0
    assert marker.read_text() == "somebody's"
    assert built.teachnet("clean", "--yes").returncode == 2


@pytest.mark.parametrize("name", ["", "a\nb", "a\x1b[2Jb"])
def test_a_media_folder_without_a_name_is_refused(built: Clone, name: str) -> None:
    before = everything(built.root)
    for command in (["clean", "--yes"], ["all"], ["list"]):
        for result in (
            built.teachnet(*command, "--media", name),
            built.teachnet(*command, TEACHNET_MEDIA=name),
            built.teachnet(*command[:1], "--data", name, *command[1:]) if not name else None,
        ):
            if result is None or "no such option" in result.stderr:
                continue
            assert result.returncode == 2
            assert len(result.stderr.splitlines()) == 1
            assert "give another" in result.stderr or "folder" in result.stderr
            assert "\x1b" not in result.stderr
    assert lost(before, built.root) == []


def test_it_asks_a_terminal(built: Clone) -> None:
    forget_rates(built)
    before = everything(built.media)
    for answer, goes in ((b"n\n", False), (b"\n", False), (b"y\n", True)):
        ours_end, theirs = pty.openpty()
        os.write(ours_end, answer)
        result = subprocess.run(
            built.command("clean"),
            cwd=built.root,
            env=built.environment(),
            stdin=theirs,
            capture_output=True,
            text=True,
            check=False,
        )
        os.close(ours_end)
        os.close(theirs)
        assert result.returncode == 0, result.stderr
        assert "Delete" in result.stderr
        assert ("figures/rates.dark.svg" in lost(before, built.media)) == goes


def test_without_a_terminal_it_lists_and_names_yes(built: Clone) -> None:
    forget_rates(built)
    before = everything(built.media)
    result = subprocess.run(
        built.command("clean"),
        cwd=built.root,
        env=built.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "media/figures/rates.dark.svg  no such visual" in result.stdout
    assert result.stderr.splitlines()[-1].endswith("nobody is here to be asked, so say --yes")
    assert lost(before, built.media) == []


def test_what_was_edited_since_stays(built: Clone) -> None:
    forget_rates(built)
    edited = built.media / "figures/rates.dark.svg"
    edited.write_text("retouched by hand")
    (built.media / "recordings/rates.nc").write_bytes(b"other numbers")
    result = built.teachnet("clean", "--yes")
    assert result.returncode == 0
    assert (
        "kept figures/rates.dark.svg (no such visual): it was changed since it was made"
        in result.stderr
    )
    assert "kept recordings/rates.nc (no such experiment)" in result.stderr
    assert edited.read_text() == "retouched by hand"
    assert (built.media / "recordings/rates.nc").read_bytes() == b"other numbers"
    assert not (built.media / "figures/rates.light.svg").exists()


def test_pictures_of_a_theme_that_is_gone(built: Clone) -> None:
    receipt = built.media / ".receipts/figures/race.light.json"
    old = built.media / ".receipts/figures/race.sepia.json"
    old.write_text(receipt.read_text().replace("race.light", "race.sepia"))
    for suffix in ("svg", "png"):
        shutil.copyfile(
            built.media / f"figures/race.light.{suffix}",
            built.media / f"figures/race.sepia.{suffix}",
        )
    listed = built.teachnet("clean", "--yes").stdout
    assert "media/figures/race.sepia.svg  no such theme" in listed
    assert not list((built.media / "figures").glob("race.sepia.*"))
    assert not old.exists()
    assert len(list((built.media / "figures").glob("race.light.*"))) == 2


def test_previews_and_sheets_of_visuals_that_are_gone(built: Clone) -> None:
    assert built.teachnet("preview", "rates").returncode == 0
    assert built.teachnet("clean", "--yes").stdout.count("previews") == 0
    forget_rates(built)
    listed = built.teachnet("clean", "--yes").stdout
    assert "media/draft/previews/rates.dark.png  no such visual" in listed
    assert list((built.media / "draft/previews").iterdir()) == []


def runs(clone: Clone) -> list[Path]:
    return sorted((clone.media / "recordings/runs").iterdir())


@pytest.mark.parametrize(
    "damage",
    [
        lambda receipt: receipt.write_bytes(receipt.read_bytes()[:-20]),
        lambda receipt: receipt.write_bytes(b""),
        lambda receipt: receipt.write_text(
            json.dumps(json.loads(receipt.read_text()) | {"runs": 5})
        ),
        lambda receipt: receipt.unlink(),
    ],
    ids=["cut", "empty", "types", "gone"],
)
def test_runs_of_a_damaged_recording_stay(built: Clone, damage: Callable[[Path], object]) -> None:
    before = runs(built)
    damage(built.media / "recordings/.receipts/race.json")
    result = built.teachnet("clean", "--yes")
    assert result.returncode == 0
    assert "teachnet: kept all runs: which of them race uses can't be read" in result.stderr
    assert runs(built) == before
    assert built.teachnet("record", "*").returncode == 0
    assert "kept all runs" not in built.teachnet("clean", "--yes").stderr


def test_a_run_with_a_damaged_receipt_is_none_that_nobody_uses(built: Clone) -> None:
    forget_rates(built)  # so two of four are
    kept = json.loads((built.media / "recordings/.receipts/race.json").read_bytes())["runs"]
    gone = [path for path in runs(built) if path.stem not in kept]
    used, unused = kept[0], gone[0].stem
    for address in (used, unused):
        (built.media / f"recordings/.receipts/runs/{address}.json").write_text("{}")
    result = built.teachnet("clean", "--yes")
    assert f"kept recordings/runs/{unused}.nc: its receipt can't be read" in result.stderr
    assert {path.stem for path in runs(built)} == {*kept, unused}


def test_links_are_never_followed(built: Clone, tmp_path: Path) -> None:
    """Not out of the media folder, nor to a file elsewhere that has the right digest."""
    outside = tmp_path / "outside"
    shutil.move(built.media / "figures", outside)
    (built.media / "figures").symlink_to(outside)
    animations = built.media / "animations"
    film = tmp_path / "film.mp4"
    shutil.move(animations / "race.dark.mp4", film)
    (animations / "race.dark.mp4").symlink_to(film)
    (built.media / ".logs").symlink_to(tmp_path / "logs")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/race.log").write_text("teachnet: race recording: failed\n")
    shutil.rmtree(built.root / "figures/chapter")
    shutil.rmtree(built.root / "scenes/chapter")
    before = everything(tmp_path / "outside") | everything(tmp_path / "logs")
    result = built.teachnet("clean", "--yes")
    assert result.returncode == 0, result.stderr
    assert "kept figures/race.dark.svg (no such visual)" in result.stderr
    assert (everything(tmp_path / "outside") | everything(tmp_path / "logs")) == before
    assert film.exists()
    assert (animations / "race.dark.mp4").is_symlink()
    assert not (animations / "race.dark.png").exists()  # the rest is taken as ever


def test_a_receipt_leads_nowhere_else(built: Clone) -> None:
    """Though it have the digest of a file that it can't have made."""
    victim = built.root / "cli.py"
    receipt = built.media / ".receipts/figures/rates.dark.json"
    said = json.loads(receipt.read_text())
    output = {"size": 1, "modified": 1, "digest": files.sha256(victim)}
    for name in ("../cli.py", str(victim), "figures/race.dark.svg", "figures/../../cli.py"):
        said["outputs"][name] = output
    receipt.write_text(json.dumps(said))
    forget_rates(built)
    assert built.teachnet("clean", "--yes").returncode == 0
    assert victim.exists()
    assert (built.media / "figures/race.dark.svg").exists()
    assert not receipt.exists()


def test_logs_of_ours_go(built: Clone) -> None:
    built.replace("figures/chapter/rates.py", "float(rates", "undefined(rates")
    assert built.teachnet("render", "rates").returncode == 1
    log = built.media / ".logs/rates.log"
    assert log.exists()
    assert "media/.logs/rates.log  a log" in built.teachnet("clean", "--yes").stdout
    assert not log.exists()


def part(folder: Path, host: str, pid: int, name: str, age: float = 0.0) -> Path:
    path = folder / f".part-{host}{pid}-0123abcd-{name}"
    path.write_bytes(b"half")
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_builds_clear_what_their_dead_left(built: Clone) -> None:
    here = files.part_name("").split("-")[1] + "-"
    dead = 2**22 + 1  # the kernel gives no process a number this high
    recordings, day = built.media / "recordings", 24 * 3600
    going = [
        part(recordings, here, dead, "race.nc"),
        part(built.media, here, dead, "data.json"),
        part(built.media / "figures", here, dead, "race.dark.svg"),
        part(built.media / ".receipts/figures", here, dead, "race.dark.json"),
        part(recordings, "0badcafe-", os.getpid(), "race.nc", age=2 * day),
        part(recordings, "", os.getpid(), "race.nc", age=2 * day),  # of an older version
    ]
    staying = [
        part(recordings, here, os.getpid(), "race.nc"),  # at work
        part(recordings, "0badcafe-", dead, "race.nc"),  # at work in another container, perhaps
        part(recordings, here, dead, "holiday.mp4"),  # we write no such thing there
        part(built.media / ".scratch", here, dead, "race.dark.svg"),  # nor anything here
    ]
    assert built.teachnet("render", "rates", "--force").returncode == 0
    assert [path for path in going if path.exists()] == []
    assert [path for path in staying if not path.exists()] == []


def test_strings_are_for_all_media_folders(built: Clone) -> None:
    strings = built.root / "cache/teachnet/typst"
    strings.mkdir(parents=True)
    mine = [strings / f"{'0123456789abcdef' * 2:.24}.{end}" for end in ("svg", "npy")]
    other = [strings / "notes.svg", strings / "sub"]
    for path in (*mine, other[0]):
        path.write_bytes(b"")
    other[1].mkdir()
    assert "string" not in built.teachnet("clean", "--yes").stdout
    assert all(path.exists() for path in mine)
    assert built.teachnet("clean", "--yes", "--caches").stdout.count("a compiled string") == 2
    assert not any(path.exists() for path in mine)
    assert all(path.exists() for path in other)


@pytest.mark.parametrize(
    ("command", "instead"),
    [
        ("render", "name a visual, or say `teachnet all` for all 2"),
        ("record", "name an experiment, or say `teachnet record '*'` for all 2"),
        ("sheet", "name a visual, or say `teachnet sheet '*'` for all 1"),
    ],
)
def test_no_name_starts_nothing(clone: Clone, command: str, instead: str) -> None:
    result = clone.teachnet(command)
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert instead in line
    assert "of them are to be made, in about a minute" in line
    assert not clone.media.exists()
    assert clone.done() == ([], [])


def test_no_name_where_all_is_fresh(built: Clone) -> None:
    result = built.teachnet("render")
    assert result.returncode == 2
    assert result.stderr.endswith("for all 2; all of them are fresh\n")


def test_the_state_of_an_interrupted_run_is_listed(tmp_path: Path) -> None:
    place = tmp_path / "recordings/.checkpoints/runs"
    place.mkdir(parents=True)
    for name in ("0123456789abcdef0123.npz", "mine.npz"):
        checkpoints.save({"run": {}}, place / name)
    (place / "0123456789abcdef0124.npz").write_text("somebody's")
    found = orphans.find(tmp_path, [], [])
    reason = "the state of a run that was interrupted"
    assert found.why == {place / "0123456789abcdef0123.npz": reason}
