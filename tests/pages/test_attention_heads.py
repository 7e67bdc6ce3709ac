"""The page of the heads: weights as the model had them, for any layer, heads and token."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from figures import render_page
from look.numbers import percent
from simulate import recording
from tests.browser import Browser
from tests.pages._open import READY, VISUALS, Recorded, shown

STEM = "attention_heads"
SHARES = "return [...document.querySelectorAll('.share')].map(e => e.textContent)"


def _deep(recorded: Recorded) -> xr.Dataset:
    """Return the tiny recording, which has one layer, with a second one that is another."""
    data = recording.load(recorded(STEM)).isel(layer=[0, 0])
    data.attention.values[1] = data.attention.values[0, ::-1]
    data.ratio.values[:, 1] = data.ratio.values[:, 0, ::-1]
    return data


def _open(data: xr.Dataset, browser: Browser, folder: Path, fragment: str) -> None:
    path = folder / "deep.html"
    path.write_bytes(render_page.render(VISUALS[STEM].modules["page"], {STEM: data})["html"])
    browser.open(path, ready=READY, fragment=fragment)


@pytest.mark.parametrize(("layer", "heads", "token"), [(1, "1", 2), (2, "2,3", 5), (1, "1,2", 0)])
def test_shares_are_the_means_of_the_recorded_weights(
    layer: int, heads: str, token: int, recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    data = _deep(recorded)
    fragment = f"layer={layer}&heads={heads}&token={token}"
    _open(data, browser, tmp_path, fragment)
    chosen = [int(head) - 1 for head in heads.split(",")]
    weights = data.attention.values[layer - 1, chosen].astype(float).mean(0)  # (query, key)
    mean = weights.mean(0) if token == 0 else weights[token - 1]
    assert browser.js(SHARES) == [percent(w) if w >= 0.005 else "" for w in mean.tolist()]
    most = int(mean.argmax())
    name = browser.js("return document.querySelectorAll('.name')[arguments[0]].textContent", most)
    assert f"most at “{name}”: {percent(float(mean.max()))}" in browser.text(".verdict")


def test_lines_are_the_weights_that_count(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    data = recording.load(recorded(STEM))
    shown(STEM, recorded, browser, tmp_path, fragment="layer=1&heads=1&token=3")
    weights = data.attention.values[0, 0, 2]
    drawn = browser.js(
        "return [...document.querySelectorAll('.lines path')].map(e => e.getAttribute('d'))"
    )
    ends = sorted(round(float(d.rpartition(",")[2]) / 25 - 0.5) for d in drawn)
    assert ends == np.flatnonzero(weights >= 0.01).tolist()
    assert {float(d.partition(",")[2].partition("C")[0]) for d in drawn} == {2.5 * 25}


def test_a_token_is_touched_by_pointer_and_by_keyboard(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    data = recording.load(recorded(STEM))
    shown(STEM, recorded, browser, tmp_path, fragment="heads=1&token=0")
    usual = browser.text(".verdict")
    buttons = browser.driver.find_elements("css selector", ".token")
    assert len(buttons) == data.sizes["position"]
    ActionChains(browser.driver).move_to_element(buttons[2]).perform()
    assert browser.text(".verdict").startswith(f"“{buttons[2].text}” looks most at")
    ActionChains(browser.driver).move_to_element(browser.find("h1")).perform()
    assert browser.text(".verdict") == usual
    browser.press("#head-1", "TAB")  # a key was pressed, so focus is seen
    buttons[3].send_keys("\ue007")
    browser.until("location.hash.includes('token=4')")
    assert buttons[3].get_attribute("aria-pressed") == "true"
    browser.js("document.activeElement.blur()")
    assert browser.text(".verdict").startswith(f"“{buttons[3].text}” looks most at")


def test_the_number_of_a_head_is_the_recorded_one(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    data = _deep(recorded)
    _open(data, browser, tmp_path, "layer=2&heads=3")
    ratio = float(data.ratio[0, 1, 2])
    assert f"{ratio:.1f} times" in browser.text(".numbers")
    browser.press("#head-1", "SPACE")
    assert browser.text(".numbers") == "", "of several heads there is no such number"
