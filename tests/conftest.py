"""What holds for every test: reproducible Hypothesis runs, the folder of real data, and no silent skip."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest

# The same examples in every run; no deadline, since a first call may compile and the machine may be shared.
hypothesis.settings.register_profile("ruuhka", derandomize=True, deadline=None)
hypothesis.settings.load_profile("ruuhka")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
DATA_FOLDER = Path(os.environ.get("RUUHKA_DATA", SHARED_DATA))


def pytest_configure() -> None:
    """Refuse a RUUHKA_DATA that points nowhere: its tests would be left out unnoticed."""
    if "RUUHKA_DATA" in os.environ and not DATA_FOLDER.is_dir():
        raise pytest.UsageError(f"RUUHKA_DATA: there is no folder {DATA_FOLDER}")


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real data; a test that asks for it is marked `real_data`."""
    return DATA_FOLDER


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip real-data tests where the data is not, and only there."""
    marked = item.get_closest_marker("real_data") is not None
    if marked and not DATA_FOLDER.is_dir():
        pytest.skip(f"no folder {DATA_FOLDER}; RUUHKA_DATA can name another")
    if "data_folder" in getattr(item, "fixturenames", ()) and not marked:
        pytest.fail("a test that uses data_folder is marked real_data", pytrace=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count a skipped test as failed, unless it is a real-data test without data."""
    report = yield
    no_data = item.get_closest_marker("real_data") is not None and not DATA_FOLDER.is_dir()
    if report.skipped and not hasattr(report, "wasxfail") and not no_data:
        report.outcome = "failed"
        report.longrepr = f"skipped, but only a real_data test without data may be: {report.longrepr}"
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
