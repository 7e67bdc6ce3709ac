"""The page of the network's plane: what the plane shows, and the real losses beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from look.numbers import written
from simulate import recording, registry
from tests.browser import Browser
from tests.pages._open import Recorded, shown

STEM = "optimizers_real_network"


def test_both_losses_are_the_recorded_ones(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    data = recording.load(recorded(STEM))
    names = data.run.values.tolist()
    labels = [registry.load("optimizers", name).label for name in names]
    shown(STEM, recorded, browser, tmp_path)
    for k in (0, 1, data.sizes["snapshot"] - 1):
        browser.slide("#step", k)
        height, loss = data.height.values[:, k], data.loss.values[:, k]
        for i, name in enumerate(names):
            said = {"height": float(height[i]), "loss": float(loss[i])}
            how = browser.text(f"label[for=who-{name}] .how-far")
            assert how == written("plane {height:.2f}, true {loss:.2f}", said)
        plane, truth = browser.js(
            "return [...document.querySelectorAll('.verdict')].map(e => e.textContent)"
        )
        step = {"step": int(data.snapshot[k])}
        assert plane.startswith(written("On the plane, after step {step}: ", step))
        up = int((height > data.height.values[:, 0]).sum())
        assert ("climbed" in plane) == (up > 0)
        assert k == 0 or f"{labels[int(height.argmin())]} is lowest, at" in plane
        assert k == 0 or f"In truth: {labels[int(loss.argmin())]} is lowest" in truth
        assert k == 0 or ("lowest too" in truth) == (height.argmin() == loss.argmin())
        assert written("the highest is at {x:.2f}.", {"x": float(loss.max())}) in truth


def test_marks_lie_at_their_losses(recorded: Recorded, browser: Browser, tmp_path: Path) -> None:
    data = recording.load(recorded(STEM))
    shown(STEM, recorded, browser, tmp_path)
    rings, dots = (
        np.array(
            browser.js(
                "return [...document.querySelectorAll(arguments[0])]"
                ".map(e => +e.getAttribute('cx'))",
                f".side .{kind}",
            )
        )
        for kind in ("begin", "now")
    )
    pixels = np.concatenate([rings, dots])
    logs = np.log(np.concatenate([data.height.values[:, -1], data.loss.values[:, -1]]))
    slope = np.ptp(pixels) / np.ptp(logs)
    np.testing.assert_allclose(pixels, pixels.min() + slope * (logs - logs.min()), atol=0.5)


def test_who_is_not_chosen_is_not_drawn(
    recorded: Recorded, browser: Browser, tmp_path: Path
) -> None:
    name = str(recording.load(recorded(STEM)).run.values[0])
    shown(STEM, recorded, browser, tmp_path, fragment=f"who={name}&step=1")
    for css in (".map .way", ".side .now"):
        assert browser.js("return document.querySelectorAll(arguments[0]).length", css) == 1
    browser.press(f"#who-{name}", "SPACE")
    assert browser.text(".verdict") == "Nobody is chosen."
