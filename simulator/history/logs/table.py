"""A log as columns of text, from whatever file: CSV of any delimiter, packed by gzip or not, Parquet, xlsx."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

NamedFile = tuple[str, Path | bytes]
"""A file's name, for messages, and where it is, or its bytes."""


@dataclass(frozen=True, slots=True)
class LogTable:
    """Columns of text of one file."""

    name: str
    form: str
    """What the file is: "commas, utf-8", "xlsx" or "parquet"."""
    columns: tuple[str, ...]
    """Names of all columns, all different."""
    cells: Mapping[str, pa.Array]
    """Column -> [row] text; of the columns that were asked for."""
    line: Ints
    """[row] Line in the file or the sheet; row in a Parquet file."""
    header_line: int
    malformed: tuple[tuple[int, str], ...] = ()
    """Line and text of rows with more or fewer cells than the header: not among the others."""

    def __len__(self) -> int:
        return len(self.line)


def read_table(file: NamedFile, columns: Collection[str] | None = None, most_rows: int | None = None) -> LogTable:
    """Read the named columns of a file (default: all), or only the first rows of it, to look at.

    Raises
    ------
    ReportError
        If it is no table, is too large, or lacks a column.
    """
    raise NotImplementedError
