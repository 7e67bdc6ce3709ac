"""Hessians against formulas, against finite differences, and Lanczos against the whole matrix."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from simulate.errors import UserError
from simulate.measures import hessians
from simulate.models import _base as models


@pytest.fixture(scope="module")
def network() -> tuple[hessians.Function, np.ndarray]:
    net = models.make("mlp", {"widths": [5, 7, 3], "activation": "tanh"}, 1).double()
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 5)), rng.integers(0, 3, 40)
    theta = torch.nn.utils.parameters_to_vector(net.parameters()).detach().numpy()
    return hessians.loss_of(net, "cross_entropy", x, y, penalty=0.01), theta


def test_the_loss_is_the_networks(network: tuple[hessians.Function, np.ndarray]) -> None:
    net = models.make("mlp", {"widths": [5, 7, 3], "activation": "tanh"}, 1).double()
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 5)), rng.integers(0, 3, 40)
    function, theta = network
    expected = torch.nn.functional.cross_entropy(net(torch.as_tensor(x)), torch.as_tensor(y))
    value = function(torch.as_tensor(theta)).item()
    assert value == pytest.approx(expected.item() + 0.005 * theta @ theta, rel=1e-12)


def test_columns_are_differences_of_gradients(
    network: tuple[hessians.Function, np.ndarray],
) -> None:
    function, theta = network
    matrix = hessians.hessian(function, theta)
    assert (matrix == matrix.T).all()
    for i in (0, 20, len(theta) - 1):
        h = 1e-5 * np.eye(len(theta))[i]
        slopes = [hessians.gradient(function, theta + side) for side in (h, -h)]
        np.testing.assert_allclose(matrix[i], (slopes[0] - slopes[1]) / 2e-5, atol=1e-8)


def test_products_are_the_matrix_times_the_vector(
    network: tuple[hessians.Function, np.ndarray],
) -> None:
    function, theta = network
    times = hessians.hessian_vector_product(function, theta)
    for vector in np.random.default_rng(2).normal(size=(3, len(theta))):
        np.testing.assert_allclose(
            times(vector), hessians.hessian(function, theta) @ vector, atol=1e-12
        )


@pytest.mark.parametrize("which", ["lowest", "highest"])
def test_lanczos_finds_the_ends_of_the_spectrum(
    network: tuple[hessians.Function, np.ndarray], which: str
) -> None:
    function, theta = network
    every = hessians.eigenvalues(function, theta)
    assert (np.diff(every) >= 0).all()
    assert len(every) == len(theta)
    found = hessians.eigenvalues(function, theta, 6, which=which)  # type: ignore[arg-type]
    np.testing.assert_allclose(found, every[:6] if which == "lowest" else every[-6:], atol=1e-7)
    again = hessians.eigenvalues(function, theta, 6, which=which)  # type: ignore[arg-type]
    np.testing.assert_array_equal(found, again)


def test_a_linear_loss_is_flat() -> None:
    def linear(theta: torch.Tensor) -> torch.Tensor:
        return 3 * theta[0] - theta[1]

    assert (hessians.hessian(linear, np.ones(2)) == 0).all()
    assert (hessians.hessian_vector_product(linear, np.ones(2))(np.ones(2)) == 0).all()


def test_where_the_loss_is_flat_all_eigenvalues_are_zero() -> None:
    plain = hessians.eigenvalues(lambda theta: theta.sum(), np.ones(8), 2)
    np.testing.assert_array_equal(plain, [0, 0])


def test_too_many_eigenvalues_for_lanczos() -> None:
    def bowl(theta: torch.Tensor) -> torch.Tensor:
        return theta.dot(theta)

    with pytest.raises(UserError, match="k is 4; of 5 parameters, take 1 to 3, or None"):
        hessians.eigenvalues(bowl, np.zeros(5), 4)
