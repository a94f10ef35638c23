"""Downloads: what a spreadsheet shows is what was simulated, staffing comes back, and no text is ever run."""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from small_scenarios import MAIL, PHONE, loaded, written

from simulator.experiment import Experiment, run
from simulator.history import guess_mapping, read_report
from simulator.language import LANGUAGES, speaking
from simulator.measures import MEASURES, PERCENTS, Duration
from simulator.report.files import csv_bytes
from simulator.report.sheets import results_csv, results_xlsx, staffing_xlsx
from simulator.report.staffing_file import staffing_csv, staffing_frame, staffing_from, staffing_overrides
from simulator.report.workbook import Column, Sheet, xlsx
from simulator.scenario import ScenarioError, load_scenario
from simulator.scenario.cells import is_formula_like, safe_text

FORMULAS = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "\N{FULLWIDTH EQUALS SIGN}1"]
UNITS = {"count": "", "share": "%", "seconds": "s", "hours": "h", "erlang": "erlang", "currency": "EUR"}
UNITS |= {
    "agents": "agents",
    "contacts per agent": "contacts per agent",
    "contacts per enquiry": "contacts per enquiry",
}
Table = list[dict[str, object]]
SECOND_GROUP = """
[groups.night]
title = "Night watch"
cost = "30 EUR/h"
[groups.night.staffing]
[groups.night.skills.phone]
"""


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    return run(loaded(tmp_path_factory.mktemp("scenario"), PHONE + MAIL), replications=3)


def sheets(content: bytes) -> dict[str, Table]:
    """Rows of each sheet by the names of its columns."""
    found = {}
    for sheet in load_workbook(io.BytesIO(content)):
        header, *rows = sheet.iter_rows(values_only=True)
        assert len(set(header)) == len(header)
        found[sheet.title] = [dict(zip(map(str, header), row, strict=True)) for row in rows]
    return found


# ---- Results ---------------------------------------------------------------------------------------------------------


def test_a_workbook_holds_the_estimates_and_their_half_widths(experiment: Experiment) -> None:
    found = sheets(results_xlsx(experiment, "one agent more"))
    phone, mail = found["Channels"]
    assert (phone["channel"], mail["channel"]) == ("Phone", "Mail")
    for measure in (measure for measure in MEASURES.values() if measure.about == "contacts"):
        estimate = experiment.estimate(measure, ("channel",))
        unit = UNITS[measure.unit]
        title = f"{measure.title} ({unit})" if unit else measure.title
        for c, row in enumerate((phone, mail)):
            for cell, part in ((row[title], estimate.value[c]), (row[f"± {title}"], estimate.half_width[c])):
                assert cell == pytest.approx(part) if np.isfinite(part) else cell is None
    quantiles = experiment.wait_quantiles(Duration.TIME_TO_FINISH)
    waits = found["Waits and targets"][1]
    for place, percent in enumerate(PERCENTS):
        assert waits[f"{percent} % wait at most (s)"] == pytest.approx(quantiles.value[1, place])
    assert waits["P(target met)"] == pytest.approx(float(experiment.targets[1].met.value))
    about = {row["What"]: row["None"] for row in found["About"]}
    assert about["Changed"] == "one agent more"
    assert experiment.scenario.content_hash in about.values()


def test_a_workbook_has_a_row_for_each_interval_in_which_something_happens(experiment: Experiment) -> None:
    rows = [row for row in sheets(results_xlsx(experiment))["Channels by interval"] if row["channel"] == "Phone"]
    arrived = experiment.estimate("arrived", ("channel", "interval"))
    assert len(rows) == np.count_nonzero(np.nan_to_num(arrived.value[0]) + np.nan_to_num(arrived.half_width[0]))
    row = next(row for row in rows if row["local time"] == "2026-06-01 09:30")
    assert row["Contacts"] == pytest.approx(arrived.value[0, 19])
    assert row["± Contacts"] == pytest.approx(arrived.half_width[0, 19])


def test_every_measure_says_how_it_is_counted(experiment: Experiment) -> None:
    rows = sheets(results_xlsx(experiment))["How it is counted"]
    assert {row["name in files"]: row["formula"] for row in rows} == {
        name: measure.formula for name, measure in MEASURES.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_speaks_both_languages_and_shows_shares_as_percent(experiment: Experiment, language: str) -> None:
    with speaking(language):
        book = load_workbook(io.BytesIO(results_xlsx(experiment)))
        title = f"{MEASURES['abandonment_ratio'].title} (%)"
    assert ("How it is counted" in book.sheetnames) == (language == "en")
    sheet = book.worksheets[2]
    names = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, names.index(title) + 1).number_format == "0.0%"


def test_one_long_table_holds_horizon_days_and_intervals(experiment: Experiment) -> None:
    table = pd.read_csv(io.BytesIO(results_csv(experiment)))
    assert set(table["period"]) == {"horizon", "day", "interval"}
    assert not table.duplicated(["channel", "period", "start", "measure"]).any()
    day = table.query("channel == 'phone' and period == 'day' and start == '2026-06-02' and measure == 'asa'")
    estimate = experiment.estimate("asa", ("channel", "day"))[0, 1]
    assert day["value"].item() == pytest.approx(float(estimate.value))
    assert day["half_width"].item() == pytest.approx(float(estimate.half_width))
    contacts = table.query("channel == 'phone' and measure == 'arrived'").groupby("period")["value"].sum()
    assert contacts["interval"] == pytest.approx(contacts["horizon"]) == pytest.approx(contacts["day"])


def test_the_half_width_of_one_replication_is_left_empty(tmp_path: Path) -> None:
    one = run(loaded(tmp_path), replications=1)
    assert all(row["± Contacts"] is None for row in sheets(results_xlsx(one))["Channels"])
    assert pd.read_csv(io.BytesIO(results_csv(one)))["half_width"].isna().all()


# ---- Staffing --------------------------------------------------------------------------------------------------------

PLANS = [
    ('"mon-fri 09:00-11:30" = 4', "team", ""),
    ('"mon 09:00-10:00" = 4\n"tue 09:30-11:30" = 7', "-team", "extra_agents = 2\n"),
    ('"mon-sun 00:00-24:00" = 3', "time", "extra_agents = -1\n"),
    ('"mon-fri 09:00-11:30" = 4', "team", 'extra_in = { "START 09:00-10:30" = 2 }\n'),
]


@pytest.mark.parametrize("start", ["2026-06-01", "2026-03-29", "2026-10-25"])
@pytest.mark.parametrize(("plan", "name", "more"), PLANS)
def test_staffing_comes_back_from_its_file(tmp_path: Path, plan: str, more: str, start: str, name: str) -> None:
    text = PHONE.replace('"mon-fri 09:00-11:30" = 4', plan).replace("start = 2026-06-01", f"start = {start}")
    text = text.replace('cost = "30 EUR/h"\n', f'cost = "30 EUR/h"\n{more.replace("START", start)}').replace(
        "groups.team", f"groups.{name}"
    )
    text = text.replace(
        f"[groups.{name}.skills", f'[groups.{name}.dates.{start}]\n"10:00-12:00" = 9\n[groups.{name}.skills'
    )
    text = text.replace("[simulation]", 'timezone = "Europe/Helsinki"\n[simulation]')
    path = written(tmp_path, text)
    scenario = load_scenario(path)
    assert sum(scenario.groups[0].staffing) > 0
    (tmp_path / "staffing.csv").write_bytes(staffing_csv(scenario))
    again = load_scenario(path, overrides=staffing_overrides(scenario, "staffing.csv"))
    assert again.groups[0].staffing == scenario.groups[0].staffing


def test_the_staffing_file_can_be_edited(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    edited = staffing_csv(scenario).decode().replace("2026-06-01 10:00,4", "2026-06-01 10:00,6")
    (tmp_path / "staffing.csv").write_text(edited, encoding="utf-8")
    again = load_scenario(tmp_path / "small.toml", overrides=staffing_overrides(scenario, "staffing.csv"))
    difference = np.array(again.groups[0].staffing) - scenario.groups[0].staffing
    assert np.flatnonzero(difference).tolist() == [20]
    assert difference[20] == 2


@pytest.mark.parametrize("start", ["2026-06-01", "2026-03-29", "2026-10-25"])
@pytest.mark.parametrize(("plan", "name", "more"), PLANS)
def test_staffing_comes_back_from_its_workbook(tmp_path: Path, plan: str, more: str, start: str, name: str) -> None:
    """Whatever else the scenario has of dates and extra agents: what the sheet says is all."""
    text = PHONE.replace('"mon-fri 09:00-11:30" = 4', plan).replace("start = 2026-06-01", f"start = {start}")
    text = text.replace("groups.team", f"groups.{name}").replace(
        "[simulation]", 'timezone = "Europe/Helsinki"\n[simulation]'
    )
    other = text.replace('cost = "30 EUR/h"\n', f'cost = "30 EUR/h"\n{more.replace("START", start)}')
    other = other.replace(
        f"[groups.{name}.skills", f'[groups.{name}.dates.{start}]\n"10:00-12:00" = 9\n[groups.{name}.skills'
    )
    scenario = load_scenario(written(tmp_path, text))
    assert sum(scenario.groups[0].staffing) > 0
    (tmp_path / "staffing.xlsx").write_bytes(staffing_xlsx(scenario))
    path = written(tmp_path, other, "other.toml")
    again = load_scenario(path, overrides=staffing_from(load_scenario(path), tmp_path / "staffing.xlsx"))
    assert again.groups[0].staffing == scenario.groups[0].staffing


def sheet_of(*rows: tuple[str | float, ...], title: str = "Staffing") -> bytes:
    header, *cells = rows
    return xlsx([Sheet(title, [Column(str(each)) for each in header], cells)])


def test_an_edited_sheet_by_names_or_titles_in_any_order_is_read_and_others_are_passed_over(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, PHONE + SECOND_GROUP)
    cells = [
        ("2026-06-01 09:00", 1, 7),
        ("2026-06-01 09:30", 2, 8),
        ("2026-06-02 09:00", 3, 9),
        ("2026-06-02 09:30", 0, 0),
    ]
    other = Sheet("Notes", [Column("what"), Column("why")], [("a", "b")])
    content = xlsx([other, Sheet("Mine", [Column("when"), Column("Night watch"), Column("team")], cells)])
    (tmp_path / "mine.xlsx").write_bytes(content)
    found = load_scenario(tmp_path / "small.toml", overrides=staffing_from(scenario, tmp_path / "mine.xlsx"))
    team, night = (np.array(group.staffing) for group in found.groups)
    assert np.flatnonzero(team).tolist() == [18, 19, 48 + 18]
    assert team[[18, 19, 66]].tolist() == [7, 8, 9]
    assert night[[18, 19, 66]].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (sheet_of(("time", "Teem"), ("2026-06-01 09:00", 4)), 'There is no group "Teem". Did you mean "team"?'),
        (sheet_of(("time", "Team"), ("2026-06-01 09:00", -4), ("2026-06-01 09:30", 4)), "This is not a number from 0"),
        (sheet_of(("time", "Team"), ("2026-06-01 09:30", 4), ("2026-06-01 09:00", 4)), "Sort the rows by time"),
        (sheet_of(("time", "Team"), ("nine", 4), ("ten", 4)), "not a date and time like"),
        (
            sheet_of(("time", "Team"), ("2026-06-01 09:00", 2.5), ("2026-06-01 09:30", 4)),
            "not a whole number of agents",
        ),
        (
            xlsx([Sheet(each, [Column("a"), Column("b")], [("x", 1)]) for each in "AB"]),
            "No sheet has a column of times",
        ),
        (b"PK\x03\x04 broken", "xlsx"),
        (b"time,team\n", "xlsx"),
    ],
)
def test_a_workbook_that_is_no_staffing_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    scenario = loaded(tmp_path)
    (tmp_path / "bad.xlsx").write_bytes(content)
    with pytest.raises(ScenarioError) as refused:
        staffing_from(scenario, tmp_path / "bad.xlsx")
    assert told in str(refused.value)
    assert "bad." in str(refused.value)


def test_staffing_in_a_workbook_has_a_column_for_each_group(experiment: Experiment) -> None:
    scenario = experiment.scenario
    (rows,) = sheets(staffing_xlsx(scenario)).values()
    assert [row["Team"] for row in rows] == list(scenario.groups[0].staffing)
    assert rows[19]["local time"] == staffing_frame(scenario)["time"][19] == "2026-06-01 09:30"


# ---- No formula ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_a_spreadsheet_could_run_is_text(text: str) -> None:
    book = xlsx([Sheet(text, [Column(text), Column("n", "0.0")], [(text, -1.5)])])
    sheet = load_workbook(io.BytesIO(book)).worksheets[0]
    for cell in (sheet["A1"], sheet["A2"]):
        assert cell.data_type == "s"
        assert cell.quotePrefix
    assert (sheet["B2"].value, sheet["B2"].data_type) == (-1.5, "n")
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    table = pd.DataFrame({"name": [text], "n": [-1.5]})
    line = csv_bytes(table).decode()
    plain = text.replace("\r", " ")
    assert safe_text(text) == f"'{plain}"
    assert line == f"name,n\n'{plain},-1.5\n"


@pytest.mark.parametrize("text", FORMULAS[:4])
def test_titles_of_a_scenario_that_look_like_formulas_are_text_in_every_download(tmp_path: Path, text: str) -> None:
    titled = PHONE.replace("[channels.phone]", f'[channels.phone]\ntitle = "{text}"', 1).replace("Small day", text)
    titled = titled.replace("[groups.team]", f'[groups.team]\ntitle = "{text}"', 1)
    result = run(loaded(tmp_path, titled), replications=2)
    for content in (results_xlsx(result, text), staffing_xlsx(result.scenario)):
        cells = [cell for sheet in load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row]
        assert any(cell.value == text for cell in cells)
        assert not any(cell.data_type == "f" for cell in cells)
    for csv in (results_csv(result), staffing_csv(result.scenario)):
        table = pd.read_csv(io.BytesIO(csv))
        texts = [*table.columns, *table.select_dtypes(exclude="number").to_numpy().ravel()]
        assert not any(is_formula_like(each) for each in texts)


@settings(max_examples=25)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4, unique=True))
def test_any_titles_make_a_workbook(titles: list[str]) -> None:
    book = xlsx([Sheet(title, [Column(title)], [(title,), (math.nan,)]) for title in titles])
    assert len(load_workbook(io.BytesIO(book)).sheetnames) == len(titles)


def test_a_workbook_of_results_is_read_as_a_report(experiment: Experiment) -> None:
    report = read_report("results.xlsx", results_xlsx(experiment), "Channels by interval")
    roles = {use.role for use in guess_mapping(report).columns}
    assert {"moment", "channel", "offered"} <= roles
