"""The film of the forward pass ends with the lines that lead to what was said and what is true."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.colors import to_hex

from figures.layout import problems
from figures.parts.canvas import px
from look import theme
from look.numbers import counter, percent
from look.numbers import number as number_
from scenes.networks.network_forward import Pass, Tally
from scenes.parts.networks import Bars, Network
from scenes.parts.paint import rgb
from simulate import recording
from tests.figures._drawn import Recorded, drawn, narrow, telling
from tests.visuals._networks import filmed, said
from tests.visuals._pen import Pen

ROWS = 300  # CSS pixels: above it the rows of the classes, below it the sums


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
    tokens = ("positive", "negative") if label == guess else ("text", "green")
    with theme.use("dark"):
        above, below = (np.array(rgb(theme.color(token))) for token in tokens)
    expected = np.where(more[order, None] > 0, above, below)
    np.testing.assert_allclose(sharp.colors[:, :3], expected, atol=1e-9)
    widest = {} if label == guess else {
        f"+{more.max():.1f} for {guess}": units[more.argmax()],
        f"+{-more.min():.1f} for {label}": units[more.argmin()],
    }  # fmt: skip
    told = {word.text: word.get_center()[1] for word in shown.votes}
    assert told == pytest.approx(widest, abs=0.08)
    assert (shown.tally is None) == (label == guess)
    if shown.tally is not None:
        _assert_tally(shown.tally, found, more)


def _assert_tally(tally: Tally, found: xr.Dataset, more: np.ndarray) -> None:
    """The bars are the lines' widths end to end, and the sums differ as the logits do."""
    label, guess = int(found.label), int(found.prediction)
    ahead = float(found.logit[guess] - found.logit[label])
    every = np.append(more, ahead - more.sum())
    for grown in (0.5, 1.0):
        tally.grown.set_value(grown)
        pen = Pen()
        tally.paint(pen)
        lengths = np.array([bar[2] for bar in pen.bars])
        upper = np.isclose([bar[1] for bar in pen.bars], pen.bars[0][1])
        unit = lengths.max() / np.abs(every).max()
        np.testing.assert_allclose(np.sort(lengths[upper]), unit * np.sort(every[every > 0]))
        np.testing.assert_allclose(np.sort(lengths[~upper]), unit * np.sort(-every[every < 0]))
        for own in (upper, ~upper):  # end to end, from one edge
            lefts = np.array([bar[0] for bar in pen.bars])[own]
            ends = lefts + lengths[own]
            np.testing.assert_allclose(lefts, [pen.bars[0][0], *ends[:-1]])
    totals = every[every > 0].sum(), -every[every < 0].sum()
    assert totals[0] - totals[1] == pytest.approx(ahead)
    assert [word.text for word in tally.words] == [
        f"more for {guess} than for {label}", f"{totals[0]:.1f}",
        f"more for {label} than for {guess}", f"{totals[1]:.1f}",
    ]  # fmt: skip
    heights = [word.get_center()[1] for word in tally.words]
    assert heights[0] == pytest.approx(heights[1], abs=0.05)
    assert heights[2] == pytest.approx(heights[3], abs=0.05)
    assert heights[0] > heights[2]


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
    more = found.contribution_3.values[:, guess] - found.contribution_3.values[:, label]
    every = np.append(more, found.logit[guess] - found.logit[label] - more.sum())
    totals = every[every > 0].sum(), -every[every < 0].sum()
    assert f"{told['lead']:.1f}" == f"{round(totals[0], 1) - round(totals[1], 1):.1f}"
    assert [told["sum_said"], told["sum_label"]] == [one.sums[k].text for k in (guess, label)]
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
        words = [str(k), percent(share[k]), mark]
        told = [each for each in rows[round(bar.get_ydata()[0], 3)] if " for " not in each]
        assert sorted(told) == sorted(filter(None, words))
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
    widths = np.array(nets[1].get_linewidths())
    full = np.clip(0.08 + 0.92 * (widths / widths.max()) ** 0.75, 0, 1)
    seen = (widths > widths.min()) & (carried != 0)
    alpha = np.array(nets[1].get_colors())[:, 3]
    np.testing.assert_allclose(alpha[seen], 0.3 * full[seen], atol=1e-6, err_msg="in the back")


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
        np.array(votes.get_linewidths()) / px(7), np.clip(size / size.max(), 0.06, 1)
    )
    with theme.use("light"):
        hue = {guess: theme.color("text").upper(), label: theme.color("green").upper()}
    colors = [to_hex(each, keep_alpha=False).upper() for each in votes.get_colors()]
    for k, ink in zip(unit, colors, strict=True):
        assert more[k] == 0 or ink == hue[guess if more[k] > 0 else label]
    heights = {
        text.get_text(): text.get_position()[1]
        for text in ax.texts
        if text.get_text() in (str(label), str(guess)) and text.get_position()[1] < ROWS
    }
    np.testing.assert_allclose(
        parts[:, 1, 1], [heights[str(guess if more[k] > 0 else label)] for k in unit]
    )
    told = {text.get_text(): text.get_position() for text in ax.texts if " for " in text.get_text()}
    assert set(told) == {f"+{more.max():.1f} for {guess}", f"+{-more.min():.1f} for {label}"}
    for at, name in ((more.argmax(), guess), (more.argmin(), label)):
        words = f"+{abs(more[at]):.1f} for {name}"
        gaps = np.linalg.norm(places - np.add(told[words], [14, 0]), axis=1)
        assert gaps.argmin() == at, "it stands at its own unit"
        assert gaps.min() < 1
        (text,) = (each for each in ax.texts if each.get_text() == words)
        assert to_hex(text.get_color()).upper() == hue[name]
    slim = narrow("network_forward", recorded, "light")
    assert slim is not None
    assert problems(slim) == []
    share = np.exp(found.logit.values) / np.exp(found.logit.values).sum()
    columns = [p for p in slim.axes[1].patches if p.get_label() == "probability"]
    for k, (track, bar) in enumerate(zip(columns[::2], columns[1::2], strict=True)):
        assert bar.get_height() / track.get_height() == pytest.approx(share[k], abs=1e-5)
        centre = bar.get_x() + bar.get_width() / 2
        under = [
            t.get_text()
            for t in slim.axes[1].texts
            if t.get_position()[0] == pytest.approx(centre) and "for" not in t.get_text()
        ]
        assert under == [str(k), *([percent(share[k])] if k in (label, guess) else [])]


def test_the_last_lines_lie_end_to_end(recorded: Recorded) -> None:
    """In figure and narrow form: each piece a line's width, and the sums are printed."""
    fig, (both,) = drawn("network_forward", recorded, "light")
    found = both.isel(example=1)
    label, guess = int(found.label), int(found.prediction)
    more = found.contribution_3.values[:, guess] - found.contribution_3.values[:, label]
    ahead = float(found.logit[guess] - found.logit[label])
    every = np.append(more, ahead - more.sum())  # the biases' share too
    slim = narrow("network_forward", recorded, "light")
    assert slim is not None
    for sheet, named in ((fig, False), (slim, True)):
        ax = sheet.axes[1]
        units = []
        for name, k, sign in (("guess", guess, 1), ("label", label, -1)):
            pieces = [p for p in ax.patches if p.get_label() == name]
            expected = np.sort(sign * every[sign * every > 0])[::-1]
            widths = np.array([p.get_width() for p in pieces])
            units.append(widths[0] / expected[0])
            np.testing.assert_allclose(widths, units[-1] * expected)
            np.testing.assert_allclose(
                [p.get_x() for p in pieces[1:]], [p.get_x() + p.get_width() for p in pieces[:-1]]
            )
            level = pieces[0].get_y() + pieces[0].get_height() / 2
            told = [t.get_text() for t in ax.texts if abs(t.get_position()[1] - level) < 2
                    and " for " not in t.get_text()]  # fmt: skip
            first = f"{name} {k}" if named else str(k)
            total = f"{expected.sum():.1f}"
            assert told in ([first, f"{expected[0]:.1f}", total], [first, total])
        assert units[0] == pytest.approx(units[1]), "one scale"
        share = np.exp(found.logit.values) / np.exp(found.logit.values).sum()
        sums = [round(float((s * every)[s * every > 0].sum()), 1) for s in (1, -1)]
        words = f"{guess} leads by {sums[0] - sums[1]:.1f}: "
        words += f"{percent(share[guess])} against {percent(share[label])}"
        assert words in [text.get_text() for text in ax.texts], "the printed sums' difference"


def test_the_film_says_what_the_network_said_and_what_it_costs(recorded: Recorded) -> None:
    found = recording.load(recorded("network_forward"))
    sections = filmed("network_forward", recorded)
    right, wrong = (found.isel(example=i) for i in (0, 1))
    assert any(f"says {int(right.label)}," in text for text in sections["loss"])
    last = sections["larger loss"]
    assert any(f"says {int(wrong.prediction)}," in text for text in last)
    assert {"guess", "label"} <= set(last)
    a, b = (f"{float(wrong.logit[k]):.2f}".replace("-", "−")
            for k in (int(wrong.prediction), int(wrong.label)))  # fmt: skip
    assert any(text.endswith(f"like the sums {a} and {b}.") for text in last)
    assert any(text.startswith("before: loss") for text in sections["second digit"])
    assert not any(text.startswith("before: loss") for text in last), "it makes room for the sums"


def test_the_films_printed_sums_give_the_printed_probabilities(recorded: Recorded) -> None:
    """Of what is printed, not of what was recorded."""
    sections = filmed("network_forward", recorded)
    texts = sections["larger loss"]
    shares = [t for t in texts if t.endswith("%")]
    found = recording.load(recorded("network_forward")).isel(example=1)
    sums = np.round(found.logit.values, 2)
    assert shares == [percent(share) for share in np.exp(sums) / np.exp(sums).sum()]
