r"""Mathematics as a row states it, ``θ ← θ − η g / (√G + ε)``, written for pictures and pages.

A formula is stated once, as a line of plain text that a test reads and computes. Here that line is
read, and written as LaTeX (for matplotlib's mathtext, and for Markdown between dollars) and as
MathML (for pages), so that no picture has a formula of its own.

======================  ========================================================
``a b``, ``2πt``        a product; a run of letters is one, if it is no function
``a / b``               a fraction, of all that is multiplied before it
``a²``, ``βᵗ``, ``a^b``, ``a^(b + c)``  a power
``√a``, ``√(a + b)``    a root, over what is in the brackets
``|a|``, ``‖a‖₁``, ``⌊a⌋``, ``⟨a, b⟩``  as they stand
``max(a, b)``, ``sign(a)``, ``rms a``, ``cos 2πx``  a function
``a if b > c else d``   cases
``the last pairs of``   words; letters in a row, three at least, or ``of``, ``by``, ``from``
``m̂``, ``θ̄``, ``β₁``, ``Δθ``  one letter each
======================  ========================================================

In words, mathematics stands between dollars: ``"decays by $β₁ᵗ$"``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise

from simulate.errors import UserError

FUNCTIONS = ("arg", "clip", "cos", "exp", "ln", "log", "max", "min", "rms", "round", "sign", "sin",
             "tanh")  # fmt: skip
_SHORT_WORDS = ("of", "by", "in", "or", "to", "is")
_RELATIONS = "←=<>≤≥≈→"
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵗᵀⁿᵏᵖⁱ", "0123456789+−tTnkpi", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ₜᵢⱼₖₙ∞", "0123456789+−tijkn∞", strict=True))
_LETTER = r"[A-Za-zα-ωΑ-ΩϵℓJℒ∇∞]"
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)
  | (?P<word>(?:{"|".join(FUNCTIONS)}|if|else|{"|".join(_SHORT_WORDS)})(?![A-Za-z])
      |[A-Za-z][a-z’-]{{2,}}(?![A-Za-z]))
  | (?P<name>[Δ∇]?{_LETTER}[\u0302\u0303\u0304]?[{"".join(_LOWERED)}]*)
  | (?P<raised>[{"".join(_RAISED)}]+)
  | (?P<vulgar>[½⅓¼⅙⅛⅔¾])
  | (?P<mark>…|\S)
    )""",
    re.VERBOSE,
)
_CLOSING = {"(": ")", "|": "|", "‖": "‖", "⌊": "⌋", "⟨": "⟩", "[": "]"}


@dataclass(frozen=True)
class Node:
    """A part of a formula: of a kind, with what it is made of."""

    kind: str
    parts: tuple[Node, ...] = ()
    text: str = ""


class _Reader:
    """Reads a formula token by token."""

    def __init__(self, formula: str) -> None:
        self.formula = formula
        self.tokens: list[tuple[str, str]] = []
        at, text = 0, formula.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            assert match is not None
            assert match.lastgroup is not None
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()
        self.at = 0
        self.open: list[str] = []

    def now(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        token = self.now()
        self.at += 1
        return token

    def wrong(self) -> UserError:
        return UserError(
            f"{self.now()[1] or 'the end'!r} of the formula {self.formula!r} can't be set here; "
            "look/mathematics.py says what can"
        )

    def whole(self) -> Node:
        found = self.several()
        if self.now()[0] != "end":
            raise self.wrong()
        return found

    def several(self) -> Node:
        """Clauses with commas between them."""
        parts = [self.clause()]
        while self.now() == ("mark", ","):
            self.take()
            parts.append(self.clause())
        return parts[0] if len(parts) == 1 else Node("list", tuple(parts))

    def clause(self) -> Node:
        parts = [self.cases()]
        signs = ""
        while self.now()[0] == "mark" and self.now()[1] in _RELATIONS:
            signs += self.take()[1]
            parts.append(self.cases())
        return Node("relation", tuple(parts), signs) if signs else parts[0]

    def cases(self) -> Node:
        value = self.sum()
        if self.now() != ("word", "if"):
            return value
        self.take()
        left, sign, right = self.sum(), self.take()[1], self.sum()
        condition = Node("relation", (left, right), sign)
        if self.take() != ("word", "else"):
            raise self.wrong()
        return Node("cases", (value, condition, self.cases()))

    def sum(self) -> Node:
        parts: list[Node] = []
        signs = ""
        while True:
            minus = self.now()[0] == "mark" and self.now()[1] in "−-"
            if minus or (parts and self.now() == ("mark", "+")):
                signs += "−" if minus else "+"
                self.take()
            elif parts:
                break
            else:
                signs += " "
            parts.append(self.product())
        return parts[0] if signs == " " else Node("sum", tuple(parts), signs)

    def product(self, *, fractions: bool = True) -> Node:
        found = [self.factor()]
        while True:
            if fractions and self.now() in (("mark", "/"), ("mark", "⁄")):
                self.take()
                top = found[0] if len(found) == 1 else Node("product", tuple(found))
                found = [Node("fraction", (_bare(top), _bare(self.factor())))]
            elif self.now() == ("mark", "·"):
                self.take()
                found += [Node("times"), self.factor()]
            elif self.starts():
                found.append(self.factor())
            else:
                return found[0] if len(found) == 1 else Node("product", tuple(found))

    def starts(self) -> bool:
        kind, text = self.now()
        if kind == "mark":
            closes = bool(self.open) and text == self.open[-1]
            return text == "√" or text == "…" or (text in _CLOSING and not closes)
        return kind in ("number", "name", "vulgar") or (
            kind == "word" and text not in ("if", "else")
        )

    def factor(self) -> Node:
        base = self.atom()
        while True:
            kind, text = self.now()
            if kind == "raised":
                self.take()
                plain = "".join(_RAISED[char] for char in text)
                base = Node("power", (base, _Reader(plain).whole()))
            elif (kind, text) == ("mark", "^"):
                self.take()
                base = Node("power", (base, _bare(self.atom())))
            else:
                return base

    def atom(self) -> Node:
        kind, text = self.take()
        if kind == "number" or (kind, text) == ("mark", "…"):
            return Node("number", text=text)
        if kind == "vulgar":
            top, _, bottom = unicodedata.normalize("NFKC", text).partition("⁄")
            return Node("fraction", (Node("number", text=top), Node("number", text=bottom)))
        if kind == "name":
            return Node("name", text=text)
        if kind == "word" and text in FUNCTIONS:
            if self.now() == ("mark", "("):
                return Node("call", (self.atom(),), text)
            return Node("apply", (self.product(fractions=False),), text)
        if kind == "word" and text not in ("if", "else"):
            words = [text]
            while self.now()[0] == "word" and self.now()[1] not in ("if", "else", *FUNCTIONS):
                words.append(self.take()[1])
            return Node("words", text=" ".join(words))
        if text == "√":
            return Node("root", (_bare(self.factor()),))
        if kind == "mark" and text in _CLOSING:
            self.open.append(_CLOSING[text])
            inside = self.several()
            if self.take()[1] != self.open.pop():
                self.at -= 1
                raise self.wrong()
            close = _CLOSING[text]
            kind, low = self.now()
            if text == "‖" and kind == "mark" and low in _LOWERED:
                self.take()
                close += low
            return Node("fence", (inside,), text + close)
        self.at -= 1
        raise self.wrong()


def _bare(node: Node) -> Node:
    """Return what is in brackets that a fraction, a root or an exponent makes needless."""
    if node.kind == "fence" and node.text == "()" and node.parts[0].kind != "list":
        return node.parts[0]
    return node


@cache
def read(formula: str) -> Node:
    """Return a formula as a tree.

    Raises
    ------
    UserError
        If it is none.
    """
    return _Reader(formula).whole()


@cache
def latex(formula: str) -> str:
    r"""Return a formula as LaTeX, of the part that matplotlib's mathtext knows too.

    Examples
    --------
    >>> print(latex("θ ← θ − η m̂ / (√v̂ + ε)"))
    \theta \leftarrow \theta - \dfrac{\eta \hat{m}}{\sqrt{\hat{v}} + \varepsilon}
    """
    return _latex(read(formula), 0)


_COMMANDS = {"←": r"\leftarrow", "→": r"\rightarrow", "≤": r"\leq", "≥": r"\geq",
             "≈": r"\approx", "<": "<", ">": ">", "=": "="}  # fmt: skip
_FENCES = {"(": "(", ")": ")", "[": "[", "]": "]", "|": r"\vert", "‖": r"\Vert", "⌊": r"\lfloor",
           "⌋": r"\rfloor", "⟨": r"\langle", "⟩": r"\rangle"}  # fmt: skip
_ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar"}


def _latex(node: Node, level: int) -> str:
    """Write a node; `level` is 0 on the line, 1 within a fraction, 2 in an exponent."""

    def write(part: Node, at: int = level) -> str:
        return _latex(part, at)

    parts = node.parts
    match node.kind:
        case "number":
            return node.text.replace(",", "{,}").replace("…", r"\ldots")
        case "name":
            return _letter(node.text)
        case "words":
            return rf"\mathrm{{{node.text.replace(' ', chr(92) + ' ')}}}"
        case "times":
            return r"\cdot"
        case "list":
            return r",\; ".join(map(write, parts))
        case "relation":
            signs = [f" {_COMMANDS[sign]} " for sign in node.text]
            return _between(list(map(write, parts)), signs)
        case "cases":
            value, condition, other = parts
            rest = write(other)
            last = rest if other.kind == "cases" else rf"\mathrm{{else}}\ {rest}"
            return rf"{write(value)}\ \mathrm{{if}}\ {write(condition)},\; {last}"
        case "sum":
            signs = [f" {sign.replace('−', '-')} " for sign in node.text[1:]]
            return node.text[0].replace("−", "-").strip() + _between(list(map(write, parts)), signs)
        case "product":
            return _product(parts, write)
        case "fraction":
            top, bottom = parts
            if level == 0:
                return rf"\dfrac{{{write(top, 1)}}}{{{write(bottom, 1)}}}"
            return f"{_tight(top, write)} / {_tight(bottom, write, product=True)}"
        case "power":
            base, exponent = parts
            if exponent == Node("name", text="T"):
                return rf"{write(base)}^{{\mathrm{{T}}}}"
            return f"{write(base)}^{{{write(exponent, 2)}}}"
        case "root":
            return rf"\sqrt{{{write(parts[0])}}}"
        case "call":
            return rf"\mathrm{{{node.text}}}{write(parts[0])}"
        case "apply":
            return rf"\mathrm{{{node.text}}}\,{write(parts[0])}"
    left, right, low = node.text[0], node.text[1], node.text[2:]
    tall = _is_tall(parts[0], level)
    opened, closed = (r"\left", r"\right") if tall else ("", "")
    under = f"_{{{_LOWERED[low]}}}" if low else ""
    return f"{opened}{_FENCES[left]} {write(parts[0])} {closed}{_FENCES[right]}{under}"


def _product(parts: tuple[Node, ...], write: Callable[[Node], str]) -> str:
    said = write(parts[0])
    for before, part in pairwise(parts):
        named = {before.kind, part.kind} & {"words", "call", "apply"}
        said += (r"\, " if named else " ") + write(part)
    return said


def _tight(node: Node, write: Callable[[Node], str], *, product: bool = False) -> str:
    """Write the upper or lower half of a fraction on one line, in brackets where it needs them."""
    return f"({write(node)})" if _is_loose(node, product=product) else write(node)


def _is_loose(node: Node, *, product: bool) -> bool:
    """Tell whether a node on one side of a slash needs brackets; a `product` only on the right."""
    return node.kind in ("sum", "relation", "cases", "fraction", "list") or (
        product and node.kind in ("product", "apply")
    )


def _is_tall(node: Node, level: int) -> bool:
    return (node.kind == "fraction" and level == 0) or any(
        _is_tall(part, level) for part in node.parts if node.kind != "power"
    )


def _between(parts: list[str], signs: list[str]) -> str:
    return parts[0] + "".join(sign + part for sign, part in zip(signs, parts[1:], strict=True))


def _split(name: str) -> tuple[str, str, str, str]:
    """Return what stands before a letter (Δ), the letter, its accent, its index."""
    plain = name.rstrip("".join(_LOWERED)) if len(name) > 1 else name
    index = "".join(_LOWERED[char] for char in name[len(plain) :])
    accent = plain[-1] if plain[-1] in _ACCENTS else ""
    plain = plain.removesuffix(accent)
    return plain[:-1], plain[-1], accent, index


def _letter(name: str) -> str:
    before, letter, accent, index = _split(name)
    said = _symbol(letter)
    if accent:
        said = rf"\{_ACCENTS[accent]}{{{said}}}"
    if index:
        said += f"_{{{index.replace('−', '-')}}}"
    return (_symbol(before) + " " if before else "") + said


_SYMBOLS = {"ε": r"\varepsilon", "λ": r"\lambda", "φ": r"\varphi", "ℓ": r"\ell", "∇": r"\nabla",
            "∞": r"\infty", "ϵ": r"\epsilon"}  # fmt: skip


def _symbol(letter: str) -> str:
    if letter in _SYMBOLS or letter.isascii():
        return _SYMBOLS.get(letter, letter)
    _, size, _, name = unicodedata.name(letter).split()  # "GREEK SMALL LETTER THETA"
    return "\\" + (name.capitalize() if size == "CAPITAL" else name.lower())


@cache
def mathml(formula: str) -> str:
    """Return a formula as MathML, which every browser sets; its plain text is its ``alttext``.

    Examples
    --------
    >>> mathml("√v")
    '<math alttext="√v"><msqrt><mi>v</mi></msqrt></math>'
    """
    return f'<math alttext="{escape(formula)}">{_mathml(read(formula), 0)}</math>'


def _mathml(node: Node, level: int) -> str:
    def write(part: Node, at: int = level) -> str:
        return _mathml(part, at)

    parts = node.parts
    match node.kind:
        case "number":
            return f"<mn>{node.text}</mn>"
        case "name":
            return _identifier(node.text)
        case "words":
            return f"<mtext>{escape(node.text)}\u00a0</mtext>"
        case "times":
            return "<mo>·</mo>"
        case "list":
            return '<mo separator="true">,</mo>'.join(map(write, parts))
        case "relation":
            return _between(list(map(write, parts)), [f"<mo>{escape(s)}</mo>" for s in node.text])
        case "cases":
            value, condition, other = parts
            rest = write(other)
            last = rest if other.kind == "cases" else f"<mtext>else\u00a0</mtext>{rest}"
            return (
                f"{write(value)}<mtext>\u00a0if\u00a0</mtext>{write(condition)}"
                f'<mo separator="true">,</mo>{last}'
            )
        case "sum":
            first = f"<mo>{node.text[0]}</mo>" if node.text[0] != " " else ""
            return first + _between(
                list(map(write, parts)), [f"<mo>{sign}</mo>" for sign in node.text[1:]]
            )
        case "product":
            return "<mo>\u2062</mo>".join(map(write, parts)).replace(
                "<mo>\u2062</mo><mo>·</mo><mo>\u2062</mo>", "<mo>·</mo>"
            )
        case "fraction":
            top, bottom = parts
            if level == 0:
                rows = "".join(f"<mrow>{write(part, 1)}</mrow>" for part in parts)
                return f'<mfrac displaystyle="true">{rows}</mfrac>'
            over = _loose(bottom, write, product=True)
            return f"{_loose(top, write)}<mo>/</mo>{over}"
        case "power":
            base, exponent = parts
            raised = (
                '<mi mathvariant="normal">T</mi>'
                if exponent == Node("name", text="T")
                else write(exponent, 2)
            )
            return f"<msup><mrow>{write(base)}</mrow><mrow>{raised}</mrow></msup>"
        case "root":
            return f"<msqrt>{write(parts[0])}</msqrt>"
        case "call":
            return f"<mi>{node.text}</mi><mo>\u2061</mo>{write(parts[0])}"
        case "apply":
            return f"<mi>{node.text}</mi><mo>\u2061</mo><mrow>{write(parts[0])}</mrow>"
    left, right, low = node.text[0], node.text[1], node.text[2:]
    fenced = (
        f'<mrow><mo fence="true">{left}</mo>{write(parts[0])}<mo fence="true">{right}</mo></mrow>'
    )
    return f"<msub>{fenced}<mn>{_LOWERED[low]}</mn></msub>" if low else fenced


def _loose(node: Node, write: Callable[[Node], str], *, product: bool = False) -> str:
    loose = _is_loose(node, product=product)
    brackets = ('<mo fence="true">(</mo>', '<mo fence="true">)</mo>') if loose else ("", "")
    return f"<mrow>{brackets[0]}{write(node)}{brackets[1]}</mrow>"


def _identifier(name: str) -> str:
    before, letter, accent, index = _split(name)
    said = f"<mi>{letter}</mi>"
    if accent:
        mark = {"\u0302": "^", "\u0303": "~", "\u0304": "¯"}[accent]
        said = f'<mover accent="true">{said}<mo>{mark}</mo></mover>'
    if index:
        tag = "mn" if index.isdigit() else "mo" if index in "+−" else "mi"
        said = f"<msub>{said}<{tag}>{index}</{tag}></msub>"
    return f"<mrow><mi>{before}</mi>{said}</mrow>" if before else said


_PARTS = re.compile(r"\$([^$\n]+)\$")


def has(text: str) -> bool:
    """Tell whether there is mathematics in some words."""
    return _PARTS.search(text) is not None


def spelled(text: str, maths: Callable[[str], str], words: Callable[[str], str] = str) -> str:
    r"""Return words with the mathematics between their dollars written by `maths`.

    Examples
    --------
    >>> spelled("a & $β₁ᵗ$", latex, escape)
    'a &amp; \\beta_{1}^{t}'
    """
    pieces = _PARTS.split(text)
    return "".join(maths(each) if i % 2 else words(each) for i, each in enumerate(pieces))


def plain(text: str) -> str:
    """Return words with their mathematics as it is stated, without dollars."""
    return spelled(text, str)


def for_matplotlib(text: str) -> str:
    r"""Return words with mathematics as matplotlib parses them, ``parse_math=True``.

    Examples
    --------
    >>> print(for_matplotlib("by $β₁$"))
    by $\beta_{1}$
    """
    return spelled(text, lambda formula: f"${latex(formula)}$")
