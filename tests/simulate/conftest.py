from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulate._project import Project, forget

# Before anything imports torch: on tensors this small, more threads only wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A throw-away project; `simulate` is that project's while the test runs."""
    imported = {name: module for name, module in sys.modules.items() if name.startswith("simulate")}
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.syspath_prepend(str(tmp_path / "clone"))
    yield Project(tmp_path / "clone")
    forget()
    sys.modules.update(imported)
