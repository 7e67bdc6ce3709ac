"""The heat maps: cells are the recorded weights, and the share that is named is that of the map."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

import simulate
from figures.attention import attention_matrix as module
from look import heads
from tests.figures._drawn import Recorded, drawn, telling


def headline(fig: Figure) -> str:
    """Return what stands above the panels."""
    return " ".join(text.get_text() for text in fig.texts)


def test_cells_are_weights(recorded: Recorded) -> None:
    fig, (found,) = drawn("attention_matrix", recorded)
    rows = found.special.values == 0  # where a text begins and ends is no word that looks
    weights, hue = found.attention.values[0][:, rows], found.attrs["place_head"]
    maps = {ax.images[0].get_label(): ax.images[0] for ax in fig.axes if ax.images}
    assert len([label for label in maps if label.startswith("head")]) == 12
    large = fig.axes[0].images[0]
    assert large.get_label() == f"head {found.attrs['place_head']}"
    for head in range(12):
        cells = np.asarray(maps[f"head {head}"].get_array(), dtype=float)
        wanted = heads.cells(weights[head], hue)  # all in one colour
        np.testing.assert_allclose(cells, wanted, atol=1e-6)
    light = np.asarray(large.get_array()).sum(-1)
    w = weights[found.attrs["place_head"]]
    order = np.argsort(w, axis=None)
    assert (np.diff(light.ravel()[order]) >= -1e-6).all(), "more weight is lighter, in both themes"


def test_rows_and_columns_have_their_own_words_and_the_head_is_framed(recorded: Recorded) -> None:
    fig, (found,) = drawn("attention_matrix", recorded)
    words = found.token.values.tolist()
    looks = [word for word, ends in zip(words, found.special.values, strict=True) if not ends]
    named = [text for text in fig.axes[0].texts if text.get_text() in words]
    across = {text.xy[0]: text.get_text() for text in named if text.get_rotation() == 90}
    down = {text.xy[1]: text.get_text() for text in named if text.get_rotation() == 0}
    assert across == dict(enumerate(words))
    assert down == dict(enumerate(looks))
    maps = [ax for ax in fig.axes[1:] if ax.images and str(ax.images[0].get_label()) in {
        f"head {k}" for k in range(12)}]  # fmt: skip
    head = found.attrs["place_head"]
    for k, ax in enumerate(maps):
        assert ax.images[0].get_label() == f"head {k}"
        framed = any(spine.get_visible() for spine in ax.spines.values())
        bold = ax.texts[0].get_weight() == "semibold"
        assert (framed, bold) == (k == head, k == head)


def test_the_share_that_is_named_is_that_of_the_map(recorded: Recorded) -> None:
    fig, (found,) = drawn("attention_matrix", recorded)
    head, kind = found.attrs["place_head"], found.attrs["place_kind"]
    w = found.attention.values[0]
    rows = np.arange(1, w.shape[-1])  # the first word has nowhere else to look
    places = {
        "itself": w[:, rows, rows].mean(1),
        "previous": (w[:, rows, rows - 1] * (rows > 1)).mean(1),
        "next": 0 * w[:, 0, 0],  # it looks back only
        "ends": w[:, rows, 0].mean(1),
    }
    best = max(places, key=lambda name: places[name].max())
    assert (best, places[best].argmax()) == (kind, head)
    share = places[best].max()
    assert found.attrs["place_share"] == pytest.approx(share, abs=1e-6)
    narrow = "\N{NARROW NO-BREAK SPACE}"
    title = headline(fig)
    assert f"Head {head + 1} puts {share:.0%}".replace("%", f"{narrow}%") in title
    others = np.stack(list(places.values())).max(0)
    assert found.attrs["place_alone"] == int(np.sort(others)[-2] < share / 2)
    shares = found.share.values[0]
    own = places[kind]  # of every head
    column = found["class"].values.tolist().index(kind)
    np.testing.assert_allclose(shares[:, column], own, rtol=1e-5)
    _, _, *small = fig.axes
    assert len(small) == 12
    for k, ax in enumerate(small):
        said = f"{own[k]:.0%}".replace("%", f"{narrow}%")
        said = said if own[k] >= 0.01 else f"<{narrow}1{narrow}%"
        texts = [t.get_text() for t in ax.texts]
        assert texts[0] == f"{k + 1}: {said}"
        assert len(texts) == (2 if k == 0 else 1), "what they are stands over the first"


def test_notes_in_the_map_stand_in_their_rows_and_say_where_these_look(recorded: Recorded) -> None:
    """On the tiny recording, and on one whose heads look at the word before."""
    words = ["we", "had", "some", "pancakes", "and", "eggs", "for", "lunch", "today"]
    net = torch.nn.TransformerEncoderLayer(24, nhead=12, batch_first=True)
    data = simulate.attention(net, torch.randn(9, 24), words=words)
    weights = np.full((12, 9, 9), 1e-3)
    weights[:, np.arange(9), np.maximum(np.arange(9) - 1, 0)] = 1 - 8e-3
    data.attention.values[0] = weights
    data.attrs.update(place_kind="previous", place_head=2, place_number=3)
    with telling("attention_matrix", data):
        fig = module.draw(data)
    notes = {t.get_text(): t.xy for t in fig.axes[0].texts if "“" in t.get_text()}
    assert set(notes) == {"no word is before “we”", "“pancakes” looks at “some”"}
    for said, (x, row) in notes.items():
        word = words[int(row)]
        assert f"“{word}”" in said
        assert x == max(row - 1, 0) + 0.5, "right of the cell that it speaks of"
