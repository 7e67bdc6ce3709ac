"""Adam in one parameter, from its own state: gradient, moments, corrections, step.

m averages gradients and v their squares, both from 0 on, so both are too small at first: m by
1 − β₁ᵗ, v by 1 − β₂ᵗ, where t is the step. Divided by that (not by 1 − β, nor by 1 − β²), the first
step is η g/√g² = ±η, whatever the slope. What is corrected never goes back into the averages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulate import specs
from simulate.experiments import _base as base
from simulate.experiments.optimizers import _point as point

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The parabola, and Adam.

    Attributes
    ----------
    curvature, steep : float
        λ of the parabola ½λθ² that is shown, and of one on which Adam starts as well.
    start : float
        θ at step 0.
    lr, beta1, beta2, eps : float
        Adam's own.
    n_steps : int
        Steps of both runs.
    """

    curvature: float = 1.0
    steep: float = 100.0
    start: float = -2.5
    lr: float = 0.1
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    n_steps: int = 60


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(n_steps=12),
    label="the moments of Adam, step by step",
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return Adam on either parabola."""
    adam = {
        "lr": settings.lr,
        "betas": [settings.beta1, settings.beta2],
        "eps": settings.eps,
    }
    return {
        name: point.on_surface(
            "quadratic",
            [settings.start],
            "adam",
            adam,
            settings.n_steps,
            of_surface={"curvature": curvature},
        )
        for name, curvature in (("shown", settings.curvature), ("steep", settings.steep))
    }


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Follow Adam's state.

    Of the step t that leads from θ_{t−1} to θ_t, over ``step`` 1 … n: ``gradient`` at θ_{t−1},
    ``m`` and ``v``, the optimizer's own state after it, ``m_hat``, ``v_hat`` and their quotient
    ``ratio`` = m̂/(√v̂ + ε), ``plain_ratio`` = m/(√v + ε) without corrections, and ``move``, what
    the step added to θ; ``steep_move``, what it added on the steep parabola. ``theta`` and ``loss``
    (step_place), from the start on; ``curve_x``, ``curve`` (x). Attributes: what is printed of the
    first two steps, and of the first on the steep parabola; ``same``: whether both runs' first
    steps are η long to six digits, and ``alike``, whether all steps of both are, to a thousandth
    of η.

    Raises
    ------
    UserError
        If the start is at the minimum: there is no step.
    """
    import numpy as np
    import torch
    import xarray as xr

    from simulate.errors import UserError
    from simulate.recording import variable

    if settings.start == 0:
        raise UserError("start is 0, where the slope is 0 and Adam does not move; take another")
    data = runs["shown"].data
    t = np.arange(1, settings.n_steps + 1)
    gradient = data.gradient.values[:-1, 0]
    m, v = data.state_exp_avg.values[1:, 0], data.state_exp_avg_sq.values[1:, 0]
    m_hat, v_hat = m / (1 - settings.beta1**t), v / (1 - settings.beta2**t)
    theta = data.params.values[:, 0]
    move = np.diff(theta)
    plain = m / (np.sqrt(v) + settings.eps)
    steep = runs["steep"].data
    lr = settings.lr
    steep_m, steep_v = (float(steep[f"state_exp_avg{of}"][1, 0]) for of in ("", "_sq"))
    firsts = np.abs([move[0], np.diff(steep.params.values[:2, 0])[0]]) / lr
    reach = 1.15 * float(np.abs(theta).max())
    x = np.linspace(-reach, reach, 161)
    curve = base.surface("quadratic", {"curvature": settings.curvature})
    return xr.Dataset(
        {
            "gradient": variable("step", gradient, "gradient"),
            "m": variable("step", m, "average of gradients"),
            "v": variable("step", v, "average of squared gradients"),
            "m_hat": variable("step", m_hat, "average of gradients, corrected"),
            "v_hat": variable("step", v_hat, "average of squared gradients, corrected"),
            "ratio": variable("step", m_hat / (np.sqrt(v_hat) + settings.eps), "m̂/√v̂"),
            "plain_ratio": variable("step", plain, "m/√v"),
            "move": variable("step", move, "step"),
            "steep_move": variable("step", np.diff(steep.params.values[:, 0]), "step"),
            "theta": variable("step_place", theta, "parameter"),
            "loss": variable("step_place", data.loss, "loss"),
            "curve_x": variable("x", x, "parameter"),
            "curve": variable("x", curve(torch.from_numpy(x)[:, None]).numpy(), "loss"),
        },
        coords={"step": t, "step_place": np.arange(settings.n_steps + 1)},
        attrs={
            "lr": settings.lr,
            "beta1": settings.beta1,
            "beta2": settings.beta2,
            "rest1": round(1 - settings.beta1, 12),
            "rest2": round(1 - settings.beta2, 12),
            "n_steps": settings.n_steps,
            "start": settings.start,
            "curvature": settings.curvature,
            "steep": settings.steep,
            "start_gradient": float(gradient[0]),
            "first_slope": float(abs(gradient[0])),
            "steep_gradient": float(steep.gradient.values[0, 0]),
            "steep_m": steep_m,
            "steep_v": steep_v,
            "steep_m_hat": steep_m / (1 - settings.beta1),
            "steep_v_hat": steep_v / (1 - settings.beta2),
            "steep_slope": float(abs(steep.gradient.values[0, 0])),
            "plain_first": float(abs(plain[0])),
            "longest": float(np.abs(move).max() / settings.lr),
            "times": settings.steep / settings.curvature,
            "same": int(np.abs(firsts - 1).max() < 1e-6),
            "alike": int(np.abs(np.diff(steep.params.values[:, 0]) - move).max() < 1e-3 * lr),
            "first_size": float(firsts[0]),
            "steep_size": float(firsts[1]),
            "end": float(theta[-1]),
        },
    )
