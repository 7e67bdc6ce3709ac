"""The ways in which a piece of work can end without a result."""

from __future__ import annotations

import errno
from pathlib import Path


class UserError(Exception):
    """What was asked for can't be done as asked.

    The message is one clear line that names the value and the remedy; the command line prints
    it without a traceback and leaves with status 2.
    """


class RunError(Exception):
    """An experiment or a scene failed while it ran, say because its loss became NaN.

    What it would have made is missing, everything else goes on, and the command leaves with
    status 1 at the end.
    """


class Damaged(UserError):
    """A stored file isn't what its receipt says; it is made again before anything uses it.

    Parameters
    ----------
    path : Path
        The file.
    why : str
        What is wrong with it, and the remedy.
    """

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(path, why)
        self.path = Path(path)

    def __str__(self) -> str:
        return f"{self.path} is damaged {self.args[1]}"


class DiskFull(UserError):
    """There is no room left where something is to be written: what comes next fails too."""


def is_disk_full(error: BaseException) -> bool:
    """Tell whether an error, or what led to it, is that a disk or a quota is full."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
