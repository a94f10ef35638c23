"""A plan: the cheapest staffing found that keeps the targets, beside today's, to be taken over as a variant."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from simulator.charts import requirement_chart
from simulator.demand import expected_contacts
from simulator.jit import is_compiled
from simulator.language import clock, number, say
from simulator.planning.staffing.bounds import BoundsError
from simulator.report.sheets import staffing_xlsx
from simulator.report.staffing_day import day_frame, rows_on_duty
from simulator.report.staffing_file import TIME, staffing_csv
from simulator.scenario import ScenarioError
from simulator.scenario.units import parse_clock
from simulator.ui.chart import show_chart
from simulator.ui.download import XLSX, offer
from simulator.ui.last_asked import LastAsked, last_asked
from simulator.ui.limits import TooMuchError
from simulator.ui.plan_asked import ask
from simulator.ui.plan_taken import can_put_back, put_back, stands_taken_over, take_over
from simulator.ui.plan_told import (
    MOST_BLOCKED,
    blocked_words,
    channel_cards,
    cost_words,
    group_cards,
    hour_prices_words,
    missed_words,
    one_more_table,
)
from simulator.ui.refusal import show_refusal
from simulator.words import day_words, replications_words, value_text

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from simulator.planning.staffing.plan import Plan
    from simulator.ui.plans import Answer, Question, Search
    from simulator.ui.situation import Situation

BETWEEN_LOOKS = 0.5
"""Seconds."""


def show(situation: Situation) -> None:
    """Ask for a plan, see it found, look at it beside today's, take it over."""
    st.markdown(f"### {say('plan.title')}")
    st.caption(say("plan.told"))
    try:
        question = ask(situation)
    except ScenarioError as error:
        show_refusal(error)
        return
    search = _searched(situation, question)
    if search is None:
        return
    _watch(search)
    answer = search.answer
    if answer is not None:
        stands = stands_taken_over(situation) and np.array_equal(situation.scenario.staffing, answer.plan.staffing)
        if stands:
            st.success(say("plan.taken"))
        # The staffing that a plan is compared with is the plan's own once it has been taken over.
        now = replace(question, scenario=search.question.scenario) if stands and question is not None else question
        if now is None or now.key != search.question.key:
            st.info(say("plan.of_other_settings"))
        _answered(situation, search, answer)
    elif isinstance(search.error, BoundsError | ValueError):
        st.error(say("plan.refused"))
        st.text(str(search.error))
    elif search.error is not None:
        raise search.error


def _searched(situation: Situation, question: Question | None) -> Search | None:
    """The button, and the search to look at: of what is asked now, or else the one asked for last."""
    known = situation.desk.plans.found(question) if question is not None else None
    of = situation.base.content_hash
    former: LastAsked[Search] = last_asked("plan")
    last, running = former.of_file(of), former.running
    if known is not None and (last is None or last.is_over()):
        # Whoever asked for it: it stays in sight when the staffing becomes the plan's.
        last = known
        if running is None:
            former.keep(of, known)

    def find() -> None:
        assert question is not None
        if running is not None:
            running.stop()
        former.keep(of, situation.desk.plans.ask(question))

    refused = _too_much(situation, question) if question is not None else None
    busy = last is not None and not last.is_over() and question is not None and last.question.key == question.key
    st.button(
        say("plan.find"),
        icon=":material/search:",
        type="primary",
        on_click=find,
        disabled=question is None or refused is not None or busy or known is not None,
        key="plan find",
    )
    if refused is not None:
        st.error(say("answers.too_much", contacts=round(refused.contacts), most=refused.most))
    return known or last


def _too_much(situation: Situation, question: Question) -> TooMuchError | None:
    """One staffing played may be no more than any other question."""
    contacts = float(expected_contacts(question.scenario).sum()) * question.replications
    most = situation.desk.most_contacts
    return TooMuchError(contacts, most) if contacts > most else None


def _watch(search: Search) -> None:
    """How far it is, until it is over; it goes on when somebody turns to another page meanwhile."""
    if search.is_over():
        return
    bar, button = st.empty(), st.empty()
    button.button(
        say("plan.stop"), icon=":material/stop:", on_click=_stop, args=(search, last_asked("plan")), key="plan stop"
    )
    while not search.is_over():
        limit = search.question.time_limit
        bar.progress(min(search.seconds / limit, 1.0), _progress_words(search))
        search.wait(BETWEEN_LOOKS)
    bar.empty()
    button.empty()


def _stop(search: Search, asked: LastAsked[Search]) -> None:
    """Look at it no longer; for others who asked for the same it goes on."""
    search.stop()
    asked.forget()


def _progress_words(search: Search) -> str:
    """Where the search is, and the best that it has so far."""
    if search.state == "waiting":
        return say("plan.waiting")
    if not is_compiled():
        return say("answers.compiling")
    if search.checks:
        return say("plan.checking")
    seconds, limit = str(round(search.seconds)), str(round(search.question.time_limit))
    stage = search.stage
    if stage is None:
        return say("plan.begun", seconds=seconds, limit=limit)
    scenario = search.question.scenario
    priced = any(group.cost_per_hour for group in scenario.groups)
    cost = value_text(stage.cost, "currency" if priced else "hours", 0, scenario.currency if priced else "")
    best = say("plan.best", cost=cost) if priced else say("plan.best_in_hours", cost=cost)
    short = say("plan.short", contacts=value_text(stage.short, "count", 1)) if stage.short > 0 else say("plan.enough")
    return f"{say('plan.searching', seconds=seconds, limit=limit)} {best} {short}"


def _answered(situation: Situation, search: Search, answer: Answer) -> None:
    """All that there is to say of a plan."""
    plan = answer.plan
    _headline(search, answer)
    st.html(channel_cards(plan))
    st.html(group_cards(plan))
    tested = plan.planned.experiment
    fitted = search.question
    st.caption(
        say(
            "plan.figures_of",
            runs=replications_words(tested.replications),
            seed=str(tested.seed),
            fitted=replications_words(fitted.replications),
            fitted_seed=str(fitted.scenario.seed),
            seconds=str(round(answer.seconds)),
        )
    )
    if plan.freedom is not None and plan.freedom.hours > 0:
        st.caption(say("plan.valleys", hours=number(plan.freedom.hours), at_once=number(plan.freedom.at_once)))
    _against_today(situation, answer)
    _taken(situation, plan)


def _headline(search: Search, answer: Answer) -> None:
    """Whether the plan keeps its targets, what is in the way, and what it costs."""
    plan, cost = answer.plan, cost_words(answer.plan)
    if answer.kept and plan.goal.is_kept(plan.planned.played):
        st.success(f"**{say('plan.kept_fresh')}** {cost}")
    elif answer.kept:
        what = "; ".join(missed_words(plan))
        beyond = plan.planned.misses_beyond_chance
        advice = f" {say('plan.missed_fresh_help')}" if beyond else ""
        (st.warning if beyond else st.info)(f"**{say('plan.missed_fresh', what=what)}** {cost}{advice}")
    else:
        named = [f"- {blocked_words(plan, each)}" for each in answer.blocked[:MOST_BLOCKED]]
        if len(answer.blocked) > MOST_BLOCKED:
            named.append(f"- {say('plan.blocked_more', count=len(answer.blocked) - MOST_BLOCKED)}")
        small = search.question.has_budget
        told = f"**{say('plan.budget_too_small') if small else say('plan.none_found')}** {cost}"
        if any(each.reason == "search ended" for each in answer.blocked):
            told += f" {say('plan.search_longer')}"
        (st.warning if small else st.error)("\n".join([told, "", *named]))


def _against_today(situation: Situation, answer: Answer) -> None:
    """Requirement against staffing, in a chart and in a table, and what one more agent would bring."""
    plan = answer.plan
    st.markdown(f"#### {say('plan.against')}")
    calendar = plan.scenario.calendar
    days: list[int | None] = [*range(calendar.days), None] if calendar.days > 1 else [0]
    staffed = (plan.staffing + plan.today.played.staffing).sum(axis=0)
    busiest = int(calendar.day_of_interval[int(np.argmax(staffed))])
    day = st.selectbox(
        say("plan.day"),
        days,
        index=busiest,
        format_func=lambda each: say("plan.all_days") if each is None else day_words(calendar, each),
        key=f"plan day {plan.scenario.content_hash}",
    )
    show_chart(requirement_chart(plan, day=day, width=situation.width), key="plan chart")
    if day is not None:
        with st.expander(say("plan.as_table")):
            st.dataframe(_table(plan, day), hide_index=True)
        with st.expander(say("plan.one_more.title")):
            st.caption(f"{say('plan.one_more.told')} {hour_prices_words(plan, answer.one_more)}")
            st.dataframe(one_more_table(plan, answer.one_more, day, with_savings=answer.kept), hide_index=True)


def _table(plan: Plan, day: int) -> pd.DataFrame:
    """Agents of a day by the plan and today, group by group."""
    sides = (plan.planned, plan.today)
    rows = [rows_on_duty(side.experiment.scenario) for side in sides]
    shown = slice(min(each.start or 0 for each in rows), max(each.stop or 0 for each in rows) or None)
    by_plan, today = (day_frame(side.experiment.scenario, day).iloc[shown] for side in sides)
    columns: dict[str, object] = {say("staffing_page.time"): [clock(parse_clock(each)) for each in by_plan[TIME]]}
    for place, group in enumerate(plan.scenario.groups, start=1):
        for side, title in ((by_plan, say("charts.requirement.plan")), (today, say("charts.requirement.today"))):
            columns[f"{group.title}, {title}"] = side.iloc[:, place].to_numpy()
    return pd.DataFrame(columns)


def _taken(situation: Situation, plan: Plan) -> None:
    """Take the plan over, put it back, or take it away as a file."""
    planned = plan.planned.experiment.scenario
    one, two, three = st.columns([2, 1, 1])
    stands = np.array_equal(situation.scenario.staffing, plan.staffing)
    _take_button(situation, plan, one, stands=stands)
    name = situation.opened.name
    offer(
        say("files.staffing_csv"),
        f"{name}-plan.csv",
        "text/csv",
        partial(staffing_csv, planned),
        key="plan csv",
        place=two,
    )
    offer(
        say("files.staffing_xlsx"),
        f"{name}-plan.xlsx",
        XLSX,
        partial(staffing_xlsx, planned),
        key="plan xlsx",
        place=three,
    )


def _take_button(situation: Situation, plan: Plan, place: DeltaGenerator, *, stands: bool) -> None:
    """Take it over; if it has been taken over, put back what was there before."""
    if stands:
        place.button(
            say("plan.put_back"),
            on_click=put_back,
            args=(situation.view,),
            disabled=not can_put_back(situation),
            icon=":material/undo:",
            width="stretch",
            key="plan put back",
        )
        return
    place.button(
        say("plan.take"),
        on_click=take_over,
        args=(situation, plan.staffing, say("plan.variant")),
        type="primary",
        width="stretch",
        key="plan take",
    )
