"""A head finds its pattern: what it looks at, and what the transformer says, at every look."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker
from matplotlib.colors import to_hex, to_rgb
from torch.nn import functional

from figures import render
from figures.attention import attention_training as module
from look import heads, theme
from look.numbers import percent
from simulate import recording
from simulate.data import meals
from simulate.experiments.attention import _meals
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, narrow, telling
from tests.visuals._networks import filmed
from tests.visuals._pen import Pen
from tests.visuals._whole import labels, points
from tests.visuals.test_attention_matrix import headline


@pytest.fixture(scope="module")
def found(record: Record) -> xr.Dataset:
    """Return a training long enough for a head to find the foods."""
    return record("attention_training", n_train=1000, n_steps=110, lr=0.006, every=10)


def test_a_head_finds_the_foods_and_the_meal_is_said(found: xr.Dataset) -> None:
    attrs = found.attrs
    assert attrs["found"] == 1
    assert attrs["end_weight"] > 0.5 > attrs["start_weight"]
    assert attrs["says_right"] == 1
    assert attrs["end_probability"] > 0.8 > 0.1 > attrs["start_probability"]
    assert attrs["meal_right"] > 0.9
    assert attrs["held_mean"] > 2 * attrs["even"]


def test_weights_are_those_of_the_words(found: xr.Dataset) -> None:
    maps = found.attention.values  # (example, snapshot, layer, head, query, key)
    assert np.abs(maps.sum(-1) - 1).max() < 1e-5
    assert not np.triu(maps, 1).any(), "it may look back only"
    foods = {food for some in meals.FOODS.values() for food in some}
    for example, sentence in enumerate(meals.SHOWN):
        words = sentence.split()
        assert found.word.values[example].tolist() == words[:-1]
        assert str(found.answer.values[example]) == words[-1]
        eaten = [i for i, word in enumerate(words) if word in foods]
        expected = maps[example, :, :, :, -1][..., eaten].sum(-1)
        np.testing.assert_allclose(found.food_weight[example], expected, atol=1e-6)
    best = found.food_weight.values[0, -1]
    assert best[0, found.attrs["shown_head"]] == best.max()
    course = found.food_weight.values[0, :, 0, found.attrs["shown_head"]]
    steps = found.snapshot.values
    later = course[steps >= found.attrs["found_step"]]
    assert (later > 0.5).all()
    before = course[steps < found.attrs["found_step"]]
    assert before[-1] <= 0.5


def test_the_last_map_and_probability_are_the_networks_own(record: Record) -> None:
    """One run, whoever asks for it: read again by plain torch."""
    from simulate import specs
    from simulate.experiments._run import Run
    from simulate.experiments.attention import attention_training as experiment
    from simulate.training.execute import execute

    found = record("attention_training")
    settings = experiment.EXPERIMENT.tiny
    spec = experiment.runs(settings)["training"]
    assert isinstance(spec, specs.Train)
    network = Run(spec, execute(spec)).model()
    tokens = torch.tensor([meals.encoded(" ".join(words)) for words in _meals.shown()])
    with torch.no_grad():
        logits = network(tokens)[:, :, -1]
        block = network.blocks[0]
        q, k, _ = block.vectors(network.embed(tokens))
        scores = q @ k.mT / 2  # heads of four numbers
        ahead = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
        maps = scores.masked_fill(ahead, -torch.inf).softmax(-1)
    chances = functional.softmax(logits, 1)[:, [meals.WORDS.index(meal) for meal in meals.FOODS]]
    np.testing.assert_allclose(found.probability[:, -1], chances, atol=1e-5)
    np.testing.assert_allclose(found.attention[:, -1, 0], maps, atol=1e-5)
    assert network(tokens).shape[1] == len(meals.WORDS)


def test_the_figure_draws_the_row_of_the_last_word(recorded: Recorded) -> None:
    fig, (found,) = drawn("attention_training", recorded)
    head = found.attrs["shown_head"]
    rows = found.attention.values[0, :, 0, head, -1]  # (snapshot, key)
    (mesh,) = fig.axes[0].collections
    frames = [p.get_y() + 0.5 for p in fig.axes[0].patches if p.get_label() == "food"]
    assert frames == np.flatnonzero(found.role.values[0] == "food").tolist()
    np.testing.assert_allclose(
        mesh.get_facecolor()[:, :3], heads.cells(rows.T, head).reshape(-1, 3), atol=1e-6
    )
    assert fig.axes[0].get_ylim() == (12.5, -0.5), "the first word on top"
    together = percent(float(rows[-1, [int(i) for i in frames]].sum()))
    (held,) = (t for t in fig.axes[0].texts if t.get_text() == f"foods  {together}")
    assert held.xy[1] == (frames[0] + frames[-1]) / 2
    (chart,) = (ax for ax in fig.axes if len(ax.get_lines()) > 1 and ax is not fig.axes[0])
    curves = {line.get_label(): line for line in chart.get_lines()}
    np.testing.assert_allclose(
        curves["weight on the foods"].get_ydata(), found.food_weight[0, :, 0, head]
    )
    np.testing.assert_allclose(
        curves["it says “breakfast”"].get_ydata(), found.probability[0, :, 0]
    )
    if found.attrs["found"]:
        assert f"From step {found.attrs['found_step']} on" in headline(fig)
    ends = {t.xy[1]: t.get_text() for t in fig.axes[0].texts if t.get_text().endswith("%")
            and t is not held}  # fmt: skip
    most = max((int(i) for i in frames), key=lambda i: rows[-1, i])
    assert ends == {most: percent(float(rows[-1, most]))}, "in the end"
    spans = [line for line in chart.get_lines() if line.get_label() == "_later"]
    right = found.probability.values[0, :, 0] > 0.5
    firm = [k for k in range(len(right)) if right[k:].all()]
    later = firm and found.snapshot.values[firm[0]] - found.attrs["found_step"]
    assert len(spans) == int(bool(found.attrs["found"] and firm and later > 0))
    for span in spans:  # from the finding to the word
        assert list(span.get_xdata()) == [found.attrs["found_step"], found.snapshot[firm[0]]]
        assert len(set(span.get_ydata())) == 1


def test_a_word_that_follows_is_marked_from_step_to_step(recorded: Recorded) -> None:
    found = recording.load(recorded("attention_training")).copy(deep=True)
    steps, head = found.snapshot.values, found.attrs["shown_head"]
    n = len(steps)
    found.food_weight[0, :, 0, head] = np.where(np.arange(n) < 1, 0.25, 0.75)
    found.probability[0, :, 0] = np.where(np.arange(n) < n - 1, 0.125, 0.875)
    found.attrs |= {"found": 1, "found_step": int(steps[1])}
    fig = render.figure(
        "figures.attention.attention_training", {"attention_training": found}, "dark"
    )
    (chart,) = (ax for ax in fig.axes if len(ax.get_lines()) > 1 and ax is not fig.axes[0])
    (span,) = (line for line in chart.get_lines() if line.get_label() == "_later")
    assert list(span.get_xdata()) == [steps[1], steps[-1]]
    assert (float(steps[1]), 0.75) in points(chart)
    assert (float(steps[-1]), 0.875) in points(chart)
    assert f"“breakfast” is over half {steps[-1] - steps[1]} steps later" in labels(chart)
    at = {t.xy: t.get_text() for t in chart.texts if t.get_gid() == "reading"}
    assert at == {(steps[1], 0.75): percent(0.75), (steps[-1], 0.875): percent(0.875)}
    (drop,) = (line for line in chart.get_lines() if line.get_label() == "_reached")
    assert list(drop.get_xdata()) == [steps[-1], steps[-1]]
    assert list(drop.get_ydata()) == [span.get_ydata()[0], 0.875], "from the dot to the mark"


def test_each_row_is_named_and_the_finding_is_marked_where_it_is(recorded: Recorded) -> None:
    fig, (found,) = drawn("attention_training", recorded)
    attrs, role = found.attrs, found.role.values[0]
    rows = {text.xy[1]: text for text in fig.axes[0].texts
            if text.xy[0] == found.snapshot.values[0] and isinstance(text.xy[1], int)}  # fmt: skip
    assert {y: text.get_text() for y, text in rows.items()} == dict(
        enumerate(found.word.values[0].tolist())
    )
    bold = [y for y, text in rows.items() if text.get_weight() == "semibold"]
    assert bold == np.flatnonzero(role != "other").tolist()
    (mesh,) = fig.axes[0].collections
    edges, steps = np.asarray(mesh.get_coordinates())[0, :, 0], found.snapshot.values
    between = (steps[1:] + steps[:-1]) / 2
    np.testing.assert_allclose(edges, [steps[0], *between, steps[-1]])
    (chart,) = (ax for ax in fig.axes if len(ax.get_lines()) > 1 and ax is not fig.axes[0])
    with theme.use("dark"):
        inks = {name: theme.color(token).lower() for name, token in
                (("weight on the foods", "green"), ("it says “breakfast”", "purple"))}  # fmt: skip
    for name, ink in inks.items():
        (curve,) = (each for each in chart.get_lines() if each.get_label() == name)
        np.testing.assert_array_equal(curve.get_xdata(), found.snapshot)
        assert to_hex(curve.get_color()) == ink
        (end,) = (text for text in chart.texts if text.get_text() == name)
        assert end.xy == (curve.get_xdata()[-1], curve.get_ydata()[-1])
    course = found.food_weight.values[0, :, 0, attrs["shown_head"]]
    since = [step for k, step in enumerate(found.snapshot.values) if (course[k:] > 0.5).all()]
    marks = [
        [x[0] for x, y in (each.get_data() for each in ax.get_lines())
         if list(y) == [0, 1] and x[0] == x[1]]
        for ax in (fig.axes[0], chart)
    ]  # fmt: skip
    assert marks == [since[:1], since[:1]]
    likely = found.probability.values[0, :, 0]
    comes = [step for k, step in enumerate(found.snapshot.values) if (likely[k:] > 0.5).all()]
    told = {text.get_text(): text.xy for text in chart.texts if text.get_text().startswith("“")}
    later = comes[0] - since[0] if comes and since else None
    words = (
        "is not over half later"
        if later is not None and later <= 0
        else f"is over half {later} steps later"
    )
    assert told == ({} if later is None else {f"“breakfast” {words}": (comes[0], module.SPAN)})
    sheet = narrow("attention_training", recorded)
    assert sheet is not None
    texts = [text.get_text() for ax in sheet.axes for text in ax.texts] + [
        text.get_text() for text in sheet.texts]  # fmt: skip
    assert f"weight on the foods  {percent(float(course[-1]))}" in texts
    assert f"it says “breakfast”  {percent(float(likely[-1]))}" in texts


def test_the_films_shares_are_of_the_words_and_meals_in_their_order(recorded: Recorded) -> None:
    found = recording.load(recorded("attention_training"))
    head, meals_ = found.attrs["shown_head"], found["class"].values.tolist()
    last = found.sizes["snapshot"] - 1
    for (section, texts), (example, at) in zip(
        filmed("attention_training", recorded).items(),
        ((0, 0), (0, last), (0, last), (1, last)),
        strict=True,
    ):
        foods = float(found.food_weight[example, at, 0, head])
        chances = found.probability.values[example, at].tolist()
        shares = [text for text in texts if text.endswith("%")]
        assert shares == [percent(share) for share in (foods, *chances)], section
        assert [text for text in texts if text in meals_] == meals_
        words = found.word.values[example].tolist()
        assert [text for text in texts if text in words][: len(words)] == words
        assert f"head {head + 1} of {found.sizes['head']}" in texts


def test_the_films_bars_of_meals_are_their_chances(recorded: Recorded) -> None:
    from scenes.attention import attention_training as film

    found = recording.load(recorded("attention_training"))
    chances, right = found.probability.values[1], 2
    with telling("attention_training", found), theme.use("dark"):
        part, pen = film.Chances(chances, right, ValueTracker(1)), Pen()
        purple, muted = (to_rgb(theme.color(token)) for token in ("purple", "muted"))
    part.paint(pen)  # type: ignore[arg-type]
    bars = np.array(pen.bars)[1::2]
    np.testing.assert_allclose(bars[:, 2], film.BARS[1] * chances[1])
    assert (np.diff(bars[:, 1]) < 0).all()
    wanted = [purple if k == right else muted for k in range(len(bars))]
    np.testing.assert_allclose(pen.inks[1::2], wanted)


def test_the_film_counts_what_was_recorded(recorded: Recorded) -> None:
    found = recording.load(recorded("attention_training"))
    sections = filmed("attention_training", recorded)
    narrow = "\N{NARROW NO-BREAK SPACE}"
    assert list(sections) == ["question", "training", "found", "second"]
    assert percent(found.attrs["start_probability"]) in sections["question"]
    assert percent(found.attrs["end_probability"]) in sections["found"]
    last = sections["second"]
    weight = f"{found.attrs['second_weight']:.0%}".replace("%", f"{narrow}%")
    assert any(f"puts {weight} of its weight" in t for t in last)
    right = found["class"].values.tolist().index(str(found.answer.values[1]))
    chance = percent(float(found.probability[1, -1, right]))
    assert any(t.endswith(f"“{found.answer.values[1]!s}” gets {chance}.") for t in last)
    assert {"noodles", "salad", "breakfast", "lunch", "dinner"} <= set(last)
    assert str(found.attrs["n_steps"]) in last


def test_the_film_draws_the_weights_of_the_moment(recorded: Recorded) -> None:
    from unittest.mock import MagicMock

    from manim import ValueTracker

    from scenes.attention.attention_training import WEIGHTS, Looks, Reading
    from scenes.render import Job, stage
    from tests.figures._drawn import telling

    found = recording.load(recorded("attention_training"))
    clock = ValueTracker(2)
    with (
        stage(Job(module="scenes.attention.attention_training", recordings={})),
        telling("attention_training", found),
    ):
        reading = Reading(found, 1, clock)
    head = found.attrs["shown_head"]
    row = found.attention.values[1, 2, 0, head, -1]
    places = [word.get_center()[1] for word in reading.parts[0]]
    assert len(places) == found.sizes["position"]
    assert (np.diff(places) < 0).all(), "the first word on top, as the bars are"
    (looks,) = (part for part in reading.parts if isinstance(part, Looks))
    pen = MagicMock()
    looks.paint(pen)
    bars = [call.args for call in pen.rectangle.call_args_list][1::2]  # each over its track
    np.testing.assert_allclose([bar[2] for bar in bars], np.maximum(WEIGHTS[1] * row, 0.05))
    np.testing.assert_allclose([bar[1] + bar[3] / 2 for bar in bars], reading.ys)
    foods = [color == looks.green for color in looks.inks]
    assert foods == (found.role.values[1] == "food").tolist()
    percents = [part.text() for part in reading.parts if callable(getattr(part, "text", 0))]
    assert percent(float(found.food_weight[1, 2, 0, head])) in percents
