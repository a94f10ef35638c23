"""Which shifts the groups of a centre may work: the frozen, plain catalogue that `shift_file` reads.

All times are seconds. Clock times are local and follow the clock: a night shift is an hour shorter where the clock is
moved forward and an hour longer where it is moved back, as the hours of `scenario.hours` are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.scenario.hours import WeeklyHours


@dataclass(frozen=True, slots=True)
class Break:
    """Time within a shift in which its agent is not on duty."""

    name: str
    length: int
    earliest: int
    """After the start of the shift: the break begins no sooner,"""
    latest: int
    """and no later."""
    paid: bool


@dataclass(frozen=True, slots=True)
class ShiftKind:
    """Shifts that are alike but for when they start and how long they last."""

    name: str
    title: str
    starts: tuple[int, ...]
    """After midnight, in rising order."""
    lengths: tuple[int, ...]
    """From coming to going, all breaks included; in rising order."""
    within: WeeklyHours
    """The whole shift lies within these hours."""
    breaks: tuple[Break, ...] = ()
    """One after the other: each may only begin when the one before must be over."""
    most: int | None = None
    """Of one day; None: any number."""

    def work(self, length: int) -> int:
        """Paid seconds of a shift of this length, where the clock is not moved."""
        return length - sum(each.length for each in self.breaks if not each.paid)


@dataclass(frozen=True, slots=True)
class PeopleSource:
    """A way to more people: own hires, temporary staff, a partner."""

    name: str
    title: str
    lead: int
    """Weeks from the beginning of the search to the first day of training, or of work without training."""
    training: int
    """Weeks, paid, in which nobody helps yet."""
    pace: tuple[float, ...]
    """[week on the floor] What each is worth, against somebody who has learnt all; 1 after the last."""
    leave: float
    """Share of them that leaves from one week to the next."""
    cost_per_hour: float
    """In the scenario's currency."""
    most: int | None
    """People whose search may begin in one week; None: any number."""


@dataclass(frozen=True, slots=True)
class Hiring:
    """Who is there today, and where more may come from."""

    today: int
    """People on the payroll who have learnt all."""
    leave: float
    """Share of them that leaves from one week to the next."""
    sources: tuple[PeopleSource, ...]


@dataclass(frozen=True, slots=True)
class GroupShifts:
    """What one group may work, and the rules that hold for each of its people."""

    group: int
    """Its number in `Scenario.groups`."""
    kinds: tuple[ShiftKind, ...]
    heads: int | None = None
    """People whom the group has, net of shrinkage; None: as many as the shifts take."""
    rest: int = 0
    """From the end of a shift to the start of the next of the same person."""
    shifts_per_week: int = 7
    """Of one person at most, from Monday to Sunday. Nobody works two shifts that start on one day."""
    hours_per_week: int | None = None
    """Paid seconds of one person at most, from Monday to Sunday; None: no limit."""
    premium: tuple[tuple[WeeklyHours, float], ...] = ()
    """Hours that do not overlap, and what multiplies the price of an hour in them."""
    hiring: Hiring | None = None
    """None: nothing is said of it."""


@dataclass(frozen=True, slots=True)
class ShiftCatalogue:
    """The shifts of all groups. A group that is left out works no shifts: it comes and goes by the interval."""

    name: str
    title: str
    groups: tuple[GroupShifts, ...]
