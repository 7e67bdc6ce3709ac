"""The curves of cost as figures: ``bench_frames.THEME.svg`` and its like."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from figures.parts import canvas
from figures.parts.axes import name_axes
from figures.parts.canvas import Canvas, subplots
from look import theme
from look.words import Visual
from pipeline.bench.growth import Curve


def draw(curves: list[Curve], folder: Path) -> None:
    """Draw each curve in both themes."""
    folder.mkdir(parents=True, exist_ok=True)
    for curve in curves:
        words = Visual(
            uses=[],
            title=f"Cost grows as {curve.name} to the power {curve.exponent:.2f}",
            subtitle=f"Seconds against {curve.unit}, both logarithmic. Line: the fitted power.",
            alt="",
            caption="",
        )
        for name in theme.THEMES:
            with theme.use(name), canvas.style(), canvas.words(words):
                _figure(curve).savefig(folder / f"bench_{curve.name}.{name}.svg")


def _figure(curve: Curve) -> Canvas:
    figure, ax = subplots()
    sizes, times = np.array(curve.sizes), np.array(curve.seconds)
    scale = np.exp(np.mean(np.log(times) - curve.exponent * np.log(sizes)))
    ax.loglog(sizes, scale * sizes**curve.exponent, color=theme.color("muted"), linewidth=1.5)
    ax.loglog(sizes, times, "o", color=theme.color("blue"))
    name_axes(ax, curve.unit, "seconds")
    return figure
