"""Softmax regression on handwritten digits: ten weight images, and which digits it takes for which.

One linear layer from the pixels to ten classes: the weights into a class are an image of what
speaks for it and what against.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The training.

    Attributes
    ----------
    n_train, n_test : int
        Examples.
    batch_size, epochs : int
        Of the training.
    lr : float
        Learning rate of plain gradient descent.
    seed : int
        Of weights, order and choice of the examples.
    """

    n_train: int = 10_000
    n_test: int = 1_000
    batch_size: int = 50
    epochs: int = 10
    lr: float = 0.1
    seed: int = 0


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_train=200, n_test=100, epochs=5, batch_size=20),
    label="softmax regression on digits",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training of the single layer."""
    run = specs.Train(
        data=_data(settings),
        model=specs.Model(name="mlp", settings={"widths": [784, "classes"]}),
        optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        seed=settings.seed,
        record=specs.record("evaluation", "parameters", scalars=100),
    )
    return {"training": run}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Cut the weights into images, and count what the whole test set is taken for.

    ``template`` (class, y, x), the weights into each class; ``bias`` (class); ``confusion``
    (class, class_predicted) of the whole test set's digits by label and prediction; ``logit``
    (example, class) of the first test digits, with their ``label``. Attributes: the run's own,
    ``accuracy`` over the whole test set, and the most frequent mistake: ``mistake_label``,
    ``mistake_prediction``, ``mistake_count``.

    Raises
    ------
    RunError
        If it makes no mistake.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.errors import RunError
    from simulate.recording import variable

    run = runs["training"].data
    examples = runs["training"].dataset
    rows, columns = examples.image_shape or (1, examples.x_train.shape[1])
    model = runs["training"].model().double()
    weight, bias = (param.detach().numpy() for param in model.parameters())
    x, label = examples.whole_test
    with torch.no_grad():
        logit = model(torch.from_numpy(x).double()).numpy()
    prediction = logit.argmax(1)
    n, names = examples.n_classes or 0, examples.class_names
    count = np.zeros((n, n), np.int64)
    np.add.at(count, (label, prediction), 1)
    mistakes = count * (1 - np.eye(n, dtype=np.int64))
    if not mistakes.any():
        raise RunError(f"all {len(x)} test {examples.many} are classified right; take fewer epochs")
    worst = np.unravel_index(int(mistakes.argmax()), mistakes.shape)
    shown = min(20, len(x))
    return xr.Dataset(
        {
            "template": variable(("class", "y", "x"), weight.reshape(n, rows, columns), "weight"),
            "bias": variable("class", bias, "bias"),
            "confusion": variable(("class", "class_predicted"), count, "test examples"),
            "logit": variable(("example", "class"), logit[:shown], "logit"),
            "label": variable("example", label[:shown], "label"),
        },
        coords={"class": names},
        attrs={
            **run.attrs,
            "epochs": settings.epochs,
            "accuracy": float((prediction == label).mean()),
            "mistake_label": names[worst[0]],
            "mistake_prediction": names[worst[1]],
            "mistake_count": int(mistakes.max()),
        },
    )


def _data(settings: Settings) -> specs.Data:
    return specs.Data(
        name="mnist", n_train=settings.n_train, n_test=settings.n_test, seed=settings.seed
    )
