"""Peak memory of one training step against batch size, up to a real out-of-memory error.

Run as a program, it tries batch after batch, a child process for each, and prints a line for each::

    python -m simulate.measures.memory --limit-mib 1024 --batch 64 128 256

On the CPU a child may map only so much memory beyond what Python and torch take (``RLIMIT_AS``), so
that what it asks for too much is refused with an error; a limit on what it touches, as a cgroup
sets it, would kill it without a word. Its peak is that of mapped memory, ``VmPeak``, which is what
the limit is on. On a GPU the limit is a share of the card, or the card itself, and the peak is
``torch.cuda.max_memory_allocated``.

The program imports torch once and forks: a child costs little, and dies with it.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from simulate.errors import RunError

MIB = 2**20
STATUS = Path("/proc/self/status")


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one training step.

    Attributes
    ----------
    batch_size : int
        Examples.
    peak : int
        Bytes at the most, beyond those before the step; of a step that failed, up to there.
    saved : int
        Bytes of the activations that autograd kept for the backward pass, 0 if it got not so far.
    seconds : float
        Of the step.
    error : str
        What torch said, as Python prints it; empty if the step was done.
    """

    batch_size: int
    peak: int
    saved: int = 0
    seconds: float = 0.0
    error: str = ""

    def line(self) -> str:
        """Return what the program prints.

        Examples
        --------
        >>> print(Attempt(batch_size=64, peak=30 * MIB).line())
        batch     64  peak    30.0 MiB
        """
        found = f"failed\n{self.error}" if self.error else f"peak {self.peak / MIB:7.1f} MiB"
        return f"batch {self.batch_size:6d}  {found}"


def asked(error: str) -> int:
    """Return how many bytes torch's message says that it was refused; 0 if it says nothing of it.

    Examples
    --------
    >>> asked("can't allocate memory: you tried to allocate 102760448 bytes. Error code 12")
    102760448
    >>> asked("CUDA out of memory. Tried to allocate 98.00 MiB. GPU 0 has")
    102760448
    """
    units = {"bytes": 1, "KiB": 2**10, "MiB": MIB, "GiB": 2**30}
    found = re.search(r"[Tt]ried to allocate ([\d.]+) (bytes|[KMG]iB)", error)
    return round(float(found[1]) * units[found[2]]) if found else 0


def command(limit: int | None, device: str, model: str, settings: dict[str, Any]) -> list[str]:
    """Return the program's words for these settings, without the batches."""
    words = ["python", "-m", "simulate.measures.memory"]
    if limit is not None:
        words += ["--limit-mib", str(limit // MIB)]
    if device != "cpu":
        words += ["--device", device]
    if (model, settings) != ("cnn", {}):
        words += ["--model", model, "--settings", json.dumps(settings)]
    return words


@contextlib.contextmanager
def attempts(
    limit: int | None,
    device: str = "cpu",
    model: str = "cnn",
    settings: dict[str, Any] | None = None,
) -> Iterator[Callable[[int], Attempt]]:
    """Give a function that tries a training step on so many examples, in a child process.

    Parameters
    ----------
    limit : int or None
        Bytes beyond those that the process has before the step; None takes what the machine has,
        on a GPU only.
    device : {"cpu", "cuda"}
    model, settings
        A row of `simulate.models` for 28×28 images and ten classes, and its settings.

    Yields
    ------
    callable
        ``attempt(batch_size) -> Attempt``.

    Raises
    ------
    RunError
        If this system has no such limits, or the process ends without an answer.
    """
    if device == "cpu" and not STATUS.exists():
        raise RunError(
            "memory of a process is measured and limited through Linux's /proc and RLIMIT_AS, "
            f"which {sys.platform} has not; record on Linux, or with --device cuda"
        )
    words = command(limit, device, model, settings or {})
    with subprocess.Popen(
        [sys.executable, *words[1:], "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asks, answers = process.stdin, process.stdout

        def attempt(batch_size: int) -> Attempt:
            try:
                print(batch_size, file=asks, flush=True)
                answer = answers.readline()
            except OSError:
                answer = ""
            if not answer:
                raise RunError(
                    f"the training step on {batch_size} examples ended without an answer; "
                    "the machine may have less memory than the limit allows: lower it"
                )
            return msgspec.json.decode(answer, type=Attempt)

        try:
            yield attempt
        finally:
            process.kill()


# ------------------------------------------------------------------------- the program


def main(arguments: Sequence[str] | None = None) -> None:
    """Try each batch in a child of its own; print what became of it, and stop at a failure."""
    parser = argparse.ArgumentParser(prog="python -m simulate.measures.memory", description=__doc__)
    parser.add_argument("--limit-mib", type=int, help="what a step may take, in MiB")
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--model", default="cnn", help="a row of simulate/models")
    parser.add_argument("--settings", type=json.loads, default={}, help="of the model, JSON")
    parser.add_argument("--batch", type=int, nargs="*", default=[], help="batch sizes to try")
    parser.add_argument(
        "--json", action="store_true", help="read batch sizes from stdin, answer in JSON"
    )
    given = parser.parse_args(arguments)
    limit = None if given.limit_mib is None else given.limit_mib * MIB
    _die_with_parent(os.getppid())
    import torch

    from simulate.models import _base as models

    torch.set_num_threads(1)
    _map_each_tensor()
    models.make(given.model, given.settings)  # imports what the children need
    sizes = map(int, sys.stdin) if given.json else iter(given.batch)
    for batch_size in sizes:
        found = _in_child(batch_size, limit, given)
        text = msgspec.json.encode(found).decode() if given.json else found.line()
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
        if found.error and not given.json:
            sys.exit(1)


def _in_child(batch_size: int, limit: int | None, given: argparse.Namespace) -> Attempt:
    reads, writes = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(reads)
        _die_with_parent(parent)
        try:
            found = _step(batch_size, limit, given.device, given.model, given.settings)
            os.write(writes, msgspec.json.encode(found))
        finally:
            os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    if not answer:
        sys.exit(f"the step on {batch_size} examples was killed; lower the limit")
    return msgspec.json.decode(answer, type=Attempt)


def _step(
    batch_size: int, limit: int | None, device: str, model: str, settings: dict[str, Any]
) -> Attempt:
    """Do one training step on made-up images and return what it took.

    What the images show doesn't matter to memory.
    """
    import torch
    from torch.autograd.graph import saved_tensors_hooks

    from simulate.models import _base as models

    network = models.make(model, settings).to(device)
    gradients = [torch.zeros_like(param) for param in network.parameters()]
    for param, gradient in zip(network.parameters(), gradients, strict=True):
        param.grad = gradient  # there from the first step on, so that none is made in it
    _ready(limit, device)
    before = _taken(device)
    kept: dict[int, int] = {}
    constant = {param.untyped_storage().data_ptr() for param in network.parameters()}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in constant:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    started = time.perf_counter()
    error = ""
    try:
        x = torch.zeros(batch_size, 784, device=device)
        y = torch.zeros(batch_size, dtype=torch.int64, device=device)
        with saved_tensors_hooks(keep, lambda tensor: tensor):
            loss = torch.nn.functional.cross_entropy(network(x), y)
        loss.backward()
        with torch.no_grad():  # plain gradient descent; torch.optim takes a second to import
            for param, gradient in zip(network.parameters(), gradients, strict=True):
                param.add_(gradient, alpha=-0.01)
        if device == "cuda":
            torch.cuda.synchronize()
    except (RuntimeError, MemoryError) as failure:  # torch.OutOfMemoryError is a RuntimeError
        error = f"{type(failure).__name__}: {failure}"
    return Attempt(
        batch_size=batch_size,
        peak=max(0, _peak(device) - before),
        saved=0 if error else sum(kept.values()),
        seconds=time.perf_counter() - started,
        error=error,
    )


def _ready(limit: int | None, device: str) -> None:
    """Set the limit, from what the process takes now."""
    import torch

    if device == "cuda":
        torch.zeros(1, device=device)  # its own memory is none of the step's
        torch.cuda.synchronize()
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
        if limit is not None:
            whole = torch.cuda.get_device_properties(0).total_memory
            torch.cuda.set_per_process_memory_fraction(min(1.0, limit / whole))
        return
    # Autograd starts a thread at its first backward pass; its stack is none of the step's.
    torch.zeros(1, requires_grad=True).sum().backward()
    if limit is not None:
        import resource

        most = _taken(device) + limit
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _map_each_tensor() -> None:
    """Let malloc give back what is freed, so that the peak is what is needed at one time.

    glibc would raise the size from which on it does so after each large piece, and keep the rest
    in a heap with holes.
    """
    with contextlib.suppress(AttributeError):  # another C library
        threshold = -3  # M_MMAP_THRESHOLD of <malloc.h>
        ctypes.CDLL(None).mallopt(threshold, 2**17)


def _taken(device: str) -> int:
    if device == "cuda":
        import torch

        return torch.cuda.memory_allocated()
    return _status("VmSize")


def _peak(device: str) -> int:
    if device == "cuda":
        import torch

        return torch.cuda.max_memory_allocated()
    return _status("VmPeak")


def _status(field: str) -> int:
    """Return a line of /proc/self/status in bytes."""
    for line in STATUS.read_text().splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) * 1024
    raise RunError(f"{STATUS} has no {field}")


def _die_with_parent(parent: int) -> None:
    """Let the kernel kill this process when the one that started it ends, however that ends."""
    if sys.platform == "linux":
        set_parent_death_signal = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel was told
        os._exit(1)


if __name__ == "__main__":
    main()
