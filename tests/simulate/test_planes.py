"""Loss planes: the centre is the network itself, the trick is no approximation, paths lie right."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from simulate.errors import UserError
from simulate.measures import planes
from simulate.models import _base as models

N_EXAMPLES = 37


def _flat(model: nn.Module) -> np.ndarray:
    return torch.nn.utils.parameters_to_vector(model.parameters()).detach().numpy()


def _examples(width: int = 6, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(N_EXAMPLES, width)).astype(np.float32), rng.integers(3, size=N_EXAMPLES)


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


MODELS: dict[str, nn.Module] = {
    "two layers": models.make("mlp", {"widths": [6, 5, 3]}),
    "four layers": models.make("mlp", {"widths": [6, 8, 7, 5, 3], "activation": "tanh"}),
    "one layer": models.make("mlp", {"widths": [6, 3]}),
    "without biases": nn.Sequential(nn.Linear(6, 4, bias=False), nn.ReLU(), nn.Linear(4, 3)),
    "convolutions": _Convolutions(),
    "convolutions in a row": nn.Sequential(
        nn.Unflatten(1, (1, 6)), nn.Conv1d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(16, 3)
    ),
    "values shared with the inputs": nn.Sequential(
        nn.Dropout(), nn.Flatten(), nn.ReLU(), nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 3)
    ),
    "attention": _Attention(),
}


def _by_hand(model: nn.Module, params: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    """The loss at some parameters by loading them into a copy of the model."""
    with torch.no_grad():
        before = _flat(model)
        set_to = torch.from_numpy(params.astype(np.float32))
        torch.nn.utils.vector_to_parameters(set_to, model.parameters())
        model.eval()
        loss = functional.cross_entropy(model(torch.from_numpy(x)), torch.from_numpy(y)).item()
        torch.nn.utils.vector_to_parameters(torch.from_numpy(before), model.parameters())
    return loss


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("chunk", [1 << 19, 50])
def test_a_plane_equals_a_plain_loop(
    name: str, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a grid that isn't square, over ranges that contain 0, in chunks of any size."""
    monkeypatch.setattr(planes, "_BLOCK", chunk)
    model = MODELS[name]
    x, y = _examples()
    origin, directions = _flat(model), planes.random_directions(model)
    xs, ys = np.linspace(-1, 1, 5), np.linspace(-0.5, 1.5, 3)
    found = planes.loss_plane(model, origin, directions, xs, ys, "cross_entropy", x, y)
    assert found.shape == (3, 5)
    for j, b in enumerate(ys):
        for i, a in enumerate(xs):
            point = origin + a * directions[0] + b * directions[1]
            assert found[j, i] == pytest.approx(_by_hand(model, point, x, y), rel=1e-5)


@pytest.mark.parametrize("name", MODELS)
def test_the_centre_is_the_models_own_loss(name: str) -> None:
    model = MODELS[name]
    x, y = _examples()
    origin, directions = _flat(model), planes.random_directions(model, seed=3)
    grid = planes.loss_plane(model, origin, directions, [-1, 0, 1], [0], "cross_entropy", x, y)
    own = _by_hand(model, origin, x, y)
    assert grid[0, 1] == pytest.approx(own, abs=1e-5)
    point = planes.losses_at(model, origin, directions, np.zeros((1, 2)), "cross_entropy", x, y)
    assert point[0] == pytest.approx(own, abs=1e-5)


@pytest.mark.parametrize("name", MODELS)
def test_the_model_is_left_as_it_was(name: str) -> None:
    model = MODELS[name].train()
    before, state = _flat(model).copy(), {k: v.clone() for k, v in model.state_dict().items()}
    directions = planes.random_directions(model)
    planes.loss_plane(model, before, directions, [0, 1], [0, 1], "cross_entropy", *_examples())
    np.testing.assert_array_equal(_flat(model), before)
    assert all(torch.equal(state[name], value) for name, value in model.state_dict().items())
    assert model.training


def test_any_loss_does() -> None:
    model = models.make("mlp", {"widths": [6, 5, 2]})
    x, _ = _examples()
    y = np.random.default_rng(1).normal(size=(N_EXAMPLES, 2)).astype(np.float32)
    origin, directions = _flat(model), planes.random_directions(model)

    def largest(outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return (outputs - targets).abs().amax(1).mean()

    for loss, function in (("mse", functional.mse_loss), (largest, largest)):
        found = planes.loss_plane(model, origin, directions, [0], [0], loss, x, y)
        own = function(model(torch.from_numpy(x)), torch.from_numpy(y)).item()
        assert found[0, 0] == pytest.approx(own, rel=1e-5)


@pytest.mark.parametrize("name", ["two layers", "convolutions"])
def test_filters_of_directions_are_as_long_as_the_models(name: str) -> None:
    model = MODELS[name]
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
    model = MODELS["four layers"]
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
    ],
)
def test_paths_without_a_plane_are_one_line(path: np.ndarray, message: str) -> None:
    with pytest.raises(UserError, match=message):
        planes.pca_plane(path)


def test_a_range_around_values_has_a_margin() -> None:
    assert planes.around(np.array([-2.0, 0.0, 8.0]), 0.1) == (-3, 9)


def test_shapes_that_do_not_fit_are_named() -> None:
    model = MODELS["two layers"]
    with pytest.raises(UserError, match=r"the model has 53 parameters, origin has shape \(52,\)"):
        planes.loss_plane(
            model, np.zeros(52), np.zeros((2, 52)), [0], [0], "cross_entropy", *_examples()
        )


def test_progress_ends_at_the_last_point() -> None:
    told: list[tuple[int, int, str]] = []
    for name in ("two layers", "convolutions"):
        model = MODELS[name]
        planes.loss_plane(
            model,
            _flat(model),
            planes.random_directions(model),
            [0, 1, 2],
            [0, 1],
            "cross_entropy",
            *_examples(),
            progress=lambda *news: told.append(news),
        )
        assert told[-1][0] == told[-1][1] > 0


@pytest.mark.parametrize("name", MODELS)
def test_examples_and_settings_are_left_as_they_were(name: str) -> None:
    model = MODELS[name]
    x, y = _examples()
    before = x.copy()
    settings = torch.get_num_threads(), torch.backends.mha.get_fastpath_enabled()
    planes.loss_plane(
        model, _flat(model), planes.random_directions(model), [-1, 0, 1], [0, 1], "cross_entropy",
        x, y,
    )  # fmt: skip
    np.testing.assert_array_equal(x, before)
    assert settings == (torch.get_num_threads(), torch.backends.mha.get_fastpath_enabled())


@pytest.mark.parametrize("name", MODELS)
def test_the_number_of_threads_changes_no_bit(name: str) -> None:
    model = MODELS[name]
    x, y = _examples()
    directions = planes.random_directions(model)
    found = []
    usual = torch.get_num_threads()
    try:
        for n_threads in (1, 2, 3):
            torch.set_num_threads(n_threads)
            grid = np.linspace(-1, 1, 5)
            found.append(
                planes.loss_plane(
                    model, _flat(model), directions, grid, grid, "cross_entropy", x, y
                )
            )
    finally:
        torch.set_num_threads(usual)
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])


def test_where_there_is_no_loss_the_plane_says_so() -> None:
    network = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    origin, directions = planes.random_directions(network)[0], planes.random_directions(network)
    directions[0, 0] = np.inf  # 0 times infinity at the centre
    x, y = np.ones((5, 3), np.float32), np.array([0, 1, 0, 1, 0])
    values = planes.loss_plane(network, origin, directions, [0.0], [0.0], "cross_entropy", x, y)
    assert np.isnan(values).all()


def test_products_of_others_stay_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a plane is computed, every product of the process passes its kernels."""
    a, b, bias = (torch.randn(n, 4, generator=torch.Generator().manual_seed(n)) for n in (5, 4, 1))
    batches = torch.stack([a, -a])
    products = [
        lambda: torch.addmm(bias[0], a, b),
        lambda: torch.addmm(a, a, b, beta=2, alpha=0.5),
        lambda: torch.mm(a.double(), b.double()),
        lambda: torch.bmm(batches, b.expand(2, 4, 4)),
        lambda: torch.bmm(batches, torch.stack([b, 2 * b])),
    ]
    alone = [product() for product in products]
    model = nn.Module()  # no plain sequence
    with planes._faster_products(model, a):
        for product, expected in zip(products, alone, strict=True):
            assert torch.equal(product(), expected)
        monkeypatch.setattr(planes._products, "faster", True)
        for product, expected in zip(products, alone, strict=True):
            torch.testing.assert_close(product(), expected)
        monkeypatch.setattr(planes, "_product", None)
        with pytest.raises(TypeError):
            products[0]()
    assert torch.equal(products[0](), alone[0]), "the kernels are torch's again"
