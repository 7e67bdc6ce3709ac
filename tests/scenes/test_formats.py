"""Films in other formats: the frames that are drawn, for as long, and no larger than asked."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from look.theme import THEMES
from scenes import formats as export
from scenes import render
from simulate.errors import UserError

STEM = "xor_boundary"


@pytest.fixture(scope="module")
def job(recorded: Callable[[str], Path]) -> render.Job:
    return render.Job(
        module=f"scenes.networks.{STEM}", recordings={STEM: recorded(STEM)},
        width=160, height=90, fps=4,
    )  # fmt: skip


def _frames(content: bytes) -> list[np.ndarray]:
    with av.open(BytesIO(content)) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


def test_a_gif_shows_the_frames_in_their_own_colours(job: render.Job) -> None:
    content, said = export.export(job, "gif")
    assert said == "4 frames a second, 160 pixels wide, 256 colours"
    n_frames = render.plan(job).n_frames
    with Image.open(BytesIO(content)) as film:
        assert film.info["loop"] == 0, "for ever"
        seconds = 0.0
        for k in range(film.n_frames):  # type: ignore[attr-defined]
            film.seek(k)
            seconds += film.info["duration"] / 1000
        assert seconds == pytest.approx(n_frames / 4, abs=0.3)
    found = _frames(content)
    for k in (0, n_frames // 2, n_frames - 1):
        drawn = render.still(job, k).astype(int)
        # Of a gif, frames that are like the one before are left out.
        near = min(np.abs(frame.astype(int) - drawn).mean() for frame in found)
        assert near < 2.5, k


@pytest.mark.parametrize("form", ["webm", "webp"])
def test_other_films_have_every_frame(job: render.Job, form: str) -> None:
    content, _ = export.export(job, form, words={"title": "A title"})
    if form == "webp":  # which av can't decode
        with Image.open(BytesIO(content)) as film:
            assert film.format == "WEBP"
            last, n_frames = film.n_frames - 1, film.n_frames  # type: ignore[attr-defined]
            film.seek(last)
            found = np.asarray(film.convert("RGB"))
    else:
        frames = _frames(content)
        n_frames, found = len(frames), frames[-1]
        with av.open(BytesIO(content)) as opened:
            assert opened.metadata["title"] == "A title"
    plan = render.plan(job)
    assert n_frames <= plan.n_frames
    if form == "webm":
        assert n_frames == plan.n_frames
    drawn = render.still(job, plan.n_frames - 1).astype(int)
    assert np.abs(found.astype(int) - drawn).mean() < 6


@pytest.fixture(scope="module")
def bare(recorded: Callable[[str], Path]) -> render.Job:
    """A film with lines and discs that are drawn past cairo."""
    return render.Job(
        module="scenes.networks.network_forward",
        recordings={"network_forward": recorded("network_forward")},
        width=160, height=90, fps=2, transparent=True,
    )  # fmt: skip


def test_a_transparent_film_on_its_ground_is_the_film(bare: render.Job) -> None:
    frame = render.plan(bare).n_frames // 2
    pixels = render.still(bare, frame).astype(float)
    alpha = pixels[..., 3:] / 255
    assert (alpha == 0).mean() > 0.3, "nothing is behind it"
    ground = np.array(list(bytes.fromhex(THEMES["dark"].background[1:])))
    shown = pixels[..., :3] * alpha + ground * (1 - alpha)
    opaque = render.still(render.Job(**{**_fields(bare), "transparent": False}), frame)
    # What eight bits hold of colours times alpha; where layers lie on each other, a little less.
    apart = np.abs(shown - opaque)
    assert apart.max() <= 8
    assert (apart > 4).mean() < 1e-3


@pytest.mark.parametrize("form", ["webm", "webp"])
def test_a_transparent_film_keeps_its_alpha(bare: render.Job, form: str) -> None:
    content, _ = export.export(bare, form)
    if form == "webp":
        with Image.open(BytesIO(content)) as film:
            film.seek(film.n_frames - 1)  # type: ignore[attr-defined]
            last = np.asarray(film.convert("RGBA"))
    else:
        decoder: Any = av.CodecContext.create("libvpx-vp9", "r")  # the other one knows no alpha
        with av.open(BytesIO(content)) as opened:
            assert opened.streams.video[0].metadata["alpha_mode"] == "1"
            found = [frame for packet in opened.demux(video=0) for frame in decoder.decode(packet)]
        last = found[-1].to_ndarray(format="rgba")
    drawn = render.still(bare, render.plan(bare).n_frames - 1)
    assert np.abs(last[..., 3].astype(int) - drawn[..., 3]).mean() < 6


def test_what_has_no_alpha_is_refused(bare: render.Job) -> None:
    with pytest.raises(UserError, match="a gif can't be transparent; a film can as webm or webp"):
        export.export(bare, "gif")


def test_the_same_film_is_the_same_bytes(job: render.Job) -> None:
    for form in export.FORMATS:
        assert export.export(job, form)[0] == export.export(job, form)[0], form


def test_a_smaller_file_says_how_it_became_small(job: render.Job) -> None:
    large = render.Job(**{**_fields(job), "width": 480, "height": 270, "fps": 12})
    whole, _ = export.export(large, "gif", None)
    most = 3 * len(whole) // 4
    small, said = export.export(large, "gif", most)
    assert len(small) <= most
    assert "12 frames" not in said
    with pytest.raises(UserError, match=r"the film takes .* MB with .*--max-bytes asks for 0\.00"):
        export.export(job, "gif", 100)


def test_a_colour_that_comes_late_is_in_the_palette() -> None:
    job = render.Job(module="", recordings={}, width=32, height=18, fps=4)
    palette = export._Palette(job, range(4), 2, 8)
    frames = np.zeros((4, 18, 32, 4), np.uint8)
    frames[2, ..., 0] = 255  # red, from the second that is looked at
    for k, frame in enumerate(frames):
        palette.take(k, frame, 1)
    colors = palette.palette().reformat(format="rgba").to_ndarray()[..., :3].reshape(-1, 3)
    assert [255, 0, 0] in colors.tolist()


def test_rate_goes_first_then_width_then_colours() -> None:
    job = render.Job(module="", recordings={}, width=720, height=405, fps=30)
    forms = list(export._forms(job, "gif"))
    assert forms[:3] == [(30, 720, 256), (15, 720, 256), (10, 720, 256)]
    assert forms[3:6] == [(10, 640, 256), (10, 480, 256), (10, 360, 256)]
    assert [form.colors for form in forms[6:]] == [128, 64, 32]
    weights = [form.weight for form in forms]
    assert weights == sorted(weights, reverse=True)
    assert all(export._as(job, form).height % 2 == 0 for form in forms)


def test_a_format_that_is_none_is_named(job: render.Job) -> None:
    with pytest.raises(UserError, match="no film format 'avi'; there are mp4, gif, webm, webp"):
        export.export(job, "avi")


def _fields(job: render.Job) -> dict[str, object]:
    return {name: getattr(job, name) for name in job.__struct_fields__}
