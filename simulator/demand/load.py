"""The work that a scenario's demand is expected to bring, before any luck."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.demand.campaigns import handling_factors
from simulator.demand.expected import expected_contacts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import ContactType, Scenario

    Floats = NDArray[np.float64]


def expected_at_agents(scenario: Scenario) -> Floats:
    """[channel, topic, interval] Contacts expected to come to the agents' door, by interval of arrival.

    What the bot is expected to contain is taken off; closed doors are not.
    """
    expected = expected_contacts(scenario)
    bot_on = scenario.bot_on
    for c, channel in enumerate(scenario.channels):
        for each in channel.types:
            expected[c, each.topic] *= np.where(bot_on[c], 1.0 - each.bot_share * each.containment, 1.0)
    return expected


def offered_work(scenario: Scenario) -> Floats:
    """[channel, interval] Expected offered load in erlangs: arrival rate times mean handling time, past the bot."""
    expected = expected_at_agents(scenario)
    mean, of_class = np.zeros(expected.shape), scenario.over_classes(lambda each: each.handling_factor)
    for c, channel in enumerate(scenario.channels):
        for each in channel.types:
            escalated = escalated_share(each) * scenario.bot_on[c]
            mean[c, each.topic] = (
                each.handling_time.mean * of_class[c] * (1.0 + escalated * (each.escalated_handling - 1.0))
            )
    load: Floats = (expected * handling_factors(scenario) * mean).sum(axis=1) / scenario.calendar.interval
    return load


def escalated_share(kind: ContactType) -> float:
    """Of those who come to the agents while the bot is on: the share that comes from it, if it is never full."""
    contained = kind.bot_share * kind.containment
    return (kind.bot_share - contained) / (1.0 - contained) if contained < 1.0 else 0.0
