"""vanishing_gradients: what is left after so many layers, and which bound is a bound on what."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from manim import ValueTracker
from torch import nn
from torch.nn import functional

from look.numbers import form
from simulate import recording
from simulate.data._load import load
from simulate.experiments.initialization import vanishing_gradients as experiment
from simulate.models import _base as models
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, narrow, telling
from tests.visuals._networks import filmed, said
from tests.visuals._pen import Pen

NAMED = {"sigmoid": "sigmoid, xavier", "tanh": "tanh, xavier", "ReLU": "relu, kaiming"}


def test_a_quarter_to_the_tenth_is_the_bound_of_ten_slopes(record: Record) -> None:
    assert experiment.Settings().depth == 10
    found = record("vanishing_gradients", depth=10)
    assert found.attrs["bound"] == pytest.approx(9.54e-7, abs=5e-10)
    np.testing.assert_allclose(found.slope_bound, 0.25 ** np.arange(11.0))
    z = torch.linspace(-8, 8, 1001, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(z.sigmoid().sum(), z)
    assert float(slope.max()) == 0.25


def test_gains_are_those_of_a_backward_pass(record: Record) -> None:
    found = record("vanishing_gradients")
    settings = experiment.EXPERIMENT.tiny
    for name, spec in experiment.runs(settings).items():
        data = load(spec.data)
        net = models.make("mlp", spec.model.settings, spec.seed)
        values, outputs = torch.from_numpy(data.x_train), []
        for layer in net:
            values = layer(values)
            values.retain_grad()
            outputs.append(values)
        functional.cross_entropy(values, torch.from_numpy(data.y_train)).backward()
        norms = [output.grad.double().norm().item() for output in outputs]
        back = [norms[-2], *norms[-3::-2]]  # a_depth, then z_depth … z₁
        np.testing.assert_allclose(found.gain.sel(run=name), np.array(back) / back[0], rtol=1e-3)
    assert found.passed_layer.values.tolist() == [4, 4, 3, 2, 1]


def test_the_gradient_keeps_the_bound_with_the_weights_norms(record: Record) -> None:
    found = record("vanishing_gradients")
    runs = experiment.runs(experiment.EXPERIMENT.tiny)
    for name in ("sigmoid, xavier", "sigmoid, normal", "sigmoid, uniform"):
        one = found.sel(run=name)
        assert (one.gain.values <= one.weight_bound.values * (1 + 1e-9)).all()
        net = models.make("mlp", runs[name].model.settings, runs[name].seed)
        linear = [layer for layer in net if isinstance(layer, nn.Linear)]
        norms = [torch.linalg.matrix_norm(each.weight.detach(), 2).item() for each in linear]
        passed = np.prod(norms[1:-1]) * 0.25**4
        assert float(one.weight_bound[-1]) == pytest.approx(passed, rel=1e-4)
    assert np.isnan(found.weight_bound.sel(run="relu, kaiming")[-1])


def test_large_weights_carry_more_than_the_slopes_bound(record: Record) -> None:
    found = record("vanishing_gradients", width=256, depth=6)
    assert float(found.gain.sel(run="sigmoid, uniform")[-1]) > found.attrs["bound"]
    assert found.attrs["weights_beat"] == 1
    assert found.attrs["relu_gain"] > 0.1 > found.attrs["sigmoid_gain"]


@pytest.mark.parametrize("narrowed", [False, True])
def test_the_figure_draws_them(narrowed: bool, recorded: Recorded) -> None:
    fig, (found,) = drawn("vanishing_gradients", recorded)
    if narrowed:
        sheet = narrow("vanishing_gradients", recorded)
        assert sheet is not None
        fig = sheet
    for panel, run in enumerate(("sigmoid, xavier", "tanh, xavier", "relu, kaiming")):
        curve = line(fig, run, panel)
        np.testing.assert_allclose(10 ** curve.get_ydata(), found.gain.sel(run=run))
        left = {text.get_text() for text in fig.axes[panel].texts}
        assert form(float(found.gain.sel(run=run)[-1]), ".2n") in left
        assert fig.axes[panel].get_ylim() == fig.axes[0].get_ylim(), "one axis for all"
    np.testing.assert_allclose(10 ** line(fig, "slopes").get_ydata(), found.slope_bound)
    texts = " ".join(said(fig))
    assert f"{form(float(found.slope_bound[-1]), '.2n')}" in texts
    # The spread of entries lies around the norm: a mean square over bins gives it back.
    one = found.sel(run="sigmoid, xavier")
    counts = one["sizes"]
    square = (10 ** (2 * one.bin_size) * counts).sum("bin_size") / counts.sum("bin_size")
    np.testing.assert_allclose(np.log10(square) / 2, np.log10(one.gain), atol=0.08)


@pytest.mark.parametrize("narrowed", [False, True])
def test_each_panel_says_its_own_number_and_shades_its_own_sizes(
    narrowed: bool, recorded: Recorded
) -> None:
    fig, (found,) = drawn("vanishing_gradients", recorded)
    if narrowed:
        sheet = narrow("vanishing_gradients", recorded)
        assert sheet is not None
        fig = sheet
    bound = form(float(found.slope_bound[-1]), ".2n")
    assert [text.endswith(bound) for text in said(fig) if "¼" in text] == [True]
    for ax, (name, run) in zip(fig.axes, NAMED.items(), strict=False):
        gain = float(found.gain.sel(run=run)[-1])
        texts = [text.get_text() for text in ax.texts if "¼" not in text.get_text()]
        assert texts == [name, form(gain, ".2n")]
        (image,) = ax.images
        ink, counts = np.asarray(image.get_array()), found["sizes"].sel(run=run).values.T
        np.testing.assert_array_equal(ink[..., 3] > 0, counts > 0)
        np.testing.assert_array_equal(ink[..., 3].argmax(0), counts.argmax(0))
        left, right, low, high = image.get_extent()
        edges = np.linspace(low, high, len(counts) + 1)
        np.testing.assert_allclose((edges[1:] + edges[:-1]) / 2, found.bin_size, atol=1e-9)
        assert (left, right) == (-0.5, counts.shape[1] - 0.5)
        assert line(fig, run, fig.axes.index(ax)).get_xdata().tolist() == list(range(len(ink[0])))


def test_figure_and_film_say_with_which_start(recorded: Recorded) -> None:
    from scenes.initialization import vanishing_gradients as film

    starts = dict(run.split(", ") for run in film.PANELS.values())
    assert starts == {"sigmoid": "xavier", "tanh": "xavier", "relu": "kaiming"}
    fig, _ = drawn("vanishing_gradients", recorded)
    words = " ".join(" ".join(text.get_text() for text in fig.texts).split())
    assert "Xavier’s for sigmoid and tanh, Kaiming’s for ReLU" in words
    first = " ".join(filmed("vanishing_gradients", recorded)["start"])
    assert "Start: Xavier’s, for ReLU Kaiming’s" in first


def test_the_film_says_and_draws_each_networks_own_gains(recorded: Recorded) -> None:
    from scenes.initialization import vanishing_gradients as film

    found = recording.load(recorded("vanishing_gradients"))
    gains = {name: found.gain.sel(run=run).values for name, run in NAMED.items()}
    left = [form(float(gain[-1]), ".2n") for gain in gains.values()]
    for section, texts in filmed("vanishing_gradients", recorded).items():
        assert [text for text in texts if text in NAMED] == list(NAMED)
        own = [text for text in texts if text in left]
        assert own == ([] if section == "start" else left), section
        bound = f"¼ a layer: {form(0.25 ** found.attrs['depth'], '.2n')}"
        assert (bound in texts) == (section == "bound")
    assert list(film.PANELS.values()) == list(NAMED.values())
    low, depth = float(np.log10(min(gain[-1] for gain in gains.values()))) - 1, found.attrs["depth"]
    drawn_at: dict[float, list[np.ndarray]] = {}
    with telling("vanishing_gradients", found):
        for log in (0.0, 1.0):
            drawn_at[log] = []
            for gain in gains.values():
                pen = Pen()
                bars = film.Bars(gain, low, 0.0, 4.0, ValueTracker(depth), ValueTracker(log))
                bars.paint(pen)  # type: ignore[arg-type]
                assert len(pen.bars) == len(gain)
                _, foot, _, tall = np.array(pen.bars).T
                drawn_at[log].append(foot + tall - film.FLOOR)
                # Bars stand on 0; on a logarithmic axis, tiles of one height hang from 1.
                np.testing.assert_allclose(tall if log else foot, film.TILE if log else film.FLOOR)
                stems = pen.strokes[1:]
                below = [end for end in foot + tall if end < film.FLOOR + film.TALL]
                assert [stem[1][1] for stem in stems] == below * bool(log)
                assert all(stem[0][1] == film.FLOOR + film.TALL for stem in stems)
        bound = film.Bound(found, low, ValueTracker(1)).line[:, 1] - film.FLOOR
    for gain, plain, steep in zip(gains.values(), *drawn_at.values(), strict=True):
        np.testing.assert_allclose(plain, np.clip(film.TALL * gain, 0.012, 1.1 * film.TALL))
        # a power of ten is as high everywhere: from the least at the floor to 1 at the top
        powers = np.log10(gain)
        np.testing.assert_allclose(steep / film.TALL, np.minimum(1 - powers / low, 1.1))
    np.testing.assert_allclose(
        bound / film.TALL, np.maximum(1 + np.arange(depth + 1) * np.log10(4) / low, 0)
    )
