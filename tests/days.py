"""Days to try an engine on: tiny ones full of ties, from Hypothesis or from a seed, and larger ones from a seed.

A tiny day is built once, by `tiny_day`, from a function that picks one of some options. Hypothesis picks so that it can
shrink a failure (options stand plainest first); a seeded generator picks when thousands of days are wanted quickly.
`smallest_day` shrinks what Hypothesis has not made.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from centres import make_centre, make_contacts, make_follow_ups
from hypothesis import strategies as st

from simulator.contacts import TRIGGER_OF, Cause, Contacts, FollowUps, Trigger
from simulator.engine import NO_SKILL, Centre, EngineName, simulate
from simulator.engine.centre import NO_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from simulator.contacts import ContactRecords, Ledger

TIMES = int(os.environ.get("RUUHKA_DAYS", "1"))
"""How many times as many days as usual are played, from seeds and from Hypothesis."""


SUITED = {
    True: (Cause.REDIAL, Cause.CALLBACK, Cause.REPEAT),
    False: (Cause.CHASER, Cause.HAND_ON, Cause.REDIAL),
}
"""What may well follow a contact of a live channel, and of a deferred one."""


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
            if column.name != "follow_ups"
        ]
        follow_ups = self.contacts.follow_ups
        lines += [f"follow_ups.{c.name} = {getattr(follow_ups, c.name).tolist()}" for c in fields(follow_ups)]
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
    knots = pick((1, 1, 2, 3))
    due_from = np.c_[np.zeros(channels), np.cumsum(picks((2, 5, 0, np.inf), channels, knots - 1), axis=1)]
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
        slot_speed=picks(perhaps(1.0, 0.5, 0.6, 0.3), channels, int(slots.max())),
        interruptible=~live & (slots.max(axis=1) == 1) & (picks((1, 1, 1, 0), channels) == 1),
        priority=picks(perhaps(1, 2, 3), channels, topics),
        level=picks(perhaps(1, 1, 2, NO_SKILL), channels, topics, groups),
        opens_after=picks(perhaps(0, 0, 1, 2, 5, np.inf), channels, topics, groups) * unit,
        speed=picks(perhaps(1.0, 2.0, 0.5), channels, topics, groups),
        reserve=picks(perhaps(0, 0, 1), groups),
        bot_capacity=picks(perhaps(NO_LIMIT, 1, 2, 0), channels),
        escalated_work=picks(perhaps(1.0, 2.0, 0.5, 0.3, 0.0), channels, topics),
        escalated_patience=picks(perhaps(1.0, 2.0, 0.5, 0.3), channels, topics),
        tells=picks(perhaps(0, 1, 1), channels),
        told_patience=picks(perhaps(1.0, 0.5, 0.7, 2.0), channels),
        callback_from=picks(perhaps(np.inf, 0, 0, 1, 3), channels) * unit,
        silent_work=picks(perhaps(0, 1, 2), channels) * unit,
        after_opening=picks((100, 100, 2, 1), channels) * unit,
        due_from=due_from * unit,
        due_at=np.where(live[:, None], np.inf, picks((10, 3, 0, 20, -2, np.inf), channels, knots) * unit),
        due_rate=picks(perhaps(0.0, 1.0, 0.5, 0.3), channels, knots),
        pace=picks(perhaps(1.0, 0.5, 0.7, 2.0), groups, intervals),
        quality=picks(perhaps(1.0, 0.5, 0.0), groups, intervals),
        on_call=picks(perhaps(0, 0, 1), groups),
        called_from=picks((1, 2, 3, 0, NO_LIMIT), groups),
        called_from_wait=picks((np.inf, np.inf, 1, 3, 0), groups) * unit,
        lead=picks((0, 1, 2), groups),
        stay=picks((0, 1, 2), groups),
        released_at=picks((0, 1, 2), groups),
    )
    staffing = picks(pick(((1, 2, 0), (2, 1, 3, 0))), groups, intervals).astype(np.int64)

    seconds = range(int(edges[-1]))
    ages, patiences, works = (
        perhaps(0, 0, 1, 3),
        perhaps(np.inf, np.inf, 2, 1, 4, 0),
        pick(((2, 1, 3, 0), (5, 8, 7, 2))),
    )
    tolerances, silences = perhaps(np.inf, 0, 0, 1), perhaps(0, 1)
    delays, opinions, openings = perhaps(0, 0, 1, 3), perhaps(np.inf, np.inf, 1, 0.5), perhaps(0, 1)

    def person() -> dict[str, Any]:
        return {
            "arrival": pick(seconds),
            "channel": pick(range(channels)),
            "topic": pick(range(topics)),
            "work": pick(works),
            "patience": pick(patiences),
            "due": np.inf,
            "meets_bot": pick((1, 0)),
            "contained": pick((0, 1)),
            "bot_time": pick((0, 1, 3)),
            "tolerance": pick(tolerances),
            "silent": pick(silences),
        }

    rows = [person() for _ in range(pick((*range(most_contacts), *[most_contacts] * 4)))]
    for row in rows:
        if not live[row["channel"]]:
            row["arrival"] = -pick(ages) or row["arrival"]
            row["due"] = pick((*seconds, np.inf, -2))
    rows.sort(key=lambda row: row["arrival"])
    firsts = len(rows)
    follow_ups: dict[tuple[int, Trigger], dict[str, Any]] = {}
    for _ in range(pick((0, 1, most_contacts // 2, most_contacts)) if rows else 0):
        # Of a first attempt, or of a follow-up, so that they stand in chains; for one thing that happens, or for all.
        after = pick((pick(range(firsts)), pick(range(len(rows))), len(rows) - 1))
        suited = SUITED[bool(live[rows[after]["channel"]])]
        for cause in pick(((pick(sorted(TRIGGER_OF)),), (pick(suited),), suited)):
            if (after, TRIGGER_OF[cause]) not in follow_ups:
                follow_ups[after, TRIGGER_OF[cause]] = {
                    "after": after,
                    "cause": cause,
                    "delay": pick(delays) * unit,
                    "resolved_by": pick(opinions),
                    "waits_for_opening": bool(pick(openings)),
                    "in_vain": False,
                }
                rows.append({**person(), "arrival": np.inf})
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]} if rows else {"arrival": np.array([])}
    for name in columns.keys() & {"arrival", "work", "patience", "due", "bot_time", "tolerance"}:
        columns[name] = columns[name] * unit
    table = {column.name: [row[column.name] for row in follow_ups.values()] for column in fields(FollowUps)}
    day = Day(centre, make_contacts(**columns, follow_ups=make_follow_ups(**table)), staffing)

    more = pick((0, 0, 1))
    by_line, by_skill = (more, channels, topics), (more, channels, topics, groups)
    return with_more_classes(
        day,
        customer_class=picks(range(1 + more), len(rows)),
        priority=picks((1, 2, 3), *by_line),
        level=picks(perhaps(1, 1, 2, NO_SKILL), *by_skill),
        opens_after=picks(perhaps(0, 0, 1, 2, 5, np.inf), *by_skill) * unit,
        speed=picks(perhaps(1.0, 2.0, 0.5), *by_skill),
    )


def with_more_classes(day: Day, customer_class: NDArray[np.float64], **of_more: NDArray[Any]) -> Day:
    """The day with more classes of customers: what `of_more` says of them, and the class of each contact."""
    centre = day.centre
    both = {name: np.concatenate((getattr(centre, name), more)) for name, more in of_more.items()}
    both = {name: values.astype(getattr(centre, name).dtype) for name, values in both.items()}
    return replace(
        day,
        centre=replace(centre, **both),
        contacts=replace(day.contacts, customer_class=customer_class.astype(np.int64)),
    )


@st.composite
def tiny_days(draw: st.DrawFn, most_contacts: int = 8) -> Day:
    """Tiny days for Hypothesis to search and shrink."""
    return tiny_day(lambda options: draw(st.sampled_from(options)), most_contacts)


def seeded_tiny_day(seed: int, most_contacts: int = 14) -> Day:
    """The tiny day of this number."""
    rng = np.random.default_rng([seed, 1])
    return tiny_day(lambda options: options[int(rng.random() * len(options))], most_contacts)


@dataclass(frozen=True, slots=True)
class Most:
    """How far a random day may go in each direction."""

    contacts: int = 120
    channels: int = 5
    topics: int = 3
    groups: int = 4
    intervals: int = 8
    agents: int = 4
    """On duty at once, in each group."""
    slots: int = 3
    load: float = 2.0
    """Work that comes, as a multiple of what the agents can do."""
    number: int = 3
    """Of priorities, and of preference levels."""
    put_aside: bool = False
    """Whether every agent has slots for live contacts, and all deferred work is put aside for them."""


STRETCHED = {
    "many contacts": Most(contacts=4000, agents=12),
    "long queues": Most(contacts=3000, channels=3, groups=2, agents=3, load=12.0),
    "many agents": Most(contacts=2500, agents=60),
    "many slots": Most(contacts=1200, agents=8, slots=12),
    "many lines": Most(contacts=1000, channels=16, topics=9, agents=6),
    "many groups": Most(contacts=600, groups=80, agents=2),
    "many intervals": Most(contacts=1500, intervals=300, agents=20),
    "restless staff": Most(contacts=400, intervals=60, agents=16),
    "much put aside": Most(contacts=500, channels=3, groups=2, slots=4, put_aside=True),
    "far numbers": Most(contacts=800, agents=10, number=2**40),
}
"""What each way of keeping contacts, lines, agents and groups must bear; 64 of a thing is where a word of bits ends."""


def stretched_day(seed: int) -> Day:
    """A large day, in each direction of `STRETCHED` in turn."""
    return random_day(seed, list(STRETCHED.values())[seed % len(STRETCHED)])


def random_day(seed: int, most: Most | None = None) -> Day:
    """A busier day over all features at once, from a seed.

    The work that comes is between half and twice what the agents can do, or whatever `most` says, so that there are
    queues as well as idle agents.
    """
    most = most or Most()
    rng = np.random.default_rng([seed, 2])
    numbers = (most.channels, most.topics, most.groups, most.intervals)
    # Stretched directions are there to be gone into: never less than half of the way.
    channels, topics, groups, intervals = (int(rng.integers(max(1, n // 2 * (n > 8)), n + 1)) for n in numbers)
    by_line, by_skill = (channels, topics), (channels, topics, groups)
    # Times without ties; in whole seconds; in steps of twenty, full of ties. Where steps are no whole seconds, sums of
    # equal meaning differ in their last bits. A later time of the day leaves fewer bits for the fractions.
    step = int(rng.choice([0, 0, 1, 20]))
    unit = float(rng.choice([1.0, 1.0, 0.1, 1 / 60])) if step else 1.0
    length = int(rng.choice([1, 1, 30]))
    plain_numbers = rng.random() < 0.5

    def seconds(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.floor(values / step) * step if step else values

    edges = np.r_[0.0, np.cumsum(seconds(rng.uniform(20, 200, intervals) * length))]
    horizon = edges[-1]
    live = rng.random(channels) < rng.choice([0.3, 0.7])
    exclusive = rng.random((channels, 1)) < rng.choice([0.4, 0.9])
    slots = np.where(exclusive, 1, rng.integers(1, most.slots + 1, (channels, groups)))
    if most.put_aside:
        live, slots = np.arange(channels) % 3 > 0, rng.integers(2, most.slots + 1, (channels, groups))
        slots[~live] = 1
    slot_speed = np.sort(rng.uniform(0.2, 1.1, (channels, int(slots.max()))), axis=1)[:, ::-1]
    speed = np.where(rng.random(by_skill) < 0.5, 1.0, rng.uniform(0.5, 2.0, by_skill))
    if plain_numbers:
        slot_speed, speed = np.round(slot_speed, 1), np.round(speed, 1)
    # Live work is the more urgent on every other day: only then does it interrupt much.
    priority = rng.integers(-1, 2, by_line) + ~live[:, None] * rng.integers(0, 2)
    levels = np.r_[1, 1, rng.integers(0, most.number + 1, 3), NO_SKILL]
    knots = int(rng.integers(1, 4))
    due_from = np.c_[np.zeros(channels), np.sort(rng.uniform(0, horizon, (channels, knots - 1)), axis=1)]
    due_from[:, 1:][rng.random((channels, knots - 1)) < 0.2] = np.inf
    due_at = np.where(live[:, None], np.inf, due_from + rng.uniform(-0.1 * horizon, horizon, (channels, knots)))
    due_at[np.isinf(due_from)] = np.inf

    def some(*shape: int) -> NDArray[np.bool_]:
        """Which of them have a feature: none on half of the days."""
        which: NDArray[np.bool_] = rng.random(shape) < rng.choice([0.0, 0.7])
        return which

    def factors(*shape: int) -> NDArray[np.float64]:
        drawn: NDArray[np.float64] = np.where(some(*shape), rng.uniform(0.3, 1.8, shape), 1.0)
        return np.round(drawn, 1 if plain_numbers else 15)

    def waits(*shape: int) -> NDArray[np.float64]:
        return np.where(some(*shape), seconds(rng.uniform(0, horizon / 50, shape)), np.inf) * unit

    centre = make_centre(
        intervals=intervals,
        channels=channels,
        topics=topics,
        groups=groups,
        edges=edges * unit,
        live=live,
        open=rng.random((channels, intervals)) < 0.8,
        cut=rng.random(channels) < 0.5,
        bot_on=rng.random((channels, intervals)) < 0.6,
        slots=slots,
        slot_speed=slot_speed,
        interruptible=~live & (slots.max(axis=1) == 1) & ((rng.random(channels) < 0.8) | most.put_aside),
        priority=priority * rng.integers(0, most.number + 1),
        level=rng.choice(levels, by_skill),
        opens_after=seconds(np.where(rng.random(by_skill) < 0.6, 0.0, rng.uniform(0, horizon / 10, by_skill))) * unit,
        speed=speed,
        reserve=np.where(rng.random(groups) < 0.6, 0, rng.integers(0, most.agents // 2 + 1, groups)),
        bot_capacity=np.where(some(channels), rng.integers(0, 6, channels), NO_LIMIT),
        escalated_work=factors(channels, topics),
        escalated_patience=factors(channels, topics),
        tells=some(channels),
        told_patience=factors(channels),
        callback_from=waits(channels),
        silent_work=seconds(rng.uniform(0, horizon / 50, channels)) * unit,
        after_opening=rng.choice([horizon, horizon / 20, 3600.0], channels) * unit,
        due_from=np.sort(seconds(due_from), axis=1) * unit,
        due_at=seconds(due_at) * unit,
        due_rate=np.round(rng.uniform(0, 1.5, (channels, knots)), 1 if plain_numbers else 15),
        pace=factors(groups, intervals),
        quality=np.where(some(groups, intervals), rng.random((groups, intervals)), 1.0),
        on_call=some(groups) & (rng.random(groups) < 0.6),
        called_from=rng.integers(1, 10, groups),
        called_from_wait=waits(groups),
        lead=rng.integers(0, 3, groups),
        stay=rng.integers(0, 4, groups),
        released_at=rng.integers(0, 8, groups),
    )
    agents = rng.integers(0, most.agents + 1, (groups, intervals))
    staffing = np.where(rng.random((groups, intervals)) < rng.choice([0.15, 0.4]), 0, agents)

    # On a day stretched by something other than contacts, enough of them come to reach it.
    firsts = int(rng.integers(most.contacts // 2 * (most.contacts > 120), most.contacts + 1))
    threes = int(firsts * rng.choice([0.0, 0.3, 1.0]) * rng.random())
    count = firsts + 3 * threes
    channel = rng.integers(0, channels, count)
    arrival = seconds(rng.uniform(0, horizon - 1, count))
    backlog = ~live[channel] & (rng.random(count) < 0.2)
    arrival[backlog] = -arrival[backlog]
    arrival[firsts:] = np.inf
    order = np.argsort(arrival, kind="stable")
    arrival, channel = arrival[order], channel[order]
    deferred = ~live[channel]
    mean_work = rng.uniform(0.5, most.load) * float(np.sum(staffing * np.diff(edges))) / max(firsts, 1)
    mean_patience = horizon * rng.choice([0.01, 0.05, 0.2])
    patience = np.where(rng.random(count) < 0.1, 0.0, rng.exponential(mean_patience, count))
    patience[rng.random(count) < np.where(deferred, rng.choice([0.5, 0.9]), 0.2)] = np.inf
    due = np.where(deferred, arrival + rng.uniform(-0.1 * horizon, 2 * horizon, count), np.inf)
    due[rng.random(count) < 0.05] = np.inf
    # What follows: three of the same contact, which may itself follow another, so that they stand in chains.
    earlier = np.arange(firsts, count, 3)
    after = np.floor(rng.random(threes) * earlier).astype(np.int64)
    after = np.repeat(np.where(rng.random(threes) < 0.4, np.maximum(earlier - 3, 0), after), 3)
    lost, served = np.full(threes, Cause.REDIAL), rng.choice([Cause.REPEAT, Cause.HAND_ON, Cause.RETRY], threes)
    other = np.where(live[channel[after[::3]]], Cause.CALLBACK, Cause.CHASER)
    other[rng.random(threes) < 0.3] = Cause.BOUNCE
    follow_ups = make_follow_ups(
        after=after,
        cause=np.c_[lost, served, other].ravel(),
        delay=seconds(np.where(rng.random(3 * threes) < 0.2, 0.0, rng.exponential(horizon / 30, 3 * threes))) * unit,
        resolved_by=np.where(rng.random(3 * threes) < 0.7, np.inf, rng.random(3 * threes)),
        waits_for_opening=some(3 * threes),
    )
    contacts = make_contacts(
        arrival * unit,
        channel=channel,
        topic=rng.integers(0, topics, count),
        work=seconds(np.where(rng.random(count) < 0.05, 0.0, rng.exponential(min(mean_work, horizon / 4), count)))
        * unit,
        patience=seconds(patience) * unit,
        due=seconds(due) * unit,
        meets_bot=rng.random(count) < 0.5,
        contained=rng.random(count) < 0.4,
        bot_time=seconds(np.where(rng.random(count) < 0.1, 0.0, rng.exponential(horizon / 40, count))) * unit,
        tolerance=np.where(rng.random(count) < 0.5, np.inf, seconds(rng.exponential(horizon / 50, count))) * unit,
        silent=some(count),
        follow_ups=follow_ups,
    )
    day, rows = Day(centre, contacts, staffing.astype(np.int64)), np.ones(count, dtype=np.bool_)
    # Classes from numbers of their own: the same day otherwise, whether there are any or not.
    rng = np.random.default_rng([seed, 4])
    more = int(rng.choice([0, 0, 1, 2]))
    more_lines, more_skills = (more, *by_line), (more, *by_skill)
    day = with_more_classes(
        day,
        customer_class=rng.integers(0, 1 + more, count).astype(np.float64),
        priority=rng.choice(centre.priority.ravel(), more_lines),
        level=rng.choice(levels, more_skills),
        opens_after=np.where(rng.random(more_skills) < 0.5, 0.0, rng.choice(centre.opens_after.ravel(), more_skills)),
        speed=rng.choice(speed.ravel(), more_skills),
    )
    first_of_trigger = np.unique(len(Trigger) * follow_ups.after + follow_ups.trigger, return_index=True)[1]
    rows[firsts:] = np.isin(np.arange(3 * threes), first_of_trigger)
    return some_contacts(day, rows)


def alone(day: Day, seed: int) -> Day:
    """The day on which all first contacts are calls of one line, which one group serves one at a time.

    Nothing more, but for a bot that is never full on half of these days.
    """
    rng = np.random.default_rng([seed, 3])
    day = some_contacts(day, np.isfinite(day.contacts.arrival))
    centre, contacts = day.centre, day.contacts
    channels, topics, groups, _ = centre.shape
    numbers = (channels, topics, groups, centre.customer_classes)
    channel, topic, group, customer_class = (int(rng.integers(number)) for number in numbers)
    live, bot_on, slots = centre.live.copy(), centre.bot_on.copy(), centre.slots.copy()
    level, opens_after = centre.level.copy(), centre.opens_after.copy()
    live[channel], slots[channel, group] = True, 1
    with_bot = bool(rng.integers(2))
    bot_on[channel] &= with_bot
    capacity = centre.bot_capacity.copy()
    capacity[channel] = NO_LIMIT
    escalated_work = np.maximum(centre.escalated_work, 0.5) if with_bot else centre.escalated_work
    level[customer_class, channel, topic] = NO_SKILL
    level[customer_class, channel, topic, group] = 1
    opens_after[customer_class, channel, topic, group] = 0.0
    centre = replace(
        centre,
        live=live,
        bot_on=bot_on,
        bot_capacity=capacity,
        escalated_work=escalated_work,
        slots=slots,
        slot_speed=centre.slot_speed[:, : int(slots.max())],
        interruptible=centre.interruptible & ~live,
        level=level,
        opens_after=opens_after,
        tells=np.zeros_like(centre.tells),
        pace=np.ones_like(centre.pace),
        on_call=np.zeros_like(centre.on_call),
    )
    contacts = replace(
        contacts,
        silent=np.zeros_like(contacts.silent),
        # After a bot, work takes time.
        work=np.maximum(contacts.work, 1.0) if with_bot else contacts.work,
        arrival=np.where(contacts.arrival > 0, contacts.arrival, 0.0),
        channel=np.full(len(contacts), channel),
        topic=np.full(len(contacts), topic),
        customer_class=np.full(len(contacts), customer_class),
    )
    return replace(day, centre=centre, contacts=contacts)


def some_contacts(day: Day, rows: NDArray[np.bool_]) -> Day:
    """The day on which only these contacts come, without what follows others; each is an enquiry of its own."""
    contacts, kept = day.contacts, rows.copy()
    firsts = len(contacts) - len(contacts.follow_ups)
    for number, after in enumerate(contacts.follow_ups.after.tolist(), firsts):
        kept[number] &= kept[after]
    columns = {name: getattr(contacts, name)[kept] for name in Contacts.columns()}
    follow_ups = {column.name: getattr(contacts.follow_ups, column.name)[kept[firsts:]] for column in fields(FollowUps)}
    follow_ups["after"] = (np.cumsum(kept) - 1)[follow_ups["after"]]
    count = int(kept.sum())
    columns |= {"enquiry": np.arange(count), "attempt": np.zeros(count, dtype=np.int64)}
    return replace(day, contacts=Contacts(**columns, follow_ups=FollowUps(**follow_ups)))


def smallest_day(day: Day, fails: Callable[[Day], bool], plays: int = 200) -> Day:
    """A part of a day that still fails, from which no single contact can be left out (if that many plays suffice).

    Stretches of contacts are left out for as long as the rest fails, ever shorter ones (Zeller and Hildebrandt 2002).
    """
    stretch = len(day.contacts)
    while stretch >= 1:
        start = 0
        while start < len(day.contacts) and plays > 0:
            number = np.arange(len(day.contacts))
            smaller = some_contacts(day, (number < start) | (number >= start + stretch))
            plays -= 1
            if fails(smaller):
                day = smaller
            else:
                start += stretch
        stretch //= 2
    return day
