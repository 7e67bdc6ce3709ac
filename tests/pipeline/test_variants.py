"""``--set`` and ``--as``: changed settings, kept apart under a name."""

from __future__ import annotations

import json

import pytest

from tests.pipeline._clone import Clone

LEFT = ["rates.dark", "rates.light"]


def test_a_changed_recording_lies_beside_the_standard_and_shares_its_runs(built: Clone) -> None:
    before = built.files()
    result = built.teachnet("render", "rates", "--set", "slow=0.125", "--as", "slower")
    assert result.returncode == 0, result.stderr
    assert built.done() == (["adam"], LEFT)  # the fast run is there already
    after = built.files()
    assert before.items() <= after.items()
    assert {name for name in after if "@" in name} == {
        "recordings/rates@slower.nc",
        *(f"figures/rates@slower.{theme}.{end}"
          for theme in ("dark", "light") for end in ("svg", "png")),
    }  # fmt: skip
    assert after["figures/rates@slower.dark.svg"] == b"0.015625 dark svg 1440"
    assert after["figures/rates.dark.svg"] == b"0.03125 dark svg 1440"

    again = built.teachnet("render", "rates", "--as", "slower")  # what was said is remembered
    assert "nothing to do" in again.stderr
    shown = json.loads(built.teachnet("show", "rates@slower", "--json").stdout)
    assert json.loads(shown["attributes"]["settings"])["slow"] == 0.125
    clean = built.teachnet("clean", "--dry-run")
    assert "@" not in clean.stdout
    assert "runs/" not in clean.stdout


def test_settings_are_listed_with_their_types(clone: Clone) -> None:
    found = json.loads(clone.teachnet("show", "rates", "--settings", "--json").stdout)
    assert found == [
        {"name": "slow", "type": "number", "default": 0.25},
        {"name": "fast", "type": "number", "default": 0.5},
        {"name": "steps", "type": "whole number, at least 1", "default": 3},
    ]
    lines = clone.teachnet("show", "rates", "--settings").stdout.splitlines()
    assert lines[2] == "steps  3  whole number, at least 1"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--set", "slow=0.1"], "give what --set changes a name with --as NAME; the standard"),
        (["--set", "slo=1", "--as", "x"], "rates has no setting 'slo'; there is slow"),
        (["--set", "slow", "--as", "x"], "--set slow: write key=value"),
        (["--set", "slow=fast", "--as", "x"], "rates.slow is 'fast'; give number"),
        (["--set", "steps=2.5", "--as", "x"], "rates.steps is '2.5'; give whole number, at least"),
        (["--set", "steps=0", "--as", "x"], "rates.steps is '0'; give whole number, at least 1"),
        (["--set", "slow=inf", "--as", "x"], "slow is inf: expected finite numbers"),
        (["--set", "slow=1", "--as", "a/b"], "--as 'a/b' can't name files"),
        (["--as", "x"], "nothing is recorded as 'x' of rates; say with --set key=value"),
    ],
)
def test_a_wrong_change_is_one_line(clone: Clone, args: list[str], said: str) -> None:
    result = clone.teachnet("record", "rates", *args)
    assert result.returncode == 2
    assert result.stderr.startswith("teachnet: ")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert not clone.media.exists()


def test_a_recording_of_ones_own_is_drawn_into_a_folder_of_ones_own(built: Clone) -> None:
    reads = 'READS = {"rates": "theta (run, step), dataset"}\n'
    path = built.root / "figures/chapter/rates.py"
    path.write_text(path.read_text().replace("VISUAL =", f"{reads}\nVISUAL =", 1))
    recorded = "media/recordings/rates.nc"
    args = ("render", "rates", "--recording", recorded, "--to", "mine", "--theme", "dark")
    result = built.teachnet(*args)
    assert result.returncode == 0, result.stderr
    assert sorted(built.files("mine")) == ["figures/rates.dark.png", "figures/rates.dark.svg"]
    assert built.files("mine")["figures/rates.dark.svg"] == b"0.03125 dark svg 1440"
    listed = built.teachnet("list", "--for", recorded).stdout.splitlines()
    assert [line.split()[:2] for line in listed] == [["rates", "F"]]

    other = "media/recordings/race.nc"
    none = built.teachnet("list", "--for", other)
    assert none.stdout == ""
    assert none.stderr == (
        "teachnet: no visual can draw race.nc; the nearest is rates, which needs attribute dataset "
        "as well\n"
    )
    # those that can draw it are not among those that are asked for
    film = built.teachnet("list", "--for", recorded, "--kind", "A")
    assert film.stdout == ""
    assert film.stderr == (
        "teachnet: no such visual can draw rates.nc; none draws a recording by itself\n"
    )
    wrong = built.teachnet("render", "rates", "--recording", other)
    assert wrong.returncode == 2
    assert "rates needs attribute dataset; race.nc has attributes" in wrong.stderr
    several = built.teachnet("render", "*", "--recording", other)
    assert "--recording is drawn by one visual" in several.stderr
    (built.root / "post.md").write_text("A post.")
    none = built.teachnet("render", "race", "--recording", "post.md")  # a figure and a film
    assert none.stderr.endswith(
        "post.md is damaged (or no recording at all: it is not NetCDF-4); "
        "give a file that simulate.save wrote\n"
    )
    assert none.stderr.count("is damaged") == 1
    no_film = built.teachnet("render", "rates", "--recording", recorded, "--only", "animation")
    assert no_film.returncode == 2
    assert no_film.stderr == "teachnet: rates has no animation\n"
    alone = built.teachnet("render", "rates", "--to", "mine")
    assert "--to goes with --recording" in alone.stderr


def test_a_large_picture_of_a_recording_of_ones_own_is_whole(built: Clone) -> None:
    """What is too large for a pipe comes as a file; what is in it is written, and not its name."""
    path = built.root / "figures/chapter/rates.py"
    reads = 'READS = {"rates": "theta (run, step), dataset"}\n'
    text = path.read_text().replace("VISUAL =", f"{reads}\nVISUAL =", 1)
    path.write_text(text.replace("mark(str(", 'mark("x" * 5_000_000 + str('))
    for args in (("--recording", "media/recordings/rates.nc"), ("--format", "svg")):
        result = built.teachnet("render", "rates", *args, "--to", "mine", "--theme", "dark")
        assert result.returncode == 0, result.stderr
    for name in ("figures/rates.dark.svg", "rates.dark.svg"):
        assert len(built.files("mine")[name]) > 5_000_000, name
