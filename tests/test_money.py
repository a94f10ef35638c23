"""Money to the cent: a day worked out by hand, and what a file may say of costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from centres import make_contacts
from small_scenarios import PHONE, loaded, written
from typer.testing import CliRunner

from simulator.cli.program import program
from simulator.contacts import Outcome
from simulator.engine import ENGINES, EngineName, centre_of, simulate
from simulator.experiment import run
from simulator.measures import MEASURES, Sample, Yardstick, evaluate, summarise
from simulator.report.files import tables
from simulator.report.story import sentences
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from simulator.measures import Axis, Summary

DAY = """
[horizon]
start = 2026-06-01
days = 2
interval = "30 min"
[topics]
product = "Product"
return = "Return"
[channels.phone]
kind = "live"
hours = "mon 09:00-11:00"
handling_time = { mean = "5 min", distribution = "exponential" }
patience = { mean = "2 min" }
target = { answered = "80 %", within = "20 s" }
mix = { product = "50 %", return = "50 %" }
[channels.chat]
kind = "live"
hours = "mon 09:00-11:00"
handling_time = { mean = "5 min", distribution = "exponential" }
patience = { mean = "2 min" }
target = { answered = "80 %", within = "20 s" }
mix = { product = "50 %", return = "50 %" }
bot = { share = "100 %", containment = "50 %", time = "1 min", hours = "always" }
[groups.team]
cost = "30 EUR/h"
shrinkage = "20 %"
staffing = { "mon 09:00-11:00" = 2 }
[groups.team.skills.phone]
[groups.team.skills.chat]
"""
COSTS = """
[costs]
overtime = "+50 %"
bot_session = { chat = "0.20 EUR/session" }
line = { phone = "0.06 EUR/min" }
fixed = { training = "99.50 EUR", announcement = "0.50 EUR" }
[costs.lost_order]
value = "50 EUR"
share = { product = "40 %" }
share_on.chat = { product = "10 %" }
"""
PRODUCT, RETURN = 0, 1
CONTACTS = (
    # seconds after nine, channel, topic, work, patience, meets bot, contained, enquiry, attempt
    (0, 0, PRODUCT, 600, 999, False, False, 0, 0),  # served at once, 600 s
    (0, 0, PRODUCT, 600, 999, False, False, 1, 0),  # served at once, 600 s: both agents are busy till 600
    (0, 0, PRODUCT, 100, 60, False, False, 2, 0),  # gives up after 60 s, and comes back
    (0, 0, PRODUCT, 100, 60, False, False, 3, 0),  # gives up after 60 s: lost
    (300, 0, RETURN, 300, 999, False, False, 4, 0),  # waits 300 s, served for 300 s
    (500, 1, PRODUCT, 100, 999, True, True, 5, 0),  # the bot is enough
    (1000, 0, PRODUCT, 120, 999, False, False, 2, 1),  # who came back is served for 120 s: not lost
    (7080, 0, RETURN, 300, 999, False, False, 7, 0),  # served from 10:58 to 11:03: 180 s of overtime
    (7300, 1, PRODUCT, 100, 999, True, False, 8, 0),  # past the bot, at a closed door: lost
)
BY_HAND = {
    # Two agents for two hours, 20 % of their paid time not on duty: 4 h / 0.8 = 5 h; with 180 s of overtime 5.05 h.
    "paid_hours": 5.05,
    "overtime_cost": 2.25,  # 0.05 h at 45 EUR/h
    "cost": 152.25,  # 5 h at 30 EUR/h, and the overtime
    "bot_cost": 0.40,  # two sessions
    # Waited 60 + 60 + 300 s, in hand 600 + 600 + 300 + 120 + 300 s: 39 min.
    "line_cost": 2.34,
    "fixed_cost": 100.00,
    "total_cost": 254.99,
    "lost_enquiries": 2.0,
    "lost_enquiry_share": 2 / 8,
    "lost_orders": 0.5,  # 40 % of one by phone, 10 % of one by chat
    "lost_order_value": 25.00,
    "cost_and_lost_orders": 279.99,
    "cost_per_contact": 254.99 / 9,
    "cost_per_resolved": 254.99 / 6,  # five served, one contained
}


def summary_of_the_day(folder: Path, engine: EngineName, text: str = DAY + COSTS) -> Summary:
    scenario = load_scenario(written(folder, text))
    since_nine, channel, topic, work, patience, meets_bot, contained, enquiry, attempt = zip(*CONTACTS, strict=True)
    contacts = make_contacts(
        [9 * 3600 + seconds for seconds in since_nine],
        channel=channel,
        topic=topic,
        work=work,
        patience=patience,
        meets_bot=meets_bot,
        contained=contained,
        bot_time=60.0,
        enquiry=enquiry,
        attempt=attempt,
    )
    records, ledger = simulate(centre_of(scenario), contacts, scenario.staffing, engine)
    assert records.outcome[[2, 3, 5, 8]].tolist() == [
        Outcome.ABANDONED, Outcome.ABANDONED, Outcome.CONTAINED, Outcome.CLOSED,
    ]  # fmt: skip
    return summarise(Yardstick.of(scenario), contacts, records, ledger)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_day_worked_out_by_hand_comes_to_the_same_cents(tmp_path: Path, engine: EngineName) -> None:
    summary = summary_of_the_day(tmp_path, engine)
    found = {name: float(evaluate(MEASURES[name], summary)) for name in BY_HAND}
    assert found == pytest.approx(BY_HAND, abs=1e-9)


def test_what_is_paid_once_belongs_to_the_horizon_and_to_no_day(tmp_path: Path) -> None:
    summary = summary_of_the_day(tmp_path, "reference")
    assert evaluate(MEASURES["fixed_cost"], summary, ("day",)).tolist() == [0.0, 0.0]
    assert evaluate(MEASURES["total_cost"], summary, ("day",)) == pytest.approx([154.99, 0.0])
    # Of the first interval nothing but staff, 600 s + 600 s on the line and three who waited.
    assert evaluate(MEASURES["total_cost"], summary, ("interval",))[18] == pytest.approx(
        37.5 + (420 + 1620) / 60 * 0.06 + 0.2
    )
    with pytest.raises(ValueError, match="total_cost by channel: allowed are one period, each once"):
        evaluate(MEASURES["total_cost"], summary, ("channel",))


def test_an_enquiry_is_lost_where_and_when_it_began(tmp_path: Path) -> None:
    summary = summary_of_the_day(tmp_path, "reference")
    lost = evaluate(MEASURES["lost_enquiries"], summary, ("channel", "topic"))
    assert lost.tolist() == [[1, 0], [1, 0]]
    assert evaluate(MEASURES["lost_orders"], summary, ("channel", "day")) == pytest.approx(
        evaluate(MEASURES["lost_orders"], summary, ("channel", "interval")).reshape(2, 2, 48).sum(axis=-1)
    )


def test_many_replications_at_once_have_the_money_of_each(tmp_path: Path) -> None:
    summary = summary_of_the_day(tmp_path, "reference")
    axes: tuple[tuple[Axis, ...], ...] = ((), ("day",), ("hour",))
    for by in axes:
        top, _ = Sample((summary, summary)).sums(MEASURES["total_cost"], by)
        assert top == pytest.approx(np.array([evaluate(MEASURES["total_cost"], summary, by)] * 2))


def test_without_a_table_of_costs_there_are_only_the_agents_hours(tmp_path: Path) -> None:
    summary = summary_of_the_day(tmp_path, "reference", DAY)
    assert float(evaluate(MEASURES["total_cost"], summary)) == pytest.approx(5.05 * 30)
    assert float(evaluate(MEASURES["cost_and_lost_orders"], summary)) == pytest.approx(5.05 * 30)


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("cost", "paid time × price of an hour + overtime × premium of overtime"),
        ("total_cost", "cost of agents + cost of bot sessions + cost of lines + fixed costs"),
        ("cost_per_resolved", "total cost / (served - served and came back + contained - bounced)"),
        ("lost_order_value", "lost enquiries × share with an order × value of an order"),
        ("cost_and_lost_orders", "total cost + value of lost orders"),
    ],
)
def test_a_formula_of_money_says_what_is_paid_for_what(name: str, formula: str) -> None:
    assert MEASURES[name].formula == formula


def test_simulate_and_compare_show_money_where_there_is_a_table_of_costs(tmp_path: Path) -> None:
    orders = 'lost_order = { value = "80 EUR", share = { general = "25 %" } }\n'
    priced = f'{PHONE}[costs]\nfixed = {{ training = "2000 EUR" }}\n{orders}'
    for text, shown in ((PHONE, False), (priced, True)):
        path = str(written(tmp_path, text))
        for command in (["simulate", path], ["compare", path, "base", "more"]):
            # Where a line of the legend ends does not matter.
            output = " ".join(CliRunner().invoke(program, [*command, "--replications", "2"]).stdout.split())
            for line in ("Money", "Fixed costs", "Lost orders", "Value of lost orders = "):
                assert (line in output) == shown, (line, command)


def test_files_and_documents_have_the_money_of_the_horizon_and_of_each_day(tmp_path: Path) -> None:
    experiment = run(loaded(tmp_path, PHONE, costs__fixed__training="2000 EUR"), replications=3)
    centre = dict(tables(experiment))["centre"]
    cost = centre[centre["measure"] == "total_cost"].set_index("day")["value"]
    assert list(cost.index) == ["horizon", "2026-06-01", "2026-06-02"]
    assert cost["horizon"] == pytest.approx(2000 + cost["2026-06-01"] + cost["2026-06-02"])
    path = written(tmp_path)
    arguments = ["simulate", str(path), "--set", 'costs.fixed.training="2000 EUR"', "--replications", "3", "--json"]
    document = json.loads(CliRunner().invoke(program, arguments).stdout)
    assert document["centre"]["total_cost"]["value"] == pytest.approx(cost["horizon"])
    assert document["groups"]["team"]["cost"]["value"] == pytest.approx(cost["horizon"] - 2000)
    replications = dict(tables(experiment))["replications"]
    totals = replications[(replications["measure"] == "total_cost") & replications["channel"].isna()]
    assert totals["numerator"].mean() == pytest.approx(cost["horizon"])


def test_check_tells_prices_orders_and_which_variants_may_happen(tmp_path: Path) -> None:
    path = written(tmp_path, f'{DAY}{COSTS}[variants.rush]\nlever = false\n"groups.team.extra_agents" = -1\n')
    told = [*sentences(load_scenario(path), np.zeros((2, 2, 96)))][-3:]
    assert told == [
        "What costs: an hour of overtime 1.5 times an hour, a bot session in Chat 0.2 EUR, a minute on the line of "
        "Phone 0.06 EUR, training 99.5 EUR once, announcement 0.5 EUR once.",
        "An order lost with its customer is worth 50 EUR; it is carried by 40 % of Product (Phone), 10 % of Product "
        "(Chat).",
        "Variants that may happen: rush.",
    ]
