"""The demand of real histories: what is known of them is found, and what is drawn from the fit behaves as they did."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from demand_scenarios import a_channel, a_scenario

from simulator.demand import Demand
from simulator.demand.dispersion import daily_dispersion, slot_dispersion
from simulator.history import guess_mapping, read_report, volumes_of
from simulator.history.estimators.counts import Counts, counts_of_calls, counts_of_orders, counts_of_volumes
from simulator.history.estimators.demand import FittedDemand, fit_demand
from simulator.history.importing.mapping_file import read_mapping
from simulator.history.logs import Calls
from simulator.history.logs.mapping import CallMapping
from simulator.history.logs.order_mapping import OrderMapping
from simulator.history.logs.read_calls import read_calls
from simulator.history.logs.read_orders import read_orders
from simulator.scenario.calendar import Holidays
from simulator.scenario.model import Busyness, ProfileDemand, StepProfile

MAPPINGS = Path(__file__).parent.parent / "scenarios" / "mappings"

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def dutch(data_folder: Path) -> Calls:
    mapping = read_mapping(MAPPINGS / "vanad-calls.toml")
    assert isinstance(mapping, CallMapping)
    files = [(file.name, file) for file in sorted((data_folder / "vanad_2014").glob("vanad_calls_*.csv.gz"))]
    return read_calls(files, mapping)[0]


def together(counts: Counts) -> Counts:
    """All series as one."""
    return counts.merged(dict.fromkeys(counts.names, "all"))


@pytest.fixture(scope="module")
def quarters(dutch: Calls) -> Counts:
    return together(counts_of_calls(dutch, 900))


@pytest.fixture(scope="module")
def fitted(quarters: Counts) -> FittedDemand:
    return fit_demand(quarters, holidays=Holidays("NL"))


def test_the_dutch_centre_is_counted_month_by_month(quarters: Counts) -> None:
    months = (
        (date(2014, 1, 1), date(2014, 1, 31)),
        (date(2014, 2, 1), date(2014, 2, 28)),
        (date(2014, 3, 1), date.max),
    )
    assert [quarters.between(*month).count.sum() for month in months] == [126_070, 113_945, 134_903]
    assert set(quarters.weekday.tolist()) == {0, 1, 2, 3, 4, 5}


def test_within_a_quarter_calls_come_by_chance_and_beyond_it_with_the_day(dutch: Calls, fitted: FittedDemand) -> None:
    minutes = together(counts_of_calls(dutch, 60)).count[0]
    whole = minutes[:, : minutes.shape[1] // 15 * 15].reshape(len(minutes), -1, 15)
    assert whole.var(axis=2, ddof=1).sum() / whole.mean(axis=2).sum() == pytest.approx(1.0, abs=0.07)
    (volume,) = fitted.volumes
    assert 3.5 < volume.explained.given_profile < 6.5
    assert 1.5 < volume.explained.given_day < 3.0
    assert volume.explained.by_profile > 0.9
    assert volume.day_cv.low > 0.05


def test_busy_days_of_the_dutch_centre_follow_each_other(fitted: FittedDemand) -> None:
    """Its months differ by as much as its days, so that a day says much of the next."""
    assert fitted.day_to_day.low > 0.2


def test_days_drawn_from_the_fit_of_the_dutch_centre_vary_as_its_own_did(
    quarters: Counts, fitted: FittedDemand
) -> None:
    (volume,) = fitted.volumes
    shape = volume.time_of_day
    clock = (0.0, *shape.clock.tolist(), shape.clock[-1] + 900.0)
    # On the one weekday that is closed any shape will do.
    shares = [share if share.any() else shape.share[0] for share in shape.share]
    demand = ProfileDemand(
        volume.per_week.value,
        tuple(share.value for share in volume.weekdays),
        tuple(StepProfile(clock, (0.0, *share.tolist(), 0.0)) for share in shares),
        1.0,
    )
    busyness = Busyness(volume.day_cv.value, volume.interval_cv.value, volume.interval_memory.value)
    scenario = a_scenario(a_channel(demand=demand, busyness=busyness), days=7 * 13, day_to_day=fitted.day_to_day.value)
    drawn = Demand(scenario)
    horizons = [drawn.draw_counts(1, replication)[0, 0].reshape(7 * 13, 96) for replication in range(20)]
    open_ = np.arange(7 * 13) % 7 < 6
    of_days = [daily_dispersion(days[open_].astype(float), np.flatnonzero(open_) % 7).index for days in horizons]
    of_slots = [slot_dispersion(days[open_].astype(float), np.flatnonzero(open_) % 7).index for days in horizons]
    count, weekday = quarters.count[0], quarters.weekday
    assert np.min(of_days) < daily_dispersion(count, weekday).index < np.max(of_days)
    assert np.min(of_slots) < slot_dispersion(count, weekday).index < np.max(of_slots)
    assert np.mean([days.sum() for days in horizons]) == pytest.approx(13 * volume.per_week.value, rel=0.05)


def test_the_american_bank_is_what_is_known_of_it(data_folder: Path) -> None:
    (file,) = data_folder.glob("us_bank_calls_*.csv.gz")
    report = read_report(file.name, file.read_bytes())
    counts = counts_of_volumes(volumes_of(report, guess_mapping(report), "America/New_York"))
    assert (counts.step, len(counts.dates)) == (300, 120)
    (volume,) = fit_demand(counts, holidays=Holidays("US")).volumes
    assert volume.explained.given_profile == pytest.approx(2.0, abs=0.3)
    assert volume.weekdays[0].low > max(share.high for share in volume.weekdays[1:])
    assert volume.weekdays[5].value == volume.weekdays[6].value == 0.0
    assert not volume.has_trend


def test_orders_of_the_web_shop_become_a_curve(data_folder: Path) -> None:
    (file,) = data_folder.glob("uci_online_retail_*.csv.gz")
    mapping = read_mapping(MAPPINGS / "uci-orders.toml")
    assert isinstance(mapping, OrderMapping)
    orders, _ = read_orders([(file.name, file)], mapping)
    counts = counts_of_orders(orders)
    total = counts.total[0]
    assert (np.median(total), total.max() / np.median(total)) == (70.0, pytest.approx(2.2, abs=0.01))
    (volume,) = fit_demand(counts, holidays=Holidays("GB", "ENG")).volumes
    assert volume.weekdays[5].value == 0.0, "closed on Saturdays"
    assert volume.has_trend, "the shop grew towards Christmas"
    assert volume.per_week_at_end.value > volume.per_week.value
    assert volume.holiday_factor is not None
    assert volume.holiday_factor.value == 0.0
