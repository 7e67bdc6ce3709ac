from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from simulate import registry
from simulate.errors import UserError
from simulate.storage.sources import reading_once, used

ROW = '''"""Heavy ball: keeps part of the last step.

More words.
"""
import nowhere

OPTIMIZER = nowhere.Optimizer(
    build=nowhere.Thing,
    defaults={"lr": 0.02, "betas": (0.9, 0.999)},
    label="Heavy" " ball",
    lr=-1e-3,
)
'''


def _write(path: Path, text: str = ROW) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _read(folder: Path) -> dict[str, registry.Row]:
    return registry.read(folder, "simulate.optimizers", "OPTIMIZER")


def test_row_is_read_without_being_imported(tmp_path: Path) -> None:
    path = _write(tmp_path / "chapter" / "heavy.py")
    row = _read(tmp_path)["heavy"]
    assert (row.name, row.kind, row.path) == ("heavy", "optimizers", path)
    assert row.module == "simulate.optimizers.chapter.heavy"
    assert row.doc == "Heavy ball: keeps part of the last step."
    assert row.label == "Heavy ball"
    assert row.lr == -1e-3
    assert row.defaults == {"lr": 0.02, "betas": (0.9, 0.999)}
    assert "build" not in row.fields  # not a literal
    with pytest.raises(AttributeError, match=r"heavy.py: no literal field 'build'"):
        _ = row.build


def test_rows_are_sorted_and_helpers_are_none(tmp_path: Path) -> None:
    for name in ("b.py", "a.py", "z/c.py", "_base.py", "_old/d.py", "__init__.py"):
        _write(tmp_path / name)
    _write(tmp_path / "helper.py", "def build(): ...\n")
    assert list(_read(tmp_path)) == ["a", "b", "c"]


def test_one_row_is_read_without_the_others(tmp_path: Path) -> None:
    for name in ("a.py", "z/c.py", "_c.py", "parts/c.py"):
        _write(tmp_path / name)
    _write(tmp_path / "broken.py", "OPTIMIZER = base.(")
    with reading_once({}):
        found = registry.read(tmp_path, "simulate.optimizers", "OPTIMIZER", only="c")
        assert list(used()) == [str(tmp_path / "z/c.py")]
    assert {name: row.module for name, row in found.items()} == {"c": "simulate.optimizers.z.c"}
    assert registry.read(tmp_path, "simulate.optimizers", "OPTIMIZER", only="*") == {}
    _write(tmp_path / "c.py")
    with pytest.raises(UserError, match="two optimizers are called 'c'"):
        registry.read(tmp_path, "simulate.optimizers", "OPTIMIZER", only="c")


def test_changed_file_is_read_again(tmp_path: Path) -> None:
    path = _write(tmp_path / "heavy.py")
    assert _read(tmp_path)["heavy"].lr == -1e-3
    _write(path, ROW.replace("-1e-3", "0.5"))
    assert _read(tmp_path)["heavy"].lr == 0.5


def test_one_stem_twice_names_both_files(tmp_path: Path) -> None:
    for name in ("one/heavy.py", "two/heavy.py"):
        _write(tmp_path / name)
    with pytest.raises(UserError, match=r"called 'heavy': \S+one/heavy.py and \S+two/heavy.py"):
        _read(tmp_path)


def test_syntax_error_names_file_and_line(tmp_path: Path) -> None:
    path = _write(tmp_path / "broken.py", '"""Doc."""\n\nOPTIMIZER = base.(\n')
    with pytest.raises(UserError, match=f"{path}:3: "):
        _read(tmp_path)


def test_unknown_names_come_with_near_ones() -> None:
    with pytest.raises(UserError, match=r"no optimizer is called 'adma'; there is ada"):
        registry.load("optimizers", "adma")
    with pytest.raises(UserError, match=r"no kind of row is called 'optimiser'; .*optimizers"):
        registry.rows("optimiser")


@pytest.mark.parametrize("kind", registry.KINDS)
def test_source_and_object_say_the_same(kind: str) -> None:
    rows = registry.rows(kind)
    assert rows
    assert list(rows) == registry.names(kind)
    for name, row in rows.items():
        assert row.doc
        assert row.label  # a literal, for `teachnet list` to show
        loaded = registry.load(kind, name)
        for field, value in row.fields.items():
            assert getattr(loaded, field) == value


def test_listing_rows_imports_nothing_heavy() -> None:
    script = (
        "import sys; from simulate import registry\n"
        "for kind in registry.KINDS: registry.rows(kind)\n"
        "print(sorted({'torch', 'numpy', 'xarray', 'matplotlib', 'manim'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=registry.PROJECT, capture_output=True, text=True
    )
    assert result.stdout.strip() == "[]", result.stderr
