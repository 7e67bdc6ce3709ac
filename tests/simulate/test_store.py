from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import threading
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from simulate.errors import Damaged, DiskFull, UserError
from simulate.recording import variable
from simulate.storage import files
from simulate.storage.store import Store, run_name


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
        store.load(run_name("cafe"))
    store.save(run_name("cafe"), dataset, {}, [], seconds=1.0)
    assert store.has_run("cafe")
    xr.testing.assert_identical(store.load(run_name("cafe")), dataset)
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


def test_write_atomic_keeps_the_old_file_when_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "deep" / "picture.svg"
    files.write_atomic(path, b"old")

    def fail(descriptor: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(KeyboardInterrupt):
            files.write_atomic(path, b"half")
    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]
    files.write_atomic(path, b"new")
    assert path.read_bytes() == b"new"


def test_write_atomic_takes_a_file_over(tmp_path: Path) -> None:
    (tmp_path / "scratch").write_bytes(b"a film")
    files.write_atomic(tmp_path / "film.mp4", tmp_path / "scratch")
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]
    assert (tmp_path / "film.mp4").read_bytes() == b"a film"


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(DiskFull, match=r"the disk is full: no room for race.nc in \S+; make some"):
        files.write_atomic(tmp_path / "race.nc", b"")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "damage",
    [
        {"inputs": 5},
        {"outputs": {"race.nc": {"size": "1", "modified": 1, "digest": "aa"}}},
        {"outputs": {"ra\0ce.nc": {"size": 1, "modified": 1, "digest": "aa"}}},
        {"outputs": {}},
        {"runs": [{}]},
        {"runs": ["a\0b"]},
        {"attrs": {"dataset": []}},
        {"attrs": 5},
        {"unknown": 1},
    ],
)
def test_a_receipt_that_is_none_is_none(store: Store, dataset: xr.Dataset, damage: dict) -> None:
    store.save("race", dataset, {}, [])
    receipt = store.root / ".receipts" / "race.json"
    receipt.write_text(json.dumps(json.loads(receipt.read_text()) | damage))
    assert store.receipt("race") is None
    assert store.verify("race") == "never recorded"


def test_what_is_no_file_is_no_file(store: Store, dataset: xr.Dataset) -> None:
    store.save("race", dataset, {}, [])
    (store.root / ".receipts" / "race.json").unlink()
    (store.root / ".receipts" / "race.json").mkdir()
    assert store.receipt("race") is None
    with pytest.raises(UserError, match=r"cannot write \S+race.json"):
        store.save("race", dataset, {}, [])
    (store.root / ".receipts" / "race.json").rmdir()
    store.path("race").unlink()
    store.path("race").mkdir()
    with pytest.raises(UserError, match=r"cannot write \S+race.nc"):
        store.save("race", dataset, {}, [])


def test_a_bit_that_flips_with_the_time_kept(store: Store, dataset: xr.Dataset) -> None:
    """Deciding takes size and time for enough; reading doesn't, and then deciding knows."""
    path = store.path("race")
    store.save("race", dataset, {}, [])
    for place in range(0, path.stat().st_size, 97):
        store.save("race", dataset, {}, [])
        whole, stat = path.read_bytes(), path.stat()
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        os.utime(path, ns=(stat.st_mtime_ns, stat.st_mtime_ns))
        assert store.verify("race") == ""
        assert store.verify("race", whole=True) == "file damaged"
        with pytest.raises(Damaged, match=r"race.nc is damaged .its digest is another") as raised:
            store.load("race")
        assert raised.value.path == path
        assert store.verify("race") == "never recorded"
    store.save("race", dataset, {}, [])
    assert not store.distrust("race")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"?")
    assert store.distrust("race")
    assert store.verify("race") == "never recorded"


def test_a_file_that_is_open_elsewhere_is_not_damaged(store: Store, dataset: xr.Dataset) -> None:
    store.save("race", dataset, {}, [])
    with store.path("race").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # as HDF5 does for a writer
        xr.testing.assert_identical(store.load("race"), dataset)


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
        with store.lock(run_name("cafe"), waiting=lambda: waited.append(1)):
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


@pytest.mark.parametrize("writable", ["clone", "cache", "temporary", "nothing"])
def test_what_numba_compiles_has_a_place(
    writable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a read-only clone below the cache, and where that can't be in a temporary folder."""
    here = Path(files.__file__).parent
    real = os.access
    if writable != "clone":
        monkeypatch.setattr(os, "access", lambda path, mode: path != here and real(path, mode))
    (tmp_path / "file").write_text("")
    cache = tmp_path / ("cache" if writable == "cache" else "file")
    monkeypatch.setenv("TEACHNET_CACHE", str(cache))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ("file" * (writable == "nothing"))))
    if writable == "nothing":
        with pytest.raises(UserError, match="set TEACHNET_CACHE to a folder that can"):
            files.compiled_directory()
        return
    found = files.compiled_directory()
    expected = {
        "clone": None,
        "cache": cache / "compiled",
        "temporary": tmp_path / f"teachnet-{os.getuid()}",
    }
    assert found == expected[writable]
    assert found is None or found.stat().st_mode & 0o077 == 0


def test_another_users_folder_is_not_run_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What numba keeps is code; in a shared temporary folder anybody may have put some."""
    here, user = Path(files.__file__).parent, os.getuid()
    (tmp_path / f"teachnet-{user}").mkdir()
    if user != 0:
        pytest.skip("only root can give a folder to another user")
    os.chown(tmp_path / f"teachnet-{user}", 12345, -1)
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != here and real(path, mode))
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TEACHNET_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert files.compiled_directory() == tmp_path / f"teachnet-{os.getpid()}"
