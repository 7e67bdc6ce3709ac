"""Rules of drawing that hold for every visual and can be counted; `tests/scenes` has the films'."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from pipeline import catalogue
from simulate import registry
from tests.figures._drawn import FIGURES, Recorded, drawn, narrow
from tests.scenes._films import film

FILMS = [stem for stem, entry in catalogue.visuals().items() if "A" in entry.kinds]
ROWS = {stem: entry.row for stem, entry in catalogue.visuals().items() if entry.row.series}
SIGNS = {"orange", "blue", "positive", "negative"}  # of numbers, and nothing else


@pytest.mark.parametrize("stem", sorted(ROWS))
def test_no_series_has_the_colour_of_a_sign(stem: str) -> None:
    assert not SIGNS & {color for _, color, *_ in ROWS[stem].series.values()}


def test_what_has_one_name_in_several_visuals_has_one_colour() -> None:
    """A series is the same where both its name in recordings and its label are."""
    seen: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for stem, row in ROWS.items():
        for name, (label, color, *_) in row.series.items():
            if "{" not in label:
                seen[name, label][color].append(stem)
    assert {key: dict(looks) for key, looks in seen.items() if len(looks) > 1} == {}


def test_signs_colour_no_line_of_a_chart() -> None:
    """Where a film or a figure asks for orange or blue by name, it means a sign."""
    found = []
    for package in ("figures", "scenes"):
        for path in sorted((registry.PROJECT / package).rglob("*.py")):
            if not path.name.startswith("_"):
                found += [f"{path.name}: {call}" for call in _asked(path)]
    assert found == []


def _asked(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] in ("color", "Key")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and node.args[0].value in ("orange", "blue")
    ]


# A step is at right angles to a contour, and an angle is what it looks like. How many of a visual's
# maps must have that.
EQUAL = {
    "descent_two_parameters": 1, "linear_regression_fit": 1,
    "stationary_points": 3, "variants_paths": 3, "xor_boundary": 1,
}  # fmt: skip
EQUAL_FILMS = {**EQUAL, "optimizer_race": 1}


@pytest.mark.parametrize("form", ["wide", "narrow"])
@pytest.mark.parametrize("stem", [stem for stem in EQUAL if stem in FIGURES])
def test_maps_have_one_length_for_both_axes(stem: str, form: str, recorded: Recorded) -> None:
    fig = drawn(stem, recorded)[0] if form == "wide" else narrow(stem, recorded)
    assert fig is not None
    fig.canvas.draw()  # an axes that keeps its shape takes it then
    maps = [ax for ax in fig.axes if ax.collections and ax.get_xscale() == "linear" and ax.axison]
    ratios = []
    for ax in maps:
        box = ax.get_window_extent()
        across, up = np.ptp(ax.get_xlim()) / box.width, np.ptp(ax.get_ylim()) / box.height
        ratios.append(across / up)
    assert len(ratios) >= EQUAL[stem]
    np.testing.assert_allclose(ratios[: EQUAL[stem]], 1, rtol=0.02)


@pytest.mark.parametrize("stem", [stem for stem in EQUAL_FILMS if stem in FILMS])
def test_maps_of_films_have_one_length_for_both_axes(stem: str, recorded: Recorded) -> None:
    charts = [each.chart for each in dict.fromkeys(film(stem, recorded).maps)]
    ratios = [
        (np.ptp(chart.x) / chart.width) / (np.ptp(chart.y) / chart.height) for chart in charts
    ]
    np.testing.assert_allclose(ratios[: EQUAL_FILMS[stem]], 1, rtol=0.02)
