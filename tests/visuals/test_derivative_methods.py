"""What derivatives cost: errors, lengths and times are those of the methods that they name."""

from __future__ import annotations

import re

import numpy as np
import pytest
import sympy
import torch
from matplotlib.colors import to_hex

from look import theme
from look.numbers import duration, form, written
from simulate.experiments.backpropagation import derivative_methods as experiment
from tests.conftest import Record
from tests.figures._drawn import Recorded, drawn, narrow, table
from tests.visuals.test_attention_matrix import headline


def test_errors_are_those_of_the_formulas(record: Record) -> None:
    found = record("derivative_methods")
    x1, x2 = found.attrs["x1"], found.attrs["x2"]
    exact = x2 * (1 + np.exp(x1 * x2))

    def f(a: np.floating) -> np.floating:
        b = a.dtype.type(x2)
        return a * b + np.exp(a * b) - np.sin(b)

    for precision, kind in (("float32", np.float32), ("float64", np.float64)):
        for k in (1, 3, 5):
            h, a = kind(found.h[k]), kind(x1)
            forward, central = (f(a + h) - f(a)) / h, (f(a + h) - f(a - h)) / (2 * h)
            for method, slope in (("forward difference", forward), ("central difference", central)):
                error = abs(float(slope) - exact) / exact
                got = float(found.error.sel(run=method, run_precision=precision)[k])
                assert got == pytest.approx(error, rel=1e-3, abs=1e-15)


def test_automatic_is_exact_to_the_last_digits_and_differences_are_not(record: Record) -> None:
    found = record("derivative_methods", per_decade=2)
    assert (found.auto_error <= [1e-7, 3e-16]).all()
    assert (found.hand_error <= [3e-7, 5e-16]).all()
    assert float(found.forward_error) <= 5e-16
    assert found.attrs["best_error"] == float(found.error[:, 1].min())
    assert found.attrs["best_error"] > 100 * found.attrs["exact_error"]
    large = found.error.sel(run_precision="float64").isel(x=slice(2, 6))
    order = np.diff(np.log10(large), axis=1) / np.diff(np.log10(found.h[2:6]))
    np.testing.assert_allclose(order[0], 1, atol=0.1)  # forward differences: linear in h
    np.testing.assert_allclose(order[1], 2, atol=0.1)  # central ones: quadratic


def test_lengths_are_counted(record: Record) -> None:
    found = record("derivative_methods")
    x = sympy.Symbol("x")
    for depth, symbolic, traced in zip(
        found.depth.values, found.symbolic_length.values, found.trace_length.values, strict=True
    ):
        expression = x
        for _ in range(depth):
            expression = 4 * expression * (1 - expression)
        assert symbolic == sympy.diff(expression, x).count_ops()
        assert traced == 3 * depth + 2 * 4 * depth  # three operations with four edges each time


def test_all_three_find_the_same_gradient() -> None:
    x = torch.linspace(-1, 1, 16)[:, None]
    loss = experiment._loss_of(x, torch.sin(3 * x), 4)
    params = torch.randn(13, generator=torch.Generator().manual_seed(0))
    wanted = experiment._reverse_mode(loss, params, 13)
    torch.testing.assert_close(experiment._forward_mode(loss, params, 13), wanted)
    torch.testing.assert_close(experiment._central(loss, params, 13), wanted, atol=2e-3, rtol=2e-2)


def test_the_table_ticks_what_holds_and_crosses_what_fails(recorded: Recorded) -> None:
    made, words, _, (found,) = table("derivative_methods", recorded)
    rows = {str(row[0].value): row[1:] for row in made.cells}
    wins = words.title.startswith("Only reverse mode") or (
        made.title is not None and "Only reverse mode" in written(made.title, found.attrs)
    )
    n = int(found.n_params[-1])
    exact = {name: [row[0].strong, row[1].strong, row[2].strong] for name, row in rows.items()}
    good = {"central difference": [0, 0, 0], "symbolic": [1, 0, 0],
            "automatic, forward mode": [1, 1, 0], "automatic, reverse mode": [1, 1, 1]}  # fmt: skip
    assert exact == {name: [bool(wins and each) for each in row] for name, row in good.items()}
    for name, row in rows.items():
        for cell, each in zip(row, good[name], strict=True):
            if wins and cell.value != "–":
                assert str(cell.value).startswith("✓ " if each else "✗ "), name
    tinted = [name for name, row in rows.items() if all(cell.tint for cell in row)]
    assert tinted == ["automatic, reverse mode"] * bool(wins)
    assert sum(cell.tint for row in made.cells for cell in row) == 4 * bool(wins)
    for name, mode, count in (("central difference", "central difference", 2 * n),
                              ("automatic, forward mode", "forward mode", n)):  # fmt: skip
        seconds = float(found.seconds.sel(run_mode=mode)[-1])
        assert str(rows[name][2].value).removeprefix("✗ ") == duration(seconds, 3)
        assert f"{count:,} " in rows[name][2].note
        assert rows[name][2].note.endswith(f" of {duration(seconds / count, 4)}")


def test_the_table_has_each_methods_own_numbers(recorded: Recorded) -> None:
    made, _, _, (found,) = table("derivative_methods", recorded)
    double = found.sel(run_precision="float64")
    trace, written_out = (f"{int(found[name][-1]):,}" for name in
                          ("trace_length", "symbolic_length"))  # fmt: skip
    central = float(double.error.sel(run="central difference").min())
    errors = [central, float(found.symbolic_error), float(found.forward_error),
              float(double.auto_error)]  # fmt: skip
    times = {name: duration(float(found.seconds.sel(run_mode=name.split(", ")[-1])[-1]), 3)
             for name in ("central difference", "automatic, forward mode",
                          "automatic, reverse mode")}  # fmt: skip
    names = ["central difference", "symbolic", "automatic, forward mode", "automatic, reverse mode"]
    lengths = ["–", written_out, trace, trace]
    wanted = [[name, form(error, ".1e"), length, times.get(name, "–")]
              for name, error, length in zip(names, errors, lengths, strict=True)]  # fmt: skip
    assert [[re.sub("^[✓✗] ", "", str(cell.value)) if cell.value is not None else "–"
             for cell in row] for row in made.cells] == wanted  # fmt: skip


def test_each_number_of_operations_stands_at_its_square(recorded: Recorded) -> None:
    fig, (found,) = drawn("symbolic_growth", recorded)
    (ax,) = fig.axes
    squares = {str(patch.get_label()): patch for patch in ax.patches}
    lengths = {f"{name} {depth}": int(length) for name, row in (
        ("symbolic", found.symbolic_length), ("reverse mode", found.trace_length))
        for depth, length in zip(found.depth.values, row.values, strict=True)}  # fmt: skip
    with theme.use("dark"):
        inks = {name: theme.color(token).lower() for name, token in
                (("symbolic", "yellow"), ("reverse mode", "green"))}  # fmt: skip
        muted = theme.color("muted")
    middles = {}
    for label in lengths:
        square = squares[label]
        assert to_hex(square.get_facecolor()) == inks[label.rpartition(" ")[0]]
        middles[label] = round(square.get_x() + square.get_width() / 2, 6)
    depths = [text for text in ax.texts if text.get_color() == muted]
    named = {round(text.get_position()[0], 6): int(text.get_text()) for text in depths
             if text.get_text().isdigit()}  # fmt: skip
    assert named == {middles[f"symbolic {depth}"]: depth for depth in found.depth.values.tolist()}
    top = ax.get_lines()[0].get_ydata()[0]
    printed = {}
    for text in ax.texts:
        if re.fullmatch(r"[\d,]+", text.get_text()) and text not in depths:
            x, y = text.get_position()
            row = "symbolic" if y < top else "reverse mode"
            (label,) = (each for each, middle in middles.items()
                        if middle == round(x, 6) and each.startswith(row))  # fmt: skip
            printed[label] = text.get_text()
    assert printed == {label: f"{lengths[label]:,}" for label in printed}
    deepest = found.depth.values[-1]
    assert {f"symbolic {deepest}", f"reverse mode {deepest}"} <= set(printed)
    assert {"written out", "reverse mode"} <= {text.get_text() for text in ax.texts}


def test_words_of_errors_stand_at_their_curves(recorded: Recorded) -> None:
    fig, (found,) = drawn("derivative_methods", recorded)
    (ax,) = fig.axes
    double = found.sel(run_precision="float64")
    near = {
        "forward difference": double.error.sel(run="forward difference"),
        "central difference": double.error.sel(run="central difference"),
    }
    texts = {text.get_text(): text for text in ax.texts if text.get_text()}
    for name, curve in near.items():
        x, y = texts[name].xy
        assert y == float(curve[int(np.argmin(np.abs(found.h.values - x)))]), name
        formula = {"forward difference": r"$\frac{f(x + h) - f(x)}{h}$",
                   "central difference": r"$\frac{f(x + h) - f(x - h)}{2h}$"}[name]  # fmt: skip
        assert texts[formula].xy == (x, y), "by its curve"
        (line,) = (each for each in ax.get_lines() if each.get_label() == name)
        with theme.use("dark"):
            token = {"forward difference": "vermillion", "central difference": "purple"}[name]
            assert to_hex(line.get_color()) == theme.color(token).lower()
    best, at = float(double.error.min()), int(double.error.values.min(0).argmin())
    exact = float(double.auto_error)
    levels = {
        f"smallest error: {form(best, '.1e')}\nat h = {form(float(found.h[at]), '.0e')}": best,
        f"automatic: {form(exact, '.1e')}": exact,
    }
    assert {text: texts[text].xy[1] for text in levels} == levels
    others = {text for text in set(texts) - set(levels) - set(near) if "frac" not in text}
    assert len([text for text in others if "$h$" in text]) == 2
    right, left = float(found.h[0]), float(found.h[-1])
    for text in others:
        if "$h$" in text:
            assert texts[text].xy[0] == (left if "small" in text else right)


def test_times_are_marked_as_measured(record: Record) -> None:
    found = record("derivative_methods")
    assert found.seconds.attrs["measured"] == 1
    assert found.n_params.values.tolist() == [4, 13, 49]
    ratio = float(found.seconds[1, -1] / found.seconds[2, -1])
    assert found.attrs["most_ratio"] == pytest.approx(ratio)


def test_curves_are_the_recorded_ones(recorded: Recorded) -> None:
    fig, (found,) = drawn("derivative_methods", recorded)
    (ax,) = fig.axes
    lines = {str(each.get_label()): each for each in ax.get_lines()}
    for method in found.run.values:
        curve = lines[str(method)]
        np.testing.assert_array_equal(
            curve.get_ydata(), found.error.sel(run=method, run_precision="float64")
        )
        np.testing.assert_array_equal(curve.get_xdata(), found.h)
    level = float(found.auto_error.sel(run_precision="float64"))
    assert set(np.asarray(lines["automatic"].get_ydata())) == {level}
    double = found.error.sel(run_precision="float64").values
    (mark,) = (line for line in ax.get_lines() if line.get_marker() == "o")
    at = np.unravel_index(double.argmin(), double.shape)[1]
    assert (mark.get_xdata()[0], mark.get_ydata()[0]) == (found.h.values[at], double.min())


@pytest.mark.parametrize(
    ("stem", "measured", "along"),
    [
        ("gradient_cost", {"forward mode": "seconds", "central differences": "seconds",
                           "reverse mode": "seconds"}, "n_params"),
    ],
)  # fmt: skip
def test_costs_are_the_recorded_ones(
    stem: str, measured: dict[str, str], along: str, recorded: Recorded
) -> None:
    fig, (found,) = drawn(stem, recorded)
    lines = {str(line.get_label()).partition(": ")[0]: line for line in fig.axes[0].get_lines()}
    for name, variable in measured.items():
        values = found[variable]
        if variable == "seconds":
            values = values.sel(run_mode=name.replace("differences", "difference"))
        np.testing.assert_array_equal(lines[name].get_ydata(), values)
        np.testing.assert_array_equal(lines[name].get_xdata(), found[along])
        end = str(lines[name].get_label()).partition(": ")[2].partition("\n")[0]
        last = float(values[-1])
        assert end == (duration(last, 3) if variable == "seconds" else f"{int(last):,}")


@pytest.mark.parametrize("narrowed", [False, True])
def test_each_curve_has_its_own_words_and_colour(narrowed: bool, recorded: Recorded) -> None:
    fig, (found,) = drawn("gradient_cost", recorded)
    if narrowed:
        sheet = narrow("gradient_cost", recorded)
        assert sheet is not None
        fig = sheet
    (ax,) = fig.axes
    seconds = {name: found.seconds.sel(run_mode=name).values for name in found.run_mode.values}
    n = int(found.n_params[-1])
    evaluation, pass_ = (duration(float(seconds[name][-1]) / count, 2) for name, count in
                         (("central difference", 2 * n), ("forward mode", n)))  # fmt: skip
    words = {
        "forward mode": ("forward mode", f"{n:,} passes of {pass_}", "slate"),
        "reverse mode": ("reverse mode", "one pass for all", "green"),
        "central difference": ("central differences",
                               f"{2 * n:,} evaluations of {evaluation}", "purple"),
    }  # fmt: skip
    assert sorted(seconds) == sorted(found.run_mode.values.tolist())
    ends = {f"{label}: {duration(float(seconds[name][-1]), 3)}" + f" {cost}" * (not narrowed): name
            for name, (label, cost, _) in words.items()}  # fmt: skip
    texts = {text.get_text().replace("\n", " "): text for text in ax.texts if text.get_text()
             and text.get_gid() != "gap" and text.xycoords == "data"}  # fmt: skip
    assert sorted(texts) == sorted(ends)
    for text, name in ends.items():
        assert texts[text].xy == (float(found.n_params[-1]), seconds[name][-1]), text
    inks = {str(line.get_label()).replace("\n", " "): to_hex(line.get_color())
            for line in ax.get_lines() if not str(line.get_label()).startswith("_")}  # fmt: skip
    with theme.use("dark"):
        wanted = {end: theme.color(words[name][2]).lower() for end, name in ends.items()}
    assert inks == wanted


@pytest.mark.parametrize(
    ("stem", "claim"),
    [
        ("derivative_methods", "lose digits"),
        ("gradient_cost", "times as long as reverse mode"),
        ("symbolic_growth", "Written out, the"),
    ],
)
def test_the_title_claims_only_what_was_measured(stem: str, claim: str, recorded: Recorded) -> None:
    fig, (found,) = drawn(stem, recorded)
    reverse = found.seconds.sel(run_mode="reverse mode")[-1]
    holds = {
        "derivative_methods": found.error.sel(run_precision="float64").min() > found.auto_error[1],
        "gradient_cost": (found.seconds[:2, -1] > reverse).all(),
        "symbolic_growth": found.symbolic_length[-1] > found.trace_length[-1],
    }
    assert (claim in headline(fig)) == bool(holds[stem])


@pytest.mark.parametrize("narrowed", [False, True])
def test_areas_are_numbers_of_operations(narrowed: bool, recorded: Recorded) -> None:
    fig, (found,) = drawn("symbolic_growth", recorded)
    if narrowed:
        sheet = narrow("symbolic_growth", recorded)
        assert sheet is not None
        fig = sheet
    (ax,) = fig.axes
    squares = {p.get_label(): p for p in ax.patches}
    units = set()
    lengths = {"symbolic": found.symbolic_length, "reverse mode": found.trace_length}
    for name, row in lengths.items():
        for depth, length in zip(found.depth.values, row.values, strict=True):
            square = squares[f"{name} {depth}"]
            assert square.get_width() == pytest.approx(square.get_height())
            units.add(round(square.get_width() * square.get_height() / float(length), 6))
    assert len(units) == 1, "one area an operation"
    texts = [t.get_text() for t in ax.texts]
    ends = (int(found.symbolic_length[-1]), int(found.trace_length[-1]))
    assert {f"{end:,}" for end in ends} <= set(texts)
    if ends[0] > ends[1]:
        (told,) = (t for t in ax.texts if t.get_gid() == "gap")
        words = told.get_text().replace("\n", " ")
        assert words == f"about {float(f'{ends[0] / ends[1]:.2g}'):,.4g} × as many"
        deepest, copy = found.depth.values[-1], squares["reverse mode, laid in"]
        large = squares[f"symbolic {deepest}"]
        assert copy.get_width() == squares[f"reverse mode {deepest}"].get_width()
        inside = large.get_bbox().frozen().fully_contains
        assert all(inside(*corner) for corner in copy.get_bbox().corners())


@pytest.mark.parametrize("stem", ["derivative_methods", "gradient_cost"])
def test_the_arrow_spans_the_gap_that_it_names(stem: str, recorded: Recorded) -> None:
    fig, (found,) = drawn(stem, recorded)
    double = found.sel(run_precision="float64")
    last = found.isel(x_params=-1, layer=-1)
    low, high = {
        "derivative_methods": (float(double.auto_error), float(double.error.min())),
        "gradient_cost": [float(last.seconds.sel(run_mode=f"{mode} mode"))
                          for mode in ("reverse", "forward")],
    }[stem]  # fmt: skip
    (arrow,) = (text for text in fig.axes[0].texts if getattr(text, "arrow_patch", None)
                and not text.get_text())  # fmt: skip
    ends = sorted([arrow.xy[1], arrow.get_position()[1]])
    np.testing.assert_allclose(ends, (low, high), rtol=0.7 if stem == "derivative_methods" else 0)
    (label,) = (text for text in fig.axes[0].texts if text.get_gid() == "gap")
    ratio = high / low
    said = f"≈ {np.log10(ratio):.0f} digits" if stem == "derivative_methods" else (
        f"{float(f'{ratio:.2g}'):,.4g} ×")  # fmt: skip
    assert label.get_text() == said
    assert ends[0] < label.xy[1] < ends[1]
