"""From what a user asks for to the items of a build, and whether these are stale."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NoReturn

import click

from pipeline.catalogue import Entry, aliases, visuals
from pipeline.items import STANDARD, Item, Picture, Recording, Variant, why_stale
from pipeline.kinds import KINDS
from pipeline.selection import select
from pipeline.settings import Settings
from simulate import registry
from simulate.errors import UserError

if TYPE_CHECKING:
    from simulate.recorder import Context


def context(settings: Settings, *, decide: bool = True) -> Context:
    """Return which digits and which device recordings are made with.

    Parameters
    ----------
    settings : Settings
    decide : bool
        Whether to remember the digits for the next time; False for commands that only look.

    Raises
    ------
    UserError
        If the digits or, to decide, the device are not there.
    """
    from simulate.data import choice
    from simulate.recorder import Context
    from simulate.training import device

    digits = choice.choose(
        settings.media, settings.data, settings.download, settings.label, remember=decide
    )
    # To look at what there is, a device need not be here.
    look = not decide and settings.device != "auto"
    return Context(data=digits, device=settings.device if look else device.choose(settings.device))


def select_visuals(patterns: Sequence[str]) -> list[Entry]:
    """Return the visuals with these stems, aliases or globs; all of them for no pattern."""
    entries = visuals()
    return [
        entries[stem] for stem in select(patterns, entries, "visual", aliases(entries.values()))
    ]


def recordings(
    names: Iterable[str], settings: Settings, context: Context, variant: Variant = STANDARD
) -> list[Recording]:
    """Return the items of experiments."""
    rows = registry.rows("experiments")
    items = []
    for name in names:
        row = rows.get(name) or registry.row("experiments", name)  # which says what is near
        measures = row.fields.get("alone") is True
        items.append(Recording(settings, name, context, measures, variant))
    return items


def pictures(
    entries: Iterable[Entry],
    settings: Settings,
    variant: Variant = STANDARD,
    only: str | None = None,
) -> list[Picture]:
    """Return the items of visuals: each kind that they have, or `only` one, in these themes.

    Raises
    ------
    UserError
        If none of the visuals has the kind.
    """
    entries = list(entries)
    if only is not None and not any(only in entry.modules for entry in entries):
        raise UserError(f"{', '.join(entry.stem for entry in entries)} has no {only}")
    return [
        Picture(settings, entry, kind, theme, variant)
        for entry in entries
        for kind in KINDS
        if kind.name in entry.modules and only in (None, kind.name)
        for theme in settings.themes(kind.themes)
    ]


def used_recordings(
    entries: Iterable[Entry], settings: Settings, context: Context, variant: Variant = STANDARD
) -> list[Recording]:
    """Return the items of the experiments that visuals use; ``--force`` is not for these.

    A name that no experiment has is left out: the visual that uses it fails, the others don't.
    """
    known = registry.names("experiments")
    names = {name for entry in entries for name in entry.row.uses if name in known}
    calm = dataclasses.replace(settings, force=False)
    return recordings(sorted(names), calm, context, variant)


def refuse_all(
    items: Sequence[Item], settings: Settings, names: Collection[str], what: str, command: str
) -> NoReturn:
    """Refuse a call without names, which may be a slip and would take minutes.

    Parameters
    ----------
    items : sequence of Item
        All that it would bring up to date.
    settings : Settings
    names : collection of str
        What could be named.
    what : str
        What a name stands for: ``"a visual"``.
    command : str
        What to say instead for all of them: ``"teachnet all"``.

    Raises
    ------
    UserError
        Always; it says how many there are and about how long it takes.
    """
    from pipeline.build import looking

    with looking(settings):
        stale = [item for item in items if item.forced or why_stale(item)]
    seconds = sum(item.cost for item in stale)
    minutes = round(seconds / 60 / settings.jobs)
    about = f"about {minutes} minutes" if minutes > 1 else "about a minute"
    todo = len({item.stem for item in stale} & set(names))
    takes = f"{todo} of them are to be made, in {about}" if stale else "all of them are fresh"
    raise UserError(f"name {what}, or say `{command}` for all {len(names)}; {takes}")


def run(items: Sequence[Item], settings: Settings) -> None:
    """Build items, show how it goes, and leave with status 1 if something failed."""
    from pipeline.build import build
    from pipeline.display import display

    with display() as shown:
        outcome = build(items, settings, shown)
        shown.note(f"teachnet: {outcome}")
    if outcome.failed:
        click.get_current_context().exit(1)


class Staleness:
    """Says of items why they are stale, asking each recording once.

    Parameters
    ----------
    settings : Settings
    context : Context
    """

    def __init__(self, settings: Settings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._known: dict[str, list[str]] = {}

    def of_recording(self, name: str) -> list[str]:
        """Return why a recording is stale; nothing if it is fresh."""
        if name not in self._known:
            item = Recording(self._settings, name, self._context, measures=False)
            self._known[name] = why_stale(item)
        return self._known[name]

    def of_visual(self, entry: Entry) -> dict[str, list[str]]:
        """Return why each recording and picture of a visual is stale, by the item's name."""
        found = {f"{name} recording": self.of_recording(name) for name in entry.row.uses}
        for item in pictures([entry], self._settings):
            found[item.name] = why_stale(item)
        return found
