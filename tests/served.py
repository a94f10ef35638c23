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
from typing import TYPE_CHECKING, Any, Self
from urllib.error import URLError
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import TimeoutError as NothingCame
from playwright.sync_api import expect, sync_playwright
from small_scenarios import PHONE

from simulator.batch import read_batch, run_batch
from simulator.experiment import run
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from playwright.sync_api import Browser, Locator, Page

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = int(os.environ.get("P", "90000"))
"""Milliseconds after which a test gives up; nothing takes so long unless it is broken."""
COMMAND = (sys.executable, "-c", "from simulator.cli.program import main; main()")
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}

SMALL, LONG, PEAK = "small", "long", "black-friday"
"""Scenarios of the workspace: answered in an instant, in seconds, and the one that opens first."""
EXTRA_AGENTS = "Team: agents more or fewer"
"""A slider of the small one and of the long one."""
_SMALL = PHONE.replace("[groups.team]\n", '[groups.team]\ntitle = "Team"\n')

_BATCH = """
title = "Agents x handling time x volume"
scenarios = ["../small.toml"]
[sweep.agents]
path = "groups.team.extra_agents"
range = { first = -1, last = 4, step = 1 }
[sweep.handling]
path = "channels.phone.handling_time.mean"
values = ["4 min", "6 min", "8 min"]
[sweep.volume]
path = "channels.phone.demand.per_week"
values = [160, 200]
"""
"""Results that the workspace has."""

expect.set_options(timeout=PATIENCE)


def furnish(workspace: Path) -> Path:
    """Make a folder of scenarios and results of a batch.

    And machine code, which is made once and would keep the first visitor waiting.
    """
    shutil.copytree(ROOT / "scenarios", workspace)
    (workspace / f"{SMALL}.toml").write_text(_SMALL)
    (workspace / f"{LONG}.toml").write_text(_SMALL.replace("replications = 3", "replications = 4000"))
    batch = workspace / "batches" / "small.toml"
    batch.write_text(_BATCH)
    run_batch(read_batch(batch), workspace / "results" / "small")
    for name in (SMALL, PEAK):
        run(load_scenario(workspace / f"{name}.toml"), replications=2)
    return workspace


def launched(program: str) -> Generator[Browser]:
    """A headless browser; a fixture goes through this."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
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
        self.workspace = workspace
        self.port = free_port()
        self.log = log
        arguments = ["app", "--no-browser", "--port", str(self.port), "--workspace", str(workspace)]
        with log.open("w") as out:
            # Started where no configuration lies: what holds is that of the package.
            self._process = subprocess.Popen(
                [*COMMAND, *arguments], stdout=out, stderr=subprocess.STDOUT, cwd=workspace, env=ENVIRONMENT
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

    @property
    def processor_seconds(self) -> float:
        """Processor time that the process has taken so far, of all its threads (Linux)."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Visitor:
    """Somebody at a browser who looks at the what-if page."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.server = server
        self.errors: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    @classmethod
    def of(cls, browser: Browser, server: Server, *, width: int = 1280, height: int = 900, **context: Any) -> Self:
        """A session of its own, with its own cookies and storage."""
        made = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True, **context)
        return cls(made.new_page(), server)

    def __enter__(self) -> Self:
        """Look around."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Leave; if nothing failed so far, nothing broke behind one's back either."""
        try:
            if kind is None:
                self.sound()
        finally:
            self.page.context.close()

    def sound(self) -> None:
        """Nothing broke: neither in the browser nor on the server."""
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        assert self.errors == []

    @property
    def strip(self) -> Locator:
        """The line that says what the figures are of."""
        return self.page.locator(".ruuhka-strip")

    @property
    def content(self) -> str:
        """Of which scenario the figures are."""
        return self.strip.get_attribute("data-content") or ""

    @property
    def link(self) -> dict[str, list[str]]:
        """The parameters of the address."""
        return parse_qs(urlsplit(self.page.url).query)

    def go(self, path: str = "", *, sets: Iterable[str] = (), **query: str) -> Self:
        """Open an address."""
        self.page.goto(self.server.url(path, sets=sets, **query))
        return self

    def look_at(self, scenario: str, *, sets: Iterable[str] = ()) -> Self:
        """Open the what-if page on a scenario and wait for its figures."""
        return self.go(scenario=scenario, sets=sets).settled()

    def turn_to(self, page: str) -> Self:
        """Choose another page, by its name above, and wait until nothing of the former one is left."""
        title = self.page.get_by_test_id("stMain").locator("h3:not(article *)").first
        former = title.text_content() or ""
        self.page.get_by_role("link", name=page, exact=True).click()
        expect(title).not_to_have_text(former)
        return self.rested()

    def settled(self, *, but: str = "") -> Self:
        """Wait for the whole answer, and until nothing runs any more.

        Parameters
        ----------
        but
            Content that is no answer: what stood there before the move.
        """
        expect(self.page.locator(f'.ruuhka-strip[data-state="whole"]:not([data-content="{but}"])')).to_be_visible()
        return self.rested()

    def answered(self, content: str, what: str) -> Self:
        """Wait for the whole answer to one question, and until nothing runs any more.

        Parameters
        ----------
        content
            Of the scenario that the figures should be of.
        what
            Who waits, and for what: to be told if it does not come.

        Raises
        ------
        AssertionError
            If it does not come; with all that the page shows instead.
        """
        try:
            self.page.locator(f'.ruuhka-strip[data-state="whole"][data-content="{content}"]').wait_for()
        except NothingCame:
            raise AssertionError(f"{what}: no whole answer of {content}\n{self.told()}") from None
        return self.rested()

    def told(self) -> str:
        """What the page shows just now and what the server has said, for whoever looks for a defect."""
        sliders = self.page.evaluate(
            "() => [...document.querySelectorAll('input[type=range]')].map((each) =>"
            " `${each.closest('[role=group]')?.ariaLabel}: ${each.ariaValueText}`)"
        )
        app = self.page.get_by_test_id("stApp")
        parts = {
            "strip": self.strip.evaluate_all("found => found.map((each) => each.outerHTML)"),
            "link": self.page.url,
            "script": app.get_attribute("data-test-script-state"),
            "connection": app.get_attribute("data-test-connection-state"),
            "focus on": self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)"),
            "sliders": sliders,
            "errors": self.errors,
            "the server's last words": self.server.log.read_text()[-2000:],
        }
        return "\n".join(f"  {name}: {value}" for name, value in parts.items())

    def rested(self) -> Self:
        """Wait until the page runs nothing."""
        expect(self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible()
        return self

    def drawn(self) -> Self:
        """Wait until each chart has its picture."""
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0)
        charts = self.page.get_by_test_id("stVegaLiteChart")
        for number in range(charts.count()):
            expect(charts.nth(number).locator("canvas, svg.marks").first).to_be_visible()
        return self

    def figures(self) -> list[str]:
        """All that the cards say, line by line; what they are of is told before they come."""
        lines = self.page.locator(".ruuhka-cards dd")
        texts: list[str] = []
        while not texts:  # a run that begins between the two takes them away for a moment
            expect(lines.first).to_be_visible()
            texts = lines.all_inner_texts()
        return texts

    def slider(self, label: str) -> Locator:
        """The handle of a slider."""
        return self.page.get_by_role("group", name=label, exact=True).get_by_role("slider")

    def press(self, label: str, key: str = "ArrowRight") -> None:
        """Move a slider by the keyboard."""
        self.slider(label).press(key)

    def stands(self, label: str) -> str:
        """What a slider says where it stands."""
        return self.slider(label).get_attribute("aria-valuetext") or ""

    def move(self, label: str, key: str = "ArrowRight") -> Self:
        """Move a slider and wait for the figures."""
        before = self.content
        self.press(label, key)
        return self.settled(but=before)
