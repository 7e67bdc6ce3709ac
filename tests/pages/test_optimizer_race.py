"""The page of the race has every recorded path, and says who has arrived at every step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from look.numbers import written
from simulate import recording, registry
from tests.browser import Browser
from tests.pages._open import Recorded, shown

STEM = "optimizer_race"
# Where the paths of those who run are drawn, by the colour of their line.
WAYS = "return [...document.querySelectorAll('.map .way')].map(e => e.getAttribute('d'))"


def _points(way: str) -> np.ndarray:
    return np.array([pair.split(",") for pair in way[1:].split("L")], dtype=float)


def test_a_path_is_drawn_where_it_was_recorded(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    data = recording.load(recorded(STEM))
    steps = data.sizes["step"] - 1
    shown(STEM, recorded, browser, tmp_path, fragment=f"surface=ravine&who=sgd&step={steps}")
    here = data.sel(surface="ravine", run="sgd")
    (way,) = browser.js(WAYS)
    left = int(here.left_box)
    theta = here.theta.values[: left if left >= 0 else None]
    size = browser.js(
        "const e = document.querySelector('.map svg');"
        "return [+e.getAttribute('width'), +e.getAttribute('height')]"
    )
    x, y = here.grid_x.values, here.grid_y.values
    wanted = np.stack(
        [
            (theta[:, 0] - x[0]) / np.ptp(x) * size[0],
            size[1] - (theta[:, 1] - y[0]) / np.ptp(y) * size[1],
        ],
        axis=1,
    )
    np.testing.assert_allclose(_points(way)[: len(wanted)], wanted, atol=0.15)


@pytest.mark.parametrize("surface", ["beale", "ravine"])
def test_it_says_who_is_there(
    surface: str, recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    data = recording.load(recorded(STEM)).sel(surface=surface)
    names = data.run.values.tolist()
    low, high = np.transpose(registry.load("surfaces", surface).domain)
    minima = np.array(registry.load("surfaces", surface).minima)
    near = data.attrs["near"] * np.linalg.norm(high - low)
    for step in (5, data.sizes["step"] - 1):
        shown(
            STEM, recorded, browser, tmp_path,
            fragment=f"surface={surface}&who={','.join(names)}&step={step}",
        )  # fmt: skip
        home = 0
        for i, name in enumerate(names):
            path = data.theta.values[i]
            away = np.linalg.norm(path[:, None] - minima, axis=2).min(1)
            far = np.flatnonzero(~(away < near))
            arrives = far[-1] + 1 if len(far) else 0
            there = np.isfinite(path).all() and arrives <= step
            home += there
            how = browser.text(f"label[for=who-{name}] .how-far")
            assert (how == written("step {step}", {"step": int(arrives)})) == there, (name, how)
        verdict = browser.text(".verdict")
        count = written("{n} of {of} are there", {"n": home, "of": len(names)})
        if home > 1:
            assert count in verdict
        else:
            assert ("the only one" in verdict) == (home == 1)


def test_a_start_is_chosen_on_the_map_by_pointer_and_keyboard(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    data = recording.load(recorded(STEM)).sel(surface="ravine", run="sgd")
    shown(STEM, recorded, browser, tmp_path, fragment="surface=ravine&who=sgd&step=30")
    marks = "[...document.querySelectorAll('.map [role=button]')]"
    names = browser.js(f"return {marks}.map(e => e.getAttribute('aria-label'))")
    assert names == ["Start: the usual", *(f"Start: number {k}" for k in (2, 3, 4))]
    size = browser.js(
        "const e = document.querySelector('.map svg');"
        "return [+e.getAttribute('width'), +e.getAttribute('height')]"
    )

    def drawn(k: int) -> None:
        """See that the path from a start is drawn, as far as it was recorded."""
        theta = data.theta.values if k == 0 else data.theta_far.values[k - 1]
        left = int(data.left_box if k == 0 else data.left_far[k - 1])
        inside = theta[: min(30, left - 1 if left >= 0 else 30) + 1]
        x, y = data.grid_x.values, data.grid_y.values
        across = (inside[:, 0] - x[0]) / np.ptp(x) * size[0]
        up = size[1] - (inside[:, 1] - y[0]) / np.ptp(y) * size[1]
        (way,) = browser.js(WAYS)
        wanted = np.stack([across, up], axis=1)
        np.testing.assert_allclose(_points(way)[: len(wanted)], wanted, atol=0.2)
        pressed = browser.js(f"return {marks}.map(e => e.getAttribute('aria-pressed'))")
        assert pressed == ["true" if i == k else "false" for i in range(4)]

    drawn(0)
    browser.js(f"{marks}[2].dispatchEvent(new MouseEvent('click', {{bubbles: true}}))")
    browser.until("location.hash.includes('start=3')")
    drawn(2)
    browser.js(f"{marks}[1].focus()")
    browser.driver.switch_to.active_element.send_keys("\ue007")  # Enter
    browser.until("location.hash.includes('start=2')")
    drawn(1)
    browser.js("history.back()")
    browser.until("location.hash.includes('start=3')")
    drawn(2)
    assert browser.js("return document.querySelector('#start').value") == "3"
    assert browser.errors() == []


def test_who_runs_is_ticked_and_is_in_the_address(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    shown(STEM, recorded, browser, tmp_path, fragment="who=adam,sgd")
    assert len(browser.js(WAYS)) == 2
    browser.press("#who-sgd", "SPACE")
    browser.until("location.hash.includes('who=adam')")
    assert len(browser.js(WAYS)) == 1
    browser.js("history.back()")
    browser.until("document.querySelector('#who-sgd').checked")
    browser.js("[...document.querySelectorAll('.quiet')].at(-1).click()")
    assert browser.text(".verdict") == "Nobody runs."
    browser.until("location.hash.includes('who=none')")


def test_a_surface_without_a_minimum_has_no_star(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    data = recording.load(recorded(STEM)).sel(surface="saddle")
    step = data.sizes["step"] - 1
    shown(STEM, recorded, browser, tmp_path, fragment=f"surface=saddle&who=sgd,adam&step={step}")
    assert browser.js("return document.querySelectorAll('.star').length") == 0
    assert browser.text(".verdict").startswith("No star here")
    for name in ("sgd", "adam"):
        left = int(data.left_box.sel(run=name))
        how = browser.text(f"label[for=who-{name}] .how-far")
        assert how == ("" if left < 0 else written("left, step {n}", {"n": left}))
