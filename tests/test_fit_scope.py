"""Calls that no scenario can have, at a queue or at an hour at which nobody answers, do not count as its demand."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from logged_centre import CLOSES, FIRST, OPENS, Centre, logged_calls
from rich.console import Console

from simulator.experiment import run
from simulator.history.fitted_scenario import CallsFit, Wishes, fit_history, left_out_words, scenario_of, scope
from simulator.history.fitted_scenario.from_calls import calls_fields
from simulator.history.importing.imported import Imported
from simulator.history.logs import Calls
from simulator.report.fitted.report import fit_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simulator.history.fitted_scenario import FittedScenario

    Ints = NDArray[np.int64]

CENTRE = Centre()
WEEKS = 4
DAY = 86_400
GHOSTS = "Ghosts"


@pytest.fixture(scope="module")
def calls() -> Calls:
    return logged_calls(CENTRE, WEEKS)


def with_lost(calls: Calls, day: Ints, clock: Ints, queue: int, *, wait: float, answered: int = 0) -> Calls:
    """More calls, in the order of arrival; the first `answered` of them by agent 0, for a minute, and none else."""
    count, nothing = len(day), np.full(len(day), np.nan)
    luck = np.random.default_rng(5)
    arrival = DAY * (day - FIRST.toordinal() + (FIRST.toordinal() - 719_163.0)) + clock
    ended = arrival + luck.exponential(wait, count)
    took = np.arange(count) < answered
    more = {
        "arrival": arrival,
        "answered": np.where(took, ended, nothing),
        "released": np.where(took, ended + 60.0, nothing),
        "ended": np.where(took, ended + 60.0, ended),
        "queue": np.full(count, queue),
        "agent": np.where(took, 0, -1),
        "customer": np.full(count, -1),
        "day": day,
        "clock": clock,
        "file": np.zeros(count, dtype=np.int64),
        "line": len(calls) + np.arange(count),
    }
    columns: dict[str, Any] = {name: np.concatenate((getattr(calls, name), values)) for name, values in more.items()}
    order = np.argsort(columns["arrival"], kind="stable")
    columns = {name: values[order] for name, values in columns.items()}
    return replace(calls, queues=calls.queues if queue < len(calls.queues) else (*calls.queues, GHOSTS), **columns)


def ghosts(calls: Calls) -> Calls:
    """Six in ten more calls, in open hours, to a queue that nobody answers."""
    luck = np.random.default_rng(6)
    count = round(0.6 * len(calls))
    day = luck.choice(np.unique(calls.day), count)
    return with_lost(calls, day, luck.integers(OPENS, CLOSES, count), len(calls.queues), wait=40.0)


def at_night(calls: Calls) -> Calls:
    """Half as many calls more, so that a third of all come when nobody is there: before opening and after closing."""
    luck = np.random.default_rng(7)
    count = len(calls) // 2
    day = luck.choice(np.unique(calls.day), count)
    clock = (luck.integers(CLOSES + 7200, OPENS - 7200 + DAY, count)) % DAY
    return with_lost(calls, day, clock, 0, wait=40.0)


def on_a_closed_day(calls: Calls) -> Calls:
    """On one Wednesday nobody came to work: all its calls, and more, find nobody."""
    wednesday = FIRST.toordinal() + 2 + 7
    at_work = calls.where(calls.day != wednesday)
    clock = np.sort(np.random.default_rng(8).integers(OPENS, CLOSES, 1500))
    return with_lost(at_work, np.full(1500, wednesday), clock, 0, wait=20.0)


def without_the_day(calls: Calls) -> Calls:
    return calls.where(calls.day != FIRST.toordinal() + 2 + 7)


def rarely_at_night(calls: Calls) -> Calls:
    """As at night, and on one night of the twenty a hundred of them are answered."""
    luck = np.random.default_rng(7)
    count = len(calls) // 2
    day = luck.choice(np.unique(calls.day), count)
    day[:100] = np.unique(calls.day)[3]
    clock = luck.integers(20 * 3600, 23 * 3600, count)
    return with_lost(calls, day, clock, 0, wait=40.0, answered=100)


def both(calls: Calls) -> Calls:
    return at_night(ghosts(calls))


def as_it_is(calls: Calls) -> Calls:
    return calls


def fitted(calls: Calls, *, play: bool = False) -> FittedScenario:
    return fit_history(Imported(calls=calls), Wishes(), play=play)


def found_in(fit: FittedScenario) -> CallsFit:
    assert isinstance(fit.found, CallsFit)
    return fit.found


@pytest.mark.parametrize(
    ("more", "truth"),
    [
        (ghosts, as_it_is),
        (at_night, as_it_is),
        (both, as_it_is),
        (on_a_closed_day, without_the_day),
        (rarely_at_night, as_it_is),
    ],
    ids=["queue nobody answers", "a third at night", "both", "a day nobody works", "rarely at night"],
)
def test_who_cannot_be_answered_changes_nothing_of_the_fit(
    more: Callable[[Calls], Calls], truth: Callable[[Calls], Calls], calls: Calls
) -> None:
    """Demand, mix, weekdays, times of day, patience and the service that is compared with are those of the others."""
    fit, alone = fitted(more(calls)), fitted(truth(calls))
    found, expected = found_in(fit), found_in(alone)
    volume, true = found.demand.volumes[0], expected.demand.volumes[0]
    served = found.teams.skills.any(axis=0)
    assert volume.per_week.value == pytest.approx(true.per_week.value, rel=1e-9)
    assert (volume.per_week.low, volume.per_week.high) == pytest.approx(
        (true.per_week.low, true.per_week.high), rel=1e-9
    )
    assert [day.value for day in volume.weekdays] == pytest.approx([day.value for day in true.weekdays], rel=1e-9)
    assert found.observed == expected.observed
    assert np.array(found.volume)[served] == pytest.approx(np.array(expected.volume))
    assert found.patience.all_queues.chosen.mean.value == pytest.approx(
        expected.patience.all_queues.chosen.mean.value, rel=1e-9
    )
    scenario, plain = scenario_of(fit.fields), scenario_of(alone.fields)
    (phone,), (line,) = scenario.channels, plain.channels
    assert str(phone.hours) == str(line.hours) == "mon-fri 09:00-17:00"
    assert [topic.title for topic in scenario.topics] == ["Orders", "Returns"]
    assert more is rarely_at_night or scenario.groups == plain.groups


def test_all_left_out_are_counted_by_their_reason(calls: Calls) -> None:
    kept = len(calls)
    assert found_in(fitted(calls)).left_out == scope.LeftOut(0, 0, 0)
    left = found_in(fitted(both(calls))).left_out
    assert left.unserved_queues == round(0.6 * kept)
    # Before opening and after closing; a night's last caller or two may be too few to tell a closed door by.
    night = (kept + round(0.6 * kept)) // 2
    assert left.nobody_there + left.out_of_hours == night
    assert left.nobody_there > 0.99 * night
    rarely = found_in(fitted(rarely_at_night(calls))).left_out
    assert rarely.unserved_queues == 0
    assert rarely.nobody_there + rarely.out_of_hours == kept // 2
    assert 100 <= rarely.out_of_hours < 0.2 * kept


def test_the_scenario_is_asked_for_as_many_contacts_as_the_history_that_it_is_of(calls: Calls) -> None:
    """Played, as many come a week, and as many are lost; both below and above."""
    fit = fitted(both(calls), play=True)
    assert fit.level is not None
    assert fit.level.reached
    seen = found_in(fit).observed
    assert seen.unanswered == pytest.approx((~calls.served).mean(), rel=1e-9)
    weekly = float(run(scenario_of(fit.fields)).estimate("arrived").value) / WEEKS  # the horizon is four weeks, too
    assert weekly == pytest.approx(len(calls) / WEEKS, rel=0.05)
    assert fit.level.unanswered == pytest.approx(seen.unanswered, rel=0.35)


def test_the_file_says_how_many_calls_it_is_without_and_why(calls: Calls) -> None:
    fit = fitted(both(calls))
    left = found_in(fit).left_out
    sources = scenario_of(fit.fields).sources
    assert left_out_words(left) in sources["channels.phone.demand.per_week"]
    words = left_out_words(left)
    for number in (left.unserved_queues, left.nobody_there):
        assert f"{number:,}" in words
    console = Console(width=1000, file=StringIO(), record=True)
    console.print(fit_report(fit))
    assert f"{words}." in console.export_text().splitlines()
    assert "left out" not in scenario_of(fitted(calls).fields).sources["channels.phone.demand.per_week"]


def test_a_queue_whose_only_agents_round_to_none_takes_its_demand_with_it(calls: Calls) -> None:
    """With fewer agents available nobody is left for the second queue: its share of the contacts goes, too."""
    fit = found_in(fitted(calls))
    whole = {field.path[-1]: field.value for field in calls_fields(fit, 1.0)}["per_week"]
    alone = replace(fit.teams, skills=fit.teams.skills & np.array([True, False]))
    only_second = replace(
        alone,
        skills=np.vstack((alone.skills, [False, True])),
        members=np.append(alone.members, 1),
        staffing=np.concatenate((alone.staffing, np.full((1, *alone.staffing.shape[1:]), 0.0))),
    )
    fields = calls_fields(replace(fit, teams=only_second), 1.0)
    part = {field.path[-1]: field.value for field in fields}["per_week"]
    assert isinstance(whole, int | float)
    assert isinstance(part, int | float)
    first, second = fit.volume
    assert part / whole == pytest.approx(first / (first + second), rel=1e-3)


def test_agents_who_take_a_call_now_and_then_are_somebody(calls: Calls) -> None:
    """Of two hundred agents each takes a call a day: they are seen for a few minutes, and nearly all are answered."""
    luck = np.random.default_rng(9)
    few = calls.where(luck.random(len(calls)) < 0.1)
    seldom = replace(
        few,
        agents=tuple(f"agent {k}" for k in range(200)),
        agent=np.where(few.served, np.arange(len(few)) % 200, -1),
    )
    fit = fitted(seldom)
    assert found_in(fit).left_out.total == 0
    assert found_in(fit).observed.contacts == len(few)
    scenario = scenario_of(fit.fields)
    assert str(scenario.channels[0].hours) == "mon-fri 09:00-17:00"


# ---- Closed doors ----------------------------------------------------------------------------------------------------


def small_log(rows: list[tuple[float, float | None, float]]) -> Calls:
    """(arrival, answered, end) of each call in seconds of one day."""
    arrival, answered, ended = (
        np.array([np.nan if value is None else value for value in column], dtype=np.float64)
        for column in zip(*rows, strict=True)
    )
    count = len(rows)
    return Calls(
        sources=("log",),
        timezone="UTC",
        queues=("Orders",),
        agents=("agent",),
        arrival=arrival,
        answered=answered,
        released=np.where(np.isnan(answered), np.nan, ended),
        ended=ended,
        queue=np.zeros(count, dtype=np.int64),
        agent=np.where(np.isnan(answered), -1, 0),
        customer=np.full(count, -1),
        day=np.full(count, FIRST.toordinal()),
        clock=arrival.astype(np.int64),
        file=np.zeros(count, dtype=np.int64),
        line=np.arange(count) + 2,
    )


@pytest.mark.parametrize(
    ("rows", "closed"),
    [
        ([(0, None, 5), (10, None, 15), (20, None, 25), (30, 31, 90)], [1, 1, 1, 0]),
        ([(0, 1, 60), (70, None, 75), (80, None, 85), (90, None, 95)], [0, 1, 1, 1]),
        ([(0, None, 5), (10, None, 15), (30, 31, 90)], [0, 0, 0]),
        ([(0, 1, 100), (10, None, 15), (20, None, 25), (30, None, 35), (110, 111, 120)], [0, 0, 0, 0, 0]),
        ([(0, 1, 60), (70, None, 200), (80, None, 210), (90, None, 220), (100, 150, 300)], [0, 0, 0, 0, 0]),
        ([(0, 1, 60), (70, None, 70), (80, 81, 90), (95, None, 95), (96, 97, 99), (100, None, 100)], [0] * 6),
    ],
    ids=["before opening", "after closing", "two in a row", "in a call", "somebody comes", "one at a time"],
)
def test_a_door_is_closed_where_nobody_is_in_a_call_and_three_in_a_row_are_lost(
    rows: list[tuple[float, float | None, float]], closed: list[int]
) -> None:
    assert scope.at_closed_door(small_log(rows)).tolist() == [bool(each) for each in closed]
