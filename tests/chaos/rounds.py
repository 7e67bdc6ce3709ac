"""The rounds of chaos. Each spoils a finished clone in some way, again and again, and counts.

``lost``: what was made and could not be had again; ``foreign``: files touched that are not ours;
``wrong``: other content than an undisturbed build gives, without a word; ``traceback``; ``hang``.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from unittest import SkipTest

import numpy as np

from pipeline import variants
from simulate import registry
from simulate.data import idx
from simulate.errors import UserError
from simulate.storage.store import Store
from tests.pipeline._clone import Clone
from tests.simulate import _mnist

PATIENCE = 300  # seconds after which a command hangs
FOREIGN = ("notes.txt", "figures/hero.dark.png", "recordings/runs/monday.wav", ".part-video.mp4")


@dataclass
class Tally:
    """What a round found: how often it tried, and what went wrong, by kind."""

    tried: int = 0
    found: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def add(self, kind: str, what: str) -> None:
        self.found[kind] += 1
        self.notes.append(f"{kind}: {what}")


class Bench:
    """Copies of one finished clone, and what is in it."""

    crowd = 4  # builds at once

    def __init__(self, finished: Path, folder: Path, seed: int, seconds: float) -> None:
        self.finished = finished
        self.folder = folder
        self.random = random.Random(seed)
        self.seconds = seconds
        self.expected = self.clone().files()

    @cached_property
    def remade(self) -> dict[str, bytes]:
        """What is there once what `spoil` takes away is made again."""
        clone = self.clone()
        spoil(clone)
        assert clone.teachnet("all").returncode == 0
        return clone.files()

    def clone(self) -> Clone:
        shutil.rmtree(self.folder / "clone", ignore_errors=True)
        clone = Clone.__new__(Clone)
        clone.root = Path(shutil.copytree(self.finished, self.folder / "clone", symlinks=True))
        clone.media = clone.root / "media"
        for name in FOREIGN:
            (clone.media / name).write_text(name)
        return clone

    def turns(self, most: int) -> Iterator[int]:
        """Count to `most`, as far as the time allows, but once in any case."""
        end = time.monotonic() + self.seconds
        for turn in range(most):
            if turn and time.monotonic() > end:
                return
            yield turn

    def judge(self, clone: Clone, tally: Tally, what: str) -> None:
        """Build what is missing now that nothing disturbs; it must be as if nothing had."""
        result = run(clone, tally, what, "all")
        if result is None or result.returncode:
            tally.add("lost", f"{what}: {result.stderr if result else 'hangs'}")
        self.compare(clone, tally, what, self.remade)
        halves = [*clone.media.rglob(".part-*-*-*"), *(clone.media / ".scratch").glob("*")]
        for path in halves:
            tally.add("lost", f"{what}: {path.name} is left")

    def compare(
        self, clone: Clone, tally: Tally, what: str, expected: dict[str, bytes] | None = None
    ) -> None:
        files = clone.files()
        for name, content in (expected or self.expected).items():
            if name not in files:
                tally.add("lost", f"{what}: {name}")
            elif files[name] != content:
                tally.add("wrong", f"{what}: {name}")
        for name in FOREIGN:
            path = clone.media / name
            if not path.is_file() or path.read_text() != name:
                tally.add("foreign", f"{what}: {name}")


def run(
    clone: Clone, tally: Tally, what: str, *args: str, **extra: str
) -> subprocess.CompletedProcess[str] | None:
    """Run a command that may fail, but in words and in the end."""
    try:
        result = clone.teachnet(*args, **extra)
    except subprocess.TimeoutExpired:
        tally.add("hang", f"{what}: {args}")
        return None
    check(result.stdout + result.stderr, result.returncode, tally, f"{what}: {args}")
    return result


def check(said: str, status: int, tally: Tally, what: str) -> None:
    if "Traceback" in said or "(--debug shows where)" in said or status not in (0, 1, 2):
        tally.add("traceback", f"{what}: {status}: {said[-500:]}")


def spoil(clone: Clone) -> None:
    """Leave something of each kind to be made."""
    clone.replace("simulate/_arithmetic.py", "start / 2**step", "start * 0.5**step")  # the same
    for path in (clone.media / "figures").glob("r*"):
        path.unlink()


# ------------------------------------------------------------------------------ kills


def kills(bench: Bench, most: int = 200) -> Tally:
    """Kill a build at random moments."""
    tally, _ = Tally(), bench.remade
    for _ in bench.turns(most):
        clone = bench.clone()
        spoil(clone)
        build = clone.start("all", "-j", "2")
        time.sleep(bench.random.uniform(0.0, 3.0))
        os.killpg(build.pid, signal.SIGKILL)
        build.communicate()
        tally.tried += 1
        bench.judge(clone, tally, "kill")
    return tally


_KILLED_AT = """
import os, signal, sys

left = int(sys.argv[1])

def hook(event, args):
    global left
    if event == "os.rename":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
sys.argv = ["teachnet", "all", "-j", "2"]
import cli
cli.main()
"""


def renames(bench: Bench, most: int = 200) -> Tally:
    """Kill a build before each of its renames, one after the other."""
    tally, _ = Tally(), bench.remade
    for turn in bench.turns(most):
        clone = bench.clone()
        spoil(clone)
        killed = subprocess.run(
            [clone.command()[0], "-c", _KILLED_AT, str(turn + 1)],
            cwd=clone.root,
            env=clone.environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if killed.returncode != -signal.SIGKILL:
            break  # there are no more renames
        tally.tried += 1
        bench.judge(clone, tally, f"rename {turn + 1}")
    return tally


# ------------------------------------------------------------------------------ damage


def _flip(path: Path, chance: random.Random) -> None:
    """Flip a bit, and keep size and time as they were."""
    stat, content = path.stat(), bytearray(path.read_bytes())
    if content:
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _cut(path: Path, chance: random.Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(max(1, len(content)))])


def _retype(path: Path, chance: random.Random) -> None:
    """Give a value of a JSON file another type; other files become JSON."""
    try:
        said = json.loads(path.read_bytes())
    except ValueError:
        said = {}
    if isinstance(said, dict) and said:
        said[chance.choice(list(said))] = chance.choice([5, None, [], {"a": 1}, "x\0y", [[[]]]])
    path.write_text(json.dumps(said))


def _replace_by_folder(path: Path, chance: random.Random) -> None:
    path.unlink()
    path.mkdir()


def _replace_by_link(path: Path, chance: random.Random) -> None:
    path.unlink()
    path.symlink_to(path.name)  # to itself


DAMAGES: tuple[Callable[[Path, random.Random], None], ...] = (
    _flip,
    _cut,
    _retype,
    _replace_by_folder,
    _replace_by_link,
)


def damages(bench: Bench, most: int = 400) -> Tally:
    """Damage a file of the store; what is drawn afterwards is right, or fails in words."""
    tally = Tally()
    for turn in bench.turns(most):
        clone = bench.clone()
        known = [
            path
            for path in sorted(clone.media.rglob("*"))
            if path.is_file() and str(path.relative_to(clone.media)) not in FOREIGN
        ]
        path = bench.random.choice(known)
        damage = DAMAGES[turn % len(DAMAGES)]
        damage(path, bench.random)
        what = f"{damage.__name__} {path.relative_to(clone.media)}"
        tally.tried += 1
        for args in (["list"], ["why", "*"], ["show", "race", "--json"], ["clean", "--dry-run"]):
            run(clone, tally, what, *args)
        result = run(clone, tally, what, "all", "--force")
        in_the_way = damage in (_replace_by_folder, _replace_by_link)
        if result is not None and result.returncode and not in_the_way:
            # Only what a person decided is asked of a person again.
            if path.name != "data.json":
                tally.add("lost", f"{what}: {result.stderr[-300:]}")
            continue
        if in_the_way and result is not None and result.returncode:
            if path.name not in result.stderr:
                tally.add("wrong", f"{what}: not named in {result.stderr[-300:]}")
            continue
        if path.name == "data.json" and path.exists():
            continue  # another choice is another expectation
        bench.compare(clone, tally, what)
    return tally


# ------------------------------------------------------------------------------ crowds


def crowds(bench: Bench, most: int = 30) -> Tally:
    """Several builds at once, while somebody cleans and edits."""
    tally, _ = Tally(), bench.remade
    source = "figures/chapter/rates.py"
    for turn in bench.turns(most):
        clone = bench.clone()
        spoil(clone)
        text = (clone.root / source).read_text()
        builds = [clone.start("all", "-j", "2") for _ in range(bench.crowd)]
        for word in ("Lines. ", "Many lines. "):
            clone.write(source, text.replace("Lines.", word))
            run(clone, tally, "clean in a crowd", "clean", "--yes")
        clone.write(source, text)
        for build in builds:
            try:
                stdout, stderr = build.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                tally.add("hang", f"crowd {turn}")
                os.killpg(build.pid, signal.SIGKILL)
                build.communicate()
                continue
            check(stdout + stderr, build.returncode, tally, f"crowd {turn}")
        tally.tried += 1
        bench.judge(clone, tally, f"crowd {turn}")
    return tally


# ------------------------------------------------------------------------------ no room


def no_room(bench: Bench, most: int = 30) -> Tally:
    """Files of more than some bytes can't be written; then there is room again."""
    tally, _ = Tally(), bench.remade
    for turn in bench.turns(most):
        clone = bench.clone()
        spoil(clone)
        # Not less than a semaphore takes, which lies in memory but counts as a file here.
        size = bench.random.choice([40, 100, 1000, 5000, 20_000])

        def limit(size: int = size) -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        try:
            result = subprocess.run(
                clone.command("all"),
                cwd=clone.root,
                env=clone.environment(),
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
                preexec_fn=limit,
            )
            check(result.stderr, result.returncode, tally, f"room of {size}")
        except subprocess.TimeoutExpired:
            tally.add("hang", f"room of {size}, turn {turn}")
        tally.tried += 1
        bench.judge(clone, tally, f"room of {size}")
    return tally


@contextmanager
def _mounted(folder: Path, megabytes: int) -> Iterator[Callable[[str], None]]:
    """Put a disk of so many megabytes in a folder's place, with what is in it.

    Yields
    ------
    callable
        Mounts it again with other options, such as "ro".
    """
    kept = folder.with_name("kept")
    folder.rename(kept)
    folder.mkdir()

    def mount(*args: str) -> None:
        try:
            subprocess.run(["mount", *args, str(folder)], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            raise SkipTest("mounting takes root's rights") from None

    mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs")
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True, symlinks=True)
        yield lambda options: mount("-o", f"remount,{options}")
    finally:
        # Lazily: a worker of a build that was killed may take a moment to let go.
        subprocess.run(["umount", "-l", str(folder)], check=True)


def full_disk(bench: Bench, most: int = 60) -> Tally:
    """A disk fills up, to the last page or nearly; then there is room again."""
    tally, _ = Tally(), bench.remade
    for _ in bench.turns(most):
        clone = bench.clone()
        spoil(clone)
        with _mounted(clone.media, 8):
            pages = bench.random.choice([0, 1, 2, 3, 5, 10, 20, 40])
            filler = clone.media / "filler"
            free = os.statvfs(clone.media)
            filler.write_bytes(bytes((free.f_bavail - pages) * free.f_bsize))
            what = f"{pages} pages free"
            tally.tried += 1
            result = run(clone, tally, what, "all", "-j", "2")
            if result is not None and result.returncode and "the disk is full" not in result.stderr:
                tally.add("wrong", f"{what}: not told: {result.stderr[-300:]}")
            for args in (["list"], ["why", "*"], ["show", "race"], ["clean", "--dry-run"]):
                run(clone, tally, what, *args)
            filler.unlink()
            bench.judge(clone, tally, what)
    return tally


def read_only(bench: Bench, most: int = 10) -> Tally:
    """The media folder can't be written; then it can again."""
    tally, _ = Tally(), bench.remade
    for turn in bench.turns(most):
        clone = bench.clone()
        if turn % 2:
            spoil(clone)
        with _mounted(clone.media, 8) as again:
            again("ro")
            before = clone.files()
            tally.tried += 1
            for args in (["list"], ["why", "*"], ["show", "race"], ["clean", "--dry-run"]):
                result = run(clone, tally, "read-only", *args)
                if result is not None and result.returncode:
                    tally.add("wrong", f"{args} only looks, but: {result.stderr[-300:]}")
            run(clone, tally, "read-only", "clean", "--yes")
            result = run(clone, tally, "read-only", "all")
            if result is not None and result.returncode and "ead-only" not in result.stderr:
                tally.add("wrong", f"not told: {result.stderr[-300:]}")
            if clone.files() != before:
                tally.add("lost", "read-only: files changed")
            again("rw")
            if turn % 2:
                bench.judge(clone, tally, "read-only")
    return tally


# ------------------------------------------------------------------------------ fuzz

_WORDS = """
list render record preview all why show sheet clean doctor race rates contest r* [ ** optimizers
runs experiments -q draft blog 4k --theme dark both --kind F A X --chapter chapter --json --dry-run
--set slow=1 fast= =1 steps=x --as mine
--yes -j 0 1 -1 999999999999999999999 --at 3.2s nan -1s 1e400 --frames 1 --force --device cpu cuda
auto --media --data embedded --project --help --version -- ./x ../.. /dev/null /proc/self/mem
"""
_ODD = (
    "",
    "\n",
    "é",
    "→",
    "\udcff",
    "a" * 300,
    "a" * 5000,
    "%s",
    "{x}",
    "${HOME}",
    "~",
    "-",
    "\x1b[2J",
)


def arguments(bench: Bench, most: int = 400) -> Tally:
    """Call it with whatever comes."""
    tally = Tally()
    clone = bench.clone()
    for _ in bench.turns(most):
        words = [
            bench.random.choice(_WORDS.split() if bench.random.random() < 0.85 else _ODD)
            for _ in range(bench.random.randint(0, 5))
        ]
        extra = {}
        if bench.random.random() < 0.3:
            variable = bench.random.choice(["TEACHNET_MEDIA", "TEACHNET_DATA", "TEACHNET_DEVICE"])
            extra[variable] = bench.random.choice([*_ODD, "cuda", "/dev/null"])
        tally.tried += 1
        result = run(clone, tally, f"{extra}", *words, **extra)
        # Without a word it prints its help.
        if words and result and result.returncode and len(result.stderr.splitlines()) > 20:
            tally.add("traceback", f"{words}: {result.stderr[-500:]}")
    bench.compare(clone, tally, "arguments")
    return tally


def digits(bench: Bench, most: int = 3000) -> Tally:
    """Read IDX files with bits flipped, cut, compressed again: right, or refused in words."""
    tally = Tally()
    folder = bench.folder / "mnist"
    folder.mkdir(exist_ok=True)
    _mnist.write(folder)
    whole = {path: path.read_bytes() for path in sorted(folder.glob("*-ubyte.gz"))}
    for _ in bench.turns(most):
        path = bench.random.choice(list(whole))
        content = bytearray(gzip.decompress(whole[path]))
        for _ in range(bench.random.randint(1, 3)):
            content[bench.random.randrange(min(len(content), 40))] = bench.random.randrange(256)
        if bench.random.random() < 0.3:
            del content[bench.random.randrange(len(content)) :]
        path.write_bytes(
            gzip.compress(bytes(content), 1) if bench.random.random() < 0.8 else content
        )
        tally.tried += 1
        try:
            found = idx.read_folder(folder)
            if found.train_images.shape[1:] != (28, 28) or found.train_labels.dtype != np.uint8:
                tally.add("wrong", f"{path.name}: {found.train_images.shape}")
        except UserError:
            pass
        except Exception as error:
            tally.add("traceback", f"{path.name}: {error!r}")
        path.write_bytes(whole[path])
    return tally


def shows(bench: Bench, most: int = 400) -> Tally:
    """Show recordings and runs that are damaged: as they were, or refused in words."""
    tally = Tally()
    clone = bench.clone()
    whole = {path: path.read_bytes() for path in sorted(clone.media.glob("recordings/**/*.nc"))}
    names = {path: path.stem for path in whole}
    right: dict[Path, str] = {}
    for _ in bench.turns(most):
        path = bench.random.choice(list(whole))
        if path not in right:
            right[path] = clone.teachnet("show", names[path], "--json").stdout
        stat = path.stat()
        bench.random.choice([_flip, _cut, _patch])(path, bench.random)
        tally.tried += 1
        result = run(clone, tally, path.name, "show", names[path], "--json")
        if result is not None and result.returncode == 0 and result.stdout != right[path]:
            tally.add("wrong", f"{path.name}: {result.stdout[-300:]}")
        path.write_bytes(whole[path])
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        receipts = "media/recordings/.receipts"  # what is found damaged is vouched for no longer
        shutil.copytree(bench.finished / receipts, clone.root / receipts, dirs_exist_ok=True)
    return tally


def _patch(path: Path, chance: random.Random) -> None:
    """Write over some bytes, and keep size and time as they were."""
    stat, content = path.stat(), bytearray(path.read_bytes())
    start = chance.randrange(len(content))
    content[start : start + 16] = chance.randbytes(len(content[start : start + 16]))
    path.write_bytes(content)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


_VALUES = (
    "", "1", "-1", "0", "1e400", "nan", "inf", "9" * 30, "9" * 5000, "1,2,3", "[1, [2]]",
    "[" * 5000, "{}", '{"a": ' * 3000, "none", "true", "x", "\udcff", "\n", "=", "a=b",
    "1" + ",1" * 5000, "\0",
)  # fmt: skip


def settings(bench: Bench, most: int = 5000) -> Tally:
    """Change the settings of all experiments to whatever comes: taken, or refused in a line."""
    tally = Tally()
    store = Store(bench.folder / "none")
    names = registry.names("experiments")
    for _ in bench.turns(most):
        experiment = bench.random.choice(names)
        keys = [each["name"] for each in variants.described(experiment)] or ["x"]
        key = bench.random.choice([*keys, *keys, *keys, "", ".", "x.y", f"{experiment}.{keys[0]}"])
        given = [f"{key}={bench.random.choice(_VALUES)}"]
        tally.tried += 1
        try:
            found = variants.variant(given, "mine", [experiment], store)
            json.dumps(found.changes)  # it goes into receipts
        except UserError as error:
            if len(str(error)) > 2000:
                tally.add("wrong", f"{experiment} {given[0][:60]}: {len(str(error))} characters")
        except Exception as error:
            tally.add("traceback", f"{experiment} {given[0][:60]}: {error!r}"[:300])
    return tally


ROUNDS = (
    kills, renames, damages, crowds, no_room, full_disk, read_only, arguments, digits, shows,
    settings,
)  # fmt: skip
