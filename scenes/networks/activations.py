"""One hidden unit learns a bent line, as ReLU and as leaky ReLU: one dies, the other comes back."""

from __future__ import annotations

import manim
import numpy as np
from manim import FadeIn, FadeOut, ValueTracker, VGroup, smooth

from look import theme
from look.numbers import number, probability
from look.runs import series
from look.words import say
from scenes.parts import fits, font
from scenes.parts.charts import Chart, _clip, between
from scenes.parts.numbers import Number
from scenes.parts.paint import PIXELS_PER_UNIT, Painted, rgb
from scenes.parts.words import TICK, Formula, Words
from scenes.recorded import RecordedScene

READS = {
    "activations": "z (x), value (run_function, x), derivative (run_function, x), "
    "unit_gradient (run, step), sum (run, step, example), activation (run, step, example), "
    "x_train (example), y_train (example), fit_x (x_fit), fit (run, step, x_fit), "
    "run (run), run_function (run_function), died, n_train, recovered, silent",
}

DESCRIPTION = """\
Two rows, the activation of one hidden unit in each, as a bent line over its weighted sum: above a
ReLU, below a leaky ReLU, both with the same initial weights and the same examples to learn. A dot
for each example lies on the line at its sum, bright where that is above zero. The first steps are
too large, and in both rows all dots slide to the left of the bend. There the ReLU has no slope, its
gradient is zero, and nothing moves any more. The view of both is magnified around the bend, which
the numbers on their axes show: the leaky one
has a little slope, and its dots creep back while many steps pass quickly. Seen from farther away
again, they pass the bend and spread along the line, while the ReLU's lie where they were. On the
right of each row stand the points to be learnt, with the line of what the network says: the dead
one's is level and stays so, the other's comes to lie on the points.
"""

UNITS = ("relu", "leaky_relu")
ROWS = (0.78, -2.12)  # middles
WIDE, TALL = 8.4, 1.9
LEFT, RIGHT = -6.6, 1.8
SAYS = (4.75, 3.7, 1.95)  # middle, width and height of the charts of what the networks say
# Seconds a step: while a unit falls silent, while it comes back, and where little happens.
DEATH, RETURN, LULL = 0.2, 0.11, 0.03


class Activations(RecordedScene):
    poster_section = "verdict"

    def construct(self):
        both = self.recording("activations")
        clock, zoom = ValueTracker(0), ValueTracker(0)
        view = View(both, zoom)
        rows = [
            Row(both.sel(run=name), both, y, clock, view)
            for name, y in zip(UNITS, ROWS, strict=True)
        ]
        silent = max(both.attrs["died"], both.attrs["silent"])
        recovered = both.attrs["recovered"]
        last = both.sizes["step"] - 1
        foot = -3.72
        axis = VGroup(
            Words("weighted sum", 34, "muted").on_baseline(RIGHT - 0.4, foot, manim.RIGHT),
            Formula("z", 34, "muted").move_to((RIGHT - 0.15, foot + 0.1, 0)),
        )
        step = Number(
            lambda: say("step now", step=min(int(clock.get_value() + 1e-9), last)), [clock],
            widest="step 000", align="right",
        ).move_to((SAYS[0] + SAYS[1] / 2, foot + 0.08, 0), aligned_edge=manim.RIGHT)  # fmt: skip
        near = Number(
            lambda: say("zoom", times=view.times()), [zoom], color="muted",
            widest="both magnified 00 times",
        ).move_to((LEFT, foot + 0.08, 0), aligned_edge=manim.LEFT)  # fmt: skip

        self.next_section("start")
        words = self.headline("start")
        self.add(words, axis, step, *rows[0].parts, *rows[1].parts)
        self.play_steps(clock, min(silent + 3, last), DEATH)

        self.next_section("silence")
        words = self.say(words, "silence")
        self.play(zoom.animate.set_value(1), FadeIn(near), FadeIn(rows[0].fate), run_time=1.0,
                  rate_func=smooth)  # fmt: skip
        wake = min(max(recovered - 2, silent + 3), last)
        lull = (wake - clock.get_value()) * LULL
        self.play(clock.animate.set_value(wake), run_time=max(lull, 0.1), rate_func=smooth)
        self.play(zoom.animate.set_value(0), FadeOut(near), run_time=1.0, rate_func=smooth)
        self.play_steps(clock, min(recovered, last), RETURN)

        self.next_section("verdict")
        self.say(words, "verdict")
        self.add(rows[1].fate)
        self.play_steps(clock, min(recovered + 24, last), RETURN)
        self.play_steps(clock, last, LULL)
        self.wait(1.5)


class View:
    """How much of the sums is seen: all of them at first, those of silent units when zoomed in."""

    def __init__(self, both, zoom):
        # What the units' sums reach while both are silent.
        silent = slice(max(both.attrs["died"], both.attrs["silent"]), both.attrs["recovered"])
        sums = both["sum"].transpose("run", "step", "example").values
        far, near = (
            1.06 * float(np.abs(part).max(initial=1e-6)) for part in (sums, sums[:, silent])
        )
        self.far, self.near, self.zoom = far, min(near, far), zoom

    def reach(self):
        """Return the largest sum that is seen."""
        share = self.zoom.get_value()
        return self.far ** (1 - share) * self.near**share

    def times(self):
        """Return how many times larger all is than at first."""
        return self.far / self.reach()

    def chart(self, y):
        """Return the chart of a row around `y`."""
        reach = self.reach()
        center = (LEFT + RIGHT) / 2, y
        return Chart(center, WIDE, TALL, (-reach, reach), (-0.16 * reach, 1.16 * reach))


class Row:
    """One unit: its activation with the examples on it, its name, its slopes, its gradient."""

    def __init__(self, run, both, y, clock, view):
        name = str(run.run.item())
        shown = series(name)
        head = y + TALL / 2 + 0.1
        zero = view.chart(y).point(0, 0)[1]
        n_steps = run.sizes["step"] - 1
        gradient = run.unit_gradient.values

        def now():
            step = min(int(clock.get_value() + 1e-9), n_steps)
            return say("gradient", value=probability(gradient[step], 2))

        curve = both.sel(run_function=name)
        on_line = np.stack([run["sum"].values, run.activation.values], -1)
        across, points = both.fit_x.values, (both.x_train.values, both.y_train.values)
        low, high = points[1].min(), points[1].max()
        room = 0.15 * (high - low)
        says = Chart((SAYS[0], y), *SAYS[1:], (across[0], across[-1]), (low - room, high + room))
        fit = fits.Between(np.arange(n_steps + 1), run.fit.values)
        label = Words(shown.label, 38, weight="semibold").on_baseline(LEFT, head)
        # over the flat part of the line, where the dots then lie
        self.fate = Words(say(f"{name} fate"), 34).on_baseline(LEFT, zero + 0.3)
        self.parts = [
            label,
            Number(now, [clock], weight="semibold", widest="gradient < 0.01", align="right")
            .move_to((RIGHT, head + 0.1, 0), aligned_edge=manim.RIGHT),
            Words(say("slope here", slope=curve.derivative.values[0]), 34, "muted")
            .on_baseline(LEFT, zero - 0.52),
            Bend(curve.z.values, curve.value.values, on_line, y, clock, view, shown.token),
            fits.Points(says, *points, radius=0.075),
            fits.Line(says, across, fit, clock, color=shown.token, width=5.0),
        ]  # fmt: skip


class Bend(Painted):
    """An activation, and on it a dot for each example: dull where its sum is not above 0.

    Parameters
    ----------
    z, value : array, shape (x,)
        The activation.
    examples : array, shape (step, example, 2)
        Sums and activations.
    """

    radius = 0.11

    def __init__(self, z, value, examples, y, clock, view, token):
        super().__init__(WIDE, TALL, reads=[clock, view.zoom])
        self.shift(((LEFT + RIGHT) / 2, y, 0))
        self.z, self.value, self.examples = z, value, examples
        self.y, self.clock, self.view = y, clock, view
        self.ink, self.quiet = theme.color(token), theme.color("quiet")
        self.muted = theme.color("muted")
        # on the axis: a round number from far away, and one of what is seen when magnified
        self.marks = [_round(0.9 * view.far), _round(0.9 * view.near)]
        self.rim = theme.color("background")
        self.full, self.empty = (rgb(theme.color(ink)) for ink in ("text", "muted"))

    def now(self):
        """Return sums and activations at the clock, shape (example, 2)."""
        return between(self.examples, self.clock.get_value())

    def fills(self, values):
        """Return each dot's colour, shape (example, 3)."""
        return np.where(values[:, :1] > 0, self.full, self.empty)

    def paint(self, pen):
        """Draw where z is 0, the activation, the dots."""
        chart = self.view.chart(self.y)
        pen.color(self.quiet)
        pen.width(2.0)
        x = chart.point(0, 0)[0]
        pen.polyline(np.array([[x, chart.bottom], [x, chart.top]]))
        pen.stroke()
        pen.context.save()
        _clip(pen, chart)
        pen.color(self.ink)
        pen.width(5.0)
        pen.context.set_line_join(1)
        pen.polyline(chart.point(self.z, self.value))
        pen.stroke()
        pen.context.restore()
        near = self.view.zoom.get_value()
        em = TICK / PIXELS_PER_UNIT
        for mark, shown in zip(self.marks, (1 - near, near), strict=True):
            text = number(mark)
            x, y = chart.point(mark, 0)
            if shown > 0.02 and x < chart.left + chart.width:
                pen.color(self.muted, shown)
                pen.width(2.0)
                pen.polyline(np.array([[x, y], [x, y - 0.14]]))
                pen.stroke()
                half = 0.5 * em * font.advance(text)
                font.write(pen, text, x - half, y - 0.2 - 0.72 * em, em)
        values = self.now()
        places = chart.point(values[:, 0], values[:, 1])
        seen = chart.inside(places)
        pen.discs(places[seen], self.radius, self.fills(values)[seen], self.rim, 0.8)


def _round(most):
    """Return the largest of 1, 2 or 5 times a power of ten that is not above `most`."""
    power = 10.0 ** np.floor(np.log10(most))
    return float(power * max(step for step in (1, 2, 5) if step * power <= most))
