"""Fetches MNIST's four files from their mirrors, checked, retried, and whole or not at all."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from simulate.errors import UserError

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
# sha256 of the files as LeCun, Cortes and Burges published them
CHECKSUMS = {
    f"{name}-ubyte.gz": checksum
    for name, checksum in {
        "train-images-idx3": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "train-labels-idx1": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "t10k-images-idx3": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "t10k-labels-idx1": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    }.items()
}


def download(
    folder: Path,
    *,
    mirrors: Sequence[str] = MIRRORS,
    checksums: Mapping[str, str] = CHECKSUMS,
    attempts: int = 3,
    timeout: float = 30.0,
) -> None:
    """Bring the four files into a folder; those that are there and intact are kept.

    Each file is written under a temporary name and gets its own once its checksum is right.

    Parameters
    ----------
    folder : Path
        Made if it is missing.
    mirrors : sequence of str
        Addresses that a file's name is appended to, asked in this order.
    checksums : mapping of str to str
        File names and their sha256 in hexadecimal.
    attempts : int
        How often to go through the mirrors for one file.
    timeout : float
        Seconds to wait for a mirror's answer.

    Raises
    ------
    UserError
        If the folder can't be written to, or no mirror has the right file.
    """
    import pooch
    import requests

    pooch.get_logger().setLevel(logging.ERROR)  # it announces every file on stderr
    fetch = pooch.HTTPDownloader(timeout=timeout)
    for name, checksum in checksums.items():
        trouble = "there is no mirror"
        for url in [mirror + name for mirror in mirrors] * attempts:
            try:
                pooch.retrieve(url, f"sha256:{checksum}", name, folder, downloader=fetch)
                break
            except (requests.RequestException, ValueError) as error:  # ValueError: wrong checksum
                trouble = f"{url}: {_in_short(error)}"
            except OSError as error:
                raise UserError(
                    f"can't write MNIST to {folder} ({error.strerror or error}); "
                    "make it writable, or set XDG_CACHE_HOME to a folder that is"
                ) from None
        else:
            raise UserError(
                f"can't download {name} ({trouble}); try again later, give --data DIR, "
                "or take the embedded digits with --data embedded"
            )


def _in_short(error: Exception) -> str:
    import requests

    match error:
        case requests.HTTPError(response=requests.Response(status_code=code)):
            return f"answers {code}"
        case requests.Timeout():
            return "no answer in time"
        case requests.ConnectionError():
            return "no connection"
        case ValueError():
            return "wrong checksum"
    return type(error).__name__
