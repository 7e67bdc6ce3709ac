"""decoupled_decay: two weights by a loop of the two rules alone, and what is drawn of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line
from tests.visuals._networks import said
from tests.visuals._whole import colored, labels, points


def left(size: float, steps: int, *, inside: bool, decay: float = 1.0) -> list[float]:
    """Return a weight step by step, by Adam with L2 or by AdamW, η = 0.01."""
    theta, m, v, path = 1.0, 0.0, 0.0, [1.0]
    for t in range(1, steps + 1):
        g = float(np.float32(size)) * (-1) ** (t - 1)
        if inside:
            g += decay * theta
        else:
            theta *= 1 - 0.01 * decay
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        theta -= 0.01 * (m / (1 - 0.9**t)) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
        path.append(theta)
    return path


def test_curves_and_numbers_are_those_of_the_two_rules(recorded: Recorded) -> None:
    fig, (found,) = drawn("decoupled_decay", recorded)
    steps = found.attrs["decay_steps"]
    texts = said(fig)
    for panel, inside in enumerate((True, False)):
        for name, size in (("large", 10.0), ("small", 0.1)):
            curve = line(fig, name, panel)
            path = left(size, steps, inside=inside)
            np.testing.assert_array_equal(curve.get_xdata(), np.arange(steps + 1))
            np.testing.assert_allclose(curve.get_ydata(), path, rtol=1e-9)
            assert f"{path[-1]:.2f}" in texts
    assert "gradients ±10" in texts
    assert "gradients ±0.1" in texts


def test_weights_part_inside_and_stay_together_outside(record: Record) -> None:
    found = record("adam_family", decay_steps=150)
    ends = {
        (way, name): left(size, 150, inside=way == "inside")[-1]
        for way in ("inside", "outside")
        for name, size in (("large", 10.0), ("small", 0.1))
    }
    for (way, name), end in ends.items():
        assert found.attrs[f"{way}_{name}"] == pytest.approx(end)
    assert found.attrs["apart"] == (ends["inside", "large"] - ends["inside", "small"] > 0.2) == 1
    assert found.attrs["alike"] == 1


def test_a_decay_too_weak_is_not_said_to_part_them(record: Record) -> None:
    assert not record("adam_family", decay=1e-4).attrs["apart"]


def test_each_panel_says_and_marks_its_own_rule(recorded: Recorded) -> None:
    fig, (found,) = drawn("decoupled_decay", recorded)
    steps = found.attrs["decay_steps"]
    words = {"large": "gradients ±10", "small": "gradients ±0.1"}
    for ax, inside in zip(fig.axes, (True, False), strict=True):
        ends = {name: left(size, steps, inside=inside)[-1]
                for name, size in (("large", 10.0), ("small", 0.1))}  # fmt: skip
        head = (
            ["Adam", "decay in the gradient"] if inside else ["AdamW", "decay beside the gradient"]
        )
        rule = [text for text in labels(ax) if text.startswith("$")]
        assert len(rule) == 1
        assert ("nabla" in rule[0]) == inside
        told = ([f"{end:.2f}" for end in ends.values()] + list(words.values()) if inside
                else [f"{ends['large']:.2f}", "both"])  # fmt: skip
        assert labels(ax) == sorted([*head, *rule, *told])
        np.testing.assert_allclose(points(ax), sorted((steps, end) for end in ends.values()))
        if inside:
            at = {text.get_text(): float(text.xy[1]) for text in ax.texts}
            assert at[words["large"]] > at[words["small"]]
            assert at[f"{ends['large']:.2f}"] == pytest.approx(ends["large"])
        for name, token in (("large", "purple"), ("small", "green")):
            assert colored(line(fig, name, fig.axes.index(ax)).get_color(), token)
        (area,) = ax.collections
        corners = area.get_paths()[0].vertices
        two = np.array([left(size, steps, inside=inside) for size in (10.0, 0.1)])
        for step in range(1, steps):
            between = corners[corners[:, 0] == step, 1]
            np.testing.assert_allclose(
                [between.min(), between.max()], [two[:, step].min(), two[:, step].max()]
            )
