"""The examples of docs/ run, and print what they say."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from simulate.registry import PROJECT

BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", ["trace.md"])
def test_examples_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "example"}
    blocks = BLOCK.findall((PROJECT / "docs" / name).read_text(encoding="utf-8"))
    assert blocks
    for block in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block, name, "exec"), names)
        said = re.findall(r"^# (.*)\n", block, re.MULTILINE)
        assert printed.getvalue().splitlines() == said
    assert {path.name for path in tmp_path.iterdir()} == {"neuron.svg", "network.svg", "graph.svg"}
