"""Somebody's own recording, drawn by the visuals that there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import xarray as xr

import figures
import scenes
from simulate import recording
from simulate.errors import UserError

Recorded = Callable[[str], Path]


@pytest.fixture
def mine(recorded: Recorded) -> xr.Dataset:
    """A curve that no experiment of the clone recorded."""
    n = 9
    loss = np.geomspace(2, 0.1, n)
    curves = {
        name: ("epoch", values, {"long_name": name, "units": ""})
        for name, values in {
            "train_loss": loss,
            "test_loss": loss * 1.1,
            "test_loss_all": loss * 1.2,
        }.items()
    }
    norms = [2.0, 1.0] * 5 + [1.0, 2.0] * 4
    curves["grad_norm"] = ("step", norms, {"long_name": "norm", "units": ""})
    return xr.Dataset(
        curves,
        {"epoch": np.arange(n), "step": np.arange(2 * n)},
        {
            "optimizer": "adam",
            "lr": 0.003,
            "dataset": "my birds",
            "n_steps": 1200,
            "rise_epoch": 0,
            "steps_per_epoch": 2,
            "batch_size": 5,
            "last_batch_size": 3,
        },
    )


def _texts(fig) -> str:
    found = [text.get_text() for text in fig.texts]
    return " ".join(" ".join(found).split())


def test_a_figure_of_ones_own_draws_its_numbers_and_says_its_words(mine: xr.Dataset) -> None:
    fig = figures.draw("mnist_mini_batch", mine)
    assert [bar.get_height() for bar in fig.axes[0].patches] == [5, 3], "of 8 epochs"
    said = _texts(fig)
    assert said.startswith("Mnist mini batch Adam, η = 0.003, on my birds, 1,200 steps")
    assert fig._repr_png_()[:4] == b"\x89PNG"
    assert "<figcaption>Adam, η = 0.003, on my birds, 1,200 steps<" in fig._repr_html_()


def test_words_can_be_given_and_are_no_templates(mine: xr.Dataset) -> None:
    fig = figures.draw(
        "mnist_mini_batch", mine, title="Birds {sic}", caption="By <me>", theme="dark"
    )
    assert _texts(fig).startswith("Birds {sic}")
    assert "<figcaption>By &lt;me&gt;<" in fig._repr_html_()


def test_the_visuals_own_words_are_for_its_own_experiment(recorded: Recorded) -> None:
    path = recorded("mnist_mini_batch")
    own = figures.draw("mnist_mini_batch", path)
    assert not _texts(own).startswith("Mnist mini batch")
    other = recording.load(path).assign_attrs(experiment="another")
    assert _texts(figures.draw("mnist_mini_batch", other)).startswith("Mnist mini batch SGD, η = ")


def test_what_is_missing_is_named(mine: xr.Dataset, tmp_path: Path) -> None:
    path = tmp_path / "mine.nc"
    recording.save(mine.drop_vars("test_loss"), path)
    with pytest.raises(UserError) as caught:
        figures.draw("mnist_mini_batch", path)
    assert str(caught.value).startswith(
        "mnist_mini_batch needs variable test_loss (epoch); mine.nc has variables "
    )
    with pytest.raises(UserError, match=r"loss_surface needs variables pca_loss \(v, u\)"):
        scenes.film("loss_surface", mine, tmp_path / "mine.mp4")
    assert not (tmp_path / "mine.mp4").exists()


@pytest.mark.parametrize(
    ("stem", "given", "said"),
    [
        ("mnist_bach", {}, r"figures has no visual called 'mnist_bach'; did you mean mnist_batch"),
        ("mnist_mini_batch", {"a": 1}, r"mnist_mini_batch draws mnist_mini_batch; given was a"),
        ("mnist_mini_batch", 3, r"mnist_mini_batch is int; give an xarray.Dataset, or the path"),
        ("mnist_mini_batch", "nowhere.nc", r"no recording at .*nowhere.nc"),
    ],
)
def test_a_wrong_argument_is_one_line(stem: str, given: object, said: str) -> None:
    with pytest.raises(UserError, match=said):
        figures.draw(stem, given)


def test_a_wrong_theme_is_one_line(mine: xr.Dataset) -> None:
    with pytest.raises(UserError, match=r"no theme is called 'sepia'; there is dark and light"):
        figures.draw("mnist_mini_batch", mine, theme="sepia")


def test_what_a_figure_cannot_take_is_one_line(mine: xr.Dataset) -> None:
    bad = mine.assign(test_loss=("epoch", ["?"] * mine.sizes["epoch"]))
    with pytest.raises(
        UserError, match=r"mnist_mini_batch cannot be drawn from the recording: \w+: "
    ):
        figures.draw("mnist_mini_batch", bad)


def test_a_film_of_ones_own(recorded: Recorded, tmp_path: Path) -> None:
    data = recording.load(recorded("descent_two_parameters")).drop_attrs(deep=False)
    whole = recording.load(recorded("descent_two_parameters"))
    data = data.assign_attrs({k: v for k, v in whole.attrs.items() if k != "experiment"})
    path = tmp_path / "mine.mp4"
    size = {"width": 160, "height": 90, "fps": 5}
    film = scenes.film("descent_two_parameters", data, path, title="Mine", caption="!", **size)
    with av.open(str(path)) as container:
        (stream,) = container.streams.video
        assert (stream.width, stream.height) == (160, 90)
        assert stream.frames == round(film.seconds * 5)
    assert film.caption == "!"
    assert "data:video/mp4;base64," in film._repr_html_()
    with pytest.raises(UserError, match="width is 161; give an even number of pixels"):
        scenes.film("descent_two_parameters", data, path, width=161)
