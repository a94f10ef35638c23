"""All fits to interval reports: less than a log tells, and what is missing is an assumption that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.counts import counts_of_volumes
from simulator.history.estimators.demand import FittedVolume, fit_demand
from simulator.history.fitted_scenario.country import holidays_of
from simulator.history.fitted_scenario.erlang import Cells, agents_of, fit_patience_by_formula

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.history.estimators import Fitted
    from simulator.history.estimators.counts import Counts
    from simulator.history.fitted_scenario.calls import OnStage, Wishes
    from simulator.history.intervals.volumes import Volumes

    Floats = NDArray[np.float64]

ASSUMED_HANDLING = 300.0
ASSUMED_PATIENCE = 300.0
"""Seconds, where a report tells nothing."""
_WORKING_DAY = 9 * 3600, 17 * 3600


@dataclass(frozen=True, slots=True)
class ChannelFit:
    """What was found of one channel."""

    title: str
    volume: FittedVolume
    contacts: float
    handling: float | None
    """Mean seconds; None: the report does not say."""
    lost: float | None
    """Share that gave up; None: the report does not say."""
    asa: float | None
    """Mean wait of the answered in seconds; None: the report does not say."""
    in_time: float | None
    """The report's own service level, over its contacts; None: the report has none."""
    patience: Fitted | None
    """None: the report does not say, or there is none with which its figures belong together."""
    patience_beyond: float | None
    """Seconds: the shortest or the longest mean patience that was looked at, if its figures ask for one beyond it."""
    agents: Floats | None
    """[weekday, slot] With whom so many give up; None where the report does not say how many did."""


@dataclass(frozen=True, slots=True)
class IntervalsFit:
    """Everything that was found in interval reports."""

    wishes: Wishes
    timezone: str
    by_day: bool
    step: int
    """Seconds of a slot; of a report by day, of the slots that are assumed."""
    clock: NDArray[np.int64]
    """[slot] Where it starts, seconds after midnight."""
    first_day: date
    last_day: date
    days: int
    counts: Counts
    """Of the report, a series for each channel."""
    channels: tuple[ChannelFit, ...]
    left_out: tuple[str, ...]
    """Channels with too few contacts to fit anything."""


def working_day(step: int) -> tuple[int, int]:
    """Open hours that are assumed where nothing tells them: 09:00-17:00, and more if that is not whole intervals.

    Seconds after midnight; an interval has `step` of them.
    """
    first, last = _WORKING_DAY
    return first - first % step, last + -last % step


def fit_intervals(volumes: Volumes, wishes: Wishes, on_stage: OnStage = lambda _: None) -> IntervalsFit:
    """Fit everything that interval reports tell.

    Raises
    ------
    ValueError
        If there is too little to fit.
    """
    on_stage("demand")
    counts = counts_of_volumes(volumes)
    if not volumes.by_day:
        # Slots of whole steps of the report and of whole planning intervals.
        counts = counts.coarser(lcm(counts.step, wishes.interval))
    demand = fit_demand(counts, holidays=holidays_of(wishes.holidays), interval=counts.step)
    step = wishes.interval if volumes.by_day else counts.step
    first, last = working_day(step)
    clock = np.arange(first, last, step) if volumes.by_day else counts.clock
    on_stage("patience and agents")
    channels = [_channel(volumes, volume, step, clock) for volume in demand.volumes]
    return IntervalsFit(
        wishes=wishes,
        timezone=volumes.timezone,
        by_day=volumes.by_day,
        step=step,
        clock=clock,
        first_day=demand.dates[0],
        last_day=demand.dates[-1],
        days=len(demand.dates),
        counts=counts,
        channels=tuple(channels),
        left_out=demand.left_out,
    )


def _channel(volumes: Volumes, volume: FittedVolume, step: int, clock: NDArray[np.int64]) -> ChannelFit:
    rows = volumes.channel == volumes.channels.index(volume.name)
    offered = volumes.offered[rows]
    nothing = np.full(len(offered), np.nan)
    answered, abandoned, asa, in_time = (
        volumes.measured[role][rows] if role in volumes.measured else nothing
        for role in ("answered", "abandoned", "asa", "service_level")
    )
    abandoned = np.where(np.isnan(abandoned), offered - answered, abandoned)
    answered = np.where(np.isnan(answered), offered - abandoned, answered)
    known = ~np.isnan(abandoned)
    lost = float(abandoned[known].sum() / offered[known].sum()) if offered[known].sum() else None
    waited = ~np.isnan(asa) & (answered > 0)
    told = ~np.isnan(in_time) & (offered > 0)
    handling = volumes.mean_handling_time([volume.name])
    weekday = (volumes.day[rows] - 1) % 7
    slot = np.zeros(len(offered), dtype=np.int64) if volumes.by_day else (volumes.clock[rows] - clock[0]) // step
    days = np.bincount((np.unique(volumes.day[rows]) - 1) % 7, minlength=7)
    length = float(len(clock) * step) if volumes.by_day else float(step)
    slots = 1 if volumes.by_day else len(clock)
    # Rows of hours in which no channel has contacts hold zeros, if they are there at all.
    used = (slot >= 0) & (slot < slots)
    rows_used = (weekday[used] * slots + slot[used], offered[used], abandoned[used], asa[used], answered[used])
    cells = _cells(*rows_used, days, slots, length)
    turned = fit_patience_by_formula(cells, handling or ASSUMED_HANDLING) if lost else None
    patience = turned.mean if turned and not turned.at_bound else None
    agents = None
    if lost is not None:
        mean = patience.value if patience else ASSUMED_PATIENCE
        # Of a part of the week of which nothing is told, as many as on the whole.
        gone = np.where(np.isnan(cells.lost), lost, cells.lost)
        found = [
            agents_of(rate, share, handling or ASSUMED_HANDLING, mean)[0]
            for rate, share in zip(cells.rate.tolist(), gone.tolist(), strict=True)
        ]
        agents = np.array(found).reshape(7, slots)
        agents = np.repeat(agents, len(clock), axis=1) if volumes.by_day else agents
    return ChannelFit(
        title=volume.name,
        volume=volume,
        contacts=float(offered.sum()),
        handling=handling,
        lost=lost,
        asa=float((asa[waited] * answered[waited]).sum() / answered[waited].sum()) if waited.any() else None,
        in_time=float((in_time[told] * offered[told]).sum() / offered[told].sum()) if told.any() else None,
        patience=patience,
        patience_beyond=turned.mean.value if turned and turned.at_bound else None,
        agents=agents,
    )


def _cells(
    place: NDArray[np.int64],
    offered: Floats,
    abandoned: Floats,
    asa: Floats,
    answered: Floats,
    days: NDArray[np.int64],
    slots: int,
    length: float,
) -> Cells:
    """Means over the days of each weekday; shares over the rows that tell both who came and who gave up.

    `place` is the number of a row's slot in the week, Monday's `slots` first.
    """

    def total(values: Sequence[float] | Floats) -> Floats:
        return np.asarray(np.bincount(place, values, minlength=7 * slots), dtype=np.float64)

    told = ~np.isnan(abandoned)
    waited = np.isfinite(asa) & (answered > 0)
    came, weight = total(offered), total(np.where(waited, answered, 0.0))
    of, gone = total(np.where(told, offered, 0.0)), total(np.where(told, abandoned, 0.0))
    seconds = np.repeat(np.maximum(days, 1), slots) * length
    waits = total(np.where(waited, np.nan_to_num(asa) * answered, 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        return Cells(
            rate=came / seconds,
            lost=np.where(of > 0, gone / of, np.nan),
            asa=np.where(weight > 0, waits / weight, np.nan),
            answered=weight,
        )
