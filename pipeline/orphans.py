"""What of ours lies in the media folder, and in the cache, and is of no use any more."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from look.theme import THEMES
from pipeline import ours, receipts
from pipeline.kinds import BOTH
from simulate import roots
from simulate.storage.files import cache_directory, leftovers, read_sealed, sha256
from simulate.storage.store import Store

# What `scenes.parts.words` keeps of a compiled string, and what older versions of it kept.
_STRING = r"[0-9a-f]{24}\.(outline|svg|npy)"
_PROJECT = "it is of a project folder; name that with --project"


@dataclass
class Orphans:
    """What `find` found.

    Attributes
    ----------
    half_made : list of Path
        What `pipeline.ours.clear` deletes.
    why : dict of Path to str
        What else can be deleted, in a good order, to a few words.
    kept : list of str
        What looks like an orphan and stays, with the reason, a line each.
    """

    half_made: list[Path] = field(default_factory=list)
    why: dict[Path, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)


def find(
    media: Path,
    stems: Collection[str],
    experiments: Collection[str],
    *,
    caches: bool = False,
) -> Orphans:
    """Return what can be deleted in a media folder that is ours, and why.

    Parameters
    ----------
    media : Path
        The media folder.
    stems : collection of str
        The visuals that there are.
    experiments : collection of str
        The experiments that there are.
    caches : bool
        Also what all media folders share.
    """
    found = Orphans(half_made=ours.abandoned(media)[0])
    _recordings(media, experiments, found)
    _runs(media, experiments, found)
    states = ours.files(media, "recordings/.checkpoints/runs", rf"{ours.ADDRESS}\.npz")
    found.why |= dict.fromkeys(filter(_is_state, states), "the state of a run that was interrupted")
    _pictures(media, stems, found)
    logs = filter(ours.is_log, ours.files(media, ".logs", rf"{ours.STEM}\.log"))
    found.why |= dict.fromkeys(logs, "a log")
    known = filter(_is_cache, ours.files(media, ".cache", r"sources\.(sealed|json)"))
    found.why |= dict.fromkeys(known, "a cache")
    if caches:
        found.why |= dict.fromkeys(_strings(), "a compiled string")
    return found


def _recordings(media: Path, experiments: Collection[str], found: Orphans) -> None:
    for path in ours.files(media, "recordings/.receipts", rf"{ours.STEM}\.json"):
        if _base(path.stem) not in experiments:
            _stored(media, path, path.stem, "no such experiment", found)


def _runs(media: Path, experiments: Collection[str], found: Orphans) -> None:
    store = Store(media / "recordings")
    runs = ours.files(media, "recordings/.receipts/runs", rf"{ours.ADDRESS}\.json")
    used: set[str] = set()
    unknown = set()
    for name in _recorded(media, experiments):
        receipt = store.receipt(name)
        if receipt is None:
            unknown.add(name)
        elif store.path(name) not in found.why:
            used.update(receipt.runs)
    if runs and unknown:
        names = ", ".join(sorted(unknown))
        found.kept.append(f"kept all runs: which of them {names} uses can't be read")
        return
    for path in runs:
        if path.stem not in used:
            _stored(media, path, f"runs/{path.stem}", "a run that no recording uses", found)


def _recorded(media: Path, experiments: Collection[str]) -> Iterator[str]:
    """Yield the recordings that have a receipt, or should have one."""
    for path in ours.files(media, "recordings/.receipts", rf"{ours.STEM}\.json"):
        yield path.stem
    for path in ours.files(media, "recordings", rf"{ours.STEM}\.nc"):
        if _base(path.stem) in experiments:
            yield path.stem


def _stored(media: Path, receipt_path: Path, name: str, reason: str, found: Orphans) -> None:
    """Add a recording or a run with its receipt, if it is what the receipt says."""
    store = Store(media / "recordings")
    receipt = store.receipt(name)
    path = store.path(name)
    if receipt is None:
        found.kept.append(f"kept {_below(path, media)}: its receipt can't be read")
        return
    if _is_of_a_project(receipt.inputs):
        found.kept.append(f"kept {_below(path, media)} ({reason}): {_PROJECT}")
        return
    _add({path: receipt.digest}, receipt_path, reason, media, found)


def _pictures(media: Path, stems: Collection[str], found: Orphans) -> None:
    for root, path in ours.picture_receipts(media):
        stem, theme, _ = path.name.split(".")
        if _base(stem) in stems and theme in (*THEMES, BOTH):
            continue
        reason = "no such visual" if _base(stem) not in stems else "no such theme"
        receipt = receipts.read(path)
        if receipt is None:
            found.kept.append(f"kept what {_below(path, media)} names: it can't be read")
            continue
        if _is_of_a_project(receipt.inputs):
            found.kept.append(f"kept what {_below(path, media)} names ({reason}): {_PROJECT}")
            continue
        # A receipt of ours names nothing else; another one must not lead anywhere.
        name = re.compile(rf"{ours.STEM}/{stem}\.{theme}\.[\w.-]+")
        outputs = {
            root / file: output.digest
            for file, output in receipt.outputs.items()
            if name.fullmatch(file)
        }
        _add(outputs, path, reason, media, found)


def _base(stem: str) -> str:
    """Return a stem without the name under which changed settings are kept."""
    return stem.partition("@")[0]


def _is_of_a_project(inputs: Mapping[str, str]) -> bool:
    """Tell whether something was made by a project folder, and no such folder is chosen now."""
    return roots.own() is None and any(f"{roots.PACKAGE}/" in what for what in inputs)


def _add(files: dict[Path, str], receipt: Path, reason: str, media: Path, found: Orphans) -> None:
    """Add a receipt with its files by digest; what was changed since stays, with the receipt."""
    changed = False
    for path, digest in files.items():
        if not path.is_symlink() and not path.exists():
            continue
        if _is_plain(path, media) and sha256(path) == digest:
            found.why[path] = reason
        else:
            changed = True
            found.kept.append(
                f"kept {_below(path, media)} ({reason}): it was changed since it was made"
            )
    if not changed:
        found.why[receipt] = reason


def _is_plain(path: Path, media: Path) -> bool:
    """Tell whether a path is a file in the media folder that is reached without a link."""
    place = str(path.parent.relative_to(media))
    return ours.folder(media, place) is not None and path.is_file() and not path.is_symlink()


def _is_cache(path: Path) -> bool:
    """Tell whether a file is one that `simulate.storage.sources` wrote, or an older version."""
    try:
        return read_sealed(path) is not None or path.read_bytes().startswith(b'{"reader":"')
    except OSError:
        return False


def _is_state(path: Path) -> bool:
    """Tell whether a file is one that `simulate.training.checkpoints` wrote."""
    try:
        with zipfile.ZipFile(path) as file:
            return "tree.npy" in file.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def _strings() -> list[Path]:
    strings = cache_directory() / "typst"
    if strings.is_symlink() or not strings.is_dir():
        return []
    return [*ours.files(strings, ".", _STRING), *leftovers(strings, _STRING)]


def _below(path: Path, media: Path) -> Path:
    return path.relative_to(media)


def weight(path: Path) -> int:
    """Return the bytes of a file, or of all files below a scratch folder."""
    try:
        if path.is_dir():
            return sum(weight(file) for file in path.iterdir() if not file.is_symlink())
        return path.stat().st_size
    except OSError:  # it went away meanwhile
        return 0
