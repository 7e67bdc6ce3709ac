"""Sentences about meals, written for this: which meal it was follows from the foods named before.

Who ate, when and where, and what they drank says nothing of the meal; each of its foods does. So
whoever is to say the last word has to find a food, which stands now here, now there. The inputs
are a sentence without its last word, the targets the words one further on.
"""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base

FOODS = {
    "breakfast": ("pancakes", "eggs", "oatmeal", "toast", "waffles", "porridge"),
    "lunch": ("soup", "salad", "sandwiches", "noodles", "wraps", "dumplings"),
    "dinner": ("steak", "pasta", "curry", "fish", "stew", "lasagne"),
}
WHO = ("my sister", "her brother", "our neighbours", "the children", "my friend", "we")
WHEN = ("on monday", "on friday", "last week", "in may", "yesterday", "this year")
WHERE = ("at home", "at the lake", "in paris", "in the garden")
DRINKS = ("tea", "water", "milk", "juice")
VERBS = ("had", "ate", "made", "shared")

_PARTS = (WHO, WHEN, WHERE, DRINKS, VERBS, *FOODS.values(), FOODS, ("with", "and", ",", "for"))
WORDS = tuple(dict.fromkeys(" ".join(" ".join(part) for part in _PARTS).split()))
LENGTH = 14  # words of every sentence, the meal last
# To be shown, so never trained on: the first of the held-out ones.
SHOWN = (
    "on monday my sister had pancakes , eggs and oatmeal with tea for breakfast",
    "last week the children ate noodles and salad with water at home for lunch",
)


def encoded(sentence: str) -> list[int]:
    """Return the numbers of a sentence's words."""
    return [WORDS.index(word) for word in sentence.split()]


def _sentence(rng: np.random.Generator) -> list[str]:
    """Return one sentence of just `LENGTH` words; drawn until it has them."""

    def one(choices: tuple[str, ...]) -> list[str]:
        return choices[rng.integers(len(choices))].split()

    while True:
        meal = list(FOODS)[rng.integers(len(FOODS))]
        first, *rest = rng.permutation(FOODS[meal])[: rng.integers(1, 4)].tolist()
        foods = [first]
        for i, food in enumerate(rest):
            foods += ["and" if i == len(rest) - 1 else ",", food]
        extras = [one(WHEN), one(WHERE)] if rng.random() < 0.5 else [one(WHEN)]
        before = [part for part in extras if rng.random() < 0.5]
        after = [part for part in extras if part not in before]
        drink = ["with", *one(DRINKS)] if rng.random() < 0.7 else []
        words = [word for part in before for word in part]
        words += [*one(WHO), *one(VERBS), *foods, *drink]
        words += [*(word for part in after for word in part), "for", meal]
        if len(words) == LENGTH:
            return words


def _build(n_train: int | None, n_test: int | None, seed: int) -> base.Data:
    """Return sentences, none of them twice: held out are such as were never read."""
    n_train, n_test = n_train or 4000, n_test or 500
    rng = np.random.default_rng(seed)
    found = {tuple(sentence.split()): None for sentence in SHOWN}
    while len(found) < n_train + max(n_test, len(SHOWN)):
        found[tuple(_sentence(rng))] = None
    numbers = {word: i for i, word in enumerate(WORDS)}
    all_of = np.array([[numbers[word] for word in words] for words in found], dtype=np.int64)
    test, train = all_of[:-n_train], all_of[-n_train:]
    return base.Data(
        x_train=train[:, :-1], y_train=train[:, 1:], x_test=test[:, :-1], y_test=test[:, 1:],
        label="sentences about meals",  # a class at every word, so no n_classes of the whole
    )  # fmt: skip


DATASET = base.Dataset(build=_build, label="Meals", source="written for this project")
