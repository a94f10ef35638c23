"""What happened, as far as a contract may bill it: counts of contacts, hours and heads, interval by interval."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from simulator.measures.definitions import SERVICE_LEVELS, WITHIN_DUE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from numpy.typing import NDArray

    from simulator.measures.measure import Measure
    from simulator.scenario.calendar import Calendar
    from simulator.scenario.contract import ContractDefinition

    Floats = NDArray[np.floating]

_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Team:
    """Agents whose hours or heads are billed together."""

    group: str
    language: str | None = None
    """None: no rate of a language applies."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Contacts that are billed together."""

    channel: str
    language: str | None = None
    """None: no rate of a language applies."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What `met` and `counted` count."""

    channel: str
    definition: ContractDefinition
    within: float
    """Seconds."""


@dataclass(frozen=True)
class Ledger:
    """What the supplier did and what came, in one future or in many.

    Arrays are [row, step], or [future, row, step] for many futures; either in each. The step is an interval of the
    calendar, or a day of it for heads. A contact, with its minutes, belongs to the interval in which it arrived.
    None stands for what was not kept: a contract that needs it is refused.

    Raises
    ------
    ValueError
        If an array has another shape, holds anything but finite numbers from 0, or meets more than it counts; if a row
        is there twice, or the engagement began after the first day.
    """

    calendar: Calendar
    """The days that happened. Calendar months, nights, weekends and holidays are its own."""
    teams: tuple[Team, ...] = ()
    queues: tuple[Queue, ...] = ()
    judged: tuple[Judged, ...] = ()
    logged_hours: Floats | None = None
    """[team, interval] Hours on duty."""
    fte: Floats | None = None
    """[team, day] Full-time equivalents in place."""
    trained: Floats | None = None
    """[team, day] Agents whose training was done on the day."""
    added: Floats | None = None
    """[team, day] Agents who came on top of those of the first day of the engagement."""
    offered: Floats | None = None
    """[queue, interval] Contacts offered to the supplier."""
    contacts: Floats | None = None
    """[queue, interval] Of these, handled."""
    minutes: Floats | None = None
    """[queue, interval] Minutes of handling, after-call work included."""
    resolved: Floats | None = None
    """[queue, interval] Contacts handled that did not come back."""
    met: Floats | None = None
    """[judged, interval] Numerator of the definition."""
    counted: Floats | None = None
    """[judged, interval] Its denominator."""
    forecasts: Mapping[int, Floats] = field(default_factory=dict)
    """Weeks ahead -> [queue, interval] Contacts offered to the supplier, as they were forecast then."""
    engaged: date | None = None
    """First day of the engagement; None: of the calendar. What came before the calendar is billed elsewhere."""
    notice: date | None = None
    """When the shop gave notice; None: in good time, or not at all."""

    def __post_init__(self) -> None:
        if self.engaged is not None and self.engaged > self.calendar.start:
            msg = f"The engagement began on {self.engaged}, after the first day of the ledger, {self.calendar.start}."
            raise ValueError(msg)
        for called, rows in (("team", self.teams), ("queue", self.queues), ("judged", self.judged)):
            if twice := [row for place, row in enumerate(rows) if row in rows[:place]]:
                msg = f"The ledger has a {called} twice: {twice[0]}."
                raise ValueError(msg)
        found = set()
        for name, array, height, steps in self._arrays():
            if array.ndim not in (2, 3) or array.shape[-2:] != (height, steps):
                msg = f"{name} has the shape {array.shape}; it must be ({height}, {steps}), or so for each future."
                raise ValueError(msg)
            if not (np.isfinite(array).all() and (array >= 0).all()):
                msg = f"{name} holds what is not a finite number from 0 on."
                raise ValueError(msg)
            found |= {array.shape[0]} if array.ndim == 3 else set()
        if len(found) > 1:
            msg = f"The arrays are of different numbers of futures: {', '.join(map(str, sorted(found)))}."
            raise ValueError(msg)
        if self.met is not None and self.counted is not None and (self.met > self.counted + _HAIR).any():
            msg = "More contacts met a service level than it counts."
            raise ValueError(msg)

    @property
    def futures(self) -> int:
        """Number of futures; 1 where the arrays have no such axis."""
        return max((array.shape[0] for _, array, _, _ in self._arrays() if array.ndim == 3), default=1)

    def future(self, number: int) -> Ledger:
        """One of the futures, by itself."""

        def of(array: Floats | None) -> Floats | None:
            return array[number] if array is not None and array.ndim == 3 else array

        forecasts = {weeks: each[number] if each.ndim == 3 else each for weeks, each in self.forecasts.items()}
        return replace(
            self,
            logged_hours=of(self.logged_hours),
            fte=of(self.fte),
            trained=of(self.trained),
            added=of(self.added),
            offered=of(self.offered),
            contacts=of(self.contacts),
            minutes=of(self.minutes),
            resolved=of(self.resolved),
            met=of(self.met),
            counted=of(self.counted),
            forecasts=forecasts,
        )

    def _arrays(self) -> Iterator[tuple[str, Floats, int, int]]:
        """Each array that was kept, with its name and its numbers of rows and steps."""
        intervals, days = self.calendar.intervals, self.calendar.days
        of = {
            "logged_hours": (len(self.teams), intervals),
            "fte": (len(self.teams), days),
            "trained": (len(self.teams), days),
            "added": (len(self.teams), days),
            "offered": (len(self.queues), intervals),
            "contacts": (len(self.queues), intervals),
            "minutes": (len(self.queues), intervals),
            "resolved": (len(self.queues), intervals),
            "met": (len(self.judged), intervals),
            "counted": (len(self.judged), intervals),
        }
        for name, (rows, steps) in of.items():
            array = getattr(self, name)
            if array is not None:
                yield name, array, rows, steps
        for weeks, array in self.forecasts.items():
            yield f"forecasts[{weeks}]", array, len(self.queues), intervals


def measure_of(definition: ContractDefinition) -> Measure:
    """The measure whose numerator is `Ledger.met` and whose denominator is `Ledger.counted`."""
    return WITHIN_DUE if definition == "within due" else SERVICE_LEVELS[definition]
