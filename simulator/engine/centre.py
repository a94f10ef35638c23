"""What an engine needs to know of the centre: plain arrays, no names, no calendar, no demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import check_kinds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

NO_SKILL = -1
"""The preference level of a group that may not serve a contact."""


@dataclass(frozen=True, slots=True)
class Centre:
    """The rules' parameters, by index of channel, topic, group and interval (rules: `docs/model.md`)."""

    edges: Floats
    """[interval + 1] Interval boundaries in seconds, rising from 0; the last one ends the horizon."""
    live: Bools
    """[channel] Whether customers wait (and may give up); otherwise they leave a message with a due time."""
    open: Bools
    """[channel, interval] Whether a live contact may join the agents' queue; deferred contacts always may."""
    cut: Bools
    """[channel] Whether the queue is dismissed at closing; otherwise it is drained."""
    bot_on: Bools
    """[channel, interval] Whether the bot meets contacts that arrive."""
    slots: Ints
    """[channel, group] Contacts of this channel that one agent of the group may hold at once; at least 1."""
    slot_speed: Floats
    """[channel, slot] Speed of each contact when the agent holds slot + 1 of them; slot 0 is normally 1."""
    interruptible: Bools
    """[channel] Whether the work can be put aside for a live contact; deferred channels with one slot only."""
    priority: Ints
    """[channel, topic] The lowest number is served first."""
    level: Ints
    """[channel, topic, group] Preference level, lowest first; NO_SKILL if the group may not serve it."""
    opens_after: Floats
    """[channel, topic, group] Seconds a contact waits before this group may take it (`overflow_after`)."""
    speed: Floats
    """[channel, topic, group] Work done per second by an agent of the group."""
    reserve: Ints
    """[group] Idle agents kept back for live work before deferred work is taken."""

    @property
    def horizon(self) -> float:
        """Seconds to the end of the last interval."""
        return float(self.edges[-1])

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Numbers of channels, topics, groups and intervals."""
        channels, topics, groups = self.level.shape
        return channels, topics, groups, len(self.edges) - 1

    def check(self, staffing: Ints) -> None:
        """Refuse a centre or a staffing [group, interval] that no engine could play.

        Raises
        ------
        ValueError
            Naming the field and what is allowed.
        """
        channels, topics, groups, intervals = self.shape
        if min(self.shape) < 1:
            msg = f"Centre.level has shape {self.level.shape}; there must be a channel, a topic and a group at least."
            raise ValueError(msg)
        check_kinds(self)
        shapes = {
            "live": (channels,),
            "open": (channels, intervals),
            "cut": (channels,),
            "bot_on": (channels, intervals),
            "slots": (channels, groups),
            "interruptible": (channels,),
            "priority": (channels, topics),
            "opens_after": (channels, topics, groups),
            "speed": (channels, topics, groups),
            "reserve": (groups,),
        }
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                msg = f"Centre.{name} has shape {getattr(self, name).shape}; it must be {shape}."
                raise ValueError(msg)
        if staffing.shape != (groups, intervals):
            msg = f"Staffing has shape {staffing.shape}; it must be [group, interval] = {(groups, intervals)}."
            raise ValueError(msg)
        if staffing.dtype != np.int64:
            msg = f"Staffing is {staffing.dtype}; it must be int64."
            raise ValueError(msg)
        many = np.max(self.slots, initial=1)
        rules = (
            ("Centre.edges", self.edges[0] == 0 and bool(np.all(np.diff(self.edges) > 0)), "rising from 0"),
            ("Centre.edges", bool(np.isfinite(self.edges[-1])), "finite"),
            ("Centre.slots", bool(np.all(self.slots >= 1)), "at least 1"),
            (
                "Centre.slot_speed",
                self.slot_speed.shape == (channels, many),
                f"[{channels} channels, {many} slots]",
            ),
            ("Centre.slot_speed", _is_speed(self.slot_speed), "above 0, and finite"),
            ("Centre.level", bool(np.all(self.level >= NO_SKILL)), f"{NO_SKILL} (no skill) or a level from 0"),
            ("Centre.speed", _is_speed(self.speed[self.level >= 0]), "above 0, and finite"),
            ("Centre.opens_after", bool(np.all(self.opens_after >= 0)), "not negative"),
            ("Centre.reserve", bool(np.all(self.reserve >= 0)), "not negative"),
            (
                "Centre.interruptible",
                not np.any(self.interruptible & (self.live | (self.slots.max(axis=1, initial=1) > 1))),
                "only on deferred channels with one slot",
            ),
            ("Staffing", bool(np.all(staffing >= 0)), "not negative"),
        )
        for name, holds, allowed in rules:
            if not holds:
                msg = f"{name} must be {allowed}."
                raise ValueError(msg)


def _is_speed(values: Floats) -> bool:
    return bool(np.all((values > 0) & np.isfinite(values)))
