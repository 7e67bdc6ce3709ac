"""Fused equals plain on random small networks, and is taken for nothing that it doesn't list."""

from __future__ import annotations

import copy
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

import simulate


def _case(seed: int) -> tuple[nn.Module, np.ndarray, np.ndarray, float, int]:
    """Return a network of random depth and widths, examples, a rate, and a number of steps."""
    rng = np.random.default_rng(seed)
    widths = rng.integers(1, 9, rng.integers(2, 6)).tolist()
    widths[-1] = int(rng.integers(2, 6))
    torch.manual_seed(seed)
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(widths):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    n = int(rng.integers(2, 30))
    x = rng.normal(size=(n, widths[0])).astype("f4") * rng.choice([0.1, 1.0, 3.0])
    x[rng.random(x.shape) < rng.choice([0.0, 0.5, 0.9])] = 0  # what the loop skips
    y = rng.integers(0, widths[-1], n)
    return nn.Sequential(*layers[:-1]), x, y, float(rng.choice([0.01, 0.1])), int(3 * n + 1)


@pytest.mark.parametrize("seed", range(40))
def test_fused_equals_plain_on_a_random_network(seed: int) -> None:
    model, x, y, lr, steps = _case(seed)
    runs, models = [], []
    for backend in ("auto", "eager"):
        models.append(copy.deepcopy(model))
        runs.append(
            simulate.train(
                models[-1], (x, y), test=(x, y), optimizer="sgd", lr=lr, batch_size=1, steps=steps,
                seed=seed, backend=backend, record=["scalars", "evaluation",
                simulate.probe("parameters", every=1 + seed % 7)],
            )
        )  # fmt: skip
    fused, eager = runs
    assert (fused.attrs["backend"], eager.attrs["backend"]) == ("fused", "eager")
    for name in ("loss", "grad_norm", "train_loss", "test_loss", "params"):
        np.testing.assert_allclose(fused[name], eager[name], rtol=2e-3, atol=2e-5, err_msg=name)
    np.testing.assert_array_equal(fused.snapshot, eager.snapshot)
    np.testing.assert_array_equal(fused.step, eager.step)
    for one, other in zip(models[0].parameters(), models[1].parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=2e-3, atol=2e-5)


X = np.random.default_rng(0).normal(size=(12, 3)).astype("f4")
Y = (X[:, 0] > 0).astype("i8")


def _net() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 2))


def _reason(model: nn.Module | None = None, **arguments: object) -> str:
    given = {"optimizer": "sgd", "lr": 0.1, "batch_size": 1, "steps": 3, **arguments}
    run = simulate.train(model or _net(), given.pop("train", (X, Y)), **given)  # type: ignore[arg-type]
    return str(run.attrs["backend_reason"])


def test_it_says_that_it_is_the_same() -> None:
    assert _reason() == "it is the same computation"
    assert _reason(loss=nn.CrossEntropyLoss()) == "it is the same computation"
    assert _reason(loss=functional.cross_entropy) == "it is the same computation"


def test_every_refusal_has_its_reason() -> None:
    def sgd(**settings: object) -> object:
        return lambda params: torch.optim.SGD(params, lr=0.1, **settings)  # type: ignore[arg-type]

    buffered = _net()
    buffered[0].register_buffer("unused", torch.zeros(1))
    frozen = _net()
    frozen[0].bias.requires_grad_(False)
    own = {"optimizer": None, "lr": None}
    ignored = Y.copy()
    ignored[np.random.default_rng([0, 0]).permutation(12)[-1]] = -100  # not among the first three
    reasons = {
        _reason(loss=nn.CrossEntropyLoss(label_smoothing=0.1)): "the loss is not cross-entropy",
        _reason(**{**own, "optimizer": sgd(momentum=0.5)}): "the optimizer is not plain SGD",
        _reason(**{**own, "optimizer": sgd(weight_decay=0.1)}): "the optimizer is not plain SGD",
        _reason(**{**own, "optimizer": sgd(maximize=True)}): "the optimizer is not plain SGD",
        _reason(schedule=lambda step: 1.0): "the optimizer is not plain SGD",
        _reason(buffered): "the network has buffers",
        _reason(frozen): "some parameters are frozen",
        _reason(_net().double()): "the parameters are not float32",
        _reason(zero_grad=False): "gradients are not cleared",
        _reason(allow_divergence=True): "it may diverge",
        _reason(record=["scalars", "gradients"]): "the probe gradients looks into single steps",
        _reason(train=(X, ignored)): "some labels have no output",
        _reason(batch_size=2): "batches have more than one example",
    }
    for found, expected in reasons.items():
        assert found.startswith(expected), found


def test_hooks_on_all_modules_are_seen() -> None:
    handle = nn.modules.module.register_module_forward_hook(lambda module, inputs, output: None)
    try:
        assert _reason() == "there are hooks on all modules"
    finally:
        handle.remove()


def test_autocast_is_seen() -> None:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert _reason() == "autocast is on"
