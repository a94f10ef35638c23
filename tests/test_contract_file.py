"""Contracts as files: what they mean, and how those that are wrong are refused, with the clause."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest
from invoice_cases import PATHS as CASES

from simulator.planning.contracts.ledger import measure_of
from simulator.scenario import ScenarioError, load_scenario
from simulator.scenario.contract import (
    Band,
    Base,
    Billing,
    Burst,
    Contract,
    ContractDefinition,
    ContractLine,
    Engagement,
    Fees,
    ForecastLock,
    ServiceClause,
    ShareOrMoney,
    Term,
    TimeRate,
)
from simulator.scenario.contract_file import load_contract
from simulator.scenario.contract_tables import ContractDocument
from simulator.scenario.hours import WeeklyHours
from simulator.scenario.model import ServiceLevelDefinition
from simulator.scenario.schema import BEGIN, CONTRACTS_PAGE, END, SCENARIOS, field_table, json_schema

if TYPE_CHECKING:
    from typing import Any

SCENARIO = load_scenario(SCENARIOS / "black-friday.toml")
SHIPPED = sorted((SCENARIOS / "contracts").glob("*.toml"))

GOOD = """
title = "All clauses"
currency = "EUR"
risk = "Shared."
[lines.hours]
unit = "logged hour"
groups = ["outsourced"]
base = { units = 700, rate = "25.50 EUR/h" }
rate = "27 EUR/h"
burst.first = { above = 900, up_to = 1200, rate = "31 EUR/h" }
burst.second = { above = 1200, rate = "36 EUR/h" }
times.night = { hours = "daily 22:00-06:00", rate = "+30 %" }
peaks.rush = { first = 2026-11-27, last = 2026-11-28, rate = "4 EUR/h" }
languages.vip = "-5 %"
[lines.calls]
title = "Calls"
unit = "contact"
channels = ["phone"]
rate = "3.60 EUR/contact"
[billing]
minimum = "6000 EUR"
maximum = "90000 EUR"
[engagement]
minimum = "3 months"
notice = "4 wk"
[fees]
set_up = "3000 EUR"
training = "450 EUR/agent"
[forecast_lock]
weeks = 4
relief_above = "15 %"
beyond = "+20 %"
billed_at_least = "90 %"
[service_levels.phone]
channels = ["phone"]
definition = "answered"
within = "20 s"
per = "day"
bands.poor = { below = "70 %", malus = "5 %" }
bands.good = { at_least = "90 %", bonus = "200 EUR" }
[caps]
malus = "8 %"
bonus = "1000 EUR"
[sources]
"lines.*.rate" = "assumption"
"""


def loaded(folder: Path, text: str) -> Contract:
    path = folder / "some-contract.toml"
    path.write_text(text, encoding="utf-8")
    return load_contract(path, SCENARIO)


def test_a_contract_says_what_its_file_does(tmp_path: Path) -> None:
    night = TimeRate("night", "Night", ShareOrMoney(share=Decimal("0.3")), WeeklyHours.parse("daily 22:00-06:00"))
    rush = TimeRate("rush", "Rush", ShareOrMoney(money=Decimal(4)), None, date(2026, 11, 27), date(2026, 11, 28))
    hours = ContractLine(
        "hours",
        "Hours",
        "logged hour",
        groups=("outsourced",),
        base=Base(Decimal(700), Decimal(17850)),
        rate=Decimal(27),
        burst=(Burst("first", Decimal(900), Decimal(31)), Burst("second", Decimal(1200), Decimal(36))),
        times=(night,),
        peaks=(rush,),
        languages={"vip": ShareOrMoney(share=Decimal("-0.05"))},
    )
    calls = ContractLine("calls", "Calls", "contact", channels=("phone",), rate=Decimal("3.6"))
    bands = (
        Band("poor", None, Decimal("0.7"), "malus", ShareOrMoney(share=Decimal("0.05"))),
        Band("good", Decimal("0.9"), None, "bonus", ShareOrMoney(money=Decimal(200))),
    )
    assert loaded(tmp_path, GOOD) == Contract(
        "some-contract",
        "All clauses",
        "EUR",
        "Shared.",
        (hours, calls),
        Billing(Decimal(6000), Decimal(90000)),
        Engagement(Term(months=3), Term(days=28)),
        Fees(Decimal(3000), Decimal(450)),
        ForecastLock(4, "day", Decimal("0.15"), Decimal("0.2"), "period left out", Decimal("0.9")),
        (ServiceClause("phone", "Phone", ("phone",), "answered", 20.0, "day", bands),),
        ShareOrMoney(money=Decimal(1000)),
        ShareOrMoney(share=Decimal("0.08")),
        {"lines.*.rate": "assumption"},
    )


def test_a_contract_names_the_service_levels_that_the_package_measures() -> None:
    assert set(get_args(ContractDefinition)) == {*get_args(ServiceLevelDefinition), "within due"}
    assert {measure_of(each).channels for each in get_args(ContractDefinition)} == {"live", "deferred"}


@pytest.mark.parametrize(
    ("term", "day", "after"),
    [
        (Term(months=1), date(2026, 1, 31), date(2026, 2, 28)),
        (Term(months=1), date(2028, 1, 31), date(2028, 2, 29)),
        (Term(months=3), date(2026, 11, 23), date(2027, 2, 23)),
        (Term(months=12), date(2026, 12, 31), date(2027, 12, 31)),
        (Term(days=28), date(2026, 12, 24), date(2027, 1, 21)),
        (Term(), date(2026, 11, 23), date(2026, 11, 23)),
    ],
)
def test_a_month_on_is_the_same_day_or_the_last_of_a_shorter_month(term: Term, day: date, after: date) -> None:
    assert term.after(day) == after


LOW, HIGH = '{ below = "70 %", malus = "5 %" }', '{ at_least = "90 %", bonus = "200 EUR" }'
BOTH = f"bands.poor = {LOW}\nbands.good = {HIGH}"


@pytest.mark.parametrize(
    ("old", "new", "clause", "says"),
    [
        # What is billed, and at which rate
        ("unit = \"contact\"", "unit = \"call\"", "lines.calls.unit", "Allowed are"),
        ("rate = \"3.60 EUR/contact\"\n", "", "lines.calls.rate", "units have no rate"),
        ('"3.60 EUR/contact"', '"3.60 EUR/min"', "lines.calls.rate", 'per contact, as in "1 EUR/contact"'),
        ('"3.60 EUR/contact"', '"3.60 EUR"', "lines.calls.rate", "not the price of a billed unit"),
        ('"3.60 EUR/contact"', '"-3.60 EUR/contact"', "lines.calls.rate", "is negative"),
        ('"3.60 EUR/contact"', '"3.60 SEK/contact"', "lines.calls.rate", "The contract is in EUR"),
        ('"3.60 EUR/contact"', '"3,60 EUR/contact"', "lines.calls.rate", "Write decimals with a point"),
        ('channels = ["phone"]\nrate', 'groups = ["outsourced"]\nrate', "lines.calls.groups", "goes by channels"),
        ('groups = ["outsourced"]', 'channels = ["phone"]', "lines.hours.channels", "goes by groups"),
        ('channels = ["phone"]\nrate', 'channels = []\nrate', "lines.calls.channels", "must not be empty"),
        ('unit = "logged hour"', 'unit = "FTE-month"', "lines.hours.rate", 'as in "1 EUR/FTE-month"'),
        # Base block and burst
        (', rate = "25.50 EUR/h" }', " }", "lines.hours.base.rate", "say the rate of a unit, or the price"),
        ('rate = "25.50 EUR/h" }', 'rate = "25 EUR/h", price = "17500 EUR" }', "lines.hours.base.price", "not both"),
        ("units = 700", "units = 0", "lines.hours.base.units", "leave base out"),
        ("units = 700", "units = -1", "lines.hours.base.units", "from 0"),
        ("units = 700", "units = 950", "lines.hours.burst.first.above", "overlaps the base block"),
        ('rate = "27 EUR/h"\n', "", "lines.hours.rate", "Units 700 to 900 of a month have no rate"),
        ("units = 700", "units = 900", "lines.hours.rate", "would hold for no unit"),
        ("up_to = 1200", "up_to = 1300", "lines.hours.burst.first.up_to", "overlaps second, which begins above 1200"),
        ("up_to = 1200", "up_to = 1100", "lines.hours.burst.first.up_to", "Units 1100 to 1200 of a month have no rate"),
        ("up_to = 1200", "up_to = 800", "lines.hours.burst.first.up_to", "it must end higher"),
        ("{ above = 1200,", "{ above = 900,", "lines.hours.burst.second.above", "first and second overlap"),
        ("{ above = 1200,", "{ above = 1200, up_to = 2000,", "lines.hours.burst.second.up_to", "has no end"),
        # Rates by time
        ('rate = "+30 %"', 'rate = "30 %"', "lines.hours.times.night.rate", "with its sign"),
        ('rate = "+30 %"', 'rate = "8 EUR/min"', "lines.hours.times.night.rate", "per h"),
        ('rate = "+30 %"', 'rate = "8 EUR"', "lines.hours.times.night.rate", "not a change of a rate"),
        ('"daily 22:00-06:00"', '"nightly"', "lines.hours.times.night.hours", "not weekly hours"),
        ('"daily 22:00-06:00"', '"daily 22:05-06:00"', "lines.hours.times.night.hours", "intervals of 15 min"),
        ("last = 2026-11-28", "last = 2026-11-20", "lines.hours.peaks.rush.last", "cannot end before"),
        ('vip = "-5 %"', 'sv = "-5 %"', "lines.hours.languages.sv", 'There is no class of customers "sv"'),
        # The month
        ('minimum = "6000 EUR"', 'minimum = "96000 EUR"', "billing.minimum", "The floor is above the ceiling"),
        ('minimum = "6000 EUR"', 'minimum = "6000 EUR/month"', "billing.minimum", "not an amount"),
        ('maximum = "90000 EUR"', 'round_to = "0 EUR"', "billing.round_to", "Nothing can be rounded to 0"),
        ('maximum = "90000 EUR"', 'rounding = "nearest"', "billing.rounding", "Allowed are"),
        ('minimum = "3 months"', 'minimum = "3"', "engagement.minimum", "not a term"),
        ('minimum = "3 months"', 'minimum = "200 months"', "engagement.minimum", "too long"),
        ('training = "450 EUR/agent"', 'training = "450 EUR"', "fees.training", 'write it with "/agent"'),
        # The locked forecast
        ("weeks = 4\n", "", "forecast_lock.weeks", "This field is missing"),
        ('relief_above = "15 %"\n', "", "forecast_lock.relief_above", "This field is missing"),
        ('beyond = "+20 %"', 'beyond = "2 EUR/contact"', "forecast_lock.beyond", "not a share"),
        ('beyond = "+20 %"', 'service_level = "left out"', "forecast_lock.service_level", "Allowed are"),
        # Service levels
        ('definition = "answered"\n', "", "service_levels.phone.definition", "This field is missing"),
        ('definition = "answered"', 'definition = "good"', "service_levels.phone.definition", "Allowed are"),
        ('definition = "answered"', 'definition = "within due"', "service_levels.phone.definition", "phone is live"),
        ('within = "20 s"\n', "", "service_levels.phone.within", "This field is missing"),
        ('per = "day"\nbands.poor', 'per = "week"\nbands.poor', "service_levels.phone.per", "Allowed are"),
        ('channels = ["phone"]\ndef', 'channels = ["phone", "phone"]\ndef', "service_levels.phone.channels", "twice"),
        (LOW, '{ below = "95 %", malus = "5 %" }', "service_levels.phone.bands.good.at_least", "poor and good overlap"),
        (LOW, '{ malus = "5 %" }', "service_levels.phone.bands.good.at_least", "poor and good overlap"),
        (LOW, '{ at_least = "80 %", below = "70 %", malus = "5 %" }', "service_levels.phone.bands.poor", "The floor"),
        (LOW, '{ below = "70 %" }', "service_levels.phone.bands.poor.malus", "either a bonus or a malus"),
        (LOW, '{ below = "70 %", malus = "5 %", bonus = "5 %" }', "service_levels.phone.bands.poor.malus", "either"),
        (LOW, '{ below = "70 %", malus = "5 EUR/h" }', "service_levels.phone.bands.poor.malus", "is a price"),
        (LOW, '{ below = "70 %", malus = "500" }', "service_levels.phone.bands.poor.malus", "not an amount of money"),
        (HIGH, '{ at_least = "90 %", malus = "9 %" }', "service_levels.phone.bands.good.malus", "goes the wrong way"),
        (LOW, '{ below = "70 %", bonus = "300 EUR" }', "service_levels.phone.bands.good.bonus", "goes the wrong way"),
        (
            BOTH,
            'bands.poor = { below = "70 %", bonus = "5 EUR" }\nbands.good = { at_least = "90 %", malus = "9 %" }',
            "service_levels.phone.bands.good.malus",
            "A malus lies above a bonus",
        ),
        ('channels = ["phone"]\ndefinition', 'channels = ["fax"]\ndefinition', "service_levels.phone.channels", "fax"),
        (f"bands.poor = {LOW}\n", "", "caps.malus", "There is no malus to cap"),
        ('bonus = "1000 EUR"', 'bonus = "1000 USD"', "caps.bonus", "The contract is in EUR"),
        # The file
        ('risk = "Shared."\n', "", "risk", "This field is missing"),
        ('currency = "EUR"', 'currency = "SEK"', "lines.calls.rate", "The contract is in SEK"),
        ("[caps]", "[cap]", "cap", 'Did you mean "caps"'),
        ('"lines.*.rate" = ', '"lines.chats.rate" = ', "sources", "not in the file"),
        ('groups = ["outsourced"]', 'groups = ["outsorced"]', "lines.hours.groups", 'Did you mean "outsourced"'),
    ],
)  # fmt: skip
def test_a_bad_contract_is_refused_with_its_clause(old: str, new: str, clause: str, says: str, tmp_path: Path) -> None:
    assert GOOD.count(old) == 1, old
    with pytest.raises(ScenarioError) as refused:
        loaded(tmp_path, GOOD.replace(old, new))
    found = [problem for problem in refused.value.problems if ".".join(problem.field).startswith(clause)]
    assert [problem for problem in found if says in problem.message], str(refused.value)
    for problem in found:
        assert problem.file.endswith("some-contract.toml")
        assert problem.line or clause == "risk", str(refused.value)


def test_single_fields_are_set_by_their_path_and_judged_like_the_file(tmp_path: Path) -> None:
    path = tmp_path / "some-contract.toml"
    path.write_text(GOOD, encoding="utf-8")
    changed = {
        "lines.hours.rate": "28 EUR/h",
        "lines.hours.base.units": 650,
        "lines.hours.burst.second.above": 1300,
        "lines.hours.burst.first.up_to": 1300,
        "service_levels.phone.bands.poor.malus": "7 %",
    }
    set_so = load_contract(path, SCENARIO, changed)
    text = GOOD.replace("27 EUR/h", "28 EUR/h").replace("= 700", "= 650").replace("1200", "1300")
    assert set_so == loaded(tmp_path, text.replace('malus = "5 %"', 'malus = "7 %"'))
    with pytest.raises(ScenarioError, match=r"lines.hours.base.units = 950|overlaps the base block"):
        load_contract(path, SCENARIO, {"lines.hours.base.units": 950})


def test_a_malus_without_a_service_level_is_refused(tmp_path: Path) -> None:
    before, _, rest = GOOD.partition("[service_levels.phone]")
    with pytest.raises(ScenarioError, match="There is no malus to cap: no service level with its definition"):
        loaded(tmp_path, before + "[caps]" + rest.partition("[caps]")[2])


@pytest.mark.parametrize(
    ("lock", "clause", "says"),
    [
        ('beyond = "+20 %"', "beyond", "No line is billed by minutes or contacts"),
        ('billed_at_least = "90 %"', "billed_at_least", "No line is billed by the contact"),
        ('service_level = "counted"', "", "This has no effect"),
        ("", "", "This has no effect"),
    ],
)
def test_a_lock_that_never_acts_is_refused(lock: str, clause: str, says: str, tmp_path: Path) -> None:
    text = f"""
currency = "EUR"
risk = "x"
lines.hours = {{ unit = "logged hour", rate = "27 EUR/h" }}
[forecast_lock]
weeks = 4
relief_above = "10 %"
{lock}
"""
    with pytest.raises(ScenarioError) as refused:
        loaded(tmp_path, text)
    assert [
        p
        for p in refused.value.problems
        if says in p.message and p.field == ("forecast_lock", clause)[: 1 + bool(clause)]
    ]


def test_a_head_has_no_hours(tmp_path: Path) -> None:
    text = """
currency = "EUR"
risk = "x"
[lines.heads]
unit = "FTE-month"
rate = "3900 EUR/FTE-month"
times.night = { hours = "daily 22:00-06:00", rate = "+30 %" }
peaks.rush = { first = 2026-11-27, last = 2026-11-28, hours = "fri 08:00-20:00", rate = "+5 %" }
"""
    with pytest.raises(ScenarioError) as refused:
        loaded(tmp_path, text)
    places = {".".join(problem.field) for problem in refused.value.problems}
    assert places == {"lines.heads.times", "lines.heads.peaks.rush.hours"}


def test_the_currency_of_the_scenario_is_that_of_the_contract(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="The scenario is in EUR; nothing is converted"):
        loaded(tmp_path, GOOD.replace("EUR", "SEK"))


def test_all_that_is_wrong_comes_out_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("units = 700", "units = 0").replace('beyond = "+20 %"', 'beyond = "20 %"')
    with pytest.raises(ScenarioError) as refused:
        loaded(tmp_path, text.replace('set_up = "3000 EUR"', 'set_up = "3000"'))
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.stem))
def test_a_shipped_contract_fits_black_friday_and_names_its_assumptions_and_risks(path: Path) -> None:
    contract = load_contract(path, SCENARIO)
    assert "supplier" in contract.risk
    assert "shop" in contract.risk
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    sections = set(raw) - {"title", "currency", "risk", "sources"}
    assert {source.partition(".")[0] for source in contract.sources} == sections
    assert all(source.startswith("assumption") for source in contract.sources.values())


def test_the_shipped_contracts_bill_every_unit() -> None:
    units = {line.unit for path in SHIPPED for line in load_contract(path, SCENARIO).lines}
    assert len(SHIPPED) >= 5
    assert len(units) == 5


# The schema and the field table


def as_json(text: str) -> Any:
    """A TOML file as an editor hands it to a JSON Schema: dates are text."""
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def test_schema_and_field_table_are_up_to_date() -> None:
    hint = "run: python -m simulator.scenario.schema"
    page = CONTRACTS_PAGE.read_text(encoding="utf-8")
    schema = json.loads((SCENARIOS / "contracts" / "contract.schema.json").read_text(encoding="utf-8"))
    assert schema == json_schema(ContractDocument), hint
    assert page.partition(BEGIN)[2].partition(END)[0].strip() == field_table(ContractDocument).strip(), hint


def test_an_editor_finds_nothing_wrong_with_a_good_contract() -> None:
    validator = jsonschema.Draft202012Validator(json_schema(ContractDocument))
    good = [as_json(GOOD), *(as_json(path.read_text(encoding="utf-8")) for path in SHIPPED)]
    good += [as_json(path.read_text(encoding="utf-8"))["contract"] for path in CASES]
    for contract in good:
        errors = list(validator.iter_errors(contract))
        assert not errors, errors[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [("[caps]", "[cap]"), ("weeks = 4\n", ""), ('"answered"', '"good"'), ("units = 700", 'units = "700"')],
)
def test_an_editor_sees_simple_mistakes(old: str, new: str) -> None:
    assert not jsonschema.Draft202012Validator(json_schema(ContractDocument)).is_valid(as_json(GOOD.replace(old, new)))
