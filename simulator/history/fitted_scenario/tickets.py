"""All fits to tickets: who wrote when, when replies were made, and how many came in time. Work is not in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.estimators.counts import counts_of_tickets
from simulator.history.estimators.demand import FittedVolume, fit_demand
from simulator.history.fitted_scenario.country import holidays_of
from simulator.history.fitted_scenario.demand_fields import without_strays
from simulator.history.logs.zone import Zone
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.history.estimators.counts import Counts
    from simulator.history.fitted_scenario.calls import OnStage, Wishes
    from simulator.history.logs import Tickets
    from simulator.scenario.calendar import Holidays

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

_HOUR = 3600.0
PROMISES = tuple(hours * _HOUR for hours in (1, 2, 4, 8, 12, 24, 48, 72, 120, 168, 336))
"""Seconds within which teams promise replies."""
_FEWEST_REPLIES = 100
"""With fewer, open hours are an assumption."""
_STRAY_REPLIES = 0.005
"""Share of a weekday's replies before its first open interval, and as many after the last: somebody tidies up."""
_EXPECTED = 3.0
"""Replies on holidays: that none comes by chance, where so many are expected, is rarer than one in twenty."""
_STRAY_DAY = 0.02
"""Share of all replies that a weekday has at least, if it is one on which the team works."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What a team kept."""

    within: float
    """Seconds from the creation of a ticket to its first reply, by the calendar."""
    kept: float
    """Share of the tickets."""
    tickets: int
    """So old at the end of the export that it is known of them."""


@dataclass(frozen=True, slots=True)
class TicketChannelFit:
    """What was found of one channel."""

    title: str
    volume: FittedVolume
    tickets: int
    promise: Promise | None
    """None: the export has no replies, or no ticket that is old enough."""
    open_: Bools | None
    """[weekday, slot of the day] When replies are made; None with too few."""
    holidays_closed: bool
    """Whether no reply was made on any public holiday, although some had to be expected."""
    replies: int
    replies_told: bool
    """Whether any ticket says when it was replied to; if none does, its solution stands for the reply."""
    waiting: int
    """Tickets with neither a reply nor a solution when the export was made."""


@dataclass(frozen=True, slots=True)
class TicketsFit:
    """Everything that was found in tickets."""

    wishes: Wishes
    timezone: str
    counts: Counts
    """Tickets created, a series for each channel."""
    channels: tuple[TicketChannelFit, ...]
    left_out: tuple[str, ...]
    """Channels with too few tickets to fit anything."""

    @property
    def last_day(self) -> date:
        """With a ticket."""
        return self.counts.dates[-1]

    @property
    def waiting(self) -> int:
        """Of them, those with neither a reply nor a solution when the export was made."""
        return sum(channel.waiting for channel in self.channels)

    @property
    def tickets(self) -> int:
        """On all channels that could be fitted."""
        return sum(channel.tickets for channel in self.channels)


def fit_tickets(tickets: Tickets, wishes: Wishes, on_stage: OnStage) -> TicketsFit:
    """Fit everything that tickets tell.

    Raises
    ------
    ValueError
        If there is too little to fit.
    """
    on_stage("tickets")
    counts = counts_of_tickets(tickets, wishes.interval)
    demand = fit_demand(counts, holidays=holidays_of(wishes.holidays), interval=wishes.interval)
    # A ticket that is solved without a reply has been dealt with, too.
    replied = np.where(np.isnan(tickets.first_reply), tickets.solved, tickets.first_reply)
    channels = []
    for volume in demand.volumes:
        rows = tickets.channel == tickets.channels.index(volume.name)
        known = replied[rows & ~np.isnan(replied)]
        channels.append(
            TicketChannelFit(
                title=volume.name,
                volume=volume,
                tickets=int(rows.sum()),
                promise=kept_promise(tickets.created[rows], replied[rows], wishes.answered),
                open_=_open(known, tickets.timezone, wishes.interval) if len(known) >= _FEWEST_REPLIES else None,
                holidays_closed=_closed_on_holidays(known, tickets.timezone, holidays_of(wishes.holidays)),
                replies=len(known),
                replies_told=not np.isnan(tickets.first_reply[rows]).all(),
                waiting=int(np.isnan(replied[rows]).sum()),
            )
        )
    return TicketsFit(wishes, tickets.timezone, counts, tuple(channels), demand.left_out)


def kept_promise(created: Floats, replied: Floats, share: float) -> Promise | None:
    """The shortest usual promise that a share of tickets kept at least; the longest one where none was.

    Tickets count whose time was over before the last moment of the export; those without a reply (nan) broke it.
    """
    if np.isnan(replied).all():
        return None
    end = float(np.nanmax(np.append(created, replied)))
    found = None
    for within in PROMISES:
        old = created + within <= end
        if not old.any():
            break
        found = Promise(within, float((replied[old] - created[old] <= within).mean()), int(old.sum()))
        if found.kept >= share:
            break
    return found


def _closed_on_holidays(replied: Floats, timezone: str, holidays: Holidays) -> bool:
    """Whether no reply was made on any public holiday, although `_EXPECTED` were to be expected of ordinary days."""
    if len(replied) < _FEWEST_REPLIES:
        return False
    day, _ = Zone(timezone).local(replied)
    first, last = int(day.min()), int(day.max())
    days = np.arange(first, last + 1)
    closed = [each.toordinal() for each in holidays.between(date.fromordinal(first), date.fromordinal(last))]
    is_holiday = np.isin(days, closed)
    weekday, made = (days - 1) % 7, np.bincount(day - first, minlength=len(days))
    ordinary = np.bincount(weekday[~is_holiday], minlength=7)
    mean = np.bincount(weekday[~is_holiday], made[~is_holiday], minlength=7) / np.maximum(ordinary, 1)
    expected = float(mean[weekday[is_holiday]].sum())
    return not made[is_holiday].any() and expected >= _EXPECTED


def _open(replied: Floats, timezone: str, step: int) -> Bools:
    """[weekday, slot of the day] When replies are made, but for strays."""
    day, clock = Zone(timezone).local(replied)
    place = (day - 1) % 7 * (DAY // step) + (clock // step).astype(np.int64)
    made = np.bincount(place, minlength=7 * (DAY // step)).reshape(7, -1).astype(np.float64)
    total = made.sum(axis=1, keepdims=True)
    works: Bools = total >= _STRAY_DAY * len(replied)
    open_: Bools = without_strays(made / np.maximum(total, 1.0), _STRAY_REPLIES) & works
    return open_
