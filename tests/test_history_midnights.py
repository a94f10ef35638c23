"""A date that a program wrote as the midnight of a day is a date, if the times stand beside it."""

from __future__ import annotations

import io
from datetime import datetime, time

import pytest
from openpyxl import Workbook

from simulator.history.files.report import read_report
from simulator.history.intervals.guess import guess_mapping
from simulator.history.intervals.volumes import volumes_of

DAYS = [datetime(2026, 2, day) for day in (16, 17, 18)]
HALF_HOURS = [(hour, minute) for hour in (8, 9) for minute in (0, 30)]


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("written", ["time", "text", "span"])
@pytest.mark.parametrize("header", ["Time", "Interval"])
@pytest.mark.parametrize("titles", [0, 2])
def test_dates_and_times_of_a_workbook_are_put_together(written: str, header: str, titles: int) -> None:
    def cell(hour: int, minute: int) -> object:
        clock = f"{hour:02}:{minute:02}"
        return {
            "time": time(hour, minute),
            "text": clock,
            "span": f"{clock}-{hour + (minute > 0):02}:{30 - minute:02}",
        }[written]

    rows: list[list[object]] = [["Interval report"]] * titles
    rows += [["Date", header, "Offered"]]
    rows += [[day, cell(*clock), 10] for day in DAYS for clock in HALF_HOURS]
    report = read_report("report.xlsx", workbook(rows))
    assert report.cells[0][0] == "2026-02-16 00:00:00"
    volumes = volumes_of(report, guess_mapping(report), "Europe/Helsinki")
    assert (volumes.step, volumes.quality.findings) == (1800, ())
    assert volumes.offered.tolist() == [10.0] * 12


def test_moments_that_begin_with_many_midnights_are_moments() -> None:
    queues = [f"Queue {k}" for k in range(300)]
    lines = [f"2026-02-16 {hour:02}:00:00;{queue};1" for hour in range(24) for queue in queues]
    report = read_report("report.csv", "\n".join(["Start;Queue;Offered", *lines]).encode())
    volumes = volumes_of(report, guess_mapping(report), "Europe/Helsinki")
    assert (volumes.step, volumes.offered.sum()) == (3600, 24 * 300)


def test_midnights_alone_are_days() -> None:
    report = read_report("report.xlsx", workbook([["Date", "Offered"], *([day, 5] for day in DAYS)]))
    volumes = volumes_of(report, guess_mapping(report), "Europe/Helsinki")
    assert volumes.by_day
    assert volumes.offered.tolist() == [5.0] * 3
