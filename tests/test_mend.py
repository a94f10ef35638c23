"""What is missing in the end gets more agents until nothing is, or nobody more may come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_centres import SMALL_CENTRES, SmallCentre

from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.evaluator import Evaluator
from simulator.planning.staffing.goal import Goal
from simulator.planning.staffing.mend import mend
from simulator.planning.staffing.multi_skill import search_for

if TYPE_CHECKING:
    from pathlib import Path

CENTRES = [centre for centre in SMALL_CENTRES if centre.name in ("rising", "phone-and-mail")]


@pytest.mark.parametrize("centre", CENTRES, ids=lambda centre: centre.name)
def test_from_nobody_at_all_the_goal_comes_to_be_kept(centre: SmallCentre, tmp_path: Path) -> None:
    day = centre.scenario(tmp_path)
    goal, bounds = centre.goal(day), centre.bounds(day)
    search = search_for(Evaluator(day, 10, 1), goal, bounds)
    nobody = search.tried(bounds.least)
    found = mend(search, nobody)
    assert not goal.is_kept(nobody.played)
    assert goal.is_kept(found.played)
    assert (bounds.within(found.staffing) == found.staffing).all()
    assert mend(search, found) is found  # nothing is missing, so nothing is changed


def test_where_nobody_more_may_come_it_ends_no_worse(tmp_path: Path) -> None:
    day = CENTRES[0].scenario(tmp_path)
    goal = Goal.of(day)
    scarce = replace(Bounds.of(day, goal), most=np.minimum(Bounds.of(day, goal).most, 1))
    search = search_for(Evaluator(day, 5, 1), goal, scarce)
    nobody = search.tried(scarce.least)
    found = mend(search, nobody)
    assert 0 < found.slack.short < nobody.slack.short
    assert found.staffing.max() == 1


def test_a_budget_is_not_mended_beyond_itself(tmp_path: Path) -> None:
    day = CENTRES[0].scenario(tmp_path)
    search = search_for(Evaluator(day, 5, 1), Goal.of(day), hours=2.0)
    at = search.tried(search.bounds.least)
    assert mend(search, at) is at
