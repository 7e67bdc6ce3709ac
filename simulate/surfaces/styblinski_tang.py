"""The Styblinski–Tang function: four hollows, one of them deepest."""

import torch

from simulate.surfaces import _base as base


def _styblinski_tang(theta: torch.Tensor) -> torch.Tensor:
    """(…, n) -> (…), for any n."""
    return 0.5 * (theta**4 - 16 * theta**2 + 5 * theta).sum(-1)


SURFACE = base.Surface(
    function=_styblinski_tang,
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    start=(0.1, 4.0),
    minima=[(-2.903534027771177, -2.903534027771177)],
    label="Styblinski–Tang",
    formula="½ (x⁴ − 16x² + 5x + y⁴ − 16y² + 5y)",
    source="Styblinski and Tang 1990, doi:10.1016/0893-6080(90)90035-F",
)
