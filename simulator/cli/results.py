"""`ruuhka results`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.table import Table

from simulator.batch import StoreError
from simulator.batch.answer import FILES, TooManyRowsError, text_of
from simulator.batch.questions import questions
from simulator.batch.results import QueryError, Results
from simulator.cli.console import output
from simulator.cli.failures import DONE, BadInputError
from simulator.durable import write_durably
from simulator.language import number
from simulator.report.json_output import printed
from simulator.report.tables import new_table

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from simulator.batch.answer import Answer
    from simulator.batch.results import ColumnWords

MOST_ROWS = 200
"""Rows that are printed as a table; files, CSV and JSON have all."""
MOST_ROWS_BELOW = 20
"""Rows that are printed one below the other, where a table would be too wide."""


def results_command(folder: Path, query: str | None, out: Path | None, *, csv: bool, as_json: bool, force: bool) -> int:
    """Answer a query about the results of a batch, or tell what there is to ask; returns the exit code.

    Raises
    ------
    BadInputError
        If the folder, the query or the file is refused.
    """
    if csv and as_json:
        msg = "--csv and --json: choose one of them."
        raise BadInputError(msg)
    if query is None and (csv or out is not None):
        msg = f"{'--csv' if csv else '--out'}: write a query, too; without one the tables are told of."
        raise BadInputError(msg)
    if out is not None:
        _check(out, folder, force=force)
    try:
        results = Results.of(folder)
    except StoreError as error:
        raise BadInputError(str(error)) from None
    if query is None:
        print(printed(_told(results))) if as_json else tell(results, folder)
        return DONE
    if not results.done:
        msg = f"{folder}: no case is finished yet; {_how_far(results)}"
        raise BadInputError(msg)
    try:
        answer = results.query(query)
    except QueryError as error:
        msg = f"{error}\nWithout a query, ruuhka results {folder} tells which tables and columns there are."
        raise BadInputError(msg) from None
    if results.done < results.wanted or results.damaged:
        print(_how_far(results), file=sys.stderr)
    if out is not None:
        write(answer, out)
    if csv:
        sys.stdout.write(answer.csv().decode())
    elif as_json:
        print(printed([dict(zip(answer.columns, map(_for_json, row), strict=True)) for row in answer.rows()]))
    elif out is None:
        show(answer, output())
    else:
        output().print(f"{number(len(answer))} rows are in {out}.", soft_wrap=True)
    return DONE


def write(answer: Answer, out: Path) -> None:
    """Write rows to a file, all or nothing.

    Raises
    ------
    BadInputError
        If it cannot be written, or cannot hold them.
    """
    try:
        write_durably(out, FILES[out.suffix.lower()](answer))
    except TooManyRowsError as error:
        msg = f"--out {out}: {error}"
        raise BadInputError(msg) from None
    except OSError as error:
        msg = f"--out {out}: it cannot be written ({error.strerror or error})."
        raise BadInputError(msg) from None


def _check(out: Path, folder: Path, *, force: bool) -> None:
    """Refuse a file that is not to be written, before anything is asked."""
    if out.suffix.lower() not in FILES:
        msg = f"--out {out}: its name ends with one of {', '.join(FILES)}."
        raise BadInputError(msg)
    if folder.resolve() in out.resolve().parents:
        msg = f"--out {out}: it lies among the results themselves; name a file elsewhere."
        raise BadInputError(msg)
    if out.exists() and not (force and out.is_file()):
        msg = f"--out {out}: it is there already; name another file, or add --force to replace it."
        raise BadInputError(msg)


def _how_far(results: Results) -> str:
    told = f"{number(results.done)} of {number(results.wanted)} cases are there"
    told += f", {number(results.failed)} of them failed." if results.failed else "."
    if results.damaged:
        told += f" {number(results.damaged)} files are damaged and left out; ruuhka batch plays their cases again."
    return told


def tell(results: Results, folder: Path) -> None:
    """Print what is there and what can be asked."""
    console = output()
    console.print(f"{results.title} ({folder}), made by ruuhka {results.manifest['version']}", soft_wrap=True)
    console.print(_how_far(results), soft_wrap=True)
    if not results.done:
        return
    known: list[ColumnWords] = []
    for name, columns in results.tables().items():
        table = Table(title=name, title_justify="left", box=None, show_header=False, pad_edge=False)
        shared = [each.name for each in columns if each in known]
        if shared:
            table.add_row(f"  {shared[0]} ... {shared[-1]}", f"the first {len(shared)} columns of cases")
        for each in columns[len(shared) :]:
            table.add_row(f"  {each.name}", each.meaning)
        if name == "wide" and results.measures:
            table.add_row(f"  {results.measures[0].low} ...", "of each: ends of its 95 % confidence interval,")
            table.add_row(f"  {results.measures[0].high} ...", "empty for a single replication")
        known += columns
        console.print()
        console.print(table)
    console.print("\nQuestions to begin with:")
    for question in questions(results):
        console.print(f"\n{question.words}", soft_wrap=True)
        console.print(f'  ruuhka results {folder} "{question.sql}"', soft_wrap=True)


def _told(results: Results) -> dict[str, object]:
    """The same for programs."""
    return {
        "title": results.title,
        "version": results.manifest["version"],
        "cases": results.wanted,
        "done": results.done,
        "failed": results.failed,
        "damaged": results.damaged,
        "tables": {name: {each.name: each.meaning for each in columns} for name, columns in results.tables().items()}
        if results.done
        else {},
        "questions": [question._asdict() for question in questions(results)],
    }


def show(answer: Answer, console: Console) -> None:
    """Print rows as a table; one below the other where that is too wide."""
    cells = [[_cell(value) for value in row] for row, _ in zip(answer.rows(), range(MOST_ROWS), strict=False)]
    widths = [max(map(len, column)) for column in zip(answer.columns, *cells, strict=True)]
    if sum(widths) + 2 * len(widths) <= console.width or not cells:
        first = next((place for place in range(len(widths)) if not _is_text(answer, place)), len(widths))
        table = new_table("", *answer.columns, texts=first)
        for row in cells:
            table.add_row(*row)
        console.print(table)
        shown = len(cells)
    else:
        shown = min(len(cells), MOST_ROWS_BELOW)
        longest = max(map(len, answer.columns))
        for place, row in enumerate(cells[:shown], 1):
            console.print(f"-- {place} of {number(len(answer))}")
            for name, cell in zip(answer.columns, row, strict=True):
                console.print(f"{name.ljust(longest)}  {cell}".rstrip(), soft_wrap=True)
    if shown < len(answer):
        console.print(f"... and {number(len(answer) - shown)} more rows; --csv, --json and --out give all of them.")


def _is_text(answer: Answer, place: int) -> bool:
    return str(answer.table.schema.types[place]) not in ("double", "float") and not str(
        answer.table.schema.types[place]
    ).startswith(("int", "uint"))


def _cell(value: object) -> str:
    """A value for the eye: six digits of what is no whole number."""
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else text_of(value)


def _for_json(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str) else text_of(value)
