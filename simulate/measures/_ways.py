"""A network's losses at many parameters: three ways, the fastest that is proved to be the same.

- *compiled*: `_compiled`, for sequences of plain layers.
- *copies*: torch, a copy of the network for each thread.
- *plain*: the network itself, moved from point to point and put back. It is what a user would do by
  hand, right for every network, and what the others are compared with, on a few examples at a
  point near the first one, before they are taken.

A loss is always that of all examples' outputs at once, so that it may weigh or leave out examples
as it likes; only the network sees them in chunks, and only where its outputs for some examples
don't depend on the others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import reduce
from queue import SimpleQueue
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.utils import parametrize

from simulate.errors import UserError
from simulate.measures import _compiled
from simulate.training import arguments, losses
from simulate.training import device as devices
from simulate.training import examples as training
from simulate.training.arguments import one_line

BACKENDS = ("auto", "compiled", "copies", "plain")

Progress = Callable[[int, int, str], object]
LossFunction = Callable[[Any, torch.Tensor], Any]

_FEW = 16  # examples that the ways are compared on
_CHUNK = 1 << 17  # numbers of the examples that torch is given at once: layers stay near the cache
_MOST_EXAMPLES = 1024  # in a chunk
_OUTPUTS = 1 << 24  # numbers that the compiled way keeps of outputs


@dataclass(frozen=True)
class Measured:
    """Losses, and how they were computed.

    Attributes
    ----------
    losses : ndarray, shape (n_points,), float64
    backend : {"compiled", "copies", "plain"}
    reason : str
        Why this one, in words.
    """

    losses: np.ndarray
    backend: str
    reason: str


@dataclass(frozen=True)
class Places:
    """Points of parameter space.

    Attributes
    ----------
    rows : ndarray, shape (3, n_params) or (n_points, n_params)
        Origin and directions of a plane; or, without `points`, the parameters themselves.
    points : ndarray, shape (n_points, 2), or None
        Coordinates on the plane.
    buffers : list of dict of str to Tensor, or None
        What else the network holds at each of the points, by name; None leaves what it holds now.
    """

    rows: np.ndarray
    points: np.ndarray | None = None
    buffers: list[dict[str, torch.Tensor]] | None = None

    def __len__(self) -> int:
        return len(self.rows if self.points is None else self.points)

    def vector(self, number: int, rows: torch.Tensor) -> torch.Tensor:
        """Return the parameters of a point, from `rows` as a tensor."""
        if self.points is None:
            return rows[number]
        a, b = self.points[number].tolist()
        return torch.add(rows[0], rows[1], alpha=a).add_(rows[2], alpha=b)


def measure(
    model: nn.Module,
    places: Places,
    function: LossFunction,
    x: torch.Tensor,
    y: torch.Tensor,
    *,
    backend: str = "auto",
    device: str | None = None,
    progress: Progress | None = None,
) -> Measured:
    """Return the losses at some points, the network being in its evaluation mode.

    Parameters
    ----------
    model : nn.Module
        Left as it was, whatever it does.
    places : Places
        Where.
    function : callable
        ``function(outputs, targets)``, a number.
    x, y : Tensor
        Inputs and targets, as `examples` returns them.
    backend : {"auto", "compiled", "copies", "plain"}
        "auto" takes the fastest that is right.
    device : str or None
        Where to compute; None stays where the network is.
    progress : callable or None
        Called now and then with points done, points in all and a few words.

    Raises
    ------
    UserError
        If the network or the loss can't take the examples, or the way asked for is not the same.
    """
    if backend not in BACKENDS:
        raise UserError(f"no backend is called {backend!r}; there is {', '.join(BACKENDS)}")
    here = parameters(model)[0].device
    there = here if device is None else torch.device(devices.choose(device))
    report = _Report(progress)
    # in float32 at least: points between those of a half-precision network are rounded once
    rows = torch.from_numpy(places.rows)
    rows = rows.to(_widest([torch.float32, *(param.dtype for param in parameters(model))]))
    with _one_thread_each() as n_threads, _kept_randomness(here, there):
        proof = _prove(model, places, rows, function, x, y, there, backend)
        moved = there.type != here.type
        if proof.backend == "plain" and moved:
            raise UserError(
                f"the network is computed where it is, on {here}, for {proof.reason}; "
                f"move it to {there} yourself"
            )
        if proof.backend == "compiled":
            losses = _compiled_losses(proof.program, places, function, x, y, n_threads, report)
        elif proof.backend == "copies":
            x, y, rows = x.to(there), y.to(there), rows.to(there)
            n_copies = min(n_threads, len(places)) if there.type == "cpu" else 1
            networks = [Network(copied(model).to(there)) for _ in range(n_copies)]
            losses = _torch_losses(networks, places, rows, function, x, y, proof.chunk, report)
        else:
            x, y, rows = x.to(here), y.to(here), rows.to(here)
            with borrowed(model) as network:
                losses = _torch_losses([network], places, rows, function, x, y, proof.chunk, report)
    return Measured(losses, proof.backend, proof.reason)


def examples(model: nn.Module, loss: losses.Loss, data: Any) -> tuple[torch.Tensor, torch.Tensor]:
    """Return all inputs and targets as the network takes them, where it is.

    Parameters
    ----------
    data
        As in `planes.loss_plane`.

    Raises
    ------
    UserError
        If there are none, not as many targets as inputs, or NaN among them.
    """
    device = parameters(model)[0].device
    cast = training.Cast(model, loss, str(device))
    x, y = training.whole(data, "data", cast)
    if not (isinstance(x, torch.Tensor) and isinstance(y, torch.Tensor)):
        raise UserError("data has several inputs for an example; planes take one tensor of them")
    for name, values in (("inputs", x), ("targets", y)):
        bad = torch.isnan(values).reshape(len(values), -1).any(1).nonzero()
        if len(bad):
            raise UserError(
                f"{name} of data are NaN in {len(bad)} of {len(values)} examples, first in number "
                f"{int(bad[0])}; leave them out or fill them in"
            )
    return x, y


def parameters(model: nn.Module) -> list[nn.Parameter]:
    """Return the network's parameters, each once.

    Raises
    ------
    UserError
        If there are none, or planes can't be laid through them.
    """
    if isinstance(model, type) or not isinstance(model, nn.Module):
        raise UserError(f"model is {arguments.shown(model)}; it takes a torch.nn.Module")
    found = dict(model.named_parameters())
    for name, param in found.items():
        if isinstance(param, nn.parameter.UninitializedParameter):
            raise UserError(f"parameter {name!r} has no shape yet; run the network once before")
        if param.is_meta:
            raise UserError(f"parameter {name!r} is on the device meta, without numbers")
        if not param.is_floating_point():
            raise UserError(f"parameter {name!r} is {param.dtype}; only fractions can be moved")
    if not found:
        raise UserError(f"{type(model).__name__} has no parameters, so there is nothing to move")
    return list(found.values())


def _widest(dtypes: Iterable[torch.dtype]) -> torch.dtype:
    return reduce(torch.promote_types, dtypes)


# ------------------------------------------------------------------------------ moving a network


class Network:
    """A network whose parameters are set to one point after the other, in its evaluation mode.

    Everything else that it holds is put back before each point: buffers, attributes, modes.

    Parameters
    ----------
    model : nn.Module
        Moved itself.
    seeded : bool
        Whether numbers that it draws are to be the same at every point.
    """

    def __init__(self, model: nn.Module, *, seeded: bool = False) -> None:
        self.model = model
        self._seeded = seeded
        self._params = parameters(model)
        self._sizes = [param.numel() for param in self._params]
        self._values = [param.detach().clone() for param in self._params]
        self._own = [_Held(module) for module in model.modules()]
        model.eval()
        self._held = [_Held(module) for module in model.modules()]
        self._checked = False

    def move(self, vector: torch.Tensor, buffers: dict[str, torch.Tensor] | None = None) -> None:
        """Set the parameters, and buffers where they are given."""
        self.settle()
        parts = list(zip(self._params, vector.split(self._sizes), strict=True))
        for param, part in parts:
            # through .data: a backward pass that waits for these values finds them unchanged after
            param.data.copy_(part.view_as(param))
        torch.clear_autocast_cache()  # under autocast it holds the weights of the last point
        for name, value in (buffers or {}).items():
            self.model.get_buffer(name).data.copy_(value)
        if not self._checked:
            self._checked = True
            for param, part in parts:
                wanted = part.view_as(param).to(param.dtype)
                if not torch.allclose(param, wanted, rtol=0, atol=0, equal_nan=True):
                    raise UserError(
                        "some of the network's parameters share memory, so that one can't be moved "
                        "without the other; make them one parameter"
                    )

    def settle(self) -> bool:
        """Put back what running it has moved beside parameters; tell whether anything was."""
        return any([held.put_back() for held in self._held])

    def outputs(self, x: torch.Tensor, chunk: int) -> Any:
        """Return the outputs for some examples, which stay as they are, `chunk` at a time."""
        if self._seeded:
            torch.manual_seed(0)
        if chunk >= len(x):
            return self.model(x.clone())
        return torch.cat([self.model(part.clone()) for part in x.split(chunk)])

    def put_back(self) -> None:
        """Leave everything as it was."""
        for held in self._own:
            held.put_back()
        for param, value in zip(self._params, self._values, strict=True):
            param.data.copy_(value)


class _Held:
    """What a module holds, but the values of its parameters."""

    def __init__(self, module: nn.Module) -> None:
        own = vars(module)
        inner = [own.get(name) for name in ("_parameters", "_buffers", "_modules")]
        tables = [own, *(table for table in inner if isinstance(table, dict))]
        self._tables = [(table, dict(table)) for table in tables]
        tensors = [
            value
            for table, content in self._tables
            for value in content.values()
            if isinstance(value, torch.Tensor) and not isinstance(value, nn.Parameter)
        ]
        self._tensors = [(tensor, tensor.detach().clone()) for tensor in tensors]

    def put_back(self) -> bool:
        """Put everything back; tell whether anything had moved."""
        moved = False
        for table, content in self._tables:
            for name in set(table) - set(content):
                del table[name]
                moved = True
            for name, value in content.items():
                if name not in table or table[name] is not value:
                    table[name] = value
                    moved = True
        for tensor, value in self._tensors:
            if not torch.equal(tensor, value):
                tensor.data.copy_(value)
                moved = True
        return moved


@contextmanager
def borrowed(model: nn.Module) -> Iterator[Network]:
    """Move the caller's own network about, and leave it as it was."""
    network = Network(model, seeded=True)
    try:
        with torch.no_grad():
            yield network
    finally:
        with torch.no_grad():
            network.put_back()


def copied(model: nn.Module) -> nn.Module:
    """Return a copy of a network, also of one that keeps what it computed (old weight_norm)."""
    memo: dict[int, Any] = {
        id(value): value.detach().clone()
        for module in model.modules()
        for value in vars(module).values()
        if isinstance(value, torch.Tensor) and not value.is_leaf
    }
    return deepcopy(model, memo)


@contextmanager
def _kept_randomness(*devices: torch.device) -> Iterator[None]:
    accelerators = sorted({device.index or 0 for device in devices if device.type == "cuda"})
    with torch.random.fork_rng(devices=accelerators):
        yield


@contextmanager
def _one_thread_each() -> Iterator[int]:
    """Give torch's threads to the points, so that their number changes no bit of any of them."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield n_threads
    finally:
        torch.set_num_threads(n_threads)


# -------------------------------------------------------------------------- which way, and why


@dataclass(frozen=True)
class _Proof:
    """The way to take, the examples that torch may be given at once, the program if compiled."""

    backend: str
    reason: str
    chunk: int
    program: Any = None


def _prove(
    model: nn.Module,
    places: Places,
    rows: torch.Tensor,
    function: LossFunction,
    x: torch.Tensor,
    y: torch.Tensor,
    device: torch.device,
    asked: str,
) -> _Proof:
    """Compare the ways with the plain one on a few examples, at a point near the first one."""
    here = next(model.parameters()).device
    few, targets = x[:_FEW].to(here), y[:_FEW].to(here)
    first = places.vector(0, rows)
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(len(first), generator=generator, dtype=first.dtype)
    near = first + noise * (0.1 * first.abs() + 0.01)
    try:
        with borrowed(model) as network:
            network.move(near.to(here))
            outputs = network.outputs(few, len(few))
            settled = not network.settle()
            half = network.outputs(few[: -(-len(few) // 2)], len(few))
            network.settle()
            torch.manual_seed(1)
            again = network.model(few.clone())
            there = _number(function, outputs, targets)
        with torch.no_grad():
            still = _number(function, outputs, targets)
    except UserError:
        raise
    except Exception as error:  # whatever a network or a loss raises on a part of the examples
        return _plain(f"it can't take a few examples alone ({one_line(error)})", len(x), asked)
    if not isinstance(outputs, torch.Tensor):
        return _plain(f"its outputs are a {type(outputs).__name__}, no tensor", len(x), asked)
    counted = outputs.dim() > 0 and len(outputs) == len(few)
    alone = counted and _alike(half, outputs[: -(-len(few) // 2)])
    each = max(1, x[0].numel())
    chunk = int(np.clip(_CHUNK // each, 1, _MOST_EXAMPLES)) if alone and settled else len(x)
    if asked == "plain":
        return _plain("it was asked for", chunk, asked)
    if not _alike(again, outputs, exact=True):
        return _plain("the network draws random numbers when it is evaluated", chunk, asked)
    if not (there == still or (math.isnan(there) and math.isnan(still))):
        return _plain("the loss looks at more than outputs and targets", chunk, asked)
    if more := _more_than_layers(model):
        return _plain(more, chunk, asked)

    obstacle = (
        "copies were asked for"
        if asked == "copies"
        else _obstacle(model, places, x, outputs, alone, device)
    )
    if not obstacle:
        program = _compiled.compile(_layers(model) or [], tuple(x.shape[1:]))
        if isinstance(program, str):
            obstacle = program
        else:
            vector = program.packed(near[None].numpy())
            found = torch.from_numpy(program.outputs(vector, None, _rows(few))[0])
            if _alike(found, outputs):
                return _Proof("compiled", "a sequence of plain layers", chunk, program)
            obstacle = "compiled code and torch disagree on the first examples"
    if asked == "compiled":
        raise UserError(f"the compiled way can't compute this plane: {obstacle}; take 'auto'")
    try:
        copy = copied(model).to(device)
    except Exception as error:  # deepcopy raises whatever the parts of a network raise
        return _plain(f"the network can't be copied ({one_line(error)})", chunk, asked)

    def tried() -> Any:
        with torch.no_grad():
            network = Network(copy)
            network.move(near.to(device))
            return network.outputs(few.to(device), len(few))

    with ThreadPoolExecutor(1, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        try:  # in a thread, for that is where copies are computed: modes of torch end there
            found = pool.submit(tried).result()
        except Exception as error:
            return _plain(f"a copy of the network fails ({one_line(error)})", chunk, asked)
    if not _alike(found, outputs):
        return _plain("a copy of the network computes something else", chunk, asked)
    return _Proof("copies", obstacle, chunk)


def _plain(reason: str, chunk: int, asked: str) -> _Proof:
    if asked not in ("auto", "plain"):
        raise UserError(f"the {asked} way can't compute this plane: {reason}; take 'auto'")
    return _Proof("plain", reason, chunk)


def _more_than_layers(model: nn.Module) -> str:
    """Say what a network does beside what its modules' types say, where a copy may not; or ""."""
    everywhere = vars(nn.modules.module)
    if any(everywhere.get(f"_global_{kind}") for kind in _HOOKS):
        return "hooks are registered for all modules"
    for name, module in model.named_modules():
        called = f"{type(module).__name__} {name!r}" if name else type(module).__name__
        if any(getattr(module, f"_{kind}", None) for kind in _HOOKS):
            return f"{called} has hooks"
        if "forward" in vars(module):
            return f"{called} has a forward of its own, beside that of its class"
    return ""


_HOOKS = ("forward_hooks", "forward_pre_hooks", "backward_hooks", "backward_pre_hooks")


def _obstacle(
    model: nn.Module,
    places: Places,
    x: torch.Tensor,
    outputs: torch.Tensor,
    alone: bool,
    device: torch.device,
) -> str:
    """Say why a network isn't a sequence of plain layers; "" if it is."""
    if places.buffers is not None:
        return "each point has buffers of its own"
    if device.type != "cpu":
        return f"it is computed on {device}"
    layers = _layers(model)
    if layers is None:
        return f"{type(model).__name__} has a forward of its own"
    params = [param for layer in layers for param in layer.parameters()]
    if len({id(param) for param in params}) < len(params) or len(set(map(id, layers))) < len(
        layers
    ):
        return "layers are shared"
    if any(parametrize.is_parametrized(layer) for layer in layers):
        return "its weights are parametrized"
    if {param.dtype for param in params} != {torch.float32} or x.dtype != torch.float32:
        return "weights or inputs are not float32"
    if not alone:
        return "its outputs for an example depend on the others"
    if outputs.dim() != 2:
        return f"its outputs have {outputs.dim()} axes, not 2"
    return ""


def _layers(model: nn.Module) -> list[nn.Module] | None:
    """Return a sequence's layers in order, sequences inside it too; None if it is none."""
    if type(model) is not nn.Sequential:
        return None
    layers: list[nn.Module] = []
    for layer in model:
        layers += _layers(layer) or [] if type(layer) is nn.Sequential else [layer]
    return layers


def _alike(found: Any, expected: Any, exact: bool = False) -> bool:
    """Tell whether outputs are the same, up to rounding."""
    if not (isinstance(found, torch.Tensor) and isinstance(expected, torch.Tensor)):
        return False
    if found.shape != expected.shape or found.dtype != expected.dtype:
        return False
    found = found.detach().to("cpu", torch.float64)
    expected = expected.detach().to("cpu", torch.float64)
    if exact:
        return torch.equal(found.nan_to_num(), expected.nan_to_num())
    size = expected[expected.isfinite()].abs().max().item() if expected.isfinite().any() else 0.0
    within = _ROUNDING * max(size, 1e-30)
    return torch.allclose(found, expected, rtol=0, atol=within, equal_nan=True)


_ROUNDING = 1e-4  # of the largest output: float32 sums of thousands of numbers stay well below


def _number(function: LossFunction, outputs: Any, targets: torch.Tensor) -> float:
    value = function(outputs.clone() if isinstance(outputs, torch.Tensor) else outputs, targets)
    if isinstance(value, torch.Tensor) and value.numel() != 1:
        raise UserError(
            f"the loss returns shape {tuple(value.shape)}; it must be one number, "
            "as with reduction='mean'"
        )
    return float(value)


# ------------------------------------------------------------------------------- the three ways


class _Report:
    """Counts points and passes the count on."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress

    def __call__(self, done: float, total: int) -> None:
        if self._progress is not None:
            self._progress(int(done), total, "points of the loss plane")


def _torch_losses(
    networks: list[Network],
    places: Places,
    rows: torch.Tensor,
    function: LossFunction,
    x: torch.Tensor,
    y: torch.Tensor,
    chunk: int,
    report: _Report,
) -> np.ndarray:
    """Return the loss at each point, points being shared among the networks."""
    found = np.empty(len(places))

    def visit(network: Network, number: int) -> None:
        with torch.no_grad():
            buffers = None if places.buffers is None else places.buffers[number]
            network.move(places.vector(number, rows), buffers)
            try:
                found[number] = _number(function, network.outputs(x, chunk), y)
            except UserError:
                raise
            except Exception as error:
                raise _refused(x, y, error) from error

    if len(networks) == 1:  # in this thread: a user's own modes of torch hold here
        for number in range(len(places)):
            visit(networks[0], number)
            report(number + 1, len(places))
        return found
    # Each thread takes the next point when it has done one: none waits for the slowest of a round.
    free: SimpleQueue[Network] = SimpleQueue()
    for network in networks:
        free.put(network)

    def visit_next(number: int) -> None:
        network = free.get()
        try:
            visit(network, number)
        finally:
            free.put(network)

    pool = ThreadPoolExecutor(len(networks), initializer=torch.set_num_threads, initargs=(1,))
    try:
        for number, _ in enumerate(pool.map(visit_next, range(len(places)))):
            report(number + 1, len(places))
    finally:
        pool.shutdown(cancel_futures=True)
    return found


def _refused(x: torch.Tensor, y: torch.Tensor, error: Exception) -> UserError:
    """Say in one line what a network or a loss raised on all examples."""
    return UserError(
        f"network and loss can't take x of shape {tuple(x.shape)}, {x.dtype}, and y of shape "
        f"{tuple(y.shape)}, {y.dtype}: {one_line(error)}"
    )


def _compiled_losses(
    program: _compiled.Program,
    places: Places,
    function: LossFunction,
    x: torch.Tensor,
    y: torch.Tensor,
    n_threads: int,
    report: _Report,
) -> np.ndarray:
    """Return the loss at each point, some examples visiting all points before the next come."""
    frame = program.packed(places.rows)
    values = _rows(x)
    n_points, n_examples, n_outputs = len(places), len(x), program.n_outputs
    starts = range(0, n_examples, program.n_examples)
    labels = y.numpy() if _is_plain_cross_entropy(function, y, n_outputs) else None
    at_once = n_points if labels is not None else max(1, _OUTPUTS // (n_examples * n_outputs))
    # a few tasks for each thread: where there are few examples, points are shared out too
    n_parts = -(-4 * n_threads // len(starts))
    found = np.zeros(n_points)

    def visit(task: tuple[slice, int]) -> np.ndarray:
        points, start = task
        x = values[start : start + program.n_examples]
        rows = frame if places.points is not None else frame[points]
        at = None if places.points is None else places.points[points]
        if labels is None:
            return program.outputs(rows, at, x)
        return program.cross_entropies(rows, at, x, labels[start : start + program.n_examples])

    with ThreadPoolExecutor(n_threads) as pool:
        for first in range(0, n_points, at_once):
            end = min(first + at_once, n_points)
            size = max(1, -(-(end - first) // n_parts))
            tasks = [
                (slice(i, min(i + size, end)), start)
                for i in range(first, end, size)
                for start in starts
            ]
            outputs = np.empty(
                (0 if labels is not None else end - first, n_examples, n_outputs), np.float32
            )
            for number, ((points, start), part) in enumerate(
                zip(tasks, pool.map(visit, tasks), strict=True)
            ):
                if labels is None:
                    into = outputs[points.start - first : points.stop - first]
                    into[:, start : start + program.n_examples] = part
                else:
                    found[points] += part  # in the order of the examples, whoever was first
                report(first + (number + 1) / len(tasks) * (end - first), n_points)
            try:
                for number, whole in enumerate(torch.from_numpy(outputs)):
                    found[first + number] = _number(function, whole, y)
            except UserError:
                raise
            except Exception as error:
                raise _refused(x, y, error) from error
    return found / n_examples if labels is not None else found


def _is_plain_cross_entropy(function: LossFunction, y: torch.Tensor, n_classes: int) -> bool:
    """Tell whether a loss is the mean of −log softmax over class numbers, none of them ignored."""
    if function is not nn.functional.cross_entropy or y.dim() != 1 or y.dtype != torch.int64:
        return False
    return bool(((y >= 0) & (y < n_classes)).all())


def _rows(x: torch.Tensor) -> np.ndarray:
    return np.ascontiguousarray(x.reshape(len(x), -1).numpy())
