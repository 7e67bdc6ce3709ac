r"""A visual's row: which recordings it reads, and its words as templates.

A row is a literal, so that the command line can read it from the source without importing
matplotlib or manim. Its words are templates over the attributes of its recordings (see
:mod:`look.numbers`): a headline that says what happened can only say what was recorded. Figure,
film, page and table of one stem share one row, and take every number and every claim from it::

    VISUAL = Visual(
        uses=["race"], title="{n_runs} runs", alt="…", caption="…",
        words={"start": "Four runs start\nη = {lr:g} for all", "rate": "η = {multiple}/λ"},
        series={"slow": ["too slow", "blue"], "good": ["just right", "green", "dashed"]},
    )

    say("rate", multiple=run.multiple)      # in figure and film alike
    series("slow").color                    # of :mod:`look.runs`
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import msgspec

from look.numbers import written
from simulate import registry
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
    words : dict of str to str
        Every other text that says a number or what happened, by name: headlines of the film (title
        and, on a second line, subtitle), labels, notes. :func:`say` fills them.
    series : dict of str to list of str
        What is told apart by colour: its name, as the recording has it, to label, colour of the
        theme and, if it has one, dash.
    aliases : list of str
        Other names under which a post may ask for it.
    """

    uses: list[str]
    title: str
    alt: str
    caption: str
    subtitle: str = ""
    words: dict[str, str] = {}
    series: dict[str, list[str]] = {}
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
        The recordings' attributes, merged in the order of ``uses`` (see :func:`merge`). ``named``
        is known beside them: whether the dataset has another name than its examples, so that a
        template says "10,000 {many}{named:?| of {dataset}}".

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


def short(name: str, most: int) -> str:
    """Return somebody's name for a thing, cut to `most` letters where there is room for no more.

    Examples
    --------
    >>> short("T-shirt/top", 11), short("ankle boots", 6)
    ('T-shirt/top', 'ankle…')
    """
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def row(stem: str) -> Visual:
    """Return a visual's row, read from its source: in its figure's module, or in its scene's."""
    for package in ("figures", "scenes"):
        found = registry.everywhere(package, "VISUAL", "visuals", only=stem)
        if stem in found:
            try:
                return msgspec.convert(found[stem].check().fields, Visual)
            except msgspec.ValidationError as error:
                raise UserError(f"{found[stem].path}: VISUAL: {error}") from None
    raise UserError(f"{stem} has no VISUAL row of literals; give figures/…/{stem}.py one")


_current: ContextVar[tuple[Visual, Mapping[str, Any]] | None] = ContextVar("visual", default=None)


@contextmanager
def speaking(visual: Visual, attrs: Mapping[str, Any]) -> Iterator[None]:
    """Draw this visual within the block: its words and its series are what :func:`say` knows."""
    token = _current.set((visual, attrs))
    try:
        yield
    finally:
        _current.reset(token)


def current() -> tuple[Visual, Mapping[str, Any]]:
    """Return the visual that is drawn now, and the attributes of its recordings.

    Raises
    ------
    UserError
        If none is; pictures are drawn by ``figures.render`` and ``scenes.render``.
    """
    found = _current.get()
    if found is None:
        raise UserError("no visual is being drawn; its words are known in look.words.speaking")
    return found


def say(name: str, /, **values: Any) -> str:
    """Return one of the visual's words, filled from its recordings and from `values`, which win.

    Raises
    ------
    UserError
        If its row has no word of that name, or a field is missing.
    """
    visual, attrs = current()
    own = {word: getattr(visual, word) for word in WORDS} | visual.words
    if name not in own:
        raise UserError(f"the row has no words {name!r}; there are {', '.join(own)}")
    return _format(name, own[name], visual, ChainMap(values, dict(attrs)))


def _named(attrs: Mapping[str, Any]) -> dict[str, int]:
    """Return whether the dataset has a name beside what its examples are called: 0 for "digits"."""
    return {"named": int(attrs.get("dataset") != attrs.get("many"))}


def _format(word: str, template: str, visual: Visual, attrs: Mapping[str, Any]) -> str:
    recordings = ", ".join(visual.uses)
    try:
        return written(template, ChainMap(dict(attrs), _named(attrs)))
    except KeyError as error:
        raise UserError(
            f"the {word} {template!r} asks for {{{error.args[0]}}}, which no recording of "
            f"{recordings} has as an attribute; there are {', '.join(sorted(attrs)) or 'none'}"
        ) from None
    except (ValueError, IndexError, AttributeError, TypeError) as error:
        raise UserError(
            f"the {word} {template!r} cannot be filled from {recordings}: {error}"
        ) from None
