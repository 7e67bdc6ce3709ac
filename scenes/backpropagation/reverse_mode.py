"""Reverse mode, arrow by arrow: the derivative of f by both inputs in one pass back."""

from __future__ import annotations

from manim import DOWN, FadeIn, FadeOut, ValueTracker, VGroup, linear

from look import traces as equations
from scenes.backpropagation import _trace as traces
from scenes.recorded import RecordedScene

READS = {
    "evaluation_trace": "primal (v), formula (v), adjoint (v), depth (v), lane (v), "
    "source (component), target (component), partial (component), partial_formula (component), "
    "adjoint_term (component), route_depth (component, position), "
    "route_lane (component, position), feature (feature), decimals, expression, adds_up, n_inputs",
}

DESCRIPTION = """\
Boxes joined by arrows, from the inputs on the left to the function on the right. First the values
fill in from left to right. Then the arrows turn round: the last box holds a 1, the derivative of f
by itself, and from box to box coloured pulses run back, orange for positive and blue for negative
numbers. Below stands the equation of the box whose turn it is, in symbols and in numbers. Where two
arrows meet in one box, both terms are added. At the end the input boxes hold the derivatives of f
by each of them, which then are written below.
"""


class ReverseMode(RecordedScene):
    def construct(self):
        trace = self.recording("evaluation_trace")
        n = trace.sizes["v"]
        places, _ = traces.placed(trace)

        self.next_section("values")
        words = self.headline("question")
        clock = ValueTracker(0)
        graph = traces.Graph(trace, list(range(n)), 0 * trace.primal.values,
                             0 * trace.adjoint_term.values, clock)  # fmt: skip
        lines = [equations.primal(trace, i) for i in range(n)]
        names = [traces.name(places[i], line.left) for i, line in enumerate(lines)]
        made = [traces.aside(trace, i, line.symbolic) for i, line in enumerate(lines)]
        values = [traces.value(places[i], line.result) for i, line in enumerate(lines)]
        function = traces.function(trace)
        self.add(words, graph, *names, *made, function)
        for value in values:
            self.play(clock.animate.increment_value(1), FadeIn(value), run_time=0.3,
                      rate_func=linear)  # fmt: skip
        self.wait(0.5)

        self.next_section("back")
        back = ValueTracker(0)
        order = list(range(n - 1, -1, -1))
        turned = traces.Graph(trace, order, trace.adjoint.values, trace.adjoint_term.values, back,
                              back=True)  # fmt: skip
        lines = [equations.derivative(trace, i, "adjoint") for i in range(n)]
        self.play(FadeOut(VGroup(*values, *names, *made, function)), run_time=0.25)
        self.remove(graph)
        self.add(turned)
        others = [traces.name(places[i], line.left) for i, line in enumerate(lines)]
        kept = [traces.known(trace, i, made=True) for i in range(n)]
        words = self.say(words, "back", also=[*others, *kept])
        shown, met = VGroup(), False
        for i in order:
            arrows = int((trace.source.values == i).sum())
            if arrows > 1:  # they meet
                words, met = self.say(words, "meet", sum=equations.met(trace, i)), True
            elif met:  # what was said of the variable before isn't so here
                term = (lines[i].numbers or lines[i].result).replace(r"\cdot", "·")
                words, met = self.say(words, "alone", term=term), False
            self.remove(shown)
            shown = self.turn(lines[i], back, places[i], 1.0 if lines[i].numbers else 0.75)

        self.next_section("end")
        self.remove(shown)
        results = VGroup()
        for i in range(int(trace.attrs["n_inputs"])):
            results.add(traces.rate(trace, i, lines[i].result, 54))
        results.arrange(buff=1.2).move_to((0, -3.0, 0))
        self.say(words, "end")
        for result in results:  # not across the graph, whose words they would cover
            self.play(FadeIn(result, shift=0.3 * DOWN), run_time=0.45)
        self.wait(1.5)

    def turn(self, line, clock, place, seconds):
        """Let one variable's derivative arrive, under its equation, which is returned."""
        first = traces.equation(line, numbers=False)
        self.add(first)
        self.play(clock.animate.increment_value(1), run_time=seconds, rate_func=linear)
        self.remove(first)
        whole = traces.equation(line, numbers=True)
        self.add(whole, traces.value(place, line.result))
        self.wait(0.6 if line.numbers else 0.25)
        return whole
