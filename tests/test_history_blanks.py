"""What a history leaves blank is not known: it is no zero, neither in reports of intervals nor in tickets."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from simulator.history import guess_mapping, read_report, volumes_of
from simulator.history.fitted_scenario import Wishes, fit_history, fit_intervals
from simulator.history.importing.imported import Imported
from simulator.history.logs.mapping import CellForms
from simulator.history.logs.read_tickets import read_tickets
from simulator.history.logs.ticket_mapping import TicketMapping
from simulator.queueing.abandonment import ErlangA

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.fitted_scenario import FittedScenario
    from simulator.history.fitted_scenario.intervals import IntervalsFit
    from simulator.history.logs.ticket_mapping import TicketRole

MONDAY = date(2026, 3, 2)
DAYS, FIRST_SLOT, LAST_SLOT = 28, 18, 30
OFFERED = 30
HANDLING, PATIENCE, AGENTS = 300.0, 200.0, 5
TRUTH = ErlangA(servers=AGENTS, arrival_rate=OFFERED / 1800, mean_handling_time=HANDLING, mean_patience=PATIENCE)
WISHES = Wishes(holidays="none")


def fit_of(blank: NDArray[np.bool_]) -> IntervalsFit:
    """Fitted to half-hours that are all as Erlang A says; where `blank` [day, slot], nothing tells who gave up."""
    lines = ["Date,Time,Offered,Abandoned,ASA,AHT"]
    for day in range(DAYS):
        for slot in range(FIRST_SLOT, LAST_SLOT):
            lost = "" if blank[day, slot - FIRST_SLOT] else f"{OFFERED * TRUTH.abandonment_ratio:.6f}"
            clock = f"{slot // 2:02}:{30 * (slot % 2):02}"
            lines.append(f"{MONDAY + timedelta(day)},{clock},{OFFERED},{lost},{TRUTH.asa:.6f},{HANDLING:.0f}")
    report = read_report("report.csv", "\n".join(lines).encode())
    return fit_intervals(volumes_of(report, guess_mapping(report), "UTC"), WISHES)


DAY, SLOT = np.meshgrid(np.arange(DAYS), np.arange(FIRST_SLOT, LAST_SLOT), indexing="ij")
BLANKS = {
    "none": DAY < 0,
    "every other": (DAY + SLOT) % 2 == 0,
    "three weekdays": DAY % 7 < 3,
    "most of each day": SLOT >= FIRST_SLOT + 3,
    "all but one": (DAY != 8) | (SLOT != FIRST_SLOT + 1),
}


@pytest.mark.parametrize("blank", BLANKS)
def test_the_share_lost_is_that_of_the_rows_that_tell_it(blank: str) -> None:
    (channel,) = fit_of(BLANKS[blank]).channels
    assert channel.lost == pytest.approx(TRUTH.abandonment_ratio, rel=1e-5)
    assert channel.patience is not None
    assert channel.patience.value == pytest.approx(PATIENCE, rel=0.01)
    assert channel.agents is not None
    assert channel.agents == pytest.approx(np.full((7, LAST_SLOT - FIRST_SLOT), AGENTS), abs=0.02)


def test_where_nobody_is_known_to_have_given_up_no_share_is_made_up() -> None:
    (channel,) = fit_of(DAY >= 0).channels
    assert (channel.lost, channel.patience, channel.agents) == (None, None, None)


def fitted_to_tickets(unanswered: int, role: TicketRole = "first_reply") -> FittedScenario:
    """Tickets every hour for four weeks, each with a reply after two hours, but for the last ones."""
    created = [f"{MONDAY + timedelta(k // 24)} {k % 24:02}:00" for k in range(24 * DAYS)]
    replied = [f"{MONDAY + timedelta((k + 2) // 24)} {(k + 2) % 24:02}:00" for k in range(24 * DAYS)]
    replied[len(replied) - unanswered :] = [""] * unanswered
    rows = "\n".join(f"{k},{when},{then}" for k, (when, then) in enumerate(zip(created, replied, strict=True)))
    columns = TicketMapping({"number": ("id",), "created": ("created",), role: ("reply",)}, CellForms("UTC"))
    tickets, _ = read_tickets([("t.csv", f"id,created,reply\n{rows}\n".encode())], columns)
    return fit_history(Imported(tickets=tickets), WISHES)


@pytest.mark.parametrize("unanswered", [0, 5])
def test_tickets_that_nobody_has_dealt_with_are_counted_and_told_of(unanswered: int) -> None:
    fit = fitted_to_tickets(unanswered)
    assert fit.tickets is not None
    assert fit.tickets.waiting == unanswered
    (target,) = (field for field in fit.fields if field.path[-1] == "target")
    assert ("5 had no reply when the export was made" in target.source) == (unanswered == 5)


def test_where_no_ticket_tells_of_a_reply_its_solution_is_not_called_one() -> None:
    fit = fitted_to_tickets(0)
    assert fit.tickets is not None
    (target,) = (field for field in fit.fields if field.path[-1] == "target")
    assert "had their first reply" in target.source
    fit = fitted_to_tickets(0, role="solved")
    (target,) = (field for field in fit.fields if field.path[-1] == "target")
    assert "were solved (of replies nothing is told)" in target.source
