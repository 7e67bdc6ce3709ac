"""How files get to disk: whole or not at all, and by one process at a time."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from filelock import FileLock, Timeout

from simulate.errors import DiskFull, UserError, is_disk_full

# Version of the layout of stored runs and recordings. Raise it when the same experiment would
# store its numbers otherwise (names, dimensions, conventions): everything is then made anew.
SCHEMA = 1

# Files that are being written are called .part-HOST-PID-RANDOM-NAME; see `leftovers`.
_PART = r"\.part-(?:(?P<host>[0-9a-f]{8})-)?(?P<pid>[0-9]+)-[0-9a-f]{8}-"
_GIVEN_UP = 24 * 3600  # seconds after which a file whose writer can't be asked is nobody's


def cache_directory() -> Path:
    """Return where downloads and compiled strings go: ``TEACHNET_CACHE``, else the user's cache."""
    given = os.environ.get("TEACHNET_CACHE")
    if given:
        return Path(given)
    import platformdirs

    return platformdirs.user_cache_path("teachnet")


def place_compiled() -> None:
    """Let numba keep what it compiles where that can be; `simulate` does so when it is imported."""
    folder = None if "NUMBA_CACHE_DIR" in os.environ else compiled_directory()
    if folder is None:
        return
    os.environ["NUMBA_CACHE_DIR"] = str(folder)  # for the workers too
    if "numba" in sys.modules:  # it has read the environment
        sys.modules["numba"].config.CACHE_DIR = str(folder)


def compiled_directory() -> Path | None:
    """Return a folder for what numba compiles, made; None leaves it beside the source.

    That is its place in a clone. One that is installed or read-only has none: then it goes below
    the cache folder, or else below the temporary one, by a name that later processes find.

    Raises
    ------
    UserError
        If neither can be written.
    """
    here = Path(__file__).resolve()
    if (here.parents[2] / "pyproject.toml").is_file() and os.access(here.parent, os.W_OK):
        return None
    user = os.getuid() if hasattr(os, "getuid") else None
    places = [cache_directory() / "compiled"]
    with suppress(OSError):  # there may be no temporary folder either
        temporary = Path(tempfile.gettempdir())
        # The second is for when another user was there before.
        places += [temporary / f"teachnet-{user}", temporary / f"teachnet-{os.getpid()}"]
    for folder in places:
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # What is compiled is run: nobody else may have put it there.
            if (user is None or folder.stat().st_uid == user) and os.access(folder, os.W_OK):
                return folder
    raise UserError(
        f"what numba compiles has no place: neither {places[0]} nor a temporary folder can be "
        "written; set TEACHNET_CACHE to a folder that can"
    )


def write_atomic(path: Path, content: bytes | Path) -> None:
    """Put a whole file in place, or nothing.

    Parameters
    ----------
    path : Path
        Final name; its folder is made if missing. A reader sees the old file or the new one.
    content : bytes or Path
        What to write; or a file on the same disk that has it, and is gone afterwards.

    Raises
    ------
    UserError
        If it can't be written; `DiskFull` where that is why.
    """
    part = path.parent / part_name(path.name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            if isinstance(content, Path):
                content.rename(part)
            else:
                part.write_bytes(content)
            with part.open("rb") as file:  # a crash of the machine must not leave a named hole
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        if is_disk_full(error):
            raise DiskFull(
                f"the disk is full: no room for {path.name} in {path.parent}; "
                "make some, or choose another place"
            ) from error
        raise UserError(
            f"cannot write {path}: {error.strerror or error}; free or choose another place"
        ) from error


def write_sealed(path: Path, content: bytes) -> None:
    """Put a file of a cache in place, headed by the SHA-256 of its content."""
    write_atomic(path, hashlib.sha256(content).digest() + content)


def read_sealed(path: Path) -> bytes | None:
    """Return the content that `write_sealed` put there; None if it isn't there, or not that."""
    try:
        sealed = path.read_bytes()
    except OSError:
        return None
    seal, content = sealed[:32], sealed[32:]
    return content if hashlib.sha256(content).digest() == seal else None


def part_name(name: str) -> str:
    """Return a name to write under, in the same folder, for what will be called `name`."""
    return f".part-{_host()}-{os.getpid()}-{secrets.token_hex(4)}-{name}"


def leftovers(folder: Path, names: str) -> list[Path]:
    """Return the half-written files in a folder (not below it) whose writers are gone (killed).

    A process can be asked whether it lives only where its number means the same: on this machine
    since it was started, in this container. The file's name tells where that was. A writer
    elsewhere, on a shared disk, counts as gone when its file has not changed for a day: whatever
    is written in one go takes seconds.

    Parameters
    ----------
    folder : Path
    names : str
        A pattern of the final names; files for others are not ours.
    """
    found = []
    pattern = re.compile(_PART + f"(?:{names})")
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                match = pattern.fullmatch(entry.name)
                if match and _is_left(entry, match["host"], int(match["pid"])):
                    found.append(folder / entry.name)
    except OSError:  # it isn't there, or vanished meanwhile
        return []
    return sorted(found)


def _is_left(entry: os.DirEntry[str], host: str | None, pid: int) -> bool:
    try:
        if not entry.is_file(follow_symlinks=False):
            return False
        if host == _host():
            return not _is_running(pid)
        return time.time() - entry.stat(follow_symlinks=False).st_mtime > _GIVEN_UP
    except OSError:  # its writer has just renamed it
        return False


@cache
def _host() -> str:
    """Return 8 hexadecimal digits for where process numbers mean what they mean here."""
    parts = [platform.node()]
    for where in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        with suppress(OSError):
            parts.append(os.readlink(where) if os.path.islink(where) else Path(where).read_text())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]


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
    held = try_lock(path)
    if held is None:
        if waiting is not None:
            waiting()
        held = FileLock(path)
        held.acquire()
    try:
        yield
    finally:
        held.release()


def try_lock(path: Path) -> FileLock | None:
    """Return a lock that is now held; None if another process has it.

    Raises
    ------
    UserError
        If there can be no lock, say because its file is another user's.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(path)
        held.acquire(timeout=0)
    except Timeout:
        return None
    except OSError as error:
        if is_disk_full(error):
            raise DiskFull(f"the disk is full: no room for {path}; make some") from error
        raise UserError(
            f"cannot lock {path}: {error.strerror or error}; "
            "see whose it is, or choose another media folder"
        ) from error
    return held


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's, and alive
    return True
