"""``teachnet attention``: pictures and recordings of one's own text, and refusals in a line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import torch
import xarray as xr
from click.testing import CliRunner, Result

import cli
import simulate
from simulate import recording
from simulate.measures import attention as measuring


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Let a network of our own read, and note what it was asked."""
    asked: list[dict[str, Any]] = []
    plain = measuring.attention

    def attention(text: str, **given: Any) -> xr.Dataset:
        asked.append({"text": text, **given})
        torch.manual_seed(0)
        net = torch.nn.TransformerEncoder(
            torch.nn.TransformerEncoderLayer(12, nhead=12, batch_first=True, dim_feedforward=8), 2
        )
        words = text.split()
        more = {name: given[name] for name in ("sources", "targets")}
        return plain(net, torch.randn(len(words), 12), words=words, **more)

    monkeypatch.setattr(measuring, "attention", attention)
    return asked


def teachnet(*args: str) -> Result:
    return CliRunner().invoke(cli.cli, ["attention", *args])


def test_the_ending_decides_what_is_made(read: list[Any], tmp_path: Path) -> None:
    for ending, start in ((".png", b"\x89PNG"), (".svg", b"<?xml"), (".nc", b"\x89HDF")):
        path = tmp_path / f"heads{ending}"
        result = teachnet("--text", "eggs for breakfast", "-q", "draft", "-o", str(path))
        assert (result.exit_code, result.output) == (0, f"{path}\n")
        assert path.read_bytes().startswith(start)
    data = recording.load(tmp_path / "heads.nc")
    recording.check(data)
    assert data.attention.shape == (2, 12, 3, 3)
    assert read[0]["text"] == "eggs for breakfast"
    assert "model" not in read[0], "the packaged model is the default"
    svg = (tmp_path / "heads.svg").read_text(encoding="utf-8")
    assert "What each head of layer 1 looks at in “eggs for breakfast”" in svg


def test_a_film_and_all_that_can_be_asked(read: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "heads.mp4"
    result = teachnet(
        "--text", "we ate eggs for breakfast", "--model", "gpt2", "--revision", "main", "--from",
        "eggs, ate", "--to", "breakfast", "--layer", "1", "--head", "4", "-q", "draft", "-o",
        str(path),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    with av.open(str(path)) as container:
        assert 10 < container.streams.video[0].frames / 15 < 20
    (asked,) = read
    assert (asked["model"], asked["revision"]) == ("gpt2", "main")
    assert (asked["sources"], asked["targets"]) == (["eggs", "ate"], ["breakfast"])


def test_the_chosen_layer_and_head_are_kept(read: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "a.nc"
    teachnet("--text", "a b c", "--layer", "1", "--head", "4", "-o", str(path))
    data = recording.load(path)
    assert (data.attrs["shown_layer"], data.attrs["shown_head"]) == (1, 4)
    np.testing.assert_array_equal(data.layer, [0, 1])


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["-o", "a.html"], "there are no interactive pages yet; give .mp4, .png, .svg or .nc"),
        (["-o", "a.gif"], "'a.gif' has no known ending; give .mp4, .png, .svg, .nc"),
        (["-o", "a.png", "--from", "x"], "--from and --to belong together"),
        (["-o", "a.png", "--layer", "2"], "layer is 2; there are 0 to 1"),
        (["-o", "a.png", "--head", "12"], "head is 12; there are 0 to 11"),
        (["-o", "a.png", "--from", "x", "--to", "b"], "sources has 'x', which is no word of"),
    ],
)
def test_refusals(args: list[str], said: str, read: list[Any]) -> None:
    result = teachnet("--text", "a b", *args)
    assert result.exit_code == 2
    assert said in result.output
    assert result.output.count("\n") == 1


def test_a_text_that_is_too_long_for_a_picture(read: list[Any], tmp_path: Path) -> None:
    text = " ".join(f"w{i}" for i in range(61))
    result = teachnet("--text", text, "-o", str(tmp_path / "a.png"))
    assert result.exit_code == 2
    assert "a picture shows at most 60 tokens, and this text has 61" in result.output
    assert teachnet("--text", text, "-o", str(tmp_path / "a.nc")).exit_code == 0


def test_what_is_read_is_the_public_function() -> None:
    assert simulate.attention is measuring.attention
