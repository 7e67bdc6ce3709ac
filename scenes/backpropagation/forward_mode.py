"""Forward mode, variable by variable: values and tangents in step, a pass for each input."""

from __future__ import annotations

import numpy as np
from manim import FadeIn, FadeOut, Mobject, ValueTracker, VGroup, linear

from look import traces as equations
from look.words import say
from scenes.backpropagation import _trace as traces
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "evaluation_trace": "primal (v), formula (v), tangent (feature, v), depth (v), lane (v), "
    "source (component), target (component), partial (component), partial_formula (component), "
    "tangent_term (feature, component), route_depth (component, position), "
    "route_lane (component, position), feature (feature), decimals, expression, adds_up, n_inputs",
}

DESCRIPTION = """\
Boxes joined by arrows, from the inputs on the left to the function on the right, which stays
written in the corner. The first input's
box holds a 1, the rate at which it changes; the other inputs hold a 0. From box to box coloured
pulses run along the arrows, orange for positive and blue for negative numbers, and each box is
filled with the rate at which its variable follows, under its equation in symbols and in numbers.
What doesn't depend on the input stays dark. The last box holds the derivative of f by the first
input, and stays below. Then the boxes are emptied, and the same begins anew with a 1 in the next
input's box.
"""

SHOWN = 3  # passes at the most: those for further inputs are like them


def operations(trace):
    """Return what each variable is made of, outside its box."""
    lines = [equations.primal(trace, i) for i in range(trace.sizes["v"])]
    return [traces.aside(trace, i, line.symbolic) for i, line in enumerate(lines)]


class ForwardMode(RecordedScene):
    def construct(self):
        trace = self.recording("evaluation_trace")
        places, _ = traces.placed(trace)
        full = [float(np.abs(trace[name]).max()) for name in ("tangent", "tangent_term")]
        inputs = [equations.plain(str(name)) for name in trace.feature.values]
        words = self.headline("question", about=inputs[0])
        before: list[Mobject] = []
        results = VGroup()
        stay: list[Mobject] = []
        function = traces.corner(trace)
        self.add(*function)
        for f, name in enumerate(inputs[:SHOWN]):
            self.next_section(f"pass {f + 1}")
            clock = ValueTracker(0)
            lines = [equations.derivative(trace, i, "tangent", f) for i in range(len(places))]
            graph = traces.Graph(
                trace, list(range(len(lines))), trace.tangent.values[f],
                trace.tangent_term.values[f], clock, most=(full[0], full[1]),
            )  # fmt: skip
            names = [traces.name(places[i], line.left) for i, line in enumerate(lines)]
            if f == 0:
                self.add(words, graph, *names)
                made = VGroup(*operations(trace))
                self.play(FadeIn(made), run_time=0.5)
                self.wait(1.1)
                self.play(FadeOut(made), run_time=0.2)
            else:
                words = self.say(words, "again", also=[graph, *names], about=name)
                self.remove(*before)
            self.add(graph, *names)
            shown, values = VGroup(), []
            for i, line in enumerate(lines):
                self.remove(shown)
                value = traces.value(places[i], line.result)
                shown = self.turn(line, clock, value, trace, i, first=f == 0)
                values.append(value)
            self.remove(shown)
            text = say("counted", number=f + 1, name=name, value=lines[-1].result)
            result = Words(text, 44, weight="semibold")
            results.add(result)
            before = [graph, *names, *values]
            if f + 1 < min(SHOWN, len(inputs)):  # it stays, beside what comes
                kept = Words(text, 40, weight="semibold").on_baseline(-6.6, -3.7 + 0.55 * f)
                self.play(FadeIn(kept), run_time=0.3)
                self.wait(0.7)
                stay.append(kept)
        self.next_section("end")
        self.remove(*stay, *function)  # there stands the headline's end
        results.arrange(buff=1.0).move_to((0, -3.1, 0))
        self.say(words, "end", also=[results])
        self.wait(1.5)

    def turn(self, line, clock, value, trace, i, *, first):
        """Let one variable's tangent arrive, under its equation, which is returned."""
        small = traces.equation(line, numbers=False)
        self.add(small)
        quick = 1.0 if first else 0.55
        arrival = [FadeIn(traces.known(trace, i, made=True))] if first else []
        seconds = quick * (0.85 if line.numbers else 0.6)
        self.play(clock.animate.increment_value(1), *arrival, run_time=seconds, rate_func=linear)
        self.remove(small)
        whole = traces.equation(line, numbers=True)
        self.add(whole, value)
        self.wait(quick * (0.55 if line.numbers else 0.2))
        return whole
