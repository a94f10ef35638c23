"""What changes in a group of agents over time, and what helps it: learning, being on call, ready answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from simulator.scenario.calendar import Calendar

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Learning:
    """How a group that starts together comes to the pace and quality of those who have learnt all."""

    start: date
    """First day on the floor; before it nobody of the group is there."""
    pace: tuple[float, ...]
    """[week] Multiplies the group's speed in each week since the start; 1 after the last."""
    quality: tuple[float, ...]
    """[week] Multiplies the share of contacts that are resolved at the first attempt; 1 after the last."""

    def started(self, calendar: Calendar) -> NDArray[np.bool_]:
        """[interval] Whether the group has started."""
        started: NDArray[np.bool_] = self._tenure(calendar) >= 0
        return started

    def by_interval(self, by_week: tuple[float, ...], calendar: Calendar) -> Floats:
        """[interval] A figure that is given by week of tenure; before the start that of the first week."""
        learnt = np.append(by_week, 1.0)
        return learnt[np.clip(self._tenure(calendar) // 7, 0, len(by_week))]

    def _tenure(self, calendar: Calendar) -> NDArray[np.int64]:
        """[interval] Days since the start, negative before it."""
        return calendar.day_of_interval + (calendar.start - self.start).days


@dataclass(frozen=True, slots=True)
class OnCall:
    """When a group that waits at home is called, and when it goes again."""

    waiting: int | None
    """Called when so many contacts or more wait for what it serves; None: not by their number."""
    wait: float
    """Seconds: called when the expected wait of a live channel that it serves is this or more; inf: never."""
    lead: float
    """Seconds from the call to coming; whole intervals."""
    stay: float
    """Seconds that it stays at least; whole intervals."""
    released_at: int
    """Contacts waiting, down to which it may go."""


@dataclass(frozen=True, slots=True)
class ReadyAnswers:
    """A knowledge base, text modules, suggested replies: less work on some contacts, for some groups."""

    name: str
    title: str
    reach: float
    """Share of the contacts for which there is an answer."""
    saving: float
    """Share of the handling time that it saves on those."""
    channels: tuple[int, ...]
    topics: tuple[int, ...]
    groups: tuple[int, ...]

    @property
    def work_left(self) -> float:
        """Mean share of the work that is left."""
        return 1.0 - self.reach * self.saving
