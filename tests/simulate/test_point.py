"""A point on a surface: its gradient is the surface's plus its examples', and noise cancels."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from simulate import registry, specs
from simulate.data._load import load
from simulate.errors import UserError
from simulate.experiments.optimizers import _point as point
from simulate.models import _base as models
from simulate.training.execute import execute


def test_the_gradient_is_the_surfaces_and_the_mean_example() -> None:
    model = models.make("point", {"start": [-1.5, 0.5], "surface": "ravine"})
    examples = torch.tensor([[1.0, -2.0], [0.5, 4.0]], dtype=torch.float64)
    outputs = model(examples)
    assert outputs.shape == (2, 1)
    height = 0.5 * (1.5**2 + 20 * 0.5**2)
    torch.testing.assert_close(
        outputs[:, 0].detach(), height + examples @ torch.tensor([-1.5, 0.5]).double()
    )
    outputs.mean().backward()
    (param,) = model.parameters()
    torch.testing.assert_close(param.grad, torch.tensor([-1.5 + 0.75, 10.0 + 1.0]).double())


def test_it_stands_on_a_surface_with_settings_or_on_level_ground() -> None:
    steep = models.make(
        "point", {"start": [2.0], "surface": "quadratic", "settings": {"curvature": 3.0}}
    )
    none = torch.zeros(1, 1, dtype=torch.float64)
    assert steep(none).item() == 6.0
    assert models.make("point", {"start": [2.0]})(none).item() == 0.0
    with pytest.raises(UserError, match="surface 'quadratic' has no setting 'curve'"):
        models.make("point", {"start": [1.0], "surface": "quadratic", "settings": {"curve": 1}})
    with pytest.raises(UserError, match="start is \\[\\]; give one number a parameter"):
        models.make("point", {"start": []})


def test_tilts_cancel_and_a_stream_keeps_its_order() -> None:
    tilts = load(specs.Data(name="tilts", n_train=300, settings={"size": 2.0})).x_train
    np.testing.assert_allclose(tilts.mean(0), 0, atol=1e-6)
    assert tilts.std(0) == pytest.approx([2.0, 2.0], rel=0.15)
    assert not load(specs.Data(name="tilts", n_train=1)).x_train.any()
    values = [[1.0], [-3.0], [0.5]]
    stream = load(specs.Data(name="stream", settings={"values": values})).x_train
    np.testing.assert_array_equal(stream, values)
    with pytest.raises(UserError, match="stream has 3 values, not n_train = 2"):
        load(specs.Data(name="stream", n_train=2, settings={"values": values}))
    with pytest.raises(UserError, match="takes a list of lists of finite numbers"):
        load(specs.Data(name="stream", settings={"values": [1.0, 2.0]}))


def test_a_stream_is_the_gradients_and_the_state_is_torchs() -> None:
    run = execute(point.along([[1.0], [-3.0], [0.5]], [7.0], "momentum", {"lr": 0.1}, 5))
    np.testing.assert_allclose(run.gradient[:, 0], [1, -3, 0.5, 1, -3, 0.5])
    v, theta = 0.0, 7.0
    for k, g in enumerate([1.0, -3.0, 0.5, 1.0, -3.0]):
        v = 0.9 * v + g
        theta -= 0.1 * v
        assert run.state_momentum_buffer.values[k + 1, 0] == pytest.approx(v)
        assert run.params.values[k + 1, 0] == pytest.approx(theta)


def test_without_noise_it_is_a_descent() -> None:
    spec = point.on_surface("ravine", (-3.5, 1.0), "adam", {"lr": 0.05}, 20)
    adam = specs.Optimizer(name="adam", settings={"lr": 0.05})
    plain = execute(specs.Descend(surface="ravine", optimizer=adam, steps=20))
    np.testing.assert_array_equal(execute(spec).params, plain.theta)


def test_the_surface_counts_for_the_runs_address() -> None:
    spec = point.on_surface("ravine", (-3.5, 1.0), "sgd", {"lr": 0.05}, 2)
    assert ("surfaces", "ravine") in specs.named_rows(spec)
    assert registry.row("surfaces", "ravine").path in specs.files(spec)
    level = point.along([[1.0]], [0.0], "sgd", {"lr": 0.1})
    assert not [kind for kind, _ in specs.named_rows(level) if kind == "surfaces"]
