"""The state of a run in a file, so that it goes on after it was killed.

A file holds arrays (NumPy's npz, read with pickles forbidden) and a JSON text that says where each
of them belongs. Nothing in it can run.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from simulate.errors import UserError
from simulate.storage.files import write_atomic

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
