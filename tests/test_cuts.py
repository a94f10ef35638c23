"""The search for the cheapest staffing: its parts by hand, and the whole against every staffing that there is.

Two of the small centres are compared in every run; RUUHKA_CENTRES=12 compares all of them.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.sparse import csr_array
from small_centres import MAIL_BESIDE, SMALL_CENTRES, SmallCentre, Truth

from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.evaluator import Evaluator
from simulator.planning.staffing.fluid import covering, kinds_of
from simulator.planning.staffing.goal import Goal
from simulator.planning.staffing.gradient import Effects, Reach, effects
from simulator.planning.staffing.multi_skill import CHECKS, best_service, least_cost, search_for
from simulator.planning.staffing.pay import Pay
from simulator.planning.staffing.polish import Move, _apart, _parts, polish
from simulator.planning.staffing.slack import slack
from simulator.planning.staffing.step import Budget, next_step
from simulator.planning.staffing.worth import worth

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from simulator.scenario import Scenario

COMPARED = int(os.environ.get("RUUHKA_CENTRES", "2"))
CENTRE = {centre.name: centre for centre in SMALL_CENTRES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("centres")


@pytest.fixture(scope="module")
def day(folder: Path) -> Scenario:
    """Phone and chat from 9 to 11, an hour each; callers serve phone, the others both."""
    return CENTRE["rising"].scenario(folder)


@pytest.mark.parametrize("centre", SMALL_CENTRES[:COMPARED], ids=lambda centre: centre.name)
def test_no_staffing_of_a_small_centre_is_cheaper_by_more_than_two_percent(centre: SmallCentre, folder: Path) -> None:
    truth = Truth(centre, folder, seed=77, plays=2)
    out_of_sample = Truth(centre, folder, seed=501, plays=4)
    best = truth.cheapest(out_of_sample)
    day = centre.scenario(folder)
    found = least_cost(Evaluator(day, 60, 1), centre.goal(day), centre.bounds(day), time_limit=1e6)
    played = out_of_sample.play(found.staffing)
    assert truth.pay.cost(played) <= 1.02 * truth.pay.cost(best)
    assert out_of_sample.goal.is_kept(played)


# -- Effects -----------------------------------------------------------------------------------------------------------


def test_effects_of_cells_far_apart_are_those_of_each_played_by_itself(day: Scenario) -> None:
    goal = Goal.of(day, period="day")
    bounds, pay, evaluator = Bounds.of(day, goal), Pay.of(day), Evaluator(day, 5, 1)
    staffing = bounds.within(np.full((2, 24), 2))
    base = evaluator.evaluate(staffing)
    # 24 intervals apart: every play changes one cell.
    reach = replace(Reach.of(day, goal), apart=24)
    found = effects(evaluator, goal, base, bounds, reach, pay)
    for g, i in ((0, 9), (1, 10)):
        for by, table in ((1, found.gain), (-1, found.loss)):
            changed = staffing.copy()
            changed[g, i] += by
            change = slack(goal, evaluator.evaluate(changed)).value - slack(goal, base).value
            seen = table[:, [g * 24 + i]].toarray()[:, 0]
            other = (found.loss if by > 0 else found.gain)[:, [g * 24 + i]].toarray()[:, 0]
            # Where a gain is greater than the loss, both are their mean.
            assert np.allclose(seen, by * change.ravel()) or np.allclose(seen, other)


def test_changes_at_the_same_time_add_up_to_what_is_seen(folder: Path) -> None:
    day = CENTRE["three-hours-day"].scenario(folder)
    goal = Goal.of(day, period="day")
    bounds, pay, evaluator = Bounds.of(day, goal), Pay.of(day), Evaluator(day, 5, 1)
    staffing = bounds.within(np.array([[1] * 24, [2] * 24]))
    base = evaluator.evaluate(staffing)
    # The first and the third hour change at once, and what is seen is shared out between them.
    found = effects(evaluator, goal, base, bounds, replace(Reach.of(day, goal), apart=2), pay)
    one = np.zeros_like(staffing)
    one[0, [9, 11]] = 1
    was = slack(goal, base).value
    less = was - slack(goal, evaluator.evaluate(staffing - one)).value
    more = slack(goal, evaluator.evaluate(staffing + one)).value - was
    both = (found.gain + found.loss).toarray().reshape(2, 24, 2, 24)[:, 0, 0, [9, 11]]
    assert np.allclose(both.sum(axis=1), (more + less)[:, 0])
    assert (both != 0).any(axis=0).all(), "both have a share"


# -- The programme -----------------------------------------------------------------------------------------------------


def _effects(gain: list[list[float]], loss: list[list[float]], price: list[float]) -> Effects:
    return Effects(csr_array(np.array(gain)), csr_array(np.array(loss)), np.array(price))


def _step(found: Effects, slack_now: list[float], at: list[int], budget: Budget | None = None) -> list[int]:
    staffing = np.array(at)
    step = next_step(
        found,
        np.array(slack_now),
        np.zeros(len(slack_now)),
        csr_array(np.ones(found.gain.shape)),
        np.full(len(at), 5),
        staffing,
        most_change=2,
        changes_in_all=np.inf,
        seconds=60.0,
        at=staffing,
        budget=budget,
    )
    return [int(change) for change in step.change]


def test_agents_are_taken_where_they_cost_more_than_the_slack_that_they_hold() -> None:
    # 5 contacts to spare. The second cell loses 1 with the first agent and 1.8 with the second; the first loses 4.
    found = _effects([[3.0, 0.5]], [[4.0, 1.0]], [10.0, 10.0])
    assert _step(found, [5.0], [3, 3]) == [0, -2]


def test_what_is_missing_is_bought_where_it_is_cheapest() -> None:
    found = _effects([[2.0, 1.0]], [[2.0, 1.0]], [10.0, 4.0])
    # 1.5 missing: two of the second bring 1 + 0.6 for 8, one of the first 2 for 10.
    assert _step(found, [-1.5], [3, 3]) == [0, 2]


def test_a_dear_agent_is_swapped_for_a_cheap_one() -> None:
    found = _effects([[1.0, 1.0]], [[1.0, 1.0]], [10.0, 4.0])
    assert _step(found, [0.0], [1, 0]) == [-1, 1]


def test_a_budget_is_kept_even_if_a_target_is_missed() -> None:
    found = _effects([[2.0, 2.0]], [[2.0, 2.0]], [10.0, 10.0])
    budget = Budget(4.0, np.ones(2))
    assert sum(_step(found, [-100.0], [2, 1], budget)) == 1


# -- The start ---------------------------------------------------------------------------------------------------------


def test_a_group_covers_the_load_and_its_root(day: Scenario) -> None:
    goal = Goal.of(day, period="day")
    load = np.zeros((2, 24))
    load[0, 9] = 4.0  # of phone, and both groups can: the cheaper one
    staffing = covering(day, load, Bounds.of(day, goal), Pay.of(day))
    # 4 + 1.2 x 2 = 6.4 agents.
    assert staffing[0, 9] == 7
    assert staffing.sum() == 7


def test_two_chats_at_once_count_for_what_they_bring(day: Scenario) -> None:
    goal = Goal.of(day, period="day")
    load = np.zeros((2, 24))
    load[1, 10] = 4.0
    staffing = covering(day, load, Bounds.of(day, goal), Pay.of(day))
    # With two chats in hand an agent does 1.6 seconds of work a second: 6.4 / 1.6.
    assert staffing[1, 10] == 4
    assert staffing.sum() == 4


def test_work_that_may_wait_is_done_by_its_due_time(folder: Path) -> None:
    day = MAIL_BESIDE.scenario(folder)
    goal = Goal.of(day, period="day")
    load = np.zeros((2, 24))
    load[1, 9] = 4.0  # four hours of mail, due within two hours
    staffing = covering(day, load, Bounds.of(day, goal), Pay.of(day))
    assert staffing[0].sum() == 0, "callers answer no mail"
    assert staffing[1].tolist() == [0] * 9 + [2, 2] + [0] * 13


def test_only_so_much_is_left_undone_at_the_end_as_may_be(folder: Path) -> None:
    day = MAIL_BESIDE.scenario(folder)
    phone, mail = day.channels
    patient = replace(day, channels=(phone, replace(mail, target=replace(mail.target, within=20 * 3600.0))))
    bounds, pay = Bounds.of(patient, Goal.of(patient)), Pay.of(patient)
    bounds = replace(bounds, most=np.where(np.arange(24) == 10, bounds.most, 0))
    load = np.zeros((2, 24))
    load[1, 10] = 2.0  # 24 messages of five minutes, not due before the end
    assert covering(patient, load, bounds, pay).sum() == 0
    for most_left, agents in ((24.0, 0), (12.0, 1), (0.0, 2)):
        staffing = covering(patient, load, bounds, pay, np.array([0.0, most_left]))
        assert (staffing[1, 10], staffing.sum()) == (agents, agents), most_left


def test_what_no_group_may_serve_in_time_is_no_kind_of_anybodys(day: Scenario) -> None:
    late = replace(
        day,
        groups=tuple(replace(g, skills=tuple(replace(s, overflow_after=600.0) for s in g.skills)) for g in day.groups),
    )
    assert all((kind.rate == 0).all() for kind in kinds_of(late))
    assert any((kind.rate > 0).any() for kind in kinds_of(day))


# -- The search --------------------------------------------------------------------------------------------------------


def _cells(staffing: NDArray[np.int64]) -> list[list[int]]:
    return [[int(agents) for agents in row] for row in staffing[:, 9:11]]


def test_without_time_the_start_is_given_as_it_is(day: Scenario) -> None:
    goal = Goal.of(day, period="day")
    start = Bounds.of(day, goal).within(np.full((2, 24), 4))
    found = least_cost(Evaluator(day, 4, 1), goal, start=start, time_limit=0.0)
    assert np.array_equal(found.staffing, start)
    assert found.checked.seed != 1
    assert found.checked.played.replications == CHECKS * 4


def test_minimum_and_maximum_are_kept_and_the_one_that_blocks_is_named(day: Scenario) -> None:
    goal = Goal.of(day, period="day", minimum={"callers": 1})
    found = least_cost(Evaluator(day, 10, 1), goal, Bounds.of(day, goal, {"both": 0, "callers": 1}))
    assert _cells(found.staffing) == [[1, 1], [0, 0]]
    assert not found.kept
    phone, chat = found.blocked
    assert (phone.channel, phone.reason, phone.groups) == (0, "maximum", (0, 1))
    assert (chat.channel, chat.reason, chat.groups) == (1, "maximum", (1,))
    assert chat.attained == 0.0


def test_a_cap_on_occupancy_and_what_is_left_are_named_where_they_block(folder: Path, day: Scenario) -> None:
    goal = Goal.of(day, period="horizon", occupancy_cap=0.2)
    found = least_cost(Evaluator(day, 6, 1), goal, Bounds.of(day, goal, {"both": 4, "callers": 4}), time_limit=0.0)
    assert not found.kept
    assert ("occupancy", None, 1) in {(each.limit, each.channel, each.group) for each in found.blocked}
    capped = [each for each in found.blocked if each.limit == "occupancy"]
    assert all((each.level, each.reason, each.groups) == (0.2, "maximum", (each.group,)) for each in capped)
    assert all(each.attained > 0.2 for each in capped)
    # Mail is in time over the horizon by what falls due; all that comes late stays.
    mail = MAIL_BESIDE.scenario(folder)
    by_horizon = replace(Goal.of(mail, ["mail"], "horizon"), shares=(0.0,))
    nobody = Bounds.of(mail, by_horizon, {"blended": 0})
    left = least_cost(Evaluator(mail, 6, 1), by_horizon, nobody, time_limit=0.0)
    assert [(each.limit, each.channel, each.reason, each.groups) for each in left.blocked] == [
        ("leftover", 1, "maximum", (1,))
    ]
    assert left.blocked[0].attained > left.blocked[0].level
    assert not left.kept


def test_no_more_agents_are_planned_than_help_even_if_they_cost_nothing(day: Scenario) -> None:
    callers, both = day.groups
    free = replace(day, groups=(replace(callers, cost_per_hour=0.0), both))
    goal = Goal.of(free, period="day")
    found = least_cost(Evaluator(free, 10, 1), goal, time_limit=1e6)
    assert found.kept
    assert found.staffing.max() < 20
    # Prices are told as they are.
    assert Pay.of(free).planned(found.staffing) == pytest.approx(Pay.of(free).agent[1] @ found.staffing[1])


def test_moves_of_a_day_are_tried_together_where_they_are_hours_apart(day: Scenario) -> None:
    search = search_for(Evaluator(day, 2, 1), Goal.of(day))
    near, far = search.reach.apart + 1, search.reach.apart + 2
    moves = [Move((5,), ()), Move((5 + near,), ()), Move((24 + 5 + far,), (5 + far,)), Move((23,), ())]
    waiting = list(moves)
    chosen = _apart(search, waiting, 3)
    assert chosen == [moves[0], moves[2], moves[3]], "a cell of the other group counts by its interval"
    assert waiting == [moves[1]]
    assert _apart(search, list(moves), 1) == moves[:1]
    # Each is answerable from the interval before it to the next one's; the day begins with the first.
    part = _parts(np.repeat([0, 1], 24), [[Move((20,), ()), Move((9,), (10,))], [Move((40,), ())]])
    assert np.flatnonzero(np.diff(part)).tolist() == [18, 23]
    assert part[-1] == 2


def test_where_no_number_of_agents_answers_in_time_that_is_said(day: Scenario) -> None:
    late = replace(
        day,
        groups=tuple(replace(g, skills=tuple(replace(s, overflow_after=90.0) for s in g.skills)) for g in day.groups),
    )
    goal = Goal.of(late, ["phone"], period="day")
    found = least_cost(Evaluator(late, 4, 1), goal, time_limit=0.0)
    assert [(each.channel, each.reason) for each in found.blocked] == [(0, "agents do not help")]


def test_a_budget_is_spent_and_never_overspent(day: Scenario) -> None:
    goal = Goal.of(day, period="day")
    evaluator = Evaluator(day, 10, 1)
    start = Bounds.of(day, goal).within(np.full((2, 24), 1))
    found = best_service(evaluator, goal, hours=5.0)
    assert found.search.pay.paid_hours(found.staffing) <= 5.0
    assert found.found.slack.short < slack(goal, evaluator.evaluate(start)).short
    assert {each.reason for each in found.blocked} == {"budget"}


def test_a_budget_that_does_not_pay_for_the_minimum_is_refused(day: Scenario) -> None:
    goal = Goal.of(day, period="day", minimum={"both": 2})
    with pytest.raises(ValueError, match="does not pay for the fewest agents"):
        search_for(Evaluator(day, 4, 1), goal, hours=3.0)
    with pytest.raises(ValueError, match="of hours or of money, not of both"):
        search_for(Evaluator(day, 4, 1), goal, hours=30.0, money=3.0)


def test_polish_keeps_the_goal_takes_agents_away_and_holds_the_cap_on_occupancy(day: Scenario) -> None:
    goal = Goal.of(day, period="day", occupancy_cap=0.7)
    search = search_for(Evaluator(day, 10, 1), goal, time_limit=1e6)
    start = search.tried(search.bounds.within(np.full((2, 24), 6)))
    best = polish(search, start)
    assert goal.is_kept(best.played)
    assert best.cost < start.cost
    assert not (goal.occupancy(best.played) > 0.7).any()


def test_an_agent_is_worth_what_targets_cost(day: Scenario) -> None:
    goal = Goal.of(day, period="day")
    search = search_for(Evaluator(day, 20, 1), goal, time_limit=1e6)
    tight = worth(search, search.tried(search.bounds.within(np.array([[2] * 24, [3] * 24]))))
    assert tight.contacts.shape == (2, 2, 24)
    assert (tight.contacts[:, 1, 10] > 0).all(), "who serves both brings contacts of both within their targets"
    assert (tight.contacts[1, 0] <= 1e-9).all() or tight.contacts[1, 0].max() < tight.contacts[0, 0].max()
    ample = worth(search, search.tried(search.bounds.within(np.full((2, 24), 12))))
    assert not ample.binding.any()
    assert np.allclose(ample.saved, 0)
