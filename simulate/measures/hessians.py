"""Second derivatives of a loss: the Hessian, its products with vectors, its eigenvalues.

The Hessian of n parameters has n² numbers; its product with a vector costs about two gradients,
whatever n is (Pearlmutter 1994, doi:10.1162/neco.1994.6.1.147). So a small network's eigenvalues
come from the whole matrix, and a larger one's lowest or highest from products alone, by Lanczos.

All functions take a loss of flat parameters, as `loss_of` makes from a network and its examples.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import torch
from torch import nn

from simulate.errors import RunError, UserError
from simulate.measures import _ways
from simulate.training import arguments, losses

Function = Callable[[torch.Tensor], torch.Tensor]

# Columns of the Hessian that are computed at once; more need more memory and are no faster.
_COLUMNS = 256


def loss_of(
    model: nn.Module,
    loss: str | Callable[[Any, torch.Tensor], torch.Tensor],
    x: Any,
    y: Any,
    penalty: float = 0.0,
) -> Function:
    """Return a network's loss over some examples as a function of its flat parameters, float64.

    The network is in its evaluation mode, and at every θ in the state that it has now.

    Parameters
    ----------
    model : nn.Module
        Copied: nothing of it is changed, and what happens to it later doesn't matter.
    loss : str or callable
        As in `simulate.train`.
    x, y : array_like
        Inputs and targets, all of which the loss is averaged over.
    penalty : float
        λ of an added ½ λ ‖θ‖².

    Returns
    -------
    callable
        ``function(theta)``, theta of shape (n_params,) in the order of ``model.parameters()``,
        float64.

    Raises
    ------
    UserError
        If the network can't take the examples, or be copied: one that a function or a hook knows
        by itself would go on being called at its own parameters.

    Examples
    --------
    >>> line = nn.Linear(1, 1, bias=False)
    >>> function = loss_of(line, "mse", [[1.0], [2.0]], [[0.0], [0.0]])
    >>> hessian(function, np.array([0.3])).tolist()
    [[5.0]]
    """
    found = losses.find(loss)
    try:
        own = _ways.copied(model).double().cpu().eval()
    except Exception as error:  # deepcopy raises whatever the parts of a network raise
        raise UserError(
            f"{type(model).__name__} can't be copied, so its Hessian isn't known: "
            f"{arguments.one_line(error)}"
        ) from error
    inputs, targets = _ways.examples(own, found, (x, y))
    params = {name: param.detach() for name, param in own.named_parameters()}
    sizes = [param.numel() for param in params.values()]
    buffers = {name: buffer.clone() for name, buffer in own.named_buffers()}

    def of(theta: torch.Tensor) -> torch.Tensor:
        pieces = zip(params.items(), theta.split(sizes), strict=True)
        at = {name: piece.view(param.shape) for (name, param), piece in pieces}
        # copies, for a network may write to both
        state = at | {name: buffer.clone() for name, buffer in buffers.items()}
        outputs = torch.func.functional_call(own, state, (inputs.clone(),))
        value: torch.Tensor = found.function(outputs, targets)
        return value

    _check(model, own, of, found, inputs, targets)
    return (lambda theta: of(theta) + 0.5 * penalty * theta.dot(theta)) if penalty else of


def _check(
    model: nn.Module,
    own: nn.Module,
    of: Function,
    loss: losses.Loss,
    inputs: torch.Tensor,
    targets: torch.Tensor,
) -> None:
    """Make sure that the copy is moved as the network itself is, by its loss near its own place."""
    generator = torch.Generator().manual_seed(0)
    flat = torch.cat([param.detach().flatten() for param in own.parameters()])
    flat = torch.nan_to_num(flat, nan=0.0, posinf=0.0, neginf=0.0)  # a run that diverged
    noise = torch.randn(len(flat), generator=generator, dtype=flat.dtype)
    near = flat + noise * (0.1 * flat.abs() + 0.01)
    try:
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            found = float(of(near))
        with _ways.borrowed(model) as network, torch.random.fork_rng(devices=[]):
            first = _ways.parameters(model)[0]
            network.move(near.to(first.device))
            x = inputs.to(first.device)
            outputs = network.outputs(x.to(first.dtype) if x.is_floating_point() else x, len(x))
            y = targets.to(first.device)
            expected = float(
                loss.function(outputs, y.to(first.dtype) if y.is_floating_point() else y)
            )
    except UserError:
        raise
    except Exception as error:
        raise UserError(
            f"network and loss can't take inputs of shape {tuple(inputs.shape)} and targets of "
            f"shape {tuple(targets.shape)}: {arguments.one_line(error)}"
        ) from error
    rounding = 1e-9 if first.dtype == torch.float64 else 1e-3
    none = math.isnan(found) and math.isnan(expected)
    if not none and not math.isclose(found, expected, rel_tol=rounding, abs_tol=rounding):
        raise UserError(
            f"a copy of {type(model).__name__} has the loss {found:g} where the network itself has "
            f"{expected:g}: a function or a hook of it knows the network by itself, or it draws "
            "random numbers; its Hessian can't be had"
        )


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
