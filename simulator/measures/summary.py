"""What one replication leaves behind: sums and quantiles, small enough to keep a thousand of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.measures.backlog import backlog
from simulator.measures.tallies import abandonments, agent_tallies, contact_tallies
from simulator.measures.waits import waits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.contacts import ContactRecords, Contacts, Ledger
    from simulator.measures.backlog import Backlog
    from simulator.measures.waits import Waits
    from simulator.measures.yardstick import Yardstick

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Summary:
    """One replication, summed up. Ask it for measures with `evaluate`."""

    yardstick: Yardstick
    by_interval: Floats
    """[contact tally, channel, interval + 1] By interval of arrival; the last column is the starting backlog."""
    by_day: Floats
    """[contact tally, channel, topic, day + 1] By day of arrival; the last column is the starting backlog."""
    agents: Floats
    """[agent tally, group, interval]"""
    abandonments: Ints
    """[channel, interval] Contacts that abandoned, by the interval in which they *gave up*."""
    waits: Waits
    backlog: Backlog


def summarise(yardstick: Yardstick, contacts: Contacts, records: ContactRecords, ledger: Ledger) -> Summary:
    """Sum up one replication.

    Raises
    ------
    ValueError
        If the tables are not of one replication, or not of this yardstick's horizon.
    """
    _, _, groups, intervals = yardstick.shape
    if len(records) != len(contacts):
        msg = f"There are {len(records)} records of {len(contacts)} contacts; there must be one for each."
        raise ValueError(msg)
    if ledger.staffed.shape != (groups, intervals):
        msg = f"The ledger has shape {ledger.staffed.shape}; it must be [group, interval] = {(groups, intervals)}."
        raise ValueError(msg)
    if len(contacts) and contacts.arrival[-1] >= yardstick.horizon:
        last = contacts.arrival[-1]
        msg = f"Contacts.arrival[-1] is {last}; it must be before the horizon's end, {yardstick.horizon}."
        raise ValueError(msg)
    cells = contact_tallies(yardstick, contacts, records)
    days = np.add.reduceat(cells[..., :-1], yardstick.first_intervals("day"), axis=-1)
    return Summary(
        yardstick=yardstick,
        by_interval=cells.sum(axis=2),
        by_day=np.concatenate((days, cells[..., -1:]), axis=-1),
        agents=agent_tallies(yardstick, ledger),
        abandonments=abandonments(yardstick, contacts, records),
        waits=waits(yardstick, contacts, records),
        backlog=backlog(yardstick, contacts, records),
    )
