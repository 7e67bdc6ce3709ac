"""batch_throughput: columns as high as the examples of a second, cut where a step ends."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex

from figures import render
from look import theme
from simulate import recording
from tests.figures._drawn import Recorded, drawn
from tests.visuals._networks import said, value


def test_what_a_larger_batch_buys_is_in_the_throughput(recorded: Recorded) -> None:
    found = recording.load(recorded("mnist_timing"))
    speeds = (found.batch_size / found.step_seconds).values
    assert found.attrs["speed_one"] == pytest.approx(speeds[0])
    assert found.attrs["speed_most"] == pytest.approx(speeds.max())
    enough = [size for size, speed in zip(found.batch_size.values, speeds, strict=True)
              if speed >= 0.9 * speeds.max()]  # fmt: skip
    assert found.attrs["size_enough"] == enough[0]
    at = found.batch_size.values.tolist().index(enough[0])
    assert found.attrs["gain"] == ("none" if at == 0 else "all" if at == len(speeds) - 1
                                   else "some")  # fmt: skip


def test_columns_are_the_examples_of_a_second_and_slices_its_steps(recorded: Recorded) -> None:
    fig, (found,) = drawn("batch_throughput", recorded)
    (ax,) = fig.axes
    bars = [patch for patch in ax.patches if patch.get_height() > 0]
    speeds = (found.batch_size / found.step_seconds).values
    np.testing.assert_allclose([bar.get_height() for bar in bars], speeds)
    texts = said(fig)
    for size, seconds, speed in zip(
        found.batch_size.values, found.step_seconds.values, speeds, strict=True
    ):
        assert f"{size:,}" in texts
        times = [text for text in texts if text.endswith("ms") or text.endswith(" s")]
        assert any(value(text.split("\u202f")[0]) / 1e3 == pytest.approx(seconds, rel=0.06)
                   for text in times)  # fmt: skip
        shown = [value(text[:-1]) for text in texts if text.endswith("k") and text[0].isdigit()]
        assert any(each * 1e3 == pytest.approx(speed, rel=0.06) for each in shown)
    assert any("as one by one" in text for text in texts)


def _full(found: xr.Dataset) -> xr.Dataset:
    """As fast as a machine on which a step takes 1 ms, and 10 µs more for every example."""
    sizes = np.array([1, 100, 4_000, 10_000])
    steps = 1e-3 + 1e-5 * sizes
    return xr.Dataset(
        {"batch_size": ("x_batch", sizes), "step_seconds": ("x_batch", steps),
         "throughput": ("x_batch", sizes / steps)},
        attrs={**found.attrs, "n_train": 10_000, "speed_one": 1 / steps[0],
               "speed_most": 10_000 / steps[-1], "size_enough": 4_000, "gain": "some"},
    )  # fmt: skip


def test_a_slice_is_a_step_where_it_can_be_seen(recorded: Recorded) -> None:
    found = _full(recording.load(recorded("mnist_timing")))
    fig = render.figure("figures.descent.batch_throughput", {"mnist_timing": found}, "light")
    (ax,) = fig.axes
    cuts = {
        round(float(np.mean(each.get_segments()[0][:, 0]))): [
            float(segment[0, 1]) for segment in each.get_segments()
        ]
        for each in ax.collections
        if isinstance(each, LineCollection)
    }
    assert set(cuts) == {2, 3}, "the slices of small batches are too thin"
    for at, heights in cuts.items():
        size, seconds = int(found.batch_size[at]), float(found.step_seconds[at])
        assert len(heights) == int(1 / seconds), "as many ends of steps as go into the second"
        np.testing.assert_allclose(np.diff([0, *heights]), size)
    with theme.use("light"):
        inks = [to_hex(bar.get_facecolor()) for bar in ax.patches]
        wanted = [theme.color(t).lower() for t in ("vermillion", "green", "green", "indigo")]
    assert inks == wanted
    assert any("100 times as many" in text for text in said(fig))
