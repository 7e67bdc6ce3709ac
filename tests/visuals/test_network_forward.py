"""The film of the forward pass ends with the lines that lead to what was said and what is true."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.colors import to_hex

from figures.layout import problems
from figures.parts.canvas import px
from look import theme
from look.numbers import percent
from scenes import render
from scenes.networks.network_forward import Pass
from scenes.parts.networks import Bars
from scenes.parts.paint import rgb
from simulate import recording
from simulate.errors import UserError
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, narrow, telling
from tests.visuals._networks import filmed
from tests.visuals._pen import Pen

ROWS = 390  # CSS pixels: above it the rows of the classes, below it the sums


def test_the_last_lines_that_remain_lead_to_guess_and_label(recorded: Recorded) -> None:
    found = recording.load(recorded("network_forward")).isel(example=1)
    with theme.use("dark"), telling("network_forward", found):
        shown = Pass(found)
        above, below = (np.array(rgb(theme.color(token))) for token in ("text", "green"))
    sharp = shown.network.sharp
    assert sharp is not None
    label, guess = int(found.label), int(found.prediction)
    rows = np.linspace(1.95, -2.45, found.sizes["class"])
    more = found.contribution_3.values[:, guess] - found.contribution_3.values[:, label]
    to = np.where(more > 0, guess, label)
    order = np.argsort(np.abs(more))
    order = order[np.abs(more[order]) >= 0.03 * np.abs(more).max()]
    np.testing.assert_allclose(sharp.ends[:, 1], rows[to[order]])
    units = np.linspace(2.0, -2.5, len(more))
    np.testing.assert_allclose(sharp.starts[:, 1], units[order])
    expected = np.where(more[order, None] > 0, above, below)
    np.testing.assert_allclose(sharp.colors[:, :3], expected, atol=1e-9)
    widest = {
        f"+{more.max():.1f} for {guess}": units[more.argmax()],
        f"+{-more.min():.1f} for {label}": units[more.argmin()],
    }
    told = {word.text: word.get_center()[1] for word in shown.votes}
    assert told == pytest.approx(widest, abs=0.08)


def test_the_last_lines_become_the_bars(recorded: Recorded) -> None:
    """Each line from its unit to its class; then pieces as long as it was wide, end to end."""
    found = recording.load(recorded("network_forward")).isel(example=1)
    with theme.use("dark"), telling("network_forward", found):
        shown = Pass(found)
        inks = [rgb(theme.color(token)) for token in ("text", "green", "background")]
    tally = shown.tally
    label, guess = int(found.label), int(found.prediction)
    more = found.contribution_3.values[:, guess] - found.contribution_3.values[:, label]
    ahead = float(found.logit[guess] - found.logit[label])
    every = np.append(more, ahead - more.sum())  # the biases' share too
    places = np.stack([np.zeros(len(more)), np.linspace(2.0, -2.5, len(more))], axis=1)
    rows = np.linspace(1.95, -2.45, found.sizes["class"])
    scales, wides, totals = [], [], []
    for side, (k, sign) in enumerate(((guess, 1), (label, -1))):
        units = [unit for unit in np.argsort(-sign * more) if sign * more[unit] > 0]
        tally.grown.set_value(0)
        lines = tally.now()[side][: len(units)]
        for line, unit in zip(lines, units, strict=True):
            ends = np.array([(line[0] + line[1]) / 2, (line[2] + line[3]) / 2])
            start, end = ends if places[unit, 1] > rows[k] else ends[::-1]
            np.testing.assert_allclose(start, places[unit])
            assert end[1] == pytest.approx(rows[k])
            assert line[1, 0] >= line[0, 0], "it does not turn over"
            assert (line[1] - line[0]) @ (end - start) == pytest.approx(0), "upright on its way"
            wides.append(np.linalg.norm(line[1] - line[0]) / abs(more[unit]))
        tally.grown.set_value(1)
        bars = tally.now()[side]
        own = np.append(sign * more[units], max(0, sign * every[-1]))  # the biases' the last
        own = own[own > 0]
        lengths = bars[:, 1, 0] - bars[:, 0, 0]
        scales += (lengths / own).tolist()
        np.testing.assert_allclose(bars[1:, 0, 0], bars[:-1, 1, 0], err_msg="end to end")
        assert np.ptp(bars[:, :2, 1]) == np.ptp(bars[:, 2:, 1]) == 0, "upright"
        totals.append(own.sum())
    np.testing.assert_allclose(scales, scales[0], err_msg="one scale")
    np.testing.assert_allclose(wides, wides[0], err_msg="as wide as in the network")
    assert totals[0] - totals[1] == pytest.approx(ahead)
    pen = Pen()
    tally.paint(pen)
    hollow = every[-1] > 0
    n = int((more > 0).sum())
    fills = pen.inks[::2]
    np.testing.assert_allclose(fills[:n], [inks[0]] * n)
    below = int((more < 0).sum())
    np.testing.assert_allclose(fills[n + hollow :][:below], [inks[1]] * below)
    np.testing.assert_allclose(fills[n if hollow else -1], inks[2], err_msg="hollow: the biases")
    assert [word.text for word in tally.words] == [
        f"more for {guess} than for {label}", f"{totals[0]:.1f}",
        f"more for {label} than for {guess}", f"{totals[1]:.1f}",
    ]  # fmt: skip
    heights = [word.get_center()[1] for word in tally.words]
    assert heights[0] > heights[1] > heights[2] > heights[3]


def test_each_class_has_its_own_sum_share_bar_and_mark(recorded: Recorded) -> None:
    found = recording.load(recorded("network_forward")).isel(example=1)
    share = np.exp(found.logit.values) / np.exp(found.logit.values).sum()
    label, guess = int(found.label), int(share.argmax())
    with theme.use("dark"), telling("network_forward", found):
        one = Pass(found)
        inks = {guess: theme.color("text"), label: theme.color("green")}
        rest = theme.color("muted")
        told = one.verdict()
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
        words = [str(k), percent(share[k]), mark]
        told = [each for each in rows[round(bar.get_ydata()[0], 3)] if " for " not in each]
        assert sorted(told) == sorted(filter(None, words))
        assert bar.get_color() == hue[{"label": "green", "guess": "text", "": "muted"}[mark]]
        assert np.ptp(bar.get_xdata()) / np.ptp(track.get_xdata()) == pytest.approx(
            share[k], abs=1e-5
        )
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
    np.testing.assert_allclose(alpha[seen], 0.18 * full[seen], atol=1e-6, err_msg="in the back")


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
            expected = np.sort(sign * more[sign * more > 0])[::-1]
            expected = np.append(expected, max(0, sign * every[-1]))  # the biases' the last
            expected = expected[expected > 0]
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
            assert (told[0], told[-1]) == (first, f"{expected.sum():.1f}")
            whole = [f"{each:.1f}" for each in expected if each >= 1]
            assert told[1:-1] == whole[: len(told) - 2], "the largest pieces say how large they are"
            faces = {p.get_facecolor() for p in pieces[: int((sign * more > 0).sum())]}
            assert len(faces) == 1
            for biases in pieces[int((sign * more > 0).sum()) :]:
                assert biases.get_facecolor() not in faces, "hollow"
                assert biases.get_edgecolor() in faces
        assert units[0] == pytest.approx(units[1]), "one scale"
        share = np.exp(found.logit.values) / np.exp(found.logit.values).sum()
        sums = [round(float((s * every)[s * every > 0].sum()), 1) for s in (1, -1)]
        words = f"{guess} leads by {sums[0] - sums[1]:.1f}: "
        words += f"{percent(share[guess])} against {percent(share[label])}"
        assert words in [text.get_text() for text in ax.texts], "the printed sums' difference"


def test_the_film_says_what_the_network_said_and_why(recorded: Recorded) -> None:
    found = recording.load(recorded("network_forward")).isel(example=1)
    sections = filmed("network_forward", recorded)
    label, guess = int(found.label), int(found.prediction)
    assert any(f"label says {label}." in text for text in sections["question"])
    assert {"guess", "label"} <= set(sections["question"])
    shares = [percent(float(found.probability[k])) for k in (guess, label)]
    assert f"It says {guess}: {shares[0]}, and {shares[1]} for {label}" in sections["answer"]
    more = found.contribution_3.values[:, guess] - found.contribution_3.values[:, label]
    every = np.append(more, found.logit[guess] - found.logit[label] - more.sum())
    totals = [f"{sign * every[sign * every > 0].sum():.1f}" for sign in (1, -1)]
    last = sections["sums"]
    assert f"All together give more to {guess}: {totals[0]} against {totals[1]}" in last
    assert set(totals) <= set(last)


def test_the_films_printed_sums_give_the_printed_probabilities(recorded: Recorded) -> None:
    """Of what is printed, not of what was recorded."""
    sections = filmed("network_forward", recorded)
    texts = sections["question"]
    shares = [t for t in texts if t.endswith("%")]
    found = recording.load(recorded("network_forward")).isel(example=1)
    sums = np.round(found.logit.values, 2)
    assert shares == [percent(share) for share in np.exp(sums) / np.exp(sums).sum()]


def test_layers_of_different_sizes_have_their_own_places(record: Record) -> None:
    net = record("network_forward", hidden=(24, 12))
    example = net.isel(example=int(np.argmax((net.label != net.prediction).values)))
    with render.stage(render.Job(module="", recordings={})), telling("network_forward", net):
        shown = Pass(example)
    _, first, second, _ = shown.network.layers
    assert (len(first.points), len(second.points)) == (24, 12)
    for layer in (first, second):
        assert (layer.points[0][1], layer.points[-1][1]) == pytest.approx((2.0, -2.5))
    said = [word.text for word in shown.captions]
    assert said[1:3] == ["24 units", "12 units"]


def test_it_needs_two_hidden_layers(record: Record) -> None:
    for wrong in ((3,), (4, 4, 4), (0, 4)):
        with pytest.raises(UserError, match=r"hidden"):
            record("network_forward", hidden=wrong)
