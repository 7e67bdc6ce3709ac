"""A run that was killed goes on as if nothing had been."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import simulate
from simulate import UserError, recorder, recording, specs
from simulate.data.choice import Choice
from simulate.training import checkpoints

# What is trained, in processes of their own, forked where torch is imported already: dropout, batch
# norm, Adam, OneCycle, a DataLoader that shuffles, and examples that are noisy when they are read.
SCRIPT = """
import os
import signal
import sys
import traceback

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

import simulate

torch.set_num_threads(1)
rng = np.random.default_rng(0)
x = rng.normal(size=(40, 6)).astype("f4")
y = (x[:, 0] > 0).astype("i8")


class Noisy(Dataset):
    def __len__(self):
        return 40

    def __getitem__(self, k):
        return torch.from_numpy(x[k]) + 0.1 * torch.randn(6), y[k]


def train(kind, kill_at, path, out):
    torch.manual_seed(3)
    model = nn.Sequential(
        nn.Linear(6, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 2)
    )
    record = ["scalars", "evaluation", simulate.probe("parameters", every=4)]
    data, given = (x, y), {"batch_size": 8, "steps": 15}
    if kind == "loader":
        data, given = DataLoader(Noisy(), batch_size=7, shuffle=True), {"steps": 15}
    if kind == "generator":
        own = torch.Generator().manual_seed(5)
        data = DataLoader(Noisy(), batch_size=7, shuffle=True, generator=own)
        given = {"steps": 15}
    if kind == "fused":
        model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 2))
        given = {"batch_size": 1, "optimizer": "sgd", "lr": 0.05, "steps": 99}

        def tell(done, total, text):
            if done >= kill_at >= 0:
                os.kill(os.getpid(), signal.SIGKILL)

        given["progress"] = tell
    else:
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.05, total_steps=16)
        record += ["optimizer_state", simulate.probe("dropout_masks", every=3)]

        def stop(step):
            if step.number == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        given |= {"optimizer": optimizer, "schedule": schedule, "on_step": stop}
    if kind == "kept":
        given["zero_grad"] = False
    run = simulate.train(
        model, data, test=(x, y), seed=7, record=record, checkpoint=path, checkpoint_seconds=0,
        **given,
    )
    simulate.save(run.drop_vars([n for n in run if "measured" in run[n].attrs]), out)
    state = torch.cat([t.double().flatten() for t in model.state_dict().values()])
    np.save(out + ".npy", state.numpy())


def child(*arguments):
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    try:
        train(*arguments)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


folder = sys.argv[1]
# Once here, not in every child: what is imported only when something is first trained.
train("arrays", -1, None, f"{folder}/first.nc")
train("fused", -1, None, f"{folder}/first.nc")
for kind in ("arrays", "loader", "generator", "kept", "fused"):
    here = f"{folder}/{kind}"
    assert child(kind, -1, None, f"{here}-whole.nc") == 0
    for kill_at in {"fused": (60,), "arrays": (3, 9)}.get(kind, (9,)):
        assert child(kind, kill_at, f"{here}-killed.npz", f"{here}-killed.nc") == signal.SIGKILL
        assert os.path.exists(f"{here}-killed.npz")
        assert not os.path.exists(f"{here}-killed.nc")
    assert child(kind, -1, f"{here}-killed.npz", f"{here}-killed.nc") == 0
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the recordings of runs that were killed twice, and of whole ones."""
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-c", SCRIPT, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("kind", ["arrays", "loader", "generator", "kept", "fused"])
def test_a_killed_run_goes_on_bitwise(kind: str, killed: Path) -> None:
    whole, again = killed / f"{kind}-whole.nc", killed / f"{kind}-killed.nc"
    first, second = recording.load(whole), recording.load(again)
    assert set(first.variables) == set(second.variables)
    for name in first.variables:
        np.testing.assert_array_equal(first[name], second[name], err_msg=str(name))
    assert first.attrs == second.attrs
    np.testing.assert_array_equal(np.load(f"{whole}.npy"), np.load(f"{again}.npy"))
    assert first.attrs["backend"] == ("fused" if kind == "fused" else "eager")


X = np.random.default_rng(0).normal(size=(20, 3)).astype("f4")
Y = (X[:, 0] > 0).astype("i8")


def _train(path: Path, **arguments: Any) -> Any:
    torch.manual_seed(0)
    given = {"steps": 6, "batch_size": 4, "checkpoint": path, "checkpoint_seconds": 0, **arguments}
    return simulate.train(nn.Sequential(nn.Linear(3, 2)), (X, Y), **given)


def test_a_finished_run_is_returned_as_it_was(tmp_path: Path) -> None:
    calls: list[int] = []
    first = _train(tmp_path / "c.npz")
    second = _train(tmp_path / "c.npz", on_step=lambda step: calls.append(step.number))
    np.testing.assert_array_equal(first.loss, second.loss)
    np.testing.assert_array_equal(first.params, second.params)
    assert calls == [6]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": 1}, "is of another run: its seed is 0, not 1"),
        ({"steps": 7}, "its n_steps is 6, not 7"),
        ({"optimizer": "sgd"}, "its optimizer is Adam, not SGD"),
        ({"record": ["scalars"]}, "its record is"),
        ({"zero_grad": False}, "its zero_grad is True"),
        ({"batch_size": 5}, "its steps_per_epoch is 5, not 4"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(
    tmp_path: Path, changes: dict, message: str
) -> None:
    _train(tmp_path / "c.npz")
    with pytest.raises(UserError, match=message):
        _train(tmp_path / "c.npz", **changes)


def test_a_damaged_checkpoint_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "c.npz"
    _train(path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UserError, match="is no checkpoint, or damaged"):
        _train(path)
    path.write_bytes(b"")
    with pytest.raises(UserError, match="is no checkpoint, or damaged"):
        _train(path)
    with pytest.raises(UserError, match="is a folder"):
        _train(tmp_path)
    with pytest.raises(UserError, match="checkpoint is 3; it takes a file's path"):
        _train(3)  # type: ignore[arg-type]


def test_nothing_in_a_checkpoint_can_run(tmp_path: Path) -> None:
    path = tmp_path / "c.npz"
    np.savez(path, tree=np.array([{"a": 1}], dtype=object))  # numpy pickles objects
    with pytest.raises(UserError, match="is no checkpoint"):
        checkpoints.load(path)


def test_every_value_comes_back_as_it_was(tmp_path: Path) -> None:
    state = {
        "int": 3,
        "float": 0.1,
        "odd": [math_inf, -math_inf, float("nan")],
        "none": None,
        "bools": (True, False),
        "nested": {1: {"a": []}, "b": ()},
        "counter": Counter({30: 1, 80: 2}),
        "array": np.arange(6, dtype="i2").reshape(2, 3),
        "strings": np.array(["a", "bc"]),
        "scalar": np.float32(0.5),
        "half": torch.tensor([1.5, -2.0], dtype=torch.bfloat16),
        "flag": torch.tensor(True),
        "empty": torch.empty(0, 3),
    }
    checkpoints.save(state, tmp_path / "s.npz")
    back = checkpoints.load(tmp_path / "s.npz")
    assert list(back) == list(state)
    assert repr(back["odd"]) == repr(state["odd"])
    for name in ("int", "float", "none", "bools", "nested", "counter", "scalar"):
        assert back[name] == state[name]
        assert type(back[name]) is type(state[name])
    for name in ("array", "strings"):
        np.testing.assert_array_equal(back[name], state[name])
        assert back[name].dtype == state[name].dtype  # type: ignore[attr-defined]
    for name in ("half", "flag", "empty"):
        assert back[name].dtype == state[name].dtype  # type: ignore[attr-defined]
        assert torch.equal(back[name], state[name])  # type: ignore[arg-type]


math_inf = float("inf")


@pytest.mark.parametrize("value", [object(), lambda: 0, {1, 2}, np.array([None]), b"bytes"])
def test_what_a_checkpoint_cannot_hold_is_refused(value: object, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"can't hold state\['a'\]"):
        checkpoints.save({"a": value}, tmp_path / "s.npz")
    assert not (tmp_path / "s.npz").exists()


def test_json_says_where_each_array_belongs(tmp_path: Path) -> None:
    checkpoints.save({"a": np.zeros(2)}, tmp_path / "s.npz")
    with np.load(tmp_path / "s.npz", allow_pickle=False) as file:
        tree = json.loads(file["tree"].tobytes())
    assert tree == {"format": 1, "state": {"dict": [["a", {"array": "0"}]]}}


@pytest.mark.parametrize("damage", [lambda content: content[:-40], lambda content: b"not a zip"])
def test_a_damaged_checkpoint_of_the_store_is_begun_anew(tmp_path: Path, damage: Any) -> None:
    """It is ours, so nobody is asked; what comes of it is what an undisturbed run gives."""
    spec = specs.Train(
        data=specs.Data(name="xor"),
        model=specs.Model(name="mlp", settings={"widths": [2, 2]}),
        optimizer=specs.Optimizer(name="adam"),
        steps=3,
    )
    context = recorder.Context(data=Choice.embedded())
    path = tmp_path / "state.npz"
    checkpoints.save({"run": {}}, path)
    path.write_bytes(damage(path.read_bytes()))
    said: list[str] = []
    again = recorder.compute(spec, context, lambda done, total, text: said.append(text), path)
    assert said[0] == "its checkpoint is damaged, so it begins anew"
    assert not path.exists()
    whole = recorder.compute(spec, context)
    params = []
    for number, file in enumerate((again, whole)):
        (tmp_path / f"{number}.nc").write_bytes(file.content)
        params.append(recording.load(tmp_path / f"{number}.nc").params)
    np.testing.assert_array_equal(*params)
