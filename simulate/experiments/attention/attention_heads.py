"""The attention of every head of a network on one sentence, and one head's finding on a second.

Shown is the pretrained model that the package ships (`simulate.data.pretrained`); where it isn't
installed, the small transformer of `attention_training`. One number of each head says how much
more than usual the foods attend to the meal (or, in the small one, the last word to the foods).
The head with the largest of the first layer is named. So as many heads were looked at, on one
sentence; whether it is more than luck tells a second sentence, which chose nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.attention import _meals

if TYPE_CHECKING:
    import xarray as xr


class Settings(_meals.Settings, frozen=True, kw_only=True):
    """Which model reads what; the rest is about the small one.

    Attributes
    ----------
    model : {"auto", "pretrained", "embedded"}
        "auto" takes the pretrained model where it is installed.
    texts : tuple of str
        The sentence that is shown, and the second one.
    foods, meals : tuple of tuple of str
        Of each text, the words that are asked about.
    """

    model: Literal["auto", "pretrained", "embedded"] = "auto"
    texts: tuple[str, ...] = (
        "For breakfast we had pancakes, eggs and oatmeal before the drive to work.",
        "At lunch my sister ordered soup, salad and bread and read the morning paper.",
    )
    foods: tuple[tuple[str, ...], ...] = (
        ("pancakes", "eggs", "oatmeal"),
        ("soup", "salad", "bread"),
    )
    meals: tuple[tuple[str, ...], ...] = (("breakfast",), ("lunch",))


MOST = 99.0  # a larger ratio is said to be more than that

EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(model="embedded", **_meals.TINY),
    label="the attention of every head on a sentence",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the reading of the pretrained model, or the training of the small one."""
    from simulate.data import pretrained

    there = settings.model == "auto" and pretrained.is_there()
    if settings.model != "pretrained" and not there:
        return _meals.runs(settings)
    reading = specs.Attend(
        texts=settings.texts,
        sources=settings.foods,
        targets=settings.meals,
        pretrained=pretrained.NAME,
        digest=pretrained.DIGEST,
    )
    return {"reading": reading}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Lay the numbers of both sentences side by side, and name a head.

    As `simulate.attention` returns it for the first sentence; of further ones ``ratio``
    (example, layer, head) and ``sentence`` (example), and their maps as ``attention_1``
    (layer, head, query_1, key_1) with their tokens. Attributes: ``shown_layer`` and
    ``shown_head``, from 0; ``n_looked`` heads that it was chosen from; ``first`` and ``second``,
    its ratio on each sentence, ``second_rank`` its rank on the second.
    """
    from simulate.errors import RunError
    from simulate.measures.attention import beside, single

    if "training" in runs:
        network = runs["training"].model()
        read = [_meals.looked(network, words) for words in _meals.shown()]
        name = {"model": "a small transformer trained here", "trained_here": 1}
    else:
        data = runs["reading"].data
        read = [single(data, number) for number in range(len(settings.texts))]
        name = {"trained_here": 0}
    if len(read) != 2:
        raise RunError(f"texts has {len(read)} sentences; give one to show and a second one")
    found = beside(read)
    return found.assign_attrs({**name, **_named(found)})


def _named(found: xr.Dataset) -> dict[str, Any]:
    """Return what is said of the head that is shown."""
    layer, head = found.attrs["shown_layer"], found.attrs["shown_head"]
    first, second = found.ratio.values[:, layer]
    return {
        "n_looked": len(first),
        "place_number": found.attrs["place_head"] + 1,
        "head_number": head + 1,
        "layer_number": int(found.layer[layer]) + 1,
        "first": float(first[head]),
        "second": float(second[head]),
        "second_rank": int((second > second[head]).sum()) + 1,
        "beyond": int(first[head] > MOST),
        "second_beyond": int(second[head] > MOST),
        "stands_out": int(first[head] > 1.5),
        "holds": int(second[head] > 1.5),
    }
