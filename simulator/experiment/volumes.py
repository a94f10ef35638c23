"""Do simulated volumes behave like the file they come from? Mean and dispersion of both, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.demand import Demand, Dispersion, daily_dispersion, slot_dispersion
from simulator.demand.rates import own_contacts
from simulator.scenario.model import HistoryDemand
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

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
    """Every channel whose demand is a typical week from a file.

    Only days on which nothing but the file's own contacts are expected (no campaign, no orders), and not those on which
    the clock changes, of weekdays that the file has twice or more. The file's weekdays are weighted as the horizon's,
    so that a file with fewer Mondays is not held against a horizon with as many as Fridays.
    """
    typical = [
        c
        for c, channel in enumerate(scenario.channels)
        if isinstance(channel.demand, HistoryDemand) and channel.demand.use == "typical week"
    ]
    if not typical:
        return ()
    demand = Demand(scenario)
    # [replication, channel, interval]
    drawn = np.stack([demand.draw_counts(seed, r).sum(axis=1) for r in range(replications)])
    unmoved = (demand.expected == own_contacts(scenario)).all(axis=1)
    found = (_beside(scenario, c, drawn[:, c], unmoved[c]) for c in typical)
    return tuple(each for each in found if each is not None)


def _beside(scenario: Scenario, c: int, drawn: Ints, unmoved: Bools) -> VolumesBesideFile | None:
    """One channel from its counts [replication, interval]; None if no day can be compared."""
    history = scenario.channels[c].demand
    assert isinstance(history, HistoryDemand)
    calendar = scenario.calendar
    step = max(history.step, float(calendar.interval))
    slot_of_row, slot_of_interval = history.clock // step, np.asarray(calendar.clock_of_interval) // step
    slots = np.unique(slot_of_row)
    weekday = np.array([day.weekday() for day in history.date])
    often = [w for w in range(7) if (weekday == w).sum() > 1]
    day_of_interval = np.asarray(calendar.day_of_interval)
    days = [
        d
        for d in range(calendar.days)
        if calendar.weekday_of_day[d] in often
        and unmoved[day_of_interval == d].all()
        and (day_of_interval == d).sum() * calendar.interval == DAY
    ]
    if not days or len(drawn) < 2:
        return None
    shares = np.bincount(np.asarray(calendar.weekday_of_day)[days], minlength=7) / len(days)
    kept = shares[weekday] > 0
    weekday = weekday[kept]
    counted = _by_slot(history.count[kept].sum(axis=2) * history.scale, slot_of_row, slots)
    simulated = np.concatenate(
        [_by_slot(drawn[:, day_of_interval == d], slot_of_interval[day_of_interval == d], slots) for d in days]
    )
    alike = np.repeat(days, len(drawn))
    if not (counted.any() and simulated.any()):
        return None
    return VolumesBesideFile(
        channel=c,
        step=step,
        file_days=_weighted(counted.sum(axis=1, keepdims=True), weekday, shares),
        file_slots=_weighted(counted, weekday, shares),
        simulated_days=daily_dispersion(simulated, alike),
        simulated_slots=slot_dispersion(simulated, alike),
    )


def _weighted(counts: Floats, weekday: Ints, shares: Floats) -> Dispersion:
    """Dispersion of [day, slot], with the mean over weekdays in these shares: a stratified sample."""
    plain = slot_dispersion(counts, weekday)
    mean = variance = 0.0
    for w in np.unique(weekday):
        of_weekday = counts[weekday == w].mean(axis=1)
        mean += shares[w] * of_weekday.mean()
        variance += shares[w] ** 2 * of_weekday.var(ddof=1) / len(of_weekday)
    return Dispersion(float(mean), float(np.sqrt(variance)), plain.index, plain.index_error)


def _by_slot(counts: Floats | Ints, slot: Floats, slots: Floats) -> Floats:
    """[day, slot] Counts whose slot is one of `slots`, added up."""
    belongs = (slot[:, None] == slots).astype(np.float64)
    added: Floats = np.asarray(counts, dtype=np.float64) @ belongs
    return added
