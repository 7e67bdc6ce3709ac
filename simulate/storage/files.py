"""How files get to disk: whole or not at all, and by one process at a time."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from simulate.errors import UserError

# Version of the layout of stored runs and recordings. Raise it when the same experiment would
# store its numbers otherwise (names, dimensions, conventions): everything is then made anew.
SCHEMA = 1

PART = ".part-"  # files that are being written are called .part-PID-RANDOM-NAME


def cache_directory() -> Path:
    """Return where downloads and compiled strings go: ``TEACHNET_CACHE``, else the user's cache."""
    given = os.environ.get("TEACHNET_CACHE")
    if given:
        return Path(given)
    import platformdirs

    return platformdirs.user_cache_path("teachnet")


def write_atomic(path: Path, content: bytes | Callable[[Path], object]) -> None:
    """Put a whole file in place, or nothing.

    Parameters
    ----------
    path : Path
        Final name; its folder is made if missing. A reader sees the old file or the new one.
    content : bytes or callable
        What to write, or a function that writes it to the path that it is given (in the same
        folder, with the same suffix).

    Raises
    ------
    UserError
        If the folder can't be written.
    """
    part = path.parent / f"{PART}{os.getpid()}-{secrets.token_hex(4)}-{path.name}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            if callable(content):
                content(part)
            else:
                part.write_bytes(content)
            with part.open("rb") as file:  # a crash of the machine must not leave a named hole
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(
            f"cannot write {path}: {error.strerror or error}; free or choose another place"
        ) from error


def leftovers(root: Path) -> list[Path]:
    """Return the half-written files below a folder whose writers are gone (killed)."""
    found = []
    for part in root.rglob(f"{PART}*"):
        pid = part.name.removeprefix(PART).partition("-")[0]
        if not (pid.isdigit() and _is_running(int(pid))):
            found.append(part)
    return sorted(found)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def lock(path: Path, waiting: Callable[[], object] | None = None) -> Iterator[None]:
    """Hold a lock that one process at a time can have; the kernel frees it when its holder dies.

    Parameters
    ----------
    path : Path
        The lock's file, made where it is missing; it has no content.
    waiting : callable, optional
        Called once if another process has the lock and this one has to wait.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(path)
        try:
            held.acquire(timeout=0)
        except Timeout:
            if waiting is not None:
                waiting()
            held.acquire()
    except OSError as error:
        raise UserError(
            f"cannot lock {path}: {error.strerror or error}; choose another media folder"
        ) from error
    try:
        yield
    finally:
        held.release()


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's, and alive
    return True
