"""Linear and logistic regression as networks: the drawn edges are the recorded weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import xarray as xr
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from torch.nn import functional

from figures.networks import perceptron as figure
from figures.parts.canvas import px
from look import theme as themes
from simulate import registry, specs
from simulate.data import diabetes
from simulate.data._base import Data
from simulate.data._load import load
from simulate.errors import UserError
from simulate.experiments.networks.perceptron import MEASURED
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, table

FULL = {"steps": registry.load("experiments", "perceptron").settings.steps}
NETS = ("linear", "logistic")
SLOPE = "its gradient in w"
PLAIN = {
    "log triglycerides": "blood fats",
    "HDL cholesterol": "“good” cholesterol",
    "concave points": "dents in outline",
    "fractal dimension": "rough outline",
}


def data_of(name: str) -> Data:
    if name == "logistic":
        return load(specs.Data(name="breast_cancer"))
    return load(specs.Data(name="diabetes", settings={"columns": list(MEASURED)}))


def parameters(found: xr.Dataset, name: str) -> tuple[np.ndarray, float]:
    return found[f"weight_{name}"].values, float(found[f"bias_{name}"])


def test_linear_regression_reaches_least_squares(record: Record) -> None:
    found = record("perceptron", **FULL)
    data = data_of("linear")
    x = np.column_stack([data.x_train, np.ones(len(data.x_train))]).astype(float)
    solution, *_ = np.linalg.lstsq(x, data.y_train[:, 0].astype(float), rcond=None)
    weight, bias = parameters(found, "linear")
    np.testing.assert_allclose([*weight, bias], solution, atol=1e-6)


def test_logistic_regression_comes_to_rest(record: Record) -> None:
    found = record("perceptron", **FULL)
    data = data_of("logistic")
    weight, bias = parameters(found, "logistic")
    theta = torch.tensor([*weight, bias], dtype=torch.float64, requires_grad=True)
    x = torch.from_numpy(data.x_train).double()
    z = x @ theta[:-1] + theta[-1]
    loss = functional.binary_cross_entropy_with_logits(z, torch.from_numpy(data.y_train).double())
    loss.backward()
    assert theta.grad is not None
    assert float(theta.grad.norm()) < 5e-3
    assert float(loss.detach()) == pytest.approx(found.attrs["train_loss_logistic"], rel=1e-6)


@pytest.mark.parametrize("name", NETS)
def test_answers_are_what_the_weights_give(record: Record, name: str) -> None:
    found = record("perceptron")
    data = data_of(name)
    weight, bias = parameters(found, name)
    z = data.x_test.astype(float) @ weight + bias
    if name == "linear":
        train, test = diabetes.split(None, None, 0)
        center, spread = diabetes.outcome_scale(train)
        answers, truth = z, (diabetes.patients()[1][test] - center) / spread
    else:
        answers, truth = 1 / (1 + np.exp(-z)), data.y_test
    order = np.argsort(answers)
    np.testing.assert_allclose(found[f"output_{name}"], answers[order], rtol=1e-9)
    np.testing.assert_array_equal(found[f"target_{name}"], truth[order])
    assert found.attrs[f"n_params_{name}"] == len(weight) + 1


def test_the_scores_are_those_of_the_answers(record: Record) -> None:
    found = record("perceptron", **FULL)
    output, target = found.output_linear.values, found.target_linear.values
    rest = np.sum((output - target) ** 2) / np.sum((target - target.mean()) ** 2)
    assert found.attrs["explained"] == pytest.approx(1 - rest)
    assert found.attrs["explained"] > 0.2
    right = np.round(found.output_logistic.values) == found.target_logistic.values
    assert found.attrs["accuracy"] == right.mean() > 0.9


@pytest.mark.parametrize("name", NETS)
def test_inputs_are_standardised_and_split(name: str) -> None:
    data = data_of(name)
    np.testing.assert_allclose(data.x_train.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(data.x_train.std(0), 1, atol=1e-5)
    both = {row.tobytes() for row in data.x_train} & {row.tobytes() for row in data.x_test}
    assert not both
    assert data.x_train.shape[1] == len(data.columns) == 6


def test_an_unknown_measurement_is_refused() -> None:
    with pytest.raises(UserError, match=r"columns are \['weight'\]; choose among age, "):
        load(specs.Data(name="diabetes", settings={"columns": ["weight"]}))


def test_class_1_is_malignant() -> None:
    data = data_of("logistic")
    radius = data.x_train[:, data.columns.index("radius")]
    assert radius[data.y_train == 1].mean() > radius[data.y_train == 0].mean() + 1
    share = np.concatenate([data.y_train, data.y_test]).mean()
    assert share == pytest.approx(212 / 569)  # 212 malignant, 357 benign, says scikit-learn


@pytest.mark.parametrize("name", ["breast_cancer", "diabetes"])
def test_more_cases_than_there_are_is_refused(name: str) -> None:
    with pytest.raises(UserError, match=r"n_train is 500 and n_test 100; .* has \d+ "):
        load(specs.Data(name=name, n_train=500, n_test=100))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_edges_are_the_recorded_weights(recorded: Recorded, theme: str) -> None:
    fig, (found,) = drawn("perceptron", recorded, theme)
    ax = fig.axes[0]
    nets = [each for each in ax.collections if isinstance(each, LineCollection)]
    texts = {(round(t.get_position()[1], 3), t.get_text()) for t in ax.texts}
    for name, edges in zip(NETS, nets, strict=True):
        weight, bias = parameters(found, name)
        values = np.array([*weight, bias])
        order = np.argsort(np.abs(values), kind="stable")
        size = np.abs(values)[order] / np.abs(values).max()
        widths = px(figure.WIDEST) * np.clip(size, 0.06, 1)
        np.testing.assert_allclose(edges.get_linewidths(), widths)
        tokens = np.where(values[order] > 0, "positive", "negative")
        with themes.use(theme):
            expected = [to_rgba(themes.color(str(token)))[:3] for token in tokens]
        np.testing.assert_allclose(np.asarray(edges.get_colors())[:, :3], expected)
        # Each edge begins at the input whose name and weight stand in its row.
        names = np.array([*found[f"feature_{name}"].values, "bias"])[order]
        for start, word, value in zip(edges.get_segments(), names, values[order], strict=True):
            y = round(float(start[0][1]), 3)
            assert (y, PLAIN.get(str(word), str(word))) in texts
            said = f"{value:+.2f}".replace("-", "−") if round(value, 2) else "0.00"
            assert (y, said) in texts


def test_the_unit_holds_its_function_and_every_test_case(recorded: Recorded) -> None:
    """Each case lies at its own weighted sum, as high as what was true of it."""
    fig, (found,) = drawn("perceptron", recorded)
    for panel, name in enumerate(NETS, 1):
        weight, bias = parameters(found, name)
        z = np.sort(data_of(name).x_test.astype(float) @ weight + bias)
        truth = line(fig, "truth", panel)
        np.testing.assert_allclose(truth.get_xdata(), z, atol=1e-5)
        np.testing.assert_array_equal(truth.get_ydata(), found[f"target_{name}"])
        sums, answers = (np.asarray(each) for each in line(fig, name, panel).get_data())
        assert (np.diff(sums) >= 0).all()
        expected = sums if name == "linear" else 1 / (1 + np.exp(-sums))
        np.testing.assert_allclose(answers, expected, atol=1e-9)
        low, high = fig.axes[panel].get_xlim()
        assert low < z[0] < z[-1] < high, "none is left out"


def test_every_word_stands_at_its_own_network(recorded: Recorded) -> None:
    fig, _ = drawn("perceptron", recorded)
    ax, linear, logistic = fig.axes
    heads = [text for text in ax.texts if text.get_text().endswith(("regression", "?"))]
    assert [text.get_text() for text in heads] == [
        "Linear regression", "How far will a patient’s diabetes progress in a year?",
        "Logistic regression", "Is a breast tumour malignant, judged by its cells?",
    ]  # fmt: skip
    nets = [each for each in ax.collections if isinstance(each, LineCollection)]
    boxes = [patch.get_window_extent() for patch in ax.patches]
    for chart, net, box in zip((linear, logistic), nets, boxes, strict=True):
        inside = chart.get_window_extent()
        assert box.x0 < inside.x0 < inside.x1 < box.x1
        assert box.y0 < inside.y0 < inside.y1 < box.y1, "the chart is in the unit"
        ends = ax.transData.transform([part[1] for part in net.get_segments()])
        np.testing.assert_allclose(ends[:, 0], box.x0, atol=1, err_msg="the lines end at it")
        assert ((box.y0 < ends[:, 1]) & (ends[:, 1] < box.y1)).all()
        assert chart.get_xlabel() == "weighted sum $z=w\\cdot x+b$"
    assert {text.get_text() for text in linear.texts} == {
        "progression; 0 is the average", "$\\hat{y}=z$"
    }  # fmt: skip
    told = {text.get_text(): text.xy[1] for text in logistic.texts}
    assert told == {
        "probability of “malignant”": 1, "malignant": 1, "benign": 0, "$p=\\sigma(z)$": 1
    }  # fmt: skip


def test_the_table_is_filled_from_the_recording(recorded: Recorded) -> None:
    made, _, _, (found,) = table("perceptron", recorded)
    rows = {str(cells[0].value): [str(cell.value) for cell in cells[1:]] for cells in made.cells}
    kinds = ["the question", "trained on", "parameters", "on new cases"]
    assert list(rows) == [*kinds, "answer", "model", "loss of a case", SLOPE]
    assert rows["the question"] == [
        "How far will a patient’s diabetes progress in a year?",
        "Is a breast tumour malignant, judged by its cells?",
    ]
    n = [len(data_of(name).x_train) for name in NETS]
    assert rows["trained on"] == [f"{n[0]} patients", f"{n[1]} tumours"]
    assert rows["answer"] == ["a number", "a probability"]
    assert ["σ" in cell for cell in rows["model"]] == [False, True]
    assert ["log" in cell for cell in rows["loss of a case"]] == [False, True]
    assert ["p" in cell for cell in rows[SLOPE]] == [False, True]
    assert rows["parameters"] == ["6 weights and a bias: 7"] * 2
    for cell, name in zip(rows["on new cases"], ("explained", "accuracy"), strict=True):
        assert cell.startswith(f"{100 * found.attrs[name]:.0f}")
    truth = found.target_logistic.values
    usual = max((truth == 0).mean(), (truth == 1).mean())
    word = "benign" if (truth == 0).mean() >= (truth == 1).mean() else "malignant"
    cell = rows["on new cases"][1].replace("\u202f", "").replace(" ", "")
    assert cell.endswith(f"“{word}”:{usual:.0%}")
