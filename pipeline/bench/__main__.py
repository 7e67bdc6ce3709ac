"""``make bench``: every promise of speed against its peer, in one run.

Prints a table, writes ``bench.json`` and the curves into the media folder, and adds a line to
``BENCHMARKS.md``. Ratios are what counts: both sides ran on the same machine within minutes.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
from pathlib import Path
from typing import Any

import msgspec

from pipeline.bench._row import Row
from pipeline.bench.growth import Curve
from pipeline.settings import default_media
from simulate.registry import PROJECT
from simulate.storage.files import write_atomic

GROUPS = ("rendering", "training", "planes", "races", "builds", "growth", "gpu")
LOG = PROJECT / "BENCHMARKS.md"


def main() -> None:
    """Run the groups asked for, all of them if none is."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(GROUPS))
    asked = parser.parse_args().groups or list(GROUPS)
    if unknown := set(asked) - set(GROUPS):
        parser.error(f"no group is called {sorted(unknown)[0]!r}; there are {', '.join(GROUPS)}")
    rows: list[Row] = []
    curves: list[Curve] = []
    costs: dict[str, Any] = {}
    for group in asked:
        if group == "builds":
            from pipeline.bench import builds

            found, costs = builds.rows()
            rows += found
        elif group == "growth":
            from pipeline.bench import growth

            curves = growth.curves()
            rows += growth.memory()
        else:
            from importlib import import_module

            rows += import_module(f"pipeline.bench.{group}").rows()
        _print(rows, curves, costs)
    media = default_media()
    write_atomic(media / "bench.json", msgspec.json.format(msgspec.json.encode(_report(rows))))
    if curves:
        from pipeline.bench import _curves

        _curves.draw(curves, media / "figures")
    if set(asked) == set(GROUPS):
        _log(rows, curves, costs)


def _report(rows: list[Row]) -> list[dict[str, object]]:
    return [
        {
            "name": row.name,
            "ours": row.ours,
            "peer": row.peer,
            "ratio": row.ratio,
            "unit": row.unit,
            "at_least": row.at_least,
            "holds": row.holds,
        }
        for row in rows
    ]


def _cells(row: Row) -> list[str]:
    peer = "—" if row.peer is None else f"{row.peer:,.4g}"
    ratio = "—" if row.ratio is None else f"{row.ratio:.1f}×"
    bound = f"≤ {row.at_least:g}" if row.ratio is None else f"≥ {row.at_least:g}×"
    return [
        row.name,
        f"{row.ours:,.4g}",
        peer,
        row.unit,
        ratio,
        bound,
        "yes" if row.holds else "NO",
    ]


HEADS = ["what", "ours", "peer", "unit", "ratio", "promised", "holds"]


def _print(rows: list[Row], curves: list[Curve], costs: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*HEADS, title=_machine())
    for row in rows:
        table.add_row(*_cells(row))
    console = Console(width=150)
    console.print(table)
    for curve in curves:
        console.print(f"seconds ∝ {curve.name}^{curve.exponent:.2f}")


def _machine() -> str:
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        if names:
            model = names[0].partition(":")[2].strip()
    return f"{os.cpu_count()} cores, {model}"


def _log(rows: list[Row], curves: list[Curve], costs: dict[str, Any]) -> None:
    """Put this run on top of the log."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    lines = [f"## {today}, {_machine()}", ""]
    lines += [f"| {' | '.join(HEADS)} |", "|" + " --- |" * len(HEADS)]
    lines += [f"| {' | '.join(_cells(row))} |" for row in rows]
    lines += ["", "Cost grows as " + ", ".join(f"{c.name}^{c.exponent:.2f}" for c in curves) + "."]
    if costs:
        total = costs["seconds"]
        items: dict[str, float] = costs["costs"]
        lines += [
            "",
            f"`teachnet all` from nothing, offline, two workers, blog quality: {total:.0f} s.",
        ]
        lines += ["The ten most expensive items, in seconds of a worker's time:", ""]
        dearest = sorted(items.items(), key=lambda item: -item[1])[:10]
        lines += [f"- {name}: {cost:.1f}" for name, cost in dearest]
    head, _, past = LOG.read_text(encoding="utf-8").partition("\n## ")
    past = f"\n## {past}" if past else ""
    text = head.rstrip() + "\n\n" + "\n".join(lines) + "\n" + past
    write_atomic(LOG, text.encode())


if __name__ == "__main__":
    main()
