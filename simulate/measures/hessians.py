"""Second derivatives of a loss: the Hessian, its products with vectors, its eigenvalues.

The Hessian of n parameters has n² numbers; its product with a vector costs about two gradients,
whatever n is (Pearlmutter 1994, doi:10.1162/neco.1994.6.1.147). So a small network's eigenvalues
come from the whole matrix, and a larger one's lowest or highest from products alone, by Lanczos.

All functions take a loss of flat parameters, as `loss_of` makes from a network and its examples.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import torch
from torch import nn

from simulate.errors import RunError, UserError
from simulate.training import losses

Function = Callable[[torch.Tensor], torch.Tensor]

# Columns of the Hessian that are computed at once; more need more memory and are no faster.
_COLUMNS = 256


def loss_of(
    model: nn.Module,
    loss: str | Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    x: np.ndarray,
    y: np.ndarray,
    penalty: float = 0.0,
) -> Function:
    """Return a network's loss over some examples as a function of its flat parameters, float64.

    Parameters
    ----------
    model : nn.Module
        Its own parameters are neither used nor changed.
    loss : str or callable
        As in `simulate.train`.
    x, y : ndarray
        Inputs and targets, all of which the loss is averaged over.
    penalty : float
        λ of an added ½ λ ‖θ‖².

    Returns
    -------
    callable
        ``function(theta)``, theta of shape (n_params,) in the order of ``model.parameters()``,
        float64.
    """
    named = [(name, param.shape) for name, param in model.named_parameters()]
    sizes = [shape.numel() for _, shape in named]
    inputs = torch.as_tensor(x).double()
    targets = torch.as_tensor(y) if y.dtype.kind == "i" else torch.as_tensor(y).double()
    function = losses.find(loss).function

    def of(theta: torch.Tensor) -> torch.Tensor:
        pieces = theta.split(sizes)
        params = {name: p.view(shape) for (name, shape), p in zip(named, pieces, strict=True)}
        value = function(torch.func.functional_call(model, params, (inputs,)), targets)
        return value + 0.5 * penalty * theta.dot(theta) if penalty else value

    return of


def gradient(function: Function, theta: np.ndarray) -> np.ndarray:
    """Return ∇J(θ), shape (n_params,), float64."""
    return torch.func.grad(function)(_tensor(theta)).numpy()


def hessian(function: Function, theta: np.ndarray) -> np.ndarray:
    """Return the whole Hessian, shape (n_params, n_params), float64, symmetric to the bit.

    Parameters
    ----------
    function : callable
        A loss, a scalar Tensor, of θ, a Tensor of shape (n_params,).
    theta : ndarray, shape (n_params,)
        Where.

    Examples
    --------
    >>> hessian(lambda theta: theta[0] ** 2 - 3 * theta[0] * theta[1], np.zeros(2)).tolist()
    [[2.0, -3.0], [-3.0, 0.0]]
    """
    # Backward through the gradient: for many columns at once faster than forward over it.
    point = _tensor(theta).requires_grad_()
    (slope,) = torch.autograd.grad(function(point), point, create_graph=True)
    n_params = len(point)
    if not slope.requires_grad:  # a loss that is linear has no second derivative
        return np.zeros((n_params, n_params))
    rows = []
    for first in range(0, n_params, _COLUMNS):
        which = torch.eye(n_params, dtype=torch.float64)[first : first + _COLUMNS]
        (row,) = torch.autograd.grad(
            slope, point, which, retain_graph=True, is_grads_batched=True, materialize_grads=True
        )
        rows.append(row)
    whole = torch.cat(rows)
    return ((whole + whole.T) / 2).detach().numpy()


def hessian_vector_product(
    function: Function, theta: np.ndarray
) -> Callable[[np.ndarray], np.ndarray]:
    """Return the function v ↦ H(θ) v, both of shape (n_params,), without the matrix H.

    The gradient's graph is built once; each product is one more backward pass through it.

    Examples
    --------
    >>> times = hessian_vector_product(lambda theta: theta[0] ** 2 * theta[1], np.ones(2))
    >>> times(np.array([0.0, 1.0])).tolist()
    [2.0, 0.0]
    """
    point = _tensor(theta).requires_grad_()
    (slope,) = torch.autograd.grad(function(point), point, create_graph=True)

    def times(vector: np.ndarray) -> np.ndarray:
        if not slope.requires_grad:
            return np.zeros(len(point))
        (product,) = torch.autograd.grad(
            slope, point, _tensor(vector), retain_graph=True, materialize_grads=True
        )
        return product.detach().numpy()

    return times


def eigenvalues(
    function: Function,
    theta: np.ndarray,
    k: int | None = None,
    *,
    which: Literal["lowest", "highest"] = "lowest",
    seed: int = 0,
) -> np.ndarray:
    """Return eigenvalues of the Hessian, ascending, shape (k,) or (n_params,).

    Parameters
    ----------
    function, theta
        As in `hessian`.
    k : int or None
        How many; None gives all of them, from the whole matrix.
    which : {"lowest", "highest"}
        End of the spectrum of which k are wanted. They are found by Lanczos's method from products
        with vectors, to 1e-8 of the Hessian's norm.
    seed : int
        Of the vector that Lanczos starts from.

    Raises
    ------
    UserError
        If k isn't between 1 and n_params − 2.
    RunError
        If Lanczos's method doesn't find them.

    Examples
    --------
    >>> weights = torch.arange(1.0, 9.0, dtype=torch.float64)
    >>> bowl = lambda theta: 0.5 * (weights * theta**2).sum()
    >>> eigenvalues(bowl, np.zeros(8), 2).round(6).tolist()
    [1.0, 2.0]
    """
    n_params = len(theta)
    if k is None:
        found: np.ndarray = np.linalg.eigvalsh(hessian(function, theta))
        return found
    if not 1 <= k <= n_params - 2:
        raise UserError(f"k is {k}; of {n_params} parameters, take 1 to {n_params - 2}, or None")
    from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

    times = hessian_vector_product(function, theta)
    start = np.random.default_rng(seed).standard_normal(n_params)
    if not times(start).any():  # a matrix that sends a random vector to 0 has no other eigenvalue
        return np.zeros(k)
    # near 0 the eigenvalues of a network lie close together: a wide Krylov space parts them
    options = {"v0": start, "ncv": min(n_params, max(4 * k, 80)), "return_eigenvectors": False}

    def ends(shift: float, k: int, which: str, tol: float) -> np.ndarray:
        operator = LinearOperator(
            (n_params, n_params), matvec=lambda v: times(v) + shift * v, dtype=np.float64
        )
        values: np.ndarray = eigsh(operator, k, which=which, tol=tol, **options) - shift
        return np.sort(values)

    try:
        # ARPACK's tolerance is a share of the eigenvalue itself, out of reach for one near 0: so
        # the whole spectrum is shifted to one side, where the wanted end is the largest in size.
        (largest,) = ends(0.0, 1, "LM", 1e-2)
        shift = 1.1 * abs(float(largest))
        return ends(-shift if which == "lowest" else shift, k, "LM", 1e-8)
    except ArpackNoConvergence as error:
        raise RunError(
            f"Lanczos found {len(error.eigenvalues)} of the {k} {which} eigenvalues of "
            f"{n_params} parameters; take another k, or None for the whole matrix"
        ) from None


def _tensor(values: np.ndarray) -> torch.Tensor:
    return torch.as_tensor(np.ascontiguousarray(values, dtype=np.float64))
