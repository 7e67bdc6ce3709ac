"""What a picture depends on, and in words why it is stale.

Its receipt (`simulate.storage.receipts`) lies in ``.receipts/`` beside the pictures. It names every
input with a digest (or, where that says more, a value), and every file that was written. Deciding
reads receipts and sources: neither matplotlib nor manim nor a recording is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from simulate import registry
from simulate.storage import code
from simulate.storage.receipts import Receipt, put, read, trouble
from simulate.storage.store import Store

__all__ = ["Receipt", "picture_inputs", "put", "read", "reasons", "trouble"]

_TROUBLES = {
    "missing": "is missing",
    "damaged": "is damaged or was edited",
    "unreadable": "cannot be read",
}


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
    for kind in sorted(kinds & set(registry.KINDS)):  # engines present nothing
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
        if wrong := trouble(root / name, output):
            found.append(f"{name} {_TROUBLES[wrong]}")
    return found
