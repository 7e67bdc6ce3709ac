"""A page as an anywidget: its own script draws it in the notebook, and Python has its state."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from figures import drawing
from figures.parts import webfont
from figures.render_page import Parts


class Widget(anywidget.AnyWidget):
    """A page to play with that shares its state with Python.

    Where no widget can be shown, in an export or a viewer, the page is shown in a frame.

    Attributes
    ----------
    state : dict of str to str
        What the reader has chosen, as the page has it in its address: ``{"rate": "0.45"}``. What is
        as usual is left out.
    html, title, height
        As of `figures.drawing.Page`.
    """

    state = traitlets.Dict(value_trait=traitlets.Unicode(), key_trait=traitlets.Unicode()).tag(
        sync=True
    )
    page = traitlets.Dict().tag(sync=True)

    def __init__(self, page: drawing.Page, made: Parts) -> None:
        # The fonts of a document are known all over it, and each page has letters of its own.
        family = f"{webfont.FAMILY} {hashlib.sha256(made.font.encode()).hexdigest()[:10]}"
        style, font = (css.replace(webfont.FAMILY, family) for css in (made.style, made.font))
        super().__init__(
            _esm=made.script,
            page={"data": made.data, "main": made.main, "style": style, "font": font},
        )
        self._page = page

    @property
    def html(self) -> str:
        """All of the page, as a file has it."""
        return self._page.html

    @property
    def title(self) -> str:
        """Its title."""
        return self._page.title

    @property
    def height(self) -> int:
        """CSS pixels that it takes, 720 wide."""
        return self._page.height

    def save(self, path: str | Path) -> None:
        """Write the page to a file, which opens by double click."""
        self._page.save(path)

    def _repr_html_(self) -> str:
        return self._page._repr_html_()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        return {**bundle, "text/html": self._repr_html_(), "text/plain": self.title}, metadata
