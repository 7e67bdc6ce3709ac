"""Two test digits on their way through a small trained network: one it gets right, one wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr
    from torch import nn

    from simulate.data._base import Data

# How the two digits are chosen. The measure is no network's opinion, so that what it calls legible
# is not what the network finds easy.
CHOICE = (
    "Legibility of a digit: distance to the mean training image of its own class over the distance "
    "to the nearest other class's; small is legible. Wrong: the most legible of the test digits "
    "that the network gets wrong. Right: of the other classes (without the one that the wrong "
    "digit was taken for), the most legible digit that it gets right, of the class where that one "
    "is least legible."
)


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network and its training.

    Attributes
    ----------
    hidden : (int, int)
        Units of the layers between the pixels and the classes.
    n_train, n_test : int
        Examples.
    batch_size, epochs : int
        Of the training.
    lr : float
        Adam's learning rate.
    seed : int
        Of weights, order and choice of the examples.
    """

    hidden: tuple[specs.Count, specs.Count] = (16, 16)
    n_train: int = 10_000
    n_test: int = 1_000
    batch_size: int = 64
    epochs: int = 12
    lr: float = 0.003
    seed: int = 0


LINES = 120  # of weight × pixel, the strongest: all 784 × 16 would be a solid wedge

EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_train=200, n_test=100, epochs=3, lr=0.01),
    label="one digit through a trained network",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training of the network."""
    run = specs.Train(
        data=_data(settings),
        model=specs.Model(name="mlp", settings={"widths": [784, *settings.hidden, "classes"]}),
        optimizer=specs.Optimizer(name="adam", settings={"lr": settings.lr}),
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        seed=settings.seed,
    )
    return {"training": run}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Send the two examples through the network and keep every number on the way.

    Example 0 is classified right, example 1 wrong (see `CHOICE`). ``image`` (example, y, x);
    ``weight_k`` (n_in, n_out) and ``bias_k`` of layer k, ``activation_k`` (example, unit_k) after
    ReLU; ``logit`` and ``probability`` (example, class); ``label``, ``prediction``, ``loss``
    (example); and what each input adds to each unit of the next layer, weight times input:
    ``pixel_contribution`` (example, unit_1, feature), ``contribution_k`` (example, unit below,
    unit).
    """
    import numpy as np
    import xarray as xr
    from torch import nn

    from simulate.recording import variable

    run = runs["training"].data
    examples, model = runs["training"].dataset, runs["training"].model().double()
    *_, logits = _forward(model, examples.x_test)
    right, wrong = chosen(examples, logits.argmax(1))
    x = examples.x_test[[right, wrong]]
    label = examples.y_test[[right, wrong]]
    *hidden, logits = _forward(model, x)
    layers = [
        (layer.weight.detach().numpy().T, layer.bias.detach().numpy())
        for layer in runs["training"].model().children()
        if isinstance(layer, nn.Linear)
    ]
    probability = np.exp(logits - logits.max(1, keepdims=True))
    probability /= probability.sum(1, keepdims=True)

    rows, columns = examples.image_shape or (1, x.shape[1])
    images = x.reshape(-1, rows, columns)
    units = ["feature", *(f"unit_{k}" for k in range(1, len(layers))), "class"]
    found = {
        "image": variable(("example", "y", "x"), images, "brightness"),
        "logit": variable(("example", "class"), logits, "logit"),
        "probability": variable(("example", "class"), probability, "probability"),
        "label": variable("example", label, "label"),
        "prediction": variable("example", logits.argmax(1), "prediction"),
        "loss": variable(
            "example", -np.log(probability[np.arange(2), label]), "cross-entropy", "nats"
        ),
        "pixel_contribution": variable(
            ("example", "unit_1", "feature"),
            x[:, None, :] * layers[0][0].T[None],
            "weight × pixel",
        ),
    }
    for k, (weight, bias) in enumerate(layers, 1):
        found[f"weight_{k}"] = variable((units[k - 1], units[k]), weight, f"weights of layer {k}")
        found[f"bias_{k}"] = variable(units[k], bias, f"biases of layer {k}")
    for k, activation in enumerate(hidden, 1):
        found[f"activation_{k}"] = variable(
            ("example", units[k]), activation, f"activation of layer {k}"
        )
        found[f"contribution_{k + 1}"] = variable(
            ("example", units[k], units[k + 1]),
            activation[:, :, None] * layers[k][0],
            "weight × activation",
        )
    names = examples.class_names
    return xr.Dataset(
        found,
        coords={"class": names},
        attrs={
            **run.attrs,
            "widths": runs["training"].widths,
            "epochs": settings.epochs,
            "choice": CHOICE,
            "n_lines": LINES,
            "n_pixels": x.shape[1],
            "right_label": names[label[0]],
            "wrong_label": names[label[1]],
            "wrong_prediction": names[logits[1].argmax()],
        },
    )


def _data(settings: Settings) -> specs.Data:
    return specs.Data(
        name="mnist", n_train=settings.n_train, n_test=settings.n_test, seed=settings.seed
    )


def _forward(model: nn.Module, x: np.ndarray) -> list[np.ndarray]:
    """Return the activations of every hidden layer and the logits, in float64.

    In the model's own layers, one after the other.
    """
    import torch
    from torch import nn

    values, found = torch.from_numpy(x).double(), []
    with torch.no_grad():
        for layer in model.children():
            values = layer(values)
            if not isinstance(layer, nn.Linear):
                found.append(values.numpy())
    return [*found, values.numpy()]


def chosen(examples: Data, prediction: np.ndarray) -> tuple[int, int]:
    """Return the test examples to show, by the rule in `CHOICE`.

    Raises
    ------
    RunError
        If the network gets all test digits right, or none of a third class.
    """
    import numpy as np

    from simulate.errors import RunError

    label = examples.y_test
    means = np.stack(
        [
            # a class that isn't in a tiny training set is as far away as can be
            examples.x_train[examples.y_train == k].mean(0)
            if (examples.y_train == k).any()
            else np.full(examples.x_train.shape[1], np.inf)
            for k in range(examples.n_classes or 0)
        ]
    )
    distance = np.linalg.norm(examples.x_test[:, None] - means, axis=2)  # (example, class)
    own = np.take_along_axis(distance, label[:, None], 1)[:, 0]
    np.put_along_axis(distance, label[:, None], np.inf, 1)
    blur = own / distance.min(1)

    wrong = np.flatnonzero(prediction != label)
    if len(wrong) == 0:
        raise RunError(f"the network gets every test {examples.one} right; take fewer epochs")
    worst = int(wrong[blur[wrong].argmin()])
    best = []
    for k in set(range(distance.shape[1])) - {int(label[worst]), int(prediction[worst])}:
        right = np.flatnonzero((prediction == label) & (label == k))
        if len(right):
            best.append(int(right[blur[right].argmin()]))
    if not best:
        raise RunError(
            f"the network gets no test {examples.one} of a third class right; take more epochs"
        )
    return max(best, key=lambda example: blur[example]), worst
