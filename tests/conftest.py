"""What holds for every test: reproducible Hypothesis runs, the folder of real data, the browser, and no silent skip."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from served import Server, Visitor

# The same examples in every run; no deadline, since a first call may compile and the machine may be shared.
hypothesis.settings.register_profile("ruuhka", derandomize=True, deadline=None)
hypothesis.settings.load_profile("ruuhka")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
DATA_FOLDER = Path(os.environ.get("RUUHKA_DATA", SHARED_DATA))

BROWSERS = (os.environ.get("RUUHKA_BROWSER", ""), "chromium", "chromium-browser", "google-chrome")
"""Programs that can show the page; the first that is there does."""
BROWSER = next(filter(None, map(shutil.which, filter(None, BROWSERS))), None)

LACKING = {
    "real_data": "" if DATA_FOLDER.is_dir() else f"no folder {DATA_FOLDER}; RUUHKA_DATA can name another",
    "browser": "" if BROWSER else f"no {', '.join(BROWSERS[1:])}; RUUHKA_BROWSER can name another",
}
"""Mark of a test -> what this machine has not got that such a test needs; nothing else may be a reason to skip one."""


def pytest_configure() -> None:
    """Refuse a RUUHKA_DATA or RUUHKA_BROWSER that points nowhere: its tests would be left out unnoticed."""
    if "RUUHKA_DATA" in os.environ and not DATA_FOLDER.is_dir():
        raise pytest.UsageError(f"RUUHKA_DATA: there is no folder {DATA_FOLDER}")
    if BROWSERS[0] and shutil.which(BROWSERS[0]) is None:
        raise pytest.UsageError(f"RUUHKA_BROWSER: there is no program {BROWSERS[0]}")


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real data; a test that asks for it is marked `real_data`."""
    return DATA_FOLDER


@pytest.fixture(scope="session")
def browser() -> Generator[Browser]:
    """A headless browser; a test that asks for it is marked `browser`."""
    from served import launched

    assert BROWSER is not None
    yield from launched(BROWSER)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """The page, served from a workspace of its own."""
    from served import Server, furnish

    folder = tmp_path_factory.mktemp("page")
    with Server(furnish(folder / "workspace"), folder / "log") as server:
        yield server


@pytest.fixture
def visitor(browser: Browser, server: Server) -> Generator[Visitor]:
    """A session of its own; in the end nothing has broken."""
    from served import Visitor

    with Visitor.of(browser, server) as visitor:
        yield visitor


def _marks(item: pytest.Item) -> set[str]:
    return {name for name in LACKING if item.get_closest_marker(name) is not None}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests of what is not here, and only those."""
    marks = _marks(item)
    for mark in marks:
        if LACKING[mark]:
            pytest.skip(LACKING[mark])
    for fixture, mark in (("data_folder", "real_data"), ("browser", "browser")):
        if fixture in getattr(item, "fixturenames", ()) and mark not in marks:
            pytest.fail(f"a test that uses {fixture} is marked {mark}", pytrace=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count a skipped test as failed, unless it lacks what `LACKING` says."""
    report = yield
    lacks = any(LACKING[mark] for mark in _marks(item))
    if report.skipped and not hasattr(report, "wasxfail") and not lacks:
        report.outcome = "failed"
        report.longrepr = f"skipped, but only a test without its data or browser may be: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many days the engines were compared on, added up over all processes (`test_engines_agree.py`)."""
    days: Counter[str] = Counter()
    contacts: Counter[str] = Counter()
    ways = ""
    for report in (report for reports in terminalreporter.stats.values() for report in reports):
        for name, value in getattr(report, "user_properties", ()) if getattr(report, "when", "") == "teardown" else ():
            if name == "compared":
                ways, source, more_days, more_contacts = value
                days[source] += more_days
                contacts[source] += more_contacts
    if ways:
        terminalreporter.section(f"Days compared, reference with {ways}")
        for source, count in {**days, "all together": days.total()}.items():
            people = contacts[source] or contacts.total()
            terminalreporter.line(f"{source}: {count:,} days, {people:,} contacts")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Count a module that skips itself as failed."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped as a whole; mark its tests real_data if they need data: {report.longrepr}"
    return report
