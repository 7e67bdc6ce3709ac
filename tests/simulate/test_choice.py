"""Which digits: decided once, remembered, changed only on request."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from simulate.data import choice, idx
from simulate.data.choice import Choice, choose
from simulate.errors import UserError
from tests.simulate import _mnist


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and no way to the network."""

    def offline(folder: Path) -> None:
        raise UserError("can't download: offline")

    monkeypatch.setattr(choice.mirrors, "download", offline)
    monkeypatch.setattr(choice, "default_cache", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def mnist(tmp_path: Path) -> Path:
    """A --data folder with MNIST in it."""
    return _mnist.write(tmp_path / "data" / "mnist").parent


def test_without_anything_it_is_the_embedded_digits(tmp_path: Path, cache: Path) -> None:
    chosen = choose(tmp_path / "media")
    assert chosen == Choice.embedded()
    assert chosen.label == "digits"


def test_a_folder_is_remembered(tmp_path: Path, cache: Path, mnist: Path) -> None:
    first = choose(tmp_path / "media", str(mnist))
    assert (first.source, first.label, first.path) == ("mnist", "MNIST", str(mnist / "mnist"))
    assert choose(tmp_path / "media") == first


def test_a_folder_may_be_the_one_with_the_files(tmp_path: Path, cache: Path, mnist: Path) -> None:
    assert choose(tmp_path / "media", str(mnist / "mnist")).source == "mnist"


def test_a_cache_that_fills_later_changes_nothing(tmp_path: Path, cache: Path) -> None:
    choose(tmp_path / "media")
    _mnist.write(cache)
    assert choose(tmp_path / "media").label == "digits"
    assert choose(tmp_path / "other").label == "MNIST"  # a media folder without a past


def test_a_request_changes_it(tmp_path: Path, cache: Path, mnist: Path) -> None:
    media = tmp_path / "media"
    assert choose(media).label == "digits"
    assert choose(media, str(mnist)).label == "MNIST"
    assert choose(media, "embedded").label == "digits"
    assert choose(media).label == "digits"


def test_mnist_that_has_gone_is_not_replaced_by_digits(
    tmp_path: Path, cache: Path, mnist: Path
) -> None:
    choose(tmp_path / "media", str(mnist))
    (mnist / "mnist" / _mnist.NAMES["test_images"]).unlink()
    gone = choose(tmp_path / "media")
    assert gone.label == "unknown"
    with pytest.raises(UserError, match=r"chosen before have gone.*--data embedded"):
        gone.check()
    assert choose(tmp_path / "media", "embedded").check().label == "digits"


def test_other_files_have_another_digest(tmp_path: Path, cache: Path, mnist: Path) -> None:
    before = choose(tmp_path / "media", str(mnist))
    _mnist.write(mnist / "mnist", train_labels=np.ones(30, np.uint8))
    assert choose(tmp_path / "media").digest != before.digest


def test_damaged_files_are_refused_and_not_remembered(
    tmp_path: Path, cache: Path, mnist: Path
) -> None:
    (mnist / "mnist" / _mnist.NAMES["train_labels"]).write_bytes(b"\x1f\x8bgarbage")
    with pytest.raises(UserError, match="is damaged"):
        choose(tmp_path / "media", str(mnist))
    assert choose(tmp_path / "media").label == "digits"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(UserError, match=r"--data .*nowhere: no such folder"):
        choose(tmp_path / "media", str(tmp_path / "nowhere"))


def test_download_brings_mnist_where_there_were_digits(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = tmp_path / "media"
    choose(media)
    with pytest.raises(UserError, match="offline"):
        choose(media, download=True)
    assert choose(media).label == "digits"
    monkeypatch.setattr(choice.mirrors, "download", _mnist.write)
    assert choose(media, download=True) == Choice.mnist(cache)
    assert choose(media).label == "MNIST"


def test_download_leaves_a_chosen_folder_alone(tmp_path: Path, cache: Path, mnist: Path) -> None:
    chosen = choose(tmp_path / "media", str(mnist))
    assert choose(tmp_path / "media", download=True) == chosen


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"source": "mnist"}',
        '{"source": "mnist", "path": 5, "digest": "aa", "label": "MNIST"}',
        "[" * 100_000,
    ],
)
def test_a_damaged_memory_is_one_line(tmp_path: Path, cache: Path, content: str) -> None:
    (tmp_path / "data.json").write_text(content)
    with pytest.raises(UserError, match=r"data.json can't be read.*delete it"):
        choose(tmp_path).check()


def test_the_memory_is_readable(tmp_path: Path, cache: Path, mnist: Path) -> None:
    chosen = choose(tmp_path / "media", str(mnist))
    assert json.loads((tmp_path / "media" / "data.json").read_text())["digest"] == chosen.digest


def test_the_files_are_those_that_are_read() -> None:
    assert idx.FILES is choice.FILES


def test_choosing_imports_nothing_heavy() -> None:
    code = "import simulate.data.choice, sys; print({'numpy', 'torch'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
