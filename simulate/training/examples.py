"""The examples that a caller gives, in whatever shape, as what the loop takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

from simulate.data._base import Data
from simulate.errors import UserError
from simulate.training import losses
from simulate.training.still import undisturbed

TAKES = "a pair of arrays or tensors, a DataLoader, a Dataset, or simulate.Data"
# Examples per forward pass when a whole set is evaluated: bounds the memory it takes.
EVALUATION_CHUNK = 4096

Batch = tuple[Any, Any]  # inputs and targets


class Examples(Protocol):
    """A set of examples: how many, and any of them as a batch."""

    def __len__(self) -> int: ...

    def take(self, numbers: np.ndarray | None) -> Batch:
        """Return the examples of these numbers, all of them for None."""

    def chunks(self) -> Iterator[Batch]:
        """Return all of them, in parts that one forward pass can take."""


class Cast:
    """Brings inputs and targets to the model's device and to types that it takes.

    Real numbers get the model's own precision. Integers stay integers where the model takes
    them (tokens), and become real where it doesn't (grey values from 0 to 255).
    """

    def __init__(self, model: nn.Module, loss: losses.Loss, device: str) -> None:
        floating = [p.dtype for p in model.parameters() if p.is_floating_point()]
        self.dtype = floating[0] if floating else torch.float32
        self.device = device
        self._model, self._loss = model, loss
        self._real_inputs: bool | None = None  # whether integer inputs are to become real

    def batch(self, batch: Any, what: str) -> Batch:
        """Return a batch of somebody's loader or dataset."""
        if not isinstance(batch, tuple | list) or len(batch) != 2:
            length = f" of {len(batch)}" if isinstance(batch, tuple | list) else ""
            raise UserError(
                f"{what} gives batches that are a {type(batch).__name__}{length}; "
                "it takes pairs (inputs, targets)"
            )
        return self.inputs(batch[0], what), self.targets(batch[1], what)

    def inputs(self, values: Any, what: str) -> Any:
        """Return inputs on the device; `what` says whose they are."""
        if isinstance(values, tuple | list) and not _is_numbers(values):
            return type(values)(self.inputs(value, what) for value in values)
        if isinstance(values, Mapping):
            return {name: self.inputs(value, what) for name, value in values.items()}
        x = tensor(values, f"the inputs of {what}")
        if x.is_floating_point():
            return x.to(self.device, self.dtype)
        if x.is_complex():
            return x.to(self.device)
        x = x.to(self.device)
        if self._real_inputs is None:
            self._real_inputs = not self._takes_integers(x[:2].long())
        return x.to(self.dtype) if self._real_inputs else x.long()

    def targets(self, values: Any, what: str) -> Any:
        """Return targets on the device, class numbers as int64."""
        if isinstance(values, tuple | list) and not _is_numbers(values):
            return type(values)(self.targets(value, what) for value in values)
        if isinstance(values, Mapping):
            return {name: self.targets(value, what) for name, value in values.items()}
        y = tensor(values, f"the targets of {what}")
        real = y.is_floating_point() or self._loss.real
        if y.is_complex():
            return y.to(self.device)
        return y.to(self.device, self.dtype if real else torch.int64)

    def _takes_integers(self, few: torch.Tensor) -> bool:
        """Tell whether the model can be called with integers, by calling it."""
        try:
            with undisturbed(self._model, self.device, training=False), torch.no_grad():
                self._model(few)
        except Exception:  # whatever a model raises on what it doesn't take
            return False
        return True


def tensor(values: Any, what: str) -> torch.Tensor:
    """Return numbers as a tensor of their own memory or, if a tensor is given, that tensor.

    Raises
    ------
    UserError
        If they are no numbers; `what` says whose they are.
    """
    if isinstance(values, torch.Tensor):
        return values.detach()
    try:
        array = np.asarray(values)
    except (ValueError, TypeError, RuntimeError):
        array = np.empty(0, object)
    if array.dtype.kind in "iub":
        return torch.from_numpy(array.astype(np.int64))
    if array.dtype.kind in "fc":
        native = array.dtype.newbyteorder("=")
        if native.itemsize > (16 if native.kind == "c" else 8):  # torch has no long double
            native = np.dtype(np.complex128 if native.kind == "c" else np.float64)
        return torch.from_numpy(np.array(array, native, order="C"))
    raise UserError(f"{what} are {_name(values)}, not an array or tensor of numbers")


class Arrays:
    """Examples in memory."""

    def __init__(self, x: torch.Tensor, y: torch.Tensor) -> None:
        self.x, self.y = x, y

    def __len__(self) -> int:
        return len(self.y)

    def take(self, numbers: np.ndarray | None) -> Batch:
        """Return the examples of these numbers, all of them for None."""
        if numbers is None:
            return self.x, self.y
        which = torch.from_numpy(numbers).to(self.x.device)
        return self.x[which], self.y[which]

    def chunks(self) -> Iterator[Batch]:
        """Return all of them in parts."""
        for first in range(0, len(self), EVALUATION_CHUNK):
            until = first + EVALUATION_CHUNK
            yield self.x[first:until], self.y[first:until]


class Items:
    """Examples of a Dataset, read one by one and put together as its loader does it."""

    def __init__(self, dataset: Any, collate: Any, chunk: int, cast: Cast, what: str) -> None:
        self._dataset, self._collate, self._cast = dataset, collate, cast
        self._what, self.chunk = what, chunk

    def __len__(self) -> int:
        return len(self._dataset)

    def take(self, numbers: np.ndarray | None) -> Batch:
        """Return the examples of these numbers, all of them for None."""
        which = range(len(self)) if numbers is None else numbers.tolist()
        try:
            items = [self._dataset[number] for number in which]
            batch = self._collate(items)
        except (TypeError, KeyError, AttributeError, IndexError) as error:
            raise UserError(f"{self._what} can't be put into batches: {_line(error)}") from error
        return self._cast.batch(batch, self._what)

    def chunks(self) -> Iterator[Batch]:
        """Return all of them in parts."""
        for first in range(0, len(self), self.chunk):
            yield self.take(np.arange(first, min(first + self.chunk, len(self))))


class Passes:
    """Examples that only a loader knows, as it gives them: one pass over it is all of them."""

    def __init__(self, loader: DataLoader, cast: Cast, what: str) -> None:
        self._loader, self._cast, self._what = loader, cast, what

    def __len__(self) -> int:
        return sum(len(batch[1]) for batch in self.chunks())

    def take(self, numbers: np.ndarray | None) -> Batch:
        """Return the examples of these numbers, all of them for None."""
        raise UserError(
            f"{self._what} has no examples by number; give a Dataset, or a loader of one"
        )

    def chunks(self) -> Iterator[Batch]:
        """Return all of them in parts."""
        generator = self._loader.generator
        state = None if generator is None else generator.get_state()
        try:
            for batch in self._loader:
                yield self._cast.batch(batch, self._what)
        finally:
            if generator is not None and state is not None:
                generator.set_state(state)


@dataclass
class Parts:
    """What a run learns from and is evaluated on.

    Attributes
    ----------
    sets : dict of str to Examples
        "train", "test" and "test_all" (the whole test set where "test" is a part of it), those
        that there are.
    loader : DataLoader or None
        Where training batches come from it.
    names : dict
        Attributes of the recording: ``dataset``, what the data are called; where the data say
        it, ``one`` and ``many``, what an example is and several, and ``n_classes``.
    classes : bool
        Whether accuracy means something, as far as the data say.
    """

    sets: dict[str, Examples]
    loader: DataLoader | None
    names: dict[str, Any]
    classes: bool = True


def parts(train: Any, test: Any, cast: Cast) -> Parts:
    """Return what a caller gives as `train` and `test`.

    Raises
    ------
    UserError
        If that isn't `TAKES`.
    """
    if isinstance(train, Data):
        if test is not None:
            raise UserError("test is given, but train is simulate.Data, which has its own; omit it")
        x_all, y_all = train.whole_test
        given = {
            "train": (train.x_train, train.y_train),
            "test": (train.x_test, train.y_test),
            "test_all": (x_all, y_all),
        }
        sets: dict[str, Examples] = {}
        for name, (x, y) in given.items():
            if name == "test_all" and x is train.x_test and "test" in sets:
                sets[name] = sets["test"]
            elif len(x) or name == "train":
                sets[name] = _arrays(x, y, f"x_{name}", f"y_{name}", cast)
        names: dict[str, Any] = {"dataset": train.label, "one": train.one, "many": train.many}
        if train.n_classes is not None:
            names["n_classes"] = train.n_classes
        return Parts(sets, None, names, train.n_classes is not None)
    if isinstance(test, Data):
        raise UserError("test is simulate.Data, which has both parts; give it as train")
    found = Parts({}, train if isinstance(train, DataLoader) else None, _names(train))
    for name, values in (("train", train), ("test", test)):
        if values is not None or name == "train":
            examples = _given(values, name, cast)
            if examples is not None:
                found.sets[name] = examples
    return found


def whole(values: Any, name: str, cast: Cast) -> Batch:
    """Return all examples that a caller gives as one batch; of `Data`, the training set.

    Raises
    ------
    UserError
        If that isn't `TAKES`; `name` says which argument it is.
    """
    if isinstance(values, Data):
        values = values.x_train, values.y_train
    examples = _given(values, name, cast)
    assert examples is not None  # but for a loader to train from, which may not be passed over
    if not isinstance(examples, Passes):
        return examples.take(None)
    chunks = list(examples.chunks())
    if not chunks:
        raise UserError(f"{name} has no examples; give at least one")
    inputs, targets = zip(*chunks, strict=True)
    if not all(isinstance(part, torch.Tensor) for part in (*inputs, *targets)):
        raise UserError(f"{name} gives batches of several inputs; it takes one tensor of them")
    return torch.cat(inputs), torch.cat(targets)


def _given(values: Any, name: str, cast: Cast) -> Examples | None:
    if isinstance(values, DataLoader):
        dataset = values.dataset
        if isinstance(dataset, IterableDataset) or values.batch_sampler is None:
            # Passing over it once more may cost, or give, anything.
            return None if name == "train" else Passes(values, cast, name)
        chunk = values.batch_size or getattr(values.batch_sampler, "batch_size", None) or 256
        return _sized(Items(dataset, values.collate_fn, chunk, cast, name), name)
    if isinstance(values, TensorDataset) and len(values.tensors) == 2:
        values = values.tensors
    if isinstance(values, IterableDataset):
        raise UserError(f"{name} is an IterableDataset; give it in a DataLoader")
    if isinstance(values, Dataset):
        from torch.utils.data import default_collate

        return _sized(Items(values, default_collate, EVALUATION_CHUNK, cast, name), name)
    if isinstance(values, tuple | list) and len(values) == 2:
        return _arrays(values[0], values[1], f"x of {name}", f"y of {name}", cast)
    raise UserError(f"{name} is {_name(values)}; it takes {TAKES}")


def _sized(items: Items, name: str) -> Items:
    try:
        count = len(items)
    except (TypeError, NotImplementedError):
        raise UserError(f"{name} is a Dataset without a length; give it one, __len__") from None
    if count == 0:
        raise UserError(f"{name} has no examples; give at least one")
    return items


def _arrays(x: Any, y: Any, x_name: str, y_name: str, cast: Cast) -> Arrays:
    inputs, targets = tensor(x, x_name), tensor(y, y_name)
    for name, values in ((x_name, inputs), (y_name, targets)):
        if values.ndim == 0 or len(values) == 0:
            raise UserError(f"{name} has no examples: its shape is {tuple(values.shape)}")
    if len(inputs) != len(targets):
        raise UserError(
            f"{x_name} has {len(inputs)} examples and {y_name} has {len(targets)}; "
            "give one target an example"
        )
    # Of their own memory: what the caller does to theirs later must not get into the run.
    return Arrays(
        _own(cast.inputs(inputs, x_name), x),
        _own(cast.targets(targets, y_name), y),
    )


def _own(values: torch.Tensor, given: Any) -> torch.Tensor:
    shared = isinstance(given, torch.Tensor) and given.data_ptr() == values.data_ptr()
    return values.clone() if shared else values


def _names(train: Any) -> dict[str, Any]:
    dataset = train.dataset if isinstance(train, DataLoader) else train
    own = isinstance(dataset, Dataset) and type(dataset) is not TensorDataset
    label = type(dataset).__name__ if own else "own data"
    return {"dataset": label, "one": "example", "many": "examples"}


def _is_numbers(values: Any) -> bool:
    """Tell whether a list is one array of numbers, rather than several inputs."""
    return bool(values) and not isinstance(values[0], torch.Tensor | np.ndarray | Mapping)


def _name(values: Any) -> str:
    if values is None or isinstance(values, bool | int | float | str):
        return repr(values)[:60]
    if isinstance(values, tuple | list):
        return f"a {type(values).__name__} of {len(values)}"
    kind = type(values)
    return f"a {kind.__name__}"


def _line(error: BaseException) -> str:
    """Return an error as one line."""
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0] if said else 'no message'}"
