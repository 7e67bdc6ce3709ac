"""A race gives every descent the path that it has alone."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import simulate
from simulate import registry, specs
from simulate.errors import UserError
from simulate.optimizers import _base as optimizers
from simulate.optimizers import adam
from simulate.surfaces import beale
from simulate.training import racing
from simulate.training.execute import execute

SURFACES = registry.names("surfaces")
OPTIMIZERS = registry.names("optimizers")
RACERS = [n for n in OPTIMIZERS if "surfaces" not in registry.load("optimizers", n).unfit]


def lane(surface: str, optimizer: str, **settings) -> specs.Descend:
    rates = registry.row("surfaces", surface).fields.get("rates", {})
    given = {"lr": rates[optimizer]} if optimizer in rates else {}
    return specs.Descend(
        surface=surface,
        optimizer=specs.Optimizer(name=optimizer, settings=given | settings),
        steps=40,
    )


@pytest.fixture(scope="module")
def together():
    lanes = {(s, o): lane(s, o) for s in SURFACES for o in RACERS}
    return dict(zip(lanes, racing.race(list(lanes.values())), strict=True))


@pytest.mark.parametrize("optimizer", RACERS)
@pytest.mark.parametrize("surface", SURFACES)
def test_each_path_is_what_it_is_alone(together, surface, optimizer):
    alone = execute(lane(surface, optimizer))
    raced = together[surface, optimizer]
    for name in ("theta", "loss", "gradient", "lr"):
        assert raced[name].dims == alone[name].dims
        np.testing.assert_allclose(raced[name], alone[name], rtol=1e-9, atol=1e-9)


def test_lanes_with_other_rates_and_starts_race_together():
    lanes = [lane("beale", "sgd", lr=rate) for rate in (1e-4, 1e-3)]
    lanes.append(specs.updated(lanes[0], {"start": (2.0, 0.0)}))
    found = racing.race(lanes)
    assert [float(run.lr[0]) for run in found] == [1e-4, 1e-3, 1e-4]
    np.testing.assert_array_equal(found[2].theta[0], [2.0, 0.0])
    assert not np.array_equal(found[0].theta[-1], found[1].theta[-1])


def test_a_schedule_holds_for_its_lane():
    plain = lane("ravine", "sgd")
    schedule = specs.Schedule(name="cosine")
    falling = specs.updated(plain, {"schedule": schedule})
    constant, cosine = racing.race([plain, falling])
    assert np.ptp(constant.lr.values) == 0
    assert cosine.lr[-1] < cosine.lr[0]
    np.testing.assert_allclose(cosine.theta, execute(falling).theta, rtol=1e-9)


def test_races_of_different_lengths_are_refused():
    other = specs.updated(lane("beale", "adam"), {"steps": 7})
    with pytest.raises(UserError, match="one length"):
        racing.race([lane("beale", "adam"), other])


@pytest.mark.parametrize("name", RACERS)
def test_each_row_says_rightly_whether_it_is_elementwise(name):
    """Many descents as one tensor, against each alone: what the row's field claims."""
    row = registry.load("optimizers", name)
    rng = torch.Generator().manual_seed(3)
    starts, slopes = torch.randn(5, 2, generator=rng), torch.randn(30, 5, 2, generator=rng)
    slopes *= torch.tensor([1e-4, 0.1, 1.0, 10.0, 1e4])[:, None]

    def walked(theta: torch.Tensor, along: torch.Tensor) -> torch.Tensor:
        theta = theta.double().requires_grad_()
        made = optimizers.make(name, [theta])
        for slope in along:
            theta.grad = slope.double()
            made.step(lambda: torch.zeros(()))
        return theta.detach()

    together = walked(starts, slopes)
    alone = torch.stack([walked(starts[i], slopes[:, i]) for i in range(5)])
    assert row.elementwise == torch.allclose(together, alone, rtol=1e-9, atol=0)


class Lamb(torch.optim.Optimizer):
    """Layer-wise adaptive: the step is as long as the whole tensor is."""

    def __init__(self, params: Any, lr: float = 0.01) -> None:
        super().__init__(params, {"lr": lr})

    def step(self, closure: Any = None) -> None:
        with torch.no_grad():
            for group in self.param_groups:
                for param in group["params"]:
                    ratio = param.norm() / (param.grad.norm() + 1e-12)
                    param.sub_(group["lr"] * ratio * param.grad)


def _clipped(params: Any, lr: float = 0.01) -> torch.optim.Optimizer:
    class Clipped(torch.optim.SGD):
        def step(self, closure: Any = None) -> None:
            torch.nn.utils.clip_grad_norm_(self.param_groups[0]["params"], 1.0)
            super().step()

    return Clipped(params, lr=lr)


@pytest.mark.parametrize(
    "build",
    [torch.optim.Adafactor, torch.optim.LBFGS, Lamb, _clipped],
    ids=["Adafactor", "LBFGS", "Lamb", "clipped"],
)
@pytest.mark.parametrize("claimed", [True, False])
def test_racers_do_not_influence_each_other(
    build: Callable, claimed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that reads the size of the whole tensor must not see its neighbours, whatever the row
    claims."""
    row = dataclasses.replace(
        adam.OPTIMIZER, build=build, defaults={"lr": 0.05}, elementwise=claimed
    )
    monkeypatch.setattr(adam, "OPTIMIZER", row)
    lanes = [
        specs.Descend(surface=s, optimizer=specs.Optimizer(name=o), steps=30)
        for s in ("beale", "himmelblau")
        for o in ("adam", "sgd")
    ]
    raced = simulate.race(lanes)
    for one, path in zip(lanes, raced, strict=True):
        np.testing.assert_allclose(path.theta, execute(one).theta, rtol=1e-9, atol=1e-9)
    assert [path.attrs["backend"] for path in raced] == ["eager", "race", "eager", "race"]
    assert "isn't elementwise" in raced[0].attrs["backend_reason"]
    assert ("though its row says so" in raced[0].attrs["backend_reason"]) == claimed


def _of_the_mean(theta: torch.Tensor) -> torch.Tensor:
    return ((theta - theta.mean()) ** 2).sum(-1) + theta.square().sum(-1)


def _of_one_point_only(theta: torch.Tensor) -> torch.Tensor:
    x, y = theta
    return x**2 + 3 * y**2


@pytest.mark.parametrize("function", [_of_the_mean, _of_one_point_only])
def test_a_surface_that_looks_at_all_points_is_walked_alone(
    function: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        beale, "SURFACE", dataclasses.replace(beale.SURFACE, function=function, defaults={})
    )
    starts = ((1.0, 1.0), (-3.0, 0.5), (0.2, 4.0))
    sgd = specs.Optimizer(name="sgd", settings={"lr": 0.05})
    lanes = [specs.Descend(surface="beale", optimizer=sgd, steps=20, start=at) for at in starts]
    for one, path in zip(lanes, simulate.race(lanes), strict=True):
        np.testing.assert_allclose(path.theta, execute(one).theta, rtol=1e-9)
        assert "depends on the others" in path.attrs["backend_reason"]


def _by_hand(make: Callable, start: tuple[float, ...], n_steps: int) -> np.ndarray:
    """The path down Rosenbrock's valley in plain torch, (n_steps + 1, 2)."""
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make([theta])
    path = [theta.detach().numpy().copy()]

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = _valley(*theta)
        loss.backward()
        return loss

    for _ in range(n_steps):
        closure()
        optimizer.step(closure)
        path.append(theta.detach().numpy().copy())
    return np.stack(path)


def _valley(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


MAKERS: dict[str, Callable] = {
    "Adam": lambda params: torch.optim.Adam(params, lr=0.002),
    "SGD": lambda params: torch.optim.SGD(params, lr=0.002),
    "Lamb": lambda params: Lamb(params, lr=0.002),
    "LBFGS": lambda params: torch.optim.LBFGS(params, lr=0.1),
    "Clipped": lambda params: _clipped(params, lr=0.002),
}


def test_any_function_and_any_optimizer_race() -> None:
    contestants = ["adam", "sgd", Lamb, MAKERS["LBFGS"], MAKERS["Clipped"]]
    given = [
        specs.Optimizer(name=one, settings={"lr": 0.002}) if isinstance(one, str) else one
        for one in contestants
    ]
    given[2] = MAKERS["Lamb"]
    of_two = simulate.race(_valley, given, start=(-1.0, 1.0), steps=25)
    of_theta = simulate.race(lambda t: _valley(t[0], t[1]), given, start=(-1.0, 1.0), steps=25)
    named = simulate.race("rosenbrock", given, start=(-1.0, 1.0), steps=25)
    assert of_two.run.values.tolist() == list(MAKERS)
    assert of_two.theta.dims == ("run", "step", "param")
    for label, make in MAKERS.items():
        expected = _by_hand(make, (-1.0, 1.0), 25)
        for found in (of_two, of_theta, named):
            np.testing.assert_allclose(found.theta.sel(run=label), expected, rtol=1e-9)
        here = torch.tensor(expected[7])
        assert of_two.loss.sel(run=label)[7] == pytest.approx(float(_valley(*here)))
    simulate.recording.check(of_two)


def test_rates_and_names_of_a_race() -> None:
    found = simulate.race("beale", ["adam", torch.optim.Adam, "adam"], lr=0.03, steps=5)
    assert found.run.values.tolist() == ["Adam", "Adam (2)", "Adam (3)"]
    assert (found.lr == 0.03).all()
    np.testing.assert_array_equal(found.theta[:, 0], [beale.SURFACE.start] * 3)
    own = simulate.race("beale", ["adam"], steps=5)
    assert own.lr[0, 0] == adam.OPTIMIZER.defaults["lr"]


def test_a_path_that_leaves_the_numbers_is_recorded() -> None:
    found = simulate.race(lambda x: x**4, ["sgd"], start=(10.0,), lr=1.0, steps=20)
    assert not math.isfinite(found.loss.values[0, -1])


@pytest.mark.parametrize(
    ("what", "given", "more", "message"),
    [
        (_valley, ["adam"], {}, "start is None"),
        (_valley, ["adam"], {"start": (1.0, 2.0, 3.0)}, "takes 2 numbers and start has 3"),
        (_valley, ["adam"], {"start": 3}, "takes 2 numbers and start has 1"),
        (_valley, ["adam"], {"start": (1.0, "b")}, "start is a tuple of 2"),
        (_valley, [], {"start": (1.0, 1.0)}, "optimizers is a list of 0"),
        (_valley, "adam", {"start": (1.0, 1.0)}, "optimizers is 'adam'; it takes a list"),
        (_valley, ["adm"], {"start": (1.0, 1.0)}, "no optimizer is called 'adm'; there is adam"),
        (_valley, [3], {"start": (1.0, 1.0)}, "optimizer is 3"),
        (_valley, None, {"start": (1.0, 1.0)}, "optimizers is None"),
        (3, ["adam"], {"start": (1.0, 1.0)}, "a race takes a function"),
        ("beal", ["adam"], {}, "no surface is called 'beal'"),
        ("beale", ["adam"], {"steps": 0}, "steps is 0"),
        (lambda t: 2 * t, ["adam"], {"start": (1.0, 1.0)}, r"returns shape \(2,\) at \(1.0, 1.0\)"),
        (lambda t: 3.0, ["adam"], {"start": (1.0, 1.0)}, "returns 3.0"),
        ([3], None, {}, "takes a list of specs.Descend"),
        ([], None, {}, "takes a list of specs.Descend"),
    ],
)
def test_what_can_not_race_is_one_line(what: Any, given: Any, more: dict, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        simulate.race(what, given, **more)
    assert "\n" not in str(caught.value)


def test_an_optimizer_of_other_parameters_is_refused() -> None:
    made = torch.optim.SGD([torch.zeros(2, requires_grad=True)], lr=0.1)
    with pytest.raises(UserError, match="give its class, or a function"):
        simulate.race("beale", [made])
