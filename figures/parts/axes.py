"""Words on a figure: names of axes and panels, numbers, labels at the ends of lines, a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator
from numpy.typing import ArrayLike

from figures.parts.canvas import LABEL, NARROW, Canvas, is_narrow, px, text_width
from figures.parts.marks import dot
from look.numbers import number
from look.theme import color

AXES = "axes fraction"


def name_axes(ax: Axes, x: str = "", y: str = "") -> None:
    """Name the axes: x under the middle, y level above the axes, so that no head must tilt."""
    if x:
        ax.set_xlabel(x, labelpad=px(6), fontsize=px(LABEL))
    if y:
        beside(ax, y, (0, 1), shift=(0, 8), of=AXES, color=color("muted"))


def beside(
    ax: Axes,
    text: str,
    at: tuple[float, float],
    *,
    shift: tuple[float, float] = (0, 0),
    of: Any = "data",
    **style: Any,
) -> Annotation:
    """Write beside a point (`of` what: ``xycoords``), `shift` CSS pixels to the right and up."""
    return ax.annotate(
        text,
        at,
        xycoords=of,
        xytext=(px(shift[0]), px(shift[1])),
        textcoords="offset points",
        annotation_clip=False,
        **{"fontsize": px(LABEL), **style},
    )


def heading(ax: Axes, text: str, note: str = "", *, lift: float = 8, **style: Any) -> None:
    """Write a panel's name above its left edge, with a muted note in a `style` behind it.

    On a narrow sheet the note stands under the name where it would not fit behind it.
    """
    behind = text_width(text, LABEL, "semibold") + 7
    if note and is_narrow():
        scale = ax.get_figure(root=True).dpi / 96  # device pixels in a CSS pixel
        reach = ax.get_window_extent().x0 / scale + behind + text_width(note, LABEL)
        if reach > NARROW - 8:
            beside(ax, text, (0, 1), shift=(0, lift + 19), of=AXES, weight="semibold")
            beside(ax, note, (0, 1), shift=(0, lift), of=AXES, color=color("muted"), **style)
            return
    beside(ax, text, (0, 1), shift=(0, lift), of=AXES, weight="semibold")
    if note:
        shift = (behind, lift)
        beside(ax, note, (0, 1), shift=shift, of=AXES, color=color("muted"), **style)


def ticks(
    ax: Axes,
    axis: Literal["x", "y"],
    values: Sequence[float],
    text: Callable[[float], str] | None = None,
) -> None:
    """Put ticks at just these values, written by `text` (:func:`number` where left out)."""
    side = ax.xaxis if axis == "x" else ax.yaxis
    side.set_major_locator(FixedLocator(list(values)))
    side.set_minor_locator(NullLocator())
    side.set_major_formatter(FixedFormatter([(text or number)(value) for value in values]))


def spread(wanted: ArrayLike, gap: float, low: float, high: float) -> np.ndarray:
    """Move places apart until neighbours are `gap` apart, staying near where they want to be.

    Examples
    --------
    >>> spread([0.0, 1.0, 10.0], 4.0, -5.0, 20.0).tolist()
    [-1.5, 2.5, 10.0]
    """
    wanted = np.asarray(wanted, dtype=float)
    order = np.argsort(wanted, kind="stable")
    # With i gaps taken off, places need only be in order, and pooling neighbours is least squares.
    pools: list[list[float]] = []  # [sum, count]
    for value in wanted[order] - gap * np.arange(len(wanted)):
        pools.append([float(value), 1.0])
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] >= pools[-1][0] / pools[-1][1]:
            total, count = pools.pop()
            pools[-1][0] += total
            pools[-1][1] += count
    flat = np.concatenate([np.full(int(count), total / count) for total, count in pools])
    flat = np.clip(flat, low, max(low, high - gap * (len(wanted) - 1)))
    placed = np.empty_like(wanted)
    placed[order] = flat + gap * np.arange(len(wanted))
    return placed


def label_ends(
    ax: Axes, lines: Sequence[Line2D] | None = None, *, notes: Mapping[str, str] | None = None
) -> list[Text]:
    """Name each line at its end, to the right of the axes, without overlaps.

    The words take the text colour (the lines' colours do not reach 4.5:1); a dot in the line's
    colour at its end, and a thin leader where a word had to move, tell whose name it is.

    Parameters
    ----------
    lines : sequence of Line2D, optional
        Lines with a label; all of the axes' labelled lines where left out.
    notes : mapping, optional
        A muted note behind a label, by label.
    """
    if lines is None:
        lines = [line for line in ax.get_lines() if not str(line.get_label()).startswith("_")]
    ax.autoscale_view()  # matplotlib puts this off until it draws; the places below depend on it
    ends = np.array([[line.get_xdata()[-1], line.get_ydata()[-1]] for line in lines], dtype=float)
    scale = ax.figure.dpi / 96  # device pixels in a CSS pixel
    places = ax.transData.transform(ends) / scale
    box = ax.get_window_extent()
    rows = max(str(line.get_label()).count("\n") + 1 for line in lines)
    heights = spread(places[:, 1], LABEL * 1.25 * rows, box.y0 / scale, box.y1 / scale)
    texts = []
    for line, end, place, height in zip(lines, ends, places, heights, strict=True):
        hue = to_hex(line.get_color())
        dot(ax, end[0], end[1], color=hue)
        away = box.x1 / scale - place[0] + 12
        moved = abs(height - place[1]) > 4
        label = str(line.get_label())
        text = ax.annotate(
            label,
            tuple(end),
            xytext=(px(away + (14 if moved else 0)), px(height - place[1])),
            textcoords="offset points",
            va="center_baseline",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": hue,  # where two ends are one, only the leader tells whose name it is
                "linewidth": px(1.25),
                "shrinkA": px(2),
                "shrinkB": px(6),
                "relpos": (0, 0.5),
            }
            if moved
            else None,
        )
        texts.append(text)
        note = (notes or {}).get(label)
        if note:
            texts.append(
                ax.annotate(
                    note,
                    tuple(end),
                    xytext=(
                        px(away + (14 if moved else 0) + text_width(label, LABEL) + 6),
                        px(height - place[1]),
                    ),
                    textcoords="offset points",
                    va="center_baseline",
                    annotation_clip=False,
                    color=color("muted"),
                )
            )
    return texts


def legend(
    fig: Canvas,
    entries: Sequence[tuple[str, str, Any]],
    *,
    left: float,
    top: float,
    row_height: float = 22,
) -> None:
    """Draw a key: a short line in each run's colour and dash, and its name in the text colour.

    Parameters
    ----------
    entries : sequence of (label, colour, dash)
    left, top : float
        Place of the first entry, CSS pixels from under the headline.
    """
    for i, (label, hue, dash) in enumerate(entries):
        y = top + i * row_height
        (start, height), (end, _) = fig.at(left, y), fig.at(left + 24, y)
        fig.add_artist(
            Line2D(
                [start, end],
                [height, height],
                color=hue,
                linestyle=dash,
                linewidth=px(3),
                dash_capstyle="butt",
                solid_capstyle="butt",
            )
        )
        fig.write(left + 32, y + 4.5, label, size=LABEL)
