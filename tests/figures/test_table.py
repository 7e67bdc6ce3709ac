"""Tables: what every one of them holds in its three forms, and the parts that they are made of."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from itertools import chain
from pathlib import Path

import pytest
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from figures import render_table
from figures.layout import drawn_texts, problems
from figures.parts import canvas
from figures.parts.table import FIGURE_SPACE, PUNCTUATION_SPACE, Cell, Column, Table, html, markdown
from figures.render_table import sheet
from look import mathematics
from look import theme as themes
from look.words import Visual
from simulate import recording
from simulate.errors import UserError
from tests.figures._drawn import TABLES, Recorded, table

WORDS = Visual(uses=[], title="A headline", subtitle="How to read it.", alt="", caption="")


class Reader(HTMLParser):
    """Reads a page's table: its rows of cells, each with its scope."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.scopes: list[list[str]] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self._cell = self._maths = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "tr":
            self.rows.append([])
            self.scopes.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.scopes[-1].append(dict(attrs).get("scope") or "")
            self._cell = True
        elif tag in ("small", "br") and self._cell:
            self.rows[-1][-1] += "\n"
        elif tag == "math" and self._cell:
            self._maths = True  # its own words are read in tests/look/test_mathematics.py
            self.rows[-1][-1] += dict(attrs)["alttext"] or ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = False
        if tag == "math":
            self._maths = False

    def handle_data(self, data: str) -> None:
        if self._cell and not self._maths:
            self.rows[-1][-1] += data


def cells_of_html(page: str) -> list[list[str]]:
    rows = Reader(page).rows
    return [[cell.strip(FIGURE_SPACE + PUNCTUATION_SPACE) for cell in row] for row in rows]


def cells_of_markdown(text: str) -> list[list[str]]:
    """Return the cells as words; a group's row has only its name."""
    found = []
    for line in text.splitlines():
        if not line.startswith("| ") or set(line) <= set("|:- "):
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        plain = [cell.replace("**", "").replace("<br>", "\n") for cell in cells]
        plain = [mathematics.spelled(cell, dollars, unescaped) for cell in plain]
        found.append(plain if any(plain[1:]) else plain[:1])
    return found


def unescaped(words: str) -> str:
    return re.sub(r"\\(.)", r"\1", words)


def dollars(formula: str) -> str:
    return f"${formula}$"


def in_latex(cells: list[list[str]]) -> list[list[str]]:
    return [[mathematics.for_matplotlib(cell) for cell in row] for row in cells]


def in_plain(cells: list[list[str]]) -> list[list[str]]:
    return [[mathematics.plain(cell) for cell in row] for row in cells]


def contents(made: Table) -> list[list[str]]:
    """Return the cells that a table must show, row by row."""
    found = [[c.name + (f"\n{c.note}" if c.note else "") for c in made.columns]]
    for group, rows in made.grouped():
        found += [[group]] if group else []
        for row in rows:
            found.append([str(c.value) + (f"\n{c.note}" if c.note else "") for c in row])
    return found


@pytest.fixture
def example() -> Table:
    return Table(
        columns=[
            Column("vari|ant"),
            Column("step", unit="ms"),
            Column("variance", note="of the gradient"),
            Column("rule"),
            Column("take it when", verdict=True),
        ],
        rows=[
            [Cell("batch", key="blue"), 112.34, 0, "θ ← θ − η ∇L(θ)", "data are *few* <b>"],
            ["mini", Cell(3.2, strong=True), 2.5e-4, "v ← μ v + gᵢ", Cell("mostly", "so")],
            [
                "one",
                None,
                -12.5,
                "so: $θ ← θ − η gₜ / √v̂$",
                "they come one by one, all the day long",
            ],
        ],
        groups=["whole", "parts", "parts"],
        notes=["Medians of 20 steps, in a sentence that does not fit on a single line of it. " * 2],
    )


@pytest.fixture
def drawing(example: Table, themed: str) -> Iterator[Figure]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that no font has
        yield sheet(example, WORDS)


@pytest.mark.parametrize("stem", TABLES)
def test_every_table_is_readable(stem: str, recorded: Recorded, theme: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, words, fig, _ = table(stem, recorded, theme)
        assert problems(fig) == []
    assert words.title.strip()
    for text in (words.title, words.subtitle):
        assert not set("{}$\n") & set(text)
        assert "nan" not in text


@pytest.mark.parametrize("stem", TABLES)
def test_every_table_says_the_same_in_all_forms(stem: str, recorded: Recorded) -> None:
    made, words, fig, _ = table(stem, recorded)
    expected = contents(made)
    with themes.use("dark"):
        assert cells_of_html(html(made, words.title, words.subtitle)) == in_plain(expected)
    expected = in_latex(expected)
    assert cells_of_markdown(markdown(made, words.title, words.subtitle)) == expected
    drawn = "".join("".join(text.get_text().split()) for text in fig.axes[0].texts)
    for cell in chain(*expected):
        for line in cell.split("\n"):
            assert "".join(line.split()) in drawn
    assert not any("nan" in cell.split() for cell in chain(*expected))


def test_three_forms_hold_the_same_cells(example: Table, drawing: Figure) -> None:
    expected = contents(example)
    assert expected[2] == ["batch", "112", "0", "θ ← θ − η ∇L(θ)", "data are *few* <b>"]
    assert cells_of_html(html(example, "A headline", "")) == in_plain(expected)
    expected = in_latex(expected)
    assert cells_of_markdown(markdown(example, "A headline", "")) == expected
    drawn = "".join("".join(text.get_text().split()) for text in drawing.axes[0].texts)
    for cell in chain(*expected):
        assert "".join(cell.split()) in drawn
    assert problems(drawing) == []


def test_points_of_numbers_stand_under_each_other(themed: str) -> None:
    made = Table([Column("a"), Column("x", form=".1f")], [["p", 1.0], ["q", 1234.25]])
    fig = sheet(made, WORDS)
    fig.canvas.draw()
    short, long = (
        next(text for text in fig.axes[0].texts if text.get_text() == words)
        for words in ("1.0", "1234.2")
    )
    for text in (short, long):  # one digit after each point: the ends are the points
        assert text.get_window_extent().x1 == pytest.approx(720 - 28, abs=1.5)

    made = Table([Column("a"), Column("x")], [["p", 10], ["q", 0.25]])
    with themes.use("dark"):
        cells = Reader(html(made, "", "")).rows
    padded = f"10{FIGURE_SPACE * 2}{PUNCTUATION_SPACE}"  # as wide as 10.25
    assert [row[1] for row in cells[1:]] == [padded, "0.25"]


def test_a_column_at_the_right_ends_with_its_heading(themed: str) -> None:
    columns = [Column("what"), Column("time in all", note="of a step", align="right")]
    fig = sheet(Table(columns, [["a", Cell("never", note="η = 0.05, 5 of 5 runs")]]), WORDS)
    texts = {text.get_text(): text.get_window_extent() for text in fig.findobj(Text)}
    names = ("time in all", "of a step", "never", "η = 0.05, 5 of 5 runs")
    ends = [texts[each].x1 for each in names]
    assert max(ends) - min(ends) < 1.5 * fig.dpi / 96, ends


def test_the_height_follows_the_words(themed: str) -> None:
    columns = [Column("a"), Column("b")]
    low, high = (sheet(Table(columns, [["x", "word " * n]]), WORDS).height for n in (3, 80))
    assert high > low + 60
    wide = Table([Column(f"name {i}") for i in range(9)], [["some words"] * 9])
    assert problems(sheet(wide, WORDS)) == []


def test_a_key_is_a_dot_in_its_colour(example: Table, drawing: Figure, theme: str) -> None:
    dots = [line for line in drawing.axes[0].get_lines() if line.get_marker() == "o"]
    assert [line.get_markerfacecolor() for line in dots] == [themes.color("blue")]
    assert f'<i style="background: {themes.color("blue")}">' in html(example, "", "")


def test_a_columns_key_is_a_dot_before_its_name(themed: str) -> None:
    made = Table([Column("a"), Column("x", key="green", note="n")], [["p", 1]])
    fig = sheet(made, WORDS)
    (mark,) = (line for line in fig.axes[0].get_lines() if line.get_marker() == "o")
    assert mark.get_markerfacecolor() == themes.color("green")
    (name,) = (text for text in fig.findobj(Text) if text.get_text() == "x")
    box, at = name.get_window_extent(), fig.axes[0].transData.transform(mark.get_xydata()[0])
    assert box.x0 - 20 * fig.dpi / 96 < at[0] < box.x0
    assert box.y0 < at[1] < box.y1
    (head,) = re.findall(r"<th scope=col[^>]*><i[^>]*></i>x", html(made, "", ""))
    assert themes.color("green") in head


def test_html_needs_nothing_else_and_says_what_is_a_heading(example: Table) -> None:
    with themes.use("light"):
        page = html(example, "Five < six", "How to read it.")
    read = Reader(page)
    assert read.scopes[0] == ["col"] * 5
    assert read.scopes[1] == ["rowgroup"]
    assert read.scopes[2] == ["row", "", "", "", ""]
    assert {"caption", "thead", "tbody", "style"} <= set(read.tags)
    assert not {"script", "link", "img", "iframe"} & set(read.tags)
    assert not re.search(r"url\(|@import|https?:|src=", page)
    assert "Five &lt; six" in page
    assert themes.THEMES["light"].background in page
    assert ("tabindex", "0") in read.attributes  # it scrolls, so it can be reached by keyboard
    with themes.use("dark"):
        assert html(example, "", "") != page


@pytest.mark.parametrize(
    ("columns", "rows", "groups", "said"),
    [
        (2, [["a"]], [], r"the row \['a'\] has 1 cells for 2 columns"),
        (1, [], [], "1 columns and 0 rows shows nothing"),
        (1, [["a"], ["b"]], ["x"], "1 groups for 2 rows"),
    ],
)
def test_what_is_no_table_is_refused(
    columns: int, rows: list[list[str]], groups: list[str], said: str
) -> None:
    with pytest.raises(UserError, match=said):
        Table([Column("a")] * columns, rows, groups)


def test_columns_that_do_not_fit_are_refused(themed: str) -> None:
    wide = Table([Column("unbreakable" * 3)] * 6, [["a"] * 6])
    with pytest.raises(UserError, match=r"a table of 6 columns needs [0-9]+ px"):
        sheet(wide, WORDS)


MODULE = """
from figures.parts.table import Column, Table
from look.words import Visual

VISUAL = Visual(uses=["ramp"], title="{n_steps} steps up", alt="", caption="")


def table(ramp):
    rows = [[str(step), loss] for step, loss in zip(ramp.step.values, ramp.loss.values)]
    return Table([Column("step"), Column("loss")], rows, subtitle="As recorded.")
"""


@pytest.fixture
def ramp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    (tmp_path / "table_of_a_ramp.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    data = xr.Dataset(
        {"loss": recording.variable("step", [0.5, 1.5], "loss")}, attrs={"n_steps": 2}
    )
    recording.save(data.assign_coords(step=[0, 1]), tmp_path / "ramp.nc")
    return {"ramp": tmp_path / "ramp.nc"}


def test_files_are_always_the_same(ramp: dict[str, Path], theme: str) -> None:
    formats = ["md", "html", "png"]
    one, two = (
        render_table.render("table_of_a_ramp", ramp, theme, formats, png_width=854)
        for _ in range(2)
    )
    assert list(one) == formats
    assert one == two
    with Image.open(BytesIO(one["png"])) as image:
        assert image.width == 854
    text = one["md"].decode()
    assert text.startswith("**2 steps up**\n\nAs recorded.\n\n| step | loss |\n")
    assert "| 1 | 1.5 |" in text


def test_what_is_wrong_is_said(tmp_path: Path, ramp: dict[str, Path]) -> None:
    with pytest.raises(UserError, match="'csv'; there are md, html, png"):
        render_table.render("table_of_a_ramp", ramp, "dark", ["csv"])
    (tmp_path / "figure_without_table.py").write_text("VISUAL = 1\n")
    with pytest.raises(UserError, match="has no table; a table needs one"):
        render_table.table("figure_without_table", ramp, "dark")


def test_a_table_is_drawn_in_the_type_of_figures(ramp: dict[str, Path], theme: str) -> None:
    _, words, fig = render_table.table("table_of_a_ramp", ramp, theme)
    assert words.subtitle == "As recorded."
    assert fig.get_figwidth() * fig.dpi == pytest.approx(canvas.WIDTH)
    assert {text.get_fontfamily()[0] for text in drawn_texts(fig)} == {themes.FONT}


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("- a", r"\- a"),
        ("+ a", r"\+ a"),
        ("7. a", r"7\. a"),
        ("12) a", r"12\) a"),
        ("---", r"\---"),
        ("===", r"\==="),
        ("    a", "a"),
        ("# a", r"\# a"),
        ("> a", r"\> a"),
        ("A&amp;B", r"A\&amp;B"),
        ("a - b = 7. c", "a - b = 7. c"),
    ],
)
def test_a_note_in_markdown_is_a_paragraph(words: str, line: str) -> None:
    """As CommonMark has it: nothing at its start makes it a list, a rule, a quotation or code."""
    made = markdown(Table([Column("x")], [["1"]], notes=[words]), "T", words)
    assert made.splitlines()[2] == line
    assert made.splitlines()[-1] == line


def test_a_note_of_two_lines_has_two_on_a_page() -> None:
    made = Table([Column("x")], [[Cell("a", note="b < 1\nc")]])
    assert "<small>b &lt; 1<br>c</small>" in html(made, "T", "")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_cell_in_markdown_is_one_line(end: str) -> None:
    rows = [[f"a{end}b", Cell("c", note=f"d{end}e")]]
    made = markdown(Table([Column(f"x{end}y"), Column("z")], rows), f"T{end}U", "")
    assert made.splitlines() == [
        "**T<br>U**",
        "",
        "| x<br>y | z |",
        "| :--- | :--- |",
        "| a<br>b | c<br>d<br>e |",
    ]
