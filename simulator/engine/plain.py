"""A centre with all that is not named at its plainest: what a rule needs is said, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.engine.centre import NO_LIMIT, Centre

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def plain_centre(
    edges: ArrayLike, *, channels: int = 1, topics: int = 1, groups: int = 1, customer_classes: int = 1, **named: Any
) -> Centre:
    """Make a centre of live, always open, one-slot channels that every group serves at level 1 and speed 1.

    Parameters
    ----------
    edges
        [interval + 1] As `Centre.edges`.
    named
        Fields of `Centre` that differ; each is broadcast to the shape that its field has. So what is given by channel
        and topic holds for all classes of customers.

    Raises
    ------
    TypeError
        If `named` has something that a centre has not.
    """
    intervals = np.shape(edges)[0] - 1
    many = int(np.max(named.get("slots", 1), initial=1))
    knots = np.shape(named.get("due_from", [0.0]))[-1]
    by_topic, by_knot = (channels, topics), (channels, knots)
    by_line, by_skill = (customer_classes, *by_topic), (customer_classes, *by_topic, groups)
    plain: dict[str, tuple[tuple[int, ...], type, ArrayLike]] = {
        "edges": ((intervals + 1,), np.float64, edges),
        "live": ((channels,), np.bool_, True),
        "open": ((channels, intervals), np.bool_, True),
        "cut": ((channels,), np.bool_, False),
        "bot_on": ((channels, intervals), np.bool_, False),
        "slots": ((channels, groups), np.int64, 1),
        "slot_speed": ((channels, many), np.float64, 1.0),
        "interruptible": ((channels,), np.bool_, False),
        "priority": (by_line, np.int64, 1),
        "level": (by_skill, np.int64, 1),
        "opens_after": (by_skill, np.float64, 0.0),
        "speed": (by_skill, np.float64, 1.0),
        "reserve": ((groups,), np.int64, 0),
        "bot_capacity": ((channels,), np.int64, NO_LIMIT),
        "escalated_work": (by_topic, np.float64, 1.0),
        "escalated_patience": (by_topic, np.float64, 1.0),
        "tells": ((channels,), np.bool_, False),
        "told_patience": ((channels,), np.float64, 1.0),
        "after_opening": ((channels,), np.float64, 3600.0),
        "callback_from": ((channels,), np.float64, np.inf),
        "silent_work": ((channels,), np.float64, 0.0),
        "due_from": (by_knot, np.float64, 0.0),
        "due_at": (by_knot, np.float64, np.inf),
        "due_rate": (by_knot, np.float64, 0.0),
        "pace": ((groups, intervals), np.float64, 1.0),
        "quality": ((groups, intervals), np.float64, 1.0),
        "on_call": ((groups,), np.bool_, False),
        "called_from": ((groups,), np.int64, NO_LIMIT),
        "called_from_wait": ((groups,), np.float64, np.inf),
        "lead": ((groups,), np.int64, 0),
        "stay": ((groups,), np.int64, 0),
        "released_at": ((groups,), np.int64, 0),
    }
    if unknown := named.keys() - plain.keys():
        msg = f"Centre has no field {sorted(unknown)}."
        raise TypeError(msg)
    fields: dict[str, Any] = {
        name: np.broadcast_to(np.asarray(named.get(name, value), dtype=kind), shape).copy()
        for name, (shape, kind, value) in plain.items()
    }
    return Centre(**fields)
