"""Analytic surfaces: flat where they say so, lowest at their minima, and vectorised."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from simulate import registry
from simulate.errors import UserError
from simulate.surfaces import _base as surfaces

SURFACES = registry.names("surfaces")


@pytest.fixture(params=SURFACES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def row(name: str) -> surfaces.Surface:
    return registry.load("surfaces", name)


def _inside(row: surfaces.Surface, count: int) -> torch.Tensor:
    """Random points of the box, (count, n_params)."""
    low, high = np.transpose(row.domain)
    return torch.from_numpy(np.random.default_rng(0).uniform(low, high, (count, len(low))))


def test_the_gradient_vanishes_at_the_stated_points(name: str, row: surfaces.Surface) -> None:
    points = row.minima + row.stationary
    assert points, "a surface states its minima, or other points where it is flat"
    theta = torch.tensor(points, dtype=torch.float64, requires_grad=True)
    surfaces.function(name)(theta).sum().backward()
    assert theta.grad is not None
    assert theta.grad.abs().max() < 1e-9


def test_nothing_in_the_box_is_lower_than_the_minima(name: str, row: surfaces.Surface) -> None:
    values = surfaces.function(name)(_inside(row, 20_000))
    if not row.minima:
        assert values.min() < 0
        return
    lowest = surfaces.function(name)(torch.tensor(row.minima, dtype=torch.float64))
    assert lowest.max() - lowest.min() < 1e-9, "all minima are equally deep"
    assert values.min() >= lowest.min() - 1e-12


def test_minima_and_start_lie_in_the_box(row: surfaces.Surface) -> None:
    for point in [*row.minima, *row.stationary, row.start]:
        assert len(point) == len(row.domain)
        assert all(low <= p <= high for p, (low, high) in zip(point, row.domain, strict=True))


def test_it_is_vectorised_and_keeps_precision(name: str, row: surfaces.Surface) -> None:
    points = _inside(row, 12)
    together = surfaces.function(name)(points.reshape(3, 4, -1))
    assert together.shape == (3, 4)
    assert together.dtype == torch.float64
    singly = torch.stack([surfaces.function(name)(point) for point in points])
    torch.testing.assert_close(together.flatten(), singly, rtol=1e-14, atol=0)


def test_its_gradient_equals_finite_differences(name: str, row: surfaces.Surface) -> None:
    theta = _inside(row, 4).requires_grad_()
    assert torch.autograd.gradcheck(surfaces.function(name), theta, atol=1e-4, rtol=1e-6)


def test_rates_are_those_of_optimizers(row: surfaces.Surface) -> None:
    assert set(row.rates) <= set(registry.names("optimizers"))


@pytest.mark.parametrize(
    ("name", "point", "value"),
    [
        ("beale", (0, 0), 1.5**2 + 2.25**2 + 2.625**2),
        ("himmelblau", (0, 0), 170),
        ("rosenbrock", (0, 0), 1),
        ("rosenbrock", (-1, 2), 104),
        ("rastrigin", (0.5, 0), 20.25),
        ("styblinski_tang", (1, 1), -10),
        ("saddle", (2, 3), -5),
        ("monkey_saddle", (1, 2), -11),
        ("ravine", (1, 1), 10.5),
        ("quadratic", (3,), 4.5),
    ],
)
def test_values_known_by_hand(name: str, point: tuple[float, ...], value: float) -> None:
    theta = torch.tensor(point, dtype=torch.float64)
    assert surfaces.function(name)(theta).item() == pytest.approx(value)


def test_settings_change_the_function_and_unknown_ones_are_named() -> None:
    theta = torch.ones(2, dtype=torch.float64)
    assert surfaces.function("ravine", {"steepness": 4.0})(theta).item() == 2.5
    with pytest.raises(UserError, match=r"'ravine' has no setting 'steep'; there is steepness"):
        surfaces.function("ravine", {"steep": 4.0})
