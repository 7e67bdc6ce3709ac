"""One query through attention: everything that is printed follows from what is printed."""

from __future__ import annotations

import re
from unittest.mock import MagicMock

import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyArrowPatch, Rectangle

from figures.attention.scaled_dot_product import BAR, CELL, SCORES, VALUES
from look import heads, theme
from scenes.attention import scaled_dot_product as film
from scenes.attention.scaled_dot_product import FULL, LONG, SHARE, VALUE, ZERO, Closely, Table
from scenes.render import Job, stage
from simulate import recording
from tests.figures._drawn import Recorded, drawn, narrow, telling
from tests.visuals._networks import filmed, said, value
from tests.visuals._pen import Pen


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
    (line,) = (text for text in texts if "dfrac" in text)
    most = walk.attrs["most"]
    _, terms, total, end = re.split(r" = ", line.strip("$"))
    parts = [value("".join(number.split())) for number in re.findall(
        r"(?:[+−] )?−?[\d.]+", terms[: terms.index("}{")])]  # fmt: skip
    np.testing.assert_allclose(parts, walk["query"].values * walk["keys"].values[most], atol=1e-9)
    summed, root = re.findall(r"\{(−?[\d.]+)\}", total)
    assert sum(parts) == pytest.approx(value(summed), abs=1e-9)
    assert value(root) == len(parts) ** 0.5
    assert value(summed) / value(root) == pytest.approx(value(end), abs=1e-9)
    # the columns: every row of the table as printed
    scores = [t.get_text() for t in fig.axes[1].texts]
    n = walk.sizes["key"]
    thirds = [value(t) for t in scores if re.fullmatch(r"−?\d+\.\d{2,3}", t)]
    printed = [t.split("\N{NARROW NO-BREAK SPACE}")[0] for t in scores if t.endswith("%")]
    # a share of a softmax is never none; in a sum of tenths of a percent it is
    shares = [0.0 if t == "< 0.1" else value(t) for t in printed]
    assert [t == "< 0.1" for t in printed] == [not w for w in walk.weight.values]
    assert len(thirds) == len(shares) == n
    np.testing.assert_allclose(walk["keys"].values @ walk["query"].values / 2, thirds, atol=1e-9)
    assert sum(shares) == pytest.approx(100, abs=1e-9)
    bars = {p.get_label(): p.get_width() for p in fig.axes[1].patches if isinstance(p, Rectangle)}
    ways = {p.get_label(): p for p in fig.axes[1].patches if isinstance(p, FancyArrowPatch)}
    assert set(ways) == {f"way {i}" for i in np.flatnonzero(walk.weight.values >= 0.02)}
    for name, way in ways.items():  # on to its value
        i = int(name.split()[1])
        start, end = way._posA_posB  # type: ignore[attr-defined]
        assert start[1] == end[1] == i
        assert BAR + bars[f"share {i}"] < start[0] < end[0] <= VALUES - SCORES, "between the two"
    assert f"key: {len(walk['query'])} numbers" in texts
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


def test_each_row_has_its_own_word_numbers_and_signs(recorded: Recorded) -> None:
    fig, (walk,) = drawn("scaled_dot_product", recorded)
    n, most = walk.sizes["key"], int(walk.weight.values.argmax())
    keys, scores, values = fig.axes
    names = {text.xy[1]: text.get_text() for text in keys.texts if text.get_text() in
             walk.word.values}  # fmt: skip
    assert names == dict(enumerate(walk.word.values.tolist()))
    under = max(text.get_position()[1] for text in values.texts)  # the output's row
    over = min(text.get_position()[1] for text in keys.texts if text.get_ha() == "center")
    table: dict[tuple[int, float], np.ndarray] = {(0, over): walk["query"].values}
    table |= {(0, float(k)): walk["keys"].values[k] for k in range(n)}
    table |= {(2, float(k)): walk["values"].values[k] for k in range(n)}
    table[2, under] = walk.output.values

    def plain(number: float, decimals: int) -> str:
        return f"{round(number, decimals) + 0:.{decimals}f}".replace("-", "−")

    with theme.use("dark"):
        back = np.array(to_rgb(theme.color("background")))
    for (panel, row), vector in table.items():
        ax = fig.axes[panel]
        cells = sorted((text.get_position()[0], text.get_text()) for text in ax.texts
                       if text.get_position()[1] == row and text.get_ha() == "center")  # fmt: skip
        decimals = 2 if row == under else 1
        assert [text for _, text in cells] == [plain(number, decimals) for number in vector]
        patches = sorted(
            (each.get_x(), each.get_facecolor()) for each in ax.patches
            if abs(each.get_y() + each.get_height() / 2 - row) < 1e-6 and each.get_zorder() < 3
            and 20 < each.get_width() < 60
        )  # fmt: skip
        assert len(patches) == len(vector)
        for (_, ink), number in zip(patches, vector, strict=True):
            if abs(number) >= 0.05:
                warm = (ink[0] - back[0]) > (ink[2] - back[2])
                assert warm == (number > 0), (panel, row, number)
    printed = {(text.get_position()[1], text.get_text()) for text in scores.texts
               if re.match(r"[<−\d]", text.get_text())}  # fmt: skip
    (digits,) = {len(text.partition(".")[2]) for _, text in printed if text[-1].isdigit()}
    shares = [heads.softmax_share(share) for share in walk.weight.values.tolist()]
    thirds = [plain(score, digits) for score in walk.score.values]
    assert printed == {*enumerate(shares), *enumerate(thirds)}
    frames = [each for each in keys.patches if each.get_facecolor()[3] == 0
              and each.get_linewidth() and each.get_width() > 100]  # fmt: skip
    assert [each.get_y() + 0.5 for each in frames] == [most]
    right = keys.transData.transform((frames[0].get_x() + frames[0].get_width(), most))
    assert values.transData.inverted().transform(right)[0] > 4 * CELL, "around all three parts"
    # what the last sum is made of, and what it gives: the cells of one column
    column = int(np.abs(walk.output.values).argmax())
    cells = {each.get_y() + 0.5: each.get_x() + each.get_width() / 2 for each in values.patches
             if each.get_zorder() == 3}  # fmt: skip
    added = np.argsort(-walk.weight.values, kind="stable")[1:3].tolist()
    assert sorted(cells) == pytest.approx(sorted([*added, under]))
    assert list(cells.values()) == pytest.approx([(column + 0.5) * CELL - 1] * 3)
    assert f"output, number {column + 1}:" in said(fig)
    assert f"“{walk.word.values[most]}”:" in said(fig)


def test_the_films_cells_have_the_colour_of_their_sign(recorded: Recorded) -> None:
    walk = recording.load(recorded("scaled_dot_product"))
    table, _ = _film(walk)
    with theme.use("dark"):
        back = np.array(to_rgb(theme.color("background")))
    for vector in (walk["query"].values, *walk["keys"].values):
        pen = Pen()
        table.row(pen, vector, 0.0, 0.0, 1.0, 1.0)  # type: ignore[arg-type]
        assert [bar[0] for bar in pen.bars] == list(range(len(vector)))
        away = np.array(pen.inks) - back
        strong = np.abs(vector) > 0.05
        np.testing.assert_array_equal((away[:, 0] > away[:, 2])[strong], (vector > 0)[strong])
        size = np.linalg.norm(away, axis=1)
        for sign in (vector > 0, vector < 0):
            assert (np.diff(size[sign][np.argsort(np.abs(vector[sign]))]) >= -1e-9).all()


def test_the_film_prints_the_same(recorded: Recorded) -> None:
    walk = recording.load(recorded("scaled_dot_product"))
    sections = filmed("scaled_dot_product", recorded)
    share = f"{walk.attrs['most_weight']:.1%}".replace("%", "\N{NARROW NO-BREAK SPACE}%")
    assert _film(walk)[0].shares[walk.attrs["most"]] == share, "at its bar"
    (line,) = (t for t in sections["mix"] if t.startswith("Its number "))
    (number,) = re.findall(r"number (\d+):", line)
    _is_the_largest_outputs_sum(line.partition(": ")[2], walk, int(number) - 1)


def _is_the_largest_outputs_sum(line: str, walk: xr.Dataset, k: int | None = None) -> None:
    """Check that terms are the largest shares times values, and the end is the output."""
    terms, _, end = line.partition(" = ")
    at = int(np.abs(walk.output.values).argmax())
    assert k in (None, at)
    assert value(end) == pytest.approx(round(float(walk.output[at]), 2))
    products = re.findall(r"([\d.]+) (?:×|\\cdot) \(?(−?[\d.]+)", terms)
    most = np.argsort(-walk.weight.values, kind="stable")[:3]
    values = walk["values"].values[:, at]
    wanted = [(round(float(walk.weight[i]), 3), round(float(values[i]), 1)) for i in most]
    np.testing.assert_allclose([(value(s), value(v)) for s, v in products], wanted, atol=1e-9)


def test_the_sum_of_shares_times_values_is_written_out(recorded: Recorded) -> None:
    fig, (walk,) = drawn("scaled_dot_product", recorded)
    (line,) = (text for text in said(fig) if "ldots" in text)
    _is_the_largest_outputs_sum(line.strip("$"), walk)


def test_the_narrow_form_has_the_words_that_count(recorded: Recorded) -> None:
    fig = narrow("scaled_dot_product", recorded)
    assert fig is not None
    walk = recording.load(recorded("scaled_dot_product"))
    counts = walk.weight.values >= 0.02
    keys, scores, values = fig.axes
    words = walk.word.values
    for ax, shown in ((keys, words[counts]), (scores, words), (values, words[counts])):
        names = [text.get_text() for text in ax.texts if text.get_text() in words]
        assert names == shown.tolist()
    for ax, name in ((keys, "keys"), (values, "values")):
        for row, i in enumerate(np.flatnonzero(counts)):
            cells = sorted(
                (text.get_position()[0], text.get_text())
                for text in ax.texts
                if text.get_position()[1] == row and text.get_ha() == "center"
            )
            np.testing.assert_allclose([value(t) for _, t in cells], walk[name][i], atol=1e-9)
        more = [text.get_text() for text in ax.texts if text.get_text().startswith("…")]
        left = int((~counts).sum())
        assert more == [f"… and {left} more words"] * bool(left)


def _film(walk: xr.Dataset) -> tuple[Table, Closely]:
    job = Job(module="scenes.attention.scaled_dot_product", recordings={})
    with stage(job), telling("scaled_dot_product", walk):
        table = Table(walk)
        return table, Closely(walk, table)


def test_what_the_film_shows_closely_adds_up(recorded: Recorded) -> None:
    walk = recording.load(recorded("scaled_dot_product"))
    table, closely = _film(walk)
    query = [value(t) for t in closely.said["query"]]
    for i in range(walk.sizes["key"]):
        table.at.set_value(i)
        keys, products = ([value(t) for t in closely.said[k][i]] for k in ("keys", "product"))
        np.testing.assert_allclose(products, np.multiply(query, keys), atol=1e-9)
        total, score = (value(closely._now(name)()) for name in ("total", "score"))
        assert sum(products) == pytest.approx(total, abs=1e-9)
        assert total / len(query) ** 0.5 == pytest.approx(score, abs=1e-9)
    assert [value(t) for t in table.said[-1]] == pytest.approx(walk.output.values, abs=0.0051)
    assert (np.diff(table.ys) < 0).all()


def test_the_films_values_become_shares_times_values_and_add_up_to_the_output(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = recording.load(recorded("scaled_dot_product"))
    table, _ = _film(walk)
    n = walk.sizes["key"]
    written: dict[float, list[str]] = {}

    def write(pen: object, text: str, x: float, y: float, size: float, opacity: float, *_: object,
              **__: object) -> None:  # fmt: skip
        if opacity > 0 and x > VALUE:
            row = written.setdefault(y, [])
            assert int((x - VALUE) / FULL) == len(row), "from left to right"
            row.append(text)

    monkeypatch.setattr(film, "write", write)
    values, weight = walk["values"].values, walk.weight.values
    three = np.argsort(-weight, kind="stable")[:3].tolist()
    turns = [*([i] for i in three), sorted(set(range(n)) - set(three))]
    for valued, weighted, mixed in ((0, 0, 0), (1, 0, 0), (1, 1, 0), *((1, 1, k) for k in range(5)),
                                    *((1, 1, k + 0.5) for k in range(4))):  # fmt: skip
        written.clear()
        for tracker, now in ((table.shared, 1), (table.valued, valued), (table.weighted, weighted),
                             (table.mixed, mixed)):  # fmt: skip
            tracker.set_value(now)
        table.paint(MagicMock())
        for i, y in enumerate(table.ys):
            row = [value(text) for text in written.pop(y, [])][:4]
            wanted = weight[i] * values[i] if weighted else values[i]
            shown = wanted.round(2 - (not weighted)) if valued and i in three else []
            np.testing.assert_allclose(row, shown, atol=1e-9, err_msg="of the sum that is said")
        added = [i for turn in turns[: int(mixed)] for i in turn]
        total = walk.output.values if mixed == 4 else (weight[added, None] * values[added]).sum(0)
        row = [value(text) for text in written.pop(film.UP, [])]
        np.testing.assert_allclose(row, total.round(2) if added else [], atol=1e-9)
        rising = turns[int(mixed)][0] if mixed % 1 else None
        between = [(y, [value(text) for text in row]) for y, row in written.items()]
        assert len(between) == (rising in three), "only those that are written out"
        for y, row in between:
            assert y == pytest.approx((table.ys[rising] + film.UP) / 2)
            np.testing.assert_allclose(row, (weight[rising] * values[rising]).round(2), atol=1e-9)
    assert (weight[:, None] * values).sum(0) == pytest.approx(walk.output.values, abs=1e-9)


def test_the_films_softmax_is_written_out_and_its_quotient_holds(recorded: Recorded) -> None:
    walk = recording.load(recorded("scaled_dot_product"))
    score, weight = walk.score.values, walk.weight.values
    score[:] = (4.2 * score / score.max()).round(2)  # so that powers are numbers one can read
    weight[:] = (np.exp(score) / np.exp(score).sum()).round(3)
    job = Job(module="scenes.attention.scaled_dot_product", recordings={})
    with stage(job), telling("scaled_dot_product", walk):
        lines, quotient = film.powers(walk)
    order = np.argsort(-score, kind="stable")
    words, formulas, numbers = zip(*([part.text for part in line] for line in lines), strict=True)
    assert list(words) == [*walk.word.values[order[[0, 1, -1]]], f"all {len(score)} words"]
    for formula, number, i in zip(formulas, numbers, order[[0, 1, -1]], strict=False):
        exponent = value(re.fullmatch(r"e\^\((.*)\) =", formula)[1])  # type: ignore[index]
        assert exponent == pytest.approx(score[i])
        assert value(number) == pytest.approx(np.exp(exponent), rel=0.06)
    assert value(numbers[0]) == pytest.approx(np.exp(score.max()), abs=0.051)
    assert value(numbers[-1]) == pytest.approx(np.exp(score).sum(), abs=0.051)
    fraction, share = (part.text for part in quotient)
    assert fraction == f"{numbers[0]} / {numbers[-1]} ="
    percent = f"{weight.max():.1%}".replace("%", "\N{NARROW NO-BREAK SPACE}%")
    by_hand = f"{value(numbers[0]) / value(numbers[-1]):.1%}"
    assert share == percent == by_hand.replace("%", "\N{NARROW NO-BREAK SPACE}%")
    walk.score.values[:] = 10 * score
    with stage(job), telling("scaled_dot_product", walk):
        long = film.powers(walk)
    assert (long[0], len(long[1])) == ([], 0), "a power of 19 digits says nothing"


def test_bars_of_the_film_are_scores_and_then_shares(recorded: Recorded) -> None:
    walk = recording.load(recorded("scaled_dot_product"))
    table, _ = _film(walk)
    n = walk.sizes["key"]
    for scanned, shared, wanted in (
        (n, 0.0, walk.score.values * table.unit),
        (n, 1.0, np.maximum(walk.weight.values * LONG, 0.02)),
        (3, 0.0, np.where(np.arange(n) < 4, walk.score.values * table.unit, 0)),
    ):
        pen = MagicMock()
        for i, y in enumerate(table.ys):
            table._bar(pen, i, y, float(np.clip(scanned - i + 1, 0, 1)), shared)
        zero = SHARE if shared else ZERO
        drawn_ = {round(call.args[1], 6): call.args for call in pen.rectangle.call_args_list}
        for y, long in zip(table.ys, wanted, strict=True):
            box = drawn_.get(round(y - 0.31 * table.pitch, 6))
            if not long:
                assert box is None
                continue
            assert box is not None
            np.testing.assert_allclose(box[0], zero + min(long, 0))
            np.testing.assert_allclose(box[2], abs(long))
