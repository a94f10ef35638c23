"""Results of batches as tables for SQL: they hold what the store holds, and nothing that is asked can change it."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_batches import SIX, batch_of, contents
from small_scenarios import MAIL, PHONE
from test_batch_run import CLASHING, FINE

from simulator.batch import Progress, Store, StoreError, run_batch
from simulator.batch.answer import Answer, TooManyRowsError
from simulator.batch.names import AxisColumn, axis_columns, column_names
from simulator.batch.questions import questions
from simulator.batch.results import BOUNDS, RENAMED, QueryError, Results

ONE = 'scenarios = ["small.toml"]\n[run]\nreplications = 1\n'
TOGETHER = """
scenarios = ["small.toml"]
variants = ["base", "more"]
[sweep.both]
sample = "sobol"
points = 3
[sweep.both.fields]
"channels.phone.demand.per_week" = { low = 100, high = 200 }
"channels.phone.handling_time.mean" = { low = "4 min", high = "6 min" }
[run]
replications = 2
"""


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("six")
    run_batch(batch_of(folder, SIX, PHONE + MAIL), folder / "out")
    return Results.of(folder / "out")


# ---- What the tables hold --------------------------------------------------------------------------------------------


def test_results_hold_every_row_of_the_files_with_the_axes_beside_them(six: Results) -> None:
    rows = six.table("results").replace({np.nan: None}).to_dict("records")
    kept = six.store.table().to_pylist()
    assert len(rows) == len(kept) > 1000
    swept = {1: (4, -1), 2: (4, 0), 3: (4, 1), 4: (6, -1), 5: (6, 0), 6: (6, 1)}
    shown = [{RENAMED.get(name, name): value for name, value in row.items()} for row in kept]
    for row in shown:
        row["handling"], row["agents"] = swept[row["case_number"]]
        start = row["interval_start"]
        row["day"] = None if start is None else pd.Timestamp(start[:10]).date()
        row["clock"] = None if start is None else start[11:16]
        row |= {"scenario": "small.toml", "variant": "base"}

    def ordered(some: Iterable[Mapping[Any, object]]) -> list[list[tuple[str, object]]]:
        return sorted((sorted(row.items()) for row in some), key=repr)

    assert ordered(rows) == ordered(shown)
    assert {row["clock"] for row in rows if row["day"]} >= {"09:00", "09:30", "10:30"}


def test_wide_holds_the_summary_of_the_store(six: Results) -> None:
    frame, summary = six.table("wide"), six.store.summary().to_pandas()
    assert [each.name for each in six.measures][:2] == ["phone_arrived", "mail_arrived"]
    for each in six.measures:
        said = f"{each.about}.{each.measure}" if each.about else each.measure
        for name, end in ((each.name, ""), (each.low, ".low"), (each.high, ".high")):
            pd.testing.assert_series_equal(frame[name], summary[f"{said}{end}"], check_names=False)
    measured = [name for name in summary.columns if name.endswith(".low")]
    assert len(six.measures) == len(measured)


def test_cases_hold_the_record_of_each_case(six: Results) -> None:
    frame, summary = six.table("cases"), six.store.summary().to_pandas()
    assert frame["agents"].tolist() == [-1, 0, 1, -1, 0, 1]
    assert frame["handling"].tolist() == [4, 4, 4, 6, 6, 6]
    for name in ("scenario", "variant", "replications", "seed", "contacts", "hash"):
        assert frame[name].tolist() == summary[name].tolist()


def test_columns_are_those_that_are_told_of_and_all_have_a_meaning(six: Results) -> None:
    for name, columns in six.tables().items():
        told = [each.name for each in columns]
        bounds = {getattr(each, bound) for each in six.measures for bound in BOUNDS}
        assert [each for each in six.query(f"from {name}").columns if each not in bounds] == told
        assert all(each.meaning for each in columns)
    meanings = {each.name: each.meaning for each in six.tables()["wide"]}
    assert meanings["phone_mean_wait"] == "Mean wait of all, phone (seconds)"
    assert meanings["handling"] == "channels.phone.handling_time.mean, in min (set by the batch)"


def test_fields_that_an_axis_sets_together_are_columns_by_their_paths(tmp_path: Path) -> None:
    run_batch(batch_of(tmp_path, TOGETHER), tmp_path / "out")
    results = Results.of(tmp_path / "out")
    first, second = results.axes
    assert (first.name, first.unit) == ("channels_phone_demand_per_week", "")
    assert (second.name, second.unit) == ("channels_phone_handling_time_mean", "min")
    rows = results.query(f"select variant, {first.name}, {second.name} from cases order by case_number").rows()
    summary = results.store.summary().to_pylist()
    assert list(rows) == [
        (row["variant"], row[first.path], float(row[second.path].removesuffix(" min"))) for row in summary
    ]


@pytest.mark.parametrize(("text", "scenario"), [(SIX, PHONE + MAIL), (ONE, PHONE), (TOGETHER, PHONE), (CLASHING, FINE)])
def test_every_question_to_begin_with_has_an_answer(text: str, scenario: str, tmp_path: Path) -> None:
    run_batch(batch_of(tmp_path, text, scenario), tmp_path / "out")
    results = Results.of(tmp_path / "out")
    asked = list(questions(results))
    assert len(asked) >= 2
    for question in asked:
        assert '"' not in question.sql  # it goes between quotes on a command line
        answer = results.query(question.sql)
        assert len(answer) or "target_met" in question.sql, question.sql


def test_a_question_about_failures_is_asked_where_some_failed(tmp_path: Path) -> None:
    run_batch(batch_of(tmp_path, CLASHING, FINE), tmp_path / "out")
    results = Results.of(tmp_path / "out")
    ((number, error),) = results.query(next(questions(results)).sql).rows()
    assert (number, results.failed) == (4, 1)
    assert "channels.phone.hours" in error
    assert results.table("wide")["phone_mean_wait"].isna().tolist() == [False, False, False, True]


# ---- What is there so far --------------------------------------------------------------------------------------------


def test_a_batch_at_work_is_answered_with_what_is_finished(tmp_path: Path) -> None:
    found: list[tuple[int, int]] = []

    def look(progress: Progress) -> None:
        results = Results.of(tmp_path / "out")
        assert (results.done, results.wanted) == (progress.done, 6)
        if results.done:
            ((cases, long),) = results.query(
                "select (select count(*) from wide), (select count(distinct case_number) from results)"
            ).rows()
            found.append((cases, long))

    run_batch(batch_of(tmp_path), tmp_path / "out", on_done=look)
    assert found == [(done, done) for done in range(1, 7)]


def test_damaged_files_are_left_out_and_counted(tmp_path: Path) -> None:
    run_batch(batch_of(tmp_path), tmp_path / "out")
    first, second, *_ = Store(tmp_path / "out").files()
    first.write_bytes(first.read_bytes()[:-20])
    second.write_bytes(b"")
    results = Results.of(tmp_path / "out")
    assert (results.done, results.damaged) == (4, 2)
    assert [number for (number,) in results.query("select distinct case_number from results order by 1").rows()] == [
        *range(3, 7)
    ]


def test_results_of_another_format_are_refused_and_those_of_another_version_are_read(tmp_path: Path) -> None:
    run_batch(batch_of(tmp_path, ONE), tmp_path / "out")
    file = tmp_path / "out" / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(manifest | {"version": "0.0.9"}), encoding="utf-8")
    assert len(Results.of(tmp_path / "out").query("from wide")) == 1
    file.write_text(json.dumps(manifest | {"format": 99, "version": "9.0"}), encoding="utf-8")
    with pytest.raises(StoreError, match=r"format 99 of ruuhka 9\.0; this one reads the format 1"):
        Results.of(tmp_path / "out")


@pytest.mark.parametrize(
    ("name", "said"), [("missing", "there is no such folder"), ("file", "this is a file"), ("empty", "manifest.json")]
)
def test_what_is_no_folder_of_results_is_refused(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("text", encoding="utf-8")
    with pytest.raises(StoreError, match=said):
        Results.of(tmp_path / name)


# ---- Nothing is changed ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("drop view results", "cannot DROP"),
        ("insert into wide values (1)", "cannot INSERT"),
        ("update wide set agents = 1", "cannot UPDATE"),
        ("create table more as from wide", "cannot CREATE"),
        ("copy wide to 'wide.csv'", "cannot COPY"),
        ("copy (from wide) to 'wide.parquet' (format parquet)", "cannot COPY"),
        ("export database 'all'", "cannot EXPORT"),
        ("attach 'other.db'", "cannot ATTACH"),
        ("install httpfs", "cannot "),
        ("load httpfs", "cannot LOAD"),
        ("set enable_external_access = true", "cannot SET"),
        ("pragma enable_profiling", "cannot "),
        ("explain analyze copy wide to 'wide.csv'", "no files, no network"),
        ("select * from read_csv('{out}/manifest.json')", "no files, no network"),
        ("select * from read_text('{out}/manifest.json')", "no files, no network"),
        ("select * from read_parquet('{out}/summary.parquet')", "no files, no network"),
        ("select * from glob('{out}/*')", "no files, no network"),
        ("select * from read_csv('https://example.org/x.csv')", "no files, no network"),
        ("select * from '{out}/summary.parquet'", "no files, no network"),
        ("select * from results_of_this_script", "The query cannot be answered"),
        ("select 1; select 2", "one query at a time"),
        ("", "The query is empty"),
        ("-- nothing", "The query is empty"),
        ("selec 1", 'syntax error at or near "selec"'),
        ("select phone_wait from wide", "phone_mean_wait"),
        ("select 'x'::int", "Could not convert string 'x'"),
    ],
)
def test_a_query_reads_these_tables_and_does_nothing_else(
    query: str, said: str, six: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results_of_this_script = pd.DataFrame({"a": [1]})
    monkeypatch.chdir(tmp_path)
    before = contents(six.store.path)
    with pytest.raises(QueryError, match=said):
        six.query(query.format(out=six.store.path))
    assert contents(six.store.path) == before
    assert list(tmp_path.iterdir()) == []
    assert len(six.query("from wide")) == 6
    assert len(results_of_this_script) == 1


@pytest.mark.parametrize(
    "query",
    [
        "from wide",
        "with few as (from wide limit 2) select * from few",
        "pivot wide on agents using avg(phone_mean_wait) group by handling",
        "describe results",
        "summarize wide",
        "explain select 1",
        "show tables",
        "select 1;",
    ],
)
def test_every_way_to_read_is_answered(query: str, six: Results) -> None:
    assert len(six.query(query)) > 0


def test_a_table_that_there_is_not_is_refused(six: Results) -> None:
    with pytest.raises(QueryError, match="cases, wide, results"):
        six.table("wide; drop view cases")


# ---- Answers ---------------------------------------------------------------------------------------------------------

MIXED = """
select * from (values (1, 0.5::double, 'a', true, date '2026-06-01'), (2, 'nan', '=1+1', null, null),
(null, 'inf', 'ä,"b', false, null)) as t(whole, part, words, yes, day)
"""


def test_an_answer_has_plain_numbers_and_no_name_twice(six: Results) -> None:
    answer = six.query(
        "select sum(contacts) as n, sum(contacts) as N, 1.50 as d, sum(9223372036854775807) as n from cases"
    )
    assert answer.columns == ("n", "N_2", "d", "n_3")
    ((first, second, decimal, large),) = answer.rows()
    contacts = sum(each.contacts for each in six.records)
    assert (first, second, decimal) == (contacts, contacts, 1.5)
    assert isinstance(first, int)
    assert large == pytest.approx(6 * 9223372036854775807)
    assert answer.to_pandas()["n"].tolist() == [contacts]


def test_the_files_of_an_answer_hold_its_rows(six: Results) -> None:
    answer = six.query(MIXED)
    assert [row[:4] for row in answer.rows()] == [
        (1, 0.5, "a", True),
        (2, None, "=1+1", None),
        (None, None, 'ä,"b', False),
    ]
    lines = list(csv.reader(io.StringIO(answer.csv().decode())))
    assert lines == [
        ["whole", "part", "words", "yes", "day"],
        ["1", "0.5", "a", "true", "2026-06-01"],
        ["2", "", "'=1+1", "", ""],
        ["", "", 'ä,"b', "false", ""],
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.xlsx())).active
    assert list(sheet.values) == [
        ("whole", "part", "words", "yes", "day"),
        (1, 0.5, "a", "true", "2026-06-01"),
        (2, None, "=1+1", None, None),
        (None, None, 'ä,"b', "false", None),
    ]
    read = pa.parquet.read_table(io.BytesIO(answer.parquet()))
    assert read.drop(["part"]).equals(answer.table.drop(["part"]))


def test_more_rows_than_a_sheet_holds_are_refused(six: Results) -> None:
    answer = six.query("select * from range(1048576)")
    with pytest.raises(TooManyRowsError, match=r"write \.csv or \.parquet"):
        answer.xlsx()


def test_an_answer_without_rows_has_its_columns() -> None:
    answer = Answer.of(pa.table({"a": pa.array([], pa.int64())}))
    assert (len(answer), list(answer.rows()), answer.csv()) == (0, [], b"a\n")


# ---- Names and values of columns -------------------------------------------------------------------------------------


@given(st.lists(st.text(max_size=12) | st.sampled_from(["case", "group", "Group", "e-mail.wait", "1st", "a", "A"])))
def test_names_of_columns_need_no_quotes_and_are_never_the_same(wanted: list[str]) -> None:
    with duckdb.connect() as connection:
        words = {
            word
            for (word,) in connection.execute(
                "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'"
            ).fetchall()
        }
        names = column_names(wanted, ["a"], words)
        assert len({name.lower() for name in (*names, "a")}) == len(wanted) + 1
        for place, name in enumerate(names):
            relation = connection.sql(f"select {name} from (select {place} as {name})")
            assert relation.fetchall() == [(place,)]


@pytest.mark.parametrize(
    ("values", "unit", "columns"),
    [
        (["20 %", "60 %", None], "%", (20, 60, None)),
        (["0.5 h", "1.25 h"], "h", (0.5, 1.25)),
        (["30 s", "2 min"], "", ("30 s", "2 min")),
        ([-1, 2.0], "", (-1, 2)),
        ([0.5, 2], "", (0.5, 2.0)),
        ([1, "2 min"], "", ("1", "2 min")),
        ([True, False], "", (True, False)),
        ([True, 1], "", ("True", "1")),
        (["2026-06-01"], "", ("2026-06-01",)),
        (["09:00"], "", ("09:00",)),
        ([["a"], None], "", ("['a']", None)),
        ([None], "", (None,)),
    ],
)
def test_values_of_an_axis_are_numbers_in_the_unit_that_they_share(
    values: list[object], unit: str, columns: tuple[object, ...]
) -> None:
    (column,) = axis_columns({"axis": ["a.b"]}, [{"a.b": value} for value in values], ())
    assert column == AxisColumn("axis", "a.b", unit, columns)
    assert [type(each) for each in column.values] == [type(each) for each in columns]


def test_an_axis_that_is_called_like_another_column_gets_a_number(tmp_path: Path) -> None:
    text = SIX.replace("sweep.handling", "sweep.Value").replace("sweep.agents", 'sweep."group"')
    run_batch(batch_of(tmp_path, text), tmp_path / "out")
    results = Results.of(tmp_path / "out")
    assert [axis.name for axis in results.axes] == ["Value_2", "group_"]
    rows: Iterator[tuple[object, ...]] = results.query(
        "select distinct value_2, group_ from results order by all"
    ).rows()
    assert list(rows) == [(4, -1), (4, 0), (4, 1), (6, -1), (6, 0), (6, 1)]


def test_nothing_and_nan_are_the_same_to_a_reader(six: Results) -> None:
    assert list(six.query("select 'nan'::double, null::double").rows()) == [(None, None)]
    assert math.isnan(six.query("select 'nan'::double as a").to_pandas()["a"][0])
