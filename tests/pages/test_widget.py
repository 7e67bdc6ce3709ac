"""A page in a notebook: the same module draws the same there, and Python has the state."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import figures
from figures import drawing
from tests.browser import Browser
from tests.pages._open import PAGES, Recorded, shown

anywidget = pytest.importorskip("anywidget", reason="install the extra `notebook`")

# A model as anywidget hands it to `render`, with nothing behind it; and two such widgets.
HOST = """<!doctype html><meta charset="utf-8"><body style="margin:0">
<div id="one"></div><div id="other"></div>
<script id="given" type="application/json">GIVEN</script>
<script type="module">
const given = JSON.parse(document.getElementById("given").textContent);
const script = new Blob([given.script], {type: "text/javascript"});
const {default: widget} = await import(URL.createObjectURL(script));
const made = () => {
  const heard = {};
  return {
    state: {page: given.page, state: given.state},
    saved: [],
    get(name) { return this.state[name]; },
    set(name, value) {
      this.state[name] = value;
      (heard[`change:${name}`] ?? []).forEach(call => call());
    },
    save_changes() { this.saved.push(JSON.stringify(this.state.state)); },
    on(name, call) { (heard[name] ??= []).push(call); },
    off(name, call) { heard[name] = heard[name].filter(each => each !== call); },
  };
};
window.models = {one: made(), other: made()};
window.stops = {};
for (const name in models)
  stops[name] = await widget.render({model: models[name], el: document.getElementById(name)});
window.done = true;
</script>"""
SHADOW = "document.querySelector('#one').firstChild.shadowRoot"
# All that is drawn, but for what has the same name in the whole document.
DRAWN = """
const root = arguments[0] ? document.querySelector('#one').firstChild.shadowRoot : document;
const stage = root.querySelector('#stage');
return [stage.innerHTML, root.querySelector('h1').textContent,
  getComputedStyle(root.querySelector('h1')).color, getComputedStyle(stage).fontSize];
"""


def opened(widget: Any, browser: Browser, folder: Path, **state: str) -> None:
    """Open a notebook's page with two of a widget."""
    given = json.dumps({"script": widget._esm, "page": widget.page, "state": state})
    (folder / "book.html").write_text(HOST.replace("GIVEN", given.replace("<", "\\u003c")))
    browser.open(folder / "book.html", width=760, ready="window.done")


@pytest.mark.parametrize("stem", PAGES)
def test_it_draws_what_the_page_draws(
    stem: str, recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    widget = figures.interact(stem, recorded(stem))
    assert isinstance(widget, anywidget.AnyWidget)
    opened(widget, browser, tmp_path)
    assert browser.errors() == []
    mine = browser.js(DRAWN, True)
    shown(stem, recorded, browser, tmp_path, width=760)
    page = browser.js(DRAWN, False)
    assert mine[1:] == page[1:]
    assert len(mine[0]) > 1000
    assert mine[0] == page[0]


def test_state_goes_both_ways(recorded: Recorded, browser: Browser, tmp_path: Path) -> None:
    widget = figures.interact("learning_rates", recorded("learning_rates"))
    assert widget.state == {}
    opened(widget, browser, tmp_path, step="2")
    slider = f"{SHADOW}.querySelector('#step').value"
    assert browser.js(f"return {slider}") == "2"
    browser.js("models.one.set('state', {step: '1', rate: 'nonsense'})")
    assert browser.js(f"return {slider}") == "1"
    browser.js(
        f"const e = {SHADOW}.querySelector('#step'); e.value = 3;"
        "e.dispatchEvent(new Event('change', {bubbles: true}))"
    )
    browser.until("models.one.saved.length > 0")
    assert browser.js("return models.one.get('state')")["step"] == "3"
    assert browser.js("return location.hash") == "", "the notebook's address is not ours"
    assert browser.js("return models.other.get('state')") == {"step": "2"}
    browser.js("stops.one()")
    browser.js("models.one.set('state', {step: '1'})")
    assert browser.js(f"return {slider}") == "3", "one that has gone hears nothing"


def test_themes_and_styles_are_a_widgets_own(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    widget = figures.interact("learning_rates", recorded("learning_rates"))
    opened(widget, browser, tmp_path, theme="dark")
    ground = "getComputedStyle(document.querySelector('#one').firstChild).backgroundColor"
    assert browser.js(f"return {ground}") == "rgb(18, 20, 26)"
    around = browser.js("return getComputedStyle(document.body).backgroundColor")
    assert around == "rgba(0, 0, 0, 0)"
    assert browser.js("return document.documentElement.dataset.theme ?? ''") == ""
    browser.js("models.one.set('state', {theme: 'light'})")
    assert browser.js(f"return {ground}") == "rgb(255, 255, 255)"
    # its type is there, under a name that no other page has
    families = browser.js("return [...document.fonts].map(font => font.family + font.status)")
    assert {family.strip('"')[:10] for family in families} == {"Page Sans "}
    assert any(family.endswith("loaded") for family in families)


def test_where_no_widget_can_be_shown_there_is_the_page(recorded: Recorded) -> None:
    widget = figures.interact("learning_rates", recorded("learning_rates"))
    bundle, _ = widget._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/html"].startswith("<iframe srcdoc=")
    assert bundle["text/plain"] == widget.title
    assert version("anywidget")


def test_without_anywidget_it_is_the_page(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    widget = figures.interact("learning_rates", recorded("learning_rates"))
    monkeypatch.setattr(drawing, "find_spec", lambda name: None)
    page = figures.interact("learning_rates", recorded("learning_rates"))
    assert isinstance(page, drawing.Page)
    assert (page.html, page.title, page.height) == (widget.html, widget.title, widget.height)
