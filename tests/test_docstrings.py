"""Every example of a docstring runs and gives what it says."""

from __future__ import annotations

import doctest
import importlib

import pytest

from simulate.registry import PROJECT
from simulate.storage import code

WITH_EXAMPLES = [
    path
    for folder in ("simulate", "look", "figures", "scenes", "pipeline")
    for path in sorted((PROJECT / folder).rglob("*.py"))
    if ">>>" in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda path: path.stem)
def test_examples_run(path) -> None:
    result = doctest.testmod(importlib.import_module(code.module_name(code.label(path))))
    assert result.attempted > 0
    assert result.failed == 0
