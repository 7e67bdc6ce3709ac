"""Datasets: shapes, ranges, seeds, and no test digit with a twin in training."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from simulate import registry, specs
from simulate.data import _embedded
from simulate.data._load import load
from simulate.data.choice import EMBEDDED, Choice
from simulate.errors import RunError, UserError
from tests.simulate import _mnist

DATASETS = registry.names("datasets")


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_is_well_formed(name: str) -> None:
    data = load(specs.Data(name=name))
    for x, y in ((data.x_train, data.y_train), (data.x_test, data.y_test), data.whole_test):
        assert x.ndim == 2
        assert len(x) == len(y) > 0
        if x.dtype == np.int64:  # words, and which one comes next
            assert y.dtype == np.int64
            np.testing.assert_array_equal(x[:, 1:], y[:, :-1])
            continue
        assert x.dtype == np.float32
        assert np.isfinite(x).all()
        if data.n_classes is None:
            assert y.dtype == np.float32
            assert y.ndim == 2
        else:
            assert y.dtype == np.int64
            assert set(y.tolist()) <= set(range(data.n_classes))


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_repeats(name: str) -> None:
    spec = specs.Data(name=name, seed=3)
    assert load(spec).digest == load(spec).digest


@pytest.mark.parametrize("name", ["mnist", "sine", "plane"])
def test_numbers_and_seed_are_obeyed(name: str) -> None:
    first, other = (load(specs.Data(name=name, n_train=60, n_test=7, seed=s)) for s in (0, 1))
    assert (len(first.x_train), len(first.x_test)) == (60, 7)
    assert not np.array_equal(first.x_train, other.x_train)


def test_xor_is_its_four_points() -> None:
    data = load(specs.Data(name="xor"))
    pairs = {(*point, int(label)) for point, label in zip(data.x_train, data.y_train, strict=True)}
    assert pairs == {(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)}
    with pytest.raises(UserError, match="xor has 4 examples, not n_train = 5"):
        load(specs.Data(name="xor", n_train=5))


def test_targets_follow_their_formulas() -> None:
    sine, plane = load(specs.Data(name="sine")), load(specs.Data(name="plane"))
    np.testing.assert_allclose(sine.y_train, np.sin(sine.x_train), atol=1e-6)
    x = plane.x_train
    np.testing.assert_allclose(plane.y_train[:, 0], 2 * x[:, 0] + x[:, 1] + 1, atol=1e-6)


@pytest.mark.parametrize("name", ["sine", "plane"])
def test_noise_has_the_size_that_was_asked_for(name: str) -> None:
    clean, noisy = (
        load(specs.Data(name=name, n_train=2000, settings={"noise": noise})) for noise in (0.0, 0.1)
    )
    np.testing.assert_array_equal(clean.x_train, noisy.x_train)
    assert np.std(noisy.y_train - clean.y_train) == pytest.approx(0.1, rel=0.1)
    np.testing.assert_array_equal(clean.y_test, noisy.y_test)


def test_an_unknown_setting_names_those_that_there_are() -> None:
    with pytest.raises(UserError, match=r"dataset 'sine' has no setting 'nose'; there is noise"):
        load(specs.Data(name="sine", settings={"nose": 1.0}))


def test_only_digits_depend_on_the_choice() -> None:
    assert specs.is_digits("mnist")
    assert not any(specs.is_digits(name) for name in ("xor", "sine", "plane"))


def test_pixels_lie_between_0_and_1(tmp_path: Path) -> None:
    images = _mnist.arrays()["train_images"]
    images[0, 0, :2] = 0, 255
    choice = Choice.folder(_mnist.write(tmp_path, train_images=images))
    data = load(specs.Data(name="mnist"), choice)
    assert data.label == _mnist.LABEL
    assert (data.x_train.min(), data.x_train.max()) == (0, 1)
    np.testing.assert_array_equal(np.rint(255 * data.x_train).reshape(-1, 28, 28), images)
    np.testing.assert_array_equal(data.y_train, np.arange(30) % 10)


def test_a_part_of_mnist_gives_what_it_has(tmp_path: Path) -> None:
    choice = Choice.folder(_mnist.write(tmp_path))
    data = load(specs.Data(name="mnist", n_train=10_000, n_test=4), choice)
    assert (len(data.x_train), len(data.x_test), len(data.whole_test[0])) == (30, 4, 10)


def test_changed_files_are_read_again(tmp_path: Path) -> None:
    before = load(specs.Data(name="mnist"), Choice.folder(_mnist.write(tmp_path)))
    _mnist.write(tmp_path, train_labels=np.full(30, 3, np.uint8))
    with pytest.raises(RunError, match=r"none of the 30 training .* class 0, 1, 2, 4, 5, 6, 7, 8"):
        load(specs.Data(name="mnist"), Choice.folder(tmp_path))
    _mnist.write(tmp_path, train_labels=np.arange(30, dtype=np.uint8) // 3)
    after = load(specs.Data(name="mnist"), Choice.folder(tmp_path))
    assert after.y_train.tolist() != before.y_train.tolist()


def test_embedded_digits_are_as_many_as_mnist_plots_need() -> None:
    data = load(specs.Data(name="mnist"), Choice.embedded())
    assert (len(data.x_train), len(data.x_test), data.label) == (10_000, 1_000, "digits")
    assert set(data.y_test.tolist()) == set(range(10))
    # digits on black: most pixels are 0, as the fused loop hopes for
    assert 0.1 < (data.x_train > 0).mean() < 0.35


def test_no_embedded_test_digit_has_a_twin_in_training(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("MAX_SHIFT", "MAX_TURN", "MAX_SCALE"):  # variations of one original are equal
        monkeypatch.setattr(_embedded, limit, 0.0)
    digits = _embedded.digits.__wrapped__()
    train, test = (
        {image.tobytes() for image in images}
        for images in (digits.train_images, digits.test_images)
    )
    assert len(test) == _embedded.TEST_ORIGINALS
    assert len(train) == 1797 - _embedded.TEST_ORIGINALS
    assert not train & test


def test_embedded_digits_are_not_mirrored() -> None:
    """An enlarged original, held against the 8×8 one it came from."""
    from sklearn.datasets import load_digits

    shipped = load_digits()
    ours = _embedded.digits().train_images
    labels = _embedded.digits().train_labels
    for digit in (4, 6, 7):  # no symmetry of their own
        mean = ours[labels == digit].mean(0)[4:24, 4:24].reshape(4, 5, 4, 5).mean((1, 3))
        original = shipped.images[shipped.target == digit].mean(0).reshape(4, 2, 4, 2).mean((1, 3))
        same, mirrored = (
            np.corrcoef(mean.ravel(), m.ravel())[0, 1] for m in (original, original.T)
        )
        assert same > 0.9 > mirrored


def test_other_shipped_digits_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_embedded, "EMBEDDED_DIGEST", "0" * 64)
    with pytest.raises(UserError, match="ships other digits"):
        _embedded.digits.__wrapped__()


@pytest.mark.skipif(
    os.environ.get("TEACHNET_DATA", EMBEDDED) == EMBEDDED, reason="TEACHNET_DATA names no MNIST"
)
def test_real_mnist_is_read() -> None:
    folder = Path(os.environ["TEACHNET_DATA"]) / "mnist"
    data = load(specs.Data(name="mnist", n_test=1000), Choice.folder(folder))
    assert data.label == "MNIST"
    if len(data.whole_test[0]) == 10_000:  # all of it, not a part
        assert np.bincount(data.whole_test[1]).tolist()[:3] == [980, 1135, 1032]
