"""The errors of one digit: what is drawn is what was recorded, and the words hold."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.colors import to_hex, to_rgba
from torch import nn

import figures
from figures.backpropagation import backprop_network as module
from figures.backpropagation.backprop_network import UPRIGHT
from look import theme
from look.numbers import percent
from scenes import render
from scenes.backpropagation.backprop_network import Network
from simulate import recording
from simulate.measures.passes import passes
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, narrow, telling
from tests.scenes._films import film
from tests.visuals._networks import filmed, said, value


def test_errors_are_autograds_in_the_trained_network(record: Record) -> None:
    found = record("backprop_network")
    forward = record("network_forward").isel(example=1)
    assert found.attrs["label"] == int(forward.label)
    assert found.attrs["prediction"] == int(forward.prediction)
    order = found["shown"].values
    np.testing.assert_allclose(found.output, forward.probability.values[order], atol=1e-6)
    weights = [torch.tensor(forward[f"weight_{k}"].values, dtype=torch.float64) for k in (1, 2, 3)]
    biases = [torch.tensor(forward[f"bias_{k}"].values, dtype=torch.float64) for k in (1, 2, 3)]
    z = torch.tensor(found.image.values.reshape(1, -1))
    sums = []
    for k, (w, b) in enumerate(zip(weights, biases, strict=True)):
        a = (z @ w + b).requires_grad_()
        a.retain_grad()
        sums.append(a)
        z = torch.relu(a) if k < 2 else a
    torch.nn.functional.cross_entropy(z, torch.tensor([found.attrs["label"]])).backward()
    for layer in (1, 2, 3):
        own = found.unit_layer.values == layer
        grad = sums[layer - 1].grad
        assert grad is not None
        np.testing.assert_allclose(
            found.delta.values[own], grad[0].numpy()[found.unit_index.values[own]], atol=1e-6
        )


def test_lines_and_units_have_the_signs_and_sizes_of_what_flows_back(recorded: Recorded) -> None:
    fig, (found,) = drawn("backprop_network", recorded, "light")
    ax = fig.axes[1]
    gaps = [each for each in ax.collections if isinstance(each, LineCollection)]
    with theme.use("light"):
        inks = {s: np.array(to_rgba(theme.color(s)))[:3] for s in ("positive", "negative")}
    assert len(gaps) == found.sizes["layer"] - 1, "nothing goes back to the pixels"
    for gap, lines in enumerate(gaps, 2):
        inside = found.gap.values == gap
        values = found.pull.values[inside]
        order = np.argsort(np.abs(values) / np.abs(values).max(), kind="stable")
        colors = np.asarray(lines.get_colors())[:, :3]
        wanted = np.where(values[order][:, None] > 0, inks["positive"], inks["negative"])
        alphas = np.asarray(lines.get_colors())[:, 3]
        share = np.abs(values[order]) / np.abs(values).max()
        strong, faint = share >= 0.55, share <= 0.3
        full = (0.08 + 0.92 * share**0.75) * (share > 0)
        np.testing.assert_allclose(alphas[strong], full[strong], err_msg="what carries the most")
        np.testing.assert_allclose(alphas[faint], full[faint] / 10, err_msg="the rest is faint")
        drawn_ = values[order] != 0
        np.testing.assert_allclose(colors[drawn_], wanted[drawn_])
        widths = np.asarray(lines.get_linewidths()) * 96 / 72
        size = np.clip(np.abs(values[order]) / np.abs(values).max(), 0.06, 1)
        np.testing.assert_allclose(widths, 4.0 * size, rtol=1e-6)
        # from unit to unit: the strongest ends where its units stand
        segment = lines.get_segments()[-1]
        assert segment[0][0] < segment[1][0]
    discs = [each for each in ax.collections if isinstance(each, EllipseCollection)]
    for layer, units in enumerate(discs, 1):
        delta = found.delta.values[found.unit_layer.values == layer]
        faces = np.asarray(units.get_facecolors())[:, :3]
        assert np.allclose(faces[delta == 0], 1), "nothing came back: the background's white"
        (crosses,) = (ln for ln in ax.get_lines() if ln.get_label() == "off"
                      and ln.get_xdata().tolist() == units.get_offsets()[delta == 0, 0].tolist()
                      and np.allclose(ln.get_xdata(), units.get_offsets()[0, 0]))  # fmt: skip
        assert crosses.get_ydata().tolist() == units.get_offsets()[delta == 0, 1].tolist()
        strongest = int(np.abs(delta).argmax())
        ink = inks["positive" if delta[strongest] > 0 else "negative"]
        np.testing.assert_allclose(faces[strongest], ink, atol=1e-9)


def test_bars_show_what_is_too_much_and_too_little(recorded: Recorded) -> None:
    fig, (found,) = drawn("backprop_network", recorded, "light")
    left, right = figures_bars()
    with theme.use("light"):
        inks = {theme.color("positive"), theme.color("negative")}
    two = [found.attrs["label"], found.attrs["prediction"]]
    for k in np.flatnonzero(np.isin(found["shown"], two)):
        (mark,) = [ln for ln in fig.axes[1].get_lines()
                   if ln.get_label() == f"after {int(found['shown'].values[k])}"]  # fmt: skip
        share = (np.asarray(mark.get_xdata()) - left) / (right - left)
        np.testing.assert_allclose(share, (0, float(found.output_after[k])), atol=1e-9)
    texts = [t.get_text() for t in fig.axes[1].texts]
    at = {t.get_text(): t.get_position()[1] for t in fig.axes[1].texts}
    for index, error in ((found.attrs["prediction"], "much"), (found.attrs["label"], "little")):
        (k,) = np.flatnonzero(found["shown"] == index)
        before = f"{percent(float(found.output[k]), 1)}, too {error}"
        after = f"{percent(float(found.output_after[k]), 1)} after one step"
        assert (texts.count(before), texts.count(after)) == (1, 1)
        (mark,) = [ln for ln in fig.axes[1].get_lines() if ln.get_label() == f"after {index}"]
        assert at[before] == at[str(index)], "by its bar"
        assert at[after] == mark.get_ydata()[0], "by its bar"
    pieces = [ln for ln in fig.axes[1].get_lines() if ln.get_color() in inks]
    assert len(pieces) == found.sizes["class"]
    for piece, said_, wanted in zip(pieces, found.output.values, found.wanted.values, strict=True):
        start, end = (np.asarray(piece.get_xdata()) - left) / (right - left)
        assert (start, end) == (pytest.approx(wanted), pytest.approx(said_))
        with theme.use("light"):
            assert (piece.get_color() == theme.color("positive")) == (said_ > wanted)


def test_the_narrow_form_draws_the_same_lines_downwards(recorded: Recorded) -> None:
    fig, wide = narrow("backprop_network", recorded), drawn("backprop_network", recorded)[0]
    assert fig is not None
    found = recording.load(recorded("backprop_network"))
    gaps, others = (
        [c for c in f.axes[1].collections if isinstance(c, LineCollection)] for f in (fig, wide)
    )
    assert len(gaps) == len(others) == found.sizes["layer"] - 1
    for lines, other in zip(gaps, others, strict=True):
        np.testing.assert_allclose(lines.get_colors(), other.get_colors())
        segments = np.array(lines.get_segments())
        assert (segments[:, 0, 1] < segments[:, 1, 1]).all(), "from above to below"
    marks = [found.attrs["prediction"], found.attrs["label"]]
    for k in np.flatnonzero(np.isin(found["shown"], marks)):
        index = int(found["shown"][k])
        error = "little" if index == found.attrs["label"] else "much"
        line = [str(index), f"{percent(float(found.output[k]), 1)}, too {error}",
                f"then {percent(float(found.output_after[k]), 1)}"]  # fmt: skip
        ys = [[t.get_position()[1] for t in fig.axes[1].texts if t.get_text() == each]
              for each in line]  # fmt: skip
        assert set(ys[0]) & set(ys[1]) & set(ys[2]), "in one line"
        (bar,) = [ln for ln in fig.axes[1].get_lines() if ln.get_label() == f"after {index}"]
        low, high = bar.get_ydata()
        assert (low - high) / (UPRIGHT[1] - UPRIGHT[0]) == pytest.approx(
            float(found.output_after[k])
        )
    worked = [[t.get_text() for t in f.axes[1].texts if t.get_gid()] for f in (fig, wide)]
    assert len(worked[0]) > 5
    assert worked[0] == worked[1]


def test_one_line_is_worked_out_where_a_negative_weight_turns_its_sign(recorded: Recorded) -> None:
    fig, (found,) = drawn("backprop_network", recorded, "light")
    ax = fig.axes[1]
    # the weights of what was taken for the right one, and what they hand back of its error
    k = int(np.flatnonzero(found["shown"] == found.attrs["prediction"])[0])
    error = float(found.output[k] - found.wanted[k])
    own = (found.gap.values == 3) & (found.target.values == found.attrs["prediction"])
    weights = {int(s): float(w) for s, w in zip(found.source.values[own], found.weight.values[own],
                                                strict=True)}  # fmt: skip
    unit, weight = min(weights.items(), key=lambda each: each[1])
    assert error > 0 > weight
    given = f"−{abs(round(round(error, 2) * round(weight, 2), 2)):.2f}"
    (on,) = [t for t in ax.texts if t.get_gid() == "on the line"]
    row = [t for t in ax.texts if t.get_gid() == "worked"]
    printed = [t.get_text() for t in row]
    assert printed == [f"+{error:.2f}", "×", f"−{-weight:.2f}", "=", given]
    assert on.get_text() == given
    assert abs(error * weight - float(given.replace("−", "-"))) < 0.01, "as recorded"
    with theme.use("light"):
        grounds = [t.get_bbox_patch() for t in (*row, on)]
        assert [patch and to_hex(patch.get_edgecolor()) for patch in grounds] == [
            sign and theme.color(sign).lower()
            for sign in ("positive", None, None, None, "negative", "negative")
        ]
    assert f"{found.attrs['prediction_name']}’s error × a line’s weight" in said(fig)
    # the number stands on the line from that output to that unit
    discs = [each for each in ax.collections if isinstance(each, EllipseCollection)][-1]
    places = dict(zip(found.unit_index.values[found.unit_layer.values == 2],
                      np.asarray(discs.get_offsets()), strict=True))  # fmt: skip
    lines = [each for each in ax.collections if isinstance(each, LineCollection)][-1]
    (name,) = [t for t in ax.texts if t.get_text() == found.attrs["prediction_name"]]
    (way,) = [s for s in lines.get_segments() if s[0].tolist() == places[unit].tolist()
              and s[1][1] == name.get_position()[1]]  # fmt: skip
    along = (np.array(on.get_position()) - way[0]) / (way[1] - way[0])
    assert along[0] == pytest.approx(along[1])
    assert 0.2 < along[0] < 0.8


@pytest.mark.parametrize("gives", [0.0, 0.5])
def test_a_cross_says_that_a_unit_gives_nothing_only_where_it_does(
    gives: float, recorded: Recorded
) -> None:
    found = recording.load(recorded("backprop_network"))
    hidden = (found.unit_layer.values > 0) & (found.unit_layer.values < found.sizes["layer"])
    off = np.flatnonzero(hidden & (found.delta.values == 0))
    assert len(off) == found.attrs["n_off"] > 0
    assert (found.activation.values[off] == 0).all(), "as recorded"
    found.activation.values[off[-1]] = gives
    with theme.use("light"), telling("backprop_network", found):
        texts = said(module.draw(found))
    zero = "" if gives else " (it gives 0)"
    assert f"× off{zero}: hands nothing back" in texts


def figures_bars() -> tuple[float, float]:
    from figures.backpropagation import backprop_network as figure

    return figure.BARS


def test_what_is_said_of_the_step_is_so(recorded: Recorded) -> None:
    fig, (found,) = drawn("backprop_network", recorded)
    attrs = found.attrs
    (pairs,) = [t for t in said(fig) if t.startswith("loss ")]
    before, after = (value(t) for t in re.findall(r"[\d.]+", pairs)[:2])
    assert before == pytest.approx(attrs["loss_before"], rel=5e-2)
    assert after == pytest.approx(attrs["loss_after"], rel=5e-2)
    assert attrs["loss_before"] == pytest.approx(-np.log(attrs["p_label"]), rel=1e-6)
    assert attrs["loss_after"] == pytest.approx(-np.log(attrs["p_label_after"]), rel=1e-4)
    sections = filmed("backprop_network", recorded)
    end = " ".join(sections["after"])
    assert f"loss {attrs['loss_before']:.2g} → {attrs['loss_after']:.2g}" in end
    assert list(sections) == ["forward", "back", "change", "after"], "a headline each"
    assert percent(attrs["p_label"], 1) in sections["forward"]
    right = attrs["prediction_after"] == attrs["label"]
    assert ("right" in sections["change"]) == right
    assert "right" not in sections["back"]
    said_ = (f"After the step, {attrs['label_name']} gets {percent(attrs['p_label_after'], 1)}; "
             f"before, it got {percent(attrs['p_label'], 1)}")  # fmt: skip
    assert said_ in sections["after"]
    assert said_ not in sections["change"], "not before it is shown"
    told = [text for _, text in film("backprop_network", recorded).plan.said]
    assert told[0].startswith(f"The label says {attrs['label_name']}. What does the network say?")
    assert told[1].startswith(f"The network says {attrs['prediction_name']}, "
                              f"{percent(attrs['p_prediction'], 1)} sure\n")  # fmt: skip
    assert told[1].partition("\n")[0] in sections["forward"], "once the bars are there"
    assert "Each weight moves by minus step size × error × input." in sections["change"]
    assert percent(attrs["p_label_after"], 1) in sections["change"]
    hidden = (found.unit_layer.values < 3) & (found.unit_layer.values > 0)
    off = int((found.delta.values[hidden] == 0).sum())
    assert off == attrs["n_off"]


@pytest.mark.parametrize("right", [True, False])
def test_the_film_gives_numbers_that_a_network_had_none_in_between(
    right: bool, recorded: Recorded
) -> None:
    from manim import ValueTracker

    from scenes.backpropagation.backprop_network import values

    found = recording.load(recorded("backprop_network"))
    attrs = found.attrs
    attrs["prediction_after"] = attrs["label" if right else "prediction"]
    clocks = [ValueTracker(0) for _ in range(5)]
    again = clocks[3]
    job = render.Job(module="scenes.backpropagation.backprop_network", recordings={})
    with render.stage(job), telling("backprop_network", found):
        network = Network(found, *clocks)
        numbers = values(found, network, again)
    for now, said_, words in (
        (0.0, found.output, {"prediction": "guess", "label": "label"}),
        (0.5, None, {}),
        (1.0, found.output_after, {"label": "right"} if right else
         {"prediction": "guess", "label": "label"}),
    ):  # fmt: skip
        again.set_value(now)
        at = {(round(float(each.get_center()[1]), 3), each.text()) for each in numbers
              if each.text()}  # fmt: skip
        wanted = set()
        for role in ("prediction", "label"):
            (k,) = np.flatnonzero(found["shown"] == attrs[role])
            y = round(float(network.ys[k]) + 0.02, 3)
            wanted |= set() if said_ is None else {(y, percent(float(said_[k]), 1))}
            wanted |= {(y, words[role])} if role in words else set()
        assert at == wanted


def own(kind: str) -> xr.Dataset:
    torch.manual_seed(1)
    if kind == "values":
        net = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1), nn.Sigmoid())
        return passes(net, [1.0, 0.0], [1.0], "mse", lr=2.0)
    deep = nn.Sequential(nn.Linear(30, 40), nn.ReLU(), nn.Linear(40, 20), nn.Tanh(),
                         nn.Linear(20, 20), nn.ReLU(), nn.Linear(20, 3))  # fmt: skip
    x = np.random.default_rng(0).normal(size=30)
    return passes(deep, x, 1, lr=0.1, classes=["cat", "dog", "owl"])


@pytest.mark.parametrize("kind", ["values", "classes"])
def test_a_network_of_ones_own_is_drawn_and_filmed(kind: str) -> None:
    found = own(kind)
    texts = said(figures.draw("backprop_network", found))
    assert any(text.startswith("loss ") for text in texts)
    job = render.Job(
        module="scenes.backpropagation.backprop_network",
        recordings={"backprop_network": found}, width=160, height=90, fps=2,
    )  # fmt: skip
    assert render.plan(job).n_frames > 15


def test_errors_arrive_in_the_film_from_the_last_layer_on(recorded: Recorded) -> None:
    found = recording.load(recorded("backprop_network"))
    from manim import ValueTracker

    clocks = [ValueTracker(0) for _ in range(5)]
    with theme.use("dark"), telling("backprop_network", found):
        network = Network(found, *clocks)
    for layer in (1, 2):
        assert len(network.fills[layer][1]) == (found.unit_layer.values == layer).sum()
        delta = found.delta.values[found.unit_layer.values == layer]
        np.testing.assert_allclose(network.fills[layer][1], delta / np.abs(delta).max())
    starts, ends, _, widths = network.lines["pull"][2]
    strongest = int(widths.argmax())
    inside = found.gap.values == 3
    k = int(np.abs(found.pull.values[inside]).argmax())
    source = int(found.source.values[inside][k])
    np.testing.assert_allclose(starts[strongest], network.places[2][source])
    target = int(found.target.values[inside][k])
    np.testing.assert_allclose(ends[strongest] + [0.22, 0], network.places[3][target])
    with theme.use("dark"):
        inks = {name: to_rgba(theme.color(name))[:3] for name in ("muted", "positive", "negative")}
    for name, gaps in network.lines.items():
        for gap, (_, _, colors, sizes) in enumerate(gaps, 1):
            inside = found.gap.values == gap
            known = "gradient" if (name, gap) == ("pull", 1) else name
            values = found[known].values[inside]
            values = values[np.argsort(np.abs(values), kind="stable")]
            wanted = [inks["muted" if name != "pull" else "positive" if v > 0 else "negative"]
                      for v in values]  # fmt: skip
            np.testing.assert_allclose(colors[:, :3], wanted, err_msg="signs are those of errors")
            most = np.abs(values).max()
            np.testing.assert_allclose(
                sizes, 0.7 + (2.2 if gap == 1 else 4.5) * np.abs(values) / most
            )


class Pen:
    """Notes the rectangles and the lines that a painter draws."""

    def __init__(self) -> None:
        self.ink: Any = None
        self.boxes: list[tuple[Any, float, float]] = []
        self.lines_: list[np.ndarray] = []
        self.strokes: list[np.ndarray] = []

    def color(self, ink: Any, alpha: float = 1.0) -> None:
        self.ink = ink

    def rectangle(self, left: float, bottom: float, width: float, height: float) -> None:
        self.boxes.append((self.ink, left, left + width))

    def lines(self, starts: Any, tips: Any, colors: Any, widths: Any) -> None:
        self.lines_.append(np.stack([starts, tips], axis=1))

    def polyline(self, points: np.ndarray) -> None:
        self.strokes.append(points)

    def fill(self) -> None:
        pass

    def stroke(self) -> None:
        pass

    def width(self, width: float) -> None:
        pass

    def discs(self, *given: Any) -> None:
        pass


def test_bars_move_from_before_to_after_and_errors_go_back_gap_by_gap(recorded: Recorded) -> None:
    from manim import ValueTracker

    found = recording.load(recorded("backprop_network"))
    signal, back, change, again, grown = (ValueTracker(v) for v in (3, 0, 0, 0, 1))
    with theme.use("dark"), telling("backprop_network", found):
        network = Network(found, signal, back, change, again, grown)
        inks = theme.color("negative"), theme.color("positive")
    for moved, name in ((0, "output"), (1, "output_after")):
        again.set_value(moved)
        back.set_value(1)
        pen: Any = Pen()
        network.paint(pen)
        bars = pen.boxes[1::3]
        wanted = [network.at(float(v)) for v in found[name].values]
        np.testing.assert_allclose([right for _, _, right in bars], wanted, atol=1e-9)
        for (ink, left, right), said_, aim in zip(
            pen.boxes[2::3], found[name].values, found.wanted.values, strict=True
        ):
            assert ink == inks[int(said_ > aim)]
            ends = sorted([network.at(float(said_)), network.at(float(aim))])
            assert [left, right] == pytest.approx(ends)
    change.set_value(1)  # the colours are gone, those in the bars too
    pen = Pen()
    network.paint(pen)
    assert not {ink for ink, _, _ in pen.boxes} & set(inks)
    assert len(pen.boxes) == 2 * found.sizes["class"]
    change.set_value(0)
    for now, gaps in ((1.5, [3]), (2.5, [2, 3]), (3.5, [1, 2, 3])):
        back.set_value(now)
        pen = Pen()
        network.paint(pen)
        # what goes back ends farther left than it starts
        going = [each for each in pen.lines_ if (each[:, 1, 0] < each[:, 0, 0]).all()]
        starts = [float(each[0, 0, 0]) for each in going]
        assert [int(np.abs(np.array(network.xs) - x).argmin()) for x in starts] == gaps
    # at the end all units that pass nothing back have a cross
    still = found.unit_layer.values[found.delta.values == 0]
    marks = [each for each in pen.strokes if each[:, 0].min() > network.xs[-1]]
    two = np.isin(found["shown"], (found.attrs["label"], found.attrs["prediction"]))
    np.testing.assert_allclose(  # where the two that are spoken of were
        [(mark[0, 0], mark[:, 1].mean()) for mark in marks],
        [
            (network.at(float(v)), y)
            for v, y in zip(found.output[two], network.ys[two], strict=True)
        ],
    )
    layers = [int(np.abs(np.array(network.xs) - each[:, 0].mean()).argmin())
              for each in pen.strokes if each[:, 0].min() < network.xs[-1]]  # fmt: skip
    hidden = still[(still > 0) & (still < network.n_layers)]
    assert sorted(layers) == sorted(np.repeat(hidden, 2).tolist())
    assert len(layers) == 2 * found.attrs["n_off"]
