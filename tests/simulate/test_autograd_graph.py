"""PyTorch's own graph: every node of it, its edges, and the gradients as backward() makes them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, mse_loss

from simulate.errors import UserError
from simulate.measures.autograd_graph import autograd_graph


def net() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))


def loss_of(model: nn.Module) -> torch.Tensor:
    x = torch.randn(5, 3, generator=torch.Generator().manual_seed(1))
    return cross_entropy(model(x), torch.tensor([0, 1, 0, 1, 0]))


def edges(node: Any, found: set[tuple[str, str, int, int]] | None = None) -> set[Any]:
    """Return all edges behind a node, walked without any help of ours."""
    found = set() if found is None else found
    for other, _ in node.next_functions:
        if other is not None:
            new = (other.name(), node.name(), id(other), id(node))
            if new not in found:
                found.add(new)
                edges(other, found)
    return found


def test_nodes_and_edges_are_those_of_grad_fn() -> None:
    model = net()
    loss = loss_of(model)
    found = autograd_graph(loss, model)
    real = edges(loss.grad_fn)
    names = [str(name) for name in found.name.values]
    drawn = sorted((names[s], names[t]) for s, t in zip(found.source.values, found.target.values,
                                                        strict=True))  # fmt: skip
    plain = {name: name.split("::")[-1] for edge in real for name in edge[:2]}
    assert drawn == sorted((plain[a], plain[b]) for a, b, _, _ in real)
    assert (found.source < found.target).all()
    assert names[-1] == "NllLossBackward0"
    leaves = {
        str(p) for p, leaf in zip(found.plain.values, found.is_leaf.values, strict=True) if leaf
    }
    assert leaves == {"0.weight", "0.bias", "2.weight", "2.bias"}


def test_gradients_that_arrive_are_those_of_backward() -> None:
    model = net()
    kept = torch.full_like(model[0].weight, 7.0)
    model[0].weight.grad = kept
    found = autograd_graph(loss_of(model), model)
    assert model[0].weight.grad is kept, "gradients that were there are left"
    assert model[2].weight.grad is None
    loss_of(model).backward()
    kept_before = torch.full_like(kept, 7.0)
    for name, param in model.named_parameters():
        (at,) = np.flatnonzero(found.plain.values == name)
        assert param.grad is not None
        grad = param.grad - kept_before if name == "0.weight" else param.grad
        assert float(found.norm[at]) == pytest.approx(grad.norm().item(), rel=1e-5)
        assert str(found["shape"].values[at]) == " × ".join(map(str, param.shape))


def test_turns_are_an_order_in_which_every_gradient_is_whole() -> None:
    found = autograd_graph(loss_of(net()))
    turn = found.turn.values
    assert sorted(turn.tolist()) == list(range(found.sizes["v"]))
    for source, target in zip(found.source.values, found.target.values, strict=True):
        assert turn[source] > turn[target]
    assert (found.plain.values[found.is_leaf.values == 1] == "leaf").all()


def test_the_graph_is_kept_and_small_gradients_are_written_out() -> None:
    w = torch.tensor([1.0, -2.0], requires_grad=True)
    loss = mse_loss(w * torch.tensor([2.0, 1.0]), torch.tensor([1.0, 0.0]))
    found = autograd_graph(loss, [("w", w)])
    (at,) = np.flatnonzero(found.plain.values == "w")
    assert str(found.gradient.values[at]) == "2.00, −2.00"
    assert found.stops.values.sum() == 2, "the factor and the target"
    loss.backward()


def test_what_has_no_graph_is_refused() -> None:
    with pytest.raises(UserError, match="no graph"):
        autograd_graph(torch.tensor(1.0))
    with pytest.raises(UserError, match="not one number"):
        autograd_graph(torch.ones(2, requires_grad=True) * 2)
    w = torch.ones((), requires_grad=True)
    loss = (w * w).exp()
    loss.backward()
    with pytest.raises(UserError, match="can't be passed back"):
        autograd_graph(loss)
    long = w
    for _ in range(70):
        long = long * 2
    with pytest.raises(UserError, match="71 nodes"):
        autograd_graph(long)
