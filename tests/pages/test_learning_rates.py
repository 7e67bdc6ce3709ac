"""The page of the learning rates shows what the sweep recorded, at every rate and step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from look.numbers import written
from simulate import recording
from tests.browser import Browser
from tests.pages._open import Recorded, shown

STEM = "learning_rates"


def test_sliders_show_the_recorded_numbers(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    data = recording.load(recorded(STEM))
    shown(STEM, recorded, browser, tmp_path)
    for i, k in ((0, 3), (4, 1), (9, 2), (11, 8)):
        browser.slide("#rate", i)
        browser.slide("#step", k)
        lr = float(data.sweep_lr[i])
        # θ by the rule itself, not by what was recorded
        theta = data.attrs["start"] * (1 - lr * data.attrs["curvature"]) ** k
        assert written("η = {lr:g} =", {"lr": lr}) in browser.text(".verdict")
        now = browser.text(".numbers")
        if abs(theta) > 1e-9:
            loss = 0.5 * data.attrs["curvature"] * theta**2
            values = {"step": k, "theta": float(theta), "loss": loss}
            assert now == written("After step {step}: θ = {theta:.3n}, loss {loss:.3n}", values)
        assert float(data.sweep_theta[i, k]) == pytest.approx(theta, abs=1e-9)


def test_the_verdict_follows_from_the_rate(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    data = recording.load(recorded(STEM))
    shown(STEM, recorded, browser, tmp_path)
    for i, multiple in enumerate(data.sweep_lr.values * data.attrs["curvature"]):
        browser.slide("#rate", i)
        wanted = (
            "at the minimum" if np.isclose(multiple, 1)
            else "comes closer from its own side" if multiple < 1
            else "comes no closer" if np.isclose(multiple, 2)
            else "leaps across" if multiple < 2
            else "leaps farther out"
        )  # fmt: skip
        assert wanted in browser.text(".verdict"), multiple


def test_the_slider_stands_under_its_axis(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    """The thumb's middle is where the dot of its rate is, at both ends and in between."""
    for width in (1280, 390):
        shown(STEM, recorded, browser, tmp_path, width=width)
        for i in (0, 5, 11):
            browser.slide("#rate", i)
            dot, left, wide, share = browser.js(
                "const now = document.querySelector('.dial .now').getBoundingClientRect();"
                "const e = document.querySelector('#rate'), box = e.getBoundingClientRect();"
                "return [now.x + now.width / 2, box.x, box.width, e.value / e.max]"
            )
            assert left + 12 + share * (wide - 24) == pytest.approx(dot, abs=1)


def test_the_path_lies_where_the_recording_has_it(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    data = recording.load(recorded(STEM))
    shown(STEM, recorded, browser, tmp_path)
    browser.slide("#rate", 2)
    dots = browser.js(
        "return [...document.querySelectorAll('.hero circle')].map(e => +e.getAttribute('cx'))"
    )
    theta = data.sweep_theta[2].values
    assert len(dots) == len(theta)
    pixels, slope = np.array(dots), np.ptp(dots) / np.ptp(theta)
    np.testing.assert_allclose(pixels - pixels[0], slope * (theta - theta[0]), atol=0.2)


def test_keys_move_the_rate_and_the_address_keeps_it(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    data = recording.load(recorded(STEM))
    path = shown(STEM, recorded, browser, tmp_path, fragment="rate=0.1&step=2")
    at = int(np.abs(data.sweep_lr.values - 0.1).argmin())
    assert browser.js("return +document.querySelector('#rate').value") == at
    browser.press("#rate", "ARROW_RIGHT")
    lr = float(data.sweep_lr[at + 1])
    browser.until(f"location.hash === '#rate={lr:g}&step=2'")
    words = browser.js("return document.querySelector('#rate').getAttribute('aria-valuetext')")
    assert words.startswith(written("η = {lr:g} =", {"lr": lr}))
    browser.until("document.querySelector('[role=status]').textContent.includes('After step 2')")
    browser.js("history.back()")
    browser.until(f"document.querySelector('#rate').value == {at}")
    seen = browser.text(".numbers")
    browser.open(path, fragment="rate=0.1&step=2", ready="document.documentElement.dataset.ready")
    assert browser.text(".numbers") == seen, "a link shows what its author saw"


def test_play_goes_through_the_steps_and_stops(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    shown(STEM, recorded, browser, tmp_path)
    browser.find(".play").click()
    assert browser.text(".play") == "Pause"
    browser.until("document.querySelector('#step').value == 1")
    browser.find(".play").click()
    assert browser.text(".play") == "Play steps"
