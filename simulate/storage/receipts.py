"""What vouches for files: what they were made from, and how to tell that they are still these.

Recordings, runs and pictures have receipts of one form. Files count only with their receipt, which
is written last: whatever is killed in between is simply made again. Deciding what is stale reads
receipts, not what they vouch for. Time stamps decide nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec

from simulate.errors import UserError
from simulate.storage.files import sha256, write_atomic

# A path with a NUL can't even be asked for.
_Name = Annotated[str, msgspec.Meta(pattern=r"^[^\x00-\x1f\x7f]+$")]
_Plain = str | int | float | bool | None


class Output(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A written file, and how to tell that it is still that file.

    Attributes
    ----------
    size : int
        Bytes.
    modified : int
        Its time stamp when it was written, in ns. As long as it and the size are the same, the
        file isn't read to compare its digest; nothing else hangs on it.
    digest : str
        SHA-256 of the file, in hexadecimal.
    """

    size: int
    modified: int
    digest: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What files were made from.

    Attributes
    ----------
    inputs : dict of str to str
        What they depend on, in words, to a digest or a value.
    outputs : dict of str to Output
        The files, by path below the folder that the receipts are for.
    runs : list of str
        Addresses of the runs that a recording is made of.
    rows : list of str
        Rows that these name, such as ``optimizers/adam``.
    seconds : float
        What it took to make.
    attrs : dict
        A recording's attributes, so that titles are filled without opening it.
    """

    inputs: dict[str, str]
    outputs: dict[_Name, Output]
    runs: list[_Name] = []
    rows: list[_Name] = []
    seconds: float = 0.0
    attrs: dict[str, _Plain] = {}

    @property
    def digest(self) -> str:
        """Digest of the only file."""
        return self._output.digest

    @property
    def size(self) -> int:
        """Bytes of the only file."""
        return self._output.size

    @property
    def _output(self) -> Output:
        (output,) = self.outputs.values()
        return output


class Stored(NamedTuple):
    """A stored recording or run, and what it must be to count.

    Attributes
    ----------
    path : Path
    digest : str
        SHA-256 of the file's bytes, in hexadecimal, from its receipt.
    """

    path: Path
    digest: str


def read(path: Path) -> Receipt | None:
    """Return a receipt; None if there is none that can be read and is one."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Receipt)
    except (OSError, msgspec.MsgspecError, RecursionError, ValueError):
        return None


def put(
    path: Path,
    root: Path,
    contents: Mapping[str, bytes | Path],
    inputs: dict[str, str],
    **more: Any,
) -> Receipt:
    """Write files, and then the receipt that vouches for them.

    Parameters
    ----------
    path : Path
        Of the receipt.
    root : Path
        The folder below which the files lie.
    contents : mapping of str to bytes or Path
        By path below `root`, what `simulate.storage.files.write_atomic` takes.
    inputs : dict of str to str
        What they were made from.
    **more
        The other fields of a `Receipt`.

    Raises
    ------
    UserError
        If they can't be written.
    """
    forget(path)  # while files are replaced nothing vouches for them
    outputs = {}
    for name, content in contents.items():
        file = root / name
        digest = _digest(content)
        write_atomic(file, content)
        stat = file.stat()
        outputs[name] = Output(stat.st_size, stat.st_mtime_ns, digest)
    receipt = Receipt(inputs=inputs, outputs=outputs, **more)
    write_atomic(path, msgspec.json.encode(receipt))
    return receipt


def forget(path: Path) -> None:
    """Delete a receipt, so that nothing vouches for its files; that there is none is no error."""
    try:
        path.unlink(missing_ok=True)
    except (IsADirectoryError, NotADirectoryError):
        pass  # writing the new one says what is wrong
    except OSError as error:
        raise UserError(f"cannot delete {path}: {error.strerror}; check who owns it") from error


def trouble(path: Path, output: Output, *, whole: bool = False) -> str:
    """Return what is wrong with a file in a word, "" if nothing is.

    Parameters
    ----------
    path : Path
    output : Output
        What the receipt says.
    whole : bool
        Read it even where size and time are as they were.

    Returns
    -------
    str
        "missing", "damaged", "unreadable" or "".
    """
    try:
        stat = path.stat()
        if stat.st_size != output.size:
            return "damaged"
        if whole or stat.st_mtime_ns != output.modified:
            return "" if sha256(path) == output.digest else "damaged"
    except FileNotFoundError:
        return "missing"
    except (OSError, ValueError):  # ValueError: a path that can't be
        return "unreadable"
    return ""


def _digest(content: bytes | Path) -> str:
    if isinstance(content, Path):
        return sha256(content)
    return hashlib.sha256(content).hexdigest()
