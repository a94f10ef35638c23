"""A measure is a ratio of sums; here is how it is written down and worked out along any axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from simulator.measures.tallies import ROW, AgentTally, ContactTally
from simulator.measures.yardstick import Period

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.measures.summary import Summary
    from simulator.measures.yardstick import Yardstick
    from simulator.scenario.model import ChannelKind

    Floats = NDArray[np.float64]
    Tallies = Mapping[ContactTally, int] | Mapping[AgentTally, int]

Unit = Literal["count", "share", "seconds", "hours", "erlang", "agents", "contacts per agent", "currency"]
Axis = Literal["channel", "topic", "group", "interval", "hour", "day"]
Table = Literal["by_interval", "by_day", "agents"]
"""The tables of a `Summary` that have a row for each tally."""
_ENTITIES: Mapping[Table, tuple[Axis, ...]] = {
    "by_interval": ("channel",),
    "by_day": ("channel", "topic"),
    "agents": ("group",),
}
"""Their axes between the tally and the period."""
ELAPSED: Literal["elapsed time"] = "elapsed time"
"""A denominator: the length of the period, the same for one channel or group as for several together."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A ratio of sums, or a plain sum."""

    name: str
    """Its name in tables and files."""
    title: str
    """Its name on screens."""
    unit: Unit
    numerator: Tallies
    """Tallies with their signs; a sum of seconds is turned into the unit."""
    denominator: Tallies | Literal["elapsed time"] | None = None
    """Likewise of the same kind; or the length of the period; None for a plain sum."""
    channels: ChannelKind | None = None
    """The kind of channel that it is about; the others are left out. None: all."""

    @property
    def of_agents(self) -> bool:
        """Whether it is about groups of agents; otherwise about contacts on channels."""
        return any(isinstance(tally, AgentTally) for tally in self.numerator)

    @property
    def formula(self) -> str:
        """Numerator and denominator in words, to be printed where the number is."""
        if self.denominator is None:
            return _words(self.numerator)
        if self.denominator == ELAPSED:
            return f"{_bracketed(self.numerator)} / {ELAPSED}"
        return f"{_bracketed(self.numerator)} / {_bracketed(self.denominator)}"


def evaluate(measure: Measure, summary: Summary, by: Sequence[Axis] = ()) -> Floats:
    """The measure along the named axes: ratio of sums, nan where the denominator is 0.

    Parameters
    ----------
    measure
        What to work out.
    summary
        One replication.
    by
        Axes of the result, in this order: `channel` and `topic`, or `group` for measures of agents, and one of
        `interval`, `hour` and `day`; with `topic` only `day`. What is not named is summed. Without a period the
        result is for the horizon, starting backlog included; with one, contacts count in the period of their arrival
        and the starting backlog is left out.

    Raises
    ------
    ValueError
        If the measure does not have these axes.
    """
    return ratio(*sums(measure, summary, by))


def sums(measure: Measure, summary: Summary, by: Sequence[Axis] = ()) -> tuple[Floats, Floats]:
    """Numerator and denominator of `evaluate`.

    Over replications, add up each and divide then: that is the ratio of sums over all of them, and for a plain
    sum, whose denominator is 1, the mean. `Sample` does so for many replications at once.

    Raises
    ------
    ValueError
        If the measure does not have these axes.
    """
    return add_up(measure, summary.yardstick, lambda table, row: getattr(summary, table)[row], by)


def add_up(
    measure: Measure, yardstick: Yardstick, cells: Callable[[Table, int], Floats], by: Sequence[Axis]
) -> tuple[Floats, Floats]:
    """Numerator and denominator along the named axes.

    Parameters
    ----------
    cells
        From the name of a table of `Summary` and a row of it: what the table has there. Any axes in front of the
        table's own stay where they are. If `by` has no period, the last axis may be shorter, already added up.

    Raises
    ------
    ValueError
        If the measure does not have these axes.
    """
    _check(measure, by)
    period: Period = next((axis for axis in get_args(Period) if axis in by), "horizon")
    table: Table = "agents" if measure.of_agents else "by_day" if "topic" in by else "by_interval"
    axes = [*_ENTITIES[table], period]
    summed_up = tuple(index - len(axes) for index, axis in enumerate(axes) if axis not in by)
    kept = [axis for axis in axes if axis in by]

    def by_period(tally: ContactTally | AgentTally) -> Floats:
        part = cells(table, ROW[tally])
        if period != "horizon" and table != "agents":
            part = part[..., :-1]  # the starting backlog belongs to the horizon only
        if period in ("horizon", "interval") or table == "by_day":
            return part
        return np.add.reduceat(part, yardstick.first_intervals(period), axis=-1)

    def total(tallies: Tallies) -> Floats:
        first, *others = (sign * by_period(tally) for tally, sign in tallies.items())
        part = sum(others, start=first)
        if measure.channels is not None:
            counts = yardstick.live == (measure.channels == "live")
            part = part * counts.reshape(-1, *[1] * (len(axes) - 1))
        if summed_up:
            part = np.asarray(part.sum(axis=summed_up))
        front = part.ndim - len(kept)
        return part.transpose([*range(front), *(front + kept.index(axis) for axis in by)])

    numerator = total(measure.numerator)
    if measure.unit == "hours":
        numerator = numerator / 3600.0
    if measure.denominator is None:
        return numerator, np.ones_like(numerator)
    if measure.denominator == ELAPSED:
        length = [-1 if axis == period else 1 for axis in by]
        return numerator, np.broadcast_to(yardstick.elapsed(period).reshape(length), numerator.shape).copy()
    return numerator, total(measure.denominator)


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Divide sums; nan where the denominator is 0, for nobody is no share of nothing."""
    quotient = np.full(np.shape(numerator), np.nan)
    np.divide(numerator, denominator, out=quotient, where=denominator != 0)
    return quotient


def _check(measure: Measure, by: Sequence[Axis]) -> None:
    entities = {"group"} if measure.of_agents else {"channel", "topic"}
    periods = [axis for axis in by if axis in get_args(Period)]
    allowed = entities | set(get_args(Period)) - {"horizon"}
    if set(by) - allowed or len(set(by)) < len(by) or len(periods) > 1:
        msg = f"{measure.name} by {', '.join(by)}: allowed are {', '.join(sorted(entities))} and one period, each once."
        raise ValueError(msg)
    if "topic" in by and periods and periods != ["day"]:
        msg = f"{measure.name} by {', '.join(by)}: topics are kept by day, not by {periods[0]}."
        raise ValueError(msg)


def _words(tallies: Tallies) -> str:
    text = "".join(f" {'-' if sign < 0 else '+'} {tally}" for tally, sign in tallies.items())
    return text.removeprefix(" + ")


def _bracketed(tallies: Tallies) -> str:
    return f"({_words(tallies)})" if len(tallies) > 1 else _words(tallies)
