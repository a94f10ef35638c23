"""In and out: open and save scenarios, take results and plans away."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import streamlit as st

from simulator.charts.page import page as report_page
from simulator.demand import check_demand
from simulator.language import say
from simulator.report.sheets import results_csv, results_xlsx, staffing_xlsx
from simulator.report.staffing_file import staffing_csv
from simulator.scenario import ScenarioError
from simulator.ui.answers import answers
from simulator.ui.download import XLSX, offer
from simulator.ui.library import SavingError
from simulator.ui.opened import Opened
from simulator.ui.refusal import show_refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from simulator.experiment import Experiment
    from simulator.ui.situation import Situation
    from simulator.ui.view import View


def show(situation: Situation) -> None:
    """What goes in on the left, what comes out on the right."""
    st.markdown(f"### {say('files.title')}")
    left, right = st.columns(2, gap="large")
    with left:
        open_scenario(situation.view)
        _save(situation)
    with right:
        _take_away(situation)


def open_scenario(view: View) -> None:
    """Open a scenario from the reader's own machine, with the CSV files that it names."""
    st.markdown(f"#### {say('files.open')}")
    uploads: list[UploadedFile] = st.file_uploader(
        say("files.choose"), type=["toml", "csv", "gz"], accept_multiple_files=True, key="files opened"
    )
    scenarios = [upload for upload in uploads if upload.name.endswith(".toml")]
    if not scenarios:
        st.caption(say("files.choose_told"))
        return
    files = {upload.name: upload.getvalue() for upload in uploads if upload not in scenarios}
    chosen = (
        scenarios[0]
        if len(scenarios) == 1
        else st.selectbox(say("files.which"), scenarios, format_func=lambda upload: upload.name)
    )
    try:
        opened = Opened.read(chosen.name.removesuffix(".toml"), chosen.getvalue(), files)
        check_demand(opened.reader.scenario())
    except ScenarioError as error:
        show_refusal(error)
        return

    def open_it() -> None:
        view.open(opened.name, opened)

    st.button(say("files.open_it", name=opened.name), on_click=open_it, type="primary", key="open upload")


def _save(situation: Situation) -> None:
    """The scenario with all changes: to the reader's own machine, or into the workspace."""
    st.markdown(f"#### {say('files.save')}")
    try:
        text = situation.opened.saved(situation.view.overrides)
        situation.scenario  # noqa: B018  what cannot be simulated is not saved
    except ScenarioError as error:
        show_refusal(error)
        return
    st.download_button(
        say("files.toml"), text, f"{situation.opened.name}.toml", "application/toml", icon=":material/download:"
    )
    name = st.text_input(
        say("files.name"), value=situation.opened.name, max_chars=60, key=f"save name {situation.opened.name}"
    )
    replace = st.checkbox(say("files.replace"), key=f"save replace {situation.opened.name}")
    if st.button(say("files.save_it"), icon=":material/save:", key="save"):
        try:
            situation.library.save(name, text, replace=replace)
        except SavingError as error:
            st.error(str(error))
        else:
            st.success(say("files.saved", name=name))


def _take_away(situation: Situation) -> None:
    """Results and staffing as files."""
    st.markdown(f"#### {say('files.results')}")
    whole = deque(answers(situation, st.empty()), maxlen=1)
    if not whole:
        return
    experiment, _ = whole.pop()
    change = ", ".join(f"{path} = {value}" for path, value in situation.view.overrides.items())
    name, played = situation.opened.name, experiment
    offered: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
        ("report", f"{name}.html", "text/html", lambda: report_page(played, change).encode()),
        ("results_xlsx", f"{name}-results.xlsx", XLSX, lambda: results_xlsx(played, change)),
        ("results_csv", f"{name}-results.csv", "text/csv", lambda: results_csv(played)),
        ("staffing_xlsx", f"{name}-staffing.xlsx", XLSX, lambda: staffing_xlsx(played.scenario)),
        ("staffing_csv", f"{name}-staffing.csv", "text/csv", lambda: staffing_csv(played.scenario)),
    )
    for what, file, kind, made in offered:
        offer(say(f"files.{what}"), file, kind, made, key=f"download {what}")
    st.caption(say("files.told", count=_intervals(experiment)))


def _intervals(experiment: Experiment) -> int:
    return experiment.scenario.calendar.intervals
