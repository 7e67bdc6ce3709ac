"""initialization: Kaiming keeps ReLU's variance, and any network can be looked at like this."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import xarray as xr
from matplotlib.patches import Rectangle
from torch import nn
from torch.nn import functional

import figures
import simulate
from look.numbers import number
from simulate.data._load import load
from simulate.experiments.initialization import _deep
from simulate.experiments.initialization import initialization as experiment
from simulate.models import _base as models
from simulate.training.execute import execute
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn


def test_kaiming_keeps_relus_variance_within_a_factor_of_two() -> None:
    spec = experiment.runs(_deep.Settings(n_examples=32))["relu, kaiming"]
    assert spec.model.settings["widths"][1:-1] == [512] * 10
    found = execute(spec).isel(epoch=0)
    variance = found.output_variance.values[1::2]  # after each ReLU, pooled
    assert len(variance) == 10
    assert (variance / variance[0] > 0.5).all()
    assert (variance / variance[0] < 2).all()


def test_other_starts_lose_it(record: Record) -> None:
    found = record("initialization", width=128, depth=8, uniform=0.5)
    gain = found.output_gain.isel(epoch=0, layer=-1)
    back = found.gradient_gain.isel(epoch=0, layer=0)
    assert float(gain.sel(run="relu, normal")) < 1e-4
    assert float(gain.sel(run="relu, uniform")) > 3 * float(gain.sel(run="relu, kaiming"))
    assert float(back.sel(run="sigmoid, xavier")) < 1e-2
    zero = found.sel(run="tanh, zero").isel(epoch=0)
    assert not zero.gradient_sizes.any()
    assert (zero.output_variance == 0).all()


def test_what_is_shown_is_the_networks_own_pass(record: Record) -> None:
    found = record("initialization")
    settings = experiment.EXPERIMENT.tiny
    spec = experiment.runs(settings)["tanh, uniform"]
    x = torch.from_numpy(load(spec.data).x_train)
    y = torch.from_numpy(load(spec.data).y_train)
    net = models.make("mlp", spec.model.settings, spec.seed)
    values, outputs = x, []
    for layer in net:
        values = layer(values)
        values.retain_grad()
        outputs += [values] if isinstance(layer, nn.Tanh) else []
    functional.cross_entropy(values, y).backward()
    one = found.sel(run="tanh, uniform").isel(epoch=0)
    for layer, output in enumerate(outputs):
        a = output.detach().double().numpy()
        counts, _ = np.histogram(a, one.bin_edge.values)
        np.testing.assert_allclose(one.output_histogram[layer], counts, atol=2)
        assert float(one.output_gain[layer]) == pytest.approx(
            a.std() / outputs[0].detach().double().numpy().std(), rel=1e-4
        )
        slope = output.grad.double().numpy()
        size = np.log10(np.abs(slope[slope != 0]))
        middle = float(np.average(one.bin_size, weights=one.gradient_sizes[layer]))
        assert middle == pytest.approx(size.mean(), abs=0.05)
    last = np.sqrt((outputs[-1].grad.double().numpy() ** 2).mean())
    first = np.sqrt((outputs[0].grad.double().numpy() ** 2).mean())
    assert float(one.gradient_gain[0]) == pytest.approx(first / last, rel=1e-4)


def test_the_figure_frames_what_lives_and_prints_what_is_left(recorded: Recorded) -> None:
    fig, (found,) = drawn("initialization", recorded)
    frames = [each for each in fig.artists if isinstance(each, Rectangle)]
    assert len(frames) == found.attrs["n_alive"]
    ends = {
        "values": found.output_gain.isel(epoch=0, layer=-1),
        "gradients": found.gradient_gain.isel(epoch=0, layer=0),
    }
    for name, gains in ends.items():
        texts = [text for ax in fig.axes for text in ax.texts if text.get_gid() == f"{name} gain"]
        assert len(texts) == found.sizes["run"]
        for text, gain in zip(texts, gains.values.tolist(), strict=True):
            said = f"{gain:.2g}"
            assert text.get_text() == number(float(said), 2), name
            assert (text.get_weight() == "semibold") == (0.1 < gain < 10)
    images = [image for ax in fig.axes for image in ax.images if image.get_label() == "values"]
    assert len(images) == 18
    bright = [image.get_alpha() is None for image in images]
    gains = found.output_gain.values[:, 0, -1], found.gradient_gain.values[:, 0, 0]
    assert bright == [all(0.1 < gain < 10 for gain in pair) for pair in zip(*gains, strict=True)]
    for image, counts in zip(images, found.output_histogram.isel(epoch=0).values, strict=True):
        shown = image.get_array()[..., 3].T  # (layer, bin)
        assert ((shown > 0) == (counts > 0)).all()


def test_any_network_can_be_looked_at() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 9), nn.GELU(), nn.Linear(9, 7), nn.GELU(), nn.Linear(7, 2))
    x = np.random.default_rng(0).normal(size=(30, 4)).astype("f4")
    run = simulate.train(
        net, (x, (x[:, 0] > 0).astype(int)), steps=3, batch_size=10, record=["layer_statistics"]
    )
    fig = figures.draw("initialization", run)
    (values,) = [im for ax in fig.axes for im in ax.images if im.get_label() == "values"]
    assert values.get_array().shape[1] == 5, "a column for each layer"
    assert isinstance(run, xr.Dataset)


@pytest.mark.parametrize(
    ("init", "std"), [("xavier", (2 / 500) ** 0.5), ("normal", 0.3), ("uniform", 0.3 / 3**0.5)]
)
def test_starts_are_drawn_as_they_say(init: str, std: float) -> None:
    net = models.make("mlp", {"widths": [300, 200, 3], "init": init, "scale": 0.3})
    assert net[0].weight.std().item() == pytest.approx(std, rel=0.02)
    assert net[0].bias.abs().max() == 0
    if init == "uniform":
        assert net[0].weight.abs().max().item() <= 0.3
    constant = models.make("mlp", {"widths": [3, 2], "init": "constant", "scale": 0.3})
    assert (constant[0].weight == 0.3).all()
