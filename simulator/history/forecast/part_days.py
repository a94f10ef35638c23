"""Days at the ends of a history that are there only in part: an export ends at noon, or its hours spill past midnight.

Such a day is no quiet day, and would be learnt as one. The first and the last day with contacts are judged by the other
days of their weekday in the quarter next to them, or by all days of it where the weekday has fewer than three. Two
signs tell a part:

- **It breaks off.** The last day has no contacts after some slot, the first none before one, and in the slots beyond,
  what it has so far lets expect e contacts: its contacts times w / (1 - w), with w the median share of those slots in
  the other days. By chance alone none would come with probability exp(-e).
- **It is far too small.** It has less than a quarter of the median of the other days, and fewer contacts than any of
  them; a Poisson count of that median would be so small with the probability of its distribution function.

A probability below 1 in 1000 makes it a part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import pdtr

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from numpy.typing import NDArray

    from simulator.history.forecast.series import Series

    Floats = NDArray[np.float64]

_QUARTER = 91
_LEAST_OTHERS = 3
_CHANCE = 0.001
_FAR_BELOW = 0.25
_WEEK = 7


def part_days(series: Series, explained: Collection[date] = ()) -> tuple[date, ...]:
    """The first and the last day of a series, as far as they are there only in part.

    Parameters
    ----------
    series
        Three days at least.
    explained
        Days of events: whatever they look like, the planner knows why.
    """
    last = len(series.ordinal) - 1
    found = [series.known[place] for place in (0, last) if _in_part(series, place, backward=place == 0)]
    return tuple(day for day in found if day not in explained)


def _in_part(series: Series, place: int, *, backward: bool) -> bool:
    day = series.count[place]
    others = _others(series, place)
    usual = others.sum(axis=1)
    total = float(day.sum())
    middle = float(np.median(usual))
    if total < min(_FAR_BELOW * middle, usual.min()) and pdtr(total, middle) < _CHANCE:
        return True
    beyond = _beyond(day[::-1] if backward else day)
    share = float(np.median((others[:, ::-1] if backward else others)[:, beyond:].sum(axis=1) / usual))
    return share >= 1 or total * share / (1 - share) > -np.log(_CHANCE)


def _beyond(day: Floats) -> int:
    """The first slot after all contacts."""
    return int(np.flatnonzero(day)[-1]) + 1


def _others(series: Series, place: int) -> Floats:
    """[day, slot] Days that a day is held against."""
    away = np.abs(series.ordinal - series.ordinal[place])
    near = (away > 0) & (away <= _QUARTER)
    alike = near & (away % _WEEK == 0)
    count: Floats = series.count[alike if alike.sum() >= _LEAST_OTHERS else near]
    return count
