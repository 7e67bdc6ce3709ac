"""A stream of turning digits goes by; the frozen model loses it, the learning one follows.

Reads   online_learning: accuracy, upright_accuracy (run, step), angle (step), image, image_step,
        prediction (run, example)
"""

from __future__ import annotations

import numpy as np

from scenes import _kit as kit

STREAM_SECONDS = 11.0

DESCRIPTION = """\
On the left stands a handwritten digit, one of many that go by, with the answers of two models under
it. On the right, two curves grow along the stream: the accuracy of each model over its latest
examples. At first the digits stand upright; the frozen model, which was trained before, is far
ahead, and the learning one, which knows nothing, catches up. Then the digits begin to turn. The
frozen model falls further and further, the learning one follows the change and stays high. At the
end the curves are those of both models' accuracy on upright digits, along the same stream: the
frozen model's is flat, and the learning one's rises and then falls as the stream turns away.
"""

COLORS = {"frozen": "blue", "online": "orange"}
NAMES = {"frozen": "frozen", "online": "learning"}


class OnlineLearning(kit.RecordedScene):
    def construct(self):
        recorded = self.recording("online_learning")
        n = recorded.attrs["n_stream"]
        points = recorded.sizes["step"] - 1
        clock = kit.ValueTracker(0)  # recorded points
        per_point = n / points
        first, last = (recorded.attrs[name] / per_point for name in ("turning_from", "turning_to"))

        self.next_section("upright")
        words = self.headline(
            "A trained model against a beginner",
            "Frozen: trained on {n_batch:,} digits. Learning: one step after each answer.",
        )
        ticks = [0, recorded.attrs["turning_from"], recorded.attrs["turning_to"], n]
        chart = kit.Chart((2.35, -0.65), 7.6, 4.6, (0, n), (0, 1))
        name = kit.Words(self.fill("accuracy, last {window} examples"), 22, "muted")
        name.on_baseline(chart.left, 1.8)
        frame = [
            Band(chart, recorded.attrs["turning_from"], recorded.attrs["turning_to"]),
            *(
                kit.Curve(chart, np.array([0, n]), np.full(2, share), "quiet", 1.5)
                for share in (0, 0.5, 1)
            ),
            chart.y_ticks([0, 0.5, 1], [f"{share}{kit.NARROW}%" for share in (0, 50, 100)]),
            chart.x_ticks(ticks, [f"{tick:,}" for tick in ticks]),
            kit.Words("examples of the stream", 22, "muted").on_baseline(
                chart.center[0], chart.bottom - 0.66, kit.ORIGIN
            ),
        ]
        trails = [
            Growing(chart, recorded.step.values, recorded.accuracy.sel(run=run).values, clock, run)
            for run in recorded.run.values.tolist()
        ]
        stream = Stream(recorded, clock, per_point)
        self.add(words, name, *frame, *trails, stream, *stream.words)
        self.wait(0.8)
        pace = STREAM_SECONDS / points
        self.play_steps(clock, first, pace)

        self.next_section("turning")
        words = self.say(
            words,
            "Now the digits turn",
            "From upright to {last_angle:g}°, a little with each example.",
        )
        self.play_steps(clock, last, pace)

        self.next_section("turned")
        words = self.say(
            words,
            "The frozen model knows another world",
            "The digits stay at {last_angle:g}°; only one of the two has seen such digits.",
        )
        self.play_steps(clock, points, pace)

        self.next_section("forgetting")
        gone = [stream, *stream.words, *trails, name]
        self.play(kit.FadeOut(words), run_time=0.15)
        words = self.headline(
            "What the stream no longer shows is forgotten",
            "The same two models, tested on {n_test:,} upright digits along the way.",
        )
        again = [
            Growing(
                chart, recorded.step.values, recorded.upright_accuracy.sel(run=run).values, clock,
                run,
            )
            for run in recorded.run.values.tolist()
        ]  # fmt: skip
        name = kit.Words("accuracy on upright digits", 22, "muted")
        new = [*again, name.on_baseline(chart.left, 1.8), *ends(recorded)]
        changes = [*(kit.FadeOut(part) for part in gone), *(kit.FadeIn(part) for part in new)]
        self.play(*changes, run_time=0.35)
        self.play(kit.FadeIn(words), run_time=0.15)
        self.wait(2.8)

    def say(self, before, title, subtitle):
        """Put other words in the headline's place."""
        words = self.headline(title, subtitle)
        self.play(kit.FadeOut(before), run_time=0.15)
        self.play(kit.FadeIn(words), run_time=0.15)
        return words


def ends(recorded):
    """Return how both models do on upright digits in the end, large, on the left."""
    found = []
    for i, run in enumerate(recorded.run.values.tolist()):
        y = 0.75 - i * 1.9
        share = 100 * float(recorded.upright_accuracy.sel(run=run)[-1])
        found += [
            kit.Words(f"{share:.0f}{kit.NARROW}%", 54, weight="semibold").on_baseline(-6.55, y),
            Key(COLORS[run]).move_to((-6.43, y - 0.36, 0)),
            kit.Words(f"{NAMES[run]}, at the end", 24).on_baseline(-6.19, y - 0.45),
        ]
    return found


class Band(kit.Painted):
    """The part of the stream in which the digits turn."""

    def __init__(self, chart, first, last):
        self.ends = chart.point(np.array([first, last]), np.array(chart.y))
        width, height = (self.ends[1] - self.ends[0]).tolist()
        super().__init__(width, height)
        self.move_to((*self.ends.mean(0), 0))
        self.ink = kit.theme.color("quiet")

    def paint(self, pen):
        """Fill it."""
        pen.color(self.ink, 0.35)
        pen.rectangle(*self.box)
        pen.fill()


class Growing(kit.Painted):
    """A model's accuracy as far as the clock has come, with its name at the point."""

    def __init__(self, chart, steps, accuracy, clock, run):
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        there = np.isfinite(accuracy)  # before, there are too few examples for a share
        self.start = int(np.argmax(there))
        self.places = chart.point(steps[there], accuracy[there])
        self.clock = clock
        self.ink, self.halo = kit.theme.color(COLORS[run]), kit.theme.color("background")

    def paint(self, pen):
        """Draw the line and its head."""
        at = self.clock.get_value() - self.start
        if at < 0:
            return
        lower = min(int(at + 1e-9), len(self.places) - 1)
        upper = min(lower + 1, len(self.places) - 1)
        head = self.places[lower] + (at - lower) * (self.places[upper] - self.places[lower])
        pen.context.set_line_join(1)
        for color, width in ((self.halo, 6.0), (self.ink, 3.0)):
            pen.color(color)
            pen.width(width)
            pen.polyline(np.vstack([self.places[: lower + 1], head]))
            pen.stroke()
        pen.circle(*head.tolist(), 0.09)
        pen.color(self.ink)
        pen.context.fill_preserve()
        pen.color(self.halo)
        pen.width(1.5)
        pen.stroke()


class Stream(kit.Painted):
    """The recorded digit that came by last, and what the two models said it is."""

    def __init__(self, recorded, clock, per_point):
        side = 2.9
        super().__init__(side, side, reads=[clock])
        self.move_to((-5.1, 0.15, 0))
        self.clock, self.per_point = clock, per_point
        self.steps = recorded.image_step.values
        back, ink = kit.theme.color("quiet"), kit.theme.color("text")
        self.pictures = [kit.mix(back, ink, image) for image in recorded.image.values]
        left, bottom, _, height = self.box
        angles = recorded.angle.values
        y = bottom - 0.42
        turned = kit.Words("turned by", 24, "muted").on_baseline(left, bottom + height + 0.16)
        self.words = [
            turned,
            kit.Number(
                lambda: f"{angles[min(int(clock.get_value() + 1e-9), len(angles) - 1)]:.0f}°",
                [clock],
                size=24,
                widest="90°",
            )
            .next_to(turned, kit.RIGHT, buff=0.12)
            .set_y(bottom + height + 0.16 + 0.085),
        ]
        for i, run in enumerate(recorded.run.values.tolist()):
            here = y - 0.1 - i * 0.55
            said = recorded.prediction.sel(run=run).values
            self.words += [
                Key(COLORS[run]).move_to((left + 0.12, here + 0.09, 0)),
                kit.Words(f"{NAMES[run]} says", 24).on_baseline(left + 0.36, here),
                kit.Number(
                    self.answers(said), [clock], size=30, weight="semibold", widest="0"
                ).move_to((left + 2.5, here + 0.1, 0)),
            ]

    def answers(self, said):
        """Return what gives a model's answer to the digit that is shown."""
        return lambda: f"{said[self.latest()]}"

    def latest(self):
        """Return the number of the recorded digit that came last."""
        seen = self.clock.get_value() * self.per_point
        return max(0, int(np.searchsorted(self.steps, seen, side="right")) - 1)

    def paint(self, pen):
        """Draw the digit."""
        pen.image(self.pictures[self.latest()], *self.box)


class Key(kit.Painted):
    """A dot in a model's colour."""

    def __init__(self, color):
        super().__init__(0.22, 0.22)
        self.ink = kit.theme.color(color)

    def paint(self, pen):
        """Draw it."""
        left, bottom, side, _ = self.box
        pen.color(self.ink)
        pen.circle(left + side / 2, bottom + side / 2, side / 2)
        pen.fill()
