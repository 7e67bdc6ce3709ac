"""The weight images are the trained layer's, the table counts what it says, both drawn so."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Annotation
from scipy import ndimage

from look import theme
from look.theme import color
from simulate import specs
from simulate.data import _load
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn


def test_templates_and_biases_give_the_logits(record: Record) -> None:
    found = record("softmax_templates")
    data = _load.load(specs.Data(name="mnist", n_train=200, n_test=100))
    x, label = data.whole_test
    shown = found.sizes["example"]
    assert found.label.values.tolist() == label[:shown].tolist()
    images = x[:shown].reshape(-1, 28, 28)
    sums = np.einsum("eyx,cyx->ec", images, found.template.values) + found.bias.values
    np.testing.assert_allclose(sums, found.logit, atol=1e-5)


def test_the_table_counts_the_whole_test_set(record: Record) -> None:
    found = record("softmax_templates")
    table, attrs = found.confusion.values, found.attrs
    assert table.sum() == attrs["n_test_all"]
    assert np.trace(table) / table.sum() == pytest.approx(attrs["accuracy"])
    assert attrs["accuracy"] == pytest.approx(attrs["test_accuracy_all"], abs=2e-3)
    data = _load.load(specs.Data(name="mnist", n_train=200, n_test=100))
    assert table.sum(axis=1).tolist() == np.bincount(data.whole_test[1], minlength=10).tolist()
    label, guess = int(attrs["mistake_label"]), int(attrs["mistake_prediction"])
    assert label != guess
    off = table - np.diag(np.diag(table))
    assert off.max() == off[label, guess] == attrs["mistake_count"]


def test_pixels_without_ink_keep_their_first_weights(record: Record) -> None:
    found, start = record("softmax_templates"), record("softmax_templates", epochs=1)
    data = _load.load(specs.Data(name="mnist", n_train=200, n_test=100))
    blank = (data.x_train == 0).all(axis=0).reshape(28, 28)
    assert blank.any()
    one, other = (each.template.values[:, blank] for each in (found, start))
    np.testing.assert_array_equal(one, other)
    assert not np.array_equal(found.template.values, start.template.values)


def test_what_is_drawn_is_recorded(recorded: Recorded) -> None:
    fig, (found,) = drawn("softmax_templates", recorded, "light")
    with theme.use("light"):
        signs = {True: to_rgb(color("positive")), False: to_rgb(color("negative"))}
    largest = np.abs(found.template.values).max()
    for k in range(10):
        ax, weights = fig.axes[k], found.template.values[k]
        assert [text.get_text() for text in ax.texts] == [str(k)]
        share = np.sqrt(np.abs(weights) / largest)[..., None]
        hue = np.where((weights > 0)[..., None], signs[True], signs[False])
        ink = np.asarray(ax.images[0].get_array())[..., :3]
        np.testing.assert_allclose(ink, share * hue + (1 - share), atol=1e-9)  # on white
    (worst,) = (each for each in fig.axes[10].patches if each.get_label() == "worst")
    attrs = found.attrs
    assert (worst.get_x() + 0.5, worst.get_y() + 0.5) == (
        int(attrs["mistake_prediction"]), int(attrs["mistake_label"]),
    )  # fmt: skip
    # outlined in both: the fields of six pixels or more where both are clearly orange
    pair = [int(attrs["mistake_label"]), int(attrs["mistake_prediction"])]
    fields, n_fields = ndimage.label(found.template.values[pair].min(0) > 0.09 * largest)
    strong = np.isin(fields, [k for k in range(1, n_fields + 1) if (fields == k).sum() >= 6])
    padded = np.pad(strong.astype(int), 1)
    n_edges = sum(np.abs(np.diff(padded, axis=axis)).sum() for axis in (0, 1))
    for k in range(10):
        edges = [each.get_xydata() for each in fig.axes[k].get_lines()
                 if each.get_label() == "shared"]  # fmt: skip
        assert len(edges) == (n_edges if k in pair else 0)
        for one, other in edges:
            (x, y), turned = (one + other) / 2, abs(other - one)[::-1] / 2
            sides = [(int(np.rint(y + s * turned[1])), int(np.rint(x + s * turned[0])))
                     for s in (-1, 1)]  # fmt: skip
            within = [0 <= r < 28 and 0 <= c < 28 and bool(strong[r, c]) for r, c in sides]
            assert sorted(within) == [False, True], "an edge of an orange field"
    wide = {k for k in range(10) if fig.axes[k].spines["left"].get_linewidth() > 1}
    assert wide == {int(attrs["mistake_prediction"]), int(attrs["mistake_label"])}
    cells = {tuple(text.get_position()): text.get_text() for text in fig.axes[10].texts}
    for label, row in enumerate(found.confusion.values):
        for guess, value in enumerate(row):
            shown = label == guess or value >= 20
            assert cells.get((guess, label)) == (f"{value:,}" if shown and value else None)
    ax = fig.axes[10]
    count = found.confusion.values
    with theme.use("light"):
        right, wrong = (np.array(to_rgb(color(token))) for token in ("green", "muted"))
    ink = np.asarray(ax.images[0].get_array())[..., :3]
    away = np.linalg.norm(1 - ink, axis=-1)  # from white
    np.testing.assert_allclose(
        np.diag(away) / np.linalg.norm(1 - right), 0.45 * np.diag(count) / count.sum(axis=1)
    )
    off = ~np.eye(10, dtype=bool)
    np.testing.assert_allclose(
        away[off] / np.linalg.norm(1 - wrong), 0.6 * (count[off] / count[off].max()) ** 0.7
    )
    assert [each.get_text() for each in ax.get_xticklabels()] == list("0123456789")
    assert [each.get_text() for each in ax.get_yticklabels()] == list("0123456789")
    notes = [text for text in ax.texts if isinstance(text, Annotation)]
    assert len(ax.texts) == len(notes) + (count[off] >= 20).sum() + (np.diag(count) > 0).sum()
    heads = {text.get_text(): text.get_window_extent() for text in notes[:3]}
    right_ones = f"green: {np.trace(count):,} right; no number: fewer than 20"
    assert set(heads) == {"truth", "answer", right_ones}
    assert heads["truth"].x1 < ax.get_window_extent().x0 < heads["answer"].x1, "beside the rows"
    assert heads["answer"].y0 > ax.get_window_extent().y1 > heads["truth"].y0 - 30
    label, guess = attrs["mistake_label"], attrs["mistake_prediction"]
    assert " ".join(text.get_text() for text in notes[3:]) == (
        f"The most frequent mistake: {count[off].max()} images of {label} are taken for {guess}. "
        "Outlined: where both are strongly orange."
    )
