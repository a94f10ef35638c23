"""What a fit rests on and how its scenario does beside the team, in words."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.history.fitted_scenario import CallsFit
from simulator.language import day_and_year, duration, number, percent, say

if TYPE_CHECKING:
    from datetime import date

    from simulator.history.fitted_scenario import FittedScenario, LeftOut, Level, Observed


class ServiceRow(NamedTuple):
    """One figure of the service."""

    name: str
    values: tuple[str, ...]
    """Of the history and, if it was played, of the scenario."""


def fit_facts(fit: FittedScenario) -> dict[str, str]:
    """What was fitted to."""
    found = fit.found
    facts: dict[str, str] = {}
    if isinstance(found, CallsFit):
        seen = found.observed
        places = _places(seen.contacts, seen.days, seen.first_day, seen.last_day)
        facts[say("fit.page.history")] = say("fit.page.contacts", **places)
        if found.left_out.total:
            facts[say("fit.page.left_out")] = _left_out(found.left_out)
    elif found is not None:
        contacts = round(sum(channel.contacts for channel in found.channels))
        places = _places(contacts, found.days, found.first_day, found.last_day)
        facts[say("fit.page.history")] = say("fit.page.contacts", **places)
        if found.left_out:
            facts[say("fit.page.left_out")] = say("fit.page.without_channels", names=", ".join(found.left_out))
    if fit.tickets is not None:
        dates = fit.tickets.counts.dates
        places = _places(fit.tickets.tickets, len(dates), dates[0], dates[-1])
        facts[say("fit.page.history_tickets")] = say("fit.page.tickets", **places)
    if fit.orders is not None:
        dates = fit.orders.counts.dates
        places = _places(fit.orders.orders, len(dates), dates[0], dates[-1])
        facts[say("fit.page.history_orders")] = say("fit.page.orders", **places)
    parts = (found, fit.tickets, fit.orders)
    return facts | {say("fit.page.zone"): next(part.timezone for part in parts if part is not None)}


def _left_out(left: LeftOut) -> str:
    """How many calls of the log the scenario is without, and why."""
    counts = {field.name: getattr(left, field.name) for field in fields(left)}
    reasons = [say(f"fit.page.without.{name}", count=count) for name, count in counts.items() if count]
    return f"{say('fit.page.without.calls', count=left.total)}: {', '.join(reasons)}"


def _places(count: int, days: int, first: date, last: date) -> dict[str, Any]:
    """How many there were, and when."""
    return {
        "contacts": number(count),
        "first": day_and_year(first),
        "last": day_and_year(last),
        "days": number(days),
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
