"""What a build shows while it works: bars on a terminal, next to nothing in a pipe.

Progress and troubles go to stderr; stdout gets the paths that were written, one a line.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import sys
import unicodedata
from pathlib import Path
from typing import Any, TextIO

import click


class Display:
    """The quiet display, for pipes and files."""

    def __enter__(self) -> Display:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def progress(self, name: str, done: int, total: int, text: str = "") -> None:
        """Show how far an item is, and a few words; `total` 0 means not known yet."""

    def end(self, name: str) -> None:
        """Take an item off the display."""

    def path(self, path: Path) -> None:
        """Print a path that was written, as the reader would type it."""
        click.echo(relative(path))

    def note(self, text: str) -> None:
        """Print a line on stderr."""
        click.echo(text, err=True)


class Bars(Display):
    """A bar for each item in progress."""

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[count]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[words]}", markup=False),
            console=Console(file=stream),
            transient=True,
            # stdout may be a file: rich would send what is printed there to the terminal
            redirect_stdout=False,
            redirect_stderr=False,
            refresh_per_second=5,
        )
        self._ids: dict[str, Any] = {}

    def __enter__(self) -> Display:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def progress(self, name: str, done: int, total: int, text: str = "") -> None:
        if name not in self._ids:
            self._ids[name] = self._bars.add_task(name, total=None, count="", words="")
        self._bars.update(
            self._ids[name],
            completed=done,
            total=total or None,
            count=f"{done / total:4.0%}" if total else "",
            words=text,
        )

    def end(self, name: str) -> None:
        if name in self._ids:
            self._bars.remove_task(self._ids.pop(name))

    def path(self, path: Path) -> None:
        if sys.stdout.isatty():
            self._print(relative(path))  # above the bars, on the same terminal
        else:
            super().path(path)

    def note(self, text: str) -> None:
        self._print(text)

    def _print(self, text: str) -> None:
        self._bars.console.print(text, markup=False, highlight=False, soft_wrap=True)


def json_text(value: Any) -> str:
    """Return a value as JSON that every program reads: in ASCII, and null for what is no number."""
    return json.dumps(_finite(value), indent=2, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def readable(text: str) -> str:
    """Return text as a terminal may show it: control characters, which may command it, escaped."""
    return "".join(
        " " if char == "\n" or unicodedata.category(char) == "Zs"  # narrow and unbroken spaces too
        else char if char.isprintable() else repr(char)[1:-1]
        for char in text
    )  # fmt: skip


def width(page: int = 80) -> int:
    """Return how many characters fit on a line of the terminal; `page` where there is none."""
    return max(40, shutil.get_terminal_size((page, 24)).columns)


def display() -> Display:
    """Return the display that suits stderr."""
    return Bars(sys.stderr) if sys.stderr.isatty() else Display()


def relative(path: Path) -> str:
    """Return a path as seen from the working directory, if that is shorter."""
    try:
        return min(str(path), os.path.relpath(path), key=len)
    except ValueError:  # another drive
        return str(path)
