"""Who comes back, told apart from chance; and whether agents work otherwise when customers wait."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from recovery import check_recovery

from simulator.history.estimators.load import fit_load_effect, waiting_at_answer
from simulator.history.estimators.redial import fit_redial, fit_repeat
from simulator.history.logs import Calls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from simulator.history.estimators import Fitted

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DAY = 86_400.0
OPEN, CLOSE = 8 * 3600.0, 20 * 3600.0


def calls_of(
    arrival: Floats, waited: Floats, worked: Floats, customer: Ints | None = None, queue: Ints | None = None
) -> Calls:
    """Calls with these seconds; nan in `worked`: gave up."""
    order = np.argsort(arrival, kind="stable")
    arrival, waited, worked = arrival[order], waited[order], worked[order]
    served, ended = ~np.isnan(worked), arrival + waited + np.nan_to_num(worked)
    nothing = np.zeros(len(order), dtype=np.int64)
    return Calls(
        sources=("made",),
        timezone="UTC",
        queues=("one", "two"),
        agents=(),
        arrival=arrival,
        answered=np.where(served, arrival + waited, np.nan),
        released=np.where(served, ended, np.nan),
        ended=ended,
        queue=nothing if queue is None else queue[order],
        agent=nothing - 1,
        customer=nothing - 1 if customer is None else customer[order],
        day=(arrival // DAY).astype(np.int64),
        clock=(arrival % DAY).astype(np.int64),
        file=nothing,
        line=nothing,
    )


def month_of_calls(random: np.random.Generator, share: float, delay: float, by_chance: float) -> Calls:
    """Twenty days of customers who call by chance; a third gives up, of whom a share calls again.

    Who calls again after the centre has closed is not seen.
    """
    days, customers = 20, 40
    number = random.poisson(by_chance * (CLOSE - OPEN) * days, customers)
    customer = np.repeat(np.arange(customers), number)
    arrival = random.integers(0, days, len(customer)) * DAY + random.uniform(OPEN, CLOSE, len(customer))
    all_customers, all_arrivals, all_gave_up = [customer], [arrival], []
    while len(arrival):
        gave_up = random.random(len(arrival)) < 1 / 3
        all_gave_up.append(gave_up)
        again = gave_up & (random.random(len(arrival)) < share)
        later = arrival[again] + 30.0 + random.exponential(delay, np.count_nonzero(again))
        seen = later % DAY < CLOSE
        arrival, customer = later[seen], customer[again][seen]
        all_customers.append(customer)
        all_arrivals.append(arrival)
    gone = np.concatenate(all_gave_up)
    worked = np.where(gone, np.nan, 60.0)
    return calls_of(np.concatenate(all_arrivals), np.full(len(gone), 30.0), worked, np.concatenate(all_customers))


def test_redials_are_fitted_back_inside_their_intervals() -> None:
    truth = {"share": 0.4, "delay": 600.0, "by_chance": 1.0 / 20_000}

    def fitted(random: np.random.Generator) -> Mapping[str, Fitted]:
        fit = fit_redial(month_of_calls(random, 0.4, 600.0, truth["by_chance"]))
        assert fit is not None
        assert fit.known
        return {"share": fit.share, "delay": fit.delay, "by_chance": fit.by_chance}

    check_recovery(fitted, truth)


def test_whoever_calls_by_chance_alone_does_not_come_back() -> None:
    calls = month_of_calls(np.random.default_rng(3), 0.0, 600.0, 1.0 / 20_000)
    redial, repeat = fit_redial(calls), fit_repeat(calls)
    assert redial is not None
    assert repeat is not None
    # Naive counting would call all of these redials.
    assert redial.seen > 0.2 * redial.share.count
    for fit in (redial, repeat):
        assert fit.share.low < 0.05
        assert fit.by_chance.low <= 1.0 / 20_000 <= fit.by_chance.high
        assert not fit.known


def test_a_delay_of_weeks_cannot_be_told_where_days_are_watched() -> None:
    """Coming back so late is, within a day, as even as chance; the share alone would be anybody's guess."""
    calls = month_of_calls(np.random.default_rng(4), 0.0, 600.0, 1.0 / 40_000)
    fit = fit_redial(calls)
    assert fit is not None
    assert CLOSE - OPEN - 3600.0 < fit.watched <= CLOSE - OPEN
    assert fit.delay.high > fit.watched
    assert not replace(fit, beyond_chance=True).known


@pytest.mark.parametrize("share", [0.0, 0.4])
def test_every_figure_lies_in_its_interval(share: float) -> None:
    for seed in range(5):
        fit = fit_redial(month_of_calls(np.random.default_rng(seed), share, 600.0, 1.0 / 20_000))
        assert fit is not None
        for each in (fit.share, fit.delay, fit.by_chance):
            assert each.low <= each.value <= each.high


def test_without_customers_nothing_is_said() -> None:
    calls = calls_of(np.arange(100.0), np.full(100, 10.0), np.full(100, np.nan))
    assert fit_redial(calls) is None
    assert fit_repeat(calls) is None


def test_others_who_wait_at_an_answer_are_those_of_the_queue_who_came_and_have_not_left() -> None:
    """Hand-worked: at 100 the second and the third wait; the fourth is in another queue, the fifth has given up."""
    calls = calls_of(
        arrival=np.array([0.0, 10.0, 20.0, 30.0, 40.0]),
        waited=np.array([100.0, 150.0, 200.0, 500.0, 50.0]),
        worked=np.array([60.0, 60.0, 60.0, 60.0, np.nan]),
        queue=np.array([0, 0, 0, 1, 0]),
    )
    assert waiting_at_answer(calls).tolist() == [2, 1, 0, 0, 0]


@pytest.mark.parametrize("factor", [1.0, 1.2], ids=["as always", "slower"])
def test_work_that_depends_on_the_queue_is_found_whatever_the_hours_bring(factor: float) -> None:
    """The busy hour has the longer calls: a plain comparison of means would find more than there is."""
    random = np.random.default_rng(12)
    days, per_hour = 40, 60
    hour = np.tile(np.repeat([9, 10], per_hour), days)
    day = np.repeat(np.arange(days), 2 * per_hour)
    arrival = np.sort(day * DAY + hour * 3600.0 + random.uniform(0.0, 3600.0, len(day)))
    busy = (arrival % DAY) // 3600.0 == 10
    waited = np.where(busy, random.uniform(1.0, 200.0, len(day)), random.uniform(1.0, 30.0, len(day)))
    plain = calls_of(arrival, waited, np.ones(len(day)))
    loaded = waiting_at_answer(plain) > 0
    worked = random.gamma(4.0, 50.0, len(day)) * np.where(busy, 1.5, 1.0) * np.where(loaded, factor, 1.0)
    fit = fit_load_effect(calls_of(arrival, waited, worked))
    assert fit is not None
    assert fit.ratio.low <= factor <= fit.ratio.high
    assert fit.ratio.high - fit.ratio.low < 0.1
    assert worked[loaded].mean() / worked[~loaded].mean() > 1.1 * factor
    assert fit.count.sum() == len(day)
    assert fit.mean[0] == pytest.approx(worked[~loaded].mean())


def test_a_few_days_tell_nothing_about_load() -> None:
    assert fit_load_effect(calls_of(np.arange(100.0), np.full(100, 5.0), np.full(100, 60.0))) is None
