"""A history of which everything is known, with staffing inferred from it: days are told as they were."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from band_width import relative_width
from lived_centre import lived_centre

from simulator.history.backtest import BAND, CUTS, BackTest, Window, backtest

if TYPE_CHECKING:
    from simulator.history.backtest import Cut, FigureName

FIGURES: tuple[FigureName, ...] = ("mean_wait", "unanswered", "service_level")


@cache
def forty_days() -> BackTest:
    """Twenty days teach, twenty are played."""
    calls = lived_centre(40)
    days = [date.fromordinal(int(day)) for day in np.unique(calls.day)]
    return backtest(calls, Window(days[0], days[19]), Window(days[20], days[39]), replications=40)


def test_days_stand_in_their_order() -> None:
    for figure in FIGURES:
        assert float(forty_days().agreement("day", figure).rank_correlation.value) > 0.85, figure


@pytest.mark.parametrize("figure", ["mean_wait", "asa", "unanswered"])
def test_days_have_their_size(figure: FigureName) -> None:
    """Who was there is inferred, so that it need not be exact: a tenth more or less at the median day."""
    ratio = forty_days().agreement("day", figure).ratio
    assert ratio is not None
    assert ratio.low <= 1.1
    assert ratio.high >= 0.9
    assert 0.8 < float(ratio.value) < 1.25


def test_the_share_answered_in_time_is_near() -> None:
    assert float(forty_days().agreement("day", "service_level").distance.value) < 0.05


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("figure", FIGURES)
def test_bands_with_the_model_s_error_hold_what_they_say(cut: Cut, figure: FigureName) -> None:
    """As far as twenty days can tell, whose 320 half-hours can tell more: there, all of them would be too many."""
    held = forty_days().agreement(cut, figure).held
    assert held is not None
    assert held.high >= BAND
    assert cut != "half_hour" or held.value <= 0.97


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("figure", FIGURES)
def test_bands_with_the_model_s_error_are_not_wide(cut: Cut, figure: FigureName) -> None:
    """Half as wide for days and queues, three quarters for half-hours, as without any knowledge of the day."""
    assert relative_width(forty_days(), cut, figure) < (0.75 if cut == "half_hour" else 0.5)


def test_chances_of_the_target_tell_more_than_one_chance_for_all() -> None:
    for cut in CUTS:
        assert forty_days().reliability(cut).skill > 0.2, cut
