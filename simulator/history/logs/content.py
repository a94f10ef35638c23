"""The bytes of a log, unpacked, and never more of them than memory bears."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import IO

from simulator.history.errors import refused
from simulator.history.files.limits import check_regular
from simulator.language import say

NamedFile = tuple[str, Path | bytes]
"""A file's name, for messages, and where it is, or its bytes."""

LARGEST_LOG = 500_000_000
"""Bytes of one file, unpacked: years of calls."""
MOST_ROWS = 5_000_000
"""Of all files together."""

_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 22


def start_of(file: NamedFile, size: int) -> bytes:
    """The first bytes of a file, unpacked if they are packed by gzip.

    Raises
    ------
    ReportError
        If it cannot be read.
    """
    return _read(file, size)


def content_of(file: NamedFile) -> bytes:
    """All bytes of a file, unpacked if they are packed by gzip.

    Raises
    ------
    ReportError
        If it is empty or too large, or cannot be read; a file or a gzip file that is too large is not read to its end.
    """
    name, place = file
    size = _size(file)
    if size > LARGEST_LOG:
        raise refused(name, say("refusals.log_too_large", megabytes=round(size / 1e6), most=LARGEST_LOG // 1_000_000))
    content = place if isinstance(place, bytes) and not place.startswith(_GZIP) else _read(file, LARGEST_LOG + 1)
    if len(content) > LARGEST_LOG:
        raise refused(name, say("refusals.unpacks_too_large", most=LARGEST_LOG // 1_000_000))
    if not content[:_CHUNK].strip() and not content.strip():
        raise refused(name, say("refusals.empty"))
    return content


def _size(file: NamedFile) -> int:
    name, place = file
    if isinstance(place, bytes):
        return len(place)
    try:
        return place.stat().st_size
    except OSError as error:
        raise refused(name, say("refusals.cannot_read", reason=str(error.strerror))) from None


def _read(file: NamedFile, most: int) -> bytes:
    """Up to `most` bytes."""
    name, place = file
    try:
        if isinstance(place, Path):
            check_regular(name, place)
        with io.BytesIO(place) if isinstance(place, bytes) else place.open("rb") as raw:
            packed = raw.read(len(_GZIP)) == _GZIP
            raw.seek(0)
            return _unpacked(name, raw, most) if packed else raw.read(most)
    except OSError as error:
        raise refused(name, say("refusals.cannot_read", reason=str(error.strerror))) from None


def _unpacked(name: str, raw: IO[bytes], most: int) -> bytes:
    content = bytearray()
    try:
        with gzip.GzipFile(fileobj=raw) as unpacked:
            while len(content) < most and (chunk := unpacked.read(min(_CHUNK, most - len(content)))):
                content += chunk
    except (OSError, EOFError, zlib.error):
        raise refused(name, say("refusals.gzip_damaged")) from None
    if not content:
        raise refused(name, say("refusals.gzip_empty"))
    return bytes(content)
