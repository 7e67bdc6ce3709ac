"""Changes to the settings of experiments, from the command line.

What comes of changed settings is kept apart, under a name: the recording ``EXPERIMENT@NAME`` and
pictures ``STEM@NAME``. It shares its runs with all other recordings, as far as they are the same.
"""

from __future__ import annotations

import difflib
import json
import re
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from pipeline.items import STANDARD, Variant
from simulate import registry, roots, specs
from simulate.errors import UserError
from simulate.storage.store import Store

MARK = "full"  # what `simulate.recorder.variant` writes before changed settings


def variant(
    given: Sequence[str], name: str | None, experiments: Iterable[str], store: Store
) -> Variant:
    """Return the variant that ``--set`` and ``--as`` ask for.

    Parameters
    ----------
    given : sequence of str
        ``key=value`` or ``experiment.key=value``. None of them: what was recorded under the name.
    name : str or None
        Under which it is kept.
    experiments : iterable of str
        Those whose settings may be changed.
    store : Store
        Where the recordings are.

    Raises
    ------
    UserError
        If a key doesn't exist, a value is of the wrong type or out of range, or no name is given.
    """
    experiments = list(experiments)
    if name is None and not given:
        return STANDARD
    if name is None:
        raise UserError(
            "give what --set changes a name with --as NAME; the standard stays as it is"
        )
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise UserError(f"--as {name!r} can't name files; use letters, digits, - and _")
    if not given:
        return Variant(name, _recorded(name, experiments, store))
    changes: dict[str, dict[str, Any]] = {}
    for text in given:
        for experiment, key, value in _meant(text, experiments):
            changes.setdefault(experiment, {})[key] = value
    for experiment, changed in changes.items():
        specs.updated(settings(experiment), changed)  # which looks at ranges, too
    return Variant(name, changes)


def settings(experiment: str) -> specs.Spec:
    """Return an experiment's settings; imports the experiment."""
    module = roots.load(registry.row("experiments", experiment).module)
    found: specs.Spec = module.EXPERIMENT.settings
    return found


def described(experiment: str) -> list[dict[str, Any]]:
    """Return name, type and default of each of an experiment's settings."""
    chosen = settings(experiment)
    return [
        {
            "name": name,
            "type": _type(wanted),
            "default": msgspec.to_builtins(getattr(chosen, name)),
        }
        for name, wanted in _types(chosen).items()
    ]


def _types(chosen: specs.Spec) -> dict[str, Any]:
    hints = typing.get_type_hints(type(chosen), include_extras=True)
    return {name: hints[name] for name in chosen.__struct_fields__}


def _recorded(name: str, experiments: Sequence[str], store: Store) -> Mapping[str, dict[str, Any]]:
    found = {}
    for experiment in experiments:
        receipt = store.receipt(f"{experiment}@{name}")
        said = receipt.inputs.get("settings", "") if receipt else ""
        if said.startswith(f"{MARK}{{"):
            found[experiment] = json.loads(said.removeprefix(MARK))
    if not found:
        raise UserError(
            f"nothing is recorded as {name!r} of {', '.join(experiments)}; "
            "say with --set key=value what it changes"
        )
    return found


def _meant(text: str, experiments: Sequence[str]) -> list[tuple[str, str, Any]]:
    """Return experiment, key and value of each setting that one ``--set`` changes."""
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise UserError(
            f"--set {_short(text)}: write key=value; see `teachnet show --settings EXPERIMENT`"
        )
    first, _, rest = key.partition(".")
    chosen = [first] if rest and first in experiments else experiments
    key = rest if rest and first in experiments else key
    known = {name: _types(settings(name)) for name in chosen}
    found = [
        (name, key, _value(f"{name}.{key}", types_[key], value))
        for name, types_ in known.items()
        if key in types_
    ]
    if not found:
        there = list(dict.fromkeys(key for types_ in known.values() for key in types_))
        near = difflib.get_close_matches(key, there, n=3, cutoff=0.5) or there
        raise UserError(
            f"{' and '.join(chosen) or 'it'} has no setting {_short(key)!r}; "
            f"there is {', '.join(near) or 'none'}"
        )
    return found


def _value(name: str, wanted: Any, text: str) -> Any:
    """Return the value that a text stands for, by the setting's type.

    Lists may stand in brackets or not: ``784,32,10``; strings need no quotes.
    """
    attempts: list[Any] = [None] if text.lower() in ("none", "null") else []
    with suppress(ValueError, RecursionError):
        attempts.append(json.loads(text))
    attempts.append([part.strip() for part in text.strip("[]() ").split(",") if part.strip()])
    attempts.append(text)
    for attempt in attempts:
        try:
            return msgspec.convert(attempt, wanted, strict=False)
        except (msgspec.ValidationError, RecursionError, UnicodeEncodeError):
            continue
    raise UserError(f"{name} is {_short(text)!r}; give {_type(wanted)}")


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


def _type(wanted: Any) -> str:
    """Return a type in words: ``whole number, at least 1``."""
    if typing.get_origin(wanted) is typing.Annotated:
        inner, *meta = typing.get_args(wanted)
        limits = [
            f"{words} {getattr(each, key)}"
            for each in meta
            for key, words in (
                ("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("lt", "less than"),
                ("min_length", "length at least"), ("max_length", "length at most"),
            )
            if getattr(each, key, None) is not None
        ]  # fmt: skip
        return ", ".join([_type(inner), *limits])
    origin, inside = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is typing.Literal:
        return " or ".join(map(str, inside))
    if origin in (typing.Union, types.UnionType):
        return " or ".join(map(_type, inside))
    if origin in (tuple, list):
        if origin is tuple and inside[-1] is not ...:
            return f"({', '.join(map(_type, inside))})"
        each = _type(inside[0])
        return f"list of ({each})" if "," in each else f"list of {each}"
    plain = {int: "whole number", float: "number", str: "text", bool: "true or false"}
    return plain.get(wanted, "none" if wanted in (None, type(None)) else str(wanted))
