"""One queue of live contacts that one group serves: contact by contact, without the events of the general engine.

First come, first served: the next contact at the agents' door goes to the agent who is free first (Kiefer and Wolfowitz
1955). So nobody is kept in a line; each contact in turn gets its whole record, and one replay of the tournament.

It plays on the same ground as the general engine (`simulator/engine/compiled.py`, whose head says how things are kept):
the same tournament of ends of work, the same lists of agents, the same functions for staff and ledger. So it says the
same, bit by bit. Where it may be used is said in `run_compiled.py`: all contacts are of one line, live, which only one
group serves, at once and one at a time, and nobody does anything but meet a bot, wait and give up. What then is
simpler:

The bot
    A bot that is never full does to a contact what it does, whoever else is there. So all sessions with it are played
    first, and contacts then stand in the order in which they come to the agents' door (R1: of one instant by number).

Equal ends of work
    The tournament gives the smallest number first (R1), and so it must be for work that begins and ends at the instant
    at which other work ends: who begins later has to have the larger number. Where the bot has changed the order of
    contacts, that need not be; then all work has to take time.

Idle agents
    Whose work has ended stays in the tournament and is taken from there, so that the end of one work and the start of
    the next are one replay. Only at a boundary all work that has ended by then is taken out, and the agents are put
    into the list of the idle ones, which then come and go as in the general engine. So the list is in the order of
    R10, and whoever stands in it has been unchanged longer than whoever is in the tournament.

Waiting
    While a contact waits, only ends of work and boundaries can matter to it. If nobody is free before the next
    boundary, the boundary is dealt with, unless the contact has gone by then. Nothing is ever undone for those who came
    later: they can only be taken later.

The end of waiting (R3, R20)
    No boundary helps who waits when the channel closes and cuts, or when the horizon ends. Which of them comes first is
    known on arrival. Work that ends at that very instant is still in time.

The ledger
    Ends of work come out of the tournament in order of time, and contacts start in their own order. An end is counted
    when it comes out; who has started before it is counted first, from the column `started`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

import simulator.engine.compiled as general
from simulator.contacts import Outcome
from simulator.engine.compiled import LENGTH, NEVER, NOBODY, TIME, WHOSE
from simulator.jit import cells, inlined_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Flags = NDArray[np.uint8]

OPEN, SERVED, ABANDONED = int(Outcome.OPEN), int(Outcome.SERVED), int(Outcome.ABANDONED)
CLOSED, CUT, CONTAINED = int(Outcome.CLOSED), int(Outcome.CUT), int(Outcome.CONTAINED)
WINNER = general.TOURNAMENT + general.ENTRY_WIDTH
"""The first node of the tournament: the work that ends first."""
BUSY, IN_HAND = 1, 2
"""Integrals of the ledger; an agent with one contact at most has as many seconds in hand as busy."""


class Team(NamedTuple):
    """The group that serves the queue: where its cells begin."""

    group: int
    idle: int
    """The list of its idle agents."""
    desk: int
    """Where it takes the contacts."""
    rate: float
    """R15: work done in a second."""


class Records(NamedTuple):
    """The columns of `ContactRecords`, [contact] each."""

    entered: Floats
    started: Floats
    ended: Floats
    handled: Floats
    outcome: Ints
    group: Ints
    agent: Ints


# -- R5: the bot -------------------------------------------------------------------------------------------------------


@kernel
def past_the_bot(
    edges: Floats,
    bot_on: Bools,
    escalated_work: float,
    escalated_patience: float,
    arrival: Floats,
    meets_bot: Flags,
    contained: Flags,
    bot_time: Floats,
    patience: Floats,
    work: Floats,
    instants: Floats,
    kinds: Ints,
    at_door: Floats,
    order: Ints,
) -> int:
    """Play all sessions with a bot that is never full; returns how many contacts come to the agents' door.

    Those are put into `order`, by number, and `at_door` [contact] is when they come. `patience` and `work` [contact],
    as drawn, become what they are after the bot. Who does not come has its record filled. The channel's `bot_on` and
    the other parameters are as for `play`.
    """
    to_door, interval, horizon = 0, -1, 0.0 + edges[-1]
    for contact in range(len(arrival)):
        now = 0.0 + arrival[contact]  # R2: one addition, so that -0.0 is 0.0
        while edges[interval + 1] <= now:
            interval += 1
        if meets_bot[contact] and bot_on[interval]:
            now += bot_time[contact]
            if now >= horizon or contained[contact]:
                instants[0, contact] = instants[1, contact] = np.nan
                instants[2, contact] = np.nan if now >= horizon else now
                instants[3, contact] = 0.0
                kinds[0, contact] = OPEN if now >= horizon else CONTAINED
                kinds[1, contact] = kinds[2, contact] = NOBODY
                continue
            patience[contact] *= escalated_patience
            work[contact] *= escalated_work
        at_door[contact] = now
        order[to_door] = contact
        to_door += 1
    return to_door


# -- R1: what happens next ---------------------------------------------------------------------------------------------


@kernel
def play(
    whole_numbers: Ints,
    real_numbers: Floats,
    line: int,
    edges: Floats,
    is_open: Bools,
    staffing: Ints,
    ledger: Floats,
    order: Ints,
    at_door: Floats,
    patience: Floats,
    work: Floats,
    instants: Floats,
    kinds: Ints,
) -> None:
    """Play the contacts of one line, in the `order` in which they come to the agents' door, to the horizon's end (R3).

    Numbers as laid out, and where the line's cells begin; `is_open` [interval] is its channel's; to be filled are
    `ledger` [group, integral, interval], `instants` [4, contact] and `kinds` [3, contact], as by the general engine.
    """
    whole, real = cells(whole_numbers), cells(real_numbers)
    records = Records(
        cells(instants[0]),
        cells(instants[1]),
        cells(instants[2]),
        cells(instants[3]),
        cells(kinds[0]),
        cells(kinds[1]),
        cells(kinds[2]),
    )
    team = team_of(whole, real, line)
    cuts = whole[whole[line + general.CHANNEL] + general.CUTS] == 1
    count, horizon = len(order), 0.0 + edges[-1]
    begun, counted = 0, 0  # how many intervals have begun; how many contacts' starts are in the ledger
    interval, over = -1, horizon  # of coming to the door
    for place in range(count):
        contact = order[place]
        arrives = at_door[contact]
        while edges[begun] <= arrives:
            counted = on_boundary(whole, real, records, team, edges, staffing, ledger, begun, order, counted, place)
            begun += 1
        while edges[interval + 1] <= arrives:
            interval += 1
            over = end_of_waiting(edges, is_open, cuts, interval)
        if not is_open[interval]:  # R6
            leave_unserved(records, contact, np.nan, arrives, CLOSED)
            continue
        gives_up = arrives + patience[contact]  # R19
        last = min(gives_up, over)
        while True:
            in_list = whole[team.idle + LENGTH] > 0
            free = 0.0 + edges[begun - 1] if in_list else real[WINNER + TIME]
            if free <= min(last, edges[begun]):
                if in_list:
                    agent = whole[team.idle + general.NEXT]
                else:
                    agent = first_to_finish(whole, records, team)
                    if whole[agent + general.MARKED] == 1:
                        counted = on_work_ends(whole, real, records, team, order, counted, place)
                        continue
                    counted = count_end(whole, real, records, team, free, order, counted, place)
                starts = max(arrives, free)
                take(whole, real, records, team, agent, contact, arrives, starts, work[contact], horizon)
            elif edges[begun] <= last and edges[begun] < over:
                counted = on_boundary(whole, real, records, team, edges, staffing, ledger, begun, order, counted, place)
                begun += 1
                continue
            elif gives_up < over:
                leave_unserved(records, contact, arrives, gives_up, ABANDONED)
            elif over < horizon:
                leave_unserved(records, contact, arrives, over, CUT)
            else:
                leave_unserved(records, contact, arrives, np.nan, OPEN)
            break
    while edges[begun] < horizon:
        counted = on_boundary(whole, real, records, team, edges, staffing, ledger, begun, order, counted, count)
        begun += 1
    finish_work(whole, real, records, team, horizon, order, counted, count)
    general.settle_ledger(whole, real, ledger, begun - 1, horizon)
    ledger[:, IN_HAND] = ledger[:, BUSY]


@inlined_kernel
def team_of(whole: Ints, real: Floats, line: int) -> Team:
    """The group that serves the line."""
    group = whole[whole[line + general.SKILLS] + general.GROUP]
    by_group = line + general.BY_GROUP + whole[group + general.INDEX] * general.BY_GROUP_WIDTH
    desk = whole[by_group + general.ITS_DESK]
    rate = real[by_group + general.ITS_SPEED] * real[desk + general.BY_HELD + general.SLOT_SPEED]
    return Team(group, whole[group + general.IDLE], desk, rate)


@kernel
def on_boundary(
    whole: Ints,
    real: Floats,
    records: Records,
    team: Team,
    edges: Floats,
    staffing: Ints,
    ledger: Floats,
    interval: int,
    order: Ints,
    counted: int,
    place: int,
) -> int:
    """R18: an interval begins; all work that has ended by then has ended before."""
    now = 0.0 + edges[interval]
    counted = finish_work(whole, real, records, team, now, order, counted, place)
    if interval > 0:
        general.settle_ledger(whole, real, ledger, interval - 1, now)
    general.change_staff(whole, real, staffing[:, interval], now)
    return counted


# -- Waiting -----------------------------------------------------------------------------------------------------------


@kernel
def end_of_waiting(edges: Floats, is_open: Bools, cuts: bool, interval: int) -> float:
    """R3, R20: when nobody who came in an interval can still wait: its channel closes and cuts, or the horizon ends."""
    if cuts:
        for later in range(interval + 1, len(is_open)):
            if not is_open[later]:
                return edges[later]
    return edges[-1]


@inlined_kernel
def leave_unserved(records: Records, contact: int, entered: float, ended: float, outcome: int) -> None:
    """R6, R19, R20: no agent takes the contact."""
    records.entered[contact] = entered
    records.started[contact] = np.nan
    records.ended[contact] = ended
    records.handled[contact] = 0.0
    records.outcome[contact] = outcome
    records.group[contact] = NOBODY
    records.agent[contact] = NOBODY


# -- Working -----------------------------------------------------------------------------------------------------------


@inlined_kernel
def take(
    whole: Ints,
    real: Floats,
    records: Records,
    team: Team,
    agent: int,
    contact: int,
    entered: float,
    now: float,
    work: float,
    horizon: float,
) -> None:
    """R15: an agent takes the contact; when the work will end is known already."""
    ends = now + work / team.rate
    records.entered[contact] = entered
    records.started[contact] = now
    records.group[contact] = whole[team.group + general.INDEX]
    records.agent[contact] = whole[agent + general.NUMBER]
    served = ends <= horizon
    records.ended[contact] = ends if served else np.nan
    records.handled[contact] = (ends if served else horizon) - now
    records.outcome[contact] = SERVED if served else OPEN
    whole[agent + general.HELD] = 1
    whole[agent + general.DESK] = team.desk
    general.hands_changed(whole, agent)
    general.enter(whole, real, whole[agent + general.LEAF], ends, contact)
    general.replay(whole, whole[agent + general.LEAF])


@inlined_kernel
def first_to_finish(whole: Ints, records: Records, team: Team) -> int:
    """The agent whose work ends first; somebody must be at work."""
    number = records.agent[whole[WINNER + WHOSE]]
    return whole[team.group + general.FIRST_AGENT] + number * whole[general.AGENT_WIDTH]


@kernel
def finish_work(
    whole: Ints, real: Floats, records: Records, team: Team, until: float, order: Ints, counted: int, place: int
) -> int:
    """All work that ends by an instant is out of the tournament, and in the ledger with all starts."""
    while real[WINNER + TIME] <= until:
        counted = on_work_ends(whole, real, records, team, order, counted, place)
    return count_starts(whole, real, records, team, until, order, counted, place)


@inlined_kernel
def on_work_ends(whole: Ints, real: Floats, records: Records, team: Team, order: Ints, counted: int, place: int) -> int:
    """The work that ends first does, and nobody is waiting for the agent."""
    now, agent = real[WINNER + TIME], first_to_finish(whole, records, team)
    whole[agent + general.HELD] = 0
    general.enter(whole, real, whole[agent + general.LEAF], NEVER, NOBODY)
    general.replay(whole, whole[agent + general.LEAF])
    general.hands_changed(whole, agent)
    if whole[agent + general.MARKED] == 1:  # R17
        general.leave(whole, real, agent, now)
    return count_end(whole, real, records, team, now, order, counted, place)


# -- Ledger ------------------------------------------------------------------------------------------------------------


@inlined_kernel
def count_end(
    whole: Ints, real: Floats, records: Records, team: Team, now: float, order: Ints, counted: int, place: int
) -> int:
    """R21: one less is busy."""
    counted = count_starts(whole, real, records, team, now, order, counted, place)
    general.change(whole, real, team.group + general.BUSY, -1, now)
    return counted


@inlined_kernel
def count_starts(
    whole: Ints, real: Floats, records: Records, team: Team, until: float, order: Ints, counted: int, place: int
) -> int:
    """R21: one more is busy at every start up to an instant, of contacts before a place; how many are counted then."""
    while counted < place and not records.started[order[counted]] > until:
        if records.agent[order[counted]] != NOBODY:
            general.change(whole, real, team.group + general.BUSY, +1, records.started[order[counted]])
        counted += 1
    return counted
