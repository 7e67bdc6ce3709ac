"""How the settings that a spec gives are merged over the defaults of the row that it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulate.errors import UserError


def merged(what: str, defaults: Mapping[str, Any], given: Mapping[str, Any] | None) -> dict:
    """Return a row's defaults with the given settings over them.

    Parameters
    ----------
    what : str
        Whose settings they are, for the message: "surface 'ravine'".
    defaults : mapping
        The row's defaults, which name every setting that there is.
    given : mapping or None
        Some of them, with other values.

    Raises
    ------
    UserError
        If there is no such setting.
    """
    for name in given or {}:
        if name not in defaults:
            there = ", ".join(defaults) or "none"
            raise UserError(f"{what} has no setting {name!r}; there is {there}")
    return {**defaults, **(given or {})}
