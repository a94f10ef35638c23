"""What a player answers, and what is held against it before its time counts."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from simulator.contacts import ContactRecords, Outcome

ACCEPTABLE_WAIT = 20.0
TOLERANCE = 0.001
"""Share of contacts by which an answer to the same customers may be off: clocks that add up gaps round differently."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a planner asks first, counted over all who came to the agents' queue."""

    entered: int
    """Contacts that joined the queue."""
    in_time: int
    """Of these, answered within 20 s."""
    abandoned: int
    """Of these, gave up waiting."""

    @property
    def service_level(self) -> float:
        """Answered within 20 s, of offered."""
        return self.in_time / self.entered

    @property
    def abandonment(self) -> float:
        """Gave up, of offered."""
        return self.abandoned / self.entered

    def differs(self, other: Answer) -> float:
        """The larger difference of the two shares."""
        return max(
            abs(self.service_level - other.service_level),
            abs(self.abandonment - other.abandonment),
            abs(self.entered / other.entered - 1.0),
        )


def answer_of(records: ContactRecords) -> Answer:
    """Count."""
    return Answer(
        entered=int(np.count_nonzero(~np.isnan(records.entered))),
        in_time=int(np.count_nonzero(records.started - records.entered <= ACCEPTABLE_WAIT)),
        abandoned=int(np.count_nonzero(records.outcome == Outcome.ABANDONED)),
    )


def first_difference(own: ContactRecords, other: ContactRecords) -> str | None:
    """Where two records differ in as much as a bit; None if they do not."""
    for column in fields(own):
        one, two = getattr(own, column.name), getattr(other, column.name)
        equal = (one == two) | ((one != one) & (two != two))  # nan is nan
        if not equal.all():
            place = int(np.flatnonzero(~equal)[0])
            return f"{column.name}[{place}] is {one[place]}, should be {two[place]}"
    return None
