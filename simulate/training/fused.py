"""Stochastic gradient descent on one example at a time, as one compiled loop.

A step of PyTorch costs hundreds of microseconds however small the network, nearly all of them
between kernels. This loop does the same arithmetic for the one case in which that hurts, a million
tiny steps: linear layers with ReLU between them, cross-entropy, plain SGD, batches of one, on the
CPU.

Inputs that are 0 contribute nothing to a layer, and their weights don't move: the pixels of a digit
are mostly 0, and so are many hidden units after ReLU. Each layer's weights are therefore kept input
by input, (n_in, n_out), so that what one input needs lies together and the rest is skipped.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numba import njit
from torch import nn

# Sums may be reordered and fused, so that they are vectorised; NaN and infinity must survive, for
# they are how divergence is noticed.
_MATH = {"reassoc", "contract", "nsz", "arcp"}
_ONE, _ZERO = np.float32(1), np.float32(0)
_LARGEST = np.finfo(np.float32).max


def obstacle(
    model: nn.Module,
    loss: object,
    optimizer: torch.optim.Optimizer,
    *,
    scheduled: bool,
    device: str,
) -> str:
    """Return why a run in batches of one can't be fused, in words; empty if it can."""
    group = optimizer.param_groups[0]
    plain = type(optimizer) is torch.optim.SGD and len(optimizer.param_groups) == 1
    extras = ("momentum", "dampening", "weight_decay", "nesterov", "maximize")
    if device != "cpu":
        return f"the device is {device}"
    if loss is not nn.functional.cross_entropy:
        return "the loss is not cross-entropy"
    if not plain or any(group[name] for name in extras) or scheduled:
        return "the optimizer is not plain SGD at a constant rate"
    if not _is_relu_network(model):
        return "the network is not made of Linear layers with ReLU between them"
    if any(p.dtype != torch.float32 for p in model.parameters()):
        return "the parameters are not float32"
    if not all(p.requires_grad for p in model.parameters()):
        return "some parameters are frozen"
    return ""


class Network:
    """A network's parameters in the order in which the compiled loop walks through them.

    Parameters
    ----------
    model : nn.Sequential
        Linear layers with ReLU between them (see `obstacle`); it isn't changed until `store`.
    """

    def __init__(self, model: nn.Module) -> None:
        self._layers = [layer for layer in model.modules() if isinstance(layer, nn.Linear)]
        self._widths = np.array(
            [self._layers[0].in_features, *(layer.out_features for layer in self._layers)]
        )
        parts = []
        for layer in self._layers:
            weight = layer.weight.detach().numpy().T  # (n_in, n_out)
            parts += [weight.ravel(), layer.bias.detach().numpy()]
        sizes = [part.size for part in parts]
        self._offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        self._theta = np.concatenate(parts)

    def run(
        self,
        x: np.ndarray,
        y: np.ndarray,
        order: np.ndarray,
        lr: float,
        *,
        first: int,
        every: int,
    ) -> tuple[np.ndarray, np.ndarray, int | None]:
        """Take one step for each example of `order`.

        Parameters
        ----------
        x : ndarray, shape (n_examples, n_features), float32
        y : ndarray, shape (n_examples,), int64
        order : ndarray, shape (n_steps,), int64
            Numbers of the examples.
        lr : float
            Learning rate; 0 computes losses and changes nothing.
        first : int
            Number of the first step in the whole run.
        every : int
            Loss and gradient norm are returned for steps whose number this divides.

        Returns
        -------
        losses, grad_norms : ndarray, shape (n_recorded,), float32
            Each at its own point, before the step.
        diverged : int or None
            Number of the first step whose loss wasn't finite, where the loop ended.
        """
        steps = np.arange(first, first + len(order))
        n_recorded = int((steps % every == 0).sum())
        losses = np.zeros(n_recorded, np.float32)
        grad_norms = np.zeros(n_recorded, np.float32)
        done = _descend(
            self._theta,
            self._offsets,
            self._widths,
            np.ascontiguousarray(x),
            y,
            order,
            np.float32(lr),
            first,
            every,
            losses,
            grad_norms,
        )
        return losses, grad_norms, None if done == len(order) else first + done

    def store(self) -> None:
        """Write the parameters back into the model."""
        with torch.no_grad():
            for number, layer in enumerate(self._layers):
                n_in, n_out = layer.in_features, layer.out_features
                at = self._offsets[2 * number]
                weight = self._theta[at : at + n_in * n_out].reshape(n_in, n_out)
                layer.weight.copy_(torch.from_numpy(weight.T.copy()))
                at = self._offsets[2 * number + 1]
                layer.bias.copy_(torch.from_numpy(self._theta[at : at + n_out].copy()))


def _is_relu_network(model: nn.Module) -> bool:
    if not isinstance(model, nn.Sequential) or len(model) % 2 == 0:
        return False
    layers = list(model)
    linear = all(type(layer) is nn.Linear and layer.bias is not None for layer in layers[::2])
    return linear and all(type(layer) is nn.ReLU for layer in layers[1::2])


@njit(cache=True, fastmath=_MATH, error_model="numpy")
def _descend(
    theta: np.ndarray,
    offsets: np.ndarray,
    widths: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    order: np.ndarray,
    lr: np.float32,
    first: int,
    every: int,
    losses: np.ndarray,
    grad_norms: np.ndarray,
) -> int:
    """Take the steps; return how many were taken before the loss stopped being finite.

    theta, float32, is changed in place: weight (n_in, n_out) and bias (n_out) of every layer, at
    `offsets`. Recorded losses and gradient norms go to the last two arrays.
    """
    n_layers = len(widths) - 1
    widest = widths.max()
    # values[l]: inputs of layer l (values[n_layers]: the logits); active[l, :n_active[l]]: which
    # of them aren't 0
    values = np.zeros((n_layers + 1, widest), np.float32)
    active = np.zeros((n_layers, widest), np.int64)
    n_active = np.zeros(n_layers, np.int64)
    delta = np.zeros(widest, np.float32)  # loss's gradient by a layer's outputs
    below = np.zeros(widest, np.float32)  # the same for the layer before
    recorded = 0
    for step in range(len(order)):
        example = order[step]
        values[0, : widths[0]] = x[example]
        for layer in range(n_layers):
            inputs, n_out = values[layer], widths[layer + 1]
            n_active[layer] = _nonzero(inputs, widths[layer], active[layer])
            weight, bias = offsets[2 * layer], offsets[2 * layer + 1]
            outputs = values[layer + 1, :n_out]
            outputs[:] = theta[bias : bias + n_out]
            _add_rows(theta, weight, active[layer, : n_active[layer]], inputs, outputs)
            if layer < n_layers - 1:
                for j in range(n_out):
                    # as torch's ReLU, it lets NaN through
                    outputs[j] = _ZERO if outputs[j] < _ZERO else outputs[j]

        loss = _cross_entropy(values[n_layers, : widths[n_layers]], y[example], delta)
        record = (first + step) % every == 0
        square = np.float32(0)
        for layer in range(n_layers - 1, -1, -1):
            inputs, n_out = values[layer], widths[layer + 1]
            weight, bias = offsets[2 * layer], offsets[2 * layer + 1]
            slope = delta[:n_out]
            if record:  # the weights' gradient is an outer product, so its norm is a product
                square += _squares(slope) * (1.0 + _squares(inputs[: widths[layer]]))
            b = theta[bias : bias + n_out]
            for j in range(n_out):
                b[j] -= lr * slope[j]
            below[: widths[layer]] = _ZERO
            for k in range(n_active[layer]):
                i = active[layer, k]
                w = theta[weight + i * n_out : weight + (i + 1) * n_out]
                if layer > 0:  # ReLU passes a slope on where its output is active
                    total = _ZERO
                    for j in range(n_out):
                        total += w[j] * slope[j]
                    below[i] = total
                rate = lr * inputs[i]
                for j in range(n_out):
                    w[j] -= rate * slope[j]
            delta, below = below, delta
        if record:
            losses[recorded] = loss
            grad_norms[recorded] = math.sqrt(square)
            recorded += 1
        if not abs(loss) <= _LARGEST:  # math.isfinite is a difference, which _MATH lets vanish
            return step
    return len(order)


@njit(cache=True, inline="always")
def _nonzero(values: np.ndarray, count: int, index: np.ndarray) -> int:
    """Write the positions of values that aren't 0 to `index`; return how many there are."""
    found = 0
    for i in range(count):
        index[found] = i  # written always and kept if it counts: no branch to mispredict
        found += values[i] != 0
    return found


@njit(cache=True, fastmath=_MATH, inline="always")
def _add_rows(
    theta: np.ndarray, start: int, rows: np.ndarray, factors: np.ndarray, outputs: np.ndarray
) -> None:
    """Add factors[i] times row i of the matrix at theta[start:] to the outputs, for i in rows."""
    n = len(outputs)
    k = 0
    while k + 3 < len(rows):  # four rows at a time, so that outputs are loaded a quarter as often
        i0, i1, i2, i3 = rows[k], rows[k + 1], rows[k + 2], rows[k + 3]
        f0, f1, f2, f3 = factors[i0], factors[i1], factors[i2], factors[i3]
        w0 = theta[start + i0 * n : start + (i0 + 1) * n]
        w1 = theta[start + i1 * n : start + (i1 + 1) * n]
        w2 = theta[start + i2 * n : start + (i2 + 1) * n]
        w3 = theta[start + i3 * n : start + (i3 + 1) * n]
        for j in range(n):
            outputs[j] += (f0 * w0[j] + f1 * w1[j]) + (f2 * w2[j] + f3 * w3[j])
        k += 4
    while k < len(rows):
        i0 = rows[k]
        f0 = factors[i0]
        w0 = theta[start + i0 * n : start + (i0 + 1) * n]
        for j in range(n):
            outputs[j] += f0 * w0[j]
        k += 1


@njit(cache=True, fastmath=_MATH, inline="always")
def _cross_entropy(logits: np.ndarray, label: int, delta: np.ndarray) -> float:
    """Return −log softmax(logits)[label]; write its gradient by the logits to `delta`."""
    top = logits[0]
    for j in range(1, len(logits)):
        top = max(top, logits[j])
    total = _ZERO
    for j in range(len(logits)):
        delta[j] = math.exp(logits[j] - top)
        total += delta[j]
    for j in range(len(logits)):
        delta[j] /= total
    delta[label] -= _ONE
    return math.log(total) + top - logits[label]


@njit(cache=True, fastmath=_MATH, inline="always")
def _squares(values: np.ndarray) -> np.floating:
    """Return the sum of squares."""
    total = _ZERO
    for value in values:
        total += value * value
    return total
