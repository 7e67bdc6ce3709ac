"""A build in a process of its own, start-up counted: ``python -m pipeline.bench._build …``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import msgspec

from pipeline import wanted
from pipeline.build import build
from pipeline.display import Display
from pipeline.items import Item
from pipeline.kinds import ANIMATION
from pipeline.qualities import QUALITIES
from pipeline.settings import Settings
from simulate.storage import sources


class _Quiet(Display):
    def path(self, path: Path) -> None:
        """Print nothing: stdout has the report."""


def main() -> None:
    """Build what the arguments say; print seconds and each item's cost as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("media", type=Path)
    parser.add_argument("jobs", type=int)
    parser.add_argument("what", choices=["all", "recordings", "animations"])
    parser.add_argument("stems", nargs="*")
    parser.add_argument("--quality", choices=list(QUALITIES), default="blog")
    parser.add_argument("--cores", type=int, help="keep to so many")
    given = parser.parse_intermixed_args()
    if given.cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: given.cores])
    settings = Settings(
        media=given.media, quality=QUALITIES[given.quality], data="embedded", jobs=given.jobs
    )
    sources.load_cache(settings.known_sources)  # as each command does
    entries = wanted.select_visuals(given.stems)
    items: list[Item] = []
    if given.what != "animations":
        items += wanted.used_recordings(entries, settings, wanted.context(settings))
    if given.what != "recordings":
        pictures = wanted.pictures(entries, settings)
        items += [p for p in pictures if given.what == "all" or p.kind is ANIMATION]
    outcome = build(items, settings, _Quiet())
    if outcome.failed:
        sys.exit(f"failed: {[item.name for item in outcome.failed]}")
    report = {"seconds": outcome.seconds, "costs": outcome.costs}
    sys.stdout.write(msgspec.json.encode(report).decode())


if __name__ == "__main__":
    main()
