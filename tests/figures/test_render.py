from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from PIL import Image

from figures import render
from simulate import recording
from simulate.errors import UserError

MODULE = """
from figures.parts.axes import label_ends
from figures.parts.canvas import subplots
from look.words import Visual

VISUAL = Visual(uses=["ramp"], title="{n_steps} steps up", alt="", caption="")


def draw(ramp):
    fig, ax = subplots(height=200)
    ax.plot(ramp.step, ramp.loss, label="loss η")
    label_ends(ax)
    return fig
"""


@pytest.fixture
def ramp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    (tmp_path / "figure_of_a_ramp.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    data = xr.Dataset(
        {"loss": recording.variable("step", np.arange(4.0), "loss")},
        coords={"step": np.arange(4)},
        attrs={"n_steps": 3},
    )
    recording.save(data, tmp_path / "ramp.nc")
    return {"ramp": tmp_path / "ramp.nc"}


def test_an_svg_is_720_wide_and_has_its_words_and_its_title(
    ramp: dict[str, Path], theme: str
) -> None:
    svg = render.render("figure_of_a_ramp", ramp, theme, ["svg"])["svg"].decode()
    assert 'width="540pt"' in svg  # 540 points are 720 CSS pixels
    assert "<title>3 steps up</title>" in svg
    assert ">loss η</text>" in svg
    assert max(len(decimals) for decimals in re.findall(r' d="M[^"]*?\.(\d+)', svg)) <= 2


SIDE_BY_SIDE = MODULE.replace("fig, ax = subplots(", "fig, ((ax, _),) = subplots(1, 2, ")


def test_panels_side_by_side_have_a_narrow_form_too(ramp: dict[str, Path], theme: str) -> None:
    formats = ["svg", "narrow.svg", "narrow.png"]
    assert render.render("figure_of_a_ramp", ramp, theme, formats).keys() == {"svg"}
    (ramp["ramp"].parent / "figure_of_two.py").write_text(SIDE_BY_SIDE)
    files = render.render("figure_of_two", ramp, theme, formats)
    assert b'width="540pt"' in files["svg"]
    assert b'width="270pt"' in files["narrow.svg"]  # 360 CSS pixels
    with Image.open(BytesIO(files["narrow.png"])) as image:
        assert image.width == 720


def test_the_same_recording_gives_the_same_bytes(ramp: dict[str, Path]) -> None:
    one, two = (render.render("figure_of_a_ramp", ramp, "dark", ["svg", "png"]) for _ in range(2))
    assert one.keys() == {"svg", "png"}
    assert one == two


@pytest.mark.parametrize("width", [1440, 854])
def test_a_png_is_as_wide_as_asked(ramp: dict[str, Path], width: int) -> None:
    files = render.render("figure_of_a_ramp", ramp, "light", ["png"], png_width=width)
    with Image.open(BytesIO(files["png"])) as image:
        assert image.width == width
        assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)


def test_what_is_wrong_is_said(tmp_path: Path, ramp: dict[str, Path]) -> None:
    with pytest.raises(UserError, match="'gif'; there are svg, png"):
        render.render("figure_of_a_ramp", ramp, "dark", ["gif"])
    with pytest.raises(UserError, match="'ramp', which is not there"):
        render.figure("figure_of_a_ramp", {}, "dark")
    (tmp_path / "figure_without_draw.py").write_text("VISUAL = 1\n")
    with pytest.raises(UserError, match="has no draw"):
        render.figure("figure_without_draw", ramp, "dark")


def test_a_figure_can_be_had_without_a_file(ramp: dict[str, Path], theme: str) -> None:
    fig = render.figure("figure_of_a_ramp", ramp, theme)
    (line, *_) = fig.axes[0].get_lines()
    np.testing.assert_array_equal(line.get_ydata(), np.arange(4.0))
