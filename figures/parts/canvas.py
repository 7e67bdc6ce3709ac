"""The sheet that every figure is drawn on: 720 CSS pixels wide, headline on top, type of the theme.

Everything is measured in CSS pixels as the reader sees them in a post, from the top left, so that a
number in the code is a number that can be checked with a ruler on the page. The figure is 7.5 in at
96 dpi: the SVG says 720 px, and a PNG of 1440 px is the same picture at twice the resolution.

A phone shows 360 px. There a figure's ``draw`` runs again on a narrow sheet, which puts what is
placed and written on it where :mod:`figures.parts.stacking` says: panel under panel.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from look import theme
from look.type import FIGURE
from look.words import Visual
from simulate.errors import UserError

WIDTH = 720.0
DPI = 96.0
MARGIN = 28.0
NARROW, NARROW_MARGIN, NARROW_TITLE = 360.0, 16.0, 20.0  # of the narrow sheet
TITLE, SUBTITLE, LABEL, TICK = FIGURE

# What Source Sans lacks (∇, ᵢ, ⁻) comes from the font that matplotlib brings along; under a name of
# our own, for a system may have another version of it.
SECOND = "what Source Sans lacks"
FAMILY = [theme.FONT, SECOND]

_words: ContextVar[Visual | None] = ContextVar("words", default=None)


@dataclass(frozen=True)
class Box:
    """A rectangle in CSS pixels from under the headline; `top` is less than `bottom`."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Word:
    """A point of the sheet, and what is written there, if anything is."""

    left: float
    baseline: float
    text: str = ""
    size: float = 0.0
    weight: str = "normal"
    side: str = "left"

    @property
    def width(self) -> float:
        """Width of the text, CSS pixels."""
        return text_width(self.text, self.size, self.weight) if self.text else 0.0


@dataclass(frozen=True)
class Plan:
    """Where a narrow sheet puts what goes to other places on the wide one, in the same order."""

    height: float
    boxes: tuple[Box, ...]
    words: tuple[Word, ...]


_plan: ContextVar[Plan | None] = ContextVar("plan", default=None)


@contextmanager
def narrow(plan: Plan) -> Iterator[None]:
    """Make the canvases of this block narrow ones."""
    token = _plan.set(plan)
    try:
        yield
    finally:
        _plan.reset(token)


_groundless: ContextVar[bool] = ContextVar("groundless", default=False)


@contextmanager
def without_ground() -> Iterator[None]:
    """Save the pictures of this block with nothing behind what is drawn."""
    token = _groundless.set(True)
    try:
        yield
    finally:
        _groundless.reset(token)


def is_narrow() -> bool:
    """Tell whether the sheet that is drawn now is the narrow one."""
    return _plan.get() is not None


def px(size: float) -> float:
    """Return CSS pixels as points, in which matplotlib measures type and lines."""
    return size * 72 / DPI


@contextmanager
def words(visual: Visual | None) -> Iterator[None]:
    """Give the canvases made in this block the headline of `visual` (filled)."""
    token = _words.set(visual)
    try:
        yield
    finally:
        _words.reset(token)


@cache
def _register_fonts() -> None:
    for style in ("Regular", "It", "Semibold", "Bold"):
        path = theme.font_directory() / f"SourceSansPro-{style}.ttf"
        font_manager.fontManager.addfont(str(path))
    for file, style, weight in (
        ("DejaVuSans.ttf", "normal", 400),
        ("DejaVuSans-Oblique.ttf", "italic", 400),
        ("DejaVuSans-Bold.ttf", "normal", 600),
    ):
        path = matplotlib.get_data_path() + f"/fonts/ttf/{file}"
        entry = font_manager.FontEntry(fname=path, name=SECOND, style=style, weight=weight)
        font_manager.fontManager.ttflist.append(entry)


@contextmanager
def style() -> Iterator[None]:
    """Draw and save in the current theme within this block, whatever the user's matplotlibrc says.

    Texts keep the family they were made with, so a figure made here may be saved elsewhere; only
    the SVG settings (type as paths, fixed ids) need the saving to happen in here too.

    Raises
    ------
    UserError
        From the block, if none of the fonts has a character.
    """
    _register_fonts()
    color = theme.color
    defaults = {
        key: value
        for key, value in matplotlib.rcParamsDefault.items()
        if not key.startswith(("backend", "interactive", "toolbar", "webagg", "savefig.directory"))
    }
    ours = {
        "font.family": FAMILY,
        "font.size": px(LABEL),
        "mathtext.fontset": "stix",
        "text.parse_math": False,  # words are words: "US$_$"; what is mathematics says so
        "text.color": color("text"),
        "figure.facecolor": color("background"),
        "savefig.facecolor": "none" if _groundless.get() else color("background"),
        "axes.facecolor": "none",
        "axes.edgecolor": color("quiet"),
        "axes.labelcolor": color("muted"),
        "axes.labelsize": px(LABEL),
        "axes.titlesize": px(LABEL),
        "axes.spines.left": False,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.spines.bottom": False,
        "axes.formatter.useoffset": False,
        "axes.axisbelow": True,
        "grid.color": color("quiet"),
        "grid.linewidth": px(1),
        "lines.linewidth": px(2.25),
        "lines.solid_capstyle": "round",
        "lines.solid_joinstyle": "round",
        "svg.fonttype": "path",  # as it is, without the fonts that figures.parts.lettering adds
        "svg.hashsalt": "teaching-networks",
        "pdf.fonttype": 42,  # the fonts themselves, which every program can search and print
    }
    for axis in ("xtick", "ytick"):
        ours |= {
            f"{axis}.color": color("muted"),
            f"{axis}.labelsize": px(TICK),
            f"{axis}.major.size": 0,
            f"{axis}.minor.size": 0,
            f"{axis}.major.pad": px(6),
        }
    with matplotlib.rc_context(defaults | ours), _no_boxes():
        yield


@contextmanager
def _no_boxes() -> Iterator[None]:
    """Refuse a character that none of the fonts has, where matplotlib warns and draws a box."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", r"Glyph \d+ ")
        try:
            yield
        except UserWarning as warning:
            missing = re.match(r"Glyph (\d+) ", str(warning))
            if missing is None:
                raise
            raise UserError(
                f"no font has the character {chr(int(missing[1]))!r}; write another"
            ) from None


@cache
def has(char: str) -> bool:
    """Tell whether one of the fonts has a character."""
    files = [
        theme.font_directory() / "SourceSansPro-Regular.ttf",
        matplotlib.get_data_path() + "/fonts/ttf/DejaVuSans.ttf",
    ]
    return any(font_manager.get_font(str(file)).get_char_index(ord(char)) for file in files)


@lru_cache(8192)  # the same lines again, in every theme and form
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of one line of plain text in CSS pixels."""
    font = FontProperties(family=FAMILY, size=size, weight=weight)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width)


def formula_box(text: str, size: float, weight: str = "normal") -> tuple[float, float, float]:
    """Return width, ascent and descent of a line with LaTeX between dollars, in CSS pixels."""
    font = FontProperties(family=FAMILY, size=size, weight=weight)
    width, height, descent = text_to_path.get_text_width_height_descent(text, font, ismath=True)
    return float(width), float(height - descent), float(descent)


def wrap(text: str, size: float, width: float, weight: str = "normal") -> list[str]:
    """Break `text` into as few lines as fit into `width`, the last at least half as long."""
    lines = _fill(text, size, width, weight)
    for share in (0.9, 0.8, 0.7, 0.6):
        if len(lines) <= 1 or text_width(lines[-1], size, weight) > width / 2:
            break
        narrower = _fill(text, size, width * share, weight)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _fill(text: str, size: float, width: float, weight: str) -> list[str]:
    lines: list[str] = []
    # A number stays with the word after it, "2,000 steps", and a word with what it announces,
    # "Ring: start". Split at plain spaces only: a narrow one holds a number and its % together.
    for word in re.findall(
        r"[\d,.]+ [^ ]+|[^ ]+: (?!\d)[^ ]+|[^ ]+", re.sub(r"[ \t\n]+", " ", text)
    ):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


class Canvas(Figure):
    """A figure with its headline drawn and the space under it in CSS pixels.

    Parameters
    ----------
    height : float
        Height of the space under the headline, CSS pixels; a narrow sheet has its own.
    by_column : bool
        The panels of a column belong together: on the narrow sheet they follow each other.
    narrow : float or True, optional
        The height on the narrow sheet, of a figure that puts everything there itself; such a one
        asks :func:`is_narrow`, and nothing of it is moved. True: a narrow form although nothing
        stands side by side, for the figure is as readable when its panels are drawn narrower.

    Attributes
    ----------
    arranged, narrows : bool
        Whether the figure arranges its narrow form itself, or has one in any case.
    head : float
        Height that the headline takes, CSS pixels.
    width : float
        Of the sheet, CSS pixels.
    boxes, words
        Where the code places axes and writes; on a narrow sheet they land elsewhere.
    placed, written
        The axes and texts themselves, in the same order; None for a point without a text.
    """

    def __init__(
        self, height: float, *, by_column: bool = False, narrow: float | bool | None = None
    ) -> None:
        visual, plan = _words.get(), _plan.get()
        self.by_column = by_column
        self.narrows = bool(narrow)
        self.arranged = self.narrows and narrow is not True
        self.boxes: list[Box] = []
        self.placed: list[Axes] = []
        self.words: list[Word] = []
        self.written: list[matplotlib.text.Text | None] = []
        self._plan = plan
        self.width, margin, size = WIDTH, MARGIN, TITLE
        if plan is not None:
            self.width, margin, size = NARROW, NARROW_MARGIN, NARROW_TITLE
            height = float(narrow or 0) if self.arranged else plan.height
        room = self.width - 2 * margin
        title = wrap(visual.title, size, room, "semibold") if visual else []
        subtitle = wrap(visual.subtitle, SUBTITLE, room) if visual else []
        line, subline = size * 1.22, SUBTITLE * 1.36
        self.head = 0.0
        if title:
            self.head = 22 + len(title) * line + len(subtitle) * subline + 18
        super().__init__(figsize=(self.width / DPI, (self.head + height) / DPI), dpi=DPI)
        FigureCanvasAgg(self)
        top = 22.0
        for row in title:
            self._put(margin, top + 0.8 * line - self.head, row, size, weight="semibold")
            top += line
        top += 4
        for row in subtitle:
            at = top + 0.78 * subline - self.head
            self._put(margin, at, row, SUBTITLE, color=theme.color("muted"))
            top += subline

    @property
    def height(self) -> float:
        """Height of the whole sheet, CSS pixels."""
        return float(self.get_figheight()) * DPI

    def place(self, left: float, top: float, width: float, height: float) -> Axes:
        """Add axes whose data area is this rectangle, CSS pixels from under the headline.

        On a narrow sheet it is where the sheet's plan has it.
        """
        box = Box(left, top, left + width, top + height)
        self.boxes.append(box)
        if self._plan is not None and len(self.boxes) <= len(self._plan.boxes):
            box = self._plan.boxes[len(self.boxes) - 1]
        ax = self.add_axes(
            (
                box.left / self.width,
                1 - (self.head + box.bottom) / self.height,
                (box.right - box.left) / self.width,
                (box.bottom - box.top) / self.height,
            )
        )
        self.placed.append(ax)
        return ax

    def at(self, left: float, top: float) -> tuple[float, float]:
        """Return a point given in CSS pixels from under the headline as shares of the sheet."""
        word = self._planned(Word(left, top))
        self.written.append(None)
        return word.left / self.width, 1 - (self.head + word.baseline) / self.height

    def write(
        self, left: float, baseline: float, text: str, *, size: float = LABEL, **style: Any
    ) -> matplotlib.text.Text:
        """Write a line of plain text at a point given in CSS pixels from under the headline."""
        weight, side = style.get("weight", "normal"), style.get("ha", "left")
        word = self._planned(Word(left, baseline, text, size, weight, side))
        written = self._put(word.left, word.baseline, word.text, size, **style)
        self.written.append(written)
        return written

    def _planned(self, word: Word) -> Word:
        self.words.append(word)
        known = () if self._plan is None else self._plan.words
        return known[len(self.words) - 1] if len(self.words) <= len(known) else word

    def _put(
        self, left: float, baseline: float, text: str, size: float, **style: Any
    ) -> matplotlib.text.Text:
        return self.text(
            left / self.width,
            1 - (self.head + baseline) / self.height,
            text,
            fontsize=px(size),
            va="baseline",
            parse_math=False,
            **style,
        )


def subplots(
    rows: int = 1,
    columns: int = 1,
    *,
    height: float = 380,
    left: float = 64,
    right: float = MARGIN,
    top: float = 26,
    bottom: float = 52,
    gap: tuple[float, float] = (36, 36),
    narrow: bool = False,
) -> tuple[Canvas, Any]:
    """Return a sheet and its axes: one, or an array of shape (rows, columns).

    `left`, `right`, `top` and `bottom` are the margins around the data areas, `gap` the space
    between them across and down, all in CSS pixels. On a narrow sheet they stand in a column;
    `narrow` as in :class:`Canvas`.
    """
    fig = Canvas(height, narrow=narrow)
    across, down = gap
    width = (WIDTH - left - right - across * (columns - 1)) / columns
    tall = (height - top - bottom - down * (rows - 1)) / rows
    axes = np.empty((rows, columns), dtype=object)
    for i in range(rows):
        for j in range(columns):
            axes[i, j] = fig.place(
                left + j * (width + across), top + i * (tall + down), width, tall
            )
    return fig, axes[0, 0] if rows == columns == 1 else axes
