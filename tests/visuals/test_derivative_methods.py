"""What derivatives cost: errors, lengths and times are those of the methods that they name."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
import torch

from look.numbers import duration, written
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
                assert ("✓" in cell.note, "✗" in cell.note) == (bool(each), not each), name
    for name, mode, count in (("central difference", "central difference", 2 * n),
                              ("automatic, forward mode", "forward mode", n)):  # fmt: skip
        seconds = float(found.seconds.sel(run_mode=mode)[-1])
        assert rows[name][2].value == duration(seconds, 3)
        assert f"{count:,} " in rows[name][2].note
        assert rows[name][2].note.endswith(f" of {duration(seconds / count, 2)}")


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
        for precision in found.run_precision.values:
            curve = lines[f"{method}, {precision}"]
            np.testing.assert_array_equal(
                curve.get_ydata(), found.error.sel(run=method, run_precision=precision)
            )
            np.testing.assert_array_equal(curve.get_xdata(), found.h)
            assert (curve.get_alpha() == 1) == (precision == "float64"), "pale is float32"
    for precision in found.run_precision.values:
        level = float(found.auto_error.sel(run_precision=precision))
        assert set(np.asarray(lines[str(precision)].get_ydata())) == {level}
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
        end = str(lines[name].get_label()).partition(": ")[2]
        last = float(values[-1])
        assert end == (duration(last, 3) if variable == "seconds" else f"{int(last):,}")


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
        assert f"about {float(f'{ends[0] / ends[1]:.2g}'):,.4g} × as many" in texts
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
    said = f"{np.log10(ratio):.0f} digits" if stem == "derivative_methods" else (
        f"{float(f'{ratio:.2g}'):,.4g} ×")  # fmt: skip
    assert label.get_text() == said
    assert ends[0] < label.xy[1] < ends[1]
