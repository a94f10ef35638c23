"""Sums of what happened and of what was simulated, side by side: by day, by half-hour, by queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from simulator.history.backtest.figures import Sum
from simulator.scenario.units import DAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.history.backtest.day import Played
    from simulator.history.logs import Calls

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

Cut = Literal["day", "half_hour", "queue"]
"""What a cell is: a day, a half-hour of a day, or a queue on a day."""
CUTS: tuple[Cut, ...] = get_args(Cut)
HALF_HOUR = 1800
"""Seconds."""
HALF_HOURS = DAY // HALF_HOUR
"""Of a day on the clock; one that is shown twice counts as one."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Sums of days, or of parts of them, in which somebody arrived, really or in a replication.

    The first dimension is the cell. With forecast arrivals there are cells in which nobody really arrived; they are
    judged nowhere, but what was simulated there is part of what was simulated of several days together.
    """

    day: Ints
    """[cell] Ordinal of the local date."""
    place: Ints
    """[cell] Number of the half-hour since midnight, or index of the queue; 0 of a whole day."""
    observed: Floats
    """[cell, sum] Of what happened."""
    simulated: Floats
    """[cell, replication, sum] Of what was played."""

    def __len__(self) -> int:
        return len(self.day)

    @property
    def arrived(self) -> Bools:
        """[cell] Whether somebody really arrived."""
        came: Bools = self.observed[:, Sum.OFFERED] > 0
        return came

    def where(self, which: Bools) -> Cells:
        """Some of the cells."""
        return Cells(self.day[which], self.place[which], self.observed[which], self.simulated[which])

    def by_place(self) -> Cells:
        """The same added up over days: each half-hour of the day, each queue. The day is that of the first cell.

        A replication of the sum is made of one of each day; days are played with luck of their own.
        """
        places, at = np.unique(self.place, return_inverse=True)
        observed = np.zeros((len(places), *self.observed.shape[1:]))
        simulated = np.zeros((len(places), *self.simulated.shape[1:]))
        np.add.at(observed, at, self.observed)
        np.add.at(simulated, at, self.simulated)
        return Cells(np.full(len(places), self.day.min(initial=0)), places, observed, simulated)


def sums_of_day(calls: Calls, within: float) -> Mapping[Cut, Floats]:
    """Add up what happened on one day: [place, sum] for each cut, also where nobody arrived."""
    contacts = _contacts(calls.served, calls.waited, within)
    places: Mapping[Cut, tuple[Ints, int]] = {
        "day": (np.zeros_like(calls.queue), 1),
        "half_hour": (_half_hour(calls.clock), HALF_HOURS),
        "queue": (calls.queue, len(calls.queues)),
    }
    return {cut: _added(contacts, place, count) for cut, (place, count) in places.items()}


def cells_of_day(calls: Calls, played: Played, within: float) -> Mapping[Cut, Cells]:
    """Add up one day: what happened, and each replication of it.

    Parameters
    ----------
    calls
        All calls of one local date.
    played
        The same day, simulated.
    within
        Seconds of the target; an answer at exactly that time is in time.
    """
    contacts = _contacts(played.answered, played.waited, within)
    places: Mapping[Cut, Ints] = {
        "day": np.zeros_like(played.queue),
        "half_hour": _half_hour(played.clock),
        "queue": played.queue,
    }
    result: dict[Cut, Cells] = {}
    for cut, observed in sums_of_day(calls, within).items():
        count = len(observed)
        cell = places[cut] * played.replications + played.replication
        simulated = _added(contacts, cell, count * played.replications)
        whole = Cells(
            np.full(count, calls.day[0], dtype=np.int64),
            np.arange(count),
            observed,
            simulated.reshape(count, played.replications, len(Sum)),
        )
        result[cut] = whole.where(whole.arrived | (whole.simulated[..., Sum.OFFERED] > 0).any(axis=1))
    return result


def together(days: Sequence[Mapping[Cut, Cells]]) -> Mapping[Cut, Cells]:
    """The cells of all days, day after day."""
    return {
        cut: Cells(
            *(np.concatenate([getattr(each[cut], name) for each in days]) for name in Cells.__slots__)  # in their order
        )
        for cut in CUTS
    }


def _half_hour(clock: Floats | Ints) -> Ints:
    return (clock // HALF_HOUR).astype(np.int64)


def _contacts(answered: Bools, waited: Floats, within: float) -> Mapping[Sum, Floats | None]:
    """What each contact adds to each sum; None: one."""
    return {
        Sum.OFFERED: None,
        Sum.ANSWERED: answered.astype(np.float64),
        Sum.UNANSWERED: (~answered).astype(np.float64),
        Sum.WAIT: waited,
        Sum.ANSWERED_WAIT: np.where(answered, waited, 0.0),
        Sum.WITHIN: (answered & (waited <= within)).astype(np.float64),
    }


def _added(contacts: Mapping[Sum, Floats | None], cell: Ints, cells: int) -> Floats:
    """Sums by cell: [cell, sum]."""
    sums = np.zeros((cells, len(Sum)))
    for each, weights in contacts.items():
        sums[:, each] = np.bincount(cell, weights, cells)
    return sums
