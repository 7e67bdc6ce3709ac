"""Which names a command line asks for: names, globs, aliases; and what is said if there is none."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from simulate.errors import UserError


def select(
    patterns: Iterable[str],
    names: Iterable[str],
    what: str,
    other_names: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the names that the patterns ask for, each once, sorted; all of them for no pattern.

    Parameters
    ----------
    patterns : iterable of str
        Names, or globs such as ``mnist_*``.
    names : iterable of str
        What there is.
    what : str
        What a name stands for, in the message: ``"visual"``.
    other_names : mapping of str to str, optional
        Name by alias.

    Raises
    ------
    UserError
        If a pattern matches nothing; the message has the names that come near.
    """
    known = sorted(names)
    other_names = other_names or {}
    chosen: set[str] = set()
    wanted = list(patterns)
    for pattern in wanted:
        matches = [name for name in known if fnmatchcase(name, pattern)]
        matches += [name for alias, name in other_names.items() if fnmatchcase(alias, pattern)]
        if not matches:
            near = difflib.get_close_matches(pattern, known, n=3, cutoff=0.5)
            aliases = difflib.get_close_matches(pattern, other_names, n=3, cutoff=0.7)
            near = list(dict.fromkeys([*near, *(other_names[alias] for alias in aliases)]))
            hint = f"did you mean {' or '.join(near)}?" if near else f"see `{_listing(what)}`"
            raise UserError(f"no {what} is called {pattern!r}; {hint}")
        chosen.update(matches)
    return sorted(chosen) if wanted else known


def _listing(what: str) -> str:
    """Return the command that lists the names; visuals are listed unasked."""
    first, _, _ = what.partition(" or ")
    word = {"visual": "", "recording": " experiments"}.get(first, f" {first}s")
    return f"teachnet list{word}"
