"""weight_penalty: penalties at work on the recorded weights, and differences by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import xarray as xr
from matplotlib.colors import to_hex, to_rgb
from scipy import stats

from figures.regularization import weight_penalty as figure
from look import theme
from simulate import specs
from simulate.data._load import load
from simulate.experiments.regularization import _seeds, weight_penalty
from simulate.models import _base as models
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, telling
from tests.visuals._networks import filmed, said
from tests.visuals._pen import Pen


@pytest.fixture(scope="module")
def found(record: Record) -> xr.Dataset:
    return record("weight_penalty", epochs=30, n_snapshots=7, l1=3e-3, l2=2e-2)


def test_l1_brings_weights_near_zero_and_l2_makes_them_small(found: xr.Dataset) -> None:
    near = found.near_share.values[:, -1]  # none, l2, l1
    assert near[2] > 0.5 > 5 * near[0]
    assert near[2] > 2 * near[1]
    assert found.attrs["sparsest"] == "l1"
    size = np.abs(found.template.values[:, -1]).mean((1, 2, 3))
    assert size[1] < size[0]
    np.testing.assert_allclose(found.near_share[:, 0], found.near_share[0, 0], atol=1e-12)
    for name, share in zip(("none", "l2", "l1"), near, strict=True):
        assert found.attrs[f"near_{name}"] == share == float(found.end_near.sel(run=name)[0])
    np.testing.assert_allclose(found.histogram.sum("bin"), 1)


def test_training_by_hand_gives_the_recorded_weights(record: Record) -> None:
    """Plain descent on loss + penalty over the engine's order, for the first seed."""
    found = record("weight_penalty")
    settings = weight_penalty.EXPERIMENT.tiny
    data = load(specs.Data(name="mnist", n_train=settings.n_train, n_test=settings.n_test))
    x, y = torch.from_numpy(data.x_train), torch.from_numpy(data.y_train)
    for name, strength, power in (("l1", settings.l1, 1), ("l2", settings.l2, 2)):
        model = models.make("mlp", {"widths": [784, *settings.hidden, 10]}, 0)
        for epoch in range(settings.epochs):
            order = np.random.default_rng([0, epoch]).permutation(settings.n_train)
            for start in range(0, settings.n_train, settings.batch_size):
                batch = torch.from_numpy(order[start : start + settings.batch_size])
                loss = torch.nn.functional.cross_entropy(model(x[batch]), y[batch])
                weights = [p for p in model.parameters() if p.ndim > 1]
                loss = loss + strength * sum((w.abs() ** power).sum() for w in weights)
                slopes = torch.autograd.grad(loss, list(model.parameters()))
                with torch.no_grad():
                    for param, slope in zip(model.parameters(), slopes, strict=True):
                        param -= settings.lr * slope
        run = found.sel(run=name)
        first = next(iter(model.parameters())).detach().numpy()
        pictures = first[found.unit.values].reshape(-1, 28, 28)
        np.testing.assert_allclose(run.template[-1], pictures, atol=2e-5)
        with torch.no_grad():
            test = torch.nn.functional.cross_entropy(
                model(torch.from_numpy(data.x_test)), torch.from_numpy(data.y_test)
            ).item()
        assert float(run.test_loss[0, -1]) == pytest.approx(test, abs=1e-4)
        flat = np.concatenate(
            [p.detach().numpy().ravel() for p in model.parameters() if p.ndim > 1]
        )
        assert float(run.near_share[-1]) == pytest.approx((np.abs(flat) < settings.near).mean(),
                                                          abs=2e-3)  # fmt: skip


def test_curves_have_their_bands_and_differences(found: xr.Dataset) -> None:
    for curve in _seeds.CURVES:
        values = found[curve].values
        np.testing.assert_array_equal(found[f"{curve}_mean"], values.mean(1))
        np.testing.assert_array_equal(found[f"{curve}_low"], values.min(1))
        np.testing.assert_array_equal(found[f"{curve}_high"], values.max(1))
    ends = found.test_loss.values[..., -1]
    for i, name in ((1, "l2"), (2, "l1")):
        gaps = ends[i] - ends[0]
        test = stats.ttest_1samp(gaps, 0)
        interval = test.confidence_interval(0.95)
        assert found.attrs[f"loss_gap_{name}"] == pytest.approx(gaps.mean())
        assert found.attrs[f"loss_half_{name}"] == pytest.approx((interval.high - interval.low) / 2)
        assert found.attrs[f"loss_differs_{name}"] == int(test.pvalue < 0.05)


@pytest.mark.parametrize(
    ("signs", "helped"),
    [((0, 0), "neither"), ((-1, 0), "l1"), ((0, -1), "l2"), ((-1, -1), "both"), ((-1, 1), "other")],
)
def test_who_helped(signs: tuple[int, int], helped: str) -> None:
    ends = {"loss_sign_l1": signs[0], "loss_sign_l2": signs[1]}
    assert weight_penalty._helped(ends) == helped  # type: ignore[arg-type]


def test_the_figure_draws_weights_and_shares(recorded: Recorded) -> None:
    fig, (found,) = drawn("weight_penalty", recorded)
    texts = said(fig)
    for i, name in enumerate(found.run.values.tolist()):
        run = found.sel(run=name)
        pixels = np.asarray(fig.axes[2 * i].images[0].get_array())
        image = run.template.values[-1, 0]
        tile = pixels[:28, :28, :3]
        strong = np.abs(image) > 0.5 * np.abs(image).max()
        # orange has more red than blue
        np.testing.assert_array_equal((tile[..., 0] > tile[..., 2])[strong], (image > 0)[strong])
        (bars,) = fig.axes[2 * i + 1].containers
        np.testing.assert_allclose([bar.get_height() for bar in bars], run.histogram[-1])
        share = f"{float(run.near_share[-1]):.0%}".replace("%", "\N{NARROW NO-BREAK SPACE}%")
        assert share in [text.get_text() for text in fig.axes[2 * i + 1].texts]
    heights = {fig.axes[2 * i + 1].get_ylim() for i in range(3)}
    assert len(heights) == 1, "one scale"
    assert heights.pop()[1] > float(found.histogram[:, -1].max()), "no spike is cut"
    assert texts.count(f"within ±{found.attrs['near']:g}") == 3


def test_every_pixel_and_every_word_is_its_runs_own(recorded: Recorded) -> None:
    """All four units of all three: sign as colour, size as strength, on one scale."""
    fig, (found,) = drawn("weight_penalty", recorded)
    words = {
        "none": ("no penalty", "purple", []),
        "l2": ("L2", "green", [r"$+\,\lambda\sum w^2$"]),
        "l1": ("L1", "vermillion", [r"$+\,\lambda\sum |w|$"]),
    }
    assert found.run.values.tolist() == list(words)
    with theme.use("dark"):
        back, plus, minus = (np.array(to_rgb(theme.color(ink)))
                             for ink in ("background", "positive", "negative"))  # fmt: skip
        tokens = [theme.color(token).lower() for _, token, _ in words.values()]
    sizes, strengths = [], []
    for i, (name, (label, _, formula)) in enumerate(words.items()):
        pictures, below = fig.axes[2 * i : 2 * i + 2]
        run = found.sel(run=name)
        assert [text.get_text() for text in pictures.texts] == [label, *formula]
        share = f"{float(run.end_near[0]):.0%}".replace("%", "\N{NARROW NO-BREAK SPACE}%")
        assert [text.get_text() for text in below.texts] == [
            share, f"within ±{found.attrs['near']:g}"]  # fmt: skip
        (bars,) = below.containers
        assert {to_hex(bar.get_facecolor()) for bar in bars} == {tokens[i]}
        ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars]
        np.testing.assert_allclose(ends, np.column_stack([run.bin_edge[:-1], run.bin_edge[1:]]))
        pixels = np.asarray(pictures.images[0].get_array())[..., :3]
        far = len(pixels) - 28
        for k, (top, left) in enumerate([(0, 0), (0, far), (far, 0), (far, far)]):
            tile, weights = pixels[top : top + 28, left : left + 28], run.template.values[-1, k]
            for sign, ink in ((1, plus - back), (-1, minus - back)):
                own = tile[sign * weights > 0] - back
                strength = own @ ink / (ink @ ink)
                np.testing.assert_allclose(own, strength[:, None] * ink, atol=0.01)
                sizes.append(np.abs(weights[sign * weights > 0]))
                strengths.append(strength)
    order = np.argsort(np.concatenate(sizes))
    assert (np.diff(np.concatenate(strengths)[order]) >= -1e-6).all(), "one scale for all"


def test_the_film_says_each_runs_share_and_paints_its_signs(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.regularization import weight_penalty as film

    _, (found,) = drawn("weight_penalty", recorded)
    shares = [f"{float(share):.0%}\u202fnear 0".replace("%\u202f", "\u202f% ")
              for share in found.near_share.values[:, -1]]  # fmt: skip
    for section, texts in filmed("weight_penalty", recorded).items():
        assert [text for text in texts if text in ("no penalty", "L2", "L1")] == [
            "no penalty", "L2", "L1"]  # fmt: skip
        assert [text for text in texts if text.endswith("% near 0")] == shares, section
    snapshot = 1
    for name in found.run.values.tolist():
        weights = found.template.sel(run=name).values
        pen = Pen()
        clock, room = ValueTracker(snapshot), ValueTracker(0)
        with telling("weight_penalty", found):
            film.Pictures(weights, 0.0, clock, float(np.abs(weights).max())).paint(
                pen  # type: ignore[arg-type]
            )
        for picture, own in zip(pen.images, weights[snapshot, :2], strict=True):
            there = np.abs(own) > 0.3 * np.abs(own).max()
            warm = picture[..., 0] > picture[..., 2]
            np.testing.assert_array_equal(warm[there], (own > 0)[there])
        pen = Pen()
        with telling("weight_penalty", found):
            film.Histogram(found.sel(run=name), name, 0.0, clock, room, 1.0).paint(pen)  # type: ignore[arg-type]
        bars = np.array(pen.bars)
        high = found.histogram.sel(run=name).values[snapshot] / film.FULL * film.TALL
        beyond = high > film.TALL  # an arrowhead says that it goes on
        np.testing.assert_allclose(bars[~beyond, 3], high[~beyond])
        assert [line[:, 1].max() - film.BASE for line in pen.outlines] == pytest.approx(
            [film.TALL] * beyond.sum()
        )
        np.testing.assert_allclose(bars[:, 0], np.arange(len(bars)) * film.WIDE / len(bars))


def test_the_figure_prints_the_first_seeds_share(found: xr.Dataset) -> None:
    """What is printed belongs to the weights that are drawn, and to no other training."""
    first = found.end_near.values.copy()
    first[:, 1:] = 0.123  # other seeds' shares could be the same to the last digit
    other = found.assign(end_near=(found.end_near.dims, first))
    with telling("weight_penalty", other):
        texts = said(figure.draw(other))
    for name in found.run.values.tolist():
        share = f"{float(found.near_share.sel(run=name)[-1]):.0%}"
        assert share.replace("%", "\N{NARROW NO-BREAK SPACE}%") in texts
    assert "12\N{NARROW NO-BREAK SPACE}%" not in texts


def test_the_films_spike_gets_room_for_its_whole_height(found: xr.Dataset) -> None:
    from manim import ValueTracker

    from scenes.regularization import weight_penalty as film

    clock, room = ValueTracker(found.sizes["snapshot"] - 1), ValueTracker(0)
    highest = float(found.histogram[:, -1].max())
    with telling("weight_penalty", found):
        bars = film.Histogram(found.sel(run="l1"), "l1", 0.0, clock, room, highest)
        pictures = film.Pictures(found.sel(run="l1").template.values, 0.0, clock, 1.0)
    assert (pictures.shares[-1] == found.sel(run="l1").template.values[-1, :2]).all()
    tall, unit = bars.zoomed()
    assert unit * highest > tall, "cut at first"
    heights = unit * found.histogram.sel(run="l1")[-1].values
    beyond = heights > tall
    pen = Pen()
    bars.paint(pen)
    shown = np.array([bar[3] for bar in pen.bars])
    np.testing.assert_allclose(shown, np.where(beyond, tall - film.HEAD, heights))
    heads = [corners for corners in pen.strokes if len(corners) == 3]
    assert len(heads) == beyond.sum() > 0, "an arrowhead on each that goes on"
    assert all(corners[1, 1] == film.BASE + tall for corners in heads)
    room.set_value(1)
    tall, unit = bars.zoomed()
    assert unit * highest == pytest.approx(film.AWAY * tall)
    heights = unit * found.histogram.sel(run="l1")[-1].values
    assert bars.beside() == pytest.approx(film.BASE + heights.max() - 0.3), "beside a spike"
    right = heights[len(heights) // 2 + 1 :]
    assert bars.beside() > film.BASE + right.max() + 0.3, "over all that is under it"
