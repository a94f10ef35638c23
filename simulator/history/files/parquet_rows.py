"""Reports as Parquet files: their cells as text, row by row."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from simulator.history.cells.cell_text import cell_text
from simulator.history.errors import refused
from simulator.history.files.limits import check_shape, check_unpacked
from simulator.language import say

if TYPE_CHECKING:
    import pyarrow as pa

    from simulator.history.files.text import Row

_ROWS_AT_ONCE = 10_000


def read_parquet_rows(name: str, content: bytes) -> tuple[Row, ...]:
    """The names of the columns as row 0, and the rows from 1.

    Raises
    ------
    ReportError
        If it is no Parquet file, is damaged, or is too large.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # Text as a dictionary: a small file may repeat a long text very often.
        schema = pq.read_schema(io.BytesIO(content))
        texts = [
            field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
        ]
        file = pq.ParquetFile(io.BytesIO(content), read_dictionary=texts)
        shape = file.metadata
        check_shape(name, 0, shape.num_rows, len(schema))
        check_unpacked(name, sum(shape.row_group(k).total_byte_size for k in range(shape.num_row_groups)))
        rows: list[Row] = [(0, tuple(schema.names))]
        for batch in file.iter_batches(_ROWS_AT_ONCE):
            columns = [_cells(column) for column in batch.columns]
            rows += [(len(rows) + k, cells) for k, cells in enumerate(zip(*columns, strict=True))]
    except (OSError, ValueError, TypeError, OverflowError, pa.ArrowException):
        raise refused(name, say("refusals.parquet_damaged")) from None
    return tuple(row for row in rows if any(row[1]))


def _cells(column: pa.Array) -> list[str]:
    import pyarrow as pa

    if isinstance(column, pa.DictionaryArray):
        words = [*map(cell_text, column.dictionary.to_pylist()), ""]
        return [words[-1 if k is None else k] for k in column.indices.to_pylist()]
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return [cell_text(value) for value in column.to_pylist()]
