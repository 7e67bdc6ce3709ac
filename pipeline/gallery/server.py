"""Serves a folder to the browsers of this machine, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from simulate.errors import UserError

HOST = "127.0.0.1"


class Handler(SimpleHTTPRequestHandler):
    """Gives files to those who ask this machine by its own name."""

    def send_head(self):  # type: ignore[no-untyped-def]
        """Refuse what another name of this machine asks for, as a page from elsewhere could."""
        name = self.headers.get("Host", "").partition(":")[0]
        if name not in (HOST, "localhost") or "/." in self.path:
            self.send_error(404)
            return None
        return super().send_head()

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return what serves a folder, bound to the loopback address.

    Raises
    ------
    UserError
        If the port is taken.
    """
    try:
        return ThreadingHTTPServer((HOST, port), partial(Handler, directory=str(folder)))
    except OSError as error:
        raise UserError(f"port {port} can't be had ({error.strerror}); give another") from None


def serve(page: Path, port: int, tell: Callable[[str], object]) -> None:
    """Serve the folder of a page until Ctrl-C, after telling the address."""
    with server(page.parent, port) as running:
        tell(f"http://{HOST}:{running.server_address[1]}/{page.name}")
        running.serve_forever()
