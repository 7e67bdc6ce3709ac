"""What a file says of itself, in the way of its format: its words, what it was made of, and how.

Every format has a place for that, which other programs show too (a PNG's text, an SVG's title, a
film's tags); beside it stands one line of JSON, which :func:`read` gets back whole. Nothing in it
depends on the clock, the machine or its folders: the same input gives the same bytes.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from html import escape, unescape
from io import BytesIO
from pathlib import Path

import msgspec

from simulate.errors import UserError

PROGRAM = "teachnet"
CONTAINERS = ("mp4", "webm")  # whose tags are written with the film, by whoever muxes it


class Section(msgspec.Struct, frozen=True):
    """A section of a film: its name, and the second at which it begins."""

    name: str
    start: float


class Made(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"version": PROGRAM}
):
    """What a file says of itself.

    Attributes
    ----------
    stem, kind, theme : str
        Of which visual it is, as what, in which theme.
    title, alt, caption : str
        The visual's words, filled.
    description : str
        Of a film: what happens, in order.
    command : str
        What makes the file again.
    source : str
        The file that draws it, as the project names it.
    recordings : dict of str to str
        SHA-256 of each recording that was drawn, by name.
    version : str
        Of the project.
    seconds : float
        How long a film is.
    sections : list of Section
        Of a film.
    """

    stem: str
    kind: str
    theme: str
    title: str
    alt: str
    command: str
    caption: str = ""
    description: str = ""
    source: str = ""
    recordings: dict[str, str] = {}
    version: str
    seconds: float = 0.0
    sections: list[Section] = []


@cache
def version() -> str:
    """Return the version of the project."""
    from importlib import metadata

    try:
        return metadata.version("teaching-networks")
    except metadata.PackageNotFoundError:  # a copy that nobody installed
        return "unknown"


def stamped(content: bytes, form: str, made: Made) -> bytes:
    """Return a file that says what it is; as it is where its format's writer has said so already.

    Parameters
    ----------
    content : bytes
        What is in the file.
    form : str
        How its name ends: ``"png"``, ``"narrow.svg"``.
    made : Made

    Raises
    ------
    UserError
        If it isn't of that format.
    """
    write = _WRITERS.get(form.rpartition(".")[2])
    if write is None:
        return content
    try:
        return write(content, made)
    except (AttributeError, IndexError, ValueError, struct.error):
        raise UserError(
            f"{made.stem}.{made.theme}.{form} is not a whole file of its format"
        ) from None


def room(form: str, made: Made) -> int:
    """Return the bytes by which stamping makes a film larger."""
    extra = {"gif": lambda: len(_comment(made)), "webp": lambda: len(_chunk(made))}
    return extra[form]() if form in extra else 0


def tags(made: Made) -> dict[str, str]:
    """Return the tags of an MP4 or WebM, for whoever writes it."""
    said = {
        "title": made.title,
        "description": made.alt,
        "synopsis": made.description,
        "comment": line(made),
    }
    return {name: text for name, text in said.items() if text}


def read(content: bytes) -> Made | None:
    """Return what a file says of itself, whatever its name; None if it says nothing of ours."""
    found: str | None = None
    with suppress(
        AttributeError, IndexError, UnicodeDecodeError, ValueError, struct.error, OSError
    ):
        get = next((get for is_it, get in _READERS if is_it(content)), _read_text)
        found = get(content)
    if found is None:
        return None
    try:
        return msgspec.json.decode(found, type=Made)
    except msgspec.MsgspecError:
        return None


def line(made: Made) -> str:
    """Return it as one line of JSON that no format takes for its own: ASCII, no tag, no comment."""
    text = json.dumps(msgspec.to_builtins(made), sort_keys=True)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.replace("--", "-\\u002d")


# ------------------------------------------------------------------------------ pictures

_PNG = b"\x89PNG\r\n\x1a\n"
_WORDS = ("Title", "Description", "Software", PROGRAM)


def _png(content: bytes, made: Made) -> bytes:
    words = (made.title, made.alt, f"{PROGRAM} {made.version}", line(made))
    said = [
        _png_chunk(b"iTXt", key.encode() + b"\0\0\0\0\0" + text.encode())
        for key, text in zip(_WORDS, words, strict=True)
    ]
    header, *rest = _png_chunks(content)
    kept = [
        _png_chunk(name, data)
        for name, data in rest
        if name not in (b"tEXt", b"iTXt")
        or data.partition(b"\0")[0].decode("latin-1") not in _WORDS
    ]
    return b"".join([_PNG, _png_chunk(*header), *said, *kept])


def _png_chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    if not content.startswith(_PNG):
        raise ValueError
    found, place = [], len(_PNG)
    while place < len(content):
        size, name = struct.unpack_from(">I4s", content, place)
        found.append((name, content[place + 8 : place + 8 + size]))
        place += size + 12
    return found


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _read_png(content: bytes) -> str | None:
    start = f"{PROGRAM}\0\0\0\0\0".encode()
    for name, data in _png_chunks(content):
        if name == b"iTXt" and data.startswith(start):
            return data[len(start) :].decode()
    return None


def _svg(content: bytes, made: Made) -> bytes:
    head, opening, rest = re.split(r"(<svg\b[^>]*>)", content.decode(), maxsplit=1)
    rest = re.sub(r"^\s*<title>.*?</title>", "", rest, count=1, flags=re.DOTALL)
    said = (
        f"\n <title>{escape(made.title)}</title>\n <desc>{escape(made.alt)}</desc>"
        f'\n <metadata id="{PROGRAM}">{escape(line(made))}</metadata>'
    )
    return f"{head}{opening}{said}{rest}".encode()


def _read_svg(content: bytes) -> str | None:
    found = re.search(rf'<metadata id="{PROGRAM}">(.*?)</metadata>', content.decode())
    return None if found is None else unescape(found[1])


def _pdf(content: bytes, made: Made) -> bytes:
    """Append a newer version of the document's information, as PDF has it for a change."""
    trailer = content[content.rindex(b"trailer") :]
    root, info, size, before = (
        int(re.search(pattern, trailer)[1])  # type: ignore[index]
        for pattern in (rb"/Root (\d+) 0 R", rb"/Info (\d+) 0 R", rb"/Size (\d+)", rb"xref\s+(\d+)")
    )
    said = {
        "Title": made.title, "Subject": made.alt, "Creator": f"{PROGRAM} {made.version}",
        PROGRAM: line(made),
    }  # fmt: skip
    words = "".join(f"\n/{key} <{_utf16(text)}>" for key, text in said.items())
    start = len(content)
    changed = f"{info} 0 obj\n<<{words} >>\nendobj\n"
    table = start + len(changed)
    return (
        content
        + (
            f"{changed}xref\n{info} 1\n{start:010d} 00000 n \ntrailer\n"
            f"<< /Size {size} /Root {root} 0 R /Info {info} 0 R /Prev {before} >>\n"
            f"startxref\n{table}\n%%EOF\n"
        ).encode()
    )


def _utf16(text: str) -> str:
    return (b"\xfe\xff" + text.encode("utf-16-be")).hex().upper()


def _read_pdf(content: bytes) -> str | None:
    found = re.findall(rb"/" + PROGRAM.encode() + rb" <FEFF([0-9A-F]*)>", content)
    return bytes.fromhex(found[-1].decode()).decode("utf-16-be") if found else None


# ------------------------------------------------------------------------------ films


def _gif(content: bytes, made: Made) -> bytes:
    if not content.startswith(b"GIF8") or not content.endswith(b";"):
        raise ValueError
    return content[:-1] + _comment(made) + b";"


def _comment(made: Made) -> bytes:
    text = line(made).encode()
    parts = [text[k : k + 255] for k in range(0, len(text), 255)]
    return b"!\xfe" + b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _read_gif(content: bytes) -> str | None:
    place = content.rfind(b"!\xfe") + 2  # the last thing in it, and in ASCII
    text = b""
    while place > 1 and (size := content[place]):
        text += content[place + 1 : place + 1 + size]
        place += 1 + size
    return text.decode() if text else None


def _webp(content: bytes, made: Made) -> bytes:
    if content[:4] != b"RIFF" or content[8:16] != b"WEBPVP8X":
        raise ValueError
    has_xmp = bytes([content[20] | 4])
    body = content[8:20] + has_xmp + content[21:] + _chunk(made)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _chunk(made: Made) -> bytes:
    said = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:made="urn:{PROGRAM}">{_alternatives("title", made.title)}'
        f"{_alternatives('description', made.alt)}<made:{PROGRAM}>{escape(line(made))}"
        f"</made:{PROGRAM}></rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()
    return b"XMP " + struct.pack("<I", len(said)) + said + b"\0" * (len(said) % 2)


def _alternatives(name: str, text: str) -> str:
    inside = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt>'
    return f"<dc:{name}>{inside}</dc:{name}>"


def _read_webp(content: bytes) -> str | None:
    found = re.findall(rf"<made:{PROGRAM}>(.*?)</made:{PROGRAM}>".encode(), content)
    return unescape(found[-1].decode()) if found else None


def _read_tags(content: bytes) -> str | None:
    import av

    try:
        with av.open(BytesIO(content)) as film:
            said = {key.lower(): text for key, text in film.metadata.items()}
    except av.FFmpegError:
        return None
    return said.get("comment")


def descriptions(made: Made, cues: Sequence[tuple[float, str]]) -> bytes:
    """Return what is seen in a film as WebVTT: a cue from each time to the next.

    Parameters
    ----------
    made : Made
        Of the film, with its length and its sections.
    cues : sequence of (float, str)
        Second and words; a line break is one there too.
    """
    ends = [*(start for start, _ in cues[1:]), made.seconds]
    blocks = [f"WEBVTT - {_cue_line(made.title)}", f"NOTE {PROGRAM}\n{line(made)}"]
    for (start, words), end in zip(cues, ends, strict=True):
        text = "\n".join(_cue_line(part) for part in words.split("\n") if part.strip())
        blocks.append(f"{_clock(start)} --> {_clock(end)}\n{text}")
    return ("\n\n".join(blocks) + "\n").encode()


def _cue_line(text: str) -> str:
    return escape(re.sub(r"[ \t\r\n]+", " ", text).strip(), quote=False)  # a thin space stays


def _clock(seconds: float) -> str:
    thousandths = round(1000 * seconds)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def _read_vtt(content: bytes) -> str | None:
    found = re.search(rf"^NOTE {PROGRAM}\n(.*)$", content.decode(), re.MULTILINE)
    return None if found is None else found[1]


# ------------------------------------------------------------------------------ pages and tables


def _html(content: bytes, made: Made) -> bytes:
    head, title, rest = content.decode().partition("</title>")
    if not title:
        raise ValueError
    said = {"description": made.alt, "generator": f"{PROGRAM} {made.version}", PROGRAM: line(made)}
    old = rf'<meta name="(?:{"|".join(said)})" content="[^"]*">'
    head = re.sub(rf"{old}\n", "", head)
    rest = re.sub(rf"\A(?:\n{old})+", "", rest)
    words = "".join(
        f'\n<meta name="{name}" content="{escape(text)}">' for name, text in said.items()
    )
    return f"{head}{title}{words}{rest}".encode()


def _read_html(content: bytes) -> str | None:
    found = re.search(rf'<meta name="{PROGRAM}" content="([^"]*)">', content.decode())
    return None if found is None else unescape(found[1])


_MADE_WITH = re.compile(rf"\n*<!-- made with {PROGRAM} (\{{.*\}}) -->\s*\Z")


def _md(content: bytes, made: Made) -> bytes:
    table = plain(content.decode()).rstrip()
    return f"{table}\n\n<!-- made with {PROGRAM} {line(made)} -->\n".encode()


def plain(markdown: str) -> str:
    """Return Markdown without what it says of itself, for a post that takes it over."""
    return _MADE_WITH.sub("\n", markdown)


def _read_text(content: bytes) -> str | None:
    found = _MADE_WITH.search(content.decode())
    return None if found is None else found[1]


# ------------------------------------------------------------------------------

_WRITERS: Mapping[str, Callable[[bytes, Made], bytes]] = {
    "png": _png, "svg": _svg, "pdf": _pdf, "gif": _gif, "webp": _webp, "html": _html, "md": _md,
}  # fmt: skip
_READERS: Sequence[tuple[Callable[[bytes], object], Callable[[bytes], str | None]]] = (
    (lambda content: content.startswith(_PNG), _read_png),
    (lambda content: content.startswith(b"GIF8"), _read_gif),
    (lambda content: content.startswith(b"%PDF"), _read_pdf),
    (lambda content: content.startswith(b"WEBVTT"), _read_vtt),
    (lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP", _read_webp),
    (
        lambda content: content[4:8] == b"ftyp" or content.startswith(b"\x1a\x45\xdf\xa3"),
        _read_tags,
    ),
    (lambda content: re.match(rb"\s*(?:<\?xml|<svg|<!DOCTYPE svg)", content), _read_svg),
    (lambda content: re.match(rb"\s*<(?:!doctype html|html)", content, re.IGNORECASE), _read_html),
)


def pixels(path: Path) -> tuple[int, int] | None:
    """Return width and height of a picture from its first bytes; None if they don't say.

    Of a PNG and a GIF pixels, of an SVG CSS pixels.
    """
    with path.open("rb") as file:
        head = file.read(1000)
    if head.startswith(_PNG) and head[12:16] == b"IHDR":
        wide, high = struct.unpack_from(">II", head, 16)
        return wide, high
    if head.startswith(b"GIF8") and len(head) >= 10:
        wide, high = struct.unpack_from("<HH", head, 6)
        return wide, high
    found = re.search(rb'<svg\b[^>]*?\bwidth="([\d.]+)pt" height="([\d.]+)pt"', head)
    if found:
        wide, high = (round(float(part) * 4 / 3) for part in found.groups())
        return wide, high
    return None
