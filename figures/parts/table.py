"""A table as data, and as Markdown and HTML. Its picture is drawn by ``figures.render_table``.

A figure module holds, beside ``draw`` or instead of it, a function::

    def table(recording):
        columns = [Column("layer"), Column("parameters"), Column("time", unit="ms")]
        return Table(columns, rows=[["1", 50_240, 0.31], ["2", 650, 0.02]])

All three forms are made of the same cells, so that none can say what another does not. Mathematics
in a cell or a note stands between dollars, as rows state it: ``"$θ ← θ − η g / √G$"``
(:mod:`look.mathematics`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from numbers import Real
from typing import Any, Literal

import numpy as np

from look import mathematics, theme
from look.numbers import form
from simulate.errors import UserError

Align = Literal["left", "right", "center", "decimal"]
NONE = "–"  # a cell without a value
FIGURE_SPACE, PUNCTUATION_SPACE = "\u2007", "\u2008"  # as wide as a digit, as a point


@dataclass(frozen=True)
class Column:
    """What stands in a column.

    Attributes
    ----------
    heading : str
        Its name.
    unit : str
        Of its numbers: ``"ms"``; written behind the name.
    note : str
        A muted line under the name.
    key : str
        A colour of the theme: a dot before the name.
    align : str
        ``"left"``, ``"right"``, ``"center"``, ``"decimal"``; left out, numbers stand with their
        points under each other and words at the left.
    form : str
        Format of its numbers, such as ``".3f"``; left out, whole numbers are written in full and
        others with three digits.
    verdict : bool
        Whether it is what the table comes to: set apart, and in a heavier type.
    """

    heading: str
    unit: str = ""
    note: str = ""
    key: str = ""
    align: Align | None = None
    form: str = ""
    verdict: bool = False

    @property
    def name(self) -> str:
        """The heading with its unit."""
        return f"{self.heading} ({self.unit})" if self.unit else self.heading


@dataclass(frozen=True)
class Cell:
    """A cell that is more than a value.

    Attributes
    ----------
    value : str, number or None
        None, and a number that is none, are written as a dash.
    note : str
        A muted line under it, or several.
    key : str
        A colour of the theme: a dot before the value, as a line in a figure has at its end.
    course : tuple of float
        Heights in [0, 1] of a small curve in that colour, in place of the dot.
    strong : bool
        Whether it is what to look at first, in its column or row.
    tint : bool
        Whether its ground is tinted: what the table comes to, seen from afar.
    """

    value: str | float | None
    note: str = ""
    key: str = ""
    strong: bool = False
    course: tuple[float, ...] = ()
    tint: bool = False


@dataclass(frozen=True)
class Table:
    """Columns and rows; the first column is what the rows are called.

    Attributes
    ----------
    columns : sequence of Column
    rows : sequence of sequence
        Strings, numbers, None, or a `Cell`; as many as there are columns.
    groups : sequence of str
        The group of each row, where there are groups; rows of one stand together under its name.
    notes : sequence of str
        What is to be said under the table.
    title, subtitle : str
        Templates, where they differ from the visual's own; a subtitle of ``""`` is none.

    Raises
    ------
    UserError
        If a row has more or fewer cells than there are columns, there are no rows, or not every
        row has a group.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    groups: Sequence[str] = ()
    notes: Sequence[str] = ()
    title: str | None = None
    subtitle: str | None = None

    def __post_init__(self) -> None:
        if not self.columns or not self.rows:
            raise UserError(
                f"a table of {len(self.columns)} columns and {len(self.rows)} rows shows nothing; "
                "give it at least one of each"
            )
        for row in self.rows:
            if len(row) != len(self.columns):
                raise UserError(
                    f"the row {[cell.value for cell in map(_cell, row)]} has {len(row)} cells for "
                    f"{len(self.columns)} columns; give one a column"
                )
        if self.groups and len(self.groups) != len(self.rows):
            raise UserError(
                f"{len(self.groups)} groups for {len(self.rows)} rows; give one a row, or none"
            )

    @property
    def cells(self) -> list[list[Cell]]:
        """Every cell with its value as text, row by row."""
        return [
            [
                replace(cell, value=text(cell.value, column.form))
                for cell, column in zip(map(_cell, row), self.columns, strict=True)
            ]
            for row in self.rows
        ]

    @property
    def aligned(self) -> list[Align]:
        """How each column stands."""
        return [
            column.align or _align([_cell(row[i]).value for row in self.rows])
            for i, column in enumerate(self.columns)
        ]

    def grouped(self) -> Iterator[tuple[str, list[list[Cell]]]]:
        """Go through the groups with their rows; a table without has one, without a name."""
        names = self.groups or [""] * len(self.rows)
        pairs = zip(names, self.cells, strict=True)
        for name, rows in groupby(pairs, key=lambda pair: pair[0]):
            yield name, [cells for _, cells in rows]


def _cell(value: Any) -> Cell:
    return value if isinstance(value, Cell) else Cell(value)


def _align(values: Sequence[Any]) -> Align:
    numbers = [isinstance(value, Real) for value in values if value is not None]
    return "decimal" if numbers and all(numbers) else "left"


def text(value: Any, spec: str = "") -> str:
    """Write a cell's value: words as they are, numbers as every picture writes them.

    Examples
    --------
    >>> [text(value) for value in (50_240, 0.31234, 2.5e-7, None, "ReLU")]
    ['50,240', '0.312', '2.5 × 10⁻⁷', '–', 'ReLU']
    >>> text(0.802, ".1%")
    '80.2\u202f%'
    """
    if value is None or (isinstance(value, Real) and np.isnan(float(value))):
        return NONE
    if not isinstance(value, Real):
        return str(value)
    return form(value, spec)


def parts(value: str) -> tuple[str, str]:
    """Return what stands before and after the place where numbers are aligned.

    Examples
    --------
    >>> parts("1,234.5"), parts("12"), parts("80.2 %")
    (('1,234', '.5'), ('12', ''), ('80', '.2 %'))
    """
    before, point, after = value.partition(".")
    return before, point + after


def markdown(table: Table, title: str, subtitle: str) -> str:
    r"""Return a table as GitHub-flavoured Markdown, its headline in bold above it.

    Examples
    --------
    >>> print(markdown(Table([Column("a|b"), Column("t", "ms")], [["x", 1.5]]), "T", ""), end="")
    **T**
    <BLANKLINE>
    | a\|b | t (ms) |
    | :--- | ---: |
    | x | 1.5 |
    """
    rules = {"left": ":---", "right": "---:", "center": ":---:", "decimal": "---:"}
    headings = [
        _escaped(column.name) + (f"<br>{_escaped(column.note)}" if column.note else "")
        for column in table.columns
    ]
    lines = [_line(headings), _line([rules[align] for align in table.aligned])]
    for group, rows in table.grouped():
        if group:
            lines.append(_line([f"**{_escaped(group)}**", *[""] * (len(headings) - 1)]))
        for cells in rows:
            lines.append(
                _line(
                    [
                        _marked(cell, column)
                        for cell, column in zip(cells, table.columns, strict=True)
                    ]
                )
            )
    blocks = [f"**{_escaped(title)}**", _paragraph(subtitle), "\n".join(lines)]
    blocks += [_paragraph(note) for note in table.notes]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _marked(cell: Cell, column: Column) -> str:
    value = _escaped(str(cell.value))
    if cell.strong or column.verdict:
        value = f"**{value}**"
    return value + (f"<br>{_escaped(cell.note)}" if cell.note else "")


def _paragraph(words: str) -> str:
    """Return words as a paragraph of their own: no item, no rule, no quotation, no code."""
    return re.sub(r"^([-+=&]|\d+(?=[.)]))", _literally, _escaped(words).lstrip())


def _literally(match: re.Match[str]) -> str:
    start = match[1]
    return f"\\{start}" if not start.isdigit() else f"{start}\\"


def _escaped(words: str) -> str:
    """Return words that Markdown leaves alone, on one line; mathematics as LaTeX."""
    lines = (line.strip() for line in re.split(r"\r\n?|\n", words))
    return "<br>".join(mathematics.spelled(line, _dollars, _literal) for line in lines)


def _dollars(formula: str) -> str:
    return f"${mathematics.latex(formula)}$"


def _literal(words: str) -> str:
    return re.sub(r"([\\|*_`\[\]<>~$#&])", r"\\\1", words)


def html(table: Table, title: str, subtitle: str) -> str:
    """Return a table as a page that needs nothing else, in the current theme.

    It is as wide as a post (720 px); where it is wider than the screen it scrolls sideways, its
    headline and the names of its rows staying where they are.
    """
    return f"""\
<!doctype html>
<html lang="en" style="color-scheme: {theme.current().name}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>
{_style()}
</style>
</head>
<body>
{_region(table, title, subtitle)}
</body>
</html>
"""


def _region(table: Table, title: str, subtitle: str) -> str:
    aligned = table.aligned
    heads = "".join(map(_th, table.columns, aligned))
    padding = [_padding(column) for column in zip(*table.cells, strict=True)]
    bodies = []
    for group, rows in table.grouped():
        lines = []
        if group:
            span = len(table.columns)
            lines.append(
                f"<tr><th scope=rowgroup class=group colspan={span}>"
                f"<span>{escape(group)}</span></th></tr>"
            )
        for cells in rows:
            row = [
                _td(cell, column, align, padding[i], i == 0)
                for i, (cell, column, align) in enumerate(
                    zip(cells, table.columns, aligned, strict=True)
                )
            ]
            lines.append(f"<tr>{''.join(row)}</tr>")
        bodies.append("<tbody>\n" + "\n".join(lines) + "\n</tbody>")
    under = f"<span class=subtitle>{escape(subtitle)}</span>" if subtitle else ""
    notes = "\n".join(f"<p>{_html(note)}</p>" for note in table.notes)
    return "\n".join(
        line
        for line in (
            "<div class=tn>",
            # A region that scrolls must be reachable by keyboard, and then it needs a name.
            '<div class=scroll role=region aria-labelledby="headline" tabindex=0>',
            "<table>",
            f'<caption><span class=title id="headline">{escape(title)}</span>{under}</caption>',
            f"<thead>\n<tr>{heads}</tr>\n</thead>",
            *bodies,
            "</table>",
            "</div>",
            notes,
            "</div>",
        )
        if line
    )


def _th(column: Column, align: Align) -> str:
    if not column.name:
        return "<td></td>"  # a heading without words is none
    return (
        f"<th scope=col{_class(align, column)}>{_dot(column.key)}{escape(column.heading)}"
        + (f" <span class=unit>({escape(column.unit)})</span>" if column.unit else "")
        + (f"<small>{escape(column.note)}</small>" if column.note else "")
        + "</th>"
    )


def _td(cell: Cell, column: Column, align: Align, padding: dict[str, str], first: bool) -> str:
    value = str(cell.value)
    shown = _html(value).replace("\n", "<br>") + (padding[value] if align == "decimal" else "")
    shown = (_curve(cell) if cell.course else _dot(cell.key)) + shown
    if cell.strong:
        shown = f"<strong>{shown}</strong>"
    if cell.note:
        note = _html(cell.note).replace("\n", "<br>")
        shown += f"<small>{note}</small>"
    tag, scope = ("th", " scope=row") if first else ("td", "")
    return f"<{tag}{scope}{_class(align, column, tint=cell.tint)}>{shown}</{tag}>"


def _dot(key: str) -> str:
    return f'<i style="background: {theme.color(key)}"></i>' if key else ""


def _curve(cell: Cell) -> str:
    """Return the area under a cell's small curve."""
    last = max(len(cell.course) - 1, 1)
    points = [f"{32 * i / last:.1f},{15 - 14 * height:.1f}" for i, height in enumerate(cell.course)]
    return (
        f'<svg width=32 height=16 fill="{theme.color(cell.key)}" aria-hidden=true>'
        f'<path d="M0,16 L{" ".join(points)} L32,16 Z"/></svg>'
    )


def _html(words: str) -> str:
    return mathematics.spelled(words, mathematics.mathml, escape)


def _class(align: Align, column: Column, *, tint: bool = False) -> str:
    names = [align] * (align != "left") + ["verdict"] * column.verdict + ["tint"] * tint
    return f' class="{" ".join(names)}"' if names else ""


def _padding(column: Sequence[Cell]) -> dict[str, str]:
    """Return, by value, what puts the points of a right-aligned column under each other."""
    tails = {str(cell.value): parts(str(cell.value))[1] for cell in column}
    longest = max(map(len, tails.values()))
    has_point = any(tails.values())
    return {
        value: FIGURE_SPACE * max(0, longest - max(len(tail), 1))
        + PUNCTUATION_SPACE * (has_point and not tail)
        for value, tail in tails.items()
    }


def _style() -> str:
    """Return the rules of a table in the current theme; but for ``body``'s they stay inside it."""
    color = theme.color
    return f"""\
body {{ margin: 0; background: {color("background")}; }}
.tn {{ container-type: inline-size; box-sizing: border-box; max-width: 720px; margin: 0 auto;
  padding: 20px 16px; background: {color("background")}; color: {color("text")};
  font: 15px/1.4 "{theme.FONT}", "Source Sans 3", system-ui, sans-serif; }}
.tn .scroll {{ overflow-x: auto; }}
.tn .scroll:focus-visible {{ outline: 2px solid {color("indigo")}; outline-offset: 2px; }}
.tn table {{ width: 100%; border-collapse: separate; border-spacing: 0;
  font-variant-numeric: tabular-nums; }}
.tn caption {{ padding-bottom: 14px; text-align: left; }}
.tn caption span {{ display: block; position: sticky; left: 0; max-width: 100cqw; }}
.tn .title {{ font-size: 21px; line-height: 1.25; font-weight: 600; }}
.tn .subtitle, .tn small, .tn .unit, .tn p {{ color: {color("muted")}; font-weight: 400; }}
.tn .subtitle {{ margin-top: 4px; }}
.tn small {{ display: block; font-size: 13px; }}
.tn .unit {{ white-space: nowrap; }}
.tn th, .tn td {{ padding: 8px 0 8px 18px; border-bottom: 1px solid {color("quiet")};
  text-align: left; vertical-align: top; font-weight: 400; }}
.tn thead th, .tn thead td {{ border-bottom-color: {color("muted")}; vertical-align: bottom;
  font-weight: 600; }}
.tn tr > :first-child {{ padding-left: 0; }}
.tn tr > :first-child:not(.group) {{ position: sticky; left: 0; z-index: 1; max-width: 38cqw;
  background: {color("background")}; }}
.tn tbody th[scope=row] {{ font-weight: 600; }}
.tn .group {{ padding-top: 18px; color: {color("muted")}; }}
.tn .group span {{ position: sticky; left: 0; }}
.tn .right, .tn .decimal {{ text-align: right; }}
.tn tbody .decimal {{ white-space: nowrap; }}
.tn tbody .decimal small {{ white-space: normal; }}
.tn tbody td:not(.decimal) {{ min-width: 7em; }}
.tn math {{ font-size: 1.1em; }}
.tn .center {{ text-align: center; }}
.tn tr > .tint:not(.group) {{ background: {color("quiet")}73; }}
.tn .verdict, .tn strong {{ font-weight: 600; }}
.tn i {{ display: inline-block; width: 9px; height: 9px; margin-right: 7px; border-radius: 50%; }}
.tn svg {{ margin-right: 8px; vertical-align: -2px; opacity: 0.75; }}
.tn p {{ margin: 12px 0 0; font-size: 14px; }}
@container (max-width: 480px) {{ /* a telephone */
  .tn table {{ font-size: 14px; }}
  .tn th, .tn td {{ padding-left: 10px; }}
  .tn tbody td:not(.decimal) {{ min-width: 5em; }}
}}"""
