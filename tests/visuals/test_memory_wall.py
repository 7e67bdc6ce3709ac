"""Batches up to a real out-of-memory error, whose words nobody typed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import to_rgb

from simulate import recording, registry
from simulate.errors import RunError, UserError
from simulate.measures import memory
from simulate.training.device import available
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, narrow, telling
from tests.visuals._pen import Pen
from tests.visuals._whole import colored, labels, nearest, tidy

pytestmark = pytest.mark.skipif(not memory.STATUS.exists(), reason="needs Linux's /proc")


@pytest.fixture
def wall(recorded: Recorded) -> xr.Dataset:
    return recording.load(recorded("memory_wall"))


def test_batches_double_until_one_really_fails(wall: xr.Dataset) -> None:
    sizes = wall.batch_size.values
    assert (sizes[1:] == 2 * sizes[:-1]).all()
    assert wall.fits.values.tolist() == [1] * (len(sizes) - 1) + [0]
    assert wall.attrs["failed_batch"] == sizes[-1]
    # The words are the allocator's: they name a request, which was refused.
    assert wall.attrs["error"].startswith("RuntimeError: ")
    assert "can't allocate memory: you tried to allocate" in wall.attrs["error"]
    asked = int(wall.attrs["error"].split("tried to allocate ")[1].split(" bytes")[0])
    assert asked == wall.attrs["asked_bytes"]
    assert wall.peak.values[-1] + asked > wall.attrs["limit_bytes"]
    assert (wall.peak.values <= wall.attrs["limit_bytes"]).all()


def test_the_message_is_nowhere_in_the_sources() -> None:
    for path in registry.PROJECT.rglob("*memory*.py"):
        if ".venv" not in path.parts and "tests" not in path.parts:
            assert "enforce fail" not in path.read_text(encoding="utf-8")


def test_the_largest_batch_lies_between_what_fits_and_what_fails(wall: xr.Dataset) -> None:
    largest, failed = wall.attrs["largest_batch"], wall.attrs["smallest_failed"]
    assert wall.attrs["largest_doubled"] <= largest < failed <= wall.attrs["failed_batch"]
    found = wall.searched_fits.values.astype(bool)
    tried = wall.searched.values
    assert largest == max([wall.attrs["largest_doubled"], *tried[found]])
    assert failed == min([wall.attrs["failed_batch"], *tried[~found]])


def test_memory_grows_with_the_batch_as_activations_do(wall: xr.Dataset) -> None:
    fits = wall.fits.values.astype(bool)
    peak, saved, size = (wall[name].values[fits] for name in ("peak", "saved", "batch_size"))
    assert (np.diff(peak) > 0).all()
    # What autograd keeps, counted from the layers: images, and what ReLU, pooling and the linear
    # layer need; pooling keeps indices of 8 bytes.
    first, second = 28 * 28 * 16, 14 * 14 * 32
    floats = 784 + first + first / 4 + second + second / 4
    count = 4 * floats + 8 * (first / 4 + second / 4) + 4 * 10 + 8  # log-softmax, labels
    np.testing.assert_allclose(saved / size, count, rtol=0.01)
    assert (peak > saved).all()
    assert wall.attrs["saved_per_example"] < wall.attrs["bytes_per_example"]
    fixed, slope = wall.attrs["bytes_fixed"], wall.attrs["bytes_per_example"]
    assert np.polyfit(size, peak, 1) == pytest.approx([slope, fixed])


def test_what_is_measured_says_so(wall: xr.Dataset) -> None:
    for name in ("peak", "saved", "seconds", "searched", "searched_peak", "printed"):
        assert wall[name].attrs["measured"] == 1
    assert registry.row("experiments", "memory_wall")
    assert registry.load("experiments", "memory_wall").alone


def test_no_process_is_left(record: Record) -> None:
    record("memory_wall", limit_mib=40)
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    words = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children]
    assert not any(b"simulate.measures.memory" in each for each in words)


def test_processes_die_with_the_one_that_started_them() -> None:
    code = (
        "from simulate.measures import memory\n"
        "with memory.attempts(2**26) as attempt:\n"
        "    print('ready', flush=True); import time; time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=registry.PROJECT
    )
    assert parent.stdout is not None
    with parent.stdout:
        parent.stdout.readline()
        (child,) = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        time.sleep(0.5)  # it has begun
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    status = Path(f"/proc/{child}/stat")
    deadline = time.monotonic() + 10
    while status.exists() and status.read_text().split()[2] != "Z":
        assert time.monotonic() < deadline, "it goes on without its parent"
        time.sleep(0.05)


def test_limits_that_make_no_sense_are_told(record: Record) -> None:
    with pytest.raises(RunError, match="doesn't fit into 6 MiB; raise limit_mib"):
        record("memory_wall", limit_mib=6)
    with pytest.raises(RunError, match="a batch of 32 still fits"):
        record("memory_wall", most=32)
    with pytest.raises(RunError, match="limit_mib is None"):
        record("memory_wall", limit_mib=None)


def test_settings_of_the_network_that_cannot_be_are_told() -> None:
    from simulate.models import _base as models

    with pytest.raises(UserError, match="channels are \\[\\]"):
        models.make("cnn", {"channels": []})
    with pytest.raises(
        UserError, match="side is 28; for 3 convolutions it must be a multiple of 8"
    ):
        models.make("cnn", {"channels": [4, 4, 4]})


@pytest.mark.skipif("cuda" not in available(), reason="there is no CUDA device here")
def test_a_gpu_runs_out_of_memory_too(record: Record) -> None:
    wall = record("memory_wall", device="cuda", limit_mib=512)
    assert "CUDA out of memory" in wall.attrs["error"]
    assert (np.diff(wall.peak.values[:-1]) > 0).all()


def test_the_figure_draws_what_was_measured(recorded: Recorded) -> None:
    from figures.descent import memory_wall as figure

    fig, (wall,) = drawn("memory_wall", recorded)
    a_byte = (figure.WALL - figure.BARS) / wall.attrs["limit_bytes"]
    peaks = dict(zip(wall.batch_size.values.tolist(), wall.peak.values.tolist(), strict=True))
    searched = dict(zip(wall.searched.values.tolist(), wall.searched_peak.values, strict=True))
    largest = wall.attrs["largest_batch"]
    peaks.setdefault(largest, searched.get(largest))
    shown = [text.get_text() for text in fig.axes[0].texts]
    rows = []
    for size, peak in peaks.items():
        start, end = line(fig, f"batch {size}").get_xdata()
        assert start == figure.BARS
        assert end - start == pytest.approx(a_byte * peak)
        rows.append((size, line(fig, f"batch {size}").get_ydata()[0]))
        assert f"{size:,}" in shown
        said = [float(text.removesuffix("\u202fMiB")) for text in shown
                if text[0].isdigit() and text.endswith("\u202fMiB")]  # fmt: skip
        assert min(abs(each / (peak / 2**20) - 1) for each in said) < 0.006
    assert [size for size, _ in sorted(rows, key=lambda row: row[1])] == sorted(peaks)
    assert set(line(fig, "_limit").get_xdata()) == {figure.WALL}
    asked = line(fig, "_asked").get_xdata()
    assert min(asked) == line(fig, f"batch {wall.attrs['failed_batch']}").get_xdata()[1]
    assert max(asked) - min(asked) == pytest.approx(a_byte * wall.attrs["asked_bytes"])
    assert max(asked) > figure.WALL, "it goes through the wall"
    more = wall.attrs["asked_bytes"] / 2**20
    (words,) = (text for text in shown if text.startswith("its next piece, "))
    number = words.removeprefix("its next piece, ").split("\u202f")[0]
    assert float(number) == pytest.approx(more, rel=0.006)


def test_every_bar_has_its_own_words_and_colour(recorded: Recorded) -> None:
    wide, (wall,) = drawn("memory_wall", recorded)
    slim = narrow("memory_wall", recorded)
    assert slim is not None
    peaks = dict(zip(wall.batch_size.values.tolist(), wall.peak.values.tolist(), strict=True))
    searched = dict(zip(wall.searched.values.tolist(), wall.searched_peak.values, strict=True))
    largest, failed = wall.attrs["largest_batch"], wall.attrs["failed_batch"]
    peaks.setdefault(largest, searched.get(largest))
    told = {size: size_of(peak) for size, peak in peaks.items()}
    words = ["batch", size_of(wall.attrs["limit_bytes"]), *(f"{size:,}" for size in peaks)]
    words += [*told.values(), f"its next piece, {size_of(wall.attrs['asked_bytes'])}, does not fit"]
    for fig in (wide, slim):
        (ax,) = fig.axes
        assert labels(ax) == tidy(words)
        for size, said in told.items():
            bar = line(fig, f"batch {size}")
            end, row = float(bar.get_xdata()[1]), float(bar.get_ydata()[0])
            assert nearest(ax, (end, row), told.values()) == said
            start = float(bar.get_xdata()[0])
            assert nearest(ax, (start, row), {f"{each:,}" for each in peaks}) == f"{size:,}"
            assert colored(bar.get_color(), "purple" if size == failed else "green")
        assert colored(line(fig, "_asked").get_color(), "purple")


def size_of(n_bytes: float) -> str:
    return f"{n_bytes / 2**20:.3g}\N{NARROW NO-BREAK SPACE}MiB"


def test_of_a_gpus_error_too_the_sentence_with_the_memory_is_shown() -> None:
    from scenes.descent import memory_wall as scene

    error = (
        "OutOfMemoryError: CUDA out of memory. Tried to allocate 2.50 GiB. GPU 0 has a total "
        "capacity of 79.11 GiB of which 1.20 GiB is free."
    )
    with telling("memory_wall", xr.Dataset()):
        assert scene.last_words(error) == "“… Tried to allocate 2.50 GiB …”"
        assert scene.last_words("Killed: 9") == "“… Killed …”"


def test_the_film_draws_the_peaks_and_types_what_torch_said(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes import render
    from scenes.descent import memory_wall as scene

    wall = recording.load(recorded("memory_wall"))
    # As if the search had found a size between the two, of a peak that no other has.
    inside, peak = int(1.5 * wall.batch_size[-2]), 0.4 * float(wall.peak[-2] + wall.peak[-1])
    wall = wall.drop_dims("run_search").assign(
        searched=("run_search", [inside, inside + 1]),
        searched_peak=("run_search", [peak, 1.04 * peak]),
    )
    wall.attrs["largest_batch"] = inside
    doubled = dict(zip(wall.batch_size.values.tolist(), wall.peak.values.tolist(), strict=True))
    searched = dict(zip(wall.searched.values.tolist(), wall.searched_peak.values.tolist(),
                        strict=True))  # fmt: skip
    largest = wall.attrs["largest_batch"]
    fitting = sorted({*wall.batch_size.values[wall.fits.values == 1].tolist(), largest})
    with render.stage(render.Job(module="", recordings={})), telling("memory_wall", wall):
        clock, said = ValueTracker(0), ValueTracker(0)
        bars = scene.Bars(wall, clock)
        sizes, peaks = list(scene.sizes(bars, clock)), list(scene.peaks(bars, clock))
        assert len(peaks) == len(fitting) + 1, "and of the one that fails"
        assert not any(each.text() for each in peaks)
        named = [each.text() for each in sizes if each.text()]
        doubling = [f"{int(each):,}" for each in wall.batch_size.values]
        assert named == [*doubling[:-1], "?", doubling[-1]], "what the search will find"
        (more,) = scene.piece(bars)
        assert more.text == f"its next piece, {size_of(wall.attrs['asked_bytes'])}, does not fit"
        # It stands under the outline's end, below the last row: no other row's.
        end = scene.BARS + bars.lengths[-1] + bars.asked
        assert more.get_right()[0] == pytest.approx(min(end, scene.EDGE), abs=0.05)
        assert more.get_top()[1] < bars.rows[-1] - scene.THICK / 2
        clock.set_value(1)
        assert [bool(each.text()) for each in peaks] == [True] + [False] * (len(peaks) - 1)
        clock.set_value(wall.sizes["run"])
        assert sum(bool(each.text()) for each in peaks) == int(wall.fits.sum()) + 1
        # The search: what it tries, one after the other, and at last the largest that fits.
        n, room = wall.sizes["run"], scene.WALL - scene.BARS
        for now, size, share, ink in (
            (0.3, inside, peak, "fits"), (0.6, inside + 1, 1.04 * peak, "fails"),
            (0.95, inside, peak, "fits"),
        ):  # fmt: skip
            clock.set_value(n + now)
            assert bars.trying() == (size, pytest.approx(share / wall.attrs["limit_bytes"] * room))
            assert f"{size:,}" in [each.text() for each in sizes]
            pen = Pen()
            bars.paint(pen)
            (place,) = [k for k, bar in enumerate(pen.bars) if bar[2] == bars.trying()[1]]
            assert pen.inks[place] == to_rgb(bars.inks[ink])
        assert bars.inks["fits"] != bars.inks["fails"]
        known = bars.lengths[bars.found - 1]  # of half the batch that fails, which fits
        for tried, way in enumerate(bars.ways):  # no bar is ever longer than its own
            clock.set_value(n + (tried + 0.4) / 3)
            length = bars.trying()[1]
            low = min(known, way)
            assert length == pytest.approx(low + 0.5 * (way - low))
        clock.set_value(wall.sizes["run"] + 1)
        assert [each.text() for each in sizes] == [
            f"{int(each):,}" for each in [*fitting, wall.batch_size.values[-1]]
        ]
        shown = [float(each.text().split("\u202f")[0].replace(",", "")) for each in peaks]
        wanted = np.array([doubled.get(size, searched.get(size)) for size in fitting])
        shares = np.array(bars.lengths) / (scene.WALL - scene.BARS)
        wanted = np.array([*wanted, float(wall.peak[-1])])
        np.testing.assert_allclose(shown, wanted / 2**20, rtol=0.006)
        np.testing.assert_allclose(shares, wanted / wall.attrs["limit_bytes"])
        assert bars.asked / bars.lengths[-1] == pytest.approx(
            wall.attrs["asked_bytes"] / float(wall.peak[-1])
        )
        message = scene.Message(scene.last_words(wall.attrs["error"]), said)
        assert message.text() == ""
        said.set_value(0.001)
        assert len(message.text()) > 3, "no mark alone"
        said.set_value(1)
        quoted = message.text().strip("“”… ")
        assert quoted in wall.attrs["error"]
        assert str(wall.attrs["asked_bytes"]) in quoted or "allocate" not in quoted
