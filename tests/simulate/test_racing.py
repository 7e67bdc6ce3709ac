"""A race gives every descent the path that it has alone."""

from __future__ import annotations

import numpy as np
import pytest

from simulate import registry, specs
from simulate.errors import UserError
from simulate.training import racing
from simulate.training.execute import execute

SURFACES = registry.names("surfaces")
OPTIMIZERS = registry.names("optimizers")


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
    lanes = {(s, o): lane(s, o) for s in SURFACES for o in OPTIMIZERS}
    return dict(zip(lanes, racing.race(list(lanes.values())), strict=True))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
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
