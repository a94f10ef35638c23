"""What `ruuhka fit` prints: how the scenario compares with its history, and the figures that say most."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.console import Group as Lines
from rich.text import Text

from simulator.history.fitted import CallsFit
from simulator.report.tables import new_table
from simulator.scenario.paths import join_path
from simulator.scenario.units import format_duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from simulator.history.fitted import FittedScenario, Level, Observed, SourcedField

INTERVALS = (
    "Interval reports know neither single contacts nor who was on duty: handling times have no spread, and patience "
    "and agents are those with which Erlang A gives the report's figures. What is an assumption is said in [sources]."
)


class FittedValue(NamedTuple):
    """One value of the scenario that was fitted."""

    field: str
    value: str
    interval: str
    source: str
    """From what, how many, how sure; nothing where that is said of a table around it."""


def fit_report(fit: FittedScenario) -> RenderableType:
    """The whole report."""
    parts: list[RenderableType] = [Text(_head(fit), style="bold"), Text(), figures_table(fit.fields)]
    if isinstance(fit.found, CallsFit):
        parts += [Text(), service_table(fit.found.observed, fit.level)]
    else:
        parts += [Text(), Text(INTERVALS)]
    if fit.level is not None:
        parts += [Text(), Text(level_words(fit.level))]
    return Lines(*parts)


def _head(fit: FittedScenario) -> str:
    found = fit.found
    if isinstance(found, CallsFit):
        seen = found.observed
        return f"{seen.contacts:,} calls on {seen.days} days, {seen.first_day} to {seen.last_day}."
    contacts = sum(channel.contacts for channel in found.channels)
    left_out = f" Left out, too few contacts: {', '.join(found.left_out)}." if found.left_out else ""
    return f"{contacts:,.0f} contacts on {found.days} days, {found.first_day} to {found.last_day}.{left_out}"


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


def level_words(level: Level) -> str:
    """How the mean wait came to be that of the history."""
    share = f"{level.availability:.1%}"
    if level.reached:
        return (
            f"Agents have {share} of the time in which they seem to be there for contacts: with it customers of the "
            "scenario wait as long as the team's did. The other two rows say how well the rest fits."
        )
    return (
        f"No availability of agents makes customers of the scenario wait as long as the team's did; {share} comes "
        "nearest. Look at groups and skills before you plan with it."
    )


def _wait(seconds: float) -> str:
    return f"{seconds:.1f} s"


def _value_words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(
            f"{name} {_value_words(inner)}" for name, inner in value.items() if not isinstance(inner, dict)
        )
    return str(value)
