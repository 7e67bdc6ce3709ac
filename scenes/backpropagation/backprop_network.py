"""One example through a network, its errors back, the step they cause, and the example again."""

from __future__ import annotations

import manim
import numpy as np
import xarray as xr
from manim import ORIGIN, RIGHT, FadeIn, FadeOut, ValueTracker, VGroup, linear, smooth

from look import theme
from look.numbers import number
from look.words import say
from scenes.parts.networks import Digit
from scenes.parts.numbers import Number
from scenes.parts.paint import Painted, Pen, mix
from scenes.parts.words import Words
from scenes.recorded import RecordedScene

READS = {
    "backprop_network": "image (y, x), unit_layer (unit), unit_index (unit), activation (unit), "
    "activation_after (unit), delta (unit), gap (param), source (param), target (param), "
    "signal (param), signal_after (param), pull (param), gradient (param), "
    "output (class), output_after (class), wanted (class), shown (class), class (class), "
    "width (layer), is_image, kind, label, prediction, label_name, prediction_name, "
    "p_label, p_label_after, p_prediction, n_off, loss_before, loss_after, prediction_after",
}

DESCRIPTION = """\
An example stands on the left, behind it the columns of a network's units, on the right a bar for
each output. Grey lines light up from left to right, the wider the larger weight times input is,
units fill, and the bars grow: what the network says. In each bar a piece in orange or blue shows
what is too much or too little. From there lines in these colours run back, layer by layer, and the
units take the colour of their errors. Then the colours go, those in the bars too: the example
passes once more in grey, and the bars move to what the network says after one step, past lines at
where they were; the numbers come when they are there, and the loss before and after stands below.
"""

TOP, BOTTOM = 2.2, -2.75  # of the columns, in frame units
IMAGE = (-5.3, 2.7)  # middle and side
COLUMNS = (-2.7, 2.35)  # the first and the last
BARS = (2.85, 1.45)  # left edge and length


class BackpropNetwork(RecordedScene):
    def construct(self):
        found = self.recording("backprop_network")
        plain = found.attrs["kind"] != "classes"
        n_layers = found.sizes["layer"]
        clocks = [ValueTracker(0) for _ in range(5)]
        signal, back, change, again, grown = clocks
        network = Network(found, signal, back, change, again, grown)
        still = [*network.digits(), network, *names(found, network)]

        self.next_section("forward")
        words = self.headline("start values" if plain else "start")
        self.add(words, *still)
        before = Words(say("loss", loss=float(found.attrs["loss_before"])), 34, weight="semibold")
        before.move_to((6.6, -3.45, 0), aligned_edge=RIGHT)
        self.play(signal.animate.set_value(n_layers), run_time=2.2, rate_func=linear)
        numbers = values(found, network, again)
        self.play(grown.animate.set_value(1), FadeIn(numbers), FadeIn(before), run_time=0.8)
        if not plain:  # not before the bars show it
            words = self.say(words, "said")
        self.wait(1.1)

        self.next_section("back")
        words = self.say(words, "back")
        self.play(back.animate.set_value(0.6), run_time=0.9, rate_func=smooth)
        self.play(back.animate.set_value(n_layers + 1), run_time=1.25 * n_layers,
                  rate_func=linear)  # fmt: skip
        self.wait(0.6)

        self.next_section("change")
        words = self.say(words, "change")
        self.play(change.animate.set_value(1), run_time=0.7, rate_func=smooth)
        self.play(change.animate.set_value(1 + n_layers), run_time=1.8, rate_func=linear)
        # no network had a loss in between
        self.play(again.animate.set_value(1), FadeOut(before, run_time=0.2),
                  run_time=1.8)  # fmt: skip
        after = Words(say("losses"), 34, weight="semibold")
        self.add(after.move_to((6.6, -3.45, 0), aligned_edge=RIGHT))

        self.next_section("after")
        self.say(words, "end values" if plain else "end")  # not before the bars show it
        self.wait(1.5)


class Network(Painted):
    """The network in all of its states.

    Parameters
    ----------
    found : Dataset
        Of ``simulate.passes``.
    signal : ValueTracker
        How far the example has come, in layers.
    back : ValueTracker
        From 0 to 1 the outputs show what is too much and too little; then the errors go back, a
        gap a unit of time.
    change : ValueTracker
        To 1 the errors fade, as the step is taken; then the example passes again, a gap a unit of
        time.
    again : ValueTracker
        From 0 to 1 the outputs move to what they are after the step.
    grown : ValueTracker
        How far the bars have grown.
    """

    def __init__(
        self,
        found: xr.Dataset,
        signal: ValueTracker,
        back: ValueTracker,
        change: ValueTracker,
        again: ValueTracker,
        grown: ValueTracker,
    ) -> None:
        super().__init__(
            manim.config.frame_width, manim.config.frame_height,
            reads=[signal, back, change, again, grown],
        )  # fmt: skip
        self.signal, self.back, self.change = signal, back, change
        self.again, self.grown = again, grown
        self.found = found
        self.n_layers = found.sizes["layer"]
        xs = np.linspace(*COLUMNS, self.n_layers) if self.n_layers > 1 else [COLUMNS[1]]
        self.xs = [IMAGE[0], *xs]
        self.places: list[dict[int, np.ndarray]] = []
        self.fills: list[tuple[np.ndarray, np.ndarray]] = []  # activation and error of each unit
        self.fills_after: list[np.ndarray] = []
        for layer in range(self.n_layers + 1):
            own = found.unit_layer.values == layer
            index = found.unit_index.values[own]
            pitch = min(0.5, (TOP - BOTTOM) / max(len(index), 1))
            middle = (TOP + BOTTOM) / 2
            self.places.append({
                int(i): np.array([self.xs[layer], middle - (k - (len(index) - 1) / 2) * pitch])
                for k, i in enumerate(index)
            })  # fmt: skip
            self.fills_after.append(_scaled(np.abs(found.activation_after.values[own])))
            self.fills.append((_scaled(np.abs(found.activation.values[own])),
                               _scaled(found.delta.values[own])))  # fmt: skip
        self.lines = {
            name: [self._lines(gap, name) for gap in range(1, self.n_layers + 1)]
            for name in ("signal", "pull", "signal_after")
        }
        self.paper, self.text = theme.color("background"), theme.color("text")
        self.muted, self.quiet = theme.color("muted"), theme.color("quiet")
        self.inks = theme.color("negative"), theme.color("positive")
        self.ys = np.array([place[1] for place in self.places[-1].values()])
        every = np.stack([found.output, found.output_after, found.wanted])
        self.low, self.high = min(0.0, float(every.min())), max(1.0, float(every.max()))

    def digits(self) -> list[Digit]:
        """Return the image, if there is one."""
        if not self.found.attrs["is_image"]:
            return []
        digit = Digit(self.found.image.values, IMAGE[1]).move_to((IMAGE[0], (TOP + BOTTOM) / 2, 0))
        return [digit]

    def _lines(self, gap: int, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return starts, ends, colours (n, 4) and widths of a gap's lines, the weakest first."""
        found = self.found
        inside = np.flatnonzero(found.gap.values == gap)
        image = gap == 1 and bool(found.attrs["is_image"])
        known = "gradient" if name == "pull" and image else name
        strength = np.abs(found[known].values[inside])
        inside = inside[np.argsort(strength, kind="stable")]
        values = _scaled(found[known].values[inside])
        ends = np.array([self.places[gap][int(t)] for t in found.target.values[inside]])
        if image:
            digit = self.digits()[0]
            starts = digit.pixel(found.source.values[inside])
            edge = IMAGE[0] + IMAGE[1] / 2
            share = (edge - starts[:, :1]) / (ends[:, :1] - starts[:, :1])
            starts = starts + share * (ends - starts)
        else:
            starts = np.array([self.places[gap - 1][int(s)] for s in found.source.values[inside]])
        if gap == self.n_layers:
            longest = max(len(str(name)) for name in found["class"].values)
            ends = ends - [0.04 + 0.18 * longest, 0]  # there stand the names of the outputs
        colors = np.empty((len(inside), 4))
        signs = theme.color("negative"), theme.color("positive")
        if name != "pull":  # orange and blue are errors only, too little and too much
            signs = theme.color("muted"), theme.color("muted")
        colors[:, :3] = mix(*signs, (values > 0) * 1.0)
        size = np.abs(values)
        strong = 0.12 + 0.88 * size**0.8
        if name == "pull":  # one can follow the strong ones only if the rest is faint
            strong *= np.clip(size / 0.3, 0.1, 1)
        colors[:, 3] = np.where(size > 0.02, strong * (0.6 if image else 1), 0)
        return starts, ends, colors, 0.7 + (2.2 if image else 4.5) * size

    def paint(self, pen: Pen) -> None:
        """Draw lines, units and bars as the five clocks have them."""
        signal, back = self.signal.get_value(), self.back.get_value()
        change = self.change.get_value()
        for gap in range(1, self.n_layers + 1):
            forward = min(1.0, max(0.0, signal - gap + 1))
            # Back through the last gap first, from time 1 on.
            came = min(1.0, max(0.0, back - 1 - (self.n_layers - gap)))
            still = 1 - 0.9 * min(1.0, max(0.0, back))
            passed = min(1.0, max(0.0, change - gap))
            self._draw(pen, "signal", gap, forward, still * (1 - came) if came < 1 else 0)
            self._draw(pen, "pull", gap, came, (1 - min(1.0, change)), reverse=True)
            self._draw(pen, "signal_after", gap, passed, 1 - 0.6 * self.again.get_value())
        first = 1 if self.found.attrs["is_image"] else 0
        for layer in range(first, self.n_layers):
            self._units(pen, layer, signal, back, change)
        self._bars(pen, back)

    def _draw(
        self, pen: Pen, name: str, gap: int, reach: float, opacity: float, reverse: bool = False
    ) -> None:
        if reach <= 0 or opacity <= 0:
            return
        starts, ends, colors, widths = self.lines[name][gap - 1]
        if reverse:
            starts, ends = ends, starts
        tips = starts + reach * (ends - starts)
        pen.lines(starts, tips, colors * (1, 1, 1, opacity), widths)

    def _units(self, pen: Pen, layer: int, signal: float, back: float, change: float) -> None:
        places = np.array(list(self.places[layer].values())).reshape(-1, 2)
        if len(places) == 0:
            return
        activity, errors = self.fills[layer]
        arrived = 1.0 if layer == 0 else min(1.0, max(0.0, (signal - layer + 0.2) * 5))
        if change > 0:
            activity = self.fills_after[layer]
            arrived = 1.0 if layer == 0 else min(1.0, max(0.0, (change - 1 - layer + 0.2) * 5))
        # An error arrives when the lines of the gap behind the unit have.
        came = min(1.0, max(0.0, (back - 1 - (self.n_layers - 1 - layer) - 0.8) * 5))
        came *= 1 - min(1.0, max(0.0, change))
        forward = mix(self.paper, self.text, activity * arrived)
        returned = np.where(
            errors[:, None] > 0,
            mix(self.paper, self.inks[1], np.abs(errors)),
            mix(self.paper, self.inks[0], np.abs(errors)),
        )
        fills = (1 - came) * forward + came * returned
        pitch = (TOP - BOTTOM) / max(len(places), 1)
        radius = min(0.13, 0.4 * pitch)
        pen.discs(places, radius, fills, self.muted, 1.2)
        if came > 0 and layer > 0:  # a cross on those that pass nothing
            pen.color(self.text, came)
            pen.width(2.0)
            for x, y in places[errors == 0].tolist():
                for turn in (-1, 1):
                    arm = 0.6 * radius
                    ends = [[x - arm, y - turn * arm], [x + arm, y + turn * arm]]
                    pen.polyline(np.array(ends))
            pen.stroke()

    def _bars(self, pen: Pen, back: float) -> None:
        said, after = self.found.output.values, self.found.output_after.values
        wanted = self.found.wanted.values
        now = said + self.again.get_value() * (after - said)
        grown = self.grown.get_value()
        shown = min(1.0, max(0.0, back / 0.6))
        there = 1 - min(1.0, max(0.0, self.change.get_value()))  # errors go with their colours
        for y, value, aim in zip(self.ys.tolist(), now.tolist(), wanted.tolist(), strict=True):
            pen.color(self.quiet)
            pen.rectangle(BARS[0], y - 0.12, BARS[1], 0.24)
            pen.fill()
            zero, end = self.at(0.0), self.at(grown * value)
            pen.color(self.muted)
            pen.rectangle(min(zero, end), y - 0.12, abs(end - zero), 0.24)
            pen.fill()
            if shown > 0 and there > 0:  # what is too much or too little, from what it should be
                start = self.at(aim)
                tip = start + shown * (self.at(value) - start)
                pen.color(self.inks[1] if value > aim else self.inks[0], there)
                pen.rectangle(min(start, tip), y - 0.06, abs(tip - start), 0.12)
                pen.fill()
        if self.again.get_value() > 0:
            pen.color(self.text)
            pen.width(4.0)
            for k in _marked(self.found):  # where it was before the step
                x, y = self.at(said[k]), self.ys[k]
                pen.polyline(np.array([[x, y - 0.19], [x, y + 0.19]]))
            pen.stroke()

    def at(self, value: float) -> float:
        """Return where an output lies on its bar."""
        return BARS[0] + (value - self.low) / (self.high - self.low) * BARS[1]


def _scaled(values: np.ndarray) -> np.ndarray:
    return values / max(float(np.abs(values).max(initial=0)), 1e-12)


def _marked(found: xr.Dataset) -> list[int]:
    """Return which of the outputs are spoken of; all of them where they are no classes."""
    shown = found["shown"].values
    if found.attrs["kind"] != "classes":
        return list(range(min(4, len(shown))))
    named = (found.attrs["label"], found.attrs["prediction"])
    return [k for k, index in enumerate(shown) if index in named]


def names(found: xr.Dataset, network: Network) -> list[VGroup]:
    """Return the outputs' names, and what stands under the columns."""
    marked = _marked(found)
    group = VGroup()
    for k, y in enumerate(network.ys):
        name = str(found["class"].values[k])
        text = number(int(name)) if name.isdigit() else name
        ink, weight = ("text", "semibold") if k in marked else ("muted", "regular")
        shown = Words(text, 30, ink, weight)
        group.add(shown.on_baseline(BARS[0] - 0.2, y - 0.1, RIGHT))
    for layer in range(1, network.n_layers):
        text = say("units", n=int(found.width.values[layer - 1]))
        group.add(Words(text, 34, "muted").on_baseline(network.xs[layer], -3.4, ORIGIN))
    return [group]


def values(found: xr.Dataset, network: Network, again: ValueTracker) -> manim.Group:
    """Return the outputs that are spoken of, as numbers: before the step, and after it.

    While the bars move they say nothing, as no network gave what lies in between.
    """
    group = manim.Group()
    classes = found.attrs["kind"] == "classes"
    becomes_right = found.attrs["prediction_after"] == found.attrs["label"]
    changes = found.attrs["prediction_after"] != found.attrs["prediction"]

    def moment(before: str, after: str) -> str:
        now = again.get_value()
        return before if now <= 0 else after if now >= 1 else ""

    for k in _marked(found):
        y = float(network.ys[k])
        said, after = (say("share" if classes else "amount", p=float(each[k]))
                       for each in (found.output.values, found.output_after.values))  # fmt: skip

        def text(said: str = said, after: str = after) -> str:
            return moment(said, after)

        group.add(
            Number(text, [again], size=34, weight="semibold", widest="> 99.9 %").move_to(
                (BARS[0] + BARS[1] + 0.15, y + 0.02, 0), aligned_edge=manim.LEFT
            )
        )
        role = {found.attrs["prediction"]: "guess", found.attrs["label"]: "label"}.get(
            int(found["shown"].values[k]), ""
        )
        if role and found.attrs["kind"] == "classes":
            at = BARS[0] + BARS[1] + 1.55
            first = say(role)
            last = say("right") if role == "label" and becomes_right else first
            last = "" if role == "guess" and changes else last

            def tagged(first: str = first, last: str = last) -> str:
                return moment(first, last)

            tag = Number(tagged, [again], size=34, color="muted", widest=say("label"))
            group.add(tag.move_to((at, y + 0.02, 0), aligned_edge=manim.LEFT))
    return group
