"""The table prints rows of the registry, and what is measured of them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch

from look.numbers import number
from simulate import recording, registry
from simulate.experiments.optimizers import optimizer_table as experiment
from simulate.optimizers import _base as optimizers
from tests.conftest import Record
from tests.figures._drawn import Recorded, table

FIRST = ("sgd", "momentum", "rmsprop", "adam", "adamw")

ROWS = registry.rows("optimizers")

# What a letter of the rules stands for.
KEPT = {
    "b": "fading sum of gradients", "m": "mean gradient", "v": "mean square", "u": "maximum",
    "G": "sum of squares", "D": "mean squared step", "θ̄": "mean point",
    "z": "point that plain steps reach", "δ": "length of a step", "p": "gradient before",
    "θ₀": "start", "s": "weighted sum of gradients", "d": "last direction", "g": "last gradient",
    "Δg": "changes of the gradient", "Δθ": "steps",
}  # fmt: skip


def test_it_has_every_optimizer_with_what_was_measured(recorded: Recorded) -> None:
    made, _, _, (found,) = table("optimizer_table", recorded)
    by_label = {row.label: name for name, row in ROWS.items()}
    assert sorted(row[0] for row in made.rows) == sorted(by_label)
    kept = [round(row[2].value) for row in made.rows]
    assert kept == sorted(kept)
    for count in set(kept):
        times = [(float(f"{row[3].value:.1g}"), by_label[row[0]])
                 for row, n in zip(made.rows, kept, strict=True) if n == count]  # fmt: skip
        assert times == sorted(times), "the fastest first, as printed; then by their names"
    said = ["Next to nothing", "One number", "Two numbers", "Three numbers and more"]
    for group, n in zip(made.groups, kept, strict=True):
        assert group.startswith(said[min(n, 3)])
    for optimizer, letters, state, time in made.rows:
        name = by_label[optimizer]
        told = (letters.value or "").split(", ") if letters.value else []
        history = ROWS[name].defaults.get("history_size")
        assert letters.note == (f"of the last {history} steps" if history else "")
        assert told == [KEPT[each] for each in dict.fromkeys(ROWS[name].state.values())]
        assert state.value == float(found.state.sel(run=name))
        assert state.strong == (state.value == found.state.values.max())
        assert time.value == pytest.approx(1e6 * float(found.seconds.sel(run=name)))
        assert time.strong == (float(found.seconds.sel(run=name)) == found.seconds.values.max())


def test_a_time_is_the_fastest_and_its_spread_is_that_of_rounds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 6 steps after the warm-up in 2 rounds, on a clock of our own."""
    taken: dict[int, int] = {}

    def step(made: torch.optim.Optimizer, params: list[torch.nn.Parameter]) -> float:
        n = taken[id(made)] = taken.get(id(made), 0) + 1
        return {13: 5.0, 14: 3.0, 15: 4.0, 16: 9.0, 17: 8.0, 18: 7.0}.get(n, 1.0)

    monkeypatch.setattr(experiment, "_step", step)
    found = experiment.record({}, experiment.Settings(widths=(4, 2, 2), n_steps=6, n_rounds=2))
    np.testing.assert_array_equal(found.seconds, 3.0)
    np.testing.assert_array_equal(found.spread, 4.0)


def test_who_takes_far_longer_than_most_is_explained(record: Record, tmp_path: Path) -> None:
    found = record("optimizer_table")
    for name in ("muon", "rprop"):
        times = dict.fromkeys(found.run.values.tolist(), 1e-4) | {"sgd": 5e-5}
        for slow in (False, True):
            times[name] = 2e-3 if slow else 1e-4
            found["seconds"] = found.seconds.copy(data=[times[run] for run in found.run.values])
            path = tmp_path / f"{name}{slow}.nc"
            recording.save(found, path)
            made, *_ = table("optimizer_table", lambda _, path=path: path)
            label = str(ROWS[name].label)
            assert any(note.startswith(label) for note in made.notes) == slow


def spelled(printed: str) -> list[str]:
    """Return the clauses of a printed rule, those that it says are as in another from that one."""
    own = re.findall(r"\$([^$]*)\$", printed)
    if kin := re.search(r"(?:^|\n)([^;\n]*) as in ([^;\n]+)", printed):
        (other,) = [row.rule for row in ROWS.values() if row.label == kin[2]]
        for letter in re.findall(r"\$([^$]*)\$", kin[1]):
            own.remove(letter)
            sets = [each for each in parts(other) if re.match(rf"{re.escape(letter)} [←=] ", each)]
            own.append(sets[-1])
    return own


def parts(rule: str) -> list[str]:
    return re.split(r",\s+(?=(?:U Σ )?\S+ [←=] )", rule)


def test_every_rule_stands_as_its_row_says(recorded: Recorded) -> None:
    made, _, _, (found,) = table("optimizer_rules", recorded)
    by_label = {row.label: name for name, row in ROWS.items()}
    order = [optimizer.value for optimizer, _ in made.rows]
    assert sorted(order) == sorted(by_label)
    assert order[: len(FIRST)] == [ROWS[name].label for name in FIRST]
    kin = {}
    for (optimizer, rule), group in zip(made.rows, made.groups, strict=True):
        name = by_label[optimizer.value]
        count = round(float(found.state.sel(run=name)))
        words = ["next to nothing", "one number", "two numbers", "three numbers and more"]
        first = name in FIRST
        told = f"Others that remember {words[min(count, 3)]}"
        assert group.startswith("Know these five first" if first else told)
        assert optimizer.tint == rule.tint == first
        assert sorted(spelled(rule.value)) == sorted(parts(ROWS[name].rule)), name
        whole = [each for each in re.findall(r"\$([^$]*)\$", rule.value) if re.search("[←=]", each)]
        assert whole == [each for each in parts(ROWS[name].rule) if each in whole], "in its order"
        words = re.sub(r"\$[^$]*\$", "", rule.value)
        other = re.search(r" as in ([^;\n]+)", words)
        assert set(words.replace(other[0] if other else "", "")) <= set(", \n;")
        if other:
            kin[optimizer.value] = other[1]
        assert rule.note.endswith(ROWS[name].source)
        assert optimizer.note.endswith("."), "what is new, in words"
        assert "$" not in optimizer.note
    assert kin == {
        "Nesterov": "Momentum", "RMSProp, centred": "RMSProp", "RMSProp, momentum": "RMSProp",
        **dict.fromkeys(["AdaMax", "AdamW", "AMSGrad", "NAdam", "RAdam", "Schedule-Free"], "Adam"),
    }  # fmt: skip
    assert all(order.index(other) < order.index(each) for each, other in kin.items())


def test_letters_that_are_explained_stand_in_their_rule(recorded: Recorded) -> None:
    made, _, _, _ = table("optimizer_rules", recorded)
    explained = [rule for _, rule in made.rows if "\n" in rule.note]
    assert len(explained) > 6
    for rule in explained:
        said = " ".join(spelled(rule.value))
        for formula in re.findall(r"\$([^$]*)\$", rule.note.partition("\n")[0]):
            if formula in ("β₁", "β₂", "ε"):  # Muon's other parameters have AdamW's
                assert "AdamW" in rule.note
                continue
            wanted = formula.replace("x, y", "g, θ₀ − θ")
            assert wanted in said, (formula, said)


def test_states_are_those_of_a_real_training(recorded: Recorded) -> None:
    """Counted on another way to come to a state: a network trained on noise."""
    _, _, _, (found,) = table("optimizer_table", recorded)
    for name in ("sgd", "momentum", "adam", "amsgrad", "prodigy", "lion", "adafactor", "lbfgs"):
        torch.manual_seed(0)
        model = torch.nn.Sequential(torch.nn.Linear(20, 8), torch.nn.ReLU(), torch.nn.Linear(8, 4))
        params = list(model.parameters())
        made = optimizers.make(name, params, {"lr": 1e-4})
        x, y = torch.randn(200, 20), torch.randn(200, 4)
        for _ in range(40):
            made.zero_grad()
            loss = torch.nn.functional.mse_loss(model(x), y)
            loss.backward()
            made.step(lambda loss=loss: loss)
        tensors = []
        for state in made.state.values():
            for value in state.values():
                tensors += [value] if isinstance(value, torch.Tensor) else []
                tensors += (
                    [t for t in value if isinstance(t, torch.Tensor)]
                    if isinstance(value, list)
                    else []
                )
        total = sum(t.numel() for t in tensors) / sum(p.numel() for p in params)
        assert float(found.state.sel(run=name)) == pytest.approx(total, rel=0.02)
    expected = {"sgd": 0, "momentum": 1, "adam": 2, "amsgrad": 3, "prodigy": 4}
    for name, n in expected.items():
        assert round(float(found.state.sel(run=name)), 1) == n


def test_settings_are_the_rows_by_their_letters(recorded: Recorded) -> None:
    made, _, _, (found,) = table("optimizer_rules", recorded)
    notes = {}
    for optimizer, rule in made.rows:
        settings, between, _ = rule.note.rpartition("\n")[2].partition("  ·  ")
        notes[optimizer.value] = re.findall(r"\$([^$]*)\$", settings) if between else []
    assert notes["Adam"] == ["β₁ = 0.9", "β₂ = 0.999", f"ε = {number(1e-8)}"]
    assert notes["Momentum, averaging"] == ["μ = 0.9", "τ = 0.9"]
    assert notes["SGD"] == notes["RAdam"] == [], "none, and none other than Adam's"
    assert notes["NAdam"] == ["ψ = 0.004"]
    assert notes["Adafactor"] == ["k = 1"]
    assert "η₊ = 1.2" in notes["Rprop"]
    kin = {row[0].value: re.search(r" as in ([^;\n]+)", row[1].value) for row in made.rows}
    by_label = {row.label: name for name, row in ROWS.items()}
    for name, row in ROWS.items():
        one, other = found.value.sel(run=name), np.full(found.sizes["component"], np.nan)
        if found_kin := kin[row.label]:
            other = found.value.sel(run=by_label[found_kin[1]]).values
        wanted = [
            f"{letter} = {number(float(value))}"
            for letter, value, theirs in zip(found.component.values, one.values, other, strict=True)
            if np.isfinite(value) and value != theirs
        ]
        assert notes[row.label] == wanted + ["k = 1"] * (name == "adafactor")


def test_a_letter_that_is_remembered_means_the_same_in_all_rules() -> None:
    """By torch's name of what it stands for."""
    means: dict[str, set[str]] = {}
    for row in ROWS.values():
        for of, letter in row.state.items():
            means.setdefault(letter, set()).add(of)
    assert means["v"] == {"square_avg", "exp_avg_sq", "row_var", "col_var"}
    assert {letter for letter, of in means.items() if "momentum_buffer" in of} == {"b", "m"}
    averages = {"exp_avg", "grad_avg", "momentum_buffer"}  # the last of those that do average
    assert means["m"] == averages
    for row in ROWS.values():
        if "m" in row.state.values():
            assert "(1 − " in row.rule, "it is an average"
        elif "b" in row.state.values():
            assert "b ← μ b + g" in row.rule, "it is a sum"


def test_the_title_is_of_the_least_and_the_most(recorded: Recorded) -> None:
    made, words, _, (found,) = table("optimizer_table", recorded)
    label = {name: str(row.label) for name, row in ROWS.items()}
    times = found.seconds.to_series().rename(label)
    most = found.attrs["most_label"]
    assert words.title.endswith(f"{most} remembers {found.attrs['most']:.2g} numbers per parameter")
    said = re.search(r"A step of (.+) takes about ([\d,.]+) times as long as SGD’s", words.title)
    assert said is not None
    assert said[1] == times.idxmax()
    printed = {row[0].value: float(row[3].value.replace(",", "")) for row in made.cells}
    by_name = {row[0].value: row[3].value for row in made.cells}
    for name, time in times.items():
        assert by_name[name] == number(float(f"{1e6 * time:.1g}")), "one digit"
    change = np.median(found.spread.values / found.seconds.values)
    digit = f"one digit, as most change by some {100 * change:.0f}\u202f% from one of 2 rounds"
    assert digit in made.notes[0]
    ratio = float(f"{max(printed.values()) / printed['SGD']:.1g}")
    assert float(said[2].replace(",", "")) == pytest.approx(ratio), "of the times as printed"
    assert found.attrs["most"] == float(found.state.max())
    assert (
        ROWS[str(found.run[int(found.state.values.argmax())].item())].label
        == found.attrs["most_label"]
    )
