"""Every schedule: its formula is what it does, and its state is all that it needs to go on.

The table is the registry itself, so a new schedule is in it as soon as its file exists.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from simulate import registry
from simulate.registry import PROJECT
from simulate.schedules import _base as schedules
from tests.simulate._formulas import computed
from tests.test_contributing import EXAMPLE

SCHEDULES = registry.names("schedules")


def _optimizer(lr: float = 0.3, **settings: Any) -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.zeros(2, requires_grad=True)], lr=lr, **settings)


def _walked(
    schedule: torch.optim.lr_scheduler.LRScheduler, n_steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return rate and momentum at steps 0 to `n_steps`."""
    group = schedule.optimizer.param_groups[0]
    found = [(group["lr"], group["momentum"])]
    for _ in range(n_steps):
        schedule.optimizer.step()
        schedule.step()
        found.append((group["lr"], group["momentum"]))
    rates, momenta = np.array(found).T
    return rates, momenta


def _stated(row: schedules.Schedule, what: str, n_steps: int, settings: dict[str, Any]) -> Any:
    letters = {row.symbols[name]: value for name, value in settings.items()}
    return computed(
        getattr(row, what),
        {"η₀": 0.3, "t": np.arange(n_steps + 1), "T": n_steps, **letters},
    )


def _check(row: schedules.Schedule, n_steps: int, settings: dict[str, Any]) -> None:
    assert set(row.symbols) == set(row.defaults), "every setting has a letter in the formula"
    given = row.defaults | settings
    made = row.build(_optimizer(momentum=0.9), n_steps=n_steps, **given)
    rates, momenta = _walked(made, n_steps)
    wanted = _stated(row, "formula", n_steps, given)
    np.testing.assert_allclose(rates, np.broadcast_to(wanted, rates.shape), rtol=1e-9, atol=1e-12)
    steady = np.full(n_steps + 1, 0.9)
    wanted = _stated(row, "momentum", n_steps, given) if row.momentum else steady
    np.testing.assert_allclose(momenta, wanted, rtol=1e-9)


@pytest.mark.parametrize("n_steps", [1, 2, 7, 100, 333])
@pytest.mark.parametrize("name", SCHEDULES)
def test_its_formula_is_what_it_does(name: str, n_steps: int) -> None:
    _check(registry.load("schedules", name), n_steps, {})


@pytest.mark.parametrize("name", SCHEDULES)
def test_each_letter_stands_for_its_setting(name: str) -> None:
    row = registry.load("schedules", name)
    for setting, value in row.defaults.items():
        _check(row, 60, {setting: 0.8 * value if value else 0.15})


def test_what_contributing_shows_is_held_to_its_formula_too() -> None:
    text = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (code,) = (code for name, code in EXAMPLE.findall(text) if "/schedules/" in name and
               name.startswith("simulate/schedules/"))  # fmt: skip
    module: dict[str, Any] = {}
    exec(code, module)
    _check(module["SCHEDULE"], 100, {"share": 0.13})


@pytest.mark.parametrize("name", SCHEDULES)
def test_its_row_has_what_pictures_need(name: str) -> None:
    row = registry.load("schedules", name)
    assert row.label
    assert row.source
    literal = registry.row("schedules", name)
    fields = ("label", "formula", "momentum", "source", "defaults", "symbols")
    assert {name: literal.fields[name] for name in fields if name in literal.fields} == {
        name: getattr(row, name) for name in fields if getattr(row, name)
    }


@pytest.mark.parametrize("name", SCHEDULES)
def test_it_goes_on_from_its_state(name: str) -> None:
    whole, _ = _walked(schedules.make(name, _optimizer(momentum=0.9), 40, None), 40)
    stopped = schedules.make(name, _optimizer(momentum=0.9), 40, None)
    _walked(stopped, 17)
    again = schedules.make(name, _optimizer(momentum=0.9), 40, None)
    again.optimizer.load_state_dict(stopped.optimizer.state_dict())
    again.load_state_dict(stopped.state_dict())
    rest, _ = _walked(again, 23)
    np.testing.assert_array_equal(rest, whole[17:])


def test_momentum_cycles_against_the_rate_where_there_is_some() -> None:
    rates, momenta = _walked(schedules.make("one_cycle", _optimizer(momentum=0.9), 99, None), 99)
    assert momenta[rates.argmax()] == momenta.min() == pytest.approx(0.85)
    assert momenta[0] == momenta[-1] == pytest.approx(0.95)
    changes = np.diff(rates) * np.diff(momenta)
    assert (changes <= 0).all()
    assert (changes < 0).sum() == 88  # all but the last phase, in which momentum stands still
    _, none = _walked(schedules.make("one_cycle", _optimizer(), 99, None), 99)
    assert (none == 0).all()


@pytest.mark.parametrize(
    ("formula", "value"),
    [("3a", 6), ("a |1 − 3a| + 1", 11), ("⌊7/a⌋", 3), ("√(a (a + 2)/2)", 2), ("ab, b = a^3", 16),
     ("½ (1 − a)(3 + a)", -2.5), ("min(a, 3, 1)", 1), ("bc, b = c + 1, c = 2a", 20)],
)  # fmt: skip
def test_formulas_are_read_as_mathematics(formula: str, value: float) -> None:
    assert computed(formula, {"a": 2.0}) == value
