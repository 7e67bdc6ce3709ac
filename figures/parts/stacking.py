"""A figure's narrow form, for a phone: panels that stand side by side are put under each other.

The figure's ``draw`` runs once more on a narrow sheet, whose plan is made from the wide one: rows
and columns are read off the places of its panels, and the room that each needs around it off its
words. What is small enough stays side by side. A panel whose axes have one scale keeps its shape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedFormatter, FixedLocator
from matplotlib.transforms import Bbox

from figures.parts import canvas
from figures.parts.canvas import NARROW, NARROW_MARGIN, Box, Canvas, Plan, Word, wrap

GAP = 20.0  # between what stands under each other or side by side, CSS pixels
BEGIN = 8.0  # under the headline
EDGE = 5.0  # of the sheet, that words keep free
NUDGE = 40.0  # by which words are moved into the sheet, rather than broken into lines


def stacked(draw: Callable[[], Canvas], wide: Canvas) -> Canvas | None:
    """Return a figure's narrow form; None if nothing on its wide sheet stands side by side.

    A figure that arranges its narrow form itself (``Canvas(narrow=height)``), or is as readable
    when it is drawn narrower (``narrow=True``), has one in any case.

    Parameters
    ----------
    draw : callable
        What drew the wide sheet.
    wide : Canvas
    """
    if wide.arranged:
        with canvas.narrow(Plan(0, (), ())):
            return draw()
    if not wide.narrows and not _is_side_by_side(_tree(wide)):
        return None
    plan, sheet = _plan(wide), wide
    for _ in range(4):  # words that are broken into lines need more room above a panel
        with canvas.narrow(plan):
            sheet = draw()
        _thin_out(sheet)
        _fit_words(sheet)
        better = _plan(sheet)
        if _agree(plan, better):
            break
        plan = better
    return sheet


# ------------------------------------------------------------------------------ rows and columns


@dataclass
class _Panel:
    """A panel with what lies within it, and the room it needs around its data area."""

    index: int
    box: Box
    equal: bool
    around: Box  # CSS pixels beyond each side
    insets: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)

    @property
    def least(self) -> float:
        """The width that it needs: a picture without words on it may shrink a little."""
        beside = self.around.left + self.around.right
        wide = self.box.right - self.box.left
        return beside + wide * (0.75 if self.equal and beside < 10 else 1)


@dataclass
class _Group:
    """What stands in a row, or in a column."""

    across: bool
    parts: list[_Panel | _Group]


def _tree(sheet: Canvas) -> _Panel | _Group:
    boxes = sheet.boxes
    parents = [_parent(i, boxes) for i in range(len(boxes))]
    panels = {
        i: _Panel(i, box, _is_equal(sheet.placed[i], box), _around(sheet, i))
        for i, box in enumerate(boxes)
        if parents[i] is None
    }
    for i in range(len(boxes)):
        if i not in panels:
            panel = panels[_outermost(i, parents)]
            panel.insets.append(i)
            panel.around = _beyond(panel.around, _around(sheet, i, panel.index))
    for k, word in enumerate(sheet.words):
        nearest = min(panels.values(), key=lambda panel: _away(word, panel.box))
        nearest.words.append(k)
        nearest.around = _beyond(nearest.around, _around_word(sheet, k, nearest.index))
    _level(sheet, list(panels.values()))
    return _cut(list(panels.values()), sheet.by_column)


def _level(sheet: Canvas, panels: list[_Panel]) -> None:
    """Leave the same room beside all panels that share a scale across: one time, one width."""
    rooms = [panel.around for panel in panels]
    for panel in panels:
        one = sheet.placed[panel.index]
        shared = one.get_shared_x_axes()
        with_it = [
            room
            for other, room in zip(panels, rooms, strict=True)
            if other is panel or shared.joined(one, sheet.placed[other.index])
        ]
        right = max(room.right for room in with_it)
        panel.around = replace(panel.around, right=right)


def _parent(i: int, boxes: Sequence[Box]) -> int | None:
    """Return the first panel that holds another one."""
    here = boxes[i]
    for j, box in enumerate(boxes):
        bigger = (box.right - box.left) * (box.bottom - box.top) - (here.right - here.left) * (
            here.bottom - here.top
        )
        inside = (
            box.left - 1 <= here.left
            and here.right <= box.right + 1
            and box.top - 1 <= here.top
            and here.bottom <= box.bottom + 1
        )
        if i != j and inside and (bigger > 1 or j < i):
            return j
    return None


def _outermost(i: int, parents: Sequence[int | None]) -> int:
    parent = parents[i]
    return i if parent is None else _outermost(parent, parents)


def _cut(panels: list[_Panel], by_column: bool) -> _Panel | _Group:
    """Return panels in rows, these in columns, and so on, as far as straight cuts part them."""
    for across in (True, False) if by_column else (False, True):
        parts = _parted(panels, across)
        if len(parts) > 1:
            # Within a column rows come next, and the other way round.
            group = _Group(across, [_cut(part, not across) for part in parts])
            return group if across else _flowing(group)
    if len(panels) > 1:
        raise AssertionError("panels overlap")
    return panels[0]


def _parted(panels: list[_Panel], across: bool) -> list[list[_Panel]]:
    """Part panels where the gaps are wide, as against the widest: a grid of tiles stays whole."""
    start, end = ("left", "right") if across else ("top", "bottom")
    ordered = sorted(panels, key=lambda panel: getattr(panel.box, start))
    reaches = np.maximum.accumulate([getattr(panel.box, end) for panel in ordered])
    gaps = np.array([getattr(panel.box, start) for panel in ordered[1:]]) - reaches[:-1]
    parts = [[ordered[0]]]
    for panel, gap in zip(ordered[1:], gaps, strict=True):
        if gap >= 0 and gap >= 0.4 * gaps.max():
            parts.append([])
        parts[-1].append(panel)
    return parts


def _flowing(column: _Group) -> _Panel | _Group:
    """Join rows that follow each other and whose panels are all alike: they break as one."""
    parts: list[_Panel | _Group] = []
    before = None
    for part in column.parts:
        shape = _shape(part)
        if shape is not None and shape == before:
            (last, here) = (parts[-1], part)
            assert isinstance(last, _Group)
            assert isinstance(here, _Group)
            parts[-1] = _Group(True, last.parts + here.parts)
        else:
            parts.append(part)
        before = shape
    return parts[0] if len(parts) == 1 else _Group(False, parts)


def _shape(node: _Panel | _Group) -> tuple[int, int] | None:
    """Return the size that all panels of a row have, if they have one."""
    if not isinstance(node, _Group) or not node.across:
        return None
    shapes = {
        (round(part.box.right - part.box.left), round(part.box.bottom - part.box.top))
        if isinstance(part, _Panel)
        else None
        for part in node.parts
    }
    return shapes.pop() if len(shapes) == 1 else None


def _is_side_by_side(node: _Panel | _Group) -> bool:
    return isinstance(node, _Group) and (node.across or any(map(_is_side_by_side, node.parts)))


# ------------------------------------------------------------------------------ the room it needs


def _around(sheet: Canvas, index: int, parent: int | None = None) -> Box:
    """Return how far what is drawn in axes reaches beyond them (or those around them)."""
    ax = sheet.placed[index]
    renderer = sheet.canvas.get_renderer()
    area = sheet.placed[index if parent is None else parent].get_window_extent()
    words = [text for text in ax.texts if text.get_visible() and text.get_text().strip()]
    empty = [line for line in ax.lines if not np.size(line.get_xdata())]
    others = [
        each
        for each in ax.get_default_bbox_extra_artists()
        if each not in ax.texts and each not in empty
    ]
    boxes = [ax.get_tightbbox(renderer, bbox_extra_artists=others)]
    for text in words:
        extent = _extent(text, renderer)
        over = extent.y0 > area.y1 or extent.y1 < area.y0  # or under
        if over or min(extent.x1, area.x1) - max(extent.x0, area.x0) > 20:  # it can be broken
            extent.x0, extent.x1 = max(extent.x0, area.x0), min(extent.x1, area.x1)
        boxes.append(extent)
    boxes = [box for box in boxes if box is not None and np.isfinite(box.extents).all()]
    return Box(
        max([area.x0 - box.x0 for box in boxes] + [0]),
        max([box.y1 - area.y1 for box in boxes] + [0]),
        max([box.x1 - area.x1 for box in boxes] + [0]),
        max([area.y0 - box.y0 for box in boxes] + [0]),
    )


def _around_word(sheet: Canvas, k: int, panel: int) -> Box:
    """Return how far a text on the sheet reaches above or below its panel."""
    text = sheet.written[k]
    if text is None:
        return Box(0, 0, 0, 0)
    area, extent = sheet.placed[panel].get_window_extent(), text.get_window_extent()
    return Box(0, max(0, extent.y1 - area.y1), 0, max(0, area.y0 - extent.y0))


def _beyond(one: Box, other: Box) -> Box:
    return Box(
        max(one.left, other.left),
        max(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )


def _away(word: Word, box: Box) -> float:
    x, y = word.left, word.baseline
    return float(np.hypot(max(box.left - x, 0, x - box.right), max(box.top - y, 0, y - box.bottom)))


def _is_equal(ax: Axes, box: Box) -> bool:
    """Tell whether a unit is as long across as up, so that the panel has to keep its shape."""
    if ax.get_aspect() != "auto":
        return True
    if ax.get_xscale() != "linear" or ax.get_yscale() != "linear":
        return False
    across = np.ptp(ax.get_xlim()) / (box.right - box.left)
    up = np.ptp(ax.get_ylim()) / (box.bottom - box.top)
    square = abs(box.right - box.left - box.bottom + box.top) < 1
    return bool(square or abs(across / up - 1) < 0.02)


# ------------------------------------------------------------------------------ the plan


class _Layout:
    """Puts a tree on the narrow sheet, from the top down.

    Panels that have its whole width to themselves begin at the same `indent`.
    """

    def __init__(self, sheet: Canvas, indent: float) -> None:
        self.sheet, self.indent = sheet, indent
        self.indents = [0.0]  # that such panels need
        self.boxes = list(sheet.boxes)
        self.words = list(sheet.words)
        self.room = NARROW - 2 * NARROW_MARGIN

    def put(self, node: _Panel | _Group, left: float, top: float, room: float) -> float:
        """Put a node into this room; return where it ends below."""
        if isinstance(node, _Panel):
            return self.panel(node, left, top, room)
        if not node.across:
            for i, part in enumerate(node.parts):
                top = self.put(part, left, top + GAP * (i > 0), room)
            return top
        count = self.fits(node, room)
        bottom = top
        cell = (room - GAP * (count - 1)) / count
        for i, part in enumerate(node.parts):
            if i % count == 0:
                top = bottom + GAP * (i > 0)
                line = node.parts[i : i + count]  # its data areas begin at one height
                head = max(each.around.top if isinstance(each, _Panel) else 0 for each in line)
            own = part.around.top if isinstance(part, _Panel) else head
            end = self.put(part, left + (i % count) * (cell + GAP), top + head - own, cell)
            bottom = max(bottom, end)
        return bottom

    def fits(self, row: _Group, room: float) -> int:
        """Return how many of a row's parts stand side by side, as wide as they are."""
        if not all(isinstance(part, _Panel) for part in row.parts):
            return 1
        widest = max(part.least for part in row.parts if isinstance(part, _Panel))
        most = int((room + GAP) / (widest + GAP))
        return max(1, min(most, len(row.parts)))

    def panel(self, panel: _Panel, left: float, top: float, room: float) -> float:
        """Put a panel, what lies in it, and the words that belong to it."""
        old, around = panel.box, panel.around
        wide, tall = old.right - old.left, old.bottom - old.top
        indent = around.left
        if room == self.room:
            self.indents.append(indent)
            indent = max(indent, self.indent)
        width = max(40.0, room - indent - around.right)
        height = tall
        if panel.equal:
            height = width * tall / wide
        top += around.top
        new = Box(left + indent, top, left + indent + width, top + height)
        self.boxes[panel.index] = new
        for i in panel.insets:
            self.boxes[i] = _moved(self.sheet.boxes[i], old, new)
        self.write(panel, new)
        return new.bottom + around.bottom

    def write(self, panel: _Panel, new: Box) -> None:
        """Put a panel's words as far from its corners as they were, broken into lines."""
        old = panel.box
        lifted = 0.0  # the lines that those below took
        order = sorted(panel.words, key=lambda k: -self.sheet.words[k].baseline)
        for k in order:
            word = self.sheet.words[k]
            near_right = old.right - word.left < 0.25 * (old.right - old.left)
            from_right = word.side == "right" or near_right
            x = new.right + word.left - old.right if from_right else new.left + word.left - old.left
            x = min(max(x, NARROW_MARGIN), NARROW - NARROW_MARGIN)
            above = word.baseline < (old.top + old.bottom) / 2
            y = (new.top - old.top if above else new.bottom - old.bottom) + word.baseline
            text = word.text
            if text:
                room = {
                    "left": NARROW - NARROW_MARGIN - x,
                    "right": x - NARROW_MARGIN,
                    "center": 2 * min(x - NARROW_MARGIN, NARROW - NARROW_MARGIN - x),
                }[word.side]
                lines = wrap(text, word.size, room, word.weight)
                text = "\n".join(lines)
                if above:
                    y -= lifted
                    lifted += 1.2 * word.size * (len(lines) - 1)
                else:
                    y += 1.2 * word.size * (len(lines) - 1)
            self.words[k] = replace(word, left=x, baseline=y, text=text)


def _moved(box: Box, old: Box, new: Box) -> Box:
    """Return where a box within another goes: as far from the nearer sides, and of its size."""
    wide = min(box.right - box.left, new.right - new.left)
    tall = min(box.bottom - box.top, new.bottom - new.top)
    left = new.left + box.left - old.left
    if box.left - old.left > old.right - box.right:
        left = new.right - (old.right - box.right) - wide
    top = new.top + box.top - old.top
    if box.top - old.top > old.bottom - box.bottom:
        top = new.bottom - (old.bottom - box.bottom) - tall
    return Box(left, top, left + wide, top + tall)


def _plan(sheet: Canvas) -> Plan:
    tree = _tree(sheet)
    first = _Layout(sheet, 0)
    first.put(tree, NARROW_MARGIN, BEGIN, first.room)
    layout = _Layout(sheet, max(first.indents))
    bottom = layout.put(tree, NARROW_MARGIN, BEGIN, layout.room)
    return Plan(bottom + GAP, tuple(layout.boxes), tuple(layout.words))


def _agree(one: Plan, other: Plan) -> bool:
    """Tell whether two plans differ by less than a pixel."""
    if len(one.boxes) != len(other.boxes):
        return False
    here, there = (
        np.array([[box.left, box.top, box.right, box.bottom] for box in plan.boxes])
        for plan in (one, other)
    )
    return bool(np.abs(here - there).max() < 1 and abs(one.height - other.height) < 1)


# ------------------------------------------------------------------------------ words that fit


def _extent(text: Text, renderer: Any) -> Bbox:
    """Return where a text lies, without an arrow that it may have."""
    if isinstance(text, Annotation):
        text.update_positions(renderer)
    return Text.get_window_extent(text, renderer)


def _thin_out(sheet: Canvas) -> None:
    """Leave out every second tick, third, …, until the numbers part."""
    for ax in sheet.axes:
        if ax.axison and ax.get_visible():
            for axis in (ax.xaxis, ax.yaxis):
                _thin_axis(sheet, axis)


def _thin_axis(sheet: Canvas, axis: Axis) -> None:
    renderer = sheet.canvas.get_renderer()
    low, high = sorted(axis.get_view_interval())
    margin = 1e-9 * (high - low)
    axis.get_tightbbox(renderer)  # places and writes the ticks
    shown = [
        (tick.get_loc(), label)
        for tick in axis.get_major_ticks()
        for label in (tick.label1, tick.label2)  # below or above, left or right
        if low - margin <= tick.get_loc() <= high + margin
        and label.get_visible()
        and label.get_text()
    ]
    along = (0, 2) if axis.axis_name == "x" else (1, 3)
    extents = [label.get_window_extent(renderer).extents[list(along)] for _, label in shown]
    extents = sorted(map(tuple, extents))
    every = 1
    while any(
        ahead[0] - here[1] < 3
        for here, ahead in zip(extents[::every], extents[::every][1:], strict=False)
    ):
        every += 1
    if every > 1:
        shown = sorted(shown, key=lambda each: each[0])[::every]
        texts = [label.get_text() for _, label in shown]
        axis.set_major_locator(FixedLocator([loc for loc, _ in shown]))
        axis.set_major_formatter(FixedFormatter(texts))


def _fit_words(sheet: Canvas) -> None:
    """Move words that reach out of the sheet back into it, or break them into lines."""
    renderer = sheet.canvas.get_renderer()
    for ax in sheet.axes:
        names = [ax.xaxis.label, ax.yaxis.label] if ax.axison else []
        for text in [*ax.texts, *names]:
            if not text.get_visible() or not text.get_text().strip():
                continue
            extent = _extent(text, renderer)
            left, right = EDGE - extent.x0, extent.x1 - (NARROW - EDGE)
            if max(left, right) <= 0:
                continue
            move = left if left > 0 else -right
            room = NARROW - 2 * EDGE
            if abs(move) <= NUDGE and extent.width <= room and isinstance(text, Annotation):
                x, y = text.xyann
                text.xyann = (x + canvas.px(move), y)
                continue
            if text.get_parse_math() and "$" in text.get_text():
                continue  # a formula has no place to be broken at
            middle = (extent.x0 + extent.x1) / 2
            room = {
                "left": NARROW - EDGE - extent.x0,
                "right": extent.x1 - EDGE,
                "center": 2 * min(middle - EDGE, NARROW - EDGE - middle),
            }[text.get_horizontalalignment()]
            size = text.get_fontsize() * canvas.DPI / 72
            weight = "semibold" if text.get_fontweight() in ("semibold", 600) else "normal"
            text.set_text("\n".join(wrap(text.get_text(), size, room, weight)))
