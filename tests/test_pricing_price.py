"""A price of several contracts: what is played once, what is priced again, what is quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_prices import PARTNER, price_files
from small_scenarios import PHONE

from simulator.planning.pricing.asked import Asked
from simulator.planning.pricing.pricing import PriceError, price, priced
from simulator.report.pricing.assumptions import run_facts
from simulator.scenario import load_scenario
from simulator.scenario.contract_file import load_contract

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.planning.pricing.pricing import Pricing
    from simulator.scenario.contract import Contract

ASKED = Asked(levels=(0.5, 1.0, 1.5))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    return price_files(tmp_path_factory.mktemp("price"))


@pytest.fixture(scope="module")
def contracts(files: tuple[Path, Path, Path]) -> tuple[Contract, ...]:
    return tuple(load_contract(file, load_scenario(files[0])) for file in files[1:])


@pytest.fixture(scope="module")
def pricing(files: tuple[Path, Path, Path], contracts: tuple[Contract, ...]) -> Pricing:
    return price(load_scenario(files[0]), contracts, futures=40, asked=ASKED, mixes=False)


def test_an_hour_costs_its_rate_and_at_least_the_minimum_of_the_days(pricing: Pricing) -> None:
    """Two days of a June of thirty: minimum billing is 600 x 2 / 30 = 40."""
    hours = pricing.played.futures.logged_hours[:, list(pricing.played.futures.groups)].sum(axis=1)
    assert np.allclose(pricing.buyer.contracts[0].paid.values, np.maximum(24.0 * hours, 40.0))


def test_what_is_owed_after_the_horizon_stands_beside_or_is_in_what_the_buyer_pays(pricing: Pricing) -> None:
    """The other 28 days of the month of the engagement, and one hour of June 1 to July 1: 600 x 28 / 30 = 560."""
    whole = priced(pricing.played, pricing.contracts, Asked(levels=ASKED.levels, whole_engagement=True))
    hours = pricing.played.futures.logged_hours[:, list(pricing.played.futures.groups)].sum(axis=1)
    assert np.allclose(whole.buyer.contracts[0].paid.values, np.maximum(24.0 * hours, 600.0))
    assert whole.supplier is not None
    assert pricing.supplier is not None
    assert np.array_equal(whole.supplier.views[0].revenue.values, pricing.supplier.views[0].revenue.values)
    assert whole.margin_by_level is not None
    assert pricing.margin_by_level is not None
    assert np.array_equal(whole.margin_by_level.value, pricing.margin_by_level.value)


def test_the_error_of_the_forecast_is_told_as_it_was_drawn(pricing: Pricing) -> None:
    """10 % a week ahead, grown with the square root of the days: on the second day by that of 8 over 7."""
    told = dict(run_facts(pricing))["Forecast error"].replace("\N{NO-BREAK SPACE}", " ")
    assert told == "drawn; made 7 days ahead, 10.0 % on the first day and 10.7 % on the last"


def test_the_quoted_rates_bring_the_margin_at_the_risk(pricing: Pricing) -> None:
    assert pricing.supplier is not None
    for quoted in pricing.supplier.quotes:
        assert quoted.view is not None
        assert quoted.view.margin_share.value >= 0.15 - 1e-4
        assert (quoted.view.margin.values < 0).mean() <= 0.10
        binds = quoted.view.margin_share.value <= 0.151 or (quoted.view.margin.values < 0).mean() > 0.0
        assert binds


def test_more_appetite_for_risk_never_raises_the_quote(pricing: Pricing) -> None:
    bold = priced(pricing.played, pricing.contracts, Asked(risk=0.5, levels=ASKED.levels))
    for few, many in zip(_factors(pricing), _factors(bold), strict=True):
        assert many <= few + 1e-9


def test_another_contract_on_the_same_futures_costs_what_it_costs_played_anew(
    files: tuple[Path, Path, Path], pricing: Pricing
) -> None:
    scenario = load_scenario(files[0])
    dearer = load_contract(files[2], scenario, {"lines.calls.rate": "7 EUR/contact"})
    again = priced(pricing.played, [dearer], ASKED)
    anew = price(scenario, [dearer], futures=40, asked=ASKED, mixes=False)
    assert np.array_equal(again.buyer.contracts[0].paid.values, anew.buyer.contracts[0].paid.values)
    assert np.array_equal(again.break_even.paid, anew.break_even.paid)


def test_what_the_buyer_pays_is_the_suppliers_revenue_and_margin_is_less_its_cost(pricing: Pricing) -> None:
    assert pricing.supplier is not None
    for view, bought in zip(pricing.supplier.views, pricing.buyer.contracts, strict=True):
        assert np.array_equal(view.revenue.values, bought.paid.values)
        assert np.allclose(view.margin.values, bought.paid.values - pricing.supplier.cost.total)
    at_forecast = pricing.break_even.levels.index(1.0)
    margins = [view.margin.mean.value for view in pricing.supplier.views]
    assert pricing.margin_by_level is not None
    assert np.allclose(pricing.margin_by_level.value[:, at_forecast], margins)


def test_the_contract_to_quote_costs_no_more_than_another_as_far_as_can_be_told(pricing: Pricing) -> None:
    """The hourly one binds the shop for a month of minimum billing, at whatever rate; the other binds it to nothing."""
    assert pricing.supplier is not None
    assert pricing.supplier.recommended == 1
    assert sorted(pricing.supplier.ranking) == [0, 1]


def test_agents_that_follow_demand_log_hours_in_proportion(
    files: tuple[Path, Path, Path], contracts: tuple[Contract, ...]
) -> None:
    """Two agents: one at half of the demand, three at one and a half."""
    pricing = price(load_scenario(files[0]), contracts, futures=4, asked=ASKED, follow=True, mixes=False)
    hours = {level: each.logged_hours[:, 1].mean() for level, each in pricing.played.levels.items()}
    assert hours[0.5] == pytest.approx(hours[1.0] / 2)
    assert hours[1.5] == pytest.approx(hours[1.0] * 1.5)


def test_mixes_are_played_and_the_best_of_them_a_week_earlier_and_later(
    files: tuple[Path, Path, Path], contracts: tuple[Contract, ...]
) -> None:
    told: list[str] = []
    pricing = price(
        load_scenario(files[0]),
        contracts,
        futures=4,
        asked=Asked(levels=(1.0, 1.5)),
        on_stage=lambda words, _done, _of: told.append(words),
    )
    assert pricing.mix is not None
    assert pricing.played.mixes is not None
    assert len(pricing.mix.priced) == 2 * len(pricing.played.mixes.mixes)  # of two contracts
    assert [each.lead / 86_400 for each in pricing.commitments] == [0.0, 7.0, 14.0]
    assert pricing.held is not None
    assert pricing.held.contract.name == "calls"
    assert "mixes of agents" in told


def test_without_a_suppliers_table_its_side_is_left_out(tmp_path: Path) -> None:
    files = price_files(tmp_path, PHONE + PARTNER)
    scenario = load_scenario(files[0])
    pricing = price(scenario, [load_contract(files[1], scenario)], futures=4, asked=ASKED, mixes=False)
    assert pricing.supplier is None
    assert pricing.margin_by_level is None
    assert len(pricing.buyer.contracts) == 1


def test_a_shop_without_an_outsourcer_is_refused(tmp_path: Path) -> None:
    files = price_files(tmp_path, PHONE)
    scenario = load_scenario(files[0])
    with pytest.raises(PriceError, match="in-house"):
        price(scenario, [load_contract(files[1], scenario)], futures=4, asked=ASKED)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"risk": 0.0}, "risk is 0"),
        ({"target_margin": 1.0}, "margin is 1"),
        ({"probability": 1.5}, "probability is 1.5"),
        ({"levels": (0.7, 1.3)}, "1 .the forecast. is among them"),
        ({"levels": (1.0, 0.7)}, "rise"),
        ({"levels": (-1.0, 1.0)}, "above 0"),
    ],
)
def test_what_cannot_be_asked_is_refused(change: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Asked(**change)  # type: ignore[arg-type]


def _factors(pricing: Pricing) -> list[float]:
    assert pricing.supplier is not None
    return [float(each.quote.factor.value) for each in pricing.supplier.quotes if each.quote.factor is not None]
