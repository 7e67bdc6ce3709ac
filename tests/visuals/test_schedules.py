"""The chapter of schedules: rates and formulas are those that train, and facts are as in papers."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex

from look import theme
from simulate import registry
from simulate.experiments.schedules.schedules import course
from simulate.schedules import _base as schedules
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, table
from tests.simulate._formulas import computed
from tests.visuals._networks import said


def _rates(name: str, n_steps: int, lr: float = 0.1) -> np.ndarray:
    """Return the rates of steps 0 to `n_steps` by the row's formula."""
    row = registry.load("schedules", name)
    letters = {row.symbols[key]: value for key, value in row.defaults.items()}
    steps = np.arange(n_steps + 1)
    found = computed(row.formula, {"η₀": lr, "t": steps, "T": n_steps, **letters})
    return np.broadcast_to(found, steps.shape)


def test_all_schedules_are_there_with_the_rates_that_trained(recorded: Recorded) -> None:
    _, (found,) = drawn("schedules", recorded)
    assert sorted(found.run.values) == sorted(registry.names("schedules"))
    n_steps = found.attrs["n_steps"]
    for name in found.run.values.tolist():
        rates = _rates(name, n_steps)
        run = found.sel(run=name)
        np.testing.assert_allclose(run.share, rates / 0.1, atol=1e-12)
        assert float(run["mean"]) == pytest.approx(rates[:-1].mean() / 0.1)
        assert float(run["last"]) == pytest.approx(rates[-2] / 0.1, abs=1e-12)
        assert str(run.formula.item()) == registry.load("schedules", name).formula
    assert (np.diff(found["mean"]) <= 0).all(), "the largest area comes first"
    own = found["mean"].values[found.counted.values.astype(bool)]
    assert (found.attrs["highest"], found.attrs["lowest"]) == (own[0], own[-1])
    assert found.attrs["n_schedules"] == len(own)
    apart = set(found.run.values[~found.counted.values.astype(bool)].tolist())
    assert apart == {"range_test", "exponential_decay"}


def test_courses_are_told_apart(recorded: Recorded) -> None:
    _, (found,) = drawn("schedules", recorded)
    courses = dict(zip(found.run.values.tolist(), found.course.values.tolist(), strict=True))
    assert courses["constant"] == "stands"
    assert courses["cosine"] == courses["halving"] == courses["power"] == "falls"
    assert courses["inverse_sqrt"] == courses["one_cycle"] == courses["range_test"] == "rises"
    assert courses["triangular"] == courses["warm_restarts"] == "cycles"
    assert course(np.array([1.0, 1.0, 0.5, 0.5])) == "falls"
    for name in ("stands", "falls", "rises", "cycles"):
        own = [courses[run] for run in courses if bool(found.counted.sel(run=run))]
        assert found.attrs[f"n_{name}"] == own.count(name)


def test_the_figure_fills_what_trained(recorded: Recorded) -> None:
    fig, (found,) = drawn("schedules", recorded)
    own = found.run.values[found.counted.values.astype(bool)].tolist()
    panels = fig.axes[-len(own) :]
    n_steps = found.attrs["n_steps"]
    for ax, name in zip(panels, own, strict=True):
        run = found.sel(run=name)
        index = fig.axes.index(ax)
        rate = line(fig, "rate", index)
        np.testing.assert_array_equal(rate.get_xdata(), np.arange(n_steps + 1))
        np.testing.assert_array_equal(rate.get_ydata()[:-1], run.share[:-1])
        (area,) = (part for part in ax.collections if part.get_label() == "area")
        corners = area.get_paths()[0].vertices
        upper = [corners[corners[:, 0] == k, 1].max() for k in range(1, n_steps)]
        np.testing.assert_allclose(upper, run.share.values[1:-1])
        texts = [text.get_text() for text in ax.texts]
        assert str(run.label.item()) in texts
        assert f"{int(100 * float(run['mean']) + 0.5 + 1e-6)}\N{NARROW NO-BREAK SPACE}%" in texts
        with theme.use("dark"):
            token = {"stands": "muted", "falls": "green", "rises": "purple",
                     "cycles": "vermillion"}[str(run.course.item())]  # fmt: skip
            assert to_hex(rate.get_color()) == theme.color(token).lower()
    labels = [str(found.label.sel(run=name).item()) for name in ("range_test", "exponential_decay")]
    assert not {*labels} & {*said(fig)}


def test_the_table_prints_the_formulas_and_what_their_letters_are(recorded: Recorded) -> None:
    made, _, _, (found,) = table("schedules", recorded)
    rows = [[cell.value for cell in row] for row in made.cells]
    assert len(rows) == found.sizes["run"]
    counted = [bool(found.counted[found.label == row[0]].item()) for row in rows]
    assert counted == sorted(counted, reverse=True)
    assert [group.startswith("To train with") for group in made.groups] == counted
    by_label = {row[0]: row for row in rows}
    for name in found.run.values.tolist():
        row = registry.load("schedules", name)
        _, formula, letters, mean, last = by_label[row.label]
        formula, _, momentum = formula.partition("\nmomentum: ")
        clauses, own = (re.split(r",\s+(?=\S+\s=\s)", each) for each in (row.formula, row.momentum))
        new = [each for each in own if each not in clauses]  # the others are said at the rate
        assert (stated(momentum) if momentum else "") == ", ".join(new)
        formula = stated(formula)
        assert formula == row.formula
        pairs = re.findall(r"([^\s$]+)\s=\s([−\d.e]+)", letters)
        values = {letter: float(value.replace("−", "-")) for letter, value in pairs}
        assert values == {row.symbols[key]: value for key, value in row.defaults.items()}
        n_steps = found.attrs["n_steps"]
        steps = np.arange(n_steps)
        printed = computed(formula, {"η₀": 1.0, "t": steps, "T": n_steps, **values})
        shares = np.broadcast_to(printed, steps.shape)
        for text, value in ((mean, shares.mean()), (last, shares[-1])):
            digits = float(re.sub(r"[^\d.]", "", text))
            if "<" not in text:
                assert digits == int(100 * value + 0.5 + 1e-6), "a half goes up"
            assert abs(digits - 100 * value) <= (1 if "<" in text else 0.5), (name, text)
        (cell,) = [each[0] for each in made.rows if each[0].value == row.label]
        places = np.linspace(0, n_steps - 1, len(cell.course)).round().astype(int)
        np.testing.assert_array_equal(cell.course, found.share.sel(run=name).values[places])
    assert "momentum: " in by_label["1cycle"][1]
    assert "Exponential in another form" in made.groups[-1]
    shares = [
        computed(row.formula, {"η₀": 1.0, "t": np.arange(9.0), "T": 9,
                               **{row.symbols[key]: value for key, value in row.defaults.items()}})
        for name in ("exponential", "exponential_decay")
        for row in [registry.load("schedules", name)]
    ]  # fmt: skip
    rates = [np.diff(np.log(each)) for each in shares]
    for rate in rates:
        np.testing.assert_allclose(rate, rate[0])


def test_a_letter_means_one_thing_and_is_explained(recorded: Recorded) -> None:
    """By the names of the settings; what is short for something is the same in every row."""
    meanings = {"share": "a share of the run", "cool": "a share of the run", "final": "a rate",
                "start": "a rate", "low": "a rate", "factor": "a factor", "power": "a power",
                "decay": "powers of e", "low_momentum": "μ₁", "high_momentum": "μ₂"}  # fmt: skip
    found: dict[str, set[str]] = {}
    used, lengths = set[str](), {"w": set[str](), "n": set[str]()}
    for name in registry.names("schedules"):
        row = registry.load("schedules", name)
        for setting, letter in row.symbols.items():
            found.setdefault(letter, set()).add(meanings[setting])
        _, *shorts = re.split(r",\s+(?=\S+\s=\s)", row.formula)
        for short in shorts:
            letter, said = short.split(" = ")
            lengths[letter].add(re.sub("[₁₂]", "", said))
        used |= set(re.findall(r"(?<![a-z])[a-zμη][₀₁₂]?(?![a-z])", row.formula + row.momentum))
    assert all(len(each) == 1 for each in found.values()), found
    assert lengths == {"w": {"max(1, round(sT))"}, "n": {"max(1, round(sT))", "s (T + 1) − 1"}}
    made, _, _, _ = table("schedules", recorded)
    explained = set(re.findall(r"\$([^$]+)\$", " ".join(made.notes)))
    assert used - {"e"} <= explained, used - explained
    assert set(found) <= explained


def stated(cell: str) -> str:
    """Return the line that a cell's mathematics was written from; there is nothing else in it."""
    assert re.fullmatch(r"(\$[^$]+\$(,\s|\n)?)+", cell)
    return ", ".join(re.findall(r"\$([^$]+)\$", cell))


# ---------------------------------------------------------------------------- famous_recipes


def test_the_transformers_rate_is_equation_3(recorded: Recorded) -> None:
    made, words, _, (found,) = table("famous_recipes", recorded)

    def rate(step: int) -> float:
        return float(512**-0.5 * min(step**-0.5, step * 4000**-1.5))

    assert found.attrs["peak"] == pytest.approx(max(map(rate, range(1, 9000))))
    assert found.attrs["end"] == pytest.approx(rate(100_000))
    optimizer = torch.optim.Adam([torch.zeros(1, requires_grad=True)], lr=rate(4000))
    made_schedule = schedules.make("inverse_sqrt", optimizer, 100_000, {"share": 0.04})
    for step in (1, 2, 3):
        assert optimizer.param_groups[0]["lr"] == pytest.approx(rate(step))
        optimizer.step()
        made_schedule.step()
    cells = {row[0].value: row[1:] for row in made.cells}
    assert cells["highest rate"][0].value == "7.0 × 10⁻⁴"
    assert cells["ends at"][0].value == "1.4 × 10⁻⁴"
    assert "7.0 × 10⁻⁴" in words.caption


# By hand from the papers: arXiv:1706.03762, 2005.14165 (appendix B, table 2.1), 2302.13971.
PAPERS = {
    "optimizer": ["Adam", "Adam", "AdamW"],
    "β₁": ["0.9", "0.9", "0.9"],
    "β₂": ["0.98", "0.95", "0.95"],
    "ε": ["10⁻⁹", "10⁻⁸", None],
    "weight decay": [None, "0.1", "0.1"],
    "gradient clipping": [None, "1.0", "1.0"],
    "warm-up": ["linear, 4,000 steps", "linear, 375 million tokens", "2,000 steps"],
    "highest rate": ["7.0 × 10⁻⁴", "0.6 × 10⁻⁴", "1.5 × 10⁻⁴"],
    "ends at": ["1.4 × 10⁻⁴", "10 % of the highest", "10 % of the highest"],
    "length": ["100,000 steps", "300 billion tokens", "1.4 trillion tokens"],
    "schedule": ["Inverse square root", "Warm-up and cosine", "Warm-up and cosine"],
}
# Where else than under the paper's title: section 5.3, appendix B, section 2.3.
ELSEWHERE = {
    "highest rate": ["at step 4,000, by equation 3", "table 2.1", "table 2"],
    "then": ["equation 3", "", ""],
    "ends at": ["at step 100,000, by equation 3", "", ""],
    "batch": ["section 5.1", "table 2.1, appendix B", "table 2"],
    "length": ["section 5.2", "table 2.1", "table 2"],
}


def test_facts_stand_in_their_columns_with_their_place(recorded: Recorded) -> None:
    made, words, _, (found,) = table("famous_recipes", recorded)
    assert [column.heading for column in made.columns][1:] == [
        "Attention Is All You Need", "GPT-3", "LLaMA",
    ]  # fmt: skip
    cells = {str(row[0].value).strip("$"): row[1:] for row in made.cells}
    assert {"$β₁$", "$β₂$", "$ε$"} <= {row[0].value for row in made.cells}
    for fact, expected in PAPERS.items():
        assert [c.value for c in cells[fact]] == [each or "not stated" for each in expected]
    usual = [column.note.rpartition("; ")[2] for column in made.columns][1:]
    assert usual == ["section 5.3", "appendix B", "section 2.3"]
    for fact, row in cells.items():
        assert [cell.note for cell in row] == ELSEWHERE.get(fact, ["", "", ""]), fact
        assert all(cell.strong == (fact in ("β₂", "warm-up")) for cell in row)
    n_silent = sum(cell.value == "not stated" for row in cells.values() for cell in row)
    assert n_silent == found.attrs["n_silent"]
    assert f"{n_silent} of the entries are not stated" in words.caption
    betas = [float(cell.value) for cell in cells["β₂"]]
    assert ("below its usual 0.999" in words.title) == all(beta < 0.999 for beta in betas)
    for group, facts in (("Optimizer", ("β₁", "weight decay")), ("Data", ("batch", "length"))):
        names = [str(row[0].value).strip("$") for row in made.cells]
        assert all(made.groups[names.index(fact)] == group for fact in facts)


def test_the_small_curves_are_what_the_papers_say(recorded: Recorded) -> None:
    """By hand: the Transformer by its equation, the others by their tokens."""
    made, _, _, (found,) = table("famous_recipes", recorded)
    (row,) = [row[1:] for row in made.rows if row[0] == "schedule"]
    at = np.linspace(0, 400, 61).round() / 400  # of the whole training
    assert [len(cell.course) for cell in row] == [61, 61, 61]
    step = np.maximum(at * 100_000, 1)
    wanted = np.minimum((step / 4000) ** -0.5, step / 4000)
    np.testing.assert_allclose(row[0].course, wanted, atol=1e-6)
    for cell, total, warm, end in ((row[1], 300e9, 375e6, 260e9), (row[2], 1.4e12, 8e9, 1.4e12)):
        tokens = np.maximum(at * total, 1e6 if total == 300e9 else 4e6)  # its first step's
        angle = np.pi * np.clip((tokens - warm) / (end - warm), 0, 1)
        wanted = np.where(tokens < warm, tokens / warm, 0.1 + 0.9 * np.cos(angle / 2) ** 2)
        np.testing.assert_allclose(cell.course, wanted, atol=1e-5)
    assert found.course.values.max() <= 1 + 1e-9


def test_a_schedule_may_be_given_another_run(record: Record) -> None:
    found = record("schedules", n_steps=30, lr=0.02)
    assert float(found.share.max()) <= 1 + 1e-9
    assert found.attrs["lr"] == 0.02
