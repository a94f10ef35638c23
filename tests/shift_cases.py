"""Centres, catalogues of shifts and columns for the tests of shift planning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from simulator.planning.shifts import PossibleShifts
from simulator.scenario import load_scenario
from simulator.scenario.calendar import Calendar
from simulator.scenario.hours import WeeklyHours
from simulator.scenario.shift_catalogue import Break, GroupShifts, ShiftCatalogue, ShiftKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario

HOUR = 3600
MONDAY = date(2026, 6, 1)
ALWAYS = WeeklyHours.parse("always")


@cache
def _scenario() -> Scenario:
    return load_scenario(Path(__file__).resolve().parents[1] / "scenarios" / "phone-team.toml")


def centre(
    days: int = 1,
    interval: int = HOUR,
    costs: Sequence[float] = (10.0,),
    *,
    start: date = MONDAY,
    shrinkage: float = 0.0,
    timezone: str = "UTC",
) -> Scenario:
    """A centre with a group for each cost of an hour; nobody calls it here."""
    scenario = _scenario()
    groups = tuple(
        replace(scenario.groups[0], name=f"g{g}", title=f"Group {g}", cost_per_hour=cost, shrinkage=shrinkage)
        for g, cost in enumerate(costs)
    )
    return replace(scenario, calendar=Calendar(timezone, start, days, interval), groups=groups)


def kind(
    starts: Sequence[float],
    lengths: Sequence[float],
    *,
    breaks: Sequence[tuple[float, float, float, bool]] = (),
    within: str = "always",
    most: int | None = None,
) -> ShiftKind:
    """Shifts in hours; breaks as earliest, latest, length and whether paid."""

    def seconds(hours: float) -> int:
        return round(HOUR * hours)

    return ShiftKind(
        name="shift",
        title="Shift",
        starts=tuple(map(seconds, starts)),
        lengths=tuple(map(seconds, lengths)),
        within=WeeklyHours.parse(within),
        breaks=tuple(
            Break(f"b{number}", seconds(length), seconds(earliest), seconds(latest), paid)
            for number, (earliest, latest, length, paid) in enumerate(breaks)
        ),
        most=most,
    )


def catalogue(*groups: GroupShifts) -> ShiftCatalogue:
    return ShiftCatalogue("test", "Test", groups)


def columns(scenario: Scenario, gives: NDArray[np.int64], cost: NDArray[np.float64]) -> PossibleShifts:
    """Shifts of the one group of a centre that give what the columns say [interval, shift], and nothing else."""
    count = gives.shape[1]
    zeros, none = np.zeros(count, dtype=np.int64), np.zeros(0, dtype=np.int64)
    length = np.full(count, scenario.calendar.interval)
    return PossibleShifts(
        scenario=scenario,
        catalogue=catalogue(),
        group=zeros,
        kind=zeros,
        day=zeros,
        start=zeros,
        length=length,
        work=length,
        break_shift=none,
        break_number=none,
        break_start=none,
        gives=csr_array(gives),
        paid=gives.sum(axis=0) * float(scenario.calendar.interval),
        cost=cost,
    )
