"""What whole agents cost: staffing, its full-time equivalents, and the part of it that only rounding up asks for.

There are no half agents on duty, but there are days on which one more comes. A staffing with s agents of which the last
is needed by four fifths keeps its goal in expectation if s come on four days of five and s - 1 on the fifth. So the
fractional requirement is one that can be had, by planning days apart from each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.planning.staffing.requirement import Requirement

    Floats = NDArray[np.float64]

WEEK = 37.5
"""Paid hours of a full-time agent in a week."""


@dataclass(frozen=True, slots=True)
class FullTime:
    """Full-time equivalents."""

    on_duty: Floats
    """[group] As if every paid hour were spent on duty."""
    paid: Floats
    """[group] Shrinkage included: those who have to be employed."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """The part of a requirement that whole agents ask for."""

    agents: Floats
    """[group, interval] The requirement in fractions of agents, where they are known."""
    hours: float
    """Paid hours that whole agents need more than fractions would."""
    cost: float
    """Of these hours; in paid hours, where nothing has a price."""
    share: float
    """Of all paid hours."""


def full_time(requirement: Requirement, hours_a_week: float = WEEK) -> FullTime:
    """The requirement in full-time agents, as if every week were like the horizon.

    Raises
    ------
    ValueError
        If a week has no hours.
    """
    if not hours_a_week > 0:
        msg = f"A full-time week of {hours_a_week} hours: it must be above 0."
        raise ValueError(msg)
    edges = requirement.evaluator.yardstick.edges
    on_duty = (requirement.staffing * np.diff(edges)).sum(axis=1) / 3600.0
    paid = (requirement.staffing * requirement.pay.hours).sum(axis=1)
    return full_time_of(on_duty, paid, float(edges[-1]), hours_a_week)


def full_time_of(on_duty: Floats, paid: Floats, horizon: float, hours_a_week: float = WEEK) -> FullTime:
    """Hours of a horizon [group] in full-time agents; `horizon` in seconds."""
    a_week = horizon / 604_800.0 * hours_a_week
    return FullTime(on_duty / a_week, paid / a_week)


def rounding(requirement: Requirement) -> Rounding | None:
    """What rounding up costs where a goal is kept by the interval; None where that is not known of any group.

    It is known of groups that have a channel of their own. It is exact where one agent matters in its interval only; an
    agent who matters to neighbours as well is counted for as needed as the neediest of them says. Of longer periods
    there is nothing to say: whole agents can be traded between their intervals, and at most the last one is in part.
    """
    goal, scenario = requirement.goal, requirement.evaluator.scenario
    by_interval = {c for c, period in zip(goal.channels, goal.periods, strict=True) if period == "interval"}
    serves = [not by_interval.isdisjoint(skill.channel for skill in group.skills) for group in scenario.groups]
    known = np.where(np.array(serves)[:, None], requirement.surplus, np.nan)
    if np.isnan(known).all():
        return None
    spare = np.nan_to_num(known)
    pay = requirement.pay
    hours = float((spare * pay.hours).sum())
    paid = pay.paid_hours(requirement.staffing)
    return Rounding(
        agents=requirement.staffing - spare,
        hours=hours,
        cost=float((spare * pay.agent).sum()),
        share=hours / paid if paid > 0 else 0.0,
    )
