"""What the experiments share that show a fit beside its loss: outputs at every snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

    from simulate import specs


def outputs(model: specs.Model, run: xr.Dataset, inputs: np.ndarray) -> np.ndarray:
    """Return what the network made of some inputs at each snapshot, (snapshot, n, n_outputs).

    In float64, from the recorded parameters; where those are no longer finite, nor is this.

    Parameters
    ----------
    model : specs.Model
        The one that was trained.
    run : Dataset
        Of its training; ``params`` (snapshot, param).
    inputs : ndarray, shape (n, n_inputs)
    """
    import numpy as np
    import torch

    from simulate.models import _base as models

    network = models.make(model.name, model.settings).double()
    x = torch.from_numpy(np.asarray(inputs, np.float64))
    found = []
    with torch.no_grad():
        for point in torch.from_numpy(run.params.values.astype(np.float64)):
            torch.nn.utils.vector_to_parameters(point, network.parameters())
            found.append(network(x).numpy())
    return np.stack(found)


def probabilities(model: specs.Model, run: xr.Dataset, inputs: np.ndarray) -> np.ndarray:
    """Return the probability of class 1 of two at each snapshot, (snapshot, n)."""
    return second_of_two(outputs(model, run, inputs))


def second_of_two(logits: np.ndarray) -> np.ndarray:
    """Return softmax's second probability, of logits (…, 2)."""
    import numpy as np

    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(1 / (1 + np.exp(logits[..., 0] - logits[..., 1])))


def grid(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the points of a grid row by row, (n_y n_x, 2)."""
    import numpy as np

    return np.stack([part.ravel() for part in np.meshgrid(x, y)], axis=1)
