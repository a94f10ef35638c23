"""What a query has answered: a table, and the files that can be made of it."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from simulator.batch.names import distinct
from simulator.batch.record import parquet_bytes
from simulator.report.workbook import Column, Sheet, xlsx
from simulator.scenario.cells import safe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd

MOST_ROWS = 1_048_575
"""Below the heading of a sheet."""
_AT_ONCE = 10_000


class TooManyRowsError(Exception):
    """A workbook cannot hold so many; the message says what can."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows that a query has found, in its order. No two columns have the same name."""

    table: pa.Table

    @classmethod
    def of(cls, table: pa.Table) -> Answer:
        """A table as DuckDB gives it, with sums of whole numbers as whole numbers."""
        columns = [_plain(column) for column in table.columns]
        return cls(pa.table(columns, names=distinct(table.column_names)))

    def __len__(self) -> int:
        """How many rows."""
        return int(self.table.num_rows)

    @property
    def columns(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(self.table.column_names)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Row by row; nothing, NaN and what is infinite are None."""
        for batch in self.table.to_batches(_AT_ONCE):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield tuple(None if isinstance(each, float) and not math.isfinite(each) else each for each in row)

    def to_pandas(self) -> pd.DataFrame:
        """As a data frame; whole numbers of which some are missing are floats, as usual there."""
        frame: pd.DataFrame = self.table.to_pandas()
        return frame

    def csv(self) -> bytes:
        """As CSV in UTF-8, safe for spreadsheets."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(safe_text(name) for name in self.columns)
        writer.writerows([_cell(value) for value in row] for row in self.rows())
        return text.getvalue().encode()

    def parquet(self) -> bytes:
        """As a Parquet file."""
        return parquet_bytes(self.table)

    def xlsx(self) -> bytes:
        """As a workbook with one sheet.

        Raises
        ------
        TooManyRowsError
            If a sheet does not hold them.
        """
        if len(self) > MOST_ROWS:
            msg = f"These are {len(self):,} rows, a sheet has {MOST_ROWS:,} at most; write .csv or .parquet instead."
            raise TooManyRowsError(msg)
        rows = [[_number_or_text(value) for value in row] for row in self.rows()]
        return xlsx([Sheet("results", [Column(name) for name in self.columns], rows)])


FILES: Mapping[str, Callable[[Answer], bytes]] = {".csv": Answer.csv, ".parquet": Answer.parquet, ".xlsx": Answer.xlsx}
"""Ending of a file -> what makes it."""


def text_of(value: object) -> str:
    """A value other than a number, as every file has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Decimals as plain numbers: a sum of whole numbers comes as one of 38 digits."""
    if not pa.types.is_decimal(column.type):
        return column
    if column.type.scale == 0:
        try:
            return pc.cast(column, pa.int64())
        except pa.ArrowInvalid:  # too large
            pass
    return pc.cast(column, pa.float64())


def _cell(value: object) -> object:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    return safe_text(text_of(value))


def _number_or_text(value: object) -> float | str:
    if value is None:
        return math.nan
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return text_of(value)
