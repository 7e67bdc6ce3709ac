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
from tests.visuals._whole import labels, nearest


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
        under = 1 + texts.index("ms a step")
        times = [value(text) / 1e3 for text in texts[under : under + len(found.batch_size)]]
        (shown,) = (time for time in times if time == pytest.approx(seconds, rel=0.005))
        assert f"{size / shown:.3g}" == f"{speed:.3g}", "size over time is the printed speed"
        assert f"{float(f'{speed:.3g}'):,.10g}" in texts, "all three digits of the speed"


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


@pytest.mark.parametrize(("level", "times"), [(512, 512), (64, 64), (1, None)])
def test_the_tallest_is_held_against_the_first(
    level: int, times: int | None, recorded: Recorded
) -> None:
    found = _on_a_machine(recording.load(recorded("mnist_timing")), level)
    drawing = "figures.descent.batch_throughput", {"mnist_timing": found}, "light"
    fig = render.figure(*drawing)
    assert problems(fig) == problems(render.narrow_form(*drawing)) == []
    (ax,) = fig.axes
    lines = [each for each in ax.get_lines() if each.get_label() == "_level"]
    arrows = [each for each in ax.texts if each.get_text() == ""]
    speeds = found.throughput.values
    if times is None:
        assert lines == arrows == []
        assert not any("as many" in text for text in said(fig))
    else:
        assert set(lines[0].get_ydata()) == {speeds.max()}
        (arrow,) = arrows
        assert (*arrow.xyann, *arrow.xy) == (0, speeds[0], 0, speeds.max())
        assert f"{times} times\nas many" in said(fig)
    with theme.use("light"):
        inks = [to_hex(bar.get_facecolor()) for bar in ax.patches]
        wanted = [theme.color(t).lower() for t in ("vermillion", *["green"] * 4, "indigo")]
    assert inks == wanted


def test_every_column_has_its_own_words(recorded: Recorded) -> None:
    """On a machine made up: no two columns have a number in common."""
    found = _on_a_machine(recording.load(recorded("mnist_timing")), 512)
    drawing = "figures.descent.batch_throughput", {"mnist_timing": found}, "light"
    speeds = [1_000, 8_000, 64_000, 512_000, 512_000, 512_000]
    sizes = ["1", "8", "64", "512", "4,096", "10,000"]
    for fig, steps in (
        (render.figure(*drawing), ["1", "1", "1", "1", "8", "19.53"]),
        (render.narrow_form(*drawing), ["1", "1", "1", "1", "8", "19.53"]),
    ):
        assert fig is not None
        (ax,) = fig.axes
        kinds = ["stochastic", "mini-batches", "batch"]
        words = ["batch", "ms a step", "examples a second", "512 times as many", *kinds]
        assert labels(ax) == sorted([*words, *sizes, *steps, *(f"{speed:,}" for speed in speeds)])
        texts = [text.get_text().replace("\u202f", " ").replace("\n", " ") for text in ax.texts]
        under = texts.index("batch") + 1
        assert texts[under : under + len(sizes)] == sizes
        under = texts.index("ms a step") + 1
        assert texts[under : under + len(steps)] == steps
        for k, speed in enumerate(speeds):
            assert nearest(ax, (k, speed), {f"{each:,}" for each in speeds}) == f"{speed:,}"
        low = ax.get_ylim()[0] - 0.3 * (ax.get_ylim()[1] - ax.get_ylim()[0])
        assert [nearest(ax, (at, low), kinds) for at in (0, 2.5, 5)] == kinds


def test_the_ratio_is_that_of_the_printed_speeds(recorded: Recorded) -> None:
    found = _on_a_machine(recording.load(recorded("mnist_timing")), 512)
    found.throughput.values[[0, -1]] = 1_004.9, 618_449  # as printed 1,000 and 618,000
    fig = render.figure("figures.descent.batch_throughput", {"mnist_timing": found}, "light")
    assert {"1,000", "618,000", "618 times\nas many"} <= set(said(fig))
