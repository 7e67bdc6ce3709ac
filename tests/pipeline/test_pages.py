"""Pages in the pipeline: one file for both themes, made of scripts as well as of Python."""

from __future__ import annotations

import json

import pytest

from tests.pipeline._clone import Clone

PAGE = """

def page(rates):
    return rates
"""
RENDER = '''
"""Gives what ``page`` returns."""

from figures.render import note
from simulate import recording, roots

def render(module, recordings, words=None):
    note(f"{module.rpartition('.')[2]}.page")
    data = roots.load(module).page(*map(recording.load, recordings.values()))
    return {"html": f'<meta name="teachnet-height" content="840">{data.attrs["dataset"]}'.encode()}
'''


@pytest.fixture
def paged(built: Clone) -> Clone:
    """A clone in which all is fresh but a page beside a figure."""
    built.write("figures/render_page.py", RENDER)
    built.write("figures/page/dist/rates.js", "1")
    path = built.root / "figures/chapter/rates.py"
    path.write_text(path.read_text() + PAGE)
    return built


def test_a_page_is_one_file_for_both_themes(paged: Clone) -> None:
    for theme in ((), ("--theme", "dark")):
        result = paged.teachnet("render", "rates", "--only", "page", *theme)
        assert result.stdout.split() == (["media/pages/rates.both.html"] if not theme else [])
    assert (paged.media / "pages/rates.both.html").read_text().endswith(">digits")
    assert paged.done() == ([], ["rates.page"]), "and nothing else of it"
    (listed,) = json.loads(paged.teachnet("list", "--kind", "W", "--json").stdout)
    assert listed["stem"] == "rates"
    assert listed["kinds"] == ["F", "W"]
    (page,) = (file for file in listed["files"] if file["path"] == "pages/rates.both.html")
    assert (page["kind"], page["width"], page["height"]) == ("page", 720, 840)


def test_a_page_is_stale_when_its_script_changes(paged: Clone) -> None:
    paged.teachnet("render", "rates")
    assert paged.teachnet("why", "rates").stdout == "rates: fresh\n"
    paged.write("figures/page/dist/rates.js", "2")
    why = paged.teachnet("why", "rates").stdout
    assert "figures/page/dist/rates.js changed" in why


def test_only_a_kind_that_there_is(paged: Clone) -> None:
    result = paged.teachnet("render", "race", "--only", "page")
    assert result.returncode != 0
    assert "race has no page" in result.stderr


def test_a_page_of_a_visual_that_has_gone_is_cleaned_away(paged: Clone) -> None:
    paged.teachnet("render", "rates", "--only", "page")
    (paged.root / "figures/chapter/rates.py").unlink()
    assert "pages/rates.both.html" in paged.teachnet("clean", "--dry-run").stdout
