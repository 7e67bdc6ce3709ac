"""How cost grows: seconds against frames, optimizer steps and points of a plane; and memory."""

from __future__ import annotations

import math
import multiprocessing
import resource
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from pipeline.bench._row import Row, seconds
from pipeline.bench.training import LR, WIDTHS, digits


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds against the size of the work, and the exponent p of seconds ∝ size^p."""

    name: str
    unit: str
    sizes: list[float]
    seconds: list[float]
    exponent: float


def curves() -> list[Curve]:
    """Return the three curves; cost is linear where the exponent is 1."""
    return [_frames(), _steps(), _points()]


def _curve(name: str, unit: str, sizes: list[int], work: Callable[[int], object]) -> Curve:
    work(sizes[0])
    times = [seconds(lambda size=size: work(size), 3) for size in sizes]  # type: ignore[misc]
    exponent = float(np.polyfit(np.log(sizes), np.log(times), 1)[0])
    return Curve(
        name=name, unit=unit, sizes=[float(s) for s in sizes], seconds=times, exponent=exponent
    )


def _frames() -> Curve:
    from scenes import render

    job = render.Job(module="pipeline.bench.our_long", recordings={})

    def film(n_frames: int) -> None:
        render.render_segments(job, [(0, n_frames)])

    return _curve("frames", "frames of a turning surface", [60, 120, 240, 480], film)


def _steps() -> Curve:
    from simulate import specs
    from simulate.data._base import Data
    from simulate.models import _base as models
    from simulate.training.train import train as train_network

    x, y = digits(10_000)
    data = Data(x_train=x, y_train=y, x_test=x[:1], y_test=y[:1], label="synthetic", n_classes=10)

    def train(n_steps: int) -> None:
        train_network(
            models.make("mlp", {"widths": WIDTHS, "activation": "relu"}, 0),
            data,
            optimizer="sgd",
            lr=LR,
            batch_size=1,
            steps=n_steps,
            record=specs.record("parameters", scalars=1000),
        )

    return _curve("steps", "steps on one example", [50_000, 100_000, 200_000, 400_000], train)


def _points() -> Curve:
    from simulate.measures import planes
    from simulate.models import _base as models

    x, y = digits(2_000)
    model = models.make("mlp", {"widths": WIDTHS, "activation": "relu"}, 0)

    def plane(n_points: int) -> None:
        planes.loss_plane(model, (x, y), points=math.isqrt(n_points))

    return _curve("points", "points of a loss plane", [20**2, 28**2, 40**2, 56**2], plane)


# ---------------------------------------------------------------------------- memory


def memory() -> list[Row]:
    """Return peak memories, each measured in a process of its own, in GiB."""
    spawn = multiprocessing.get_context("spawn")
    found = []
    for name, work, at_most in (
        ("101×101 plane over 60,000 examples", _large_plane, 1.0),
        ("a render worker, 1080p60, 5 s", _short_film, 1.5),
        ("a render worker, 1080p60, 60 s", _long_film, 1.5),
    ):
        with spawn.Pool(1) as pool:
            peak = pool.apply(_peak, (work,))
        found.append(Row(name=name, ours=peak, peer=None, unit="GiB", at_least=at_most))
    return found


def _peak(work: Callable[[], None]) -> float:
    work()
    status = Path("/proc/self/status")
    if status.exists():  # Linux's getrusage counts what the parent had before the fork
        (line,) = [x for x in status.read_text().splitlines() if x.startswith("VmHWM")]
        return int(line.split()[1]) / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**30  # bytes on macOS


def _large_plane() -> None:
    from simulate.measures import planes
    from simulate.models import _base as models

    x, y = digits(60_000)
    model = models.make("mlp", {"widths": [784, 32, 10], "activation": "relu"}, 0)
    planes.loss_plane(model, (x, y), points=101)


def _film(seconds_of_film: int) -> None:
    from scenes import render

    job = render.Job(
        module="pipeline.bench.our_long", recordings={}, width=1920, height=1080, fps=60
    )
    render.render_segments(job, [(0, seconds_of_film * 60)])


def _short_film() -> None:
    _film(5)


def _long_film() -> None:
    _film(60)
