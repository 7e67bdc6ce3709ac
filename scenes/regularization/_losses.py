"""Test and training losses of several seeds: what the films of this chapter end with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from manim import ORIGIN, FadeIn, FadeOut, Mobject, ValueTracker, linear

from look import theme
from look.numbers import fixed, number
from look.runs import series
from look.words import say
from scenes.parts.charts import Chart, Curve, between
from scenes.parts.marks import Key
from scenes.parts.paint import Painted, Pen
from scenes.parts.words import LABEL, TICK, Words
from scenes.recorded import RecordedScene

SECONDS = 3.0  # of the training
CHART = (-1.15, -0.85), 10.7, 4.9  # its middle, width and height
ROOM = 1.6  # height of the chart over that of the highest end


def tell(scene: RecordedScene, recorded: xr.Dataset, name: str, before: Sequence[Mobject]) -> None:
    """Play the losses in place of what was there `before`, under the headline `name`."""
    epochs = ValueTracker(0)
    new = scene.headline(name)
    box, curves = losses(recorded, epochs)
    scene.play(*(FadeOut(part) for part in before), run_time=0.2)
    scene.play(*(FadeIn(part) for part in [new, *curves]), run_time=0.3)
    scene.play(
        epochs.animate.set_value(recorded.sizes["epoch"] - 1), run_time=SECONDS, rate_func=linear
    )
    scene.play(*(FadeIn(part) for part in ends(box, recorded)), run_time=0.4)
    scene.wait(1.5)


class Band(Painted):
    """A curve of a run over the epochs, as far as the clock has come.

    Parameters
    ----------
    chart : Chart
    recording : Dataset
        With ``CURVE_mean``, ``CURVE_low``, ``CURVE_high`` (run, epoch).
    curve, run : str
    clock : ValueTracker
        In epochs.
    dashed : bool
    """

    def __init__(
        self,
        chart: Chart,
        recording: xr.Dataset,
        curve: str,
        run: str,
        clock: ValueTracker,
        *,
        dashed: bool = False,
    ) -> None:
        super().__init__(chart.width, chart.height, reads=[clock])
        self.shift((*chart.center, 0))
        self.chart, self.clock, self.dashed = chart, clock, dashed
        here, epochs = recording.sel(run=run), recording.epoch.values
        self.low, self.mean, self.high = (
            chart.point(epochs, here[f"{curve}_{part}"].values) for part in ("low", "mean", "high")
        )
        self.ink, self.halo = series(run).color, theme.color("background")

    def so_far(self, places: np.ndarray) -> np.ndarray:
        """Return the recorded places that have been passed, and the one between two of them."""
        at = self.clock.get_value()
        return np.vstack([places[: int(min(at, len(places) - 1)) + 1], between(places, at)])

    def paint(self, pen: Pen) -> None:
        """Draw band, line and head."""
        context = pen.context
        context.save()
        pen.rectangle(self.chart.left, self.chart.bottom, self.chart.width, self.chart.height)
        context.clip()
        pen.polyline(np.vstack([self.so_far(self.low), self.so_far(self.high)[::-1]]), close=True)
        pen.color(self.ink, 0.25)
        pen.fill()
        line = self.so_far(self.mean)
        context.set_line_join(1)
        if self.dashed:
            context.set_dash([0.12, 0.09])
        else:
            pen.color(self.halo)
            pen.width(7)
            pen.polyline(line)
            pen.stroke()
        pen.color(self.ink)
        pen.width(3.5)
        pen.polyline(line)
        pen.stroke()
        context.restore()
        if not self.dashed and line[-1, 1] <= self.chart.top:
            pen.disc(line[-1], 0.1, self.ink, self.halo, 1.5)


def losses(recorded: xr.Dataset, epochs: ValueTracker) -> tuple[Chart, list[Mobject]]:
    """Return the chart of the losses, and all that is on it; the curves follow the clock.

    The test losses have bands and lines, with the training losses dashed and pale under them. The
    chart is as high as tells the ends apart: the first epochs come in from above it.
    """
    runs = recorded.run.values.tolist()
    highs = recorded.test_loss_high.values
    whole = 1.05 * max(float(highs[:, 0].max()), float(np.quantile(highs, 0.98)))
    top = min(whole, ROOM * float(highs[:, -1].max()))
    last = recorded.sizes["epoch"] - 1
    box = Chart(*CHART, (0, last), (0, top))
    step = next(each for each in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0) if top / each <= 4)
    values = [k * step for k in range(1, 5) if k * step < top]
    x, y = box.left + box.width, box.bottom - 0.4
    found: list[Mobject] = [
        *(Curve(box, np.array(box.x), np.full(2, value), "quiet", 1.5) for value in [0.0, *values]),
        box.y_ticks([0.0, *values]),
        Words(say("loss"), LABEL, "muted").on_baseline(box.left, box.top + 0.16),
        Words(number(last), TICK, "muted").on_baseline(x, y, ORIGIN),
        Words(say("epoch"), LABEL, "muted").on_baseline(box.center[0], y - 0.05, ORIGIN),
    ]
    for name in runs:
        dashed = Band(box, recorded, "train_loss", name, epochs, dashed=True)
        found.append(dashed.set_opacity(0.55))
    found += [Band(box, recorded, "test_loss", name, epochs) for name in runs]
    return box, found


def ends(box: Chart, recorded: xr.Dataset) -> list[Mobject]:
    """Return the names of the test losses at the ends of their lines, with what they came to."""
    names = recorded.run.values.tolist()
    values = [float(recorded.test_loss_mean.sel(run=name)[-1]) for name in names]
    x = box.left + box.width + 0.25
    heights = [float(box.point(0, value)[1]) for value in values]
    order = np.argsort(heights)
    # Names are pushed apart from the middle one, and stay in order.
    gap = 1.0
    placed = np.array(heights)[order]
    placed = placed.mean() + gap * (np.arange(len(order)) - (len(order) - 1) / 2)
    placed += max(0.0, box.bottom + 0.35 - placed[0])
    parts: list[Mobject] = []
    for rank, k in enumerate(order.tolist()):
        y = float(placed[rank])
        parts += [
            Key(series(names[k]).token, 0.22).move_to((x + 0.11, y + 0.2, 0)),
            Words(fixed(values[k], 3), LABEL, weight="semibold").on_baseline(x + 0.36, y + 0.08),
            Words(series(names[k]).label, LABEL, "muted").on_baseline(x, y - 0.34),
        ]
    return parts
