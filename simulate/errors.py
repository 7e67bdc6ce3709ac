"""The two ways in which a piece of work can end without a result."""

from __future__ import annotations


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
