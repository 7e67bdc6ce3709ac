"""Whole builds: all animations against ``manim render``, two workers against one, a no-op."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pipeline.bench._row import Row, seconds
from pipeline.catalogue import visuals
from pipeline.kinds import ANIMATION
from simulate.registry import PROJECT

STOCK_SCENES = Path(__file__).with_name("_stock_scenes.py")
LONG = "network_forward"  # a scene of more than ten animations
EVERY = 6  # of so many films one is timed: stock Manim takes a quarter of an hour for all of them


def rows() -> tuple[list[Row], dict[str, Any]]:
    """Return the rows, and what building everything from nothing took, item by item."""
    with tempfile.TemporaryDirectory() as name:
        media = Path(name) / "media"
        whole = _build(media, 2, "all")  # cold: compiled loops and strings too
        found = [
            Row(name="no-op `teachnet all`", ours=_command(media, "all"), peer=None,
                unit="seconds", at_least=1.0),
            Row(name="`teachnet --help`", ours=_command(media, "--help"), peer=None,
                unit="seconds", at_least=0.3),
            Row(name="`teachnet list`", ours=_command(media, "list"), peer=None,
                unit="seconds", at_least=0.5),
        ]  # fmt: skip
        films = _films()
        two, one = (_animations(media, jobs, films) for jobs in (2, 1))
        some = f"every {EVERY}th animation"
        beside = _side_by_side(media, films)
        found += [
            _ratio(f"{some}, blog quality, two workers, against `manim render` one by one",
                   two, _stock(media, films), 2.5),
            _ratio(f"one long scene ({LONG}, hd), two workers on two cores against one on one",
                   _animations(media, 2, [LONG], quality="hd"),
                   _animations(media, 1, [LONG], quality="hd"), 1.6),
            _ratio(f"{some}, two workers on two cores against one on one", two, one, 1.7),
            _ratio("for comparison, what two cores give here: two builds at once by one worker "
                   "each, half their time against one alone on one", beside / 2, one, 1.0),
        ]  # fmt: skip
    return found, whole


def _ratio(name: str, ours: float, peer: float, at_least: float) -> Row:
    return Row(name=name, ours=ours, peer=peer, unit="seconds", at_least=at_least)


def _build(
    media: Path, jobs: int, what: str, *stems: str, quality: str = "blog", cores: int = 0
) -> dict[str, Any]:
    # A worker draws and encodes side by side: alone it would take both cores.
    command = [sys.executable, "-m", "pipeline.bench._build", str(media), str(jobs), what, *stems]
    command += ["--cores", str(cores or jobs), "--quality", quality]
    done = subprocess.run(
        command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, env=_environment(media)
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _side_by_side(media: Path, stems: Sequence[str]) -> float:
    """Return the seconds of two builds at once, each by one worker."""
    other = media.with_name("other")
    shutil.copytree(media, other)
    build = functools.partial(_animations, jobs=1, stems=stems, cores=2)
    with ThreadPoolExecutor() as pool:
        return seconds(lambda: list(pool.map(build, (media, other))))


def _animations(
    media: Path, jobs: int, stems: Sequence[str], quality: str = "blog", cores: int = 0
) -> float:
    """Return the seconds of rendering animations anew, recordings being there."""
    for path in (media / "animations").glob("*"):
        path.unlink()
    return seconds(lambda: _build(media, jobs, "animations", *stems, quality=quality, cores=cores))


def _command(media: Path, *arguments: str) -> float:
    command = [sys.executable, "cli.py", *arguments]

    def run() -> None:
        subprocess.run(
            command, cwd=PROJECT, check=True, capture_output=True, env=_environment(media)
        )

    return seconds(run, 5)


def _films() -> list[str]:
    """Return the films that are timed, evenly from all of them by name."""
    return [stem for stem, entry in visuals().items() if "animation" in entry.modules][::EVERY]


def _stock(media: Path, films: list[str]) -> float:
    """Return the seconds of ``manim render`` for these scenes, one after the other."""
    entries = {stem: e for stem, e in visuals().items() if "animation" in e.modules}
    used = {name for entry in entries.values() for name in entry.row.uses}
    recordings = {name: str(media / "recordings" / f"{name}.nc") for name in used}
    extra = {"TEACHNET_BENCH_RECORDINGS": json.dumps(recordings), "PYTHONPATH": str(PROJECT)}
    with tempfile.TemporaryDirectory() as folder:
        common = ["-qm", "--media_dir", folder, "--progress_bar", "none", "-v", "ERROR"]

        def render_all() -> None:
            for stem in films:
                subprocess.run(
                    [sys.executable, "-m", "manim", "render", *common,
                     str(STOCK_SCENES), ANIMATION.maker(stem)],
                    cwd=folder, check=True, capture_output=True, env=_environment(media) | extra,
                )  # fmt: skip

        return seconds(render_all)


def _environment(media: Path) -> dict[str, str]:
    """Return the environment with a string cache of the bench's own, so that cold is cold."""
    return os.environ | {
        "TEACHNET_MEDIA": str(media),
        "TEACHNET_CACHE": str(media.parent / "cache"),
    }
