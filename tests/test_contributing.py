"""What CONTRIBUTING shows works as it stands there, in a folder of one's own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from simulate import recording
from simulate.registry import PROJECT

# "**A figure**, `figures/….py`", and the code under it.
EXAMPLE = re.compile(
    r"^\*\*[^*\n]+\*\*, `((?:simulate|figures|scenes)/\S+\.py)`.*?^```python\n(.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("contributed")
    (root / "teachnet.toml").write_text("")
    text = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = EXAMPLE.findall(text)
    assert len(found) == text.count("```python")
    for name, code in found:
        path = root / name.removeprefix("simulate/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
    return root


def _teachnet(folder: Path, *args: str) -> str:
    done = subprocess.run(
        [sys.executable, str(PROJECT / "cli.py"), *args],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("TEACHNET")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("kind", "name", "label"),
    [
        ("optimizers", "adam_short", "Adam, short memory"),
        ("surfaces", "trough", "Trough"),
        ("datasets", "rings", "Two rings"),
        ("schedules", "warm_up", "Warm-up"),
        ("probes", "weight_norms", "norms of weights"),
        ("experiments", "rings_warm_up", "a warm-up on two rings"),
    ],
)
def test_each_row_is_listed(folder: Path, kind: str, name: str, label: str) -> None:
    (row,) = json.loads(_teachnet(folder, "list", kind, name, "--json"))
    assert row["label"] == label


def test_figure_and_film_are_made_of_its_experiment(folder: Path) -> None:
    said = _teachnet(folder, "render", "rings_warm_up", "-q", "draft", "--theme", "dark")
    drafts = folder / "media" / "draft"
    assert (drafts / "figures/rings_warm_up.dark.svg").stat().st_size > 5_000, said
    assert (drafts / "animations/rings_warm_up.dark.mp4").stat().st_size > 5_000, said
    recorded = recording.load(folder / "media/recordings/rings_warm_up.nc")
    ends = recorded.loss.values[:, -1]
    lower = "ends lower" if ends[1] < ends[0] else "ends not lower"
    (visual,) = json.loads(_teachnet(folder, "list", "rings_warm_up", "--json"))
    assert visual["title"].endswith(lower)
