"""Quantiles of wait and the virtual wait: what no ratio of sums can tell.

A contact counts in the day of its arrival; the starting backlog counts in the horizon only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import Outcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.contacts import ContactRecords, Contacts
    from simulator.measures.yardstick import Yardstick

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

PERCENTS = (50, 80, 90, 95, 99)
"""The quantiles, in per cent."""
_PERCENTS = np.array(PERCENTS)


class Duration(IntEnum):
    """Of which contacts, and from when to when."""

    ANSWERED_WAIT = 0
    """From joining the agents' queue to an agent; contacts that an agent took."""
    WAIT = 1
    """From joining the queue to an agent, to giving up or to being cut; not those still waiting at the end."""
    TIME_TO_FINISH = 2
    """From arrival to the outcome; contacts served or contained. Who is still open is not in it: beware of a
    backlog that grows."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Exact quantiles within one replication; nan where nobody counts."""

    quantile: Floats
    """[channel, duration, percent] The shortest time that at least that share of the contacts did not exceed."""
    quantile_by_day: Floats
    """[channel, day, duration, percent]"""
    virtual: Floats
    """[channel] `virtual_service_level`; nan for deferred channels."""
    virtual_by_day: Floats
    """[channel, day]"""


def waits(yardstick: Yardstick, contacts: Contacts, records: ContactRecords) -> Waits:
    """Quantiles and virtual service level of every channel, for the horizon and for each day of arrival."""
    channels = len(yardstick.live)
    first_of_day = yardstick.edges[yardstick.first_intervals("day")]
    quantile = np.full((channels, len(first_of_day) + 1, len(Duration), len(PERCENTS)), np.nan)
    virtual = np.full((channels, len(first_of_day) + 1), np.nan)
    columns = _durations(yardstick.horizon, contacts, records)
    for channel, within in enumerate(yardstick.within):
        rows = np.flatnonzero(contacts.channel == channel)
        first = np.searchsorted(contacts.arrival[rows], first_of_day)
        *durations, lost = (_sorted_by_period(column[rows], first) for column in columns)
        for period, seconds in enumerate(zip(*durations, strict=True)):
            quantile[channel, period] = [quantiles(each) for each in seconds]
            if yardstick.live[channel]:
                answered = seconds[Duration.ANSWERED_WAIT]
                virtual[channel, period] = virtual_service_level(answered, lost[period], within)
    return Waits(
        quantile=quantile[:, -1],
        quantile_by_day=quantile[:, :-1],
        virtual=virtual[:, -1],
        virtual_by_day=virtual[:, :-1],
    )


def _durations(horizon: float, contacts: Contacts, records: ContactRecords) -> list[Floats]:
    """[duration + 1][contact] The seconds of each `Duration`, then those waited in vain; nan for who does not count.

    Who is not answered has waited in vain until giving up, being cut, or the end of the horizon.
    """
    wait, answered = records.wait, ~np.isnan(records.started)
    lost = np.where(np.isnan(wait), horizon - records.entered, wait)
    finished = (records.outcome == Outcome.SERVED) | (records.outcome == Outcome.CONTAINED)
    return [
        np.where(answered, wait, np.nan),
        wait,
        np.where(finished, records.ended - contacts.arrival, np.nan),
        np.where(answered, np.nan, lost),
    ]


def _sorted_by_period(seconds: Floats, first_of_day: Ints) -> list[Floats]:
    """[day + 1] The numbers among the seconds of one channel, sorted: of each day, at last of the horizon."""
    known = np.flatnonzero(~np.isnan(seconds))
    first = np.searchsorted(known, first_of_day)
    numbers = seconds[known]
    return [*(np.sort(numbers[a:b]) for a, b in pairwise([*first, len(known)])), np.sort(numbers)]


def quantiles(seconds: Floats) -> Floats:
    """[percent] The shortest of the sorted times that at least that share do not exceed; nan if there are none."""
    count = len(seconds)
    if count == 0:
        return np.full(len(PERCENTS), np.nan)
    # In whole numbers, so that no rounding moves a rank.
    return seconds.take((_PERCENTS * count + 99) // 100 - 1)


def virtual_service_level(answered: Floats, lost: Floats, within: float) -> float:
    """Share of customers whom an agent would have met within T, had nobody lost patience: P(virtual wait <= T).

    Those who gave up, were cut or still wait have shown only that their virtual wait is longer than what they waited.
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
    # A microsecond more: a wait of exactly T may come out of a subtraction as a little longer.
    ended = answered[: np.searchsorted(answered, within + 1e-6)]
    # Who gave up in the instant of an answer was still there to be answered.
    there = joined - np.arange(len(ended)) - np.searchsorted(lost, ended)
    return float(1.0 - np.prod(1.0 - 1.0 / there))
