"""The page of the loss surface: both planes as recorded, and the training on its own plane."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from look.numbers import written
from simulate import recording
from tests.browser import Browser
from tests.pages._open import Recorded, shown

STEM = "loss_surface"


def test_the_plane_and_the_network_have_their_own_losses(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    data = recording.load(recorded(STEM))
    shown(STEM, recorded, browser, tmp_path)
    steps = data.snapshot.values
    for k in (0, 1, len(steps) - 1):
        browser.slide("#step", k)
        said = {
            "step": int(steps[k]),
            "n": int(steps[-1]),
            "height": float(data.path_height[k]),
            "loss": float(data.path_loss[k]),
        }
        assert browser.text(".verdict") == written(
            "Step {step} of {n}: {height:.3f} on this plane; the network’s real loss is "
            "{loss:.3f}.",
            said,
        )


def test_a_point_is_read_off_the_recorded_plane(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    data = recording.load(recorded(STEM))
    for plane, name, x, y in (
        ("pca", "pca_loss", "u", "v"),
        ("random", "random_loss", "alpha", "beta"),
    ):
        loss = data[name].values
        i, j = 1, loss.shape[1] - 2
        shown(STEM, recorded, browser, tmp_path, fragment=f"plane={plane}&across={j}&along={i}")
        browser.find(".reading summary").click()
        browser.until("document.querySelector('.numbers').textContent.startsWith('At (')")
        # to a 65,535th of what lies between the lowest and the highest
        off = np.ptp(loss) / 65_534
        at = {"first": float(data[x][j]), "second": float(data[y][i])}
        texts = {
            written("At ({first:.2f}, {second:.2f}) the loss is {loss:.3f}.", {**at, "loss": value})
            for value in (float(loss[i, j]) - off, float(loss[i, j]), float(loss[i, j]) + off)
        }
        assert browser.text(".numbers") in texts


def test_the_pointer_reads_what_it_touches(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    data = recording.load(recorded(STEM))
    shown(STEM, recorded, browser, tmp_path, fragment="plane=random")
    ActionChains(browser.driver).move_to_element(browser.find(".view")).perform()
    browser.until("document.querySelector('.numbers').textContent.startsWith('At (')")
    value = float(browser.text(".numbers").rpartition(" ")[2].rstrip("."))
    assert data.random_loss.values.min() - 0.001 <= value <= data.random_loss.values.max() + 0.001


def test_only_the_path_s_plane_has_a_training(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    data = recording.load(recorded(STEM))
    shown(STEM, recorded, browser, tmp_path)
    browser.press("input[value=pca]", "ARROW_RIGHT")
    browser.until("location.hash === '#plane=random'")
    assert browser.find("#step").get_property("disabled")
    assert written("{x:.3f}", {"x": data.attrs["trained_loss"]}) in browser.text(".verdict")


def test_it_is_drawn_and_turns(recorded: Recorded, browser: Browser, tmp_path: Path) -> None:
    """There is a picture, low is dark and high is light in both themes, and turning changes it."""
    pixels = (
        "const e = document.querySelector('.view canvas'), c = document.createElement('canvas');"
        "c.width = e.width; c.height = e.height; const g = c.getContext('2d');"
        "g.drawImage(e, 0, 0);"
        "const d = g.getImageData(0, 0, c.width, c.height).data; let n = 0, sum = 0;"
        "for (let i = 0; i < d.length; i += 4) if (d[i + 3]) { n++; sum += d[i] * (i % 997); }"
        "return [n / (d.length / 4), sum]"
    )
    shown(STEM, recorded, browser, tmp_path)
    share, before = browser.js(pixels)
    assert share > 0.1
    browser.press("#turn", "ARROW_RIGHT", "ARROW_RIGHT", "ARROW_RIGHT")
    browser.until("location.hash.startsWith('#turn=')")
    assert browser.js(pixels)[1] != before
