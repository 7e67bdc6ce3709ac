"""Squared error, binary cross-entropy and cross-entropy against the prediction, and their slopes.

Cross-entropy is −Σ y log p, with the minus sign that 004 leaves out: without it, a better
prediction would have a larger loss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import numpy as np
    import torch
    import xarray as xr

LOSSES = ("squared error", "binary cross-entropy")


class Settings(base.Settings, frozen=True, kw_only=True):
    """The curves and the worked points.

    Attributes
    ----------
    n_points : int
        Of each curve.
    reach : float
        Sums z are drawn from −reach to reach; predictions are σ(z).
    worked : tuple of (float, float)
        Targets 0 or 1 and predictions whose losses are worked out.
    logits : tuple of float
        Four or more classes' logits, whose softmax is the worked prediction of cross-entropy.
    label : int
        The true class of that prediction.
    wrong : float
        Prediction for a target of 1 that is surely wrong.
    """

    n_points: int = 201
    reach: float = 7.0
    worked: tuple[tuple[float, float], ...] = ((0.0, 0.24), (1.0, 0.82))
    logits: tuple[float, ...] = (2.0, 4.0, 2.0, 1.0)
    label: int = 1
    wrong: float = 0.01


EXPERIMENT = base.Experiment(
    settings=Settings(), tiny=Settings(n_points=41), label="losses against the prediction"
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return nothing: there is nothing to train."""
    return {}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Compute the losses with torch's functions, and their slopes by autograd.

    Over ``sum`` (x), with ``prediction`` σ(z): ``loss`` (run, class, x) for the targets 0 and 1,
    ``slope`` (run, class, x), its derivative by z; a run is a loss. ``cross_entropy`` (x) against
    the true class's probability, which is the prediction. Worked: ``worked_loss`` (run, example) of
    ``worked_target`` and ``worked_prediction``; ``softmax`` (class_softmax) of ``logit``.
    Attributes: ``softmax_label``, ``softmax_probability``, ``softmax_loss``; ``wrong``, the sum
    ``wrong_sum`` behind it, what it costs and how it pulls: ``wrong_mse``, ``wrong_bce``,
    ``wrong_slope_mse``, ``wrong_slope_bce``.
    """
    import numpy as np
    import torch
    import xarray as xr
    from torch.nn import functional

    from simulate.errors import UserError
    from simulate.recording import variable

    for target, prediction in settings.worked:
        if target not in (0, 1) or not 0 < prediction < 1:
            raise UserError(
                f"worked has the target {target:g} and the prediction {prediction:g}; "
                "take targets 0 or 1 and predictions between them"
            )
    if not 0 <= settings.label < len(settings.logits):
        raise UserError(f"label is {settings.label}; there are {len(settings.logits)} logits")
    if not 0 < settings.wrong < 0.5:
        raise UserError(f"wrong is {settings.wrong:g}; take a prediction between 0 and 0.5")

    z = torch.linspace(-settings.reach, settings.reach, settings.n_points, dtype=torch.float64)
    curves = [[_of(name, z, target) for target in (0, 1)] for name in LOSSES]
    worked = [
        [_at(name, prediction, target)[0] for target, prediction in settings.worked]
        for name in LOSSES
    ]
    logits = torch.tensor(settings.logits, dtype=torch.float64)
    label = torch.tensor(settings.label)
    softmax = logits.softmax(0)
    wrong = [_at(name, settings.wrong, 1) for name in LOSSES]
    targets, predictions = np.transpose(settings.worked)
    nats = ("loss", "")
    each = ("run", "class", "x")
    p = torch.sigmoid(z)
    # of one example, −ln of the true class's probability
    true = torch.zeros(len(z), dtype=torch.long)
    entropy = functional.nll_loss(p.log()[:, None], true, reduction="none")
    return xr.Dataset(
        {
            "prediction": variable("x", p.numpy(), "prediction"),
            "loss": variable(each, np.array([[c[0] for c in row] for row in curves]), *nats),
            "slope": variable(
                each, np.array([[c[1] for c in row] for row in curves]), "derivative by the sum"
            ),
            "cross_entropy": variable("x", entropy.numpy(), "cross-entropy", "nats"),
            "worked_target": variable("example", targets, "target"),
            "worked_prediction": variable("example", predictions, "prediction"),
            "worked_loss": variable(("run", "example"), np.array(worked), *nats),
            "logit": variable("class_softmax", logits.numpy(), "logit"),
            "softmax": variable("class_softmax", softmax.numpy(), "probability"),
        },
        coords={
            "run": list(LOSSES),
            "class": [0, 1],
            "sum": variable("x", z.numpy(), "sum z before the sigmoid"),
        },
        attrs={
            "softmax_label": settings.label,
            "softmax_probability": float(softmax[settings.label]),
            "softmax_loss": functional.cross_entropy(logits, label).item(),
            "wrong": settings.wrong,
            "wrong_sum": float(np.log(settings.wrong / (1 - settings.wrong))),
            "wrong_mse": wrong[0][0],
            "wrong_bce": wrong[1][0],
            "wrong_slope_mse": wrong[0][1],
            "wrong_slope_bce": wrong[1][1],
        },
    )


def _of(name: str, z: torch.Tensor, target: float) -> tuple[np.ndarray, np.ndarray]:
    """Return a loss of σ(z) for each z, and its derivative by z."""
    import torch
    from torch.nn import functional

    z = z.clone().requires_grad_()
    aim = torch.full_like(z, target)
    if name == "squared error":
        loss = functional.mse_loss(torch.sigmoid(z), aim, reduction="none")
    else:
        loss = functional.binary_cross_entropy_with_logits(z, aim, reduction="none")
    (slope,) = torch.autograd.grad(loss.sum(), z)
    return loss.detach().numpy(), slope.numpy()


def _at(name: str, prediction: float, target: float) -> tuple[float, float]:
    """Return the loss of one prediction, and its derivative by the sum behind it."""
    import torch

    z = torch.logit(torch.tensor([prediction], dtype=torch.float64))
    loss, slope = _of(name, z, target)
    return float(loss[0]), float(slope[0])
