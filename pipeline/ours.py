"""What in a media folder is ours, and by what one knows it.

A media folder may be somebody's blog or home. Nothing in it is deleted for its place or its name
alone: a recording, a run or a picture is ours where a receipt names it and its digest is that of
the receipt; half-made files, scratch folders, logs and caches are ours in the exact form in which
they are written, in the very folders in which they are written. Links are never followed.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.kinds import FOLDERS
from simulate.errors import UserError
from simulate.storage.files import leftovers, write_atomic

MARKER = ".teachnet"
_MARK = b"teachnet makes pictures in this folder; `teachnet clean` takes away what nothing uses.\n"

# Of a visual, an experiment, a theme; with the name under which changed settings are kept.
STEM = r"[A-Za-z]\w*(?:@[A-Za-z0-9][\w-]*)?"
ADDRESS = r"[0-9a-f]{20}"  # of a run

# Where files are written under their final names, and what these are like.
_PLACES = {
    ".": rf"{re.escape(MARKER)}|data\.json|bench\.json|index\.html",
    ".receipts": r"index\.json",
    "draft": r"index\.html",
    "draft/.receipts": r"index\.json",
    ".cache": r"sources\.sealed",
    "recordings": rf"{STEM}\.nc",
    "recordings/runs": rf"{ADDRESS}\.nc",
    "recordings/.checkpoints/runs": rf"{ADDRESS}\.npz",
    "recordings/.receipts": rf"{STEM}\.json",
    "recordings/.receipts/runs": rf"{ADDRESS}\.json",
}
_PICTURE = rf"{STEM}\.{STEM}\.(?:narrow\.)?[a-z0-9]+"
_PICTURE_RECEIPT = rf"{STEM}\.{STEM}\.json"


def mark(media: Path) -> None:
    """Write the marker into a media folder; `UserError` if that cannot be.

    Whatever else has that name already stays as it is; then nothing here can be cleaned.
    """
    if not os.path.lexists(media / MARKER):
        write_atomic(media / MARKER, _MARK)


def is_marked(media: Path) -> bool:
    """Tell whether a build has made something in this folder."""
    path = media / MARKER
    try:
        return not path.is_symlink() and path.read_bytes() == _MARK
    except OSError:
        return False


def folder(media: Path, name: str) -> Path | None:
    """Return a folder below the media folder; None if it isn't there or is reached by a link."""
    path = media
    for part in Path(name).parts:
        path = path / part
        if path.is_symlink():
            return None
    return path if path.is_dir() else None


def files(media: Path, place: str, names: str) -> list[Path]:
    """Return the plain files of a folder with names of a form, sorted; never through a link."""
    found = folder(media, place)
    if found is None:
        return []
    try:
        with os.scandir(found) as entries:
            chosen = [
                found / entry.name
                for entry in entries
                if re.fullmatch(names, entry.name) and entry.is_file(follow_symlinks=False)
            ]
    except OSError:  # it went away, or is somebody else's
        return []
    return sorted(chosen)


def picture_receipts(media: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each picture's receipt after the folder below which its files lie."""
    for place in _picture_places(".receipts/"):
        for path in files(media, place, _PICTURE_RECEIPT):
            yield path.parent.parent.parent, path


def _picture_places(below: str = "") -> Iterator[str]:
    """Yield the folders of pictures, finished and drafts; or of their receipts."""
    for root in ("", "draft/"):
        yield from (f"{root}{below}{folder}" for folder in FOLDERS)


# ------------------------------------------------------------------------------ logs


def write_log(path: Path, name: str, error: str, printed: str) -> None:
    """Add to a log how an item failed, and what it printed."""
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{_log_head(path)}{name.partition(' ')[2]}: {error}\n\n{printed}\n")


def is_log(path: Path) -> bool:
    """Tell whether a file is a log that `write_log` began."""
    head = _log_head(path).encode()
    try:
        with path.open("rb") as file:
            return not path.is_symlink() and file.read(len(head)) == head
    except OSError:
        return False


def _log_head(path: Path) -> str:
    return f"teachnet: {path.stem} "


# ------------------------------------------------------------------------------ half-made files


@contextmanager
def scratch(media: Path) -> Iterator[Path]:
    """Give a folder for half-made files, and clear away those of builds that were killed."""
    place = media / ".scratch"
    place.mkdir(exist_ok=True)
    clear(media)
    name = secrets.token_hex(6)
    lock = FileLock(place / f"{name}.lock")
    lock.acquire()
    try:
        (place / name).mkdir()
        yield place / name
    finally:
        shutil.rmtree(place / name, ignore_errors=True)
        (place / f"{name}.lock").unlink(missing_ok=True)
        lock.release()


def abandoned(media: Path) -> tuple[list[Path], bool]:
    """Return the half-made files whose build is gone, and whether another build is at work."""
    found = half_made(media)
    at_work = False
    for lock_file in _scratch_locks(media):
        lock = FileLock(lock_file)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            at_work = True
            continue
        except OSError:  # somebody else's
            continue
        lock.release()
        found += [path for path in (lock_file.with_suffix(""), lock_file) if path.exists()]
    return found, at_work


def half_made(media: Path) -> list[Path]:
    """Return the half-written files whose writer is gone."""
    places = (
        _PLACES
        | dict.fromkeys(_picture_places(), _PICTURE)
        | dict.fromkeys(_picture_places(".receipts/"), _PICTURE_RECEIPT)
    )
    return [
        part
        for place, names in places.items()
        if (found := folder(media, place)) is not None
        for part in leftovers(found, names)
    ]


def clear(media: Path) -> None:
    """Delete the half-made files of builds that are gone."""
    for path in half_made(media):
        with suppress(OSError):
            path.unlink()
    for lock_file in _scratch_locks(media):
        lock = FileLock(lock_file)
        # Held while its folder goes: a build that begins just now takes another name.
        with suppress(Timeout, OSError), lock.acquire(timeout=0):
            remove(lock_file.with_suffix(""))
            lock_file.unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Delete a file, or one of our scratch folders; one that is gone is no error."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _scratch_locks(media: Path) -> list[Path]:
    locks = files(media, ".scratch", r"[0-9a-f]{12}\.lock")
    return [path for path in locks if not path.with_suffix("").is_symlink()]


def check_marked(media: Path) -> None:
    """Refuse a folder in which no build has made anything.

    Raises
    ------
    UserError
        If it isn't there, or has no marker.
    """
    from pipeline.display import relative

    if not media.is_dir():
        raise UserError(f"there is no folder {relative(media)}; nothing to clean")
    if not is_marked(media):
        raise UserError(
            f"{relative(media)} has no {MARKER} file of ours, so nothing in it is deleted; "
            "in a folder of an older version the next build writes it"
        )
