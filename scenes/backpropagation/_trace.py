"""An evaluation trace as a film's graph: boxes that fill, pulses that pass derivatives on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import manim
import numpy as np
import xarray as xr
from manim import ValueTracker, VGroup

from look import theme
from look import traces as equations
from look.numbers import joined
from look.words import say
from scenes.networks._units import rounded
from scenes.parts.paint import Painted, Pen, mix
from scenes.parts.words import Formula, Words

WIDE, HIGH = 1.95, 1.08  # of a box, in frame units
BAND = (1.32, -1.22)  # heights of the first and the last lane
EDGE = 6.65  # where writing ends
STAYS = -2.2  # where results that stay end, with equations right of them
SIDE = 5.5  # from the middle to the outermost boxes


def typst(latex: str) -> str:
    r"""Return LaTeX, as far as an evaluation trace writes it, in Typst's mathematics.

    Examples
    --------
    >>> typst(r"\bar{v}_{2} = \bar{v}_{3} \, v_{1} + \bar{v}_{4} \, \cos v_{2}")
    'macron(v)_(2) = macron(v)_(3) thin v_(1) + macron(v)_(4) thin cos v_(2)'
    """
    text = re.sub(r"\\mathrm\{([^{}]*)\}", r'"\1"', latex)
    text = re.sub(r"\\sqrt\{(.*)\}", r"sqrt(\1)", text)
    text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"(\1)/(\2)", text)
    text = text.replace(r"\dot{", "dot{").replace(r"\bar{", "macron{").replace(r"\hat{", "hat{")
    text = text.replace(r"\,", " thin ").replace(r"\cdot", " dot.op ")
    text = text.replace(r"\partial", "partial ")
    text = text.replace("{", "(").replace("}", ")").replace("\\", "")
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    return joined(text.split())


class Graph(Painted):
    """The variables of a trace with what passes between them, as far as a clock has come.

    A variable's box fills with the tint of its number when the clock has passed its turn. Before,
    in the second half of the turn's time, pulses come along its edges.

    Parameters
    ----------
    trace : Dataset
        Of ``simulate.trace``.
    order : sequence of int
        The variables in the order of their turns.
    values : array, shape (v,)
        Whose sign and size tint the boxes.
    terms : array, shape (component,)
        What passes along the edges.
    clock : ValueTracker
        In turns: at k the first k variables are known.
    back : bool
        Whether the pulses run from targets to sources.
    most : (float, float), optional
        The sizes of a value and of a term that have the full tint and the full width.
    """

    def __init__(
        self,
        trace: xr.Dataset,
        order: list[int],
        values: np.ndarray,
        terms: np.ndarray,
        clock: ValueTracker,
        *,
        back: bool = False,
        most: tuple[float, float] | None = None,
    ) -> None:
        super().__init__(manim.config.frame_width, manim.config.frame_height, reads=[clock])
        self.places, routes = placed(trace)
        self.clock, self.values, self.terms = clock, values, terms
        self.turn = np.empty(len(order))
        self.turn[order] = np.arange(len(order))
        ends = trace.source.values if back else trace.target.values
        self.arrives = self.turn[ends]
        self.lines = [clipped(route[::-1] if back else route) for route in routes]
        full, size = most or (np.abs(each).max(initial=1e-12) for each in (values, terms))
        self.widths = 2.0 + 7.0 * np.abs(terms) / size
        self.quiet, self.muted = theme.color("quiet"), theme.color("muted")
        self.text, self.paper = theme.color("text"), theme.color("background")
        self.still = mix(self.paper, self.muted, 0.55)  # arrows before anything passes
        self.shades = [mix(self.paper, _ink(v), 0.15 + 0.3 * abs(v) / full if v else 0.0)
                       for v in values.tolist()]  # fmt: skip
        self.empty = mix(self.paper, self.quiet, 0.35)

    def paint(self, pen: Pen) -> None:
        """Draw edges, pulses and boxes."""
        now = self.clock.get_value()
        for line in self.lines:
            stroke(pen, line, self.still, 2.0)
            head(pen, line, self.still, 2.0)
        for line, turn, term, width in zip(
            self.lines, self.arrives, self.terms, self.widths, strict=True
        ):
            share = min(1.0, max(0.0, (now - turn) / 0.8))
            if share <= 0 or term == 0:
                continue
            way = part(line, share)
            stroke(pen, way, _ink(term), width)
            head(pen, way, _ink(term), width)
        for (x, y), turn, shade in zip(self.places, self.turn, self.shades, strict=True):
            known = min(1.0, max(0.0, (now - turn - 0.8) * 5))
            acting = 0 < now - turn < 1
            rounded(pen, x - WIDE / 2, y - HIGH / 2, WIDE, HIGH, 0.2)
            pen.color((1 - known) * self.empty + known * shade)
            pen.context.fill_preserve()
            pen.color(self.text if acting else self.muted)
            pen.width(3.0 if acting else 1.5)
            pen.stroke()


def placed(trace: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return the middles of the boxes (v, 2) and the ways of the edges, in frame units."""
    columns = max(1, int(trace.depth.max()))
    lanes = max(float(trace.lane.max()), float(trace.route_lane.max()), 1e-9)

    def at(depth: Any, lane: Any) -> np.ndarray:
        across = -SIDE + np.asarray(depth) / columns * 2 * SIDE
        down = BAND[0] + np.asarray(lane) / lanes * (BAND[1] - BAND[0])
        return np.stack([across, down], axis=-1)

    return (
        at(trace.depth.values, trace.lane.values),
        at(trace.route_depth.values, trace.route_lane.values),
    )


def name(place: np.ndarray, latex: str) -> Formula:
    """Return a variable's name, in the upper half of its box."""
    return Formula(typst(latex), 34).move_to((place[0], place[1] + 0.27, 0))


def value(place: Sequence[float], text: str, size: float = 38, weight: str = "semibold") -> Words:
    """Return a variable's number, in the lower half of its box."""
    return Words(text, size, weight=weight).on_baseline(place[0], place[1] - 0.38, manim.ORIGIN)


def aside(trace: xr.Dataset, i: int, latex: str) -> Formula:
    """Return what is written outside a box: above it in the upper half, below it in the lower."""
    places, _ = placed(trace)
    up = places[i, 1] >= sum(BAND) / 2
    height = places[i, 1] + (HIGH / 2 + 0.3 if up else -HIGH / 2 - 0.3)
    said = Formula(typst(latex), 34, "muted").move_to((places[i, 0], height, 0))
    over = abs(places[i, 0]) + said.width / 2 - EDGE
    return said.shift((-np.sign(places[i, 0]) * max(over, 0), 0, 0))


def known(trace: xr.Dataset, i: int, *, made: bool = False) -> Formula:
    """Return a variable and its value, outside its box; `made`: with how it is made, if it fits."""
    line = equations.primal(trace, i)
    short = aside(trace, i, equations.joined([line.left, "=", line.result]))
    if not made:
        return short
    full = aside(trace, i, equations.joined([line.symbolic, "=", line.result]))
    columns, lane = max(1, int(trace.depth.max())), float(trace.lane[i])
    outside = lane in (0, float(trace.lane.max()))  # elsewhere arrows come in beside the box
    return full if outside and full.width < 2 * SIDE / columns - 0.2 else short


def function(trace: xr.Dataset, height: float = -3.0) -> VGroup:
    """Return the function that was traced, where its recording says it."""
    said = str(trace.attrs["expression"])
    return VGroup(*([Formula(typst(said), 44).move_to((0, height, 0))] if said else []))


def equation(
    line: equations.Equation, *, numbers: bool, x: float = 0.0, height: float = -2.88
) -> VGroup:
    """Return a variable's line, with symbols above and numbers below, or the symbols alone."""
    parts = VGroup(Formula(typst(line.symbolic), 44).move_to((x, height, 0)))
    if numbers and line.symbols != line.result:
        down = max(0.62, parts.height / 2 + 0.32)  # under a fraction, too
        parts.add(Formula(typst(line.numeric), 40, "text").move_to((x, height - down, 0)))
    if x:  # clear of what stays left of it
        parts.shift((max(0.0, STAYS - parts.get_left()[0]), 0, 0))
    return parts


def rate(trace: xr.Dataset, feature: int, result: str, size: float = 44) -> Formula:
    """Return the derivative of f by one of its inputs, as what a pass has found."""
    name = str(trace.feature.values[feature])
    stem = name.rstrip("0123456789")
    letter = stem if len(stem) == 1 else f'"{stem}"'
    by = f"{letter}_({name[len(stem) :]})" if name != stem else letter
    return Formula(say("result", name=by, value=result), size)


def _ink(number: float) -> str:
    return theme.color("positive" if number > 0 else "negative" if number < 0 else "quiet")


def clipped(
    route: np.ndarray, wide: float = WIDE, high: float = HIGH, gap: float = 0.08
) -> np.ndarray:
    """Return a way from box to box without what lies within the boxes."""
    line = np.array(
        [point for i, point in enumerate(route) if i == 0 or any(point != route[i - 1])]
    )
    for end, near in ((0, 1), (-1, -2)):
        step = line[near] - line[end]
        half = np.array([wide / 2 + gap, high / 2 + gap])
        with np.errstate(divide="ignore"):
            share = np.min(np.where(step == 0, np.inf, half / np.abs(step)))
        line[end] = line[end] + min(share, 0.9) * step
    return line


def part(line: np.ndarray, share: float) -> np.ndarray:
    """Return the first share of a way."""
    lengths = np.linalg.norm(np.diff(line, axis=0), axis=1)
    left, found = share * lengths.sum(), [line[0]]
    for start, end, length in zip(line, line[1:], lengths, strict=False):
        if left <= length:
            return np.array([*found, start + (end - start) * left / max(length, 1e-9)])
        found.append(end)
        left -= length
    return np.array(found)


def stroke(pen: Pen, line: np.ndarray, ink: Any, width: float) -> None:
    """Draw a way up to the foot of its arrowhead."""
    pen.polyline(line[:-1] if len(line) > 2 else line[:1])
    pen.context.line_to(*_neck(line, width))
    pen.color(ink)
    pen.width(width)
    pen.stroke()


def _neck(line: np.ndarray, width: float) -> np.ndarray:
    step = line[-1] - line[-2]
    length = float(np.linalg.norm(step))
    return line[-1] - step / max(length, 1e-9) * min(0.8 * _size(width), length)


def head(pen: Pen, line: np.ndarray, ink: Any, width: float) -> None:
    """Draw the arrowhead at the end of a way."""
    step = line[-1] - line[-2]
    along = step / max(float(np.linalg.norm(step)), 1e-9)
    across = np.array([-along[1], along[0]])
    size = _size(width)
    base = line[-1] - size * along
    pen.polyline(np.array([line[-1], base + 0.55 * size * across, base - 0.55 * size * across]),
                 close=True)  # fmt: skip
    pen.color(ink)
    pen.fill()


def _size(width: float) -> float:
    return (9 + 1.3 * width) / 90
