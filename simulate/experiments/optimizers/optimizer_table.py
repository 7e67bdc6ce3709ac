"""What every optimizer remembers, and what a step of it takes, on one network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulate import registry, specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import torch
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The network, and how many steps are timed.

    Attributes
    ----------
    widths : tuple of int
        Of the network's layers.
    n_warm_up : int
        Steps before: more than any optimizer's history is long.
    n_steps : int
        Steps that are timed, in all rounds together.
    n_rounds : int
        Rounds of as many steps, each of which has a fastest step.
    """

    widths: tuple[int, ...] = (784, 64, 10)
    n_warm_up: specs.Count = 12
    n_steps: specs.Count = 100
    n_rounds: specs.Count = 5


EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(widths=(20, 8, 4), n_steps=4, n_rounds=2),
    label="state and time of every optimizer",
    alone=True,
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return nothing: steps alone are measured, no training."""
    return {}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Step every optimizer down a bowl as wide as the network has parameters, and measure.

    ``state`` (run): float32 numbers kept for each parameter of the network, by the bytes of all
    tensors in the optimizer's state; ``seconds`` (run, measured): the fastest step, without the
    gradient; ``spread`` (run, measured): by how much the fastest steps of the rounds differ.
    ``value`` (run, component): settings other than the rate by their letters, NaN where there is
    none. Attributes: ``n_params``, ``n_optimizers``, ``widths``, ``least``, ``most``: the smallest
    and the largest state; ``most_label``, whose that is; ``n_none`` remember nothing.
    """
    import numpy as np
    import xarray as xr

    from simulate.models import _base as models
    from simulate.optimizers import _base as optimizers
    from simulate.recording import variable

    names = registry.names("optimizers")
    letters = [one for many in optimizers.SYMBOLS.values() for one in many if one != "η"]
    letters = list(dict.fromkeys(letters))
    state = np.empty(len(names))
    value = np.full((len(names), len(letters)), np.nan)
    all_params = [
        list(models.make("mlp", {"widths": list(settings.widths)}, 0).parameters()) for _ in names
    ]
    all_made = [
        optimizers.make(name, params, {"lr": 1e-3})
        for name, params in zip(names, all_params, strict=True)
    ]
    # Turn by turn, and the fastest: what slows the machine down for a while changes nothing.
    times = [
        [_step(made, params) for made, params in zip(all_made, all_params, strict=True)]
        for _ in range(settings.n_warm_up + settings.n_steps)
    ]
    rounds = np.array_split(times[settings.n_warm_up :], settings.n_rounds)
    fastest = np.array([np.min(each, axis=0) for each in rounds])
    seconds, spread = fastest.min(0), np.ptp(fastest, axis=0)
    for i, (name, made, params) in enumerate(zip(names, all_made, all_params, strict=True)):
        n_bytes = sum(t.numel() * t.element_size() for t in _tensors(list(made.state.values())))
        n_params = sum(param.numel() for param in params)
        state[i] = n_bytes / (4 * n_params)
        for setting, given in registry.load("optimizers", name).defaults.items():
            for letter, one in zip(
                optimizers.SYMBOLS.get(setting, ()),
                given if isinstance(given, tuple) else (given,),
                strict=False,
            ):
                if letter in letters:
                    value[i, letters.index(letter)] = one
    labels = {name: str(row.label) for name, row in registry.rows("optimizers").items()}
    return xr.Dataset(
        {
            "state": variable("run", state, "numbers kept for each parameter"),
            "seconds": variable("run", seconds, "time of a step", "seconds", measured=True),
            "spread": variable("run", spread, "its changes", "seconds", measured=True),
            "value": variable(("run", "component"), value, "setting"),
        },
        coords={"run": names, "component": letters},
        attrs={
            "n_params": n_params,
            "n_optimizers": len(names),
            "widths": "–".join(map(str, settings.widths)),
            "n_steps": settings.n_steps,
            "n_rounds": settings.n_rounds,
            "least": float(state.min()),
            "most": float(state.max()),
            "most_label": labels[names[int(state.argmax())]],
            "n_none": int((state < 0.005).sum()),
        },
    )


def _step(made: torch.optim.Optimizer, params: list[torch.nn.Parameter]) -> float:
    """Take a step down a bowl that is steeper in some directions; return its seconds."""
    import time

    import torch

    for param in params:
        steep = torch.linspace(0.1, 1.0, param.numel()).reshape(param.shape)
        param.grad = steep * param.detach()
    loss = torch.zeros(())
    started = time.perf_counter()
    made.step(lambda: loss)  # type: ignore[arg-type, return-value]
    return time.perf_counter() - started


def _tensors(value: Any) -> list[torch.Tensor]:
    """Return all tensors in nested lists and dictionaries."""
    import torch

    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [t for part in value for t in _tensors(part)] if isinstance(value, list) else []
