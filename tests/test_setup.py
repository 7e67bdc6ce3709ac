"""The set-up files say what is true: what the code imports is declared, and the lock pins it."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
OURS = ("simulate", "look", "figures", "scenes", "pipeline")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", LOCK, re.MULTILINE))


def requirements(*extras: str) -> list[Requirement]:
    lines = list(PROJECT["dependencies"])
    for extra in extras:
        lines += PROJECT["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - {*OURS, "cli"}


def test_every_import_is_declared():
    always = {canonicalize_name(requirement.name) for requirement in requirements()}
    bench = {canonicalize_name(requirement.name) for requirement in requirements("bench")}
    hub = {canonicalize_name(requirement.name) for requirement in requirements("hub")}
    extras = {  # each says what to install
        ROOT / "simulate" / "measures" / "pretrained.py": hub,
        ROOT / "pipeline" / "decks.py": {"python-pptx"},
        ROOT / "figures" / "widget.py": {"anywidget", "traitlets"},
    }
    homes = {"pptx": ["python-pptx"], **metadata.packages_distributions()}
    files = [ROOT / "cli.py", *(path for name in OURS for path in (ROOT / name).rglob("*.py"))]
    undeclared = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in files
        for module in imported(path)
        if not {canonicalize_name(home) for home in homes.get(module, ())}
        & (bench if path.is_relative_to(ROOT / "pipeline" / "bench") else extras.get(path, always))
    }
    assert not undeclared


@pytest.mark.parametrize(
    "requirement", [r for r in requirements("test", "bench") if r.name != "torch"], ids=str
)
def test_lock_pins_what_is_declared(requirement):
    assert requirement.specifier.contains(PINS[canonicalize_name(requirement.name)])


def test_lock_is_names_versions_and_hashes_only():
    pin = r"[a-z0-9.-]+==[\w.]+( ; [\w.=!<>' ]+)? \\"
    hashed = r"    --hash=sha256:[0-9a-f]{64}( \\)?"
    odd = [x for x in LOCK.splitlines() if not re.fullmatch(rf"#.*|{pin}|{hashed}", x)]
    assert not odd
    assert "torch" not in PINS


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml", "Makefile", ".ci/run"])
def test_set_up_names_no_host(name):
    assert not re.search(r"https?://|file:|/opt/", (ROOT / name).read_text(encoding="utf-8"))
