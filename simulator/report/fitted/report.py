"""What `ruuhka fit` prints: how the scenario compares with its history, and the figures that say most."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.console import Group as Lines
from rich.text import Text

from simulator.history.fitted_scenario import CallsFit, IntervalsFit, left_out_words
from simulator.report.tables import new_table
from simulator.scenario.paths import join_path
from simulator.scenario.units import format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from simulator.history.estimators.counts import Counts
    from simulator.history.fitted_scenario import FittedScenario, Level, Observed, SourcedField

INTERVALS = (
    "Interval reports know neither single contacts nor who was on duty: handling times have no spread, and patience "
    "and agents are those with which Erlang A gives the report's figures. What is an assumption is said in [sources]."
)

TICKETS = (
    "Tickets do not tell how long the work on them takes, nor who was there for it: handling time and agents are "
    "assumptions."
)
COMPARED = (
    "The channels of tickets are not played: how fast the scenario replies rests on these assumptions, and is not "
    "compared with the history."
)
LEFT_ASIDE = (
    "The history has interval reports, too; they are left aside: calls and interval reports tell of the same contacts, "
    "and calls tell more. Are they of other channels? Import them into a folder of their own and fit that."
)
ORDERS = {
    "alone": "Orders alone do not tell which contacts they bring: the channel, its team, contacts per order and their "
    "delay are assumptions. Import calls, tickets or interval reports beside them, and they are fitted.",
    "nothing": "No contacts that orders bring can be told from the others: the scenario is without orders.",
    "brought": "The demand of the channels that orders bring contacts to is what they do not bring.",
}


class FittedValue(NamedTuple):
    """One value of the scenario that was fitted."""

    field: str
    value: str
    interval: str
    source: str
    """From what, how many, how sure; nothing where that is said of a table around it."""


def fit_report(fit: FittedScenario) -> RenderableType:
    """The whole report."""
    heads = "\n".join(_heads(fit))
    parts: list[RenderableType] = [Text(heads, style="bold"), Text(), figures_table(fit.fields)]
    if isinstance(fit.found, CallsFit):
        parts += [Text(), service_table(fit.found.observed, fit.level)]
    elif fit.found is not None:
        parts += [Text(), reported_table(fit.found)]
    for told in _unknown(fit):
        parts += [Text(), Text(told)]
    if fit.level is not None:
        parts += [Text(), Text(level_words(fit.level))]
    return Lines(*parts)


def _heads(fit: FittedScenario) -> Iterator[str]:
    """What there was of each kind."""
    found = fit.found
    if isinstance(found, CallsFit):
        seen = found.observed
        yield f"{seen.contacts:,} calls on {seen.days} days, {seen.first_day} to {seen.last_day}."
        if found.left_out.total:
            yield f"{left_out_words(found.left_out)}."
    elif found is not None:
        contacts = sum(channel.contacts for channel in found.channels)
        days = f"{found.days} days, {found.first_day} to {found.last_day}"
        yield f"{contacts:,.0f} contacts on {days}.{_left_out(found.left_out)}"
    if fit.tickets is not None:
        tickets = fit.tickets
        waiting = f" {tickets.waiting:,} had no reply at the end; the scenario starts without them." * bool(
            tickets.waiting
        )
        yield f"{tickets.tickets:,} tickets on {_days(tickets.counts)}.{waiting}{_left_out(tickets.left_out)}"
    if fit.orders is not None:
        yield f"{fit.orders.orders:,} orders on {_days(fit.orders.counts)}."
    if fit.left_aside:
        yield LEFT_ASIDE


def _days(counts: Counts) -> str:
    return f"{len(counts.dates)} days, {counts.dates[0]} to {counts.dates[-1]}"


def _left_out(channels: Sequence[str]) -> str:
    return f" Left out, too few contacts: {', '.join(channels)}." if channels else ""


def _unknown(fit: FittedScenario) -> Iterator[str]:
    """What such a history does not tell."""
    if isinstance(fit.found, IntervalsFit):
        yield INTERVALS
    if fit.tickets is not None:
        yield f"{TICKETS} {COMPARED}"
    if fit.orders is not None:
        brought = fit.orders.brought
        yield ORDERS["alone" if not brought else "brought" if any(brought.values()) else "nothing"]


def figures_table(fields: Sequence[SourcedField]) -> Table:
    """Every value with an interval."""
    table = new_table("Fitted", "field", "value", "interval", texts=3)
    for row in fitted_values(fields):
        table.add_row(row.field, row.value, row.interval)
    return table


def fitted_values(fields: Sequence[SourcedField]) -> list[FittedValue]:
    """Every value with an interval, in words."""
    return [
        FittedValue(join_path(field.path), _value_words(field.value), field.comment, field.source)
        for field in fields
        if field.comment
    ]


def service_table(seen: Observed, level: Level | None) -> Table:
    """How the team did, and how the scenario does."""
    played = ["scenario"] if level is not None else []
    table = new_table("Service", "", "history", *played)
    rows = (
        ("mean wait of all", _wait(seen.mean_wait), level and _wait(level.mean_wait)),
        ("answered by nobody", f"{seen.unanswered:.2%}", level and f"{level.unanswered:.2%}"),
        (f"answered within {format_duration(seen.within)}", f"{seen.in_time:.1%}", level and f"{level.in_time:.1%}"),
    )
    for name, was, does in rows:
        table.add_row(name, was, *([does] if does else []))
    return table


def reported_table(found: IntervalsFit) -> Table:
    """How the teams did, by the reports; the scenario is not played, for its agents are made of the same figures."""
    table = new_table("Service, by the reports", "", *(channel.title for channel in found.channels))
    rows: tuple[tuple[str, list[str | None]], ...] = (
        ("mean wait of the answered", [None if c.asa is None else _wait(c.asa) for c in found.channels]),
        ("gave up", [None if c.lost is None else f"{c.lost:.2%}" for c in found.channels]),
        ("service level", [None if c.in_time is None else f"{c.in_time:.1%}" for c in found.channels]),
    )
    for name, values in rows:
        table.add_row(name, *(value or "not told" for value in values))
    return table


def level_words(level: Level) -> str:
    """How the mean wait came to be that of the history."""
    share = f"{level.availability:.1%}"
    if level.reached:
        return (
            f"Agents have {share} of the time in which they seem to be there for contacts: with it customers of the "
            "scenario wait about as long as the team's did. The other two rows say how well the rest fits."
        )
    return (
        f"No availability of agents makes customers of the scenario wait as long as the team's did; {share} comes "
        "nearest. Look at groups and skills before you plan with it."
    )


def _wait(seconds: float) -> str:
    return f"{seconds:.1f} s"


def _value_words(value: object) -> str:
    if value is None:
        return "not known"
    if isinstance(value, dict):
        return ", ".join(
            f"{name} {_value_words(inner)}" for name, inner in value.items() if not isinstance(inner, dict)
        )
    return str(value)
