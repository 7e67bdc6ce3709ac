"""Formats and sizes of choice: what is asked for is made, into the folder that is named."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from figures import render
from pipeline import exports, tasks
from pipeline.catalogue import visuals
from pipeline.commands.render import command
from pipeline.items import Picture
from pipeline.kinds import ANIMATION
from pipeline.qualities import QUALITIES
from pipeline.settings import Settings
from simulate.errors import UserError
from tests.pipeline._clone import Clone


def test_each_format_has_the_kinds_that_make_it(tmp_path: Path) -> None:
    entries = visuals()
    settings = Settings(media=tmp_path, theme="dark")
    both = [entries["learning_rates"], entries["variants_table"]]
    found = exports.pictures(both, ["gif", "pdf", "png", "md"], tmp_path / "out", settings)
    assert sorted(path.name for item in found for path in item.outputs.values()) == [
        "learning_rates.dark.gif",
        "learning_rates.dark.pdf",
        "learning_rates.dark.png",
        "learning_rates.dark.poster.png",
        "variants_table.dark.md",
        "variants_table.dark.png",
    ]
    only = exports.pictures(both, ["png"], tmp_path, settings, only="figure")
    assert [item.stem for item in only] == ["learning_rates"]


@pytest.mark.parametrize(
    ("formats", "only", "message"),
    [
        ("avi", None, "no format is called 'avi'; there is mp4, webm, gif"),
        ("gif", None, "gif is a format of animation; variants_table has none to be made so"),
        ("svg", "table", "svg is a format of no table; variants_table has none"),
    ],
)
def test_what_cannot_be_made_is_one_line(
    tmp_path: Path, formats: str, only: str | None, message: str
) -> None:
    with pytest.raises(UserError, match=message):
        exports.pictures(
            [visuals()["variants_table"]], [formats], tmp_path, Settings(media=tmp_path), only=only
        )


@pytest.mark.parametrize(
    ("text", "n"), [("4MB", 4_000_000), ("500 kB", 500_000), ("80000", 80_000)]
)
def test_sizes_in_bytes(text: str, n: int) -> None:
    assert exports.n_bytes(text) == n


@pytest.mark.parametrize("text", ["", "0", "MB", "4 miles", "-3MB"])
def test_no_size_in_bytes(text: str) -> None:
    with pytest.raises(UserError, match=r"--max-bytes is .*give a size such as 4MB"):
        exports.n_bytes(text)


def test_so_few_bytes_are_refused_before_anything_is_drawn() -> None:
    with pytest.raises(UserError, match=r"--max-bytes is '9kB', 9,000 bytes; no film is as small"):
        exports.n_bytes("9kB")
    assert exports.n_bytes("10kB") == 10_000


def test_sizes_in_pixels(tmp_path: Path) -> None:
    settings = Settings(media=tmp_path, quality=QUALITIES["blog"])
    made = exports.sized(settings, "961").quality
    assert (made.width, made.height, made.fps, made.png_width) == (962, 542, 30, 961)
    assert exports.sized(settings, "960x540").quality.height == 540
    for wrong, message in (
        ("720x720", "another shape .see --aspect.* so say 720x405"),
        ("wide", "give WIDTH or WIDTHxHEIGHT"),
        ("90", "take a width of 160 to 3840"),
    ):
        with pytest.raises(UserError, match=message):
            exports.sized(settings, wrong)


def test_a_film_that_is_too_heavy_for_a_post_is_told_in_a_line(
    tmp_path: Path, give: Callable[..., None]
) -> None:
    media = tmp_path / "media"
    give(media, "neuron")
    film = bytes(3_100_000)
    for quality, said in (
        ("blog", ["neuron.dark.mp4 has 3.10 MB, and at -q blog 3 MB are the most; "
                  "shorten it, or let less move at once"]),
        ("hd", []),
    ):  # fmt: skip
        settings = Settings(media=media, quality=QUALITIES[quality])
        item = Picture(settings, visuals()["neuron"], ANIMATION, "dark")
        item.put({"mp4": film}, {})
        assert item.notes == said
        item = Picture(settings, visuals()["neuron"], ANIMATION, "dark")
        item.put({"mp4": film[:2_900_000]}, {})
        assert item.notes == []


def test_a_gif_is_five_megabytes_at_most_unless_another_size_is_asked_for(tmp_path: Path) -> None:
    settings, entries = Settings(media=tmp_path), [visuals()["neuron"]]
    for asked, most in ((None, 5_000_000), (80_000, 80_000)):
        (item,) = exports.pictures(entries, ["gif"], tmp_path, settings, most_bytes=asked)
        assert item.most_bytes == most
        assert ("--max-bytes" in item.options) is (asked is not None)
    # what can't be squeezed says nothing of it
    film, _ = exports.pictures(entries, ["mp4", "gif"], tmp_path, settings, most_bytes=80_000)
    assert film.most_bytes is None
    assert "--max-bytes" not in film.options


def test_a_pdf_is_the_figure_always_the_same(recorded: Callable[[str], Path]) -> None:
    paths = {"network_parameters": recorded("network_parameters")}
    module = visuals()["network_parameters"].modules["figure"]
    one, other = (render.render(module, paths, "light", ("pdf",))["pdf"] for _ in range(2))
    assert one == other
    assert one.startswith(b"%PDF")
    assert b"CreationDate" not in one
    # its fonts are inside, as such: what is written can be searched and copied
    assert one.count(b"/FontFile2") >= 2
    assert b"/Type3" not in one


def test_a_transparent_figure_has_nothing_behind_it(recorded: Callable[[str], Path]) -> None:
    paths = {"network_parameters": recorded("network_parameters")}
    module = visuals()["network_parameters"].modules["figure"]
    opaque, bare = (
        tasks.draw(module, paths, "light", None, ("png", "svg", "pdf"), 360, transparent)
        for transparent in (False, True)
    )
    corners = [Image.open(BytesIO(files["png"])).convert("RGBA") for files in (opaque, bare)]
    assert [corner.getpixel((0, 0)) for corner in corners] == [(255,) * 4, (255, 255, 255, 0)]
    assert corners[0].size == corners[1].size
    assert b'id="patch_1"' in opaque["svg"]
    assert b"fill: #ffffff" in opaque["svg"].partition(b'id="patch_2"')[0]
    assert b"fill: #ffffff" not in bare["svg"].partition(b'id="patch_2"')[0]
    assert opaque["pdf"] != bare["pdf"]


def test_a_film_that_is_not_laid_out_names_those_that_are(tmp_path: Path) -> None:
    settings = Settings(media=tmp_path)
    with pytest.raises(UserError, match=r"neuron is not laid out for 9:16; .*descent_one_param"):
        exports.pictures([visuals()["neuron"]], ["mp4"], tmp_path, settings, aspect="9:16")
    with pytest.raises(UserError, match=r"--aspect is of films, .* svg is a figure; an upright"):
        exports.pictures(
            [visuals()["descent_one_parameter"]], ["svg"], tmp_path, settings, aspect="9:16"
        )
    (film,) = exports.pictures(
        [visuals()["descent_one_parameter"]], ["mp4"], tmp_path, settings, aspect="9:16"
    )
    assert [path.name for path in film.outputs.values()] == ["descent_one_parameter.dark.9x16.mp4"]
    made = exports.shaped(settings, "9:16").quality
    assert (made.width, made.height) == (720, 1280)
    assert exports.sized(exports.shaped(settings, "9:16"), "361").quality.height == 642


def test_what_can_be_transparent_is_said(tmp_path: Path) -> None:
    entries = [visuals()["neuron"]]
    for form in ("mp4", "gif"):
        with pytest.raises(UserError, match=f"--transparent: {form} can't be; take png, svg, pdf"):
            exports.pictures(
                entries, ["webm", form], tmp_path, Settings(media=tmp_path), transparent=True
            )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["a", "--size", "960"], "--size goes with --format"),
        (["a", "--transparent"], "--transparent goes with --format"),
        (["a", "--to", "x"], "--to goes with --recording or --format"),
        (["--format", "gif"], "--format makes what is named; give a STEM"),
    ],
)
def test_options_that_do_not_belong_are_refused(given: list[str], said: str) -> None:
    result = CliRunner().invoke(command, given)
    assert result.exit_code == 2
    assert said in result.output


def test_the_command_makes_them_beside_nothing_else(clone: Clone) -> None:
    done = clone.teachnet("render", "rates", "--format", "svg", "--theme", "dark", "--to", "out")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (clone.root / "out").iterdir()] == ["rates.dark.svg"]
    assert not (clone.media / "figures").exists()
