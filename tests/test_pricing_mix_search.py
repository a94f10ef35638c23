"""The search for mixes: it finds what trying them all finds, and plays fewer."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from given_futures import a_shop
from invoice_cases import contract_of
from small_scenarios import PHONE, loaded

from simulator.planning.pricing.mix import best_mix, play_mixes
from simulator.planning.pricing.mix_search import STEPS, search_mixes

if TYPE_CHECKING:
    from pathlib import Path

BY_HOUR = contract_of(
    {"currency": "EUR", "risk": "none", "lines": {"hours": {"unit": "logged hour", "rate": "25 EUR/h"}}}, "by-hour"
)
TWO_TEAMS = PHONE.replace(
    "[variants.more]",
    """
[groups.partner]
employer = "outsourced"
cost = "20 EUR/h"
[groups.partner.staffing]
"mon-fri 09:00-11:30" = 2
[groups.partner.skills.phone]
speed = 0.9
[variants.more]""",
)
ALL_OUT = PHONE.replace("[groups.team]\n", '[groups.team]\nemployer = "outsourced"\n')


@pytest.mark.parametrize("probability", [0.2, 0.5, 0.8])
def test_the_search_finds_what_trying_all_mixes_finds(tmp_path: Path, probability: float) -> None:
    """Of 4 in-house agents from 1 to 11, and of 2 of the partner's none, 2 or 3."""
    scenario = loaded(tmp_path, TWO_TEAMS)
    every = [{"team": own, "partner": more} for own, more in product(STEPS, (-2, 0, 1))]
    all_of_them = best_mix([BY_HOUR], play_mixes(scenario, [BY_HOUR], every, futures=12), probability)
    found = search_mixes(scenario, [BY_HOUR], probability, futures=12)
    best, searched = all_of_them.best(), best_mix([BY_HOUR], found, probability).best()
    assert best is not None
    assert searched is not None
    assert (searched.mix, float(searched.whole_cost.value)) == (best.mix, float(best.whole_cost.value))
    assert len(found.mixes) <= 3 * 4 + 1 < len(every)
    assert {"team": 0, "partner": 0} in found.mixes


def test_progress_ends_with_as_many_futures_as_were_played(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    found = search_mixes(
        loaded(tmp_path, TWO_TEAMS), [BY_HOUR], 0.5, futures=2, on_progress=lambda *done: told.append(done)
    )
    assert told[-1] == (2 * len(found.mixes), 2 * len(found.mixes))
    assert [done for done, _ in told[:-1]] == list(range(1, 2 * len(found.mixes) + 1))


def test_a_supplier_that_does_everything_has_more_agents_or_fewer(tmp_path: Path) -> None:
    found = search_mixes(loaded(tmp_path, ALL_OUT), [BY_HOUR], 0.5, futures=2)
    assert found.mixes == ({"team": 0}, {"team": -4}, {"team": 2})


def test_in_house_base_and_burst_are_varied_where_there_are_all_three() -> None:
    """Of 14, 4 and 2 agents at most."""
    found = search_mixes(a_shop(), [BY_HOUR], 0.8, [1], futures=1)
    assert found.mixes[0] == {"inhouse": 0, "outsourced": 0, "on_call": 0}
    assert {mix["outsourced"] for mix in found.mixes} == {-4, 0, 2}
    assert {mix["on_call"] for mix in found.mixes} == {-2, 0, 2}
    assert {mix["inhouse"] for mix in found.mixes} <= set(STEPS)
