"""Mapping files: what is written is read back, and whatever is wrong is told with its line and what is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from simulator.history import ReportError, guess_mapping, read_report
from simulator.history.importing.mapping_file import RULES, HistoryMapping, in_timezone, kind_of, read_mapping
from simulator.history.importing.mapping_text import mapping_text
from simulator.history.intervals.interval_mapping import INTERVAL_ROLES, IntervalMapping
from simulator.history.logs.mapping import CALL_ROLES, CallMapping, CellForms
from simulator.history.logs.order_mapping import OrderMapping
from simulator.history.logs.ticket_mapping import TicketMapping

SHIPPED = Path(__file__).parents[1] / "scenarios" / "mappings"
FORMS = CellForms(
    timezone="Europe/Amsterdam",
    date_order="month first",
    date_format="%y%m%d",
    decimal=",",
    unit=60,
    nothing={"start time": ("0:00:00", "never")},
    leave_out={"outcome": ("PHANTOM",)},
)
MAPPINGS: list[HistoryMapping] = [
    CallMapping({"arrival": ("start time",), "agent": ("agent", "server")}),
    CallMapping(
        {role: (role,) for role in CALL_ROLES}, FORMS, "sales", ("AGENT",), ("HANG", "LOST"), slack=3, legs="leave out"
    ),
    TicketMapping({"created": ("Created at",), "solved": ("Solved",)}, FORMS, "letters"),
    CallMapping({"arrival": ("a",), "worked": ("Talk (min)",)}, CellForms(unit={"Talk (min)": 60.0})),
    OrderMapping({"placed": ("Päivä",)}, FORMS, ("peruttu", "x")),
    IntervalMapping({role: role for role in INTERVAL_ROLES}, "UTC", "phone", "", "day first", ".", "Sheet 1"),
    IntervalMapping({"date": "d", "offered": {"Phone": 'a "b"', "Chat, web": "c"}}, across="time"),
]


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "mapping.toml"
    file.write_text(text, "utf-8")
    return file


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(ReportError) as error:
        read_mapping(written(tmp_path, text))
    return str(error.value)


@pytest.mark.parametrize("mapping", MAPPINGS)
def test_what_is_written_is_read_back(mapping: HistoryMapping, tmp_path: Path) -> None:
    text = mapping_text(mapping, head=["what", "it is"], reasons={"arrival": "its name says “start”"}, unused=["a, b"])
    assert read_mapping(written(tmp_path, text)) == mapping
    assert text.startswith("# what\n# it is\n")


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.toml")), ids=lambda file: file.stem)
def test_every_shipped_mapping_can_be_read_and_written_again(file: Path, tmp_path: Path) -> None:
    mapping = read_mapping(file)
    assert read_mapping(written(tmp_path, mapping_text(mapping))) == mapping


def test_reasons_and_columns_not_used_are_comments() -> None:
    mapping = CallMapping({"arrival": ("start",)})
    text = mapping_text(mapping, reasons={"arrival": "its name\nsays so"}, unused=[f"column {k}" for k in range(40)])
    assert 'arrival = "start" # its name says so\n' in text
    assert "# not used: column 0, column 1," in text
    assert text.rstrip().endswith("column 39")
    assert max(map(len, text.splitlines())) <= 120


def test_all_problems_are_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    said = refused(
        tmp_path,
        'kind = "calls"\ntimezone = "Mars"\nlegs = [1]\nunit = -1\nzone = "UTC"\nnothing = ["a"]\n'
        '\n[columns]\narival = "x"\nagent = 3\nqueue = []\n',
    )
    for line in (
        'mapping.toml:2  timezone = "Mars"',
        "mapping.toml:3  legs = [1]",
        "mapping.toml:4  unit = -1",
        'mapping.toml:5  zone = "UTC"',
        'mapping.toml:6  nothing = ["a"]',
        'mapping.toml:9  columns.arival = "x"',
        "mapping.toml:10  columns.agent = 3",
        "mapping.toml:11  columns.queue = []",
    ):
        assert line in said
    assert 'Did you mean "timezone"?' in said
    assert 'Did you mean "arrival"?' in said
    assert 'Allowed are "keep", "leave out".' in said


@pytest.mark.parametrize("kind", ["", 'kind = "call"\n', "kind = 3\n", 'kind = ["calls"]\n'])
def test_the_kind_comes_first(kind: str, tmp_path: Path) -> None:
    said = refused(tmp_path, f'{kind}[columns]\narrival = "x"\n')
    assert '"intervals", "calls", "tickets", "orders"' in said


@pytest.mark.parametrize("columns", ["", "columns = 3", "[columns]"])
def test_a_mapping_without_columns_says_which_there_may_be(columns: str, tmp_path: Path) -> None:
    said = refused(tmp_path, f'kind = "orders"\n{columns}')
    assert "placed" in said
    assert "cancelled" in said


@pytest.mark.parametrize("text", ["", "kind = ", "\0", "[[columns]]\nx = 1"])
def test_what_is_no_mapping_is_refused(text: str, tmp_path: Path) -> None:
    assert "mapping.toml" in refused(tmp_path, text)


def test_only_columns_of_figures_may_be_about_channels(tmp_path: Path) -> None:
    assert "columns.date" in refused(tmp_path, 'kind = "intervals"\n[columns]\ndate = { Phone = "x" }\n')
    assert "columns.arrival" in refused(tmp_path, 'kind = "calls"\n[columns]\narrival = { Phone = "x" }\n')


@pytest.mark.parametrize("mapping", MAPPINGS)
def test_a_mapping_for_another_time_zone_differs_in_nothing_else(mapping: HistoryMapping) -> None:
    moved = in_timezone(mapping, "Asia/Jerusalem")
    assert moved != mapping
    assert kind_of(moved) == kind_of(mapping)
    back = mapping.timezone if isinstance(mapping, IntervalMapping) else mapping.forms.timezone
    assert in_timezone(moved, back) == mapping
    with pytest.raises(ValueError, match="no time zone"):
        in_timezone(mapping, "Mars")


@pytest.mark.parametrize(
    "text",
    [
        "Date,Time,Offered,AHT\n2026-11-23,08:00,1,250\n2026-11-23,08:15,2,260\n",
        "Time,2026-11-23,2026-11-24\n08:00,1,2\n08:15,3,4\n",
        "Date,08:00,08:15\n2026-11-23,1,2\n2026-11-24,3,4\n",
        "Date,Time,Phone offered,Phone AHT,Chat offered\n2026-11-23,08:00,1,250,3\n2026-11-23,08:15,2,260,4\n",
        "Start,Phone,Chat\n2026-11-23 08:00,1,2\n2026-11-23 08:15,3,4\n",
    ],
)
def test_a_guess_written_as_a_mapping_uses_the_columns_as_the_guess_does(text: str, tmp_path: Path) -> None:
    report = read_report("report.csv", text.encode())
    guess = guess_mapping(report)
    mapping = IntervalMapping.of_guess(report, guess, "UTC")
    read = read_mapping(written(tmp_path, mapping_text(mapping)))
    assert isinstance(read, IntervalMapping)
    used = read.of_report(report)
    assert [(use.role, use.channel, use.across) for use in used.columns] == [
        (use.role, use.channel, use.across) for use in guess.columns
    ]


def test_a_report_that_lacks_a_column_is_refused_with_the_nearest() -> None:
    report = read_report("report.csv", b"Date,Offred\n2026-11-23,1\n2026-11-24,2\n")
    with pytest.raises(ReportError, match=r'report\.csv:1\n.*no column "Offered". Did you mean "Offred"'):
        IntervalMapping({"date": "Date", "offered": "Offered"}).of_report(report)


def test_the_docs_name_every_field_and_role_of_every_kind() -> None:
    page = (SHIPPED.parents[1] / "docs" / "import.md").read_text("utf-8")
    fields = page.partition("| field |")[2].partition("\n\n")[0]
    for kind, rules in RULES.items():
        assert all(f"`{name}`" in fields or f"`[{name}]`" in fields for name in rules.fields), kind
        row = next(line for line in page.splitlines() if line.startswith(f"| {kind} | `"))
        assert all(f"`{role}`" in row for role in rules.roles), kind


def test_there_is_a_shipped_mapping_of_every_kind() -> None:
    kinds = {kind_of(read_mapping(file)) for file in SHIPPED.glob("*.toml")}
    assert kinds == {"intervals", "calls", "tickets", "orders"}
    assert len(get_args(HistoryMapping)) == len(kinds)


def test_a_unit_of_a_column_that_is_not_used_is_refused(tmp_path: Path) -> None:
    text = 'kind = "calls"\n[columns]\nworked = "Talk time"\n[unit]\n"Talk tme" = 60\n'
    assert 'no column in use "Talk tme". Did you mean "Talk time"?' in refused(tmp_path, text)
    assert "a table of columns" in refused(tmp_path, text.replace("60", "0").replace("tme", "time"))
