"""The gallery as a build makes it: after everything else, and only if something changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from pipeline import receipts, wanted
from pipeline.catalogue import Entry, visuals
from pipeline.display import relative
from pipeline.items import Item, Work
from simulate.storage import code

NAME = "index.html"
MARK = b'<meta name="generator" content="teachnet '
STYLE, SCRIPT = (Path(__file__).with_name(name) for name in ("page.css", "page.js"))
MADE_OF = (
    "pipeline.gallery.page", "pipeline.gallery.contents", "pipeline.post_flavours", "look.theme",
    "look.metadata", "pipeline.gallery.type",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Gallery(Item):
    """``index.html`` in the folder of pictures, or of drafts."""

    sort: ClassVar[str] = "gallery"
    base_url: str | None = None

    @property
    def name(self) -> str:
        return "gallery page"

    @property
    def stem(self) -> str:
        return "gallery"

    @property
    def last(self) -> bool:
        return True

    @property
    def path(self) -> Path:
        """The page."""
        return self.settings.pictures / NAME

    @property
    def theirs(self) -> str:
        """Say that somebody else wrote the page, or changed it, so that it stays; "" if not."""
        receipt = receipts.read(self._receipt)
        written = None if receipt is None else receipt.outputs.get(NAME)
        if not os.path.lexists(self.path):
            return ""
        if self.path.is_symlink() or not self.path.is_file():
            ours = False
        elif written is not None:
            ours = not receipts.trouble(self.path, written)
        else:  # a build was killed before it wrote its receipt
            ours = MARK in self.path.read_bytes()[:2000]
        if ours:
            return ""
        page = relative(self.path)
        return f"{page} is not as teachnet wrote it, and stays; move it for a gallery"

    def reasons(self) -> list[str]:
        if self.theirs:
            return []
        receipt = receipts.read(self._receipt)
        if receipt is None:
            return ["never written"]
        return receipts.reasons(receipt, self.inputs(), self.settings.pictures)

    def inputs(self) -> dict[str, str]:
        """Return what it depends on: all that visuals say, and every file that is there."""
        entries = visuals().values()
        found = {"the address": self.base_url or "relative"}
        for module in MADE_OF:
            path = code.module_path(module)
            assert path is not None
            found[code.label(path)] = code.digest(path)
        for path in (STYLE, SCRIPT):
            found[code.label(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
        for entry in entries:
            found[f"the visual {entry.stem}"] = self._visual(entry)
        return found

    def _visual(self, entry: Entry) -> str:
        """Return a digest of what one visual is: its words, its recordings, its files."""
        first = next(iter(entry.sources.values()))
        parts = [entry.chapter, entry.kinds, entry.description, entry.error]
        parts.append(code.presentation(first) if not entry.error else "")
        for name in entry.row.uses:
            recorded = self.store.receipt(name)
            parts.append("" if recorded is None else recorded.digest)
        every = wanted.pictures([entry], replace(self.settings, theme="both"))
        for item in every:
            receipt = receipts.read(item.receipt)
            parts += (
                [] if receipt is None else [f"{k} {v.digest}" for k, v in receipt.outputs.items()]
            )
            parts += [form for form, path in item.outputs.items() if path.is_file()]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def sources(self) -> Iterable[Path]:
        return ()

    def work(self) -> Work:
        from pipeline.gallery import page

        inputs = self.inputs()
        content = page.written(self.settings, self.base_url).encode()
        receipts.put(self._receipt, self.settings.pictures, {NAME: content}, inputs)
        return [self.path]
        yield  # it is made here, by no worker

    @property
    def _receipt(self) -> Path:
        return self.settings.pictures / ".receipts" / "index.json"
