"""The desk of the page: rough answers first, every session its turn, results shared by content, memory bounded."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_scenarios import loaded, written

from simulator.demand import Demand
from simulator.experiment import run
from simulator.planning import agents_axis, field_axis
from simulator.scenario import load_scenario
from simulator.ui.desk import FIRST_LOOK, Desk
from simulator.ui.kept import KeptExperiments
from simulator.ui.limits import TooMuchError
from simulator.ui.surfaces import Surfaces
from simulator.ui.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from simulator.scenario import Scenario


def wait_until(turns: Turns, count: int) -> None:
    """Let other threads come as far as that; a test that hangs here has found a fault."""
    while len(turns) < count:
        time.sleep(0.001)


def test_whoever_has_waited_longest_gets_the_turn() -> None:
    turns = Turns()
    served: list[int] = []

    def session(number: int) -> None:
        with turns.turn():
            served.append(number)

    threads = [threading.Thread(target=session, args=(number,)) for number in range(5)]
    with turns.turn():
        for number, thread in enumerate(threads):
            thread.start()
            wait_until(turns, number + 2)
        assert served == []
    for thread in threads:
        thread.join()
    assert served == list(range(5))
    assert len(turns) == 0


def test_a_turn_that_ends_in_an_error_is_given_back() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.turn():
        raise ZeroDivisionError
    with turns.turn():
        assert len(turns) == 1


def test_the_first_answer_is_rough_and_the_last_is_that_of_a_plain_run(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    answers = list(Desk().answers(scenario, 12))
    assert [each.replications for each in answers] == [FIRST_LOOK, 12]
    whole = run(scenario, replications=12, engine="compiled")
    for measure in ("mean_wait", "occupancy"):
        for side in (0, 1):
            np.testing.assert_array_equal(answers[-1].sums(measure)[side], whole.sums(measure)[side])


def test_customers_are_drawn_once_for_all_staffings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    draw = Demand.draw_diverted

    def counted(demand: Demand, seed: int, replication: int) -> object:
        drawn.append(replication)
        return draw(demand, seed, replication)

    monkeypatch.setattr(Demand, "draw_diverted", counted)
    desk = Desk()
    for extra in range(3):
        desk.answer(loaded(tmp_path, groups__team__extra_agents=extra), 5)
    assert sorted(drawn) == [0, 1, 2, 3, 4]
    desk.answer(loaded(tmp_path, channels__phone__demand__per_week=200), 5)
    assert len(drawn) == 10


def test_what_is_known_is_answered_at_once_in_any_session(tmp_path: Path) -> None:
    desk, scenario = Desk(), loaded(tmp_path)
    whole = desk.answer(scenario, 6)
    assert list(desk.answers(loaded(tmp_path), 6)) == [whole]
    assert desk.known(scenario, 7) is None
    assert desk.known(loaded(tmp_path, groups__team__extra_agents=1), 6) is None


def test_an_answer_that_nobody_waits_for_any_more_is_not_kept_and_holds_nobody_up(tmp_path: Path) -> None:
    desk, scenario = Desk(), loaded(tmp_path)
    asked = desk.answers(scenario, 50)
    assert next(asked).replications == FIRST_LOOK
    asked.close()  # type: ignore[attr-defined]  # it is a generator
    assert desk.known(scenario, 50) is None
    assert len(desk.turns) == 0
    assert desk.answer(scenario, 5).replications == 5


def test_another_session_is_answered_between_two_looks_of_a_long_one(tmp_path: Path) -> None:
    desk = Desk()
    long = desk.answers(loaded(tmp_path), 40)
    next(long)
    assert desk.answer(loaded(tmp_path, groups__team__extra_agents=2), 4).replications == 4
    *_, last = long
    assert last.replications == 40


def test_a_question_beyond_the_cap_is_refused_before_any_work(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)  # 160 contacts
    with pytest.raises(TooMuchError, match="at most 1,000") as refused:
        next(Desk(most_contacts=1000).answers(scenario, 7))
    assert refused.value.contacts == pytest.approx(7 * 160)
    assert Desk(most_contacts=1000).answer(scenario, 6).replications == 6


def test_results_take_no_more_memory_than_they_may(tmp_path: Path) -> None:
    experiments = [run(loaded(tmp_path, groups__team__extra_agents=k), replications=2) for k in range(4)]
    size = experiments[0].nbytes
    assert size > 0
    kept = KeptExperiments(most_bytes=2 * size)
    for number, experiment in enumerate(experiments[:2]):
        kept.keep(number, experiment)
    assert kept.get(0) is experiments[0]  # now 1 has not been asked for longest
    kept.keep(2, experiments[2])
    assert [kept.get(number) is not None for number in range(3)] == [True, False, True]
    kept.keep(2, experiments[3])  # in place of another
    assert len(kept) == 2
    alone = KeptExperiments(most_bytes=1)
    alone.keep(0, experiments[0])
    alone.keep(1, experiments[1])
    assert [alone.get(number) is not None for number in range(2)] == [False, True]


def test_a_surface_grows_coarse_first_is_whole_in_the_end_and_then_known(tmp_path: Path) -> None:
    def load(overrides: Mapping[str, object]) -> Scenario:
        return load_scenario(written(tmp_path), overrides=overrides)

    axes = (agents_axis(load, "team", [3, 4, 5]), field_axis("channels.phone.patience.mean", ["1 min", "3 min"]))
    surfaces = Surfaces(Turns())
    sizes = [len(grid.points) for grid in surfaces.growing(load, axes, 2)]
    assert sizes == [1, 2, 3, 4, 5, 6]
    assert [grid.is_whole for grid in surfaces.growing(load, axes, 2)] == [True]
