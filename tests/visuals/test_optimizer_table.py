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
    assert sorted(row[0].value for row in made.rows) == sorted(by_label)
    kept = [row[2].value for row in made.rows]
    assert kept == sorted(kept)
    for optimizer, letters, state, time in made.rows:
        name = by_label[optimizer.value]
        assert optimizer.key == ROWS[name].color
        found_letters = re.findall(r"\$([^$]*)\$", letters.value or "")
        history = ROWS[name].defaults.get("history_size")
        assert letters.note == (f"of the last {history} steps" if history else "")
        assert found_letters == list(dict.fromkeys(ROWS[name].state.values()))
        assert state.value == float(found.state.sel(run=name))
        assert state.strong == (state.value == found.state.values.max())
        assert time.value == pytest.approx(1e6 * float(found.seconds.sel(run=name)))
        assert time.strong == (float(found.seconds.sel(run=name)) == found.seconds.values.max())


def test_every_rule_stands_as_its_row_says(recorded: Recorded) -> None:
    made, _, _, (found,) = table("optimizer_rules", recorded)
    by_label = {row.label: name for name, row in ROWS.items()}
    assert sorted(row[0] for row in made.rows) == sorted(by_label)
    for (optimizer, rule, settings), group in zip(made.rows, made.groups, strict=True):
        name = by_label[optimizer]
        count = round(float(found.state.sel(run=name)))
        words = ["next to nothing", "one number", "two numbers", "three numbers and more"]
        assert group.startswith(f"Remember {words[min(count, 3)]}")
        assert ",  ".join(re.findall(r"\$([^$]*)\$", rule.value)) == ROWS[name].rule
        assert set(re.sub(r"\$[^$]*\$", "", rule.value)) <= set(", \n")
        assert rule.note == ROWS[name].source
        given = re.findall(r"\$([^$]*)\$", settings or "")
        one = found.value.sel(run=name)
        wanted = [
            f"{letter} = {number(float(value))}"
            for letter, value in zip(found.component.values, one.values, strict=True)
            if np.isfinite(value)
        ]
        assert given == wanted


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
    notes = {row[0]: (row[2] or "").replace("$", "").split(", ") for row in made.rows}
    assert notes["Adam"] == ["β₁ = 0.9", "β₂ = 0.999", f"ε = {number(1e-8)}"]
    assert notes["Momentum, averaging"] == ["μ = 0.9", "τ = 0.9"]
    assert notes["SGD"] == [""]
    assert "η₊ = 1.2" in notes["Rprop"]
    for name, row in ROWS.items():
        printed = "".join(notes[row.label]).count("=")
        assert printed == int(np.isfinite(found.value.sel(run=name)).sum())


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
