"""The loops behind a summary, compiled.

Each goes once through the contacts in the order of their rows, which is that of arrival, and adds in that order: one
addition after the other gives the same bits on every processor. What is counted is defined in `tallies`, `waits` and
`backlog`, which call these functions; `row` is a contact's row in the columns of `simulator.contacts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import Cause, Outcome
from simulator.jit import inlined_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

IS_OPEN, IS_SERVED, IS_CONTAINED = int(Outcome.OPEN), int(Outcome.SERVED), int(Outcome.CONTAINED)
IS_ABANDONED, IS_CLOSED, IS_CUT = int(Outcome.ABANDONED), int(Outcome.CLOSED), int(Outcome.CUT)
IS_BALKED, IS_CALLBACK, IS_GONE = int(Outcome.BALKED), int(Outcome.CALLBACK), int(Outcome.GONE)
REDIAL, BOUNCE, REPEAT, HAND_ON = int(Cause.REDIAL), int(Cause.BOUNCE), int(Cause.REPEAT), int(Cause.HAND_ON)
NEED, RETRY, CALLBACK, CHASER = int(Cause.NEED), int(Cause.RETRY), int(Cause.CALLBACK), int(Cause.CHASER)

# The members of `tallies.ContactTally`, in its order; a test compares the two.
ARRIVED, ENQUIRIES, RESOLVED_ENQUIRIES, OPEN_ENQUIRIES, ENQUIRIES_TO_COME, LOST_ENQUIRIES, LOST_ORDERS = range(7)
MET_BOT, CONTAINED, CLOSED, BOUNCED = range(7, 11)
OFFERED, ANSWERED, ANSWERED_WITHIN, ABANDONED, GONE, BALKED, ABANDONED_WITHIN, SHORT_ABANDONED = range(11, 19)
CUT, CALLBACKS_BOOKED, CALLBACKS_MADE, CALLBACKS_CUT, REDIALS, CHASERS, SERVED, CAME_BACK, OPEN = range(19, 28)
FELL_DUE, IN_TIME, OVERDUE, ANSWERED_WAIT, CALLBACK_WAIT, GONE_TIME, WAIT = range(28, 35)
HANDLING_TIME, TIME_TO_FINISH, WORK = range(35, 38)


# -- Tallies -----------------------------------------------------------------------------------------------------------


# What became of an enquiry. Of several ends the one furthest down counts.
LOST_FOR_GOOD, WILL_COME_AGAIN, STILL_OPEN, RESOLVED = range(4)


@kernel
def fates(enquiry: Ints, followed_by: Ints, to_come: Bools, in_vain: Bools, outcome: Ints, fate: Ints) -> None:
    """Find out what became of each enquiry, in any order of the rows: [contact] `fate`, told at its first contact.

    An enquiry ends with the contact that nothing has followed. Where a message was chased there are two ends: the
    message is still in line, or was answered after all, whatever became of the chaser. `fate` comes as zeros.
    """
    for row in range(len(enquiry)):
        if to_come[row]:
            end = WILL_COME_AGAIN
        elif followed_by[row] != NEED:
            continue
        elif outcome[row] == IS_OPEN:
            end = STILL_OPEN
        elif is_lost(outcome[row]) or in_vain[row]:
            end = LOST_FOR_GOOD
        else:
            end = RESOLVED
        fate[enquiry[row]] = max(fate[enquiry[row]], end)


@kernel
def tally(
    edges: Floats,
    first_of_day: Ints,
    live: Bools,
    within: Floats,
    short_abandon: Floats,
    bot_on: Bools,
    arrival: Floats,
    channel: Ints,
    topic: Ints,
    customer_class: Ints,
    work: Floats,
    due: Floats,
    meets_bot: Bools,
    bot_time: Floats,
    attempt: Ints,
    cause: Ints,
    followed_by: Ints,
    in_vain: Bools,
    fate: Ints,
    order_share: Floats,
    escalated_work: Floats,
    entered: Floats,
    started: Floats,
    ended: Floats,
    handled: Floats,
    outcome: Ints,
    topics: int,
    classes: int,
    adds: Floats,
    by_interval: Floats,
    by_day: Floats,
    abandonments: Ints,
) -> int:
    """Fill the three last tables, which are those of a `Summary`, from zeros; `by_day` is [tally, cell, day + 1].

    Without a tally, `by_day` is left out.
    A cell is a channel, topic and class of customers, of which there are so many topics and classes.
    `adds` [cell, tally] is what the contacts of the interval in hand add; zeros as well. `fate` is
    what `fates` finds, `order_share` [channel and topic] the share of enquiries that carry an order,
    `escalated_work` [channel and topic] what multiplies the work of who comes from the bot.
    Comparisons with nan are false: who never joined, was never taken or has not ended counts nowhere.

    Returns
    -------
    int
        -1; or the first row whose channel, topic or class is not there, and then the tables are of no use.
    """
    intervals, cells_of_channel = len(edges) - 1, topics * classes
    interval = day = -1  # the starting backlog, whose column is the last
    for row in range(len(arrival)):
        if arrival[row] >= edges[interval + 1]:
            close_interval(adds, by_interval, by_day, cells_of_channel, interval, day)
            interval = min(first_after(edges, arrival[row]), intervals) - 1
            while day + 1 < len(first_of_day) and interval >= first_of_day[day + 1]:
                day += 1
        at, about, whose = channel[row], topic[row], customer_class[row]
        if at < 0 or at >= len(live) or about < 0 or about >= topics or whose < 0 or whose >= classes:
            return row
        kind = at * topics + about
        cell = kind * classes + whose
        served, contained = outcome[row] == IS_SERVED and not in_vain[row], outcome[row] == IS_CONTAINED
        still_open = outcome[row] == IS_OPEN
        wait = waited(outcome[row], entered[row], started[row], ended[row])

        adds[cell, ARRIVED] += 1.0
        if attempt[row] == 0:
            adds[cell, ENQUIRIES] += 1.0
            if fate[row] == RESOLVED:
                adds[cell, RESOLVED_ENQUIRIES] += 1.0
            elif fate[row] == STILL_OPEN:
                adds[cell, OPEN_ENQUIRIES] += 1.0
            elif fate[row] == WILL_COME_AGAIN:
                adds[cell, ENQUIRIES_TO_COME] += 1.0
            else:
                adds[cell, LOST_ENQUIRIES] += 1.0
                adds[cell, LOST_ORDERS] += order_share[kind]
        # The backlog has been past the bot.
        bot_is_there = interval >= 0 and bot_on[at, interval]
        met_bot = (
            bot_is_there and meets_bot[row] and was_with_bot(arrival[row], bot_time[row], entered[row], ended[row])
        )
        if met_bot:
            adds[cell, MET_BOT] += 1.0
        if contained:
            adds[cell, CONTAINED] += 1.0
            if followed_by[row] == BOUNCE:
                adds[cell, BOUNCED] += 1.0
        if outcome[row] == IS_CLOSED:
            adds[cell, CLOSED] += 1.0
        joined, taken = not np.isnan(entered[row]), not np.isnan(started[row])
        if joined and outcome[row] != IS_BALKED and outcome[row] != IS_CALLBACK:
            adds[cell, WORK] += work[row] * escalated_work[kind] if met_bot else work[row]
        if is_callback(cause[row]):
            if taken:
                adds[cell, CALLBACKS_MADE] += 1.0
                adds[cell, CALLBACK_WAIT] += wait
            if outcome[row] == IS_CUT:
                adds[cell, CALLBACKS_CUT] += 1.0
        elif outcome[row] == IS_CALLBACK:
            adds[cell, CALLBACKS_BOOKED] += 1.0
        elif joined:
            adds[cell, OFFERED] += 1.0
            if not np.isnan(wait):
                adds[cell, WAIT] += wait
            if taken and outcome[row] != IS_GONE:
                adds[cell, ANSWERED] += 1.0
                adds[cell, ANSWERED_WAIT] += wait
                if live[at] and started[row] <= entered[row] + within[at]:
                    adds[cell, ANSWERED_WITHIN] += 1.0
        if outcome[row] == IS_GONE:
            adds[cell, GONE] += 1.0
            adds[cell, GONE_TIME] += handled[row]
        if outcome[row] == IS_BALKED:
            adds[cell, BALKED] += 1.0
        if cause[row] == REDIAL:
            adds[cell, REDIALS] += 1.0
        if cause[row] == CHASER:
            adds[cell, CHASERS] += 1.0
        if outcome[row] == IS_ABANDONED or outcome[row] == IS_GONE:
            adds[cell, ABANDONED] += 1.0
            if ended[row] <= entered[row] + within[at]:
                adds[cell, ABANDONED_WITHIN] += 1.0
            if ended[row] < entered[row] + short_abandon[at]:
                adds[cell, SHORT_ABANDONED] += 1.0
            if ended[row] >= 0:  # some of the backlog may have done so before the horizon began
                abandonments[at, min(first_after(edges, ended[row]), intervals) - 1] += 1
        if outcome[row] == IS_CUT:
            adds[cell, CUT] += 1.0
        if served:
            adds[cell, SERVED] += 1.0
            if followed_by[row] == REPEAT or followed_by[row] == HAND_ON:
                adds[cell, CAME_BACK] += 1.0
            adds[cell, HANDLING_TIME] += handled[row]
        if served or contained:
            adds[cell, TIME_TO_FINISH] += ended[row] - arrival[row]
        if still_open:
            adds[cell, OPEN] += 1.0
        if due[row] <= edges[intervals]:
            adds[cell, FELL_DUE] += 1.0
            if (served or contained) and ended[row] <= due[row]:
                adds[cell, IN_TIME] += 1.0
            if still_open:
                adds[cell, OVERDUE] += 1.0
    close_interval(adds, by_interval, by_day, cells_of_channel, interval, day)
    return -1


@kernel
def close_interval(
    adds: Floats, by_interval: Floats, by_day: Floats, cells_of_channel: int, interval: int, day: int
) -> None:
    """Take what an interval's contacts add, [cell, tally], into the tables, and begin anew."""
    for cell in range(len(adds)):
        if adds[cell, ARRIVED] > 0.0:
            channel = cell // cells_of_channel
            for tallied in range(len(by_day)):
                by_day[tallied, cell, day] += adds[cell, tallied]
            for tallied in range(len(by_interval)):
                by_interval[tallied, channel, interval] += adds[cell, tallied]
                adds[cell, tallied] = 0.0


@inlined_kernel
def was_with_bot(arrival: float, bot_time: float, entered: float, ended: float) -> bool:
    """Whether a contact that was to meet a bot that is on did so: a bot that is full is passed by."""
    return bot_time == 0.0 or arrival not in (entered, ended)


@inlined_kernel
def is_lost(outcome: int) -> bool:
    """Whether the customer went away without what they came for."""
    return outcome in (IS_ABANDONED, IS_CLOSED, IS_CUT, IS_BALKED, IS_GONE)


@inlined_kernel
def is_callback(cause: int) -> bool:
    """Whether it is the centre that calls."""
    return cause in (CALLBACK, RETRY)


@inlined_kernel
def waited(outcome: int, entered: float, started: float, ended: float) -> float:
    """The seconds of `ContactRecords.wait`, for one contact."""
    until = ended if outcome in (IS_ABANDONED, IS_CUT, IS_GONE) else started
    return until - entered


# -- Waits -------------------------------------------------------------------------------------------------------------

# The members of `waits.Duration`, in its order; behind them the seconds of who was not answered: until giving up, being
# cut or the end of the horizon.
TO_ANSWER, TO_ANY_END, TO_FINISH, IN_VAIN = range(4)


@kernel
def durations(
    first_of_day: Floats,
    horizon: float,
    arrival: Floats,
    channel: Ints,
    cause: Ints,
    entered: Floats,
    started: Floats,
    ended: Floats,
    outcome: Ints,
    place: Ints,
    starts: Ints,
    seconds: Floats,
) -> None:
    """The seconds of those who count, of each duration, channel by channel and day by day.

    Parameters
    ----------
    first_of_day
        [day] Instant at which it begins.
    place
        [duration or in vain, channel] The first place of each channel, with room for all its contacts; will be the
        place behind its last.
    starts
        [duration or in vain, channel, day + 2] First place of the starting backlog, which is there, then of each day,
        and behind the last, to be filled.
    seconds
        [duration or in vain, place] To be filled.
    """
    period = 0
    for row in range(len(arrival)):
        while period < len(first_of_day) and arrival[row] >= first_of_day[period]:
            period += 1
            begin(place, starts, period)
        at = channel[row]
        wait = waited(outcome[row], entered[row], started[row], ended[row])
        if not is_callback(cause[row]) and not np.isnan(entered[row]):
            answered = outcome[row] != IS_GONE and not np.isnan(started[row])
            if not np.isnan(wait):
                seconds[TO_ANY_END, place[TO_ANY_END, at]] = wait
                place[TO_ANY_END, at] += 1
            if answered:
                seconds[TO_ANSWER, place[TO_ANSWER, at]] = wait
                place[TO_ANSWER, at] += 1
            else:
                until = horizon if np.isnan(ended[row]) else ended[row]
                seconds[IN_VAIN, place[IN_VAIN, at]] = until - entered[row]
                place[IN_VAIN, at] += 1
        if outcome[row] in (IS_SERVED, IS_CONTAINED) and not np.isnan(ended[row]):
            seconds[TO_FINISH, place[TO_FINISH, at]] = ended[row] - arrival[row]
            place[TO_FINISH, at] += 1
    while period <= len(first_of_day):
        period += 1
        begin(place, starts, period)


@kernel
def begin(place: Ints, starts: Ints, period: int) -> None:
    """Note where a period begins."""
    for each in range(len(place)):
        for at in range(place.shape[1]):
            starts[each, at, period] = place[each, at]


@kernel
def quantiles_between(starts: Ints, seconds: Floats, percents: Ints, quantile: Floats) -> None:
    """Quantiles of some periods.

    Parameters
    ----------
    starts
        [duration or in vain, channel, period + 1] First place of each period, and behind the last.
    seconds
        [duration or in vain, place] Sorted within each period.
    quantile
        [channel, period, duration, percent] To be filled.
    """
    channels, periods, durations, _ = quantile.shape
    for at in range(channels):
        for period in range(periods):
            for each in range(durations):
                ordered = seconds[each, starts[each, at, period] : starts[each, at, period + 1]]
                quantiles(ordered, percents, quantile[at, period, each])


@kernel
def virtual_between(starts: Ints, seconds: Floats, live: Bools, within: Floats, virtual: Floats) -> None:
    """Virtual service levels of some periods, [channel, period] `virtual`, to be filled for live channels.

    The seconds of who was answered and of who came in vain are sorted within each period.
    """
    for at in range(len(virtual)):
        for period in range(virtual.shape[1]):
            if live[at]:
                answered = seconds[TO_ANSWER, starts[TO_ANSWER, at, period] : starts[TO_ANSWER, at, period + 1]]
                lost = seconds[IN_VAIN, starts[IN_VAIN, at, period] : starts[IN_VAIN, at, period + 1]]
                virtual[at, period] = virtual_service_level(answered, lost, within[at])


@kernel
def quantiles(ordered: Floats, percents: Ints, found: Floats) -> None:
    """[percent] The shortest of the sorted times that at least that share do not exceed; nan if there are none."""
    count = len(ordered)
    for index in range(len(percents)):
        # In whole numbers, so that no rounding moves a rank.
        found[index] = ordered[(percents[index] * count + 99) // 100 - 1] if count > 0 else np.nan


@kernel
def virtual_service_level(answered: Floats, lost: Floats, within: float) -> float:
    """Share of customers whom an agent would have met within T, had nobody lost patience: P(virtual wait <= T).

    Those who gave up, were cut or still wait have shown only that their virtual wait is longer than what they waited.
    So have those who balked or chose a callback, after a wait of 0: they were told a longer wait than others, so that
    with them the estimate leans to the good side.
    The estimate is the Kaplan-Meier product over the answered, in order of wait, of 1 - 1 / (contacts that waited at
    least as long), taken from 1. It holds as far as patience does not depend on the virtual wait (topics may differ in
    both), and says nothing of the longer queue that more patience would have made. If all who were left gave up
    before T, they count as not answered.

    Source: Brown et al., Statistical analysis of a telephone call center, JASA 100 (2005), section 5.

    Parameters
    ----------
    answered
        Sorted waits in seconds that ended with an agent.
    lost
        Sorted waits of the others who joined the queue.
    within
        T, in seconds.

    Returns
    -------
    float
        The share; nan if nobody joined.
    """
    joined = len(answered) + len(lost)
    if joined == 0:
        return np.nan
    beyond, gone = 1.0, 0
    for taken in range(len(answered)):
        # A microsecond more: a wait of exactly T may come out of a subtraction as a little longer.
        if answered[taken] > within + 1e-6:
            break
        # Who gave up in the instant of an answer was still there to be answered.
        while gone < len(lost) and lost[gone] < answered[taken]:
            gone += 1
        beyond *= 1.0 - 1.0 / (joined - taken - gone)
    return 1.0 - beyond


# -- Backlog -----------------------------------------------------------------------------------------------------------


@kernel
def backlog(
    edges: Floats,
    live: Bools,
    arrival: Floats,
    channel: Ints,
    work: Floats,
    entered: Floats,
    started: Floats,
    ended: Floats,
    items: Ints,
    waiting: Floats,
    oldest: Floats,
    queued: Ints,
    work_leaves: Floats,
    known: Ints,
) -> None:
    """Fill the tables of a `Backlog`: `items`, `waiting` (its work) and `oldest`.

    All come as zeros. `queued` and `work_leaves` are further tables, with an edge more than there is, as `items` and
    `waiting`; `known` [channel] is the number of edges whose oldest item has been found.
    """
    for row in range(len(arrival)):
        at = channel[row]
        if live[at]:
            continue
        comes, joins = first_after(edges, arrival[row]), first_after(edges, entered[row])
        # Nobody goes before coming, as seen at the edges, and nothing has gone yet at the start.
        goes = max(comes, first_from(edges, ended[row]), 1)
        leaves = max(joins, first_from(edges, started[row]), 1)
        items[at, comes] += 1
        items[at, goes] -= 1
        queued[at, joins] += 1
        queued[at, leaves] -= 1
        waiting[at, joins] += work[row]
        work_leaves[at, leaves] += work[row]
        # In order of arrival, the oldest that is unfinished at an edge is the first that ends after it.
        while known[at] < len(edges) and (known[at] == 0 or not ended[row] <= edges[known[at]]):
            oldest[at, known[at]] = max(edges[known[at]] - arrival[row], 0.0)
            known[at] += 1
    # So far they have what changes at each edge.
    for at in range(len(live)):
        present, in_queue, remaining = 0, 0, 0.0
        for edge in range(len(edges)):
            present += items[at, edge]
            in_queue += queued[at, edge]
            remaining += waiting[at, edge] - work_leaves[at, edge]
            items[at, edge] = present
            # What rounding leaves of sums that have come and gone is not work.
            waiting[at, edge] = max(remaining, 0.0) if in_queue > 0 else 0.0


@kernel
def first_after(edges: Floats, instant: float) -> int:
    """The first edge after an instant; `len(edges)` if there is none, or no instant."""
    last = len(edges) - 1
    if not instant < edges[last]:
        return last + 1
    if instant < edges[0]:
        return 0
    # Intervals are alike as a rule, and then this is nearly always right at once.
    edge = int((instant - edges[0]) * (last / (edges[last] - edges[0])))
    while edges[edge] > instant:
        edge -= 1
    while not edges[edge] > instant:
        edge += 1
    return edge


@kernel
def first_from(edges: Floats, instant: float) -> int:
    """The first edge not before an instant; `len(edges)` if there is none, or no instant."""
    after = first_after(edges, instant)
    return after - 1 if after > 0 and edges[after - 1] == instant else after
