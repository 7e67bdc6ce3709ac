"""Breast tumours: how the nuclei of their cells look, and whether they turned out malignant.

As scikit-learn ships them, each measurement the mean over a tumour's nuclei.
"""

from __future__ import annotations

import numpy as np

from simulate.data import _base as base
from simulate.errors import UserError

# Few of the shipped thirty: perimeter and area say again what the radius says, and so on.
FEATURES = ("radius", "texture", "smoothness", "concave points", "symmetry", "fractal dimension")
TUMOURS = 569


def _build(n_train: int | None, n_test: int | None, seed: int) -> base.Data:
    """Split the tumours; features are standardised as the training set asks; class 1: malignant.

    Parameters
    ----------
    n_train, n_test : int or None
        455 and what is left unless stated.
    seed : int
        Of the split.

    Raises
    ------
    UserError
        If there aren't so many tumours.
    """
    from sklearn.datasets import load_breast_cancer

    shipped = load_breast_cancer()
    names = shipped.feature_names.tolist()
    x = shipped.data[:, [names.index(f"mean {name}") for name in FEATURES]]
    y = (shipped.target == shipped.target_names.tolist().index("malignant")).astype(np.int64)
    count = 455 if n_train is None else n_train
    held_out = TUMOURS - count if n_test is None else n_test
    if held_out < 1 or count + held_out > TUMOURS:
        raise UserError(
            f"n_train is {n_train} and n_test {n_test}; breast_cancer has {TUMOURS} tumours"
        )
    order = np.random.default_rng(seed).permutation(TUMOURS)
    train, test = order[:count], order[count : count + held_out]
    x = (x - x[train].mean(0)) / x[train].std(0)
    return base.Data(
        x_train=x[train].astype(np.float32),
        y_train=y[train],
        x_test=x[test].astype(np.float32),
        y_test=y[test],
        label="breast cancer",
        n_classes=2,
        columns=FEATURES,
    )


DATASET = base.Dataset(
    build=_build,
    label="Breast cancer",
    source="Street, Wolberg, Mangasarian 1993, doi:10.1117/12.148698; UCI, Wisconsin (diagnostic)",
)
