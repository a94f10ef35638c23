"""Exports of orders: each row becomes an order or a part of one, or is told of."""

from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from simulator.history import ReportError
from simulator.history.importing.first_guess import first_guess
from simulator.history.importing.mapping_file import read_mapping
from simulator.history.logs import Orders
from simulator.history.logs.mapping import CellForms, Words
from simulator.history.logs.order_mapping import OrderMapping, OrderRole
from simulator.history.logs.quality import LogQuality
from simulator.history.logs.read_orders import read_orders

COLUMNS: dict[OrderRole, Words] = {
    "placed": ("when",),
    "units": ("units",),
    "value": ("value",),
    "cancelled": ("cancelled",),
    "customer": ("who",),
    "number": ("no",),
}
HEADER = "no,when,units,value,cancelled,who\n"
MAPPINGS = Path(__file__).parents[1] / "scenarios" / "mappings"


def orders_of(*texts: str, forms: CellForms | None = None) -> tuple[Orders, LogQuality]:
    files = [(f"{k}.csv", (HEADER + text).encode()) for k, text in enumerate(texts, start=1)]
    return read_orders(files, OrderMapping(COLUMNS, forms or CellForms("Europe/London")))


def reasons(quality: LogQuality) -> dict[str, int]:
    counts: dict[str, int] = {}
    for finding in quality.findings:
        counts[finding.reason] = counts.get(finding.reason, 0) + finding.figures
    return counts


def test_orders_come_in_the_order_of_time_with_local_day_and_clock() -> None:
    orders, quality = orders_of("2,2011-07-02 00:30:00,3,10.5,0,7\n1,2011-07-01 12:00:00,1,2,1,\n")
    assert len(orders) == 2
    assert orders.placed.tolist() == [
        datetime(2011, 7, 1, 11, tzinfo=UTC).timestamp(),
        datetime(2011, 7, 1, 23, 30, tzinfo=UTC).timestamp(),
    ]
    assert orders.day.tolist() == [datetime(2011, 7, 1).toordinal(), datetime(2011, 7, 2).toordinal()]
    assert orders.clock.tolist() == [12 * 3600, 1800]
    assert orders.units.tolist() == [1, 3]
    assert orders.value.tolist() == [2, 10.5]
    assert orders.cancelled.tolist() == [True, False]
    assert orders.customer.tolist()[0] == -1
    assert orders.line.tolist() == [3, 2]
    assert (quality.read, quality.kept, quality.findings) == (2, 2, ())


def test_rows_of_one_order_are_added_up() -> None:
    text = "1,2011-07-01 12:00:00,2,5,1,7\n1,2011-07-01 12:00:00,3,,0,7\n2,2011-07-01 12:05:00,,,1,\n"
    orders, quality = orders_of(text + "2,2011-07-01 12:05:00,,,1,\n")
    assert orders.units[0] == 5
    assert orders.value[0] == 5
    assert np.isnan([orders.units[1], orders.value[1]]).all()
    assert orders.cancelled.tolist() == [False, True]
    assert (quality.read, quality.kept, reasons(quality)) == (4, 4, {"row_of_order": 2})


def test_rows_without_a_number_are_orders_of_their_own() -> None:
    orders, _ = orders_of(",2011-07-01 12:00:00,2,5,0,7\n,2011-07-01 12:00:00,2,5,0,7\n")
    assert len(orders) == 2


def test_an_order_in_two_files_counts_once() -> None:
    first = "1,2011-07-01 12:00:00,2,5,0,7\n2,2011-07-01 13:00:00,2,5,0,7\n"
    orders, quality = orders_of(first, "2,2011-07-01 13:00:00,2,5,0,7\n3,2011-07-01 14:00:00,1,1,0,7\n")
    assert orders.units.sum() == 5
    assert orders.sources == ("1.csv", "2.csv")
    assert orders.file.tolist() == [0, 0, 1]
    assert (quality.read, quality.kept, reasons(quality)) == (4, 3, {"same_order": 1})
    assert quality.findings[0].file == "2.csv"


def test_rows_that_cannot_be_used_are_told_of_and_the_others_kept() -> None:
    text = (
        "1,2011-07-01 12:00:00,many,5,0,7\n2,some day,1,1,0,7\n3,,1,1,0,7\nTotal,,3,,,\n"
        "4,2011-03-27 01:30:00,1,1,0,7\n5,2011-07-01 12:00:00,1\n,,,,,\n"
    )
    orders, quality = orders_of(text)
    assert len(orders) == 1
    assert np.isnan(orders.units[0])
    assert quality.read == quality.kept + quality.rows_of("left_out") + quality.rows_of("refused")
    found = reasons(quality)
    assert found["figure_left_empty"] == 1
    assert found["no_moment"] == 1
    assert found["no_such_time"] == 1
    assert found["other_width"] == 1
    assert found["no_order_time"] == 2


def test_decimal_commas_and_groups_are_read() -> None:
    files = [("o.csv", b"when;value\n1.7.2011 12:00;1.234,5\n2.7.2011 12:00;-12,25\n")]
    orders, _ = read_orders(files, OrderMapping({"placed": ("when",), "value": ("value",)}))
    assert orders.value.tolist() == [1234.5, -12.25]


@pytest.mark.parametrize("year", ["2026", "26"])
def test_orders_with_dates_only_are_all_kept(year: str) -> None:
    text = f"no;when\n1;07.09.{year}\n2;1.10.{year}\n3;15.10.{year}\n4;31.12.{year}\n"
    orders, quality = read_orders([("o.csv", text.encode())], OrderMapping({"placed": ("when",), "number": ("no",)}))
    assert [datetime.fromordinal(day).strftime("%d.%m.%y") for day in orders.day.tolist()] == [
        "07.09.26",
        "01.10.26",
        "15.10.26",
        "31.12.26",
    ]
    assert (quality.kept, quality.findings) == (4, ())


def test_words_for_cancelled_are_the_mappings() -> None:
    files = [("o.csv", b"when,state\n2011-07-01 12:00,PERUTTU\n2011-07-02 12:00,ok\n2011-07-03 12:00,\n")]
    columns: dict[OrderRole, Words] = {"placed": ("when",), "cancelled": ("state",)}
    orders, _ = read_orders(files, OrderMapping(columns, cancelled_words=("peruttu",)))
    assert orders.cancelled.tolist() == [True, False, False]


CANCELLED: dict[OrderRole, Words] = {"placed": ("when",), "cancelled": ("state",), "number": ("no",)}


def cancelled(*cells: str) -> tuple[list[bool], LogQuality]:
    text = "".join(f"{k};2011-07-01 12:{k:02};{cell}\n" for k, cell in enumerate(cells))
    orders, quality = read_orders([("o.csv", f"no;when;state\n{text}".encode())], OrderMapping(CANCELLED))
    return orders.cancelled.tolist(), quality


def test_an_order_with_a_moment_of_cancellation_was_cancelled() -> None:
    found, quality = cancelled("", "2026-09-08 10:00:00", "2026-09-08 10:00:00 +0300", "8.9.2026", "-")
    assert found == [False, True, True, True, False]
    assert quality.findings == ()


def test_what_says_no_does_not_cancel_and_an_unknown_word_does_and_is_told() -> None:
    found, quality = cancelled("0", "1", "No", "FALSE", "Yes", "ei", "fraud", "fraud")
    assert found == [False, True, False, False, True, False, True, True]
    (finding,) = quality.findings
    assert (finding.reason, finding.value, finding.figures) == ("cancelled_by_word", "fraud", 2)


SHOP = (
    "Name,Email,Total,Lineitem quantity,Created at,Cancelled at\n"
    "#1001,a@x.fi,38.65,1,2026-09-07 22:39:24 +0300,\n#1001,,,2,2026-09-07 22:39:24 +0300,\n"
    "#1002,b@x.fi,10,1,2026-09-07 23:00:00 +0300,2026-09-08 10:00:00 +0300\n"
    "#1002,,,1,2026-09-07 23:00:00 +0300,\n"
)


def test_the_rows_of_a_web_shops_order_are_one_order_by_its_number_with_a_hash(tmp_path: Path) -> None:
    file = tmp_path / "shop.csv"
    file.write_text(SHOP)
    guess = first_guess(file, "Europe/Helsinki")
    assert isinstance(guess.mapping, OrderMapping)
    assert guess.mapping.columns["number"] == ("Name",)
    assert guess.reasons["number"] == "its cells look like “#1001”"
    orders, _ = read_orders([("shop.csv", file)], guess.mapping)
    assert orders.units.tolist() == [3, 2]
    assert orders.cancelled.tolist() == [False, True]


@pytest.mark.parametrize(
    ("column", "cells", "number"),
    [
        ("Order", ("A-1", "A-2"), "column"),
        ("Tilausnumero", ("1", "2"), "column"),
        ("Name", ("Anna", "Matti"), None),
        ("Order status", ("open", "paid"), None),
    ],
)
def test_a_column_of_words_is_no_column_of_order_numbers(
    column: str, cells: tuple[str, str], number: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(f"{column},Ordered at,Units\n" + "".join(f"{cell},2026-09-07 10:00,1\n" for cell in cells))
    guess = first_guess(file, "Europe/Helsinki", "orders")
    assert isinstance(guess.mapping, OrderMapping)
    assert guess.mapping.columns.get("number") == (number and (column,))


def test_without_order_numbers_the_report_says_that_each_row_is_one_order() -> None:
    _, quality = read_orders([("o.csv", b"when,n\n2011-07-01 12:00,1\n")], OrderMapping({"placed": ("when",)}))
    assert reasons(quality) == {"row_is_order": 1}


def test_parquet_gzip_and_text_give_the_same_orders() -> None:
    rows = {"no": [1, 2], "when": [datetime(2011, 7, 1, 12), datetime(2011, 7, 2, 13)], "units": [3, None]}
    rows |= {"value": [1.25, 2.5], "cancelled": [0, 1], "who": [7, None]}
    file = io.BytesIO()
    pq.write_table(pa.table(rows), file)
    text = (HEADER + "1,2011-07-01 12:00:00,3,1.25,0,7\n2,2011-07-02 13:00:00,,2.5,1,\n").encode()
    mapping = OrderMapping(COLUMNS)
    found = [read_orders([("orders", content)], mapping)[0] for content in (text, gzip.compress(text), file.getvalue())]
    for each in found[1:]:
        for name in ("placed", "units", "value", "cancelled", "customer", "day", "clock"):
            np.testing.assert_array_equal(getattr(each, name), getattr(found[0], name))


def test_a_mapping_without_the_time_or_a_file_without_usable_rows_is_refused() -> None:
    with pytest.raises(ReportError, match="moment of the order"):
        read_orders([("o.csv", b"when,units\n2011-07-01,1\n")], OrderMapping({"units": ("units",)}))
    with pytest.raises(ReportError, match="No row below the header can be used"):
        orders_of("1,never,1,1,0,7\n")
    with pytest.raises(ReportError, match='no column "cancelled"'):
        read_orders([("o.csv", b"when,units\n2011-07-01,1\n")], OrderMapping({"placed": ("cancelled",)}))


@pytest.mark.real_data
def test_invoices_of_a_web_shop(data_folder: Path) -> None:
    mapping = read_mapping(MAPPINGS / "uci-orders.toml")
    assert isinstance(mapping, OrderMapping)
    file = data_folder / "uci_online_retail_invoices.csv.gz"
    orders, quality = read_orders([(file.name, file)], mapping)
    with gzip.open(file, "rt") as lines:
        rows = [line.rstrip("\n").split(",") for line in lines][1:]
    assert len(orders) == quality.kept == quality.read == len(rows)
    assert orders.cancelled.sum() == sum(row[-1] == "1" for row in rows)
    assert orders.units.sum() == sum(int(row[-3]) for row in rows)
    assert orders.value.sum() == pytest.approx(sum(float(row[-2]) for row in rows))
    assert (str(quality.first_day), str(quality.last_day)) == ("2010-12-01", "2011-12-09")
