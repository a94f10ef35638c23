"""How large a report may be: enough for years of quarter-hours, and no more than one page can hold in memory."""

from __future__ import annotations

import gzip
import io
import stat
import zlib
from typing import TYPE_CHECKING

from simulator.history.errors import refused
from simulator.language import say

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_REPORT = 50_000_000
"""Bytes as they were uploaded."""
LARGEST_UNPACKED = 200_000_000
"""Bytes of all parts of an xlsx file, or of what a gzip file holds."""
MOST_ROWS = 500_000
MOST_COLUMNS = 500
MOST_CELLS = 5_000_000
LONGEST_LINE = 1_000_000
"""Characters."""
LONGEST_ROW = 50
"""Lines, after which a quote was not meant to hold them all."""

_CHUNK = 1 << 20


def check_regular(name: str, place: Path) -> None:
    """Refuse a folder, a pipe or a device, which cannot be read twice or has no end.

    Raises
    ------
    ReportError
        If it is one.
    OSError
        If there is nothing.
    """
    if not stat.S_ISREG(place.stat().st_mode):
        raise refused(name, say("refusals.no_regular_file"))


def check_size(name: str, content: bytes) -> None:
    """Refuse a file that is empty or too large.

    Raises
    ------
    ReportError
        If it is.
    """
    if not content.strip():
        raise refused(name, say("refusals.empty"))
    if len(content) > LARGEST_REPORT:
        megabytes, most = round(len(content) / 1e6), LARGEST_REPORT // 1_000_000
        raise refused(name, say("refusals.too_large", megabytes=megabytes, most=most))


def check_unpacked(name: str, size: int) -> None:
    """Refuse what grows too large when it is unpacked.

    Raises
    ------
    ReportError
        If it does.
    """
    if size > LARGEST_UNPACKED:
        raise refused(name, say("refusals.unpacks_too_large", most=LARGEST_UNPACKED // 1_000_000))


def check_shape(name: str, line: int, rows: int, columns: int) -> None:
    """Refuse a table with too many rows, columns or cells, seen at a row of it.

    Raises
    ------
    ReportError
        If it has.
    """
    if columns > MOST_COLUMNS:
        raise refused(name, say("refusals.too_many_columns", columns=columns, most=MOST_COLUMNS), line)
    if rows > MOST_ROWS or rows * columns > MOST_CELLS:
        raise refused(name, say("refusals.too_many_cells", rows=MOST_ROWS, cells=MOST_CELLS), line)


def ungzipped(name: str, content: bytes) -> bytes:
    """What a gzip file holds; unpacking stops soon after the limit, since a small file may hold gigabytes of zeros.

    Raises
    ------
    ReportError
        If it is damaged, or holds too much or nothing.
    """
    chunks: list[bytes] = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            while size <= LARGEST_UNPACKED and (chunk := file.read(_CHUNK)):
                chunks.append(chunk)
                size += len(chunk)
    except (OSError, EOFError, zlib.error):
        raise refused(name, say("refusals.gzip_damaged")) from None
    check_unpacked(name, size)
    if not size:
        raise refused(name, say("refusals.gzip_empty"))
    return b"".join(chunks)
