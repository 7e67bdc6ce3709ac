"""Downloads against a server on this machine: right, damaged, missing, unwritable."""

from __future__ import annotations

import hashlib
import os
import threading
import tracemalloc
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from simulate.data import idx
from simulate.data.download import MIRRORS, PUBLISHED, Known, download
from simulate.errors import UserError
from simulate.storage.files import part_name
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
def served(server: Server) -> dict[str, Known]:
    contents = {name: (server.folder / name).read_bytes() for name in _mnist.NAMES.values()}
    return {
        name: Known(len(content), hashlib.sha256(content).hexdigest())
        for name, content in contents.items()
    }


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_files_arrive_whole_and_are_not_fetched_twice(
    server: Server, served: dict[str, Known], tmp_path: Path
) -> None:
    for _ in range(2):
        download(tmp_path / "cache", mirrors=[server.address], files=served)
    assert _names(tmp_path / "cache") == sorted(_mnist.NAMES.values())
    assert set(server.asked.values()) == {1}
    assert len(idx.read_folder(tmp_path / "cache").train_labels) == 30


def test_a_mirror_that_refuses_is_asked_again(
    server: Server, served: dict[str, Known], tmp_path: Path
) -> None:
    server.refusals = 2
    download(tmp_path / "cache", mirrors=[server.address], files=served)
    assert _names(tmp_path / "cache") == sorted(_mnist.NAMES.values())


def test_the_next_mirror_is_asked(server: Server, served: dict[str, Known], tmp_path: Path) -> None:
    mirrors = [server.address + "nowhere/", server.address]
    download(tmp_path / "cache", mirrors=mirrors, files=served, attempts=1)
    assert _names(tmp_path / "cache") == sorted(_mnist.NAMES.values())


def test_a_file_with_another_checksum_is_not_kept(
    server: Server, served: dict[str, Known], tmp_path: Path
) -> None:
    name = _mnist.NAMES["train_images"]
    (server.folder / name).write_bytes(b"captive portal")
    with pytest.raises(UserError, match=r"can't download train-images.*wrong checksum.*embedded"):
        download(tmp_path / "cache", mirrors=[server.address], files=served, attempts=2)
    assert server.asked[f"/{name}"] == 2
    assert not (tmp_path / "cache").exists()


def test_no_server_is_one_line(tmp_path: Path, server: Server, served: dict[str, Known]) -> None:
    server.stop()
    with pytest.raises(UserError, match="no connection"):
        download(tmp_path / "cache", mirrors=[server.address], files=served, attempts=1)


def test_a_cache_that_cannot_be_written_is_one_line(
    server: Server, served: dict[str, Known], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match=r"can't write MNIST to .*file/cache.*TEACHNET_CACHE"):
        download(tmp_path / "file" / "cache", mirrors=[server.address], files=served)


def test_the_real_mirrors_are_asked_for_the_files_that_are_read() -> None:
    assert set(PUBLISHED) == {f"{name}.gz" for name in idx.FILES}
    assert all(mirror.startswith("https://") and mirror.endswith("/") for mirror in MIRRORS)


class Strange(BaseHTTPRequestHandler):
    """Answers as no mirror should; the address says how."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        with suppress(OSError):  # it hangs up on us, and is right
            getattr(self, self.path.split("/")[1])()

    def endless(self) -> None:
        self.begin()
        while True:
            self.wfile.write(bytes(2**20))
            Strange.sent += 2**20

    def packed(self) -> None:
        """Zeros without end, small on the way: a gigabyte in each megabyte."""
        self.begin(("Content-Encoding", "gzip"))
        packer = zlib.compressobj(wbits=31)
        while True:
            self.wfile.write(packer.compress(bytes(2**20)))

    def dripping(self) -> None:
        self.begin()
        self.drip()

    def dripping_headers(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        self.drip()

    def drip(self) -> None:
        while not Strange.over.wait(0.05):
            self.wfile.write(b"x")
            self.wfile.flush()

    def elsewhere(self) -> None:
        """A redirection to itself, with an endless body."""
        self.send_response(302)
        self.send_header("Location", self.path)
        self.end_headers()
        while True:
            self.wfile.write(bytes(2**20))
            Strange.sent += 2**20

    def begin(self, *headers: tuple[str, str]) -> None:
        self.send_response(200)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass

    sent = 0
    over = threading.Event()


@pytest.fixture
def strange() -> Iterator[str]:
    Strange.sent = 0
    Strange.over.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Strange)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    Strange.over.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("endless", "wrong checksum"),
        ("packed", "wrong checksum"),
        ("dripping", "no answer in time"),
        ("dripping_headers", "no answer in time"),
        ("elsewhere", "TooManyRedirects"),
    ],
)
def test_an_answer_without_end_ends(strange: str, kind: str, said: str, tmp_path: Path) -> None:
    tracemalloc.start()
    known = {"a.gz": Known(1000, "0" * 64)}
    with pytest.raises(UserError, match=said):
        download(
            tmp_path / "cache",
            mirrors=[f"{strange}{kind}/"],
            files=known,
            attempts=1,
            timeout=1.0,
            patience=4.0,
        )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16e6  # the server's own megabytes included
    assert Strange.sent < 100e6
    assert not (tmp_path / "cache").exists()


def test_what_a_killed_download_left_goes(
    server: Server, served: dict[str, Known], tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    name = _mnist.NAMES["train_images"]
    # The kernel gives no process a number this high.
    left = cache / part_name(name).replace(f"-{os.getpid()}-", f"-{2**22 + 1}-")
    left.touch()
    (cache / ".part-notes").touch()
    download(cache, mirrors=[server.address], files=served)
    assert _names(cache) == sorted([".part-notes", *_mnist.NAMES.values()])
