r"""One example through a network, forward and back, and the step that follows: every number.

With a the sum of a unit and z = h(a) what it gives on, the errors come back by

.. math:: \delta_j = \frac{\partial L}{\partial a_j} = h'(a_j) \sum_k w_{kj} \delta_k, \qquad
          \frac{\partial L}{\partial w_{ji}} = \delta_j z_i

Nothing of this is computed here: autograd does, in the network as it is, and what is recorded is
held to the sums above (Bishop and Bishop 2024, "Deep Learning", section 8.1).
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
import xarray as xr
from torch import nn

from simulate.errors import UserError
from simulate.recording import variable
from simulate.training import arguments, losses
from simulate.training.examples import tensor

UNITS = 24  # of a layer that are recorded: as many as a picture can tell apart
LINES = 150  # weights of a gap between layers that are recorded, the strongest
NEAR = 1e-4  # by which sums may differ, relative to the largest


@dataclass
class _Layer:
    """What passed through a linear layer: z in, a out, both with their gradients."""

    linear: nn.Linear
    z: torch.Tensor
    a: torch.Tensor


def passes(
    model: nn.Module,
    inputs: Any,
    target: Any,
    loss: str | losses.Function = "cross_entropy",
    *,
    lr: float = 0.1,
    classes: Sequence[str] | None = None,
) -> xr.Dataset:
    """Send one example through a network, its errors back, and take one step down the gradient.

    The network is left as it is; the step is taken by a copy.

    Parameters
    ----------
    model : nn.Module
        Linear layers one after the other, with anything between them that works unit by unit: an
        `nn.Sequential` or a module of one's own.
    inputs : array_like
        One example; an image, shape (rows, columns), is drawn as one.
    target : int or array_like
        The class, or the values that the outputs should have.
    loss : str or callable
        As in `simulate.train`; for ``"cross_entropy"`` the outputs are recorded as probabilities.
    lr : float
        Of the step, η in w − η ∂L/∂w.
    classes : sequence of str, optional
        Names of the outputs.

    Returns
    -------
    Dataset
        ``image`` (y, x), the inputs. By unit (unit) of all layers behind them, the strongest 24 of
        a layer: ``layer`` (from 1; 0 are the inputs, where those are no image), ``index`` in its
        layer, ``activation``, ``activation_after`` the step, ``pre_activation``, ``delta`` (∂L/∂a;
        of inputs ∂L/∂x). By weight (param), the strongest 150 between two layers: ``gap`` (from 1),
        ``source`` and ``target`` (indices in their layers), ``weight``, ``signal`` (w z, forward),
        ``signal_after`` the step, ``pull`` (w δ, back), ``gradient`` (δ z) and ``change`` (−η δ z).
        By output (class): ``output`` and ``output_after``, ``wanted``, ``output_delta``, ``shown``
        (place among all outputs). By layer (layer): ``width``, ``grad_norm``. Attributes:
        ``loss_before``, ``loss_after``, ``lr``, ``kind`` ("classes" or "values"), ``label``,
        ``prediction``, ``prediction_after``, ``label_name``, ``prediction_name``, ``one`` (what an
        example is), ``p_label``, ``p_label_after``, ``p_prediction``, ``falls`` (whether the loss
        does), ``n_hidden``, ``n_off`` (hidden units whose h′ is 0), ``widths``, ``n_params``,
        ``is_image``, ``lines`` (150).

    Raises
    ------
    UserError
        If the model is no such network, the example doesn't fit it, or a number isn't finite.

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    >>> found = passes(net, [0.5, -1.0, 2.0], 1, lr=0.5)
    >>> found.delta.dims, found.attrs["widths"], found.attrs["falls"]
    (('unit',), '3–4–2', 1)
    """
    network = copy.deepcopy(arguments.model(model)).eval()
    if not isinstance(lr, int | float) or isinstance(lr, bool) or not 0 < lr < float("inf"):
        raise UserError(f"lr is {lr!r}; it takes a positive number")
    x, y, image = _example(network, inputs, target)
    function = losses.find(loss)
    layers, out, before = _forward(network, x, y, function)
    network.zero_grad()
    before.backward()
    _check(layers)
    first = [_detached(layer) for layer in layers]
    probabilities = function is losses.LOSSES["cross_entropy"]
    output, delta_out = _said(out, probabilities), _of(out.grad)[0]
    with torch.no_grad():
        for param in network.parameters():
            if param.grad is not None:
                param.sub_(lr * param.grad)
    again, after_out, after = _forward(network, x, y, function)
    if not all(np.isfinite(each) for each in (before.item(), after.item())):
        raise UserError(f"the loss goes from {before.item():g} to {after.item():g}; lower lr")
    after_output = _said(after_out, probabilities)
    wanted = np.eye(len(output))[int(y)] if probabilities else _of(y)
    kinds = {
        "label": int(y) if probabilities else -1,
        "prediction": int(output.argmax()) if probabilities else -1,
        "prediction_after": int(after_output.argmax()) if probabilities else -1,
    }
    kept = _kept(first, kinds)
    names = [str(i) for i in range(len(output))] if classes is None else list(map(str, classes))
    if len(names) != len(output):
        raise UserError(f"{len(names)} classes for {len(output)} outputs; give one for each")
    weights = _weights(first, kept, image is None, lr, again)
    units = _units(first, kept, (output, after_output), image is None, again)
    shown = kept[-1]
    off = [_off(layer, above) for layer, above in pairwise(first)]
    pixels = _of(x).reshape(1, -1) if image is None else image
    widths = [first[0].linear.in_features, *(layer.linear.out_features for layer in first)]
    return xr.Dataset(
        {
            "image": variable(("y", "x"), pixels, "inputs"),
            **units,
            **weights,
            "output": variable("class", output[shown], "output"),
            "output_after": variable("class", after_output[shown], "output after the step"),
            "wanted": variable("class", wanted[shown], "what it should be"),
            "output_delta": variable("class", delta_out[shown], "error of the output"),
            "shown": variable("class", shown, "place among the outputs"),
            "width": variable("layer", np.array(widths[1:]), "units"),
            "grad_norm": variable(
                "layer",
                np.array([np.linalg.norm(layer.a_grad[:, None] * layer.z) for layer in first]),
                "norm of the gradient by its weights",
            ),
        },
        coords={"class": [names[i] for i in shown]},
        attrs={
            "loss_before": before.item(),
            "loss_after": after.item(),
            "lr": float(lr),
            "kind": "classes" if probabilities else "values",
            **kinds,
            "label_name": names[kinds["label"]] if probabilities else "",
            "prediction_name": names[kinds["prediction"]] if probabilities else "",
            "one": "example",
            "p_label": float(output[kinds["label"]]) if probabilities else -1.0,
            "p_label_after": float(after_output[kinds["label"]]) if probabilities else -1.0,
            "p_prediction": float(output.max()) if probabilities else -1.0,
            "falls": int(after.item() < before.item()),
            "n_hidden": int(sum(widths[1:-1])),
            "n_off": int(sum(each.sum() for each in off)),
            "widths": "–".join(map(str, widths)),
            "n_params": int(sum(param.numel() for param in network.parameters())),
            "is_image": int(image is not None),
            "lines": LINES,
        },
    )


@dataclass
class _Numbers:
    """A layer's numbers as arrays: z (n_in,), a and its gradient (n_out,), z's gradient (n_in,)."""

    linear: nn.Linear
    weight: np.ndarray
    z: np.ndarray
    a: np.ndarray
    z_grad: np.ndarray
    a_grad: np.ndarray


def _example(
    network: nn.Module, inputs: Any, target: Any
) -> tuple[torch.Tensor, torch.Tensor, np.ndarray | None]:
    """Return one example as a batch, and its image if it is one."""
    params = list(network.parameters())
    if not params:
        raise UserError("the model has no weights; there is nothing to pass errors back to")
    x = tensor(inputs, "inputs").detach().to(params[0].device, params[0].dtype)
    if x.ndim > 2 and all(n == 1 for n in x.shape[:-2]):
        x = x.reshape(x.shape[-2:])
    if x.ndim == 2 and x.shape[0] == 1:
        x = x[0]
    if x.ndim not in (1, 2) or x.numel() == 0 or not bool(torch.isfinite(x).all()):
        raise UserError(
            f"inputs have the shape {tuple(x.shape)}; give one example of finite numbers, "
            "(features,) or an image (rows, columns)"
        )
    image = _of(x) if x.ndim == 2 else None
    flattens = any(isinstance(module, nn.Flatten) for module in network.modules())
    x = x[None] if image is not None and flattens else x.reshape(1, -1)
    y = tensor(target, "target").detach().to(params[0].device)
    y = y.reshape(-1)
    return x.requires_grad_(), y.to(params[0].dtype) if y.is_floating_point() else y, image


def _forward(
    network: nn.Module, x: torch.Tensor, y: torch.Tensor, loss: losses.Loss
) -> tuple[list[_Layer], torch.Tensor, torch.Tensor]:
    """Run the network and its loss, noting what passes through its linear layers."""
    layers: list[_Layer] = []

    def note(linear: nn.Module, given: tuple[torch.Tensor, ...], out: torch.Tensor) -> None:
        assert isinstance(linear, nn.Linear)
        for each in (given[0], out):
            if each.requires_grad:
                each.retain_grad()
        layers.append(_Layer(linear, given[0], out))

    hooks = [
        module.register_forward_hook(note)
        for module in network.modules()
        if isinstance(module, nn.Linear)
    ]
    try:
        out = network(x)
        if not isinstance(out, torch.Tensor) or out.ndim != 2 or len(out) != 1:
            raise UserError("the model's output for one example is not (1, outputs)")
        out.retain_grad()
        aim = y
        if loss is not losses.LOSSES["cross_entropy"]:
            aim = y.to(out.dtype).reshape(out.shape)
        total = loss.function(out, aim)
    except UserError:
        raise
    except Exception as error:
        raise UserError(f"the example doesn't fit: {arguments.one_line(error)}") from error
    finally:
        for hook in hooks:
            hook.remove()
    if len({id(layer.linear) for layer in layers}) != len(layers):
        raise UserError("a linear layer is used twice; passes takes each once")
    sizes = [(layer.linear.in_features, layer.linear.out_features) for layer in layers]
    if (
        not sizes
        or any(a[1] != b[0] for a, b in pairwise(sizes))
        or any(layer.z.numel() != layer.linear.in_features for layer in layers)
    ):
        raise UserError(
            "passes takes linear layers one after the other, each on what the last one gave; "
            f"this model has {', '.join(f'{a}→{b}' for a, b in sizes) or 'none'}"
        )
    return layers, out, total


def _check(layers: list[_Layer]) -> None:
    """Make sure that errors come back through the weights alone: no ways around a layer."""
    for layer in layers:
        if layer.z.grad is None or layer.a.grad is None:
            raise UserError("autograd gives a layer no gradient; the loss doesn't depend on it")
        back = layer.a.grad @ layer.linear.weight.detach()
        size = max(1e-12, float(layer.z.grad.abs().max()), float(back.abs().max()))
        if float((back - layer.z.grad).abs().max()) > NEAR * size:
            raise UserError(
                "errors don't come back through the weights alone; passes takes no skips"
            )


def _detached(layer: _Layer) -> _Numbers:
    assert layer.z.grad is not None
    assert layer.a.grad is not None
    return _Numbers(
        layer.linear,
        _of(layer.linear.weight).copy(),
        _of(layer.z).ravel(),
        _of(layer.a).ravel(),
        _of(layer.z.grad).ravel(),
        _of(layer.a.grad).ravel(),
    )


def _said(out: torch.Tensor, probabilities: bool) -> np.ndarray:
    return _of(out.detach().double().softmax(1) if probabilities else out)[0]


def _off(layer: _Numbers, above: _Numbers) -> np.ndarray:
    """Return which hidden units pass nothing back though something comes: h′(a) is 0."""
    return (layer.a_grad == 0) & (above.z_grad != 0)


def _kept(layers: list[_Numbers], kinds: dict[str, int]) -> list[np.ndarray]:
    """Return which units of the inputs and of every layer are recorded, in their order."""
    kept = []
    strengths = [np.abs(layers[0].z)]
    for layer, above in zip(layers, [*layers[1:], None], strict=True):
        size = np.abs(layer.a_grad) / max(float(np.abs(layer.a_grad).max()), 1e-12)
        if above is not None:
            size = size + np.abs(above.z) / max(float(np.abs(above.z).max()), 1e-12)
        strengths.append(size)
    for strength in strengths:
        kept.append(np.sort(np.argsort(-strength, kind="stable")[:UNITS]))
    named = {k for k in kinds.values() if k >= 0} - set(kept[-1].tolist())
    if named:  # what is spoken of is shown
        kept[-1] = np.array(sorted([*kept[-1][: UNITS - len(named)].tolist(), *named]))
    return kept


def _units(
    layers: list[_Numbers],
    kept: list[np.ndarray],
    outputs: tuple[np.ndarray, np.ndarray],
    with_inputs: bool,
    again: list[_Layer],
) -> dict[str, xr.Variable]:
    said = {
        "layer": "layer", "index": "place in its layer", "activation": "activation z",
        "activation_after": "activation after the step", "pre_activation": "sum a",
        "delta": "error ∂L/∂a",
    }  # fmt: skip
    found: dict[str, list[np.ndarray]] = {name: [] for name in said}
    if with_inputs:
        own = kept[0]
        for name, values in (
            ("layer", np.zeros(len(own), dtype=int)), ("index", own),
            ("activation", layers[0].z[own]), ("activation_after", layers[0].z[own]),
            ("pre_activation", layers[0].z[own]),
            ("delta", layers[0].z_grad[own]),
        ):  # fmt: skip
            found[name].append(values)
    for k, layer in enumerate(layers):
        own = kept[k + 1]
        last = k + 1 == len(layers)
        z = outputs[0] if last else layers[k + 1].z
        z_after = outputs[1] if last else _of(again[k + 1].z).ravel()
        for name, values in (
            ("layer", np.full(len(own), k + 1)), ("index", own), ("activation", z[own]),
            ("activation_after", z_after[own]),
            ("pre_activation", layer.a[own]), ("delta", layer.a_grad[own]),
        ):  # fmt: skip
            found[name].append(values)
    return {
        f"unit_{name}" if name in ("layer", "index") else name: variable(
            "unit", np.concatenate(found[name]), said[name]
        )
        for name in found
    }


def _weights(
    layers: list[_Numbers],
    kept: list[np.ndarray],
    with_inputs: bool,
    lr: float,
    again: list[_Layer],
) -> dict[str, xr.Variable]:
    columns: list[np.ndarray] = []
    for k, layer in enumerate(layers):
        w = layer.weight
        signal, pull = w * layer.z, w * layer.a_grad[:, None]
        gradient = layer.a_grad[:, None] * layer.z
        seen = np.zeros_like(w, dtype=bool)
        sources = kept[k] if k or with_inputs else np.arange(w.shape[1])
        seen[np.ix_(kept[k + 1], sources)] = True
        chosen = np.zeros(w.size, dtype=bool)
        for each in (signal, pull, gradient):
            order = np.argsort(-np.abs(np.where(seen, each, 0)), axis=None, kind="stable")
            chosen[order[:LINES]] = True
        target, source = np.nonzero(chosen.reshape(w.shape) & seen)
        at = (target, source)
        signal_after = _of(again[k].linear.weight) * _of(again[k].z).ravel()
        columns.append(
            np.stack(
                [np.full(len(target), k + 1), source, target, w[at], signal[at], pull[at],
                 gradient[at], -lr * gradient[at], signal_after[at]]
            )
        )  # fmt: skip
    all_of_them = np.concatenate(columns, axis=1)
    names = {
        "gap": "between which layers", "source": "from", "target": "to", "weight": "weight",
        "signal": "weight × activation", "pull": "weight × error", "gradient": "gradient",
        "change": "what the step adds", "signal_after": "weight × activation after the step",
    }  # fmt: skip
    return {
        name: variable(
            "param", row.astype(int) if name in ("gap", "source", "target") else row, long_name
        )
        for (name, long_name), row in zip(names.items(), all_of_them, strict=True)
    }


def _of(values: Any) -> np.ndarray:
    """Return a tensor as float64."""
    return np.asarray(values.detach().cpu().double().numpy())
