"""What workers do. Heavy imports are inside: a worker that only draws figures never loads torch.

Arguments and results are plain data, so the build itself imports neither torch nor manim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from look.words import Visual
from pipeline.executors import Content, content, report
from simulate.storage.receipts import Stored

if TYPE_CHECKING:
    from simulate import specs
    from simulate.recorder import Context

Recordings = Mapping[str, Stored | Path]  # by name
Changes = dict[str, Any] | None  # of an experiment's settings


def runs(experiment: str, context: Context, changes: Changes) -> dict[str, specs.Run]:
    """Return the runs of an experiment by label."""
    from simulate import recorder

    return recorder.runs(experiment, context, settings=changes)


def compute(
    spec: specs.Run, context: Context, checkpoint: Path | None = None
) -> tuple[bytes, dict[str, Any]]:
    """Compute a run; return what is in its file, and the dataset's attributes."""
    from simulate import recorder

    file = recorder.compute(spec, context, report, checkpoint)
    return file.content, file.attrs


def assemble(
    experiment: str,
    stored: Mapping[str, Stored],
    addresses: dict[str, str],
    context: Context,
    changes: Changes,
) -> tuple[bytes, dict[str, Any]]:
    """Put an experiment's runs together; return as `compute` does."""
    from simulate import recorder

    file = recorder.assemble(experiment, stored, addresses, context, settings=changes)
    return file.content, file.attrs


def draw(
    module: str,
    recordings: Recordings,
    theme: str,
    words: Visual | None,
    formats: Sequence[str],
    png_width: int,
    transparent: bool = False,
) -> dict[str, bytes]:
    """Return a figure's files by format (``"svg"``, ``"png"``)."""
    from figures import render

    with _ground(transparent):
        return render.render(module, recordings, theme, formats, png_width, words)


def tabulate(
    module: str,
    recordings: Recordings,
    theme: str,
    words: Visual | None,
    formats: Sequence[str],
    png_width: int,
    transparent: bool = False,
) -> dict[str, bytes]:
    """Return a table's files by format (``"md"``, ``"html"``, ``"png"``)."""
    from figures import render_table

    with _ground(transparent):
        return render_table.render(module, recordings, theme, formats, png_width, words)


def _ground(transparent: bool) -> AbstractContextManager[None]:
    if not transparent:
        return nullcontext()
    from figures.parts import canvas

    return canvas.without_ground()


def paginate(module: str, recordings: Recordings, words: Visual | None) -> dict[str, bytes]:
    """Return a page's file by format (``"html"``)."""
    from figures import render_page

    return render_page.render(module, recordings, words)


def plan(job: dict[str, Any]) -> dict[str, Any]:
    """Return a scene's :class:`scenes.render.Plan` as a dict; `job` has the fields of a Job."""
    import msgspec

    from scenes import render

    return msgspec.structs.asdict(render.plan(render.Job(**job)))


def segments(
    job: dict[str, Any], borders: Sequence[tuple[int, int]], poster: int
) -> tuple[tuple[bytes, ...], bytes]:
    """Return segments of a scene as MP4, reporting each frame; b"" or the frame `poster` as PNG."""
    from scenes import render

    drawn, first, stop = 0, borders[0][0], borders[-1][1]

    def count(frames: int) -> None:
        nonlocal drawn
        drawn += frames
        report(drawn, stop - first)

    parts, kept = render.render_segments(render.Job(**job), borders, poster, progress=count)
    return tuple(parts), b"" if kept is None else render.png(kept)


def clip(job: dict[str, Any], first: int, stop: int) -> tuple[bytes, bytes, bytes]:
    """Return the frames [first, stop) as a film of its own, with its first and last frame."""
    from scenes import render

    drawn = 0

    def count(frames: int) -> None:
        nonlocal drawn
        drawn += frames
        report(drawn, stop - first)

    film, *ends = render.clip(render.Job(**job), first, stop, progress=count)
    return (film, *map(render.png, ends))  # type: ignore[return-value]


def join(
    parts: Sequence[Content],
    tags: Mapping[str, str],
    chapters: Sequence[tuple[str, float, float]],
) -> bytes:
    """Return the segments of a scene as one MP4 with its tags and chapters."""
    from scenes import render

    return render.join([content(part) for part in parts], tags, chapters)


def export(
    job: dict[str, Any], form: str, most_bytes: int | None, tags: Mapping[str, str]
) -> tuple[bytes, str]:
    """Return a film in another format than MP4, and how large it was made."""
    from scenes import formats, render

    return formats.export(render.Job(**job), form, most_bytes, tags, told=report)


def still(job: dict[str, Any], frame: int) -> bytes:
    """Return one frame of a scene as PNG."""
    from scenes import render

    return render.png(render.still(render.Job(**job), frame))


def sheet(job: dict[str, Any], n_frames: int, count: int) -> bytes:
    """Return `count` evenly spaced frames of a scene, with their times, as one PNG."""
    from pipeline import contact
    from scenes import render

    frames = contact.spaced(n_frames, count)
    kept = render.stills(render.Job(**job), frames)
    tiles = [(f"{frame / job['fps']:.1f} s", kept[frame]) for frame in frames]
    return render.png(contact.sheet(tiles, job["theme"]))
