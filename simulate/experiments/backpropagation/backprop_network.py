"""A digit that a trained network gets wrong: its errors come back, and one step is taken.

The network and the digit are those of `network_forward`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.networks import network_forward

if TYPE_CHECKING:
    import xarray as xr


class Settings(network_forward.Settings, frozen=True, kw_only=True):
    """The network and its training, and the step.

    Attributes
    ----------
    step_lr : float
        Learning rate of the one step on the one digit.
    """

    step_lr: float = 0.0005


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_train=200, n_test=100, epochs=3, lr=0.01),
    label="errors on their way back through a trained network",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training of the network, the same as for `network_forward`."""
    return network_forward.runs(settings)


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Send the digit through the network, its errors back, and take one step.

    What `simulate.passes` records, with the attributes of the training.
    """
    import numpy as np
    import torch

    from simulate.measures.passes import passes

    run = runs["training"]
    examples, model = run.dataset, run.model().double()
    with torch.no_grad():
        said = model(torch.from_numpy(examples.x_test).double()).argmax(1).numpy()
    _, wrong = network_forward.chosen(examples, said)
    image = np.asarray(examples.x_test[wrong], dtype=float).reshape(examples.image_shape)
    label = int(examples.y_test[wrong])
    found = passes(model, image, label, lr=settings.step_lr, classes=examples.class_names)
    own = {"one": run.data.attrs["one"], "choice": network_forward.CHOICE}
    return found.assign_attrs({**run.data.attrs, **found.attrs, **own})
