"""Peak memory of one training step, for batches that double until they don't fit any more.

Each batch is tried in a child process under a limit (`simulate.measures.memory`); the last one
fails, and what torch says then is kept as it said it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from simulate import specs
from simulate.experiments import _base as base

if TYPE_CHECKING:
    import xarray as xr


class Settings(base.Settings, frozen=True, kw_only=True):
    """The limit, the batches and where the step is done.

    Attributes
    ----------
    limit_mib : int or None
        MiB that a step may take beyond what Python and torch have; None takes the whole card, on a
        GPU only.
    smallest, most : int
        First batch size, and where to give up if all of them fit.
    resolution : float
        How closely the largest batch is searched for, as a share of itself.
    device : {"cpu", "cuda"}
        Where the step is done.
    """

    limit_mib: specs.Count | None = 512
    smallest: specs.Count = 64
    most: specs.Count = 2**24
    resolution: float = 1 / 16
    device: Literal["cpu", "cuda"] = "cpu"


MANY = 60_000  # examples: as many as MNIST has to train on

EXPERIMENT = base.Experiment(
    settings=Settings(),
    tiny=Settings(limit_mib=48, smallest=32, resolution=0.5),
    label="peak memory of a step against batch size",
    alone=True,
)


def runs(settings: Settings) -> dict[str, specs.Run]:
    """Return nothing: what is measured is single steps, each in a process of its own."""
    return {}


def record(runs: dict[str, base.Run], settings: Settings) -> xr.Dataset:
    """Double the batch until a step fails, then search for the largest that does not.

    By ``run``, one a batch size, the last one failed: ``batch_size``, ``peak`` (of the failed one:
    up to the failure), ``saved`` (activations that autograd kept), ``seconds``, ``printed`` (the
    program's line). By ``run_search``: ``searched``, ``searched_peak``, ``searched_fits``.
    Attributes: ``error``, torch's own words, and ``asked_bytes``, what they say it was refused;
    ``bytes_per_example`` and ``bytes_fixed``, a line fitted to the peaks; ``saved_per_example``;
    ``largest_batch``, ``failed_batch``.

    Raises
    ------
    RunError
        If the smallest batch doesn't fit, or all do.
    """
    import numpy as np
    import xarray as xr

    from simulate.errors import RunError
    from simulate.measures import memory
    from simulate.models import cnn
    from simulate.recording import variable

    limit = None if settings.limit_mib is None else settings.limit_mib * memory.MIB
    if limit is None and settings.device == "cpu":
        raise RunError("limit_mib is None; without a limit a step may take the machine down")
    grown: list[memory.Attempt] = []
    search: list[memory.Attempt] = []
    with memory.attempts(limit, settings.device) as attempt:
        size = settings.smallest
        while not grown or not grown[-1].error:
            if size > settings.most:
                raise RunError(f"a batch of {size // 2} still fits; lower limit_mib or raise most")
            grown.append(attempt(size))
            size *= 2
        if len(grown) < 3:
            raise RunError(
                f"a batch of {grown[-1].batch_size} doesn't fit into {settings.limit_mib} MiB; "
                "raise limit_mib"
            )
        low, high = grown[-2].batch_size, grown[-1].batch_size
        while high - low > max(1, settings.resolution * low):
            search.append(attempt((low + high) // 2))
            low, high = (low, (low + high) // 2) if search[-1].error else ((low + high) // 2, high)

    sizes = np.array([each.batch_size for each in grown])
    peaks = np.array([each.peak for each in grown])
    fits = np.array([not each.error for each in grown])
    saved = np.array([each.saved for each in grown])
    slope, fixed = np.polyfit(sizes[fits], peaks[fits], 1)
    network = base.network(specs.Model(name="cnn"))
    words = memory.command(limit, settings.device, "cnn", {})
    said = grown[-1].error
    return xr.Dataset(
        {
            "batch_size": variable("run", sizes, "batch size", "examples"),
            "peak": variable("run", peaks, "peak memory of a step", "bytes", measured=True),
            "saved": variable("run", saved, "activations kept", "bytes", measured=True),
            "seconds": variable(
                "run", [each.seconds for each in grown], "duration", "seconds", measured=True
            ),
            "fits": variable("run", fits.astype(np.int8), "whether the step was done"),
            "printed": variable(
                "run",
                [each.line().partition("\n")[0] for each in grown],
                "what the program prints",
                measured=True,
            ),
            "searched": variable(
                "run_search", [each.batch_size for each in search], "batch size", "examples",
                measured=True,
            ),
            "searched_peak": variable(
                "run_search", [each.peak for each in search], "peak memory of a step", "bytes",
                measured=True,
            ),
            "searched_fits": variable(
                "run_search", [int(not each.error) for each in search],
                "whether the step was done", measured=True,
            ),
        },
        coords={"run": [f"batch {size}" for size in sizes]},
        attrs={
            "command": " ".join([*words, "--batch", *map(str, sizes)]),
            "error": said,
            "asked_bytes": memory.asked(said),
            "limit_bytes": limit or 0,
            "limited": int(limit is not None),
            "bytes_per_example": float(slope),
            "bytes_fixed": float(fixed),
            "saved_per_example": float(saved[fits][-1] / sizes[fits][-1]),
            "largest_batch": low,
            "smallest_failed": high,
            "failed_batch": int(sizes[-1]),
            "largest_doubled": int(sizes[-2]),
            "many_examples": MANY,
            "many_bytes": float(fixed + slope * MANY),
            "model": cnn.MODEL.label,
            "n_params": sum(param.numel() for param in network.parameters()),
            "place": "GPU" if settings.device == "cuda" else "CPU",
        },
    )  # fmt: skip
