"""A measure is a ratio of sums; here is how it is written down and worked out along any axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from simulator.measures.tallies import AgentTally, ContactTally
from simulator.measures.yardstick import Period

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.measures.summary import Summary
    from simulator.scenario.model import ChannelKind

    Floats = NDArray[np.float64]
    Tallies = Mapping[ContactTally, int] | Mapping[AgentTally, int]

Unit = Literal["count", "share", "seconds", "hours", "erlang", "agents", "contacts per agent", "currency"]
Axis = Literal["channel", "topic", "group", "interval", "hour", "day"]
ELAPSED: Literal["elapsed time"] = "elapsed time"
"""A denominator: the length of the period, the same for one channel or group as for several together."""

_ROW: Mapping[ContactTally | AgentTally, int] = {
    **{tally: row for row, tally in enumerate(ContactTally)},
    **{tally: row for row, tally in enumerate(AgentTally)},
}


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
    sum, whose denominator is 1, the mean.

    Raises
    ------
    ValueError
        If the measure does not have these axes.
    """
    _check(measure, by)
    yardstick = summary.yardstick
    period: Period = next((axis for axis in get_args(Period) if axis in by), "horizon")
    first = yardstick.first_intervals(period)
    cells, axes = summary.by_interval, ["channel", period]
    if measure.of_agents:
        cells, axes = summary.agents, ["group", period]
    elif "topic" in by:
        cells, axes = summary.by_day, ["channel", "topic", period]
        first = np.arange(cells.shape[-1] - 1)  # its columns are the days themselves
    kept = [axis for axis in axes if axis in by]

    def total(tallies: Tallies) -> Floats:
        part: Floats = sum((sign * cells[_ROW[tally]] for tally, sign in tallies.items()), start=np.zeros(()))
        if measure.channels is not None:
            counts = yardstick.live == (measure.channels == "live")
            part = part * counts.reshape(-1, *[1] * (part.ndim - 1))
        if period != "horizon":
            # The starting backlog, the last column, belongs to the horizon only.
            part = np.add.reduceat(part if measure.of_agents else part[..., :-1], first, axis=-1)
        summed = part.sum(axis=tuple(index for index, axis in enumerate(axes) if axis not in by))
        return np.asarray(summed).transpose([kept.index(axis) for axis in by])

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
