"""momentum_noise: both paths by a loop of their own on the same noise, and their steps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import xarray as xr

from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line

CURVATURE = np.array([1.0, 20.0])


def rolled(found: xr.Dataset) -> dict[str, np.ndarray]:
    """Return both paths; the noise is what momentum's gradients have beside the ravine's."""
    momentum = found.noisy_theta.sel(run_noisy="momentum").values
    mu, lr = found.attrs["noisy_momentum"], found.attrs["noisy_lr"]
    v, noise = np.zeros(2), []
    for here, there in pairwise(momentum):
        gradient = (here - there) / lr - mu * v
        v = (here - there) / lr
        noise.append(gradient - CURVATURE * here)
    plain = [momentum[0]]
    for tilt in noise:
        plain.append(plain[-1] - lr / (1 - mu) * (CURVATURE * plain[-1] + tilt))
    return {"momentum": momentum, "sgd": np.array(plain)}


def test_both_see_the_same_examples_and_step_at_the_same_rate(record: Record) -> None:
    found = record("momentum_ravine", noisy_steps=120, noisy_repeats=1)
    plain = found.noisy_theta.sel(run_noisy="sgd").values
    np.testing.assert_allclose(rolled(found)["sgd"], plain, atol=1e-9)
    noise = (found.noisy_gradient - found.true_gradient).values
    assert noise.std() == pytest.approx(2.0, rel=0.25)


def test_paths_and_lengths_are_the_recordings(recorded: Recorded) -> None:
    fig, (found,) = drawn("momentum_noise", recorded)
    lengths = {}
    for panel, (name, path) in enumerate(
        (name, rolled(found)[name]) for name in ("sgd", "momentum")
    ):
        third = found.attrs["noisy_steps"] // 3
        drawn_path = line(fig, name, panel).get_xydata()
        np.testing.assert_allclose(drawn_path, path[-third - 1 :], atol=1e-9)
        lengths[name] = np.linalg.norm(np.diff(path[-third - 1 :], axis=0), axis=1).mean()
        # one run in the tiny recording
        texts = [text.get_text() for text in fig.axes[panel].texts]
        mu, lr = found.attrs["noisy_momentum"], found.attrs["noisy_lr"]
        rest = 1 - mu
        rates = {"sgd": f"η = {lr / rest:g}",
                 "momentum": f"η/(1 − μ) = {lr:g}/{rest:g} = {lr / rest:g}"}  # fmt: skip
        heads = {"sgd": "Without momentum", "momentum": f"With momentum, μ = {mu:g}"}
        wanted = [f"average step {float(f'{lengths[name]:.2g}'):g}", heads[name], rates[name]]
        assert sorted(texts) == sorted(wanted)
        bar = line(fig, "measure", panel)
        assert np.ptp(bar.get_xdata()) == pytest.approx(lengths[name])
        assert bar.get_color() == line(fig, name, panel).get_color()
    times = lengths["sgd"] / lengths["momentum"]
    assert found.attrs["jump_times"] == pytest.approx(times, rel=0.01)
    assert found.attrs["glides"] == (found.attrs["jump_times"] > 1.5)


def test_with_little_momentum_it_is_not_said_to_glide(record: Record) -> None:
    assert not record("momentum_ravine", noisy_momentum=0.05, noisy_steps=90).attrs["glides"]
