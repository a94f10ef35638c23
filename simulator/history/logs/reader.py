"""What all readers of logs do: cells, moments, lengths and names of each role, and what became of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.history.cells.date_order import settled_order
from simulator.history.errors import refused
from simulator.history.files.words import is_total
from simulator.history.logs.lengths import decimal_sign
from simulator.history.logs.placing import Placing
from simulator.history.logs.quality import LogQuality
from simulator.history.logs.rows import Rows, text_of
from simulator.history.logs.times import date_texts, distinct, read_lengths, read_times
from simulator.history.logs.zone import Zone
from simulator.history.sentences import finding_words
from simulator.language import say
from simulator.scenario.errors import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from simulator.history.cells.moments import DateOrder
    from simulator.history.logs.content import NamedFile
    from simulator.history.logs.mapping import CellForms, Words
    from simulator.history.logs.rows import TextOf

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Names:
    """A column of names: [row] which of them a row has, -1 for none."""

    names: tuple[str, ...]
    index: Ints

    def used(self) -> Names:
        """Those that some row has: numbers by their size, then words by the alphabet."""
        used, place = np.unique(self.index[self.index >= 0], return_inverse=True)
        some = [self.names[k] for k in used]
        order = sorted(range(len(some)), key=lambda k: _rank(some[k]))
        rank = np.empty(len(some), dtype=np.int64)
        rank[order] = np.arange(len(some))
        index = np.full(len(self.index), -1, dtype=np.int64)
        index[self.index >= 0] = rank[place]
        return Names(tuple(some[k] for k in order), index)


class LogReader:
    """The columns of a log, read one after the other; what a row lacks or gainsays drops it.

    Parameters
    ----------
    files
        At least one.
    columns
        Names of the columns of each role. One called `date` holds the day of moments that are clock times only.
    forms
        How their cells are written.

    Raises
    ------
    ReportError
        If there is no file or no such time zone, or a file cannot be read, or lacks a column.
    """

    def __init__(self, files: Sequence[NamedFile], columns: Mapping[Any, Words], forms: CellForms) -> None:
        if not files:
            raise refused("", say("refusals.no_file"))
        try:
            ZoneInfo(forms.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise refused(files[0][0], say("refusals.no_timezone", timezone=shown(forms.timezone))) from None
        self.rows = Rows(files, [name for names in columns.values() for name in names], forms)
        self.zone = Zone(forms.timezone)
        self.forms = forms
        self.order: DateOrder | None = None
        self._columns = columns

    def has(self, role: str) -> bool:
        """Whether the log has a column of the role."""
        return bool(self._columns.get(role))

    def cells(self, role: str) -> pa.Array:
        """[row] What the columns of a role say, the first that says something; "" where none does."""
        return self.rows.cells(self._columns.get(role, ()))

    def is_word(self, role: str, *words: str) -> Bools:
        """[row] Whether the cell of a role is one of the words."""
        return _is(self.cells(role), *words)

    def note_misspelt(self, role: str, *words: str) -> None:
        """Say which of the words that the mapping has for a role are likely misspelt."""
        if self.has(role):
            self.rows.note_misspelt(self._columns[role], self.cells(role), words)

    def placing(self, first: str) -> Placing:
        """What places the moments of the rows; `first` is the role of those that come first."""
        rows, forms = self.rows, self.forms
        empty = np.ones(len(rows), dtype=np.bool_)
        for each in self._columns:
            empty &= self.is_word(each, "")
            if not empty.any():
                break
        rows.drop("empty_row", empty)
        role = "date" if self.has("date") else first
        cells = self.cells(role)
        if forms.date_format:
            return Placing(rows, self.zone, "day first", forms, self._days(cells, "day first"))
        texts = [text for text in date_texts(cells, dated=True) if not is_total(text)]
        self.order, nearness = settled_order(rows.sources[0], rows.header_line, texts, forms.date_order)
        if nearness:
            first = pc.index(pc.starts_with(cells, nearness), True).as_py()
            rows.note("order_by_nearness", np.arange(len(rows)) == first, lambda _: nearness)
        return Placing(rows, self.zone, self.order, forms, self._days(cells, self.order))

    def lengths(self, role: str) -> Floats | None:
        """[row] Seconds, those of all columns of the role added up; None if it has no column."""
        total = None
        for column in self._columns.get(role, ()):
            cells = self.rows.cells((column,))
            sign = decimal_sign(self.rows, column, cells, self.forms.decimal)
            seconds, wrong = read_lengths(cells, sign, self.forms.unit_in(column))
            self.rows.drop("no_length", wrong, text_of(cells))
            self.rows.drop("negative_length", seconds < 0, text_of(cells))
            total = seconds if total is None else _sum(total, seconds)
        return total

    def names(self, role: str, without: str | None = None) -> Names:
        """The names of a role, in no order; where a row has none, none, or the name that stands for it."""
        cells = self.cells(role)
        if without is not None:
            cells = pc.if_else(pc.equal(cells, ""), without, cells)
        texts, place = distinct(cells)
        names = tuple(texts.to_pylist())
        nothing = names.index("") if "" in names else -1
        return Names(names, np.where(place == nothing, -1, place).astype(np.int64))

    def moment_text(self, moments: Floats) -> TextOf:
        """What a finding shows of a moment [row]: its local time."""

        def text(row: int) -> str:
            day, clock = self.zone.local(moments[row : row + 1])
            seconds = int(clock[0])
            return f"{date.fromordinal(int(day[0]))} {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"

        return text

    def refuse_nothing(self) -> None:
        """Refuse a log of which no row was kept.

        Raises
        ------
        ReportError
            With all that was found.
        """
        if not self.rows.kept.any():
            reasons = "; ".join(map(finding_words, self.rows.findings()))
            names = ", ".join(self.rows.sources)
            raise refused(names, say("refusals.no_row", reasons=reasons), self.rows.header_line)

    def quality(self, moments: Floats) -> LogQuality:
        """What became of every row; `moments` [row] tell the days of those that were kept."""
        rows = self.rows
        days = np.unique(self.zone.local(moments[rows.kept])[0])
        missing = np.setdiff1d(np.arange(days[0], days[-1] + 1), days)
        return LogQuality(
            read=rows.read,
            kept=int(rows.kept.sum()),
            findings=rows.findings(),
            first_day=date.fromordinal(int(days[0])),
            last_day=date.fromordinal(int(days[-1])),
            missing_days=tuple(date.fromordinal(int(day)) for day in missing),
            date_order=self.order,
        )

    def _days(self, cells: pa.Array, order: DateOrder) -> Ints | None:
        """[row] The days that a column of dates tells, if there is one."""
        if not self.has("date"):
            return None
        days = read_times(cells, order, self.forms.date_format, dated=True)
        self.rows.drop_unreadable("no_date", days.wrong | (days.day == 0), cells)
        return days.day


def _rank(name: str) -> tuple[bool, int, str]:
    return not name.isdecimal(), len(name) if name.isdecimal() else 0, name


def _sum(first: Floats, second: Floats) -> Floats:
    """[row] The sum of what there is; nan where there is nothing."""
    return np.where(np.isnan(first), second, first + np.nan_to_num(second))


def _is(cells: pa.Array, *words: str) -> Bools:
    return np.asarray(pc.is_in(cells, value_set=pa.array(words, pa.string())).to_numpy(zero_copy_only=False))
