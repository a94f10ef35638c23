"""The engine that runs by default: the rules of `docs/model.md` as compiled loops over arrays.

It says the same as `simulator/engine/reference.py`, row by row and bit by bit; the tests see to it. Each rule has a
function that cites it. What differs is how things are kept; `docs/engines.md` has the measurements behind it.

Things
    One row of cells holds all that changes. `whole` and `real` are two views of it, for whole and for real numbers. A
    thing (an agent, a group, a line, a contact ...) is a stretch of cells, known by where it begins:
    `whole[agent + HELD]` is how many contacts an agent has in hand. So a thing that knows another holds its number, a
    function needs no other arguments than the things it is about, and what belongs to one thing lies in one place in
    memory. `layout.py` lays the things out; the names of their columns stand below.

Clocks beside one event set
    What happens next is the smallest of a few clocks: the next arrival (contacts come sorted), the next boundary, and
    the tops of three small heaps (contacts that are to leave the bot and follow-ups that are to come, overflow levels
    about to open, contacts about to give up). Only the ends of work are many: a tournament over the agents, in which
    each agent enters with the first of its contacts to end. When that changes, the matches from the agent's leaf to the
    root are played again.

Lazy patience
    A live line is first come, first served, and all in it have the same skills to look for. Whoever stands behind a
    head that cannot be taken cannot be taken either, so it matters to nobody else when somebody in the line gives up.
    There is no event for it: `contacts.ended` holds the instant from the start (as `contacts.started` holds the rank in
    the line, while the contact waits), and who has gone is noticed on coming to the head. (A deferred line is sorted by
    due time; its later contacts may have waited longer, so they get an event.)

    Somebody whose giving up does matter to others has an event: whoever may come back (R22), and whoever stays in line
    without a sign (R25).

Lines
    A stretch of cells for each line, as many as its contacts, sorted by rank (R7). Live contacts come in order,
    deferred ones nearly always, and move up from the end if not. The head is taken by moving on.

Agents in lists
    Free agents stand in doubly linked lists by what they are free for: idle; holding so many contacts of such a
    channel; at interruptible work. A list is in the order of the last change of hands (R10), because who changes goes
    to the end; so its first is the one to take. (Those who are to leave stand in one by the order of marking, R16.)

Matching only where something has changed (R8)
    Between events no head can be taken. An arrival concerns only itself; ended work only the lines of the agent's
    group; a level that opens, a boundary and a deferred contact that gives up may concern any line, and are rare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.contacts import Outcome, Trigger
from simulator.jit import cells, inlined_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Flags = NDArray[np.uint8]

OPEN, SERVED, CONTAINED = int(Outcome.OPEN), int(Outcome.SERVED), int(Outcome.CONTAINED)
ABANDONED, CLOSED, CUT = int(Outcome.ABANDONED), int(Outcome.CLOSED), int(Outcome.CUT)
NOT_MADE, BALKED, GONE = int(Outcome.NOT_MADE), int(Outcome.BALKED), int(Outcome.GONE)
CALLED_BACK, TO_COME = int(Outcome.CALLBACK), int(Outcome.TO_COME)
IF_LOST, IF_CONTAINED, IF_SERVED = int(Trigger.LOST), int(Trigger.CONTAINED), int(Trigger.SERVED)
IF_CALLBACK, IF_LATE, TRIGGERS = int(Trigger.CALLBACK), int(Trigger.LATE), len(Trigger)
NEVER = np.inf
# R1: the kinds of happenings, in their order within one instant; to leave the bot or to follow up is an arrival, too.
LEVEL_OPENS, WORK_ENDS, BOUNDARY, PATIENCE_ENDS, ARRIVAL, LATER_ARRIVAL = range(1, 7)
NOBODY = NOWHERE = -1

# The columns of each kind of thing. First what there is one of; the tournament begins behind.
CHANGES, LATEST, LATEST_GONE, CHANNELS, GROUPS, GROUPS_END, LINES, LINES_END, LINE_WIDTH, AGENT_WIDTH = range(10)
ORDER, ORDER_END, COMING, OPENING, GIVING_UP, TO_MARK, FIRSTS, FOLLOW_UPS, INTERVAL, TOURNAMENT = range(10, 20)

# A node of the tournament or a place in a heap: a time, and whose it is.
TIME, WHOSE, ENTRY_WIDTH = range(3)

# A channel.
IS_OPEN, BOT_IS_ON, CUTS, REOPENS, BOT_CAPACITY, IN_BOT, HEARS, TELLS, TOLD_PATIENCE, CALLBACK_FROM = range(10)
LAST_WAIT, SILENT_WORK, AFTER_OPENING, PROMISE, PROMISE_END, CHANNEL_WIDTH = range(10, 16)

# A knot of a channel's promise to follow-ups.
DUE_FROM, DUE_AT, DUE_RATE, KNOT_WIDTH = range(4)

# A line. Its stretch of places begins at START, who waits stands from HEAD to before TAIL. Behind follow, for each
# group, the desk at which it takes the contacts, its speed now, and its speed at a pace of 1.
CHANNEL, LIVE, PRIORITY, RANK, START, HEAD, TAIL, SKILLS, SKILLS_END, WAITS, WAITS_END = range(11)
ESCALATED_WORK, ESCALATED_PATIENCE, BY_GROUP = range(11, 14)
ITS_DESK, ITS_SPEED, PLAIN_SPEED, BY_GROUP_WIDTH = range(4)

# A skill: a group that may take a line's contacts, when they have waited for OPENS_AFTER.
GROUP, LEVEL, OPENS_AFTER, SKILL_WIDTH = range(4)

# A desk: how a group works on a channel. Behind SLOTS follow, for each number of contacts in hand, the list of the
# agents who hold so many (NOWHERE if they are free for nothing), and the speed at which they do.
SLOTS, BY_HELD = range(2)
HOLDING, SLOT_SPEED, BY_HELD_WIDTH = range(3)

# An agent or a list of agents: a list is a ring of agents and itself.
NEXT, PREVIOUS, LENGTH, LIST_WIDTH = range(4)
OF_GROUP, LEAF, LIST, CHANGED, HELD, DESK, UPDATED, ASIDE, REMAINING_ASIDE, MARKED, ON_DUTY, NUMBER, HAND = range(2, 15)
IN_SLOT, REMAINING, SINCE, SLOT_WIDTH = range(4)

# A group; then the three numbers that the ledger adds up over time (R21), each with its sum and up to when.
INDEX, FIRST_AGENT, AGENTS_END, IDLE, TO_LEAVE, INTERRUPTIBLE, SERVES, SERVES_END, RESERVE, RESERVED = range(10)
PACE, QUALITY, ON_CALL, CALLED_FROM, CALLED_FROM_WAIT, LEAD, STAY, RELEASED_AT, CALLED, COMES = range(10, 20)
STAFF, RESUMING, OVERTIME, BUSY, IN_HAND, GROUP_WIDTH = 20, 21, 22, 25, 28, 31
SUM, SETTLED, INTEGRAL_WIDTH = 1, 2, 3


class Columns(NamedTuple):
    """What is known of the contacts: columns of `Contacts` and of `ContactRecords`, [contact] each.

    Flags are 0 or 1: Numba has no pointers to truth values.
    """

    arrival: Floats
    line: Ints
    """Where the cells of its line begin."""
    work: Floats
    patience: Floats
    meets_bot: Flags
    contained: Flags
    bot_time: Floats
    tolerance: Floats
    silent: Flags
    after: Ints
    """Of follow-ups, as the next four: the contact it follows."""
    trigger: Ints
    delay: Floats
    resolved_by: Floats
    waits_for_opening: Flags
    follow_up: Ints
    """TRIGGERS of each contact: the number of what follows, or NOBODY. Only there if anybody has a follow-up."""
    edges: Floats
    """Of intervals."""
    reopens: Ints
    """Of each channel's intervals: the first interval from there on in which it is open."""
    taken_by: Ints
    """The agent who has taken it, or NOBODY."""
    entered: Floats
    started: Floats
    """While the contact waits: its rank in the line (R7), which is when it joined if live, when it is due if not."""
    ended: Floats
    """While the contact waits: when it will give up."""
    handled: Floats
    """While the contact waits: the work that it will be."""
    arrived: Floats
    due: Floats
    outcome: Ints


# -- R1: what happens next ---------------------------------------------------------------------------------------------


@kernel
def play(
    whole_numbers: Ints,
    real_numbers: Floats,
    edges: Floats,
    is_open: Bools,
    reopens: Ints,
    bot_on: Bools,
    pace: Floats,
    quality: Floats,
    staffing: Ints,
    ledger: Floats,
    present: Ints,
    arrival: Floats,
    patience: Floats,
    meets_bot: Flags,
    contained: Flags,
    bot_time: Floats,
    line: Ints,
    work: Floats,
    tolerance: Floats,
    silent: Flags,
    after: Ints,
    trigger: Ints,
    delay: Floats,
    resolved_by: Floats,
    waits_for_opening: Flags,
    follow_up: Ints,
    instants: Floats,
    kinds: Ints,
) -> None:
    """R1: always what has the smallest (time, kind, number), to the end of the horizon (R3).

    Numbers as laid out; columns of the centre and of the contacts, with the line of each and what follows it; to be
    filled are `ledger` [group, integral, interval], `present` [group, interval], `instants` [6, contact], of which the
    last is when each is due already, and `kinds` [3, contact]: the columns of `ContactRecords`.
    """
    whole, real = cells(whole_numbers), cells(real_numbers)
    contacts = Columns(
        arrival=cells(arrival),
        line=cells(line),
        work=cells(work),
        patience=cells(patience),
        meets_bot=cells(meets_bot),
        contained=cells(contained),
        bot_time=cells(bot_time),
        tolerance=cells(tolerance),
        silent=cells(silent),
        after=cells(after),
        trigger=cells(trigger),
        delay=cells(delay),
        resolved_by=cells(resolved_by),
        waits_for_opening=cells(waits_for_opening),
        follow_up=cells(follow_up),
        edges=cells(edges),
        reopens=cells(reopens),
        taken_by=cells(kinds[1]),
        entered=cells(instants[0]),
        started=cells(instants[1]),
        ended=cells(instants[2]),
        handled=cells(instants[3]),
        arrived=cells(instants[4]),
        due=cells(instants[5]),
        outcome=cells(kinds[0]),
    )
    count, intervals = len(arrival) - len(after), len(edges) - 1
    whole[FIRSTS], whole[FOLLOW_UPS] = count, len(after)
    instants[:3] = np.nan
    instants[3] = 0.0
    instants[4, :count] = arrival[:count]
    instants[4, count:] = np.nan
    kinds[0] = OPEN
    kinds[1] = NOBODY
    coming, opening, giving_up = first_of(whole, COMING), first_of(whole, OPENING), first_of(whole, GIVING_UP)
    winner = TOURNAMENT + ENTRY_WIDTH
    at_door, interval = 0, 0
    while True:
        now, kind = NEVER, LATER_ARRIVAL
        if at_door < count:
            now, kind = 0.0 + contacts.arrival[at_door], ARRIVAL  # R2: one addition, so that -0.0 is 0.0
        if before(real[coming + TIME], whole[coming + WHOSE], now, at_door):
            now, kind = real[coming + TIME], LATER_ARRIVAL
        if real[giving_up + TIME] <= now:
            now, kind = real[giving_up + TIME], PATIENCE_ENDS
        if edges[interval] <= now:
            now, kind = 0.0 + edges[interval], BOUNDARY
        if real[winner + TIME] <= now:
            now, kind = real[winner + TIME], WORK_ENDS
        if real[opening + TIME] <= now:
            now, kind = real[opening + TIME], LEVEL_OPENS

        if kind == WORK_ENDS:
            on_work_ends(whole, real, contacts, now)
        elif kind >= ARRIVAL:
            if kind == ARRIVAL:
                contact = at_door
                at_door += 1
            else:
                contact = pop(whole, real, whole[COMING])
            on_arrival(whole, real, contacts, contact, kind == LATER_ARRIVAL, now)
        elif kind == BOUNDARY:
            if interval > 0:
                settle_ledger(whole, real, ledger, interval - 1, now)
            if interval == intervals:
                on_end(whole, real, contacts, now)
                read_out(whole, contacts, kinds)
                return
            whole[INTERVAL] = interval
            close_channels(whole, real, contacts, is_open[:, interval], bot_on[:, interval], now)
            change_paces(whole, real, contacts, pace[:, interval], quality[:, interval], now)
            for number in range(len(staffing)):
                present[number, interval] = on_duty(whole, real, contacts, number, interval, staffing[number, interval])
            change_staff(whole, real, present[:, interval], now)
            match_all(whole, real, contacts, now)
            interval += 1
        elif kind == LEVEL_OPENS:
            on_level_opens(whole, real, contacts, now)
        else:
            on_patience_ends(whole, real, contacts, now)


@inlined_kernel
def before(time: float, number: int, other_time: float, other_number: int) -> bool:
    """R1, R7: the order of two of a kind."""
    return time < other_time or (time == other_time and number < other_number)


@inlined_kernel
def first_of(whole: Ints, heap: int) -> int:
    """The first entry of a heap; its TIME is NEVER if the heap is empty."""
    return whole[heap] + ENTRY_WIDTH


@kernel
def push(whole: Ints, real: Floats, heap: int, time: float, whose: int) -> None:
    """Add to a heap; its size is in `whole[heap]`, its entries follow."""
    place = whole[heap] + 1
    whole[heap] = place
    while place > 1:
        entry, parent = heap + place * ENTRY_WIDTH, heap + (place >> 1) * ENTRY_WIDTH
        if not before(time, whose, real[parent + TIME], whole[parent + WHOSE]):
            break
        real[entry + TIME], whole[entry + WHOSE] = real[parent + TIME], whole[parent + WHOSE]
        place >>= 1
    entry = heap + place * ENTRY_WIDTH
    real[entry + TIME], whole[entry + WHOSE] = time, whose


@kernel
def pop(whole: Ints, real: Floats, heap: int) -> int:
    """Take the first from a heap: whose it is."""
    size = whole[heap]
    whole[heap] = size - 1
    last = heap + size * ENTRY_WIDTH
    first, time, whose = whole[heap + ENTRY_WIDTH + WHOSE], real[last + TIME], whole[last + WHOSE]
    place = 1
    while 2 * place < size:
        child = heap + 2 * place * ENTRY_WIDTH
        other = child + ENTRY_WIDTH
        place *= 2
        if place + 1 < size and before(
            real[other + TIME], whole[other + WHOSE], real[child + TIME], whole[child + WHOSE]
        ):
            child = other
            place += 1
        if before(time, whose, real[child + TIME], whole[child + WHOSE]):
            place >>= 1
            break
        entry = heap + (place >> 1) * ENTRY_WIDTH
        real[entry + TIME], whole[entry + WHOSE] = real[child + TIME], whole[child + WHOSE]
    entry = heap + place * ENTRY_WIDTH
    real[entry + TIME], whole[entry + WHOSE] = time, whose
    if size == 1:
        real[entry + TIME] = NEVER
    return first


@inlined_kernel
def replay(whole: Ints, leaf: int) -> None:
    """Play the tournament of the ends of work again from a leaf, as far up as the winner changes.

    Node 1 is the winner; nodes 2i and 2i + 1 have played for node i. The bits of times from 0 on, read as whole
    numbers, are in the order of the times, and whole numbers are compared without a branch that the processor has to
    guess. Equal times are few, so theirs is guessed well. (A leaf where nobody works has NEVER plus its number in the
    bits: later than any time, never equal to another, and as a real number no number at all, which no clock reaches.)
    """
    node, entry = leaf, TOURNAMENT + leaf * ENTRY_WIDTH
    time, whose = whole[entry + TIME], whole[entry + WHOSE]
    while node > 1:
        rival = TOURNAMENT + (node ^ 1) * ENTRY_WIDTH
        rival_time, rival_whose = whole[rival + TIME], whole[rival + WHOSE]  # both at once, or a branch is made of it
        if rival_time == time:
            whose = min(whose, rival_whose)
        else:
            whose = rival_whose if rival_time < time else whose
            time = min(time, rival_time)
        node >>= 1
        winner = TOURNAMENT + node * ENTRY_WIDTH
        if whole[winner + TIME] == time and whole[winner + WHOSE] == whose:
            return
        whole[winner + TIME], whole[winner + WHOSE] = time, whose


@inlined_kernel
def enter(whole: Ints, real: Floats, leaf: int, time: float, whose: int) -> None:
    """Put into a leaf of the tournament who ends first there, and when; a NEVER is later than any time."""
    entry = TOURNAMENT + leaf * ENTRY_WIDTH
    real[entry + TIME], whole[entry + WHOSE] = time, whose
    if time == NEVER:
        whole[entry + TIME] += leaf


# -- Arriving ----------------------------------------------------------------------------------------------------------


@inlined_kernel
def on_arrival(whole: Ints, real: Floats, contacts: Columns, contact: int, later: bool, now: float) -> None:
    """R4, R5: a contact comes to the front door, or leaves the bot; later than known at first, it may be either."""
    line = contacts.line[contact]
    channel = whole[line + CHANNEL]
    work, patience = contacts.work[contact], contacts.patience[contact]
    meets_bot = contacts.meets_bot[contact] == 1 and now >= 0 and whole[channel + BOT_IS_ON] == 1
    if later:
        if np.isnan(contacts.arrived[contact]):
            if not follows_up(whole, real, contacts, contact, now):
                return
        else:
            meets_bot = False
            whole[channel + IN_BOT] -= 1
            if contacts.contained[contact] == 1:
                close(contacts, contact, CONTAINED, now)
                bring_about(whole, real, contacts, contact, IF_CONTAINED, now)
                return
            work *= real[line + ESCALATED_WORK]
            patience *= real[line + ESCALATED_PATIENCE]
    if meets_bot and whole[channel + IN_BOT] < whole[channel + BOT_CAPACITY]:
        whole[channel + IN_BOT] += 1
        push(whole, real, whole[COMING], now + contacts.bot_time[contact], contact)
    else:
        on_agents_door(whole, real, contacts, contact, line, work, patience, now)


@inlined_kernel
def on_agents_door(
    whole: Ints, real: Floats, contacts: Columns, contact: int, line: int, work: float, patience: float, now: float
) -> None:
    """R6: a contact comes to the agents' door."""
    live, channel = whole[line + LIVE] == 1, whole[line + CHANNEL]
    if whole[channel + IS_OPEN] == 0 and now >= 0:
        lose(whole, real, contacts, contact, CLOSED, now)
        return
    contacts.entered[contact] = now
    contacts.started[contact] = now if live else contacts.due[contact]
    contacts.handled[contact] = work
    whole[LATEST] = contact
    if not live:
        expect_chaser(whole, real, contacts, contact, now)
    first = head(whole, contacts, line, now)
    if first == NOBODY or before(contacts.started[contact], contact, contacts.started[first], first):
        agent = find_agent(whole, real, contacts, line, contact, now)
        if agent != NOBODY:
            take(whole, real, contacts, agent, contact, now)
            return
    if live and whole[channel + HEARS] == 1:
        patience = tell(whole, real, contacts, contact, channel, patience, now)
        if contacts.outcome[contact] != OPEN:
            return
    contacts.ended[contact] = now + patience  # R19, until something else ends the wait
    join(whole, contacts, line, contact)
    if contacts.ended[contact] < NEVER and (not live or matters(whole, contacts, contact)):
        push(whole, real, whole[GIVING_UP], contacts.ended[contact], contact)
    if whole[line + WAITS] < whole[line + WAITS_END]:
        push(whole, real, whole[OPENING], now + real[whole[line + WAITS]], contact)


@kernel
def tell(
    whole: Ints, real: Floats, contacts: Columns, contact: int, channel: int, patience: float, now: float
) -> float:
    """R23, R24: what becomes of a live contact that hears how long it is likely to wait; its patience then."""
    expected = real[channel + LAST_WAIT]
    if expected >= real[channel + CALLBACK_FROM] and followed(whole, contacts, contact, IF_CALLBACK) != NOBODY:
        close(contacts, contact, CALLED_BACK, now)
        bring_about(whole, real, contacts, contact, IF_CALLBACK, now)
    elif whole[channel + TELLS] == 1:
        if expected > contacts.tolerance[contact]:
            lose(whole, real, contacts, contact, BALKED, now)
        return patience * real[channel + TOLD_PATIENCE]
    return patience


@inlined_kernel
def matters(whole: Ints, contacts: Columns, contact: int) -> bool:
    """Whether it matters to anybody else at which instant a live contact gives up."""
    return contacts.silent[contact] == 1 or followed(whole, contacts, contact, IF_LOST) != NOBODY


@inlined_kernel
def join(whole: Ints, contacts: Columns, line: int, contact: int) -> None:
    """R7: a contact takes its place in the line: nearly always the last, as promises keep the order of arrival."""
    first, place = whole[line + HEAD], whole[line + TAIL]
    whole[line + TAIL] = place + 1
    while place > first and before(
        contacts.started[contact], contact, contacts.started[whole[place - 1]], whole[place - 1]
    ):
        whole[place] = whole[place - 1]
        place -= 1
    whole[place] = contact


# -- Waiting -----------------------------------------------------------------------------------------------------------


@inlined_kernel
def has_gone(whole: Ints, contacts: Columns, contact: int, now: float) -> bool:
    """R19: whether a live contact that stood in a line has given up before what happens now.

    Patience that ends at this very instant has ended if, by R1, a later happening of this instant has been already: an
    arrival (of another contact: one who has no patience is still there while it arrives), or else the end of the
    patience of a deferred contact with a larger number.
    """
    gives_up = contacts.ended[contact]
    if gives_up != now:
        return gives_up < now
    if contacts.entered[whole[LATEST]] == now:
        return contact != whole[LATEST]
    return contacts.ended[whole[LATEST_GONE]] == now and contact < whole[LATEST_GONE]


@inlined_kernel
def head(whole: Ints, contacts: Columns, line: int, now: float) -> int:
    """R7: the contact at the head of a line, when those who have given up are gone; NOBODY if nobody waits."""
    place, tail, live = whole[line + HEAD], whole[line + TAIL], whole[line + LIVE] == 1
    while place < tail:
        contact = whole[place]
        if contacts.outcome[contact] == OPEN:
            if live and has_gone(whole, contacts, contact, now):
                contacts.outcome[contact] = ABANDONED
            else:
                whole[line + HEAD] = place
                return contact
        elif contacts.outcome[contact] == GONE:  # R25: nobody knows
            whole[line + HEAD] = place
            return contact
        place += 1
    whole[line + HEAD] = whole[line + TAIL] = whole[line + START]  # the places nearest in memory
    return NOBODY


@kernel
def on_patience_ends(whole: Ints, real: Floats, contacts: Columns, now: float) -> None:
    """R19, R25: a contact gives up, unless an agent has it by now."""
    contact = pop(whole, real, whole[GIVING_UP])
    if contacts.outcome[contact] != OPEN or contacts.taken_by[contact] != NOBODY:
        return
    if contacts.silent[contact] == 1:
        lose(whole, real, contacts, contact, GONE, now)
        return
    lose(whole, real, contacts, contact, ABANDONED, now)
    whole[LATEST_GONE] = contact
    if whole[contacts.line[contact] + LIVE] == 0:
        match_all(whole, real, contacts, now)


@kernel
def on_level_opens(whole: Ints, real: Floats, contacts: Columns, now: float) -> None:
    """R9: a contact has waited long enough for further groups."""
    contact = pop(whole, real, whole[OPENING])
    if not is_waiting(whole, contacts, contact, now):
        return
    line = contacts.line[contact]
    for wait in range(whole[line + WAITS], whole[line + WAITS_END]):
        opens = contacts.entered[contact] + real[wait]
        if opens > now:
            push(whole, real, whole[OPENING], opens, contact)
            break
    match_all(whole, real, contacts, now)


@inlined_kernel
def is_waiting(whole: Ints, contacts: Columns, contact: int, now: float) -> bool:
    """Whether a contact that has joined its line is still there."""
    if contacts.taken_by[contact] != NOBODY:
        return False
    if contacts.outcome[contact] != OPEN:
        return contacts.outcome[contact] == GONE
    return whole[contacts.line[contact] + LIVE] == 0 or not has_gone(whole, contacts, contact, now)


# -- What follows ------------------------------------------------------------------------------------------------------


@inlined_kernel
def followed(whole: Ints, contacts: Columns, contact: int, trigger: int) -> int:
    """What follows a contact to which this happens; NOBODY if nothing does."""
    if whole[FOLLOW_UPS] == 0:
        return NOBODY
    return contacts.follow_up[contact * TRIGGERS + trigger]


@inlined_kernel
def bring_about(whole: Ints, real: Floats, contacts: Columns, contact: int, trigger: int, now: float) -> None:
    """R22: this has happened to a contact; what follows, if anything does, will come."""
    follow_up = followed(whole, contacts, contact, trigger)
    if follow_up != NOBODY:
        contacts.outcome[follow_up] = TO_COME
        send(whole, real, contacts, follow_up, now + contacts.delay[follow_up - whole[FIRSTS]])


@kernel
def send(whole: Ints, real: Floats, contacts: Columns, follow_up: int, comes: float) -> None:
    """R22: let a follow-up come at an instant, or after the opening."""
    row, comes = follow_up - whole[FIRSTS], max(comes, 0.0)
    if contacts.waits_for_opening[row] == 1:
        # The edges end with the horizon; what comes later than that never comes.
        interval, channel = whole[INTERVAL], whole[contacts.line[follow_up] + CHANNEL]
        intervals = contacts.reopens[whole[channel + REOPENS] - 1]
        while interval < intervals and contacts.edges[interval + 1] <= comes:
            interval += 1
        if interval == intervals:
            return
        reopens = contacts.reopens[whole[channel + REOPENS] + interval]
        if reopens == intervals:
            return
        if reopens > interval:
            comes = contacts.edges[reopens] + np.fmod(contacts.delay[row], real[channel + AFTER_OPENING])
    push(whole, real, whole[COMING], comes, follow_up)


@inlined_kernel
def expect_chaser(whole: Ints, real: Floats, contacts: Columns, contact: int, now: float) -> None:
    """R26: the customer will ask again when the message is late."""
    chaser = followed(whole, contacts, contact, IF_LATE)
    if chaser != NOBODY and contacts.due[contact] < NEVER:
        asks = contacts.due[contact] + contacts.delay[chaser - whole[FIRSTS]]
        send(whole, real, contacts, chaser, max(asks, now))


@kernel
def follows_up(whole: Ints, real: Floats, contacts: Columns, contact: int, now: float) -> bool:
    """R22, R26: whether a follow-up that was to come now comes: a chaser only if it is still needed."""
    row = contact - whole[FIRSTS]
    if contacts.trigger[row] == IF_LATE and contacts.outcome[contacts.after[row]] != OPEN:
        return False
    contacts.outcome[contact] = OPEN
    contacts.arrived[contact] = now
    channel = whole[contacts.line[contact] + CHANNEL]
    knot = whole[channel + PROMISE]
    while knot + KNOT_WIDTH < whole[channel + PROMISE_END] and real[knot + KNOT_WIDTH + DUE_FROM] <= now:
        knot += KNOT_WIDTH
    contacts.due[contact] = real[knot + DUE_AT] + real[knot + DUE_RATE] * (now - real[knot + DUE_FROM])  # R7
    return True


@inlined_kernel
def lose(whole: Ints, real: Floats, contacts: Columns, contact: int, outcome: int, now: float) -> None:
    """The attempt was in vain; there may be another (R22)."""
    close(contacts, contact, outcome, now)
    bring_about(whole, real, contacts, contact, IF_LOST, now)


# -- Who serves whom ---------------------------------------------------------------------------------------------------


@inlined_kernel
def match(whole: Ints, real: Floats, contacts: Columns, start: int, end: int, now: float) -> None:
    """R8: give the foremost head that can be taken to an agent, until none can. The lines are given in their rank."""
    while True:
        foremost, taker, rank = NOBODY, NOBODY, 0
        for place in range(start, end):
            line = whole[place]
            if whole[line + HEAD] == whole[line + TAIL]:
                continue
            if foremost != NOBODY and whole[line + RANK] > rank:
                break
            contact = head(whole, contacts, line, now)
            if contact == NOBODY:
                continue
            if foremost != NOBODY and before(contacts.started[foremost], foremost, contacts.started[contact], contact):
                continue
            agent = find_agent(whole, real, contacts, line, contact, now)
            if agent != NOBODY:
                foremost, taker, rank = contact, agent, whole[line + RANK]
        if foremost == NOBODY:
            return
        whole[contacts.line[foremost] + HEAD] += 1
        take(whole, real, contacts, taker, foremost, now)


@kernel
def match_all(whole: Ints, real: Floats, contacts: Columns, now: float) -> None:
    """R8 among all lines."""
    match(whole, real, contacts, whole[ORDER], whole[ORDER_END], now)


@inlined_kernel
def find_agent(whole: Ints, real: Floats, contacts: Columns, line: int, contact: int, now: float) -> int:
    """R9, R10: the agent who gets the contact; NOBODY if none can take it."""
    found, level = NOBODY, 0
    for skill in range(whole[line + SKILLS], whole[line + SKILLS_END], SKILL_WIDTH):
        if found != NOBODY and whole[skill + LEVEL] != level:
            break
        if now >= contacts.entered[contact] + real[skill + OPENS_AFTER]:
            agent = free_in_group(whole, contacts, whole[skill + GROUP], line)
            if agent != NOBODY and (found == NOBODY or serves_before(whole, agent, found)):
                found, level = agent, whole[skill + LEVEL]
    if found == NOBODY and whole[line + LIVE] == 1:
        found = interruptible_agent(whole, real, contacts, line, contact, now)
    return found


@inlined_kernel
def serves_before(whole: Ints, agent: int, other: int) -> bool:
    """R10: fewest contacts in hand, then hands unchanged longest."""
    if whole[agent + HELD] != whole[other + HELD]:
        return whole[agent + HELD] < whole[other + HELD]
    return whole[agent + CHANGED] < whole[other + CHANGED]


@inlined_kernel
def free_in_group(whole: Ints, contacts: Columns, group: int, line: int) -> int:
    """R10, R11, R12, R14: the group's free agent with the fewest contacts in hand, hands unchanged longest."""
    idle = whole[group + IDLE]
    if whole[idle + LENGTH] > 0 and (whole[line + LIVE] == 1 or whole[idle + LENGTH] > whole[group + RESERVED]):
        return whole[idle + NEXT]
    resuming = whole[group + RESUMING]
    if resuming != NOBODY and yields(whole, contacts, resuming, line):
        return resuming
    desk = desk_of(whole, line, group)
    for held in range(whole[desk + SLOTS] - 1):
        holding = whole[desk + BY_HELD + held * BY_HELD_WIDTH + HOLDING]
        agent = whole[holding + NEXT]
        while agent != holding:
            if yields(whole, contacts, agent, line):
                return agent
            agent = whole[agent + NEXT]
    return NOBODY


@inlined_kernel
def yields(whole: Ints, contacts: Columns, agent: int, line: int) -> bool:
    """R14: whether the work that the agent has put aside, if any, lets it take a contact of the line."""
    aside = whole[agent + ASIDE]
    if aside == NOBODY:
        return True
    return whole[line + LIVE] == 1 and whole[line + PRIORITY] <= whole[contacts.line[aside] + PRIORITY]


@kernel
def interruptible_agent(whole: Ints, real: Floats, contacts: Columns, line: int, contact: int, now: float) -> int:
    """R13: the agent whose deferred work a live contact may interrupt; NOBODY if there is none."""
    found, level = NOBODY, 0
    for skill in range(whole[line + SKILLS], whole[line + SKILLS_END], SKILL_WIDTH):
        if found != NOBODY and whole[skill + LEVEL] != level:
            break
        if now >= contacts.entered[contact] + real[skill + OPENS_AFTER]:
            interruptible = whole[whole[skill + GROUP] + INTERRUPTIBLE]
            agent = whole[interruptible + NEXT]
            while agent != interruptible:
                if whole[contacts.line[whole[agent + HAND + IN_SLOT]] + PRIORITY] >= whole[line + PRIORITY]:
                    if found == NOBODY or whole[agent + CHANGED] < whole[found + CHANGED]:
                        found, level = agent, whole[skill + LEVEL]
                    break
                agent = whole[agent + NEXT]
    return found


# -- Working -----------------------------------------------------------------------------------------------------------


@inlined_kernel
def take(whole: Ints, real: Floats, contacts: Columns, agent: int, contact: int, now: float) -> None:
    """An agent takes a contact, which stands in no line any more."""
    line = contacts.line[contact]
    desk = desk_of(whole, line, whole[agent + OF_GROUP])
    if whole[agent + HELD] > 0 and whole[agent + DESK] != desk:
        put_aside(whole, real, contacts, agent, now)
    work, channel = contacts.handled[contact], whole[line + CHANNEL]
    if whole[line + LIVE] == 1:
        real[channel + LAST_WAIT] = now - contacts.entered[contact]  # R23
    if contacts.outcome[contact] == GONE:
        work = real[channel + SILENT_WORK]  # R25
    else:
        contacts.ended[contact] = np.nan
    contacts.started[contact] = now
    contacts.handled[contact] = 0.0
    contacts.taken_by[contact] = agent
    take_up(whole, real, contacts, agent, contact, desk, work, now)


@kernel
def put_aside(whole: Ints, real: Floats, contacts: Columns, agent: int, now: float) -> None:
    """R13: the deferred work in hand is interrupted; what remains of it is kept."""
    settle(whole, real, contacts, agent, now)
    whole[agent + ASIDE] = whole[agent + HAND + IN_SLOT]
    real[agent + REMAINING_ASIDE] = real[agent + HAND + REMAINING]
    let_go(whole, real, contacts, agent, agent + HAND, now)


@inlined_kernel
def take_up(
    whole: Ints, real: Floats, contacts: Columns, agent: int, contact: int, desk: int, remaining: float, now: float
) -> None:
    """R15: work on a contact begins, or is resumed."""
    group, held = whole[agent + OF_GROUP], whole[agent + HELD]
    if held == 0:
        whole[agent + DESK] = desk
        change(whole, real, group + BUSY, +1, now)
    else:
        settle(whole, real, contacts, agent, now)
    slot = agent + HAND + held * SLOT_WIDTH
    whole[slot + IN_SLOT], real[slot + REMAINING], real[slot + SINCE] = contact, remaining, now
    whole[agent + HELD] = held + 1
    change(whole, real, group + IN_HAND, +1, now)
    retime(whole, real, contacts, agent, now)
    replay(whole, whole[agent + LEAF])
    hands_changed(whole, agent)


@inlined_kernel
def let_go(whole: Ints, real: Floats, contacts: Columns, agent: int, slot: int, now: float) -> None:
    """R15: work on what is in that slot of the agent's hand stops, finished or put aside."""
    group, held = whole[agent + OF_GROUP], whole[agent + HELD] - 1
    if held > 0:
        settle(whole, real, contacts, agent, now)
    contacts.handled[whole[slot + IN_SLOT]] += now - real[slot + SINCE]
    last = agent + HAND + held * SLOT_WIDTH
    whole[slot + IN_SLOT] = whole[last + IN_SLOT]
    real[slot + REMAINING], real[slot + SINCE] = real[last + REMAINING], real[last + SINCE]
    whole[agent + HELD] = held
    change(whole, real, group + IN_HAND, -1, now)
    if held == 0:
        change(whole, real, group + BUSY, -1, now)
    retime(whole, real, contacts, agent, now)
    hands_changed(whole, agent)


@inlined_kernel
def desk_of(whole: Ints, line: int, group: int) -> int:
    """Where a group takes the contacts of a line."""
    return whole[line + BY_GROUP + whole[group + INDEX] * BY_GROUP_WIDTH + ITS_DESK]


@inlined_kernel
def rate(whole: Ints, real: Floats, contacts: Columns, agent: int, contact: int) -> float:
    """R15: work done in a second on a contact in hand."""
    group, held = whole[agent + OF_GROUP], whole[agent + HELD] - 1
    speed = real[contacts.line[contact] + BY_GROUP + whole[group + INDEX] * BY_GROUP_WIDTH + ITS_SPEED]
    return speed * real[whole[agent + DESK] + BY_HELD + held * BY_HELD_WIDTH + SLOT_SPEED]


@inlined_kernel
def settle(whole: Ints, real: Floats, contacts: Columns, agent: int, now: float) -> None:
    """R15: count the work done so far on everything in hand."""
    passed = now - real[agent + UPDATED]
    for held in range(whole[agent + HELD]):
        slot = agent + HAND + held * SLOT_WIDTH
        done = passed * rate(whole, real, contacts, agent, whole[slot + IN_SLOT])
        real[slot + REMAINING] = max(real[slot + REMAINING] - done, 0.0)


@inlined_kernel
def retime(whole: Ints, real: Floats, contacts: Columns, agent: int, now: float) -> None:
    """R15: say anew when each contact in hand ends; the agent enters the tournament with the first of them."""
    earliest, whose = NEVER, NOBODY
    for held in range(whole[agent + HELD]):
        slot = agent + HAND + held * SLOT_WIDTH
        contact = whole[slot + IN_SLOT]
        ends = now + real[slot + REMAINING] / rate(whole, real, contacts, agent, contact)
        if before(ends, contact, earliest, whose):
            earliest, whose = ends, contact
    real[agent + UPDATED] = now
    enter(whole, real, whole[agent + LEAF], earliest, whose)


@inlined_kernel
def on_work_ends(whole: Ints, real: Floats, contacts: Columns, now: float) -> None:
    """The work on a contact ends; the agent is free for the next."""
    contact = whole[TOURNAMENT + ENTRY_WIDTH + WHOSE]
    agent = contacts.taken_by[contact]
    group = whole[agent + OF_GROUP]
    slot = agent + HAND
    while whole[slot + IN_SLOT] != contact:
        slot += SLOT_WIDTH
    let_go(whole, real, contacts, agent, slot, now)
    if contacts.outcome[contact] == OPEN:
        close(contacts, contact, SERVED, now)
        follow_up = followed(whole, contacts, contact, IF_SERVED)
        if follow_up != NOBODY and real[group + QUALITY] < contacts.resolved_by[follow_up - whole[FIRSTS]]:  # R22
            bring_about(whole, real, contacts, contact, IF_SERVED, now)
    match(whole, real, contacts, whole[group + SERVES], whole[group + SERVES_END], now)
    if whole[agent + HELD] == 0:
        aside = whole[agent + ASIDE]
        if aside != NOBODY:  # R14
            whole[agent + ASIDE] = NOBODY
            desk = desk_of(whole, contacts.line[aside], group)
            take_up(whole, real, contacts, agent, aside, desk, real[agent + REMAINING_ASIDE], now)
        elif whole[agent + MARKED] == 1:  # R17
            leave(whole, real, agent, now)
    replay(whole, whole[agent + LEAF])


@inlined_kernel
def close(contacts: Columns, contact: int, outcome: int, now: float) -> None:
    """The contact has its outcome."""
    contacts.outcome[contact] = outcome
    contacts.ended[contact] = now


# -- Staff -------------------------------------------------------------------------------------------------------------


@kernel
def close_channels(whole: Ints, real: Floats, contacts: Columns, is_open: Bools, bot_on: Bools, now: float) -> None:
    """R18, R20, R23: which channels are open in the interval that begins, and which bots are on; [channel] each."""
    for number in range(len(is_open)):
        channel = whole[CHANNELS] + number * CHANNEL_WIDTH
        if whole[channel + IS_OPEN] == 1 and not is_open[number] and whole[channel + CUTS] == 1:
            cut_lines(whole, real, contacts, channel, now)
        if whole[channel + IS_OPEN] == 0 and is_open[number]:
            real[channel + LAST_WAIT] = 0.0  # R23
        whole[channel + IS_OPEN] = int(is_open[number])
        whole[channel + BOT_IS_ON] = int(bot_on[number])


@kernel
def change_paces(whole: Ints, real: Floats, contacts: Columns, pace: Floats, quality: Floats, now: float) -> None:
    """R27: work in hand goes on at the new pace; [group] each."""
    for number in range(len(pace)):
        group = whole[GROUPS] + number * GROUP_WIDTH
        real[group + QUALITY] = quality[number]
        if real[group + PACE] == pace[number]:
            continue
        first, end, width = whole[group + FIRST_AGENT], whole[group + AGENTS_END], whole[AGENT_WIDTH]
        for agent in range(first, end, width):
            settle(whole, real, contacts, agent, now)
        real[group + PACE] = pace[number]
        for line in range(whole[LINES], whole[LINES_END], whole[LINE_WIDTH]):
            by_group = line + BY_GROUP + number * BY_GROUP_WIDTH
            real[by_group + ITS_SPEED] = real[by_group + PLAIN_SPEED] * pace[number]
        for agent in range(first, end, width):
            if whole[agent + HELD] > 0:
                retime(whole, real, contacts, agent, now)
                replay(whole, whole[agent + LEAF])


@kernel
def on_duty(whole: Ints, real: Floats, contacts: Columns, number: int, interval: int, staffing: int) -> int:
    """R28: how many agents of a group are on duty in the interval that begins."""
    group = whole[GROUPS] + number * GROUP_WIDTH
    if whole[group + ON_CALL] == 0:
        return staffing
    now, waiting, expected = contacts.edges[interval], 0, -1.0
    for place in range(whole[group + SERVES], whole[group + SERVES_END]):
        line = whole[place]
        if whole[line + LIVE] == 1 and whole[whole[line + CHANNEL] + IS_OPEN] == 1:
            expected = max(expected, real[whole[line + CHANNEL] + LAST_WAIT])
        for standing in range(whole[line + HEAD], whole[line + TAIL]):
            waiting += is_waiting(whole, contacts, whole[standing], now)
    long_wait = expected >= real[group + CALLED_FROM_WAIT]
    if whole[group + CALLED] == 0:
        if waiting >= whole[group + CALLED_FROM] or long_wait:
            whole[group + CALLED], whole[group + COMES] = 1, interval + whole[group + LEAD]
    elif (
        interval >= whole[group + COMES] + whole[group + STAY]
        and waiting <= whole[group + RELEASED_AT]
        and not long_wait
    ):
        whole[group + CALLED] = 0
    return staffing if whole[group + CALLED] == 1 and interval >= whole[group + COMES] else 0


@kernel
def change_staff(whole: Ints, real: Floats, present: Ints, now: float) -> None:
    """R18: groups change in their order; [group] agents on duty in the interval that begins."""
    for number in range(len(present)):
        group = whole[GROUPS] + number * GROUP_WIDTH
        whole[group + RESERVED] = reserved(whole, group)
        more = present[number] - whole[group + STAFF]
        whole[group + STAFF] = present[number]
        if more > 0:
            more_agents(whole, real, group, more, now)
        elif more < 0:
            fewer_agents(whole, real, group, -more, now)


@kernel
def reserved(whole: Ints, group: int) -> int:
    """R12: how many idle agents are kept back; none while no live channel that the group serves is open."""
    for place in range(whole[group + SERVES], whole[group + SERVES_END]):
        line = whole[place]
        if whole[line + LIVE] == 1 and whole[whole[line + CHANNEL] + IS_OPEN] == 1:
            return whole[group + RESERVE]
    return 0


@kernel
def more_agents(whole: Ints, real: Floats, group: int, count: int, now: float) -> None:
    """R16: marked agents stay, then new ones come."""
    to_leave, width = whole[group + TO_LEAVE], whole[AGENT_WIDTH]
    absent = whole[group + FIRST_AGENT]
    for _ in range(count):
        agent = whole[to_leave + PREVIOUS]
        if agent != to_leave:
            unlink(whole, agent)
            whole[agent + MARKED] = 0
            change(whole, real, group + OVERTIME, -1, now)
        else:
            while whole[absent + ON_DUTY] == 1:
                absent += width
            agent = absent
            whole[agent + ON_DUTY] = 1
        hands_changed(whole, agent)


@kernel
def fewer_agents(whole: Ints, real: Floats, group: int, count: int, now: float) -> None:
    """R17: idle agents leave, then busy ones are marked; hands unchanged longest first."""
    idle, leaving = whole[group + IDLE], whole[TO_MARK]
    while count > 0 and whole[idle + LENGTH] > 0:
        leave(whole, real, whole[idle + NEXT], now)
        count -= 1
    if count == 0:
        return
    for agent in range(whole[group + FIRST_AGENT], whole[group + AGENTS_END], whole[AGENT_WIDTH]):
        if whole[agent + ON_DUTY] == 1 and whole[agent + MARKED] == 0:
            push(whole, real, leaving, whole[agent + CHANGED], agent)
    for _ in range(count):
        agent = pop(whole, real, leaving)
        whole[agent + MARKED] = 1
        change(whole, real, group + OVERTIME, +1, now)
        unlink(whole, agent)
        link(whole, agent, whole[group + TO_LEAVE])
    whole[leaving] = 0


@inlined_kernel
def leave(whole: Ints, real: Floats, agent: int, now: float) -> None:
    """R17: an agent goes home."""
    unlink(whole, agent)
    whole[agent + ON_DUTY] = 0
    if whole[agent + MARKED] == 1:
        whole[agent + MARKED] = 0
        change(whole, real, whole[agent + OF_GROUP] + OVERTIME, -1, now)


@inlined_kernel
def hands_changed(whole: Ints, agent: int) -> None:
    """R10: an agent's hands have changed: it goes to the end of the list that says what it is free for (R11)."""
    whole[CHANGES] += 1
    whole[agent + CHANGED] = whole[CHANGES]
    if whole[agent + MARKED] == 1:
        return
    unlink(whole, agent)
    group, held = whole[agent + OF_GROUP], whole[agent + HELD]
    if whole[group + RESUMING] == agent:
        whole[group + RESUMING] = NOBODY
    if held > 0:
        place = whole[whole[agent + DESK] + BY_HELD + (held - 1) * BY_HELD_WIDTH + HOLDING]
        if place != NOWHERE:
            link(whole, agent, place)
    elif whole[agent + ASIDE] != NOBODY:
        whole[group + RESUMING] = agent
    else:
        link(whole, agent, whole[group + IDLE])


@inlined_kernel
def link(whole: Ints, agent: int, place: int) -> None:
    """Put an agent at the end of a list."""
    last = whole[place + PREVIOUS]
    whole[last + NEXT] = whole[place + PREVIOUS] = agent
    whole[agent + PREVIOUS], whole[agent + NEXT], whole[agent + LIST] = last, place, place
    whole[place + LENGTH] += 1


@inlined_kernel
def unlink(whole: Ints, agent: int) -> None:
    """Take an agent out of its list, if it stands in one."""
    place = whole[agent + LIST]
    if place != NOWHERE:
        previous, following = whole[agent + PREVIOUS], whole[agent + NEXT]
        whole[previous + NEXT], whole[following + PREVIOUS] = following, previous
        whole[agent + LIST] = NOWHERE
        whole[place + LENGTH] -= 1


# -- Closing -----------------------------------------------------------------------------------------------------------


@kernel
def cut_lines(whole: Ints, real: Floats, contacts: Columns, channel: int, now: float) -> None:
    """R20: the channel closes, and whoever waits in its lines is cut."""
    for line in range(whole[LINES], whole[LINES_END], whole[LINE_WIDTH]):
        if whole[line + CHANNEL] == channel:
            for place in range(whole[line + HEAD], whole[line + TAIL]):
                contact = whole[place]
                if contacts.outcome[contact] == OPEN:
                    if has_gone(whole, contacts, contact, now):
                        contacts.outcome[contact] = ABANDONED
                    else:
                        lose(whole, real, contacts, contact, CUT, now)
            whole[line + HEAD] = whole[line + TAIL]


# -- Ledger ------------------------------------------------------------------------------------------------------------


@inlined_kernel
def change(whole: Ints, real: Floats, integral: int, by: int, now: float) -> None:
    """R21: add up what has grown since the last change, then change the number."""
    real[integral + SUM] += whole[integral] * (now - real[integral + SETTLED])
    real[integral + SETTLED] = now
    whole[integral] += by


@kernel
def settle_ledger(whole: Ints, real: Floats, ledger: Floats, interval: int, now: float) -> None:
    """R21: bring every integral up to now, the end of an interval."""
    for number in range(ledger.shape[0]):
        for k in range(ledger.shape[1]):
            integral = whole[GROUPS] + number * GROUP_WIDTH + OVERTIME + k * INTEGRAL_WIDTH
            change(whole, real, integral, 0, now)
            ledger[number, k, interval] = real[integral + SUM]
            real[integral + SUM] = 0.0


@kernel
def on_end(whole: Ints, real: Floats, contacts: Columns, now: float) -> None:
    """R3: the last boundary. What is in hand has been handled up to here; what has no outcome stays open."""
    for group in range(whole[GROUPS], whole[GROUPS_END], GROUP_WIDTH):
        for agent in range(whole[group + FIRST_AGENT], whole[group + AGENTS_END], whole[AGENT_WIDTH]):
            for held in range(whole[agent + HELD]):
                slot = agent + HAND + held * SLOT_WIDTH
                contacts.handled[whole[slot + IN_SLOT]] += now - real[slot + SINCE]
    for line in range(whole[LINES], whole[LINES_END], whole[LINE_WIDTH]):
        for place in range(whole[line + HEAD], whole[line + TAIL]):
            contact = whole[place]
            if contacts.outcome[contact] == OPEN:
                if whole[line + LIVE] == 1 and has_gone(whole, contacts, contact, now):
                    contacts.outcome[contact] = ABANDONED
                else:
                    contacts.ended[contact] = np.nan


@kernel
def read_out(whole: Ints, contacts: Columns, kinds: Ints) -> None:
    """Turn where an agent's cells begin into its group and number; and leave nothing of what never began."""
    for contact in range(kinds.shape[1]):
        agent = kinds[1, contact]
        if agent == NOBODY:
            contacts.started[contact] = np.nan
            contacts.handled[contact] = 0.0
            kinds[2, contact] = NOBODY
        else:
            kinds[1, contact], kinds[2, contact] = whole[whole[agent + OF_GROUP] + INDEX], whole[agent + NUMBER]
    for contact in range(whole[FIRSTS], kinds.shape[1]):
        if np.isnan(contacts.arrived[contact]) and contacts.outcome[contact] == OPEN:
            contacts.outcome[contact] = NOT_MADE
