"""What a spreadsheet plans: Erlang C for each interval by itself, and shrinkage on top. To be compared with.

Each interval is taken as if it lasted for ever at its expected arrivals and mean handling time. Nobody gives up,
volumes are as expected, and what the interval before has left over is not seen.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from simulator.experiment.formula import NoFormula, queues_of
from simulator.queueing import required_agents

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import Scenario

    Ints = NDArray[np.int64]


def erlang_c_staffing(scenario: Scenario) -> Ints:
    """[group, interval] Agents on duty by Erlang C, so that each interval has its channel's share within the target.

    A target within 0 seconds is one on the probability of waiting. Shrinkage is no part of it: who is paid for is
    `on_the_roster`. Groups whose channel no formula applies to stay as the scenario has them.

    Raises
    ------
    ValueError
        If a formula applies to no channel.
    """
    staffing = scenario.staffing
    reasons = []
    for c, channel in enumerate(scenario.channels):
        found = queues_of(scenario, c)
        if isinstance(found, NoFormula):
            reasons.append(f"{channel.title}: {found.reason}")
            continue
        staffing[found.group] = 0
        share, within = channel.target.share, channel.target.within
        for i, contacts, work in zip(found.asked.tolist(), found.contacts, found.work, strict=True):
            staffing[found.group, i] = required_agents(
                float(contacts) / scenario.calendar.interval,
                float(work),
                service_level=min(share, 1.0 - 1e-9),
                acceptable_wait=within,
            )
    if len(reasons) == len(scenario.channels):
        raise ValueError("\n".join(reasons))
    return staffing


def on_the_roster(scenario: Scenario, staffing: Ints) -> Ints:
    """[group, interval] Agents to be paid so that these are on duty: divided by 1 - shrinkage, rounded up."""
    heads = [
        [math.ceil(agents / (1.0 - group.shrinkage) - 1e-9) for agents in row]
        for group, row in zip(scenario.groups, staffing.tolist(), strict=True)
    ]
    return np.array(heads, dtype=np.int64).reshape(staffing.shape)
