"""Histories of whole weeks whose truth is known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.counts import Counts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FIRST = date(2026, 1, 5)
"""A Monday."""
WEEKDAYS = (1.3, 1.0, 0.95, 0.9, 1.0)
"""Factors of Monday to Friday; weekends are closed."""
SHARES = (0.1, 0.4, 0.3, 0.2)
"""Of a day's contacts, from 9:00 by hours."""


def lived(
    weeks: int,
    *,
    level: float = 1000.0,
    day_cv: float = 0.0,
    seed: int = 1,
    factors: Mapping[date, float] | None = None,
) -> Counts:
    """Weeks of a centre that is open from Monday to Friday.

    Parameters
    ----------
    weeks
        How many.
    level
        Expected contacts of a day of factor 1.
    day_cv
        Of a lognormal factor on each day; 0: no chance at all, neither of days nor of contacts, but for a thousandth on
        each day, without which there would be nothing to fit.
    seed
        Of the chance.
    factors
        Day -> what else multiplies its contacts; a day of factor 0 has none.
    """
    luck = np.random.default_rng(seed)
    days = [FIRST + timedelta(days=k) for k in range(7 * weeks) if k % 7 < 5]
    days = [day for day in days if (factors or {}).get(day, 1.0) > 0]
    expected = np.array([level * WEEKDAYS[day.weekday()] * (factors or {}).get(day, 1.0) for day in days])
    count: Floats
    if day_cv:
        variance = np.log1p(day_cv**2)
        expected *= np.exp(np.sqrt(variance) * luck.standard_normal(len(days)) - variance / 2)
        count = luck.poisson(expected[:, np.newaxis] * SHARES).astype(np.float64)
    else:
        count = expected[:, np.newaxis] * SHARES * np.exp(0.001 * luck.standard_normal((len(days), 1)))
    clock = np.arange(9, 13) * 3600
    return Counts(("phone",), tuple(days), 3600, clock, count[np.newaxis])


def report(weeks: int) -> str:
    """An interval report of such weeks, by hours, with days that differ by 5 %, and a chat with half of the calls."""
    counts = lived(weeks, day_cv=0.05)
    rows = ["date,time,channel,offered"]
    for day, slots in zip(counts.dates, counts.count[0], strict=True):
        for clock, contacts in zip(counts.clock, slots, strict=True):
            hour = f"{day},{clock // 3600:02}:00"
            rows += [f"{hour},phone,{contacts:.0f}", f"{hour},chat,{contacts // 2:.0f}"]
    return "\n".join(rows)
