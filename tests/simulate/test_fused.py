"""The compiled loop does what PyTorch does, step for step, and says which of them ran."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr
from torch import nn

from simulate import specs
from simulate.data._base import Data
from simulate.data._load import load
from simulate.errors import UserError
from simulate.models import _base as models
from simulate.training.train import train


def _digits(n_train: int = 300) -> Data:
    return load(specs.Data(name="mnist", n_train=n_train, n_test=50))


def _train(backend: str, *, lr: float = 0.01, epochs: int = 1, **arguments: Any) -> xr.Dataset:
    given = {"data": _digits(), "model": models.make("mlp"), "optimizer": "sgd", **arguments}
    return train(
        given.pop("model"),
        given.pop("data"),
        lr=lr,
        batch_size=1,
        epochs=epochs,
        backend=backend,
        **given,
    )


def test_it_equals_pytorch_over_the_first_1000_steps() -> None:
    runs = [
        train(
            models.make("mlp", {"init": "kaiming"}),
            _digits(),
            optimizer="sgd",
            lr=0.01,
            batch_size=1,
            steps=1000,
            backend=backend,
            record=specs.record("scalars", "evaluation", parameters=250),
        )
        for backend in ("fused", "eager")
    ]
    fused, eager = runs
    assert [run.attrs["backend"] for run in runs] == ["fused", "eager"]
    np.testing.assert_array_equal(fused.step, eager.step)
    for name in ("loss", "grad_norm", "train_loss", "test_loss"):
        np.testing.assert_allclose(fused[name], eager[name], rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(fused.test_accuracy, eager.test_accuracy)
    np.testing.assert_array_equal(fused.snapshot, eager.snapshot)
    scale = np.abs(eager.params.values).max()
    np.testing.assert_allclose(fused.params, eager.params, rtol=1e-4, atol=1e-4 * scale)
    assert eager.train_loss.values[-1] < 0.5 * eager.train_loss.values[0], "it learnt something"


@pytest.mark.parametrize("widths", [[784, 10], [784, 7, 10], [784, 5, 6, 3, 10]])
def test_it_equals_pytorch_whatever_the_widths(widths: list[int]) -> None:
    fused, eager = (
        _train(backend, model=models.make("mlp", {"widths": widths}), data=_digits(60))
        for backend in ("fused", "eager")
    )
    np.testing.assert_allclose(fused.loss, eager.loss, rtol=1e-4)
    np.testing.assert_allclose(fused.grad_norm, eager.grad_norm, rtol=1e-4)


def test_negative_inputs_count() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 9)).astype(np.float32)
    data = Data(x, np.arange(40) % 4, x, np.arange(40) % 4, label="toy", n_classes=4)
    fused, eager = (
        _train(backend, model=models.make("mlp", {"widths": [9, 6, 4]}), data=data, epochs=3)
        for backend in ("fused", "eager")
    )
    np.testing.assert_allclose(fused.loss, eager.loss, rtol=1e-4)


def test_recording_and_snapshots_change_nothing() -> None:
    often = _train("fused", record=specs.record("scalars", "evaluation", parameters=7), epochs=2)
    seldom = _train("fused", record=specs.record("evaluation", "parameters", scalars=100), epochs=2)
    assert seldom.step.values.tolist() == [0, 100, 200, 300, 400, 500, 600]
    np.testing.assert_array_equal(often.loss.sel(step=seldom.step), seldom.loss)
    np.testing.assert_array_equal(often.params.values[-1], seldom.params.values[-1])
    assert often.snapshot.values[:3].tolist() == [0, 7, 14]


def test_auto_takes_it_where_it_can() -> None:
    assert _train("auto").attrs["backend"] == "fused"
    assert "seconds" not in _train("auto"), "single steps aren't timed"
    assert _train("auto").epoch_seconds.attrs["measured"] == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"model": models.make("mlp", {"activation": "tanh"})}, "not made of Linear layers"),
        ({"model": nn.Sequential(nn.Linear(784, 10, bias=False))}, "not made of Linear layers"),
        ({"model": nn.Sequential(nn.Linear(784, 10), nn.ReLU())}, "not made of Linear layers"),
        ({"model": models.make("mlp").double()}, "not float32"),
        ({"loss": lambda outputs, targets: outputs.pow(2).mean()}, "not cross-entropy"),
        ({"optimizer": "momentum"}, "not plain SGD"),
        ({"optimizer": "adam"}, "not plain SGD"),
        ({"schedule": specs.Schedule(name="cosine")}, "not plain SGD"),
        ({"allow_divergence": True}, "may diverge"),
    ],
)
def test_what_it_cannot_do_is_done_eagerly_and_refused_if_asked_for(
    arguments: dict, reason: str
) -> None:
    assert _train("auto", data=_digits(60), lr=1e-4, **arguments).attrs["backend"] == "eager"
    with pytest.raises(UserError, match=rf"can't do this run: .*{reason}.*'auto'"):
        _train("fused", data=_digits(60), lr=1e-4, **arguments)


def test_frozen_parameters_stay() -> None:
    model = models.make("mlp", {"widths": [784, 6, 10]})
    next(model.parameters()).requires_grad_(False)
    before = next(model.parameters()).clone()
    assert _train("auto", model=model, data=_digits(60)).attrs["backend"] == "eager"
    assert torch.equal(next(model.parameters()), before)


def test_it_draws_with_replacement_too() -> None:
    fused, eager = (
        _train(backend, replacement=True, data=_digits(60)) for backend in ("fused", "eager")
    )
    np.testing.assert_allclose(fused.loss, eager.loss, rtol=1e-4)
