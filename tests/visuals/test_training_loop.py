"""The four steps: every number is what autograd and the update rule give; sums without clearing."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
import xarray as xr
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex

from look import theme
from look.numbers import counter, fixed
from simulate import recording
from simulate.errors import RunError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, telling

LAYERS = ("1", "2")


def _loss(run: xr.Dataset, first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    output = second @ torch.tanh(first @ torch.from_numpy(run.input.values))
    return (output - run.attrs["target"]) ** 2


def test_every_step_is_forward_loss_backward_step(record: Record) -> None:
    both = record("training_loop", n_steps=15)
    for run in (both.sel(run=name) for name in both.run.values):
        hidden = np.tanh(run.weight_1.values @ run.input.values)
        np.testing.assert_allclose(run.hidden, hidden, rtol=1e-12)
        np.testing.assert_allclose(run.output, (run.weight_2 * run.hidden).sum("unit"), rtol=1e-12)
        np.testing.assert_allclose(run.loss, (run.output - run.attrs["target"]) ** 2, rtol=1e-12)
        for k in range(run.sizes["step"]):
            weights = [
                torch.tensor(run[f"weight_{each}"].values[k], requires_grad=True) for each in LAYERS
            ]
            slopes = torch.autograd.grad(_loss(run, *weights), weights)
            for slope, each in zip(slopes, LAYERS, strict=True):
                np.testing.assert_allclose(run[f"gradient_{each}"].values[k], slope, atol=1e-12)
        for each in LAYERS:
            moves = np.diff(run[f"weight_{each}"].values, axis=0)
            used = run[f"used_{each}"].values[:-1]
            np.testing.assert_allclose(moves, -run.attrs["lr"] * used, atol=1e-12)


def test_gradients_agree_with_differences_of_the_loss(record: Record) -> None:
    run = record("training_loop").sel(run="cleared").isel(step=0)
    weights = [torch.tensor(run[f"weight_{each}"].values) for each in LAYERS]
    bump = torch.zeros_like(weights[0])
    bump[1, 0] = 1e-6
    slope = (
        _loss(run, weights[0] + bump, weights[1]) - _loss(run, weights[0] - bump, weights[1])
    ) / 2e-6
    assert slope.item() == pytest.approx(float(run.gradient_1[1, 0]), abs=1e-8)


def test_gradients_that_are_not_cleared_add_up(record: Record) -> None:
    both = record("training_loop", n_steps=15)
    for each in LAYERS:
        cleared, kept = both.sel(run="cleared"), both.sel(run="kept")
        np.testing.assert_array_equal(cleared[f"used_{each}"], cleared[f"gradient_{each}"])
        total = np.cumsum(kept[f"gradient_{each}"].values, axis=0)
        np.testing.assert_allclose(kept[f"used_{each}"], total, atol=1e-12)
        np.testing.assert_array_equal(
            both[f"weight_{each}"].values[0, :2], both[f"weight_{each}"].values[1, :2]
        )  # the first step is the same: there is nothing to clear
        assert not np.allclose(both[f"weight_{each}"][0, 2], both[f"weight_{each}"][1, 2])


def test_the_cleared_run_settles_and_the_other_goes_astray(record: Record) -> None:
    both = record("training_loop", n_steps=15)
    cleared, kept = both.loss.values
    assert (np.diff(cleared) < 0).all()
    assert cleared[-1] < 2e-3 < kept[0]
    lowest = both.attrs["lowest_step_kept"]
    assert kept[lowest] == both.attrs["lowest_loss_kept"] < 0.1
    assert kept[lowest:].max() > kept[0], "it climbs above where it started"
    assert both.attrs["last_loss_kept"] == kept[-1] > 100 * cleared[-1]


def test_a_rate_that_diverges_ends_in_one_line(record: Record) -> None:
    with pytest.raises(RunError, match=r"loss is (inf|nan) at step \d+, learning rate 1e\+80"):
        record("training_loop", lr=1e80, n_steps=9)


def test_the_figure_has_the_recorded_numbers(recorded: Recorded) -> None:
    fig, (both,) = drawn("training_loop", recorded)
    now, after = (both.sel(run="cleared").isel(step=k) for k in (0, 1))
    texts = [text.get_text().replace("−", "-") for text in fig.axes[0].texts]

    def flat(at: xr.Dataset) -> np.ndarray:
        return np.concatenate([at.weight_1.values.ravel(), at.weight_2.values])

    units = [float(text) for text in texts if re.fullmatch(r"-?\d\.\d+", text)]
    expected = [*now.input.values, *now.hidden.values, float(now.output)]
    np.testing.assert_allclose(units, expected, atol=0.0051)
    moved = [[float(n) for n in text.split(" → ")] for text in texts if "→" in text]
    np.testing.assert_allclose(moved, np.stack([flat(now), flat(after)], axis=1), atol=0.0051)
    (edges,) = (c for c in fig.axes[0].collections if isinstance(c, LineCollection))
    with theme.use("dark"):
        inks = [theme.color("positive" if w > 0 else "negative").lower()
                for w in sorted(flat(now), key=abs)]  # fmt: skip
    assert [to_hex(ink) for ink in edges.get_colors()] == inks
    assert min(edges.get_linewidths()) >= 0.75 * 1.5
    (loss,) = (text for text in texts if text.startswith("$L ="))
    assert loss.endswith(f"= {counter(now.loss)}$")
    (back,) = (text for text in texts if r"\partial v_2} = 2" in text)
    assert back.endswith(f"= {{{float(now.gradient_2[1]):.2f}}}$")
    (comes,) = (text for text in texts if text.startswith("After"))
    for run in ("cleared", "kept"):
        assert counter(both.loss.sel(run=run)[-1]) in comes
    # Each line of code stands beside its own equation, and `zero_grad` is the first.
    heights: dict[float, list[str]] = {}
    for text in fig.axes[0].texts:
        heights.setdefault(text.get_position()[1], []).append(text.get_text())
    lines = {each[0]: each[1] for each in heights.values() if "optimizer" in each[0]}
    assert lines["optimizer.zero_grad()"].endswith(r"\leftarrow 0$")
    assert lines["optimizer.step()"].startswith(r"$v_2 \leftarrow")


def test_equations_of_the_film_end_in_what_was_recorded(recorded: Recorded) -> None:
    from scenes import render
    from scenes.descent import training_loop as scene

    both = recording.load(recorded("training_loop"))
    now, after = (both.sel(run="cleared").isel(step=k) for k in (0, 1))
    results = {
        "forward": fixed(now.output, 3),
        "loss": counter(now.loss),
        "backward": fixed(now.gradient_2[1], 2),
        "step": fixed(after.weight_2[1], 2),
    }
    run = both.sel(run="cleared")
    with render.stage(render.Job(module="", recordings={})), telling("training_loop", both):
        for name, result in results.items():
            text = scene.TrainingLoop.equation(None, name, run).text
            assert text.endswith(f"&= {result}"), (name, text)
        assert scene.TrainingLoop.equation(None, "zero_grad", run).text.endswith("arrow.l 0")


def test_numbers_of_the_film_follow_the_clock(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes import render
    from scenes.descent import training_loop as scene
    from scenes.parts.numbers import Number

    both = recording.load(recorded("training_loop"))
    run = both.sel(run="cleared")
    with render.stage(render.Job(module="", recordings={})), telling("training_loop", both):
        clock = ValueTracker(0)
        rounds = scene.Rounds(run, clock)
        numbers = [part for part in rounds.parts if isinstance(part, Number)]
        weights = np.concatenate([run.weight_1.values.reshape(-1, 4), run.weight_2.values], axis=1)
        used = np.concatenate([run.used_1.values.reshape(-1, 4), run.used_2.values], axis=1)

        def shown() -> list[str]:
            return [number.text() for number in numbers]

        written = list(map(scene.signed, weights[0]))
        assert shown() == ["", "", "", "", *written, ""]
        assert [part.text() for part in rounds.others] == written[: scene.FOLLOWED]
        clock.set_value(0.8)  # the first round's backward pass is done, its step not yet
        assert shown()[:2] == [fixed(value, 3) for value in run.hidden.values[0]]
        assert shown()[3] == counter(run.loss[0])
        assert shown()[4:] == [*written, scene.signed(used[0, scene.FOLLOWED])]
        clock.set_value(1.0)
        assert shown()[4:-1] == list(map(scene.signed, weights[1]))
        for k in range(run.sizes["step"]):  # a loss follows from what is printed, in every round
            clock.set_value(k + 0.45)
            output, loss = shown()[2:4]
            assert float(output.replace("−", "-")) == pytest.approx(float(run.output[k]), abs=6e-4)
            assert counter((float(output.replace("−", "-")) - run.attrs["target"]) ** 2) == loss
        for now in np.linspace(1, run.sizes["step"] - 0.6, 200):  # and at every moment
            clock.set_value(now)
            output, loss = shown()[2:4]
            away = float(output.replace("−", "-")) - run.attrs["target"]
            assert counter(away**2) == loss, now
        clock.set_value(1 + 1.1 * scene.ZEROED / 4)
        assert shown()[-1] == scene.signed(0.0), "cleared"
        clock.set_value(run.sizes["step"] - 1 + scene.LAST)
        assert shown()[3] == counter(run.loss[-1])
        assert shown()[4 + scene.FOLLOWED] == scene.signed(weights[-1, scene.FOLLOWED])
        assert shown()[-1] == "", "no backward pass belongs to what is shown"
        clock.set_value(run.sizes["step"] - 1)
        assert shown()[-1] == scene.signed(used[-2, scene.FOLLOWED])


def test_the_loss_in_the_film_moves_with_its_number(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes import render
    from scenes.descent import training_loop as scene

    both = recording.load(recorded("training_loop"))
    run = both.sel(run="cleared")
    with render.stage(render.Job(module="", recordings={})), telling("training_loop", both):
        clock = ValueTracker(0)
        (trail,) = (part for part in scene.LossChart(run, clock).parts
                    if isinstance(part, scene.Losses))  # fmt: skip
        losses = np.stack([run.step, run.loss], axis=1)
        np.testing.assert_allclose(trail.places, trail.chart.point(*losses.T))
        for during in (1.4, 1.75, 2.0):  # backward and step change nothing
            clock.set_value(during)
            assert trail.now() == 1
        clock.set_value(2 + scene.LAST / 2)
        assert trail.now() == pytest.approx(1.5)
        # Where the point has come to a loss, the number beside the network says that one.
        rounds = scene.Rounds(run, clock)
        for k in range(run.sizes["step"]):
            clock.set_value(k + scene.LAST + 1e-6)
            assert trail.now() == pytest.approx(k)
            assert rounds.loss().text() == counter(run.loss[k])


def test_the_line_of_code_is_that_of_the_equation(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes import render
    from scenes.descent import training_loop as scene

    both = recording.load(recorded("training_loop"))
    with render.stage(render.Job(module="", recordings={})), telling("training_loop", both):
        clock = ValueTracker(0)
        marked, *_ = scene.Code(clock, 5).parts
        # Each ends where the film changes the equation: the next begins after that.
        for now, line in (
            (0.0, 0), (0.01, 0), (scene.ZEROED / 4, 0), (0.24, 1), (0.25, 1), (0.26, 2), (0.5, 2),
            (0.51, 3), (0.75, 3), (0.76, 4), (1.0, 4), (1.5, 2), (2.0, 4),
        ):  # fmt: skip
            clock.set_value(now)
            assert marked.line() == line, now
