"""What the freedom of due times is worth to a plan, and whether the plan uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.scenario.units import format_clock
from simulator.words import value_text

if TYPE_CHECKING:
    from simulator.measures import Unit
    from simulator.planning.staffing.plan import Plan


def messages_words(plan: Plan) -> list[str]:
    """How many agent-hours due times save by the load alone, and how many messages are done when most calls come."""
    lines = []
    freedom = plan.freedom
    if freedom is not None:
        in_currency = plan.planned.pay.in_currency
        currency = plan.scenario.currency if in_currency else ""
        unit: Unit = "currency" if in_currency else "hours"
        cost = f" ({value_text(freedom.cost, unit, 0, currency)})" if in_currency else ""
        lines.append(
            f"That messages may wait until due saves {value_text(freedom.hours, 'hours')} agent-hours{cost} by "
            "the load alone, nothing simulated: against a reserve of agents to do each when it comes."
        )
    done, today = plan.planned.done, plan.today.done
    if done.live_load.any() and done.done.any():
        parts = (done.on_duty_when_busy, done.done_when_busy, today.on_duty_when_busy, today.done_when_busy)
        there, finished, there_today, finished_today = (value_text(each, "share") for each in parts)
        lines.append(
            f"Half of the work of calls comes in the hours {_hours(done.busy)}. In them the plan has {there} of its "
            f"agent-hours and does {finished} of the messages (today {there_today} and {finished_today})."
        )
    return lines


def _hours(chosen: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> str:
    """10:00-13:00 and 14:00-16:00."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], chosen, [False])).astype(np.int8)))
    spans = [f"{format_clock(3600 * int(a))}-{format_clock(3600 * int(b))}" for a, b in edges.reshape(-1, 2)]
    return " and ".join(spans)
