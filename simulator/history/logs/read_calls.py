"""Reading call logs: every row becomes a contact, or is left out or refused for a reason that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.history.logs.calls import Calls
    from simulator.history.logs.mapping import CallMapping
    from simulator.history.logs.quality import LogQuality
    from simulator.history.logs.table import NamedFile


def read_calls(files: Sequence[NamedFile], mapping: CallMapping) -> tuple[Calls, LogQuality]:
    """Read logs of the same form, one row a contact, into one table in the order of arrival.

    Parameters
    ----------
    files
        Name and place (or bytes) of each.
    mapping
        What their columns hold.

    Raises
    ------
    ReportError
        If a file cannot be read, lacks a column of the mapping, or no row can be used.
    """
    raise NotImplementedError
