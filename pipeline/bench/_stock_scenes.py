"""The product's scenes for ``manim render``: Manim's renderer, camera, caching and encoder.

Made for every scene of the catalogue. Painters draw themselves, or they would not be seen: what
Manim's own mobjects would cost in their place is in the rows of surfaces and networks.
"""

from __future__ import annotations

import json
import os
from importlib import import_module
from typing import Any

import manim

from look import theme
from pipeline.catalogue import visuals
from pipeline.kinds import ANIMATION
from scenes import render

RECORDINGS = json.loads(os.environ["TEACHNET_BENCH_RECORDINGS"])
manim.config.background_color = theme.current().background


def _stock(stem: str, module: str, uses: list[str]) -> type[manim.Scene]:
    base: Any = getattr(import_module(module), ANIMATION.maker(stem))
    job = render.Job(module=module, recordings={name: RECORDINGS[name] for name in uses})

    class Stock(base):
        def __init__(self, **settings: Any) -> None:
            self.job = job
            self.sections: list[Any] = []
            self.said: list[Any] = []
            manim.Scene.__init__(self, camera_class=render.PainterCamera, **settings)

        def construct(self) -> None:
            with self.speaking():
                super().construct()

        def beat(self, seconds: float, why: str) -> None:
            self.wait(seconds)

        def headline(self, name: str, **more: Any) -> Any:
            self.renderer.frame = 0  # of which ours keeps count, and Manim's does not
            return super().headline(name, **more)

        next_section = manim.Scene.next_section

    Stock.__name__ = Stock.__qualname__ = ANIMATION.maker(stem)
    Stock.__module__ = __name__
    return Stock


for _stem, _entry in visuals().items():
    if "animation" in _entry.modules:
        globals()[ANIMATION.maker(_stem)] = _stock(
            _stem, _entry.modules["animation"], _entry.row.uses
        )
