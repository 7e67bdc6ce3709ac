"""The search gives every descent what it has alone, and chooses by what it says."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr

import simulate
from simulate import registry, specs
from simulate.data.choice import Choice
from simulate.errors import UserError
from simulate.experiments import _base as base
from simulate.optimizers import adafactor, sgd
from simulate.surfaces import _base as surfaces
from simulate.training import tuning
from simulate.training.descend import descend
from simulate.training.execute import execute
from tests.simulate._momenta import at_momentum, own_momentum

ROWS = {n: registry.load("optimizers", n) for n in registry.names("optimizers")}
RACERS = [name for name, row in ROWS.items() if "surfaces" not in row.unfit]
WITH_MOMENTUM = [name for name in RACERS if own_momentum(name) > 0]
SURFACES = ["beale", "ravine", "saddle"]
RATES = [0.001, 0.05, 0.7]
MOMENTA = (0.5, 0.99)
N_STEPS, N_STARTS = 60, 2


@pytest.fixture(scope="module")
def found() -> xr.Dataset:
    return simulate.tune(SURFACES, RACERS, RATES, steps=N_STEPS, starts=N_STARTS)


def _eager(
    surface: str, optimizer: str, rate: float, start: np.ndarray, **settings: Any
) -> np.ndarray:
    """The path as a PyTorch user would walk it, (step, param)."""
    row, function = ROWS[optimizer], surfaces.function(surface)
    theta = torch.tensor(start, requires_grad=True)
    rule = row.build([theta], **{**row.defaults, **settings, "lr": rate})

    def closure() -> torch.Tensor:
        rule.zero_grad()
        loss = function(theta)
        loss.backward()
        return loss

    path = [theta.detach().numpy().copy()]
    for _ in range(N_STEPS):
        closure()
        rule.step(closure)
        path.append(theta.detach().numpy().copy())
    return np.stack(path)


def _outcome(surface: str, path: np.ndarray) -> tuple[int, float]:
    """From which step on a path has arrived, −1 if it hasn't, and its last loss, NaN if outside."""
    row = registry.load("surfaces", surface)
    low, high = np.transpose(row.domain)
    if not ((path >= low) & (path <= high)).all():
        return -1, np.nan
    arrived = -1
    for minimum in row.minima:
        near = np.linalg.norm(path - minimum, axis=1) < 0.01 * np.linalg.norm(high - low)
        if near[-1]:
            arrived = next(k for k in range(len(near)) if near[k:].all())
    return arrived, float(surfaces.function(surface)(torch.tensor(path[-1])))


@pytest.mark.parametrize("optimizer", RACERS)
def test_each_descent_is_what_it_is_alone(found: xr.Dataset, optimizer: str) -> None:
    for surface in SURFACES:
        for rate in RATES:
            for start in range(N_STARTS):
                one = found.sel(surface=surface, run=optimizer, rate=rate).isel(start=start)
                path = _eager(surface, optimizer, rate, one.start_at.values)
                arrived, at_end = _outcome(surface, path)
                assert int(one.arrived) == arrived
                assert float(one.final_loss) == pytest.approx(
                    at_end, rel=1e-6, abs=1e-12, nan_ok=True
                )


@pytest.fixture(scope="module")
def momenta() -> dict[float, xr.Dataset]:
    """Searches at each momentum by itself."""
    searches = {
        mu: [specs.Optimizer(name=name, settings=at_momentum(name, mu)) for name in WITH_MOMENTUM]
        for mu in MOMENTA
    }
    return {
        mu: simulate.tune(SURFACES, many, RATES, steps=N_STEPS, starts=N_STARTS)
        for mu, many in searches.items()
    }


@pytest.fixture(scope="module")
def pairs() -> xr.Dataset:
    """The search of rates and momenta."""
    return simulate.tune(SURFACES, RACERS, RATES, steps=N_STEPS, starts=N_STARTS, momenta=MOMENTA)


@pytest.mark.parametrize("optimizer", WITH_MOMENTUM)
def test_the_best_momentum_is_the_best_of_plain_loops(
    found: xr.Dataset, momenta: dict[float, xr.Dataset], pairs: xr.Dataset, optimizer: str
) -> None:
    """Every rate at every momentum walked by plain torch; the first of the best is found."""
    chosen, own = pairs.sel(surface="beale", run=optimizer), own_momentum(optimizer)
    walked, tried = {}, {}
    for mu in (own, *MOMENTA):
        lanes = (found if mu == own else momenta[mu]).sel(surface="beale", run=optimizer)
        settings = at_momentum(optimizer, mu)
        for rate in RATES:
            starts = chosen.start_at.values
            paths = [_eager("beale", optimizer, rate, at, **settings) for at in starts]
            ends = walked[mu, rate] = [_outcome("beale", path) for path in paths]
            here = lanes.sel(rate=rate)
            assert here.arrived.values.tolist() == [arrived for arrived, _ in ends]
            losses = [loss for _, loss in ends]
            np.testing.assert_allclose(here.final_loss, losses, rtol=1e-6, atol=1e-12)
            there = [arrived for arrived, _ in ends if arrived >= 0]
            middle = float(np.median(np.nan_to_num(losses, nan=np.inf)))
            tried[mu, rate] = (-len(there), sum(there) / max(1, len(there)), middle)
    best = min(tried, key=tried.__getitem__)
    assert (float(chosen.momentum), float(chosen.lr)) == best
    assert RATES[int(chosen.best)] == best[1]
    for rate in RATES:  # the sensitivity is that at the best momentum
        here, ends = chosen.sel(rate=rate), walked[best[0], rate]
        assert here.arrived.values.tolist() == [arrived for arrived, _ in ends]
        losses = [loss for _, loss in ends]
        np.testing.assert_allclose(here.final_loss, losses, rtol=1e-6, atol=1e-12)


def test_momenta_are_tried_by_those_that_have_one(found: xr.Dataset, pairs: xr.Dataset) -> None:
    assert {"momentum", "momentum_averaged", "nesterov", "adam", "lion"} <= set(WITH_MOMENTUM)
    assert not {"sgd", "rmsprop", "lbfgs", "rprop"} & set(WITH_MOMENTUM)
    best = pairs.momentum.values
    own = np.broadcast_to([own_momentum(name) for name in RACERS], best.shape)
    np.testing.assert_array_equal(np.isnan(best), np.isnan(own))
    assert {0.5, 0.9, 0.99} <= set(best.ravel().tolist()), "each is the best of some"
    np.testing.assert_array_equal(best[SURFACES.index("saddle")], own[0], "nothing to tune")
    kept = (best == own) | np.isnan(own)
    for name in ("arrived", "final_loss", "best", "lr"):
        np.testing.assert_array_equal(pairs[name].values[kept], found[name].values[kept])
    assert pairs.attrs["momenta"] == "0.5, 0.99"


def test_a_momentum_is_between_0_and_1() -> None:
    for mu in (0.0, 1.0, -0.5):
        with pytest.raises(UserError, match=f"momenta are between 0 and 1, and {mu} is not"):
            simulate.tune(["beale"], ["nesterov"], [0.1], steps=2, momenta=(0.9, mu))


def test_it_repeats_bitwise(found: xr.Dataset) -> None:
    again = simulate.tune(SURFACES, RACERS, RATES, steps=N_STEPS, starts=N_STARTS)
    xr.testing.assert_identical(found, again)


def test_starts_are_the_surfaces_own_and_some_around_it(found: xr.Dataset) -> None:
    for surface in SURFACES:
        row = registry.load("surfaces", surface)
        at = found.start_at.sel(surface=surface).values
        np.testing.assert_array_equal(at[0], row.start)
        low, high = np.transpose(row.domain)
        assert 0 < np.linalg.norm(at[1] - row.start) < 0.2 * np.linalg.norm(high - low)


def test_the_best_rate_is_by_starts_then_steps_then_loss() -> None:
    steps = np.array([[9, 9], [5, -1], [4, 6], [-1, -1]])[None, None]
    loss = np.array([[0.0, 0.0], [0.0, 3.0], [0.0, 0.0], [np.nan, 0.1]])[None, None]
    assert tuning._best(steps, loss) == 2
    assert tuning._best(steps[:, :, :2], loss[:, :, :2]) == 0
    none = np.full((1, 1, 3, 2), -1)
    at_end = np.array([[5.0, 6.0], [1.0, 2.0], [np.nan, np.nan]])[None, None]
    assert tuning._best(none, at_end) == 1


def test_where_nothing_can_be_tuned_the_rows_own_rate_holds(found: xr.Dataset) -> None:
    for name in RACERS:
        one = found.sel(surface="saddle", run=name)
        assert float(one.lr) == ROWS[name].defaults["lr"]
        assert int(one.best) == -1
    assert (found.arrived.sel(surface="saddle") == -1).all()


def test_a_rule_goes_the_way_that_is_its_own() -> None:
    """Whoever isn't proportional to the rate, or reads its neighbours, is found out."""
    ways = {
        name: [
            way.__name__
            for way in (tuning._scaled, tuning._grouped, tuning._in_lanes)
            if tuning._tried(ROWS[name].build, name, b"{}", way)
        ]
        for name in ("sgd", "adamw", "rprop", "asgd", "schedule_free", "lbfgs", "prodigy")
    }
    assert ways["sgd"] == ways["adamw"] == ["_scaled", "_grouped"]
    assert ways["rprop"] == ways["asgd"] == ways["schedule_free"] == ["_grouped"]
    assert ways["lbfgs"] == ways["prodigy"] == ["_in_lanes"]


def test_who_clips_the_whole_is_walked_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clipped(torch.optim.SGD):
        def step(self, closure: Any = None) -> Any:
            torch.nn.utils.clip_grad_norm_(self.param_groups[0]["params"], 1.0)
            return super().step()

    row = dataclasses.replace(sgd.OPTIMIZER, build=lambda params, lr: Clipped(params, lr=lr))
    monkeypatch.setattr(sgd, "OPTIMIZER", row)
    monkeypatch.setitem(ROWS, "sgd", row)
    for way in (tuning._scaled, tuning._grouped):
        assert not tuning._tried(row.build, "sgd", b"{}", way)
    clipped = simulate.tune(SURFACES, ["sgd"], RATES, steps=N_STEPS, starts=N_STARTS)
    test_each_descent_is_what_it_is_alone(clipped, "sgd")


def test_a_wrong_rule_for_lanes_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wrong(adafactor.Lanes):
        def step(self, slopes: torch.Tensor) -> None:
            super().step(slopes * (1 + 1e-6 * slopes.abs().max()))

    row = dataclasses.replace(adafactor.OPTIMIZER, lanes=Wrong)
    monkeypatch.setattr(adafactor, "OPTIMIZER", row)
    tuning._tried.cache_clear()
    alone = simulate.tune(SURFACES, ["adafactor"], RATES, steps=N_STEPS, starts=N_STARTS)
    test_each_descent_is_what_it_is_alone(alone, "adafactor")
    tuning._tried.cache_clear()


def test_a_run_of_it_has_the_best_descents() -> None:
    names = ("adam", "lbfgs", "momentum_averaged")
    optimizers = tuple(specs.Optimizer(name=name) for name in names)
    spec = specs.Tune(
        surfaces=("saddle", "beale", "ravine"), optimizers=optimizers, rates=(0.002, 0.1, 0.5),
        steps=40, starts=2, alone=("beale",), momenta=(0.5, 0.99), quarters=1,
    )  # fmt: skip
    run = execute(spec)
    simulate.recording.check(run)
    assert len({float(mu) for mu in run.momentum.sel(run="adam")}) == 2, "it differs by surface"
    for name in names:
        one = run.sel(run=name)
        lr, mu = (float(x.sel(surface="beale")) for x in (one.lr, one.momentum))
        start = np.array(registry.load("surfaces", "beale").start)
        alone = one.alone_theta.isel(surface_alone=0)
        settings = {**ROWS[name].defaults, **at_momentum(name, mu), "lr": lr}
        single = execute(
            specs.Descend(
                surface="beale", optimizer=specs.Optimizer(name=name, settings=settings), steps=40
            )
        )
        np.testing.assert_array_equal(alone, single.theta)
        np.testing.assert_array_equal(one.alone_loss.isel(surface_alone=0), single.loss)
        np.testing.assert_allclose(one.theta.sel(surface="beale"), alone, rtol=1e-9, atol=1e-9)
        np.testing.assert_array_equal(alone[0], start)
        for surface in ("saddle", "beale", "ravine"):
            here = one.sel(surface=surface)
            for path in (here.theta, here.theta_far.isel(start_far=0)):
                single = descend(
                    surfaces.function(surface), path.values[0], optimizer=specs.Optimizer(
                        name=name, settings=at_momentum(name, float(here.momentum))
                    ), lr=float(here.lr), steps=40,
                )  # fmt: skip
                far = ~(np.abs(single.theta.values).max(1) < 100)  # it has long left the box
                kept = int(far.argmax()) if far.any() else len(far)
                np.testing.assert_allclose(path[:kept], single.theta[:kept], rtol=1e-8, atol=1e-8)
        function = surfaces.function("saddle")
        at = torch.tensor(one.theta.sel(surface="saddle").values)
        np.testing.assert_allclose(one.loss.sel(surface="saddle"), function(at), rtol=1e-12)


@pytest.mark.parametrize("last", [4, 0])
def test_a_training_has_its_rate_and_then_its_momentum_by_plain_trainings(last: int) -> None:
    """Both stages by `simulate.train`, row by row; the best pair, and what it trains."""
    rates, momenta = (0.003, 0.03, 0.3, 3.0), (0.5, 0.99, 0.9)
    data = specs.Data(name="coarse_digits", n_train=60, n_test=20, settings={"side": 4})
    model = specs.Model(name="mlp", settings={"widths": [16, 5, 10]})
    examples, choice = base.examples(data, Choice.embedded()), Choice.embedded()

    def plain(name: str, mu: float, lr: float, seed: int) -> xr.Dataset:
        settings = {**at_momentum(name, mu), "lr": lr}
        return simulate.train(
            base.network(model, seed, 10), examples, batch_size=20, steps=12, seed=seed,
            optimizer=specs.Optimizer(name=name, settings=settings), allow_divergence=True,
            record=["scalars", "parameters"],
        )  # fmt: skip

    def loss(run: xr.Dataset) -> float:
        found = run.loss.values[-4:].mean() if last else run.attrs["train_loss"]
        return float(found) if np.isfinite(found) else np.inf

    moved, edges = [], []
    for name in ("sgd", "momentum_averaged", "nesterov", "adam", "muon"):
        spec = specs.TuneTraining(
            run=specs.Train(
                data=data, model=model, optimizer=specs.Optimizer(name=name), batch_size=20,
                steps=12, record=specs.record("scalars", parameters=1),
            ),
            rates=rates, momenta=momenta, seeds=(3,), search_seed=7, last=last,
        )  # fmt: skip
        run = execute(spec, choice)
        simulate.recording.check(run)
        own = own_momentum(name)
        first = [loss(plain(name, own, lr, 7)) for lr in rates]
        np.testing.assert_allclose(run.search_loss, first, rtol=1e-9)
        best = int(np.argmin(first))
        tried = {(own, lr): each for lr, each in zip(rates, first, strict=True)}
        for i, mu in enumerate(momenta):
            for k, lr in enumerate(rates):
                found = float(run.momentum_loss[i, k])
                if np.isnan(own) or mu == own or abs(k - best) > 1:
                    assert np.isnan(found)
                else:
                    tried[mu, lr] = loss(plain(name, mu, lr, 7))
                    assert found == pytest.approx(tried[mu, lr], rel=1e-9)
        mu, lr = min(tried, key=tried.__getitem__)
        assert run.attrs["lr"] == lr
        assert run.attrs.get("momentum", np.nan) == pytest.approx(mu, nan_ok=True)
        again = plain(name, mu, lr, 3)
        np.testing.assert_array_equal(run.loss[0], again.loss)
        np.testing.assert_array_equal(run.params[0, -1], again.params[-1])
        moved += [name] * (mu != own and not np.isnan(own))
        edges += [name] * (best in (0, len(rates) - 1))
    assert len(moved) >= 2, "another momentum than the own is the best of some"
    assert edges, "one has one neighbour"


def test_of_equal_pairs_the_own_momentum_and_the_lower_rate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from simulate.training import tuning_trainings

    table: dict[tuple[float, float], float] = {}

    def trained(spec: specs.Train, *_: Any) -> xr.Dataset:
        mu, lr = spec.optimizer.settings.get("momentum", 0.9), spec.optimizer.settings["lr"]
        loss = table.get((mu, lr), 9.0)
        scalar = simulate.recording.variable("step", [loss], "loss")
        return xr.Dataset({"loss": scalar}, coords={"step": [1]}, attrs={"train_loss": loss})

    monkeypatch.setattr(tuning_trainings, "trained", trained)
    spec = specs.TuneTraining(
        run=specs.Train(
            data=specs.Data(name="coarse_digits"), model=specs.Model(name="mlp"),
            optimizer=specs.Optimizer(name="nesterov"), batch_size=20, steps=1,
        ),
        rates=(0.1, 0.2, 0.3), momenta=(0.5, 0.99), seeds=(0,),
    )  # fmt: skip
    for losses, best in (
        ({(0.9, 0.1): 2.0, (0.9, 0.2): 2.0, (0.5, 0.1): 2.0}, (0.9, 0.1)),
        ({(0.9, 0.2): 2.0, (0.5, 0.2): 1.0, (0.5, 0.3): 1.0}, (0.5, 0.2)),
        ({(0.9, 0.1): 2.0, (0.99, 0.2): 1.0, (0.5, 0.3): 0.5}, (0.99, 0.2)),  # 0.3 is too far
        ({}, (0.9, 0.1)),
    ):
        table.clear()
        table.update(losses)
        run = execute(spec, Choice.embedded())
        assert (run.attrs["momentum"], run.attrs["lr"]) == best


def test_what_it_depends_on_is_named() -> None:
    spec = specs.Tune(
        surfaces=("beale",), optimizers=(specs.Optimizer(name="adam"),), rates=(0.1,), steps=3
    )
    assert specs.named_rows(spec) == [("surfaces", "beale"), ("optimizers", "adam")]
    paths = {path.name for path in specs.files(spec)}
    assert {"tuning.py", "adam.py", "beale.py"} <= paths
    assert "sgd.py" not in paths
    descend = specs.Descend(surface="beale", optimizer=specs.Optimizer(name="adam"), steps=3)
    assert "tuning.py" not in {path.name for path in specs.files(descend)}
    (resolved,) = specs.resolved(spec).optimizers  # type: ignore[union-attr]
    assert resolved.settings == ROWS["adam"].defaults
    assert specs.decode(specs.canonical(spec)) == spec


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["beale"], [], [0.1]), "at least one"),
        ((["beale", "quadratic"], ["sgd"], [0.1]), "same number of parameters"),
        ((["beale"], ["muon"], [0.1]), "Muon descends no surface: it makes matrices"),
        ((["beal"], ["sgd"], [0.1]), "no surface is called 'beal'"),
        ((["beale"], ["sdg"], [0.1]), "no optimizer is called 'sdg'"),
    ],
)
def test_what_can_not_be_tuned_is_one_line(arguments: Any, message: str) -> None:
    with pytest.raises(UserError, match=message):
        simulate.tune(*arguments, steps=2)
