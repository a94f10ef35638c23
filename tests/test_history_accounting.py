"""Whatever stands in the cells of a file, every row is kept, left out or refused, and none is lost."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from simulator.history import ReportError
from simulator.history.logs.mapping import CellForms
from simulator.history.logs.order_mapping import OrderMapping
from simulator.history.logs.quality import LogQuality
from simulator.history.logs.read_orders import read_orders
from simulator.history.logs.read_tickets import read_tickets
from simulator.history.logs.ticket_mapping import TicketMapping

MOMENTS = (
    *("2026-03-02 09:00:00", "2026-03-02 09:00", "2026-03-29 03:30", "2026-10-25 03:30", "2026-10-25T00:30:00Z"),
    *("2.3.2026 9.15", "2026-03-02", "2026-02-30 10:00", "24:30", "never", "", "-", "Total", "2026-03-02 25:61"),
)
NUMBERS = ("1", "2", "2", "-3", "1.5", "1e9", "many", "", "n/a", "0")
NAMES = ("", "7", "8", "x" * 300, "Päivä", "0")
FORMS = CellForms("Europe/Helsinki", date_order="day first", leave_out={"who": ("8",)})


def rows(*columns: Sequence[str]) -> st.SearchStrategy[list[tuple[str, ...]]]:
    return st.lists(st.tuples(*map(st.sampled_from, columns)), min_size=1, max_size=30)


def content(header: str, cells: Sequence[Sequence[str]]) -> bytes:
    return "\n".join((header, *(",".join(row) for row in cells), "")).encode()


def assert_all_accounted_for(quality: LogQuality, cells: Sequence[Sequence[str]]) -> None:
    assert quality.read == sum(any(row) for row in cells)
    assert quality.read == quality.kept + quality.rows_of("left_out") + quality.rows_of("refused")
    assert quality.first_day <= quality.last_day


@given(rows(NAMES, MOMENTS, NUMBERS, NUMBERS, ("0", "1", "yes", ""), NAMES))
def test_rows_of_orders(cells: list[tuple[str, ...]]) -> None:
    mapping = OrderMapping(
        {
            "number": ("no",),
            "placed": ("when",),
            "units": ("units",),
            "value": ("value",),
            "cancelled": ("gone",),
            "customer": ("who",),
        },
        FORMS,
    )
    try:
        orders, quality = read_orders([("o.csv", content("no,when,units,value,gone,who", cells))], mapping)
    except ReportError:
        return
    assert_all_accounted_for(quality, cells)
    further = sum(finding.figures for finding in quality.findings if finding.reason == "row_of_order")
    assert len(orders) == quality.kept - further
    assert (orders.placed[1:] >= orders.placed[:-1]).all()
    assert all(math.isnan(units) or math.isfinite(units) for units in orders.units.tolist())


@given(rows(NAMES, MOMENTS, MOMENTS, MOMENTS, NAMES, NAMES))
def test_rows_of_tickets(cells: list[tuple[str, ...]]) -> None:
    mapping = TicketMapping(
        {
            "number": ("no",),
            "created": ("created",),
            "first_reply": ("reply",),
            "solved": ("solved",),
            "topic": ("about",),
            "customer": ("who",),
        },
        FORMS,
    )
    try:
        tickets, quality = read_tickets([("t.csv", content("no,created,reply,solved,about,who", cells))], mapping)
    except ReportError:
        return
    assert_all_accounted_for(quality, cells)
    assert len(tickets) == quality.kept
    assert (tickets.created[1:] >= tickets.created[:-1]).all()
    assert not (tickets.first_reply < tickets.created).any()
    assert not (tickets.solved < tickets.created).any()
