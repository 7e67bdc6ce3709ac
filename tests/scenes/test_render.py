"""The renderer: any frame range, in any process, the same pixels; segments join to the whole."""

from __future__ import annotations

import ast
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest

from pipeline import kinds
from scenes import render
from simulate.errors import UserError

SMALL = {"width": 320, "height": 180, "fps": 15}
PROOFS = ["tests.scenes.proof_network", "pipeline.bench.our_surface_32"]


def job(name: str, **settings) -> render.Job:
    return render.Job(module=name, recordings={}, **(SMALL | settings))


@pytest.mark.parametrize("name", PROOFS)
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_frame_ranges_give_the_same_pixels(name, theme):
    whole = render.plan(job(name)).n_frames
    every = render.frame_hashes(job(name, theme=theme), 0, whole)
    assert len(every) == whole
    assert len(set(every)) > whole / 2  # something moves
    for first, stop in [(0, 1), (7, 20), (whole // 2, whole // 2 + 9), (whole - 1, whole)]:
        assert render.frame_hashes(job(name, theme=theme), first, stop) == every[first:stop]


@pytest.mark.parametrize("name", PROOFS)
def test_another_process_gives_the_same_pixels(name):
    here = render.frame_hashes(job(name), 10, 30)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        there = pool.submit(render.frame_hashes, job(name), 10, 30).result()
    assert here == there


@pytest.mark.parametrize("fps", [15, 30, 60])
@pytest.mark.parametrize("seconds", [0.2, 2, 3.1, 4, 7.5, 19.6, 60])
def test_segments_are_equal_and_can_be_halved(seconds, fps):
    n_frames = round(seconds * fps)
    found = render.shares(n_frames, fps)
    assert [frame for first, stop in found for frame in range(first, stop)] == [*range(n_frames)]
    lengths = [stop - first for first, stop in found]
    assert max(lengths) - min(lengths) <= 1
    assert len(found) == 1 or len(found) % 2 == 0
    assert max(lengths) <= 4.5 * fps + 1
    assert len(found) == 1 or min(lengths) >= 1.5 * fps - 1


def test_workers_share_segments_the_first_the_odd_one():
    segments = [(k, k + 1) for k in range(7)]
    assert [len(share) for share in kinds._shared(segments, 2)] == [4, 3]
    for workers in (1, 2, 3, 5, 9):
        shared = kinds._shared(segments, workers)
        assert [each for share in shared for each in share] == segments
        assert len(shared) == min(workers, 7)
        assert max(map(len, shared)) - min(map(len, shared)) <= 1


def test_segments_cover_the_scene_and_join_to_every_frame():
    surface = job(PROOFS[1])
    plan = render.plan(surface)
    assert plan.segments[0][0] == 0
    assert plan.segments[-1][1] == plan.n_frames
    assert all(a[1] == b[0] for a, b in zip(plan.segments, plan.segments[1:], strict=False))
    cut = plan.n_frames // 3  # join must not depend on where the borders are
    borders = [(0, cut), (cut, 2 * cut), (2 * cut, plan.n_frames)]
    parts, kept = render.render_segments(surface, borders, kept=cut)
    assert (kept == render.still(surface, cut)).all()
    # the same bytes if others draw them, to whom that frame is nothing
    for border, part in zip(borders, parts, strict=True):
        alone, frame = render.render_segments(surface, [border], kept=cut)
        assert alone == [part]
        assert (frame is None) == (not border[0] <= cut < border[1])
    whole = render.join(parts)
    assert whole.index(b"moov") < whole.index(b"mdat")  # a browser starts before all is there
    with av.open(BytesIO(whole)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert len(times) == plan.n_frames
    assert np.allclose(np.diff(times), 1 / surface.fps, atol=1e-4)
    with av.open(BytesIO(whole)) as container:
        *_, last = container.decode(video=0)
        frame_array = last.to_ndarray(format="rgb24")
    # What was encoded last is the last frame, but for what compression and colour conversion lose.
    truth = render.still(surface, plan.n_frames - 1)
    assert np.abs(frame_array.astype(int) - truth).mean() < 3


def test_clock_counts_whole_frames_at_every_rate():
    seconds = {fps: render.plan(job(PROOFS[0], fps=fps)).n_frames / fps for fps in (10, 24, 60)}
    assert all(value == pytest.approx(3.5, abs=0.06) for value in seconds.values())


def test_sections_are_named_in_order():
    assert [name for name, _ in render.plan(job(PROOFS[0])).sections] == ["layers", "flow"]


def test_a_failed_segment_says_why(monkeypatch):
    def fail(*_):
        raise RuntimeError("drawing failed")

    monkeypatch.setattr("tests.scenes.proof_network.ProofNetwork.construct", fail)
    with pytest.raises(RuntimeError, match="drawing failed"):
        render.render_segments(job(PROOFS[0]), [(0, 5)])


def test_what_no_pixel_is_written_to_has_no_say(monkeypatch):
    """Rows of 854 pixels are padded, and what was in the padding before is chance."""

    real = av.VideoFrame

    def encoded(chance):
        def frame(*args):
            made = real(*args)
            for plane in made.planes:
                memory = np.frombuffer(plane, np.uint8)
                memory[:] = chance.integers(0, 256, len(memory), np.uint8)
            assert made.planes[0].line_size > 854
            return made

        monkeypatch.setattr(render.av, "VideoFrame", frame)
        job = render.Job(module="", recordings={}, width=854, height=480, fps=15)
        encoder = render._Encoder(job, 0, 12, None)
        pixels = np.random.default_rng(1).integers(0, 256, (480, 900, 4), np.uint8)
        for frame in range(12):
            encoder.take(frame, pixels[:, 3 * frame :][:, :854], 1)
        encoder.close()
        return encoder.file.getvalue()

    assert encoded(np.random.default_rng(2)) == encoded(np.random.default_rng(3))


def test_a_frame_beyond_the_end_is_refused_with_its_number():
    with pytest.raises(UserError, match="no frame 100000"):
        render.still(job(PROOFS[0]), 100000)


def test_painters_fade_and_share_their_arrays():
    with render.stage(job(PROOFS[1])):
        from scenes.parts.networks import Digit

        digit = Digit(np.eye(4), 2.0)
        copy = digit.copy().fade(1)
        assert copy.opacity == 0
        assert digit.opacity == 1
        assert copy.colors is digit.colors
        copy.shift((1, 0, 0))
        assert digit.box == (-1.0, -1.0, 2.0, 2.0)


SCENE_FILES = sorted((Path(render.__file__).parent).rglob("*.py"))


@pytest.mark.parametrize("path", SCENE_FILES, ids=lambda path: path.stem)
def test_no_scene_keeps_state_from_frame_to_frame(path):
    """An updater with two parameters gets ``dt``: its frame depends on the frames before."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in {"become_updater", "add_dt_updater"}
            if node.func.attr == "add_updater":
                (updater,) = node.args
                assert isinstance(updater, ast.Lambda), f"{path}:{node.lineno}: use a lambda"
                assert len(updater.args.args) == 1, f"{path}:{node.lineno}: dt updater"
        if isinstance(node, ast.Name):
            assert node.id not in {"turn_animation_into_updater", "always_shift", "always_rotate"}


@pytest.mark.parametrize("path", SCENE_FILES, ids=lambda path: path.stem)
def test_no_random_numbers_in_scenes(path):
    assert "random" not in {
        node.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
    }
