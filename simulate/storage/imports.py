"""Imports of this project as they are, with a note of what was imported.

A worker lives for minutes, and sources are edited meanwhile. What it made was made from the sources
as they were when it imported them; `simulate.storage.sources.used` tells which these were.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from simulate import roots
from simulate.storage import sources
from simulate.storage.code import PACKAGES

OURS = (*PACKAGES, roots.PACKAGE)


class _Loader(SourceFileLoader):
    """Compiles the very bytes that it notes.

    Python's own takes what it compiled before if size and second of the file are the same.
    """

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        source = self.get_data(path)
        sources.note(Path(path).resolve(), source)
        code: CodeType = self.source_to_code(source, path)
        return code


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in OURS:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def note_all() -> None:
    """Note what of this project is imported from now on, and what has been until now."""
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if name.partition(".")[0] in OURS and path is not None:
            sources.note(Path(path).resolve(), Path(path).read_bytes())
    sys.meta_path.insert(0, _Finder())
