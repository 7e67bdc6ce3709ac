"""The heads on a sentence: the numbers that are printed, and the lines that are drawn."""

from __future__ import annotations

import re

import numpy as np
import pytest
import xarray as xr
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.text import Annotation

import figures
import scenes
import simulate
from figures.attention import attention_heads as module
from look import heads, theme
from look.numbers import percent
from scenes import render
from scenes.attention.attention_heads import BARS, Bars, Fan, Sentence
from scenes.render import Job, plan, stage
from scenes.render import _Nothing as Nothing
from simulate import recording
from simulate.data import pretrained
from simulate.errors import UserError
from simulate.experiments.attention import attention_heads as experiment
from simulate.measures.attention import shown
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, narrow, telling
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


def _written(foods: float, others: float) -> list[str]:
    """Return both means with the fewest digits whose quotient is the ratio that is written."""
    for style in (".1%", ".2%", ".3%"):
        texts = [f"{share:{style}}" for share in (foods, others)]
        top, below = (float(text.removesuffix("%")) for text in texts)
        if below and f"{top / below:.1f}" == f"{foods / others:.1f}":
            break
    else:
        texts = [f"{foods:.1%}", "< 0.1%" if others < 0.0005 else f"{others:.1%}"]
    return [text.replace("%", "\N{NARROW NO-BREAK SPACE}%") for text in texts]


def test_means_have_the_digits_that_their_ratio_needs() -> None:
    narrow = "\N{NARROW NO-BREAK SPACE}%"
    assert heads.means(0.0951, 0.0322) == {"meant": f"9.5{narrow}", "rest": f"3.2{narrow}"}
    # 17.1 over 3.7 were 4.6
    assert heads.means(0.1713, 0.0366) == {"meant": f"17.13{narrow}", "rest": f"3.66{narrow}"}


def _said(ratio: float) -> str:
    if ratio > 99:
        return "> 99"
    return "< 0.1" if 0 < ratio < 0.05 else f"{ratio:.1f}"


def test_the_figure_draws_every_weight_and_says_every_number(recorded: Recorded) -> None:
    fig, (found,) = drawn("attention_heads", recorded)
    texts = said(fig)
    large, bars = fig.axes
    head, weights = found.attrs["shown_head"], found.attention.values[0]
    role = found.role.values
    asks = role.tolist().index("source")
    at = [t.get_position()[0] for t in large.texts if not isinstance(t, Annotation)]
    quiet, loud = (c for c in large.collections if isinstance(c, LineCollection))
    with theme.use("dark"):
        hues = [to_rgba(heads.color(k))[:3] for k in range(12)]
    for collection, wanted in ((loud, role == "target"), (quiet, role != "target")):
        segments = np.array(collection.get_segments()).reshape(-1, 25, 2)
        np.testing.assert_allclose(segments[:, 0, 0], at[asks])
        keys = [int(np.argmin(np.abs(np.array(at) - x))) for x in segments[:, -1, 0]]
        there = wanted & np.isin(role, ("target", "other")) & (weights[head, asks] > 0)
        assert sorted(keys) == np.flatnonzero(there).tolist(), "all that is counted, no more"
        assert (np.diff(weights[head, asks, keys]) >= 0).all(), "the strongest on top"
        assert (np.diff(collection.get_linewidths()) >= 0).all(), "wider for more"
        if len(keys):
            same = np.isclose(collection.get_colors()[:, :3], hues[head]).all()
            assert same == (collection is loud), "in the head's colour, or muted"
    for ratio in found.ratio.values[0, 0]:
        assert _said(ratio) in texts
    onto = weights[head, asks]  # causal: from the meal that is asked about
    foods, others = onto[role == "target"].mean(), onto[role == "other"].mean()
    assert foods / others == pytest.approx(found.ratio.values[0, 0, head], rel=1e-4)
    narrow = "\N{NARROW NO-BREAK SPACE}%"
    assert f"at a food: {_written(foods, others)[0]} of its attention" in texts
    assert f"at another word: {_written(foods, others)[1]}" in texts
    assert f"Head {head + 1}: on average, “for” looks at a food" in headline(fig)
    # the mean may be the doing of one word
    eaten = np.flatnonzero(role == "target")
    most = eaten[onto[eaten].argmax()]
    rest = onto[np.setdiff1d(eaten, most)].mean()
    (note,) = (t.get_text() for t in large.texts if t.get_gid() == "without")
    alone = f"without “{found.token.values[most]}”: {rest:.0%}".replace("%", narrow)
    assert note == f"of its attention; {alone}"
    top = bars.get_ylim()[1]
    for k, container in enumerate(bars.containers):
        assert container.get_label() == f"first {k}"
        (bar,) = container
        assert bar.get_height() == pytest.approx(min(found.ratio.values[0, 0, k], top))
        assert bar.get_x() + bar.get_width() / 2 == pytest.approx(k + 1)
        (tick,) = (line for line in bars.get_lines() if line.get_label() == f"second {k}")
        assert np.mean(tick.get_xdata()) == pytest.approx(k + 1)
        second = min(found.ratio.values[1, 0, k], top)
        np.testing.assert_allclose(tick.get_ydata(), second, rtol=1e-6)


def test_each_bar_has_its_own_number_and_the_heads_is_in_colour(recorded: Recorded) -> None:
    fig, (found,) = drawn("attention_heads", recorded)
    bars, shown_ = fig.axes[1], found.attrs["shown_head"]
    first, second = found.ratio.values[:, 0]
    under = {(k + 1, said_): k for k in range(len(first)) for said_ in
             (str(k + 1), _said(float(first[k])))}  # fmt: skip
    texts = [text for text in bars.texts if re.fullmatch(r"[<>]? ?[\d.]+", text.get_text())
             and text.get_gid() != "second"]  # fmt: skip
    printed = {(text.xy[0], text.get_text()): text for text in texts}
    assert set(printed) <= set(under)
    assert {key for key, k in under.items() if k == shown_} <= set(printed)
    bold = {under[key] for key, text in printed.items() if text.get_weight() == "semibold"}
    assert bold == {shown_}
    told_ = [text.get_text() for text in bars.texts]
    assert f"attention to foods ÷ to other words, in heads 1 to {len(first)}" in told_
    assert "dashes: on a second sentence" in [text.get_text() for text in bars.texts]
    for told in (text for text in bars.texts if text.get_gid() == "second"):
        assert told.get_text() == _said(float(second[shown_]))
        assert told.xy == (shown_ + 1, pytest.approx(min(second[shown_], bars.get_ylim()[1])))
    with theme.use("dark"):
        hue, quiet = (to_rgba(ink) for ink in (heads.color(shown_), theme.color("quiet")))
    inks = [bar.get_facecolor() for container in bars.containers for bar in container]
    assert inks == [hue if k == shown_ else quiet for k in range(len(first))]
    (one,) = (each for each in bars.get_lines() if list(each.get_xdata()) == [0, 1])
    assert list(one.get_ydata()) == [1, 1], "just as much"


def test_the_films_bars_have_their_own_numbers_and_words_their_own_weights(
    recorded: Recorded,
) -> None:
    found = recording.load(recorded("attention_heads"))
    sections = filmed("attention_heads", recorded)
    for section, end in (("one by one", ""), ("named", ""), ("second", "_1")):
        texts = sections[section]
        printed = [text for text in texts if re.fullmatch(r"[<>]? ?\d+(\.\d)?", text)]
        beside = [_said(found.ratio.values[1, 0, found.attrs["shown_head"]])] if end else []
        assert sorted(printed) == sorted(beside + [str(k + 1) for k in range(12)]), (
            "the heads, and at last the number of the named head's dash"
        )
        role, weights = found[f"role{end}"].values, found[f"attention{end}"].values[0]
        asks = role.tolist().index("source")
        row = weights[found.attrs["shown_head"], asks]
        shares = [percent(float(row[i]), 1) for i in np.flatnonzero(role == "target")]
        shown_ = [text for text in texts if text.endswith("%") and ":" not in text]
        assert shown_ == ([] if section == "one by one" else shares), section


class Seen(render.scene_class("scenes.attention.attention_heads")):  # type: ignore[misc]
    """Keeps the words that stand there when a section ends."""

    shown: list[set[str]]

    def construct(self) -> None:
        self.shown = []
        super().construct()

    def end_of_section(self) -> None:
        super().end_of_section()
        if self.sections:
            self.shown.append({
                part.text for each in self.mobjects for part in each.get_family()
                if isinstance(getattr(part, "text", None), str)
            })  # fmt: skip


@pytest.mark.parametrize("named", [0, 11])
def test_both_means_stand_clear_of_all_bars(named: int, recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.attention.attention_heads import BARS, averages

    found = recording.load(recorded("attention_heads"))
    found.attrs["shown_head"] = named
    ratios = np.full(12, 0.8)
    ratios[named] = 3.0
    for low, clear in ((0.8, True), (2.9, False)):  # others nearly as high leave no room
        ratios[5] = low
        found.ratio.values[0, 0] = ratios
        job = Job(module="scenes.attention.attention_heads", recordings={})
        with stage(job), telling("attention_heads", found):
            bars = Bars(found, 0, ValueTracker(12), ValueTracker(1), ValueTracker(0))
            means = averages(found, 0, Sentence(found), bars)
        row = found.attention.values[0, named, found.role.values.tolist().index("source")]
        foods, others = (float(row[found.role.values == each].mean())
                         for each in ("target", "other"))  # fmt: skip
        assert [each.text for each in means] == clear * [
            f"at a food: {_written(foods, others)[0]} of its attention",
            f"at another word: {_written(foods, others)[1]}",
        ]
        if clear:
            assert means[0].get_right()[0] < means[1].get_left()[0]
            ends = means.get_left()[0], means.get_right()[0]
            assert not ends[0] < bars.xs[named] < ends[1]
            assert means.get_bottom()[1] > BARS[0] + bars.high(0.8)
            told = render.run(Job(module=job.module, recordings={"attention_heads": found},
                                  width=160, height=90, fps=2), Nothing(), Seen).shown  # fmt: skip
            assert [sorted({each.text for each in means} & texts) for texts in told] == [
                [],
                sorted(each.text for each in means),
                [],
            ], "while the head is named"


def test_the_narrow_form_has_the_sentence_in_a_column(recorded: Recorded) -> None:
    fig = narrow("attention_heads", recorded)
    assert fig is not None
    found = recording.load(recorded("attention_heads"))
    words = [t for t in fig.axes[0].texts if not isinstance(t, Annotation)]
    assert [t.get_text() for t in words] == found.token.values.tolist()
    assert (np.diff([t.get_position()[1] for t in words]) > 0).all()
    asks = found.role.values.tolist().index("source")
    for collection in fig.axes[0].collections:
        starts = np.array(collection.get_segments()).reshape(-1, 25, 2)[:, 0, 1]
        np.testing.assert_allclose(starts, words[asks].get_position()[1])


def test_the_narrow_form_writes_the_weights_of_the_wide_one(recorded: Recorded) -> None:
    fig = narrow("attention_heads", recorded)
    assert fig is not None
    found = recording.load(recorded("attention_heads"))
    row = found.attention.values[0, found.attrs["shown_head"], -1]
    foods = [float(row[i]) for i in np.flatnonzero(found.role.values == "target")]
    written = {t.get_text() for t in fig.axes[0].texts if isinstance(t, Annotation)
               and t.get_text().endswith("%") and ":" not in t.get_text()}  # fmt: skip
    assert written == {percent(food, 1) for food in foods}
    at = {t.get_text(): t.xy[1] for t in fig.axes[0].texts if isinstance(t, Annotation)}
    rows = [t.get_position()[1] for t in fig.axes[0].texts if not isinstance(t, Annotation)]
    for i in np.flatnonzero(found.role.values == "target"):
        assert at[percent(float(row[i]), 1)] == rows[i], "in its word's line"


def test_weights_are_written_under_their_words(recorded: Recorded) -> None:
    """Those of a word's pieces on average, in figure and film."""
    fig, (found,) = drawn("attention_heads", recorded)
    row = found.attention.values[0, found.attrs["shown_head"], -1]
    foods = np.flatnonzero(found.role.values == "target")
    at = {t.get_position()[0]: i for i, t in enumerate(
        t for t in fig.axes[0].texts if not isinstance(t, Annotation))}  # fmt: skip
    written = {t.xy[0]: t.get_text() for t in fig.axes[0].texts
               if isinstance(t, Annotation) and t.get_text().endswith("%") and ":" not in
               t.get_text() and t.get_gid() != "other"}  # fmt: skip
    assert written == {x: percent(float(row[i]), 1) for x, i in at.items() if i in foods}
    others = np.flatnonzero(found.role.values == "other")
    most = others[row[others].argmax()]
    for text in (t for t in fig.axes[0].texts if t.get_gid() == "other"):
        assert text.get_text() == percent(float(row[most]), 1), "the strongest of the others"
        assert at[text.xy[0]] == most, "under its word"
    shown_ = filmed("attention_heads", recorded)["named"]
    assert {percent(float(row[i]), 1) for i in foods} <= set(shown_)
    pieces = found.copy(deep=True)
    pieces.continues.values[foods[1]] = 1
    pieces.role.values[foods[1] - 1] = "target"  # a word of two pieces, side by side
    weights = found.attention.values[0, 3]
    source = int(np.flatnonzero(found.role.values == "source")[0])
    for at_, (group, share) in zip(
        ([foods[0]], [foods[1] - 1, foods[1]]), heads.asked(pieces, weights), strict=False
    ):
        assert group == list(at_)
        assert share == pytest.approx(weights[source, at_].mean())
    with theme.use("light"), telling("attention_heads", pieces):
        sheet = module.draw(pieces)
    texts = {t.get_text(): t.xy[0] for t in sheet.axes[0].texts if isinstance(t, Annotation)}
    mean = percent(float(row[[foods[1] - 1, foods[1]]].mean()), 1)
    assert texts["mean of 2 pieces"] == texts[mean]


@pytest.mark.parametrize("against", ["targets", "sources"])
def test_foods_in_pieces_are_said_to_be_counted_by_pieces(against: str, recorded: Recorded) -> None:
    """The mean over all pieces isn't that of the words: which of them it is must be said."""
    found = recording.load(recorded("attention_heads"))
    foods = np.flatnonzero(found.role.values == "target")
    found.continues.values[foods[1]] = 1
    found.role.values[foods[1] - 1] = "target"  # a word of two pieces, side by side
    asks = int(np.flatnonzero(found.role.values == "source")[0])
    pieces = np.flatnonzero(found.role.values == "target")
    row = found.attention.values[0, found.attrs["shown_head"], asks].copy()
    if against == "sources":  # the same weights the other way round: from foods
        found["attention"] = found.attention.copy(data=found.attention.values.swapaxes(2, 3))
        found.role.values[pieces], found.role.values[asks] = "source", "target"
        found.attrs["against"] = "sources"
    who = "at a food" if against == "targets" else "foods"
    told = f"{who}: {percent(float(row[pieces].mean()), 1)} (mean of {len(foods) + 1} pieces)"
    with theme.use("light"), telling("attention_heads", found):
        assert said(module.draw(found)).count(told) == 1


def test_the_films_numbers_say_whose_curves_are_there(recorded: Recorded) -> None:
    """The head's number is lit, and its ratio stands beside it."""
    from unittest.mock import MagicMock

    from manim import ValueTracker

    from scenes.attention.attention_heads import Tag

    found = recording.load(recorded("attention_heads"))
    solo, again, second = ValueTracker(0), ValueTracker(0), ValueTracker(0)
    with (
        stage(Job(module="scenes.attention.attention_heads", recordings={})),
        telling("attention_heads", found),
    ):
        bars = Bars(found, 0, solo, again, second)
        tags = [each for each in bars.numbers if isinstance(each, Tag)]
    bars.named = 6
    for moment, solo_, again_ in [*((k, k, 0) for k in range(12)), (6, 12, 1)]:
        solo.set_value(solo_)
        again.set_value(again_)
        ratio = found.ratio.values[0, 0, moment]
        assert bars.now.text() == f"head {moment + 1}: {_said(ratio)} times", "with its number"
        for k, tag in enumerate(tags):
            tag.paint(MagicMock())
            assert (tag.weight == "semibold") == (k == moment)
            assert tag.text() == str(k + 1)
    second.set_value(0.1)  # on another sentence that number isn't its own
    assert bars.now.text() == f"head {found.attrs['head_number']}"


def test_the_film_names_the_head_and_both_numbers(recorded: Recorded) -> None:
    found = recording.load(recorded("attention_heads"))
    sections = filmed("attention_heads", recorded)
    assert list(sections) == ["one by one", "named", "second"], "a headline each"
    head, (first, second) = (
        found.attrs["shown_head"],
        found.ratio.values[:, 0, found.attrs["shown_head"]],
    )
    value = "more than 99" if first > 99 else f"{first:.1f}"
    assert any(t.startswith(f"Head {head + 1}: {value} times as much") for t in sections["named"])
    value = "more than 99" if second > 99 else f"{second:.1f}"
    assert any(t.endswith(f"not used to choose: {value} times") for t in sections["second"])
    assert {"noodles", "salad", "children"} <= set(sections["second"]), "the sentence itself"
    assert not {"noodles", "children"} & set(sections["named"])


def test_curves_begin_at_who_looks_and_end_at_what_is_looked_at(recorded: Recorded) -> None:
    from manim import ValueTracker

    found = recording.load(recorded("attention_heads"))
    job = Job(module="scenes.attention.attention_heads", recordings={})
    with stage(job), telling("attention_heads", found):
        sentence = Sentence(found)
        fan = Fan(found, 0, sentence, range(12), ValueTracker(11), ValueTracker(0))
    weights = found.attention.values[0]
    role = found.role.values
    asks = role.tolist().index("source")
    for head, lines in enumerate(fan.lines):
        assert (lines["query"] == asks).all()
        np.testing.assert_array_equal(lines["meant"], role[lines["key"]] == "target")
        np.testing.assert_array_equal(lines["weight"], weights[head, asks, lines["key"]])
        wanted = np.isin(role, ("target", "other")) & (weights[head, asks] > 0)
        assert sorted(lines["key"].tolist()) == np.flatnonzero(wanted).tolist()
        for key, curve in zip(lines["key"], lines["curves"], strict=True):
            for end, token in ((curve[0], asks), (curve[-1], key)):
                assert end[0] == pytest.approx(sentence.tops[token, 0])
                assert end[1] in (
                    pytest.approx(sentence.tops[token, 1]), pytest.approx(sentence.feet[token, 1])
                )  # fmt: skip


def test_the_second_sentence_has_curves_of_its_own(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.attention.attention_heads import following

    found = recording.load(recorded("attention_heads"))
    other = following(found)
    job = Job(module="scenes.attention.attention_heads", recordings={})
    with stage(job), telling("attention_heads", found):
        fan = Fan(other, 0, Sentence(other), range(12), ValueTracker(-1), ValueTracker(1))
    head, role = found.attrs["shown_head"], found.role_1.values
    lines, asks = fan.lines[head], role.tolist().index("source")
    weights = found.attention_1.values[0, head, asks]
    np.testing.assert_array_equal(lines["weight"], weights[lines["key"]])
    np.testing.assert_array_equal(lines["meant"], role[lines["key"]] == "target")


@pytest.mark.parametrize("second", [0, 1])
def test_bars_of_the_film_are_the_numbers(second: int, recorded: Recorded) -> None:
    from unittest.mock import MagicMock

    from manim import ValueTracker

    found = recording.load(recorded("attention_heads"))
    for ratios, most in zip(found.ratio.values[:, 0], (3.0, 4.7), strict=True):
        ratios *= most / ratios.max()
    job = Job(module="scenes.attention.attention_heads", recordings={})
    with stage(job), telling("attention_heads", found):
        bars = Bars(found, 0, *(ValueTracker(v) for v in (12, 0, second)))
        told = bars.told()
    pen = MagicMock()
    bars.paint(pen)
    # the bars take all of the room, and make room for the second sentence's dashes
    most = min(found.ratio.values[: 1 + second, 0].max(), 20.0)
    ratios = np.minimum(found.ratio.values[:, 0], most)
    heights = [call.args[3] for call in pen.rectangle.call_args_list]
    np.testing.assert_allclose(  # as in the figure, bars stay those of the first sentence
        heights, np.maximum(ratios[0] / most * BARS[1], 0.02), rtol=1e-6
    )
    one, *lines = [call.args[0] for call in pen.polyline.call_args_list if len(call.args[0]) == 2]
    assert one[0, 1] == one[1, 1] == pytest.approx(BARS[0] + BARS[1] / most), "where a bar is 1"
    assert len(lines) == 1 + 12 * second
    for (start, end), ratio in zip(lines[1:], ratios[1], strict=second > 0):  # the second's
        assert start[1] == end[1] == pytest.approx(BARS[0] + ratio / most * BARS[1])
    shown_ = found.attrs["shown_head"]
    assert told.text == _said(found.ratio.values[1, 0, shown_])
    if second:
        dash = lines[1:][bars.named]
        assert told.get_center()[1] == pytest.approx(dash[0, 1], abs=0.1), "at its dash"
    assert [number.text() for number in bars.numbers] == [str(k + 1) for k in range(12)]


@pytest.mark.parametrize("dash", [0.4, 2.8, 4.7])
def test_the_bar_that_stands_out_has_its_number_in_it_clear_of_the_dash(
    dash: float, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    from unittest.mock import MagicMock

    from manim import ValueTracker

    from scenes.attention import attention_heads as film

    found = recording.load(recorded("attention_heads"))
    shown_ = found.attrs["shown_head"]
    found.ratio.values[:, 0] = 1.0
    found.ratio.values[:, 0, shown_] = 3.0, dash
    solo, second = ValueTracker(0), ValueTracker(0)
    job = Job(module="scenes.attention.attention_heads", recordings={})
    with stage(job), telling("attention_heads", found):
        bars = Bars(found, 0, solo, ValueTracker(0), second)
    written: list[tuple[str, float, float]] = []

    def write(pen: object, text: str, x: float, y: float, em: float, *_: object) -> None:
        written.append((text, x + 0.5 * em * film.font.advance(text, "semibold"), y))

    monkeypatch.setattr(film.font, "write", write)
    for solo_, second_ in ((shown_ - 0.1, 0), (shown_, 0), (12, 0), (12, 1)):
        written.clear()
        solo.set_value(solo_)
        second.set_value(second_)
        bars.paint(MagicMock())
        inside = [each for each in written if each[0] == "3.0"]
        assert len(inside) == (solo_ >= shown_), "once it has grown"
        for _, x, y in inside:
            assert x == pytest.approx(bars.xs[bars.named])
            assert BARS[0] < y < y + 0.3 < BARS[0] + bars.high(3.0)
            assert not second_ or not y - 0.05 < BARS[0] + bars.high(dash) < y + 0.25


@pytest.mark.parametrize("stands", [True, False])
def test_a_head_that_stands_out_has_its_colour_once_its_bar_rises(
    stands: bool, recorded: Recorded
) -> None:
    from unittest.mock import MagicMock

    from manim import ValueTracker

    found = recording.load(recorded("attention_heads"))
    shown_ = found.attrs["shown_head"]
    found.ratio.values[0, 0, shown_] = 3.0 if stands else 1.4
    solo, again = ValueTracker(0), ValueTracker(0)
    job = Job(module="scenes.attention.attention_heads", recordings={})
    with stage(job), telling("attention_heads", found):
        bars = Bars(found, 0, solo, again, ValueTracker(0))
        hue = heads.color(shown_)
    for solo_, again_, wanted in (
        (shown_ - 1, 0, []), (shown_, 0, [shown_] * stands), (12, 0, [shown_] * stands),
        (12, 1, [shown_]),
    ):  # fmt: skip
        solo.set_value(solo_)
        again.set_value(again_)
        pen, ink, painted = MagicMock(), None, []
        bars.paint(pen)
        for name, args, _ in pen.method_calls:
            ink = args[0] if name == "color" else ink
            painted += [ink] if name == "rectangle" else []
        assert [k for k, each in enumerate(painted) if each == hue] == wanted


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
