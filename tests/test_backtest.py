"""A back-test of a history of which everything is known: days, windows, and what is told of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from lived_days import CALLS_OF_A_DAY, FIRST, StandIn, lived_calls

import simulator.history.backtest.back_test as module
from simulator.history.backtest import FIGURES, FOLDS, BackTestError, Target, Window, backtest, parse_window, windows_of
from simulator.history.backtest.cells import cells_of_day, sums_of_day
from simulator.history.backtest.day import Played
from simulator.history.backtest.figures import Sum
from simulator.history.backtest.outlook import outlook
from simulator.report.backtest.document import backtest_document
from simulator.report.backtest.files import tables
from simulator.report.backtest.page import backtest_page

if TYPE_CHECKING:
    from simulator.history.backtest import BackTest
    from simulator.history.backtest.day import Arrivals

TRAIN = Window(FIRST, FIRST + timedelta(39))
TEST = Window(FIRST + timedelta(40), FIRST + timedelta(59))


@pytest.fixture
def right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days are played as they came about."""
    stand_in(monkeypatch, StandIn())


def stand_in(monkeypatch: pytest.MonkeyPatch, model: StandIn) -> None:
    """Put a model into the place of `train` and `play_day`."""
    monkeypatch.setattr(module, "learn", model.train)
    monkeypatch.setattr(module, "play_day", model.play_day)


def whole(
    *, target: Target | None = None, arrivals: Arrivals = "real", seed: int = 1, workers: int = 1, folds: int = FOLDS
) -> BackTest:
    """Sixty days, of which the last twenty are tested."""
    asked = (lived_calls(60), TRAIN, TEST, target)
    return backtest(*asked, arrivals=arrivals, replications=40, seed=seed, workers=workers, folds=folds)


@pytest.mark.usefixtures("right")
def test_a_model_that_is_the_truth_agrees() -> None:
    found = whole().agreement("day", "mean_wait")
    assert found.cells == 20
    assert float(found.rank_correlation.value) > 0.9
    assert found.ratio is not None
    assert found.ratio.low <= 1.0 <= found.ratio.high
    assert found.held_by_luck.high >= 0.9
    assert found.held is not None
    assert found.held.high >= 0.9


def test_a_model_that_thinks_waits_twice_as_long_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its order is right, its size is not; the bands of luck fail, and those that know of the error do not."""
    stand_in(monkeypatch, StandIn(2.0))
    found = whole().agreement("day", "mean_wait")
    assert float(found.rank_correlation.value) > 0.9
    assert found.ratio is not None
    assert 1.7 < float(found.ratio.value) < 2.3
    assert float(found.held_by_luck.value) < 0.2
    assert found.held is not None
    assert float(found.held.value) >= 0.75


@pytest.mark.usefixtures("right")
def test_nothing_is_lost_between_the_log_and_the_cells() -> None:
    """Days, half-hours and queues add up to the same calls, answered or not, and to all their waits."""
    calls, test = lived_calls(60), whole(folds=0)
    of_test = calls.where(calls.day >= TEST.first.toordinal())
    for cells in test.cells.values():
        totals = cells.observed.sum(axis=0)
        assert totals[Sum.OFFERED] == 20 * CALLS_OF_A_DAY
        assert totals[Sum.ANSWERED] == of_test.served.sum()
        assert totals[Sum.WAIT] == pytest.approx(of_test.waited.sum())
        assert totals[Sum.WITHIN] == (of_test.served & (of_test.waited <= 20)).sum()
        assert (cells.simulated[..., Sum.OFFERED].sum(axis=0) == 20 * CALLS_OF_A_DAY).all()
        assert (totals[Sum.ANSWERED] + totals[Sum.UNANSWERED]) == totals[Sum.OFFERED]


@pytest.mark.usefixtures("right")
def test_a_call_counts_in_the_half_hour_in_which_it_arrives() -> None:
    calls = lived_calls(1)
    sums = sums_of_day(calls, 20.0)["half_hour"][:, Sum.OFFERED]
    expected = np.histogram(calls.clock, np.arange(49) * 1800)[0]
    assert sums.tolist() == expected.tolist()


def test_calls_that_are_only_simulated_count_in_what_is_simulated_of_all_days_and_are_judged_nowhere() -> None:
    """Forecast arrivals: everybody really calls about orders; in one of two replications all do about returns."""
    calls = lived_calls(1)
    calls = replace(calls, queue=np.zeros_like(calls.queue))
    half = np.repeat([0, 1], len(calls))
    played = Played(
        replications=2,
        replication=half,
        arrival=np.tile(calls.arrival, 2),
        clock=np.tile(calls.clock.astype(np.float64), 2),
        queue=half,
        waited=np.tile(calls.waited, 2),
        answered=np.tile(calls.served, 2),
    )
    cells = cells_of_day(calls, played, 20.0)["queue"]
    assert cells.arrived.tolist() == [True, False]
    added = cells.by_place()
    assert added.simulated[..., Sum.OFFERED].tolist() == [[CALLS_OF_A_DAY, 0], [0, CALLS_OF_A_DAY]]
    for figure in FIGURES.values():
        found = outlook(figure, cells)
        assert found.judged.tolist() == [True, False]
        # The replication without a call about orders says nothing of them.
        assert found.simulated[0] == pytest.approx(found.observed[0])


@pytest.mark.usefixtures("right")
def test_a_cell_in_which_nobody_really_arrived_is_judged_nowhere() -> None:
    """As forecast arrivals may make one."""
    test = whole(folds=0)
    cells = test.cells["queue"]
    nobody = cells.observed.copy()
    nobody[0] = 0.0
    changed = replace(test, cells={**test.cells, "queue": replace(cells, observed=nobody)})
    count = len(cells) - 1
    assert changed.reliability("queue", luck_alone=True).cells == count
    assert changed.agreement("queue", "mean_wait").cells == count
    frames = dict(tables(changed))
    assert len(frames["queues_target"]) == count
    assert (frames["queues"]["figure"] == "unanswered").sum() == count


@pytest.mark.usefixtures("right")
def test_all_workers_come_to_the_same() -> None:
    alone, together = (backtest_document(whole(workers=workers)) for workers in (1, 3))
    assert alone == together


@pytest.mark.usefixtures("right")
def test_another_seed_plays_other_days() -> None:
    first, second = (whole(seed=seed).cells["day"].simulated for seed in (1, 2))
    assert not np.array_equal(first, second)


@pytest.mark.usefixtures("right")
def test_days_do_not_share_their_luck() -> None:
    """Days of the same usual wait are drawn differently."""
    simulated = whole().outlook("day", "mean_wait").simulated
    assert len(np.unique(simulated)) == 20


@pytest.mark.usefixtures("right")
def test_forecast_arrivals_are_asked_for() -> None:
    assert "expect" in backtest_page(whole(arrivals="forecast", folds=0))


@pytest.mark.usefixtures("right")
def test_days_without_calls_are_told_and_not_played() -> None:
    calls = lived_calls(60, silent=(45, 50))
    nobody = calls.day == FIRST.toordinal() + 51
    unanswered = replace(calls, answered=np.where(nobody, np.nan, calls.answered))
    test = backtest(unanswered, TRAIN, TEST, replications=4, folds=0)
    assert dict(test.left_out) == {
        FIRST + timedelta(45): "no calls",
        FIRST + timedelta(50): "no calls",
        FIRST + timedelta(51): "nothing answered",
    }
    assert len(test.test_days) == 17


@pytest.mark.usefixtures("right")
@pytest.mark.parametrize(
    ("train", "test", "words"),
    [
        (TRAIN, TRAIN, "follow"),
        (TEST, TRAIN, "follow"),
        (Window(date(2020, 1, 1), date(2020, 1, 31)), TEST, "no call was answered within 2020-01-01..2020-01-31"),
        (TRAIN, Window(date(2030, 1, 1), date(2030, 1, 31)), "there are calls of 2026-03-02..2026-04-30"),
    ],
)
def test_windows_that_cannot_be_are_refused(train: Window, test: Window, words: str) -> None:
    with pytest.raises(BackTestError, match=words):
        backtest(lived_calls(60), train, test, replications=2)


def test_windows_are_read_as_days_and_as_months() -> None:
    assert parse_window("2024-01..2024-02") == Window(date(2024, 1, 1), date(2024, 2, 29))
    assert parse_window("2026-03") == Window(date(2026, 3, 1), date(2026, 3, 31))
    assert parse_window(" 2026-03-02 .. 2026-04 ") == Window(date(2026, 3, 2), date(2026, 4, 30))
    assert parse_window("2026-03-02") == Window(date(2026, 3, 2), date(2026, 3, 2))
    assert str(parse_window("2026-03")) == "2026-03-01..2026-03-31"


@pytest.mark.parametrize("text", ["", "..", "march", "2026-13", "2026-03-01..2026-02", "2026-03-01-2026-03-05", "2026"])
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"window|ends before"):
        parse_window(text)


def test_windows_that_are_not_said_are_what_is_left() -> None:
    calls = lived_calls(60)
    assert windows_of(calls, TRAIN, None) == (TRAIN, TEST)
    assert windows_of(calls, None, TEST) == (TRAIN, TEST)
    assert windows_of(calls, None, None) == (TRAIN, TEST)
    for train, test in ((TEST, None), (None, TRAIN)):
        with pytest.raises(BackTestError, match="too few days"):
            windows_of(calls, train, test)
    with pytest.raises(BackTestError, match="too few days"):
        windows_of(lived_calls(1), None, None)
