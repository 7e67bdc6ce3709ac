"""What the product's files say of themselves is true, and the command that they name makes them."""

from __future__ import annotations

import hashlib
import json
import shlex
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import click
import pytest
from click.testing import CliRunner

import cli
from look import metadata
from look.words import fill
from pipeline import exports, given, kinds
from pipeline.catalogue import visuals
from pipeline.commands.show import command as show
from pipeline.items import Item, Picture, Preview, Sheet, Variant
from pipeline.qualities import Quality
from pipeline.settings import Settings
from scenes import render
from simulate import recording, roots
from simulate.errors import UserError

STEM = "xor_boundary"
SMALL = Quality("draft", 160, 90, 10, png_width=200)


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory, give: Callable[..., None]) -> Path:
    folder = tmp_path_factory.mktemp("site") / "media"
    give(folder, STEM)
    return folder


def made(item: Item) -> list[Path]:
    """Do an item's work here, its tasks one after the other; return what it wrote."""
    work = item.work()
    values: list[Any] | None = None
    while True:
        try:
            wanted = next(work) if values is None else work.send(values)
        except StopIteration as end:
            return list(end.value)
        values = [task.function(*task.arguments) for task in wanted]  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def film(media: Path) -> list[Path]:
    """A film's files: MP4, poster, descriptions."""
    settings = Settings(media=media, quality=SMALL)
    return made(Picture(settings, visuals()[STEM], kinds.ANIMATION, "dark"))


@pytest.mark.parametrize("kind", [kinds.FIGURE, kinds.ANIMATION])
def test_every_file_says_what_it_is(
    media: Path, film: list[Path], recorded: Callable[[str], Path], kind: kinds.Kind
) -> None:
    item = Picture(Settings(media=media, quality=SMALL), visuals()[STEM], kind, "dark")
    paths = made(item) if kind is kinds.FIGURE else film
    assert {path.suffix for path in paths} == {f".{form.split('.')[-1]}" for form in kind.formats}
    row = fill(visuals()[STEM].row, recording.load(recorded(STEM)).attrs)
    digest = hashlib.sha256(recorded(STEM).read_bytes()).hexdigest()
    for path in paths:
        said = metadata.read(path.read_bytes())
        assert said is not None, path
        assert (said.title, said.alt, said.caption) == (row.title, row.alt, row.caption)
        assert said.recordings == {STEM: digest}
        assert said.command == f"teachnet render {STEM} -q draft"
        assert (said.stem, said.kind, said.theme) == (STEM, kind.name, "dark")
        assert said.source == f"{kind.package}/networks/{STEM}.py"
        assert bool(said.description) == (kind is kinds.ANIMATION)
        assert str(media) not in path.read_bytes().decode("latin-1")
    before = [path.read_bytes() for path in paths]
    if kind is kinds.FIGURE:
        assert [path.read_bytes() for path in made(item)] == before, "the same bytes"
    else:
        said = metadata.tags(item.made)
        one, other = (render.join([before[0]], said, [("A", 0.0, 1.0)]) for _ in range(2))
        assert one == other


def test_a_film_has_chapters_and_says_what_is_seen(
    film: list[Path], recorded: Callable[[str], Path]
) -> None:
    moving, _, text = (path.read_bytes() for path in film)
    job = render.Job(
        module=visuals()[STEM].modules["animation"], recordings={STEM: recorded(STEM)},
        width=160, height=90, fps=10,
    )  # fmt: skip
    plan = render.plan(job)
    with av.open(BytesIO(moving)) as opened:
        chapters = opened.chapters()
        assert opened.duration is not None
        seconds = opened.duration / 1e6
    starts = [chapter["start"] * chapter["time_base"] for chapter in chapters]
    assert [chapter["metadata"]["title"].lower() for chapter in chapters] == [
        name for name, _ in plan.sections
    ]
    assert starts == pytest.approx([frame / 10 for _, frame in plan.sections], abs=0.002)
    assert moving.index(b"moov") < moving.index(b"mdat"), "a browser starts before all is there"
    said = metadata.read(text)
    assert said is not None
    assert said.seconds == pytest.approx(seconds, abs=0.11)
    cues = text.decode().strip().split("\n\n")[2:]
    assert said.description.startswith(cues[0].split("\n")[1])
    assert len(cues[0].split("\n")[1]) > 20
    headlines = [words.split("\n")[0] for _, words in plan.said]
    assert len(headlines) >= 2
    assert [cue.split("\n")[1] for cue in cues[1:]] == headlines[1:]
    assert headlines[0] in cues[0]


def _options(command: str) -> dict[str, Any]:
    """Return what a command line asks for, read by the command itself."""
    program, name, *args = shlex.split(command)
    assert program == "teachnet"
    found = cli.cli.get_command(click.Context(cli.cli), name)
    assert found is not None
    return found.make_context(name, args).params


def test_commands_name_what_was_asked_for(media: Path) -> None:
    entry = visuals()[STEM]
    settings = Settings(media=media)
    changed = Variant("long", {STEM: {"n_steps": 30, "widths": (2, 3), "loss": "mse", "x": None}})
    several = Variant("b", {"one": {"lr": 0.5}, "two": {"lr": 0.25}})
    light = Settings(media=media, theme="both")
    found = {
        item.made.command if item.variant.name != "b" else " ".join(item.options)
        for item in (
            Picture(settings, entry, kinds.FIGURE, "light"),
            Picture(light, entry, kinds.ANIMATION, "light"),
            Picture(settings, entry, kinds.FIGURE, "dark", several),
            Preview(Settings(media=media, quality=SMALL), entry, kinds.PREVIEW, "light", seconds=2),
            Sheet(settings, entry, kinds.SHEET, "dark", count=20),
        )
    }
    assert found == {
        f"teachnet render {STEM}",
        f"teachnet render {STEM} --theme light",
        f"render {STEM} --set one.lr=0.5 --set two.lr=0.25 --as b",
        f"teachnet preview {STEM} --at 2s --theme light",
        f"teachnet sheet {STEM} --frames 20 -q blog",
    }
    options = Picture(settings, entry, kinds.FIGURE, "light", changed).options
    asked = _options(shlex.join(["teachnet", *options]))
    assert asked["sets"] == ("n_steps=30", "widths=2,3", "loss=mse", "x=null")
    assert asked["name"] == "long"


def test_an_export_says_its_format_and_size(media: Path, tmp_path: Path) -> None:
    settings = exports.sized(Settings(media=media, theme="light"), "960x540")
    (item,) = exports.pictures([visuals()[STEM]], ["png"], tmp_path, settings, only="figure")
    asked = _options(item.made.command)
    assert (asked["formats"], asked["only"], asked["size"]) == ("png", "figure", "960")
    (path,) = made(item)
    assert metadata.read(path.read_bytes()) == item.made


def test_what_is_drawn_from_a_file_names_it_without_its_folder(
    media: Path, tmp_path: Path, recorded: Callable[[str], Path]
) -> None:
    mine = tmp_path / "my recording.nc"
    shutil.copy(recorded(STEM), mine)
    items, _ = given.pictures(
        visuals()[STEM], [str(mine)], tmp_path, Settings(media=media, quality=SMALL), "Mine", None
    )
    figure = next(item for item in items if item.kind is kinds.FIGURE and item.theme == "dark")
    paths = made(figure)
    asked = _options(figure.made.command)
    assert (asked["given"], asked["title"]) == (("my recording.nc",), "Mine")
    for path in paths:
        said = metadata.read(path.read_bytes())
        assert said is not None
        assert said.title == "Mine"
        assert said.recordings == {STEM: hashlib.sha256(mine.read_bytes()).hexdigest()}


def test_a_project_is_named(media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "my networks"
    folder.mkdir()
    (folder / roots.MARK).write_text("")
    monkeypatch.setenv(roots.VARIABLE, str(folder))
    item = Picture(Settings(media=media), visuals()[STEM], kinds.FIGURE, "dark")
    assert item.made.command == f"teachnet render {STEM} --project 'my networks'"


def test_show_reads_it_back(media: Path, film: list[Path]) -> None:
    moving, poster, _ = film
    given_media = ["--media", str(media)]
    shown = CliRunner().invoke(show, [str(moving), *given_media])
    assert shown.exit_code == 0, shown.output
    assert "animation of xor_boundary, dark" in shown.output
    assert "(the one here)" in shown.output
    assert "0.0 s One line" in shown.output
    assert shown.output.endswith(f"made again by\n  teachnet render {STEM} -q draft\n")
    said = json.loads(CliRunner().invoke(show, [str(poster), "--json", *given_media]).output)
    assert (said["stem"], said["teachnet"]) == (STEM, metadata.version())
    (media / "other").mkdir(exist_ok=True)
    there = CliRunner().invoke(show, [str(moving), "--media", str(media / "other")]).output
    assert "(not here)" in there


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("mine.png", b"words", "mine.png doesn't say that teachnet made it, or with what"),
        ("mine.svg", b"<svg></svg>", "mine.svg doesn't say that teachnet made it"),
        ("gone.png", None, r"gone.png can't be read \(No such file or directory\)"),
    ],
)
def test_a_file_of_others_is_one_line(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = CliRunner().invoke(show, [str(tmp_path / name), "--media", str(tmp_path)])
    assert isinstance(result.exception, UserError)
    with pytest.raises(UserError, match=said):
        raise result.exception
