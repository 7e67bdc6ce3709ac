"""Reads handwritten digits from IDX files as MNIST publishes them, and trusts none of them.

An IDX file is a big-endian header (two zero bytes, the type of the values, the number of
dimensions, then each dimension as a 32-bit number) and the values, the last dimension fastest:
http://yann.lecun.com/exdb/mnist/, "FILE FORMATS FOR THE MNIST DATABASE".
"""

from __future__ import annotations

import gzip
import hashlib
import io
import math
import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from simulate.data.folder import FILES, combined, locate
from simulate.errors import UserError

_DIMENSIONS = {"images": 3, "labels": 1}
_UNSIGNED_BYTES = 8  # the type code of the only values that MNIST uses
SIDE = 28  # pixels in a row and in a column
MOST = 60_000  # images in a file


class Readable(Protocol):
    """What `_read` needs of an open file."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes."""


@dataclass(frozen=True)
class Digits:
    """Images, shape (n, 28, 28), uint8, and labels, shape (n,), uint8, of both parts.

    Labels go from 0 to ``n_classes - 1``.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    n_classes: int = 10


def read_folder(folder: Path, digest: str = "", classes: Sequence[str] = ()) -> Digits:
    """Read and check the four files of a folder.

    Parameters
    ----------
    folder : Path
    digest : str
        That of the choice (`simulate.data.choice.Choice`) which the very bytes that are read must
        have; "" takes them whatever they are.
    classes : sequence of str
        Names of the classes; () takes as many as the labels say.

    Raises
    ------
    UserError
        If a file is missing, damaged, truncated or mislabelled, if images and labels differ in
        number, or there are more labels than names of classes. The message names the file. If the
        files aren't those of the digest.
    """
    paths = locate(folder)
    contents = {name: _content(paths[name]) for name in FILES}
    found = combined(hashlib.sha256(content).hexdigest() for content in contents.values())
    if digest and found != digest:
        raise UserError(f"the digits in {folder} changed since they were chosen; run it again")
    arrays = {name: _unpacked(contents[name], paths[name], kind) for name, kind in FILES.items()}
    for part in ("train", "t10k"):
        images = arrays[f"{part}-images-idx3-ubyte"]
        labels = arrays[f"{part}-labels-idx1-ubyte"]
        path = paths[f"{part}-labels-idx1-ubyte"]
        if len(images) != len(labels):
            raise UserError(
                f"{path} has {len(labels)} labels for {len(images)} images; "
                "take both files from the same place"
            )
        if classes and labels.max() >= len(classes):
            raise UserError(
                f"{path} has the label {labels.max()}, and dataset.toml names {len(classes)} "
                f"classes, 0 to {len(classes) - 1}"
            )
    highest = max(int(arrays[name].max()) for name, kind in FILES.items() if kind == "labels")
    train_images, train_labels, test_images, test_labels = arrays.values()
    n_classes = len(classes) or highest + 1
    return Digits(train_images, train_labels, test_images, test_labels, n_classes)


def read(path: Path, kind: str) -> np.ndarray:
    """Read one file.

    Parameters
    ----------
    path : Path
        An IDX file, compressed with gzip or not.
    kind : str
        "images" or "labels".

    Returns
    -------
    ndarray, uint8
        Shape (n, 28, 28) for images, (n,) for labels.

    Raises
    ------
    UserError
        If the file can't be read or isn't what `kind` says.
    """
    return _unpacked(_content(path), path, kind)


def _content(path: Path) -> bytes:
    """Return a file as it is, compressed or not; no more of it than a valid one may have."""
    most = MOST * SIDE**2 + 1024
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size  # to ask for more would make room for it
            content = file.read(min(size, most) + 1)
    except OSError as error:
        raise UserError(f"{path} can't be read ({error.strerror or error})") from None
    if len(content) > most:
        raise UserError(f"{path} is too long: it has more than {most} bytes; fetch it again")
    return content


def _unpacked(content: bytes, path: Path, kind: str) -> np.ndarray:
    raw = io.BytesIO(content)
    compressed = content.startswith(b"\x1f\x8b")
    try:
        with gzip.open(raw) if compressed else raw as file:
            return _read(file, path, kind)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(f"{path} is damaged ({error}); fetch it again") from None


def _read(file: Readable, path: Path, kind: str) -> np.ndarray:
    """Read the header, and then as much as it announces: a small file may unpack to gigabytes."""
    start = file.read(4)
    if len(start) < 4 or start[:3] != bytes([0, 0, _UNSIGNED_BYTES]):
        raise UserError(
            f"{path} is not an IDX file of bytes: it starts with {start.hex() or 'nothing'}; "
            f"expected {kind} as MNIST publishes them"
        )
    n_dims = start[3]
    if n_dims != _DIMENSIONS[kind]:
        found = next((k for k, n in _DIMENSIONS.items() if n == n_dims), f"{n_dims}-dimensional")
        raise UserError(f"{path} holds {found} data where {kind} are expected; are files swapped?")
    sizes = file.read(4 * n_dims)
    if len(sizes) < 4 * n_dims:
        raise UserError(f"{path} is truncated within its header; fetch it again")
    shape = tuple(int(n) for n in np.frombuffer(sizes, ">u4"))
    if shape[0] == 0:
        raise UserError(f"{path} holds no {kind}; fetch it again")
    if shape[0] > MOST:
        raise UserError(f"{path} announces {shape[0]} {kind}; MNIST has {MOST} at most")
    if kind == "images" and shape[1:] != (SIDE, SIDE):
        raise UserError(
            f"{path} has images of {shape[1]}×{shape[2]} pixels; expected {SIDE}×{SIDE}"
        )
    expected = math.prod(shape)
    content = file.read(expected + 1)
    if len(content) != expected:
        trouble = "truncated" if len(content) < expected else "too long"
        there = len(content) if len(content) < expected else "more"
        raise UserError(
            f"{path} is {trouble}: its header announces {expected} bytes, "
            f"there are {there}; fetch it again"
        )
    return np.frombuffer(content, np.uint8).reshape(shape)
