"""The file of a case: its table, and in the file's own metadata what was played and its row of the wide summary."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_KEY = b"ruuhka"


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a case besides its table. No clock and no folder is in it: the same case has the same bytes."""

    case: int
    hash: str
    scenario: str
    variant: str
    swept: Mapping[str, object]
    """Dotted path -> value, of the axes."""
    replications: int = 0
    seed: int | None = None
    precision_reached: bool | None = None
    contacts: int = 0
    """Played, all replications together."""
    error: str | None = None
    """Why it could not be played; None if it was."""
    summary: Mapping[str, float | None] = field(default_factory=dict)
    """Column -> number."""


def packed(record: Record, table: pa.Table) -> bytes:
    """The file of a case."""
    said = json.dumps({each.name: getattr(record, each.name) for each in fields(record)}, default=str)
    return parquet_bytes(table, {_KEY: said.encode()})


def parquet_bytes(table: pa.Table, metadata: Mapping[bytes, bytes] = MappingProxyType({})) -> bytes:
    """A table as a Parquet file, the same bytes whenever it is made."""
    sink = io.BytesIO()
    with pq.ParquetWriter(
        sink, table.schema, compression="zstd", compression_level=3, version="2.6", store_schema=False
    ) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata(dict(metadata))
    return sink.getvalue()


def read_record(path: Path) -> Record | None:
    """What the file of a case says of it; None if the file is damaged or something else."""
    try:
        return Record(**json.loads(pq.read_metadata(path).metadata[_KEY]))
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None
