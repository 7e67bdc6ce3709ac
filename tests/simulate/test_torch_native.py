"""What people have already: loaders, datasets, optimizer objects, schedules, loops of their own."""

from __future__ import annotations

import copy
import math
import re
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

import simulate
from simulate import Data, UserError, recording, specs

X = np.random.default_rng(0).normal(size=(40, 4)).astype("f4")
Y = (X[:, 0] > 0).astype("i8")
TX, TY = torch.from_numpy(X), torch.from_numpy(Y)


def net() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))


def train(given: Any = (X, Y), model: nn.Module | None = None, **arguments: Any) -> xr.Dataset:
    return simulate.train(model or net(), given, **{"steps": 6, **arguments})


def by_hand(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: list[tuple[torch.Tensor, torch.Tensor]],
    schedule: Any = None,
) -> tuple[list[float], list[float]]:
    losses, rates = [], []
    for x, y in batches:
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(x), y)
        loss.backward()
        losses.append(loss.item())
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if schedule is not None:
            schedule.step()
    return losses, rates


WHOLE = [(TX, TY)] * 7


@pytest.mark.parametrize(
    ("give", "make"),
    [
        ("adam", lambda p: torch.optim.Adam(p, lr=0.001)),
        (specs.Optimizer(name="momentum"), lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9)),
        (torch.optim.RMSprop, torch.optim.RMSprop),
        (lambda p: torch.optim.SGD(p, lr=0.3), lambda p: torch.optim.SGD(p, lr=0.3)),
        (lambda p: torch.optim.LBFGS(p, lr=0.1), lambda p: torch.optim.LBFGS(p, lr=0.1)),
    ],
)
def test_an_optimizer_may_be_named_or_made(give: Any, make: Any) -> None:
    run, model = train(optimizer=give), net()
    optimizer = make(model.parameters())
    losses = []
    for _ in range(7):

        def closure() -> torch.Tensor:
            optimizer.zero_grad()
            loss = functional.cross_entropy(model(TX), TY)
            loss.backward()
            return loss

        losses.append(float(optimizer.step(closure)))
    np.testing.assert_allclose(run.loss, losses, rtol=1e-5)


def test_an_optimizer_object_and_its_schedule_are_taken_as_they_are() -> None:
    model, other = net(), net()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=7)
    run = train(model=model, optimizer=optimizer, schedule=schedule)
    theirs = torch.optim.AdamW(other.parameters(), lr=0.01)
    losses, rates = by_hand(
        other, theirs, WHOLE, torch.optim.lr_scheduler.OneCycleLR(theirs, max_lr=0.1, total_steps=7)
    )
    np.testing.assert_allclose(run.loss, losses, rtol=1e-5)
    np.testing.assert_allclose(run.lr, rates, rtol=1e-9)
    assert run.attrs["optimizer"] == "AdamW"


def test_a_schedule_may_be_named_or_a_function_of_the_step() -> None:
    falling = train(optimizer="sgd", lr=0.4, schedule=lambda step: 0.5**step)
    np.testing.assert_allclose(falling.lr, 0.4 * 0.5 ** np.arange(7))
    cosine = train(optimizer="sgd", lr=0.4, schedule="cosine")
    np.testing.assert_allclose(cosine.lr, 0.2 * (1 + np.cos(np.pi * np.arange(7) / 6)), atol=1e-9)


class Pairs(Dataset):
    def __len__(self) -> int:
        return 40

    def __getitem__(self, k: int) -> tuple[np.ndarray, int]:
        return X[k], int(Y[k])


class Stream(IterableDataset):
    def __iter__(self) -> Any:
        return iter([(X[k], int(Y[k])) for k in range(40)])


@pytest.mark.parametrize(
    "given",
    [
        (X, Y),
        [X, Y.tolist()],
        (TX, TY),
        (X.astype(">f8"), Y),
        TensorDataset(TX, TY),
        Pairs(),
        Data(X, Y, X[:0], Y[:0], label="own", n_classes=2),
    ],
    ids=lambda given: type(given).__name__,
)
def test_examples_come_in_many_shapes(given: Any) -> None:
    run, same = train(given, batch_size=8), train(batch_size=8)
    np.testing.assert_array_equal(run.loss, same.loss)
    np.testing.assert_array_equal(run.train_loss, same.train_loss)
    assert "test_loss" not in run
    assert run.attrs["train_accuracy"] == same.attrs["train_accuracy"]


def test_a_loaders_batches_are_taken_as_they_come() -> None:
    loader = DataLoader(Pairs(), batch_size=16)
    run = train(loader, epochs=2, steps=None, optimizer="sgd", lr=0.1, test=loader)
    batches = [(TX[k : k + 16], TY[k : k + 16]) for k in (0, 16, 32)]
    model = net()
    losses, _ = by_hand(model, torch.optim.SGD(model.parameters(), lr=0.1), [*batches, *batches])
    np.testing.assert_allclose(run.loss.values[:6], losses, rtol=1e-5)
    assert run.epoch_steps.values.tolist() == [0, 3, 6]
    np.testing.assert_allclose(run.train_loss, run.test_loss, rtol=1e-6)
    with torch.no_grad():
        assert run.attrs["test_loss"] == pytest.approx(
            functional.cross_entropy(model(TX), TY).item(), rel=1e-5
        )
    assert run.attrs["steps_per_epoch"] == 3
    assert run.attrs["batch_size"] == 16


def test_a_shuffling_loader_follows_the_seed_and_leaves_the_generator_alone() -> None:
    loader = DataLoader(Pairs(), batch_size=16, shuffle=True)
    torch.manual_seed(9)
    expected = torch.rand(1)
    torch.manual_seed(9)
    with torch.random.fork_rng():
        model = net()
    runs = [train(loader, copy.deepcopy(model), seed=seed) for seed in (1, 1, 2)]
    assert torch.rand(1) == expected
    np.testing.assert_array_equal(runs[0].loss, runs[1].loss)
    assert (runs[0].loss != runs[2].loss).any()


def test_what_is_evaluated_does_not_move_a_loaders_generator() -> None:
    def losses(record: list) -> np.ndarray:
        generator = torch.Generator().manual_seed(3)
        loader = DataLoader(Pairs(), batch_size=16, shuffle=True, generator=generator)
        return train(loader, test=loader, record=record).loss.values

    np.testing.assert_array_equal(losses(["scalars"]), losses(["scalars", "evaluation"]))


def test_a_stream_has_no_length_and_no_training_set_to_evaluate() -> None:
    loader = DataLoader(Stream(), batch_size=16)
    run = train(loader, test=DataLoader(Stream(), batch_size=7))
    assert "train_loss" not in run
    assert run.epoch_steps.values.tolist() == [0, 3, 6]
    assert run.attrs["test_accuracy"] == pytest.approx(run.test_accuracy.values[-1])
    with pytest.raises(UserError, match="without a length; give steps, not epochs"):
        train(loader, epochs=1, steps=None)


def test_several_inputs_go_in_one_by_one() -> None:
    class Two(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.line = nn.Linear(8, 2)

        def forward(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
            return self.line(torch.cat([a, b], 1))

    class Doubled(Pairs):
        def __getitem__(self, k: int) -> Any:
            return (X[k], X[k]), int(Y[k])

    run = train(DataLoader(Doubled(), batch_size=8), Two())
    assert np.isfinite(run.loss.values).all()
    assert np.isfinite(run.attrs["train_loss"])


def test_regression_with_whole_numbers_as_targets() -> None:
    run = train((X, np.arange(40)[:, None]), nn.Linear(4, 1), loss="mse", optimizer="sgd", lr=1e-3)
    assert run.loss.values[-1] < run.loss.values[0]
    assert "train_accuracy" not in run.attrs


# ---- the loop itself


def test_steps_hand_out_what_a_loop_has() -> None:
    model, other = net(), net()
    optimizer = torch.optim.SGD(other.parameters(), lr=0.1)
    for number, step in enumerate(
        simulate.steps(model, (X, Y), "sgd", lr=0.1, batch_size=8, epochs=2, test=(X, Y))
    ):
        order = np.random.default_rng([0, number // 5]).permutation(40)
        which = order[8 * (number % 5) :][:8]
        assert step.number == number
        assert (step.epoch, step.starts_epoch) == (number // 5, number % 5 == 0)
        assert torch.equal(step.batch[0], TX[which])
        assert torch.equal(step.batch[1], TY[which])
        optimizer.zero_grad()
        outputs = other(TX[which])
        loss = functional.cross_entropy(outputs, TY[which])
        loss.backward()
        torch.testing.assert_close(step.outputs, outputs)
        torch.testing.assert_close(step.loss, loss)
        assert step.lr == 0.1
        for name, param in other.named_parameters():
            torch.testing.assert_close(step.gradients[name], param.grad)
            torch.testing.assert_close(step.model.get_parameter(name), param)
        with torch.no_grad():
            whole = functional.cross_entropy(other(TX), TY).item()
        assert step.evaluate("test")[0] == pytest.approx(whole, rel=1e-5)
        optimizer.step()
    assert number == 10
    assert step.last


def test_a_loop_can_be_left_at_any_step() -> None:
    model = net()
    for step in simulate.steps(model, (X, Y), "sgd", lr=0.1, steps=100):
        if step.number == 3:
            break
    run_model = net()
    train(model=run_model, optimizer="sgd", lr=0.1, steps=3)
    for one, other in zip(model.parameters(), run_model.parameters(), strict=True):
        assert torch.equal(one, other)


def test_what_a_consumer_draws_is_not_the_runs() -> None:
    def losses(draw: bool) -> list[float]:
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2))
        found = []
        for step in simulate.steps(model, (X, Y), "sgd", lr=0.1, steps=5):
            found.append(step.loss.item())
            if draw:
                torch.rand(100)
        return found

    assert losses(draw=True) == losses(draw=False)


def test_looking_again_gives_the_same_outputs_and_moves_nothing() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 2))
    for step in simulate.steps(model, (X, Y), "adam", batch_size=8, steps=6):
        before = copy.deepcopy(model.state_dict())
        random = torch.get_rng_state()
        with step.still(), torch.no_grad():
            assert torch.equal(step.again(), step.outputs)
            assert int(model[1].num_batches_tracked) == step.number + 1
        after = model.state_dict()
        assert all(torch.equal(before[name], after[name]) for name in before)
        assert torch.equal(random, torch.get_rng_state())
        assert model[2].training


def test_on_step_is_called_with_every_step() -> None:
    seen = []
    run = train(on_step=lambda step: seen.append((step.number, step.loss.item())))
    np.testing.assert_allclose(run.loss, [loss for _, loss in seen])
    assert [number for number, _ in seen] == list(range(7))
    single = train(optimizer="sgd", batch_size=1, on_step=lambda step: None)
    assert single.attrs["backend_reason"] == "on_step looks at every step"


# ---- somebody else's loop


def test_watching_changes_nothing_and_records_the_loop() -> None:
    def loop(watched: bool) -> tuple[list[float], Any]:
        torch.manual_seed(1)
        model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 2))
        optimizer, criterion = torch.optim.Adam(model.parameters(), lr=0.01), nn.CrossEntropyLoss()
        record = [
            simulate.probe("scalars", every=2),
            simulate.probe("parameters", every=4),
            simulate.probe("layer_statistics", every=4),
            simulate.probe("dropout_masks", every=4),
        ]
        seen = None
        if watched:
            seen = simulate.watch(model, optimizer, loss=criterion, record=record)
        losses = []
        for _ in range(9):
            optimizer.zero_grad()
            loss = criterion(model(TX), TY)
            loss.backward()
            losses.append(loss.item())
            optimizer.step()
        if seen is not None:
            seen.close()
        return losses, seen

    losses, seen = loop(watched=True)
    assert losses == loop(watched=False)[0]
    found = seen.data
    recording.check(found)
    assert found.step.values.tolist() == [0, 2, 4, 6, 8]
    np.testing.assert_allclose(found.loss, losses[::2], rtol=1e-6)
    assert found.snapshot.values.tolist() == [0, 4, 8]
    assert found.mask_0.shape[0] == 3
    assert np.isfinite(found.output_mean.values).all()
    assert found.attrs["n_steps"] == 9


def test_a_loss_may_be_told_and_the_hooks_go() -> None:
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    watched = simulate.watch(model, optimizer, record=["scalars"])
    losses = []
    for number in range(6):
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(TX), TY)
        watched.see(loss)
        loss.backward()
        losses.append(loss.item())
        if number == 4:
            watched.close()
        optimizer.step()
    np.testing.assert_allclose(watched.data.loss, losses[:4], rtol=1e-6)
    assert not model._forward_hooks
    assert not model._forward_pre_hooks


# ---- recordings


def test_recordings_are_saved_loaded_and_tidied(tmp_path: Any) -> None:
    run = train()
    simulate.save(run, str(tmp_path / "mine.nc"))
    xr.testing.assert_identical(simulate.load(str(tmp_path / "mine.nc")), run)
    frame = simulate.tidy(run, "step")
    assert set(frame.columns) == {"step", "loss", "grad_norm", "lr", "seconds"}
    assert frame.loss.tolist() == run.loss.values.tolist()
    both = xr.concat([run[["loss"]]] * 2, "run").assign_coords(run=["a", "b"])
    frame = simulate.tidy(both, "run", "step")
    assert len(frame) == 14
    assert frame[frame.run == "b"].loss.tolist() == run.loss.values.tolist()
    with pytest.raises(UserError, match="nothing in the recording lies along unit; there is epoch"):
        simulate.tidy(run, "unit")


@pytest.mark.parametrize(
    "attr", [True, None, [1, 2], (), {"a": 1}, np.bool_(True), np.array(["a"]), 2**70]
)
def test_attributes_that_would_not_come_back_are_refused(attr: Any, tmp_path: Any) -> None:
    for dataset in (
        xr.Dataset(attrs={"it": attr}),
        xr.Dataset({"x": xr.Variable((), 1.0, {"it": attr})}),
    ):
        with pytest.raises(UserError, match="attribute 'it'"):
            simulate.save(dataset, tmp_path / "x.nc")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "values", [np.empty(0, "U3"), np.array([None]), np.array([1 + 2j]), np.array([b"a", 3], object)]
)
def test_variables_that_would_not_come_back_are_refused(values: Any, tmp_path: Any) -> None:
    with pytest.raises(UserError, match="variable 'x'"):
        simulate.save(xr.Dataset({"x": ("step", values)}), tmp_path / "x.nc")


def test_nan_and_infinity_come_back(tmp_path: Any) -> None:
    odd = xr.Dataset({"x": ("step", [math.nan, math.inf, -math.inf])}, attrs={"a": math.nan})
    odd.attrs["b"] = -math.inf
    simulate.save(odd, tmp_path / "x.nc")
    back = simulate.load(tmp_path / "x.nc")
    np.testing.assert_array_equal(back.x, odd.x)
    assert math.isnan(back.attrs["a"])
    assert back.attrs["b"] == -math.inf


# ---- errors in words: nothing that is given wrongly reaches the user as something else

TRAIN = {
    "model": [
        None,
        3,
        "net",
        nn.Linear,
        nn.ReLU(),
        nn.LazyLinear(2),
        lambda x: x,
        nn.Linear(4, 2, dtype=torch.cfloat),
        nn.Linear(4, 2, device="meta"),
    ],
    "train": [
        None,
        3,
        "mnist",
        X,
        (X,),
        (X, Y, Y),
        (X, Y[:5]),
        (X[:0], Y[:0]),
        (X, None),
        (None, Y),
        (X, "labels"),
        (X.astype(object), Y),
        (np.array(1.0), Y),
        (X[:, :3], Y),
        (X, Y + 7),
        (X, Y[:, None, None]),
        TensorDataset(TX),
        DataLoader([1, 2, 3]),
        DataLoader([{"x": 1}]),
        DataLoader(TensorDataset(TX[:0], TY[:0])),
        Stream(),
        Dataset(),
        {"x": X, "y": Y},
        [Pairs(), Pairs(), Pairs()],
    ],
    "test": [3, "mnist", (X,), (X, Y[:3]), X, Data(X, Y, X, Y, label="own"), (X[:, :3], Y)],
    "loss": [
        None,
        3,
        "crossentropy",
        nn.CrossEntropyLoss,
        lambda o, t: 3.0,
        lambda o, t: o,
        lambda o: o.mean(),
        lambda o, t: torch.tensor(1.0),
        lambda o, t: None,
        lambda o, t: 1 / 0,
        nn.MSELoss(),
    ],
    "optimizer": [
        None,
        3,
        "adma",
        torch.optim.Optimizer,
        nn.Linear,
        lambda p: None,
        lambda: 3,
        torch.optim.SGD(nn.Linear(4, 2).parameters(), lr=0.1),
        {"name": "sgd"},
    ],
    "lr": ["fast", -0.1, math.nan, math.inf, True, [0.1], {}],
    "schedule": [
        3,
        "cosin",
        torch.optim.lr_scheduler.StepLR,
        lambda: 1.0,
        lambda step: "half",
        lambda step: math.nan,
        lambda step: -1.0,
        torch.optim.lr_scheduler.StepLR(torch.optim.SGD(nn.Linear(1, 1).parameters()), 3),
    ],
    "batch_size": [0, -1, 41, 2.5, "8", True, [8]],
    "steps": [0, -3, 2.5, "6", True, None, [1]],
    "epochs": [3, "2"],
    "seed": [-1, 1.5, "a", None, 2**64, True],
    "record": [3, "loss", ["loss"], [None], {"loss": 1.5}],
    "on_step": [3, "print"],
    "progress": [3],
    "checkpoint": [3, True, [], "/"],
    "backend": [None, "fast", 3, []],
    "device": [None, "gpu", "cuda:9", 3, []],
    "checkpoint_seconds": ["often", -1.0, None, math.nan],
}
WRONG = [(name, value) for name, values in TRAIN.items() for value in values]


@pytest.mark.parametrize(
    ("name", "value"), WRONG, ids=lambda value: re.sub(r" at 0x\w+", "", repr(value))[:40]
)
def test_a_wrong_argument_is_one_line(name: str, value: Any) -> None:
    given = {"model": net(), "train": (X, Y), "steps": 2, "batch_size": 8, name: value}
    if isinstance(value, DataLoader):
        del given["batch_size"]
    with pytest.raises(UserError) as caught:
        simulate.train(given.pop("model"), given.pop("train"), **given)
    said = str(caught.value)
    assert "\n" not in said
    assert 10 < len(said) < 400


def _ends(optimizer: torch.optim.Optimizer) -> Any:
    return torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=3)


def _turns(optimizer: torch.optim.Optimizer) -> Any:
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0 - step)


@pytest.mark.parametrize(
    ("make", "schedule", "said"),
    [
        (torch.optim.Adam, _ends, "schedule OneCycleLR can't go on after step 3 of 6: ValueError"),
        (torch.optim.Adam, _turns, "the learning rate is -0.001 at step 2: see the schedule"),
    ],
)
def test_a_run_that_cannot_go_on_says_why_in_a_line(make: Any, schedule: Any, said: str) -> None:
    model = net()
    optimizer = make(model.parameters())
    with pytest.raises(simulate.RunError, match=re.escape(said)) as caught:
        simulate.train(model, (X, Y), optimizer=optimizer, schedule=schedule(optimizer), steps=6)
    assert "\n" not in str(caught.value)


def test_sparse_gradients_are_taken_where_the_optimizer_takes_them() -> None:
    tokens = torch.arange(40).reshape(20, 2) % 5
    labels = torch.arange(20) % 3
    torch.manual_seed(0)
    model = nn.EmbeddingBag(5, 3, sparse=True)
    plain = nn.EmbeddingBag(5, 3, _weight=model.weight.detach().clone())
    with pytest.raises(simulate.RunError, match="optimizer Adam can't go on after step 0 of 3"):
        simulate.train(model, (tokens, labels), optimizer=torch.optim.Adam, steps=3)
    found, dense = (
        simulate.train(
            each, (tokens, labels), optimizer=torch.optim.SGD, lr=0.5, steps=3,
            record=["scalars", "gradients"],
        )
        for each in (model, plain)
    )  # fmt: skip
    np.testing.assert_allclose(found.loss, dense.loss, rtol=1e-6)
    np.testing.assert_allclose(found.grad_norm, dense.grad_norm, rtol=1e-6)
    np.testing.assert_allclose(found.gradient, dense.gradient, rtol=1e-6)
    np.testing.assert_allclose(model.weight.detach(), plain.weight.detach(), rtol=1e-6)


def test_half_precision_comes_back_as_it_was(tmp_path: Any) -> None:
    model = net().bfloat16()
    run = simulate.train(
        model, (TX.bfloat16(), TY), optimizer=torch.optim.SGD, lr=0.5, steps=3,
        record=["scalars", "parameters", "gradients", simulate.probe("layers", names=["0"])],
    )  # fmt: skip
    simulate.save(run, tmp_path / "half.nc")
    back = simulate.load(tmp_path / "half.nc").params.isel(snapshot=-1).values
    ours = torch.cat([param.detach().flatten() for param in model.parameters()])
    assert torch.equal(torch.from_numpy(back).bfloat16(), ours)
    assert float(run.loss[-1]) < float(run.loss[0])


@pytest.mark.parametrize(
    "arguments",
    [
        (None, (1.0,)),
        ("beale", (1.0,)),
        (lambda theta: theta, (1.0, 2.0)),
        (lambda theta: 3.0, (1.0,)),
        (lambda theta: 1 / 0, (1.0,)),
        (lambda a, b: a, (1.0,)),
        (lambda theta: theta.sum(), ()),
        (lambda theta: theta.sum(), None),
        (lambda theta: theta.sum(), "ab"),
        (lambda theta: theta.sum(), (math.nan,)),
        (lambda theta: theta.sum(), 3),
    ],
)
def test_a_wrong_descent_is_one_line(arguments: tuple) -> None:
    with pytest.raises(UserError) as caught:
        simulate.descend(*arguments, steps=2)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        {"steps": 0},
        {"dtype": "int8"},
        {"dtype": None},
        {"lr": "a"},
        {"optimizer": 3},
        {"steps": "a"},
    ],
)
def test_wrong_settings_of_a_descent_are_one_line(given: dict) -> None:
    with pytest.raises(UserError):
        simulate.descend(lambda theta: (theta**2).sum(), (1.0,), **given)


def test_other_wrong_things_are_one_line(tmp_path: Any) -> None:
    run, model = train(), net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    wrong = [
        lambda: simulate.watch(3, optimizer),  # type: ignore[arg-type]
        lambda: simulate.watch(model, "sgd"),  # type: ignore[arg-type]
        lambda: simulate.watch(model, optimizer, record="loss"),
        lambda: simulate.watch(model, optimizer, examples=3),
        lambda: simulate.save(3, tmp_path / "x.nc"),  # type: ignore[arg-type]
        lambda: simulate.save(run, 3),  # type: ignore[arg-type]
        lambda: simulate.load(3),  # type: ignore[arg-type]
        lambda: simulate.load(tmp_path / "none.nc"),
        lambda: simulate.tidy(3, "step"),  # type: ignore[arg-type]
        lambda: simulate.tidy(run),
        lambda: simulate.restore(model, 3),  # type: ignore[arg-type]
        lambda: simulate.restore(model, run, at=3),
        lambda: simulate.restore(nn.Linear(1, 1), run),
        lambda: simulate.restore(3, run),  # type: ignore[arg-type]
        lambda: simulate.probe(3),  # type: ignore[arg-type]
        lambda: simulate.execute(3),  # type: ignore[arg-type]
        lambda: simulate.steps(model, (X, Y), "sgd", steps=-1),
        lambda: simulate.steps(model, 3, "sgd", steps=1),
    ]
    for call in wrong:
        with pytest.raises(UserError) as caught:
            call()
        assert "\n" not in str(caught.value)
