"""What files say of themselves: read back whole, seen by other programs, and harmless to both."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from fractions import Fraction
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from PIL import Image

from look import metadata
from look.metadata import Made, Section
from simulate.errors import UserError

HOSTILE = "a \"b\" <script>x</script> & 'c' --> \\ ]]> ) -- é 学 \u202f𝜃"
MADE = Made(
    stem="race@long",
    kind="figure",
    theme="dark",
    title=f"T {HOSTILE}",
    alt=f"A {HOSTILE}",
    caption=f"C {HOSTILE}",
    command="teachnet render race --set lr=0.1 --as long",
    source="figures/optimizers/race.py",
    recordings={"race@long": "0" * 64},
    version="1.2",
)


def _frames() -> list[Image.Image]:
    pixels = np.random.default_rng(1).integers(0, 255, (3, 12, 20, 3), np.uint8)
    return [Image.fromarray(frame) for frame in pixels]


def _picture(form: str) -> bytes:
    file = BytesIO()
    first, *others = _frames()
    more = {} if form == "png" else {"save_all": True, "append_images": others, "loop": 0}
    first.save(file, format=form, **more)
    return file.getvalue()


def _figure(form: str) -> bytes:
    from matplotlib.figure import Figure

    file = BytesIO()
    fig = Figure(figsize=(2, 1))
    fig.text(0.1, 0.5, "words")
    fig.savefig(
        file,
        format=form,
        metadata={"Title": "old", "CreationDate" if form == "pdf" else "Date": None},
    )
    return file.getvalue()


def _page() -> bytes:
    return (
        b'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        b'<meta name="description" content="old">\n<title>t</title>\n'
        b"</head>\n<body><p>words</p></body>\n</html>\n"
    )


FILES: dict[str, Callable[[], bytes]] = {
    "png": lambda: _picture("png"),
    "gif": lambda: _picture("gif"),
    "webp": lambda: _picture("webp"),
    "svg": lambda: _figure("svg"),
    "pdf": lambda: _figure("pdf"),
    "html": _page,
    "md": lambda: b"**t**\n\n| a |\n| --- |\n| b |\n",
}


@pytest.mark.parametrize("form", FILES)
def test_it_is_read_back_whole(form: str) -> None:
    plain = FILES[form]()
    assert metadata.read(plain) is None
    said = metadata.stamped(plain, f"narrow.{form}", MADE)
    assert metadata.read(said) == MADE
    assert said == metadata.stamped(plain, form, MADE), "the same input, the same bytes"
    again = msgspec.structs.replace(MADE, title="another")
    assert metadata.read(metadata.stamped(said, form, again)) == again


@pytest.mark.parametrize("form", ["png", "gif", "webp"])
def test_pixels_and_frames_stay(form: str) -> None:
    plain, said = (
        Image.open(BytesIO(c)) for c in (FILES[form](), metadata.stamped(FILES[form](), form, MADE))
    )
    for k in range(getattr(plain, "n_frames", 1)):
        plain.seek(k)
        said.seek(k)
        assert np.array_equal(np.asarray(plain.convert("RGB")), np.asarray(said.convert("RGB")))
    assert said.info.get("loop") == plain.info.get("loop")
    if form == "gif":
        assert len(metadata.stamped(FILES[form](), form, MADE)) == len(
            FILES[form]()
        ) + metadata.room(form, MADE)


def test_a_png_says_its_title_once_to_others() -> None:
    before = Image.open(BytesIO(FILES["png"]()))
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Title", "old")
    info.add_text("Author", "somebody")
    file = BytesIO()
    before.save(file, format="png", pnginfo=info)
    said = metadata.stamped(file.getvalue(), "png", MADE)
    assert said.count(b"Title\0") == 1
    found = Image.open(BytesIO(said))
    found.load()
    assert found.text["Title"] == MADE.title  # type: ignore[attr-defined]
    assert found.text["Description"] == MADE.alt  # type: ignore[attr-defined]
    assert found.text["Author"] == "somebody"  # type: ignore[attr-defined]


def test_an_svg_has_title_and_description_first() -> None:
    root = ET.fromstring(metadata.stamped(FILES["svg"](), "svg", MADE))
    space = "{http://www.w3.org/2000/svg}"
    assert [child.tag for child in root][:3] == [
        f"{space}{tag}" for tag in ("title", "desc", "metadata")
    ]
    assert [child.text for child in root][:2] == [MADE.title, MADE.alt]
    assert len(root.findall(f"{space}title")) == 1


def test_a_pdf_is_changed_as_pdfs_are() -> None:
    plain = FILES["pdf"]()
    said = metadata.stamped(plain, "pdf", MADE)
    assert said.startswith(plain), "an update is appended"
    table = int(re.findall(rb"startxref\s+(\d+)\s+%%EOF\s*$", said)[-1])
    assert said[table:].startswith(b"xref\n")
    number, place = re.match(rb"xref\n(\d+) 1\n(\d{10}) 00000 n \n", said[table:]).groups()  # type: ignore[union-attr]
    assert said[int(place) :].startswith(number + b" 0 obj\n<<")
    assert int(re.search(rb"/Prev (\d+)", said[table:])[1]) == plain.rindex(
        b"xref", 0, plain.rindex(b"startxref")
    )  # type: ignore[index]
    title = bytes.fromhex(re.search(rb"/Title <FEFF([0-9A-F]+)>", said[int(place) :])[1].decode())  # type: ignore[index]
    assert title.decode("utf-16-be") == MADE.title


def test_a_page_and_a_table_keep_what_is_in_them() -> None:
    class Reader(HTMLParser):
        found: dict[str, str] = {}  # noqa: RUF012

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag != "script"
            said = dict(attrs)
            if tag == "meta" and "name" in said:
                self.found[str(said["name"])] = str(said["content"])

    page = metadata.stamped(_page(), "html", MADE)
    assert page == metadata.stamped(page, "html", MADE)
    assert page.count(b'name="description"') == 1
    Reader().feed(page.decode())
    assert Reader.found["description"] == MADE.alt
    table = metadata.stamped(FILES["md"](), "md", MADE).decode()
    assert metadata.plain(table).encode() == FILES["md"]()
    assert table.count("-->") == 1
    assert "made with teachnet" not in metadata.plain(table)


@pytest.mark.parametrize(("form", "codec"), [("mp4", "libx264"), ("webm", "libvpx-vp9")])
def test_films_have_tags(form: str, codec: str) -> None:
    file = BytesIO()
    film = msgspec.structs.replace(MADE, kind="animation", seconds=1.0, sections=[Section("A", 0)])
    with av.open(file, "w", format=form) as out:
        out.metadata.update(metadata.tags(film))
        stream = out.add_stream(codec, rate=4)
        stream.width, stream.height, stream.pix_fmt = 32, 16, "yuv420p"  # type: ignore[attr-defined]
        stream.codec_context.time_base = Fraction(1, 4)
        for k in range(4):
            frame = av.VideoFrame.from_ndarray(np.zeros((16, 32, 3), np.uint8), format="rgb24")
            frame.pts = k
            out.mux(stream.encode(frame))  # type: ignore[attr-defined]
        out.mux(stream.encode(None))  # type: ignore[attr-defined]
    assert metadata.read(file.getvalue()) == film
    with av.open(BytesIO(file.getvalue())) as found:
        said = {key.lower(): text for key, text in found.metadata.items()}
    assert (said["title"], said["description"]) == (MADE.title, MADE.alt)


def test_descriptions_are_cues_one_after_the_other() -> None:
    film = msgspec.structs.replace(MADE, seconds=3725.5)
    said = metadata.descriptions(
        film, [(0.0, "A\n\nB --> <c> &"), (1.25, HOSTILE), (3600.0, "5\u202f%")]
    )
    text = said.decode()
    assert text.startswith("WEBVTT - T a")
    blocks = text.strip().split("\n\n")
    assert blocks[1].startswith("NOTE teachnet\n")
    assert blocks[2] == "00:00:00.000 --> 00:00:01.250\nA\nB --&gt; &lt;c&gt; &amp;"
    assert blocks[3].startswith("00:00:01.250 --> 01:00:00.000\n")
    assert blocks[4] == "01:00:00.000 --> 01:02:05.500\n5\u202f%"
    assert text.count("-->") == 3
    assert metadata.read(said) == film


@pytest.mark.parametrize("form", FILES)
def test_what_is_broken_says_nothing_and_breaks_nothing(form: str) -> None:
    said = metadata.stamped(FILES[form](), form, MADE)
    for stop in range(0, len(said), 1 + len(said) // 97):
        found = metadata.read(said[:stop])
        assert found in (None, MADE)
    assert metadata.read(b"") is None
    assert metadata.read(said.replace(b"teachnet", b"touchnet")) is None


@pytest.mark.parametrize("form", ["png", "gif", "webp", "svg", "pdf", "html"])
def test_what_is_another_format_is_not_stamped(form: str) -> None:
    with pytest.raises(UserError, match=rf"race@long.dark.{form} is not a whole file of its form"):
        metadata.stamped(b"words", form, MADE)


def test_sizes_are_read_from_the_first_bytes(tmp_path: Path) -> None:
    for form, size in {"png": (20, 12), "gif": (20, 12), "svg": (192, 96), "pdf": None}.items():
        (tmp_path / f"a.{form}").write_bytes(FILES[form]())
        assert metadata.pixels(tmp_path / f"a.{form}") == size
