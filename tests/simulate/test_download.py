"""Downloads against a server on this machine: right, damaged, missing, unwritable."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from simulate.data import idx
from simulate.data.download import CHECKSUMS, MIRRORS, download
from simulate.errors import UserError
from tests.simulate import _mnist


class Server:
    """Serves a folder and counts what is asked for; the first `refusals` requests get a 503."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked, self.refusals = folder, Counter[str](), 0
        outer = self

        class Handler(SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked[self.path] += 1
                if outer.refusals:
                    outer.refusals -= 1
                    self.send_error(503)
                    return
                super().do_GET()

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(
            ("127.0.0.1", 0), partial(Handler, directory=str(folder))
        )
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}/"

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(_mnist.write(tmp_path / "served"))
    yield running
    running.stop()


@pytest.fixture
def checksums(server: Server) -> dict[str, str]:
    return {
        name: hashlib.sha256((server.folder / name).read_bytes()).hexdigest()
        for name in _mnist.NAMES.values()
    }


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_files_arrive_whole_and_are_not_fetched_twice(
    server: Server, checksums: dict[str, str], tmp_path: Path
) -> None:
    for _ in range(2):
        download(tmp_path / "cache", mirrors=[server.address], checksums=checksums)
    assert _names(tmp_path / "cache") == sorted(_mnist.NAMES.values())
    assert set(server.asked.values()) == {1}
    assert len(idx.read_folder(tmp_path / "cache").train_labels) == 30


def test_a_mirror_that_refuses_is_asked_again(
    server: Server, checksums: dict[str, str], tmp_path: Path
) -> None:
    server.refusals = 2
    download(tmp_path / "cache", mirrors=[server.address], checksums=checksums)
    assert _names(tmp_path / "cache") == sorted(_mnist.NAMES.values())


def test_the_next_mirror_is_asked(
    server: Server, checksums: dict[str, str], tmp_path: Path
) -> None:
    mirrors = [server.address + "nowhere/", server.address]
    download(tmp_path / "cache", mirrors=mirrors, checksums=checksums, attempts=1)
    assert _names(tmp_path / "cache") == sorted(_mnist.NAMES.values())


def test_a_file_with_another_checksum_is_not_kept(
    server: Server, checksums: dict[str, str], tmp_path: Path
) -> None:
    name = _mnist.NAMES["train_images"]
    (server.folder / name).write_bytes(b"captive portal")
    with pytest.raises(UserError, match=r"can't download train-images.*wrong checksum.*embedded"):
        download(tmp_path / "cache", mirrors=[server.address], checksums=checksums, attempts=2)
    assert server.asked[f"/{name}"] == 2
    assert name not in _names(tmp_path / "cache")
    assert not [left for left in _names(tmp_path / "cache") if left not in checksums]


def test_no_server_is_one_line(tmp_path: Path, server: Server, checksums: dict[str, str]) -> None:
    server.stop()
    with pytest.raises(UserError, match="no connection"):
        download(tmp_path / "cache", mirrors=[server.address], checksums=checksums, attempts=1)


def test_a_cache_that_cannot_be_written_is_one_line(
    server: Server, checksums: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match=r"can't write MNIST to .*file/cache.*XDG_CACHE_HOME"):
        download(tmp_path / "file" / "cache", mirrors=[server.address], checksums=checksums)


def test_the_real_mirrors_are_asked_for_the_files_that_are_read() -> None:
    assert set(CHECKSUMS) == {f"{name}.gz" for name in idx.FILES}
    assert all(mirror.startswith("https://") and mirror.endswith("/") for mirror in MIRRORS)
