"""Volumes from a report: read, columns guessed and shown, quality told, put into the scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

import streamlit as st

from simulator.demand import check_demand
from simulator.history import (
    ColumnMapping,
    ReportError,
    Role,
    guess_mapping,
    handling_time_overrides,
    read_report,
    role_words,
    scenario_volumes,
    volumes_of,
    why_words,
)
from simulator.language import number, say
from simulator.scenario import ScenarioError
from simulator.ui.columns_asked import ask_roles
from simulator.ui.findings_told import show_findings
from simulator.ui.refusal import show_refusal
from simulator.ui.titles import channel_titles

if TYPE_CHECKING:
    from simulator.history import Report, Volumes
    from simulator.ui.situation import Situation

_SEEN = 6
"""Rows of the report that are shown."""
_FILE = "volumes-from-report.csv"


def bring_in(situation: Situation) -> None:
    """From an uploaded report to the volumes of the scenario."""
    st.caption(say("volumes.report_told"))
    upload = st.file_uploader(say("volumes.report"), type=["csv", "txt", "tsv", "xlsx", "parquet"], key="report")
    if upload is None:
        return
    try:
        report = read_report(upload.name, upload.getvalue())
        if len(report.sheets) > 1:
            sheet = st.selectbox(say("volumes.sheet"), report.sheets, index=report.sheets.index(report.sheet))
            if sheet != report.sheet:
                report = read_report(upload.name, upload.getvalue(), sheet)
        mapping = _columns(report, guess_mapping(report))
        volumes = volumes_of(report, mapping, situation.base.calendar.timezone)
    except ReportError as error:
        st.error(say("volumes.refused"))
        st.text(str(error))
        return
    _quality(volumes)
    _into_scenario(situation, volumes)


def _columns(report: Report, guessed: ColumnMapping) -> ColumnMapping:
    """What each column is taken for and why; each can be changed."""
    rows = [report.row(row) for row in range(min(_SEEN, len(report.line)))]
    chosen = ask_roles(
        report.columns,
        [use.role for use in guessed.columns],
        [why_words(use) for use in guessed.columns],
        [[row[place] for row in rows] for place in range(len(report.columns))],
        {role: role_words(role) for role in get_args(Role)},
        key=f"columns {report.name} {report.sheet}",
    )
    mapping = guessed
    for place, (use, role) in enumerate(zip(guessed.columns, chosen, strict=True)):
        if use.role != role:
            mapping = mapping.changed(place, cast("Role", role), channel=use.channel, across=use.across)
    return mapping


def _quality(volumes: Volumes) -> None:
    """What became of the rows."""
    quality = volumes.quality
    st.markdown(
        say(
            "volumes.quality",
            rows=number(quality.rows),
            kept=number(quality.kept),
            figures=number(quality.figures),
            first=str(quality.first_day),
            last=str(quality.last_day),
            missing=number(len(quality.missing_days)),
        )
    )
    show_findings(quality.findings)


def _into_scenario(situation: Situation, volumes: Volumes) -> None:
    """Which channel of the report goes where, and the button that puts it there."""
    st.markdown(f"**{say('volumes.into')}**")
    names = channel_titles(situation.base)
    chosen: dict[str, str] = {}
    for place, channel in enumerate(volumes.channels):
        usual = next(
            (n for n, (name, title) in enumerate(names.items()) if channel.lower() in (name, title.lower())), 0
        )
        options: list[str | None] = [*names, None]
        into = st.selectbox(
            channel,
            options,
            index=usual if len(volumes.channels) <= len(names) else len(names),
            format_func=lambda name: names[name] if name is not None else say("volumes.not_used"),
            key=f"into {place} {channel}",
        )
        if into is not None:
            chosen[channel] = into
    handling = st.checkbox(say("volumes.handling"), value=False, key="report handling times")

    def take_over() -> None:
        made = scenario_volumes(volumes, chosen, file=_FILE)
        overrides = made.overrides | (handling_time_overrides(volumes, chosen) if handling else {})
        try:
            opened = situation.opened.with_files(overrides, {_FILE: made.csv} if made.csv else {})
            check_demand(opened.reader.scenario())
        except (ReportError, ScenarioError) as error:
            st.session_state["report refused"] = error
        else:
            kept = dict(situation.view.overrides)
            situation.view.open(situation.view.name, opened)
            situation.view.start_from(kept)
            st.session_state["report refused"] = None

    st.button(say("volumes.take"), on_click=take_over, disabled=not chosen, type="primary", key="report take")
    refused = st.session_state.get("report refused")
    if isinstance(refused, ScenarioError):
        show_refusal(refused)
    elif refused is not None:
        st.error(str(refused))
    elif situation.opened.files and _FILE in situation.opened.files:
        st.success(say("volumes.taken"))
