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


def test_it_has_every_optimizer_with_its_rule(recorded: Recorded) -> None:
    made, _, _, (found,) = table("optimizer_table", recorded)
    labels = {row[0].value for row in made.rows}
    assert labels == {row.label for row in ROWS.values()}
    assert len(made.rows) == len(ROWS)
    by_label = {row.label: name for name, row in ROWS.items()}
    kept = [row[4] for row in made.rows]
    assert kept == sorted(kept)
    for optimizer, rule, _, letters, state, time in made.rows:
        name = by_label[optimizer.value]
        assert optimizer.key == ROWS[name].color
        clauses = re.findall(r"\$([^$]*)\$", rule.value)
        assert ",  ".join(clauses) == ROWS[name].rule
        assert set(re.sub(r"\$[^$]*\$", "", rule.value)) <= set(", \n")
        assert rule.note == ROWS[name].source
        found_letters = re.findall(r"\$([^$]*)\$", letters or "")
        assert found_letters == list(dict.fromkeys(ROWS[name].state.values()))
        assert state == float(found.state.sel(run=name))
        assert time == pytest.approx(1e6 * float(found.seconds.sel(run=name)))


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
    made, _, _, (found,) = table("optimizer_table", recorded)
    notes = {row[0].value: (row[2] or "").replace("$", "").split("\n") for row in made.rows}
    assert notes["Adam"] == ["β₁ = 0.9", "β₂ = 0.999", f"ε = {number(1e-8)}"]
    assert notes["Momentum, averaging"] == ["μ = 0.9", "τ = 0.9"]
    assert notes["SGD"] == [""]
    assert "η₊ = 1.2" in notes["Rprop"]
    for name, row in ROWS.items():
        printed = "".join(notes[row.label]).count("=")
        assert printed == int(np.isfinite(found.value.sel(run=name)).sum())


def test_groups_are_by_whole_numbers(recorded: Recorded) -> None:
    made, words, _, (found,) = table("optimizer_table", recorded)
    for group, row in zip(made.groups, made.rows, strict=True):
        if row[4] < 0.005:
            assert group == "Remember nothing"
        elif row[4] >= 0.5:
            assert group.startswith(f"Remember {round(row[4])} number")
    assert words.title.startswith(f"{len(ROWS)} optimizers remember from 0 to")
    assert found.attrs["most"] == float(found.state.max())
    assert (
        ROWS[str(found.run[int(found.state.values.argmax())].item())].label
        == found.attrs["most_label"]
    )
