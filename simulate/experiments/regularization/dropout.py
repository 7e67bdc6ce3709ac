"""A network trained with and without dropout: its masks, its curves, and its two modes.

While it trains, each hidden unit is kept with probability k, by itself and for each example, and
what is kept is divided by k. A unit a is then a/k with probability k and else 0: on average a, so
that the next layer's input is what it is without dropout. In evaluation mode all units are kept as
they are, and an answer is always the same.

004 calls p once the probability of dropping and once that of keeping; here it is always that of
keeping. Torch's ``p`` is that of dropping.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.regularization import _seeds

if TYPE_CHECKING:
    import numpy as np
    import torch
    import xarray as xr

NAMES = ("with", "without")
CANDIDATES = 200  # test digits of which one is shown


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network, the digits, and what is looked at.

    Attributes
    ----------
    hidden : tuple of int
        Units of the two hidden layers.
    keep : float
        Probability with which a hidden unit is kept.
    n_train, n_test, batch_size, epochs, lr
        Of plain gradient descent on few digits.
    n_seeds : int
        Trainings of each kind, from other initial weights and with other batches.
    n_shown : int
        Steps of the first training whose masks are recorded, evenly spaced.
    n_passes : int
        Passes of one test digit through the trained network in training mode.
    n_masks : int
        Masks over which a layer's inputs are averaged.
    """

    hidden: tuple[specs.Count, specs.Count] = (64, 64)
    keep: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.6
    n_train: specs.Count = 600
    n_test: specs.Count = 1_000
    batch_size: specs.Count = 40
    epochs: Annotated[int, msgspec.Meta(ge=2)] = 50
    lr: float = 0.1
    n_seeds: Annotated[int, msgspec.Meta(ge=2)] = 4
    n_shown: Annotated[int, msgspec.Meta(ge=2)] = 12
    n_passes: Annotated[int, msgspec.Meta(ge=2)] = 24
    n_masks: Annotated[int, msgspec.Meta(ge=100)] = 25_000


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(
        n_train=60, n_test=60, batch_size=20, epochs=4, n_seeds=2, n_shown=4, n_passes=5,
        n_masks=25_000,
    ),
    label="training with and without dropout, and the two modes of the network",
)  # fmt: skip


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return a training of each kind and seed; of the first with dropout, masks and weights."""
    stride = _stride(settings)
    found: dict[str, specs.Run] = {}
    for name, keep in (("with", settings.keep), ("without", 1.0)):
        for seed in range(settings.n_seeds):
            probes = specs.record("evaluation", parameters="ends")
            if name == "with" and seed == 0:
                masks = specs.Probe(name="dropout_masks", every=stride, settings={"n_examples": 1})
                probes = (*specs.record("evaluation", parameters=stride), masks)
            found[f"{name} {seed}"] = specs.Train(
                data=specs.Data(name="mnist", n_train=settings.n_train, n_test=settings.n_test),
                model=specs.Model(
                    name="dropout_mlp",
                    settings={"widths": [784, *settings.hidden, "classes"], "keep": keep},
                ),
                optimizer=specs.Optimizer(name="sgd", settings={"lr": settings.lr}),
                batch_size=settings.batch_size,
                epochs=settings.epochs,
                seed=seed,
                record=probes,
            )
    return found


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Lay out masks, passes, means and curves.

    Curves as `simulate.experiments.regularization._seeds` has them. Of the first training with
    dropout, at some of its ``step_mask``: ``image`` (step_mask, y, x), the first digit of that
    step's batch, and its ``label``; ``mask_1``, ``mask_2`` (step_mask, unit_…), which units that
    step's pass kept for it; ``full_1``, ``full_2``, the two hidden layers without dropout, and
    ``activation_1``, ``activation_2`` with that mask, scaled; ``probability`` (step_mask, class).
    ``weight_2``, ``weight_3`` (step_mask, unit_…, …) behind each hidden layer, then.

    Of the trained network and one test digit, ``test_image`` and ``test_label``:
    ``pass_mask_1``, ``pass_mask_2`` (example_pass, unit_…), ``pass_activation_…`` and
    ``pass_probability`` (example_pass, class) of passes in training mode; ``still_activation_…``
    (unit_…) and ``still_probability`` (class) in evaluation mode. ``mean_input`` (x_masks, unit_1):
    the second layer's inputs, averaged over the first so many masks, ``n_averaged`` (x_masks);
    ``mean_error`` (x_masks): their mean distance to the inputs in evaluation mode, relative to the
    mean of those.

    Attributes: how trainings end (means over the seeds), the differences with − without and whether
    they are ones, as in `weight_penalty`; ``mask_error``, the last of ``mean_error``, and
    ``sum_error``, that of the mean of all inputs; ``kept_share``, of all recorded masks;
    ``n_right_passes``: how many passes in training mode give the right class; ``outcome``:
    the test loss at the end with dropout, "lower", "higher", or "same" where that is no difference.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.recording import variable

    curves = _seeds.curves(runs, NAMES, settings.n_seeds)
    first = runs["with 0"]
    examples = first.dataset
    seen = _steps(first, settings)
    trained = first.model()
    chosen = _wavering(trained, examples, settings)
    passes = _passes(trained, examples.x_test[chosen], settings.n_passes, settings.keep)
    still = _layers(trained, torch.from_numpy(examples.x_test[chosen][None]))
    inputs = still["activation_1"][0]
    counts, means = _averaged(trained, inputs, settings)
    errors = np.abs(means - inputs).mean(1) / np.abs(inputs).mean()
    shape = examples.image_shape or (1, examples.x_test.shape[1])
    label = int(examples.y_test[chosen])
    kept = np.concatenate([seen["mask_1"].ravel(), seen["mask_2"].ravel()])

    def units(values: Any, along: str, layer: int, said: str) -> xr.Variable:
        return variable((*((along,) if along else ()), f"unit_{layer}"), values, said)

    layers: dict[str, xr.Variable] = {}
    for k in (1, 2):
        layers |= {
            f"mask_{k}": units(seen[f"mask_{k}"], "step_mask", k, "1 kept, 0 dropped"),
            f"full_{k}": units(seen[f"full_{k}"], "step_mask", k, "activation without dropout"),
            f"activation_{k}": units(seen[f"activation_{k}"], "step_mask", k, "activation"),
            f"pass_mask_{k}": units(passes[f"mask_{k}"], "example_pass", k, "1 kept, 0 dropped"),
            f"pass_activation_{k}": units(
                passes[f"activation_{k}"], "example_pass", k, "activation in training mode"
            ),
            f"still_activation_{k}": units(
                still[f"activation_{k}"][0], "", k, "activation in evaluation mode"
            ),
        }
    right = int((passes["probability"].argmax(1) == label).sum())
    return xr.Dataset(
        {
            **curves,
            **layers,
            "image": variable(
                ("step_mask", "y", "x"), seen["image"].reshape(-1, *shape), "brightness"
            ),
            "label": variable("step_mask", seen["label"], "label"),
            "probability": variable(("step_mask", "class"), seen["probability"], "probability"),
            "weight_2": variable(("step_mask", "unit_1", "unit_2"), seen["weight_2"], "weights"),
            "weight_3": variable(("step_mask", "unit_2", "class"), seen["weight_3"], "weights"),
            "end_weight_3": variable(
                ("unit_2", "class"), _weights(trained)[2].T.numpy(), "weights"
            ),
            "test_image": variable(
                ("y", "x"), examples.x_test[chosen].reshape(shape), "brightness"
            ),
            "test_label": variable((), label, "label"),
            "end_weight_2": variable(
                ("unit_1", "unit_2"), _weights(trained)[1].T.numpy(), "weights"
            ),
            "pass_probability": variable(
                ("example_pass", "class"), passes["probability"], "probability in training mode"
            ),
            "still_probability": variable(
                "class", still["probability"][0], "probability in evaluation mode"
            ),
            "n_averaged": variable("x_masks", counts, "masks averaged"),
            "mean_input": variable(("x_masks", "unit_1"), means, "mean input of the next layer"),
            "mean_error": variable("x_masks", errors, "relative distance of the mean"),
        },
        coords={
            "run": list(NAMES),
            "step_mask": seen["step"],
            "epoch": np.arange(settings.epochs + 1),
            "class": list(examples.class_names),
        },
        attrs={
            "dataset": examples.label,
            "widths": first.widths,
            **{name: first.attrs[name] for name in ("one", "many")},
            "keep": settings.keep,
            "n_hidden": sum(settings.hidden),
            "n_train": len(examples.x_train),
            "n_test": len(examples.x_test),
            "epochs": settings.epochs,
            "batch_size": settings.batch_size,
            "lr": settings.lr,
            "n_seeds": settings.n_seeds,
            "n_passes": settings.n_passes,
            "n_masks": settings.n_masks,
            "mask_error": float(errors[-1]),
            "sum_error": float(abs(means[-1].sum() / inputs.sum() - 1)),
            "kept_share": float(kept.mean()),
            "n_right_passes": right,
            "drop": 1 - settings.keep,
            "test_class": label,
            "test_name": examples.class_names[label],
            "answer_name": examples.class_names[int(still["probability"][0].argmax())],
            "still_right": int(still["probability"][0].argmax() == label),
            **_ends(curves),
        },
    )


def _stride(settings: Settings) -> int:
    n_steps = settings.epochs * -(-settings.n_train // settings.batch_size)
    return max(1, n_steps // settings.n_shown)


def _weights(model: torch.nn.Module) -> list[torch.Tensor]:
    return [param.detach() for param in model.parameters() if param.ndim > 1]


def _layers(
    model: Any, x: torch.Tensor, masks: list[torch.Tensor] | None = None, keep: float = 1.0
) -> dict[str, np.ndarray]:
    """Send inputs through, (example, …), each with its own masks of both hidden layers.

    Without masks it is the network's evaluation mode.
    """
    import torch

    found: dict[str, np.ndarray] = {}
    with torch.no_grad():
        linear = [layer for layer in model if isinstance(layer, torch.nn.Linear)]
        for k, layer in enumerate(linear[:-1], start=1):
            x = layer(x).relu()
            found[f"full_{k}"] = x.numpy()
            if masks is not None:
                x = x * masks[k - 1] / keep
            found[f"activation_{k}"] = x.numpy()
        found["probability"] = linear[-1](x).softmax(1).numpy()
    return found


def _steps(run: base.Run, settings: Settings) -> dict[str, np.ndarray]:
    """Return what the recorded steps did with the first digit of their batch.

    The last recorded step has no update and is left out.
    """
    import numpy as np
    import torch

    n_shown = min(settings.n_shown, run.data.sizes["snapshot"] - 1)
    steps = run.data.snapshot.values[:n_shown]
    masks = [run.data[f"mask_{k}"].values[:n_shown, 0] for k in (0, 1)]
    per_epoch = -(-settings.n_train // settings.batch_size)
    examples = run.dataset
    found: dict[str, list] = {"image": [], "label": [], "weight_2": [], "weight_3": []}
    for i, (step, model) in enumerate(zip(steps.tolist(), run.models(steps.tolist()), strict=True)):
        epoch, number = divmod(step, per_epoch)
        # The engine's own order of an epoch: batches follow one another in it.
        order = np.random.default_rng([0, epoch]).permutation(settings.n_train)
        taken = order[number * settings.batch_size]
        x = torch.from_numpy(examples.x_train[taken][None])
        own = [torch.from_numpy(mask[i][None].astype(np.float32)) for mask in masks]
        for name, values in _layers(model, x, own, settings.keep).items():
            found.setdefault(name, []).append(values[0])
        found["image"].append(examples.x_train[taken])
        found["label"].append(examples.y_train[taken])
        for k, weight in enumerate(_weights(model)[1:], start=2):
            found[f"weight_{k}"].append(weight.T.numpy().copy())
    made = {name: np.stack(values) for name, values in found.items()}
    return made | {"step": steps, "mask_1": masks[0], "mask_2": masks[1]}


def _passes(model: Any, x: np.ndarray, count: int, keep: float) -> dict[str, np.ndarray]:
    """Send one digit through in training mode, again and again: masks are torch's own."""
    import torch

    dropouts = [layer for layer in model if isinstance(layer, torch.nn.Dropout)]
    inputs = torch.from_numpy(x)[None].repeat(count, 1)
    widths = [layer.out_features for layer in model if isinstance(layer, torch.nn.Linear)]
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        masks = []
        for dropout, width in zip(dropouts, widths, strict=False):
            dropout.train()
            masks.append((dropout(torch.ones(count, width)) > 0).float())
            dropout.eval()
    found = _layers(model, inputs, masks, keep)
    return found | {f"mask_{k}": mask.numpy().astype("int8") for k, mask in enumerate(masks, 1)}


def _wavering(model: Any, examples: Any, settings: Settings) -> int:
    """Return the test digit, right in evaluation mode, whose answers in training mode waver most.

    Of the first ones: its mean probability of the right class over some passes is nearest one half.
    """
    import numpy as np
    import torch

    x, y = examples.x_test[:CANDIDATES], examples.y_test[:CANDIDATES]
    means = [
        _passes(model, image, settings.n_passes, settings.keep)["probability"][:, label].mean()
        for image, label in zip(x, y, strict=True)
    ]
    right = _layers(model, torch.from_numpy(x))["probability"].argmax(1) == y
    away = np.abs(np.array(means) - 0.5) + np.where(right, 0.0, 1.0)
    return int(away.argmin())


def _averaged(model: Any, inputs: np.ndarray, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """Return numbers of masks, and the mean of the dropped and scaled inputs over so many."""
    import numpy as np
    import torch

    (dropout, *_) = [layer for layer in model if isinstance(layer, torch.nn.Dropout)]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        dropout.train()
        dropped = dropout(torch.from_numpy(inputs)[None].repeat(settings.n_masks, 1)).double()
        dropout.eval()
    counts = np.unique(np.geomspace(1, settings.n_masks, 60).round().astype(int))
    sums = dropped.cumsum(0).numpy()
    return counts, sums[counts - 1] / counts[:, None]


def _ends(curves: dict) -> dict[str, Any]:
    """Return how trainings end, and the differences with − without dropout."""
    found: dict[str, Any] = {}
    for curve, said in (
        ("test_loss", "loss"),
        ("test_accuracy", "accuracy"),
        ("train_loss", "train_loss"),
        ("train_accuracy", "train_accuracy"),
    ):
        for i, name in enumerate(NAMES):
            found[f"end_{said}_{name}"] = float(curves[f"{curve}_mean"].values[i, -1])
        ends = curves[curve].values[..., -1]  # (run, x_seed)
        mean, half, sign = _seeds.difference(ends[0], ends[1])
        found |= {f"{said}_gap": mean, f"{said}_half": half, f"{said}_sign": sign}
        found[f"{said}_differs"] = abs(sign)
    sign = found["loss_sign"]
    return found | {"outcome": "lower" if sign < 0 else "higher" if sign > 0 else "same"}
