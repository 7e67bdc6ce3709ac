"""Evaluation trace, forward and reverse mode: what is printed and drawn is what torch computes."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import sympy
import torch
from manim import ValueTracker
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import FancyBboxPatch

import figures
from figures.backpropagation import _trace as graphs
from figures.parts import canvas
from look import theme
from look import traces as equations
from scenes import render
from scenes.backpropagation import _trace as films
from simulate import recording
from simulate.measures.trace import trace
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, narrow, telling
from tests.scenes._films import film
from tests.visuals._networks import filmed, said, value
from tests.visuals._pen import Pen

NUMBER = r"\(?−?[\d.]+\)?"
X1, X2 = 2.0, 0.5


def deck(x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
    return x1 * x2 + torch.exp(x1 * x2) - torch.sin(x2)


def gradient(x1: float, x2: float) -> list[float]:
    point = tuple(torch.tensor(v, dtype=torch.float64) for v in (x1, x2))
    return [each.item() for each in torch.autograd.functional.jacobian(deck, point)]


@pytest.mark.parametrize(("x1", "x2"), [(X1, X2), (1.5, -0.8), (-2.0, 1.0)])
def test_seven_primals_and_torchs_derivatives(record: Record, x1: float, x2: float) -> None:
    found = record("evaluation_trace", x1=x1, x2=x2)
    v3 = x1 * x2
    primals = [x1, x2, v3, np.sin(x2), np.exp(v3), v3 - np.sin(x2), np.exp(v3) + v3 - np.sin(x2)]
    np.testing.assert_allclose(found.primal, primals, atol=1e-12)
    np.testing.assert_allclose(found.adjoint[:2], gradient(x1, x2), atol=1e-12)
    np.testing.assert_allclose(found.tangent[:, -1], gradient(x1, x2), atol=1e-12)
    # Baydin et al. 2018, table 3, with what 001 has wrong put right
    v = {i + 1: each for i, each in enumerate(found.primal.values)}
    bar = {i + 1: each for i, each in enumerate(found.adjoint.values)}
    assert bar[2] == pytest.approx(bar[3] * v[1] + bar[4] * np.cos(v[2]))
    assert bar[3] == pytest.approx(bar[5] * v[5] + bar[6])


def _equal(text: str) -> None:
    """Check a line such as "= 3.72 · 2.00 + (−1.00) · 0.88 = 6.56"."""
    left, _, right = text.strip("$ =").rpartition(" = ")
    if left:
        sides = left.replace("−", "-").replace(r"\cdot", "*")
        places = len(right.partition(".")[2])
        assert f"{eval(sides):.{places}f}" == right.replace("−", "-"), text


@pytest.mark.parametrize("stem", ["forward_mode", "reverse_mode"])
def test_lines_of_numbers_add_up_as_printed(stem: str, recorded: Recorded) -> None:
    fig, _ = drawn(stem, recorded)
    lines = [text for text in said(fig) if text.startswith("$= ")]
    assert len(lines) >= 3
    for text in lines:
        _equal(text)
    if stem == "reverse_mode":
        assert r"$\bar{v}_{2} = \bar{v}_{3} \, v_{1} + \bar{v}_{4} \, \cos v_{2}$" in said(fig)
        assert "$= 3.72 \\cdot 2.00 + (−1.00) \\cdot 0.88 = 6.56$" in said(fig)
        at = {t.get_text(): np.array(t.get_position()) for t in fig.axes[0].texts}
        for result in ("1.86", "6.56"):  # by the box with this number
            (name,) = (text for text in at if text.startswith(r"$\partial f")
                       and text.endswith(f"{result}$"))  # fmt: skip
            assert rf"\partial x_{{{1 if result == '1.86' else 2}}} = " in name
            assert np.abs(at[name] - at[result])[1] < 125


def test_boxes_hold_the_numbers_of_their_variables(recorded: Recorded) -> None:
    for stem, wanted in (("evaluation_trace", ["primal"]), ("reverse_mode", ["adjoint"]),
                         ("forward_mode", ["tangent"])):  # fmt: skip
        fig, (found,) = drawn(stem, recorded)
        printed = [value(t) for t in said(fig) if re.fullmatch(r"−?\d+(\.\d+)?", t)]
        np.testing.assert_allclose(printed, np.ravel(found[wanted[0]]).round(2), atol=1e-9)


def test_arrows_point_back_with_the_size_and_sign_of_what_they_pass(recorded: Recorded) -> None:
    fig, (found,) = drawn("reverse_mode", recorded, "light")
    ax = fig.axes[0]
    lines = [p for p in ax.patches if p.get_linewidth() and not p.get_fill()]
    assert len(lines) == found.sizes["component"]
    widths = np.array([p.get_linewidth() * 96 / 72 for p in lines])
    size = np.abs(found.adjoint_term.values)
    np.testing.assert_allclose(widths, 1.2 + 4.3 * size / size.max(), rtol=1e-6)
    with theme.use("light"):
        inks = [theme.color("positive" if t > 0 else "negative") for t in found.adjoint_term.values]
    assert [to_hex(p.get_edgecolor()) for p in lines] == [ink.lower() for ink in inks]
    for line in lines:
        xs = line.get_path().vertices[:, 0]
        assert xs[-1] < xs[0], "from the output to the inputs"


def test_a_film_says_the_equations_that_add_up(recorded: Recorded) -> None:
    found = recording.load(recorded("evaluation_trace"))
    sections = filmed("reverse_mode", recorded)
    results = {f"partial f slash partial x_({k}) = {v}" for k, v in ((1, "1.86"), (2, "6.56"))}
    assert results <= set(sections["end"])
    told = [text for _, text in film("reverse_mode", recorded).plan.said]
    meet = [t.partition("\n")[0] for t in told if t.startswith("Where arrows meet, they add up: ")]
    sums = [t.rpartition(": ")[2].replace(" ", "").replace("−", "-") for t in meet]
    twice = [found.adjoint_term.values[found.source.values == i] for i in (2, 1)]
    assert sums == [f"{one:.2f}{other:+.2f}" for one, other in twice]
    # a sum is said only while it comes: of the one arrow to x₁, the product
    heads = [t.partition("\n")[0] for t in told]
    (alone,) = (t for t in heads if t.startswith("Where one arrow comes, there is one term: "))
    assert heads.index(alone) == heads.index(meet[-1]) + 1
    factors = [float(each) for each in alone.rpartition(": ")[2].split(" · ")]
    assert factors == [found.adjoint[2].round(2), found.primal[1].round(2)]
    ends = filmed("forward_mode", recorded)
    assert results | {"pass 1:", "pass 2:"} <= set(ends["end"])
    assert results & set(ends["pass 1"]) == {min(results)}, "a pass finds one of them"
    assert [round(v, 2) for v in found.adjoint.values[:2].tolist()] == [1.86, 6.56]
    boxes = [value(t) for t in ends["pass 2"] if re.fullmatch(r"−?\d+(\.\d+)?", t)]
    np.testing.assert_allclose(boxes, found.tangent.values.round(2).ravel())
    boxes = [value(t) for t in sections["back"] if re.fullmatch(r"−?\d+(\.\d+)?", t)]
    np.testing.assert_allclose(boxes, found.adjoint[::-1].round(2))


def test_the_film_of_forward_mode_keeps_the_numbers_of_pass_1_left_of_those_of_pass_2(
    recorded: Recorded,
) -> None:
    found = recording.load(recorded("evaluation_trace"))
    job = render.Job(
        module="scenes.backpropagation.forward_mode", recordings={"evaluation_trace": found},
        width=160, height=90, fps=2,
    )  # fmt: skip
    scene = render.scene_class(job.module)
    there: dict[str, list[tuple[str, float, float]]] = {}

    class Seen(scene):  # type: ignore[valid-type,misc]
        def end_of_section(self) -> None:
            super().end_of_section()
            if self.sections:
                there[self.sections[-1][0]] = [
                    (str(m.text), *m.get_center()[:2]) for each in self.mobjects
                    for m in each.get_family() if isinstance(getattr(m, "text", None), str)
                ]  # fmt: skip

    render.run(job, render._Nothing(), Seen)
    with telling("forward_mode", found):
        places, _ = films.placed(found)
    for i, (x, y) in enumerate(places.tolist()):
        for section, wanted in (("values", []), ("pass 1", found.tangent.values[:1, i]),
                                ("pass 2", found.tangent.values[:, i]),
                                ("end", found.tangent.values[:, i])):  # fmt: skip
            inside = sorted((at, value(text)) for text, at, low in there[section]
                            if abs(at - x) < films.WIDE / 2 and abs(low - y) < films.HIGH / 2
                            and re.fullmatch(r"−?\d+(\.\d+)?", text))  # fmt: skip
            np.testing.assert_allclose([v for _, v in inside], np.round(wanted, 2), atol=1e-9)
            sides = [np.sign(round(at - x, 3)) for at, _ in inside]
            assert sides == {0: [], 1: [0], 2: [-1, 1]}[len(inside)]
    results = [(text, x, y) for text, x, y in there["end"] if text.startswith("partial f")]
    tags = [(text, x, y) for text, x, y in there["end"] if text.startswith("pass ")]
    for f, (tag, x, y) in enumerate(sorted(tags)):
        assert tag == f"pass {f + 1}:"
        beside = min(results, key=lambda each: (each[1] < x, each[1]))  # the next to the right
        assert beside[0].endswith(f" = {found.tangent.values[f, -1]:.2f}")
        assert abs(beside[2] - y) < 0.2


def test_a_passs_answer_stands_at_the_last_box_as_soon_as_it_is_found(recorded: Recorded) -> None:
    from scenes.backpropagation.forward_mode import answered

    found = recording.load(recorded("evaluation_trace"))
    job = render.Job(module="scenes.backpropagation.forward_mode", recordings={})
    with render.stage(job), telling("forward_mode", found):
        (x, y), kept = films.placed(found)[0][-1], films.known(found, -1)
        for f in range(2):
            told = answered(found, f, f"{float(found.tangent[f, -1]):.2f}")
            assert told.text == f"partial f slash partial x_({f + 1}) = {found.tangent[f, -1]:.2f}"
            assert told.get_right()[0] <= films.EDGE + 1e-6
            assert told.get_left()[0] < x < told.get_right()[0]
            assert films.HIGH / 2 < abs(told.get_center()[1] - y) < films.HIGH
            assert (told.get_center()[1] < y) == (kept.get_center()[1] > y), "on the free side"
    added: list[tuple[str, list[str]]] = []

    class Seen(render.scene_class(job.module)):  # type: ignore[misc]
        def add(self, *parts: Any) -> Any:
            texts = [str(m.text) for m in parts if isinstance(getattr(m, "text", None), str)]
            if any(text.startswith("partial f") for text in texts):
                added.append((self.sections[-1][0] if self.sections else "", texts))
            return super().add(*parts)

    render.run(render.Job(module=job.module, recordings={"evaluation_trace": found},
                          width=160, height=90, fps=2), render._Nothing(), Seen)  # fmt: skip
    at_once = [texts for _, texts in added if len(texts) > 1]
    assert at_once == [
        [f"{found.tangent[f, -1]:.2f}", f"partial f slash partial x_({f + 1}) = "
         f"{found.tangent[f, -1]:.2f}"] for f in range(2)
    ], "with the number in the box"  # fmt: skip


def test_a_rule_is_written_once_in_the_first_pass_that_makes_use_of_it(recorded: Recorded) -> None:
    fig, (found,) = drawn("forward_mode", recorded)
    used = found.tangent.values != 0
    for i in range(found.attrs["n_inputs"], found.sizes["v"]):
        rules = [text for text in said(fig) if text.startswith(rf"$\dot{{v}}_{{{i + 1}}} = \dot")]
        assert len(rules) == int(used[:, i].any()), i
    assert r"$\dot{v}_{4} = \dot{v}_{2} \, \cos v_{2}$" in said(fig), "where 0.88 comes from"


def test_numbers_of_two_passes_stand_side_by_side_where_they_have_room() -> None:
    from scenes.backpropagation.forward_mode import fits

    assert fits(["0.50", "−1.00"], 2)
    assert not fits(["0.50", "−12.34"], 2)
    assert not fits(["0.50"], 1)
    assert not fits(["0.50"], 3)


def test_pulses_run_the_right_way_at_their_turn(recorded: Recorded) -> None:
    found = recording.load(recorded("evaluation_trace"))
    with theme.use("dark"), telling("reverse_mode", found):
        order = list(range(6, -1, -1))
        graph = films.Graph(found, order, found.adjoint.values, found.adjoint_term.values,
                            ValueTracker(0), back=True)  # fmt: skip
    for k in range(found.sizes["component"]):
        source, target = int(found.source[k]), int(found.target[k])
        assert graph.arrives[k] == 6 - source > 6 - target
        places = graph.places
        assert np.linalg.norm(graph.lines[k][0] - places[target]) < 1.3
        assert np.linalg.norm(graph.lines[k][-1] - places[source]) < 1.3


def test_any_trace_is_drawn_and_filmed() -> None:
    found = trace(
        lambda w, b, x, y: (torch.sigmoid(w * x + b) - y) ** 2 / w, w=1.2, b=0.3, x=2.0, y=1.0
    )
    for stem in ("evaluation_trace", "forward_mode", "reverse_mode"):
        texts = said(figures.draw(stem, found))
        assert any("sigma" in text for text in texts) or stem != "evaluation_trace"
    for stem in ("forward_mode", "reverse_mode"):
        given = {"evaluation_trace": found}
        job = render.Job(
            module=f"scenes.backpropagation.{stem}", recordings=given, width=160, height=90, fps=2
        )
        assert render.plan(job).n_frames > 10


def test_what_is_computed_once_and_used_again_is_marked(recorded: Recorded) -> None:
    """Its box, the arrows that leave it, and each place where the formula writes it out."""
    fig, (found,) = drawn("evaluation_trace", recorded, "light")
    ax = fig.axes[0]
    with theme.use("light"):
        green = theme.color("green")
    uses = [int((found.source == i).sum()) for i in range(7)]
    (shared,) = (i for i in range(found.attrs["n_inputs"], 7) if uses[i] > 1)
    marked = [p for p in ax.patches if p.get_label() == "shared"]
    (box,) = (p for p in marked if isinstance(p, FancyBboxPatch))
    boxes = [p for p in ax.patches if isinstance(p, FancyBboxPatch)]
    assert boxes.index(box) == shared
    lines = [p for p in ax.patches if p.get_linewidth() and not p.get_fill()]
    strong = [to_hex(p.get_edgecolor()) == green for p in lines]
    assert strong == (found.source.values == shared).tolist()
    (text,) = (text for text in ax.texts if text.get_gid() == "formula")
    under = [p for p in marked if p is not box]
    assert len(under) == text.get_text().count("x_1 x_2") == 2
    assert "computed once, used twice" in said(fig)
    size, left = text.get_fontsize() * 96 / 72, text.get_position()[0]
    begun = "f(x_1, x_2) = x_1 x_2"
    with canvas.style():
        ends = [left + canvas.formula_box(f"${until}$", size)[0]
                for until in (begun, begun + r" + \exp(x_1 x_2")]  # fmt: skip
        wide = canvas.formula_box("$x_1 x_2$", size)[0]
    for patch, end in zip(under, ends, strict=True):
        assert patch.get_x() + patch.get_width() == pytest.approx(end, abs=3)
        assert patch.get_width() == pytest.approx(wide, abs=5)


def _boxes(ax: Axes) -> list[FancyBboxPatch]:
    return [each for each in ax.patches if isinstance(each, FancyBboxPatch)]


def _away(box: FancyBboxPatch, place: np.ndarray) -> float:
    """Return how far a place is from a box, 0 inside."""
    low = np.array([box.get_x(), box.get_y()])
    high = low + np.array([box.get_width(), box.get_height()])
    return float(np.linalg.norm(np.maximum(np.maximum(low - place, place - high), 0)))


@pytest.mark.parametrize(
    ("stem", "name", "left"),
    [("evaluation_trace", "primal", ""), ("reverse_mode", "adjoint", "bar"),
     ("forward_mode", "tangent", "dot")],
)  # fmt: skip
def test_each_box_holds_its_own_and_arrows_join_the_right_ones(
    stem: str, name: str, left: str, recorded: Recorded
) -> None:
    fig, (found,) = drawn(stem, recorded)
    ax, n = fig.axes[0], found.sizes["v"]
    boxes, numbers = _boxes(ax), found[name].values.ravel()
    assert len(boxes) == len(numbers)
    for k, (box, number) in enumerate(zip(boxes, numbers, strict=True)):
        inside = {text.get_text() for text in ax.texts
                  if _away(box, np.array(text.get_position())) == 0}  # fmt: skip
        names = {text.strip("$") for text in inside if text.startswith("$")}
        (shown,) = (text for text in inside if not text.startswith("$"))
        assert value(shown) == round(number, 2)
        if left:  # the value, and under it the derivative's name before its number
            i = k % n
            tail = rf"\{left}{{v}}_{{{i + 1}}} ="
            if k >= n:  # a later pass: what is the same isn't said again
                assert names == {tail.removesuffix(" =")}
                continue
            (known,) = names - {tail}
            assert known.startswith(f"v_{{{i + 1}}} = ")
            assert value(known.rpartition(" ")[2]) == round(float(found.primal[i]), 2)
            assert tail in names
            made = known.split(" = ")[1:-1]  # how it is made, where there is room
            assert made in ([], [str(found.formula.values[i])])
    arrows = [p for p in ax.patches if p.get_linewidth() and not p.get_fill()]
    ends = list(zip(found.source.values, found.target.values, strict=True))
    for k, arrow in enumerate(arrows):
        first, last = ends[k % len(ends)][:: -1 if left == "bar" else 1]
        own = boxes[k // len(ends) * n :][:n]
        for place, wanted in zip(arrow.get_path().vertices[[0, -1]], (first, last), strict=True):
            assert int(np.argmin([_away(box, place) for box in own])) == wanted
    if left:
        terms = found[f"{name}_term"].values.ravel()
        with theme.use("dark"):
            inks = [theme.color("positive" if t > 0 else "negative" if t < 0 else "muted").lower()
                    for t in terms]  # fmt: skip
        assert [to_hex(arrow.get_edgecolor()) for arrow in arrows] == inks


def test_results_stand_at_the_ends_of_their_passes(recorded: Recorded) -> None:
    fig, (found,) = drawn("reverse_mode", recorded)
    ax = fig.axes[0]
    named = {text.get_text(): np.array(text.get_position()) for text in ax.texts
             if text.get_text().startswith(r"$\partial f")}  # fmt: skip
    back = [f"{slope:.2f}" for slope in found.adjoint.values[:2]]
    slope = r"$\partial f / \partial x_{{{}}} = {}$".format
    assert list(named) == [slope(1, back[0]), slope(2, back[1])]
    for i, place in enumerate(named.values()):
        assert int(np.argmin([_away(box, place) for box in _boxes(ax)])) == i
    fig, _ = drawn("forward_mode", recorded)
    ax = fig.axes[0]
    texts = [text.get_text() for text in ax.texts]
    told = [text for text in texts if text.startswith(("Pass", r"$\partial f"))]
    slopes = [f"{slope:.2f}" for slope in found.tangent.values[:, -1]]
    assert told == ["Pass 1, for x₁", slope(1, slopes[0]), "Pass 2, for x₂: all steps again",
                    slope(2, slopes[1])]  # fmt: skip


def test_boxes_of_the_films_are_tinted_by_their_numbers_signs(recorded: Recorded) -> None:
    found = recording.load(recorded("evaluation_trace"))
    order = list(range(found.sizes["v"]))
    with theme.use("dark"), telling("reverse_mode", found):
        paper = np.array(to_rgb(theme.color("background")))
        signs = [to_rgb(theme.color(ink)) for ink in ("positive", "negative")]
        for values, terms in (
            (found.adjoint.values, found.adjoint_term.values),
            *zip(found.tangent.values, found.tangent_term.values, strict=True),
        ):
            graph = films.Graph(found, order, values, terms, ValueTracker(len(order) + 1))
            away = np.array(graph.shades) - paper
            warm = away[:, 0] > away[:, 2]
            np.testing.assert_array_equal(warm[values != 0], (values > 0)[values != 0])
            assert not away[values == 0].any()
            size = np.linalg.norm(away, axis=1)
            for sign in (values > 0, values < 0):
                by_size = size[sign][np.argsort(np.abs(values[sign]))]
                assert (np.diff(by_size) >= -1e-9).all()
            pen = Pen()
            graph.paint(pen)  # type: ignore[arg-type]
            passed = [signs.index(ink) for ink in pen.inks if ink in signs][::2]
            assert passed == [int(term < 0) for term in terms if term]


def test_the_film_says_how_a_value_is_made_where_no_arrow_comes_in(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = recording.load(recorded("evaluation_trace"))
    told: dict[int, list[str]] = {i: [] for i in range(found.sizes["v"])}
    aside = films.aside

    def heard(trace: object, i: int, latex: str) -> object:
        told[i].append(latex)
        return aside(trace, i, latex)  # type: ignore[arg-type]

    monkeypatch.setattr(films, "aside", heard)
    job = render.Job(module="scenes.backpropagation.forward_mode", recordings={})
    with render.stage(job), telling("forward_mode", found):
        for i in told:
            shown = films.known(found, i, made=True)
            ends = [shown.get_left()[0], shown.get_right()[0]]
            assert -6.7 < ends[0] < ends[1] < 6.7, "within the frame"
            formula, number = str(found.formula.values[i]), f"{float(found.primal[i]):.2f}"
            short = f"v_{{{i + 1}}} = {number}".replace("-", "−")
            full = f"v_{{{i + 1}}} = {formula} = {number}".replace("= -", "= −")
            assert told[i] == [short, full]
            outer = found.lane.values[i] in (found.lane.values.min(), found.lane.values.max())
            wide = aside(found, i, full if outer else short).width
            assert shown.width == pytest.approx(wide), full


def test_latex_becomes_typst() -> None:
    assert films.typst(r"\frac{2}{n} (\hat{y} - y)") == "(2)/(n) (hat(y) - y)"
    assert films.typst(r"1 / (2 \, v_{3}) + |v_{1}|") == "1 / (2 thin v_(3)) + abs(v_(1))"
    assert films.typst(r"\sqrt{v_{2}}") == "sqrt(v_(2))"
    assert graphs.maths("v_{1}") == "$v_{1}$"


def test_lines_of_a_trace_with_minus_signs_add_up() -> None:
    found = trace(lambda a, b: (2 - a) / b - 3 / a + torch.cos(a) * b, a=0.8, b=-1.6)
    checked = 0
    for i in range(found.sizes["v"]):
        for line in (equations.derivative(found, i, "adjoint"),
                     *(equations.derivative(found, i, "tangent", f) for f in (0, 1))):  # fmt: skip
            if line.numbers:
                sides = line.numbers.replace("−", "-").replace(r"\cdot", "*")
                assert eval(sides) == pytest.approx(value(line.result), abs=0.03)
                checked += 1
    assert checked > 8


def test_each_pass_has_its_own_arrows_and_boxes(recorded: Recorded) -> None:
    fig, (found,) = drawn("forward_mode", recorded, "light")
    patches = fig.axes[0].patches
    lines = [p for p in patches if p.get_linewidth() and not p.get_fill()]
    widths = np.array([p.get_linewidth() * 96 / 72 for p in lines]).reshape(2, -1)
    size = np.abs(found.tangent_term.values)
    np.testing.assert_allclose(widths, 1.2 + 4.3 * size / size.max(), rtol=1e-6)
    boxes = [p for p in patches if isinstance(p, FancyBboxPatch)]
    faces = [to_hex(p.get_facecolor()) for p in boxes]
    most = float(np.abs(found.tangent).max())
    with theme.use("light"):
        wanted = [to_hex(graphs.tint(v, most)) for v in found.tangent.values.ravel().tolist()]
    assert faces == wanted
    assert len(set(faces)) > 4


@pytest.mark.parametrize("stem", ["evaluation_trace", "reverse_mode", "forward_mode"])
def test_the_narrow_form_runs_from_top_to_bottom_with_all_values(
    stem: str, recorded: Recorded
) -> None:
    fig, wide = narrow(stem, recorded), drawn(stem, recorded)[0]
    assert fig is not None
    found = recording.load(recorded("evaluation_trace"))
    passes = found.sizes["feature"] if stem == "forward_mode" else 1
    values = [t for t in fig.axes[0].texts if re.fullmatch(r"−?[\d.]+", t.get_text())]
    assert sorted(t.get_text() for t in values) == sorted(
        t.get_text() for t in wide.axes[0].texts if re.fullmatch(r"−?[\d.]+", t.get_text())
    )
    assert len(values) == passes * found.sizes["v"]
    heights = np.array([t.get_position()[1] for t in values]).reshape(passes, -1)
    for row in heights:
        order = np.argsort(found.depth.values, kind="stable")
        assert (np.diff(row[order]) >= 0).all(), "what comes later stands lower"
    how = [t.get_text() for t in fig.axes[0].texts if "=" in t.get_text() and "$" in t.get_text()]
    known = [t for t in how if re.fullmatch(r"\$v_\{\d+\} = −?[\d.]+\$", t)]
    how = [t for t in how if t not in known]
    if stem != "evaluation_trace":  # by each derivative the value that it is taken at
        printed = [value(t.strip("$").partition(" = ")[2]) for t in known]
        np.testing.assert_allclose(printed, found.primal.round(2), atol=1e-9)
        held = [re.fullmatch(r"\$(v_\{\d+\} = )(?:.* = )?(−?[\d.]+\$)", t) for t in said(wide)]
        assert ["$" + "".join(t.groups()) for t in held if t] == known
    assert len(how) >= found.sizes["v"] - found.attrs["n_inputs"]
    shown = {t.get_text() for t in wide.axes[0].texts}
    if stem == "forward_mode":  # there, not of what begins or stays 0
        still = {rf"$\dot{{v}}_{{{i + 1}}}" for i in range(found.sizes["v"])
                 if i < 2 or not found.tangent.values[:, i].all()}  # fmt: skip
        how = [t for t in how if t.partition(" =")[0] not in still]
    assert set(how) <= shown, "made as on the wide sheet"


@pytest.mark.parametrize("stem", ["evaluation_trace", "forward_mode", "reverse_mode"])
def test_the_function_is_written_where_it_is_known(stem: str, recorded: Recorded) -> None:
    fig, (found,) = drawn(stem, recorded)
    (text,) = (text for text in fig.axes[0].texts if text.get_gid() == "formula")
    name, _, code = text.get_text().strip("$").replace("−", "-").partition("=")
    assert name.strip() == "f(x_1, x_2)"
    for latex, plain in ((r"\exp", "exp"), (r"\sin x_2", "sin(x_2)"), ("x_1 x_2", "x_1*x_2")):
        code = code.replace(latex, plain)
    value = sympy.sympify(code).subs({"x_1": found.attrs["x1"], "x_2": found.attrs["x2"]})
    assert float(value) == pytest.approx(found.attrs["output"])
    own = trace(lambda a, b: a * b, a=2.0, b=3.0)
    assert not any(t.get_gid() == "formula" for t in figures.draw(stem, own).axes[0].texts)
