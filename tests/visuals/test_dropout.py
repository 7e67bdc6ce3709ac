"""dropout: masks as the steps drew them, means over masks, both modes, and what is drawn."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from figures.regularization import dropout as figure
from look import theme
from simulate import recording, specs
from simulate.data._load import load
from simulate.errors import UserError
from simulate.experiments.regularization import dropout as experiment
from simulate.models import _base as models
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, line, telling
from tests.visuals._networks import filmed, said
from tests.visuals._pen import Pen

TINY = experiment.EXPERIMENT.tiny


@pytest.fixture(scope="module")
def found(record: Record) -> xr.Dataset:
    return record("dropout")


def test_inputs_are_unchanged_on_average(found: xr.Dataset) -> None:
    """Over 25,000 masks the next layer's inputs are what they are in evaluation mode, to 2 %."""
    assert found.n_averaged.values[-1] == 25_000
    still = found.still_activation_1.values
    mean = found.mean_input.values[-1]
    assert mean.sum() == pytest.approx(still.sum(), rel=0.02)
    np.testing.assert_allclose(mean, still, rtol=0.03, atol=1e-6)
    assert found.attrs["mask_error"] < 0.02
    after = mean @ found.end_weight_2.values
    np.testing.assert_allclose(
        after, still @ found.end_weight_2.values, atol=0.02 * np.abs(after).max()
    )
    # what is on is divided by the keep probability: one mask alone is far off
    assert found.mean_error.values[0] > 0.3


def test_steps_are_the_trainings_own(found: xr.Dataset) -> None:
    """The same training by hand, masks drawn by torch's dropout in the run's own stream."""
    settings = {"widths": [784, *TINY.hidden, 10], "keep": TINY.keep}
    model = models.make("dropout_mlp", settings, 0)
    data = load(specs.Data(name="mnist", n_train=TINY.n_train, n_test=TINY.n_test))
    x, y = torch.from_numpy(data.x_train), torch.from_numpy(data.y_train)
    seen: dict[int, torch.Tensor] = {}
    model.train()
    handles = [
        layer.register_forward_hook(
            lambda m, _, out, i=i: seen.__setitem__(i, out.detach().clone())
        )
        for i, layer in enumerate(model)
    ]
    shown = found.step_mask.values.tolist()
    step = 0
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        for epoch in range(TINY.epochs):
            order = np.random.default_rng([0, epoch]).permutation(TINY.n_train)
            for start in range(0, TINY.n_train, TINY.batch_size):
                batch = torch.from_numpy(order[start : start + TINY.batch_size])
                outputs = model(x[batch])
                if step in shown:
                    one = found.sel(step_mask=step)
                    assert int(one.label) == int(y[batch[0]])
                    np.testing.assert_array_equal(one.image.values.ravel(), x[batch[0]])
                    for layer, at in ((1, 2), (2, 5)):  # behind Linear and ReLU
                        np.testing.assert_allclose(one[f"activation_{layer}"], seen[at][0],
                                                   atol=1e-5)  # fmt: skip
                        off = one[f"mask_{layer}"].values == 0
                        assert (seen[at][0].numpy()[off] == 0).all()
                    np.testing.assert_allclose(one.probability, outputs[0].detach().softmax(0),
                                               atol=1e-5)  # fmt: skip
                loss = torch.nn.functional.cross_entropy(outputs, y[batch])
                slopes = torch.autograd.grad(loss, list(model.parameters()))
                with torch.no_grad():
                    for param, slope in zip(model.parameters(), slopes, strict=True):
                        param -= TINY.lr * slope
                step += 1
    for handle in handles:
        handle.remove()
    weights = [p.detach().numpy() for p in model.parameters() if p.ndim > 1]
    np.testing.assert_allclose(found.end_weight_2, weights[1].T, atol=1e-5)
    np.testing.assert_allclose(found.end_weight_3, weights[2].T, atol=1e-5)
    model.eval()
    with torch.no_grad():
        still = model(torch.from_numpy(found.test_image.values.ravel())[None]).softmax(1)[0]
    np.testing.assert_allclose(found.still_probability, still, atol=1e-5)


def test_masks_keep_their_share_and_scale(record: Record) -> None:
    found = record("dropout", keep=0.8, n_passes=60)
    masks = np.concatenate([found.pass_mask_1, found.pass_mask_2], axis=1)
    assert masks.mean() == pytest.approx(0.8, abs=0.02)
    for k in (1, 2):
        mask = found[f"pass_mask_{k}"].values
        active = found[f"pass_activation_{k}"].values
        assert (active[mask == 0] == 0).all()
    mask, active = found.pass_mask_1.values, found.pass_activation_1.values
    still = np.broadcast_to(found.still_activation_1.values, active.shape)
    np.testing.assert_allclose(active[mask == 1], still[mask == 1] / 0.8, atol=1e-5)
    right = (found.pass_probability.argmax("class") == found.test_label).sum()
    assert found.attrs["n_right_passes"] == int(right)
    assert len(np.unique(found.pass_probability.values.round(6), axis=0)) > 30, "answers waver"


def test_a_network_without_dropout_is_the_plain_one() -> None:
    widths = {"widths": [4, 5, 3]}
    plain = models.make("mlp", widths, 7)
    for keep in (1.0, 0.5):
        dropped = models.make("dropout_mlp", {"keep": keep, **widths}, 7)
        x = torch.randn(6, 4)
        torch.testing.assert_close(dropped.eval()(x), plain(x))
    torch.testing.assert_close(models.make("dropout_mlp", {"keep": 1.0, **widths}, 7)(x), plain(x))
    with pytest.raises(UserError, match="keep is 0; give a probability above 0"):
        models.make("dropout_mlp", {"keep": 0})


def test_the_figure_draws_all_passes_and_some_of_their_networks(recorded: Recorded) -> None:
    fig, (found,) = drawn("dropout", recorded)
    texts = said(fig)
    label, names = int(found.test_label), found["class"].values.tolist()
    shares = found.pass_probability.values[:, label]
    says = found.pass_probability.values.argmax(1)
    strip = fig.axes[0]
    for which, name in ((says == label, "right passes"), (says != label, "wrong passes")):
        np.testing.assert_allclose(np.sort(line(fig, name).get_xdata()), np.sort(shares[which]))
    dots = [line(fig, f"{name} passes") for name in ("right", "wrong")]
    places = strip.transData.transform(np.concatenate([each.get_xydata() for each in dots]))
    gaps = np.linalg.norm(places[:, None] - places, axis=-1) * 96 / fig.dpi
    assert (gaps + 99 * np.eye(len(gaps))).min() > 14.9, "none hides another"
    whole = float(found.still_probability[label])
    assert set(line(fig, "whole").get_xdata()) == {whole}
    name = names[label]
    answer = names[int(found.still_probability.values.argmax())]
    title = f"With units off, {(says == label).sum()} of {len(says)} tries are right; "
    whole_right = "every one is" if answer == name else "none is"
    assert f"{title}with all units on, {whole_right}" in " ".join(texts)
    # in each disc what that try says: names stand where the discs do
    shown = sorted((*text.get_position(), text.get_text()) for text in strip.texts
                   if text.get_text() in names)  # fmt: skip
    assert sorted((x, said) for x, _, said in shown) == sorted(
        (share, names[one]) for share, one in zip(shares, says, strict=True)
    )
    at = np.concatenate([each.get_xydata() for each in dots])
    np.testing.assert_allclose([one[:2] for one in shown], at[np.lexsort(at.T[::-1])])
    # the networks, in the order of their shares: the lowest, the highest and the whole
    some = shares.argmin(), shares.argmax()
    wanted = sorted([*((shares[k], k) for k in some), (whole, -1)], key=lambda one: one[0])
    assert len(fig.axes) == 2 + len(wanted)
    n = found.attrs["n_hidden"]
    masks = np.concatenate([found.pass_mask_1.values, found.pass_mask_2.values], axis=1)
    leaders = {str(each.get_label()): each for each in fig.findobj(Line2D)}
    for place, (share, k) in enumerate(wanted):
        ax = fig.axes[2 + place]
        on = n if k < 0 else int(masks[k].sum())
        off = sum(len(each.get_xdata()) for each in ax.get_lines() if each.get_label() == "off")
        assert n - off == on
        below = [text.get_text() for text in ax.texts]
        says_so = answer if k < 0 else names[says[k]]
        told = "all units on" if k < 0 else f"{on} of {n} on"
        assert {told, f"says {says_so}", *names, "layer 1", "layer 2"} <= set(below)
        bold = [text.get_text() for text in ax.texts if text.get_weight() == "bold"]
        assert bold == [says_so], "its answer among its outputs"
        assert [each.get_label() for each in ax.patches] == (["whole"] if k < 0 else [])
        crossed = [each for each in ax.get_lines() if each.get_label() == "off"]
        for each, mask in zip(crossed, ("pass_mask_1", "pass_mask_2"), strict=True):
            mask = np.ones(len(found[mask][0])) if k < 0 else found[mask].values[k]
            places = figure.column(0.0, len(mask), figure.TALL, 0.0)
            np.testing.assert_allclose(each.get_ydata(), places[mask == 0, 1])
        foot = leaders[f"leader {place}"].get_xydata()[0]
        x = strip.transData.inverted().transform(fig.transFigure.transform(foot))[0]
        assert x == pytest.approx(share, abs=1e-6)


def test_colours_of_dots_units_and_lines_are_those_of_their_outcomes(recorded: Recorded) -> None:
    fig, (found,) = drawn("dropout", recorded)
    label = int(found.test_label)
    with theme.use("dark"):
        green, paper, plus = (theme.color(name).lower() for name in
                              ("green", "background", "positive"))  # fmt: skip
    fills = {name: to_hex(line(fig, name).get_markerfacecolor())  # type: ignore[arg-type]
             for name in ("right passes", "wrong passes")
             if len(line(fig, name).get_xdata())}  # fmt: skip
    assert fills == {name: green if name == "right passes" else paper for name in fills}
    whole = float(found.still_probability[label])
    share = f"{whole:.0%}".replace("%", "\N{NARROW NO-BREAK SPACE}%")
    (told,) = (text for text in fig.axes[0].texts if text.get_text().startswith("all units on"))
    assert (told.get_text(), told.xy[0]) == (f"all units on: {share}", whole)
    shares = found.pass_probability.values[:, label]
    some = [(shares[k], int(k)) for k in (shares.argmin(), shares.argmax())]
    for place, (_, k) in enumerate(sorted([*some, (whole, -1)])):
        ax = fig.axes[2 + place]
        active = [found[f"still_activation_{i}"].values if k < 0 else
                  found[f"pass_activation_{i}"].values[k] for i in (1, 2)]  # fmt: skip
        heard, told, bars = [each for each in ax.collections if isinstance(each, LineCollection)]
        probability = (found.still_probability if k < 0 else found.pass_probability[k]).values
        answer = int(probability.argmax())
        flow = active[1] * found.end_weight_3.values[:, answer]
        speakers = [unit for unit in np.argsort(-flow)[:3] if flow[unit] > 0]
        on = [np.ones(len(each)) if k < 0 else found[f"pass_mask_{i}"].values[k] > 0
              for i, each in enumerate(active, 1)]  # fmt: skip
        rows = (np.arange(len(probability)) + 0.5) / len(probability) * figure.TALL
        tall = figure.column(0.0, len(flow), figure.TALL, 0.0)[:, 1]
        starts, ends = np.array(told.get_segments()).transpose(1, 0, 2)
        assert sorted(starts[:, 1]) == pytest.approx(sorted(tall[speakers]))
        assert ends[:, 1] == pytest.approx(rows[answer]), "all to its answer"
        assert all(on[1][unit] for unit in speakers)
        wanted = []
        for unit in speakers:
            into = active[0] * found.end_weight_2.values[:, unit]
            wanted += [(tall[one], tall[unit]) for one in np.argsort(-into)[:3] if into[one] > 0]
        shown = [(one[0][1], one[1][1]) for one in heard.get_segments()]
        np.testing.assert_allclose(sorted(shown), sorted(wanted))
        for lines in (heard, told):  # what speaks for an answer is positive
            assert {to_hex(ink) for ink in lines.get_colors()} == {plus}
        ends = np.array(bars.get_segments())
        np.testing.assert_allclose(ends[:, 0, 1], rows)
        lengths = ends[:, 1, 0] - ends[:, 0, 0]
        np.testing.assert_allclose(lengths / lengths.sum(), probability, atol=1e-6)
        inks = [to_hex(ink) for ink in bars.get_colors()]
        assert [row for row, ink in enumerate(inks) if ink == green] == [label]


def test_the_film_says_which_try_it_is_and_what_is_on(recorded: Recorded) -> None:
    found = recording.load(recorded("dropout"))
    n, label = found.attrs["n_hidden"], int(found.test_label)
    names = found["class"].values.tolist()
    narrow_ = "\N{NARROW NO-BREAK SPACE}%"
    last = int(found.mask_1.values[-1].sum() + found.mask_2.values[-1].sum())
    passed = int(found.pass_mask_1.values[-1].sum() + found.pass_mask_2.values[-1].sum())
    whole = float(found.still_probability[label])
    wanted = {
        "train film": [f"step {int(found.step_mask[-1]):,}", f"{last} of {n} on"],
        "modes film": [f"try {found.sizes['example_pass']}", f"{passed} of {n} on",
                       f"{float(found.pass_probability[-1, label]):.0%}".replace("%", narrow_)],
        "still": ["all units on", f"{n} of {n} on", f"{whole:.0%}".replace("%", narrow_)],
    }  # fmt: skip
    said = found.pass_probability.values.argmax(1)
    n_right = int((said == label).sum())
    answer = names[int(found.still_probability.values.argmax())]
    of = f"{n_right} of {len(said)} tries are right"
    verdict = (f"No: all {len(said)} tries say {names[said[0]]}" if len(set(said.tolist())) == 1
               else f"Yes: only {of}" if n_right < len(said) / 2 else f"Yes: {of}")  # fmt: skip
    for section, texts in filmed("dropout", recorded).items():
        whole_right = "every one is" if answer == names[label] else "none is"
        right = " right" if len(set(said.tolist())) == 1 else ""
        headline = f"{verdict}. With all units on, {whole_right}{right}"
        assert (headline in texts) == (section == "still")
        assert [text for text in texts if text in names] == names
        told = re.compile(r"(step|try) \d+|all units on|\d+ of \d+ on|[<> ]*[\d.]+.%")
        shown = [text for text in texts if told.fullmatch(text)]
        assert shown == wanted[section], section


def test_the_film_goes_through_both_modes(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scenes.regularization import dropout as film

    _, (found,) = drawn("dropout", recorded)
    with telling("dropout", found):
        states = film.found(found)
        n_steps, n_passes = found.sizes["step_mask"], found.sizes["example_pass"]
        clock = ValueTracker(0)
        network = film.Network(states, clock, n_steps, n_passes)
    assert len(states) == n_steps + n_passes + 1
    for at, one in ((1, found.isel(step_mask=1)), (n_steps + 2, found.isel(example_pass=2))):
        clock.set_value(at)
        state = states[network.now()]
        prefix = "" if at < n_steps else "pass_"
        np.testing.assert_array_equal(state.masks[1], one[f"{prefix}mask_2"].values > 0)
        np.testing.assert_array_equal(state.active[0], one[f"{prefix}activation_1"])
        np.testing.assert_array_equal(state.probability, one[f"{prefix}probability"])
        weights = one.weight_2 if at < n_steps else found.end_weight_2
        flow = one[f"{prefix}activation_1"].values[:, None] * weights.values
        flow = flow * (one[f"{prefix}mask_2"].values > 0)
        np.testing.assert_allclose(state.flows[0], flow, atol=1e-7)
        # only what speaks for the answer has lines: three units, and three for each of these
        last = one.weight_3 if at < n_steps else found.end_weight_3
        gives = one[f"{prefix}activation_2"].values * last.values[:, state.probability.argmax()]
        voices = [unit for unit in np.argsort(-gives)[:3] if gives[unit] > 0]
        assert voices, "something speaks for it"
        heard = [(k, unit) for unit in voices for k in np.argsort(-flow[:, unit])[:3]
                 if flow[k, unit] > 0]  # fmt: skip
        (first, second), (units, to) = state.lines
        assert sorted(zip(first, second, strict=True)) == sorted(heard)
        assert sorted(units) == sorted(voices)
        assert set(to) == {state.probability.argmax()}
    clock.set_value(n_steps + n_passes)
    label = int(found.test_label)
    shares = found.pass_probability.values[:, label]
    dots = network.dots()
    np.testing.assert_allclose((dots[:, 0] - film.STRIP) / film.WIDE, shares, atol=1e-6)
    gaps = np.abs(dots[:, None] - dots).max(-1) + 99 * np.eye(len(dots))
    assert gaps.min() > film.DOT - 1e-6, "none hides another"
    assert network.right() == (found.pass_probability.values.argmax(1) == label).sum()
    for at, many in ((n_steps - 1, 0), (n_steps + 1, 2), (n_steps + n_passes, n_passes)):
        clock.set_value(at)
        pen = Pen()
        network.paint(pen)
        shown = [place for place in pen.dots if place[1] < film.LOW]
        assert len(shown) == many, "a dot a try, and none while it learns"
    # in each disc stands what its try says
    told: list[tuple[float, float, str]] = []

    def write(_: object, text: str, x: float, y: float, em: float, weight: str) -> None:
        told.append((x + film.font.advance(text, weight) * em / 2, y + 0.33 * em, text))

    monkeypatch.setattr(film.font, "write", write)
    network.paint(Pen())
    answers = [str(k) for k in found.pass_probability.values.argmax(1)]
    assert [text for *_, text in told[-n_passes:]] == answers
    np.testing.assert_allclose([place[:2] for place in told[-n_passes:]], network.dots())
    # while it learns, the network reaches down to where the line will be
    tall = film.Network(states, clock, n_steps, n_passes, ValueTracker(0))
    assert min(tall.rows()) < film.LOW < min(network.rows())
    assert all(mask.all() for mask in states[-1].masks)
    np.testing.assert_array_equal(states[-1].probability, found.still_probability)
