"""Where the shortcuts of the compiled engine end: days that random ones hardly reach, against the reference."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from centres import make_centre, make_contacts, make_follow_ups
from days import Day, alone, random_day
from equality import first_difference

from simulator.contacts import Cause, Contacts, Outcome
from simulator.engine import Centre, compiled, simulate
from simulator.engine.centre import NO_LIMIT
from simulator.engine.one_queue import compiled as one_queue
from simulator.engine.run_compiled import ground_of

if TYPE_CHECKING:
    from types import ModuleType


def played_alike(centre: Centre, contacts: Contacts, *staffing: list[int]) -> list[Outcome]:
    """The outcomes, equal by both engines."""
    agents = np.array(staffing, dtype=np.int64)
    expected = simulate(centre, contacts, agents, "reference")
    assert first_difference(expected, simulate(centre, contacts, agents, "compiled")) is None
    return [Outcome(outcome) for outcome in expected[0].outcome]


def test_work_that_rounding_ends_after_somebody_has_given_up_in_the_same_instant() -> None:
    # At 1000 the call gives up (contact 1), then the mail of contact 3, which lets the agent's second slot take contact
    # 2. Settling leaves too little of contact 0 to move the clock: it ends at 1000, too, and frees the agent.
    centre = make_centre(
        intervals=2,
        channels=2,
        live=[True, False],
        slots=[[1], [2]],
        slot_speed=[[1.0, 1.0], [1.0, 4.0]],
        opens_after=[[[0.0]], [[100.0]]],
    )
    contacts = make_contacts(
        [0, 200, 850, 940],
        channel=[1, 0, 1, 1],
        work=[900 + np.spacing(1000.0), 50, 0, 0],
        patience=[np.inf, 800, np.inf, 60],
        due=[5000, np.inf, 200, 100],
    )
    outcomes = played_alike(centre, contacts, [1, 1])
    assert outcomes == [Outcome.SERVED, Outcome.ABANDONED, Outcome.SERVED, Outcome.ABANDONED]


def test_priorities_as_far_apart_as_whole_numbers_go() -> None:
    centre = make_centre(channels=2, priority=[[2**62], [0]])
    contacts = make_contacts([0, 1, 2], channel=[0, 0, 1], work=[10, 10, 10])
    assert played_alike(centre, contacts, [1]) == [Outcome.SERVED] * 3


def test_more_than_64_lines_and_some_that_nobody_serves() -> None:
    level = np.ones((9, 9, 1), dtype=np.int64)
    level[4] = -1
    rng = np.random.default_rng(5)
    contacts = make_contacts(
        np.sort(rng.uniform(0, 800, 300)),
        channel=rng.integers(0, 9, 300),
        topic=rng.integers(0, 9, 300),
        work=rng.exponential(5, 300),
        patience=rng.exponential(60, 300),
    )
    outcomes = played_alike(
        make_centre(channels=9, topics=9, level=level, priority=rng.integers(0, 3, (9, 9))), contacts, [2]
    )
    assert {Outcome.SERVED, Outcome.ABANDONED} <= set(outcomes)


def test_nobody_comes_and_nobody_is_there() -> None:
    played_alike(make_centre(), make_contacts([0, 1], work=[5, 5], patience=[3, np.inf]), [0])
    played_alike(make_centre(topics=6), make_contacts([]), [0])
    played_alike(make_centre(), make_contacts([]), [3])


def test_zeros_below_zero() -> None:
    edges = np.array([-0.0, 900.0])
    played_alike(make_centre(edges=edges), make_contacts([-0.0, 0.0], work=[5, 5], patience=[np.inf, 0.0]), [1])


def test_a_chain_of_a_hundred_redials_in_one_instant() -> None:
    follow_ups = make_follow_ups(range(100))
    arrival = np.r_[0.0, 5.0, np.full(100, np.inf)]
    contacts = make_contacts(arrival[1:], patience=0.0, work=1.0, follow_ups=follow_ups)
    assert played_alike(make_centre(), contacts, [0]) == [Outcome.ABANDONED] * 101
    contacts = make_contacts(
        arrival, patience=np.r_[np.inf, np.zeros(101)], work=100.0, follow_ups=make_follow_ups(range(1, 101))
    )
    outcomes = played_alike(make_centre(), contacts, [1])
    assert outcomes == [Outcome.SERVED] + [Outcome.ABANDONED] * 101


def test_everybody_has_a_follow_up_for_everything_and_nothing_happens() -> None:
    causes = [Cause.REDIAL, Cause.BOUNCE, Cause.REPEAT, Cause.CALLBACK, Cause.CHASER]
    follow_ups = make_follow_ups(np.repeat(np.arange(3), 5), cause=causes * 3)
    contacts = make_contacts(np.r_[0.0, 1.0, 2.0, np.full(15, np.inf)], work=5000.0, follow_ups=follow_ups)
    outcomes = played_alike(make_centre(callback_from=np.inf), contacts, [1])
    assert outcomes == [Outcome.OPEN] * 3 + [Outcome.NOT_MADE] * 15


def test_agents_on_call_who_come_never_or_stay_for_ever() -> None:
    centre = make_centre(
        intervals=4,
        width=10.0,
        groups=4,
        on_call=True,
        called_from=[1, 1, 1, NO_LIMIT],
        lead=[0, NO_LIMIT, NO_LIMIT, 0],
        stay=[NO_LIMIT, 0, NO_LIMIT, 0],
        released_at=[0, NO_LIMIT, 0, NO_LIMIT],
    )
    played_alike(centre, make_contacts([1, 15, 35], work=[30, 3, 3]), *[[1, 1, 1, 1]] * 4)


def test_a_bot_with_room_for_all_or_for_nobody() -> None:
    for capacity in (0, 1, NO_LIMIT, np.iinfo(np.int64).max):
        contacts = make_contacts([0, 0, 1, 1], work=1.0, meets_bot=True, bot_time=[1, 0, 0, 2])
        played_alike(make_centre(bot_on=True, bot_capacity=capacity, escalated_work=0.0), contacts, [1])


@pytest.mark.parametrize(
    ("day", "played_by"),
    [(random_day(16), compiled), (alone(random_day(3), 3), one_queue)],
    ids=["general", "one queue"],
)
def test_tables_in_pieces_or_not_to_be_written_play_alike_and_compile_nothing_anew(
    day: Day, played_by: ModuleType
) -> None:
    assert (len(day.contacts.follow_ups) > 20) == (played_by is compiled)
    expected = day.play("compiled")
    columns: dict[str, Any] = {name: np.repeat(getattr(day.contacts, name), 2)[::2] for name in Contacts.columns()}
    table = day.contacts.follow_ups
    apart = {column.name: np.repeat(getattr(table, column.name), 2)[::2] for column in fields(table)}
    contacts = replace(day.contacts, **columns, follow_ups=replace(table, **apart))
    centre = replace(day.centre, open=np.asfortranarray(day.centre.open), speed=np.asfortranarray(day.centre.speed))
    for field in fields(Centre):
        getattr(centre, field.name).flags.writeable = False
    variants = len(played_by.play.signatures)
    assert first_difference(expected, simulate(centre, contacts, np.asfortranarray(day.staffing), "compiled")) is None
    assert len(played_by.play.signatures) == variants > 0


def test_a_centre_that_has_changed_is_laid_out_anew() -> None:
    centre, contacts = make_centre(), make_contacts([0, 0], work=[10, 10])
    staffing = np.array([[1]])
    simulate(centre, contacts, staffing, "compiled")
    staffing[0, 0] = 2
    records, _ = simulate(centre, contacts, staffing, "compiled")
    assert records.started.tolist() == [0.0, 0.0]
    centre.speed[...] = 2.0
    records, _ = simulate(centre, contacts, staffing, "compiled")
    assert records.ended.tolist() == [5.0, 5.0]


def test_room_for_agents_who_have_been_there_on_other_days_changes_nothing() -> None:
    for seed in range(30):
        day = random_day(seed)
        few = replace(day, staffing=np.maximum(day.staffing - 1, 0))
        many = replace(day, staffing=day.staffing * 3 + 2)
        alone_here = few.play("compiled")
        many.play("compiled")
        assert ground_of(few.centre, few.staffing) is ground_of(many.centre, many.staffing)
        assert first_difference(alone_here, few.play("compiled")) is None
        assert first_difference(few.play("reference"), few.play("compiled")) is None
