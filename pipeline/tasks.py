"""What workers do. Heavy imports are inside: a worker that only draws figures never loads torch.

Arguments and results are plain data, so the build itself imports neither torch nor manim.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.workers import report

if TYPE_CHECKING:
    from simulate.recorder import Context


def record(name: str, root: Path, context: Context, force: bool) -> Path:
    """Run what an experiment misses, store its recording below `root`, and return its path."""
    from simulate import recorder
    from simulate.storage.store import Store

    return recorder.record(name, Store(root), context, force=force, progress=report)


def draw(
    module: str, recordings: dict[str, Path], theme: str, outputs: dict[str, Path], png_width: int
) -> None:
    """Draw a figure to the paths by format (``"svg"``, ``"png"``)."""
    from figures import render

    render.render(module, recordings, theme, outputs, png_width=png_width)


def tabulate(
    module: str, recordings: dict[str, Path], theme: str, outputs: dict[str, Path], png_width: int
) -> None:
    """Write a table to the paths by format (``"md"``, ``"html"``, ``"png"``)."""
    from figures import render_table

    render_table.render(module, recordings, theme, outputs, png_width=png_width)


def prepare_scenes() -> None:
    """Import what every scene needs: a second for each worker, all of them at once."""
    import scenes.recorded  # noqa: F401


def plan(job: dict[str, Any]) -> dict[str, Any]:
    """Return a scene's :class:`scenes.render.Plan` as a dict; `job` has the fields of a Job."""
    import msgspec

    from scenes import render

    return msgspec.structs.asdict(render.plan(render.Job(**job)))


def segment(job: dict[str, Any], first: int, stop: int, path: Path) -> None:
    """Encode the frames [first, stop) of a scene, reporting each."""
    from scenes import render

    drawn = 0

    def count(frames: int) -> None:
        nonlocal drawn
        drawn += frames
        report(drawn, stop - first)

    render.render_segment(render.Job(**job), first, stop, path, progress=count)


def join(parts: list[Path], path: Path) -> None:
    """Join the encoded segments of a scene to one file."""
    from scenes import render

    render.join(parts, path)


def still(job: dict[str, Any], frame: int, path: Path) -> None:
    """Save one frame of a scene as PNG."""
    from scenes import render

    render.save_png(render.still(render.Job(**job), frame), path)


def sheet(job: dict[str, Any], n_frames: int, count: int, path: Path) -> None:
    """Save `count` evenly spaced frames of a scene, with their times, as one PNG."""
    from pipeline import contact
    from scenes import render

    frames = contact.spaced(n_frames, count)
    kept = render.stills(render.Job(**job), frames)
    tiles = [(f"{frame / job['fps']:.1f} s", kept[frame]) for frame in frames]
    render.save_png(contact.sheet(tiles, job["theme"]), path)
