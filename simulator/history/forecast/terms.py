"""What the calendar tells of a day's contacts: columns of 0 and 1, or of a season, for a regression."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from simulator.history.forecast.open_days import OpenDays

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

_YEAR = 365.25
_HARMONICS = 2


class Term(NamedTuple):
    """What a column is about."""

    kind: Literal["weekday", "first open day", "holiday", "event", "turn of the month", "season of the year"]
    name: str = ""
    """Which weekday, 0 for Monday; which event."""


MAY_HELP = (Term("turn of the month"), Term("season of the year"))
"""Terms that are used only where they tell more than they cost."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Regressors of the logarithm of a day's contacts."""

    terms: tuple[Term, ...]
    """[column] Several may be of one term."""
    columns: Floats
    """[day, column]"""

    def without(self, term: Term) -> Terms:
        """The others."""
        return self._chosen([k for k, each in enumerate(self.terms) if each != term])

    def told_apart(self, known: Bools) -> Terms:
        """Those whose effect the first days, where `known`, tell from a constant and from the terms before them."""
        there = np.flatnonzero(known)
        kept: list[int] = []
        basis = np.ones((len(there), 1))
        for k in range(len(self.terms)):
            wider = np.column_stack([basis, self.columns[there, k]])
            if np.linalg.matrix_rank(wider) == wider.shape[1]:
                basis, kept = wider, [*kept, k]
        return self._chosen(kept)

    def _chosen(self, places: Sequence[int]) -> Terms:
        return Terms(tuple(self.terms[k] for k in places), self.columns[:, places])


def terms_of(days: Sequence[date], opening: OpenDays, events: Mapping[str, frozenset[date]], known_days: int) -> Terms:
    """All terms of some days.

    Parameters
    ----------
    days
        Calendar days, one after the other.
    opening
        Which of them are open.
    events
        Name -> days of it, of events whose effect is to be estimated.
    known_days
        How many of the days lie in the past: a season of the year needs two years of them.
    """
    usual = sorted(opening.weekdays)
    # The open weekday after a closed one gets its difference from being the first, wherever a holiday moves that to.
    # Where there are several such weekdays, the others have their own difference from it.
    following = [weekday for weekday in usual if opening.follows_open(weekday)]
    starting = [weekday for weekday in usual if not opening.follows_open(weekday)]
    own = sorted([*following[1:], *starting[1:]])
    told = [(Term("weekday", str(each)), [day.weekday() == each for day in days]) for each in own]
    told.append((Term("first open day"), [opening.is_first(day) for day in days]))
    if opening.on_holidays:
        told.append((Term("holiday"), [day in opening.holidays for day in days]))
    told += [(Term("event", name), [day in dates for day in days]) for name, dates in sorted(events.items())]
    told.append((Term("turn of the month"), [opening.at_turn_of_month(day) for day in days]))
    columns = [(term, np.array(column, dtype=np.float64)) for term, column in told]
    if known_days >= 2 * _YEAR:
        angle = 2 * math.pi / _YEAR * np.array([day.toordinal() for day in days])
        waves = (wave(k * angle) for k in range(1, _HARMONICS + 1) for wave in (np.sin, np.cos))
        columns += [(Term("season of the year"), wave) for wave in waves]
    return Terms(tuple(term for term, _ in columns), np.column_stack([column for _, column in columns]))
