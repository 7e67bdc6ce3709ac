"""Films in other formats than MP4: GIF, WebM and animated WebP, through the encoder that is here.

The frames are the renderer's own, drawn at the size and rate of the file, never scaled. Where a
file must not be larger than so many bytes, first the rate goes down, then the width, then the
colours of a GIF: what moves less smoothly still tells what a picture too small to read does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from io import BytesIO
from typing import Any, NamedTuple

import av
import msgspec
import numpy as np
from av.filter import Graph

from scenes.render import Job, plan, run, straight
from simulate.errors import UserError

Told = Callable[[int, int], object]  # frames done, frames in all

# VP9 at a constant quality, one thread: the same bytes on every machine with the same library.
_WEBM = {"crf": "34", "b": "0", "deadline": "good", "cpu-used": "5", "threads": "1", "row-mt": "0"}
_WEBP = {"quality": "80", "compression_level": "4"}
FORMATS = ("gif", "webm", "webp")
TRANSPARENT = ("webm", "webp")  # a GIF's pixel is there or not: edges would fray
RATES = (15, 10)  # frames per second below the one asked for
WIDTHS = (960, 720, 640, 480, 360)  # pixels
COLORS = (256, 128, 64, 32)  # of a GIF


class Form(NamedTuple):
    """How large a film is made: frames a second, width in pixels, colours of a GIF."""

    fps: int
    width: int
    colors: int

    @property
    def weight(self) -> float:
        """What its size goes with, more or less."""
        return self.fps**0.8 * self.width**1.5 * self.colors**0.3

    def said(self, form: str) -> str:
        """Say it to people."""
        colors = f", {self.colors} colours" if form == "gif" else ""
        return f"{self.fps} frames a second, {self.width} pixels wide{colors}"


def export(
    job: Job,
    form: str,
    most_bytes: int | None = None,
    words: Mapping[str, str] | None = None,
    told: Told | None = None,
) -> tuple[bytes, str]:
    """Return a film in another format, and how it was made.

    Parameters
    ----------
    job : Job
        Its width and rate are the most that is tried.
    form : {"gif", "webm", "webp"}
    most_bytes : int or None
        How large the file may be.
    words : mapping of str to str or None
        Kept in the file where the format has room for it: ``title``, ``comment``.
    told : callable or None
        Told of frames as they are encoded.

    Raises
    ------
    UserError
        If there is no such format, or no size is small enough.
    """
    if form not in FORMATS:
        raise UserError(f"no film format {form!r}; there are mp4, {', '.join(FORMATS)}")
    if job.transparent and form not in TRANSPARENT:
        raise UserError(f"a {form} can't be transparent; a film can as {' or '.join(TRANSPARENT)}")
    smallest = None
    *more, last = _forms(job, form)
    for each in (*more, last):
        if smallest is not None and most_bytes is not None and each is not last:
            # What is sure to be too large is not tried.
            size, at = smallest
            if size * each.weight / at.weight > 1.15 * most_bytes:
                continue
        content = _encoded(_as(job, each), form, each.colors, words or {}, told)
        if most_bytes is None or len(content) <= most_bytes:
            return content, each.said(form)
        smallest = len(content), each
    size, at = smallest or (0, Form(0, 0, 0))
    raise UserError(
        f"the film takes {size / 1e6:.2f} MB with {at.said(form)}, the smallest that was tried; "
        f"--max-bytes asks for {(most_bytes or 0) / 1e6:.2f} MB: take another format, or a shorter "
        "film"
    )


def _forms(job: Job, form: str) -> Iterator[Form]:
    rates = [job.fps, *(fps for fps in RATES if fps < job.fps)]
    widths = [job.width, *(width for width in WIDTHS if width < job.width)]
    for fps in rates:
        yield Form(fps, job.width, COLORS[0])
    for width in widths[1:]:
        yield Form(rates[-1], width, COLORS[0])
    for colors in COLORS[1:] if form == "gif" else ():
        yield Form(rates[-1], widths[-1], colors)


def _as(job: Job, form: Form) -> Job:
    height = round(job.height * form.width / job.width / 2) * 2  # the encoders want it even
    return msgspec.structs.replace(job, fps=form.fps, width=form.width, height=height)


def _encoded(
    job: Job, form: str, colors: int, words: Mapping[str, str], told: Told | None
) -> bytes:
    n_frames = plan(job).n_frames
    palette = None
    if form == "gif":
        sampled = _Palette(job, range(0, n_frames), max(1, n_frames // 40), colors)
        run(job, sampled)
        palette = sampled.palette()
    sink = _File(job, form, n_frames, palette, words, told)
    try:
        run(job, sink)
    finally:
        content = sink.close()
    return content


class _Palette:
    """Learns which colours there are, from every so many frames."""

    def __init__(self, job: Job, wanted: range, every: int, colors: int) -> None:
        self.wanted, self.every = wanted, every
        self.graph = Graph()
        self.source = _buffer(self.graph, job, "rgb24")
        # All colours of all frames count alike: a dot that moves is as much as what stands.
        found = self.graph.add("palettegen", f"max_colors={colors}:reserve_transparent=0")
        self.sink = self.graph.add("buffersink")
        self.source.link_to(found)
        found.link_to(self.sink)
        self.graph.configure()

    def take(self, frame: int, pixels: np.ndarray, repeat: int) -> None:
        """Look at some of the frames."""
        for index in range(frame, frame + repeat):
            if index % self.every == 0:
                picture = _picture(pixels)
                picture.pts = index
                self.source.push(picture)

    def palette(self) -> av.VideoFrame:
        """Return the colours, as a picture of 16×16."""
        self.source.push(None)
        found: Any = self.sink.pull()
        return found


class _File:
    """Encodes every frame into a file."""

    def __init__(
        self,
        job: Job,
        form: str,
        n_frames: int,
        palette: av.VideoFrame | None,
        words: Mapping[str, str],
        told: Told | None,
    ) -> None:
        self.wanted, self.told, self.n_frames = range(n_frames), told, n_frames
        self.file = BytesIO()
        options = {"fflags": "+bitexact"}  # no number drawn at random for a file
        if form != "webm":
            options["loop"] = "0"  # for ever
        self.container = av.open(self.file, "w", format=form, options=options)
        self.container.metadata.update(words)
        codec, settings, pixels = {
            "gif": ("gif", {}, "pal8"),
            "webm": ("libvpx-vp9", _WEBM, "yuva420p" if job.transparent else "yuv420p"),
            "webp": ("libwebp_anim", _WEBP, "yuva420p" if job.transparent else "yuv420p"),
        }[form]
        self.transparent = job.transparent
        stream: Any = self.container.add_stream(codec, rate=job.fps, options=dict(settings))
        stream.width, stream.height, stream.pix_fmt = job.width, job.height, pixels
        stream.codec_context.time_base = Fraction(1, job.fps)
        self.stream, self.time_base, self.format = stream, Fraction(1, job.fps), pixels
        self.colors = _Colors(job, palette) if palette is not None else None

    def take(self, frame: int, pixels: np.ndarray, repeat: int) -> None:
        """Encode pixels, shape (height, width, 4), for `repeat` frames."""
        for index in range(frame, frame + repeat):
            picture = _picture(pixels, self.transparent)
            picture.pts, picture.time_base = index, self.time_base
            if self.colors is not None:
                picture = self.colors.reduced(picture)
                picture.pts, picture.time_base = index, self.time_base
            else:
                picture = picture.reformat(format=self.format)
            self.container.mux(self.stream.encode(picture))
        if self.told is not None:
            self.told(frame + repeat, self.n_frames)

    def close(self) -> bytes:
        """Return what is in the file."""
        self.container.mux(self.stream.encode(None))
        self.container.close()
        return self.file.getvalue()


class _Colors:
    """Gives pictures the colours of a palette. Flat areas stay flat: no dither."""

    def __init__(self, job: Job, palette: av.VideoFrame) -> None:
        self.graph = Graph()
        self.source = _buffer(self.graph, job, "rgb24")
        known = self.graph.add(
            "buffer", f"video_size=16x16:pix_fmt=rgba:time_base=1/{job.fps}:pixel_aspect=1/1"
        )
        used = self.graph.add("paletteuse", "dither=none")
        self.sink = self.graph.add("buffersink")
        self.source.link_to(used, 0, 0)
        known.link_to(used, 0, 1)
        used.link_to(self.sink)
        self.graph.configure()
        palette = palette.reformat(format="rgba")
        palette.pts = 0
        known.push(palette)
        known.push(None)

    def reduced(self, picture: av.VideoFrame) -> av.VideoFrame:
        """Return a picture in the palette's colours."""
        self.source.push(picture)
        found: Any = self.sink.pull()
        return found


def _buffer(graph: Graph, job: Job, pixels: str) -> Any:
    size = f"{job.width}x{job.height}"
    return graph.add(
        "buffer", f"video_size={size}:pix_fmt={pixels}:time_base=1/{job.fps}:pixel_aspect=1/1"
    )


def _picture(pixels: np.ndarray, transparent: bool = False) -> av.VideoFrame:
    if transparent:
        return av.VideoFrame.from_ndarray(straight(pixels), format="rgba")
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels[..., :3]), format="rgb24")
