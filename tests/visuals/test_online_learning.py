"""A frozen and a learning model on digits that turn: what must be true, and what is drawn."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
import torch
import xarray as xr
from scipy.ndimage import rotate
from torch.nn import functional

from simulate import specs
from simulate.data import turning_digits
from simulate.data._load import load
from simulate.errors import RunError
from simulate.experiments.descent import online_learning as experiment
from simulate.models import _base as models
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line

SETTINGS = experiment.Settings(
    n_batch=600, epochs=10, n_upright=600, n_turning=1_800, n_turned=600, window=200, n_test=300
)


@pytest.fixture(scope="module")
def found(record: Record) -> xr.Dataset:
    """Return a stream long enough for the story."""
    names = ("n_batch", "epochs", "n_upright", "n_turning", "n_turned", "window", "n_test")
    return record("online_learning", **{name: getattr(SETTINGS, name) for name in names})


@pytest.fixture(scope="module")
def stream() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    data = load(experiment.runs(SETTINGS)["stream"].data)
    lengths = (SETTINGS.n_upright, SETTINGS.n_turning, SETTINGS.n_turned)
    return data.x_train, data.y_train, turning_digits.angles(*lengths, SETTINGS.angle)


def test_before_the_drift_the_frozen_model_is_better_and_after_it_the_other(
    found: xr.Dataset,
) -> None:
    frozen, online = found.accuracy.sel(run="frozen"), found.accuracy.sel(run="online")
    start = found.attrs["window"]
    assert float(frozen.sel(step=start)) > float(online.sel(step=start)) + 0.1
    assert float(online[-1]) > float(frozen[-1]) + 0.2
    crossing = found.attrs["crossing"]
    assert start < crossing < found.attrs["n_stream"]
    ahead = (online > frozen).values
    after = found.step.values >= crossing
    assert ahead[after].all()
    assert not ahead[~after][-1], "it is the first example of that kind"
    assert found.attrs["crosses"] == 1


def test_the_learning_model_forgets_and_the_frozen_one_does_not(found: xr.Dataset) -> None:
    frozen, online = (found.upright_accuracy.sel(run=run) for run in ("frozen", "online"))
    assert np.unique(frozen).size == 1
    assert found.attrs["frozen_upright"] == float(frozen[0])
    assert found.attrs["online_upright_best"] == float(online.max())
    assert found.attrs["online_upright_end"] == float(online[-1])
    assert float(online[-1]) < float(online.max()) - 0.2


def test_the_stream_turns_and_shares_no_digit_with_the_batch(
    found: xr.Dataset, stream: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> None:
    x, _, angle = stream
    assert (angle[:600] == 0).all()
    assert (angle[2_400:] == 90).all()
    assert (np.diff(angle[600:2_400]) > 0).all()
    batch = load(specs.Data(name="mnist", n_train=600, n_test=300))
    used = {row.tobytes() for row in (*batch.x_train, *batch.x_test)}
    upright = {row.tobytes() for row in x[:600]}
    assert not upright & used
    # The recorded pictures are digits of the whole set, turned by the angle that is recorded.
    every = load(specs.Data(name="mnist"))
    image = found.image.values[-1]
    same = every.x_train[every.y_train == found.attrs["sample_class"]].reshape(-1, 28, 28)
    turned = [rotate(each, 90.0, reshape=False, order=1) for each in same]
    assert min(np.abs(each - image).max() for each in turned) < 1e-6
    np.testing.assert_allclose(found.image_angle, angle[found.image_step])
    # One of that class, the most like the mean of the upright ones, is turned as far as each.
    own = x[:600][stream[1][:600] == found.attrs["sample_class"]]
    mean = sum(own) / len(own)
    typical = min(own, key=lambda each: float(abs(each - mean).sum())).reshape(28, 28)
    for degrees, once in zip(found.image_angle.values, found.turned.values, strict=True):
        again = rotate(typical, degrees, reshape=False, order=1)
        assert np.abs(again - once).max() < 1e-6


def test_answers_come_before_learning(
    found: xr.Dataset, stream: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> None:
    """Against a transcription of the rule, θ ← θ − η ∇ℓ, for the first part of the stream."""
    x, y, _ = (part[:250] for part in stream)
    model = models.make("mlp", {"widths": [784, *SETTINGS.hidden, 10]}, SETTINGS.seed)
    right = []
    for image, label in zip(torch.from_numpy(x), torch.from_numpy(y), strict=True):
        logits = model(image[None])
        right.append(int(logits.argmax()) == int(label))
        slopes = torch.autograd.grad(
            functional.cross_entropy(logits, label[None]), list(model.parameters())
        )
        with torch.no_grad():
            for param, slope in zip(model.parameters(), slopes, strict=True):
                param.sub_(SETTINGS.lr * slope)
    online = found.accuracy.sel(run="online")
    assert np.isnan(online.sel(step=180))
    assert float(online.sel(step=200)) == pytest.approx(np.mean(right[:200]))
    assert float(online.sel(step=250)) == pytest.approx(np.mean(right[50:250]))


def test_an_overtaking_that_does_not_last_is_none() -> None:
    steps = np.array([0, 10, 20, 30])
    low = np.array([np.nan, 0.5, 0.5, 0.5])
    assert experiment._crossing(np.stack([low, [np.nan, 0.6, 0.4, 0.7]]), steps) == 30
    assert experiment._crossing(np.stack([low, [np.nan, 0.6, 0.6, 0.5]]), steps) == -1


def test_bad_streams_are_refused_in_a_line(
    record: Record, stream: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> None:
    with pytest.raises(RunError, match=r"the stream needs 100200 digits .* take a smaller n_turn"):
        record("online_learning", n_turning=100_000)
    _, y, _ = stream
    with pytest.raises(RunError, match="sample_class is 3, and the stream has no example"):
        experiment._samples(
            np.where(y == 3, 9, y),
            np.ones((2, len(y)), bool),
            msgspec.structs.replace(SETTINGS, sample_class=3),
        )
    with pytest.raises(RunError, match=r"the loss is (nan|inf) at step \d+, learning rate 1e\+38"):
        record("online_learning", lr=1e38)


def test_the_figure_draws_the_recording(recorded: Recorded) -> None:
    fig, (found,) = drawn("online_learning", recorded)
    for run, label in (("frozen", "frozen"), ("online", "learning")):
        curve = line(fig, label)
        np.testing.assert_array_equal(curve.get_xdata(), found.step)
        np.testing.assert_array_equal(curve.get_ydata(), found.accuracy.sel(run=run))
    tiles = fig.axes[1:]
    images = [tile.images[0].get_array()[..., :3] for tile in tiles]
    shown = min(8, found.sizes["example"])
    wanted = np.arange(1, shown + 1) / (shown + 1) * found.attrs["n_stream"]
    near = sorted({found.image_step.values[np.abs(found.image_step.values - at).argmin()]
                   for at in wanted})  # fmt: skip
    box = fig.axes[0].get_window_extent()
    room = 54 * found.attrs["n_stream"] / (box.width * 96 / fig.dpi)
    spaced: list[int] = []
    for at in near:
        if not spaced or at >= spaced[-1] + room:
            spaced.append(at)
    hung = [each.get_xdata()[0] for each in fig.axes[0].get_lines()
            if each.get_label() == "_place"]  # fmt: skip
    assert hung == spaced
    assert len(images) == len(hung) > 1
    main = fig.axes[0].get_position()
    for tile, image in zip(tiles, images, strict=True):
        place = tile.get_position()
        share = ((place.x0 + place.x1) / 2 - main.x0) / (main.x1 - main.x0)
        nearest = np.abs(found.image_step.values - share * found.attrs["n_stream"]).argmin()
        brightness = found.turned.values[nearest].ravel()
        np.testing.assert_allclose(share * found.attrs["n_stream"], found.image_step[nearest])
        ink = image.reshape(-1, 3)
        distance = np.abs(ink - ink[brightness.argmin()]).sum(1)
        order = np.corrcoef(distance, brightness)[0, 1]
        assert order > 0.999, "each stands over its own place in the stream"


def test_the_films_share_is_that_of_the_clocks_point() -> None:
    from manim import ValueTracker

    from scenes.descent import online_learning as film

    clock = ValueTracker(0)
    shown = film.at(clock, [0.1, 0.2, 0.3], str)
    assert [(clock.set_value(k), shown())[1] for k in (0, 1, 1.9, 2, 5)] == [
        "0.1", "0.2", "0.2", "0.3", "0.3",
    ]  # fmt: skip
