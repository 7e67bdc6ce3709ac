"""Which edit makes what again."""

from __future__ import annotations

import json
import os

import pytest

from tests.pipeline._clone import Clone
from tests.pipeline.conftest import RACE, RATES, SEGMENTS


def made(clone: Clone) -> tuple[list[str], list[str]]:
    result = clone.teachnet("all")
    assert result.returncode == 0, result.stderr
    return clone.done()


def why(clone: Clone, stem: str, *options: str) -> dict[str, list[str]]:
    result = clone.teachnet("why", stem, "--json", *options)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)[stem]


def test_touching_files_makes_nothing_again(built: Clone) -> None:
    for path in built.root.rglob("*"):
        if path.suffix in (".py", ".nc", ".svg", ".png", ".mp4"):
            os.utime(path)
    built.replace("figures/chapter/race.py", "def draw", "# a remark\n\n\ndef draw")
    result = built.teachnet("all")
    assert (result.stdout, built.done()) == ("", ([], []))
    fresh = "2 recordings, 5 pictures and the gallery fresh"
    assert result.stderr == f"teachnet: nothing to do: {fresh}\n"
    assert built.teachnet("why", "race").stdout == "race: fresh\n"


def test_learning_rate_trains_the_runs_that_use_it(built: Clone) -> None:
    built.add_optimizer("sgd", lr=0.25)
    reasons = why(built, "race")
    assert reasons["race recording"] == ["simulate/optimizers/sgd.py changed"]
    assert reasons["race figure dark"] == []  # not yet: its recording may come out the same
    assert made(built) == (["sgd"], RACE + SEGMENTS)


@pytest.mark.parametrize("presentation", [{"label": "Plain"}, {"color": "green"}])
def test_label_and_color_train_nothing(built: Clone, presentation: dict[str, str]) -> None:
    (field, value) = next(iter(presentation.items()))
    old = {"label": 'label="SGD"', "color": 'color="blue"'}[field]
    built.replace("simulate/optimizers/sgd.py", old, f'{field}="{value}"')
    reasons = why(built, "race")
    assert reasons["race recording"] == []
    assert reasons["race figure dark"] == ["label and colour in simulate/optimizers/sgd.py changed"]
    assert made(built) == ([], RACE + SEGMENTS)
    assert value in (built.media / "figures/race.dark.svg").read_text()


def test_new_optimizer_trains_that_one(built: Clone) -> None:
    built.add_optimizer("lion", lr=0.75)
    assert made(built) == (["lion"], RACE + SEGMENTS)
    assert "LION" in (built.media / "figures/race.dark.svg").read_text()


def test_optimizer_that_is_gone_leaves_the_pictures(built: Clone) -> None:
    (built.root / "simulate/optimizers/sgd.py").unlink()
    assert any("sgd" in reason for reason in why(built, "race")["race recording"])
    assert made(built) == ([], RACE + SEGMENTS)
    assert "SGD" not in (built.media / "figures/race.dark.svg").read_text()


def test_helper_that_is_no_python_is_named(built: Clone) -> None:
    built.write("figures/parts/marks.py", "def mark(\n")
    told = "figures/parts/marks.py:1: '(' was never closed"
    assert told in why(built, "rates")["rates figure dark"][0]
    result = built.teachnet("all")
    assert result.returncode == 1
    assert told in result.stderr
    assert "Traceback" not in result.stderr


def test_words_redraw_their_visual(built: Clone) -> None:
    built.replace("figures/chapter/rates.py", "Rates on", "Two rates on")
    assert why(built, "rates")["rates figure light"] == [
        "the words in figures/chapter/rates.py changed"
    ]
    assert made(built) == ([], RATES)


def test_scene_renders_only_the_animation(built: Clone) -> None:
    built.replace("scenes/chapter/race.py", "pass", "seconds = 3")
    assert made(built) == ([], SEGMENTS)


def test_theme_redraws_everything(built: Clone) -> None:
    built.replace("figures/parts/marks.py", "def mark", "from look import theme\n\ndef mark")
    made(built)
    built.replace("look/theme.py", '"#12141a"', '"#000000"')
    assert made(built) == ([], RACE + RATES)
    assert made(built) == ([], [])


def test_recording_that_comes_out_the_same_redraws_nothing(built: Clone) -> None:
    built.replace(
        "simulate/experiments/chapter/_shared.py", "labels = list(runs)", "labels = [*runs]"
    )
    result = built.teachnet("all")
    assert sorted(result.stdout.split()) == [
        "media/recordings/race.nc",
        "media/recordings/rates.nc",
    ]
    assert built.done() == ([], [])


def test_missing_and_edited_outputs_are_made_again(built: Clone) -> None:
    (built.media / "figures/rates.dark.svg").unlink()
    (built.media / "figures/rates.light.png").write_text("scribble")
    reasons = why(built, "rates")
    assert reasons["rates figure dark"] == ["figures/rates.dark.svg is missing"]
    assert reasons["rates figure light"] == ["figures/rates.light.png is damaged or was edited"]
    assert made(built) == ([], RATES)


def test_a_figure_has_a_narrow_form_as_long_as_panels_stand_side_by_side(built: Clone) -> None:
    narrow = [f"figures/race.{theme}.narrow.{form}" for theme in ("dark", "light")
              for form in ("svg", "png")]  # fmt: skip
    built.replace("figures/chapter/race.py", 'return " ".join', 'return "side by side" + " ".join')
    made(built)
    assert [name for name in narrow if not (built.media / name).exists()] == []
    (race,) = json.loads(built.teachnet("list", "race", "--json").stdout)
    assert {*narrow} < {file["path"] for file in race["files"]}
    (built.media / narrow[0]).unlink()
    assert why(built, "race")["race figure dark"] == [f"{narrow[0]} is missing"]
    built.replace("figures/chapter/race.py", 'return "side by side" + " ".join', 'return " ".join')
    made(built)
    assert [name for name in narrow if (built.media / name).exists()] == []


def test_settings_are_named(built: Clone) -> None:
    assert why(built, "race", "-q", "hd")["race animation dark"] == [
        "the settings changed from 1280×720 at 30 fps to 1920×1080 at 60 fps"
    ]


def test_drafts_never_overwrite_a_finished_picture(built: Clone) -> None:
    before = {name: data for name, data in built.files().items() if not name.startswith("draft")}
    result = built.teachnet("render", "rates", "-q", "draft", "--theme", "dark")
    assert result.stdout.split() == [
        "media/draft/figures/rates.dark.svg",
        "media/draft/figures/rates.dark.png",
    ]
    after = built.files()
    assert {name: after[name] for name in before} == before
    assert built.done() == ([], ["rates.dark"])


def test_other_digits_make_stale_what_uses_digits(built: Clone) -> None:
    folder = built.root / "digits"
    folder.mkdir()
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (folder / f"{name}-ubyte.gz").write_bytes(b"not read to decide")
    given = ("--data", str(folder), "--label", "Old coins")
    reasons = why(built, "rates", *given)
    assert reasons["rates recording"] == ["data changed from digits to Old coins"]
    assert why(built, "race", *given)["race recording"] == []
    assert why(built, "rates")["rates recording"] == []  # to look decides nothing


def test_forced(built: Clone) -> None:
    assert built.teachnet("render", "rates", "--force").returncode == 0
    assert built.done() == ([], RATES)
    assert built.teachnet("record", "race", "--force").returncode == 0
    assert built.done() == (["adam", "sgd"], [])
