"""Contacts that orders bring, told from daily counts of both."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from recovery import check_recovery

from simulator.history.estimators.counts import counts_of_tickets
from simulator.history.estimators.order_delays import fit_order_contacts, fit_orders
from simulator.history.importing.mapping_file import read_mapping
from simulator.history.importing.read_history import read_history
from simulator.history.logs import Orders, Tickets
from simulator.scenario.delays import shares_by_day
from simulator.scenario.model import Distribution

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simulator.history.estimators import Fitted

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DAY = 86_400.0
OWN = np.array([100.0, 90.0, 90.0, 90.0, 80.0, 30.0, 20.0])
ORDERS = np.array([500.0, 500.0, 480.0, 470.0, 600.0, 350.0, 300.0])
DAYS, WARM_UP = 120, 20
WEEKDAY = np.arange(DAYS) % 7
PER_ORDER, MEAN, CV = 0.3, 3 * DAY, 0.6


def ordered(random: np.random.Generator) -> Floats:
    """Orders of seventeen weeks: days differ, and each fifth week has a campaign."""
    campaign = np.where(np.arange(DAYS) // 7 % 5 == 2, 2.0, 1.0)
    mean: Floats = random.gamma(8.0, 1 / 8, DAYS) * ORDERS[WEEKDAY] * campaign
    return random.poisson(mean).astype(np.float64)


def expected(orders: Floats, weekday: Ints, own: Floats = OWN) -> Floats:
    shares = np.array(shares_by_day(Distribution("gamma", MEAN, CV)))
    mean: Floats = own[weekday] + PER_ORDER * np.convolve(orders, shares)[: len(orders)]
    return mean


def test_contacts_that_orders_bring_are_fitted_back_inside_their_intervals() -> None:
    def fitted(random: np.random.Generator) -> Mapping[str, Fitted]:
        orders = ordered(random)
        contacts = random.poisson(expected(orders, WEEKDAY)).astype(np.float64)
        fit = fit_order_contacts(orders, contacts, WEEKDAY, warm_up=WARM_UP)
        assert fit is not None
        return {"per_order": fit.per_order, "delay": fit.delay, "cv": fit.cv}

    check_recovery(fitted, {"per_order": PER_ORDER, "delay": MEAN, "cv": CV})


def test_without_noise_everything_is_found_again() -> None:
    orders = ordered(np.random.default_rng(1))
    contacts = expected(orders, WEEKDAY)
    fit = fit_order_contacts(orders, contacts, WEEKDAY, warm_up=WARM_UP)
    assert fit is not None
    assert (fit.per_order.value, fit.delay.value, fit.cv.value) == pytest.approx((PER_ORDER, MEAN, CV), rel=0.01)
    assert fit.own == pytest.approx(OWN, rel=0.05)
    assert fit.expected == pytest.approx(contacts[WARM_UP:], rel=0.01)
    assert fit.explained > 0.999
    assert fit.shares.sum() == 1.0


def test_who_would_come_on_a_closed_day_comes_on_the_next_open_one() -> None:
    orders = ordered(np.random.default_rng(4))
    is_open = WEEKDAY < 5
    everyday = expected(orders, WEEKDAY, np.zeros(7))
    contacts = np.zeros(DAYS)
    waiting = 0.0
    for day in range(DAYS):
        waiting += everyday[day]
        if is_open[day]:
            contacts[day], waiting = OWN[WEEKDAY[day]] + waiting, 0.0
    fit = fit_order_contacts(orders, contacts, WEEKDAY, warm_up=WARM_UP, is_open=is_open)
    assert fit is not None
    assert (fit.per_order.value, fit.delay.value, fit.cv.value) == pytest.approx((PER_ORDER, MEAN, CV), rel=0.01)
    assert fit.own[:5] == pytest.approx(OWN[:5], rel=0.05)
    assert fit.own[5:].tolist() == [0.0, 0.0]


def test_orders_that_bring_nothing_or_never_change_say_nothing() -> None:
    random = np.random.default_rng(2)
    alone = random.poisson(OWN[WEEKDAY]).astype(np.float64)
    assert fit_order_contacts(ordered(random), alone, WEEKDAY, warm_up=WARM_UP) is None
    same = ORDERS[WEEKDAY]
    assert (
        fit_order_contacts(same, random.poisson(expected(same, WEEKDAY)).astype(np.float64), WEEKDAY, warm_up=WARM_UP)
        is None
    )
    assert fit_order_contacts(np.zeros(DAYS), alone, WEEKDAY) is None
    assert fit_order_contacts(same[:20], alone[:20], WEEKDAY[:20]) is None


def tickets_on(days: Ints) -> Tickets:
    """A message at noon of each of these days."""
    nothing, nan = np.zeros(len(days), dtype=np.int64), np.full(len(days), np.nan)
    return Tickets(
        sources=("made",),
        timezone="UTC",
        channels=("mail",),
        topics=(),
        created=np.asarray((days - date(1970, 1, 1).toordinal()) * DAY + DAY / 2, dtype=np.float64),
        first_reply=nan,
        solved=nan,
        channel=nothing,
        topic=nothing - 1,
        customer=nothing - 1,
        day=days,
        clock=nothing + 43_200,
        file=nothing,
        line=nothing,
    )


@pytest.mark.real_data
def test_messages_about_real_orders_are_told_from_their_daily_counts(data_folder: Path) -> None:
    """A year of a web shop's orders, with messages as if each brought 0.3 of them."""
    (file,) = data_folder.glob("uci_*.csv.gz")
    mapping = read_mapping(Path(__file__).parents[1] / "scenarios" / "mappings" / "uci-orders.toml")
    orders = read_history([file], mapping).orders
    assert isinstance(orders, Orders)
    first, last = int(orders.day.min()), int(orders.day.max())
    days = np.arange(first, last + 1)
    placed = np.bincount(orders.day[~orders.cancelled] - first, minlength=len(days)).astype(np.float64)
    mean = expected(placed, (days - 1) % 7, OWN / 20)
    messages = np.repeat(days, np.random.default_rng(3).poisson(mean))
    fit = fit_orders(orders, counts_of_tickets(tickets_on(messages)))
    assert fit is not None
    for figure, value in ((fit.per_order, PER_ORDER), (fit.delay, MEAN), (fit.cv, CV)):
        assert figure.low <= value <= figure.high
    assert fit_orders(orders, counts_of_tickets(tickets_on(messages[:1]))) is None
