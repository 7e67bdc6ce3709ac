"""Which handwritten digits: decided once, remembered, and changed only on request.

An offline afternoon must never turn MNIST into other digits behind one's back, so the first
decision is kept in ``MEDIA/data.json`` and every recording carries the name of what it used.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import msgspec

from simulate.data import download as mirrors
from simulate.data import folder as files
from simulate.errors import UserError
from simulate.storage.files import cache_directory, sha256, write_atomic

EMBEDDED = "embedded"  # what --data says to ask for scikit-learn's digits
# sha256 of scikit-learn's pixels, which `simulate.data._embedded` holds it to
EMBEDDED_DIGEST = "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"


@dataclass(frozen=True)
class Choice:
    """Which digits ``mnist`` stands for.

    Attributes
    ----------
    source : str
        "mnist", "digits" (the embedded ones) or "images" (others).
    path : str or None
        Folder of the four IDX files; None for the embedded digits.
    digest : str
        Sha256 of what is in them, in hexadecimal.
    label : str
        What titles and captions call them: "MNIST", "digits", or what they were named.
    classes : tuple of str
        What their classes are called; () takes the numbers.
    one, many : str
        What an example is, and several: "digit" and "digits".
    given : str
        The label that was asked for, where one was.
    trouble : str
        Why the digits that were chosen before can't be had; see `check`. "" if they can.
    """

    source: str
    path: str | None
    digest: str
    label: str
    classes: tuple[str, ...] = ()
    one: str = "digit"
    many: str = "digits"
    given: str = ""
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
    def folder(cls, folder: Path, label: str = "", known: Choice | None = None) -> Choice:
        """Images in a folder of four IDX files.

        Parameters
        ----------
        folder : Path
        label : str
            What they are called, where they aren't MNIST; "" leaves it to their ``dataset.toml``.
        known : Choice or None
            What was found out about them before: what was MNIST is MNIST while no byte changes.

        Raises
        ------
        UserError
            If one of the four files is missing, or nothing says what they are.
        """
        digests = []
        for path in files.locate(folder).values():
            try:
                digests.append(sha256(path))
            except OSError as error:
                raise UserError(f"{path} can't be read ({error.strerror or error})") from None
        digest = files.combined(digests)
        if known is not None and (known.source, known.digest) == ("mnist", digest):
            names = files.MNIST
        else:
            names = files.names(folder, digests, label or None)
        source = "mnist" if names is files.MNIST else "images"
        return cls(
            source, str(folder.resolve()), digest, **msgspec.structs.asdict(names), given=label
        )

    @property
    def identity(self) -> str:
        """Sha256 of the images and of what they are called: runs carry both."""
        return hashlib.sha256(f"{self.digest} {self.naming}".encode()).hexdigest()

    @property
    def naming(self) -> str:
        """All that they are called, in one line: what pictures of them depend on."""
        return "; ".join([self.label, self.one, self.many, *self.classes])


def choose(
    media: Path,
    data: str | None = None,
    download: bool = False,
    label: str | None = None,
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
    label : str or None
        What the images in the folder are called, where they aren't MNIST.
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
    if label is not None and (data is None or data == EMBEDDED):
        raise UserError(f"--label {label} names the images of --data DIR; give that too")
    if data == EMBEDDED:
        chosen = Choice.embedded()
    elif data is not None:
        chosen = _asked(_folder(Path(data)), label, remembered)
    elif download and (remembered is None or remembered.path is None):
        mirrors.download(cache)
        chosen = Choice.folder(cache)
    elif remembered is None:
        complete = all((cache / name).is_file() for name in mirrors.PUBLISHED)
        chosen = Choice.folder(cache) if complete else Choice.embedded()
    elif remembered.path is None:
        chosen = Choice.embedded()
    else:
        chosen = _again(remembered)
        if chosen.trouble:
            return chosen
    if remember and chosen != remembered:
        if chosen.path is not None:
            from simulate.data import idx

            # A damaged file is reported now, not in a run.
            idx.read_folder(Path(chosen.path), chosen.digest, chosen.classes)
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


def _asked(folder: Path, label: str | None, remembered: Choice | None) -> Choice:
    """Return the images of a folder that was asked for, under the label that they had."""
    same = remembered is not None and remembered.path == str(folder.resolve())
    known = remembered if same else None
    return Choice.folder(folder, label or (known.given if known else ""), known)


def _again(remembered: Choice) -> Choice:
    try:
        return Choice.folder(Path(remembered.path or ""), remembered.given, remembered)
    except UserError as error:
        again = f"choose again with --data DIR or --data {EMBEDDED}"
        return _unknown(f"the digits chosen before have gone: {error}; {again}")


def _unknown(trouble: object) -> Choice:
    return Choice("unknown", None, "", "unknown", trouble=str(trouble))


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
