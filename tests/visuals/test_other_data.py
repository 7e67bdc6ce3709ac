"""Other people's images, of four named classes: no picture of them speaks of digits."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from figures import render
from figures.layout import drawn_texts
from look.words import fill, merge
from pipeline import catalogue
from simulate import recorder, recording, specs
from simulate.data import _embedded
from simulate.data.choice import Choice, choose
from simulate.storage.store import Store
from tests.simulate import _mnist

VISUALS = catalogue.visuals()
SPEAKS = re.compile(r"mnist|\bdigits?\b|handwrit", re.IGNORECASE)
NAMES = ["ring", "stick", "swan", "bow"]
Drawn = Callable[[str], list[str]]


def _reads_digits(stem: str) -> bool:
    context = recorder.Context(data=Choice.embedded())
    return any(
        specs.reads_digits(spec)
        for name in VISUALS[stem].row.uses
        for spec in recorder.runs(name, context, tiny=True).values()
    )


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """Return what draws a visual from shapes, and what it then says."""
    folder = tmp_path_factory.mktemp("shapes")
    digits = _embedded.digits()
    train, test = digits.train_labels < 4, digits.test_labels < 4
    _mnist.write(
        folder,
        train_images=digits.train_images[train],
        train_labels=digits.train_labels[train],
        test_images=digits.test_images[test],
        test_labels=digits.test_labels[test],
    )
    (folder / "dataset.toml").write_text(
        f'label = "Four shapes"\none = "shape"\nmany = "shapes"\nclasses = {NAMES}\n'
    )
    media = tmp_path_factory.mktemp("media")
    store = Store(media / "recordings")
    context = recorder.Context(data=choose(media, str(folder)))

    def draw(stem: str) -> list[str]:
        entry = VISUALS[stem]
        paths = {name: recorder.record(name, store, context, tiny=True) for name in entry.row.uses}
        row = fill(entry.row, merge([recording.load(path).attrs for path in paths.values()]))
        texts = [row.title, row.subtitle, row.alt, row.caption]
        if "figure" in entry.modules:
            figure = render.figure(entry.modules["figure"], paths, "light")
            texts += [text.get_text() for text in drawn_texts(figure)]
        return texts

    return draw


@pytest.mark.parametrize("stem", [stem for stem in VISUALS if _reads_digits(stem)])
def test_words_are_about_the_data_that_there_are(stem: str, said: Drawn) -> None:
    texts = said(stem)
    wrong = [
        text for text in texts if re.search(r"mnist|\bdigits?\b|handwrit", text, re.IGNORECASE)
    ]
    assert wrong == []
    assert any("Four shapes" in text for text in texts), "the data's name is nowhere"


def test_classes_have_their_names(said: Drawn) -> None:
    assert set(NAMES) <= set(said("softmax_templates"))
    assert set(NAMES) <= set(said("network_forward"))
