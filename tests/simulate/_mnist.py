"""A few made-up digits in files as MNIST publishes them."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np

LABEL = "made-up digits"  # what they are called: they are not MNIST
NAMES = {
    "train_images": "train-images-idx3-ubyte.gz",
    "train_labels": "train-labels-idx1-ubyte.gz",
    "test_images": "t10k-images-idx3-ubyte.gz",
    "test_labels": "t10k-labels-idx1-ubyte.gz",
}


def idx(values: np.ndarray) -> bytes:
    """Return an array of bytes as an IDX file has it."""
    header = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
    return header + values.astype(np.uint8).tobytes()


def arrays(n_train: int = 30, n_test: int = 10) -> dict[str, np.ndarray]:
    """Return images of noise and labels that take turns."""
    rng = np.random.default_rng(7)
    return {
        "train_images": rng.integers(256, size=(n_train, 28, 28), dtype=np.uint8),
        "train_labels": np.arange(n_train, dtype=np.uint8) % 10,
        "test_images": rng.integers(256, size=(n_test, 28, 28), dtype=np.uint8),
        "test_labels": np.arange(n_test, dtype=np.uint8) % 10,
    }


def write(folder: Path, **changes: np.ndarray) -> Path:
    """Write the four files, some arrays replaced; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, values in (arrays() | changes).items():
        (folder / NAMES[part]).write_bytes(gzip.compress(idx(values), mtime=0))
    said = f'label = "{LABEL}"\none = "digit"\nmany = "digits"\n'
    said += f"classes = {[str(k) for k in range(10)]}\n"
    (folder / "dataset.toml").write_text(said)
    return folder
