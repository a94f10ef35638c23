"""The table of calls (or chats): one row for each live contact that reached a queue, as it was."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Calls:
    """Every live contact of a log, in the order of arrival. Columns have shape [call].

    Moments are seconds since 1970-01-01 00:00 UTC, nan where there is none; `day` and `clock` say the arrival in local
    time, so that a day on which the clock is moved stays whole.
    """

    sources: tuple[str, ...]
    """Names of the files."""
    timezone: str
    queues: tuple[str, ...]
    """Call types, skills or topics, as the log names them."""
    agents: tuple[str, ...]
    arrival: Floats
    """Moment at which the contact joined the queue."""
    answered: Floats
    """Moment at which an agent took it; nan: no agent did."""
    released: Floats
    """Moment at which that agent was free of it: hand-over to somebody else, or the end; nan: no agent took it."""
    ended: Floats
    """Moment at which the customer was gone."""
    queue: Ints
    """Index in `queues`."""
    agent: Ints
    """Index in `agents`; -1: no agent took it, or the log does not say which."""
    customer: Ints
    """Number of the customer, the same in all its contacts; -1: not known."""
    day: Ints
    """Ordinal of the local date of arrival."""
    clock: Ints
    """Local time of arrival, seconds after midnight."""
    file: Ints
    """Index in `sources`."""
    line: Ints
    """Line in that file."""

    def __len__(self) -> int:
        return len(self.arrival)

    def where(self, which: Bools) -> Calls:
        """Some of the calls; names and their numbers stay."""
        whole = {field.name: getattr(self, field.name) for field in fields(self)}
        columns: dict[str, Any] = {name: each[which] for name, each in whole.items() if isinstance(each, np.ndarray)}
        return replace(self, **columns)

    @property
    def served(self) -> Bools:
        """[call] Whether an agent took it."""
        return ~np.isnan(self.answered)

    @property
    def waited(self) -> Floats:
        """[call] Seconds from arrival to the answer, or else to the end."""
        return np.where(self.served, self.answered, self.ended) - self.arrival

    @property
    def worked(self) -> Floats:
        """[call] Seconds of the agent's time; nan where no agent took it."""
        return self.released - self.answered
