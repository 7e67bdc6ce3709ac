"""A throw-away clone with the real command line, pipeline and recorder, and tiny renderers.

Its figures and scenes write text files; nothing imports torch, matplotlib or manim. Every call of
``teachnet`` is a process of its own, as for a user.
"""

from __future__ import annotations

import atexit
import compileall
import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.simulate._project import CLONE, Project

REAL = (
    "cli.py",
    *(f"look/{name}.py" for name in ("__init__", "numbers", "reads", "theme", "visuals", "words")),
)

FILES = {
    "simulate/training/device.py": '''
"""The devices of a machine without torch."""

from simulate.errors import UserError

DEVICES = ("auto", "cpu", "cuda", "mps")

def choose(name):
    if name not in ("auto", "cpu"):
        raise UserError(f"device {name!r} is not here; there is cpu")
    return "cpu"

def available():
    return ["cpu"]

def settle(device="cpu", threads=1):
    pass
''',
    "figures/__init__.py": "",
    "figures/parts/__init__.py": "",
    "figures/parts/marks.py": '''
"""What figures draw with."""

def mark(text):
    return text
''',
    "figures/render.py": '''
"""Gives what ``draw`` returns; notes every picture in RENDERED, waits on HOLD."""

import os
import time
from pathlib import Path

from simulate import recording, roots

PROJECT = Path(__file__).parent.parent

def note(what):
    with (PROJECT / "RENDERED").open("a") as log:
        log.write(f"{what} {os.getpid()}\\n")

def hold(what):
    while (PROJECT / "HOLD").exists() and what in (PROJECT / "HOLD").read_text().split():
        time.sleep(0.02)

def render(module, recordings, theme, formats, png_width, words=None):
    stem = module.rpartition(".")[2]
    note(f"{stem}.{theme}")
    hold(stem)
    text = roots.load(module).draw(*map(recording.load, recordings.values()))
    if "side by side" not in text:
        formats = [kind for kind in formats if "narrow" not in kind]
    return {kind: f"{text} {theme} {kind} {png_width}".encode() for kind in formats}
''',
    "figures/render_table.py": '''
"""Gives what ``table`` returns."""

from figures.render import note
from simulate import recording, roots

def render(module, recordings, theme, formats, png_width, words=None):
    note(f"{module.rpartition('.')[2]}.{theme}.table")
    text = roots.load(module).table(*map(recording.load, recordings.values()))
    return {kind: f"{text} {theme} {kind} {png_width}".encode() for kind in formats}
''',
    "figures/chapter/race.py": '''
"""The race."""

from figures.parts.marks import mark
from look.words import Visual
from simulate import registry

VISUAL = Visual(
    uses=["race"], title="A race of {n_runs}", alt="Lines.", caption="{steps} steps",
    aliases=["contest"],
)

def draw(race):
    rows = registry.rows("optimizers")
    return " ".join(f"{rows[name].label} {rows[name].color}" for name in race.run.values)
''',
    "figures/chapter/rates.py": '''
"""The rates."""

from figures.parts.marks import mark
from look.words import Visual

VISUAL = Visual(uses=["rates"], title="Rates on {dataset}", alt="Lines.", caption="")

def draw(rates):
    return mark(str(float(rates.theta[0, -1])))
''',
    "scenes/__init__.py": "",
    "scenes/render.py": '''
"""Frames are lines of text."""

import io

import msgspec
import numpy as np

from figures.render import hold, note

class Job(msgspec.Struct):
    module: str
    recordings: dict
    theme: str
    width: int
    height: int
    fps: int
    words: object = None
    title: str = ""

class Plan(msgspec.Struct):
    n_frames: int
    fps: int
    sections: list
    segments: list
    poster_frame: int
    said: list

def plan(job):
    fps = job.fps
    segments = [(0, 5 * fps), (5 * fps, 10 * fps)]
    sections = [("start", 0), ("race", 4 * fps)]
    return Plan(10 * fps, fps, sections, segments, 7, [(0, "Ready\\n2 runs"), (4 * fps, "Go")])

def render_segments(job, segments, kept, progress):
    parts = []
    for first, stop in segments:
        note(f"{job.module}.{first}-{stop}")
        hold("segment")
        for frame in range(first, stop):
            progress(1)
        parts.append(f"[{first},{stop})".encode())
    return parts, still(job, kept) if segments[0][0] <= kept < segments[-1][1] else None

def join(parts, tags, chapters):
    return b"".join(parts)

def stills(job, frames):
    return {frame: np.full((48, 64, 3), frame % 256, np.uint8) for frame in frames}

def still(job, frame):
    return stills(job, [frame])[frame]

def png(pixels):
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="PNG")
    return file.getvalue()
''',
    "scenes/chapter/race.py": '''
"""The race, moving."""

from scenes import render

class Race:
    pass
''',
}


@functools.cache
def _compiled() -> Path:
    """Return a clone with byte code, which all others are copies of: a process saves 0.3 s."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    clone = Clone.__new__(Clone)
    Project.__init__(clone, Path(folder) / "clone")
    shutil.copytree(
        CLONE / "pipeline", clone.root / "pipeline", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in REAL:
        (clone.root / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(CLONE / name, clone.root / name)
    for name, text in FILES.items():
        clone.write(name, text)
    # What its renderers write is no picture, and says nothing of itself.
    said = (CLONE / "look/metadata.py").read_text(encoding="utf-8")
    clone.write(
        "look/metadata.py", f"{said}\n\ndef stamped(content, form, made):\n    return content\n"
    )
    for path in clone.root.rglob("*.py"):  # so that no edit falls in the second of the byte code's
        os.utime(path, (EARLIER, EARLIER))
    compileall.compile_dir(clone.root, quiet=2)
    return clone.root


EARLIER = 1_700_000_000


class Clone(Project):
    """The copy below `root`, with a command line."""

    def __init__(self, root: Path) -> None:
        self.root = shutil.copytree(_compiled(), root)
        self.media = root / "media"

    def command(self, *args: str) -> list[str]:
        return [sys.executable, "cli.py", *args]

    def environment(self, **extra: str) -> dict[str, str]:
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("TEACHNET", "COLUMNS"))
        }
        # No network cache of the user's: what the digits are must not depend on the machine.
        return kept | {"XDG_CACHE_HOME": str(self.root / "cache")} | extra

    def teachnet(self, *args: str, **extra: str) -> subprocess.CompletedProcess[str]:
        """Run a command in a process of its own, with one worker: a second imports for 0.7 s."""
        return subprocess.run(
            self.command(*args),
            cwd=self.root,
            env=self.environment(**{"TEACHNET_JOBS": "1"} | extra),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def start(self, *args: str) -> subprocess.Popen[str]:
        """Start a command, as the leader of a group of processes (what a terminal does)."""
        return subprocess.Popen(
            self.command(*args),
            cwd=self.root,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # A shell's background job ignores Ctrl-C and hands that down; a terminal's doesn't.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )

    def done(self) -> tuple[list[str], list[str]]:
        """Return which optimizers ran and which pictures were drawn since the last call, sorted."""
        found = []
        for name in ("EXECUTED", "RENDERED"):
            log = self.root / name
            lines = log.read_text().splitlines() if log.exists() else []
            found.append(sorted(line.split()[0] for line in lines))
            log.unlink(missing_ok=True)
        return found[0], found[1]

    def hold(self, *what: str) -> None:
        """Make these runs and pictures wait until `hold` is called without them."""
        self.write("HOLD", " ".join(what))

    def files(self, folder: str = "media") -> dict[str, Any]:
        """Return the visible files below a folder with their content."""
        root = self.root / folder
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file() and not any(p.startswith(".") for p in path.relative_to(root).parts)
        }
