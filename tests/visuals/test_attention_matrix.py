"""The heat maps: cells are the recorded weights, and the share that is named is that of the map."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from look import heads
from tests.figures._drawn import Recorded, drawn


def headline(fig: Figure) -> str:
    """Return what stands above the panels."""
    return " ".join(text.get_text() for text in fig.texts)


def test_cells_are_weights(recorded: Recorded) -> None:
    fig, (found,) = drawn("attention_matrix", recorded)
    weights = found.attention.values[0]
    maps = {ax.images[0].get_label(): ax.images[0] for ax in fig.axes if ax.images}
    assert len([label for label in maps if label.startswith("head")]) == 12
    large = fig.axes[0].images[0]
    assert large.get_label() == f"head {found.attrs['place_head']}"
    for head in range(12):
        cells = np.asarray(maps[f"head {head}"].get_array(), dtype=float)
        np.testing.assert_allclose(cells, heads.cells(weights[head], head), atol=1e-6)
    light = np.asarray(large.get_array()).sum(-1)
    w = weights[found.attrs["place_head"]]
    order = np.argsort(w, axis=None)
    assert (np.diff(light.ravel()[order]) >= -1e-6).all(), "more weight is lighter, in both themes"


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
    own = places[kind]  # of every head; two have their number: this one, and the next
    column = found["class"].values.tolist().index(kind)
    np.testing.assert_allclose(shares[:, column], own, rtol=1e-5)
    second = max(set(range(12)) - {head}, key=lambda k: own[k])
    _, _, *small = fig.axes
    assert len(small) == 12
    for k, ax in enumerate(small):
        said = f"{own[k]:.0%}".replace("%", f"{narrow}%")
        said = said if own[k] >= 0.01 else f"<{narrow}1{narrow}%"
        name = str(k + 1) if k else "head 1"
        assert [t.get_text() for t in ax.texts] == [name, *([said] if k in {head, second} else [])]
