"""Workbooks with a month on each sheet: all that have the columns are read, and of the others it is told."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from commands import refused, ruuhka
from openpyxl import Workbook

from simulator.history.errors import ReportError
from simulator.history.importing.first_guess import first_guess
from simulator.history.importing.imported import HISTORY_KINDS
from simulator.history.importing.read_history import read_history

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from simulator.history.importing.imported import HistoryKind, Imported

Rows = list[list[Any]]

INTERVALS: Rows = [["Date", "Offered", "Answered"]]
CALLS: Rows = [["Arrived", "Answered", "Ended", "Agent"]]
TICKETS: Rows = [["Ticket ID", "Created at", "First reply at", "Solved at"]]
ORDERS: Rows = [["Order ID", "Order date", "Quantity"]]


def month(kind: HistoryKind, number: int, days: int) -> Rows:
    """One row for each day of a month."""
    rows: Rows = []
    for day in range(1, days + 1):
        nine = datetime(2026, number, day, 9)
        rows.append(
            {
                "intervals": [nine.date(), 10 * number, 9 * number],
                "calls": [nine, nine + timedelta(seconds=20), nine + timedelta(minutes=5), "Anna"],
                "tickets": [100 * number + day, nine, nine + timedelta(hours=2), nine + timedelta(hours=3)],
                "orders": [100 * number + day, nine, 1],
            }[kind]
        )
    return rows


HEADS = {"intervals": INTERVALS, "calls": CALLS, "tickets": TICKETS, "orders": ORDERS}


def book(path: Path, sheets: dict[str, Rows], hidden: Sequence[str] = ()) -> Path:
    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if title in hidden:
            sheet.sheet_state = "hidden"
    made.save(path)
    return path


def months(path: Path, kind: HistoryKind) -> Path:
    """A cover, two months, their sum by month, and an older draft that is hidden."""
    head = HEADS[kind]
    return book(
        path,
        {
            "Cover": [["What our centre did"]],
            "March": head + month(kind, 3, 31),
            "April": head + month(kind, 4, 30),
            "Sums": [["Month", "Contacts"], ["March", 930], ["April", 1200]],
            "Draft": head + month(kind, 2, 28),
        },
        hidden=["Draft"],
    )


def imported(path: Path, sheet: str = "") -> Imported:
    return read_history([path], first_guess(path, "Europe/Helsinki", sheet=sheet).mapping)


@pytest.mark.parametrize("kind", HISTORY_KINDS)
def test_every_sheet_with_the_columns_is_read_and_the_others_are_named(tmp_path: Path, kind: HistoryKind) -> None:
    found = imported(months(tmp_path / "months.xlsx", kind))
    assert found.kinds == (kind,)
    quality: Mapping[str, Any] = found.quality[kind]
    assert (quality["first_day"], quality["last_day"], quality["missing_days"]) == ("2026-03-01", "2026-04-30", [])
    assert (quality["figures"], quality["kept"]) == (61, 61)
    (left,) = [each for each in quality["findings"] if each["reason"] == "sheets_not_read"]
    assert (left["kind"], left["value"], left["figures"]) == ("noted", "Cover, Sums, Draft", 0)


@pytest.mark.parametrize("kind", HISTORY_KINDS)
def test_a_sheet_that_is_named_is_read_alone_be_it_hidden(tmp_path: Path, kind: HistoryKind) -> None:
    quality: Mapping[str, Any] = imported(months(tmp_path / "months.xlsx", kind), "Draft").quality[kind]
    assert (quality["first_day"], quality["last_day"], quality["kept"]) == ("2026-02-01", "2026-02-28", 28)
    assert [each for each in quality["findings"] if each["reason"] == "sheets_not_read"] == []


def test_contacts_of_all_sheets_are_added_up(tmp_path: Path) -> None:
    found = imported(months(tmp_path / "months.xlsx", "intervals"))
    assert found.volumes is not None
    assert found.volumes.offered.sum() == 31 * 30 + 30 * 40


def test_days_side_by_side_differ_from_sheet_to_sheet(tmp_path: Path) -> None:
    sheets = {
        title: [
            ["Time", *(date(2026, number, day) for day in range(1, days + 1))],
            *([f"{hour:02}:00", *[hour] * days] for hour in (9, 10)),
        ]
        for title, number, days in (("March", 3, 31), ("April", 4, 30))
    }
    found = imported(book(tmp_path / "wide.xlsx", sheets))
    assert found.volumes is not None
    assert found.volumes.offered.sum() == 61 * 19


def test_what_is_wrong_on_a_sheet_is_told_with_its_name(tmp_path: Path) -> None:
    april = CALLS + month("calls", 4, 3)
    april[2] = ["never", *april[2][1:]]
    path = book(tmp_path / "calls.xlsx", {"March": CALLS + month("calls", 3, 3), "April": april})
    quality: Mapping[str, Any] = imported(path).quality["calls"]
    (wrong,) = quality["findings"]
    assert (wrong["reason"], wrong["file"], wrong["lines"]) == ("no_moment", "calls.xlsx (April)", [3])


def test_sheets_that_gainsay_one_another_are_refused_by_name(tmp_path: Path) -> None:
    other = [[row[0], 7, 6] for row in month("intervals", 3, 3)]
    sheets = {"Phone": INTERVALS + month("intervals", 3, 3), "Chat": INTERVALS + other}
    path = book(tmp_path / "channels.xlsx", sheets)
    with pytest.raises(ReportError, match=r"channels.xlsx \(Chat\)"):
        imported(path)
    found = imported(path, "Chat").volumes
    assert found is not None
    assert found.offered.tolist() == [7, 7, 7]


def test_the_command_reads_a_sheet_and_its_mapping_says_so(tmp_path: Path) -> None:
    path = months(tmp_path / "months.xlsx", "calls")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(ruuhka("import", path, "--sheet", "April", "--show").stdout)
    assert 'sheet = "April"' in mapping.read_text()
    assert "30 rows read, 30 kept" in ruuhka("import", path, "--mapping", mapping).stdout
    assert "Cover, Sums, Draft" in ruuhka("import", path).stdout.replace("\n", " ")
    assert 'no sheet with cells "Apil". Did you mean "April"?' in refused("import", path, "--sheet", "Apil")
    assert "--sheet: a mapping says it already" in refused("import", path, "--sheet", "April", "--mapping", mapping)


@pytest.mark.parametrize("titles", [0, 2])
@pytest.mark.parametrize("times", [[time(8), time(8, 30)], ["08:00-08:30", "08:30-09:00"]])
def test_dates_with_a_form_for_moments_keep_their_times(tmp_path: Path, titles: int, times: list[Any]) -> None:
    made = Workbook()
    sheet = made.active
    for number in range(titles):
        sheet.append([f"Title {number}"])
    sheet.append(["Date", "Interval", "Offered"])
    for number, at in enumerate(times, start=1):
        sheet.append([datetime(2026, 2, 16), at, number])
        sheet.cell(sheet.max_row, 1).number_format = "yyyy-mm-dd hh:mm:ss"
    made.save(tmp_path / "half-hours.xlsx")
    volumes = imported(tmp_path / "half-hours.xlsx").volumes
    assert volumes is not None
    assert volumes.clock.tolist() == [8 * 3600, 8 * 3600 + 1800]
    assert volumes.offered.tolist() == [1, 2]
