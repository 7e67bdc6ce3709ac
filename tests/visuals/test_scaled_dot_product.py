"""One query through attention: everything that is printed follows from what is printed."""

from __future__ import annotations

import re

import numpy as np
import pytest

from simulate import recording
from tests.figures._drawn import Recorded, drawn
from tests.visuals._networks import filmed, said, value


def test_the_walk_is_softmax_of_scaled_products(recorded: Recorded) -> None:
    walk = recording.load(recorded("scaled_dot_product"))
    q, k, v = walk["query"].values, walk["keys"].values, walk["values"].values
    for part in (q, k, v):
        np.testing.assert_allclose(part * 10, np.round(part * 10), atol=1e-9)
    scores = k @ q / np.sqrt(len(q))
    np.testing.assert_allclose(walk.score, scores, atol=1e-9)
    exact = np.exp(scores) / np.exp(scores).sum()
    np.testing.assert_allclose(walk.weight, exact, atol=0.001)
    assert float(walk.weight.sum()) == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(walk.output, walk.weight.values @ v, atol=1e-9)
    assert walk.attrs["rounding"] == pytest.approx(np.abs(walk.weight - walk.own_weight).max())
    assert walk.attrs["most_word"] == str(walk.word.values[walk.weight.values.argmax()])
    assert len(q) == 4
    assert walk.attrs["root"] == 2


def test_the_unrounded_shares_are_those_of_the_map(recorded: Recorded) -> None:
    """It is the last row of the head that `attention_training` recorded, of the same run."""
    walk = recording.load(recorded("scaled_dot_product"))
    training = recording.load(recorded("attention_training"))
    row = training.attention.values[0, -1, walk.attrs["layer_number"] - 1,
                                    walk.attrs["head_number"] - 1, -1]  # fmt: skip
    np.testing.assert_allclose(walk.own_weight, row, atol=1e-5)
    assert walk.word.values.tolist() == training.word.values[0].tolist()
    assert training.attrs["runs"].split('"')[3] == walk.attrs["runs"].split('"')[3]


def test_printed_operands_give_the_printed_result(recorded: Recorded) -> None:
    fig, (walk,) = drawn("scaled_dot_product", recorded)
    texts = said(fig)
    (line,) = (text for text in texts if text.startswith(f"“{walk.attrs['most_word']}”: "))
    terms, total = line.split(": ")[1].split(" = ")
    parts = [value(sign.strip() + number) for sign, number in
             re.findall(r"(^\(?|[+−] )\(?(−?[\d.]+)", terms.replace("(", ""))]  # fmt: skip
    most = walk.attrs["most"]
    np.testing.assert_allclose(parts, walk["query"].values * walk["keys"].values[most], atol=1e-9)
    assert sum(parts) == pytest.approx(value(total), abs=1e-9)
    # the columns: every row of the table as printed
    scores = [t.get_text() for t in fig.axes[1].texts]
    n = walk.sizes["key"]
    sums = [value(t) for t in scores if re.fullmatch(r"−?\d+\.\d\d", t)]
    thirds = [value(t) for t in scores if re.fullmatch(r"−?\d+\.\d{3}", t)]
    shares = [value(t.split("\N{NARROW NO-BREAK SPACE}")[0]) for t in scores if t.endswith("%")]
    assert len(sums) == len(thirds) == len(shares) == n
    np.testing.assert_allclose(np.array(sums) / 2, thirds, atol=1e-9)
    assert sum(shares) == pytest.approx(100, abs=1e-9)
    bars = {p.get_label(): p.get_width() for p in fig.axes[1].patches}
    widths = np.array([bars[f"share {i}"] for i in range(n)])
    np.testing.assert_allclose(widths / widths.sum(), walk.weight, atol=1e-9)
    cells = [
        value(t.get_text())
        for t in fig.axes[2].texts
        if re.fullmatch(r"−?\d+\.\d\d?", t.get_text())
    ]
    table, output = np.array(cells[: 4 * n]).reshape(n, 4), cells[4 * n :]
    np.testing.assert_allclose(table, walk["values"].values)
    for k, printed in enumerate(output):
        mixed = sum(s / 100 * v for s, v in zip(shares, table[:, k], strict=True))
        assert f"{mixed:.2f}".replace("-0.00", "0.00") == f"{printed:.2f}"


def test_the_film_prints_the_same(recorded: Recorded) -> None:
    fig, (walk,) = drawn("scaled_dot_product", recorded)
    sections = filmed("scaled_dot_product", recorded)
    (line,) = (text for text in said(fig) if text.startswith(f"“{walk.attrs['most_word']}”: "))
    assert line in sections["multiply"]
    share = f"{walk.attrs['most_weight']:.1%}".replace("%", "\N{NARROW NO-BREAK SPACE}%")
    assert any(f"“{walk.attrs['most_word']}” gets {share}" in t for t in sections["softmax"])
    assert any(t.startswith(share) for t in sections["mix"])


def test_the_films_table_holds_the_recording(recorded: Recorded) -> None:
    from scenes.attention.scaled_dot_product import Table
    from scenes.render import Job, stage
    from tests.figures._drawn import telling

    walk = recording.load(recorded("scaled_dot_product"))
    with (
        stage(Job(module="scenes.attention.scaled_dot_product", recordings={})),
        telling("scaled_dot_product", walk),
    ):
        table = Table(walk)
    assert [value(t) for t in table.said["total"]] == walk.total.values.tolist()
    assert [value(t) for t in table.said["score"]] == walk.score.values.tolist()
    for name in ("keys", "values"):
        np.testing.assert_array_equal(
            [[value(t) for t in row] for row in table.said[name]], walk[name].values
        )
    np.testing.assert_allclose([value(t) for t in table.said["output"]], walk.output, atol=0.0051)
    assert (np.diff(table.ys) < 0).all()
