"""A headless Chromium for tests of pages: one a process, driven by selenium.

``browser`` (a fixture of `tests.conftest`) is a `Browser`, or skips its test with a reason where
Chromium, its driver or selenium is not there::

    def test_it(browser, tmp_path):
        browser.open(path, width=390, theme="dark", fragment="rate=0.45")
        assert browser.errors() == []
        assert browser.violations() == []
"""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
DRIVER = os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver")
# No GPU here, so WebGL is drawn by the processor; and nothing of its own goes to the network.
FLAGS = (
    "--headless=new", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--hide-scrollbars", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps",
    "--disable-extensions", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--allow-file-access-from-files",
)  # fmt: skip


def lacking() -> str:
    """Return in words why there is no browser here; "" where there is."""
    for path in (CHROMIUM, DRIVER):
        if shutil.which(path) is None:
            return f"no {path}: install chromium and chromium-driver, or say where with CHROMIUM"
    for package in ("selenium", "axe-core-python"):
        try:
            metadata.version(package)
        except metadata.PackageNotFoundError:
            return f"no {package}: install the extra `test`"
    return ""


class Browser:
    """A browser that opens files and pages, looks, presses keys, and says what went wrong.

    Attributes
    ----------
    driver : selenium.webdriver.Chrome
    """

    def __init__(self, profile: Path) -> None:
        from selenium import webdriver

        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        service = webdriver.ChromeService(executable_path=DRIVER)
        self.driver = webdriver.Chrome(options=options, service=service)
        self.driver.set_script_timeout(30)

    def open(
        self,
        where: Path | str,
        *,
        width: int = 1280,
        height: int = 900,
        theme: str = "light",
        fragment: str = "",
        still: bool = True,
        ready: str = "",
        media: str = "screen",
    ) -> None:
        """Open a file or an address as a screen of this size shows it.

        Parameters
        ----------
        where : Path or str
        width, height : int
            CSS pixels of the window.
        theme : {"light", "dark"}
            That the system prefers.
        fragment : str
            What stands behind ``#``.
        still : bool
            Whether the system asks for reduced motion.
        ready : str
            JavaScript that is true when the page is there; an empty one waits for the load alone.
        media : {"screen", "print"}
        """
        self.errors()  # those of the page before are not this one's
        self.size(width, height)
        self.prefer(theme, still=still, media=media)
        address = where.resolve().as_uri() if isinstance(where, Path) else where
        self.driver.get("about:blank")  # else a new fragment alone would open nothing
        self.driver.get(address + (f"#{fragment}" if fragment else ""))
        if ready:
            self.until(ready)

    def size(self, width: int, height: int = 900, scale: float = 1) -> None:
        """Give the window a size; a phone's too, which a window of this system can't have."""
        self._devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=scale, mobile=False,
        )  # fmt: skip

    def prefer(self, theme: str = "light", *, still: bool = True, media: str = "screen") -> None:
        """Let the system prefer a theme and, perhaps, reduced motion; or show the page in print."""
        features = [
            {"name": "prefers-color-scheme", "value": theme},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
        ]
        self._devtools(
            "Emulation.setEmulatedMedia", media="" if media == "screen" else media,
            features=features,
        )  # fmt: skip

    def js(self, code: str, *given: Any) -> Any:
        """Return what JavaScript returns; what is `given` is ``arguments`` there."""
        return self.driver.execute_script(code, *given)

    def until(self, condition: str, seconds: float = 10) -> None:
        """Wait until a JavaScript expression is true; `TimeoutException` says which never was."""
        from selenium.webdriver.support.ui import WebDriverWait

        WebDriverWait(self.driver, seconds, poll_frequency=0.02).until(
            lambda driver: driver.execute_script(f"return Boolean({condition})"), condition
        )

    def find(self, css: str) -> Any:
        """Return the first element that a selector of CSS finds."""
        return self.driver.find_element("css selector", css)

    def text(self, css: str) -> str:
        """Return the words of an element, seen or not."""
        return str(self.js("return document.querySelector(arguments[0]).textContent", css))

    def press(self, css: str, *keys: str) -> None:
        """Press keys in an element, by their names in selenium (``"ARROW_RIGHT"``), or text."""
        from selenium.webdriver.common.keys import Keys

        self.find(css).send_keys(*(getattr(Keys, key, key) for key in keys))

    def slide(self, css: str, value: float) -> None:
        """Move a slider to a value, as a pointer does, and let go."""
        self.js(
            "const e = document.querySelector(arguments[0]); e.value = arguments[1];"
            "for (const name of ['input', 'change'])"
            "  e.dispatchEvent(new Event(name, {bubbles: true}));",
            css, value,
        )  # fmt: skip

    def errors(self) -> list[str]:
        """Return what the console has of errors and warnings since the last time it was asked."""
        noted = self.driver.get_log("browser")
        return [entry["message"] for entry in noted if entry["level"] in ("SEVERE", "WARNING")]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        root = "document.documentElement"
        return int(self.js(f"return {root}.scrollWidth - {root}.clientWidth"))

    def violations(
        self, within: str = "html", *, without: Mapping[str, str] | None = None
    ) -> list[str]:
        """Return what axe finds against WCAG 2.2 AA and good practice, a line each.

        Parameters
        ----------
        within : str
            Selector of what is looked at.
        without : mapping of str to str
            Rules that don't count here, to the reason.
        """
        if not self.js("return Boolean(window.axe)"):
            script = metadata.distribution("axe-core-python").locate_file(
                "axe_core_python/axe.min.js"
            )
            self.js(Path(str(script)).read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(arguments[0], {resultTypes: ['violations']})"
            ".then(r => done(r.violations),"
            " e => done([{id: 'failed', help: String(e), nodes: []}]))",
            within,
        )
        return [
            f"{rule['id']}: {rule['help']} {[node['html'][:120] for node in rule['nodes'][:3]]}"
            for rule in found
            if rule["id"] not in (without or {})
        ]

    def shot(self, path: Path, *, whole: bool = True) -> Path:
        """Write a picture of the page, or only of what the window shows, and return its path."""
        content = self._devtools(
            "Page.captureScreenshot", format="png", captureBeyondViewport=whole,
            **({"clip": self._whole()} if whole else {}),
        )  # fmt: skip
        path.write_bytes(base64.b64decode(content["data"]))
        return path

    def quit(self) -> None:
        """End it."""
        self.driver.quit()

    def _whole(self) -> dict[str, float]:
        size = self._devtools("Page.getLayoutMetrics")["cssContentSize"]
        return {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}

    def _devtools(self, command: str, **given: Any) -> Any:
        return self.driver.execute_cdp_cmd(command, given)
