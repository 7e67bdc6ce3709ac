"""What an optimizer's row is, and how one is made from it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch

from simulate import registry
from simulate.errors import UserError

# Settings as the letters that rules have for them; what isn't here has none.
SYMBOLS: dict[str, tuple[str, ...]] = {
    "lr": ("η",),
    "momentum": ("μ",),
    "dampening": ("τ",),
    "betas": ("β₁", "β₂"),
    "eps": ("ε",),
    "alpha": ("α",),
    "rho": ("ρ",),
    "weight_decay": ("λ",),
    "lambd": ("λ",),
    "momentum_decay": ("ψ",),
    "etas": ("η₋", "η₊"),
    "step_sizes": ("δ₁", "δ₂"),
}


@dataclass(frozen=True)
class Optimizer:
    """A row: everything that races, legends, tables and tests need to know of an optimizer.

    Attributes
    ----------
    build : callable
        ``build(params, **settings) -> torch.optim.Optimizer``.
    defaults : dict
        Settings that hold unless others are given; "lr" must be among them.
    rule : str
        The update as a formula: θ parameters, g their gradient, η the learning rate, t the number
        of the step from 1; what isn't said to start otherwise (z₀ = θ₀) starts at 0. A test reads
        it and takes the steps that it says.
    label, color, dash : str
        Its name in pictures, the theme's token for its colour (never orange or blue, which are the
        sign of a number), and "dashed", "dotted" or "dashdot" where optimizers share a colour.
    source : str
        Where the rule comes from.
    state : dict of str to str
        What it remembers from step to step, by torch's name in its state, as the rule's letter:
        each as large as the parameters (of Adafactor, as a matrix's rows and columns). A test
        holds each row to it.
    elementwise : bool
        Whether each number's update follows from that number's own gradients and state alone, so
        that several descents may step as one tensor. Not so where a rule reads the size of the
        whole tensor (Adafactor, LAMB), its rows and columns (Muon), or steps along a line (L-BFGS).
        A test holds each row to it.
    lanes : callable or None
        Of a rule that reads a whole tensor, the same for many tensors at once, which thousands of
        descents need: ``lanes(theta, lr, **settings)`` with ``step(slopes)``; theta and slopes of
        shape (lane, param), `lr` of (lane, 1).
    unfit : dict of str to str
        Where it may not be raced -> why; "surfaces" is one such place.
    excused : dict of str to str
        Surface -> why a test doesn't expect it to descend there.
    """

    build: Callable[..., torch.optim.Optimizer]
    defaults: dict[str, Any]
    rule: str
    label: str
    color: str
    source: str
    dash: str = ""
    state: dict[str, str] = field(default_factory=dict)
    elementwise: bool = False
    lanes: Callable[..., Any] | None = None
    unfit: dict[str, str] = field(default_factory=dict)
    excused: dict[str, str] = field(default_factory=dict)


def make(
    name: str, params: Iterable[torch.Tensor], settings: dict[str, Any] | None = None
) -> torch.optim.Optimizer:
    """Return an optimizer of the registry for some parameters.

    Parameters
    ----------
    name : str
        A row of `simulate.optimizers`, such as "adam".
    params : iterable of Tensor
        What it is to change.
    settings : dict or None
        Merged over the row's defaults.

    Raises
    ------
    UserError
        If there is no such optimizer or setting, or torch refuses a value.

    Examples
    --------
    >>> theta = torch.zeros(2, requires_grad=True)
    >>> make("sgd", [theta], {"lr": 0.5}).defaults["lr"]
    0.5
    """
    row: Optimizer = registry.load("optimizers", name)
    given = {**row.defaults, **(settings or {})}
    known = inspect.signature(row.build).parameters
    takes_any = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in known.values())
    unknown = [key for key in given if key not in known or key == "params"]
    if unknown and not takes_any:
        there = ", ".join(key for key in known if key != "params")
        raise UserError(f"optimizer {name!r} has no setting {unknown[0]!r}; there is {there}")
    try:
        return row.build(list(params), **given)
    except (TypeError, ValueError) as error:
        raise UserError(f"optimizer {name!r} with {given}: {error}") from None


def again(closure: Callable[[], Any] | None) -> Any:
    """Return the loss that a closure computes, None without one; for a `step` of one's own."""
    with torch.enable_grad():
        return None if closure is None else closure()


def each(
    optimizer: torch.optim.Optimizer,
) -> Iterator[tuple[dict[str, Any], torch.Tensor, torch.Tensor, dict[str, Any]]]:
    """Go through parameters that have a gradient: group, parameter, gradient, state."""
    for group in optimizer.param_groups:
        for param in group["params"]:
            if param.grad is not None:
                yield group, param, param.grad, optimizer.state[param]
