"""A run of an experiment, done: what was recorded, the network as it was, the examples."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr
    from torch import nn

    from simulate import specs
    from simulate.data._base import Data
    from simulate.data.choice import Choice


class Run:
    """What `record` of an experiment is given for each of its runs.

    Parameters
    ----------
    spec : Train or Descend
        What was done.
    data : Dataset
        What was recorded, as `simulate.train` or `simulate.descend` return it.
    choice : Choice or None
        Which handwritten digits; None takes the embedded ones.
    """

    def __init__(self, spec: specs.Run, data: xr.Dataset, choice: Choice | None = None) -> None:
        self.spec, self.data, self._choice = spec, data, choice

    @cached_property
    def dataset(self) -> Data:
        """The examples that it was trained and evaluated on."""
        return examples(self._training.data, self._choice)

    @property
    def attrs(self) -> dict[str, Any]:
        """Attributes of `data`."""
        return self.data.attrs

    def model(self, at: int | None = None) -> nn.Module:
        """Return the network as it was at a recorded step, parameters and buffers.

        Parameters
        ----------
        at : int or None
            One of ``data.snapshot``; None takes the last.

        Returns
        -------
        nn.Module
            A new one, in evaluation mode and in the run's own precision.
        """
        from simulate.training.snapshots import restore

        return restore(self._network(), self.data, at)

    @property
    def widths(self) -> str:
        """Units from the inputs to the outputs of a network of linear layers: "784–32–10"."""
        shapes = [shape for _, shape in json.loads(self.attrs["param_shapes"]) if len(shape) == 2]
        return "–".join(str(n) for n in [shapes[0][1], *(shape[0] for shape in shapes)])

    def models(self, at: Iterable[int] | None = None) -> Iterator[nn.Module]:
        """Return the network at snapshots, one after the other: the same object, changed.

        Parameters
        ----------
        at : iterable of int or None
            Recorded steps; None takes all of them.
        """
        from simulate.training.snapshots import restore

        network = self._network()
        for step in self.data.snapshot.values.tolist() if at is None else at:
            yield restore(network, self.data, step)

    def outputs(self, inputs: np.ndarray, at: Iterable[int] | None = None) -> np.ndarray:
        """Return what the network made of inputs at each snapshot, (snapshot, n, …), in float64.

        Where its parameters are no longer finite, nor is this.

        Parameters
        ----------
        inputs : ndarray, shape (n, n_inputs)
        at : iterable of int or None
            Recorded steps; None takes all of them.
        """
        import numpy as np
        import torch

        x = torch.from_numpy(np.asarray(inputs, np.float64))
        found = []
        with torch.no_grad():
            for network in self.models(at):
                found.append(network.double()(x).numpy())
        return np.stack(found)

    @property
    def _training(self) -> specs.Train:
        from simulate import specs
        from simulate.errors import UserError

        if not isinstance(self.spec, specs.Train):
            kind = type(self.spec).__name__
            raise UserError(f"a run that is a specs.{kind} has no network and no examples")
        return self.spec

    def _network(self) -> nn.Module:
        import torch

        spec = self._training
        told = "n_classes" in self.attrs
        n_classes = self.attrs["n_classes"] if told else self.dataset.n_classes
        made = network(spec.model, spec.seed, n_classes)
        return made.to(getattr(torch, spec.dtype)).eval()


def examples(spec: specs.Data, choice: Choice | None = None) -> Data:
    """Return the examples of a dataset."""
    from simulate.data import _load

    return _load.load(spec, choice)


def network(spec: specs.Model, seed: int = 0, n_classes: int | None = None) -> nn.Module:
    """Return a network with the initial weights of a seed, for so many classes."""
    from simulate.models import _base as models

    return models.make(spec.name, spec.settings, seed, n_classes)


def surface(name: str, settings: dict[str, Any] | None = None) -> Callable[[Any], Any]:
    """Return the loss of a surface, a function of tensors (…, param)."""
    from simulate.surfaces import _base as surfaces

    return surfaces.function(name, settings)
