"""From the scenario, which has names and hours, to the centre, which has arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.engine.centre import NO_LIMIT, NO_SKILL
from simulator.engine.plain import plain_centre
from simulator.scenario.agents import OnCall

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.engine.centre import Centre
    from simulator.scenario.model import Scenario

    Floats = NDArray[np.float64]


def centre_of(scenario: Scenario) -> Centre:
    """The engine's view of a scenario."""
    calendar = scenario.calendar
    intervals = calendar.intervals
    channels, topics, groups = len(scenario.channels), len(scenario.topics), len(scenario.groups)
    steps = np.array([each.priority_step for each in scenario.customer_classes], dtype=np.int64)
    most_slots = max((channel.slots for channel in scenario.channels), default=1)

    open_hours = np.ones((channels, intervals), dtype=np.bool_)
    slots = np.ones((channels, groups), dtype=np.int64)
    slot_speed = np.ones((channels, most_slots))
    priority = np.ones((channels, topics), dtype=np.int64)
    escalated_work, escalated_patience = np.ones((channels, topics)), np.ones((channels, topics))
    for c, channel in enumerate(scenario.channels):
        if channel.kind == "live":
            open_hours[c] = calendar.open_mask(channel.hours)
        slot_speed[c, : channel.slots] = channel.slot_speed
        for contact_type in channel.types:
            priority[c, contact_type.topic] = contact_type.priority
            escalated_work[c, contact_type.topic] = contact_type.escalated_handling
            escalated_patience[c, contact_type.topic] = contact_type.escalated_patience
    open_hours &= ~scenario.down
    due_from, due_at, due_rate = _promises(scenario)

    level = np.full((len(steps), channels, topics, groups), NO_SKILL, dtype=np.int64)
    opens_after = np.zeros(level.shape)
    for g, group in enumerate(scenario.groups):
        for skill in group.skills:
            slots[skill.channel, g] = skill.slots
            served = np.ix_(skill.customer_classes, [skill.channel], skill.topics, [g])
            level[served], opens_after[served] = skill.level, skill.overflow_after

    called = [group.on_call or OnCall(None, np.inf, 0.0, 0.0, 0) for group in scenario.groups]
    return plain_centre(
        calendar.edges,
        channels=channels,
        topics=topics,
        groups=groups,
        customer_classes=len(steps),
        live=[channel.kind == "live" for channel in scenario.channels],
        open=open_hours,
        cut=[channel.closing == "cut" for channel in scenario.channels],
        bot_on=scenario.bot_on,
        slots=slots,
        slot_speed=slot_speed,
        interruptible=[channel.interruptible for channel in scenario.channels],
        priority=priority + steps[:, None, None],
        level=level,
        opens_after=opens_after,
        speed=scenario.speed,
        reserve=[group.reserve for group in scenario.groups],
        pace=scenario.pace,
        quality=scenario.quality,
        on_call=[group.on_call is not None for group in scenario.groups],
        called_from=[NO_LIMIT if each.waiting is None else each.waiting for each in called],
        called_from_wait=[each.wait for each in called],
        lead=[round(each.lead / calendar.interval) for each in called],
        stay=[round(each.stay / calendar.interval) for each in called],
        released_at=[each.released_at for each in called],
        bot_capacity=[
            NO_LIMIT if each.bot is None or each.bot.capacity is None else each.bot.capacity
            for each in scenario.channels
        ],
        escalated_work=escalated_work,
        escalated_patience=escalated_patience,
        tells=[each.told is not None for each in scenario.channels],
        told_patience=[each.told.patience_factor if each.told else 1.0 for each in scenario.channels],
        callback_from=[each.callback.offered_from if each.callback else np.inf for each in scenario.channels],
        after_opening=scenario.after_opening,
        silent_work=[each.silent.time_out if each.silent else 0.0 for each in scenario.channels],
        due_from=due_from,
        due_at=due_at,
        due_rate=due_rate,
    )


def _promises(scenario: Scenario) -> tuple[Floats, Floats, Floats]:
    """[channel, knot] `Centre.due_from`, `due_at` and `due_rate`; live channels promise nothing."""
    nothing = np.zeros(1), np.full(1, np.inf), np.zeros(1)
    knots = [
        scenario.calendar.due_knots(each.target.within, each.hours if each.target.open_time else None)
        if each.kind == "deferred"
        else nothing
        for each in scenario.channels
    ]
    most = max(len(instants) for instants, _, _ in knots)
    due_from, due_at, due_rate = (np.full((len(knots), most), value) for value in (np.inf, np.inf, 0.0))
    for c, (instants, due, rate) in enumerate(knots):
        due_from[c, : len(instants)], due_at[c, : len(instants)], due_rate[c, : len(instants)] = instants, due, rate
    return due_from, due_at, due_rate
