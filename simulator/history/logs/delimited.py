"""Logs as text, a row a line and a sign between the cells: what the first rows tell, and then the columns, at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from simulator.history.errors import refused
from simulator.history.files.header import column_names, header_place
from simulator.history.files.limits import LONGEST_LINE, LONGEST_ROW
from simulator.history.files.text import DELIMITERS, encoding_of, read_text
from simulator.history.logs.content import MOST_ROWS
from simulator.language import say

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

SAMPLE = 1 << 18
"""Bytes of the first rows, which are looked at closely."""
_MOST_MALFORMED = 100_000
"""Rows, after which a file is no table."""
_CHUNK = 1 << 24
_NEWLINE, _RETURN, _QUOTE = b"\n", b"\r", b'"'

Malformed = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Delimited:
    """A text file whose columns are known."""

    name: str
    content: bytes
    encoding: str
    """utf-8 or cp1252."""
    delimiter: str
    columns: tuple[str, ...]
    header_line: int

    @property
    def form(self) -> str:
        """What the file is, in words."""
        return f"{DELIMITERS.get(self.delimiter, self.delimiter)}, {self.encoding}"

    def read(self, wanted: Collection[str]) -> tuple[dict[str, pa.Array], Ints, Malformed]:
        """The columns wanted, the line [row] of each row, and line and text of the rows of another width.

        Raises
        ------
        ReportError
            If it is no CSV, or not in the encoding that it starts in, or most rows have another width.
        """
        strange: list[tuple[int, str]] = []

        def skip(row: pacsv.InvalidRow) -> str:
            strange.append((row.number - self.header_line - 1, row.text))
            return "skip" if len(strange) <= _MOST_MALFORMED else "error"

        wanted = tuple(dict.fromkeys(wanted))
        try:
            table = pacsv.read_csv(
                pa.BufferReader(self.content),
                pacsv.ReadOptions(
                    use_threads=False,  # so that rows of another width know their line
                    skip_rows=self.header_line,
                    column_names=list(self.columns),
                    encoding=self.encoding,
                ),
                pacsv.ParseOptions(
                    delimiter=self.delimiter,
                    newlines_in_values=_QUOTE in self.content,
                    ignore_empty_lines=False,
                    invalid_row_handler=skip,
                ),
                pacsv.ConvertOptions(
                    column_types=dict.fromkeys(wanted, pa.string()),
                    include_columns=list(wanted),
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid as error:
            if self.encoding == "utf-8" and "UTF8" in str(error):
                return replace(self, encoding="cp1252").read(wanted)
            if len(strange) > _MOST_MALFORMED:
                raise self._refused_width(strange) from None
            longest = int(np.diff(_places(self.content, _NEWLINE), prepend=-1, append=len(self.content)).max())
            if longest > LONGEST_LINE:  # no block of rows holds it
                raise refused(self.name, say("refusals.long_line", characters=longest, most=LONGEST_LINE)) from None
            raise refused(self.name, say("refusals.no_csv", reason=str(error).splitlines()[0])) from None
        if len(strange) > table.num_rows:
            raise self._refused_width(strange)
        return self._settled(table, strange)

    def _settled(self, table: pa.Table, strange: list[tuple[int, str]]) -> tuple[dict[str, pa.Array], Ints, Malformed]:
        rows = table.num_rows + len(strange)
        if rows > MOST_ROWS:
            raise refused(self.name, say("refusals.too_many_rows", most=MOST_ROWS))
        line, blank = self._lines(rows)
        is_strange = np.zeros(rows, dtype=np.bool_)
        is_strange[[place for place, _ in strange]] = True
        malformed = tuple((int(line[place]), text) for place, text in strange if text.strip(self.delimiter + " \r\n"))
        kept = ~blank[~is_strange]
        if not kept.all():
            table = table.filter(pa.array(kept))
        cells = {name: pc.utf8_trim_whitespace(_joined(table.column(name))) for name in table.column_names}
        return cells, line[~is_strange][kept], malformed

    def _lines(self, rows: int) -> tuple[Ints, Bools]:
        """[row] The line on which a row below the header ends, and whether it is blank.

        Lines and rows differ where quotes hold line ends. A quote inside a cell, as in 5" pipe, is not told from
        them; if it makes the count of rows wrong and no line is lacking, lines are rows.
        """
        content = self.content
        end = _NEWLINE if _NEWLINE in content else _RETURN
        ends = _places(content, end)
        if not content.endswith(end):
            ends = np.append(ends, len(content))
        length = np.diff(ends, prepend=-1) - 1
        if end == _NEWLINE and _RETURN in content[:SAMPLE]:
            length -= np.frombuffer(content, dtype=np.uint8)[np.maximum(ends - 1, 0)] == _RETURN[0]
        closed = np.ones(len(ends), dtype=np.bool_)
        if _QUOTE in content:
            closed = np.searchsorted(_places(content, _QUOTE), ends) % 2 == 0
        lines = np.flatnonzero(closed)
        lines = lines[lines >= self.header_line]
        below = len(ends) - self.header_line
        longest = np.diff(lines, prepend=self.header_line - 1).max(initial=0) if len(lines) == rows else below - rows
        if longest > LONGEST_ROW:
            first = int(np.flatnonzero(~closed[self.header_line :])[0]) + self.header_line + 1
            raise refused(self.name, say("refusals.open_quote", most=LONGEST_ROW), first)
        if len(lines) != rows:
            return self.header_line + 1 + np.arange(rows), np.zeros(rows, dtype=np.bool_)
        return lines + 1, length[lines] <= 0

    def _refused_width(self, strange: list[tuple[int, str]]) -> Exception:
        place, text = strange[0]
        message = say("refusals.other_width", columns=len(self.columns), line=str(self.header_line))
        return refused(self.name, message, self.header_line + 1 + place, value=text)


def read_delimited(name: str, content: bytes, *, is_start: bool = False) -> Delimited:
    """Find out encoding, delimiter and columns of a text file by its first rows.

    Parameters
    ----------
    is_start
        Whether the file goes on: its last row, and the last letter of that, may be cut.

    Raises
    ------
    ReportError
        If it is no text, or its rows are no table.
    """
    encoding = encoding_of(content[:SAMPLE])
    if encoding.startswith("utf-16"):
        try:
            content = content.decode(encoding).encode()
        except UnicodeDecodeError:
            raise refused(name, say("refusals.no_text")) from None
    sample = content[:SAMPLE]
    if is_start or len(sample) < len(content):
        end = max(sample.rfind(_NEWLINE), sample.rfind(_RETURN))
        header_end = sample.find(_NEWLINE) if is_start else -1  # below which some rows are to be whole
        sample = sample[: end + 1] if end > header_end else content[: LONGEST_LINE + SAMPLE]
    text = read_text(name, sample, is_start=is_start or len(sample) < len(content))
    place = header_place(name, text.rows)
    header_line, header = text.rows[place]
    while header and not header[-1]:
        header = header[:-1]
    widths = Counter(len(cells) for _, cells in text.rows[place + 1 :])
    # Some programs end every row but the header's with a delimiter.
    width = max(len(header), max(widths, key=lambda width: widths[width]))
    if any(any(cells[len(header) :]) for _, cells in text.rows[place + 1 :] if len(cells) == width):
        width = len(header)
    names = column_names((*header, *("",) * (width - len(header))))
    encoding = "cp1252" if text.encoding == "cp1252" else "utf-8"
    return Delimited(name, content, encoding, text.delimiter, names, header_line)


def whole_rows(table: Delimited) -> Delimited:
    """The table without what its last line end does not end: the start of a file may break off inside a row."""
    content = table.content
    end = last = max(content.rfind(_NEWLINE), content.rfind(_RETURN))
    for _ in range(LONGEST_ROW):
        if end < 0 or content.count(_QUOTE, 0, end) % 2 == 0:
            break
        end = max(content.rfind(_NEWLINE, 0, end), content.rfind(_RETURN, 0, end))
    else:
        end = last  # quotes inside cells
    return replace(table, content=content[: end + 1])


def _joined(column: pa.ChunkedArray) -> pa.Array:
    joined = column.combine_chunks()
    return joined.chunk(0) if isinstance(joined, pa.ChunkedArray) else joined


def _places(content: bytes, sign: bytes) -> Ints:
    """Where a byte stands."""
    signs = np.frombuffer(content, dtype=np.uint8)
    chunks = range(0, len(signs), _CHUNK)
    return np.concatenate([np.flatnonzero(signs[start : start + _CHUNK] == sign[0]) + start for start in chunks])
