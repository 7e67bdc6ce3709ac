"""A page as its reader has it: made of a tiny recording, opened in the browser."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from figures import render_page
from pipeline import catalogue
from tests.browser import Browser

VISUALS = catalogue.visuals()
PAGES = [stem for stem, entry in VISUALS.items() if "W" in entry.kinds]
READY = "document.documentElement.dataset.ready"
Recorded = Callable[[str], Path]


def made(stem: str, recorded: Recorded) -> bytes:
    """Return a page's file, made of the tiny recordings."""
    return _made(stem, tuple((name, recorded(name)) for name in VISUALS[stem].row.uses))


@cache
def _made(stem: str, paths: tuple[tuple[str, Path], ...]) -> bytes:
    return render_page.render(VISUALS[stem].modules["page"], dict(paths))["html"]


def shown(stem: str, recorded: Recorded, browser: Browser, folder: Path, **how: object) -> Path:
    """Open a page by ``file://`` and return where it lies."""
    path = folder / f"{stem}.both.html"
    path.write_bytes(made(stem, recorded))
    browser.open(path, ready=READY, **how)  # type: ignore[arg-type]
    return path
