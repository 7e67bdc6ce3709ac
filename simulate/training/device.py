"""Where runs are computed, and what makes them repeat: threads, seeds, deterministic kernels."""

from __future__ import annotations

import os
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from simulate.errors import UserError

if TYPE_CHECKING:
    import torch

DEVICES = ("auto", "cpu", "cuda", "mps")


def choose(name: str = "auto") -> str:
    """Return the device to use.

    Parameters
    ----------
    name : {"auto", "cpu", "cuda", "mps"}
        "auto" takes the first of cuda, mps and cpu that is there.

    Returns
    -------
    str
        "cpu", "cuda" or "mps".

    Raises
    ------
    UserError
        If there is no such device here; the message says what there is.
    """
    if name not in DEVICES:
        raise UserError(f"no device is called {name!r}; there is {', '.join(DEVICES)}")
    if name == "cpu":
        return name
    there = available()
    if name == "auto":
        return there[0]
    if name not in there:
        raise UserError(f"device {name!r} is not here; there is {', '.join(reversed(there))}")
    return name


def available() -> list[str]:
    """Return the devices of this machine that torch can use, the fastest first, cpu last."""
    if not _may_accelerate():
        return ["cpu"]
    import torch

    found = []
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return [*found, "cpu"]


def settle(device: str = "cpu", threads: int = 1) -> None:
    """Make this process compute the same numbers every time; call it before training.

    One thread by default: sums are then added in one order whatever the machine has, and
    experiments run side by side, one a core.

    Parameters
    ----------
    device : {"cpu", "cuda", "mps"}
        Where this process will compute.
    threads : int
        Threads for torch's own kernels.
    """
    if device == "cuda":  # cuBLAS reads it when it starts; without it, sums vary between runs
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    import torch

    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)
    torch.backends.cudnn.benchmark = False
    torch.set_float32_matmul_precision("highest")  # no TF32: its steps are 1e-3 wide


def generator(seed: int) -> torch.Generator:
    """Return a source of random numbers of its own, seeded; global state stays untouched.

    It lives on the CPU, so that initial weights and batches are the same on every device.
    """
    import torch

    return torch.Generator(device="cpu").manual_seed(seed)


def random_state(device: str = "cpu") -> list[torch.Tensor]:
    """Return the state of torch's own generators, of the CPU and of the device."""
    import torch

    state = [torch.get_rng_state()]
    if device.startswith("cuda"):
        state.append(torch.cuda.get_rng_state(device))
    elif device == "mps":
        state.append(torch.mps.get_rng_state())
    return state


def set_random_state(state: list[torch.Tensor], device: str = "cpu") -> None:
    """Put back what `random_state` returned."""
    import torch

    torch.set_rng_state(state[0])
    if device.startswith("cuda"):
        torch.cuda.set_rng_state(state[1], device)
    elif device == "mps":
        torch.mps.set_rng_state(state[1])


def seeded_state(seed: int, device: str = "cpu") -> list[torch.Tensor]:
    """Return the state that torch's generators have when they are seeded."""
    import torch

    state = [generator(seed).get_state()]
    if device != "cpu":
        state.append(torch.Generator(device=device).manual_seed(seed).get_state())
    return state


def synchronize(device: str) -> None:
    """Wait until the device has done what it was given, so that a clock reads true."""
    import torch

    if device == "cuda":
        torch.cuda.synchronize()
    elif device == "mps":
        torch.mps.synchronize()


def _may_accelerate() -> bool:
    """Tell whether it is worth importing torch (seconds) to ask for an accelerator."""
    if sys.platform == "darwin":
        return True
    try:
        if metadata.version("torch").endswith("+cpu"):
            return False
    except metadata.PackageNotFoundError:
        return False
    # Windows keeps no device files; elsewhere NVIDIA's and AMD's drivers do.
    drivers = (Path("/dev/nvidiactl"), Path("/dev/dxg"), Path("/dev/kfd"))
    return sys.platform == "win32" or any(driver.exists() for driver in drivers)
