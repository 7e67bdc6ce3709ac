"""What a piece of work depends on: digests of code that see only what changes its result.

Comments, layout and docstrings don't enter a digest, nor do the words and colours with which a
row is presented (`PRESENTATION`): those make no run stale, only the pictures that show them
(`presentation`). Nothing here looks at time stamps, and nothing imports what it reads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from simulate import registry, roots
from simulate.errors import UserError
from simulate.storage.sources import facts, once, seen

PACKAGES = ("simulate", "look", "figures", "scenes", "pipeline")

# Modules that find, check, carry and keep results without shaping the numbers in them. What they
# contribute is in a run's address by value: the whole spec, the digits' digest, and
# `simulate.storage.files.SCHEMA`, to be raised when the layout of stored data changes.
PLUMBING = frozenset(
    {
        "simulate",  # its __init__, a table of public names
        "simulate.storage",
        "simulate.storage.code",
        "simulate.data.choice",
        "simulate.data.download",
        "simulate.errors",
        "simulate.storage.files",
        "simulate.storage.imports",
        "simulate.storage.netcdf",
        "simulate.storage.receipts",
        "simulate.recording",
        "simulate.registry",
        "simulate.roots",
        "simulate.storage.sources",
        "simulate.specs",
        "simulate.storage.store",
    }
)


def digest(path: Path, *, by_spec: bool = True) -> str:
    """Return the digest of a file's code, with or without its row's `BY_SPEC` keywords."""
    return facts(path).code if by_spec else facts(path).bare


def presentation(path: Path) -> str:
    """Return the digest of the words and colours with which a row's file presents it."""
    return facts(path).presentation


def closure(module: str, *, without: Collection[str] = ()) -> list[Path]:
    """Return the files of this project that a module is made of.

    Parameters
    ----------
    module : str
        Importable name, such as ``simulate.training.train``.
    without : collection of str
        Modules to leave out, and not to look into; see `PLUMBING`.

    Returns
    -------
    list of Path
        The module, the packages it lies in, and everything it imports from `PACKAGES` and from the
        project folder, at any depth of the file and transitively. Sorted.

    Raises
    ------
    UserError
        If there is no such module, or a file isn't valid Python.
    """
    return once((closure, module, frozenset(without)), lambda: _closure(module, frozenset(without)))


def _closure(module: str, without: Collection[str]) -> list[Path]:
    if module_path(module) is None:
        raise UserError(f"no module is called {module!r} below {registry.PROJECT}")
    found: dict[str, Path] = {}
    todo = [module]
    while todo:
        name = todo.pop()
        path = None if name in found or name in without else module_path(name)
        if path is None:
            continue
        found[name] = path
        todo.extend(_named(name, path))
    return sorted(found.values())


def _named(module: str, path: Path) -> list[str]:
    """Return the packages a module lies in and the modules that it imports."""
    return once((_named, module), lambda: _read_names(module, path))


def _read_names(module: str, path: Path) -> list[str]:
    found = _parents(module)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for level, target, names in facts(path).imports:
        found += _targets(package, level, target, names)
    return [name for name in dict.fromkeys(found) if module_path(name) is not None]


def row_listings(paths: Iterable[Path]) -> set[str]:
    """Return the kinds of rows that these files list, ``{"optimizers"}`` for instance.

    An experiment over all optimizers changes when a file is added to them, though no line of
    its own did. Only literal calls ``registry.names("optimizers")`` (or ``rows``) are seen.
    """
    return {kind for path in paths for kind in facts(path).listings}


def label(path: Path) -> str:
    """Return a file's name as it is shown and stored: relative to the clone, with slashes.

    That of a file of the project folder begins with ``teachnet_project/``, wherever that lies.
    """
    return once((label, path), lambda: _label(path))


def _label(path: Path) -> str:
    homes = [(registry.PROJECT, "")]
    if (own := roots.own()) is not None:
        homes.append((own, f"{roots.PACKAGE}/"))
    # The inner one: a clone may lie in somebody's project, and a project in the clone.
    within = [home for home in homes if path.is_relative_to(home[0])]
    home, prefix = max(within, key=lambda home: len(home[0].parts))
    return f"{prefix}{path.relative_to(home).as_posix()}"


def module_name(label: str) -> str:
    """Return the importable name of a file, from its `label`."""
    return label.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def module_path(module: str) -> Path | None:
    """Return the file of a module of the clone or the project folder, None if it isn't one."""
    return once((module_path, module), lambda: _module_path(module))


def _module_path(module: str) -> Path | None:
    parts = module.split(".")
    own = roots.own()
    if parts[0] in PACKAGES:
        stem = registry.PROJECT.joinpath(*parts)
    elif parts[0] == roots.PACKAGE and own is not None and len(parts) > 1:
        stem = own.joinpath(*parts[1:])
    else:
        return None
    for path in (stem.with_suffix(".py"), stem / "__init__.py"):
        if path.is_file():
            return path
    return None


def _parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts))]


def _targets(package: str, level: int, target: str, names: list[str]) -> list[str]:
    """Return the modules that one import statement may name; some of them may not exist."""
    if level:
        base = package.split(".")[: len(package.split(".")) - level + 1]
        target = ".".join([*base, target] if target else base)
    return [target, *(f"{target}.{name}" for name in names)]


def places(inputs: Iterable[str]) -> set[Path]:
    """Return the source files, and the folders of rows, that inputs name.

    Files by their labels, alone or after some words; folders as the list of a kind of row.

    Examples
    --------
    >>> found = places(["look/theme.py", "the words in look/words.py", "list of models", "data"])
    >>> sorted(label(path) for path in found)
    ['look/theme.py', 'look/words.py', 'simulate/models']
    """
    found: set[Path] = set()
    for what in inputs:
        before, _, name = what.rpartition(" ")
        if name.endswith(".py") and (path := module_path(module_name(name))) is not None:
            found.add(path)
        elif before.endswith("list of") and name in registry.KINDS:
            found.update(registry.folders(name))
    return found


def changed(places: Iterable[Path], used: Mapping[str, str]) -> list[str]:
    """Return the labels of files and folders that another process saw otherwise than this one.

    Parameters
    ----------
    places : iterable of Path
    used : mapping of str to str
        From `simulate.storage.sources.used` of the other process; what it doesn't name it has
        not used.
    """
    return sorted(
        label(path) for path in places if str(path) in used and used[str(path)] != seen(path)
    )
