"""The folder of a team's history: what `ruuhka import` read, kept as Parquet files that say themselves what they hold.

Each kind of history has its own files, written together and replaced together: `calls.parquet` with the rows, and for
people `calls-quality.json` (what became of every row) and `calls-mapping.toml` (how the files were read). The Parquet
file holds the other two in its metadata: it is there whole or not at all, and nothing else is needed to read it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from simulator.history.logs import Calls, Orders, Tickets
    from simulator.history.volumes import Volumes

HistoryKind = Literal["intervals", "calls", "tickets", "orders"]
"""intervals: counts in steps of time; the others: single events."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What happened, as far as it was imported. A kind that was not is None."""

    volumes: Volumes | None = None
    """Of the kind "intervals"."""
    calls: Calls | None = None
    tickets: Tickets | None = None
    orders: Orders | None = None
    quality: Mapping[HistoryKind, Mapping[str, object]] = field(default_factory=dict)
    """What became of the rows of each kind, as its JSON file holds it."""
    mapping: Mapping[HistoryKind, str] = field(default_factory=dict)
    """How the files of each kind were read: the text of the mapping file."""

    @property
    def kinds(self) -> tuple[HistoryKind, ...]:
        """The kinds that are there."""
        tables: dict[HistoryKind, object] = {
            "intervals": self.volumes,
            "calls": self.calls,
            "tickets": self.tickets,
            "orders": self.orders,
        }
        return tuple(kind for kind, table in tables.items() if table is not None)


def read_imported(folder: Path) -> Imported:
    """Read everything that a folder of history holds.

    Raises
    ------
    ReportError
        If there is no such folder, it holds no history, or a file of it is damaged or of another version.
    """
    raise NotImplementedError


def write_imported(folder: Path, imported: Imported) -> None:
    """Write the kinds that are there into a folder, made if need be; other kinds that it holds stay.

    Raises
    ------
    OSError
        If it cannot be written. Each kind is then as it was before, or whole.
    """
    raise NotImplementedError
