"""The page, served in a process of its own, as a visitor's browser meets it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.error import URLError
from urllib.parse import urlencode

from playwright.sync_api import Page, expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from playwright.sync_api import Browser, Locator

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
"""Programs that can show the page; RUUHKA_BROWSER names another."""
PATIENCE = 60_000
"""Milliseconds after which a test gives up; nothing takes so long unless it is broken."""

expect.set_options(timeout=PATIENCE)


def browser_program() -> str | None:
    """The browser of this machine, if it has one."""
    found = (shutil.which(name) for name in BROWSERS)
    return os.environ.get("RUUHKA_BROWSER") or next(filter(None, found), None)


def launched() -> Generator[Browser]:
    """A headless browser; a fixture goes through this."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_program(),
            # No sandbox: root may not have one, and it visits nothing but this machine.
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Server:
    """`ruuhka app` on a folder of scenarios."""

    def __init__(self, workspace: Path, log: Path) -> None:
        self.port = free_port()
        self.log = log
        arguments = ["app", "--no-browser", "--port", str(self.port), "--workspace", str(workspace)]
        with log.open("w") as out:
            # Started where no configuration lies: what holds is that of the package.
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from simulator.cli import main; main()", *arguments],
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=workspace,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
            )

    def __enter__(self) -> Self:
        """Wait until it answers."""
        for _ in range(PATIENCE // 100):
            if self._process.poll() is not None:
                raise RuntimeError(self.log.read_text())
            try:
                urllib.request.urlopen(self.url("_stcore/health")).close()
            except (URLError, ConnectionError):
                time.sleep(0.1)
            else:
                return self
        raise TimeoutError(self.log.read_text())

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait()

    def url(self, path: str = "", *, sets: Iterable[str] = (), **query: str) -> str:
        """The address of a page, with overrides as `--set` takes them."""
        parameters = urlencode([*query.items(), *(("set", each) for each in sets)])
        return f"http://127.0.0.1:{self.port}/{path}" + (f"?{parameters}" if parameters else "")

    @property
    def megabytes(self) -> float:
        """Memory that the process holds (Linux)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) / 1024


class Visitor:
    """Somebody at a browser who looks at the what-if page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    @property
    def strip(self) -> Locator:
        """The line that says what the figures are of."""
        return self.page.locator(".ruuhka-strip")

    @property
    def content(self) -> str:
        """Of which scenario the figures are."""
        return self.strip.get_attribute("data-content") or ""

    def go(self, url: str) -> Self:
        """Open an address and wait for its figures."""
        self.page.goto(url)
        return self.settled()

    def settled(self, *, but: str = "") -> Self:
        """Wait for the whole answer, and until nothing moves any more.

        Parameters
        ----------
        but
            Content that is no answer: what stood there before the move.
        """
        whole = self.page.locator(f'.ruuhka-strip[data-state="whole"]:not([data-content="{but}"])')
        expect(whole).to_be_visible()
        return self.rested()

    def rested(self) -> Self:
        """Wait until the page runs nothing: an element that Streamlit calls stale is of a run before."""
        expect(self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible()
        return self

    def drawn(self) -> Self:
        """Wait until each chart has its picture."""
        charts = self.page.get_by_test_id("stVegaLiteChart")
        for number in range(charts.count()):
            expect(charts.nth(number).locator("canvas, svg").first).to_be_visible()
        return self

    def figures(self) -> str:
        """All that the cards say."""
        return self.page.locator(".ruuhka-cards").inner_text()

    def slider(self, label: str) -> Locator:
        """The handle of a slider."""
        return self.page.get_by_role("group", name=label, exact=True).get_by_role("slider")

    def press(self, label: str, key: str = "ArrowRight", times: int = 1) -> None:
        """Move a slider by the keyboard."""
        handle = self.slider(label)
        handle.focus()
        for _ in range(times):
            handle.press(key)

    def move(self, label: str, key: str = "ArrowRight", times: int = 1) -> Self:
        """Move a slider and wait for the figures."""
        before = self.content
        self.press(label, key, times)
        return self.settled(but=before)

    def sound(self) -> None:
        """Nothing broke: neither in the browser nor on the server."""
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        assert self.errors == []


def link_of(page: Page) -> Mapping[str, list[str]]:
    """The parameters of the page's address."""
    from urllib.parse import parse_qs, urlsplit

    return parse_qs(urlsplit(page.url).query)
