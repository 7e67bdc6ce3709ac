"""One neuron learns a plane: its plane settles on the points while its parameters settle."""

from __future__ import annotations

import numpy as np
from manim import DOWN, LEFT, ORIGIN, RIGHT, FadeIn, FadeOut, ValueTracker, linear

from look import theme
from look.camera import Camera
from look.numbers import fixed, number
from look.runs import series
from look.words import say
from scenes.descent._paths import Path
from scenes.parts.charts import Chart, Curve
from scenes.parts.marks import Key
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, mix, rgb
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "linear_neuron": "theta (snapshot, param), target (param), "
    "output (snapshot, example), corner (snapshot, y, x), x (example, feature), label (example), "
    "snapshot (snapshot), param (param), error, few_error, few_reach, few_share, few_steps, lr, "
    "n_steps, near, reached, settled",
}

DESCRIPTION = """\
Left, points in space, all on one tilted plane, and a second plane, the neuron's, which lies flat
far from most of them; a line joins each point to the neuron's output for it. Right, the neuron's
three parameters against the number of steps. After a hundred and one steps the film pauses: hardly
anything has changed, and an arrow shows how far the farthest parameter still has to go. Then the
plane tilts, the lines get shorter, and the three curves bend towards two, one and one. Last the
view turns, until the neuron's plane is seen from its edge, a line with all points on it; an outline
shows the plane as it was after a hundred and one steps.
"""


class LinearNeuron(RecordedScene):
    def construct(self):
        recorded = self.recording("linear_neuron")
        attrs = recorded.attrs
        n_steps, few = int(attrs["n_steps"]), int(attrs["few_steps"])
        pace = 10.5 / n_steps
        clock, azimuth = ValueTracker(-0), ValueTracker(32)
        space = Plane(recorded, clock, azimuth).move_to((-3.4, -0.25, 0))
        chart, still, moving = parameters(recorded, clock)

        self.next_section("start")
        words = self.headline("start")
        self.add(words, *still, space, *moving)
        self.play(azimuth.animate.set_value(18), run_time=1.4, rate_func=linear)

        self.next_section("few steps")
        self.play_steps(clock, few, pace)
        mark = Mark(chart, few)
        name = Words(say("few"), 34, "muted").on_baseline(mark.x + 0.12, 1.9)
        reach = ValueTracker(0)
        far, gap = farthest(recorded, chart, reach)
        words = self.say(words, "few steps", also=(mark, name), far=series(far).label)
        self.add(gap)
        self.play(reach.animate.set_value(1), run_time=1.2)
        self.wait(0.8)

        self.next_section("learning")
        self.play(FadeOut(gap), run_time=0.2)
        words = self.say(words, "learning")
        # Most of it at one pace; what is left moves little, and passes quickly. The camera stands
        # still: what tilts is the plane.
        most = few + 0.6 * (n_steps - few)
        for step, seconds in ((most, (most - few) * pace), (n_steps, 1.8)):
            if step > clock.get_value():
                self.play(clock.animate.set_value(step), run_time=seconds, rate_func=linear)

        self.next_section("end")
        reached = int(attrs["reached"])
        parts = []
        if reached > 0:
            at = Mark(chart, reached)
            label = Words(say("reached film"), 34, "muted")
            parts = [at, label.on_baseline(at.x - 0.12, 1.9, RIGHT)]
        before = Before(space, few)
        self.say(words, "end", also=[*parts, before])
        self.play(azimuth.animate.set_value(space.edge_on()), run_time=2.2)
        name = Words(say("few"), 34, "muted")
        self.play(FadeIn(name.move_to((*before.under(name.height), 0))), run_time=0.3)
        self.wait(1.5)


def farthest(recorded, chart, reach):
    """Return which parameter is farthest off after the few steps, and an arrow over what is left.

    The arrow grows to its value as `reach` goes from 0 to 1.
    """
    few = int(recorded.attrs["few_steps"])
    theta, target = recorded.theta.sel(snapshot=few).values, recorded.target.values
    far = int(np.abs(theta - target).argmax())
    name = str(recorded.param.values[far])
    start, end = chart.point([few, few], [float(theta[far]), float(target[far])])
    return name, Gap(start, end, series(name).color, reach)


class Gap(Painted):
    """An arrow from where a parameter is to where it should be."""

    def __init__(self, start, end, ink, reach):
        super().__init__(0.3, float(np.abs(end - start).max()), reads=[reach])
        self.move_to((*(start + end) / 2, 0))
        self.start, self.end, self.ink, self.reach = start, end, ink, reach

    def paint(self, pen):
        """Draw it as far as it has grown."""
        tip = self.start + self.reach.get_value() * (self.end - self.start)
        length = float(np.linalg.norm(tip - self.start))
        if length < 0.05:
            return
        along = (tip - self.start) / length
        neck = tip - min(0.24, length) * along
        across = 0.13 * np.array([-along[1], along[0]])
        pen.color(self.ink)
        pen.width(4)
        pen.polyline(np.array([self.start, neck]))
        pen.stroke()
        pen.polyline(np.array([tip, neck + across, neck - across]), close=True)
        pen.fill()


def parameters(recorded, clock):
    """Return the chart of the parameters, what stands in it, and what moves."""
    steps, theta, target = recorded.snapshot.values, recorded.theta, recorded.target.values
    low = min(float(theta.min()), float(target.min()))
    high = max(float(theta.max()), float(target.max()))
    room = 0.08 * (high - low)
    n_steps = int(steps[-1])
    chart = Chart((3.6, -0.35), 5.6, 4.1, (0, n_steps), (low - room, high + room))
    ends = np.array([0, n_steps])
    still: list = [Curve(chart, ends, np.full(2, value), "quiet", 2) for value in np.unique(target)]
    still += [
        chart.y_ticks([value for value in (0, 1, 2) if chart.y[0] < value < chart.y[1]]),
        Words(number(0), 28, "muted").on_baseline(chart.left, chart.bottom - 0.4, ORIGIN),
        Words(say("all steps"), 34, "muted").on_baseline(
            chart.left + chart.width, chart.bottom - 0.4, RIGHT
        ),
    ]
    moving: list = []
    for i, name in enumerate(theta.param.values.tolist()):
        values = theta.sel(param=name).values
        points = np.stack([steps, values], axis=1)
        moving.append(Path(chart, points, steps, clock, series(name).color, width=3.5))
        left = chart.left + i * 2.1
        key = Key(series(name).color).move_to((left + 0.11, -3.31, 0))
        label = Words(series(name).label, 34, weight="semibold").on_baseline(left + 0.36, -3.4)
        value = Number(
            now(steps, values, clock, lambda value: fixed(value, 2)),
            [clock],
            size=34,
            widest="−0.00",
        )
        value.move_to((left + 0.95, -3.4, 0), aligned_edge=LEFT + DOWN)
        still += [key, label]
        moving.append(value)
    step_name = Words("step", 34, "muted").on_baseline(-6.6, -3.4)
    # The one whose parameters are shown: not every step is recorded.
    step = Number(now(steps, steps, clock, number), [clock], size=34, widest="0,000")
    step.move_to((-5.8, -3.4, 0), aligned_edge=LEFT + DOWN)
    return chart, [*still, step_name], [*moving, step]


def now(steps, values, clock, form):
    """Return what writes the value of the latest recorded step."""

    def text():
        k = int(np.searchsorted(steps, clock.get_value() + 1e-6, side="right")) - 1
        return form(values[max(k, 0)])

    return text


class Mark(Painted):
    """A line through a chart at one step."""

    def __init__(self, chart, step):
        super().__init__(0.04, chart.height)
        self.x = float(chart.point(step, chart.y[0])[0])
        self.move_to((self.x, chart.center[1], 0))
        self.ink = theme.color("muted")

    def paint(self, pen):
        left, bottom, width, height = self.box
        pen.color(self.ink)
        pen.width(1.5)
        x = left + width / 2
        pen.polyline(np.array([[x, bottom], [x, bottom + height]]))
        pen.stroke()


SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])  # of the inputs


class Plane(Painted):
    """The points, the neuron's plane, and a bar from each point to the plane, turning.

    The plane between its recorded corners is straight, as a linear neuron's is; what lies under
    it shines through.
    """

    SIZE, RISE, N_LINES, ELEVATION = 4.7, 3.8, 9, 22.0

    def __init__(self, recorded, clock, azimuth):
        super().__init__(6.0, 5.0, reads=[clock, azimuth])
        self.clock, self.azimuth = clock, azimuth
        self.steps = recorded.snapshot.values.astype(float)
        self.corner, self.output = recorded.corner.values, recorded.output.values
        self.inputs, self.label = recorded.x.values, recorded.label.values
        everything = np.concatenate([self.label, self.corner.ravel()])
        self.span = float(everything.min()), float(everything.max())
        self.face = mix(theme.color("surface_low"), theme.color("surface_high"), 0.6)
        self.edge = theme.color("surface_line")
        self.dot, self.bar = theme.color("text"), theme.color("yellow")
        self.quiet, self.halo = theme.color("quiet"), theme.color("background")

    def seen(self, x, y):
        """Return where points, inputs (…, 2) and outputs (…), are on screen, (…, 2)."""
        low, high = self.span
        across = np.asarray(x) * self.SIZE / 2.6
        up = self.RISE * ((y - low) / (high - low) - 0.5)
        seen = Camera(self.azimuth.get_value(), self.ELEVATION).see(
            np.concatenate([across, up[..., None]], -1)
        )
        return self.get_center()[:2] + seen[..., :2]

    def edge_on(self):
        """Return the azimuth, past the first, from which the last plane is seen as a line.

        Where it is too flat for that, the one from which it is seen most nearly so.
        """
        low, high = self.span
        rise = 2.6 / self.SIZE * self.RISE / (high - low)
        (below, right), (left, _) = self.corner[-1]  # inputs −1 and 1
        slope = rise * np.array([right - below, left - below]) / 2
        steep = np.tan(np.radians(self.ELEVATION)) / np.hypot(*slope)
        turn = np.arctan2(slope[1], slope[0]) + np.arcsin(min(1.0, steep))
        return float(np.degrees(turn))

    def between(self, values):
        """Return recorded values at the clock, straight between recorded steps."""
        step = float(np.clip(self.clock.get_value(), self.steps[0], self.steps[-1]))
        k = int(np.clip(np.searchsorted(self.steps, step, side="right") - 1, 0, len(values) - 2))
        share = (step - self.steps[k]) / (self.steps[k + 1] - self.steps[k])
        return (1 - share) * values[k] + share * values[k + 1]

    def paint(self, pen):
        corner, output = self.between(self.corner), self.between(self.output)
        floor = self.seen(SQUARE, np.full(4, self.span[0]))
        pen.color(self.quiet)
        pen.width(1.5)
        pen.polyline(floor, close=True)
        pen.stroke()
        off = self.label - output
        below = off < -0.01 * np.ptp(self.span)  # a hair's breadth is on the plane, not under it
        at, foot = self.seen(self.inputs, self.label), self.seen(self.inputs, output)
        self.marks(pen, at[below], foot[below])
        rim = self.rim(corner)
        pen.color(self.face, 0.55)
        pen.polyline(rim, close=True)
        pen.fill()
        share = np.linspace(0, 1, self.N_LINES)[:, None]
        starts = np.vstack([rim[0] + share * (rim[1] - rim[0]), rim[0] + share * (rim[3] - rim[0])])
        ends = np.vstack([rim[3] + share * (rim[2] - rim[3]), rim[1] + share * (rim[2] - rim[1])])
        pen.color(self.edge, 0.5)
        pen.width(1)
        for start, end in zip(starts, ends, strict=True):
            pen.polyline(np.array([start, end]))
        pen.stroke()
        self.marks(pen, at[~below], foot[~below])

    def rim(self, corner):
        """Return the outline of a plane over the inputs' square, by the outputs at its corners."""
        return self.seen(SQUARE, np.array([corner[0, 0], corner[0, 1], corner[1, 1], corner[1, 0]]))

    def marks(self, pen, at, foot):
        """Draw points and their bars."""
        pen.color(self.bar)
        pen.width(2)
        for start, end in zip(at, foot, strict=True):
            pen.polyline(np.array([start, end]))
        pen.stroke()
        fills = np.tile(rgb(self.dot), (len(at), 1))
        pen.discs(at, 0.055, fills, self.halo, 1.0)


class Before(Painted):
    """The outline of the plane as it was at one step, in the same view."""

    def __init__(self, space, step):
        super().__init__(space.width, space.height, reads=[space.azimuth])
        self.move_to(space)
        self.space, self.ink = space, theme.color("muted")
        self.corner = space.corner[int(np.searchsorted(space.steps, step))]

    def under(self, height):
        """Return where a name of this height is, under the lowest corner."""
        x, y = min(self.space.rim(self.corner), key=lambda place: place[1])
        return x, y - 0.1 - height / 2

    def paint(self, pen):
        pen.color(self.ink)
        pen.width(2.5)
        pen.polyline(self.space.rim(self.corner), close=True)
        pen.stroke()
