"""The folder of a team's history: what `ruuhka import` read, kept as Parquet files that say themselves what they hold.

Each kind of history has its own files, written together and replaced together: `calls.parquet` with the rows, and for
people `calls-quality.json` (what became of every row) and `calls-mapping.toml` (how the files were read). The Parquet
file holds the other two in its metadata: it is there whole or not at all, and nothing else is needed to read it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

from simulator.durable import write_durably
from simulator.history.errors import refused
from simulator.history.importing.quality_document import quality_of_document
from simulator.history.intervals.mapping import COUNTS, MEANS
from simulator.history.intervals.volumes import Volumes
from simulator.history.logs import Calls, Orders, Tickets
from simulator.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HistoryKind = Literal["intervals", "calls", "tickets", "orders"]
"""intervals: counts in steps of time; the others: single events."""
HISTORY_KINDS: tuple[HistoryKind, ...] = get_args(HistoryKind)

FORMAT = 1
"""Of the files; another number means other columns."""

_TABLES: dict[HistoryKind, type[Any]] = {"intervals": Volumes, "calls": Calls, "tickets": Tickets, "orders": Orders}
_NAMES: dict[str, str] = {
    "queue": "queues",
    "agent": "agents",
    "channel": "channels",
    "topic": "topics",
    "file": "sources",
}
"""Column of indices -> the names that they stand for."""


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
        return tuple(kind for kind in HISTORY_KINDS if self.table(kind) is not None)

    def table(self, kind: HistoryKind) -> Volumes | Calls | Tickets | Orders | None:
        """The table of a kind."""
        tables: dict[HistoryKind, Volumes | Calls | Tickets | Orders | None] = {
            "intervals": self.volumes,
            "calls": self.calls,
            "tickets": self.tickets,
            "orders": self.orders,
        }
        return tables[kind]


def read_imported(folder: Path) -> Imported:
    """Read everything that a folder of history holds.

    Raises
    ------
    ReportError
        If there is no such folder, it holds no history, or a file of it is damaged or of another version.
    """
    if not folder.is_dir():
        raise refused(str(folder), say("refusals.no_folder"))
    tables: dict[HistoryKind, Any] = {}
    quality: dict[HistoryKind, Mapping[str, object]] = {}
    mapping: dict[HistoryKind, str] = {}
    for kind in HISTORY_KINDS:
        file = table_file(folder, kind)
        if file.exists():
            tables[kind], quality[kind], mapping[kind] = _read(file, kind)
    if not tables:
        raise refused(str(folder), say("refusals.no_history"))
    return Imported(
        volumes=tables.get("intervals"),
        calls=tables.get("calls"),
        tickets=tables.get("tickets"),
        orders=tables.get("orders"),
        quality=quality,
        mapping=mapping,
    )


def write_imported(folder: Path, imported: Imported) -> None:
    """Write the kinds that are there into a folder, made if need be; other kinds that it holds stay.

    Raises
    ------
    OSError
        If it cannot be written. The table of each kind is then as it was before, or whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for kind in imported.kinds:
        quality, mapping = imported.quality.get(kind, {}), imported.mapping.get(kind, "")
        write_durably(table_file(folder, kind), _packed(kind, imported.table(kind), quality, mapping))
        document = json.dumps(quality, indent=2, ensure_ascii=False)
        write_durably(folder / f"{kind}-quality.json", f"{document}\n".encode())
        write_durably(folder / f"{kind}-mapping.toml", mapping.encode())


def table_file(folder: Path, kind: HistoryKind) -> Path:
    """The file that holds the rows of a kind."""
    return folder / f"{kind}.parquet"


def _packed(kind: HistoryKind, table: Any, quality: Mapping[str, object], mapping: str) -> bytes:
    from simulator.history.importing.columns import parquet_bytes

    shared: dict[str, object] = {}
    arrays: dict[str, Any] = {}
    for each in fields(_TABLES[kind]):
        value = getattr(table, each.name)
        if each.name == "measured":
            arrays |= value
        elif hasattr(value, "dtype"):
            arrays[each.name] = value
        elif each.name != "quality":
            shared[each.name] = value
    said = {"format": FORMAT, "kind": kind, "shared": shared, "quality": quality, "mapping": mapping}
    return parquet_bytes(arrays, {column: getattr(table, names) for column, names in _names(shared).items()}, said)


def _read(file: Path, kind: HistoryKind) -> tuple[Any, Mapping[str, object], str]:
    from simulator.history.importing.columns import read_arrays, read_said

    try:
        said: dict[str, Any] = read_said(file)
        if said["format"] != FORMAT:
            raise refused(str(file), say("refusals.other_format", format=str(said["format"]), known=str(FORMAT)))
        if said["kind"] != kind:
            raise refused(str(file), say("refusals.no_table_of_history"))
        shared = {name: tuple(value) if isinstance(value, list) else value for name, value in said["shared"].items()}
        given: dict[str, Any] = read_arrays(file, {column: shared[names] for column, names in _names(shared).items()})
        if kind == "intervals":
            roles = [role for role in (*COUNTS, *MEANS) if role in given and role != "offered"]
            given["measured"] = MappingProxyType({role: given.pop(role) for role in roles})
            given["quality"] = quality_of_document(said["quality"])
        return _TABLES[kind](**shared, **given), said["quality"], said["mapping"]
    except (OSError, ValueError, KeyError, TypeError):
        raise refused(str(file), say("refusals.no_table_of_history")) from None


def _names(shared: Mapping[str, object]) -> dict[str, str]:
    return {column: names for column, names in _NAMES.items() if names in shared}
