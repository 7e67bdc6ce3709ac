"""The film of the forward pass ends with the lines that lead to what was said and what is true."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.colors import to_hex

from figures.layout import problems
from figures.parts.canvas import px
from look import theme
from look.numbers import counter, percent
from look.numbers import number as number_
from scenes.networks.network_forward import Pass
from scenes.parts.networks import Bars, Network
from scenes.parts.paint import rgb
from simulate import recording
from tests.figures._drawn import Recorded, drawn, narrow, telling
from tests.visuals._networks import filmed, said, value


@pytest.mark.parametrize("number", [0, 1])
def test_the_last_lines_that_remain_lead_to_guess_and_label(
    recorded: Recorded, number: int
) -> None:
    found = recording.load(recorded("network_forward")).isel(example=number)
    with theme.use("dark"), telling("network_forward", found):
        shown = Pass(found)
    sharp = next(each for each in shown.still if isinstance(each, Network)).sharp
    assert sharp is not None
    label, guess = int(found.label), int(found.prediction)
    flow = found.contribution_3.values
    rows = np.linspace(1.95, -2.45, found.sizes["class"])
    more = flow[:, guess] - flow[:, label] if label != guess else flow[:, label]
    to = np.where(more > 0, guess, label)
    order = np.argsort(np.abs(more))
    order = order[np.abs(more[order]) >= 0.03 * np.abs(more).max()]
    np.testing.assert_allclose(sharp.ends[:, 1], rows[to[order]])
    units = np.linspace(2.0, -2.5, len(more))
    np.testing.assert_allclose(sharp.starts[:, 1], units[order])
    with theme.use("dark"):
        orange = np.array(rgb(theme.color("positive")))
    signs = np.isclose(sharp.colors[:, :3], orange).all(axis=1)
    assert signs.tolist() == [label != guess or value > 0 for value in more[order]]
    widest = {} if label == guess else {
        f"+{more.max():.1f} for {guess}": units[more.argmax()],
        f"+{-more.min():.1f} for {label}": units[more.argmin()],
    }  # fmt: skip
    told = {word.text: word.get_center()[1] for word in shown.votes}
    assert told == pytest.approx(widest, abs=0.08)


@pytest.mark.parametrize("number", [0, 1])
def test_each_class_has_its_own_sum_share_bar_and_mark(recorded: Recorded, number: int) -> None:
    found = recording.load(recorded("network_forward")).isel(example=number)
    share = np.exp(found.logit.values) / np.exp(found.logit.values).sum()
    label, guess = int(found.label), int(share.argmax())
    with theme.use("dark"), telling("network_forward", found):
        one = Pass(found)
        inks = {guess: theme.color("text"), label: theme.color("green")}
        rest = theme.color("muted")
        loss = f"= {counter(-np.log(share[label]))}"
    (bars,) = (part for part in one.still if isinstance(part, Bars))
    np.testing.assert_allclose(bars.values, share, rtol=1e-5)
    assert bars.inks == [inks.get(k, rest) for k in range(10)]
    assert [word.text for word in one.values] == [percent(each) for each in share]
    assert [word.text for word in one.sums] == [
        f"{each:.2f}".replace("-", "−") for each in found.logit.values
    ]
    heights = [word.get_center()[1] for word in one.values]
    marks = {
        int(np.abs(np.subtract(heights, tag.get_center()[1])).argmin()): tag.text
        for tag in one.tags
    }
    assert marks == {guess: "guess", label: "label"}
    assert one.loss.text.strip(" $").endswith(loss)
    assert f'p("{label}")' in one.loss.text
    assert (one.read == "read rightly") == (label == guess)
    told = one.verdict()
    assert (str(told["label"]), str(told["said"])) == (str(label), str(guess))
    assert (told["p_label"], told["p_said"]) == (percent(share[label]), percent(share[guess]))


def test_the_figures_rows_and_lines_are_the_networks(recorded: Recorded) -> None:
    """A class's row holds its sum, name, share and mark; a line has the sign of what it carries."""
    fig, (both,) = drawn("network_forward", recorded, "light")
    found, ax = both.isel(example=1), fig.axes[1]
    logit = found.logit.values
    share = np.exp(logit) / np.exp(logit).sum()
    label, guess = int(found.label), int(share.argmax())
    with theme.use("light"):
        hue = {k: theme.color(k) for k in ("green", "text", "muted", "positive", "negative")}
    rows: dict[float, list[str]] = {}
    for text in ax.texts:
        if text.get_text():
            rows.setdefault(round(text.get_position()[1], 3), []).append(text.get_text())
    bars = [each for each in ax.get_lines() if each.get_linewidth() == px(13)]
    for k, (track, bar) in enumerate(zip(bars[::2], bars[1::2], strict=True)):
        mark = "label" if k == label else "guess" if k == guess else ""
        words = [f"{logit[k]:.2f}".replace("-", "−"), str(k), percent(share[k]), mark]
        assert sorted(rows[round(bar.get_ydata()[0], 3)]) == sorted(filter(None, words))
        assert bar.get_color() == hue[{"label": "green", "guess": "text", "": "muted"}[mark]]
        assert np.ptp(bar.get_xdata()) / np.ptp(track.get_xdata()) == pytest.approx(
            share[k], abs=1e-5
        )
    cost = -np.log(share[label])
    equation = f"loss: −log p({label}) = −log {number_(share[label])} = {counter(cost)}"
    assert equation in said(fig)
    discs = [each for each in ax.collections if isinstance(each, EllipseCollection)]
    nets = [each for each in ax.collections if isinstance(each, LineCollection)]
    first, second = (each.get_offsets() for each in discs)
    for each, name in zip(discs, ("activation_1", "activation_2"), strict=True):
        fill = each.get_facecolors()[:, :3].sum(1)  # the more active, the darker
        assert np.corrcoef(fill, found[name])[0, 1] < -0.999
    sizes = np.sort(np.abs(found.pixel_contribution.values).ravel())[::-1]
    widths = np.sort(nets[0].get_linewidths())[::-1]  # as many as are said, and the strongest
    assert len(widths) == both.attrs["n_lines"]
    np.testing.assert_allclose(
        widths / widths[0], np.clip(sizes[: len(widths)] / sizes[0], 0.06, 1)
    )
    parts = np.array(nets[1].get_segments())
    i, j = (
        np.linalg.norm(parts[:, end, None] - places, axis=2).argmin(1)
        for end, places in enumerate((first, second))
    )
    carried = found.contribution_2.values[i, j]
    assert (np.sort(np.abs(carried)) == np.abs(carried)).all(), "the strongest on top"
    ink = [to_hex(each, keep_alpha=False).upper() for each in nets[1].get_colors()]
    clear = np.flatnonzero(carried)
    assert [ink[k] for k in clear] == [
        hue["positive" if carried[k] > 0 else "negative"].upper() for k in clear
    ]


def test_each_last_line_leads_to_the_class_that_gets_more(recorded: Recorded) -> None:
    """One line a unit, as wide as the difference; the largest of each class has its number."""
    fig, (both,) = drawn("network_forward", recorded, "light")
    found, ax = both.isel(example=1), fig.axes[1]
    label, guess = int(found.label), int(found.prediction)
    more = found.contribution_3.values[:, guess] - found.contribution_3.values[:, label]
    votes = [each for each in ax.collections if isinstance(each, LineCollection)][2]
    units = [each for each in ax.collections if isinstance(each, EllipseCollection)][1]
    parts, places = np.array(votes.get_segments()), np.array(units.get_offsets())
    unit = np.linalg.norm(parts[:, :1] - places, axis=2).argmin(1)
    assert sorted(unit) == list(range(len(more)))
    size = np.abs(more[unit])
    assert (np.diff(size) >= 0).all(), "the strongest on top"
    np.testing.assert_allclose(
        np.array(votes.get_linewidths()) / px(6), np.clip(size / size.max(), 0.06, 1)
    )
    with theme.use("light"):
        ink = theme.color("positive")
    seen = np.array(votes.get_colors())[size > 0]
    assert {to_hex(each, keep_alpha=False).upper() for each in seen} == {ink.upper()}
    heights = {
        text.get_text(): text.get_position()[1]
        for text in ax.texts
        if text.get_text() in (str(label), str(guess))
    }
    np.testing.assert_allclose(
        parts[:, 1, 1], [heights[str(guess if more[k] > 0 else label)] for k in unit]
    )
    told = {text.get_text(): text.get_position() for text in ax.texts if " for " in text.get_text()}
    assert set(told) == {f"+{more.max():.1f} for {guess}", f"+{-more.min():.1f} for {label}"}
    for at, name in ((more.argmax(), guess), (more.argmin(), label)):
        place = told[f"+{abs(more[at]):.1f} for {name}"]
        start, end = parts[list(unit).index(at)]
        share = (place[0] - start[0]) / (end[0] - start[0])
        assert 0.2 < share < 0.8, "it stands on its own line"
        np.testing.assert_allclose(place, start + share * (end - start))
    slim = narrow("network_forward", recorded, "light")
    assert slim is not None
    assert problems(slim) == []
    between = [each for each in ax.collections if isinstance(each, LineCollection)][1]
    ways, inks = np.array(between.get_segments())[:, 1], np.array(between.get_colors())
    to = np.linalg.norm(ways[:, None] - places, axis=2).argmin(1)
    widths = np.array(between.get_linewidths())
    loud = np.isin(to, [more.argmax(), more.argmin()])
    full = np.clip(0.08 + 0.92 * (widths / widths.max()) ** 0.75, 0, 1)
    seen = (widths > widths.min()) & (inks[:, 3] > 0)
    np.testing.assert_allclose(inks[seen & loud, 3], full[seen & loud], atol=1e-6)
    np.testing.assert_allclose(inks[seen & ~loud, 3], 0.1 * full[seen & ~loud], atol=1e-6)


def test_the_film_says_what_the_network_said_and_what_it_costs(recorded: Recorded) -> None:
    found = recording.load(recorded("network_forward"))
    sections = filmed("network_forward", recorded)
    right, wrong = (found.isel(example=i) for i in (0, 1))
    assert any(f"says {int(right.label)}," in text for text in sections["loss"])
    last = sections["larger loss"]
    assert any(f"says {int(wrong.prediction)}," in text for text in last)
    assert {"guess", "label"} <= set(last)
    assert any(text.startswith("before: loss") for text in last)


def test_the_printed_sums_give_the_printed_probabilities(recorded: Recorded) -> None:
    """In figure and film; of what is printed, not of what was recorded."""
    fig, (found,) = drawn("network_forward", recorded)
    wrong = found.isel(example=1)
    texts = [text.get_text() for text in fig.axes[1].texts]
    sums = np.array([value(t) for t in texts if re.fullmatch(r"−?\d+\.\d\d", t)])
    shares = [t for t in texts if t.endswith("%")]
    assert len(sums) == len(shares) == found.sizes["class"]
    np.testing.assert_allclose(sums, wrong.logit, atol=5e-3)
    expected = np.exp(sums) / np.exp(sums).sum()
    assert shares == [percent(share) for share in expected]
    sections = filmed("network_forward", recorded)
    assert [t for t in sections["larger loss"] if t in set(shares)] == shares
