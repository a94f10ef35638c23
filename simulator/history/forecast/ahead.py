"""What the models say of the days after an origin, from what is known on it."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.forecast.open_days import open_days
from simulator.history.forecast.profile import profile_of
from simulator.history.forecast.series import calendar_days
from simulator.history.forecast.terms import terms_of
from simulator.history.forecast.totals import totals_ahead

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from simulator.history.forecast.events import Event
    from simulator.history.forecast.series import Series
    from simulator.history.forecast.terms import Term
    from simulator.scenario.calendar import Holidays

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Days after an origin, before anything is learnt from earlier errors."""

    origin: int
    """Ordinal of the last known day."""
    is_open: Bools
    """[day ahead] Days of the calendar, the first one the day after the origin."""
    log_mean: Floats
    """[day ahead] Of the day's contacts, if it is open."""
    log_sd: Floats
    """[day ahead]"""
    share: Floats
    """[day ahead, slot] Of the day's contacts."""
    dispersion: Floats
    """[slot] Variance over mean of a slot's contacts, given the day's total."""
    terms: tuple[Term, ...]
    """What the calendar tells that the models use."""


def ahead_of(known: Series, days: int, holidays: Holidays | None, events: Sequence[Event]) -> Ahead:
    """Forecast the days after the last known one.

    Parameters
    ----------
    known
        What is known.
    days
        How many days ahead.
    holidays
        Public holidays of the place. None: no day is one.
    events
        Of the past and the future. Days with a factor have it; the effect of the others is estimated by name.
    """
    calendar = calendar_days(known.first, known.last + days)
    past = len(calendar) - days
    factor: dict[date, float] = defaultdict(lambda: 1.0)
    named: dict[str, set[date]] = defaultdict(set)
    for event in events:
        if event.factor is None:
            named[event.name].add(event.date)
        else:
            factor[event.date] *= event.factor
    closed = [day for day, each in factor.items() if each == 0]
    opening = open_days(known.known, holidays, closed, days)
    planned = np.array([math.log(factor[day]) if factor[day] > 0 else 0.0 for day in calendar])
    log_total = np.full(past, np.nan)
    log_total[known.ordinal - known.first] = np.log(known.total)
    terms = terms_of(calendar, opening, {name: frozenset(of_name) for name, of_name in named.items()}, past)
    totals = totals_ahead(log_total - planned[:past], terms)
    profile = profile_of(known.count, known.ordinal)
    return Ahead(
        origin=known.last,
        is_open=np.array([opening.is_open(day) for day in calendar[past:]]),
        log_mean=totals.mean + planned[past:],
        log_sd=totals.sd,
        share=profile.share[[day.weekday() for day in calendar[past:]]],
        dispersion=profile.dispersion,
        terms=totals.terms,
    )
