"""Tables in the pipeline: beside a figure, and alone."""

from __future__ import annotations

import json

import pytest

from tests.pipeline._clone import Clone

ALONE = '''
"""The summary."""

from look.words import Visual

VISUAL = Visual(uses=["rates"], title="Rates on {dataset}", alt="A table.", caption="")

def table(rates):
    return f"cells of {rates.attrs['dataset']}"
'''
FILES = [
    f"media/tables/summary.{theme}.{end}"
    for theme in ("dark", "light")
    for end in ("md", "html", "png")
]


@pytest.fixture
def tabled(built: Clone) -> Clone:
    """A clone in which all is fresh but two tables: one is alone, one beside a figure."""
    built.write("figures/chapter/summary.py", ALONE)
    path = built.root / "figures/chapter/rates.py"
    path.write_text(path.read_text() + "\n\ndef table(rates):\n    return 'cells'\n")
    return built


def test_a_table_is_made_in_both_themes_and_is_fresh_then(tabled: Clone) -> None:
    result = tabled.teachnet("render", "summary")
    assert sorted(result.stdout.split()) == sorted(FILES)
    assert (tabled.media / "tables/summary.dark.md").read_text() == "cells of digits dark md 1440"
    assert tabled.done() == ([], ["summary.dark.table", "summary.light.table"])
    assert tabled.teachnet("why", "summary").stdout == "summary: fresh\n"
    assert tabled.teachnet("render", "summary").stdout == ""


def test_a_table_stands_beside_a_figure(tabled: Clone) -> None:
    assert tabled.teachnet("render", "rates", "--theme", "light").returncode == 0
    assert tabled.done() == ([], ["rates.light", "rates.light.table"])
    (rates,) = json.loads(tabled.teachnet("list", "rates", "--json").stdout)
    assert rates["kinds"] == ["F", "T"]
    assert rates["source"] == ["figures/chapter/rates.py"]
    assert sum(file["kind"] == "table" for file in rates["files"]) == 3


def test_tables_can_be_listed_alone(tabled: Clone) -> None:
    listed = tabled.teachnet("list", "--kind", "T").stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["rates", "summary"]
    assert "T tables" in " ".join(tabled.teachnet("list", "--help").stdout.split())


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("figures/chapter/summary.py", "cells of", "rows of", "figures/chapter/summary.py changed"),
        (
            "figures/chapter/summary.py",
            "Rates on",
            "All rates on",
            "the words in figures/chapter/summary.py changed",
        ),
        (
            "figures/render_table.py",
            "from figures.render import note",
            "import os\nfrom figures.render import note",
            "figures/render_table.py changed",
        ),
    ],
)
def test_what_makes_a_table_stale(
    tabled: Clone, file: str, old: str, new: str, reason: str
) -> None:
    assert tabled.teachnet("all").returncode == 0
    tabled.done()
    tabled.replace(file, old, new)
    reasons = json.loads(tabled.teachnet("why", "summary", "--json").stdout)["summary"]
    assert reasons["summary table dark"] == [reason]
    assert tabled.teachnet("render", "summary").returncode == 0
    assert tabled.done() == ([], ["summary.dark.table", "summary.light.table"])


def test_an_edited_table_is_made_again(tabled: Clone) -> None:
    assert tabled.teachnet("render", "summary").returncode == 0
    (tabled.media / "tables/summary.light.html").write_text("scribble")
    reasons = json.loads(tabled.teachnet("why", "summary", "--json").stdout)["summary"]
    assert reasons["summary table light"] == ["tables/summary.light.html is damaged or was edited"]


def test_drafts_lie_apart(tabled: Clone) -> None:
    result = tabled.teachnet("render", "summary", "-q", "draft", "--theme", "dark")
    assert sorted(result.stdout.split()) == sorted(
        path.replace("media/", "media/draft/") for path in FILES if ".dark." in path
    )


def test_preview_shows_a_table_that_is_alone(tabled: Clone) -> None:
    result = tabled.teachnet("preview", "summary")
    assert result.stdout == "media/draft/previews/summary.dark.png\n"
    shown = (tabled.media / "draft/previews/summary.dark.png").read_text()
    assert shown == "cells of digits dark png 854"
    refused = tabled.teachnet("preview", "summary", "--at", "1s")
    assert refused.returncode == 2
    assert "summary has no animation; leave --at out to see its table" in refused.stderr


def test_clean_takes_what_a_table_left(tabled: Clone) -> None:
    assert tabled.teachnet("render", "summary").returncode == 0
    (tabled.root / "figures/chapter/summary.py").unlink()
    listed = tabled.teachnet("clean", "--yes").stdout
    for name in FILES:
        assert f"{name}  no such visual" in listed
    assert not list((tabled.media / "tables").glob("summary.*"))
    assert not list((tabled.media / ".receipts/tables").glob("summary.*"))
