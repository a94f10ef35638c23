"""What one session has on the page History: it is there again when somebody comes back to the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Hashable

    from simulator.history.importing.imported import HistoryKind
    from simulator.history.importing.uploads import Look
    from simulator.scenario import ScenarioError
    from simulator.ui.histories import Files, Fitting, Reading

HELD = "history"
"""In the session's state."""


@dataclass
class Roles:
    """What the columns of one file are taken for."""

    shown: list[str]
    """[column] As the table on the page began; it begins anew where the page is turned to again."""
    now: list[str]
    """[column] As a planner has it."""


@dataclass
class Held:
    """Files, how they are read, and what was made of them."""

    files: Files | None = None
    upload_ids: tuple[str, ...] = ()
    """By which Streamlit tells the files apart."""
    timezone: str | None = None
    kind: HistoryKind | None = None
    """None: as it is guessed."""
    sheet: str = ""
    """Of workbooks; nothing: all that have the columns of the first."""
    look: tuple[Hashable, Look] | None = None
    """All that it follows from, and what the first file looks like."""
    roles: dict[Hashable, Roles] = field(default_factory=dict)
    reading: Reading | None = None
    fitting: Fitting | None = None
    refused: ScenarioError | None = None
    """Why the scenario that was fitted could not be opened."""

    def take(self, files: Files | None, upload_ids: tuple[str, ...]) -> None:
        """Look at other files; what was made of the former ones stays until something is made of these."""
        self.files, self.upload_ids = files, upload_ids
        self.kind, self.sheet, self.look, self.refused = None, "", None, None
        self.roles.clear()


def held() -> Held:
    """What this session has."""
    found: Held = st.session_state.setdefault(HELD, Held())
    return found
