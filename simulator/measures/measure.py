"""A measure is a ratio of sums; here is how it is written down and worked out along any axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from simulator.language import say
from simulator.measures.prices import Price, prices
from simulator.measures.tallies import ROW, AgentTally, CentreTally, ContactTally, Tally
from simulator.measures.yardstick import Period

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.measures.summary import Summary
    from simulator.measures.yardstick import Yardstick
    from simulator.scenario.model import ChannelKind

    Floats = NDArray[np.float64]
    Tallies = Mapping[Tally, int | Price]

Unit = Literal[
    "count", "share", "seconds", "hours", "erlang", "agents", "contacts per agent", "contacts per enquiry", "currency"
]
Subject = Literal["contacts", "agents", "centre"]
"""What a measure is about, and so what it can be split by: channel, topic and class, group, or only time."""
Axis = Literal["channel", "topic", "customer_class", "group", "interval", "hour", "day"]
Table = Literal["by_interval", "by_day", "agents"]
"""The tables of a `Summary` that have a row for each tally."""
_ENTITIES: Mapping[Table, tuple[Axis, ...]] = {
    "by_interval": ("channel",),
    "by_day": ("channel", "topic", "customer_class"),
    "agents": ("group",),
}
"""Their axes between the tally and the period."""
_KEPT_BY_DAY = {"topic", "customer_class"}
"""Axes that only one of them has."""
ELAPSED: Literal["elapsed time"] = "elapsed time"
"""A denominator: the length of the period, the same for one channel or group as for several together."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A ratio of sums, or a plain sum."""

    name: str
    """Its name in tables and files, and what catalogues call it."""
    unit: Unit
    numerator: Tallies
    """Tallies with their signs or prices; a sum of seconds is turned into the unit."""
    denominator: Tallies | Literal["elapsed time"] | None = None
    """Likewise; or the length of the period; None for a plain sum."""
    channels: ChannelKind | None = None
    """The kind of channel that it is about; the others are left out. None: all."""
    sum_of: tuple[Measure, ...] = ()
    """Measures whose numerators make up this one's: the formula names them instead of their tallies."""

    @property
    def about(self) -> Subject:
        """Contacts on channels, groups of agents, or the centre as a whole where it takes both together."""
        kinds = {type(tally) for tally in self.numerator}
        return "contacts" if kinds == {ContactTally} else "agents" if kinds == {AgentTally} else "centre"

    @property
    def title(self) -> str:
        """Its name on screens, in the spoken language."""
        return say(f"measures.title.{self.name}")

    @property
    def explanation(self) -> str:
        """What it tells, in a sentence of the spoken language."""
        return say(f"measures.explanation.{self.name}")

    @property
    def formula(self) -> str:
        """Numerator and denominator in words of the spoken language, to be printed where the number is."""
        if self.denominator is None:
            return self.numerator_formula
        return f"{_bracketed(self._summed)} / {self.denominator_formula}"

    @property
    def numerator_formula(self) -> str:
        """What is summed, in words of the spoken language."""
        return _added(self._summed)

    @property
    def denominator_formula(self) -> str:
        """What the sum is divided by, in words of the spoken language; nothing for a plain sum."""
        if self.denominator is None:
            return ""
        return say("measures.elapsed") if self.denominator == ELAPSED else _bracketed(_terms(self.denominator))

    @property
    def _summed(self) -> list[str]:
        titles = [part.title[0].lower() + part.title[1:] for part in self.sum_of]
        return titles or _terms(self.numerator)


def together(*parts: Measure) -> Tallies:
    """The tallies of several numerators, which share none."""
    return {tally: weight for part in parts for tally, weight in part.numerator.items()}


def evaluate(measure: Measure, summary: Summary, by: Sequence[Axis] = ()) -> Floats:
    """The measure along the named axes: ratio of sums, nan where the denominator is 0.

    Parameters
    ----------
    measure
        What to work out.
    summary
        One replication.
    by
        Axes of the result, in this order: `channel`, `topic` and `customer_class` for measures of contacts, `group`
        for those of agents, and one of `interval`, `hour` and `day`; with topics or classes only `day`. What is not
        named is summed. Without a period the result is for the horizon, starting backlog and fixed costs included;
        with one, contacts count in the period of their arrival, and those two are left out.

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

    def by_period(tally: Tally) -> tuple[Floats, tuple[Axis, ...]]:
        """What a table has of a tally, its last axis the period, and the axis before which are told."""
        if isinstance(tally, CentreTally):
            # Shaped as one group would be; the costs are of the horizon, not of any period.
            like, of_group = by_period(AgentTally.STAFFED)
            one = like[..., :1, :1] if period == "horizon" else like[..., :1, :]
            return np.full_like(one, yardstick.fixed_costs if period == "horizon" else 0.0), of_group
        table: Table = (
            "agents" if isinstance(tally, AgentTally) else "by_day" if _KEPT_BY_DAY & {*by} else "by_interval"
        )
        part = cells(table, ROW[tally])
        if period != "horizon" and table != "agents":
            part = part[..., :-1]  # the starting backlog belongs to the horizon only
        if period not in ("horizon", "interval") and table != "by_day":
            part = np.add.reduceat(part, yardstick.first_intervals(period), axis=-1)
        return part, _ENTITIES[table]

    def term(tally: Tally, weight: int | Price) -> Floats:
        """One tally times its weight, along `by`."""
        part, entities = by_period(tally)
        axes = [*entities, period]
        each = (-1, *[1] * (len(axes) - 1))  # along the first of them, group or channel
        part = part * (prices(weight, yardstick).reshape(each) if isinstance(weight, Price) else weight)
        if measure.channels is not None:
            part = part * (yardstick.live == (measure.channels == "live")).reshape(each)
        if summed_up := tuple(index - len(axes) for index, axis in enumerate(axes) if axis not in by):
            part = np.asarray(part.sum(axis=summed_up))
        kept = [axis for axis in axes if axis in by]
        front = part.ndim - len(kept)
        return part.transpose([*range(front), *(front + kept.index(axis) for axis in by)])

    def total(tallies: Tallies) -> Floats:
        first, *others = (term(tally, weight) for tally, weight in tallies.items())
        return sum(others, start=first)

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
    entities = {"contacts": {"channel", *_KEPT_BY_DAY}, "agents": {"group"}, "centre": set[str]()}[measure.about]
    periods = [axis for axis in by if axis in get_args(Period)]
    allowed = entities | set(get_args(Period)) - {"horizon"}
    if set(by) - allowed or len(set(by)) < len(by) or len(periods) > 1:
        listed = ", ".join(sorted(entities))
        msg = (
            f"{measure.name} by {', '.join(by)}: allowed are {listed}{' and ' if listed else ''}one period, each once."
        )
        raise ValueError(msg)
    if _KEPT_BY_DAY & {*by} and periods and periods != ["day"]:
        msg = f"{measure.name} by {', '.join(by)}: topics and classes are kept by day, not by {periods[0]}."
        raise ValueError(msg)


def _terms(tallies: Tallies) -> list[str]:
    """Each tally with its price, or a minus in front."""
    terms = []
    for tally, weight in tallies.items():
        name = say(f"measures.tally.{tally}")
        if isinstance(weight, Price):
            terms.append(f"{name} × {say(f'measures.price.{weight}')}")
        else:
            terms.append(f"{'- ' if weight < 0 else ''}{name}")
    return terms


def _added(terms: Sequence[str]) -> str:
    return " + ".join(terms).replace("+ - ", "- ")


def _bracketed(terms: Sequence[str]) -> str:
    return f"({_added(terms)})" if len(terms) > 1 else _added(terms)
