"""A folder of history gives back exactly what was put into it, and says what is wrong where it does not hold that."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from simulator.history import ReportError, guess_mapping, read_report, volumes_of
from simulator.history.importing.imported import HistoryKind, Imported, read_imported, table_file, write_imported
from simulator.history.importing.quality_document import document_of_quality
from simulator.history.logs import Calls, Orders, Tickets

REPORT = b"""Date,Time,Channel,Offered,Answered,AHT
2026-11-23,08:00,Phone,12,11,250
2026-11-23,08:15,Chat,3,,
Total,,,15,,
"""
NAN = np.nan


def some_calls() -> Calls:
    return Calls(
        sources=("a.csv", "b.csv"),
        timezone="Europe/Helsinki",
        queues=("Sales", "Lähetykset", "never called"),
        agents=("7", "12"),
        arrival=np.array([1e9, 1e9 + 0.1, 1e9 + 2]),
        answered=np.array([1e9 + 1, NAN, 1e9 + 3]),
        released=np.array([1e9 + 50, NAN, 1e9 + 9]),
        ended=np.array([1e9 + 60, 1e9 + 8, 1e9 + 9]),
        queue=np.array([1, 0, 1]),
        agent=np.array([1, -1, 0]),
        customer=np.array([-1, 8, 8]),
        day=np.array([730_000, 730_000, 730_001]),
        clock=np.array([86_399, 86_399, 1]),
        file=np.array([0, 0, 1]),
        line=np.array([2, 3, 2]),
    )


def some_tickets() -> Tickets:
    return Tickets(
        sources=("tickets.xlsx",),
        timezone="UTC",
        channels=("email",),
        topics=(),
        created=np.array([5.0, 6.0]),
        first_reply=np.array([7.0, NAN]),
        solved=np.array([NAN, NAN]),
        channel=np.array([0, 0]),
        topic=np.array([-1, -1]),
        customer=np.array([1, -1]),
        day=np.array([719_163, 719_163]),
        clock=np.array([5, 6]),
        file=np.array([0, 0]),
        line=np.array([2, 9]),
    )


def some_orders() -> Orders:
    return Orders(
        sources=("orders.csv",),
        timezone="UTC",
        placed=np.array([5.0]),
        units=np.array([NAN]),
        value=np.array([12.5]),
        cancelled=np.array([True]),
        customer=np.array([3]),
        day=np.array([719_163]),
        clock=np.array([5]),
        file=np.array([0]),
        line=np.array([2]),
    )


def some_history() -> Imported:
    report = read_report("report.csv", REPORT)
    volumes = volumes_of(report, guess_mapping(report), "Europe/Helsinki")
    quality: dict[HistoryKind, dict[str, object]]
    quality = {"intervals": document_of_quality(volumes.quality), "calls": {"rows": 3}, "orders": {"rows": 1}}
    return Imported(volumes, some_calls(), some_tickets(), some_orders(), quality, {"calls": 'kind = "calls"\n'})


def assert_same(found: object, wanted: object) -> None:
    assert is_dataclass(wanted)
    assert type(found) is type(wanted)
    for each in fields(wanted):
        left, right = getattr(found, each.name), getattr(wanted, each.name)
        if isinstance(right, np.ndarray):
            assert left.dtype == right.dtype
            np.testing.assert_array_equal(left, right)
        elif each.name == "measured":
            assert left.keys() == right.keys()
            for role in right:
                np.testing.assert_array_equal(left[role], right[role])
        else:
            assert left == right


def test_what_is_written_is_read_back_exactly(tmp_path: Path) -> None:
    history = some_history()
    write_imported(tmp_path / "new" / "history", history)
    found = read_imported(tmp_path / "new" / "history")
    assert found.kinds == ("intervals", "calls", "tickets", "orders")
    for kind in found.kinds:
        assert_same(found.table(kind), history.table(kind))
        assert found.quality[kind] == history.quality.get(kind, {})
        assert found.mapping[kind] == history.mapping.get(kind, "")


def test_a_kind_is_added_beside_others_and_replaces_its_own(tmp_path: Path) -> None:
    write_imported(tmp_path, Imported(calls=some_calls(), tickets=some_tickets()))
    write_imported(tmp_path, Imported(orders=some_orders(), tickets=some_tickets(), quality={"tickets": {"rows": 2}}))
    found = read_imported(tmp_path)
    assert found.kinds == ("calls", "tickets", "orders")
    assert found.quality["tickets"] == {"rows": 2}


def test_others_can_read_the_table(tmp_path: Path) -> None:
    write_imported(tmp_path, Imported(calls=some_calls()))
    rows = pq.read_table(table_file(tmp_path, "calls")).to_pylist()
    assert [row["queue"] for row in rows] == ["Lähetykset", "Sales", "Lähetykset"]
    assert [row["agent"] for row in rows] == ["12", None, "7"]
    assert [row["answered"] for row in rows] == [1e9 + 1, None, 1e9 + 3]
    assert rows[0]["day"] == date.fromordinal(730_000)


def test_no_draft_is_left_and_the_same_history_makes_the_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        write_imported(tmp_path / name, some_history())
    first, second = ({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in "ab")
    assert first == second
    assert len(first) == 12


@pytest.mark.parametrize("content", [b"", b"PAR1", b"what is this", b"PAR1" + bytes(100) + b"PAR1"])
def test_a_damaged_file_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    write_imported(tmp_path, Imported(calls=some_calls()))
    table_file(tmp_path, "calls").write_bytes(content)
    with pytest.raises(ReportError, match=r"calls\.parquet"):
        read_imported(tmp_path)


def test_a_file_of_another_kind_or_tool_is_refused(tmp_path: Path) -> None:
    write_imported(tmp_path, Imported(calls=some_calls()))
    table_file(tmp_path, "calls").rename(table_file(tmp_path, "orders"))
    with pytest.raises(ReportError, match=r"orders\.parquet"):
        read_imported(tmp_path)
    pq.write_table(pa.table({"placed": [5.0]}), table_file(tmp_path, "orders"))
    with pytest.raises(ReportError, match="was not written by"):
        read_imported(tmp_path)


def test_a_folder_without_history_says_how_to_make_one(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ReportError, match="ruuhka import"):
            read_imported(folder)
