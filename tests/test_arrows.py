"""Imports go one way: cli, pipeline, figures | scenes, look, simulate; and inside simulate too."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from simulate import registry

PROJECT = registry.PROJECT
OURS = {"cli", "pipeline", "figures", "scenes", "look", "simulate"}
READS = {
    "simulate",
    *(f"simulate.{name}" for name in ("recording", "registry", "roots", "errors", "storage.files")),
}

# Package -> what of the project it may import besides itself; a name stands for what is below it.
ALLOWED = {
    "simulate": set[str](),
    "look": READS | {"simulate.storage.code", "simulate.storage.sources"},
    "figures": READS,
    "scenes": READS,
    "pipeline": set[str](),
    "cli": set[str](),
}
# Package -> what of the project it may import whole.
WHOLE = {
    "figures": {"look"},
    "scenes": {"look"},
    "pipeline": {"simulate", "look", "figures", "scenes"},
    "cli": {"pipeline", "simulate"},
}

# Package -> what it must never import, however deep in the file.
FORBIDDEN = {
    "simulate": {"matplotlib", "manim", "click", "rich", "cairo", "PIL"},
    "look": {"torch", "matplotlib", "manim", "click", "rich"},
    "figures": {"torch", "manim", "click", "rich"},
    "scenes": {"torch", "click", "rich"},
}

# Inside simulate, from the ground up: a module imports from its own layer and from those before.
ROWS = ("data", "models", "optimizers", "probes", "schedules", "surfaces")
LAYERS = [
    {"", "errors", "recording", "registry", "roots", "specs", "storage", "training.device"},
    {"training.losses"},
    set(ROWS),
    {"training", "measures"},
    {"experiments"},
    {"recorder"},
]
# Which digits a build uses is data that recorder and store pass on; it imports no other row.
ANYONE = {"simulate.data.choice"}


def _files(package: str) -> list[Path]:
    single = PROJECT / f"{package}.py"
    return [single] if single.is_file() else sorted((PROJECT / package).rglob("*.py"))


FILES = [(package, path) for package in ALLOWED for path in _files(package)]
SIMULATE = [path for package, path in FILES if package == "simulate"]


def _label(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def _module(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _exists(module: str) -> bool:
    stem = PROJECT.joinpath(*module.split("."))
    return stem.is_dir() or stem.with_suffix(".py").is_file()


def _imports(path: Path) -> set[str]:
    """Return the modules that a file imports anywhere; of ours, as deep as they are modules."""
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            target = node.module or ""
            if node.level:
                package = _module(path / "x" if path.name == "__init__.py" else path).split(".")
                target = ".".join([*package[: len(package) - node.level], *target.split(".")])
            for alias in node.names:
                deep = f"{target}.{alias.name}"
                ours = target.split(".")[0] in OURS
                found.add(deep if ours and _exists(deep) else target)
    return found


@pytest.mark.parametrize(("package", "path"), FILES, ids=lambda value: str(value)[-40:])
def test_imports_go_one_way(package: str, path: Path) -> None:
    for module in _imports(path):
        top = module.split(".")[0]
        assert top not in FORBIDDEN.get(package, ()), f"{_label(path)} imports {module}"
        if top in OURS - {package}:
            allowed = module in ALLOWED[package] or top in WHOLE.get(package, ())
            assert allowed, f"{_label(path)} imports {module}"


def _layer(module: str) -> int:
    names = {".".join(module.split(".")[1:stop]) for stop in (2, 3)}
    return next(depth for depth, layer in enumerate(LAYERS) if names & layer)


@pytest.mark.parametrize("path", SIMULATE, ids=_label)
def test_layers_of_simulate(path: Path) -> None:
    module = _module(path)
    for imported in _imports(path):
        if imported.split(".")[0] == "simulate" and imported not in ANYONE:
            assert _layer(imported) <= _layer(module), f"{_label(path)} imports {imported}"


@pytest.mark.parametrize("path", SIMULATE, ids=_label)
def test_rows_know_nothing_of_other_kinds(path: Path) -> None:
    kind = _module(path).split(".")[1:2]
    if kind and kind[0] in ROWS:
        for imported in _imports(path):
            for other in set(ROWS) - set(kind):
                assert not f"{imported}.".startswith(f"simulate.{other}."), imported


@pytest.mark.parametrize(("package", "path"), FILES, ids=lambda value: str(value)[-40:])
def test_nothing_is_unpickled(package: str, path: Path) -> None:
    assert not {"pickle", "shelve", "marshal", "joblib", "dill"} & _imports(path)


def test_checks_see_what_they_forbid(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text(
        "def f():\n    from simulate.training import train, nothing\n    import torch.nn\n"
    )
    assert _imports(path) == {"simulate.training.train", "simulate.training", "torch.nn"}
    assert (
        _layer("simulate.training.train")
        > _layer("simulate.models.mlp")
        > _layer("simulate.storage.store")
    )
