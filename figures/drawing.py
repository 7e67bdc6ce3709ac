"""Draw a visual's figure from any recording that has what it reads."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from figures import render, render_page, render_table
from figures.parts.canvas import WIDTH
from look import visuals
from look.words import Visual, fill, merge
from simulate import roots
from simulate.storage.files import write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulate.recording import Given


def draw(
    stem: str,
    recording: Given | Mapping[str, Given],
    *,
    theme: str = "light",
    title: str | None = None,
    caption: str | None = None,
) -> Figure:
    """Return a visual's figure, drawn from any recording that has what it reads.

    In a notebook the figure shows itself, with its caption. Its words are those of the visual
    where the recording is of the visual's own experiment; else they are made from what the
    recording says of itself: its optimizer, its data, its steps.

    Parameters
    ----------
    stem : str
        The visual, such as ``"loss_surface"``. One that is only a table is drawn as such.
    recording : Dataset or path, or dict of str to these
        The recording; for a visual of several, each by the name that the visual has for it.
    theme : {"light", "dark"}
    title, caption : str, optional
        In place of the visual's own.

    Returns
    -------
    matplotlib.figure.Figure
        720 CSS pixels wide.

    Raises
    ------
    UserError
        If there is no such visual, or the recording lacks what it reads: all of that is named.

    Examples
    --------
    In a notebook, the last line of a cell shows it::

        figures.draw("loss_surface", "media/recordings/loss_surface.nc", title="Mine")
    """
    found = visuals.drawn(stem, "figures", recording, title=title, caption=caption)
    with found.explaining():
        if hasattr(roots.load(found.module), "draw"):
            with render.made("draw", found.module, found.recordings, theme, found.row) as made:
                fig, words = made
        else:
            _, words, fig = render_table.table(
                found.module, found.recordings, theme, words=found.row
            )
    # What a notebook asks for.
    fig._repr_png_ = partial(render.png, fig, words, 2 * round(WIDTH))
    fig._repr_html_ = partial(_html, fig, words)
    return fig


@dataclass(frozen=True)
class Page:
    """A page to play with; in a notebook it shows itself, and exports keep it.

    Attributes
    ----------
    html : str
        All of it.
    title : str
    height : int
        CSS pixels that it takes, 720 wide.
    """

    html: str
    title: str
    height: int

    def save(self, path: str | Path) -> None:
        """Write it to a file, which opens by double click."""
        write_atomic(Path(path).expanduser(), self.html.encode())

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{html.escape(self.html)}" title="{html.escape(self.title)}" '
            f'width="{WIDTH:.0f}" height="{self.height}" style="border:0;max-width:100%"></iframe>'
        )


def interact(
    stem: str,
    recording: Given | Mapping[str, Given],
    *,
    title: str | None = None,
    caption: str | None = None,
) -> Page:
    """Return a visual's page, made from any recording that has what it reads.

    Where anywidget is installed (the extra ``notebook``) it is a widget too, whose ``state`` is
    what the reader has chosen, ``{"rate": "0.45"}``: to be read, observed, and set.

    Parameters
    ----------
    stem, recording, title, caption
        As for :func:`draw`.

    Raises
    ------
    UserError
        If the visual has no page, or the recording lacks what it reads.
    """
    found = visuals.drawn(stem, "figures", recording, title=title, caption=caption)
    with found.explaining():
        made = render_page.of(found.module, found.recordings, found.row)
    words = fill(found.row, merge([data.attrs for data in found.recordings.values()]))
    page = Page(render_page.document(made), words.title, made.height)
    if find_spec("anywidget") is None:
        return page
    from figures.widget import Widget

    return Widget(page, made)


def _html(fig: Any, words: Visual) -> str:
    source = base64.b64encode(fig._repr_png_()).decode()
    return (
        f'<figure style="margin:0;max-width:{WIDTH:.0f}px">'
        f'<img src="data:image/png;base64,{source}" width="{WIDTH:.0f}" '
        f'alt="{html.escape(words.alt)}">'
        f"<figcaption>{html.escape(words.caption)}</figcaption></figure>"
    )
