"""Render a visual's film from any recording that has what it reads."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from look import metadata, visuals
from look.words import fill, merge
from scenes import render
from simulate.errors import UserError
from simulate.storage.files import write_atomic

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulate.recording import Given


@dataclass(frozen=True)
class Film:
    """A film that was rendered; in a notebook it shows itself, with its caption.

    Attributes
    ----------
    path : Path
        The MP4.
    seconds : float
        How long it is.
    width : int
        Pixels.
    alt, caption : str
        What is seen, for those who can't see it; and what a post prints under it.
    """

    path: Path
    seconds: float
    width: int
    alt: str
    caption: str

    def _repr_html_(self) -> str:
        source = base64.b64encode(self.path.read_bytes()).decode()
        return (
            f'<figure style="margin:0"><video src="data:video/mp4;base64,{source}" '
            f'width="{min(self.width, 720)}" controls muted loop playsinline '
            f'aria-label="{html.escape(self.alt)}"></video>'
            f"<figcaption>{html.escape(self.caption)}</figcaption></figure>"
        )


def film(
    stem: str,
    recording: Given | Mapping[str, Given],
    path: str | Path,
    *,
    theme: str = "dark",
    title: str | None = None,
    caption: str | None = None,
    width: int = 1280,
    height: int = 720,
    fps: int = 30,
    progress: Callable[[int], None] | None = None,
    command: str = "",
) -> Film:
    """Render a visual's film, from any recording that has what it reads.

    Parameters
    ----------
    stem, recording, caption
        As for `figures.draw`.
    path : str or Path
        The file to write, an MP4.
    theme : {"dark", "light"}
    title : str, optional
        In place of the first headline.
    width, height : int
        Pixels, both even.
    fps : int
        Frames per second.
    progress : callable, optional
        Told of frames as they are done.
    command : str
        What makes the film again, for it to say; left out, it says that this function did.

    Returns
    -------
    Film
        In a notebook it shows itself.

    Raises
    ------
    UserError
        If there is no such film, the recording lacks what it reads, or the file can't be written.
    """
    path = Path(path).expanduser()
    for name, pixels in (("width", width), ("height", height)):
        if pixels <= 0 or pixels % 2:
            raise UserError(f"{name} is {pixels}; give an even number of pixels")
    found = visuals.drawn(stem, "scenes", recording, title=title, caption=caption)
    job = render.Job(
        module=found.module,
        recordings=found.recordings,
        theme=theme,
        width=width,
        height=height,
        fps=fps,
        words=found.row,
        title=title or "",
    )
    with found.explaining():
        plan = render.plan(job)
        parts, _ = render.render_segments(job, plan.segments, progress=progress)
    words = fill(found.row, merge([data.attrs for data in found.recordings.values()]))
    made = metadata.Made(
        stem=stem,
        kind="animation",
        theme=theme,
        title=title or words.title,
        alt=words.alt,
        caption=words.caption,
        command=command or f"scenes.film({stem!r}, …, {path.name!r})",
        version=metadata.version(),
    )
    write_atomic(path, render.join(parts, metadata.tags(made)))
    return Film(path, plan.n_frames / fps, width, words.alt, words.caption)
