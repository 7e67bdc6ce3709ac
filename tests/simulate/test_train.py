"""The training loop: order, batches, steps and evaluations are what the recording says they are."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr
from torch import nn
from torch.nn import functional

from simulate import registry, specs
from simulate.data._base import Data
from simulate.data._load import load
from simulate.errors import RunError, UserError
from simulate.models import _base as models
from simulate.recording import check
from simulate.training import examples
from simulate.training.descend import descend
from simulate.training.device import available
from simulate.training.execute import execute
from simulate.training.train import train

WIDTHS = [6, 5, 3]


def _data(n_train: int = 23, n_test: int = 11) -> Data:
    """A small classification task: which of the first three features is largest."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(n_train + n_test, WIDTHS[0])).astype(np.float32)
    y = x[:, :3].argmax(1)
    return Data(x[:n_train], y[:n_train], x[n_train:], y[n_train:], label="toy", n_classes=3)


def _model(seed: int = 0, dtype: torch.dtype = torch.float32) -> nn.Module:
    return models.make("mlp", {"widths": WIDTHS}, seed).to(dtype)


def _train(**arguments: Any) -> xr.Dataset:
    given = {"optimizer": "sgd", "lr": 0.1, "batch_size": 5, "epochs": 3, **arguments}
    return train(_model(), _data(), **given)


def _flat(model: nn.Module) -> np.ndarray:
    return torch.cat([p.detach().flatten() for p in model.parameters()]).numpy()


def test_a_run_equals_a_loop_written_out() -> None:
    """Losses at their own points, batches of 5 and a last one of 3, the next batch at the end."""
    data, model = _data(), _model()
    x, y = torch.from_numpy(data.x_train), torch.from_numpy(data.y_train)
    rule = torch.optim.SGD(model.parameters(), lr=0.1)
    losses, norms, points, sizes = [], [], [_flat(model)], []
    for epoch in range(4):
        order = np.random.default_rng([0, epoch]).permutation(23)
        for first in range(0, 23, 5):
            which = torch.from_numpy(order[first : first + 5])
            rule.zero_grad()
            loss = functional.cross_entropy(model(x[which]), y[which])
            loss.backward()
            losses.append(loss.item())
            slopes = [p.grad for p in model.parameters() if p.grad is not None]
            norms.append(math.sqrt(sum(float((slope**2).sum()) for slope in slopes)))
            sizes.append(len(which))
            if len(losses) == 16:
                break
            rule.step()
            points.append(_flat(model))
        if len(losses) == 16:
            break

    run = _train(backend="eager", record=specs.record("scalars", "evaluation", parameters=1))
    assert run.sizes["step"] == 16
    assert sizes[:5] == [5, 5, 5, 5, 3]
    np.testing.assert_allclose(run.loss, losses, rtol=1e-6)
    np.testing.assert_allclose(run.grad_norm, norms, rtol=1e-5)
    np.testing.assert_allclose(run.params, np.stack(points), rtol=1e-5, atol=1e-7)
    assert run.snapshot.values.tolist() == list(range(16))
    expected = {"n_steps": 15, "steps_per_epoch": 5, "batch_size": 5, "last_batch_size": 3}
    assert {name: run.attrs[name] for name in expected} == expected


def test_step_0_is_the_start() -> None:
    data, model = _data(), _model()
    x, y = torch.from_numpy(data.x_train), torch.from_numpy(data.y_train)
    before = functional.cross_entropy(model(x), y).item()
    run = _train(batch_size=None, epochs=1)
    assert run.step.values.tolist() == [0, 1]
    assert run.loss.values[0] == pytest.approx(before, rel=1e-6)
    assert run.train_loss.values[0] == pytest.approx(before, rel=1e-6)
    np.testing.assert_array_equal(run.params.values[0], _flat(model))


def test_epochs_are_evaluated_on_whole_sets() -> None:
    data, model = _data(), _model()
    run = train(model, data, optimizer="sgd", lr=0.1, batch_size=5, epochs=2)
    assert run.epoch.values.tolist() == [0, 1, 2]
    assert run.epoch_steps.values.tolist() == [0, 5, 10]
    with torch.no_grad():
        outputs = model(torch.from_numpy(data.x_test))
    labels = torch.from_numpy(data.y_test)
    loss = functional.cross_entropy(outputs, labels).item()
    right = (outputs.argmax(1) == labels).float().mean().item()
    assert run.test_loss.values[-1] == run.attrs["test_loss"] == pytest.approx(loss, rel=1e-6)
    assert run.test_accuracy.values[-1] == run.attrs["test_accuracy"] == pytest.approx(right)


def test_evaluation_in_chunks_weighs_every_example_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _train()
    monkeypatch.setattr(examples, "EVALUATION_CHUNK", 4)
    np.testing.assert_allclose(_train().train_loss, whole.train_loss, rtol=1e-6)


def test_the_whole_test_set_counts_at_the_end() -> None:
    data = load(specs.Data(name="mnist", n_train=30, n_test=10))
    run = train(models.make("mlp", {"widths": [784, 10]}), data, batch_size=10, epochs=1)
    assert (run.attrs["n_test"], run.attrs["n_test_all"]) == (10, 1000)
    assert run.attrs["test_accuracy_all"] * 1000 == pytest.approx(
        round(run.attrs["test_accuracy_all"] * 1000)
    )


def test_the_protocol_of_the_blog_has_19_batches_of_512_and_one_of_272() -> None:
    data = _data(n_train=10_000)
    run = train(_model(), data, optimizer="sgd", batch_size=512, epochs=1)
    assert run.attrs["steps_per_epoch"] == 20
    assert run.attrs["last_batch_size"] == 272
    assert run.attrs["n_train"] == 19 * 512 + 272


class _Noting(nn.Module):
    """Notes the examples that it is given while it trains (their first feature says which)."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(1, 2)
        self.seen: list[list[int]] = []

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training:
            self.seen.append(x[:, 0].int().tolist())
        return self.linear(x)


def _seen(**arguments: Any) -> list[list[int]]:
    x = np.arange(10, dtype=np.float32)[:, None]
    data = Data(x, np.arange(10) % 2, x, np.arange(10) % 2, label="toy", n_classes=2)
    model = _Noting()
    given = {"optimizer": "sgd", "lr": 1e-3, "epochs": 2, **arguments}
    train(model, data, **given)
    return model.seen


def _flattened(batches: list[list[int]]) -> list[int]:
    return [example for batch in batches for example in batch]


def test_every_epoch_sees_every_example_once_in_another_order() -> None:
    seen = _seen(batch_size=4)
    assert [len(batch) for batch in seen] == [4, 4, 2, 4, 4, 2, 4]
    first, second = _flattened(seen[:3]), _flattened(seen[3:6])
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second != list(range(10))


def test_the_same_seed_gives_the_same_order_whatever_the_batch_size() -> None:
    by_4, by_1 = _seen(batch_size=4), _seen(batch_size=1, backend="eager")
    assert _flattened(by_4[:6]) == _flattened(by_1[:20])
    assert _flattened(_seen(batch_size=4, seed=1)[:6]) != _flattened(by_4[:6])


def test_whole_batches_are_not_shuffled() -> None:
    assert _seen(batch_size=None) == [list(range(10))] * 3


def test_with_replacement_examples_come_back() -> None:
    seen = _seen(batch_size=5, replacement=True, epochs=20)
    assert all(len(batch) == 5 for batch in seen)
    assert any(len(set(batch)) < 5 for batch in seen)
    counts = np.bincount(_flattened(seen), minlength=10)
    assert counts.sum() == 205
    assert counts.min() > 0
    assert _seen(batch_size=5, replacement=True, epochs=20) == seen


@pytest.mark.parametrize("batch_size", [1, 5, None])
def test_runs_repeat_bitwise(batch_size: int | None) -> None:
    first, second = (_train(batch_size=batch_size) for _ in range(2))
    for name in first.data_vars:
        if "measured" not in first[name].attrs:
            np.testing.assert_array_equal(first[name], second[name])
    assert first.attrs == second.attrs


@pytest.mark.parametrize("optimizer", registry.names("optimizers"))
def test_every_optimizer_trains_a_network(optimizer: str) -> None:
    run = _train(optimizer=optimizer, lr=0.01, batch_size=None, epochs=40)
    assert run.train_loss.values[-1] < run.train_loss.values[0]


def test_steps_instead_of_epochs() -> None:
    run = _train(epochs=None, steps=7)
    assert run.step.values[-1] == 7
    assert run.epoch_steps.values.tolist() == [0, 5]


def test_step_values_are_recorded_every_so_often_and_at_the_end() -> None:
    every = _train(record=specs.record("evaluation", "parameters", scalars=4))
    assert every.step.values.tolist() == [0, 4, 8, 12, 15]
    np.testing.assert_array_equal(every.loss, _train().loss.sel(step=every.step))


def test_snapshots_are_taken_every_so_often_and_at_the_end() -> None:
    run = _train(record=specs.record("scalars", "evaluation", parameters=6))
    assert run.snapshot.values.tolist() == [0, 6, 12, 15]
    assert _train().snapshot.values.tolist() == [0, 15]


def test_params_go_back_into_a_model() -> None:
    data, model = _data(), _model()
    run = train(model, data, optimizer="sgd", lr=0.1, batch_size=5, epochs=1)
    np.testing.assert_array_equal(run.params.values[-1], _flat(model))
    shapes = [(name, tuple(shape)) for name, shape in json.loads(run.attrs["param_shapes"])]
    assert shapes == [(name, tuple(p.shape)) for name, p in model.named_parameters()]
    assert run.attrs["n_params"] == 6 * 5 + 5 + 5 * 3 + 3


def test_nothing_is_evaluated_when_that_is_off() -> None:
    run = _train(record=specs.record("scalars", "parameters"))
    assert "epoch" not in run.dims


def test_time_of_steps_is_marked_as_measured() -> None:
    run = _train(backend="eager")
    assert run.seconds.attrs["measured"] == 1
    assert run.seconds.values[0] == 0
    assert (np.diff(run.seconds) > 0).all()
    assert run.epoch_seconds.values[-1] == run.seconds.values[-1]


def test_recordings_are_fit_to_be_stored() -> None:
    check(_train())
    check(_train(batch_size=1))
    check(descend(lambda theta: (theta**2).sum(), (1.0, 2.0), steps=2))


def test_any_module_loss_and_regression() -> None:
    data = load(specs.Data(name="plane", n_train=40, n_test=10))
    model = nn.Sequential(nn.Linear(2, 4), nn.Dropout(0.5), nn.LayerNorm(4), nn.Linear(4, 1))

    def mean_absolute(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return (outputs - targets).abs().mean()

    run = train(model, data, loss=mean_absolute, lr=0.1, epochs=30, batch_size=8)
    assert run.train_loss.values[-1] < 0.7 * run.train_loss.values[0]
    assert run.train_loss.attrs["long_name"] == "train mean absolute"
    assert "test_accuracy" not in run
    assert "test_accuracy" not in run.attrs
    assert model.training, "evaluation gives the mode back"


def test_a_linear_neuron_finds_the_plane() -> None:
    spec = specs.Train(
        data=specs.Data(name="plane"),
        model=specs.Model(name="mlp", settings={"widths": [2, 1]}),
        loss="mse",
        optimizer=specs.Optimizer(name="sgd", settings={"lr": 0.3}),
        steps=100,
    )
    run = execute(spec)
    np.testing.assert_allclose(run.params.values[-1], [2, 1, 1], atol=1e-3)


def test_double_precision() -> None:
    spec = specs.Train(
        data=specs.Data(name="xor"),
        model=specs.Model(name="mlp", settings={"widths": [2, 4, 2], "activation": "tanh"}),
        optimizer=specs.Optimizer(name="sgd"),
        epochs=2,
        batch_size=1,
        dtype="float64",
    )
    run = execute(spec)
    assert run.params.dtype == np.float64
    assert run.attrs["backend"] == "eager"


@pytest.mark.parametrize("backend", ["fused", "eager"])
def test_a_loss_that_is_not_finite_ends_the_run(backend: str) -> None:
    data = _data()
    data.x_train[7] = np.inf
    step = np.random.default_rng([0, 0]).permutation(23).tolist().index(7)
    with pytest.raises(RunError, match=f"loss is nan at step {step}: inputs of its training"):
        train(
            _model(),
            data,
            optimizer="sgd",
            lr=0.1,
            batch_size=1,
            epochs=1,
            backend=backend,
            record=specs.record("evaluation", "parameters", scalars=50),
        )


def test_a_loss_that_explodes_ends_the_run() -> None:
    with pytest.raises(RunError, match=r"the loss is .* at step \d+, learning rate 1e\+20"):
        _train(lr=1e20)


def test_divergence_is_recorded_where_it_is_allowed() -> None:
    run = _train(lr=1e20, allow_divergence=True)
    assert run.sizes["step"] == 16
    assert not np.isfinite(run.loss.values[-1])


def test_progress_ends_at_the_last_step() -> None:
    told: list[tuple[int, int, str]] = []
    _train(progress=lambda *news: told.append(news))
    assert told[0][0] == 0
    assert told[-1][:2] == (15, 15)
    assert told[-1][2].startswith("loss ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"epochs": None}, "give exactly one of them"),
        ({"steps": 3}, "give exactly one of them"),
        ({"batch_size": 24}, "batch_size is 24; there are 23 training examples"),
        ({"loss": "crossentropy"}, "no loss is called 'crossentropy'; there is cross_entropy"),
        ({"backend": "quick"}, "no backend is called 'quick'"),
        ({"backend": "fused"}, r"fused backend can't do this run: batches have more than one"),
        ({"optimizer": "adma"}, "no optimizer is called 'adma'"),
    ],
)
def test_what_cannot_be_run_is_one_line(arguments: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        _train(**arguments)


def test_optimizers_that_look_at_several_points_are_given_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """L-BFGS asks for the loss again within one step; all others once, which costs nothing."""
    calls = []

    def bowl(theta: torch.Tensor) -> torch.Tensor:
        calls.append(theta.detach().clone())
        return (theta**2 * torch.tensor([1.0, 30.0])).sum()

    row = registry.load("optimizers", "sgd")
    descend(bowl, (1.0, 1.0), optimizer="sgd", lr=0.01, steps=5)
    assert len(calls) == 6
    lbfgs = type(row)(**{**vars(row), "build": torch.optim.LBFGS, "defaults": {"lr": 0.5}})
    plain = registry.load
    monkeypatch.setattr(
        registry, "load", lambda kind, name: lbfgs if kind == "optimizers" else plain(kind, name)
    )
    run = descend(bowl, (1.0, 1.0), optimizer="sgd", steps=5)
    assert len(calls) > 20
    assert run.loss.values[-1] < 1e-6


def test_a_descent_has_each_loss_at_its_own_point() -> None:
    run = descend(lambda theta: 0.5 * theta[0] ** 2, (8.0,), lr=0.5, steps=3)
    assert run.theta.values[:, 0].tolist() == [8, 4, 2, 1]
    assert run.gradient.values[:, 0].tolist() == [8, 4, 2, 1]
    assert run.loss.values.tolist() == [32, 8, 2, 0.5]
    assert run.attrs["n_params"] == 1


def test_a_descent_that_diverges_is_recorded_as_it_is() -> None:
    run = descend(lambda theta: theta[0] ** 4, (5.0,), lr=10.0, steps=12)
    assert run.sizes["step"] == 13
    assert not np.isfinite(run.loss.values[-1])
    assert run.loss.values[0] == 625


def test_a_schedule_sets_the_rate_of_every_step() -> None:
    cosine = specs.Schedule(name="cosine", settings={"final": 0.1})
    run = descend(lambda theta: (theta**2).sum(), (1.0,), lr=0.2, schedule=cosine, steps=10)
    t = np.arange(11) / 10
    np.testing.assert_allclose(run.lr, 0.02 + 0.5 * 0.18 * (1 + np.cos(np.pi * t)), rtol=1e-9)
    ratio = run.theta.values[1:, 0] / run.theta.values[:-1, 0]
    np.testing.assert_allclose(ratio, 1 - 2 * run.lr[:-1], rtol=1e-9)


@pytest.mark.parametrize("schedule", registry.names("schedules"))
def test_no_schedule_goes_above_the_optimizers_rate(schedule: str) -> None:
    """It may warm up, fall or cycle; the optimizer's own rate is its highest."""
    run = _train(schedule=specs.Schedule(name=schedule))
    assert ((run.lr.values >= 0) & (run.lr.values <= 0.1 * (1 + 1e-9))).all()
    assert run.lr.values.max() > 0
    with pytest.raises(UserError, match=f"schedule '{schedule}' has no setting 'x'"):
        _train(schedule=specs.Schedule(name=schedule, settings={"x": 1}))


def test_models_are_seeded_and_leave_torchs_generator_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    first, second, other = (_flat(_model(seed)) for seed in (0, 0, 1))
    assert torch.rand(1) == expected
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(("init", "gain"), [("lecun", 1.0), ("kaiming", 2.0)])
def test_normal_weights_have_their_variance(init: str, gain: float) -> None:
    net = models.make("mlp", {"widths": [400, 300, 10], "init": init})
    params = dict(net.named_parameters())
    assert params["0.weight"].var().item() == pytest.approx(gain / 400, rel=0.02)
    assert params["2.weight"].var().item() == pytest.approx(gain / 300, rel=0.1)
    assert params["0.bias"].abs().max() == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"widths": [3]}, "at least two positive numbers"),
        ({"widths": [3, 0]}, "at least two positive numbers"),
        ({"activation": "rleu"}, "no activation is called 'rleu'; there is relu"),
        ({"init": "zeros"}, "no init is called 'zeros'"),
        ({"depth": 3}, "model 'mlp' has no setting 'depth'; there is widths"),
    ],
)
def test_networks_that_cannot_be_are_one_line(settings: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        models.make("mlp", settings)


@pytest.mark.skipif("cuda" not in available(), reason="no CUDA device here")
def test_a_gpu_trains_the_same() -> None:
    on_cpu, on_gpu = _train(), _train(device="cuda")
    assert on_gpu.attrs["device"] == "cuda"
    np.testing.assert_allclose(on_gpu.loss, on_cpu.loss, rtol=1e-3)
