"""The heads on a sentence: the numbers that are printed, and the lines that are drawn."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba

import figures
import scenes
import simulate
from look import heads, theme
from scenes.attention.attention_heads import Fan, Sentence
from scenes.render import Job, plan, stage
from simulate import recording
from simulate.data import pretrained
from simulate.errors import UserError
from simulate.experiments.attention import attention_heads as experiment
from simulate.measures.attention import shown
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, telling
from tests.visuals._networks import filmed, said
from tests.visuals.test_attention_matrix import headline

installed = pytest.mark.skipif(pretrained.archive() is None, reason="the package isn't here")


def _ratio(found: xr.Dataset, maps: np.ndarray, example: str = "") -> np.ndarray:
    """Return how much more a source attends to a target than to another word, (layer, head)."""
    role = found[f"role{example}"].values
    onto = maps[:, :, role == "source"].mean(2)
    return onto[..., role == "target"].mean(-1) / onto[..., role == "other"].mean(-1)


def test_rows_sum_to_one_and_the_number_of_every_head_is_that_of_its_map(
    recorded: Recorded,
) -> None:
    found = recording.load(recorded("attention_heads"))
    for end in ("", "_1"):
        maps = found[f"attention{end}"].values
        assert np.abs(maps.sum(-1) - 1).max() < 1e-5
        assert not np.triu(maps, 1).any()
    for example, end in enumerate(("", "_1")):
        expected = _ratio(found, found[f"attention{end}"].values, end)
        np.testing.assert_allclose(found.ratio[example], expected, rtol=1e-4)
    attrs = found.attrs
    assert attrs["causal"] == 1
    assert attrs["n_looked"] == 12 == found.sizes["head"]
    assert attrs["head_number"] == found.ratio.values[0, 0].argmax() + 1
    assert attrs["second"] == found.ratio.values[1, 0, attrs["head_number"] - 1]
    assert attrs["second_rank"] == 1 + (found.ratio.values[1, 0] > attrs["second"]).sum()


def test_the_real_model_is_taken_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    full = experiment.EXPERIMENT.settings
    monkeypatch.setattr(pretrained, "archive", lambda: Path("model.zip"))
    (run,) = experiment.runs(full).values()
    assert (run.pretrained, run.digest) == (pretrained.NAME, pretrained.DIGEST)
    assert "breakfast" in run.texts[0]
    assert {"pancakes", "eggs", "oatmeal"} == set(run.sources[0])
    for missing in ("archive", "find_spec"):  # the package, or what reads it
        with monkeypatch.context() as patch:
            patch.setattr(pretrained, missing, lambda *name: None)
            (run,) = experiment.runs(full).values()
            assert run.model.name == "transformer"
    assert run.model.settings["n_heads"] == 12


@installed
def test_the_real_model_looks_both_ways_and_a_second_sentence_agrees(record: Record) -> None:
    found = record("attention_heads", model="auto")
    maps = found.attention.values
    assert maps.shape[:2] == (6, 12)
    assert np.abs(maps.sum(-1) - 1).max() < 1e-5
    assert found.attrs["causal"] == 0
    assert found.attrs["model"] == "all-MiniLM-L6-v2"
    role = found.role.values
    target, source, other = (role == name for name in ("target", "source", "other"))
    onto = maps[0][:, :, target].sum(-1)  # (head, query)
    ratio = onto[:, source].mean(1) / onto[:, other].mean(1)
    np.testing.assert_allclose(found.ratio[0, 0], ratio, rtol=1e-5)
    assert (found.attrs["head_number"], found.attrs["layer_number"]) == (11, 1)
    assert found.attrs["first"] == pytest.approx(3.015, abs=0.01)
    assert found.attrs["second"] == pytest.approx(4.656, abs=0.01)
    assert found.attrs["second_rank"] == 1


def test_the_figure_draws_every_weight_and_says_every_number(recorded: Recorded) -> None:
    fig, (found,) = drawn("attention_heads", recorded)
    texts = said(fig)
    head = found.attrs["shown_head"]
    weights = found.attention.values[0]
    lines = [
        next(c for c in ax.collections if isinstance(c, LineCollection)) for ax in fig.axes[:13]
    ]  # fmt: skip
    for number, collection in zip([head, *range(12)], lines, strict=True):
        segments = np.array(collection.get_segments())
        query, key = segments[:, 0, 1].astype(int), segments[:, 1, 1].astype(int)
        drawn_weights = np.zeros(weights.shape[1:], bool)
        drawn_weights[query, key] = True
        np.testing.assert_array_equal(drawn_weights, weights[number] >= 0.01)
        widths = np.array(collection.get_linewidths())
        order = np.argsort(weights[number][query, key])
        assert (np.diff(widths[order]) >= -1e-9).all(), "wider for more"
        with theme.use("dark"):
            hue = to_rgba(heads.color(number))[:3]
        if number != head:
            np.testing.assert_allclose(
                collection.get_colors()[:, :3], np.tile(hue, (len(query), 1))
            )
    # the large one: what "for" looks at is in colour, the rest muted
    collection = lines[0]
    asked = np.array(collection.get_segments())[:, 0, 1] == found.role.values.tolist().index(
        "source"
    )
    with theme.use("dark"):
        hue = to_rgba(heads.color(head))[:3]
    np.testing.assert_array_equal(np.isclose(collection.get_colors()[:, :3], hue).all(1), asked)
    for ratio in found.ratio.values[0, 0]:
        assert ("> 99.0×" if ratio > 99 else f"{ratio:.1f}×") in texts
    assert f"Head {head + 1}: on average, “for” looks at a food" in headline(fig)
    strip = fig.axes[13]
    top = strip.get_ylim()[1]
    for i, which in enumerate(("first", "second")):
        for k in range(12):
            (dot,) = (x for x in strip.get_lines() if x.get_label() == f"{which} {k}")
            assert dot.get_xdata()[0] == k + 1
            assert dot.get_ydata()[0] == pytest.approx(min(found.ratio.values[i, 0, k], top))


def test_the_film_names_the_head_and_both_numbers(recorded: Recorded) -> None:
    found = recording.load(recorded("attention_heads"))
    sections = filmed("attention_heads", recorded)
    head, (first, second) = (
        found.attrs["shown_head"],
        found.ratio.values[:, 0, found.attrs["shown_head"]],
    )
    ladder = sections["one by one"]
    for k, ratio in enumerate(found.ratio.values[0, 0].tolist()):
        assert str(k + 1) in ladder
        assert ("> 99.0×" if ratio > 99 else f"{ratio:.1f}×") in ladder
    value = "more than 99.0" if first > 99 else f"{first:.1f}"
    assert any(t.startswith(f"Head {head + 1}: {value} times as much") for t in sections["named"])
    value = "more than 99.0" if second > 99 else f"{second:.1f}"
    assert any(t.endswith(f"not used for the choice: {value} times") for t in sections["second"])
    assert "Rings: “last week the children ate noodles and salad with …”" in sections["second"]


def test_lines_begin_at_who_looks_and_end_at_what_is_looked_at(recorded: Recorded) -> None:
    from manim import ValueTracker

    found = recording.load(recorded("attention_heads"))
    job = Job(module="scenes.attention.attention_heads", recordings={})
    with stage(job), telling("attention_heads", found):
        sentence = Sentence(found)
        fan = Fan(found, 0, sentence, *(ValueTracker(v) for v in (1.0, -1.0, 0.0)))
    assert sentence.starts[:, 1].min() > sentence.ends[:, 1].max(), "who looks stands above"
    assert (np.diff(sentence.starts[:, 1]) < 0.5).all(), "lines run down"
    weights = found.attention.values[0]
    for head, lines in enumerate(fan.lines):
        away = np.tril(weights[head], -1)  # to another word
        query, key = np.unravel_index(away.argmax(), away.shape)
        (at,) = np.flatnonzero(lines["weight"] == weights[head, query, key])
        np.testing.assert_array_equal(lines["starts"][at], sentence.starts[query])
        np.testing.assert_array_equal(lines["ends"][at], sentence.ends[key])


# ---------------------------------------------------------------------------- a text of one's own


def own(text: list[str], seed: int = 0) -> xr.Dataset:
    """Return the attention of an untrained network on some words."""
    import torch

    torch.manual_seed(seed)
    net = torch.nn.TransformerEncoderLayer(24, nhead=12, batch_first=True)
    return simulate.attention(net, torch.randn(len(text), 24), words=text)


def test_sixty_tokens_fit_and_one_more_is_refused() -> None:
    words = [f"word{i}" for i in range(60)]
    from figures import layout

    fig = figures.draw("attention_heads", own(words), title="Mine")
    assert layout.problems(fig) == []
    assert {"word0", "word59"} <= set(said(fig))
    told = " ".join(said(fig))
    assert "TransformerEncoderLayer: one layer of 12 heads; a token may look both ways" in told
    for make in (figures.draw, lambda *a: scenes.film(*a, "never.mp4")):
        with pytest.raises(UserError, match="shows at most 60 tokens, and this text has 61"):
            make("attention_heads", own([*words, "more"]))


@pytest.mark.parametrize("n", [2, 3, 30])
def test_texts_of_any_length_can_be_read(n: int) -> None:
    from figures import layout

    assert layout.problems(figures.draw("attention_heads", own(["word"] * n))) == []
    assert layout.problems(figures.draw("attention_matrix", own(["word"] * n))) == []


def test_a_long_text_runs_in_lines_in_the_film(tmp_path) -> None:
    from scenes import layout as checks

    data = own([f"word{i}" for i in range(60)])
    path = tmp_path / "mine.nc"
    recording.save(data, path)
    from look import visuals

    found = visuals.drawn("attention_heads", "scenes", data)
    job = Job(module=found.module, recordings=found.recordings, words=found.row, width=640,
              height=360, fps=5)  # fmt: skip
    assert checks.problems(job) == []
    assert 6 < plan(job).n_frames / 5 < 20


def test_what_fonts_lack_is_given_by_its_number_and_named() -> None:
    data = own(["早饭", "eggs", "मैंने", "\n", "é"])
    fig = figures.draw("attention_heads", data)
    texts = said(fig)
    assert {"U+65E9 U+996D", "eggs", "U+092E +4", "⟨line⟩", "é"} <= set(texts)
    assert "U+…: characters that this font lacks (CJK), by their numbers" in texts


def test_pieces_and_bytes_are_shown_as_what_they_are(recorded: Recorded) -> None:
    data = own(["[CLS]", "oat", "meal", "ñ", "ñ"])
    data["special"] = ("position", [1, 0, 0, 0, 0])
    data["continues"] = ("position", [0, 0, 1, 0, 1])
    data["start"], data["stop"] = ("position", [-1, 0, 3, 8, 8]), ("position", [-1, 3, 7, 9, 9])
    assert heads.labels(data, lambda char: True) == ["[CLS]", "oat", "·meal", "ñ 1/2", "ñ 2/2"]


def test_layer_and_head_can_be_chosen(recorded: Recorded) -> None:
    found = recording.load(recorded("attention_heads"))
    chosen = shown(found, 0, 4)
    assert (chosen.attrs["shown_layer"], chosen.attrs["shown_head"]) == (0, 4)
    for wrong in ({"layer": 3}, {"head": 12}):
        with pytest.raises(UserError, match=r"is (3|12); there are 0 to"):
            shown(found, **wrong)


def test_colours_of_heads_are_no_signs_and_can_be_told() -> None:
    import colorsys

    from look.layout import contrast

    for name in ("dark", "light"):
        with theme.use(name):
            colors = [to_rgba(heads.color(k))[:3] for k in range(12)]
            back = to_rgba(theme.color("background"))[:3]
        assert len(set(colors)) == 12
        assert min(float(contrast(color, back)) for color in colors) >= 3
        for color in colors:
            hue = 360 * colorsys.rgb_to_hsv(*color)[0]
            assert not 20 < hue < 50, "orange is the sign of a number"
            assert not 190 < hue < 245, "blue is the other"
