"""Days to try an engine on: tiny ones full of ties, from Hypothesis or from a seed, and larger ones from a seed.

A tiny day is built once, by `tiny_day`, from a function that picks one of some options. Hypothesis picks so that it can
shrink a failure (options stand plainest first); a seeded generator picks when thousands of days are wanted quickly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from centres import make_centre, make_contacts
from hypothesis import strategies as st

from simulator.engine import NO_SKILL, Centre, EngineName, simulate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from simulator.contacts import ContactRecords, Contacts, Ledger


@dataclass(frozen=True, slots=True)
class Day:
    """All that an engine is given for one replication."""

    centre: Centre
    contacts: Contacts
    staffing: NDArray[np.int64]

    def play(self, engine: EngineName) -> tuple[ContactRecords, Ledger]:
        return simulate(self.centre, self.contacts, self.staffing, engine)

    def __repr__(self) -> str:
        """Every table, column by column, so that a failing day can be worked through by hand."""
        lines = [
            f"{table}.{column.name} = {getattr(getattr(self, table), column.name).tolist()}"
            for table in ("centre", "contacts")
            for column in fields(getattr(self, table))
        ]
        return "\n".join(["Day:", *lines, f"staffing = {self.staffing.tolist()}"])


def tiny_day(pick: Callable[[Sequence[Any]], Any], most_contacts: int = 8) -> Day:
    """A day of a few seconds with everything the model can have, and most of it at the same instants.

    `pick` returns one of the options it is given. Each feature is in about half of the days, so that those that are
    there get in each other's way often.
    """

    def picks(options: Sequence[float], *shape: int) -> NDArray[np.float64]:
        return np.array([pick(options) for _ in range(math.prod(shape))], dtype=np.float64).reshape(shape)

    def perhaps(plain: float, *options: float) -> Sequence[float]:
        chosen: Sequence[float] = pick(((plain,), (plain, *options)))
        return chosen

    # Whole seconds, where all arithmetic is exact; or tenths, where sums of equal meaning differ in their last bits.
    unit = pick((1.0, 1.0, 0.1))
    channels, topics, groups = pick((2, 1, 2, 3)), pick((1, 1, 2)), pick((1, 2))
    intervals = pick((1, 2, 3, 4))
    edges = np.r_[0.0, np.cumsum(picks((10, 5, 5, 2), intervals))]
    live = np.arange(channels) % 2 == pick((0, 0, 1))
    slots = np.maximum(picks(perhaps(1, 2, 3), channels, 1) - picks((0, 0, 1), channels, groups), 1).astype(np.int64)
    centre = make_centre(
        intervals=intervals,
        channels=channels,
        topics=topics,
        groups=groups,
        edges=edges * unit,
        live=live,
        open=picks(perhaps(1, 1, 0), channels, intervals),
        cut=picks((0, 1), channels),
        bot_on=picks(perhaps(0, 1), channels, intervals),
        slots=slots,
        slot_speed=picks(perhaps(1.0, 0.5, 0.75, 0.3), channels, int(slots.max())),
        interruptible=~live & (slots.max(axis=1) == 1) & (picks((1, 1, 1, 0), channels) == 1),
        priority=picks(perhaps(1, 2, 3), channels, topics),
        level=picks(perhaps(1, 1, 2, NO_SKILL), channels, topics, groups),
        opens_after=picks(perhaps(0, 0, 1, 2, 5, np.inf), channels, topics, groups) * unit,
        speed=picks(perhaps(1.0, 2.0, 0.5), channels, topics, groups),
        reserve=picks(perhaps(0, 0, 1), groups),
    )
    staffing = picks(pick(((1, 2, 0), (2, 1, 3, 0))), groups, intervals).astype(np.int64)

    seconds = range(int(edges[-1]))
    ages, patiences, works = (
        perhaps(0, 0, 1, 3),
        perhaps(np.inf, np.inf, 2, 1, 4, 0),
        pick(((2, 1, 3, 0), (5, 8, 13, 2))),
    )
    rows = []
    for _ in range(pick((*range(most_contacts), *[most_contacts] * 4))):
        channel = pick(range(channels))
        age = 0 if live[channel] else pick(ages)
        row = {
            "arrival": -age if age else pick(seconds),
            "channel": channel,
            "topic": pick(range(topics)),
            "work": pick(works),
            "patience": pick(patiences),
            "due": np.inf if live[channel] else pick((*seconds, np.inf, -2)),
            "meets_bot": pick((1, 0)),
            "contained": pick((0, 1)),
            "bot_time": pick((0, 1, 3)),
        }
        rows.append(row)
    rows.sort(key=lambda row: row["arrival"])
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]} if rows else {"arrival": np.array([])}
    for name in columns.keys() & {"arrival", "work", "patience", "due", "bot_time"}:
        columns[name] = columns[name] * unit
    return Day(centre, make_contacts(**columns), staffing)


@st.composite
def tiny_days(draw: st.DrawFn, most_contacts: int = 8) -> Day:
    """Tiny days for Hypothesis to search and shrink."""
    return tiny_day(lambda options: draw(st.sampled_from(options)), most_contacts)


def seeded_tiny_day(seed: int, most_contacts: int = 14) -> Day:
    """The tiny day of this number."""
    rng = np.random.default_rng([seed, 1])
    return tiny_day(lambda options: options[int(rng.random() * len(options))], most_contacts)


def random_day(seed: int, most_contacts: int = 120) -> Day:
    """A busier day over all features at once, from a seed: up to 5 channels, 3 topics, 4 groups and 8 intervals.

    Every other day has whole seconds. The work that comes is between half and twice what the agents can do, so that
    there are queues as well as idle agents.
    """
    rng = np.random.default_rng([seed, 2])
    channels, topics, groups, intervals = (int(rng.integers(1, most + 1)) for most in (5, 3, 4, 8))
    by_line, by_skill = (channels, topics), (channels, topics, groups)
    whole = rng.random() < 0.5

    def seconds(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(values) if whole else values

    edges = np.r_[0.0, np.cumsum(seconds(rng.uniform(20, 200, intervals)))]
    horizon = edges[-1]
    live = rng.random(channels) < 0.6
    slots = np.where(rng.random((channels, 1)) < 0.6, 1, rng.integers(1, 4, (channels, groups)))
    slot_speed = np.sort(rng.uniform(0.2, 1.1, (channels, int(slots.max()))), axis=1)[:, ::-1]
    centre = make_centre(
        intervals=intervals,
        channels=channels,
        topics=topics,
        groups=groups,
        edges=edges,
        live=live,
        open=rng.random((channels, intervals)) < 0.8,
        cut=rng.random(channels) < 0.5,
        bot_on=rng.random((channels, intervals)) < 0.6,
        slots=slots,
        slot_speed=slot_speed,
        interruptible=~live & (slots.max(axis=1) == 1) & (rng.random(channels) < 0.8),
        priority=rng.integers(1, 4, by_line),
        level=rng.choice([1, 1, 2, 3, NO_SKILL], by_skill),
        opens_after=seconds(np.where(rng.random(by_skill) < 0.6, 0.0, rng.uniform(0, 40, by_skill))),
        speed=np.where(rng.random(by_skill) < 0.5, 1.0, rng.uniform(0.5, 2.0, by_skill)),
        reserve=np.where(rng.random(groups) < 0.6, 0, rng.integers(0, 3, groups)),
    )
    staffing = np.where(rng.random((groups, intervals)) < 0.15, 0, rng.integers(0, 5, (groups, intervals)))

    count = int(rng.integers(0, most_contacts + 1))
    channel = rng.integers(0, channels, count)
    arrival = seconds(rng.uniform(0, horizon - 1, count))
    backlog = ~live[channel] & (rng.random(count) < 0.2)
    arrival[backlog] = -arrival[backlog]
    order = np.argsort(arrival, kind="stable")
    arrival, channel = arrival[order], channel[order]
    deferred = ~live[channel]
    mean_work = rng.uniform(0.5, 2.0) * float(np.sum(staffing * np.diff(edges))) / max(count, 1)
    patience = np.where(rng.random(count) < 0.1, 0.0, rng.exponential(40, count))
    patience[rng.random(count) < np.where(deferred, 0.9, 0.2)] = np.inf
    due = np.where(deferred, arrival + rng.uniform(-20, 2 * horizon, count), np.inf)
    contacts = make_contacts(
        arrival,
        channel=channel,
        topic=rng.integers(0, topics, count),
        work=seconds(np.where(rng.random(count) < 0.05, 0.0, rng.exponential(min(mean_work, 150.0), count))),
        patience=seconds(patience),
        due=seconds(due),
        meets_bot=rng.random(count) < 0.5,
        contained=rng.random(count) < 0.4,
        bot_time=seconds(np.where(rng.random(count) < 0.1, 0.0, rng.exponential(20, count))),
    )
    return Day(centre, contacts, staffing.astype(np.int64))
