"""Draw a figure module on its recordings, and save it: the same bytes every time."""

from __future__ import annotations

import importlib
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from matplotlib.figure import Figure

from figures.parts import canvas
from look import theme as themes
from look.words import Visual, fill, merge
from simulate import recording
from simulate.errors import UserError


def render(
    module: str,
    recordings: Mapping[str, Path],
    theme: str,
    outputs: Mapping[str, Path],
    png_width: int = 1440,
) -> None:
    """Draw `module` in one theme and write it in the wanted formats.

    A file appears under its name when it is whole, or not at all.

    Parameters
    ----------
    module : str
        A figure module, ``"figures.descent.learning_rates"``.
    recordings : dict of str to Path
        Where the recordings that it uses lie, by name.
    theme : {"dark", "light"}
    outputs : dict of str to Path
        Files to write, by format: ``"svg"``, ``"png"``.
    png_width : int
        Width of the PNG in pixels.

    Raises
    ------
    UserError
        If the module has no row or no ``draw``, a recording that it uses is not given or damaged,
        or a template in its row asks for what was not recorded.
    """
    with made("draw", module, recordings, theme) as (fig, visual):
        for kind, path in outputs.items():
            if kind not in SAVERS:
                raise UserError(f"no figure format {kind!r}; there are {', '.join(SAVERS)}")
            with whole(Path(path)) as file:
                SAVERS[kind](fig, file, visual, png_width)


def figure(module: str, recordings: Mapping[str, Path], theme: str) -> Figure:
    """Return the finished figure, for a notebook or a test; see :func:`render`."""
    with made("draw", module, recordings, theme) as (fig, _):
        return cast("Figure", fig)


@contextmanager
def made(
    function: str, module: str, recordings: Mapping[str, Path], theme: str
) -> Iterator[tuple[Any, Visual]]:
    """Give what a module's `function` (``"draw"``, ``"table"``) makes, and its words, filled.

    Within the block pictures are drawn in the theme, with its type; errors as in :func:`render`.
    """
    row, make = _read(importlib.import_module(module), function)
    missing = [name for name in row.uses if name not in recordings]
    if missing:
        raise UserError(f"{module} uses the recording {missing[0]!r}, which is not there")
    data = [recording.load(Path(recordings[name])) for name in row.uses]
    visual = fill(row, merge([part.attrs for part in data]))
    with themes.use(theme), canvas.style(), canvas.words(visual):
        yield make(*data), visual


def _read(module: ModuleType, function: str) -> tuple[Visual, Callable[..., Any]]:
    for name in ("VISUAL", function):
        if not hasattr(module, name):
            kind = "table" if function == "table" else "figure"
            raise UserError(f"{module.__name__} has no {name}; a {kind} needs one")
    return cast("Visual", module.VISUAL), getattr(module, function)


def _svg(fig: Figure, file: Path, visual: Visual, png_width: int) -> None:
    # A date would make every build differ; the title is what a screen reader says.
    metadata: dict[str, Any] = {"Date": None, "Creator": "teaching-networks", "Title": visual.title}
    # dpi: of the images in it (digits); the size of the drawing does not depend on it.
    fig.savefig(file, format="svg", metadata=metadata, dpi=2 * canvas.DPI)
    file.write_text(_shrunk(file.read_text(encoding="utf-8")), encoding="utf-8")


def _shrunk(svg: str) -> str:
    """Return an SVG with its outlines to a hundredth of a point: half the size, no visible change.

    matplotlib writes six decimals and a line break for each corner.
    """

    def outline(match: re.Match[str]) -> str:
        return re.sub(r"-?\d+\.\d+", _hundredths, " ".join(match[0].split()))

    return re.sub(r' d="[^"]*"', lambda match: f" {outline(match)}", svg)


def _hundredths(match: re.Match[str]) -> str:
    short = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def save_png(fig: Figure, file: Path, visual: Visual, png_width: int) -> None:
    """Save a figure as PNG, `png_width` pixels wide."""
    metadata = {"Software": "teaching-networks", "Title": visual.title}
    fig.savefig(file, format="png", metadata=metadata, dpi=png_width / fig.get_figwidth())


SAVERS: dict[str, Callable[[Figure, Path, Visual, int], None]] = {"svg": _svg, "png": save_png}


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a temporary name beside `path` to save under; rename it when all went well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A build gives it a scratch folder, which the next one clears after a kill.
    part = path.parent / f".part-{os.getpid()}-{secrets.token_hex(4)}-{path.name}"
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
