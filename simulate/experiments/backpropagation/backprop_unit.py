"""One hidden unit of a trained network: its sum on the way forward, its error on the way back.

A small network is trained to tell three species of iris apart; weights and the flower's inputs are
then rounded to tenths and biases to hundredths, as in `neuron`. Errors are autograd's, in the
rounded network. Of all pairs of a test flower and a hidden unit, one is taken in which all that is
printed to three decimals follows from what is printed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr
    from torch import nn

CHOICE = (
    "Of all pairs of a test flower and a hidden unit, those whose printed digits add up and whose "
    "unit is far from flat (h′ at least 0.2); of these, the one with the largest error δ."
)
STEEP = 0.2


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network and its training.

    Attributes
    ----------
    n_units : int
        Of the hidden layer, tanh.
    steps : int
        Of gradient descent on the whole training set.
    lr : float
        Its learning rate.
    seed : int
        Of the weights and of the split into training and test flowers.
    n_points : int
        Of the recorded tanh.
    """

    n_units: int = 5
    steps: int = 100
    lr: float = 0.3
    seed: int = 0
    n_points: int = 201


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(steps=20, n_points=41),
    label="one hidden unit, forward and back",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training of the network."""
    from simulate.data.iris import FEATURES, SPECIES

    run = specs.Train(
        data=specs.Data(name="iris", seed=settings.seed),
        model=specs.Model(
            name="mlp",
            settings={
                "widths": [len(FEATURES), settings.n_units, len(SPECIES)],
                "activation": "tanh",
            },
        ),
        optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
        steps=settings.steps,
        seed=settings.seed,
        dtype="float64",
    )
    return {"training": run}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Send the flower forward and its errors back, and keep every number of one unit j.

    ``input`` (feature), ``weight_in`` (feature) and ``bias`` (), ``contribution`` (feature);
    ``a``, ``z`` = h(a) and ``slope`` = h′(a), all (). By output k (class): ``probability``,
    ``wanted``, ``delta_out``, ``weight_out`` and ``pull``, weight × error; ``back`` (), their sum,
    and ``delta`` (), the unit's error; ``gradient`` (feature), by its weights, the bias's being
    ``delta``. ``curve`` (x) over ``curve_a``. Attributes: ``species``, ``prediction``, ``unit``,
    ``n_pairs`` looked at, ``n_fit`` of them with digits that add up, ``adds_up``.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.data.iris import FEATURES, SPECIES
    from simulate.recording import variable

    run = runs["training"]
    model = _rounded(run.model().double())
    x = torch.from_numpy(np.round(run.dataset.x_test.astype(float), 1) + 0.0)
    y = torch.from_numpy(run.dataset.y_test)
    first, _, last = model.children()
    assert isinstance(first, torch.nn.Linear)
    assert isinstance(last, torch.nn.Linear)
    a = first(x)
    a.retain_grad()
    z = torch.tanh(a)
    logits = last(z)
    logits.retain_grad()
    # a sum over the flowers, so that each one's gradient is its own
    torch.nn.functional.cross_entropy(logits, y, reduction="sum").backward()
    assert a.grad is not None
    assert logits.grad is not None
    numbers = {
        "input": x, "weight_in": first.weight, "bias": first.bias, "a": a, "z": z,
        "delta": a.grad, "delta_out": logits.grad, "weight_out": last.weight.T,
        "probability": logits.softmax(1),
    }  # fmt: skip
    known = {name: values.detach().numpy() for name, values in numbers.items()}
    pairs = [(i, j) for i in range(len(x)) for j in range(settings.n_units)]
    steep = [pair for pair in pairs if 1 - known["z"][pair] ** 2 >= STEEP] or pairs
    fit = [pair for pair in steep if _adds_up(known, *pair)]
    flower, unit = max(fit or steep, key=lambda pair: abs(known["delta"][pair]))
    weight_in, weight_out = known["weight_in"][unit], known["weight_out"][unit]
    delta_out, inputs = known["delta_out"][flower], known["input"][flower]
    delta = known["delta"][flower, unit]
    reach = float(max(3.0, np.ceil(abs(known["a"][flower, unit]) + 0.5)))
    curve_a = torch.linspace(-reach, reach, settings.n_points, dtype=torch.float64)
    scalars = {
        "bias": (known["bias"][unit], "bias"),
        "a": (known["a"][flower, unit], "sum a"),
        "z": (known["z"][flower, unit], "activation h(a)"),
        "slope": (1 - known["z"][flower, unit] ** 2, "slope h′(a)"),
        "back": (weight_out @ delta_out, "sum of what comes back"),
        "delta": (delta, "error ∂L/∂a"),
    }
    label = int(y[flower])
    return xr.Dataset(
        {
            **{name: variable((), value, said) for name, (value, said) in scalars.items()},
            "input": variable("feature", inputs, "input"),
            "weight_in": variable("feature", weight_in, "weight"),
            "contribution": variable("feature", inputs * weight_in, "weight × input"),
            "gradient": variable("feature", delta * inputs, "gradient by the weight"),
            "probability": variable("class", known["probability"][flower], "probability"),
            "wanted": variable("class", np.eye(len(SPECIES))[label], "what it should be"),
            "delta_out": variable("class", delta_out, "error of the output"),
            "weight_out": variable("class", weight_out, "weight to the output"),
            "pull": variable("class", weight_out * delta_out, "weight × error"),
            "curve_a": variable("x", curve_a.numpy(), "sum a"),
            "curve": variable("x", torch.tanh(curve_a).numpy(), "tanh"),
        },
        coords={"feature": list(FEATURES), "class": list(SPECIES)},
        attrs={
            **run.data.attrs,
            "species": SPECIES[label],
            "prediction": SPECIES[int(known["probability"][flower].argmax())],
            "p_label": float(known["probability"][flower, label]),
            "sum": float(known["a"][flower, unit]),
            "error": float(delta),
            "unit": unit + 1,
            "n_units": settings.n_units,
            "n_pairs": len(pairs),
            "n_fit": len(fit),
            "adds_up": int(bool(fit)),
            "choice": CHOICE,
        },
    )


def _rounded(model: nn.Module) -> nn.Module:
    """Round a network's weights to tenths and its biases to hundredths."""
    import torch

    with torch.no_grad():
        for name, param in model.named_parameters():
            param.copy_(torch.round(param, decimals=2 if name.endswith("bias") else 1) + 0.0)
    return model


def _adds_up(known: dict[str, np.ndarray], flower: int, unit: int) -> bool:
    """Tell whether what is printed of a pair follows from what is printed, to three decimals."""
    z, delta = known["z"][flower, unit], known["delta"][flower, unit]
    delta_out, weight = known["delta_out"][flower], known["weight_out"][unit]
    slope, back = 1 - z**2, float(weight @ delta_out)

    def printed(value: Any) -> float:
        return round(float(value), 3)

    products = [printed(w * printed(d)) for w, d in zip(weight, delta_out, strict=True)]
    wanted = [
        (1 - printed(z) ** 2, slope),
        (sum(products), back),
        (printed(slope) * printed(back), delta),
        *((printed(w * d), p) for w, d, p in zip(weight, delta_out, products, strict=True)),
        *((printed(delta) * x, delta * x) for x in known["input"][flower]),
    ]
    return all(printed(one) == printed(other) for one, other in wanted)
