"""The results of a batch as tables for SQL: those that are there so far, which no query can change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.dataset as pads

from simulator.batch.answer import Answer
from simulator.batch.batch import FORMAT
from simulator.batch.names import AxisColumn, axis_columns, column_names
from simulator.batch.outputs import UNITS
from simulator.batch.record import read_record
from simulator.batch.store import Store, StoreError
from simulator.batch.tables import SCHEMA
from simulator.batch.words import measure_title
from simulator.language import speaking

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import duckdb
    import pandas as pd

    from simulator.batch.record import Record

NOTHING_MORE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "temp_directory": "",
}
"""Settings of DuckDB: it fetches nothing, and knows neither the script's variables nor a folder to write to."""
READING = ("SELECT", "EXPLAIN", "MULTI")
"""Kinds of statements that are answered, as DuckDB calls them; PIVOT is one that it makes several of."""
RENAMED = {"case": "case_number", "group": "agent_group", "interval": "interval_start"}
"""Columns of the files whose names are words of SQL."""
BOUNDS = ("low", "high")

_ABOUT_CASES: Mapping[str, tuple[pa.DataType, str]] = {
    "case_number": (pa.int32(), "number of the case, from 1"),
    "scenario": (pa.string(), "scenario file, as seen from the batch file"),
    "variant": (pa.string(), 'variant of the file; "base": the file as it is'),
    "replications": (pa.int32(), "futures that were played"),
    "seed": (pa.int64(), "of all luck"),
    "precision_reached": (pa.bool_(), "whether the half-width asked for was reached; empty if none was"),
    "contacts": (pa.int64(), "contacts played, all replications together"),
    "error": (pa.string(), "why the case failed; empty if it did not"),
    "hash": (pa.string(), "of all that the result depends on"),
}
_FIELDS = {"case_number": "case"}
"""Column -> field of a record, where they differ."""
_KEYS = ("case_number", "scenario", "variant")
_ABOUT_RESULTS: Mapping[str, str] = {
    "measure": "what is measured, as in the tables of `ruuhka simulate --out`",
    "unit": "of the three numbers",
    "channel": "channel; empty where the measure is about agents or the centre",
    "agent_group": "group; empty where the measure is not about agents",
    "interval_start": "local time at which the interval starts, with its offset; empty for the whole horizon",
    "day": "date of the interval",
    "clock": 'local clock time of the interval, as "09:15"',
    "value": "estimate",
    "low": "lower end of its 95 % confidence interval; empty for a single replication",
    "high": "upper end",
}


class QueryError(Exception):
    """A query cannot be answered; the message says why."""


class ColumnWords(NamedTuple):
    """A column, and what it means."""

    name: str
    meaning: str


class MeasureColumn(NamedTuple):
    """A column of the wide table, which has the ends of its interval in two more."""

    name: str
    about: str
    """Channel or group; empty for the centre."""
    measure: str
    low: str
    high: str


@dataclass(frozen=True, eq=False)
class Results:
    """Results of a batch, as far as they were there when this was made.

    Three tables: `cases`, a row for each case; `wide`, the same with its measures side by side; `results`, a row for
    each case, measure, channel or group, and interval. Fields that axes set are columns of all three.
    """

    store: Store
    manifest: Mapping[str, Any]
    records: Sequence[Record]
    files: Sequence[Path]
    """Of the cases of `records`."""
    damaged: int
    """Files that cannot be read; a run of the batch plays their cases again."""

    @classmethod
    def of(cls, folder: Path) -> Results:
        """What is in a folder now; a batch may be at work in it.

        Raises
        ------
        StoreError
            If there are no results of a batch in it, or this version cannot read them.
        """
        if not folder.is_dir():
            what = "this is a file" if folder.exists() else "there is no such folder"
            msg = f"{folder}: {what}; name the folder that was given to ruuhka batch as --out."
            raise StoreError(msg)
        store = Store(folder)
        manifest = store.manifest()
        if manifest.get("format") != FORMAT:
            msg = (
                f"{folder}: its results are in the format {manifest.get('format')} of ruuhka "
                f"{manifest.get('version')}; this one reads the format {FORMAT}. Read them with the one that made them."
            )
            raise StoreError(msg)
        try:
            files = store.files()
        except OSError as error:
            msg = f"{folder}: it cannot be read ({error.strerror or error})."
            raise StoreError(msg) from None
        read = [(file, read_record(file)) for file in files]
        found = [(file, record) for file, record in read if record is not None]
        return cls(store, manifest, [each for _, each in found], [each for each, _ in found], len(files) - len(found))

    def __repr__(self) -> str:
        return f"<Results of {self.title!r}: {self.done} of {self.wanted} cases, {self.failed} failed>"

    @property
    def title(self) -> str:
        """What the batch is called."""
        return str(self.manifest["title"])

    @property
    def wanted(self) -> int:
        """Cases of the batch."""
        return int(self.manifest["cases"])

    @property
    def done(self) -> int:
        """Cases that are there, those that failed included."""
        return len(self.records)

    @property
    def failed(self) -> int:
        """Cases that could not be played."""
        return sum(record.error is not None for record in self.records)

    @cached_property
    def axes(self) -> tuple[AxisColumn, ...]:
        """The columns of what axes set, in the order of the batch file."""
        axes: Mapping[str, Sequence[str]] = self.manifest["axes"]
        taken = {*_ABOUT_CASES, *_ABOUT_RESULTS}
        return tuple(axis_columns(axes, [each.swept for each in self.records], taken, self._reserved))

    @cached_property
    def measures(self) -> tuple[MeasureColumn, ...]:
        """The columns of measures of the wide table."""
        known = dict.fromkeys(name for record in self.records for name in record.summary)
        wanted = [name for name in known if not name.endswith(tuple(f".{bound}" for bound in BOUNDS))]
        taken = {*_ABOUT_CASES, *(axis.name for axis in self.axes)}
        names = iter(
            column_names([f"{each}{end}" for each in wanted for end in ("", ".low", ".high")], taken, self._reserved)
        )
        columns = []
        for each in wanted:
            about, _, measure = each.rpartition(".")
            columns.append(MeasureColumn(next(names), about, measure, next(names), next(names)))
        return tuple(columns)

    def tables(self) -> dict[str, tuple[ColumnWords, ...]]:
        """Table -> its columns, in the language of the files."""
        cases = {name: ColumnWords(name, meaning) for name, (_, meaning) in _ABOUT_CASES.items()}
        axes = [
            ColumnWords(axis.name, f"{axis.path}{f', in {axis.unit}' if axis.unit else ''} (set by the batch)")
            for axis in self.axes
        ]
        with speaking("en"):
            measures = [
                ColumnWords(
                    each.name,
                    f"{measure_title(each.measure)}{f', {each.about}' if each.about else ''} "
                    f"({UNITS.get(each.measure, 'unit unknown')})",
                )
                for each in self.measures
            ]
        keys = [cases[name] for name in _KEYS]
        others = [each for name, each in cases.items() if name not in _KEYS]
        results = [ColumnWords(name, meaning) for name, meaning in _ABOUT_RESULTS.items()]
        return {
            "cases": (*keys, *axes, *others),
            "wide": (*keys, *axes, *measures),
            "results": (*keys, *axes, *results),
        }

    def query(self, sql: str) -> Answer:
        """Answer one statement of DuckDB's SQL that reads: SELECT, WITH, FROM, PIVOT, DESCRIBE, SUMMARIZE, EXPLAIN.

        Raises
        ------
        QueryError
            If it is no such statement, or cannot be answered.
        """
        import duckdb

        with self._connected() as connection:  # new each time: nothing is left of the query before
            try:
                statements = connection.extract_statements(sql)
                if len(statements) != 1:
                    msg = "The query is empty." if not statements else "Ask one query at a time."
                    raise QueryError(msg)
                if statements[0].type.name not in READING:
                    msg = (
                        f"A query only reads what is there, it cannot {statements[0].type.name}. Begin with SELECT, "
                        "WITH, FROM, PIVOT, DESCRIBE, SUMMARIZE or EXPLAIN."
                    )
                    raise QueryError(msg)
                return Answer.of(connection.sql(sql).to_arrow_table())
            except (duckdb.Error, pa.ArrowException, OSError) as error:
                raise QueryError(_why(error)) from None

    def table(self, name: str) -> pd.DataFrame:
        """One of the tables whole, by case.

        Raises
        ------
        QueryError
            If there is no such table.
        """
        known = ("cases", "wide", "results")
        if name not in known:
            msg = f'There is no table "{name}"; there are {", ".join(known)}.'
            raise QueryError(msg)
        return self.query(f"select * from {name} order by case_number").to_pandas()

    @cached_property
    def _reserved(self) -> frozenset[str]:
        import duckdb

        with duckdb.connect() as connection:
            words = connection.execute(
                "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'"
            ).fetchall()
        return frozenset(word for (word,) in words)

    def _connected(self) -> duckdb.DuckDBPyConnection:
        """A database in memory which sees these tables and nothing else, neither files nor network."""
        import duckdb

        connection = duckdb.connect(":memory:", config=NOTHING_MORE)
        known = {table: [each.name for each in columns] for table, columns in self.tables().items()}
        connection.register("wide_rows", self._wide_rows)
        # Read file by file as a query needs them: however many there are, few are in memory.
        files = pads.dataset([str(file) for file in self.files], schema=SCHEMA, format="parquet")
        connection.register("long_rows", files)
        measures = [name for each in self.measures for name in (each.name, each.low, each.high)]
        shown = [name for name in known["wide"] if name not in measures]
        joined = ", ".join(
            [f'cases."{name}"' for name in shown]
            + [f'long_rows."{name}" as "{RENAMED.get(name, name)}"' for name in SCHEMA.names if name != "case"]
        )
        connection.execute(f"create view cases as select {_quoted(known['cases'])} from wide_rows")
        connection.execute(f"create view wide as select {_quoted([*shown, *measures])} from wide_rows")
        connection.execute(
            f"create view results as select {_quoted(known['results'])} from (select {joined}, "
            'cast(left(long_rows."interval", 10) as date) as "day", substr(long_rows."interval", 12, 5) as clock '
            'from long_rows left join cases on long_rows."case" = cases.case_number)'
        )
        # It cannot know how long the files are, and would else hold all of them in memory to look up a few cases.
        connection.execute("set disabled_optimizers = 'build_side_probe_side'")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        return connection

    @cached_property
    def _wide_rows(self) -> pa.Table:
        return pa.table(dict(self._wide_columns()))

    def _wide_columns(self) -> Iterator[tuple[str, pa.Array]]:
        for name, (kind, _) in _ABOUT_CASES.items():
            field = _FIELDS.get(name, name)
            yield name, pa.array([getattr(record, field) for record in self.records], type=kind)
        for axis in self.axes:
            yield axis.name, pa.array(axis.values)
        for each in self.measures:
            said = f"{each.about}.{each.measure}" if each.about else each.measure
            for name, end in ((each.name, ""), (each.low, ".low"), (each.high, ".high")):
                numbers = [record.summary.get(f"{said}{end}") for record in self.records]
                yield name, pa.array(numbers, type=pa.float64())


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _why(error: Exception) -> str:
    """What DuckDB says, as a sentence of its own."""
    text = str(error).strip()
    if "file system operations are disabled" in text or "disabled by configuration" in text:
        return (
            f"A query reads the tables of the results and nothing else: no files, no network. ({text.splitlines()[0]})"
        )
    return f"The query cannot be answered. {text}"
