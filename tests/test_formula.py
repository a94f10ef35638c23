from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_scenarios import MAIL, PHONE, loaded

from simulator.experiment import run
from simulator.experiment.formula import FormulaFigures, NoFormula, formula_figures
from simulator.language import LANGUAGES, speaking
from simulator.queueing import ErlangA, ErlangC
from simulator.scenario.model import Scenario, ServiceLevelDefinition

ENDLESS = PHONE.replace('patience = { mean = "2 min" }', 'patience = "infinite"')
MIXED = (
    PHONE.replace("target =", 'mix = { calm = "50 %", hasty = "50 %" }\ntarget =')
    + """
[topics]
calm = "Calm"
hasty = "Hasty"
[channels.phone.topics.calm]
patience = "infinite"
"""
)


def of_phone(scenario: Scenario) -> FormulaFigures:
    figures = formula_figures(scenario)[0]
    assert isinstance(figures, FormulaFigures)
    return figures


def queue(agents: int, per_hour: float) -> ErlangA:
    return ErlangA(servers=agents, arrival_rate=per_hour / 3600, mean_handling_time=300, mean_patience=120)


@pytest.mark.parametrize(
    "definition",
    ["offered", "offered less abandoned within", "answered", "abandoned within as met", "short abandons as met"],
)
def test_with_constant_volume_the_figures_are_those_of_one_queue(
    tmp_path: Path, definition: ServiceLevelDefinition
) -> None:
    scenario = loaded(tmp_path, channels__phone__target__definition=definition)
    exact = queue(4, 40)
    figures = of_phone(scenario)
    short = scenario.channels[0].short_abandon
    assert figures.service_level == pytest.approx(exact.service_level(20, definition, short_abandon=short))
    assert figures.abandonment_ratio == pytest.approx(exact.abandonment_ratio)
    assert figures.asa == pytest.approx(exact.asa)


def test_with_changing_volume_the_figures_are_ratios_of_sums(tmp_path: Path) -> None:
    """60 contacts in the first hour and 20 in the second, on 4 agents."""
    shape = {"09:00": 3, "10:00": 1, "11:00": 0}
    figures = of_phone(loaded(tmp_path, channels__phone__demand__time_of_day=shape))
    busy, quiet = queue(4, 60), queue(4, 20)
    abandoned = (60 * busy.abandonment_ratio + 20 * quiet.abandonment_ratio) / 80
    answered = np.array([60 * (1 - busy.abandonment_ratio), 20 * (1 - quiet.abandonment_ratio)])
    assert figures.abandonment_ratio == pytest.approx(abandoned)
    assert figures.asa == pytest.approx(float(answered @ [busy.asa, quiet.asa] / answered.sum()))
    assert figures.at_busiest.load == pytest.approx(5)
    assert any("lasted for ever" in each for each in figures.differences)


def test_nobody_on_duty_means_that_all_give_up(tmp_path: Path) -> None:
    figures = of_phone(loaded(tmp_path, groups__team__staffing={}))
    assert figures.service_level == 0
    assert figures.abandonment_ratio == 1
    assert np.isnan(figures.asa)


def test_contacts_that_the_bot_contains_do_not_come_to_the_agents(tmp_path: Path) -> None:
    bot = {"share": "100 %", "containment": "50 %", "time": {"mean": "1 min"}}
    figures = of_phone(loaded(tmp_path, channels__phone__bot=bot))
    assert figures.at_busiest.load == pytest.approx(10 / 3 / 2)


def test_a_slower_group_takes_longer(tmp_path: Path) -> None:
    figures = of_phone(loaded(tmp_path, groups__team__skills__phone__speed=0.5))
    assert figures.at_busiest.load == pytest.approx(2 * 10 / 3)


@pytest.mark.parametrize(
    ("overrides", "difference"),
    [
        ({"channels__phone__busyness": {"day_cv": "10 %"}}, "busy days"),
        ({"channels__phone__handling_time__distribution": "constant"}, "handling times as exponential"),
        ({"channels__phone__patience": {"mean": "2 min", "distribution": "constant"}}, "patience as exponential"),
        ({}, "empty queue"),
    ],
)
def test_what_the_formula_leaves_out_is_said(tmp_path: Path, overrides: dict[str, Any], difference: str) -> None:
    assert any(difference in each for each in of_phone(loaded(tmp_path, **overrides)).differences)


@pytest.mark.parametrize(
    ("text", "overrides", "reason"),
    [
        (PHONE, {"channels__phone__slots": 2, "channels__phone__slot_speed": [1, 0.8]}, "several contacts at once"),
        (PHONE, {"groups__team__skills__phone__overflow_after": "10 s"}, "before agents may take them"),
        (PHONE, {"groups__other": {"skills": {"phone": {}}, "staffing": {}}}, "2 groups serve it"),
        (PHONE, {"channels__phone__demand__per_week": 0}, "nobody is expected"),
        (PHONE, {"channels__phone__hours": "sun 09:00-11:00"}, "nobody is expected"),
        (PHONE + MAIL, {}, "serve other channels too"),
        (MIXED, {}, "never give up, and others do"),
    ],
)
def test_where_no_formula_applies_the_reason_is_given(
    tmp_path: Path, text: str, overrides: dict[str, Any], reason: str
) -> None:
    figures = formula_figures(loaded(tmp_path, text, **overrides))
    assert isinstance(figures[0], NoFormula)
    assert reason in figures[0].reason


def test_messages_have_no_formula(tmp_path: Path) -> None:
    mail = formula_figures(loaded(tmp_path, PHONE + MAIL))[1]
    assert isinstance(mail, NoFormula)
    assert "do not wait" in mail.reason


def endless(agents: int, per_hour: float) -> ErlangC:
    return ErlangC(servers=agents, arrival_rate=per_hour / 3600, mean_handling_time=300)


def test_where_nobody_ever_gives_up_the_formula_is_erlang_c(tmp_path: Path) -> None:
    figures = of_phone(loaded(tmp_path, ENDLESS))
    exact = endless(4, 40)
    assert figures.name == "Erlang C"
    assert figures.service_level == pytest.approx(exact.service_level(20))
    assert figures.asa == pytest.approx(exact.mean_wait)
    assert figures.abandonment_ratio == 0
    assert any("empty queue" in each for each in figures.differences)
    assert of_phone(loaded(tmp_path)).name == "Erlang A"


def test_erlang_c_with_changing_volume_weighs_each_interval_by_its_contacts(tmp_path: Path) -> None:
    """20 contacts in the first half-hour, 10 in each of the other three."""
    shape = {"09:00": 2, "09:30": 1, "11:00": 0}
    figures = of_phone(
        loaded(tmp_path, ENDLESS, channels__phone__demand__per_week=100, channels__phone__demand__time_of_day=shape)
    )
    first, others = endless(4, 40), endless(4, 20)
    waits = (2 * first.mean_wait + 3 * others.mean_wait) / 5
    assert figures.asa == pytest.approx(waits)
    assert figures.at_busiest == first


@pytest.mark.parametrize(("agents", "volume"), [(0, 40), (3, 40), (4, 48)])
def test_a_queue_that_nobody_leaves_and_that_would_grow_for_ever_has_no_formula(
    tmp_path: Path, agents: int, volume: float
) -> None:
    """Three agents do 36 contacts of five minutes an hour, four do 48: as many as come is too many."""
    scenario = loaded(
        tmp_path,
        ENDLESS,
        channels__phone__demand__per_week=4 * volume,
        groups__team__staffing={"mon-fri 09:00-11:30": agents},
    )
    (told,) = formula_figures(scenario)
    assert isinstance(told, NoFormula)
    assert "never give up" in told.reason
    assert "in 8 of 8 intervals" in told.reason
    assert f"{volume / 12:.1f} erlangs for {agents} agents" in told.reason
    assert "grow without end" in told.reason


def test_one_interval_too_many_is_enough_and_is_named(tmp_path: Path) -> None:
    shape = {"09:00": 1, "10:00": 3, "10:30": 1, "11:00": 0}
    scenario = loaded(
        tmp_path,
        ENDLESS,
        channels__phone__demand__time_of_day=shape,
        channels__phone__demand__weekdays={"mon": 2, "tue": 1},
        channels__phone__demand__per_week=120,
    )
    for language, when in zip(LANGUAGES, ("in 1 of 8 intervals", "1 aikavälillä (kaikkiaan 8)"), strict=True):
        with speaking(language):
            (told,) = formula_figures(scenario)
            assert isinstance(told, NoFormula)
            assert when in told.reason
            assert scenario.calendar.label(20) in told.reason


def test_simulation_agrees_with_erlang_c_over_a_long_stretch(tmp_path: Path) -> None:
    """Open day and night with the same volume: only the empty start is left to tell them apart, and it wears off."""
    text = (
        ENDLESS.replace("mon-fri 09:00-11:00", "mon-sun 00:00-24:00")
        .replace("mon-fri 09:00-11:30", "mon-sun 00:00-24:00")
        .replace("days = 2", "days = 7")
    )
    scenario = loaded(
        tmp_path,
        text,
        channels__phone__demand__per_week=7 * 24 * 36,
        channels__phone__demand__weekdays=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 1),
        channels__phone__demand__time_of_day={"00:00": 1},
    )
    played = run(scenario, replications=40)
    figures = of_phone(scenario)
    for measure, said in ((played.targets[0].measure.name, figures.service_level), ("asa", figures.asa)):
        found = played.estimate(measure, ("channel",))[0]
        assert abs(float(found.value) - said) < 2 * float(found.half_width)
