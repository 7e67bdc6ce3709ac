from __future__ import annotations

import os
import re
import threading
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from simulate.errors import UserError
from simulate.recording import variable
from simulate.storage import files
from simulate.storage.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "recordings")


@pytest.fixture
def dataset() -> xr.Dataset:
    return xr.Dataset(
        {"loss": variable("step", np.arange(5.0), "loss")},
        attrs={"dataset": "MNIST", "n_steps": np.int64(4), "lr": 0.1},
    )


def test_recording_and_its_receipt(store: Store, dataset: xr.Dataset) -> None:
    store.save("race", dataset, {"a.py": "1"}, ["aa"], rows=["optimizers/adam"], seconds=2.5)
    xr.testing.assert_identical(store.load("race"), dataset)
    receipt = store.receipt("race")
    assert receipt is not None
    assert receipt.inputs == {"a.py": "1"}
    assert receipt.runs == ["aa"]
    assert receipt.rows == ["optimizers/adam"]
    assert receipt.seconds == 2.5
    assert receipt.attrs == {"dataset": "MNIST", "n_steps": 4, "lr": 0.1}
    assert receipt.size == store.path("race").stat().st_size
    assert receipt.digest == files.sha256(store.path("race"))
    assert store.verify("race") == ""
    assert store.names() == ["race"]
    assert store.path("race") == store.root / "race.nc"


def test_runs(store: Store, dataset: xr.Dataset) -> None:
    assert not store.has_run("cafe")
    with pytest.raises(UserError, match=r"no recording at "):
        store.load_run("cafe")
    store.save_run("cafe", dataset, seconds=1.0)
    assert store.has_run("cafe")
    xr.testing.assert_identical(store.load_run("cafe"), dataset)
    assert store.runs() == ["cafe"]
    assert store.names() == []
    store.forget("runs/cafe")
    assert not store.has_run("cafe")
    assert store.runs() == []


def test_damage_is_noticed(store: Store, dataset: xr.Dataset) -> None:
    assert store.verify("race") == "never recorded"
    store.save("race", dataset, {}, [])
    path = store.path("race")
    content = path.read_bytes()
    os.utime(path, ns=(1, 1))
    assert store.verify("race") == ""
    path.write_bytes(content[:-1])
    assert store.verify("race") == "file damaged"
    path.write_bytes(content[:-1] + b"?")
    assert store.verify("race") == "file damaged"
    path.unlink()
    assert store.verify("race") == "file missing"


def test_file_without_receipt_does_not_count(store: Store, dataset: xr.Dataset) -> None:
    store.save("race", dataset, {}, [])
    receipt = store.root / ".receipts" / "race.json"
    for text in ("", "{}", '{"inputs": {}, "digest": 3}'):
        receipt.write_text(text)
        assert store.receipt("race") is None
        assert store.verify("race") == "never recorded"


def test_file_newer_than_its_receipt_does_not_count(store: Store, dataset: xr.Dataset) -> None:
    # What a kill between the two writes leaves.
    store.save("race", dataset, {}, [])
    old = (store.root / ".receipts" / "race.json").read_bytes()
    store.save("race", dataset.assign(loss=dataset.loss + 1), {}, [])
    (store.root / ".receipts" / "race.json").write_bytes(old)
    assert store.verify("race") == "file damaged"


def test_write_atomic_keeps_the_old_file_when_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "picture.svg"
    files.write_atomic(path, b"old")

    def fail(part: Path) -> None:
        assert part.parent == path.parent  # so that it can be renamed
        assert part.suffix == ".svg"  # for writers that go by it
        part.write_bytes(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.write_atomic(path, fail)
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]
    files.write_atomic(path, lambda part: part.write_bytes(b"new"))
    assert path.read_bytes() == b"new"


def test_leftovers_are_those_of_the_dead(tmp_path: Path) -> None:
    mine, other = files.part_name("race.nc"), files.part_name("notes.txt")
    # The kernel gives no process a number this high.
    dead = [name.replace(f"-{os.getpid()}-", f"-{2**22 + 1}-") for name in (mine, other)]
    elsewhere = re.sub(r"part-[0-9a-f]{8}-", "part-0badcafe-", dead[0])
    for name in (mine, other, *dead, elsewhere, ".part-race.nc"):
        (tmp_path / name).touch()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / dead[0]).touch()
    assert files.leftovers(tmp_path, r"\w+\.nc") == [tmp_path / dead[0]]
    os.utime(tmp_path / elsewhere, (0, 0))  # nobody writes for that long
    assert len(files.leftovers(tmp_path, r"\w+\.nc")) == 2
    assert files.leftovers(tmp_path / "gone", r"\w+\.nc") == []


def test_lock_is_for_one_at_a_time(store: Store) -> None:
    inside = 0
    most = 0
    waited = []

    def work() -> None:
        nonlocal inside, most
        with store.lock_run("cafe", waiting=lambda: waited.append(1)):
            inside += 1
            most = max(most, inside)
            threading.Event().wait(0.2)
            inside -= 1

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert len(waited) == 2


def test_unwritable_place_is_one_line(tmp_path: Path, dataset: xr.Dataset) -> None:
    (tmp_path / "file").touch()
    store = Store(tmp_path / "file")
    with pytest.raises(UserError, match=r"cannot write \S+race.nc: "):
        store.save("race", dataset, {}, [])
    with pytest.raises(UserError, match=r"cannot lock \S+race.lock: "), store.lock("race"):
        pass
