"""The graph that autograd built while a tensor was computed, read from ``grad_fn``.

Every operation on something that needs a gradient left a node behind, which knows the nodes of what
it was made from (``next_functions``) and how to pass a gradient on to them. Going back from the
loss finds them all; a backward pass with a hook at every node tells in which order gradients come
through, and how large they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
import xarray as xr
from torch import nn

from simulate.errors import UserError
from simulate.measures._layers import layered
from simulate.recording import variable

MOST = 60  # nodes: more than that is no picture
SHOWN = 6  # numbers of a gradient that are written out

# What autograd's nodes do, for those whose name doesn't say it.
PLAIN = {
    "MseLoss": "squared error", "Addmm": "product + bias", "T": "transpose", "Mm": "product",
    "NllLoss": "−log p of the label", "LogSoftmax": "log softmax", "Mul": "times", "Add": "plus",
    "Sub": "minus", "Div": "divided by", "Pow": "power", "AccumulateGrad": "parameter",
}  # fmt: skip


def autograd_graph(
    loss: torch.Tensor, params: nn.Module | Iterable[tuple[str, torch.Tensor]] | None = None
) -> xr.Dataset:
    """Return the graph behind a tensor, as PyTorch built it, and how gradients come through it.

    Gradients that parameters have already are left as they are, and the graph is kept.

    Parameters
    ----------
    loss : Tensor
        One number that was computed from something that needs a gradient.
    params : nn.Module, or pairs of name and tensor, optional
        Names for the leaves.

    Returns
    -------
    Dataset
        By node (v), each after those that it is made from: ``name``, autograd's own,
        ``plain``, what it does in words, or which parameter it is; ``is_leaf``; ``turn``, its
        place in the backward pass (from 0); ``shape`` of the gradient that arrives, and its
        ``norm``; ``gradient``, the numbers themselves where there are at most 6; ``stops``, how
        many of its inputs need no gradient; ``depth`` and ``lane``, where to draw it. By edge
        (component): ``source``, ``target``, ``route_depth``, ``route_lane`` (component, position).
        Attributes: ``n_nodes``, ``n_leaves``, ``n_stops``, ``loss``.

    Raises
    ------
    UserError
        If there is no graph (nothing needs a gradient, or it has been freed), the tensor is not
        one number, or there are more than 60 nodes.

    Examples
    --------
    >>> model = nn.Linear(2, 1)
    >>> found = autograd_graph(model(torch.ones(4, 2)).square().mean(), model)
    >>> sorted(found.plain.values[found.is_leaf == 1].tolist())
    ['bias', 'weight']
    """
    if not isinstance(loss, torch.Tensor) or loss.numel() != 1:
        raise UserError("loss is not one number; give what loss.backward() is called on")
    if loss.grad_fn is None:
        raise UserError("loss has no graph: it is computed from nothing that needs a gradient")
    pairs = params.named_parameters() if isinstance(params, nn.Module) else params or []
    names = {id(tensor): name for name, tensor in pairs}
    nodes = _nodes(loss.grad_fn)
    place = {id(node): i for i, node in enumerate(nodes)}
    leaves = [getattr(node, "variable", None) for node in nodes]
    arrived, turns = _pass_back(loss, nodes, [leaf for leaf in leaves if leaf is not None])
    edges = [
        (place[id(made_from)], i)
        for i, node in enumerate(nodes)
        for made_from, _ in node.next_functions
        if made_from is not None
    ]
    edges = list(dict.fromkeys(edges))
    stops = [sum(other is None for other, _ in node.next_functions) for node in nodes]
    plain = [
        _plain(node.name()) if leaf is None else names.get(id(leaf), "leaf")
        for node, leaf in zip(nodes, leaves, strict=True)
    ]
    depth, lane, routes = layered(len(nodes), edges, late=True)
    each, along = "v", "component"
    return xr.Dataset(
        {
            "name": variable(each, [node.name().split("::")[-1] for node in nodes], "node"),
            "plain": variable(each, plain, "what it does"),
            "is_leaf": variable(each, [int(leaf is not None) for leaf in leaves], "is a leaf"),
            "turn": variable(each, turns, "place in the backward pass"),
            "shape": variable(
                each, [_shape(grad) for grad in arrived], "shape of the gradient that comes"
            ),
            "norm": variable(
                each, [float(grad.double().norm()) for grad in arrived], "norm of the gradient"
            ),
            "gradient": variable(each, [_numbers(grad) for grad in arrived], "gradient"),
            "stops": variable(each, stops, "inputs that need no gradient"),
            "depth": variable(each, depth, "column"),
            "lane": variable(each, lane, "height"),
            "source": variable(along, np.array([e[0] for e in edges], dtype=int), "from"),
            "target": variable(along, np.array([e[1] for e in edges], dtype=int), "to"),
            "route_depth": variable((along, "position"), routes[..., 0], "column"),
            "route_lane": variable((along, "position"), routes[..., 1], "height"),
        },
        attrs={
            "n_nodes": len(nodes),
            "n_leaves": sum(leaf is not None for leaf in leaves),
            "n_stops": sum(stops),
            "loss": float(loss.detach()),
        },
    )


def _nodes(last: Any) -> list[Any]:
    """Return all nodes that a node leads back to, each after those that it is made from."""
    found: dict[int, Any] = {}

    def walk(node: Any) -> None:
        # A stack of our own: a deep network's graph is deeper than Python's.
        open_nodes = [(node, iter(node.next_functions))]
        seen.add(id(node))
        while open_nodes:
            current, rest = open_nodes[-1]
            following = next((n for n, _ in rest if n is not None and id(n) not in seen), None)
            if following is None:
                found[id(current)] = current
                open_nodes.pop()
            else:
                seen.add(id(following))
                open_nodes.append((following, iter(following.next_functions)))

    seen: set[int] = set()
    walk(last)
    if len(found) > MOST:
        raise UserError(f"the graph has {len(found)} nodes; more than {MOST} are no picture")
    return list(found.values())


def _pass_back(
    loss: torch.Tensor, nodes: list[Any], leaves: list[torch.Tensor]
) -> tuple[list[torch.Tensor], list[int]]:
    """Run a backward pass; return the gradient that came to each node, and its turn."""
    came: dict[int, torch.Tensor] = {}
    order: dict[int, int] = {}

    def hook(key: int) -> Any:
        def note(grads: tuple[torch.Tensor, ...]) -> None:
            came[key] = next(g.detach().clone() for g in grads if g is not None)
            order[key] = len(order)

        return note

    hooks = [node.register_prehook(hook(i)) for i, node in enumerate(nodes)]
    before = [(leaf, leaf.grad) for leaf in leaves]
    try:
        for leaf in leaves:
            leaf.grad = None
        loss.backward(retain_graph=True)
    except RuntimeError as error:
        said = " ".join(str(error).split(". ")[0].split())
        raise UserError(f"the graph can't be passed back through: {said}") from error
    finally:
        for handle in hooks:
            handle.remove()
        for leaf, grad in before:
            leaf.grad = grad
    return [came[i] for i in range(len(nodes))], [order[i] for i in range(len(nodes))]


def _plain(name: str) -> str:
    """Return what a node does in words: "MseLossBackward0" is "squared error".

    Examples
    --------
    >>> _plain("MseLossBackward0"), _plain("LeakyReluBackward0"), _plain("TBackward0")
    ('squared error', 'leaky relu', 'transpose')
    """
    stem = re.sub(r"Backward\d*$", "", name.split("::")[-1])
    return PLAIN.get(stem) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", stem).lower()


def _shape(grad: torch.Tensor) -> str:
    return " × ".join(f"{n:,}" for n in grad.shape) or "1"


def _numbers(grad: torch.Tensor) -> str:
    """Return a small gradient's numbers, with true minus signs; "" for a large one."""
    if grad.numel() > SHOWN:
        return ""
    numbers = [f"{value + 0:.2f}".replace("-", "−") for value in grad.double().flatten().tolist()]
    return ", ".join(numbers)
