"""History: what happened, from the team's own files to a scenario that was fitted to it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import streamlit as st

from simulator.demand import check_demand
from simulator.history import ReportError
from simulator.history.fitted_scenario import FitError, Wishes, scenario_text
from simulator.history.importing.quality_document import findings_of_document
from simulator.jit import is_compiled
from simulator.language import day_and_year, number, say, spoken
from simulator.scenario import ScenarioError
from simulator.ui.download import offer
from simulator.ui.findings_told import show_findings
from simulator.ui.fit_told import NAME, offer_files, show_fit
from simulator.ui.histories import FitQuestion
from simulator.ui.history_asked import ask_history
from simulator.ui.history_held import held
from simulator.ui.opened import Opened
from simulator.ui.refusal import show_problems, show_refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeVar

    from simulator.history.fitted_scenario import FittedScenario
    from simulator.history.importing.imported import HistoryKind, Imported
    from simulator.ui.errands import Errand
    from simulator.ui.histories import FilesQuestion, Fitting, Reading
    from simulator.ui.history_held import Held
    from simulator.ui.situation import Situation

    A = TypeVar("A", bound=Errand[Any, Any])

BETWEEN_LOOKS = 0.5
"""Seconds."""
FITTED_TO: tuple[HistoryKind, ...] = ("calls", "intervals")
INTERVALS = (900, 1800, 3600)
"""Seconds."""
MOST_GROUPS = 20


def show(situation: Situation) -> None:
    """Bring files in, see how they were read, fit a scenario, look at it, open it."""
    st.markdown(f"### {say('history_page.title')}")
    st.caption(say("history_page.told"))
    mine = held()
    read = None
    try:
        asked = ask_history(mine, situation.base.calendar.timezone)
        if asked is not None:
            read = _read(situation, mine, asked)
    except ReportError as error:
        _refused(error)
    if read is not None:
        _fit(situation, mine, read)
    _answered(situation, mine, read)


def _read(situation: Situation, mine: Held, asked: FilesQuestion) -> Reading | None:
    """The files as they are read now, with what became of their rows; None if they cannot be read so."""
    former = mine.reading
    known = former is not None and former.state != "stopped" and former.question.key == asked.key
    if former is None or not known or (former.error is not None and former.question.language != asked.language):
        if former is not None and not former.is_over():
            former.stop()
        former = mine.reading = situation.desk.readings.ask(asked)
    _wait(former, say("history_page.reading"), of=None)
    if former.error is not None:
        raise former.error
    if former.answer is None:
        return None
    _quality(former.answer.history, several=len(asked.files.uploads) > 1)
    return former


def _wait(errand: Errand[Any, Any], words: str, *, of: Fitting | None) -> None:
    """Until an errand is over; it goes on when somebody turns to another page meanwhile."""
    told = st.empty()  # in any case: what stands below it stays the same, and an expander open
    while not errand.is_over():
        shown = words if of is None else _stage_words(of)
        seconds = say("history_page.seconds", seconds=number(round(errand.seconds)))
        told.info(f"{shown} {seconds}", icon=":material/hourglass_top:")
        errand.wait(BETWEEN_LOOKS)
    told.empty()


def _stage_words(fitting: Fitting) -> str:
    if fitting.state == "waiting":
        return say("history_page.waiting")
    if fitting.stage == "playing the scenario" and not is_compiled():
        return say("answers.compiling")
    stage = fitting.stage.replace(" ", "_") or "begins"
    return say(f"history_page.stage.{stage}")


def _quality(history: Imported, *, several: bool) -> None:
    """What became of the rows of one file or several, and files of it."""
    (kind,) = history.kinds
    quality: Mapping[str, Any] = history.quality[kind]
    findings = findings_of_document(quality)
    count = {
        each: number(sum(finding.figures for finding in findings if finding.kind == each))
        for each in ("repaired", "left_out", "refused")
    }
    st.markdown(f"#### {say('history_page.quality')}")
    st.markdown(
        say(
            "history_page.rows",
            rows=number(quality["rows"]),
            kept=number(quality["kept"]),
            repaired=count["repaired"],
            left_out=count["left_out"],
            refused=count["refused"],
            first=day_and_year(date.fromisoformat(quality["first_day"])),
            last=day_and_year(date.fromisoformat(quality["last_day"])),
            missing=number(len(quality["missing_days"])),
        )
    )
    if quality["figures"] != quality["rows"]:
        st.caption(say("history_page.figures", figures=number(quality["figures"])))
    show_findings(findings, name_files=several)
    one, two = st.columns(2)
    offer(
        say("history_page.mapping"),
        f"{kind}-mapping.toml",
        "application/toml",
        lambda: history.mapping[kind].encode(),
        key="history mapping",
        place=one,
    )
    offer(
        say("history_page.quality_json"),
        f"{kind}-quality.json",
        "application/json",
        lambda: f"{json.dumps(quality, indent=2, ensure_ascii=False)}\n".encode(),
        key="history quality",
        place=two,
    )


def _fit(situation: Situation, mine: Held, reading: Reading) -> None:
    """What the scenario is to be like, and the button."""
    assert reading.answer is not None
    history = reading.answer.history
    (kind,) = history.kinds
    if kind not in FITTED_TO:
        st.info(say("history_page.not_for_fit"))
        return
    st.markdown(f"#### {say('history_page.fit')}")
    question = _asked_fit(reading, history, kind)
    former = mine.fitting
    of_this = former is not None and former.question.key == question.key and former.state in ("found", "working")

    def fit() -> None:
        if former is not None and not former.is_over():
            former.stop()
        mine.refused = None
        mine.fitting = situation.desk.fittings.ask(question)

    st.button(
        say("history_page.fit_it"),
        icon=":material/model_training:",
        type="primary",
        on_click=fit,
        disabled=of_this,
        key="history fit",
    )
    if former is not None and former.is_over() and not of_this and former.answer is not None:
        st.info(say("history_page.of_other_settings"))


def _asked_fit(reading: Reading, history: Imported, kind: HistoryKind) -> FitQuestion:
    """The widgets of the fit; at first a scenario as `ruuhka fit` makes it, not played."""
    quality: Mapping[str, Any] = history.quality[kind]
    first, last = (date.fromisoformat(quality[end]) for end in ("first_day", "last_day"))
    usual = Wishes()
    play, groups, days = False, usual.groups, (first, last)
    with st.expander(say("history_page.wishes")):
        one, two, three, four = st.columns(4)
        chosen = one.date_input(
            say("history_page.days"),
            (first, last),
            min_value=first,
            max_value=last,
            key=f"history days {first} {last}",
        )
        if len(chosen) == 2:  # the second one is still to be chosen
            days = chosen
        interval = two.selectbox(
            say("history_page.interval"),
            INTERVALS,
            index=INTERVALS.index(usual.interval),
            format_func=lambda seconds: say("history_page.minutes", minutes=number(seconds // 60)),
            key="history interval",
        )
        answered = three.number_input(
            say("history_page.answered"), 1, 100, round(100 * usual.answered), key="history answered"
        )
        within = four.number_input(say("history_page.within"), 1, 3600, round(usual.within), key="history within")
        if kind == "calls":
            groups = one.number_input(say("history_page.groups"), 1, MOST_GROUPS, usual.groups, key="history groups")
            play = st.checkbox(say("history_page.play"), help=say("history_page.play_help"), key="history play")
    wishes = Wishes(interval=interval, groups=groups, answered=answered / 100, within=float(within))
    return FitQuestion(history, reading.question.key, wishes, days, play, spoken())


def _answered(situation: Situation, mine: Held, reading: Reading | None) -> None:
    """The fit that was asked for last, of whatever files."""
    fitting = mine.fitting
    if fitting is None or fitting.state == "stopped":
        return
    if isinstance(fitting.error, FitError) and fitting.question.language != spoken():
        fitting = mine.fitting = situation.desk.fittings.ask(replace(fitting.question, language=spoken()))
    if not fitting.is_over():
        stop = st.empty()

        def stop_it() -> None:
            fitting.stop()
            mine.fitting = None

        stop.button(say("history_page.stop"), icon=":material/stop:", on_click=stop_it, key="history stop")
        _wait(fitting, "", of=fitting)
        stop.empty()
        if fitting.error is not None:
            st.rerun()  # the button above stands as it was while the fit was at work
    if isinstance(fitting.error, FitError):
        st.error(say("history_page.not_fitted"))
        st.text(str(fitting.error))
        return
    if fitting.error is not None:
        raise fitting.error
    if fitting.answer is None:
        return
    fit = fitting.answer.fitted
    if reading is None or fitting.question.of != reading.question.key:
        st.info(say("history_page.of_other_files"))
    _open(situation, mine, fit)
    offer_files(fit)
    show_fit(fit, situation.width)


def _open(situation: Situation, mine: Held, fit: FittedScenario) -> None:
    """The button after which all pages are about the scenario."""

    def open_it() -> None:
        try:
            opened = Opened.read(NAME, scenario_text(fit.fields).encode(), {})
            check_demand(opened.reader.scenario())
        except ScenarioError as error:
            mine.refused = error
        else:
            mine.refused = None
            situation.view.open(NAME, opened)

    text = situation.opened.text
    stands = situation.view.opened is not None and text == scenario_text(fit.fields)
    if stands:
        st.success(say("history_page.opened"))
    else:
        st.button(
            say("history_page.open"), icon=":material/folder_open:", type="primary", on_click=open_it, key="fit open"
        )
    if mine.refused is not None:
        show_refusal(mine.refused)


def _refused(error: ReportError) -> None:
    st.error(say("history_page.refused"))
    show_problems(error)
