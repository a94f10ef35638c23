"""Terms of a contract that are moved: what moves with them, and that a contract stays one whatever is moved."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.scenario import apply_overrides, load_scenario, read_source
from simulator.scenario.contract_file import contract_from
from simulator.scenario.contract_terms import between, contract_terms, moved

if TYPE_CHECKING:
    from simulator.scenario.contract import Contract
    from simulator.scenario.contract_terms import ContractTerm

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
FILES = sorted((SCENARIOS / "contracts").glob("*.toml"))
SCENARIO = load_scenario(SCENARIOS / "black-friday.toml")


def terms_of(name: str) -> dict[str, ContractTerm]:
    return {term.key: term for term in contract_terms(read_source(SCENARIOS / "contracts" / f"{name}.toml").raw)}


def contract(name: str, **places: str) -> Contract:
    """A shipped contract with terms at these places; `__` stands for each dot of a key."""
    source = read_source(SCENARIOS / "contracts" / f"{name}.toml")
    at = {key.replace("__", "."): Decimal(place) for key, place in places.items()}
    return contract_from(source, SCENARIO, moved(source.raw, contract_terms(source.raw), at))


def test_every_shipped_contract_has_rates_to_move_and_stands_where_it_is_written() -> None:
    for file in FILES:
        raw = read_source(file).raw
        terms = contract_terms(raw)
        assert terms[0].kind == "rates"
        assert len({term.key for term in terms}) == len(terms)
        for term in terms:
            assert term.written in term.places
            assert list(term.places) == sorted(set(term.places))
        assert moved(raw, terms, {term.key: term.written for term in terms}) == {}
    assert {term.kind for file in FILES for term in contract_terms(read_source(file).raw)} == {
        "rates",
        "block",
        "threshold",
        "malus",
        "malus_cap",
        "minimum",
        "relief",
    }


def test_rates_move_block_rate_and_burst_alike() -> None:
    (written,), (dearer,) = contract("hourly-block").lines, contract("hourly-block", rates="1.1").lines
    assert written.rate is not None
    assert dearer.rate == written.rate * Decimal("1.1")
    assert written.base is not None
    assert dearer.base is not None
    assert dearer.base.rate == written.base.rate * Decimal("1.1")
    assert [tier.rate for tier in dearer.burst] == [tier.rate * Decimal("1.1") for tier in written.burst]
    # Shares of the rate go with it, and nothing else moves.
    assert (dearer.times, dearer.peaks, dearer.base.units) == (written.times, written.peaks, written.base.units)


def test_a_threshold_moves_with_the_end_of_the_tier_before_it() -> None:
    key = "lines.hours.burst.second.above"
    assert terms_of("hourly-block")[key].fields == (key, "lines.hours.burst.first.up_to")
    (line,) = contract("hourly-block", lines__hours__burst__second__above="1500").lines
    assert [tier.above for tier in line.burst] == [900, 1500]


def test_a_block_that_burst_begins_at_takes_the_threshold_along() -> None:
    (line,) = contract("fte-month", lines__heads__base__units="8").lines
    assert line.base is not None
    assert line.base.units == line.burst[0].above == 8
    # Its price was said by the unit, and stays so.
    assert line.base.rate == 3900
    assert "threshold" not in {term.kind for term in terms_of("fte-month").values()}


def test_maluses_move_alike_and_the_cap_by_itself() -> None:
    written, moved_ = contract("per-contact"), contract("per-contact", malus="0.5", caps__malus="0.02")
    before, after = (
        [band.fee.share for clause in each.service_levels for band in clause.bands if band.kind == "malus"]
        for each in (written, moved_)
    )
    assert [share * 2 for share in after if share is not None] == before
    assert moved_.malus_cap is not None
    assert moved_.malus_cap.share == Decimal("0.02")
    assert moved_.lines == written.lines


def test_minimum_and_relief_are_set_to_where_they_are_put() -> None:
    found = contract("per-minute", billing__minimum="9000", forecast_lock__relief_above="0.1")
    assert found.billing.minimum == 9000
    assert found.forecast_lock is not None
    assert found.forecast_lock.relief_above == Decimal("0.1")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@settings(max_examples=20, deadline=None)
@given(choice=st.data())
def test_whatever_is_moved_one_after_the_other_the_contract_can_be_read(file: Path, choice: st.DataObject) -> None:
    source = read_source(file)
    terms = contract_terms(source.raw)
    places: dict[str, Decimal] = {}
    for _ in range(4):
        term = choice.draw(st.sampled_from(between(source.raw, terms, places)))
        place = choice.draw(st.sampled_from(term.places))
        places[term.key] = place
        read = contract_from(source, SCENARIO, moved(source.raw, terms, places))
        assert read.title
    now = {
        term.key: term.written for term in contract_terms(apply_overrides(source.raw, moved(source.raw, terms, places)))
    }
    assert {key: now[key] for key in places if key in now and "." in key} == {
        key: place for key, place in places.items() if key in now and "." in key
    }
