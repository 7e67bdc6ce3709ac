"""A folder of images in four IDX files, as MNIST is published: where they lie, and what they are.

What isn't MNIST is never called so. MNIST is known by the checksums of its files; other images are
named in a ``dataset.toml`` beside them, or by whoever chooses them (``--label``)::

    label = "Fashion-MNIST"
    classes = ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", …]
    one = "garment"
    many = "garments"

All but the label may be left out: classes are then called by their numbers, and examples images.
"""

from __future__ import annotations

import gzip
import hashlib
import tomllib
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec

from simulate.data.download import PUBLISHED
from simulate.errors import UserError

# MNIST's files as published, but for .gz -> what is in them
FILES = {
    "train-images-idx3-ubyte": "images",
    "train-labels-idx1-ubyte": "labels",
    "t10k-images-idx3-ubyte": "images",
    "t10k-labels-idx1-ubyte": "labels",
}
# sha256 of what is MNIST, unpacked: the published files, and 10,000 of the training examples,
# shuffled, which this project's own tests are run on.
CONTENTS = {
    "train-images-idx3-ubyte": {
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "a592adfb4ce3877e92627a4c9997505c774161f9f0a7faf194e6ab52dca186ea",
    },
    "train-labels-idx1-ubyte": {
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "da0a5fd363957689bb131a9be7891138d280c31e6c4d01a74d3a683e0de393ef",
    },
    "t10k-images-idx3-ubyte": {"0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
    "t10k-labels-idx1-ubyte": {"ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
}
NAMES = "dataset.toml"  # beside the files: what they are
MOST_NAMES = 10_000  # bytes that such a file may have
_CHUNK = 1 << 20
_MOST = 64 << 20  # bytes of a file, unpacked, that are looked through for MNIST

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class Names(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What images are called.

    Attributes
    ----------
    label : str
        The dataset, as titles and captions have it.
    classes : tuple of str
        A name for each class, in the order of the labels; () takes the numbers.
    one, many : str
        What one example is, and what several are.
    """

    label: Word
    classes: tuple[Word, ...] = ()
    one: Word = "image"
    many: Word = "images"


MNIST = Names(label="MNIST", one="digit", many="digits")
DIGITS = Names(label="digits", one="digit", many="digits")


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
                f"{folder} has no {name}.gz; it needs {', '.join(f'{n}.gz' for n in FILES)}"
            )
        found[name] = path
    return found


def names(folder: Path, digests: Iterable[str], label: str | None = None) -> Names:
    """Return what the images in a folder are called.

    Parameters
    ----------
    folder : Path
    digests : iterable of str
        Sha256 of the four files as they lie there, in the order of `FILES`.
    label : str or None
        What they are to be called where they aren't MNIST and no ``dataset.toml`` says it.

    Raises
    ------
    UserError
        If nothing says what they are, or something calls MNIST what isn't.
    """
    if _is_mnist(folder, dict(zip(FILES, digests, strict=True))):
        return MNIST
    said = _written(folder / NAMES)
    if said is None and label is None:
        raise UserError(
            f"the images in {folder} are not MNIST's; say what they are with --label NAME, "
            f"or in {folder / NAMES} (label, classes, one, many)"
        )
    if said is None:
        said = _named(label or "")
    elif label is not None:
        said = msgspec.structs.replace(said, label=_named(label).label)
    if said.label.casefold() == "mnist":
        raise UserError(
            f"the images in {folder} are not MNIST's, by their checksums, and may not be called "
            f"{said.label!r}; take another label"
        )
    return said


def _named(label: str) -> Names:
    try:
        return msgspec.convert({"label": " ".join(label.split())}, Names)
    except msgspec.ValidationError:
        raise UserError(f"--label is {label!r}; give a name of 1 to 60 characters") from None


def _written(path: Path) -> Names | None:
    """Return what a ``dataset.toml`` says; None if there is none."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_NAMES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UserError(f"{path} can't be read ({error.strerror or error})") from None
    try:
        if len(content) > MOST_NAMES:
            raise ValueError(f"it has more than {MOST_NAMES} bytes")
        return msgspec.convert(tomllib.loads(content.decode()), Names)
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        line = " ".join(str(error).split())
        raise UserError(
            f"{path} is wrong: {line[:1].lower()}{line[1:]}; it takes label, and classes, one, many"
        ) from None


def _is_mnist(folder: Path, digests: dict[str, str]) -> bool:
    """Whether the files are MNIST's: as published, or compressed in another way."""
    published = {name: PUBLISHED[f"{name}.gz"].checksum for name in FILES}
    if digests == published:
        return True
    return all(_unpacked(path) in CONTENTS[name] for name, path in locate(folder).items())


def _unpacked(path: Path) -> str:
    """Return the sha256 of a file's content; "" for what is damaged or too long to be MNIST's."""
    found, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as raw:
            compressed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path) if compressed else path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                if size > _MOST:
                    return ""
                found.update(chunk)
    except (OSError, EOFError, zlib.error):
        return ""  # whoever reads it will say so
    return found.hexdigest()
