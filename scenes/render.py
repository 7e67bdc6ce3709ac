"""The renderer: any range of a scene's frames, in any process, the same pixels.

Manim's own renderer draws an animation, encodes it to a partial file named by a hash of the scene's
state, and joins the files. Ours keeps Manim's scenes, mobjects and animations, and replaces what is
between them and the file:

* a clock in whole frames: animation k ends on frame ``round(seconds * fps)``, so nothing drifts,
  and its last frame shows it finished;
* ranges: an animation outside the wanted frames is begun and finished, never drawn;
* painters (:mod:`scenes.parts.paint`), drawn in one loop on the Cairo context;
* segments of one length, encoded independently and joined without re-encoding: their borders
  depend on the scene alone, so one worker or ten write the same file.
"""

from __future__ import annotations

import hashlib
import logging
import queue
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from typing import Any, Protocol, Self
from weakref import WeakKeyDictionary

import av
import manim
import msgspec
import numpy as np
from manim.animation.animation import Wait
from manim.camera.camera import Camera
from manim.renderer.cairo_renderer import CairoRenderer
from manim.utils.family import extract_mobject_family_members
from PIL import Image

from look import theme
from look.words import Visual
from scenes import aspects
from scenes.parts import raster
from scenes.parts.paint import Painted, Pen
from simulate import roots
from simulate.errors import UserError
from simulate.recording import Given

SEGMENT_SECONDS = 3  # long enough to compress well, short enough to share out

# x264 `veryfast` with one thread: 2.6 times the speed of Manim's setting at a smaller size, and the
# same bytes on every machine with the same x264.
ENCODER = {"preset": "veryfast", "crf": "20", "tune": "animation", "threads": "1", "bf": "2"}
_BT709 = 1  # names the matrix in the file, or players guess it by height and shift the colours


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is rendered: plain data, so that it travels to any process.

    Attributes
    ----------
    module : str
        Of the scene, such as ``scenes.networks.network_forward``.
    recordings : dict of str to Path, Stored or Dataset
        The recordings, or where they lie and what they must be, by name.
    width, height : int
        Pixels, both even.
    fps : int
        Frames per second.
    words : Visual or None
        In place of those of the scene's row.
    title : str
        In place of the first headline's.
    transparent : bool
        Whether there is nothing behind what is drawn: frames have an alpha then.
    aspect : str
        A key of `aspects.SHAPES`; `width` and `height` have it.
    """

    module: str
    recordings: Mapping[str, Given]
    theme: str = "dark"
    width: int = 1280
    height: int = 720
    fps: int = 30
    words: Visual | None = None
    title: str = ""
    transparent: bool = False
    aspect: str = aspects.WIDE

    @property
    def layout(self) -> aspects.Layout | None:
        """Where the parts of a frame go that is not wide."""
        if self.aspect == aspects.WIDE:
            return None
        return aspects.layout(roots.load(self.module), self.aspect)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """When things happen, in frames; known without drawing any."""

    n_frames: int
    fps: int
    sections: list[tuple[str, int]]
    segments: list[tuple[int, int]]
    poster_frame: int
    said: list[tuple[int, str]] = []  # headlines, from which frame on


class Sink(Protocol):
    """Where frames go: `wanted` says which, `take` gets them in order."""

    wanted: range

    def take(self, frame: int, pixels: np.ndarray, repeat: int) -> None:
        """Receive pixels, shape (height, width, 4), uint8 RGBA, for `repeat` frames from `frame`.

        The array is the renderer's own: copy what is kept.
        """


class _Done(Exception):
    """All wanted frames are drawn; the rest of the scene need not be constructed."""


class PainterCamera(Camera):
    """Manim's Cairo camera, with painters."""

    def capture_mobjects(self, mobjects: Any, **kwargs: Any) -> None:
        context = self.get_cairo_context(self.pixel_array)
        for mobject in self.get_mobjects_to_display(mobjects, **kwargs):
            if len(mobject.points) == 0:
                continue  # a group: Manim would paint the path before once more
            if isinstance(mobject, Painted):
                if mobject.opacity > 0:
                    context.save()
                    context.new_path()  # Manim leaves its last path behind
                    mobject.paint(Pen(context, self.pixel_array, mobject.opacity))
                    context.restore()
            elif isinstance(mobject, manim.VMobject):
                self.display_vectorized(mobject, context)
            else:
                super().capture_mobjects([mobject], include_submobjects=False)


class QuickCamera(PainterCamera):
    """A camera that builds paths once.

    Manim builds a mobject's path call by call in every frame. Here it is kept as Cairo made it,
    with the points that it was made from.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._paths: WeakKeyDictionary[manim.VMobject, tuple[np.ndarray, Any]] = WeakKeyDictionary()

    def set_cairo_context_path(self, ctx: Any, vmobject: manim.VMobject) -> Self:
        points, path = self._paths.get(vmobject, (None, None))
        if points is not None and np.array_equal(points, vmobject.points):
            ctx.new_path()
            ctx.append_path(path)
            return self
        super().set_cairo_context_path(ctx, vmobject)
        self._paths[vmobject] = (vmobject.points.copy(), ctx.copy_path())
        return self


class FrameRenderer(CairoRenderer):
    """Plays animations frame by frame into a sink.

    Attributes
    ----------
    frame : int
        Frames played so far.
    """

    def __init__(self, sink: Sink) -> None:
        super().__init__(camera_class=QuickCamera)
        self.sink = sink
        self.frame = 0
        self._seconds = 0.0

    def init_scene(self, scene: Any, session_spec: Any, file_writer_settings: Any) -> None:
        """Make no file writer: frames go to the sink."""

    def play(self, scene: Any, *args: Any, **kwargs: Any) -> None:
        """Play animations, drawing those of their frames that the sink wants."""
        scene.compile_animation_data(*args, **kwargs)
        scene.begin_animations()
        first, stop = self._advance(scene.duration)
        wanted = range(max(first, self.sink.wanted.start), min(stop, self.sink.wanted.stop))
        if wanted:
            self._draw(scene, first, stop, wanted)
        for animation in scene.animations:
            animation.finish()
            animation.clean_up_from_scene(scene)
        scene.update_mobjects(0)
        self.num_plays += 1
        self.frame = stop
        if self.sink.wanted and stop >= self.sink.wanted.stop:
            raise _Done

    def _advance(self, duration: float) -> tuple[int, int]:
        """Return the frames, [first, stop), of the next animation."""
        self._seconds += duration
        self.time = self._seconds
        return self.frame, max(self.frame + 1, round(self._seconds * self.camera.frame_rate))

    def _draw(self, scene: Any, first: int, stop: int, wanted: range) -> None:
        camera = self.camera
        camera.reset()
        camera.capture_mobjects(scene.static_mobjects, include_submobjects=False)
        if all(isinstance(animation, Wait) for animation in scene.animations):
            camera.capture_mobjects(scene.moving_mobjects, include_submobjects=False)
            self.sink.take(wanted.start, camera.pixel_array, len(wanted))
            return
        still = camera.pixel_array.copy()
        for frame in wanted:
            seconds = scene.duration * (frame - first + 1) / (stop - first)
            for animation in scene.animations:
                animation.interpolate(min(1.0, seconds / animation.run_time))
            scene.update_mobjects(0)
            camera.set_frame_to_background(still)
            camera.capture_mobjects(scene.moving_mobjects, include_submobjects=False)
            self.sink.take(frame, camera.pixel_array, 1)


class RenderedScene(manim.Scene):
    """A scene that this module can render; chapters use :class:`scenes.recorded.RecordedScene`."""

    renderer: FrameRenderer
    poster_section = ""  # the section whose last frame is the poster; "": the last of all

    def __init__(self, job: Job, sink: Sink) -> None:
        self.job = job
        self.sections: list[tuple[str, int]] = []
        self.said: list[tuple[int, str]] = []  # headlines, and from which frame on
        super().__init__(renderer=FrameRenderer(sink))

    def next_section(self, name: str = "", *_: Any, **__: Any) -> None:
        """Name what follows, for preview, slides and the contact sheet."""
        self.end_of_section()
        self.sections.append((name, self.renderer.frame))

    def speaking(self) -> AbstractContextManager[None]:
        """Return the context in which the scene is constructed and drawn."""
        return nullcontext()

    def end_of_section(self) -> None:
        """Do nothing; the layout check looks at the scene here."""

    def get_moving_mobjects(self, *animations: Any) -> list[Any]:
        """Return all mobjects from the lowest that changes during these animations upwards.

        Those below are drawn once. A painter changes when a tracker that it reads is animated.
        """
        animated = {id(m) for animation in animations for m in _animated(animation)}
        waiting = all(isinstance(animation, Wait) for animation in animations)

        def moves(mobject: Any) -> bool:
            if id(mobject) in animated or (mobject.updaters and not waiting):
                return True
            return any(id(tracker) in animated for tracker in getattr(mobject, "reads", ()))

        family = extract_mobject_family_members(self.mobjects, use_z_index=True)
        lowest = next((i for i, mobject in enumerate(family) if moves(mobject)), len(family))
        return family[lowest:]


def _animated(animation: Any) -> Iterator[Any]:
    yield from animation.mobject.get_family() if animation.mobject is not None else ()
    for inner in getattr(animation, "animations", ()):
        yield from _animated(inner)


# ---------------------------------------------------------------------------- running a scene


class _Nothing:
    wanted = range(0)

    def take(self, frame: int, pixels: np.ndarray, repeat: int) -> None:
        raise AssertionError("no frame was wanted")


def scene_class(module_name: str) -> type[RenderedScene]:
    """Return the scene of a module: the class named like the module, in CamelCase."""
    name = "".join(part.title() for part in module_name.rpartition(".")[2].split("_"))
    module = roots.load(module_name)
    try:
        found: type[RenderedScene] = getattr(module, name)
    except AttributeError:
        raise UserError(f"{module.__file__}: the scene class must be called {name}") from None
    return found


@contextmanager
def stage(job: Job) -> Iterator[None]:
    """Set theme, size and rate for the scenes made in this block."""
    logging.getLogger("manim").setLevel(logging.WARNING)
    settings = {
        "pixel_width": job.width,
        "pixel_height": job.height,
        "frame_height": 8.0,
        "frame_width": 8.0 * job.width / job.height,
        "frame_rate": job.fps,
        "background_color": theme.THEMES[job.theme].background,
        "disable_caching": True,
        "dry_run": True,
        "progress_bar": "none",
    }
    if (layout := job.layout) is not None:  # it is drawn whole, and then cut
        width, height = layout.drawn_pixels(job.width)
        unit = layout.pixels_per_unit(job.width)
        settings |= {
            "pixel_width": width, "pixel_height": height,
            "frame_width": width / unit, "frame_height": height / unit,
        }  # fmt: skip
    if job.transparent:  # black, since cairo keeps colours times their alpha
        settings |= {"background_color": "#000000", "background_opacity": 0.0}
    with theme.use(job.theme), manim.tempconfig(settings):
        yield


def ground(job: Job) -> tuple[int, ...]:
    """Return the pixel that is everywhere before anything is drawn."""
    if job.transparent:
        return (0, 0, 0, 0)
    return (*bytes.fromhex(theme.THEMES[job.theme].background[1:]), 255)


def run(
    job: Job, sink: Sink, scene_type: type[RenderedScene] | None = None, *, whole: bool = False
) -> RenderedScene:
    """Construct the scene, sending the wanted frames to the sink, and return it.

    Of a film that is not wide the sink gets the frames; if `whole`, what they are cut from.
    """
    if (layout := job.layout) is not None and not whole:
        sink = aspects.Cut(sink, layout, job, ground(job))
    with stage(job):
        scene = (scene_type or scene_class(job.module))(job, sink)
        with scene.speaking(), suppress(_Done):
            scene.construct()
            scene.end_of_section()
    return scene


def plan(job: Job) -> Plan:
    """Return when things happen in a scene, drawing nothing."""
    return planned(run(job, _Nothing()))


def planned(scene: RenderedScene) -> Plan:
    """Return when things happened in a scene that was run to its end."""
    job, n_frames = scene.job, scene.renderer.frame
    if n_frames == 0:
        raise UserError(f"{job.module} plays nothing: call self.play or self.wait in construct")
    stops = [*(start for _, start in scene.sections[1:]), n_frames]
    ends = {name: stop for (name, _), stop in zip(scene.sections, stops, strict=False)}
    return Plan(
        n_frames=n_frames,
        fps=job.fps,
        sections=scene.sections,
        segments=shares(n_frames, job.fps),
        poster_frame=ends.get(scene.poster_section, n_frames) - 1,
        said=scene.said,
    )


def shares(n_frames: int, fps: int) -> list[tuple[int, int]]:
    """Return the ranges of frames that are encoded each by itself.

    They are of one length, since tiny ones compress badly, and an even number: most machines that
    share them out are two, four or eight.
    """
    n = max(1, 2 * round(n_frames / (2 * SEGMENT_SECONDS * fps)))
    return list(pairwise(n_frames * k // n for k in range(n + 1)))


# ---------------------------------------------------------------------------- sinks


class _Stills:
    """Keeps chosen frames."""

    def __init__(self, frames: Sequence[int], transparent: bool) -> None:
        self.frames, self.transparent = set(frames), transparent
        self.wanted = range(min(frames), max(frames) + 1)
        self.kept: dict[int, np.ndarray] = {}

    def take(self, frame: int, pixels: np.ndarray, repeat: int) -> None:
        for index in self.frames.intersection(range(frame, frame + repeat)):
            self.kept[index] = straight(pixels) if self.transparent else pixels[..., :3].copy()


def straight(pixels: np.ndarray) -> np.ndarray:
    """Return pixels whose colours are times their alpha with colours that are not, a copy."""
    alpha = pixels[..., 3:].astype(np.uint16)
    colors = (pixels[..., :3] * np.uint16(255) + alpha // 2) // np.maximum(alpha, 1)
    return np.concatenate([np.minimum(colors, 255), alpha], axis=-1).astype(np.uint8)


class _Hashes:
    """Keeps a digest of every frame."""

    def __init__(self, first: int, stop: int) -> None:
        self.wanted = range(first, stop)
        self.digests: list[str] = []

    def take(self, frame: int, pixels: np.ndarray, repeat: int) -> None:
        digest = hashlib.sha256(pixels[..., :3].tobytes()).hexdigest()
        self.digests.extend([digest] * repeat)


class _Encoder:
    """Encodes frames to one H.264 segment, in a thread beside the drawing."""

    def __init__(
        self, job: Job, first: int, stop: int, progress: Callable[[int], None] | None
    ) -> None:
        self.wanted = range(first, stop)
        self.first = first
        self.progress = progress
        self.file = BytesIO()
        self.container = av.open(self.file, "w", format="mp4")
        stream: Any = self.container.add_stream("libx264", rate=job.fps, options=ENCODER)
        stream.width, stream.height, stream.pix_fmt = job.width, job.height, "yuv420p"
        stream.codec_context.time_base = Fraction(1, job.fps)
        stream.codec_context.gop_size = 2 * job.fps * SEGMENT_SECONDS  # no segment is longer
        stream.codec_context.colorspace = _BT709
        stream.codec_context.color_primaries = _BT709
        stream.codec_context.color_trc = _BT709
        stream.codec_context.color_range = 1
        self.stream = stream
        # A few frames ahead is enough to keep both busy, and bounds the memory.
        self.waiting: queue.Queue[tuple[av.VideoFrame, range] | None] = queue.Queue(maxsize=4)
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._encode, daemon=True)
        self.thread.start()

    def take(self, frame: int, pixels: np.ndarray, repeat: int) -> None:
        if self.error is not None:
            raise self.error
        height, width, _ = pixels.shape
        picture = av.VideoFrame(width, height, "yuv420p")
        raster.yuv420(pixels, *(_plane(plane) for plane in picture.planes))
        picture.time_base = self.stream.codec_context.time_base
        start = frame - self.first
        self.waiting.put((picture, range(start, start + repeat)))
        if self.progress is not None:
            self.progress(repeat)

    def close(self) -> None:
        self.waiting.put(None)
        self.thread.join()
        self.container.close()
        if self.error is not None:
            raise self.error

    def _encode(self) -> None:
        while (item := self.waiting.get()) is not None:
            if self.error is not None:
                continue  # take what comes, so that the drawing never waits for a dead thread
            try:
                picture, indices = item
                for index in indices:
                    picture.pts = index
                    self.container.mux(self.stream.encode(picture))
            except BaseException as error:
                self.error = error
        if self.error is None:
            self.container.mux(self.stream.encode(None))


def _plane(plane: Any) -> np.ndarray:
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)


# ---------------------------------------------------------------------------- what pipeline calls


class _Segments:
    """Encodes segments that follow each other, each by itself, and keeps one frame."""

    def __init__(
        self, job: Job, segments: Sequence[tuple[int, int]], kept: int | None,
        progress: Callable[[int], None] | None,
    ) -> None:  # fmt: skip
        self.job, self.segments, self.progress = job, segments, progress
        self.wanted = range(segments[0][0], segments[-1][1])
        self.encoder: _Encoder | None = None
        self.parts: list[bytes] = []
        self.frame = kept
        self.kept: np.ndarray | None = None

    def take(self, frame: int, pixels: np.ndarray, repeat: int) -> None:
        stop = frame + repeat
        if self.frame is not None and frame <= self.frame < stop:
            self.kept = straight(pixels) if self.job.transparent else pixels[..., :3].copy()
        while frame < stop:  # what stands still may do so beyond a border
            first, end = self.segments[len(self.parts)]
            self.encoder = self.encoder or _Encoder(self.job, first, end, self.progress)
            self.encoder.take(frame, pixels, min(stop, end) - frame)
            frame = min(stop, end)
            if frame == end:
                self.parts.append(self.close())

    def close(self) -> bytes:
        """End the segment that is open, if there is one, and return its bytes."""
        encoder, self.encoder = self.encoder, None
        if encoder is None:
            return b""
        encoder.close()
        return encoder.file.getvalue()


def render_segments(
    job: Job,
    segments: Sequence[tuple[int, int]],
    kept: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[list[bytes], np.ndarray | None]:
    """Return segments [first, stop) that follow each other, each as an MP4, and the frame `kept`.

    The scene is constructed once for all of them; each is encoded as if it were alone. `progress`
    is told of frames as they are done. Without its frame among them, what is kept is None.
    """
    within = kept is not None and segments[0][0] <= kept < segments[-1][1]
    sink = _Segments(job, segments, kept if within else None, progress)
    try:
        run(job, sink)
    finally:
        sink.close()
    return sink.parts, sink.kept


class _Clip:
    """Encodes frames, and keeps the first and the last of them."""

    def __init__(self, encoder: _Encoder) -> None:
        self.encoder, self.wanted = encoder, encoder.wanted
        self.ends: dict[int, np.ndarray] = {}

    def take(self, frame: int, pixels: np.ndarray, repeat: int) -> None:
        for end in (self.wanted.start, self.wanted.stop - 1):
            if frame <= end < frame + repeat:
                self.ends[end] = pixels[..., :3].copy()
        self.encoder.take(frame, pixels, repeat)


def clip(
    job: Job, first: int, stop: int, progress: Callable[[int], None] | None = None
) -> tuple[bytes, np.ndarray, np.ndarray]:
    """Return frames [first, stop) as a film of its own, with its first and its last frame."""
    encoder = _Encoder(job, first, stop, progress)
    sink = _Clip(encoder)
    try:
        run(job, sink)
    finally:
        encoder.close()
    return join([encoder.file.getvalue()]), sink.ends[first], sink.ends[stop - 1]


def join(
    parts: Sequence[bytes],
    tags: Mapping[str, str] | None = None,
    chapters: Sequence[tuple[str, float, float]] = (),
) -> bytes:
    """Join segments to one MP4 without re-encoding, its index first: browsers start at once.

    Parameters
    ----------
    parts : sequence of bytes
    tags : mapping of str to str or None
        What the film says of itself (:func:`look.metadata.tags`).
    chapters : sequence of (str, float, float)
        Name, and the seconds from and to which.
    """
    # Once to learn how long the index is, then with just that room before the frames. (FFmpeg's
    # `faststart` wants a file with a name.)
    said = tags or {}
    room = _index_size(_concatenated(parts, said, chapters)) + 8
    return _concatenated(parts, said, chapters, room)


def _concatenated(
    parts: Sequence[bytes],
    tags: Mapping[str, str],
    chapters: Sequence[tuple[str, float, float]],
    index_room: int = 0,
) -> bytes:
    file = BytesIO()
    options = {"moov_size": str(index_room)} if index_room else {}
    with av.open(file, "w", format="mp4", options=options) as out:
        out.metadata.update(tags)
        out.set_chapters(
            [
                {
                    "id": k, "time_base": Fraction(1, 1000), "metadata": {"title": name},
                    "start": round(1000 * start), "end": round(1000 * end),
                }
                for k, (name, start, end) in enumerate(chapters)
            ]
        )  # fmt: skip
        stream: Any = None
        offset = 0
        for part in parts:
            with av.open(BytesIO(part), "r") as segment:
                source = segment.streams.video[0]
                if stream is None:
                    stream = out.add_stream_from_template(source)
                last = 0
                for packet in segment.demux(source):
                    if packet.dts is None or packet.pts is None:  # the demuxer's end mark
                        continue
                    last = max(last, packet.pts + (packet.duration or 0))
                    packet.pts += offset
                    packet.dts += offset
                    packet.stream = stream
                    out.mux(packet)
                offset += last
    return file.getvalue()


def _index_size(content: bytes) -> int:
    """Return the bytes of an MP4's index, its box ``moov``."""
    place = 0
    while place < len(content):
        size, name = struct.unpack_from(">I4s", content, place)
        if size == 1:  # larger than 4 GiB: the size stands behind the name
            (size,) = struct.unpack_from(">Q", content, place + 8)
        if name == b"moov":
            return int(size)
        place += size
    raise AssertionError("FFmpeg wrote no index")


def stills(job: Job, frames: Sequence[int]) -> dict[int, np.ndarray]:
    """Return chosen frames, each of shape (height, width, 3), uint8, by their number.

    Those of a transparent film have an alpha besides.
    """
    sink = _Stills(frames, job.transparent)
    run(job, sink)
    missing = sink.frames - sink.kept.keys()
    if missing:
        raise UserError(f"{job.module} has no frame {min(missing)}: it ends before")
    return sink.kept


def still(job: Job, frame: int) -> np.ndarray:
    """Return one frame, shape (height, width, 3), uint8."""
    return stills(job, [frame])[frame]


def png(pixels: np.ndarray) -> bytes:
    """Return a picture, shape (height, width, 3 or 4), uint8, as PNG."""
    file = BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, format="PNG", optimize=True)
    return file.getvalue()


def frame_hashes(job: Job, first: int, stop: int) -> list[str]:
    """Return a digest of each frame of [first, stop) before encoding."""
    sink = _Hashes(first, stop)
    run(job, sink)
    return sink.digests
