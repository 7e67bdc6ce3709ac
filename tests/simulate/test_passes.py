"""One example through a network and back: what is recorded is autograd's, and torch's SGD's."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, mse_loss

from simulate.errors import UserError
from simulate.measures.passes import UNITS, passes

X = [0.5, -1.0, 2.0]


class Own(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(3, 5), nn.Linear(5, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.two(torch.tanh(self.one(x)))


def net(*layers: nn.Module) -> nn.Sequential:
    return nn.Sequential(*layers)


def networks() -> dict[str, tuple[nn.Module, Any, Any, str]]:
    torch.manual_seed(0)
    return {
        "own": (Own(), X, 1, "cross_entropy"),
        "relu": (net(nn.Linear(3, 6), nn.ReLU(), nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 3)),
                 X, 0, "cross_entropy"),
        "values": (net(nn.Linear(3, 4), nn.Sigmoid(), nn.Linear(4, 2), nn.Sigmoid()),
                   X, [0.0, 1.0], "mse"),
        "one layer": (net(nn.Linear(3, 2)), X, [0.3, -2.0], "mse"),
        "image": (net(nn.Flatten(), nn.Linear(12, 5), nn.Tanh(), nn.Linear(5, 3)),
                  np.random.default_rng(0).random((3, 4)), 2, "cross_entropy"),
        "wide": (net(nn.Linear(3, 40), nn.GELU(), nn.Linear(40, 30)), X, 29, "cross_entropy"),
    }  # fmt: skip


@pytest.mark.parametrize("name", networks())
def test_gradients_and_step_are_torchs(name: str) -> None:
    model, x, y, loss = networks()[name]
    before = copy.deepcopy(model.state_dict())
    found = passes(model, x, y, loss, lr=0.2)
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())

    plain = copy.deepcopy(model)
    linear = [each for each in plain.modules() if isinstance(each, nn.Linear)]
    image = torch.tensor(np.asarray(x), dtype=torch.float32)
    batch = image.reshape(1, 3, 4) if name == "image" else image.reshape(1, -1)
    sums: list[torch.Tensor] = []
    for each in linear:
        each.register_forward_hook(
            lambda *given: (given[2].retain_grad(), sums.append(given[2]))[1]
        )
    optimizer = torch.optim.SGD(plain.parameters(), lr=0.2)

    def total() -> torch.Tensor:
        out = plain(batch)
        if loss == "mse":
            return mse_loss(out, torch.tensor([y]))
        return cross_entropy(out, torch.tensor([y]))

    first = total()
    first.backward()
    old = [each.weight.detach().clone() for each in linear]
    for k in range(found.sizes["param"]):
        layer = linear[int(found.gap[k]) - 1]
        at = int(found.target[k]), int(found.source[k])
        assert layer.weight.grad is not None
        assert float(found.gradient[k]) == pytest.approx(layer.weight.grad[at].item(), abs=1e-6)
        assert float(found.weight[k]) == pytest.approx(layer.weight[at].item(), abs=1e-6)
        delta = sums[int(found.gap[k]) - 1].grad
        assert delta is not None
        pull = float(found.weight[k]) * delta[0, at[0]].item()
        assert float(found.pull[k]) == pytest.approx(pull, abs=1e-6)
    for k in range(found.sizes["unit"]):
        layer_index, index = int(found.unit_layer[k]), int(found.unit_index[k])
        if layer_index:
            grad = sums[layer_index - 1].grad
            assert grad is not None
            assert float(found.delta[k]) == pytest.approx(grad[0, index].item(), abs=1e-6)
    norms = [each.weight.grad.norm().item() for each in linear if each.weight.grad is not None]
    np.testing.assert_allclose(found.grad_norm, norms, rtol=1e-5)
    optimizer.step()
    for k in range(found.sizes["param"]):
        at = int(found.target[k]), int(found.source[k])
        gap = int(found.gap[k]) - 1
        moved = (linear[gap].weight[at] - old[gap][at]).item()
        assert float(found.change[k]) == pytest.approx(moved, abs=1e-6)
    assert found.attrs["loss_before"] == pytest.approx(first.item(), rel=1e-5)
    assert found.attrs["loss_after"] == pytest.approx(total().item(), rel=1e-4)


@pytest.mark.parametrize("name", ["own", "relu", "values"])
def test_the_rule_of_backpropagation_holds(name: str) -> None:
    """δ_j = h′(a_j) Σ_k w_kj δ_k, where all weights are recorded."""
    model, x, y, loss = networks()[name]
    found = passes(model, x, y, loss)
    derivative = {
        "own": lambda a: 1 - np.tanh(a) ** 2,
        "relu": lambda a: (a > 0) * 1.0,
        "values": lambda a: np.exp(-a) / (1 + np.exp(-a)) ** 2,
    }[name]
    for k in range(found.sizes["unit"]):
        layer = int(found.unit_layer[k])
        if 0 < layer < found.sizes["layer"]:
            back = (found.gap.values == layer + 1) & (
                found.source.values == int(found.unit_index[k])
            )
            sums = found.pull.values[back].sum()
            slope = derivative(float(found.pre_activation[k]))
            assert float(found.delta[k]) == pytest.approx(slope * sums, abs=1e-6)


def test_wide_layers_are_cut_to_the_strongest_and_what_is_named() -> None:
    model, x, y, loss = networks()["wide"]
    found = passes(model, x, y, loss)
    assert [(found.unit_layer.values == k).sum() for k in (0, 1, 2)] == [3, UNITS, UNITS]
    assert {found.attrs["label"], found.attrs["prediction"]} <= set(found["shown"].values.tolist())
    assert found.width.values.tolist() == [40, 30]


WRONG: list[tuple[nn.Module, Any, Any, dict[str, Any], str]] = [
    (net(nn.Conv1d(1, 1, 3)), X, 0, {}, "doesn't fit|linear layers"),
    (net(nn.ReLU()), X, 0, {}, "no parameters"),
    (net(nn.Linear(4, 2)), X, 0, {}, "doesn't fit"),
    (net(nn.Linear(3, 2)), [X, X], 0, {}, "shape"),
    (net(nn.Linear(3, 2)), [0.0, float("nan"), 1.0], 0, {}, "finite numbers"),
    (net(nn.Linear(3, 2)), X, 5, {}, "doesn't fit"),
    (net(nn.Linear(3, 2)), X, 0, {"lr": 0}, "lr is 0"),
    (net(nn.Linear(3, 2)), X, 0, {"classes": ["a"]}, "1 classes for 2 outputs"),
]


@pytest.mark.parametrize(("model", "x", "y", "more", "message"), WRONG)
def test_what_does_not_fit_is_refused(
    model: nn.Module, x: Any, y: Any, more: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserError, match=message) as caught:
        passes(model, x, y, **more)
    assert "\n" not in str(caught.value)


def test_skips_and_layers_used_twice_are_refused() -> None:
    class Skip(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = nn.Linear(3, 3), nn.Linear(3, 3)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            z = torch.tanh(self.one(x))
            return z + self.two(z)

    class Twice(Skip):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.one(self.one(x))

    with pytest.raises(UserError, match="no skips"):
        passes(Skip(), X, 0)
    with pytest.raises(UserError, match="used twice"):
        passes(Twice(), X, 0)


def test_after_the_step_the_example_passes_with_the_new_weights() -> None:
    model, x, y, _ = networks()["own"]
    found = passes(model, x, y, lr=0.2)
    plain = copy.deepcopy(model)
    batch = torch.tensor([x])
    cross_entropy(plain(batch), torch.tensor([y])).backward()
    torch.optim.SGD(plain.parameters(), lr=0.2).step()
    assert isinstance(plain, Own)
    hidden = torch.tanh(plain.one(batch))[0].detach().numpy()
    np.testing.assert_allclose(found.activation_after[found.unit_layer == 1], hidden, atol=1e-6)
    last = found.gap.values == 2
    weights = plain.two.weight.detach().numpy()
    wanted = (weights * hidden)[found.target.values[last], found.source.values[last]]
    np.testing.assert_allclose(found.signal_after.values[last], wanted, atol=1e-6)
    np.testing.assert_allclose(
        found.output_after, plain(batch).softmax(1)[0].detach().numpy(), atol=1e-6
    )
