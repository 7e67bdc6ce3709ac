"""Which handwritten digits: decided once, remembered, and changed only on request.

An offline afternoon must never turn MNIST into other digits behind one's back, so the first
decision is kept in ``MEDIA/data.json`` and every recording carries the name of what it used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import msgspec

from simulate.data import download as mirrors
from simulate.errors import UserError
from simulate.storage.files import cache_directory, sha256, write_atomic

# MNIST's files as published, but for .gz -> what is in them
FILES = {
    "train-images-idx3-ubyte": "images",
    "train-labels-idx1-ubyte": "labels",
    "t10k-images-idx3-ubyte": "images",
    "t10k-labels-idx1-ubyte": "labels",
}
EMBEDDED = "embedded"  # what --data says to ask for scikit-learn's digits
# sha256 of scikit-learn's pixels, which `simulate.data._embedded` holds it to
EMBEDDED_DIGEST = "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"


@dataclass(frozen=True)
class Choice:
    """Which digits ``mnist`` stands for.

    Attributes
    ----------
    source : str
        "mnist" or "digits".
    path : str or None
        Folder of the four IDX files; None for the embedded digits.
    digest : str
        Sha256 of what is in them, in hexadecimal.
    label : str
        What titles and captions call them: "MNIST" or "digits".
    trouble : str
        Why the digits that were chosen before can't be had; see `check`. "" if they can.
    """

    source: str
    path: str | None
    digest: str
    label: str
    trouble: str = ""

    def check(self) -> Choice:
        """Return the choice; `UserError` if its digits can't be had.

        Whoever needs them asks: what needs none goes on without.
        """
        if self.trouble:
            raise UserError(self.trouble)
        return self

    @classmethod
    def embedded(cls) -> Choice:
        """The digits that scikit-learn ships."""
        return cls("digits", None, EMBEDDED_DIGEST, "digits")

    @classmethod
    def mnist(cls, folder: Path) -> Choice:
        """MNIST in a folder; `UserError` if one of the four files is missing."""
        digests = []
        for path in locate(folder).values():
            try:
                digests.append(sha256(path))
            except OSError as error:
                raise UserError(f"{path} can't be read ({error.strerror or error})") from None
        return cls("mnist", str(folder.resolve()), combined(digests), "MNIST")


def combined(digests: Iterable[str]) -> str:
    """Return one digest for those of the four files, in the order of `FILES`."""
    return hashlib.sha256(b"".join(map(bytes.fromhex, digests))).hexdigest()


def locate(folder: Path) -> dict[str, Path]:
    """Return where each of the four files lies, compressed or not; `UserError` if one doesn't."""
    found = {}
    for name in FILES:
        candidates = [folder / f"{name}.gz", folder / name]
        path = next((path for path in candidates if path.is_file()), None)
        if path is None:
            raise UserError(
                f"{folder} has no {name}.gz; MNIST needs {', '.join(f'{n}.gz' for n in FILES)}"
            )
        found[name] = path
    return found


def choose(
    media: Path,
    data: str | None = None,
    download: bool = False,
    *,
    cache: Path | None = None,
    remember: bool = True,
) -> Choice:
    """Return which digits to use, and remember it in ``media/data.json``.

    Parameters
    ----------
    media : Path
        The media folder.
    data : str or None
        A folder with ``mnist/`` (or with the four files themselves), or "embedded" for the digits
        that scikit-learn ships. None keeps what was chosen before; the first time it takes MNIST
        from the cache, else the embedded digits.
    download : bool
        Whether to fetch MNIST into the cache where it isn't there yet.
    cache : Path or None
        Where downloads live; None takes the user's cache folder.
    remember : bool
        Whether this decides for the next time; False for those that only look.

    Raises
    ------
    UserError
        If what was asked for isn't there or is damaged, or the download fails. What was chosen
        before and can't be had is an error only of what needs it: see `Choice.trouble`.
    """
    try:
        remembered = _remembered(media)
    except UserError as error:
        if data is None and not download:
            return _unknown(error)
        remembered = None  # it is chosen again
    cache = cache or default_cache()
    if data == EMBEDDED:
        chosen = Choice.embedded()
    elif data is not None:
        chosen = Choice.mnist(_folder(Path(data)))
    elif download and (remembered is None or remembered.path is None):
        mirrors.download(cache)
        chosen = Choice.mnist(cache)
    elif remembered is None:
        complete = all((cache / name).is_file() for name in mirrors.PUBLISHED)
        chosen = Choice.mnist(cache) if complete else Choice.embedded()
    elif remembered.path is None:
        chosen = Choice.embedded()
    else:
        chosen = _again(remembered.path)
        if chosen.trouble:
            return chosen
    if remember and chosen != remembered:
        if chosen.path is not None:
            from simulate.data import idx

            # A damaged file is reported now, not in a run.
            idx.read_folder(Path(chosen.path), chosen.digest)
        _remember(media, chosen)
    return chosen


def default_cache() -> Path:
    """Return where a downloaded MNIST lives."""
    return cache_directory() / "mnist"


def _folder(data: Path) -> Path:
    if (data / "mnist").is_dir():
        return data / "mnist"
    if data.is_dir():
        return data
    raise UserError(
        f"--data {data}: no such folder; give one that has mnist/ in it, or say '{EMBEDDED}'"
    )


def _again(path: str) -> Choice:
    try:
        return Choice.mnist(Path(path))
    except UserError as error:
        again = f"choose again with --data DIR or --data {EMBEDDED}"
        return _unknown(f"the digits chosen before have gone: {error}; {again}")


def _unknown(trouble: object) -> Choice:
    return Choice("unknown", None, "", "unknown", str(trouble))


def _remembered(media: Path) -> Choice | None:
    path = media / "data.json"
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Choice)
        return replace(found, trouble="")
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, RecursionError) as error:
        raise UserError(f"{path} can't be read ({error}); delete it to choose again") from None


def _remember(media: Path, choice: Choice) -> None:
    kept = {name: value for name, value in asdict(choice).items() if name != "trouble"}
    write_atomic(media / "data.json", (json.dumps(kept, indent=2) + "\n").encode())
