"""Draw a figure module on its recordings, in the formats of its files: always the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from types import ModuleType
from typing import Any, cast

from matplotlib.figure import Figure

from figures.parts import canvas, lettering
from figures.parts.stacking import stacked
from look import theme as themes
from look.words import Visual, fill, merge, speaking
from simulate import recording, roots
from simulate.errors import UserError

NARROW = "narrow."


def render(
    module: str,
    recordings: Mapping[str, recording.Given],
    theme: str,
    formats: Sequence[str],
    png_width: int = 1440,
    words: Visual | None = None,
) -> dict[str, bytes]:
    """Draw `module` in one theme and return its files in the wanted formats.

    Parameters
    ----------
    module : str
        A figure module, ``"figures.descent.learning_rates"``.
    recordings : dict of str to Path, Stored or Dataset
        The recordings that it uses, or where they lie and what they must be, by name.
    theme : {"dark", "light"}
    formats : sequence of str
        Of ``"svg"``, ``"png"``, ``"pdf"``, and the same of the narrow form, ``"narrow.svg"`` and
        ``"narrow.png"``, which a figure has whose panels stand side by side; else left out.
    png_width : int
        Width of the PNG in pixels.
    words : Visual, optional
        In place of those of the module's row.

    Returns
    -------
    dict of str to bytes
        What is in each file, by format.

    Raises
    ------
    UserError
        If the module has no row or no ``draw``, a recording that it uses is not given or damaged,
        or a template in its row asks for what was not recorded.
    """
    for kind in formats:
        if kind.removeprefix(NARROW) not in WRITERS:
            raise UserError(f"no figure format {kind!r}; there are {', '.join(WRITERS)}")
    with making("draw", module, recordings, theme, words) as (make, visual):
        fig = make()
        narrow = None
        if any(kind.startswith(NARROW) for kind in formats) and isinstance(fig, canvas.Canvas):
            narrow = stacked(make, fig)
        files = {}
        for kind in formats:
            write = WRITERS[kind.removeprefix(NARROW)]
            if not kind.startswith(NARROW):
                files[kind] = write(fig, visual, png_width)
            elif narrow is not None:
                files[kind] = write(narrow, visual, png_width // 2)
        return files


def figure(module: str, recordings: Mapping[str, recording.Source], theme: str) -> Figure:
    """Return the finished figure, for a notebook or a test; see :func:`render`."""
    with made("draw", module, recordings, theme) as (fig, _):
        return cast("Figure", fig)


def narrow_form(
    module: str, recordings: Mapping[str, recording.Source], theme: str
) -> canvas.Canvas | None:
    """Return a figure's narrow form, if it has one, for a test; see :func:`render`."""
    with making("draw", module, recordings, theme) as (make, _):
        return stacked(make, make())


@contextmanager
def made(
    function: str,
    module: str,
    recordings: Mapping[str, recording.Given],
    theme: str,
    words: Visual | None = None,
) -> Iterator[tuple[Any, Visual]]:
    """Give what a module's `function` (``"draw"``, ``"table"``) makes, and its words, filled.

    So too ``"page"``. See :func:`making`.
    """
    with making(function, module, recordings, theme, words) as (make, visual):
        yield make(), visual


@contextmanager
def making(
    function: str,
    module: str,
    recordings: Mapping[str, recording.Given],
    theme: str,
    words: Visual | None = None,
) -> Iterator[tuple[Callable[[], Any], Visual]]:
    """Give what calls a module's `function` (``"draw"``, ``"table"``), and its words, filled.

    Within the block pictures are drawn in the theme, with its type, and say the `words` if they are
    given in place of the module's row; errors as in :func:`render`.
    """
    row, make = _read(roots.load(module), function)
    row = words or row
    missing = [name for name in row.uses if name not in recordings]
    if missing:
        raise UserError(f"{module} uses the recording {missing[0]!r}, which is not there")
    data = [recording.opened(recordings[name]) for name in row.uses]
    attrs = merge([part.attrs for part in data])
    visual = fill(row, attrs)
    with themes.use(theme), canvas.style(), canvas.words(visual), speaking(row, attrs):
        yield partial(make, *data), visual


def _read(module: ModuleType, function: str) -> tuple[Visual, Callable[..., Any]]:
    for name in ("VISUAL", function):
        if not hasattr(module, name):
            kind = "figure" if function == "draw" else function
            raise UserError(f"{module.__name__} has no {name}; a {kind} needs one")
    return cast("Visual", module.VISUAL), getattr(module, function)


def _svg(fig: Figure, visual: Visual, png_width: int) -> bytes:
    # A date would make every build differ; the title is what a screen reader says.
    metadata: dict[str, Any] = {"Date": None, "Creator": "teaching-networks", "Title": visual.title}
    # dpi: of the images in it (digits); the size of the drawing does not depend on it.
    file = BytesIO()
    with lettering.as_text(fig):
        fig.savefig(file, format="svg", metadata=metadata, dpi=2 * canvas.DPI)
    return lettering.lettered(_shrunk(file.getvalue().decode())).encode()


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


def png(fig: Figure, visual: Visual, png_width: int) -> bytes:
    """Return a figure as PNG, `png_width` pixels wide."""
    metadata = {"Software": "teaching-networks", "Title": visual.title}
    file = BytesIO()
    fig.savefig(file, format="png", metadata=metadata, dpi=png_width / fig.get_figwidth())
    return file.getvalue()


def _pdf(fig: Figure, visual: Visual, png_width: int) -> bytes:
    """Return a figure as PDF: with its fonts, which can be searched, and no date."""
    metadata = {"CreationDate": None, "Creator": "teaching-networks", "Producer": None,
                "Title": visual.title, "Subject": visual.alt}  # fmt: skip
    file = BytesIO()
    fig.savefig(file, format="pdf", metadata=metadata, dpi=2 * canvas.DPI)
    return file.getvalue()


WRITERS: dict[str, Callable[[Figure, Visual, int], bytes]] = {
    "svg": _svg,
    "png": png,
    "pdf": _pdf,
}
