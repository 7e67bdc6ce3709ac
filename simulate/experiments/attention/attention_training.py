"""A head finds its pattern: a small causal transformer learns to say which meal it was.

It reads sentences about meals (`simulate.data.meals`) and says at each word which one comes next.
The last one, the meal, follows from foods that were named before, now here, now there. So some
head has to look from the last word back at a food. Which of them does it is measured at the end,
on one sentence that it was never trained on; a second one and all others that were held out
chose nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.attention import _meals

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr
    from torch import nn

HALF = 0.5  # of the weight on foods: from then on a head has found them


class Settings(_meals.Settings, frozen=True, kw_only=True):
    """The transformer and its training; see `_meals.Settings`."""


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(**_meals.TINY),
    label="a head finds its pattern while a small transformer trains",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training."""
    return _meals.runs(settings)


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Look at the transformer at every snapshot.

    ``attention`` (example, snapshot, layer, head, query, key) on the two sentences that are shown,
    whose words are ``word`` (example, position) and ``role`` (example, position): "food", "for" or
    "other". What the last word does: ``food_weight`` (example, snapshot, layer, head), its weight
    on the foods; ``held_weight`` (snapshot, layer, head), the mean of it over the held-out
    sentences; ``probability`` (example, snapshot, class) of each meal; ``meal_accuracy``
    (snapshot), the share of held-out sentences whose meal is said rightly; ``loss`` (step), of all
    words. Attributes: ``shown_layer`` and ``shown_head``, whose weight on the foods of the first
    sentence is largest at the end; ``found_step``, from which on it is more than half.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.data import meals
    from simulate.recording import variable

    training = runs["training"]
    sentences = _meals.shown()
    held = training.dataset.x_test
    answers = training.dataset.y_test[:, -1]
    food_numbers = [meals.WORDS.index(f) for some in meals.FOODS.values() for f in some]
    held_food = np.isin(held, food_numbers)
    meal_numbers = [meals.WORDS.index(meal) for meal in meals.FOODS]
    tokens = [meals.encoded(" ".join(words)) for words in sentences]

    attention: list[list[np.ndarray]] = [[] for _ in sentences]
    probability: list[list[np.ndarray]] = [[] for _ in sentences]
    held_weight, accuracy = [], []
    for network in training.models():
        for i, numbers in enumerate(tokens):
            maps, logits = _read(network, np.array([numbers]))
            attention[i].append(maps[:, 0])
            chances = torch.from_numpy(logits[0]).softmax(0).numpy()
            probability[i].append(chances[meal_numbers])
        maps, logits = _read(network, held)
        onto = (maps[:, :, :, -1] * held_food[:, None]).sum(-1)  # (layer, example, head)
        held_weight.append(onto.mean(1))
        accuracy.append(float((logits.argmax(1) == answers).mean()))

    maps = np.stack([np.stack(each) for each in attention])
    role = [
        ["for" if w == "for" else "food" if w in _meals.foods(words) else "other" for w in words]
        for words in sentences
    ]
    is_food = np.array(role) == "food"
    food_weight = np.einsum("eslhk,ek->eslh", maps[:, :, :, :, -1], is_food)
    snapshots = training.data.snapshot.values
    along = ("example", "snapshot", "layer", "head")
    found = {
        "attention": variable(
            (*along, "query", "key"), maps.astype(np.float32), "attention weight"
        ),
        "food_weight": variable(along, food_weight, "weight of the last word on the foods"),
        "held_weight": variable(along[1:], np.stack(held_weight), "the same, held-out sentences"),
        "probability": variable(
            ("example", "snapshot", "class"), np.array(probability), "probability of the meal"
        ),
        "meal_accuracy": variable("snapshot", accuracy, "share of meals said rightly"),
        "loss": variable("step", training.data.loss.values, "cross-entropy", "nats"),
        "word": variable(("example", "position"), sentences, "word"),
        "role": variable(("example", "position"), role, "part in the sentence"),
        "answer": variable("example", _meals.answers(), "the meal that it was"),
    }
    attrs = _named(food_weight, np.stack(held_weight), np.array(probability), snapshots, is_food)
    return xr.Dataset(
        found,
        coords={"snapshot": snapshots, "class": list(meals.FOODS)},
        attrs={
            "n_steps": settings.n_steps,
            "n_heads": settings.n_heads,
            "n_layers": settings.n_layers,
            "n_train": settings.n_train,
            "n_held": len(held),
            "batch_size": settings.batch_size,
            "lr": settings.lr,
            "n_params": training.attrs["n_params"],
            "meal_right": accuracy[-1],
            "meals": "|".join(meals.FOODS),
            "answer_first": _meals.answers()[0],
            "answer_second": _meals.answers()[1],
            **attrs,
        },
    )


def _read(network: nn.Module, tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the maps (layer, example, head, query, key) and the last word's logits."""
    import torch

    from simulate.probes.attention import Maps

    with torch.no_grad(), Maps() as seen:
        logits = network(torch.from_numpy(tokens))
    return torch.stack(seen.maps).numpy(), logits[:, :, -1].numpy()


def _named(
    weight: np.ndarray,
    held: np.ndarray,
    probability: np.ndarray,
    snapshots: np.ndarray,
    is_food: np.ndarray,
) -> dict[str, Any]:
    """Return what is said of the head that is named."""
    import numpy as np

    layer, head = np.unravel_index(weight[0, -1].argmax(), weight.shape[2:])
    course, second, others = (
        weight[:, :, layer, head][0],
        weight[1, :, layer, head],
        held[:, layer, head],
    )
    # From which look on it stays above.
    below = np.flatnonzero(course <= HALF)
    at = 0 if len(below) == 0 else int(below[-1]) + 1
    meals = probability.argmax(2)[:, -1]
    return {
        "shown_layer": int(layer),
        "shown_head": int(head),
        "head_number": int(head) + 1,
        "layer_number": int(layer) + 1,
        "n_looked": int(np.prod(weight.shape[2:])),
        "found": int(at < len(course)),
        "found_step": int(snapshots[min(at, len(snapshots) - 1)]),
        "start_weight": float(course[0]),
        "end_weight": float(course[-1]),
        "second_weight": float(second[-1]),
        "held_mean": float(others[-1]),
        "holds": int(second[-1] > HALF),
        "even": float(is_food[0].mean()),
        "says_right": int(_right(meals[0], 0)),
        "second_right": int(_right(meals[1], 1)),
        "start_probability": float(probability[0, 0, _meal(0)]),
        "end_probability": float(probability[0, -1, _meal(0)]),
        "second_probability": float(probability[1, -1, _meal(1)]),
    }


def _meal(example: int) -> int:
    from simulate.data import meals

    return list(meals.FOODS).index(_meals.answers()[example])


def _right(said: int, example: int) -> bool:
    return int(said) == _meal(example)
