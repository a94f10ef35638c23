"""Reports as text: which encoding, which sign between the columns, and the rows with their lines."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from simulator.history.errors import ReportError, refused
from simulator.history.files.limits import LONGEST_LINE, LONGEST_ROW, check_shape
from simulator.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = tuple[int, tuple[str, ...]]
"""Line from 1, and the cells without the blanks around them."""

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_LINES_LOOKED_AT = 200
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_CONTROL = re.compile("[\0-\x08\x0e-\x1f]")
_MARKUP = re.compile(r"\s*<(\?xml|!doctype|html|head|meta|style|table|div|workbook)\b", re.IGNORECASE)
"""Some systems write a page with a table and call it xls."""
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class TextRows:
    """The rows of a text file, empty ones left out."""

    rows: tuple[Row, ...]
    delimiter: str
    encoding: str


def read_text(name: str, content: bytes, *, is_start: bool = False) -> TextRows:
    """Split a text file into rows and cells.

    Parameters
    ----------
    is_start
        Whether the file goes on: its last row may be cut inside a quote.

    Raises
    ------
    ReportError
        If it is no text, has one column only, is no CSV, or is too large.
    """
    text, encoding = _decoded(name, content)
    if not text.strip():
        raise refused(name, say("refusals.empty"))
    if _MARKUP.match(text):
        raise refused(name, say("refusals.markup"))
    longest = max(map(len, text.splitlines()), default=0)
    if longest > LONGEST_LINE:
        raise _no_text(name, say("refusals.long_line", characters=longest, most=LONGEST_LINE))
    said = _SEPARATOR_LINE.match(text)
    delimiter = said[1] if said else _delimiter(text)
    if not delimiter:
        raise refused(name, say("refusals.no_delimiter"), 1, value=text.splitlines()[0])
    first = 2 if said else 1
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text[said.end() :] if said else text, newline=""), delimiter=delimiter)
    ended = 0
    try:
        for cells in reader:
            line = first + reader.line_num - 1
            if reader.line_num - ended > LONGEST_ROW:
                raise refused(name, say("refusals.open_quote", most=LONGEST_ROW), first + ended)
            ended = reader.line_num
            check_shape(name, line, len(rows) + 1, len(cells))
            if any(cell.strip() for cell in cells):
                rows.append((line, tuple(cell.strip() for cell in cells)))
    except csv.Error as error:
        if reader.line_num - ended > LONGEST_ROW:
            raise refused(name, say("refusals.open_quote", most=LONGEST_ROW), first + ended) from None
        if "field limit" in str(error):
            raise refused(name, say("refusals.long_cell", most=csv.field_size_limit()), first + ended) from None
        raise refused(name, say("refusals.no_csv", reason=str(error)), first + reader.line_num - 1) from None
    opened = None if is_start else unclosed_quote(text.encode(), delimiter)
    if opened is not None:
        raise refused(name, say("refusals.never_closed"), opened)
    return TextRows(tuple(rows), delimiter, encoding)


def _decoded(name: str, content: bytes) -> tuple[str, str]:
    encoding = encoding_of(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = say("refusals.bad_byte", place=error.start + 1, byte=f"0x{content[error.start]:02X}")
        raise _no_text(name, what, line) from None
    strange = _CONTROL.search(text)
    if strange:
        line = text.count("\n", 0, strange.start()) + 1
        raise _no_text(name, say("refusals.control", character=f"0x{ord(strange[0]):02X}"), line)
    return text, encoding


def unclosed_quote(content: bytes, delimiter: str) -> int | None:
    """The line of the quote behind which the rest of the file is one cell, if there is such a rest of several lines."""
    place = content.rfind(b'"')
    end = b"\n" if b"\n" in content else b"\r"
    if place < 0 or not content[place:].partition(end)[2].strip():
        return None
    ends = (b"", b"\n", b"\r", delimiter.encode())
    opens = content[max(place - 1, 0) : place] in ends
    closes = content[place + 1 : place + 2] in ends
    # At both ends of a cell, as in "a;", it may be either.
    if not opens or (closes and content.count(b'"') % 2 == 0):
        return None
    return content.count(end, 0, place) + 1


def encoding_of(content: bytes) -> str:
    """The encoding of a text, told by its byte order mark, else by what its bytes can be."""
    marked = (encoding for mark, encoding in _BYTE_ORDER_MARKS if content.startswith(mark))
    return next(marked, None) or _unmarked(content)


def _no_text(name: str, what: str, line: int | None = None) -> ReportError:
    return refused(name, f"{what} {say('refusals.no_text')}", line)


def _unmarked(content: bytes) -> str:
    """The encoding of bytes without a byte order mark."""
    some = content[:4000]
    # Nearly all signs of a report are below 256, so one byte of two is 0 in UTF-16.
    if some[1::2].count(0) > 0.4 * len(some) / 2:
        return "utf-16-le"
    if some[0::2].count(0) > 0.4 * len(some) / 2:
        return "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _delimiter(text: str) -> str:
    """The sign by which most of the first rows have the same number of cells, two at least; nothing if none does."""

    def evenness(delimiter: str) -> tuple[int, int]:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        widths = Counter(len(cells) for cells in _until_error(rows) if len(cells) > 1)
        return max(((often, width) for width, often in widths.items()), default=(0, 0))

    best = max(DELIMITERS, key=evenness)
    return best if evenness(best) > (0, 0) else ""


def _until_error(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from islice(rows, _LINES_LOOKED_AT)
    except csv.Error:
        return
