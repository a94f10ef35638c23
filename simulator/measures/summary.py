"""What one replication leaves behind: sums and quantiles, small enough to keep a thousand of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import Diverted
from simulator.measures.backlog import backlog
from simulator.measures.made import made
from simulator.measures.part import EVERYTHING, Part, asked_for
from simulator.measures.tallies import ROW, ContactTally, agent_tallies, contact_tallies
from simulator.measures.waits import waits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.contacts import ContactRecords, Contacts, Ledger
    from simulator.measures.backlog import Backlog
    from simulator.measures.made import Made
    from simulator.measures.waits import Waits
    from simulator.measures.yardstick import Yardstick

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Summary:
    """One replication, summed up. Ask it for measures with `evaluate`.

    Where a `Part` was not asked for, what it names is not there, and refuses to be read with a `LookupError`.
    """

    yardstick: Yardstick
    by_interval: Floats
    """[contact tally, channel, interval + 1] By interval of arrival; the last column is the starting backlog."""
    agents: Floats
    """[agent tally, group, interval]"""
    abandonments: Ints
    """[channel, interval] Contacts that abandoned, by the interval in which they *gave up*."""
    waits: Waits
    diverted: Diverted
    """Whom announcements and new channels moved."""
    _by_day: Floats | None
    _backlog: Backlog | None

    @property
    def by_day(self) -> Floats:
        """[contact tally, channel, topic, class, day + 1] By day of arrival; the last is the starting backlog."""
        return asked_for(self._by_day, "by_day")

    @property
    def backlog(self) -> Backlog:
        """What is unfinished at each interval boundary."""
        return asked_for(self._backlog, "backlog")

    @property
    def nbytes(self) -> int:
        """Bytes of memory that its large arrays take."""
        tables = (self.by_interval, self._by_day, self.agents, self.abandonments)
        return sum(table.nbytes for table in tables if table is not None)


def summarise(
    yardstick: Yardstick,
    contacts: Contacts,
    records: ContactRecords,
    ledger: Ledger,
    diverted: Diverted | None = None,
    wanted: Part = EVERYTHING,
) -> Summary:
    """Sum up one replication, as far as it is wanted; without `diverted`, nobody was.

    Raises
    ------
    ValueError
        If the tables are not of one replication, or not of this yardstick's channels, topics, groups and horizon.
    """
    if len(records) != len(contacts):
        msg = f"There are {len(records)} records of {len(contacts)} contacts; there must be one for each."
        raise ValueError(msg)
    return summarise_made(yardstick, made(contacts, records), ledger, diverted, wanted)


def summarise_made(
    yardstick: Yardstick,
    played: Made,
    ledger: Ledger,
    diverted: Diverted | None = None,
    wanted: Part = EVERYTHING,
) -> Summary:
    """The same of contacts that have been put into order, for who goes through them once more.

    Raises
    ------
    ValueError
        If the tables are not of this yardstick's channels, topics, groups and horizon.
    """
    channels, _, groups, intervals = yardstick.shape
    if ledger.staffed.shape != (groups, intervals):
        msg = f"The ledger has shape {ledger.staffed.shape}; it must be [group, interval] = {(groups, intervals)}."
        raise ValueError(msg)
    contacts, records = played.contacts, played.records
    if len(contacts) and contacts.arrival[-1] >= yardstick.horizon:
        last = contacts.arrival[-1]
        msg = f"Contacts.arrival[-1] is {last}; it must be before the horizon's end, {yardstick.horizon}."
        raise ValueError(msg)
    by_interval, by_day, abandonments = contact_tallies(yardstick, played, topics=Part.TOPICS in wanted)
    arrived = by_interval[ROW[ContactTally.ARRIVED]]
    return Summary(
        yardstick=yardstick,
        by_interval=by_interval,
        agents=agent_tallies(yardstick, ledger),
        abandonments=abandonments,
        waits=waits(yardstick, played, arrived.sum(axis=-1).astype(np.int64), wanted),
        diverted=Diverted.blank(0, channels) if diverted is None else diverted,
        _by_day=by_day,
        _backlog=backlog(yardstick, contacts, records) if Part.BACKLOG in wanted else None,
    )
