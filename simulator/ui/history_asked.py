"""The widgets that bring in a history: files, what they hold, whose clocks they show, and what each column is."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from zoneinfo import available_timezones

import streamlit as st

from simulator.history.importing.imported import HISTORY_KINDS
from simulator.history.importing.uploads import NOT_USED, Upload, look_at_uploads
from simulator.language import say, spoken
from simulator.ui.columns_asked import ask_roles
from simulator.ui.histories import Files, FilesQuestion
from simulator.ui.history_held import Roles

if TYPE_CHECKING:
    from collections.abc import Hashable

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from simulator.history.importing.imported import HistoryKind
    from simulator.history.importing.uploads import Look
    from simulator.ui.history_held import Held

TYPES = ("csv", "txt", "tsv", "gz", "xlsx", "parquet")
"""Endings of the names of files that can be brought in."""

_FILES, _KIND, _ZONE, _SHEET = "history files", "history kind", "history zone", "history sheet"
_GUESSED = "guessed"


def ask_history(held: Held, timezone: str) -> FilesQuestion | None:
    """Show the widgets; what is to be read, or None if there is no file.

    Parameters
    ----------
    timezone
        The one to begin with.

    Raises
    ------
    ReportError
        If the first file cannot be read as it is said to be.
    """
    _take_files(held)
    if held.files is None:
        return None
    place_of_kind, place_of_zone, *more = st.columns(3 if len(held.files.sheets) > 1 else 2)
    zones = sorted(available_timezones())
    began = held.timezone or timezone
    held.timezone = place_of_zone.selectbox(
        say("history_page.zone"),
        zones,
        index=zones.index(began) if began in zones else 0,
        help=say("history_page.zone_help"),
        key=_ZONE,
    )
    assert held.timezone is not None
    # No None among the options: it would stand as a choice that can be cleared.
    chosen = place_of_kind.selectbox(
        say("history_page.kind"),
        (_GUESSED, *HISTORY_KINDS),
        index=0 if held.kind is None else 1 + HISTORY_KINDS.index(held.kind),
        format_func=lambda kind: say("history_page.guessed") if kind == _GUESSED else say(f"history_page.kinds.{kind}"),
        key=f"{_KIND} {' '.join(held.files.digests)[:200]}",
    )
    held.kind = None if chosen == _GUESSED else cast("HistoryKind", chosen)
    if more:
        held.sheet = more[0].selectbox(
            say("history_page.sheet"),
            ("", *held.files.sheets),
            index=("", *held.files.sheets).index(held.sheet),
            format_func=lambda sheet: sheet or say("history_page.all_sheets"),
            help=say("history_page.sheet_help"),
            key=f"{_SHEET} {held.files.digests[0]}",
        )
    of: Hashable = (held.files.digests, held.timezone, held.kind, held.sheet, spoken())
    place_of_spinner = st.empty()  # in any case: what stands below it stays the same, and an expander open
    if held.look is None or held.look[0] != of:
        with place_of_spinner, st.spinner(say("history_page.looking")):
            held.look = of, look_at_uploads(held.files.uploads, held.timezone, held.kind, held.sheet)
    look = held.look[1]
    if held.kind is None:
        st.markdown(say("history_page.looks_like", kind=say(f"history_page.kinds.{look.kind}")))
    roles = _ask_columns(held, look, held.files)
    return FilesQuestion(held.files, look.mapping(roles), spoken())


def _take_files(held: Held) -> None:
    """Files from the reader's own machine; those of before stay when the page is turned to again."""
    stands = _FILES in st.session_state
    uploads: list[UploadedFile] = st.file_uploader(
        say("history_page.files"), type=list(TYPES), accept_multiple_files=True, key=_FILES
    )
    ids = tuple(upload.file_id for upload in uploads)
    if ids != held.upload_ids and (uploads or stands):
        files = Files.of(tuple(Upload(upload.name, upload.getvalue()) for upload in uploads)) if uploads else None
        held.take(files, ids)
    if held.files is None:
        st.caption(say("history_page.large", most=int(st.get_option("server.maxUploadSize"))))
    if held.files is not None and not uploads:
        st.caption(say("history_page.still_here", names=", ".join(upload.name for upload in held.files.uploads)))


def _ask_columns(held: Held, look: Look, files: Files) -> list[str]:
    """What each column holds, as a planner has it now."""
    of = (files.digests[0], look.kind, held.sheet)
    guessed = [column.role for column in look.columns]
    roles = held.roles.setdefault(of, Roles(guessed, guessed))
    # Only what the guess says differs with the language and the time zone, never which columns there are.
    key = f"columns {look.kind} {files.digests[0]} {held.sheet} {spoken()}"
    if key not in st.session_state:
        roles.shown = roles.now
    guess = dict(zip((column.name for column in look.columns), guessed, strict=True))
    roles.now = ask_roles(
        [column.name for column in look.columns],
        roles.shown,
        [
            column.why if role == guess[column.name] else say("history.why.chosen")
            for column, role in zip(look.columns, roles.shown, strict=True)
        ],
        [column.cells for column in look.columns],
        {role: look.words(role) for role in look.roles},
        key=key,
    )
    for either in look.missing(roles.now):
        st.warning(say("history_page.missing", roles=" / ".join(look.words(role) for role in either)))
    if all(role == NOT_USED for role in roles.now):
        st.caption(say("history_page.nothing_used"))
    return roles.now
