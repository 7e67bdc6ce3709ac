"""The graph behind a neuron's loss: figure and film show PyTorch's nodes, in its order."""

from __future__ import annotations

from unittest.mock import MagicMock

import numpy as np
import pytest
import torch
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from torch import nn

import figures
from look import theme
from look.traces import forward, handed, handed_on
from scenes import render
from scenes.backpropagation import _trace as films
from simulate import autograd_graph, recording, specs
from simulate.errors import UserError
from simulate.experiments import _base as base
from tests.figures._drawn import Recorded, drawn, narrow, telling
from tests.visuals._networks import filmed, said


def test_nodes_are_those_of_the_real_graph(recorded: Recorded) -> None:
    _, (found,) = drawn("computation_graph", recorded)
    model = base.network(specs.Model(name="mlp", settings={"widths": [2, 1]}))
    loss = nn.functional.mse_loss(model(torch.ones(3, 2)), torch.ones(3, 1))
    names, queue = [], [loss.grad_fn]
    while queue:
        node = queue.pop()
        assert node is not None
        names.append(node.name().split("::")[-1])
        queue += [other for other, _ in node.next_functions if other is not None]
    assert sorted(names) == sorted(found.name.values.tolist())
    assert found.attrs["by_hand"] < 1e-5
    # by hand: 2(ŷ − y), not 2ŷ
    draws = torch.Generator().manual_seed(0)
    x = torch.randn(20, 2, generator=draws)
    y = 2 * x[:, :1] + x[:, 1:] + 1
    gradient = 2 * (model(x) - y).mean().item()
    (bias,) = np.flatnonzero(found.plain.values == "bias")
    assert str(found.gradient.values[bias]).replace("−", "-") == f"{gradient:.2f}"


def test_the_figure_shows_every_node_with_its_turn_and_its_gradient(recorded: Recorded) -> None:
    fig, (found,) = drawn("computation_graph", recorded)
    texts = said(fig)
    for i in range(found.sizes["v"]):
        assert str(found.plain.values[i]) in texts
        assert str(found.name.values[i]) in texts
        assert str(int(found.turn.values[i]) + 1) in texts
    ends_where_it_should(fig, found, along=0)
    gradients_are_by_their_parameters(fig, found)


def test_each_box_has_its_own_names_turn_and_arrows(recorded: Recorded) -> None:
    fig, (found,) = drawn("computation_graph", recorded)
    ax = fig.axes[0]
    boxes = [each for each in ax.patches if isinstance(each, FancyBboxPatch)]
    low = np.array([[box.get_x(), box.get_y()] for box in boxes])
    high = low + [[box.get_width(), box.get_height()] for box in boxes]

    def away(place: tuple[float, float]) -> np.ndarray:
        """Return how far each box is from a place."""
        past = np.maximum(np.maximum(low - place, place - high), 0)
        return np.linalg.norm(past, axis=1)

    assert len(boxes) == found.sizes["v"]
    (turns,) = {each.get_radius() for each in ax.patches if isinstance(each, Circle)}
    for i in range(len(boxes)):
        inside = {text.get_text() for text in ax.texts if away(text.get_position())[i] == 0}
        own = {str(found[name].values[i]) for name in ("plain", "name")}
        assert own <= inside
        others = {str(name) for name in found.plain.values} - own
        assert not others & inside
    circles = [each for each in ax.patches if isinstance(each, Circle)]
    for i, circle in enumerate(circles):
        assert away(circle.center)[i] < turns
        (number,) = (text.get_text() for text in ax.texts
                     if np.hypot(*np.subtract(text.get_position(), circle.center)) < 3)  # fmt: skip
        assert number == str(int(found.turn.values[i]) + 1)
    (loss,) = (text for text in ax.texts if text.get_text().startswith("loss = "))
    assert loss.get_text() == f"loss = {found.attrs['loss']:.3g}"
    assert int(away(loss.get_position()).argmin()) == len(boxes) - 1


def gradients_are_by_their_parameters(fig: Figure, found: xr.Dataset) -> None:
    """Check the numbers in cells, from left to right, with the colours of their signs."""
    ax = fig.axes[0]
    at = {t.get_text(): t.get_position() for t in ax.texts}
    for leaf in np.flatnonzero(found.is_leaf):
        name = str(found.plain.values[leaf])
        cells = [p for p in ax.patches if p.get_label() == name]
        numbers = str(found.gradient.values[leaf]).split(", ")
        assert len(cells) == len(numbers)
        for cell, number in zip(cells, numbers, strict=True):
            assert cell.get_x() < at[number][0] < cell.get_x() + cell.get_width()
            assert abs(cell.get_y() + cell.get_height() / 2 - at[f"{name}.grad"][1]) < 1
            red, _, blue, _ = cell.get_facecolor()
            assert (blue > red) == number.startswith("−")
        assert abs(at[f"{name}.grad"][1] - at[name][1]) < 90, "by its box"


def test_rules_on_the_arrows_make_the_gradients_that_arrive() -> None:
    """By hand: with g from node to node as the figure says, autograd's numbers come out."""
    x, y = torch.randn(7, 2), torch.randn(7, 1)
    neuron = nn.Linear(2, 1)
    out = neuron(x)
    nn.functional.mse_loss(out, y).backward()
    g = 2 * (out.detach() - y) / len(x)
    assert neuron.bias.grad is not None
    assert neuron.weight.grad is not None
    torch.testing.assert_close(neuron.bias.grad, g.sum(0))
    torch.testing.assert_close(neuron.weight.grad, (x.T @ g).T)
    parameter = "AccumulateGrad"
    assert handed_on("MseLossBackward0", "AddmmBackward0") == r"\frac{2}{n} (\hat{y} - y)"
    assert handed_on("AddmmBackward0", parameter) == r"\Sigma \, g"
    assert handed_on("AddmmBackward0", "TBackward0") == "x^T g"
    assert handed_on("TBackward0", parameter) == "g^T"


def ends_where_it_should(fig: Figure, found: xr.Dataset, along: int) -> None:
    """Check that every arrow goes from a node back to one that it was made from."""
    ax = fig.axes[0]
    boxes = {t.get_text(): np.array(t.get_position()) for t in ax.texts}
    tips = [p for p in ax.patches if isinstance(p, FancyArrowPatch)]
    assert len(tips) == found.sizes["component"]
    across = 1 - along
    for patch, source, target in zip(tips, found.source.values, found.target.values, strict=True):
        start, end = (np.array(p) for p in patch._posA_posB)  # type: ignore[attr-defined]
        made_from, node = (boxes[str(found.plain.values[i])] for i in (source, target))
        assert end[across] == pytest.approx(made_from[across], abs=16)
        assert start[across] == pytest.approx(node[across], abs=30)
        assert made_from[along] < end[along] < start[along] < node[along], "to the parameters"
        # what comes out, or how many values; at a parameter that is drawn by its box
        turn = int(found.turn.values[source]) + 1
        (seed,) = (t for t in ax.texts if t.get_text() == "1" and t.get_weight() != "semibold")
        assert (np.abs(seed.get_position() - boxes["squared error"]) < (60, 47)).all()
        if not found.is_leaf.values[source]:
            n = np.prod([int(n) for n in str(found["shape"].values[source]).split(" × ")])
            came = str(found.gradient.values[source]) or f"{n:,} values"
            for said_ in (came, f"$g_{{{turn}}}$"):  # both in its box
                (text,) = (t for t in ax.texts if t.get_text() == said_)
                assert (np.abs(text.get_position() - made_from) < (60, 47)).all()
        rules = {
            np.hypot(*(np.array(t.get_position()) - (start + end) / 2)): t.get_text()
            for t in ax.texts if (t.get_text().startswith("$") and t.get_gid() != "formula"
            and not t.get_text().startswith("$g_{")) or "^T" in t.get_text()
        }  # fmt: skip
        made = handed_on(str(found.name.values[target]), str(found.name.values[source]))
        came_to = f"g_{{{int(found.turn.values[target]) + 1}}}"  # numbered as the box it came to
        wanted = {"g^T": f"{came_to}^T", "x^T g": f"x^T {came_to}"}.get(
            made, made.replace(r"\, g", rf"\, {came_to}"))  # fmt: skip
        gives = str(found.gradient.values[source])
        if found.is_leaf.values[source] and "," not in gives and along == 0:
            wanted += f" = {gives}"  # a sum that ends in one number
        assert rules[min(rules)] == f"${wanted}$", "how the node makes what it hands on"
    slips = [p for p in ax.patches if p.get_label() == "slip"]
    folds = [p for p in ax.patches if p.get_label() == "fold"]
    ways = [(np.array(p._posA_posB[0]) + p._posA_posB[1]) / 2  # type: ignore[attr-defined]
            for p in tips]  # fmt: skip
    papers = [np.asarray(p.get_xy()).mean(0) for p in slips]
    for paper, way in zip(papers, ways, strict=True):
        assert np.hypot(*(paper - way)) < 90, "by its arrow"
    for paper in slips:  # under one rule each
        low, high = np.asarray(paper.get_xy()).min(0), np.asarray(paper.get_xy()).max(0)
        on = [t for t in ax.texts if (low <= t.get_position()).all()
              and (t.get_position() <= high).all()]  # fmt: skip
        assert len(on) == 1, "a slip has one rule"
    assert len(slips) == len(folds) == found.sizes["component"]


def test_the_narrow_form_runs_from_top_to_bottom(recorded: Recorded) -> None:
    fig = narrow("computation_graph", recorded)
    assert fig is not None
    found = recording.load(recorded("computation_graph"))
    ends_where_it_should(fig, found, along=1)
    gradients_are_by_their_parameters(fig, found)


def test_the_film_ends_with_the_gradients(recorded: Recorded) -> None:
    found = recording.load(recorded("computation_graph"))
    sections = filmed("computation_graph", recorded)
    shown = {number for g, leaf in zip(found.gradient.values, found.is_leaf.values, strict=True)
             if leaf for number in str(g).split(", ")}  # fmt: skip
    assert shown <= set(sections["backward"])
    assert shown <= set(sections["end"])
    assert not shown & set(sections["forward"])
    # how gradients will pass is noted on the way forward, of what was computed there
    rules = {films.typst(handed(found, k)) for k in range(found.sizes["component"])}
    assert rules <= set(sections["forward"])
    assert films.typst(forward(found)) in sections["forward"]


def test_the_films_notes_stand_at_their_arrows_and_shine_in_their_turn(recorded: Recorded) -> None:
    from manim import ValueTracker

    from scenes.backpropagation import computation_graph as film
    from scenes.parts.words import Formula

    found = recording.load(recorded("computation_graph"))
    rules = [films.typst(handed(found, k)) for k in range(found.sizes["component"])]
    job = render.Job(
        module="scenes.backpropagation.computation_graph",
        recordings={"computation_graph": found}, width=160, height=90, fps=2,
    )  # fmt: skip
    with render.stage(job), telling("computation_graph", found):
        nodes = film.Nodes(found, *(ValueTracker(v) for v in (10, 0, 0)))
        for i in range(found.sizes["v"]):
            edges = np.flatnonzero(found.target.values == i)
            notes = film.written(found, nodes, i)
            assert [said.text for _, said in notes] == [rules[k] for k in edges]
            for k, (card, said) in zip(edges, notes, strict=True):
                line = nodes.lines[k]
                np.testing.assert_allclose(
                    said.get_center()[:2] + card.tied, (line[0] + line[-1]) / 2, atol=1e-9
                )
                away = np.abs(said.get_center()[:2] - nodes.places)
                half = np.array([said.width / 2 + film.WIDE / 2, said.height / 2 + film.HIGH / 2])
                assert (away > half).any(axis=1).all(), "beside all boxes"
            name = film.label(found, nodes, i, film.named(found))
            assert name.width < film.WIDE
    shone: list[set[str]] = []

    class Seen(render.scene_class(job.module)):  # type: ignore[misc]
        def play(self, *args: object, **kwargs: object) -> None:
            if kwargs.get("run_time") == 0.9:  # the turn of a node
                paper = theme.color("background")
                parts = [part for each in self.mobjects for part in each.get_family()]
                shone.append(
                    {
                        part.text
                        for part in parts
                        if isinstance(part, Formula)
                        and part.get_fill_color().to_hex().lower() == paper.lower()
                    }
                )
            super().play(*args, **kwargs)

    render.run(job, render._Nothing(), Seen)
    for turn, lit in enumerate(shone):
        (i,) = np.flatnonzero(found.turn.values == turn)
        assert lit == {rules[k] for k in np.flatnonzero(found.target.values == i)}
    assert len(shone) == found.sizes["v"]


def test_graphs_of_ones_own() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    found = autograd_graph(model(torch.ones(5, 3)).square().mean(), model)
    texts = said(figures.draw("computation_graph", found))
    assert not forward(found), "what was computed is known of one neuron only"
    assert {"0.weight", "2.bias", "relu", "mean"} <= set(texts)
    job = render.Job(
        module="scenes.backpropagation.computation_graph",
        recordings={"computation_graph": found}, width=160, height=90, fps=2,
    )  # fmt: skip
    with pytest.raises(UserError, match="the film takes 4"):
        render.plan(job)


def test_pulses_leave_a_node_in_its_turn_towards_what_it_was_made_from(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    from manim import ValueTracker

    from scenes.backpropagation import _trace as traces
    from scenes.backpropagation import computation_graph as film

    found = recording.load(recorded("computation_graph"))
    drawn_: list[tuple[np.ndarray, float]] = []
    monkeypatch.setattr(traces, "stroke", lambda pen, way, ink, width: drawn_.append((way, width)))
    monkeypatch.setattr(traces, "head", lambda *given: None)
    monkeypatch.setattr(film, "rounded", lambda *given: None)
    built, back, kept = ValueTracker(10), ValueTracker(0), ValueTracker(0)
    with theme.use("dark"), telling("computation_graph", found):
        nodes = film.Nodes(found, built, back, kept)
    for turn in range(found.sizes["v"]):
        drawn_.clear()
        back.set_value(turn + 0.95)
        nodes.paint(MagicMock())
        pulses = [way for way, width in drawn_ if width == 4.5]
        called = found.turn.values[found.target.values] <= turn
        assert len(pulses) == called.sum()
        wanted = [nodes.lines[k][0] for k in np.flatnonzero(called)]
        for way, end in zip(pulses, wanted, strict=True):
            np.testing.assert_allclose(way[-1], end)  # where the forward line begins


@pytest.mark.parametrize(
    ("bias", "weight", "told"),
    [("−3.18", "−4.01, −1.52", "All are below 0: raise any"),
     ("3.18", "4.01, 1.52", "All are above 0: lower any"),
     ("−3.18", "4.01, 0.00", "Below 0 (blue): raise it"), ("0.00", "0.00, 0.00", "All are 0")],
)  # fmt: skip
def test_the_film_ends_by_saying_what_the_signs_mean(
    bias: str, weight: str, told: str, recorded: Recorded
) -> None:
    found = recording.load(recorded("computation_graph"))
    gradients = dict(zip(found.plain.values.tolist(), found.gradient.values.tolist(), strict=True))
    values = [{"bias": bias, "weight": weight}.get(name, g) for name, g in gradients.items()]
    found["gradient"] = ("v", np.array(values, dtype=object))
    job = render.Job(
        module="scenes.backpropagation.computation_graph",
        recordings={"computation_graph": found}, width=160, height=90, fps=2,
    )  # fmt: skip
    last = render.run(job, render._Nothing()).said[-1][1]
    assert last.partition("\n")[2].startswith(told)
