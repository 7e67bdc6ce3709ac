"""What every page keeps to: one file, no network, both themes, 360 px, keyboard, its address."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from figures import render_page
from figures.parts.page import fields
from look.words import fill, merge
from pipeline import catalogue
from simulate import recording
from tests.browser import Browser
from tests.pages._open import PAGES, READY, VISUALS, Recorded, made, shown

MOST = 1_500_000  # bytes
SMALLEST = 11  # CSS pixels of type


@pytest.fixture(params=PAGES)
def stem(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_it_is_one_small_file_that_fetches_nothing(stem: str, recorded: Recorded) -> None:
    content = made(stem, recorded)
    assert len(content) < MOST
    text = content.decode()
    policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]
    for tag in ("<link", "<img", "<iframe", "src=", "@import"):
        assert tag not in re.sub(r"(?s)<script.*?</script>", "", text), tag


def test_the_same_recording_gives_the_same_bytes(stem: str, recorded: Recorded) -> None:
    paths = {name: recorded(name) for name in VISUALS[stem].row.uses}
    again = render_page.render(VISUALS[stem].modules["page"], paths)["html"]
    assert again == made(stem, recorded)


def test_only_what_its_words_ask_for_is_told(stem: str, recorded: Recorded) -> None:
    """The page holds no attribute of the recording but those that it says."""
    paths = {name: recorded(name) for name in VISUALS[stem].row.uses}
    page = render_page.page(VISUALS[stem].modules["page"], paths)
    row = VISUALS[stem].row
    assert set(page.words) <= set(row.words)
    attrs = merge([recording.load(path).attrs for path in paths.values()])
    asked = set().union(*(fields(row.words[name]) for name in page.words))
    told = re.search(r'"attrs":(\{.*?\}),"data"', made(stem, recorded).decode())
    assert told is not None
    names = set(re.findall(r'"(\w+)":', told[1])) - {"count"}
    assert names == asked & set(attrs)


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (1280, "dark")])
def test_it_opens_without_an_error_and_fits(
    stem: str, width: int, theme: str, recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    shown(stem, recorded, browser, tmp_path, width=width, theme=theme)
    assert browser.errors() == []
    assert browser.overflow() <= 0
    assert browser.violations() == []
    background = browser.js("return getComputedStyle(document.documentElement).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 20, 26)"}[theme]
    assert browser.js(_SMALL, SMALLEST) == []


_SMALL = """
return [...document.querySelectorAll("body *")].filter(e =>
  [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) &&
  e.tagName !== "SCRIPT" && e.getClientRects().length &&
  parseFloat(getComputedStyle(e).fontSize) < arguments[0]).map(e => e.textContent)
"""


def test_its_height_is_the_one_that_a_post_is_told(
    stem: str, recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    path = shown(stem, recorded, browser, tmp_path, width=720)
    host = tmp_path / "host.html"
    host.write_text(
        f"<!doctype html><body style='margin:0'><iframe src='{path.name}' width=720 height=100 "
        "style='border:0'></iframe><script>window.told = [];"
        "addEventListener('message', e => told.push(e.data));</script>"
    )
    browser.open(host, width=720, ready="told.length && told.at(-1).height > 300")
    told = browser.js("return told.at(-1)")
    assert told["teachnet"] == stem
    # a tiny recording has shorter words
    assert told["height"] <= render_page.height(path) <= 1.3 * told["height"], told


def test_the_theme_can_be_chosen_and_is_in_the_address(
    stem: str, recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    shown(stem, recorded, browser, tmp_path, fragment="theme=dark")
    assert browser.js("return document.documentElement.dataset.theme") == "dark"
    browser.js(
        "const e = document.querySelector('#theme'); e.value = 'light';"
        "e.dispatchEvent(new Event('change'));"
    )
    browser.until("location.hash === '#theme=light'")
    browser.js("history.back()")
    browser.until("document.documentElement.dataset.theme === 'dark'")
    assert browser.errors() == []


NONSENSE = [
    "rate=&step=", "rate=1e999&step=-7", "rate=<b>x</b>&step=NaN", "=&&&=", "%E0%A4%A",
    "theme=pink", "constructor=1&__proto__=2", "step=99999999999999999999", "a" * 3000,
    "surface=nowhere&who=nobody,,&start=99", "layer=-1&heads=1,77,x&token=1e3", "plane=4&turn=zz",
]  # fmt: skip


def test_a_nonsense_address_does_no_harm(
    stem: str, recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    shown(stem, recorded, browser, tmp_path)
    usual = browser.text("#stage")
    for fragment in NONSENSE:
        browser.js("location.hash = arguments[0]", fragment)
        browser.js("dispatchEvent(new HashChangeEvent('hashchange'))")
        assert browser.text("#stage").strip(), fragment
    browser.js("location.hash = ''")
    browser.js("dispatchEvent(new HashChangeEvent('hashchange'))")
    assert browser.errors() == []
    assert browser.text(".verdict") in usual


def test_every_control_has_a_name_and_is_reached_by_keyboard(
    stem: str, recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    shown(stem, recorded, browser, tmp_path)
    controls = "#stage input, #stage select, #stage :is(button, [role=button]), #theme, summary"
    wanted = browser.js(
        "return [...document.querySelectorAll(arguments[0])]"
        ".filter(e => e.checkVisibility({contentVisibilityAuto: true}) && !e.disabled).length",
        controls,
    )
    reached: set[Any] = set()
    for _ in range(wanted + 4):  # of radio buttons, one is reached by Tab
        browser.driver.switch_to.active_element.send_keys("\ue004")
        at = browser.js(
            "return [...document.querySelectorAll(arguments[0])].indexOf(document.activeElement)",
            controls,
        )
        reached.add(at)
        if len(reached) > 1 and at == -1:  # beyond the last
            break
    radios = browser.js("return document.querySelectorAll('#stage input[type=radio]').length")
    groups = browser.js(
        "return new Set([...document.querySelectorAll('#stage input[type=radio]')]"
        ".map(e => e.name)).size"
    )
    assert len(reached - {-1}) == wanted - radios + groups


def test_nothing_plays_by_itself(
    stem: str, recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    shown(stem, recorded, browser, tmp_path, still=True)
    before = browser.text("#stage")
    browser.js("const from = performance.now(); while (performance.now() - from < 20);")
    browser.until("performance.now() > 700")
    assert browser.text("#stage") == before


def test_it_prints_as_a_still(
    stem: str, recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    shown(stem, recorded, browser, tmp_path, theme="dark", media="print")
    background = browser.js("return getComputedStyle(document.documentElement).backgroundColor")
    assert background == "rgb(255, 255, 255)", "paper is white"
    seen = (
        "return [...document.querySelectorAll('button:not(.token), input, select')]"
        ".filter(e => e.getClientRects().length).length"
    )
    assert browser.js(seen) == 0
    assert browser.js("return document.querySelectorAll('#stage svg, #stage canvas').length") > 0


HOSTILE = '</script><script>window.hurt=1</script><img src=x onerror="window.hurt=1">'


def test_hostile_words_stay_words(
    stem: str, recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    """A title, and every name that was recorded, that are markup: shown as they are."""
    entry = VISUALS[stem]
    paths = {name: recording.load(recorded(name)) for name in entry.row.uses}
    for data in paths.values():
        for name in ("dataset", "model", "widths", "many", "token"):
            if name in data.attrs:
                data.attrs[name] = HOSTILE
            elif name in data.variables:
                data[name] = (data[name].dims, [HOSTILE] * data[name].size)
    row = fill(entry.row, merge([data.attrs for data in paths.values()]))
    title = HOSTILE + "\\n" + HOSTILE
    words = {**entry.row.words, "page": title.replace("{", "{{").replace("}", "}}")}
    row = msgspec.structs.replace(entry.row, words=words)
    path = tmp_path / "hostile.html"
    path.write_bytes(render_page.render(entry.modules["page"], paths, row)["html"])
    browser.open(path, ready=READY)
    assert not browser.js("return Boolean(window.hurt)")
    assert browser.text("h1").startswith("</script>")
    assert browser.js("return document.images.length") == 0
    assert [error for error in browser.errors() if "hurt" in error] == []


def test_there_are_pages() -> None:
    assert "learning_rates" in PAGES
    assert catalogue.visuals()["learning_rates"].kinds == "FAW"
