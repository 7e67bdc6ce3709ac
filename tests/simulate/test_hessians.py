"""Hessians against formulas, against finite differences, and Lanczos against the whole matrix."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

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


class _Own(nn.Module):
    """Batch norm, dropout, a buffer that counts, inputs changed in place."""

    def __init__(self) -> None:
        super().__init__()
        self.line, self.norm, self.drop = nn.Linear(5, 4), nn.BatchNorm1d(4), nn.Dropout(0.5)
        self.out = nn.Linear(4, 3)
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x *= 0.5
        self.calls += 1
        return self.out(self.drop(torch.tanh(self.norm(self.line(x))))) * self.calls


def _tied() -> nn.Module:
    model = nn.Sequential(nn.Linear(5, 5), nn.Tanh(), nn.Linear(5, 5), nn.Tanh(), nn.Linear(5, 3))
    model[2].weight = model[0].weight
    return model


def _old_norm() -> nn.Module:
    model = nn.Sequential(torch.nn.utils.weight_norm(nn.Linear(5, 4)), nn.Tanh(), nn.Linear(4, 3))
    model(torch.randn(2, 5))  # keeps a weight with a gradient's history
    return model


def _hooked() -> nn.Module:
    model = nn.Sequential(nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 3))
    model[0].register_forward_hook(lambda module, inputs, output: 3 * output)
    return model


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
@pytest.mark.parametrize("make", [_Own, _tied, _old_norm, _hooked], ids=lambda make: make.__name__)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_any_network_has_a_hessian_and_keeps_its_state(make: Any, dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    model = make().to(dtype).train()
    if make is _Own:
        for _ in range(3):
            model(torch.randn(8, 5, dtype=dtype) + 1)
        model.norm.eval()
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 5)), rng.integers(0, 3, 20)
    before, kept = x.copy(), copy.deepcopy(model.state_dict())
    function = hessians.loss_of(model, "cross_entropy", x, y)
    theta = torch.nn.utils.parameters_to_vector(model.parameters()).detach().double().numpy()
    matrix = hessians.hessian(function, theta)
    for i in (0, len(theta) - 1):
        h = 1e-5 * np.eye(len(theta))[i]
        slopes = [hessians.gradient(function, theta + side) for side in (h, -h)]
        np.testing.assert_allclose(matrix[i], (slopes[0] - slopes[1]) / 2e-5, atol=1e-7)
    assert all(torch.equal(kept[name], value) for name, value in model.state_dict().items())
    assert [m.training for m in model.modules()] == [
        make is not _Own or m is not model.norm for m in model.modules()
    ]
    np.testing.assert_array_equal(x, before)
    # the loss is that of the network itself, evaluated
    value = function(torch.from_numpy(theta)).item()
    model.eval()
    own = torch.nn.functional.cross_entropy(model(torch.tensor(x, dtype=dtype)), torch.tensor(y))
    if make is _Own:  # this one's outputs grow with its calls: the one above was the next
        assert float(model.calls) == float(kept["calls"]) + 1
    assert value == pytest.approx(own.item(), rel=1e-5)


def test_a_network_that_a_function_knows_is_refused() -> None:
    class Captured(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.line = nn.Linear(5, 3)
            line = self.line
            self.call = lambda x: line(x.to(line.weight.dtype))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.call(x)

    with pytest.raises(UserError, match=r"Captured has the loss .* knows the network by itself"):
        hessians.loss_of(Captured(), "cross_entropy", np.ones((4, 5)), np.zeros(4, int))


def test_examples_that_do_not_fit_are_one_line() -> None:
    net = nn.Linear(5, 3)
    for x, y in ((np.ones((4, 2)), np.zeros(4, int)), (np.ones((4, 5)), np.full(4, 3))):
        with pytest.raises(UserError, match="can't take inputs of shape"):
            hessians.loss_of(net, "cross_entropy", x, y)
    with pytest.raises(UserError, match="NaN in 4 of 4"):
        hessians.loss_of(net, "cross_entropy", np.full((4, 5), np.nan), np.zeros(4, int))
