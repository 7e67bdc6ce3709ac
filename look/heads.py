"""Attention as figures and films show it: a colour for each head, and what tokens are called.

Twelve hues without orange and blue, which are the signs of numbers; neighbours differ in lightness
as well. Each reaches 3:1 against its background. Heads have their number beside the colour.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from look import theme
from look.numbers import fixed, form, joined, percent, written
from simulate.errors import UserError

if TYPE_CHECKING:
    import xarray as xr

LONGEST = 60  # tokens that a picture shows

_COLORS = {
    "dark": ("#fda9b5", "#cc68b9", "#ceb5fe", "#12a7a7", "#5ee295", "#909c00",
             "#e1627c", "#fd9fe9", "#a278e4", "#00e0e0", "#10ae65", "#c1d044"),
    "light": ("#ca305b", "#830374", "#8851d1", "#055959", "#0d8b50", "#4c5200",
              "#900538", "#b33ca0", "#6022a2", "#038586", "#005d32", "#737c06"),
}  # fmt: skip


def color(head: int) -> str:
    """Return the colour of a head (from 0) in the current theme; those of head 12 on repeat."""
    colors = _COLORS[theme.current().name]
    return colors[head % len(colors)]


BRIGHT = 0.5  # a weight from which on a cell is as light as can be


def cells(weights: ArrayLike, head: int) -> np.ndarray:
    """Return colours of weights, (…, 3) in [0, 1]: 0 is dark and much is light, in both themes.

    In between it is the head's colour. Brightness goes with the root of the weight, so that a
    fiftieth can still be told from nothing, up to `BRIGHT`.
    """
    hue = _COLORS["dark"][head % len(_COLORS["dark"])]
    stops = np.stack([_rgb(each) for each in ("#151923", hue, "#fffdf5")])
    share = np.sqrt(np.clip(np.asarray(weights, dtype=float) / BRIGHT, 0, 1))
    return np.stack([np.interp(share, (0, 0.7, 1), part) for part in stops.T], axis=-1)


def _rgb(color: str) -> np.ndarray:
    return np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])


def softmax_share(weight: float) -> str:
    r"""Write a share of a softmax, which is above 0 even where a recording rounds it to that.

    Examples
    --------
    >>> [softmax_share(weight) for weight in (0.901, 0.0)]
    ['90.1\u202f%', '< 0.1\u202f%']
    """
    return percent(max(weight, 1e-9), 1)


def mixed(walk: xr.Dataset) -> tuple[int, list[str]]:
    """Return which number of an output is the largest, and the products that it is mostly made of.

    Those of the largest shares, three at the most.
    """
    weight, k = walk.weight.values, int(np.abs(walk.output.values).argmax())
    most = np.argsort(-weight, kind="stable")[:3].tolist()
    values = walk["values"].values[:, k]
    return k, [joined([form(weight[i], ".3f"), "×", form(float(values[i]), "(.1f)")]) for i in most]


def score_form(scores: ArrayLike) -> str:
    """Return the format of scores: two decimals where they have no more, else three.

    Examples
    --------
    >>> score_form([4.45, -0.92]), score_form([4.455])
    ('.2f', '.3f')
    """
    scores = np.asarray(scores, dtype=float)
    return ".2f" if np.allclose(np.round(scores, 2), scores, atol=1e-9) else ".3f"


def faintest(n_tokens: int) -> float:
    """Return the weight below which no line is drawn: a percent, in long texts an even share."""
    return 0.01 if n_tokens <= 30 else 1 / n_tokens


def check(recording: xr.Dataset) -> None:
    """Make sure that a text is short enough for a picture.

    Raises
    ------
    UserError
        If it isn't.
    """
    n = recording.sizes["position"]
    if n > LONGEST:
        raise UserError(
            f"a picture shows at most {LONGEST} tokens, and this text has {n:,}; shorten it, or "
            "keep its attention in a recording (.nc)"
        )


def labels(recording: xr.Dataset, has: Callable[[str], bool]) -> list[str]:
    """Return what tokens are called on a picture.

    A piece that goes on a word begins with a middle dot, ``·me``; a special token has its own
    name; white space and other marks that can't be seen have a name; several tokens of one
    character are counted, ``é 1/2``; and characters that the font lacks are given by their number.

    Parameters
    ----------
    recording : Dataset
        Of `simulate.attention`.
    has : callable
        Tells whether the picture's font has a character.
    """
    names = [str(name) for name in recording.token.values]
    places = list(zip(recording.start.values.tolist(), recording.stop.values.tolist(), strict=True))
    special, continues = recording.special.values, recording.continues.values
    found = []
    for i, name in enumerate(names):
        if special[i]:
            found.append(_spelled(name, has))
            continue
        text = _spelled(name, has)
        same = [j for j, place in enumerate(places) if place == places[i] and not special[j]]
        if len(same) > 1:  # bytes of one character
            text = joined([text, written("{i}/{n}", {"i": same.index(i) + 1, "n": len(same)})])
        elif continues[i]:
            text = "·" + text
        found.append(text)
    return found


def _spelled(text: str, has: Callable[[str], bool]) -> str:
    if all(char.isprintable() and has(char) for char in text) and text.strip():
        return text
    shown = [_point(char) if not (char.isprintable() and has(char)) else char for char in text]
    if len(text) <= 2:
        return joined(shown)
    if any(char.isprintable() and has(char) for char in text):
        return joined(shown, "")
    return joined([_point(text[0]), written("+{n}", {"n": len(text) - 1})])


def _point(char: str) -> str:
    """Return a character that can't be drawn by its name in brackets, or by its number."""
    known = {" ": "⟨space⟩", "\n": "⟨line⟩", "\t": "⟨tab⟩"}
    if char in known:
        return known[char]
    return joined([f"U+{ord(char):04X}"])


def missing(recording: xr.Dataset, has: Callable[[str], bool]) -> str:
    """Return the script of the first character that the font lacks, such as "Devanagari"; or ""."""
    for name in recording.token.values:
        for char in str(name):
            if char.isprintable() and not has(char):
                script = unicodedata.name(char, "unknown").split()[0]
                return script if len(script) < 4 else script.capitalize()
    return ""


def onto(recording: xr.Dataset, weights: np.ndarray) -> tuple[np.ndarray, str]:
    """Return the weight that is asked about, token by token, and the role whose tokens it is of.

    Parameters
    ----------
    weights : array, shape (query, key)
        Of one head.
    """
    role = recording.role.values.astype(str)
    if recording.attrs["against"] == "sources":
        return weights[:, role == "target"].mean(1), "source"
    return weights[role == "source"].mean(0), "target"


def asked(recording: xr.Dataset, weights: np.ndarray) -> list[tuple[list[int], float]]:
    """Return the words that are asked about: the pieces of each, and their weight on average."""
    each, role = onto(recording, weights)
    words: list[list[int]] = []
    for i in np.flatnonzero(recording.role.values.astype(str) == role).tolist():
        if words and recording.continues.values[i] and i - 1 in words[-1]:
            words[-1].append(i)
        else:
            words.append([i])
    return [(pieces, float(each[pieces].mean())) for pieces in words]


def counted(recording: xr.Dataset, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return from where to where the weights are that a head's number is made of, (query, key).

    Those of words only: commas and the ends of a text are neither asked about nor others.
    """
    role = recording.role.values.astype(str)
    if recording.attrs["against"] == "sources":
        wanted = np.isin(role, ("source", "other"))[:, None] & (role == "target")
    else:
        wanted = (role == "source")[:, None] & np.isin(role, ("target", "other"))
    query, key = np.nonzero(wanted & (weights > 0) & ~np.eye(len(weights), dtype=bool))
    return query, key


def means(meant: float, rest: float) -> dict[str, str]:
    """Return both means in as many digits as their quotient needs to be the ratio that is said."""
    for digits in (1, 2, 3):
        top, below = (round(share, digits + 2) for share in (meant, rest))
        if below > 0 and fixed(top / below, 1) == fixed(meant / rest, 1):
            return {"meant": percent(meant, digits), "rest": percent(rest, digits)}
    return {"meant": percent(meant, 1), "rest": percent(rest, 1)}


def times(ratio: float) -> dict[str, Any]:
    """Return the fields with which a ratio is said: 99 at most, and whether it is beyond that.

    Also whether it is so small that it would be printed as 0.
    """
    return {"ratio": float(np.clip(ratio, 0.0, 99.0)), "beyond": int(ratio > 99),
            "tiny": int(0 < ratio < 0.05)}  # fmt: skip


def shares(recording: xr.Dataset) -> tuple[list[str], np.ndarray]:
    """Return what each head of the shown layer mostly looks at, and the share of that, (head,)."""
    here = recording.share.values[int(recording.attrs["shown_layer"])]
    kinds = [str(kind) for kind in recording["class"].values]
    return [kinds[i] for i in here.argmax(1)], here.max(1)
