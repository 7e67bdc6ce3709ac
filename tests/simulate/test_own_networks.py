"""People's own networks through `simulate.train`, whose reference is plain PyTorch in the test."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.utils import parametrizations, prune

import simulate
from simulate import Data, UserError, specs
from simulate.measures import planes
from simulate.optimizers import adam

L, R, S = nn.Linear, nn.ReLU, nn.Sequential


def examples(n: int = 64, k: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, k)).astype("f4")
    return x, (x[:, 0] * x[:, 1] > 0).astype("i8")


X, Y = examples()


def data(x: np.ndarray = X, y: np.ndarray = Y, n_classes: int = 2) -> Data:
    return Data(x_train=x, y_train=y, x_test=x, y_test=y, label="own", n_classes=n_classes)


def net(*layers: nn.Module) -> nn.Sequential:
    return S(*layers) if layers else S(L(4, 8), R(), L(8, 2))


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(0)


def train(model: nn.Module, given: Any, **arguments: Any) -> xr.Dataset:
    return simulate.train(model, given, **{"optimizer": "sgd", "lr": 0.02, **arguments})


def singles(model: nn.Module, backend: str) -> np.ndarray:
    run = train(model, data(), batch_size=1, steps=64, lr=0.1, backend=backend)
    return np.append(run.loss.values[:3], run.attrs["train_loss"])


def flat(model: nn.Module) -> np.ndarray:
    found: np.ndarray = nn.utils.parameters_to_vector(model.parameters()).detach().numpy()
    return found


def at(model: nn.Module, distance: float, x: np.ndarray = X, y: np.ndarray = Y) -> np.ndarray:
    """The plane's value at the centre, and one `distance` along every parameter."""
    here = flat(model)
    along = np.full((2, len(here)), distance, "f4")
    return planes.losses_at(model, here, along, [[0, 0], [1, 0]], "cross_entropy", x, y).losses


def plain(model: nn.Module, x: np.ndarray = X, y: np.ndarray = Y) -> float:
    model.eval()
    with torch.no_grad():
        return cross_entropy(model(torch.tensor(x)), torch.tensor(y)).item()


# ---- kind: a fast path that looks at layers by type takes networks that do more than their layers


def twice() -> nn.Module:
    shared = L(8, 8)
    return S(L(4, 8), R(), shared, R(), shared, R(), L(8, 2))


def tied() -> nn.Module:
    model = S(L(4, 8), R(), L(8, 8), R(), L(8, 8), R(), L(8, 2))
    model[4].weight = model[2].weight
    return model


def hooked_forward() -> nn.Module:
    model = net()
    model[2].register_forward_hook(lambda _, inputs, output: 3 * output)
    return model


def hooked_before() -> nn.Module:
    model = net()
    model[2].register_forward_pre_hook(lambda _, inputs: (inputs[0] + 1,))
    return model


def hooked_backward() -> nn.Module:
    model = net()
    model[1].register_full_backward_hook(lambda _, inputs, outputs: (0.1 * inputs[0],))
    return model


def hooked_whole() -> nn.Module:
    model = net()
    model.register_forward_hook(lambda _, inputs, output: 0.5 * output)
    return model


def hooked_gradient() -> nn.Module:
    model = net()
    for param in model.parameters():
        param.register_hook(lambda g: g.clamp(-1e-4, 1e-4))
    return model


def hooked_accumulation() -> nn.Module:
    model = net()

    def halve(param: torch.Tensor) -> None:
        assert param.grad is not None
        param.grad.mul_(0.5)

    for param in model.parameters():
        param.register_post_accumulate_grad_hook(halve)
    return model


def pruned() -> nn.Module:
    model = net()
    prune.random_unstructured(model[2], "weight", amount=0.5)
    return model


def weight_normed() -> nn.Module:
    return net(L(4, 8), R(), parametrizations.weight_norm(L(8, 2)))


def weight_normed_of_old() -> nn.Module:
    with pytest.warns(FutureWarning):
        return net(L(4, 8), R(), nn.utils.weight_norm(L(8, 2)))


def spectral_normed() -> nn.Module:
    return net(L(4, 8), R(), parametrizations.spectral_norm(L(8, 2)))


def spectral_normed_of_old() -> nn.Module:
    return net(L(4, 8), R(), nn.utils.spectral_norm(L(8, 2)))


class Scaled(S):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 0.1 * super().forward(x)


class Halved(L):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 0.5 * super().forward(x)


def scaled() -> nn.Module:
    return Scaled(*net())


def halved() -> nn.Module:
    return net(L(4, 8), R(), Halved(8, 2))


def patched() -> nn.Module:
    model = net()
    plain = model[2].forward
    model[2].forward = lambda x: 2 * plain(x)  # type: ignore[method-assign]
    return model


def overlapping() -> nn.Module:
    model = net(L(8, 8), R(), L(8, 8), R(), L(8, 2))
    model[2].weight = nn.Parameter(model[0].weight.detach())  # the same memory
    return nn.Sequential(L(4, 8), R(), *model)


NETWORKS = [
    twice,
    tied,
    hooked_forward,
    hooked_before,
    hooked_backward,
    hooked_whole,
    hooked_gradient,
    hooked_accumulation,
    pruned,
    weight_normed,
    weight_normed_of_old,
    spectral_normed,
    spectral_normed_of_old,
    scaled,
    halved,
    patched,
    overlapping,
]


@pytest.mark.parametrize("make", NETWORKS)
def test_auto_trains_the_network_that_eager_trains(make: Callable[[], nn.Module]) -> None:
    torch.manual_seed(0)
    first = singles(make(), "auto")
    torch.manual_seed(0)
    np.testing.assert_allclose(first, singles(make(), "eager"), rtol=1e-4)


@pytest.mark.parametrize("make", NETWORKS)
def test_eager_trains_as_a_plain_loop_does(make: Callable[[], nn.Module]) -> None:
    model = make()
    torch.manual_seed(0)
    other = make()
    other.load_state_dict(model.state_dict())
    run = train(model, data(), batch_size=1, steps=64, lr=0.1)
    optimizer = torch.optim.SGD(other.parameters(), lr=0.1)
    losses = []
    for example in np.random.default_rng([0, 0]).permutation(64):
        optimizer.zero_grad()
        loss = cross_entropy(other(torch.tensor(X[[example]])), torch.tensor(Y[[example]]))
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    np.testing.assert_allclose(run.loss.values[:64], losses, rtol=1e-4, atol=1e-6)
    assert run.attrs["backend"] == "eager"
    assert run.attrs["backend_reason"]


PLAIN = [make for make in NETWORKS if make is not overlapping]  # that is refused


@pytest.mark.parametrize("make", PLAIN)
def test_a_plane_is_the_loss_of_the_whole_network(make: Callable[[], nn.Module]) -> None:
    model = make()
    found = at(model, 0.3)
    assert found[0] == pytest.approx(plain(model), abs=1e-5)
    nn.utils.vector_to_parameters(torch.tensor(flat(model) + 0.3), model.parameters())
    assert found[1] == pytest.approx(plain(model), abs=1e-5)


def test_pruned_weights_train() -> None:
    model = pruned()
    before = model[2].weight_orig.detach().clone()  # type: ignore[index]
    train(model, data(), batch_size=1, steps=50)
    assert (model[2].weight_orig - before).abs().max() > 0  # type: ignore[index]


def test_hooks_of_an_optimizer_are_called() -> None:
    model, calls = net(), []
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    optimizer.register_step_post_hook(lambda *given: calls.append(1))
    run = train(model, data(), optimizer=optimizer, lr=None, batch_size=1, steps=9)
    assert len(calls) == 9
    assert run.attrs["backend_reason"] == "the optimizer has hooks"


def test_what_an_optimizer_does_not_hold_stays() -> None:
    model = net()
    before = model[0].weight.detach().clone()
    optimizer = torch.optim.SGD(model[2].parameters(), lr=0.1)
    train(model, data(), optimizer=optimizer, lr=None, batch_size=1, steps=9)
    assert torch.equal(model[0].weight, before)


# ---- kind: what a network holds besides its parameters


def normed() -> nn.Sequential:
    return net(L(4, 8), nn.BatchNorm1d(8), R(), L(8, 2))


def test_evaluating_and_looking_ahead_do_not_move_batch_statistics() -> None:
    model = normed()
    run = train(model, data(3 + 2 * X), batch_size=16, epochs=2, lr=0.1)
    assert int(model[1].num_batches_tracked) == run.attrs["n_steps"] == 8
    assert float(run.train_loss[-1]) == pytest.approx(run.attrs["train_loss"], abs=1e-6)


def test_snapshots_have_the_statistics_of_their_step() -> None:
    model = normed()
    record = [simulate.probe("parameters", every=4), "scalars", "evaluation"]
    run = train(model, data(3 + 2 * X), batch_size=16, epochs=2, lr=0.1, record=record)
    for place, step in enumerate(run.snapshot.values):
        then = simulate.restore(normed(), run, at=int(step)).eval()
        assert int(then[1].num_batches_tracked) == step
        with torch.no_grad():
            loss = cross_entropy(then(torch.tensor(3 + 2 * X)), torch.tensor(Y)).item()
        assert loss == pytest.approx(float(run.train_loss[place]), abs=1e-6)


def test_a_path_on_a_plane_has_the_losses_of_its_own_statistics() -> None:
    x, model = 3 + 2 * X, normed()
    record = ["scalars", "evaluation", simulate.probe("parameters", every=4)]
    run = train(model, data(x), batch_size=16, epochs=2, lr=0.1, record=record)
    assert run.sizes["snapshot"] == 3
    plane = simulate.loss_plane(model, (x, Y), run=run, kind="pca", points=3)
    np.testing.assert_allclose(plane.path_loss, run.train_loss, atol=1e-5)


def test_a_network_left_in_evaluation_mode_trains_in_training_mode() -> None:
    model = normed().eval()
    train(model, data(), batch_size=16, steps=4)
    assert int(model[1].num_batches_tracked) == 4


def test_a_part_frozen_in_evaluation_mode_stays_so() -> None:
    """Only the user's own choice of modes counts; evaluating and planes put back what was there."""
    model = normed().train()
    model[1].eval()
    train(model, data(), batch_size=16, epochs=2)
    at(model, 0.1)
    assert not model[1].training
    assert model[0].training
    assert int(model[1].num_batches_tracked) == 0


def dropping() -> nn.Sequential:
    return net(L(4, 8), nn.Dropout(0.5), L(8, 2))


def test_dropout_follows_the_seed() -> None:
    model = dropping()
    runs = [train(copy.deepcopy(model), data(), steps=5, seed=seed) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(runs[0].loss, runs[1].loss)
    assert (runs[0].loss != runs[2].loss).any()


def test_what_is_recorded_does_not_change_the_run() -> None:
    model = net(L(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), R(), L(8, 2))
    alone = train(copy.deepcopy(model), data(), batch_size=16, steps=9, record=["scalars"])
    record = ["scalars", "evaluation", "layer_statistics", "dropout_masks", "optimizer_state"]
    seen = train(copy.deepcopy(model), data(), batch_size=16, steps=9, record=record)
    np.testing.assert_array_equal(alone.loss, seen.loss)


def test_training_leaves_torchs_generator_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    with torch.random.fork_rng():
        model = dropping()
    train(model, data(), batch_size=16, steps=5)
    assert torch.rand(1) == expected


# ---- kind: the caller's arrays, and their types


class Centre(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.line = L(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x -= 1
        return self.line(x)


@pytest.mark.parametrize("batch_size", [None, 16])
def test_the_callers_arrays_stay_as_they_are(batch_size: int | None) -> None:
    x, model = X.copy(), Centre()
    still = at(model, 0.0, x)
    assert still[0] == still[1] == pytest.approx(plain(model), abs=1e-5)
    model.train()
    np.testing.assert_array_equal(x, X)
    for given in ((x, Y), (torch.from_numpy(x), torch.from_numpy(Y)), data(x)):
        run = train(model, given, steps=5, batch_size=batch_size)
        np.testing.assert_array_equal(x, X)
        with torch.no_grad():
            loss = cross_entropy(model(torch.tensor(X)), torch.tensor(Y)).item()
        assert run.attrs["train_loss"] == pytest.approx(loss, rel=1e-5)


@pytest.mark.parametrize("kind", ["u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", ">i4"])
def test_any_integer_is_a_token(kind: str) -> None:
    tokens = np.random.default_rng(0).integers(0, 9, (64, 4)).astype(kind)
    model = net(nn.Embedding(9, 3), nn.Flatten(), L(12, 2))
    run = train(model, data(tokens), steps=3)
    found = at(model, 0.0, tokens)[0]
    assert found == pytest.approx(plain(model, tokens.astype("i8")), abs=1e-5)
    with torch.no_grad():
        loss = cross_entropy(model(torch.tensor(tokens.astype("i8"))), torch.tensor(Y)).item()
    assert run.attrs["train_loss"] == pytest.approx(loss, rel=1e-5)


def test_grey_values_become_real() -> None:
    images = np.random.default_rng(0).integers(0, 256, (64, 4)).astype("u1")
    model = net()
    run = train(model, (images, Y), lr=1e-4, steps=3)
    with torch.no_grad():
        loss = cross_entropy(model(torch.tensor(images).float()), torch.tensor(Y)).item()
    assert run.attrs["train_loss"] == pytest.approx(loss, rel=1e-5)


@pytest.mark.parametrize("kind", ["u1", "i1", "u2", "i4", "u4", "i8", "u8", "?", ">i8"])
@pytest.mark.parametrize("batch_size", [1, 16])
def test_any_integer_is_a_label(kind: str, batch_size: int) -> None:
    losses = [
        train(copy.deepcopy(MODEL), data(y=y), steps=3, batch_size=batch_size).loss.values
        for y in (Y, Y.astype(kind))
    ]
    np.testing.assert_array_equal(*losses)
    np.testing.assert_array_equal(at(MODEL, 0.1), at(MODEL, 0.1, y=Y.astype(kind)))


MODEL = net()


def test_images_go_through_a_convolution() -> None:
    images = np.random.default_rng(0).normal(size=(32, 1, 6, 6))
    model = net(nn.Conv2d(1, 3, 3), R(), nn.Flatten(), L(48, 2))
    assert train(model, (images, Y[:32]), steps=3, batch_size=8).sizes["step"] == 4


# ---- kind: measures that hold for some losses and targets only


def test_a_weighted_loss_is_the_same_in_chunks() -> None:
    x, _ = examples(10_000)
    y, weight = (np.arange(10_000) > 5000).astype("i8"), torch.tensor([1.0, 50.0])

    def loss(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return cross_entropy(outputs, targets, weight=weight)

    for given in (loss, nn.CrossEntropyLoss(weight=weight)):
        run = train(net(), data(x, y), steps=1, loss=given)
        assert run.attrs["train_loss"] == pytest.approx(float(run.loss[-1]), rel=1e-5)


def test_ignored_labels_are_left_out() -> None:
    x, _ = examples(10_000)
    y = np.where(np.arange(10_000) % 7 > 4, -100, np.arange(10_000) > 5000).astype("i8")
    y[:4200] = -100
    y[4100] = 1
    model = net()
    run = train(model, (x, y), steps=1)
    with torch.no_grad():
        outputs = model(torch.tensor(x))
    loss = cross_entropy(outputs, torch.tensor(y)).item()
    assert run.attrs["train_loss"] == pytest.approx(loss, rel=1e-5)
    right = (outputs.argmax(1).numpy() == y)[y >= 0].mean()
    assert run.attrs["train_accuracy"] == pytest.approx(right)


def test_soft_targets_have_no_accuracy() -> None:
    soft = np.stack([Y, 1 - Y], 1).astype("f4") * 0.8 + 0.1
    run = train(net(), (X, soft), steps=2)
    assert "train_accuracy" not in run.attrs
    assert run.attrs["train_loss"] == pytest.approx(float(run.loss[-1]), rel=1e-5)


class One(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.line = L(4, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.line(x).squeeze(1)


@pytest.mark.parametrize("kind", ["f4", "i8", "?"])
def test_accuracy_of_one_output_is_not_zero(kind: str) -> None:
    y = (X[:, 0] > 0).astype(kind)
    for loss in (nn.functional.binary_cross_entropy_with_logits, "binary_cross_entropy"):
        run = train(One(), data(y=y), optimizer="adam", lr=0.1, epochs=200, loss=loss)
        assert run.attrs["train_accuracy"] > 0.95
        assert float(run.train_accuracy[-1]) == run.attrs["train_accuracy"]


def test_accuracy_of_one_output_is_absent_where_nothing_says_what_is_right() -> None:
    y = (X[:, 0] > 0).astype("f4")
    run = train(One(), data(y=y), epochs=2, loss=lambda o, t: (o - t).abs().mean())
    assert "train_accuracy" not in run.attrs


# ---- kind: errors in words


@pytest.mark.parametrize("points", [np.arange(5.0)[:, None], np.full((4, 4), np.nan)])
def test_a_path_without_a_plane_says_so(points: np.ndarray) -> None:
    with pytest.raises(UserError, match=r"a plane needs 2 parameters|isn't finite"):
        simulate.pca_plane(points)


def test_nan_in_the_data_is_not_blamed_on_the_rate() -> None:
    x = X.copy()
    x[3, 0] = np.nan
    for batch_size in (None, 1, 16):
        with pytest.raises(simulate.RunError, match="inputs of its training examples") as caught:
            train(net(), data(x), epochs=1, batch_size=batch_size)
        assert "smaller" not in str(caught.value)


def test_labels_without_an_output_are_one_line() -> None:
    for batch_size in (1, 16):
        with pytest.raises(UserError, match="the loss can't take outputs of shape"):
            train(net(), data(y=Y + 5), epochs=1, batch_size=batch_size)


# ---- kind: what is walked together


def test_racers_do_not_influence_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that reads the size of the whole tensor must not see its neighbours."""
    row = dataclasses.replace(adam.OPTIMIZER, build=torch.optim.Adafactor, defaults={"lr": 0.05})
    monkeypatch.setattr(adam, "OPTIMIZER", row)
    lanes = [
        specs.Descend(surface=surface, optimizer=specs.Optimizer(name="adam"), steps=50)
        for surface in ("beale", "himmelblau")
    ]
    for lane, raced in zip(lanes, simulate.race(lanes), strict=True):
        alone = simulate.execute(lane)
        np.testing.assert_allclose(raced.theta[-1], alone.theta[-1], atol=1e-9)
