"""Back-tests of real centres, in folder `data`: what they must show, from files to figures."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from band_width import relative_width
from conftest import DATA_FOLDER
from scipy import stats

from simulator.cli.backtest import calls_of
from simulator.history.backtest import BAND, CUTS, BackTest, backtest, parse_window
from simulator.report.backtest.page import backtest_page

if TYPE_CHECKING:
    from simulator.history.backtest import Cut, FigureName

pytestmark = pytest.mark.real_data

MAPPINGS = Path(__file__).resolve().parent.parent / "scenarios" / "mappings"
FIGURES: tuple[FigureName, ...] = ("mean_wait", "unanswered", "service_level")


@cache
def vanad() -> BackTest:
    """January and February teach, March is played."""
    logs = sorted((DATA_FOLDER / "vanad_2014").glob("vanad_calls_*.csv.gz"))
    calls = calls_of(logs, MAPPINGS / "vanad-calls.toml")
    return backtest(calls, parse_window("2014-01..2014-02"), parse_window("2014-03"), replications=20, workers=2)


@cache
def bank() -> BackTest:
    """Three weeks of February teach, the last one is played."""
    calls = calls_of([DATA_FOLDER / "anonymous_bank_1999_02.csv.gz"], MAPPINGS / "anonymous-bank.toml")
    windows = parse_window("1999-02-01..1999-02-21"), parse_window("1999-02-22..1999-02-28")
    return backtest(calls, *windows, replications=20, workers=2)


@pytest.mark.parametrize("figure", ["mean_wait", "unanswered"])
def test_the_days_of_march_stand_in_their_order(figure: FigureName) -> None:
    assert vanad().agreement("day", figure).rank_correlation.value >= 0.95


@pytest.mark.parametrize("figure", ["mean_wait", "asa", "unanswered"])
def test_the_days_of_march_have_their_size(figure: FigureName) -> None:
    ratio = vanad().agreement("day", figure).ratio
    assert ratio is not None
    assert 0.8 <= ratio.value <= 1.25


def test_the_share_answered_within_20_s_is_near_on_the_median_day() -> None:
    assert vanad().agreement("day", "service_level").distance.value <= 0.05


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("figure", FIGURES)
def test_bands_of_march_hold_what_they_claim(cut: Cut, figure: FigureName) -> None:
    """No less than 90 %, as far as 26 days can tell; and not all of everything.

    Nine shares are looked at together: by Bonferroni their intervals are 2.77 / 1.96 times as wide as those of one.
    """
    held = vanad().agreement(cut, figure).held
    assert held is not None
    assert held.value + 1.42 * held.half_width >= BAND
    assert cut == "day" or held.value <= 0.97


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("figure", FIGURES)
def test_bands_of_march_are_narrower_than_without_any_knowledge_of_the_day(cut: Cut, figure: FigureName) -> None:
    """Days are too few to see that bands hold too much of them: these must not be wide."""
    assert relative_width(vanad(), cut, figure) < 1.0


def test_bands_of_march_without_the_model_s_error_hold_less() -> None:
    """That is what the error is for."""
    for figure in FIGURES:
        assert vanad().agreement("day", figure).held_by_luck.value < BAND


def test_chances_of_march_tell_more_than_how_often_the_target_is_met() -> None:
    for cut in CUTS:
        assert vanad().reliability(cut).skill > 0.2


def test_chances_of_half_hours_of_march_are_what_came() -> None:
    """In each class of chances the share that met the target is no further off than its interval and a tenth."""
    for each in vanad().reliability("half_hour").bins:
        assert each.met.low - 0.1 <= each.predicted <= each.met.high + 0.1


def test_march_makes_a_page_of_charts() -> None:
    assert backtest_page(vanad()).count("<figure>") == 5


def test_days_of_the_bank_stand_in_their_order_by_who_was_not_answered() -> None:
    found = bank().agreement("day", "unanswered")
    assert found.rank_correlation.value >= 0.8
    assert found.held is not None
    # Seven days: as many in the bands as could be, if these hold nine in ten.
    in_bands = round(float(found.held.value) * found.cells)
    assert stats.binomtest(in_bands, found.cells, BAND, alternative="less").pvalue > 0.01


def test_days_of_the_bank_stand_in_their_order_by_their_wait() -> None:
    """Many call while nobody is there and hang up; played as waiting, they would turn the order round."""
    assert bank().agreement("day", "mean_wait").rank_correlation.value >= 0.6


@pytest.mark.parametrize("figure", FIGURES)
def test_bands_of_the_bank_are_no_wider_than_without_any_knowledge(figure: FigureName) -> None:
    held = bank().agreement("half_hour", figure).held
    assert held is not None
    assert held.value <= 0.97
    assert relative_width(bank(), "half_hour", figure) < 1.0
