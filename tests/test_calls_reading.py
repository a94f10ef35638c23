"""A log is the same table in whatever file; what is none is refused in words, soon, and in little memory."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from simulator.history import ReportError
from simulator.history.files.report import read_report
from simulator.history.logs import content as limits
from simulator.history.logs.delimited import SAMPLE
from simulator.history.logs.table import LogTable, look_at, read_tables

if TYPE_CHECKING:
    from collections.abc import Collection

    from simulator.history.logs.content import NamedFile

HEADER = ("arrival", "queue", "ended")
ROWS = (("2026-11-23 08:00:00", "Sales", "2026-11-23 08:04:10"), ("2026-11-23 08:01:00", "Help, please", ""))


def read_one(file: NamedFile, columns: Collection[str]) -> LogTable:
    (table,) = read_tables(file, columns)
    return table


def text(delimiter: str = ",", end: str = "\n") -> str:
    cells = ([f'"{cell}"' if delimiter in cell else cell for cell in row] for row in (HEADER, *ROWS))
    return "".join(delimiter.join(row) + end for row in cells)


def cells(table: LogTable) -> list[tuple[str, ...]]:
    return list(zip(*(table.cells[name].to_pylist() for name in HEADER), strict=True))


def refusal(content: bytes | Path, *columns: str) -> str:
    with pytest.raises(ReportError) as error:
        read_one(("log.csv", content), columns or HEADER)
    return str(error.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_encoding_and_line_end(delimiter: str, encoding: str, end: str) -> None:
    content = text(delimiter, end).replace("Sales", "Myynti ä").encode(encoding)
    table = read_one(("log.csv", content), HEADER)
    assert table.columns == HEADER
    assert cells(table) == [tuple(cell.replace("Sales", "Myynti ä") for cell in row) for row in ROWS]
    assert table.line.tolist() == [2, 3]


def test_gzip_and_a_path_are_the_same(tmp_path: Path) -> None:
    plain, packed = tmp_path / "log.csv", tmp_path / "log.csv.gz"
    plain.write_text(text())
    packed.write_bytes(gzip.compress(text().encode()))
    assert cells(read_one(("log", plain), HEADER)) == cells(read_one(("log", packed), HEADER)) == list(ROWS)


def test_a_workbook_is_the_same() -> None:
    book = Workbook()
    book.active.append(list(HEADER))
    for arrival, queue, ended in ROWS:
        book.active.append([datetime.fromisoformat(arrival), queue, datetime.fromisoformat(ended) if ended else None])
    file = io.BytesIO()
    book.save(file)
    assert cells(read_one(("log.xlsx", file.getvalue()), HEADER)) == list(ROWS)


def parquet(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


def test_parquet_columns_become_the_text_that_a_log_of_text_has() -> None:
    moment = datetime(2026, 11, 23, 8)
    table = pa.table(
        {
            "arrival": [moment, moment + timedelta(seconds=1.5)],
            "utc": pa.array([moment.replace(tzinfo=UTC), None], pa.timestamp("us", "UTC")),
            "agent": [7.0, None],
            "wait": pa.array([1.25, 2.0]),
            "talk": pa.array([timedelta(seconds=90), timedelta(seconds=1.5)]),
            "queue": pa.array(["Sales", None]).dictionary_encode(),
        }
    )
    read = read_one(("log.parquet", parquet(table)), table.column_names)
    told = {name: column.to_pylist() for name, column in read.cells.items()}
    assert told == {
        "arrival": ["2026-11-23 08:00:00.000000", "2026-11-23 08:00:01.500000"],
        "utc": ["2026-11-23 08:00:00.000000Z", ""],
        "agent": ["7", ""],
        "wait": ["1.25", "2"],
        "talk": ["90", "1.5"],
        "queue": ["Sales", ""],
    }
    assert read.form == "parquet"


def test_lines_are_told_across_blank_lines_titles_and_line_ends_in_quotes() -> None:
    content = b'Calls of November\n\narrival;queue;ended\n1;a;b\n\n2;c\n3;"two\nlines";d\n4;e;f;g\n5;h;i\n\n'
    table = read_one(("log.csv", content), HEADER)
    assert table.header_line == 3
    assert table.cells["arrival"].to_pylist() == ["1", "3", "5"]
    assert table.line.tolist() == [4, 8, 10]
    assert table.malformed == ((6, "2;c"), (9, "4;e;f;g"))


def test_rows_may_end_with_a_delimiter_though_the_header_does_not() -> None:
    table = read_one(("log.csv", b"arrival;queue;ended\n1;a;b;\n2;c;d;\n"), HEADER)
    assert table.cells["ended"].to_pylist() == ["b", "d"]
    assert not table.malformed


def test_a_letter_of_another_encoding_far_below_is_read() -> None:
    content = ("arrival;queue;ended\n" + "1;Sales;2\n" * 50_000 + "1;Päivä;2\n").encode("cp1252")
    table = read_one(("log.csv", content), HEADER)
    assert table.cells["queue"][50_000].as_py() == "Päivä"


def test_the_first_rows_are_enough_to_look_at() -> None:
    table = look_at(("log.csv", b"arrival;queue;ended\n" + b"1;Sales;2\n" * 200_000))
    assert table.columns == HEADER
    assert 0 < len(table) < 50_000


@pytest.mark.parametrize("shift", range(0, 60, 7))
def test_the_first_rows_may_break_off_anywhere(shift: int) -> None:
    row = '1;"Sales, ""more""\nand more";2\n'
    table = look_at(("log.csv", f"arrival;queue;ended\n{'x' * shift};a;b\n{row * 20_000}".encode()))
    assert len(table) > 5000
    assert not table.malformed
    assert set(table.cells["queue"].to_pylist()[1:]) == {'Sales, "more"\nand more'}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"arrival;queue;ended\n", "no row of figures"),
        (bytes(range(256)) * 1000, "not a text file"),
        (b"\0" * 2_000_000, "not a text file"),
        (b"arrival#queue#ended\n1#2#3\n", "cannot be split into columns"),
        (b"a," * 3_000_000, "not a text file"),
        (b"a," * 100_000 + b"\n" + b"1," * 100_000, "columns"),
        (b"\x1f\x8bdamaged", "gzip file is damaged"),
        (b"PAR1damaged", "Parquet file is damaged"),
        (b"PK\x03\x04damaged", "workbook is damaged"),
        (b"%PDF-1.7", "PDF"),
        (b"arrival;queue;ended\n1;2;3\n" + b"1;2;3;4\n" * 10, "Most rows have more or fewer cells"),
        (b"arrival;queue;ended\n1;2;3\n" + b"1;2;3;4\n" * 200_000, "Most rows have more or fewer cells"),
    ],
    ids=[
        *("empty", "blank", "header only", "binary", "zeros", "wrong delimiter", "millions of columns"),
        *("100,000 columns", "damaged gzip", "damaged Parquet", "damaged workbook", "PDF", "width", "width of many"),
    ],
)
def test_what_is_no_log_is_refused_in_words(content: bytes, words: str) -> None:
    assert words in refusal(content)


ROW = "1;Sales;2\n"


@pytest.mark.parametrize(
    "after", [ROW * 200, ROW * 200 + '1;"Help";2\n' + ROW * 90], ids=["never closed", "closed late"]
)
def test_an_open_quote_swallows_no_rows(after: str) -> None:
    content = f'arrival;queue;ended\n{ROW * 300}1;"Sales;2\n{after}'
    message = refusal(content.encode())
    assert "log.csv:302" in message
    assert "not closed" in message


def test_a_quote_inside_a_cell_is_a_sign_like_others() -> None:
    content = f'arrival;queue;ended\n{ROW * 300}1;5" pipe;2\n{ROW * 300}'
    table = read_one(("log.csv", content.encode()), HEADER)
    assert table.cells["queue"][300].as_py() == '5" pipe'
    assert table.line.tolist() == list(range(2, 603))


def test_a_missing_column_is_named_with_its_nearest_spelling() -> None:
    assert 'There is no column "arival". Did you mean "arrival"?' in refusal(text().encode(), "arival")
    assert 'There is no column "arival"' in refusal(parquet(pa.table({"arrival": ["x"]})), "arival")


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "none.csv")
    assert "folder, a pipe or a device" in refusal(tmp_path)


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.write(b"arrival;queue;ended\n")
        file.truncate(10**9)  # a file of holes: it takes no room on the disk
    tracemalloc.start()
    try:
        assert "at most 500 MB" in refusal(huge)
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()


def test_a_small_gzip_file_of_gigabytes_is_refused_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST_LOG", 10_000_000)
    packed = gzip.compress(b"arrival;queue;ended\n" + b"1;2;3\n" * 10_000_000, 1)
    tracemalloc.start()
    try:
        assert "when unpacked" in refusal(packed)
        assert tracemalloc.get_traced_memory()[1] < 60e6
    finally:
        tracemalloc.stop()


def test_a_small_parquet_file_that_repeats_a_long_text_is_refused() -> None:
    words = pa.DictionaryArray.from_arrays(np.zeros(1_000_000, dtype=np.int32), ["x" * 10_000])
    content = parquet(pa.table({"arrival": words}))
    assert len(content) < 100_000
    assert "when unpacked" in refusal(content, "arrival")


def test_a_column_of_lists_is_refused() -> None:
    assert "list" in refusal(parquet(pa.table({"arrival": [[1], [2]]})), "arrival")


@pytest.mark.parametrize("after", [2, 40])
@pytest.mark.parametrize("cell", ['"Sales', '"'])
def test_an_open_quote_near_the_end_is_refused_too(after: int, cell: str) -> None:
    content = f"arrival;queue;ended\n{ROW * 100}1;{cell};2\n{ROW * after}"
    assert "log.csv:102" in refusal(content.encode())
    with pytest.raises(ReportError, match=r"log\.csv:102"):
        read_report("log.csv", content.encode())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_an_open_quote_is_told_by_its_line_with_any_line_end(end: str) -> None:
    content = f'arrival;queue;ended\n{ROW * 100}1;"Sales;2\n{ROW * 3}'.replace("\n", end)
    assert "log.csv:102" in refusal(content.encode())


def test_a_note_of_several_lines_is_read_where_the_first_look_breaks_off_inside_it() -> None:
    head, note = "arrival;queue;ended\n", '1;"one\n' + "two\n" * 20 + '";2\n'
    rows = (SAMPLE - len(head) - len(note) // 2) // len(ROW)
    content = (head + ROW * rows + note + ROW * 3).encode()
    assert content[:SAMPLE].count(b'"') == 1
    assert len(read_one(("log.csv", content), HEADER)) == rows + 4
    assert look_at(("log.csv", content)).columns == HEADER


@pytest.mark.parametrize("cell", ['"a;"', '"two\nlines"', 'pipe 5"', '""', '"5"" pipe"'])
def test_quotes_that_are_closed_or_within_a_cell_are_none(cell: str) -> None:
    content = f"arrival;queue;ended\n{ROW * 100}1;{cell};2\n{ROW * 3}".encode()
    assert len(read_one(("log.csv", content), HEADER)) == 104
    assert len(read_report("log.csv", content).line) == 104


@pytest.mark.parametrize("shift", range(4))
def test_the_first_rows_tell_the_encoding_wherever_they_are_cut(shift: int) -> None:
    head = "arrival;Yhteydenottojono;päättyi\n"
    row = "2026-11-23 08:00:00;äööäöäöäö;2026-11-23 08:04:10\n"
    content = (head + "x" * shift + row * (SAMPLE // len(row) + 100)).encode()
    assert len(content) > SAMPLE
    assert look_at(("log.csv", content)).columns[2] == "päättyi"
