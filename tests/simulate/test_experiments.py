"""What must be true of the recordings, on tiny ones of every experiment."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from simulate import recorder, recording, registry, specs
from simulate.data._load import load
from simulate.data.choice import Choice
from simulate.storage import code
from tests.conftest import Record

EXPERIMENTS = registry.names("experiments")
VARIANTS = ("mnist_batch", "mnist_stochastic", "mnist_mini_batch")


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_records_what_can_be_stored(name: str, record: Record) -> None:
    found = record(name)
    recording.check(found)
    assert found.attrs["experiment"] == name
    assert isinstance(json.loads(found.attrs["spec"]), dict)
    assert registry.load("experiments", name).label


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_recording_depends_on_all_that_its_runs_are_made_of(name: str) -> None:
    """An edit that gives a run another address makes the recording stale."""
    context = recorder.Context(data=Choice.embedded())
    todo = recorder.plan(recorder.runs(name, context, tiny=True), context)
    files = {code.label(path) for spec in todo.specs.values() for path in specs.files(spec)}
    inputs = recorder.inputs(name, todo.rows, context, recorder.variant(True, None))
    assert files <= set(inputs)


def test_the_three_variants_differ_in_batches_alone(record: Record) -> None:
    runs = {name: record(name) for name in VARIANTS}
    losses = {float(run.train_loss[0]) for run in runs.values()}
    assert len(losses) == 1, "same initial weights, same digits"
    for run in runs.values():
        assert run.attrs["widths"] == "784–128–64–32–10"
        assert run.attrs["dataset"] == "digits"
        assert run.attrs["n_steps"] == run.attrs["epochs"] * run.attrs["steps_per_epoch"]
        best = run.attrs["best_test_epoch"]
        assert run.attrs["best_test_loss"] == run.test_loss.values[best] == run.test_loss.min()
        assert "params" not in run
    steps = {name: run.attrs["steps_per_epoch"] for name, run in runs.items()}
    assert steps == {"mnist_batch": 1, "mnist_stochastic": 200, "mnist_mini_batch": 4}
    assert runs["mnist_stochastic"].attrs["backend"] == "fused"


def test_the_full_settings_are_the_blogs_protocol() -> None:
    for name, batch_size in zip(VARIANTS, (None, 1, 512), strict=True):
        settings = registry.load("experiments", name).settings
        assert settings.batch_size == batch_size
        assert (settings.n_train, settings.n_test, settings.epochs) == (10_000, 1_000, 100)
        assert len(settings.hidden) == 3, "four layers of weights"
    seeds = {registry.load("experiments", name).settings.seed for name in VARIANTS}
    assert len(seeds) == 1


def test_rates_behave_as_theory_says(record: Record) -> None:
    found = record("learning_rates", n_steps=20)
    curvature = found.attrs["curvature"]
    assert found.attrs["rate_alternates"] == 1 / curvature
    assert found.attrs["rate_diverges"] == 2 / curvature
    assert found.run.values.tolist() == ["slow", "good", "oscillating", "diverging"]
    for name in found.run.values:
        run = found.sel(run=name)
        lr, theta = float(run.lr), run.theta.values
        np.testing.assert_allclose(theta[1:], (1 - lr * curvature) * theta[:-1], rtol=1e-12)
        np.testing.assert_allclose(np.diff(theta), -lr * run.gradient.values[:-1], rtol=1e-9)
        np.testing.assert_allclose(run.loss, curvature * theta**2 / 2, rtol=1e-12)
        alternates = (theta[1:] * theta[:-1] < 0).all()
        assert alternates == (lr > found.attrs["rate_alternates"])
        assert (abs(theta[-1]) < abs(theta[0])) == (lr < found.attrs["rate_diverges"])
    end = {name: abs(float(found.theta.sel(run=name)[-1])) for name in found.run.values}
    start = abs(found.attrs["start"])
    assert end["good"] < 1e-3 * start, "the good one arrives"
    assert end["slow"] > 0.3 * start, "the slow one does not"
    assert end["oscillating"] < 0.05 * start
    assert end["diverging"] > start


def test_the_curve_goes_through_the_points(record: Record) -> None:
    found = record("learning_rates")
    np.testing.assert_allclose(
        found.curve, found.attrs["curvature"] * found.curve_x**2 / 2, rtol=1e-12
    )


def test_activations_are_the_models_forward_pass(record: Record) -> None:
    found = record("network_forward")
    layers = []
    for k in (1, 2, 3):
        n_in, n_out = found[f"weight_{k}"].shape
        linear = torch.nn.Linear(n_in, n_out, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(found[f"weight_{k}"].values.T))
            linear.bias.copy_(torch.from_numpy(found[f"bias_{k}"].values))
        layers.append(linear)
    x = torch.from_numpy(found.image.values.reshape(2, -1)).double()
    with torch.no_grad():
        first = layers[0](x).relu()
        second = layers[1](first).relu()
        logits = layers[2](second)
        probability = logits.softmax(1)
    np.testing.assert_allclose(found.activation_1, first, atol=1e-12)
    np.testing.assert_allclose(found.activation_2, second, atol=1e-12)
    np.testing.assert_allclose(found.logit, logits, atol=1e-12)
    np.testing.assert_allclose(found.probability, probability, atol=1e-12)
    label = found.label.values
    np.testing.assert_allclose(found.loss, -np.log(probability.numpy()[[0, 1], label]), atol=1e-6)
    assert found.prediction.values.tolist() == logits.argmax(1).tolist()


def test_contributions_add_up_to_what_units_receive(record: Record) -> None:
    found = record("network_forward")
    pixels = found.pixel_contribution.sum("feature") + found.bias_1
    np.testing.assert_allclose(np.maximum(pixels, 0), found.activation_1, atol=1e-4)
    second = found.contribution_2.sum("unit_1") + found.bias_2
    np.testing.assert_allclose(np.maximum(second, 0), found.activation_2, atol=1e-6)
    np.testing.assert_allclose(found.contribution_3.sum("unit_2") + found.bias_3, found.logit)


def test_one_digit_is_right_and_one_wrong(record: Record) -> None:
    found = record("network_forward")
    right, wrong = (found.label == found.prediction).values
    assert right
    assert not wrong
    assert found.attrs["wrong_label"] == str(found.label.values[1])
    assert found.attrs["wrong_prediction"] == str(found.prediction.values[1])
    assert found.attrs["right_label"] not in (
        found.attrs["wrong_label"],
        found.attrs["wrong_prediction"],
    )
    assert found.attrs["n_params"] == 784 * 16 + 16 + 16 * 16 + 16 + 16 * 10 + 10


def test_the_digits_shown_are_test_digits(record: Record) -> None:
    from simulate import specs

    found = record("network_forward")
    data = load(specs.Data(name="mnist", n_train=200, n_test=100))
    for image, label in zip(found.image.values, found.label.values, strict=True):
        same = (data.x_test == image.ravel()).all(1)
        assert data.y_test[same].tolist() == [label]


def test_the_centre_of_the_plane_is_the_trained_loss(record: Record) -> None:
    found = record("loss_surface")
    trained = found.attrs["trained_loss"]
    assert found.attrs["random_centre_loss"] == pytest.approx(trained, abs=1e-5)
    middle = found.random_loss.sel(x=found.alpha == 0, y=found.beta == 0)
    assert middle.item() == pytest.approx(trained, abs=1e-5)
    assert found.path_loss.values[-1] == pytest.approx(trained, abs=1e-5)
    assert found.path_height.values[-1] == pytest.approx(trained, abs=1e-5)
    assert found.attrs["n_examples"] == found.attrs["n_train"]


def test_planes_need_not_be_square(record: Record) -> None:
    found = record("loss_surface")
    assert found.random_loss.shape == found.pca_loss.shape == (7, 9)


def test_the_path_lies_on_its_plane_with_a_margin(record: Record) -> None:
    found = record("loss_surface")
    for path, axis in ((found.path_u, found.u), (found.path_v, found.v)):
        assert axis[0] < path.min()
        assert path.max() < axis[-1]
    assert (found.path_u[-1], found.path_v[-1]) == (0, 0)
    shares = found.explained_variance.values
    assert 1 >= shares.sum() > 0.5
    assert shares[0] >= shares[1]
    assert found.attrs["explained_variance"] == pytest.approx(shares.sum())
    assert found.path_loss.values[0] > found.path_loss.values[-1]


def test_heights_of_the_path_are_the_planes(record: Record) -> None:
    """The plane, interpolated from its grid, comes near what was computed at the path's points."""
    found = record("loss_surface", n_x=41, n_y=41)
    plane = found.pca_loss.interp(u=found.path_u, v=found.path_v)
    np.testing.assert_allclose(plane, found.path_height, atol=0.01)
