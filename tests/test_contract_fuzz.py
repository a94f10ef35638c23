"""Odd values in any field of a contract: read or refused in words, and what is read can be settled."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pytest
from test_contract_file import GOOD

from simulator.planning.contracts.ledger import Judged, Ledger, Queue, Team
from simulator.planning.contracts.settlement import settle
from simulator.scenario import ScenarioError
from simulator.scenario.calendar import Calendar
from simulator.scenario.contract import Contract
from simulator.scenario.contract_file import contract_from
from simulator.scenario.source import Source

WEEK = Calendar("Europe/Helsinki", date(2026, 11, 23), 7, 6 * 3600)
BUSY = np.ones((1, WEEK.intervals))
LEDGER = Ledger(
    WEEK, (Team("outsourced"),), (Queue("phone"),), (Judged("phone", "answered", 20.0),), logged_hours=BUSY,
    trained=np.ones((1, 7)), offered=BUSY, contacts=BUSY, met=BUSY, counted=BUSY, forecasts={4: BUSY},
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1e300, 10**400, float("inf"), float("nan"), "", "0", "28 EUR", "-1 EUR", "1e5 EUR/h",
    "9" * 500 + " EUR", "+0 %", "-100 %", "-200 %", "100 %", "200 %", "EUR", "0 d", "0 months", "always", "never", [],
    [[]], {}, {"": {}}, {"a": 1}, date(2026, 2, 28), "\x00", "a" * 20_000, "0 EUR/h", "0 EUR/contact", "0 %",
)  # fmt: skip


def places_of(raw: Any, here: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    inside = raw.items() if isinstance(raw, dict) else ()
    return [place for name, inner in inside for place in ((*here, name), *places_of(inner, (*here, name)))]


def read_or_refused(raw: dict[str, Any]) -> Contract | ScenarioError:
    try:
        return contract_from(Source(PurePosixPath("odd.toml"), raw, {}))
    except ScenarioError as refused:
        return refused


def settled_or_refused(contract: Contract) -> float | str:
    try:
        return float(settle(contract, LEDGER).total[0])
    except ValueError as refused:
        return str(refused)


@pytest.mark.parametrize("place", places_of(tomllib.loads(GOOD)), ids=".".join)
def test_odd_values_are_read_or_refused_and_what_is_read_can_be_settled(place: tuple[str, ...]) -> None:
    for value in ODD:
        raw = tomllib.loads(GOOD)
        *path, name = place
        table = raw
        for step in path:
            table = table[step]
        table[name] = value
        contract = read_or_refused(raw)
        if isinstance(contract, ScenarioError):
            assert contract.problems, value
            assert len(str(contract)) < 5000, value
        else:
            total = settled_or_refused(contract)
            if isinstance(total, str):
                assert re.match(r"(lines|service_levels|forecast_lock|fees)\b[^ ]*: ", total), (value, total)
            else:
                assert np.isfinite(total), value
