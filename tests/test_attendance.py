"""Who was there, inferred from who answered what when: worked by hand, and for days of which everything is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from lived_centre import QUEUES, SERVED, lived_centre

from simulator.history.agents import attendance_of, teams, train
from simulator.history.agents.attendance import away
from simulator.history.agents.floor import Floor
from simulator.history.agents.priority import goes_first
from simulator.history.agents.skills import usual_skills
from simulator.history.agents.trained import root
from simulator.history.agents.turns import turns_of
from simulator.history.logs import Calls

ANN, BEN, CAT = range(3)
DAY = 735_000
MIDNIGHT = 86_400.0 * (DAY - 719_163)
ALL = np.ones((3, 2), dtype=np.bool_)


@dataclass(frozen=True)
class Taken:
    """A call: who answered it, and at which seconds after nine it came, was answered and was over."""

    agent: int
    arrival: float
    answered: float
    released: float
    queue: int = 0
    day: int = 0


def log(*taken: Taken) -> Calls:
    """A log of these calls."""
    rows = sorted(taken, key=lambda each: (each.day, each.arrival))
    clock = np.array([9 * 3600 + each.arrival for each in rows])
    midnight = np.array([MIDNIGHT + 86_400.0 * each.day for each in rows])
    at = [midnight + 9 * 3600 + np.array([getattr(each, name) for each in rows]) for name in ("answered", "released")]
    count = len(rows)
    return Calls(
        sources=("by hand",),
        timezone="UTC",
        queues=QUEUES,
        agents=("Ann", "Ben", "Cat"),
        arrival=midnight + clock,
        answered=at[0],
        released=at[1],
        ended=at[1],
        queue=np.array([each.queue for each in rows], dtype=np.int64),
        agent=np.array([each.agent for each in rows], dtype=np.int64),
        customer=np.full(count, -1),
        day=np.array([DAY + each.day for each in rows], dtype=np.int64),
        clock=clock.astype(np.int64),
        file=np.zeros(count, dtype=np.int64),
        line=np.arange(2, count + 2),
    )


def spells(calls: Calls, *, longest_idle_first: bool = True) -> list[tuple[int, float, float]]:
    """Agent, and from and until when in seconds after nine."""
    found = attendance_of(calls, ALL, 1.0, longest_idle_first=longest_idle_first)
    nine = MIDNIGHT + 9 * 3600
    return list(zip(found.agent.tolist(), (found.start - nine).tolist(), (found.end - nine).tolist(), strict=True))


def seconds_away(calls: Calls, skills: np.ndarray = ALL) -> list[float]:
    """By agent and answer; nan for the first of a day."""
    return list(away(turns_of(calls), skills, 1.0))


PASSED_OVER = (
    Taken(ANN, 0, 1, 100),
    Taken(BEN, 10, 11, 500),
    # Ann has had nothing to do for longer than Ben, and yet Ben is given this one.
    Taken(BEN, 600, 601, 700),
    Taken(ANN, 800, 801, 900),
)


def test_who_is_passed_over_was_away_until_after_the_other_became_free() -> None:
    assert seconds_away(log(*PASSED_OVER)) == [
        pytest.approx(np.nan, nan_ok=True),
        400,
        *[pytest.approx(np.nan, nan_ok=True), 0],
    ]


def test_nobody_is_passed_over_for_a_queue_that_it_does_not_take() -> None:
    others = tuple(Taken(BEN, 600, 601, 700, queue=1) if each.arrival == 600 else each for each in PASSED_OVER)
    only_first = np.array([[True, False], [True, True], [True, True]])
    assert seconds_away(log(*others), only_first)[1] == 0
    assert seconds_away(log(*others))[1] == 400


def test_whoever_takes_a_call_that_has_been_waiting_was_not_there_for_it_before() -> None:
    calls = log(Taken(ANN, 0, 1, 100), Taken(ANN, 150, 190, 300))
    assert seconds_away(calls)[1] == 90


def test_a_spell_ends_half_way_through_the_last_call_before_a_break() -> None:
    lunch = tuple(Taken(ANN, 1800, 1801, 1901) if each.arrival == 800 else each for each in PASSED_OVER)
    after = (*lunch, Taken(BEN, 1700, 1701, 1750), Taken(CAT, 10, 11, 1600), Taken(CAT, 1750, 1751, 1760))
    # Cat was free at 1600 and Ben at 700; Ann, free since 100, came back after Cat had become free.
    assert [each for each in spells(log(*after)) if each[0] == ANN] == [(ANN, 0, 50.5), (ANN, 1600, 1851)]


def test_a_short_absence_belongs_to_the_spell() -> None:
    calls = log(Taken(ANN, 0, 1, 100), Taken(ANN, 150, 190, 300))
    assert spells(calls) == [(ANN, 0, 245)]


def test_idle_time_is_no_break_while_nobody_is_passed_over() -> None:
    calls = log(Taken(ANN, 0, 1, 100), Taken(ANN, 5000, 5001, 5101))
    assert spells(calls) == [(ANN, 0, 5051)]
    # If calls go to anybody, a long time without one is all that tells of a break.
    assert spells(calls, longest_idle_first=False) == [(ANN, 0, 50.5), (ANN, 5001, 5051)]


def test_each_day_begins_anew() -> None:
    calls = log(Taken(ANN, 0, 1, 100), Taken(ANN, 0, 1, 100, day=1))
    assert [start % 86_400 for _, start, _ in spells(calls)] == [0, 0]


def test_a_queue_that_is_rare_for_the_agent_and_among_its_own_calls_is_no_skill() -> None:
    often = [Taken(ANN, 10 * k, 10 * k + 1, 10 * k + 5) for k in range(99)]
    by_ben = [Taken(BEN, 10 * k, 10 * k + 1, 10 * k + 5, queue=1) for k in range(99)]
    once = Taken(ANN, 5000, 5001, 5005, queue=1)
    skills = usual_skills(turns_of(log(*often, *by_ben, once)), 3, 2)
    assert skills.tolist() == [[True, False], [False, True], [False, False]]
    # Where a queue has few calls, each of them tells.
    skills = usual_skills(turns_of(log(*often, *by_ben[:20], once)), 3, 2)
    assert skills[ANN].tolist() == [True, True]


def test_presence_of_a_centre_without_breaks_is_found() -> None:
    """Nobody in this log ever leaves: all are there from nine to five, but for those who are missing all day."""
    calls = lived_centre(10, seed=4)
    days = np.unique(calls.day)
    trained = train(calls, days)
    assert trained.longest_idle_first
    assert trained.answer_delay == 1
    assert [tuple(np.flatnonzero(row)) for row in trained.skills] == list(SERVED)
    found = trained.attendance(calls)
    there = np.zeros(len(days))
    np.add.at(there, np.searchsorted(days, found.day), found.end - found.start)
    agents = [len(np.unique(calls.agent[(calls.day == day) & calls.served])) for day in days]
    share = there / (np.array(agents) * 8 * 3600)
    # From the first answer to half way through the last call; it is busy, so that nobody waits long for either.
    assert np.all((share > 0.95) & (share < 1.03))


def test_breaks_that_are_taken_out_of_a_log_are_found() -> None:
    """Two centres side by side: where half an hour of one agent's calls had gone to nobody, its break is seen."""
    calls = lived_centre(1, seed=5, calls_of_a_day=700.0)
    agent = 4
    leaves, returns = calls.arrival[0] + 3 * 3600, calls.arrival[0] + 3.5 * 3600
    within = (calls.agent == agent) & (calls.released > leaves) & (calls.answered < returns)
    rest = calls.where(~within)
    found = attendance_of(rest, np.zeros((len(SERVED), 2), dtype=np.bool_), 1.0)
    own = found.agent == agent
    gap = [(end, start) for end, start in zip(found.end[own][:-1], found.start[own][1:], strict=True)]
    assert len(gap) == 1
    assert gap[0][1] - gap[0][0] > 1500


def test_teams_share_out_all_presence_and_leave_no_queue_alone() -> None:
    calls = lived_centre(10, seed=4)
    trained = train(calls, np.unique(calls.day))
    whole = trained.attendance(calls)
    for most in (1, 2, 3, 8):
        found = teams(calls, trained, most=most)
        assert len(found.members) == min(most, 3)
        assert found.members.sum() == len(SERVED)
        assert found.skills.any(axis=0).all()
        days = np.bincount((np.unique(calls.day) - 1) % 7, minlength=7)
        seconds = (found.staffing.sum(axis=2) * days).sum() * found.step
        assert seconds == pytest.approx(float((whole.end - whole.start).sum()))
    three = {tuple(np.flatnonzero(row)): int(number) for row, number in zip(found.skills, found.members, strict=True)}
    assert three == {(0,): 3, (0, 1): 3, (1,): 2}
    assert not found.staffing[:, 5:].any(), "nobody is there at weekends"


def test_no_team_is_no_answer() -> None:
    calls = lived_centre(2)
    trained = train(calls, np.unique(calls.day))
    with pytest.raises(ValueError, match="one group"):
        teams(calls, trained, most=0)
    with pytest.raises(ValueError, match="No agent"):
        teams(calls.where(calls.day < 0), trained)


def two_queues_waiting(taken_first: int, times: int = 12) -> Calls:
    """Again and again a call of each queue stands waiting for Ann, that of the first for longer."""
    rows = []
    for begin in range(0, 2000 * times, 2000):
        answered = {taken_first: (begin + 100, begin + 200), 1 - taken_first: (begin + 200, begin + 300)}
        rows += [
            Taken(ANN, begin, begin + 1, begin + 100, queue=0),
            Taken(ANN, begin + 20, *answered[0], queue=0),
            Taken(ANN, begin + 60, *answered[1], queue=1),
        ]
    return log(*rows)


def test_a_queue_goes_first_if_older_calls_of_others_have_to_wait_for_it() -> None:
    assert goes_first(two_queues_waiting(1), ALL).tolist() == [False, True]
    assert goes_first(two_queues_waiting(0), ALL).tolist() == [False, False]


def test_an_agent_who_takes_one_queue_only_tells_nothing_of_an_order() -> None:
    one_each = np.array([[False, True], [True, False], [True, False]])
    assert not goes_first(two_queues_waiting(1), one_each).any()


def test_a_few_choices_are_no_rule() -> None:
    assert not goes_first(two_queues_waiting(1, times=5), ALL).any()


def test_on_the_floor_the_queue_that_goes_first_is_taken_first() -> None:
    """Calls come at 0, 20 and 60 s and take 100 s each: at 100 s one of each queue waits, the first queue's longer."""
    calls = two_queues_waiting(1, times=1)
    there = attendance_of(calls, ALL, 1.0)
    for first, expected in ((False, [0, 80, 140]), (True, [0, 180, 40])):
        goes = np.array([False, first])
        floor = Floor.of(there, np.ones(3), goes, float(calls.arrival[0]), float(calls.arrival[-1]))
        waited, answered = floor.play(calls.arrival, calls.queue, np.full(3, 100.0), np.full(3, np.inf))
        assert answered.all()
        assert waited.tolist() == expected


def test_an_agent_with_calls_that_overlap_is_free_when_all_are_over() -> None:
    """Ann takes a long call, and a short one within it: at 700 she has been free since 600, not since 200."""
    calls = log(Taken(ANN, 0, 1, 600), Taken(ANN, 100, 101, 200), Taken(ANN, 700, 701, 800), Taken(BEN, 0, 1, 50))
    turns = turns_of(calls)
    nine = MIDNIGHT + 9 * 3600
    np.testing.assert_array_equal(turns.before - nine, [np.nan, 600, 600, np.nan])
    assert turns.between.tolist()[1:3] == [0.0, 101.0]


def test_the_availability_is_the_best_that_was_looked_at() -> None:
    """Where the last look is off, an earlier one counts; at the end of what is looked at it is said."""
    looks = iter([0.5, 0.15, 3.0, 3.0, 3.0, 3.0, 3.0])
    seen = []

    def jumping(availability: float) -> float:
        seen.append(availability)
        return next(looks)

    best, reached = root(jumping)
    assert (best, reached) == (seen[1], False)
    found, reached = root(lambda availability: -6.0 * np.log(availability / 1.1))
    assert (round(found, 6), reached) == (1.1, True)
    found, reached = root(lambda availability: 3.0 - np.log(availability))
    assert (round(found, 6), reached) == (1.25, False)


@pytest.mark.parametrize(("callers", "apart"), [(60, True), (4, False)], ids=["many callers", "few callers"])
def test_a_centre_that_works_from_evening_to_morning_is_shut_by_day(callers: int, apart: bool) -> None:
    """Ann takes calls until two hours after nine, and again from eleven hours after nine: nobody calls in between.

    Of four callers a day more than two come in nine hours only now and then: she may have sat there.
    """
    hour = 3600.0
    often = 2 * hour / (callers / 2)
    begins = [start + often * k for start in (0.0, 11 * hour) for k in range(callers // 2)]
    calls = log(*(Taken(ANN, begin, begin + 1, begin + 60) for begin in begins))
    found = spells(calls)
    assert (len(found) > 1) == apart
    if apart:
        (_, first, left), (_, back, last) = found
        assert (first, back) == (0.0, 11 * hour)
        assert left == pytest.approx(2 * hour - often + 30.5)
        assert last == pytest.approx(13 * hour - often + 30.5)
