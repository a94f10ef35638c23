"""The widgets that ask for a plan: which targets are to be kept where and how surely, and within which limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from simulator.language import percent, say
from simulator.planning import Goal
from simulator.scenario.fields import MOST_AGENTS
from simulator.ui.plans import Question
from simulator.ui.titles import channel_titles, group_titles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulator.scenario import Scenario
    from simulator.scenario.model import TargetPeriod
    from simulator.ui.situation import Situation

PERIODS: Mapping[str, tuple[TargetPeriod, ...]] = {
    "live": ("interval", "day", "horizon"),
    "deferred": ("day", "horizon", "interval"),
}
"""By kind of channel: where its targets may be kept, the usual first."""
IN_EXPECTATION = 0.0
PROBABILITIES = (IN_EXPECTATION, 0.8, 0.9, 0.95)
NO_CAP = 1.0
CAPS = (NO_CAP, 0.75, 0.8, 0.85, 0.9)
REPLICATIONS = (10, 20, 50, 100)
"""Fewer have too few customers to tell what an agent is worth."""
SECONDS = (30, 60, 120, 300)
USUAL_SECONDS = 60
BUDGETS = ("none", "hours", "money")


@dataclass(frozen=True, slots=True)
class _Limits:
    """What a plan may take."""

    minimum: Mapping[str, int]
    maximum: Mapping[str, int]
    occupancy_cap: float | None
    hours: float | None
    money: float | None
    replications: int
    seconds: int


def ask(situation: Situation) -> Question | None:
    """Show the widgets; what they ask for, or None if no channel is chosen.

    Raises
    ------
    ScenarioError
        If the scenario is refused as it stands.
    """
    now = situation.scenario
    titles = channel_titles(now)
    kinds = {channel.name: channel.kind for channel in now.channels}
    present = [kind for kind in PERIODS if kind in kinds.values()]
    chosen = st.multiselect(
        say("plan.channels"),
        list(titles),
        default=list(titles),
        format_func=titles.__getitem__,
        placeholder=say("plan.channels_hint"),
        key=f"plan channels {situation.base.content_hash}",
    )
    *others, last = st.columns(1 + len(present))
    periods: dict[str, TargetPeriod] = {}
    for place, kind in zip(others, present, strict=True):
        period = place.selectbox(
            say(f"plan.keeps.{kind}"),
            PERIODS[kind],
            format_func=lambda each: say(f"plan.period.{each}"),
            key=f"plan period {kind}",
        )
        periods |= {name: period for name in chosen if kinds[name] == kind}
    probability = last.selectbox(
        say("plan.how_surely"),
        PROBABILITIES,
        format_func=lambda each: (
            say("plan.in_expectation") if each == IN_EXPECTATION else say("plan.in_futures", share=percent(each))
        ),
        help=say("plan.how_surely_help"),
        key="plan probability",
    )
    with st.expander(say("plan.limits")):
        limits = _limits(situation, now, chosen)
    if not chosen:
        st.info(say("plan.no_channel"))
        return None
    goal = Goal.of(
        now,
        chosen,
        periods,
        None if probability == IN_EXPECTATION else probability,
        occupancy_cap=limits.occupancy_cap,
        minimum=limits.minimum or None,
    )
    return Question(
        now,
        goal,
        tuple(limits.maximum.items()),
        limits.hours,
        limits.money,
        limits.replications,
        float(limits.seconds),
    )


def _limits(situation: Situation, now: Scenario, chosen: Sequence[str]) -> _Limits:
    """What is seldom asked for: caps, agents at least and at most, a budget, and how long to search on what."""
    one, two, three, four = st.columns(4)
    cap = one.selectbox(
        say("plan.cap"),
        CAPS,
        format_func=lambda each: say("plan.no_cap") if each == NO_CAP else percent(each),
        help=say("plan.cap_help"),
        key="plan cap",
    )
    with two:
        hours, money = _budget(now)
    usual = max(situation.replications, min(REPLICATIONS))
    sizes = sorted({*REPLICATIONS, usual})
    replications = three.selectbox(
        say("plan.replications"),
        sizes,
        index=sizes.index(usual),
        help=say("plan.replications_help"),
        key=f"plan replications {usual}",
    )
    seconds = four.selectbox(
        say("plan.time_limit"),
        SECONDS,
        index=SECONDS.index(USUAL_SECONDS),
        format_func=lambda each: say("forms.unit.s", number=str(each)),
        key="plan seconds",
    )
    minimum, maximum = _agents(now, chosen)
    return _Limits(minimum, maximum, None if cap == NO_CAP else cap, hours, money, replications, seconds)


def _budget(now: Scenario) -> tuple[float | None, float | None]:
    """Most paid hours, or most money."""
    kind = st.selectbox(
        say("plan.budget"),
        BUDGETS,
        format_func=lambda each: say(f"plan.budgets.{each}", currency=now.currency),
        help=say("plan.budget_help"),
        key="plan budget",
    )
    if kind == "none":
        return None, None
    amount = st.number_input(
        say("plan.amount"),
        min_value=0.0,
        value=None,
        step=10.0,
        placeholder=say("plan.amount_hint"),
        key=f"plan amount {kind}",
    )
    return (amount, None) if kind == "hours" else (None, amount)


def _agents(now: Scenario, chosen: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Agents at least and at most of each group that can be planned: it serves a chosen channel and is not on call."""
    minimum: dict[str, int] = {}
    maximum: dict[str, int] = {}
    st.caption(say("plan.agents_told"))
    titles = group_titles(now)
    for group in now.groups:
        served = {now.channels[skill.channel].name for skill in group.skills}
        if group.on_call is not None or served.isdisjoint(chosen):
            continue
        name, title = group.name, titles[group.name]
        one, two = st.columns(2)
        least = one.number_input(
            say("plan.minimum", group=title),
            min_value=0,
            max_value=MOST_AGENTS,
            value=None,
            step=1,
            placeholder=say("plan.no_minimum"),
            key=f"plan minimum {name}",
        )
        most = two.number_input(
            say("plan.maximum", group=title),
            min_value=least or 0,
            max_value=MOST_AGENTS,
            value=None,
            step=1,
            placeholder=say("plan.no_maximum"),
            key=f"plan maximum {name}",
        )
        if least:
            minimum[name] = int(least)
        if most is not None:
            maximum[name] = int(most)
    return minimum, maximum
