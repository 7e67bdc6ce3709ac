"""What is wrong with a figure's words: outside the frame, on each other, too small, too faint."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from look.layout import CONTRAST, SEEN_WIDTH, SMALLEST, contrast, outside, overlap


def problems(fig: Figure) -> list[str]:
    """Return what a reader could not read, in words; an empty list is a good figure.

    Parameters
    ----------
    fig : Figure
        A finished figure. It is drawn here once without its words, to see what lies under them.
    """
    canvas = fig.canvas if isinstance(fig.canvas, FigureCanvasAgg) else FigureCanvasAgg(fig)
    fig.draw_without_rendering()  # places the ticks
    texts = drawn_texts(fig)
    boxes = {text: _box(text) for text in texts}
    under = _without(canvas, texts)
    scale = getattr(fig, "width", SEEN_WIDTH) / fig.bbox.width  # CSS pixels a device pixel
    found = []
    for text in texts:
        name = _name(text)
        box = boxes[text]
        if outside(box.extents, fig.bbox.extents, slack=0.5):
            found.append(f"{name} is outside the frame")
        size = float(text.get_fontsize()) * fig.dpi / 72 * scale
        if size < SMALLEST - 0.01:
            found.append(f"{name} is {size:.1f} px, under {SMALLEST:g} px")
        ratio = _contrast_of(text, box, under)
        if ratio < CONTRAST:
            found.append(f"{name} has contrast {ratio:.1f}, under {CONTRAST}")
    for one, other in combinations(texts, 2):
        if overlap(boxes[one].extents, boxes[other].extents, slack=1, share=0.2):
            found.append(f"{_name(one)} is on top of {_name(other)}")
    return found


def drawn_texts(fig: Figure) -> list[Text]:
    """Return the words that are drawn: visible, not empty, and of ticks only those in view."""
    hidden: set[Artist] = set()
    for ax in fig.axes:
        if not ax.get_visible() or not ax.axison:
            hidden.update(_axis_texts(ax))
        for axis in (ax.xaxis, ax.yaxis):
            hidden.update(_ticks_out_of_view(axis))
        if not ax.get_visible():
            hidden.update(text for text in ax.findobj(Text) if isinstance(text, Text))
    texts = [text for text in fig.findobj(Text) if isinstance(text, Text)]
    return [
        text
        for text in dict.fromkeys(texts)
        if text not in hidden and text.get_visible() and text.get_text().strip()
    ]


def _axis_texts(ax: Axes) -> list[Artist]:
    return [text for axis in (ax.xaxis, ax.yaxis) for text in axis.findobj(Text)]


def _ticks_out_of_view(axis: Axis) -> list[Artist]:
    low, high = sorted(axis.get_view_interval())
    margin = 1e-9 * (high - low)
    ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
    out = [t for t in ticks if not low - margin <= t.get_loc() <= high + margin]
    return [label for tick in out for label in (tick.label1, tick.label2)]


def _box(text: Text) -> Bbox:
    # An annotation's own extent holds its arrow too; only the words are meant here.
    return Text.get_window_extent(text)


def _name(text: Text) -> str:
    words = " ".join(text.get_text().split())
    return f"“{words if len(words) <= 40 else words[:39] + '…'}”"


def _without(canvas: FigureCanvasAgg, texts: list[Text]) -> np.ndarray:
    """Return the picture without these texts, shape (height, width, 3) in 0 to 1."""
    # Hidden, a text costs nothing; with an arrow or a box of its own only its letters may go.
    more = [t for t in texts if t.get_bbox_patch() or getattr(t, "arrow_patch", None)]
    alphas = {text: text.get_alpha() for text in more}
    bare = [text for text in texts if text not in alphas]
    for text in bare:
        text.set_visible(False)
    for text in alphas:
        text.set_alpha(0)
    try:
        canvas.draw()
        picture = np.asarray(canvas.buffer_rgba(), dtype=float)[..., :3] / 255
    finally:
        for text in bare:
            text.set_visible(True)
        for text, alpha in alphas.items():
            text.set_alpha(alpha)
    return picture


def _contrast_of(text: Text, box: Bbox, under: np.ndarray) -> float:
    """Return the contrast of a text with what lies under it: its halo, or nearly all of its box."""
    ink = np.asarray(to_rgb(text.get_color()))
    for effect in text.get_path_effects():
        if isinstance(effect, withStroke):
            return float(contrast(ink, np.asarray(to_rgb(effect._gc["foreground"]))))
    height = under.shape[0]
    rows = slice(max(0, int(height - box.y1)), max(0, int(np.ceil(height - box.y0))))
    columns = slice(max(0, int(box.x0)), max(0, int(np.ceil(box.x1))))
    patch = under[rows, columns].reshape(-1, 3)
    if not len(patch):
        return float("inf")  # outside the frame, which is said already
    # A line may cross a corner of the box, between letters: ask for nine tenths of it.
    return float(np.quantile(contrast(ink, patch), 0.1))
