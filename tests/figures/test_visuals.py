"""Every figure on its tiny recording: words, layout, and that it draws what was recorded."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.text import Text

from figures.layout import problems
from figures.parts.colors import mix
from look.numbers import counter
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
    for lines, name in ((second, "contribution_2"), (third, "contribution_3")):
        flow = np.sort(np.abs(wrong[name].values), axis=None)
        assert len(lines.get_segments()) == flow.size
        widths = np.asarray(lines.get_linewidths())
        full = flow[-1]
        if name == "contribution_3":  # in it, the lines into the two classes are what counts
            two = wrong[name].values[:, [int(wrong.label), int(wrong.prediction)]]
            full = np.abs(two).max()
        np.testing.assert_allclose(widths / widths[-1], np.clip(flow / full, 0.06, 1))

    layers = [c for c in ax.collections if isinstance(c, EllipseCollection)]
    for discs, name in zip(layers, ("activation_1", "activation_2"), strict=True):
        active = wrong[name].values
        expected = mix("background", "text", active / active.max())
        np.testing.assert_allclose(discs.get_facecolors(), expected)

    left, right = network_forward.WIDE.bar
    bars = [each for each in ax.get_lines() if each.get_xdata()[0] == left][1::2]
    shares = [(each.get_xdata()[1] - left) / (right - left) for each in bars]
    np.testing.assert_allclose(shares, wrong.probability, atol=1e-12)
    texts = [text.get_text() for text in ax.texts]
    assert any(text.endswith(f"= {counter(wrong.loss)}") for text in texts)


def test_loss_surface_draws_both_planes_and_the_path(recorded: Recorded) -> None:
    fig, (net,) = drawn("loss_surface", recorded)
    random, plane = fig.axes[1], fig.axes[2]
    assert random.get_xlim() == (net.alpha[0], net.alpha[-1])
    assert plane.get_ylim() == (net.v[0], net.v[-1])
    path = line(fig, "path", 2)
    np.testing.assert_array_equal(path.get_xdata(), net.path_u)
    np.testing.assert_array_equal(path.get_ydata(), net.path_v)
