"""The history that `ruuhka forecast` counts: of several kinds, that of the channels asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.cli.failures import BadInputError
from simulator.scenario.errors import listed, shown
from simulator.scenario.units import DAY, parse_duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from simulator.history.estimators.counts import Counts
    from simulator.history.importing.imported import HistoryKind, Imported

_STEP_OF_LOGS = 1800
_SHORTEST_STEP = 60
_WORDS: Mapping[HistoryKind, str] = {
    "intervals": "interval reports",
    "calls": "calls",
    "tickets": "tickets",
    "orders": "orders",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A history as counts."""

    counts: Counts
    timezone: str
    kind: HistoryKind
    left_aside: Mapping[HistoryKind, Sequence[str]]
    """The other kinds of the history -> their channels or queues."""

    def words(self) -> str:
        """What was forecast, and what of the history was left aside; nothing if there is only one kind."""
        if not self.left_aside:
            return ""
        others = "; ".join(f"{_WORDS[kind]} ({listed(names)})" for kind, names in self.left_aside.items())
        return (
            f"Forecast from the {_WORDS[self.kind]} of the history, since kinds may tell of the same contacts and are "
            f"not added up. Left aside: {others}. --channel NAME forecasts one of those."
        )


def counts_of_history(
    history: Sequence[Path], mapping: Path | None, timezone: str | None, step: str | None, channels: Sequence[str]
) -> Counted:
    """The history as counts: of the first kind (interval reports, calls, tickets, orders) that has all the channels.

    Raises
    ------
    BadInputError
        If it has neither interval reports nor a log, its days cannot be cut into the steps asked for, or the channels
        are of different kinds.
    ReportError
        If a file of it is refused.
    """
    imported = _imported(history, mapping, timezone)
    named = {kind: _names(imported, kind) for kind in imported.kinds}
    kind = next((each for each, names in named.items() if set(channels) <= set(names)), imported.kinds[0])
    if len(named) > 1 and not set(channels) <= set(named[kind]):
        there = "; ".join(f"{_WORDS[each]}: {listed(names)}" for each, names in named.items())
        unknown = [name for name in channels if not any(name in names for names in named.values())]
        why = f"{shown(unknown[0])} is not in the history" if unknown else "kinds of history are forecast one by one"
        raise BadInputError(f"--channel: {why}; there is: {there}.")
    try:
        counts = _counts(imported, kind, step)
    except ValueError as error:
        raise BadInputError(f"{history[0]}: {error}") from None
    table = imported.table(kind)
    assert table is not None
    return Counted(counts, table.timezone, kind, {each: names for each, names in named.items() if each != kind})


def _imported(history: Sequence[Path], mapping: Path | None, timezone: str | None) -> Imported:
    from simulator.cli.import_ import TIMEZONE
    from simulator.history.importing.first_guess import first_guess
    from simulator.history.importing.imported import read_imported
    from simulator.history.importing.mapping_file import in_timezone, read_mapping
    from simulator.history.importing.read_history import read_history

    if mapping is None and history[0].is_dir():
        if len(history) > 1:
            raise BadInputError(f"{history[1]}: a folder of history is forecast alone; import files into one folder.")
        return read_imported(history[0])
    how = first_guess(history[0], timezone or TIMEZONE).mapping if mapping is None else read_mapping(mapping)
    try:
        how = how if timezone is None else in_timezone(how, timezone)
    except ValueError as error:
        raise BadInputError(f"--timezone: {error}") from None
    return read_history(history, how)


def _names(imported: Imported, kind: HistoryKind) -> tuple[str, ...]:
    """Channels or queues of a kind."""
    if kind == "intervals" and imported.volumes is not None:
        return imported.volumes.channels
    if kind == "calls" and imported.calls is not None:
        return imported.calls.queues
    if kind == "tickets" and imported.tickets is not None:
        return imported.tickets.channels
    return ("orders",)


def _counts(imported: Imported, kind: HistoryKind, asked: str | None) -> Counts:
    from simulator.history.estimators.counts import (
        counts_of_calls,
        counts_of_orders,
        counts_of_tickets,
        counts_of_volumes,
    )

    step = None if asked is None else _step(asked)
    if kind == "intervals":
        assert imported.volumes is not None
        counts = counts_of_volumes(imported.volumes)
        if step is None or step == counts.step:
            return counts
        if step % counts.step:
            msg = f'--step "{asked}": the report counts by {counts.step} s, of which it is no multiple.'
            raise BadInputError(msg)
        return counts.coarser(step)
    if kind == "calls":
        assert imported.calls is not None
        return counts_of_calls(imported.calls, step or _STEP_OF_LOGS)
    if kind == "tickets":
        assert imported.tickets is not None
        return counts_of_tickets(imported.tickets, step or _STEP_OF_LOGS)
    assert imported.orders is not None
    return counts_of_orders(imported.orders, step or _STEP_OF_LOGS)


def _step(text: str) -> int:
    try:
        seconds = parse_duration(text)
    except ValueError as error:
        raise BadInputError(f"--step: {error}") from None
    if seconds < _SHORTEST_STEP or DAY % seconds:
        msg = f'--step "{text}": it must divide the day, as 15 min or 30 min does, and be a minute at least.'
        raise BadInputError(msg)
    return int(seconds)
