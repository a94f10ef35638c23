"""The supplier of a scenario: how it is read, what its people cost it, worked by hand, and its view of contracts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from small_scenarios import PHONE, loaded, written

from simulator.experiment.customers import demand_content
from simulator.planning.contracts.ledger import Judged, Ledger, Team
from simulator.planning.pricing.base_and_on_call import as_offered_to, base_and_on_call, held
from simulator.planning.pricing.futures import Futures, play_futures
from simulator.planning.pricing.quote import is_straight, quote, scaled
from simulator.planning.pricing.supplier_cost import COST_PARTS, SupplierCost, supplier_cost
from simulator.planning.pricing.supplier_view import supplier_view, supplier_views
from simulator.scenario import load_scenario
from simulator.scenario.contract import (
    Band,
    Billing,
    Contract,
    ContractLine,
    Fees,
    ForecastLock,
    ServiceClause,
    ShareOrMoney,
)
from simulator.scenario.contract_file import load_contract
from simulator.scenario.errors import ScenarioError
from simulator.scenario.suppliers import Beginners

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario

ROOT = Path(__file__).resolve().parents[1]

PARTNER = (
    PHONE
    + """
[groups.base]
employer = "outsourced"
shrinkage = "20 %"
[groups.base.staffing]
"mon-tue 09:00-11:00" = 4
[groups.base.skills.phone]
[groups.extra]
employer = "outsourced"
[groups.extra.staffing]
"mon 09:00-11:00" = 3
[groups.extra.on_call]
waiting = 3
lead = "30 min"
[groups.extra.skills.phone]
level = 2
[suppliers.partner]
groups = ["extra", "base"]
wage = "10 EUR/h"
wages = { extra = "12 EUR/h" }
side_costs = "20 %"
overtime = "+50 %"
retainer = "2 EUR/h"
seat = "1 EUR/h"
hours_per_week = "40 h"
attrition = "10 %"
beginners.share = "50 %"
beginners.time = "8 h"
beginners.cost = "100 EUR/agent"
beginners.hiring = "200 EUR/agent"
beginners.pace_by_week = ["50 %", "75 %"]
overhead = "10 %"
fixed = "100 EUR"
"""
)


def _futures(scenario: Scenario, groups: tuple[int, ...], **hours: list[list[float]]) -> Futures:
    """Futures of which only hours [future, group] are known, and hours on duty in the first interval of the ledger."""
    known = {name: np.array(values) for name, values in hours.items()}
    logged = known["logged_hours"]
    count = len(logged)
    by_interval = np.zeros((count, len(groups), scenario.calendar.intervals))
    by_interval[:, :, 0] = logged[:, groups]
    return Futures(
        scenario=scenario,
        seed=1,
        supplier="partner",
        groups=groups,
        ledger=Ledger(
            scenario.calendar, teams=tuple(Team(scenario.groups[g].name) for g in groups), logged_hours=by_interval
        ),
        called_hours=np.zeros_like(logged),
        work=np.zeros((*logged.shape, scenario.calendar.days)),
        demand=np.zeros((count, 0, scenario.calendar.intervals)),
        met=np.zeros((count, len(scenario.channels))),
        all_met=np.zeros((count, len(scenario.channels))),
        **{
            name: np.ones(count)
            for name in ("shop_costs", "lost_orders", "lost_value", "contacts", "resolved", "volume")
        },
        **{name: known.get(name, np.zeros_like(logged)) for name in ("paid_hours", "overtime_hours", "busy_hours")},
        logged_hours=logged,
    )


def test_a_supplier_is_read_with_its_groups_and_their_wages(tmp_path: Path) -> None:
    (supplier,) = loaded(tmp_path, PARTNER).suppliers
    assert (supplier.groups, supplier.wage, supplier.title) == ((2, 1), (12.0, 10.0), "Partner")
    assert supplier.hours_per_week == 40.0
    assert supplier.beginners.weeks_lost == 0.75


@pytest.mark.parametrize(
    ("field", "value", "at", "says"),
    [
        ("groups", ["bas"], "groups", 'Did you mean "base"'),
        ("groups", ["base", "base", "extra"], "groups", "there twice"),
        ("wages", {"team": "9 EUR/h"}, "wages.team", "none of this supplier's groups"),
        ("wage", "9 SEK/h", "wage", "amounts in SEK"),
        ("wage", "9 EUR", "wage", "price per hour"),
        ("attrition", "100 %", "attrition", "below 100 %"),
        ("hours_per_week", "0 s", "hours_per_week", "above 0"),
        ("beginners.pace_by_week", ["120 %"], "beginners.pace_by_week.0", "at most 100 %"),
        ("beginners.cost", "100 EUR", "beginners.cost", "/agent"),
    ],
)
def test_a_supplier_that_cannot_be_is_refused_with_the_field(
    tmp_path: Path, field: str, value: object, at: str, says: str
) -> None:
    with pytest.raises(ScenarioError) as refused:
        load_scenario(written(tmp_path, PARTNER), None, {f"suppliers.partner.{field}": value})
    assert [
        says in problem.message
        for problem in refused.value.problems
        if problem.field == ("suppliers", "partner", *at.split("."))
    ] == [True]


def test_a_group_of_two_suppliers_is_refused(tmp_path: Path) -> None:
    other = '[suppliers.other]\ngroups = ["base"]\nwage = "9 EUR/h"\n'
    with pytest.raises(ScenarioError, match="of the supplier partner; it can be of one only"):
        loaded(tmp_path, PARTNER + other)


def test_suppliers_change_nothing_that_is_drawn(tmp_path: Path) -> None:
    with_partner = loaded(tmp_path, PARTNER)
    dearer = loaded(tmp_path, PARTNER, suppliers__partner__wage="99 EUR/h")
    assert dearer.suppliers != with_partner.suppliers
    assert demand_content(with_partner) == demand_content(dearer) == demand_content(replace(with_partner, suppliers=()))


def test_costs_are_those_worked_out_by_hand(tmp_path: Path) -> None:
    """Two groups of a supplier and one that is not; the working is in the comments."""
    scenario = loaded(tmp_path, PARTNER)
    futures = _futures(
        scenario,
        (1, 2),
        paid_hours=[[9.0, 20.0, 4.0]],
        logged_hours=[[9.0, 14.0, 4.0]],
        overtime_hours=[[0.0, 1.0, 0.0]],
        busy_hours=[[9.0, 11.0, 3.0]],
    )
    cost = supplier_cost(futures)
    parts = {name: float(values[0]) for name, values in cost.parts.items()}
    left = 1.0 - 0.9 ** (2 * 12 / 365)  # of two days
    by_hand = {
        "handling": 10.0 * 10 + 3.0 * 12,  # busy, less the hour of overtime
        "idle": 4.0 * 10 + 1.0 * 12,
        "shrinkage": 5.0 * 10,
        "overtime": 1.0 * 15,
        "retainer": 2.0 * 2,  # three on call for two hours, four hours called
        "side costs": 0.2 * (136 + 52 + 50 + 15 + 4),
        "seats": 19.0,
        # 4 at once are 5 with their shrinkage; trained for 8 h, 30 h lost: 12 x 38 + 100, and 14.40 x 38 + 100
        "training": 0.5 * (5 * 556.0 + 3 * 647.2),
        "hiring": 0.5 * 8 * 200,
        "replacement": left * (5 * 756.0 + 3 * 847.2),
        "fixed": 100.0,
    }
    by_hand["overhead"] = 0.1 * sum(by_hand.values())
    assert parts == pytest.approx(by_hand)
    assert tuple(cost.parts) == COST_PARTS
    assert cost.heads.tolist() == [3.0, 5.0]
    assert float(cost.idle_hours[0]) == 5.0
    assert float(cost.total[0]) == pytest.approx(sum(by_hand.values()))


def test_beginners_of_a_group_that_learns_in_the_simulation_lose_no_hours_besides(tmp_path: Path) -> None:
    learning = '[groups.base.learning]\nstart = 2026-06-01\npace = "50 %"\nlearnt_per_week = "50 %"\n'
    hours = {"logged_hours": [[9.0, 14.0, 4.0]]}
    costs = [
        supplier_cost(_futures(loaded(tmp_path, PARTNER + more), (1, 2), **hours)).parts for more in ("", learning)
    ]
    assert float(costs[0]["training"][0] - costs[1]["training"][0]) == pytest.approx(0.5 * 5 * 12 * 30)
    assert float(costs[0]["replacement"][0]) == float(costs[1]["replacement"][0])


def test_all_paid_hours_of_a_simulation_are_in_the_wages(tmp_path: Path) -> None:
    """Handled, idle, shrunk, absent or overtime: with overtime at the plain wage it is paid hours times wage."""
    plain: dict[str, Any] = {"suppliers__partner__overtime": 1, "groups__base__absence": "20 %"}
    scenario = loaded(tmp_path, PARTNER, channels__phone__demand__per_week=400, **plain)
    futures = play_futures(scenario, [], futures=20)
    parts = supplier_cost(futures).parts
    wages = sum(parts[name] for name in ("handling", "idle", "shrinkage", "overtime"))
    assert wages == pytest.approx(futures.paid_hours[:, [1, 2]] @ [10.0, 12.0])
    assert futures.overtime_hours[:, 1].any()
    assert parts["retainer"].std() > 0
    assert parts["retainer"] == pytest.approx(2.0 * (6.0 - futures.called_hours[:, 2]))


def test_a_scenario_without_suppliers_says_nothing_of_costs(tmp_path: Path) -> None:
    scenario = replace(loaded(tmp_path, PARTNER), suppliers=())
    futures = replace(_futures(scenario, (1, 2), logged_hours=[[9.0, 14.0, 4.0]]), supplier=None)
    with pytest.raises(ValueError, match="no \\[suppliers\\]"):
        supplier_cost(futures)


# ---- The rate to quote ----

HOURS = ContractLine("hours", "Hours", "logged hour", rate=Decimal(20))
BY_THE_HOUR = Contract("plain", "Plain", "EUR", "", lines=(HOURS,))


def _worked(tmp_path: Path, hours: list[float], costs: list[float]) -> tuple[Futures, SupplierCost]:
    """Futures of so many hours on duty, that cost the supplier so much."""
    scenario = loaded(tmp_path, PARTNER)
    futures = _futures(scenario, (1, 2), logged_hours=[[0.0, each, 0.0] for each in hours])
    nothing = np.zeros(2)
    return futures, SupplierCost(
        scenario.suppliers[0], {"fixed": np.array(costs)}, nothing, nothing, np.zeros(len(hours))
    )


def test_the_rate_of_a_plain_contract_is_the_one_worked_out_by_hand(tmp_path: Path) -> None:
    """Costs of 100, 150 and 350 at 10 h each: 1,200 / 3 of revenue make 200 without a loss, the worst takes 350."""
    futures, cost = _worked(tmp_path, [10.0, 10.0, 10.0], [100.0, 150.0, 350.0])
    half = quote(BY_THE_HOUR, futures, cost, target_margin=0.5, risk=0.4)
    assert half.factor is not None
    assert half.binding == "margin"
    assert float(half.factor.value) == pytest.approx(2.0)  # 600 is half of 1,200, and 30 h at 40 are 1,200
    assert float(half.for_risk.value) == pytest.approx(0.75)  # one of three may lose
    safe = quote(BY_THE_HOUR, futures, cost, target_margin=0.1, risk=0.1)
    assert safe.factor is not None
    assert safe.binding == "risk"
    assert float(safe.factor.value) == pytest.approx(1.75)
    assert safe.quoted is not None
    assert safe.quoted.lines[0].rate == Decimal(35)


def test_fees_and_minimum_count_for_the_rate(tmp_path: Path) -> None:
    """With set-up of 80, 70 are left of 150 for 10 h; a minimum of 300 a month, 20 for these two days, is not felt."""
    futures, cost = _worked(tmp_path, [10.0], [150.0])
    paid_once = replace(BY_THE_HOUR, fees=Fees(set_up=Decimal(80)), billing=Billing(minimum=Decimal(300)))
    found = quote(paid_once, futures, cost, target_margin=0.0)
    assert found.factor is not None
    assert float(found.factor.value) == pytest.approx(0.35, rel=1e-5)


@pytest.mark.parametrize(
    ("change", "hours", "reason", "says"),
    [
        ({"lines": (replace(HOURS, rate=Decimal(0)),)}, [10.0, 10.0], "no rate", "Nothing that is billed"),
        ({"billing": Billing(maximum=Decimal(1500))}, [10.0, 10.0], "margin", "at most 1500 EUR"),
        ({}, [10.0, 0.0], "risk", "50.0% of the futures"),
    ],
)
def test_where_no_rate_does_it_is_said_why(
    tmp_path: Path, change: dict[str, Any], hours: list[float], reason: str, says: str
) -> None:
    futures, cost = _worked(tmp_path, hours, [100.0, 150.0])
    found = quote(replace(BY_THE_HOUR, **change), futures, cost)
    assert (found.factor, found.quoted, found.refused) == (None, None, reason)
    assert says in found.why


def test_maluses_above_the_charges_leave_no_rate(tmp_path: Path) -> None:
    """Two service levels that are always missed take off 80 % each: the higher the rates, the more is owed."""
    futures, cost = _worked(tmp_path, [10.0, 10.0], [10.0, 10.0])
    judged = Judged("phone", "offered", 20.0), Judged("phone", "answered", 20.0)
    by_interval = np.zeros((2, 2, futures.scenario.calendar.intervals))
    by_interval[:, :, 18] = 5.0
    ledger = replace(futures.ledger, judged=judged, met=0 * by_interval, counted=by_interval)
    band = Band("missed", None, Decimal("0.5"), "malus", ShareOrMoney(share=Decimal("0.8")))
    clauses = tuple(
        ServiceClause(each.definition, "", ("phone",), each.definition, 20.0, "month", (band,)) for each in judged
    )
    set_up = Fees(set_up=Decimal(30))
    found = quote(replace(BY_THE_HOUR, service_levels=clauses, fees=set_up), replace(futures, ledger=ledger), cost)
    assert found.factor is not None  # at no rate at all the set-up pays for everything
    assert float(found.factor.value) == 0.0
    found = quote(replace(BY_THE_HOUR, service_levels=clauses), replace(futures, ledger=ledger), cost)
    assert (found.factor, found.refused) == (None, "falls")


@cache
def _black_friday() -> tuple[tuple[Contract, ...], Futures]:
    scenario = load_scenario(ROOT / "scenarios" / "black-friday.toml")
    contracts = tuple(
        load_contract(path, scenario) for path in sorted((ROOT / "scenarios" / "contracts").glob("*.toml"))
    )
    return contracts, play_futures(scenario, contracts, futures=30)


BENT: dict[str, dict[str, Any]] = {
    "as it is": {},
    "minimum": {"billing": Billing(minimum=Decimal(8_000))},
    "maximum": {"billing": Billing(maximum=Decimal(120_000))},
    "capped": {"malus_cap": ShareOrMoney(money=Decimal(150))},
}


@pytest.mark.parametrize("bent", BENT)
@pytest.mark.parametrize("number", range(6))
def test_the_quote_keeps_both_promises_and_a_little_less_does_not(number: int, bent: str) -> None:
    """Checked by settling, for every shipped contract, straight or bent by minimum, maximum and caps in money."""
    contracts, futures = _black_friday()
    contract = replace(contracts[number], **BENT[bent])
    cost = supplier_cost(futures).total
    found = quote(contract, futures, target_margin=0.15, risk=0.1)
    assert found.quoted is not None
    assert found.factor is not None

    def promises(terms: Contract) -> tuple[bool, bool]:
        revenue = futures.settle(terms).total
        margin = revenue - cost
        return bool(margin.mean() >= 0.15 * revenue.mean()), bool((margin < 0).mean() <= 0.1)

    assert promises(found.quoted) == (True, True)
    less = scaled(contract, float(found.factor.value) * 0.998)
    assert promises(less) != (True, True)
    assert found.factor.low <= found.factor.value <= found.factor.high


@pytest.mark.parametrize("number", range(6))
def test_revenue_is_a_straight_line_in_the_factor_where_that_is_said(number: int) -> None:
    contracts, futures = _black_friday()
    contract = contracts[number]
    at = [futures.settle(scaled(contract, factor)).total for factor in (0.0, 1.0, 2.5)]
    straight = np.allclose(at[2], at[0] + 2.5 * (at[1] - at[0]), rtol=1e-9)
    assert straight >= is_straight(contract)


def test_a_factor_moves_every_rate_and_nothing_else() -> None:
    """Of the shipped contract with all kinds of rates: what is money by unit doubles, shares and fees stay."""
    contracts, _ = _black_friday()
    contract = next(each for each in contracts if each.name == "hourly-block")
    twice = scaled(contract, 2)
    (line,), (doubled,) = contract.lines, twice.lines
    assert line.base is not None
    assert doubled.base is not None
    assert doubled.base.price == 2 * line.base.price
    assert doubled.base.units == line.base.units
    assert [tier.rate for tier in doubled.burst] == [2 * tier.rate for tier in line.burst]
    assert [tier.above for tier in doubled.burst] == [tier.above for tier in line.burst]
    assert [each.change for each in doubled.times] == [each.change for each in line.times]
    assert doubled.added(doubled.times[0].change) == 2 * line.added(line.times[0].change)
    assert twice.fees == contract.fees
    money = replace(line, times=(replace(line.times[0], change=ShareOrMoney(money=Decimal(3))),))
    assert scaled(replace(contract, lines=(money,)), 2).lines[0].times[0].change.money == 6


# ---- A contract as its supplier sees it ----


def test_the_malus_is_worth_what_the_contract_brings_more_without_it() -> None:
    """Settled again without bands that cost a malus, on the same futures."""
    contracts, futures = _black_friday()
    malus = [
        each
        for each in contracts
        if any(band.kind == "malus" for clause in each.service_levels for band in clause.bands)
    ]
    worth = 0.0
    for contract in malus:
        # Of a level that is always missed by the channel's customers something is taken off.
        strict = replace(
            contract,
            service_levels=tuple(
                replace(
                    clause,
                    bands=tuple(
                        replace(band, below=Decimal("0.97"), at_least=None)
                        for band in clause.bands
                        if band.kind == "malus"
                    )[:1],
                )
                for clause in contract.service_levels
            ),
        )
        view = supplier_view(strict, futures)
        without = supplier_view(replace(strict, service_levels=(), bonus_cap=None, malus_cap=None), futures)
        assert view.malus_worth.values == pytest.approx(without.margin.values - view.margin.values + view.bonus.values)
        assert view.without_malus.values == pytest.approx(view.margin.values + view.malus_worth.values)
        share = view.malus_worth.values.sum() / view.charges.values.sum()
        assert float(view.malus_share.value) == pytest.approx(share)
        worth += float(view.malus_worth.mean.value)
    assert len(malus) >= 2
    assert worth > 0


def test_revenue_is_its_parts_and_margin_what_cost_leaves() -> None:
    contracts, futures = _black_friday()
    for view in supplier_views(contracts, futures):
        parts = (view.charges, view.bonus, view.malus, view.fees)
        assert view.revenue.values == pytest.approx(sum(each.values for each in parts))
        assert view.margin.values == pytest.approx(view.revenue.values - supplier_cost(futures).total)
        assert float(view.margin_share.value) == pytest.approx(view.margin.values.sum() / view.revenue.values.sum())


# ---- Base and on call ----


def test_agents_to_hold_are_not_asked_for_where_the_shop_orders_hours() -> None:
    contracts, futures = _black_friday()
    hourly = next(each for each in contracts if each.name == "hourly-block")
    found = base_and_on_call(futures.scenario, hourly)
    assert found.best is None
    assert "lines.hours bills hours" in found.why


def test_without_a_group_on_call_only_the_base_is_chosen(tmp_path: Path) -> None:
    """Calls at 12 EUR each, and nobody else to take them: more than the one agent planned bring more."""
    alone = PARTNER.replace('groups = ["extra", "base"]', 'groups = ["base"]').replace(
        'wages = { extra = "12 EUR/h" }', "wages = {}"
    )
    scenario = loaded(tmp_path, alone, groups__team__extra_agents=-4, groups__base__extra_agents=-3)
    line = ContractLine("calls", "Calls", "contact", channels=("phone",), rate=Decimal(12))
    found = base_and_on_call(
        replace(scenario, suppliers=(replace(scenario.suppliers[0], beginners=Beginners()),)),
        Contract("contacts", "By the contact", "EUR", "", lines=(line,)),
        futures=10,
    )
    assert (found.base, found.on_call) == ("base", None)
    assert found.best is not None
    assert found.best.base > 0
    assert {each.on_call for each in found.choices} == {0}


def test_no_neighbour_of_the_agents_to_hold_brings_more(tmp_path: Path) -> None:
    """Two days of a small centre, paid by the contact: played again for each neighbour, on the same futures."""
    beginners = {"suppliers__partner__beginners__share": "0 %"}
    scenario = loaded(tmp_path, PARTNER, groups__team__extra_agents=-2, **beginners)
    line = ContractLine("calls", "Calls", "contact", channels=("phone",), rate=Decimal("4.50"))
    contract = Contract("contacts", "By the contact", "EUR", "", lines=(line,))
    found = base_and_on_call(scenario, contract, futures=30, least_handled=0.0)
    best = found.best
    assert best is not None
    margins = {(each.base, each.on_call): float(each.margin.value) for each in found.choices}
    assert all(margin <= float(best.margin.value) for margin in margins.values())
    around = [(best.base + more, best.on_call) for more in (1, -1)]
    around += [(best.base, best.on_call + more) for more in (1, -1)]
    possible = [each for each in around if each[0] >= -4 and each[1] >= -3]
    assert set(possible) <= set(margins)
    assert (0, 0) in margins


def test_agents_to_hold_are_not_nobody_where_a_fee_is_paid_in_any_case(tmp_path: Path) -> None:
    """A call brings 10 ct, and the set-up 1,000 EUR: nobody brings most, which is told and not advised."""
    scenario = loaded(tmp_path, PARTNER, groups__team__extra_agents=-2)
    line = ContractLine("calls", "Calls", "contact", channels=("phone",), rate=Decimal("0.10"))
    contract = Contract("contacts", "By the contact", "EUR", "", lines=(line,), fees=Fees(set_up=Decimal(1000)))
    found = base_and_on_call(scenario, contract, futures=20, least_handled=0.8)
    assert found.best is not None
    assert found.best.delivers
    assert float(found.best.handled.value) >= 0.8
    nobody = found.paid_for_not_coming
    assert nobody is not None
    assert (nobody.base, nobody.on_call) == (-4, -3)
    assert float(nobody.handled.value) == 0.0
    assert float(nobody.margin.value) > float(found.best.margin.value)
    advised = [each for each in found.choices if each.delivers]
    assert found.choices[: len(advised)] == tuple(advised)
    assert all(float(each.handled.value) >= 0.8 for each in advised)
    assert all(float(each.margin.value) <= float(found.best.margin.value) for each in advised)
    assert any((each.base, each.on_call) == (0, 0) and float(each.handled.value) == 1.0 for each in advised)


def test_a_locked_forecast_stays_when_the_supplier_stays_away(tmp_path: Path) -> None:
    """Nobody comes: what falls short of 95 % of the forecast by day is billed as it was, and nothing else."""
    scenario = loaded(tmp_path, PARTNER)
    line = ContractLine("calls", "Calls", "contact", channels=("phone",), rate=Decimal(2))
    lock = ForecastLock(4, "day", Decimal("0.1"), billed_at_least=Decimal("0.95"))
    contract = Contract("contacts", "By the contact", "EUR", "", lines=(line,), forecast_lock=lock)
    planned = play_futures(scenario, [contract], futures=20)
    nobody = as_offered_to(planned, play_futures(held(scenario, 1, 2, (-4, -3)), [contract], futures=20))
    offered, forecast = planned.ledger.offered, planned.ledger.forecasts[4]
    assert offered is not None
    days = np.arange(scenario.calendar.days)[:, None] == scenario.calendar.day_of_interval
    short = np.maximum(0.95 * forecast.sum(axis=0) @ days.T - offered.sum(axis=1) @ days.T, 0.0).sum(axis=1)
    assert short.max() > 0
    assert short.min() == 0
    assert nobody.settle(contract).total == pytest.approx(2 * short, abs=0.01)


def test_who_is_absent_is_offered_no_less(tmp_path: Path) -> None:
    """On days on which all of the partner's are absent others serve its callers: they came, and were offered to it."""
    scenario = loaded(tmp_path, PARTNER, groups__base__absence="60 %", groups__extra__extra_agents=-3)
    ledger = play_futures(scenario, [], futures=40).ledger
    assert ledger.contacts is not None
    assert ledger.offered is not None
    days = np.array([[0], [1]]) == ledger.calendar.day_of_interval
    handled, offered = (each.sum(axis=1) @ days.T for each in (ledger.contacts, ledger.offered))
    alone = handled == 0
    assert alone.any()
    assert (offered[alone] > 0).all()
    assert (offered.sum(axis=0) >= handled.sum(axis=0) - 1e-3).all()  # and its share of who was lost
    # As many as on other days, but for the luck of the calls: within four standard errors.
    spread = offered.std() * np.sqrt(1 / alone.sum() + 1 / (~alone).sum())
    assert abs(offered[alone].mean() - offered[~alone].mean()) < 4 * spread
