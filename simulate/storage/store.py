"""Where results are kept: runs by content, recordings by name, each with a receipt.

``ROOT/EXPERIMENT.nc`` is a recording, ``ROOT/runs/ADDRESS.nc`` one run, and
``ROOT/.receipts/…json`` says what each was made from. A result counts only with its receipt,
which is written last: whatever is killed in between is simply made again. Deciding what is
stale reads receipts only, neither xarray nor the recordings.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from simulate.errors import UserError
from simulate.storage.files import lock, sha256, write_atomic

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Receipt", "Store", "lock", "sha256", "write_atomic"]


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a stored file was made from, and how to tell that it is still that file.

    Attributes
    ----------
    inputs : dict of str to str
        What it depends on, in words, to a digest or a value.
    digest : str
        SHA-256 of the file.
    size : int
        Of the file, in bytes.
    modified : int
        The file's time stamp when it was written, in ns. As long as it and the size are the
        same, the file isn't read to compare its digest; nothing else hangs on it.
    runs : list of str
        Addresses of the runs that a recording is made of.
    rows : list of str
        Rows that these name, such as ``optimizers/adam``.
    seconds : float
        What it took to make.
    attrs : dict
        The recording's attributes, so that titles are filled without opening it.
    """

    inputs: dict[str, str]
    digest: str
    size: int
    modified: int
    runs: list[str] = []
    rows: list[str] = []
    seconds: float = 0.0
    attrs: dict[str, Any] = {}


class Store:
    """Runs and recordings below one folder, ``MEDIA/recordings``.

    Names are those of experiments; a run is the name ``runs/ADDRESS``. Several processes may
    use one store at once.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    # Recordings

    def path(self, name: str) -> Path:
        """Return where a recording is, or would be."""
        return self.root / f"{name}.nc"

    def receipt(self, name: str) -> Receipt | None:
        """Return a recording's receipt; None if there is none that can be read."""
        try:
            return msgspec.json.decode(self._receipt_path(name).read_bytes(), type=Receipt)
        except (OSError, msgspec.MsgspecError):
            return None

    def verify(self, name: str) -> str:
        """Return what is wrong with a stored file in a word or two, "" if nothing is.

        Returns
        -------
        str
            "never recorded" without a receipt, "file missing", "file damaged" if its size or
            digest isn't that of the receipt, or "".
        """
        receipt = self.receipt(name)
        if receipt is None:
            return "never recorded"
        path = self.path(name)
        try:
            stat = path.stat()
            if stat.st_size != receipt.size:
                return "file damaged"
            if stat.st_mtime_ns != receipt.modified and sha256(path) != receipt.digest:
                return "file damaged"
        except OSError:
            return "file missing"
        return ""

    def load(self, name: str) -> xr.Dataset:
        """Return a recording, whole and in memory; `UserError` if it is missing or damaged."""
        from simulate import recording

        return recording.load(self.path(name))

    def save(
        self,
        name: str,
        dataset: xr.Dataset,
        inputs: dict[str, str],
        runs: list[str],
        *,
        rows: list[str] | None = None,
        seconds: float = 0.0,
    ) -> Receipt:
        """Store a recording, then its receipt; a reader sees the old file or the new one, whole.

        Raises
        ------
        UserError
            If the folder can't be written.
        """
        from simulate import recording

        path = self.path(name)
        digest = recording.save(dataset, path)
        stat = path.stat()
        receipt = Receipt(
            inputs=inputs,
            digest=digest,
            size=stat.st_size,
            modified=stat.st_mtime_ns,
            runs=runs,
            rows=rows or [],
            seconds=seconds,
            attrs=recording.plain_attrs(dataset),
        )
        write_atomic(self._receipt_path(name), msgspec.json.encode(receipt))
        return receipt

    def names(self) -> list[str]:
        """Return the names of all recordings that have a receipt, sorted."""
        return sorted(path.stem for path in (self.root / ".receipts").glob("*.json"))

    def lock(
        self, name: str, waiting: Callable[[], object] | None = None
    ) -> AbstractContextManager[None]:
        """Hold the right to make a recording or a run; see `simulate.storage.files.lock`."""
        return lock(self.root / ".locks" / f"{name}.lock", waiting)

    # Runs

    def has_run(self, address: str) -> bool:
        """Tell whether a run's result is there and undamaged."""
        return not self.verify(_run(address))

    def load_run(self, address: str) -> xr.Dataset:
        """Return a run's result; `UserError` if it is missing or damaged."""
        return self.load(_run(address))

    def save_run(
        self,
        address: str,
        dataset: xr.Dataset,
        *,
        rows: list[str] | None = None,
        seconds: float = 0.0,
    ) -> Receipt:
        """Store a run's result under its address."""
        return self.save(_run(address), dataset, {}, [], rows=rows, seconds=seconds)

    def lock_run(
        self, address: str, waiting: Callable[[], object] | None = None
    ) -> AbstractContextManager[None]:
        """Hold the right to compute a run."""
        return self.lock(_run(address), waiting)

    def runs(self) -> list[str]:
        """Return the addresses of all stored runs, sorted."""
        return sorted(path.stem for path in (self.root / ".receipts" / "runs").glob("*.json"))

    def forget(self, name: str) -> None:
        """Delete a recording (or ``runs/ADDRESS``) with its receipt, if it is there."""
        try:
            self._receipt_path(name).unlink(missing_ok=True)
            self.path(name).unlink(missing_ok=True)
        except OSError as error:
            raise UserError(f"cannot delete {self.path(name)}: {error.strerror}") from error

    def _receipt_path(self, name: str) -> Path:
        return self.root / ".receipts" / f"{name}.json"


def _run(address: str) -> str:
    return f"runs/{address}"
