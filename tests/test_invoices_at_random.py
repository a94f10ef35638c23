"""Random contracts held against random ledgers: an independent slow invoice, floats and decimals all say the same."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from invoice_cases import contract_of
from invoice_oracle import Oracle

from simulator.planning.contracts.invoice import invoice, rounded
from simulator.planning.contracts.ledger import Judged, Ledger, Queue, Team
from simulator.planning.contracts.settlement import settle
from simulator.scenario.calendar import Calendar, Holidays
from simulator.scenario.contract import PER

if TYPE_CHECKING:
    from simulator.scenario.contract import Contract

DEFINITIONS = ("offered", "answered", "within due")
SEEDS, FUTURES = 50, 3
OFTEN = {"logged hour": 300, "FTE-month": 4, "handled minute": 5000, "contact": 900, "resolved contact": 700}
"""About so many units in a month."""
SIGNS: dict[str, str] = dict(PER.items())


def random_contract(rng: np.random.Generator) -> Contract:
    """A contract with any of the clauses."""

    def maybe(share: float = 0.5) -> bool:
        return bool(rng.random() < share)

    def one_of(*values: Any) -> Any:
        return values[rng.integers(len(values))]

    def money(most: float, per: str = "") -> str:
        return f"{rng.integers(0, round(100 * most)) / 100:.2f} EUR{per}"

    def change(per: str) -> str:
        return str(one_of(f"+{rng.integers(1, 100)} %", f"-{rng.integers(1, 30)} %", money(2, per)))

    def line(unit: str) -> dict[str, Any]:
        per = f"/{SIGNS[unit]}"
        often = OFTEN[unit]
        made: dict[str, Any] = {"unit": unit, "languages": {"sv": change(per)}}
        block = 0
        if maybe():
            block = int(rng.integers(1, often))
            made["base"] = {"units": block, **one_of({"rate": money(9, per)}, {"price": money(5000)})}
        edges = sorted(set(rng.integers(block + 1, 2 * often + block + 4, size=rng.integers(0, 4)).tolist()))
        if not edges or maybe():
            made["rate"] = money(9, per)
        else:
            edges[0] = block
        made["burst"] = {
            f"b{edge}": {"above": edge, "rate": money(12, per)} for edge in rng.permutation(sorted(set(edges))).tolist()
        }
        if unit != "FTE-month":
            hours = ("daily 18:00-06:00", "sat-sun 00:00-24:00", "holidays 00:00-24:00", "mon-fri 06:00-12:00")
            some = rng.permutation(len(hours))[: rng.integers(0, 4)]
            made["times"] = {f"t{k}": {"hours": hours[k], "rate": change(per)} for k in some}
        first = date(2026, 10, 20) + timedelta(days=int(rng.integers(0, 50)))
        made["peaks"] = {
            f"p{k}": {"first": first, "last": first + timedelta(days=int(rng.integers(0, 20))), "rate": change(per)}
            for k in range(rng.integers(0, 3))
        }
        if maybe(0.3):
            made["groups" if unit in ("logged hour", "FTE-month") else "channels"] = ["a"]
        return made

    def bands() -> dict[str, Any]:
        edges = sorted(rng.choice(np.arange(30, 100, 5), size=3, replace=False).tolist())
        kinds = one_of(("share", "share"), ("money", "money"), ("share", "money"))
        worse, bad = sorted(rng.integers(1, 30, size=2).tolist(), reverse=True)
        malus = [f"{worse} %", f"{bad} %"] if kinds[0] == "share" else [f"{9 * worse} EUR", f"{9 * bad} EUR"]
        bonus = money(200) if kinds[1] == "money" else f"{rng.integers(0, 9)} %"
        made = {
            "poor": {"below": f"{edges[0]} %", "malus": malus[0]},
            "low": {"at_least": f"{edges[0]} %", "below": f"{edges[1]} %", "malus": malus[1]},
            "good": {"at_least": f"{edges[2]} %", "bonus": bonus},
        }
        return {name: made[name] for name in rng.permutation(list(made)).tolist()}

    units = rng.permutation(list(PER))[: rng.integers(1, 4)].tolist()
    raw: dict[str, Any] = {"currency": "EUR", "risk": "none", "lines": {f"l{k}": line(u) for k, u in enumerate(units)}}
    low, high = sorted(rng.integers(0, 20_000, size=2).tolist())
    raw["billing"] = {"part_months": one_of("by day", "in full")}
    raw["billing"]["rounding"] = one_of("half up", "half even", "up", "down")
    raw["billing"] |= {"minimum": f"{low} EUR"} if maybe() else {}
    raw["billing"] |= {"maximum": f"{high} EUR"} if maybe(0.3) else {}
    both = {"minimum": "80 d", "notice": "1 month"}
    raw["engagement"] = one_of({}, {"minimum": "2 months"}, {"notice": "5 wk"}, both)
    raw["fees"] = {"set_up": money(900), "training": money(90, "/agent"), "ramp": money(50, "/agent")}
    if maybe(0.7):
        raw["service_levels"] = {
            f"s{k}": {
                "channels": one_of(["a"], ["b"], ["a", "b"]),
                "definition": one_of(*DEFINITIONS),
                "within": "20 s",
                "per": one_of("interval", "day", "month"),
                "bands": bands(),
            }
            for k in range(rng.integers(1, 3))
        }
        raw["caps"] = one_of({}, {"malus": "8 %"}, {"malus": "300 EUR", "bonus": "5 %"}, {"bonus": "100 EUR"})
    if maybe(0.6):
        by_contacts = {"handled minute", "contact", "resolved contact"}.intersection(units)
        lock: dict[str, Any] = {"weeks": 4, "per": one_of("interval", "day", "month")}
        lock["relief_above"] = one_of("0 %", "15 %")
        lock |= {"beyond": one_of("+20 %", "-100 %")} if by_contacts else {}
        lock |= {"billed_at_least": one_of("80 %", "100 %")} if "contact" in units else {}
        lock["service_level"] = one_of("period left out", "excess left out", "counted")
        if by_contacts or ("service_levels" in raw and lock["service_level"] != "counted"):
            raw["forecast_lock"] = lock
    return contract_of(raw)


def random_ledger(rng: np.random.Generator) -> Ledger:
    """Some weeks of a small centre, of which some hours, days and futures have nothing."""
    start = date(2026, 10, 10) + timedelta(days=int(rng.integers(0, 60)))
    by_the_hour = start <= date(2026, 10, 25)  # the clock is moved, which no longer interval fits
    days = int(rng.integers(1, 25 if by_the_hour else 65))
    calendar = Calendar("Europe/Helsinki", start, days, 3600 if by_the_hour else 6 * 3600, Holidays("FI"))
    steps = calendar.intervals
    teams = (Team("a"), Team("b", "sv"))
    queues = (Queue("a"), Queue("a", "sv"), Queue("b"))
    judged = tuple(Judged(channel, definition, 20.0) for channel in ("a", "b") for definition in DEFINITIONS)  # type: ignore[arg-type]
    busy = rng.gamma(2.0, 3.0, size=(FUTURES, 1, steps)) * (rng.random((1, 1, steps)) < 0.6)
    offered = rng.poisson(np.broadcast_to(busy, (FUTURES, 3, steps))).astype(float)
    contacts = rng.binomial(offered.astype(int), 0.9).astype(float)
    counted = rng.poisson(np.broadcast_to(busy, (FUTURES, 6, steps))).astype(float)
    return Ledger(
        calendar,
        teams,
        queues,
        judged,
        logged_hours=rng.integers(0, 9, size=(FUTURES, 2, steps)) / 4.0,
        fte=rng.integers(0, 6, size=(FUTURES, 2, days)) / 2.0,
        trained=rng.integers(0, 2, size=(2, days)).astype(float),
        added=rng.integers(0, 2, size=(FUTURES, 2, days)).astype(float),
        offered=offered,
        contacts=contacts,
        minutes=contacts * rng.integers(8, 30, size=(FUTURES, 3, steps)) / 4.0,
        resolved=rng.binomial(contacts.astype(int), 0.8).astype(float),
        met=rng.binomial(counted.astype(int), rng.uniform(0.4, 1.0)).astype(float),
        counted=counted,
        forecasts={4: np.round(busy.mean(axis=0) * np.ones((3, 1)), 1), 1: np.zeros((3, steps))},
        engaged=start - timedelta(days=int(rng.integers(0, 40))) if rng.random() < 0.4 else None,
        notice=start + timedelta(days=days - 1) if rng.random() < 0.4 else None,
    )


@pytest.mark.parametrize("seed", range(SEEDS))
def test_slow_fractions_floats_and_decimals_agree(seed: int) -> None:
    rng = np.random.default_rng(seed)
    contract, ledger = random_contract(rng), random_ledger(rng)
    floats = settle(contract, ledger)
    for number in range(FUTURES):
        one = ledger.future(number)
        written = invoice(contract, one)
        slow = Oracle(contract, one).totals()
        with localcontext(Context(prec=50)):
            unrounded = {
                month: sum((x.amount for x in written.lines if x.month == month), Decimal(0)) for month in slow
            }
        assert list(written.totals) == list(slow)
        for at, month in enumerate(slow):
            assert abs(Fraction(unrounded[month]) - slow[month]) < Fraction(1, 10**20), month
            assert written.totals[month] == rounded(unrounded[month], contract.billing)
            assert abs(float(slow[month]) - floats.of()[number, at]) < 1e-6, month
        assert abs(float(written.total) - floats.total[number]) < 0.01 * len(slow) + 1e-6


def test_random_contracts_use_every_clause() -> None:
    used = {
        (entry.clause[0], entry.clause[2] if entry.clause[0] == "lines" else entry.clause[-1], entry.part)
        for seed in range(SEEDS)
        for rng in [np.random.default_rng(seed)]
        for entry in settle(random_contract(rng), random_ledger(rng)).entries
        if np.any(entry.amount)
    }
    assert {where for _, where, _ in used} >= {
        "base", "rate", "burst", "times", "peaks", "languages", "beyond", "billed_at_least", "minimum", "maximum",
        "set_up", "training", "ramp", "bonus", "malus",
    }  # fmt: skip
    assert {
        ("service_levels", "good", "bonus"),
        ("service_levels", "poor", "malus"),
        ("service_levels", "low", "malus"),
    } <= used


@pytest.mark.parametrize("seed", range(10))
def test_the_price_of_a_future_does_not_depend_on_the_others(seed: int) -> None:
    rng = np.random.default_rng(seed)
    contract, ledger = random_contract(rng), random_ledger(rng)
    alone = [settle(contract, ledger.future(number)).total[0] for number in range(FUTURES)]
    assert settle(contract, ledger).total == pytest.approx(alone, abs=1e-6)
