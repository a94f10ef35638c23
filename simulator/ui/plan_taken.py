"""A plan's staffing as changes of the view: kept as a variant, and to be put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from simulator.report.staffing_day import horizon_overrides
from simulator.scenario.paths import join_path
from simulator.scenario.source import table_at

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from simulator.ui.situation import Situation
    from simulator.ui.view import View

FORMER = "plan former changes"
"""In the session's state: content of the file, and its changes before a plan was taken over and with it."""


def take_over(situation: Situation, staffing: NDArray[np.int64], name: str) -> None:
    """Change the staffing to the plan's, and keep all changes as a variant of that name."""
    view = situation.view
    former = dict(view.overrides)
    view.start_from(with_plan(situation, staffing))
    st.session_state[FORMER] = situation.base.content_hash, former, dict(view.overrides)
    if view.overrides not in view.kept.values():
        view.keep(name)


def can_put_back(situation: Situation) -> bool:
    """Whether a plan has been taken over that can be put back."""
    return FORMER in st.session_state and st.session_state[FORMER][0] == situation.base.content_hash


def stands_taken_over(situation: Situation) -> bool:
    """Whether nothing has been changed since a plan was taken over."""
    return can_put_back(situation) and st.session_state[FORMER][2] == situation.view.overrides


def put_back(view: View) -> None:
    """What was changed before the plan was taken over; what was changed since stays."""
    _, former, taken = st.session_state.pop(FORMER)
    since = {path: value for path, value in view.overrides.items() if path not in taken or taken[path] != value}
    view.start_from({**former, **since})


def with_plan(situation: Situation, staffing: NDArray[np.int64]) -> dict[str, object]:
    """Dotted path -> value: the session's changes, with these agents on duty instead.

    A plan is of all agents, those on top included: groups that it changes have none on top of it.

    Parameters
    ----------
    staffing
        [group, interval]
    """
    plain, now = situation.without_extras, situation.scenario.staffing
    overrides = dict(situation.view.overrides)
    for g, group in enumerate(plain.groups):
        if (staffing[g] == now[g]).all():
            continue
        for extra, none in (("extra_agents", 0), ("extra_in", {})):
            path = join_path(("groups", group.name, extra))
            gone = [each for each in overrides if each == path or each.startswith(f"{path}.")]
            for each in gone:
                del overrides[each]
            if table_at(situation.raw, "groups", group.name).get(extra):
                overrides[path] = none
        own = plain.staffing.copy()
        own[g] = staffing[g]
        overrides |= horizon_overrides(plain, own)
    return overrides
