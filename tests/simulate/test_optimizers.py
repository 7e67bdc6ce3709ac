"""Every optimizer on every surface: it descends, repeats, and is a plain torch loop.

The table is the registry itself, so a new optimizer or surface is in it as soon as its file exists.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
import torch
import xarray as xr

from simulate import registry
from simulate.errors import UserError
from simulate.optimizers import _base as optimizers
from simulate.surfaces import _base as surfaces
from simulate.training.descend import descend

OPTIMIZERS = registry.names("optimizers")
SURFACES = registry.names("surfaces")
PAIRS = [(optimizer, surface) for optimizer in OPTIMIZERS for surface in SURFACES]
N_STEPS = 60
COLOURS = {"blue", "sky", "orange", "yellow", "green", "vermillion", "purple"}


def _settings(optimizer: str, surface: str) -> dict[str, float]:
    rates = registry.load("surfaces", surface).rates
    return {"lr": rates[optimizer]} if optimizer in rates else {}


def _descend(optimizer: str, surface: str, lr: float | None = None) -> xr.Dataset:
    return descend(
        surfaces.function(surface),
        registry.load("surfaces", surface).start,
        optimizer=optimizer,
        lr=_settings(optimizer, surface).get("lr") if lr is None else lr,
        steps=N_STEPS,
    )


def _plain(optimizer: str, surface: str) -> tuple[np.ndarray, np.ndarray]:
    """The same path and losses by a loop of torch alone."""
    row = registry.load("optimizers", optimizer)
    function = surfaces.function(surface)
    start = registry.load("surfaces", surface).start
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    rule = row.build([theta], **{**row.defaults, **_settings(optimizer, surface)})

    def closure() -> torch.Tensor:
        rule.zero_grad()
        loss = function(theta)
        loss.backward()
        return loss

    path, losses = [theta.detach().clone()], []
    for _ in range(N_STEPS):
        losses.append(rule.step(closure).item())
        path.append(theta.detach().clone())
    return torch.stack(path).numpy(), np.array([*losses, function(theta).item()])


@pytest.mark.parametrize(("optimizer", "surface"), PAIRS)
def test_it_is_a_plain_torch_loop(optimizer: str, surface: str) -> None:
    run = _descend(optimizer, surface)
    path, losses = _plain(optimizer, surface)
    # a path that diverges is compared up to where rounding is all that is left of it
    kept = np.isfinite(losses) & (np.abs(path).max(1) < 1e6)
    assert kept[:2].all()
    np.testing.assert_allclose(run.theta.values[kept], path[kept], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(run.loss.values[kept], losses[kept], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("optimizer", "surface"), PAIRS)
def test_it_repeats_bitwise(optimizer: str, surface: str) -> None:
    first, second = (_descend(optimizer, surface) for _ in range(2))
    for name in ("theta", "gradient", "loss", "lr"):
        np.testing.assert_array_equal(first[name], second[name])


@pytest.mark.parametrize(("optimizer", "surface"), PAIRS)
def test_it_descends(optimizer: str, surface: str) -> None:
    """It ends lower than it began: at the rate it races with, or, as theory asks, a smaller one."""
    excuse = registry.load("optimizers", optimizer).excused.get(surface)
    if excuse:
        pytest.skip(excuse)
    rate = _descend(optimizer, surface).attrs["lr"]
    if optimizer in registry.load("surfaces", surface).rates:
        tried = [rate]  # a stated rate has to work as it is
    else:
        tried = [rate / 10**k for k in range(5)]
    for lr in tried:
        loss = _descend(optimizer, surface, lr).loss.values
        if loss[-1] < loss[0]:
            return
    pytest.fail(f"{optimizer} ends no lower than it began on {surface}, at rates {tried}")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_its_row_has_what_pictures_need(optimizer: str) -> None:
    row = registry.load("optimizers", optimizer)
    assert row.label
    assert row.rule
    assert row.source
    assert row.color in COLOURS
    assert row.dash in ("", "dashed", "dotted")
    assert row.defaults["lr"] > 0
    assert set(row.excused) <= set(SURFACES)
    literal = registry.row("optimizers", optimizer)
    assert (literal.label, literal.color, literal.defaults) == (row.label, row.color, row.defaults)


# The rules of the rows, transcribed by hand for one parameter: g is the gradient at θ.
def _rules(g: list[float], lr: float) -> dict[str, list[float]]:
    """Return where each rule is after each of these gradients, from 0."""
    at: dict[str, float] = defaultdict(float)
    moved: dict[str, list[float]] = defaultdict(list)
    v = big = s = m = a = u = 0.0
    for t, slope in enumerate(g, 1):
        v = 0.9 * v + slope
        big += slope**2
        s = 0.9 * s + 0.1 * slope**2
        m = 0.9 * m + 0.1 * slope
        a = 0.999 * a + 0.001 * slope**2
        u = max(0.999 * u, abs(slope) + 1e-8)
        adam = lr * (m / (1 - 0.9**t)) / ((a / (1 - 0.999**t)) ** 0.5 + 1e-8)
        at["sgd"] -= lr * slope
        at["momentum"] -= lr * v
        at["nesterov"] -= lr * (slope + 0.9 * v)
        at["adagrad"] -= lr * slope / (big**0.5 + 1e-10)
        at["rmsprop"] -= lr * slope / (s**0.5 + 1e-8)
        at["adam"] -= adam
        at["adamw"] -= lr * 0.01 * at["adamw"] + adam
        at["adamax"] -= lr * (m / (1 - 0.9**t)) / u
        for name, theta in at.items():
            moved[name].append(theta)
    return moved


@pytest.mark.parametrize(
    "optimizer",
    ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "adamax"],
)
def test_its_rule_is_the_one_stated(optimizer: str) -> None:
    gradients = [1.0, -0.5, 2.0, 0.25, -3.0]
    theta = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    rule = optimizers.make(optimizer, [theta], {"lr": 0.1})
    found = []
    for gradient in gradients:
        theta.grad = torch.tensor([gradient], dtype=torch.float64)
        rule.step()
        found.append(theta.item())
    np.testing.assert_allclose(found, _rules(gradients, 0.1)[optimizer], rtol=1e-12)


def test_settings_go_over_the_defaults() -> None:
    theta = torch.zeros(1, requires_grad=True)
    group = optimizers.make("momentum", [theta], {"lr": 0.5}).param_groups[0]
    assert (group["lr"], group["momentum"]) == (0.5, 0.9)


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("adma", {}, "no optimizer is called 'adma'; there is adam"),
        ("sgd", {"rate": 0.1}, "optimizer 'sgd' has no setting 'rate'; there is lr, momentum"),
        ("sgd", {"params": []}, "optimizer 'sgd' has no setting 'params'"),
        ("sgd", {"lr": -1.0}, "optimizer 'sgd' with .*Invalid learning rate"),
        ("adam", {"betas": (0.9, 2.0)}, "optimizer 'adam' with .*Invalid beta"),
        ("adam", {"lr": "fast"}, "optimizer 'adam' with"),
    ],
)
def test_what_cannot_be_is_one_line(name: str, settings: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        optimizers.make(name, [torch.zeros(1, requires_grad=True)], settings)
