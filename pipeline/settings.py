"""What a user chooses for one call of ``teachnet``: where to, how large, which theme."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from look.theme import THEMES
from pipeline.qualities import QUALITIES, Quality
from simulate import roots
from simulate.errors import UserError
from simulate.registry import PROJECT

DEVICES = ("cpu", "cuda", "mps")


def default_media() -> Path:
    """Return the folder for all output: the project's, or the clone's whatever the current one.

    Where there is neither, for this was installed, it is that of the current folder.
    """
    clone = PROJECT if (PROJECT / "pyproject.toml").is_file() else Path.cwd()
    return (roots.own() or clone) / "media"


def default_jobs() -> int:
    """Return how many processes may work at once: the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One call's choices, checked.

    Attributes
    ----------
    media : Path
        Folder for all output.
    data : str or None
        Folder with the digits, ``"embedded"``, or None for what was chosen before.
    label : str or None
        What the images in that folder are called, where they aren't MNIST.
    download : bool
        Whether the digits may be fetched from the network.
    device : str
        One of `DEVICES`: where networks are trained.
    quality : Quality
    theme : str or None
        ``"dark"``, ``"light"``, ``"both"``; None is both for figures and tables, dark for
        animations. A page is one file for both.
    jobs : int
        Processes at once.
    force : bool
        Make again what is fresh.
    """

    media: Path
    data: str | None = None
    label: str | None = None
    download: bool = False
    device: str = "cpu"
    quality: Quality = QUALITIES["blog"]
    theme: str | None = None
    jobs: int = 1
    force: bool = False

    @property
    def pictures(self) -> Path:
        """Folder of finished pictures, or of drafts; drafts never overwrite the others."""
        return self.media / "draft" if self.quality.name == "draft" else self.media

    @property
    def recordings(self) -> Path:
        """Folder of the recordings and their runs."""
        return self.media / "recordings"

    @property
    def known_sources(self) -> Path:
        """What `simulate.storage.sources` found in this project's files."""
        return self.media / ".cache" / "sources.sealed"

    def themes(self, usual: tuple[str, ...]) -> tuple[str, ...]:
        """Return the themes in which pictures are made that are usually made in some."""
        if self.theme is None or not set(usual) & set(THEMES):  # one file for all of them
            return usual
        return tuple(THEMES) if self.theme == "both" else (self.theme,)


def check_media(media: Path) -> Path:
    """Return the media folder if it can be one; it need not exist yet.

    Raises
    ------
    UserError
        If the path, or a parent of it, is something other than a folder.
    """
    existing = next(path for path in (media, *media.parents) if path.exists())
    if not existing.is_dir():
        raise UserError(f"the media folder {media} cannot be: {existing} is a file; give a folder")
    return media


def make_writable(media: Path) -> None:
    """Make the media folder if it is missing, and check that files can be made in it.

    Raises
    ------
    UserError
        If it cannot be made or written to.
    """
    try:
        media.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=media):
            pass
    except OSError as error:
        raise UserError(
            f"cannot write to the media folder {media}: {error.strerror}; "
            "give another with --media or TEACHNET_MEDIA"
        ) from None
