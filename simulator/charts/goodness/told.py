"""What a fit rests on and how its scenario does beside the team, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.history.fitted import CallsFit
from simulator.language import day_and_year, duration, number, percent, say

if TYPE_CHECKING:
    from simulator.history.fitted import FittedScenario, Level, Observed


class ServiceRow(NamedTuple):
    """One figure of the service."""

    name: str
    values: tuple[str, ...]
    """Of the history and, if it was played, of the scenario."""


def fit_facts(fit: FittedScenario) -> dict[str, str]:
    """What was fitted to."""
    found = fit.found
    if isinstance(found, CallsFit):
        seen = found.observed
        contacts, days, first, last = seen.contacts, seen.days, seen.first_day, seen.last_day
    else:
        contacts = round(sum(channel.contacts for channel in found.channels))
        days, first, last = found.days, found.first_day, found.last_day
    return {
        say("fit.page.history"): say(
            "fit.page.contacts",
            contacts=number(contacts),
            first=day_and_year(first),
            last=day_and_year(last),
            days=number(days),
        ),
        say("fit.page.zone"): found.timezone,
    }


def service_rows(fit: CallsFit, level: Level | None) -> list[ServiceRow]:
    """How the team did and, if it was played, how the scenario does."""
    seen = fit.observed
    sides: list[Observed | Level] = [seen] if level is None else [seen, level]
    return [
        ServiceRow(say("fit.page.mean_wait"), tuple(duration(round(side.mean_wait, 1)) for side in sides)),
        ServiceRow(say("fit.page.unanswered"), tuple(percent(side.unanswered, 2) for side in sides)),
        ServiceRow(
            say("fit.page.in_time", within=duration(round(seen.within))),
            tuple(percent(side.in_time, 1) for side in sides),
        ),
    ]
