"""What README shows in Python runs as it stands there."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from simulate import recording
from simulate.registry import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, flags=re.S | re.M)


def _script(folder: Path, text: str) -> Path:
    path = folder / "mine.py"
    path.write_text("import matplotlib\nmatplotlib.use('Agg')\n" + text, encoding="utf-8")
    return path


def _start(script: Path) -> subprocess.Popen[str]:
    paths = os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, str(script)],
        cwd=script.parent,
        env={**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_short_examples_run(tmp_path: Path) -> None:
    """All of them in one go, as somebody would read them."""
    short = [block for block in BLOCKS if "checkpoint" not in block]
    assert len(short) >= 2
    process = _start(_script(tmp_path, "\n".join(short)))
    _, errors = process.communicate()
    assert process.returncode == 0, errors


def test_the_researchers_twenty_lines_run_and_go_on_after_a_kill(tmp_path: Path) -> None:
    (block,) = [block for block in BLOCKS if "checkpoint" in block]
    script = _script(tmp_path, block + '\nsimulate.save(run, "run.nc")\n')
    process = _start(script)
    while not (tmp_path / "mine.npz").exists() and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (tmp_path / "run.nc").exists() or process.returncode == 0
    again = _start(script)
    said, errors = again.communicate()
    assert again.returncode == 0, errors
    assert "test_accuracy" in said
    run = recording.load(tmp_path / "run.nc")
    assert run.attrs["n_steps"] == 190
    assert run.attrs["test_accuracy"] > 0.8
    assert run.weight_norm.dims == ("step", "layer")
    assert run.loss.size == 191
    plane = recording.load(tmp_path / "plane.nc")
    np.testing.assert_allclose(plane.path_loss.values[-1], run.attrs["test_loss"], rtol=1e-4)

    whole = tmp_path / "whole"
    whole.mkdir()
    undisturbed = _start(_script(whole, block + '\nsimulate.save(run, "run.nc")\n'))
    _, errors = undisturbed.communicate()
    assert undisturbed.returncode == 0, errors
    other = recording.load(whole / "run.nc")
    for name in ("loss", "params", "buffers", "test_loss", "weight_norm"):
        np.testing.assert_array_equal(run[name], other[name])
