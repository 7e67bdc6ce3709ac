"""initialization: Kaiming keeps ReLU's variance, and any network can be looked at like this."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
import xarray as xr
from manim import ValueTracker
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import nn
from torch.nn import functional

import figures
import simulate
from figures.initialization.initialization import SHOWN
from look import theme
from look.numbers import number
from simulate import recording
from simulate.data._load import load
from simulate.experiments.initialization import _deep
from simulate.experiments.initialization import initialization as experiment
from simulate.models import _base as models
from simulate.training.execute import execute
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, narrow, table, telling
from tests.visuals._networks import filmed
from tests.visuals._pen import Pen


def test_kaiming_keeps_relus_variance_within_a_factor_of_two() -> None:
    spec = experiment.runs(_deep.Settings(n_examples=32))["relu, kaiming"]
    assert spec.model.settings["widths"][1:-1] == [512] * 10
    found = execute(spec).isel(epoch=0)
    variance = found.output_variance.values[1::2]  # after each ReLU, pooled
    assert len(variance) == 10
    assert (variance / variance[0] > 0.5).all()
    assert (variance / variance[0] < 2).all()


def test_other_starts_lose_it(record: Record) -> None:
    found = record("initialization", width=128, depth=8, uniform=0.5)
    gain = found.output_gain.isel(epoch=0, layer=-1)
    back = found.gradient_gain.isel(epoch=0, layer=0)
    assert float(gain.sel(run="relu, normal")) < 1e-4
    assert float(gain.sel(run="relu, uniform")) > 3 * float(gain.sel(run="relu, kaiming"))
    assert float(back.sel(run="sigmoid, xavier")) < 1e-2
    zero = found.sel(run="tanh, zero").isel(epoch=0)
    assert not zero.gradient_sizes.any()
    assert (zero.output_variance == 0).all()


def test_what_is_shown_is_the_networks_own_pass(record: Record) -> None:
    found = record("initialization")
    settings = experiment.EXPERIMENT.tiny
    spec = experiment.runs(settings)["tanh, uniform"]
    x = torch.from_numpy(load(spec.data).x_train)
    y = torch.from_numpy(load(spec.data).y_train)
    net = models.make("mlp", spec.model.settings, spec.seed)
    values, outputs = x, []
    for layer in net:
        values = layer(values)
        values.retain_grad()
        outputs += [values] if isinstance(layer, nn.Tanh) else []
    functional.cross_entropy(values, y).backward()
    one = found.sel(run="tanh, uniform").isel(epoch=0)
    for layer, output in enumerate(outputs):
        a = output.detach().double().numpy()
        counts, _ = np.histogram(a, one.bin_edge.values)
        np.testing.assert_allclose(one.output_histogram[layer], counts, atol=2)
        assert float(one.output_gain[layer]) == pytest.approx(
            a.std() / outputs[0].detach().double().numpy().std(), rel=1e-4
        )
        slope = output.grad.double().numpy()
        size = np.log10(np.abs(slope[slope != 0]))
        middle = float(np.average(one.bin_size, weights=one.gradient_sizes[layer]))
        assert middle == pytest.approx(size.mean(), abs=0.05)
    last = np.sqrt((outputs[-1].grad.double().numpy() ** 2).mean())
    first = np.sqrt((outputs[0].grad.double().numpy() ** 2).mean())
    assert float(one.gradient_gain[0]) == pytest.approx(first / last, rel=1e-4)


def _kept(found: xr.Dataset, name: str) -> tuple[bool, bool]:
    one = found.sel(run=name).isel(epoch=0)
    values, gradients = float(one.output_gain[-1]), float(one.gradient_gain[0])
    return 0.1 < values < 10, 0.1 < gradients < 10


@pytest.mark.parametrize("draw", [lambda r: drawn("initialization", r)[0],
                                  lambda r: narrow("initialization", r)])  # fmt: skip
def test_the_figure_frames_what_lives_and_prints_what_is_left(
    draw: Callable[[Recorded], Figure], recorded: Recorded
) -> None:
    fig, found = draw(recorded), recording.load(recorded("initialization"))
    called = {"normal": "relu, normal", "Kaiming": "relu, kaiming", "uniform": "relu, uniform"}
    panels = {called[t.get_text()]: ax for ax in fig.axes for t in ax.texts
              if t.get_text() in called and ax.images}  # fmt: skip
    assert sorted(panels) == sorted(SHOWN)
    frames = [each for each in fig.artists if isinstance(each, Rectangle)]
    assert len(frames) == sum(_kept(found, name) == (True, True) for name in panels)
    for name, high in panels.items():
        low = fig.axes[fig.axes.index(high) + 1]
        one = found.sel(run=name).isel(epoch=0)
        gains = {"values": one.output_gain[-1], "gradients": one.gradient_gain[0]}
        for ax, (what, gain), kept in zip(
            (high, low), gains.items(), _kept(found, name), strict=True
        ):
            (text,) = (text for text in ax.texts if text.get_gid() == f"{what} gain")
            said = number(float(f"{float(gain):.2g}"), 2)
            tag = {"values": "forward →", "gradients": "← back"}[what]
            assert text.get_text() in (said, f"{tag} × {said}")
            assert (text.get_weight() == "semibold") == kept
            (image,) = ax.images
            assert image.get_label() == what
        for ax, counts in ((high, one.output_sizes), (low, one.gradient_sizes)):
            shown = ax.images[0].get_array()[..., 3].T  # (layer, bin)
            assert ((shown > 0) == (counts.values > 0)).all()
            _, _, first, last = ax.images[0].get_extent()
            np.testing.assert_allclose((last - first) / shown.shape[1], 0.25)  # a bin's powers


def _fates(found: xr.Dataset, name: str) -> list[str]:
    """Return what becomes of activations and of gradients."""
    one = found.sel(run=name).isel(epoch=0)
    gains = float(one.output_gain[-1]), float(one.gradient_gain[0])
    return ["blows up" if gain >= 10 else "arrives" if gain > 0.1 else "dies out" for gain in gains]


def _told(found: xr.Dataset, name: str) -> str:
    values, gradients = _fates(found, name)
    if values == gradients:
        return values
    return {
        ("arrives", "dies out"): "gradient dies out",
        ("arrives", "blows up"): "gradient blows up",
        ("dies out", "arrives"): "signal dies out",
        ("blows up", "arrives"): "signal blows up",
        ("dies out", "blows up"): "gradient blows up",
        ("blows up", "dies out"): "gradient dies out",
    }[values, gradients]


@pytest.mark.parametrize("narrowed", [False, True])
def test_each_panel_says_its_own_fate_and_shades_its_own_sizes(
    narrowed: bool, recorded: Recorded
) -> None:
    fig, (found,) = drawn("initialization", recorded)
    if narrowed:
        sheet = narrow("initialization", recorded)
        assert sheet is not None
        fig = sheet
    shaded = [ax for ax in fig.axes if ax.images]
    with theme.use("dark"):
        inks = {name: theme.color(token).lower() for name, token in
                (("values", "green"), ("gradients", "purple"))}  # fmt: skip
    named = dict(zip(SHOWN, ("normal", "Kaiming", "uniform"), strict=True))
    frames = [each.get_bbox() for each in fig.artists if isinstance(each, Rectangle)]
    for (name, label), high, low in zip(named.items(), shaded[::2], shaded[1::2], strict=True):
        texts = [text.get_text() for text in high.texts if not text.get_gid()]
        assert [text for text in texts if "→" not in text] == [label, _told(found, name)]
        middles = [np.mean(ax.get_position().get_points(), axis=0) for ax in (high, low)]
        framed = [any(box.contains(*middle) for box in frames) for middle in middles]
        assert framed == [_kept(found, name) == (True, True)] * 2
        one = found.sel(run=name).isel(epoch=0)
        for ax, what, counts in ((high, "values", one.output_sizes),
                                 (low, "gradients", one.gradient_sizes)):  # fmt: skip
            (image,) = ax.images
            ink = np.asarray(image.get_array())
            strongest = np.where(counts.values == counts.values.max(1, keepdims=True), 1, 0)
            np.testing.assert_array_equal(ink[..., 3] == 1, strongest.T)
            _, _, first, last = image.get_extent()
            edges = np.linspace(first, last, len(ink) + 1)
            np.testing.assert_allclose((edges[1:] + edges[:-1]) / 2, one.bin_size, atol=1e-6)
            assert to_hex(ink[0, 0, :3]) == inks[what]


def test_the_film_says_fates_and_draws_ridges_of_its_own_columns(recorded: Recorded) -> None:
    from scenes.initialization import initialization as film

    found = recording.load(recorded("initialization"))
    attrs, depth = found.attrs, found.sizes["layer"]
    told = [_told(found, name) for name in SHOWN]
    fates = {"dies out", "arrives", "blows up", *map(_told, [found] * len(found.run),
             found.run.values.tolist())}  # fmt: skip
    normal, uniform = (f"{attrs[name]:g}" for name in ("normal", "uniform"))
    names = [f"normal, σ = {normal}", "Kaiming, √(2/inputs)", f"uniform, ±{uniform}"]
    for section, texts in filmed("initialization", recorded).items():
        assert [text for text in texts if text in names] == names
        assert [text for text in texts if text in fates] == (told if section == "end" else [])
        assert {"layer 1", f"layer {depth}"} <= set(texts)
    assert tuple(film.RUNS.values()) == SHOWN
    assert sorted(film.RUNS) == ["kaiming", "large", "small"]
    for passed in (0, 1, depth):
        down, up, past, faint = (ValueTracker(value) for value in (depth - 1, passed, 0, 0))
        with telling("initialization", found):
            column = film.Ridges(found, SHOWN[2], 0.0, (down, up, past, faint), True)
        pen = Pen()
        column.paint(pen)  # type: ignore[arg-type]
        one = found.sel(run=SHOWN[2]).isel(epoch=0)
        feet = np.linspace(film.TOP, film.BOTTOM, depth)
        wanted = [(feet[k], one.output_sizes.values[k]) for k in range(depth)]
        wanted += [(feet[k], one.gradient_sizes.values[k]) for k in range(depth - passed, depth)]
        inside = (one.bin_size.values >= film.SPAN[0]) & (one.bin_size.values <= film.SPAN[1])
        order = sorted(pen.outlines, key=lambda outline: -outline[0, 1])
        assert len(order) == len(wanted)
        for foot in feet:
            shapes = [(outline[1:-1, 1] - foot) / column.tall for outline in order
                      if outline[0, 1] == foot]  # fmt: skip
            counts = [row[inside] / row.max() for y, row in wanted if y == foot]
            np.testing.assert_allclose(shapes, counts, atol=1e-9)
        across = (order[0][1:-1, 0]) / film.ACROSS * np.ptp(film.SPAN) + film.SPAN[0]
        np.testing.assert_allclose(across, one.bin_size.values[inside])


def test_the_film_counts_along_what_is_left_of_both(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scenes.initialization import initialization as film

    found = recording.load(recorded("initialization"))
    depth = found.sizes["layer"]
    for name in SHOWN:
        one = found.sel(run=name).isel(epoch=0)
        forward, back = one.output_gain.values, one.gradient_gain.values
        for at, passed in ((0.0, 0.0), (1.4, 0.0), (depth - 1, 0.5), (depth - 1, depth - 1),
                           (depth - 1, depth)):  # fmt: skip
            with telling("initialization", found):
                counts = film.Counts(found, name, 0.0, ValueTracker(at), ValueTracker(passed))
                left = [forward[int(at)]]
                # The gradient has come to layer depth, depth − 1, …: at first there is none.
                left += [back[depth - max(int(passed), 1)]] if passed else []
                assert counts.now() == [number(float(f"{x:.2g}"), 2) for x in left]
            written: list[tuple[float, str]] = []
            monkeypatch.setattr(
                film.font, "write", lambda pen, text, x, y, *_, to=written: to.append((y, text))
            )
            pen = Pen()
            counts.paint(pen)  # type: ignore[arg-type]
            with theme.use("dark"):
                inks = [to_rgb(theme.color(ink)) for ink in ("green", "purple")]
            assert pen.inks == inks[: len(left)]
            # in the row that is called "forward" stands the one, in that called "back" the other
            for row, said in zip(film.ROWS, counts.now(), strict=False):
                base, exponent = (part for part, *_ in film._raised(said))
                assert (row, base) in written
                assert exponent in [text for y, text in written if y > row]
            assert {y for y, text in written if text and not text.startswith("−")} == set(
                film.ROWS[: len(left)])  # fmt: skip
    with telling("initialization", found), theme.use("dark"):
        named = film.named_rows()
    assert [each.text for each in named] == ["forward", "back"]
    for each, row, ink in zip(named, film.ROWS, inks, strict=True):
        assert abs(each.get_center()[1] - row) < 0.2
        assert to_rgb(each.get_color().to_hex()) == pytest.approx(ink, abs=0.01)
    for section, texts in filmed("initialization", recorded).items():
        rows = [text for text in texts if text in ("forward", "back")]
        assert rows == (["forward"] if section == "start" else ["forward", "back"])
    for text, said in (("0.86", ["0.86", ""]), ("5.9 × 10⁻⁸", ["5.9 × 10", "−8"])):
        assert [part for part, *_ in film._raised(text)] == said


def test_the_table_says_what_becomes_of_every_start(recorded: Recorded) -> None:
    made, _, _, (found,) = table("initialization", recorded)
    columns = [column.heading.lower() for column in made.columns[1:]]
    starts = {str(row[0].value).lower(): row[1:] for row in made.cells}
    assert len(columns) * len(starts) == found.sizes["run"]
    alive = 0
    for name in map(str, found.run.values):
        activation, start = name.split(", ")
        cell = starts[start][columns.index(activation)]
        one = found.sel(run=name).isel(epoch=0)
        gains = float(one.output_gain[-1]), float(one.gradient_gain[0])
        signal, gradient = (
            f"{what} {number(float(f'{gain:.2g}'), 2)}" if gain > 0 else f"no {what}"
            for what, gain in zip(("signal", "gradient"), gains, strict=True)
        )
        assert cell.note.replace("\u00a0", " ") == f"{signal}\n{gradient}"
        for what in ("signal", "gradient"):
            assert f"{what} " not in cell.note, "no number is parted from its word"
        if "no signal" in signal:
            assert float(one.output_variance[-1]) == 0
        assert cell.strong == cell.tint == (_kept(found, name) == (True, True))
        alive += cell.strong
        if all(not gain >= 0.1 for gain in gains):  # of nothing, nothing comes
            assert cell.value == "dies out"
        elif all(gain >= 10 for gain in gains):
            assert cell.value == "blows up"
        else:
            assert cell.value == _told(found, name)
    assert alive == found.attrs["n_alive"]
    n = found.sizes["run"]
    assert made.title == f"Of {n} starts, {alive} keep signal and gradient within a factor of 10"
    drawn_from = {str(row[0].value).lower(): row[0].note for row in made.cells}
    assert {name: drawn_from[name] for name in ("zero", "constant", "normal", "uniform")} == {
        "zero": "all 0", "constant": f"all {found.attrs['constant']:g}",
        "normal": f"σ = {found.attrs['normal']:g}",
        "uniform": f"within ±{found.attrs['uniform']:g}",
    }  # fmt: skip


def test_any_network_can_be_looked_at() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 9), nn.GELU(), nn.Linear(9, 7), nn.GELU(), nn.Linear(7, 2))
    x = np.random.default_rng(0).normal(size=(30, 4)).astype("f4")
    run = simulate.train(
        net, (x, (x[:, 0] > 0).astype(int)), steps=3, batch_size=10, record=["layer_statistics"]
    )
    fig = figures.draw("initialization", run)
    (values,) = [im for ax in fig.axes for im in ax.images if im.get_label() == "values"]
    assert values.get_array().shape[1] == 5, "a column for each layer"
    assert isinstance(run, xr.Dataset)


@pytest.mark.parametrize(
    ("init", "std"), [("xavier", (2 / 500) ** 0.5), ("normal", 0.3), ("uniform", 0.3 / 3**0.5)]
)
def test_starts_are_drawn_as_they_say(init: str, std: float) -> None:
    net = models.make("mlp", {"widths": [300, 200, 3], "init": init, "scale": 0.3})
    assert net[0].weight.std().item() == pytest.approx(std, rel=0.02)
    assert net[0].bias.abs().max() == 0
    if init == "uniform":
        assert net[0].weight.abs().max().item() <= 0.3
    constant = models.make("mlp", {"widths": [3, 2], "init": "constant", "scale": 0.3})
    assert (constant[0].weight == 0.3).all()
