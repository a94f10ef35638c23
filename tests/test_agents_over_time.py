"""Learning, agents on call and ready answers: from the scenario file to what the agents do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from centres import make_contacts
from small_scenarios import MAIL, PHONE, loaded

from simulator.engine import ENGINES, NO_LIMIT, EngineName, centre_of, simulate
from simulator.experiment import Comparison, run
from simulator.experiment.formula import FormulaFigures, NoFormula, formula_figures
from simulator.report.simulated import groups_table
from simulator.report.story import sentences

if TYPE_CHECKING:
    from simulator.scenario import Scenario

TWO_WEEKS = PHONE.replace("days = 2", "days = 14")
FRIDAY_BEFORE = "2026-05-29"
"""Three days before the horizon, which begins on Monday 1 June 2026."""

each_engine = pytest.mark.parametrize("engine", ENGINES)


def by_day(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[float]:
    """[day] Of a group's figures by half hour, which are the same throughout each day."""
    days = values.reshape(-1, 48)
    assert (days == days[:, :1]).all()
    return list(map(float, days[:, 0]))


def story(scenario: Scenario) -> str:
    return "\n".join(sentences(scenario, np.zeros((len(scenario.channels), 1, scenario.calendar.intervals))))


# -- Learning ----------------------------------------------------------------------------------------------------------


def test_a_curve_by_week_holds_from_weekday_to_weekday_of_the_start(tmp_path: Path) -> None:
    curve = (
        f'[groups.team.learning]\nstart = {FRIDAY_BEFORE}\npace_by_week = ["70 %", "85 %"]\nquality_by_week = [0.9]\n'
    )
    centre = centre_of(loaded(tmp_path, TWO_WEEKS + curve))
    # Monday to Thursday are the rest of the first week; the third week starts on Friday 12 June.
    assert by_day(centre.pace[0]) == [0.7] * 4 + [0.85] * 7 + [1.0] * 3
    assert by_day(centre.quality[0]) == [0.9] * 4 + [1.0] * 10


def test_each_week_the_same_share_of_what_is_missing_is_learnt(tmp_path: Path) -> None:
    curve = (
        f'[groups.team.learning]\nstart = {FRIDAY_BEFORE}\npace = "60 %"\nquality = "80 %"\nlearnt_per_week = "50 %"\n'
    )
    scenario = loaded(tmp_path, TWO_WEEKS + curve)
    assert by_day(scenario.pace[0]) == pytest.approx([0.6] * 4 + [0.8] * 7 + [0.9] * 3)
    assert by_day(scenario.quality[0]) == pytest.approx([0.8] * 4 + [0.9] * 7 + [0.95] * 3)
    assert scenario.least_quality == pytest.approx(0.8)
    at_once = loaded(tmp_path, TWO_WEEKS + curve, groups__team__learning__learnt_per_week="100 %")
    assert by_day(at_once.pace[0]) == pytest.approx([0.6] * 4 + [1.0] * 10)
    assert "on the floor since 2026-05-29: pace 60 %, 80 %, 90 % and quality 80 %, 90 %, 95 %" in story(scenario)


def test_the_least_quality_is_that_of_any_group_and_1_without_beginners(tmp_path: Path) -> None:
    assert loaded(tmp_path).least_quality == 1
    beginners = f"""
[groups.new]
staffing = {{ "always" = 1 }}
[groups.new.skills.phone]
[groups.new.learning]
start = {FRIDAY_BEFORE}
quality_by_week = [0.75]
"""
    assert loaded(tmp_path, PHONE.replace("[groups.team]", f"{beginners}[groups.team]")).least_quality == 0.75


def test_training_earlier_is_to_move_the_start(tmp_path: Path) -> None:
    curve = f'[groups.team.learning]\nstart = {FRIDAY_BEFORE}\npace_by_week = ["70 %", "85 %"]\n'
    earlier = loaded(tmp_path, TWO_WEEKS + curve, groups__team__learning__start="2026-05-22")
    assert by_day(earlier.pace[0]) == [0.85] * 4 + [1.0] * 10
    long_ago = loaded(tmp_path, TWO_WEEKS + curve, groups__team__learning__start="2020-01-01")
    assert by_day(long_ago.pace[0]) == [1.0] * 14


def test_before_its_start_nobody_of_a_group_is_on_duty(tmp_path: Path) -> None:
    curve = '[groups.team.learning]\nstart = 2026-06-03\npace_by_week = ["70 %"]\n'
    scenario = loaded(tmp_path, TWO_WEEKS + curve)
    on_duty = scenario.staffing[0].reshape(14, 48).max(axis=1)
    assert on_duty.tolist() == [0, 0, 4, 4, 4, 0, 0, 4, 4, 4, 4, 4, 0, 0]
    assert by_day(scenario.pace[0])[2:] == [0.7] * 7 + [1.0] * 5


def test_a_week_begins_at_local_midnight_where_the_clock_changes(tmp_path: Path) -> None:
    # The night to Sunday 25 October 2026 has an hour more in Helsinki.
    text = PHONE.replace("start = 2026-06-01\ndays = 2", "start = 2026-10-24\ndays = 3")
    curve = '[groups.team.learning]\nstart = 2026-10-19\npace_by_week = ["70 %"]\n'
    pace = loaded(tmp_path, text + curve).pace[0]
    assert len(pace) == 48 + 50 + 48
    assert (pace == np.repeat([0.7, 1.0], [48 + 50, 48])).all()


@each_engine
def test_beginners_take_longer_by_their_pace(tmp_path: Path, engine: EngineName) -> None:
    curve = f'[groups.team.learning]\nstart = {FRIDAY_BEFORE}\npace_by_week = ["80 %"]\n'
    scenario = loaded(tmp_path, TWO_WEEKS + curve)
    nine = 9 * 3600.0
    friday = nine + 4 * 86_400
    records, _ = simulate(centre_of(scenario), make_contacts([nine, friday], work=120.0), scenario.staffing, engine)
    assert records.ended.tolist() == [nine + 150, friday + 120]


def test_the_formula_takes_the_pace_of_each_interval(tmp_path: Path) -> None:
    curve = f'[groups.team.learning]\nstart = {FRIDAY_BEFORE}\npace_by_week = ["80 %"]\n'
    learning, slower = (
        formula_figures(loaded(tmp_path, text))[0]
        for text in (
            PHONE + curve,
            PHONE.replace("[groups.team.skills.phone]", "[groups.team.skills.phone]\nspeed = 0.8"),
        )
    )
    assert isinstance(learning, FormulaFigures)
    assert isinstance(slower, FormulaFigures)
    assert learning.asa == pytest.approx(slower.asa, rel=1e-12)


# -- On call -----------------------------------------------------------------------------------------------------------

ON_CALL = """
[groups.reserve]
cost = "40 EUR/h"
staffing = { "mon-fri 00:00-24:00" = 1 }
[groups.reserve.skills.phone]
[groups.reserve.on_call]
waiting = 2
lead = "30 min"
stay = "1 h"
"""


def on_call_day(tmp_path: Path, **overrides: str | int) -> Scenario:
    """One agent from midnight on, one more on call; half hours."""
    text = PHONE.replace('"mon-fri 09:00-11:00"', '"always"').replace('"mon-fri 09:00-11:30" = 4', '"always" = 1')
    return loaded(tmp_path, text.replace("days = 2", "days = 1") + ON_CALL, None, **overrides)


def test_the_fields_of_on_call_groups_reach_the_centre_in_intervals(tmp_path: Path) -> None:
    centre = centre_of(on_call_day(tmp_path, groups__reserve__on_call__released_at=1))
    assert centre.on_call.tolist() == [False, True]
    assert centre.called_from.tolist() == [NO_LIMIT, 2]
    assert centre.called_from_wait.tolist() == [np.inf, np.inf]
    assert centre.lead.tolist() == [0, 1]
    assert centre.stay.tolist() == [0, 2]
    assert centre.released_at.tolist() == [0, 1]
    text = ON_CALL.replace("waiting = 2", 'wait = "3 min"')
    by_wait = centre_of(loaded(tmp_path, PHONE + text))
    assert (by_wait.called_from[1], by_wait.called_from_wait[1]) == (NO_LIMIT, 180)


@each_engine
def test_an_on_call_agent_is_called_comes_stays_and_goes_as_worked_by_hand(tmp_path: Path, engine: EngineName) -> None:
    scenario = on_call_day(tmp_path)
    contacts = make_contacts([10.0, 20.0, 30.0], work=[2000.0, 2000.0, 2500.0])
    records, ledger = simulate(centre_of(scenario), contacts, scenario.staffing, engine)
    # 0:30: two wait, the reserve is called. 1:00: it is there and takes the third. 1:30: nobody waits, but it stays an
    # hour. 2:00 (7200): it goes.
    assert records.started.tolist() == [10, 2010, 3600]
    assert records.ended.tolist() == [2010, 4010, 6100]
    assert records.group.tolist() == [0, 0, 1]
    assert ledger.staffed[1].tolist() == [0, 0, 1800, 1800] + [0] * 44
    assert ledger.busy[1].tolist() == [0, 0, 1800, 700] + [0] * 44
    assert ledger.staffed[0].tolist() == [1800] * 48


@each_engine
def test_an_on_call_agent_who_is_released_finishes_the_work_in_overtime(tmp_path: Path, engine: EngineName) -> None:
    scenario = on_call_day(tmp_path, groups__reserve__on_call__stay="30 min")
    contacts = make_contacts([10.0, 20.0, 30.0], work=[2000.0, 2000.0, 2500.0])
    records, ledger = simulate(centre_of(scenario), contacts, scenario.staffing, engine)
    assert records.ended.tolist() == [2010, 4010, 6100]
    assert ledger.staffed[1, :4].tolist() == [0, 0, 1800, 0]
    assert ledger.overtime[1, :4].tolist() == [0, 0, 0, 700]


@each_engine
def test_a_long_wait_calls_and_a_lead_of_nothing_comes_at_once(tmp_path: Path, engine: EngineName) -> None:
    text = ON_CALL.replace("waiting = 2", 'wait = "25 min"').replace("30 min", "0 min").replace("1 h", "0 h")
    scenario = loaded(
        tmp_path,
        PHONE.replace('"mon-fri 09:00-11:00"', '"always"').replace('"mon-fri 09:00-11:30" = 4', '"always" = 1') + text,
    )
    # Taken last at 0:30 (1800): waits of 1790 s, so from that boundary on; the next of no wait lets it go.
    contacts = make_contacts([0.0, 10.0, 3700.0], work=[1800.0, 100.0, 100.0])
    _, ledger = simulate(centre_of(scenario), contacts, scenario.staffing, engine)
    assert ledger.staffed[1, :4].tolist() == [0, 1800, 1800, 0]


def test_hours_on_call_are_counted_apart_planned_and_come(tmp_path: Path) -> None:
    text = ON_CALL.replace('"mon-fri 00:00-24:00" = 1', '"mon-fri 09:00-11:30" = 2').replace(
        "waiting = 2", "waiting = 1"
    )
    scenario = loaded(tmp_path, PHONE.replace('11:30" = 4', '11:30" = 1') + text)
    experiment = run(scenario, engine="reference", replications=4)
    planned, staffed, paid, overtime = (
        experiment.sums(name, ("group",))[0]
        for name in ("planned_hours", "staffed_hours", "paid_hours", "overtime_hours")
    )
    assert (planned == [2.5 * 2, 2 * 2.5 * 2]).all()
    assert (staffed[:, 0] == 5).all()
    # Called at 9:30 at the earliest, there from 10:00 on.
    assert (staffed[:, 1] > 0).any()
    assert (staffed[:, 1] <= 2 * 1.5 * 2).all()
    np.testing.assert_allclose(paid, [[5, s] for s in staffed[:, 1]] + overtime)
    np.testing.assert_allclose(experiment.sums("cost", ("group",))[0], paid * [30, 40])
    headers = [str(column.header) for column in groups_table(experiment).columns]
    assert headers[:3] == ["group", "hours planned", "hours on duty"]
    assert "it is called when 1 contacts wait for it, comes 30 min later" in story(scenario)


def test_without_absence_and_calls_planned_hours_are_not_shown_twice(tmp_path: Path) -> None:
    experiment = run(loaded(tmp_path), engine="reference", replications=1)
    assert [str(column.header) for column in groups_table(experiment).columns][:2] == ["group", "hours on duty"]


def test_no_formula_knows_agents_on_call_and_one_says_that_it_knows_no_absence(tmp_path: Path) -> None:
    text = PHONE.replace("[groups.team.skills.phone]", "") + ON_CALL.replace("groups.reserve", "groups.team").replace(
        'cost = "40 EUR/h"\nstaffing = { "mon-fri 00:00-24:00" = 1 }', ""
    ).replace("[groups.team]", "")
    (figures,) = formula_figures(loaded(tmp_path, text))
    assert figures == NoFormula(0, "its agents come only when they are called")
    (figures,) = formula_figures(loaded(tmp_path, PHONE, groups__team__absence="5 %"))
    assert isinstance(figures, FormulaFigures)
    assert "it takes all planned agents as present" in figures.differences


# -- Ready answers -----------------------------------------------------------------------------------------------------

ANSWERS = """
[topics]
product = "Product"
return = "Return"
[ready_answers.texts]
topics = ["return"]
channels = ["mail"]
groups = ["team"]
reach = "50 %"
saving = "40 %"
[groups.other]
staffing = { "always" = 1 }
[groups.other.skills.mail]
speed = 0.9
"""


def answered(tmp_path: Path, more: str = "", **overrides: str) -> Scenario:
    mix = 'mix = { product = "60 %", return = "40 %" }\n'
    text = (PHONE + MAIL).replace("[channels.phone.demand]", f"{mix}[channels.phone.demand]")
    return loaded(tmp_path, text.replace("backlog = {", f"{mix}backlog = {{") + ANSWERS + more, None, **overrides)


def test_ready_answers_speed_up_the_channels_topics_and_groups_that_they_name(tmp_path: Path) -> None:
    speed = centre_of(answered(tmp_path)).speed[0]  # [phone, mail] [product, return] [team, other]
    assert speed[:, :, 0].tolist() == [[1, 1], [1, 1 / 0.8]]
    assert speed[:, :, 1].tolist() == [[1, 1], [0.9, 0.9]]


def test_ready_answers_that_reach_nobody_change_nothing_to_the_bit(tmp_path: Path) -> None:
    speed = centre_of(answered(tmp_path, ready_answers__texts__reach="0 %")).speed[0]
    assert speed[:, :, 0].tolist() == [[1, 1], [1, 1]]


def test_two_kinds_of_ready_answers_save_from_what_the_other_leaves(tmp_path: Path) -> None:
    more = '[ready_answers.search]\nreach = "100 %"\nsaving = "25 %"\n'
    speed = centre_of(answered(tmp_path, more)).speed[0]
    assert speed[1, 1, 0] == pytest.approx(1 / 0.8 / 0.75)
    assert speed[0, 0, 0] == pytest.approx(1 / 0.75)
    assert speed[1, 1, 1] == pytest.approx(0.9 / 0.75)


@each_engine
def test_the_mean_handling_time_falls_by_reach_times_saving(tmp_path: Path, engine: EngineName) -> None:
    scenario = answered(tmp_path)
    contacts = make_contacts([36_000.0, 36_000.0], channel=1, topic=[0, 1], work=100.0, due=86_400.0)
    without_others = np.where([[True], [False]], scenario.staffing, 0)
    records, _ = simulate(centre_of(scenario), contacts, without_others, engine)
    assert records.handled.tolist() == [100, 80]


def test_ready_answers_are_a_paired_lever_that_lowers_the_work_in_hand(tmp_path: Path) -> None:
    base, other = (
        run(
            answered(tmp_path, ready_answers__texts__reach=reach, groups__other__absence="100 %"),
            engine="reference",
            replications=10,
        )
        for reach in ("0 %", "100 %")
    )
    comparison = Comparison(base, other)
    assert float(comparison.difference("arrived").value) == 0
    # 40 % of two fifths of the messages' 5 minutes, within what luck there is in which of them are served.
    difference = comparison.difference("handling_time", ("channel",))[1]
    assert pytest.approx(float(difference.value), rel=0.2) == -0.4 * 0.4 * 300
    assert float(difference.high) < 0
    assert "saves 40 % of the handling time on 50 % of the contacts by Mail (Return), Team only" in story(
        answered(tmp_path)
    )
