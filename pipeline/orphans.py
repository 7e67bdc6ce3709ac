"""What lies in the media folder, and in the cache, and is of no use any more."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from pipeline.build import abandoned
from pipeline.kinds import FOLDERS
from simulate.storage.files import cache_directory
from simulate.storage.store import Store


def orphans(media: Path, stems: Collection[str], experiments: Collection[str]) -> dict[Path, str]:
    """Return what can be deleted, and why.

    Parameters
    ----------
    media : Path
        The media folder.
    stems : collection of str
        The visuals that there are.
    experiments : collection of str
        The experiments that there are.

    Returns
    -------
    dict of Path to str
        Files and folders to a few words.
    """
    found = dict.fromkeys(abandoned(media)[0], "left by a build that was killed")
    found |= dict.fromkeys(_recordings(media, experiments), "no such experiment")
    found |= dict.fromkeys(_runs(media, experiments), "a run that no recording uses")
    found |= dict.fromkeys(_pictures(media, stems), "no such visual")
    found |= dict.fromkeys(sorted((media / ".logs").glob("*.log")), "a log")
    found |= dict.fromkeys(sorted((media / ".cache").glob("*")), "a cache")
    strings = cache_directory() / "typst"  # for all media folders; compiled anew where needed
    return found | ({strings: "compiled strings"} if strings.is_dir() else {})


def _recordings(media: Path, experiments: Collection[str]) -> Iterator[Path]:
    root = media / "recordings"
    for folder, suffix in ((root, "nc"), (root / ".receipts", "json")):
        for path in sorted(folder.glob(f"[!.]*.{suffix}")):
            if path.stem not in experiments:
                yield path


def _runs(media: Path, experiments: Collection[str]) -> Iterator[Path]:
    store = Store(media / "recordings")
    receipts = [store.receipt(name) for name in store.names() if name in experiments]
    used = {address for receipt in receipts if receipt for address in receipt.runs}
    for folder in (store.root / "runs", store.root / ".receipts" / "runs"):
        for path in sorted(folder.glob("[!.]*")):
            if path.stem not in used:
                yield path


def _pictures(media: Path, stems: Collection[str]) -> Iterator[Path]:
    for root in (media, media / "draft"):
        for folder in (root, root / ".receipts"):
            for name in FOLDERS:
                for path in sorted((folder / name).glob("[!.]*.*.*")):
                    stem = path.name.partition(".")[0]
                    if stem not in stems and not stem.startswith("bench_"):  # make bench's curves
                        yield path


def weight(path: Path) -> int:
    """Return the bytes of a file, or of all files below a folder."""
    if not path.is_dir():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
