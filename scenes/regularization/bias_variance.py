"""Three network sizes learn sample after sample; what is left of it is bias, variance and noise."""

from __future__ import annotations

import numpy as np
from manim import RIGHT, FadeIn, FadeOut, Mobject, ValueTracker, linear, smooth

from look import theme
from look.numbers import fixed
from look.runs import series
from look.words import say
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, rgb
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

SAMPLES_SECONDS = 5.0

READS = {
    "bias_variance": "bias (run), variance (run), hidden (run), kind (run), "
    "fit (run, example_set, x), mean_fit (run, x), truth (x), place (x), "
    "point_x (example_set, example), point_y (example_set, example), noise_variance, shown_index, "
    "n_sets, n_train, outcome",
}

DESCRIPTION = """\
Three panels stand side by side, one for each size of a network, with the same few dots around a
dashed wave in all of them. In each panel a curve grows through the dots: stiff in the smallest
network, winding in the largest. Then other samples of the same wave take the dots' place, faster
and faster, and every sample leaves a thin curve in each panel, until hundreds of them lie there:
a narrow bundle far from the wave on the left, a wide one around it on the right. The mean of each
bundle is drawn boldly, and its distance to the wave is filled. Last, the panels move up, and under
each of them a bar grows whose three parts are the bundle's bias, its variance and the noise, with
their numbers and their sum below.
"""

WIDE, GAP, LEFT, TOP = 4.16, 0.4, -6.7, 1.55  # the panels, in frame units
TALL, SHORT = 4.6, 2.55  # their heights before the bars come, and after
BAR = 0.5


class BiasVariance(RecordedScene):
    def construct(self):
        recorded = self.recording("bias_variance")
        n_sets = recorded.sizes["example_set"]
        drawn, grown = ValueTracker(1), ValueTracker(0)
        split, raised, shares = ValueTracker(0), ValueTracker(0), ValueTracker(0)
        shown = [0, recorded.attrs["shown_index"], recorded.sizes["run"] - 1]
        lefts = [LEFT + i * (WIDE + GAP) for i in range(3)]
        panels = [
            Fits(recorded, at, left, drawn, grown, split, raised)
            for at, left in zip(shown, lefts, strict=True)
        ]
        names = [
            Words(say("size", hidden=int(recorded.hidden[at])), 34, weight="semibold").on_baseline(
                left, TOP + 0.16
            )
            for at, left in zip(shown, lefts, strict=True)
        ]
        count = Number(
            lambda: say("samples", count=int(drawn.get_value() + 1e-9)),
            [drawn],
            size=34,
            color="muted",
            widest=say("samples", count=n_sets),
            align="right",
        )
        count.move_to((lefts[-1] + WIDE, TOP - TALL - 0.42, 0), RIGHT)

        self.next_section("ask")
        words = self.headline("ask")
        self.add(words, *panels, *names, count)
        self.play(grown.animate.set_value(1), run_time=1.5, rate_func=linear)
        self.wait(0.6)

        self.next_section("again")
        words = self.say(words, "again")
        self.play(drawn.animate.set_value(min(4, n_sets)), run_time=1.6, rate_func=linear)
        self.play(
            drawn.animate.set_value(n_sets),
            run_time=SAMPLES_SECONDS - 1.6,
            rate_func=lambda share: share**2.5,
        )

        self.next_section("split")
        kinds = [
            Words(str(recorded.kind.values[at]), 34, "muted").on_baseline(
                left + WIDE, TOP + 0.16, RIGHT
            )
            for at, left in zip(shown, lefts, strict=True)
        ]
        words = self.say(words, "split", also=kinds)
        self.play(split.animate.set_value(1), FadeOut(count), run_time=1.4, rate_func=linear)
        self.wait(0.6)

        self.next_section("verdict")
        self.say(words, "verdict")
        self.play(raised.animate.set_value(1), run_time=0.8, rate_func=smooth)
        total = recorded.bias.values + recorded.variance.values + recorded.attrs["noise_variance"]
        most = float(total[shown].max())
        bars = [
            Bar(recorded, at, left, WIDE / most, shares)
            for at, left in zip(shown, lefts, strict=True)
        ]
        self.add(*bars)
        self.play(shares.animate.set_value(1), run_time=1.4, rate_func=linear)
        sums = [
            part
            for at, left in zip(shown, lefts, strict=True)
            for part in block(recorded, at, left, named=left == LEFT)
        ]
        self.play(*map(FadeIn, sums), run_time=0.5)
        self.wait(1.5)


def block(recorded, at, left, *, named):
    """Return the parts of a size's error under its bar, and the sum of what is printed."""
    run = recorded.isel(run=at)
    top = TOP - SHORT - BAR - 0.35
    values = {
        "bias": float(run.bias),
        "variance": float(run.variance),
        "noise": recorded.attrs["noise_variance"],
    }
    total = sum(round(value, 3) for value in values.values())
    parts: list[Mobject] = [
        Words(fixed(total, 3), 48, weight="semibold").on_baseline(left + WIDE, top - 0.64, RIGHT),
    ]
    for i, (name, value) in enumerate(values.items()):
        y = top - 0.6 - i * 0.52
        parts += [
            Key(series(name).token, 0.24).move_to((left + 0.12, y + 0.12, 0)),
            Words(say(name, value=value) if named else fixed(value, 3), 34).on_baseline(
                left + 0.36, y
            ),
        ]
    return parts


class Fits(Painted):
    """A size's fits so far, and the points of the latest sample; then their mean."""

    def __init__(self, recorded, at, left, drawn, grown, split, raised):
        super().__init__(WIDE, TALL, reads=[drawn, grown, split, raised])
        self.move_to((left + WIDE / 2, TOP - TALL / 2, 0))
        self.left = left
        self.drawn, self.grown, self.parted, self.raised = drawn, grown, split, raised
        run = recorded.isel(run=at)
        x = recorded.place.values
        low = min(float(recorded.truth.min()), float(np.quantile(recorded.point_y, 0.01)))
        high = max(float(recorded.truth.max()), float(np.quantile(recorded.point_y, 0.99)))
        low, high = low - 0.25 * (high - low), high + 0.25 * (high - low)

        def unit(across, up):
            across = (across - x[0]) / (x[-1] - x[0])
            return np.stack(np.broadcast_arrays(across, (up - low) / (high - low)), axis=-1)

        every = slice(None, None, 2 if len(x) > 60 else 1)
        self.fits = unit(x[every], run.fit.values[:, every])  # (set, x, 2)
        self.mean, self.truth = unit(x, run.mean_fit.values), unit(x, recorded.truth.values)
        self.points = unit(recorded.point_x.values, recorded.point_y.values)
        self.thin = series("variance").color
        self.bold = series("bias").color
        self.text, self.back = theme.color("text"), theme.color("background")
        self.quiet = theme.color("quiet")

    def to_frame(self, points):
        """Return points of the panel in frame units."""
        tall = TALL + (SHORT - TALL) * self.raised.get_value()
        return points * (WIDE, tall) + (self.left, TOP - tall)

    def paint(self, pen):
        """Draw frame, fits, points, mean and curve."""
        now = self.drawn.get_value() + 1e-9
        whole, split = int(now), self.parted.get_value()
        corner, size = (
            self.to_frame(np.zeros(2)),
            self.to_frame(np.ones(2)) - self.to_frame(np.zeros(2)),
        )
        context = pen.context
        pen.color(self.quiet)
        pen.width(1.5)
        pen.rectangle(*corner, *size)
        pen.stroke()
        if whole > 1:
            self._thin(pen, whole - 1 if split == 0 else whole)
        context.save()
        pen.rectangle(*corner, *size)
        context.clip()
        context.set_line_join(1)
        if split > 0:
            self._gap(pen, min(1.0, 2 * split))
        pen.color(self.text)
        pen.width(3)
        context.set_dash([0.14, 0.1])
        pen.polyline(self.to_frame(self.truth))
        pen.stroke()
        context.set_dash([])
        if split == 0:
            self._latest(pen, whole - 1)
        context.restore()

    def _thin(self, pen, count):
        """Draw the fits that have been before, in one compiled loop; it knows no clip."""
        fits = self.fits[:count]
        starts, ends = fits[:, :-1].reshape(-1, 2), fits[:, 1:].reshape(-1, 2)
        kept = (np.abs(np.concatenate([starts, ends], axis=1) - 0.5) <= 0.5).all(1)
        colors = np.empty((int(kept.sum()), 4))
        colors[:, :3] = rgb(self.thin)
        colors[:, 3] = min(1.0, max(0.22, 6 / count))
        width = np.full(len(colors), 1.4)
        pen.lines(self.to_frame(starts[kept]), self.to_frame(ends[kept]), colors, width)

    def _latest(self, pen, index):
        """Draw the latest sample's points and its fit."""
        fit = self.to_frame(self.fits[index])
        count = max(2, round(len(fit) * self.grown.get_value()))
        for color, width in ((self.back, 8.0), (self.thin, 4.5)):
            pen.color(color)
            pen.width(width)
            pen.polyline(fit[:count])
            pen.stroke()
        for x, y in self.to_frame(self.points[index]).tolist():
            pen.disc((x, y), 0.075, self.text, self.back, 1.5)

    def _gap(self, pen, share):
        """Fill what is between the mean and the curve, and draw the mean."""
        mean, truth = self.to_frame(self.mean), self.to_frame(self.truth)
        pen.color(self.bold, 0.75 * share)
        pen.polyline(np.vstack([mean, truth[::-1]]), close=True)
        pen.fill()
        count = max(2, round(len(mean) * share))
        for color, width in ((self.back, 9.0), (self.bold, 5.0)):
            pen.color(color)
            pen.width(width)
            pen.polyline(mean[:count])
            pen.stroke()


class Bar(Painted):
    """A size's error: bias², variance and noise one after another."""

    def __init__(self, recorded, at, left, unit, shares):
        super().__init__(WIDE, BAR, reads=[shares])
        self.move_to((left + WIDE / 2, TOP - SHORT - 0.3 - BAR / 2, 0))
        self.left, self.unit, self.shares = left, unit, shares
        run = recorded.isel(run=at)
        self.lengths = [float(run.bias), float(run.variance), recorded.attrs["noise_variance"]]
        self.inks = [series(name).color for name in ("bias", "variance", "noise")]

    def paint(self, pen):
        """Draw the parts as far as they have grown."""
        share = self.shares.get_value()
        _, bottom, _, height = self.box
        x = self.left
        room = share * sum(self.lengths)
        for length, ink in zip(self.lengths, self.inks, strict=True):
            shown = min(length, room)
            room -= shown
            pen.color(ink)
            pen.rectangle(x, bottom, shown * self.unit, height)
            pen.fill()
            x += length * self.unit
