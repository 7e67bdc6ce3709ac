from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulate import specs
from simulate.errors import UserError

SGD = specs.Optimizer(name="sgd", settings={"lr": 0.5})


def _train(**changes: Any) -> specs.Train:
    fields: dict[str, Any] = {
        "data": specs.Data(name="xor"),
        "model": specs.Model(name="mlp", settings={"widths": [2, 8, 2]}),
        "optimizer": SGD,
        "epochs": 3,
    }
    return specs.Train(**{**fields, **changes})


def _descend(**changes: Any) -> specs.Descend:
    return specs.Descend(**{"surface": "quadratic", "optimizer": SGD, "steps": 5, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch_size": 0}, r"Train.batch_size is 0: expected `int` >= 1"),
        ({"batch_size": 2.5}, r"Train.batch_size is 2.5: expected `int \| null`, got `float`"),
        ({"seed": -1}, r"Train.seed is -1: expected `int` >= 0"),
        ({"seed": True}, r"Train.seed is True: expected `int`, got `bool`"),
        ({"backend": "fast"}, r"Train.backend is 'fast'"),
        ({"device": "tpu"}, r"Train.device is 'tpu'"),
        ({"optimizer": "sgd"}, r"Train.optimizer is 'sgd': expected `object`, got `str`"),
        ({"epochs": None}, r"Train.epochs is None and Train.steps is None: give exactly one"),
        ({"steps": 4}, r"Train.epochs is 3 and Train.steps is 4: give exactly one"),
    ],
)
def test_wrong_values_are_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        _train(**changes)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float64(0.1), object()])
def test_settings_are_plain_finite_data(value: Any) -> None:
    with pytest.raises(UserError, match=r"Optimizer.settings is "):
        specs.Optimizer(name="sgd", settings={"deep": [value]})


def test_specs_are_frozen() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        _train().epochs = 5  # type: ignore[misc]


@pytest.mark.parametrize(
    "spec", [_train(record=specs.record(parameters=2)), _descend(start=(1.0,))]
)
def test_json_and_back(spec: specs.Run) -> None:
    assert specs.decode(specs.canonical(spec)) == spec


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"kind":"descend","surface":"q","optimizer":{"name":"sgd"},"steps":0}', r"`\$.steps`"),
        ('{"kind":"descend","surface":"q","optimizer":{"name":"sgd"},"step":1}', "step"),
        ('{"kind":"walk"}', "walk"),
        ('{"kind":', "truncated"),
    ],
)
def test_decoding_names_the_place(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        specs.decode(text)


def test_canonical_does_not_hang_on_order_or_container() -> None:
    one = specs.Optimizer(name="adam", settings={"lr": 0.1, "betas": (0.9, 0.99)})
    two = specs.Optimizer(name="adam", settings={"betas": [0.9, 0.99], "lr": 0.1})
    assert specs.canonical(one) == specs.canonical(two)
    assert specs.canonical(_descend(start=[1])) == specs.canonical(_descend(start=(1.0,)))


def test_updated_checks_names_and_values() -> None:
    assert specs.updated(_train(), {"epochs": 7}).epochs == 7
    with pytest.raises(UserError, match=r"no setting is called 'epoch'; there is epochs"):
        specs.updated(_train(), {"epoch": 7})
    with pytest.raises(UserError, match=r"Train.epochs is 0"):
        specs.updated(_train(), {"epochs": 0})


def test_named_rows() -> None:
    schedule = specs.Schedule(name="cosine")
    assert specs.named_rows(_train(schedule=schedule)) == [
        ("datasets", "xor"),
        ("models", "mlp"),
        ("probes", "scalars"),
        ("probes", "evaluation"),
        ("probes", "parameters"),
        ("optimizers", "sgd"),
        ("schedules", "cosine"),
    ]
    assert specs.named_rows(_descend()) == [("surfaces", "quadratic"), ("optimizers", "sgd")]


def test_resolved_fills_in_what_the_rows_say() -> None:
    resolved = specs.resolved(_train(model=specs.Model(name="mlp", settings={"widths": [2, 2]})))
    assert isinstance(resolved, specs.Train)
    assert resolved.model.settings == {
        "widths": [2, 2],
        "activation": "relu",
        "init": "torch",
        "scale": 0.1,
    }
    assert resolved.optimizer.settings["lr"] == 0.5
    descent = specs.resolved(_descend(optimizer=specs.Optimizer(name="sgd")))
    assert isinstance(descent, specs.Descend)
    assert descent.settings == {"curvature": 1.0}
    assert descent.start is not None
    assert descent.optimizer.settings["lr"] > 0


def test_only_datasets_of_digits_hang_on_the_choice() -> None:
    digits = _train(data=specs.Data(name="mnist"))
    assert specs.reads_digits(digits)
    assert not specs.reads_digits(_train())
    assert not specs.reads_digits(_descend())
    assert specs.address(digits, data_digest="a") != specs.address(digits, data_digest="b")
    assert specs.address(_train(), data_digest="a") == specs.address(_train(), data_digest="b")


def test_address_is_that_of_what_is_computed() -> None:
    address = specs.address(_train(), data_digest=None)
    assert len(address) == 20
    assert int(address, 16) >= 0
    assert specs.address(_train(seed=1), data_digest=None) != address
    # Giving what the row has by default anyway makes no other run.
    written = specs.resolved(_train())
    assert specs.address(written, data_digest=None) == address


def test_address_of_unknown_rows() -> None:
    with pytest.raises(UserError, match=r"no surface is called 'quadratik'; there is quadratic"):
        specs.address(_descend(surface="quadratik"), data_digest=None)
