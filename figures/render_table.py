"""Make a figure module's table in the formats of its files: Markdown, HTML, and drawn as PNG."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import msgspec
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figures.parts import canvas
from figures.parts.canvas import (
    LABEL,
    MARGIN,
    TICK,
    WIDTH,
    Canvas,
    formula_box,
    px,
    text_width,
    wrap,
)
from figures.parts.colors import mix
from figures.parts.marks import dot
from figures.parts.table import Cell, Column, Table, html, markdown, parts
from figures.render import made, png
from look import mathematics
from look.layout import SMALLEST
from look.theme import color
from look.words import Visual
from simulate import recording
from simulate.errors import UserError

GAP = 22.0  # between columns, CSS pixels; where there is little room, `NARROW_GAP`
NARROW_GAP = 14.0
LEADING = 1.34  # of a cell's lines, times the type's size
PAD = 8.0  # over and under a row
TINT = 11.0  # how far a tinted ground reaches beyond its words, sideways
KEY = 15.0  # room that a key's dot takes before the words
COURSE, RISE = 44.0, 16.0  # room that a small curve takes there, and its height
SIZES = (LABEL, TICK, 12.0, SMALLEST)  # the largest type in which the columns fit is taken


def render(
    module: str,
    recordings: Mapping[str, recording.Given],
    theme: str,
    formats: Sequence[str],
    png_width: int = 1440,
    words: Visual | None = None,
) -> dict[str, bytes]:
    """Make the table of `module` in one theme and return its files in the wanted formats.

    Parameters
    ----------
    module, recordings, theme, png_width, words
        As in :func:`figures.render.render`.
    formats : sequence of str
        Of ``"md"``, ``"html"``, ``"png"``.

    Returns
    -------
    dict of str to bytes
        What is in each file, by format.

    Raises
    ------
    UserError
        If the module has no row or no ``table``, a recording that it uses is not given or damaged,
        or the columns don't fit into the width of a post.
    """
    for kind in formats:
        if kind not in WRITERS:
            raise UserError(f"no table format {kind!r}; there are {', '.join(WRITERS)}")
    with made("table", module, recordings, theme, words) as (table, visual):
        said = headline(table, visual)
        return {kind: WRITERS[kind](table, said, png_width) for kind in formats}


def table(
    module: str,
    recordings: Mapping[str, recording.Given],
    theme: str,
    words: Visual | None = None,
) -> tuple[Table, Visual, Figure]:
    """Return the table, its words and its drawing, for a notebook or a test."""
    with made("table", module, recordings, theme, words) as (found, visual):
        said = headline(found, visual)
        return found, said, sheet(found, said)


def headline(table: Table, visual: Visual) -> Visual:
    """Return a visual's words, with the table's own title and subtitle where it has them."""
    own = {"title": table.title, "subtitle": table.subtitle}
    given = {word: said for word, said in own.items() if said is not None}
    return msgspec.structs.replace(visual, **given)


def _md(table: Table, words: Visual, png_width: int) -> bytes:
    return markdown(table, words.title, words.subtitle).encode()


def _html(table: Table, words: Visual, png_width: int) -> bytes:
    return html(table, words.title, words.subtitle).encode()


def _png(table: Table, words: Visual, png_width: int) -> bytes:
    return png(sheet(table, words), words, png_width)


WRITERS: dict[str, Callable[[Table, Visual, int], bytes]] = {"md": _md, "html": _html, "png": _png}


def sheet(table: Table, words: Visual) -> Canvas:
    """Return the drawing of a table under its headline, as high as its words need.

    Raises
    ------
    UserError
        If the columns don't fit, even in the smallest type.
    """
    plan = _fitted(table)
    notes = [line for note in table.notes for line in wrap(note, TICK, WIDTH - 2 * MARGIN)]
    height = plan.height + (14 + len(notes) * TICK * LEADING if notes else 0) + 24
    with canvas.words(words):
        fig = Canvas(height)
    ax = fig.place(0, 0, WIDTH, height)
    ax.set(xlim=(0, WIDTH), ylim=(height, 0))  # data units are CSS pixels
    ax.axis("off")
    top = plan.draw(ax) + 14
    for line in notes:
        top += TICK * LEADING
        _write(ax, MARGIN, top - 4, line, TICK, ink="muted")
    return fig


def _write(
    ax: Axes,
    x: float,
    y: float,
    line: str,
    size: float,
    weight: str = "normal",
    ink: str = "text",
    ha: str = "left",
) -> None:
    maths = mathematics.has(line)
    ax.text(
        x,
        y,
        mathematics.for_matplotlib(line) if maths else line,
        fontsize=px(size),
        weight=weight,
        color=color(ink),
        ha=ha,
        va="baseline",
        parse_math=maths,
    )


@dataclass(frozen=True)
class _Block:
    """Words of one style in a cell, broken into lines; `room` is kept free before them."""

    words: str
    size: float
    weight: str = "normal"
    ink: str = "text"
    room: float = 0

    def lines(self, width: float) -> tuple[str, ...]:
        """Return the lines that fit into `width`; a line break in the words is one here too."""
        return _broken(self.words, self.size, width - self.room, self.weight)

    def wide(self, width: float) -> float:
        """Return how wide the words are when they are broken at `width`."""
        return self.room + max(map(self._width, self.lines(width)), default=0.0)

    def around_point(self) -> tuple[float, float]:
        """Return how wide a number is before and from its point."""
        before, after = parts(self.words.partition("\n")[0])
        return self.room + self._width(before), self._width(after)

    def _width(self, line: str) -> float:
        return _measured(line, self.size, self.weight)[0]

    def around(self, line: str) -> tuple[float, float]:
        """Return how much room a line takes over its baseline and under it."""
        _, over, under = _measured(line, self.size, self.weight)
        return max((LEADING - 0.34) * self.size, over + 4), max(0.34 * self.size, under + 4)

    def high(self, width: float) -> float:
        """Return how high the lines are together."""
        return sum(sum(self.around(line)) for line in self.lines(width))


def _measured(line: str, size: float, weight: str) -> tuple[float, float, float]:
    """Return a line's width, and how far its mathematics reaches over and under its baseline."""
    if not mathematics.has(line):
        return text_width(line, size, weight), 0.0, 0.0
    boxes = [_box(piece, weight) for piece in _PIECES.findall(line)]
    wide = sum(box[0] for box in boxes) + (len(boxes) - 1) * _box("\u00a0", weight)[0]
    _, overs, unders = zip(*boxes, strict=True)
    scale = size / _MEASURED
    return scale * wide, scale * max(overs), scale * max(unders)


_PIECES = re.compile(r"(?:\$[^$]*\$|[^ $])+")  # a formula is not broken
_MEASURED = 20.0  # pixels: type is measured at one size, which takes long enough


@lru_cache(maxsize=4000)
def _box(piece: str, weight: str) -> tuple[float, float, float]:
    return formula_box(mathematics.for_matplotlib(piece), _MEASURED, weight)


@lru_cache(maxsize=2000)
def _broken(words: str, size: float, width: float, weight: str) -> tuple[str, ...]:
    lines: list[str] = []
    for part in words.split("\n"):
        if not mathematics.has(part):
            lines += wrap(part, size, width, weight)
            continue
        lines.append("")
        for piece in _PIECES.findall(part):
            longer = f"{lines[-1]} {piece}".lstrip()
            if not lines[-1] or _measured(longer, size, weight)[0] <= width:
                lines[-1] = longer
            else:
                lines.append(piece)
    return tuple(lines)


_Row = list[list[_Block]]  # the blocks of each cell, one under the other


class _Plan:
    """Where everything stands at one size of type and one gap between columns.

    Attributes
    ----------
    least, most : list of float
        How wide each column must be, and has use for.
    """

    def __init__(self, table: Table, size: float, gap: float) -> None:
        self.size, self.gap = size, gap
        self.room = WIDTH - 2 * MARGIN - gap * (len(table.columns) - 1)
        self.head = [self._head(column) for column in table.columns]
        self.groups = [
            (name, [self._row(cells, table.columns) for cells in rows])
            for name, rows in table.grouped()
        ]
        self.cells = table.cells
        self.heads = [Cell("", key=column.key) for column in table.columns]
        self.aligned = table.aligned
        columns = list(zip(*(row for _, rows in self.groups for row in rows), strict=True))
        # Before and from the point, the widest number of each column.
        self.points = [
            tuple(map(max, zip(*(value.around_point() for value, *_ in column), strict=True)))
            if align == "decimal"
            else (0.0, 0.0)
            for column, align in zip(columns, self.aligned, strict=True)
        ]
        limits = [self._limits(i, column) for i, column in enumerate(columns)]
        self.least, self.most = ([limit[k] for limit in limits] for k in (0, 1))
        self.fits = sum(self.least) <= self.room
        self.widths = self._shared()
        self.lefts = [MARGIN + sum(self.widths[:i]) + i * gap for i in range(len(self.widths))]

    def _head(self, column: Column) -> list[_Block]:
        room = KEY if column.key else 0.0
        note = _Block(column.note, self._small, ink="muted", room=room)
        return [_Block(column.name, self.size, "semibold", room=room)] + [note] * bool(column.note)

    def _row(self, cells: Sequence[Cell], columns: Sequence[Column]) -> _Row:
        row = []
        for i, (cell, column) in enumerate(zip(cells, columns, strict=True)):
            room = COURSE if cell.course else KEY if cell.key else 0.0
            weight = "semibold" if i == 0 or cell.strong or column.verdict else "normal"
            note = _Block(cell.note, self._small, ink="muted", room=room)
            text = str(cell.value)
            size = self.size * (1.1 if mathematics.has(text) else 1)  # its letters are smaller
            value = _Block(text, size, weight, room=room)
            row.append([value] + [note] * bool(cell.note))
        return row

    @property
    def _small(self) -> float:
        return max(self.size - 1, SMALLEST)

    def _limits(self, index: int, column: Sequence[list[_Block]]) -> tuple[float, float]:
        broken = [*self.head[index], *(block for _, *notes in column for block in notes)]
        least = 0.0
        if self.aligned[index] == "decimal":  # a number is not broken
            least = sum(self.points[index])
        else:
            broken += [value for value, *_ in column]
        most = max([least, *(block.wide(1e6) for block in broken)])
        return max([least, *(block.wide(0) for block in broken)]), most

    def _shared(self) -> list[float]:
        """Return the columns' widths: what they need, and what is left by what they have use for.

        As a browser shares the width of a table.
        """
        use = [most - least for least, most in zip(self.least, self.most, strict=True)]
        left = self.room - sum(self.least)
        if sum(use) >= left:
            return [
                least + left * part / max(sum(use), 1e-9)
                for least, part in zip(self.least, use, strict=True)
            ]
        return [most * self.room / sum(self.most) for most in self.most]

    @property
    def height(self) -> float:
        """Height of the table, CSS pixels."""
        rows = [row for _, rows in self.groups for row in rows]
        named = sum(bool(name) for name, _ in self.groups)
        return self._high(self.head) + sum(map(self._high, rows)) + named * self._group_height

    @property
    def _group_height(self) -> float:
        return self.size * LEADING + 2 * PAD + 8

    def _high(self, row: _Row) -> float:
        first = self._first(row)
        return 2 * PAD + max(
            first[i] + sum(block.high(width) for block in blocks)
            for i, (blocks, width) in enumerate(zip(row, self.widths, strict=True))
        )

    def _first(self, row: _Row) -> list[float]:
        """Return by how much each cell is lowered for all first lines to stand on one baseline."""
        over = [
            block.around(block.lines(width)[0])[0] if block.lines(width) else 0.0
            for (block, *_), width in zip(row, self.widths, strict=True)
        ]
        return [max(over) - each for each in over]

    def draw(self, ax: Axes) -> float:
        """Draw everything from 0 down; return where it ends."""
        top = self._draw_row(ax, self.head, 0.0, self.heads, head=True)
        cells = iter(self.cells)
        for name, rows in self.groups:
            if name:
                top += self._group_height
                _write(ax, MARGIN, top - PAD - 4, name, self.size, "semibold", "muted")
                _hairline(ax, top, "quiet")
            for row in rows:
                top = self._draw_row(ax, row, top, next(cells))
        return top

    def _draw_row(
        self, ax: Axes, row: _Row, top: float, cells: Sequence[Cell], *, head: bool = False
    ) -> float:
        bottom = top + self._high(row)
        lowered = self._first(row)
        for i, blocks in enumerate(row):
            y = top + PAD + lowered[i]
            if cells[i].tint:
                self._tint(ax, i, top, bottom)
            if head:  # names stand on the line
                y = bottom - PAD - sum(block.high(self.widths[i]) for block in blocks)
            for k, block in enumerate(blocks):
                number = self.aligned[i] == "decimal" and k == 0 and not head
                lines = (block.words,) if number else block.lines(self.widths[i])
                for line in lines:
                    over, under = block.around(line)
                    x = self._left(i, block, line, number)
                    baseline = y + over
                    y += over + under
                    if cells[i].key and k == 0 and line == lines[0]:
                        _mark(ax, cells[i], x, baseline, block.size)
                    ends = self._ends(i, number)  # letters are not quite as wide as they measure
                    at, ha = (self.lefts[i] + self.widths[i], "right") if ends else (x, "left")
                    _write(ax, at, baseline, line, block.size, block.weight, block.ink, ha)
        _hairline(ax, bottom, "muted" if head else "quiet")
        return bottom

    def _tint(self, ax: Axes, index: int, top: float, bottom: float) -> None:
        """Draw the ground of a cell, up to those beside it."""
        left = self.lefts[index] - TINT
        last = index == len(self.lefts) - 1
        beyond = 0 if self.aligned[index] == "left" else TINT  # no further than the rules
        right = WIDTH - MARGIN + beyond if last else self.lefts[index + 1] - TINT
        ax.add_patch(
            Rectangle((left, top), right - left, bottom - top, linewidth=0, zorder=0.5,
                      facecolor=mix("background", "quiet", 0.45), label="tint")
        )  # fmt: skip

    def _ends(self, index: int, number: bool) -> bool:
        """Return whether a line ends where its column does."""
        align = self.aligned[index]
        return align == "right" or (align == "decimal" and not (number and self.points[index][1]))

    def _left(self, index: int, block: _Block, line: str, number: bool) -> float:
        """Return where a line begins."""
        left, width, align = self.lefts[index], self.widths[index], self.aligned[index]
        if number:
            _, after = self.points[index]
            return left + width - after - block.around_point()[0] + block.room
        free = width - block.room - _measured(line, block.size, block.weight)[0]
        share = {"left": 0.0, "center": 0.5}.get(align, 1.0)
        return left + block.room + share * free


def _fitted(table: Table) -> _Plan:
    """Return the plan in the largest type in which the columns fit."""
    for gap, sizes in ((GAP, SIZES[:2]), (NARROW_GAP, SIZES)):
        for size in sizes:
            plan = _Plan(table, size, gap)
            if plan.fits:
                return plan
    raise UserError(
        f"a table of {len(table.columns)} columns needs {sum(plan.least):.0f} px for its longest "
        f"words, and a post has {plan.room:.0f}; take fewer columns or shorter words"
    )


def _mark(ax: Axes, cell: Cell, x: float, baseline: float, size: float) -> None:
    """Draw a cell's dot, or its small curve, before its words."""
    ink = color(cell.key)
    if not cell.course:
        dot(ax, x - KEY + 4.5, baseline - 0.32 * size, color=ink, size=9, markeredgewidth=0)
        return
    foot = baseline + 2
    across = np.linspace(x - COURSE, x - 10, len(cell.course))
    tops = foot - RISE * np.array(cell.course)
    ax.fill_between(across, foot, tops, color=ink, alpha=0.55, linewidth=0)
    ax.plot(across, tops, color=ink, linewidth=px(1.5), label="course")


def _hairline(ax: Axes, y: float, token: str) -> None:
    ax.plot([MARGIN, WIDTH - MARGIN], [y, y], color=color(token), linewidth=px(1), zorder=1)
