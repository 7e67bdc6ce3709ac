"""One hidden unit learns a bent line, as ReLU and as leaky ReLU: one dies, the other comes back."""

from __future__ import annotations

import manim
import numpy as np
from manim import FadeIn, FadeOut, ValueTracker, VGroup, smooth

from look import theme
from look.numbers import fixed, number
from look.runs import series
from look.words import say
from scenes.parts import fits, font
from scenes.parts.charts import Chart, _clip, between
from scenes.parts.numbers import Number
from scenes.parts.paint import PIXELS_PER_UNIT, Painted, mix, rgb
from scenes.parts.words import TICK, Formula, Words
from scenes.recorded import RecordedScene

READS = {
    "activations": "z (x), value (run_function, x), derivative (run_function, x), "
    "loss (run, step), sum (run, step, example), activation (run, step, example), "
    "x_train (example), y_train (example), fit_x (x_fit), fit (run, step, x_fit), "
    "run (run), run_function (run_function), died, lr, n_train, recovered, silent",
}

DESCRIPTION = """\
Two columns, the activation of one hidden unit in each, as a bent line over its weighted sum: on the
left a ReLU, on the right a leaky ReLU, both with the same initial weights and the same examples to
learn. A dot for each example lies on the line at its sum, bright where that is above zero. Below
both stand the points to be learnt, with a line for what each network says, and their errors. The
first steps are too large, and in both columns all dots slide to the left of the bend; both networks
now say nearly the same everywhere. A magnifying glass grows out of the bend in each column, and
what is below dims: on the left the ReLU is level and no dot moves any more; on the right the line
has a little slope, and the dots creep back while many steps pass quickly. The glasses close again,
and the leaky unit's dots pass the bend and spread along its line, while the ReLU's lie where they
were. Below, the dead one's line is level and stays so, the other's comes to lie on the points.
"""

UNITS = ("relu", "leaky_relu")
COLUMNS = (-6.6, 0.35)  # left edges
WIDE = 6.25
HEAD = 1.95  # baseline of the names
MIDDLE, TALL = 0.24, 3.0  # of the activations
GLASS = (0.65, 2.1)  # middle and height of what is magnified, over the line that rises
SAYS = (-0.55, -2.76, 6.1, 1.95)  # middle, width and height of the chart of what the networks say
ERRORS = (-2.0, 0.62)  # baseline over the errors, and from one to the next
FOOT = -3.8
# Seconds a step: while a unit falls silent, while it comes back, and where little happens.
DEATH, RETURN, LULL = 0.2, 0.11, 0.03


class Activations(RecordedScene):
    poster_section = "verdict"

    def construct(self):
        both = self.recording("activations")
        clock, opened = ValueTracker(0), ValueTracker(0)
        view = View(both)
        left, right = columns = [
            Column(both.sel(run=name), both, x, clock, opened, view)
            for name, x in zip(UNITS, COLUMNS, strict=True)
        ]
        silent = max(both.attrs["died"], both.attrs["silent"])
        recovered = both.attrs["recovered"]
        last = both.sizes["step"] - 1
        step = Number(
            lambda: say("step now", step=min(int(clock.get_value() + 1e-9), last)), [clock],
            widest="step 000", align="right",
        ).move_to((COLUMNS[1] + WIDE, FOOT + 0.12, 0), aligned_edge=manim.RIGHT)  # fmt: skip

        self.next_section("start")
        words = self.headline("start")
        self.add(words, step, *both_learn(both))
        for column in columns:
            self.add(*column.unit, *column.answer)
        self.play_steps(clock, min(silent + 3, last), DEATH)

        self.next_section("silence")
        x, y, wide, tall = SAYS
        veil = manim.Rectangle(
            width=wide + 0.2, height=tall + 0.1, stroke_width=0, fill_opacity=0.7,
            fill_color=theme.color("background"),
        ).move_to((x, y, 0))  # fmt: skip
        self.add(left.glass, right.glass)
        self.play(opened.animate.set_value(1), FadeIn(veil), run_time=1.0, rate_func=smooth)
        words = self.say(words, "silence", also=[left.fate, *(each.seen for each in columns)])
        wake = min(max(recovered - 2, silent + 3), last)
        lull = (wake - clock.get_value()) * LULL
        self.play(clock.animate.set_value(wake), run_time=max(lull, 0.1), rate_func=smooth)
        self.play(*(FadeOut(each.seen) for each in columns), run_time=0.3)
        self.play(opened.animate.set_value(0), FadeOut(veil), run_time=0.8, rate_func=smooth)
        self.remove(left.glass, right.glass)
        self.play_steps(clock, min(recovered, last), RETURN)

        self.next_section("verdict")
        self.say(words, "verdict", also=[right.fate])
        self.play_steps(clock, min(recovered + 24, last), RETURN)
        self.play_steps(clock, last, LULL)
        self.wait(1.5)


def says_chart(both):
    """Return the chart of what both networks learn and say."""
    low, high = both.y_train.values.min(), both.y_train.values.max()
    room = 0.12 * (high - low)
    x, y, wide, tall = SAYS
    across = both.fit_x.values
    return Chart((x, y), wide, tall, (across[0], across[-1]), (low - room, high + room))


def both_learn(both):
    """Return what both networks share: the points, and what is drawn there."""
    right = COLUMNS[1] + WIDE
    return [
        Words(say("says"), 34, "muted", width=2.9).move_to(
            (COLUMNS[0], SAYS[1] + 0.5 * SAYS[3] - 0.2, 0), aligned_edge=manim.UL
        ),
        fits.Points(says_chart(both), both.x_train.values, both.y_train.values, radius=0.08),
        Words("error", 34, "muted").on_baseline(right, ERRORS[0], manim.RIGHT),
    ]


class View:
    """What is seen of the sums: all of them, and magnified those of silent units."""

    def __init__(self, both):
        # What the units' sums reach while both are silent.
        silent = slice(max(both.attrs["died"], both.attrs["silent"]), both.attrs["recovered"])
        sums = both["sum"].transpose("run", "step", "example").values
        far, near = (
            1.06 * float(np.abs(part).max(initial=1e-6)) for part in (sums, sums[:, silent])
        )
        self.far, self.near = far, min(near, far)

    def chart(self, left):
        """Return the chart of a column."""
        return Chart((left + WIDE / 2, MIDDLE), WIDE, TALL, (-self.far, self.far),
                     (-0.2 * self.far, 1.12 * self.far))  # fmt: skip

    def glass(self, left, opened):
        """Return the chart of what is magnified: first its place in the other, in the end large."""
        chart, (middle, tall) = self.chart(left), GLASS
        span = 1.3 * self.near  # most of it left of the bend
        x = -self.near, span - self.near
        # as many units up as the sheet of the other has at this width: both magnified alike
        up = (chart.y[1] - chart.y[0]) / (chart.x[1] - chart.x[0]) * WIDE / TALL * span / WIDE
        y = -0.42 * up * tall, 0.58 * up * tall
        (x0, y0), (x1, y1) = chart.point(x[0], y[0]), chart.point(x[1], y[1])
        place = np.array([(x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0])
        large = np.array([left + WIDE / 2, middle, WIDE, tall])
        a, b, width, height = ((1 - opened) * place + opened * large).tolist()
        return Chart((a, b), width, height, x, y)

    def times(self):
        """Return how many times larger all is in the end than at first."""
        return self.glass(0, 1).width / self.glass(0, 0).width


class Column:
    """One unit: its activation with the examples on it, its name; what its network says."""

    def __init__(self, run, both, left, clock, opened, view):
        name = str(run.run.item())
        shown = series(name)
        chart = view.chart(left)
        floor = chart.point(0, 0)[1]
        n_steps = run.sizes["step"] - 1
        loss = run.loss.values
        place = UNITS.index(name)

        def error():
            return fixed(loss[min(int(clock.get_value() + 1e-9), n_steps)], 2)

        curve = both.sel(run_function=name)
        on_line = np.stack([run["sum"].values, run.activation.values], -1)
        bend = curve.z.values, curve.value.values, on_line
        fit = fits.Between(np.arange(n_steps + 1), run.fit.values)
        slope = curve.derivative.values[0]
        self.fate = Words(say(f"{name} fate"), 34).on_baseline(left + WIDE, HEAD, manim.RIGHT)
        self.unit = [
            Words(shown.label, 38, weight="semibold").on_baseline(left, HEAD),
            Bend(*bend, chart, clock, shown.token),
            Words(say("slope here", slope=slope), 34, "muted").on_baseline(left, floor - 0.55),
            VGroup(
                Words("weighted sum", 34, "muted").on_baseline(
                    left + WIDE - 0.33, floor - 0.55, manim.RIGHT
                ),
                Formula("z", 34, "muted").move_to((left + WIDE - 0.1, floor - 0.45, 0)),
            ),
        ]
        # While both networks say the same, the wider line is seen on both sides of the other.
        thick = (9.0, 4.0)[place]
        right, row = COLUMNS[1] + WIDE, ERRORS[0] - ERRORS[1] * (place + 1)
        start = SAYS[0] + 0.5 * SAYS[2] + 0.25
        self.answer = [
            fits.Line(says_chart(both), both.fit_x.values, fit, clock, color=shown.token,
                      width=thick),
            manim.Line((start, row + 0.12, 0), (start + 0.4, row + 0.12, 0), stroke_width=thick,
                       color=theme.color(shown.token)),
            Words(shown.label, 34, "muted").on_baseline(start + 0.55, row),
            Number(error, [clock], size=40, weight="semibold", widest="0.00",
                   align="right").move_to((right, row + 0.14, 0), aligned_edge=manim.RIGHT),
        ]  # fmt: skip
        self.glass = Glass(*bend, view, left, opened, clock, shown.token)
        large = view.glass(left, 1)
        self.seen = VGroup(
            Words(say(f"{name} glass", slope=slope), 34).on_baseline(
                left + 0.2, large.point(0, 0)[1] - 0.6
            ),
            Words(say("zoom", times=view.times()), 34, "muted").on_baseline(
                left + 0.2, large.top - 0.45
            ),
        )


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

    def __init__(self, z, value, examples, chart, clock, token, *, reads=()):
        super().__init__(chart.width, chart.height, reads=[clock, *reads])
        self.shift((*chart.center, 0))
        self.z, self.value, self.examples = z, value, examples
        self.chart, self.clock = chart, clock
        self.ink, self.quiet = theme.color(token), theme.color("quiet")
        self.muted, self.rim = theme.color("muted"), theme.color("background")
        self.full, self.empty = (rgb(theme.color(ink)) for ink in ("text", "muted"))

    def now(self):
        """Return sums and activations at the clock, shape (example, 2)."""
        return between(self.examples, self.clock.get_value())

    def fills(self, values):
        """Return each dot's colour, shape (example, 3)."""
        return np.where(values[:, :1] > 0, self.full, self.empty)

    def paint(self, pen):
        """Draw where z is 0, the activation, the dots."""
        self._draw(pen, self.chart)
        x, y = self.chart.point(0, 0)
        em = TICK / PIXELS_PER_UNIT
        pen.color(self.muted)
        font.write(pen, number(0), x - 0.5 * em * font.advance(number(0)), y - 0.5, em)

    def _draw(self, pen, chart):
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
        values = self.now()
        places = chart.point(values[:, 0], values[:, 1])
        seen = chart.inside(places)
        pen.discs(places[seen], self.radius, self.fills(values)[seen], self.rim, 0.8)


class Glass(Bend):
    """What lies around the bend, magnified as `opened` goes to 1, and where it lies."""

    def __init__(self, z, value, examples, view, left, opened, clock, token):
        super().__init__(z, value, examples, view.glass(left, 1), clock, token, reads=[opened])
        self.view, self.left, self.opened = view, left, opened
        self.ground = mix(theme.color("background"), theme.color("quiet"), 0.4)

    def paint(self, pen):
        """Draw the place, lines from there, and what is seen."""
        share = self.opened.get_value()
        if share <= 0:
            return
        place, now = (self.view.glass(self.left, each) for each in (0, share))
        pen.color(self.muted)
        pen.width(2.0)
        for side in (0, 1):
            ends = [(c.left + side * c.width, c.top) for c in (place, now)]
            ends[1] = (ends[1][0], now.bottom)
            pen.polyline(np.array(ends))
            pen.stroke()
        for chart, ground in ((place, None), (now, self.ground)):
            pen.rectangle(chart.left, chart.bottom, chart.width, chart.height)
            if ground is not None:
                pen.color(ground)
                pen.context.fill_preserve()
            pen.color(self.muted)
            pen.width(2.0)
            pen.stroke()
        self._draw(pen, now)
