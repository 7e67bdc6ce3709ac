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

from simulate.errors import Damaged, UserError
from simulate.storage import receipts
from simulate.storage.files import lock
from simulate.storage.receipts import Receipt, Stored

if TYPE_CHECKING:
    import xarray as xr


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
        receipt = receipts.read(self._receipt_path(name))
        # One that was edited, or belongs to another file, is none.
        return receipt if receipt and list(receipt.outputs) == [f"{name}.nc"] else None

    def verify(self, name: str, *, whole: bool = False) -> str:
        """Return what is wrong with a stored file in a word or two, "" if nothing is.

        Parameters
        ----------
        name : str
        whole : bool
            Read it even where size and time are as they were.

        Returns
        -------
        str
            "never recorded" without a receipt, "file missing", "file damaged" or "file
            unreadable", or "".
        """
        receipt = self.receipt(name)
        if receipt is None:
            return "never recorded"
        (output,) = receipt.outputs.values()
        wrong = receipts.trouble(self.path(name), output, whole=whole)
        return f"file {wrong}" if wrong else ""

    def stored(self, name: str) -> Stored:
        """Return where a recording is and the digest that it must have.

        Raises
        ------
        UserError
            If it was never recorded.
        """
        receipt = self.receipt(name)
        if receipt is None:
            raise UserError(
                f"no recording at {self.path(name)}; make it with: teachnet record {name}"
            )
        return Stored(self.path(name), receipt.digest)

    def load(self, name: str) -> xr.Dataset:
        """Return a recording, whole and in memory; `UserError` if it is missing or damaged."""
        from simulate import recording

        try:
            return recording.load(self.stored(name))
        except Damaged:
            self.distrust(name)  # what is made from it is not fresh any more
            raise

    def put(self, name: str, content: bytes | Path, inputs: dict[str, str], **more: Any) -> Receipt:
        """Store a file, then its receipt.

        Parameters
        ----------
        name : str
        content : bytes or Path
            As for `simulate.storage.files.write_atomic`.
        inputs : dict of str to str
            What it was made from.
        **more
            The other fields of a `Receipt` but for ``outputs``.

        Raises
        ------
        UserError
            If the folder can't be written.
        """
        contents = {f"{name}.nc": content}
        return receipts.put(self._receipt_path(name), self.root, contents, inputs, **more)

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

        return self.put(
            name,
            recording.encoded(dataset),
            inputs,
            runs=runs,
            rows=rows or [],
            seconds=seconds,
            attrs=recording.plain_attrs(dataset),
        )

    def distrust(self, name: str) -> bool:
        """Read a file that seemed damaged, and vouch for it no longer if it is; tell whether."""
        wrong = bool(self.verify(name, whole=True))
        if wrong:
            receipts.forget(self._receipt_path(name))
        return wrong

    def names(self) -> list[str]:
        """Return the names of all recordings that have a receipt, sorted."""
        return sorted(path.stem for path in (self.root / ".receipts").glob("*.json"))

    def lock(
        self, name: str, waiting: Callable[[], object] | None = None
    ) -> AbstractContextManager[None]:
        """Hold the right to make a recording or a run; see `simulate.storage.files.lock`."""
        return lock(self.lock_path(name), waiting)

    def checkpoint(self, name: str) -> Path:
        """Return where a run that is being computed keeps its state, until it is stored."""
        return self.root / ".checkpoints" / f"{name}.npz"

    def lock_path(self, name: str) -> Path:
        """Return the file that is locked by whoever makes a recording or a run."""
        return self.root / ".locks" / f"{name}.lock"

    # Runs

    def has_run(self, address: str) -> bool:
        """Tell whether a run's result is there and undamaged."""
        return not self.verify(run_name(address))

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


def run_name(address: str) -> str:
    """Return a run's name in the store."""
    return f"runs/{address}"
