"""A terminal for a command, to see what it shows on one."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def on_terminal(args: Sequence[str], folder: Path, environment: Mapping[str, str]) -> str:
    """Return what a command prints when its streams are a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        args, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    said = b""
    try:
        while chunk := os.read(ours, 4096):
            said += chunk
    except OSError:  # how a terminal ends
        pass
    process.wait(timeout=300)
    os.close(ours)
    return said.decode()
