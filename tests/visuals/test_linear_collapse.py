"""Linear layers in a row: composed, they are the chain; with ReLU between them they are not."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
import torch

from look import theme
from look.numbers import percent
from look.theme import color
from look.words import fill
from simulate import registry, specs
from simulate.training.execute import execute
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, narrow, visual


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
        for k, hue in enumerate(("negative", "positive")):
            points = line(fig, f"class {k}", panel)
            expected = one.points.values[one.label.values == k]
            np.testing.assert_array_equal(points.get_xydata(), expected)
            with theme.use("dark"):
                assert points.get_color() == color(hue)
        (edge,) = (c for c in fig.axes[panel].collections if c.get_label() == "boundary")
        at = np.concatenate([path.vertices for path in edge.get_paths()])
        at = at.clip((nets.x[0], nets.y[0]), (nets.x[-1], nets.y[-1]))
        height = one.z.interp(x=("point", at[:, 0]), y=("point", at[:, 1]))
        np.testing.assert_allclose(height, 0, atol=1e-6 * float(np.abs(one.z).max()))


def test_each_panel_says_its_own_network(recorded: Recorded) -> None:
    """The equation is the plane through z; the share is counted where the points lie."""
    fig, (nets,) = drawn("linear_collapse", recorded)
    x, y = (side.ravel() for side in np.meshgrid(nets.x, nets.y))
    names = ["one neuron", "4 linear layers", "4 layers with ReLU"]
    sizes = [3] + 2 * [sum((a + 1) * b for a, b in pairwise([2, 8, 8, 8, 2]))]
    for panel, (name, size) in enumerate(zip(names, sizes, strict=True)):
        one, words = nets.isel(run=panel), ["not straight: no such equation"]
        right = float(one.accuracy)
        if panel < 2:
            inputs = np.stack([x, y, np.ones_like(x)], axis=1)
            plane = np.linalg.lstsq(inputs, one.z.values.ravel(), rcond=None)[0]
            w1, w2, b = (f"{part:.2f}".replace("-", "− ") for part in plane)
            words = [f"z = {w1.replace(' ', '')} x₁ {w2 if '−' in w2 else '+ ' + w2} x₂ "
                     f"{b if '−' in b else '+ ' + b}"]  # fmt: skip
            z = one.points.values @ plane[:2] + plane[2]
            right = float(((z > 0) == (one.label.values == 1)).mean())
        words = [name, f"{size} parameters", f"{percent(right, 1)} of the points right", *words]
        for sheet in (fig, narrow("linear_collapse", recorded)):
            assert sheet
            axes = [text.get_text() for text in sheet.axes[panel].texts]
            assert sorted(axes) == sorted(["x₁", "x₂", *words])


def test_moons_take_turns_and_repeat() -> None:
    from simulate.data._load import load

    data = load(specs.Data(name="moons", n_train=50, n_test=20, settings={"noise": 0.0}))
    assert data.y_train.tolist() == [0, 1] * 25
    radius = np.linalg.norm(data.x_train[::2], axis=1)
    np.testing.assert_allclose(radius, 1, atol=1e-6)
    noisy = load(specs.Data(name="moons", n_train=50))
    assert np.std(noisy.x_train - data.x_train) == pytest.approx(0.15, rel=0.25)
