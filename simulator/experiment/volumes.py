"""Do simulated volumes behave like the file they come from? Mean and dispersion of both, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand import Demand, Dispersion, daily_dispersion, slot_dispersion
from simulator.scenario.model import HistoryDemand

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

COUNTED = 200
"""Replications that are drawn, not played, for the comparison."""


@dataclass(frozen=True, slots=True)
class VolumesBesideFile:
    """One channel whose demand is averaged from a volume file. Dispersion is variance over mean, 1 for Poisson."""

    channel: int
    step: float
    """Seconds: length of the slots that are compared, the longer of the file's and the planning interval."""
    file_days: Dispersion
    file_slots: Dispersion
    simulated_days: Dispersion
    simulated_slots: Dispersion


def volumes_beside_file(scenario: Scenario, seed: int, replications: int = COUNTED) -> tuple[VolumesBesideFile, ...]:
    """Every channel whose demand is a typical week from a file, on days without campaigns or holidays of its own.

    Only weekdays that both have are compared, and the file's days are weighted as the horizon's weekdays are, so that a
    file with fewer Mondays is not held against a horizon with as many as Fridays.
    """
    typical = [
        c
        for c, channel in enumerate(scenario.channels)
        if isinstance(channel.demand, HistoryDemand) and channel.demand.use == "typical week"
    ]
    if not typical:
        return ()
    demand = Demand(scenario)
    drawn = np.stack(
        [demand.draw_counts(seed, r).sum(axis=1) for r in range(replications)]
    )  # [replication, channel, i]
    found = []
    for c in typical:
        beside = _beside(scenario, c, drawn[:, c])
        if beside is not None:
            found.append(beside)
    return tuple(found)


def _beside(scenario: Scenario, c: int, drawn: Ints) -> VolumesBesideFile | None:
    history = scenario.channels[c].demand
    assert isinstance(history, HistoryDemand)
    calendar = scenario.calendar
    step = max(history.step, float(calendar.interval))
    weekday = np.array([day.weekday() for day in history.date])
    clock = np.asarray(calendar.clock_of_interval)
    day_of_interval = np.asarray(calendar.day_of_interval)
    length = np.bincount(day_of_interval, minlength=calendar.days) * calendar.interval
    days = [
        d for d in range(calendar.days) if length[d] == 86400 and calendar.weekday_of_day[d] in weekday
    ]  # the days on which the clock changes have other slots
    if not days:
        return None
    slots = np.unique(history.clock // step)
    file_counts = _by_slot(history.count.sum(axis=2) * history.scale, history.clock // step, slots)
    simulated = np.concatenate(
        [_by_slot(drawn[:, day_of_interval == d], clock[day_of_interval == d] // step, slots) for d in days]
    )
    alike = np.repeat(days, len(drawn))
    if len(np.unique(weekday)) == len(weekday) or len(drawn) < 2:
        return None
    shares = np.bincount(np.asarray(calendar.weekday_of_day)[days], minlength=7) / len(days)
    kept = shares[weekday] > 0
    file_counts, weekday = file_counts[kept], weekday[kept]
    mean = sum(share * file_counts[weekday == w].mean(axis=0) for w, share in enumerate(shares) if share)
    file_days, file_slots = daily_dispersion(file_counts, weekday), slot_dispersion(file_counts, weekday)
    return VolumesBesideFile(
        channel=c,
        step=step,
        file_days=_with_mean(file_days, float(np.sum(mean))),
        file_slots=_with_mean(file_slots, float(np.mean(mean))),
        simulated_days=daily_dispersion(simulated, alike),
        simulated_slots=slot_dispersion(simulated, alike),
    )


def _by_slot(counts: Floats | Ints, slot: Floats, slots: Floats) -> Floats:
    """[day, slot] Counts whose slot is one of `slots`, added up."""
    belongs = (slot[:, None] == slots).astype(np.float64)
    return np.asarray(counts, dtype=np.float64) @ belongs


def _with_mean(dispersion: Dispersion, mean: float) -> Dispersion:
    """The same dispersion about a mean that is weighted otherwise."""
    return Dispersion(mean, dispersion.mean_error, dispersion.index, dispersion.index_error)
