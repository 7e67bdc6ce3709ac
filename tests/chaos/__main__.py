"""``make chaos``: every round for a while, and what it found."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from unittest import SkipTest

from tests.chaos.rounds import ROUNDS, Bench
from tests.pipeline._clone import Clone

SECONDS = 120.0  # of each round


def main() -> int:
    """Run the rounds that are named, or all; status 1 if anything was found."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    wanted = sys.argv[2:]
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        clone = Clone(Path(folder) / "finished")
        result = clone.teachnet("all")
        assert result.returncode == 0, result.stderr
        for round_ in ROUNDS:
            if wanted and round_.__name__ not in wanted:
                continue
            try:
                tally = round_(Bench(clone.root, Path(folder), seed=7, seconds=seconds))
            except SkipTest as reason:
                print(f"{round_.__name__:10} skipped: {reason}", flush=True)
                continue
            counts = ", ".join(
                f"{tally.found[kind]} {kind}"
                for kind in ("lost", "foreign", "wrong", "traceback", "hang")
            )
            print(f"{round_.__name__:10} {tally.tried:5} tried: {counts}", flush=True)
            for note in tally.notes[:10]:
                print(f"  {' '.join(note.split())[:300]}")
            bad += sum(tally.found.values())
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
