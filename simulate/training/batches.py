"""Batches of training examples in the order of a run, and a run's place among them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import torch
from torch.utils.data import DataLoader

from simulate.errors import UserError
from simulate.training import device as devices
from simulate.training.examples import Batch, Cast, Examples


class Batches(Protocol):
    """The batches of a run, one a step.

    Attributes
    ----------
    epoch : int
        Which pass over the examples the last batch asked for belongs to.
    starts_epoch : bool
        Whether that batch was the first of its epoch.
    """

    epoch: int
    starts_epoch: bool

    @property
    def steps_per_epoch(self) -> int | None:
        """None where nobody knows."""

    def batch(self, step: int) -> Batch:
        """Return the batch of a step; steps are asked for one after another."""

    def state(self) -> dict[str, Any]:
        """Return what it takes to go on from here."""

    def restore(self, state: dict[str, Any], step: int) -> None:
        """Go on so that the next batch is the one of this step."""


class Shuffled:
    """Batches of a set of known size: the order of an epoch follows from the seed and its number.

    Parameters
    ----------
    batch_size : int or None
        None takes all examples, in their own order.
    replacement : bool
        Draw every batch anew, with replacement.
    in_order : bool
        Take the examples as they come: a stream in the order of time.
    """

    def __init__(
        self,
        examples: Examples,
        batch_size: int | None,
        *,
        replacement: bool = False,
        in_order: bool = False,
        seed: int = 0,
    ) -> None:
        n = len(examples)
        if batch_size is not None and not 1 <= batch_size <= n:
            raise UserError(f"batch_size is {batch_size}; there are {n} training examples")
        if replacement and in_order:
            raise UserError("replacement and in_order are both asked for; choose one of them")
        self.examples, self._seed = examples, seed
        self._replacement = replacement
        self._shuffle = batch_size is not None and not in_order
        self._whole = batch_size is None and not replacement
        self.n_examples = n
        self.size = batch_size or n
        self.steps_per_epoch: int = math.ceil(n / self.size)
        self.epoch, self.starts_epoch = 0, True
        self._order: tuple[int, np.ndarray] = (-1, np.empty(0, np.int64))

    def order(self, epoch: int) -> np.ndarray:
        """Numbers of the examples in the order in which an epoch takes them, (n,), int64."""
        if self._order[0] != epoch:
            rng = np.random.default_rng([self._seed, epoch])
            if self._replacement:
                order = rng.integers(self.n_examples, size=self.n_examples)
            elif self._shuffle:
                order = rng.permutation(self.n_examples)
            else:
                order = np.arange(self.n_examples)
            self._order = epoch, order
        return self._order[1]

    def batch(self, step: int) -> Batch:
        """Return the batch of a step."""
        self.epoch, number = divmod(step, self.steps_per_epoch)
        self.starts_epoch = number == 0
        if self._whole:
            return self.examples.take(None)
        return self.examples.take(self.order(self.epoch)[number * self.size :][: self.size])

    def state(self) -> dict[str, Any]:
        """Return what it takes to go on from here."""
        return {}  # it all follows from the step

    def restore(self, state: dict[str, Any], step: int) -> None:
        """Do nothing: any step can be asked for."""


class Loaded:
    """Batches of somebody's DataLoader, as it gives them.

    What its sampler and its dataset draw from torch's generator follows from the run's seed, in a
    stream of its own; a loader's own generator is its owner's.
    """

    def __init__(self, loader: DataLoader, cast: Cast, seed: int) -> None:
        self._loader, self._cast = loader, cast
        try:
            self.steps_per_epoch: int | None = len(loader)
        except TypeError:
            self.steps_per_epoch = None
        if self.steps_per_epoch == 0:
            raise UserError("train gives no batches; its dataset is empty")
        self.epoch, self.starts_epoch = -1, False
        self._place = 0  # batches taken in this epoch
        self._random = devices.seeded_state(seed)
        self._iterator: Iterator[Any] | None = None
        self._begin: list[torch.Tensor | None] = []  # both generators when this epoch began

    def batch(self, step: int) -> Batch:
        """Return the batch of a step."""
        outer = devices.random_state()
        devices.set_random_state(self._random)
        try:
            batch = None if self._iterator is None else next(self._iterator, None)
            if batch is None:
                self._start()
                assert self._iterator is not None
                batch = next(self._iterator, None)
            if batch is None:
                raise UserError("train gives no batches; its dataset is empty")
            self._place += 1
            self.starts_epoch = self._place == 1
            return self._cast.batch(batch, "train")
        finally:
            self._random = devices.random_state()
            devices.set_random_state(outer)

    def _start(self) -> None:
        generator = self._loader.generator
        own = None if generator is None else generator.get_state()
        self._begin = [torch.get_rng_state(), own]
        self.epoch, self._place = self.epoch + 1, 0
        self._iterator = iter(self._loader)

    def state(self) -> dict[str, Any]:
        """Return what it takes to go on from here."""
        return {
            "epoch": self.epoch,
            "place": self._place,
            "begin": self._begin,
            "random": self._random[0],
        }

    def restore(self, state: dict[str, Any], step: int) -> None:
        """Go to the state's place by taking the batches of its epoch before it."""
        if state["epoch"] < 0:
            return
        self.epoch = state["epoch"] - 1
        random, own = state["begin"]
        self._random = [random]
        if self._loader.generator is not None and own is not None:
            self._loader.generator.set_state(own)
        self._iterator = None
        for _ in range(state["place"]):
            self.batch(step)
        self._random = [state["random"]]
