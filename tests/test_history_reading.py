"""Reports in any usual form become the same table; what is no report is refused in words."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from simulator.history import ReportError, read_report
from simulator.history.files import limits
from simulator.language import speaking

HEADER = ("Date", "Time", "Offered", "AHT")
ROWS = (("2026-11-23", "08:00", "12", "250"), ("2026-11-23", "08:15", "14", "260"))


def written(delimiter: str, rows: tuple[tuple[str, ...], ...] = (HEADER, *ROWS)) -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


def workbook(rows: Sequence[Sequence[object]], title: str = "Report", **formats: str) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for place, number_format in formats.items():
        sheet[place].number_format = number_format
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_any_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    rows = (("Päivä", "Time", "Tarjotut", "Käsittelyaika"), *ROWS)
    report = read_report("report.csv", written(delimiter, rows).encode(encoding))
    assert report.columns == rows[0]
    assert tuple(report.row(place) for place in range(2)) == ROWS
    assert report.line == (2, 3)


def parquet(columns: Mapping[str, object]) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def test_a_parquet_file_is_read_as_the_same_report_in_text() -> None:
    start = datetime(2026, 11, 23, 8)
    columns = {
        "start": [start, start + timedelta(minutes=15), None],
        "queue": pa.array(["Phone", None, None]).dictionary_encode(),
        "offered": [12, 14, None],
        "aht": [250.125, float("nan"), None],
        "length": pa.array([timedelta(seconds=252), None, None]),
    }
    report = read_report("report.parquet", parquet(columns))
    assert (report.form, report.columns, report.line) == ("parquet", tuple(columns), (1, 2))
    assert report.row(0) == ("2026-11-23 08:00:00", "Phone", "12", "250.1250", "0:04:12")
    assert report.row(1) == ("2026-11-23 08:15:00", "", "14", "", "")


def test_a_time_with_a_zone_in_a_parquet_file_keeps_it() -> None:
    column = pa.array([datetime(2026, 11, 23, 6, tzinfo=UTC)])
    report = read_report("report.parquet", parquet({"start": column, "offered": [1]}))
    assert report.row(0) == ("2026-11-23 06:00:00+00:00", "1")


def test_a_small_parquet_file_that_holds_much_is_refused() -> None:
    rows = limits.MOST_ROWS + 1
    with pytest.raises(ReportError, match="too large"):
        read_report("report.parquet", parquet({"date": ["2026-11-23"] * rows, "offered": [1] * rows}))
    with pytest.raises(ReportError, match="501 columns"):
        read_report("report.parquet", parquet({f"c{k}": [1] for k in range(limits.MOST_COLUMNS + 1)}))


def test_a_damaged_parquet_file_is_refused() -> None:
    whole = parquet({"date": ["2026-11-23"] * 50, "offered": [1] * 50})
    for content in (whole[:-20], b"PAR1" + bytes(100) + whole[104:]):
        with pytest.raises(ReportError, match="damaged"):
            read_report("report.parquet", content)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way_and_quotes_may_hold_line_ends(end: str) -> None:
    text = f'Date,Note,Offered{end}2026-11-23,"two{end}lines, one cell",12{end}2026-11-24,,13'
    report = read_report("report.csv", text.encode())
    assert report.cells[2] == ("12", "13")
    assert report.line == (3, 4)


def test_the_first_line_may_name_the_separator() -> None:
    report = read_report("report.csv", b"sep=;\r\nDate;Offered\r\n2026-11-23;12\r\n")
    assert report.columns == ("Date", "Offered")
    assert report.line == (3,)


def test_the_header_is_found_below_titles_and_blank_rows() -> None:
    titles = "Interval report;;;\n\nQueue:;Phone;;\nFrom;2026-11-23;To;2026-11-24\n\n"
    report = read_report("report.csv", (titles + written(";")).encode())
    assert (report.header_line, report.columns, report.row(0)) == (6, HEADER, ROWS[0])


def test_columns_without_a_name_or_with_the_same_get_one_of_their_own() -> None:
    report = read_report("report.csv", b"Date,Offered,,Offered\n2026-11-23,1,2,3\n")
    assert report.columns == ("Date", "Offered", "column 3", "Offered (2)")


def test_rows_shorter_than_the_header_are_filled_up_and_longer_ones_kept_apart() -> None:
    report = read_report("report.csv", b"Date,Offered,AHT\n2026-11-23,1\n2026-11-24,1,2,3\n2026-11-25,1,2,\n")
    assert report.cells == (("2026-11-23", "2026-11-25"), ("1", "1"), ("", "2"))
    assert report.too_long == ((3, "2026-11-24, 1, 2, 3"),)


def test_a_workbook_gives_text_that_has_one_meaning() -> None:
    rows: list[list[object]] = [
        ["Interval report"],
        [],
        ["Date", "Time", "Moment", "Offered", "AHT", "Long", "SL", "Note", "Small", "Midnight"],
        [
            date(2026, 11, 23),
            time(8, 15),
            datetime(2026, 11, 23, 8, 15),
            1234,
            timedelta(minutes=4, seconds=12),
            timedelta(hours=27),
            0.9401,
            "a",
            1.234,
            datetime(2026, 11, 23),
        ],
    ]
    content = workbook(rows, G4="0.00%", F4="[h]:mm:ss", E4="[h]:mm:ss", J4="yyyy-mm-dd hh:mm", A4="dd.mm.yyyy")
    report = read_report("report.xlsx", content)
    assert report.header_line == 3
    assert report.line == (4,)
    assert report.row(0) == (
        *("2026-11-23", "8:15:00", "2026-11-23 08:15:00", "1234", "0:04:12"),
        *("27:00:00", "94.01 %", "a", "1.2340", "2026-11-23 00:00:00"),
    )


def test_a_length_of_more_than_a_day_in_a_clock_format_is_read_whole() -> None:
    content = workbook([["Date", "AHT"], [date(2026, 11, 23), 1.5]], B2="h:mm:ss")
    assert read_report("report.xlsx", content).cells[1] == ("36:00:00",)


def test_the_first_sheet_with_a_table_is_read_unless_another_is_named() -> None:
    book = Workbook()
    book.active.title = "Cover"
    book.active.append(["Interval report"])
    for title, offered in (("Phone", 12), ("Chat", 5)):
        sheet = book.create_sheet(title)
        sheet.append(["Date", "Offered"])
        sheet.append([date(2026, 11, 23), offered])
    file = io.BytesIO()
    book.save(file)
    report = read_report("report.xlsx", file.getvalue())
    assert (report.sheet, report.sheets, report.cells[1]) == ("Phone", ("Cover", "Phone", "Chat"), ("12",))
    assert read_report("report.xlsx", file.getvalue(), "Chat").cells[1] == ("5",)
    with pytest.raises(ReportError, match=r'no sheet with cells "Chats".*mean "Chat"'):
        read_report("report.xlsx", file.getvalue(), "Chats")


def test_a_hidden_sheet_is_read_only_if_it_is_named() -> None:
    book = Workbook()
    for title, state, offered in (("Old", "hidden", 99), ("Now", "visible", 12), ("Raw", "veryHidden", 5)):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        sheet.append(["Date", "Offered"])
        sheet.append([date(2026, 11, 23), offered])
    file = io.BytesIO()
    book.save(file)
    assert read_report("report.xlsx", file.getvalue()).cells[1] == ("12",)
    assert read_report("report.xlsx", file.getvalue(), "Old").cells[1] == ("99",)
    book.active.append(["nothing that is a table"])
    book["Now"].sheet_state = "hidden"
    book.active.sheet_state = "visible"
    book.active.delete_rows(1)
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(ReportError, match="Every sheet with cells is hidden: Old, Now, Raw"):
        read_report("report.xlsx", file.getvalue())


@pytest.mark.parametrize(
    ("cell", "wanted"), [("><f>6+6</f><v>12</v>", "12"), (' t="str"><f>IF(1,"","")</f><v></v>', "")]
)
def test_of_a_formula_the_result_is_read(cell: str, wanted: str) -> None:
    content = workbook([["Date", "Offered", "Note"], [date(2026, 11, 23), 12, 77], [date(2026, 11, 24), 5, "x"]])
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    changed = sheet.replace(b' t="n"><v>77</v>', cell.encode())
    assert changed != sheet
    report = read_report("report.xlsx", with_part(content, "xl/worksheets/sheet1.xml", changed))
    assert report.cells[2] == (wanted, "x")


def test_a_formula_without_its_result_is_refused_and_named() -> None:
    content = workbook([["Date", "Offered"], [date(2026, 11, 23), 12], [date(2026, 11, 24), "=B2+1"]])
    with pytest.raises(ReportError, match="Cell B3 of sheet “Report” holds a formula without its result"):
        read_report("report.xlsx", content)


def test_a_gzip_file_is_unpacked() -> None:
    assert read_report("report.csv.gz", gzip.compress(written(",").encode())).columns == HEADER


CELLS = st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=8)


@given(
    st.lists(st.tuples(CELLS, st.integers(0, 10**6)), min_size=1, max_size=8), st.sampled_from([",", ";", "\t", "|"])
)
def test_whatever_text_is_in_the_cells_comes_back(rows: list[tuple[str, int]], delimiter: str) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    body = "".join(f"{quoted(text)}{delimiter}2026-11-23{delimiter}{number}\n" for text, number in rows)
    report = read_report("report.csv", f"Topic{delimiter}Date{delimiter}Offered\n{body}".encode())
    assert report.cells[0] == tuple(text for text, _ in rows)
    assert report.cells[2] == tuple(str(number) for _, number in rows)


# ---- Hostile files ---------------------------------------------------------------------------------------------------


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_part(content: bytes, name: str, change: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    return zipped(parts | {name: change})


BOOK = workbook([["Date", "Offered"], [date(2026, 11, 23), 12]])


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "empty"),
        (b" \n\n ", "empty"),
        (b"Date,Time,Offered\n", "no row of figures"),
        (b"2026-11-23,08:00,12\n2026-11-23,08:15,14\n", "names the columns"),
        (b"Date Time Offered\n2026-11-23 0800 12\n", "cannot be split into columns"),
        (b"Date,AHT\n2026-11-23,4,5\n2026-11-24,4,6\n2026-11-25,4,7\n", "separate the columns by semicolons"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "old Excel workbook"),
        (b"PAR1 and more", "Parquet file is damaged"),
        (b"%PDF-1.7", "PDF"),
        (bytes(range(256)) * 20, "not a text file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a text file"),
        (b"\x1f\x8b\x08 no gzip", "gzip file is damaged"),
        (gzip.compress(b"", mtime=0), "holds nothing"),
        (b"Date,Offered" + b"," * 2_000_000 + b"\n2026-11-23,1\n", "characters; at most"),
        (b"Date,Offered" + b"," * 5000 + b"\n2026-11-23,1\n", "5.002 columns; at most 500"),
        (b'Date,Offered\n2026-11-23,"1\n' + b"x" * 200_000 + b"\n", "more than 131.072 characters"),
        (b'Date,Offered\n2026-11-23,"1\n' + b"2026-11-24,1\n" * 60, "quotation mark is not closed"),
        (b"\xef\xbb\xbf <!DOCTYPE html>\n<table><tr><td>Date</td></tr></table>", "HTML or XML"),
        (b"PK\x03\x04 and no more", "damaged"),
        (zipped({"a.txt": b"x"}), "not an xlsx workbook"),
        (zipped({"xl/workbook.xml": b"<x/>"}), "damaged"),
        (with_part(BOOK, "xl/worksheets/sheet1.xml", b"<worksheet"), "damaged"),
        (with_part(BOOK, "xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "entities"),
        (with_part(BOOK, "xl/x.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x/>'.encode("utf-16")), "entities"),
        (BOOK[: len(BOOK) // 2], "damaged"),
        (workbook([[]]), "No sheet of the workbook has cells"),
    ],
)
def test_what_is_no_report_is_refused_in_words(content: bytes, complaint: str) -> None:
    with pytest.raises(ReportError, match=complaint) as error:
        read_report("upload", content)
    assert str(error.value).startswith("upload")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "Tiedosto on tyhjä"),
        (b"2026-11-23,08:00,12\n2026-11-23,08:15,14\n", "nimeä sarakkeita"),
        (b"Date Time Offered\n2026-11-23 0800 12\n", "puolipiste"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "vanha Excel"),
        (bytes(range(256)) * 20, "ei ole tekstitiedosto"),
        (b"PK\x03\x04 and no more", "vioittunut"),
        (workbook([[]]), "ei ole soluja"),
    ],
)
def test_a_refusal_speaks_the_language_of_the_page(content: bytes, complaint: str) -> None:
    with speaking("fi"), pytest.raises(ReportError, match=complaint):
        read_report("upload", content)


def test_a_row_numbered_beyond_the_end_of_a_sheet_is_refused_and_not_waited_for() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="4000000000"><c r="A4000000000"><v>1</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(ReportError, match=r"rows after 1.048.576"):
        read_report("upload.xlsx", with_part(BOOK, "xl/worksheets/sheet1.xml", sheet))


@pytest.mark.parametrize(
    "packed", [gzip.compress(b"0" * 3000, mtime=0), zipped({"xl/workbook.xml": b"0" * 3000})], ids=["gzip", "xlsx"]
)
def test_a_small_file_that_unpacks_into_a_large_one_is_refused(monkeypatch: pytest.MonkeyPatch, packed: bytes) -> None:
    monkeypatch.setattr(limits, "LARGEST_UNPACKED", 2000)
    with pytest.raises(ReportError, match="when unpacked"):
        read_report("upload", packed)


@pytest.mark.parametrize(
    ("limit", "value", "complaint"),
    [("LARGEST_REPORT", 40, "at most 0 MB"), ("MOST_ROWS", 1, "too large"), ("MOST_CELLS", 8, "too large")],
)
@pytest.mark.parametrize("content", [written(",").encode(), workbook([HEADER, *ROWS])])
def test_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch, content: bytes, limit: str, value: int, complaint: str
) -> None:
    monkeypatch.setattr(limits, limit, value)
    with pytest.raises(ReportError, match=complaint):
        read_report("upload", content)


@given(st.binary(max_size=400))
def test_random_bytes_are_refused_or_make_a_table(content: bytes) -> None:
    try:
        report = read_report("upload", content)
    except ReportError:
        return
    assert len({len(cells) for cells in report.cells}) == 1


@given(st.integers(0, len(BOOK) - 1), st.integers(0, 255))
def test_a_workbook_with_a_wrong_byte_is_refused_or_makes_a_table(place: int, byte: int) -> None:
    try:
        report = read_report("upload", BOOK[:place] + bytes([byte]) + BOOK[place + 1 :])
    except ReportError:
        return
    assert len(report.columns) > 1
