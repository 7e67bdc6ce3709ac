"""The small transformer that learns the sentences about meals; one run, whoever asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import torch
    import xarray as xr
    from torch import nn


class Settings(base.Settings, frozen=True, kw_only=True):
    """The transformer and its training.

    Attributes
    ----------
    width, n_heads, n_layers : int
        Numbers that stand for a token, attention heads of a layer, and layers.
    n_train, n_test : int
        Sentences that are read, and sentences held out.
    batch_size, n_steps, lr, seed
        Of the training, with Adam.
    every : int
        Steps between two looks at it.
    """

    width: specs.Count = 48
    n_heads: specs.Count = 12
    n_layers: specs.Count = 1
    n_train: specs.Count = 4_000
    n_test: specs.Count = 300
    batch_size: specs.Count = 64
    n_steps: specs.Count = 240
    lr: float = 0.003
    every: specs.Count = 4
    seed: specs.Seed = 0


TINY: dict[str, Any] = {"n_train": 300, "n_test": 20, "n_steps": 60, "every": 20, "lr": 0.01}


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training of the transformer."""
    from simulate.data import meals

    shape = {
        "vocabulary": len(meals.WORDS),
        "width": settings.width,
        "n_heads": settings.n_heads,
        "n_layers": settings.n_layers,
        "longest": meals.LENGTH,
    }
    run = specs.Train(
        data=specs.Data(
            name="meals", n_train=settings.n_train, n_test=settings.n_test, seed=settings.seed
        ),
        model=specs.Model(name="transformer", settings=shape),
        optimizer=specs.Optimizer(name="adam", settings={"lr": settings.lr}),
        batch_size=settings.batch_size,
        steps=settings.n_steps,
        seed=settings.seed,
        record=specs.record("scalars", parameters=settings.every),
    )
    return {"training": run}


def shown() -> list[list[str]]:
    """Return the two sentences that are shown, without the meal, which is to be said."""
    from simulate.data import meals

    return [sentence.split()[:-1] for sentence in meals.SHOWN]


def answers() -> list[str]:
    """Return the meals of the two sentences."""
    from simulate.data import meals

    return [sentence.split()[-1] for sentence in meals.SHOWN]


def foods(words: list[str]) -> list[str]:
    """Return the foods among words."""
    from simulate.data import meals

    known = {food for some in meals.FOODS.values() for food in some}
    return [word for word in words if word in known]


def looked(network: nn.Module, words: list[str]) -> xr.Dataset:
    """Return what attends to what in a sentence; asked is whether "for" looks at the foods."""
    import torch

    from simulate.data import meals
    from simulate.measures.attention import attention

    tokens: torch.Tensor = torch.tensor(meals.encoded(" ".join(words)))
    return attention(
        network, tokens, words=words, sources=["for"], targets=foods(words), against="targets"
    )
