"""What a line of READS says, and what is said where a recording lacks something of it."""

from __future__ import annotations

import pytest
import xarray as xr

from look import reads
from simulate.errors import UserError

LINE = "loss (y, x), best (), u (u), n_steps"


def _recording() -> xr.Dataset:
    return xr.Dataset(
        {"loss": (("y", "x"), [[1.0, 2.0]]), "best": ((), 1.0)},
        coords={"u": [0.0, 1.0]},
        attrs={"n_steps": 3},
    )


def test_a_line_is_read_and_written() -> None:
    needs = reads.parsed(LINE)
    assert needs == {"loss": ("y", "x"), "best": (), "u": ("u",), "n_steps": None}
    assert reads.written(needs) == LINE
    assert reads.parsed("") == {}


@pytest.mark.parametrize("line", ["loss(y, x)", "loss (y x)", "loss (y, x) best", "a; b", "(y)"])
def test_what_is_no_name_is_named(line: str) -> None:
    with pytest.raises(UserError, match=r"READS has .* where a name belongs"):
        reads.parsed(line)


def test_a_recording_that_has_all_is_fine() -> None:
    assert reads.missing(reads.parsed(LINE), _recording()) == {}
    reads.check("relief", reads.parsed(LINE), _recording(), "mine.nc")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda data: data.drop_vars("loss"),
            "relief needs variable loss (y, x); mine.nc has variables best (), u (u)",
        ),
        (
            lambda data: data.transpose("x", "y", ...),
            "relief needs variable loss (y, x); mine.nc has variables loss (x, y), best (), u (u)",
        ),
        (
            lambda data: data.drop_vars(["loss", "u"]).assign_attrs(n_steps=3),
            "relief needs variables loss (y, x), u (u); mine.nc has variable best ()",
        ),
        (
            lambda data: data.drop_attrs().assign_attrs(steps=3),
            "relief needs attribute n_steps; mine.nc has attribute steps",
        ),
        (
            lambda data: data.drop_vars(["loss", "best", "u"]).drop_attrs(),
            "relief needs variables loss (y, x), best (), u (u) and attribute n_steps; "
            "mine.nc has nothing",
        ),
    ],
)
def test_what_is_missing_is_named_with_what_there_is(change, said: str) -> None:
    with pytest.raises(UserError) as caught:
        reads.check("relief", reads.parsed(LINE), change(_recording()), "mine.nc")
    assert str(caught.value) == said


def test_one_run_is_drawn_as_the_only_one_of_several() -> None:
    needs = reads.parsed("loss (run, step), run (run), step (step), lr")
    one = xr.Dataset(
        {"loss": ("step", [2.0, 1.0]), "other": ("step", [0, 1])},
        {"step": [0, 1]},
        {"dataset": "my birds", "lr": 0.1},
    )
    lifted = reads.lifted(needs, one)
    assert reads.missing(needs, lifted) == {}
    assert lifted.run.values.tolist() == ["my birds"]
    assert lifted.loss.values.tolist() == [[2.0, 1.0]]
    assert lifted.other.dims == ("step",)
    several = lifted.assign_coords(run=["a"])
    assert reads.lifted(needs, several) is several
    assert reads.lifted(reads.parsed("loss (step)"), one) is one
