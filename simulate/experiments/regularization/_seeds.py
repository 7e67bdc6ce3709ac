"""Curves of several seeds: their mean, the band from lowest to highest, and what a difference is.

A difference between two ways to train is told from luck by pairs: both train from the same initial
weights on the same batches, seed by seed. It is one where the 95 % confidence interval of the mean
difference (Student's t over the seeds) leaves out 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from simulate.experiments import _base as base

CURVES = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")


def curves(runs: dict[str, base.Run], names: tuple[str, ...], n_seeds: int) -> dict[str, Any]:
    """Return all curves (run, x_seed, epoch), with mean, lowest and highest (run, epoch).

    Runs are called ``NAME SEED``.
    """
    import numpy as np

    from simulate.recording import variable

    found = {}
    for curve in CURVES:
        first = runs[f"{names[0]} 0"].data[curve]
        values = np.array(
            [
                [runs[f"{name} {seed}"].data[curve].values for seed in range(n_seeds)]
                for name in names
            ]
        )
        said, units = first.attrs["long_name"], first.attrs["units"]
        found[curve] = variable(("run", "x_seed", "epoch"), values, said, units)
        for part, taken in (
            ("mean", values.mean(1)),
            ("low", values.min(1)),
            ("high", values.max(1)),
        ):
            found[f"{curve}_{part}"] = variable(("run", "epoch"), taken, f"{said}, {part}", units)
    return found


def difference(one: np.ndarray, other: np.ndarray) -> tuple[float, float, int]:
    """Return mean and half-width of `one` − `other` over the seeds, and its sign, 0 for none.

    Examples
    --------
    >>> import numpy as np
    >>> mean, half, sign = difference(np.array([1.0, 1.1, 1.2]), np.array([0.0, 0.0, 0.1]))
    >>> round(mean, 3), round(half, 3), sign
    (1.067, 0.143, 1)
    >>> difference(np.array([1.0, 0.0, 1.2]), np.array([0.0, 1.0, 0.1]))[2]
    0
    """
    import numpy as np
    from scipy import stats

    gaps = np.asarray(one, float) - np.asarray(other, float)
    mean = float(gaps.mean())
    spread = float(gaps.std(ddof=1)) / np.sqrt(len(gaps))
    half = float(stats.t.ppf(0.975, len(gaps) - 1) * spread)
    return mean, half, int(np.sign(mean)) if abs(mean) > half else 0
