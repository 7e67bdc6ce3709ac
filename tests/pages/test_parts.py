"""What pages are made with: numbers written as everywhere, arrays kept, the bundle and the kind."""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest

from figures import render_page
from figures.parts import webfont
from figures.parts.page import LEVELS, Packed, Page, Rounded, bands, encoded, fields, inside
from figures.parts.table import Column, Table
from look.numbers import written
from look.words import Visual, speaking
from simulate import registry
from simulate.errors import UserError
from tests.pages._open import PAGES, VISUALS, Recorded
from tests.visuals.test_words import listening, recorded_words, unheard

HOME = registry.PROJECT / "figures" / "page"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="no node here: only who rebuilds needs it")

SPECS = (
    "", ".2n", ".1n", ".5n", ".2r", ".3r", ".0f", ".1f", ".2f", "+.2f", ",.1f", ".0%", ".1%", "g",
    "counter", "share", "(.1f)", "±.2f", "?none|one|many", "?a|{x:.2f} of {n}",
)  # fmt: skip
VALUES = (
    0.0, 0.5, 1.5, 2.5, 0.125, 0.375, 4.35, 1.005, 0.145, -0.4, -2.5, 12.3456, 0.1, 1 / 3, 1000.0,
    1234.5, 999.5, 999.4999, 50_890.0, 2.5e-7, 9.99e-4, 9.98e-4, 1e7, 9_999_999.0, 12345678.0,
    -5.22e-6, 5.46e-11, 0.99996, 0.00004, 0.996, 0.3, 31.26, 0.00042, 7.1e8, 1e-9, 0.69315,
    0.0004995, 100000.0, 999999.5, 123456.7, -0.04, 1e-4, 3.3e-5,
)  # fmt: skip


@needs_node
def test_numbers_are_written_as_everywhere() -> None:
    """Every form, on values that are ties, tiny, huge and negative: the same string in both."""
    rng = np.random.default_rng(0)
    many = (10.0 ** rng.uniform(-8, 8, 150) * rng.choice([-1, 1], 150)).tolist()
    cases = [
        {"template": f"{{x:{spec}}}" if spec else "{x}", "x": x, "n": n}
        for spec in SPECS
        for x in [*VALUES, *many]
        for n in (3,)
        if not (spec in ("counter", "share", ".0%", ".1%") and x < 0)
    ]
    cases += [
        {"template": template, "x": x, "n": n}
        for template in ("{n}", "{n:d}", "{n:sub}", "θ{n:sub} = {x:.3n}", "{n:?no|one|{n} of 8}")
        for n, x in itertools.product((0, 1, 2, 12, 1234, 50_890, 12_345_678), (0.25, -3.0))
    ]
    script = (
        f"import {{ written }} from {json.dumps((HOME / 'parts' / 'numbers.js').as_uri())};"
        "let text = ''; for await (const part of process.stdin) text += part;"
        "const said = JSON.parse(text).map(c => written(c.template, {x: c.x, n: {count: c.n}}));"
        "process.stdout.write(JSON.stringify(said));"
    )
    assert NODE is not None
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", script],
        input=json.dumps(cases), capture_output=True, text=True, check=True,
    )  # fmt: skip
    wanted = [written(case["template"], {"x": case["x"], "n": case["n"]}) for case in cases]
    wrong = [
        (case, said, want)
        for case, said, want in zip(cases, json.loads(done.stdout), wanted, strict=True)
        if said != want
    ]
    assert wrong == []


@needs_node
def test_the_bundle_is_what_the_recipe_makes(tmp_path: Path) -> None:
    for name in ("package.json", "package-lock.json", "build.mjs"):
        shutil.copy(HOME / name, tmp_path)
    got = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if got.returncode:
        pytest.skip(f"npm brings nothing here: {got.stderr.strip()[-200:]}")
    made = tmp_path / "made"
    made.mkdir()
    assert NODE is not None
    subprocess.run([NODE, "build.mjs", str(HOME), str(made)], cwd=tmp_path, check=True)
    kept = sorted(path.name for path in (HOME / "dist").iterdir())
    assert sorted(path.name for path in made.iterdir()) == kept
    for name in kept:
        same = (made / name).read_bytes() == (HOME / "dist" / name).read_bytes()
        assert same, f"{name} is not what its sources give: run `make bundle`"


def test_the_lock_of_the_scripts_names_no_host() -> None:
    for name in ("package.json", "package-lock.json"):
        text = (HOME / name).read_text()
        assert "resolved" not in text
        assert "http" not in text
    locked = json.loads((HOME / "package-lock.json").read_text())["packages"]
    assert all("integrity" in package for name, package in locked.items() if name)


def test_every_bundle_has_the_licences_of_what_is_in_it() -> None:
    for path in (HOME / "dist").iterdir():
        text = path.read_text()
        assert ("d3-scale" in text[:9000]) == ("Mike Bostock" in text[:9000])
    assert "three.js authors" in (HOME / "dist" / "surface.js").read_text()[:9000]
    assert (HOME / "dist" / "attention.js").stat().st_size < 20_000


def _unpacked(kept: dict) -> np.ndarray:
    planes = np.frombuffer(zlib.decompress(base64.b64decode(kept["packed"])), dtype=np.uint8)
    high, low = planes.reshape(2, -1).astype(int)
    whole = 256 * high + low
    values = kept["low"] + kept["step"] * whole
    return np.where(whole == LEVELS + 1, np.nan, values).reshape(kept["shape"])


def test_a_packed_value_is_off_by_half_a_step_at_most() -> None:
    values = np.random.default_rng(1).standard_normal((3, 40))
    values[1, 7] = np.nan
    packed = Packed("some", values)
    kept = _unpacked(packed.encoded())
    assert np.isnan(kept[1, 7])
    assert np.nanmax(np.abs(kept - values)) <= 0.5001 * packed.step
    assert packed.step == pytest.approx(np.ptp(values[np.isfinite(values)]) / LEVELS)
    assert (_unpacked(Packed("level", np.full(4, 2.5)).encoded()) == 2.5).all()


def test_rounded_values_keep_their_digits() -> None:
    kept = Rounded("some", [1 / 3, -1234567.0, 0.0, np.inf, 5.0], 4).encoded()
    assert kept == [0.3333, -1235000, 0, None, 5]
    assert encoded({"a": [np.float64(0.5), np.int64(3), float("nan")]}) == {"a": [0.5, 3, None]}


def test_a_path_ends_near_the_box_on_its_own_line() -> None:
    path = np.array([[0.0, 0.0], [0.5, 0.5], [1e20, 5e19], [1.0, 1.0]])
    found = inside(path, (-1, -1), (1, 1), 2)
    np.testing.assert_array_equal(found[:2], path[:2])
    assert np.isnan(found[3]).all()
    assert found[2].max() == pytest.approx(1.4, abs=1e-6)
    way = found[2] - found[1]
    assert way[1] / way[0] == pytest.approx(0.5, rel=1e-6)
    np.testing.assert_array_equal(inside(path, (-1, -1), (1, 1), -1), path)


def test_bands_hold_what_is_above_their_level() -> None:
    x = np.linspace(-1, 1, 41)
    (low, high), lined = bands(x, x, x[None, :] ** 2 + x[:, None] ** 2, [0.25, 1.5])
    assert lined
    assert low.count("M") == 2, "the frame, and the hole of radius ½"
    assert high.count("M") == 4, "the corners"


def test_what_a_template_asks_for_is_found() -> None:
    assert fields("{a:?x={b:.1f}|y={c:?none|{d}}} {{e}}") == {"a", "b", "c", "d"}


def test_the_type_is_only_what_is_shown_and_has_a_name_of_its_own() -> None:
    few, more = webfont.style("ab"), webfont.style("abθλ∂ABCDEFGHIJ")
    assert len(few) < len(more) < 80_000
    assert webfont.style("ba") == few
    assert "Source" not in few


def _page(**changes: object) -> Page:
    given: dict = {
        "script": "rates", "height": 1, "title": "t", "caption": "c", "words": [], "data": {},
        "table": Table([Column("a")], [["b"]]), "table_title": "d",
    }  # fmt: skip
    return Page(**given | changes)


def test_what_is_missing_is_one_line() -> None:
    row = Visual(uses=[], title="t", alt="a", caption="c")
    with speaking(row, {}):
        with pytest.raises(UserError, match="no script of pages is called 'x'; there is attention"):
            render_page.parts(_page(script="x"), row, "stem")
        with pytest.raises(UserError, match="the row has no words 'w', which its page says"):
            render_page.parts(_page(words=["w"]), row, "stem")


@pytest.mark.parametrize("stem", PAGES)
def test_a_page_says_what_its_row_says(stem: str, recorded: Recorded) -> None:
    paths = {name: recorded(name) for name in VISUALS[stem].row.uses}
    with listening() as heard:
        page = render_page.page(VISUALS[stem].modules["page"], paths)
        cells = page.table.cells  # which are written when they are asked for
    texts = {*page.title.split("\n"), page.caption, page.table_title}
    texts |= {column.name for column in page.table.columns}
    texts |= {str(cell.value) for row in cells for cell in row}
    assert unheard(texts, heard, recorded_words(paths.values())) == set()
