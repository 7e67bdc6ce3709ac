"""Penalties: their values and slopes by hand, what they leave alone, and a run's address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from simulate import specs, train
from simulate.errors import UserError
from simulate.training import penalties
from simulate.training.steps import steps

RNG = np.random.default_rng(0)
X = RNG.standard_normal((40, 3)).astype(np.float32)
Y = (X @ np.array([[1.5], [-0.5], [0.0]]) + 0.3).astype(np.float32)


def network(*, bias: bool = True) -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4, bias=bias), nn.Tanh(), nn.Linear(4, 1, bias=bias))


@pytest.mark.parametrize("name", ["l1", "l2"])
def test_slopes_are_those_of_the_loss_and_of_the_penalty(name: str) -> None:
    strength, model = 0.03, network()
    before = {key: param.detach().clone() for key, param in model.named_parameters()}
    first = next(steps(model, (X, Y), "sgd", "mse", lr=0.1, steps=1, penalty={name: strength}))
    bare = next(steps(network(), (X, Y), "sgd", "mse", lr=0.1, steps=1))
    total = 0.0
    for key, slope in first.gradients.items():
        own = slope - bare.gradients[key]
        weight = before[key]
        if weight.ndim == 1:  # biases go free
            torch.testing.assert_close(own, torch.zeros_like(own))
            continue
        by_hand = weight.sign() if name == "l1" else 2 * weight
        torch.testing.assert_close(own, strength * by_hand, atol=1e-6, rtol=1e-5)
        total += float(weight.abs().sum() if name == "l1" else (weight**2).sum())
    assert first.loss == bare.loss
    assert first.penalty is not None
    assert float(first.penalty) == pytest.approx(strength * total, rel=1e-5)


def test_l2_is_twice_torchs_weight_decay_with_plain_descent() -> None:
    ours, torchs = network(bias=False), network(bias=False)
    sgd = torch.optim.SGD(torchs.parameters(), lr=0.1, weight_decay=2 * 0.02)
    kwargs: dict[str, Any] = {"loss": "mse", "batch_size": 8, "steps": 30, "device": "cpu"}
    mine = train(ours, (X, Y), optimizer="sgd", lr=0.1, penalty={"l2": 0.02}, **kwargs)
    theirs = train(torchs, (X, Y), optimizer=sgd, **kwargs)
    np.testing.assert_allclose(mine.params, theirs.params, atol=1e-6)
    np.testing.assert_allclose(mine.loss, theirs.loss, atol=1e-6)
    assert "penalty" in mine
    assert "penalty" not in theirs
    assert mine.attrs["penalty"] == "l2 0.02"


def test_what_looks_twice_sees_loss_and_penalty() -> None:
    """L-BFGS calls its closure again: it ends at the ridge solution."""
    line = nn.Linear(3, 1, bias=False).double()
    x, y = X.astype(float), Y.astype(float) - 0.3
    lbfgs = torch.optim.LBFGS(line.parameters(), lr=0.5, tolerance_change=0)
    train(line, (x, y), loss="mse", optimizer=lbfgs, steps=20, penalty={"l2": 0.5}, device="cpu")
    ridge = np.linalg.solve(x.T @ x / len(x) + 0.5 * np.eye(3), x.T @ y / len(x))
    np.testing.assert_allclose(line.weight.detach().numpy().T, ridge, atol=1e-5)


def test_a_function_of_the_model_and_none() -> None:
    def first(model: nn.Module) -> torch.Tensor:
        return 3 * next(model.parameters()).square().sum()

    found = penalties.find(first)
    assert found is first
    assert penalties.name_of(first) == "first"
    assert penalties.find({}) is penalties.find({"l1": 0}) is penalties.find(None) is None
    both = penalties.find({"l1": 1.0, "l2": 1.0})
    assert both is not None
    model = network()
    weights = [p.detach() for p in model.parameters() if p.ndim > 1]
    by_hand = sum(float(w.abs().sum() + (w**2).sum()) for w in weights)
    assert both(model).item() == pytest.approx(by_hand, rel=1e-6)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"l3": 1.0}, "no penalty is called 'l3'; there is l1, l2"),
        ({"l1": -1.0}, "penalty 'l1' is -1.0; it takes a finite number from 0 on"),
        ({"l1": float("nan")}, "it takes a finite number from 0 on"),
        ("l1", "penalty is 'l1'; it takes names with strengths"),
        (lambda model: torch.ones(2), "the penalty returns a tensor of shape"),
        (lambda model: torch.ones(()), "the penalty has no gradient"),
    ],
)
def test_a_wrong_penalty_is_one_line(given: object, said: str) -> None:
    with pytest.raises(UserError, match=said):
        train(network(), (X, Y), loss="mse", steps=1, penalty=given, device="cpu")


def test_it_is_part_of_a_runs_address_and_of_its_checkpoint(tmp_path: Path) -> None:
    def spec(**more: Any) -> specs.Train:
        return specs.Train(
            data=specs.Data(name="xor"),
            model=specs.Model(name="mlp", settings={"widths": [2, 2]}),
            optimizer=specs.Optimizer(name="sgd"),
            steps=1,
            **more,
        )

    given = [{}, {"l1": 0.1}, {"l1": 0.2}, {"l2": 0.1}]
    addresses = {specs.address(spec(penalty=each), data_digest=None) for each in given}
    assert len(addresses) == 4
    with pytest.raises(UserError, match="penalty"):
        spec(penalty={"l3": 0.1})
    with pytest.raises(UserError, match="penalty"):
        spec(penalty={"l1": -0.1})
    kwargs: dict[str, Any] = {"loss": "mse", "steps": 3, "device": "cpu"}
    kwargs |= {"checkpoint": tmp_path / "run", "checkpoint_seconds": 0}
    train(network(), (X, Y), penalty={"l1": 0.1}, **kwargs)
    with pytest.raises(UserError, match=r"is of another run: its penalty is l1 0\.1, not l1 0\.2"):
        train(network(), (X, Y), penalty={"l1": 0.2}, **kwargs)


def test_a_penalty_keeps_a_run_from_being_fused() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    labels = (Y[:, 0] > 0).astype(int)
    run = train(model, (X, labels), optimizer="sgd", lr=0.1, batch_size=1, steps=3,
                penalty={"l2": 0.1}, device="cpu")  # fmt: skip
    assert run.attrs["backend"] == "eager"
    assert run.attrs["backend_reason"] == "a penalty is added to the loss"
