"""Handwritten digits that need no download: scikit-learn's, enlarged and varied.

The 1,797 images of 8×8 grey values (UCI "Optical Recognition of Handwritten Digits", E. Alpaydin
and C. Kaynak, 1998, CC BY 4.0, as scikit-learn ships them) become 28×28 images like MNIST's, a
20×20 digit in the middle, each a little shifted, turned and scaled. The originals are split before
they are varied, so no test image has a twin in training.
"""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np
import torch
from torch.nn import functional

from simulate.data.choice import EMBEDDED_DIGEST
from simulate.data.idx import SIDE, Digits
from simulate.errors import UserError

N_TRAIN, N_TEST = 10_000, 1_000  # images made
TEST_ORIGINALS = 300  # of the 1,797; the others are varied for training
SEED = 1998
DIGIT_SIDE = 20  # pixels that the 8×8 grid is stretched to, as MNIST's digits fill 20×20 of 28×28
MAX_SHIFT = 2.0  # pixels, along each axis
MAX_TURN = np.deg2rad(12.0)
MAX_SCALE = 0.1  # up to so much larger or smaller
# Enlarged strokes are blurred; between these two grey values they rise from 0 to 1 (smoothstep).
EDGE = (0.25, 0.75)


@cache
def digits() -> Digits:
    """Return the 10,000 and 1,000 images, the same ones every time.

    Raises
    ------
    UserError
        If the installed scikit-learn ships other digits than this project was made with.
    """
    from sklearn.datasets import load_digits

    shipped = load_digits()
    images, labels = shipped.images.astype(np.uint8), shipped.target.astype(np.uint8)  # 0 … 16
    if hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest() != EMBEDDED_DIGEST:
        raise UserError(
            "this version of scikit-learn ships other digits than expected; "
            "install the one in requirements.lock, or give MNIST with --data DIR"
        )
    rng = np.random.default_rng(SEED)
    order = rng.permutation(len(images))
    test, train = order[:TEST_ORIGINALS], order[TEST_ORIGINALS:]
    return Digits(
        *_varied(images[train], labels[train], N_TRAIN, rng),
        *_varied(images[test], labels[test], N_TEST, rng),
    )


def _varied(
    images: np.ndarray, labels: np.ndarray, count: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return `count` variations, every original as often as any other (give or take one).

    Shapes: images (n, 8, 8) -> (count, 28, 28), uint8.
    """
    rounds = -(-count // len(images))
    which = np.concatenate([rng.permutation(len(images)) for _ in range(rounds)])[:count]
    turn = rng.uniform(-MAX_TURN, MAX_TURN, count)
    scale = (8 / DIGIT_SIDE) / rng.uniform(1 - MAX_SCALE, 1 + MAX_SCALE, count)
    shift = rng.uniform(-MAX_SHIFT, MAX_SHIFT, (count, 2, 1, 1))
    # Where each pixel of the new image lies in the old one, from its middle: (count, 28, 28)
    y, x = np.moveaxis(np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2 - shift, 1, 0)
    cos, sin = (np.array([f(turn) * scale]).T[:, :, None] for f in (np.cos, np.sin))
    place = np.stack([sin * y + cos * x, cos * y - sin * x], axis=-1)  # x before y
    grey = functional.grid_sample(
        torch.from_numpy(np.pad(images[which] / 16, ((0, 0), (1, 1), (1, 1)))[:, None]),
        torch.from_numpy(place * 2 / (8 + 1)),  # −1 … 1 goes over the 10 values of a padded row
        mode="bicubic",
        align_corners=True,
    )
    rise = np.clip((grey[:, 0].numpy() - EDGE[0]) / (EDGE[1] - EDGE[0]), 0, 1)
    return np.rint(255 * rise**2 * (3 - 2 * rise)).astype(np.uint8), labels[which]
