"""Data that nothing can be learnt from: the build says so in a line, and the rest goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from tests.simulate import _mnist

PROJECT = Path(__file__).resolve().parents[2]


def test_a_class_without_examples_is_one_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    data, media = tmp_path / "data", tmp_path / "media"
    _mnist.write(data / "mnist", train_labels=np.full(30, 3, np.uint8))
    result = subprocess.run(
        [sys.executable, "cli.py", "record", "network_forward", "sine_fit", "-j1",
         "--data", str(data), "--media", str(media)],
        cwd=PROJECT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert result.returncode == 1
    told = [line for line in result.stderr.splitlines() if "network_forward" in line]
    assert len(told) == 1
    assert (
        "network_forward run training failed: none of the 30 training examples of dataset 'mnist' "
        "is of class 0, 1, 2, 4, 5, 6, 7, 8, 9; take a larger n_train or another seed"
    ) in told[0]
    assert "Traceback" not in result.stderr
    assert [Path(line).name for line in result.stdout.splitlines()] == ["sine_fit.nc"]
