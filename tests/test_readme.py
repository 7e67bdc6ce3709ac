"""What README shows in Python runs as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from simulate import recording
from simulate.registry import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, flags=re.S | re.M)

# Runs scripts in folders of their own: in processes forked where the imports, which take longer
# than all the rest, are done already. One is killed in the middle of its training and begun again.
SCRIPT = """
import os
import runpy
import shutil
import signal
import sys
import traceback

import matplotlib

matplotlib.use("Agg")

import pandas
import torch
from sklearn.datasets import load_digits

import figures.drawing
import figures.losses.loss_surface
import simulate
import simulate.measures.loss_surface
import simulate.training.train
from simulate.training import checkpoints

torch.set_num_threads(1)
torch.optim.Adam([torch.zeros(1, requires_grad=True)])  # torch imports more when one is made
save = checkpoints.save
saved = 0


def killed(state, path):
    global saved
    save(state, path)
    saved += 1
    if saved == 20:
        os.kill(os.getpid(), signal.SIGKILL)


def run(script, folder, kill=False):
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    try:
        os.makedirs(folder, exist_ok=True)
        os.chdir(folder)
        if kill:
            checkpoints.save = killed
        runpy.run_path(script)
        sys.stdout.flush()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


folder = sys.argv[1]
assert run(f"{folder}/researcher.py", f"{folder}/again", kill=True) == signal.SIGKILL
assert sorted(os.listdir(f"{folder}/again")) == ["mine.npz"]
assert run(f"{folder}/researcher.py", f"{folder}/again") == 0
assert run(f"{folder}/researcher.py", f"{folder}/whole") == 0
os.makedirs(f"{folder}/short/media/recordings")
shutil.copy(f"{folder}/whole/surface.nc", f"{folder}/short/media/recordings/loss_surface.nc")
assert run(f"{folder}/short.py", f"{folder}/short") == 0
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which README ran: the long example, and all others in one go."""
    (long,) = [block for block in BLOCKS if "checkpoint" in block]
    short = [block for block in BLOCKS if "checkpoint" not in block]
    assert len(short) >= 3
    folder = tmp_path_factory.mktemp("readme")
    keep = '\nsimulate.save(run, "run.nc")\n'
    (folder / "researcher.py").write_text(long + keep, encoding="utf-8")
    (folder / "short.py").write_text("\n".join(short), encoding="utf-8")
    paths = os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "test_accuracy" in done.stdout
    return folder


def test_the_researchers_twenty_lines_end_in_a_figure(folder: Path) -> None:
    run = recording.load(folder / "whole" / "run.nc")
    assert run.attrs["n_steps"] == 57
    assert run.attrs["test_accuracy"] > 0.8
    assert run.weight_norm.dims == ("step", "layer")
    assert run.loss.size == 58
    surface = recording.load(folder / "whole" / "surface.nc")
    assert surface.attrs["trained_loss"] == pytest.approx(run.attrs["test_loss"], rel=1e-4)
    assert surface.path_loss.values[0] == pytest.approx(float(run.test_loss[0]), rel=1e-4)
    figure = (folder / "whole" / "surface.svg").read_text(encoding="utf-8")
    assert "A small convolution on digits" in figure


def test_a_killed_run_goes_on_bitwise(folder: Path) -> None:
    for file, names in {
        "run.nc": ("loss", "params", "buffers", "test_loss", "weight_norm"),
        "surface.nc": ("random_loss", "pca_loss", "path_u", "path_loss"),
    }.items():
        again, whole = (recording.load(folder / part / file) for part in ("again", "whole"))
        for name in names:
            np.testing.assert_array_equal(again[name], whole[name])


def test_the_short_examples_end_in_a_film(folder: Path) -> None:
    assert (folder / "short" / "mine.mp4").stat().st_size > 50_000


SHOWCASE = PROJECT / "media" / "showcase"


def test_it_opens_with_a_film_that_embed_put_there() -> None:
    """`make showcase` draws it anew; what stands in README is what embed makes of the files."""
    from pipeline import embedding
    from pipeline.catalogue import visuals
    from pipeline.settings import Settings

    places = embedding.Places(source=SHOWCASE)
    settings = Settings(media=SHOWCASE.parent)
    again = embedding.embed(
        PROJECT / "README.md", README, visuals(), settings, places, flavour="github"
    )
    assert again == README, "run `make showcase`"
    shown = re.findall(r'(?:src|srcset)="([^"]+)"', README)
    assert [Path(each).suffix for each in shown[:2]] == [".gif", ".gif"], "both themes of a film"
    assert {PROJECT / each for each in shown} == {*SHOWCASE.iterdir()}, "and nothing else is kept"
    sizes = {path.name: path.stat().st_size for path in SHOWCASE.iterdir()}
    assert sum(sizes.values()) < 5_000_000
    assert max(sizes[name] for name in sizes if name.endswith(".gif")) < 3_000_000
