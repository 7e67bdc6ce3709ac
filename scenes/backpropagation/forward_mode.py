"""Forward mode, variable by variable: values and tangents in step, a pass for each input."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr
from manim import LEFT, RIGHT, FadeIn, FadeOut, Mobject, ValueTracker, VGroup, linear

from look import traces as equations
from look.words import say
from scenes.backpropagation import _trace as traces
from scenes.parts import font
from scenes.parts.paint import PIXELS_PER_UNIT
from scenes.parts.words import Formula, Words
from scenes.recorded import RecordedScene

READS = {
    "evaluation_trace": "primal (v), formula (v), tangent (feature, v), depth (v), lane (v), "
    "source (component), target (component), partial (component), partial_formula (component), "
    "tangent_term (feature, component), route_depth (component, position), "
    "route_lane (component, position), feature (feature), decimals, expression, adds_up, n_inputs",
}

DESCRIPTION = """\
Boxes joined by arrows, from the inputs on the left to the function on the right, which stands
below. First the values fill in from left to right, and move out beside their boxes, which stay.
Then the first input's box holds a 1, the rate at which it changes; the other inputs hold a 0. From
box to box coloured pulses run along the arrows, orange for positive and blue for negative numbers,
and each box is filled with the rate at which its variable follows; below stands its equation in
symbols and in numbers. What doesn't depend on the input stays dark. The last box holds the
derivative of f by the first input: it is written at this box at once, then at the bottom. Then the
numbers make room, no longer bold, and the same begins anew with a 1 in the next input's box. At the
end both numbers stand in each box, and both derivatives below.
"""

SHOWN = 3  # passes at the most: those for further inputs are like them
ASIDE = 1.9  # of an equation's middle, right of where results stay
SIZE = 34  # of numbers of two passes side by side


class ForwardMode(RecordedScene):
    def construct(self):
        trace = self.recording("evaluation_trace")
        places, _ = traces.placed(trace)
        full = [float(np.abs(trace[name]).max()) for name in ("tangent", "tangent_term")]
        inputs = [equations.plain(str(name)) for name in trace.feature.values][:SHOWN]
        every = [[equations.derivative(trace, i, "tangent", f) for i in range(len(places))]
                 for f in range(len(inputs))]  # fmt: skip
        apart = fits([line.result for lines in every for line in lines], len(inputs))
        self.next_section("values")
        kept = [traces.known(trace, i, made=True) for i in range(len(places))]
        words, standing = self.values(trace, places, inputs[0], kept)

        names = [traces.name(places[i], line.left) for i, line in enumerate(every[0])]
        before: list[Mobject] = []  # of the pass before
        results, shown = VGroup(), VGroup()
        for f, (name, lines) in enumerate(zip(inputs, every, strict=True)):
            self.next_section(f"pass {f + 1}")
            clock = ValueTracker(0)
            graph = traces.Graph(
                trace, list(range(len(lines))), trace.tangent.values[f],
                trace.tangent_term.values[f], clock, most=(full[0], full[1]),
            )  # fmt: skip
            self.remove(shown, *before[:1], *([] if apart else before))
            if f == 0:  # the graph stands, and v turns into its rate
                words = self.say(words, "first", also=names, about=name)
                self.remove(standing)
                self.add(graph, *names)
            else:
                self.add(graph, *before[1:] * apart, *names)
                words = self.say(words, "again", about=name)
                if apart:  # they make room, no longer bold
                    small = [traces.value((slot(place, 0), place[1]), line.result, SIZE, "regular")
                             for place, line in zip(places, every[f - 1], strict=True)]  # fmt: skip
                    self.play(*(FadeOut(value) for value in before[1:]), run_time=0.15)
                    come = zip(small, before[1:], strict=True)
                    self.play(*(FadeIn(one, target_position=old) for one, old in come),
                              run_time=0.5)  # fmt: skip
            values: list[Mobject] = []
            for i, line in enumerate(lines):
                self.remove(shown)
                value = traces.value(places[i], line.result)
                if f and apart:
                    value = traces.value((slot(places[i], 1), places[i][1]), line.result, SIZE)
                # what no pass before has made use of takes its time
                new = not trace.tangent.values[:f, i].any()
                answer = [answered(trace, f, line.result)] * (i == len(lines) - 1)
                shown = self.turn(line, clock, [value, *answer], first=new)
                values.append(value)
            tag = Words(say("counted", number=f + 1), 40, weight="semibold")
            found = traces.rate(trace, f, lines[-1].result, 40)
            low = -2.85 - 0.5 * f
            tag.on_baseline(-6.6, low)
            found.move_to((tag.get_right()[0] + 0.2, low + 0.12, 0), aligned_edge=LEFT)
            results.add(VGroup(tag, found))
            self.play(FadeIn(tag), FadeIn(found), FadeOut(*answer), run_time=0.5)
            self.wait(0.4)
            before = [graph, *values]
        self.next_section("end")
        self.play(FadeOut(shown), run_time=0.2)
        self.say(words, "end", apart=int(apart))
        target = results.copy().arrange(buff=1.0)
        larger = min(1.15, 12.8 / target.width)
        target.scale(larger).move_to((0, -3.0, 0))
        self.play(*(one.animate.scale(larger).move_to(end)
                    for one, end in zip(results, target, strict=True)), run_time=0.7)  # fmt: skip
        self.wait(1.4)

    def values(
        self, trace: xr.Dataset, places: np.ndarray, about: str, kept: list[Formula]
    ) -> tuple[VGroup, Mobject]:
        """Let the values arrive, and move out of their boxes to where they are `kept`.

        Return the headline, and the graph, which stands.
        """
        lines = [equations.primal(trace, i) for i in range(len(places))]
        clock, none = ValueTracker(0), 0 * trace.primal.values
        graph = traces.Graph(trace, list(range(len(lines))), none, 0 * trace.partial.values, clock)
        made = [traces.aside(trace, i, line.symbolic) for i, line in enumerate(lines)]
        names = [traces.name(place, line.left) for place, line in zip(places, lines, strict=True)]
        values = [traces.value(place, line.result)
                  for place, line in zip(places, lines, strict=True)]  # fmt: skip
        function = traces.function(trace)
        words = self.headline("question", about=about)
        self.add(words, graph, *names, *made, function, values[0])
        clock.set_value(1)
        for value in values[1:]:
            self.play(clock.animate.increment_value(1), FadeIn(value), run_time=0.22,
                      rate_func=linear)  # fmt: skip
        self.wait(0.6)
        self.play(FadeOut(VGroup(*names, *made, function)), run_time=0.15)
        self.play(*(value.animate.scale(0.8).move_to(line.get_right(), aligned_edge=RIGHT)
                    for value, line in zip(values, kept, strict=True)), run_time=0.5)  # fmt: skip
        self.play(FadeOut(VGroup(*values)), FadeIn(VGroup(*kept)), run_time=0.2)
        return words, graph

    def turn(self, line, clock, values, *, first):
        """Let one variable's tangent arrive, over its equation, which is returned."""
        small = traces.equation(line, numbers=False, x=ASIDE)
        self.add(small)
        quick = 0.75 if first else 0.45
        seconds = quick * (0.85 if line.numbers else 0.6)
        self.play(clock.animate.increment_value(1), run_time=seconds, rate_func=linear)
        self.remove(small)
        whole = traces.equation(line, numbers=True, x=ASIDE)
        self.add(whole, *values)
        self.wait(quick * (0.55 if line.numbers else 0.2))
        return whole


def answered(trace: xr.Dataset, f: int, result: str) -> Formula:
    """Return what a pass has found, at the last box: on the side that its value leaves free."""
    (x, y), up = traces.placed(trace)[0][-1], traces.known(trace, -1).get_center()[1]
    found = traces.rate(trace, f, result, 40)
    height = y + (traces.HIGH / 2 + 0.34) * (-1 if up > y else 1)
    found.move_to((x, height, 0))
    return found.shift((-max(found.get_right()[0] - traces.EDGE, 0), 0, 0))


def fits(numbers: Iterable[str], passes: int) -> bool:
    """Tell whether the numbers of two passes have room side by side in a box."""
    room = (traces.WIDE / 2 - 0.08) * PIXELS_PER_UNIT / SIZE
    return passes == 2 and all(font.advance(each, "semibold") <= room for each in numbers)


def slot(place: np.ndarray, f: int) -> float:
    """Return where the number of a pass stands in a box that holds those of two."""
    return float(place[0]) + (f - 0.5) * traces.WIDE / 2
