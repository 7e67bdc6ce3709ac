"""Linear layers in a row: composed, they are the chain; with ReLU between them they are not."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
import torch

from look.numbers import percent
from look.words import fill
from simulate import registry, specs
from simulate.training.execute import execute
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, visual


def test_composed_weight_and_bias_equal_the_chain(record: Record) -> None:
    found = record("linear_collapse")
    run = json.loads(found.attrs["spec"])["linear"]
    trained = execute(specs.decode(json.dumps(run)))
    widths = run["model"]["settings"]["widths"]
    chain = torch.nn.Sequential(*(torch.nn.Linear(a, b) for a, b in pairwise(widths))).double()
    assert len(chain) == found.attrs["n_layers"] == 4
    last = torch.from_numpy(trained.params.values[-1])
    torch.nn.utils.vector_to_parameters(last, chain.parameters())
    x = torch.from_numpy(np.random.default_rng(0).normal(0, 3, (500, 2)))
    with torch.no_grad():
        logits = chain(x).numpy()
    one = found.sel(run="linear")
    composed = x.numpy() @ one.composed_weight.values + float(one.composed_bias)
    np.testing.assert_allclose(composed, logits[:, 1] - logits[:, 0], atol=1e-5)
    assert found.attrs["gap_chain"] < 1e-5
    assert found.attrs["gap_relu"] > 1, "with ReLU it does not"


def test_the_chain_draws_the_neurons_boundary_and_relu_does_not(record: Record) -> None:
    full = registry.load("experiments", "linear_collapse").settings
    found = record("linear_collapse", n_train=full.n_train, n_steps=full.n_steps)
    neuron, chain, relu = (found.sel(run=name) for name in ("neuron", "linear", "relu"))
    # what is said is what stands under the panels, not a rounder number
    alt = fill(visual("linear_collapse"), found.attrs).alt
    for one in (neuron, chain, relu):
        assert percent(float(one.accuracy), 1) in alt
    np.testing.assert_allclose(chain.composed_weight, neuron.composed_weight, atol=0.01)
    assert found.attrs["apart"] < 0.01
    # the same side of the boundary everywhere, but for the ReLU network
    same = (neuron.z > 0) == (chain.z > 0)
    assert same.mean() > 0.99
    assert ((neuron.z > 0) == (relu.z > 0)).mean() < 0.9
    assert found.attrs["accuracy_relu"] > 0.97 > 0.9 > found.attrs["accuracy_chain"]
    # a straight line: of the linear ones, z has no second differences
    for one, straight in ((neuron, True), (chain, True), (relu, False)):
        bend = max(np.abs(np.diff(one.z, 2, axis=axis)).max() for axis in (0, 1))
        assert (bend < 1e-9) == straight


def test_probabilities_are_those_of_the_logits(record: Record) -> None:
    found = record("linear_collapse")
    np.testing.assert_allclose(found.probability, 1 / (1 + np.exp(-found.z)), atol=1e-6)
    assert found.n_params.values.tolist() == [3, 186, 186]


def test_the_figure_draws_what_was_recorded(recorded: Recorded) -> None:
    from figures.parts import fits

    fig, (nets,) = drawn("linear_collapse", recorded)
    for panel in range(3):
        one = nets.isel(run=panel)
        image = fig.axes[panel].images[0].get_array()
        np.testing.assert_allclose(image, fits.shades(one.probability))
        ones = line(fig, "class 1", panel)
        expected = one.points.values[one.label.values == 1]
        np.testing.assert_array_equal(np.transpose(ones.get_data()), expected)
        words = [text.get_text() for text in fig.axes[panel].texts]
        assert any(word.startswith(f"{float(one.accuracy):.1%}"[:4]) for word in words)
        bias = f"{abs(float(one.composed_bias)):.2f}"
        assert words[-1].endswith(bias) == (panel < 2)


def test_moons_take_turns_and_repeat() -> None:
    from simulate.data._load import load

    data = load(specs.Data(name="moons", n_train=50, n_test=20, settings={"noise": 0.0}))
    assert data.y_train.tolist() == [0, 1] * 25
    radius = np.linalg.norm(data.x_train[::2], axis=1)
    np.testing.assert_allclose(radius, 1, atol=1e-6)
    noisy = load(specs.Data(name="moons", n_train=50))
    assert np.std(noisy.x_train - data.x_train) == pytest.approx(0.15, rel=0.25)
