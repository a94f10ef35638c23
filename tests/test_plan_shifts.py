"""Shifts from the command line: what is shown is what is played, and what cannot be done is said in words."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from commands import ruuhka
from openpyxl import load_workbook
from small_scenarios import written

from simulator.planning.staffing.plan import FRESH

if TYPE_CHECKING:
    from pathlib import Path

SHIFTS = """
title = "Two hours or a half more"
[groups.team]
hours_per_week = "20 h"
[groups.team.shifts.whole]
starts = ["09:00"]
lengths = "2 h 30 min"
breaks.tea = { length = "30 min", earliest = "1 h", latest = "1 h 30 min" }
[groups.team.shifts.hour]
starts = { first = "09:00", last = "10:30", step = "30 min" }
lengths = "1 h"
"""
HIRING = """
[groups.team.hiring]
today = 2
[groups.team.hiring.sources.own]
lead = "3 wk"
training = "1 wk"
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "shifts.toml"
    path.write_text(SHIFTS + HIRING, encoding="utf-8")
    return path


def test_the_staffing_that_is_written_and_judged_is_that_of_the_shifts(tmp_path: Path, catalogue: Path) -> None:
    path, out = written(tmp_path), tmp_path / "plan"
    result = ruuhka(
        "plan", path, "--shifts", catalogue, "--today", "2026-03-31", "--replications", 5, "--period", "horizon",
        "--out", out,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    shifts = found["shifts"]
    on_duty = np.zeros((2, 48), dtype=np.int64)
    days = {day: number for number, day in enumerate(sorted({start[:10] for start in found["interval_starts"]}))}

    def step(clock: str) -> int:
        hours, minutes = map(int, clock.split(":"))
        return 2 * hours + minutes // 30

    for each in shifts["worked"]:
        on_duty[days[each["day"]], step(each["start"]) : step(each["end"])] += each["agents"]
        assert sum(pause["agents"] for pause in each["breaks"]) == (each["agents"] if each["shift"] == "Whole" else 0)
        for pause in each["breaks"]:
            on_duty[days[each["day"]], step(pause["start"])] -= pause["agents"]
    assert on_duty.ravel().tolist() == found["plan"]["groups"]["team"]["staffing"]
    again = ruuhka(
        "simulate", path, "--staffing", out / "staffing.csv", "--replications", 5, "--seed", 1 + FRESH, "--json"
    )
    within = json.loads(again.stdout)["channels"]["phone"]["measures"]["service_level_offered"]
    assert within["value"] == pytest.approx(found["plan"]["channels"]["phone"]["within_target"]["value"])
    # The same shifts in every file.
    rows = list(csv.DictReader(io.StringIO((out / "shifts.csv").read_text(encoding="utf-8"))))
    assert [int(row["agents"]) for row in rows] == [each["agents"] for each in shifts["worked"]]
    sheet = load_workbook(out / "staffing.xlsx")["Shifts"]
    assert [row[5] for row in sheet.iter_rows(min_row=2, values_only=True)] == [int(row["agents"]) for row in rows]
    of_team = shifts["groups"]["team"]
    assert sum(of_team["shifts_by_day"]) == sum(each["agents"] for each in shifts["worked"])
    assert of_team["people"] >= max(of_team["shifts_by_day"])
    assert shifts["kept"]
    assert found["ahead"]["groups"]["team"]["needed"][-1] == of_team["people_by_week_with_shrinkage"][-1]
    told = " ".join(result.stdout.split())
    assert "Covering the requirement would cost" in told
    assert "by Mon 4 May 2026" in told


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--today", "2026-03-31"), "--shifts"),
        (("--shifts", "CATALOGUE", "--today", "soon"), "2026-09-01"),
        (("--shifts", "CATALOGUE", "--today", "2026-07-01"), "The horizon ends on 2026-06-02"),
        (("--shifts", "CATALOGUE", "--hours", "100"), "--hours"),
        (("--shifts", "SILENT", "--today", "2026-03-31"), "hiring"),
        (("--shifts", "WRONG"), 'Did you mean "rest"?'),
        (("--shifts", "nowhere.toml"), "nowhere.toml"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    tmp_path: Path, catalogue: Path, options: tuple[str, ...], complaint: str
) -> None:
    files = {"CATALOGUE": catalogue}
    for name, text in {"SILENT": SHIFTS, "WRONG": SHIFTS.replace("hours_per_week", "rests")}.items():
        files[name] = tmp_path / f"{name}.toml"
        files[name].write_text(text, encoding="utf-8")
    result = ruuhka("plan", written(tmp_path), "--replications", 3, *(files.get(each, each) for each in options))
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert complaint in " ".join(result.stderr.split())


def test_a_minimum_that_no_shift_gives_is_no_plan(tmp_path: Path) -> None:
    path = tmp_path / "late.toml"
    path.write_text(SHIFTS.replace("09:00", "09:30"), encoding="utf-8")
    result = ruuhka(
        "plan", written(tmp_path), "--shifts", path, "--replications", 3, "--minimum", "team=1", "--period", "horizon"
    )
    assert result.exit_code == 1, result.output
    assert "Team Mon 1 Jun 09:00" in " ".join(result.stderr.split())
