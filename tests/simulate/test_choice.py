"""Which digits: decided once, remembered, changed only on request."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from simulate import specs
from simulate.data import choice
from simulate.data import folder as files
from simulate.data._load import load
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
    assert (first.source, first.label, first.path) == ("images", _mnist.LABEL, str(mnist / "mnist"))
    assert choose(tmp_path / "media") == first


def test_a_folder_may_be_the_one_with_the_files(tmp_path: Path, cache: Path, mnist: Path) -> None:
    assert choose(tmp_path / "media", str(mnist / "mnist")).source == "images"


def test_a_cache_that_fills_later_changes_nothing(tmp_path: Path, cache: Path) -> None:
    choose(tmp_path / "media")
    _mnist.write(cache)
    assert choose(tmp_path / "media").label == "digits"
    assert choose(tmp_path / "other").label == _mnist.LABEL  # a media folder without a past


def test_a_request_changes_it(tmp_path: Path, cache: Path, mnist: Path) -> None:
    media = tmp_path / "media"
    assert choose(media).label == "digits"
    assert choose(media, str(mnist)).label == _mnist.LABEL
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
    assert choose(media, download=True) == Choice.folder(cache)
    assert choose(media).label == _mnist.LABEL


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


def _known(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what lies in a folder be what MNIST's checksums say, under other compression."""
    for name in files.FILES:
        content = gzip.decompress((folder / f"{name}.gz").read_bytes())
        monkeypatch.setitem(files.CONTENTS, name, {hashlib.sha256(content).hexdigest()})


def test_mnist_is_known_by_its_checksums(
    tmp_path: Path, cache: Path, mnist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it is compressed, and whatever stands beside it."""
    folder = mnist / "mnist"
    _known(folder, monkeypatch)
    chosen = choose(tmp_path / "media", str(mnist))
    assert (chosen.source, chosen.label, chosen.one, chosen.many) == (
        "mnist", "MNIST", "digit", "digits",
    )  # fmt: skip
    labels = folder / "t10k-labels-idx1-ubyte.gz"
    (folder / "t10k-labels-idx1-ubyte").write_bytes(gzip.decompress(labels.read_bytes()))
    labels.unlink()
    assert choose(tmp_path / "media", str(mnist)).label == "MNIST"


def test_one_byte_more_or_less_is_not_mnist(
    tmp_path: Path, cache: Path, mnist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = mnist / "mnist"
    _known(folder, monkeypatch)
    choose(tmp_path / "media", str(mnist))
    images = _mnist.arrays()["test_images"]
    images[3, 4, 5] ^= 1
    _mnist.write(folder, test_images=images)
    assert choose(tmp_path / "media").label == _mnist.LABEL


def test_the_tests_own_part_of_mnist_is_mnist(tmp_path: Path, cache: Path) -> None:
    folder = os.environ.get("TEACHNET_DATA", "")
    if not (Path(folder) / "mnist").is_dir():
        pytest.skip("no MNIST here")
    assert choose(tmp_path / "media", folder).label == "MNIST"


def test_what_nobody_named_is_refused(tmp_path: Path, cache: Path, mnist: Path) -> None:
    (mnist / "mnist" / "dataset.toml").unlink()
    with pytest.raises(UserError, match=r"not MNIST's; say what they are with --label NAME"):
        choose(tmp_path / "media", str(mnist))
    named = choose(tmp_path / "media", str(mnist), label="Fashion-MNIST")
    assert (named.label, named.one, named.many) == ("Fashion-MNIST", "image", "images")
    assert choose(tmp_path / "media") == named  # it keeps its name
    assert choose(tmp_path / "media", str(mnist)) == named


@pytest.mark.parametrize("name", ["MNIST", "mnist"])
def test_nothing_else_is_called_mnist(tmp_path: Path, cache: Path, mnist: Path, name: str) -> None:
    with pytest.raises(UserError, match=r"not MNIST's, by their checksums"):
        choose(tmp_path / "media", str(mnist), label=name)
    (mnist / "mnist" / "dataset.toml").write_text(f'label = "{name}"')
    with pytest.raises(UserError, match=r"not MNIST's, by their checksums"):
        choose(tmp_path / "media", str(mnist))


def test_a_file_names_data_and_classes(tmp_path: Path, cache: Path, mnist: Path) -> None:
    toml = mnist / "mnist" / "dataset.toml"
    toml.write_text(
        'label = "Clothes"\none = "garment"\nmany = "garments"\nclasses = ["shirt", "coat"]'
    )
    two = {part: values % 2 for part, values in _mnist.arrays().items() if "labels" in part}
    for part, values in two.items():
        content = gzip.compress(_mnist.idx(values))
        (mnist / "mnist" / _mnist.NAMES[part]).write_bytes(content)
    chosen = choose(tmp_path / "media", str(mnist))
    data = load(specs.Data(name="mnist"), chosen)
    assert (data.label, data.one, data.many) == ("Clothes", "garment", "garments")
    assert (data.n_classes, data.class_names) == (2, ["shirt", "coat"])
    before = chosen.naming
    toml.write_text(toml.read_text().replace("coat", "hat"))
    assert choose(tmp_path / "media").naming != before  # and what shows it is stale


def test_classes_without_names_are_as_many_as_the_labels(
    tmp_path: Path, cache: Path, mnist: Path
) -> None:
    (mnist / "mnist" / "dataset.toml").write_text('label = "Plain"')
    data = load(specs.Data(name="mnist"), choose(tmp_path / "media", str(mnist)))
    assert (data.n_classes, data.class_names[-1]) == (10, "9")


def test_more_labels_than_names_are_refused(tmp_path: Path, cache: Path, mnist: Path) -> None:
    (mnist / "mnist" / "dataset.toml").write_text('label = "Few"\nclasses = ["a", "b"]')
    with pytest.raises(UserError, match=r"has the label 9, and dataset\.toml names 2 classes"):
        choose(tmp_path / "media", str(mnist))


@pytest.mark.parametrize(
    "content",
    [
        'label = ""',
        "label = 5",
        "lable = 'x'",
        "label",
        'label = "x"\nclasses = "a"',
        "\xff",
        "[" * 9000,
    ],
)
def test_a_wrong_file_is_one_line(tmp_path: Path, cache: Path, mnist: Path, content: str) -> None:
    (mnist / "mnist" / "dataset.toml").write_bytes(content.encode("latin-1"))
    with pytest.raises(UserError, match=r"dataset.toml is wrong: .*it takes label") as caught:
        choose(tmp_path / "media", str(mnist))
    assert "\n" not in str(caught.value)


def test_a_label_without_a_folder_is_refused(tmp_path: Path, cache: Path) -> None:
    for data in (None, "embedded"):
        with pytest.raises(UserError, match="names the images of --data DIR"):
            choose(tmp_path / "media", data, label="Clothes")


def test_choosing_imports_nothing_heavy() -> None:
    code = "import simulate.data.choice, sys; print({'numpy', 'torch'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
