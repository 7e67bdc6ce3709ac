"""Batch norm on a real batch: which axis is averaged, what γ and β learn, and tiny batches.

Source 004 computes batch norm's output and goes on with its input; divides by the deviation
without ε; sums no γ's gradient over the batch; and lets the gradient pass as if mean and deviation
did not depend on the input. They do: two terms more (Ioffe and Szegedy 2015, section 3). Source 001
is right on batch norm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.normalization import _digits

if TYPE_CHECKING:
    import numpy as np
    import torch
    import xarray as xr

Settings = _digits.Settings

EXPERIMENT = base.Experiment(
    settings=Settings(), tiny=_digits.TINY, label="batch norm on a real batch"
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return the training with batch norm."""
    return {"batch": _digits.training(settings, "batch")}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Look at the same few digits as one batch, all through the training.

    ``sum``, ``normalised``, ``output`` (snapshot, example, unit): before the norm, after it, and
    after γ and β; ``mean``, ``deviation``, ``gamma``, ``beta`` (snapshot, unit); ``torch_output``,
    ``torch_gradient`` (example, unit): torch's own, of the same sums, the gradient being that of
    the batch's loss; ``gradient``: by the formula with all its terms; ``short_gradient``: without
    those through mean and deviation. ``tiny`` (x_size, example): one unit's values, normalised in
    batches of ``size`` (x_size); ``mean_error`` (x_size): how far a batch's mean lies from that of
    all digits, root mean square in deviations.

    Attributes: ``unit``, ``example``, ``value_sum``, ``value_mean``, ``value_deviation``,
    ``value_normalised``: one value's numbers, rounded to what is printed; ``unit_*`` likewise;
    ``short_error``: the relative error of the short gradient; ``single_error``: what torch says
    of a batch of one; ``pair_size``: the mean size of the values normalised in twos.
    """
    import numpy as np
    import xarray as xr

    from simulate.recording import variable

    run = runs["batch"]
    data = run.dataset
    shown, labels = data.x_train[: settings.n_shown], data.y_train[: settings.n_shown]
    gamma, beta = _digits.scales(run)
    before = _digits.sums(run, shown)
    net = run.model().double()
    eps = float(_digits.the_norm(net).eps)
    norm = _digits.Normalised(before, -2, eps)
    output = gamma[:, None] * norm.values + beta[:, None]
    theirs = _torch(net, before[-1], labels)
    last = _digits.Normalised(before[-1], -2, eps)
    slope = theirs["slope"] * gamma[-1]
    ours, short = last.back(slope), slope / last.deviation

    many = _digits.sums(run, data.x_train)[-1]  # (example, unit)
    unit = 0
    column = many[: max(settings.sizes), unit]
    tiny, errors = [], []
    for size in settings.sizes:
        whole = len(column) // size * size
        cut = _digits.Normalised(column[:whole].reshape(-1, size), -1, eps).values.ravel()
        tiny.append(np.concatenate([cut, np.full(len(column) - whole, np.nan)]))
        batches = many[: len(many) // size * size].reshape(-1, size, many.shape[1]).mean(1)
        away = (batches - many.mean(0)) / many.std(0)
        errors.append(np.sqrt(np.mean(away**2)))
    pairs = np.abs(tiny[settings.sizes.index(min(settings.sizes))])
    steps = run.data.snapshot.values
    at, units = ("snapshot", "example", "unit"), ("snapshot", "unit")
    example, chosen = _printable(before[-1], last)
    return xr.Dataset(
        {
            "image": variable(
                ("example", "y", "x"),
                shown.reshape(-1, settings.side, settings.side), "the digits, in coarse fields",
            ),
            "label": variable("example", labels, "which digit it is"),
            "sum": variable(at, before, "sums"),
            "normalised": variable(at, norm.values, "normalised sums"),
            "output": variable(at, output, "outputs of batch norm"),
            "mean": variable(units, norm.mean[:, 0], "mean over the batch"),
            "deviation": variable(units, norm.deviation[:, 0], "√(σ² + ε) over the batch"),
            "gamma": variable(units, gamma, "γ"),
            "beta": variable(units, beta, "β"),
            "torch_output": variable(at[1:], theirs["output"], "torch's batch norm"),
            "torch_gradient": variable(at[1:], theirs["gradient"], "torch's gradient by the sums"),
            "gradient": variable(at[1:], ours, "gradient by the sums"),
            "short_gradient": variable(at[1:], short, "gradient without two of its terms"),
            "size": variable("x_size", list(settings.sizes), "digits in the batch"),
            "tiny": variable(("x_size", "example_tiny"), np.stack(tiny), "normalised sums"),
            "mean_error": variable("x_size", errors, "error of a batch's mean, in deviations"),
        },
        coords={"snapshot": steps},
        attrs={
            **{k: run.data.attrs[k] for k in ("lr", "seed", "n_steps", "n_train")},
            **{k: run.data.attrs[k] for k in ("dataset", "one", "many")},
            "example": example,
            "unit": chosen,
            "value_sum": round(float(before[-1][example, chosen]), 2),
            "value_mean": round(float(last.mean[0, chosen]), 2),
            "value_deviation": round(float(last.deviation[0, chosen]), 2),
            "value_normalised": round(float(last.values[example, chosen]), 2),
            "short_error": float(np.linalg.norm(short - ours) / np.linalg.norm(ours)),
            "single_error": _of_one(net),
            "pair_size": float(np.nanmean(pairs)),
            "pair_all": int(np.nanmin(pairs) > 0.99),
            "smallest": min(settings.sizes),
            "largest": max(settings.sizes),
            "gamma_low": float(gamma[-1].min()),
            "gamma_high": float(gamma[-1].max()),
            "beta_low": float(beta[-1].min()),
            "beta_high": float(beta[-1].max()),
            "test_accuracy": _accuracy(run),
            "n_shown": len(shown),
            "hidden": settings.hidden,
            "batch_size": settings.batch_size,
        },
    )  # fmt: skip


def _torch(net: torch.nn.Module, sums: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
    """Return torch's outputs and gradients of a batch's sums, in training mode."""
    import torch

    _, norm, *rest = net.children()
    norm.train()
    z = torch.from_numpy(sums).requires_grad_()
    output = norm(z)
    output.retain_grad()
    values = output
    for layer in rest:
        values = layer(values)
    torch.nn.functional.cross_entropy(values, torch.from_numpy(labels)).backward()
    norm.eval()
    assert z.grad is not None
    assert output.grad is not None
    return {
        "output": output.detach().numpy(), "gradient": z.grad.numpy(), "slope": output.grad.numpy()
    }  # fmt: skip


def _of_one(net: torch.nn.Module) -> str:
    """Return what torch says of a batch of one in training mode."""
    import copy

    import torch

    norm = copy.deepcopy(_digits.the_norm(net)).train()
    try:
        norm(torch.zeros(1, norm.num_features, dtype=torch.float64))
    except ValueError as error:
        return str(error)
    return ""


def _accuracy(run: base.Run) -> float:
    """Return the share of test digits that are right, in evaluation mode: with running averages."""
    import torch

    data = run.dataset
    with torch.no_grad():
        guess = run.model()(torch.from_numpy(data.x_test)).argmax(1).numpy()
    return float((guess == data.y_test).mean())


def _printable(sums: np.ndarray, norm: _digits.Normalised) -> tuple[int, int]:
    """Return an example and a unit whose rounded numbers make the rounded result."""
    import numpy as np

    best: tuple[float, tuple[int, int]] = (np.inf, (0, 0))
    for (example, unit), z in np.ndenumerate(sums):
        mean, deviation = norm.mean.ravel(), norm.deviation.ravel()
        at = unit if norm.axis == -2 else example
        shown = round((round(z, 2) - round(mean[at], 2)) / round(deviation[at], 2), 2)
        off = abs(shown - round(norm.values[example, unit], 2))
        # the further from the mean, the more there is to see
        best = min(best, (off - 1e-3 * min(abs(norm.values[example, unit]), 2), (example, unit)))
    return best[1]
