"""Every figure on its tiny recording: words, layout, and that it draws what was recorded."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.text import Text

from figures.layout import problems
from figures.parts.colors import mix
from figures.parts.space import Space
from look.words import fill, merge
from simulate import recording
from tests.figures._drawn import FIGURES, ROWS, Recorded, drawn, line, narrow, visual


@pytest.mark.parametrize("stem", ROWS)
def test_words_are_filled(stem: str, recorded: Recorded) -> None:
    row = visual(stem)
    attrs = merge([recording.load(recorded(name)).attrs for name in row.uses])
    filled = fill(row, attrs)
    assert all(words.strip() for words in (filled.title, filled.alt, filled.caption))
    for words in (filled.title, filled.subtitle, filled.alt, filled.caption):
        assert not set("{}$\n") & set(words)
    assert "nan" not in filled.title


@pytest.mark.parametrize("stem", FIGURES)
def test_layout(stem: str, recorded: Recorded, theme: str) -> None:
    fig, _ = drawn(stem, recorded, theme)
    assert problems(fig) == []
    signs = [text.get_text() for text in fig.findobj(Text) if not text.get_parse_math()]
    assert not [words for words in signs if "\\math" in words]  # mathematics taken for words


@pytest.mark.parametrize("stem", FIGURES)
def test_narrow_layout(stem: str, recorded: Recorded) -> None:
    fig = narrow(stem, recorded)
    assert fig is not None
    assert problems(fig) == []


def test_learning_rates_draws_each_step(recorded: Recorded) -> None:
    fig, (rates,) = drawn("learning_rates", recorded)
    for panel, name in enumerate(rates.run.values.tolist(), start=1):
        steps = line(fig, name, panel)
        np.testing.assert_array_equal(steps.get_xdata(), rates.theta.sel(run=name))
        np.testing.assert_array_equal(steps.get_ydata(), rates.loss.sel(run=name))
    marks = [each for each in fig.axes[0].get_lines() if each.get_marker() == "o"]
    np.testing.assert_array_equal([mark.get_xdata()[0] for mark in marks], rates.lr)


def test_network_forward_draws_the_pass(recorded: Recorded) -> None:
    from figures.networks import network_forward

    fig, (net,) = drawn("network_forward", recorded)
    wrong = net.isel(example=int(np.argmax((net.label != net.prediction).values)))
    _, ax, ink = fig.axes
    np.testing.assert_allclose(ink.images[0].get_array()[..., 3], wrong.image)

    pixels, second, third = (c for c in ax.collections if isinstance(c, LineCollection))
    assert len(pixels.get_segments()) == net.attrs["n_lines"]
    flow = np.sort(np.abs(wrong.contribution_2.values), axis=None)
    assert len(second.get_segments()) == flow.size
    widths = np.asarray(second.get_linewidths())
    np.testing.assert_allclose(widths / widths[-1], np.clip(flow / flow[-1], 0.06, 1))
    # of each unit one line, to that of the two classes to which it gives more
    label, said = int(wrong.label), int(wrong.prediction)
    heights = {text.get_text(): text.get_position()[1] for text in reversed(ax.texts)}
    more = (wrong.contribution_3[:, said] - wrong.contribution_3[:, label]).values
    order = np.argsort(np.abs(more), kind="stable")
    widths = np.asarray(third.get_linewidths())
    size = np.abs(more)[order]
    np.testing.assert_allclose(widths / widths[-1], np.clip(size / size[-1], 0.06, 1))
    discs = [c for c in ax.collections if isinstance(c, EllipseCollection)][1].get_offsets()
    for segment, unit in zip(third.get_segments(), order, strict=True):
        np.testing.assert_allclose(segment[0], discs[unit])
        favoured = said if more[unit] > 0 else label
        assert segment[1][1] == pytest.approx(heights[str(favoured)]), unit
    for unit, favoured in ((more.argmax(), said), (more.argmin(), label)):
        words = f"+{abs(more[unit]):.1f} for {favoured}"
        place = next(text.get_position() for text in ax.texts if text.get_text() == words)
        assert np.linalg.norm(discs - place, axis=1).argmin() == unit, "written at its unit"

    layers = [c for c in ax.collections if isinstance(c, EllipseCollection)]
    for discs, name in zip(layers, ("activation_1", "activation_2"), strict=True):
        active = wrong[name].values
        expected = mix("background", "text", active / active.max())
        np.testing.assert_allclose(discs.get_facecolors(), expected)

    left, right = network_forward.WIDE.bar
    bars = [each for each in ax.get_lines() if each.get_xdata()[0] == left][1::2]
    shares = [(each.get_xdata()[1] - left) / (right - left) for each in bars]
    np.testing.assert_allclose(shares, wrong.probability, atol=1e-12)
    chance = float(wrong.probability[label])
    assert float(wrong.loss) == pytest.approx(-np.log(chance), rel=1e-5)
    (said,) = (text.get_text() for text in ax.texts if text.get_text().startswith("loss: −log "))
    written = [float(each) for each in said.removeprefix("loss: −log ").split(" = ")]
    assert written == pytest.approx([chance, float(wrong.loss)], rel=5e-3)


def test_loss_surface_draws_the_path_on_its_relief(recorded: Recorded) -> None:
    fig, (net,) = drawn("loss_surface", recorded)
    relief, way = fig.axes
    # the relief as it is seen: the path's two ends and the step that is named, from the recording
    u, v = net.path_u.values, net.path_v.values
    across = (u[0] - u[-1]) / np.ptp(net.u.values), (v[0] - v[-1]) / np.ptp(net.v.values)
    space = Space(
        x=(float(net.u[0]), float(net.u[-1])), y=(float(net.v[0]), float(net.v[-1])),
        height=(0, float(net.pca_loss.max())), tall=1.3,
        azimuth=float(np.degrees(np.arctan2(across[1], across[0]))) - 140,
    )  # fmt: skip
    at = net.snapshot.values.tolist().index(net.attrs["most_step"])
    places = space.project(u, v, net.path_height.values)
    dots = {each.get_label(): each.get_xydata()[0] for each in relief.get_lines()
            if len(each.get_xdata()) == 1}  # fmt: skip
    np.testing.assert_allclose(dots["until here"], places[at], atol=1e-6)
    assert np.linalg.norm(places[at] - places[at + 1]) > 1e-3, "else a step late shows nothing"
    named = {text.get_text(): text.xy for text in relief.texts}
    np.testing.assert_allclose(named["trained"], places[-1])
    # the whole way down, parted at the loss of that step; its words say which loss and how many
    loss = net.path_loss.values
    parts = [[patch.get_y(), patch.get_y() + patch.get_height()] for patch in way.patches]
    parts = [sorted(ends) for ends in parts]
    np.testing.assert_allclose(parts, [sorted(loss[[0, at]]), sorted(loss[[at, -1]])])
    words = [text.get_text() for text in way.texts]
    assert {f"{value:.2f}" for value in loss[[0, at, -1]]} <= set(words)
    left = int(net.snapshot[-1]) - net.attrs["most_step"]
    assert f"the rest in\n{left} steps" in words
    at = np.arange(20, int(net.snapshot[-1]) + 1, 20)
    own = (np.interp(at, net.snapshot, net[f"path_{name}"]) for name in ("u", "v", "height"))
    np.testing.assert_allclose(line(fig, "beads").get_xydata(), space.project(*own), atol=1e-6)
