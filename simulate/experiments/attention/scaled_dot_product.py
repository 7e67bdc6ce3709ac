"""One query asks all keys: softmax(q kᵀ / √d) v, with the vectors of a trained transformer.

The small transformer of `attention_training` has heads of four numbers, few enough to print. The
walk begins with the query, keys and values rounded to one decimal, so that every product, sum and
share follows from what is printed; the network's own shares are recorded beside those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.attention import _meals

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr


class Settings(_meals.Settings, frozen=True, kw_only=True):
    """The transformer and its training; see `_meals.Settings`."""


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(**_meals.TINY),
    label="one query through attention, number by number",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training, the same run as that of `attention_training`."""
    return _meals.runs(settings)


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Walk the last word of the first sentence through the head that looks most at the foods.

    ``query`` (feature), ``keys`` and ``values`` (key, feature), in tenths; ``product``
    (key, feature), their products in hundredths; ``total`` (key) and ``score`` (key), the sums and
    what they are over √d; ``weight`` (key), the softmax, in tenths of a percent that sum to 1;
    ``weighed`` (key, feature) and ``output`` (feature), weight times value and their sum. All of
    these are exact. ``own_weight`` (key) is what the network has without rounding.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.data import meals
    from simulate.recording import variable

    network = runs["training"].model().double()
    words = _meals.shown()[0]
    tokens = torch.tensor([meals.encoded(" ".join(words))])
    maps = _meals.looked(network, words)
    on_foods = maps.attention.values[:, :, -1][..., maps.role.values == "target"].sum(-1)
    layer, head = (int(i) for i in np.unravel_index(on_foods.argmax(), on_foods.shape))
    blocks: Any = network.blocks
    with torch.no_grad():
        x: torch.Tensor = network.embed(tokens)  # type: ignore[operator]
        for block in blocks[:layer]:
            x = block(x)
        vectors = blocks[layer].vectors(x)[:, 0, head].numpy()  # (3, token, feature)
    query, keys, values = vectors[0, -1], vectors[1], vectors[2]
    own = _softmax(keys @ query / np.sqrt(len(query)))
    query, keys, values = (np.round(part, 1) + 0.0 for part in (query, keys, values))
    product = np.round(keys * query, 2) + 0.0
    total = np.round(product.sum(1), 2) + 0.0
    score = total / np.sqrt(len(query))
    weight = _in_thousandths(_softmax(score))
    weighed = np.round(weight[:, None] * values, 4) + 0.0
    walk = {
        "query": variable("feature", query, "query"),
        "keys": variable(("key", "feature"), keys, "key"),
        "values": variable(("key", "feature"), values, "value"),
        "product": variable(("key", "feature"), product, "query × key"),
        "total": variable("key", total, "sum of the products"),
        "score": variable("key", score, "score"),
        "weight": variable("key", weight, "share"),
        "weighed": variable(("key", "feature"), weighed, "share × value"),
        "output": variable("feature", np.round(weighed.sum(0), 4) + 0.0, "output"),
        "own_weight": variable("key", own, "share, without rounding"),
        "word": variable("key", words, "word"),
        "role": variable("key", maps.role.values, "part in the sentence"),
    }
    most = int(weight.argmax())
    return xr.Dataset(
        walk,
        attrs={
            "n_features": len(query),
            "root": float(np.sqrt(len(query))),
            "n_keys": len(words),
            "head_number": head + 1,
            "layer_number": layer + 1,
            "n_heads": settings.n_heads,
            "n_layers": settings.n_layers,
            "asking": words[-1],
            "most": most,
            "most_word": words[most],
            "most_weight": float(weight[most]),
            "food_weight": float(weight[maps.role.values == "target"].sum()),
            "most_is_food": int(maps.role.values[most] == "target"),
            "rounding": float(np.abs(weight - own).max()),
            "sentence": " ".join(words),
        },
    )


def _softmax(scores: np.ndarray) -> np.ndarray:
    import numpy as np

    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


def _in_thousandths(shares: np.ndarray) -> np.ndarray:
    """Return shares rounded so that they still sum to 1: the largest rests are rounded up."""
    import numpy as np

    whole = np.floor(shares * 1000)
    missing = round(1000 - whole.sum())
    whole[np.argsort(whole - shares * 1000, kind="stable")[:missing]] += 1
    return np.asarray(whole / 1000)
