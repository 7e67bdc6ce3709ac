"""What a row's formula says, computed: mathematics as the rows write it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce
from typing import Any

import numpy as np

FUNCTIONS: Mapping[str, Any] = {
    "min": lambda *parts: reduce(np.minimum, parts),
    "max": lambda *parts: reduce(np.maximum, parts),
    "cos": np.cos,
    "round": np.round,
    "√": np.sqrt,
}
# A name of more than one letter is a function; a letter may have an index.
TOKEN = re.compile(r"\s*(min|max|cos|round|√|\d+(?:\.\d+)?|½|[A-Za-zα-ωΑ-Ω][₀-₉]*|[-−+*/^(),|⌊⌋])")
OPERATORS = {"−": "-", "^": "**"}


def computed(formula: str, letters: Mapping[str, Any]) -> np.ndarray:
    """Return the value of a formula, for the values of its letters.

    Examples
    --------
    >>> computed("2a |b − c|, c = ⌊x⌋", {"a": 1.5, "b": 1.0, "x": 3.7}).item()
    6.0
    """
    first, *shorts = _parted(formula)
    known = {"π": np.pi, "e": np.e, **letters}
    for short in reversed(shorts):
        name, _, said = short.partition(" = ")
        known[name] = _value(said, known)
    return np.asarray(_value(first, known))


def _parted(formula: str) -> list[str]:
    """Return the formula, and what it has behind commas that are in no brackets."""
    parts, depth = [""], 0
    for char in formula:
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]


def _value(text: str, known: Mapping[str, Any]) -> Any:
    said, names, open_bars = [], dict[str, Any](), 0
    before = "("  # what the last token was: a value, a function, or anything else
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        assert match is not None, f"{text[at:]!r} of {text!r} is no mathematics"
        token, at = match[1], match.end()
        closes = token in ")⌋" or (token == "|" and before == "value" and open_bars > 0)
        opens = token in "(⌊" or (token == "|" and not closes)
        is_value = token == "½" or token[0].isdigit() or token in known
        if before == "value" and (opens or is_value or token in FUNCTIONS):
            said.append("*")
        if token == "|":
            open_bars += 1 if opens else -1
            said.append("_abs(" if opens else ")")
        elif token in "⌊⌋":
            said.append("_floor(" if opens else ")")
        elif token in FUNCTIONS or is_value:
            name = f"_{len(names)}"
            names[name] = FUNCTIONS.get(token) or (0.5 if token == "½" else known.get(token))
            said.append(token if token[0].isdigit() else name)
        else:
            assert opens or closes or token in "-−+*/^,", f"{token!r} of {text!r} has no value"
            said.append(OPERATORS.get(token, token))
        before = "value" if closes or is_value else token
    return eval("".join(said), {"_abs": np.abs, "_floor": np.floor, **names})
