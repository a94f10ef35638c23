"""A back-test of a history of which everything is known: days, windows, and what is told of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from lived_days import CALLS_OF_A_DAY, FIRST, StandIn, lived_calls

import simulator.history.backtest.back_test as module
from simulator.history.backtest import BackTestError, Target, Window, backtest, parse_window, windows_of
from simulator.history.backtest.cells import sums_of_day
from simulator.history.backtest.figures import Sum
from simulator.language import LANGUAGES, speaking
from simulator.report.backtest.document import backtest_document
from simulator.report.backtest.files import tables, write_backtest
from simulator.report.backtest.page import backtest_page
from simulator.report.json_output import printed

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.history.backtest import BackTest

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


def whole(**options: object) -> BackTest:
    """Sixty days, of which the last twenty are tested."""
    return backtest(lived_calls(60), TRAIN, TEST, replications=40, **options)  # type: ignore[arg-type]


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


# ---- What is told ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("right")
def test_the_page_says_the_same_in_every_language_and_needs_no_network() -> None:
    test = whole()
    pages = {}
    for language in LANGUAGES:
        with speaking(language):
            pages[language] = backtest_page(test)
        assert pages[language].count("<section>") == 5
        assert "default-src 'none'" in pages[language]
        assert f'<html lang="{language}">' in pages[language]
    assert len(set(pages.values())) == len(LANGUAGES)


@pytest.mark.usefixtures("right")
def test_without_the_error_the_page_says_that_bands_are_of_luck_alone() -> None:
    test = whole(folds=0)
    assert "bands are of luck alone" in backtest_page(test)
    assert test.agreement("day", "mean_wait").held is None
    assert backtest_document(test)["chances"]["day"]["with_error"] is None  # type: ignore[index]


@pytest.mark.usefixtures("right")
def test_files_hold_every_cell_and_agree_with_each_other(tmp_path: Path) -> None:
    test = whole(target=Target(0.7, 15.0))
    write_backtest(test, tmp_path, ["log.csv"])
    frames = dict(tables(test))
    days = frames["days"]
    assert len(days) == 20 * 4
    document = json.loads((tmp_path / "backtest.json").read_text(encoding="utf-8"))
    of_wait = days[days["figure"] == "mean_wait"]
    told = [each["figures"]["mean_wait"]["observed"] for each in document["days"]]
    assert of_wait["observed"].tolist() == pytest.approx(told)
    assert frames["half_hours"].groupby(["day", "figure"])["offered"].sum().unique().tolist() == [CALLS_OF_A_DAY]
    assert (frames["days"]["low"] <= frames["days"]["high"]).all()
    assert document["run"]["target"] == {"share": 0.7, "within": 15.0}
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "manifest.json") == sorted(
        json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["files"]
    )
    chances = frames["chances"]
    assert (chances.groupby(["cut", "chances"])["cells"].sum().loc["day"] == 20).all()


@pytest.mark.usefixtures("right")
def test_a_day_is_told_as_it_was() -> None:
    test, calls = whole(), lived_calls(60)
    of_day = calls.where(calls.day == TEST.first.toordinal())
    day = json.loads(printed(backtest_document(test)))["days"][0]
    assert day["day"] == TEST.first.isoformat()
    assert day["figures"]["mean_wait"]["observed"] == pytest.approx(of_day.waited.mean())
    assert day["figures"]["unanswered"]["observed"] == pytest.approx(1 - of_day.served.mean())
    assert day["met"] == bool((of_day.served & (of_day.waited <= 20)).mean() >= 0.8)
