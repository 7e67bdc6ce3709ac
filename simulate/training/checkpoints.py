"""The state of a run in a file, so that it goes on after it was killed.

A file holds arrays (NumPy's npz, read with pickles forbidden) and a JSON text that says where each
of them belongs. Nothing in it can run.
"""

from __future__ import annotations

import io
import json
import math
import time
import zipfile
from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from simulate.errors import UserError
from simulate.storage.files import write_atomic

if TYPE_CHECKING:
    from simulate.training.probing import Probing
    from simulate.training.steps import Loop

SECONDS = 30.0  # between two states of a run that are written to disk

FORMAT = 1
_TREE = "tree"  # the name of the JSON text among the arrays


def save(state: Any, path: Path) -> None:
    """Write a state, whole or not at all.

    Parameters
    ----------
    state : dict
        Of dicts, lists, tuples, numbers, strings, None, arrays and tensors.
    path : Path
        Where; an older state there is replaced.

    Raises
    ------
    UserError
        If the state holds anything else, or the file can't be written.
    """
    arrays: dict[str, np.ndarray] = {}
    tree = json.dumps({"format": FORMAT, "state": _packed(state, arrays, "state")})
    arrays[_TREE] = np.frombuffer(tree.encode(), np.uint8)

    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    write_atomic(path, file.getvalue())


def load(path: Path) -> Any:
    """Return the state that `save` wrote.

    Raises
    ------
    UserError
        If the file isn't one, or is damaged.
    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        tree = json.loads(arrays[_TREE].tobytes())
        if tree["format"] != FORMAT:
            raise ValueError(f"its format is {tree['format']}, not {FORMAT}")
        return _unpacked(tree["state"], arrays)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise UserError(
            f"{path} is no checkpoint, or damaged ({str(error)[:100]}); delete it to start anew"
        ) from error


def _packed(value: Any, arrays: dict[str, np.ndarray], where: str) -> Any:
    """Return a value as JSON, its arrays apart; types that JSON doesn't have are told by a tag."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, np.generic):
        return {"scalar": _packed(np.asarray(value), arrays, where)}
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": repr(value)}
    if isinstance(value, torch.Tensor):
        plain = value.detach().cpu().contiguous()
        kind = str(plain.dtype).removeprefix("torch.")
        if plain.layout != torch.strided:
            raise UserError(f"a checkpoint can't hold {where}, a tensor of layout {plain.layout}")
        name = str(len(arrays))
        # As bytes, so that types which NumPy doesn't have are held too.
        arrays[name] = plain.reshape(-1).view(torch.uint8).numpy()
        return {"tensor": name, "dtype": kind, "shape": list(plain.shape)}
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "biufcU":
            raise UserError(f"a checkpoint can't hold {where}, an array of {value.dtype}")
        name = str(len(arrays))
        arrays[name] = value
        return {"array": name}
    if isinstance(value, list):
        return [_packed(item, arrays, f"{where}[{i}]") for i, item in enumerate(value)]
    if isinstance(value, tuple):
        return {"tuple": _packed(list(value), arrays, where)}
    if isinstance(value, Mapping) and type(value) in (dict, OrderedDict, defaultdict):
        pairs = [
            [_packed(key, arrays, where), _packed(item, arrays, f"{where}[{key!r}]")]
            for key, item in value.items()
        ]
        return {"dict": pairs}
    if type(value).__module__ == "collections" and type(value).__name__ == "Counter":
        return {"counter": [[key, count] for key, count in value.items()]}
    if isinstance(value, Path):
        return str(value)
    raise UserError(
        f"a checkpoint can't hold {where}, a {type(value).__name__}: it takes numbers, strings, "
        "lists, dicts, arrays and tensors"
    )


def _unpacked(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    if isinstance(value, list):
        return [_unpacked(item, arrays) for item in value]
    if not isinstance(value, dict):
        return value
    if "dict" in value:
        return {_unpacked(key, arrays): _unpacked(item, arrays) for key, item in value["dict"]}
    if "tuple" in value:
        return tuple(_unpacked(value["tuple"], arrays))
    if "counter" in value:
        from collections import Counter

        return Counter(dict(value["counter"]))
    if "float" in value:
        return float(value["float"])
    if "scalar" in value:
        return _unpacked(value["scalar"], arrays)[()]
    if "array" in value:
        return arrays[value["array"]]
    dtype, stored = getattr(torch, value["dtype"]), arrays[value["tensor"]]
    if stored.size == 0:
        return torch.empty(value["shape"], dtype=dtype)
    return torch.from_numpy(stored.copy()).view(dtype).reshape(value["shape"])


class Keeper:
    """Writes the run's state now and then, and goes on from one that is there."""

    def __init__(
        self,
        path: Path,
        seconds: float,
        loop: Loop,
        probing: Probing,
        obstacle: str,
        penalty: str,
    ) -> None:
        self._path, self._seconds = path, seconds
        self._loop, self._probing = loop, probing
        # What must be the same for the run to be the same, as far as it can be told.
        self._run = {
            "n_steps": loop.n_steps,
            "seed": loop.seed,
            "backend": "eager" if obstacle else "fused",
            "optimizer": type(loop.optimizer).__name__,
            "schedule": type(loop.schedule).__name__,
            "record": [[series.name, series.every] for series in probing.series],
            "params": [[n, list(p.shape)] for n, p in loop.model.named_parameters()],
            "buffers": [[n, list(b.shape)] for n, b in loop.model.named_buffers()],
            "zero_grad": loop.zero_grad,
            "penalty": penalty,
            "steps_per_epoch": loop.batches.steps_per_epoch,
            "examples": getattr(loop.batches, "n_examples", None),
        }
        if path.exists():
            self._resume()
        self._next = time.monotonic() + seconds

    def _resume(self) -> None:
        kept = load(self._path)
        for name, mine in self._run.items():
            theirs = kept["run"].get(name)
            if theirs != mine:
                raise UserError(
                    f"checkpoint {self._path} is of another run: its {name} is "
                    f"{str(theirs)[:80]}, not {str(mine)[:80]}; delete it, or give another path"
                )
        self._loop.restore(kept["loop"])
        self._probing.restore(kept["probes"])

    def __call__(self, number: int) -> None:
        """Write the state, if it is time to; the state is whole when this is called.

        At the end only where the run was long enough to have one: a short one is soon done again.
        """
        ended = number == self._loop.n_steps and self._path.exists()
        if not ended and time.monotonic() < self._next:
            return
        state = {
            "run": self._run,
            "loop": self._loop.state(),
            "probes": self._probing.state(),
        }
        save(state, self._path)
        self._next = time.monotonic() + self._seconds
