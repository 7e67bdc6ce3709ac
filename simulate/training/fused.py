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
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import torch
from numba import njit
from torch import nn

from simulate.probes._base import said
from simulate.training.batches import Shuffled
from simulate.training.examples import Arrays
from simulate.training.losses import LOSSES
from simulate.training.probing import Probing, Series
from simulate.training.steps import Loop, Step, check_finite

# Sums may be reordered and fused, so that they are vectorised; NaN and infinity must survive, for
# they are how divergence is noticed.
_MATH = {"reassoc", "contract", "nsz", "arcp"}
_ONE, _ZERO = np.float32(1), np.float32(0)
_LARGEST = np.finfo(np.float32).max


def obstacle(loop: Loop) -> str:
    """Return why a run in batches of one can't be fused, in words; empty if it can.

    What is listed here is what the compiled loop is proved to do; anything else is an obstacle.
    """
    model, optimizer, batches = loop.model, loop.optimizer, loop.batches
    if loop.context.device != "cpu":
        return f"the device is {loop.context.device}"
    if loop.context.loss is not LOSSES["cross_entropy"]:
        return "the loss is not cross-entropy"
    if loop.schedule is not None or not _is_plain_sgd(optimizer):
        return "the optimizer is not plain SGD at a constant rate"
    if not _is_relu_network(model):
        return "the network is not made of Linear layers with ReLU between them"
    if found := _hidden_work(model, optimizer):
        return found
    if any(p.dtype != torch.float32 for p in model.parameters()):
        return "the parameters are not float32"
    if not all(p.requires_grad for p in model.parameters()):
        return "some parameters are frozen"
    assert isinstance(batches, Shuffled)
    return _odd_examples(model, batches)


def _is_plain_sgd(optimizer: torch.optim.Optimizer) -> bool:
    if type(optimizer) is not torch.optim.SGD or len(optimizer.param_groups) != 1:
        return False
    group = optimizer.param_groups[0]
    extras = ("momentum", "dampening", "weight_decay", "nesterov", "maximize", "differentiable")
    return type(group["lr"]) in (float, int) and not any(group[name] for name in extras)


def _is_relu_network(model: nn.Module) -> bool:
    if type(model) is not nn.Sequential or len(model) % 2 == 0:
        return False
    layers = list(model)
    linear = all(type(layer) is nn.Linear and layer.bias is not None for layer in layers[::2])
    if not linear or not all(type(layer) is nn.ReLU for layer in layers[1::2]):
        return False
    return all(before.out_features == after.in_features for before, after in pairwise(layers[::2]))


def _hidden_work(model: nn.Module, optimizer: torch.optim.Optimizer) -> str:
    """Return what a network of plain layers may do besides, in words; empty if nothing."""
    modules = list(model.named_modules(remove_duplicate=False))
    if len({id(module) for _, module in modules}) != len(modules):
        return "a layer is used twice"
    named = dict(model.named_parameters(remove_duplicate=False))
    params = list(named.values())
    own = {
        f"{at}.{kind}" for at, m in modules if type(m) is nn.Linear for kind in ("weight", "bias")
    }
    if set(named) != own or any(type(p) is not nn.Parameter for p in params):
        return "weights are not the layers' own parameters"
    if len({p.untyped_storage().data_ptr() for p in params}) != len(params):
        return "parameters share memory"
    if next(model.buffers(), None) is not None:
        return "the network has buffers"
    hooks = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    if any(getattr(module, name, None) for _, module in modules for name in hooks):
        return "a layer has hooks"
    if any("forward" in vars(module) for _, module in modules):
        return "a layer has a forward of its own"
    if any(getattr(p, h, None) for p in params for h in ("_backward_hooks", _ACCUMULATED)):
        return "a parameter has hooks"
    if nn.modules.module._has_any_global_hook():
        return "there are hooks on all modules"
    held = {id(p) for p in optimizer.param_groups[0]["params"]}
    if held != {id(p) for p in params}:
        return "the optimizer has other parameters than the network"
    if {"step", "zero_grad"} & set(vars(optimizer)) or any(
        getattr(optimizer, f"_optimizer_step_{when}_hooks", None) for when in ("pre", "post")
    ):
        return "the optimizer has hooks"
    if torch.is_autocast_enabled("cpu"):
        return "autocast is on"
    return ""


_ACCUMULATED = "_post_accumulate_grad_hooks"


def _odd_examples(model: nn.Module, batches: Shuffled) -> str:
    examples = batches.examples
    if not isinstance(examples, Arrays):
        return "the examples are not arrays in memory"
    x, y = examples.x, examples.y
    layers = [layer for layer in model.modules() if isinstance(layer, nn.Linear)]
    if x.ndim != 2 or x.dtype != torch.float32 or x.shape[1] != layers[0].in_features:
        return "the inputs are not rows of float32 numbers, one a unit"
    if y.ndim != 1 or y.dtype != torch.int64:
        return "the targets are not class numbers"
    if int(y.min()) < 0 or int(y.max()) >= layers[-1].out_features:
        return "some labels have no output"
    return ""


def walk(
    loop: Loop,
    probing: Probing,
    keeper: Callable[[int], object] | None,
    report: Callable[[int, float], object],
) -> None:
    """Take the steps of a run without an obstacle, from one that a probe wants to see to the next.

    Probes see the network at these steps, evaluate it and copy its parameters; what is recorded
    of every step, its loss and gradient norm, is computed on the way.
    """
    network, batches = Network(loop.model), loop.batches
    assert isinstance(batches, Shuffled)
    assert isinstance(batches.examples, Arrays)
    x, y = batches.examples.x.numpy(), batches.examples.y.numpy()
    scalars = probing.get("scalars")
    every = _stride(scalars, batches.steps_per_epoch)
    lr, step = float(loop.optimizer.param_groups[0]["lr"]), loop.number
    while True:
        network.store()
        loop.number = step
        if keeper is not None:
            keeper(step)
        _look(loop, probing, step, lr)
        last = step == loop.n_steps
        end = min(_next_look(probing, step, batches.steps_per_epoch), loop.n_steps)
        order = batches.order(step // batches.steps_per_epoch)
        first = step % batches.steps_per_epoch
        chosen = order[first : first + (1 if last else end - step)]
        started = time.perf_counter()
        found, norms, diverged = network.run(
            x, y, chosen, 0.0 if last else lr, first=step, every=1 if last else every
        )
        loop.seconds += time.perf_counter() - started
        if scalars is not None:
            at = [k for k in range(step, step + len(chosen)) if last or k % every == 0]
            for number, loss, norm in zip(at, found, norms, strict=False):
                if scalars.is_due(number, number % batches.steps_per_epoch == 0, loop.n_steps):
                    _add(scalars, loop, number, float(loss), float(norm), lr)
        if diverged is not None:
            example = batches.order(diverged // batches.steps_per_epoch)[
                diverged % batches.steps_per_epoch
            ]
            at_fault = _step(loop, diverged, lr)
            at_fault.batch = batches.examples.take(np.array([example]))
            check_finite(at_fault, math.nan)
        if len(found):
            report(step, float(found[-1]))
        if last:
            return
        step = end


def _stride(scalars: Series | None, steps_per_epoch: int) -> int:
    """Return the strides of recorded losses."""
    if scalars is None or scalars.every == "ends":
        return steps_per_epoch
    return steps_per_epoch if scalars.every == "epoch" else int(scalars.every)


def _next_look(probing: Probing, step: int, steps_per_epoch: int) -> int:
    """Return the next step after this one that a probe wants to see; not beyond this epoch."""
    strides = [steps_per_epoch]
    for series in probing.series:
        if series.name != "scalars" and isinstance(series.every, int):
            strides.append(series.every)
    return min((step // stride + 1) * stride for stride in strides)


def _look(loop: Loop, probing: Probing, number: int, lr: float) -> None:
    step = _step(loop, number, lr)
    for series in probing.series:
        due = series.is_due(number, step.starts_epoch, loop.n_steps)
        if due and series.name != "scalars":
            series.add(number, series.record(step))


def _add(scalars: Series, loop: Loop, number: int, loss: float, norm: float, lr: float) -> None:
    name, units = loop.context.loss.long_name, loop.context.loss.units
    found = {
        "loss": ((), loss, said(f"{name} of the batch", units)),
        "grad_norm": ((), norm, said("norm of the gradient")),
        "lr": ((), lr, said("learning rate")),
    }
    scalars.add(number, found)


def _step(loop: Loop, number: int, lr: float) -> Step:
    """Return a point of the run between two updates."""
    assert isinstance(loop.batches, Shuffled)
    epoch, place = divmod(number, loop.batches.steps_per_epoch)
    return loop.point(number, lr=lr, epoch=epoch, starts_epoch=place == 0)


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
