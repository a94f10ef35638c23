"""A day that is over, played with what the days before taught."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from lived_centre import PATIENCE, SERVED, WORK, lived_centre

from simulator.history.agents import train
from simulator.history.agents.patience import Curve, observe_patience
from simulator.history.agents.usual import usual_arrivals
from simulator.history.agents.work import fit_work
from simulator.history.backtest.day import play_day
from simulator.history.logs import Calls
from simulator.history.logs.zone import Zone


@pytest.fixture(scope="module")
def calls() -> Calls:
    """Twenty weekdays."""
    return lived_centre(20, seed=7)


def test_what_is_played_is_what_came(calls: Calls) -> None:
    """Arrivals are those of the day, in each replication; a wait is never below the ringing of a free agent."""
    days = np.unique(calls.day)
    trained, day = train(calls, days[:10]), calls.where(calls.day == days[12])
    played = play_day(trained, day, replications=3, seed=5)
    assert len(played) == 3 * len(day)
    for number in range(3):
        of_it = played.replication == number
        np.testing.assert_array_equal(played.arrival[of_it], day.arrival)
        np.testing.assert_array_equal(played.queue[of_it], day.queue)
    assert played.waited[played.answered].min() == trained.answer_delay
    assert (played.waited >= 0).all()


def test_the_same_seed_plays_the_same_and_more_replications_add_to_it(calls: Calls) -> None:
    days = np.unique(calls.day)
    trained, day = train(calls, days[:10]), calls.where(calls.day == days[12])
    two, again, three = (play_day(trained, day, replications=n, seed=5) for n in (2, 2, 3))
    np.testing.assert_array_equal(two.waited, again.waited)
    np.testing.assert_array_equal(two.waited, three.waited[: len(two)])
    assert not np.array_equal(two.waited, play_day(trained, day, replications=2, seed=6).waited)


def test_nothing_is_learnt_from_other_days(calls: Calls) -> None:
    """Whatever happened on the days after, the training is the same."""
    days = np.unique(calls.day)
    later = calls.day > days[9]
    spoilt = replace(
        calls,
        ended=np.where(later, calls.ended + 500.0, calls.ended),
        released=np.where(later, calls.released + 500.0, calls.released),
        queue=np.where(later, 0, calls.queue),
    )
    one, other = train(calls, days[:10]), train(spoilt, days[:10])
    day = calls.where(calls.day == days[12])
    np.testing.assert_array_equal(play_day(one, day, seed=1).waited, play_day(other, day, seed=1).waited)


def test_how_long_those_waited_who_gave_up_does_not_matter(calls: Calls) -> None:
    """Of the day: only when calls came, and who answered what when."""
    days = np.unique(calls.day)
    trained, day = train(calls, days[:10]), calls.where(calls.day == days[12])
    longer = replace(day, ended=np.where(day.served, day.ended, day.ended + 300.0), customer=day.customer + 1)
    np.testing.assert_array_equal(play_day(trained, day).waited, play_day(trained, longer).waited)


def test_forecast_arrivals_are_as_many_as_usual_on_the_weekday(calls: Calls) -> None:
    days = np.unique(calls.day)
    trained, day = train(calls, days[:15]), calls.where(calls.day == days[16])
    played = play_day(trained, day, arrivals="forecast", replications=60, seed=5)
    counts = np.bincount(played.replication, minlength=60)
    usual = np.mean([np.sum(calls.day == each) for each in days[:15] if (each - days[16]) % 7 == 0])
    # The three days of the weekday tell its mean, and all 15 how days differ: by about an eighth, and by chance.
    spread = np.hypot(0.12, usual**-0.5)
    assert abs(counts.mean() / usual - 1) < 3 * spread * np.hypot(3**-0.5, 60**-0.5)
    assert 0.5 * spread < counts.std() / counts.mean() < 2 * spread
    assert all(np.all(np.diff(played.arrival[played.replication == number]) >= 0) for number in range(60))
    assert (played.arrival >= day.arrival[0] - day.clock[0]).all()


def test_a_day_is_played_with_the_calls_of_one_date(calls: Calls) -> None:
    trained = train(calls, np.unique(calls.day)[:10])
    with pytest.raises(ValueError, match="one date, not of 20"):
        play_day(trained, calls)


def test_without_an_answered_call_nothing_is_learnt(calls: Calls) -> None:
    with pytest.raises(ValueError, match="No call was answered"):
        train(calls, np.array([1]))


def test_the_factors_of_work_are_found() -> None:
    """Of work that is a product of queue, agent and hour: for whoever takes what, and when; shrinking costs a few %."""
    calls = lived_centre(20, seed=9, calls_of_a_day=2000.0)
    luck = np.random.default_rng(3)
    queue, agent = np.array([1.0, 1.5]), np.linspace(0.8, 1.2, len(calls.agents))
    morning = np.where(calls.clock < 12 * 3600, 0.9, 1.1)
    seconds = 200.0 * queue[calls.queue] * agent[calls.agent] * morning * luck.gamma(4.0, 0.25, len(calls))
    work = fit_work(replace(calls, released=calls.answered + seconds))
    number = luck.random(40_000)
    for who, takes in enumerate(SERVED):
        for what in takes:
            for hour, factor in ((10, 0.9), (14, 1.1)):
                of_what, at = np.full(len(number), what), np.full(len(number), hour * 3600)
                drawn = work.draw(of_what, at, int(calls.day[0]), number) * work.by_agent[who]
                assert drawn.mean() == pytest.approx(200.0 * queue[what] * agent[who] * factor, rel=0.085)


def test_work_is_that_of_the_recent_past() -> None:
    """Ten weeks of 100 s, then two of 200 s: what is drawn is nearer to these."""
    calls = lived_centre(60, seed=9, calls_of_a_day=200.0)
    late = calls.day >= np.unique(calls.day)[50]
    work = fit_work(replace(calls, released=calls.answered + np.where(late, 200.0, 100.0)))
    assert 145.0 < work.mean < 200.0


def test_patience_is_drawn_as_it_was() -> None:
    calls = lived_centre(40, seed=11, calls_of_a_day=1100.0)
    drawn = observe_patience(calls).draw(np.zeros(100_000, dtype=np.int64), np.random.default_rng(1).random(100_000))
    for within in (30.0, 60.0, 120.0):
        assert np.mean(drawn > within) == pytest.approx(np.exp(-within / PATIENCE), abs=0.02)
    assert np.isfinite(drawn).all()


def test_where_nobody_gives_up_patience_has_no_end(calls: Calls) -> None:
    drawn = observe_patience(calls.where(calls.served)).draw(np.zeros(3, dtype=np.int64), np.array([0.0, 0.5, 0.999]))
    assert np.isinf(drawn).all()


def test_an_absence_that_no_row_shows_is_made_up_for_on_the_training_days(calls: Calls) -> None:
    """The log knows of all that the agents of this centre do: nothing has to be made up for."""
    trained = train(calls, np.unique(calls.day))
    assert trained.availability == pytest.approx(1.0, abs=0.05)
    assert trained.work.mean == pytest.approx(WORK, rel=0.05)
    assert trained.pauses.mean() < 2.0


def test_a_curve_that_reaches_0_draws_only_from_what_was_seen() -> None:
    curve = Curve(np.array([10.0, 20.0]), np.array([0.5, 0.0]), 0.1)
    np.testing.assert_array_equal(curve.draw(np.array([0.0, 0.4, 0.6, 0.99])), [10.0, 10.0, 20.0, 20.0])


def test_forecast_arrivals_keep_their_clock_on_the_day_it_is_moved(calls: Calls) -> None:
    """On 25 October 2026 Helsinki's day has 25 hours: nine o'clock is ten hours after midnight."""
    zone, day = Zone("Europe/Helsinki"), date(2026, 10, 25).toordinal()
    some = calls.where(calls.day == calls.day[0])
    moved = replace(
        some,
        timezone="Europe/Helsinki",
        day=np.full(len(some), day),
        arrival=zone.moments(np.full(len(some), day), some.clock.astype(np.float64)),
    )
    trained = train(calls, np.unique(calls.day)[:10])
    # A Sunday, as Mondays are.
    sundays = usual_arrivals(replace(some, day=np.full(len(some), day - 7)))
    played = play_day(replace(trained, usual=sundays), moved, arrivals="forecast", replications=2)
    assert len(played) > len(some)
    shown = zone.local(played.arrival)[1]
    np.testing.assert_array_equal(shown, played.clock)
