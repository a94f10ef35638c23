"""What a back-test was made of, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.language import day_and_year, duration, percent, say
from simulator.words import replications_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.history.backtest import BackTest

_REASONS: Mapping[str, str] = {"no calls": "no_calls", "nothing answered": "nothing_answered"}
_MOST_DAYS = 12
"""Days left out that are named."""
_FEWEST_DAYS = 10
"""Two weeks of working days: with fewer, a weekday's agents are known from one day, or from none."""


def title_words(test: BackTest) -> str:
    """Back-test of 2014-03-01..2014-03-31, trained on 2014-01-01..2014-02-28."""
    return say("backtest.title", test=str(test.test), train=str(test.train))


def told_words(test: BackTest) -> str:
    """What was played, and what was used of the days themselves."""
    used = say(f"backtest.used.{test.arrivals}")
    return say("backtest.told", replications=replications_words(test.replications), used=used)


def facts(test: BackTest) -> dict[str, str]:
    """Name and value of each fact."""
    known = test.error("day", "mean_wait") is not None
    arrivals = say(f"backtest.arrivals.{test.arrivals}")
    available = percent(test.availability, 1)
    share, within = percent(test.target.share, None), duration(test.target.within)
    return {
        say("backtest.fact.train"): say("backtest.fact.days", window=str(test.train), count=len(test.training_days)),
        **({say("backtest.fact.caution"): _too_few(test)} if len(test.training_days) < _FEWEST_DAYS else {}),
        say("backtest.fact.test"): say("backtest.fact.days", window=str(test.test), count=len(test.test_days)),
        **({say("backtest.fact.left_out"): _left_out(test)} if test.left_out else {}),
        say("backtest.fact.target"): say("words.promise", share=share, time=within),
        say("backtest.fact.arrivals"): arrivals,
        say("backtest.fact.runs"): str(test.replications),
        say("backtest.fact.seed"): str(test.seed),
        say("backtest.fact.availability"): say("backtest.fact.availability_reached", share=available)
        if test.size_reached
        else say("backtest.fact.availability_not_reached", share=available),
        say("backtest.fact.error"): say("backtest.fact.error_known", count=len(test.training_days))
        if known
        else say("backtest.fact.error_unknown"),
    }


def _too_few(test: BackTest) -> str:
    return say("backtest.fact.too_few", count=len(test.training_days), least=_FEWEST_DAYS)


def _left_out(test: BackTest) -> str:
    parts = []
    for reason, key in _REASONS.items():
        days = [each for each, why in test.left_out.items() if why == reason]
        if days:
            named = ", ".join(day_and_year(each) for each in days[:_MOST_DAYS])
            more = ", ..." if len(days) > _MOST_DAYS else ""
            parts.append(f"{named}{more} ({say(f'backtest.fact.{key}')})")
    return "; ".join(parts)
