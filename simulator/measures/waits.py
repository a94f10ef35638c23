"""Quantiles of wait and the virtual wait: what no ratio of sums can tell.

A contact counts in the day of its arrival; the starting backlog counts in the horizon only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from simulator.measures.part import Part, asked_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.measures.made import Made
    from simulator.measures.yardstick import Yardstick

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

PERCENTS = (50, 80, 90, 95, 99)
"""The quantiles, in per cent."""
_PERCENTS = np.array(PERCENTS)


class Duration(IntEnum):
    """Of which contacts, and from when to when."""

    ANSWERED_WAIT = 0
    """From joining the agents' queue to an agent; contacts that an agent took, callbacks left out."""
    WAIT = 1
    """From joining the queue to an agent, to giving up or to being cut; not those still waiting at the end, nor those
    who balked or chose a callback, nor callbacks."""
    TIME_TO_FINISH = 2
    """From arrival to the outcome; contacts served or contained. Who is still open is not in it: beware of a
    backlog that grows."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Exact quantiles within one replication; nan where nobody counts. What was not asked for refuses to be read."""

    _quantile: Floats | None
    _quantile_by_day: Floats | None
    _virtual: Floats | None
    _virtual_by_day: Floats | None

    @property
    def quantile(self) -> Floats:
        """[channel, duration, percent] The shortest time that at least that share of the contacts did not exceed."""
        return asked_for(self._quantile, "waits.quantile")

    @property
    def quantile_by_day(self) -> Floats:
        """[channel, day, duration, percent]."""
        return asked_for(self._quantile_by_day, "waits.quantile_by_day")

    @property
    def virtual(self) -> Floats:
        """[channel] `virtual_service_level`; nan for deferred channels."""
        return asked_for(self._virtual, "waits.virtual")

    @property
    def virtual_by_day(self) -> Floats:
        """[channel, day]."""
        return asked_for(self._virtual_by_day, "waits.virtual_by_day")


def waits(yardstick: Yardstick, played: Made, arrived: Ints, wanted: Part) -> Waits:
    """Quantiles and virtual service level of every channel, for the horizon and for each day of arrival.

    `arrived` [channel] are the contacts of each channel.
    """
    from simulator.measures import compiled

    if not wanted & (Part.QUANTILES | Part.VIRTUAL):
        return Waits(None, None, None, None)
    contacts, records = played.contacts, played.records
    first_of_day = yardstick.edges[yardstick.first_intervals("day")]
    kinds, channels = len(Duration) + 1, len(arrived)  # one more: the waits of those whom nobody answered
    place = np.array([np.cumsum(arrived) - arrived] * kinds)
    starts = np.empty((kinds, channels, len(first_of_day) + 2), dtype=np.int64)
    starts[..., 0] = place
    seconds = np.empty((kinds, len(contacts)))
    compiled.durations(
        first_of_day,
        yardstick.horizon,
        contacts.arrival,
        contacts.channel,
        played.cause,
        records.entered,
        records.started,
        records.ended,
        records.outcome,
        place,
        starts,
        seconds,
    )
    days, horizon = starts[..., 1:].copy(), starts[..., :: len(first_of_day) + 1].copy()
    quantile_by_day, virtual_by_day = _waits_between(days, seconds, yardstick, wanted) if Part.DAYS in wanted else _NONE
    quantile, virtual = quantile_by_day, virtual_by_day
    if Part.DAYS not in wanted or not np.array_equal(days, horizon):  # more than one day without a starting backlog
        quantile, virtual = _waits_between(horizon, seconds, yardstick, wanted)
    return Waits(
        None if quantile is None else quantile[:, 0],
        quantile_by_day,
        None if virtual is None else virtual[:, 0],
        virtual_by_day,
    )


_NONE = None, None


def _waits_between(
    starts: Ints, seconds: Floats, yardstick: Yardstick, wanted: Part
) -> tuple[Floats | None, Floats | None]:
    """Quantiles [channel, period, duration, percent] and virtual service levels [channel, period], if they are wanted.

    The seconds of each period are sorted in place, those that matter.
    """
    from simulator.measures import compiled

    matter: set[int] = set(Duration) if Part.QUANTILES in wanted else set()
    if Part.VIRTUAL in wanted:
        matter |= {Duration.ANSWERED_WAIT, compiled.IN_VAIN}
    # numpy sorts with vector instructions, which our own loops have not.
    for each in sorted(matter):
        ours = seconds[each]
        for starts_of_channel in starts[each].tolist():
            for first, behind in pairwise(starts_of_channel):
                if behind - first > 1:
                    ours[first:behind].sort()
    _, channels, behind = starts.shape
    quantile = virtual = None
    if Part.QUANTILES in wanted:
        quantile = np.empty((channels, behind - 1, len(Duration), len(PERCENTS)))
        compiled.quantiles_between(starts, seconds, _PERCENTS, quantile)
    if Part.VIRTUAL in wanted:
        virtual = np.full((channels, behind - 1), np.nan)
        compiled.virtual_between(starts, seconds, yardstick.live, yardstick.within, virtual)
    return quantile, virtual
