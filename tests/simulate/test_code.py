from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulate import registry
from simulate.errors import UserError
from simulate.storage import code, sources

ROW = '''"""A rule."""

from simulate.optimizers import _base as base

OPTIMIZER = base.Optimizer(
    build=build,
    defaults={"lr": 0.1},
    label="Rule",
    color="blue",
    rule="θ ← θ − η g",
    excused={"saddle": "slow"},
)


def build(x):
    """Return twice `x`."""
    return 2 * x  # not three times
'''


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project."""
    monkeypatch.setattr(registry, "PROJECT", tmp_path)
    return tmp_path


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _edited(path: Path, old: str, new: str) -> Path:
    assert ROW.count(old) == 1
    return _write(path.with_name("edited.py"), ROW.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  # not three times", "  # twice"),
        ('"""Return twice `x`."""\n    ', ""),
        ('"""A rule."""', '"""Another word for it."""\n\n'),
        ("2 * x", "(2\n    * x)"),
        ('"Rule"', '"Ruler"'),
        ('color="blue"', 'color="red", dash="dashed"'),
        ("− η g", "− g"),
        ('"slow"', '"very slow"'),
    ],
)
def test_words_colours_and_layout_are_not_code(clone: Path, old: str, new: str) -> None:
    path = _write(clone / "rule.py", ROW)
    assert code.digest(_edited(path, old, new)) == code.digest(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [("2 * x", "3 * x"), ("(x)", "(x, y=1)"), ("0.1", "0.2"), ("build=build", "build=None")],
)
def test_code_is_code(clone: Path, old: str, new: str) -> None:
    path = _write(clone / "rule.py", ROW)
    assert code.digest(_edited(path, old, new)) != code.digest(path)


def test_same_words_elsewhere_are_code(clone: Path) -> None:
    path = _write(clone / "a.py", 'x = plot(label="one")\n')
    other = _write(clone / "b.py", 'x = plot(label="two")\n')
    assert code.digest(path) != code.digest(other)


def test_presentation_is_seen_on_its_own(clone: Path) -> None:
    path = _write(clone / "rule.py", ROW)
    assert code.presentation(_edited(path, '"blue"', '"red"')) != code.presentation(path)
    assert code.presentation(_edited(path, "2 * x", "3 * x")) == code.presentation(path)
    assert code.presentation(_edited(path, '"slow"', '"slower"')) == code.presentation(path)


def test_defaults_count_by_spec_where_they_are_literals(clone: Path) -> None:
    path = _write(clone / "rule.py", ROW)
    edited = _edited(path, "0.1", "0.2")
    assert code.digest(edited, by_spec=False) == code.digest(path, by_spec=False)
    assert code.digest(edited) != code.digest(path)
    computed = _edited(path, "0.1", "1 / 10")
    assert code.digest(computed, by_spec=False) != code.digest(path, by_spec=False)


def test_closure_follows_every_import_of_the_project(clone: Path) -> None:
    for name, text in {
        "simulate/__init__.py": "",
        "simulate/training/__init__.py": "",
        "simulate/training/execute.py": "import numpy\nfrom simulate import a\nfrom .. import b\n",
        "simulate/a.py": "def f():\n    from simulate.deep.c import thing\n",
        "simulate/b.py": "import simulate.training.execute\nif 1:\n    import simulate.deep.d\n",
        "simulate/deep/__init__.py": "from ..e import x\n",
        "simulate/deep/c.py": "from ._near import y\n",
        "simulate/deep/_near.py": "",
        "simulate/deep/d.py": "",
        "simulate/e.py": "import os.path\n",
        "simulate/unused.py": "",
    }.items():
        _write(clone / name, text)
    everything = [path for path in sorted(clone.rglob("*.py")) if path.name != "unused.py"]
    assert code.closure("simulate.training.execute") == everything
    near = ["simulate/__init__.py", "simulate/deep/__init__.py", "simulate/deep/_near.py"]
    labels = [code.label(path) for path in code.closure("simulate.deep.c", without={"simulate.e"})]
    assert labels == [*near, "simulate/deep/c.py"]


def test_unknown_module_is_named(clone: Path) -> None:
    with pytest.raises(UserError, match=r"no module is called 'simulate\.nothing'"):
        code.closure("simulate.nothing")


def test_row_listings(clone: Path) -> None:
    first = _write(clone / "a.py", "def f():\n    return registry.names('optimizers')\n")
    other = _write(clone / "b.py", "registry.rows('surfaces')\nregistry.names(kind)\nnames('x')\n")
    assert code.row_listings([first]) == {"optimizers"}
    assert code.row_listings([first, other]) == {"optimizers", "surfaces"}


def test_reading_once_holds_still(clone: Path) -> None:
    path = _write(clone / "a.py", "x = 1\n")
    with sources.reading_once():
        before = code.digest(path)
        _write(path, "x = 2\n")
        assert code.digest(path) == before
    assert code.digest(path) != before


def test_cache_is_taken_over_and_may_be_damaged(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of this file alone: after other tests the cache would have all of the project's in it.
    monkeypatch.setattr(sources, "_known", {})
    path = _write(clone / "rule.py", ROW)
    facts = sources.facts(path)
    cache = clone / "state" / "code.json"
    sources.save_cache(cache)

    monkeypatch.setattr(sources, "_known", {})
    sources.load_cache(cache)
    with monkeypatch.context() as without_parser:
        without_parser.setattr(sources, "_parsed", None)
        assert sources.facts(path) == facts

    monkeypatch.setattr(sources, "_known", {})
    whole = cache.read_bytes()
    for position in range(0, len(whole), 7):
        for bit in (1, 32):
            flipped = bytearray(whole)
            flipped[position] ^= bit
            cache.write_bytes(flipped)
            sources.load_cache(cache)
            assert sources._known == {}
    for damaged in (b"", whole[:-9], whole + b" "):
        cache.write_bytes(damaged)
        sources.load_cache(cache)
        assert sources._known == {}
    sources.load_cache(clone / "missing")
    sources.load_cache(clone)  # a folder in its place
    assert sources._known == {}


def test_cache_forgets_what_was_used_longest_ago(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_known", {})
    monkeypatch.setattr(sources, "KEPT", 2)
    path = clone / "a.py"
    found = []
    for text in ("x = 1\n", "x = 2\n", "x = 3\n", "x = 2\n"):
        _write(path, text)
        found.append(sources.facts(path))
    sources.save_cache(clone / "code.json")
    monkeypatch.setattr(sources, "_known", {})
    sources.load_cache(clone / "code.json")
    assert list(sources._known.values()) == [found[2], found[1]]


def test_reading_a_recording_hangs_on_no_engine() -> None:
    labels = {code.label(path) for path in code.closure("simulate.recording")}
    assert labels == {
        "simulate/__init__.py",
        "simulate/errors.py",
        "simulate/recording.py",
        "simulate/storage/__init__.py",
        "simulate/storage/files.py",
        "simulate/storage/netcdf.py",
        "simulate/storage/receipts.py",
    }


def test_plumbing_exists() -> None:
    for module in code.PLUMBING:
        path = code.module_path(module)
        assert path is not None
        assert code.module_name(code.label(path)) == module
    assert code.module_name("simulate/data/__init__.py") == "simulate.data"


def test_what_another_process_used_otherwise() -> None:
    theme, words = (code.module_path(f"look.{name}") for name in ("theme", "words"))
    optimizers = registry.PROJECT / "simulate/optimizers"
    assert theme is not None
    assert words is not None
    with sources.reading_once():
        places = code.places(["look/theme.py", "the words in look/words.py", "list of optimizers"])
        assert places == {theme, words, optimizers}
        registry.rows("optimizers")
        same = {str(path): sources.seen(path) for path in places}
        assert code.changed(places, {}) == []  # it used none of them
        assert code.changed(places, same) == []
        assert code.changed(places, same | {str(theme): "0"}) == ["look/theme.py"]
        assert code.changed({theme}, same | {str(words): "0"}) == []
        # A row that came and went while the other one listed them.
        more = {str(optimizers): f"{same[str(optimizers)]} tiger"}
        assert code.changed(places, same | more) == ["simulate/optimizers"]


def test_what_a_process_used_is_what_it_read_first(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text("a = 1\n")
    with sources.reading_once():
        sources.facts(path)
        digest = sources.used()[str(path)]
        assert digest == hashlib.sha256(b"a = 1\n").hexdigest()
        path.write_text("a = 2\n")
        sources.facts(path)
        assert sources.used()[str(path)] == digest  # it was not read again
        sources.note(path, path.read_bytes())  # it was, by an import
        assert sources.used()[str(path)] == "changed"


def test_modules_are_compiled_from_the_bytes_that_are_noted(tmp_path: Path) -> None:
    """Though what Python compiled before has the same size and the same second."""
    package = tmp_path / "look"
    package.mkdir()
    (package / "__init__.py").touch()
    module = package / "shade.py"
    script = (
        "import hashlib, sys\n"
        "from simulate.storage import imports, sources\n"
        "with sources.reading_once():\n"
        "    imports.note_all()\n"
        "    import look\n"
        f"    look.__path__.append({str(package)!r})\n"
        "    from look import shade\n"
        "    print(shade.VALUE, [v for k, v in sources.used().items() if 'shade' in k])\n"
    )
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    for value in (1, 2):
        module.write_text(f"VALUE = {value}\n")
        os.utime(module, (1_700_000_000, 1_700_000_000))
        # An ordinary import leaves what it compiled.
        plain = f"import sys; sys.path.insert(0, {str(package)!r}); import shade"
        subprocess.run([sys.executable, "-c", plain], check=True, env=environment)
        assert list(package.glob("__pycache__/shade.*"))
        result = subprocess.run(
            [sys.executable, "-c", script],
            cwd=registry.PROJECT,
            capture_output=True,
            text=True,
            check=True,
        )
        digest = hashlib.sha256(module.read_bytes()).hexdigest()
        assert result.stdout == f"{value} ['{digest}']\n"
