"""Catalogues of shifts as files: what they mean, and how those that are wrong are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.scenario import ScenarioError, load_scenario
from simulator.scenario.hours import WeeklyHours
from simulator.scenario.shift_catalogue import (
    Break,
    GroupShifts,
    Hiring,
    PeopleSource,
    ShiftCatalogue,
    ShiftKind,
)
from simulator.scenario.shift_file import load_shifts

SCENARIO = load_scenario(Path(__file__).resolve().parents[1] / "scenarios" / "black-friday.toml")

GOOD = """
title = "Days"
[groups.outsourced]
heads = 12
rest = "11 h"
shifts_per_week = 5
hours_per_week = "37.5 h"
premium = { "mon-fri 18:00-22:00" = "+15 %", "sun 00:00-24:00" = "+100 %" }
[groups.outsourced.shifts.full]
starts = { first = "07:30", last = "09:00", step = "30 min" }
lengths = ["8 h", "6 h"]
within = "mon-fri 07:00-20:00; holidays closed"
most = 4
breaks.lunch = { length = "30 min", earliest = "3 h", latest = "4 h" }
breaks.coffee = { length = "15 min", earliest = "1 h 30 min", paid = true }
[groups.outsourced.shifts.late_part]
starts = ["16:00", "12:15"]
lengths = "4 h"
"""
HIRING = """
[groups.outsourced.hiring]
today = 9
leave = "1 %"
[groups.outsourced.hiring.sources.own]
title = "own hires"
lead = "5 wk"
training = "3 wk"
pace = ["70 %", "85 %"]
leave = "2 %"
most = 4
[groups.outsourced.hiring.sources.lent_staff]
lead = "14 d"
cost = "55 EUR/h"
"""
"""To add to it."""


def loaded(folder: Path, text: str) -> ShiftCatalogue:
    path = folder / "some-shifts.toml"
    path.write_text(text, encoding="utf-8")
    return load_shifts(path, SCENARIO)


def test_a_catalogue_says_what_its_file_does(tmp_path: Path) -> None:
    full = ShiftKind(
        name="full",
        title="Full",
        starts=(27000, 28800, 30600, 32400),
        lengths=(21600, 28800),
        within=WeeklyHours.parse("mon-fri 07:00-20:00; holidays closed"),
        breaks=(Break("coffee", 900, 5400, 5400, True), Break("lunch", 1800, 10800, 14400, False)),
        most=4,
    )
    late = ShiftKind("late_part", "Late part", (44100, 57600), (14400,), WeeklyHours.parse("always"))
    premium = ((WeeklyHours.parse("mon-fri 18:00-22:00"), 1.15), (WeeklyHours.parse("sun 00:00-24:00"), 2.0))
    group = GroupShifts(1, (full, late), 12, 39600, 5, 135000, premium)
    assert loaded(tmp_path, GOOD) == ShiftCatalogue("some-shifts", "Days", (group,))
    assert full.work(28800) == 27000


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("rest =", "rests =", ['unknown. Did you mean "rest"?', "groups.outsourced.rests"]),
        ('rest = "11 h"', "rest = 11", ["11 has no unit", ":5"]),
        ('rest = "11 h"', 'rest = "40 h"', ["rest would reach into the shifts of the day after the next"]),
        ("heads = 12", "heads = -1", ["at least 0"]),
        ("shifts_per_week = 5", "shifts_per_week = 8", ["at most 7"]),
        ('"37.5 h"', '"7 h"', ["One shift of 7 h 30 min is longer than hours_per_week, 7 h.", "shifts.full.lengths"]),
        ('= { first = "07:30"', '= { firts = "07:30"', ["This has firts, last, step", 'first = "07:00"']),
        ('last = "09:00"', 'last = "09:10"', ["no whole steps of 30 min"]),
        ('last = "09:00"', 'last = "07:00"', ["the last start must be the first, or whole steps after it"]),
        ('step = "30 min"', 'step = "10 min"', ["A shift starts with an interval of 15 min; 07:40 does not."]),
        ('"16:00", "12:15"', '"16:00", "25:00"', ['"25:00" is not a time of day']),
        ('"16:00", "12:15"', '"16:00", "24:00"', ['"24:00" ends a day', '"00:00"']),
        ('"16:00", "12:15"', '"16:00", "16:00"', ['"16:00" is there twice']),
        ('["16:00", "12:15"]', "16", ["16 is not when shifts start: write clock times"]),
        ('lengths = "4 h"', "lengths = []", ["There is no length"]),
        ('lengths = "4 h"', 'lengths = "20 h"', ["A shift of", "up to 16 h"]),
        ('lengths = "4 h"', 'lengths = ["4 h", "240 min"]', ["has a length twice"]),
        ('lengths = "4 h"', 'lengths = "4 h 10 min"', ["whole intervals of 15 min; 4 h 10 min is not"]),
        ("07:00-20:00;", "07:05-20:00;", ["These hours must start and end with intervals of 15 min."]),
        ("mon-fri 18:00", "mon-fri 18:10", ["It must start and end with an interval of 15 min."]),
        ("sun 00:00-24:00", "fri 20:00-24:00", ["overlap on fri 20:00-22:00"]),
        ('length = "15 min"', 'length = "10 min"', ["belongs to the group's shrinkage", "breaks.coffee.length = "]),
        ('latest = "4 h"', 'latest = "2 h"', ["cannot have to begin sooner", "breaks.lunch.latest"]),
        ('latest = "4 h"', 'latest = "5 h 30 min"', ["over before its end, here 6 h later", "breaks.lunch"]),
        ('earliest = "1 h 30 min"', 'earliest = "2 h 50 min"', ["Breaks must follow each other", "until 3 h 5 min"]),
        ('earliest = "1 h 30 min"', 'earliest = "0 min"', ["it begins after its start"]),
        ('length = "15 min"', 'length = "0 min"', ["A break takes some time"]),
        ("most = 4", "most = 4.5", ["whole number"]),
        ('"+100 %"', "2", ["premium"]),
    ],
)
def test_what_is_wrong_is_said_with_its_field_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, says: list[str]
) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(ScenarioError) as refused:
        loaded(tmp_path, GOOD.replace(old, new))
    message = str(refused.value)
    assert "some-shifts.toml" in message
    assert not [part for part in says if part not in message], message
    assert all(problem.message.endswith((".", "?")) for problem in refused.value.problems), message


def test_people_and_where_more_come_from(tmp_path: Path) -> None:
    own = PeopleSource("own", "own hires", 5, 3, (0.7, 0.85), 0.02, SCENARIO.groups[1].cost_per_hour, 4)
    lent = PeopleSource("lent_staff", "Lent staff", 2, 0, (), 0.0, 55.0, None)
    (group,) = loaded(tmp_path, GOOD + HIRING).groups
    assert group.hiring == Hiring(9, 0.01, (own, lent))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("today = 9", "today = -9", ["hiring.today", "at least 0"]),
        ("today = 9\n", "", ["hiring.today", "missing"]),
        ('lead = "5 wk"', 'lead = "5 d"', ["sources.own.lead = ", "whole weeks"]),
        ('training = "3 wk"', "training = 3", ["3 has no unit", "sources.own.training"]),
        ('"85 %"', '"185 %"', ["sources.own.pace", "from 0 % to 100 %"]),
        ('leave = "1 %"', 'leave = "100 %"', ["hiring.leave", "less than 100 %"]),
        ('leave = "2 %"', 'leave = "100 %"', ["sources.own.leave", "less than 100 %"]),
        ("55 EUR/h", "55 SEK/h", ["lent_staff.cost = ", "currency is EUR"]),
        ("55 EUR/h", "55 EUR", ["lent_staff.cost", 'with "/h"']),
        ("most = 4\n[groups.outsourced.hiring", "mots = 4\n[groups.outsourced.hiring", ['Did you mean "most"?']),
        ('hours_per_week = "37.5 h"', "", ["groups.outsourced.hours_per_week", "hired is paid"]),
    ],
)
def test_what_is_wrong_about_hiring_is_said(tmp_path: Path, old: str, new: str, says: list[str]) -> None:
    assert (GOOD + HIRING).count(old) == 1
    with pytest.raises(ScenarioError) as refused:
        loaded(tmp_path, (GOOD + HIRING).replace(old, new))
    message = str(refused.value)
    assert not [part for part in says if part not in message], message


def test_a_group_that_the_scenario_does_not_have_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r':3  groups\.outsorced\n.*no group "outsorced".*mean "outsourced"\?'):
        loaded(tmp_path, GOOD.replace("groups.outsourced", "groups.outsorced"))


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("heads = 12", 'heads = "many"').replace("most = 4", "most = -4")
    with pytest.raises(ScenarioError) as refused:
        loaded(tmp_path, text)
    assert len(refused.value.problems) == 2
