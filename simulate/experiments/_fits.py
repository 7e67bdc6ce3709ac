"""What the experiments share that show a field over two inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def second_of_two(logits: np.ndarray) -> np.ndarray:
    """Return softmax's second probability, of logits (…, 2)."""
    import numpy as np

    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(1 / (1 + np.exp(logits[..., 0] - logits[..., 1])))


def grid(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the points of a grid row by row, (n_y n_x, 2)."""
    import numpy as np

    return np.stack([part.ravel() for part in np.meshgrid(x, y)], axis=1)
