"""Every printed equation gives its printed result, to the last digit, from its printed operands."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from figures import render as figures
from simulate import recorder, recording, registry
from simulate.data.choice import Choice
from simulate.storage.store import Store
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn
from tests.visuals._networks import said, value

NUMBER = r"−?[\d,]*\.?\d+"


def numbers(text: str) -> list[float]:
    return [value(found) for found in re.findall(NUMBER, text)]


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the texts of `training_loop` at the settings that the product has."""
    store = Store(tmp_path_factory.mktemp("media") / "recordings")
    path = recorder.record("training_loop", store, recorder.Context(data=Choice.embedded()))
    return said(figures.figure("figures.descent.training_loop", {"training_loop": path}, "dark"))


def printed(loop: list[str], start: str) -> list[float]:
    """Return the numbers of the equation that starts so, without those of its names."""
    (text,) = (each for each in loop if each.startswith("$" + start))
    text = re.sub(r"[_^]\d|=\s*2\\,\(\\hat[^=]*", "", text)
    return numbers(re.sub(r"[{}]", "", text))


def test_the_loss_is_the_square_of_the_printed_distance(loop: list[str]) -> None:
    output, target, result = printed(loop, "L =")
    assert output == printed(loop, r"\hat{y} =")[-1]
    assert f"{(output - target) ** 2:.2f}" == f"{result:.2f}"


def test_outputs_are_the_printed_products_summed(loop: list[str]) -> None:
    """x₁, x₂, h₁, h₂ and ŷ, then six weights: what a reader adds up."""
    (x1, x2, h1, h2, output) = (value(text) for text in loop if re.fullmatch(NUMBER, text))
    weights = [value(found[1]) for text in loop
               if (found := re.fullmatch(f"({NUMBER}) → {NUMBER}", text))]  # fmt: skip
    assert f"{math.tanh(weights[0] * x1 + weights[1] * x2):.2f}" == f"{h1:.2f}"
    assert f"{math.tanh(weights[2] * x1 + weights[3] * x2):.2f}" == f"{h2:.2f}"
    *operands, result = printed(loop, r"\hat{y} =")
    assert operands == [weights[4], h1, weights[5], h2]
    assert f"{weights[4] * h1 + weights[5] * h2:.3f}" == f"{output:.3f}" == f"{result:.3f}"


def test_the_gradient_is_the_printed_product(loop: list[str]) -> None:
    twice, output, target, h2, gradient = printed(loop, r"\dfrac{\partial L}{\partial v_2} = 2")
    assert twice == 2
    assert f"{2 * (output - target) * h2:.2f}" == f"{gradient:.2f}"


def test_the_new_weight_is_the_printed_step(loop: list[str]) -> None:
    old, rate, gradient, new = printed(loop, r"v_2 \leftarrow")
    assert gradient == printed(loop, r"\dfrac{\partial L}{\partial v_2} = 2")[-1]
    assert f"{old - rate * gradient:.2f}" == f"{new:.2f}"
    (last,) = [text for text in loop if "→" in text][-1:]
    assert [value(part) for part in last.split(" → ")] == [old, new]


def test_sums_of_a_layer_add_up(recorded: Recorded) -> None:
    fig, _ = drawn("layer_activation", recorded)
    texts = [text.replace("\u00a0", " ") for text in said(fig)]
    sums = [text for text in texts if "·" in text and "=" in text]
    assert len(sums) == 2
    for text in sums:
        left, _, right = text.partition(" = ")
        terms = [numbers(term) for term in left.split(" + ")]
        assert sum(map(math.prod, terms)) == pytest.approx(value(right), abs=0.0051)
    bent = [numbers(text) for text in texts if text.startswith("h(")]
    assert all(after == max(before, 0) for before, after in bent)


def test_a_neurons_products_add_up(recorded: Recorded) -> None:
    fig, _ = drawn("neuron", recorded)
    texts = said(fig)
    parts = [value(text.lstrip("+")) for text in texts if re.fullmatch(r"[+−]\d\.\d\d", text)]
    (z,) = (numbers(text)[-1] for text in texts if text.startswith(r"$z=w\cdot"))
    assert f"{sum(parts):.2f}" == f"{z:.2f}"
    (output,) = (text for text in texts if text.startswith(r"$\sigma(z)="))
    assert f"{1 / (1 + math.exp(-z)):.3f}" == f"{numbers(output)[-1]:.3f}"


def test_a_cross_entropy_is_minus_the_log_of_the_printed_probability(recorded: Recorded) -> None:
    fig, _ = drawn("softmax_flow", recorded)
    (text,) = (text for text in said(fig) if "−log " in text and " = " in text)
    probability, loss = text.split("−log ")[-1].split(" = ")
    decimals = len(loss.partition(".")[2])
    assert f"{-math.log(value(probability)):.{decimals}f}" == loss


def test_shares_of_a_softmax_are_its_exponentials_over_their_sum(recorded: Recorded) -> None:
    _, (flow,) = drawn("softmax_flow", recorded)
    np.testing.assert_allclose(flow.probability, np.exp(flow.logit) / np.exp(flow.logit).sum())
    assert float(flow.probability.sum()) == pytest.approx(1)


def test_batches_add_up_to_the_examples(record: Record) -> None:
    from look.words import say as words
    from look.words import speaking
    from tests.figures._drawn import visual

    for n_train in (200, 128):
        epoch = record("mini_batches", n_train=n_train)
        with speaking(visual("mini_batches"), epoch.attrs):
            full, size, rest, total = numbers(words("shuffle and cut").split("\n")[1])[:4]
        assert full * size + rest == total == n_train


def test_the_sum_of_two_gradients_is_printed_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = Store(tmp_path_factory.mktemp("media") / "recordings")
    path = recorder.record("training_loop", store, recorder.Context(data=Choice.embedded()))
    kept = recording.load(path).sel(run="kept")
    old, new, total = (
        round(float(each), 2)
        for each in (kept.used_2[0, 0], kept.gradient_2[1, 0], kept.used_2[1, 0])
    )
    assert f"{old + new:.2f}" == f"{total:.2f}"
    assert "training_loop" in registry.names("experiments")
