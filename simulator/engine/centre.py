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
NO_LIMIT = 1 << 60
"""More than there will ever be of anything that is counted."""


@dataclass(frozen=True, slots=True)
class Centre:
    """The rules' parameters, by index of customer class, channel, topic, group and interval (`docs/model.md`)."""

    edges: Floats
    """[interval + 1] Interval boundaries in seconds, rising from 0; the last one ends the horizon."""
    live: Bools
    """[channel] Whether customers wait (and may give up); otherwise they leave a message with a due time."""
    open: Bools
    """[channel, interval] Whether contacts may join the agents' queue; those of deferred channels nearly always may."""
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
    """[class, channel, topic] The lowest number is served first."""
    level: Ints
    """[class, channel, topic, group] Preference level, lowest first; NO_SKILL if the group may not serve it."""
    opens_after: Floats
    """[class, channel, topic, group] Seconds a contact waits before this group may take it (`overflow_after`)."""
    speed: Floats
    """[class, channel, topic, group] Work done per second by an agent of the group."""
    reserve: Ints
    """[group] Idle agents kept back for live work before deferred work is taken."""
    bot_capacity: Ints
    """[channel] Contacts that the bot can hold at once."""
    escalated_work: Floats
    """[channel, topic] Multiplies the work of a contact that comes from the bot."""
    escalated_patience: Floats
    """[channel, topic] Multiplies its patience."""
    tells: Bools
    """[channel] Whether those who join the queue are told how long they will wait."""
    told_patience: Floats
    """[channel] Multiplies the patience of those who are told."""
    after_opening: Floats
    """[channel] Seconds after its opening over which follow-ups spread that have waited for it (R22)."""
    callback_from: Floats
    """[channel] Expected wait, in seconds, from which a callback is offered; inf: never."""
    silent_work: Floats
    """[channel] Work in seconds until an agent is sure that a customer has gone without a sign."""
    due_from: Floats
    """[channel, knot] Instants from which the promise for follow-ups is as given in the next two: rising from 0, inf
    where a channel has fewer."""
    due_at: Floats
    """[channel, knot] Due time of a follow-up that arrives at that instant; inf for live channels."""
    due_rate: Floats
    """[channel, knot] Seconds that the due time moves on for each second of a later arrival."""
    pace: Floats
    """[group, interval] Multiplies the speed of the group's agents: what they have learnt."""
    quality: Floats
    """[group, interval] What `FollowUps.resolved_by` is compared with; 1 for those who have learnt all."""
    on_call: Bools
    """[group] Whether its agents come only when they are called."""
    called_from: Ints
    """[group] Contacts waiting in the lines that it serves, from which an absent on-call group is called."""
    called_from_wait: Floats
    """[group] Expected wait in seconds on a live channel that it serves, from which it is called; inf: never."""
    lead: Ints
    """[group] Intervals from the call to the agents' coming."""
    stay: Ints
    """[group] Intervals that they stay at least."""
    released_at: Ints
    """[group] Contacts waiting, down to which they may go home again."""

    def opening(self, channel: int, instant: float) -> float:
        """The first instant, from this one on, at which a channel is open; inf if it does not open any more (R22)."""
        interval = int(np.searchsorted(self.edges, instant, side="right")) - 1
        if interval >= self.open.shape[1]:
            return np.inf
        if self.open[channel, interval]:
            return instant
        later = np.flatnonzero(self.open[channel, interval:])
        return float(self.edges[interval + later[0]]) if len(later) else np.inf

    @property
    def horizon(self) -> float:
        """Seconds to the end of the last interval."""
        return float(self.edges[-1])

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Numbers of channels, topics, groups and intervals."""
        _, channels, topics, groups = self.level.shape
        return channels, topics, groups, len(self.edges) - 1

    @property
    def customer_classes(self) -> int:
        """Number of classes of customers; one where all are alike."""
        return len(self.level)

    def check(self) -> None:
        """Refuse a centre that no engine could play.

        Raises
        ------
        ValueError
            Naming the field and what is allowed.
        """
        channels, topics, groups, intervals = self.shape
        classes = self.customer_classes
        if min(classes, *self.shape) < 1:
            msg = (
                f"Centre.level has shape {self.level.shape}; there must be a channel, a topic and a group at least, "
                "and a class of customers."
            )
            raise ValueError(msg)
        check_kinds(self)
        shapes = {
            "live": (channels,),
            "open": (channels, intervals),
            "cut": (channels,),
            "bot_on": (channels, intervals),
            "slots": (channels, groups),
            "interruptible": (channels,),
            "priority": (classes, channels, topics),
            "opens_after": (classes, channels, topics, groups),
            "speed": (classes, channels, topics, groups),
            "reserve": (groups,),
            "bot_capacity": (channels,),
            "escalated_work": (channels, topics),
            "escalated_patience": (channels, topics),
            "tells": (channels,),
            "told_patience": (channels,),
            "after_opening": (channels,),
            "callback_from": (channels,),
            "silent_work": (channels,),
            "due_from": (channels, self.due_from.shape[-1]),
            "due_at": self.due_from.shape,
            "due_rate": self.due_from.shape,
            "pace": (groups, intervals),
            "quality": (groups, intervals),
            "on_call": (groups,),
            "called_from": (groups,),
            "called_from_wait": (groups,),
            "lead": (groups,),
            "stay": (groups,),
            "released_at": (groups,),
        }
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                msg = f"Centre.{name} has shape {getattr(self, name).shape}; it must be {shape}."
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
            ("Centre.level", bool(np.all(self.level >= NO_SKILL)), f"{NO_SKILL} (no skill) or a level from 0"),
            ("Centre.speed", _is_speed(self.speed[self.level >= 0]), "above 0, and finite"),
            *((f"Centre.{name}", bool(np.all(getattr(self, name) >= 0)), "not negative") for name in _NOT_NEGATIVE),
            *(
                (f"Centre.{name}", bool(np.all(getattr(self, name) <= NO_LIMIT)), f"at most {NO_LIMIT}")
                for name in ("lead", "stay")
            ),
            *((f"Centre.{name}", _is_factor(getattr(self, name)), "not negative, and finite") for name in _FACTORS),
            *((f"Centre.{name}", _is_speed(getattr(self, name)), "above 0, and finite") for name in _ABOVE_0),
            ("Centre.due_from", bool(np.all(self.due_from[:, :1] == 0)), "rising from 0"),
            ("Centre.due_from", bool(np.all(self.due_from[:, 1:] >= self.due_from[:, :-1])), "rising from 0"),
            (
                "Centre.interruptible",
                not np.any(self.interruptible & (self.live | (self.slots.max(axis=1, initial=1) > 1))),
                "only on deferred channels with one slot",
            ),
        )
        for name, holds, allowed in rules:
            if not holds:
                msg = f"{name} must be {allowed}."
                raise ValueError(msg)

    def check_staffing(self, staffing: Ints) -> None:
        """Refuse a staffing [group, interval] of this centre that no engine could play.

        Raises
        ------
        ValueError
            Saying what is allowed.
        """
        _, _, groups, intervals = self.shape
        if staffing.shape != (groups, intervals):
            msg = f"Staffing has shape {staffing.shape}; it must be [group, interval] = {(groups, intervals)}."
            raise ValueError(msg)
        if staffing.dtype != np.int64:
            msg = f"Staffing is {staffing.dtype}; it must be int64."
            raise ValueError(msg)
        if np.any(staffing < 0):
            msg = "Staffing must be not negative."
            raise ValueError(msg)


_NOT_NEGATIVE = (
    "opens_after",
    "reserve",
    "bot_capacity",
    "callback_from",
    "quality",
    "called_from",
    "called_from_wait",
    "lead",
    "stay",
    "released_at",
)
_ABOVE_0 = ("slot_speed", "pace", "escalated_patience", "told_patience", "after_opening")
_FACTORS = ("escalated_work", "silent_work", "due_rate")


def _is_factor(values: Floats) -> bool:
    return bool(np.all((values >= 0) & np.isfinite(values)))


def _is_speed(values: Floats) -> bool:
    return bool(np.all((values > 0) & np.isfinite(values)))
