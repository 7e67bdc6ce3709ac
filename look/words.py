"""A visual's row: which recordings it reads, and its words as templates.

A row is a literal, so that the command line can read it from the source without importing
matplotlib or manim. Its words are ``str.format`` templates over the attributes of its recordings:
a headline that says what happened can only say what was recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from look.numbers import written
from simulate.errors import UserError

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
