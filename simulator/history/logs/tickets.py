"""The table of tickets: one row for each message of a deferred channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tickets:
    """Every message of an export, in the order of creation. Columns have shape [ticket]; moments as in `Calls`."""

    sources: tuple[str, ...]
    timezone: str
    channels: tuple[str, ...]
    topics: tuple[str, ...]
    """None if the export does not tell topics apart."""
    created: Floats
    first_reply: Floats
    """nan: none yet."""
    solved: Floats
    """nan: not yet."""
    channel: Ints
    """Index in `channels`."""
    topic: Ints
    """Index in `topics`; -1 if there are none."""
    customer: Ints
    """Number of the customer; -1: not known."""
    day: Ints
    """Ordinal of the local date of creation."""
    clock: Ints
    """Local time of creation, seconds after midnight."""
    file: Ints
    line: Ints

    def __len__(self) -> int:
        return len(self.created)
