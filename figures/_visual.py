"""A visual's row: which recordings it reads, and its words as templates.

A row is a literal, so that the command line can read it from the source without importing
matplotlib or manim. Its words are ``str.format`` templates over the attributes of its recordings:
a headline that says what happened can only say what was recorded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from numbers import Number
from string import Formatter
from typing import Any

import msgspec

from simulate.errors import UserError

NARROW = "\N{NARROW NO-BREAK SPACE}"
WORDS = ("title", "subtitle", "alt", "caption")


class Visual(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a picture reads and says.

    Parameters
    ----------
    uses : list of str
        Names of the recordings, in the order in which ``draw`` takes them.
    title : str
        The headline: what happened. Plain text, for it is also a page's heading.
    subtitle : str
        One muted line under it: how to read the picture.
    alt : str
        What is seen, for those who can't see it.
    caption : str
        What a post prints under the picture: the settings, and what must not be concluded.
    aliases : list of str
        Other names under which a post may ask for it.
    """

    uses: list[str]
    title: str
    alt: str
    caption: str
    subtitle: str = ""
    aliases: list[str] = []


def merge(attributes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the attributes of several recordings as one mapping; a later recording wins."""
    return {key: value for attrs in attributes for key, value in attrs.items()}


def fill(visual: Visual, attrs: Mapping[str, Any]) -> Visual:
    """Return `visual` with its words filled from the attributes of its recordings.

    Parameters
    ----------
    visual : Visual
        A row with templates such as ``"{epochs} epochs on {dataset}"``.
    attrs : mapping
        The recordings' attributes, merged in the order of ``uses`` (see :func:`merge`).

    Raises
    ------
    UserError
        If a template names a field that no recording has, or formats it in a way that its
        type does not allow.

    Examples
    --------
    >>> row = Visual(uses=["race"], title="{steps:,} steps", alt="A race.", caption="")
    >>> fill(row, {"steps": 1000}).title
    '1,000 steps'
    """
    return msgspec.structs.replace(
        visual, **{word: _format(word, getattr(visual, word), visual, attrs) for word in WORDS}
    )


class _Words(Formatter):
    """Writes −2.5 with a true minus, 5 × 10⁻⁵ as a power of ten, and 80.2 % with its space."""

    def format_field(self, value: Any, format_spec: str) -> str:
        text = super().format_field(value, format_spec)
        if not isinstance(value, Number):
            return text
        text = re.sub(r"(?P<digits>[\d.]+)e(?P<power>[-+]\d+)", _with_power, text)
        return text.replace("-", "−").replace("%", NARROW + "%")


def _with_power(match: re.Match[str]) -> str:
    power = str(int(match["power"])).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{power}" if match["digits"] == "1" else f"{match['digits']} × 10{power}"


def written(template: str, attrs: Mapping[str, Any]) -> str:
    """Return a template filled as every picture writes numbers.

    Examples
    --------
    >>> written("{a:g}, {b:.1e}, {c:.0f}", {"a": -2.5, "b": 5.4e-5, "c": 3.0})
    '−2.5, 5.4 × 10⁻⁵, 3'
    """
    return _Words().vformat(template, (), attrs)


def fixed(value: float, decimals: int, *, sign: bool = False) -> str:
    """Write a number with all its decimals and a true minus, or with its sign in any case.

    Examples
    --------
    >>> fixed(-0.4, 1), fixed(2.08, 2, sign=True), fixed(-1e-12, 1)
    ('−0.4', '+2.08', '0.0')
    """
    value = round(float(value), decimals) + 0.0  # no negative zero
    return f"{value:{'+' if sign and value else ''}.{decimals}f}".replace("-", "−")


def _format(word: str, template: str, visual: Visual, attrs: Mapping[str, Any]) -> str:
    recordings = ", ".join(visual.uses)
    try:
        return written(template, attrs)
    except KeyError as error:
        raise UserError(
            f"the {word} {template!r} asks for {{{error.args[0]}}}, which no recording of "
            f"{recordings} has as an attribute; there are {', '.join(sorted(attrs)) or 'none'}"
        ) from None
    except (ValueError, IndexError, AttributeError, TypeError) as error:
        raise UserError(
            f"the {word} {template!r} cannot be filled from {recordings}: {error}"
        ) from None
