"""Fetches MNIST's four files from their mirrors, checked, retried, and whole or not at all."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from simulate.errors import UserError
from simulate.storage.files import leftovers, write_atomic

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
REDIRECTS = 5  # that are followed


class Known(NamedTuple):
    """What a file must be: its size in bytes, and its sha256 in hexadecimal."""

    size: int
    checksum: str


# The files as LeCun, Cortes and Burges published them.
PUBLISHED = {
    f"{name}-ubyte.gz": Known(size, checksum)
    for name, size, checksum in (
        (
            "train-images-idx3",
            9_912_422,
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        ),
        (
            "train-labels-idx1",
            28_881,
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        ),
        (
            "t10k-images-idx3",
            1_648_877,
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        ),
        (
            "t10k-labels-idx1",
            4_542,
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        ),
    )
}


def download(
    folder: Path,
    *,
    mirrors: Sequence[str] = MIRRORS,
    files: Mapping[str, Known] = PUBLISHED,
    attempts: int = 3,
    timeout: float = 30.0,
    patience: float = 600.0,
) -> None:
    """Bring the four files into a folder; those that are there and intact are kept.

    A mirror is trusted with nothing: no more than the known size is read of its answer, as it was
    sent, and a file is written when its checksum is right.

    Parameters
    ----------
    folder : Path
        Made if it is missing.
    mirrors : sequence of str
        Addresses that a file's name is appended to, asked in this order.
    files : mapping of str to Known
        What to fetch.
    attempts : int
        How often to go through the mirrors for one file.
    timeout : float
        Seconds to wait for a mirror to say anything.
    patience : float
        Seconds for all files together; one answer gets a quarter of it.

    Raises
    ------
    UserError
        If the folder can't be written to, or no mirror has the right file.
    """
    deadline = time.monotonic() + patience
    for part in leftovers(folder, "|".join(map(re.escape, files))):
        part.unlink(missing_ok=True)
    for name, known in files.items():
        if _is_there(folder / name, known):
            continue
        trouble = "there is no mirror"
        for url in [mirror + name for mirror in mirrors] * attempts:
            left = min(deadline - time.monotonic(), patience / 4)
            content, said = _asked(url, known, timeout, left) if left > 0 else (None, "")
            if content is not None:
                _write(folder / name, content)
                break
            trouble = f"{url}: {said}" if said else trouble
        else:
            raise UserError(
                f"can't download {name} ({trouble}); try again later, give --data DIR, "
                "or take the embedded digits with --data embedded"
            )


def _is_there(path: Path, known: Known) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == known.checksum
    except OSError:
        return False


def _write(path: Path, content: bytes) -> None:
    try:
        write_atomic(path, content)
    except UserError as error:
        raise UserError(
            f"can't write MNIST to {path.parent} ({error}); "
            "make it writable, or set TEACHNET_CACHE to a folder that is"
        ) from None


def _asked(url: str, known: Known, timeout: float, left: float) -> tuple[bytes | None, str]:
    """Return the right content of an address, or None and in short what was wrong."""
    import requests

    answer: Future[bytes] = Future()

    def work() -> None:
        try:
            answer.set_result(_read(url, known.size, timeout, time.monotonic() + left))
        except Exception as error:
            answer.set_exception(error)

    # In a thread that may be left behind: no timeout of a socket ends an answer of which a byte
    # comes now and then, not even in its headers.
    threading.Thread(target=work, daemon=True).start()
    try:
        content = answer.result(timeout=left)
    except (TimeoutError, requests.Timeout):
        return None, "no answer in time"
    except requests.HTTPError as error:
        return None, f"answers {error.response.status_code if error.response is not None else ''}"
    except requests.ConnectionError:
        return None, "no connection"
    except Exception as error:  # whatever a strange answer sets off in requests and urllib3
        return None, type(error).__name__
    if hashlib.sha256(content).hexdigest() != known.checksum:
        return None, "wrong checksum"
    return content, ""


def _read(url: str, size: int, timeout: float, deadline: float) -> bytes:
    """Return what an address sends, as it is sent, up to one byte more than `size`."""
    import requests

    class Session(requests.Session):
        def get_redirect_target(self, resp: requests.Response) -> None:
            """Follow none by itself: what comes with one would be read to its end."""

    with Session() as session:
        for _ in range(REDIRECTS):
            # Nothing is decoded: what is compressed on the way may become a thousand times larger.
            response = session.get(
                url,
                headers={"Accept-Encoding": "identity"},
                stream=True,
                timeout=timeout,
            )
            if not response.is_redirect:
                break
            url = urljoin(url, response.headers["location"])
            response.close()
        else:
            raise requests.TooManyRedirects
        response.raise_for_status()
        content = b""
        while len(content) <= size:
            if time.monotonic() > deadline:
                raise requests.Timeout
            chunk = response.raw.read1(min(2**16, size + 1 - len(content)), decode_content=False)
            if not chunk:
                break
            content += chunk
        return content
