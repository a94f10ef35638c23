"""Order files: counts of orders by day, or by local date and clock time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.scenario.csvfile import MOST_ROW_PROBLEMS, parse_count, parse_day
from simulator.scenario.demand_tables import FileDemandTable
from simulator.scenario.errors import Problem, ScenarioError
from simulator.scenario.model import HistoryDemand
from simulator.scenario.units import DAY
from simulator.scenario.volumes import read_volumes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from simulator.scenario.calendar import Calendar
    from simulator.scenario.csvfile import CsvFile
    from simulator.scenario.order_tables import OrderFileTable
    from simulator.scenario.orders import Orders

_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def read_orders(file: CsvFile, table: OrderFileTable, calendar: Calendar) -> HistoryDemand:
    """Read the orders of a file that has a row for each day, or for each step.

    Raises
    ------
    ScenarioError
        Whatever is wrong with the file, with lines.
    """
    columns = {"time_column": table.time_column, "count_column": table.count_column}
    _, (first, _) = next(file.rows(columns))
    if len(first) > len("2026-11-23"):
        as_demand = FileDemandTable(file=table.file, use=table.use, scale=table.scale, **columns)
        return read_volumes(file, as_demand, channel="", hours=None, topics=(), calendar=calendar)
    days: list[date] = []
    counts: list[float] = []
    problems: list[Problem] = []
    for line, (time, orders) in file.rows(columns):
        try:
            cell = time
            day = parse_day(time)
            if days and day <= days[-1]:
                msg = f"This day does not come after the one above it, {days[-1]}. Sort the rows; each day once."
                raise ValueError(msg)
            cell = orders
            counts.append(parse_count(orders))
            days.append(day)
        except ValueError as error:
            problems.append(file.problem(str(error), line, cell))
            if len(problems) == MOST_ROW_PROBLEMS:
                break
    if problems:
        raise ScenarioError(problems)
    return HistoryDemand(
        use=table.use,
        step=float(DAY),
        date=tuple(days),
        clock=np.zeros(1),
        topics=(-1,),
        count=np.array(counts).reshape(-1, 1, 1),
        scale=table.scale,
        source=file.path.name,
    )


def missing_days(orders: Orders, needed: Calendar) -> Iterator[Problem]:
    """Find days whose orders bring contacts within the horizon, and of which an order file says nothing."""
    curve = orders.curve
    if not isinstance(curve, HistoryDemand):
        return
    known, weekdays = set(curve.date), {day.weekday() for day in curve.date}
    by_weekday = curve.use == "typical week" or orders.fill
    missing = [
        day
        for day in needed.date_of_day
        if (curve.use == "typical week" or day not in known) and not (by_weekday and day.weekday() in weekdays)
    ]
    if not missing:
        return
    field = ("orders", "curve", "file")
    if by_weekday:
        message = f"The file has no {_WEEKDAYS[missing[0].weekday()]}; a typical week needs every weekday."
        yield Problem(message, field, curve.source)
        return
    first, last = needed.date_of_day[0], needed.date_of_day[-1]
    days = f"{len(missing)} days" if len(missing) > 1 else "1 day"
    message = (
        f"Orders of {first} to {last} bring contacts within the horizon, because of their delays. The file goes from "
        f"{curve.date[0]} to {curve.date[-1]} and lacks {days}, first {missing[0]}. Add rows, 0 where there were "
        'none, or write missing_days = "typical week" to assume the mean of the file\'s days of that weekday.'
    )
    yield Problem(message, field, curve.source)
