"""IDX files: what is right is read, and each thing that can be wrong is one clear line."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from simulate import specs
from simulate.data import _load, idx
from simulate.data.choice import Choice
from simulate.errors import UserError
from tests.simulate import _mnist

IMAGES, LABELS = _mnist.NAMES["train_images"], _mnist.NAMES["train_labels"]


def test_files_are_read_as_they_were_written(tmp_path: Path) -> None:
    written = _mnist.arrays()
    digits = idx.read_folder(_mnist.write(tmp_path))
    for part, values in written.items():
        np.testing.assert_array_equal(getattr(digits, part), values)


def test_uncompressed_files_are_read_too(tmp_path: Path) -> None:
    _mnist.write(tmp_path)
    raw = gzip.decompress((tmp_path / IMAGES).read_bytes())
    (tmp_path / IMAGES).unlink()
    (tmp_path / IMAGES.removesuffix(".gz")).write_bytes(raw)
    np.testing.assert_array_equal(
        idx.read_folder(tmp_path).train_images, _mnist.arrays()["train_images"]
    )


def _swap(folder: Path) -> None:
    labels = (folder / LABELS).read_bytes()
    (folder / LABELS).write_bytes((folder / IMAGES).read_bytes())
    (folder / IMAGES).write_bytes(labels)


def _rewrite(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    def apply(folder: Path) -> None:
        content = gzip.decompress((folder / name).read_bytes())
        (folder / name).write_bytes(gzip.compress(change(content)))

    return apply


def _damage(folder: Path) -> None:
    content = bytearray((folder / IMAGES).read_bytes())
    content[len(content) // 2] ^= 0xFF
    (folder / IMAGES).write_bytes(bytes(content))


def _make_folder(folder: Path) -> None:
    (folder / LABELS).unlink()
    (folder / LABELS).mkdir()


def _cut_gzip(folder: Path) -> None:
    content = (folder / IMAGES).read_bytes()
    (folder / IMAGES).write_bytes(content[: len(content) // 2])


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "damaged gzip": (_damage, "is damaged"),
    "truncated gzip": (_cut_gzip, "is damaged"),
    "truncated content": (_rewrite(IMAGES, lambda c: c[:-100]), "is truncated: its header"),
    "truncated header": (_rewrite(IMAGES, lambda c: c[:10]), "truncated within its header"),
    "empty": (_rewrite(IMAGES, lambda c: b""), "it starts with nothing"),
    "too long": (_rewrite(LABELS, lambda c: c + b"\0"), "is too long"),
    "wrong magic": (_rewrite(IMAGES, lambda c: b"\x89PNG" + c[4:]), "it starts with 89504e47"),
    "labels for images": (_swap, "holds labels data where images are expected"),
    "missing": (lambda folder: (folder / LABELS).unlink(), f"has no {LABELS}"),
    "a folder": (_make_folder, f"has no {LABELS}"),
    "counts differ": (
        lambda f: _mnist.write(f, train_labels=np.zeros(29, np.uint8)),
        "has 29 labels for 30 images",
    ),
    "label 10": (
        lambda f: _mnist.write(f, test_labels=np.full(10, 10, np.uint8)),
        "has the label 10, and dataset.toml names 10 classes, 0 to 9",
    ),
    "no examples": (
        lambda f: _mnist.write(f, test_images=np.zeros((0, 28, 28), np.uint8)),
        "holds no images",
    ),
    "other size": (
        lambda f: _mnist.write(f, test_images=np.zeros((10, 14, 14), np.uint8)),
        "images of 14×14 pixels",
    ),
}


@pytest.mark.parametrize("trouble", WRONG)
def test_what_is_wrong_is_one_line_that_names_the_file(trouble: str, tmp_path: Path) -> None:
    spoil, message = WRONG[trouble]
    spoil(_mnist.write(tmp_path))
    with pytest.raises(UserError) as caught:
        idx.read_folder(tmp_path, classes="0123456789")
    assert message in str(caught.value)
    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_small_file_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path: Path) -> None:
    """Neither what follows an honest header, nor what a dishonest one announces."""
    _mnist.write(tmp_path)
    for announced, said in ((30, "is too long"), (2**32 - 1, "announces 4294967295 images")):
        header = bytes([0, 0, 8, 3]) + np.array([announced, 28, 28], ">u4").tobytes()
        packer = zlib.compressobj(wbits=31)
        with (tmp_path / IMAGES).open("wb") as file:
            file.write(packer.compress(header))
            for _ in range(256):
                file.write(packer.compress(bytes(2**20)))
            file.write(packer.flush())
        tracemalloc.start()
        with pytest.raises(UserError, match=said):
            idx.read_folder(tmp_path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 16e6


def test_digits_that_are_exchanged_after_the_choice_are_refused(tmp_path: Path) -> None:
    chosen = Choice.folder(_mnist.write(tmp_path))
    assert len(idx.read_folder(tmp_path, chosen.digest).train_labels) == 30
    for part in _mnist.NAMES:
        _mnist.write(tmp_path, **{part: _mnist.arrays()[part][::-1]})
        with pytest.raises(UserError, match=r"the digits in \S+ changed since they were chosen"):
            idx.read_folder(tmp_path, chosen.digest)
    _mnist.write(tmp_path)
    idx.read_folder(tmp_path, chosen.digest)


def test_a_run_on_exchanged_digits_fails(tmp_path: Path) -> None:
    chosen = Choice.folder(_mnist.write(tmp_path))
    _mnist.write(tmp_path, train_images=_mnist.arrays()["train_images"][::-1])
    with pytest.raises(UserError, match="changed since they were chosen"):
        _load.load(specs.Data(name="mnist"), chosen)
