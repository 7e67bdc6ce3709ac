"""What a picture was made from, and in words why it is stale. Time stamps decide nothing.

A receipt lies in ``.receipts/`` beside the pictures. It names every input with a digest (or, where
that says more, a value), and every file that was written. Deciding reads receipts and sources:
neither matplotlib nor manim nor a recording is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from simulate import registry
from simulate.storage import code
from simulate.storage.files import sha256, write_atomic
from simulate.storage.store import Store


class Output(msgspec.Struct, frozen=True):
    """A written file, and how to tell that it is still that file."""

    size: int
    modified: int  # ns; while it is the same the file isn't read
    digest: str


class Receipt(msgspec.Struct, frozen=True):
    """What a picture was made from: digest by input; and its files, by path below the folder."""

    inputs: dict[str, str]
    outputs: dict[str, Output]


def read(path: Path) -> Receipt | None:
    """Return a receipt; None if there is none that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Receipt)
    except (OSError, msgspec.MsgspecError):
        return None


def write(path: Path, inputs: dict[str, str], root: Path, outputs: Sequence[Path]) -> None:
    """Store a receipt for files below `root`; call it after they have their final names."""
    receipt = Receipt(inputs, {str(file.relative_to(root)): _output(file) for file in outputs})
    write_atomic(path, msgspec.json.encode(receipt))


def _output(path: Path) -> Output:
    stat = path.stat()
    return Output(stat.st_size, stat.st_mtime_ns, sha256(path))


def picture_inputs(
    modules: Sequence[str], words: Path, recordings: Sequence[str], store: Store, settings: str
) -> dict[str, str]:
    """Return what a picture depends on.

    Parameters
    ----------
    modules : sequence of str
        The module that makes it, and the one that renders it.
    words : Path
        The file of its row: title, alternative text, caption.
    recordings : sequence of str
        Those that it uses; each has a receipt in the store.
    store : Store
    settings : str
        The render settings, in words.

    Returns
    -------
    dict of str to str
        What it is, in words, to a digest or a value.
    """
    inputs = {"the settings": settings}
    rows: set[str] = set()
    for name in recordings:
        receipt = store.receipt(name)
        inputs[f"the recording {name}"] = receipt.digest if receipt else "missing"
        rows.update(receipt.rows if receipt else ())
    files = {path for module in modules for path in code.closure(module, without=code.PLUMBING)}
    inputs |= {code.label(path): code.digest(path) for path in files}
    kinds = {row.partition("/")[0] for row in rows} | code.row_listings(files)
    for kind in sorted(kinds):
        known = registry.rows(kind)
        if kind in code.row_listings(files):
            inputs[f"the list of {kind}"] = ", ".join(known)
            rows.update(f"{kind}/{name}" for name in known)
        for name, row in known.items():
            if f"{kind}/{name}" in rows:
                shown = code.presentation(row.path)
                inputs[f"label and colour in {code.label(row.path)}"] = shown
    inputs[f"the words in {code.label(words)}"] = code.presentation(words)
    return dict(sorted(inputs.items()))


def reasons(receipt: Receipt, inputs: Mapping[str, str], root: Path) -> list[str]:
    """Return in words why a picture is stale; nothing if it is fresh.

    Parameters
    ----------
    receipt : Receipt
        Of when it was last made.
    inputs : mapping of str to str
        As they are now; see `picture_inputs`.
    root : Path
        The folder below which its files lie.
    """
    found = []
    for what in sorted(inputs.keys() | receipt.inputs.keys()):
        before, now = receipt.inputs.get(what), inputs.get(what)
        if before == now:
            continue
        if before is None:
            found.append(f"{what} is new")
        elif now is None:
            found.append(f"{what} is no longer used")
        elif what.startswith(("the settings", "the list of")):
            found.append(f"{what} changed from {before} to {now}")
        else:
            found.append(f"{what} changed")
    for name, output in receipt.outputs.items():
        if trouble := _trouble(root / name, output):
            found.append(f"{name} {trouble}")
    return found


def _trouble(path: Path, output: Output) -> str:
    try:
        stat = path.stat()
    except OSError:
        return "is missing"
    if stat.st_size == output.size and stat.st_mtime_ns == output.modified:
        return ""
    if stat.st_size == output.size and sha256(path) == output.digest:
        return ""
    return "is damaged or was edited"
