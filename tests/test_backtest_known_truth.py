"""A history of which everything is known is back-tested with what infers staffing and plays days: it comes out right."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
from lived_centre import RING, lived_centre

from simulator.history.agents import train
from simulator.history.backtest import BackTest, Window, backtest


@cache
def test_of_forty_days() -> BackTest:
    """Twenty days teach, twenty are played."""
    calls = lived_centre(40)
    days = [date.fromordinal(int(day)) for day in np.unique(calls.day)]
    return backtest(calls, Window(days[0], days[19]), Window(days[20], days[39]), replications=40)
