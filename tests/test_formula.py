from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_scenarios import MAIL, PHONE, loaded

from simulator.experiment.formula import FormulaFigures, NoFormula, formula_figures
from simulator.queueing import ErlangA
from simulator.scenario.model import Scenario, ServiceLevelDefinition


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
