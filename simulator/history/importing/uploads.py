"""Files as somebody handed them over, in memory: what their columns are taken for, and the history in them."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast, get_args

from simulator.history.errors import refused
from simulator.history.files.report import read_report
from simulator.history.files.words import Role
from simulator.history.importing.first_guess import first_guess
from simulator.history.importing.mapping_file import RULES, kind_of
from simulator.history.importing.mapping_text import mapping_text
from simulator.history.importing.read_history import read_history
from simulator.history.intervals.guess import guess_mapping
from simulator.history.intervals.interval_mapping import IntervalMapping
from simulator.history.intervals.mapping import MEASURES
from simulator.history.sentences import log_role_words, role_words, why_words
from simulator.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.history.files.report import Report
    from simulator.history.importing.first_guess import FirstGuess
    from simulator.history.importing.imported import HistoryKind, Imported
    from simulator.history.importing.mapping_file import HistoryMapping, LogMapping
    from simulator.history.intervals.mapping import ColumnMapping

NOT_USED = "ignored"
"""The role of a column that is not used."""

_FIRST_CELLS = 6
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Upload:
    """One file."""

    name: str
    """As it was handed over; it never becomes a path."""
    content: bytes

    @property
    def digest(self) -> str:
        """Of its name and content."""
        return sha256(self.name.encode("utf-8", "replace") + b"\0" + self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """One column of a file, and what it is taken for."""

    name: str
    role: str
    why: str
    """In words; nothing for what is not used and has no reason."""
    cells: tuple[str, ...]
    """The first ones."""


@dataclass(frozen=True)
class Look(ABC):
    """How files of one form would be read, as the first of them looks."""

    file: str
    columns: tuple[ColumnLook, ...]
    not_found: tuple[tuple[str, ...], ...] = field(default=(), kw_only=True)
    """As `FirstGuess.missing`."""

    @property
    @abstractmethod
    def kind(self) -> HistoryKind:
        """What they are taken for."""

    @property
    @abstractmethod
    def roles(self) -> tuple[str, ...]:
        """What a column of this kind may hold, `NOT_USED` among it."""

    @abstractmethod
    def words(self, role: str) -> str:
        """A role, in words."""

    @abstractmethod
    def mapping(self, roles: Sequence[str]) -> HistoryMapping:
        """How they are read if the columns hold these.

        Parameters
        ----------
        roles
            [column] As guessed, or as a planner has it.

        Raises
        ------
        ReportError
            If columns cannot be read so.
        """

    def missing(self, roles: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """Roles of each of which one column is needed still if the columns hold these."""
        return tuple(either for either in self.not_found if not set(either) & set(roles))


@dataclass(frozen=True)
class _ReportLook(Look):
    report: Report
    guess: ColumnMapping
    timezone: str
    sheet: str

    @property
    def kind(self) -> HistoryKind:
        return "intervals"

    @property
    def roles(self) -> tuple[str, ...]:
        return get_args(Role)

    def words(self, role: str) -> str:
        return role_words(cast("Role", role))

    def mapping(self, roles: Sequence[str]) -> IntervalMapping:
        mapping = self.guess
        for place, (use, role) in enumerate(zip(self.guess.columns, roles, strict=True)):
            if use.role != role:
                channel, across = (use.channel, use.across) if role in MEASURES else ("", "")
                mapping = mapping.changed(place, cast("Role", role), channel=channel, across=across)
        told = [(use.role, use.channel) for use in mapping.columns if use.role != NOT_USED and not use.across]
        for role, channel in told:
            if told.count((role, channel)) > 1:
                names = [
                    name
                    for name, use in zip(self.report.columns, mapping.columns, strict=True)
                    if (use.role, use.channel) == (role, channel)
                ]
                raise refused(self.file, say("refusals.role_twice", role=self.words(role), columns=", ".join(names)))
        return replace(IntervalMapping.of_guess(self.report, mapping, self.timezone), sheet=self.sheet)


@dataclass(frozen=True)
class _LogLook(Look):
    guessed: LogMapping

    @property
    def kind(self) -> HistoryKind:
        return kind_of(self.guessed)

    @property
    def roles(self) -> tuple[str, ...]:
        return (NOT_USED, *RULES[self.kind].roles)

    def words(self, role: str) -> str:
        return log_role_words(self.kind, role)

    def mapping(self, roles: Sequence[str]) -> LogMapping:
        columns: dict[Any, tuple[str, ...]] = dict(self.guessed.columns)
        for column, role in zip(self.columns, roles, strict=True):
            if column.role == role:
                continue
            columns = {each: tuple(name for name in names if name != column.name) for each, names in columns.items()}
            if role != NOT_USED:
                columns[role] = (*columns.get(role, ()), column.name)
        told = {role: columns[role] for role in self.roles if columns.get(role)}
        return cast("LogMapping", replace(cast("Any", self.guessed), columns=told))


def look_at_uploads(uploads: Sequence[Upload], timezone: str, kind: HistoryKind | None = None, sheet: str = "") -> Look:
    """Guess how files of one form are to be read, by the first of them.

    Parameters
    ----------
    uploads
        At least one.
    timezone
        Whose clocks they show.
    kind
        What they are; None: that is guessed too.
    sheet
        The only one of workbooks to be read. Default: the first with a table, and all that have its columns.

    Raises
    ------
    ReportError
        If the first cannot be read, or does not look like what it is said to be.
    """
    first = uploads[0]
    with _stored(uploads[:1]) as (file,):
        guess = first_guess(file, timezone, kind, sheet)
    if isinstance(guess.mapping, IntervalMapping):
        return _look_at_report(first, timezone, sheet)
    return _look_at_log(first, guess, guess.mapping)


def history_of_uploads(uploads: Sequence[Upload], mapping: HistoryMapping) -> Imported:
    """Read files of the same form.

    Raises
    ------
    ReportError
        As `read_history`.
    """
    with _stored(uploads) as files:
        return read_history(files, mapping, text_of(uploads, mapping))


def text_of(uploads: Sequence[Upload], mapping: HistoryMapping) -> str:
    """The mapping file by which `ruuhka import` reads files such as these."""
    head = (f"How ruuhka import reads files such as {_plain_name(uploads[0].name)}.",)
    return mapping_text(mapping, head=head)


def _look_at_report(upload: Upload, timezone: str, sheet: str) -> Look:
    report = read_report(upload.name, upload.content, sheet or None)
    guess = guess_mapping(report)
    rows = [report.row(row) for row in range(min(_FIRST_CELLS, len(report.line)))]
    columns = tuple(
        ColumnLook(name, use.role, why_words(use), tuple(row[place] for row in rows))
        for place, (name, use) in enumerate(zip(report.columns, guess.columns, strict=True))
    )
    return _ReportLook(upload.name, columns, report, guess, timezone, sheet)


def _look_at_log(upload: Upload, guess: FirstGuess, mapping: LogMapping) -> Look:
    from simulator.history.logs.table import look_at

    table = look_at((upload.name, upload.content), mapping.forms.sheet)
    role_of: dict[str, str] = {}
    for role, names in mapping.columns.items():
        for name in names:
            role_of.setdefault(name, role)
    columns = tuple(
        ColumnLook(
            name,
            role_of.get(name, NOT_USED),
            guess.of_column.get(name) or guess.reasons.get(role_of.get(name, NOT_USED), say("history.why.unknown")),
            tuple(table.cells[name][:_FIRST_CELLS].to_pylist()),
        )
        for name in table.columns
    )
    return _LogLook(upload.name, columns, mapping, not_found=guess.missing)


@contextmanager
def _stored(uploads: Sequence[Upload]) -> Iterator[list[Path]]:
    """The files in a folder that is gone afterwards; each in a folder of its own, for two may be called the same.

    Raises
    ------
    ReportError
        If there is no room for them.
    """
    with TemporaryDirectory(prefix="ruuhka-") as folder:
        files = [Path(folder, str(k), _plain_name(upload.name)) for k, upload in enumerate(uploads)]
        for file, upload in zip(files, uploads, strict=True):
            try:
                file.parent.mkdir()
                file.write_bytes(upload.content)
            except OSError as error:
                raise refused(file.name, say("refusals.cannot_read", reason=str(error.strerror))) from None
        yield files


def _plain_name(name: str) -> str:
    """A name that is good for any file system and leads nowhere."""
    plain = re.sub(r"[^\w .()+-]", "_", name.rpartition("/")[2].rpartition("\\")[2])[-_LONGEST_NAME:].strip(" .")
    return plain or "file"
