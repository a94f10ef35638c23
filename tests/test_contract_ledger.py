"""Ledgers that cannot be, contracts that a ledger cannot settle, and what an invoice looks like."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from invoice_cases import contract_of

from simulator.measures.tallies import ContactTally as C
from simulator.planning.contracts.invoice import invoice, rounded
from simulator.planning.contracts.ledger import Judged, Ledger, Queue, Team, measure_of
from simulator.planning.contracts.months import billing_months
from simulator.planning.contracts.settlement import settle
from simulator.scenario.calendar import Calendar
from simulator.scenario.contract import Billing

if TYPE_CHECKING:
    from simulator.scenario.contract import ContractDefinition

CALENDAR = Calendar("Europe/Helsinki", date(2026, 11, 23), 7, 3600)
STEPS = CALENDAR.intervals
NOTHING = np.zeros((1, STEPS))
LEDGER = Ledger(
    CALENDAR,
    teams=(Team("outsourced"),),
    queues=(Queue("phone"),),
    judged=(Judged("phone", "offered", 20.0),),
    logged_hours=NOTHING + 2,
    offered=NOTHING + 6,
    contacts=NOTHING + 5,
    met=NOTHING + 4,
    counted=NOTHING + 6,
    forecasts={4: NOTHING + 6},
)
PLAIN: dict[str, Any] = {"currency": "EUR", "risk": "none"}
HOURS = {"unit": "logged hour", "rate": "25 EUR/h"}
CALLS = {"unit": "contact", "rate": "4 EUR/contact"}
LEVEL = {
    "channels": ["phone"],
    "definition": "offered",
    "within": "20 s",
    "per": "day",
    "bands": {"poor": {"below": "80 %", "malus": "5 %"}},
}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (
            {"logged_hours": NOTHING[:, 1:]},
            rf"logged_hours has the shape \(1, {STEPS - 1}\); it must be \(1, {STEPS}\)",
        ),
        ({"fte": NOTHING}, r"fte has the shape .*; it must be \(1, 7\)"),
        ({"contacts": np.zeros((1, 1, 1, STEPS))}, "contacts has the shape"),
        ({"contacts": NOTHING - 1}, "contacts holds what is not a finite number from 0 on"),
        ({"minutes": NOTHING + np.nan}, "minutes holds what is not a finite number"),
        ({"forecasts": {2: NOTHING[:, :3]}}, r"forecasts\[2\] has the shape"),
        ({"met": NOTHING + 7}, "More contacts met a service level than it counts"),
        ({"contacts": np.zeros((3, 1, STEPS)), "offered": np.zeros((2, 1, STEPS))}, "numbers of futures: 2, 3"),
        ({"teams": (Team("a"), Team("a"))}, "has a team twice"),
        ({"engaged": date(2026, 11, 24)}, "after the first day of the ledger"),
    ],
)
def test_a_ledger_that_cannot_be_is_refused(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        replace(LEDGER, **wrong)


@pytest.mark.parametrize(
    ("clauses", "lacking", "says"),
    [
        ({"lines": {"l": HOURS}}, {"logged_hours": None}, "^lines.l: the ledger holds no logged hours"),
        ({"lines": {"l": {**HOURS, "groups": ["night"]}}}, {}, "^lines.l.groups: the ledger has no night"),
        ({"lines": {"l": HOURS}}, {"teams": (), "logged_hours": None}, "^lines.l: the ledger has no groups to bill"),
        ({"lines": {"l": {**CALLS, "channels": ["chat"]}}}, {}, "^lines.l.channels: the ledger has no chat"),
        ({"lines": {"l": CALLS}}, {"queues": (Queue("phone", "sv"),)}, "^lines.l.languages: there is no rate .* sv"),
        ({"lines": {"l": {"unit": "handled minute", "rate": "1 EUR/min"}}}, {}, "holds no handled minutes"),
        ({"lines": {"l": {"unit": "resolved contact", "rate": "1 EUR/resolved contact"}}}, {}, "no contacts resolved"),
        ({"lines": {"l": {"unit": "FTE-month", "rate": "1 EUR/FTE-month"}}}, {}, "holds no full-time equivalents"),
        (
            {"lines": {"l": {**HOURS, "times": {"t": {"hours": "daily 22:30-06:00", "rate": "+5 %"}}}}},
            {},
            r"^lines.l.times.t.hours: The window 22:30-06:00 does not fit intervals of 1 h",
        ),
        ({"lines": {"l": HOURS}, "fees": {"training": "5 EUR/agent"}}, {}, "^fees.training: .* no agents trained"),
        ({"lines": {"l": HOURS}, "fees": {"ramp": "5 EUR/agent"}}, {}, "^fees.ramp: the ledger holds no agents added"),
        (
            {"lines": {"l": HOURS}, "service_levels": {"s": {**LEVEL, "within": "30 s"}}},
            {},
            "^service_levels.s: .* phone as offered within 30 s; it counts: offered within 20 s",
        ),
        (
            {"lines": {"l": HOURS}, "service_levels": {"s": {**LEVEL, "channels": ["phone", "chat"]}}},
            {},
            "^service_levels.s: .* chat as offered within 20 s; it counts: nothing",
        ),
        (
            {"lines": {"l": CALLS}, "forecast_lock": {"weeks": 2, "relief_above": "5 %", "beyond": "+5 %"}},
            {},
            "^forecast_lock.weeks: the ledger holds no forecast as it stood 2 weeks ahead",
        ),
        (
            {"lines": {"l": CALLS}, "forecast_lock": {"weeks": 4, "relief_above": "5 %", "beyond": "+5 %"}},
            {"offered": None},
            "^forecast_lock: the ledger holds no contacts offered",
        ),
        (
            {
                "lines": {"l": HOURS},
                "service_levels": {"s": {**LEVEL, "channels": ["chat"]}},
                "forecast_lock": {"weeks": 4, "relief_above": "5 %"},
            },
            {"judged": (Judged("chat", "offered", 20.0),)},
            "^forecast_lock: the ledger has no contacts offered on chat",
        ),
    ],
)  # fmt: skip
def test_what_a_ledger_cannot_settle_is_refused_with_the_clause(
    clauses: dict[str, Any], lacking: dict[str, Any], says: str
) -> None:
    contract, ledger = contract_of(PLAIN | clauses), replace(LEDGER, **lacking)
    for price in (settle, invoice):
        with pytest.raises(ValueError, match=says):
            price(contract, ledger)


def test_an_invoice_is_of_one_future() -> None:
    many = replace(LEDGER, logged_hours=np.ones((2, 1, STEPS)))
    contract = contract_of(PLAIN | {"lines": {"l": HOURS}})
    assert (many.futures, many.future(1).futures) == (2, 1)
    assert settle(contract, many).total == pytest.approx([STEPS * 25.0] * 2)
    with pytest.raises(ValueError, match=r"An invoice is of one future; the ledger has 2. Take ledger.future\(n\)"):
        invoice(contract, many)


def test_what_is_the_same_in_all_futures_need_not_be_repeated() -> None:
    contract = contract_of(PLAIN | {"lines": {"h": HOURS, "c": CALLS}, "service_levels": {"s": LEVEL}})
    once = replace(LEDGER, contacts=np.full((3, 1, STEPS), 5.0))
    repeated = replace(
        once,
        logged_hours=np.full((3, 1, STEPS), 2.0),
        met=np.full((3, 1, STEPS), 4.0),
        counted=np.full((3, 1, STEPS), 6.0),
    )
    assert np.array_equal(settle(contract, once).of(), settle(contract, repeated).of())
    assert np.array_equal(settle(contract, once).total, np.repeat(settle(contract, LEDGER).total, 3))


def test_a_printed_invoice_shows_each_clause_its_units_its_rate_and_the_total() -> None:
    made = invoice(contract_of(PLAIN | {"lines": {"hours": HOURS}, "service_levels": {"phone": LEVEL}}), LEDGER)
    text = str(made).splitlines()
    assert text[0] == "Some contract, in EUR"
    assert [line.split() for line in text[1:]] == [
        ["2026-11", "Hours", "336", "h", "x", "25", "8,400.00", "lines.hours.rate"],
        [
            "2026-11",
            "Phone,",
            "below",
            "80",
            "%",
            "8,400",
            "charges",
            "x",
            "-0.05",
            "-420.00",
            "service_levels.phone.bands.poor",
        ],
        ["2026-11", "Total", "7,980.00", "EUR"],
        ["2026-11", "Phone:", "672", "of", "1,008", "counted"],
    ]
    assert made.total == Decimal("7980.00")


@pytest.mark.parametrize(
    ("definition", "share"),
    [
        ("offered", "81.13"),
        ("offered less abandoned within", "82.69"),
        ("answered", "86.00"),
        ("abandoned within as met", "83.02"),
        ("short abandons as met", "82.08"),
    ],
)
def test_the_named_definitions_judge_the_golden_example(definition: ContractDefinition, share: str) -> None:
    """A band from the share on, rounded up to its second decimal, is just missed; one rounded down is just reached."""
    tallies = {
        C.OFFERED: 1060, C.ANSWERED: 1000, C.ANSWERED_WITHIN: 860, C.ABANDONED_WITHIN: 20, C.SHORT_ABANDONED: 10,
    }  # fmt: skip
    measure = measure_of(definition)
    assert isinstance(measure.denominator, dict)
    met, counted = (
        sum(float(weight) * tallies[C(tally)] for tally, weight in part.items())
        for part in (measure.numerator, measure.denominator)
    )
    at = np.zeros((1, STEPS))
    at[0, 100] = 1
    judged = (Judged("phone", definition, 20.0),)
    ledger = replace(LEDGER, judged=judged, met=met * at, counted=counted * at)

    def bonus(at_least: Decimal) -> Decimal:
        level = {
            **LEVEL,
            "definition": definition,
            "bands": {"good": {"at_least": f"{at_least} %", "bonus": "100 EUR"}},
        }
        made = invoice(contract_of(PLAIN | {"lines": {"l": CALLS}, "service_levels": {"s": level}}), ledger)
        return sum((line.amount for line in made.lines if line.part == "bonus"), Decimal(0))

    assert bonus(Decimal(share) - Decimal("0.005")) == 100
    assert bonus(Decimal(share) + Decimal("0.0051")) == 0


@pytest.mark.parametrize(
    ("rule", "results"),
    [
        ("half up", ["0.13", "-0.13", "0.12", "0.00"]),
        ("half even", ["0.12", "-0.12", "0.12", "0.00"]),
        ("up", ["0.13", "-0.13", "0.13", "0.01"]),
        ("down", ["0.12", "-0.12", "0.12", "0.00"]),
    ],
)
def test_money_owed_and_money_due_are_rounded_alike(rule: Any, results: list[str]) -> None:
    amounts = ["0.125", "-0.125", "0.1249", "0.0001"]
    assert [rounded(Decimal(amount), Billing(rounding=rule)) for amount in amounts] == [Decimal(x) for x in results]


def test_billed_days_are_those_of_the_ledger_and_those_for_which_the_shop_is_bound() -> None:
    def months(engagement: dict[str, str], **more: Any) -> list[tuple[str, int, int]]:
        contract = contract_of(PLAIN | {"lines": {"l": HOURS}, "engagement": engagement})
        return [(str(each), each.billed, each.days) for each in billing_months(contract, replace(LEDGER, **more))]

    week = [("2026-11", 7, 30)]  # Monday 23 to Sunday 29 November
    assert months({}) == week
    assert months({"minimum": "7 d"}) == week
    assert months({"minimum": "9 d"}) == [("2026-11", 8, 30), ("2026-12", 1, 31)]
    assert months({"minimum": "9 d"}, engaged=date(2026, 11, 20)) == week
    assert months({"notice": "6 wk"}) == week  # nobody gave notice
    assert months({"notice": "6 wk"}, notice=date(2026, 11, 29)) == [
        ("2026-11", 8, 30), ("2026-12", 31, 31), ("2027-01", 9, 31),
    ]  # fmt: skip
    assert months({"minimum": "3 months"})[-1] == ("2027-02", 22, 28)
