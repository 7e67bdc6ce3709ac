"""Forward mode, variable by variable: values and tangents in step, a pass for each input."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr
from manim import LEFT, FadeIn, FadeOut, Mobject, ValueTracker, VGroup, linear

from look import traces as equations
from look.words import say
from scenes.backpropagation import _trace as traces
from scenes.parts import font
from scenes.parts.paint import PIXELS_PER_UNIT
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "evaluation_trace": "primal (v), formula (v), tangent (feature, v), depth (v), lane (v), "
    "source (component), target (component), partial (component), partial_formula (component), "
    "tangent_term (feature, component), route_depth (component, position), "
    "route_lane (component, position), feature (feature), decimals, expression, adds_up, n_inputs",
}

DESCRIPTION = """\
Boxes joined by arrows, from the inputs on the left to the function on the right, which stands
below. First the values fill in from left to right, and move out beside their boxes. Then the first
input's box holds a 1, the rate at which it changes; the other inputs hold a 0. From box to box
coloured pulses run along the arrows, orange for positive and blue for negative numbers, and each
box is filled with the rate at which its variable follows; below stands its equation in symbols and
in numbers. What doesn't depend on the input stays dark. The last box holds the derivative of f by
the first input, which comes to stand at the bottom. Then the numbers make room, no longer bold, and
the same begins anew with a 1 in the next input's box. At the end both numbers stand in each box,
and both derivatives below.
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
        words = self.values(trace, places, inputs[0])

        names = [traces.name(places[i], line.left) for i, line in enumerate(every[0])]
        kept = [traces.known(trace, i, made=True) for i in range(len(places))]
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
            self.add(graph, *before[1:] * apart)
            if f == 0:
                words = self.say(words, "first", also=[*names, *kept], about=name)
            else:
                self.add(*names)
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
                shown = self.turn(line, clock, value, first=f == 0)
                values.append(value)
            tag = Words(say("counted", number=f + 1), 40, weight="semibold")
            found = traces.rate(trace, f, lines[-1].result, 40)
            low = -2.85 - 0.5 * f
            tag.on_baseline(-6.6, low)
            found.move_to((tag.get_right()[0] + 0.2, low + 0.12, 0), aligned_edge=LEFT)
            results.add(VGroup(tag, found))
            self.play(FadeIn(tag), FadeIn(found, target_position=values[-1]), run_time=0.6)
            self.wait(0.5)
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

    def values(self, trace: xr.Dataset, places: np.ndarray, about: str) -> VGroup:
        """Let the values arrive; return the headline."""
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
        self.play(FadeOut(VGroup(*values, *names, *made, function)), run_time=0.25)
        self.remove(graph)
        return words

    def turn(self, line, clock, value, *, first):
        """Let one variable's tangent arrive, over its equation, which is returned."""
        small = traces.equation(line, numbers=False, x=ASIDE)
        self.add(small)
        quick = 0.75 if first else 0.45
        seconds = quick * (0.85 if line.numbers else 0.6)
        self.play(clock.animate.increment_value(1), run_time=seconds, rate_func=linear)
        self.remove(small)
        whole = traces.equation(line, numbers=True, x=ASIDE)
        self.add(whole, value)
        self.wait(quick * (0.55 if line.numbers else 0.2))
        return whole


def fits(numbers: Iterable[str], passes: int) -> bool:
    """Tell whether the numbers of two passes have room side by side in a box."""
    room = (traces.WIDE / 2 - 0.08) * PIXELS_PER_UNIT / SIZE
    return passes == 2 and all(font.advance(each, "semibold") <= room for each in numbers)


def slot(place: np.ndarray, f: int) -> float:
    """Return where the number of a pass stands in a box that holds those of two."""
    return float(place[0]) + (f - 0.5) * traces.WIDE / 2
