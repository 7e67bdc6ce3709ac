"""batch_throughput: columns as high as the examples of a second, level ones marked."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import to_hex

from figures import render
from figures.layout import problems
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


def test_columns_are_the_examples_of_a_second(recorded: Recorded) -> None:
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


def _on_a_machine(found: xr.Dataset, level: int) -> xr.Dataset:
    """As fast as a machine whose steps cost by the example from so large a batch on."""
    sizes = np.array([1, 8, 64, 512, 4_096, 10_000])
    steps = np.maximum(1e-3, sizes * 1e-3 / level)
    speeds = sizes / steps
    return xr.Dataset(
        {"batch_size": ("x_batch", sizes), "step_seconds": ("x_batch", steps),
         "throughput": ("x_batch", speeds)},
        attrs={**found.attrs, "n_train": 10_000, "speed_one": speeds[0],
               "speed_most": speeds.max(), "size_enough": level, "gain": "some"},
    )  # fmt: skip


@pytest.mark.parametrize(("level", "marked"), [(512, 3), (64, 3), (10_000, None)])
def test_neighbours_of_one_speed_are_bracketed(
    level: int, marked: int | None, recorded: Recorded
) -> None:
    found = _on_a_machine(recording.load(recorded("mnist_timing")), level)
    drawing = "figures.descent.batch_throughput", {"mnist_timing": found}, "light"
    fig = render.figure(*drawing)
    assert problems(fig) == problems(render.narrow_form(*drawing)) == []
    (ax,) = fig.axes
    lines = [each for each in ax.get_lines() if each.get_label() == "_level"]
    if marked is None:
        assert lines == []
    else:
        (left, right), (up, _) = lines[0].get_data()
        assert marked - 0.5 < left < marked
        assert marked + 1 < right < marked + 1.5
        assert up > found.throughput.values[marked : marked + 2].max()
        assert "8 times the batch, hardly faster" in said(fig)
    with theme.use("light"):
        inks = [to_hex(bar.get_facecolor()) for bar in ax.patches]
        wanted = [theme.color(t).lower() for t in ("vermillion", *["green"] * 4, "indigo")]
    assert inks == wanted
    assert any("times as many" in text for text in said(fig))
