"""Set mathematics says what the stated line says: both are computed, for every row's formula."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any
from xml.etree import ElementTree

import pytest

from look import mathematics
from simulate import registry
from simulate.errors import UserError
from tests.simulate._formulas import computed
from tests.simulate._rules import FUNCTIONS, NAME, WORDS, python

GIVEN: dict[str, Any] = {**FUNCTIONS, "min": min, "cos": math.cos, "round": round,
                         "floor": math.floor}  # fmt: skip
SCHEDULES = {name: row.formula for name, row in registry.rows("schedules").items()}
SURFACES = {name: row.formula for name, row in registry.rows("surfaces").items()}
CLAUSES = {
    f"{name} {i}": clause
    for name, row in registry.rows("optimizers").items()
    for i, clause in enumerate(re.split(r",\s+(?=\S+ (?:←|=) )", row.rule))
    if not re.search(r"⟨|‖|Σ|Δ|product|means|larger|rms", clause)  # no numbers, but vectors
}


def value_of(letter: str) -> float:
    """Return a number for a letter, the same everywhere, between 0.3 and 0.9."""
    return {"π": math.pi, "e": math.e, "T": 1.7}.get(
        letter, 0.3 + 0.6 * math.modf(hash_of(letter))[0]
    )


def hash_of(letter: str) -> float:
    return sum((i + 1) * 0.3137 * ord(char) for i, char in enumerate(letter))


def evaluated(code: str, names: list[str]) -> float:
    known = {f"n{i}": value_of(name) for i, name in enumerate(names)}
    return float(eval(cased(code), {"__builtins__": {}, "abs": abs, **GIVEN, **known}))


def cased(code: str) -> str:
    """Return "a if c, b if d, else e" as Python writes it."""
    if "if" not in code:
        return code
    depth, said = 0, ""
    for char in code:
        depth += (char in "([") - (char in ")]")
        said += " else " if char == "," and depth == 0 else char
    return re.sub(r"else\s+else", "else", said)


def from_mathml(tree: ElementTree.Element, names: list[str]) -> str:
    """Return what a page's formula computes, as Python."""

    def inside(element: ElementTree.Element) -> str:
        said, bars = "", 0
        for child in element:
            if child.tag == "mo" and child.text in "|⌊⌋":
                bars += 1
                said += ("abs(" if child.text == "|" else "floor(") if bars % 2 else ")"
            else:
                said += from_mathml(child, names)
        return said

    def letter(name: str) -> str:
        names.append(name)
        return f"n{len(names) - 1}"

    match tree.tag:
        case "mi":
            word = tree.text or ""
            return word if word in GIVEN else letter(word)
        case "mover":
            return letter(f"{tree[0].text}\u0302")
        case "msub":
            base = tree[0].text or f"{tree[0][0].text}\u0302"
            return letter(f"{base}_{tree[1].text}")
        case "mn":
            return (tree.text or "").replace(",", "")
        case "mtext":
            return f" {(tree.text or '').strip()} "
        case "mo":
            return {"−": "-", "\u2062": "*", "·": "*", "\u2061": ""}.get(tree.text or "", tree.text)  # type: ignore[return-value]
        case "mfrac":
            return f"(({inside(tree[0])})/({inside(tree[1])}))"
        case "msqrt":
            return f"sqrt({inside(tree)})"
        case "msup":
            return f"(({inside(tree[0])})**({inside(tree[1])}))"
    bare = tree.tag == "math" or (len(tree) and tree[0].text == "(")
    return inside(tree) if bare else f"({inside(tree)})"


LATEX = re.compile(
    r"\\mathrm\{(?P<word>[^}]*)\}|\\hat\{(?P<hat>\\?\w+)\}(?:_\{(?P<hatlow>[^}]*)\})?"
    r"|\\(?P<command>dfrac|sqrt|lfloor|rfloor|vert|left|right|cdot)\b"
    r"|\\(?P<space>[,; ])|(?P<name>\\[a-z]+|[A-Za-z])(?:_\{(?P<low>[^}]*)\})?"
    r"|(?P<number>[\d.]+)|(?P<raised>\^)|(?P<mark>\S)"
)


def from_latex(text: str, names: list[str]) -> str:
    """Return what a line of LaTeX computes, as Python."""
    out: list[str] = []
    depths: list[str] = []  # what closes the open braces
    bars = 0

    def add(token: str, *, starts: bool) -> None:
        ends = out and (out[-1][-1] in ")0123456789" or out[-1][0] == "n")
        if starts and ends:
            out.append("*")
        out.append(token)

    for match in LATEX.finditer(text):
        kind = match.lastgroup
        if kind in ("low", "hatlow"):
            kind = "name" if kind == "low" else "hat"
        if kind == "space" or match["command"] in ("left", "right"):
            continue
        if kind == "word":
            word = match["word"].replace("\\ ", " ").strip()
            add(f" {word} " if word in ("if", "else") else word, starts=word in GIVEN)
        elif kind in ("name", "hat"):
            name = match["name"] or f"{match['hat']}\u0302"
            low = match["low"] or match["hatlow"]
            names.append(name + (f"_{low}" if low else ""))
            add(f"n{len(names) - 1}", starts=True)
        elif match["command"] in ("dfrac", "sqrt"):
            add("((" if match["command"] == "dfrac" else "sqrt(", starts=True)
            depths.append("top" if match["command"] == "dfrac" else ")")
        elif match["command"] in ("lfloor", "rfloor"):
            opens = match["command"] == "lfloor"
            add("floor(" if opens else ")", starts=opens)
        elif match["command"] == "vert":
            bars += 1
            add("abs(" if bars % 2 else ")", starts=bool(bars % 2))
        elif kind == "number":
            add(match["number"], starts=True)
        elif kind == "raised":
            out.append("**(")
            depths.append(")")
        elif match["mark"] == "{":
            pass
        elif match["mark"] == "}":
            close = depths.pop()
            out.append(")/(" if close == "top" else close)
            if close == "top":
                depths.append("))")
        else:
            add(match["mark"], starts=match["mark"] == "(")
    assert not depths
    return "".join(out)


def read_names(names: list[str]) -> list[str]:
    """Return LaTeX's names of letters as they are written, with an index behind a dash."""
    return [re.sub(r"\\([a-z]+)", _greek, name).replace("-", "−") for name in names]


def _greek(match: re.Match[str]) -> str:
    name = {"varepsilon": "epsilon", "lambda": "lamda"}.get(match[1], match[1])
    return unicodedata.lookup(f"Greek small letter {name}")


def indexed(name: str) -> str:
    """Return a stated letter with its index behind a dash."""
    lowered = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+−")
    plain = name.rstrip("₀₁₂₃₄₅₆₇₈₉₊₋")
    low = name[len(plain) :].translate(lowered)
    return plain + (f"_{low}" if low else "")


def both(formula: str) -> list[float]:
    page, line = [], []  # type: ignore[var-annotated]
    tree = ElementTree.fromstring(mathematics.mathml(formula))
    assert tree.get("alttext") == formula
    code = from_mathml(tree, page)
    other = from_latex(mathematics.latex(formula), line)
    return [evaluated(code, page), evaluated(other, read_names(line))]


@pytest.mark.parametrize("name", CLAUSES)
def test_a_rules_clause_is_set_as_it_is_stepped(name: str) -> None:
    left, right = re.split(" (?:←|=) ", CLAUSES[name])
    code = python(right)
    names: list[str] = []

    def letter(match: re.Match[str]) -> str:
        if match[0] in WORDS:
            return match[0]
        names.append(indexed(match[0]))
        return f"n{len(names) - 1}"

    stepped = re.sub(rf"[a-z]{{2,}}|{NAME}", letter, code)
    expected = eval(stepped, {**GIVEN, **{f"n{i}": value_of(n) for i, n in enumerate(names)}})
    assert both(right) == pytest.approx([expected] * 2)
    assert mathematics.mathml(f"{left} ← {right}").endswith(
        mathematics.mathml(right).partition(">")[2]
    )


@pytest.mark.parametrize("formula", [*SCHEDULES.values(), *SURFACES.values()])
def test_a_formula_is_set_as_it_is_computed(formula: str) -> None:
    first, *shorts = re.split(r", (?=[A-Za-zα-ω] = )", formula)
    for said in (first, *(short.partition(" = ")[2] for short in shorts)):
        if "⁄" in said or re.search("[²³⁴¼⅙]", said):  # surfaces: what `computed` does not read
            said = said.replace("⁄", "/").replace("²", "^2").replace("³", "^3").replace("⁴", "^4")
            said = said.replace("¼", "0.25").replace("⅙", "(1/6)")
        if "cos 2" in said:
            continue
        letters = {
            name: value_of(indexed(name)) for name in re.findall(r"[A-Za-zα-ωΑ-Ω][₀-₉]*", said)
        }
        expected = float(computed(said, letters))
        assert both(said) == pytest.approx([expected] * 2), said


def test_every_rule_can_be_set() -> None:
    for row in registry.rows("optimizers").values():
        for clause in row.rule.split(",  "):
            assert mathematics.latex(clause)
            ElementTree.fromstring(mathematics.mathml(clause))


def test_words_in_a_formula_stand_upright() -> None:
    said = mathematics.latex("S ← S + (row and column means of g² − S) / t^0.8")
    assert r"\mathrm{row\ and\ column\ means\ of}" in said
    assert "<mtext>row and column means of" in mathematics.mathml("row and column means of g²")


@pytest.mark.parametrize("formula", ["a / ", "(a", "a)", "a ← ", "max(a, b", "a if b > c"])
def test_what_is_no_formula_is_refused(formula: str) -> None:
    with pytest.raises(UserError, match="the formula"):
        mathematics.latex(formula)
