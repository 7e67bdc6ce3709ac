"""The table prints rows of the registry, and what is measured of them."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

from look.numbers import number
from simulate import registry
from simulate.optimizers import _base as optimizers
from tests.figures._drawn import Recorded, table

ROWS = registry.rows("optimizers")


def test_it_has_every_optimizer_with_what_was_measured(recorded: Recorded) -> None:
    made, _, _, (found,) = table("optimizer_table", recorded)
    by_label = {row.label: name for name, row in ROWS.items()}
    assert sorted(row[0] for row in made.rows) == sorted(by_label)
    kept = [row[2].value for row in made.rows]
    assert kept == sorted(kept)
    for optimizer, letters, state, time in made.rows:
        name = by_label[optimizer]
        found_letters = re.findall(r"\$([^$]*)\$", letters.value or "")
        history = ROWS[name].defaults.get("history_size")
        assert letters.note == (f"of the last {history} steps" if history else "")
        assert found_letters == list(dict.fromkeys(ROWS[name].state.values()))
        assert state.value == float(found.state.sel(run=name))
        assert state.strong == (state.value == found.state.values.max())
        assert time.value == pytest.approx(1e6 * float(found.seconds.sel(run=name)))
        assert time.strong == (float(found.seconds.sel(run=name)) == found.seconds.values.max())


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
    kin = {}
    for (optimizer, rule), group in zip(made.rows, made.groups, strict=True):
        name = by_label[optimizer.value]
        count = round(float(found.state.sel(run=name)))
        words = ["next to nothing", "one number", "two numbers", "three numbers and more"]
        assert group.startswith(f"Remember {words[min(count, 3)]}")
        assert sorted(spelled(rule.value)) == sorted(parts(ROWS[name].rule)), name
        whole = [each for each in re.findall(r"\$([^$]*)\$", rule.value) if re.search("[←=]", each)]
        assert whole == [each for each in parts(ROWS[name].rule) if each in whole], "in its order"
        words = re.sub(r"\$[^$]*\$", "", rule.value)
        other = re.search(r" as in ([^;\n]+)", words)
        assert set(words.replace(other[0] if other else "", "")) <= set(", \n;")
        if other:
            kin[optimizer.value] = other[1]
        assert rule.note.endswith(ROWS[name].source)
        given = re.findall(r"\$([^$]*)\$", optimizer.note)
        one = found.value.sel(run=name)
        wanted = [
            f"{letter} = {number(float(value))}"
            for letter, value in zip(found.component.values, one.values, strict=True)
            if np.isfinite(value)
        ]
        assert given == wanted + ["d = 1"] * (name == "adafactor")
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
            wanted = formula.replace("a, b", "g, θ₀ − θ")
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
    notes = {row[0].value: row[0].note.replace("$", "").split(", ") for row in made.rows}
    assert notes["Adam"] == ["β₁ = 0.9", "β₂ = 0.999", f"ε = {number(1e-8)}"]
    assert notes["Momentum, averaging"] == ["μ = 0.9", "τ = 0.9"]
    assert notes["SGD"] == [""]
    assert "η₊ = 1.2" in notes["Rprop"]
    for name, row in ROWS.items():
        printed = "".join(notes[row.label]).count("=")
        wanted = int(np.isfinite(found.value.sel(run=name)).sum()) + (name == "adafactor")
        assert printed == wanted


def test_the_title_is_of_the_least_and_the_most(recorded: Recorded) -> None:
    _, words, _, (found,) = table("optimizer_table", recorded)
    label = {name: str(row.label) for name, row in ROWS.items()}
    times = found.seconds.to_series().rename(label)
    most = found.attrs["most_label"]
    assert words.title.startswith(f"{most} remembers the most, {found.attrs['most']:.2g} numbers")
    said = re.search(r"a step of (.+) takes the longest, ([\d,.]+) times (.+)’s", words.title)
    assert said is not None
    assert [said[1], said[3]] == [times.idxmax(), times.idxmin()]
    ratio = float(f"{times.max() / times.min():.2g}")
    assert float(said[2].replace(",", "")) == pytest.approx(ratio)
    assert found.attrs["most"] == float(found.state.max())
    assert (
        ROWS[str(found.run[int(found.state.values.argmax())].item())].label
        == found.attrs["most_label"]
    )
