"""Loss planes: the plain loop in the test is the reference, for whatever a network may be."""

from __future__ import annotations

import copy
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr
from torch import nn
from torch.nn import functional
from torch.nn.utils import parametrizations, prune
from torch.utils.data import DataLoader, IterableDataset, TensorDataset

import simulate
from simulate.data._base import Data
from simulate.errors import UserError
from simulate.measures import _compiled, _ways, planes
from simulate.models import _base as models
from simulate.registry import PROJECT

N_EXAMPLES = 37
BACKENDS = ("auto", "copies", "plain")
L, R, S = nn.Linear, nn.ReLU, nn.Sequential


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def _flat(model: nn.Module) -> np.ndarray:
    with torch.no_grad():
        return torch.cat([param.flatten() for param in model.parameters()]).numpy().copy()


def _examples(width: int = 6, n_classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(N_EXAMPLES, width)).astype(np.float32)
    return x, rng.integers(n_classes, size=N_EXAMPLES)


def _by_hand(
    model: nn.Module, params: np.ndarray, x: Any, y: Any, loss: Callable = functional.cross_entropy
) -> float:
    """The loss at some parameters: load them, evaluate, put back; nothing of ours takes part."""
    before, modes = _flat(model), {m: m.training for m in model.modules()}
    buffers = [(buffer, buffer.clone()) for buffer in model.buffers()]
    calls = getattr(model, "calls", None)
    with torch.no_grad():
        _load(model, params)
        model.eval()
        value = float(loss(model(torch.tensor(x)), torch.tensor(y)))
        _load(model, before)
        for buffer, kept in buffers:
            buffer.copy_(kept)
    for module, mode in modes.items():
        module.training = mode
    if calls is not None:
        model.calls = calls
    return value


def _load(model: nn.Module, params: np.ndarray) -> None:
    at = 0
    for param in model.parameters():
        part = torch.from_numpy(params[at : at + param.numel()].astype(np.float64))
        param.data.copy_(part.view(param.shape))
        at += param.numel()


def _state(model: nn.Module) -> dict[str, Any]:
    found: dict[str, Any] = {k: v.clone() for k, v in model.state_dict().items()}
    for name, module in model.named_modules():
        found[f"{name} mode"] = torch.tensor(module.training)
        for key, value in vars(module).items():
            if isinstance(value, torch.Tensor):
                found[f"{name} {key}"] = value.detach().clone()
    return found


def _same(state: dict[str, Any], other: dict[str, Any]) -> bool:
    return state.keys() == other.keys() and all(torch.equal(state[k], other[k]) for k in state)


# ------------------------------------------------------------------ networks of every kind


class _Convolutions(nn.Module):
    """Anything but a chain: a convolution, batch normalisation, a branch."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(1, 4, 3)
        self.norm = nn.BatchNorm1d(4)
        self.out = nn.Linear(16, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        hidden = torch.relu(self.norm(self.conv(x[:, None])))
        return self.out(hidden.flatten(1)) + x[:, :3]


class _Attention(nn.Module):
    """A transformer's encoder layer over three tokens of two numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.block = nn.TransformerEncoderLayer(2, 1, 8, dropout=0.0, batch_first=True)
        self.out = nn.Linear(6, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(self.block(x.unflatten(1, (3, 2))).flatten(1))


class _Scaled(S):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 0.1 * super().forward(x)


class _Centre(nn.Module):
    """Changes what it is given in place."""

    def __init__(self) -> None:
        super().__init__()
        self.line = L(6, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x -= 1
        return self.line(x)


class _Counting(nn.Module):
    """Keeps state of two kinds that evaluation moves: a buffer and a number."""

    def __init__(self) -> None:
        super().__init__()
        self.line = L(6, 3)
        self.register_buffer("shift", torch.zeros(1))
        self.calls = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.shift += 0.1
        self.calls += 1
        return self.line(x) * (1 + self.calls) + self.shift * torch.arange(3)


class _Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.out = L(6, 6), L(6, 6), L(6, 3)
        self.second.weight = self.first.weight

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(torch.relu(self.second(torch.relu(self.first(x)))))


def _net() -> nn.Sequential:
    return S(L(6, 8), R(), L(8, 3))


def _with(change: Callable[[nn.Sequential], object]) -> Callable[[], nn.Module]:
    def make() -> nn.Module:
        model = _net()
        change(model)
        return model

    return make


def _twice() -> nn.Module:
    shared = L(8, 8)
    return S(L(6, 8), R(), shared, R(), shared, R(), L(8, 3))


def _twice_a_weight() -> nn.Module:
    model = S(L(6, 8), R(), L(8, 8), R(), L(8, 8), R(), L(8, 3))
    model[4].weight = model[2].weight
    return model


def _used(model: nn.Module) -> nn.Module:
    """After a step of training: batch statistics have moved, old weight norms keep a weight."""
    functional.cross_entropy(model(torch.randn(20, 6) + 1), torch.randint(3, (20,))).backward()
    return model


def _closure() -> nn.Module:
    """Its first layer is called through a function that knows this very network."""
    model = _net()
    own = model[0]
    model[0].forward = lambda x: functional.linear(x, own.weight, own.bias) + 1  # type: ignore[method-assign]
    return model


def _method() -> nn.Module:
    model = _net()
    own = model.forward
    model.forward = types.MethodType(lambda self, x: 2 * own(x), model)  # type: ignore[method-assign]
    return model


def _captured() -> nn.Module:
    """A copy of it goes on calling the first one's layer."""

    class Captured(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.line = L(6, 3)
            line = self.line
            self.call = lambda x: line(x)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.call(x)

    return Captured()


def _triple(module: nn.Module, inputs: Any, output: torch.Tensor) -> torch.Tensor:
    return 3 * output


# name -> (network, the way it is computed, part of the reason)
KINDS: dict[str, tuple[Callable[[], nn.Module], str, str]] = {
    "plain": (_net, "compiled", "plain layers"),
    "without biases": (lambda: S(L(6, 4, bias=False), R(), L(4, 3)), "compiled", ""),
    "one layer": (lambda: S(L(6, 3)), "compiled", ""),
    "four layers": (
        lambda: models.make("mlp", {"widths": [6, 8, 7, 5, 3], "activation": "tanh"}),
        "compiled",
        "",
    ),
    "wide": (lambda: S(S(L(6, 70), R()), L(70, 3)), "compiled", ""),
    "convolutions in a row": (
        lambda: S(nn.Unflatten(1, (1, 6)), nn.Conv1d(1, 4, 3), R(), nn.Flatten(), L(16, 3)),
        "compiled",
        "",
    ),
    "begins with no layer": (
        lambda: S(nn.Dropout(), nn.Flatten(), R(), L(6, 5), nn.Sigmoid(), L(5, 3)),
        "compiled",
        "",
    ),
    "in place": (
        lambda: S(nn.ReLU(inplace=True), L(6, 3), nn.LeakyReLU(0.3, inplace=True)),
        "compiled",
        "",
    ),
    "own forward": (_Convolutions, "copies", "a forward of its own"),
    "attention": (_Attention, "copies", "a forward of its own"),
    "subclass of a sequence": (lambda: _Scaled(*_net()), "copies", "_Scaled has a forward"),
    "subclass inside": (lambda: S(_Scaled(L(6, 4)), L(4, 3)), "copies", "_Scaled is none of"),
    "tied weights": (_Tied, "copies", "a forward of its own"),
    "a layer twice": (_twice, "copies", "layers are shared"),
    "a weight twice": (_twice_a_weight, "copies", "shared"),
    "forward hook": (
        _with(lambda m: m[2].register_forward_hook(_triple)),
        "plain",
        "Linear '2' has hooks",
    ),
    "hook of the whole": (
        _with(lambda m: m.register_forward_hook(_triple)),
        "plain",
        "Sequential has hooks",
    ),
    "pre-hook": (
        _with(lambda m: m[2].register_forward_pre_hook(lambda _, x: (x[0] + 1,))),
        "plain",
        "has hooks",
    ),
    "backward hook": (
        _with(lambda m: m[2].register_full_backward_hook(lambda *_: None)),
        "plain",
        "has hooks",
    ),
    "pruned": (
        _with(lambda m: prune.random_unstructured(m[2], "weight", amount=0.5)),
        "plain",
        "has hooks",
    ),
    "old weight norm": (_with(lambda m: torch.nn.utils.weight_norm(m[0])), "plain", "has hooks"),
    "used old weight norm": (
        lambda: _used(S(torch.nn.utils.weight_norm(L(6, 8)), R(), L(8, 3))),
        "plain",
        "hooks",
    ),
    "weight norm": (_with(lambda m: parametrizations.weight_norm(m[0])), "copies", "parametrized"),
    "old spectral norm": (
        lambda: _used(S(torch.nn.utils.spectral_norm(L(6, 8)), R(), L(8, 3))),
        "plain",
        "hooks",
    ),
    "spectral norm": (
        lambda: _used(S(parametrizations.spectral_norm(L(6, 8)), R(), L(8, 3))),
        "copies",
        "parametrized",
    ),
    "forward of one layer": (_closure, "plain", "Linear '0' has a forward of its own"),
    "forward of one network": (_method, "plain", "Sequential has a forward of its own"),
    "captured layer": (_captured, "plain", "a copy of the network computes something else"),
    "batch norm": (
        lambda: _used(S(L(6, 8), nn.BatchNorm1d(8), R(), L(8, 3))),
        "copies",
        "BatchNorm1d is none",
    ),
    "norm over the batch": (
        lambda: S(L(6, 8), nn.BatchNorm1d(8, track_running_stats=False), R(), L(8, 3)),
        "copies",
        "depend on the others",
    ),
    "dropout": (lambda: S(L(6, 8), nn.Dropout(0.5), L(8, 3)), "compiled", ""),
    "changes its inputs": (_Centre, "copies", "a forward of its own"),
    "counts": (_Counting, "copies", "a forward of its own"),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> tuple[nn.Module, str, str]:
    make, way, reason = KINDS[request.param]
    return make(), way, reason


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
class TestEveryKind:
    @pytest.mark.parametrize("backend", BACKENDS)
    def test_a_plane_equals_a_plain_loop(self, kind: Any, backend: str) -> None:
        """On a grid that isn't square, over ranges that contain 0."""
        model, way, _ = kind
        if backend == "copies" and way == "plain":
            pytest.skip("copies are refused")
        x, y = _examples()
        origin, directions = _flat(model), planes.random_directions(model)
        found = planes.loss_plane(model, (x, y), points=(5, 3), reach=0.7, backend=backend)
        assert found.loss.shape == (3, 5)
        for j, b in enumerate(np.linspace(-0.7, 0.7, 3)):
            for i, a in enumerate(np.linspace(-0.7, 0.7, 5)):
                point = origin + a * directions[0] + b * directions[1]
                assert found.loss[j, i] == pytest.approx(_by_hand(model, point, x, y), rel=1e-5)
        assert found.attrs["trained_loss"] == pytest.approx(_by_hand(model, origin, x, y), rel=1e-5)

    def test_the_way_taken_and_why(self, kind: Any) -> None:
        model, way, reason = kind
        found = planes.loss_plane(model, _examples(), points=2).attrs
        assert found["backend"] == way
        assert reason in found["backend_reason"]

    def test_a_way_that_is_not_the_same_is_refused(self, kind: Any) -> None:
        model, way, _ = kind
        refused = {"compiled": (), "copies": ("compiled",), "plain": ("compiled", "copies")}[way]
        for backend in refused:
            with pytest.raises(UserError, match=f"the {backend} way can't compute this plane"):
                planes.loss_plane(model, _examples(), points=2, backend=backend)

    @pytest.mark.parametrize("backend", BACKENDS)
    def test_everything_is_left_as_it_was(self, kind: Any, backend: str) -> None:
        model, way, _ = kind
        if backend == "copies" and way == "plain":
            pytest.skip("copies are refused")
        model.train()
        next(m for m in model.modules() if not list(m.children())).eval()  # one part frozen
        x, y = _examples()
        before, calls, drawn = _state(model), getattr(model, "calls", 0), torch.get_rng_state()
        threads = torch.get_num_threads()
        planes.loss_plane(model, (x, y), points=2, backend=backend)
        assert _same(before, _state(model))
        assert getattr(model, "calls", 0) == calls
        assert torch.equal(torch.get_rng_state(), drawn)
        assert torch.get_num_threads() == threads
        np.testing.assert_array_equal(x, _examples()[0])
        np.testing.assert_array_equal(y, _examples()[1])

    def test_the_number_of_threads_changes_no_bit(self, kind: Any) -> None:
        model, _, _ = kind
        usual = torch.get_num_threads()
        found = []
        try:
            for n_threads in (1, 2, 3):
                torch.set_num_threads(n_threads)
                found.append(planes.loss_plane(model, _examples(), points=5).loss.values)
        finally:
            torch.set_num_threads(usual)
        np.testing.assert_array_equal(found[0], found[1])
        np.testing.assert_array_equal(found[0], found[2])


def test_a_hook_for_all_modules_is_seen() -> None:
    model = _net()
    plain = planes.loss_plane(model, _examples(), points=2)
    with torch.nn.modules.module.register_module_forward_hook(
        lambda module, _, output: 2 * output if module is model else None
    ):
        found = planes.loss_plane(model, _examples(), points=2)
    assert found.attrs["backend_reason"] == "hooks are registered for all modules"
    assert not np.allclose(found.loss, plain.loss)


def test_a_mode_of_the_callers_thread_is_seen() -> None:
    """Automatic mixed precision holds in one thread: neither compiled code nor copies have it."""
    model, (x, y) = S(L(6, 64), R(), L(64, 3)), _examples()
    with torch.autocast("cpu", torch.bfloat16), torch.no_grad():
        found = planes.loss_plane(model, (x, y), points=1)
        own = functional.cross_entropy(model(torch.tensor(x)), torch.tensor(y)).item()
    assert found.attrs["backend"] == "plain"
    assert found.loss.item() == pytest.approx(
        _by_hand(model, _flat(model) - planes.random_directions(model).sum(0), x, y), rel=0.02
    )
    assert found.attrs["trained_loss"] == pytest.approx(own, abs=1e-6)


def test_a_network_that_draws_numbers_draws_the_same_everywhere() -> None:
    class Noisy(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.line = L(6, 3)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return functional.dropout(self.line(x), 0.5, training=True)

    model = Noisy()
    first, again = (planes.loss_plane(model, _examples(), points=3) for _ in "ab")
    assert "draws random numbers" in first.attrs["backend_reason"]
    np.testing.assert_array_equal(first.loss, again.loss)
    assert first.loss[1, 1] == first.attrs["trained_loss"]


def test_a_failing_network_is_one_line_and_left_as_it_was() -> None:
    class Failing(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.line, self.norm = L(6, 3), nn.BatchNorm1d(3)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            if len(x) > 16:
                raise ValueError("too many\nexamples")
            return self.norm(self.line(x))

    model = Failing()
    before = _state(model)
    with pytest.raises(UserError, match=r"can't take x of shape \(37, 6\).*ValueError: too many$"):
        planes.loss_plane(model, _examples(), points=2, backend="plain")
    assert _same(before, _state(model))
    with pytest.raises(UserError, match=r"x of shape \(37, 5\), torch.float32"):
        planes.loss_plane(_net(), _examples(5), points=2)


def test_a_network_that_needs_all_examples_gets_them() -> None:
    class Whole(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.line = L(6, 3)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.line(x.view(N_EXAMPLES, 2, 3).flatten(1))

    model, (x, y) = Whole(), _examples()
    found = planes.loss_plane(model, (x, y), points=1, reach=0.0)
    assert found.loss.item() == pytest.approx(_by_hand(model, _flat(model), x, y))
    assert "can't take a few examples alone" in found.attrs["backend_reason"]


def test_examples_that_depend_on_each_other_are_not_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_ways, "_CHUNK", 60)  # ten examples
    for make in (KINDS["norm over the batch"][0], KINDS["own forward"][0]):
        model, (x, y) = make(), _examples()
        for backend in ("auto", "plain"):
            found = planes.loss_plane(model, (x, y), points=1, reach=0.0, backend=backend)
            assert found.loss.item() == pytest.approx(_by_hand(model, _flat(model), x, y), rel=1e-5)


def test_parameters_that_share_memory_are_refused() -> None:
    model = S(L(6, 6), L(6, 6), L(6, 3))
    model[1].weight.data = model[0].weight.data
    with pytest.raises(UserError, match="share memory"):
        planes.loss_plane(model, _examples(), points=2)
    flat = S(L(6, 8), R(), L(8, 3))
    vector = nn.utils.parameters_to_vector(flat.parameters())
    nn.utils.vector_to_parameters(vector, flat.parameters())  # views of one vector, side by side
    assert planes.loss_plane(flat, _examples(), points=2).attrs["backend"] == "compiled"


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.float16])
def test_other_precisions(dtype: torch.dtype) -> None:
    model, (x, y) = _net().to(dtype), _examples()
    found = planes.loss_plane(model, (x, y), points=3)
    assert found.attrs["backend_reason"] == "weights or inputs are not float32"
    with torch.no_grad():
        own = functional.cross_entropy(model(torch.tensor(x).to(dtype)), torch.tensor(y)).item()
    assert found.attrs["trained_loss"] == own
    assert found.loss[1, 1] == own


# ---------------------------------------------------------- compiled equals plain, at random


def _random_network(rng: np.random.Generator) -> tuple[nn.Sequential, tuple[int, ...]]:
    """Draw layers until there are enough; return them and the shape of an example."""

    def pick(*values: Any) -> Any:
        return values[rng.integers(len(values))]

    def activation() -> list[nn.Module]:
        choice = pick(
            R(), nn.Tanh(), nn.Sigmoid(), nn.LeakyReLU(0.2), nn.Identity(), nn.Dropout(), None
        )
        return [] if choice is None else [choice]

    layers: list[nn.Module] = []
    shape: tuple[int, ...] = (int(rng.integers(1, 90)),)
    n_axes = int(pick(0, 0, 1, 2, 3))
    if n_axes:
        shape = (int(pick(1, 2, 4)), *(int(n) for n in rng.integers(5, 9, n_axes)))
        example = torch.zeros(1, *shape)
        convolution = (nn.Conv1d, nn.Conv2d, nn.Conv3d)[n_axes - 1]
        pool = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)[n_axes - 1]
        for _ in range(rng.integers(1, 4)):
            channels = example.shape[1]
            groups = int(pick(1, 1, channels))
            layer = convolution(
                channels,
                groups * int(rng.integers(1, 5)),
                int(pick(1, 2, 3)),
                stride=int(pick(1, 1, 2)),
                padding=int(pick(0, 1, 2)),
                dilation=int(pick(1, 1, 2)),
                groups=groups,
                bias=pick(True, False),
            )
            more: list[nn.Module] = [layer, *activation()]
            if pick(True, False):
                more.append(pool(2, stride=int(pick(1, 2))))
            try:
                example = S(*more).eval()(example)
            except RuntimeError:  # larger than what is left
                break
            layers += more
        layers.append(nn.Flatten())
        width = example[0].numel()
    else:
        layers += activation()
        width = shape[0]
    for _ in range(rng.integers(0, 4)):
        n_out = int(rng.integers(1, 40))
        layers += [L(width, n_out, bias=pick(True, False)), *activation()]
        width = n_out
    return S(*layers, L(width, int(rng.integers(2, 12)))), shape


@pytest.mark.parametrize("seed", range(40))
def test_compiled_networks_are_the_plain_ones(seed: int) -> None:
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    model, shape = _random_network(rng)
    n = int(rng.choice([1, 2, 47, 48, 97, 300]))
    x = (3 * rng.normal(size=(n, *shape))).astype(np.float32)
    n_out = model[-1].out_features
    y = rng.integers(n_out, size=n)
    origin, directions = _flat(model), rng.normal(size=(2, len(_flat(model)))).astype(np.float32)
    at = rng.normal(size=(5, 2))

    def squares(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return (outputs.mean(1) - targets).square().mean()

    for loss in ("cross_entropy", squares):
        fast, plain = (
            planes.losses_at(model, origin, directions, at, loss, x, y, backend=backend)
            for backend in ("compiled", "plain")
        )
        np.testing.assert_allclose(fast.losses, plain.losses, rtol=2e-5)


EXTRAS: dict[str, Callable[[nn.Sequential], nn.Module]] = {
    "hook": lambda m: m[-1].register_forward_hook(_triple) and m,
    "subclass": lambda m: _Scaled(*m),
    "softplus": lambda m: m.append(nn.Softplus()),
    "norm": lambda m: m.append(nn.LayerNorm(m[-1].out_features)),
    "weight norm": lambda m: parametrizations.weight_norm(m[-1]) and m,
    "pruned": lambda m: prune.l1_unstructured(m[-1], "weight", 1) and m,
    "own forward": lambda m: _Outer(m),
}


class _Outer(nn.Module):
    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.inner(x).exp().clamp(max=3)


@pytest.mark.parametrize("extra", EXTRAS)
@pytest.mark.parametrize("seed", range(4))
def test_networks_that_do_more_take_another_way(seed: int, extra: str) -> None:
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    model, shape = _random_network(rng)
    n_out = model[-1].out_features
    model = EXTRAS[extra](model)
    x = rng.normal(size=(50, *shape)).astype(np.float32)
    y = rng.integers(n_out, size=50)
    found = planes.loss_plane(model, (x, y), points=(3, 1))
    assert found.attrs["backend"] != "compiled"
    origin, directions = _flat(model), planes.random_directions(model)
    point = origin - directions[0] - directions[1]
    assert found.loss[0, 0] == pytest.approx(_by_hand(model, point, x, y), rel=1e-4)


def test_compiled_code_that_computes_something_else_is_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever may be wrong with it on some processor: the first examples tell."""
    honest = _compiled.Program.outputs
    monkeypatch.setattr(
        _compiled.Program, "outputs", lambda *args: honest(*args) * np.float32(1.001)
    )
    found = planes.loss_plane(_net(), _examples(), points=2).attrs
    assert found["backend"] == "copies"
    assert "disagree" in found["backend_reason"]


def test_extreme_logits() -> None:
    """exp at both ends, infinities, NaN: as torch has them."""
    cases = torch.tensor(
        [
            [0.0, 0.0, 0.0], [1000.0, -1000.0, 0.0], [-87.5, 0.0, 88.5], [-1e30, 1e30, 3.0],
            [float("-inf"), 0.0, 1.0], [float("nan"), 0.0, 1.0], [float("inf"), 0.0, 1.0],
        ]
    )  # fmt: skip
    model = S(nn.Identity(), L(3, 3, bias=False))
    model[1].weight.data = torch.eye(3)
    program = _compiled.compile(list(model), (3,))
    assert isinstance(program, _compiled.Program)
    frame = program.packed(_flat(model)[None])
    for row in cases:
        # an identity matrix multiplies infinities by 0, so logits go in as the weight instead
        for label in range(3):
            weight = S(L(1, 3, bias=False))
            weight[0].weight.data = row[:, None].clone()
            single = _compiled.compile(list(weight), (1,))
            assert isinstance(single, _compiled.Program)
            found = single.cross_entropies(
                single.packed(_flat(weight)[None]), None, np.ones((1, 1), np.float32),
                np.array([label]),
            )  # fmt: skip
            expected = functional.cross_entropy(row[None], torch.tensor([label])).item()
            np.testing.assert_allclose(found[0], expected, rtol=1e-6, atol=1e-7)
    assert frame.shape[0] == 1


def test_a_pool_lets_nan_through() -> None:
    x = np.array([[1, np.nan, 3, 2], [np.nan, 0, -1, -2], [-np.inf, 4, np.inf, 0]], np.float32)
    program = _compiled.compile([nn.Unflatten(1, (1, 4)), nn.MaxPool1d(2)], (4,))
    assert isinstance(program, _compiled.Program)
    found = program.outputs(np.zeros((1, 0), np.float32), None, x)[0]
    expected = nn.MaxPool1d(2)(torch.tensor(x)[:, None]).flatten(1)
    np.testing.assert_array_equal(found, expected)


def test_the_docs_name_every_layer_that_is_compiled() -> None:
    said = (PROJECT / "docs" / "fast_paths.md").read_text(encoding="utf-8")
    (line,) = [line for line in said.splitlines() if line.startswith("| other layers than")]
    named = line.replace("`Conv1d`–`3d`", "Conv1d Conv2d Conv3d").replace(
        "`MaxPool1d`–`3d`", "MaxPool1d MaxPool2d MaxPool3d"
    )
    layers = (*_compiled.CONVOLUTIONS, *_compiled.POOLS, *_compiled.ACTIVATIONS)
    for layer in (*layers, nn.Linear, nn.Flatten, nn.Unflatten, nn.Identity):
        assert layer.__name__ in named
    assert all(layer is nn.Identity or "Dropout" in layer.__name__ for layer in _compiled.IDLE)


def test_functions_of_their_own_are_as_exact_as_float32() -> None:
    x = np.concatenate(
        [np.linspace(-100, 100, 4001), np.geomspace(1e-6, 1, 200), [np.inf, -np.inf, np.nan]]
    )
    x = x.astype(np.float32)
    with np.errstate(over="ignore"):
        for layer, exact in (
            (nn.Tanh(), np.tanh(x.astype(float))),
            (nn.Sigmoid(), 1 / (1 + np.exp(-x.astype(float)))),
        ):
            program = _compiled.compile([layer], (1,))
            assert isinstance(program, _compiled.Program)
            found = program.outputs(np.zeros((1, 0), np.float32), None, x[:, None])[0, :, 0]
            np.testing.assert_allclose(found, exact, rtol=3e-7, atol=1e-37)


# --------------------------------------------------------------------------------- losses


def _losses() -> dict[str, tuple[Any, Any]]:
    rng = np.random.default_rng(5)
    labels = rng.integers(3, size=N_EXAMPLES)
    some = labels.copy()
    some[::3] = -100
    soft = rng.dirichlet(np.ones(3), N_EXAMPLES).astype(np.float32)
    weight = torch.tensor([1.0, 50.0, 0.1])
    return {
        "ignored labels": ("cross_entropy", some),
        "another ignored label": (nn.CrossEntropyLoss(ignore_index=1), labels),
        "soft targets": ("cross_entropy", soft),
        "weights": (nn.CrossEntropyLoss(weight=weight), labels),
        "smoothing": (nn.CrossEntropyLoss(label_smoothing=0.2), labels),
        "a sum": (nn.CrossEntropyLoss(reduction="sum"), labels),
        "a module": (nn.CrossEntropyLoss(), labels),
        "a function": (lambda outputs, y: (outputs[:, 0] - y).abs().max(), labels),
        "a Python number": (lambda outputs, y: float(outputs.sum()), labels),
        "squares": ("mse", soft),
    }


@pytest.mark.parametrize("name", _losses())
@pytest.mark.parametrize("kind_name", ["plain", "own forward", "forward hook"])
def test_any_loss_is_that_of_all_examples(
    name: str, kind_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_ways, "_CHUNK", 60)
    monkeypatch.setattr(_ways, "_OUTPUTS", 4 * 3 * N_EXAMPLES)
    loss, y = _losses()[name]
    x = _examples()[0]
    model = KINDS[kind_name][0]()
    named = {"cross_entropy": functional.cross_entropy, "mse": functional.mse_loss}
    function = named[loss] if isinstance(loss, str) else loss
    origin, directions = _flat(model), planes.random_directions(model)
    found = planes.loss_plane(model, (x, y), loss, points=(3, 2))
    for j, b in enumerate((-1, 1)):
        for i, a in enumerate((-1, 0, 1)):
            point = origin + a * directions[0] + b * directions[1]
            expected = _by_hand(model, point, x, y, function)
            assert found.loss[j, i] == pytest.approx(expected, rel=2e-5)


def test_a_loss_that_looks_at_the_network_sees_it_moved() -> None:
    model, (x, y) = _net(), _examples()

    def decayed(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        sizes = sum(param.square().sum() for param in model.parameters())
        return functional.cross_entropy(outputs, targets) + 0.1 * sizes

    found = planes.loss_plane(model, (x, y), decayed, points=2)
    point = _flat(model) - planes.random_directions(model).sum(0)
    assert found.loss[0, 0] == pytest.approx(_by_hand(model, point, x, y, decayed), rel=1e-5)
    assert "more than outputs" in found.attrs["backend_reason"]


def test_a_loss_of_many_numbers_is_refused() -> None:
    with pytest.raises(UserError, match=r"the loss returns shape \(16,\); it must be one number"):
        planes.loss_plane(_net(), _examples(), nn.CrossEntropyLoss(reduction="none"), points=2)


# ----------------------------------------------------------------------------------- data


@pytest.mark.parametrize("dtype", ["u1", "i1", "i4", "u2", "i8", "?"])
def test_any_integer_is_a_label(dtype: str) -> None:
    model, (x, y) = S(L(6, 8), R(), L(8, 2)), _examples(n_classes=2)
    found = planes.loss_plane(model, (x, y.astype(dtype)), points=2)
    np.testing.assert_array_equal(found.loss, planes.loss_plane(model, (x, y), points=2).loss)


@pytest.mark.parametrize("dtype", ["u1", "i4", "i8"])
def test_tokens_stay_integers(dtype: str) -> None:
    tokens = np.random.default_rng(0).integers(0, 9, (N_EXAMPLES, 4)).astype(dtype)
    model = S(nn.Embedding(9, 3), nn.Flatten(), L(12, 3))
    found = planes.loss_plane(model, (tokens, _examples()[1]), points=1, reach=0.0)
    own = _by_hand(model, _flat(model), tokens.astype("i8"), _examples()[1])
    assert found.loss.item() == pytest.approx(own, abs=1e-6)


def test_pixels_may_be_bytes() -> None:
    class Pixels(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.line = L(6, 3)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.line(x / 255)

    x = np.random.default_rng(0).integers(0, 255, (N_EXAMPLES, 6)).astype("u1")
    model = Pixels()
    found = planes.loss_plane(model, (x, _examples()[1]), points=1, reach=0.0)
    assert found.loss.item() == pytest.approx(_by_hand(model, _flat(model), x, _examples()[1]))


class _Stream(IterableDataset):
    def __init__(self, pairs: TensorDataset) -> None:
        self._pairs = pairs

    def __iter__(self) -> Iterator:
        return iter(self._pairs)


def test_examples_come_in_several_forms() -> None:
    model, (x, y) = _net(), _examples()
    expected = planes.loss_plane(model, (x, y), points=2).loss
    data = Data(x_train=x, y_train=y, x_test=x[:1], y_test=y[:1], label="own", n_classes=3)
    pairs = TensorDataset(torch.tensor(x), torch.tensor(y))
    forms = [
        data, [torch.tensor(x), torch.tensor(y)], (x[::-1][::-1], y), (x.astype("f8"), y), pairs,
        DataLoader(pairs, batch_size=5), DataLoader(_Stream(pairs), batch_size=5),
    ]  # fmt: skip
    for form in forms:
        np.testing.assert_array_equal(planes.loss_plane(model, form, points=2).loss, expected)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda x, y: (x[:0], y[:0]), "no examples"),
        (
            lambda x, y: DataLoader([((a, a), b) for a, b in zip(x, y, strict=True)]),
            "several inputs",
        ),
        (lambda x, y: (x, y[:5]), "has 37 examples and y of data has 5"),
        (
            lambda x, y: (np.where(np.arange(37)[:, None] == 4, np.nan, x), y),
            "inputs of data are NaN in 1 of 37 examples, first in number 4",
        ),
        (lambda x, y: (x, np.where(y > 1, np.nan, 1.0)), "targets of data are NaN in"),
        (lambda x, y: (x, y + 1), "can't take x .*Target 3 is out of bounds"),
        (lambda x, y: (np.array(["a"] * 37), y), "not an array or tensor of numbers"),
        (lambda x, y: x, "data is a ndarray; it takes a pair"),
    ],
)  # fmt: skip
def test_data_that_can_not_be_is_one_line(change: Callable, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        planes.loss_plane(_net(), change(*_examples()), points=2)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"points": 0}, "points is 0"),
        ({"points": (2, 3, 4)}, "points is a tuple of 3"),
        ({"points": 2.5}, "points is 2.5"),
        ({"points": (2, "a")}, "points is 'a'"),
        ({"reach": "far"}, "reach is 'far'; it takes a finite number"),
        ({"margin": float("nan")}, "margin is nan"),
        ({"seed": -1}, "seed is -1"),
        ({"device": "tpu"}, "no device is called 'tpu'"),
        ({"kind": "ica"}, "kind is 'ica'; there is random, pca"),
        ({"kind": "pca"}, "run is None"),
        ({"run": 3}, "run has no params"),
        ({"backend": "fast"}, "no backend is called 'fast'"),
        ({"loss": "hinges"}, "no loss is called"),
    ],
)
def test_arguments_that_can_not_be_are_one_line(changes: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        planes.loss_plane(_net(), _examples(), **{"points": 2, **changes})


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (nn.ReLU(), "ReLU has no parameters"),
        (nn.Linear, "model is the class Linear; it takes a torch.nn.Module"),
        (3, "model is 3; it takes"),
        (S(nn.LazyLinear(3)), "'0.weight' has no shape yet"),
        (S(nn.Linear(4, 3, device="meta")), "'0.weight' is on the device meta"),
    ],
)
def test_networks_that_can_not_be_moved_are_one_line(model: nn.Module, message: str) -> None:
    with pytest.raises(UserError, match=message):
        planes.loss_plane(model, _examples(), points=2)


# ----------------------------------------------------------------------------------- paths


def _trained(model: nn.Module, n_snapshots: int = 5) -> xr.Dataset:
    """Train in plain torch, keeping parameters and buffers and the loss of both."""
    x, y = (torch.tensor(part) for part in _examples())
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    params, buffers, own = [], [], []
    for _ in range(n_snapshots):
        params.append(_flat(model))
        buffers.append(torch.cat([torch.zeros(0), *(b.flatten() for b in model.buffers())]).numpy())
        own.append(_by_hand(model, params[-1], x.numpy() + 2, y.numpy()))
        model.train()
        optimizer.zero_grad()
        functional.cross_entropy(model(x + 2), y).backward()
        optimizer.step()
    found = {"params": (("snapshot", "param"), np.stack(params)), "own": ("snapshot", own)}
    if buffers[0].size:
        found["buffers"] = (("snapshot", "buffer"), np.stack(buffers))
    return xr.Dataset(found, coords={"snapshot": 10 * np.arange(n_snapshots)})


@pytest.mark.parametrize("kind", ["pca", "random"])
@pytest.mark.parametrize("name", ["plain", "batch norm"])
def test_a_path_on_a_plane_has_the_losses_of_its_own_statistics(name: str, kind: Any) -> None:
    model = S(L(6, 8), nn.BatchNorm1d(8), R(), L(8, 3)) if name == "batch norm" else _net()
    run = _trained(model)
    before = _state(model)
    x, y = _examples()
    plane = planes.loss_plane(model, (x + 2, y), run=run, kind=kind, points=4)
    np.testing.assert_allclose(plane.path_loss, run.own, rtol=1e-5)
    np.testing.assert_array_equal(plane.snapshot, run.snapshot)
    np.testing.assert_array_equal(plane.origin, run.params[-1])
    assert plane.attrs["trained_loss"] == pytest.approx(run.own.values[-1], rel=1e-5)
    assert plane.path_height[-1] == pytest.approx(run.own.values[-1], rel=1e-5)
    # heights are those of the points that u and v say, with the statistics of the end
    buffers = [name for name, _ in model.named_buffers()]
    ended = copy.deepcopy(model)
    if buffers:
        at = 0
        for name in buffers:
            value = ended.get_buffer(name)
            part = run["buffers"].values[-1, at : at + value.numel()]
            value.copy_(torch.from_numpy(part.copy()).view(value.shape))
            at += value.numel()
    coordinates = np.stack([plane.path_u, plane.path_v], axis=1)
    for height, at in zip(plane.path_height, coordinates, strict=True):
        point = plane.origin.values + at @ plane.direction.values
        assert height == pytest.approx(_by_hand(ended, point, x + 2, y), rel=1e-4)
    # nearest: what is left over is perpendicular to both directions
    left = run.params.values - plane.origin.values - coordinates @ plane.direction.values
    np.testing.assert_allclose(left @ plane.direction.values.T, 0, atol=1e-4)
    assert _same(before, _state(model))


def test_a_run_of_ours_has_all_that_a_path_needs() -> None:
    model, (x, y) = S(L(6, 8), nn.BatchNorm1d(8), R(), L(8, 3)), _examples()
    run = simulate.train(
        model, (x + 2, y), batch_size=16, epochs=4, lr=0.3, optimizer="sgd",
        record=["evaluation", simulate.probe("parameters", every=3)],
    )  # fmt: skip
    plane = simulate.loss_plane(model, (x + 2, y), run=run, kind="pca", points=3)
    at_epochs = plane.path_loss.sel(snapshot=run.epoch_steps.values)
    np.testing.assert_allclose(at_epochs, run.train_loss, atol=1e-5)
    assert plane.attrs["trained_loss"] == pytest.approx(run.attrs["train_loss"], abs=1e-6)


def test_a_run_without_the_statistics_of_its_snapshots_is_refused() -> None:
    model = S(L(6, 8), nn.BatchNorm1d(8), R(), L(8, 3))
    run = _trained(model).drop_vars("buffers")
    with pytest.raises(UserError, match=r"has buffers \(1.running_mean, .* no part of this run's"):
        planes.loss_plane(model, _examples(), run=run, kind="pca")


def test_a_run_of_another_network_is_refused() -> None:
    with pytest.raises(UserError, match=r"run's params have shape \(5, 83\); the model has 21"):
        planes.loss_plane(S(L(6, 3)), _examples(), run=_trained(_net()))


def test_a_recording_has_what_recordings_have() -> None:
    from simulate import recording

    recording.check(planes.loss_plane(_net(), _examples(), run=_trained(_net()), points=2))


def test_progress_ends_at_the_last_point() -> None:
    for name in ("plain", "own forward", "forward hook"):
        told: list[tuple[int, int, str]] = []
        planes.loss_plane(
            KINDS[name][0](), _examples(), points=3, progress=lambda *n, told=told: told.append(n)
        )
        assert told[-1][0] == told[-1][1] == 10  # nine points and the centre
        assert [news[0] for news in told] == sorted(news[0] for news in told)


def test_where_there_is_no_loss_the_plane_says_so() -> None:
    model = S(L(3, 4), R(), L(4, 2))
    origin, directions = _flat(model), planes.random_directions(model)
    directions[0, 0] = np.inf  # 0 times infinity at the centre
    x, y = np.ones((5, 3), np.float32), np.array([0, 1, 0, 1, 0])
    for backend in BACKENDS:
        found = planes.losses_at(
            model, origin, directions, [[0.0, 0.0]], "cross_entropy", x, y, backend=backend
        )
        assert np.isnan(found.losses).all()


def test_shapes_that_do_not_fit_are_named() -> None:
    with pytest.raises(UserError, match=r"the model has 83 parameters, origin has shape \(52,\)"):
        planes.losses_at(
            _net(), np.zeros(52), np.zeros((2, 52)), [[0, 0]], "cross_entropy", *_examples()
        )
    with pytest.raises(UserError, match=r"points have shape \(2,\)"):
        planes.losses_at(
            _net(), np.zeros(83), np.zeros((2, 83)), [0, 0], "cross_entropy", *_examples()
        )


@pytest.mark.parametrize("name", ["plain", "own forward"])
def test_filters_of_directions_are_as_long_as_the_models(name: str) -> None:
    model = KINDS[name][0]()
    for direction in planes.random_directions(model):
        at = 0
        for param in model.parameters():
            part = torch.from_numpy(direction[at : at + param.numel()]).reshape(param.shape)
            at += param.numel()
            if param.dim() < 2:
                assert not part.any(), "biases don't move"
                continue
            torch.testing.assert_close(
                part.flatten(1).norm(dim=1), param.detach().flatten(1).norm(dim=1)
            )


def test_directions_are_seeded_and_two() -> None:
    model = KINDS["four layers"][0]()
    first, again, other = (planes.random_directions(model, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    a, b = first
    assert abs(a @ b) < 0.5 * np.linalg.norm(a) * np.linalg.norm(b)


def _walk() -> np.ndarray:
    """A wandering path in 40 dimensions, (15, 40)."""
    rng = np.random.default_rng(2)
    spread = np.linspace(3, 0.1, 40)
    return np.cumsum(rng.normal(size=(15, 40)) * spread, axis=0)


def test_the_pca_plane_is_scikit_learns() -> None:
    from sklearn.decomposition import PCA

    path = _walk()
    plane = planes.pca_plane(path)
    expected = PCA(n_components=2).fit(path)
    np.testing.assert_allclose(plane.explained_variance, expected.explained_variance_ratio_)
    for ours, theirs in zip(plane.directions, expected.components_, strict=True):
        assert abs(ours @ theirs) == pytest.approx(1)


def test_a_path_ends_at_the_planes_origin_and_has_its_nearest_points() -> None:
    path = _walk()
    plane = planes.pca_plane(path)
    np.testing.assert_array_equal(plane.path[-1], [0, 0])
    assert (plane.path[0] <= 0).all()
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-12)
    on_plane = plane.origin + plane.path @ plane.directions
    np.testing.assert_allclose((path - on_plane) @ plane.directions.T, 0, atol=1e-9)


def test_a_flat_path_lies_in_its_plane() -> None:
    flat = planes.pca_plane(_walk())
    path = flat.origin + flat.path @ flat.directions
    plane = planes.pca_plane(path)
    assert plane.explained_variance.sum() == pytest.approx(1)
    np.testing.assert_allclose(plane.origin + plane.path @ plane.directions, path, atol=1e-9)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (np.zeros((2, 5)), "needs 3 snapshots of a path, not 2"),
        (np.zeros((4, 5)), "stands still"),
        (np.outer(np.arange(4.0), np.ones(5)), "is straight"),
        (np.arange(5.0)[:, None], "a plane needs 2 parameters, not 1"),
        (np.arange(5.0), r"snapshots have shape \(5,\)"),
        (np.full((4, 4), np.nan), "snapshot 0 of 4 isn't finite"),
        (np.diag([1.0, 2.0, np.inf]), "snapshot 2 of 3 isn't finite"),
    ],
)
def test_paths_without_a_plane_are_one_line(path: np.ndarray, message: str) -> None:
    with pytest.raises(UserError, match=message):
        planes.pca_plane(path)


def test_a_range_around_values_has_a_margin() -> None:
    assert planes.around(np.array([-2.0, 0.0, 8.0]), 0.1) == (-3, 9)


def test_a_surface_needs_the_run_whose_path_it_has() -> None:
    x = np.zeros((4, 2), "f4")
    with pytest.raises(UserError, match="run is None; give the run"):
        simulate.loss_surface(nn.Linear(2, 2), (x, [0, 1, 0, 1]), run=None)
