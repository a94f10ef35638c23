"""Small centres and contact tables for tests, with everything a test does not name at its plainest value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.contacts import Contacts
from simulator.engine import Centre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


def make_centre(
    intervals: int = 1,
    width: float = 900.0,
    channels: int = 1,
    topics: int = 1,
    groups: int = 1,
    **named: Any,
) -> Centre:
    """A centre of live, always open, one-slot channels that every group serves at level 1 and speed 1.

    `named` fields replace the plain ones; each is broadcast to the shape that its field has.
    """
    slots = np.broadcast_to(np.asarray(named.get("slots", 1), dtype=np.int64), (channels, groups))
    many = int(slots.max(initial=1))
    plain: dict[str, tuple[tuple[int, ...], type, Any]] = {
        "edges": ((intervals + 1,), np.float64, np.arange(intervals + 1) * width),
        "live": ((channels,), np.bool_, True),
        "open": ((channels, intervals), np.bool_, True),
        "cut": ((channels,), np.bool_, False),
        "bot_on": ((channels, intervals), np.bool_, False),
        "slots": ((channels, groups), np.int64, 1),
        "slot_speed": ((channels, many), np.float64, 1.0),
        "interruptible": ((channels,), np.bool_, False),
        "priority": ((channels, topics), np.int64, 1),
        "level": ((channels, topics, groups), np.int64, 1),
        "opens_after": ((channels, topics, groups), np.float64, 0.0),
        "speed": ((channels, topics, groups), np.float64, 1.0),
        "reserve": ((groups,), np.int64, 0),
    }
    unknown = named.keys() - plain.keys()
    assert not unknown, unknown
    fields: dict[str, Any] = {
        name: np.broadcast_to(np.asarray(named.get(name, value), dtype=kind), shape).copy()
        for name, (shape, kind, value) in plain.items()
    }
    return Centre(**fields)


def make_contacts(arrival: Sequence[float] | NDArray[np.float64], **named: ArrayLike) -> Contacts:
    """Contacts that arrive at these instants, of channel 0 and topic 0, with no work, endless patience and no bot.

    `named` columns replace the plain ones; single values are broadcast.
    """
    count = len(arrival)
    plain: dict[str, tuple[type, Any]] = {
        "arrival": (np.float64, arrival),
        "channel": (np.int64, 0),
        "topic": (np.int64, 0),
        "work": (np.float64, 0.0),
        "patience": (np.float64, np.inf),
        "due": (np.float64, np.inf),
        "meets_bot": (np.bool_, False),
        "contained": (np.bool_, False),
        "bot_time": (np.float64, 0.0),
        "enquiry": (np.int64, np.arange(count)),
        "attempt": (np.int64, 0),
    }
    unknown = named.keys() - plain.keys()
    assert not unknown, unknown
    columns: dict[str, Any] = {
        name: np.broadcast_to(np.asarray(named.get(name, value), dtype=kind), (count,)).copy()
        for name, (kind, value) in plain.items()
    }
    return Contacts(**columns)
