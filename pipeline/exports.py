"""Pictures in formats and sizes of choice, in a folder of choice: for posts, slides and papers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import executors
from pipeline.catalogue import Entry, visuals
from pipeline.items import STANDARD, Picture, Variant, Work, stamped
from pipeline.kinds import ANIMATION, FIGURE, KINDS, PAGE, TABLE, Kind
from pipeline.qualities import QUALITIES, Quality
from pipeline.settings import Settings
from simulate.errors import UserError
from simulate.storage.files import write_atomic

# Format -> the kinds that have it. PNG is a figure's or a table's; of a film it is the poster.
FORMATS: dict[str, tuple[Kind, ...]] = {
    "mp4": (ANIMATION,),
    "webm": (ANIMATION,),
    "gif": (ANIMATION,),
    "webp": (ANIMATION,),
    "vtt": (ANIMATION,),
    "svg": (FIGURE,),
    "pdf": (FIGURE,),
    "png": (FIGURE, TABLE, ANIMATION),
    "md": (TABLE,),
    "html": (TABLE, PAGE),
}
TRANSPARENT = ("png", "svg", "pdf", "webm", "webp")  # what can be
WIDE = "16:9"
ASPECTS = {WIDE: (16, 9), "1:1": (1, 1), "9:16": (9, 16)}
SQUEEZED = ("gif", "webm", "webp")  # what --max-bytes can make smaller
USUAL_BYTES = {"gif": 5_000_000}  # where --max-bytes doesn't say otherwise
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


@dataclass(frozen=True, eq=False, kw_only=True)
class Exported(Picture):
    """A picture in one format, always made; of a squeezed film it is noted how."""

    form: str
    folder: Path
    most_bytes: int | None = None
    transparent: bool = False
    aspect: str = WIDE

    @property
    def name(self) -> str:
        return f"{super().name} {self.form}"

    @property
    def forced(self) -> bool:
        return True

    @property
    def outputs(self) -> dict[str, Path]:
        # A film's poster and a figure may both be asked for as PNG.
        poster = "poster." if self.kind is ANIMATION and self.form == "png" else ""
        shape = "" if self.aspect == WIDE else self.aspect.replace(":", "x") + "."
        return {self.form: self.folder / f"{self.stem}.{self.theme}.{shape}{poster}{self.form}"}

    @property
    def options(self) -> list[str]:
        quality = self.settings.quality
        shape = [] if self.aspect == WIDE else ["--aspect", self.aspect]
        only = ["--only", self.kind.name] if len(FORMATS[self.form]) > 1 else []
        as_usual = quality == _shaped(QUALITIES[quality.name], self.aspect)
        size = [] if as_usual else ["--size", str(quality.width if shape else quality.png_width)]
        usual = self.most_bytes == USUAL_BYTES.get(self.form)
        most = [] if usual else ["--max-bytes", str(self.most_bytes)]
        bare = ["--transparent"] if self.transparent else []
        return [*super().options, "--format", self.form, *only, *shape, *size, *most, *bare]

    def reasons(self) -> list[str]:
        return ["asked for"]

    def sources(self) -> Iterable[Path]:
        return ()

    def work(self) -> Work:
        self.check()
        subject = replace(
            self.subject(self.kind), formats=(self.form,), transparent=self.transparent,
            aspect=self.aspect,
        )  # fmt: skip
        path = self.outputs[self.form]
        if self.kind is ANIMATION and self.form in SQUEEZED:
            made, said = yield from ANIMATION.export(subject, self.form, self.most_bytes)
            content = executors.content(stamped({self.form: made}, subject.made)[self.form])
            self.notes.append(f"{path.name}: {said}, {len(content) / 1e6:.2f} MB")
        else:
            files = yield from self.kind.draw(subject)
            only = {self.form: files[self.form]}
            content = executors.content(stamped(only, subject.made)[self.form])
        write_atomic(path, content)
        self.weigh(self.outputs)
        return [path]


def pictures(
    entries: Sequence[Entry],
    formats: Sequence[str],
    folder: Path,
    settings: Settings,
    *,
    only: str | None = None,
    most_bytes: int | None = None,
    transparent: bool = False,
    aspect: str = WIDE,
    variant: Variant = STANDARD,
) -> list[Exported]:
    """Return the items that make visuals in these formats.

    Raises
    ------
    UserError
        If no visual has a picture in one of the formats, one of them can't be transparent or is
        not laid out for the aspect, or none can be made smaller where that is asked for.
    """
    found: list[Exported] = []
    asked = set(SQUEEZED).intersection(formats) if most_bytes is not None else set()
    for form in formats:
        if form not in FORMATS:
            raise UserError(f"no format is called {form!r}; there is {', '.join(FORMATS)}")
        if transparent and form not in TRANSPARENT:
            raise UserError(f"--transparent: {form} can't be; take {', '.join(TRANSPARENT)}")
        made = [
            Exported(settings, entry, kind, theme, variant,
                     form=form, folder=folder,
                     most_bytes=most_bytes if form in asked else USUAL_BYTES.get(form),
                     transparent=transparent, aspect=aspect)
            for entry in entries
            for kind in KINDS
            if kind in FORMATS[form] and kind.name in entry.modules and only in (None, kind.name)
            for theme in settings.themes(kind.themes)
        ]  # fmt: skip
        if not made:
            names = ", ".join(entry.stem for entry in entries)
            kinds = " or ".join(kind.name for kind in FORMATS[form] if only in (None, kind.name))
            raise UserError(
                f"{form} is a format of {kinds or f'no {only}'}; {names} has none to be made so"
            )
        for item in made:
            _check_aspect(item)
        found += made
    if most_bytes is not None and not asked:
        raise UserError(f"--max-bytes is of {', '.join(SQUEEZED)}; {', '.join(formats)} is none")
    return found


def _check_aspect(item: Exported) -> None:
    """Refuse a picture that is not laid out for its aspect; say which are."""
    if item.aspect == WIDE:
        return
    if item.kind is not ANIMATION:
        raise UserError(
            f"--aspect is of films, and {item.stem} {item.form} is a {item.kind.name}; an upright "
            "figure is its narrow form, STEM.THEME.narrow.svg, which `teachnet render` makes"
        )
    if item.aspect not in aspects(item.entry):
        able = [stem for stem, entry in visuals().items() if item.aspect in aspects(entry)]
        there = ", ".join(able) or "none"
        raise UserError(f"{item.stem} is not laid out for {item.aspect}; these films are: {there}")


def aspects(entry: Entry) -> list[str]:
    """Return the aspects for which a visual's film is laid out, as its source says."""
    source = entry.sources.get("animation")
    if source is None or entry.error:
        return []
    for node in ast.parse(source.read_bytes()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ASPECTS":
            return [WIDE, *ast.literal_eval(node.value)]
    return [WIDE]


def shaped(settings: Settings, aspect: str) -> Settings:
    """Return settings in which films have an aspect: their shorter side keeps its pixels."""
    return replace(settings, quality=_shaped(settings.quality, aspect))


def _shaped(quality: Quality, aspect: str) -> Quality:
    if aspect == WIDE:
        return quality
    across, down = ASPECTS[aspect]
    unit = quality.height / min(across, down)
    width, height = (2 * round(unit * side / 2) for side in (across, down))
    return replace(quality, width=width, height=height)


def sized(settings: Settings, size: str) -> Settings:
    """Return settings in which pictures have a size: ``"960"`` or ``"960x540"`` pixels.

    Raises
    ------
    UserError
        If that is no size, or not one that films have.
    """
    match = re.fullmatch(r"(\d{2,4})(?:[x×](\d{2,4}))?", size.lower())
    if match is None:
        raise UserError(
            f"--size is {size!r}; give WIDTH or WIDTHxHEIGHT in pixels, such as 960x540"
        )
    quality = settings.quality
    width = int(match[1])
    height = round(width * quality.height / quality.width)
    if match[2] is not None and abs(int(match[2]) - height) > 1:
        raise UserError(
            f"--size is {size}; that is another shape (see --aspect), and figures are as high as "
            f"they need, so say {width}x{height}, or the width alone"
        )
    if width < 160 or width > 3840:
        raise UserError(f"--size is {size}; take a width of 160 to 3840 pixels")
    # The encoders want even numbers.
    even = replace(quality, width=width + width % 2, height=height + height % 2, png_width=width)
    return replace(settings, quality=even)


SMALLEST = 10_000  # bytes: less than what a film says of itself and one frame take


def n_bytes(text: str) -> int:
    """Return the number that a size such as ``"4MB"`` stands for.

    Raises
    ------
    UserError
        If it is none, or no file can be so small.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]?)b?", text.strip().lower())
    if match is None or float(match[1]) == 0:
        raise UserError(f"--max-bytes is {text!r}; give a size such as 4MB, 500kB or 80000")
    n = int(float(match[1]) * _UNITS[match[2]])
    if n < SMALLEST:
        raise UserError(f"--max-bytes is {text!r}, {n:,} bytes; no film is as small as that")
    return n
