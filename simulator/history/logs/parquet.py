"""Logs in Parquet files: their columns as text, as a log of text would have them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from simulator.history.errors import refused
from simulator.history.files.limits import MOST_COLUMNS
from simulator.history.logs.content import LARGEST_LOG, MOST_ROWS
from simulator.language import say

if TYPE_CHECKING:
    from collections.abc import Collection

    from simulator.history.logs.content import NamedFile

_LOOKED_AT = 10_000
"""Rows of a file that is only looked at."""


def read_parquet(file: NamedFile, wanted: Collection[str] | None) -> tuple[tuple[str, ...], dict[str, pa.Array], int]:
    """All names, the text of the columns wanted that are there, and the number of rows.

    Parameters
    ----------
    file
        The file.
    wanted
        Names of columns. None: the first rows of all.

    Raises
    ------
    ReportError
        If it is damaged, too large, or a column holds no plain values.
    """
    name, place = file
    try:
        source = io.BytesIO(place) if isinstance(place, bytes) else place
        schema = pq.read_schema(source)
        texts = [each.name for each in schema if pa.types.is_string(each.type) or pa.types.is_large_string(each.type)]
        with pq.ParquetFile(source, read_dictionary=texts) as log:
            return _read(name, log, wanted)
    except (pa.ArrowException, OSError):
        raise refused(name, say("refusals.parquet_damaged")) from None


def _read(
    name: str, log: pq.ParquetFile, wanted: Collection[str] | None
) -> tuple[tuple[str, ...], dict[str, pa.Array], int]:
    names = tuple(log.schema_arrow.names)
    meta = log.metadata
    if meta.num_columns > MOST_COLUMNS:
        raise refused(name, say("refusals.too_many_columns", columns=meta.num_columns, most=MOST_COLUMNS))
    if meta.num_rows > MOST_ROWS:
        raise refused(name, say("refusals.too_many_rows", most=MOST_ROWS))
    if not meta.num_rows:
        raise refused(name, say("refusals.no_figures"))
    if sum(meta.row_group(k).total_byte_size for k in range(meta.num_row_groups)) > LARGEST_LOG:
        raise refused(name, say("refusals.unpacks_too_large", most=LARGEST_LOG // 1_000_000))
    if wanted is None:
        table = pa.Table.from_batches([next(log.iter_batches(batch_size=_LOOKED_AT))])
    else:
        table = log.read(columns=[column for column in names if column in wanted])
    cells = {column: _text(name, column, table.column(column)) for column in table.column_names}
    return names, cells, table.num_rows


def _text(file: str, name: str, column: pa.ChunkedArray) -> pa.Array:
    kind = column.type
    values = column.combine_chunks()
    values = values.chunk(0) if isinstance(values, pa.ChunkedArray) else values
    if pa.types.is_dictionary(kind):
        # A small file may repeat a long text millions of times.
        if (pc.sum(pc.take(pc.binary_length(values.dictionary), values.indices)).as_py() or 0) > LARGEST_LOG:
            raise refused(file, say("refusals.unpacks_too_large", most=LARGEST_LOG // 1_000_000), column=name)
        values, kind = values.dictionary_decode(), kind.value_type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind):
        raise refused(file, say("refusals.no_plain_values", kind=str(kind)), column=name)
    if pa.types.is_duration(kind):
        values = pc.divide(values.cast(pa.duration("ms")).cast(pa.int64()).cast(pa.float64()), 1000.0)
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), None, values)
        if pc.all(pc.equal(values, pc.floor(values))).as_py() is not False:
            values = values.cast(pa.int64(), safe=False)  # numbers of agents, made fractional by empty cells
    return pc.utf8_trim_whitespace(pc.fill_null(values.cast(pa.string()), ""))
