"""`ruuhka import`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from simulator.cli.console import output
from simulator.cli.failures import DONE, MANY_REFUSED, BadInputError
from simulator.history.errors import ReportError
from simulator.history.importing.first_guess import first_guess
from simulator.history.importing.imported import table_file, write_imported
from simulator.history.importing.mapping_file import in_timezone, kind_of, read_mapping
from simulator.history.importing.mapping_text import mapping_text
from simulator.history.importing.read_history import read_history
from simulator.report.imported import imported_report, refusal_words
from simulator.report.json_output import printed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from simulator.history.importing.imported import HistoryKind, Imported
    from simulator.history.importing.mapping_file import HistoryMapping

TIMEZONE = "Europe/Helsinki"
"""Of a first guess, as of a scenario that says nothing else."""
_KINDS: dict[HistoryKind, str] = {
    "intervals": "a report of intervals",
    "calls": "a log of calls",
    "tickets": "an export of tickets",
    "orders": "an export of orders",
}


def import_command(
    files: Sequence[Path],
    mapping: Path | None,
    kind: HistoryKind | None,
    sheet: str | None,
    timezone: str | None,
    out: Path | None,
    *,
    force: bool,
    show: bool,
    as_json: bool,
) -> int:
    """Read files as a mapping says, or as is guessed, and keep them as a history; returns the exit code.

    It is 1 if more than a tenth of the rows were refused: what is kept then may mislead.

    Raises
    ------
    BadInputError
        If an option, the mapping or a file is refused, or the folder cannot be written or has such a history already.
    """
    for option, told in (("--kind", kind), ("--sheet", sheet)):
        if told is not None and mapping is not None:
            raise BadInputError(f"{option}: a mapping says it already; leave one of the two out.")
    try:
        how, text = _told(mapping, timezone) if mapping is not None else _guessed(files[0], kind, sheet or "", timezone)
        if show:
            sys.stdout.write(text)
            return DONE
        if out is not None:
            _check(out, kind_of(how), force=force)
        if mapping is None and not as_json:
            note = "A first guess, from the first file. To change it: the same command with --show > mapping.toml."
            output().print(f"# {note}\n{text}", soft_wrap=True)
        imported = read_history(files, how, text)
    except ReportError as error:
        raise BadInputError(f"{error}{_kinds_words(files)}") from None
    except ValueError as error:
        raise BadInputError(f"--timezone: {error}") from None
    if out is not None:
        try:
            write_imported(out, imported)
        except OSError as error:
            raise BadInputError(f"--out: {out} cannot be written: {error.strerror}.") from None
    if as_json:
        print(printed({"kinds": {kind: imported.quality[kind] for kind in imported.kinds}}))
    else:
        output().print(imported_report(imported))
        kept = "Nothing is kept without --out FOLDER." if out is None else f"It is kept in {out}."
        output().print(f"\n{kept}", soft_wrap=True)
    return _warned(imported)


def _kinds_words(files: Sequence[Path]) -> str:
    """What files that cannot be read together look like; nothing if they are all of one kind."""
    kinds = {file: _kind_of_file(file) for file in files} if len(files) > 1 else {}
    if len(set(kinds.values())) < 2:
        return ""
    each = [f"    {file.name}: {_KINDS[kind] if kind else 'not known'}" for file, kind in kinds.items()]
    advice = "Import each kind by itself; all may go into the same --out folder."
    return "\n".join(("\nOne import reads files of one kind, and these look like several:", *each, advice))


def _kind_of_file(file: Path) -> HistoryKind | None:
    """What a file looks like; None if it cannot be told."""
    try:
        return kind_of(first_guess(file, TIMEZONE).mapping)
    except ReportError:
        return None


def _warned(imported: Imported) -> int:
    """Say it, if too much was refused; returns the exit code."""
    warnings = [words for kind in imported.kinds if (words := refusal_words(kind, imported.quality[kind]))]
    sys.stdout.flush()
    for words in warnings:
        print(f"\n{words}", file=sys.stderr)
    return MANY_REFUSED if warnings else DONE


def _told(file: Path, timezone: str | None) -> tuple[HistoryMapping, str]:
    """The mapping of a file, and its text; in another time zone if that is asked for."""
    how = read_mapping(file)
    if timezone is None:
        return how, file.read_text("utf-8-sig")
    how = in_timezone(how, timezone)
    return how, mapping_text(how)


def _guessed(file: Path, kind: HistoryKind | None, sheet: str, timezone: str | None) -> tuple[HistoryMapping, str]:
    """A first guess of how files are read, and the text of its mapping."""
    guess = first_guess(file, TIMEZONE, kind, sheet)
    how = guess.mapping if timezone is None else in_timezone(guess.mapping, timezone)
    head = [
        f"How ruuhka import reads files such as {file.name}: a first guess.",
        "All that may be written here: docs/import.md.",
    ]
    if guess.missing:
        needed = "; ".join(" or ".join(roles) for roles in guess.missing)
        head.append(f"NOT WHOLE: name the columns that are missing, under [columns]: {needed}.")
    if timezone is None:
        head.append(f"Its clocks are taken for those of {TIMEZONE}; --timezone says otherwise.")
    return how, mapping_text(how, head=head, reasons=guess.reasons, unit_reasons=guess.of_unit, unused=guess.unused)


def _check(out: Path, kind: HistoryKind, *, force: bool) -> None:
    """Refuse a folder before anything is read."""
    if out.exists() and not out.is_dir():
        raise BadInputError(f"--out: {out} is a file; name a folder.")
    if table_file(out, kind).exists() and not force:
        raise BadInputError(f"--out: {out} holds {kind} already; --force replaces them.")
