"""Small centres and contact tables for tests, with everything a test does not name at its plainest value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.contacts import Cause, Contacts, FollowUps
from simulator.engine.plain import plain_centre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.engine import Centre


def make_centre(intervals: int = 1, width: float = 900.0, **named: Any) -> Centre:
    """A plain centre of so many intervals of this width in seconds, unless `named` has other edges."""
    return plain_centre(named.pop("edges", np.arange(intervals + 1) * width), **named)


def make_contacts(arrival: Sequence[float] | NDArray[np.float64], **named: Any) -> Contacts:
    """Contacts that arrive at these instants, of class, channel and topic 0, with no work, endless patience and no bot.

    `named` columns replace the plain ones; single values are broadcast. The last contacts are `follow_ups`, if given.
    """
    count = len(arrival)
    follow_ups = named.pop("follow_ups", None) or FollowUps.none()
    plain: dict[str, tuple[type, Any]] = {
        "arrival": (np.float64, arrival),
        "channel": (np.int64, 0),
        "topic": (np.int64, 0),
        "customer_class": (np.int64, 0),
        "work": (np.float64, 0.0),
        "patience": (np.float64, np.inf),
        "due": (np.float64, np.inf),
        "meets_bot": (np.bool_, False),
        "contained": (np.bool_, False),
        "bot_time": (np.float64, 0.0),
        "enquiry": (np.int64, np.arange(count)),
        "attempt": (np.int64, 0),
        "tolerance": (np.float64, np.inf),
        "silent": (np.bool_, False),
    }
    unknown = named.keys() - plain.keys()
    assert not unknown, unknown
    columns: dict[str, Any] = {
        name: np.broadcast_to(np.asarray(named.get(name, value), dtype=kind), (count,)).copy()
        for name, (kind, value) in plain.items()
    }
    return Contacts(**columns, follow_ups=follow_ups)


def make_follow_ups(after: Sequence[int] | NDArray[np.int64], **named: Any) -> FollowUps:
    """Redials of these contacts, at once and whether the channel is open or not, unless `named` columns differ."""
    plain: dict[str, tuple[type, Any]] = {
        "after": (np.int64, after),
        "cause": (np.int64, Cause.REDIAL),
        "delay": (np.float64, 0.0),
        "resolved_by": (np.float64, np.inf),
        "waits_for_opening": (np.bool_, False),
        "in_vain": (np.bool_, False),
    }
    unknown = named.keys() - plain.keys()
    assert not unknown, unknown
    columns: dict[str, Any] = {
        name: np.broadcast_to(np.asarray(named.get(name, value), dtype=kind), (len(after),)).copy()
        for name, (kind, value) in plain.items()
    }
    return FollowUps(**columns)
