"""What the commands print, on a clone in which everything is fresh."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
from itertools import count

import pytest
from PIL import Image

from tests.pipeline._clone import Clone


def test_list_fills_the_words_from_the_recordings(built: Clone) -> None:
    (rates,) = json.loads(built.teachnet("list", "rates", "--json").stdout)
    files = [
        {
            "path": f"figures/rates.{theme}.{form}", "kind": "figure", "theme": theme,
            "format": form, "bytes": (built.media / f"figures/rates.{theme}.{form}").stat().st_size,
            "width": None, "height": None,  # what is written there is no picture
        }
        for theme in ("dark", "light") for form in ("svg", "png")
    ]  # fmt: skip
    assert rates == {
        "stem": "rates",
        "chapter": "chapter",
        "kinds": ["F"],
        "title": "Rates on digits",
        "doc": "The rates.",
        "alt": "Lines.",
        "caption": "",
        "description": "",
        "uses": ["rates"],
        "aliases": [],
        "source": ["figures/chapter/rates.py"],
        "files": files,
        "film": None,
        "stale": False,
        "state": "fresh",
    }


def test_list_shows_templates_that_nothing_fills(clone: Clone) -> None:
    (race,) = json.loads(clone.teachnet("list", "contest", "--json").stdout)  # by its alias
    assert (race["title"], race["stale"], race["files"]) == ("A race of {n_runs}", True, [])
    assert not clone.media.exists()  # to look leaves no trace


def test_list_rows_and_runs(built: Clone) -> None:
    sgd = json.loads(built.teachnet("list", "optimizers", "sgd", "--json").stdout)
    assert sgd == [
        {
            "name": "sgd",
            "doc": "SGD: divides.",
            "source": "simulate/optimizers/sgd.py",
            "defaults": {"lr": 0.5},
            "label": "SGD",
            "color": "blue",
        }
    ]
    runs = json.loads(built.teachnet("list", "runs", "--json").stdout)
    assert sorted(run["used_by"] for run in runs) == [["race"], ["race"], ["rates"], ["rates"]]


def test_list_filters(built: Clone) -> None:
    assert built.teachnet("list", "--kind", "A").stdout.split()[0] == "race"
    assert len(built.teachnet("list", "--kind", "A").stdout.splitlines()) == 1
    refused = built.teachnet("list", "--chapter", "nowhere")
    assert refused.returncode == 2
    assert "'nowhere' has no visuals here; there is chapter" in refused.stderr
    assert built.teachnet("list", "runs", "--kind", "A").returncode == 2


def test_show(built: Clone) -> None:
    shown = built.teachnet("show", "race").stdout
    assert "theta (run, step) float64  parameter" in shown
    assert "backend = eager" in shown
    race = json.loads(built.teachnet("show", "race", "--json").stdout)
    assert race["dims"] == {"run": 2, "step": 4}
    assert race["variables"]["theta"]["units"] == ""
    address = race["runs"][0]
    run = json.loads(built.teachnet("show", address, "--json").stdout)
    assert run["dims"] == {"step": 4}


def test_show_what_is_not_recorded(clone: Clone) -> None:
    result = clone.teachnet("show", "race")
    assert result.returncode == 2
    assert result.stderr == "teachnet: race is not recorded yet; run `teachnet record race`\n"


def test_why_in_words(clone: Clone) -> None:
    assert clone.teachnet("why", "rates").stdout.splitlines() == [
        "rates recording: never recorded",
        "rates figure dark: never rendered",
        "rates figure light: never rendered",
    ]


def test_preview_draws_the_figure_or_a_frame(built: Clone) -> None:
    path = built.media / "draft/previews/race.dark.png"
    result = built.teachnet("preview", "race")
    assert result.stdout == "media/draft/previews/race.dark.png\n"
    assert path.read_text().endswith("dark png 854")  # the figure
    assert built.teachnet("preview", "race", "--at", "3.2s").returncode == 0
    with Image.open(path) as image:
        assert image.getpixel((0, 0)) == (48, 48, 48)  # 3.2 s at 15 frames a second


def test_preview_refuses(built: Clone) -> None:
    beyond = built.teachnet("preview", "race", "--at", "30s")
    assert beyond.returncode == 2
    assert beyond.stderr == "teachnet: --at 30s is beyond the end of race; it lasts 10.0s\n"
    assert built.teachnet("preview", "rates", "--at", "1s").returncode == 2
    several = built.teachnet("preview", "ra*")
    assert "'ra*' matches 2 visuals; preview draws one" in several.stderr


def test_sheet(built: Clone) -> None:
    result = built.teachnet("sheet", "race", "--frames", "6", "--theme", "light")
    assert result.stdout == "media/draft/sheets/race.light.png\n"
    with Image.open(built.media / "draft/sheets/race.light.png") as image:
        assert image.width == 4 * (400 + 12) + 12  # four columns, two rows
        assert image.getpixel((20, 20)) == (0, 0, 0)  # frame 0 of the tiny renderer
    refused = built.teachnet("sheet", "rates")
    assert refused.returncode == 2
    assert "rates has no animation" in refused.stderr


def test_clean(built: Clone) -> None:
    assert built.teachnet("record", "race").returncode == 0
    (built.root / "figures/chapter/rates.py").unlink()
    (built.root / "simulate/experiments/chapter/rates.py").unlink()
    (built.media / "figures/mine.txt").write_text("not ours")
    before = built.files()
    listed = built.teachnet("clean", "--dry-run")
    assert built.files() == before
    assert "media/figures/rates.dark.svg  no such visual" in listed.stdout
    assert "media/recordings/rates.nc  no such experiment" in listed.stdout
    assert listed.stdout.count("a run that no recording uses") == 4  # two runs, two receipts

    assert built.teachnet("clean", "--yes").stdout == listed.stdout
    gone = {name for name in before if name not in built.files()}
    assert {name.split("/")[-1].split(".")[0] for name in gone if "runs" not in name} == {"rates"}
    assert len([name for name in gone if "runs" in name]) == 2
    assert "mine.txt" in str(built.files().keys())
    # What is left is fresh, but for the page that showed what is gone.
    assert built.teachnet("all").stdout == "media/index.html\n"
    assert built.done() == ([], [])


def test_clean_waits_for_a_build(built: Clone) -> None:
    built.hold("rates")
    build = built.start("render", "rates", "--force")
    while not (built.root / "RENDERED").exists():
        assert build.poll() is None
    refused = built.teachnet("clean")
    built.hold()
    build.communicate(timeout=300)
    assert refused.returncode == 2
    assert "a build is at work in media; clean when it is done" in refused.stderr


def test_doctor_names_the_remedy(clone: Clone) -> None:
    result = clone.teachnet("doctor", "--data", "nowhere")
    assert result.returncode == 1
    (digits,) = [line for line in result.stdout.splitlines() if line.startswith("lacks digits")]
    assert "nowhere" in digits
    assert "--data embedded" in digits


def test_color_is_for_terminals(built: Clone) -> None:
    assert "\x1b" not in built.teachnet("doctor").stdout


def test_environment_chooses(built: Clone) -> None:
    elsewhere = built.root / "elsewhere"
    result = built.teachnet("why", "race", TEACHNET_MEDIA=str(elsewhere))
    assert "race recording: never recorded" in result.stdout
    looked = built.teachnet("why", "race", TEACHNET_DEVICE="cuda")
    assert looked.returncode == 0
    assert built.teachnet("list", TEACHNET_DEVICE="cuda").returncode == 0
    refused = built.teachnet("record", "race", TEACHNET_DEVICE="cuda")
    assert refused.returncode == 2
    assert "device 'cuda' is not here" in refused.stderr


def test_preview_watches(built: Clone) -> None:
    path = built.media / "draft/previews/rates.dark.png"
    watching = built.start("preview", "rates", "--watch")
    try:
        assert watching.stdout is not None
        assert watching.stdout.readline() == "media/draft/previews/rates.dark.png\n"
        first = path.read_text()
        # Until one is noticed: nothing tells from outside when the watch has begun.
        for number in count(2):
            built.replace("figures/chapter/rates.py", "return ", f'return "{number}" + ')
            if select.select([watching.stdout], [], [], 5)[0]:
                break
            assert number < 10
        assert watching.stdout.readline() == "media/draft/previews/rates.dark.png\n"
        assert path.read_text() != first
    finally:
        os.killpg(watching.pid, signal.SIGINT)
        watching.communicate(timeout=300)
    assert watching.returncode == 130


def test_what_sources_say_is_kept_by_looking(built: Clone) -> None:
    kept = built.media / ".cache" / "sources.sealed"
    kept.unlink()
    built.teachnet("list")
    assert kept.is_file()
    shutil.rmtree(built.media)
    built.teachnet("list")
    assert not built.media.exists(), "only to look makes no folder"


def test_list_tells_states_apart(built: Clone) -> None:
    def states() -> dict[str, str]:
        found = json.loads(built.teachnet("list", "--json").stdout)
        return {row["stem"]: row["state"] for row in found}

    built.replace("figures/chapter/rates.py", "Rates on", "All rates on")
    assert states() == {"race": "fresh", "rates": "stale"}
    for path in built.media.glob("figures/rates.*"):
        path.unlink()
    assert states() == {"race": "fresh", "rates": "missing"}
    assert built.teachnet("render", "rates", "-q", "draft").returncode == 0
    assert states() == {"race": "fresh", "rates": "draft"}
    assert built.teachnet("list").stdout.splitlines() == [
        "race   F A  fresh  A race of …",
        "rates  F    draft  All rates on digits",
    ]


def test_list_fits_the_terminal_and_reads_well_before_anything_is_recorded(clone: Clone) -> None:
    clone.replace("figures/chapter/rates.py", "Rates on", "Long words, " * 12 + "on")
    lines = clone.teachnet("list", COLUMNS="80").stdout.splitlines()
    assert lines[0] == "race   F A  missing  A race of …"
    assert len(lines[1]) <= 80
    assert lines[1].endswith("…")
    piped = clone.teachnet("list").stdout.splitlines()
    assert piped[1].endswith("on …")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("{n:?no|{n:,}} rates, 94\u202f% on {dataset}", "… rates, 94 % on …"),
        ("{a:?so {n}|{b:?not|or}}", "The rates."),  # nothing is left: what the file is about
    ],
)
def test_list_has_no_piece_of_a_template(clone: Clone, title: str, shown: str) -> None:
    clone.replace("figures/chapter/rates.py", "Rates on {dataset}", title)
    assert clone.teachnet("list", "rates").stdout == f"rates  F  missing  {shown}\n"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("optimizer", "no visual is called 'optimizer'; did you mean `teachnet list optimizers`?"),
        ("experimens", "did you mean `teachnet list experiments`?"),
        ("chapter", "'chapter' is a chapter; say `teachnet list --chapter chapter`"),
        ("rase", "no visual is called 'rase'; did you mean race"),
    ],
)
def test_list_points_to_the_right_word(clone: Clone, asked: str, said: str) -> None:
    result = clone.teachnet("list", asked)
    assert result.returncode == 2
    assert said in result.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_any_encoding_of_stdout_will_do(built: Clone, encoding: str) -> None:
    built.replace("figures/chapter/rates.py", "Rates on", "Rates → η on")
    for args in (["list"], ["list", "--json"], ["show", "race"], ["why", "rates"]):
        result = subprocess.run(
            built.command(*args),
            cwd=built.root,
            env=built.environment(PYTHONIOENCODING=encoding, PYTHONUTF8="0"),
            capture_output=True,
            check=False,
        )
        assert (result.returncode, result.stderr) == (0, b""), args
    assert b"\\u2192" in result.stdout or args != ["list"]


def test_json_is_ascii_and_strict(built: Clone) -> None:
    from simulate import recording
    from simulate.storage.store import Store

    built.replace("figures/chapter/rates.py", "Rates on", "Rates → η on")
    store = Store(built.media / "recordings")
    dataset = store.load("race").assign_attrs(worst=float("nan"), most=float("inf"))
    store.put("race", recording.encoded(dataset), {}, attrs={})
    for args in (["list", "--json"], ["show", "race", "--json"]):
        said = built.teachnet(*args).stdout
        assert said.isascii()

        def refuse(constant: str) -> None:
            raise AssertionError(f"{constant} is no JSON")

        found = json.loads(said, parse_constant=refuse)
    assert found["attributes"]["worst"] is None
    assert found["attributes"]["most"] is None


def test_show_notices_damage_and_commands_no_terminal(built: Clone) -> None:
    from simulate import recording
    from simulate.storage.store import Store

    store = Store(built.media / "recordings")
    dataset = store.load("race").assign_attrs(note="\x1b[2J" + "wide " * 60)
    store.put("race", recording.encoded(dataset), {}, attrs={})
    shown = built.teachnet("show", "race").stdout
    assert "\x1b" not in shown
    assert "note = \\x1b[2Jwide" in shown
    assert max(map(len, shown.splitlines())) <= 80

    path = store.path("rates")
    stat, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    result = built.teachnet("show", "rates")
    assert result.returncode == 2
    assert "rates.nc is damaged" in result.stderr
    assert built.teachnet("why", "rates").stdout.startswith("rates recording: ")


def shell(clone: Clone, command: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the shell, in which $TEACHNET is this one's."""
    environment = clone.environment(TEACHNET=f"{sys.executable} {clone.root / 'cli.py'}", **extra)
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=clone.root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_closed_streams(clone: Clone) -> None:
    """What is printed goes nowhere, least of all into a file that is opened meanwhile."""
    result = shell(clone, "$TEACHNET record rates >&- 2>&- <&-; echo $?")
    assert result.stdout == "0\n"
    before = clone.files()
    assert shell(clone, "$TEACHNET render rates 2>&-; $TEACHNET why rates").stdout.endswith(
        "rates: fresh\n"
    )
    assert before.items() <= clone.files().items()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_stdout_is_one_line(clone: Clone) -> None:
    result = shell(clone, "$TEACHNET list > /dev/full; echo $?")
    assert (result.stdout, result.stderr.count("\n")) == ("1\n", 1)
    assert result.stderr == "teachnet: cannot print: No space left on device\n"


def test_no_path_and_no_home(clone: Clone) -> None:
    result = shell(clone, "unset PATH HOME; $TEACHNET render rates")
    assert result.returncode == 0, result.stderr


def test_a_deleted_folder(clone: Clone) -> None:
    result = shell(clone, "mkdir gone; cd gone; rmdir ../gone; $TEACHNET list")
    assert result.returncode == 2
    assert result.stderr == "teachnet: the current folder is deleted; change to another\n"


def test_a_name_of_thousands_of_characters(clone: Clone) -> None:
    for option in ("--media", "--data", "--project"):
        result = clone.teachnet("list", option, "x" * 5000)
        assert result.returncode == 2
        assert len(result.stderr.splitlines()) == 1
        assert "Error" not in result.stderr


def test_no_color(built: Clone) -> None:
    from tests.pipeline._terminal import on_terminal

    args = built.command("doctor", "--data", "nowhere")
    assert "\x1b[" in on_terminal(args, built.root, built.environment())
    assert "\x1b[" not in on_terminal(args, built.root, built.environment(NO_COLOR="1"))
