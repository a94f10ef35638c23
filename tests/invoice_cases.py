"""Hand-worked invoices in `cases/invoices/`: a contract, what happened, and the lines and totals worked out by hand.

`each` of an entry of the ledger is what every interval (of heads and agents: every day) has within its hours and dates;
entries of one row are added up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from simulator.planning.contracts.ledger import Judged, Ledger, Queue, Team
from simulator.scenario.calendar import Calendar, Holidays
from simulator.scenario.contract_file import contract_from
from simulator.scenario.hours import WeeklyHours
from simulator.scenario.source import Source, read_source
from simulator.scenario.units import parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from simulator.scenario.contract import Contract

    Row = TypeVar("Row", Team, Queue, Judged)

FOLDER = Path(__file__).parent / "cases" / "invoices"
PATHS = sorted(FOLDER.glob("*.toml"))
LINE = re.compile(r"(\S+) (\S+) +(?:(\S+) (.+) x (\S+) )?= (\S+)")


@dataclass(frozen=True)
class WorkedLine:
    """A line of an invoice as written in a case; numbers with as many decimals as it was worked out to."""

    month: str
    clause: str
    units: str | None
    per: str | None
    rate: str | None
    amount: str


@dataclass(frozen=True)
class InvoiceCase:
    contract: Contract
    ledger: Ledger
    lines: tuple[WorkedLine, ...]
    totals: dict[str, Decimal]
    attained: tuple[str, ...] | None


def read_case(path: Path) -> InvoiceCase:
    raw: Any = read_source(path).raw
    worked = raw["invoice"]
    lines = [LINE.fullmatch(line) for line in worked["lines"]]
    assert None not in lines, worked["lines"]
    return InvoiceCase(
        contract=contract_of(raw["contract"], path.stem),
        ledger=ledger_of(raw["ledger"]),
        lines=tuple(WorkedLine(*line.groups()) for line in lines if line is not None),
        totals={month: Decimal(total) for month, total in worked["totals"].items()},
        attained=tuple(worked["attained"]) if "attained" in worked else None,
    )


def contract_of(raw: dict[str, object], name: str = "some-contract") -> Contract:
    return contract_from(Source(PurePosixPath(f"{name}.toml"), raw, {}))


def ledger_of(raw: dict[str, Any]) -> Ledger:
    calendar = Calendar(
        "Europe/Helsinki",
        raw["start"],
        raw["days"],
        int(parse_duration(raw["interval"])),
        Holidays(raw.get("holidays")),
    )
    arrays = {name: entries for name, entries in raw.items() if isinstance(entries, list)}

    def rows_of(names: Sequence[str], row: Callable[[dict[str, Any]], Row]) -> tuple[Row, ...]:
        entries = (
            entry for name in arrays if name in names or name.rpartition("_")[0] in names for entry in arrays[name]
        )
        return tuple(dict.fromkeys(map(row, entries)))

    def array(name: str, rows: tuple[Row, ...], row: Callable[[dict[str, Any]], Row]) -> NDArray[np.float64] | None:
        if name not in arrays:
            return None
        by_day = name in ("fte", "trained", "added")
        values = np.zeros((len(rows), calendar.days if by_day else calendar.intervals))
        for entry in arrays[name]:
            values[rows.index(row(entry)), _members(calendar, entry, by_day)] += entry["each"]
        return values

    def team(entry: dict[str, Any]) -> Team:
        return Team(entry["group"], entry.get("language"))

    def queue(entry: dict[str, Any]) -> Queue:
        return Queue(entry["channel"], entry.get("language"))

    def judged(entry: dict[str, Any]) -> Judged:
        return Judged(entry["channel"], entry["definition"], parse_duration(entry["within"]))

    teams = rows_of(["logged_hours", "fte", "trained", "added"], team)
    queues = rows_of(["offered", "contacts", "minutes", "resolved", "forecast"], queue)
    counts = rows_of(["met", "counted"], judged)
    forecasts = {name.rpartition("_")[2]: array(name, queues, queue) for name in arrays if name.startswith("forecast_")}
    return Ledger(
        calendar,
        teams=teams,
        queues=queues,
        judged=counts,
        logged_hours=array("logged_hours", teams, team),
        fte=array("fte", teams, team),
        trained=array("trained", teams, team),
        added=array("added", teams, team),
        offered=array("offered", queues, queue),
        contacts=array("contacts", queues, queue),
        minutes=array("minutes", queues, queue),
        resolved=array("resolved", queues, queue),
        met=array("met", counts, judged),
        counted=array("counted", counts, judged),
        forecasts={int(weeks): values for weeks, values in forecasts.items() if values is not None},
        engaged=raw.get("engaged"),
        notice=raw.get("notice"),
    )


def _members(calendar: Calendar, entry: dict[str, Any], by_day: bool) -> NDArray[np.bool_]:
    dates = calendar.date_of_day
    first, last = entry.get("first", dates[0]), entry.get("last", dates[-1])
    days = np.array([first <= day <= last for day in dates])
    if by_day:
        return days
    hours = calendar.open_mask(WeeklyHours.parse(entry.get("hours", "always")))
    within: NDArray[np.bool_] = days[calendar.day_of_interval] & hours
    return within
