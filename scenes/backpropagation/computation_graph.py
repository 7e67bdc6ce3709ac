"""The graph behind a loss: nodes left on the way forward, walked back by loss.backward()."""

from __future__ import annotations

from typing import Any

import manim
import numpy as np
import xarray as xr
from manim import DOWN, ORIGIN, RIGHT, FadeIn, ValueTracker, VGroup, linear

from look import theme
from look.traces import came, forward, handed, passed
from look.words import say
from scenes.backpropagation import _trace as traces
from scenes.networks._units import rounded
from scenes.parts import font
from scenes.parts.paint import PIXELS_PER_UNIT, Painted, Pen, mix, rgb
from scenes.parts.words import LABEL, TICK, Formula, Words
from scenes.recorded import RecordedScene
from simulate.errors import UserError

READS = {
    "computation_graph": "name (v), plain (v), is_leaf (v), turn (v), shape (v), gradient (v), "
    "depth (v), lane (v), source (component), target (component), "
    "route_depth (component, position), route_lane (component, position), loss",
}

DESCRIPTION = """\
The parameters of a neuron stand there as boxes, and below them what it computes. From left to right
a box appears for each operation on them, the last one the squared error; bright arrows lead to each
from what it was made from, and a note drops in at each arrow: how a gradient will pass it. Under
the last box the loss appears. Then the way back begins there: box after box lights up in the order
in which PyTorch calls them, with its number; its notes shine yellow while they are taken, and
pulses run along them to what it was made from; in each box stands the gradient that has come, or
of how many numbers it is. At the parameters the pulses end, and the gradients stand there as
numbers, orange above zero and blue below, while all else grows dim.
"""

COLUMNS = 4  # that fit, with words that can be read
WIDE, HIGH = 2.75, 1.5  # of a box, in frame units
NAME, SAID, RULE = 40, 36, 44  # the largest type of a box's name; of its numbers, and of a note
CELL = (1.3, 0.68)  # of a number of a gradient
SIDE, BAND = 5.4, (0.75, -2.25)  # outermost columns; first and last lane
PAPER, LIT = 0.22, (0.9, 0.6)  # how yellow a note is; and while it is taken, on dark and on light
DIM = 0.6  # opacity of what the last picture isn't about


class ComputationGraph(RecordedScene):
    def construct(self):
        found = self.recording("computation_graph")
        if int(found.depth.max()) >= COLUMNS:
            raise UserError(
                f"the graph has {int(found.depth.max()) + 1} columns; the film takes {COLUMNS}, "
                "its figure any"
            )
        built, back, kept = ValueTracker(int(found.is_leaf.sum())), ValueTracker(0), ValueTracker(0)
        graph = Nodes(found, built, back, kept)
        away: list[Any] = []  # what is no result
        notes = [written(found, graph, i) for i in range(len(graph.places))]
        size = named(found)

        self.next_section("forward")
        words = self.headline("forward")
        said = forward(found)
        if said:
            formula = Formula(traces.typst(said), 40)
            away.append(formula.move_to((6.7, -3.3, 0), aligned_edge=RIGHT))
        self.add(words, graph, *away)
        for i in np.argsort(graph.appears, kind="stable").tolist():
            name = label(found, graph, i, size)
            if found.is_leaf.values[i]:  # it was there first
                self.add(name)
                continue
            away += [name, *(part for note in notes[i] for part in note)]
            self.play(built.animate.increment_value(1), FadeIn(name), run_time=0.55,
                      rate_func=linear)  # fmt: skip
            self.play(*(FadeIn(part, shift=0.3 * DOWN) for note in notes[i] for part in note),
                      run_time=0.4)  # fmt: skip
        x, y = graph.places[-1]
        loss = Words(say("loss"), 38, weight="semibold")
        loss.on_baseline(x, y - HIGH / 2 - 0.5, ORIGIN)
        self.play(FadeIn(loss), run_time=0.3)
        self.wait(0.8)

        self.next_section("backward")
        words = self.say(words, "backward")
        before: list[Any] = []  # how the notes that were taken go dark again
        for i in np.argsort(found.turn.values).tolist():
            arrives = carried(found, graph, i)
            away += [] if found.is_leaf.values[i] else arrives
            taken = [change for card, said in notes[i] for change in card.shine(said, 1)]
            if taken or before:
                self.play(*taken, *before, run_time=0.25)
            self.play(back.animate.increment_value(1), *(FadeIn(part) for part in arrives),
                      run_time=0.9, rate_func=linear)  # fmt: skip
            self.wait(0.2)
            before = [change for card, said in notes[i] for change in card.shine(said, 0)]
        if before:
            self.play(*before, run_time=0.25)

        self.next_section("end")
        ends = [value for i in np.flatnonzero(found.is_leaf.values)
                for value in str(found.gradient.values[i]).split(", ")]  # fmt: skip
        below = sum(value.startswith("−") for value in ends)
        zero = sum(set(value) <= set("0.") for value in ends)
        self.say(words, "end", below=below, above=len(ends) - below - zero)
        self.play(kept.animate.set_value(1), *(part.animate.set_opacity(DIM) for part in away),
                  run_time=0.6)  # fmt: skip
        self.wait(1.5)


class Nodes(Painted):
    """The graph as far as it has been built, and as far as it has been walked back.

    Parameters
    ----------
    found : Dataset
        Of ``simulate.autograd_graph``.
    built : ValueTracker
        How many nodes there are.
    back : ValueTracker
        How many nodes have been called: in its turn's time a node lights up and gets its number,
        and pulses run from it to those that it was made from.
    kept : ValueTracker
        At 1 all but the parameters are dim.
    """

    def __init__(
        self, found: xr.Dataset, built: ValueTracker, back: ValueTracker, kept: ValueTracker
    ) -> None:
        super().__init__(
            manim.config.frame_width, manim.config.frame_height, reads=[built, back, kept]
        )
        self.built, self.back, self.kept = built, back, kept
        columns = max(1, int(found.depth.max()))
        lanes = max(float(found.lane.max()), float(found.route_lane.max()), 1e-9)

        def at(depth: np.ndarray, lane: np.ndarray) -> np.ndarray:
            across = -SIDE + np.asarray(depth) / columns * 2 * SIDE
            return np.stack([across, BAND[0] + np.asarray(lane) / lanes * (BAND[1] - BAND[0])], -1)

        self.places = at(found.depth.values, found.lane.values)
        routes = at(found.route_depth.values, found.route_lane.values)
        self.lines = [traces.clipped(route, WIDE, HIGH) for route in routes]
        self.ends = list(zip(found.source.values, found.target.values, strict=True))
        # leaves were there first; then the nodes in the order of the columns
        order = np.lexsort([np.arange(len(self.places)), found.depth.values,
                            -found.is_leaf.values])  # fmt: skip
        self.appears = np.empty(len(order), dtype=int)
        self.appears[order] = np.arange(len(order))
        self.turn, self.leaf = found.turn.values, found.is_leaf.values
        self.quiet, self.muted = theme.color("quiet"), theme.color("muted")
        self.text = theme.color("text")
        self.paper = paper = theme.color("background")
        self.numbers = [say("turn", number=int(turn) + 1) for turn in self.turn]
        self.shades = [mix(paper, self.text if leaf else self.quiet, 0.09 if leaf else 0.5)
                       for leaf in self.leaf]  # fmt: skip

    def paint(self, pen: Pen) -> None:
        """Draw edges, pulses, boxes, and the numbers of those that have been called."""
        built, back = self.built.get_value(), self.back.get_value()
        dim = 1 - (1 - DIM) * self.kept.get_value()
        for line, (s, t) in zip(self.lines, self.ends, strict=True):
            share = min(1.0, max(0.0, built - self.appears[t]))
            if share > 0 and back <= self.turn[t]:  # it goes forward until it is called back
                way = traces.part(line, share)
                traces.stroke(pen, way, self.muted, 3.0)
                traces.head(pen, way, self.muted, 3.0)
            called = min(1.0, max(0.0, (back - self.turn[t]) / 0.9))
            if called > 0:
                way = traces.part(line[::-1], called)
                traces.stroke(pen, way, self.text, 4.5)
                traces.head(pen, way, self.text, 4.5)
            assert s < t
        for i, ((x, y), shade) in enumerate(zip(self.places, self.shades, strict=True)):
            there = min(1.0, max(0.0, built - self.appears[i]))
            if there <= 0:
                continue
            acting = 0 < back - self.turn[i] < 1
            round_by = 0.45 if self.leaf[i] else 0.15
            rounded(pen, x - WIDE / 2, y - HIGH / 2, WIDE, HIGH, round_by)
            there *= 1 if self.leaf[i] else dim
            pen.color(self.paper)  # lines end under a box that is dim, too
            pen.context.fill_preserve()
            pen.color(shade, there)
            pen.context.fill_preserve()
            pen.color(self.text if acting else self.muted, there)
            pen.width(4.0 if acting else 1.5)
            pen.stroke()
            called = min(1.0, max(0.0, (back - self.turn[i]) / 0.3)) * there
            if called > 0:
                # at the corner that no arrow's words come near
                at = (x + WIDE / 2 - 0.06, y + HIGH / 2 - 0.04)
                pen.circle(*at, 0.25)
                pen.color(self.text, called)
                pen.fill()
                em = TICK / PIXELS_PER_UNIT
                half = 0.5 * em * font.advance(self.numbers[i], "semibold")
                pen.color(self.paper, called)
                font.write(pen, self.numbers[i], at[0] - half, at[1] - 0.325 * em, em, "semibold")


def named(found: xr.Dataset) -> float:
    """Return the size of type at which every name has room in its box."""
    names = [str(name) for name in found.plain.values]
    widest = max(font.advance(name, "semibold") for name in names)
    return float(np.clip((WIDE - 0.25) * PIXELS_PER_UNIT / widest, LABEL, NAME))


def label(found: xr.Dataset, graph: Nodes, i: int, size: float) -> VGroup:
    """Return what stands in a box: what it does; what PyTorch calls it, the figure has."""
    x, y = graph.places[i]
    # what comes back to it will stand under its name; a parameter's gradient has its own place
    up = -0.13 if found.is_leaf.values[i] else 0.16
    name = Words(str(found.plain.values[i]), size, weight="semibold")
    return VGroup(name.on_baseline(x, y + up, ORIGIN))


def written(found: xr.Dataset, graph: Nodes, i: int) -> list[tuple[Card, Formula]]:
    """Return a node's notes: how it makes the gradients that it hands on, each at its line."""
    notes: list[tuple[Card, Formula]] = []
    for edge, (line, (s, t)) in enumerate(zip(graph.lines, graph.ends, strict=True)):
        rule = handed(found, edge)
        if t != i or not rule:
            continue
        (x, y), rise = (line[0] + line[-1]) / 2, graph.places[s][1] - graph.places[t][1]
        said = Formula(traces.typst(rule), RULE)
        if abs(rise) < 0.3:  # of a level line over the boxes
            aside = (0.12, HIGH / 2 + 0.35 + said.height / 2)
        else:  # on the outer side of two that part
            aside = (0.5, 0.72 * np.sign(rise))
        said.move_to((x + aside[0], y + aside[1], 0))
        notes.append((Card(said, (x, y)), said))
    return notes


def carried(found: xr.Dataset, graph: Nodes, i: int) -> list[Any]:
    """Return what appears in a node's turn: what has come to it, or a parameter's gradient."""
    x, y = graph.places[i]
    numbers = str(found.gradient.values[i])
    if not (found.is_leaf.values[i] and numbers):
        name, said = Formula(traces.typst(passed(found, i)), SAID), Words(came(found, i), SAID)
        if name.width + said.width > WIDE - 0.3:
            name, said = Formula(traces.typst(passed(found, i))), Words(came(found, i))
        said.on_baseline(x + (name.width + 0.12) / 2, y - 0.5, ORIGIN)
        left = said.get_left()[0] - 0.12 - name.width / 2
        return [name.move_to((left, y - 0.44, 0)), said]
    values = numbers.split(", ")
    tag = Words(say("gradient"), 34, "muted")
    wide = tag.width + 0.2 + len(values) * CELL[0]
    fits = wide < WIDE - 0.3  # clear of the number in the corner, and of the margin
    left = x - wide / 2 if fits else x - WIDE / 2
    middle = y + HIGH / 2 + 0.5 if fits else y - HIGH / 2 - 0.45
    parts = manim.Group(tag.on_baseline(left, middle - 0.12))
    for k, value in enumerate(values):
        at = left + tag.width + 0.2 + (k + 0.5) * CELL[0]
        parts.add(Tint(value).move_to((at, middle, 0)))
        parts.add(Words(value, 42, weight="semibold").on_baseline(at, middle - 0.15, ORIGIN))
    return [parts]


class Card(Painted):
    """The paper of a note, with a folded corner, and what ties it to its line; yellow when lit."""

    def __init__(self, said: Formula, tied: tuple[float, float]) -> None:
        self.lit = ValueTracker(0.0)
        super().__init__(said.width + 0.22, said.height + 0.24, reads=[self.lit])
        self.move_to(said.get_center())
        self.tied = np.array(tied) - said.get_center()[:2]
        paper, yellow = theme.color("background"), theme.color("yellow")
        self.ink = theme.color("muted")
        inks = theme.color("text"), paper
        light = sum(rgb(inks[0])) < sum(rgb(paper))
        self.shades = [mix(paper, yellow, share) for share in (PAPER, LIT[light])]
        self.inks = inks[0], inks[not light]  # the darker one while it is lit

    def shine(self, said: Formula, lit: int) -> list[Any]:
        """Return the animations that light it, at 1, or let it go dark, with its formula."""
        return [self.lit.animate.set_value(lit), said.animate.set_color(self.inks[lit])]

    def paint(self, pen: Pen) -> None:
        """Draw it."""
        dark, bright = self.shades
        shade = dark + self.lit.get_value() * (bright - dark)
        left, bottom, wide, high = self.box
        middle, fold = np.array([left + wide / 2, bottom + high / 2]), 0.13
        right, top = left + wide, bottom + high
        pen.color(self.ink)
        pen.width(1.5)
        edge = np.array([0.0, high / 2 if self.tied[1] > 0 else -high / 2])
        pen.polyline(np.array([middle + edge, middle + self.tied]))
        pen.stroke()
        corner = [[right - fold, top], [right, top - fold]]
        around = [[left, bottom], [left, top], *corner, [right, bottom]]
        for ink, fill in ((shade, True), (self.ink, False)):
            pen.color(ink)
            pen.polyline(np.array(around), close=True)
            if fill:
                pen.fill()
        pen.polyline(np.array([corner[0], [right - fold, top - fold], corner[1]]))
        pen.stroke()


class Tint(Painted):
    """The ground of a number: orange above zero, blue below."""

    def __init__(self, number: str) -> None:
        super().__init__(*CELL)
        zero = set(number) <= set("0.")
        sign = "quiet" if zero else "negative" if number.startswith("−") else "positive"
        self.shade = mix(theme.color("background"), theme.color(sign), 0.45)

    def paint(self, pen: Pen) -> None:
        """Draw it."""
        left, bottom, wide, high = self.box
        pen.color(self.shade)
        pen.rectangle(left + 0.03, bottom, wide - 0.06, high)
        pen.fill()
