"""The loops behind the ledger of one future, compiled: each goes once through the contacts in order of arrival.

The columns are those of `measures.made.Made`. What each sum means is told in `supplier_tally`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.jit import kernel
from simulator.measures.compiled import (
    HAND_ON,
    IS_ABANDONED,
    IS_BALKED,
    IS_CALLBACK,
    IS_CONTAINED,
    IS_GONE,
    IS_SERVED,
    REPEAT,
    first_after,
    is_callback,
    was_with_bot,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

# What a service level may count of a contact: `supplier_tally.COUNTED_BY` names the tallies, in this order.
OFFERED, ANSWERED, ANSWERED_WITHIN, ABANDONED_WITHIN, SHORT_ABANDONED, FELL_DUE, IN_TIME = range(7)


@kernel
def tally_queues(
    edges: Floats,
    day: Ints,
    bot_on: Bools,
    escalated_work: Floats,
    queue: Ints,
    own: Bools,
    arrival: Floats,
    channel: Ints,
    topic: Ints,
    customer_class: Ints,
    work: Floats,
    meets_bot: Bools,
    bot_time: Floats,
    followed_by: Ints,
    in_vain: Bools,
    entered: Floats,
    ended: Floats,
    handled: Floats,
    outcome: Ints,
    group: Ints,
    contacts: Floats,
    seconds: Floats,
    resolved: Floats,
    came: Floats,
    demand: Floats,
    served: Floats,
) -> None:
    """Fill the last six tables, from zeros: five [queue, interval], and `served` [queue, day, (others, own)].

    `queue` [class, channel, topic] is the queue of each kind of contact, -1 where the supplier does not take it;
    `own` [group] tells the supplier's groups, `day` [interval] the day of each, `escalated_work` [channel, topic] what
    multiplies the work of who comes from the bot. The starting backlog counts in the first interval.
    """
    intervals = len(edges) - 1
    for row in range(len(arrival)):
        at, about = channel[row], topic[row]
        line = queue[customer_class[row], at, about]
        if line < 0 or np.isnan(entered[row]) or outcome[row] == IS_CALLBACK:
            continue
        since = min(first_after(edges, arrival[row]), intervals) - 1  # -1 of the starting backlog
        interval = max(since, 0)
        if outcome[row] != IS_BALKED:
            met_bot = (
                since >= 0
                and bot_on[at, interval]
                and meets_bot[row]
                and was_with_bot(arrival[row], bot_time[row], entered[row], ended[row])
            )
            demand[line, interval] += work[row] * escalated_work[at, about] if met_bot else work[row]
        if outcome[row] == IS_SERVED:
            if in_vain[row]:
                continue
            came[line, interval] += 1.0
            if own[group[row]]:
                served[line, day[interval], 1] += 1.0
                contacts[line, interval] += 1.0
                seconds[line, interval] += handled[row]
                if followed_by[row] not in (REPEAT, HAND_ON):
                    resolved[line, interval] += 1.0
            else:
                served[line, day[interval], 0] += 1.0
        else:
            came[line, interval] += 1.0


@kernel
def tally_judged(
    edges: Floats,
    short_abandon: Floats,
    judged_channel: Ints,
    within: Floats,
    due_row: Ints,
    met_weight: Floats,
    counted_weight: Floats,
    due: Floats,
    arrival: Floats,
    channel: Ints,
    cause: Ints,
    entered: Floats,
    started: Floats,
    ended: Floats,
    outcome: Ints,
    in_vain: Bools,
    met: Floats,
    counted: Floats,
) -> None:
    """Fill the last two tables, [judged, interval], from zeros; the starting backlog is in no interval.

    `due_row` [judged] is the row of `due` [row, contact] that tells when contacts are due, -1 for live channels. The
    weights, [judged, what is counted], say what adds to a numerator and a denominator.
    """
    intervals = len(edges) - 1
    counts = np.zeros(7)
    for row in range(len(arrival)):
        if arrival[row] < edges[0]:
            continue
        interval = -1
        for judged in range(len(judged_channel)):
            if judged_channel[judged] != channel[row]:
                continue
            if interval < 0:
                interval = min(first_after(edges, arrival[row]), intervals) - 1
            counts[:] = 0.0
            if due_row[judged] >= 0:
                deadline = due[due_row[judged], row]
                if deadline <= edges[intervals]:
                    counts[FELL_DUE] = 1.0
                    finished = (outcome[row] == IS_SERVED and not in_vain[row]) or outcome[row] == IS_CONTAINED
                    if finished and ended[row] <= deadline:
                        counts[IN_TIME] = 1.0
            elif not is_callback(cause[row]) and outcome[row] != IS_CALLBACK and not np.isnan(entered[row]):
                counts[OFFERED] = 1.0
                latest = entered[row] + within[judged]
                if not np.isnan(started[row]) and outcome[row] != IS_GONE:
                    counts[ANSWERED] = 1.0
                    if started[row] <= latest:
                        counts[ANSWERED_WITHIN] = 1.0
            if outcome[row] in (IS_ABANDONED, IS_GONE):
                if ended[row] <= entered[row] + within[judged]:
                    counts[ABANDONED_WITHIN] = 1.0
                if ended[row] < entered[row] + short_abandon[channel[row]]:
                    counts[SHORT_ABANDONED] = 1.0
            for each in range(7):
                met[judged, interval] += met_weight[judged, each] * counts[each]
                counted[judged, interval] += counted_weight[judged, each] * counts[each]
