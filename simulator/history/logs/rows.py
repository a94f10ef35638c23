"""The rows of all files of a log: which are still kept, and what was found in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulator.history.cells.numbers import NOTHING
from simulator.history.errors import refused
from simulator.history.files.words import is_total
from simulator.history.logs.content import MOST_ROWS
from simulator.history.logs.quality import MOST_LINES
from simulator.history.logs.table import read_tables
from simulator.history.logs.times import distinct
from simulator.history.logs.word_lists import misspelt, words_with_rows
from simulator.history.quality import KINDS, Finding
from simulator.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from numpy.typing import NDArray

    from simulator.history.logs.content import NamedFile
    from simulator.history.logs.mapping import CellForms
    from simulator.history.logs.table import LogTable
    from simulator.history.quality import Reason

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    TextOf = Callable[[int], str]
    """The text of a row that a finding shows."""

_NOTHING = sorted({form for word in NOTHING for form in (word, word.upper(), word.capitalize())} | {"NaN", "NaT"})


class Rows:
    """The rows of all files, one after the other. A row that is dropped stays in its place, and is not kept.

    Parameters
    ----------
    files
        Name and place of each.
    columns
        The columns that are needed.
    forms
        How their cells are written.

    Raises
    ------
    ReportError
        If a file cannot be read, lacks a column, or has too many rows with those before it.
    """

    def __init__(self, files: Sequence[NamedFile], columns: Iterable[str], forms: CellForms) -> None:
        wanted = tuple(dict.fromkeys((*columns, *forms.leave_out)))
        tables: list[LogTable] = []
        for file in files:
            tables += read_tables(file, wanted, forms.sheet)
            if sum(map(len, tables)) > MOST_ROWS:
                raise refused(file[0], say("refusals.too_many_rows", most=MOST_ROWS))
        self.sources = tuple(table.name for table in tables)
        self.form = tables[0].form
        self.header_line = tables[0].header_line
        self.columns = tables[0].columns
        self.file: Ints = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
        """[row] Index in `sources`."""
        self.line: Ints = np.concatenate([table.line for table in tables])
        self.read = len(self.line) + sum(len(table.malformed) for table in tables)
        self.kept: Bools = np.ones(len(self.line), dtype=np.bool_)
        self._cells = {column: pa.concat_arrays([table.cells[column] for table in tables]) for column in wanted}
        self._forms = forms
        self._found: list[tuple[Reason, Ints, TextOf | None]] = []
        self._misspelt: list[str] = []
        self._malformed = [table.malformed for table in tables]
        self._not_read = [table.not_read for table in tables]
        self._leave_out()

    def __len__(self) -> int:
        return len(self.line)

    def cells(self, columns: Sequence[str]) -> pa.Array:
        """[row] The text of the first of these columns that says something; "" where none does."""
        texts = None
        for column in columns:
            words = pa.array([*_NOTHING, *self._forms.nothing.get(column, ())])
            cells = self._cells[column]
            told = pc.if_else(pc.is_in(cells, value_set=words), "", cells)
            texts = told if texts is None else pc.if_else(pc.equal(texts, ""), told, texts)
        return pa.repeat("", len(self)) if texts is None else texts

    def drop(self, reason: Reason, where: Bools, texts: TextOf | None = None) -> None:
        """Refuse or leave out the rows [row] that are still kept."""
        rows = np.flatnonzero(where & self.kept)
        if len(rows):
            self.kept[rows] = False
            self._found.append((reason, rows, texts))

    def drop_unreadable(self, reason: Reason, where: Bools, cells: pa.Array) -> None:
        """Refuse rows [row] for their cells; but rows that add up others, where moments should be, are left out."""
        rows = np.flatnonzero(where & self.kept)
        different, place = distinct(cells.take(pa.array(rows)))
        totals = np.array([is_total(text) for text in different.to_pylist()], dtype=np.bool_)
        adds_up = np.zeros(len(self), dtype=np.bool_)
        adds_up[rows] = totals[place]
        self.drop("total", adds_up, text_of(cells))
        self.drop(reason, where, text_of(cells))

    def note(self, reason: Reason, where: Bools, texts: TextOf | None = None) -> None:
        """Say something of rows [row]; of those that are dropped later, nothing is said but why."""
        rows = np.flatnonzero(where & self.kept)
        if len(rows):
            self._found.append((reason, rows, texts))

    def note_misspelt(self, columns: Sequence[str], cells: pa.Array, asked: Collection[str]) -> None:
        """Say which words of the mapping no row has, where one that is there is likely meant."""
        there = words_with_rows(cells)
        for word, meant in misspelt(asked, there).items():
            self._misspelt.append(f"{', '.join(columns)}: {word} / {meant} ({there[meant]})")

    def findings(self) -> tuple[Finding, ...]:
        """Everything found: by reason in the order of `KINDS`, and by file."""
        found = [
            Finding(
                "other_width",
                lines[:MOST_LINES],
                malformed[0][1],
                len(lines),
                self.sources[file],
                lines[MOST_LINES:] != (),
            )
            for file, malformed in enumerate(self._malformed)
            if (lines := tuple(line for line, _ in malformed))
        ]
        found += [
            Finding("sheets_not_read", (), ", ".join(titles), 0, source)
            for source, titles in zip(self.sources, self._not_read, strict=True)
            if titles
        ]
        if self._misspelt:
            found.append(Finding("word_misspelt", (), "; ".join(self._misspelt), 0))
        for reason, all_rows, texts in self._found:
            dropped = KINDS[reason] in ("refused", "left_out")
            rows = all_rows if dropped else all_rows[self.kept[all_rows]]
            for file in np.unique(self.file[rows]):
                here = rows[self.file[rows] == file]
                lines = tuple(self.line[here[:MOST_LINES]].tolist())
                value = texts(int(here[0])) if texts else ""
                found.append(Finding(reason, lines, value, len(here), self.sources[file], len(here) > len(lines)))
        order = list(KINDS)
        return tuple(sorted(_added_up(found), key=lambda finding: order.index(finding.reason)))

    def _leave_out(self) -> None:
        for column, words in self._forms.leave_out.items():
            cells = self._cells[column]
            self.note_misspelt([column], cells, words)
            is_word = pc.is_in(cells, value_set=pa.array(words, pa.string())).to_numpy(zero_copy_only=False)
            self.drop("not_asked_for", is_word, text_of(cells))


def text_of(cells: pa.Array) -> TextOf:
    """What a finding shows of a row: its cell."""
    return lambda row: str(cells[row].as_py())


def _added_up(found: Iterable[Finding]) -> list[Finding]:
    """One finding of each reason and file: the same may be found in several columns."""
    by_place: dict[tuple[Reason, str], Finding] = {}
    for finding in found:
        key = finding.reason, finding.file
        before = by_place.get(key)
        if before is not None:
            lines = sorted({*before.lines, *finding.lines})
            more = before.more or finding.more or len(lines) > MOST_LINES
            figures = before.figures + finding.figures
            finding = Finding(*key[:1], tuple(lines[:MOST_LINES]), before.value, figures, finding.file, more)
        by_place[key] = finding
    return list(by_place.values())
