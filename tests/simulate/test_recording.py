from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from simulate import recording, registry
from simulate.errors import RunError, UserError
from simulate.recording import variable


@pytest.fixture
def dataset() -> xr.Dataset:
    loss = np.array([[2.3, np.nan, 0.5], [2.3, np.inf, -np.inf]], np.float32)
    return xr.Dataset(
        {
            "loss": variable(("run", "step"), loss, "cross-entropy", "nats"),
            "seconds": variable("step", [0.0, 0.5, 1.0], "time", "seconds", measured=True),
            "theta": variable("param", np.random.default_rng(0).normal(size=4096), "parameter"),
            "left": variable("run", [True, False], "left the box"),
            "behaviour": variable("run", ["langsam", "später"], "behaviour"),
        },
        coords={"run": ["slow", "göod"], "step": [0, 1, 2]},
        attrs={"dataset": "MNIST", "n_steps": np.int64(3), "lr": 0.1, "long": "784–128"},
    )


def test_comes_back_as_it_was(dataset: xr.Dataset, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "race.nc"
    recording.save(dataset, path)
    loaded = recording.load(path)
    xr.testing.assert_identical(loaded, dataset)
    for name in dataset.variables:
        assert loaded[name].dtype.kind == dataset[name].dtype.kind
    assert loaded.seconds.dtype == float  # not a timedelta
    assert loaded.seconds.attrs["measured"] == 1
    assert {type(value) for value in loaded.attrs.values()} == {str, int, float}
    path.unlink()
    assert float(loaded.loss[0, 0]) == np.float32(2.3)  # in memory


def test_same_dataset_same_file(dataset: xr.Dataset, tmp_path: Path) -> None:
    first = recording.save(dataset, tmp_path / "a.nc")
    again = recording.save(recording.load(tmp_path / "a.nc"), tmp_path / "b.nc")
    assert first == again
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()


def test_it_is_compressed(tmp_path: Path) -> None:
    zeros = xr.Dataset({"x": variable("step", np.zeros(100_000), "nothing")})
    recording.save(zeros, tmp_path / "zeros.nc")
    assert (tmp_path / "zeros.nc").stat().st_size < 40_000


def test_failed_save_leaves_what_was_there(dataset: xr.Dataset, tmp_path: Path) -> None:
    path = tmp_path / "race.nc"
    recording.save(dataset, path)
    before = path.read_bytes()
    unfit = dataset.assign_attrs(odd=object())
    with pytest.raises(UserError, match="odd"):
        recording.save(unfit, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_unwritable_place_is_one_line(dataset: xr.Dataset, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"cannot write \S+race.nc: "):
        recording.save(dataset, tmp_path / "file" / "race.nc")


def test_missing_and_damaged_files_are_named(dataset: xr.Dataset, tmp_path: Path) -> None:
    path = tmp_path / "race.nc"
    with pytest.raises(UserError, match=r"no recording at \S+race.nc; check the path$"):
        recording.load(path)
    recording.save(dataset, path)
    content = path.read_bytes()
    for damaged in (b"", content[:1000], content[:-500], b"x" * len(content)):
        path.write_bytes(damaged)
        with pytest.raises(
            UserError, match=r"race.nc is damaged .* give a file that simulate.save"
        ):
            recording.load(path)


@pytest.mark.parametrize("name", ["neuron", "neuron@wide"])
def test_a_recording_of_an_experiment_can_be_made_again(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.nc"
    with pytest.raises(UserError, match=rf"no recording at .* with: teachnet record {name}$"):
        recording.load(path)
    path.write_bytes(b"other")
    with pytest.raises(UserError, match=rf"is damaged .* with: teachnet record {name} --force$"):
        recording.load(path)


def test_one_flipped_bit_among_the_numbers_is_noticed(dataset: xr.Dataset, tmp_path: Path) -> None:
    path = tmp_path / "race.nc"
    recording.save(dataset, path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1  # theta fills most of the file
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"race.nc is damaged"):
        recording.load(path)


def test_check_passes_what_is_labelled(dataset: xr.Dataset) -> None:
    recording.check(dataset)
    suffixed = xr.Dataset({"w": variable(("unit_1", "x_index"), np.zeros((2, 2)), "weight")})
    recording.check(suffixed)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"odd": ("run", [1, 2])}, r"variable 'odd' has no long_name"),
        ({"odd": ("run", [1, 2], {"long_name": "odd"})}, r"variable 'odd' has no units"),
        ({"odd": variable("time", [1, 2], "odd")}, r"dimension 'time' is none of .*step"),
        ({"odd": variable("runs", [1, 2], "odd")}, r"dimension 'runs' is none of"),
    ],
)
def test_check_names_what_is_wrong(
    dataset: xr.Dataset, change: dict[str, object], message: str
) -> None:
    with pytest.raises(RunError, match=message):
        recording.check(dataset.assign(change))


def test_check_refuses_attributes_that_fill_no_title(dataset: xr.Dataset) -> None:
    with pytest.raises(RunError, match=r"attribute 'widths' is \[784, 10\]"):
        recording.check(dataset.assign_attrs(widths=[784, 10]))


@pytest.mark.parametrize(
    ("module", "without"),
    [
        ("simulate", {"torch", "numpy", "xarray", "matplotlib", "manim", "click"}),
        ("simulate.recording", {"torch", "matplotlib", "manim", "click"}),
        ("simulate.recorder", {"torch", "numpy", "xarray", "matplotlib", "manim", "click"}),
        ("simulate.training.device", {"torch", "numpy"}),
    ],
)
def test_imports_stay_light(module: str, without: set[str]) -> None:
    script = f"import sys, {module}; print(sorted({without!r} & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=registry.PROJECT, capture_output=True, text=True
    )
    assert result.stdout.strip() == "[]", result.stderr


def test_what_is_done_to_a_recording_reaches_nobody_else(tmp_path: Path) -> None:
    """A file that was read is remembered by its content, not by its place, and given as a copy."""
    path = tmp_path / "mine.nc"
    made = xr.Dataset({"loss": ("step", [2.0, 1.0])}, {"step": [0, 1]}, {"of": "mine"})
    recording.save(made, path)
    first = recording.load(path)
    first.loss[:] = 0.0
    first.attrs["of"] = "yours"
    xr.testing.assert_identical(recording.load(path), made)
    recording.save(made * 2, path)
    assert recording.load(path).loss.values.tolist() == [4.0, 2.0]
