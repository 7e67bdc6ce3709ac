"""Every optimizer on every surface: it descends, repeats, and steps as its row says.

The table is the registry itself, so a new optimizer or surface is in it as soon as its file exists.
"""

from __future__ import annotations

import dataclasses
import functools
import re

import numpy as np
import prodigyopt
import pytest
import schedulefree
import torch
import xarray as xr

from simulate import registry
from simulate.errors import UserError
from simulate.optimizers import _base as optimizers
from simulate.surfaces import _base as surfaces
from simulate.training.descend import descend
from tests.simulate._rules import Stated, Unstated, rule

OPTIMIZERS = registry.names("optimizers")
SURFACES = registry.names("surfaces")
RACERS = [name for name in OPTIMIZERS if "surfaces" not in registry.load("optimizers", name).unfit]
PAIRS = [(optimizer, surface) for optimizer in RACERS for surface in SURFACES]
N_STEPS = 45
# torch keeps a number of their state in float32; its Newton–Schulz is in bfloat16, where a last
# digit of what goes in may count.
TOLERANCE = {"asgd": 1e-6, "nadam": 1e-6, "muon": 1e-2}
COLOURS = {"slate", "yellow", "green", "vermillion", "purple", "brown", "indigo"}


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


@functools.cache
def _descended(optimizer: str, surface: str) -> xr.Dataset:
    """At the rate that it races with; the three tests of a pair share it."""
    return _descend(optimizer, surface)


def _stated(optimizer: str, surface: str) -> tuple[np.ndarray, np.ndarray]:
    """The path and losses of the rule as its row states it; torch has but the gradients."""
    row = registry.load("optimizers", optimizer)
    function = surfaces.function(surface)
    theta = torch.tensor(registry.load("surfaces", surface).start, dtype=torch.float64)
    stated = rule(optimizer, row, _settings(optimizer, surface))
    path, losses = [], []
    for _ in range(N_STEPS + 1):
        there = theta.clone().requires_grad_()
        loss = function(there)
        (slope,) = torch.autograd.grad(loss, there)
        path.append(theta.clone())
        losses.append(loss.item())
        stated.step([theta], [slope])
    return torch.stack(path).numpy(), np.array(losses)


@pytest.mark.parametrize(("optimizer", "surface"), PAIRS)
def test_it_steps_as_its_rule_says(optimizer: str, surface: str) -> None:
    run = _descended(optimizer, surface)
    path, losses = _stated(optimizer, surface)
    # up to where it leaves the box: what diverges is soon rounding and nothing else
    low, high = np.transpose(registry.load("surfaces", surface).domain)
    n_kept = int(np.argmin([*((path >= low) & (path <= high)).all(1), False])) + 1
    assert n_kept > 1
    off = TOLERANCE.get(optimizer, 1e-9)
    np.testing.assert_allclose(run.theta[:n_kept], path[:n_kept], rtol=off, atol=off)
    np.testing.assert_allclose(run.loss[:n_kept], losses[:n_kept], rtol=off, atol=off)


def _network() -> tuple[torch.nn.Module, torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.Tanh(), torch.nn.Linear(5, 2))
    return model.double(), torch.randn(8, 3).double(), torch.randn(8, 2).double()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_it_trains_a_network_as_its_rule_says(optimizer: str) -> None:
    """Matrices and vectors: what reads a whole tensor reads the right one."""
    row = registry.load("optimizers", optimizer)
    (ours, x, y), (theirs, _, _) = _network(), _network()
    made = optimizers.make(optimizer, ours.parameters(), {"lr": 0.05})
    stated = rule(optimizer, row, {"lr": 0.05})
    for _ in range(25):

        def closure() -> torch.Tensor:
            made.zero_grad()
            loss = torch.nn.functional.mse_loss(ours(x), y)
            loss.backward()
            return loss

        closure()
        made.step(closure)
        params = list(theirs.parameters())
        slopes = torch.autograd.grad(torch.nn.functional.mse_loss(theirs(x), y), params)
        with torch.no_grad():
            stated.step(params, list(slopes))
    off = TOLERANCE.get(optimizer, 1e-9)
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(a.detach(), b.detach(), rtol=off, atol=off)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_its_state_is_the_one_stated(optimizer: str) -> None:
    """By torch's names, what is kept for each number of a matrix, or each row and column of it."""
    row = registry.load("optimizers", optimizer)
    weights = torch.ones(3, 4, requires_grad=True)
    made = optimizers.make(optimizer, [weights])
    for _ in range(3):
        weights.grad = torch.randn(3, 4)
        made.step(lambda: torch.zeros(()))
    kept = {
        name
        for name, value in made.state[weights].items()
        for tensor in (value if isinstance(value, list) else [value])
        if isinstance(tensor, torch.Tensor) and tensor.numel() > 1
    }
    assert kept == set(row.state)
    words = re.sub("[^A-Za-zα-ωΑ-Ωθ₀]", " ", row.rule).split()
    for letter in row.state.values():
        assert letter[0] in "".join(words), f"{letter} is not in the rule"


def test_no_two_look_alike_and_none_wears_a_signs_colour() -> None:
    rows = [registry.load("optimizers", name) for name in OPTIMIZERS]
    assert len({(row.color, row.dash) for row in rows}) == len(rows)
    assert len({row.label for row in rows}) == len(rows)


REFERENCES = {
    "schedule_free": lambda params: schedulefree.AdamWScheduleFree(params, lr=0.1, foreach=False),
    "prodigy": lambda params: prodigyopt.Prodigy(params, lr=1.0),
}


@pytest.mark.parametrize("optimizer", list(REFERENCES))
@pytest.mark.parametrize("surface", SURFACES)
def test_it_is_its_authors_own(optimizer: str, surface: str) -> None:
    function = surfaces.function(surface)
    start = registry.load("surfaces", surface).start
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    made = REFERENCES[optimizer]([theta])
    if hasattr(made, "train"):
        made.train()
    path = [theta.detach().clone()]
    for _ in range(N_STEPS):
        made.zero_grad()
        function(theta).backward()
        made.step()
        path.append(theta.detach().clone())
    found = _descend(optimizer, surface).theta.values
    np.testing.assert_allclose(found[:25], torch.stack(path)[:25], rtol=1e-9, atol=1e-9)


def test_a_schedule_weighs_schedule_frees_average() -> None:
    """Under a rate that changes, as its authors' own does: by its largest so far, squared."""
    start = torch.tensor([1.0, -2.0], dtype=torch.float64)
    made = []
    for build in (optimizers.make, lambda _, params: REFERENCES["schedule_free"](params)):
        theta = start.clone().requires_grad_()
        rule_ = build("schedule_free", [theta])
        if hasattr(rule_, "train"):
            rule_.train()
        for lr in (0.01, 0.1, 0.05, 0.02, 0.2):
            rule_.param_groups[0]["lr"] = lr
            theta.grad = torch.tensor([1.0, 3.0]).double() * theta.detach()
            rule_.step()
        made.append(theta.detach().numpy())
    np.testing.assert_allclose(made[0], made[1], rtol=1e-12)


def test_muon_goes_on_from_a_checkpoint() -> None:
    """Its two parts share one list of groups and one state, which a checkpoint replaces."""
    paths = []
    for stops in (False, True):
        torch.manual_seed(1)
        params = [torch.randn(3, 4, requires_grad=True), torch.randn(3, requires_grad=True)]
        made = optimizers.make("muon", params)
        for step in range(6):
            if stops and step == 3:
                state = made.state_dict()
                made = optimizers.make("muon", params)
                made.load_state_dict(state)
            for group in made.param_groups:
                group["lr"] = 0.1 / (step + 1)
            for param in params:
                param.grad = torch.randn(param.shape)
            made.step()
        paths.append([param.detach().numpy() for param in params])
    np.testing.assert_array_equal(paths[0][0], paths[1][0])
    np.testing.assert_array_equal(paths[0][1], paths[1][1])


def test_muon_says_what_it_cannot_do() -> None:
    with pytest.raises(UserError, match="Muon is for matrices, and there is none"):
        optimizers.make("muon", [torch.zeros(2, requires_grad=True)])


def test_a_wrong_formula_is_found_out() -> None:
    """The reader of rules reads: a factor, a sign or a root more and the steps differ."""
    row = registry.load("optimizers", "adam")
    changes = {"β₁ᵗ": "β₁", "√v": "v", "(1 − β₂) g²": "(1 − β₂) g", "θ − η": "θ + η"}
    for old, new in changes.items():
        theta, one = torch.ones(1).double(), torch.ones(1).double()
        wrong = dataclasses.replace(row, rule=row.rule.replace(old, new))
        assert wrong.rule != row.rule
        pair = Stated(row, {}), Stated(wrong, {})
        for slope in (0.3, -0.2, 0.9):
            for stated, at in zip(pair, (theta, one), strict=True):
                stated.step([at], [torch.tensor([slope]).double()])
        assert abs(theta - one) > 1e-3
    with pytest.raises(Unstated):
        Stated(dataclasses.replace(row, rule="θ ← θ − η H g"), {})


@pytest.mark.parametrize(("optimizer", "surface"), PAIRS)
def test_it_repeats_bitwise(optimizer: str, surface: str) -> None:
    first, second = _descended(optimizer, surface), _descend(optimizer, surface)
    for name in ("theta", "gradient", "loss", "lr"):
        np.testing.assert_array_equal(first[name], second[name])


@pytest.mark.parametrize(("optimizer", "surface"), PAIRS)
def test_it_descends(optimizer: str, surface: str) -> None:
    """It ends lower than it began: at the rate it races with, or, as theory asks, a smaller one."""
    excuse = registry.load("optimizers", optimizer).excused.get(surface)
    if excuse:
        pytest.skip(excuse)
    first = _descended(optimizer, surface)
    rate = first.attrs["lr"]
    if optimizer in registry.load("surfaces", surface).rates:
        tried = [rate]  # a stated rate has to work as it is
    else:
        tried = [rate / 10**k for k in range(5)]
    for lr in tried:
        loss = (first if lr == rate else _descend(optimizer, surface, lr)).loss.values
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
    assert row.dash in ("", "dashed", "dotted", "dashdot")
    assert row.defaults["lr"] > 0
    assert set(row.excused) <= set(SURFACES)
    literal = registry.row("optimizers", optimizer)
    assert (literal.label, literal.color, literal.defaults) == (row.label, row.color, row.defaults)


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
